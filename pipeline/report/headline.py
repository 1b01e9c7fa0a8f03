"""What every page of a headline indicator has in common: names, class, definition box, axis, notes.

Belongs here: what both kinds of pages use. Does not belong here: a page (levels.py, amounts.py), grammar
(sentences.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from pipeline.report import sentences as say
from pipeline.report.facts import Facts, Source
from pipeline.report.numbers import shortest
from pipeline.report.shapes import Definition, Status, Text
from pipeline.report.words import CERTIFIED, FELL, basis_text, status

PERCENT = Text(zh="单位:%,差为百分点", en="per cent; differences in percentage points")
PERSONS_PERCENT = Text(zh="单位:人、%,差为百分点", en="persons, per cent; differences in percentage points")
YUAN = Text(zh="单位:元", en="yuan")


def whole_status(facts: Facts, commitment: Source) -> Status:
    """The class of a commitment as a whole, with 总体达标、县间不均 where it is so."""
    summary = facts.summaries.get(commitment["id"], {})
    shown = status(summary.get("class"), summary.get("reason"))
    if summary.get("achieved_but_uneven"):
        return shown.model_copy(
            update={"note": Text(zh="总体达标、县间不均", en="on target as a whole, uneven between units")}
        )
    return shown


def unit_status(v: Source) -> Status:
    """The class of a unit; where there is none, the reason stands in its place."""
    shown = status(v["class"], v["reason"])
    if shown.code == "no_judgement" and shown.note is not None:
        return shown.model_copy(update={"word": shown.note, "note": None})
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


def common_notes(facts: Facts, c: Source) -> list[Text]:
    """Notes that belong to the figures of the page, said only where they apply."""
    notes: list[Text] = []
    columns = facts.inputs.verdicts.pick("value_source", "value_num", "flag_preliminary", commitment_id=c["id"])
    signs = {(source == "certified" and value is not None, bool(preliminary)) for source, value, preliminary in columns}
    if any(certified for certified, _ in signs):
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
    for found in facts.breaks:
        if found.commitment["id"] == c["id"] and level and not c.get("base_note_zh"):
            notes.append(
                say.basis_break_rate_sentence(
                    found.after["period"], basis_text(str(found.before["basis"])), basis_text(str(found.after["basis"]))
                )
            )
    if any(preliminary for _, preliminary in signs):
        notes.append(
            Text(zh="*含临时数据,正式数据到后更新。", en="* rests on preliminary data, to be replaced by final data.")
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
