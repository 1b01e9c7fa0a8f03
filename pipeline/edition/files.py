"""Published files: their hashes, the revisions there are, whether an edition is still what its manifest says.

Belongs here: looking at files. Does not belong here: making or publishing them. Nothing heavy is imported.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any


def file_sha256(path: Path) -> str:
    """sha256 (hex) of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def revisions(folder: Path) -> list[int]:
    """Published revisions in an edition's folder, ascending."""
    return sorted(
        int(p.name[1:])
        for p in folder.glob("r*")
        if p.name[1:].isdigit() and (p / "manifest.json").is_file()
    )


def newest(folder: Path) -> Path | None:
    """The folder of the newest published revision; None where there is none."""
    made = revisions(folder)
    return folder / f"r{made[-1]}" if made else None


def intact(folder: Path, manifest: dict[str, Any]) -> bool:
    """Do the published files still have the hashes of their manifest?"""
    return all(
        (folder / name).is_file() and file_sha256(folder / name) == entry["sha256"]
        for name, entry in manifest["outputs"].items()
    )
