"""The files of the derived returns: who hands them in, when, and in which arrival.

Belongs here: format, name, supplier and day of receipt of every derived return, the one that was
replaced and the one that corrects a closed year. Does not belong here: what the rows say (``derived``),
how a format is written (``write``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.demo import city
from pipeline.demo.derived import DERIVED_YEARS, Derived, pieces
from pipeline.demo.received import (
    BUREAU,
    EDUCATION_OFFICE,
    FINANCE,
    GB18030,
    STATISTICS,
    TAB,
    UTF8,
    UTF8_BOM,
    XLSX,
    Received,
)
from pipeline.demo.returns import Row, World
from pipeline.demo.shapes import PLAIN, Shape
from pipeline.intake.contract import load_contracts

_GATHERED = "历年公布数由市教育局规划科在启动对照分析时一次汇集补登"
PERSONNEL, HEALTH, FEDERATION, ADULT = (
    "市教育局人事科",
    "市教育局体卫艺科",
    "市残联、市教育局基础教育科",
    "市教育局职成科",
)
SUPERVISION, PLANNING, OFFICE, PERSONNEL_BUREAU = (
    "市政府教育督导室",
    "市教育局项目办",
    "市教育局办公室",
    "市人社局",
)
_DATE_STYLES = {2020: "cell", 2021: "cell", 2022: "chinese", 2023: "iso", 2024: "slash"}


@dataclass(frozen=True)
class Arrival:
    """How a return arrives: supplier, day (month-day, and years after), format of 2020 to 2024."""

    supplier: str
    day: str
    forms: tuple[str, str, str, str, str]
    years_after: int = 0
    title: str = ""


_TEXT = (GB18030, UTF8_BOM, UTF8, UTF8, UTF8)
_BOOK = (XLSX, XLSX, XLSX, XLSX, XLSX)
ARRIVALS = {
    "classes": Arrival(BUREAU, "10-20", _TEXT),
    "enrolment_by_age": Arrival(BUREAU, "10-20", (UTF8, UTF8, UTF8_BOM, UTF8, UTF8)),
    "special_groups": Arrival(BUREAU, "10-21", (GB18030, GB18030, UTF8, UTF8, UTF8_BOM)),
    "facilities": Arrival(BUREAU, "10-21", _TEXT),
    "staff": Arrival(PERSONNEL, "10-23", (GB18030, TAB, UTF8_BOM, UTF8, UTF8)),
    "after_school_service": Arrival(EDUCATION_OFFICE, "06-18", (UTF8_BOM, GB18030, UTF8, UTF8, UTF8), 1),
    "county_totals": Arrival(BUREAU, "10-24", (UTF8, GB18030, UTF8, XLSX, XLSX), title="县级分项汇总"),
    "teacher_exchange": Arrival(PERSONNEL, "10-26", _BOOK, title="义务教育学校校长教师交流轮岗情况"),
    "compliance_survey": Arrival(SUPERVISION, "06-05", _TEXT, 1),
    "disabled_children_ledger": Arrival(
        FEDERATION, "10-27", _BOOK, title="适龄残疾儿童少年接受义务教育台账(汇总)"
    ),
    "preschool_service_area": Arrival(EDUCATION_OFFICE, "10-28", (GB18030, TAB, UTF8, UTF8, UTF8)),
    "feature_school_register": Arrival(HEALTH, "12-20", _BOOK),
    "pairing_register": Arrival(EDUCATION_OFFICE, "10-28", (XLSX, XLSX, UTF8_BOM, UTF8, UTF8)),
    "births": Arrival(STATISTICS, "03-20", _BOOK, 1, "年出生人口"),
    "pay_comparison": Arrival(PERSONNEL_BUREAU, "05-16", _BOOK, 1, "义务教育教师与公务员平均工资收入"),
    "vision_screening": Arrival(HEALTH, "01-15", (UTF8, UTF8, GB18030, XLSX, UTF8_BOM), 1),
    "elderly_education": Arrival(ADULT, "01-20", _BOOK, 1, "老年教育、社区教育机构情况"),
    "project_ledger": Arrival(PLANNING, "01-10", _BOOK, 1, "项目与里程碑台账"),
    "event_log": Arrival(OFFICE, "01-12", (UTF8_BOM, TAB, GB18030, UTF8, UTF8), 1),
    "finance_by_stage": Arrival(FINANCE, "08-25", _BOOK, 1, "分学段一般公共预算教育经费(决算)"),
}
PRELIMINARY = {("elderly_education", DERIVED_YEARS[-1])}
"""Returns that were handed in before the year's figures were final, and not yet again."""
_OLD_FACILITIES = {"danger_m2": "危房面积", "books": "图书册数", "equipment_yuan": "仪器设备总值(元)"}
_SHAPES: dict[str, tuple[int, Shape]] = {
    "births": (
        2020,
        Shape(
            named="县区名称",
            total=("births",),
            foot=("注:出生人口按常住口径,由人口变动情况抽样调查推算(演示)。",),
        ),
    ),
    "disabled_children_ledger": (
        2020,
        Shape(
            named="县区名称",
            total=("ledger", "enrolled", "not_enrolled"),
            foot=("说明:台账由残联与教育部门共同核定,只报人数,不报姓名、证件和残疾类别(演示)。",),
        ),
    ),
    "elderly_education": (2022, Shape(named="单位名称")),
    "finance_by_stage": (2020, Shape(wan=("spending_yuan", "public_use_spending_yuan"))),
    "pay_comparison": (
        2021,
        Shape(
            groups=(
                ("义务教育教师", ("teachers_n", "teacher_avg_pay")),
                ("公务员", ("civil_servants_n", "civil_servant_avg_pay")),
                ("绩效工资", ("performance_total", "guideline_total")),
                ("乡村教师生活补助", ("rural_allowance_eligible", "rural_allowance_paid")),
                ("住房保障", ("housing_eligible", "housing_covered")),
            ),
            wan=("performance_total", "guideline_total"),
        ),
    ),
    "teacher_exchange": (
        2023,
        Shape(
            groups=(
                ("交流轮岗", ("eligible", "rotated", "rotated_backbone")),
                ("职称申报", ("urban_applicants_senior_title", "applicants_with_rural_year")),
                ("农村新聘教师", ("rural_recruits", "placed_one_year")),
                ("校长", ("new_principals", "new_principals_rural3")),
            ),
        ),
    ),
}
"""From which year on a return comes in another shape than the plain one."""
_OLD_FORMS = {"facilities": (2020, _OLD_FACILITIES)}
"""The last year of an older form and its headers by field; ``layouts/`` tells the reader of them."""
_IN_PIECES = ("vision_screening", 2022)
"""One return came county by county instead of for the whole city."""


def derived_files(world: World) -> list[Received]:
    """Every file of the derived returns, in a fixed order."""
    derived = Derived.make(world)
    contracts = load_contracts()
    files: list[Received] = []
    for year in DERIVED_YEARS:
        for table, arrival in ARRIVALS.items():
            rows = _asked(derived.rows(table, year), [item.name for item in contracts[table].fields])
            if (table, year) == _IN_PIECES:
                files += [
                    _file(table, year, arrival, part, f"_{code}")
                    for code, part in pieces(rows, "county_code").items()
                ]
            else:
                files.append(_file(table, year, arrival, rows))
        files += _published(derived, world, year)
    return files + _corrected(derived, files) + _real()


def layout_rows() -> dict[str, list[list[object]]]:
    """Rows of ``layouts/<table>.csv``: first and last year, header, field."""
    return {
        table: [[DERIVED_YEARS[0], last, header, name] for name, header in headers.items()]
        for table, (last, headers) in _OLD_FORMS.items()
    }


def _shape(table: str, year: int) -> Shape:
    if table in _OLD_FORMS and year <= _OLD_FORMS[table][0]:
        return Shape(headers=_OLD_FORMS[table][1])
    first, shape = _SHAPES.get(table, (year, PLAIN))
    return shape if year >= first else PLAIN


def _asked(rows: list[Row], fields: Iterable[str]) -> list[Row]:
    """Rows with the fields of the contract only (a frame also says which rows are totals)."""
    names = set(fields)
    return [{name: value for name, value in row.items() if name in names} for row in rows]


def _file(table: str, year: int, arrival: Arrival, rows: list[Row], suffix: str = "") -> Received:
    form = arrival.forms[year - DERIVED_YEARS[0]]
    ending = {XLSX: "xlsx", TAB: "txt"}.get(form, "csv")
    return Received(
        table,
        year,
        year,
        f"{year}/{table}{suffix}.{ending}",
        form,
        arrival.supplier,
        f"{year + arrival.years_after}-{arrival.day}",
        rows,
        f"{year}版",
        title=f"张家口市{year}{'' if arrival.title.startswith('年') else '年'}{arrival.title}(演示)"
        if arrival.title
        else "",
        dates=_DATE_STYLES[year],
        shape=_shape(table, year),
        maturity="preliminary" if (table, year) in PRELIMINARY else "final",
    )


def _published(derived: Derived, world: World, year: int) -> list[Received]:
    """What the statistics office prints: counts and prices of the city, and benchmarks that are invented."""
    after = year + 1
    parts: list[tuple[str, str, str, list[Row]]] = [
        (
            "published_counts",
            f"{year}/published_counts.csv",
            f"{after}-04-10",
            derived.published_counts(world, year),
        ),
        ("price_index", f"{year}/price_index.csv", f"{after}-04-10", [city.city_prices(year)]),
        (
            "benchmarks",
            f"{year}/benchmarks_demonstration.csv",
            f"{after}-06-20",
            list(city.invented_benchmarks(year)),
        ),
    ]
    return [
        Received(table, year, year, path, UTF8, STATISTICS, day, rows, f"{year}年公报")
        for table, path, day, rows in parts
    ]


def _real() -> list[Received]:
    """Published figures of the country and the province, with their sources."""
    return [
        Received(
            "benchmarks",
            2020,
            2023,
            "published/benchmarks_2020_2023.csv",
            UTF8,
            BUREAU,
            "2024-11-08",
            city.published_benchmarks(),
            "公布资料",
            origin="real",
            late=_GATHERED,
        ),
        Received(
            "price_index",
            2021,
            2022,
            "published/price_index_2021_2022.csv",
            UTF8,
            BUREAU,
            "2023-02-06",
            list(city.published_prices()),
            "公布资料",
            origin="real",
            late=_GATHERED,
        ),
    ]


def _corrected(derived: Derived, files: list[Received]) -> list[Received]:
    """A return replaced within its own year, and one of a closed year with the restatement that allows it.

    The latter comes after the year was closed: the report of 2022 says that the class of 2021 was corrected.
    """
    care = next(item for item in files if item.table == "after_school_service" and item.first == 2022)
    first_try = [row | {"served": row["applied"]} for row in care.rows]
    place = files.index(care)
    files[place] = _replaced(care, "r1", rows=first_try)
    second = _replaced(
        care,
        "r2",
        received_on="2023-06-27",
        revision=2,
        supersedes=files[place].path,
        reason="首次报送把申请人数误填为参加人数，按考勤台账重新汇总参加人数",
    )
    elderly = next(
        item for item in files if item.table == "elderly_education" and item.first == city.RESTATED_YEAR
    )
    here = (city.RESTATED_UNIT, "县")
    old = next(
        int(str(row["universities"])) for row in elderly.rows if (row["unit_code"], row["level"]) == here
    )
    too_many = [
        row | {"universities": old + 1} if (row["unit_code"], row["level"]) == here else row
        for row in elderly.rows
    ]
    at = files.index(elderly)
    files[at] = _replaced(elderly, "r1", rows=too_many)
    restated = _replaced(
        elderly,
        "r2",
        received_on="2023-01-09",
        revision=2,
        supersedes=files[at].path,
        reason="康保县老年大学数更正，见历史数据修订 XD-2022-01",
        late="关账年度的更正件，经批准后于次年重报，首次报送没有迟",
    )
    log = Received(
        "restatement_log",
        2021,
        2021,
        "2021/restatement_log.csv",
        UTF8_BOM,
        BUREAU,
        "2023-09-20",
        city.restatements(old + 1, old),
        "2022版",
    )
    return [second, restated, log]


def _replaced(item: Received, name: str, **changes: object) -> Received:
    """The file under another name, with what is different in it."""
    stem, ending = item.path.rsplit(".", 1)
    values = (
        {key: getattr(item, key) for key in item.__dataclass_fields__}
        | {"path": f"{stem}_{name}.{ending}"}
        | changes
    )
    return Received(**values)  # type: ignore[arg-type]
