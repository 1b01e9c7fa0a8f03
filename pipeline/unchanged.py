"""Is an edition made of exactly what is here now? Then making it again would give the same bytes, and need not be done.

Belongs here: the stamp that a run leaves behind, holding it against the present state, naming what differs. Does not
belong here: publishing, printing. Nothing heavy is imported: the answer takes a fraction of a second.

The stamp (``build/<edition>/stamp.json``) lists by sha256 every file of the programme, registered or not, and every file
of the code, with the versions of all installed libraries, of Python and of the system libraries. It is compared by
content, never by size or time of a file. It is no evidence and no part of an edition: without it a run simply makes
everything. The published files are held against their manifest each time, and the inputs kept for the auditor against
their names.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.edition.files import file_sha256, intact, revisions
from pipeline.edition.native import native_versions
from pipeline.home import CODE_ROOT, Home
from pipeline.lock import exclusive
from pipeline.mishap import Mishap

STAMP = "stamp.json"
FORMAT = 1
CODE = ("pipeline", "assets", "sql", "report_templates", "requirements.lock")
# files that a programme may have or not, as pipeline.edition.identity.reference_files finds them
OPTIONAL = frozenset(["notes.csv", "english.csv"])
_LAYOUT = re.compile(r"layouts/[^/.~][^/]*\.csv")
_NAMED = 3
_SIDES = {
    "data": ("收到的文件、方案或登记", "received files, plan or register"),
    "code": ("程序", "code"),
    "tools": ("依赖库", "libraries"),
}

State = dict[str, dict[str, str]]
"""Side (``data``, ``code``, ``tools``) -> name -> sha256 or version."""
Pair = tuple[str, str]
"""A text in Chinese and English."""


@dataclass(frozen=True)
class Same:
    """The edition that a run would make again. ``said``: what the run that made it told in closing."""

    programme: str
    year: int
    folder: Path
    revision: int
    vintage_id: str
    build_id: str
    counts: dict[str, int]
    tally: list[Pair]
    headline: list[Pair]


@dataclass(frozen=True)
class Differs:
    """Something is not as it was when the edition was made: what, Chinese and English."""

    zh: str
    en: str


def present_state(home: Home, programme_id: str) -> State:
    """Everything that an edition of a programme depends on, as it is now. Raises OSError where it cannot be read."""
    root = home.data_raw / programme_id
    code = {}
    for name in CODE:
        code |= {_shown(path, CODE_ROOT): digest for path, digest in _hashes(CODE_ROOT / name, {"__pycache__"})}
    return {
        "data": {_shown(path, root): digest for path, digest in _hashes(root)},
        "code": code,
        "tools": _installed() | native_versions() | {"python": sys.version, "machine": platform.machine()},
    }


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _hashes(place: Path, left_out: Set[str] = frozenset()) -> Iterator[tuple[Path, str]]:
    """(path, sha256) of a file, or of every file beneath a folder but those in folders of the names ``left_out``; links
    are followed, each folder once."""
    if not place.is_dir():
        yield place, file_sha256(place)
        return
    seen = set()
    for folder, folders, names in os.walk(place, followlinks=True, onerror=_refuse):
        real = os.path.realpath(folder)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(set(folders) - left_out)
        for name in sorted(names):
            path = Path(folder, name)
            # what is no file (a pipe, a link that leads nowhere) is never opened
            yield path, file_sha256(path) if path.is_file() else "-"


def _refuse(problem: OSError) -> None:
    raise problem


def _installed() -> dict[str, str]:
    """Every library that Python finds, by the name and version of its metadata folder."""
    found = {}
    for place in sys.path:
        with suppress(FileNotFoundError, NotADirectoryError):
            for name in os.listdir(place or "."):
                stem, suffix = os.path.splitext(name)
                if suffix == ".dist-info":
                    library, _, version = stem.partition("-")
                    found.setdefault(library, version)
    return found


def leave_stamp(
    home: Home,
    programme_id: str,
    year: int,
    before: State,
    *,
    revision: int,
    latest: bool,
    tally: list[Pair],
    headline: list[Pair],
) -> None:
    """Note what revision ``revision`` of a year was made of, after a run that made it or found it the same.

    ``before`` is the state when the run began: what changed meanwhile may or may not have entered the edition, so then
    nothing is noted; nor where it changed and was put back, and the edition was made of what stood there between.
    ``latest``: the year is the programme's latest. ``tally``, ``headline``: what the run told.
    """
    from pipeline.edition.identity import identify

    folder = home.editions / programme_id / str(year)
    # the edition is published; without a stamp the next run only takes longer
    with suppress(OSError, ValueError, LookupError, TypeError, Mishap):
        manifest = json.loads((folder / f"r{revision}" / "manifest.json").read_text("utf-8"))
        if before != present_state(home, programme_id) or any(_not_of(manifest, before).values()):
            return
        # what the register says of the files, of which the manifest has no hash of its own
        if identify(home.programme(programme_id), year).vintage_sha256 != manifest["vintage_sha256"]:
            return
        document = {
            "format": FORMAT,
            "state": before,
            "revision": revision,
            "manifest_sha256": file_sha256(folder / f"r{revision}" / "manifest.json"),
            "latest": latest,
            "tally": tally,
            "headline": headline,
        }
        place = home.edition_build(programme_id, year)
        partial = place / f"{STAMP}.partial"
        partial.write_text(json.dumps(document), "utf-8")
        partial.replace(place / STAMP)


def latest_years(home: Home, programme_id: str) -> list[int]:
    """The years that stamps call the programme's latest, the last first: a stamp stays when a year is withdrawn or a
    later one comes. Which of them still is the latest follows where :func:`look` finds everything the same."""
    found = []
    for place in home.build.glob(f"{programme_id}-*/{STAMP}"):
        number = place.parent.name.removeprefix(f"{programme_id}-")[:4]
        stamp = _stamp(place)
        if number.isdecimal() and place.parent == home.edition_build(programme_id, int(number)) and stamp:
            found += [int(number)] if stamp.get("latest") else []
    return sorted(found, reverse=True)


def look(home: Home, programme_id: str, year: int) -> Same | Differs | None:
    """Would a run make the newest edition of that year again? None where nothing can be said: no run left a stamp,
    another run is under way, a file cannot be read."""
    place = home.edition_build(programme_id, year)
    stamp = _stamp(place / STAMP)
    if stamp is None:
        return None
    try:
        with exclusive(place):
            return _compared(home, programme_id, year, stamp)
    except (OSError, ValueError, LookupError, TypeError, Mishap):
        return None  # whatever it is, the run comes upon it and tells it in its own words


def _stamp(path: Path) -> dict[str, Any] | None:
    """A stamp that is whole and of this format."""
    try:
        stamp = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and stamp.get("format") == FORMAT else None


def _compared(home: Home, programme_id: str, year: int, stamp: dict[str, Any]) -> Same | Differs:
    newest = max(revisions(home.editions / programme_id / str(year)), default=0)
    name = f"r{stamp['revision']}"
    if newest != stamp["revision"]:
        return Differs(f"已发布的版本不是 {name}", f"the published edition is not {name}")
    folder = home.editions / programme_id / str(year) / name
    if file_sha256(folder / "manifest.json") != stamp["manifest_sha256"]:
        return Differs(f"{name}/manifest.json 被改动", f"{name}/manifest.json was changed")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if not intact(folder, manifest):
        return Differs(f"{name} 有文件缺失或被改动", f"a file of {name} is missing or was changed")
    kept = home.kept / programme_id / "inputs"
    wanted = {e["sha256"].lower() for part in ("inputs", "replaced") for e in manifest[part]}
    for digest in sorted(wanted | set(manifest["reference"].values())):
        if not (kept / digest).is_file() or file_sha256(kept / digest) != digest:
            return Differs(f"存档的原始文件 {digest[:12]} 缺失或被改动", f"the kept input {digest[:12]} is missing or was changed")
    state = present_state(home, programme_id)
    made_of = _not_of(manifest, state)
    for side, (zh, en) in _SIDES.items():
        if names := sorted({*_changed(stamp["state"][side], state[side]), *made_of.get(side, ())}):
            return Differs(f"{zh}:{_listed(names, '、', '等 {} 处')}", f"{en}: {_listed(names, ', ', ' and others, {} in all')}")
    return Same(
        programme=programme_id,
        year=year,
        folder=folder,
        revision=newest,
        vintage_id=manifest["vintage_id"],
        build_id=manifest["build_id"],
        counts={side: len(names) for side, names in state.items()} | {"outputs": len(manifest["outputs"])},
        tally=[tuple(pair) for pair in stamp["tally"]],
        headline=[tuple(pair) for pair in stamp["headline"]],
    )


def _not_of(manifest: dict[str, Any], state: State) -> dict[str, list[str]]:
    """Side -> names of what a manifest says its edition was made of and a state has otherwise."""
    data, code = state["data"], state["code"]
    received = {e["path"]: e["sha256"].lower() for part in ("inputs", "replaced") for e in manifest[part]}
    # a file that an edition was made without is one that it differs by
    optional = {name for name in data if name in OPTIONAL or _LAYOUT.fullmatch(name)}
    wanted = manifest["reference"] | received
    return {
        "data": sorted(name for name in wanted.keys() | optional if data.get(name) != wanted.get(name)),
        "code": sorted(name for name, digest in manifest["code_files"].items() if code.get(name) != digest),
    }


def _changed(before: dict[str, str], now: dict[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def _listed(names: list[str], between: str, more: str) -> str:
    shown = between.join(names[:_NAMED])
    return shown + more.format(len(names)) if len(names) > _NAMED else shown
