"""Editions of several programmes at once, each a process of its own: so many at a time as this machine bears, or on the
hosts of a Dask cluster (docs/server.md).

Belongs here: starting the processes, waiting for them, and what became of each. Does not belong here: making an edition
(runner.py) and its words on the terminal (telling.py); a process tells its own. The queue of a server: queueing.py.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.mishap import Mishap

ENTRY = "from pipeline.cli import main; main(prog_name='jiance')"


@dataclass(frozen=True)
class Made:
    """What one process said and how it ended; ``code`` is negative where a signal ended it."""

    programme: str
    year: int
    code: int
    out: str
    err: str

    @property
    def signal(self) -> str | None:
        """The name of the signal that ended the process, None where it ended by itself."""
        return signal.Signals(-self.code).name if self.code < 0 else None


def side_by_side(
    targets: Sequence[tuple[str, int]], jobs: int, before: Sequence[str] = (), after: Sequence[str] = ()
) -> Iterator[Made]:
    """``jiance BEFORE run PROGRAMME YEAR AFTER`` for every target, at most ``jobs`` at a time, told in their order.

    One that fails or is killed stops none of the others. Where the caller is interrupted or told to end, those that run
    are ended and no further one is started. To be called in the main thread.
    """
    running: list[subprocess.Popen[str]] = []

    def make(target: tuple[str, int]) -> Made:
        process = _started(target, before, after)
        running.append(process)
        return _ended(target, process)

    earlier = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting = [pool.submit(make, target) for target in targets]
        try:
            for each in waiting:
                yield each.result()
        except BaseException:
            for each in waiting:
                each.cancel()
            for process in running:
                process.terminate()
            raise
        finally:
            signal.signal(signal.SIGTERM, earlier)


def over_hosts(
    targets: Sequence[tuple[str, int]], scheduler: str, home: Path, before: Sequence[str] = (), after: Sequence[str] = ()
) -> Iterator[Made]:
    """The same on the workers of the Dask cluster at ``scheduler``; each makes one edition at a time, and where one is lost
    another makes its edition. All see ``home`` under one path and have the same code.

    Raises Mishap where the cluster does not answer, has no worker, or a worker lacks either. Where the caller is
    interrupted no further edition is begun.
    """
    from distributed import Client

    from pipeline.edition.identity import code_sha256
    from pipeline.home import CODE_ROOT

    try:
        client = Client(scheduler, timeout=20, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise Mishap(
            f"Dask 没有应答({scheduler});请看 dask scheduler 是否在运行、地址是否正确 / Dask does not answer at {scheduler}; see "
            f"whether dask scheduler runs and the address is right: {problem}"
        ) from problem
    with client:
        _require_alike(client.run(_seen_there, [str(home / "data_raw" / name) for name, _ in targets]), code_sha256(CODE_ROOT))
        waiting = [client.submit(_made_there, target, list(before), list(after), pure=False) for target in targets]
        for target, each in zip(targets, waiting, strict=True):
            yield _result(target, each)


def _require_alike(found: dict[str, tuple[str, list[str]]], code: str) -> None:
    """``found``: worker -> (sum of its code, folders of programmes that it does not see)."""
    if not found:
        raise Mishap("Dask 集群里没有 worker,没有开始 / the Dask cluster has no worker, nothing was begun")
    for worker, (there, missing) in sorted(found.items()):
        if there != code:
            raise Mishap(
                f"{worker} 上的程序与本机不同,没有开始;请在各机器上安装同一版本 / the code on {worker} is not that of this machine, "
                "nothing was begun; install the same version everywhere"
            )
        if missing:
            raise Mishap(
                f"{worker} 看不到 {missing[0]},没有开始;各机器要以同一路径看到数据文件夹 / {worker} does not see {missing[0]}, nothing "
                "was begun; every host has to see the folder of data under one path"
            )


def _seen_there(folders: list[str]) -> tuple[str, list[str]]:
    from pipeline.edition.identity import code_sha256
    from pipeline.home import CODE_ROOT

    return code_sha256(CODE_ROOT), [folder for folder in folders if not Path(folder).is_dir()]


def _made_there(target: tuple[str, int], before: list[str], after: list[str]) -> Made:
    # A worker that is killed takes its edition with it: it would keep the lock from the one that makes it again.
    return _ended(target, _started(target, before, after, preexec_fn=partial(die_with_parent, os.getpid())))


def die_with_parent(parent: int) -> None:
    """To be called in a child of the process ``parent``: it is ended when that ends, however that came about, and at once
    where that has already happened."""
    signal_of_parents_death = 1  # PR_SET_PDEATHSIG, prctl(2)
    ctypes.CDLL(None).prctl(signal_of_parents_death, signal.SIGKILL)
    # told of no death before the call
    if os.getppid() != parent:
        os._exit(1)


def _result(target: tuple[str, int], future: Any) -> Made:
    """What came of an edition; one whose workers were lost again and again counts as killed."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as problem:
        return Made(*target, -signal.SIGKILL, "", str(problem))


def _started(target: tuple[str, int], before: Sequence[str], after: Sequence[str], **how: Any) -> subprocess.Popen[str]:
    programme, year = target
    return subprocess.Popen(
        [sys.executable, *_flags(), "-c", ENTRY, *before, "run", programme, str(year), *after],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        **how,
    )


def _ended(target: tuple[str, int], process: subprocess.Popen[str]) -> Made:
    out, err = process.communicate()
    return Made(*target, process.returncode, out, err)


def _flags() -> list[str]:
    """How this interpreter was told to treat warnings, for the others."""
    return [f"-W{told}" for told in sys.warnoptions]
