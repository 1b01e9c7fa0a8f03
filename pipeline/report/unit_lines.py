"""The headline figures over the years, of one unit or of the whole area: small pictures side by side, each on its scale.

Belongs here: what they show and what their text alternative says. Does not belong here: drawing (unit_charts.py), the
unit's tables and sentences (unit_pages.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pipeline.report.facts import NOT_JUDGED, PLACES, PLOT_PLACES, Facts, Source, changes_of_basis, fraction
from pipeline.report.headline import name_of, nice_range, unit_status, whole_status
from pipeline.report.level_units import total_of_variant
from pipeline.report.numbers import format_money, plain, round_exact, shortest
from pipeline.report.shapes import ChartPoint, Panel, SmallMultiples, Text
from pipeline.report.territory import status_of


def unit_lines(facts: Facts, code: str) -> SmallMultiples | None:
    """A panel for each headline indicator of which the unit (or the whole area, without a line beside it) has two values
    at least; None where there is none."""
    found = [(c, panel) for c in facts.commitments if (panel := panel_of(facts, c, code)) is not None]
    if not found:
        return None
    name = facts.name_of(code)
    told = [line_words(c, panel) for c, panel in found]
    return SmallMultiples(
        number=facts.number.figure(),
        title=Text(zh=f"{name.zh}主要指标历年值", en=f"{name.en}: headline figures over the years"),
        unit="",
        panels=[panel for _, panel in found],
        beside=None if code == facts.area_code else facts.area,
        caption=axes_words([panel.low for _, panel in found]),
        description=Text(
            zh=f"{name.zh}主要指标折线图:{';'.join(t.zh for t in told)}。",
            en=f"Small line charts of {name.en}: {'; '.join(t.en for t in told)}.",
        ),
    )


def axes_words(lows: Sequence[str]) -> Text:
    """The caption of pictures whose axes start at ``lows``: which of them start from 0."""
    zeros = sum(Fraction(low) == 0 for low in lows)
    zh, en = ("不都从0起", "not all from 0") if zeros else ("不从0起", "not from 0")
    if zeros == len(lows):
        zh, en = "都从0起", "all from 0"
    return Text(zh=f"各图纵轴不同,{zh}。", en=f"Each picture has its own vertical axis, {en}.")


def panel_of(facts: Facts, c: Source, code: str) -> Panel | None:
    """One indicator of the unit: its values, the whole area's, the path to the target; None with fewer than two values."""
    rows = sorted(
        (
            v
            for v in facts.unit(code).verdicts.get(c["id"], ())
            if v["segment"] == "all" and fraction(v, "value") is not None
        ),
        key=lambda v: v["period"],
    )
    if len(rows) < 2 or not rows[-1]["is_reported"]:
        return None
    last, money = rows[-1], c["kind"] == "never_decrease"
    points = points_of(facts, rows, money)
    own = code == facts.area_code
    whole = [] if own else whole_points(facts, c, {v["period"] for v in rows}, money)
    target = None if money else fraction(last, "target")
    path = [] if target is None or last["class"] in NOT_JUDGED else path_of(last, target)
    values = [Fraction(p.value) for p in (*points, *whole, *path)] + ([] if target is None else [target])
    low, high = nice_range(values) if not money else money_range(values)
    return Panel(
        name=Text(zh=f"{c['name_zh']}(元)", en=f"{c['name_en']} (yuan)") if money else name_of(c),
        points=points,
        target=None if target is None else shortest(target),
        label=points[-1].shown + ("" if money else "%"),
        status=whole_status(facts, c) if own else status_of(last) or unit_status(last),
        low=low,
        high=high,
        goal=goal_words(last, target, money),
        path=path,
        beside=whole,
    )


def points_of(facts: Facts, rows: Sequence[Source], money: bool) -> list[ChartPoint]:
    """The values of a series as they are drawn and printed; a row without a value has no point."""
    breaks = [after["period"] for _, after in changes_of_basis(rows)]
    made: list[ChartPoint] = []
    for v in rows:
        if (value := fraction(v, "value")) is None:
            continue
        made.append(
            ChartPoint(
                period=v["period"],
                value=round_exact(value, PLOT_PLACES),
                shown=format_money(value) if money else facts.shown(v, PLACES).text,
                certified=v["value_source"] == "certified",
                new_segment=v["period"] in breaks,
            )
        )
    return made


def whole_points(facts: Facts, c: Source, periods: set[int], money: bool) -> list[ChartPoint]:
    """The whole area's values in the same years, computed as the units' are; nothing where only one year is known, no
    point where a year has no value."""
    if c.get("county_mode") == "assessed" or money:
        made = points_of(facts, [v for v in facts.whole(c) if v["period"] in periods], money)
        return made if len(made) > 1 else []
    total = total_of_variant(facts, c)
    if total is None:
        return []
    goal = {name: total[name] for name in ("target_num", "target_den")}
    series = facts.series(c["indicator_id"], c["county_variant"], facts.area_code)
    made, basis = [], None
    for period, row in sorted(series.items()):
        value = fraction(row, "value")
        if period not in periods or value is None:
            continue
        made.append(
            ChartPoint(
                period=period,
                value=round_exact(value, PLOT_PLACES),
                shown=facts.shown(row | goal, PLACES).text,
                new_segment=bool(made) and basis != row["basis"],
            )
        )
        basis = row["basis"]
    return made if len(made) > 1 else []


def path_of(row: Source, target: Fraction) -> list[ChartPoint]:
    """The two ends of the straight required path; empty where a level is only to be held."""
    base = fraction(row, "base")
    if base is None or row["hold_rule"] or base >= target or row["base_period"] >= row["due_period"]:
        return []
    return [
        ChartPoint(period=row["base_period"], value=round_exact(base, PLOT_PLACES)),
        ChartPoint(period=row["due_period"], value=round_exact(target, PLOT_PLACES)),
    ]


def goal_words(row: Source, target: Fraction | None, money: bool) -> Text | None:
    """What was promised, under the picture."""
    if money:
        return Text(zh="不低于上年", en="not below last year")
    if target is None:
        return None
    return Text(zh=f"{row['due_period']}年目标{plain(target)}%", en=f"target {plain(target)} % in {row['due_period']}")


def money_range(values: list[Fraction]) -> tuple[str, str]:
    """Ends of a scale of amounts: whole thousands, or hundreds of small ones."""
    step = 1000 if max(values) >= 5000 else 100
    low, high = min(values) // step * step, -(-max(values) // step) * step
    return shortest(Fraction(low)), shortest(Fraction(high if high > low else low + step))


def line_words(c: Source, panel: Panel) -> Text:
    """One indicator in words: every value, the target, the class."""
    unit = "元" if c["kind"] == "never_decrease" else "%"
    unit_en = " yuan" if c["kind"] == "never_decrease" else " %"
    zh = "、".join(f"{p.period}年{p.shown}{unit}" for p in panel.points)
    en = ", ".join(f"{p.period}: {p.shown}{unit_en}" for p in panel.points)
    goal = ("", "") if panel.goal is None else (f",{panel.goal.zh}", f", {panel.goal.en}")
    word = ("", "") if panel.status is None else (f",{panel.status.word.zh}", f", {panel.status.word.en}")
    return Text(zh=f"{c['name_zh']}{zh}{goal[0]}{word[0]}", en=f"{c['name_en']} {en}{goal[1]}{word[1]}")
