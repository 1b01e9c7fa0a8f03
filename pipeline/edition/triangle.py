"""Every earlier edition of the plan period judged again: the revision triangle, and last year's edition as a whole.

Belongs here: which files an earlier edition had, making its tables from them, and naming what made a figure of an older
year another one. Does not belong here: laying last year's edition beside the figures of today (earlier.py), which
verdict changed from edition to edition (sql/progress/revision.sql).

An edition is closed at the end of the year after its own. It had the files of its years received until then, and a
replaced file as long as the one that replaces it had not come; that follows from the register alone. An edition of
whose own year nothing had come by then was never made in its time, and is left out. Territory and plan are those of
its year, rules and SQL those of today: another rule is not undone, it is named in the plan (``method_changes``).
Nothing is read from a published edition, so that an edition stays a pure function of what was received.

Of the editions only last year's is made with every commitment; of the others the headline commitments are asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import duckdb
import polars as pl

from pipeline.edition.judged import Judged, Wanted, elsewhere, exact, judge, plan_of
from pipeline.intake.read import read_table
from pipeline.intake.register import Registration, effective
from pipeline.intake.restated import PERIOD_COLUMNS, changed_cells, is_closed, year_of
from pipeline.plan.model import Commitment
from pipeline.plan.tables import plan_tables
from pipeline.programme import CODE_ROOT
from pipeline.warehouse.sqlfiles import SqlFile, load_sql

EDITION_KEY = ("edition", "commitment_id", "period")
EDITION_SCHEMA: dict[str, pl.DataType] = {
    "edition": pl.Int64(),
    "previous_edition": pl.Int64(),
    "commitment_id": pl.String(),
    "period": pl.Int64(),
    "reported_year": pl.Int64(),
    "class": pl.String(),
    "reason": pl.String(),
    "value_num": pl.Decimal(38, 0),
    "value_den": pl.Decimal(38, 0),
    "basis": pl.String(),
    "flag_preliminary": pl.Boolean(),
    "cause": pl.String(),
    "cause_files": pl.String(),
    "cause_rows": pl.String(),
    "cause_reason": pl.String(),
}
_WHOLE = "all"


class Cause(NamedTuple):
    """Why a figure or class of an older year is another one than in the edition before.

    ``kind``: restatement (a file was replaced), arrival (a file that speaks of that year came first after the edition
    before was closed), territory (other units or codes), unexplained. ``files``: the new ones.
    """

    kind: str
    files: tuple[Registration, ...]


class Earlier(NamedTuple):
    """The editions before this one.

    ``frame``: ``raw.earlier_edition``. ``last``: last year's edition with every commitment, None where none was made in
    its time. ``cause_of``: why a figure or class of a commitment (id) in a period is another one today than in ``last``.
    """

    frame: pl.DataFrame
    last: Judged | None
    cause_of: Callable[[str, int], Cause]


class _Chain:
    """The SQL files, in order, that the verdicts of some indicators (of all, where none is given) are made with."""

    def __init__(self, indicators: set[str]) -> None:
        files = load_sql(CODE_ROOT / "sql")
        wanted = _below("progress.summary", files, indicators)
        self.files = [file for file in files if file.table in wanted]

    @cached_property
    def judging(self) -> list[SqlFile]:
        """The territory and the verdicts up to the summary: what a year is judged with once the figures are there."""
        return [file for file in self.files if file.schema == "progress" or file.table == "core.area"]

    @cached_property
    def read(self) -> set[str]:
        """Tables that the chain reads and does not make."""
        return {table for file in self.files for table in file.reads} - {file.table for file in self.files}

    @cached_property
    def watched(self) -> list[str]:
        """Tables that decide the verdicts of a year by their rows of an indicator up to it."""
        made = {file.table for file in self.files if file.schema not in ("progress", "raw")}
        read = {table for file in self.judging for table in file.reads}
        return sorted(read & made - {"core.area"})


@dataclass
class _Edition:
    """One edition as it was: its files by table, the tables that verdicts are made from, each year judged on them."""

    year: int
    files: dict[str, list[Registration]]
    data: dict[str, pl.DataFrame]
    judged: dict[int, Judged] = field(default_factory=dict)


def known_editions(registrations: Iterable[Registration], first: int, year: int) -> dict[int, list[Registration]]:
    """Edition -> the files that it had, in total order, for the editions from ``first`` on and before ``year``."""
    registrations = list(registrations)
    found = {}
    for edition in range(first, year):
        received = (r for r in registrations if not is_closed(edition, r.received_on))
        files = effective(received, edition)
        if any(r.period_to == edition for r in files):
            found[edition] = files
    return found


def earlier_editions(
    bench: Wanted, connection: duckdb.DuckDBPyConnection, now: Judged, empty: dict[str, pl.DataFrame]
) -> Earlier:
    """Every earlier edition of the plan period that was made in its time, judged again on the files that it had.

    A row of the frame is what an edition had of one headline commitment as a whole in one period up to its own; of the
    edition itself only the periods before, its own comes from progress.verdict. ``value``: of the whole area, an exact
    fraction; ``class``: of the commitment, as judged for ``reported_year`` on what that edition had. The row of the base
    year has a value only (``reported_year`` is NULL). ``cause``: where value, class or reason is another one than in the
    edition before; its files: paths, rows of the register and reasons ('' where none is given), three JSON lists in the
    same order, NULL where no file did it.
    ``now``: last year judged on the edition's own tables, which ``connection`` holds up to the indicators. ``empty``:
    tables that have no rows when a year is judged again.
    """
    return _Triangle(bench, connection, empty).earlier(now)


class _Triangle:
    def __init__(self, bench: Wanted, connection: duckdb.DuckDBPyConnection, empty: dict[str, pl.DataFrame]) -> None:
        self.bench, self.connection, self.empty = bench, connection, empty
        self.programme, self.plan = bench.programme, bench.programme.plan
        self.first, self.year = self.plan.programme.first_reporting_year, bench.year
        self.headlines = self.plan.headlines()
        self.ids = [c.id for c in self.headlines]
        self.registrations = [r for r in self.programme.registrations if r.period_to <= self.year]
        self.current = set(effective(self.registrations, self.year))
        self.changed: dict[Registration, set[tuple[int, str | None]]] = {}

    def earlier(self, now: Judged) -> Earlier:
        rows: list[dict[str, Any]] = []
        before: _Edition | None = None
        for year, files in known_editions(self.registrations, self.first, self.year).items():
            edition = self._made_again(year, files, before)
            rows += self._rows(edition, before)
            before = edition
        if before is None:
            return Earlier(pl.DataFrame([], EDITION_SCHEMA), None, _no_edition)
        last, this = before, self._this_edition(now, before)
        rows += self._rows(this, last)
        by_id = {c.id: c for c in self.plan.commitments}
        return Earlier(
            pl.DataFrame(rows, EDITION_SCHEMA).sort(EDITION_KEY),
            last.judged[last.year] if last.year == self.year - 1 else None,
            lambda commitment, period: self._cause(by_id[commitment], period, this, last),
        )

    # ------------------------------------------------------------ making

    @cached_property
    def headline_chain(self) -> _Chain:
        return _Chain({f"indicator.{c.indicator_id}" for c in self.headlines})

    def _made_again(self, year: int, files: list[Registration], before: _Edition | None) -> _Edition:
        """An edition made from its own files, each year up to its own judged on them; last year's with every commitment."""
        whole = year == self.year - 1
        chain = _Chain(set()) if whole else self.headline_chain
        by_table, frames = self._readable(chain.read, year, files)
        plan = plan_tables(self.programme, year)
        frames |= {table: plan[table] for table in sorted(chain.read & plan.keys())}
        frames |= plan_of(plan, self.connection, year, None if whole else self.ids) | self.empty
        views = {}
        for table in sorted(chain.read - frames.keys()):
            contract = table.removeprefix("raw.")
            if table.startswith("indicator."):
                views[table] = "FALSE"
            elif contract in self.programme.contracts:
                views[table] = _among([r.path for r in by_table.get(contract, [])])
            else:
                views[table] = ""
        edition = _Edition(year, by_table, {})
        with elsewhere(self.connection, views):
            own = judge(self.connection, frames, chain.files)
            edition.data = self._data()
            for earlier in range(self.first, year):
                if (judged := self._unchanged(before, edition, earlier)) is None:
                    frames = plan_of(plan_tables(self.programme, earlier), self.connection, earlier, self.ids)
                    judged = judge(self.connection, frames, self.headline_chain.judging)
                edition.judged[earlier] = judged
        edition.judged[year] = own
        return edition

    def _this_edition(self, now: Judged, before: _Edition) -> _Edition:
        """The edition itself: the years before its own, judged on its own tables."""
        by_table: dict[str, list[Registration]] = {}
        for r in sorted(self.current):
            by_table.setdefault(r.table, []).append(r)
        edition = _Edition(self.year, by_table, self._data())
        for earlier in range(self.first, self.year - 1):
            if (judged := self._unchanged(before, edition, earlier)) is None:
                frames = plan_of(plan_tables(self.programme, earlier), self.connection, earlier, self.ids) | self.empty
                judging = self.headline_chain.judging
                made = {*frames, *(file.table for file in judging)}
                shown = {table for file in judging for table in file.reads} - made
                with elsewhere(self.connection, dict.fromkeys(sorted(shown), "")):
                    judged = judge(self.connection, frames, judging)
            edition.judged[earlier] = judged
        edition.judged[self.year - 1] = now
        return edition

    def _data(self) -> dict[str, pl.DataFrame]:
        asked = pl.col("indicator_id").is_in([c.indicator_id for c in self.headlines])
        return {table: self.connection.sql(f"SELECT * FROM {table}").pl().filter(asked) for table in self.headline_chain.watched}

    def _unchanged(self, before: _Edition | None, edition: _Edition, year: int) -> Judged | None:
        """How the edition before judged ``year``, where both have the same rows up to that year."""
        if before is None or year not in before.judged:
            return None
        same = all(_up_to(before.data[t], year).equals(_up_to(edition.data[t], year)) for t in self.headline_chain.watched)
        return before.judged[year] if same else None

    def _readable(
        self, asked: set[str], year: int, files: list[Registration]
    ) -> tuple[dict[str, list[Registration]], dict[str, pl.DataFrame]]:
        """The files by table, of the ``asked`` ones, and the rows of each of which the edition had other files than today.

        What could not be read without an error never entered an edition: the file that replaced it stands for it.
        """
        by_table: dict[str, list[Registration]] = {}
        for r in files:
            if f"raw.{r.table}" in asked:
                by_table.setdefault(r.table, []).append(r)
        frames = {}
        for table, own in by_table.items():
            own = by_table[table] = [readable for r in own if (readable := self._or_next(r)) is not None]
            if not self.current.issuperset(own):
                frames[f"raw.{table}"] = self._rows_of(table, own)[0]
        return by_table, frames

    def _or_next(self, r: Registration) -> Registration | None:
        following = {n.supersedes: n for n in self.registrations if n.supersedes}
        found: Registration | None = r
        while found is not None and found not in self.current and self._rows_of(found.table, [found])[1]:
            found = following.get(found.path)
        return found

    def _rows_of(self, table: str, files: list[Registration]) -> tuple[pl.DataFrame, bool]:
        """The rows of some files of one table; whether something in them blocks."""
        programme = self.programme
        read = read_table(programme.root, files, programme.contracts[table], self.bench.cache_folder, programme.local)
        return read.frame, any(f.blocks for f in read.findings)

    # ------------------------------------------------------------ rows

    def _rows(self, edition: _Edition, before: _Edition | None) -> Iterator[dict[str, Any]]:
        for c in self.headlines:
            for period, reported in self._periods(c, edition):
                cell = self._cell(c, edition, period, reported)
                cause = None
                if before is not None and (reported is None or reported in before.judged):
                    if _differ(cell, self._cell(c, before, period, reported)):
                        cause = self._cause(c, period, edition, before)
                yield cell | {
                    "edition": edition.year,
                    "previous_edition": before.year if before else None,
                    "commitment_id": c.id,
                    "period": period,
                    "reported_year": reported,
                    "cause": cause and cause.kind,
                    "cause_files": cause and _listed([r.path for r in cause.files]),
                    "cause_rows": cause and _listed([r.row for r in cause.files]),
                    "cause_reason": cause and _listed([r.reason for r in cause.files]),
                }

    def _periods(self, c: Commitment, edition: _Edition) -> list[tuple[int, int | None]]:
        """(period, reporting year) of the edition; the base year, where it lies before the first, has no year."""
        own: list[tuple[int, int | None]] = [(c.reported_period(year), year) for year in sorted(edition.judged)]
        base = getattr(c, "base_period", None)
        return [(base, None), *own] if base is not None and base < own[0][0] else own

    def _cell(self, c: Commitment, edition: _Edition, period: int, reported: int | None) -> dict[str, Any]:
        """Value and class of one period; those of the base year are read beside the newest year of the edition."""
        judged = edition.judged[max(edition.judged) if reported is None else reported]
        rows = judged.verdicts.filter(
            (pl.col("commitment_id") == c.id)
            & (pl.col("area_code") == self.plan.programme.area_code)
            & (pl.col("segment") == _WHOLE)
            & (pl.col("period") == period)
        ).to_dicts()
        row = rows[0] if rows else {}
        summary = judged.summaries.filter(pl.col("commitment_id") == c.id).to_dicts()
        found = summary[0] if summary and reported is not None else {}
        return {
            "class": found.get("class"),
            "reason": found.get("reason"),
            "value_num": row.get("value_num"),
            "value_den": row.get("value_den"),
            "basis": row.get("basis"),
            "flag_preliminary": bool(row) and (row["maturity"] == "preliminary" or bool(row["flag_preliminary"])),
        }

    # ------------------------------------------------------------ causes

    def _cause(self, c: Commitment, period: int, edition: _Edition, before: _Edition) -> Cause:
        """What of the files, then of the territory, is not the same in two editions and can touch a figure of that period."""
        new = self._new_files(f"indicator.{c.indicator_id}", edition, before) if c.indicator_id else []
        touching = [r for r in new if self._touches(r, c, period, before)]
        if not touching:  # published values and exemptions decide a verdict beside the figure itself
            beside = (t for t in self.headline_chain.watched if not t.startswith("indicator."))
            decide = {r for table in beside for r in self._new_files(table, edition, before)}
            touching = sorted(r for r in decide if self._touches(r, c, period, before))
        replacing = tuple(r for r in touching if r.supersedes)
        if replacing:
            return Cause("restatement", replacing)
        if touching:
            return Cause("arrival", tuple(touching))
        if self.programme.crosswalk_of(edition.year) != self.programme.crosswalk_of(before.year):
            return Cause("territory", ())
        return Cause("arrival", tuple(new)) if new else Cause("unexplained", ())

    def _new_files(self, table: str, edition: _Edition, before: _Edition) -> list[Registration]:
        """The files that a table is made from and that the edition before had not."""
        below = _below(table, load_sql(CODE_ROOT / "sql"), set())
        return sorted(
            r
            for returns, files in edition.files.items()
            if f"raw.{returns}" in below
            for r in set(files) - set(before.files.get(returns, []))
        )

    def _touches(self, r: Registration, c: Commitment, period: int, before: _Edition) -> bool:
        return any(year <= period and i in (None, c.indicator_id) for year, i in self._speaks_of(r, before))

    def _speaks_of(self, r: Registration, before: _Edition) -> set[tuple[int, str | None]]:
        """(year, indicator) of the rows that a new file adds to what the edition before had, or changes of it."""
        if r not in self.changed:
            contract = self.programme.contracts[r.table]
            after = self._rows_of(r.table, [r])[0]
            replaced = [old for old in before.files.get(r.table, []) if old in self._chain_of(r)]
            if replaced:
                earlier = self._rows_of(r.table, replaced)[0]
                rows: Iterable[dict[str, Any]] = (
                    row for cell in changed_cells(earlier, after, contract) for row in (cell.before, cell.after) if row
                )
            else:
                named = [n for n in (*PERIOD_COLUMNS, "indicator_id") if n in after.columns]
                rows = after.select(named).unique().iter_rows(named=True) if named else [{}]
            self.changed[r] = {(year_of(row, r.period_to), row.get("indicator_id")) for row in rows}
        return self.changed[r]

    def _chain_of(self, r: Registration) -> list[Registration]:
        """The files that ``r`` replaced, the last one first."""
        by_path = {other.path: other for other in self.registrations}
        found: list[Registration] = []
        while (old := by_path.get(r.supersedes)) is not None and old not in found:
            found.append(old)
            r = old
        return found


def _no_edition(commitment: str, period: int) -> Cause:
    raise LookupError(f"no earlier edition to compare {commitment} {period} with")


def _below(table: str, files: list[SqlFile], indicators: set[str]) -> set[str]:
    """A table and all that it is made from; of the indicators, where any are given, only these."""
    reads = {file.table: file.reads for file in files}
    left_out = {t for t in reads if t.startswith("indicator.")} - indicators if indicators else set()
    open_, seen = [table], set()
    while open_:
        found = open_.pop()
        if found not in seen and found not in left_out:
            seen.add(found)
            open_ += reads.get(found, ())
    return seen


def _listed(values: list[Any]) -> str | None:
    """A list as JSON text, NULL where it is empty: a path or a reason may hold any separator."""
    return json.dumps(values, ensure_ascii=False) if values else None


def _among(paths: list[str]) -> str:
    """The condition on the rows of a return: they stand in one of these files."""
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"source_file IN ({listed})" if listed else "FALSE"


def _up_to(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    return frame.filter(pl.col("period") <= year).sort(frame.columns)


def _differ(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if any(one[k] != other[k] for k in ("class", "reason")):
        return True
    return exact(one["value_num"], one["value_den"]) != exact(other["value_num"], other["value_den"])
