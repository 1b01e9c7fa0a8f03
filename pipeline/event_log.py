"""Dagster's event log in SQLite, with its files kept open for the length of a run.

Belongs here: how the log of the local instance is reached. Does not belong here: what is logged, running.

By itself the log opens and closes its database for each of some four thousand statements of a run, and each close
writes the whole write-ahead log back: that took a third of a run's time without its PDFs. Kept open, a statement
costs a statement. Other processes (the interface) read and write meanwhile as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import NullPool, StaticPool

_WAIT = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}


@contextmanager
def kept_open(storage: Any) -> Iterator[None]:
    """Keep the databases of an event log open for a block; another kind of log than SQLite's is left alone."""
    if not isinstance(storage, SqliteEventLogStorage):
        yield
        return
    with ExitStack() as closing:
        _keep_open(storage, closing)
        yield


def _keep_open(storage: SqliteEventLogStorage, closing: ExitStack) -> None:
    """Replace how ``storage`` connects; ``closing`` puts it back and closes what was opened."""
    connections: dict[str, sqlalchemy.Connection] = {}
    tables: set[str] = set()
    plain_has_table = storage.has_table

    @contextmanager
    def connect(shard: str) -> Iterator[sqlalchemy.Connection]:
        with storage._db_lock:
            if shard not in connections:
                connections[shard] = _opened(storage, shard, closing)
            with connections[shard].begin():
                yield connections[shard]

    def has_table(name: str) -> bool:
        if name not in tables and plain_has_table(name):
            tables.add(name)
        return name in tables

    for name, replacement in (("_connect", connect), ("has_table", has_table)):
        setattr(storage, name, replacement)
        closing.callback(delattr, storage, name)


def _opened(storage: SqliteEventLogStorage, shard: str, closing: ExitStack) -> sqlalchemy.Connection:
    """One lasting connection to the database of a run or of the index, made first where there is none."""
    address = storage.conn_string_for_shard(shard)
    if shard not in storage._initialized_dbs:
        first = sqlalchemy.create_engine(address, poolclass=NullPool, connect_args=_WAIT)
        storage._initdb(first)
        first.dispose()
        storage._initialized_dbs.add(shard)
    # One connection for all threads: the log's own lock lets one at a time use it.
    engine = sqlalchemy.create_engine(
        address, poolclass=StaticPool, connect_args=_WAIT | {"check_same_thread": False}
    )
    closing.callback(engine.dispose)
    connection = engine.connect()
    closing.callback(connection.close)
    # With a write-ahead log this loses at most the last events when the power fails, and never the log.
    connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
    connection.commit()
    return connection
