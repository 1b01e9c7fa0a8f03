"""The chapter on what is still to be done until the due year: pace needed against pace achieved, places needed.

Belongs here: those two tables and their sentences. Does not belong here: the projection on an indicator's own page
(levels.py). Nothing is projected beyond the due year.
"""

from __future__ import annotations

from pipeline.report.facts import (
    Facts,
    Source,
    column,
    figure_cell,
    fraction,
    none_cell,
    status_cell,
    table,
    text_cell,
)
from pipeline.report.many import first_of, left_out
from pipeline.report.numbers import format_persons, format_points
from pipeline.report.outline import CHAPTERS, in_order
from pipeline.report.promises import target_words, value_words
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Status, Table, Text, Tone
from pipeline.report.territory import plan_rows
from pipeline.report.words import counted_en

PACES: dict[str, tuple[Text, str, Tone]] = {
    "reached": (Text(zh="已达目标", en="reached"), "★", "dark_green"),
    "enough": (Text(zh="进度够", en="enough"), "▲", "green"),
    "too_slow": (Text(zh="进度不够", en="too slow"), "▼", "orange"),
    "unknown": (Text(zh="无法推算", en="unknown"), "○", "grey"),
}


def make_outlook(facts: Facts) -> Chapter | None:
    """The chapter; None where nothing has a due year ahead."""
    rows = whole_pace(facts)
    if not rows:
        return None
    pieces = [
        Piece(
            heading=Text(zh="所需进度与实际进度", en="Pace needed and achieved"),
            said=[pace_sentence(rows)],
            tables=[pace_table(facts, rows)],
            notes=[
                Text(
                    zh="所需年均 =(目标−现值)÷剩余年数;实际年均为近三年(至少两次变化、同一口径)的平均变化。直线推算,不作目标年以后的预测。",
                    en="Needed: what is missing over the years left. Achieved: mean change of the last three years on one "
                    "basis. Straight lines, nothing beyond the due year.",
                )
            ],
        )
    ]
    places = [g for g in facts.inputs.gaps.where(is_total=True) if is_known(g)]
    if places:
        pieces.append(places_piece(facts, places))
    return Chapter(id="outlook", heading=CHAPTERS["outlook"], pieces=in_order(pieces))


def is_known(g: Source) -> bool:
    """True where the numbers of now and the denominator of the due year are there (a published rate has none), and the
    denominator is a population: those of a class that entered long ago ask for no places."""
    return g["due_known_from"] == "population_by_age" and None not in (g["numerator"], g["denominator"], g["due_denominator"])


def whole_pace(facts: Facts) -> list[tuple[int, Source, Source]]:
    """``(number in the plan, commitment, pace)`` of the whole area, segment ``all``, in the order of the plan."""
    known = {p["commitment_id"]: p for p in facts.inputs.pace.where(area_code=facts.area_code, segment="all")}
    return [(n, c, known[c["id"]]) for n, c in enumerate(plan_rows(facts), start=1) if c["id"] in known]


def pace_status(code: str) -> Status:
    word, shape, tone = PACES[code]
    return Status(code=code, word=word, shape=shape, tone=tone)


def pace_sentence(rows: list[tuple[int, Source, Source]]) -> Text:
    """How many are there, how many keep the pace, which do not."""
    counts = {code: [c for _, c, p in rows if p["pace"] == code] for code in PACES}
    zh = ",".join(f"{PACES[k][0].zh}{len(own)}项" for k, own in counts.items() if own)
    en = ", ".join(f"{len(own)} {PACES[k][0].en}" for k, own in counts.items() if own)
    slow = counts["too_slow"]
    tail_zh = "。进度不够的是:" + "、".join(c["name_zh"] for c in slow) if slow else ""
    tail_en = ". Too slow: " + ", ".join(c["name_en"] for c in slow) if slow else ""
    return Text(
        zh=f"{len(rows)}项承诺有尚未到期的目标值:{zh}{tail_zh}。",
        en=f"{counted_en(str(len(rows)), 'commitments')} {'has' if len(rows) == 1 else 'have'} a target whose year is still to "
        f"come: {en}{tail_en}.",
    )


def pace_table(facts: Facts, rows: list[tuple[int, Source, Source]]) -> Table:
    heads = [
        column(Text(zh="序号", en="No."), 9, "code"),
        column(Text(zh="承诺事项", en="Commitment"), 36, "text"),
        column(Text(zh="目标", en="Target"), 25, "text"),
        column(Text(zh="现值", en="Value"), 27),
        column(Text(zh="期限", en="Due"), 11, "code"),
        column(Text(zh="所需年均", en="Needed a year"), 16),
        column(Text(zh="实际年均", en="Achieved"), 16),
        column(Text(zh="判断", en="Pace"), 22, "status"),
    ]
    made = []
    for number, c, p in rows:
        needed, observed = fraction(p, "needed_pace"), fraction(p, "observed_pace")
        reached = p["pace"] == "reached"
        made.append(
            Row(
                cells=[
                    text_cell(str(number)),
                    text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                    text_cell(target_words(c) if facts.inputs.promises else Text(zh=c["target"], en=c["target"])),
                    Cell(kind="figure", words=value_words(c, facts.reported_whole(c), facts.places(c))),
                    text_cell(str(p["due_period"])),
                    none_cell() if reached or needed is None else figure_cell(format_points(needed)),
                    figure_cell(None if observed is None else format_points(observed)),
                    status_cell(pace_status(p["pace"])),
                ]
            )
        )
    return table(
        facts.number.table(),
        Text(zh="所需年均进度与实际年均进度", en="Pace needed and pace achieved"),
        heads,
        made,
        Text(zh="单位:百分点或目标的单位,每年", en="points, or the unit of the target, a year"),
    )


# ---------------------------------------------------------------- places


def places_piece(facts: Facts, totals: list[Source]) -> Piece:
    """Denominators of the due year that are known already, and the places they ask for."""
    names = {c["id"]: c for c in facts.commitments}
    shown = [g for g in totals if g["commitment_id"] in names]
    said = [places_sentence(names[g["commitment_id"]], g) for g in shown]
    tables = [units_table(facts, names[g["commitment_id"]], g) for g in shown if units_of(facts, g)]
    return Piece(
        heading=Text(zh="按目标年人数测算的学位需求", en="Places needed at the denominators of the due year"),
        said=said,
        close=True,
        tables=tables,
        notes=[
            Text(
                zh="目标年的分母由现有各年龄儿童逐年推移得出,未计迁移;“还需”为在现有人数上还要增加的人数,“富余”为现有人数已超出的。",
                en="Denominators of the due year follow from children who are already there, without migration.",
            )
        ],
    )


def places_sentence(c: Source, g: Source) -> Text:
    """``2025年分母为79,281人,比本年减少7,662人;在现有基础上…``."""
    now, then = g["denominator"], g["due_denominator"]
    moved = then - now
    zh_move = f"{'增加' if moved > 0 else '减少'}{format_persons(abs(moved))}人" if moved else "不变"
    en_move = f"{format_persons(abs(moved))} {'more' if moved > 0 else 'fewer'} than now" if moved else "as now"
    if g["due_gap_persons"]:
        n = format_persons(g["due_gap_persons"])
        zh, en = f"要达到目标,还需在现有{format_persons(g['numerator'])}人的基础上增加{n}人", f"{n} more are needed"
    elif not g["due_surplus_persons"]:
        zh = f"现有{format_persons(g['numerator'])}人恰好够,保持现有规模即可达标"
        en = "the present number is exactly what the target asks for"
    else:
        n = format_persons(g["due_surplus_persons"])
        zh = f"现有{format_persons(g['numerator'])}人已超过目标所需{n}人,保持现有规模即可达标"
        en = f"the present number is {n} above what the target asks for"
    return Text(
        zh=f"{c['name_zh']}:{g['due_period']}年适龄人口(分母)推算为{format_persons(then)}人,比本年{zh_move};{zh}。",
        en=f"{c['name_en']}: the denominator of {g['due_period']} follows as {format_persons(then)}, {en_move}; {en}.",
    )


def units_of(facts: Facts, g: Source) -> list[Source]:
    """The units of a total with a denominator of the due year, most needed first."""
    rows = [
        u
        for u in facts.inputs.gaps.where(commitment_id=g["commitment_id"], segment=g["segment"], is_total=False, assessed=True)
        if is_known(u)
    ]
    return sorted(rows, key=lambda u: (-(u["due_gap_persons"] or 0), u["due_surplus_persons"] or 0, facts.order_of(u["area_code"])))


def units_table(facts: Facts, c: Source, total: Source) -> Table:
    """Units: numerator, denominators of now and of the due year, what is missing at each."""
    heads = [
        column(Text(zh="单位", en="Unit"), 28, "text"),
        column(Text(zh="现有(分子)", en="Numerator"), 22),
        column(Text(zh="本年分母", en="Denominator"), 22),
        column(Text(zh=f"{total['due_period']}年分母", en=f"Denominator {total['due_period']}"), 24),
        column(Text(zh="现缺口", en="Missing now"), 20),
        column(Text(zh=f"{total['due_period']}年还需", en=f"Needed {total['due_period']}"), 20),
        column(Text(zh="富余", en="Surplus"), 20),
    ]

    def count(n: int | None) -> Cell:
        return figure_cell(format_persons(n)) if n else none_cell()

    made = []
    needy = units_of(facts, total)
    for u in [*first_of(needy, facts.public), total]:
        made.append(
            Row(
                kind="total" if u is total else "unit",
                cells=[
                    text_cell(Text(zh="合计", en="Total") if u is total else facts.name_of(u["area_code"])),
                    *(figure_cell(format_persons(u[k])) for k in ("numerator", "denominator", "due_denominator")),
                    count(u["gap_persons"]),
                    count(u["due_gap_persons"]),
                    count(u["due_surplus_persons"]),
                ],
            )
        )
    return table(
        facts.number.table(),
        Text(zh=f"分单位{c['name_zh']}到{total['due_period']}年的需求", en=f"{c['name_en']}: needs of {total['due_period']} by unit"),
        heads,
        made,
        Text(zh="单位:人", en="persons"),
        left_out(needy, "gaps.csv", facts.public),
    )


