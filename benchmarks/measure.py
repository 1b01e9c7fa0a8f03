"""Whole processes measured from outside, by what the kernel accounts to each: CPU seconds, wall seconds, peak memory.

Belongs here: starting a command, waiting for it, medians and ratios of several runs. Does not belong here: which commands.
"""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TOLD = 3_000
_LOOKED_AT_EVERY = 0.1
# Variables that change what a process costs: bytecode is kept, as it is in an installation, and no tool is hooked in.
_WITHOUT = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "COVERAGE_PROCESS_START", "PYTHONPATH")


class BenchError(RuntimeError):
    """Something cannot be measured, or may not be counted. ``str()`` says what and why, Chinese and English."""


class Unfinished(BenchError):
    """A command did not come to its end: it was stopped at a limit, or broke off. ``zh``, ``en``: what happened."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Limit:
    """What a command and all it started may use: wall seconds, and memory in MiB of all its processes together."""

    wall: float
    memory: float


@dataclass(frozen=True)
class Usage:
    """One finished process with all it started: CPU seconds (user and system), wall seconds, and the peak memory of its
    largest single process in MiB."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Command:
    """A command line and what has to be done, unmeasured, before each of its runs. ``exits``: the exit code that counts;
    ``limit``: at which it is stopped."""

    argv: Sequence[str]
    prepare: Callable[[], None] | None = None
    exits: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    limit: Limit | None = None


def once(command: Command, log: Path) -> Usage:
    """Run a command to its end, its output going to ``log``. Raises BenchError for another exit code than expected, and
    Unfinished where it was stopped at its limit."""
    if command.prepare is not None:
        command.prepare()
    environment = {name: value for name, value in os.environ.items() if name not in _WITHOUT} | dict(command.environment)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out, Path(os.devnull).open("rb") as nothing:
        started = time.monotonic()
        child = os.posix_spawnp(
            command.argv[0],
            list(command.argv),
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, nothing.fileno(), 0),
                (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, out.fileno(), 2),
            ],
            **({} if command.limit is None else {"setpgroup": 0}),
        )
        _, status, usage = os.wait4(child, 0) if command.limit is None else _watched(child, started, command.limit)
        wall = time.monotonic() - started
    code = os.waitstatus_to_exitcode(status)
    if code != command.exits:
        said = log.read_text("utf-8", errors="replace")[-_TOLD:]
        raise BenchError(
            f"命令以 {code} 结束(应为 {command.exits}),不计入 / ended with {code}, not {command.exits}: not counted: "
            f"{' '.join(command.argv)}\n{said}"
        )
    return Usage(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def _watched(child: int, started: float, limit: Limit) -> tuple[int, int, Any]:
    """What ``wait4`` gives for a child that leads a group of processes; at its limit Unfinished, and the group is gone."""
    try:
        while True:
            done, status, usage = os.wait4(child, os.WNOHANG)
            if done:
                return done, status, usage
            if time.monotonic() - started > limit.wall:
                minutes = f"{limit.wall / 60:g}"
                raise Unfinished(f"{minutes} 分钟内没有算完", f"not finished within {minutes} minutes")
            if _held_by(child) > limit.memory:
                most = f"{limit.memory / 1024:g} GiB"
                raise Unfinished(f"所占内存超过 {most},已停止", f"stopped, it took more than {most} of memory")
            time.sleep(_LOOKED_AT_EVERY)
    except BaseException:
        os.killpg(child, signal.SIGKILL)
        os.wait4(child, 0)
        raise


def _held_by(group: int) -> float:
    """MiB that the processes of a group hold in memory together."""
    pages = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended since
        if int(fields[2]) == group:
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True)
class Measured:
    """The counted runs of one command, in the order in which they were made."""

    runs: list[Usage]

    def median(self, what: str) -> float:
        """The median of ``cpu``, ``wall`` or ``peak`` over the runs."""
        return statistics.median(getattr(run, what) for run in self.runs)


def ratio(one: Measured, other: Measured, what: str) -> float:
    """The median of the ratios of runs made next to each other: a machine that slows down slows both."""
    return statistics.median(
        getattr(a, what) / getattr(b, what) for a, b in zip(one.runs, other.runs, strict=True)
    )


def in_turn(
    commands: Mapping[str, Command],
    runs: int,
    log: Path,
    right: Callable[[str], None] | None = None,
    warmed: bool = True,
) -> dict[str, Measured]:
    """Each command once to warm up, then ``runs`` times in turn (A B C, A B C, …). ``warmed`` false: no warm-up.

    ``right`` is called with the name of each command after its first run and raises BenchError where its result is not
    the right one: then nothing of it is counted. ``log``: folder for what the commands say.
    """
    taken: dict[str, list[Usage]] = {name: [] for name in commands}
    for turn in range(runs + warmed):
        for name, command in commands.items():
            taken[name].append(once(command, log / f"{name}.log"))
            if not turn and right is not None:
                right(name)
    return {name: Measured(found[warmed:]) for name, found in taken.items()}
