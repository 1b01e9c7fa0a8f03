"""Two headline indicators with polars, lazily: ``headline_polars.py RAW OUT.parquet``.

The same figures as ``headline_pandas.py``, from the same tables.
"""

import sys
from pathlib import Path

import polars as pl

raw, out = Path(sys.argv[1]), Path(sys.argv[2])
COLUMNS = ["indicator_id", "area_code", "period", "numerator", "denominator"]


def table(name: str) -> pl.LazyFrame:
    return pl.scan_parquet(raw / f"{name}.parquet")


moved = table("crosswalk").select(county_code="old_code", moved_to="new_code")
whole = table("edition").select(area_code="area_code")


def placed(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows with the unit of today in ``area_code``."""
    joined = rows.join(moved, on="county_code", how="left")
    return joined.with_columns(area_code=pl.coalesce("moved_to", "county_code")).drop("moved_to", "county_code")


def with_whole(rows: pl.LazyFrame, indicator: str) -> pl.LazyFrame:
    """Rows of the units and, by period, their sums as the row of the whole area."""
    rows = rows.select("area_code", pl.col("period", "numerator", "denominator").cast(pl.Int64))
    total = rows.group_by("period").agg(pl.sum("numerator"), pl.sum("denominator")).join(whole, how="cross")
    both = pl.concat([rows, total.select(rows.collect_schema().names())])
    return both.filter(pl.col("denominator") > 0).select(pl.lit(indicator).alias("indicator_id"), *COLUMNS[1:])


register = (
    placed(table("school_register").select("school_id", "school_year", "county_code"))
    .group_by("school_id", "school_year")
    .agg(pl.min("area_code"))
)
kindergartens = table("kindergarten_children").filter(~pl.col("is_total"))
children = (
    kindergartens.join(register, on=["school_id", "school_year"])
    .group_by("area_code", period="school_year")
    .agg(numerator=pl.sum("children"))
)
people = (
    placed(table("population_by_age").select("county_code", "ref_date", "basis", "age", "population"))
    .filter(pl.col("age").is_between(3, 5))
    .group_by("area_code", "basis", period=pl.col("ref_date").dt.year().cast(pl.Int64))
    .agg(denominator=pl.sum("population"))
    .join(table("population_basis").select("basis", "priority"), on="basis")
    .sort("priority", "basis")
    .unique(["area_code", "period"], keep="first", maintain_order=True)
)
grades = table("enrolment_by_grade").filter(~pl.col("is_total")).select(
    "school_id", "county_code", "school_year", "programme", "grade", "pupils"
)
years_by_school = grades.filter(pl.col("school_id").is_not_null()).select("school_year").unique()
with_schools = pl.concat([years_by_school, kindergartens.select("school_year").unique()]).unique()
preschool = (
    people.join(with_schools.rename({"school_year": "period"}), on="period", how="semi")
    .join(children, on=["area_code", "period"], how="left")
    .with_columns(pl.col("numerator").fill_null(0))
)
by_school = grades.filter(pl.col("school_id").is_not_null()).drop("county_code").join(
    register, on=["school_id", "school_year"], how="left"
)
by_county = placed(
    grades.filter(pl.col("school_id").is_null()).join(years_by_school, on="school_year", how="anti")
)
needed = ["area_code", "school_year", "programme", "grade", "pupils"]
ends = pl.concat([by_school.select(needed), by_county.select(needed)])
cohorts = ends.group_by("area_code", "school_year").agg(
    grade1=pl.col("pupils").filter((pl.col("programme") == "小学") & (pl.col("grade") == 1)).sum(),
    grade9=pl.col("pupils").filter((pl.col("programme") == "初中") & (pl.col("grade") == 9)).sum(),
)
retention = (
    cohorts.select("area_code", period="school_year", numerator="grade9")
    .join(cohorts.select("area_code", period=pl.col("school_year") + 8, denominator="grade1"), on=["area_code", "period"])
    .filter(pl.sum("numerator").over("period") > 0)
)
pl.concat([with_whole(preschool, "preschool_ger"), with_whole(retention, "compulsory_retention")]).collect().write_parquet(out)
