"""What is published is listed once and in one order."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.programme import CODE_ROOT
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
