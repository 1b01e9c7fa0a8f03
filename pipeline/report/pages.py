"""The pages of the headline indicators: the fixed pattern, filled.

Belongs here: which sentence, chart, table and note an indicator gets. Does not belong here: grammar
(sentences.py), drawing (charts.py), layout (report_templates).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from pipeline.report import sentences as say
from pipeline.report.facts import (
    PLACES,
    PLOT_PLACES,
    Facts,
    Source,
    column,
    dot_cell,
    figure_cell,
    fraction,
    marks_of,
    micro,
    none_cell,
    segment_or_area,
    status_cell,
    table,
    text_cell,
)
from pipeline.report.numbers import (
    format_money,
    format_persons,
    format_points,
    format_rate,
    places_to_tell,
    plain,
    round_exact,
    shortest,
    show_against_target,
)
from pipeline.report.shapes import (
    Cell,
    ChartPoint,
    Definition,
    DotChart,
    DotRow,
    IndicatorPage,
    PathChart,
    Row,
    Status,
    Table,
    Text,
)
from pipeline.report.words import BREAK, CERTIFIED, FELL, MATURITIES, basis_text, segment_rank, segment_text, status

PERCENT = Text(zh="单位:%,差为百分点", en="per cent; differences in percentage points")
PERSONS_PERCENT = Text(zh="单位:人、%,差为百分点", en="persons, per cent; differences in percentage points")
YUAN = Text(zh="单位:元", en="yuan")
RATIO_CUTS = (Fraction(95, 100), Fraction(60, 100))
"""Only to choose decimals: a printed progress ratio must not seem to be on the other side of a cut."""


def whole_status(facts: Facts, commitment: Source) -> Status:
    """The class of a commitment as a whole, with 总体达标、县间不均 where it is so."""
    summary = facts.summaries.get(commitment["id"], {})
    shown = status(summary.get("class"), summary.get("reason"))
    if summary.get("achieved_but_uneven"):
        return shown.model_copy(
            update={"note": Text(zh="总体达标、县间不均", en="on target as a whole, uneven between units")}
        )
    return shown


def person_of(commitment: Source) -> Text:
    return Text(zh=commitment["person_zh"], en=commitment["person_en"])


def name_of(commitment: Source) -> Text:
    return Text(zh=commitment["name_zh"], en=commitment["name_en"])


def variant_name(commitment: Source, variant: str) -> Text:
    names = commitment["variants"].get(variant)
    return Text(zh=names["zh"], en=names["en"]) if names else Text(zh=variant, en=variant)


def year_text(period: int) -> Text:
    return Text(zh=f"{period}年", en=str(period))


def part_name(commitment: Source, part: str) -> Text:
    """Numerator or denominator as it is called inside a sentence, without the day."""
    zh, en = commitment[f"{part}_zh"], commitment[f"{part}_en"]
    return Text(zh=zh.removeprefix("9月1日"), en=en.removesuffix(" on 1 September"))


def indicator_pages(facts: Facts) -> list[IndicatorPage]:
    """One page for each headline indicator, in the order of the plan."""
    pages = [
        level_page(facts, c) if c["kind"] == "level_by_year" else never_decrease_page(facts, c)
        for c in facts.commitments
    ]
    before: IndicatorPage | None = None
    made = []
    for page in pages:
        follows = before is not None and not (is_long(before) or is_long(page))
        made.append(page.model_copy(update={"new_page": not follows}))
        before = page
    return made


LONG_TABLE = 12


def is_long(page: IndicatorPage) -> bool:
    """True for a page with a table of many units, which wants sheets of its own."""
    return any(len(t.rows) > LONG_TABLE for t in page.unit_tables)


def definition_of(facts: Facts, c: Source) -> Definition:
    """The boxed definition: formula, promise, basis, day, who answers for it."""
    day = say.day_of(c["reported_period"], c["period_kind"])
    lines = [
        (Text(zh="定义", en="Definition"), Text(zh=c["definition_zh"], en=c["definition_en"])),
        (
            Text(zh="算式", en="Formula"),
            Text(
                zh=f"分子:{c['numerator_zh']};分母:{c['denominator_zh']}",
                en=f"numerator: {c['numerator_en']}; denominator: {c['denominator_en']}",
            ),
        ),
        (
            Text(zh="承诺", en="Promise"),
            Text(
                zh=f"{c['statement_zh']}(目标来源:{c['target_source_zh']})",
                en=f"{c['statement_en']} (source of the target: {c['target_source_en']})",
            ),
        ),
        (Text(zh="口径", en="Basis"), Text(zh=c["basis_zh"], en=c["basis_en"])),
        (
            Text(zh="时点", en="As of"),
            Text(
                zh=f"{day.zh};基期{c['base_period']}年"
                + (f";目标年{c['due_period']}年" if c["due_period"] else ""),
                en=f"{day.en}; base year {c['base_period']}"
                + (f"; due {c['due_period']}" if c["due_period"] else ""),
            ),
        ),
        (Text(zh="责任单位", en="Responsible"), Text(zh=c["responsible_zh"], en=c["responsible_en"])),
    ]
    return Definition(lines=lines)


# ---------------------------------------------------------------- levels


def level_page(facts: Facts, c: Source) -> IndicatorPage:
    """The page of a rate that must reach a level by a year."""
    places = facts.places(c)
    row = facts.reported_whole(c)
    sentences, notes = level_sentences(facts, c, row, places)
    chart = path_chart(facts, c, places)
    tables = [years_table(facts, c, places), *variants_tables(facts, c)]
    unit_tables, unit_notes = [], []
    if c["county_mode"] != "none":
        unit_tables, unit_notes = level_units(facts, c)
    return IndicatorPage(
        commitment_id=c["id"],
        new_page=True,
        name=name_of(c),
        status=whole_status(facts, c),
        definition=definition_of(facts, c),
        sentences=sentences,
        chart=chart,
        decomposition=decomposition_of(facts, c, row),
        tables=tables,
        unit_tables=unit_tables,
        notes=[*notes, *unit_notes, *common_notes(facts, c)],
    )


def level_sentences(
    facts: Facts, c: Source, row: Source | None, places: int
) -> tuple[list[Text], list[Text]]:
    """What is said of the whole area, and the notes that belong to its figures."""
    name, day = name_of(c), say.day_of(c["reported_period"], c["period_kind"])
    value = fraction(row, "value")
    if row is None or value is None:
        return [say.no_value_sentence(day, facts.area, name)], []
    target, base, previous = fraction(row, "target"), fraction(row, "base"), fraction(row, "previous")
    shown = facts.shown(row, places)
    word = status(row["class"]).word
    first = say.value_sentence(
        day,
        facts.area,
        name,
        shown.text,
        row["value_source"] == "certified",
        None if previous is None else (row["period"] - 1, value - previous),
        None if base is None or row["period"] <= row["base_period"] else (row["base_period"], value - base),
        places,
    )
    notes: list[Text] = []
    if target is None:
        return [first], notes
    distance = say.distance_sentence(
        target,
        row["due_period"],
        fraction(row, "gap") or Fraction(0),
        row["gap_persons"],
        row["surplus_persons"],
        person_of(c),
        places,
    )
    if shown.widened:
        notes.append(say.not_rounded_note(shown.text, target, places, value < target))
    said = [say.joined(first, distance, verdict_sentence(c, row, value, target, base, word, places))]
    if row["flag_met_but_fell"] and previous is not None:
        said[0] = say.joined(said[0], say.met_but_fell_sentence(previous - value, places))
    projection = projection_of(facts, c, row, target, places)
    if projection is not None:
        said.append(projection)
    return said, notes


def verdict_sentence(
    c: Source, row: Source, value: Fraction, target: Fraction, base: Fraction | None, word: Text, places: int
) -> Text:
    """How the class was reached."""
    if row["class"] in (None, "no_judgement"):
        reason = status(None, row["reason"]).note or Text(zh="数据不足", en="no judgement")
        return say.no_judgement_sentence(say.day_of(row["period"], row["period_kind"]), name_of(c), reason)
    if row["hold_rule"] and base is not None:
        return say.hold_sentence(target, row["base_period"], word, value >= target)
    path, distance = fraction(row, "path"), fraction(row, "distance")
    if row["class"] in ("achieved_early", "achieved") or path is None or distance is None:
        return say.reached_sentence(word)
    return say.path_sentence(
        format_rate(path), distance, ratio_text(row), row["small_distance"], word, places
    )


def ratio_text(row: Source) -> str | None:
    """The progress ratio with decimals enough to stand on its own side of the cuts."""
    ratio = fraction(row, "rho")
    if ratio is None:
        return None
    places = max(places_to_tell(ratio, cut, PLACES) for cut in RATIO_CUTS)
    return format_rate(ratio, places)


def projection_of(facts: Facts, c: Source, row: Source, target: Fraction, places: int) -> Text | None:
    """The straight projection, before the due year."""
    projected, value, pace = (
        fraction(row, "projected"),
        fraction(row, "value"),
        fraction(row, "observed_pace"),
    )
    if row["projection"] is None or projected is None or value is None or row["period"] >= row["due_period"]:
        return None
    shown = show_against_target(projected, target, places)
    return say.projection_sentence(
        row["due_period"],
        shown.text,
        row["projection"] == "reachable",
        value >= target,
        pace,
        pace_years(facts, c, row, pace),
        fraction(row, "needed_pace"),
    )


def pace_years(facts: Facts, c: Source, row: Source, pace: Fraction | None) -> int | None:
    """Over how many years the observed pace is the mean: found by trying, None where no span fits."""
    value = fraction(row, "value")
    for years in (3, 2):
        then = fraction(facts.unit_row(c, row["area_code"], row["segment"], row["period"] - years), "value")
        if None not in (value, then, pace) and value - then == pace * years:  # type: ignore[operator]
            return years
    return None


def decomposition_of(facts: Facts, c: Source, row: Source | None) -> Text | None:
    """Change since the base year and since last year, split exactly; the counterfactual where it tells."""
    said: list[Text] = []
    rows = [
        d
        for d in facts.inputs.decomposition
        if d["commitment_id"] == c["id"] and d["area_code"] == facts.area_code
    ]
    for d in sorted(rows, key=lambda d: d["from_period"]):
        start = facts.unit_row(c, facts.area_code, "all", d["from_period"])
        end = facts.unit_row(c, facts.area_code, "all", d["to_period"])
        change = fraction(d, "change")
        above, below = fraction(d, "numerator_effect"), fraction(d, "denominator_effect")
        if start is None or end is None or change is None or above is None or below is None:
            continue
        if start["numerator"] is None or end["numerator"] is None:
            continue
        said.append(
            say.decomposition_sentence(
                d["from_period"],
                change,
                (part_name(c, "numerator"), end["numerator"] - start["numerator"], above),
                (part_name(c, "denominator"), end["denominator"] - start["denominator"], below),
                name_of(c),
            )
        )
        if row is not None and row["flag_denominator_driven"] and d["from_period"] == row["base_period"]:
            counterfactual = Fraction(100 * end["numerator"], start["denominator"])
            met = row["class"] in ("achieved", "achieved_early")
            said.append(
                say.denominator_driven_sentence(
                    part_name(c, "denominator"), d["from_period"], format_rate(counterfactual), met
                )
            )
    return say.joined(*said) if said else None


def path_chart(facts: Facts, c: Source, places: int) -> PathChart | None:
    """Base point, required path, observed values, target line, projection, breaks."""
    rows = [v for v in facts.whole(c) if v["value_num"] is not None]
    if not rows:
        return None
    last = rows[-1]
    target, base = fraction(last, "target"), fraction(last, "base")
    if target is None:
        return None
    base_period, due = last["base_period"], last["due_period"]
    points, breaks = [], []
    for index, v in enumerate(rows):
        value = fraction(v, "value") or Fraction(0)
        broken = bool(index and v["flag_basis_break"])
        if broken:
            breaks.append(v["period"])
        label = ""
        if v is last or v["period"] == base_period:
            label = facts.shown(v, places).text + (CERTIFIED if v["value_source"] == "certified" else "")
        points.append(
            ChartPoint(
                period=v["period"],
                value=round_exact(value, PLOT_PLACES),
                shown=facts.shown(v, places).text,
                label=label,
                certified=v["value_source"] == "certified",
                new_segment=broken,
            )
        )
    path = []
    if base is not None and base_period <= due:
        end = max(base, target) if last["hold_rule"] else target
        start = end if last["hold_rule"] else base
        if last["hold_rule"]:
            start = end = target
        path = [
            ChartPoint(period=base_period, value=round_exact(start, PLOT_PLACES), shown=format_rate(start, places)),
            ChartPoint(period=due, value=round_exact(end, PLOT_PLACES), shown=format_rate(end, places)),
        ]
    projected_value = fraction(last, "projected")
    projected = None
    if projected_value is not None and last["is_reported"] and last["period"] < due and last["projection"]:
        projected = ChartPoint(
            period=due,
            value=round_exact(projected_value, PLOT_PLACES),
            shown=show_against_target(projected_value, target, places).text,
            label=show_against_target(projected_value, target, places).text,
        )
    values = [Fraction(p.value) for p in (*points, *path)] + [target]
    if projected is not None:
        values.append(Fraction(projected.value))
    low, high = nice_range(values)
    period_word = "财政年度" if c["period_kind"] == "fiscal_year" else "年份为9月1日时点"
    name = name_of(c)
    return PathChart(
        number=facts.number.figure(),
        title=Text(
            zh=f"{facts.area.zh}{name.zh}与序时进度",
            en=f"{name.en}, {facts.area.en}, against the required path",
        ),
        unit="%",
        points=points,
        base_period=base_period if any(p.period == base_period for p in points) else None,
        path=path,
        target=shortest(target),
        target_label=Text(zh=f"目标{plain(target)}", en=f"target {plain(target)}"),
        due_period=due,
        projected=projected,
        breaks=breaks,
        low=low,
        high=high,
        caption=Text(
            zh=f"纵轴{low}%—{high}%(不从0起);横轴{period_word}。",
            en=f"Vertical axis {low} % to {high} % (not from 0).",
        ),
        status=whole_status(facts, c),
        description=Text(
            zh=f"{name.zh}折线图:{rows[0]['period']}年至{last['period']}年的实际值、序时路径和目标值{plain(target)}%",
            en=f"Line chart of {name.en}, {rows[0]['period']} to {last['period']}, path and target "
            f"{plain(target)} %",
        ),
    )


def nice_range(values: Iterable[Fraction]) -> tuple[str, str]:
    """Round ends of an axis that leave room above and below, as decimal texts."""
    known = list(values)
    low, high = min(known), max(known)
    spread = max(high - low, Fraction(1))
    steps = [Fraction(n, 10) for n in (2, 5, 10, 20, 50, 100, 200, 500, 1000)]
    step = next((s for s in steps if spread / s <= 6), steps[-1])
    bottom = (low - spread / 8) // step * step
    top = -(-(high + spread / 8) // step) * step
    if low >= 0:
        bottom = max(bottom, Fraction(0))
    return shortest(bottom), shortest(top)


def years_table(facts: Facts, c: Source, places: int) -> Table:
    """Year by year: numerator, denominator, value, path, distance, class."""
    rows = facts.whole(c)
    counts = [k for k in ("numerator", "denominator") if any(v[k] is not None for v in rows)]
    with_basis = "denominator" not in counts
    heads = [column(Text(zh="年度", en="Year"), 15, "code")]
    heads += [column(Text(zh="分子" if k == "numerator" else "分母", en=k.capitalize()), 21) for k in counts]
    heads += [
        column(Text(zh="实际值", en="Value"), 17),
        column(Text(zh="比上年", en="On year before"), 17),
        column(Text(zh="序时值", en="Path"), 16),
        column(Text(zh="与序时差", en="Distance"), 17),
    ]
    if with_basis:
        heads.append(column(Text(zh="口径", en="Basis"), 30, "text"))
    heads += [
        column(Text(zh="数据", en="Data"), 13, "code"),
        column(Text(zh="结论", en="Verdict"), 26, "status"),
    ]
    made = []
    for v in rows:
        value = fraction(v, "value")
        previous, path, distance = fraction(v, "previous"), fraction(v, "path"), fraction(v, "distance")
        shown = facts.shown(v, places)
        later = v["period"] > v["base_period"]
        cells = [text_cell(str(v["period"]) + (BREAK if v["flag_basis_break"] else ""))]
        cells += [figure_cell(None if v[k] is None else format_persons(v[k])) for k in counts]
        cells += [
            figure_cell(shown.text, marks_of(v), strong=v["is_reported"]),
            figure_cell(
                None if value is None or previous is None else format_points(value - previous, places)
            ),
            figure_cell(format_rate(path) if later and path is not None else None),
            figure_cell(format_points(distance, PLACES) if later and distance is not None else None),
        ]
        if with_basis:
            cells.append(text_cell(basis_text(v["basis"])) if v["basis"] else none_cell())
        known = v["maturity"] and value is not None
        cells.append(text_cell(MATURITIES[v["maturity"]]) if known else none_cell())
        if v["class"] is not None:
            cells.append(status_cell(unit_status(v)))
        elif v["period"] == v["base_period"]:
            cells.append(text_cell(Text(zh="基期", en="base year")))
        else:
            cells.append(none_cell())
        made.append(Row(cells=cells, kind="unit"))
    name = name_of(c)
    return table(
        facts.number.table(),
        Text(zh=f"{facts.area.zh}{name.zh}历年情况", en=f"{name.en}, {facts.area.en}, by year"),
        heads,
        made,
        PERSONS_PERCENT if counts else PERCENT,
    )


def variants_tables(facts: Facts, c: Source) -> list[Table]:
    """The ways of computing side by side, with their difference from the one that decides."""
    present = [
        (variant, facts.series(c["indicator_id"], variant, facts.area_code)) for variant in c["variants"]
    ]
    present = [(variant, rows) for variant, rows in present if rows]
    if len(present) < 2:
        return []
    reported = facts.reported_whole(c)
    periods = sorted({p for _, rows in present for p in rows if p <= c["reported_period"]})[-6:]
    deciding = fraction(reported, "value")
    decides = reported["value_source"] if reported else None
    heads = [column(Text(zh="算法", en="Method"), 50, "text")]
    heads += [column(str(p), 84 / len(periods)) for p in periods]
    heads.append(column(Text(zh="与判定值差", en="Off deciding value"), 22))
    made = []
    for variant, rows in present:
        is_certified = variant == "certified"
        chosen = (variant == c["variant"] and decides != "certified") or (
            is_certified and decides == "certified"
        )
        label = variant_name(c, variant)
        if chosen:
            label = Text(zh=f"{label.zh}(判定用)", en=f"{label.en} (decides)")
        cells = [text_cell(label, strong=chosen)]
        target = fraction(reported, "target")
        for p in periods:
            value = fraction(rows.get(p), "value")
            if value is None:
                cells.append(none_cell())
                continue
            places = PLACES
            text = format_rate(value) if target is None else show_against_target(value, target, places).text
            cells.append(figure_cell(text, CERTIFIED if is_certified else "", strong=chosen))
        now = fraction(rows.get(c["reported_period"]), "value")
        cells.append(
            none_cell()
            if chosen or now is None or deciding is None
            else figure_cell(format_points(now - deciding))
        )
        made.append(Row(cells=cells))
    name = name_of(c)
    return [
        table(
            facts.number.table(),
            Text(
                zh=f"{facts.area.zh}{name.zh}:不同算法并列",
                en=f"{name.en}, {facts.area.en}: methods side by side",
            ),
            heads,
            made,
            PERCENT,
        )
    ]


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

    districts = [v for v in rows if not facts.is_zone(v["area_code"])]
    zones = [v for v in rows if facts.is_zone(v["area_code"])]
    if assessed:
        districts, zones = sorted(districts, key=by_missing), sorted(zones, key=by_missing)
    builder = assessed_units if assessed else shown_units
    made, notes = builder(facts, c, districts, zones)
    return [made], notes


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
    value = fraction(facts.series(c["indicator_id"], other, v["area_code"]).get(v["period"]), "value")
    return none_cell() if value is None else figure_cell(format_rate(value))


def assessed_units(
    facts: Facts, c: Source, districts: list[Source], zones: list[Source]
) -> tuple[Table, list[Text]]:
    """Units sorted by what they lack: numerator, denominator, rate, changes, missing persons, class."""
    gaps = facts.contribution(c)
    other = other_variant(facts, c, districts + zones)
    heads = [
        column(Text(zh="单位", en="Unit"), 22, "text"),
        column(Text(zh="分子", en="Numerator"), 16),
        column(Text(zh="分母", en="Denominator"), 16),
        column(year_text(c["reported_period"]), 14),
        column(Text(zh="比上年", en="On year before"), 14),
        column(Text(zh=f"比{c['base_period']}年", en=f"On {c['base_period']}"), 16),
        column(Text(zh="缺口", en="Missing"), 15),
        column(short_variant(c, other), 14) if other else column(Text(zh="占缺口", en="Share"), 13),
        column(Text(zh="与目标线", en="Against target"), 18, "dot"),
        column(Text(zh="结论", en="Verdict"), 25, "status"),
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
        cells.append(status_cell(look))
        return cells

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
    return unit_table(facts, c, heads, made, Text(zh="(按缺口人数排列)", en=" (by missing persons)")), notes


def unit_status(v: Source) -> Status:
    """The class of a unit; where there is none, the reason stands in its place."""
    shown = status(v["class"], v["reason"])
    if shown.code == "no_judgement" and shown.note is not None:
        return shown.model_copy(update={"word": shown.note, "note": None})
    return shown


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

    def cells_of(v: Source, name: Text) -> list[Cell]:
        value, base, previous = fraction(v, "value"), fraction(v, "base"), fraction(v, "previous")
        cells = [
            text_cell(name),
            figure_cell(None if v["numerator"] is None else format_persons(v["numerator"])),
            figure_cell(None if v["denominator"] is None else format_persons(v["denominator"])),
            figure_cell(None if value is None else format_rate(value), marks_of(v)),
            figure_cell(None if value is None or previous is None else format_points(value - previous)),
            figure_cell(None if value is None or base is None else format_points(value - base)),
        ]
        if other:
            cells.append(other_cell(facts, c, v, other))
        return cells

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
        )
    ]
    return unit_table(facts, c, heads, made, Text(zh="(只列数,不判定)", en=" (shown, not judged)")), notes


def total_of_variant(facts: Facts, c: Source) -> Source | None:
    """The whole area in the variant that the units are shown in, with its own earlier values."""
    series = facts.series(c["indicator_id"], c["county_variant"], facts.area_code)
    now = series.get(c["reported_period"])
    if now is None:
        return None
    made = dict(now)
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


# ---------------------------------------------------------------- amounts that may not fall


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


def change_cell(change: Fraction | None, fell: bool = False) -> Cell:
    return (
        figure_cell(None)
        if change is None
        else figure_cell(
            format_points(change), FELL if fell else "", tone="red" if fell else None, strong=fell
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
    for v in facts.verdicts(c):
        if v["class"] != "broken":
            continue
        key = (segment_rank(v["segment"]), facts.order_of(v["area_code"]))
        names[key] = segment_or_area(facts, v)
        falls.setdefault(key, []).append(v["period"])
    return [(names[key], sorted(falls[key])) for key in sorted(falls)]


def fell_now(facts: Facts, c: Source) -> list[tuple[Text, Text]]:
    """Series that fell in the judged year, worst first, with how."""
    rows = [v for v in never_units(facts, c) if v["class"] == "broken"]
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
    fell = fell_now(facts, c)
    told = [
        say.never_decrease_sentence(
            c["reported_period"],
            series_word(rows),
            len(rows),
            sum(v["class"] == "kept" for v in rows),
            sum(v["class"] == "unchanged" for v in rows),
            fell,
            sum(v["class"] in (None, "no_judgement") for v in rows),
            whole_status(facts, c).word,
        )
    ]
    if whole is not None and whole["class"] == "kept" and fell:
        told.append(say.total_hides_sentence(facts.area, [name for name, _ in fell]))
    sentences.append(say.joined(*told, say.falls_since_sentence(c["base_period"], falls_of(facts, c))))
    staged = is_staged(rows)
    return IndicatorPage(
        commitment_id=c["id"],
        new_page=True,
        name=name_of(c),
        status=whole_status(facts, c),
        definition=definition_of(facts, c),
        sentences=sentences,
        chart=change_chart(facts, c, rows, whole),
        decomposition=None,
        tables=[published_table(facts, c, rows, whole)] if staged else [],
        unit_tables=[amounts_table(facts, c, rows, whole)],
        notes=[*breaks_said(facts, c), *common_notes(facts, c)],
    )


def change_chart(facts: Facts, c: Source, rows: list[Source], whole: Source | None) -> DotChart | None:
    """Same-basis change of every series as bars from zero."""
    known = [(v, change) for v in rows if (change := same_basis_change(v)) is not None]
    if not known:
        return None
    known.sort(key=lambda pair: (-pair[1], facts.order_of(pair[0]["area_code"]), pair[0]["segment"]))
    if whole is not None and (change := same_basis_change(whole)) is not None:
        known.insert(0, (whole, change))
    low, high = nice_range([change for _, change in known] + [Fraction(0)])
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
            for v, change in known
        ],
        line="0",
        line_label=Text(zh="不变", en="no change"),
        low=low,
        high=high,
        bars=True,
        caption=Text(
            zh="比上年同口径增减百分比;0线左侧为下降。", en="Change in per cent; left of 0 is a fall."
        ),
        description=Text(
            zh=f"{name.zh}同口径增减条形图,共{len(known)}个序列",
            en=f"Bar chart of changes of {name.en}, {len(known)} series",
        ),
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
                    change_cell(same_basis_change(v), v["class"] == "broken"),
                    status_cell(status(v["class"], v["reason"])),
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
    all_rows = facts.verdicts(c)
    periods = sorted({v["period"] for v in all_rows if v["value_num"] is not None})
    periods = [p for p in periods if p >= c["base_period"] - 1 or staged][-6:]
    wide = len(periods) >= 6
    heads = [
        column(
            Text(zh="类别" if staged else "级次", en="Stage" if staged else "Level"),
            29 if wide else 30,
            "text",
        )
    ]
    width = (156 - 30 - (17 + 22 if not staged else 0)) / max(1, len(periods))
    heads += [column(str(p), width) for p in periods]
    if not staged:
        heads += [
            column(Text(zh="增减%", en="Change %"), 17),
            column(Text(zh="结论", en="Verdict"), 22, "status"),
        ]
    made = []
    ordered = rows if staged else budget_order(facts, rows)
    for index, v in enumerate([*ordered, *([whole] if whole is not None else [])]):
        total = v is whole
        name = segment_or_area(facts, v) if not total or staged else Text(zh="合计", en="Total")
        if total and staged:
            name = segment_text("all")
        cells = [text_cell(name)]
        for p in periods:
            found = facts.unit_row(c, v["area_code"], v["segment"], p)
            value = fraction(found, "value")
            if found is None or value is None:
                cells.append(none_cell())
                continue
            fell = found["class"] == "broken"
            mark = marks_of(found) + (BREAK if found["flag_basis_break"] else "") + (FELL if fell else "")
            cells.append(figure_cell(format_money(value), mark, tone="red" if fell else None, strong=fell))
        if not staged:
            cells.append(change_cell(same_basis_change(v), v["class"] == "broken"))
            cells.append(status_cell(status(v["class"], v["reason"])))
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
    )


def budget_order(facts: Facts, rows: list[Source]) -> list[Source]:
    """Budget levels: city level first, units, zones last."""
    return sorted(rows, key=lambda v: (facts.is_zone(v["area_code"]), facts.order_of(v["area_code"])))


def breaks_said(facts: Facts, c: Source) -> list[Text]:
    """Breaks in basis by year; a published pair that would tell the opposite is told in full."""
    told: dict[int, list[Text]] = {}
    for found in facts.breaks():
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


# ---------------------------------------------------------------- notes


def common_notes(facts: Facts, c: Source) -> list[Text]:
    """Notes that belong to the figures of the page, said only where they apply."""
    notes: list[Text] = []
    rows = facts.verdicts(c)
    if any(v["value_source"] == "certified" and v["value_num"] is not None for v in rows):
        notes.append(
            Text(
                zh=f"{CERTIFIED}核定值(公布值),取自来源文件,不由分子、分母计算。",
                en=f"{CERTIFIED} certified (published) value, taken from its source, not computed; see "
                "the annex.",
            )
        )
    if c.get("base_note_zh"):
        notes.append(Text(zh=c["base_note_zh"], en=c["base_note_en"] or ""))
    level = c["kind"] == "level_by_year"
    for found in facts.breaks():
        if found.commitment["id"] == c["id"] and level and not c.get("base_note_zh"):
            notes.append(
                say.basis_break_rate_sentence(
                    found.after["period"], basis_text(str(found.before["basis"])), basis_text(str(found.after["basis"]))
                )
            )
    if any(v["flag_preliminary"] for v in rows):
        notes.append(
            Text(zh="*临时数据,正式数据到后更新。", en="* preliminary, to be replaced by final data.")
        )
    if not level:
        notes.append(
            Text(
                zh=f"{FELL}为同口径比上年减少。按未修约的元比较,金额为名义值。",
                en=f"{FELL} fell on the same basis. Unrounded yuan are compared; amounts are nominal.",
            )
        )
    notes.append(
        Text(
            zh="判定和差额用未修约值,末位可能与表列数相减不一致(修约按GB/T 8170)。",
            en="Judgements and differences use unrounded values; rounding is half to even. Last digits "
            "may differ.",
        )
    )
    return notes
