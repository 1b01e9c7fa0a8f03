"""The data rows of one sheet -> typed rows of the raw table.

Belongs here: reading a sheet column by column against its contract and the checks inside a
row (I04-I09, I11-I18, I20, I26). Does not belong here: single cells (cells.py), which rows are data
(side_rows.py), several files (read.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from pipeline.intake.area_columns import read_units
from pipeline.intake.areas import AreaNames
from pipeline.intake.cells import (
    BadCell,
    Cell,
    DateCell,
    NumberCell,
    Parsed,
    Problem,
    cell_text,
    folded,
    is_empty,
    parse_cell,
    required_problem,
    shown,
)
from pipeline.intake.contract import Contract, Field
from pipeline.intake.decode import Sheet
from pipeline.intake.headers import HeaderMatch
from pipeline.intake.register import Registration
from pipeline.intake.tell import Teller
from pipeline.reference_day import reference_day

_COMMA_HINT = (
    "内容里有逗号的（如 1,234），要加英文双引号或去掉逗号。",
    " Put contents with a comma (such as 1,234) in double quotes or remove the comma.",
)


_KEPT: dict[str, dict[tuple[str, str | None], dict[str, Parsed]]] = {}
"""Contract -> (field, unit) -> text -> what it reads as: the files of a table say the same things year after year."""
_MOST_KEPT = 2_000
"""Texts kept for a field and unit; what comes later is read each time, so that memory stays bounded at any size."""


def _read(
    cells: set[Cell], field: Field, unit: str | None, kept: dict[tuple[str, str | None], dict[str, Parsed]]
) -> dict[Cell, Parsed]:
    """What each of ``cells`` reads as. Plain text is read once for all files; a cell that knows more (a number, a date of a
    workbook) reads otherwise than the same text, and is read each time."""
    known = kept.setdefault((field.name, unit), {})
    read: dict[Cell, Parsed] = {}
    for cell in cells:
        plain = type(cell) is str
        parsed = known.get(cell) if plain else None
        if parsed is None:
            parsed = parse_cell(cell, field, unit)
            if plain and len(known) < _MOST_KEPT:
                known[cell] = parsed
        read[cell] = parsed
    return read


class SheetRows:
    """The data rows of one sheet, read column by column.

    ``positions``: which rows of the sheet are data. After :meth:`frame`, ``values`` holds the values of
    every field by row, None where the cell is absent, blank or refused, and ``bad`` marks refused rows.
    """

    def __init__(
        self,
        sheet: Sheet,
        match: HeaderMatch,
        contract: Contract,
        registration: Registration,
        teller: Teller,
        positions: Sequence[int],
        areas: AreaNames,
    ) -> None:
        self.sheet, self.match, self.contract = sheet, match, contract
        self.registration, self.teller, self.areas = registration, teller, areas
        self.positions = positions
        self.kept = _KEPT.setdefault(contract.fingerprint, {})
        self.rows = [sheet.rows[p] for p in positions]
        self.bad = bytearray(len(self.rows))
        self.total = bytearray(len(self.rows))
        self.values: dict[str, list[object]] = {}

    def frame(self) -> pl.DataFrame:
        """Rows without an error, with their provenance; findings go to the teller."""
        contract, registration = self.contract, self.registration
        self._check_width()
        units = contract.unit_fields()
        for field in sorted(
            contract.fields, key=lambda f: (f.name not in units, f.name != contract.period_field)
        ):
            if field.name in units:
                self.values[field.name] = self._units(field)
            elif field.unit_field is not None:
                self.values[field.name] = self._converted(field)
            elif field.is_area and self.areas:
                self.values[field.name] = self._area(field)
            else:
                self.values[field.name] = self._column(field)
        self._check_period()
        self._check_one_of()
        self._tell_formulas()
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
            + [pl.Series("source_row", [self.sheet.numbers[p] for p in self.positions], dtype=pl.Int32)]
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

    def unit_of(self, field: Field) -> str | None:
        """The unit to convert a column from, where header or line above tell one (None: its own)."""
        settled = self.match.settled.get(field.name)
        return settled.unit if settled is not None and (settled.converts or field.unit_field) else None

    def _cells(self, index: int | None) -> list[Cell]:
        if index is None:
            return [""] * len(self.rows)
        return [row[index] if index < len(row) else "" for row in self.rows]

    def _column(self, field: Field) -> list[object]:
        """Values of one field, None where the column is absent, blank or refused."""
        index = self.match.columns.get(field.name)
        if index is None:
            return [None] * len(self.rows)
        cells = self._cells(index)
        word = self.contract.totals.get(field.name)
        unit = self.unit_of(field)
        read = _read(set(cells), field, unit, self.kept)
        if word is not None:
            marks = {c for c in read if isinstance(c, str) and folded(c) == folded(word)}
            if marks:
                for cell in marks:
                    read[cell] = Parsed(None)
                for i, cell in enumerate(cells):
                    if cell in marks:
                        self.total[i] = 1
        self._tell(read, cells, index)
        if unit is not None:
            self._tell_unit(field, unit, index)
        values = {cell: parsed.value for cell, parsed in read.items()}
        return [values[cell] for cell in cells]

    def _units(self, field: Field) -> list[object]:
        """The unit of each row: its own, else the one that header or line above tell; both must agree (I13)."""
        measured = [f for f in self.contract.fields if f.unit_field == field.name]
        settled = [s for f in measured if (s := self.match.settled.get(f.name)) is not None]
        allowed = tuple(dict.fromkeys(u for s in settled for u in ((s.unit,) if s.unit else s.told)))
        default = settled[0].unit if settled else None
        index = self.match.columns.get(field.name)
        if index is None:
            return [default] * len(self.rows)
        cells = self._cells(index)
        # A blank cell is no gap where the header has told the unit.
        asked = field if default is None else field.model_copy(update={"required": False})
        read = {cell: parse_cell(cell, asked, is_unit=True) for cell in set(cells)}
        if allowed:
            for cell, parsed in read.items():
                if parsed.value is not None and parsed.value not in allowed:
                    read[cell] = Parsed(None, None, _other_unit(str(parsed.value), allowed))
        self._tell(read, cells, index)
        return [
            default if read[c].value is None and read[c].problem is None else read[c].value for c in cells
        ]

    def _converted(self, field: Field) -> list[object]:
        """Values of a money or count field: each cell with the unit of its row."""
        index = self.match.columns.get(field.name)
        if index is None:
            return [None] * len(self.rows)
        units = self.values[field.unit_field or ""]
        pairs = list(zip(self._cells(index), units, strict=True))
        read = {
            # A row without a settled unit already has its finding there.
            pair: parse_cell(pair[0], field, pair[1]) if isinstance(pair[1], str) else Parsed(None)
            for pair in set(pairs)
        }
        self._tell(read, pairs, index)
        if (unit := self.unit_of(field)) is not None:
            self._tell_unit(field, unit, index)
        return [read[pair].value for pair in pairs]

    def _area(self, field: Field) -> list[object]:
        """Codes of an area field, from its code column, its column of names, or both (I26 where they differ)."""
        index, beside = self.match.columns.get(field.name), self.match.names.get(field.name)
        if beside is None and (index is None or all(map(_coded, set(self._cells(index))))):
            return self._column(field)
        codes, names, days = self._cells(index), self._cells(beside), self.days()
        units = read_units(codes, names, days, field, self.areas)
        if index is not None:
            keys = list(zip(codes, days, strict=True))
            self._tell({k: u.code for k, u in zip(keys, units, strict=True)}, keys, index, _first)
        if beside is not None:
            keys = list(zip(names, codes, days, strict=True))
            said = {
                k: Parsed(None, None, u.conflict) if u.conflict else u.name
                for k, u in zip(keys, units, strict=True)
            }
            self._tell(said, keys, beside, _first)
        if field.required:
            where = index if index is not None else beside
            blank = [not (u.value or u.code.problem or u.name.problem or u.conflict) for u in units]
            problem = Parsed(None, None, required_problem(field, None))
            self._tell({True: problem, False: Parsed(None)}, blank, where or 0, lambda _: "")
        return [u.value for u in units]

    def days(self) -> list[dt.date]:
        """For each row the day on which its units must exist."""
        periods = self.values.get(self.contract.period_field or "", [None] * len(self.rows))
        last = self.registration.period_to
        cache = {p: reference_day(last if p is None else p) for p in set(periods)}
        return [cache[p] for p in periods]

    def _tell(
        self,
        read: Mapping,
        cells: Sequence,
        index: int,
        text: Callable[[object], str] | None = None,
    ) -> None:
        """Findings and I20 counts of one column; marks the rows with a refused cell."""
        text = text or _text
        title = self.match.titles[index]
        problems: dict[object, Problem] = {c: p.problem for c, p in read.items() if p.problem is not None}
        notes = {c: p.note for c, p in read.items() if p.note is not None and p.problem is None}
        if problems:
            for i, cell in enumerate(cells):
                if cell in problems:
                    self.bad[i] = 1
                    self.teller.cell(problems[cell], self.sheet, self.positions[i], index, title, text(cell))
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
                    note, counts[note], self.sheet, self.positions[i], index, title, text(cells[i])
                )

    def _tell_unit(self, field: Field, unit: str, index: int) -> None:
        """I20: a column was converted by the unit of its header or of the line above."""
        if not self.match.settled[field.name].converts:
            return
        base = ("元", "yuan") if field.units[0] == "元" else ("人（所）", "persons or schools")
        title, place = self.match.titles[index], self.match.places[index]
        self.teller.add(
            "I20",
            f"“{title}”按表头（或表头上方）的单位“{unit}”换算成{base[0]}，只换算这一次。",
            f"“{title}” was converted from {unit}, as the header or the line above it says, to {base[1]}, once.",
            severity="info",
            sheet=self.sheet.name,
            row=self.sheet.numbers[place],
            column=title,
            value=unit,
            todo=("无需处理。", "Nothing to do."),
        )

    def _tell_formulas(self) -> None:
        """I20: cells of a column that are formulas, read with the result stored in the file."""
        if not self.sheet.formulas:
            return
        numbers = {self.sheet.numbers[p]: p for p in self.positions}
        for name in self.match.columns.keys() | self.match.names.keys():
            index = self.match.columns.get(name, self.match.names.get(name, 0))
            found = [numbers[n] for n in self.sheet.formulas.get(index, ()) if n in numbers]
            if found:
                value = _text(self.sheet.rows[found[0]][index])
                self.teller.accepted(
                    "formula", len(found), self.sheet, found[0], index, self.match.titles[index], value
                )

    def _check_width(self) -> None:
        """I17: a row with contents beyond the last column of the header; in a text file also with blank cells beyond it.

        There a row that ends in blanks would otherwise hide that a comma inside a cell moved its values.
        """
        width = max(self.match.titles) + 1
        band = self.match.band
        most = max(len(self.sheet.rows[i]) for i in range(band.top, band.bottom + 1)) if self.sheet.lines else None
        if max(map(len, self.rows), default=0) <= width:
            return
        nameless = set(self.match.nameless)
        for i, row in enumerate(self.rows):
            surplus = [c for j, c in enumerate(row[width:], width) if not is_empty(c) and j not in nameless]
            if most is not None and len(row) > most:
                surplus = surplus or list(row[most:])
            if not surplus:
                continue
            self.bad[i] = 1
            zh, en = self.teller.place(self.sheet, self.positions[i])
            value = "、".join(cell_text(c) for c in surplus)
            hint = _COMMA_HINT if self.sheet.lines else ("", "")
            blank = all(map(is_empty, surplus))
            says = ("（空白）", " (blank)") if blank else (f"：“{shown(value)}”", f": “{shown(value)}”")
            self.teller.add(
                "I17",
                f"这一行比表头多出 {len(surplus)} 个单元格{says[0]}。",
                f"This row has {len(surplus)} more cells than the header{says[1]}.",
                sheet=self.sheet.name,
                row=self.sheet.numbers[self.positions[i]],
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
            zh, en = self.teller.place(self.sheet, self.positions[i], index)
            self.teller.add(
                "I09",
                f"“{title}”是 {value}，不在该文件登记的时期（{span}）内。",
                f"“{title}” is {value}, outside the registered period ({span}).",
                sheet=self.sheet.name,
                row=self.sheet.numbers[self.positions[i]],
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
            zh, en = self.teller.place(self.sheet, self.positions[i])
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
                row=self.sheet.numbers[self.positions[i]],
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


def _first(key: object) -> str:
    """What a person sees of a cell that is kept with other things of its row."""
    return cell_text(key[0])  # type: ignore[index]


def _coded(cell: Cell) -> bool:
    """True for a cell of a code column that cannot be a unit's name."""
    return not isinstance(cell, str) or not cell or any(c.isdigit() for c in cell)


def _other_unit(unit: str, allowed: Sequence[str]) -> Problem:
    zh, en = "、".join(allowed), ", ".join(allowed)
    return Problem(
        "I13",
        f"写的是“{unit}”，但表头或表头上方写的单位是“{zh}”。",
        f"says {unit}, but the header or the line above it says {en}.",
        f"与表头一致：{zh}",
        f"as in the header: {en}",
        "核对这一行究竟按什么单位填写，使表头和本列一致",
        "find out in which unit the row is, and make header and column agree",
    )
