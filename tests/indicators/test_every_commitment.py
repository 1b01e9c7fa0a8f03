"""One small city with every return, and each indicator of the plan worked out by hand.

Two counties report (甲 = 990101, named 张北县; 乙 = 990102), a third (丙 = 990103) files nothing but its pay. Every
expected value stands beside the rows it follows from, as numerator and denominator or as an exact fraction.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from pipeline.plan.model import load_indicators
from pipeline.proof import trace as tracing
from tests.support.engine import CITY, LEVEL, area, compute, rows

A, B, C, MUNICIPAL = "990101", "990102", "990103", "990001"
AREAS = [
    area(A, order=1, name_zh="张北县"),
    area(B, order=2),
    area(C, order=3),
    area(MUNICIPAL, "市本级", 9),
]
NEW = {i for i in load_indicators()} - {
    "preschool_ger",
    "compulsory_retention",
    "senior_secondary_ger",
    "inclusive_coverage",
    "per_pupil_spending",
}


def promise(indicator, target, sign=1):
    return LEVEL | {
        "id": indicator, "indicator_id": indicator, "target_micro": target * 1_000_000, "direction_sign": sign,
    }  # fmt: skip


PROMISES = [
    promise("leader_frontline_visits", 2),
    promise("leader_ideology_lecture", 1),
    promise("leader_school_pairing", 1),
    promise("daily_exercise_hour", 60),
    promise("homework_g3_6_60", 60, -1),
    promise("homework_g7_9_90", 90, -1),
    promise("inclusive_kindergartens_added", 3) | {"base_period": 2020},
    promise("new_rural_teacher_training_year", 100) | {"base_period": 2021},
]


def school(name, county, kind, place, code, year=2023, **more):
    return {
        "school_id": IDS[name], "school_year": year, "school_name": name, "school_type": kind, "founder_type": "教育部门",
        "is_public": True, "profit_status": "不适用", "county_code": county, "urban_rural_code": code,
        "site_place_type": place, "pays_budget_level": "县属", "status": "在办",
    } | more  # fmt: skip


NAMES = ["P1", "P2", "P3", "P4", "P6", "X1", "J1", "J2", "J3", "H1", "H2", "蔚县西合营中学", "V1"]
NAMES += ["K1", "K2", "K3", "K4", "K5", "K6", "K7"]
IDS = {name: f"2113{n:06d}" for n, name in enumerate(NAMES, start=1)}
PRIVATE = {"is_public": False, "founder_type": "民办", "profit_status": "非营利"}

REGISTER = [
    school("P1", A, "211", "城区", "111"),
    school("P2", A, "218", "乡村", "220"),
    school("P3", A, "211", "城区", "111", **PRIVATE),
    school("P6", A, "211", "城区", "111"),
    school("X1", A, "211", "城区", "111", status="撤并"),
    school("J1", A, "311", "县城", "121"),
    school("J2", A, "311", "乡村", "220"),
    school("H1", A, "342", "县城", "121", is_boarding=True),
    school("P4", B, "211", "乡村", "220"),
    school("J3", B, "311", "中心镇", "122"),
    school("H2", B, "342", "其他镇", "122"),
    school("蔚县西合营中学", B, "342", "其他镇", "122", is_boarding=False),
    school("V1", B, "361", "县城", "121"),
    school("K1", A, "111", "城区", "111"),
    school("K2", A, "111", "城区", "111", **PRIVATE),
    school("K3", B, "111", "县城", "121"),
    school("K4", B, "111", "县城", "121"),
    school("K6", A, "111", "城区", "111", **PRIVATE),
    school("K7", A, "111", "城区", "111", **PRIVATE),
    school("K1", A, "111", "城区", "111", 2020),
    school("K2", A, "111", "城区", "111", 2020, **PRIVATE),
    school("K5", B, "111", "县城", "121", 2020),
]
PUPILS = {
    ("P1", "小学", 5): 300, ("P2", "小学", 4): 60, ("P3", "小学", 5): 100, ("P6", "小学", 1): 30, ("X1", "小学", 1): 20,
    ("P4", "小学", 6): 120, ("J1", "初中", 7): 200, ("J2", "初中", 7): 50, ("J3", "初中", 8): 100,
    ("H1", "普通高中", 10): 400, ("H2", "普通高中", 10): 100, ("蔚县西合营中学", "普通高中", 11): 50, ("V1", "中专", 10): 200,
}  # fmt: skip
ENROLMENT = [
    {"school_id": IDS[name], "school_year": 2023, "programme": programme, "grade": grade, "sex": "男", "pupils": count}
    for (name, programme, grade), count in PUPILS.items()
]
CHILDREN = [
    {"school_id": IDS[name], "school_year": year, "class_level": "大班", "age": 5, "sex": "男", "children": 100,
     "entrants": 0, "leavers": 0}
    for name, year in (("K1", 2020), ("K2", 2020), ("K5", 2020), ("K1", 2023), ("K2", 2023), ("K3", 2023), ("K4", 2023))
]  # fmt: skip


def group(name, stage, grade, **counts):
    zero = dict.fromkeys(("boarders", "boarding_requests", "migrant_total", "migrant_province", "migrant_county",
                          "left_behind", "disabled_total", "disabled_inclusive", "disabled_special_class",
                          "disabled_special_school", "disabled_home", "minority"), 0)  # fmt: skip
    return {"school_id": IDS[name], "school_year": 2023, "stage": stage, "grade": grade} | zero | counts


GROUPS = [
    group("P1", "小学", 3, migrant_total=30),
    group("P1", "小学", 5, migrant_total=10, boarding_requests=10, boarders=8, willing_to_board=10),
    group("P3", "小学", 5, migrant_total=20),
    group("P2", "小学", 4, boarding_requests=4, boarders=2, willing_to_board=12),
    group("J1", "初中", 7, migrant_total=40, boarding_requests=50, boarders=60),
    group("J1", "初中", 8, boarding_requests=30, boarders=20),
    group("H1", "高中", 10, boarders=380, migrant_total=999),
    group("P4", "小学", 6, boarding_requests=5, boarders=5),
]


def service(name, term, offers, applied, served, end):
    return {"school_id": IDS[name], "school_year": 2023, "term": term, "offers": offers, "applied": applied,
            "served": served, "end_time": end, "local_closing_time": "17:00"}  # fmt: skip


SERVICE = [
    service("P1", "秋季", True, 200, 190, "17:30"),
    service("P1", "春季", True, 210, 210, "16:50"),
    service("P2", "秋季", False, 5, 0, None),
    service("P6", "秋季", True, 0, 0, None),
]


def pairing(name, since, until=None):
    return {"school_id": IDS[name], "partner_school_id": IDS["P1"], "pairing_type": "城乡结对", "date_from": since,
            "date_to": until, "document_no": "1", "period": 2023}  # fmt: skip


PAIRING = [
    pairing("P2", date(2022, 9, 1)),
    pairing("J2", date(2021, 9, 1), date(2023, 8, 31)),
    pairing("P4", date(2023, 9, 2)),
]


def staff(name, stage, teachers, carers=None, recruits=0, college=0, checked=0):
    return {"school_id": IDS[name], "school_year": 2023, "stage": stage, "staff": teachers, "full_time_teachers": teachers,
            "female": 0, "q_graduate": 0, "q_bachelor": teachers, "q_college": 0, "q_upper_secondary": 0, "q_below": 0,
            "backbone_county_up": 0, "carers": carers, "new_recruits": recruits, "new_recruits_college": college,
            "health_checked": checked, "substitute_teachers": 0}  # fmt: skip


STAFF = [
    staff("K1", "学前", 8, 4, 4, 3),
    staff("K2", "学前", 8, 3),
    staff("K3", "学前", 8, None, 1, 1),
    staff("K4", "学前", 3, 2),
    staff("P2", "小学", 10, checked=9),
    staff("J2", "初中", 20, checked=20),
    staff("P4", "小学", 15),
    staff("P1", "小学", 40),
    staff("V1", "中职", 16),
]
CLASSES = [
    {"school_id": IDS[name], "school_year": 2023, "stage": "学前", "grade": 0, "classes": number, "size_band_le35": number,
     "size_band_36_45": 0, "size_band_46_55": 0, "size_band_ge56": 0}
    for name, number in (("K1", 4), ("K2", 4), ("K3", 4), ("K4", 2))
]  # fmt: skip


def exchange(county, stage, cohort, year=2023, **counts):
    zero = dict.fromkeys(("eligible", "rotated", "rotated_backbone", "urban_applicants_senior_title",
                          "applicants_with_rural_year", "rural_recruits", "placed_one_year", "new_principals",
                          "new_principals_rural3"), 0)  # fmt: skip
    return {"county_code": county, "school_year": year, "stage": stage, "recruit_cohort": cohort} | zero | counts


EXCHANGE = [
    exchange(A, "小学", 2023, eligible=100, rotated=12, rotated_backbone=3, urban_applicants_senior_title=10,
             applicants_with_rural_year=9, rural_recruits=5, placed_one_year=1, new_principals=4, new_principals_rural3=2),
    exchange(A, "初中", 2023, eligible=50),
    exchange(A, "小学", 2021, rural_recruits=6, placed_one_year=3),
    exchange(A, "小学", 2018, rural_recruits=7, placed_one_year=7),
    exchange(B, "小学", 2023, eligible=40, rotated=4),
    exchange(A, "小学", 2021, 2026, rural_recruits=6, placed_one_year=5),
]  # fmt: skip


def pay(county, teachers, teacher_pay, servants, servant_pay, other=None, **more):
    return {"county_code": county, "calendar_year": 2023, "teachers_n": teachers, "teacher_avg_pay": Decimal(teacher_pay),
            "civil_servants_n": servants, "civil_servant_avg_pay": Decimal(servant_pay), "components": "基本工资、津贴",
            "civil_servant_components": other or "基本工资、津贴", "performance_total": Decimal(0),
            "guideline_total": Decimal(0), "rural_allowance_eligible": 0, "rural_allowance_paid": 0,
            "housing_eligible": 0, "housing_covered": 0} | more  # fmt: skip


PAY = [
    pay(A, 1000, "80000", 200, "82000", performance_total=Decimal(1100), guideline_total=Decimal(1000),
        rural_allowance_eligible=50, rural_allowance_paid=48, housing_eligible=20, housing_covered=20),
    pay(B, 500, "90000.50", 100, "90000.50", performance_total=Decimal(900), guideline_total=Decimal(1000),
        rural_allowance_eligible=30, rural_allowance_paid=30),
    pay(C, 10, "50000", 5, "40000", other="基本工资"),
]  # fmt: skip
LEDGER = [
    {"county_code": county, "school_year": 2023, "ledger": known, "enrolled": enrolled, "not_enrolled": known - enrolled}
    for county, known, enrolled in ((A, 20, 19), (B, 10, 10))
]
ELDERLY = [
    {"unit_code": unit, "calendar_year": 2023, "level": level, "units": units, "with_institution": having, "universities": u}
    for unit, level, units, having, u in ((A, "县", 1, 1, 1), (A, "乡镇", 10, 6, 0), (B, "县", 1, 0, 0), (CITY, "市", 1, 1, 1))
]
VILLAGES = [
    {"village_code12": A + end, "school_year": 2023, "children_3_5": children, "served_by_school_id": served}
    for end, children, served in (
        ("100201", 5, IDS["K1"]), ("100202", 0, None), ("100203", 3, None), ("100001", 10, IDS["K1"]),
    )
]  # fmt: skip
ADMISSIONS = [
    {"school_id": IDS["H1"], "school_year": 2023, "stage": "普通高中", "entrants": 140, "platform_admissions": 140},
    {"school_id": IDS["H2"], "school_year": 2023, "stage": "普通高中", "entrants": 50, "platform_admissions": 45},
    {"school_id": IDS["蔚县西合营中学"], "school_year": 2023, "stage": "普通高中", "entrants": 20},
    # a county's own sum beside its schools must not be added
    {"county_code": A, "school_year": 2023, "stage": "普通高中", "entrants": 999, "platform_admissions": 1},
]


def survey(name, item, sample, result, compliant=None):
    return {"school_id": IDS[name], "school_year": 2023, "survey_date": date(2023, 11, 1), "item": item,
            "sample_n": sample, "result": Decimal(result), "compliant_n": compliant}  # fmt: skip


SURVEY = [
    survey("P1", "体育活动分钟", 40, "65.50"),
    survey("J1", "体育活动分钟", 20, "50"),
    survey("P4", "体育活动分钟", 40, "60"),
    survey("P1", "作业分钟", 40, "55"),
    survey("J1", "作业分钟", 20, "95"),
    survey("P1", "艺术", 40, "75", 30),
    survey("P4", "艺术", 40, "80"),
    survey("P1", "劳动课", 40, "1"),
    survey("J1", "劳动课", 20, "0"),
    survey("J1", "云平台", 20, "50", 10),
]


def event(unit, kind, role=None, quantity=1, day=date(2023, 5, 4)):
    return {"event_type": kind, "event_date": day, "unit_code": unit, "role": role, "quantity": quantity, "evidence": "1"}


EVENTS = [
    event(A, "领导调研", "县委书记"), event(A, "领导调研", "县委书记"), event(A, "思政课", "县委书记"),
    event(A, "领导包联", "县委书记", 2), event(A, "领导调研", "县长"), event(A, "领导包联", "县长"),
    event(B, "运动会", quantity=3),
    event(CITY, "领导调研", "市委书记", 2), event(CITY, "思政课", "市委书记"), event(CITY, "领导包联", "市委书记"),
    event(CITY, "领导调研", "市长", 2), event(CITY, "思政课", "市长"), event(CITY, "领导包联", "市长"),
    event(CITY, "运动会"), event(CITY, "出国访学", quantity=8), event(CITY, "出国访学", quantity=4),
    event(CITY, "运动会", day=date(2022, 5, 4)),
]  # fmt: skip
EVENTS = [e | {"event_id": str(n)} for n, e in enumerate(EVENTS)]


def project(title, county, ended=None, document="文〔1〕", planned=date(2023, 12, 31)):
    return {"title": title, "county_code": county, "planned_end": planned, "actual_end": ended,
            "document_no": document if ended else None, "stage": "已完成" if ended else "推进中", "period": 2023}  # fmt: skip


PROJECTS = [
    project("县级劳动教育实践基地建设", A, date(2022, 5, 1)),
    project("县级劳动教育实践基地建设", B, date(2022, 5, 1), None),
    project("张北县第三幼儿园新建", A, date(2021, 8, 20)),
    project("张北县第一幼儿园改扩建", A, date(2020, 12, 1)),
    project("张北县第五幼儿园改扩建", A, date(2024, 2, 1)),
    project("乙县第二幼儿园新建", B, date(2021, 8, 20)),
    project("新建居住小区配套学校(幼儿园)同步交付", A, date(2022, 11, 1), planned=date(2022, 12, 31)),
    project("新建居住小区配套学校(幼儿园)同步交付", B, date(2023, 9, 1), planned=date(2023, 6, 30)),
    project("新建居住小区配套学校(幼儿园)同步交付二期", B, planned=date(2024, 8, 31)),
    project("优质高中建设：市第一中学", A, date(2023, 12, 20)),
    project("优质高中建设：沙城中学", B),
    project("张家口现代职业技术学院筹建", A),
]
PROJECTS = [p | {"project_id": f"X-{n}"} for n, p in enumerate(PROJECTS)]


def recognition(name, label, level, stage, since, until=None):
    return {"school_id": IDS[name], "label": label, "level": level, "stage": stage, "date_from": since, "date_to": until,
            "document_no": "1", "period": 2023}  # fmt: skip


RECOGNITIONS = [
    recognition("P1", "足球特色学校", "教育部", "小学", date(2019, 6, 1)),
    recognition("P1", "足球特色学校", "省", "小学", date(2018, 6, 1)),
    recognition("J1", "足球特色学校", "教育部", "初中", date(2019, 6, 1), date(2023, 6, 30)),
    recognition("X1", "足球特色学校", "教育部", "小学", date(2019, 6, 1)),
    recognition("P4", "足球特色学校", "教育部", "小学", date(2024, 1, 5)),
    recognition("H1", "足球特色学校", "教育部", "高中", date(2023, 10, 1)),
    recognition("P3", "冰雪运动特色学校", "教育部", "小学", date(2020, 6, 1)),
    recognition("P1", "名师工作室", "市", "小学", date(2021, 6, 1)),
    recognition("P1", "名师工作室", "市", "小学", date(2022, 6, 1)),
    recognition("J1", "名师工作室", "县", "初中", date(2022, 6, 1)),
]


def decision(name, since, withdrawn=None):
    return {"school_id": IDS[name], "decision_no": "1", "recognised_from": since, "recognised_to": date(2026, 8, 31),
            "withdrawn_on": withdrawn, "period": 2023}  # fmt: skip


DECISIONS = [
    decision("K2", date(2021, 9, 1)),
    decision("K6", date(2023, 5, 1)),
    decision("K7", date(2023, 3, 1), date(2023, 11, 1)),
]


def money(unit, item, amount, basis="决算"):
    return {"unit_code": unit, "fiscal_year": 2023, "item": item, "basis": basis, "amount_yuan": Decimal(amount), "unit_in": "元"}


FINANCE = [
    money(A, "教育支出", "1000.50"), money(B, "教育支出", "2000"), money(MUNICIPAL, "教育支出", "500"),
    money(A, "教育支出", "9999", "预算"), money(MUNICIPAL, "政府债券支持高校", "300"),
    money(A, "老年教育专项", "100", "预算"), money(A, "老年教育专项", "80"), money(B, "老年教育专项", "50", "预算"),
]  # fmt: skip


def stage(unit, name, spending, pupils, public="0", standard=None, year=2023):
    return {"unit_code": unit, "fiscal_year": year, "stage": name, "basis": "决算", "spending_yuan": Decimal(spending),
            "public_use_spending_yuan": Decimal(public), "avg_pupils": pupils and Decimal(pupils),
            "standard_yuan": standard and Decimal(standard)}  # fmt: skip


STAGES = [
    stage(A, "小学", "1000", "2", "3000"), stage(B, "小学", "0", "2", "1000"), stage(B, "初中", "9", None, "9"),
    stage(A, "中职", "300", "10"), stage(A, "普通高中", "500", "20", standard="1000"),
    stage(B, "普通高中", "0", "10", standard="1300"),
    stage(A, "小学", "900", "2", year=2022), stage(A, "中职", "200", "10", year=2022), stage(A, "普通高中", "400", "20", year=2022),
]  # fmt: skip
STAGES.append(STAGES[0] | {"basis": "快报", "public_use_spending_yuan": Decimal(77777)})


def benchmark(indicator, area_code, value, published):
    return {"indicator_id": indicator, "area": area_code, "year": 2023, "basis": "公布值", "value": Decimal(value),
            "unit": "元", "source_title": f"公报{published}", "published_on": published}  # fmt: skip


BENCHMARKS = [
    benchmark("public_use_primary", "000000", "1100", date(2024, 1, 1)) | {"basis": "初步"},
    benchmark("public_use_primary", "000000", "1200", date(2024, 12, 1)),
    benchmark("vocational_floor_per_pupil", "990000", "18", date(2024, 12, 1)),
]
FACILITIES = [
    {"school_id": IDS["V1"], "school_year": 2023, "land_m2": Decimal(8000), "floor_m2": Decimal("4000.50"), "teaching_m2": 0,
     "dorm_m2": 0, "sports_m2": 0, "danger_m2": 0, "books": 6000, "equipment_yuan": Decimal(100000),
     "multimedia_rooms": 0, "beds": 0}
]  # fmt: skip
VISION = [
    {"county_code": county, "calendar_year": 2023, "stage": level, "sex": "男", "enrolled_in_sample": seen, "screened": seen,
     "myopic": myopic, "severe": 0, "method": "裸眼视力", "sample_schools": 1}
    for county, level, seen, myopic in ((A, "小学", 100, 30), (A, "初中", 50, 30), (A, "高中", 50, 40), (A, "学前", 100, 90),
                                        (B, "小学", 100, 40))
]  # fmt: skip
RETURNS = {
    "school_register": REGISTER, "enrolment_by_grade": ENROLMENT, "kindergarten_children": CHILDREN,
    "special_groups": GROUPS, "after_school_service": SERVICE, "pairing_register": PAIRING, "staff": STAFF,
    "classes": CLASSES, "teacher_exchange": EXCHANGE, "pay_comparison": PAY, "disabled_children_ledger": LEDGER,
    "elderly_education": ELDERLY, "preschool_service_area": VILLAGES, "entrants_graduates": ADMISSIONS,
    "compliance_survey": SURVEY, "event_log": EVENTS, "project_ledger": PROJECTS,
    "feature_school_register": RECOGNITIONS, "inclusive_kindergarten_register": DECISIONS, "county_finance": FINANCE,
    "finance_by_stage": STAGES, "benchmarks": BENCHMARKS, "facilities": FACILITIES, "vision_screening": VISION,
}  # fmt: skip


@pytest.fixture(scope="module")
def city():
    return compute(RETURNS, AREAS, PROMISES)


# indicator, variant, segment, period -> unit: (numerator, denominator) of a share in per cent, or the value itself.
SHARES = {
    # public: P1 30+10, J1 40; private: P3 20; senior pupils are not of the compulsory stages; 乙 has none at all
    ("migrant_children_public_share", "public"): {A: (80, 100), CITY: (80, 100)},
    # grade 7: 60 board, 50 asked: 50 count; grade 8: 20 of 30
    ("junior_boarding_willing", "requests"): {A: (70, 80), CITY: (70, 80)},
    ("primary_upper_boarding_service", "requests"): {A: (8 + 2, 10 + 4), B: (5, 5), CITY: (15, 19)},
    # P2 has 60 pupils in the country: 10 of its 12 willing pupils still sit there; P4's wish is blank
    ("small_rural_upper_grades_boarding", "willing"): {A: (10 + 2, 22), CITY: (12, 22)},
    # the exempt school counts nowhere
    ("senior_high_in_county_seat", "pupils"): {A: (400, 400), B: (0, 100), CITY: (400, 500)},
    ("junior_in_seat_or_central_town", "pupils"): {A: (200, 250), B: (100, 100), CITY: (300, 350)},
    # H2 left it blank
    ("senior_high_boarding", "by_schools"): {A: (1, 1), B: (0, 1), CITY: (1, 2)},
    ("senior_high_boarding", "by_pupils"): {A: (380, 400), CITY: (380, 400)},
    # P1 and P6 of P1, P2, P3 (not in the return), P6; the closed school not; 乙 filed nothing
    ("after_school_service_schools", "all"): {A: (2, 4), CITY: (2, 4)},
    ("after_school_service_schools", "urban_public"): {A: (2, 2), CITY: (2, 2)},
    ("after_school_service_schools", "urban_private"): {A: (0, 1), CITY: (0, 1)},
    ("after_school_service_schools", "rural_public"): {A: (0, 1), CITY: (0, 1)},
    ("after_school_service_schools", "rural_private"): {},
    ("after_school_service_demand", "requests"): {A: (400, 415), CITY: (400, 415)},
    # P1 ends early in spring; P6 left the time blank
    ("after_school_end_time", "schools"): {A: (0, 1), CITY: (0, 1)},
    # P2 paired; J2's ended the day before 1 September, P4's began the day after
    ("school_pairing_coverage", "rural_schools"): {A: (1, 2), B: (0, 1), CITY: (1, 3)},
    # K1 8+4 for 4 classes; K2 lacks a carer; K3 left carers blank; K4 has 3 teachers for 2 classes
    ("kindergarten_two_teachers_one_carer", "kindergartens"): {A: (1, 2), B: (0, 1), CITY: (1, 3)},
    ("new_kindergarten_teacher_degree", "recruits"): {A: (3, 4), B: (1, 1), CITY: (4, 5)},
    ("rural_teacher_health_check", "teachers"): {A: (29, 30), B: (0, 15), CITY: (29, 45)},
    ("teacher_exchange_share", "eligible"): {A: (12, 150), B: (4, 40), CITY: (16, 190)},
    ("backbone_exchange_share", "rotated"): {A: (3, 12), B: (0, 4), CITY: (3, 16)},
    ("senior_title_rural_year", "applicants"): {A: (9, 10), CITY: (9, 10)},
    # the cohort of 2018 is older than the plan
    ("new_rural_teacher_training_year", "so_far"): {A: (4, 11), CITY: (4, 11)},
    ("new_rural_teacher_training_year", "due_cohort"): {},
    ("principal_rural_experience", "new_principals"): {A: (2, 4), CITY: (2, 4)},
    ("rural_teacher_allowance", "eligible"): {A: (48, 50), B: (30, 30), CITY: (78, 80)},
    ("rural_teacher_housing", "eligible"): {A: (20, 20), CITY: (20, 20)},
    ("disabled_children_enrolment", "ledger"): {A: (19, 20), B: (10, 10), CITY: (29, 30)},
    ("county_senior_university", "counties"): {A: (1, 1), B: (0, 1), CITY: (1, 2)},
    ("elderly_education_institutions", "all"): {A: (7, 11), B: (0, 1), CITY: (8, 13)},
    ("elderly_education_institutions", "county"): {A: (1, 1), B: (0, 1), CITY: (1, 2)},
    ("elderly_education_institutions", "township"): {A: (6, 10), CITY: (6, 10)},
    ("elderly_education_institutions", "city"): {CITY: (1, 1)},
    ("elderly_education_institutions", "village"): {},
    # a village without children does not count; 001 is a community
    ("preschool_full_coverage_urban_rural", "villages"): {A: (2, 3), CITY: (2, 3)},
    ("rural_preschool_full_coverage", "villages"): {A: (1, 2), CITY: (1, 2)},
    ("unified_senior_admission", "admissions"): {A: (140, 140), B: (45, 50), CITY: (185, 190)},
    ("daily_exercise_hour", "complying"): {A: (1, 2), B: (1, 1), CITY: (2, 3)},
    ("homework_g3_6_60", "complying"): {A: (1, 1), CITY: (1, 1)},
    ("homework_g7_9_90", "complying"): {A: (0, 1), CITY: (0, 1)},
    ("student_art_skill", "sample"): {A: (30, 40), CITY: (30, 40)},
    ("labour_course_coverage", "schools"): {A: (1, 2), CITY: (1, 2)},
    ("education_cloud_sharing", "sample"): {A: (10, 20), CITY: (10, 20)},
    # 甲: the secretary twice, the head of government once; 乙 kept a log without its heads; the city's two complied
    ("leader_frontline_visits", "complying"): {A: (1, 2), B: (0, 2), CITY: (3, 6)},
    ("leader_ideology_lecture", "complying"): {A: (1, 2), B: (0, 2), CITY: (3, 6)},
    ("leader_school_pairing", "complying"): {A: (2, 2), B: (0, 2), CITY: (4, 6)},
    # open schools, no kindergartens: 甲 P1 P2 P3 P6 J1 J2 H1, 乙 P4 J3 H2 V1 and 西合营
    ("school_sports_meet", "schools"): {A: (0, 7), B: (3, 5), CITY: (3, 12)},
    ("school_art_festival", "schools"): {A: (0, 7), B: (0, 5), CITY: (0, 12)},
    # 乙's has no document; 丙 has none
    ("county_labour_bases", "counties"): {A: (1, 1), B: (0, 1), C: (0, 1), CITY: (1, 3)},
    ("rural_preschool_county_plan", "counties"): {A: (0, 1), B: (0, 1), C: (0, 1), CITY: (0, 3)},
    # 甲's was done the year before; 乙's was late, its second phase is not due
    ("new_estate_schools", "due_projects"): {B: (0, 1), CITY: (0, 1)},
    ("myopia_rate", "screened"): {A: (100, 200), B: (40, 100), CITY: (140, 300)},
    ("elderly_education_funds", "paid"): {A: (80, 100), CITY: (80, 100)},
    # 2022: 900+200+400 = 1,500; 2023: 1,000+300+500 = 1,800; vocational 200 -> 300; 乙 filed one year only
    ("new_funds_to_vocational", "of_increment"): {A: (100, 300), CITY: (100, 300)},
    ("new_funds_to_vocational", "of_previous"): {A: (200, 1500), CITY: (200, 1500)},
}
COUNTS = {
    ("leader_frontline_visits", "least"): {A: 1, B: 0, CITY: 0},
    ("leader_ideology_lecture", "least"): {A: 0, B: 0, CITY: 0},
    ("leader_school_pairing", "least"): {A: 1, B: 0, CITY: 0},
    ("municipal_student_games", "events"): {CITY: 1},
    # the city kept its log and held none
    ("municipal_art_show", "events"): {CITY: 0},
    ("teachers_abroad", "events"): {CITY: 12},
    # P1 once for two entries; H1 since October; J1 lost it, X1 is closed, P4's begins next year
    ("football_schools", "valid"): {A: 2, B: 0, CITY: 2},
    ("olympic_demo_schools", "valid"): {A: 0, B: 0, CITY: 0},
    ("moe_ice_snow_schools", "valid"): {A: 1, B: 0, CITY: 1},
    ("municipal_ice_snow_schools", "valid"): {A: 0, B: 0, CITY: 0},
    ("master_studios_primary", "valid"): {A: 2, B: 0, CITY: 2},
    ("master_studios_junior", "valid"): {A: 0, B: 0, CITY: 0},
    # named units only, from 2021 on, done by the end of the year
    ("kindergartens_built_2021", "documented"): {A: 1, CITY: 1},
    ("quality_high_schools", "documented"): {A: 1, B: 0, CITY: 1},
    ("modern_vocational_college", "documented"): {A: 0, CITY: 0},
    ("special_education_plan", "documented"): {},
    # K2 was recognised in 2021, K7 withdrawn within the year
    ("inclusive_private_recognised_2021", "recognised"): {A: 1, CITY: 1},
    # new since 2020: K2, K3, K4; gone since: K5
    ("inclusive_kindergartens_added", "gross"): {A: 1, B: 2, CITY: 3},
    ("inclusive_kindergartens_added", "net"): {A: 1, B: 1, CITY: 2},
}
AMOUNTS = {
    # (65.5 x 40 + 50 x 20) / 60 and with 60 x 40 over 100
    ("daily_exercise_hour", "mean", "all"): {A: Fraction(3620, 60), B: 60, CITY: Fraction(6020, 100)},
    ("homework_g3_6_60", "mean", "all"): {A: 55, CITY: 55},
    ("homework_g7_9_90", "mean", "all"): {A: 95, CITY: 95},
    ("after_school_pay_1_1", "ratio", "all"): {A: Fraction(11, 10), B: Fraction(9, 10), CITY: 1},
    # persons weigh: 80,000 x 1,000 + 90,000.50 x 500; 丙's components differ
    ("teacher_pay_vs_civil_servants", "computed", "all"): {
        A: 80_000, B: Fraction(180_001, 2), CITY: Fraction(125_000_250, 1500)},
    ("teacher_pay_vs_civil_servants", "benchmark", "all"): {
        A: 82_000, B: Fraction(180_001, 2), CITY: Fraction(25_400_050, 300)},
    ("education_spending_total", "computed", "all"): {
        A: Fraction(2001, 2), B: 2000, MUNICIPAL: 500, CITY: Fraction(7001, 2)},
    ("university_bonds", "computed", "all"): {MUNICIPAL: 300, CITY: 300},
    ("compulsory_public_funds_vs_nation", "computed", "primary"): {A: 1500, B: 500, CITY: 1000},
    ("compulsory_public_funds_vs_nation", "computed", "junior"): {},
    # the newer release
    ("compulsory_public_funds_vs_nation", "benchmark", "primary"): {A: 1200, B: 1200, CITY: 1200},
    ("vocational_vs_senior_high_funding", "computed", "all"): {A: 30, CITY: 30},
    ("vocational_vs_senior_high_funding", "benchmark", "all"): {A: 25, CITY: 25},
    # 1,000 x 20 + 1,300 x 10 over 30
    ("senior_high_public_funds_standard", "computed", "all"): {A: 1000, B: 1300, CITY: 1100},
    ("kindergarten_public_funds_standard", "computed", "all"): {},
    ("vocational_conditions_vs_province", "computed", "floor"): {B: Fraction(40005, 2000), CITY: Fraction(40005, 2000)},
    ("vocational_conditions_vs_province", "computed", "books"): {B: 30, CITY: 30},
    ("vocational_conditions_vs_province", "computed", "teachers"): {B: Fraction(8, 100), CITY: Fraction(8, 100)},
    ("vocational_conditions_vs_province", "benchmark", "floor"): {B: 18, CITY: 18},
    ("myopia_rate", "by_stage", "primary"): {A: 30, B: 40, CITY: 35},
    # pupils 510, 250, 400 at 0.3, 0.6, 0.8; 乙 screened no junior pupils though it has some; city 630, 350, 750 at
    # 0.35, 0.6, 0.8: 62,300 / 1,160 and 1,030,500 / 17,300 points, cut off at the sixth decimal
    ("myopia_rate", "current_weights", "all"): {A: Fraction("53.706896"), CITY: Fraction("59.566473")},
    ("myopia_rate", "base_weights", "all"): {},
}  # fmt: skip


def found(city, indicator, variant, segment="all", period=2023):
    query = (
        f"SELECT * FROM indicator.{indicator} WHERE variant = '{variant}' AND segment = '{segment}' AND period = {period}"
    )
    return {r["area_code"]: r for r in rows(city, query)}


def fraction(row):
    return Fraction(int(row["value_num"]), int(row["value_den"]))


@pytest.mark.parametrize(("indicator", "variant"), SHARES)
def test_share(city, indicator, variant):
    got = found(city, indicator, variant)
    assert {a: (r["numerator"], r["denominator"]) for a, r in got.items()} == SHARES[indicator, variant]
    assert all(fraction(r) == Fraction(100 * r["numerator"], r["denominator"]) for r in got.values())


@pytest.mark.parametrize(("indicator", "variant"), COUNTS)
def test_count(city, indicator, variant):
    got = found(city, indicator, variant)
    assert {a: (r["numerator"], r["denominator"], fraction(r)) for a, r in got.items()} == {
        a: (n, None, n) for a, n in COUNTS[indicator, variant].items()
    }


@pytest.mark.parametrize(("indicator", "variant", "segment"), AMOUNTS)
def test_amount(city, indicator, variant, segment):
    got = found(city, indicator, variant, segment)
    assert {a: fraction(r) for a, r in got.items()} == AMOUNTS[indicator, variant, segment]


def test_the_cohort_whose_five_years_are_over(city):
    assert fraction(found(city, "new_rural_teacher_training_year", "due_cohort", period=2026)[A]) == Fraction(500, 6)


def test_the_sample_stands_beside_the_rate(city):
    got = found(city, "myopia_rate", "current_weights")
    assert (got[CITY]["numerator"], got[CITY]["denominator"]) == (140, 300)
    assert {r["basis"] for r in got.values()} == {"裸眼视力"}


def test_a_benchmark_says_where_it_comes_from(city):
    row = found(city, "compulsory_public_funds_vs_nation", "benchmark", "primary")[CITY]
    assert (row["value_source"], row["source_title"]) == ("benchmark", "公报2024-12-01")


def test_every_value_of_every_table_is_one_place_and_declared(city):
    values = rows(city, "SELECT * FROM progress.indicator_value")
    places = [(v["indicator_id"], v["variant"], v["area_code"], v["segment"], v["period"]) for v in values]
    assert len(places) == len(set(places))
    indicators = load_indicators()
    for v in values:
        declared = indicators[v["indicator_id"]]
        assert v["variant"] in declared.variants and v["period_kind"] == declared.period_kind, v
        assert v["value_den"] > 0 and v["basis"] and v["maturity"] == "final", v
    checked = {i for i, *_ in [*SHARES, *COUNTS, *AMOUNTS]}
    without_rows = NEW - {v["indicator_id"] for v in values}
    assert without_rows <= {
        "special_education_plan", "no1_high_provincial_rank", "feature_high_schools", "district_high_schools",
        "higher_vocational_projects", "one_three_five_layout", "international_cooperation_colleges",
        "kindergarten_public_funds_standard",
    }  # fmt: skip
    assert NEW - checked - without_rows == {"master_studios_senior"}


def test_every_figure_is_the_exact_sum_of_received_rows(city):
    values = [v for v in rows(city, "SELECT * FROM progress.indicator_value") if v["indicator_id"] in NEW]
    assert len(values) > 150
    for figure in values:
        sums = [*tracing._sums(city, figure)]
        assert sums and all(s.exact for s in sums), (figure, [(s.of, s.figure, s.total) for s in sums])
        assert all(row.file == "f" and row.row >= 2 for s in sums for row in s.rows), figure


def exceptions(city, indicator, period=2023):
    query = f"SELECT * FROM core.exception WHERE indicator_id = '{indicator}' AND period = {period}"
    return {(r["area_code"], r["unit_name"]): r["lacking"] for r in rows(city, query)}


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("senior_high_in_county_seat", {(B, "H2"): "outside_county_seat"}),
        ("compulsory_public_funds_vs_nation", {(B, "单位990102初中"): "avg_pupils_blank"}),
        ("senior_high_boarding", {(B, "H2"): "not_reported", (B, "蔚县西合营中学"): "not_boarding"}),
        ("junior_boarding_willing", {(A, "J1"): "not_boarding"}),
        ("after_school_service_schools", {(A, "P2"): "no_service", (A, "P3"): "not_reported"}),
        ("after_school_end_time", {(A, "P1"): "ends_early", (A, "P6"): "end_time_blank"}),
        ("student_art_skill", {(A, "P1"): "without_skill", (B, "P4"): "compliant_blank"}),
        ("school_pairing_coverage", {(A, "J2"): "not_paired", (B, "P4"): "not_paired"}),
        (
            "kindergarten_two_teachers_one_carer",
            # K6 and K7 are open and in neither return
            {(A, "K2"): "too_few_staff", (B, "K3"): "carers_blank", (B, "K4"): "too_few_staff",
             (A, "K6"): "not_reported", (A, "K7"): "not_reported"},
        ),
        ("unified_senior_admission", {(B, "H2"): "outside_platform", (B, "蔚县西合营中学"): "not_reported"}),
        ("teacher_pay_vs_civil_servants", {(A, "张北县"): "pay_below", (C, f"单位{C}"): "components_differ"}),
        ("disabled_children_enrolment", {(A, "张北县"): "not_enrolled"}),
        ("county_senior_university", {(B, f"单位{B}"): "no_university", (C, f"单位{C}"): "not_reported"}),
        ("school_sports_meet", {(A, "张北县"): "not_held", (B, f"单位{B}"): "not_held"}),
        ("daily_exercise_hour", {(A, "J1"): "below_target"}),
        ("homework_g7_9_90", {(A, "J1"): "above_target"}),
        (
            "leader_frontline_visits",
            {
                (A, "张北县政府主要负责同志"): "below_target",
                (B, f"单位{B}党委主要负责同志"): "below_target",
                (B, f"单位{B}政府主要负责同志"): "below_target",
            },
        ),
        ("county_labour_bases", {(B, f"单位{B}"): "not_done", (C, f"单位{C}"): "not_done"}),
        ("new_estate_schools", {(B, "新建居住小区配套学校(幼儿园)同步交付"): "late"}),
        ("quality_high_schools", {(B, "优质高中建设：沙城中学"): "not_done"}),
        ("football_schools", {(A, "J1"): "withdrawn", (A, "X1"): "closed", (B, "P4"): "withdrawn"}),
        ("elderly_education_funds", {(A, "张北县"): "not_paid_in_full"}),
    ],
)
def test_units_that_fall_short_are_named(city, indicator, expected):
    assert exceptions(city, indicator) == expected


def test_every_shortfall_has_words(city):
    listed = rows(city, "SELECT * FROM core.exception")
    assert listed and all(r["lacking_zh"] and r["lacking_en"] for r in listed)
    used = rows(city, "SELECT DISTINCT r.lacking AS lacking FROM core.county_result AS r WHERE r.lacking IS NOT NULL")
    assert {r["lacking"] for r in used} <= {r["lacking"] for r in listed}


def test_a_preliminary_return_makes_its_figures_preliminary():
    def maturity(table, indicator, variant):
        changed = [row | {"maturity": "preliminary"} for row in RETURNS[table][:1]] + RETURNS[table][1:]
        connection = compute(RETURNS | {table: changed}, AREAS, PROMISES)
        return {a: r["maturity"] for a, r in found(connection, indicator, variant).items()}

    assert maturity("teacher_exchange", "teacher_exchange_share", "eligible") == {
        A: "preliminary", B: "final", CITY: "preliminary"
    }  # fmt: skip


def test_nothing_filed_is_no_value_anywhere():
    connection = compute({}, AREAS, PROMISES)
    assert rows(connection, "SELECT * FROM progress.indicator_value") == []
    assert rows(connection, "SELECT * FROM core.exception") == []


def test_a_rural_school_without_an_enrolment_return_is_listed_and_never_complies():
    """P2 has 60 pupils, 2 of its 12 willing ones board; nobody knows how many P4 has, nor V1, which stands in the seat."""
    returns = {
        "school_register": [row for row in REGISTER if row["school_name"] in ("P2", "P4", "V1")],
        "enrolment_by_grade": [row for row in ENROLMENT if row["school_id"] == IDS["P2"]],
        "special_groups": [
            group("P2", "小学", 4, boarders=2, willing_to_board=12),
            group("P4", "小学", 4, boarders=0, willing_to_board=7),
            group("P4", "小学", 5, boarders=0, willing_to_board=3),
            group("V1", "小学", 5, boarders=1, willing_to_board=2),
        ],
    }
    connection = compute(returns, AREAS, PROMISES)
    got = found(connection, "small_rural_upper_grades_boarding", "willing")
    assert {a: (r["numerator"], r["denominator"]) for a, r in got.items()} == {A: (2, 12), B: (2, 2), CITY: (4, 14)}
    assert exceptions(connection, "small_rural_upper_grades_boarding") == {
        (A, "P2"): "left_in_small_school", (B, "P4"): "pupils_not_reported",
    }  # fmt: skip


def test_who_is_missing_in_a_return_is_named_and_nobody_says_all():
    """K1 is missing in the staff of its county, K3 in the classes; P2 has 60 pupils and left its wish blank, P1 has many."""
    returns = RETURNS | {
        "staff": [row for row in STAFF if row["school_id"] != IDS["K1"]] + [staff("K3", "学前", 8, 4)],
        "classes": [row for row in CLASSES if row["school_id"] != IDS["K3"]],
        "special_groups": [group("P2", "小学", 4), group("P1", "小学", 5, boarders=9, willing_to_board=9)],
    }
    returns["staff"] = [row for row in returns["staff"] if row["school_id"] != IDS["K2"] or row["stage"] != "学前"]
    returns["staff"].append(staff("K2", "学前", 8, 4))
    promised = LEVEL | {
        "id": "boarding", "kind": "full_coverage", "indicator_id": "small_rural_upper_grades_boarding", "variant": "willing",
        "county_variant": None, "decided_by": None, "target_micro": None, "due_basis": "stated", "due_period": 2021,
        "small_units": "judged", "operator": "=", "unit": "percent",
    }  # fmt: skip
    connection = compute(returns, AREAS, [*PROMISES, promised])
    assert exceptions(connection, "kindergarten_two_teachers_one_carer") == {
        (A, "K1"): "not_reported", (B, "K3"): "not_reported", (B, "K4"): "too_few_staff",
        (A, "K6"): "not_reported", (A, "K7"): "not_reported",
    }  # fmt: skip
    got = found(connection, "kindergarten_two_teachers_one_carer", "kindergartens")
    assert (got[A]["numerator"], got[A]["denominator"]) == (1, 1)
    assert exceptions(connection, "small_rural_upper_grades_boarding") == {(A, "P2"): "not_reported"}
    query = "SELECT area_code, class, reason FROM progress.verdict WHERE commitment_id = 'boarding' AND period = 2023"
    judged = {r["area_code"]: (r["class"], r["reason"]) for r in rows(connection, query)}
    assert judged[CITY] == judged[A] == ("no_judgement", "some_blank")


def test_a_school_left_out_stays_left_out_under_another_name():
    """The plan names it as the register of 2022 has it; in 2023 it is called otherwise, and is the same school."""
    renamed = [
        row | {"school_name": "西合营完全中学"} if row["school_name"] == "蔚县西合营中学" else row for row in REGISTER
    ]
    before = [row | {"school_year": 2022} for row in REGISTER if row["school_name"] == "蔚县西合营中学"]
    returns = {
        "school_register": [*renamed, *before],
        "enrolment_by_grade": ENROLMENT + [row | {"school_year": 2022} for row in ENROLMENT],
    }
    connection = compute(returns, AREAS, PROMISES)
    got = found(connection, "senior_high_in_county_seat", "pupils")
    assert {a: (r["numerator"], r["denominator"]) for a, r in got.items()} == SHARES["senior_high_in_county_seat", "pupils"]
    assert found(connection, "senior_high_in_county_seat", "pupils", period=2022) == {}


def test_a_county_that_left_average_pupils_blank_is_named_and_the_city_is_not_said_to_reach_the_nation():
    """乙's primary schools are all there, its junior ones have money and no pupils: only the junior figure is not judged."""
    returns = {
        "finance_by_stage": [
            stage(A, "小学", "1000", "2", "3000"), stage(B, "小学", "1000", "2", "3000"),
            stage(A, "初中", "1000", "2", "4000"), stage(B, "初中", "1000", None, "10"),
            stage(A, "普通高中", "500", "20"), stage(B, "普通高中", "500", "0", standard="1300"),
            stage(A, "中职", "300", "10"), stage(B, "中职", "300", "10"), stage(B, "学前", "300", None, standard="600"),
        ],
        "benchmarks": [
            benchmark("public_use_primary", "000000", "1200", date(2024, 12, 1)),
            benchmark("public_use_junior", "000000", "1500", date(2024, 12, 1)),
        ],
    }  # fmt: skip
    promised = LEVEL | {
        "id": "nation", "kind": "comparative", "indicator_id": "compulsory_public_funds_vs_nation", "variant": "computed",
        "county_variant": None, "decided_by": None, "target_micro": 1_000_000, "due_basis": "stated", "due_period": 2022,
        "small_units": "judged", "operator": ">=", "unit": "ratio", "compared_with": "benchmark", "period_kind": "fiscal_year",
        "counties": "shown", "base_period": 2020,
    }  # fmt: skip
    connection = compute(returns, AREAS, [*PROMISES, promised])
    query = f"SELECT segment, class, reason FROM progress.verdict WHERE commitment_id = 'nation' AND period = 2023 AND area_code = '{CITY}'"
    judged = {r["segment"]: (r["class"], r["reason"]) for r in rows(connection, query)}
    assert judged == {"primary": ("met", None), "junior": ("no_judgement", "some_blank")}
    assert exceptions(connection, "compulsory_public_funds_vs_nation") == {(B, "单位990102初中"): "avg_pupils_blank"}
    assert exceptions(connection, "vocational_vs_senior_high_funding") == {(B, "单位990102普通高中"): "avg_pupils_blank"}
    assert exceptions(connection, "senior_high_public_funds_standard") == {
        (A, "张北县普通高中"): "standard_blank", (B, "单位990102普通高中"): "avg_pupils_blank",
    }  # fmt: skip
    assert exceptions(connection, "kindergarten_public_funds_standard") == {(B, "单位990102学前"): "avg_pupils_blank"}
