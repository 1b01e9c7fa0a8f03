"""What the city itself did and what was published of it and of the country: told one by one.

Belongs here: the city's projects and events, restatements, price indices, benchmarks. Does not belong
here: what follows from schools and counties (``forms``).

Figures of the country and the province in ``real/benchmarks.csv`` and ``REAL_PRICES`` were published and
carry their source; everything else here is invented and says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from pipeline.demo.territory import CITY

Row = dict[str, object]
_REAL = Path(__file__).parent / "real"
_DEMO = "(演示)"

# -- projects: number, title, county, planned end, first year in the ledger, actual end, document ---------------

_PROJECTS = (
    # Eight kindergartens in the six units that the plan names, to be built in 2021; seven were.
    ("YEY-1", "张北县第三幼儿园新建", "130722", "2021-12-31", 2020, "2021-08-20", "张北发改〔2021〕17号"),
    ("YEY-2", "张北县城关镇幼儿园改扩建", "130722", "2021-12-31", 2020, "2021-10-15", "张北发改〔2021〕23号"),
    ("YEY-3", "康保县实验幼儿园改扩建", "130723", "2021-12-31", 2020, "2021-09-10", "康发改〔2021〕9号"),
    ("YEY-4", "尚义县第二幼儿园新建", "130725", "2021-12-31", 2020, "2021-11-26", "尚发改〔2021〕31号"),
    ("YEY-5", "蔚县代王城镇中心幼儿园新建", "130726", "2021-12-31", 2020, "2022-06-18", "蔚发改〔2022〕12号"),
    ("YEY-6", "蔚县第四幼儿园改扩建", "130726", "2021-12-31", 2020, "2021-12-10", "蔚发改〔2021〕44号"),
    ("YEY-7", "阳原县东城镇幼儿园改扩建", "130727", "2021-12-31", 2020, "2021-08-28", "阳发改〔2021〕8号"),
    ("YEY-8", "经开区第五幼儿园新建", "130771", "2021-12-31", 2020, "2021-09-01", "张经开发改〔2021〕6号"),
    (
        "TJ-1",
        "张家口市“十四五”特殊教育提升计划",
        "130703",
        "2022-12-31",
        2021,
        "2022-09-30",
        "张政办发〔2022〕41号",
    ),
    ("GZ-1", "市第一中学进入全省先进普通高中行列", "130703", "2024-12-31", 2021, "", ""),
    ("YZ-1", "优质高中建设：市第一中学", "130703", "2025-12-31", 2021, "2023-12-20", "冀教基〔2023〕55号"),
    (
        "YZ-2",
        "优质高中建设：宣化区第一中学",
        "130705",
        "2025-12-31",
        2021,
        "2024-11-08",
        "冀教基〔2024〕47号",
    ),
    ("YZ-3", "优质高中建设：张北县第一中学", "130722", "2025-12-31", 2021, "", ""),
    ("YZ-4", "优质高中建设：沙城中学", "130730", "2025-12-31", 2021, "", ""),
    (
        "TS-1",
        "特色高中建设：市第二中学(美术)",
        "130702",
        "2024-08-31",
        2021,
        "2023-07-14",
        "张教基〔2023〕28号",
    ),
    (
        "TS-2",
        "特色高中建设：宣化区第二中学(冰雪)",
        "130705",
        "2024-08-31",
        2021,
        "2022-12-05",
        "张教基〔2022〕61号",
    ),
    (
        "TS-3",
        "特色高中建设：市实验中学(体育)",
        "130702",
        "2024-08-31",
        2021,
        "2023-07-14",
        "张教基〔2023〕28号",
    ),
    (
        "TS-4",
        "特色高中建设：市第十中学(音乐)",
        "130703",
        "2024-08-31",
        2021,
        "2024-06-30",
        "张教基〔2024〕19号",
    ),
    ("TS-5", "特色高中建设：市第六中学(外语)", "130703", "2024-08-31", 2021, "", ""),
    ("QJ-1", "桥东区区级普通高中建设", "130702", "2024-09-01", 2021, "2024-08-26", "张桥东发改〔2024〕15号"),
    ("QJ-2", "桥西区区级普通高中建设", "130703", "2024-09-01", 2021, "", ""),
    ("QJ-3", "经开区区级普通高中建设", "130771", "2024-09-01", 2021, "2023-08-25", "张经开发改〔2023〕21号"),
    (
        "GZX-1",
        "省级高职创新发展行动计划项目(旅游类)",
        "130771",
        "2025-12-31",
        2021,
        "2023-05-16",
        "冀教职成〔2023〕12号",
    ),
    # One university, three colleges, five alliances: five of the nine stand at the end of 2024.
    ("BJ-1", "“一本三专五联盟”：职业本科院校筹建", "130771", "2025-12-31", 2021, "", ""),
    ("BJ-2", "“一本三专五联盟”：职业技术学院扩容", "130703", "2025-12-31", 2021, "2022-07-15", "张教职成〔2022〕9号"),
    ("BJ-3", "“一本三专五联盟”：卫生健康高职筹建", "130771", "2025-12-31", 2021, "2024-03-28", "冀教职成〔2024〕8号"),
    ("BJ-4", "“一本三专五联盟”：冰雪运动高职筹建", "130709", "2025-12-31", 2021, "", ""),
    ("BJ-5", "“一本三专五联盟”：现代农业职教联盟", "130722", "2025-12-31", 2021, "2022-11-02", "张教职成〔2022〕15号"),
    ("BJ-6", "“一本三专五联盟”：冰雪产业职教联盟", "130709", "2025-12-31", 2021, "2023-04-19", "张教职成〔2023〕4号"),
    ("BJ-7", "“一本三专五联盟”：大数据职教联盟", "130730", "2025-12-31", 2021, "2024-09-12", "张教职成〔2024〕11号"),
    ("BJ-8", "“一本三专五联盟”：装备制造职教联盟", "130705", "2025-12-31", 2021, "", ""),
    ("BJ-9", "“一本三专五联盟”：文化旅游职教联盟", "130726", "2025-12-31", 2021, "", ""),
    ("XD-1", "张家口现代职业技术学院筹建", "130771", "2025-12-31", 2021, "", ""),
    ("GJ-1", "职业院校与德国合作办学协议", "130771", "2025-12-31", 2021, "2024-05-22", "张教职成〔2024〕6号"),
)


def projects(year: int) -> Iterator[Row]:
    """The city's ledger as it stands at the end of ``year``: nothing in it is known too early."""
    for number, title, county, planned, first, ended, document in _PROJECTS:
        if first > year:
            continue
        done = bool(ended) and ended <= f"{year}-12-31"
        yield {
            "project_id": number,
            "title": title,
            "county_code": county,
            "planned_end": planned,
            "actual_end": ended if done else "",
            "document_no": document + _DEMO if done else "",
            "stage": "已完成" if done else ("未启动" if year == first else "推进中"),
        }


# -- events: kind, date, office, quantity, document -------------------------------------------------------------

_EVENTS = (
    # Two-year windows start in 2021: games and shows were held in both, the games of 2021-22 late.
    ("运动会", "2022-09-24", "", 1, "张教体艺〔2022〕31号"),
    ("运动会", "2024-06-12", "", 1, "张教体艺〔2024〕14号"),
    ("艺术展演", "2021-05-28", "", 1, "张教体艺〔2021〕9号"),
    ("艺术展演", "2023-05-26", "", 1, "张教体艺〔2023〕12号"),
    ("科技节", "2023-10-21", "", 1, "张教科〔2023〕7号"),
    ("科技节", "2024-10-19", "", 1, "张教科〔2024〕5号"),
    # No travel in 2021 and 2022; eight of ten teachers in 2023, twelve in 2024.
    ("出国访学", "2023-11-06", "", 8, "张教职成〔2023〕22号"),
    ("出国访学", "2024-10-14", "", 12, "张教职成〔2024〕17号"),
    ("督导评估", "2020-11-20", "", 17, "张政教督〔2020〕6号"),
    ("督导评估", "2021-11-18", "", 17, "张政教督〔2021〕6号"),
    ("督导评估", "2022-11-22", "", 17, "张政教督〔2022〕8号"),
    ("督导评估", "2023-11-21", "", 17, "张政教督〔2023〕5号"),
    ("督导评估", "2024-11-19", "", 17, "张政教督〔2024〕5号"),
    ("教师培训", "2022-07-18", "", 412, "张教师〔2022〕19号"),
    ("教师培训", "2023-07-17", "", 468, "张教师〔2023〕16号"),
    ("教师培训", "2024-07-15", "", 505, "张教师〔2024〕13号"),
)
# The two leaders of the city: visits and one lesson and one pairing a year; a lesson was missed in 2022.
_LEADERS = ("市委书记", "市长")
_LEADER_DAYS = (("领导调研", "04-16"), ("领导调研", "09-08"), ("思政课", "10-26"), ("领导包联", "03-19"))
_MISSED = {("市长", "思政课", 2022)}


def events(year: int) -> Iterator[Row]:
    """The city's own events of a calendar year."""
    for place, (kind, day, role, quantity, document) in enumerate(_EVENTS, start=1):
        if day.startswith(str(year)):
            yield _event(year, place, kind, day, role, quantity, document + _DEMO)
    place = 50
    for role in _LEADERS:
        for kind, day in _LEADER_DAYS:
            place += 1
            if (role, kind, year) not in _MISSED:
                yield _event(
                    year, place, kind, f"{year}-{day}", role, 1, f"张委办记〔{year}〕{place}号{_DEMO}"
                )


def _event(year: int, place: int, kind: str, day: str, role: str, quantity: int, evidence: str) -> Row:
    return {
        "event_id": f"{year}-{CITY}-{place:02d}",
        "event_type": kind,
        "event_date": day,
        "unit_code": CITY,
        "role": role,
        "quantity": quantity,
        "evidence": evidence,
    }


# -- prices -----------------------------------------------------------------------------------------------------

REAL_PRICES = (
    (2021, "100.90", "国家统计局2022年1月12日发布:2021年全年全国居民消费价格比上年上涨0.9%"),
    (2022, "102.00", "国家统计局2023年1月12日发布:2022年全年全国居民消费价格比上年上涨2.0%"),
)
_CITY_PRICES = {2020: "102.30", 2021: "100.80", 2022: "101.90", 2023: "100.40", 2024: "100.20"}


def published_prices() -> Iterator[Row]:
    """Consumer prices of the country, as published."""
    for year, index, source in REAL_PRICES:
        yield {"area": "000000", "calendar_year": year, "cpi_prev_year_100": index, "source_title": source}


def city_prices(year: int) -> Row:
    """Invented consumer prices of the city."""
    return {
        "area": CITY,
        "calendar_year": year,
        "cpi_prev_year_100": _CITY_PRICES[year],
        "source_title": f"张家口市{year}年居民消费价格指数{_DEMO}",
    }


# -- benchmarks -------------------------------------------------------------------------------------------------

_BENCHMARK_PATHS = {
    "public_use_primary": (2800, 2870, 2960, 3050, 3120),
    "public_use_junior": (3970, 4060, 4180, 4290, 4380),
    "vocational_equipment_per_pupil": (6100, 6300, 6500, 6700, 6900),
    "vocational_floor_per_pupil": (18, 18, 19, 19, 19),
    "vocational_land_per_pupil": (33, 33, 33, 33, 34),
    "vocational_books_per_pupil": (30, 30, 30, 30, 30),
    "vocational_teachers_per_pupil": ("0.066", "0.066", "0.067", "0.067", "0.068"),
}
_UNITS = {
    "vocational_floor_per_pupil": "平方米",
    "vocational_land_per_pupil": "平方米",
    "vocational_books_per_pupil": "册",
    "vocational_teachers_per_pupil": "人",
}


def published_benchmarks() -> list[Row]:
    """Figures of the country and of Hebei as published, with source, address and day."""
    with (_REAL / "benchmarks.csv").open(encoding="utf-8", newline="") as handle:
        return [dict(row) for row in csv.DictReader(handle)]


def invented_benchmarks(year: int) -> Iterator[Row]:
    """Benchmarks that no source at hand tells: national public-use funds, provincial vocational conditions."""
    for name, path in _BENCHMARK_PATHS.items():
        vocational = name.startswith("vocational")
        yield {
            "indicator_id": name,
            "area": "130000" if vocational else "000000",
            "year": year,
            "basis": "演示",
            "value": path[year - 2020],
            "unit": _UNITS.get(name, "元"),
            "source_title": f"{'全省中等职业学校办学条件' if vocational else '全国义务教育生均公用经费'}对照值{_DEMO}",
            "url": "",
            "published_on": f"{year + 1}-06-01",
        }


# -- restatements -----------------------------------------------------------------------------------------------

RESTATED_UNIT, RESTATED_YEAR = "130723", 2021
"""Where an approved restatement changed a return of a closed year: see ``derived``."""


def restatements(old: object, new: object) -> list[Row]:
    """One approved restatement, which the second file of 2021 carries out, and a proposal that was turned down."""
    return [
        {
            "restatement_id": "XD-2022-01",
            "table_name": "elderly_education",
            "row_period": RESTATED_YEAR,
            "row_key": f"{RESTATED_UNIT}|{RESTATED_YEAR}|县",
            "column_name": "universities",
            "old_value": old,
            "new_value": new,
            "reason": "康保县把尚未开课的县老年大学计为1所，市督导复核时查明，县教育和体育局书面更正",
            "entered_by": "康保县教育和体育局统计岗(演示)",
            "entered_on": "2022-12-28",
            "approved_by": "市教育局统计负责人(演示)",
            "approved_on": "2023-01-06",
        },
        {
            "restatement_id": "XD-2022-02",
            "table_name": "county_finance",
            "row_period": 2021,
            "row_key": "130728|2021|教育支出|决算",
            "column_name": "amount_yuan",
            "old_value": "",
            "new_value": "",
            "reason": "怀安县申请把2021年校舍改造专项调到2022年，决算已经人大批准，不予调整，留存备查",
            "entered_by": "怀安县财政局教科文岗(演示)",
            "entered_on": "2023-09-04",
            "approved_by": "",
            "approved_on": "",
        },
    ]
