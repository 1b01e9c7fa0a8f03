"""Figures of an indicator beside its path: the split of a change, its units on a scale and near where they lie.

Belongs here: what these figures show and what their text alternative says. Does not belong here: drawing
(charts.py, unit_charts.py), tables and sentences (pages.py, sentences.py).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from pipeline.report.facts import PLACES, PLOT_PLACES, Facts, Source, fraction
from pipeline.report.many import are_many, drawn, not_drawn, not_pictured
from pipeline.report.numbers import format_points, plain, round_exact, shortest
from pipeline.report.shapes import (
    Chart,
    ChartPoint,
    DotChart,
    DotRow,
    MapTile,
    Status,
    Text,
    TileMap,
    WaterfallChart,
    WaterfallStep,
)

Ends = Callable[[list[Fraction]], tuple[str, str]]
StatusOf = Callable[[Source], Status]


def not_from_zero(low: str) -> Text:
    """What to say of an axis that starts at ``low``; nothing where that is 0."""
    return Text(zh="(不从0起)", en=" (not from 0)") if Fraction(low) else Text(zh="", en="")


def path_description(
    name: Text, points: list[ChartPoint], target: Fraction, due: int, projected: ChartPoint | None
) -> Text:
    """The text alternative of a path chart: every observed value, the target, the projection."""
    # as printed beside the points; their plot values are already rounded
    zh = "、".join(f"{p.period}年{p.shown}%" for p in points)
    en = ", ".join(f"{p.period}: {p.shown} %" for p in points)
    zh = f"{name.zh}折线图:实际值{zh};目标为{due}年{plain(target)}%"
    en = f"Line chart of the {name.en}: observed {en}; target {plain(target)} % in {due}"
    if projected is not None:
        zh += f";直线推算{projected.period}年{projected.shown}%"
        en += f"; straight projection {projected.shown} % in {projected.period}"
    return Text(zh=zh + "。", en=en + ".")


def split_chart(facts: Facts, c: Source, name: Text, parts: tuple[Text, Text], ends: Ends) -> WaterfallChart | None:
    """From the base year's rate to this year's, through what numerator and denominator did to it.

    None where the change was not split (no counts, another basis) or where the base year is the year before
    the first one. ``parts``: what numerator and denominator are called.
    """
    rows = facts.inputs.decomposition.where(commitment_id=c["id"], area_code=facts.area_code)
    if not rows:
        return None
    d = min(rows, key=lambda row: row["from_period"])
    first, last = d["from_period"], d["to_period"]
    before, after = (facts.unit_row(c, facts.area_code, "all", period) for period in (first, last))
    start, end = fraction(before, "value"), fraction(after, "value")
    above, below = fraction(d, "numerator_effect"), fraction(d, "denominator_effect")
    if before is None or after is None or start is None or end is None or above is None or below is None:
        return None
    from_text, to_text = facts.shown(before, PLACES).text, facts.shown(after, PLACES).text
    between = start + above
    low, high = ends([start, between, end])

    def level(period: int, value: Fraction, label: str) -> WaterfallStep:
        return WaterfallStep(
            kind="level", name=Text(zh=f"{period}年", en=str(period)), start=low,
            end=round_exact(value, PLOT_PLACES), label=label,
        )  # fmt: skip

    def effect(what: Text, by: Fraction, first: Fraction) -> WaterfallStep:
        return WaterfallStep(
            kind="effect",
            name=Text(zh=f"{what.zh}变化", en=f"change of {what.en}"),
            start=round_exact(first, PLOT_PLACES),
            end=round_exact(first + by, PLOT_PLACES),
            label=format_points(by),
        )

    return WaterfallChart(
        number=facts.number.figure(),
        title=Text(
            zh=f"{facts.area.zh}{name.zh}{first}年至{last}年变化分解",
            en=f"{name.en}, {facts.area.en}: the change from {first} to {last} split",
        ),
        unit="%",
        steps=[
            level(first, start, from_text),
            effect(parts[0], above, start),
            effect(parts[1], below, between),
            level(last, end, to_text),
        ],
        low=low,
        high=high,
        caption=Text(
            zh=f"斜线为拉低,实色为拉高,单位为百分点;纵轴{low}%—{high}%。",
            en=f"Hatched: lowered; solid: raised; in points. Vertical axis {low} % to {high} %.",
        ),
        description=Text(
            zh=f"{name.zh}变化分解图:{first}年{from_text}%,{parts[0].zh}变化影响{format_points(above)}个百分点,"
            f"{parts[1].zh}变化影响{format_points(below)}个百分点,{last}年{to_text}%。",
            en=f"Waterfall of the {name.en}: {from_text} % in {first}; {parts[0].en} {format_points(above)} "
            f"points; {parts[1].en} {format_points(below)} points; {to_text} % in {last}.",
        ),
    )


def unit_charts(facts: Facts, c: Source, name: Text, units: list[Source], status_of: StatusOf, ends: Ends) -> list[Chart]:
    """The judged units of a rate: dots against the target, and tiles where every unit has a place on the grid."""
    target = fraction(facts.reported_whole(c), "target")
    known = [v for v in units if fraction(v, "value") is not None]
    if target is None or len(known) < 3:
        return []
    dots = _dots(facts, c, name, known, target, status_of, ends) if drawn(known, facts.public) else None
    tiles = _map(facts, c, name, units, status_of)
    return [chart for chart in (dots, tiles) if chart is not None]


DOTS = Text(zh="分单位的点图", en="chart of dots by unit")


def pictures_note(facts: Facts, c: Source, units: list[Source]) -> list[Text]:
    """What is said where :func:`unit_charts` draws fewer charts because the units are many."""
    if fraction(facts.reported_whole(c), "target") is None:
        return []
    if not facts.public and are_many(len(units)) and all(_place(facts, v) is not None for v in units):
        return [Text(zh="单位太多,不画方位图。", en="Too many units for a map.")]
    return not_pictured(sum(fraction(v, "value") is not None for v in units), facts.public, DOTS)


def _place(facts: Facts, v: Source) -> tuple[int, int] | None:
    """Row and column of a unit on the grid."""
    area = facts.areas.get(v["area_code"], {})
    row, across = area.get("grid_row"), area.get("grid_col")
    return None if row is None or across is None else (row, across)


def _is_judged(v: Source) -> bool:
    return v["assessed"] and v["class"] != "no_judgement"


def _rate(v: Source) -> Fraction:
    return fraction(v, "value") or Fraction(0)


def _dots(
    facts: Facts, c: Source, name: Text, units: list[Source], target: Fraction, status_of: StatusOf, ends: Ends
) -> DotChart:
    rows = sorted(units, key=lambda v: (-_rate(v), facts.order_of(v["area_code"])))
    shown = drawn(rows, facts.public)
    low, high = ends([_rate(v) for v in shown] + [target])
    year = c["reported_period"]
    judged = [v for v in rows if _is_judged(v)]
    below = [v for v in judged if _rate(v) < target]
    worst = min(judged or rows, key=lambda v: (_rate(v), facts.order_of(v["area_code"])))
    lowest = facts.shown(worst, PLACES).text
    lowest_unit = facts.name_of(worst["area_code"])
    # a public edition singles out no unit; its tables and maps list all of them
    who = Text(zh="", en="") if facts.public else Text(zh=lowest_unit.zh, en=f"{lowest_unit.en}, ")
    start = not_from_zero(low)
    return DotChart(
        number=facts.number.figure(),
        title=Text(zh=f"{year}年分单位{name.zh}与目标", en=f"{name.en} by unit against the target, {year}"),
        unit="%",
        rows=[
            DotRow(
                name=facts.name_of(v["area_code"]),
                value=round_exact(_rate(v), PLOT_PLACES),
                label=facts.shown(v, PLACES).text,
                status=status_of(v),
                muted=not _is_judged(v),
            )
            for v in shown
        ],
        line=shortest(target),
        line_label=Text(zh=f"目标{plain(target)}", en=f"target {plain(target)}"),
        low=low,
        high=high,
        bars=False,
        caption=Text(
            zh=f"横轴{low}%—{high}%{start.zh};空心为不作判定的单位{not_drawn(rows).zh}。",
            en=f"Axis {low} % to {high} %{start.en}; hollow: not judged{not_drawn(rows).en}.",
        ),
        description=Text(
            zh=f"{year}年分单位{name.zh}点图:目标{plain(target)}%,{len(judged)}个评价单位中{len(below)}个低于目标;"
            f"最低为{who.zh}{lowest}%。",
            en=f"Dots of the {name.en} by unit, {year}: target {plain(target)} %; {len(below)} of {len(judged)} judged "
            f"units are below it; lowest: {who.en}{lowest} %.",
        ),
    )


_SHORTER = (
    (" District", ""), (" County", ""), (" Economic Development Zone", " EDZ"), (" Management Zone", " MZ"),
)  # fmt: skip


def tile_name(name: Text) -> Text:
    """A unit's name as short as a tile asks for: in English without its kind, a zone by its initials."""
    en = name.en
    for ending, short in _SHORTER:
        if en.endswith(ending):
            return Text(zh=name.zh, en=en.removesuffix(ending) + short)
    return name


def _map(facts: Facts, c: Source, name: Text, units: list[Source], status_of: StatusOf) -> TileMap | None:
    placed = [(v, place) for v in units if (place := _place(facts, v)) is not None]
    if are_many(len(units)) or len(placed) < len(units):
        return None
    year = c["reported_period"]
    told = "、".join(
        f"{facts.name_of(v['area_code']).zh}{facts.shown(v, PLACES).text}({status_of(v).word.zh})" for v, _ in placed
    )
    told_en = ", ".join(
        f"{facts.name_of(v['area_code']).en} {facts.shown(v, PLACES).text} ({status_of(v).word.en})" for v, _ in placed
    )
    return TileMap(
        number=facts.number.figure(),
        title=Text(zh=f"{year}年{name.zh}分单位方位图", en=f"{name.en}, {year}: units where they lie"),
        unit="%",
        tiles=[
            MapTile(
                name=tile_name(facts.name_of(v["area_code"])),
                row=row,
                column=across,
                label=facts.shown(v, PLACES).text,
                status=status_of(v),
            )
            for v, (row, across) in placed
        ],
        caption=Text(
            zh="每格一个单位,按大致方位排列,不表示面积和边界。",
            en="One tile a unit, roughly where it lies; no areas, no borders. EDZ, MZ: economic development zone, "
            "management zone.",
        ),
        description=Text(zh=f"{year}年{name.zh}分单位方位图:{told}。", en=f"Tile map of the {name.en}, {year}: {told_en}."),
    )
