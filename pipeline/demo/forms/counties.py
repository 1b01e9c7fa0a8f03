"""What each county hands in: summaries, teachers' exchange, eyesight, ledgers, births, money by stage, pay.

Belongs here: the returns by county and budget level. Does not belong here: returns by school
(``schools``, ``staff``), registers and logs (``process``).

Story in numbers: exchange passes ten in a hundred from 2022, in Huai'an (怀安) and Xiahuayuan (下花园) it
does not; myopia falls a little less than promised, rises in Qiaodong; nearly every disabled child is
enrolled, in Yu County (蔚县) not; teachers are paid like civil servants in most counties, in Shangyi (尚义)
and Yangyuan (阳原) less; Shangyi cut its standard for kindergartens once; sixteen counties are to have a
university of the elderly and two have none yet.
"""

from __future__ import annotations

import polars as pl

from pipeline.demo.forms.base import VOCATIONAL, Base, of, open_schools, rows
from pipeline.demo.forms.chance import draw, share

EXCHANGE_BEHIND = ("130728", "130706")
MYOPIA_RISING = ("130702",)
LEDGER_BEHIND = ("130726",)
PAY_BEHIND = ("130725", "130727")
PAY_FELL = {"130723": 2024}
STANDARD_CUT = {"130725": 2023}
NO_UNIVERSITY = ("130724", "130727", "130772", "130773")
_FIRST_COHORT = 2021
_STAGE_WEIGHTS = {"学前": 55, "小学": 95, "初中": 130, "普通高中": 135, "中职": 150}
_PAY_ITEMS = "基本工资、绩效工资、津贴补贴、年终一次性奖金"


def _step(year: int) -> int:
    return max(year - 2020, 0)


def _area() -> pl.Expr:
    return pl.col("county_code").cast(pl.Int64)


def _in(areas: tuple[str, ...]) -> pl.Expr:
    return pl.col("county_code").is_in(areas)


def _hundredths(count: pl.Expr) -> pl.Expr:
    """A whole number of hundredths as an exact decimal."""
    text = (count // 100).cast(pl.String) + "." + (count % 100).cast(pl.String).str.zfill(2)
    return text.cast(pl.Decimal(18, 2))


def counties_of(base: Base) -> pl.DataFrame:
    """county_code of every county with a school in the register."""
    return base.school_register.select("county_code").unique().sort("county_code")


# -- people -----------------------------------------------------------------------------------


def births(base: Base) -> pl.DataFrame:
    """Births of the calendar year: the children under one at the reference date and the few who died or left."""
    infants = (
        base.population_by_age.filter(pl.col("age") == 0)
        .group_by("county_code")
        .agg((pl.col("population").sum() * 1004 // 1000).alias("births"))
    )
    return of(
        "births",
        infants.with_columns(calendar_year=pl.lit(base.year), basis=pl.lit("常住")).sort("county_code"),
    )


def county_totals(base: Base, groups: pl.DataFrame) -> pl.DataFrame:
    """The county's own summary of pupils and migrant children, by place and by owner; added up, not drawn."""
    place = (
        pl.when(pl.col("urban_rural_code").str.starts_with("11"))
        .then(pl.lit("城区"))
        .when(pl.col("urban_rural_code").str.starts_with("12"))
        .then(pl.lit("镇区"))
        .otherwise(pl.lit("乡村"))
    )
    schools = base.school_register.select(
        "school_id",
        "county_code",
        place.alias("place"),
        pl.when("is_public").then(pl.lit("公办")).otherwise(pl.lit("民办")).alias("owner"),
    )
    stage = (
        pl.when(pl.col("programme").is_in(["小学", "初中", "普通高中"]))
        .then(pl.col("programme"))
        .otherwise(pl.lit("中职"))
    )
    pupils = (
        rows(base.enrolment_by_grade)
        .filter(pl.col("programme") != "成人高中")
        .select(
            "school_id", pl.lit("在校生").alias("measure"), stage.alias("stage"), pl.col("pupils").alias("n")
        )
    )
    migrant = groups.filter(pl.col("stage").is_in(["小学", "初中"])).select(
        "school_id", pl.lit("随迁子女").alias("measure"), "stage", pl.col("migrant_total").alias("n")
    )
    counted = pl.concat([pupils, migrant]).join(schools, on="school_id")
    keys = ["county_code", "measure", "stage"]
    sums = pl.concat(
        counted.group_by(*keys, breakdown.alias("breakdown")).agg(pl.col("n").sum().alias("count"))
        for breakdown in (pl.lit("合计"), pl.col("place"), pl.col("owner"))
    )
    asked = (
        counted.select(keys)
        .unique()
        .join(pl.DataFrame({"breakdown": ["合计", "城区", "镇区", "乡村", "公办", "民办"]}), how="cross")
    )
    return of(
        "county_totals",
        asked.join(sums, on=[*keys, "breakdown"], how="left")
        .with_columns(count=pl.col("count").fill_null(0), school_year=pl.lit(base.year))
        .sort(*keys, "breakdown"),
    )


# -- teachers ---------------------------------------------------------------------------------


def teacher_exchange(base: Base, staff: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Exchange of teachers and heads by county and stage, a row for each year of recruitment since 2021."""
    step = _step(base.year)
    schools = open_schools(base).select("school_id", "county_code", "urban", "town", "is_quality_school")
    taught = staff.filter(pl.col("stage").is_in(["小学", "初中"])).join(schools, on="school_id")
    better = pl.col("urban") | pl.col("town") | pl.col("is_quality_school").fill_null(False)
    teachers = (
        taught.group_by("county_code", "stage")
        .agg(
            pl.col("full_time_teachers").filter(better).sum().alias("teachers"),
            pl.len().alias("schools"),
        )
        .with_columns(junior=(pl.col("stage") == "初中").cast(pl.Int64))
    )
    cohorts = pl.DataFrame({"recruit_cohort": list(range(min(_FIRST_COHORT, base.year), base.year + 1))})
    keys = (_area(), pl.col("junior"))
    own = pl.col("recruit_cohort") == base.year
    since = base.year - pl.col("recruit_cohort")
    rate = {0: 78, 1: 92, 2: 104, 3: 110}.get(step, 115) + draw(seed, "exchange", -5, 9, *keys)
    backbone = {0: 160, 1: 182, 2: 207, 3: 216}.get(step, 222) + draw(seed, "backbone", -12, 14, *keys)
    exchanged = (
        teachers.join(cohorts, how="cross")
        .with_columns(
            eligible=pl.col("teachers") * draw(seed, "eligible", 330, 430, *keys) // 1000,
            rural_recruits=draw(seed, "recruited", 3, 15, *keys, pl.col("recruit_cohort"))
            * pl.when(pl.col("schools") < 3).then(0).otherwise(1),
            urban_applicants_senior_title=pl.col("teachers") * draw(seed, "title", 22, 34, *keys) // 1000,
            new_principals=(pl.col("schools") * draw(seed, "heads", 40, 90, *keys, pl.lit(base.year)) + 500)
            // 1000,
        )
        .with_columns(
            rotated=(pl.col("eligible") * pl.when(_in(EXCHANGE_BEHIND)).then(rate - 34).otherwise(rate) + 999)
            // 1000,
            placed_one_year=pl.col("rural_recruits")
            * pl.min_horizontal(pl.lit(90), 6 + since * draw(seed, "placed", 17, 24, *keys))
            // 100,
            applicants_with_rural_year=pl.col("urban_applicants_senior_title")
            * pl.min_horizontal(pl.lit(1000), 905 + 24 * step + draw(seed, "rural year", -20, 20, *keys))
            // 1000,
            new_principals_rural3=pl.col("new_principals") * (46 + 4 * step) // 100,
        )
        .with_columns(
            rotated=pl.min_horizontal("rotated", "eligible"),
        )
        .with_columns(
            rotated_backbone=(
                pl.col("rotated") * pl.when(_in(EXCHANGE_BEHIND)).then(backbone - 40).otherwise(backbone)
                + 500
            )
            // 1000
        )
        .with_columns(
            pl.when(own).then(pl.col(name)).otherwise(0).alias(name)
            for name in (
                "eligible",
                "rotated",
                "rotated_backbone",
                "urban_applicants_senior_title",
                "applicants_with_rural_year",
                "new_principals",
                "new_principals_rural3",
            )
        )
        .with_columns(school_year=pl.lit(base.year))
    )
    return of("teacher_exchange", exchanged.sort("county_code", "stage", "recruit_cohort"))


def pay_comparison(base: Base, staff: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Pay of teachers of compulsory schools and of civil servants, allowances and housing, by county."""
    step = _step(base.year)
    schools = open_schools(base).select("school_id", "county_code", "rural", "is_public")
    counted = (
        staff.filter(pl.col("stage").is_in(["小学", "初中"]))
        .join(schools.filter("is_public"), on="school_id")
        .group_by("county_code")
        .agg(
            pl.col("full_time_teachers").sum().alias("teachers_n"),
            pl.col("full_time_teachers").filter("rural").sum().alias("rural_teachers"),
        )
    )
    growth = 1000 + 41 * step
    # Teachers' pay in thousandths of civil servants' pay.
    ratio = 988 + 7 * step + draw(seed, "pay", -8, 12, _area())
    ratio = pl.when(_in(PAY_BEHIND)).then(966 + 4 * step + draw(seed, "pay", 0, 6, _area())).otherwise(ratio)
    for area, year in PAY_FELL.items():
        if base.year >= year:
            ratio = pl.when(pl.col("county_code") == area).then(985).otherwise(ratio)
    approved = {0: 1000, 1: 1020, 2: 1062, 3: 1100}.get(step, 1100)
    late = pl.when(draw(seed, "late to approve", 0, 9, _area()) < 2).then(approved - 45).otherwise(approved)
    paid = counted.with_columns(
        calendar_year=pl.lit(base.year),
        civil_yuan=draw(seed, "civil pay", 73_000, 88_000, _area()) * growth // 1000,
        civil_servants_n=pl.col("teachers_n") * draw(seed, "servants", 520, 760, _area()) // 1000,
        guideline_yuan=pl.col("teachers_n")
        * draw(seed, "guideline", 27_000, 32_000, _area())
        * growth
        // 1000,
        ratio=ratio,
        rural_allowance_eligible=pl.col("rural_teachers"),
        housing_eligible=pl.col("rural_teachers") * draw(seed, "housing", 180, 260, _area()) // 1000,
    ).with_columns(
        performance_yuan=(pl.col("guideline_yuan") * late + 999) // 1000,
        rural_allowance_paid=pl.col("rural_allowance_eligible")
        - share(
            pl.col("rural_allowance_eligible"),
            max(26 - 7 * step, 0),
            seed,
            "unpaid",
            _area(),
            pl.lit(base.year),
        ),
        housing_covered=pl.col("housing_eligible")
        * pl.min_horizontal(pl.lit(100), 70 + 6 * step + draw(seed, "housed", -6, 6, _area()))
        // 100,
        components=pl.lit(_PAY_ITEMS),
        civil_servant_components=pl.lit(_PAY_ITEMS),
    )
    return of(
        "pay_comparison",
        paid.with_columns(
            teacher_avg_pay=_hundredths(pl.col("civil_yuan") * pl.col("ratio") // 10),
            civil_servant_avg_pay=_hundredths(pl.col("civil_yuan") * 100),
            performance_total=_hundredths(pl.col("performance_yuan") * 100),
            guideline_total=_hundredths(pl.col("guideline_yuan") * 100),
        ).sort("county_code"),
    )


# -- health and disability --------------------------------------------------------------------


def vision_screening(base: Base, seed: int) -> pl.DataFrame:
    """Eyesight of the year's sample by county, stage and sex, always by one method."""
    step = _step(base.year)
    schools = open_schools(base).select("school_id", "county_code")
    stage = (
        pl.when(pl.col("programme").is_in(["小学", "初中"]))
        .then(pl.col("programme"))
        .otherwise(pl.lit("高中"))
    )
    taught = rows(base.enrolment_by_grade).select("school_id", stage.alias("stage"), "sex", "pupils")
    cared = (
        rows(base.kindergarten_children)
        .filter(pl.col("age") >= 5)
        .select("school_id", pl.lit("学前").alias("stage"), "sex", pl.col("children").alias("pupils"))
    )
    counted = (
        pl.concat([taught, cared])
        .join(schools, on="school_id")
        .group_by("county_code", "stage", "sex")
        .agg(pl.col("pupils").sum(), pl.col("school_id").n_unique().alias("schools"))
        .filter(pl.col("pupils") > 0)
        .with_columns(
            girl=(pl.col("sex") == "女").cast(pl.Int64),
            level=pl.col("stage").replace_strict(
                {"学前": 0, "小学": 1, "初中": 2, "高中": 3}, return_dtype=pl.Int64
            ),
        )
    )
    keys = (_area(), pl.col("level"))
    part = pl.when(pl.col("pupils") < 600).then(1000).otherwise(draw(seed, "sample", 280, 420, *keys))
    # Thousandths of a percent; lessons on the screen in 2022 cost what two years had gained.
    path = {0: 0, 1: -1000, 2: -1150, 3: -2700}.get(step, -3700)
    start = pl.col("level").replace_strict(
        {0: 11_500, 1: 36_400, 2: 69_800, 3: 80_600}, return_dtype=pl.Int64
    )
    rate = (
        start
        + draw(seed, "myopia", -2600, 2200, _area())
        + draw(seed, "myopia stage", -700, 700, *keys)
        + pl.col("girl") * 1900
        + draw(seed, "myopia year", -160, 160, *keys, pl.lit(base.year))
        + pl.when(_in(MYOPIA_RISING)).then(480 * step).otherwise(path)
    )
    seen = (
        counted.with_columns(enrolled_in_sample=pl.col("pupils") * part // 1000)
        .with_columns(
            screened=pl.col("enrolled_in_sample")
            * draw(seed, "screened", 905, 985, *keys, pl.lit(base.year))
            // 1000
        )
        .with_columns(myopic=(pl.col("screened") * rate + 50_000) // 100_000)
        .with_columns(
            severe=pl.col("myopic")
            * pl.col("level").replace_strict({0: 0, 1: 12, 2: 74, 3: 152}, return_dtype=pl.Int64)
            // 1000,
            sample_schools=pl.max_horizontal(pl.lit(1), pl.col("schools") * part // 1000),
            method=pl.lit("裸眼视力加非散瞳屈光"),
            calendar_year=pl.lit(base.year),
        )
    )
    return of("vision_screening", seen.sort("county_code", "level", "girl"))


def disabled_children_ledger(base: Base, groups: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Children with disabilities of school age by county: those in the special groups, and those who are not enrolled."""
    step = _step(base.year)
    left_out = pl.when(_in(LEDGER_BEHIND)).then(88 - 9 * step).otherwise(max(44 - 9 * step, 6))
    enrolled = (
        groups.filter(pl.col("stage").is_in(["小学", "初中", "特殊教育"]))
        .join(base.school_register.select("school_id", "county_code"), on="school_id")
        .group_by("county_code")
        .agg(pl.col("disabled_total").sum().alias("enrolled"))
    )
    counted = (
        enrolled.with_columns(
            not_enrolled=share(pl.col("enrolled"), left_out, seed, "not enrolled", _area(), pl.lit(base.year))
        )
        .with_columns(
            ledger=pl.col("enrolled") + pl.col("not_enrolled"), ill=(pl.col("not_enrolled") + 1) // 2
        )
        .with_columns(away=pl.col("not_enrolled") - pl.col("ill"))
        .with_columns(
            reasons=pl.when(pl.col("not_enrolled") == 0)
            .then(None)
            .when(pl.col("away") == 0)
            .then(pl.format("重度残疾暂缓入学{}人", "ill"))
            .otherwise(pl.format("重度残疾暂缓入学{}人;随家长外出待核实{}人", "ill", "away")),
            school_year=pl.lit(base.year),
        )
    )
    return of("disabled_children_ledger", counted.sort("county_code"))


# -- money ------------------------------------------------------------------------------------


def finance_by_stage(
    base: Base,
    before: Base,
    seed: int,
    *,
    city_budget_code: str,
    last: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Education spending of each payer by stage; the stages and 其他 add up to its education spending.

    The average pupils of a fiscal year are eight twelfths of the autumn before and four of its own, of
    public schools. ``last`` is the return of the year before: every stage grows like the whole, vocational
    schools a little faster. Sums stay below 2^62 up to spending of a trillion yuan.
    """
    step = _step(base.year)
    averages = (
        pl.concat(
            [
                _payer_pupils(before, city_budget_code).with_columns(twelfths=pl.col("pupils") * 8),
                _payer_pupils(base, city_budget_code).with_columns(twelfths=pl.col("pupils") * 4),
            ]
        )
        .group_by("unit_code", "stage")
        .agg(pl.col("twelfths").sum())
        .filter(pl.col("twelfths") > 0)
    )
    spent = base.county_finance.filter((pl.col("item") == "教育支出") & (pl.col("basis") == "决算")).select(
        "unit_code", fen=(pl.col("amount_yuan") * 100).cast(pl.Int64)
    )
    unit = pl.col("unit_code").cast(pl.Int64)
    known = _last_per_pupil(last)
    # Fen per pupil asked for, then scaled so that the stages take what is not 其他.
    usual = pl.col("stage").replace_strict(_STAGE_WEIGHTS, return_dtype=pl.Int64) * 10_000
    faster = pl.when(pl.col("stage") == "中职").then(1012).otherwise(1000)
    shared = (
        averages.join(spent, on="unit_code")
        .join(known, on=["unit_code", "stage"], how="left")
        .with_columns(
            asked=pl.coalesce(pl.col("last_fen") * faster // 1000, usual) * pl.col("twelfths") // 12,
            other=pl.col("fen") * draw(seed, "other spending", 32, 52, unit) // 1000,
        )
        .with_columns(
            spending=_whole_wan(
                pl.col("asked")
                * ((pl.col("fen") - pl.col("other")) * 1_000_000 // pl.col("asked").sum().over("unit_code"))
                // 1_000_000
            )
        )
    )
    level = pl.col("stage").replace_strict(
        {s: i for i, s in enumerate(_STAGE_WEIGHTS)}, return_dtype=pl.Int64
    )
    used = shared.with_columns(
        public=_whole_wan(
            pl.col("spending") * (draw(seed, "public use", 195, 225, unit, level) + 6 * min(step, 4)) // 1000
        ),
        standard=_standard(base.year, seed),
    ).with_columns(
        each=_per(pl.col("spending"), pl.col("twelfths")),
        each_public=_per(pl.col("public"), pl.col("twelfths")),
    )
    rest = (
        shared.group_by("unit_code")
        .agg((pl.col("fen").first() - pl.col("spending").sum()).alias("spending"))
        .with_columns(stage=pl.lit("其他"), public=_whole_wan(pl.col("spending") * 3 // 10))
    )
    return of(
        "finance_by_stage",
        pl.concat([used, rest], how="diagonal")
        .with_columns(
            fiscal_year=pl.lit(base.year),
            basis=pl.lit("决算"),
            spending_yuan=_hundredths(pl.col("spending")),
            public_use_spending_yuan=_hundredths(pl.col("public")),
            avg_pupils=_hundredths((pl.col("twelfths") * 100 + 6) // 12),
            per_pupil_yuan=_hundredths(pl.col("each")),
            per_pupil_public_use_yuan=_hundredths(pl.col("each_public")),
            standard_yuan=_hundredths(pl.col("standard") * 100),
            same_basis_prev=_hundredths(pl.col("last_fen")),
        )
        .sort("unit_code", "stage"),
    )


def _whole_wan(fen: pl.Expr) -> pl.Expr:
    """Cut to whole ten thousands of yuan, as finance offices file."""
    return fen // 1_000_000 * 1_000_000


def _per(fen: pl.Expr, twelfths: pl.Expr) -> pl.Expr:
    """Fen a pupil, halves up."""
    return (fen * 24 + twelfths) // (2 * twelfths)


def _payer_pupils(base: Base, city_budget_code: str) -> pl.DataFrame:
    """unit_code that pays, stage, ``pupils`` of public institutions; special schools by their programme."""
    payer = (
        pl.when(pl.col("pays_budget_level") == "市直").then(pl.lit(city_budget_code)).otherwise("county_code")
    )
    public = base.school_register.filter("is_public").select("school_id", payer.alias("unit_code"))
    stage = pl.when(pl.col("programme").is_in(VOCATIONAL)).then(pl.lit("中职")).otherwise(pl.col("programme"))
    taught = (
        rows(base.enrolment_by_grade)
        .filter(pl.col("programme") != "成人高中")
        .select("school_id", stage.alias("stage"), "pupils")
    )
    cared = rows(base.kindergarten_children).select(
        "school_id", pl.lit("学前").alias("stage"), pl.col("children").alias("pupils")
    )
    return (
        pl.concat([taught, cared])
        .join(public, on="school_id")
        .group_by("unit_code", "stage")
        .agg(pl.col("pupils").sum())
    )


def _last_per_pupil(last: pl.DataFrame | None) -> pl.DataFrame:
    if last is None:
        return pl.DataFrame(schema={"unit_code": pl.String, "stage": pl.String, "last_fen": pl.Int64})
    return last.filter(pl.col("per_pupil_yuan").is_not_null()).select(
        "unit_code", "stage", last_fen=(pl.col("per_pupil_yuan") * 100).cast(pl.Int64)
    )


def _standard(year: int, seed: int) -> pl.Expr:
    """Yuan of public funds a pupil that the level grants: rises, but for one cut."""
    step = _step(year)
    later = 1 if year >= 2023 else 0
    unit = pl.col("unit_code").cast(pl.Int64)
    better = draw(seed, "standard", 0, 2, unit)
    standard = (
        pl.when(pl.col("stage") == "学前")
        .then(500 + 20 * step + 50 * better)
        .when(pl.col("stage") == "小学")
        .then(650 + 70 * later)
        .when(pl.col("stage") == "初中")
        .then(850 + 90 * later)
        .when(pl.col("stage") == "普通高中")
        .then(1000 + 40 * step + 100 * better)
        .otherwise(1200 + 60 * step)
    )
    for area, cut in STANDARD_CUT.items():
        here = (pl.col("unit_code") == area) & (pl.col("stage") == "学前")
        if year >= cut:
            standard = pl.when(here).then(500).otherwise(standard)
    return standard


# -- old people -------------------------------------------------------------------------------


def elderly_education(base: Base, seed: int, *, city_code: str | None = None) -> pl.DataFrame:
    """Bodies for the education of the elderly and communities at county, township and village level.

    With ``city_code`` the city's own row is added.
    """
    step = _step(base.year)
    townships = (
        base.school_register.with_columns(town=pl.col("site_code12").str.slice(0, 9))
        .group_by("county_code")
        .agg(pl.col("town").n_unique().alias("towns"))
    )
    opened = 2017 + draw(seed, "old university", 0, 6, _area())
    here = townships.with_columns(
        university=((opened <= base.year) & ~_in(NO_UNIVERSITY)).cast(pl.Int64),
        body=(draw(seed, "old body", 0, 99, _area()) < 55 + 11 * step).cast(pl.Int64),
        villages=pl.col("towns") * draw(seed, "villages", 12, 19, _area()),
        pace=draw(seed, "old pace", -80, 60, _area()),
    )
    levels = [
        here.select(
            "county_code",
            level=pl.lit("县"),
            units=pl.lit(1),
            with_institution="body",
            universities="university",
        ),
        here.select(
            "county_code",
            level=pl.lit("乡镇"),
            units="towns",
            with_institution=pl.col("towns") * (380 + 118 * step + pl.col("pace")) // 1000,
            universities=pl.lit(0),
        ),
        here.select(
            "county_code",
            level=pl.lit("村"),
            units="villages",
            with_institution=pl.col("villages") * (170 + 102 * step + pl.col("pace")) // 1000,
            universities=pl.lit(0),
        ),
    ]
    if city_code is not None:
        levels.append(
            pl.DataFrame(
                {
                    "county_code": [city_code],
                    "level": ["市"],
                    "units": [1],
                    "with_institution": [1],
                    "universities": [1],
                }
            )
        )
    whole = pl.concat(
        frame.with_columns(pl.col("units", "with_institution", "universities").cast(pl.Int64))
        for frame in levels
    )
    return of(
        "elderly_education",
        whole.with_columns(
            unit_code=pl.col("county_code"),
            calendar_year=pl.lit(base.year),
            with_institution=pl.min_horizontal("with_institution", "units"),
        ).sort("unit_code", "level"),
    )
