"""What the files of a volume are called.

Belongs here: names. Does not belong here: what stands in a volume (volumes.py), making its files (volume_files.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_FILE = re.compile(r"(units-\d{3,})(?:\.(?:zh|en)\.pdf|\.json)")


def volume_name(number: int) -> str:
    """``units-001``: what the files of a volume are called, without their endings."""
    return f"units-{number:03d}"


def volume_of(name: str) -> str | None:
    """``units-001`` of ``units-001.json`` and ``units-001.zh.pdf``; None of a file that is of no volume."""
    found = _FILE.fullmatch(name)
    return None if found is None else found[1]


def volume_files(names: Iterable[str]) -> list[str]:
    """The files that an edition publishes of the volumes with these names."""
    return [f"{name}{ending}" for name in names for ending in (".json", ".zh.pdf", ".en.pdf")]
