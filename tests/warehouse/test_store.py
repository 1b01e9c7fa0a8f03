"""The working database: as many threads as its rows are worth, and the same tables with any number of them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.warehouse import store
from pipeline.warehouse.store import fit_threads, open_store
from tests.warehouse.conftest import FILES, made_by_duckdb, seen


def threads(connection: duckdb.DuckDBPyConnection) -> int:
    ((number,),) = connection.execute("SELECT current_setting('threads')").fetchall()
    return int(number)


def test_few_rows_of_returns_are_worked_on_by_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "FEW_ROWS", 20)
    with duckdb.connect() as connection:
        usual = threads(connection)
    with open_store(tmp_path / "w.duckdb") as connection:
        assert threads(connection) == usual  # nothing is known yet
        connection.execute("CREATE TABLE raw.a AS SELECT * FROM range(20)")
        connection.execute("CREATE TABLE core.b AS SELECT * FROM range(500)")  # made of returns, not one
        fit_threads(connection)
        assert threads(connection) == 1
    with open_store(tmp_path / "w.duckdb") as connection:
        assert threads(connection) == 1
        connection.execute("INSERT INTO raw.a VALUES (20)")
        fit_threads(connection)
        assert threads(connection) == usual


def test_the_number_of_threads_changes_no_table(china: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nation's edition, made with one thread by default, made with as many as the machine has."""
    monkeypatch.setattr(store, "FEW_ROWS", 0)
    other = made_by_duckdb(tmp_path, "china", 2023)
    with duckdb.connect(str(other)) as connection:
        connection.execute(f"ATTACH '{china}' AS made (READ_ONLY)")
        assert [file.table for file in FILES if seen(connection, file.table) != seen(connection, f"made.{file.table}")] == []
