"""Names and places of files: nothing outside the programme's folder is opened, no pipe is waited for."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from pipeline.intake.place import NotAFile, received_bytes
from pipeline.intake.read import read_table
from pipeline.intake.register import COLUMNS, check_bytes, read_register, sha256_of, verify_register
from pipeline.quality.finding import Finding, read_records, write_records
from tests.hostile.files import ROOT, contracts, cut_out, registered

TABLE = "kindergarten_children"
DIGEST = sha256_of(b"x")


def register_with(folder: Path, **changed: str) -> list[Finding]:
    """Findings of a register of one row with these cells changed."""
    values = {k: str(v) for k, v in asdict(registered(TABLE, "2023/a.csv", DIGEST)).items()} | changed
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([COLUMNS, [values[c] for c in COLUMNS]])
    return read_register(folder, contracts()).findings


@pytest.mark.parametrize(
    "path",
    [
        "../outside.csv", "2023/../../outside.csv", "/etc/passwd", "C:/windows.csv", "c:windows.csv", "2023\\a.csv",
        "\\\\server\\share\\a.csv", "2023/a\x01.csv", "2023/a\x1b[31m.csv", "2023/a\u202evsc.csv", "2023/a\u200b.csv",
        "2023/a\u2028.csv", "2023//a.csv", "./2023/a.csv", "2023/", "2023/a.csv/..",
    ],
)  # fmt: skip
def test_r04_a_path_that_tricks(tmp_path: Path, path: str) -> None:
    (finding,) = register_with(tmp_path, path=path)
    assert (finding.rule, finding.row, finding.column) == ("R04", 2, "path")
    assert finding.value.isprintable() and finding.message_zh.isprintable()


@pytest.mark.parametrize("column", ["supplier", "reason"])
@pytest.mark.parametrize("text", ["教育局\x1b[2J", "教\u202e育局", "教\x07育局"])
def test_r04_texts_of_the_register_hold_no_control_characters(tmp_path: Path, column: str, text: str) -> None:
    assert [(f.rule, f.column) for f in register_with(tmp_path, **{column: text})] == [("R04", column)]


def test_r00_a_nul_in_the_register(tmp_path: Path) -> None:
    """Opening a path with a NUL raised an exception."""
    (finding,) = register_with(tmp_path, path="2023/a\0.csv")
    assert finding.rule == "R00" and "第 2 行" in finding.message_zh


def test_a_path_longer_than_any_file_name(tmp_path: Path) -> None:
    for path in ("a" * 5000 + ".csv", "/".join("a" * 5000)):
        finding = check_bytes(tmp_path, registered(TABLE, path, DIGEST))[1]
        assert finding is not None and finding.rule == "R01"


def test_r08_a_link_that_leads_outside_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(cut_out(TABLE), "utf-8")
    root = tmp_path / "data"
    (root / "2023").mkdir(parents=True)
    (root / "2023" / "a.csv").symlink_to(secret)
    registration = registered(TABLE, "2023/a.csv", sha256_of(secret.read_bytes()))
    result = read_table(root, [registration], contracts()[TABLE])
    assert [f.rule for f in result.findings] == ["R08"] and result.frame.height == 0
    assert [f.rule for f in verify_register(root, [registration], 2023)] == ["R08"]
    assert [f.rule for f in verify_register(root, [], 2023)] == ["R08"]  # neither when nobody registered it


def test_a_link_inside_the_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")
    (tmp_path / "b.csv").symlink_to("a.csv")
    assert received_bytes(tmp_path, "b.csv") == b"x"


def test_links_in_a_ring_and_into_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")
    (tmp_path / "c.csv").symlink_to("nothing")
    assert [f.rule for f in verify_register(tmp_path, [], 2023)] == ["R02"] * 3
    for name in ("a.csv", "c.csv"):
        finding = check_bytes(tmp_path, registered(TABLE, name, DIGEST))[1]
        assert finding is not None and finding.rule == "R01"


def test_r08_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    """Opening the pipe would wait for ever, reading the device would never end."""
    os.mkfifo(tmp_path / "pipe.csv")
    code = (
        "from pathlib import Path\n"
        "from pipeline.intake.register import verify_register, check_bytes\n"
        "from tests.hostile.files import registered\n"
        f"root = Path({str(tmp_path)!r})\n"
        "print([f.rule for f in verify_register(root, [], 2023)])\n"
        f"print(check_bytes(root, registered({TABLE!r}, 'pipe.csv', {DIGEST!r}))[1].rule)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["['R08']", "R08"], done.stderr
    with pytest.raises(NotAFile):
        received_bytes(Path("/dev"), "zero")


def test_r08_a_file_larger_than_the_limit_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.csv").open("wb") as handle:
        handle.truncate(2 * 1024**3)  # sparse: takes no room on disk
    finding = check_bytes(tmp_path, registered(TABLE, "large.csv", DIGEST))[1]
    assert finding is not None and finding.rule == "R08" and "256 MB" in finding.message_zh
    assert [f.rule for f in verify_register(tmp_path, [], 2023)] == ["R08"]


def test_r00_a_register_larger_than_the_limit_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "register.csv").open("wb") as handle:
        handle.truncate(2 * 1024**3)
    (finding,) = read_register(tmp_path, contracts()).findings
    assert finding.rule == "R00" and "16 MB" in finding.message_zh


def test_r00_a_register_of_nonsense_is_told_in_few_words(tmp_path: Path) -> None:
    for text in ("," * 100_000, ",".join(f"c{i}\x1b" for i in range(50_000)), '"' * 9, "a\0b"):
        (tmp_path / "register.csv").write_text(text, "utf-8")
        (finding,) = read_register(tmp_path, contracts()).findings
        assert finding.rule == "R00" and len(finding.message_zh) < 3000 and finding.message_zh.isprintable()


@pytest.mark.parametrize("name", [b"a\xff\xfe.csv", "a\u202evsc.exe".encode(), b"a\x1b[2J.csv", b"a\nb.csv"])
def test_r08_a_name_that_cannot_be_registered_is_told_without_acting(tmp_path: Path, name: bytes) -> None:
    """A name that is no UTF-8 could not even be written down: the run ended in an exception."""
    (tmp_path / os.fsdecode(name)).write_bytes(b"x")
    (finding,) = verify_register(tmp_path, [], 2023)
    assert finding.rule == "R08" and finding.file.isprintable() and finding.message_zh.isprintable()
    write_records(tmp_path / "kept" / "step.json", [finding], [])
    assert read_records(tmp_path / "kept")[0] == [finding]


def test_the_registered_checksum_is_what_counts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")
    finding = check_bytes(tmp_path, replace(registered(TABLE, "a.csv", DIGEST), sha256="0" * 64))[1]
    assert finding is not None and finding.rule == "R03"
