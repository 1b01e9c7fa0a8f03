"""What one edition's assets share while they are made: places, programme, identity, progress.

Belongs here: the ``Workshop`` resource, the ``Workbench`` it hands out per edition, what a run came to.
Does not belong here: reading returns, SQL, rendering.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from pipeline.edition.identity import Identity, identify
from pipeline.programme import Home, Programme, split_edition_key
from pipeline.quality.finding import Finding, RuleOutcome, read_records, write_records
from pipeline.warehouse.engine import Engine, InStore
from pipeline.warehouse.store import open_store, returns_folder, table_hash


@dataclass(frozen=True)
class Workbench:
    """Where one edition is made: its programme, year and folders under ``build/``, and what computes its tables."""

    home: Home
    programme: Programme
    year: int
    engine: Engine = field(default_factory=InStore, compare=False, repr=False)
    _prints: dict[str, tuple[int, str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def folder(self) -> Path:
        return self.home.edition_build(self.programme.id, self.year)

    @property
    def findings_folder(self) -> Path:
        return self.folder / "findings"

    @property
    def stage_folder(self) -> Path:
        """What will be published: filled file by file, renamed as a whole."""
        return self.folder / "stage"

    @property
    def warehouse(self) -> Path:
        """The working database."""
        return self.folder / "warehouse.duckdb"

    @property
    def returns_folder(self) -> Path:
        """The rows of the returns that the working database reads."""
        return returns_folder(self.warehouse)

    @property
    def cache_folder(self) -> Path:
        """Parsed returns by content, shared by all editions."""
        return self.home.build / "intake_cache"

    @property
    def answers_folder(self) -> Path:
        """What the gates of a check were told of rows, by content, shared by all editions."""
        return self.home.build / "gate_cache"

    @cached_property
    def identity(self) -> Identity:
        return identify(self.programme, self.year, self.home.audience)

    @contextmanager
    def store(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with open_store(self.warehouse) as connection:
            yield connection

    @contextmanager
    def shown(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """The tables as this edition's readers see them, for the length of a block."""
        from pipeline.edition.public import CHILDREN, public_view

        if self.home.audience == "internal":
            yield
            return

        def children(indicator: str, variant: str) -> bool:
            return self.programme.indicators[indicator].counted(variant) in CHILDREN

        with public_view(connection, children, self.programme.plan.programme.area_code):
            yield

    def record(self, step: str, findings: list[Finding], outcomes: list[RuleOutcome] | None = None) -> None:
        """Keep what a step found, replacing what it found before."""
        write_records(self.findings_folder / f"{step}.json", findings, outcomes or [])

    def clear_records(self) -> None:
        for path in self.findings_folder.glob("*.json"):
            path.unlink()

    def start_afresh(self) -> None:
        """Forget what earlier runs found and made: nothing of theirs can pass for this run's.

        The database goes too: one that a power failure damaged would stop every run after it. So does what a killed run had put
        on disk because memory was short.
        """
        self.warehouse.unlink(missing_ok=True)
        self.warehouse.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        for folder in (self.warehouse.with_suffix(".duckdb.tmp"), self.returns_folder):
            shutil.rmtree(folder, ignore_errors=True)
        self.clear_records()
        for path in (self.folder / "made").glob("*"):
            path.unlink()

    def stamp(self, step: str) -> None:
        """Note that a table was made, or a gate held, from this edition's inputs and code."""
        self._prints.pop(step, None)
        made = self.folder / "made"
        made.mkdir(parents=True, exist_ok=True)
        (made / step).write_text(self.identity.build_id, "utf-8")

    def fingerprint(self, connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
        """(rows, content hash) of a table, worked out once after each making of it."""
        if table not in self._prints:
            self._prints[table] = table_hash(connection, table)
        return self._prints[table]

    def require_made(self, steps: Iterable[str]) -> None:
        """Raise NotMade unless every step bears this edition's build id and nothing found blocks.

        So a report can never be made, or published, from tables of other inputs or past a gate that failed,
        whichever assets somebody chose to materialise.
        """
        made = self.folder / "made"
        stale = [
            step
            for step in steps
            if not (made / step).is_file() or (made / step).read_text("utf-8") != self.identity.build_id
        ]
        findings, outcomes = self.records()
        blocking = any(f.blocks for f in findings) or any(
            o.outcome == "could_not_be_evaluated" for o in outcomes
        )
        if stale or blocking:
            shown = "、".join(stale[:5]) + ("…" if len(stale) > 5 else "")
            raise NotMade(
                f"不能出报告:{'这些步骤不是由现在的输入和程序做出的:' + shown if stale else '校验没有通过'}。"
                f"请运行整个任务 annual_report / the report cannot be made: "
                f"{'made from other inputs or code: ' + shown if stale else 'a check blocks'}; run the whole job"
            )

    def records(self, without: str = "") -> tuple[list[Finding], list[RuleOutcome]]:
        """What the steps found so far, all of them or all but the one named ``without``."""
        return read_records(self.findings_folder, without)


@dataclass(frozen=True)
class RunOutcome:
    """What a run or a check came to. ``crash`` is set when a step failed for another reason than a finding."""

    success: bool
    findings: list[Finding]
    outcomes: list[RuleOutcome]
    crash: str
    bench: Workbench

    @property
    def blocked(self) -> bool:
        return any(f.blocks for f in self.findings) or any(
            o.outcome == "could_not_be_evaluated" for o in self.outcomes
        )


@dataclass
class Workshop:
    """Resource of every asset: hands out workbenches and tells whoever listens which step runs."""

    home: Home
    announce: Callable[[str], None] = field(default=lambda step: None)
    engine: Engine = field(default_factory=InStore)
    _benches: dict[tuple[str, str], Workbench] = field(default_factory=dict)

    def bench(self, edition: str, public: bool = False) -> Workbench:
        """The workbench of ``<programme>-<year>``; read once, afresh after :meth:`forget`.

        ``public``: of the edition for the public, whatever the home's own audience.
        """
        home = self.home.public() if public else self.home
        key = (edition, home.audience)
        if key not in self._benches:
            programme_id, year = split_edition_key(edition)
            self._benches[key] = Workbench(home, home.programme(programme_id), year, self.engine)
        return self._benches[key]

    def forget(self, edition: str) -> None:
        """Read the programme's files again next time: a run starts from what is on disk now."""
        for key in [key for key in self._benches if key[0] == edition]:
            del self._benches[key]


class NotMade(RuntimeError):
    """Tables or gates do not belong to the edition's present inputs and code. ``str()`` says which."""
