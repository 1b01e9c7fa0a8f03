"""The chapter on the main problems: each names the unit, the value, the target and since when.

Belongs here: choosing and grouping problems. Does not belong here: the three of the summary (summary.py, which the
first piece extends), causes that no figure shows, advice (advice.py).
"""

from __future__ import annotations

from pipeline.report.facts import Facts, Source
from pipeline.report.outline import CHAPTERS, in_order
from pipeline.report.promises import band_of, newest, remark_of, target_words, value_words
from pipeline.report.shapes import Chapter, Piece, Text, said
from pipeline.report.summary import every_problem
from pipeline.report.territory import bands_of, is_headline, units
from pipeline.report.words import NONE, counted_en, status

GRAVE = (
    "missed", "falling_back", "broken", "overdue", "window_missed", "milestone_overdue", "not_covered", "none_met",
    "step_missed", "some_units_not_met",
)  # fmt: skip
"""Classes of a commitment as a whole that are told one by one; the lesser ones are named together."""


def make_problems(facts: Facts) -> Chapter | None:
    """The chapter; None where the report was given no commitments beside the headline ones."""
    if not facts.inputs.promises:
        return None
    pieces = [Piece(heading=Text(zh="主要指标", en="Headline indicators"), points=every_problem(facts))]
    listed = enumerate(facts.inputs.promises, start=1)
    others = [(n, c) for n, c in listed if not is_headline(facts, c) and band_of(class_of(facts, c)) == "behind"]
    grave = [told(facts, n, c) for n, c in others if class_of(facts, c) in GRAVE]
    lesser = [(n, c) for n, c in others if class_of(facts, c) not in GRAVE]
    if grave or lesser:
        pieces.append(
            Piece(
                heading=Text(zh="其他承诺事项", en="Other commitments"),
                points=[*grave, *([named_together(lesser)] if lesser else [])],
            )
        )
    spread = units_point(facts)
    gaps = data_points(facts)
    if spread or gaps:
        pieces.append(
            Piece(
                heading=Text(zh="县(区)和数据", en="Units and data"),
                points=[*([spread] if spread else []), *gaps],
            )
        )
    return Chapter(id="problems", heading=CHAPTERS["problems"], pieces=in_order(pieces))


def class_of(facts: Facts, c: Source) -> str:
    return facts.summaries.get(c["id"], {}).get("class") or "no_judgement"


def told(facts: Facts, number: int, c: Source) -> Text:
    """``校园艺术节(第17项):缺期,现值94.74%,目标每年≥1次(2022年以来)。未达到的单位:…``."""
    shown = status(class_of(facts, c))
    value = value_words(c, newest(facts, c), facts.places(c))
    target = target_words(c)
    since = since_when(facts, c)
    zh = f"{c['name_zh']}(第{number}项):{shown.word.zh}"
    en = f"{c['name_en']} (no. {number}): {shown.word.en}"
    if value != NONE:
        zh, en = zh + f",现值{said(value, 'zh')}", en + f", now {said(value, 'en')}"
    zh, en = zh + f",目标{said(target, 'zh')}", en + f", target {said(target, 'en')}"
    if since is not None and since < c["reported_period"]:
        zh, en = zh + f",{since}年以来各年均如此", en + f", in every year since {since}"
    remark = remark_of(facts, c, shown)
    return Text(
        zh=zh + "。" + (remark.zh if remark else ""), en=en + "." + (f" {remark.en}" if remark else "")
    )


def since_when(facts: Facts, c: Source) -> int | None:
    """The first of the years up to the judged one in which the whole area was behind without a break."""
    year = None
    for period in range(c["reported_period"], facts.year - 6, -1):
        row = facts.unit_row(c, facts.area_code, "all", period)
        if row is None or row["class"] is None or band_of(row["class"]) != "behind":
            return year
        year = period
    return year


def named_together(lesser: list[tuple[int, Source]]) -> Text:
    """The lesser ones by name and number."""
    zh = "、".join(f"{c['name_zh']}(第{n}项)" for n, c in lesser)
    en = ", ".join(f"{c['name_en']} (no. {n})" for n, c in lesser)
    return Text(
        zh=f"另有{len(lesser)}项部分单位未达到或差距较小:{zh}。",
        en=f"{len(lesser)} more {'is' if len(lesser) == 1 else 'are'} met in part or behind by a little: {en}.",
    )


def units_point(facts: Facts) -> Text | None:
    """The assessed units with most verdicts behind, the three worst with how many."""
    counts = [(a["area_code"], bands_of(facts, a["area_code"])["behind"]) for a in units(facts) if a["assessed"]]
    counts = sorted((p for p in counts if p[1]), key=lambda p: (-p[1], facts.order_of(p[0])))[:3]
    if not counts:
        return None
    zh = "、".join(f"{facts.name_of(code).zh}({n}项)" for code, n in counts)
    en = ", ".join(f"{facts.name_of(code).en} ({n})" for code, n in counts)
    return Text(zh=f"滞后或未落实项数最多的县(区):{zh}。", en=f"Most verdicts behind: {en}.")


def data_points(facts: Facts) -> list[Text]:
    """What has no figure, and why."""
    none: list[Source] = [c for c in facts.inputs.promises if c["no_figure"]]
    if not none:
        return []
    zh = ";".join(f"{c['name_zh']}({c['no_figure']['zh']})" for c in none)
    en = "; ".join(f"{c['name_en']} ({c['no_figure']['en']})" for c in none)
    return [
        Text(
            zh=f"{len(none)}项承诺现有报表没有数据,无法判定:{zh}。",
            en=f"{counted_en(str(len(none)), 'commitments')} {'has' if len(none) == 1 else 'have'} no figure in any return: {en}.",
        )
    ]
