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

from pipeline.edition.files import intact, revisions
from pipeline.edition.manifest import canonical_json, read_manifest
from pipeline.edition.shape import Manifest

PARTIAL = ".partial"
REVISION_KEYS = ("revision", "supersedes", "supersedes_reason")


@dataclass(frozen=True)
class Published:
    """Where the edition lies and whether this run made it (``False``: it was there, identical).

    ``before``: the revision it was compared with (0: none); ``difference``: what differs first, Chinese and English.
    """

    folder: Path
    revision: int
    is_new: bool
    before: int = 0
    difference: str = ""


def publish(stage: Path, editions: Path, manifest: dict[str, Any]) -> Published:
    """Publish ``stage`` (already filled) with its manifest.

    An edition equal to the last one, byte for byte, publishes nothing. Otherwise the next revision is
    made beside the older ones, which stay as they are: everything is copied to a hidden folder on the same
    file system and renamed once, so that a reader never sees half an edition.
    """
    home = editions / manifest["programme"] / str(manifest["year"])
    home.mkdir(parents=True, exist_ok=True)
    for abandoned in home.glob(f".r*{PARTIAL}"):  # by a run that was killed; one run at a time gets here
        shutil.rmtree(abandoned)
    last = max(revisions(home), default=0)
    reason = difference = ""
    if last:
        reason, difference = _compared(home / f"r{last}", manifest)
        if not reason:
            return Published(home / f"r{last}", last, False, last)
    following = max([last, *_numbers(home)]) + 1
    final = manifest | {
        "revision": following,
        "supersedes": f"r{last}" if last else "",
        "supersedes_reason": reason,
    }
    Manifest.model_validate_json(text := canonical_json(final))  # what the schema does not know is not published
    (stage / "manifest.json").write_text(text, "utf-8")
    hidden = home / f".r{following}{PARTIAL}"
    shutil.copytree(stage, hidden)
    for path in [*sorted(hidden.rglob("*")), hidden]:
        _to_disk(path)
    os.rename(hidden, home / f"r{following}")
    _to_disk(home)
    return Published(home / f"r{following}", following, True, last, difference)


def _compared(last: Path, manifest: dict[str, Any]) -> tuple[str, str]:
    """Why the edition in ``last`` is followed by a further revision and what differs first; empty where it is the same."""
    try:
        before = read_manifest(last)
        same = {k: v for k, v in before.items() if k not in REVISION_KEYS} == manifest
        if same and intact(last, before):
            return "", ""
        return _reason(before, manifest), first_difference(before, manifest)
    except (ValueError, LookupError, TypeError, AttributeError):
        # what is no manifest any more cannot be compared, but must not stand in the way of what follows it
        what = f"{last.name}/manifest.json"
        return "damage", f"{what} 已损坏,无法比较 / {what} is damaged and cannot be compared"


def _to_disk(path: Path) -> None:
    """Have the disk hold a file, or the names in a folder, before anything that relies on it is done."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _numbers(home: Path) -> list[int]:
    """Numbers of all revision folders, whole or not: none is ever used again."""
    return [int(p.name[1:]) for p in home.glob("r*") if p.name[1:].isdigit()]


_PARTS = (
    ("reference", "方案、区划或说明", "plan, territory or notes"),
    ("tools", "库的版本", "version of a library"),
    ("fonts", "字体", "font"),
    ("tables", "数据表", "table"),
    ("outputs", "成品", "output"),
)
_SINGLE = (
    ("rule_version", "规则版本", "version of the rules"),
    ("lock_sha256", "依赖库清单", "the locked libraries"),
)
_TIERS = ("raw", "staging", "core", "indicator", "progress")


def first_difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What differs first between two manifests, from the inputs to the outputs, Chinese and English."""
    for part, zh, en in (("inputs", "原始文件", "input"), ("replaced", "被更正的文件", "corrected file")):
        names = _changed({e["path"]: e for e in before[part]}, {e["path"]: e for e in after[part]})
        if names:
            return f"{zh} {names[0]} / {en} {names[0]}"
    if "method" in before:
        cuts = [m["method"]["thresholds"] for m in (before, after)]
        for name in _changed(*cuts):
            old, new = (side.get(name, "-") for side in cuts)
            return f"阈值 {name}:{old} → {new} / threshold {name}: {old} -> {new}"
    if before["code_sha256"] != after["code_sha256"]:
        names = _changed(before["code_files"], after["code_files"]) if "code_files" in before else []
        return f"程序 {names[0]} / the code: {names[0]}" if names else "程序 / the code"
    for key, zh, en in _SINGLE:
        if before[key] != after[key]:
            return f"{zh} / {en}"
    for part, zh, en in _PARTS:
        names = sorted(_changed(before[part], after[part]), key=lambda n: (tier(n), n))
        if names:
            return f"{zh} {names[0]} / {en} {names[0]}"
    others = _changed({k: v for k, v in before.items() if k not in REVISION_KEYS}, after)
    if others:
        return f"清单的 {others[0]} / {others[0]} of the manifest"
    return "已发布的文件被改动 / a published file was changed"


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names that one of the two lacks or that differ, sorted."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def tier(name: str) -> int:
    """Where a table stands on the way from the returns to the verdicts; other names stand first."""
    schema = name.partition(".")[0]
    return _TIERS.index(schema) if schema in _TIERS else -1


def _reason(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Why a new revision: ``source`` (inputs), ``method`` (plan or rules), ``code``, or ``damage``."""
    if before["inputs"] != after["inputs"]:
        return "source"
    if before["reference"] != after["reference"] or before["rule_version"] != after["rule_version"]:
        return "method"
    if "method" in before and before["method"] != after["method"]:
        return "method"
    if before["code_sha256"] != after["code_sha256"] or before["lock_sha256"] != after["lock_sha256"]:
        return "code"
    if before["tools"] != after["tools"] or before["fonts"] != after["fonts"]:
        return "tools"
    return "damage"
