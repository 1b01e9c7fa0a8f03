"""The back of the report: what the checks found, definitions and sources, how to make it again.

Belongs here: those parts. Does not belong here: indicators and verdicts.
"""

from __future__ import annotations

from itertools import groupby

from pipeline.quality.finding import Finding
from pipeline.quality.notes import Note, noted, open_findings
from pipeline.quality.words import table_words
from pipeline.report import sentences as say
from pipeline.report.facts import Facts, Source, column, figure_cell, none_cell, status_cell, table, text_cell
from pipeline.report.fonts import spelled_out
from pipeline.report.numbers import format_day, format_persons
from pipeline.report.shapes import (
    Cell,
    FindingsPart,
    ReproductionPart,
    Row,
    SourcesPart,
    Status,
    Table,
    Text,
)
from pipeline.report.words import MATURITIES, NONE, ORIGINS, OUTCOMES, SEVERITIES

LISTED_FINDINGS = 60
SHOWN_HASH = 16

_OUTCOME_LOOK = {
    "passed": ("●", "green"),
    "failed": ("×", "red"),
    "could_not_be_evaluated": ("○", "grey"),
    "idle": ("○", "grey"),
}


# ---------------------------------------------------------------- findings


def make_findings(facts: Facts) -> FindingsPart:
    """Counts by rule and severity, and every finding; a statement where there is none."""
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
    asked = [f for f in findings if f.severity in ("warning", "review")]
    if asked:
        open_reviews = open_findings(findings, facts.inputs.notes, "review")
        statements.append(say.notes_sentence(len(noted(findings, facts.inputs.notes)), len(open_reviews)))
    tables = [rules_table(facts)] if outcomes else []
    if facts.public:
        statements.append(say.public_sentence())
    elif findings:
        tables.append(findings_table(facts))
    elif all(o.outcome == "passed" for o in outcomes):
        statements.append(say.no_findings_sentence())
    return FindingsPart(statements=statements, tables=tables)


def outcome_status(outcome: str, severity: str) -> Status:
    """How an outcome is shown; a failed rule that does not block is yellow."""
    shape, tone = _OUTCOME_LOOK[outcome]
    if outcome == "failed" and severity != "error":
        shape, tone = "▽", "yellow" if severity in ("warning", "review") else "grey"
    return Status.model_validate({"code": outcome, "word": OUTCOMES[outcome], "shape": shape, "tone": tone})


def rules_table(facts: Facts) -> Table:
    """One row a rule, over all tables it looked at."""
    ordered = sorted(facts.inputs.outcomes, key=lambda o: (o.rule, o.table))
    worst = ["passed", "failed", "could_not_be_evaluated"]
    titled = any(o.rule in facts.inputs.rules for o in ordered)
    made = []
    for rule, group in groupby(ordered, key=lambda o: o.rule):
        members = list(group)
        outcome = max((o.outcome for o in members), key=worst.index)
        if outcome == "passed" and not any(o.checked for o in members):
            outcome = "idle"
        title = facts.inputs.rules.get(rule)
        what = [text_cell(Text(zh=title["zh"], en=title["en"]) if title else NONE)] if titled else []
        made.append(
            Row(
                cells=[
                    text_cell(rule),
                    *what,
                    text_cell(SEVERITIES[members[0].severity]),
                    figure_cell(str(len(members))),
                    figure_cell(format_persons(sum(o.checked for o in members))),
                    figure_cell(format_persons(sum(o.offending for o in members))),
                    status_cell(outcome_status(outcome, members[0].severity)),
                ]
            )
        )
    return table(
        facts.number.table(),
        Text(zh="校验规则执行情况", en="The checks and their outcome"),
        [
            column(Text(zh="规则", en="Rule"), 12, "code"),
            *([column(Text(zh="内容", en="What it checks"), 66, "text")] if titled else []),
            column(Text(zh="级别", en="Severity"), 12, "code"),
            column(Text(zh="数据表", en="Tables"), 13),
            column(Text(zh="检查行数", en="Rows checked"), 19),
            column(Text(zh="不符行数", en="Rows failing"), 15),
            column(Text(zh="结果", en="Outcome"), 19, "status"),
        ],
        made,
    )


def findings_table(facts: Facts) -> Table:
    """Findings listed, worst first, with where they stand; the rest counted."""
    findings = sorted(facts.inputs.findings, key=Finding.sort_key)
    notes_on = noted(findings, facts.inputs.notes)
    made = [
        Row(
            cells=[
                text_cell(f.rule),
                text_cell(
                    OUTCOMES[f.outcome] if f.outcome == "could_not_be_evaluated" else SEVERITIES[f.severity]
                ),
                text_cell(_spelled(place_of(facts, f))),
                text_cell(_spelled(words_of(f, notes_on.get(f.id)))),
            ]
        )
        for f in findings[:LISTED_FINDINGS]
    ]
    notes = []
    hidden = findings[LISTED_FINDINGS:]
    if hidden:
        more = sum(1 + f.more for f in hidden)
        notes.append(
            Text(
                zh=f"另有{more}条未列,见随附数据 findings。", en=f"{more} more are in the findings data file."
            )
        )
    return table(
        facts.number.table(),
        Text(zh="校验发现的问题", en="What the checks found"),
        [
            column(Text(zh="规则", en="Rule"), 17, "code"),
            column(Text(zh="级别", en="Severity"), 14, "code"),
            column(Text(zh="位置", en="Where"), 45, "text"),
            column(Text(zh="问题与处理", en="What is wrong and what to do"), 80, "text"),
        ],
        made,
        notes=notes,
    )


def _spelled(text: Text) -> Text:
    """A text that quotes returns, in characters that can be printed."""
    return Text(zh=spelled_out(text.zh), en=spelled_out(text.en))


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


def words_of(f: Finding, note: Note | None) -> Text:
    """The message and how many more of the same; then the note on it, or what to do."""
    zh, en = f.message_zh, f.message_en
    if f.more:
        zh, en = f"{zh}(同类另有{f.more}处)", f"{en} ({f.more} more of the same)"
    if note is not None:
        by = f"({note.noted_by},{note.noted_on})"
        return Text(zh=f"{zh} 填报说明:{note.note_zh}{by}", en=f"{en} Note: {note.note_zh} {by}")
    if f.severity == "review":
        zh, en = f"{zh} 尚未复核。", f"{en} Not reviewed yet."
    if f.todo_zh:
        zh += f" 处理:{f.todo_zh}"
    if f.todo_en:
        en += f" To do: {f.todo_en}"
    return Text(zh=zh, en=en)


# ---------------------------------------------------------------- definitions and sources


def make_sources(facts: Facts) -> SourcesPart:
    """Where definitions, published figures and returns come from."""
    edition = facts.edition
    notes_zh, notes_en = edition["notes_zh"], edition["notes_en"]
    methods = [Text(zh=zh, en=en) for zh, en in zip(notes_zh, notes_en, strict=True)]
    return SourcesPart(
        definitions=definitions_table(facts),
        methods=methods,
        citations=citations_table(facts),
        files=files_table(facts),
    )


def definitions_table(facts: Facts) -> Table:
    made = [
        Row(
            cells=[
                text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                text_cell(Text(zh=c["definition_zh"], en=c["definition_en"])),
                text_cell(Text(zh=c["definition_source_zh"], en=c["definition_source_zh"])),
                text_cell(Text(zh=c["section"], en=c["section"])),
            ]
        )
        for c in facts.commitments
    ]
    return table(
        facts.number.table(),
        Text(zh="指标定义及其出处", en="Definitions and where they come from"),
        [
            column(Text(zh="指标", en="Indicator"), 30, "text"),
            column(Text(zh="定义", en="Definition"), 58, "text"),
            column(Text(zh="定义出处", en="Source"), 46, "text"),
            column(Text(zh="承诺条款", en="Clause"), 22, "text"),
        ],
        made,
    )


def citations_table(facts: Facts) -> Table | None:
    """Published documents that certified and published figures were taken from."""
    names = {c["indicator_id"]: Text(zh=c["name_zh"], en=c["name_en"]) for c in facts.commitments}
    order = list(names)
    found: dict[tuple[str, str], list[int]] = {}
    for s in facts.inputs.source_titles:
        if s["indicator_id"] in names:
            found.setdefault((s["indicator_id"], s["source_title"]), []).append(s["period"])
    if not found:
        return None
    keys = sorted(found, key=lambda k: (order.index(k[0]), min(found[k]), k[1]))
    made = []
    for key, group in groupby(keys, key=lambda k: k[0]):
        for index, k in enumerate(group):
            periods = sorted(set(found[k]))
            made.append(
                Row(
                    ruled=index == 0 and bool(made),
                    cells=[
                        text_cell(names[key] if index == 0 else ""),
                        text_cell("、".join(str(p) for p in periods)),
                        text_cell(k[1]),
                    ],
                )
            )
    return table(
        facts.number.table(),
        Text(zh="核定值、公布值的来源文件", en="Documents that published figures were taken from"),
        [
            column(Text(zh="指标", en="Indicator"), 50, "text"),
            column(Text(zh="年度", en="Period"), 20, "code"),
            column(Text(zh="来源文件标题", en="Title of the document"), 86, "text"),
        ],
        made,
    )


def files_table(facts: Facts) -> Table:
    """Every received file, grouped by table, with the beginning of its sha256."""
    ordered = sorted(facts.inputs.sources, key=lambda s: (s["table"], s["period_from"], s["path"]))
    made: list[Row] = []
    demonstration = any(s["origin"] == "demonstration" for s in ordered)
    for _, group in groupby(ordered, key=lambda s: s["table"]):
        for index, s in enumerate(group):
            made.append(Row(ruled=index == 0 and bool(made), cells=file_cells(s, index == 0, demonstration)))
    columns = [
        column(Text(zh="报表", en="Return"), 23, "text"),
        column(Text(zh="年度", en="Period"), 16, "code"),
        column(Text(zh="文件", en="File"), 60, "text"),
        column(Text(zh="行数", en="Rows"), 11),
        column(Text(zh="收到日期", en="Received"), 18, "code"),
        column(Text(zh="性质", en="Kind"), 9, "code"),
        column(Text(zh="sha256前16位", en="sha256, first 16"), 27, "code"),
    ]
    return table(
        facts.number.table(),
        Text(zh="收到的文件", en="Received files"),
        columns,
        made,
        notes=[
            Text(
                zh="完整的64位校验和见清单 manifest.json。报送单位:" + supplier_words(ordered) + "。",
                en="The full 64 digits are in manifest.json. Suppliers: " + supplier_words(ordered) + ".",
            )
        ],
    )


def supplier_words(sources: list[Source]) -> str:
    return spelled_out("、".join(sorted({s["supplier"] for s in sources if s["supplier"]}))) or NONE


def file_cells(s: Source, first: bool, demonstration: bool) -> list[Cell]:
    period = str(s["period_from"])
    if s["period_to"] != s["period_from"]:
        period = f"{s['period_from']}—{s['period_to']}"
    kind = ORIGINS[s["origin"]] if demonstration else MATURITIES[s["maturity"]]
    if demonstration and s["maturity"] == "preliminary":
        kind = Text(zh=f"{kind.zh}*", en=f"{kind.en}*")
    english = s.get("table_name_en") or s["table"]
    return [
        text_cell(Text(zh=s["table_name_zh"], en=english) if first else ""),
        text_cell(period),
        text_cell(spelled_out(s["path"])),
        figure_cell(format_persons(s["rows"])) if s["rows"] is not None else none_cell(),
        text_cell(s["received_on"]),
        text_cell(kind),
        text_cell(s["sha256"][:SHOWN_HASH]),
    ]


# ---------------------------------------------------------------- reproduction


def make_reproduction(facts: Facts) -> ReproductionPart:
    """Identity of the edition, how to rebuild it, with what."""
    e = facts.edition
    programme, year = e["programme"], e["year"]
    return ReproductionPart(
        facts=[
            (Text(zh="项目与年度", en="Programme and year"), f"{programme} {year}"),
            (Text(zh="数据截至", en="Data received through"), e["received_through"]),
            (
                Text(zh="数据版本号(收到的文件、方案、单位)", en="Vintage (inputs, plan, units)"),
                e["vintage_id"],
            ),
            (Text(zh="构建编号(数据、代码、依赖)", en="Build (data, code, libraries)"), e["build_id"]),
            (Text(zh="代码版本", en="Code version"), e["code_version"]),
            (Text(zh="依赖锁定文件校验和", en="Lock file sha256"), e["lock_sha256"]),
            (Text(zh="判定规则版本", en="Version of the rules"), e["rule_version"]),
            (Text(zh="输入文件数", en="Input files"), str(len(facts.inputs.sources))),
        ],
        commands=[
            (
                "make report",
                Text(
                    zh="在新机器上安装并生成全部项目的报告", en="set up a new machine and make every report"
                ),
            ),
            (f"jiance run {programme} {year}", Text(zh="只生成本版本", en="make this edition only")),
            (
                f"jiance check {programme} {year}",
                Text(zh="只校验收到的文件", en="check the received files only"),
            ),
        ],
        tools=tools_table(facts),
        fonts=fonts_table(facts),
        statements=[
            Text(
                zh="本报告由收到的文件和方案文件自动生成,不含生成时刻;同一数据版本、代码版本和依赖,生成的文件逐字节相同。"
                "日期取自最后收到文件的日期。",
                en="This report is generated from the received files and the plan and holds no clock: the "
                "same data, "
                "code and libraries give the same bytes. Its date is that of the newest received file.",
            ),
            Text(
                zh="核对方法:比对上列编号和清单 manifest.json 中各文件、各数据表的校验和。",
                en="To verify, compare these ids and the checksums of files and tables in manifest.json.",
            ),
        ],
    )


TOOL_PAIRS = 3


def tools_table(facts: Facts) -> Table:
    """Versions, three pairs to a row, read down the columns."""
    pairs = sorted(facts.inputs.tools.items())
    height = max(1, -(-len(pairs) // TOOL_PAIRS))
    pairs += [("", "")] * (TOOL_PAIRS * height - len(pairs))
    heads = [
        column(Text(zh="工具", en="Tool"), 32, "text"),
        column(Text(zh="版本", en="Version"), 20, "text"),
    ]
    return table(
        facts.number.table(),
        Text(zh="所用工具及版本", en="Tools and versions"),
        heads * TOOL_PAIRS,
        [
            Row(cells=[text_cell(x) for k in range(TOOL_PAIRS) for x in pairs[k * height + n]])
            for n in range(height)
        ],
    )


def fonts_table(facts: Facts) -> Table:
    return table(
        facts.number.table(),
        Text(zh="嵌入字体", en="Embedded fonts"),
        [
            column(Text(zh="字体文件", en="Font file"), 76, "text"),
            column(Text(zh="sha256前16位", en="sha256, first 16"), 80, "text"),
        ],
        [Row(cells=[text_cell(f["file"]), text_cell(f["sha256"][:SHOWN_HASH])]) for f in facts.inputs.fonts],
    )


def received_text(iso: str) -> Text:
    return Text(zh=format_day(iso, "zh"), en=format_day(iso, "en"))
