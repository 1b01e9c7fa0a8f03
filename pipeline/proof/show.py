"""Verifications, traces and comparisons as text for a terminal, in one language.

Belongs here: wording and layout. Does not belong here: finding anything out.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from fractions import Fraction
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from pipeline.inert import terminal
from pipeline.intake.contract import load_contracts
from pipeline.plan.model import load_indicators
from pipeline.proof.code_change import CodeChange, Versions
from pipeline.proof.coded import Coded
from pipeline.proof.compare import Difference, decimal_text, several
from pipeline.proof.diff import Change, EditionDifference, What
from pipeline.proof.trace import Row, Sum, Trace
from pipeline.proof.verify import Verification
from pipeline.report.words import status

Pick = Callable[[str, str], str]
WIDTH = 200
_STATES = {
    "up": ("上升", "up"),
    "same": ("持平", "unchanged"),
    "down": ("下降", "down"),
    "reachable": ("按期可达", "reachable in time"),
    "unreachable": ("按期不可达", "not reachable in time"),
}
LISTED_ROWS = 12
SHOWN_COMMIT = 12
LISTED_CHANGES = 40
LISTED_DIFFERENCES = 20
TOLD_INPUTS = 5

_TIERS = {
    "manifest": ("清单", "manifest"),
    "signature": ("签名", "signature"),
    "files": ("文件", "files"),
    "fingerprint": ("编号", "fingerprint"),
    "inputs": ("原始文件", "inputs"),
    "printed": ("印出的内容", "printed"),
    "code": ("程序", "code"),
    "rebuild": ("重建", "rebuild"),
    "tables": ("数据表", "tables"),
    "model": ("报告模型", "model"),
    "outputs": ("成品", "outputs"),
    "attached": ("附件", "attached files"),
}
_OUTCOMES = {
    "same": ("结论:相同。", "Outcome: the same."),
    "different": ("结论:不同。", "Outcome: different."),
    "other_bytes": ("结论:数据相同,字节不同。", "Outcome: same data, other bytes."),
    "cannot_rebuild": ("结论:不能重建。", "Outcome: cannot be rebuilt."),
}
_SUMS = {
    "numerator": ("分子", "numerator"),
    "denominator": ("分母", "denominator"),
    "value_num": ("数值的分子 value_num", "value_num"),
    "value_den": ("数值的分母 value_den", "value_den"),
}
_WHAT: dict[What, tuple[str, str]] = {
    "verdict": ("判定改变", "verdicts changed"),
    "projection": ("到期测算改变", "projections changed"),
    "direction": ("升降方向改变", "directions changed"),
    "value": ("数值改变", "values changed"),
    "arrived": ("新增的数值", "values that are new"),
    "gone": ("不再有的数值", "values that are gone"),
}


def verification_text(v: Verification, pick: Pick) -> str:
    """What was looked at, tier by tier, the differences, and the outcome."""
    lines = [f"{v.edition}  {v.folder}"]
    for step in v.steps:
        mark = {True: "✓", False: "✗", None: "–"}[step.sound]
        told, *more = _output(pick(step.zh, step.en)) if step.tier == "rebuild" else [pick(step.zh, step.en)]
        lines.append(f"  {mark} {pick(*_TIERS[step.tier])}:{pick('', ' ')}{told}")
        lines += [f"      │ {line}" for line in more]
    if v.first:
        lines.append(pick("第一处不同:", "The first difference:"))
        lines += _difference(v.first, pick)
        if len(v.differences) > 1:
            lines.append(pick(f"其余 {len(v.differences) - 1} 处:", f"{len(v.differences) - 1} more:"))
            for other in v.differences[1:LISTED_DIFFERENCES]:
                lines += _difference(other, pick)
    if v.code:
        lines.append(
            pick(
                f"现在的程序与记录不同之处({len(v.code)},记录 → 现在):",
                f"Where the code of this installation is not the recorded one ({len(v.code)}, recorded → here):",
            )
        )
        lines += _listed(v.code, pick)
    quick = pick("(只核对了校验值,未重建)", " (hashes only, nothing was rebuilt)")
    hashes_only = any(s.tier == "rebuild" and s.sound is None for s in v.steps) and v.outcome == "same"
    lines.append(pick(*_OUTCOMES[v.outcome]) + (quick if hashes_only else ""))
    return _joined(lines)


def _output(text: str) -> list[str]:
    """What a run said, line by line: a rebuild that failed."""
    return text.splitlines() or [""]


def _listed(changes: Sequence[CodeChange], pick: Pick) -> Iterator[str]:
    for change in changes[:LISTED_DIFFERENCES]:
        yield f"  {pick(change.zh, change.en)}"
    if len(changes) > LISTED_DIFFERENCES:
        more = len(changes) - LISTED_DIFFERENCES
        yield pick(f"  ……另有 {more} 处(用 --format json 看全部)", f"  … {more} more (--format json shows all)")


def _difference(d: Difference, pick: Pick) -> Iterator[str]:
    yield f"  [{pick(*_TIERS[d.tier])}] {d.name}:{pick('', ' ')}{pick(d.zh, d.en)}"
    if d.column and (d.old is not None or d.new is not None):
        yield pick(
            f"      {d.column}:已发布 {d.old if d.old is not None else '-'},应为 {d.new if d.new is not None else '-'}",
            f"      {d.column}: published {d.old if d.old is not None else '-'}, "
            f"should be {d.new if d.new is not None else '-'}",
        )


def verification_document(v: Verification) -> dict[str, Any]:
    """A verification as JSON values."""
    return {
        "edition": v.edition,
        "outcome": v.outcome,
        "exit_code": v.exit_code,
        "steps": [{"tier": s.tier, "sound": s.sound, "zh": s.zh, "en": s.en} for s in v.steps],
        "differences": [dict(d.__dict__) for d in v.differences],
        "other_bytes": v.other_bytes,
        "code": [asdict(c) for c in v.code],
        "cannot_rebuild": {"zh": v.cannot_zh, "en": v.cannot_en},
    }


_UNITS = {
    "percent": ("%", "%"),
    "yuan": ("元", " yuan"),
    "count": ("", ""),
    "minutes": ("分钟", " minutes"),
    "ratio": ("倍", " times"),
    "per_pupil": ("(生均)", " per pupil"),
}


def trace_text(t: Trace, pick: Pick, color: bool = False) -> str:
    """The trace as a tree: figure, verdicts, formula, sums with their rows, files."""
    f = t.figure
    indicator = load_indicators()[f["indicator_id"]]
    name = pick(indicator.name_zh, indicator.name_en)
    unit = pick(*_UNITS[indicator.unit_of(f["variant"])])
    root = Tree(_text(f"{t.edition}  {name}  {f['area_code']}  {f['period']}  {f['variant']}/{f['segment']}"))
    root.add(_text(f"{pick('追溯码', 'code')} {t.code}"))
    root.add(
        _text(
            f"{pick('数值', 'value')} {shown_value(t.value)}{unit} = {f['value_num']} / {f['value_den']}  ({f['basis']})"
        )
    )
    for verdict in t.verdicts:
        branch = root.add(
            _text(f"{pick('判定', 'verdict')} {verdict['commitment_id']}: {_class(verdict, pick)}")
        )
        for line in _ingredients(verdict, pick):
            branch.add(_text(line))
    formula = root.add(_text(f"{pick('算法', 'formula')} {t.sql_name}"))
    for line in t.sql.splitlines():
        if not line.startswith("--"):
            break
        formula.add(_text(line.removeprefix("--").strip()))
    for one in t.sums:
        _sum(root, one, t, pick)
    files = root.add(_text(pick("来源文件", "received files")))
    for path, entry in t.files.items():
        branch = files.add(
            _text(
                f"{path}  {entry['supplier']}  {entry['received_on']}  r{entry['revision']} {entry['maturity']} {entry['origin']}"
            )
        )
        branch.add(_text(f"sha256 {entry['sha256']}"))
        if entry["supersedes"]:
            branch.add(
                _text(
                    pick(
                        f"替换 {entry['supersedes']}:{entry['reason']}",
                        f"replaces {entry['supersedes']}: {entry['reason']}",
                    )
                )
            )
    for zh, en in t.notes:
        root.add(_text(f"{pick('注意', 'note')}: {pick(zh, en)}"))
    root.add(_text(_conclusion(t, pick)))
    return _rendered(root, color)


def coded_text(c: Coded, missing: list[str], pick: Pick) -> str:
    """What a code names and what its edition says of it, where its rows cannot be had because inputs are missing."""
    f, row = c.figure, c.row
    indicator = load_indicators()[f.indicator_id]
    area = pick(row["area_name_zh"], row["area_name_en"]) or f.area_code
    title = f"{c.edition.label}  {pick(indicator.name_zh, indicator.name_en)}  {area} {f.area_code}  {f.period}"
    root = Tree(_text(f"{title}  {f.variant}/{f.segment}"))
    root.add(_text(f"{pick('追溯码', 'code')} {c.code}"))
    if row["value_num"]:
        value = Fraction(int(row["value_num"]), int(row["value_den"]))
        shown = f"{shown_value(value)}{pick(*_UNITS[indicator.unit_of(f.variant)])}"
        root.add(_text(f"{pick('数值', 'value')} {shown} = {row['value_num']} / {row['value_den']}  ({row['basis']})"))
    else:
        root.add(_text(pick("数值 (无)", "value (none)")))
    for verdict in c.verdicts:
        branch = root.add(_text(f"{pick('判定', 'verdict')} {verdict['commitment_id']}: {_class(_filled(verdict), pick)}"))
        for line in _ingredients(_filled(verdict), pick):
            branch.add(_text(line))
    root.add(_text(f"{pick('算法', 'formula')} sql/indicators/{f.indicator_id}.sql"))
    end = root.add(
        _text(
            pick(
                f"结论: 以上是这个版本自己写的;缺少 {len(missing)} 个原始文件,不能追溯到行",
                f"outcome: this is what the edition itself says; {several(len(missing), 'input is', 'inputs are')} missing, no rows can be shown",
            )
        )
    )
    for name in missing[:TOLD_INPUTS]:
        end.add(_text(name))
    if (more := len(missing) - TOLD_INPUTS) > 0:
        end.add(_text(pick(f"……另有 {more} 个", f"… {more} more")))
    end.add(
        _text(
            pick(
                "原始文件由发布单位存在 editions/<项目>/inputs;在别处的用 --inputs 文件夹 指明",
                "whoever published it keeps them in editions/<programme>/inputs; name another folder with --inputs",
            )
        )
    )
    return _rendered(root, False)


def _filled(verdict: dict[str, str]) -> dict[str, Any]:
    """A line of verdicts.csv with its empty cells as None and its truth values as such."""
    truth = {"true": True, "false": False}
    return {k: None if v == "" else truth.get(v, v) for k, v in verdict.items()}


def _conclusion(t: Trace, pick: Pick) -> str:
    published = {
        None: pick("本年度尚未发布", "nothing is published for this year"),
        True: pick("与已发布数据一致", "equal to the published data"),
        False: pick("与已发布数据不一致!", "NOT equal to the published data!"),
    }[t.as_published]
    exact = pick("各行之和与数字完全相等", "the rows add up to the figure exactly")
    if not t.exact:
        exact = pick("各行之和与数字不相等!", "the rows do NOT add up to the figure!")
    return f"{pick('结论', 'outcome')}: {exact}{pick(';', '; ')}{published}"


def _class(verdict: dict[str, Any], pick: Pick) -> str:
    """The class in words, its code, and the reason where there is no judgement."""
    if verdict["class"] is None:
        return pick("(该年度不判定)", "(this year is not judged)")
    return (
        _words("verdict", f"{verdict['class']}({verdict['reason'] or ''})", pick) + f"  [{verdict['class']}]"
    )


_INGREDIENTS = ("base", "target", "path", "previous", "published_previous", "projected")


def _ingredients(verdict: dict[str, Any], pick: Pick) -> Iterator[str]:
    """What the verdict was decided by, values exact."""
    words = {
        "base": pick(f"基期 {verdict['base_period']}", f"base {verdict['base_period']}"),
        "target": pick(f"目标(到 {verdict['due_period']})", f"target (by {verdict['due_period']})"),
        "path": pick("序时路径", "path"),
        "previous": pick("上年(同口径)", "year before (same basis)"),
        "published_previous": pick("上年(上次公布)", "year before (as published then)"),
        "projected": pick("到期测算", "projected"),
    }
    for name in _INGREDIENTS:
        num, den = verdict.get(f"{name}_num"), verdict.get(f"{name}_den")
        if num is not None and den:
            yield f"{words[name]}: {shown_value(Fraction(int(num), int(den)))} = {num} / {den}"
    if verdict.get("gap_persons"):
        yield f"{pick('缺口人数', 'missing persons')}: {verdict['gap_persons']}"
    flags = [k.removeprefix("flag_") for k, v in verdict.items() if k.startswith("flag_") and v]
    if flags:
        yield f"{pick('标记', 'flags')}: {', '.join(flags)}"
    yield f"{pick('规则版本', 'rule version')} {verdict['rule_version']}"


def _sum(root: Tree, one: Sum, t: Trace, pick: Pick) -> None:
    mark = "=" if one.exact else "≠"
    of = pick(f"{len(one.rows)} 行之和", f"sum of {several(len(one.rows), 'row')}")
    if one.shares or one.withheld is not None:
        of = pick("各项之和", "sum of these")
    head = root.add(_text(f"{pick(*_SUMS[one.of])} {one.figure} {mark} {of} {decimal_text(one.total)}"))
    for (file, sheet), group in groupby(one.rows_by_file(), key=lambda r: (r.file, r.sheet)):
        rows = list(group)
        total = sum((r.product for r in rows), Fraction(0))
        place = f"{file}{f' [{sheet}]' if sheet else ''}"
        branch = head.add(
            _text(f"{place}: {pick(f'{len(rows)} 行', several(len(rows), 'row'))}, {decimal_text(total)}")
        )
        for row in rows[:LISTED_ROWS]:
            branch.add(_text(_row(row, t.files[file]["table"], pick)))
        if len(rows) > LISTED_ROWS:
            more = len(rows) - LISTED_ROWS
            branch.add(
                _text(
                    pick(
                        f"……另有 {more} 行(用 --xlsx 或 --format json 看全部)",
                        f"… {several(more, 'more row')} (--xlsx or --format json shows all)",
                    )
                )
            )
    for file, group in groupby(one.shares, key=lambda share: share.file):
        branch = head.add(_text(file or pick("各文件合计", "all files together")))
        for share in group:
            branch.add(_text(f"{share.unit}: {decimal_text(share.total)}"))
    if one.withheld is not None:
        number, total = one.withheld.units, decimal_text(one.withheld.total)
        head.add(
            _text(
                pick(
                    f"公开版中有数字不公布或合在一起的 {number} 个单位: 合计 {total}",
                    f"{several(number, 'unit')} with hidden figures, or told with them: {total} together",
                )
            )
        )


def _row(row: Row, table: str, pick: Pick) -> str:
    names = {f.name: pick(f.zh, f.name) for f in load_contracts()[table].fields}
    factor = "" if row.factor == 1 else f" × {decimal_text(Fraction(row.factor))}"
    where = pick(f"第 {row.row} 行", f"row {row.row}")
    return f"{where} {names.get(row.column, row.column)} {decimal_text(Fraction(row.value))}{factor}  {row.label}"


def shown_value(value: Fraction) -> str:
    """A value with four decimals, half to even, for reading; the exact one stands beside it."""
    from pipeline.report.numbers import round_exact

    return round_exact(value, 4).rstrip("0").rstrip(".")


def diff_text(d: EditionDifference, pick: Pick) -> str:
    """Inputs, plan and code that differ, then what changed, each with its causes."""
    lines = [f"{d.old} → {d.new}"]
    if d.general:
        lines.append(pick("总体变动:", "Changes that can touch everything:"))
        lines += [f"  {pick(c.zh, c.en)}" for c in d.general]
    if d.thresholds:
        lines.append(pick("阈值变动:", "Thresholds that differ:"))
        lines += [f"  {key}: {old} → {new}" for key, old, new in d.thresholds]
    if d.code:
        lines += _code(d.code, pick)
    kinds = [(k, sum(i.kind == k for i in d.inputs)) for k in ("restated", "new", "withdrawn", "registered")]
    words = {
        "restated": pick("更正", "restated"),
        "new": pick("新收到", "new"),
        "withdrawn": pick("不再使用", "withdrawn"),
        "registered": pick("登记修改", "registration changed"),
    }
    told = pick("、", ", ").join(f"{words[k]} {n}" for k, n in kinds if n) or pick("无", "none")
    lines.append(pick(f"原始文件变动:{told}", f"Inputs that differ: {told}"))
    for change in d.inputs:
        lines.append(f"  {words[change.kind]} {change.entry['path']} {change.entry['reason']}".rstrip())
        for cell in (change.cells or [])[: LISTED_ROWS if d.cells_told else 0]:
            lines.append(
                pick(f"      第 {cell.row} 行 {cell.column}:", f"      row {cell.row} {cell.column}: ")
                + f"{cell.old if cell.old is not None else ''} → {cell.new if cell.new is not None else ''}"
            )
        if (more := len(change.cells or []) - LISTED_ROWS) > 0 and d.cells_told:
            lines.append(
                pick(
                    f"      ……另有 {more} 处(用 --format json 看全部)",
                    f"      … {several(more, 'more cell')} (--format json shows all)",
                )
            )
    if not d.cells_told and any(change.cells for change in d.inputs):
        lines.append(
            pick(
                "  公开版的比较不列更正文件里的单元格,请比较内部版",
                "  a comparison of public editions lists no cells of corrected files: compare the internal ones",
            )
        )
    for what in _WHAT:
        lines += _changes(d.of(what), what, pick)
    if not d.changes:
        lines.append(pick("数值、判定、方向都没有变动。", "No value, verdict or direction changed."))
    if d.unexplained:
        lines.append(
            pick(
                f"有 {len(d.unexplained)} 处变动没有找到原因!",
                f"NO cause was found for {several(len(d.unexplained), 'change')}!",
            )
        )
    return _joined(lines)


def _code(code: Versions, pick: Pick) -> Iterator[str]:
    """The commits that hold the two versions of the code, those between them, and where it changed."""
    unknown = pick("(历史里没有)", "(not in the history)")
    pair = " → ".join(commit[:SHOWN_COMMIT] or unknown for commit in (code.old, code.new))
    yield pick(f"程序的提交:{pair}", f"Commits of the code: {pair}")
    if code.problem[0]:
        yield f"  {pick(*code.problem)}"
    for commit, subject in code.between[:LISTED_ROWS]:
        yield f"  {commit[:SHOWN_COMMIT]} {subject}"
    if len(code.between) > LISTED_ROWS:
        more = len(code.between) - LISTED_ROWS
        yield pick(f"  ……另有 {more} 个提交", f"  … {several(more, 'more commit')}")
    yield pick(f"程序改动之处({len(code.changes)}):", f"Where the code changed ({len(code.changes)}):")
    yield from _listed(code.changes, pick)


def _changes(changes: list[Change], what: What, pick: Pick) -> Iterator[str]:
    if not changes:
        return
    yield pick(f"{_WHAT[what][0]}:{len(changes)} 处", f"{_WHAT[what][1]}: {len(changes)}")
    for c in changes[:LISTED_CHANGES]:
        name = c.commitment_id or f"{c.indicator_id}/{c.variant}"
        segment = "" if c.segment == "all" else f" {c.segment}"
        none = pick("(无)", "(none)")
        yield f"  {name} {c.area_code}{segment} {c.period}: {_words(what, c.old, pick) or none} → {_words(what, c.new, pick) or none}"
        for cause in c.causes:
            yield f"      {pick('原因', 'cause')}: {pick(cause.zh, cause.en)}"
    if len(changes) > LISTED_CHANGES:
        yield pick(
            f"  ……另有 {len(changes) - LISTED_CHANGES} 处(用 --format json 看全部)",
            f"  … {len(changes) - LISTED_CHANGES} more (--format json shows all)",
        )


def _words(what: What, text: str, pick: Pick) -> str:
    """A class (with its reason in brackets), projection or direction in words; anything else as it is."""
    if what == "verdict" and text:
        code, _, reason = text.removesuffix(")").partition("(")
        shown = status(code, reason or None)
        note = pick(f":{shown.note.zh}", f": {shown.note.en}") if shown.note else ""
        return pick(shown.word.zh, shown.word.en) + note
    return pick(*_STATES[text]) if what in ("projection", "direction") and text else text


def _text(line: str) -> Text:
    """Text taken as it is: nothing in it is markup, no control character reaches the terminal, it is one line."""
    return Text(one_line(line))


def one_line(line: str) -> str:
    """A text of others on one line: a name with a line break in it cannot look like a line of ours."""
    return terminal(line.replace("\n", "\\n").replace("\t", "\\t"))


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(map(one_line, lines))


def _rendered(tree: Tree, color: bool) -> str:
    out = io.StringIO()
    Console(
        file=out,
        width=WIDTH,
        force_terminal=color,
        color_system="standard" if color else None,
        soft_wrap=True,
    ).print(tree, soft_wrap=True)
    return out.getvalue().rstrip("\n")
