"""The page of a rate that must reach a level by a year: the fixed pattern, filled.

Belongs here: its sentences, path chart, years, methods, decomposition. Does not belong here: its table of units
(level_units.py), grammar (sentences.py), drawing (charts.py), layout.
"""

from __future__ import annotations

from fractions import Fraction

from pipeline.report import sentences as say
from pipeline.report.benchmarks import benchmark_note
from pipeline.report.facts import (
    PLACES,
    PLOT_PLACES,
    Facts,
    Source,
    changes_of_basis,
    column,
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
from pipeline.report.figures import not_from_zero, path_description, pictures_note, split_chart, unit_charts
from pipeline.report.headline import (
    PERCENT,
    PERSONS_PERCENT,
    common_notes,
    definition_of,
    name_of,
    nice_range,
    part_name,
    person_of,
    unit_status,
    variant_name,
    whole_status,
)
from pipeline.report.level_units import level_units
from pipeline.report.numbers import (
    format_persons,
    format_points,
    format_rate,
    places_to_tell,
    plain,
    round_exact,
    shortest,
    show_against_target,
)
from pipeline.report.shapes import ChartPoint, IndicatorPage, PathChart, Row, Table, Text
from pipeline.report.words import BREAK, CERTIFIED, MATURITIES, basis_text, status

RATIO_CUTS = (Fraction(95, 100), Fraction(60, 100))
"""Only to choose decimals: a printed progress ratio must not seem to be on the other side of a cut."""


def level_page(facts: Facts, c: Source) -> IndicatorPage:
    """The page of a rate that must reach a level by a year."""
    places = facts.places(c)
    row = facts.reported_whole(c)
    sentences, notes = level_sentences(facts, c, row, places)
    chart = path_chart(facts, c, places)
    split = split_chart(
        facts, c, name_of(c), (part_name(c, "numerator"), part_name(c, "denominator")), nice_range
    )
    tables = [years_table(facts, c, places), *variants_tables(facts, c)]
    unit_tables, unit_notes, pictures = [], [], []
    if c["county_mode"] != "none":
        unit_tables, unit_notes = level_units(facts, c)
    if c["county_mode"] == "assessed":
        there = facts.reported_units(c)
        pictures = unit_charts(facts, c, name_of(c), there, unit_status, nice_range)
        unit_notes = [*unit_notes, *pictures_note(facts, c, there)]
    beside = benchmark_note(facts, c)
    return IndicatorPage(
        commitment_id=c["id"],
        name=name_of(c),
        status=whole_status(facts, c),
        definition=definition_of(facts, c),
        sentences=sentences,
        chart=chart,
        split=split,
        unit_charts=pictures,
        decomposition=decomposition_of(facts, c, row),
        tables=tables,
        unit_tables=unit_tables,
        notes=[*notes, *unit_notes, *([beside] if beside is not None else []), *common_notes(facts, c)],
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
        first = facts.unit_row(c, row["area_code"], row["segment"], row["period"] - years)
        then = fraction(first, "value")
        if first is None or None in (value, then, pace) or first["basis"] != row["basis"]:
            continue
        if value - then == pace * years:  # type: ignore[operator]
            return years
    return None


def decomposition_of(facts: Facts, c: Source, row: Source | None) -> Text | None:
    """Change since the base year and since last year, split exactly; the counterfactual where it tells."""
    said: list[Text] = []
    rows = facts.inputs.decomposition.where(commitment_id=c["id"], area_code=facts.area_code)
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
    points, breaks = [], [after["period"] for _, after in changes_of_basis(rows)]
    for v in rows:
        value = fraction(v, "value") or Fraction(0)
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
                new_segment=v["period"] in breaks,
            )
        )
    path = []
    if base is not None and base_period <= due:
        end = max(base, target) if last["hold_rule"] else target
        start = end if last["hold_rule"] else base
        if last["hold_rule"]:
            start = end = target
        path = [
            ChartPoint(
                period=period,
                value=round_exact(value, PLOT_PLACES),
                shown=show_against_target(value, target, places).text,
            )
            for period, value in ((base_period, start), (due, end))
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
    name, start = name_of(c), not_from_zero(low)
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
            zh=f"纵轴{low}%—{high}%{start.zh};横轴{period_word}。",
            en=f"Vertical axis {low} % to {high} %{start.en}.",
        ),
        status=whole_status(facts, c),
        description=path_description(name, points, target, due, projected),
    )


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
        column(Text(zh="结论", en="Verdict"), 30, "status"),
        trace_column(),
    ]
    breaks = [after["period"] for _, after in changes_of_basis(rows)]
    made = []
    for v in rows:
        value = fraction(v, "value")
        previous, path, distance = fraction(v, "previous"), fraction(v, "path"), fraction(v, "distance")
        shown = facts.shown(v, places)
        later = v["period"] > v["base_period"]
        cells = [text_cell(str(v["period"]) + (BREAK if v["period"] in breaks else ""))]
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
        cells.append(trace_cell(facts.code_of(v)))
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
    heads += [column(Text(zh="与判定值差", en="Off deciding value"), 22), trace_column(of=str(c["reported_period"]))]
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
        cells.append(trace_cell(facts.code_of(rows.get(c["reported_period"]))))
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
