"""The tables of an edition are the same to the digit wherever they are computed, and an engine may fail at any moment."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from benchmarks.servers import CLUSTER, SAIL, SPARK, installed
from pipeline.cli import main
from pipeline.programme import CODE_ROOT
from pipeline.warehouse import spark_connect
from pipeline.warehouse.engine import Remote, opened
from pipeline.warehouse.spark_connect import EngineTrouble
from pipeline.warehouse.sqlfiles import SqlFile, header, named_tables
from pipeline.warehouse.store import content_hash, open_store
from tests.support.files import hashes
from tests.support.spark_servers import WORKERS, sail, spark, spent, workers_of
from tests.warehouse.conftest import FILES, different, fresh_store

needs_sail = pytest.mark.skipif(not installed(SAIL), reason="make engines installs Sail")
needs_spark = pytest.mark.skipif(not installed(SPARK), reason="make test-spark installs Spark; Java 17 is needed")


@needs_sail
def test_a_sail_cluster_of_two_workers_makes_every_table_of_the_national_edition_as_duckdb_does(china, tmp_path):
    with sail(tmp_path / "sail.log", **CLUSTER) as server, opened(Remote(server.address), tmp_path) as engine:
        assert different(china, engine, tmp_path / "warehouse.duckdb") == []


@needs_sail
@pytest.mark.spark
def test_a_sail_cluster_makes_every_table_of_the_city_as_duckdb_does(city, tmp_path):
    with sail(tmp_path / "sail.log", **CLUSTER) as server, opened(Remote(server.address), tmp_path) as engine:
        assert different(city, engine, tmp_path / "warehouse.duckdb") == []


@needs_spark
@pytest.mark.spark
@pytest.mark.parametrize("edition", ["china", "city"])
def test_spark_makes_every_table_as_duckdb_does(edition, request, tmp_path):
    made = request.getfixturevalue(edition)
    with spark(tmp_path / "spark.log") as server, opened(Remote(server.address), tmp_path) as engine:
        assert different(made, engine, tmp_path / "warehouse.duckdb") == []
        # Days between two dates: a whole number to DuckDB, an interval in the language of Spark.
        with fresh_store(made, tmp_path / "other.duckdb") as store:
            engine.make(store, _file("SELECT s.received_on - s.received_on AS x FROM raw.submission AS s"))
            assert store.execute("SELECT DISTINCT x, typeof(x) FROM core.tried").fetchall() == [(0, "BIGINT")]


@needs_sail
def test_after_a_server_is_killed_the_next_run_takes_up_what_was_finished(china, tmp_path):
    first, second = FILES[:3], FILES[3]
    remote = Remote("", tmp_path / "exchange")
    with fresh_store(china, tmp_path / "warehouse.duckdb") as store:
        with sail(tmp_path / "sail.log") as server, opened(Remote(server.address, remote.exchange), tmp_path) as engine:
            for file in first:
                engine.make(store, file)
            server.kill()
            with pytest.raises(EngineTrouble) as gone:
                engine.make(store, second)
        assert "上一版本保持不变" in str(gone.value) and "the last edition stands" in str(gone.value)
        assert "引擎中断了连接或已停止" in str(gone.value) and "the engine has gone away" in str(gone.value)
        finished = _finished(tmp_path)
        assert sorted({path.parent.name for path in finished}) == sorted(file.table for file in first)
        with sail(tmp_path / "sail.log") as server, opened(Remote(server.address, remote.exchange), tmp_path) as engine:
            for file in (*first, second):
                engine.make(store, file)
        again = _finished(tmp_path)
        assert {path: again[path] for path in finished} == finished
        assert {path.parent.name for path in set(again) - set(finished)} == {second.table}
        # A file of a finished table is lost: it is computed again, not read without it.
        lost = next(path for path in again if path.parent.name == first[1].table)
        next(lost.with_suffix("").glob("*.parquet")).unlink()
        with sail(tmp_path / "sail.log") as server, opened(Remote(server.address, remote.exchange), tmp_path) as engine:
            engine.make(store, first[1])
        assert _finished(tmp_path)[lost] != again.pop(lost)
        # A table that it was made from is another one now: what was finished is not taken for it.
        store.execute(f"DELETE FROM {first[0].reads[0]}")
        with sail(tmp_path / "sail.log") as server, opened(Remote(server.address, remote.exchange), tmp_path) as engine:
            engine.make(store, first[0])
        assert {path.parent.name for path in set(_finished(tmp_path)) - {*again, lost}} == {first[0].table}


@needs_sail
def test_what_an_engine_cannot_make_is_told_and_what_stood_there_stays(china, tmp_path):
    with (
        fresh_store(china, tmp_path / "warehouse.duckdb") as store,
        sail(tmp_path / "sail.log") as server,
        opened(Remote(server.address), tmp_path) as engine,
    ):
        store.execute("CREATE TABLE core.tried AS SELECT 1 AS before")
        # DuckDB gives NULL for a division by nothing, an engine in ANSI mode an error: never another figure.
        with pytest.raises(EngineTrouble, match=r"core\.tried.*the last edition stands"):
            engine.make(store, _file("SELECT e.year // (e.year - e.year) AS x FROM raw.edition AS e"))
        assert store.execute("SELECT before FROM core.tried").fetchall() == [(1,)]


NO_ROOM = {"SAIL_RUNTIME__MEMORY_POOL__TYPE": "greedy", "SAIL_RUNTIME__MEMORY_POOL__GREEDY__MAX_SIZE": "4000000"}


@needs_sail
@pytest.mark.parametrize(
    ("disk", "told"),
    [
        ("0", ("引擎的内存不够", "the engine ran out of memory", "give it more memory")),
        ("1000", ("引擎的临时磁盘空间不够", "the engine ran out of disk for what does not fit its memory", "make room")),
    ],
)
def test_an_engine_without_room_says_of_which_and_the_next_run_makes_the_table(tmp_path, disk, told):
    """4 MB of memory for two million groups, and a kilobyte of disk, or none, for what does not fit."""
    grouped = "WITH q AS (SELECT m.words AS words, SUM(m.n) AS n FROM raw.many AS m GROUP BY m.words) SELECT SUM(q.n) AS x FROM q"
    remote = Remote("", tmp_path / "exchange")
    with open_store(tmp_path / "warehouse.duckdb") as store:
        store.execute("CREATE TABLE raw.many AS SELECT range AS n, 'w' || range AS words FROM range(2000000)")
        with sail(tmp_path / "sail.log", **NO_ROOM, SAIL_RUNTIME__TEMPORARY_FILES__MAX_SIZE=disk) as server:
            with opened(Remote(server.address, remote.exchange), tmp_path) as engine, pytest.raises(EngineTrouble) as trouble:
                engine.make(store, _file(grouped))
        assert all(words in str(trouble.value) for words in (*told, "the last edition stands", "上一版本保持不变"))
        with sail(tmp_path / "sail.log") as server, opened(Remote(server.address, remote.exchange), tmp_path) as engine:
            engine.make(store, _file(grouped))
        assert store.execute("SELECT x FROM core.tried").fetchall() == [(1_999_999 * 1_000_000,)]


@needs_spark
@pytest.mark.spark
@pytest.mark.parametrize("attempts", [4, 1])
def test_of_two_workers_one_is_killed(tmp_path, attempts):
    """Spark gives its work to the other and the figures are right; where it may not try again, the worker is told as lost and
    the same engine makes the table once it has another."""
    pairs = "SELECT SUM((a.n + b.n) % 7) AS x FROM raw.many AS a CROSS JOIN raw.many AS b"
    with (
        spark(tmp_path / "spark.log", *WORKERS, "--conf", f"spark.task.maxFailures={attempts}") as server,
        open_store(tmp_path / "warehouse.duckdb") as store,
        opened(Remote(server.address), tmp_path) as engine,
        ThreadPoolExecutor(1) as pool,
    ):
        store.execute("CREATE TABLE raw.few AS SELECT 1 AS n")
        store.execute("CREATE TABLE raw.many AS SELECT range AS n FROM range(40000)")
        engine.make(store, _file("SELECT f.n AS x FROM raw.few AS f"))  # both workers are there
        first = workers_of(server)
        killed = pool.submit(_kill_the_busy_one, first)
        if attempts > 1:
            engine.make(store, _file(pairs))
        else:
            with pytest.raises(EngineTrouble, match="引擎失去了一个工作节点.*上一版本保持不变.*the engine lost one of its workers"):
                engine.make(store, _file(pairs))
            assert store.execute("SELECT x FROM core.tried").fetchall() == [(1,)]
            engine.make(store, _file(pairs))
        assert len(first) == 2 and killed.result() not in workers_of(server)
        expected = store.execute("SELECT SUM((a.n + b.n) % 7) FROM raw.many AS a CROSS JOIN raw.many AS b").fetchall()
        assert store.execute("SELECT x FROM core.tried").fetchall() == expected


def _kill_the_busy_one(workers: list[int]) -> int:
    """Kill the worker that computes (all pairs may be one task) once it has spent six seconds on it; its process id."""
    before = {worker: spent(worker) for worker in workers}
    for _ in range(600):
        for worker in workers:
            if spent(worker) - before[worker] > 6 * os.sysconf("SC_CLK_TCK"):
                os.kill(worker, signal.SIGKILL)
                return worker
        time.sleep(0.1)
    raise AssertionError("no worker computed anything")


def _file(text: str) -> SqlFile:
    return SqlFile("core.tried", CODE_ROOT / "sql/core/tried.sql", text, header(text), named_tables(text))


def _finished(root: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in (root / "exchange").rglob("*.finished")}


class _Reads:
    """A session that reads Parquet files and can do nothing else."""

    def __init__(self) -> None:
        self.seen: list[Path] = []
        self.read = self

    def parquet(self, path: str):
        self.seen.append(Path(path))
        return self

    def selectExpr(self, *_):  # noqa: N802 (Spark's name)
        return self

    def createOrReplaceTempView(self, _):  # noqa: N802
        return None

    def stop(self) -> None: ...


def test_two_runs_at_once_never_read_what_the_other_one_sent(tmp_path, monkeypatch):
    """Two homes with an edition of one name and one exchange folder, and two sendings of one table that was changed between."""
    sessions = []
    monkeypatch.setattr(spark_connect, "_answers", lambda address: address)
    monkeypatch.setattr(spark_connect, "_session", lambda *_: sessions.append(_Reads()) or sessions[-1])
    monkeypatch.setattr(spark_connect.SparkConnect, "_asked", lambda self, table, work: work())
    file = _file("SELECT e.year AS x FROM raw.edition AS e")
    for home, years in (("one", (2023, 2024)), ("two", (2022,))):
        for year in years:
            with open_store(tmp_path / f"{home}{year}.duckdb") as store, opened(Remote("", tmp_path / "shared"), tmp_path / home / "china-2023") as engine:
                store.execute(f"CREATE TABLE raw.edition AS SELECT {year} AS year")
                with pytest.raises(AttributeError):  # it cannot compute
                    engine.make(store, file)
    read = [path for session in sessions for path in session.seen]
    held = [duckdb.sql(f"SELECT year FROM '{path}'").fetchall() for path in read]
    assert held == [[(2023,)], [(2024,)], [(2022,)]]
    assert len({path.parents[1] for path in read}) == 2


def test_a_run_whose_engine_does_not_answer_says_so_and_publishes_nothing(tmp_path):
    shutil.copytree(CODE_ROOT / "data_raw" / "china", tmp_path / "data_raw" / "china")
    call = ["--home", str(tmp_path), "run", "china", "2023", "--engine"]
    result = CliRunner().invoke(main, [*call, "sc://127.0.0.1:1"])
    assert result.exit_code == 3
    assert "没有应答" in result.output and "no engine answers at 127.0.0.1:1" in result.output
    wrong = CliRunner().invoke(main, [*call, "spark.example:7077"])
    assert wrong.exit_code == 3 and "sc://host:port" in wrong.output
    assert not (tmp_path / "editions").exists()


@pytest.mark.parametrize(
    ("serve", "settings"),
    [
        pytest.param(sail, CLUSTER, id="sail", marks=[needs_sail, pytest.mark.long]),
        pytest.param(spark, {}, id="spark", marks=[needs_spark, pytest.mark.spark]),
    ],
)
def test_an_edition_made_on_an_engine_is_made_again_with_duckdb_byte_for_byte(serve, settings, tmp_path):
    shutil.copytree(CODE_ROOT / "data_raw" / "china", tmp_path / "data_raw" / "china")
    call = ["--home", str(tmp_path)]
    with serve(tmp_path / "engine.log", **settings) as server:
        made = CliRunner().invoke(main, [*call, "run", "china", "2023", "--engine", server.address])
    assert made.exit_code == 0 and "已发布 r1" in made.output, made.output
    told = CliRunner().invoke(main, [*call, "verify", "china/2023/r1"])  # the server is gone
    assert told.exit_code == 0 and "全部文件逐字节相同" in told.output and "结论:相同" in told.output, told.output


@needs_sail
@pytest.mark.long
def test_an_edition_made_with_duckdb_is_the_same_on_an_engine_and_not_published_again(tmp_path):
    """The other way round. That an engine publishes what DuckDB does is held by tests/accidents in make test, too."""
    shutil.copytree(CODE_ROOT / "data_raw" / "china", tmp_path / "data_raw" / "china")
    call = ["--home", str(tmp_path), "run", "china", "2023"]
    made = CliRunner().invoke(main, call)
    assert made.exit_code == 0 and "已发布 r1" in made.output, made.output
    before = hashes(tmp_path / "editions")
    with sail(tmp_path / "sail.log", **CLUSTER) as server:
        again = CliRunner().invoke(main, [*call, "--engine", server.address])
    assert again.exit_code == 0 and "与上次相同,未重复发布 r1" in again.output, again.output
    assert hashes(tmp_path / "editions") == before
    # what the engine's run left in the working database has the hashes that were published
    listed = json.loads((tmp_path / "editions/china/2023/r1/manifest.json").read_text("utf-8"))["tables"]
    with open_store(tmp_path / "build/china-2023/warehouse.duckdb") as store:
        held = {table: content_hash(store.sql(f"SELECT * FROM {table}").pl()) for table in listed}
    assert len(held) > 150 and held == {table: entry["sha256"] for table, entry in listed.items()}


@needs_sail
def test_without_the_client_a_run_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql.connect.session", None)
    with sail(tmp_path / "sail.log") as server, pytest.raises(EngineTrouble, match="make engines"):
        with opened(Remote(server.address), tmp_path):
            pass
