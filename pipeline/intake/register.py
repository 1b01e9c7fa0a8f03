"""register.csv: the list of every file received, with its checksum.

Belongs here: reading and checking the register, holding it against the files that are really
there. Does not belong here: the contents of the files (read.py).
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import hashlib
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.intake import limits
from pipeline.intake.cells import is_harmless, parse_date, shown, visible
from pipeline.intake.contract import PERIOD_KINDS, Contract, load_contracts
from pipeline.intake.decode import DecodeError, decode_text
from pipeline.intake.place import NotAFile, received_bytes
from pipeline.quality.finding import Finding
from pipeline.quality.notes import REFUSALS, SHORTEST, refuse

REGISTER = "register.csv"
COLUMNS = (
    "table",
    "period_kind",
    "period_from",
    "period_to",
    "revision",
    "path",
    "sha256",
    "supplier",
    "received_on",
    "maturity",
    "origin",
    "form_edition",
    "late",
    "supersedes",
    "reason",
)
MATURITIES = ("final", "preliminary")
ORIGINS = ("real", "demonstration")
NOT_RETURNS = frozenset(
    ["plan.yaml", "areas.csv", "crosswalk.csv", "register.csv", "notes.csv", "benchmarks.csv", "english.csv"]
)
"""Files at the top of a programme folder that are not received returns."""
_LITTER = frozenset(["thumbs.db", "desktop.ini"])
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_SURPLUS_TOLD = 20
_MEANING_ZH = (
    "各列含义：table 表名；period_kind 时期类型；period_from、period_to 起止年份；revision "
    "第几次报送（从1起）；"
    "path 文件位置；sha256 文件校验值；supplier 报送单位；received_on 收到日期；maturity 正式 "
    "final 或初步 preliminary；"
    "origin 真实 real 或演示 demonstration；form_edition 报表版本（如 2024版）；late 迟报原因（按期的留空）；"
    "supersedes 被替换的文件；reason 替换原因。"
)
_MEANING_EN = (
    "Columns: table; period_kind; period_from and period_to (first and last year); revision (1 = "
    "first hand-in); "
    "path; sha256 (checksum); supplier; received_on (date); maturity (final or preliminary); origin (real or "
    "demonstration); form_edition (edition of the official form, such as 2024版); late (why it came after the "
    "deadline, blank if it did not); supersedes (path of the file it replaces); reason (why it was replaced)."
)


@dataclass(frozen=True, order=True)
class Registration:
    """One received file. ``path`` is relative to the programme folder; ``row`` is its row in register.csv.

    ``form_edition`` names the edition of the official form that it follows; ``late`` says why it came after the
    deadline of the plan, and is blank where it did not.

    Ordered by table, period, revision and path: a total order, because paths are unique.
    """

    table: str
    period_from: int
    period_to: int
    revision: int
    path: str
    period_kind: str
    sha256: str
    supplier: str
    received_on: dt.date
    maturity: str
    origin: str
    form_edition: str
    late: str = ""
    supersedes: str = ""
    reason: str = ""
    row: int = 0


@dataclass(frozen=True)
class RegisterResult:
    """The rows of register.csv that are right, and a finding for everything that is not."""

    registrations: list[Registration]
    findings: list[Finding]


class IntakeError(Exception):
    """The register cannot be used; ``findings`` say why, row by row."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(f"{f.message_zh} / {f.message_en}" for f in findings))
        self.findings = findings


def load_register(programme_root: Path) -> list[Registration]:
    """Every row of ``programme_root/register.csv`` in total order; IntakeError if anything is wrong."""
    result = read_register(programme_root)
    if result.findings:
        raise IntakeError(result.findings)
    return result.registrations


def read_register(programme_root: Path, contracts: dict[str, Contract] | None = None) -> RegisterResult:
    """Like :func:`load_register`, but returns the findings (R00, R04-R07) beside the rows that are right."""
    contracts = load_contracts() if contracts is None else contracts
    try:
        rows = _records(programme_root)
    except _Unreadable as error:
        return RegisterResult([], [error.finding])
    findings: list[Finding] = []
    good: list[Registration] = []
    for number, record in rows:
        problems = _check_row(number, record, contracts)
        findings += problems
        if not problems:
            good.append(_registration(number, record))
    findings += _duplicates(good)
    findings += _supersessions(good, {normal_path(record["path"]) for _, record in rows})
    wrong_rows = {f.row for f in findings}
    kept = sorted(r for r in good if r.row not in wrong_rows)
    return RegisterResult(kept, sorted(findings, key=Finding.sort_key))


def normal_path(path: str) -> str:
    """A path of the register in the form in which paths are compared: NFC, forward slashes."""
    return unicodedata.normalize("NFC", path.strip())


class _Unreadable(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message_en)
        self.finding = finding


def _finding(rule: str, **texts: object) -> Finding:
    values: dict[str, object] = {
        "file": REGISTER,
        "who_zh": "维护 register.csv 的人员",
        "who_en": "whoever keeps register.csv",
    }
    return Finding(rule=rule, severity="error", **(values | texts))  # type: ignore[arg-type]


def _records(programme_root: Path) -> list[tuple[int, dict[str, str]]]:
    """(row number, record) of every filled row; raises _Unreadable (R00)."""
    try:
        data = received_bytes(programme_root, REGISTER, limits.MAX_LIST_BYTES)
    except (OSError, NotAFile) as error:
        why = (error.zh, error.en) if isinstance(error, NotAFile) else ("不存在或打不开", f"{error.strerror}")
        raise _Unreadable(
            _finding(
                "R00",
                message_zh=f"找不到或无法打开 {REGISTER}（{why[0]}）。",
                message_en=f"{REGISTER} is missing or cannot be opened ({why[1]}).",
                expected_zh="登记每个收到文件的 CSV：" + ",".join(COLUMNS),
                expected_en="a CSV that lists every received file: " + ",".join(COLUMNS),
                todo_zh=f"在该项目的数据文件夹中建立 {REGISTER}，第一行写：{','.join(COLUMNS)}。"
                f"{_MEANING_ZH}",
                todo_en=f"Create {REGISTER} in the programme's data folder; first line: "
                f"{','.join(COLUMNS)}. {_MEANING_EN}",
            )
        ) from error
    try:
        table = list(csv.reader(io.StringIO(decode_text(data), newline=""), strict=True))
    except (DecodeError, csv.Error) as error:
        told = (
            (error.zh, error.en)
            if isinstance(error, DecodeError)
            else ("引号没有成对。", "Quotes do not pair up.")
        )
        raise _Unreadable(
            _finding(
                "R00",
                message_zh=f"{REGISTER} 无法读取：{told[0]}",
                message_en=f"{REGISTER} cannot be read: {told[1]}",
                todo_zh="用表格软件另存为 CSV（UTF-8）。",
                todo_en="Save it again as CSV (UTF-8).",
            )
        ) from error
    header = [cell.strip() for cell in table[0]] if table else []
    if sorted(header) != sorted(COLUMNS):
        missing = [c for c in COLUMNS if c not in header]
        surplus = sorted({shown(c) for c in set(header) if c not in COLUMNS or header.count(c) > 1})[:_SURPLUS_TOLD]
        hints_zh, hints_en = [], []
        for column in surplus:
            near = difflib.get_close_matches(column.lower(), missing, n=1)
            if near:
                hints_zh.append(f"“{column}”是否应为“{near[0]}”？")
                hints_en.append(f"“{column}” may be “{near[0]}”.")
        raise _Unreadable(
            _finding(
                "R00",
                row=1,
                value=shown(",".join(header)),
                message_zh=f"{REGISTER} 的表头不对：缺少 {'、'.join(missing) or '无'}；多出 "
                f"{'、'.join(surplus) or '无'}。" + "".join(hints_zh),
                message_en=f"The header of {REGISTER} is wrong: missing {', '.join(missing) or 'none'}; "
                f"surplus {', '.join(surplus) or 'none'}. {' '.join(hints_en)}".rstrip(),
                expected_zh=",".join(COLUMNS),
                expected_en=",".join(COLUMNS),
                todo_zh=f"把第一行改成：{','.join(COLUMNS)}",
                todo_en=f"Make the first line: {','.join(COLUMNS)}",
            )
        )
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise _Unreadable(
                _finding(
                    "R00",
                    row=number,
                    message_zh=f"{REGISTER} 第 {number} 行的单元格比表头多，可能有未加引号的逗号。",
                    message_en=f"Row {number} of {REGISTER} has more cells than the header; a comma may lack "
                    "quotes.",
                    todo_zh="给含逗号的内容加上英文双引号。",
                    todo_en="Put double quotes around contents that hold a comma.",
                )
            )
        padded = cells + [""] * (len(header) - len(cells))
        rows.append((number, {name: cell.strip() for name, cell in zip(header, padded, strict=True)}))
    return rows


def _wrong_cell(
    number: int, record: dict[str, str], wrong: tuple[str, str, str], rule: str = "R04"
) -> Finding:
    """A cell of the register: ``wrong`` is (column, expectation in Chinese, in English)."""
    column, expected_zh, expected_en = wrong
    value = record[column]
    zh = f"写的是“{shown(value)}”" if value else "没有填写"
    en = f"says “{shown(value)}”" if value else "is blank"
    return _finding(
        rule,
        table=shown(record["table"]),
        row=number,
        column=column,
        value=shown(value),
        message_zh=f"{REGISTER} 第 {number} 行的 {column} {zh}，应为{expected_zh}。",
        message_en=f"{column} in row {number} of {REGISTER} {en}; it must be {expected_en}.",
        expected_zh=expected_zh,
        expected_en=expected_en,
        todo_zh=f"改正 {REGISTER} 第 {number} 行的 {column}。",
        todo_en=f"Correct {column} in row {number} of {REGISTER}.",
    )


def _check_row(number: int, record: dict[str, str], contracts: dict[str, Contract]) -> list[Finding]:
    """Findings about single cells of one register row: R04 and R06."""
    found = []
    contract = contracts.get(record["table"])
    if contract is None:
        near = difflib.get_close_matches(record["table"], sorted(contracts), n=1)
        hint_zh = f"（是否应为 {near[0]}？）" if near else ""
        hint_en = f" (perhaps {near[0]}?)" if near else ""
        listed = ", ".join(sorted(contracts))
        wrong = ("table", f"以下表名之一：{listed}{hint_zh}", f"one of: {listed}{hint_en}")
        found.append(_wrong_cell(number, record, wrong, "R06"))
    kinds = PERIOD_KINDS if contract is None else (contract.period_kind,)
    wrongs = [*_wrong_periods(record, kinds), *_wrong_places(record), *_wrong_words(record)]
    return found + [_wrong_cell(number, record, wrong) for wrong in wrongs]


def _wrong_periods(record: dict[str, str], kinds: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    if record["period_kind"] not in kinds:
        yield "period_kind", f" {' 或 '.join(kinds)}", " or ".join(kinds)
    years = []
    for column in ("period_from", "period_to"):
        text = record[column]
        if re.fullmatch(r"[0-9]{4}", text) and _FIRST_YEAR <= int(text) <= _LAST_YEAR:
            years.append(int(text))
        else:
            yield column, "四位年份，例如 2023", "a year of four digits such as 2023"
    if len(years) == 2 and years[0] > years[1]:
        yield (
            "period_to",
            f"不早于 period_from（{years[0]}）的年份",
            f"no earlier than period_from ({years[0]})",
        )
    if not re.fullmatch(r"[1-9][0-9]{0,2}", record["revision"]):
        yield "revision", "从 1 开始的整数", "a whole number from 1"


def _wrong_places(record: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for column in ("path", "supersedes"):
        if (column == "path" or record[column]) and not _is_relative(record[column]):
            yield (
                column,
                "数据文件夹内的相对位置，用“/”分隔，例如 2023/school_register.csv",
                "a place inside the data folder with forward slashes, such as 2023/school_register.csv",
            )
    if not re.fullmatch(r"[0-9a-f]{64}", record["sha256"].lower()):
        yield "sha256", "64 位十六进制校验值", "a checksum of 64 hexadecimal digits"


def _wrong_words(record: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for column in ("supplier", "reason", "form_edition", "late"):
        if not is_harmless(record[column]):
            yield column, "不含控制字符和看不见的字符的文字", "a text without control or invisible characters"
    if not record["supplier"]:
        yield "supplier", "报送单位名称", "the name of the supplier"
    if parse_date(record["received_on"]).value is None:
        yield "received_on", "收到日期，例如 2023-10-20", "the date of receipt such as 2023-10-20"
    for column, allowed in (("maturity", MATURITIES), ("origin", ORIGINS)):
        if record[column] not in allowed:
            yield column, f" {' 或 '.join(allowed)}", " or ".join(allowed)
    if not record["form_edition"]:
        yield "form_edition", "所依据的报表版本，例如 2024版", "the edition of the official form such as 2024版"
    if record["late"] and (refusal := refuse(record["late"])):
        why_zh, why_en = REFUSALS[refusal]
        yield (
            "late",
            f"迟报的具体原因（至少 {SHORTEST} 个字；现{why_zh}），按期的留空",
            f"the reason why it is late, of at least {SHORTEST} characters (this one is {why_en}), or blank if in time",
        )


def _is_relative(path: str) -> bool:
    """True for a plain relative path that stays inside the folder, without control or invisible characters."""
    pure = PurePosixPath(path)
    return bool(
        path
        and is_harmless(path)
        and "\\" not in path
        and not pure.is_absolute()
        and not re.match(r"[A-Za-z]:", path)
        and ".." not in pure.parts
        and str(pure) == path
    )


def _registration(number: int, record: dict[str, str]) -> Registration:
    received = parse_date(record["received_on"]).value
    assert isinstance(received, dt.date)
    return Registration(
        table=record["table"],
        period_from=int(record["period_from"]),
        period_to=int(record["period_to"]),
        revision=int(record["revision"]),
        path=normal_path(record["path"]),
        period_kind=record["period_kind"],
        sha256=record["sha256"].lower(),
        supplier=record["supplier"],
        received_on=received,
        maturity=record["maturity"],
        origin=record["origin"],
        form_edition=record["form_edition"],
        late=record["late"],
        supersedes=normal_path(record["supersedes"]),
        reason=record["reason"],
        row=number,
    )


def _duplicates(registrations: list[Registration]) -> list[Finding]:
    """R05: a path registered twice."""
    first: dict[str, int] = {}
    found = []
    for r in registrations:
        if r.path in first:
            found.append(
                _finding(
                    "R05",
                    table=r.table,
                    row=r.row,
                    column="path",
                    value=r.path,
                    message_zh=f"文件 {r.path} 在 {REGISTER} 中登记了两次：第 {first[r.path]} 行和第 {r.row} "
                    "行。",
                    message_en=f"{r.path} is registered twice in "
                    f"{REGISTER}: rows {first[r.path]} and "
                    f"{r.row}.",
                    expected_zh="每个文件只登记一行",
                    expected_en="one row for each file",
                    todo_zh="删除多余的一行；如是更正后的文件，请换一个文件名另行登记。",
                    todo_en="Delete one of the rows; register a corrected file under another name.",
                )
            )
        first.setdefault(r.path, r.row)
    return found


def _supersessions(registrations: list[Registration], all_paths: set[str]) -> list[Finding]:
    """R07: a replacement that is not explained or does not fit what it replaces."""
    by_path = {r.path: r for r in registrations}
    found = []
    for r in registrations:
        for column, zh, en, todo_zh, todo_en in _wrong_supersession(r, by_path, all_paths):
            found.append(
                _finding(
                    "R07",
                    table=r.table,
                    row=r.row,
                    column=column,
                    value=shown(str(getattr(r, column))),
                    message_zh=f"{REGISTER} 第 {r.row} 行（{r.path}）：{zh}",
                    message_en=f"Row {r.row} of {REGISTER} ({r.path}): {en}",
                    todo_zh=todo_zh,
                    todo_en=todo_en,
                )
            )
    return found


_Wrong = tuple[str, str, str, str, str]
"""Column; what is wrong in Chinese, in English; what to do in Chinese, in English."""


def _wrong_supersession(
    r: Registration, by_path: dict[str, Registration], all_paths: set[str]
) -> Iterator[_Wrong]:
    if not r.supersedes:
        if r.revision > 1:
            yield (
                "supersedes",
                f"第 {r.revision} 次报送，但没有写明替换哪个文件。",
                f"revision {r.revision}, but it does not say which file it replaces.",
                "在 supersedes 填写被替换文件的位置，在 reason 填写原因；首次报送则 revision 填 1。",
                "Give the replaced file in supersedes and why in reason; a first hand-in has revision 1.",
            )
        return
    if not r.reason:
        yield (
            "reason",
            f"替换了 {r.supersedes}，但没有写明原因。",
            f"it replaces {r.supersedes}, but gives no reason.",
            "在 reason 填写替换原因，例如“县教育局更正在园人数”。",
            "Say in reason why it was replaced.",
        )
    if r.supersedes in by_path:
        yield from _misfit(r, by_path[r.supersedes])
    elif r.supersedes not in all_paths:
        near = difflib.get_close_matches(r.supersedes, sorted(by_path), n=1)
        hint = (f"是否应为 {near[0]}？", f" Perhaps {near[0]}?") if near else ("", "")
        yield (
            "supersedes",
            f"被替换的文件 {r.supersedes} 没有登记。{hint[0]}",
            f"the replaced file {r.supersedes} is not registered.{hint[1]}",
            "改成已登记文件的 path；被替换的文件和它的登记行都要保留。",
            "Give the path of a registered file; the replaced file and its row are kept.",
        )


def _misfit(r: Registration, old: Registration) -> Iterator[_Wrong]:
    """What does not fit between a file and the one it replaces."""
    if old.table != r.table:
        yield (
            "supersedes",
            f"被替换的文件属于另一张表（{old.table}）。",
            f"the replaced file belongs to another table ({old.table}).",
            "改成同一张表的文件。",
            "Give a file of the same table.",
        )
    if old.revision >= r.revision:
        yield (
            "revision",
            f"revision 是 {r.revision}，不大于被替换文件的 {old.revision}。",
            f"its revision {r.revision} is not above that of the replaced file ({old.revision}).",
            f"把 revision 改成 {old.revision + 1}。",
            f"Set revision to {old.revision + 1}.",
        )
    if not r.period_from <= old.period_from <= old.period_to <= r.period_to:
        yield (
            "period_from",
            f"时期 {r.period_from}—{r.period_to} 没有盖住被替换文件的 "
            f"{old.period_from}—{old.period_to}，会漏掉年份。",
            f"its period {r.period_from}-{r.period_to} does not cover that of the replaced file "
            f"({old.period_from}-{old.period_to}); years would be lost.",
            "改正时期；只更正其中一年的，请提供包含全部年份的完整文件。",
            "Correct the period; to correct one year only, hand in a complete file with all years.",
        )


def sha256_of(data: bytes) -> str:
    """Checksum of the bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def effective(registrations: Iterable[Registration], year: int) -> list[Registration]:
    """The files an edition of ``year`` uses: period_to <= year, without replaced ones, in total order.

    A file counts as replaced only if the file replacing it is itself used in that edition.
    """
    used = [r for r in registrations if r.period_to <= year]
    replaced = {r.supersedes for r in used if r.supersedes}
    return sorted(r for r in used if r.path not in replaced)


def verify_register(programme_root: Path, registrations: list[Registration], year: int) -> list[Finding]:
    """Hold the register against the files.

    R01: a file of an edition of ``year`` or earlier is missing. R02: a file lies in the folder
    without being registered. R03: the content is not the one registered. R08: what lies there is no
    plain file of the folder. Sorted.
    """
    contracts = load_contracts()
    found: list[Finding] = []
    for r in sorted(registrations):
        if r.period_to > year:
            continue
        finding = check_bytes(programme_root, r)[1]
        if finding is not None:
            found.append(finding)
    try:
        mentioned = {normal_path(record["path"]) for _, record in _records(programme_root)}
    except _Unreadable:
        mentioned = set()
    mentioned |= {r.path for r in registrations}
    for path in _files(programme_root):
        if normal_path(path) not in mentioned:
            found.append(_unregistered(programme_root, path, contracts))
    return sorted(found, key=Finding.sort_key)


def check_bytes(programme_root: Path, registration: Registration) -> tuple[bytes, Finding | None]:
    """The bytes of a registered file, or ``b""`` and a finding (R01 missing, R03 changed, R08 no plain file)."""
    r = registration
    try:
        data = received_bytes(programme_root, r.path)
    except NotAFile as problem:
        return b"", _no_plain_file(r.path, problem, table=r.table, period=str(r.period_to))
    except OSError as error:
        return b"", _finding(
            "R01",
            table=r.table,
            file=r.path,
            period=str(r.period_to),
            message_zh=f"已登记的文件 {r.path} 不存在或无法打开（{REGISTER} 第 {r.row} 行）。",
            message_en=f"The registered file {r.path} is missing or cannot be opened: {error.strerror} "
            f"(row {r.row} of {REGISTER}).",
            expected_zh=f"sha256 为 {r.sha256} 的文件",
            expected_en=f"a file with sha256 {r.sha256}",
            who_zh=r.supplier,
            who_en=r.supplier,
            todo_zh=f"把原文件放回 {r.path}（可从备份找，或请{r.supplier}重发）；不要用改动过的文件代替。",
            todo_en=f"Put the original back as {r.path} (from a backup, or ask {r.supplier}); no edited "
            "copy.",
        )
    digest = sha256_of(data)
    if digest == r.sha256:
        return data, None
    return b"", _finding(
        "R03",
        table=r.table,
        file=r.path,
        period=str(r.period_to),
        value=digest,
        message_zh=f"文件 {r.path} 的内容与登记时不同：登记的 sha256 是 {r.sha256}，现在是 {digest}。",
        message_en=f"{r.path} is not what was registered: sha256 {r.sha256} expected, {digest} found.",
        expected_zh=r.sha256,
        expected_en=r.sha256,
        who_zh=r.supplier,
        who_en=r.supplier,
        todo_zh=f"误改的请恢复原文件；确是更正的，请恢复原文件后，把更正后的文件换名存放，在 {REGISTER} "
        "另加一行："
        f"revision 填 {r.revision + 1}，sha256 填新文件的校验值，supersedes 填 {r.path}，reason 填更正原因。",
        todo_en="If it was edited by mistake, restore the original. If it is a correction, restore the "
        "original, save "
        f"the corrected file under another name and add a row to {REGISTER}: revision "
        f"{r.revision + 1}, the sha256 of "
        f"the new file, supersedes {r.path}, and the reason.",
    )


def _no_plain_file(path: str, problem: NotAFile, **more: str) -> Finding:
    """R08: what lies at ``path`` is not opened."""
    return _finding(
        "R08",
        file=visible(path),
        message_zh=f"{visible(path)} {problem.zh}，没有打开。",
        message_en=f"{visible(path)} {problem.en}; it was not opened.",
        expected_zh=f"数据文件夹内的普通文件，文件名没有看不见的字符，不超过 {limits.MAX_FILE_BYTES >> 20} MB",
        expected_en="a plain file inside the data folder, its name without invisible characters, of at most "
        f"{limits.MAX_FILE_BYTES >> 20} MB",
        todo_zh="换成文件本身（不要用链接）；名称不对的改名；过大的按县区或年度分成几个文件报送；不需要的移出该文件夹。",
        todo_en="Put the file itself there instead of a link; rename it if its name is wrong; send what is too "
        "large in several files, by county or year; move away what is not needed.",
        **more,
    )


def _files(programme_root: Path) -> list[str]:
    """Paths of everything under the folder that should be registered, sorted, with forward slashes."""
    found = []
    for folder, subfolders, names in os.walk(programme_root):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        here = Path(folder).relative_to(programme_root)
        linked = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in names + linked:
            if name.startswith((".", "~$")) or name.lower() in _LITTER or name.lower().endswith(".md"):
                continue
            if here == Path(".") and name in NOT_RETURNS:
                continue
            if here == Path("layouts") and name.endswith(".csv"):
                continue  # told of by layouts.py
            found.append((here / name).as_posix())
    return sorted(found)


def _unregistered(programme_root: Path, path: str, contracts: dict[str, Contract]) -> Finding:
    """R02, with the row to add; R08 for what is no plain file or has a name that cannot be registered."""
    if not is_harmless(path):
        return _no_plain_file(path, NotAFile("的名称含有看不见的字符", "has a name with invisible characters"))
    try:
        digest = sha256_of(received_bytes(programme_root, path))
    except NotAFile as problem:
        return _no_plain_file(path, problem)
    except OSError:
        digest = "?"
    stem = PurePosixPath(path).stem.lower()
    table = next((name for name in sorted(contracts, key=lambda n: (-len(n), n)) if name in stem), None)
    if table is None:
        near = difflib.get_close_matches(stem, sorted(contracts), n=1)
        table = near[0] if near else None
    years = re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", path)
    first, last = (min(years), max(years)) if years else ("起始年", "截止年")
    kind = contracts[table].period_kind if table else "时期类型"
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(
        [
            table or "表名",
            kind,
            first,
            last,
            "1",
            normal_path(path),
            digest,
            "报送单位",
            "收到日期",
            "final",
            "real",
            "报表版本",
            "",
            "",
            "",
        ]
    )
    row = line.getvalue()
    guess_zh = "（表名和年份按文件名推测，请核对）" if table else ""
    guess_en = " (table and years guessed from the name: check them)" if table else ""
    listed = "" if table else ", ".join(sorted(contracts))
    tables = (f"可用表名：{listed}。", f" Tables: {listed}.") if listed else ("", "")
    return _finding(
        "R02",
        table=table or "",
        file=path,
        value=digest,
        message_zh=f"文件 {path} 没有在 {REGISTER} 中登记。",
        message_en=f"{path} is not registered in {REGISTER}.",
        expected_zh=f"每个收到的文件在 {REGISTER} 中有一行",
        expected_en=f"one row in {REGISTER} for every received file",
        todo_zh=f"如需使用，在 {REGISTER} 末尾加一行{guess_zh}：{row}。{_MEANING_ZH}{tables[0]}"
        "不需要的文件请移出该文件夹。",
        todo_en=f"To use it, add this row to {REGISTER}{guess_en}: {row} — {_MEANING_EN}{tables[1]} "
        "Move files that are not needed out of the folder.",
    )
