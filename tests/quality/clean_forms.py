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
