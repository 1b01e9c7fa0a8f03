"""The chapter on the two amounts that may not fall: by budget level and year, nominal and real, by stage.

Belongs here: both amounts beside each other. Does not belong here: the page of per-pupil spending (amounts.py),
deciding anything.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pipeline.report import sentences as say
from pipeline.report.amounts import (
    change_cell,
    all_judged,
    falls_of,
    fell,
    fell_now,
    is_staged,
    never_units,
    not_raised_now,
    same_basis_change,
    urgent_order,
    series_word,
)
from pipeline.report.facts import (
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
from pipeline.report.many import left_out, none_listed, none_of
from pipeline.report.numbers import format_amount, format_money, format_points
from pipeline.report.outline import CHAPTERS
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Table, Text
from pipeline.report.territory import is_headline, plan_rows
from pipeline.report.words import FELL, status

YEARS = 4
TEN_THOUSAND = 10_000


def make_spending(facts: Facts) -> Chapter | None:
    """The chapter; None unless two amounts by budget level may not fall."""
    amounts = [c for c in plan_rows(facts) if c["kind"] == "never_decrease" and c["tier"] == "A"]
    amounts = [c for c in amounts if never_units(facts, c) and not is_staged(never_units(facts, c))]
    if len(amounts) < 2:
        return None
    said = [kept_sentence(facts, c) for c in amounts]
    totals = [c for c in amounts if c["unit"] == "yuan" and not is_headline(facts, c) and whole_of(facts, c)]
    if none_of(len(levels_of(facts, amounts)), facts.public):
        pieces = [Piece(said=said, notes=[none_listed("verdicts.csv")])]
    else:
        pieces = [Piece(said=said, close=True, tables=[years_table(facts, amounts)], notes=notes())]
    pieces += [Piece(close=True, tables=[levels_table(facts, c)], notes=[real_note()]) for c in totals]
    stages = stages_piece(facts)
    return Chapter(
        id="spending", heading=CHAPTERS["spending"], pieces=[*pieces, *([stages] if stages is not None else [])]
    )


def whole_of(facts: Facts, c: Source) -> Source | None:
    return facts.reported_whole(c)


def kept_sentence(facts: Facts, c: Source) -> Text:
    """How many levels kept the promise in the judged year, and who fell since the base year."""
    rows = never_units(facts, c)
    counts = {code: sum(v["class"] == code for v in rows) for code in ("kept", "unchanged")}
    told = say.never_decrease_sentence(
        c["reported_period"],
        series_word(rows),
        len(rows),
        counts["kept"],
        counts["unchanged"],
        fell_now(facts, c) if is_headline(facts, c) else short_falls(facts, c),
        sum(v["class"] in (None, "no_judgement") for v in rows),
        whole_status(facts, c).word,
        not_raised_now(facts, c),
    )
    name = name_of(c)
    lead = Text(zh=f"{name.zh}:", en=f"{name.en}:")
    since = c["base_period"] or facts.year - YEARS
    return say.joined(lead, told, say.falls_since_sentence(since, falls_of(facts, c), all_judged(facts, c)))


def short_falls(facts: Facts, c: Source) -> list[tuple[Text, Text]]:
    """Levels that fell in the judged year with the change in percent: amounts of a budget are too long for a sentence."""
    rows = [v for v in never_units(facts, c) if fell(v)]
    rows.sort(key=lambda v: (same_basis_change(v) or Fraction(0), facts.order_of(v["area_code"])))
    return [
        (facts.name_of(v["area_code"]), Text(zh=said.zh, en=said.en))
        for v in rows
        for said in [say.percent_change(same_basis_change(v) or Fraction(0))]
    ]


def levels_of(facts: Facts, amounts: list[Source]) -> list[Source]:
    """A row of each budget level, of the first of the amounts that has one."""
    return list({v["area_code"]: v for c in reversed(amounts) for v in never_units(facts, c)}.values())


def years_table(facts: Facts, amounts: list[Source]) -> Table:
    """Levels down, the last years of each amount across: the change in percent, falls marked; how often each level has fallen
    since the base year."""
    periods = {c["id"]: list(range(c["reported_period"] - YEARS + 1, c["reported_period"] + 1)) for c in amounts}
    heads = [column(Text(zh="级次", en="Level"), 26, "text")]
    for c in amounts:
        short = Text(zh="生均", en="per pupil") if is_headline(facts, c) else Text(zh="总量", en="total")
        heads += [
            column(Text(zh=f"{short.zh}{p}", en=f"{short.en} {p}"), 14) for p in periods[c["id"]]
        ]
    heads.append(column(Text(zh="下降次数", en="Falls"), 14))
    made: list[Row] = []
    levels = levels_of(facts, amounts)
    listed = urgent_order(facts, levels, [v for c in amounts for v in never_units(facts, c)])
    by_place = {c["id"]: facts.rows_of(c, [v["area_code"] for v in listed]) for c in amounts}
    for v in listed:
        code = v["area_code"]
        zone = facts.is_zone(code)
        cells: list[Cell] = [text_cell(facts.name_of(code))]
        falls = sum(
            fell(row) for c in amounts for (area, segment, _), row in by_place[c["id"]].items() if (area, segment) == (code, "all")
        )
        for c in amounts:
            for p in periods[c["id"]]:
                row = by_place[c["id"]].get((code, "all", p))
                cells.append(change_cell(None if row is None else same_basis_change(row), fell(row)))
        cells.append(figure_cell(str(falls), strong=True) if falls else none_cell())
        first = zone and bool(made) and made[-1].kind == "unit"
        made.append(Row(kind="zone" if zone else "unit", ruled=first, cells=cells))
    return table(
        facts.number.table(),
        Text(zh="两个“只增不减”分级次、分年度落实情况", en="Kept or broken, by budget level and year"),
        heads,
        made,
        Text(zh="单位:%(同口径比上年)", en="per cent, on the year before, same basis"),
        [*earlier_note(amounts), *left_out(levels, "verdicts.csv", facts.public)],
    )


def earlier_note(amounts: list[Source]) -> list[Text]:
    """Said where the falls of more years are counted than the table has columns for."""
    if all(c["reported_period"] - YEARS <= c["base_period"] for c in amounts):
        return []
    return [
        Text(
            zh="下降次数自基期的次年算起,包括表中未列的年度。",
            en="Falls are counted from the year after the base year, in years without a column here, too.",
        )
    ]


def notes() -> list[Text]:
    return [
        Text(
            zh=f"{FELL}为同口径比上年下降,即未落实;各财政级次逐一判定,合计上升不能抵销,下降不因以后回升而抵销。",
            en=f"{FELL} fell on the year before, broken. Every budget level is judged; neither the total nor a later rise "
            "offsets a fall.",
        )
    ]


def amount_name(c: Source) -> Text:
    """What is spent, without the promise in the name: a table shows the amount, not whether it fell."""
    name = name_of(c)
    return Text(zh=name.zh.removesuffix("只增不减"), en=name.en)


def levels_table(facts: Facts, c: Source) -> Table:
    """The total amounts by level and year in ten thousand yuan, with growth nominal and real."""
    rows, whole = never_units(facts, c), whole_of(facts, c)
    prices = {p["area_code"]: p for p in facts.inputs.price_effect.where(commitment_id=c["id"], segment="all")}
    periods = list(range(c["reported_period"] - YEARS, c["reported_period"] + 1))
    heads = [
        column(Text(zh="级次", en="Level"), 24, "text"),
        *(column(str(p), 20) for p in periods),
        column(Text(zh="名义增长%", en="Nominal, %"), 15),
        column(Text(zh="实际增长%", en="Real, %"), 15),
        column(Text(zh="结论", en="Verdict"), 20, "status"),
    ]
    made: list[Row] = []
    listed = [*urgent_order(facts, rows), *([whole] if whole is not None else [])]
    by_place = facts.rows_of(c, [v["area_code"] for v in listed])
    for v in listed:
        code, total = v["area_code"], v is whole
        cells: list[Cell] = [text_cell(Text(zh="合计", en="Total") if total else facts.name_of(code))]
        for p in periods:
            row = by_place.get((code, "all", p))
            value = fraction(row, "value")
            lower = fell(row) and not total
            cells.append(
                none_cell()
                if row is None or value is None
                else figure_cell(
                    format_money(value / TEN_THOUSAND),
                    marks_of(row) + (FELL if lower else ""),
                    tone="red" if lower else None,
                    strong=lower,
                )
            )
        price = prices.get(code)
        real = fraction(price, "real_change")
        cells += [
            change_cell(same_basis_change(v), fell(v) and not total),
            figure_cell(None if real is None else format_points(real)),
            status_cell(whole_status(facts, c) if total else status(v["class"], v["reason"])),
        ]
        zone = not total and facts.is_zone(code)
        first = zone and bool(made) and made[-1].kind == "unit"
        made.append(Row(kind="total" if total else ("zone" if zone else "unit"), ruled=first, cells=cells))
    return table(
        facts.number.table(),
        Text(zh=f"分级次{amount_name(c).zh}({periods[0]}—{periods[-1]}年)", en=f"{amount_name(c).en} by budget level"),
        heads,
        made,
        Text(zh="单位:万元", en="10,000 yuan"),
        left_out(rows, "verdicts.csv", facts.public),
    )


def real_note() -> Text:
    return Text(
        zh="判定按名义金额、未修约的元比较;实际增长按居民消费价格指数剔除价格因素,只供参考,不改变结论。",
        en="Judged on nominal, unrounded yuan; real growth is net of the consumer price index, for information only.",
    )


# ---------------------------------------------------------------- stages


LEFT_OUT_NAMED = 6
"""Stages of units that are named; how many more there are is said, and which stands in the data."""


def left_out_sentence(facts: Facts, first: int, last: int) -> list[Text]:
    """``2个单位学段两年中只有一年有…,未纳入…:桥东区小学(2024年)、…``: stages of units that have spending and average pupils
    on the basis of the plan in one of two years only; no sentence where there are none."""
    rows = facts.inputs.spending_left_out.where(from_period=first, to_period=last)
    if not rows:
        return []
    rows = sorted(rows, key=lambda r: (facts.order_of(r["area_code"]), r["stage"]))
    named = [(facts.name_of(r["area_code"]), stage_name(r["stage"]), r["only_in"]) for r in rows[:LEFT_OUT_NAMED]]
    zh = "、".join(f"{name.zh}{stage.zh}({year}年)" for name, stage, year in named)
    en = ", ".join(f"{name.en} {stage.en} ({year})" for name, stage, year in named)
    if more := len(rows) - len(named):
        zh += f"等;其余{more}个见随附数据 data/spending_left_out.csv"
        en += f" and {more} more, in data/spending_left_out.csv"
    have, are = ("1 stage of a unit has", "is") if len(rows) == 1 else (f"{len(rows)} stages of units have", "are")
    return [
        Text(
            zh=f"{len(rows)}个单位学段两年中只有一年有同口径的支出和年平均学生数,不能比较,未纳入(括号内为有数的年份):{zh}。",
            en=f"{have} spending and average pupils on one basis in one of the two years only, cannot be compared and {are} "
            f"left out (with that year): {en}.",
        )
    ]


def product(row: dict[str, Any], one: str, two: str) -> Fraction:
    return (fraction(row, one) or Fraction(0)) * (fraction(row, two) or Fraction(0))


def stages_piece(facts: Facts) -> Piece | None:
    """The change of the whole area's per-pupil amount, split into the level of each stage and the mix of pupils."""
    rows = facts.inputs.spending_composition.where(area_code=facts.area_code)
    if not rows:
        return None
    last = max(r["from_period"] for r in rows)
    rows = [r for r in rows if r["from_period"] == last]
    level = {r["stage"]: product(r, "mean_share", "stage_change") for r in rows}
    mix = {r["stage"]: product(r, "stage_mean", "share_change") for r in rows}
    change = fraction(rows[0], "change") or Fraction(0)
    made = [
        Row(
            cells=[
                text_cell(stage_name(r["stage"])),
                money_cell(fraction(r, "from_value")),
                money_cell(fraction(r, "to_value")),
                figure_cell(format_points(level[r["stage"]])),
                figure_cell(format_points(mix[r["stage"]])),
                figure_cell(format_points(level[r["stage"]] + mix[r["stage"]])),
            ]
        )
        for r in rows
    ]
    sums = [sum(level.values(), Fraction(0)), sum(mix.values(), Fraction(0))]
    made.append(
        Row(
            kind="total",
            cells=[
                text_cell(Text(zh="合计", en="Total")),
                money_cell(fraction(rows[0], "total_from")),
                money_cell(fraction(rows[0], "total_to")),
                *(figure_cell(format_points(n)) for n in [*sums, change]),
            ],
        )
    )
    periods = (rows[0]["from_period"], rows[0]["to_period"])
    said = Text(
        zh=f"有年平均学生数的各学段合计,{facts.area.zh}生均支出{periods[1]}年比{periods[0]}年{moved(change).zh}:"
        f"各学段水平变化{pulled(sums[0]).zh},学生在学段间的结构变化{pulled(sums[1]).zh}。",
        en=f"Over the stages with average pupils, per-pupil spending {moved(change).en} from {periods[0]} to {periods[1]}: "
        f"the levels of the stages {pulled(sums[0]).en}, the mix of pupils {pulled(sums[1]).en}.",
    )
    return Piece(
        heading=Text(zh="学段结构", en="Stages"),
        said=[said, *left_out_sentence(facts, *periods)],
        tables=[
            table(
                facts.number.table(),
                Text(zh="生均支出变化的学段结构", en="Per-pupil spending: level and mix of the stages"),
                [
                    column(Text(zh="学段", en="Stage"), 30, "text"),
                    column(Text(zh=f"{periods[0]}年", en=str(periods[0])), 26),
                    column(Text(zh=f"{periods[1]}年", en=str(periods[1])), 26),
                    column(Text(zh="水平影响", en="Level"), 24),
                    column(Text(zh="结构影响", en="Mix"), 24),
                    column(Text(zh="合计", en="Together"), 24),
                ],
                made,
                Text(zh="单位:元", en="yuan"),
            )
        ],
    )


STAGES = {
    "学前": "pre-school",
    "小学": "primary",
    "初中": "junior secondary",
    "普通高中": "general senior secondary",
    "中职": "secondary vocational",
    "特教": "special education",
}


def stage_name(stage: str) -> Text:
    return Text(zh=stage, en=STAGES.get(stage, stage))


def money_cell(value: Fraction | None) -> Cell:
    return figure_cell(None if value is None else format_money(value))


def moved(change: Fraction) -> Text:
    size = format_amount(change)
    if change == 0:
        return Text(zh="持平", en="was unchanged")
    return Text(zh=f"{'增加' if change > 0 else '减少'}{size}元", en=f"{'rose' if change > 0 else 'fell'} by {size} yuan")


def pulled(effect: Fraction) -> Text:
    size = format_amount(effect)
    if effect == 0:
        return Text(zh="没有影响", en="had no effect")
    return Text(
        zh=f"{'拉高' if effect > 0 else '拉低'}{size}元", en=f"{'added' if effect > 0 else 'took away'} {size} yuan"
    )
