"""The annexes with what the rates are made of, and with what was corrected since.

Belongs here: numerators and denominators by unit and year, revisions of figures and verdicts. Does not belong here:
rates and their judgement (levels.py, amounts.py). Everything is in ``data/indicators.csv`` and
``data/verdict_changes.csv`` too.
"""

from __future__ import annotations

from fractions import Fraction

from pipeline.report.facts import (
    PLACES,
    Facts,
    Source,
    column,
    figure_cell,
    fraction,
    none_cell,
    segment_or_area,
    status_cell,
    table,
    text_cell,
)
from pipeline.report.headline import name_of
from pipeline.report.numbers import format_money, format_persons, format_rate
from pipeline.report.outline import ANNEXES
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Table, Text
from pipeline.report.territory import plan_rows, units
from pipeline.report.words import status

YEARS = 5
TEN_THOUSAND = 10_000
LISTED_CHANGES = 40


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
    series = {code: facts.series(c["indicator_id"], variant, code) for code in [*codes, facts.area_code]}
    series = {code: rows for code, rows in series.items() if any(r["numerator"] is not None for r in rows.values())}
    periods = sorted({p for rows in series.values() for p in rows if p <= c["reported_period"]})[-YEARS:]
    if not series or list(series) == [facts.area_code] or not periods:
        return None
    unit = Fraction(1, TEN_THOUSAND * 100) if money else None
    heads = [column(Text(zh="单位", en="Unit"), 26, "text")]
    for part in (Text(zh="分子", en="num."), Text(zh="分母", en="den.")):
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
        Text(zh="分子:万元;分母:人", en="numerator: ten thousand yuan; denominator: persons")
        if money
        else Text(zh="单位:人", en="persons"),
    )


def number_cell(number: int | None, scale: Fraction | None) -> Cell:
    """A whole number, or an amount of cents in ten thousand yuan."""
    if number is None:
        return none_cell()
    return figure_cell(format_persons(number) if scale is None else format_money(number * scale, 0))


# ---------------------------------------------------------------- revisions


def make_revisions(facts: Facts) -> Chapter | None:
    """Verdicts that differ from last year's edition and why; corrected figures; None where nothing was handed in."""
    rows = facts.inputs.verdict_changes
    if not rows:
        return None
    corrected = [r for r in rows if r["by_restatement"] or restated(r)]
    pieces = [Piece(said=[changes_sentence(facts, rows)])]
    changed = [r for r in rows if r["is_total"] and r["changed"] and r["cause"] != "not_judged_before"]
    if changed:
        pieces.append(Piece(close=True, tables=[changes_table(facts, changed)]))
    if corrected:
        pieces.append(Piece(close=True, tables=[corrections_table(facts, corrected)]))
    else:
        pieces.append(
            Piece(
                said=[
                    Text(
                        zh="上年报告以来没有更正已关账年度的数据,上年各项数值与上年报告相同。",
                        en="No figure of a closed year was corrected since last year's edition.",
                    )
                ]
            )
        )
    return Chapter(id="revisions", heading=ANNEXES["revisions"], pieces=pieces)


def restated(r: Source) -> bool:
    """True where last year's value is another one today."""
    before, now = fraction(r, "previous"), fraction(r, "restated")
    return before is not None and now is not None and before != now


CAUSES = {
    "data": Text(zh="新一年数据", en="the new year's data"),
    "restatement": Text(zh="更正", en="a correction"),
    "method": Text(zh="方法", en="method"),
    "not_judged_before": Text(zh="上年没有结论", en="not judged before"),
    "none": Text(zh="未变", en="unchanged"),
}


def changes_sentence(facts: Facts, rows: list[Source]) -> Text:
    """Of the whole area's verdicts: how many changed, for better and for worse, and for which cause."""
    whole = [r for r in rows if r["is_total"] and r["previous_class"] and r["class"]]
    changed = [r for r in whole if r["changed"]]
    better = sum((r["severity"] or 0) < (r["previous_severity"] or 0) for r in changed)
    worse = sum((r["severity"] or 0) > (r["previous_severity"] or 0) for r in changed)
    zh = f"全域结论中,上年和本年都有结论的{len(whole)}项,结论改变的{len(changed)}项:好转{better}项,变差{worse}项,程度不变{len(changed) - better - worse}项"
    en = (
        f"Of {len(whole)} verdicts of the whole area in both years {len(changed)} changed: {better} for the better, "
        f"{worse} for the worse, {len(changed) - better - worse} as grave as before"
    )
    return Text(zh=zh + "。", en=en + ".")


def changes_table(facts: Facts, changed: list[Source]) -> Table:
    """Verdicts of the whole area that changed: last year's, as judged now, this year's, the cause."""
    order = {c["id"]: (n, c) for n, c in enumerate(plan_rows(facts), start=1)}
    changed = sorted(changed, key=lambda r: (order[r["commitment_id"]][0], r["segment"]))
    made = []
    for r in changed:
        number, c = order[r["commitment_id"]]
        name = Text(zh=c["name_zh"], en=c["name_en"])
        if r["segment"] != "all":
            part = segment_or_area(facts, r)
            name = Text(zh=f"{name.zh}({part.zh})", en=f"{name.en} ({part.en})")
        made.append(
            Row(
                cells=[
                    text_cell(str(number)),
                    text_cell(name),
                    status_cell(status(r["previous_class"])),
                    status_cell(status(r["restated_class"])),
                    status_cell(status(r["class"])),
                    text_cell(CAUSES[r["cause"]]),
                ]
            )
        )
    return table(
        facts.number.table(),
        Text(zh="结论与上年报告不同的承诺事项", en="Verdicts that differ from last year's edition"),
        [
            column(Text(zh="序号", en="No."), 9, "code"),
            column(Text(zh="承诺事项", en="Commitment"), 53, "text"),
            column(Text(zh="上年报告", en="Last edition"), 25, "status"),
            column(Text(zh="上年重判", en="Last year today"), 25, "status"),
            column(Text(zh="本年", en="This year"), 25, "status"),
            column(Text(zh="原因", en="Cause"), 19, "text"),
        ],
        made,
    )


def corrections_table(facts: Facts, corrected: list[Source]) -> Table:
    """Figures of last year that were corrected since, verdict changes on top."""
    order = {c["id"]: (n, c) for n, c in enumerate(plan_rows(facts), start=1)}
    corrected = sorted(
        corrected,
        key=lambda r: (not r["by_restatement"], order[r["commitment_id"]][0], facts.order_of(r["area_code"]), r["segment"]),
    )
    made = []
    for r in corrected[:LISTED_CHANGES]:
        _, c = order[r["commitment_id"]]
        made.append(
            Row(
                cells=[
                    text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                    text_cell(facts.area if r["is_total"] else segment_or_area(facts, r)),
                    text_cell(str(r["previous_period"])),
                    value_cell(r, "previous"),
                    value_cell(r, "restated"),
                    status_cell(status(r["previous_class"])),
                    status_cell(status(r["restated_class"])),
                ]
            )
        )
    more = len(corrected) - LISTED_CHANGES
    notes = []
    if more > 0:
        notes.append(
            Text(zh=f"另有{more}条,见随附数据 data/verdict_changes.csv。", en=f"{more} more in data/verdict_changes.csv.")
        )
    return table(
        facts.number.table(),
        Text(zh="上年报告以来更正的数值", en="Figures corrected since last year's edition"),
        [
            column(Text(zh="承诺事项", en="Commitment"), 42, "text"),
            column(Text(zh="单位", en="Unit"), 24, "text"),
            column(Text(zh="年度", en="Year"), 11, "code"),
            column(Text(zh="上年报告", en="Last edition"), 17),
            column(Text(zh="现值", en="Today"), 17),
            column(Text(zh="原结论", en="Verdict then"), 22, "status"),
            column(Text(zh="现结论", en="Verdict today"), 23, "status"),
        ],
        made,
        notes=notes,
    )


def value_cell(r: Source, name: str) -> Cell:
    value = fraction(r, name)
    return none_cell() if value is None else figure_cell(format_rate(value, PLACES))


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
