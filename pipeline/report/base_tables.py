"""The annex with what the rates are made of, and the page that is signed.

Belongs here: numerators and denominators by unit and year. Does not belong here: rates and their judgement (levels.py,
amounts.py), what was corrected since (revisions.py). Everything is in ``data/indicators.csv`` too.
"""

from __future__ import annotations

from fractions import Fraction

from pipeline.report.facts import Facts, Source, column, figure_cell, none_cell, table, text_cell
from pipeline.report.headline import name_of
from pipeline.report.many import are_many, none_listed
from pipeline.report.numbers import format_money, format_persons
from pipeline.report.outline import ANNEXES
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Table, Text
from pipeline.report.territory import units

YEARS = 5
TEN_THOUSAND = 10_000


# ---------------------------------------------------------------- numerators and denominators


def make_base(facts: Facts) -> Chapter | None:
    """One table an indicator; None where no unit has numerators."""
    tables = [t for c in facts.commitments if (t := parts_table(facts, c)) is not None]
    if not tables:
        return None
    return Chapter(
        id="base",
        heading=ANNEXES["base"],
        pieces=[
            Piece(close=True, tables=[t], said=[Text(zh="率为分子除以分母;全市数为各单位分子之和除以分母之和。",
                                                     en="A rate is numerator over denominator; the whole area is a ratio of sums.")] if n == 0 else [])
            for n, t in enumerate(tables)
        ],
    )  # fmt: skip


def parts_table(facts: Facts, c: Source) -> Table | None:
    """Numerator and denominator of every unit and year, with the whole area's."""
    variant = c["county_variant"] or c["variant"]
    codes = [a["area_code"] for a in units(facts)]
    money = c["kind"] == "never_decrease"
    if money:
        codes = [a["area_code"] for a in facts.inputs.areas if a["area_code"] != facts.area_code]
        codes.sort(key=lambda code: (facts.is_zone(code), facts.order_of(code)))
    many = are_many(len(codes))
    columns = ("area_code", "period", "numerator")
    known = list(facts.inputs.series.pick(*columns, indicator_id=c["indicator_id"], variant=variant, segment="all"))
    there = {code for code, _, numerator in known if numerator is not None}.intersection([*codes, facts.area_code])
    periods = sorted({p for code, p, _ in known if code in there and p <= c["reported_period"]})[-YEARS:]
    if not there or there == {facts.area_code} or not periods:
        return None
    shown = [code for code in [*([] if many else codes), facts.area_code] if code in there]
    series = {code: facts.series(c["indicator_id"], variant, code) for code in shown}
    unit = Fraction(1, TEN_THOUSAND * 100) if money else None
    heads = [column(Text(zh="单位", en="Unit"), 36, "text")]
    for part in (Text(zh="分子", en="Num."), Text(zh="分母", en="Den.")):
        heads += [column(Text(zh=f"{part.zh}{p}", en=f"{part.en} {p}"), 13) for p in periods]
    made: list[Row] = []
    for code, rows in series.items():
        total = code == facts.area_code
        cells: list[Cell] = [text_cell(Text(zh="合计", en="Total") if total else facts.name_of(code))]
        for part in ("numerator", "denominator"):
            for p in periods:
                number = rows.get(p, {}).get(part)
                scale = unit if part == "numerator" else None
                cells.append(number_cell(number, scale))
        zone = not total and facts.is_zone(code)
        made.append(
            Row(
                kind="total" if total else ("zone" if zone else "unit"),
                ruled=zone and made[-1].kind == "unit",
                cells=cells,
            )
        )
    name = name_of(c)
    return table(
        facts.number.table(),
        Text(zh=f"{name.zh}分单位分子、分母({periods[0]}—{periods[-1]}年)", en=f"{name.en}: numerators and denominators"),
        heads,
        made,
        Text(zh="分子:万元;分母:人", en="numerator: 10,000 yuan; denominator: persons")
        if money
        else Text(zh="单位:人", en="persons"),
        [none_listed("indicators.csv")] if many else [],
    )


def number_cell(number: int | None, scale: Fraction | None) -> Cell:
    """A whole number, or an amount of cents in ten thousand yuan."""
    if number is None:
        return none_cell()
    return figure_cell(format_persons(number) if scale is None else format_money(number * scale, 0))


# ---------------------------------------------------------------- sign-off


def make_signing(facts: Facts) -> Chapter:
    """The internal page on which the report is signed: who prepared, reviewed, approved; the version; who saw it."""
    e = facts.edition
    posts = [
        (Text(zh="统计人员(编制)", en="Prepared by")),
        (Text(zh="科室负责人(审核)", en="Reviewed by")),
        (Text(zh="分管领导(批准)", en="Approved by")),
    ]
    blank = Text(zh="", en="")
    rows = [Row(cells=[text_cell(post), text_cell(blank), text_cell(blank), text_cell(blank)]) for post in posts]
    seen = [Row(cells=[text_cell(blank)] * 4) for _ in range(4)]

    def sheet(title: Text, first: Text, made: list[Row]) -> Table:
        return table(
            facts.number.table(),
            title,
            [
                column(first, 46, "text"),
                column(Text(zh="姓名", en="Name"), 36, "text"),
                column(Text(zh="签字", en="Signature"), 40, "text"),
                column(Text(zh="日期", en="Date"), 34, "text"),
            ],
            made,
        )

    version = Text(
        zh=f"本页只供内部存档,不随报告公开。数据版本号{e['vintage_id']},构建编号{e['build_id']},数据截至{e['received_through']}。",
        en=f"Internal, not published. Vintage {e['vintage_id']}, build {e['build_id']}, data received through "
        f"{e['received_through']}.",
    )
    return Chapter(
        id="signing",
        heading=ANNEXES["signing"],
        new_page=True,
        pieces=[
            Piece(
                said=[version],
                tables=[
                    sheet(Text(zh="编制、审核、批准", en="Prepared, reviewed, approved"), Text(zh="职责", en="Role"), rows),
                    sheet(Text(zh="发布前阅知人员", en="Seen before publication"), Text(zh="单位和职务", en="Body and post"), seen),
                ],
            )
        ],
    )
