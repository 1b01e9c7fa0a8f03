"""Whether the machine was quiet while something was measured, and how the page says so.

Belongs here: what was noted of other work, read from the figures. Does not belong here: noting it (measure.py), the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

QUIET = 0.2
"""Processors kept busy by others above which the machine was not quiet."""


def was_busy(found: Mapping[str, Any]) -> bool:
    """Whether the machine was not quiet, or nobody noted it (``other``: processors that all else kept busy)."""
    return found.get("other") is None or found["other"] > QUIET


def when(found: Mapping[str, Any]) -> str:
    """``date`` and ``other``; of what was measured before that was noted, the load average of the minute before."""
    if found.get("other") is not None:
        return f"{found['date']},{found['other']:.1f}"
    return found["date"] + (f",负载 load {found['load']:.1f}" if "load" in found else "")
