"""A server with its history in PostgreSQL: four programmes in a queue, two at a time; one is killed, then the power fails."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.ports import free_port
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
        events = ask(f"select event from event_logs join runs using (run_id) where runs.partition = '{killed}'")
        os.kill(int(re.search(r"in process \(pid: (\d+)\)", " ".join(events)).group(1)), signal.SIGKILL)
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
