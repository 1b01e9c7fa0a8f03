"""The headline rates beside the published values of the nation and the province.

Belongs here: choosing the year in which both are known, the table, its sentence, the note of an indicator's page.
Does not belong here: judging (a benchmark here decides nothing), promises that are held against one (promises.py).

Only values of one and the same year are put beside each other.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from pipeline.report import sentences as say
from pipeline.report.facts import PLACES, Facts, Source, column, figure_cell, fraction, none_cell, table, text_cell
from pipeline.report.headline import name_of
from pipeline.report.numbers import exact_places, format_points, format_rate, rounded
from pipeline.report.shapes import Cell, Piece, Row, Table, Text
from pipeline.report.words import CERTIFIED

AREAS: dict[str, Text] = {"nation": Text(zh="全国", en="nation"), "province": Text(zh="全省", en="province")}
NATION = "000000"


class Beside(NamedTuple):
    """A published value, and the whole area's of the same year, in per cent; what they were taken from."""

    year: int
    value: Fraction
    own: Fraction
    row: Source
    title: str

    @property
    def off(self) -> Fraction:
        """How much the own value, as printed, is above the published one, which is known to no more decimals."""
        return rounded(self.own, PLACES) - self.value


def level_of(code: str) -> str | None:
    """``nation`` or ``province`` by the code of an area; None for any other."""
    if code == NATION:
        return "nation"
    return "province" if code.endswith("0000") else None


def beside(facts: Facts, c: Source, level: str) -> Beside | None:
    """The newest published value of a rate of which the whole area's own value of that year is known."""
    if c["kind"] != "level_by_year" or facts.area_code == NATION:
        return None
    own = [
        b
        for b in facts.inputs.benchmarks
        if b["indicator_id"] == c["indicator_id"] and b["unit"] == "%" and level_of(b["area_code"]) == level
    ]
    for b in sorted(own, key=lambda b: -b["year"]):
        row = facts.unit_row(c, facts.area_code, "all", b["year"])
        value = fraction(row, "value")
        if row is not None and value is not None:
            return Beside(b["year"], Fraction(b["value"]), value, row, b["source_title"])
    return None


def published(value: Fraction) -> str:
    """As published: at least one decimal."""
    return format_rate(value, max(1, exact_places(value, PLACES)))


def benchmark_note(facts: Facts, c: Source) -> Text | None:
    """``参照:全国2023年91.1%(全市同年90.88%)…``; None where nothing is known."""
    zh, en = [], []
    for level, area in AREAS.items():
        found = beside(facts, c, level)
        if found is not None:
            own = facts.shown(found.row, facts.places(c)).text
            zh.append(f"{area.zh}{found.year}年{published(found.value)}%({facts.area.zh}同年{own}%)")
            en.append(f"{area.en} {published(found.value)} % in {found.year} ({facts.area.en} then {own} %)")
    if not zh:
        return None
    return Text(zh=f"参照(公布值):{'、'.join(zh)}。", en=f"For comparison, as published: {'; '.join(en)}.")


def benchmark_piece(facts: Facts) -> Piece | None:
    """Every headline rate with a published value beside it; None where none has one."""
    rows = [(c, {level: beside(facts, c, level) for level in AREAS}) for c in facts.commitments]
    rows = [(c, found) for c, found in rows if any(found.values())]
    if not rows:
        return None
    return Piece(
        heading=Text(zh="与全国、全省对照", en="Beside nation and province"),
        said=[sentence(facts, rows)],
        tables=[benchmark_table(facts, rows)],
    )


def sentence(facts: Facts, rows: list[tuple[Source, dict[str, Beside | None]]]) -> Text:
    """Which rates are above the nation's of the same year and which are below."""
    known = [(c, found["nation"]) for c, found in rows if found["nation"] is not None]
    groups = [
        (("高于全国的有", "above the nation's"), [c for c, b in known if b.off > 0]),
        (("与全国相同的有", "equal to the nation's"), [c for c, b in known if b.off == 0]),
        (("低于全国的有", "below the nation's"), [c for c, b in known if b.off < 0]),
    ]
    told = [(words, say.listed([name_of(c) for c in own], len(own))) for words, own in groups if own]
    if not told:
        return Text(zh="与全省公布值对照,只作参照,不作判定。", en="Beside the province, for information only.")
    zh = ";".join(f"{words[0]}{names.zh}" for words, names in told)
    en = "; ".join(f"{words[1]}: {names.en}" for words, names in told)
    return Text(
        zh=f"与同一年的公布值对照,{facts.area.zh}{zh}。只作参照,不作判定。",
        en=f"Beside published values of the same year, of {facts.area.en} {en}. For information, nothing is judged by it.",
    )


def benchmark_table(facts: Facts, rows: list[tuple[Source, dict[str, Beside | None]]]) -> Table:
    """For nation and province: the year, the published value, the own one, the difference."""
    heads = [column(Text(zh="指标", en="Indicator"), 40, "text")]
    for area in AREAS.values():
        heads += [
            column(Text(zh="年度", en="Year"), 11, "code"),
            column(area, 14),
            column(facts.area, 17),
            column(Text(zh="相差", en="Difference"), 15),
        ]
    made = [
        Row(cells=[text_cell(name_of(c)), *(cell for level in AREAS for cell in level_cells(facts, c, found[level]))])
        for c, found in rows
    ]
    titles = dict.fromkeys(b.title for _, found in rows for b in found.values() if b is not None)
    return table(
        facts.number.table(),
        Text(zh="主要指标与全国、全省公布值对照", en="Headline rates beside the nation and the province"),
        heads,
        made,
        Text(zh="单位:%,差为百分点", en="per cent; differences in percentage points"),
        notes=[
            Text(
                zh=f"{CERTIFIED}核定值。没有列出的指标没有同口径的公布值。公布值来源:{'、'.join(titles)}。",
                en=f"{CERTIFIED} certified value. Indicators that are not listed have no published value on this basis. "
                f"Sources: “{'”, “'.join(titles)}”.",
            )
        ],
    )


def level_cells(facts: Facts, c: Source, found: Beside | None) -> list[Cell]:
    """Year, published value, own value and difference."""
    if found is None:
        return [none_cell()] * 4
    certified = found.row["value_source"] == "certified"
    return [
        text_cell(str(found.year)),
        figure_cell(published(found.value)),
        figure_cell(facts.shown(found.row, facts.places(c)).text, CERTIFIED if certified else ""),
        figure_cell(format_points(found.off)),
    ]
