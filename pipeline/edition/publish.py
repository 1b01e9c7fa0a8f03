"""Publishing: a filled stage becomes ``editions/<programme>/<year>/r<N>`` in one rename.

Belongs here: revisions, the rename, the comparison with the last edition.
Does not belong here: what is in an edition.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.edition.identity import file_sha256
from pipeline.edition.manifest import canonical_json, read_manifest

REVISION_KEYS = ("revision", "supersedes", "supersedes_reason")


@dataclass(frozen=True)
class Published:
    """Where the edition lies and whether this run made it (``False``: it was there, identical)."""

    folder: Path
    revision: int
    is_new: bool


def revisions(folder: Path) -> list[int]:
    """Published revisions in an edition's folder, ascending."""
    return sorted(
        int(p.name[1:])
        for p in folder.glob("r*")
        if p.name[1:].isdigit() and (p / "manifest.json").is_file()
    )


def publish(stage: Path, editions: Path, manifest: dict[str, Any]) -> Published:
    """Publish ``stage`` (already filled) with its manifest.

    An edition equal to the last one, byte for byte, publishes nothing. Otherwise the next revision is
    made beside the older ones, which stay as they are: everything is copied to a hidden folder on the same
    file system and renamed once, so that a reader never sees half an edition.
    """
    home = editions / manifest["programme"] / str(manifest["year"])
    home.mkdir(parents=True, exist_ok=True)
    last = max(revisions(home), default=0)
    reason = ""
    if last:
        before = read_manifest(home / f"r{last}")
        if {k: v for k, v in before.items() if k not in REVISION_KEYS} == manifest and _intact(
            home / f"r{last}", before
        ):
            return Published(home / f"r{last}", last, False)
        reason = _reason(before, manifest)
    following = max([last, *_numbers(home)]) + 1
    final = manifest | {
        "revision": following,
        "supersedes": f"r{last}" if last else "",
        "supersedes_reason": reason,
    }
    (stage / "manifest.json").write_text(canonical_json(final), "utf-8")
    hidden = home / f".r{following}.partial"
    shutil.rmtree(hidden, ignore_errors=True)
    shutil.copytree(stage, hidden)
    for path in sorted(hidden.rglob("*")):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
    os.rename(hidden, home / f"r{following}")
    return Published(home / f"r{following}", following, True)


def _numbers(home: Path) -> list[int]:
    """Numbers of all revision folders, whole or not: none is ever used again."""
    return [int(p.name[1:]) for p in home.glob("r*") if p.name[1:].isdigit()]


def _intact(folder: Path, manifest: dict[str, Any]) -> bool:
    """Do the published files still have the hashes of their manifest?"""
    return all(
        (folder / name).is_file() and file_sha256(folder / name) == entry["sha256"]
        for name, entry in manifest["outputs"].items()
    )


def _reason(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Why a new revision: ``source`` (inputs), ``method`` (plan or rules), ``code``, or ``damage``."""
    if before["inputs"] != after["inputs"]:
        return "source"
    if before["reference"] != after["reference"] or before["rule_version"] != after["rule_version"]:
        return "method"
    if before["code_sha256"] != after["code_sha256"] or before["lock_sha256"] != after["lock_sha256"]:
        return "code"
    if before["tools"] != after["tools"] or before["fonts"] != after["fonts"]:
        return "tools"
    return "damage"
