"""Editions of several programmes at once, each a process of its own, so many at a time as the machine bears.

Belongs here: starting the processes, waiting for them, and what became of each. Does not belong here: making an edition
(runner.py) and its words on the terminal (telling.py); a process tells its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

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
        programme, year = target
        process = subprocess.Popen(
            [sys.executable, *_flags(), "-c", ENTRY, *before, "run", programme, str(year), *after],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONUTF8": "1"},
        )
        running.append(process)
        out, err = process.communicate()
        return Made(programme, year, process.returncode, out, err)

    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
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


def _flags() -> list[str]:
    """How this interpreter was told to treat warnings, for the others."""
    return [f"-W{told}" for told in sys.warnoptions]
