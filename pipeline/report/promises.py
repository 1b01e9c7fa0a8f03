"""All commitments of the plan on a few pages: one line each, by section, with the counts by class.

Belongs here: the words of target, newest value, due year and remark, and the counting sentence. Does not belong
here: the pages of the headline indicators (levels.py, amounts.py), deciding anything (``sql/progress``), layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from pipeline.report.facts import Facts, Source, fraction, marks_of
from pipeline.report.numbers import (
    HUNDRED_MILLION,
    MINUS,
    format_large,
    format_money,
    format_persons,
    format_rate,
    plain,
    show_against_target,
    wilson,
)
from pipeline.report.shapes import PromiseGroup, PromiseLine, PromisesPart, Status, Text, Words
from pipeline.report.words import BANDS, NONE, UNIT_FAILS, counted_en, status

NAMED = 6
"""Exceptions named on one line; more are counted."""

SIGNS = {">=": "≥", "<=": "≤", "=": "", ">": ">"}


def make_promises(facts: Facts) -> PromisesPart | None:
    """The list of all commitments; None where the report was given none."""
    promises = facts.inputs.promises
    if not promises:
        return None
    numbers = {c["id"]: n for n, c in enumerate(promises, start=1)}
    groups = []
    for section in facts.inputs.sections:
        own = [c for c in promises if c["section"] == section["cite"]]
        if own:
            groups.append(group_of(facts, section, own, numbers))
    return PromisesPart(
        statements=[
            Text(
                zh=f"方案的{len(promises)}项承诺按章节逐项列出;按类别的统计和一页总表见第一部分。",
                en=f"The {len(promises)} commitments of the plan one by one, by section; they are counted, and all of them "
                "shown on one page, in chapter 1.",
            )
        ],
        groups=groups,
        notes=[
            Text(
                zh="目标、期限为本方案文件的理解(见阅读说明);期限注“推定”的,方案条文没有写明年份。最新值为"
                f"{facts.area.zh}数,括号内为年度。",
                en="Targets and due years are as the plan file reads them; (inferred) means that the clause has no year. "
                "The newest value is that of the whole area, its year in brackets.",
            )
        ],
    )


def group_of(facts: Facts, section: Source, own: list[Source], numbers: dict[str, int]) -> PromiseGroup:
    """One section: its heading, and the bodies once where they are the same for every line."""
    everybody = {(c["responsible_zh"], c["responsible_en"]) for c in own}
    bodies = None
    if len(everybody) == 1:
        ((zh, en),) = everybody
        bodies = Text(zh=f"责任单位:{zh}", en=f"Responsible: {en}")
    same = section["cite"] == section["zh"]
    return PromiseGroup(
        heading=Text(zh=section["zh"] if same else f"{section['cite']} {section['zh']}", en=section["en"]),
        bodies=bodies,
        lines=[line_of(facts, c, numbers[c["id"]]) for c in own],
    )


def line_of(facts: Facts, c: Source, number: int) -> PromiseLine:
    """One commitment."""
    summary = facts.summaries.get(c["id"], {})
    shown = status(summary.get("class"), summary.get("reason"))
    if summary.get("reason") == "no_figure":
        shown = shown.model_copy(update={"note": None})
    row = newest(facts, c)
    return PromiseLine(
        commitment_id=c["id"],
        number=number,
        name=Text(zh=c["name_zh"], en=c["name_en"]),
        tier=c["tier"],
        target=target_words(c),
        value=value_words(c, row, facts.places(c)),
        value_note=None if row is None else value_note(c, row),
        mark=marks_of(row),
        status=shown,
        due=due_words(c),
        lead=Text(zh=c["lead"]["zh"], en=c["lead"]["en"]),
        remark=remark_of(facts, c, shown),
    )


def newest(facts: Facts, c: Source) -> Source | None:
    """The whole area's newest row with a value; where it is known by segment only, the lowest of them.

    What is held against a benchmark needs that of its year: without one it is an amount, no multiple of anything.
    """
    known = [v for v in facts.whole_segments(c) if v["value_num"] is not None]
    if c.get("compared_with") == "benchmark":
        known = [v for v in known if v["benchmark_num"] is not None]
    if not known:
        return None
    last = [v for v in known if v["period"] == max(v["period"] for v in known)]
    return min(last, key=lambda v: (v["segment"] != "all", level_of(v), v["segment"]))


def level_of(row: Source) -> Fraction:
    """The value, as a multiple of its benchmark where there is one."""
    value, benchmark = fraction(row, "value") or Fraction(0), fraction(row, "benchmark")
    return value / benchmark if benchmark else value


def value_note(c: Source, row: Source) -> Text:
    """The year of the value, and what it is where it is a share of those that comply."""
    if c["value_is"] == "share_complying":
        return Text(zh=f"({row['period']}年达标率)", en=f"(share complying, {row['period']})")
    return Text(zh=f"({row['period']}年)", en=f"({row['period']})")


def target_words(c: Source) -> Words:
    """What was promised, in a few words."""
    if c["operator"] == "report":
        return Text(zh="不设合格线", en="no pass mark")
    match c["kind"]:
        case "never_decrease":
            return Text(zh="不低于上年", en="not below last year")
        case "full_coverage":
            return Text(zh="全覆盖(100%)", en="all (100 %)")
        case "yearly_change":
            step = Fraction(c["step"])
            size = plain(abs(step))
            sign = MINUS if step < 0 else "+"
            return Text(zh=f"每年{sign}{size}{c['unit_zh']}", en=f"{sign}{counted_en(size, c['unit_en'])} a year")
    if c["kind"] == "comparative" and Fraction(c["target"]) == 1:
        return Text(zh="不低于对照值", en="not below the benchmark")
    size = plain(Fraction(c["target"]))
    sign = SIGNS[c["operator"]]
    each = {"zh": "", "en": ""}
    if c["kind"] == "recurring_event":
        years = c["window_years"]
        each = {"zh": "每年" if years == 1 else f"每{years}年", "en": " a year" if years == 1 else f" in {years} years"}
    return Text(zh=f"{each['zh']}{sign}{size}{c['unit_zh']}", en=f"{sign}{counted_en(size, c['unit_en'])}{each['en']}")


def value_words(c: Source, row: Source | None, places: int) -> Words:
    """The newest value in the unit of the figure, never on the other side of its target by rounding."""
    value = fraction(row, "value")
    if row is None or value is None:
        return NONE
    if c["kind"] == "recurring_event" and c["value_is"] == "amount":
        value = fraction(row, "done") or value
    target = fraction(row, "target")
    if c["kind"] == "comparative":
        value = level_of(row)
    if c["value_is"] == "share_complying" or c["kind"] in ("full_coverage", "directional") or c["unit"] == "percent":
        goal = target
        if c["value_is"] == "share_complying" or c["kind"] == "full_coverage":
            goal = Fraction(100)
        figure = format_rate(value, places) if goal is None else show_against_target(value, goal, places).text
        return Text(zh=f"{figure}%", en=f"{figure} %")
    if c["unit"] == "yuan":
        if value >= HUNDRED_MILLION:
            return Text(zh=f"{format_large(value, 'zh')}元", en=f"{format_large(value, 'en')} yuan")
        return Text(zh=f"{format_money(value)}元", en=f"{format_money(value)} yuan")
    figure = format_rate(value) if target is None else show_against_target(value, target, 2).text
    if value.denominator == 1:
        figure = format_persons(value.numerator)
    return Text(zh=f"{figure}{c['unit_zh']}", en=counted_en(figure, c["unit_en"]))


def numbered_words(rows: Sequence[tuple[int, Source]], brief: bool) -> Text:
    """Commitments by number and name, ``1 学前教育毛入园率、4 …``, or (``brief``) by number, ``第1、4项``."""
    if brief:
        numbers = [str(n) for n, _ in rows]
        return Text(zh=f"第{'、'.join(numbers)}项", en=f"no. {', '.join(numbers)}")
    return Text(zh="、".join(f"{n} {c['name_zh']}" for n, c in rows), en=", ".join(f"{n} {c['name_en']}" for n, c in rows))


def due_words(c: Source) -> Words:
    """When it is due."""
    if c["due_period"] is not None:
        inferred = c["due_basis"] in ("inferred", "derived")
        return Text(
            zh=f"{c['due_period']}年" + ("(推定)" if inferred else ""),
            en=f"{c['due_period']}" + (" (inferred)" if inferred else ""),
        )
    if c["kind"] == "recurring_event" and c["window_years"] > 1:
        return Text(zh=f"每{c['window_years']}年", en=f"every {c['window_years']} years")
    if c["due_basis"] == "recurring":
        return Text(zh="每年", en="each year")
    return Text(zh="未写明", en="no date")


def remark_of(facts: Facts, c: Source, shown: Status) -> Text | None:
    """Why there is no figure; else what is missing, which units are the exceptions, and last year's class."""
    if c["no_figure"]:
        return Text(zh=f"无数据:{c['no_figure']['zh']}。", en=f"No figure: {c['no_figure']['en']}.")
    said = [
        part
        for part in (
            interval_words(facts, c),
            missing_words(facts, c, shown),
            exceptions_words(facts, c),
            last_year_words(facts, c, shown),
        )
        if part is not None
    ]
    return Text(zh="".join(t.zh for t in said), en=" ".join(t.en for t in said)) if said else None


def interval_words(facts: Facts, c: Source) -> Text | None:
    """What was sampled, and the interval that the sampling error leaves; None where all were asked."""
    row = facts.reported_whole(c)
    if c.get("survey_z_squared") is None or row is None or not row["denominator"] or row["numerator"] is None:
        return None
    low, high = wilson(row["numerator"], row["denominator"], Fraction(c["survey_z_squared"]))
    number, ends = format_persons(row["denominator"]), (format_rate(low), format_rate(high))
    return Text(
        zh=f"样本{number}{c['person_zh']},95%区间{ends[0]}%—{ends[1]}%。",
        en=f"{counted_en(number, c['person_en'])} sampled, 95 % interval {ends[0]} to {ends[1]} %.",
    )


def missing_words(facts: Facts, c: Source, shown: Status) -> Text | None:
    """How many are missing in the whole area, where it is judged and something is."""
    row = facts.reported_whole(c)
    missing = None if row is None else row["gap_persons"]
    if not missing or shown.code in ("no_judgement", "monitored") or band_of(shown.code) == "met":
        return None
    number = format_persons(missing)
    return Text(zh=f"还差{number}{c['person_zh']}。", en=f"{counted_en(number, c['person_en'])} short.")


def exceptions_words(facts: Facts, c: Source) -> Text | None:
    """The units that fail, by name."""
    rows = [v for v in facts.reported_units(c) if v["assessed"] and v["class"] in UNIT_FAILS]
    names, codes = [], set()
    for v in rows:
        if v["area_code"] not in codes | {facts.area_code}:
            codes.add(v["area_code"])
            names.append(facts.name_of(v["area_code"]))
    if not names:
        return None
    more = len(names) - NAMED
    zh = "、".join(n.zh for n in names[:NAMED]) + (f"等{len(names)}个" if more > 0 else "")
    en = ", ".join(n.en for n in names[:NAMED]) + (f" and {more} more" if more > 0 else "")
    if c["kind"] == "level_by_year":
        # On the way to a level a unit may be behind without having failed; those are in the chapter of the indicator.
        return Text(zh=f"不进反退或未达标的单位:{zh}。", en=f"Falling back or missed: {en}.")
    return Text(zh=f"未达到的单位:{zh}。", en=f"Exceptions: {en}.")


def last_year_words(facts: Facts, c: Source, shown: Status) -> Text | None:
    """The class of the year before, where the whole area decides and it was another."""
    now = facts.reported_whole(c)
    last = facts.unit_row(c, facts.area_code, "all", c["reported_period"] - 1)
    if now is None or last is None or now["class"] != shown.code or last["class"] in (None, now["class"]):
        return None
    before = status(last["class"]).word
    return Text(zh=f"上年结论:{before.zh}。", en=f"Last year: {before.en}.")


# ---------------------------------------------------------------- counting


def band_of(code: str) -> str:
    """The band that a class is counted in."""
    return next(band for band, (_, codes) in BANDS.items() if code in codes)


def counts_of(facts: Facts, tier: str | None = None) -> Counter[str]:
    """Commitments by band; of one tier, or of all."""
    own = [c for c in facts.inputs.promises if tier in (None, c["tier"])]
    return Counter(
        band_of(facts.summaries.get(c["id"], {}).get("class") or "no_judgement") for c in own
    )


def counted(counts: Counter[str]) -> Text:
    """``达标或落实3项,…``: the bands that occur, in their order."""
    named = [(word, counts[band]) for band, (word, _) in BANDS.items() if counts[band]]
    return Text(
        zh=",".join(f"{word.zh}{n}项" for word, n in named), en=", ".join(f"{n} {word.en}" for word, n in named)
    )


def counts_sentence(facts: Facts, tier: str) -> Text:
    """``45项A类指标中,…``: counts of one tier, no composite."""
    counts = counts_of(facts, tier)
    said = counted(counts)
    total = sum(counts.values())
    return Text(
        zh=f"{total}项{tier}类指标(有明确数量要求)中,{said.zh}。",
        en=f"Of {total} commitments of tier {tier} (with a number): {said.en}.",
    )


def all_sentence(facts: Facts) -> Text:
    """The same for all commitments, with how many have a figure at all."""
    promises = facts.inputs.promises
    figures = sum(c["no_figure"] is None for c in promises)
    said = counted(counts_of(facts))
    return Text(
        zh=f"方案可衡量的承诺共{len(promises)}项,本期有数据来源的{figures}项;全部承诺中,{said.zh}。",
        en=f"The plan holds {len(promises)} measurable commitments, {figures} with a figure in this edition; of all: "
        f"{said.en}.",
    )
