"""A page for each responsible body: what it leads and supports, how that stands, what is missing, what is asked of it.

Belongs here: what one body reads of itself. Does not belong here: all bodies counted (advice.py), the units' own
pages (unit_pages.py).
"""

from __future__ import annotations

from collections import Counter

from pipeline.report import sentences as say
from pipeline.report.advice import ASKED, bodies_of
from pipeline.report.comparison import narrow
from pipeline.report.facts import Facts, Source, column, status_cell, table, text_cell
from pipeline.report.headline import person_of
from pipeline.report.outline import ANNEXES
from pipeline.report.promises import band_of, newest, numbered_words, value_words
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Table, Text, Words
from pipeline.report.territory import is_behind, plan_rows, units
from pipeline.report.words import BANDS, NONE, counted_en, status

OPEN = ("restore", "close_gap", "supply_data", "keep_on")
"""What is asked that is still to be done; it gets a line of its own."""

OWN_SHEET, MOST_ROWS = 14, 36
"""A body with so many open tasks, led and supported, begins a sheet of its own; with more than so many, what it supports
is listed by name, so that it fits on that sheet."""

NAMED_UNITS = 2
"""Units behind that are named in a line; more are only counted."""

LEADS, SUPPORTS = Text(zh="主责", en="as lead"), Text(zh="配合", en="in support")


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
    """One body; its name begins heads and sentences, some names stand for many."""
    name = say.begun(name)
    plan = {c["id"]: (n, c) for n, c in enumerate(plan_rows(facts), start=1)}
    tasks = sorted(one_each(tasks), key=lambda t: plan[t["commitment_id"]][0])
    led = [t for t in tasks if t["role"] == "lead"]
    support = [t for t in tasks if t["role"] != "lead"]
    still = [t for t in led if t["asked"] in OPEN]
    helped = [t for t in support if t["asked"] in OPEN and t["asked"] != "keep_on"]
    brief = len(still) + len(helped) > MOST_ROWS
    tables, points = [], []
    if still:
        title = Text(zh=f"{name.zh}主责的待办事项", en=f"{name.en}: open tasks, as lead")
        tables.append(tasks_table(facts, title, still, plan))
    if helped and not brief:
        title = Text(zh=f"{name.zh}需要配合的待办事项", en=f"{name.en}: open tasks, in support")
        tables.append(tasks_table(facts, title, helped, plan))
    elif helped:
        named = numbered_words([plan[t["commitment_id"]] for t in helped], brief=False)
        points.append(
            Text(
                zh=f"需要配合补上缺口、恢复水平或补报数据的({len(helped)}项):{named.zh}。",
                en=f"To be supported ({len(helped)}): {named.en}.",
            )
        )
    for role, own in ((LEADS, [t for t in led if t not in still]), (SUPPORTS, [t for t in support if t not in helped])):
        if own:
            named = numbered_words([plan[t["commitment_id"]] for t in own], brief)
            points.append(
                Text(
                    zh=f"其余{role.zh}事项({len(own)}项,已达到、按序推进、待判定或仅监测):{named.zh}。",
                    en=f"Others, {role.en} ({len(own)}): {named.en}.",
                )
            )
    pieces = [Piece(said=[counts_sentence(name, led, support)])]
    if tables:
        pieces.append(Piece(close=True, tables=tables))
    if points:
        pieces.append(Piece(points=points))
    # the first follows the head of the annex; whoever has little to do shares a sheet
    alone = order > 0 and len(still) + len(helped) >= OWN_SHEET
    return Chapter(id=f"body-{order + 1}", heading=name, new_page=alone, pieces=pieces)


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
    for own, zh_role, en_role in ((led, "主责", "lead"), (support, "配合", "in support")):
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
    en = f"{name.en}: {', '.join(parts_en)}."
    if todo:
        zh += "主责事项需要:" + "、".join(f"{w.zh}{n}项" for w, n in todo) + "。"
        en += " Asked, as lead: " + ", ".join(f"{w.en} {n}" for w, n in todo) + "."
    return Text(zh=zh, en=en)


def tasks_table(facts: Facts, title: Text, tasks: list[Source], plan: dict[str, tuple[int, Source]]) -> Table:
    """Open tasks: value, what is missing, which units are behind, class, what is asked."""
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
                    text_cell(behind_words(facts, t)),
                    status_cell(status(t["class"])),
                    text_cell(say.begun(ASKED[t["asked"]])),
                ]
            )
        )
    return table(
        facts.number.table(),
        title,
        [
            column(Text(zh="序号", en="No."), 8, "code"),
            column(Text(zh="承诺事项", en="Commitment"), 52, "text"),
            column(Text(zh="最新值", en="Value"), 18),
            column(Text(zh="还差", en="Short"), 24, "text"),
            column(Text(zh="滞后单位", en="Units behind"), 22, "text"),
            column(Text(zh="结论", en="Verdict"), 21, "status"),
            column(Text(zh="需要", en="Asked"), 19, "text"),
        ],
        made,
    )


def behind_words(facts: Facts, t: Source) -> Words:
    """How many units are behind in the task; their names where these are few: ``蔚县、阳原县``, ``10个``."""
    number = t["units_behind"] or 0
    if not number:
        return NONE
    codes = [
        a["area_code"]
        for a in units(facts)
        if (found := facts.classes.get(a["area_code"], {}).get(t["commitment_id"])) is not None and is_behind(found)
    ]
    if len(codes) == number <= NAMED_UNITS:
        return say.listed([narrow(facts.name_of(code)) for code in codes])
    return Text(zh=f"{number}个", en=counted_en(str(number), "units"))


def value_cell(facts: Facts, c: Source) -> Cell:
    words = value_words(c, newest(facts, c), facts.places(c))
    return Cell(kind="none", words=NONE) if words == NONE else Cell(kind="figure", words=words)


def short_words(c: Source, t: Source) -> Words:
    """What is missing in the whole area; where that is on target, what its units miss together."""
    missing = t["gap_persons"] or t["gross_shortfall"]
    if not missing or c["person_zh"] is None or c["unit"] == "yuan":
        return NONE
    return say.persons(missing, person_of(c))
