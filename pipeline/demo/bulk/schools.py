"""The institutions of a county and how its totals are shared out among them.

Belongs here: the register of schools, weights and shares. Does not belong here: the returns made of the shares.

Whole numbers are shared by running sums: each school gets what the sum of weights up to and with it is due, less
what the sum before it is due. So parts add up exactly, and a cohort keeps its share in every year.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.demo.bulk.order import PROVINCE, County, Order
from pipeline.demo.bulk.totals import CountyTotals
from pipeline.demo.forms.chance import draw

KINDS = {
    "kindergarten": ("111", "幼儿园"),
    "primary": ("211", "小学"),
    "junior": ("311", "初级中学"),
    "nine_year": ("312", "九年一贯制学校"),
    "general": ("342", "高级中学"),
    "vocational": ("361", "职业学校"),
    "special": ("511", "特殊教育学校"),
    "closed": ("211", "小学"),
}
"""Kind -> school type and name. A closed one is a primary school merged long before the first year."""
_PLACES = (
    (260, "111", "城区"),
    (330, "112", "城区"),
    (560, "121", "县城"),
    (640, "122", "中心镇"),
    (700, "123", "其他镇"),
    (740, "210", "乡村"),
    (1000, "220", "乡村"),
)
"""Thousandths (running), urban-rural code, place type."""
WEST, SOUTH = 105_000_000, 30_000_000
"""Corner of the territory in millionths of a degree; one school stands in each cell of a grid of a thousand."""
GRID = 1000
CELL = 4_000
LAST_MERGER = "-07-15"
_KINDERGARTEN_SHARE, _JUNIOR_SHARE, _NINE_YEAR_SHARE, _GENERAL_SHARE = 48, 9, 4, 4
_MERGED_BEFORE = 3


def mix(schools: int) -> dict[str, int]:
    """How many schools of each kind a county of so many has; the rest are primary schools."""
    numbers = {
        "kindergarten": max(5, schools * _KINDERGARTEN_SHARE // 100),
        "junior": max(1, schools * _JUNIOR_SHARE // 100),
        "nine_year": schools * _NINE_YEAR_SHARE // 100,
        "general": max(1, schools * _GENERAL_SHARE // 100),
        "vocational": max(1, schools * 2 // 100),
        "special": schools // 40,
        "closed": schools // 30,
    }
    return numbers | {"primary": schools - sum(numbers.values())}


def institutions(order: Order, county: County) -> pl.DataFrame:
    """The schools of a county, as every year of the programme knows them, ordered by serial number.

    Columns: ``kind`` (a key of KINDS), ``serial``, ``code`` (the school code as a whole number), ``weight``,
    ``recognised`` (the year from which a private kindergarten is on the list of inclusive ones, else null),
    and those of the register's form that do not change.
    """
    numbers = mix(county.schools)
    kinds = [kind for kind in KINDS for _ in range(numbers[kind])]
    place = [n + 1 for kind in KINDS for n in range(numbers[kind])]
    frame = pl.DataFrame(
        {"kind": kinds, "place": place, "serial": range(county.first, county.first + county.schools)},
        schema={"kind": pl.String, "place": pl.Int64, "serial": pl.Int64},
    )
    frame = frame.with_columns(
        school_type=pl.col("kind").replace_strict({kind: named[0] for kind, named in KINDS.items()}),
        called=pl.col("kind").replace_strict({kind: named[1] for kind, named in KINDS.items()}),
        weight=_weight(order),
        chance=draw(order.seed, "place", 0, 999, pl.col("serial")),
    ).with_columns(
        code=pl.col("school_type").str.slice(0, 2).cast(pl.Int64) * 10**8
        + int(PROVINCE) * 10**6
        + pl.col("serial"),
    )
    return _owned(order, county, _placed(order, county, frame)).sort("serial")


def _weight(order: Order) -> pl.Expr:
    usual = draw(order.seed, "weight", 60, 140, pl.col("serial"))
    return pl.when(pl.col("kind") == "special").then(8).otherwise(usual)


def _placed(order: Order, county: County, frame: pl.DataFrame) -> pl.DataFrame:
    """Where each school stands: codes, kind of place, coordinates."""
    code, kind = pl.lit(_PLACES[-1][1]), pl.lit(_PLACES[-1][2])
    for limit, urban_rural, place in reversed(_PLACES[:-1]):
        within = pl.col("chance") < limit
        code = pl.when(within).then(pl.lit(urban_rural)).otherwise(code)
        kind = pl.when(within).then(pl.lit(place)).otherwise(kind)
    local = pl.col("serial") - county.first
    town, village = 1 + local // 50 % 99, 201 + local % 50
    return frame.with_columns(
        county_code=pl.lit(county.code),
        site_code12=pl.format("{}{}{}", pl.lit(county.code), _padded(town, 3), _padded(village, 3)),
        urban_rural_code=code,
        site_place_type=kind,
        lon=_degrees(WEST + pl.col("serial") // GRID * CELL),
        lat=_degrees(SOUTH + pl.col("serial") % GRID * CELL),
        school_name=pl.format("{}第{}{}", pl.lit(county.name), pl.col("place"), pl.col("called")),
        status=pl.when(pl.col("kind") == "closed").then(pl.lit("撤并")).otherwise(pl.lit("在办")),
        closure_date=pl.when(pl.col("kind") == "closed").then(
            pl.lit(f"{order.first_year - _MERGED_BEFORE}{LAST_MERGER}").str.to_date()
        ),
        host_school_id=pl.lit(None, dtype=pl.String),
        is_quality_school=draw(order.seed, "quality", 0, 9, pl.col("serial")) == 0,
        is_boarding=pl.col("kind").is_in(["junior", "nine_year", "general", "vocational"])
        & (draw(order.seed, "boarding", 0, 9, pl.col("serial")) < 6),
    )


def _owned(order: Order, county: County, frame: pl.DataFrame) -> pl.DataFrame:
    """Who runs and who pays: private kindergartens and some private schools, a few schools of the city."""
    kindergarten = pl.col("kind") == "kindergarten"
    owner = draw(order.seed, "owner", 0, 99, pl.col("serial"))
    # The first two kindergartens of a county are public, the third is private: neither is ever lacking.
    private = (
        pl.when(kindergarten)
        .then((pl.col("place") == 3) | ((pl.col("place") > 3) & (owner < 45)))
        .otherwise(pl.col("kind").is_in(["primary", "junior", "general"]) & (pl.col("place") > 1) & (owner < 6))
    )
    profit = draw(order.seed, "profit", 0, 99, pl.col("serial")) < 28
    since = draw(order.seed, "recognised", -12, 11, pl.col("serial")) + order.first_year
    return (
        frame.with_columns(is_public=~private)
        .with_columns(
            founder_type=pl.when(private)
            .then(pl.lit("民办"))
            .when(kindergarten & (owner < 60))
            .then(pl.lit("集体"))
            .otherwise(pl.lit("教育部门")),
            profit_status=pl.when(~private)
            .then(pl.lit("不适用"))
            .when(kindergarten & profit & (pl.col("place") > 3))
            .then(pl.lit("营利"))
            .otherwise(pl.lit("非营利")),
            # Those of the city stand in the first county: its first senior school and some others.
            pays_budget_level=pl.when(
                (pl.col("kind") == "general") & ~private & ((pl.col("place") == 1) | (pl.col("chance") < 200)),
                pl.lit(county.index == 0),
            )
            .then(pl.lit("市直"))
            .otherwise(pl.lit("县属")),
        )
        .with_columns(
            recognised=pl.when(kindergarten & (pl.col("profit_status") == "非营利")).then(
                pl.when(pl.col("place") == 3).then(order.first_year - 1).otherwise(since)
            )
        )
    )


def _padded(number: pl.Expr, width: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)


def _degrees(millionths: pl.Expr) -> pl.Expr:
    """Exact: divided as decimals, never as floats."""
    text = pl.format("{}.{}", millionths // 1_000_000, _padded(millionths % 1_000_000, 6))
    return text.cast(pl.Decimal(18, 6))


def recognised_in(year: int) -> pl.Expr:
    """Is the kindergarten on the list of the year?"""
    return (pl.col("recognised") <= year).fill_null(False)


def shared(total: int, weight: str = "weight") -> pl.Expr:
    """``total`` shared in proportion to a column of whole weights, exactly, in the frame's order."""
    running, whole = pl.col(weight).cum_sum(), pl.col(weight).sum()
    return total * running // whole - total * (running - pl.col(weight)) // whole


@dataclass(frozen=True)
class Stage:
    """Schools of a county that teach a run of grades, with their weights."""

    kinds: tuple[str, ...]
    programme: str
    grades: range


STAGES = (
    Stage(("primary", "nine_year", "special"), "小学", range(1, 7)),
    Stage(("junior", "nine_year", "special"), "初中", range(7, 10)),
    Stage(("general",), "普通高中", range(10, 13)),
    Stage(("vocational",), "中专", range(10, 13)),
)


def pupils(schools: pl.DataFrame, totals: CountyTotals, year: int) -> pl.DataFrame:
    """Pupils of every school, programme and grade on 1 September: ``code``, ``programme``, ``grade``, ``pupils``."""
    parts = []
    for stage in STAGES:
        taught = schools.filter(pl.col("kind").is_in(stage.kinds)).select("code", "weight")
        for grade in stage.grades:
            column = _of_grade(taught, totals, stage.programme, grade, year)
            parts.append(
                column.select(
                    "code",
                    pl.lit(stage.programme).alias("programme"),
                    pl.lit(grade, dtype=pl.Int64).alias("grade"),
                    "pupils",
                )
            )
    return pl.concat(parts)


def _of_grade(
    taught: pl.DataFrame, totals: CountyTotals, programme: str, grade: int, year: int
) -> pl.DataFrame:
    """Pupils of one grade: the cohort's share at entry, less those who left, who are shared out likewise."""
    entered = year - grade + 1
    if programme == "普通高中":
        return taught.with_columns(pupils=shared(totals.general(year - grade + 10)))
    if programme == "中专":
        return taught.with_columns(pupils=shared(totals.vocational(year - grade + 10)))
    frame = taught.with_columns(pupils=shared(totals.grade_1(entered)))
    for later in range(8, grade + 1):
        gone = totals.in_grade(later - 1, year - grade + later - 1) - totals.in_grade(later, year - grade + later)
        frame = frame.with_columns(pupils=pl.col("pupils") - shared(gone, "pupils"))
    return frame
