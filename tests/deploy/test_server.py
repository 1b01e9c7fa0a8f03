"""A server with its history in PostgreSQL: four programmes in a queue, two at a time; one is killed, then the power fails.
And four at once, of which one is killed."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.ports import free_port, listening
from tests.support.server import (
    PROGRAMMES,
    YEAR,
    bare_home,
    dask_scheduler,
    jiance,
    on_dask,
    one_programme,
    service,
    settings,
    until,
    worker,
)

pytestmark = pytest.mark.server
OWN = {"build_id", "vintage_id", "trace_code"}
"""Columns that name the edition: they follow from the programme's name."""
UNDER_WAY = "status in ('STARTING', 'STARTED', 'CANCELING')"


Ask = Callable[[str], list[str]]
"""A query of the history -> the words of the answer."""


def process_of(ask: Ask, edition: str) -> int:
    """Process id of the run of an edition that is under way, as the history has it."""
    of_it = f"runs.partition = '{edition}' and runs.{UNDER_WAY}"
    events = ask(f"select event from event_logs join runs using (run_id) where {of_it}")
    (pid,) = set(re.findall(r"in process \(pid: (\d+)\)", " ".join(events)))
    return int(pid)


@pytest.fixture(scope="module")
def served(postgres, tmp_path_factory):
    """(home, PostgreSQL, most runs seen at once) after the four were made: the process of the first was killed, and when
    another was under way everything that takes runs out of the queue was killed with it, and started again."""
    home = bare_home(tmp_path_factory.mktemp("served"))
    postgres.create("jiance")
    settings(home, postgres.url("jiance"))

    def ask(query: str) -> list[str]:
        return postgres.ask("jiance", query)

    most = 0

    def running() -> list[str]:
        nonlocal most
        seen = ask(f"select partition from runs where {UNDER_WAY}")
        most = max(most, len(seen))
        return [key for key in seen if (home / "build" / key / "warehouse.duckdb").exists()]

    port = free_port()
    with service(home, "ui", "--port", str(port)):
        until(lambda: f"127.0.0.1:{port} in process" in (home / "ui.log").read_text("utf-8"))
        put = jiance(home, "run", "--latest", "--queue", "--port", str(port))
    assert put.returncode == 0, put.stderr
    assert f"已排入队列 4 期:a {YEAR}、b {YEAR}、c {YEAR}、d {YEAR}" in put.stdout
    assert ask("select status from runs") == ["QUEUED"] * 4
    with service(home, "daemon"):
        killed = str(until(running)[0])
        second = jiance(home, "daemon")
        assert second.returncode == 3 and "队列的守护进程已在运行" in second.stderr
        os.kill(process_of(ask, killed), signal.SIGKILL)
        until(lambda: ask(f"select 1 from runs where partition = '{killed}' and status = 'FAILURE'"))
        lost = until(lambda: [key for key in running() if key != killed])
    with service(home, "daemon"):
        until(lambda: running() and 0 or len(set(ask("select partition from runs where status = 'SUCCESS'"))) == 4)
    told = (home / "daemon.log").read_text("utf-8")
    return home, killed, lost, told, most, ask


def test_every_programme_is_published_once(served):
    home, *_ = served
    for programme in PROGRAMMES:
        assert [p.name for p in (home / "editions" / programme / str(YEAR)).iterdir()] == ["r1"]


def test_no_more_at_once_than_the_settings_say(served):
    *_, most, _ = served
    assert most == 2


def test_what_was_killed_and_what_the_power_cut_took_were_made_again_once(served):
    _, killed, lost, told, _, ask = served
    for key in {killed, *lost}:
        assert ask(f"select status from runs where partition = '{key}' order by id") == ["FAILURE", "SUCCESS"]
    for key in lost:
        assert f"{key}:上次中断的运行已不在,记为失败,将自动重做" in told


@dataclass(frozen=True)
class AtOnce:
    """A server that may make four editions at once, after it did; one was asked for twice.

    ``together``: the process of each edition when all four were seen in the midst of their work; ``seen``: editions under
    way, looked at twice a second; ``killed``: whose process was killed then; ``sockets``: where interface and daemon, and all
    that they started, took connections.
    """

    home: Path
    ask: Ask
    together: dict[str, int]
    seen: list[list[str]]
    killed: str
    sockets: set


@pytest.fixture(scope="module")
def at_once(postgres, tmp_path_factory) -> AtOnce:
    home = bare_home(tmp_path_factory.mktemp("at_once"))
    postgres.create("at_once")
    settings(home, postgres.url("at_once"), at_once=4)

    def ask(query: str) -> list[str]:
        return postgres.ask("at_once", query)

    seen: list[list[str]] = []

    def under_way() -> list[str]:
        seen.append(sorted(ask(f"select partition from runs where {UNDER_WAY}")))
        return seen[-1]

    def all_in_the_midst() -> bool:
        keys = under_way()
        return len(keys) == len(set(keys)) == 4 and all((home / "build" / key / "warehouse.duckdb").exists() for key in keys)

    port = free_port()
    with service(home, "ui", "--port", str(port)) as ui:
        until(lambda: f"127.0.0.1:{port} in process" in (home / "ui.log").read_text("utf-8"))
        # the second run of a is before those of the others in the queue
        for asked in (["a", str(YEAR)], ["a", str(YEAR)], ["b", str(YEAR)], ["c", str(YEAR)], ["d", str(YEAR)]):
            put = jiance(home, "run", *asked, "--queue", "--port", str(port))
            assert put.returncode == 0, put.stderr
        sockets = listening(ui.pid)
    assert port in {number for _, number in sockets} and ask("select status from runs") == ["QUEUED"] * 5
    with service(home, "daemon") as daemon:
        until(all_in_the_midst)
        together = {key: process_of(ask, key) for key in set(seen[-1])}
        killed = f"c-{YEAR}"
        os.kill(together[killed], signal.SIGKILL)
        until(lambda: not under_way() and ask("select count(*) from runs where status in ('SUCCESS', 'FAILURE')") == ["6"])
        sockets |= listening(daemon.pid)
    return AtOnce(home, ask, together, seen, killed, sockets)


def test_four_programmes_at_once_one_is_killed_and_made_again_the_others_end_well(at_once):
    assert set(at_once.together) == {f"{programme}-{YEAR}" for programme in PROGRAMMES}
    assert len(set(at_once.together.values())) == 4, "each in a process of its own"
    ended = {key: at_once.ask(f"select status from runs where partition = '{key}' order by id") for key in at_once.together}
    assert ended.pop(at_once.killed) == ["FAILURE", "SUCCESS"]
    assert ended == {f"a-{YEAR}": ["SUCCESS"] * 2, f"b-{YEAR}": ["SUCCESS"], f"d-{YEAR}": ["SUCCESS"]}
    for programme in PROGRAMMES:
        assert [p.name for p in (at_once.home / "editions" / programme / str(YEAR)).iterdir()] == ["r1"]
    first, *others = [figures(at_once.home / "editions" / programme / str(YEAR) / "r1") for programme in PROGRAMMES]
    assert len(first) > 15 and others == [first] * 3


def test_two_runs_of_one_edition_follow_each_other_whatever_room_there_is(at_once):
    """The second one stood before those of b, c and d in the queue, and these began first."""
    assert max(n for keys in at_once.seen for n in Counter(keys).values()) == 1
    times = at_once.ask(f"select start_time || ' ' || end_time from runs where partition = 'a-{YEAR}' order by start_time")
    _, end, start, _ = map(float, times)
    assert start > end


def test_interface_and_daemon_listen_on_loopback_alone(at_once):
    """As the kernel has it, with all the processes that they started."""
    assert all(address.is_loopback for address, _ in at_once.sockets), at_once.sockets


def figures(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Every data file of an edition without what names the edition itself."""
    found = {}
    for path in sorted(folder.glob("data/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.name] = [{k: v for k, v in row.items() if k not in OWN} for row in csv.DictReader(file)]
    return found


def test_the_figures_are_the_same_whatever_befell_the_run(served):
    home, *_ = served
    first, *others = [figures(home / "editions" / programme / str(YEAR) / "r1") for programme in PROGRAMMES]
    assert len(first) > 15 and sum(map(len, first.values())) > 150
    assert others == [first] * 3


def test_an_interface_that_does_not_answer_is_named(served):
    home, *_ = served
    told = jiance(home, "run", "a", "2022", "--queue", "--port", str(free_port()))
    assert told.returncode == 3 and "请看 jiance-web 服务是否在运行" in told.stderr


def backup(postgres, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, env=postgres.environment, capture_output=True, text=True)


def test_a_backup_restored_elsewhere_is_the_same(served, postgres, tmp_path):
    home, *_, ask = served
    kept = tmp_path / "kept"
    old = kept / "20200101T000000Z"
    old.mkdir(parents=True)
    done = backup(postgres, str(ROOT / "deploy" / "backup"), str(home), str(kept), "1")
    assert done.returncode == 0, done.stderr
    (made,) = kept.iterdir()
    assert made != old and f"已备份 / backed up: {made}" in done.stdout
    runs = ask("select run_id from runs order by id")

    elsewhere = tmp_path / "elsewhere"
    refused = backup(postgres, str(ROOT / "deploy" / "restore"), str(made), str(elsewhere))
    assert refused.returncode == 1 and "数据库 jiance 不是空的" in refused.stderr and not elsewhere.exists()
    postgres.ask("postgres", "alter database jiance rename to before")
    try:
        postgres.create("jiance")
        done = backup(postgres, str(ROOT / "deploy" / "restore"), str(made), str(elsewhere))
        assert done.returncode == 0, done.stderr
        assert ask("select run_id from runs order by id") == runs
    finally:
        postgres.ask("postgres", "drop database jiance")
        postgres.ask("postgres", "alter database before rename to jiance")
    for part in ("data_raw", "editions"):
        files = [sorted(p.relative_to(r / part) for p in (r / part).rglob("*") if p.is_file()) for r in (home, elsewhere)]
        assert files[0] == files[1] and files[0]
        assert all((home / part / name).read_bytes() == (elsewhere / part / name).read_bytes() for name in files[0])
    again = backup(postgres, str(ROOT / "deploy" / "restore"), str(made), str(elsewhere))
    assert again.returncode == 1 and "已存在,没有恢复任何内容" in again.stderr
    (made / "history.dump").write_bytes(b"cut")
    damaged = backup(postgres, str(ROOT / "deploy" / "restore"), str(made), str(tmp_path / "third"))
    assert damaged.returncode == 1 and "备份已损坏" in damaged.stderr and not (tmp_path / "third").exists()


def test_an_edition_made_on_another_host_is_the_same_though_its_first_worker_was_lost(served, tmp_path):
    """One of two workers is killed in the midst of the only edition; its own process goes with it, the other worker makes
    the edition, and every published file has the bytes that the queue's run gave it."""
    queued, *_ = served
    home = one_programme(tmp_path / "home")
    with dask_scheduler(tmp_path) as address, worker(address, "first", tmp_path) as first:
        until(lambda: "Registered to" in (tmp_path / "first.log").read_text("utf-8"))
        running = on_dask(home, address)
        until((home / "build" / f"a-{YEAR}" / "warehouse.duckdb").exists)
        with worker(address, "second", tmp_path):
            until(lambda: "Registered to" in (tmp_path / "second.log").read_text("utf-8"))
            first.kill()
            out, err = running.communicate(timeout=1200)
    assert running.returncode == 0, out + err
    assert f"共 1 个,在 {address} 上做:a {YEAR}" in out and "已发布 r1" in out
    here, there = (root / "editions" / "a" / str(YEAR) / "r1" for root in (queued, home))
    names = sorted(p.relative_to(here) for p in here.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(there) for p in there.rglob("*") if p.is_file())
    assert [n for n in names if (here / n).read_bytes() != (there / n).read_bytes()] == []
