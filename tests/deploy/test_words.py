"""What a server's commands say where they cannot do what is asked; nothing is begun then."""

from __future__ import annotations

import re

import pytest

from pipeline.fanout import _require_alike
from pipeline.mishap import Mishap
from tests.support.server import YEAR, bare_home, dask_scheduler, jiance, on_dask, one_programme, settings, until


def test_without_the_settings_of_a_server_there_is_no_queue(tmp_path):
    home = bare_home(tmp_path)
    for words in (["daemon"], ["run", "--latest", "--queue"]):
        told = jiance(home, *words)
        assert told.returncode == 3
        assert "这个安装没有运行队列:请先把 deploy/dagster.yaml 复制为" in told.stderr and "docs/server.md" in told.stderr


def test_a_database_that_does_not_answer_is_named_at_once(libraries, tmp_path):
    home = bare_home(tmp_path)
    settings(home, f"postgresql+psycopg2:///jiance?host={tmp_path}/nobody&user=jiance")
    told = jiance(home, "run", "a", str(YEAR))
    assert told.returncode == 3 and "PostgreSQL 没有应答" in told.stderr and "systemctl status postgresql" in told.stderr
    assert "Retrying" not in told.stderr


@pytest.mark.parametrize("words", [["--again"], ["--jobs", "2"]])
def test_the_queue_goes_with_nothing_that_is_for_this_process(tmp_path, words):
    told = jiance(bare_home(tmp_path), "run", "--latest", "--queue", *words)
    assert told.returncode == 2 and "--queue 不能与" in told.stderr


def test_a_port_is_that_of_the_queues_interface(tmp_path):
    told = jiance(bare_home(tmp_path), "run", "--latest", "--port", "3001")
    assert told.returncode == 2 and "--port 要与 --queue 一起用" in told.stderr


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, "集群里没有 worker,没有开始"),
        ({"tcp://a:1": ("same", []), "tcp://b:1": ("other", [])}, "tcp://b:1 上的程序与本机不同,没有开始"),
        ({"tcp://a:1": ("same", ["/srv/jiance/data_raw/x"])}, "tcp://a:1 看不到 /srv/jiance/data_raw/x,没有开始"),
    ],
)
def test_a_cluster_that_is_not_fit_is_refused_before_anything_begins(found, said):
    with pytest.raises(Mishap, match=re.escape(said)):
        _require_alike(found, "same")


def test_a_cluster_without_workers_is_told_on_the_command_line(libraries, tmp_path):
    home = one_programme(tmp_path / "home")
    with dask_scheduler(tmp_path) as address:
        until(lambda: "Scheduler at" in (tmp_path / "scheduler.log").read_text("utf-8"))
        told = on_dask(home, address)
        _, err = told.communicate(timeout=600)
    assert told.returncode == 3 and "集群里没有 worker" in err
    assert not (home / "editions").exists()
