"""Who works at a school: the staff return.

Belongs here: staff by school and stage. Does not belong here: what counties do with their teachers
(``counties``).

Story in numbers: degrees rise every year; kindergartens come closer to two teachers and a carer in each
class; new kindergarten teachers nearly all hold a college degree by 2024, but not in Yangyuan (阳原);
health checks reach nearly every rural teacher, but not in Yu County (蔚县).
"""

from __future__ import annotations

import polars as pl

from pipeline.demo.forms.base import Base, of, open_schools, pupils_by_stage
from pipeline.demo.forms.chance import draw, share

DEGREE_BEHIND = ("130727",)
HEALTH_BEHIND = ("130726",)
_RATIOS = {"小学": (17, 14, 10), "初中": (13, 12, 10), "普通高中": (13, 12, 11), "中职": (15, 14, 12)}
"""Pupils to a full-time teacher: in cities, towns, villages."""


def staff(base: Base, classes: pl.DataFrame, seed: int, before: Base | None = None) -> pl.DataFrame:
    """Staff of every open institution with pupils, by stage.

    ``classes`` is the year's return of classes (kindergartens are staffed by the class); ``before``
    the base returns of the year before: where pupils come and go, the posts follow by half.
    """
    schools = open_schools(base).select("school_id", "code", "county_code", "urban", "town", "rural")
    step = max(base.year - 2020, 0)
    rooms = (
        classes.filter(pl.col("stage") == "学前")
        .group_by("school_id")
        .agg(pl.col("classes").sum().alias("rooms"))
    )
    staffed = (
        pupils_by_stage(base)
        .join(_last_year(before), on=["school_id", "stage"], how="left")
        .join(schools, on="school_id")
        .join(rooms, on="school_id", how="left")
        .with_columns(
            pupils=pl.when(pl.col("last_pupils") > 0)
            .then((pl.col("pupils") + pl.col("last_pupils") + 1) // 2)
            .otherwise(pl.col("pupils")),
            now=pl.col("pupils"),
            rooms=pl.col("rooms").fill_null(0),
        )
        .with_columns(full_time_teachers=_teachers(step, seed), cares=_cares(step, seed))
    )
    qualified = staffed.with_columns(**_people(base.year, seed)).with_columns(
        staff=pl.col("full_time_teachers") + pl.col("others") + pl.col("carers").fill_null(0),
        **_qualifications(step, seed),
        new_recruits_college=_college(base.year, seed),
        health_checked=_checked(base.year, seed),
        school_year=pl.lit(base.year),
    )
    return of(
        "staff",
        qualified.with_columns(
            q_college=pl.col("full_time_teachers")
            - pl.sum_horizontal("q_graduate", "q_bachelor", "q_upper_secondary")
        ).sort("school_id", "stage"),
    )


def _last_year(before: Base | None) -> pl.DataFrame:
    if before is None:
        return pl.DataFrame(schema={"school_id": pl.String, "stage": pl.String, "last_pupils": pl.Int64})
    return pupils_by_stage(before).rename({"pupils": "last_pupils"})


def _cares(step: int, seed: int) -> pl.Expr:
    """Whether a kindergarten has two teachers and a carer in each class."""
    reached = draw(seed, "two teachers", 0, 999, pl.col("code"))
    usual = 560 + 75 * step
    return reached < pl.when(pl.col("urban")).then(usual + 60).when(pl.col("town")).then(usual).otherwise(
        usual - 170
    )


def _teachers(step: int, seed: int) -> pl.Expr:
    pupils, code = pl.col("pupils"), pl.col("code")
    ratio: pl.Expr = pl.lit(4, dtype=pl.Int64)
    for stage, (city, town, village) in _RATIOS.items():
        of_place = pl.when(pl.col("urban")).then(city).when(pl.col("town")).then(town).otherwise(village)
        ratio = pl.when(pl.col("stage") == stage).then(of_place).otherwise(ratio)
    ratio = ratio + pl.when(pl.col("stage") == "特殊教育").then(0).otherwise(draw(seed, "ratio", -1, 1, code))
    taught = (pupils + ratio - 1) // ratio
    # Posts are filled by and by: a kindergarten that is far from two a class gains some every year.
    lacking = (draw(seed, "short", 0, 999, code) - (560 + 75 * step)).clip(0, 250) * 4
    by_class = pl.max_horizontal(pl.col("rooms") * 2 - pl.col("rooms") * lacking // 1000, pl.lit(1))
    # A class of five has one teacher: nobody is kept for two or three children.
    cared = pl.max_horizontal(pl.lit(1), pl.min_horizontal(by_class, pl.col("now") // 3))
    return pl.when(pl.col("stage") == "学前").then(cared).otherwise(pl.max_horizontal(pl.lit(1), taught))


def _people(year: int, seed: int) -> dict[str, pl.Expr]:
    """Carers, other staff, women, backbone teachers, recruits and substitutes."""
    code, teachers, stage = pl.col("code"), pl.col("full_time_teachers"), pl.col("stage")
    early = stage == "学前"
    women = (
        pl.when(early)
        .then(980)
        .when(stage == "小学")
        .then(720)
        .when(stage == "初中")
        .then(610)
        .otherwise(540)
    ) + draw(seed, "women", -60, 20, code)
    others = pl.when(pl.col("rural")).then(40).otherwise(110) + draw(seed, "others", -20, 40, code)
    recruits = draw(seed, "recruits", 12, 48, code, pl.lit(year))
    return {
        "carers": pl.when(early)
        .then(pl.when("cares").then(pl.col("rooms")).otherwise(pl.col("rooms") * 2 // 3))
        .otherwise(None),
        "others": share(teachers, others, seed, "others", code),
        "female": share(teachers, women, seed, "women", code),
        "backbone_county_up": share(teachers, draw(seed, "backbone", 90, 170, code), seed, "backbone", code),
        "new_recruits": share(teachers, recruits, seed, "recruits", code, pl.lit(year)),
        "substitute_teachers": pl.when(pl.col("rural"))
        .then(draw(seed, "substitutes", 0, 2, code) * (draw(seed, "has substitutes", 0, 9, code) < 3))
        .otherwise(0),
    }


def _qualifications(step: int, seed: int) -> dict[str, pl.Expr]:
    """Teachers with a postgraduate, bachelor and upper-secondary education; the others hold a college degree."""
    code, teachers, stage = pl.col("code"), pl.col("full_time_teachers"), pl.col("stage")
    graduate = (
        pl.when(stage.is_in(["普通高中", "中职"]))
        .then(90 + 8 * step)
        .when(stage == "初中")
        .then(25)
        .otherwise(6)
    )
    bachelor = (
        pl.when(stage == "学前")
        .then(250 + 30 * step)
        .when(stage == "小学")
        .then(600 + 28 * step)
        .when(stage.is_in(["初中", "特殊教育"]))
        .then(790 + 20 * step)
        .otherwise(830)
    ) + draw(seed, "bachelor", -40, 30, code)
    low = (
        pl.when(stage == "学前").then(110 - 18 * step).when(stage == "小学").then(12 - 2 * step).otherwise(0)
    )
    return {
        "q_graduate": teachers * graduate // 1000,
        "q_bachelor": teachers * bachelor // 1000,
        "q_upper_secondary": teachers * low // 1000,
        "q_below": pl.lit(0),
    }


def _college(year: int, seed: int) -> pl.Expr:
    """Recruits with a college degree: all of them, but for some in kindergartens."""
    step = max(year - 2020, 0)
    lacking = (
        pl.when(pl.col("county_code").is_in(DEGREE_BEHIND))
        .then(240 - 20 * step)
        .otherwise(max(95 - 22 * step, 0))
    )
    keys = (pl.col("code"), pl.lit(year))
    without = (
        pl.when(pl.col("stage") == "学前")
        .then(share(pl.col("new_recruits"), lacking, seed, "no degree", *keys))
        .otherwise(0)
    )
    return pl.col("new_recruits") - without


def _checked(year: int, seed: int) -> pl.Expr:
    """Teachers with a health check in the year: all in most schools, fewer where the rounds were missed."""
    step = max(year - 2020, 0)
    missed = (
        pl.when(pl.col("county_code").is_in(HEALTH_BEHIND))
        .then(420 - 45 * step)
        .otherwise(max(190 - 45 * step, 6))
    )
    left_out = pl.col("rural") & (draw(seed, "health round", 0, 999, pl.col("code"), pl.lit(year)) < missed)
    return (
        pl.when(left_out).then(pl.col("full_time_teachers") * 7 // 10).otherwise(pl.col("full_time_teachers"))
    )
