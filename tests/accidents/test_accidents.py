"""Accidents: the last edition stands, the person at the keyboard is told what happened, the next run simply works.

The table of docs/operations.md is what is expected: each accident there has its test here and the other way round,
and what the table says is shown must be shown.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from benchmarks.servers import SAIL, installed
from pipeline.steps import KNOWN_TABLES
from pipeline.warehouse.sqlfiles import load_sql
from pipeline.warehouse.store import MEMORY_VARIABLE
from tests.accidents.conftest import Ended, Zygote
from tests.conftest import ROOT
from tests.support.files import hashes
from tests.support.spark_servers import sail
from tests.support.waiting import until

RUN = ("run", "china", "2022")
ROW = re.compile(r"^\| `(?P<name>[a-z-]+)` \| [^|]+ \| (?P<outcome>[^|]+) \| (?P<said>[^|]+) \|$", re.M)
TABLE = {
    m["name"]: (m["outcome"].strip(), re.findall(r"“([^”]+)”", m["said"]))
    for m in ROW.finditer((ROOT / "docs" / "operations.md").read_text("utf-8"))
}
TESTED: set[str] = set()
STOPPED, REFUSED, UNHARMED, KILLED = "中止 stopped", "拒绝 refused", "照常 unharmed", "被杀 killed"


def accident(name: str, outcome: str) -> Callable:
    """This test is the one of that row of the table."""

    def mark(test: Callable) -> Callable:
        TESTED.add(name)
        assert TABLE[name][0] == outcome, name
        return test

    return mark


def told(ended: Ended, name: str, code: int = 3) -> None:
    """The command ended with that code and said what the table says; nobody has to read a traceback."""
    assert ended.code == code, ended.said
    for words in TABLE[name][1]:
        assert words in ended.said, (words, ended.said)
    assert "Traceback" not in ended.said, ended.said


def test_the_table_of_accidents_is_what_is_tested():
    assert set(TABLE) == TESTED
    assert all(said for outcome, said in TABLE.values() if outcome in (STOPPED, REFUSED))


@dataclass
class World:
    """Homes with r1 published and a return corrected since, and what must hold of them."""

    zygote: Zygote
    template: Path
    first: dict[str, str]
    second: dict[str, str]

    def home(self, target: Path) -> Path:
        shutil.copytree(self.template, target, dirs_exist_ok=True, symlinks=True)
        return target

    def jiance(self, home: Path, *args: str, **more) -> Ended:
        return self.zygote.jiance(home, *(args or RUN), **more)

    def intact(self, home: Path) -> None:
        """The published edition is what it was, and nothing else can be taken for an edition."""
        made = home / "editions" / "china" / "2022"
        assert hashes(made / "r1") == self.first
        assert [p.name for p in made.iterdir() if not p.name.startswith(".")] == ["r1"]

    def works(self, home: Path, **more) -> None:
        """The next run publishes the corrected edition, the same after every accident, and leaves nothing lying about."""
        ended = self.jiance(home, **more)
        assert ended.code == 0 and "已发布 r2" in ended.said, ended.said
        assert "与 r1 的第一处不同:原始文件 2022/certified_values.csv" in ended.said
        self.published(home)

    def published(self, home: Path) -> None:
        made = home / "editions" / "china" / "2022"
        assert hashes(made / "r1") == self.first
        found = hashes(made / "r2")
        self.second = self.second or found
        assert found == self.second
        assert sorted(p.name for p in made.iterdir()) == ["r1", "r2"]
        kept = made.parent / "inputs"
        assert all(hashlib.sha256(p.read_bytes()).hexdigest() == p.name for p in kept.iterdir())
        manifest = json.loads((made / "r2" / "manifest.json").read_text("utf-8"))
        assert {n: e["sha256"] for n, e in manifest["outputs"].items()} | {
            "manifest.json": found["manifest.json"]
        } == found


def correct(home: Path) -> None:
    """A return is corrected, so that the next run has a new edition to publish."""
    root = home / "data_raw" / "china"
    path = root / "2022" / "certified_values.csv"
    before = path.read_bytes()
    after = before.replace(b"89.7", b"89.6")
    assert before != after
    path.write_bytes(after)
    listed = root / "register.csv"
    old, new = (hashlib.sha256(data).hexdigest() for data in (before, after))
    listed.write_text(listed.read_text("utf-8").replace(old, new), "utf-8")


@contextmanager
def read_only(*folders: Path) -> Iterator[None]:
    """Whole trees without write permission (for a process that gave up root's powers)."""
    places = [p for folder in folders for p in (folder, *folder.rglob("*"))]
    modes = {p: p.stat().st_mode for p in places}
    for path in places:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


ALONE = """
from tests.accidents.faults import drop_powers
drop_powers()
from pipeline.cli import main
main(prog_name="jiance")
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> tuple[Path, Ended]:
    """The first edition: by a process with next to no environment, from returns that may only be read."""
    home = tmp_path_factory.mktemp("template")
    shutil.copytree(ROOT / "data_raw" / "china", home / "data_raw" / "china")
    before = hashes(home / "data_raw")
    with read_only(home / "data_raw"):
        done = subprocess.run(
            [sys.executable, "-c", ALONE, "--home", str(home), *RUN],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(home / "nowhere")},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    assert hashes(home / "data_raw") == before
    return home, Ended(done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def world(bare, zygote) -> World:
    home, ended = bare
    assert ended.code == 0, ended.said
    first = hashes(home / "editions" / "china" / "2022" / "r1")
    correct(home)
    return World(zygote, home, first, {})


@accident("returns-read-only", UNHARMED)
@accident("no-home-no-tmpdir", UNHARMED)
def test_returns_that_may_only_be_read_and_an_empty_environment(bare):
    home, ended = bare
    assert ended.code == 0 and "已发布 r1" in ended.said, ended.said
    assert not (home / "nowhere").exists()


# Each step of the job, killed in its midst: when it has told a thing it makes, or before the n-th file it writes.
RUNS = [
    ("plan_and_register", {"at": "register", "operation": 3, "under": "/build/china-2022/"}),
    ("returns", {"at": "raw.published_counts"}),
    ("staging", {"at": "staging.published_counts"}),
    ("gate_1_staging", {"at": "gate_1_staging", "operation": 1, "under": "/findings/"}),
    ("core", {"at": "core.certified_value"}),
    ("gate_2_core", {"at": "gate_2_core", "operation": 1, "under": "/findings/"}),
    ("indicators", {"at": "indicator.preschool_ger"}),
    ("gate_3_progress", {"at": "gate_3_progress", "operation": 1, "under": "/findings/"}),
    ("report__edition", {"at": "edition", "operation": 40, "under": "/editions/"}),
]
# Steps that stand at the end, each run alone behind a run that came that far: as the interface runs a chosen asset.
ALONE_STEPS = [
    ("known_before", " ".join(KNOWN_TABLES), {"at": "known_before", "operation": 1, "under": "/made/"}),
    ("progress", "progress.verdict", {"at": "progress.verdict", "operation": 1, "under": "/made/"}),
    ("report__model", "report.model", {"at": "report.model", "operation": 3, "under": "/report/"}),
    ("report__notice", "report.notice", {"at": "report.notice"}),
    ("report__page_zh", "report.page_zh", {"at": "report.page_zh", "operation": 1, "under": "/made/"}),
    ("report__page_en", "report.page_en", {"at": "report.page_en", "operation": 1, "under": "/made/"}),
    ("report__pdf_en", "report.pdf_en", {"at": "report.pdf_en", "operation": 2, "under": "/report/"}),
    ("report__pdf_zh", "report.pdf_zh", {"at": "report.pdf_zh", "operation": 2, "under": "/report/"}),
    ("report__volumes", "report.volumes", {"at": "report.volumes"}),
    ("report__tables", "report.tables", {"at": "report.tables", "operation": 1, "under": "/made/"}),
]


def test_every_step_of_the_job_is_killed_below():
    from pipeline.definitions import build_defs
    from pipeline.jobs import ANNUAL_REPORT
    from pipeline.programme import CODE_ROOT, Home

    job = build_defs(Home(CODE_ROOT)).resolve_job_def(ANNUAL_REPORT)
    assert {node.name for node in job.nodes} == {name for name, *_ in [*RUNS, *ALONE_STEPS]}


@pytest.fixture(scope="module")
def survived(world, tmp_path_factory) -> tuple[Path, Ended]:
    """A home in which runs were killed one after the other: what one left behind, the next had to live with, and it was
    killed one step later. And how a run ended for which the disk was full in the midst of publishing."""
    home = world.home(tmp_path_factory.mktemp("survived"))
    for name, where in RUNS:
        ended = world.jiance(home, do="kill", **where)
        assert ended.code == -9, (name, ended)
        world.intact(home)
    for name, assets, where in ALONE_STEPS:
        ended = world.zygote.jiance(None, "materialize", str(home), "china-2022", *assets.split(), do="kill", **where)
        assert ended.code == -9, (name, ended)
        world.intact(home)
    broken = world.jiance(home, at="edition", operation=40, under="/editions/", do="disk_full")
    world.intact(home)
    world.works(home)
    return home, broken


@accident("killed-at-a-step", KILLED)
def test_killed_at_each_step_one_run_after_the_other(world, survived):
    """The last edition stands behind all of it, and is made again from its kept inputs, byte for byte."""
    home, _ = survived
    world.published(home)
    listed = world.jiance(home, "editions")
    assert listed.code == 0 and listed.said.count("校验值相符") == 2, listed.said
    verified = world.jiance(home, "verify", "china/2022/r1")
    assert verified.code == 0 and "结论:相同" in verified.said, verified.said


@pytest.fixture
def stage(survived) -> Iterator[tuple[Path, Ended]]:
    """A home where a run is about to publish: the stage is filled, and the edition not there yet."""
    made = survived[0] / "editions" / "china" / "2022"
    (made / "r2").rename(survived[0] / "aside")
    yield survived
    (survived[0] / "aside").rename(made / "r2")


def publishing(world: World, home: Path, **accident) -> Ended:
    stage, editions = home / "build" / "china-2022" / "stage", home / "editions"
    return world.jiance(None, "publish", str(stage), str(editions), under="/editions/", **accident)


@accident("killed-while-publishing", KILLED)
@accident("disk-full-while-publishing", STOPPED)
def test_at_every_file_operation_of_publishing(world, stage):
    """Made a folder, opened a file, had the disk hold it, renamed: before each of them, one after the other."""
    home, broken = stage
    told(broken, "disk-full-while-publishing")
    made = home / "editions" / "china" / "2022"
    ways = {"kill": -9, "disk_full": 1}
    seen: dict[str, list[int]] = {deed: [] for deed in ways}
    operations = 0
    while True:
        operations += 1
        codes = []
        for deed, code in ways.items():
            ended = publishing(world, home, operation=operations, do=deed)
            assert ended.code in (code, 0), ended
            codes.append(ended.code)
            if (made / "r2").exists():
                seen[deed].append(operations)
                world.published(home)
                shutil.rmtree(made / "r2")
            world.intact(home)
            for abandoned in made.glob(".*"):
                shutil.rmtree(abandoned)
        if codes[0] == 0:
            break
    assert operations > 3 * len(world.second), "each file is opened, its modes copied, and brought to the disk"
    # Behind the rename there is only the note of it to bring to the disk: killed there, the edition is published.
    assert seen["kill"] == [operations - 1, operations]


def test_what_killed_runs_left_behind_is_cleared_by_the_next_which_may_be_killed_too(world, stage):
    home, _ = stage
    made = home / "editions" / "china" / "2022"
    assert publishing(world, home, operation=60, do="kill").code == -9
    assert [p.name for p in made.glob(".*")] == [".r2.partial"]
    for operation in (1, 5, 20):
        assert publishing(world, home, operation=operation, do="kill").code == -9
        world.intact(home)
    assert publishing(world, home).code == 0
    world.published(home)
    shutil.rmtree(made / "r2")


@accident("memory-short", STOPPED)
@accident("memory-misspelt", STOPPED)
def test_memory_that_does_not_suffice_and_that_does(world, tmp_path):
    """The working database is told how much it may use: a misspelt amount, too little, and little enough that it has to put
    tables on disk; then the edition is the same, byte for byte."""
    home = world.home(tmp_path / "home")

    def run(memory: str, words: Sequence[str] = RUN) -> Ended:
        call = [sys.executable, "-m", "pipeline.cli", "--home", str(home), *words]
        done = subprocess.run(
            call, cwd=ROOT, env=os.environ | {MEMORY_VARIABLE: memory}, capture_output=True, text=True, encoding="utf-8"
        )
        return Ended(done.returncode, done.stdout + done.stderr)

    for memory, name in (("4 gigabytes", "memory-misspelt"), ("12MB", "memory-short")):
        for words in (RUN, ("check", *RUN[1:])):
            told(run(memory, words), name)
            world.intact(home)
    ended = run("60MB")
    assert ended.code == 0 and "已发布 r2" in ended.said, ended.said
    world.published(home)


DEAD = 2**22 + 1
"""A number that no process has (Linux gives none above 2**22)."""


def mount(folder: Path, size: str) -> bool:
    folder.mkdir(exist_ok=True)
    call = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        return subprocess.run(call, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@accident("disk-full", STOPPED)
def test_a_full_disk(world, tmp_path):
    """A real disk, full to the last byte: while reading returns (their cache), making tables (the database and the
    history of runs), writing the report."""
    home = tmp_path / "small"
    if not mount(home, "64m"):
        pytest.skip("only root can mount a small disk; the same at every operation of publishing is tested above")
    try:
        world.home(home)
        shutil.rmtree(home / "build" / "intake_cache")
        ballast = home / "ballast"
        for step, history in (
            ("raw.published_counts", False),
            ("staging.published_counts", True),
            ("report.model", False),
        ):
            ended = world.jiance(home, at=step, do="fill", target=str(ballast), history=history)
            told(ended, "disk-full")
            world.intact(home)
            ballast.unlink()
        world.works(home, history=True)
    finally:
        subprocess.run(["umount", str(home)], check=True)


def damage(cache: Path) -> None:
    """Every kind of damage to parsed returns: cut, empty, nonsense, gone, another file's content under the name."""
    frames = sorted(cache.glob("*.parquet"), key=lambda p: (p.stat().st_size, p.name))
    assert len(frames) > 10
    frames[0].write_bytes(frames[0].read_bytes()[:-20])
    frames[1].write_bytes(b"")
    frames[2].write_bytes(b"PAR1" + bytes(100))
    frames[3].unlink()
    frames[4].with_suffix(".json").write_text("{", "utf-8")
    # The same table of two other years, each whole and with its own checksum, under each other's name.
    alike: dict[str, Path] = {}
    for path in frames[5:]:
        header = hashlib.sha256(repr(duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()).encode()).hexdigest()
        if header in alike and path.read_bytes() != alike[header].read_bytes():
            for suffix in (".parquet", ".json"):
                one, other = path.with_suffix(suffix), alike[header].with_suffix(suffix)
                held = one.read_bytes()
                one.write_bytes(other.read_bytes())
                other.write_bytes(held)
            return
        alike[header] = path
    raise AssertionError("no two entries of one table")


@accident("returns-gone", STOPPED)
def test_rows_of_returns_that_vanish_while_tables_are_made_of_them(world, tmp_path):
    """They stand beside the working database. Taken away, and cut."""
    home = world.home(tmp_path)
    rows = home / "build" / "china-2022" / "raw"
    for deed in ("remove", "cut"):
        told(world.jiance(home, at="staging.published_counts", do=deed, target=str(rows)), "returns-gone")
        world.intact(home)
    world.works(home)


@accident("history-damaged", STOPPED)
@accident("cache-damaged", UNHARMED)
@accident("warehouse-damaged", UNHARMED)
@accident("clock-back", UNHARMED)
def test_everything_under_build_damaged_and_a_clock_that_jumps_back(world, tmp_path):
    """A damaged history of runs is told; without any the editions are as sound as before, and the next run works on a
    damaged database and a damaged cache too. It says what differs from the last edition, here and in the interface."""
    home = world.home(tmp_path)
    history = home / "build" / "dagster"
    (index,) = history.rglob("index.db")
    index.write_bytes(b"no database " * 1000)
    for leftover in index.parent.glob("index.db-*"):
        leftover.unlink()
    told(world.jiance(home, history=True), "history-damaged")
    shutil.rmtree(history)
    assert "校验值相符" in world.jiance(home, "editions").said
    world.intact(home)
    damage(home / "build" / "intake_cache")
    database = home / "build" / "china-2022" / "warehouse.duckdb"
    data = (world.template / "build" / "china-2022" / "warehouse.duckdb").read_bytes()
    database.write_bytes(data[: len(data) // 2])
    world.works(home, at="core.certified_value", do="clock_back", history=True)
    (check,) = checks_of(history, "report/edition")
    assert check.passed is False and str(check.severity) == "AssetCheckSeverity.WARN"
    assert "2022/certified_values.csv" in check.description and "r1" in check.description


def checks_of(history: Path, asset: str) -> list:
    """The evaluations of an asset's checks in a history of runs, as the interface reads them."""
    import dagster as dg

    with dg.DagsterInstance.from_config(str(history)) as instance:
        kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
        entries = [entry for run in instance.get_runs() for entry in instance.all_logs(run.run_id, of_type=kind)]
        found = [entry.dagster_event.asset_check_evaluation_data for entry in entries]
    return [c for c in found if "/".join(c.asset_key.path) == asset]


@accident("outputs-read-only", REFUSED)
@accident("editions-in-the-way", REFUSED)
def test_places_that_cannot_be_published_in_are_told_before_any_work(world, tmp_path):
    home = world.home(tmp_path / "home")
    editions = home / "editions"
    with read_only(editions):
        told(world.jiance(home, powerless=True), "outputs-read-only")
    with read_only(home / "build"):
        told(world.jiance(home, powerless=True), "outputs-read-only")
    world.intact(home)
    editions.rename(tmp_path / "aside")
    editions.symlink_to(tmp_path / "nowhere")
    told(world.jiance(home), "editions-in-the-way")
    editions.unlink()
    editions.write_text("not a folder", "utf-8")
    told(world.jiance(home), "editions-in-the-way")


@contextmanager
def on_another_disk(folder: Path) -> Iterator[None]:
    """A folder moved to another file system (where there is one), with a link in its place."""
    elsewhere = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else folder.parent
    other = elsewhere / f"jiance-{os.getpid()}-{folder.name}"
    shutil.copytree(folder, other)
    shutil.rmtree(folder)
    folder.symlink_to(other)
    try:
        yield
    finally:
        shutil.rmtree(other)


@accident("two-runs", REFUSED)
@accident("warehouse-open-elsewhere", STOPPED)
@accident("two-years-at-once", UNHARMED)
@accident("editions-elsewhere", UNHARMED)
def test_two_at_once(world, tmp_path):
    """The second run of an edition is refused; a viewer that holds the database between two steps stops a run; after
    that the run works, with another year's beside it, also where editions lie on another disk."""
    home = world.home(tmp_path / "home")
    mark = tmp_path / "viewed"
    viewed = world.zygote.start(home, *RUN, at="gate_1_staging", do="pause", target=str(mark))
    until(mark.exists)
    told(world.jiance(home), "two-runs")
    told(world.jiance(home, "check", "china", "2022"), "two-runs")
    with duckdb.connect(str(home / "build" / "china-2022" / "warehouse.duckdb"), read_only=True) as viewer:
        assert viewer.execute("SELECT COUNT(*) FROM staging.certified_values").fetchall()
        Path(f"{mark}.go").touch()
        told(world.zygote.wait(viewed), "warehouse-open-elsewhere")
    world.intact(home)
    abandoned = home / "editions" / "china" / "inputs" / f".{'0' * 64}.{DEAD}.partial"
    abandoned.write_text("left half-written by a run that was killed", "utf-8")
    with on_another_disk(home / "editions"):
        beside = world.zygote.start(home, "run", "china", "2021", history=True)
        world.works(home, history=True)
        ended = world.zygote.wait(beside)
        assert ended.code == 0 and "已发布 r1" in ended.said, ended.said
        listed = world.jiance(home, "editions")
        assert listed.code == 0 and listed.said.count("校验值相符") == 3, listed.said


@pytest.mark.skipif(not installed(SAIL), reason="make engines installs Sail")
def test_an_engine_is_killed_midway_and_the_same_command_goes_on_from_there(world, tmp_path):
    """The last edition stands, one message says what happened. With an engine again the same command computes only what was
    not finished, and publishes what DuckDB made of these returns, byte for byte, with it the content hash of every table."""
    if not world.second:  # this test runs without those before it: DuckDB has not made the corrected edition yet
        world.works(world.home(tmp_path / "duckdb"))
    home, exchange = world.home(tmp_path / "home"), tmp_path / "exchange"
    exchange.mkdir()
    before = hashes(home / "editions")
    with sail(tmp_path / "sail.log") as server:
        # with a history: opening it is what switched the client's own log on
        call = (*RUN, "--engine", server.address, "--exchange", str(exchange))
        running = world.zygote.start(home, *call, history=True)
        until(lambda: len(finished(exchange)) >= 60)
        server.kill()
        ended = world.zygote.wait(running)
    assert ended.code == 3, ended.said
    message = r"引擎中断了连接或已停止.*上一版本保持不变.*已算完的表不再重算.* / the engine has gone away.*the last edition stands.*\n"
    assert re.fullmatch(message, ended.said), ended.said
    assert hashes(home / "editions") == before
    done, tables = finished(exchange), sorted(file.table for file in load_sql(ROOT / "sql"))
    assert 60 <= len(done) < len(tables)

    mark = tmp_path / "computed"  # a run that ends well leaves nothing behind with the engine: look before it ends
    with sail(tmp_path / "sail.log", server.port) as server:
        running = world.zygote.start(home, *call, at="report.model", do="pause", target=str(mark))
        until(mark.exists)
        again = finished(exchange)
        Path(f"{mark}.go").touch()
        ended = world.zygote.wait(running)
    assert {path: again.get(path) for path in done} == done
    assert sorted(path.parent.name for path in again) == tables
    assert ended.code == 0 and "已发布 r2" in ended.said, ended.said
    world.published(home)
    assert not list(exchange.iterdir())


def finished(exchange: Path) -> dict[Path, int]:
    """What an engine leaves for every table that it has finished, and when it did."""
    return {path: path.stat().st_mtime_ns for path in exchange.rglob("*.finished")}
