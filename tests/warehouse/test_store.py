"""The working database: as many threads as its rows are worth, and the same tables with any number of them; the content
hash of a table is the same in batches as of the whole."""

from __future__ import annotations

import resource
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.mishap import explain
from pipeline.programme import CODE_ROOT, Home
from pipeline.session import Workbench
from pipeline.warehouse import store
from pipeline.warehouse.store import (
    MEMORY_VARIABLE,
    content_hash,
    fit_threads,
    open_store,
    parts,
    returns_folder,
    table_hash,
    table_names,
    write_returns,
)
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


def test_rows_of_returns_stand_beside_the_database_and_count_for_the_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder whose name is a pattern to DuckDB, beside one that it would fit, below one that looks like a column."""
    monkeypatch.setattr(store, "FEW_ROWS", 3)
    home = tmp_path / "code=乙" / "监测 [2024] 'a*' b"
    (tmp_path / "code=乙" / "监测 2 'aa' b").mkdir(parents=True)
    frame = pl.DataFrame(
        {
            "code": ["甲", None, ""],
            "number": [1, -(2**63), None],
            "amount": pl.Series([None, "1.50", "-0.05"]).cast(pl.Decimal(38, 2)),
            "on": [date(2024, 2, 29), None, date(1, 1, 1)],
            "nothing": pl.Series([None, None, None], dtype=pl.String),
        }
    )
    with open_store(home / "w.duckdb") as connection:
        connection.execute("CREATE TABLE raw.a AS SELECT 1 AS kept_by_an_older_version").fetchall()
        write_returns(connection, "raw.a", frame, home / "raw")
        store.write_frame(connection, "raw.b", frame)
        told = [connection.execute(f"DESCRIBE raw.{name}").fetchall() for name in "ab"]
        assert told[0] == told[1]
        assert connection.execute("SELECT * FROM raw.a").fetchall() == frame.rows()
        assert table_hash(connection, "raw.a") == table_hash(connection, "raw.b") == (3, content_hash(frame))
        connection.execute("DROP TABLE raw.b").fetchall()
        usual = threads(connection)
        fit_threads(connection)
        assert threads(connection) == 1
        write_returns(connection, "raw.a", pl.concat([frame, frame]), home / "raw")
        fit_threads(connection)
        assert threads(connection) == usual
    with open_store(home / "w.duckdb") as connection:
        assert threads(connection) == usual
        assert table_names(connection) == ["raw.a"]
        assert connection.execute("SELECT COUNT(*) FROM raw.a").fetchall() == [(6,)]
    assert [path.name for path in (home / "raw").iterdir()] == ["a.parquet"]


def test_a_full_disk_leaves_the_rows_that_were_there_and_is_told_with_the_file(tmp_path: Path) -> None:
    """What a file may hold is limited here, which the disk's end is to a writer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA raw").fetchall()
        write_returns(connection, "raw.a", pl.DataFrame({"n": [1]}), tmp_path)
        many = pl.select(n=pl.int_range(200_000).hash(7).reinterpret(signed=True))
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
        try:
            with pytest.raises(duckdb.Error) as full:
                write_returns(connection, "raw.a", many, tmp_path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert explain(str(full.value), tmp_path).startswith(f"磁盘(或配额)已满:{tmp_path}/a.new。")
        assert connection.execute("SELECT n FROM raw.a").fetchall() == [(1,)]


def test_a_working_folder_that_was_copied_or_moved_has_rows_of_its_own(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    with open_store(here / "w.duckdb") as connection:
        write_returns(connection, "raw.a", pl.DataFrame({"n": [1]}), returns_folder(here / "w.duckdb"))
    shutil.copytree(here, there)
    with open_store(here / "w.duckdb") as connection:
        write_returns(connection, "raw.a", pl.DataFrame({"n": [2, 2]}), returns_folder(here / "w.duckdb"))
    for home, rows in ((there, [(1,)]), (here, [(2,), (2,)])):
        with open_store(home / "w.duckdb") as connection:
            assert connection.execute("SELECT n FROM raw.a").fetchall() == rows
    shutil.rmtree(here)
    there.rename(here)
    with open_store(here / "w.duckdb") as connection:
        assert connection.execute("SELECT n FROM raw.a").fetchall() == [(1,)]
        connection.execute("CREATE VIEW raw.mine AS SELECT 1 AS n").fetchall()
        connection.execute("COMMENT ON VIEW raw.a IS 'somebody wrote here'").fetchall()
    rows = returns_folder(here / "w.duckdb") / "a.parquet"
    damaged = (rows.read_bytes()[:10], bytes(1_000), None)
    for data in damaged:
        rows.unlink() if data is None else rows.write_bytes(data)
        with open_store(here / "w.duckdb") as connection, pytest.raises(duckdb.Error) as gone:
            connection.execute("SELECT n FROM raw.a").fetchall()
        said = explain(str(gone.value), tmp_path)
        assert said.startswith(f"工作文件夹(build/)里各份报表的行不见了或已损坏:{rows}。"), gone.value
    assert explain('IO Error: No files found that match the pattern "/exchange/t/*.parquet"', tmp_path) == ""


def test_the_number_of_threads_changes_no_table(china: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nation's edition, made with one thread by default, made with as many as the machine has."""
    monkeypatch.setattr(store, "FEW_ROWS", 0)
    other = made_by_duckdb(tmp_path, "china", 2023)
    with duckdb.connect(str(other)) as connection:
        connection.execute(f"ATTACH '{china}' AS made (READ_ONLY)")
        assert [file.table for file in FILES if seen(connection, file.table) != seen(connection, f"made.{file.table}")] == []


TEXTS = ["", " ", " 甲", "甲", "乙,丙", '说"好"', "一行\n两行", "\r", "\t", "'", "a", "B", "é", "z\x7f", "\x00a", "\U0001f600", "\uffff", "10", "9", None]
"""Of which some need quotes, one is empty, one is NULL, and some stand in another order by locale or by UTF-16."""

VALUES = {
    "BIGINT": ["0", "9", "10", "-1", "-10", "9223372036854775807"],
    "BOOLEAN": ["true", "false"],
    "DATE": ["DATE '2024-02-29'", "DATE '0001-01-01'", "DATE '9999-12-31'", "DATE '1999-12-31'"],
    "DECIMAL(18,2)": ["0", "-0.05", "1.5", "-1234.50", "9999999999999999.99"],
    "DECIMAL(18,6)": ["0.000001", "-0.5", "100"],
    "DECIMAL(38,0)": ["-9", "10", "9" * 38, "-" + "9" * 38],
    "HUGEINT": ["0", "-7", "170141183460469231731687303715884105727"],
    "INTEGER": ["-2147483648", "5", "40"],
}
"""Every type that a table of ours has, beside VARCHAR."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is one of many rows, an empty one too, and is read three rows at a time."""
    monkeypatch.setattr(store, "MANY_ROWS", -1)
    monkeypatch.setattr(store, "BATCH", 3)


@pytest.fixture
def never_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(frame: pl.DataFrame) -> str:
        raise AssertionError("the whole table was hashed")

    monkeypatch.setattr(store, "content_hash", refused)


def whole(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    frame = connection.sql(f"SELECT * FROM {table}").pl()
    return frame.height, content_hash(frame)


def awkward(connection: duckdb.DuckDBPyConnection) -> None:
    """Table ``t``: a column of each type, each with its values and NULL, the texts twice, in no order."""
    columns = [*(f'"{kind}" {kind}' for kind in VALUES), '"名,称" VARCHAR', "other VARCHAR"]
    connection.execute(f"CREATE TABLE t ({', '.join(columns)})")
    for number in range(60):
        values = [[*own, "NULL"][(7 * number + place) % (len(own) + 1)] for place, own in enumerate(VALUES.values())]
        texts = [TEXTS[number % len(TEXTS)], TEXTS[number // 3 % len(TEXTS)]]
        connection.execute(f"INSERT INTO t VALUES ({', '.join(values)}, ?, ?)", texts)
    connection.execute("INSERT INTO t SELECT * FROM t")


def test_a_table_hashed_in_batches_has_the_hash_of_the_whole(few: None, never_whole: None) -> None:
    with duckdb.connect() as connection:
        awkward(connection)
        for number, name in enumerate(connection.sql("SELECT * FROM t").columns):  # each column decides the order once
            connection.execute(f'CREATE TABLE t{number} AS SELECT "{name}" AS first, * FROM t')
        connection.execute("CREATE TABLE one AS SELECT other FROM t")
        tables = table_names(connection)
        assert len(tables) == len(VALUES) + 4
        assert [t for t in tables if table_hash(connection, t) != whole(connection, t)] == []


def test_a_table_without_rows_is_its_header(few: None) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (a VARCHAR, b INTEGER)")
        assert table_hash(connection, "t") == whole(connection, "t") == (0, sha256(b"a,b\n").hexdigest())
        with pytest.raises(duckdb.Error):
            table_hash(connection, "u")


@pytest.mark.parametrize("value", [
    "CAST(0.5 AS DECIMAL(2,2))", "1e-7", "TIMESTAMP '2024-01-01 00:00:00'", "TIME '01:02:03'", "DATE '-0044-03-15'",
    "DATE '10000-01-01'",
])  # fmt: skip
def test_what_duckdb_writes_otherwise_than_polars_is_hashed_as_a_whole(value: str, few: None) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM (VALUES ({value}), (NULL))")
        assert table_hash(connection, "t") == whole(connection, "t")


def test_every_table_of_an_edition_is_hashed_in_batches(china: Path, few: None, never_whole: None) -> None:
    """So no type that a table of ours has makes it be hashed as a whole."""
    with duckdb.connect(str(china), read_only=True) as connection:
        tables = table_names(connection)
        assert len(tables) > 100 and [t for t in tables if table_hash(connection, t) != whole(connection, t)] == []


@pytest.mark.parametrize("many", [0, 100])
def test_a_table_under_another_build_id(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MANY_ROWS", many)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS a, 'old' AS build_id, 10 - range AS b FROM range(5)")
        connection.execute("CREATE TABLE u AS SELECT range AS a, '''o' AS build_id, 10 - range AS b FROM range(5)")
        assert table_hash(connection, "t", build_id="'o") == whole(connection, "u") != whole(connection, "t")
        with pytest.raises(duckdb.Error):
            table_hash(connection, "information_schema.tables", build_id="o")


def test_a_large_table_is_sorted_on_disk_where_memory_is_short(tmp_path: Path) -> None:
    place = tmp_path / "t.duckdb"
    with duckdb.connect(str(place)) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT range * 7919 % 600_011 AS a, repeat('甲', 40) || range AS b FROM range(600_000)"
        )
        expected = whole(connection, "t")
    with duckdb.connect(str(place), read_only=True) as connection:
        connection.execute("SET threads = 1; SET memory_limit = '80MB'").fetchall()
        assert table_hash(connection, "t") == expected
    assert list(tmp_path.iterdir()) == [place]
    with duckdb.connect(str(place), read_only=True) as connection:
        connection.execute("SET threads = 1; SET memory_limit = '80MB'; SET temp_directory = ''").fetchall()
        with pytest.raises(duckdb.OutOfMemoryException):
            table_hash(connection, "t")


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_on_the_way_is_one_of_the_database(threads: int) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {threads}").fetchall()
        rows = connection.sql("SELECT CAST(if(range = 900_000, 'x', '1') AS INTEGER) AS a FROM range(1_000_000)")
        seen = []
        with pytest.raises(duckdb.Error, match="Could not convert string 'x'"):
            seen.extend(piece.height for piece in parts(rows, 1000))
        # of two threads the other one may meet it before the first rows are taken
        assert seen[:2] == [0, 1000][: 2 if threads == 1 else len(seen)] and 0 < len(seen) < 902
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_what_memory_cannot_hold_goes_beside_the_database_and_a_fresh_start_takes_it_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that was killed has left it there. Where the place for it is full, that is told, not want of memory."""
    monkeypatch.setenv(MEMORY_VARIABLE, "100 MB")
    home = Home(tmp_path)
    shutil.copytree(CODE_ROOT / "data_raw" / "china", home.data_raw / "china")
    bench = Workbench(home, home.programme("china"), 2023)
    left = bench.folder / "warehouse.duckdb.tmp"
    sorting = "CREATE OR REPLACE TABLE raw.a AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(2_000_000) ORDER BY b"
    with bench.store() as connection:
        assert connection.execute("SELECT current_setting('memory_limit')").fetchall() == [("95.3 MiB",)]
        connection.execute("SET threads = 1").fetchall()
        connection.execute("SET max_temp_directory_size = '1MB'").fetchall()
        with pytest.raises(duckdb.Error) as full:
            connection.execute(sorting).fetchall()
        assert explain(str(full.value), tmp_path).startswith("磁盘(或配额)已满")
        connection.execute("RESET max_temp_directory_size").fetchall()
        connection.execute(sorting).fetchall()
        assert left.is_dir()
    left.mkdir(exist_ok=True)
    (left / "duckdb_temp_storage-0.tmp").write_bytes(b"left by a run that was killed")
    bench.returns_folder.mkdir()
    (bench.returns_folder / "body.parquet").write_bytes(b"what it had read")
    bench.start_afresh()
    assert not left.exists() and not bench.returns_folder.exists()
