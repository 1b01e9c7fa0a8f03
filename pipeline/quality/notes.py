"""Notes (填报说明): what a bureau says about a warning or a review, tied to what was found.

Belongs here: reading and writing ``notes.csv``, refusing notes that say nothing, and telling which
findings are covered. Does not belong here: deciding what is wrong (gate), the forms in which notes are
asked for (office).

A note belongs to the id of a finding (:attr:`Finding.id`), which is made from the rule, the unit, the
period, the subject and the value: given for last year or for another value, it silences nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

import polars as pl
import yaml

from pipeline.intake.cells import is_harmless, shown
from pipeline.quality.finding import Finding

NOTES_FILE = "notes.csv"
COLUMNS = ("finding_id", "rule", "table", "period", "area_code", "value", "note_zh", "noted_by", "noted_on")
NOTES_RULE = "E09"
"""The rule that asks for a note on every warning."""
SHORTEST = 10
"""A note has at least this many characters (V:S-2017: a note of ten characters or more)."""
REFUSALS = {
    "short": (f"少于 {SHORTEST} 个字", f"shorter than {SHORTEST} characters"),
    "stock": ("只是套话，没有写明原因", "a stock phrase that gives no reason"),
}
"""Why a note is refused: key -> words in Chinese and English."""
_SAID = re.compile(r"[\W_]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, order=True)
class Note:
    """One row of ``notes.csv``: the finding it is for, and what is said by whom (a post, not a name).

    ``rule`` to ``value`` repeat the finding for the reader of the file; only ``finding_id`` ties them.
    """

    finding_id: str
    rule: str
    table: str
    period: str
    area_code: str
    value: str
    note_zh: str
    noted_by: str
    noted_on: str


@dataclass(frozen=True)
class NotesResult:
    """The rows of ``notes.csv`` that can be used, and a finding (N01, N02) for each that cannot."""

    notes: list[Note]
    findings: list[Finding]


@cache
def stock_phrases() -> tuple[str, ...]:
    """Phrases that are no reason, bare (no blanks, no punctuation), longest first."""
    listed = yaml.safe_load((Path(__file__).parent / "stock_phrases.yaml").read_text("utf-8"))["phrases"]
    return tuple(sorted({_bare(phrase) for phrase in listed}, key=lambda p: (-len(p), p)))


def refuse(text: str) -> str:
    """Why a note cannot stand: a key of :data:`REFUSALS`, or '' when it can.

    Characters are counted without blanks and punctuation; a note made of stock phrases only, or of one
    character or phrase repeated, is refused whatever its length.
    """
    bare = _bare(text)
    if len(bare) < SHORTEST:
        return "short"
    rest = bare
    for phrase in stock_phrases():
        rest = rest.replace(phrase, "")
    repeated = any(
        len(bare) % n == 0 and bare == bare[:n] * (len(bare) // n) for n in range(1, len(bare) // 2 + 1)
    )
    return "stock" if len(rest) < 2 or rest.isdigit() or repeated else ""


def _bare(text: str) -> str:
    return _SAID.sub("", unicodedata.normalize("NFKC", text)).casefold()


def read_notes(programme_root: Path) -> NotesResult:
    """``programme_root/notes.csv``; nothing at all where there is no such file."""
    path = programme_root / NOTES_FILE
    if not path.is_file():
        return NotesResult([], [])
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return NotesResult([], [_unreadable("不是 UTF-8 的 CSV 文件", "not a CSV file in UTF-8", None)])
    if not rows or [c.strip() for c in rows[0]] != list(COLUMNS):
        return NotesResult([], [_unreadable("第一行的列名不对", "the first line has other columns", 1)])
    notes: list[Note] = []
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], start=2):
        if not any(c.strip() for c in cells):
            continue
        if len(cells) != len(COLUMNS):
            findings.append(_unreadable(f"第 {number} 行的列数不对", f"row {number} has other columns", number))
            continue
        note = Note(*(c.strip() for c in cells))
        problem = _problem(note, seen)
        seen.setdefault(note.finding_id, number)
        if problem is None:
            notes.append(note)
        else:
            findings.append(_wrong(note, number, *problem))
    return NotesResult(sorted(notes), sorted(findings, key=Finding.sort_key))


def _problem(note: Note, seen: dict[str, int]) -> tuple[str, str, str] | None:
    """(column, what is wrong in Chinese, in English) of a note that cannot be used."""
    if not re.fullmatch(r"[0-9a-f]{12}", note.finding_id):
        return "finding_id", "编号应为 12 位十六进制，照抄问题清单的“编号”列", "the id has twelve hexadecimal digits"
    if note.finding_id in seen:
        return (
            "finding_id",
            f"同一编号在第 {seen[note.finding_id]} 行已有说明，只留一条",
            f"row {seen[note.finding_id]} already holds a note for this id; keep one",
        )
    for column in ("note_zh", "noted_by"):
        if not is_harmless(" ".join(getattr(note, column).split())):
            return column, "含有控制字符或看不见的字符", "control or invisible characters"
    if not note.noted_by:
        return "noted_by", "没有填写说明人（岗位）", "who gives the note (a post) is not filled in"
    try:
        if not _DAY.fullmatch(note.noted_on):
            raise ValueError(note.noted_on)
        dt.date.fromisoformat(note.noted_on)
    except ValueError:
        return "noted_on", "日期应写成 2024-10-22", "write the day as 2024-10-22"
    return None


def _wrong(note: Note, number: int, column: str, zh: str, en: str) -> Finding:
    return Finding(
        rule="N02",
        severity="error",
        file=NOTES_FILE,
        row=number,
        column=column,
        value=shown(getattr(note, column)),
        message_zh=f"{NOTES_FILE} 第 {number} 行的填报说明不能用：{zh}。",
        message_en=f"the note in row {number} of {NOTES_FILE} cannot be used: {en}.",
        expected_zh="由 jiance notes import 写入的行",
        expected_en="a row as jiance notes import writes it",
        who_zh="市教育局统计人员",
        who_en="the statistics officer of the city education bureau",
        todo_zh=f"改正 {NOTES_FILE} 的这一行，或删去后重新导入",
        todo_en=f"correct this row of {NOTES_FILE}, or delete it and import the note again",
    )


def _unreadable(zh: str, en: str, row: int | None) -> Finding:
    return Finding(
        rule="N01",
        severity="error",
        file=NOTES_FILE,
        row=row,
        message_zh=f"{NOTES_FILE} 无法读取：{zh}。",
        message_en=f"{NOTES_FILE} cannot be read: {en}.",
        expected_zh=",".join(COLUMNS),
        expected_en=",".join(COLUMNS),
        who_zh="市教育局统计人员",
        who_en="the statistics officer of the city education bureau",
        todo_zh="在问题清单里填写说明，用 jiance notes import 导入；不要手工改这个文件的列",
        todo_en="fill in the notes in the work list and run jiance notes import; leave the columns alone",
    )


def notes_frame(notes: Sequence[Note]) -> pl.DataFrame:
    """``raw.note``: one row a note, all texts, with ``refusal`` ('' where the note can stand)."""
    rows = [(*astuple(note), refuse(note.note_zh)) for note in sorted(notes)]
    names = ["table_name" if c == "table" else c for c in COLUMNS]
    return pl.DataFrame(rows, {name: pl.String for name in (*names, "refusal")}, orient="row")


def noted(findings: Iterable[Finding], notes: Sequence[Note]) -> dict[str, Note]:
    """Finding id -> its note, for the warnings and reviews that have one that can stand."""
    good = {note.finding_id: note for note in notes if not refuse(note.note_zh)}
    return {f.id: good[f.id] for f in findings if f.severity in ("warning", "review") and f.id in good}


def open_findings(findings: Iterable[Finding], notes: Sequence[Note], severity: str) -> list[Finding]:
    """Findings of ``severity`` without a note that can stand, in the order given."""
    known = noted(findings := list(findings), notes)
    return [f for f in findings if f.severity == severity and f.id not in known]


def without_reminders(findings: Iterable[Finding], notes: Sequence[Note]) -> list[Finding]:
    """``findings`` without the errors that only say again that a listed warning has no note yet.

    What says more stays: that a note was refused and why, or that there are more warnings than are listed.
    """
    findings = list(findings)
    known = {n.finding_id for n in notes}
    bare = {f"{f.rule} {f.id}" for f in findings if f.severity == "warning" and f.id not in known}
    return [f for f in findings if not (f.rule == NOTES_RULE and f.subject in bare)]


def stale_notes(findings: Iterable[Finding], notes: Sequence[Note], year: int) -> list[Finding]:
    """N03 for each note on the period ``year`` that belongs to nothing found any more: it silences nothing."""
    ids = {f.id for f in findings}
    return [
        Finding(
            rule="N03",
            severity="info",
            table=note.table,
            file=NOTES_FILE,
            column="finding_id",
            value=note.finding_id,
            area_code=note.area_code,
            period=note.period,
            message_zh=f"填报说明 {note.finding_id}(规则 {note.rule})没有对应的问题:数据已更正,或数值已变,该说明不起作用",
            message_en=f"note {note.finding_id} (rule {note.rule}) belongs to nothing found: the figure was "
            "corrected or has changed, and the note silences nothing",
            expected_zh="说明对应本期的一条警告或复核",
            expected_en="a note on a warning or review of this edition",
            who_zh="市教育局统计人员",
            who_en="the statistics officer of the city education bureau",
            todo_zh="可以留存备查;数值变了的,按新的问题清单重新说明",
            todo_en="it may stay on file; where the value changed, give a note on the new finding",
        )
        for note in notes
        if note.finding_id not in ids and note.period == str(year)
    ]


def write_notes(programme_root: Path, notes: Iterable[Note]) -> Path:
    """Write ``notes.csv`` whole, in the order of rule, table, period, unit and id; the file's path."""
    order = sorted(set(notes), key=lambda n: (n.rule, n.table, n.period, n.area_code, n.finding_id))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(note) for note in order)
    target = programme_root / NOTES_FILE
    partial = target.with_name(f".{NOTES_FILE}.{os.getpid()}.partial")
    partial.write_bytes(text.getvalue().encode())
    partial.replace(target)
    return target
