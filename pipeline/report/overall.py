"""The first chapter: the headline indicators in one table, all commitments by class and tier, all of them by name.

Belongs here: those tables and the sentences over them. Does not belong here: the pages of the indicators (levels.py,
amounts.py), the commitments one by one (promises.py), deciding anything.
"""

from __future__ import annotations

from collections import Counter

from pipeline.report.amounts import same_basis_change
from pipeline.report.benchmarks import benchmark_piece
from pipeline.report.facts import (
    PLACES,
    Facts,
    Source,
    column,
    figure_cell,
    fraction,
    marks_of,
    none_cell,
    status_cell,
    table,
    text_cell,
)
from pipeline.report.headline import name_of, whole_status
from pipeline.report.numbers import (
    format_money,
    format_points,
    format_rate,
    plain,
)
from pipeline.report.outline import CHAPTERS, in_order
from pipeline.report.promises import all_sentence, band_of
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Status, Table, Text
from pipeline.report.unit_lines import unit_lines
from pipeline.report.words import BANDS, CLASS_ORDER, band_word, meaning, status

TIERS = {"A": Text(zh="A类", en="Tier A"), "B": Text(zh="B类", en="Tier B"), "C": Text(zh="C类", en="Tier C")}
ABREAST = 2
"""Commitments beside each other in the table of all."""


def make_overall(facts: Facts) -> Chapter | None:
    """The chapter; None where the report was given no commitments beside the headline ones."""
    if not facts.inputs.promises:
        return None
    pieces = [headline_piece(facts)]
    compared = benchmark_piece(facts)
    if compared is not None:
        pieces.append(compared)
    pieces += [classes_piece(facts), matrix_piece(facts)]
    return Chapter(id="overall", heading=CHAPTERS["overall"], pieces=in_order(pieces))


def headline_piece(facts: Facts) -> Piece:
    many = len(facts.commitments)
    said = Text(
        zh=f"{many}项主要指标的进展汇总列表。", en=f"The {many} headline indicators are put together in one table."
    )
    return Piece(
        heading=Text(zh="主要指标状态总表", en="Headline indicators"),
        said=[said],
        chart=unit_lines(facts, facts.area_code),
        tables=[headline_table(facts)],
    )


def classes_piece(facts: Facts) -> Piece:
    note = Text(
        zh="A类有明确数量要求,B类可以计数,C类只有方向性要求。各类结论只计数,不加权、不合成指数。",
        en="Tier A has a number, B can be counted, C has a direction only. Classes are counted, not weighted; there is no "
        "composite index.",
    )
    return Piece(
        heading=Text(zh="全部承诺事项状态统计", en="All commitments by class"),
        close=True,
        said=[all_sentence(facts)],
        tables=[classes_table(facts)],
        notes=[note],
    )


def matrix_piece(facts: Facts) -> Piece:
    said = Text(
        zh="各项承诺按方案的顺序编号,全文同此。", en="Commitments are numbered in the order of the plan, here and throughout."
    )
    return Piece(
        heading=Text(zh="全部承诺事项结论一览", en="All commitments by name"),
        whole=True,
        close=True,
        said=[said],
        tables=[matrix_table(facts)],
    )


# ---------------------------------------------------------------- headline indicators


def headline_table(facts: Facts) -> Table:
    """One row an indicator: target, base, last year, this year, changes, distance, class."""
    year = facts.year
    heads = [
        column(Text(zh="指标", en="Indicator"), 40, "text"),
        column(Text(zh="目标", en="Target"), 16, "text"),
        column(Text(zh="基期", en="Base"), 18),
        column(Text(zh=f"{year - 1}年", en=str(year - 1)), 17),
        column(Text(zh=f"{year}年", en=str(year)), 18),
        column(Text(zh="比上年", en="On year before"), 14),
        column(Text(zh="比基期", en="On base"), 14),
        column(Text(zh="序时值", en="Path"), 15),
        column(Text(zh="距目标", en="Distance"), 14),
        column(Text(zh="结论", en="Verdict"), 26, "status"),
    ]
    made = [Row(cells=headline_cells(facts, c)) for c in facts.commitments]
    return table(
        facts.number.table(),
        Text(zh=f"主要指标状态总表({year}年度)", en=f"Headline indicators, {year}"),
        heads,
        made,
        Text(zh="单位:%、元,差为百分点(金额为%)", en="per cent, yuan; differences in points (amounts: per cent)"),
        notes=[
            Text(
                zh="距目标为负的,是还差的百分点;财政指标为同口径增减,年度为财政年度。",
                en="A negative distance is what is still missing; spending is compared on the same basis, by fiscal year.",
            )
        ],
    )


def headline_cells(facts: Facts, c: Source) -> list[Cell]:
    row = facts.reported_whole(c)
    last = facts.unit_row(c, facts.area_code, "all", c["reported_period"] - 1)
    first = facts.unit_row(c, facts.area_code, "all", c["base_period"]) if c["base_period"] else None
    money = c["kind"] == "never_decrease"
    places = PLACES if money else facts.places(c)

    def value_cell(v: Source | None, strong: bool = False) -> Cell:
        value = fraction(v, "value")
        if v is None or value is None:
            return none_cell()
        text = format_money(value) if money else facts.shown(v, places).text
        return figure_cell(text, marks_of(v), strong=strong)

    look = whole_status(facts, c)
    values = [value_cell(first), value_cell(last), value_cell(row, strong=True)]
    if money:
        change = None if row is None else same_basis_change(row)
        return [
            text_cell(name_of(c)),
            text_cell(Text(zh="只增不减", en="never falls")),
            *values,
            figure_cell(None if change is None else format_points(change)),
            none_cell(),
            none_cell(),
            none_cell(),
            status_cell(look),
        ]
    value, target = fraction(row, "value"), fraction(row, "target")
    previous, base, path, gap = (fraction(row, k) for k in ("previous", "base", "path", "gap"))

    def points(then) -> Cell:
        return figure_cell(None if value is None or then is None else format_points(value - then, places))

    return [
        text_cell(name_of(c)),
        none_cell() if target is None else text_cell(Text(zh=f"≥{plain(target)}", en=f"≥{plain(target)}")),
        *values,
        points(previous),
        points(base),
        figure_cell(None if path is None else format_rate(path, places)),
        figure_cell(None if gap is None else format_points(-gap, places)),
        status_cell(look),
    ]


# ---------------------------------------------------------------- all commitments


def class_of(facts: Facts, c: Source) -> str:
    return facts.summaries.get(c["id"], {}).get("class") or "no_judgement"


def classes_table(facts: Facts) -> Table:
    """Classes that occur, by band, counted by tier."""
    tiers = [t for t in TIERS if any(c["tier"] == t for c in facts.inputs.promises)]
    counts = Counter((class_of(facts, c), c["tier"]) for c in facts.inputs.promises)
    codes = [code for band in BANDS.values() for code in CLASS_ORDER if code in band[1]]
    codes = [code for code in codes if any(counts[code, t] for t in tiers)]
    heads = [
        column(Text(zh="归类", en="Band"), 26, "text"),
        column(Text(zh="结论", en="Verdict"), 27, "status"),
        column(Text(zh="含义", en="Meaning"), 56, "text"),
        *(column(TIERS[t], 11) for t in tiers),
        column(Text(zh="合计", en="Total"), 12),
    ]

    def numbers(found: list[int]) -> list[Cell]:
        return [figure_cell(str(n)) if n else none_cell() for n in [*found, sum(found)]]

    made: list[Row] = []
    band = ""
    for code in codes:
        new = band_of(code) != band
        band = band_of(code)
        made.append(
            Row(
                ruled=new and bool(made),
                cells=[
                    text_cell(band_word(band) if new else ""),
                    status_cell(status(code)),
                    text_cell(meaning(code)),
                    *numbers([counts[code, t] for t in tiers]),
                ],
            )
        )
    totals = [sum(c["tier"] == t for c in facts.inputs.promises) for t in tiers]
    made.append(Row(kind="total", cells=[text_cell(Text(zh="合计", en="Total")), none_cell(""), none_cell(""), *numbers(totals)]))
    return table(
        facts.number.table(),
        Text(zh="全部量化承诺状态统计", en="All commitments by class and tier"),
        heads,
        made,
        Text(zh="单位:项", en="commitments"),
    )


def matrix_table(facts: Facts) -> Table:
    """All commitments on one page, in the order of the plan, down and then across."""
    promises = facts.inputs.promises
    deep = -(-len(promises) // ABREAST)
    heads = [
        column(Text(zh="序号", en="No."), 8, "code"),
        column(Text(zh="承诺事项", en="Commitment"), 47, "text"),
        column(Text(zh="结论", en="Verdict"), 23, "status"),
    ] * ABREAST
    made = []
    for index in range(deep):
        cells: list[Cell] = []
        for across in range(ABREAST):
            number = index + across * deep
            cells += entry_cells(facts, number, promises) if number < len(promises) else [none_cell("")] * 3
        made.append(Row(cells=cells))
    return table(
        facts.number.table(),
        Text(zh=f"全部{len(promises)}项承诺事项的结论", en=f"Verdicts of all {len(promises)} commitments"),
        heads,
        made,
        notes=[
            Text(
                zh="序号与“分领域任务进展”一致,按先上下、后左右排列。",
                en="Numbers as in the chapter on tasks; read down, then across.",
            )
        ],
    )


def entry_cells(facts: Facts, number: int, promises: list[Source]) -> list[Cell]:
    c = promises[number]
    shown: Status = status(class_of(facts, c))
    return [
        text_cell(str(number + 1)),
        text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
        status_cell(shown),
    ]
