"""What the derived returns start from: the base returns of one school year, and sums over them.

Belongs here: the frames and the few groupings that several forms share. Does not belong here: what
a form says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from pipeline.intake.contract import CONTRACTS_FOLDER, PROVENANCE, Contract, load_contract

CLASS_LEVELS = {"托班": 0, "小班": 1, "中班": 2, "大班": 3, "混合班": 4, "附设班": 5}
"""Class levels of kindergartens as the classes return numbers them."""

VOCATIONAL = ("中专", "职高", "成人中专", "附设中职", "五年制前三年")


@dataclass(frozen=True)
class Base:
    """The base returns of one school year, in their contracts' rows.

    ``finance`` is the county finance of the fiscal year that begins in the school year's spring.
    Rows of check totals (``is_total``) may be there or not.
    """

    year: int
    school_register: pl.DataFrame
    kindergarten_children: pl.DataFrame
    enrolment_by_grade: pl.DataFrame
    population_by_age: pl.DataFrame
    county_finance: pl.DataFrame


def rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a return without its check totals."""
    return frame.filter(~pl.col("is_total")) if "is_total" in frame.columns else frame


def open_schools(base: Base) -> pl.DataFrame:
    """Open institutions of the year with ``code`` (whole number), ``urban`` and ``town``, ``area``."""
    group = pl.col("urban_rural_code").str.slice(0, 2)
    return base.school_register.filter(pl.col("status") == "在办").with_columns(
        code=pl.col("school_id").cast(pl.Int64),
        area=pl.col("county_code").cast(pl.Int64),
        urban=group == "11",
        town=group == "12",
        rural=group.str.starts_with("2"),
        special=pl.col("school_type").str.starts_with("51"),
    )


def pupils_by_grade(base: Base) -> pl.DataFrame:
    """school_id, stage (小学, 初中, 高中), grade, ``pupils``: grades with pupils, both sexes, all programmes."""
    return (
        rows(base.enrolment_by_grade)
        .filter(pl.col("school_id").is_not_null(), pl.col("pupils") > 0)
        .group_by(
            "school_id",
            pl.when(pl.col("programme").is_in(["小学", "初中"]))
            .then(pl.col("programme"))
            .otherwise(pl.lit("高中"))
            .alias("stage"),
            "grade",
        )
        .agg(pl.col("pupils").sum())
        .sort("school_id", "stage", "grade")
    )


def children_by_level(base: Base) -> pl.DataFrame:
    """school_id, grade (0 to 5, see CLASS_LEVELS), ``children``: class levels with children."""
    return (
        rows(base.kindergarten_children)
        .group_by(
            "school_id",
            pl.col("class_level").replace_strict(CLASS_LEVELS, return_dtype=pl.Int64).alias("grade"),
        )
        .agg(pl.col("children").sum())
        .filter(pl.col("children") > 0)
        .sort("school_id", "grade")
    )


def pupils_by_stage(base: Base) -> pl.DataFrame:
    """school_id, stage of the staff return (学前, 小学, 初中, 普通高中, 中职, 特殊教育), ``pupils``."""
    special = base.school_register.filter(pl.col("school_type").str.starts_with("51")).select("school_id")
    stage = (
        pl.when(pl.col("school_id").is_in(special["school_id"].implode()))
        .then(pl.lit("特殊教育"))
        .when(pl.col("programme").is_in(["小学", "初中", "普通高中"]))
        .then(pl.col("programme"))
        .otherwise(pl.lit("中职"))
    )
    taught = (
        rows(base.enrolment_by_grade)
        .filter(pl.col("school_id").is_not_null(), pl.col("programme") != "成人高中")
        .select("school_id", stage.alias("stage"), "pupils")
    )
    cared = rows(base.kindergarten_children).select(
        "school_id", pl.lit("学前").alias("stage"), pl.col("children").alias("pupils")
    )
    return (
        pl.concat([cared, taught])
        .group_by("school_id", "stage")
        .agg(pl.col("pupils").sum())
        .filter(pl.col("pupils") > 0)
        .sort("school_id", "stage")
    )


@cache
def contract_of(table: str) -> Contract:
    """The contract of a table, read once."""
    return load_contract(CONTRACTS_FOLDER / f"{table}.yaml")


def schema_of(table: str) -> dict[str, pl.DataType]:
    """Columns of a contract's rows and their types, without those that say where a row came from."""
    return {name: kind for name, kind in contract_of(table).raw_schema().items() if name not in PROVENANCE}


def of(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with exactly the columns and types of a contract's rows, in its order.

    An optional column that the frame lacks is blank throughout. Raises polars' ColumnNotFoundError
    where a required one is lacking.
    """
    schema = schema_of(table)
    blank = [
        pl.lit(None).alias(f.name) for f in contract_of(table).fields if not f.required and f.name not in frame.columns
    ]
    if "is_total" in schema and "is_total" not in frame.columns:
        blank.append(pl.lit(False).alias("is_total"))
    return frame.with_columns(blank).select(pl.col(name).cast(kind) for name, kind in schema.items())
