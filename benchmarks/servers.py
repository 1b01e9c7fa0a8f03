"""Spark Connect servers on this machine, started for a measurement or a test and ended with it.

Belongs here: how Sail and Apache Spark are found and started. Does not belong here: what is run on them.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import BenchError
from pipeline.home import CODE_ROOT

SPARK, SAIL = "spark", "sail"
_SPARK_HOME = CODE_ROOT / ".venv" / "spark" / "pyspark"
_SAIL = Path(sys.executable).with_name("sail")
CLUSTER = {
    "SAIL_MODE": "local-cluster",
    "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "2",
    "SAIL_CLUSTER__WORKER_MAX_COUNT": "2",
    # One table is put together from dozens of SELECTs; each takes a slot, and the 8 of the default are too few.
    "SAIL_CLUSTER__WORKER_TASK_SLOTS": "64",
    "SAIL_EXECUTION__DEFAULT_PARALLELISM": "2",
}
"""Sail as a cluster: a driver and two workers that exchange plans and rows over the network."""
_STARTS_WITHIN = 120.0
_PARTITIONS = 32
_ENDS_WITHIN = 30.0


def installed(engine: str) -> bool:
    """Whether an engine can be started here: ``make engines`` installs Sail, ``.ci/engines spark`` Spark, which needs Java 17."""
    if engine == SAIL:
        return _SAIL.is_file()
    return (_SPARK_HOME / "bin" / "spark-submit").is_file() and shutil.which("java") is not None


def call_of(
    engine: str, port: int, folder: Path, memory: str = "2g", partitions: int = 2
) -> tuple[list[str], dict[str, str]]:
    """Command line and environment of a server on a port of loopback that keeps what it writes in ``folder``: Sail, or Spark
    in local mode on two threads.

    ``memory``, ``partitions``: Spark's heap, which spills what does not fit, and into how many parts it divides rows that are
    sorted or grouped. Sail takes no limit.
    """
    if engine == SAIL:
        return [str(_SAIL), "spark", "server", "--ip", "127.0.0.1", "--port", str(port)], {"TMPDIR": str(folder)}
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": str(partitions),
        "spark.local.dir": str(folder / "spark-local"),
        "spark.sql.warehouse.dir": str(folder / "spark-warehouse"),
    }
    call = [str(_SPARK_HOME / "bin" / "spark-submit"), "--master", "local[2]", "--driver-memory", memory]
    call += [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    call += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    return call, {"SPARK_HOME": str(_SPARK_HOME), "PYSPARK_PYTHON": sys.executable}


def answering(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Waits until a server that was started takes connections; False where it ended or two minutes are over."""
    until = time.monotonic() + _STARTS_WITHIN
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    """A free port of loopback below those that the system gives away by itself: Spark opens some of these before it takes the
    one it was told, and one of them was seen to be that very port."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise BenchError("没有空闲端口 / no free port")


@contextmanager
def serving(engine: str, folder: Path, memory: str, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """A server's address for the time of the block, with ``settings`` in its environment. It is a child of this process, which waits for its end: what it used is
    accounted to this process. Its words go to ``folder/server.log``. Raises BenchError where it does not start."""
    port = free_port()
    call, environment = call_of(engine, port, folder, memory, _PARTITIONS)
    log = folder / "server.log"
    with log.open("wb") as out:
        process = _start(call, out, folder, environment | dict(settings or {}))
    try:
        if not answering(port, process):
            raise BenchError(f"{engine} 没有启动 / did not start: {log.read_text('utf-8', errors='replace')[-1000:]}")
        yield f"sc://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _start(call: list[str], out, folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(call, stdout=out, stderr=out, cwd=folder, env=os.environ | environment)
