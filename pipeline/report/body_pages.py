"""A page for each responsible body: what it leads and supports, how that stands, what is missing, what is asked of it.

Belongs here: what one body reads of itself. Does not belong here: all bodies counted (advice.py), the units' own
pages (unit_pages.py).
"""

from __future__ import annotations

from collections import Counter

from pipeline.report import sentences as say
from pipeline.report.advice import ASKED, bodies_of, count_cell
from pipeline.report.facts import Facts, Source, column, status_cell, table, text_cell
from pipeline.report.headline import person_of
from pipeline.report.outline import ANNEXES
from pipeline.report.promises import band_of, newest, value_words
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Table, Text, Words
from pipeline.report.territory import plan_rows
from pipeline.report.words import BANDS, NONE, status

OPEN = ("restore", "close_gap", "supply_data", "keep_on")
"""What is asked that is still to be done; it gets a line of its own."""


def make_body_pages(facts: Facts) -> Chapter | None:
    """The annex with one page a body; None where the report was given no tasks."""
    bodies = bodies_of(facts) if facts.inputs.promises else []
    if not bodies:
        return None
    pages = [body_page(facts, n, name, tasks) for n, (name, tasks) in enumerate(bodies)]
    said = Text(
        zh=f"以下{len(bodies)}个责任单位,主责事项多的在前:主责和配合的承诺、结论、缺口和需要做的事。结论为{facts.area.zh}结论,"
        "县(区)的见附件“各县(区)情况”。",
        en=f"{len(bodies)} bodies, those that lead most first: commitments, verdicts of the whole area, what is missing, "
        "what is asked.",
    )
    return Chapter(id="bodies", heading=ANNEXES["bodies"], pieces=[Piece(said=[said])], pages=pages)


def body_page(facts: Facts, order: int, name: Text, tasks: list[Source]) -> Chapter:
    """One body."""
    plan = {c["id"]: (n, c) for n, c in enumerate(plan_rows(facts), start=1)}
    tasks = sorted(one_each(tasks), key=lambda t: plan[t["commitment_id"]][0])
    led = [t for t in tasks if t["role"] == "lead"]
    support = [t for t in tasks if t["role"] != "lead"]
    still = [t for t in led if t["asked"] in OPEN]
    pieces = [Piece(said=[counts_sentence(name, led, support)])]
    if still:
        pieces.append(Piece(close=True, tables=[tasks_table(facts, name, still, plan)]))
    points = [rest_sentence([plan[t["commitment_id"]][1] for t in led if t not in still]), support_sentence(support, plan)]
    pieces.append(Piece(points=[point for point in points if point is not None]))
    return Chapter(id=f"body-{order + 1}", heading=name, pieces=pieces)


def one_each(tasks: list[Source]) -> list[Source]:
    """One task a commitment and role: the first segment stands for all (the summary's class is the same)."""
    found: dict[tuple[str, str], Source] = {}
    for t in tasks:
        key = (t["commitment_id"], t["role"])
        if key not in found or t["segment"] == "all":
            found[key] = t
    return list(found.values())


def counts_sentence(name: Text, led: list[Source], support: list[Source]) -> Text:
    """``市教育局主责66项:达标或落实…;配合18项。需要…``."""
    parts_zh, parts_en = [], []
    for own, zh_role, en_role in ((led, "主责", "leads"), (support, "配合", "supports")):
        if not own:
            continue
        bands = Counter(band_of(t["class"] or "no_judgement") for t in own)
        zh = "、".join(f"{BANDS[b][0].zh}{bands[b]}项" for b in BANDS if bands[b])
        en = ", ".join(f"{bands[b]} {BANDS[b][0].en}" for b in BANDS if bands[b])
        parts_zh.append(f"{zh_role}{len(own)}项({zh})")
        parts_en.append(f"{en_role} {len(own)} ({en})")
    asked = Counter(t["asked"] for t in led)
    todo = [(word, asked[code]) for code, word in ASKED.items() if asked[code] and code != "hold"]
    zh = f"{name.zh}{','.join(parts_zh)}。"
    en = f"{name.en} {', '.join(parts_en)}."
    if todo:
        zh += "主责事项需要:" + "、".join(f"{w.zh}{n}项" for w, n in todo) + "。"
        en += " Asked of it: " + ", ".join(f"{w.en} {n}" for w, n in todo) + "."
    return Text(zh=zh, en=en)


def rest_sentence(rest: list[Source]) -> Text | None:
    """What the body leads and nothing is asked for, by name."""
    if not rest:
        return None
    return Text(
        zh=f"其余主责事项({len(rest)}项,已达到、待判定或仅监测):" + "、".join(c["name_zh"] for c in rest) + "。",
        en=f"Others it leads ({len(rest)}): " + ", ".join(c["name_en"] for c in rest) + ".",
    )


def support_sentence(support: list[Source], plan: dict[str, tuple[int, Source]]) -> Text | None:
    """What the body supports and is still to be done: name, class, what is missing."""
    still = [t for t in support if t["asked"] in OPEN and t["asked"] != "keep_on"]
    if not still:
        return None
    zh, en = [], []
    for t in still:
        number, c = plan[t["commitment_id"]]
        word, short = status(t["class"]).word, short_words(c, t)
        missing = ("", "") if isinstance(short, str) else (f",差{short.zh}", f", {short.en} short")
        zh.append(f"{c['name_zh']}(第{number}项,{word.zh}{missing[0]})")
        en.append(f"{c['name_en']} (no. {number}, {word.en}{missing[1]})")
    return Text(
        zh=f"需要配合补上缺口、恢复水平或补报数据的({len(still)}项):" + "、".join(zh) + "。",
        en=f"To be supported ({len(still)}): " + ", ".join(en) + ".",
    )


def tasks_table(facts: Facts, name: Text, tasks: list[Source], plan: dict[str, tuple[int, Source]]) -> Table:
    """Open tasks that the body leads: value, what is missing, how many units are behind, class, what is asked."""
    made = []
    for t in tasks:
        number, c = plan[t["commitment_id"]]
        made.append(
            Row(
                cells=[
                    text_cell(str(number)),
                    text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                    value_cell(facts, c),
                    text_cell(short_words(c, t)),
                    count_cell(t["units_behind"] or 0),
                    status_cell(status(t["class"])),
                    text_cell(ASKED[t["asked"]]),
                ]
            )
        )
    return table(
        facts.number.table(),
        Text(zh=f"{name.zh}主责的待办事项", en=f"{name.en}: open tasks it leads"),
        [
            column(Text(zh="序号", en="No."), 8, "code"),
            column(Text(zh="承诺事项", en="Commitment"), 54, "text"),
            column(Text(zh="最新值", en="Value"), 20),
            column(Text(zh="还差", en="Short"), 24, "text"),
            column(Text(zh="滞后单位", en="Units behind"), 13),
            column(Text(zh="结论", en="Verdict"), 22, "status"),
            column(Text(zh="需要", en="Asked"), 22, "text"),
        ],
        made,
    )


def value_cell(facts: Facts, c: Source) -> Cell:
    words = value_words(c, newest(facts, c), facts.places(c))
    return Cell(kind="none", words=NONE) if words == NONE else Cell(kind="figure", words=words)


def short_words(c: Source, t: Source) -> Words:
    """What is missing in the whole area; where that is on target, what its units miss together."""
    missing = t["gap_persons"] or t["gross_shortfall"]
    if not missing or c["person_zh"] is None or c["unit"] == "yuan":
        return NONE
    return say.persons(missing, person_of(c))
