"""The annex on the quality of the data: the checks by group, the rules that found something, what carries a note.

Belongs here: counting and telling findings. Does not belong here: checking (``pipeline/quality``), a unit's own
findings on its page (unit_pages.py). The full list is the data file ``findings.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from pipeline.quality.finding import Finding, RuleOutcome
from pipeline.quality.notes import Note, noted, open_findings
from pipeline.quality.words import table_words
from pipeline.report import sentences as say
from pipeline.report.facts import Facts, column, figure_cell, more_note, none_cell, table, text_cell
from pipeline.report.fonts import spelled_out
from pipeline.report.numbers import format_persons
from pipeline.report.shapes import Cell, FindingsPart, Row, Table, Text, Words
from pipeline.report.words import NONE, OUTCOMES, SEVERITIES

TOLD_FINDINGS = 60
"""Findings told in full; the rest are counted by rule and stand in the data."""

NAMED_UNITS = 4
UNEXPLAINED = 12
"""Most figures without a registered cause that are named one by one; data/revisions.csv and verdict_changes.csv have all."""

GROUPS: dict[str, Text] = {
    "R": Text(zh="登记", en="register"),
    "I": Text(zh="收报和读取", en="intake"),
    "A": Text(zh="标识和代码", en="identity and codes"),
    "B": Text(zh="表内关系", en="inside a form"),
    "C": Text(zh="表间关系", en="across forms"),
    "D": Text(zh="年度之间", en="across years"),
    "E": Text(zh="结果", en="results"),
    "F": Text(zh="完整性", en="completeness"),
    "N": Text(zh="填报说明", en="notes"),
}
"""What the first letter of a rule stands for."""

def make_findings(facts: Facts) -> FindingsPart:
    """Counts by group and rule, what needs a note in full; a statement where nothing was found."""
    findings, outcomes = facts.inputs.findings, facts.inputs.outcomes
    unevaluated = sum(1 + f.more for f in findings if f.outcome == "could_not_be_evaluated")

    def count(severity: str) -> int:
        return sum(
            1 + f.more for f in findings if f.severity == severity and f.outcome != "could_not_be_evaluated"
        )

    idle = sum(o.outcome == "passed" and o.checked == 0 for o in outcomes)
    statements = [
        say.findings_sentence(
            len(outcomes) - idle,
            sum(o.outcome == "passed" for o in outcomes) - idle,
            count("error"),
            count("warning"),
            count("review"),
            count("info"),
            unevaluated,
            idle,
        )
    ]
    if any(f.severity in ("warning", "review") for f in findings):
        open_reviews = open_findings(findings, facts.inputs.notes, "review")
        statements.append(say.notes_sentence(len(noted(findings, facts.inputs.notes)), len(open_reviews)))
    tables = [groups_table(facts)] if outcomes else []
    if facts.public:
        statements.append(say.public_sentence())
    elif findings:
        tables += [t for t in (rules_table(facts), told_table(facts)) if t is not None]
    elif all(o.outcome == "passed" for o in outcomes):
        statements.append(say.no_findings_sentence())
    if (without := unexplained_sentence(facts)) is not None:
        statements.append(without)
    return FindingsPart(statements=statements, tables=tables)


def unexplained_sentence(facts: Facts) -> Text | None:
    """Figures and verdicts of older years that are not those of the edition before, and no registered cause is known."""
    names = {c["id"]: c for c in [*facts.inputs.promises, *facts.commitments]}
    changed = [
        (r["commitment_id"], facts.area_code, r["period"])
        for r in facts.inputs.revisions
        if r["corrected"] and r["cause"] == "unexplained"
    ] + [
        (r["commitment_id"], r["area_code"], r["previous_period"])
        for r in facts.inputs.verdict_changes.where(revision_cause="unexplained")
    ]
    told = []
    for identifier, area, period in dict.fromkeys(changed):
        c, unit = names[identifier], facts.name_of(area)
        zh, en = ("", "") if area == facts.area_code else (unit.zh, f"{unit.en}, ")
        told.append(Text(zh=f"{c['name_zh']}({zh}{period}年)", en=f"{c['name_en']} ({en}{period})"))
    if not told:
        return None
    listed = say.listed(told, UNEXPLAINED)
    what = "1 figure or verdict" if len(told) == 1 else f"{len(told)} figures or verdicts"
    return Text(
        zh=f"以前年度有{len(told)}处数值或结论与上一份报告不同,登记表中没有对应的原因:{listed.zh}。",
        en=f"No registered cause is known for {what} of earlier years that the edition before had otherwise: {listed.en}.",
    )


def by_rule(outcomes: Iterable[RuleOutcome]) -> dict[str, list[RuleOutcome]]:
    """Outcomes of each rule over all tables, rules in order."""
    ordered = sorted(outcomes, key=lambda o: (o.rule, o.table))
    return {rule: list(own) for rule, own in groupby(ordered, key=lambda o: o.rule)}


def outcome_of(members: list[RuleOutcome]) -> str:
    """The worst outcome of a rule; ``idle`` where it had no row to look at."""
    order = ["passed", "withheld", "failed", "could_not_be_evaluated"]
    worst = max((o.outcome for o in members), key=order.index)
    return "idle" if worst == "passed" and not any(o.checked for o in members) else worst


def groups_table(facts: Facts) -> Table:
    """One row a group of rules: how many there are, what they looked at, how many found something."""
    rules = by_rule(facts.inputs.outcomes)
    made = []
    for letter, word in GROUPS.items():
        own = {rule: members for rule, members in rules.items() if rule.startswith(letter)}
        if not own:
            continue
        ends = [outcome_of(members) for members in own.values()]
        numbers = [
            len(own),
            sum(o.checked for members in own.values() for o in members),
            ends.count("passed"),
            ends.count("idle"),
            len(ends) - ends.count("passed") - ends.count("idle"),
        ]
        made.append(Row(cells=[text_cell(letter), text_cell(word), *(number_cell(n) for n in numbers)]))
    return table(
        facts.number.table(),
        Text(zh="校验规则执行情况", en="The checks by group"),
        [
            column(Text(zh="组", en="Group"), 12, "code"),
            column(Text(zh="内容", en="What it checks"), 46, "text"),
            column(Text(zh="规则", en="Rules"), 16),
            column(Text(zh="检查行次", en="Rows looked at"), 26),
            column(Text(zh="通过", en="Passed"), 16),
            column(Text(zh="未涉及", en="No data"), 18),
            column(Text(zh="有发现", en="Found something"), 22),
        ],
        made,
        Text(zh="单位:条、行次", en="rules, rows"),
    )


def number_cell(number: int) -> Cell:
    return figure_cell(format_persons(number)) if number else none_cell()


def rules_table(facts: Facts) -> Table | None:
    """The rules that found something: how much, in which units."""
    found = sorted(facts.inputs.findings, key=lambda f: (f.rule, f.sort_key()))
    made = []
    for rule, group in groupby(found, key=lambda f: f.rule):
        own = list(group)
        title = facts.inputs.rules.get(rule)
        made.append(
            Row(
                cells=[
                    text_cell(rule),
                    text_cell(Text(zh=title["zh"], en=title["en"]) if title else NONE),
                    text_cell(SEVERITIES[own[0].severity]),
                    figure_cell(format_persons(sum(1 + f.more for f in own))),
                    text_cell(units_named(facts, own)),
                ]
            )
        )
    if not made:
        return None
    return table(
        facts.number.table(),
        Text(zh="有发现的规则", en="Rules that found something"),
        [
            column(Text(zh="规则", en="Rule"), 12, "code"),
            column(Text(zh="内容", en="What it checks"), 58, "text"),
            column(Text(zh="级别", en="Severity"), 12, "code"),
            column(Text(zh="条数", en="Findings"), 12),
            column(Text(zh="单位", en="Units"), 62, "text"),
        ],
        made,
        notes=[
            Text(
                zh="提示只计数;全部发现逐条见随附数据 data/findings.csv,各单位的见附件“各县(区)情况”。",
                en="Infos are counted only; each finding is in data/findings.csv, a unit's own on its page.",
            )
        ],
    )


def units_named(facts: Facts, found: list[Finding]) -> Words:
    """The units of some findings, in their usual order; the dash where they are about no unit."""
    codes = sorted({f.area_code for f in found if f.area_code}, key=facts.order_of)
    if not codes:
        return NONE
    return say.listed([facts.name_of(code) for code in codes], NAMED_UNITS)


def told_table(facts: Facts) -> Table | None:
    """What needs a note or a decision (all but infos), worst first, with the note on it."""
    findings = [f for f in sorted(facts.inputs.findings, key=Finding.sort_key) if f.severity != "info" or f.blocks]
    if not findings:
        return None
    notes_on = noted(findings, facts.inputs.notes)
    made: list[Row] = []
    rule = ""
    for f in findings[:TOLD_FINDINGS]:
        made.append(
            Row(
                ruled=bool(made) and f.rule != rule,
                cells=[
                    text_cell(f.rule),
                    text_cell(
                        OUTCOMES[f.outcome] if f.outcome == "could_not_be_evaluated" else SEVERITIES[f.severity]
                    ),
                    text_cell(spelled(unit_and_period(facts, f) if f.id in notes_on else place_of(facts, f))),
                    text_cell(spelled(words_of(facts, f, notes_on.get(f.id)))),
                ],
            )
        )
        rule = f.rule
    more = sum(1 + f.more for f in findings[TOLD_FINDINGS:])
    return table(
        facts.number.table(),
        Text(zh="需要说明和复核的发现", en="Findings that need a note or a review"),
        [
            column(Text(zh="规则", en="Rule"), 10, "code"),
            column(Text(zh="级别", en="Severity"), 10, "code"),
            column(Text(zh="单位、年度", en="Unit, period"), 25, "text"),
            column(Text(zh="问题与说明", en="What is wrong, and the note"), 111, "text"),
        ],
        made,
        notes=more_note(more, "findings.csv"),
    )


def spelled(text: Text) -> Text:
    """A text that quotes returns, in characters that can be printed."""
    return Text(zh=spelled_out(text.zh), en=spelled_out(text.en))


def unit_and_period(facts: Facts, f: Finding) -> Text:
    """What a finding is about, without the place in the file: enough once its note is told."""
    about = replace(f, file="", sheet="", row=None, column="", table="" if f.area_code or f.period else f.table)
    return place_of(facts, about)


def place_of(facts: Facts, f: Finding) -> Text:
    """Unit and period first, then file, sheet, row and column."""
    zh, en = [], []
    if f.area_code:
        name = facts.name_of(f.area_code)
        zh.append(name.zh)
        en.append(name.en)
    if f.period:
        zh.append(f"{f.period}年" if f.period.isdigit() else f.period)
        en.append(f.period)
    where_zh, where_en = (f.file, f.file) if f.file else table_words(f.table)
    if where_zh:
        zh.append(where_zh)
        en.append(where_en)
    if f.sheet:
        zh.append(f"表“{f.sheet}”")
        en.append(f"sheet “{f.sheet}”")
    if f.row is not None:
        zh.append(f"第{f.row}行")
        en.append(f"row {f.row}")
    if f.column:
        zh.append(f"“{f.column}”列")
        en.append(f"column “{f.column}”")
    return Text(zh=" ".join(zh) or NONE, en=" ".join(en) or NONE)


def words_of(facts: Facts, f: Finding, note: Note | None) -> Text:
    """The message and how many more of the same; then the note on it, or what to do."""
    zh, en = f.message_zh, f.message_en
    if f.more:
        zh, en = f"{zh}(同类另有{f.more}处)", f"{en} ({f.more} more of the same)"
    if note is not None:
        told, post = facts.in_english(note.note_zh), facts.in_english(note.noted_by)
        return Text(
            zh=f"{zh} 填报说明:{told.zh}({post.zh},{note.noted_on})", en=f"{en} Note: {told.en} ({post.en}, {note.noted_on})"
        )
    if f.severity == "review":
        zh, en = f"{zh} 尚未复核。", f"{en} Not reviewed yet."
    if f.todo_zh:
        zh += f" 处理:{f.todo_zh}"
    if f.todo_en:
        en += f" To do: {f.todo_en}"
    return Text(zh=zh, en=en)
