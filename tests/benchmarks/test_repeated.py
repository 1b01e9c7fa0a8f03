"""Raw tables of many schools made of those of few: every copy has its own codes, and the top unit has the sums of all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks import cases
from benchmarks.cases import Desk
from benchmarks.data import Data
from benchmarks.measure import BenchError, in_turn
from benchmarks.repeated import PLACES, repeat
from pipeline.demo.bulk.order import Order
from pipeline.demo.bulk.programme import write_programme
from pipeline.home import CODE_ROOT
from pipeline.intake.contract import load_contracts
from pipeline.programme import Home
from pipeline.steps import check_edition
from pipeline.warehouse.sqlfiles import load_sql

pytestmark = pytest.mark.long

COPIES = 3
WHOLE, OWN_LEVEL = "990000", "990001"
_NO_IDENTITY = {"urban_rural_code", "school_type", "area"}
"""Codes of the kind of a school or place, and of areas that a value of comparison is published for: the same for every copy."""
_LEAST = {"leader_frontline_visits", "leader_ideology_lecture", "leader_school_pairing"}
"""Indicators with a variant that is the smallest of the units' figures, and no sum."""

_ROUNDED = {
    "compulsory_public_funds_vs_nation",
    "daily_exercise_hour",
    "homework_g3_6_60",
    "homework_g7_9_90",
    "kindergarten_public_funds_standard",
    "per_pupil_spending",
    "senior_high_public_funds_standard",
    "teacher_pay_vs_civil_servants",
    "vocational_vs_senior_high_funding",
}
"""Indicators whose numerator or denominator is rounded to a whole number: average pupils of a year, sums of minutes and yuan."""


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """Raw tables of 40 invented schools in three counties, read and checked by the product."""
    home = tmp_path_factory.mktemp("base")
    write_programme(Order("example", schools=40, counties=3, first_year=2022, last_year=2024, seed=11), home)
    assert check_edition(Home(home), "example", 2024, lambda step: None).success
    (home / "raw").mkdir()
    with duckdb.connect(str(home / "build/example-2024/warehouse.duckdb"), read_only=True) as con:
        for (name,) in con.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'").fetchall():
            con.execute(f"COPY raw.{name} TO '{home}/raw/{name}.parquet' (FORMAT parquet)").fetchall()
    return home / "raw"


@pytest.fixture(scope="module")
def many(base, tmp_path_factory) -> tuple[Path, dict[str, int]]:
    out = tmp_path_factory.mktemp("many") / "raw"
    return out, repeat(base, COPIES, out)


def made_of(raw: Path) -> duckdb.DuckDBPyConnection:
    """Every table from staging to verdicts."""
    con = duckdb.connect()
    for schema in ("raw", "staging", "core", "indicator", "progress"):
        con.execute(f"CREATE SCHEMA {schema}")
    for path in sorted(raw.glob("*.parquet")):
        con.execute(f"CREATE VIEW raw.{path.stem} AS SELECT * FROM read_parquet('{path}')")
    for file in load_sql(CODE_ROOT / "sql"):
        con.execute(f"CREATE TABLE {file.table} AS\n{file.text}").fetchall()
    return con


@pytest.fixture(scope="module")
def tables(base, many):
    """The tables of the base and those of its copies."""
    one, all_of_them = made_of(base), made_of(many[0])
    yield one, all_of_them
    one.close()
    all_of_them.close()


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return con.execute(query).fetchall()


def own_code(code: str, number: int) -> str:
    """The code of a unit of the base in a copy, as the text of the module says."""
    return code if number == 0 or code in (WHOLE, OWN_LEVEL) else f"{number:02}{code[2:]}"


def test_every_unit_has_the_figures_of_its_original_and_the_top_unit_has_the_sums(tables):
    one, all_of_them = tables
    key = "indicator_id, variant, segment, period_kind, period, value_source, basis, area_code"
    query = f"SELECT {key}, numerator, denominator FROM progress.indicator_value"
    found = {tuple(row[:-2]): row[-2:] for row in rows(all_of_them, query)}
    expected = {}
    for *about, unit, numerator, denominator in rows(one, query):
        indicator, variant, source = about[0], about[1], about[5]
        sums = source == "computed" and not (indicator in _LEAST and variant == "least")
        times = COPIES if unit in (WHOLE, OWN_LEVEL) and sums else 1
        told = tuple(None if part is None else part * times for part in (numerator, denominator))
        for number in range(COPIES):
            expected[*about, own_code(unit, number)] = told
    for name in [name for name in expected if name[0] in _ROUNDED and name[-1] in (WHOLE, OWN_LEVEL)]:
        # each side is rounded to a whole number: three times the one is at most 3/2 + 1/2 from the other
        pairs = zip(expected.pop(name), found.pop(name), strict=True)
        assert all(one == other or abs(one - other) <= 2 for one, other in pairs), name
    different = {name: (told, found.get(name)) for name, told in expected.items() if found.get(name) != told}
    assert different == {}
    assert found.keys() == expected.keys()
    summed = {name[0] for name, told in expected.items() if name[-1] == WHOLE and told[0] and told[1]}
    assert {"preschool_ger", "senior_secondary_ger", "inclusive_coverage", "compulsory_retention"} <= summed
    assert len(summed) > 30


def test_every_unit_has_the_verdict_of_its_original(tables):
    one, all_of_them = tables
    query = "SELECT commitment_id, segment, period, class, reason, area_code FROM progress.verdict"
    expected = {(*row[:-1], own_code(row[-1], number)) for row in rows(one, query) for number in range(COPIES)}
    assert set(rows(all_of_them, query)) == expected
    assert len(expected) > 30


def test_keys_of_returns_stay_keys(many):
    with duckdb.connect() as con:
        for contract in load_contracts().values():
            key, table = ", ".join(contract.key), f"'{many[0]}/{contract.table}.parquet'"
            twice = rows(con, f"SELECT {key}, COUNT(*) AS n FROM {table} GROUP BY {key} HAVING COUNT(*) > 1")
            assert twice == [], contract.table
            place = "source_file, source_sheet, source_row"
            twice = rows(con, f"SELECT {place}, COUNT(*) AS n FROM {table} GROUP BY {place} HAVING COUNT(*) > 1")
            assert twice == [], contract.table
        assert rows(con, f"SELECT area_code FROM '{many[0]}/areas.parquet' GROUP BY area_code HAVING COUNT(*) > 1") == []


def test_no_row_of_any_table_is_there_twice_that_was_there_once(tables):
    one, all_of_them = tables
    for file in load_sql(CODE_ROOT / "sql"):
        before, after = (
            rows(con, f"SELECT COUNT(*) - (SELECT COUNT(*) FROM (SELECT DISTINCT * FROM {file.table}) AS d) AS n FROM {file.table}")
            for con in tables
        )
        assert before == after == [(0,)], file.table


def test_units_schools_and_rows_are_counted(base, many):
    with duckdb.connect() as con:
        assert many[1]["schools"] == COPIES * 40
        assert rows(con, f"SELECT COUNT(*) AS n FROM '{many[0]}/areas.parquet'") == [(2 + COPIES * 3,)]
        assert rows(con, f"SELECT COUNT(*) AS n FROM '{many[0]}/staff.parquet'") == [
            (COPIES * rows(con, f"SELECT COUNT(*) AS n FROM '{base}/staff.parquet'")[0][0],)
        ]
        # the plan, and what is certified for the whole, are there once
        for name in ("commitment", "submission", "certified_values", "edition"):
            both = [rows(con, f"SELECT * FROM '{folder}/{name}.parquet' ORDER BY ALL") for folder in (base, many[0])]
            assert both[0] == both[1], name
        counted = sum(rows(con, f"SELECT COUNT(*) AS n FROM '{path}'")[0][0] for path in many[0].glob("*.parquet"))
    assert many[1]["rows"] == counted


def test_every_code_of_every_return_is_told_apart():
    codes = {field.name for contract in load_contracts().values() for field in contract.fields if field.type == "code"}
    assert codes - _NO_IDENTITY <= PLACES.keys()


def test_codes_of_another_province_are_refused(base, tmp_path):
    for path in base.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT * REPLACE ('130702' AS county_code) FROM '{base}/births.parquet') TO '{tmp_path}/births.parquet' "
            "(FORMAT parquet)"
        ).fetchall()
    with pytest.raises(BenchError, match=r"births\.county_code: 130702 .* no code of the programme's province"):
        repeat(tmp_path, 2, tmp_path / "out")


def test_more_copies_than_codes_are_refused(base, tmp_path):
    with pytest.raises(BenchError, match="at most 99 times, not 100"):
        repeat(base, 100, tmp_path)


def test_the_report_model_of_very_many_units_is_measured_on_its_own_commands(base, tmp_path, monkeypatch):
    """Three counties, as often as a report has no room for; every unit's page is in a volume, and nothing large is left."""
    monkeypatch.setattr(cases, "COPIES", 30)
    monkeypatch.setattr(cases, "FEWER_COPIES", 21)
    data = Data(base.parent, base.parent, "example", 2024, 40, 0)
    line = cases.model_line(Desk(data, tmp_path, tmp_path / "peers"))
    taken = in_turn(line.commands, 1, tmp_path / "logs", line.right)
    assert line.note() == ("90 个单位,与 63 个", "90 units against 63") and taken["product"].median("peak") > 0
    models = sorted(path.name for path in (tmp_path / "model-30" / "out").glob("units-*.json"))
    assert models == ["units-001.json", "units-002.json", "units-003.json"]
    assert (tmp_path / "model-30" / "out" / "data" / "verdicts.csv").is_file()
    shares = line.shares()
    assert round(sum(share for *_, share in shares)) == 100 and {en for _, en, _ in shares} >= {"memory: the open data"}
    line.after()
    assert not list(tmp_path.glob("model-*"))
