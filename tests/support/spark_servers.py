"""Spark Connect servers for tests, each on a free port of loopback: Sail (from the locked set) and Apache Spark."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import servers

@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"sc://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """As a power cut would: at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def sail(log: Path, port: int = 0, **settings: str) -> Iterator[Server]:
    """A Sail server with these environment variables (see ``servers.CLUSTER``), ended with the block. ``port``: where one that was killed
    answered, to start it again there."""
    with _started(servers.SAIL, log, settings, port=port) as server:
        yield server


@contextmanager
def spark(log: Path, *words: str) -> Iterator[Server]:
    """An Apache Spark server in local mode on two threads, or as ``words`` of its command line say (see WORKERS), ended with
    the block."""
    with _started(servers.SPARK, log, {}, words) as server:
        yield server


WORKERS = ("--master", "local-cluster[2,1,1024]")
"""Spark as a cluster: a driver and two workers of one core and 1 GiB, each a process of its own."""


def workers_of(server: Server) -> list[int]:
    """Process ids of the workers that compute for a Spark server, in their order."""
    running = [place for place in Path("/proc").iterdir() if place.name.isdigit()]
    return sorted(int(place.name) for place in running if _computes_for(place, server.process.pid))


def spent(process: int) -> int:
    """CPU time of a process, in ticks of its system."""
    after_name = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


def _computes_for(place: Path, session: int) -> bool:
    try:
        words, state = (place / "cmdline").read_bytes(), (place / "stat").read_text("utf-8")
    except OSError:  # it has just ended
        return False
    return b"CoarseGrainedExecutorBackend" in words and int(state.rpartition(")")[2].split()[3]) == session


@contextmanager
def _started(
    engine: str, log: Path, settings: dict[str, str], words: Sequence[str] = (), port: int = 0
) -> Iterator[Server]:
    port = port or servers.free_port()
    call, environment = servers.call_of(engine, port, log.parent)
    if words:
        at = call.index("--class")
        call[at:at] = words  # what comes later on the command line counts
    with log.open("wb") as out:
        process = subprocess.Popen(
            call, stdout=out, stderr=out, cwd=log.parent, env=os.environ | environment | settings, start_new_session=True
        )
    server = Server(port, process)
    try:
        assert servers.answering(port, process), log.read_text("utf-8")
        yield server
    finally:
        server.kill()
