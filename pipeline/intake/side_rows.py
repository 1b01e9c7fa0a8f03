"""Rows under a header that are no data: check totals (合计, 小计) and what stands below the table.

Belongs here: telling such rows from data, the findings about notes and signatures (I25). Does not
belong here: adding up (check_totals.py), tables whose contract keeps its totals as rows (rows.py).

A row is left out only by a written rule. A note must stand below the last data row, hold text only and
nothing that a column of the table could take; a total must say so in a cell that tells whose row it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.intake.areas import AreaNames
from pipeline.intake.cells import Cell, cell_text, folded, is_empty, parse_cell, shown
from pipeline.intake.contract import Contract, Field
from pipeline.intake.decode import Sheet
from pipeline.intake.grid import column_letter
from pipeline.intake.headers import HeaderMatch
from pipeline.intake.tell import Teller
from pipeline.unit_types import types_of

FEW = 2
"""Cells that a row below the table may hold without beginning like a note."""

_TOTAL = re.compile(r"(.*?)(合计|总计|共计|小计)[:：]?")
_WHOLE = frozenset(["", *types_of("whole"), "本表", "全表", "各县区", "县区", "总"])
_NOTE = re.compile(
    r"[*※]?(?:备?注|附注|填[表报]?说明|说明|口径|指标解释|数据来源|资料来源|来源|审核关系|[*※])"
)
_SIGNATURE = re.compile(
    r"(?:填报|填表|制表|审核|复核|经办|统计|上报|报送)人|负责人|联系人|联系电话|电话|盖章|签[字章名]"
    r"|(?:填报|填表|报出|报送|制表|上报)(?:日期|时间|单位)"
)

_DAY = re.compile(r"[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?")

NoteKind = Literal["note", "signature", "text", "figures"]


@dataclass(frozen=True)
class TotalRow:
    """A check total: ``position`` in ``Sheet.rows``, ``marks`` (columns that say so), whether it is a subtotal,
    and the area code in front of the word (桥东区小计), if any, by field."""

    position: int
    marks: frozenset[int]
    subtotal: bool
    areas: tuple[tuple[str, str], ...] = ()


@dataclass
class Split:
    """The rows under a header by position: data, check totals, and rows below the table with their kind.

    ``figures`` is a signature row in which a column of figures holds a number: it is refused.
    """

    data: list[int]
    totals: list[TotalRow] = field(default_factory=list)
    notes: list[tuple[int, NoteKind]] = field(default_factory=list)


def split(sheet: Sheet, match: HeaderMatch, contract: Contract, areas: AreaNames) -> Split:
    """Which rows below the header of ``sheet`` are data and which are not."""
    first = match.index + 1
    positions = range(first, len(sheet.rows))
    totals = {} if contract.totals else _totals(sheet, match, contract, areas)
    notes: dict[int, NoteKind] = {}
    for position in reversed(positions):
        if position in totals:
            continue
        kind = _kind_of(sheet.rows[position], match, contract, areas)
        if kind is None:
            break
        notes[position] = kind
    if not totals and not notes:
        return Split(list(positions))
    data = [p for p in positions if p not in totals and p not in notes]
    return Split(data, [totals[p] for p in sorted(totals)], sorted(notes.items()))


# ---------------------------------------------------------------------- totals


def _totals(sheet: Sheet, match: HeaderMatch, contract: Contract, areas: AreaNames) -> dict[int, TotalRow]:
    """Position -> check total."""
    fields = {
        match.columns[f.name]: f
        for f in contract.fields
        if f.name in contract.key and f.name in match.columns
    }
    area_fields = {match.names[name]: contract.field(name) for name in match.names}
    columns: dict[int, Field | None] = dict.fromkeys(match.ignored) | fields | area_fields
    found: dict[int, TotalRow] = {}
    for column, f in sorted(columns.items()):
        cells = [row[column] if column < len(row) else "" for row in sheet.rows[match.index + 1 :]]
        marks = {c: m for c in set(cells) if isinstance(c, str) and (m := _mark(c, f, areas)) is not None}
        if not marks:
            continue
        for position, cell in enumerate(cells, match.index + 1):
            if cell in marks:
                found[position] = _joined(found.get(position), position, column, marks[cell])
    return found


def _joined(before: TotalRow | None, position: int, column: int, mark: _Mark) -> TotalRow:
    """A total row with one more cell that says so."""
    old = before or TotalRow(position, frozenset(), False)
    return TotalRow(position, old.marks | {column}, old.subtotal or mark.subtotal, (*old.areas, *mark.areas))


@dataclass(frozen=True)
class _Mark:
    subtotal: bool
    areas: tuple[tuple[str, str], ...] = ()


def _mark(text: str, f: Field | None, areas: AreaNames) -> _Mark | None:
    """What a cell says if it marks a total; None for any other, and for a value that the column allows."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    found = _TOTAL.fullmatch(plain)
    if found is None or (f is not None and any(folded(v) == plain for v in f.values)):
        return None
    subtotal = found[2] == "小计"
    if found[1] in _WHOLE:
        return _Mark(subtotal)
    if f is not None and f.is_area and (code := areas.ever(found[1])) is not None:
        return _Mark(subtotal, ((f.name, code),))
    return None


# ---------------------------------------------------------------------- below the table


def _kind_of(
    row: Sequence[Cell], match: HeaderMatch, contract: Contract, areas: AreaNames
) -> NoteKind | None:
    """What a row below the table is; None if it is, or may be, data."""
    filled = [(i, c) for i, c in enumerate(row) if not is_empty(c)]
    if not filled:
        return None
    taken = _taken(filled, match, contract, areas)
    signed = [i for i, c in filled if _SIGNATURE.search(_half(cell_text(c)))]
    if signed:
        return _signature(signed, taken, match, contract)
    if taken & {"key", "number", "other"} or not all(isinstance(c, str) for _, c in filled):
        return None
    figures = {column for name, column in match.columns.items() if contract.field(name).is_number}
    if _NOTE.match(_half(cell_text(filled[0][1]))):
        digits = (i for i, c in filled[1:] if i in figures and any(map(str.isdigit, cell_text(c))))
        return "note" if next(digits, None) is None else None
    written = all(i not in figures or _DAY.fullmatch(_half(cell_text(c))) for i, c in filled)
    return "text" if len(filled) <= FEW and not taken and written else None


def _signature(
    signed: list[int], taken: set[str], match: HeaderMatch, contract: Contract
) -> Literal["signature", "figures"] | None:
    """What a row with the words of a signature is: they may stand in a text column of a data row as well."""
    texts = {column for name, column in match.columns.items() if contract.field(name).type == "text"}
    others = (set(match.columns.values()) | set(match.names.values())) - texts
    if not others & set(signed):
        return None if taken & {"key", "number", "other"} else "signature"
    return "figures" if taken & {"key", "number"} else "signature"


def _half(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _taken(
    filled: list[tuple[int, Cell]], match: HeaderMatch, contract: Contract, areas: AreaNames
) -> set[str]:
    """What columns of the table could take of a row: a ``key``, a ``number``, a ``text`` or another value."""
    owner = {column: contract.field(name) for name, column in match.columns.items()}
    found = set()
    for column, cell in filled:
        if column in match.names.values():
            found |= {"key"} if areas.ever(cell_text(cell)) else set()
        elif (f := owner.get(column)) is not None:
            if f.is_area and areas.ever(cell_text(cell)):
                found.add("key")
            elif f.type == "text":
                found.add("text")
            elif _fits(cell, f):
                kind = "number" if f.is_number else "other"
                found.add("key" if f.name in contract.key and f.type != "date" else kind)
    return found


def _fits(cell: Cell, f: Field) -> bool:
    """Could the cell be a value of the field? A number is one whatever its limits and unit."""
    read = parse_cell(cell, f, f.units[0] if f.units else None)
    return read.problem.rule == "I08" if read.problem else read.value is not None


def tell_notes(sheet: Sheet, match: HeaderMatch, notes: list[tuple[int, NoteKind]], teller: Teller) -> None:
    """I25: what was left out below the table; a name or telephone number is never repeated."""
    for position, kind in notes:
        number = sheet.numbers[position]
        zh, en = teller.place(sheet, position)
        if kind == "figures":
            teller.add(
                "I25",
                f"第 {number} 行像是签名栏，但数字列里有数字，分不清是不是数据行（内容不在此显示）。",
                f"Row {number} looks like a line of signatures, but a column of figures holds a number; it may be "
                "data (not shown here).",
                sheet=sheet.name,
                row=number,
                expected=("签名栏里数字列为空", "no number in a column of figures"),
                todo=(
                    f"请核对 {zh}：是数据请改正，是签名、电话请移到表外或删除。",
                    f"Check {en}: correct it if it is data; move signatures and telephone numbers out of the table.",
                ),
            )
            continue
        text = "；".join(cell_text(c).strip() for c in sheet.rows[position] if not is_empty(c))
        says = (f"：“{shown(text)}”", f": “{shown(text)}”") if kind == "note" else ("", "")
        what = {
            "note": ("表下的说明", "a note below the table"),
            "signature": ("表下的签名栏（内容不显示）", "a line of signatures below the table (not shown)"),
            "text": ("表下的文字（内容不显示）", "text below the table (not shown)"),
        }[kind]
        column = next(i for i, c in enumerate(sheet.rows[position]) if not is_empty(c))
        teller.add(
            "I25",
            f"第 {number} 行（{column_letter(column)} 列起）是{what[0]}，没有作为数据读取{says[0]}。",
            f"Row {number} (from column {column_letter(column)}) is {what[1]} and was not read as data{says[1]}.",
            severity="info",
            sheet=sheet.name,
            row=number,
            todo=(
                "如其实是数据，请补全该行的代码和数字；否则无需处理。",
                "If it is data after all, fill in its codes and figures; otherwise nothing to do.",
            ),
        )
