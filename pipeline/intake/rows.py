"""The data rows of one sheet -> typed rows of the raw table.

Belongs here: reading a sheet column by column against its contract and the checks inside a
row (I04-I09, I11-I18, I20). Does not belong here: single cells (cells.py), several files
(read.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import polars as pl

from pipeline.intake.cells import (
    BadCell,
    Cell,
    DateCell,
    NumberCell,
    Parsed,
    Problem,
    cell_text,
    folded,
    is_blank,
    parse_cell,
    shown,
)
from pipeline.intake.contract import Contract, Field
from pipeline.intake.decode import Sheet
from pipeline.intake.headers import HeaderMatch
from pipeline.intake.register import Registration
from pipeline.intake.tell import Teller

_COMMA_HINT = (
    "内容里有逗号的（如 1,234），要加英文双引号或去掉逗号。",
    " Put contents with a comma (such as 1,234) in double quotes or remove the comma.",
)


class SheetRows:
    """The data rows of one sheet, read column by column."""

    def __init__(
        self, sheet: Sheet, match: HeaderMatch, contract: Contract, registration: Registration, teller: Teller
    ) -> None:
        self.sheet, self.match, self.contract = sheet, match, contract
        self.registration, self.teller = registration, teller
        self.first = match.index + 1
        self.rows = sheet.rows[self.first :]
        self.bad = bytearray(len(self.rows))
        self.total = bytearray(len(self.rows))
        self.values: dict[str, list[object]] = {}

    def frame(self) -> pl.DataFrame:
        """Rows without an error, with their provenance; findings go to the teller."""
        contract, registration = self.contract, self.registration
        self._check_width()
        units = contract.unit_fields()
        for field in sorted(contract.fields, key=lambda f: f.name not in units):
            self.values[field.name] = self._column(field, field.name in units)
        self._check_period()
        self._check_one_of()
        schema = contract.raw_schema()
        columns: dict[str, object] = {name: self.values[name] for name in self.values}
        if contract.totals:
            columns["is_total"] = [bool(flag) for flag in self.total]
        count = len(self.rows)
        frame = pl.DataFrame(
            [
                pl.Series(name, columns[name], dtype=schema[name], strict=True)
                for name in schema
                if name in columns
            ]
            + [pl.Series("source_row", self.sheet.numbers[self.first :], dtype=pl.Int32)]
        )
        constants = {
            "source_file": registration.path,
            "source_sheet": self.sheet.name,
            "period": registration.period_to,
            "maturity": registration.maturity,
            "origin": registration.origin,
            "revision": registration.revision,
        }
        frame = frame.with_columns(pl.lit(v, dtype=schema[name]).alias(name) for name, v in constants.items())
        frame = frame.select(list(schema))
        if any(self.bad):
            keep = pl.Series([not flag for flag in self.bad], dtype=pl.Boolean)
            frame = frame.filter(keep)
        assert frame.height == count - sum(map(bool, self.bad))
        return frame

    def _column(self, field: Field, is_unit: bool) -> list[object]:
        """Values of one field, None where the column is absent, blank or refused."""
        index = self.match.columns.get(field.name)
        if index is None:
            return [None] * len(self.rows)
        cells: list[Cell] = [row[index] if index < len(row) else "" for row in self.rows]
        word = self.contract.totals.get(field.name)
        if field.unit_field is not None:
            return self._converted(field, index, cells)
        read = {cell: parse_cell(cell, field, is_unit=is_unit) for cell in set(cells)}
        if word is not None:
            marks = {c for c in read if isinstance(c, str) and folded(c) == folded(word)}
            if marks:
                for cell in marks:
                    read[cell] = Parsed(None)
                for i, cell in enumerate(cells):
                    if cell in marks:
                        self.total[i] = 1
        self._tell(read, cells, index)
        values = {cell: parsed.value for cell, parsed in read.items()}
        return [values[cell] for cell in cells]

    def _converted(self, field: Field, index: int, cells: list[Cell]) -> list[object]:
        """Values of a money or count field: each cell with the unit of its row."""
        units = self.values[field.unit_field or ""]
        pairs = list(zip(cells, units, strict=True))
        read = {
            # A row without a settled unit already has its finding there.
            pair: parse_cell(pair[0], field, pair[1]) if isinstance(pair[1], str) else Parsed(None)
            for pair in set(pairs)
        }
        self._tell(read, pairs, index)
        return [read[pair].value for pair in pairs]

    def _tell(self, read: dict, cells: Sequence, index: int) -> None:
        """Findings and I20 counts of one column; marks the rows with a refused cell."""
        title = self.match.titles[index]
        problems: dict[object, Problem] = {c: p.problem for c, p in read.items() if p.problem is not None}
        notes = {c: p.note for c, p in read.items() if p.note is not None and p.problem is None}
        if problems:
            for i, cell in enumerate(cells):
                if cell in problems:
                    self.bad[i] = 1
                    self.teller.cell(problems[cell], self.sheet, self.first + i, index, title, _text(cell))
        if notes:
            counts: Counter[str] = Counter()
            example: dict[str, int] = {}
            for i, cell in enumerate(cells):
                if cell in notes:
                    counts[notes[cell]] += 1
                    example.setdefault(notes[cell], i)
            for note in sorted(counts):
                i = example[note]
                self.teller.accepted(
                    note, counts[note], self.sheet, self.first + i, index, title, _text(cells[i])
                )

    def _check_width(self) -> None:
        """I17: a row with contents beyond the last column of the header."""
        width = max(self.match.titles) + 1
        if max(map(len, self.rows)) <= width:
            return
        nameless = set(self.match.nameless)
        for i, row in enumerate(self.rows):
            surplus = [c for j, c in enumerate(row[width:], width) if not _filler(c) and j not in nameless]
            if not surplus:
                continue
            self.bad[i] = 1
            zh, en = self.teller.place(self.sheet, self.first + i)
            value = "、".join(cell_text(c) for c in surplus)
            hint = _COMMA_HINT if self.sheet.lines else ("", "")
            self.teller.add(
                "I17",
                f"这一行比表头多出 {len(surplus)} 个单元格：“{shown(value)}”。",
                f"This row has {len(surplus)} more cells than the header: “{shown(value)}”.",
                sheet=self.sheet.name,
                row=self.sheet.numbers[self.first + i],
                value=value,
                expected=(f"至多 {width} 列", f"at most {width} columns"),
                todo=(
                    f"请核对 {zh}，删除多余内容。{hint[0]}",
                    f"Check {en} and delete the surplus cells.{hint[1]}",
                ),
            )

    def _check_period(self) -> None:
        """I09: a row whose own period lies outside the registered one."""
        name = self.contract.period_field
        if name is None or name not in self.match.columns:
            return
        first, last = self.registration.period_from, self.registration.period_to
        span = f"{first}" if first == last else f"{first}-{last}"
        values = self.values[name]
        outside = {
            v
            for v in set(values)
            if v is not None and not first <= (v.year if isinstance(v, dt.date) else v) <= last  # type: ignore[operator]
        }
        if not outside:
            return
        index = self.match.columns[name]
        title = self.match.titles[index]
        for i, value in enumerate(values):
            if value not in outside:
                continue
            self.bad[i] = 1
            zh, en = self.teller.place(self.sheet, self.first + i, index)
            self.teller.add(
                "I09",
                f"“{title}”是 {value}，不在该文件登记的时期（{span}）内。",
                f"“{title}” is {value}, outside the registered period ({span}).",
                sheet=self.sheet.name,
                row=self.sheet.numbers[self.first + i],
                column=title,
                value=str(value),
                expected=(span, span),
                todo=(
                    f"请核对 {zh}；如文件确实包含该时期，请改 register.csv 第 "
                    f"{self.registration.row} 行的起止年份。",
                    f"Check {en}; if the file really covers it, correct the period in row "
                    f"{self.registration.row} of register.csv.",
                ),
            )

    def _check_one_of(self) -> None:
        """I11: exactly one of the listed columns must be filled."""
        names = self.contract.one_of
        if not names:
            return
        fields = [self.contract.field(name) for name in names]
        zh_names = "、".join(f"“{f.zh}”" for f in fields)
        en_names = ", ".join(f.name for f in fields)
        for i, row in enumerate(zip(*(self.values[name] for name in names), strict=True)):
            filled = sum(v is not None for v in row)
            if filled == 1 or self.bad[i]:
                continue
            self.bad[i] = 1
            zh, en = self.teller.place(self.sheet, self.first + i)
            state = (
                ("都没有填写", "none is filled")
                if filled == 0
                else ("填写了不止一个", "more than one is filled")
            )
            self.teller.add(
                "I11",
                f"{zh_names}应当只填一个，但{state[0]}。",
                f"Exactly one of {en_names} must be filled, but {state[1]}.",
                sheet=self.sheet.name,
                row=self.sheet.numbers[self.first + i],
                column=fields[0].zh,
                value="、".join(str(v) for v in row if v is not None),
                expected=("只填一个", "exactly one filled"),
                todo=(f"{zh}：只保留其中一个。", f"{en}: fill in exactly one of them."),
            )


def _text(cell: object) -> str:
    """What a person sees of a cell, or of a cell with its unit."""
    if isinstance(cell, (str, BadCell, DateCell, NumberCell)):
        return cell_text(cell)
    value, unit = cell  # type: ignore[misc]
    return f"{cell_text(value)} {unit}"


def _filler(cell: Cell) -> bool:
    return is_blank(cell) or (isinstance(cell, BadCell) and cell.kind == "merged")
