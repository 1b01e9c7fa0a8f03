"""From a published edition back to a home it can be made again in.

Belongs here: opening an edition, finding its inputs by content, laying them out as they were received,
running the same job on them. Does not belong here: comparing what comes out (verify.py).
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.edition.manifest import read_manifest
from pipeline.edition.files import newest, revisions
from pipeline.intake.register import COLUMNS, REGISTER
from pipeline.programme import CODE_ROOT, HOME_VARIABLE, Home, Programme, edition_key
from pipeline.proof.keep import INPUTS, kept_bytes, sha256_of

REBUILD_SECONDS = 3600
TOLD_LINES = 30


class EditionError(ValueError):
    """There is no such edition, or it cannot be read. ``str()`` says why, in Chinese and English."""


class RebuildError(RuntimeError):
    """The edition cannot be made again. ``str()`` says why, in Chinese and English."""


MOST_REGISTER_ROWS = 1_000_000
_NAME = re.compile(r"\w[\w-]*")
"""A programme's name: the name of a folder, never a path or an option of a command."""


@dataclass(frozen=True)
class Edition:
    """A published edition: its folder and what its manifest says.

    ``pdf``: where all that there is of the edition is one PDF, laid out in ``folder``; ``written`` is then the
    manifest that it carries, and ``manifest`` that with what is known of the outputs.
    """

    folder: Path
    manifest: dict[str, Any]
    pdf: Path | None = None
    written: dict[str, Any] | None = None

    @property
    def programme(self) -> str:
        return self.manifest["programme"]

    @property
    def year(self) -> int:
        return self.manifest["year"]

    @property
    def revision(self) -> int:
        return self.manifest["revision"]

    @property
    def label(self) -> str:
        """``china/2023/r1``, or ``china/2023 (report.zh.pdf)``: how people name it."""
        if self.pdf is not None:
            return f"{self.programme}/{self.year} ({self.pdf.name})"
        return f"{self.programme}/{self.year}/r{self.revision}"

    @cached_property
    def wanted(self) -> dict[str, str]:
        """Every input of the edition, and the files that corrections replaced: name inside the programme folder -> sha256, in name order."""
        entries = [*self.manifest["inputs"], *self.manifest["replaced"]]
        names = dict(self.manifest["reference"]) | {e["path"]: e["sha256"] for e in entries}
        return dict(sorted(names.items()))


def open_edition(place: Path) -> Edition:
    """The edition in a folder, or of the report in it. Raises EditionError."""
    folder = (place.parent if place.is_file() else place).resolve()
    try:
        manifest = read_manifest(folder)
    except FileNotFoundError:
        raise EditionError(
            f"{place}:没有 manifest.json,不是已发布的版本 / there is no manifest.json: not a published edition"
        ) from None
    except (ValueError, OSError) as problem:
        raise EditionError(
            f"{place}:manifest.json 无法读取({problem}) / manifest.json cannot be read"
        ) from None
    if isinstance(manifest, dict):
        check_name(place, manifest.get("programme", "none"))
    return Edition(folder, manifest)


def check_name(place: Path, programme: object) -> None:
    """Refuse a manifest whose programme is no plain name: folders are named after it. Raises EditionError."""
    if isinstance(programme, str) and not _NAME.fullmatch(programme):
        raise EditionError(
            f"{place}:清单中的项目名 {programme!r} 不是文件夹名,版本被改动过,不予处理 / the programme's name in its manifest "
            "is no name of a folder: it was changed and is refused"
        )


def is_edition(place: Path) -> bool:
    """Is it an edition's folder or a file, and not merely a folder that is called as an edition is: ``china/2023`` seen from
    data_raw?"""
    return place.is_file() or (place / "manifest.json").is_file()


def find_edition(home: Home, text: str) -> Path:
    """``china/2023/r1``, ``china/2023`` or ``china-2023`` (newest revision), a folder, or a report in one.

    Raises EditionError naming what is published.
    """
    place = Path(text)
    if is_edition(place):
        return place
    parts = text.strip("/").split("/")
    if len(parts) == 1:
        programme, _, year = text.rpartition("-")
        parts = [programme, year]
    folder = home.editions.joinpath(*parts[:2])
    if len(parts) == 2 and (made := newest(folder)):
        return made
    if len(parts) == 3 and (folder / parts[2] / "manifest.json").is_file():
        return folder / parts[2]
    if place.exists():
        return place  # whoever opens it tells what is not there
    known = "、".join(label for label, _ in published_editions(home)) or "(无 / none)"
    raise EditionError(f"没有找到版本“{text}”;已发布:{known} / no such edition; published: {known}")


def published_editions(home: Home) -> list[tuple[str, Path]]:
    """(label, folder) of every published edition, by programme, year and revision."""
    years = sorted(
        (p for p in home.editions.glob("*/*") if p.is_dir() and p.name.isdigit()),
        key=lambda p: (p.parent.name, int(p.name)),
    )
    return [(f"{y.parent.name}/{y.name}/r{n}", y / f"r{n}") for y in years for n in revisions(y)]


@dataclass(frozen=True)
class Inputs:
    """What was found of an edition's inputs: bytes by name; names of damaged kept copies and of missing ones."""

    found: dict[str, bytes]
    damaged: list[str]
    missing: list[str]


def locate_inputs(edition: Edition, home: Home | None = None, elsewhere: Path | None = None) -> Inputs:
    """Find every input by its sha256: kept beside the edition, kept in the home, anywhere in its data_raw, or
    anywhere in the folder ``elsewhere``."""
    stores = [edition.folder.parent.parent / INPUTS]
    # A public edition lies in a tree of its own; the inputs are kept beside the internal ones.
    around = edition.folder.parent.parent.parent.parent
    stores.append(around / "editions" / edition.programme / INPUTS)
    live = [around / "data_raw" / edition.programme]
    if home is not None:
        stores.append(home.kept / edition.programme / INPUTS)
        live.append(home.data_raw / edition.programme)
    if elsewhere is not None:
        live.append(elsewhere)
    found, damaged, missing = {}, [], []
    search = _Search(live)
    for name, digest in edition.wanted.items():
        kept = [kept_bytes(s, digest) for s in stores if (s / digest).exists()]
        if None in kept:
            damaged.append(name)
        data = next((d for d in kept if d is not None), None)
        if data is None:
            data = search.bytes_of(name, digest)
        if data is None:
            missing.append(name)
        else:
            found[name] = data
    return Inputs(found, damaged, missing)


class _Search:
    """Bytes by sha256 in programme folders: first under the same name, then anywhere."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = [f for f in dict.fromkeys(folders) if f.is_dir()]

    def bytes_of(self, name: str, digest: str) -> bytes | None:
        for folder in self.folders:
            path = folder / name
            if path.is_file() and sha256_of(data := path.read_bytes()) == digest:
                return data
        place = self._everything.get(digest)
        return place.read_bytes() if place else None

    @cached_property
    def _everything(self) -> dict[str, Path]:
        files = [p for f in self.folders for p in sorted(f.rglob("*")) if p.is_file()]
        return {sha256_of(p.read_bytes()): p for p in files}


def restore_home(edition: Edition, inputs: Inputs, target: Path) -> Home:
    """Lay out ``target/data_raw/<programme>/`` with exactly the edition's inputs and a register of them.

    A file that a correction replaced is there as well: what the correction changed is held against the
    restatement records. Raises RebuildError where an input is missing.
    """
    if inputs.missing:
        names = "、".join(inputs.missing)
        raise RebuildError(f"找不到原始文件:{names} / inputs not found by content: {names}")
    root = target / "data_raw" / edition.programme
    for name in inputs.found:
        if not (root / name).resolve().is_relative_to(root.resolve()):
            raise RebuildError(f"清单中的路径越界:{name} / a path of the manifest leaves the folder: {name}")
    for name, data in inputs.found.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    entries = [*edition.manifest["inputs"], *edition.manifest["replaced"]]
    # Each file keeps its row, because tables and findings name it; rows of files that came later stay blank.
    blank = dict.fromkeys(COLUMNS, "")
    numbers = [entry["register_row"] for entry in entries]
    if any(type(n) is not int or not 2 <= n <= MOST_REGISTER_ROWS for n in numbers):
        raise RebuildError("清单中的登记行号不可能 / a register row of the manifest is impossible")
    rows = [blank] * (max((entry["register_row"] for entry in entries), default=1) - 1)
    for entry in entries:
        rows[entry["register_row"] - 2] = {column: entry[column] for column in COLUMNS}
    with (root / REGISTER).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return Home(target)


def rebuild(edition: Edition, inputs: Inputs, target: Path, code_root: Path = CODE_ROOT) -> Path:
    """Make the edition again in ``target`` (empty) by the same job in a fresh process; returns its folder.

    ``code_root``: the installation to run, where it is not this one.

    Raises RebuildError with the end of what the job said.
    """
    home = restore_home(edition, inputs, target)
    environment = {k: v for k, v in os.environ.items() if k not in (HOME_VARIABLE, "DAGSTER_HOME")}
    environment |= {"PYTHONPATH": str(code_root), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    public = edition.manifest["audience"] == "public"
    call = [sys.executable, "-m", "pipeline.cli", "--home", str(target), "run"]
    try:
        done = subprocess.run(
            [*call, edition.programme, str(edition.year), *(["--public"] if public else [])],
            cwd=code_root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=REBUILD_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise RebuildError("重建超时 / the rebuild took too long") from None
    made = home.public() if public else home
    folder = made.editions / edition.programme / str(edition.year) / "r1"
    if done.returncode or not (folder / "manifest.json").is_file():
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-TOLD_LINES:])
        raise RebuildError(f"重建没有成功(退出码 {done.returncode}) / the rebuild failed:\n{said}")
    return folder


def rest_on_gates() -> set[str]:
    """The tables that rest on the warnings of the gates, by name: no figure and no verdict, but the advice."""
    from pipeline.warehouse.sqlfiles import load_sql

    found = {"raw.open_warning"}
    for file in load_sql(CODE_ROOT / "sql"):
        if found.intersection(file.reads):
            found.add(file.table)
    return found


@dataclass(frozen=True)
class Remade:
    """An edition whose tables are made again outside a workbench."""

    programme: Programme
    year: int
    cache_folder: Path | None


def rebuild_tables(
    programme: Programme, year: int, target: Path, cache: Path | None = None, audience: str = "internal"
) -> None:
    """The tables of an edition in a new database ``target``: the same reading and the same SQL, no report.

    No gate is held, so the tables of :func:`rest_on_gates` are not made.
    Raises RebuildError where a file cannot be read without errors. The file appears whole or not at all.
    """
    from pipeline.edition.earlier import earlier_frames
    from pipeline.edition.identity import identify, input_registrations
    from pipeline.intake.read import read_table
    from pipeline.steps import plan_frames
    from pipeline.warehouse.sqlfiles import load_sql
    from pipeline.warehouse.store import fit_threads, open_store, write_frame, write_select

    target.parent.mkdir(parents=True, exist_ok=True)
    registrations = input_registrations(programme, year)
    frames = plan_frames(programme, year, identify(programme, year, audience), cache)
    findings = [*programme.register.findings, *programme.layouts.findings]
    for contract in programme.contracts.values():
        own = [r for r in registrations if r.table == contract.table]
        result = read_table(programme.root, own, contract, cache, programme.local)
        frames[f"raw.{contract.table}"] = result.frame
        findings += result.findings
    blocking = [f for f in findings if f.blocks]
    if blocking:
        first = blocking[0]
        raise RebuildError(f"{first.file} {first.row or ''}: {first.message_zh} / {first.message_en}")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".tables-") as workplace:
        made = Path(workplace) / "warehouse.duckdb"
        with open_store(made) as connection:
            for table, frame in frames.items():
                write_frame(connection, table, frame)
            fit_threads(connection)
            files = load_sql(CODE_ROOT / "sql")
            for file in files:
                if file.schema != "progress":
                    write_select(connection, file.table, file.text)
            for table, frame in earlier_frames(Remade(programme, year, cache), connection).items():
                write_frame(connection, table, frame)
            gated = rest_on_gates()
            for file in files:
                if file.schema == "progress" and file.table not in gated:
                    write_select(connection, file.table, file.text)
        os.replace(made, target)


def proof_warehouse(home: Home, programme: str, year: int, build_id: str) -> Path:
    """Where the tables of one build are kept for tracing; a cache that may be deleted at any time."""
    return home.build / "proof" / f"{edition_key(programme, year)}-{build_id}.duckdb"
