"""Where the tables of the SQL files are computed: in the working database, or on an engine on other machines.

Belongs here: the one interface to both, DuckDB as the default, opening and closing. Does not belong here: Spark
Connect itself (spark_connect.py), what a table means.

Whichever engine made a table, it stands in the working database afterwards with the same columns, types and content
hash; nothing else in the code knows which one ran, and no edition says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb

from pipeline.warehouse.sqlfiles import SqlFile
from pipeline.warehouse.store import write_select


class Engine(Protocol):
    """Makes the tables of the SQL files."""

    def make(self, store: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
        """Compute the table of one file from the tables in ``store`` that it reads, and leave it there."""
        ...

    def forget(self) -> None:
        """Drop what is kept for a run that is started again; called when one has succeeded."""
        ...


class InStore:
    """DuckDB: the working database computes its own tables."""

    def make(self, store: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
        """As :meth:`Engine.make`."""
        write_select(store, file.table, file.text)

    def forget(self) -> None:
        """As :meth:`Engine.forget`: nothing is kept."""


@dataclass(frozen=True)
class Remote:
    """An engine on other machines.

    ``address``: ``sc://host:port`` (Spark Connect). ``exchange``: a folder under the same path here and there, for
    the Parquet files that go to and fro; None where the engine runs on this machine: the edition's own build folder.
    """

    address: str
    exchange: Path | None = None


@contextmanager
def opened(remote: Remote | None, edition_folder: Path) -> Iterator[Engine]:
    """The engine for one run of the edition that is made in ``edition_folder``; closed afterwards.

    Raises a Mishap where it is not installed or does not answer. What a remote engine finished stays in the exchange
    folder if the block is left by an exception, so that the next run goes on from there.
    """
    if remote is None:
        yield InStore()
        return
    from pipeline.warehouse.spark_connect import SparkConnect

    place = edition_folder / "engine"
    if remote.exchange:
        # several homes may share the folder, and have editions of the same name
        home = hashlib.sha256(str(edition_folder.resolve()).encode()).hexdigest()[:12]
        place = remote.exchange / f"{edition_folder.name}-{home}"
    engine = SparkConnect(remote.address, place)
    try:
        yield engine
    finally:
        engine.close()
