"""The chapter on advice: the step that the rules propose for each unit, with its trigger, and what is asked of whom.

Belongs here: words and tables of advice. Does not belong here: the rules (``sql/progress/advice.sql``). It is advice:
the municipal committee of educational supervision decides, after the unit was heard.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from pipeline.report.facts import Facts, Source, column, figure_cell, none_cell, table, text_cell
from pipeline.report.many import are_many, first_of, left_out
from pipeline.report.numbers import format_persons
from pipeline.report.outline import CHAPTERS, in_order
from pipeline.report.sentences import begun, listed
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Table, Text
from pipeline.report.territory import plan_rows, units
from pipeline.unit_types import types_of

STEPS: dict[str, Text] = {
    "accountability": Text(zh="问责", en="accountability"),
    "interview": Text(zh="约谈", en="interview"),
    "circular": Text(zh="通报", en="circular"),
    "early_warning": Text(zh="预警", en="early warning"),
    "support": Text(zh="支持", en="support"),
}
"""Steps of the ladder, the gravest first; support stands apart at the end."""

TOLD_STEPS = ("accountability", "interview", "support")
"""Steps whose units are named by commitment; the lesser ones are counted by unit."""

TRIGGERS: dict[str, Text] = {
    "yellow_once": Text(zh="一年黄色", en="yellow once"),
    "nothing_reported": Text(zh="没有报送", en="nothing reported"),
    "orange_once": Text(zh="一年橙色", en="orange once"),
    "yellow_twice": Text(zh="连续两年黄色或更重", en="yellow or worse two years running"),
    "red_once": Text(zh="一年红色", en="red once"),
    "never_decrease_broken": Text(zh="“只增不减”未落实", en="“never falls” not kept"),
    "orange_twice": Text(zh="连续两年橙色或更重", en="orange or worse two years running"),
    "red_twice": Text(zh="连续两年红色", en="red two years running"),
    "missed_when_due": Text(zh="到期未达到", en="missed when due"),
    "achieved_early": Text(zh="提前达标且没有单位短缺", en="achieved early, no unit short"),
}
BLOCKS: dict[str, Text] = {
    "blocked_by_open_warning": Text(zh="所依据的报表有警告尚未说明", en="a warning on its return has no note"),
    "blocked_by_young_vintage": Text(zh="数据收到不满规定天数", en="its figures came too recently"),
    "blocked_by_small_denominator": Text(zh="分母人数过少", en="too few persons"),
    "blocked_by_preliminary": Text(zh="结论所依据的数据是临时的", en="its verdict rests on preliminary figures"),
}
ASKED: dict[str, Text] = {
    "restore": Text(zh="恢复到上年水平", en="restore last year's level"),
    "close_gap": Text(zh="补上缺口", en="close the gap"),
    "supply_data": Text(zh="补报数据", en="supply data"),
    "keep_on": Text(zh="按序推进", en="keep on"),
    "hold": Text(zh="保持", en="hold"),
}
"""What is asked of a body; ``wait`` and ``none`` ask nothing."""


def make_advice(facts: Facts) -> Chapter | None:
    """The chapter; None where the report was given no tasks of bodies and no advice."""
    rows = advice_of(facts)
    if not rows and not len(facts.inputs.body_tasks):
        return None
    given = [a for a in rows if a["advised"]]
    pieces = [Piece(said=[advice_sentence(given, rows), decision_sentence(facts)])] if rows else []
    if given:
        pieces.append(
            Piece(
                heading=Text(zh="分单位的建议", en="Advice by unit"),
                close=True,
                tables=[units_table(facts, given)],
                notes=[ladder_note()],
            )
        )
        steps = steps_table(facts, given)
        if steps is not None:
            pieces.append(
                Piece(heading=Text(zh="建议约谈、问责和支持的事项", en="Interviews, accountability and support"), close=True, tables=[steps])
            )
    if len(facts.inputs.body_tasks):
        pieces.append(
            Piece(
                heading=Text(zh="责任单位下步工作", en="Next steps of the bodies"),
                close=True,
                tables=[bodies_table(facts)],
                notes=[
                    Text(
                        zh="按全域结论计数:恢复指下降的要恢复到上年水平,补缺口指滞后、未达到的要补上差额。逐项见附件“各责任单位情况”。",
                        en="Counted on the verdicts of the whole area; item by item on the pages of the bodies.",
                    )
                ],
            )
        )
    return Chapter(id="advice", heading=CHAPTERS["advice"], pieces=in_order(pieces))


def advice_of(facts: Facts) -> list[Source]:
    """What is advised on every unit, as far as the report counts it: no more columns than that."""
    columns = ("area_code", "commitment_id", "step", "trigger_code", "advised", *BLOCKS)
    return [dict(zip(columns, each, strict=True)) for each in facts.inputs.advice.pick(*columns)]


def advice_sentence(given: list[Source], rows: list[Source]) -> Text:
    """How many steps are proposed, and how many are held back for which reason."""
    counts = Counter(a["step"] for a in given)
    named = [(word, counts[step]) for step, word in STEPS.items() if counts[step]]
    zh = "、".join(f"{w.zh}{n}项次" for w, n in named) or "没有"
    en = ", ".join(f"{w.en} {n}" for w, n in named) or "none"
    said_zh, said_en = f"按预警、通报、约谈、问责的梯次,本期建议:{zh}。", f"Proposed steps: {en}."
    held = [a for a in rows if not a["advised"]]
    if held:
        reasons = [(word, sum(bool(a[key]) for a in held)) for key, word in BLOCKS.items()]
        why_zh = "、".join(f"{w.zh}{n}项次" for w, n in reasons if n)
        why_en = ", ".join(f"{w.en} {n}" for w, n in reasons if n)
        said_zh += f"另有{len(held)}项次暂不提出({why_zh})。"
        said_en += f" {len(held)} more {'is' if len(held) == 1 else 'are'} held back ({why_en})."
    return Text(zh=said_zh, en=said_en)


def committee(facts: Facts) -> Text:
    """Who decides: the supervision committee of the government that the report is made for."""
    level = facts.area.zh.removeprefix("全") if facts.area.zh in types_of("whole") and facts.area.zh != "全国" else "本级"
    return Text(zh=f"{level}政府教育督导委员会", en="the government's committee of educational supervision")


def decision_sentence(facts: Facts) -> Text:
    who = committee(facts)
    return Text(
        zh=f"以上只是按统一规则提出的建议,是否采取、采取何种措施,由{who.zh}在听取县(区)说明之后决定。",
        en=f"This is advice by uniform rules; {who.en} decides, after hearing the unit.",
    )


def ladder_note() -> Text:
    ladder = [
        ("early_warning", ("yellow_once", "nothing_reported")),
        ("circular", ("orange_once", "yellow_twice")),
        ("interview", ("red_once", "orange_twice", "never_decrease_broken")),
        ("accountability", ("red_twice", "missed_when_due")),
        ("support", ("achieved_early",)),
    ]
    zh = ";".join(f"{STEPS[s].zh}——{'、'.join(TRIGGERS[t].zh for t in codes)}" for s, codes in ladder)
    en = "; ".join(f"{STEPS[s].en}: {', '.join(TRIGGERS[t].en for t in codes)}" for s, codes in ladder)
    return Text(
        zh=f"触发条件:{zh}。同一事项取最重的一项。到期未达到有正当原因的除外。逐条见随附数据 data/advice.csv。",
        en=f"Triggers: {en}. The gravest holds, unless a cause is shown. Item by item in data/advice.csv.",
    )


def count_cell(number: int) -> Cell:
    return figure_cell(format_persons(number)) if number else none_cell()


def units_table(facts: Facts, given: list[Source]) -> Table:
    """Units down, steps across: how many; and the commitments of the gravest step of each unit."""
    numbers = {c["id"]: n for n, c in enumerate(plan_rows(facts), start=1)}
    made: list[Row] = []
    by_unit: dict[str, list[Source]] = {}
    for g in given:
        by_unit.setdefault(g["area_code"], []).append(g)
    advised = [a for a in units(facts) if a["area_code"] in by_unit]
    if are_many(len(advised)):
        advised.sort(key=lambda a: [-Counter(g["step"] for g in by_unit[a["area_code"]])[step] for step in STEPS])
    for a in first_of(advised, facts.public):
        own = by_unit[a["area_code"]]
        counts = Counter(g["step"] for g in own)
        gravest = next(step for step in STEPS if counts[step])
        items = sorted({numbers[g["commitment_id"]] for g in own if g["step"] == gravest})
        shown = "、".join(str(n) for n in items)
        made.append(
            Row(
                kind="zone" if facts.is_zone(a["area_code"]) else "unit",
                cells=[
                    text_cell(facts.name_of(a["area_code"])),
                    *(count_cell(counts[step]) for step in STEPS),
                    text_cell(STEPS[gravest]),
                    text_cell(Text(zh=f"第{shown}项", en=f"no. {shown.replace('、', ', ')}")),
                ],
            )
        )
    totals = Counter(g["step"] for g in given)
    made.append(
        Row(
            kind="total",
            cells=[
                text_cell(Text(zh="合计", en="Total")),
                *(count_cell(totals[step]) for step in STEPS),
                none_cell(""),
                none_cell(""),
            ],
        )
    )
    return table(
        facts.number.table(),
        Text(zh="各单位建议措施项次", en="Proposed steps by unit"),
        [
            column(Text(zh="单位", en="Unit"), 26, "text"),
            *(column(word, 14.5) for word in STEPS.values()),
            column(Text(zh="最重一项", en="Gravest"), 23, "text"),
            column(Text(zh="涉及的承诺事项", en="Commitments"), 34.5, "text"),
        ],
        made,
        Text(zh="单位:项次", en="steps"),
        left_out(advised, "advice.csv", facts.public),
    )


def steps_table(facts: Facts, given: list[Source]) -> Table | None:
    """Each commitment of the graver steps: the trigger, the units, who leads."""
    order = {c["id"]: (n, c) for n, c in enumerate(plan_rows(facts), start=1)}
    steps = list(STEPS)
    told = [g for g in given if g["step"] in TOLD_STEPS]
    told.sort(key=lambda g: (steps.index(g["step"]), order[g["commitment_id"]][0], g["trigger_code"], facts.order_of(g["area_code"])))
    made: list[Row] = []
    step = ""
    for key, group in groupby(told, key=lambda g: (g["step"], g["commitment_id"], g["trigger_code"])):
        own = list(group)
        number, c = order[key[1]]
        codes = list(dict.fromkeys(g["area_code"] for g in own))
        made.append(
            Row(
                ruled=bool(made) and key[0] != step,
                cells=[
                    text_cell(STEPS[key[0]] if key[0] != step else ""),
                    text_cell(str(number)),
                    text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                    text_cell(TRIGGERS.get(key[2], Text(zh=key[2], en=key[2]))),
                    text_cell(listed([facts.name_of(code) for code in codes], 4)),
                    text_cell(Text(zh=c["lead"]["zh"], en=c["lead"]["en"])),
                ],
            )
        )
        step = key[0]
    if not made:
        return None
    return table(
        facts.number.table(),
        Text(zh="建议措施、触发条件与主责单位", en="Steps, triggers and leading bodies"),
        [
            column(Text(zh="建议", en="Step"), 20, "text"),
            column(Text(zh="序号", en="No."), 8, "code"),
            column(Text(zh="承诺事项", en="Commitment"), 40, "text"),
            column(Text(zh="触发条件", en="Trigger"), 27, "text"),
            column(Text(zh="单位", en="Units"), 43, "text"),
            column(Text(zh="主责", en="Leads"), 18, "text"),
        ],
        made,
    )


# ---------------------------------------------------------------- bodies


def bodies_of(facts: Facts) -> list[tuple[Text, list[Source]]]:
    """Each body with its tasks of the whole area; those that lead most first, then by name."""
    tasks: dict[str, list[Source]] = {}
    for t in facts.inputs.body_tasks.where(is_total=True):
        tasks.setdefault(t["body_zh"], []).append(t)

    def weight(name: str) -> tuple:
        own = tasks[name]
        return (-sum(t["role"] == "lead" for t in own), -len(own), name)

    return [(Text(zh=name, en=tasks[name][0]["body_en"]), tasks[name]) for name in sorted(tasks, key=weight)]


def bodies_table(facts: Facts) -> Table:
    """What is asked of each body, counted over what it leads; how many it supports, and how many of those are open."""
    made = []
    for name, tasks in bodies_of(facts):
        led = Counter(t["asked"] for t in tasks if t["role"] == "lead")
        support = [t for t in tasks if t["role"] != "lead"]
        still = sum(t["asked"] in ("restore", "close_gap", "supply_data") for t in support)
        made.append(
            Row(
                cells=[
                    text_cell(begun(name)),
                    count_cell(sum(led.values())),
                    *(count_cell(led[asked]) for asked in ASKED),
                    count_cell(len(support)),
                    count_cell(still),
                ]
            )
        )
    return table(
        facts.number.table(),
        Text(zh="各责任单位的任务", en="Tasks of the responsible bodies"),
        [
            column(Text(zh="责任单位", en="Body"), 44, "text"),
            column(Text(zh="主责", en="Leads"), 12),
            *(column(begun(word), 15) for word in ASKED.values()),
            column(Text(zh="配合", en="Supports"), 12),
            column(Text(zh="其中待办", en="Of these open"), 13),
        ],
        made,
        Text(zh="单位:项", en="commitments"),
    )
