"""The units of a rate: sorted by what they lack where they are judged, in their usual order where only shown.

Belongs here: those tables and their notes. Does not belong here: the rest of the page (levels.py).
"""

from __future__ import annotations

from fractions import Fraction

from pipeline.report import sentences as say
from pipeline.report.facts import (
    PLACES,
    Facts,
    Source,
    column,
    dot_cell,
    figure_cell,
    fraction,
    marks_of,
    none_cell,
    status_cell,
    table,
    text_cell,
    trace_cell,
    trace_column,
)
from pipeline.report.headline import (
    PERSONS_PERCENT,
    name_of,
    nice_range,
    person_of,
    unit_status,
    variant_name,
    whole_status,
    year_text,
)
from pipeline.report.many import are_many, first_of, left_out, none_listed, none_of
from pipeline.report.numbers import format_persons, format_points, format_rate, plain
from pipeline.report.shapes import Cell, Row, Table, Text


def level_units(facts: Facts, c: Source) -> tuple[list[Table], list[Text]]:
    """The table of units."""
    assessed = c["county_mode"] == "assessed"
    rows = facts.reported_units(c)
    if not rows:
        return [], []
    gaps = facts.contribution(c)

    def by_missing(v: Source) -> tuple:
        gap = gaps.get(v["area_code"], {}).get("gap_persons")
        return (gap is None, -(gap or 0), facts.order_of(v["area_code"]))

    alike = facts.public or not assessed
    total = facts.reported_whole(c) if assessed else total_of_variant(facts, c)
    if none_of(len(rows), alike) and total is None:
        return [], [none_listed("verdicts.csv")]
    listed = first_of(sorted(rows, key=by_missing), alike) if are_many(len(rows)) else rows
    districts = [v for v in listed if not facts.is_zone(v["area_code"])]
    zones = [v for v in listed if facts.is_zone(v["area_code"])]
    if assessed:
        districts, zones = sorted(districts, key=by_missing), sorted(zones, key=by_missing)
    builder = assessed_units if assessed else shown_units
    made, notes = builder(facts, c, districts, zones)
    return [made], [*notes, *left_out(rows, "verdicts.csv", alike)]


def other_variant(facts: Facts, c: Source, rows: list[Source]) -> str | None:
    """A second way of computing that units have beside the one shown."""
    for variant in c["variants"]:
        if variant in (c["county_variant"], "certified"):
            continue
        if (
            any(v["period"] in facts.series(c["indicator_id"], variant, v["area_code"]) for v in rows[:3])
            and c["variants"][variant]
        ):
            return variant
    return None


def other_cell(facts: Facts, c: Source, v: Source, other: str) -> Cell:
    row = facts.series(c["indicator_id"], other, v["area_code"]).get(v["period"], {})
    goal = {name: v[name] for name in ("target_num", "target_den")}
    return figure_cell(facts.shown(row | goal, PLACES).text)


def assessed_units(
    facts: Facts, c: Source, districts: list[Source], zones: list[Source]
) -> tuple[Table, list[Text]]:
    """Units sorted by what they lack: numerator, denominator, rate, changes, missing persons, class."""
    gaps = facts.contribution(c)
    other = other_variant(facts, c, districts + zones)
    heads = [
        column(Text(zh="单位", en="Unit"), 27, "text"),
        column(Text(zh="分子", en="Numerator"), 14.5),
        column(Text(zh="分母", en="Denominator"), 14.5),
        column(year_text(c["reported_period"]), 12),
        column(Text(zh="比上年", en="On year before"), 11.5),
        column(Text(zh=f"比{c['base_period']}年", en=f"On {c['base_period']}"), 12),
        column(Text(zh="缺口", en="Missing"), 11.5),
        column(short_variant(c, other), 12) if other else column(Text(zh="占缺口", en="Share"), 10.5),
        column(Text(zh="与目标线", en="Against target"), 14, "dot"),
        column(Text(zh="结论", en="Verdict"), 26, "status"),
        trace_column(),
    ]
    known = [value for v in districts + zones if (value := fraction(v, "value")) is not None]
    goal = fraction(facts.reported_whole(c), "target") or Fraction(0)
    ends = nice_range([*known, goal])
    widened: list[Text] = []
    small = False

    def cells_of(v: Source, total: bool) -> list[Cell]:
        value, base, previous = fraction(v, "value"), fraction(v, "base"), fraction(v, "previous")
        target = fraction(v, "target")
        shown = facts.shown(v, PLACES)
        if shown.widened and target is not None and value is not None and not total:
            widened.append(say.not_rounded_note(shown.text, target, PLACES, value < target))
        share = fraction(gaps.get(v["area_code"]), "share")
        name = Text(zh="合计", en="Total") if total else facts.name_of(v["area_code"])
        missing = gaps.get(v["area_code"], {}).get("gap_persons") if not total else v["gap_persons"]
        cells = [
            text_cell(name),
            figure_cell(None if v["numerator"] is None else format_persons(v["numerator"])),
            figure_cell(None if v["denominator"] is None else format_persons(v["denominator"])),
            figure_cell(shown.text, marks_of(v)),
            figure_cell(None if value is None or previous is None else format_points(value - previous)),
            figure_cell(None if value is None or base is None else format_points(value - base)),
        ]
        judged = v["assessed"] and v["class"] != "no_judgement"
        look = whole_status(facts, c).model_copy(update={"note": None}) if total else unit_status(v)
        cells.append(figure_cell(format_persons(max(missing, 0)) if judged and missing is not None else None))
        if other:
            cells.append(other_cell(facts, c, v, other))
        else:
            cells.append(figure_cell(format_rate(share * 100, 1) if judged and share else None))
        if value is None or target is None:
            cells.append(none_cell())
        else:
            words = Text(zh=f"{shown.text},目标{plain(target)}", en=f"{shown.text}, target {plain(target)}")
            cells.append(dot_cell(value, target, ends, look, words))
        return [*cells, status_cell(look), trace_cell(facts.code_of(v))]

    made = []
    for group in (districts, zones):
        for index, v in enumerate(group):
            is_small = v["reason"] in ("small_denominator", "not_assessed")
            small = small or is_small
            kind = "small" if is_small else ("zone" if group is zones else "unit")
            made.append(Row(kind=kind, ruled=group is zones and index == 0, cells=cells_of(v, total=False)))
    whole = facts.reported_whole(c)
    if whole is not None:
        made.append(Row(kind="total", cells=cells_of(whole, total=True)))
    summary = facts.summaries.get(c["id"], {})
    notes = list(widened)
    if summary.get("gross_shortfall"):
        notes.append(say.shortfall_note(summary["gross_shortfall"], summary.get("net_gap"), person_of(c)))
    if small:
        notes.append(
            Text(
                zh="灰色行为不单独评价或分母过小的单位,只列数,不作判定、不计缺口。",
                en="Units in grey are not assessed or too small: shown, not judged, no shortfall counted.",
            )
        )
    notes += hidden_note(districts + zones)
    return unit_table(facts, c, heads, made, Text(zh="(按缺口人数排列)", en=" (by missing persons)")), notes


def hidden_note(rows: list[Source]) -> list[Text]:
    """Why units have no figures in a public edition; nothing where all have."""
    if not any(v["value_source"] == "suppressed" for v in rows):
        return []
    return [
        Text(
            zh="未列数的单位:人数不足10人,或可据以算出其他单位的这类人数,该年数字不公开。",
            en="Units without figures: fewer than ten persons, or a number from which those of another unit could be "
            "worked out; it is not published for this year.",
        )
    ]


def short_variant(c: Source, variant: str) -> Text:
    known = {
        "by_kindergartens": Text(zh="按园所", en="By kindergartens"),
        "grade9_over_grade1": Text(zh="未校正", en="Unadjusted"),
        "without_technical": Text(zh="不含技工", en="Without technical"),
    }
    return known.get(variant, variant_name(c, variant))


def shown_units(
    facts: Facts, c: Source, districts: list[Source], zones: list[Source]
) -> tuple[Table, list[Text]]:
    """Units shown without a verdict, in their usual order."""
    other = other_variant(facts, c, districts + zones)
    heads = [
        column(Text(zh="单位", en="Unit"), 34, "text"),
        column(Text(zh="分子", en="Numerator"), 23),
        column(Text(zh="分母", en="Denominator"), 23),
        column(year_text(c["reported_period"]), 20),
        column(Text(zh="比上年", en="On year before"), 18),
        column(Text(zh=f"比{c['base_period']}年", en=f"On {c['base_period']}"), 19),
    ]
    if other:
        heads.append(column(short_variant(c, other), 19))
    heads.append(trace_column())

    def cells_of(v: Source, name: Text) -> list[Cell]:
        value, base, previous = fraction(v, "value"), fraction(v, "base"), fraction(v, "previous")
        cells = [
            text_cell(name),
            figure_cell(None if v["numerator"] is None else format_persons(v["numerator"])),
            figure_cell(None if v["denominator"] is None else format_persons(v["denominator"])),
            figure_cell(facts.shown(v, PLACES).text, marks_of(v)),
            figure_cell(None if value is None or previous is None else format_points(value - previous)),
            figure_cell(None if value is None or base is None else format_points(value - base)),
        ]
        if other:
            cells.append(other_cell(facts, c, v, other))
        return [*cells, trace_cell(facts.code_of(v))]

    made = []
    for group in (districts, zones):
        for index, v in enumerate(group):
            made.append(
                Row(
                    kind="zone" if group is zones else "unit",
                    ruled=group is zones and index == 0,
                    cells=cells_of(v, facts.name_of(v["area_code"])),
                )
            )
    total = total_of_variant(facts, c)
    if total is not None:
        made.append(Row(kind="total", cells=cells_of(total, Text(zh="合计", en="Total"))))
    notes = [
        Text(
            zh=f"分单位数字只列不评、不排名。算法:{variant_name(c, c['county_variant']).zh}。",
            en=f"Units are shown, not judged or ranked. Method: {variant_name(c, c['county_variant']).en}.",
        ),
        *hidden_note(districts + zones),
    ]
    return unit_table(facts, c, heads, made, Text(zh="(只列数,不判定)", en=" (shown, not judged)")), notes


def total_of_variant(facts: Facts, c: Source) -> Source | None:
    """The whole area in the variant that the units are shown in, with its own earlier values and the promised target."""
    series = facts.series(c["indicator_id"], c["county_variant"], facts.area_code)
    now = series.get(c["reported_period"])
    if now is None:
        return None
    reported = facts.reported_whole(c) or {}
    made = now | {name: reported.get(name) for name in ("target_num", "target_den")}
    for name, period in (("previous", c["reported_period"] - 1), ("base", c["base_period"])):
        then = series.get(period)
        same = then is not None and then["basis"] == now["basis"]
        made[f"{name}_num"] = then["value_num"] if same and then else None
        made[f"{name}_den"] = then["value_den"] if same and then else None
    return made


def unit_table(facts: Facts, c: Source, heads: list, made: list[Row], order: Text) -> Table:
    name = name_of(c)
    return table(
        facts.number.table(),
        Text(
            zh=f"{c['reported_period']}年分单位{name.zh}{order.zh}",
            en=f"{name.en} by unit, {c['reported_period']}{order.en}",
        ),
        heads,
        made,
        PERSONS_PERCENT,
    )
