"""F09 proposes the registered names nearest to the whole of the name that the plan gives."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.programme import CODE_ROOT
from pipeline.warehouse.store import write_frame

NAME = "河北省张家口市蔚县人民政府举办的西合营中学"


def test_what_stands_at_the_end_of_a_long_name_counts():
    """The first thirteen characters say nothing of the school: pairs in common are 西合, 合营, 营中, 中学 against 中学."""
    connection = duckdb.connect()
    for schema in ("raw", "staging"):
        connection.execute(f"CREATE SCHEMA {schema}").fetchall()
    write_frame(connection, "raw.edition", pl.DataFrame([{"area_code": "130700", "year": 2023}]))
    write_frame(connection, "raw.commitment", pl.DataFrame([{"id": "c", "indicator_id": "i"}]))
    write_frame(connection, "raw.plan_name", pl.DataFrame([{"indicator_id": "i", "relation": "except", "pattern": NAME}]))
    schools = [{"school_name": name, "school_id": n} for n, name in (("1", "中学"), ("2", "西合营中学"), ("3", "实验小学"))]
    write_frame(connection, "staging.school_register", pl.DataFrame(schools))
    (row,) = connection.sql((CODE_ROOT / "sql" / "quality" / "f09.sql").read_text("utf-8")).pl().to_dicts()
    assert (row["value"], row["expected"]) == (NAME, "西合营中学、中学")
