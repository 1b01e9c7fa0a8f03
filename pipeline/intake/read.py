"""Received files -> typed rows of a raw table, each with its place, and findings for the rest.

Belongs here: one file as a whole, checks inside one table over its files (duplicate keys,
I10), the cached form of both. Does not belong here: rules across tables (quality), crosswalks
(staging).

No row is dropped silently: a row that is not in the frame has an error finding, and errors
block publication. ``rows_read`` counts every data row, good or bad; check totals and notes below a
table are no data rows.

What a programme adds to the contracts (``local``: names of units, layouts of earlier years) comes with
every call, and is part of what a parsed file is kept under.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.intake import cache
from pipeline.intake.check_totals import check_totals
from pipeline.intake.contract import Contract
from pipeline.intake.decode import DecodeError, Sheet, read_grid
from pipeline.intake.headers import HeaderIndex, HeaderMatch, nameless_columns
from pipeline.intake.local import NOTHING_LOCAL, Local
from pipeline.intake.register import Registration, check_bytes, effective
from pipeline.intake.rows import SheetRows
from pipeline.intake.sheets import data_sheets, tell_headers
from pipeline.intake.side_rows import split, tell_notes
from pipeline.intake.tell import Teller
from pipeline.quality.finding import Finding, RuleOutcome

INTAKE_RULES = (
    "I01", "I02", "I03", "I04", "I05", "I06", "I07", "I08", "I09", "I10", "I11", "I12", "I13", "I14", "I15",
    "I16", "I17", "I18", "I19", "I20", "I21", "I22", "I23", "I24", "I25", "I26",
)  # fmt: skip
_INFO_RULES = frozenset(["I20"])
_WARNING_RULES = frozenset(["I19"])


@dataclass(frozen=True)
class ReadResult:
    """``frame`` (schema ``contract.raw_schema()``, file order), ``findings`` sorted, ``rows_read``."""

    frame: pl.DataFrame
    findings: list[Finding]
    rows_read: int


def read_return(
    programme_root: Path, registration: Registration, contract: Contract, local: Local = NOTHING_LOCAL
) -> ReadResult:
    """Read one registered file.

    The bytes must be the registered ones (R01, R03). Rows without an error form the frame;
    every other row, header and file problem is a finding (I01-I09, I11-I26).
    """
    data, finding = check_bytes(programme_root, registration)
    if finding is not None:
        return ReadResult(_empty(contract), [finding], 0)
    return _parse(data, registration, contract, local)


def cached_read(
    programme_root: Path,
    registration: Registration,
    contract: Contract,
    cache_root: Path,
    local: Local = NOTHING_LOCAL,
) -> ReadResult:
    """:func:`read_return`, parsed once per content: kept under ``cache_root`` as Parquet and JSON.

    The file itself is hashed every time, so a replaced or edited file is never served from the
    cache. An entry that is not whole is rebuilt.
    """
    data, finding = check_bytes(programme_root, registration)
    if finding is not None:
        return ReadResult(_empty(contract), [finding], 0)
    key = cache.entry_key(registration.sha256, registration, contract, local)
    if (entry := cache.fetch(cache_root, key, contract)) is not None:
        return ReadResult(*entry)
    result = _parse(data, registration, contract, local)
    cache.store(cache_root, key, (result.frame, result.findings, result.rows_read))
    return result


def read_table(
    programme_root: Path,
    registrations: Iterable[Registration],
    contract: Contract,
    cache_root: Path | None = None,
    local: Local = NOTHING_LOCAL,
) -> ReadResult:
    """Read all files of one table and look for duplicate keys over them (I10).

    ``registrations`` may hold other tables and replaced files; both are left out. The frame
    keeps the first of duplicate rows. Files come in total order, rows in file order.
    """
    chosen = effective((r for r in registrations if r.table == contract.table), year=9999)
    parts = [
        read_return(programme_root, r, contract, local)
        if cache_root is None
        else cached_read(programme_root, r, contract, cache_root, local)
        for r in chosen
    ]
    frame = pl.concat([p.frame for p in parts]) if parts else _empty(contract)
    frame, duplicates = _duplicate_keys(frame, contract, {r.path: r for r in chosen})
    findings = [f for p in parts for f in p.findings] + duplicates
    return ReadResult(frame, sorted(findings, key=Finding.sort_key), sum(p.rows_read for p in parts))


def outcomes(contract: Contract, result: ReadResult) -> list[RuleOutcome]:
    """What became of every intake rule on one table, from the result of :func:`read_table`.

    Notices (info) of an error rule, such as an unread remarks column, do not count as offending.
    """
    offending: Counter[tuple[str, str]] = Counter()
    for f in result.findings:
        offending[f.rule, f.severity] += 1 + f.more
    told = []
    for rule in dict.fromkeys((*INTAKE_RULES, *sorted(f.rule for f in result.findings))):
        severity = "info" if rule in _INFO_RULES else "warning" if rule in _WARNING_RULES else "error"
        count = offending[rule, severity]
        told.append(
            RuleOutcome(
                rule=rule,
                table=contract.table,
                severity=severity,  # type: ignore[arg-type]
                outcome="failed" if count and severity != "info" else "passed",
                checked=result.rows_read,
                offending=count,
            )
        )
    return told


def _empty(contract: Contract) -> pl.DataFrame:
    return pl.DataFrame(schema=contract.raw_schema())


def _parse(data: bytes, registration: Registration, contract: Contract, local: Local) -> ReadResult:
    """All sheets of a file that hold data, against the contract."""
    teller = Teller(registration, contract)
    headers = HeaderIndex(contract, local, (registration.period_from, registration.period_to))
    try:
        sheets = read_grid(data, headers.score)
    except DecodeError as error:
        rule = "I21" if not data.strip() else "I01"
        teller.add(
            rule, error.zh, error.en, sheet=error.sheet, row=error.row, todo=(error.todo_zh, error.todo_en)
        )
        return ReadResult(_empty(contract), teller.findings(), 0)
    frames: list[pl.DataFrame] = []
    rows_read = 0
    for sheet, band in data_sheets(sheets, headers, teller):
        frame, count = _parse_sheet(sheet, headers.match(sheet, band), headers, teller, local)
        frames.append(frame)
        rows_read += count
    frame = pl.concat(frames) if frames else _empty(contract)
    return ReadResult(frame, teller.findings(), rows_read)


def _parse_sheet(
    sheet: Sheet, match: HeaderMatch, headers: HeaderIndex, teller: Teller, local: Local
) -> tuple[pl.DataFrame, int]:
    """(rows without an error, number of data rows) of one sheet."""
    contract = headers.contract
    parts = split(sheet, match, contract, local.areas)
    match.nameless = nameless_columns(sheet, match, parts.data)
    usable = tell_headers(sheet, match, headers, teller)
    tell_notes(sheet, match, parts.notes, teller)
    if not parts.data:
        teller.add(
            "I21",
            "表头下面没有数据行。",
            "There are no data rows below the header.",
            sheet=sheet.name,
            row=sheet.numbers[match.index],
            todo=(
                "核对是否报错了文件；请填报单位重新报送。",
                "Check whether this is the right file; ask the supplier for it again.",
            ),
        )
    rows = SheetRows(sheet, match, contract, teller.registration, teller, parts.data, local.areas)
    frame = rows.frame()
    if usable:
        check_totals(rows, parts.totals)
    return (frame if usable else frame.clear()), len(parts.data)


def _duplicate_keys(
    frame: pl.DataFrame, contract: Contract, registrations: dict[str, Registration]
) -> tuple[pl.DataFrame, list[Finding]]:
    """(frame with the first of each key, I10 findings that show both places). Blank equals blank."""
    key = list(contract.key)
    if frame.height == 0:
        return frame, []
    again = frame.select(~pl.struct(key).is_first_distinct()).to_series()
    if not again.any():
        return frame, []
    firsts = frame.filter(~again)
    payload = [f.name for f in contract.fields if f.name not in key]
    place = ["source_file", "source_sheet", "source_row"]
    other = firsts.select(*key, *(pl.col(c).alias(f"first_{c}") for c in (*place, *payload)))
    pairs = frame.filter(again).join(other, on=key, how="left", nulls_equal=True, maintain_order="left")
    tellers: dict[str, Teller] = {}
    for row in pairs.iter_rows(named=True):
        path = row["source_file"]
        teller = tellers.setdefault(path, Teller(registrations[path], contract))
        same = all(row[name] == row[f"first_{name}"] for name in payload)
        here = _where(path, row["source_sheet"], row["source_row"])
        there = _where(row["first_source_file"], row["first_source_sheet"], row["first_source_row"])
        shown_key = [
            (contract.field(k).zh if k != "period" else "时期", k, row[k]) for k in key if row[k] is not None
        ]
        zh = "，".join(f"{label} {value}" for label, _, value in shown_key)
        en = ", ".join(f"{name} {value}" for _, name, value in shown_key)
        alike = (
            ("两行内容相同", "both rows say the same") if same else ("两行内容不同", "the two rows differ")
        )
        teller.add(
            "I10",
            f"重复的行（{zh}）：{here[0]} 与 {there[0]}，{alike[0]}。",
            f"Duplicate rows ({en}): {here[1]} and {there[1]}; {alike[1]}.",
            sheet=row["source_sheet"],
            row=row["source_row"],
            value="，".join(str(value) for _, _, value in shown_key),
            expected=(
                f"每个“{'、'.join(label for label, _, _ in shown_key)}”只有一行",
                "one row for each key",
            ),
            todo=(
                "请与填报单位核对，只保留正确的一行。如新文件是用来替换旧文件的，请在 register.csv "
                f"第 {registrations[path].row} 行的 supersedes 写明。",
                "Check with the supplier and keep the right row. If the file replaces an older one,"
                f" say so in supersedes, row {registrations[path].row} of register.csv.",
            ),
        )
    return firsts, [f for teller in tellers.values() for f in teller.findings()]


def _where(path: str, sheet: str, row: int) -> tuple[str, str]:
    if sheet:
        return f"{path} 工作表“{sheet}”第 {row} 行", f"{path}, sheet “{sheet}”, row {row}"
    return f"{path} 第 {row} 行", f"{path} row {row}"
