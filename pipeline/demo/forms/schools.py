"""What each school hands in besides its pupils by grade: classes, ages, groups, buildings, care after school.

Belongs here: the returns by school. Does not belong here: its staff (``staff``), counties, files.

Story in numbers: large classes were common in towns in 2020 and are gone by 2024; Yu County (蔚县) keeps
some. Migrant children leave private schools for public ones, slowly in Qiaodong. More pupils who ask for
a bed get one every year. After-school care is rare in 2020, told of everywhere from 2021 and complete in
2024 except in Kangbao (康保).
"""

from __future__ import annotations

import polars as pl

from pipeline.demo.forms.base import Base, children_by_level, of, open_schools, pupils_by_grade, rows
from pipeline.demo.forms.chance import draw, number, share

BEHIND = ("130726",)
"""Counties that lag in classes and boarding."""
MIGRANT_TOWNS = ("130702", "130703", "130705", "130730", "130771")
MIGRANT_BEHIND = ("130702",)
CARE_BEHIND = ("130723",)
_SMALL_PLACES = ("130772", "130773")
_HANDFUL = 6
"""A school for so few gives rooms and land back to its village instead of keeping what it had."""


def _since_2020(year: int) -> int:
    return max(year - 2020, 0)


def _in(areas: tuple[str, ...]) -> pl.Expr:
    return pl.col("county_code").is_in(areas)


# -- classes ----------------------------------------------------------------------------------


def classes(base: Base, seed: int) -> pl.DataFrame:
    """Classes by size of every school, stage and grade with pupils, and of kindergartens by class level.

    Pupils are spread evenly over the classes, so that sizes and pupils always agree.
    """
    schools = open_schools(base).select("school_id", "code", "county_code", "urban", "town", "special")
    taught = (
        pupils_by_grade(base).join(schools, on="school_id").with_columns(target=_class_size(base.year, seed))
    )
    cared = (
        children_by_level(base)
        .rename({"children": "pupils"})
        .join(schools, on="school_id")
        .with_columns(stage=pl.lit("学前"))
        .with_columns(
            target=pl.col("grade").replace_strict(
                {0: 18, 1: 25, 2: 30, 3: 33, 4: 28, 5: 28}, return_dtype=pl.Int64
            )
            + draw(seed, "kindergarten class", -2, 2, pl.col("code"))
        )
    )
    columns = ["school_id", "stage", "grade", "pupils", "target"]
    sized = (
        pl.concat([cared.select(columns), taught.select(columns)])
        .with_columns(classes=(pl.col("pupils") + pl.col("target") - 1) // pl.col("target"))
        .with_columns(
            small=pl.col("pupils") // pl.col("classes"),
            larger=pl.col("pupils") % pl.col("classes"),
        )
    )
    return of(
        "classes",
        sized.with_columns(
            school_year=pl.lit(base.year),
            size_band_le35=_of_size(0, 35),
            size_band_36_45=_of_size(36, 45),
            size_band_46_55=_of_size(46, 55),
            size_band_ge56=_of_size(56, 9999),
        ).sort("school_id", "stage", "grade"),
    )


def _class_size(year: int, seed: int) -> pl.Expr:
    """The most pupils to a class of a school: larger in towns, above 55 where classes are still crowded."""
    crowded = max(130 - 32 * _since_2020(year), 6)
    usual = (
        pl.when(pl.col("stage") == "小学")
        .then(pl.when(pl.col("urban") | pl.col("town")).then(42).otherwise(36))
        .when(pl.col("stage") == "初中")
        .then(46)
        .otherwise(50)
    ) + draw(seed, "class size", -2, 4, pl.col("code"))
    chance = draw(seed, "crowded", 0, 999, pl.col("code"))
    is_crowded = (pl.col("urban") | pl.col("town")) & (
        chance < pl.when(_in(BEHIND)).then(crowded + 70).otherwise(crowded)
    )
    return (
        pl.when(pl.col("special"))
        .then(draw(seed, "special class", 8, 12, pl.col("code")))
        .when(is_crowded & (pl.col("stage") != "高中"))
        .then(draw(seed, "crowded class", 57, 61, pl.col("code")))
        .otherwise(usual)
    )


def _of_size(low: int, high: int) -> pl.Expr:
    """Classes of ``low`` to ``high`` pupils, of ``larger`` classes of one more than the ``small`` size."""
    plain = (
        pl.when(pl.col("small").is_between(low, high)).then(pl.col("classes") - pl.col("larger")).otherwise(0)
    )
    more = pl.when((pl.col("small") + 1).is_between(low, high)).then(pl.col("larger")).otherwise(0)
    return plain + more


# -- ages -------------------------------------------------------------------------------------


def enrolment_by_age(base: Base, seed: int) -> pl.DataFrame:
    """Pupils by stage, age and sex; they add up to the enrolment by grade. Age is that of 1 September.

    A pupil of grade g is g + 5 years old; two to six in a hundred are a year older, one is a year younger.
    """
    taught = rows(base.enrolment_by_grade).filter(pl.col("school_id").is_not_null(), pl.col("pupils") > 0)
    girl = (pl.col("sex") == "女").cast(pl.Int64)
    keys = (number("school_id"), pl.col("grade"), girl, pl.lit(base.year))
    aged = (
        taught.group_by(
            "school_id",
            "grade",
            "sex",
            pl.when(pl.col("programme").is_in(["小学", "初中"]))
            .then(pl.col("programme"))
            .otherwise(pl.lit("高中"))
            .alias("stage"),
        )
        .agg(pl.col("pupils").sum())
        .with_columns(
            older=share(
                pl.col("pupils"), draw(seed, "older", 20, 60, number("school_id")), seed, "older", *keys
            ),
            younger=share(pl.col("pupils"), 9, seed, "younger", *keys),
        )
        .with_columns(younger=pl.min_horizontal("younger", pl.col("pupils") - pl.col("older")))
    )
    parts = pl.concat(
        [
            aged.with_columns(age=pl.col("grade") + 6, pupils=pl.col("older")),
            aged.with_columns(age=pl.col("grade") + 4, pupils=pl.col("younger")),
            aged.with_columns(
                age=pl.col("grade") + 5, pupils=pl.col("pupils") - pl.col("older") - pl.col("younger")
            ),
        ]
    )
    return of(
        "enrolment_by_age",
        parts.filter(pl.col("pupils") > 0)
        .group_by("school_id", "stage", "age", "sex")
        .agg(pl.col("pupils").sum())
        .with_columns(school_year=pl.lit(base.year))
        .sort("school_id", "stage", "age", "sex"),
    )


# -- groups of pupils -------------------------------------------------------------------------


def special_groups(base: Base, seed: int) -> pl.DataFrame:
    """Boarders, migrant, left-behind, disabled and minority pupils by school, stage and grade (counts only)."""
    columns = [
        "school_id", "code", "area", "county_code", "is_public", "is_boarding", "site_place_type",
        "urban", "town", "rural", "special",
    ]  # fmt: skip
    schools = open_schools(base).select(columns)
    keys = (pl.col("code"), pl.col("grade"), pl.lit(base.year))
    cohort = (pl.col("code"), base.year - pl.col("grade"))
    count = pl.col("pupils")
    mostly = pl.col("special").not_()
    grouped = (
        pupils_by_grade(base)
        .join(schools, on="school_id")
        .with_columns(
            boarders=share(count, _boarding(seed), seed, "boarders", *cohort),
            migrant_total=share(count, _migrant(base.year, seed), seed, "migrant", *cohort),
            left_behind=share(count, _left_behind(seed), seed, "left behind", *cohort),
            disabled_inclusive=pl.when(mostly).then(share(count, 3, seed, "inclusive", *cohort)).otherwise(0),
            disabled_home=pl.when(mostly & (pl.col("stage") != "高中"))
            .then(share(count, 1, seed, "home", *cohort) * (draw(seed, "at home", 0, 9, *cohort) < 7))
            .otherwise(0),
            disabled_special_school=pl.when(pl.col("special")).then(count).otherwise(0),
            minority=share(count, draw(seed, "minority", 6, 55, pl.col("area")), seed, "minority", *cohort),
        )
        .with_columns(
            disabled_special_class=pl.when(pl.col("town") & (pl.col("stage") == "小学") & (count >= 60))
            .then(
                share(count, 2, seed, "special class", *cohort)
                * (draw(seed, "has class", 0, 99, pl.col("code")) < 6)
            )
            .otherwise(0)
        )
        .with_columns(
            disabled_total=pl.sum_horizontal(
                "disabled_inclusive", "disabled_special_class", "disabled_special_school", "disabled_home"
            ),
            migrant_province=share(pl.col("migrant_total"), 230, seed, "from afar", *keys),
            boarding_requests=pl.min_horizontal(
                count, pl.col("boarders") + _unmet(pl.col("boarders"), base.year, seed, keys)
            ),
            stage=pl.when(pl.col("special")).then(pl.lit("特殊教育")).otherwise(pl.col("stage")),
        )
        .with_columns(
            migrant_county=pl.col("migrant_total") - pl.col("migrant_province"),
            willing_to_board=pl.min_horizontal(
                count,
                pl.col("boarding_requests") + share(pl.col("boarding_requests"), 15, seed, "willing", *keys),
            ),
            school_year=pl.lit(base.year),
        )
        .sort("school_id", "stage", "grade")
    )
    return of("special_groups", grouped)


def _boarding(seed: int) -> pl.Expr:
    """Boarders per mille of a grade: none by day, most of senior high, many of junior schools in towns."""
    boards = pl.col("is_boarding").fill_null(False) & pl.col("site_place_type").ne("乡村")
    spread = draw(seed, "boarding", -80, 60, pl.col("code"))
    return (
        pl.when(pl.col("special"))
        .then(620)
        .when(~boards)
        .then(0)
        .when(pl.col("stage") == "高中")
        .then(870 + spread)
        .when(pl.col("stage") == "初中")
        .then(640 + spread)
        .when(pl.col("grade") >= 4)
        .then(420 + spread)
        .otherwise(0)
    )


def _unmet(boarders: pl.Expr, year: int, seed: int, keys: tuple[pl.Expr, ...]) -> pl.Expr:
    """Requests to board that found no bed: fewer every year, more where a county is behind."""
    usual = max(55 - 14 * _since_2020(year), 2)
    return share(boarders, pl.when(_in(BEHIND)).then(usual + 60).otherwise(usual), seed, "unmet", *keys)


def _migrant(year: int, seed: int) -> pl.Expr:
    """Migrant children per mille: in towns and cities only; more in private schools, less so every year."""
    here = pl.when(_in(MIGRANT_TOWNS)).then(95).otherwise(26)
    private = pl.when(_in(MIGRANT_BEHIND)).then(205).otherwise(max(115 - 15 * _since_2020(year), 20))
    of_school = pl.when(pl.col("is_public")).then(here).otherwise(private) + draw(
        seed, "migrant school", -12, 12, pl.col("code")
    )
    compulsory = pl.col("stage") != "高中"
    none = pl.col("rural") | pl.col("special") | ~compulsory | _in(_SMALL_PLACES)
    return pl.when(none).then(0).otherwise(of_school)


def _left_behind(seed: int) -> pl.Expr:
    spread = draw(seed, "left-behind school", -20, 20, pl.col("code"))
    usual = pl.when(pl.col("rural")).then(110).when(pl.col("town")).then(55).otherwise(0)
    return pl.when(pl.col("stage").eq("高中") | pl.col("urban")).then(0).otherwise(usual + spread)


# -- buildings --------------------------------------------------------------------------------


def facilities(
    base: Base, groups: pl.DataFrame, seed: int, before: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Land, buildings, books, equipment and beds of every open school and kindergarten.

    ``groups`` is the year's :func:`special_groups` (beds follow the boarders); ``before`` the
    facilities of the year before: a school builds on what it had and does not shrink.
    """
    count = (
        pl.concat(
            [
                pupils_by_grade(base).select("school_id", "pupils"),
                children_by_level(base).select("school_id", pl.col("children").alias("pupils")),
            ]
        )
        .group_by("school_id")
        .agg(pl.col("pupils").sum())
    )
    beds = groups.group_by("school_id").agg(pl.col("boarders").sum())
    planned = (
        open_schools(base)
        .select("school_id", "code", "school_type", "rural", "urban")
        .join(count, on="school_id")
        .join(beds, on="school_id", how="left")
        .with_columns(boarders=pl.col("boarders").fill_null(0), places=_places(pl.col("pupils")))
        .with_columns(need=_beds_for(pl.col("boarders")), **_standards(base.year, seed))
        .with_columns(
            land=pl.col("places") * pl.col("land_each"),
            taught=pl.col("places") * pl.col("room_each"),
            sport=pl.col("places") * pl.col("land_each") * 28 // 100,
            books=pl.col("places") * pl.col("books_each"),
            equipment=pl.col("places") * pl.col("equipment_each"),
            rooms=pl.max_horizontal(pl.lit(1), pl.col("places") // 45),
        )
    )
    known = ["land_m2", "teaching_m2", "sports_m2", "books", "equipment_yuan", "multimedia_rooms", "beds"]
    if before is None:
        built = planned.with_columns(pl.lit(0, dtype=pl.Int64).alias(f"had_{name}") for name in known)
    else:
        had = before.select("school_id", *(pl.col(n).cast(pl.Int64).alias(f"had_{n}") for n in known))
        handful = pl.col("places") == _HANDFUL
        built = planned.join(had, on="school_id", how="left").with_columns(
            pl.when(handful).then(0).otherwise(pl.col(f"had_{name}").fill_null(0)).alias(f"had_{name}")
            for name in known
        )
    grown = built.with_columns(
        land_m2=pl.max_horizontal("land", "had_land_m2"),
        teaching_m2=pl.max_horizontal("taught", "had_teaching_m2"),
        sports_m2=pl.max_horizontal("sport", "had_sports_m2"),
        books=pl.max_horizontal("books", "had_books"),
        equipment_yuan=pl.max_horizontal("equipment", "had_equipment_yuan"),
        multimedia_rooms=pl.max_horizontal("rooms", "had_multimedia_rooms"),
        beds=pl.max_horizontal("need", "had_beds"),
    ).with_columns(dorm_m2=pl.col("beds") * 4)
    whole = grown.with_columns(
        floor_m2=pl.col("teaching_m2") * 135 // 100 + pl.col("dorm_m2"), danger_m2=_dangerous(base.year, seed)
    ).with_columns(school_year=pl.lit(base.year))
    return of("facilities", whole.sort("school_id"))


def _places(pupils: pl.Expr) -> pl.Expr:
    """The size for which a school is built: the next of a fixed row of sizes."""
    sizes = (
        _HANDFUL,
        20,
        45,
        90,
        135,
        180,
        270,
        360,
        540,
        720,
        900,
        1080,
        1350,
        1620,
        2000,
        2400,
        3000,
        3600,
        4500,
    )
    place = pl.lit(9000, dtype=pl.Int64)
    for size in reversed(sizes):
        place = pl.when(pupils <= size).then(pl.lit(size, dtype=pl.Int64)).otherwise(place)
    return place


def _beds_for(boarders: pl.Expr) -> pl.Expr:
    return pl.when(boarders > 0).then((boarders + 9) // 10 * 10 + 10).otherwise(0)


def _standards(year: int, seed: int) -> dict[str, pl.Expr]:
    """Per place: square metres of land and rooms, books, yuan of equipment. Equipment grows by the year."""
    step = _since_2020(year)
    vocational = pl.col("school_type").str.starts_with("36")
    senior = pl.col("school_type").str.starts_with("34")
    kindergarten = pl.col("school_type").str.starts_with("11")
    code = pl.col("code")
    land = pl.when(vocational).then(27).when(senior).then(24).when(kindergarten).then(13).otherwise(19)
    room = pl.when(vocational).then(11).when(senior).then(8).when(kindergarten).then(7).otherwise(5)
    book = pl.when(vocational).then(24).when(senior).then(38).when(kindergarten).then(11).otherwise(27)
    value = (
        pl.when(vocational)
        .then(3900 + 390 * step)
        .when(senior)
        .then(3000 + 190 * step)
        .when(kindergarten)
        .then(900 + 80 * step)
        .otherwise(1700 + 160 * step)
    )
    return {
        "land_each": land + pl.when(pl.col("rural")).then(8).otherwise(0) + draw(seed, "land", -3, 5, code),
        "room_each": room + draw(seed, "rooms", -1, 2, code),
        "books_each": book + draw(seed, "books", -4, 8, code),
        "equipment_each": value * draw(seed, "equipment", 80, 125, code) // 100,
    }


def _dangerous(year: int, seed: int) -> pl.Expr:
    """Square metres of dangerous buildings: some rural schools at first, none from 2023 on."""
    left = {0: 30, 1: 18, 2: 7}.get(_since_2020(year), 0)
    chosen = pl.col("rural") & (draw(seed, "danger", 0, 999, pl.col("code")) < left)
    return pl.when(chosen).then(pl.col("teaching_m2") // 12).otherwise(0)


# -- after school -----------------------------------------------------------------------------


def after_school_service(base: Base, seed: int) -> pl.DataFrame:
    """Autumn and spring: whether a compulsory school cares for pupils after lessons, who asked, who came."""
    schools = (
        open_schools(base).filter(~pl.col("special")).select("school_id", "code", "county_code", "rural")
    )
    taught = pupils_by_grade(base).filter(pl.col("stage") != "高中")
    terms = pl.DataFrame({"term": ["秋季", "春季"], "half": [0, 1]}, schema_overrides={"half": pl.Int64})
    rate = {0: 290, 1: 905, 2: 975, 3: 992}.get(_since_2020(base.year), 1000)
    late = pl.when(_in(CARE_BEHIND)).then(max(rate - 60, 0)).otherwise(rate)
    keys = (pl.col("code"), pl.col("half"), pl.lit(base.year))
    met = {0: 930, 1: 962, 2: 981, 3: 990}.get(_since_2020(base.year), 996)
    told = (
        taught.group_by("school_id")
        .agg(pl.col("pupils").sum())
        .join(schools, on="school_id")
        .join(terms, how="cross")
        .with_columns(
            # A school that has begun goes on: the same number decides every year.
            offers=draw(seed, "offers", 0, 999, pl.col("code")) < late + pl.col("half") * 4,
            wanted=draw(seed, "wanted", 560, 860, pl.col("code")) + 25 * min(_since_2020(base.year), 4),
            complete=draw(seed, "complete", 0, 99, *keys) < 20 + 17 * _since_2020(base.year),
            early=draw(seed, "early", 0, 999, pl.col("code"))
            < pl.when(pl.col("rural")).then(max(150 - 33 * _since_2020(base.year), 12)).otherwise(8),
        )
        .with_columns(
            applied=pl.when("offers").then(pl.col("pupils") * pl.col("wanted") // 1000).otherwise(0)
        )
        .with_columns(
            served=pl.when("complete").then(pl.col("applied")).otherwise(pl.col("applied") * met // 1000),
            local_closing_time=pl.when(pl.col("half") == 0).then(pl.lit("17:30")).otherwise(pl.lit("18:00")),
        )
        .with_columns(
            end_time=pl.when(~pl.col("offers"))
            .then(None)
            .when("early")
            .then(pl.lit("16:50"))
            .when(pl.col("half") == 0)
            .then(pl.lit("17:30"))
            .otherwise(pl.lit("18:00")),
            fee=pl.when("offers")
            .then(pl.when("rural").then(0).otherwise(draw(seed, "care fee", 6, 12, pl.col("code")) * 10))
            .otherwise(None),
            school_year=pl.lit(base.year),
        )
        .sort("school_id", "half")
    )
    return of("after_school_service", told)
