"""Every figure is the exact sum of received rows, and each row is where the trace says it is."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import zipfile
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import duckdb
import openpyxl
import polars as pl
import pytest

from pipeline.edition.contributing import figures, inputs_of
from pipeline.edition.identity import input_entry
from pipeline.intake.decode import decode_text
from pipeline.plan.model import load_indicators
from pipeline.programme import CODE_ROOT, Home
from pipeline.proof import trace as module
from pipeline.proof.shares import shares
from pipeline.proof.sheet import write_sheet
from pipeline.proof.trace import Row, TraceError, trace_in
from pipeline.steps import check_edition
from tests.proof.conftest import edit, jiance

CITY = "130700"


def trace(home, programme, year, *asked, revision=None, **chosen):
    """A trace in the newest revision of an edition, else in ``revision``."""
    return trace_in(home, module.edition_of(home, programme, year, revision), programme, year, *asked, **chosen)


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Home:
    """A home with the city's returns; its tables are made by the first trace, once."""
    root = tmp_path_factory.mktemp("city")
    (root / "data_raw").mkdir()
    (root / "data_raw" / "zhangjiakou").symlink_to(CODE_ROOT / "data_raw" / "zhangjiakou")
    return Home(root)


def cells(home, programme, file):
    """Rows of a received CSV file by their number."""
    text = decode_text((home.data_raw / programme / file).read_bytes())
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_table_of_rows_covers_every_variant_and_no_other():
    declared = {(i.id, variant) for i in load_indicators().values() for variant in i.variants}
    assert set(figures()) == declared
    assert all(parts for parts in figures().values())
    assert ("enrolment_by_grade", -8, -8) in inputs_of("compulsory_retention", "grade9_over_grade1")
    assert ("pupil_movement", -7, 0) in inputs_of("compulsory_retention", "adjusted")


def test_every_figure_of_the_national_edition_adds_up(published):
    edition = module.edition_of(published.home, "china", 2023, None)
    with module._tables(published.home, "china", 2023, edition) as (connection, _, notes):
        found = module._rows(connection, "SELECT v.* FROM progress.indicator_value AS v", {})
        assert len(found) > 50 and notes == []
        for figure in found:
            sums = [*module._sums(connection, figure)]
            assert sums and all(s.exact and s.rows for s in sums), figure


def test_a_published_count_is_found_in_its_cell(published):
    t = trace(published.home, "china", 2023, "inclusive_coverage", "000000", 2023)
    assert t.exact and t.as_published and t.edition == "china/2023/r2"
    assert [v["commitment_id"] for v in t.verdicts] == ["inclusive_coverage"]
    assert t.value == Fraction(371701, 409298) * 100
    for one in t.sums:
        (row,) = one.rows
        line = cells(published.home, "china", row.file)[row.row - 1]
        assert Fraction(line[3]) * 10000 == one.figure == row.product
    entry = t.files["2023/published_counts.csv"]
    assert entry["supplier"] and entry["received_on"] and len(entry["sha256"]) == 64
    assert (
        "inclusive_kindergarten_children" in t.sql and t.sql_name == "sql/indicators/inclusive_coverage.sql"
    )


def test_a_certified_value_goes_to_its_row_and_source(published):
    t = trace(published.home, "china", 2023, "preschool_ger", "000000", 2023)
    (value,) = [s for s in t.sums if s.of == "value_num"]
    (row,) = value.rows
    assert row.file == "2023/certified_values_r2.csv" and Fraction(row.value) == Fraction("91.2")
    assert "公报" in row.label and t.files[row.file]["reason"]


def test_an_old_revision_is_traced_in_its_own_tables(published):
    shutil.rmtree(published.home.build / "proof", ignore_errors=True)
    t = trace(published.home, "china", 2023, "preschool_ger", "000000", 2023, revision=1)
    assert t.edition == "china/2023/r1" and t.exact and t.as_published and t.value == Fraction("91.1")
    assert t.notes[0][1].startswith("the tables were made again from the kept inputs")
    again = trace(published.home, "china", 2023, "preschool_ger", "000000", 2023, revision=1)
    assert again.notes == [] and again.document() | {"notes": 0} == t.document() | {"notes": 0}


def test_tables_that_other_code_made_for_tracing_are_found_again(published, tmp_path, monkeypatch):
    home = Home(tmp_path)
    shutil.copytree(published.home.editions, home.editions)
    path = home.editions / "china/2023/r1/manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"build_id": "0" * 12}), "utf-8")
    asked = (home, "china", 2023, "preschool_ger", "000000", 2023)
    first = trace(*asked, revision=1)
    assert any("made with the present code" in en for _, en in first.notes)
    monkeypatch.setattr(module, "rebuild_tables", lambda *_: pytest.fail("made again"))
    assert trace(*asked, revision=1).document() == first.document()


def test_the_formula_is_the_one_of_that_time(copied, monkeypatch):
    """As the history has it; where it does not, that the one shown is today's."""
    name = "sql/indicators/preschool_ger.sql"
    path = copied.folder(1) / "manifest.json"
    document = json.loads(path.read_text("utf-8"))
    document["code_files"][name] = "f" * 64
    path.write_text(json.dumps(document), "utf-8")
    asked = (copied.home, "china", 2023, "preschool_ger", "000000", 2023)
    for then, shown, told in (("SELECT 1", "SELECT 1", "as it was then"), (None, "SELECT", "as it is now")):
        monkeypatch.setattr(module.History, "text_of", lambda self, asked, sha256, then=then: then)
        t = trace(*asked, revision=1)
        assert t.sql.startswith(shown) or shown in t.sql and then is None
        assert told in t.notes[-1][1] and name in t.notes[-1][0]
    assert not [note for note in trace(*asked, revision=2).notes if name in note[0]]


def test_a_figure_that_is_not_the_published_one_is_said_so(copied):
    edit(copied.folder(2) / "data/indicators.csv", "3717010000", "3718010000")
    t = trace(copied.home, "china", 2023, "inclusive_coverage", "000000", 2023)
    assert t.exact and t.as_published is False
    path = copied.folder(2) / "data/indicators.csv"
    path.write_bytes(path.read_bytes().replace(b"inclusive_coverage,by_children,", b"removed,by_children,"))
    result = jiance(
        copied.home, "trace", "china/2023", "inclusive_coverage", "--area", "000000", "--year", "2023"
    )
    assert result.exit_code == 1 and "与已发布数据不一致" in result.output


def test_tables_that_do_not_hold_what_the_manifest_says_are_not_believed(published, tmp_path):
    home = Home(tmp_path)
    shutil.copytree(published.home.editions, home.editions)
    own = home.edition_build("china", 2023) / "warehouse.duckdb"
    own.parent.mkdir(parents=True)
    shutil.copyfile(published.home.root / "r1.duckdb", own)
    with duckdb.connect(str(own)) as connection:
        connection.execute(
            "UPDATE indicator.inclusive_coverage SET numerator = numerator + 1, value_num = value_num + 100"
        ).fetchall()
        connection.execute(
            "UPDATE progress.indicator_value SET numerator = numerator + 1, value_num = value_num + 100 "
            "WHERE indicator_id = 'inclusive_coverage'"
        ).fetchall()
    t = trace(home, "china", 2023, "inclusive_coverage", "000000", 2023, revision=1)
    assert t.exact and t.as_published and t.notes


def test_a_home_that_was_moved_is_traced_all_the_same(published, tmp_path):
    """Its database names the place where the rows of the returns stood beside it: nothing behind staging reads them."""
    home = Home(tmp_path / "before")
    shutil.copytree(published.home.data_raw, home.data_raw)
    assert check_edition(home, "china", 2023, lambda step: None).success
    home.root.rename(tmp_path / "after")
    t = trace(Home(tmp_path / "after"), "china", 2023, "inclusive_coverage", "000000", 2023)
    assert t.exact and [s.exact for s in t.sums] == [True, True] and all(row.file for s in t.sums for row in s.rows)


def test_a_figure_that_is_not_the_sum_of_its_rows_is_said_so(published, tmp_path):
    home = Home(tmp_path)
    shutil.copytree(published.home.data_raw, home.data_raw)
    (tmp_path / "build" / "china-2023").mkdir(parents=True)
    own = home.edition_build("china", 2023) / "warehouse.duckdb"
    shutil.copyfile(published.home.build / "china-2023" / "warehouse.duckdb", own)
    with duckdb.connect(str(own)) as connection:
        connection.execute(
            "UPDATE progress.indicator_value SET numerator = numerator + 1 WHERE indicator_id = 'inclusive_coverage'"
        ).fetchall()
    t = trace(home, "china", 2023, "inclusive_coverage", "000000", 2023)
    assert not t.exact and [s.exact for s in t.sums] == [False, True]
    result = jiance(home, "trace", "china/2023", "inclusive_coverage", "--area", "000000", "--year", "2023")
    assert result.exit_code == 1 and "不相等" in result.output


# One whole-city figure and one of a unit for each way of counting.
CITY_FIGURES = [
    ("preschool_ger", "all", 2024),
    ("compulsory_retention", "grade9_over_grade1", 2024),
    ("compulsory_retention", "graduates_over_entrants", 2024),
    ("compulsory_retention", "adjusted", 2024),
    ("senior_secondary_ger", "without_technical", 2024),
    ("senior_secondary_ger", "with_technical", 2024),
    ("inclusive_coverage", "by_children", 2024),
    ("inclusive_coverage", "by_kindergartens", 2024),
    ("per_pupil_spending", "computed", 2023),
]


def sample(found, number, seed=2024):
    """The same figures every time: one of every indicator, variant and segment first, then any."""
    chance = random.Random(seed)
    mixed = chance.sample(found, len(found))
    first = {(f["indicator_id"], f["variant"], f["segment"]): f for f in mixed}
    rest = [f for f in mixed if f not in first.values()]
    return [*first.values(), *rest][:number]


def not_exact(home, edition, number):
    """(figures looked at, those of them that are not the exact sum of rows that are there; nought may be of none)."""
    with module._tables(home, "zhangjiakou", 2024, edition) as (connection, files, _):
        found = module._rows(connection, "SELECT v.* FROM progress.indicator_value AS v", {})
        chosen, wrong = sample(found, number), []
        for figure in chosen:
            sums = [*module._sums(connection, figure)]
            there = {row.file for one in sums for row in one.rows} <= set(files)
            if not (sums and there and all(s.exact and (s.rows or s.figure == 0) for s in sums)):
                wrong.append(figure)
    return chosen, wrong


def test_a_sample_of_the_city_adds_up(city):
    """Every indicator with every variant and segment, over units and years: each is the sum of its rows."""
    chosen, wrong = not_exact(city, None, 130)
    assert wrong == []
    assert len(chosen) == 130 and len({f["area_code"] for f in chosen}) > 10 and len({f["period"] for f in chosen}) > 4


@pytest.mark.parametrize(("indicator", "variant", "period"), CITY_FIGURES)
def test_city_figures_add_up(city, indicator, variant, period):
    for area in ("130702", CITY):
        t = trace(city, "zhangjiakou", 2024, indicator, area, period, variant=variant)
        assert t.exact and t.as_published is None
        assert {s.of for s in t.sums} >= {"numerator", "denominator"} or {s.of for s in t.sums} == {
            "value_num",
            "value_den",
        }
        assert all(one.rows for one in t.sums)
        used = {r.file for s in t.sums for r in s.rows}
        assert used == set(t.files)


def test_the_city_is_the_sum_of_its_units_rows(city):
    whole = trace(city, "zhangjiakou", 2024, "inclusive_coverage", CITY, 2024, variant="by_children")
    place = {(r.file, r.sheet, r.row) for s in whole.sums for r in s.rows}
    part = trace(city, "zhangjiakou", 2024, "inclusive_coverage", "130702", 2024, variant="by_children")
    assert {(r.file, r.sheet, r.row) for s in part.sums for r in s.rows} < place
    assert len(whole.sums[1].rows) > 1000


def test_rows_are_where_the_trace_says(city):
    """Pupils of grade 9: the cell of the file named, row for row, column for column."""
    t = trace(city, "zhangjiakou", 2024, "compulsory_retention", "130708", 2024, variant="grade9_over_grade1")
    numerator, denominator = t.sums
    lines = {file: cells(city, "zhangjiakou", file) for file in t.files}
    for row in (*numerator.rows, *denominator.rows):
        header, line = lines[row.file][0], lines[row.file][row.row - 1]
        assert int(line[header.index("在校生数")]) == row.value
    assert {r.file for r in numerator.rows} == {"2024/enrolment_by_grade.csv"}
    assert sum(r.value for r in numerator.rows) == numerator.figure


def test_spending_sums_to_the_exact_value(city):
    t = trace(city, "zhangjiakou", 2024, "per_pupil_spending", CITY, 2023)
    money, pupils = t.sums
    assert (money.of, pupils.of) == ("value_num", "value_den") and t.value == money.total / pupils.total
    assert {r.factor for r in money.rows} == {1200} and {r.factor for r in pupils.rows} == {400, 800}


HIDDEN = ("130708", "130724")
"""Units of which the public edition below hides compulsory_retention."""


@pytest.fixture(scope="module")
def public(city):
    """The folder of a public edition of the city in which two units are hidden, in the home of ``city``; the figures
    of a year are enough of it."""
    whole = trace(city, "zhangjiakou", 2024, "compulsory_retention", CITY, 2024, variant="grade9_over_grade1")
    home = city.public()
    (made,) = (city.build / "proof").glob("zhangjiakou-2024-*.duckdb")
    own = home.edition_build("zhangjiakou", 2024) / "warehouse.duckdb"
    own.parent.mkdir(parents=True)
    own.symlink_to(made)
    folder = home.editions / "zhangjiakou" / "2024" / "r1"
    (folder / "data").mkdir(parents=True)
    texts = ("vintage_id", "vintage_sha256", "code_sha256", "lock_sha256", "data_status")
    objects = ("reference", "tables", "outputs", "verdicts", "findings", "rules", "tools", "fonts")
    manifest = dict.fromkeys(texts, "") | {name: {} for name in objects} | {"format": 2, "replaced": [], "build_id": whole.build_id}
    manifest |= {"programme": "zhangjiakou", "year": 2024, "revision": 1, "audience": "public"}
    received = [r for r in city.programme("zhangjiakou").registrations if r.path in whole.files]
    manifest["inputs"] = [input_entry(r) | {"period_kind": r.period_kind, "size": 1} for r in received]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    figures = ["numerator", "denominator", "value_num", "value_den"]
    away = pl.col("area_code").is_in(HIDDEN) & (pl.col("indicator_id") == "compulsory_retention")
    with duckdb.connect(str(made), read_only=True) as connection:
        table = connection.sql("SELECT * FROM progress.indicator_value WHERE period = 2024").pl()
    table = table.with_columns(
        *(pl.when(away).then(None).otherwise(pl.col(name)).alias(name) for name in figures),
        pl.when(away).then(pl.lit("suppressed")).otherwise(pl.lit("ok")).alias("value_status"),
    )
    table.write_csv(folder / "data" / "indicators.csv", include_bom=True)
    return folder, whole


def test_a_public_edition_lists_sums_by_unit_and_no_row(city, public, tmp_path):
    """The rows of two hidden units are added up together, those of a shown one by file; no row, no school is told."""
    folder, whole = public
    asked = ("--area", CITY, "--year", "2024", "--variant", "grade9_over_grade1")
    result = jiance(city, "trace", str(folder), "compulsory_retention", *asked, "--format", "json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    for one, internal in zip(document["sums"], whole.sums, strict=True):
        assert one["rows"] == [] and one["exact"] and one["figure"] == str(internal.figure)
        listed, every = {share["unit"] for share in one["shares"]}, {row.area_code for row in internal.rows}
        assert len(listed) > 10 and set(HIDDEN) <= every - listed
        for share in one["shares"]:
            own = [r.product for r in internal.rows if (r.file, r.area_code) == (share["file"], share["unit"])]
            assert share["total"] == str(sum(own))
        away = sum(row.product for row in internal.rows if row.area_code not in listed)
        assert one["withheld"] == {"units": len(every - listed), "total": str(away)}
    path = tmp_path / "t.xlsx"
    shown = jiance(city, "trace", str(folder), "compulsory_retention", *asked, "--xlsx", str(path)).output
    assert "公开版中有数字不公布或合在一起的" in shown and "个单位: 合计" in shown and "注意: 公开版的追溯不列单行" in shown
    told = jiance(city, "trace", str(folder), "compulsory_retention", *asked, lang="en").output
    assert "units with hidden figures" in told and "lists no single rows" in told
    schools = {row.label.split()[0] for one in whole.sums for row in one.rows} - every
    assert len(schools) > 100 and not [s for s in schools if s in shown or s in told or s in result.output]
    rows = [*openpyxl.load_workbook(path)["明细 rows"].iter_rows(min_row=2, values_only=True)]
    assert len(rows) == sum(len(one["shares"]) for one in document["sums"])
    assert not {row[6] for row in rows} & set(HIDDEN) and {row[3] for row in rows} == {None}


def test_a_hidden_unit_is_not_told_of_through_another_indicator(city, public):
    """Its figure is published, and that is all: what one unit less is said to be told together would be its own."""
    folder, _ = public
    asked = ("--area", HIDDEN[0], "--year", "2024", "--variant", "by_children")
    result = jiance(city, "trace", str(folder), "inclusive_coverage", *asked, "--format", "json")
    assert result.exit_code == 0, result.output
    for one in json.loads(result.output)["sums"]:
        assert (one["rows"], one["shares"], one["withheld"]) == ([], [], {"units": 1, "total": one["figure"]})
    assert "1 unit with" in jiance(city, "trace", str(folder), "inclusive_coverage", *asked, lang="en").output


def test_a_school_that_another_unit_pays_for_is_told_of_where_it_lies(city, public):
    """No pupil of a unit with hidden figures stands in the sum of the unit that pays."""
    folder, _ = public
    with module._tables(city, "zhangjiakou", 2024, None) as (connection, _, _):
        found = module._rows(
            connection,
            "SELECT c.payer_code, c.area_code FROM core.school AS c WHERE c.payer_code <> c.area_code "
            "AND c.school_year = 2023 AND c.is_public LIMIT 1",
            {},
        )
        ((payer, lies),) = [row.values() for row in found]
    whole = trace(city, "zhangjiakou", 2024, "per_pupil_spending", payer, 2023)
    (pupils,) = [one for one in whole.sums if one.of == "value_den"]
    assert {row.area_code for row in pupils.rows} == {payer} and lies in {row.lies for row in pupils.rows}
    told = shares({"value_den": pupils.rows}, {row.lies for row in pupils.rows} - {lies})["value_den"]
    assert lies not in {share.unit for share in told[0]} and told[1].units >= 2


def some(unit, number, file="a.csv"):
    return Row(file, "", 2, "pupils", "s", "paying", unit, Decimal(number), Decimal(1))


@pytest.mark.parametrize(
    ("rows", "shown", "told", "withheld"),
    [
        ([some("A", 50), some("B", 60)], "AB", [("a.csv", "A", 50), ("a.csv", "B", 60)], None),
        # a hidden unit alone would be the figure less the others: the least other one stands with it
        ([some("A", 50), some("B", 60), some("C", 70)], "BC", [("a.csv", "C", 70)], (2, 110)),
        # so does it with one of few children, which no figure shows
        ([some("A", 3), some("B", 60), some("C", 70)], "ABC", [("a.csv", "C", 70)], (2, 63)),
        # two of few children that are few together take a third one with them
        ([some("A", 3), some("B", 4), some("C", 70)], "ABC", [], (3, 77)),
        # 1 to 9 in one file: all files together, for the published figure of the unit less the others is that
        ([some("A", 50), some("A", 3, "b.csv"), some("B", 60)], "AB", [("", "A", 53), ("a.csv", "B", 60)], None),
        ([some("A", 50)], "", [], (1, 50)),
    ],
)
def test_what_a_public_edition_tells_of_a_sum(rows, shown, told, withheld):
    (found, rest) = shares({"numerator": rows}, set(shown))["numerator"]
    assert [(s.file, s.unit, s.total) for s in found] == told
    assert (rest and (rest.units, rest.total)) == withheld


def test_what_is_left_over_between_numerator_and_denominator_counts():
    """50 of 55 children: the other 5 are few."""
    sums = {"numerator": [some("A", 50), some("B", 60), some("C", 70)], "denominator": [some("A", 55), some("B", 90), some("C", 99)]}
    found = shares(sums, set("ABC"))
    assert [s.unit for s in found["numerator"][0]] == [s.unit for s in found["denominator"][0]] == ["C"]
    assert found["denominator"][1].total == 145


@pytest.mark.parametrize("lost", ["file", "row"])
def test_a_public_edition_that_does_not_say_what_it_shows_is_not_traced(city, public, tmp_path, lost):
    """As the notice, which carries no data: what is not known to be shown is not."""
    folder = tmp_path / "r1"
    shutil.copytree(public[0], folder)
    path = folder / "data" / "indicators.csv"
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    path.unlink()
    if lost == "row":
        path.write_text("".join(line for line in lines if HIDDEN[0] not in line), "utf-8-sig")
    asked = ("--area", HIDDEN[0], "--year", "2024", "--variant", "grade9_over_grade1")
    result = jiance(city, "trace", str(folder), "compulsory_retention", *asked)
    assert result.exit_code == 2 and "indicators.csv" in result.stderr and "enrolment_by_grade" not in result.output


def test_the_workbook_is_the_same_every_time_and_its_texts_are_inert(published, tmp_path):
    t = trace(published.home, "china", 2023, "inclusive_coverage", "000000", 2023)
    row = t.sums[0].rows[0]
    t.sums[0].rows[0] = type(row)(**{**row.__dict__, "label": '=HYPERLINK("http://x","y")'})
    first, second = (write_sheet(t, tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [s.title for s in book.worksheets] == [
        "数字 figure",
        "判定 verdict",
        "明细 rows",
        "来源 files",
        "SQL",
    ]
    everything = [c for sheet in book.worksheets for line in sheet.iter_rows() for c in line]
    assert not [c for c in everything if c.data_type == "f" or c.hyperlink]
    assert '=HYPERLINK("http://x","y")' in {c.value for c in everything}
    values = [line for line in book["明细 rows"].iter_rows(min_row=2, values_only=True)]
    assert [(v[0], v[3], v[7], v[9]) for v in values] == [
        ("numerator", 3, 37170100, 37170100), ("denominator", 2, 40929800, 40929800),
    ]  # fmt: skip


def test_the_command(published, tmp_path):
    asked = ("trace", "china/2023/r2", "inclusive_coverage", "--area", "000000", "--year", "2023")
    result = jiance(published.home, *asked, "--xlsx", str(tmp_path / "t.xlsx"))
    assert result.exit_code == 0, result.output
    for text in (
        "2023/published_counts.csv",
        "第 3 行",
        "37170100",
        "各行之和与数字完全相等",
        "与已发布数据一致",
        "sha256",
    ):
        assert text in result.output
    assert (tmp_path / "t.xlsx").exists()
    assert "exactly" in jiance(published.home, *asked, lang="en").output
    document = json.loads(jiance(published.home, *asked, "--format", "json").output)
    assert document["exact"] and document["sums"][0]["rows"][0]["row"] == 3


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("nothing", "000000", 2023), "inclusive_coverage"),
        (("preschool_ger", "110000", 2023), "000000"),
        (("preschool_ger", "000000", 1999), "2023"),
        (("per_pupil_spending", "000000", 2022), "certified/primary"),
    ],
)
def test_what_there_is_instead(published, asked, told):
    with pytest.raises(TraceError, match=told):
        trace(published.home, "china", 2023, *asked)
    with pytest.raises(TraceError, match="r2"):
        trace(published.home, "china", 2023, *asked, revision=9)
    result = jiance(
        published.home, "trace", "china-2023", asked[0], "--area", asked[1], "--year", str(asked[2])
    )
    assert result.exit_code == 2 and told in result.stderr


def test_a_verdict_is_told_as_the_public_edition_shows_it(tmp_path):
    """The base year is hidden there, and so is the class; the year's own distance stays."""
    verdict = {
        "commitment_id": "promise", "area_code": "130708", "segment": "all", "period": 2024, "class": "behind", "reason": None,
        "base_num": 400, "base_den": 41, "gap_persons": 12, "hold_rule": True, "flag_preliminary": True, "internal_only": 3,
    }  # fmt: skip
    edition = SimpleNamespace(folder=tmp_path)
    assert module._verdicts_shown(edition, [verdict]) == []
    (tmp_path / "data").mkdir()
    names = [name for name in verdict if name != "internal_only"]
    cells = ["promise", "130708", "all", "2024", "no_judgement", "suppressed", "", "", "12", "false", "true"]
    (tmp_path / "data" / "verdicts.csv").write_text(f"{','.join(names)}\n{','.join(cells)}\n", "utf-8-sig")
    (told,) = module._verdicts_shown(edition, [verdict])
    assert told == verdict | {
        "class": "no_judgement", "reason": "suppressed", "base_num": None, "base_den": None, "hold_rule": False, "internal_only": None,
    }  # fmt: skip
