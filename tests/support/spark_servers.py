"""Spark Connect servers for tests, each on a free port of loopback: Sail (from the locked set) and Apache Spark."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.support.ports import free_port

SPARK_HOME = ROOT / ".venv" / "spark" / "pyspark"
SAIL = Path(sys.executable).with_name("sail")
HAS_SPARK = (SPARK_HOME / "bin" / "spark-submit").is_file() and shutil.which("java") is not None
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
    port = free_port()
    with _started([str(SAIL), "spark", "server", "--ip", "127.0.0.1", "--port", str(port)], port, log, settings) as it:
        yield it


@contextmanager
def spark(log: Path) -> Iterator[Server]:
    """An Apache Spark server in local mode on two threads, ended with the block."""
    port = free_port()
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(log.parent / "spark-warehouse"),
    }
    call = [str(SPARK_HOME / "bin" / "spark-submit"), "--master", "local[2]", "--driver-memory", "2g"]
    call += [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    call += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    with _started(call, port, log, {"SPARK_HOME": str(SPARK_HOME), "PYSPARK_PYTHON": sys.executable}) as server:
        yield server


@contextmanager
def _started(call: list[str], port: int, log: Path, settings: dict[str, str]) -> Iterator[Server]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            call, stdout=out, stderr=out, cwd=log.parent, env=os.environ | settings, start_new_session=True
        )
    server = Server(f"sc://127.0.0.1:{port}", process)
    try:
        _wait(port, process, log)
        yield server
    finally:
        server.kill()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        assert process.poll() is None, log.read_text("utf-8")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"no server after two minutes: {log.read_text('utf-8')}")
