"""Waiting in tests for what another process does."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any


def until(what: Callable[[], Any], seconds: float = 1200, every: float = 0.1, running: subprocess.Popen[bytes] | None = None) -> Any:
    """What ``what`` gives once it gives something; fails when so many seconds are over, or ``running`` has ended before."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert running is None or running.poll() is None, "it ended before"
        assert time.monotonic() < end, "waited in vain"
        time.sleep(every)
    return found
