"""What last year's edition knew: a correction of a closed year is undone to judge it again, and only such a one."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from dataclasses import replace

import duckdb
import pytest

from pipeline.edition.earlier import known_before
from pipeline.programme import CODE_ROOT, Home
from pipeline.steps import check_edition
from tests.proof.conftest import RECORD, hand_in

LATE = "2022/certified_values_r2.csv"


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


def test_the_year_before_is_judged_on_what_was_known_and_on_what_is(corrected):
    outcome = check_edition(corrected, "china", 2023, lambda _: None)
    assert not outcome.crash, outcome.crash
    with duckdb.connect(str(corrected.edition_build("china", 2023) / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.sql(
            "SELECT commitment_id, previous_class, restated_class, by_restatement, previous_num, restated_num "
            "FROM progress.verdict_change WHERE is_total AND segment = 'all' ORDER BY commitment_id"
        ).pl()
        marked = connection.execute("SELECT commitment_id, period FROM progress.verdict WHERE flag_corrected").fetchall()
    got = {r["commitment_id"]: r for r in found.to_dicts()}
    ratio = got["preschool_ger"]
    assert (ratio["previous_class"], ratio["restated_class"], ratio["by_restatement"]) == ("on_schedule", "achieved_early", True)
    assert (int(ratio["previous_num"]), int(ratio["restated_num"])) == (89_700_000, 90_100_000)
    assert [c for c, r in got.items() if r["by_restatement"]] == ["preschool_ger"]
    assert marked == [("preschool_ger", 2022)]


def known(home, year, **changes):
    """Paths that last year's edition had of the corrected table, the correction changed as asked."""
    changed = [replace(r, **changes) if r.path == LATE else r for r in home.programme("china").registrations]
    return {table: [r.path for r in files if r.period_from == 2022] for table, files in known_before(changed, year).items()}


FIRST = "2022/certified_values.csv"


@pytest.mark.parametrize(
    ("year", "changes", "has"),
    [
        (2023, {}, FIRST),
        (2023, {"received_on": dt.date(2024, 1, 1)}, FIRST),  # the edition of 2022 was closed at the end of 2023
        (2023, {"received_on": dt.date(2023, 12, 31)}, None),  # it knew the correction
        (2022, {}, None),  # the year reported itself
    ],
)
def test_a_correction_is_undone_where_it_came_after_the_year_was_closed(corrected, year, changes, has):
    got = known(corrected, year, **changes)
    assert ("certified_values" in got) == (has is not None)
    if has is not None:
        assert has in got["certified_values"] and LATE not in got["certified_values"]
