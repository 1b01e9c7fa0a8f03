"""What earlier editions knew: each is judged on the files that it had, and a figure that is another one later has its cause."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.edition.triangle import known_editions
from pipeline.programme import CODE_ROOT, Home
from pipeline.proof.restore import rebuild_tables
from tests.proof.conftest import RECORD, hand_in

LATE = "2022/certified_values; r2.csv"
"""A path may hold whatever separates the paths of a list elsewhere."""


def correct_2022(home: Home) -> None:
    """The national ratio of 2022, 89.7, is corrected to 90.1 years later: over the target of 90, which it was not."""
    root = home.data_raw / "china"
    register = root / "register.csv"
    rows = list(csv.DictReader(io.StringIO(register.read_text("utf-8"), newline="")))
    (before,) = [r for r in rows if r["path"] == "2022/certified_values.csv"]
    text = (root / before["path"]).read_text("utf-8").replace("2022,89.7,", "2022,90.1,")
    corrected = hand_in(root, LATE, text, before) | {"revision": "2", "supersedes": before["path"]}
    record = RECORD | {"修订编号": "2022-01", "年度": "2022", "主键": "preschool_ger|000000|all|school_year|2022", "原值": "89.7", "新值": "90.1"}
    logged = ",".join(record) + "\n" + ",".join(record.values()) + "\n"
    records = hand_in(root, "2022/restatement_log.csv", logged, before) | {"table": "restatement_log"}
    with register.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(before), lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, corrected | {"reason": RECORD["原因"]}, records])


@pytest.fixture(scope="module")
def corrected(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("earlier"))
    shutil.copytree(CODE_ROOT / "data_raw" / "china", home.data_raw / "china")
    correct_2022(home)
    return home


# ---------------------------------------------------------------- the revision triangle

CLOSED = dt.date(2024, 2, 1)
"""When the correction of 2022 came: after the edition of 2022 was closed, before that of 2023 was."""
PAIRS = [(period, edition) for edition in (2021, 2022, 2023) for period in range(2020, edition + 1)]
RATIO = "preschool_ger"
COUNTS = "2022/published_counts.csv"
"""First came with the correction."""


def in_its_time(home: Home, *, without: tuple[str, ...] = ()) -> None:
    """As if every file had come in the June after its year, the correction in 2024, and with it the counts of 2022."""
    register = home.data_raw / "china" / "register.csv"
    rows = list(csv.DictReader(io.StringIO(register.read_text("utf-8"), newline="")))
    for r in rows:
        held_back = r["path"] in (LATE, COUNTS) or r["table"] == "restatement_log"
        r["received_on"] = str(CLOSED) if held_back else f"{int(r['period_to']) + 1}-06-30"
    with register.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(r for r in rows if r["path"] not in without)


def tables(home: Home, year: int, name: str) -> Path:
    """The tables of one edition as a database."""
    target = home.root / f"{name}-{year}.duckdb"
    rebuild_tables(home.programme("china"), year, target)
    return target


@pytest.fixture(scope="module")
def timely(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("timely"))
    shutil.copytree(CODE_ROOT / "data_raw" / "china", home.data_raw / "china")
    correct_2022(home)
    in_its_time(home)
    return home


@pytest.fixture(scope="module")
def now(timely) -> Path:
    """The edition of 2023: the correction and the late counts of 2022 came after that of 2022 was closed."""
    return tables(timely, 2023, "now")


@pytest.fixture(scope="module")
def triangle(now) -> dict:
    """(commitment, period, edition) -> what that edition had."""
    with duckdb.connect(str(now), read_only=True) as connection:
        rows = connection.sql("SELECT * FROM progress.revision").pl().to_dicts()
    return {(r["commitment_id"], r["period"], r["edition"]): r for r in rows}


@pytest.fixture(scope="module")
def since_last_year(now) -> dict:
    """Commitment -> the change of the whole nation since last year's edition."""
    with duckdb.connect(str(now), read_only=True) as connection:
        rows = connection.sql("SELECT * FROM progress.verdict_change WHERE is_total AND segment = 'all'").pl().to_dicts()
    return {r["commitment_id"]: r for r in rows}


def test_every_edition_has_the_figures_that_it_knew_and_the_correction_its_cause(timely, triangle):
    """The edition of 2022 had 89.7, that of 2023 has 90.1, over the target of 90."""
    ratio = {pair: triangle[RATIO, *pair] for pair in PAIRS}
    assert {int(r["value_num"]) for pair, r in ratio.items() if pair[0] == 2022} == {89_700_000, 90_100_000}
    assert (int(ratio[2022, 2022]["value_num"]), ratio[2022, 2022]["class"]) == (89_700_000, "on_schedule")
    fixed = ratio[2022, 2023]
    assert (int(fixed["value_num"]), fixed["class"]) == (90_100_000, "achieved_early")
    assert (int(fixed["before_num"]), fixed["before_class"]) == (89_700_000, "on_schedule")
    row = next(r.row for r in timely.programme("china").registrations if r.path == LATE)
    assert (fixed["cause"], fixed["cause_files"], fixed["cause_rows"], fixed["cause_reason"]) == (
        "restatement", json.dumps([LATE]), f"[{row}]", json.dumps([RECORD["原因"]], ensure_ascii=False)
    )  # fmt: skip
    corrected = {key for key, r in triangle.items() if r["corrected"]}
    assert corrected == {(RATIO, 2022, 2023), ("inclusive_coverage", 2022, 2023)}
    assert ratio[2020, 2021]["reported_year"] is None and int(ratio[2020, 2021]["value_num"]) == 85_200_000


def test_a_verdict_that_flipped_says_whether_data_or_a_correction_did_it(triangle):
    flips = {key: r["cause"] for key, r in triangle.items() if r["flipped"]}
    # 2022 as known now is over the target already, so that the verdict of 2023 is not the new year's doing
    assert flips == {
        (RATIO, 2023, 2023): "restatement",
        ("inclusive_coverage", 2022, 2022): "data",
        ("inclusive_coverage", 2023, 2023): "arrival",
        ("senior_secondary_ger", 2022, 2022): "data",
        ("per_pupil_spending", 2021, 2022): "data",
        ("per_pupil_spending", 2022, 2023): "data",
    }
    assert json.loads(triangle[RATIO, 2023, 2023]["cause_files"]) == [LATE]
    assert {r["cause"] for (_, _, e), r in triangle.items() if e == 2021 and r["is_newest"]} == {"not_judged_before"}


def test_an_edition_judged_again_equals_the_one_that_was_made_then(timely, triangle, tmp_path):
    """The edition of 2022 made from the register as it stood when it was closed, against its column of today."""
    then = Home(tmp_path)
    shutil.copytree(timely.data_raw, then.data_raw)
    in_its_time(then, without=(LATE, COUNTS, "2022/restatement_log.csv"))
    with duckdb.connect(str(tables(then, 2022, "then")), read_only=True) as connection:
        values = connection.execute(
            "SELECT commitment_id, period, value_num, value_den FROM progress.verdict "
            "WHERE area_code = '000000' AND segment = 'all' AND period >= 2020"
        ).fetchall()
        classes = dict(connection.execute("SELECT commitment_id, class FROM progress.summary").fetchall())
    made = {(c, p): (n, d) for c, p, n, d in values}
    column = {(c, p): r for (c, p, e), r in triangle.items() if e == 2022}
    assert len(column) == 13
    for key, r in column.items():
        assert (r["value_num"], r["value_den"]) == made.get(key, (None, None)), key
    newest = {c: r["class"] for (c, _), r in column.items() if r["is_newest"]}
    assert newest == {c: classes[c] for c in newest} and len(newest) == 5


def test_a_figure_that_first_came_after_the_closing_is_no_figure_of_that_edition(triangle):
    """Counts of children of 2022 that first came in 2024: the edition of 2022 had no coverage, that of 2023 has it."""
    before, after = triangle["inclusive_coverage", 2022, 2022], triangle["inclusive_coverage", 2022, 2023]
    assert (before["class"], before["value_num"]) == ("no_judgement", None)
    assert (int(after["value_num"]), int(after["value_den"])) == (4_144_050_000, 46_275_500)
    assert (after["cause"], json.loads(after["cause_files"])) == ("arrival", [COUNTS])
    assert json.loads(after["cause_reason"]) == [""]


def test_without_an_edition_in_its_time_there_is_no_triangle(corrected):
    """The shipped national figures were all registered in 2026, years after 2021 and 2022 were closed."""
    assert known_editions(corrected.programme("china").registrations, 2021, 2023) == {}


def test_the_closing_day_decides_what_an_edition_had(timely):
    registrations = timely.programme("china").registrations

    def had(received_on):
        changed = [replace(r, received_on=received_on) if r.path == LATE else r for r in registrations]
        return LATE in {r.path for r in known_editions(changed, 2021, 2023)[2022]}

    assert had(dt.date(2023, 12, 31)) and not had(dt.date(2024, 1, 1))


# ---------------------------------------------------------------- last year's edition, every commitment


def test_last_year_is_judged_on_what_its_edition_had_and_on_what_there_is_now(now, since_last_year):
    """The edition of 2022 had the ratio 89.7 and no counts; now it is 90.1, over the target of 90, and the coverage of
    2022 is 41,440,500 of 46,275,500 children, 89.55 %."""
    changed = {c: r["revision_cause"] for c, r in since_last_year.items() if r["revision_cause"]}
    assert changed == {RATIO: "restatement", "inclusive_coverage": "arrival"}
    ratio, coverage = (since_last_year[c] for c in changed)
    assert (ratio["previous_class"], ratio["restated_class"], ratio["by_revision"]) == ("on_schedule", "achieved_early", True)
    assert (int(ratio["previous_num"]), int(ratio["restated_num"])) == (89_700_000, 90_100_000)
    assert (coverage["previous_class"], coverage["previous_num"], coverage["by_revision"]) == ("no_judgement", None, True)
    assert (int(coverage["restated_num"]), int(coverage["restated_den"])) == (4_144_050_000, 46_275_500)
    assert {r["previous_edition"] for r in since_last_year.values()} == {2022}
    with duckdb.connect(str(now), read_only=True) as connection:
        marked = connection.execute("SELECT commitment_id, period FROM progress.verdict WHERE flag_corrected").fetchall()
    assert marked == [(RATIO, 2022)]  # what came late corrects nothing


def test_last_year_and_the_triangle_have_one_rule_of_what_an_edition_was(triangle, since_last_year):
    for c, r in since_last_year.items():
        if (column := triangle.get((c, 2022, 2022))) is not None and r["previous_period"] == 2022:
            told = (column["class"], column["value_num"], column["value_den"])
            assert (r["previous_class"], r["previous_num"], r["previous_den"]) == told, c
            cause = triangle[c, 2022, 2023]["cause"]
            assert (r["revision_cause"] or "none") == cause, c


def test_without_an_edition_in_its_time_last_year_is_judged_on_the_figures_of_today(corrected):
    """All was registered in 2026, the correction of 2022 too: no edition of 2022 was there for it to correct."""
    with duckdb.connect(str(tables(corrected, 2023, "late")), read_only=True) as connection:
        rows = connection.execute(
            "SELECT previous_edition, previous_class, revision_cause FROM progress.verdict_change "
            f"WHERE is_total AND segment = 'all' AND commitment_id = '{RATIO}'"
        ).fetchall()
    assert rows == [(None, "achieved_early", None)]
