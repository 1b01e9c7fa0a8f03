"""Programmes, commands and clusters for the tests of a server."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from pipeline.home import HOME_VARIABLE
from tests.conftest import ROOT
from tests.support import waiting
from tests.support.ports import free_port

PROGRAMMES = ["a", "b", "c", "d"]
YEAR = 2023
SETTINGS = (ROOT / "deploy" / "dagster.yaml").read_text("utf-8")
ADDRESS = "postgresql+psycopg2:///jiance?host=/var/run/postgresql"
LIMIT = "\n    max_concurrent_runs: {}\n"


def environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in (HOME_VARIABLE, "DAGSTER_HOME")}


def jiance(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "pipeline.cli", "--home", str(home), *words]
    return subprocess.run(call, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=1200)


@contextmanager
def service(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command that runs on; at the end its whole process group goes at once, as in a power cut."""
    with (home / f"{words[0]}.log").open("ab") as log:
        call = [sys.executable, "-m", "pipeline.cli", "--home", str(home), *words]
        process = subprocess.Popen(call, cwd=ROOT, env=environment(), stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


until = partial(waiting.until, every=0.5)
"""As :func:`tests.support.waiting.until`; each look asks a server."""


def settings(home: Path, url: str, at_once: int = 2) -> None:
    """The shipped settings with another address, and another number of runs at once."""
    assert SETTINGS.count(ADDRESS) == SETTINGS.count(LIMIT.format(2)) == 1
    text = SETTINGS.replace(ADDRESS, url).replace(LIMIT.format(2), LIMIT.format(at_once))
    (home / "dagster.yaml").write_text(text, "utf-8")


def bare_home(home: Path) -> Path:
    """Four programmes with the nation's figures, each under a name of its own."""
    for programme in PROGRAMMES:
        folder = home / "data_raw" / programme
        shutil.copytree(ROOT / "data_raw" / "china", folder)
        plan = folder / "plan.yaml"
        plan.write_text(plan.read_text("utf-8").replace("\n  id: china\n", f"\n  id: {programme}\n", 1), "utf-8")
    return home


@contextmanager
def worker(scheduler: str, name: str, folder: Path, **changed: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Dask worker that makes one edition at a time, as on a host of its own."""
    with (folder / f"{name}.log").open("ab") as log:
        call = [sys.executable, "-m", "dask", "worker", scheduler, "--name", name, "--nthreads", "1", "--no-dashboard"]
        process = subprocess.Popen(
            [*call, "--no-nanny", "--local-directory", str(folder)], cwd=ROOT, env=environment() | changed, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@contextmanager
def dask_scheduler(folder: Path) -> Iterator[str]:
    address = f"tcp://127.0.0.1:{free_port()}"
    with (folder / "scheduler.log").open("ab") as log:
        call = [sys.executable, "-m", "dask", "scheduler", "--host", address, "--no-dashboard", "--no-show"]
        process = subprocess.Popen(call, cwd=ROOT, env=environment(), stdout=log, stderr=log)
        try:
            yield address
        finally:
            process.kill()
            process.wait()


def on_dask(home: Path, address: str) -> subprocess.Popen[str]:
    call = [sys.executable, "-m", "pipeline.cli", "--home", str(home), "run", "--latest", "--dask", address]
    return subprocess.Popen(call, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def one_programme(home: Path) -> Path:
    bare_home(home)
    for other in PROGRAMMES[1:]:
        shutil.rmtree(home / "data_raw" / other)
    return home
