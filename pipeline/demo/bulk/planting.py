"""Mistakes planted on purpose, and the list of them.

Belongs here: choosing units, changing their rows, noting what was changed and where the check must tell it.
Does not belong here: the mistakes themselves (``defects``), files.

A mistake is planted in the last year (a few: in the year of entry of the class that finishes in it), in rows of one
unit (a school or a county) at a time, and no unit is used twice in the same table: one mistake never hides or raises
another. What else must be told because of it is listed with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.demo.bulk.order import CITY, Order
from pipeline.demo.bulk.totals import CountyTotals
from pipeline.demo.forms.base import schema_of
from pipeline.demo.forms.chance import mixed

Row = Mapping[str, Any]
MILLION = 1_000_000
MARK = "planted_mark"
COUNTY_OF_SCHOOL = "county_of_school"
COLUMNS = (
    "pass",
    "rule",
    "table",
    "file",
    "sheet",
    "row",
    "column",
    "old",
    "new",
    "told_by",
    "told_table",
    "area_code",
    "period",
)
"""``planted.csv``: one line a changed cell, row added or row left out. ``told_by`` is ``row`` where the finding names
this row, ``unit`` where it speaks of table, unit and period, and blank for cells that were changed along with it."""


@dataclass
class Mistake:
    """What a defect does to a unit: cells ``(place in rows, column, new value)``, rows to add, places to leave out.

    The first of them is what the check must tell.
    """

    cells: list[tuple[int, str, Any]] = field(default_factory=list)
    add: list[dict[str, Any]] = field(default_factory=list)
    drop: list[int] = field(default_factory=list)
    elsewhere: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Rows to add to other returns of the same unit: table -> rows. The check tells nothing of them."""
    raised: list[tuple[str, dict[str, Any], str, int]] = field(default_factory=list)
    """Counts of other returns that agree with the changed ones: table, the row's key, column, by how much."""


@dataclass(frozen=True)
class World:
    """What a defect may look at besides the unit's rows: the order, the year and the schools by code."""

    order: Order
    year: int
    schools: Mapping[str, Row]
    decisions: Mapping[str, str]
    """Number of the decision under which a kindergarten was on last year's list."""
    totals: Sequence[CountyTotals]
    children: Mapping[tuple[str, str], int]
    """Children of a kindergarten by class level."""


@dataclass(frozen=True)
class Defect:
    """A mistake that one rule tells once; ``also`` names the others that must tell it too.

    ``make`` gives None where the unit does not lend itself to it.
    """

    rule: str
    table: str
    unit: str
    make: Callable[[list[Row], World], Mistake | None]
    told_by: str = "row"
    told_table: str = ""
    told_area: str = ""
    """The unit that the finding speaks of, where it is not that of the rows."""
    scope: str = ""
    """Defects of one scope are never planted in the same county: they would add up."""
    told_each: bool = False
    """Every row of the mistake is told, not only the first."""
    also: Callable[[Mistake, list[Row], World], list[tuple[str, str, str]]] | None = None
    """Other rules that tell the same mistake, and rightly: rule, table, unit."""
    once: bool = False
    """One is all there can be: a second would be the same row."""
    every: bool = False
    """All units have it, because the rule looks at the whole area."""
    told_once: bool = False
    """Of several units only the first is told: the finding speaks of all of them together."""
    years_before: int = 0
    """It stands in the return of so many years before the last."""


@dataclass(frozen=True)
class Handling:
    """What goes wrong with whole files of a pass: each names a table, '' for none."""

    late: str = ""
    """The file of the last year comes late (E10)."""
    unasked: str = ""
    """The return of the last year is neither asked for nor handed in (C21)."""
    restated: str = ""
    """The file of the first year is corrected after that year was closed, without a record (D17)."""
    recorded: str = ""
    """The log of restatements holds an approved one of this return, and no correction ever came (F08)."""


@dataclass(frozen=True)
class Scribble:
    """What somebody wrote into a cell of a file that is no value at all; ``text`` None writes the whole row twice."""

    rule: str
    table: str
    column: str
    text: str | None


@dataclass
class Line:
    """One line of ``planted.csv``; file, sheet and row are known when the row is written."""

    stage: str
    rule: str
    table: str
    column: str
    old: str
    new: str
    told_by: str
    told_table: str
    area_code: str
    period: str
    file: str = ""
    sheet: str = ""
    row: str = ""

    def cells(self) -> list[str]:
        return [
            self.stage, self.rule, self.table, self.file, self.sheet, self.row, self.column, self.old, self.new,
            self.told_by, self.told_table, self.area_code, self.period,
        ]  # fmt: skip


class Planter:
    """Plants the defects of one pass into the returns of the last year, batch by batch."""

    def __init__(
        self,
        order: Order,
        stage: str,
        defects: Iterable[Defect],
        per_million: int,
        handling: Handling = Handling(),
        scribbles: Iterable[Scribble] = (),
    ) -> None:
        self.order, self.stage, self.per_million, self.handling = order, stage, per_million, handling
        self.scribbles = list(scribbles)
        self.totals: Sequence[CountyTotals] = ()
        self._decisions: dict[str, str] = {}
        self.defects = list(defects)
        self.lines: list[Line] = []
        self._marks: list[list[Line]] = []
        self._planted: set[str] = set()
        self._used: set[tuple[str, str]] = set()

    @property
    def lacking(self) -> list[str]:
        """Rules for which no unit lent itself to a mistake."""
        return sorted({d.rule for d in (*self.defects, *self.scribbles)} - self._planted)

    def plant(self, frames: dict[str, pl.DataFrame], year: int) -> dict[str, pl.DataFrame]:
        """The returns of some counties (or some returns of the city) of one year with this pass's mistakes in them."""
        last = year == self.order.last_year
        if not last and (listed := frames.get("inclusive_kindergarten_register")) is not None:
            self._decisions = dict(listed.select("school_id", "decision_no").iter_rows())
        now = [d for d in self.defects if self.order.last_year - d.years_before == year and d.table in frames]
        changed = dict(frames)
        if last and self.handling.unasked in frames:
            changed[self.handling.unasked] = self._not_handed_in(frames[self.handling.unasked])
        if last and self.handling.recorded in frames and "F08" not in self._planted:
            changed["restatement_log"] = self._recorded()
        world = self._world(frames, year) if now else None
        for defect in now:
            assert world is not None
            self._one(defect, changed, world)
        return changed

    def _world(self, frames: Mapping[str, pl.DataFrame], year: int) -> World:
        register = frames.get("school_register")
        return World(
            self.order,
            year,
            {} if register is None else {r["school_id"]: r for r in register.iter_rows(named=True)},
            self._decisions,
            self.totals,
            _children(frames.get("kindergarten_children")),
        )

    def _not_handed_in(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Nothing of a return; that it is lacking is noted once for the whole area."""
        if "C21" not in self._planted:
            self._planted.add("C21")
            table, year = self.handling.unasked, str(self.order.last_year)
            self.lines.append(Line(self.stage, "C21", table, "", "", "", "unit", table, CITY, year))
        return frame.clear()

    def _recorded(self) -> pl.DataFrame:
        """A log with one approved record of the last year that nothing followed."""
        self._planted.add("F08")
        year = self.order.last_year
        row = {
            "restatement_id": f"{year}-01",
            "table_name": self.handling.recorded,
            "row_period": year,
            "row_key": f"{self.order.territory[0].code}|{year}",
            "column_name": "新增行",
            "reason": "县里漏报了一行,经批准补报",
            "entered_by": "县教育局统计岗",
            "entered_on": dt.date(year + 2, 1, 10),
            "approved_by": "市教育局统计负责人",
            "approved_on": dt.date(year + 2, 1, 20),
        }
        log = _marked(pl.DataFrame(schema=schema_of("restatement_log")))
        line = Line(
            self.stage, "F08", "restatement_log", "", "", _row_text(row, log), "row", "restatement_log", "", str(year)
        )
        return self._with_row(log, row, self._note(line, None))

    def _one(self, defect: Defect, frames: dict[str, pl.DataFrame], world: World) -> None:
        """Plant one defect in as many units as are wanted; ``frames`` holds the changed returns afterwards."""
        frame = _marked(frames[defect.table])
        unit_of = self._unit_of(defect, world)
        units = self._in_order(defect, frame.select(unit_of.alias("unit")))
        wanted = self._wanted(defect, len(units))
        for unit in units:
            area = world.schools[unit]["county_code"] if unit in world.schools else unit
            places = self._places(defect, unit, area)
            if defect.unit == "school_id" and unit not in world.schools:
                continue  # a school that another mistake has made up
            if not wanted or places & self._used or (defect.once and defect.rule in self._planted):
                continue
            rows = list(frame.with_row_index("at").filter(unit_of == unit).iter_rows(named=True))
            mistake = defect.make(rows, world)
            if mistake is None:
                continue
            self._used |= places
            frame = self._change(defect, frame, rows, mistake, area, world)
            for table, more in mistake.elsewhere.items():
                frames[table] = self._added(defect.rule, table, frames.get(table), more, world)
            for table, key, column, by in mistake.raised:
                frames[table] = self._raised(defect.rule, table, frames[table], key, column, by, world)
            self._planted.add(defect.rule)
            wanted -= 1
        frames[defect.table] = frame

    def _wanted(self, defect: Defect, units: int) -> int:
        """In how many units a defect is planted: its share, one at least in all batches, or all."""
        if defect.every:
            return units
        return max(units * self.per_million // MILLION, 0 if defect.rule in self._planted else 1)

    def _added(
        self, rule: str, table: str, frame: pl.DataFrame | None, rows: list[dict[str, Any]], world: World
    ) -> pl.DataFrame:
        """A return (None: one that is not handed in otherwise) with rows more, each noted as one that nobody tells."""
        frame = _marked(pl.DataFrame(schema=schema_of(table)) if frame is None else frame)
        for row in rows:
            line = Line(self.stage, rule, table, "", "", _row_text(row, frame), "", table, "", str(world.year))
            frame = self._with_row(frame, row, self._note(line, None))
        return frame

    def _raised(
        self,
        rule: str,
        table: str,
        frame: pl.DataFrame,
        key: dict[str, Any],
        column: str,
        by: int,
        world: World,
    ) -> pl.DataFrame:
        """A return with one count raised, noted as one that nobody tells."""
        frame = _marked(frame)
        here = pl.all_horizontal(pl.col(name) == value for name, value in key.items())
        ((old, mark),) = frame.filter(here).select(column, MARK).rows()
        line = Line(self.stage, rule, table, column, str(old), str(old + by), "", table, "", str(world.year))
        return frame.with_columns(
            pl.when(here).then(pl.col(column) + by).otherwise(column).alias(column),
            pl.when(here).then(self._note(line, mark)).otherwise(MARK).alias(MARK),
        )

    def _note(self, line: Line, mark: int | None) -> int:
        """Keep a line; its file and row are filled in when the row of this mark is written."""
        self.lines.append(line)
        if mark is None:
            self._marks.append([])
            mark = len(self._marks) - 1
        self._marks[mark].append(line)
        return mark

    @staticmethod
    def _with_row(frame: pl.DataFrame, row: Mapping[str, Any], mark: int) -> pl.DataFrame:
        added = {name: [row.get(name)] for name in frame.columns} | {MARK: [mark]}
        return pl.concat([frame, pl.DataFrame(added, schema=frame.schema)])

    @staticmethod
    def _unit_of(defect: Defect, world: World) -> pl.Expr:
        """The unit of a row; the county of a row that names a school only comes from the register."""
        if defect.unit != COUNTY_OF_SCHOOL:
            return pl.col(defect.unit)
        counties = {code: row["county_code"] for code, row in world.schools.items()}
        return pl.col("school_id").replace_strict(counties, default=None, return_dtype=pl.String)

    def _in_order(self, defect: Defect, units: pl.DataFrame) -> list[str]:
        by = mixed(self.order.seed, f"defect {defect.rule}", pl.col("unit").cast(pl.Int64))
        return units.unique().drop_nulls().sort(by, "unit")["unit"].to_list()

    @staticmethod
    def _places(defect: Defect, unit: str, area: str) -> set[tuple[str, str]]:
        """What a mistake takes up: a school altogether (its forms are compared), a county for its rule and scope."""
        own = ("", unit) if defect.unit == "school_id" else (defect.rule, unit)
        return {own} | ({(defect.scope, area)} if defect.scope else set())

    def _change(
        self, defect: Defect, frame: pl.DataFrame, rows: list[Row], mistake: Mistake, area: str, world: World
    ) -> pl.DataFrame:
        told_by = "" if defect.told_once and defect.rule in self._planted else defect.told_by
        marks = {row["at"]: row[MARK] for row in rows}

        def line(column: str, old: object, new: object, mark: int | None) -> int:
            nonlocal told_by
            one = Line(
                self.stage, defect.rule, defect.table, column, _text(old), _text(new), told_by,
                defect.told_table or defect.table, defect.told_area or area, str(world.year),
            )  # fmt: skip
            told_by = defect.told_by if defect.told_each else ""
            return self._note(one, mark)

        at = pl.int_range(pl.len())
        for place, column, new in mistake.cells:
            here = rows[place]["at"]
            typed = pl.Series([new]).cast(frame.schema[column])[0]
            marks[here] = line(column, rows[place][column], typed, marks[here])
            frame = frame.with_columns(
                pl.when(at == here).then(pl.lit(typed, dtype=frame.schema[column])).otherwise(column).alias(column),
                pl.when(at == here).then(marks[here]).otherwise(MARK).alias(MARK),
            )
        for row in mistake.add:
            mark = line("", "", _row_text(row, frame), None)
            frame = self._with_row(frame, row, mark)
        for place in mistake.drop:
            line("", _row_text(rows[place], frame), "", None)
        for rule, table, unit in defect.also(mistake, rows, world) if defect.also else ():
            self._planted.add(rule)
            self.lines.append(
                Line(self.stage, rule, defect.table, "", "", "", "unit", table, unit, str(world.year))
            )
        gone = [rows[place]["at"] for place in mistake.drop]
        return frame.filter(~at.is_in(gone)) if gone else frame

    def scribble(self, table: str, shown: pl.DataFrame, path: str, sheet: str, first: int) -> pl.DataFrame:
        """Rows as they stand in a file of the last year, from row ``first`` on, with cells that cannot be read."""
        used: set[int] = set()
        for one in self.scribbles:
            if one.table != table or not shown.height:
                continue
            by = mixed(self.order.seed, f"scribble {one.rule}", pl.col("at"))
            places = shown.select(pl.int_range(pl.len()).alias("at")).sort(by, "at")["at"].to_list()
            free = [place for place in places if place not in used]
            share = shown.height * self.per_million // MILLION
            for place in free[: max(share, one.rule not in self._planted)]:
                used.add(place)
                self._planted.add(one.rule)
                shown = self._written_over(one, shown, place, path, sheet, first)
        return shown

    def _written_over(
        self, one: Scribble, shown: pl.DataFrame, place: int, path: str, sheet: str, first: int
    ) -> pl.DataFrame:
        old = "" if one.text is None else _text(shown[one.column][place])
        row, new = first + place, one.text or ""
        if one.text is None:
            row = first + shown.height
            shown = pl.concat([shown, shown[place]])
        else:
            texts = shown[one.column].cast(pl.String).to_list()
            texts[place] = one.text or None
            shown = shown.with_columns(pl.Series(one.column, texts, dtype=pl.String))
        period = str(self.order.last_year)
        self.lines.append(
            Line(self.stage, one.rule, one.table, one.column, old, new, "row", one.table, "", period, path, sheet, str(row))
        )
        return shown

    def came_late(self, row: int, old: str, new: str) -> None:
        """Note the file that came late; ``row`` is its row in the register."""
        self.lines.append(
            Line(
                self.stage, "E10", "register.csv", "received_on", old, new, "row", "submission", "",
                str(self.order.last_year), "register.csv", "", str(row),
            )
        )  # fmt: skip

    def restated(self, column: str, old: str, new: str, path: str, sheet: str, row: int) -> None:
        """Note the cell that a correction of the first year changed without a record."""
        self._planted.add("D17")
        table, year = self.handling.restated, str(self.order.first_year)
        self.lines.append(
            Line(self.stage, "D17", table, column, old, new, "row", table, "", year, path, sheet, str(row))
        )

    def written(self, mark: int, path: str, sheet: str, row: int) -> None:
        """Note where the row of a mark stands."""
        for one in self._marks[mark]:
            one.file, one.sheet, one.row = path, sheet, str(row)


def _marked(frame: pl.DataFrame) -> pl.DataFrame:
    """With the column of marks: which lines of the list speak of a row."""
    if MARK in frame.columns:
        return frame
    return frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(MARK))


def _children(frame: pl.DataFrame | None) -> dict[tuple[str, str], int]:
    if frame is None:
        return {}
    counted = frame.filter(~pl.col("is_total")).group_by("school_id", "class_level").agg(pl.col("children").sum())
    return {(school, level): number for school, level, number in counted.iter_rows()}


def _row_text(row: Row, frame: pl.DataFrame) -> str:
    """A whole row in one cell of the list, without its blanks."""
    values = (row.get(name) for name in frame.columns if name != MARK)
    return " ".join(_text(value) for value in values if value is not None)


def _text(value: object) -> str:
    if value is None:
        return ""
    return ("否", "是")[value] if isinstance(value, bool) else str(value)
