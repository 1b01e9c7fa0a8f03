"""What one edition's assets share while they are made: places, programme, identity, progress.

Belongs here: the ``Workshop`` resource and the ``Workbench`` it hands out per edition.
Does not belong here: reading returns, SQL, rendering.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from pipeline.edition.identity import Identity, identify
from pipeline.programme import Home, Programme, split_edition_key
from pipeline.quality.finding import Finding, RuleOutcome, read_records, write_records
from pipeline.warehouse.store import open_store


@dataclass(frozen=True)
class Workbench:
    """Where one edition is made: its programme, year and folders under ``build/``."""

    home: Home
    programme: Programme
    year: int

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
    def cache_folder(self) -> Path:
        """Parsed returns by content, shared by all editions."""
        return self.home.build / "intake_cache"

    @cached_property
    def identity(self) -> Identity:
        return identify(self.programme, self.year)

    @contextmanager
    def store(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with open_store(self.folder / "warehouse.duckdb") as connection:
            yield connection

    def record(self, step: str, findings: list[Finding], outcomes: list[RuleOutcome] | None = None) -> None:
        """Keep what a step found, replacing what it found before."""
        write_records(self.findings_folder / f"{step}.json", findings, outcomes or [])

    def clear_records(self) -> None:
        for path in self.findings_folder.glob("*.json"):
            path.unlink()

    def records(self) -> tuple[list[Finding], list[RuleOutcome]]:
        return read_records(self.findings_folder)


@dataclass
class Workshop:
    """Resource of every asset: hands out workbenches and tells whoever listens which step runs."""

    home: Home
    announce: Callable[[str], None] = field(default=lambda step: None)
    _benches: dict[str, Workbench] = field(default_factory=dict)

    def bench(self, edition: str) -> Workbench:
        """The workbench of ``<programme>-<year>``; read once, afresh after :meth:`forget`."""
        if edition not in self._benches:
            programme_id, year = split_edition_key(edition)
            self._benches[edition] = Workbench(self.home, self.home.programme(programme_id), year)
        return self._benches[edition]

    def forget(self, edition: str) -> None:
        """Read the programme's files again next time: a run starts from what is on disk now."""
        self._benches.pop(edition, None)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold an edition's build folder for this process alone. Raises BlockingIOError if somebody has it."""
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
