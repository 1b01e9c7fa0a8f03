"""Retention by true cohort and movement, from rows of pupils written by hand and from generated ones."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from benchmarks.cases import require_same_tables
from benchmarks.measure import BenchError, Command, Unfinished, Usage
from benchmarks.pupils import commands, data
from benchmarks.pupils.commands import bench_pupils
from benchmarks.pupils.data import Pupils, pupils_of
from benchmarks.pupils.run import CPU, make
from benchmarks.servers import SAIL, SPARK, installed
from pipeline.cli import main
from pipeline.home import CODE_ROOT

A, B, BOTH = "990001", "990002", "990000"


def _say(zh: str, en: str) -> None:
    pass


def _straight(first: int, last: int, grade: int = 1) -> list[tuple[int, int, str]]:
    """Years of a pupil who goes up a grade every year, entering in the first where that is grade 1."""
    return [
        (year, grade + year - first, "entered" if (year, grade) == (first, 1) else "enrolled")
        for year in range(first, last + 1)
    ]


# number -> (unit, [(year, grade, status), …], …); every one but 11, 14, 15 and 16 enters grade 1 in 2016
_BY_HAND: dict[int, list[tuple[str, list[tuple[int, int, str]]]]] = {
    **{number: [(A, _straight(2016, 2024))] for number in (1, 2, 3, 4)},
    # held back in grade 3, so in grade 8 in 2024
    5: [(A, _straight(2016, 2018)), (A, _straight(2019, 2024, 3))],
    # moved to the other county
    6: [(A, _straight(2016, 2019)), (B, _straight(2020, 2024, 5))],
    7: [(A, [*_straight(2016, 2021), (2022, 6, "dropped_out")])],
    8: [(A, [*_straight(2016, 2017), (2018, 2, "died")])],
    9: [(B, _straight(2016, 2024))],
    10: [(B, [*_straight(2016, 2020), (2021, 5, "transferred_out")])],
    # from elsewhere: in the returns' grade 9, among the entrants of nobody
    11: [(B, [(2019, 4, "transferred_in"), *_straight(2020, 2024, 5)])],
    # a year out of school and back: in grade 8 in 2024
    12: [(B, [*_straight(2016, 2019), (2020, 4, "dropped_out"), (2021, 5, "returned"), *_straight(2022, 2024, 6)])],
    # gone after 2022, and no row says how
    13: [(B, _straight(2016, 2022))],
    # a year before the others, and in grade 1 again with them
    14: [(A, [(2015, 1, "entered"), (2016, 1, "enrolled"), *_straight(2017, 2024, 2)])],
    15: [(A, [(2015, 9, "enrolled")])],
    # there in 2022 and again in 2024, and no row says from where or what was between
    16: [(B, [(2022, 3, "enrolled"), (2024, 5, "enrolled")])],
}


def _hand(folder: Path) -> Path:
    rows = [
        (number, year, unit, grade, status)
        for number, parts in _BY_HAND.items()
        for unit, years in parts
        for year, grade, status in years
    ]
    schema = {"pupil_no": pl.Int64, "school_year": pl.Int64, "area_code": pl.String, "grade": pl.Int64, "status": pl.String}
    # not in the order of pupils or years
    frame = pl.DataFrame(rows, schema, orient="row").sample(fraction=1, shuffle=True, seed=3)
    folder.mkdir()
    frame[:40].write_parquet(folder / "a.parquet")
    frame[40:].write_parquet(folder / "b.parquet")
    return folder


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory) -> Path:
    """The tables that the SQL files make of the pupils written by hand."""
    place = tmp_path_factory.mktemp("by_hand")
    make("duckdb", str(_hand(place / "rows") / "*.parquet"), place / "out", place / "work", "1GB")
    return place / "out"


def _rows(out: Path, query: str) -> list[tuple]:
    with duckdb.connect() as con:
        return con.execute(query.replace("{}", str(out))).fetchall()


def test_retention_by_true_cohort_and_as_the_returns_give_it_are_those_worked_out_by_hand(by_hand):
    found = _rows(
        by_hand,
        "SELECT variant, area_code, school_year, numerator, denominator FROM '{}/indicator.pupil_retention.parquet' ORDER BY ALL",
    )
    assert found == [
        # grade 9 of 2024: 1 to 4 and 14 in A; 6, 9 and 11 in B. Grade 1 of 2016: 1 to 8 and 14; 9, 10, 12 and 13.
        ("grade9_over_grade1", BOTH, 2023, 0, 1),
        ("grade9_over_grade1", BOTH, 2024, 8, 13),
        ("grade9_over_grade1", A, 2023, 0, 1),
        ("grade9_over_grade1", A, 2024, 5, 9),
        ("grade9_over_grade1", B, 2024, 3, 4),
        # of the 8 who entered in A 1 to 4 and 6, of the 4 in B only 9; of 2015 only 14, a grade behind
        ("true_cohort", BOTH, 2023, 0, 1),
        ("true_cohort", BOTH, 2024, 6, 12),
        ("true_cohort", A, 2023, 0, 1),
        ("true_cohort", A, 2024, 5, 8),
        ("true_cohort", B, 2024, 1, 4),
    ]


def test_every_entrant_is_somewhere_after_eight_years(by_hand):
    found = _rows(
        by_hand,
        "SELECT area_code, school_year, entrants, in_grade9, in_lower_grade, transferred_out, dropped_out, died, without_record "
        "FROM '{}/core.cohort_outcome.parquet' ORDER BY ALL",
    )
    assert found == [(A, 2015, 1, 0, 1, 0, 0, 0, 0), (A, 2016, 8, 5, 1, 0, 1, 1, 0), (B, 2016, 4, 1, 1, 1, 0, 0, 1)]


def test_movement_is_an_account_from_one_year_to_the_next(by_hand):
    found = _rows(by_hand, "FROM '{}/core.pupil_movement.parquet' ORDER BY ALL")
    names = [row[0] for row in _rows(by_hand, "DESCRIBE FROM '{}/core.pupil_movement.parquet'")]
    told = {
        row[:2]: {name: number for name, number in zip(names[2:], row[2:], strict=True) if number} for row in found
    }
    assert told == {
        (A, 2016): {"enrolled_before": 2, "entered": 8, "graduated": 1, "enrolled": 9, "held_back": 1},
        (A, 2017): {"enrolled_before": 9, "enrolled": 9},
        (A, 2018): {"enrolled_before": 9, "died": 1, "enrolled": 8},
        (A, 2019): {"enrolled_before": 8, "enrolled": 8, "held_back": 1},
        (A, 2020): {"enrolled_before": 8, "moved_out": 1, "enrolled": 7},
        (A, 2021): {"enrolled_before": 7, "enrolled": 7},
        (A, 2022): {"enrolled_before": 7, "dropped_out": 1, "enrolled": 6},
        (A, 2023): {"enrolled_before": 6, "enrolled": 6},
        (A, 2024): {"enrolled_before": 6, "enrolled": 6},
        (B, 2016): {"entered": 4, "enrolled": 4},
        (B, 2017): {"enrolled_before": 4, "enrolled": 4},
        (B, 2018): {"enrolled_before": 4, "enrolled": 4},
        (B, 2019): {"enrolled_before": 4, "transferred_in": 1, "enrolled": 5},
        (B, 2020): {"enrolled_before": 5, "moved_in": 1, "dropped_out": 1, "enrolled": 5},
        (B, 2021): {"enrolled_before": 5, "returned": 1, "transferred_out": 1, "enrolled": 5},
        (B, 2022): {"enrolled_before": 5, "in_without_record": 1, "enrolled": 6},
        (B, 2023): {"enrolled_before": 6, "out_without_record": 2, "enrolled": 4},
        (B, 2024): {"enrolled_before": 4, "in_without_record": 1, "enrolled": 5},
    }


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Pupils:
    return pupils_of(20_000, 1, tmp_path_factory.mktemp("generated"), _say)


@pytest.fixture(scope="module")
def by_duckdb(generated, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("by_duckdb")
    make("duckdb", generated.files, place / "out", place / "work", "1GB")
    return place / "out"


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(generated, tmp_path):
    def sums(pupils: Pupils) -> list[tuple[str, str]]:
        return [(p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in sorted(pupils.folder.glob("*.parquet"))]

    again = pupils_of(20_000, 1, tmp_path, _say)
    assert again == Pupils(again.folder, generated.rows, generated.bytes)
    assert sums(again) == sums(generated) and len(sums(again)) == 10
    assert not set(sums(pupils_of(20_000, 2, tmp_path, _say))) & set(sums(generated))
    assert abs(generated.rows - 20_000) < 400


def test_rows_that_another_generator_made_are_made_again(tmp_path):
    pupils = pupils_of(20_000, 1, tmp_path, _say)
    done = pupils.folder / data.DONE
    known = json.loads(done.read_text("utf-8"))
    done.write_text(json.dumps(known | {"made_by": "another", "rows": 1}), "utf-8")
    assert pupils_of(20_000, 1, tmp_path, _say) == pupils and json.loads(done.read_text("utf-8")) == known


def test_parts_are_a_matter_of_memory_and_change_no_row(generated, tmp_path, monkeypatch):
    monkeypatch.setattr(data, "_PART", 700)
    parts = pupils_of(20_000, 1, tmp_path, _say)
    assert len(list(parts.folder.glob("*.parquet"))) > 30
    with duckdb.connect() as con:
        for one, other in ((parts, generated), (generated, parts)):
            left = con.execute(f"SELECT COUNT(*) FROM (FROM '{one.files}' EXCEPT ALL FROM '{other.files}')").fetchall()
            assert left == [(0,)]


def test_generated_pupils_are_one_row_a_year_and_all_that_happens_to_them_has_a_record(generated, by_duckdb):
    with duckdb.connect() as con:
        keys = con.execute(
            f"SELECT COUNT(*), COUNT(DISTINCT (pupil_no, school_year)), COUNT(DISTINCT pupil_no) FROM '{generated.files}'"
        ).fetchall()[0]
    assert keys[0] == keys[1] == generated.rows
    assert 4 < keys[0] / keys[2] < 6  # of ten years each class is there for some
    movement = _rows(
        by_duckdb,
        "SELECT SUM(in_without_record), SUM(out_without_record), SUM(moved_in) - SUM(moved_out), MIN(columns), SUM(enrolled_before "
        "+ entered + moved_in + transferred_in + returned - moved_out - transferred_out - dropped_out - died - graduated - enrolled) "
        "FROM (SELECT *, LEAST(SUM(held_back) OVER (), SUM(moved_in) OVER (), SUM(transferred_in) OVER (), SUM(returned) OVER (), "
        "SUM(transferred_out) OVER (), SUM(dropped_out) OVER (), SUM(died) OVER (), SUM(graduated) OVER ()) AS columns "
        "FROM '{}/core.pupil_movement.parquet')",
    )[0]
    assert movement[:3] == (0, 0, 0) and movement[4] == 0
    assert movement[3] > 0  # every kind of movement occurs


def test_retention_of_generated_pupils_is_what_following_each_one_gives(generated, by_duckdb):
    rows = pl.read_parquet(generated.files).select("pupil_no", "school_year", "area_code", "grade", "status").rows()
    enrolled = [row for row in rows if row[4] not in ("transferred_out", "dropped_out", "died")]
    in_grade9 = {(number, year) for number, year, _, grade, _ in enrolled if grade == 9}
    wanted: dict[tuple[str, str, int], list[int]] = {}

    def add(variant: str, area: str, year: int, numerator: int, denominator: int) -> None:
        for code in (area, BOTH):
            found = wanted.setdefault((variant, code, year), [0, 0])
            found[0] += numerator
            found[1] += denominator

    for number, year, area, grade, status in enrolled:
        if status == "entered" and year <= 2016:
            add("true_cohort", area, year + 8, (number, year + 8) in in_grade9, 1)
        if grade == 1 and year <= 2016:
            add("grade9_over_grade1", area, year + 8, 0, 1)
        if grade == 9 and year >= 2023:
            add("grade9_over_grade1", area, year, 1, 0)
    found = _rows(by_duckdb, "FROM '{}/indicator.pupil_retention.parquet'")
    assert {row[:3]: list(row[3:]) for row in found} == wanted
    assert {row[2] for row in found} == {2023, 2024} and len(found) == 2 * 2 * 17


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(SAIL, marks=pytest.mark.skipif(not installed(SAIL), reason="make engines installs Sail")),
        pytest.param(
            SPARK,
            marks=[pytest.mark.spark, pytest.mark.skipif(not installed(SPARK), reason="make test-spark installs Spark")],
        ),
    ],
)
def test_another_engine_makes_every_table_as_duckdb_does(engine, generated, by_duckdb, tmp_path):
    make(engine, generated.files, tmp_path / "out", tmp_path / "work", "1GB")
    require_same_tables(by_duckdb, tmp_path / "out", engine)
    assert (tmp_path / "out" / CPU).is_file()


def _table_of(out: Path, value: int) -> None:
    out.mkdir(parents=True)
    pl.DataFrame({"x": [value]}).write_parquet(out / "core.x.parquet")
    (out / CPU).write_text(json.dumps({"own": 1.0, "server": 92}))


@pytest.fixture
def bench(monkeypatch, tmp_path):
    """``bench_pupils`` over rows that are not there, on engines that do as they are told: the value that the one table has, or
    what they say when they break off."""
    does: dict[str, int | BenchError] = {"duckdb": 7, "spark": 7, "sail": 7}
    costs = {"duckdb": Usage(20, 10, 900, 0.2), "spark": Usage(100, 60, 2_000, 0.2), "sail": Usage(40, 25, 3_000, 0.2)}

    def once(command: Command, log: Path) -> Usage:
        command.prepare()
        engine, out = command.argv[3], Path(command.argv[5])
        log.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(does[engine], BenchError):
            log.write_text(f"many words\n{CODE_ROOT}/x: the engine ran out of memory\n")
            out.mkdir(parents=True)
            raise does[engine]
        _table_of(out, does[engine])
        cost = costs[engine]
        return cost.pop(0) if isinstance(cost, list) else cost

    monkeypatch.setattr(commands, "once", once)
    monkeypatch.setattr(commands, "installed", lambda engine: True)
    monkeypatch.setattr(commands, "pupils_of", lambda rows, *_: Pupils(tmp_path / str(rows), rows, rows * 10))

    def run(*only: str, rows: tuple[int, ...] = (1_000_000, 2_000_000), runs: int = 1) -> str:
        return bench_pupils(rows, runs, 1, tmp_path, only, "a processor", _say).read_text("utf-8")

    run.does, run.costs = does, costs
    return run


def _line(text: str, engine: str, number: int = 0) -> str:
    return [line for line in text.splitlines() if line.startswith("|") and f"| {engine}" in line][number]


def test_the_page_tells_the_cost_of_a_row_on_each_engine_and_what_the_nation_would_come_to(bench, tmp_path):
    text = bench()
    today = datetime.date.today().isoformat()
    assert _line(text, "DuckDB") == (
        f"| 1,000,000(Parquet 10 MiB) | DuckDB(1×) | 20.0 |  | 20.00 | 10.0 | 10.00 | 900 |  | {today},0.2 |"
    )
    assert _line(text, "Apache Spark", 1).endswith(f"| 100.0 | 92.0 | 50.00 | 60.0 | 30.00 | 2000 | 5.0 | {today},0.2 |")
    # 2.9 billion rows at 20 s for 2 million: 29,000 s are 8.1 hours; 10 bytes a row are 27 GiB. Spark: 100 s, the server's 92 of
    # them: 40.3 hours, 3.2 of them for sending, the others 0.58 hours on 64 cores.
    assert "| DuckDB | 2,000,000 | 10.00 | 8.1 |  | 0.13 | 27 |" in text
    assert "| 2,000,000 | 50.00 | 40.3 | 3.2 | 0.58 | 27 |" in _line(text, "Apache Spark", 2)
    assert text.count("polyline") == 0 and (tmp_path / "performance-pupil.svg").read_text().count("<polyline") == 3


def test_of_several_runs_the_first_warms_up_and_does_not_count(bench):
    bench.costs["duckdb"] = [Usage(90, 80, 900), Usage(20, 10, 900), Usage(24, 14, 900), Usage(22, 12, 900)]
    assert "| DuckDB(3×) | 22.0 |  | 22.00 | 12.0 | 12.00 | 900 |" in bench("duckdb", rows=(1_000_000,), runs=3)
    assert bench.costs["duckdb"] == []


def test_an_engine_that_does_not_finish_is_told_as_such_and_has_no_figures(bench, tmp_path):
    bench.does["spark"] = Unfinished("20 分钟内没有算完", "not finished within 20 minutes")
    bench.does["sail"] = BenchError("ended with 3, not 0")
    text = bench()
    assert "| **没有算完 did not finish**:20 分钟内没有算完 / not finished within 20 minutes |" in _line(text, "Apache Spark")
    # the last words of its log, without the place where the code lies
    assert "**没有算完 did not finish**:中断 / broke off: …/x: the engine ran out of memory |" in _line(text, "Sail")
    nation = text.partition("Calculated for the nation")[2]
    table, _, left_out = nation.partition("没有推算 not calculated: ")
    assert "DuckDB" in table and "Spark" not in table and "Sail" not in table
    assert "2,000,000 行 rows,20 分钟内没有算完 / not finished within 20 minutes;Sail" in left_out
    assert (tmp_path / "performance-pupil.svg").read_text().count("<polyline") == 1
    # later it does: its line takes that place, the others stay
    bench.does["spark"] = 7
    text = bench("spark", rows=(1_000_000,))
    # a larger size that only DuckDB was given says nothing of the others
    assert "Apache Spark" in left_out and "4,000,000" not in left_out
    larger = bench("duckdb", rows=(4_000_000,)).partition("not calculated: ")[2]
    assert "2,000,000 行 rows,20" in larger and "4,000,000" not in larger
    assert "| 100.0 |" in _line(text, "Apache Spark") and "not finished within" in _line(text, "Apache Spark", 1)
    assert "broke off" in _line(text, "Sail")


def test_nothing_counts_where_duckdb_did_not_finish(bench):
    bench.does["duckdb"] = Unfinished("内存", "memory")
    text = bench()
    assert "did not finish" in _line(text, "DuckDB") and "nothing to hold it against" in _line(text, "Sail")
    assert "Calculated for the nation" not in text


def test_an_engine_that_gives_other_figures_is_not_counted(bench, tmp_path):
    bench.does["spark"] = 8
    with pytest.raises(BenchError, match=r"spark.*core\.x.*not counted"):
        bench()
    assert "Spark(" not in (tmp_path / "performance.md").read_text().partition("| DuckDB")[2]


def test_what_is_measured_of_pupils_are_engines_and_rows():
    for words, told in (
        (["--size", "pupil", "--schools", "5000"], "--rows"),
        (["--size", "city", "--rows", "20000"], "--size pupil"),
    ):
        result = CliRunner().invoke(main, ["bench", *words])
        assert result.exit_code == 2 and told in result.output
    result = CliRunner().invoke(main, ["bench", "--size", "pupil", "--only", "oracle"])
    assert result.exit_code == 3 and "duckdb, spark, sail" in result.output
