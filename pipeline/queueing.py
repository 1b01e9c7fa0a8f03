"""The queue of runs of a server: what goes into it, and what is done about runs that nobody makes any more.

Belongs here: what only an installation with a queue has (``deploy/dagster.yaml``, docs/server.md). Does not belong here:
making an edition (runner.py), several at once without a server (fanout.py). Dagster's own daemon takes runs out of the
queue, starts them and makes those again that died.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter
from dagster._core.run_coordinator import QueuedRunCoordinator

from pipeline.home import CODE_ROOT, Home
from pipeline.jobs import AUDIENCE_TAG
from pipeline.lock import EditionBusy, exclusive
from pipeline.mishap import Mishap
from pipeline.programme import split_edition_key
from pipeline.runner import dagster_home

WORKSPACE = CODE_ROOT / "workspace.yaml"
LOCATION = "jiance"
PARTITION_TAG = "dagster/partition"
_UNDER_WAY = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]


class NoQueue(Mishap):
    """This home's Dagster starts runs at once: it has no queue."""


def program(name: str) -> str:
    """The path of a command that a library brings, beside this interpreter."""
    return str(Path(sys.executable).with_name(name))


def instance_with_queue(home: Home) -> dg.DagsterInstance:
    """The home's Dagster instance. Raises NoQueue where it has none, and what its storage raises."""
    instance = dg.DagsterInstance.from_config(str(dagster_home(home)))
    if isinstance(instance.run_coordinator, QueuedRunCoordinator):
        return instance
    instance.dispose()
    raise NoQueue(
        f"这个安装没有运行队列:请先把 deploy/dagster.yaml 复制为 {home.dagster_yaml}(见 docs/server.md)/ this installation has "
        f"no queue of runs: first copy deploy/dagster.yaml to {home.dagster_yaml} (see docs/server.md)"
    )


def enqueue(home: Home, job: str, keys: Sequence[str], port: int) -> None:
    """Put a run of ``job`` for each edition key into the queue, through the interface that runs on this machine.

    The interface reads the registers again first, so that it knows a year that has just come. Each run stands for itself:
    Dagster makes a run that died again, but not where it belongs to a backfill that is through with its submissions.
    Raises NoQueue, and Mishap where the interface does not answer or takes none.
    """
    from dagster_graphql import DagsterGraphQLClient, DagsterGraphQLClientError, ReloadRepositoryLocationStatus

    instance_with_queue(home).dispose()
    try:
        client = DagsterGraphQLClient("127.0.0.1", port_number=port)
        read = client.reload_repository_location(LOCATION)
        if read.status is not ReloadRepositoryLocationStatus.SUCCESS:
            raise Mishap(f"界面不能读入程序 / the interface cannot load the code: {read.message}")
        for key in keys:
            client.submit_job_execution(job, repository_location_name=LOCATION, tags={PARTITION_TAG: key})
    except DagsterGraphQLClientError as problem:
        raise Mishap(
            f"界面没有接受(端口 {port}),没有排入或没有全部排入队列;请看 jiance-web 服务是否在运行 / the interface on port "
            f"{port} did not take it, not everything was put into the queue; see whether the service jiance-web runs: {problem}"
        ) from problem


def become_daemon(home: Home) -> list[str]:
    """Make this process the only one that takes runs out of the queue, and end the runs that are lost; their edition keys.
    The lock stays with the process when it turns into another program. Raises NoQueue, and Mishap where there is one."""
    folder = dagster_home(home)
    lock = os.open(folder / "daemon.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Mishap("队列的守护进程已在运行 / the daemon of the queue is running already") from None
    lost = end_lost_runs(home)
    os.set_inheritable(lock, True)
    return lost


def end_lost_runs(home: Home) -> list[str]:
    """Mark as failed every run that is said to be under way and whose edition nobody is making; their edition keys.

    After a power cut such runs would keep their place for ever and let no other run of their edition begin. Whoever makes
    an edition holds its lock, so a free lock tells. To be called before the daemon takes up its work: it makes them again.
    """
    lost = []
    with instance_with_queue(home) as instance:
        for run in reversed(instance.get_runs(RunsFilter(statuses=_UNDER_WAY))):
            key = run.tags.get(PARTITION_TAG)
            if key is None or _held(home.public() if run.tags.get(AUDIENCE_TAG) == "public" else home, key):
                continue
            instance.report_run_failed(run, "运行的进程已不在(服务器曾中断)/ its process is gone (the server was interrupted)")
            lost.append(key)
    return lost


def _held(home: Home, key: str) -> bool:
    folder = home.edition_build(*split_edition_key(key))
    if not folder.is_dir():
        return False
    try:
        with exclusive(folder):
            return False
    except EditionBusy:
        return True
