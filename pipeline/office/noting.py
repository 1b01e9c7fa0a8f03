"""Notes handed back: from the 填报说明 column of a work list into ``notes.csv``.

Belongs here: reading a filled-in work list, tying each note to what the last check found, and telling
which were taken and which were not. Does not belong here: what a note must say (quality.notes).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.inert import csv_text
from pipeline.intake.cells import BadCell, cell_text, is_harmless
from pipeline.intake.decode import DecodeError, Sheet, read_grid
from pipeline.office import Refusal
from pipeline.office.worklist import COLUMNS, NOTE
from pipeline.programme import Home, split_edition_key
from pipeline.quality.finding import Finding, read_records
from pipeline.quality.notes import REFUSALS, Note, open_findings, read_notes, refuse, write_notes

_HEADERS = {key: zh for key, zh, _ in COLUMNS}
_LOOKED_AT = 10
"""Rows of a sheet in which the header of the list may stand."""


@dataclass(frozen=True)
class Handed:
    """One filled-in note: where it stands, the id beside it and what it says."""

    sheet: str
    row: int
    finding_id: str
    text: str


@dataclass(frozen=True)
class Refused:
    """A note that was not taken, and why, in Chinese and English."""

    handed: Handed
    zh: str
    en: str


@dataclass(frozen=True)
class Imported:
    """What came of a list: notes taken (new, or in place of an earlier one), unchanged ones, refused ones.

    ``open`` is what still needs a note: warnings, then reviews, of the editions concerned.
    """

    added: list[Note]
    replaced: list[Note]
    unchanged: int
    refused: list[Refused]
    open: list[Finding]


def import_notes(home: Home, path: Path, *, noted_by: str, noted_on: dt.date) -> Imported:
    """Take the notes of a filled-in ``findings.xlsx`` or ``findings.csv``.

    Every row with a note is taken or refused, none passed over. A note belongs to the finding of that id in
    the last check of any edition under ``build/``. Raises Refusal where the file is no work list.
    """
    if not noted_by.strip():
        raise Refusal("请写明说明人（岗位）。", "say who gives the notes (a post).")
    handed = list(_handed(path))
    known = _found(home)
    added: list[Note] = []
    replaced: list[Note] = []
    refused: list[Refused] = []
    unchanged = 0
    seen: dict[str, Handed] = {}
    by_programme: dict[str, dict[str, Note]] = {}
    for h in handed:
        problem = _problem(h, known, seen)
        if problem is not None:
            refused.append(Refused(h, *problem))
            continue
        seen[h.finding_id] = h
        programme, f = known[h.finding_id]
        kept = by_programme.setdefault(programme, _kept(home, programme))
        old = kept.get(h.finding_id)
        if old is not None and old.note_zh == h.text:
            unchanged += 1
            continue
        note = Note(
            finding_id=f.id,
            rule=f.rule,
            table=f.table,
            period=f.period,
            area_code=f.area_code,
            value=f.value,
            note_zh=h.text,
            noted_by=noted_by.strip(),
            noted_on=noted_on.isoformat(),
        )
        kept[f.id] = note
        (added if old is None else replaced).append(note)
    for programme, kept in by_programme.items():
        write_notes(home.data_raw / programme, kept.values())
    left = [f for p in sorted({p for p, _ in known.values()}) if p in by_programme for f in still_open(home, p)]
    return Imported(added, replaced, unchanged, refused, left)


def still_open(home: Home, programme: str) -> list[Finding]:
    """Warnings, then reviews, of the last checks of a programme that have no note that can stand."""
    found = {f.id: f for p, f in _found(home).values() if p == programme}
    notes = list(_kept(home, programme).values())
    listed = sorted(found.values(), key=Finding.sort_key)
    return [f for severity in ("warning", "review") for f in open_findings(listed, notes, severity)]


def _kept(home: Home, programme: str) -> dict[str, Note]:
    result = read_notes(home.data_raw / programme)
    if result.findings:
        first = result.findings[0]
        raise Refusal(first.message_zh + first.todo_zh, f"{first.message_en} {first.todo_en}")
    return {n.finding_id: n for n in result.notes}


def _found(home: Home) -> dict[str, tuple[str, Finding]]:
    """Finding id -> (programme, finding), from the last check of every edition."""
    found = {}
    for folder in sorted(home.build.glob("*/findings")):
        programme, _ = split_edition_key(folder.parent.name)
        for f in read_records(folder)[0]:
            found[f.id] = (programme, f)
    return found


def _problem(
    h: Handed, known: dict[str, tuple[str, Finding]], seen: dict[str, Handed]
) -> tuple[str, str] | None:
    if h.finding_id not in known:
        return (
            f"编号“{h.finding_id}”不在最近一次检查的结果里：数据可能已经变了，请重新检查并用新的清单",
            f"the id {h.finding_id!r} is not in the last check: the figures may have changed; check again and "
            "use the new list",
        )
    if known[h.finding_id][1].severity not in ("warning", "review"):
        return "只有警告和复核可以说明；错误必须更正", "only warnings and reviews take a note; errors must be mended"
    if h.finding_id in seen:
        first = seen[h.finding_id]
        if first.text != h.text:
            return (
                f"与第 {first.row} 行是同一条问题，说明却不同，只留一种说法",
                f"the same finding as row {first.row} with another note; keep one",
            )
    if not is_harmless(h.text):
        return "含有控制字符或看不见的字符，请重新输入", "it holds control or invisible characters; type it again"
    why = refuse(h.text)
    return REFUSALS[why] if why else None


def _handed(path: Path) -> Iterator[Handed]:
    """Rows with a note, in the order of the file."""
    try:
        data = path.read_bytes()
        sheets = read_grid(data, lambda texts: len({t.strip() for t in texts} & set(_HEADERS.values())))
    except OSError as problem:
        raise Refusal(f"无法打开 {path}", f"{path} cannot be opened ({problem.strerror})") from problem
    except DecodeError as problem:
        raise Refusal(f"无法读取 {path.name}：{problem.zh}", f"{path.name} cannot be read: {problem.en}") from problem
    lists = [(sheet, place) for sheet in sheets if (place := _columns(sheet)) is not None]
    if not lists:
        raise Refusal(
            f"{path.name} 里没有“{_HEADERS[NOTE]}”和“{_HEADERS['id']}”两列，不是问题清单（findings.xlsx 或 findings.csv）",
            f"{path.name} has no columns {_HEADERS[NOTE]} and {_HEADERS['id']}: it is no work list",
        )
    for sheet, (head, note, key) in lists:
        for number, row in zip(sheet.numbers[head + 1 :], sheet.rows[head + 1 :], strict=True):
            if note < len(row) and isinstance(row[note], BadCell):
                raise Refusal(
                    f"{path.name} 第 {number} 行的说明不能读取（过长，或单元格显示错误值）",
                    f"{path.name}: the note in row {number} cannot be read (too long, or an error value)",
                )
            text = _cell(row, note)
            if text:
                yield Handed(sheet.name, number, _cell(row, key), text)


def _cell(row: Sequence, column: int) -> str:
    text = cell_text(row[column]).strip() if column < len(row) else ""
    return " ".join(csv_text(text).split())


def _columns(sheet: Sheet) -> tuple[int, int, int] | None:
    """(position of the header row, column of the notes, column of the ids)."""
    for position, row in enumerate(sheet.rows[:_LOOKED_AT]):
        texts = [cell_text(c).strip() for c in row]
        if _HEADERS[NOTE] in texts and _HEADERS["id"] in texts:
            return position, texts.index(_HEADERS[NOTE]), texts.index(_HEADERS["id"])
    return None
