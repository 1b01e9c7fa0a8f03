"""What the product is held against gives the product's own figures; what gives others is not counted."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.cases import HEADLINE, Desk, alone_line, below, require_same_headline, require_same_tables
from benchmarks.data import Data
from benchmarks.measure import BenchError
from benchmarks.peers import report_typst
from benchmarks.peers.dbt import plain_rules, write_project
from benchmarks.printed import require_numbers
from benchmarks.product import kept
from pipeline.home import CODE_ROOT
from pipeline.warehouse.sqlfiles import load_sql


def _copy(source: Path, tables: list[str], target: Path) -> Path:
    """Tables of a working database as Parquet."""
    target.mkdir()
    with duckdb.connect(str(source), read_only=True) as con:
        for table in tables:
            name = table.removeprefix("raw.")
            con.execute(f"COPY {table} TO '{target / name}.parquet' (FORMAT parquet)").fetchall()
    return target


@pytest.fixture(scope="module")
def made(installation, tmp_path_factory) -> Path:
    """A folder with the raw tables of a published edition, what its run made of them, and what the floor makes of them."""
    place = tmp_path_factory.mktemp("floor")
    store = installation.root / "build" / "china-2023" / "warehouse.duckdb"
    with duckdb.connect(str(store), read_only=True) as con:
        raw = [f"raw.{row[0]}" for row in con.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'").fetchall()]
    _copy(store, raw, place / "raw")
    _copy(store, [*kept(), *(f"indicator.{name}" for name in HEADLINE)], place / "run")
    steps = [{"table": file.table, "path": str(file.path)} for file in load_sql(CODE_ROOT / "sql")]
    keep = [*kept(), *(f"indicator.{name}" for name in HEADLINE)]
    (place / "order.json").write_text(json.dumps({"files": steps, "keep": keep}), "utf-8")
    call = [sys.executable, "-m", "benchmarks.floor", "sql", place / "raw", place / "order.json", place / "floor"]
    subprocess.run(list(map(str, call)), check=True, cwd=CODE_ROOT, timeout=300)
    return place


def test_the_floor_gives_every_verdict_that_the_run_gave(made):
    require_same_tables(made / "run", made / "floor", "floor")
    with duckdb.connect() as con:
        verdicts = con.execute(f"SELECT COUNT(*) AS n FROM '{made}/floor/progress.verdict.parquet'").fetchall()[0][0]
    assert verdicts > 10


def test_one_other_verdict_is_refused_by_name(made, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for path in (made / "floor").iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT * REPLACE (CASE WHEN class = 'achieved' THEN 'missed' ELSE 'achieved' END AS class) "
            f"FROM '{made}/floor/progress.summary.parquet') TO '{other}/progress.summary.parquet' (FORMAT parquet)"
        ).fetchall()
    with pytest.raises(BenchError, match=r"dbt.*progress\.summary.*not counted"):
        require_same_tables(made / "floor", other, "dbt")


def test_what_the_product_makes_alone_under_a_limit_is_what_it_made_under_another(made, tmp_path):
    data = Data(tmp_path, tmp_path, "example", 2024, 1, 1)
    line = alone_line(Desk(data, tmp_path / "work", tmp_path / "peers"), "2GB", "4GB")
    assert list(line.commands) == ["product"]
    assert line.commands["product"].argv[-1] == "2GB"
    with pytest.raises(BenchError, match="measure sql4GB first"):
        line.right("product")
    own = [tmp_path / "work" / f"sql{limit}" / "product" for limit in ("4GB", "2GB")]
    for folder in own:
        shutil.copytree(made / "floor", folder)
    line.right("product")
    (own[1] / "progress.summary.parquet").write_bytes((own[1] / "progress.gap.parquet").read_bytes())
    with pytest.raises(BenchError, match=r"product 2GB.*progress\.summary.*not counted"):
        line.right("product")


def test_a_table_too_few_is_refused(made, tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(BenchError, match="not the same tables"):
        require_same_tables(made / "floor", tmp_path / "none", "dbt")


_SMALL = {
    "edition": "SELECT '990000' AS area_code",
    "crosswalk": "SELECT '990009' AS old_code, '990002' AS new_code",
    "population_basis": "SELECT * FROM (VALUES ('常住', 1), ('户籍', 2)) AS t(basis, priority)",
    "school_register": "SELECT * FROM (VALUES ('k1', 2024, '990009'), ('k2', 2024, '990003'), ('s1', 2024, '990002'), "
    "('s2', 2024, '990003')) AS t(school_id, school_year, county_code)",
    "kindergarten_children": "SELECT * FROM (VALUES ('k1', 2024, FALSE, 50), ('k1', 2024, TRUE, 50), ('k2', 2024, FALSE, 30)) "
    "AS t(school_id, school_year, is_total, children)",
    "population_by_age": "SELECT * FROM (VALUES ('990009', DATE '2024-12-31', '常住', 4, 80), ('990009', DATE '2024-12-31', "
    "'户籍', 4, 70), ('990003', DATE '2024-12-31', '户籍', 3, 40), ('990003', DATE '2024-12-31', '户籍', 6, 99)) "
    "AS t(county_code, ref_date, basis, age, population)",
    "enrolment_by_grade": "SELECT * FROM (VALUES (NULL, '990009', 2016, '小学', 1, FALSE, 100), (NULL, '990003', 2016, '小学', 1, "
    "FALSE, 60), ('s1', NULL, 2024, '初中', 9, FALSE, 95), ('s2', NULL, 2024, '初中', 9, FALSE, 66), ('s2', NULL, 2024, '初中', 9, "
    "TRUE, 66)) AS t(school_id, county_code, school_year, programme, grade, is_total, pupils)",
}
# By hand: children 50 and 30 of 80 (the first basis) and 40 residents of 3 to 5; grade 9 95 and 66 of grade 1 100 and 60.
_BY_HAND = [
    ("compulsory_retention", "990000", 2024, 161, 160),
    ("compulsory_retention", "990002", 2024, 95, 100),
    ("compulsory_retention", "990003", 2024, 66, 60),
    ("preschool_ger", "990000", 2024, 80, 120),
    ("preschool_ger", "990002", 2024, 50, 80),
    ("preschool_ger", "990003", 2024, 30, 40),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """Raw tables of two counties, one under its old code, and the indicators that they come to."""
    place = tmp_path_factory.mktemp("small")
    (place / "raw").mkdir()
    with duckdb.connect() as con:
        for name, select in _SMALL.items():
            con.execute(f"COPY ({select}) TO '{place}/raw/{name}.parquet' (FORMAT parquet)").fetchall()
        for indicator, variant in HEADLINE.items():
            rows = ", ".join(str(row) for row in _BY_HAND if row[0] == indicator)
            con.execute(
                f"COPY (SELECT *, '{variant}' AS variant, 'computed' AS value_source FROM (VALUES {rows}) AS t(indicator_id, "
                f"area_code, period, numerator, denominator)) TO '{place}/indicator.{indicator}.parquet' (FORMAT parquet)"
            ).fetchall()
    return place


@pytest.mark.parametrize("peer", ["pandas", "polars"])
def test_peers_give_the_figures_worked_out_by_hand(small, tmp_path, peer):
    script = CODE_ROOT / "benchmarks" / "peers" / f"headline_{peer}.py"
    out = tmp_path / "out.parquet"
    subprocess.run([sys.executable, str(script), str(small / "raw"), str(out)], check=True, timeout=100)
    require_same_headline(out, small, peer)
    with duckdb.connect() as con:
        found = con.execute(f"SELECT indicator_id, area_code, period, numerator, denominator FROM '{out}'").fetchall()
    assert sorted(found) == _BY_HAND


def test_a_peer_with_one_wrong_figure_is_refused(small, tmp_path):
    rows = ", ".join(map(str, [*_BY_HAND[:-1], ("preschool_ger", "990003", 2024, 31, 40)]))
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT * FROM (VALUES {rows}) AS t(indicator_id, area_code, period, numerator, denominator)) "
            f"TO '{tmp_path}/wrong.parquet' (FORMAT parquet)"
        ).fetchall()
    with pytest.raises(BenchError, match=r"polars.*not counted.*990003.*2024, 3[01], 40"):
        require_same_headline(tmp_path / "wrong.parquet", small, "polars")


def test_the_floor_of_the_headline_figures_executes_only_what_they_need():
    files = load_sql(CODE_ROOT / "sql")
    wanted = below(files, {"indicator.preschool_ger"})
    assert {"indicator.preschool_ger", "core.kindergarten", "staging.kindergarten_children", "core.population_group"} <= wanted
    assert not any(table.startswith("progress.") for table in wanted)
    assert "indicator.compulsory_retention" not in wanted


def test_dbt_has_the_text_of_every_sql_file_and_rules_as_tests(tmp_path):
    files = load_sql(CODE_ROOT / "sql")
    (tmp_path / "raw").mkdir()
    rules = plain_rules(CODE_ROOT / "sql" / "quality")
    number = write_project(tmp_path / "project", files, rules, tmp_path / "raw", tmp_path / "out", ["progress.verdict"])
    for file in files:
        text = (tmp_path / "project" / "models" / f"{file.schema}__{file.name}.sql").read_text("utf-8")
        assert text.endswith(file.text)
        for table in file.reads:
            assert (f"ref('{table.replace('.', '__')}')" in text) == (not table.startswith("raw."))
    assert number == len(list((tmp_path / "project" / "tests").iterdir())) > 30
    assert all("$" not in rule.read_text("utf-8") for rule in rules)


def test_a_pdf_that_lacks_one_number_is_refused(installation, tmp_path):
    edition = next(installation.root.glob("editions/china/2023/*/report.json")).parent
    require_numbers(edition / "report.json", edition / "report.zh.pdf", "typst")
    text = (edition / "report.json").read_text("utf-8")
    figure = re.search(r'"kind":"figure"[^{}]*"words":"(\d\d\.\d\d)"', text)
    assert figure is not None
    (tmp_path / "other.json").write_text(text[: figure.end(1)] + "7" + text[figure.end(1) :], "utf-8")
    with pytest.raises(BenchError, match=f"typst 没有印出同样的数.*{figure[1]}7"):
        require_numbers(tmp_path / "other.json", edition / "report.zh.pdf", "typst")


def test_typst_is_given_the_whole_document():
    drawing = '<svg viewBox="0 0 1 1"><title>One bar</title><text>&lt;5</text></svg>'
    head = '<html><head><title>T "x"</title><meta name="dcterms.created" content="2025-08-25T00:00:00"><style>p{}</style></head>'
    rows = '<thead><tr><th scope="col" colspan="2">H</th></tr></thead><tbody><tr><th class="text">甲</th><td class="figure">1,2</td></tr></tbody>'
    table = f'<table><caption>Cap</caption><colgroup><col style="width:3mm"><col style="width:4mm"></colgroup>{rows}</table>'
    made = report_typst.source(f'{head}<body><h2 id="a">A</h2><p>b<br><a href="#a">c</a></p>{table}{drawing}</body></html>')
    assert 'title: "T \\"x\\"", date: datetime(year: 2025, month: 8, day: 25)' in made and "p{}" not in made
    assert '#metadata(none)#label("a")' in made and '#link(label("a"))[#"c";]' in made
    assert '#table(columns: (3mm,4mm,), table.header(repeat: true,table.cell(align: left, colspan: 2)[*#"H";*],),' in made
    assert 'table.cell(align: left)[*#"甲";*],table.cell(align: right)[#"1,2";],' in made
    assert 'alt: "One bar"' in made and "&lt;5</text></svg>" in made
