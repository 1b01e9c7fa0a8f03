"""The one page that leaders read: conclusion, five rows, three problems, the data line.

Belongs here: choosing what is said first. Does not belong here: grammar (sentences.py), layout.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from pipeline.report import sentences as say
from pipeline.report.amounts import (
    falls_of,
    fell,
    fell_now,
    is_staged,
    never_units,
    not_raised_now,
    same_basis_change,
    series_word,
)
from pipeline.report.decisions import decisions_of
from pipeline.report.facts import PLACES, Facts, Source, changes_of_basis, fraction, marks_of
from pipeline.report.headline import name_of, part_name, person_of, whole_status
from pipeline.report.levels import pace_years
from pipeline.report.numbers import (
    format_amount,
    format_day,
    format_money,
    format_persons,
    format_points,
    format_rate,
    plain,
    round_exact,
    show_against_target,
)
from pipeline.report.promises import counts_sentence
from pipeline.report.sentences import Named
from pipeline.report.shapes import Summary, Text, Tile
from pipeline.report.words import BEHIND, CLASS_ORDER, NONE, status

PROBLEMS = 3
SPARK_PLACES = 4


class Problem(NamedTuple):
    """A sentence with its weight; the lightest is said first, one for each commitment before a second."""

    weight: int
    commitment: int
    sentence: Text


def make_summary(facts: Facts) -> Summary:
    """The summary page."""
    tiles = [tile_of(facts, c) for c in facts.commitments]
    year = facts.year
    due = sorted({c["due_period"] for c in facts.commitments if c["due_period"]})
    due_zh = f"{due[0]}年目标" if len(due) == 1 else "目标"
    due_en = f"Target {due[0]}" if len(due) == 1 else "Target"
    edition = facts.edition
    received = edition["received_through"]
    notes = [
        Text(
            zh="距目标:百分点,“约”为按本年分母折算的人数。变化:比上年,比率为百分点,金额为同口径增减。",
            en="Distance in percentage points, and in persons at this year's denominator; changes are on the year "
            "before.",
        )
    ]
    if any(t.current_mark or t.previous_mark for t in tiles):
        notes.append(Text(zh="◆核定值(公布值)。", en="◆ certified (published) value."))
    return Summary(
        previous_heading=Text(zh=f"{year - 1}年", en=str(year - 1)),
        current_heading=Text(zh=f"{year}年", en=str(year)),
        target_heading=Text(zh=due_zh, en=due_en),
        conclusion=conclusion_of(facts),
        promises=counts_sentence(facts, "A") if facts.inputs.promises else None,
        tiles=tiles,
        problems=problems_of(facts),
        decisions=decisions_of(facts),
        data_lines=[
            say.data_line(
                Text(zh=format_day(received, "zh"), en=format_day(received, "en")),
                edition["vintage_id"],
                edition["preliminary"],
                facts.warnings(),
                len({(b.commitment["id"], b.after["period"]) for b in facts.breaks}),
                edition["demonstration"],
            )
        ],
        notes=notes,
    )


def conclusion_of(facts: Facts) -> Text:
    """The bold sentence: counts by class, each indicator named."""
    groups: dict[str, list[Text]] = {}
    for c in facts.commitments:
        groups.setdefault(whole_status(facts, c).code, []).append(name_of(c))
    school = [c["reported_period"] for c in facts.commitments if c["period_kind"] == "school_year"]
    day = say.day_of(max(school), "school_year") if school else say.day_of(facts.year, "fiscal_year")
    plan = Text(zh=facts.edition["plan_short_zh"], en=facts.edition["plan_title_en"])
    return say.conclusion(day, plan, [(code, groups[code]) for code in CLASS_ORDER if code in groups])


def tile_of(facts: Facts, c: Source) -> Tile:
    """One row of the summary."""
    row = facts.reported_whole(c)
    last = facts.unit_row(c, facts.area_code, "all", c["reported_period"] - 1)
    common = {
        "commitment_id": c["id"],
        "code": facts.code_of(row),
        "name": name_of(c),
        "previous_mark": marks_of(last),
        "current_mark": marks_of(row),
        "period_note": period_note(facts, c),
        "status": whole_status(facts, c),
    }
    if c["kind"] == "never_decrease":
        return amount_tile(facts, c, row, last, common)
    return level_tile(facts, c, row, last, common)


def period_note(facts: Facts, c: Source) -> Text | None:
    """Said where the judged period is another than the column heads say."""
    if c["period_kind"] == "fiscal_year":
        return Text(zh=f"{c['reported_period']}财政年度", en=f"fiscal year {c['reported_period']}")
    if c["reported_period"] != facts.year:
        return Text(zh=f"{c['reported_period']}年", en=str(c["reported_period"]))
    return None


def level_tile(facts: Facts, c: Source, row: Source | None, last: Source | None, common: dict) -> Tile:
    places = facts.places(c)
    value, previous = fraction(row, "value"), fraction(row, "previous")
    target, gap = fraction(row, "target"), fraction(row, "gap")
    before = fraction(last, "value")
    distance, in_persons = distance_words(c, row, gap, places)
    return Tile(
        **common,
        unit=Text(zh="%", en="%"),
        target=plain(target) if target is not None else NONE,
        previous=NONE if before is None or last is None else facts.shown(last, places).text,
        current=NONE if value is None or row is None else facts.shown(row, places).text,
        change=NONE if value is None or previous is None else format_points(value - previous, places),
        distance=distance,
        distance_persons=in_persons,
        spark=spark_of(facts, c),
        spark_target=None if target is None else round_exact(target, SPARK_PLACES),
    )


def distance_words(
    c: Source, row: Source | None, gap: Fraction | None, places: int
) -> tuple[Text | str, Text | str]:
    """Distance to the target in points and in persons."""
    if row is None or gap is None:
        return NONE, ""
    if gap == 0:
        return Text(zh="恰好达到", en="exactly met"), ""
    size = format_amount(gap, places)
    if gap > 0:
        missing = row["gap_persons"]
        if missing is None:
            return Text(zh=f"差{size}", en=f"short {size}"), Text(
                zh="—(分母未公布)", en="— (denominator not published)"
            )
        shown = say.persons(missing, person_of(c))
        return Text(zh=f"差{size}", en=f"short {size}"), Text(zh=f"约{shown.zh}", en=f"about {shown.en}")
    return Text(zh=f"超{size}", en=f"above {size}"), ""


def amount_tile(facts: Facts, c: Source, row: Source | None, last: Source | None, common: dict) -> Tile:
    value, change = fraction(row, "value"), None if row is None else same_basis_change(row)
    before = fraction(last, "value")
    rows = never_units(facts, c)
    lower = sum(fell(v) for v in rows)
    unit = series_word(rows)
    word_zh = "类" if is_staged(rows) else "个级次"
    return Tile(
        **common,
        unit=Text(zh="元", en=" yuan"),
        target=Text(zh="只增不减", en="never falls"),
        previous=NONE if before is None else format_money(before),
        current=NONE if value is None else format_money(value),
        change=NONE if change is None else format_points(change) + "%",
        distance=Text(zh=f"{len(rows)}{word_zh}中", en=f"{lower} of {len(rows)} {unit.en}"),
        distance_persons=Text(zh=f"{lower}{'类' if is_staged(rows) else '个'}下降", en="fell"),
        spark=spark_of(facts, c),
        spark_target=None,
    )


def spark_of(facts: Facts, c: Source) -> list[str | None]:
    """Values from the base year to the judged one, for the tiny line; None where there is none, or one on another basis than
    the last."""
    rows = {v["period"]: v for v in facts.whole(c)}
    begin = max((after["period"] for _, after in changes_of_basis(list(facts.whole(c)))), default=0)
    first = min([c["base_period"], *rows]) if rows else c["base_period"]
    start = max(first, c["reported_period"] - 6)
    values = [fraction(rows.get(p), "value") if p >= begin else None for p in range(start, c["reported_period"] + 1)]
    return [None if v is None else round_exact(v, SPARK_PLACES) for v in values]


# ---------------------------------------------------------------- problems


def problems_of(facts: Facts) -> list[Text]:
    """Up to three sentences on what is behind and where: the worst of each commitment before its second."""
    found = found_problems(facts)
    chosen: list[Problem] = []
    for once in (True, False):
        for problem in found:
            if len(chosen) == PROBLEMS:
                break
            repeated = any(p.commitment == problem.commitment for p in chosen)
            if problem not in chosen and not (once and repeated):
                chosen.append(problem)
    chosen.sort(key=lambda p: (p.weight, p.commitment))
    return [p.sentence for p in chosen] or [say.no_problem()]


def found_problems(facts: Facts) -> list[Problem]:
    """All that is behind in the headline indicators, the gravest first."""
    found: list[Problem] = []
    for index, c in enumerate(facts.commitments):
        maker = never_problems if c["kind"] == "never_decrease" else level_problems
        found += [Problem(weight, index, sentence) for weight, sentence in maker(facts, c)]
    return sorted(found, key=lambda p: (p.weight, p.commitment))


def every_problem(facts: Facts) -> list[Text]:
    """Those problems as sentences, not only the three of the summary."""
    return [p.sentence for p in found_problems(facts)] or [say.no_problem()]


def never_problems(facts: Facts, c: Source) -> list[tuple[int, Text]]:
    """Falls of the judged year; else what was not raised when due; else missing judgements."""
    rows = never_units(facts, c)
    falls = fell_now(facts, c)
    name, unit = name_of(c), series_word(rows)
    if falls:
        earlier = [(n, [y for y in years if y < c["reported_period"]]) for n, years in falls_of(facts, c)]
        earlier = [(n, years) for n, years in earlier if years]
        return [(0, say.fell_sentence(name, c["reported_period"], unit, len(rows), falls, earlier))]
    if same := not_raised_now(facts, c):
        return [(1, say.not_raised_sentence(name, c["reported_period"], c["base_period"], same))]
    return missing_problem(facts, c)


def missing_problem(facts: Facts, c: Source) -> list[tuple[int, Text]]:
    shown = whole_status(facts, c)
    if shown.code == "no_judgement":
        day = say.day_of(c["reported_period"], c["period_kind"])
        return [(70, say.no_judgement_sentence(day, name_of(c), shown.note or shown.word))]
    return []


def level_problems(facts: Facts, c: Source) -> list[tuple[int, Text]]:
    """What is behind in one level commitment, each with its weight."""
    row = facts.reported_whole(c)
    if row is None or row["value_num"] is None or row["class"] == "no_judgement":
        return missing_problem(facts, c)
    places = facts.places(c)
    target, gap = fraction(row, "target") or Fraction(0), fraction(row, "gap") or Fraction(0)
    found: list[tuple[int, Text]] = []
    if row["class"] in BEHIND:
        found.append(
            (
                10 + BEHIND.index(row["class"]),
                say.behind_sentence(
                    name_of(c),
                    facts.shown(row, places).text,
                    marks_of(row),
                    row["due_period"],
                    target,
                    gap,
                    row["gap_persons"],
                    person_of(c),
                    status(row["class"]).word,
                    places,
                    *worst_units(facts, c),
                ),
            )
        )
    found += unit_problems(facts, c, target)
    base = row["base_period"]
    change = fraction(row, "value") - fraction(row, "base") if row["base_num"] is not None else None  # type: ignore[operator]
    start = facts.unit_row(c, facts.area_code, "all", base)
    if row["flag_denominator_driven"] and start is not None and change is not None:
        met = row["class"] in ("achieved", "achieved_early")
        counterfactual = format_rate(Fraction(100 * row["numerator"], start["denominator"]))
        driven = say.denominator_driven_sentence(part_name(c, "denominator"), base, counterfactual, met)
        head = Text(zh=f"{name_of(c).zh}比{base}年{say.points_change(change).zh},", en=f"{name_of(c).en}: ")
        found.append((50, Text(zh=head.zh + driven.zh, en=head.en + driven.en)))
    projected = fraction(row, "projected")
    if row["projection"] == "unreachable" and projected is not None:
        shown = show_against_target(projected, target, places)
        span = say.span_words(pace_years(facts, c, row, fraction(row, "observed_pace")))
        found.append(
            (
                60,
                Text(
                    zh=f"{name_of(c).zh}按{span.zh}平均变化直线推算,{row['due_period']}年约为{shown.text}%,预计达不到"
                    f"{plain(target)}%的目标。",
                    en=f"{name_of(c).en}: a straight projection gives about {shown.text} % for "
                    f"{row['due_period']}, "
                    f"short of the target of {plain(target)} %.",
                ),
            )
        )
    return found


def worst_units(facts: Facts, c: Source) -> tuple[list[Named], list[Text]]:
    """The three judged units that lack most, with how many, and the units that fall back."""
    if c["county_mode"] != "assessed":
        return [], []
    rows = [v for v in facts.reported_units(c) if v["assessed"] and v["class"] not in (None, "no_judgement")]
    short = sorted(
        (v for v in rows if v["gap_persons"]),
        key=lambda v: (-v["gap_persons"], facts.order_of(v["area_code"])),
    )
    worst = [Named(facts.name_of(v["area_code"]), format_persons(v["gap_persons"])) for v in short[:3]]
    back = [facts.name_of(v["area_code"]) for v in rows if v["class"] == "falling_back"]
    return worst, back


def unit_problems(facts: Facts, c: Source, target: Fraction) -> list[tuple[int, Text]]:
    """Units that fall back, lie behind, or are hidden under a total that is on target."""
    if c["county_mode"] != "assessed":
        return []
    rows = facts.reported_units(c)
    tested = [v for v in rows if v["assessed"] and v["class"] not in (None, "no_judgement")]
    person, name = person_of(c), name_of(c)
    summary = facts.summaries.get(c["id"], {})
    found: list[tuple[int, Text]] = []

    def value(v: Source) -> Fraction:
        return fraction(v, "value") or Fraction(0)

    def named(v: Source) -> Named:
        return Named(facts.name_of(v["area_code"]), facts.shown(v, PLACES).text)

    def in_order(chosen: list[Source]) -> list[Source]:
        return sorted(chosen, key=lambda v: (value(v), facts.order_of(v["area_code"])))

    # under the hold rule a unit falls back from the target, which need not be below its base year
    back = [
        Named(facts.name_of(v["area_code"]), format_amount(base - value(v)))
        for v in in_order([v for v in tested if v["class"] == "falling_back"])
        if (base := fraction(v, "base")) is not None and value(v) < base
    ]
    short = in_order([v for v in tested if (v["gap_persons"] or 0) > 0])
    if summary.get("achieved_but_uneven") and short:
        missing = sum(v["gap_persons"] for v in short)
        found.append(
            (
                40,
                say.uneven_sentence(
                    facts.area, name, target, len(tested), [named(v) for v in short], missing, person, back
                ),
            )
        )
        return found
    behind = sorted(
        (v for v in tested if v["class"] in BEHIND),
        key=lambda v: (-(v["gap_persons"] or 0), facts.order_of(v["area_code"])),
    )
    if behind:
        missing = sum(v["gap_persons"] or 0 for v in behind)
        gross = summary.get("gross_shortfall") or 0
        share = round_exact(Fraction(100 * missing, gross), 1) if gross and missing < gross else None
        found.append(
            (
                30,
                say.units_behind_sentence(
                    name, len(tested), [named(v) for v in behind], target, missing, share, person, back
                ),
            )
        )
    return found
