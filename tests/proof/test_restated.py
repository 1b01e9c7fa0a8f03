"""A closed year is corrected only with an approved restatement record, from the files to the command line."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.intake.contract import load_contracts
from pipeline.intake.register import Registration, sha256_of
from pipeline.intake.restated import is_closed, restated_frame
from pipeline.programme import CODE_ROOT, Home
from tests.proof.conftest import RESTATED, correct

HEADER = "县区代码,学年,学段类别,年级,性别,在校生数\n"
OLD = HEADER + "130702,2020,小学,1,男,100\n130702,2020,小学,1,女,90\n130702,2022,小学,1,男,80\n"
NEW = HEADER + "130702,2020,小学,1,男,101\n130702,2020,小学,2,女,90\n130702,2022,小学,1,男,81\n"


def check(home: Home):
    return CliRunner().invoke(main, ["--home", str(home.root), "check", "china", "2023"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"新值": "91.9"}, "由“91.1”改为“91.2”,没有更正记录"),
        ({"批准人": ""}, "的更正记录没有批准人"),
    ],
)
def test_a_closed_year_is_not_changed_without_an_approved_record(tmp_path, changes, told):
    """With the record the same correction is published: the fixture of this folder does so."""
    home = Home(tmp_path)
    shutil.copytree(CODE_ROOT / "data_raw" / "china", home.data_raw / "china")
    correct(home, **changes)
    result = check(home)
    assert result.exit_code == 1
    place = f"[错误 D17] {RESTATED} 第 2 行 “核定值”列"
    assert place in result.output and told in result.output
    assert "主键 preschool_ger|000000|all|school_year|2023" in result.output or "批准" in result.output


def registered(root, path, text, received_on, **more):
    (root / path).write_text(text, "utf-8")
    named = {"supersedes": "", "reason": "", "revision": 1, "maturity": "final"} | more
    return Registration(
        table="enrolment_by_grade", period_from=2020, period_to=2022, path=path, period_kind="school_year",
        sha256=sha256_of(text.encode()), supplier="教育局", received_on=received_on, origin="real",
        form_edition="2022版", **named,
    )  # fmt: skip


def changes(root, received_on, **old):
    files = [
        registered(root, "a.csv", OLD, dt.date(2022, 10, 20), **old),
        registered(root, "b.csv", NEW, received_on, supersedes="a.csv", reason="县教育局更正一年级人数", revision=2),
    ]
    frame = restated_frame(root, files, 2022, load_contracts(), None)
    wanted = ("change", "row_period", "column_zh", "old_value", "new_value", "closed", "old_row", "new_row")
    return frame.select(wanted).rows()


def test_every_cell_and_row_that_a_correction_changed_is_laid_out(tmp_path):
    """Received in 2023: 2020 was closed at the end of 2021, 2022 is still collected."""
    assert changes(tmp_path, dt.date(2023, 2, 1)) == [
        ("changed", 2020, "在校生数", "100", "101", True, 2, 2),
        ("added", 2020, "", "", "", True, None, 3),
        ("changed", 2022, "在校生数", "80", "81", False, 4, 4),
        ("removed", 2020, "", "", "", True, 3, None),
    ]


@pytest.mark.parametrize(
    ("between", "maturity"),
    [(NEW.replace(",101", ",约一百"), "final"), (OLD, "preliminary")],
    ids=["one that cannot be read", "a preliminary one"],
)
def test_a_file_in_between_does_not_hide_what_changed(tmp_path, between, maturity):
    """The edition was made from the first; the second could not be, or was not final: the third changes the first."""
    day = dt.date(2023, 2, 1)
    named = {"reason": "县教育局更正一年级人数"}
    files = [
        registered(tmp_path, "a.csv", OLD, dt.date(2022, 10, 20)),
        registered(tmp_path, "b.csv", between, day, supersedes="a.csv", revision=2, maturity=maturity, **named),
        registered(tmp_path, "c.csv", NEW, day, supersedes="b.csv", revision=3, **named),
    ]
    frame = restated_frame(tmp_path, files, 2022, load_contracts(), None)
    told = frame.select("old_file", "new_file", "change", "old_value", "new_value").rows()
    assert ("a.csv", "c.csv", "changed", "100", "101") in told
    assert {row[:2] for row in told} == {("a.csv", "c.csv")}


def test_what_restates_nothing(tmp_path):
    assert changes(tmp_path, dt.date(2021, 12, 31)) == [], "all its years are open"
    assert changes(tmp_path, dt.date(2024, 2, 1), maturity="preliminary") == [], "the first was not final"
    assert is_closed(2022, dt.date(2024, 1, 1)) and not is_closed(2022, dt.date(2023, 12, 31))
