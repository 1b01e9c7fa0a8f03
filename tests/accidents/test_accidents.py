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
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.accidents.conftest import Ended, Zygote
from tests.conftest import ROOT

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


def hashes(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


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
STEPS = [
    ("plan_and_register", {"at": "register", "operation": 3, "under": "/build/china-2022/"}),
    ("returns", {"at": "raw.published_counts"}),
    ("staging", {"at": "staging.published_counts"}),
    ("gate_1_staging", {"at": "gate_1_staging", "operation": 1, "under": "/findings/"}),
    ("core", {"at": "core.certified_value"}),
    ("gate_2_core", {"at": "gate_2_core", "operation": 1, "under": "/findings/"}),
    ("indicators", {"at": "indicator.preschool_ger"}),
    ("known_before", {"at": "known_before", "operation": 1, "under": "/made/"}),
    ("progress", {"at": "progress.verdict"}),
    ("gate_3_progress", {"at": "gate_3_progress", "operation": 1, "under": "/findings/"}),
    ("report__model", {"at": "report.model", "operation": 3, "under": "/report/"}),
    ("report__notice", {"at": "report.notice"}),
    ("report__page_zh", {"at": "report.page_zh", "operation": 1, "under": "/made/"}),
    ("report__page_en", {"at": "report.page_en", "operation": 1, "under": "/made/"}),
    ("report__pdf_en", {"at": "report.pdf_en", "operation": 2, "under": "/report/"}),
    ("report__pdf_zh", {"at": "report.pdf_zh", "operation": 2, "under": "/report/"}),
    ("report__tables", {"at": "report.tables", "operation": 1, "under": "/made/"}),
    ("report__edition", {"at": "edition", "operation": 40, "under": "/editions/"}),
]


def test_every_step_of_the_job_is_killed_below():
    from pipeline.definitions import build_defs
    from pipeline.jobs import ANNUAL_REPORT
    from pipeline.programme import CODE_ROOT, Home

    job = build_defs(Home(CODE_ROOT)).resolve_job_def(ANNUAL_REPORT)
    assert {node.name for node in job.nodes} == {name for name, _ in STEPS}


@accident("killed-at-a-step", KILLED)
def test_killed_at_each_step_one_run_after_the_other(world, tmp_path):
    """What one killed run leaves behind, the next has to live with; it is killed one step later."""
    home = world.home(tmp_path)
    for name, where in STEPS:
        ended = world.jiance(home, do="kill", **where)
        assert ended.code == -9, (name, ended)
        world.intact(home)
    world.works(home)
    quick = world.jiance(home, "editions")
    assert quick.code == 0 and quick.said.count("校验值相符") == 2, quick.said


@pytest.fixture(scope="module")
def stage(world, tmp_path_factory) -> Path:
    """What the run that follows a correction is about to publish, and the editions it is published among."""
    home = world.home(tmp_path_factory.mktemp("stage"))
    world.works(home)
    shutil.rmtree(home / "editions" / "china" / "2022" / "r2")
    return home


def publishing(world: World, home: Path, **accident) -> Ended:
    stage, editions = home / "build" / "china-2022" / "stage", home / "editions"
    return world.jiance(None, "publish", str(stage), str(editions), under="/editions/", **accident)


@accident("killed-while-publishing", KILLED)
@accident("disk-full-while-publishing", STOPPED)
@pytest.mark.parametrize("deed", ["kill", "disk_full"])
def test_at_every_file_operation_of_publishing(world, stage, deed):
    """Made a folder, opened a file, had the disk hold it, renamed: before each of them, one after the other."""
    made = stage / "editions" / "china" / "2022"
    number = 0
    while True:
        number += 1
        ended = publishing(world, stage, operation=number, do=deed)
        if ended.code == 0:
            break
        assert ended.code == (-9 if deed == "kill" else 1), ended
        if (made / "r2").exists():  # the rename is done, only the folder's own entry was not on the disk yet
            assert hashes(made / "r2") == world.second
            shutil.rmtree(made / "r2")
        world.intact(stage)
    files = len(world.second)
    assert number > 2 * files, "each file is opened and brought to the disk"
    world.published(stage)
    shutil.rmtree(made / "r2")


def test_the_operations_of_publishing_are_seen(world, stage, tmp_path):
    """An edition can be seen at the rename and not before: one operation earlier there is none."""
    made = stage / "editions" / "china" / "2022"
    last = next(
        n for n in range(2 * len(world.second), 1000)
        if publishing(world, stage, operation=n, do="kill").code == 0 or (made / "r2").exists()
    )  # fmt: skip
    shutil.rmtree(made / "r2")
    assert publishing(world, stage, operation=last - 1, do="kill").code == -9
    assert not (made / "r2").exists()


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
    history of runs), writing the report, publishing."""
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
            ("edition", False),
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


@accident("cache-damaged", UNHARMED)
@accident("warehouse-damaged", UNHARMED)
@accident("clock-back", UNHARMED)
def test_a_damaged_cache_a_damaged_database_and_a_clock_that_jumps_back(world, tmp_path):
    home = world.home(tmp_path)
    damage(home / "build" / "intake_cache")
    database = home / "build" / "china-2022" / "warehouse.duckdb"
    data = database.read_bytes()
    database.write_bytes(data[: len(data) // 2])
    world.works(home, at="core.certified_value", do="clock_back", history=True)


@accident("history-damaged", STOPPED)
def test_a_history_of_runs_that_is_damaged_or_gone_takes_no_evidence_away(world, tmp_path):
    home = world.home(tmp_path)
    (index,) = (home / "build" / "dagster").rglob("index.db")
    index.write_bytes(b"no database " * 1000)
    for leftover in index.parent.glob("index.db-*"):
        leftover.unlink()
    told(world.jiance(home, history=True), "history-damaged")
    shutil.rmtree(home / "build" / "dagster")
    assert "校验值相符" in world.jiance(home, "editions").said
    world.intact(home)


@accident("outputs-read-only", REFUSED)
@accident("editions-in-the-way", REFUSED)
@accident("editions-elsewhere", UNHARMED)
def test_places_that_cannot_be_published_in_are_told_before_any_work(world, tmp_path):
    home = world.home(tmp_path / "home")
    editions = home / "editions"
    with read_only(editions):
        told(world.jiance(home, powerless=True), "outputs-read-only")
    with read_only(home / "build"):
        told(world.jiance(home, powerless=True), "outputs-read-only")
    world.intact(home)
    elsewhere = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else tmp_path
    other = elsewhere / f"jiance-{os.getpid()}-{tmp_path.name}"
    editions.rename(tmp_path / "aside")
    editions.symlink_to(other)
    told(world.jiance(home), "editions-in-the-way")
    editions.unlink()
    editions.write_text("not a folder", "utf-8")
    told(world.jiance(home), "editions-in-the-way")
    editions.unlink()
    try:
        shutil.copytree(tmp_path / "aside", other)
        editions.symlink_to(other)
        world.works(home, powerless=True)
    finally:
        shutil.rmtree(other)


def wait_for(path: Path) -> None:
    for _ in range(6000):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{path.name} was never reached")


@accident("two-runs", REFUSED)
@accident("warehouse-open-elsewhere", STOPPED)
@accident("two-years-at-once", UNHARMED)
def test_two_at_once(world, tmp_path):
    """The second run of an edition is refused and the first ends well; another year goes its own way beside it; a
    viewer that holds the database between two steps stops the run."""
    home = world.home(tmp_path / "home")
    mark = tmp_path / "viewed"
    viewed = world.zygote.start(home, *RUN, at="gate_1_staging", do="pause", target=str(mark))
    wait_for(mark)
    told(world.jiance(home), "two-runs")
    told(world.jiance(home, "check", "china", "2022"), "two-runs")
    with duckdb.connect(str(home / "build" / "china-2022" / "warehouse.duckdb"), read_only=True) as viewer:
        assert viewer.execute("SELECT COUNT(*) FROM staging.certified_values").fetchall()
        Path(f"{mark}.go").touch()
        told(world.zygote.wait(viewed), "warehouse-open-elsewhere")
    world.intact(home)
    beside = world.zygote.start(home, "run", "china", "2021", history=True)
    world.works(home, history=True)
    ended = world.zygote.wait(beside)
    assert ended.code == 0 and "已发布 r1" in ended.said, ended.said
    listed = world.jiance(home, "editions")
    assert listed.code == 0 and listed.said.count("校验值相符") == 3, listed.said
