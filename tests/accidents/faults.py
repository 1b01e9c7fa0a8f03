"""Accidents, prepared inside the process that will have them; the product knows nothing of it.

A step is reached when the run tells it (as the terminal shows it); a file operation is counted by Python's own
audit events, so that the n-th one is the same in every run.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
OPERATIONS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.chmod", "os.truncate"}


def prepare(
    at: str = "",
    operation: int = 0,
    under: str = "",
    do: str = "",
    target: str = "",
    powerless: bool = False,
) -> None:
    """Arrange for ``do`` to happen when the run tells the step ``at`` (without: from the beginning); with ``operation`` at the n-th file
    operation on something ``under`` that folder after that. ``target``: what the deed works on.

    ``powerless``: root gives up what lets it write where modes forbid it.
    """
    if powerless:
        drop_powers()
    if not do:
        return

    def act() -> None:
        DEEDS[do](target)

    if operation:
        act = counted(operation, under, act)
    if at:
        at_step(at, act)
    else:
        act()


def at_step(step: str, act: Callable[[], None]) -> None:
    from pipeline.telling import Progress

    told, done = Progress.step, []

    def tell(progress: Progress, name: str) -> None:
        told(progress, name)
        if name == step and not done:
            done.append(True)
            act()

    Progress.step = tell


def counted(number: int, folder: str, act: Callable[[], None]) -> Callable[[], None]:
    """What starts to count when it is called, and acts before the n-th operation from then on."""

    def start() -> None:
        seen = 0

        def count() -> None:
            nonlocal seen
            seen += 1
            if seen == number:
                act()

        watch(folder, count)

    return start


def watch(folder: str, count: Callable[[], None]) -> None:
    """Call ``count`` before every operation that changes something under a folder."""

    def hook(event: str, arguments: tuple) -> None:
        if event == "open":
            path, _, flags = arguments
            touched = isinstance(path, str) and isinstance(flags, int) and flags & WRITING
        else:
            touched = event in OPERATIONS
        if touched and any(isinstance(a, str | os.PathLike) and folder in os.fspath(a) for a in arguments[:2]):
            count()

    sys.addaudithook(hook)
    synchronise = os.fsync

    def fsync(handle: int) -> None:
        if folder in os.readlink(f"/proc/self/fd/{handle if isinstance(handle, int) else handle.fileno()}"):
            count()
        synchronise(handle)

    os.fsync = fsync


def kill(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def disk_full(_: str) -> None:
    import errno

    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fill(target: str) -> None:
    """Fill the file system to the last byte, after something was printed that is not written out yet."""
    print("a library says something", end="")
    with open(target, "wb", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError:
                continue


def remove(target: str) -> None:
    """Take a folder away."""
    shutil.rmtree(target)


def cut(target: str) -> None:
    """Leave of every file in a folder a few bytes."""
    for path in Path(target).iterdir():
        path.write_bytes(path.read_bytes()[:10])


def pause(target: str) -> None:
    """Say that this point is reached, and stay there until told to go on."""
    Path(target).touch()
    while not Path(f"{target}.go").exists():
        time.sleep(0.02)


def clock_back(_: str) -> None:
    """The clock jumps back by a year."""
    now = time.time
    time.time = lambda: now() - 365 * 86400


DEEDS = {"kill": kill, "disk_full": disk_full, "fill": fill, "pause": pause, "remove": remove, "cut": cut, "clock_back": clock_back}


def drop_powers() -> None:
    """Give up all capabilities (Linux): modes of files count for root as for anybody. Harmless for others."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, nothing):
        raise OSError(ctypes.get_errno(), "capset")


def publish(stage: str, editions: str) -> int:
    """Publish a filled stage as the last step of a run does, without the run before it; 1 where that fails."""
    import json

    from pipeline.edition.manifest import MANIFEST
    from pipeline.edition.publish import REVISION_KEYS, publish

    manifest = json.loads((Path(stage) / MANIFEST).read_text("utf-8"))
    try:
        publish(Path(stage), Path(editions), {k: v for k, v in manifest.items() if k not in REVISION_KEYS})
    except OSError:
        return 1
    return 0


def materialize(home: str, edition: str, *assets: str) -> int:
    """Make some assets by themselves, as the interface does when they are chosen there; 1 where that fails."""
    import dagster as dg

    from pipeline.definitions import build_defs
    from pipeline.jobs import ANNUAL_REPORT
    from pipeline.programme import Home
    from pipeline.telling import Progress

    quiet = Progress(None, "", quiet=True)
    job = build_defs(Home(Path(home)), lambda step: quiet.step(step)).resolve_job_def(ANNUAL_REPORT)
    result = job.execute_in_process(
        partition_key=edition,
        asset_selection=[dg.AssetKey(name.split(".")) for name in assets],
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    return 0 if result.success else 1
