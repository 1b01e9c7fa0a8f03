"""The back of the report: definitions and sources, how to make it again.

Belongs here: those parts. Does not belong here: indicators and verdicts.
"""

from __future__ import annotations

from itertools import groupby

from pipeline.report.facts import Facts, Source, column, figure_cell, none_cell, table, text_cell
from pipeline.report.fonts import spelled_out
from pipeline.report.numbers import format_day, format_persons
from pipeline.report.shapes import (
    Cell,
    ReproductionPart,
    Row,
    SourcesPart,
    Table,
    Text,
    Words,
)
from pipeline.report.words import MATURITIES, NONE, ORIGINS

SHOWN_HASH = 16


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
    clauses = {section["cite"]: section["en"] for section in facts.inputs.sections}
    made = [
        Row(
            cells=[
                text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                text_cell(Text(zh=c["definition_zh"], en=c["definition_en"])),
                text_cell(Text(zh=c["definition_source_zh"], en=c["definition_source_zh"])),
                text_cell(Text(zh=c["section"], en=clauses.get(c["section"], c["section"]))),
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
    """The received files by return: years, how many, rows, who sent them, when the last one came."""
    ordered = sorted(facts.inputs.sources, key=lambda s: (s["table"], s["period_from"], s["path"]))
    demonstration = any(s["origin"] == "demonstration" for s in ordered)
    made = [Row(cells=return_cells(facts, list(group), demonstration)) for _, group in groupby(ordered, key=lambda s: s["table"])]
    columns = [
        column(Text(zh="报表", en="Return"), 38, "text"),
        column(Text(zh="年度", en="Years"), 26, "text"),
        column(Text(zh="文件", en="Files"), 10),
        column(Text(zh="行数", en="Rows"), 15),
        column(Text(zh="报送单位", en="Supplier"), 36, "text"),
        column(Text(zh="最近收到", en="Last received"), 19, "code"),
        column(Text(zh="性质", en="Kind"), 12, "code"),
    ]
    return table(
        facts.number.table(),
        Text(zh=f"收到的报表({len(ordered)}个文件)", en=f"Received returns ({len(ordered)} files)"),
        columns,
        made,
        notes=[
            Text(
                zh="逐个文件的路径、行数、收到日期和64位校验和见清单 manifest.json。",
                en="Path, rows, day of receipt and sha256 of every file are in manifest.json.",
            )
        ],
    )


def return_cells(facts: Facts, files: list[Source], demonstration: bool) -> list[Cell]:
    """One return with all its files."""
    rows = [s["rows"] for s in files]
    kinds = [ORIGINS[s["origin"]] if demonstration else MATURITIES[s["maturity"]] for s in files]
    kind = Text(
        zh="、".join(dict.fromkeys(k.zh for k in kinds)), en=", ".join(dict.fromkeys(k.en for k in kinds))
    )
    if demonstration and any(s["maturity"] == "preliminary" for s in files):
        kind = Text(zh=f"{kind.zh}*", en=f"{kind.en}*")
    first = files[0]
    return [
        text_cell(Text(zh=first["table_name_zh"], en=first.get("table_name_en") or first["table"])),
        text_cell(spans(files)),
        figure_cell(str(len(files))),
        none_cell() if None in rows else figure_cell(format_persons(sum(rows))),
        text_cell(supplier_words(facts, files)),
        text_cell(max(s["received_on"] for s in files)),
        text_cell(kind),
    ]


def spans(files: list[Source]) -> str:
    """The years of some files: ``2011—2018、2020—2024``."""
    years = sorted({y for s in files for y in range(s["period_from"], s["period_to"] + 1)})
    found: list[list[int]] = []
    for year in years:
        if found and year == found[-1][1] + 1:
            found[-1][1] = year
        else:
            found.append([year, year])
    return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in found)


def supplier_words(facts: Facts, sources: list[Source]) -> Words:
    """Who sent some files, each once."""
    names = [facts.in_english(name) for name in sorted({s["supplier"] for s in sources if s["supplier"]})]
    if not names:
        return NONE
    return Text(zh=spelled_out("、".join(n.zh for n in names)), en=spelled_out(", ".join(dict.fromkeys(n.en for n in names))))


# ---------------------------------------------------------------- reproduction


def code_shown(facts: Facts) -> str:
    """A trace code that this report prints, to explain them by; empty where it prints none."""
    codes = (facts.code_of(facts.reported_whole(c)) for c in facts.commitments)
    return next((code for code in codes if code), "")


def make_reproduction(facts: Facts) -> ReproductionPart:
    """Identity of the edition, how to rebuild it, with what."""
    e = facts.edition
    programme, year, code = e["programme"], e["year"], code_shown(facts)
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
            *([(f"jiance trace {code}", TRACED)] if code else []),
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
            *([code_sentence(code)] if code else []),
        ],
    )


TRACED = Text(zh="由追溯码追到原始报表的行", en="from a code to the rows of the returns")


def code_sentence(code: str) -> Text:
    """What the small codes beside figures are."""
    return Text(
        zh=f"摘要和主要指标各表中的小字(如{code})是追溯码,由项目、指标、算法、单位、分组和年度算出,与数值大小无关,"
        "各版本相同;凭追溯码可查到该数字由哪些原始报表的哪些行得出。",
        en=f"The small codes in the summary and in the tables of the headline indicators (such as {code}) are trace "
        "codes: made of programme, indicator, method, unit, segment and year, never of the value, and the same in "
        "every edition; each leads to the rows of the returns that its figure comes from.",
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
