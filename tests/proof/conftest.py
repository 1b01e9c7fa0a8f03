"""One published national edition, its correction, and its rebuild: made once, used by every test here."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.edition.manifest import canonical_json
from pipeline.programme import CODE_ROOT, HOME_VARIABLE, Home
from pipeline.proof.commands import COMMANDS
from pipeline.proof.restore import locate_inputs, open_edition, rebuild
from pipeline.telling import Teller

RESTATED = "2023/certified_values_r2.csv"
REASON = "教育部更正学前教育毛入园率"
RECORD = {
    "修订编号": "2023-01",
    "表": "certified_values",
    "年度": "2023",
    "主键": "preschool_ger|000000|all|school_year|2023",
    "字段": "核定值",
    "原值": "91.1",
    "新值": "91.2",
    "原因": REASON,
    "修订人": "统计岗",
    "修订日期": "2026-11-23",
    "批准人": "统计负责人",
    "批准日期": "2026-11-23",
}
"""The restatement record of the correction."""


@dataclass(frozen=True)
class Published:
    """A home with china 2023 r1, and r2 after the pre-school ratio was corrected from 91.1 to 91.2.

    ``again``: r1 made again; ``first``: the files of r1 as they were before there was an r2."""

    home: Home
    again: Future[Path] | None = None
    first: dict[str, bytes] | None = None

    def folder(self, revision: int = 1) -> Path:
        return self.home.editions / "china" / "2023" / f"r{revision}"


def publish(home: Home) -> None:
    result = CliRunner().invoke(main, ["--home", str(home.root), "run", "china", "2023"])
    assert result.exit_code == 0, result.output


def correct(home: Home, **changes: str) -> None:
    """Hand in the corrected release, as docs say: a new file, the restatement record that it needs, two new rows in
    the register. ``changes`` alter that record; the note on the year's ratio still holds, for the change on the year
    before stays within what needs one (1.5 points)."""
    root = home.data_raw / "china"
    text = (root / "2023/certified_values.csv").read_text("utf-8")
    assert text.count("91.1") == 1
    record = RECORD | changes
    register = root / "register.csv"
    rows = list(csv.DictReader(io.StringIO(register.read_text("utf-8"), newline="")))
    (before,) = [r for r in rows if r["path"] == "2023/certified_values.csv"]
    corrected = hand_in(root, RESTATED, text.replace("91.1", "91.2"), before) | {
        "revision": "2",
        "supersedes": before["path"],
        "reason": REASON,
    }
    logged = ",".join(record) + "\n" + ",".join(record.values()) + "\n"
    records = hand_in(root, "2023/restatement_log.csv", logged, before) | {"table": "restatement_log"}
    with register.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(before), lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, corrected, records])


def hand_in(root: Path, path: str, text: str, like: dict[str, str]) -> dict[str, str]:
    """Write a file and make the register row of it, otherwise like another one."""
    (root / path).write_text(text, "utf-8")
    return like | {"path": path, "sha256": hashlib.sha256(text.encode()).hexdigest()}


@pytest.fixture(scope="session")
def published(request, tmp_path_factory) -> Published:
    """r1 and, after a corrected return, r2; r1 is made again in a process of its own meanwhile.

    r1 is that of the installation where some test needs one anyway, and otherwise made here."""
    target = tmp_path_factory.mktemp("rebuilt")
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.delenv(HOME_VARIABLE, raising=False)
        home = Home(tmp_path_factory.mktemp("proof"))
        shutil.copytree(CODE_ROOT / "data_raw" / "china", home.data_raw / "china")
        made = home
        if any("installation" in item.fixturenames for item in request.session.items):
            made = Home(request.getfixturevalue("installation").root)
            shutil.copytree(made.editions / "china", home.editions / "china")
        else:
            publish(home)
        shutil.copyfile(made.build / "china-2023" / "warehouse.duckdb", home.root / "r1.duckdb")
        first = open_edition(Published(home).folder(1))
        again = pool.submit(rebuild, first, locate_inputs(first), target)
        before = files_of(first.folder)
        correct(home)
        publish(home)
    return Published(home, again, before)


def files_of(folder: Path) -> dict[str, bytes]:
    """The bytes of every file under a folder by its place in it."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="session")
def rebuilt(published) -> Path:
    """The home in which r1 was made again, in a fresh process, from its kept inputs alone."""
    made = published.again.result()
    assert made.parts[-4:] == ("editions", "china", "2023", "r1")
    return made.parents[3]


@pytest.fixture
def copied(published, tmp_path) -> Published:
    """A copy of everything published, without data_raw, to be tampered with."""
    shutil.copytree(published.home.editions, tmp_path / "editions")
    return Published(Home(tmp_path))


@pytest.fixture
def stand_in(rebuilt):
    """Takes the place of the rebuild in a verification: the rebuild that was made once."""

    def again(edition, inputs, target):
        assert not inputs.missing
        return rebuilt / "editions" / "china" / "2023" / "r1"

    return again


def edit(path: Path, old: str, new: str) -> None:
    """Change the first occurrence of a text in a published file."""
    data = path.read_bytes()
    assert old.encode() in data, old
    path.chmod(0o644)
    path.write_bytes(data.replace(old.encode(), new.encode(), 1))


def forge(folder: Path, **changes) -> None:
    """Rewrite a manifest properly: top-level changes, and the hashes of the files as they are now."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | changes
    for name, entry in manifest["outputs"].items():
        data = (folder / name).read_bytes()
        entry |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    path.write_text(canonical_json(manifest), "utf-8")


def jiance(home: Home, *args: str, lang: str = "zh"):
    """One of the auditor's commands."""
    group = click.Group("jiance", commands={c.name: c for c in COMMANDS})
    return CliRunner().invoke(group, list(args), obj=Teller(lang, home))
