"""Tables made by DuckDB in a run of the shipped programmes, and what an engine makes of the same raw tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.programme import CODE_ROOT, Home
from pipeline.session import Workbench
from pipeline.steps import check_register, make_table, read_received, write_known, write_plan, write_received
from pipeline.warehouse.engine import Engine
from pipeline.warehouse.sqlfiles import SCHEMAS, load_sql
from pipeline.warehouse.store import content_hash, fit_threads, open_store

FILES = load_sql(CODE_ROOT / "sql")


def made_by_duckdb(root: Path, programme: str, year: int) -> Path:
    """The working database of an edition whose tables DuckDB made, step for step as a run does (without gates)."""
    home = Home(root)
    shutil.copytree(CODE_ROOT / "data_raw" / programme, home.data_raw / programme)
    bench = Workbench(home, home.programme(programme), year)
    check_register(bench)
    with bench.store() as store:
        write_plan(bench, store)
        for contract in bench.programme.contracts.values():
            write_received(bench, store, contract, read_received(bench, contract)[0])
        fit_threads(store)
        for schema in SCHEMAS.values():
            if schema == "progress":
                write_known(bench, store)
            for file in FILES:
                if file.schema == schema:
                    make_table(bench, store, file)
    return bench.folder / "warehouse.duckdb"


@pytest.fixture(scope="session")
def china(tmp_path_factory) -> Path:
    return made_by_duckdb(tmp_path_factory.mktemp("china"), "china", 2023)


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Path:
    return made_by_duckdb(tmp_path_factory.mktemp("city"), "zhangjiakou", 2024)


def fresh_store(made: Path, target: Path) -> duckdb.DuckDBPyConnection:
    """A working database that holds the raw tables of ``made`` and nothing else yet; it is closed by who asked."""
    with open_store(target):
        pass
    store = duckdb.connect(str(target))
    store.execute(f"ATTACH '{made}' AS made (READ_ONLY)")
    for (name,) in store.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'made' AND table_schema = 'raw'"
    ).fetchall():
        store.execute(f"CREATE TABLE raw.{name} AS SELECT * FROM made.raw.{name}")
    return store


def different(made: Path, engine: Engine, target: Path) -> list[str]:
    """Every table that ``engine`` makes in another way than DuckDB did: rows, values, columns or types."""
    with fresh_store(made, target) as store:
        for file in FILES:
            engine.make(store, file)
        return [file.table for file in FILES if seen(store, file.table) != seen(store, f"made.{file.table}")]


def seen(store: duckdb.DuckDBPyConnection, table: str) -> tuple[list[tuple], int, str]:
    frame = store.sql(f"SELECT * FROM {table}").pl()
    return store.sql(f"DESCRIBE {table}").fetchall(), frame.height, content_hash(frame)
