"""The base returns of one county and year, in their contracts' rows.

Belongs here: turning shares and totals into rows. Does not belong here: the returns derived from them
(``pipeline.demo.forms``), files.
"""

from __future__ import annotations

import polars as pl

from pipeline.demo.bulk.order import CITY, CITY_BUDGET, Order
from pipeline.demo.bulk.schools import pupils, recognised_in, shared
from pipeline.demo.bulk.totals import AGES, BOYS, CountyTotals, shown
from pipeline.demo.forms.base import of
from pipeline.demo.forms.chance import draw

_PER_PUPIL, _PER_PUPIL_MORE = 12_000, 700
"""Yuan of education spending to a pupil of a public school in the first year, and more each year."""
_TOTAL_TIMES = 55
"""General budget spending in tenths of education spending."""
RECOGNISED_FOR = 3
_SMALL, _MIDDLE = 32, 65
"""Of a hundred children, the youngest class has so many, the two younger ones so many."""
_NEW_LATER = 6
REGISTERED_PER_MILLE = 1040
"""Registered people to a thousand residents."""


def _sexes(frame: pl.DataFrame, *counts: str) -> pl.DataFrame:
    """Two rows for each: boys (52 in a hundred, rounded down) and girls (the rest), for every count."""
    boys = {c: pl.col(c) * BOYS // 100 for c in counts}
    return pl.concat(
        [
            frame.with_columns(sex=pl.lit("男"), **boys),
            frame.with_columns(sex=pl.lit("女"), **{c: pl.col(c) - boys[c] for c in counts}),
        ]
    )


def school_register(schools: pl.DataFrame, year: int) -> pl.DataFrame:
    """Every institution of the county, closed ones too."""
    kindergarten = pl.col("kind") == "kindergarten"
    return of(
        "school_register",
        schools.with_columns(
            school_id=pl.col("code").cast(pl.String),
            school_year=pl.lit(year),
            claims_inclusive=pl.when(kindergarten).then(pl.col("is_public") | recognised_in(year)),
        ),
    )


def inclusive_kindergarten_register(schools: pl.DataFrame, year: int) -> pl.DataFrame:
    """Private kindergartens on the list; a recognition holds for three years and is renewed without a gap."""
    ceiling = 900 + draw(0, "ceiling", 0, 3, pl.col("serial")) * 100
    since = pl.col("recognised") + (year - pl.col("recognised")) // RECOGNISED_FOR * RECOGNISED_FOR
    listed = schools.filter(recognised_in(year)).with_columns(since=since, fee_ceiling=ceiling)
    return of(
        "inclusive_kindergarten_register",
        listed.with_columns(
            school_id=pl.col("code").cast(pl.String),
            decision_no=pl.format("示教〔{}〕{}号", "since", "serial"),
            recognised_from=pl.date(pl.col("since"), 8, 1),
            recognised_to=pl.date(pl.col("since") + RECOGNISED_FOR, 7, 31),
            withdrawn_on=pl.lit(None, dtype=pl.Date),
            fee_month=pl.col("fee_ceiling") - draw(0, "fee", 0, 4, pl.col("serial")) * 50,
            subsidy_per_child=pl.lit(600),
            decided_by=pl.lit("县教育局"),
        ),
    )


def kindergarten_children(schools: pl.DataFrame, totals: CountyTotals, year: int) -> pl.DataFrame:
    """Three class levels by sex and a check total for each kindergarten. Last year's seniors have left."""
    here = (
        schools.filter(pl.col("kind") == "kindergarten")
        .select("code", "weight")
        .with_columns(
            pupils=shared(totals.children[year]),
            before=shared(totals.children[year - 1]),
        )
    )
    low, high = pl.col("pupils") * _SMALL // 100, pl.col("pupils") * _MIDDLE // 100
    seniors_before = pl.col("before") - pl.col("before") * _MIDDLE // 100
    levels = [
        ("小班", 3, low, low, pl.lit(0)),
        ("中班", 4, high - low, (high - low) * _NEW_LATER // 100, pl.lit(0)),
        ("大班", 5, pl.col("pupils") - high, (pl.col("pupils") - high) * _NEW_LATER // 200, seniors_before),
    ]
    counts = ("children", "entrants", "leavers")
    rows = pl.concat(
        [
            here.select(
                "code",
                class_level=pl.lit(level),
                age=pl.lit(age, dtype=pl.Int64),
                children=children,
                entrants=new,
                leavers=gone.cast(pl.Int64),
            )
            for level, age, children, new, gone in levels
        ]
    )
    by_sex = _sexes(rows, *counts).with_columns(is_total=pl.lit(False))
    added = by_sex.group_by("code").agg(pl.col(c).sum() for c in counts).with_columns(is_total=pl.lit(True))
    return of(
        "kindergarten_children",
        pl.concat([by_sex, added], how="diagonal")
        .with_columns(school_id=pl.col("code").cast(pl.String), school_year=pl.lit(year))
        .sort("code", "is_total", "age", "sex"),
    )


def enrolment_by_grade(taught: pl.DataFrame, year: int) -> pl.DataFrame:
    """Pupils by programme, grade and sex with a check total for each programme; ``taught`` as ``pupils`` gives it."""
    by_sex = _sexes(taught, "pupils").with_columns(is_total=pl.lit(False))
    added = (
        taught.group_by("code", "programme").agg(pl.col("pupils").sum()).with_columns(is_total=pl.lit(True))
    )
    return of(
        "enrolment_by_grade",
        pl.concat([by_sex, added], how="diagonal")
        .with_columns(
            school_id=pl.col("code").cast(pl.String),
            county_code=pl.lit(None, dtype=pl.String),
            school_year=pl.lit(year),
            repeaters=pl.lit(0),
        )
        .sort("code", "programme", "is_total", "grade", "sex"),
    )


_STAGES = {"小学": (1, 6, "小学"), "初中": (7, 9, "初中"), "普通高中": (10, 12, "普通高中"), "中专": (10, 12, "中职")}
"""Programme -> first grade, last grade, stage of the form on entrants and graduates."""


def entrants_graduates(taught: pl.DataFrame, taught_before: pl.DataFrame, year: int) -> pl.DataFrame:
    """Entrants are the first grade, graduates last year's final grade, expected graduates this year's."""
    parts = []
    for programme, (first, last, stage) in _STAGES.items():

        def grade(frame: pl.DataFrame, wanted: int, name: str, programme: str = programme) -> pl.DataFrame:
            chosen = frame.filter((pl.col("programme") == programme) & (pl.col("grade") == wanted))
            return chosen.select("code", pl.col("pupils").alias(name))

        parts.append(
            grade(taught, first, "entrants")
            .join(grade(taught_before, last, "graduates_prev_summer"), on="code")
            .join(grade(taught, last, "expected_graduates"), on="code")
            .with_columns(stage=pl.lit(stage))
        )
    none = {
        name: pl.lit(None, dtype=pl.Int64)
        for name in ("entrants_from_county", "entrants_from_city", "entrants_other", "platform_admissions")
    }
    return of(
        "entrants_graduates",
        pl.concat(parts)
        .with_columns(
            school_id=pl.col("code").cast(pl.String),
            county_code=pl.lit(None, dtype=pl.String),
            school_year=pl.lit(year),
            entrants_preschool=pl.when(pl.col("stage") == "小学").then(pl.col("entrants") * 98 // 100),
            **none,
        )
        .sort("code", "stage"),
    )


_MOVES = (
    "in_county in_city in_other resumed other_in out_county out_city out_other suspended withdrawn died other_out"
).split()


def pupil_movement(taught: pl.DataFrame, taught_before: pl.DataFrame, year: int, order: Order) -> pl.DataFrame:
    """Each class from last autumn to this one: it enters in the row of the grade below its first, and graduates in
    that of its last. As many come from other schools of the county as go there."""
    before = taught_before.select("code", "programme", "grade", opening="pupils")
    after = taught.select("code", "programme", grade=pl.col("grade") - 1, closing="pupils")
    joined = before.join(after, on=["code", "programme", "grade"], how="full", coalesce=True)
    begins, ends = pl.col("opening").is_null(), pl.col("closing").is_null()
    moved = pl.when(~begins & ~ends).then(draw(order.seed, f"moved {year}", 0, 2, pl.col("code"), pl.col("grade"))).otherwise(0)
    rows = joined.with_columns(
        entrants=pl.when(begins).then(pl.col("closing")),
        graduates=pl.when(ends).then(pl.col("opening")),
        in_county=moved,
        withdrawn=pl.when(begins | ends).then(0).otherwise(pl.col("opening") - pl.col("closing")),
    ).with_columns(pl.col("opening", "closing").fill_null(0))
    # A school of several stages has one row for a grade: its primary pupils leave where its junior pupils enter.
    counts = ("opening", "closing", "entrants", "graduates", "in_county", "withdrawn")
    one = rows.group_by("code", "grade").agg(
        *(pl.col(c).sum() for c in counts[:2]),
        *(pl.when(pl.col(c).count() > 0).then(pl.col(c).sum()).alias(c) for c in counts[2:4]),
        *(pl.col(c).sum() for c in counts[4:]),
    )
    nothing = {name: pl.lit(0) for name in _MOVES if name not in ("in_county", "out_county", "withdrawn")}
    return of(
        "pupil_movement",
        one.with_columns(
            school_id=pl.col("code").cast(pl.String),
            county_code=pl.lit(None, dtype=pl.String),
            school_year=pl.lit(year),
            out_county=pl.col("in_county"),
            **nothing,
        ).sort("code", "grade"),
    )


def public_pupils(register: pl.DataFrame, children: pl.DataFrame, enrolment: pl.DataFrame) -> dict[str, int]:
    """Pupils and children of public institutions by the unit that pays: the county or the city's own budget."""
    counted = pl.concat(
        [
            children.filter(~pl.col("is_total")).select("school_id", number="children"),
            enrolment.filter(~pl.col("is_total")).select("school_id", number="pupils"),
        ]
    )
    payer = pl.when(pl.col("pays_budget_level") == "市直").then(pl.lit(CITY_BUDGET)).otherwise("county_code")
    added = (
        register.filter(pl.col("is_public"))
        .select("school_id", payer.alias("payer"))
        .join(counted, on="school_id")
        .group_by("payer")
        .agg(pl.col("number").sum())
    )
    return dict(added.sort("payer").iter_rows())


def county_finance(pupils_by_payer: dict[str, int], year: int, order: Order) -> pl.DataFrame:
    """Education and general budget spending of each payer in yuan, by the number of its public pupils."""
    each = _PER_PUPIL + _PER_PUPIL_MORE * (year - order.first_year)
    rows = []
    for payer, number in sorted(pupils_by_payer.items()):
        education = number * each
        rows += [(payer, "一般公共预算支出", education * _TOTAL_TIMES // 10), (payer, "教育支出", education)]
    frame = pl.DataFrame(
        rows, schema={"unit_code": pl.String, "item": pl.String, "amount_yuan": pl.Int64}, orient="row"
    )
    return of(
        "county_finance",
        frame.with_columns(fiscal_year=pl.lit(year), basis=pl.lit("决算"), unit_in=pl.lit("元")),
    )


def residents(totals: CountyTotals, year: int) -> pl.DataFrame:
    """Residents at the end of the year by single year of age and sex."""
    rows = [(age, totals.births(year - age)) for age in AGES]
    frame = pl.DataFrame(rows, schema={"age": pl.Int64, "population": pl.Int64}, orient="row")
    return of(
        "population_by_age",
        _sexes(frame, "population")
        .sort("age", "sex")
        .with_columns(
            county_code=pl.lit(totals.county.code),
            ref_date=pl.lit(f"{year}-12-31").str.to_date(),
            basis=pl.lit("常住年报"),
        ),
    )


def with_registered(resident: pl.DataFrame) -> pl.DataFrame:
    """The return of the statistics office: residents, and the registered people of the same day."""
    registered = resident.with_columns(
        population=pl.col("population") * REGISTERED_PER_MILLE // 1000, basis=pl.lit("户籍")
    )
    return pl.concat([resident, registered])


def technical_school_enrolment(totals: CountyTotals, year: int, order: Order) -> pl.DataFrame:
    """The technical school of the county, if it has one: grades 10 to 12."""
    code = f"3699{order.schools + 1 + totals.county.index:06d}"
    rows = (
        [(code, grade, totals.technical(year - grade + 10)) for grade in (10, 11, 12)]
        if totals.has_technical
        else []
    )
    frame = pl.DataFrame(
        rows, schema={"school_id": pl.String, "grade": pl.Int64, "pupils": pl.Int64}, orient="row"
    )
    return of(
        "technical_school_enrolment",
        frame.with_columns(
            school_year=pl.lit(year),
            county_code=pl.lit(totals.county.code),
            from_county=pl.lit(None, dtype=pl.String),
        ),
    )


def certified_values(made: list[CountyTotals], year: int) -> pl.DataFrame:
    """The retention rate of the whole area as the province certifies it: the computed one to two decimals."""

    def rate(of_year: int) -> str:
        entered = of_year - 8
        number = shown(
            sum(one.grade_1(entered) - one.lost[entered] for one in made),
            sum(one.grade_1(entered) for one in made),
        )
        return f"{number // 100}.{number % 100:02d}"

    frame = pl.DataFrame(
        {
            "indicator_id": ["compulsory_retention"],
            "unit_code": [CITY],
            "segment": ["all"],
            "period_type": ["school_year"],
            "period_year": [year],
            "value": [rate(year)],
            "unit": ["%"],
            "basis": ["省厅核定"],
            "same_basis_previous": [rate(year - 1)],
            "same_basis_change_pct": [None],
            "letter_no": [f"示教规函〔{year + 1}〕{8 + year % 7}号"],
            "source_title": [f"关于核定{year}年九年义务教育巩固率的函(示例)"],
            "certified_on": [f"{year + 1}-02-08"],
        }
    ).with_columns(pl.col("certified_on").str.to_date())
    return of("certified_values", frame)


# -- the years before the first return by school ------------------------------------------------


def cohort_history(totals: CountyTotals, year: int) -> pl.DataFrame:
    """Grades 1 and 9 of the county."""
    rows = [("小学", 1, totals.in_grade(1, year)), ("初中", 9, totals.in_grade(9, year))]
    frame = pl.DataFrame(
        rows, schema={"programme": pl.String, "grade": pl.Int64, "pupils": pl.Int64}, orient="row"
    )
    return of(
        "enrolment_by_grade",
        _sexes(frame, "pupils").with_columns(
            school_id=pl.lit(None, dtype=pl.String),
            county_code=pl.lit(totals.county.code),
            school_year=pl.lit(year),
            repeaters=pl.lit(None, dtype=pl.Int64),
        ),
    )


def entrants_history(totals: CountyTotals, year: int) -> pl.DataFrame:
    """Entrants and graduates of both stages of compulsory education in the county."""
    rows = [
        ("小学", totals.grade_1(year), totals.in_grade(6, year - 1)),
        ("初中", totals.in_grade(7, year), totals.in_grade(9, year - 1)),
    ]
    frame = pl.DataFrame(
        rows,
        schema={"stage": pl.String, "entrants": pl.Int64, "graduates_prev_summer": pl.Int64},
        orient="row",
    )
    absent = (
        "entrants_preschool entrants_from_county entrants_from_city entrants_other expected_graduates "
        "platform_admissions"
    ).split()
    return of(
        "entrants_graduates",
        frame.with_columns(
            school_id=pl.lit(None, dtype=pl.String),
            county_code=pl.lit(totals.county.code),
            school_year=pl.lit(year),
            **{name: pl.lit(None, dtype=pl.Int64) for name in absent},
        ),
    )


def movement_history(totals: CountyTotals, year: int) -> pl.DataFrame:
    """Grades 1 to 8 of the county from last autumn to this one."""
    rows = [(grade, totals.in_grade(grade, year - 1), totals.in_grade(grade + 1, year)) for grade in range(1, 9)]
    frame = pl.DataFrame(
        rows, schema={"grade": pl.Int64, "opening": pl.Int64, "closing": pl.Int64}, orient="row"
    )
    nothing = {name: pl.lit(0) for name in _MOVES if name != "withdrawn"}
    return of(
        "pupil_movement",
        frame.with_columns(
            school_id=pl.lit(None, dtype=pl.String),
            county_code=pl.lit(totals.county.code),
            school_year=pl.lit(year),
            withdrawn=pl.col("opening") - pl.col("closing"),
            entrants=pl.lit(None, dtype=pl.Int64),
            graduates=pl.lit(None, dtype=pl.Int64),
            **nothing,
        ),
    )
