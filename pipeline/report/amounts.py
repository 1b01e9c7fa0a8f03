"""The page of an amount that may not fall in any series (只增不减).

Belongs here: its sentences, chart, tables, breaks in basis. Does not belong here: grammar (sentences.py), drawing
(charts.py), layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pipeline.report import sentences as say
from pipeline.report.facts import (
    PLOT_PLACES,
    Facts,
    Source,
    column,
    figure_cell,
    fraction,
    marks_of,
    micro,
    none_cell,
    segment_or_area,
    status_cell,
    table,
    text_cell,
    trace_cell,
    trace_column,
)
from pipeline.report.headline import YUAN, common_notes, definition_of, name_of, nice_range, whole_status
from pipeline.report.many import are_many, drawn, first_of, left_out, none_listed, none_of, not_drawn, not_pictured
from pipeline.report.numbers import format_money, format_points, round_exact
from pipeline.report.shapes import Cell, DotChart, DotRow, IndicatorPage, Row, Table, Text
from pipeline.report.words import BREAK, CERTIFIED, FELL, segment_rank, segment_text, status


def same_basis_change(row: Source) -> Fraction | None:
    """Growth on the same basis, in percent: from the comparable previous amount, else as published."""
    value, previous = fraction(row, "value"), fraction(row, "previous")
    if value is not None and previous:
        return (value / previous - 1) * 100
    return micro(row["published_change_micro"])


def published_change(row: Source) -> Fraction | None:
    """Growth between the two figures as printed in their own releases, in percent."""
    value, previous = fraction(row, "value"), fraction(row, "published_previous")
    return (value / previous - 1) * 100 if value is not None and previous else None


def fell(row: Source | None) -> bool:
    """True where an amount is lower than the year before; one that was only not raised by its due year did not fall."""
    return row is not None and row["class"] == "broken" and row["reason"] != "not_raised"


def change_cell(change: Fraction | None, marked: bool = False) -> Cell:
    return (
        figure_cell(None)
        if change is None
        else figure_cell(
            format_points(change), FELL if marked else "", tone="red" if marked else None, strong=marked
        )
    )


def is_staged(rows: list[Source]) -> bool:
    """Series by stage of education (rather than by budget level)."""
    return any(v["segment"] != "all" for v in rows)


def never_units(facts: Facts, c: Source) -> list[Source]:
    """Series of the judged year without the whole area's, in their usual order."""
    rows = facts.reported_units(c)
    if is_staged(rows):
        return sorted(rows, key=lambda v: segment_rank(v["segment"]))
    return rows


def series_word(rows: list[Source]) -> Text:
    if is_staged(rows):
        return Text(zh="教育阶段(类别)", en="stages")
    return Text(zh="财政级次", en="budget levels")


def falls_of(facts: Facts, c: Source) -> list[tuple[Text, list[int]]]:
    """Every series with the years in which it fell since the base year."""
    falls: dict[tuple, list[int]] = {}
    names: dict[tuple, Text] = {}
    columns = ("area_code", "segment", "period", "class", "reason")
    for each in facts.inputs.verdicts.pick(*columns, **{"commitment_id": c["id"], "class": "broken"}):
        v = dict(zip(columns, each, strict=True))
        if not fell(v):
            continue
        key = (segment_rank(v["segment"]), facts.order_of(v["area_code"]))
        names[key] = segment_or_area(facts, v)
        falls.setdefault(key, []).append(v["period"])
    return [(names[key], sorted(falls[key])) for key in sorted(falls)]


def fell_now(facts: Facts, c: Source) -> list[tuple[Text, Text]]:
    """Series that fell in the judged year, worst first, with how."""
    rows = [v for v in never_units(facts, c) if fell(v)]
    rows.sort(key=lambda v: same_basis_change(v) or Fraction(0))
    return [
        (
            segment_or_area(facts, v),
            say.fall_words(
                fraction(v, "previous"),
                fraction(v, "value") or Fraction(0),
                same_basis_change(v) or Fraction(0),
            ),
        )
        for v in rows
    ]


def not_raised_now(facts: Facts, c: Source) -> list[Text]:
    """Series that had to stand above the base year by now and do not, though they did not fall this year."""
    return [segment_or_area(facts, v) for v in never_units(facts, c) if v["reason"] == "not_raised"]


def all_judged(facts: Facts, c: Source) -> bool:
    """Was every series judged in every year since the base? Only then can it be said that none fell."""
    rows = facts.inputs.verdicts.pick("period", "reason", "class", commitment_id=c["id"])
    return all(
        found not in (None, "no_judgement")
        for period, reason, found in rows
        if period > c["base_period"] and reason != "no_such_stage"
    )


BARS = Text(zh="分级次的条形图", en="chart of the budget levels")


def never_decrease_page(facts: Facts, c: Source) -> IndicatorPage:
    """The page of an amount that may not fall in any series."""
    rows, whole = never_units(facts, c), facts.reported_whole(c)
    day = say.day_of(c["reported_period"], c["period_kind"])
    value = fraction(whole, "value")
    sentences: list[Text] = []
    if whole is None or value is None:
        sentences.append(say.no_value_sentence(day, facts.area, name_of(c)))
    else:
        sentences.append(
            say.amount_sentence(
                day,
                facts.area,
                name_of(c),
                value,
                whole["value_source"] == "certified",
                same_basis_change(whole),
            )
        )
    falls = fell_now(facts, c)
    told = [
        say.never_decrease_sentence(
            c["reported_period"],
            series_word(rows),
            len(rows),
            sum(v["class"] == "kept" for v in rows),
            sum(v["class"] == "unchanged" for v in rows),
            falls,
            sum(v["class"] in (None, "no_judgement") for v in rows),
            whole_status(facts, c).word,
            not_raised_now(facts, c),
        )
    ]
    if whole is not None and whole["class"] == "kept" and falls:
        told.append(say.total_hides_sentence(facts.area, [name for name, _ in falls]))
    since = say.falls_since_sentence(c["base_period"], falls_of(facts, c), all_judged(facts, c))
    sentences.append(say.joined(*told, since))
    staged = is_staged(rows)
    compared = sum(same_basis_change(v) is not None for v in rows)
    unlisted = not staged and whole is None and none_of(len(rows), facts.public)
    return IndicatorPage(
        commitment_id=c["id"],
        name=name_of(c),
        status=whole_status(facts, c),
        definition=definition_of(facts, c),
        sentences=sentences,
        chart=change_chart(facts, c, rows, whole),
        decomposition=None,
        tables=[published_table(facts, c, rows, whole)] if staged else [],
        unit_tables=[] if unlisted else [amounts_table(facts, c, rows, whole)],
        notes=[
            *breaks_said(facts, c),
            *([none_listed("verdicts.csv")] if unlisted else not_pictured(compared, facts.public, BARS)),
            *common_notes(facts, c),
        ],
    )


def change_chart(facts: Facts, c: Source, rows: list[Source], whole: Source | None) -> DotChart | None:
    """Same-basis change of every series as bars from zero."""
    known = [(v, change) for v in rows if (change := same_basis_change(v)) is not None]
    known.sort(key=lambda pair: (-pair[1], facts.order_of(pair[0]["area_code"]), pair[0]["segment"]))
    if whole is not None and (change := same_basis_change(whole)) is not None:
        known.insert(0, (whole, change))
    own = [pair for pair in known if pair[0] is not whole]
    lowest = drawn(own, facts.public)
    if not lowest:
        return None
    shown = [*known[: len(known) - len(own)], *lowest]
    low, high = nice_range([change for _, change in shown] + [Fraction(0)])
    name = name_of(c)
    return DotChart(
        number=facts.number.figure(),
        title=Text(
            zh=f"{c['reported_period']}财政年度{name.zh}同口径增减",
            en=f"{name.en}: change on the same basis, fiscal year {c['reported_period']}",
        ),
        unit="%",
        rows=[
            DotRow(
                name=facts.area if v is whole else segment_or_area(facts, v),
                value=round_exact(change, PLOT_PLACES),
                label=format_points(change),
                status=status(v["class"], v["reason"]),
                muted=v["class"] in (None, "no_judgement"),
            )
            for v, change in shown
        ],
        line="0",
        line_label=Text(zh="不变", en="no change"),
        low=low,
        high=high,
        bars=True,
        caption=Text(
            zh=f"比上年同口径增减百分比;0线左侧为下降{not_drawn(own).zh}。",
            en=f"Change in per cent; left of 0 is a fall{not_drawn(own).en}.",
        ),
        description=change_description(facts, c, shown, whole),
    )


def change_description(
    facts: Facts, c: Source, known: list[tuple[Source, Fraction]], whole: Source | None
) -> Text:
    """The text alternative of the bars: each series with its change."""
    named = [(facts.area if v is whole else segment_or_area(facts, v), change) for v, change in known]
    zh = "、".join(f"{n.zh}{format_points(change)}%" for n, change in named)
    en = ", ".join(f"{n.en} {format_points(change)} %" for n, change in named)
    name, year = name_of(c), c["reported_period"]
    return Text(
        zh=f"{year}财政年度{name.zh}同口径增减条形图:{zh}。",
        en=f"Bars of the change of {name.en} on the same basis, fiscal year {year}: {en}.",
    )


def published_table(facts: Facts, c: Source, rows: list[Source], whole: Source | None) -> Table:
    """By stage: both published figures, their plain difference, the same-basis change, the class."""
    before, now = c["reported_period"] - 1, c["reported_period"]
    heads = [
        column(Text(zh="类别", en="Stage"), 34, "text"),
        column(Text(zh=f"{before}年公布数", en=f"{before} as published"), 27),
        column(Text(zh=f"{now}年公布数", en=f"{now} as published"), 27),
        column(Text(zh="公布数增减%", en="As published, %"), 22),
        column(Text(zh="同口径增减%", en="Same basis, %"), 22),
        column(Text(zh="结论", en="Verdict"), 24, "status"),
        trace_column(),
    ]
    made = []
    for v in [*rows, *([whole] if whole is not None else [])]:
        value, previous = fraction(v, "value"), fraction(v, "published_previous")
        made.append(
            Row(
                kind="total" if v is whole else "unit",
                cells=[
                    text_cell(segment_text(v["segment"])),
                    figure_cell(None if previous is None else format_money(previous), CERTIFIED),
                    figure_cell(None if value is None else format_money(value), marks_of(v)),
                    change_cell(published_change(v)),
                    change_cell(same_basis_change(v), fell(v)),
                    status_cell(status(v["class"], v["reason"])),
                    trace_cell(facts.code_of(v)),
                ],
            )
        )
    name = name_of(c)
    return table(
        facts.number.table(),
        Text(
            zh=f"{now}财政年度{name.zh}同口径比较",
            en=f"{name.en}: comparison on the same basis, fiscal year {now}",
        ),
        heads,
        made,
        YUAN,
    )


def amounts_table(facts: Facts, c: Source, rows: list[Source], whole: Source | None) -> Table:
    """Every series by year, falls marked."""
    staged = is_staged(rows)
    known = facts.inputs.verdicts.pick("period", "value_num", commitment_id=c["id"])
    periods = sorted({period for period, value in known if value is not None})
    periods = [p for p in periods if p >= c["base_period"] - 1 or staged][-6:]
    wide = len(periods) >= 6
    heads = [
        column(
            Text(zh="类别" if staged else "级次", en="Stage" if staged else "Level"),
            23 if wide else 25,
            "text",
        )
    ]
    # A fall is marked and bold: the widest figure, "▼ 22,222.22", has to stand clear of its neighbours.
    width = (156 - 28 - (14 + 19 if not staged else 0)) / max(1, len(periods))
    heads += [column(str(p), width) for p in periods]
    if not staged:
        heads += [
            column(Text(zh="增减%", en="Change %"), 14),
            column(Text(zh="结论", en="Verdict"), 19, "status"),
        ]
    heads.append(trace_column(14, of=str(c["reported_period"])))
    made = []
    ordered = rows if staged else urgent_order(facts, rows)
    notes = [] if staged else left_out(rows, "verdicts.csv", facts.public)
    listed = [*ordered, *([whole] if whole is not None else [])]
    by_place = facts.rows_of(c, [v["area_code"] for v in listed])
    for index, v in enumerate(listed):
        total = v is whole
        name = segment_or_area(facts, v) if not total or staged else Text(zh="合计", en="Total")
        if total and staged:
            name = segment_text("all")
        cells = [text_cell(name)]
        for p in periods:
            found = by_place.get((v["area_code"], v["segment"], p))
            value = fraction(found, "value")
            if found is None or value is None:
                cells.append(none_cell())
                continue
            lower = fell(found)
            mark = marks_of(found) + (BREAK if found["flag_basis_break"] else "") + (FELL if lower else "")
            cells.append(figure_cell(format_money(value), mark, tone="red" if lower else None, strong=lower))
        if not staged:
            cells.append(change_cell(same_basis_change(v), fell(v)))
            cells.append(status_cell(status(v["class"], v["reason"])))
        cells.append(trace_cell(facts.code_of(v)))
        zone = not staged and facts.is_zone(v["area_code"])
        first_zone = (
            zone and not facts.is_zone(ordered[index - 1]["area_code"]) if index and not total else False
        )
        made.append(
            Row(kind="total" if total else ("zone" if zone else "unit"), ruled=first_zone, cells=cells)
        )
    name = name_of(c)
    by = Text(zh="分类别" if staged else "分级次", en="by stage" if staged else "by budget level")
    return table(
        facts.number.table(),
        Text(
            zh=f"{by.zh}{name.zh}({periods[0]}—{periods[-1]}年)" if periods else f"{by.zh}{name.zh}",
            en=f"{name.en} {by.en}",
        ),
        heads,
        made,
        YUAN,
        notes,
    )


def budget_order(facts: Facts, rows: list[Source]) -> list[Source]:
    """Budget levels: city level first, units, zones last."""
    return sorted(rows, key=lambda v: (facts.is_zone(v["area_code"]), facts.order_of(v["area_code"])))


def urgent_order(facts: Facts, rows: list[Source], beside: Sequence[Source] = ()) -> list[Source]:
    """Budget levels in their order; of very many those that are most in need of attention: where the promise is broken, falls
    first and the deepest of them first; then the least rise, at last those without a comparison.

    ``beside``: rows of the same levels in other amounts, which count as well.
    """
    ordered = budget_order(facts, rows)
    if not are_many(len(ordered)):
        return ordered
    gravest: dict[str, tuple] = {}
    for v in [*rows, *beside]:
        gravest[v["area_code"]] = min(urgency(v), gravest.get(v["area_code"], urgency(v)))
    return budget_order(facts, first_of(sorted(ordered, key=lambda v: gravest[v["area_code"]]), facts.public))


def urgency(v: Source) -> tuple[bool, bool, bool, Fraction]:
    """What comes first needs attention most."""
    change = same_basis_change(v)
    return (v["class"] != "broken", not fell(v), change is None, change or Fraction(0))


def breaks_said(facts: Facts, c: Source) -> list[Text]:
    """Breaks in basis by year; a published pair that would tell the opposite is told in full."""
    told: dict[int, list[Text]] = {}
    for found in facts.breaks:
        if found.commitment["id"] != c["id"]:
            continue
        said = told.setdefault(found.after["period"], [])
        value, previous = fraction(found.after, "value"), fraction(found.before, "value")
        change = same_basis_change(found.after)
        if value is None or previous is None or change is None or (value > previous) == (change > 0):
            continue
        said.append(
            say.basis_break_amount_sentence(segment_or_area(facts, found.after), previous, value, change)
        )
    return [say.joined(say.basis_break_sentence(period), *told[period]) for period in sorted(told)]
