"""One run at a time makes an edition: the lock of its build folder.

Belongs here: taking and giving back the lock, in this process and against others. Does not belong here: what is done
meanwhile.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.mishap import Mishap


PATIENCE = 5.0
"""Seconds that a run waits for a folder: another program may hold it only to look (unchanged.py, doctor.py)."""
_PAUSE = 0.05


class EditionBusy(Mishap):
    """Another run is making the same edition."""


# Locks this process holds, by folder: a run of the command line and its steps share one.
_HELD: dict[Path, int] = {}
# Of these, the ones that belong to a block and are given back at its end.
_IN_BLOCK: set[Path] = set()


def hold(folder: Path, patience: float = 0.0) -> None:
    """Hold an edition's build folder for this process until it ends or :func:`exclusive` gives it back.

    Raises EditionBusy when another process has it and does not give it back within ``patience`` seconds.
    """
    import fcntl

    folder = folder.resolve()
    if folder in _HELD:
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(handle)
                raise EditionBusy(_busy(folder)) from None
        time.sleep(_PAUSE)
    _HELD[folder] = handle


def _busy(folder: Path) -> str:
    return f"{folder.name} 正由另一次运行生成,请等它结束后再试 / another run is making {folder.name}; wait for it to end"


@contextmanager
def exclusive(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold an edition's build folder for the length of a block. Raises EditionBusy if any run has it; ``patience`` as for
    :func:`hold`."""
    if folder.resolve() in _HELD:
        raise EditionBusy(_busy(folder))
    hold(folder, patience)
    _IN_BLOCK.add(folder.resolve())
    try:
        yield
    finally:
        _IN_BLOCK.discard(folder.resolve())
        release(folder)


def release(folder: Path) -> None:
    """Give a folder back after its last step, unless a block holds it (which does so itself)."""
    folder = folder.resolve()
    if folder in _HELD and folder not in _IN_BLOCK:
        os.close(_HELD.pop(folder))
