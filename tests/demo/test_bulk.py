"""The invented programme of any size: clean under every rule, the same bytes for a seed, limits told.

Belongs here: tests of ``pipeline.demo.bulk`` and ``jiance demo``. Does not belong here: the demonstration of Zhangjiakou.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.demo.bulk import files
from pipeline.demo.bulk.order import Order, OrderError
from pipeline.demo.bulk.programme import due, write_programme
from pipeline.demo.bulk.schools import mix, shared
from pipeline.demo.bulk.totals import make_totals, shown
from pipeline.intake.contract import load_contracts
from pipeline.programme import Home
from pipeline.steps import check_edition
from tests.demo.test_demo import digests

ORDER = Order("example", schools=40, counties=3, first_year=2020, last_year=2022, seed=11)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bulk")
    write_programme(ORDER, folder)
    return folder


def register_of(home: Path) -> list[dict[str, str]]:
    with (home / "data_raw/example/register.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_rule_passes_and_nothing_needs_a_note(home):
    outcome = check_edition(Home(home), "example", 2022, lambda step: None)
    assert outcome.success, outcome.crash
    # Small counties are pointed out (E06, info); nothing else.
    assert {f.rule for f in outcome.findings} <= {"E06"}
    looked_at = {o.rule for o in outcome.outcomes if o.checked}
    assert {"B02", "B21", "B26", "B32", "C12", "C18", "D01", "D04", "D08", "D11", "D15", "E02"} <= looked_at


def test_in_the_year_in_which_they_are_due_levels_are_achieved_or_missed(tmp_path):
    """Six years from 2020: the targets are due in the last, so each judged level is one or the other, by its own figures."""
    write_programme(Order("example", schools=60, counties=5, first_year=2020, last_year=2025, seed=1), tmp_path)
    assert check_edition(Home(tmp_path), "example", 2025, lambda step: None).success
    with duckdb.connect(str(tmp_path / "build/example-2025/warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "SELECT class, value_num, value_den, target_num, target_den, flag_preliminary FROM progress.verdict "
            "WHERE kind = 'level_by_year' AND is_reported AND class <> 'no_judgement'"
        ).fetchall()
    assert {row[0] for row in found} == {"achieved", "missed"}
    for said, num, den, target_num, target_den, preliminary in found:
        assert said == ("achieved" if Fraction(int(num), int(den)) >= Fraction(int(target_num), int(target_den)) else "missed")
        assert not preliminary


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(home, tmp_path):
    write_programme(ORDER, tmp_path / "again")
    again = digests(tmp_path / "again")
    assert again == {k: v for k, v in digests(home).items() if k.startswith("data_raw/")}
    other = Order("example", schools=40, counties=3, first_year=2020, last_year=2022, seed=12)
    write_programme(other, tmp_path / "other")
    changed = digests(tmp_path / "other")
    assert changed["data_raw/example/2021/enrolment_by_grade.csv"] != again["data_raw/example/2021/enrolment_by_grade.csv"]


def test_every_due_return_and_the_size_asked_for(home):
    listed = register_of(home)
    assert {row["table"] for row in listed} >= set(due(ORDER))
    assert {row["origin"] for row in listed} == {"demonstration"}
    with (home / "data_raw/example/2022/school_register.csv").open(encoding="utf-8", newline="") as handle:
        schools = list(csv.DictReader(handle))
    assert len(schools) == 40
    assert len({row["县区代码"] for row in schools}) == 3
    assert all(row["学校标识码"][2:4] == "99" for row in schools)


def test_a_large_programme_comes_county_by_county_with_the_same_rows(home, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "ONE_FILE_SCHOOLS", 39)
    monkeypatch.setattr(files, "WORKBOOK_COUNTIES", 2)
    write_programme(ORDER, tmp_path)
    paths = {row["path"] for row in register_of(tmp_path)}
    assert {f"2022/staff/99000{n}.csv" for n in (2, 3, 4)} <= paths
    assert "2022/county_finance.csv" in paths and "2022/county_finance.xlsx" not in paths
    whole = (home / "data_raw/example/2022/staff.csv").read_text("utf-8").splitlines()
    parts = [
        (tmp_path / f"data_raw/example/2022/staff/99000{n}.csv").read_text("utf-8").splitlines()
        for n in (2, 3, 4)
    ]
    assert sorted(whole[1:]) == sorted(line for part in parts for line in part[1:])


def test_shares_add_up_in_whole_numbers():
    # 10 in proportion to 1, 2, 4: running sums 10/7, 30/7, 70/7 -> 1, 4, 10.
    frame = pl.DataFrame({"weight": [1, 2, 4]}).with_columns(part=shared(10))
    assert frame["part"].to_list() == [1, 3, 6]


def test_ratios_rise_and_never_look_like_last_years():
    made = make_totals(ORDER)
    for one in made:
        values = [shown(one.children[y], one.aged(y, 3, 5)) for y in ORDER.years]
        assert values == sorted(set(values)) and 9200 not in values
    # A third is shown as 33.33 per cent, 12.345 as 12.35: halves go up.
    assert (shown(1, 3), shown(12_345, 100_000)) == (3333, 1235)


def test_a_county_has_every_stage_and_all_its_schools():
    for number in (12, 13, 40, 999):
        kinds = mix(number)
        assert sum(kinds.values()) == number
        assert min(kinds[k] for k in ("kindergarten", "primary", "junior", "general", "vocational")) >= 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"schools": 500_001}, "500000"),
        ({"schools": 35}, "36"),
        ({"counties": 0}, "counties"),
        ({"first_year": 2022}, "number of years"),
        ({"last_year": 2027}, "2026"),
        ({"name": "张家口"}, "lower-case"),
        ({"seed": -1}, "seed"),
    ],
)
def test_an_order_that_cannot_be_filled_is_refused(changes, told):
    with pytest.raises(OrderError, match=told):
        Order(**{"name": "x", "schools": 40, "counties": 3, "first_year": 2020, "last_year": 2022, "seed": 1} | changes)


def test_the_command_writes_and_never_over_another(tmp_path):
    arguments = ["demo", str(tmp_path), "--schools", "24", "--counties", "2", "--years", "2021-2022"]
    first = CliRunner().invoke(main, arguments)
    assert first.exit_code == 0, first.output
    assert f"jiance --home {tmp_path} check example 2022" in first.output
    assert Home(tmp_path).programme("example").years() == [2022]
    before = digests(tmp_path)
    again = CliRunner().invoke(main, [*arguments, "--seed", "2"])
    assert again.exit_code == 2
    assert digests(tmp_path) == before


def test_contract_words_are_used_in_the_files(home):
    header = (home / "data_raw/example/2021/enrolment_by_grade.csv").read_text("utf-8").splitlines()[0]
    assert header.split(",") == [f.zh for f in load_contracts()["enrolment_by_grade"].fields]
