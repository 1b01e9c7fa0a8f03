"""Spark Connect servers for tests, each on a free port of loopback: Sail (from the locked set) and Apache Spark."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import servers

CLUSTER = {
    "SAIL_MODE": "local-cluster",
    "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "2",
    "SAIL_CLUSTER__WORKER_MAX_COUNT": "2",
    # One table is put together from dozens of SELECTs; each takes a slot, and the 8 of the default are too few.
    "SAIL_CLUSTER__WORKER_TASK_SLOTS": "64",
    "SAIL_EXECUTION__DEFAULT_PARALLELISM": "2",
}
"""Sail as a cluster: a driver and two workers that exchange plans and rows over the network."""


@dataclass(frozen=True)
class Server:
    address: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """As a power cut would: at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def sail(log: Path, **settings: str) -> Iterator[Server]:
    """A Sail server with these environment variables (see CLUSTER), ended with the block."""
    with _started(servers.SAIL, log, settings) as server:
        yield server


@contextmanager
def spark(log: Path) -> Iterator[Server]:
    """An Apache Spark server in local mode on two threads, ended with the block."""
    with _started(servers.SPARK, log, {}) as server:
        yield server


@contextmanager
def _started(engine: str, log: Path, settings: dict[str, str]) -> Iterator[Server]:
    port = servers.free_port()
    call, environment = servers.call_of(engine, port, log.parent)
    with log.open("wb") as out:
        process = subprocess.Popen(
            call, stdout=out, stderr=out, cwd=log.parent, env=os.environ | environment | settings, start_new_session=True
        )
    server = Server(f"sc://127.0.0.1:{port}", process)
    try:
        assert servers.answering(port, process), log.read_text("utf-8")
        yield server
    finally:
        server.kill()
