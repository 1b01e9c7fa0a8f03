"""The processes that set the volumes of a run, found from outside."""

from __future__ import annotations

from pathlib import Path


def setting_volumes(run: int) -> list[Path]:
    """The folders in /proc of the processes that set volumes for the process ``run``."""
    children = [pid for task in Path(f"/proc/{run}/task").iterdir() for pid in (task / "children").read_text("utf-8").split()]
    return [own for pid in children if b"spawn_main" in ((own := Path("/proc") / pid) / "cmdline").read_bytes()]
