"""The quality gates: every rule of a gate held against the tables of an edition.

Belongs here: reading batches, running the expectations and the SQL of the rules, and turning
what fails into findings with their place. Does not belong here: the rules themselves
(rules/), blocking or printing (assets, command line).

A rule has one of four outcomes on each table that it guards: passed, failed, could not be
evaluated (an expectation that crashed, a query that does not run, a table that is not there), or
withheld. "Could not be evaluated" blocks, whatever the severity of the rule. Rules of group A come
first, and a table on which one of them failed is not passed on: every later rule that reads it is
withheld, so that one bad file does not raise a thousand findings that follow from it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.quality.engine import Engine, Wanted, engine
from pipeline.quality.finding import FOUND, Finding, Outcome, RuleOutcome, found_rows
from pipeline.quality.kept import Kept
from pipeline.quality.rules import (
    MICRO,
    Expectation,
    Rule,
    RuleBook,
    TableMeta,
    checks_for,
    load_rules,
    resolve_thresholds,
    rules_for,
)
from pipeline.quality.words import column_words, in_english, subject_words, table_words
from pipeline.reference_day import reference_day

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["GateResult", "checks_for", "load_rules", "rules_for", "run_gate"]

LISTED = {"error": 200, "warning": 5_000, "review": 5_000, "info": 200}
"""Findings told one by one for each rule and table; the rest is counted in ``more`` of the last.

Warnings and reviews need a note each, so far more of them are told."""
BATCH_ROWS = 200_000
"""Periods of a table are validated together up to this many rows, a larger period by itself."""

OF_THE_MACHINE = (duckdb.OutOfMemoryException, duckdb.IOException)
"""What no rule can help: want of memory or disk for the working database. It stops the gate and is told once (mishap.py), not for every rule."""

_PLACE = ("source_file", "source_sheet", "source_row")
_TABLE_IN_SQL = re.compile(r"\b(?:FROM|JOIN)\s+((?:raw|staging|core|indicator|progress|quality)\.\w+)")
_PERIOD = "period_of_row"
_ALWAYS = "TRUE"
_SHARE_LIMITS = frozenset({Decimal(0), Decimal(100)})


@dataclass(frozen=True)
class GateResult:
    """What one gate found: findings (worst first) and the outcome of every rule on every guarded table."""

    findings: list[Finding]
    outcomes: list[RuleOutcome]
    by_check: dict[tuple[str, str], list[Finding]]

    def of(self, rule_id: str, guard: str) -> list[Finding]:
        """Findings of one rule on one guarded table, worst first (their rows may stand in another table)."""
        return self.by_check.get((rule_id, guard), [])

    @property
    def blocks(self) -> bool:
        """True when an error failed or anything could not be evaluated."""
        return any(finding.blocks for finding in self.findings)


@dataclass
class _Tally:
    """What has been seen so far of one rule on one guarded table; ``listed`` findings may be told."""

    listed: int
    checked: int = 0
    offending: int = 0
    crashed: bool = False
    withheld: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many more findings may be told one by one."""
        return max(self.listed - len(self.findings), 0)

    def tell(self, findings: Sequence[Finding], found: int) -> None:
        """Add ``findings``, the first of ``found``; those left out are counted on the last one told."""
        self.findings += findings
        if found > len(findings):
            last = self.findings[-1]
            self.findings[-1] = replace(last, more=last.more + found - len(findings))

    @property
    def outcome(self) -> Outcome:
        if self.crashed:
            return "could_not_be_evaluated"
        if self.withheld:
            return "withheld"
        return "failed" if self.offending else "passed"


def run_gate(
    connection: duckdb.DuckDBPyConnection,
    gate: int,
    *,
    thresholds: Mapping[str, str | int | Decimal] | None = None,
    sql_root: Path,
    tables: Collection[str] | None = None,
    found: Sequence[Finding] = (),
    kept: Path | None = None,
) -> GateResult:
    """Hold every rule of ``gate`` (1, 2 or 3) against the tables behind ``connection``.

    ``thresholds`` overrides named thresholds (``{"C10.low_percent": "55"}``); ``sql_root`` is the
    folder that holds ``quality/<id>.sql``; ``tables`` limits the gate to rules that guard one of
    these tables ("staging.school_register"), and the outcomes to these tables. ``found`` are the findings
    of the steps before, for the rule on notes, which comes last and reads them as ``quality.finding``; no
    other table is written. ``kept``: a folder for what is said of rows, so that it need not be asked of the same rows
    again (kept.py).

    Never raises for what a rule meets: that becomes ``could_not_be_evaluated``. Raises RuleError
    for an unknown threshold and ValueError for an unknown gate, and what is OF_THE_MACHINE.
    """
    if gate not in (1, 2, 3):
        raise ValueError(f"gate must be 1, 2 or 3, not {gate!r}")
    return evaluate(
        connection,
        rules_for(gate),
        load_rules(),
        thresholds=thresholds,
        sql_root=sql_root,
        tables=tables,
        found=found,
        kept=kept,
    )


def evaluate(
    connection: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    book: RuleBook,
    *,
    thresholds: Mapping[str, str | int | Decimal] | None = None,
    sql_root: Path,
    tables: Collection[str] | None = None,
    found: Sequence[Finding] = (),
    kept: Path | None = None,
) -> GateResult:
    """The same as :func:`run_gate` for any ``rules`` of any ``book``."""
    wanted = [rule for rule in rules if tables is None or set(rule.guards) & set(tables)]
    limits = resolve_thresholds(list(rules), thresholds)
    run = _Run(connection, book, limits, sql_root, kept)
    tallies = {
        (rule.id, guard): _Tally(LISTED[rule.severity])
        for rule in wanted
        for guard in rule.guards
        if tables is None or guard in tables
    }
    first = [rule for rule in wanted if rule.id.startswith("A")]
    last = [rule for rule in wanted if FOUND in run.tables_read(rule)]
    run.expectations([rule for rule in wanted if rule.kind == "expectation"], tallies)
    run.queries(first, tallies)
    run.keep_back(first, [rule for rule in wanted if rule not in first], tallies)
    run.queries([rule for rule in wanted if rule not in first and rule not in last], tallies)
    run.tell_withheld(tallies)
    if last:
        run.lay_out([*found, *(f for tally in tallies.values() for f in tally.findings)])
        run.queries(last, tallies)
    severity = {rule.id: rule.severity for rule in wanted}
    outcomes = [
        RuleOutcome(
            rule=rule_id,
            table=table,
            severity=severity[rule_id],
            outcome=tally.outcome,
            checked=tally.checked,
            offending=tally.offending,
        )
        for (rule_id, table), tally in sorted(tallies.items())
    ]
    by_check = {check: sorted(tally.findings, key=Finding.sort_key) for check, tally in tallies.items()}
    findings = sorted((f for told in by_check.values() for f in told), key=Finding.sort_key)
    return GateResult(findings, outcomes, by_check)


@dataclass(frozen=True)
class _Built:
    """One expectation on one column of a batch, ready for the engine."""

    rule: Rule
    expectation: Expectation
    column: str
    wanted: Wanted


class _Run:
    """One evaluation: the connection, what is known of the edition, and the expectation engine."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        book: RuleBook,
        limits: dict[str, dict[str, Decimal]],
        sql_root: Path,
        kept: Path | None,
    ) -> None:
        self.connection = connection
        self.kept = kept
        self.book = book
        self.limits = limits
        self.sql_root = sql_root
        self.present = {
            (f"{schema}.{name}")
            for schema, name in connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables"
            ).fetchall()
        }
        self.names = _area_names(connection, self.present)
        self.commitments = _commitment_names(connection, self.present)
        self.province = self._province()
        # Table that is not passed on -> the rule of group A that kept it back.
        self.kept_back: dict[str, Rule] = {}

    # ------------------------------------------------------------------ order

    def queries(self, rules: Sequence[Rule], tallies: dict[tuple[str, str], _Tally]) -> None:
        """Evaluate every rule of kind sql, one by one."""
        for rule in rules:
            if rule.kind == "sql":
                self.query(rule, tallies)

    def keep_back(
        self, rules: Sequence[Rule], later: Sequence[Rule], tallies: dict[tuple[str, str], _Tally]
    ) -> None:
        """Note the tables on which an error of ``rules`` failed, and withhold the expectations of ``later``.

        A table is read once for all its expectations, so what the later ones found on such a table is
        known by now, and dropped. A rule that could not be evaluated says nothing of the table.
        """
        for rule in rules:
            for guard in rule.guards:
                tally = tallies.get((rule.id, guard))
                if tally and rule.severity == "error" and tally.offending:
                    self.kept_back.setdefault(guard, rule)
        for rule in later:
            for guard in self.kept_back.keys() & set(rule.guards):
                tally = tallies.get((rule.id, guard))
                if tally and rule.kind == "expectation" and not tally.crashed:
                    tallies[rule.id, guard] = _Tally(tally.listed, withheld=True)

    def tell_withheld(self, tallies: dict[tuple[str, str], _Tally]) -> None:
        """One finding for each table that is not passed on: how many checks wait for it."""
        waiting = sum(tally.withheld for tally in tallies.values())
        if not waiting:
            return
        for table, rule in sorted(self.kept_back.items()):
            zh, en = table_words(table)
            tallies[rule.id, table].findings.append(
                Finding(
                    rule=rule.id,
                    severity="info",
                    outcome="withheld",
                    table=table,
                    message_zh=f"《{zh}》的代码或报送情况有误,读取该表的后续校验暂不进行(本次共 {waiting} 项)",
                    message_en=f"the codes or the hand-in of {en} are wrong: later checks that read it wait "
                    f"({waiting} in all this time)",
                    expected_zh="先改正上述错误",
                    expected_en="correct these errors first",
                    who_zh=rule.who_zh,
                    who_en=rule.who_en,
                    todo_zh="改正后重新检查,其余问题(如有)会在那时列出",
                    todo_en="check again after that; what else there is will be told then",
                )
            )

    def lay_out(self, findings: Sequence[Finding]) -> None:
        """``quality.finding``: everything found so far, one row a finding, in the order of findings."""
        import pyarrow as pa

        columns = found_rows(findings)
        whole = ("position", "source_row", "more")
        kinds = [(name, pa.int64() if name in whole else pa.string()) for name in columns]
        rows = pa.table(columns, schema=pa.schema(kinds))
        self.connection.execute("CREATE SCHEMA IF NOT EXISTS quality")
        self.connection.register("found_rows", rows)
        self.connection.execute(f"CREATE OR REPLACE TABLE {FOUND} AS FROM found_rows")
        self.connection.unregister("found_rows")
        self.present.add(FOUND)

    def tables_read(self, rule: Rule) -> set[str]:
        """Tables that the query of ``rule`` names; none for expectations and where there is no query."""
        if rule.kind != "sql":
            return set()
        try:
            return set(_TABLE_IN_SQL.findall(self._statement(rule)))
        except OSError:  # told when the rule is evaluated
            return set()

    def _statement(self, rule: Rule) -> str:
        return (self.sql_root / "quality" / f"{rule.id.lower()}.sql").read_text("utf-8")

    def _engine(self) -> Engine | Kept:
        """Whom expectations are put to. Called where what breaks is told of the rule: its first call imports a library."""
        return engine() if self.kept is None else Kept(self.kept)

    # ------------------------------------------------------------------ expectations

    def expectations(self, rules: Sequence[Rule], tallies: dict[tuple[str, str], _Tally]) -> None:
        """Evaluate every rule of kind expectation, table by table, batch by batch."""
        for table in sorted({guard for rule_id, guard in tallies if rule_id in {r.id for r in rules}}):
            here = [rule for rule in rules if (rule.id, table) in tallies]
            if table not in self.present:
                for rule in here:
                    self._absent(rule, table, [table], tallies[rule.id, table])
                continue
            try:
                self._validate_table(table, here, tallies)
            except OF_THE_MACHINE:
                raise
            except Exception as problem:  # whatever happens while reading a table is told, never raised
                for rule in here:
                    self._crash(rule, table, problem, tallies[rule.id, table])

    def _validate_table(
        self, table: str, rules: Sequence[Rule], tallies: dict[tuple[str, str], _Tally]
    ) -> None:
        meta = self.book.tables[table]
        known = self._columns(table)
        units = (
            _Units(self.connection) if any(_uses_areas(e) for r in rules for e in r.expectations) else None
        )
        plan = [
            (rule, expectation)
            for rule in rules
            for expectation in rule.expectations
            if table in expectation.tables
        ]
        conditions = sorted({e.where for _, e in plan if e.where is not None})
        columns = {c for _, e in plan for c in e.columns_read()} | {
            *_PLACE,
            "area_code",
            "school_id",
            "county_code",
            "unit_code",
        }
        for periods, valid in self._batches(table, meta, units):
            frame = self._frame(table, meta, sorted(columns & known), conditions, periods)
            self._validate_batch(table, frame, plan, conditions, valid, tallies)

    def _columns(self, table: str) -> set[str]:
        schema, _, name = table.partition(".")
        rows = self.connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?",
            [schema, name],
        ).fetchall()
        return {row[0] for row in rows}

    def _batches(
        self, table: str, meta: TableMeta, units: _Units | None
    ) -> Iterator[tuple[list[str], tuple[str, ...]]]:
        """Runs of periods (as texts, '' for none) with the same valid unit codes, bounded in rows."""
        rows = self.connection.execute(
            f"SELECT COALESCE(CAST({meta.period} AS VARCHAR), '') AS p, COUNT(*) AS n "
            f"FROM {table} GROUP BY p ORDER BY p"
        ).fetchall()
        batch: list[str] = []
        size = 0
        valid: tuple[str, ...] = ()
        for period, count in rows:
            now = units.valid(_reference(period)) if units is not None else ()
            if batch and (now != valid or size + count > BATCH_ROWS):
                yield batch, valid
                batch, size = [], 0
            batch.append(period)
            size, valid = size + count, now
        if batch:
            yield batch, valid

    def _frame(
        self, table: str, meta: TableMeta, columns: list[str], conditions: list[str], periods: list[str]
    ) -> pd.DataFrame:
        """The batch as a pandas frame with Arrow types (whole numbers stay whole), in file order."""
        import pandas as pd

        chosen = [f'"{column}"' for column in columns]
        chosen.append(f"COALESCE(CAST({meta.period} AS VARCHAR), '') AS {_PERIOD}")
        chosen += [f"COALESCE({where}, FALSE) AS where_{number}" for number, where in enumerate(conditions)]
        order = ", ".join(column for column in _PLACE if column in columns) or _PERIOD
        table_rows = self.connection.sql(
            f"SELECT {', '.join(chosen)} FROM {table} "
            f"WHERE list_contains($periods, COALESCE(CAST({meta.period} AS VARCHAR), '')) ORDER BY {order}",
            params={"periods": periods},
        ).to_arrow_table()
        return table_rows.to_pandas(types_mapper=pd.ArrowDtype)

    def _validate_batch(
        self,
        table: str,
        frame: pd.DataFrame,
        plan: Sequence[tuple[Rule, Expectation]],
        conditions: list[str],
        valid: tuple[str, ...],
        tallies: dict[tuple[str, str], _Tally],
    ) -> None:
        built = [
            _Built(rule, expectation, column, self._wanted(expectation, column, conditions, valid))
            for rule, expectation in plan
            for column in expectation.columns or (str(expectation.shown),)
        ]
        results = self._engine().validate(frame, [one.wanted for one in built])
        seen: dict[str, set[int]] = {rule.id: set() for rule, _ in plan}
        offending: dict[str, set[int]] = {rule.id: set() for rule, _ in plan}
        for one, judged in zip(built, results, strict=True):
            tally, where = tallies[one.rule.id, table], one.wanted.where
            if judged.crash is not None:
                if not tally.crashed:
                    self._crash(one.rule, table, judged.crash, tally)
                continue
            seen[one.rule.id].update(frame.index[frame[where].astype(bool)] if where else frame.index)
            offending[one.rule.id].update(judged.rows)
            told = [self._row_finding(one, table, frame, index) for index in judged.rows[: tally.room]]
            tally.tell(told, len(judged.rows))
        for rule_id, rows_seen in seen.items():
            tallies[rule_id, table].checked += len(rows_seen)
            tallies[rule_id, table].offending += len(offending[rule_id])

    def _wanted(
        self, expectation: Expectation, column: str, conditions: list[str], valid: tuple[str, ...]
    ) -> Wanted:
        kwargs: dict[str, Any] = {"column": column} if expectation.columns else {}
        for key, value in expectation.kwargs.items():
            if isinstance(value, dict):
                value = list(valid) if value["from"] == "areas" else list(self.book.lists[value["from"]])
            elif isinstance(value, str):
                value = value.replace("<province>", self.province)
            kwargs[key] = value
        where = None if expectation.where is None else f"where_{conditions.index(expectation.where)}"
        return Wanted(expectation.type, kwargs, where)

    def _row_finding(self, one: _Built, table: str, frame: pd.DataFrame, index: int) -> Finding:
        row, expectation = frame.loc[index], one.expectation

        def cell(name: str | None) -> str:
            return _text(row[name]) if name is not None and name in frame.columns else ""

        blank = expectation.type == "expect_column_values_to_not_be_null"
        return self._finding(
            one.rule,
            table=table,
            place={name: row[name] if name in frame.columns else None for name in _PLACE},
            column=one.column,
            value=cell(one.column),
            area_code=cell("area_code") or cell("county_code") or cell("unit_code"),
            period=cell(_PERIOD),
            expected=cell(expectation.beside),
            detail=cell("school_id"),
            texts=_BLANK if blank else expectation if expectation.message_zh is not None else None,
        )

    # ------------------------------------------------------------------ SQL

    def query(self, rule: Rule, tallies: dict[tuple[str, str], _Tally]) -> None:
        """Evaluate one rule of kind sql and share its rows out over the tables it guards."""
        mine = {guard: tallies[rule.id, guard] for guard in rule.guards if (rule.id, guard) in tallies}
        try:
            statement = self._statement(rule)
            counted = [count.table for count in rule.counts]
            needed = sorted({*_TABLE_IN_SQL.findall(statement), *counted})
            if self.kept_back.keys() & {*needed, *mine}:
                for tally in mine.values():
                    tally.withheld = True
                return
            absent = [table for table in needed if table not in self.present]
            if absent:
                for guard, tally in mine.items():
                    self._absent(rule, guard, absent, tally)
                return
            self._count(rule, mine)
            parameters = {
                f"{name}_micro": int(number * MICRO) for name, number in self.limits[rule.id].items()
            }
            rows = self.connection.sql(statement, params=parameters).to_arrow_table()
            judged = self._engine().expect_no_rows(rows)
            if judged.crash is not None:
                raise RuntimeError(judged.crash)
            if not judged.success:
                self._share_out(rule, rows, mine)
        except OF_THE_MACHINE:
            raise
        except Exception as problem:  # whatever a rule meets is told, never raised
            for guard, tally in mine.items():
                self._crash(rule, guard, problem, tally)

    def _count(self, rule: Rule, mine: dict[str, _Tally]) -> None:
        if not rule.counts:
            for guard, tally in mine.items():
                tally.checked += self._scalar(f"SELECT COUNT(*) FROM {guard}")
        for count in rule.counts:
            where = count.where or _ALWAYS
            if count.by is not None:
                found = self.connection.execute(
                    f"SELECT {count.by}, COUNT(*) FROM {count.table} WHERE {where} GROUP BY {count.by}"
                ).fetchall()
                for name, number in found:
                    if f"staging.{name}" in mine:
                        mine[f"staging.{name}"].checked += number
                continue
            guard = count.guard or rule.guards[0]
            if guard in mine:
                mine[guard].checked += self._scalar(f"SELECT COUNT(*) FROM {count.table} WHERE {where}")

    def _scalar(self, statement: str) -> int:
        return int(self.connection.execute(statement).fetchall()[0][0])

    def _share_out(self, rule: Rule, rows: pa.Table, mine: dict[str, _Tally]) -> None:
        import pyarrow.compute as pc

        order = ["table_name", "area_code", "period", *_PLACE, "column_name", "value", "expected", "detail"]
        columns = {name: rows[name] for name in rows.column_names}
        missing = sorted(set(order) - set(columns))
        if missing:
            raise LookupError(f"the query of {rule.id} lacks the columns {', '.join(missing)}")
        sorted_rows = rows.take(pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in order]))
        for table in pc.unique(sorted_rows["table_name"]).to_pylist():
            guard = self._guard_of(rule, table)
            if guard not in mine:
                if guard not in rule.guards:
                    raise LookupError(f"the query of {rule.id} names {table}, which no guard stands for")
                continue
            tally = mine[guard]
            part = sorted_rows.filter(pc.equal(sorted_rows["table_name"], table))
            tally.offending += part.num_rows
            told = [self._query_finding(rule, row) for row in part.slice(0, tally.room).to_pylist()]
            tally.tell(told, part.num_rows)

    @staticmethod
    def _guard_of(rule: Rule, table: str) -> str:
        if table in rule.guards:
            return table
        if table in rule.shown_on:
            return rule.shown_on[table]
        return rule.guards[0] if len(rule.guards) == 1 else table

    def _query_finding(self, rule: Rule, row: dict[str, Any]) -> Finding:
        limits = {n for name, n in self.limits[rule.id].items() if name.endswith("_percent")} or _SHARE_LIMITS
        if row.get("unit") == "yuan":
            rate = _amount(row["numerator"], row["denominator"])
        else:
            rate = _percent(row.get("numerator"), row.get("denominator"), limits)
        variant = row.get("variant") or ""
        if variant and variant not in rule.variants:
            raise LookupError(
                f"the query of {rule.id} names a variant {variant!r} that the rule does not have"
            )
        return self._finding(
            rule,
            table=row["table_name"],
            place={name: row[name] for name in _PLACE},
            column=row["column_name"] or "",
            value=_text(row["value"]) or rate,
            area_code=row["area_code"] or "",
            period=row["period"] or "",
            expected=_text(row["expected"]),
            detail=_text(row["detail"]),
            rate=rate,
            texts=rule.variants[variant] if variant else None,
        )

    # ------------------------------------------------------------------ telling

    def _finding(
        self,
        rule: Rule,
        *,
        table: str,
        place: Mapping[str, Any],
        column: str,
        value: str,
        area_code: str,
        period: str,
        expected: str,
        detail: str,
        rate: str = "",
        texts: Any = None,
    ) -> Finding:
        numbers = {name: _plain(number) for name, number in self.limits[rule.id].items()}
        header = column_words(table, column)
        words = table_words(table)
        subject = subject_words(detail, self.commitments)
        area = self.names.get(area_code, (area_code, area_code))
        told: dict[str, Any] = {}
        for language, position in (("zh", 0), ("en", 1)):
            # rules about codes quote what stands in the file
            spoken = str if position == 0 or rule.id.startswith("A") else in_english
            filling = {
                **numbers,
                "value": spoken(value) or ("空白" if position == 0 else "(blank)"),
                "expected": spoken(expected),
                "area": area[position] or ("(单位不详)" if position == 0 else "an unknown unit"),
                "period": period,
                "column": header[position],
                "table": words[position],
                "detail": spoken(subject[position]),
                "rate": rate,
            }
            for what in ("message", "expected", "todo", "who"):
                template = getattr(texts, f"{what}_{language}", None) or getattr(rule, f"{what}_{language}")
                told[f"{what}_{language}"] = template.format(**filling)
        row: Any = place.get("source_row")
        return Finding(
            rule=rule.id,
            severity=rule.severity,
            table=table,
            file=_text(place.get("source_file")),
            sheet=_text(place.get("source_sheet")),
            row=None if _is_missing(row) else int(row),
            column=header[0],
            value=value,
            subject=detail,
            area_code=area_code,
            period=period,
            **told,
        )

    def _absent(self, rule: Rule, guard: str, absent: Sequence[str], tally: _Tally) -> None:
        """A table is not there: nothing to check where no return of it is due, else a crash."""
        staged = [table for table in absent if table.startswith("staging.")]
        if len(staged) == len(absent) and rule.id != "A13" and not self._due(staged):
            return
        names = ", ".join(absent)
        self._crash(rule, guard, (f"没有数据表 {names}", f"there is no table {names}"), tally)

    def _due(self, tables: Sequence[str]) -> bool:
        if "raw.due_returns" not in self.present:
            return True
        found = self.connection.execute("SELECT DISTINCT table_name FROM raw.due_returns").fetchall()
        return bool({f"staging.{row[0]}" for row in found} & set(tables))

    def _crash(
        self, rule: Rule, guard: str, problem: Exception | str | tuple[str, str], tally: _Tally
    ) -> None:
        """Tell that a rule could not be evaluated: an exception, its text, or (Chinese, English)."""
        tally.crashed = True
        if isinstance(problem, Exception):
            problem = f"{type(problem).__name__}: {problem}"
        zh, en = (problem, problem) if isinstance(problem, str) else problem
        zh, en = (" ".join(text.split())[:500] for text in (zh, en))
        tally.findings.append(
            Finding(
                rule=rule.id,
                severity=rule.severity,
                outcome="could_not_be_evaluated",
                table=guard,
                message_zh=f"规则“{rule.title_zh}”未能核对:{zh}",
                message_en=f'the rule "{rule.title_en}" could not be evaluated: {en}',
                expected_zh="规则能够执行",
                expected_en="a rule that can be evaluated",
                who_zh="系统维护人员",
                who_en="the maintainers",
                todo_zh="未核对不等于合格:排除上述问题后重新运行;报表结构有变动的,先核对约定文件",
                todo_en="not evaluated does not mean correct: remove the cause and run again; "
                "if the form has changed, check its contract first",
            )
        )

    def _province(self) -> str:
        if "raw.edition" not in self.present:
            return "[0-9]{2}"
        rows = self.connection.execute("SELECT area_code FROM raw.edition").fetchall()
        return str(rows[0][0])[:2] if rows else "[0-9]{2}"


class _Blank:
    """Texts for a blank cell: the same for every rule."""

    message_zh = "“{column}”为空白,无法核对"
    message_en = '"{column}" is blank, so it cannot be checked'
    expected_zh = "必须填写"
    expected_en = "a value"


_BLANK = _Blank()


class _Units:
    """Unit codes and the time they were valid, from raw.areas."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.rows: list[tuple[str, datetime.date | None, datetime.date | None]] = connection.execute(
            "SELECT area_code, valid_from, valid_to FROM raw.areas ORDER BY area_code, valid_from"
        ).fetchall()

    def valid(self, day: datetime.date | None) -> tuple[str, ...]:
        """Codes valid on ``day``, sorted; none for an unknown day."""
        if day is None:
            return ()
        return tuple(
            sorted(
                {
                    code
                    for code, first, last in self.rows
                    if (first is None or first <= day) and (last is None or day <= last)
                }
            )
        )


def _uses_areas(expectation: Expectation) -> bool:
    return any(isinstance(v, dict) and v["from"] == "areas" for v in expectation.kwargs.values())


def _reference(period: str) -> datetime.date | None:
    """The reference day of the year of a period text (a year or a date); None for anything else."""
    with suppress(ValueError):
        year = int(period) if len(period) <= 4 else datetime.date.fromisoformat(period).year
        return reference_day(year)
    return None


def _area_names(connection: duckdb.DuckDBPyConnection, present: set[str]) -> dict[str, tuple[str, str]]:
    if "raw.areas" not in present:
        return {}
    rows = connection.execute(
        "SELECT area_code, name_zh, name_en FROM raw.areas ORDER BY valid_to NULLS FIRST"
    ).fetchall()
    names: dict[str, tuple[str, str]] = {}
    for code, zh, en in rows:
        names.setdefault(code, (zh or code, en or zh or code))
    return names


def _commitment_names(connection: duckdb.DuckDBPyConnection, present: set[str]) -> dict[str, tuple[str, str]]:
    if "raw.commitment" not in present:
        return {}
    rows = connection.execute("SELECT id, name_zh, name_en FROM raw.commitment ORDER BY id").fetchall()
    return {commitment: (zh, en) for commitment, zh, en in rows}


def _is_missing(value: Any) -> bool:
    if value is None:
        return True
    import pandas as pd

    return value is pd.NA or (isinstance(value, float) and value != value)


def _text(value: Any) -> str:
    """A cell as a person would read it; '' for none."""
    if _is_missing(value):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return _plain(value)
    return str(value)


def _plain(number: Decimal) -> str:
    """Without exponent and trailing zeros: 105, 0.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(numerator: int | Decimal, denominator: int | Decimal) -> str:
    """numerator / denominator yuan, to two decimals."""
    from pipeline.report.numbers import round_exact

    return f"{round_exact(Fraction(int(numerator), int(denominator)), 2)} 元"


def _percent(numerator: Any, denominator: Any, limits: Collection[Decimal]) -> str:
    """numerator / denominator in per cent, with enough decimals (from two) not to contradict ``limits``."""
    if numerator is None or not denominator:
        return ""
    from pipeline.report.numbers import places_to_tell, round_exact

    share = Fraction(int(numerator) * 100, int(denominator))
    places = max(places_to_tell(share, Fraction(limit), 2) for limit in limits)
    return f"{round_exact(share, places)}%"
