"""The mistakes: for each rule one that this rule tells, once; what else must follow from it is said with it.

Belongs here: what to change in the rows of a school or county. Does not belong here: choosing them, files.

An error stops the run at its gate, and a table that fails group A is not passed on, so mistakes come in passes:
``intake`` (cells that cannot be read), ``identity`` (group A), ``forms`` (the other rules of gate 1), ``across`` (gate 2) and ``results`` (gate 3).
``UNPLANTED`` names the rules that no return can break by itself, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.demo.bulk.order import CITY, CITY_BUDGET
from pipeline.demo.bulk.planting import COUNTY_OF_SCHOOL, Defect, Handling, Mistake, Row, Scribble, World
from pipeline.demo.bulk.totals import CountyTotals
from pipeline.demo.forms.base import CLASS_LEVELS

UNKNOWN_PROVINCE = "98"
_FEWEST_FOR_MEDIAN = 3

Make = Callable[[list[Row], World], Mistake | None]


def _first(wanted: Callable[[Row, World], bool], cells: Callable[[Row], dict[str, Any]]) -> Make:
    """Change cells of the first row of the unit that is fit."""

    def make(rows: list[Row], world: World) -> Mistake | None:
        for place, row in enumerate(rows):
            if wanted(row, world):
                return Mistake(cells=[(place, column, new) for column, new in cells(row).items()])
        return None

    return make


def _unknown(row: Row, kind: str = "22") -> str:
    """A code that no school has: of a type that occurs nowhere, with the school's own serial number."""
    return kind + row["school_id"][2:]


def _any(row: Row, world: World) -> bool:
    return True


def _open(row: Row, world: World) -> bool:
    return row["status"] == "在办"


def _stage(*stages: str) -> Callable[[Row, World], bool]:
    return lambda row, world: row["stage"] in stages


def _is_kind(row: Row, world: World, *kinds: str) -> bool:
    return world.schools[row["school_id"]]["school_type"] in kinds


# -- intake ---------------------------------------------------------------------------------------

SCRIBBLES = (
    Scribble("I04", "enrolment_by_grade", "pupils", "约30"),
    Scribble("I05", "enrolment_by_grade", "pupils", ""),
    Scribble("I06", "school_register", "status", "开办"),
    Scribble("I07", "school_register", "closure_date", "去年夏天"),
    Scribble("I08", "enrolment_by_grade", "pupils", "-3"),
    Scribble("I09", "staff", "school_year", "2014"),
    Scribble("I10", "school_register", "school_id", None),
    Scribble("I11", "pupil_movement", "county_code", "990002"),
    Scribble("I12", "school_register", "county_code", "99002"),
    Scribble("I15", "kindergarten_children", "children", "—"),
    Scribble("I16", "school_register", "school_name", "示例\u0007学校"),
)
"""Cells that intake refuses, in returns by school (CSV at any size)."""

# -- identity: group A ----------------------------------------------------------------------------


def _new_code(rows: list[Row], world: World) -> Mistake:
    """A closed school more, with a code of no known type."""
    row = dict(rows[0]) | {"school_id": _unknown(rows[0], "12"), "status": "停办", "host_school_id": None}
    return Mistake(add=[row])


def _left_out(rows: list[Row], world: World) -> Mistake | None:
    return Mistake(drop=[0]) if rows[0]["status"] == "在办" and rows[0]["school_type"] == "111" else None


def _whole_return(rows: list[Row], world: World) -> Mistake:
    return Mistake(drop=list(range(len(rows))))


def _no_buildings(rows: list[Row], world: World) -> Mistake | None:
    if not _is_kind(rows[0], world, "111"):
        return None
    return Mistake(cells=[(0, column, 0) for column in ("floor_m2", "teaching_m2", "dorm_m2", "danger_m2")])


IDENTITY = (
    Defect("A01", "population_by_age", "county_code", _first(_any, lambda r: {"county_code": UNKNOWN_PROVINCE + r["county_code"][2:]})),
    Defect("A02", "school_register", "school_id", _new_code),
    Defect("A04", "school_register", "school_id", _first(_open, lambda r: {"site_code12": CITY + r["site_code12"][6:]})),
    Defect(
        "A05",
        "school_register",
        "school_id",
        _first(lambda r, w: r["urban_rural_code"] in ("111", "112"), lambda r: {"urban_rural_code": "113"}),
    ),
    Defect("A06", "school_register", "school_id", _left_out, told_by="unit"),
    Defect(
        "A07", "school_register", "school_id", _first(lambda r, w: r["status"] == "撤并", lambda r: {"status": "在办"})
    ),
    Defect(
        "A08", "school_register", "school_id", _first(lambda r, w: r["school_type"] == "211", lambda r: {"school_type": "218"})
    ),
    Defect(
        "A09",
        "school_register",
        "school_id",
        _first(lambda r, w: r["urban_rural_code"].startswith("2"), lambda r: {"urban_rural_code": "123"}),
    ),
    Defect("A10", "school_register", "school_id", _first(_open, lambda r: {"lon": "121.500000"})),
    Defect(
        "A11",
        "school_register",
        "school_id",
        _first(lambda r, w: r["founder_type"] == "教育部门", lambda r: {"founder_type": "个人"}),
    ),
    Defect("A12", "school_register", "school_id", _first(_open, lambda r: {"host_school_id": _unknown(r)})),
    Defect("A13", "births", "county_code", _whole_return, told_by="unit"),
    Defect("A14", "facilities", "school_id", _no_buildings, told_by="unit", told_table="school_register"),
)

# -- forms: the other rules of gate 1 -------------------------------------------------------------


def _total(row: Row, world: World) -> bool:
    return row["is_total"]


def _class_of(stage: str) -> Callable[[Row, World], bool]:
    return lambda row, world: row["stage"] == stage and row["classes"] >= 3


def _large_group(row: Row, world: World) -> bool:
    """Children of one class level who do not fit into one class of 36."""
    return row["stage"] == "学前" and world.children[row["school_id"], _LEVELS[row["grade"]]] > _CLASS_SIZE


_LEVELS = {number: level for level, number in CLASS_LEVELS.items()}
_CLASS_SIZE = 36
_ONE_CLASS = {"classes": 1, "size_band_le35": 0, "size_band_36_45": 0, "size_band_46_55": 0, "size_band_ge56": 1}
_ONE_TEACHER = {
    "full_time_teachers": 1,
    "female": 1,
    "q_graduate": 0,
    "q_bachelor": 0,
    "q_college": 1,
    "q_upper_secondary": 0,
    "q_below": 0,
    "backbone_county_up": 0,
    "new_recruits": 0,
    "new_recruits_college": 0,
    "health_checked": 1,
}
_MORE_TEACHERS = 11


def _more_entrants(rows: list[Row], world: World) -> Mistake | None:
    """One more new child than there are children in a class, and the total with it."""
    place = next((n for n, r in enumerate(rows) if not r["is_total"] and r["age"] == 4), None)
    total = next((n for n, r in enumerate(rows) if r["is_total"]), None)
    if place is None or total is None:
        return None
    more = rows[place]["children"] + 1 - rows[place]["entrants"]
    return Mistake(
        cells=[
            (place, "entrants", rows[place]["children"] + 1),
            (total, "entrants", rows[total]["entrants"] + more),
        ]
    )


def _young_leavers(rows: list[Row], world: World) -> Mistake | None:
    """The leavers of the oldest class stand in the row of the youngest."""
    youngest = next((n for n, r in enumerate(rows) if r["age"] == 3), None)
    oldest = next((n for n, r in enumerate(rows) if r["age"] == 5 and r["leavers"] > 0), None)
    if youngest is None or oldest is None:
        return None
    return Mistake(cells=[(youngest, "leavers", rows[oldest]["leavers"]), (oldest, "leavers", 0)])


def _more_people(row: Row) -> dict[str, Any]:
    names = ("full_time_teachers", "staff", "q_college")
    return {name: row[name] + _MORE_TEACHERS for name in names}


def _moved_in(row: Row) -> dict[str, Any]:
    return {"in_other": row["in_other"] + 12, "closing": row["closing"] + 12}


def _fewer_graduates(rows: list[Row], world: World) -> Mistake | None:
    """A tenth of the junior graduates of every school of a county is left out."""
    juniors = [n for n, r in enumerate(rows) if r["stage"] == "初中" and r["graduates_prev_summer"] >= 10]
    left = [(n, "graduates_prev_summer", rows[n]["graduates_prev_summer"] * 9 // 10) for n in juniors]
    return Mistake(cells=left) if left else None


def _other_method(rows: list[Row], world: World) -> Mistake:
    stage = rows[0]["stage"]
    return Mistake(cells=[(n, "method", "裸眼视力") for n, r in enumerate(rows) if r["stage"] == stage])


def _unknown_feature(rows: list[Row], world: World) -> Mistake:
    return Mistake(add=[dict(rows[0]) | {"school_id": _unknown(rows[0]), "date_to": None}])


def _lost_recognition(rows: list[Row], world: World) -> Mistake | None:
    place = next((n for n, r in enumerate(rows) if r["date_to"] is None and r["date_from"].year < world.year - 1), None)
    return None if place is None else Mistake(drop=[place])


def _adults(number: int) -> Make:
    """Adults who learn in an upper-secondary school: a programme that few rules look at."""

    def make(rows: list[Row], world: World) -> Mistake | None:
        if not _is_kind(rows[0], world, "342"):
            return None
        more = number + sum(r["pupils"] for r in rows if not r["is_total"]) // 2
        return Mistake(add=[_pupils(rows[0], programme="成人高中", grade=10, pupils=more)])

    return make


def _pupils(row: Row, **changes: Any) -> dict[str, Any]:
    return dict(row) | {"sex": "男", "is_total": False, "repeaters": 0} | changes


def _special(row: Row) -> dict[str, Any]:
    return {name: row[name] + 1 for name in ("disabled_special_school", "disabled_total")}


def _rural_senior(row: Row, world: World) -> bool:
    return row["stage"] == "高中" and world.schools[row["school_id"]]["urban_rural_code"].startswith("2")


def _four_year(rows: list[Row], world: World) -> Mistake | None:
    """A fourth year of junior school, of a school that no other form knows."""
    if not _is_kind(rows[0], world, "311"):
        return None
    return Mistake(add=[_pupils(rows[0], school_id=_unknown(rows[0]), programme="初中", grade=10, pupils=6)])


def _wrong_total(rows: list[Row], world: World) -> Mistake:
    row = next(r for r in rows if r["item"] == "教育支出")
    return Mistake(add=[dict(row) | {"unit_code": CITY, "amount_yuan": 1}])


def _wrong_unit(rows: list[Row], world: World) -> Mistake | None:
    """All counties state their spending as statistics of education funds too; one of them a hundred times as much."""
    stated = [r for r in rows if r["item"] == "教育支出" and r["basis"] == "决算" and r["unit_code"] not in (CITY, CITY_BUDGET)]
    if len(stated) < _FEWEST_FOR_MEDIAN:
        return None
    added = [dict(r) | {"basis": "教育经费统计"} for r in stated]
    added[0]["amount_yuan"] *= 100
    return Mistake(add=added)


def _more_vocational(rows: list[Row], world: World) -> Mistake | None:
    """Adults learn in every vocational school of the county: an eighth more pupils, too few to stand out in a school."""
    schools: dict[str, list[Row]] = {}
    for row in rows:
        if row["programme"] == "中专" and not row["is_total"]:
            schools.setdefault(row["school_id"], []).append(row)
    added = [
        _pupils(own[0], programme="成人中专", grade=10, pupils=-(-sum(r["pupils"] for r in own) // 8))
        for own in schools.values()
    ]
    more = [(row["school_id"], row["pupils"]) for row in added]
    return Mistake(add=added, raised=_in_county_totals(more, "在校生", "中职", world)) if added else None


def _in_county_totals(
    counted: list[tuple[str, int]], measure: str, stage: str, world: World
) -> list[tuple[str, dict[str, Any], str, int]]:
    """The county's own summary knows of so many more in each of these schools: altogether, by place and by owner."""
    sums: dict[tuple[str, str], int] = {}
    for code, number in counted:
        school = world.schools[code]
        place = {"11": "城区", "12": "镇区"}.get(school["urban_rural_code"][:2], "乡村")
        for breakdown in ("合计", place, "公办" if school["is_public"] else "民办"):
            key = (school["county_code"], breakdown)
            sums[key] = sums.get(key, 0) + number
    return [
        (
            "county_totals",
            {"county_code": county, "measure": measure, "stage": stage, "breakdown": breakdown},
            "count",
            number,
        )
        for (county, breakdown), number in sums.items()
    ]


def _more_migrants(rows: list[Row], world: World) -> Mistake | None:
    """Half as many migrant children more in the junior schools of a county, where there are some already."""
    juniors = [(n, r) for n, r in enumerate(rows) if r["stage"] == "初中" and r["migrant_total"]]
    all_of_them = sum(r["migrant_total"] for _, r in juniors)
    cells: list[tuple[int, str, Any]] = []
    more: list[tuple[str, int]] = []
    for n, row in juniors:
        if sum(number for _, number in more) * 2 < all_of_them:
            names = ("migrant_total", "migrant_province", "migrant_county")
            cells += [(n, name, row[name] * 2) for name in names if row[name]]
            more.append((row["school_id"], row["migrant_total"]))
    return Mistake(cells=cells, raised=_in_county_totals(more, "随迁子女", "初中", world)) if more else None


def _spent_less(rows: list[Row], world: World) -> Mistake | None:
    """An eighth less than was spent: less than last year, when it was some hundredths less."""
    if rows[0]["unit_code"] == CITY:
        return None  # a total that another mistake has made up
    place = next(n for n, r in enumerate(rows) if r["item"] == "教育支出" and r["basis"] == "决算")
    return Mistake(cells=[(place, "amount_yuan", rows[place]["amount_yuan"] * 7 // 8)])


def _told_of_less(mistake: Mistake, rows: list[Row], world: World) -> list[tuple[str, str, str]]:
    """The stages add up to what was spent before the change."""
    return [("C15", "finance_by_stage", rows[0]["unit_code"])]


def _old_decision(rows: list[Row], world: World) -> Mistake | None:
    """A recognition that ended in summer is counted on under the old number."""
    old = world.decisions.get(rows[0]["school_id"])
    renewed = rows[0]["recognised_from"].year == world.year
    return Mistake(cells=[(0, "decision_no", old)]) if old and renewed else None


FORMS = (
    Defect("B14", "enrolment_by_grade", "school_id", _four_year),
    Defect("C14", "county_finance", "unit_code", _wrong_total, once=True),
    Defect("D06", "enrolment_by_grade", COUNTY_OF_SCHOOL, _more_vocational, told_by="unit"),
    Defect("D14", "special_groups", COUNTY_OF_SCHOOL, _more_migrants, told_by="unit"),
    Defect("D10", "county_finance", "unit_code", _spent_less, told_by="unit", scope="spending", also=_told_of_less),
    Defect("C17", "county_finance", "fiscal_year", _wrong_unit, once=True),
    Defect("D13", "inclusive_kindergarten_register", "school_id", _old_decision),
    Defect("B02", "enrolment_by_grade", "school_id", _first(_total, lambda r: {"pupils": 1})),
    Defect("B03", "enrolment_by_grade", "school_id", _first(_total, lambda r: {"pupils": r["pupils"] + 1})),
    Defect("B04", "county_totals", "county_code", _first(lambda r, w: r["measure"] == "在校生", lambda r: {"count": r["count"] + 1})),
    Defect("B05", "kindergarten_children", "school_id", _first(_total, lambda r: {"children": r["children"] + 1})),
    Defect("B06", "kindergarten_children", "school_id", _more_entrants),
    Defect("B07", "kindergarten_children", "school_id", _young_leavers, told_by="unit"),
    # Juniors and few others are rare in a small county: their rules choose first.
    Defect("B18", "special_groups", "school_id", _first(_rural_senior, lambda r: {"migrant_total": 1, "migrant_county": 1})),
    Defect("D05", "enrolment_by_grade", "school_id", _adults(51), told_by="unit"),
    Defect("C03", "classes", "school_id", _first(_class_of("初中"), lambda r: _ONE_CLASS)),
    Defect("B13", "entrants_graduates", "school_id", _first(_stage("初中"), lambda r: {"expected_graduates": r["expected_graduates"] + 1})),
    Defect("C07", "special_groups", "school_id", _first(_stage("特殊教育"), _special), told_by="unit"),
    Defect("D02", "entrants_graduates", "school_id", _first(_stage("初中"), lambda r: {"graduates_prev_summer": r["graduates_prev_summer"] + 1}), told_by="unit", scope="graduates"),
    Defect("D03", "entrants_graduates", COUNTY_OF_SCHOOL, _fewer_graduates, told_by="unit", scope="graduates"),
    Defect("B08", "classes", "school_id", _first(_large_group, lambda r: _ONE_CLASS)),
    Defect("B09", "entrants_graduates", "school_id", _first(_stage("小学"), lambda r: {"entrants": r["entrants"] + 1})),
    Defect("B10", "entrants_graduates", "school_id", _first(lambda r, w: r["stage"] == "小学" and r["entrants"] > r["entrants_preschool"], lambda r: {"entrants": r["entrants"] - 1})),
    Defect("B11", "entrants_graduates", "school_id", _first(_stage("小学"), lambda r: {"entrants_preschool": r["entrants"] + 1})),
    Defect("B12", "entrants_graduates", "school_id", _first(_stage("小学"), lambda r: {"expected_graduates": r["expected_graduates"] + 1})),
    Defect("B15", "classes", "school_id", _first(_stage("小学"), lambda r: {"size_band_le35": r["size_band_le35"] + 1})),
    Defect("B16", "special_groups", "school_id", _first(_stage("小学"), lambda r: {"left_behind": 9_999})),
    Defect("B17", "special_groups", "school_id", _first(_stage("小学"), lambda r: {"migrant_province": r["migrant_province"] + 1})),
    Defect("B19", "facilities", "school_id", _first(lambda r, w: r["beds"] > 0, lambda r: {"dorm_m2": 0}), told_by="unit", told_table="special_groups"),
    Defect("B20", "special_groups", "school_id", _first(_stage("小学"), lambda r: {"disabled_total": r["disabled_total"] + 1})),
    Defect("B21", "staff", "school_id", _first(_any, lambda r: {"female": r["full_time_teachers"] + 1})),
    Defect("B22", "staff", "school_id", _first(_any, lambda r: {"backbone_county_up": r["full_time_teachers"] + 1})),
    Defect("B23", "staff", "school_id", _first(lambda r, w: r["stage"] == "学前" and 5 <= r["full_time_teachers"] <= 11, lambda r: _ONE_TEACHER)),
    Defect("B24", "facilities", "school_id", _first(_any, lambda r: {"books": 0})),
    Defect("B25", "facilities", "school_id", _first(_any, lambda r: {"teaching_m2": r["floor_m2"] + 1})),
    Defect("B26", "pupil_movement", "school_id", _first(lambda r, w: 2 <= r["grade"] <= 4, lambda r: {"withdrawn": r["withdrawn"] + 1})),
    Defect("B27", "teacher_exchange", "county_code", _first(_any, lambda r: {"rotated_backbone": r["rotated"] + 1})),
    Defect("B28", "vision_screening", "county_code", _first(_any, lambda r: {"severe": r["myopic"] + 1})),
    Defect("B29", "vision_screening", "county_code", _first(_stage("初中"), lambda r: {"enrolled_in_sample": r["screened"] * 3 + 10}), told_by="unit"),
    Defect("B30", "pay_comparison", "county_code", _first(_any, lambda r: {"civil_servant_components": "基本工资"})),
    Defect("B31", "after_school_service", "school_id", _first(_any, lambda r: {"served": r["applied"] + 1})),
    Defect("B32", "disabled_children_ledger", "county_code", _first(_any, lambda r: {"enrolled": r["ledger"] + 1})),
    Defect("C05", "inclusive_kindergarten_register", "school_id", _first(_any, lambda r: {"fee_month": r["fee_ceiling"] + 1})),
    Defect("C08", "entrants_graduates", "school_id", _first(_stage("小学"), lambda r: {"graduates_prev_summer": r["graduates_prev_summer"] - 1}), told_by="unit", scope="primary graduates"),
    Defect("C12", "population_by_age", "county_code", _first(lambda r, w: r["basis"] == "户籍" and r["age"] == 0, lambda r: {"population": r["population"] * 60}), told_by="unit"),
    Defect("C15", "finance_by_stage", "unit_code", _first(_stage("其他"), lambda r: {"spending_yuan": r["spending_yuan"] * 3}), told_by="unit", scope="spending"),
    Defect("C16", "finance_by_stage", "unit_code", _first(_stage("小学"), lambda r: {"per_pupil_yuan": r["per_pupil_yuan"] * 20})),
    Defect("C18", "teacher_exchange", "county_code", _first(_stage("初中"), lambda r: {"eligible": 9_999_999}), told_by="unit"),
    Defect("C19", "feature_school_register", "school_id", _unknown_feature),
    Defect("C22", "school_register", "school_id", _first(lambda r, w: r["urban_rural_code"] in ("111", "112"), lambda r: {"site_place_type": "乡村"})),
    Defect("D01", "pupil_movement", "school_id", _first(lambda r, w: 2 <= r["grade"] <= 4 and r["opening"] < 300, _moved_in), told_by="unit", told_table="enrolment_by_grade"),
    Defect("D04", "pupil_movement", "school_id", _first(lambda r, w: 2 <= r["grade"] <= 4, lambda r: {"opening": r["opening"] + 1, "withdrawn": r["withdrawn"] + 1})),
    Defect("D07", "staff", "school_id", _first(lambda r, w: r["stage"] == "小学" and 8 <= r["full_time_teachers"] <= 50, _more_people)),
    Defect("D08", "population_by_age", "county_code", _first(lambda r, w: r["basis"] == "常住年报" and r["age"] == 10 and r["population"] > 260, lambda r: {"population": r["population"] * 2}), told_by="unit"),
    Defect("D11", "finance_by_stage", "unit_code", _first(_stage("初中"), lambda r: {"per_pupil_yuan": r["per_pupil_yuan"] - 1_500})),
    Defect("D15", "vision_screening", "county_code", _other_method, told_by="unit"),
    Defect("D16", "feature_school_register", "school_id", _lost_recognition, told_by="unit"),
    Defect("F01", "population_by_age", "county_code", _first(lambda r, w: r["age"] == 20, lambda r: {"county_code": CITY}), once=True),
    Defect("F12", "staff", "school_id", _first(_any, lambda r: {"health_checked": r["full_time_teachers"] + 1})),
)

# -- across: gate 2 -------------------------------------------------------------------------------


def _unknown_pupils(rows: list[Row], world: World) -> Mistake | None:
    if not _is_kind(rows[0], world, "211"):
        return None
    return Mistake(add=[_pupils(rows[0], school_id=_unknown(rows[0]), programme="小学", grade=1, pupils=7)])


def _wrong_grade(rows: list[Row], world: World) -> Mistake | None:
    if not _is_kind(rows[0], world, "211"):
        return None
    return Mistake(add=[_pupils(rows[0], programme="成人高中", grade=10, pupils=5)])


def _county_row(rows: list[Row], world: World) -> Mistake | None:
    if not _is_kind(rows[0], world, "211"):
        return None
    area = world.schools[rows[0]["school_id"]]["county_code"]
    return Mistake(add=[_pupils(rows[0], school_id=None, county_code=area, programme="成人高中", grade=10, pupils=5)])


def _silent(kind: str, code: str) -> Make:
    """An open institution more in the register, of which nothing else is handed in."""

    def make(rows: list[Row], world: World) -> Mistake | None:
        row = rows[0]
        if row["school_type"] != kind or row["status"] != "在办" or not row["is_public"]:
            return None
        return Mistake(add=[dict(row) | {"school_id": _unknown(row, code), "lon": None, "lat": None, "school_name": row["school_name"] + "分校"}])

    return make


def _no_row(rows: list[Row], world: World) -> Mistake:
    """An open school that is left out of a return."""
    return Mistake(drop=list(range(len(rows))))


def _no_age(rows: list[Row], world: World) -> Mistake:
    """Seventeen-year-olds are left out: told once for boys and once for girls."""
    return Mistake(drop=[n for n, r in enumerate(rows) if r["basis"] == "常住年报" and r["age"] == 17])


def _second_day(rows: list[Row], world: World) -> Mistake:
    row = next(r for r in rows if r["basis"] == "常住年报" and r["age"] == 20)
    return Mistake(add=[dict(row) | {"ref_date": row["ref_date"].replace(month=6, day=30)}])


_COMPARED = 500
"""A cohort of fewer is not compared with that of the year before (D08), nor with pupils (C09, C10)."""


def _fewer_aged(first: int, last: int) -> Make:
    """Three tenths of the residents of these ages are left out."""

    def make(rows: list[Row], world: World) -> Mistake | None:
        ages = [n for n, r in enumerate(rows) if r["basis"] == "常住年报" and first <= r["age"] <= last]
        left = [(n, "population", rows[n]["population"] * 7 // 10) for n in ages]
        return Mistake(cells=left) if sum(cell[2] for cell in left) >= _COMPARED else None

    return make


def _told_of_fewer(mistake: Mistake, rows: list[Row], world: World) -> list[tuple[str, str, str]]:
    """Each cohort that is large enough is smaller than a year before (D08): as many as there were are a year older."""
    cohorts: dict[int, int] = {}
    for place, _, _ in mistake.cells:
        cohorts[rows[place]["age"]] = cohorts.get(rows[place]["age"], 0) + rows[place]["population"]
    area = rows[0]["county_code"]
    return [("D08", "population_by_age", area) for people in cohorts.values() if people >= _COMPARED]


_BANDS = {"0": (0, 0), "1-4": (1, 4), "5-9": (5, 9), "10-14": (10, 14), "15-19": (15, 19), "20-24": (20, 24)}


def _census(rows: list[Row], world: World) -> Mistake:
    """A county hands in the census as well, by bands and by single ages; one of these is one too many."""
    singles = [dict(r) | {"basis": "常住普查"} for r in rows if r["basis"] == "常住年报" and r["ref_date"].month == 12]
    bands = [
        {
            "census_year": world.year,
            "county_code": rows[0]["county_code"],
            "sex": sex,
            "age_band": band,
            "population": sum(r["population"] for r in singles if r["sex"] == sex and first <= r["age"] <= last),
        }
        for sex in ("男", "女")
        for band, (first, last) in _BANDS.items()
    ]
    singles[0]["population"] += 1
    return Mistake(add=singles, elsewhere={"census_population": bands})


def _told_of_census(mistake: Mistake, rows: list[Row], world: World) -> list[tuple[str, str, str]]:
    """The census comes first in the plan's order, so the basis differs from last year's."""
    return [("D09", "population_by_age", rows[0]["county_code"])]


def _beyond_budget(rows: list[Row], world: World) -> Mistake:
    place = next(n for n, r in enumerate(rows) if r["item"] == "一般公共预算支出")
    return Mistake(cells=[(place, "amount_yuan", 1)])


def _no_city_schools(rows: list[Row], world: World) -> Mistake | None:
    """The city's own schools are entered as the county's, so that its budget has money and no pupils."""
    own = [(n, "pays_budget_level", "县属") for n, r in enumerate(rows) if r["pays_budget_level"] == "市直"]
    return Mistake(cells=own) if own else None


ACROSS = (
    Defect("C01", "enrolment_by_grade", "school_id", _unknown_pupils),
    Defect("C02", "enrolment_by_grade", "school_id", _wrong_grade),
    Defect("C04", "school_register", "school_id", _first(lambda r, w: r["claims_inclusive"] is False and r["status"] == "在办", lambda r: {"claims_inclusive": True})),
    Defect("C13", "county_finance", "unit_code", _beyond_budget, told_by="unit"),
    Defect("C09", "population_by_age", "county_code", _fewer_aged(12, 14), told_by="unit", told_table="enrolment", also=_told_of_fewer),
    Defect("C10", "population_by_age", "county_code", _fewer_aged(3, 5), told_by="unit", told_table="kindergarten", also=_told_of_fewer),
    # After the two above: the census of the same county says what they left.
    Defect("C11", "population_by_age", "county_code", _census, told_by="unit", scope="ages", also=_told_of_census, once=True),
    Defect("F02", "population_by_age", "county_code", _no_age, told_by="unit", told_each=True, scope="ages"),
    Defect("F03", "population_by_age", "county_code", _second_day, told_by="unit"),
    Defect("F04", "enrolment_by_grade", "school_id", _county_row, scope="county row"),
    Defect("F05", "school_register", "school_id", _silent("111", "92")),
    Defect("F06", "school_register", "school_id", _silent("211", "91")),
    Defect(
        "F07",
        "school_register",
        "county_code",
        _no_city_schools,
        told_by="unit",
        told_table="county_finance",
        told_area=CITY_BUDGET,
    ),
    Defect("F10", "facilities", "school_id", _no_row, told_by="unit"),
    Defect("F11", "event_log", "unit_code", _first(lambda r, w: r["event_type"] == "领导调研", lambda r: {"role": "主要领导"})),
    Defect("F13", "event_log", "unit_code", _first(lambda r, w: r["event_type"] == "运动会" and r["unit_code"] != CITY, lambda r: {"quantity": 99_999})),
)

# -- results: gate 3 ------------------------------------------------------------------------------

_RETENTION, _SENIOR = "compulsory_retention", "senior_secondary_ger"


def _as_last_year(rows: list[Row], world: World) -> Mistake:
    return Mistake(cells=[(0, "value", rows[0]["same_basis_previous"])])


def _told_of_certified(mistake: Mistake, rows: list[Row], world: World) -> list[tuple[str, str, str]]:
    """The certified value is last year's (E04 tells so); it is away from the computed one; the warning has no note."""
    return [("C20", _RETENTION, CITY), ("E09", _RETENTION, CITY)]


def _crowded(rows: list[Row], world: World) -> Mistake:
    """A technical school says ten times its pupils and more than the county has young people."""
    totals = _totals_of(rows, world)
    return Mistake(cells=[(0, "pupils", rows[0]["pupils"] + 2 * totals.aged(world.year, 15, 17))])


def _totals_of(rows: list[Row], world: World) -> CountyTotals:
    return next(one for one in world.totals if one.county.code == rows[0]["county_code"])


def _told_of_crowded(mistake: Mistake, rows: list[Row], world: World) -> list[tuple[str, str, str]]:
    """The county's ratio jumps (E03), and so may that of the whole area: by 1.5 points, above 105 per cent (E02).
    Each of these warnings has no note (E09)."""
    more = mistake.cells[0][2] - rows[0]["pupils"]
    people = sum(one.aged(world.year, 15, 17) for one in world.totals)
    people_before = sum(one.aged(world.year - 1, 15, 17) for one in world.totals)
    now = sum(one.seniors(world.year) for one in world.totals) + more
    before = sum(one.seniors(world.year - 1) for one in world.totals)
    told = [("E03", _SENIOR, rows[0]["county_code"])]
    if now * 100 > people * 105:
        told.append(("E02", _SENIOR, CITY))
    if (now * people_before - before * people) * 1000 > people * people_before * 15:
        told.append(("E03", _SENIOR, CITY))
    return told + [("E09", _SENIOR, unit) for unit in [rows[0]["county_code"], *(unit for _, _, unit in told)]]


_ENTERED_BEFORE = 9
"""Years from a class's entry into primary school to its graduation from junior school."""
_FEWER_LEAVE, _FEWER_CAME = 30, 35
"""Per mille of the graduates and of the class that they were, by which both are stated too low."""
_SMALL = 450
"""Of a class that is stated too low by far, so many: fewer than 500."""


def _entered(totals: CountyTotals, world: World) -> int:
    return totals.grade_1(world.order.last_year - _ENTERED_BEFORE)


def _small(world: World) -> str:
    """The county whose class is stated too low by far, '' where there is none: another must be left to compare."""
    if world.order.last_year - _ENTERED_BEFORE >= world.order.first_year or len(world.totals) < 2:
        return ""
    return next((one.county.code for one in world.totals if _entered(one, world) >= _COMPARED), "")


def _fewer_came(rows: list[Row], world: World) -> Mistake | None:
    """The class that graduates now was smaller when it entered than its grade was (B10)."""
    place = next(n for n, r in enumerate(rows) if r["stage"] == "小学")
    came = rows[place]["entrants"]
    fewer = _SMALL if rows[place]["county_code"] == _small(world) else came - came * _FEWER_CAME // 1000
    return Mistake(cells=[(place, "entrants", fewer)])


def _told_of_came(mistake: Mistake, rows: list[Row], world: World) -> list[tuple[str, str, str]]:
    return [("E09", "entrants_graduates", rows[0]["county_code"])]


def _leave(rows: list[Row], wanted: int) -> Mistake:
    """So many junior graduates in a county, shared among its schools by how many they had."""
    juniors = [(n, r["graduates_prev_summer"]) for n, r in enumerate(rows) if r["stage"] == "初中"]
    all_of_them = sum(number for _, number in juniors)
    cells, before = [], 0
    for n, number in juniors:
        share = (before + number) * wanted // all_of_them - before * wanted // all_of_them
        before += number
        if share != number:
            cells.append((n, "graduates_prev_summer", share))
    return Mistake(cells=cells)


def _few_leave(rows: list[Row], world: World) -> Mistake | None:
    """As few graduates as fit to a class of ``_SMALL``, and a little more: the ratio rises as it would."""
    totals = _totals_of_schools(rows, world)
    if totals.county.code != _small(world):
        return None
    leaving = totals.in_grade(9, world.year - 1)
    return _leave(rows, _SMALL * leaving * 1004 // (_entered(totals, world) * 1000))


def _told_of_few(mistake: Mistake, rows: list[Row], world: World) -> list[tuple[str, str, str]]:
    """Far fewer than stood in the final grade a year before (D03), and nobody says why (E09)."""
    area = _totals_of_schools(rows, world).county.code
    return [("D03", "entrants_graduates", area), ("E09", "entrants_graduates", area)]


def _fewer_leave(rows: list[Row], world: World) -> Mistake | None:
    """Every other county: fewer graduates than last year, of a class that is stated lower still."""
    totals = _totals_of_schools(rows, world)
    if _small(world) in ("", totals.county.code):
        return None
    leaving = totals.in_grade(9, world.year - 1)
    return _leave(rows, leaving - leaving * _FEWER_LEAVE // 1000)


def _totals_of_schools(rows: list[Row], world: World) -> CountyTotals:
    area = world.schools[rows[0]["school_id"]]["county_code"]
    return next(one for one in world.totals if one.county.code == area)


RESULTS = (
    Defect("B10", "entrants_graduates", "county_code", _fewer_came, told_by="unit", also=_told_of_came, every=True, years_before=_ENTERED_BEFORE),
    Defect("E06", "entrants_graduates", COUNTY_OF_SCHOOL, _few_leave, told_by="unit", told_table=_RETENTION, also=_told_of_few, once=True),
    Defect("E07", "entrants_graduates", COUNTY_OF_SCHOOL, _fewer_leave, told_by="unit", told_table=_RETENTION, told_area=CITY, every=True, told_once=True),
    Defect("E04", "certified_values", "unit_code", _as_last_year, told_by="unit", told_table=_RETENTION, also=_told_of_certified),
    Defect("E02", "technical_school_enrolment", "county_code", _crowded, told_by="unit", told_table=_SENIOR, also=_told_of_crowded, once=True),
)

HANDLING = {
    "forms": Handling(
        late="elderly_education",
        unasked="technical_school_enrolment",
        restated="elderly_education",
        recorded="elderly_education",
    )
}
"""Pass -> what goes wrong with whole files."""

TOLD_ALONG = ("C20", "C21", "D09", "D17", "E03", "E09", "E10", "F08")
"""Rules that tell a mistake planted for another rule as well, or what was done to a whole file."""

PASSES: dict[str, tuple[Defect, ...]] = {"intake": (), "identity": IDENTITY, "forms": FORMS, "across": ACROSS, "results": RESULTS}

_INTAKE = ("收报时先由取值和重复键的规则拒收", "refused at intake first, by the rules on values and duplicate keys")
_OWN = ("核对本系统自己的计算,报表改不出来", "guards our own computation, which no return can break")
_TERRITORY = (
    "核对旧代码对照表的权重,读入时已拒绝,不是报表",
    "guards the weights of the crosswalk, which are refused on loading; not a return",
)
_PLAN = (
    "核对方案除外的校名,生成的方案没有除外的学校",
    "guards names that a plan leaves out; the plan written here leaves none out",
)
_MERGER = (
    "核对并入现行单位的旧单位,生成的地区没有合并",
    "guards units that have become part of another; none has in the territory written here",
)
UNPLANTED: dict[str, tuple[str, str]] = {
    "A03": _INTAKE,
    "B01": _INTAKE,
    "C06": _OWN,
    "D12": _OWN,
    "D18": _TERRITORY,
    "F09": _PLAN,
    "F14": _MERGER,
    "E01": _OWN,
    "E05": _OWN,
    "E08": _OWN,
}
"""Rules without a mistake of their own here, with the reason in Chinese and English."""
