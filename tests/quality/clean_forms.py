"""The forms beside enrolment in the clean edition: consistent with each other, small enough to add up by hand.

Belongs here: rows of the school and county forms of one unit and year. Does not belong here: the register,
pupils, population and money (conftest.py), and what breaks a rule (broken.yaml).
"""

from __future__ import annotations

from typing import Any


def add_forms(edition: Any, unit: str, codes: dict[str, str], year: int) -> None:
    """Special groups, classes, staff, facilities, teacher exchange, vision screening and the ledger of one unit."""
    school = {"school_id": codes["primary"], "school_year": year, "area_code": unit}
    county = {"county_code": unit, "area_code": unit}
    edition.add(
        "staging.special_groups",
        {
            **school,
            "stage": "小学",
            "grade": 1,
            "boarders": 2,
            "boarding_requests": 2,
            "migrant_total": 3,
            "migrant_province": 1,
            "migrant_county": 2,
            "left_behind": 1,
            "disabled_total": 4,
            "disabled_inclusive": 1,
            "disabled_special_class": 1,
            "disabled_special_school": 0,
            "disabled_home": 2,
            "minority": 1,
        },
    )
    edition.add(
        "staging.classes",
        {
            **school,
            "stage": "小学",
            "grade": 1,
            "classes": 2,
            "size_band_le35": 0,
            "size_band_36_45": 0,
            "size_band_46_55": 2,
            "size_band_ge56": 0,
        },
    )
    edition.add(
        "staging.classes",
        # fifty-six children of three, boys and girls, in two classes
        {
            "school_id": codes["public"],
            "school_year": year,
            "area_code": unit,
            "stage": "学前",
            "grade": 1,
            "classes": 2,
            "size_band_le35": 2,
            "size_band_36_45": 0,
            "size_band_46_55": 0,
            "size_band_ge56": 0,
        },
    )
    edition.add(
        "staging.staff",
        {
            **school,
            "stage": "小学",
            "staff": 22,
            "full_time_teachers": 20,
            "female": 14,
            "q_graduate": 2,
            "q_bachelor": 12,
            "q_college": 4,
            "q_upper_secondary": 2,
            "q_below": 0,
            "backbone_county_up": 3,
            "new_recruits": 1,
            "new_recruits_college": 1,
            "health_checked": 20,
            "substitute_teachers": 0,
        },
    )
    edition.add(
        "staging.facilities",
        {
            **school,
            "land_m2": 3000,
            "floor_m2": 1800,
            "teaching_m2": 800,
            "dorm_m2": 100,
            "sports_m2": 900,
            "danger_m2": 0,
            "books": 2400,
            "equipment_yuan": 150000,
            "multimedia_rooms": 6,
            "beds": 20,
        },
    )
    edition.add(
        "staging.teacher_exchange",
        {
            **county,
            "school_year": year,
            "stage": "小学",
            "recruit_cohort": year,
            "eligible": 10,
            "rotated": 6,
            "rotated_backbone": 2,
            "urban_applicants_senior_title": 5,
            "applicants_with_rural_year": 4,
            "rural_recruits": 3,
            "placed_one_year": 2,
            "new_principals": 1,
            "new_principals_rural3": 1,
        },
    )
    edition.add(
        "staging.vision_screening",
        {
            **county,
            "calendar_year": year,
            "stage": "小学",
            "sex": "女",
            "enrolled_in_sample": 100,
            "screened": 95,
            "myopic": 30,
            "severe": 2,
            "method": "裸眼视力加非散瞳屈光",
            "sample_schools": 1,
        },
    )
    edition.add(
        "staging.disabled_children_ledger",
        {**county, "school_year": year, "ledger": 20, "enrolled": 18, "not_enrolled": 2, "reasons": "重度残疾"},
    )
    edition.add(
        "staging.after_school_service",
        {**school, "term": "秋季", "offers": True, "applied": 40, "served": 38, "local_closing_time": "17:30"},
    )
    edition.add(
        "staging.pay_comparison",
        {
            **county,
            "calendar_year": year,
            "teachers_n": 100,
            "teacher_avg_pay": 90000,
            "civil_servants_n": 50,
            "civil_servant_avg_pay": 89000,
            "components": "基本工资、津贴补贴、年终奖",
            "civil_servant_components": "基本工资、津贴补贴、年终奖",
            "performance_total": 4000000,
            "guideline_total": 3900000,
            "rural_allowance_eligible": 20,
            "rural_allowance_paid": 20,
            "housing_eligible": 5,
            "housing_covered": 5,
        },
    )
    edition.add(
        "staging.feature_school_register",
        {
            "school_id": codes["senior"],
            "label": "劳动教育示范校",
            "level": "市级",
            "stage": "普通高中",
            "document_no": "示例〔2019〕1号",
            "area_code": unit,
        },
    )
    edition.add(
        "staging.finance_by_stage",
        {
            "unit_code": unit,
            "area_code": unit,
            "fiscal_year": year,
            "stage": "小学",
            "basis": "决算",
            "spending_yuan": 200000000,
            "public_use_spending_yuan": 30000000,
            "per_pupil_yuan": 10000,
        },
    )
    total = {**county, "school_year": year, "stage": "小学"}
    edition.add(
        "staging.county_totals",
        # two schools with six grades of fifty boys and fifty girls, both public and in the city
        {**total, "measure": "在校生", "breakdown": "合计", "count": 1200},
        {**total, "measure": "在校生", "breakdown": "城区", "count": 1200},
        {**total, "measure": "在校生", "breakdown": "乡村", "count": 0},
        {**total, "measure": "随迁子女", "breakdown": "公办", "count": 3},
    )


def add_forms_of_the_rest(edition: Any, unit: str, codes: dict[str, str], year: int) -> None:
    """The rows that the unit's other open schools owe, so that nobody is missing in a return by school.

    They come after those of :func:`add_forms` of every unit, which stand in the rows that tests name.
    """
    people = {"female": 10, "q_graduate": 0, "q_bachelor": 20, "q_college": 0, "q_upper_secondary": 0, "q_below": 0,
              "backbone_county_up": 0, "new_recruits": 0, "new_recruits_college": 0, "health_checked": 20,
              "substitute_teachers": 0, "staff": 22, "full_time_teachers": 20}  # fmt: skip
    rooms = {"land_m2": 9000, "floor_m2": 6000, "teaching_m2": 2400, "dorm_m2": 0, "sports_m2": 3600, "danger_m2": 0,
             "books": 7200, "equipment_yuan": 450000, "multimedia_rooms": 18, "beds": 0}  # fmt: skip
    bands = dict.fromkeys(("size_band_le35", "size_band_36_45", "size_band_46_55", "size_band_ge56"), 0)
    nobody = dict.fromkeys(
        ("boarders", "boarding_requests", "migrant_total", "migrant_province", "migrant_county", "left_behind",
         "disabled_total", "disabled_inclusive", "disabled_special_class", "disabled_special_school", "disabled_home",
         "minority"), 0)  # fmt: skip
    taught = {
        "public": {}, "inclusive": {"学前": ("学前", (1,))}, "private": {"学前": ("学前", (1,))},
        "primary": {"小学": ("小学", range(2, 7))},
        "nine_year": {"小学": ("小学", range(1, 7)), "初中": ("初中", range(7, 10))},
        "senior": {"普通高中": ("高中", range(10, 13))}, "vocational": {"中职": ("高中", range(10, 14))},
    }  # fmt: skip
    for what, stages in taught.items():
        school = {"school_id": codes[what], "school_year": year, "area_code": unit}
        if what != "primary":
            edition.add("staging.facilities", school | rooms)
        for of_staff in stages or ("学前",):
            if what != "primary":
                carers = 6 if of_staff == "学前" else None
                edition.add("staging.staff", school | people | {"stage": of_staff, "carers": carers})
        for of_pupils, grades in stages.values():
            for grade in grades:
                row = school | {"stage": of_pupils, "grade": grade}
                if of_pupils == "学前":
                    edition.add("staging.classes", row | bands | {"classes": 6, "size_band_le35": 6})
                    continue
                edition.add("staging.special_groups", row | nobody)
                if what != "primary":
                    size = 4 if of_pupils == "初中" else 2
                    edition.add("staging.classes", row | bands | {"classes": size, "size_band_46_55": size})
