"""Dagster's history of runs in PostgreSQL, for a server that several people and processes share (docs/server.md).

Belongs here: how that database is reached; ``deploy/dagster.yaml`` names the class. Does not belong here: the local
history in SQLite (event_log.py), what is logged. Its library is installed by ``make server`` only, so nothing else
imports this module.

By itself the storage opens a connection for each statement, four to five thousand in a run of the nation, and a connection
takes a good ten times what a statement does. Here each process keeps one, and opens more only while it needs them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy
from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import pg_url_from_config
from sqlalchemy.pool import NullPool

_RENEWED_AFTER = 3600
_MORE = 20


class SharedHistory(DagsterPostgresStorage):
    """DagsterPostgresStorage whose connections are kept. Configured by ``postgres_url`` or ``postgres_db``.

    Raises sqlalchemy's OperationalError at once where the server cannot be reached, rather than after a minute of tries.
    """

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> SharedHistory:
        address = pg_url_from_config(config_value)
        sqlalchemy.create_engine(address, poolclass=NullPool).connect().close()
        storage = cls(
            address,
            should_autocreate_tables=config_value.get("should_autocreate_tables", True),
            inst_data=inst_data,
        )
        for part in (storage.run_storage, storage.event_log_storage, storage.schedule_storage):
            # Dagster does this for its web server; 0 is no limit to how long a statement may take.
            part.optimize_for_webserver(statement_timeout=0, pool_recycle=_RENEWED_AFTER, max_overflow=_MORE)
        return storage
