"""Whole processes measured from outside, by what the kernel accounts to each: CPU seconds, wall seconds, peak memory.

Belongs here: starting a command, waiting for it, medians and ratios of several runs. Does not belong here: which commands.
"""

from __future__ import annotations

import os
import signal
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_TOLD = 3_000
_LOOKED_AT_EVERY = 0.1
# Variables that change what a process costs: bytecode is kept, as it is in an installation, and no tool is hooked in.
_TELLS_ON = 9
_STARTER = Path(__file__).with_name("starter.py")
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
    """One finished process with all it started: CPU seconds (user and system), wall seconds, the peak memory of its largest
    single process in MiB, and how many processors all else kept busy meanwhile."""

    cpu: float
    wall: float
    peak: float
    other: float = 0.0


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
    told, tell = os.pipe()
    with log.open("wb") as out, Path(os.devnull).open("rb") as nothing, open(told, "rb") as answer:
        began, busy = time.monotonic(), _busy()
        try:
            child = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", str(_STARTER), str(_TELLS_ON), *command.argv],
                environment,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, nothing.fileno(), 0),
                    (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                    (os.POSIX_SPAWN_DUP2, out.fileno(), 2),
                    (os.POSIX_SPAWN_DUP2, tell, _TELLS_ON),
                ],
                **({} if command.limit is None else {"setpgroup": 0}),
            )
        finally:
            os.close(tell)
        if command.limit is None:
            os.waitpid(child, 0)
        else:
            _watched(child, began, command.limit)
        busy = _busy() - busy
        found = answer.read().split()
    code = int(found[0]) if found else None
    if code != command.exits:
        said = log.read_text("utf-8", errors="replace")[-_TOLD:]
        ended = "?" if code is None else code
        raise BenchError(
            f"命令以 {ended} 结束(应为 {command.exits}),不计入 / ended with {ended}, not {command.exits}: not counted: "
            f"{' '.join(command.argv)}\n{said}"
        )
    cpu, wall, peak = float(found[1]), float(found[2]), int(found[3]) / 1024
    return Usage(cpu, wall, peak, max(0.0, busy - cpu) / wall)


def _busy() -> float:
    """Seconds that the processors of this machine have been busy since it was started, or were taken by its host."""
    fields = Path("/proc/stat").read_text("utf-8").partition("\n")[0].split()[1:]
    user, nice, system, _, _, irq, soft, steal = map(int, fields[:8])
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def _watched(child: int, started: float, limit: Limit) -> None:
    """Waits for a child that leads a group of processes; at its limit Unfinished, and the group is gone."""
    try:
        while True:
            if os.waitpid(child, os.WNOHANG)[0]:
                return
            if time.monotonic() - started > limit.wall:
                minutes = f"{limit.wall / 60:g}"
                raise Unfinished(f"{minutes} 分钟内没有算完", f"not finished within {minutes} minutes")
            if _held_by(child) > limit.memory:
                most = f"{limit.memory / 1024:g} GiB"
                raise Unfinished(f"所占内存超过 {most},已停止", f"stopped, it took more than {most} of memory")
            time.sleep(_LOOKED_AT_EVERY)
    except BaseException:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
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

    @property
    def other(self) -> float:
        """Processors that all else kept busy, in the run that was disturbed most."""
        return max(run.other for run in self.runs)


def ratio(one: Measured, other: Measured, what: str) -> float:
    """The median of the ratios of runs made next to each other: a machine that slows down slows both."""
    return statistics.median(
        getattr(a, what) / getattr(b, what) for a, b in zip(one.runs, other.runs, strict=True)
    )


def warm_up(runs: int) -> int:
    """How many runs that do not count go before so many that do: one, but none before a single run, which is told as such."""
    return int(runs > 1)


def in_turn(
    commands: Mapping[str, Command],
    runs: int,
    log: Path,
    right: Callable[[str], None] | None = None,
) -> dict[str, Measured]:
    """Each command once to warm up, then ``runs`` times in turn (A B C, A B C, …); only once, without a warm-up, if ``runs`` is 1.

    ``right`` is called with the name of each command after its first run and raises BenchError where its result is not
    the right one: then nothing of it is counted. ``log``: folder for what the commands say.
    """
    taken: dict[str, list[Usage]] = {name: [] for name in commands}
    warming = warm_up(runs)
    for turn in range(warming + runs):
        for name, command in commands.items():
            taken[name].append(once(command, log / f"{name}.log"))
            if not turn and right is not None:
                right(name)
    return {name: Measured(found[warming:]) for name, found in taken.items()}
