"""What is published is listed once and in one order, and is written in pieces as it would be at once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.edition import exports
from pipeline.edition.exports import BOM, write_exports
from pipeline.inert import csv_frame
from pipeline.programme import CODE_ROOT
from pipeline.trace_code import Codes, figure_of
from pipeline.warehouse.store import write_frame


def test_an_exception_is_listed_once_however_many_commitments_rest_on_its_figure():
    connection = duckdb.connect()
    for schema in ("raw", "core"):
        connection.execute(f"CREATE SCHEMA {schema}").fetchall()
    edition = pl.DataFrame([{"data_status": "real", "vintage_id": "v"}])
    write_frame(connection, "raw.edition", edition)
    commitments = [{"indicator_id": i, "reported_period": p} for i, p in (("a", 2023), ("a", 2023), ("b", 2022), ("b", 2023))]
    write_frame(connection, "raw.commitment", pl.DataFrame(commitments))
    write_frame(connection, "core.area", pl.DataFrame([{"area_code": "990101", "name_zh": "甲", "name_en": "A"}]))
    place = {"area_code": "990101", "period_kind": "school_year", "unit_name": "校", "lacking": "not_done",
             "lacking_zh": "未", "lacking_en": "not"}  # fmt: skip
    found = [place | {"indicator_id": i, "period": p, "unit_id": u} for i, p, u in (
        ("b", 2022, "2"), ("a", 2023, "2"), ("a", 2023, "1"), ("a", 2021, "1"))]  # fmt: skip
    write_frame(connection, "core.exception", pl.DataFrame(found))
    listed = connection.sql((CODE_ROOT / "sql" / "exports" / "exceptions.sql").read_text("utf-8")).pl()
    assert listed.select("indicator_id", "period", "unit_id").rows() == [("a", 2023, "1"), ("a", 2023, "2"), ("b", 2022, "2")]


ALL_TYPES = """
SELECT
    range AS a,
    CAST(if(range % 7 = 0, NULL, range - 200) AS INTEGER) AS b,
    CAST(range AS HUGEINT) * 10 ** 18 AS big,
    CAST(if(range % 5 = 0, NULL, (range - 200) / 1000) AS DECIMAL(18, 6)) AS d,
    CAST(range AS DECIMAL(38, 0)) AS e,
    DATE '1999-12-31' + CAST(range AS INTEGER) AS f,
    range % 3 = 0 AS g,
    ['', NULL, '甲', '乙,丙', '说"好"', '一行' || chr(10) || '两行', ' a', '=1+1', '-5', chr(39), '@x'][range % 11 + 1] AS "名,称",
    if(range < 60, NULL, 'late') AS h,
    CAST(NULL AS VARCHAR) AS i
FROM range({rows})
ORDER BY range
"""
"""Every type that a column of ours has, texts that need quotes or an apostrophe, and columns of NULL first or throughout."""


def written_at_once(frame: pl.DataFrame, folder: Path) -> tuple[bytes, bytes]:
    place = folder / "at_once.parquet"
    frame.write_parquet(place, compression="zstd", row_group_size=exports.ROW_GROUP)
    return BOM + csv_frame(frame).write_csv(null_value="").encode(), place.read_bytes()


def written(query: str, name: str, connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[dict[str, pl.DataType], tuple[bytes, bytes]]:
    """The columns and the bytes of the two files of an export query."""
    (folder / "exports").mkdir()
    (folder / "exports" / f"{name}.sql").write_text(query, "utf-8")
    columns = write_exports(connection, folder, folder / "data", [], [], "real", public=True)
    return columns[name], tuple((folder / "data" / f"{name}.{kind}").read_bytes() for kind in ("csv", "parquet"))


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written seven rows at a time, fifty in a row group."""
    monkeypatch.setattr(exports, "BATCH", 7)
    monkeypatch.setattr(exports, "ROW_GROUP", 50)


@pytest.mark.parametrize("rows", [0, 1, 7, 49, 50, 51, 400])
def test_a_table_written_in_pieces_has_the_bytes_of_one_written_at_once(rows: int, tmp_path: Path, pieces: None) -> None:
    query = ALL_TYPES.format(rows=rows)
    with duckdb.connect() as connection:
        whole = connection.sql(query).pl()
        columns, made = written(query, "summary", connection, tmp_path)
    assert columns == dict(whole.schema) and made == written_at_once(whole, tmp_path)


def test_figures_written_in_pieces_have_the_codes_of_the_whole(tmp_path: Path, pieces: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes that begin with one character, so that how long one is depends on the figures of other pieces."""
    monkeypatch.setattr("pipeline.trace_code.SHORTEST", 1)
    query = (
        "SELECT 'i' || range % 9 AS indicator_id, 'v' AS variant, CAST(range AS VARCHAR) AS area_code, '' AS segment, "
        "2000 + range % 2 AS period, range AS number FROM range(200) ORDER BY range"
    )
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA raw").fetchall()
        connection.execute("CREATE TABLE raw.edition AS SELECT 'p' AS programme").fetchall()
        whole = connection.sql(query).pl()
        columns, made = written(query, "indicators", connection, tmp_path)
    figures = [figure_of(row) for row in whole.iter_rows(named=True)]
    codes = Codes("p", figures)
    assert len({len(codes.of(figure)) for figure in figures}) > 1
    whole = whole.with_columns(pl.Series("trace_code", [codes.of(figure) for figure in figures]))
    assert columns == dict(whole.schema) and made == written_at_once(whole, tmp_path)


def test_an_error_while_rows_are_written_is_one_of_the_database(tmp_path: Path) -> None:
    query = "SELECT CAST(if(range = 900_000, 'x', '1') AS INTEGER) AS a FROM range(1_000_000)"
    with duckdb.connect() as connection:
        with pytest.raises(duckdb.Error, match="Could not convert string 'x'"):
            written(query, "summary", connection, tmp_path)
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
