"""Registers, logs and samples: recognitions, pairings, service areas, events, surveys, county projects.

Belongs here: the returns that tell what was done. Does not belong here: what the city itself does (its
own projects and events are told one by one where the demonstration is put together).

Whatever has happened stays so: a school, village or county has a fixed number between 0 and 9999, a
path says how many of ten thousand are reached each year, and it is reached in the first year whose path
is above its number. Paths start in 2020 and end in 2024; a later year is told like the last.

Story in numbers: football, Olympic and the city's ice-and-snow schools in time; the ministry's ice-and-snow
schools a year late; studios for primary and senior schools, too few for junior schools; rural pairing and
service areas nearly complete, Yu County (蔚县) behind; some leaders missed a visit or a lesson.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.demo.forms.base import Base, of, open_schools, pupils_by_grade
from pipeline.demo.forms.chance import PRIME, draw, mixed

FIRST = 2020
Path = tuple[int, int, int, int, int]
"""How many of ten thousand are reached in 2020 to 2024."""

BEHIND = ("130726",)
_WITHDRAWN_IN = 2023


@dataclass(frozen=True)
class Label:
    """A recognition: name, level, stage, school types that may have it, the path, and a shorter word for its number."""

    name: str
    level: str
    stage: str
    kinds: tuple[str, ...]
    path: Path
    word: str
    ends: bool = False


_PRIMARY, _JUNIOR, _SENIOR = ("211",), ("311", "312"), ("341", "342", "345")
LABELS = (
    Label("足球特色学校", "教育部", "小学", _PRIMARY, (1900, 2450, 3150, 3250, 3280), "体艺", ends=True),
    Label("足球特色学校", "教育部", "初中", _JUNIOR, (1900, 2450, 3150, 3250, 3280), "体艺", ends=True),
    Label("足球特色学校", "教育部", "高中", _SENIOR, (1900, 2450, 3150, 3250, 3280), "体艺"),
    Label("奥林匹克教育示范学校", "教育部", "小学", _PRIMARY, (260, 330, 390, 390, 390), "体艺"),
    Label("奥林匹克教育示范学校", "教育部", "初中", _JUNIOR, (60, 120, 190, 190, 190), "体艺"),
    Label("冰雪运动特色学校", "教育部", "小学", _PRIMARY, (170, 230, 280, 380, 400), "体艺"),
    Label("冰雪运动特色学校", "教育部", "初中", _JUNIOR, (100, 180, 250, 330, 350), "体艺"),
    Label("冰雪运动特色学校", "市", "小学", _PRIMARY, (900, 1700, 2560, 2750, 2850), "体育"),
    Label("冰雪运动特色学校", "市", "初中", _JUNIOR, (900, 1700, 2560, 2750, 2850), "体育"),
    Label("冰雪运动特色学校", "市", "高中", _SENIOR, (1100, 1900, 2800, 3300, 3300), "体育"),
    Label("名师工作室", "市", "小学", _PRIMARY, (0, 1100, 2250, 3350, 3500), "工作室"),
    Label("名师工作室", "市", "初中", _JUNIOR, (0, 700, 1400, 1850, 2050), "工作室"),
    Label("名师工作室", "市", "高中", _SENIOR, (0, 3000, 5200, 7000, 7200), "工作室"),
    Label("劳动教育示范学校", "市", "小学", _PRIMARY, (0, 300, 700, 1000, 1200), "劳动"),
    Label("艺术教育特色学校", "市", "小学", _PRIMARY, (400, 500, 700, 800, 900), "艺术"),
    Label("文明校园", "市", "初中", _JUNIOR, (1500, 1800, 2200, 2600, 3000), "文明"),
    Label("示范幼儿园", "市", "学前", ("111",), (300, 360, 420, 480, 520), "学前"),
)


def _reached(path: Path, year: int) -> int:
    return path[min(max(year - FIRST, 0), len(path) - 1)]


def _first_year(number: pl.Expr, path: Path) -> pl.Expr:
    """The first year whose path is above ``number``; 2020 where it was before."""
    found: pl.Expr = pl.lit(FIRST + len(path) - 1)
    for step in range(len(path) - 1, -1, -1):
        found = pl.when(number < path[step]).then(FIRST + step).otherwise(found)
    return found


def _number(seed: int, salt: str, *keys: pl.Expr) -> pl.Expr:
    return draw(seed, salt, 0, 9999, *keys)


def _later(path: Path, by: int) -> Path:
    return tuple(max(part - by, 0) for part in path)  # type: ignore[return-value]


# -- recognitions -----------------------------------------------------------------------------


def feature_schools(base: Base, seed: int, *, old: pl.Series | None = None) -> pl.DataFrame:
    """The list of recognised schools and studios as it stands in the school year.

    A school that closes in the year stands in it with the day on which its recognition ends; some
    football schools lost theirs in 2023 and stand in it with that day. ``old``: codes of the schools
    that may be recognised (those in the register of 2020), all when left out.
    """
    schools = base.school_register.filter(pl.col("urban_rural_code") < "200").with_columns(
        code=pl.col("school_id").cast(pl.Int64)
    )
    if old is not None:
        schools = schools.filter(pl.col("school_id").is_in(old.implode()))
    listed = [_labelled(schools, label, base.year, seed) for label in LABELS]
    return of("feature_school_register", pl.concat(listed).sort("label", "level", "stage", "school_id"))


def _labelled(schools: pl.DataFrame, label: Label, year: int, seed: int) -> pl.DataFrame:
    salt = f"{label.name} {label.level} {label.stage}"
    own = _number(seed, salt, pl.col("code"))
    chosen = schools.filter(pl.col("school_type").is_in(label.kinds), own < _reached(label.path, year))
    since = _first_year(own, label.path)
    since = pl.when(since == FIRST).then(2016 + own % 5).otherwise(since)
    lost = (draw(seed, "lost " + salt, 0, 99, pl.col("code")) < 3) & (since < 2021)
    withdrawn = pl.lit(year >= _WITHDRAWN_IN and label.ends) & lost
    closed = pl.col("status") != "在办"
    return chosen.select(
        "school_id",
        label=pl.lit(label.name),
        level=pl.lit(label.level),
        stage=pl.lit(label.stage),
        date_from=pl.date(since, 6, 1 + own % 28),
        date_to=pl.when(withdrawn)
        .then(pl.date(_WITHDRAWN_IN, 6, 30))
        .when(closed)
        .then(pl.coalesce("closure_date", pl.date(year, 7, 15)))
        .otherwise(None),
        document_no=pl.format(
            "{}〔{}〕{}号(演示)", pl.lit(label.level.removesuffix("部") + label.word), since, 1 + own % 90
        ),
    )


# -- pairing and service areas ----------------------------------------------------------------


def pairing(base: Base, seed: int) -> pl.DataFrame:
    """Rural schools and the town or city school of their county that helps them."""
    path: Path = (5200, 6400, 7700, 8800, 9560)
    schools = open_schools(base).filter(~pl.col("school_type").str.starts_with("11"), ~pl.col("special"))
    helpers = (
        schools.filter(
            (pl.col("urban") | pl.col("town")) & (pl.col("school_type").is_in([*_PRIMARY, *_JUNIOR]))
        )
        .sort("county_code", "school_id")
        .select(
            "county_code",
            pl.col("school_id").alias("partner_school_id"),
            (pl.int_range(pl.len()).over("county_code")).alias("place"),
        )
    )
    among = helpers.group_by("county_code").agg(pl.len().cast(pl.Int64).alias("helpers"))
    own = _number(seed, "pairing", pl.col("code"))
    behind = pl.col("county_code").is_in(BEHIND)
    late = _later(path, 1700)
    reached = pl.when(behind).then(_reached(late, base.year)).otherwise(_reached(path, base.year))
    since = pl.when(behind).then(_first_year(own, late)).otherwise(_first_year(own, path))
    paired = (
        schools.filter("rural")
        .filter(own < reached)
        .join(among, on="county_code")
        .with_columns(place=mixed(seed, "partner", pl.col("code")) * pl.col("helpers") // PRIME)
        .join(helpers, on=["county_code", "place"])
        .with_columns(
            pairing_type=pl.when(draw(seed, "kind of pairing", 0, 9, pl.col("code")) < 6)
            .then(pl.lit("城乡结对"))
            .otherwise(pl.lit("校际联盟")),
            date_from=pl.date(since, 9, 1),
            date_to=pl.lit(None, dtype=pl.Date),
            document_no=pl.format("张教字〔{}〕{}号(演示)", since, 20 + own % 60),
        )
    )
    return of("pairing_register", paired.sort("school_id"))


def service_areas(base: Base, seed: int) -> pl.DataFrame:
    """Villages with the kindergarten that serves them: six to twelve in each township with schools outside a city.

    Village codes are those of the township with numbers of the demonstration's own; the kindergarten is
    one of the township, or of the county where the township has none.
    """
    path: Path = (9050, 9250, 9440, 9610, 9780)
    opened = open_schools(base).with_columns(township=pl.col("site_code12").str.slice(0, 9))
    towns = (
        base.school_register.filter(~pl.col("urban_rural_code").str.starts_with("11"))
        .select("county_code", township=pl.col("site_code12").str.slice(0, 9))
        .unique()
        .with_columns(town_number=pl.col("township").cast(pl.Int64))
    )
    villages = (
        towns.join(pl.DataFrame({"at": list(range(12))}, schema={"at": pl.Int64}), how="cross")
        .filter(pl.col("at") < draw(seed, "villages", 6, 12, pl.col("town_number")))
        .with_columns(
            village_code12=pl.col("township") + (201 + pl.col("at") * 3).cast(pl.String),
            village=pl.col("town_number") * 1000 + 201 + pl.col("at") * 3,
        )
    )
    children = (
        base.population_by_age.filter(pl.col("age").is_between(3, 5))
        .group_by("county_code")
        .agg(pl.col("population").sum().alias("county_children"))
    )
    rural_part = villages.group_by("county_code").agg(pl.len().cast(pl.Int64).alias("county_villages"))
    own = _number(seed, "service area", pl.col("village"))
    reached = (
        pl.when(pl.col("county_code").is_in(BEHIND))
        .then(_reached(_later(path, 650), base.year))
        .otherwise(_reached(path, base.year))
    )
    served = (
        villages.join(children, on="county_code", how="left")
        .join(rural_part, on="county_code")
        .with_columns(
            children_3_5=pl.col("county_children")
            * 42
            * draw(seed, "village children", 5, 195, pl.col("village"))
            // (10_000 * pl.col("county_villages")),
            served=own < reached,
        )
    )
    by_town = _in_order(opened, "township")
    by_county = _in_order(opened, "county_code")
    placed = _one_of(_one_of(served, by_town, "township", seed), by_county, "county_code", seed)
    return of(
        "preschool_service_area",
        placed.with_columns(
            school_year=pl.lit(base.year),
            served_by_school_id=pl.when("served").then(pl.coalesce("township_school", "county_code_school")),
            distance_km=pl.when("served")
            .then(
                (
                    pl.when(pl.col("township_school").is_null())
                    .then(draw(seed, "far", 400, 900, pl.col("village")))
                    .otherwise(draw(seed, "near", 20, 480, pl.col("village")))
                ).cast(pl.Decimal(18, 0))
                / pl.lit(100).cast(pl.Decimal(18, 0))
            )
            .otherwise(None),
        ).sort("village_code12"),
    )


def _in_order(opened: pl.DataFrame, group: str) -> pl.DataFrame:
    """Kindergartens of each group with their place in it and their number."""
    return (
        opened.filter(pl.col("school_type").str.starts_with("11"), ~pl.col("urban"))
        .sort(group, "school_id")
        .select(
            group,
            pl.col("school_id").alias(f"{group}_school"),
            pl.int_range(pl.len()).over(group).alias("place"),
            pl.len().over(group).cast(pl.Int64).alias(f"{group}_schools"),
        )
    )


def _one_of(villages: pl.DataFrame, ordered: pl.DataFrame, group: str, seed: int) -> pl.DataFrame:
    """Each village with one kindergarten of its group, blank where the group has none."""
    count = ordered.select(group, f"{group}_schools").unique()
    return (
        villages.join(count, on=group, how="left")
        .with_columns(place=mixed(seed, "serves", pl.col("village")) * pl.col(f"{group}_schools") // PRIME)
        .join(ordered.drop(f"{group}_schools"), on=[group, "place"], how="left")
        .drop("place")
    )


# -- events -----------------------------------------------------------------------------------


def events(base: Base, seed: int) -> pl.DataFrame:
    """What leaders and schools of each county did in the calendar year: visits, lessons, pairings, meets.

    A visit, lesson or pairing is a row of one leader; a meet or festival is a row with the number of
    schools that held it.
    """
    year = base.year
    step = min(max(year - FIRST, 0), 4)
    schools = open_schools(base).filter(~pl.col("school_type").str.starts_with("11"))
    counties = (
        schools.group_by("county_code")
        .agg(pl.len().cast(pl.Int64).alias("schools"))
        .with_columns(area=pl.col("county_code").cast(pl.Int64))
    )
    leaders = pl.DataFrame(
        {"leader": [0, 1], "role": ["县(区)委书记", "县(区)长"]}, schema_overrides={"leader": pl.Int64}
    )
    told = pl.DataFrame(
        {
            "event_type": ["领导调研"] * 3 + ["思政课", "领导包联"],
            "slot": [1, 2, 3, 4, 5],
        },
        schema_overrides={"slot": pl.Int64},
    )
    who = (pl.col("area"), pl.col("leader"), pl.lit(year))
    missed = draw(seed, "missed", 0, 99, *who)
    visits = pl.when(missed < 9 - step).then(1).otherwise(2 + draw(seed, "visits", 0, 1, *who))
    lesson = draw(seed, "lesson missed", 0, 99, *who) >= 11 - 2 * step
    done = (
        pl.when(pl.col("slot") <= 3)
        .then(pl.col("slot") <= visits)
        .when(pl.col("slot") == 4)
        .then(lesson)
        .otherwise(draw(seed, "pairing missed", 0, 99, *who) >= 5 - step)
    )
    of_leaders = (
        counties.join(leaders, how="cross")
        .join(told, how="cross")
        .filter(done)
        .with_columns(
            quantity=pl.when(pl.col("slot") == 5).then(draw(seed, "paired schools", 1, 3, *who)).otherwise(1),
            number=pl.col("leader") * 10 + pl.col("slot"),
        )
    )
    kinds = pl.DataFrame(
        {
            "event_type": ["运动会", "艺术节", "普法宣传", "安全演练", "家长学校", "督导评估"],
            "slot": [31, 32, 33, 34, 35, 36],
            "least": [900 + 18 * step, 820 + 28 * step, 930, 960, 640 + 60 * step, 180],
            "most": [960 + 10 * step, 930 + 15 * step, 1000, 1000, 760 + 55 * step, 260],
        },
        schema_overrides={"slot": pl.Int64, "least": pl.Int64, "most": pl.Int64},
    )
    of_schools = counties.join(kinds, how="cross").with_columns(
        quantity=pl.col("schools")
        * (
            pl.col("least")
            + draw(seed, "held", 0, 999, pl.col("area"), pl.col("slot"), pl.lit(year))
            * (pl.col("most") - pl.col("least"))
            // 999
        )
        // 1000,
        number=pl.col("slot"),
        role=pl.lit(None, dtype=pl.String),
    )
    columns = ["county_code", "area", "event_type", "role", "quantity", "number"]
    both = pl.concat([of_leaders.select(columns), of_schools.select(columns)])
    on = (pl.col("area"), pl.col("number"), pl.lit(year))
    return of(
        "event_log",
        both.with_columns(
            event_id=pl.format(
                "{}-{}-{}", pl.lit(year), "county_code", pl.col("number").cast(pl.String).str.zfill(2)
            ),
            event_date=pl.date(year, draw(seed, "month", 3, 12, *on), draw(seed, "day", 1, 28, *on)),
            unit_code=pl.col("county_code"),
            evidence=pl.format("教办记〔{}〕{}号(演示)", pl.lit(year), 100 + pl.col("number")),
        ).sort("event_id"),
    )


# -- samples ----------------------------------------------------------------------------------


def compliance_survey(base: Base, seed: int) -> pl.DataFrame:
    """Schools sampled in the school year: minutes of sport and of homework, arts, labour lessons, the cloud."""
    year = base.year
    step = min(max(year - FIRST, 0), 4)
    taught = (
        pupils_by_grade(base)
        .group_by("school_id")
        .agg(
            pl.col("pupils").sum(),
            (pl.col("stage") == "高中").any().alias("senior"),
            (pl.col("stage") == "小学").any().alias("primary"),
        )
    )
    code = pl.col("code")
    sampled = (
        open_schools(base)
        .filter(~pl.col("special"), draw(seed, "sampled", 0, 999, code, pl.lit(year)) < 75)
        .join(taught, on="school_id")
        .filter(pl.col("pupils") >= 40)
        .with_columns(
            survey_date=pl.date(
                pl.when(draw(seed, "term", 0, 1, code, pl.lit(year)) == 0).then(year).otherwise(year + 1),
                pl.when(draw(seed, "term", 0, 1, code, pl.lit(year)) == 0).then(11).otherwise(4),
                draw(seed, "survey day", 3, 28, code, pl.lit(year)),
            ),
            sample_n=pl.min_horizontal(
                pl.col("pupils"), draw(seed, "sample size", 30, 60, code, pl.lit(year))
            ),
        )
    )
    items = pl.DataFrame(
        {"item": ["体育活动分钟", "作业分钟", "艺术", "劳动课", "云平台"], "at": [0, 1, 2, 3, 4]},
        schema_overrides={"at": pl.Int64},
    )
    keys = (code, pl.col("at"), pl.lit(year))
    part = (
        pl.when(pl.col("at") == 0)
        .then(620 + 75 * step)
        .when(pl.col("at") == 1)
        .then(640 + 70 * step)
        .when(pl.col("at") == 2)
        .then(560 + 70 * step)
        .when(pl.col("at") == 3)
        .then(pl.when(draw(seed, "labour", 0, 99, code) < 86 + 3 * step).then(1000).otherwise(0))
        .otherwise(430 + 110 * step)
    )
    spread = pl.when(pl.col("at") == 3).then(0).otherwise(draw(seed, "compliant", -120, 70, *keys))
    minutes = (
        pl.when(pl.col("at") == 0)
        .then(5650 + 160 * step + draw(seed, "sport", -600, 700, *keys))
        .when(pl.col("primary"))
        .then(6350 - 290 * step + draw(seed, "homework", -1100, 900, *keys))
        .otherwise(9700 - 330 * step + draw(seed, "homework", -1300, 1100, *keys))
    )
    asked = (
        sampled.join(items, how="cross")
        .filter(~(pl.col("senior") & pl.col("at").is_in([1, 2])))
        .with_columns(
            school_year=pl.lit(year),
            compliant_n=pl.col("sample_n") * pl.min_horizontal(pl.lit(1000), part + spread) // 1000,
        )
        .with_columns(
            hundredths=pl.when(pl.col("at") <= 1)
            .then(minutes)
            .when(pl.col("at") == 3)
            .then(pl.when(pl.col("compliant_n") > 0).then(100).otherwise(0))
            .otherwise(pl.col("compliant_n") * 10_000 // pl.col("sample_n"))
        )
    )
    text = (
        (pl.col("hundredths") // 100).cast(pl.String)
        + "."
        + (pl.col("hundredths") % 100).cast(pl.String).str.zfill(2)
    )
    return of(
        "compliance_survey", asked.with_columns(result=text.cast(pl.Decimal(18, 2))).sort("school_id", "item")
    )


# -- projects ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """A project that every county has: number, title, planned end, the path on which counties finish, 2020 to 2024."""

    number: str
    title: str
    planned_end: str
    path: Path


TASKS = (
    Task("LB", "县级劳动教育实践基地建设", "2023-12-31", (1500, 3500, 6000, 8200, 9200)),
    Task("PP", "农村学前教育全覆盖工程建设规划编制", "2022-06-30", (0, 2600, 8300, 9300, 9300)),
    Task("NE", "新建居住小区配套学校(幼儿园)同步交付", "2024-08-31", (900, 2600, 4700, 6900, 8600)),
    Task("SE", "特殊教育资源中心建设", "2024-12-31", (500, 1800, 3600, 6100, 8000)),
)


def county_projects(base: Base, seed: int) -> pl.DataFrame:
    """The ledger of the counties' projects as it stands at the end of the calendar year."""
    counties = base.school_register.select("county_code").unique()
    known = pl.DataFrame(
        {
            "task": list(range(len(TASKS))),
            "number": [task.number for task in TASKS],
            "title": [task.title for task in TASKS],
            "planned": [task.planned_end for task in TASKS],
        },
        schema_overrides={"task": pl.Int64},
    )
    listed = counties.join(known, how="cross").with_columns(area=pl.col("county_code").cast(pl.Int64))
    own = _number(seed, "project", pl.col("area"), pl.col("task"))
    ended: pl.Expr = pl.lit(9999)
    for place, task in enumerate(TASKS):
        year = pl.when(own < task.path[-1]).then(_first_year(own, task.path)).otherwise(9999)
        ended = pl.when(pl.col("task") == place).then(year).otherwise(ended)
    done = ended <= base.year
    return of(
        "project_ledger",
        listed.with_columns(
            project_id=pl.format("{}-{}", "number", "county_code"),
            planned_end=pl.col("planned").str.to_date("%Y-%m-%d"),
            actual_end=pl.when(done).then(pl.date(ended.clip(upper_bound=2100), 2 + own % 11, 1 + own % 28)),
            document_no=pl.when(done).then(pl.format("验收〔{}〕{}号(演示)", ended, 10 + own % 80)),
            stage=pl.when(done)
            .then(pl.lit("已完成"))
            .when(ended <= base.year + 1)
            .then(pl.lit("推进中"))
            .when(own % 3 == 0)
            .then(pl.lit("未启动"))
            .otherwise(pl.lit("推进中")),
        ).sort("project_id"),
    )
