"""How many children and pupils each institution has in each school year.

Belongs here: sharing the unit's (or, above grade 9, the city's) numbers among institutions.
Does not belong here: the numbers of the unit (``flows``, ``story``), files (``returns``).
"""

from __future__ import annotations

from pipeline.demo import YEARS
from pipeline.demo.flows import Pupils
from pipeline.demo.institutions import GRADES, PROGRAMME, Institution
from pipeline.demo.kindergartens import others_scale
from pipeline.demo.population import CENSUS_YEAR, Population, of_ages
from pipeline.demo.story import (
    CITY_GER,
    FALLING_BACK,
    GER_FIXED,
    TECHNICAL,
    UNIT,
    UPPER_SECONDARY,
    VOCATIONAL_PER_THOUSAND,
)
from pipeline.demo.streams import Stream, scaled, share_out, share_signed
from pipeline.demo.territory import UNITS

Enrolment = dict[tuple[str, str, int, int], int]
"""Pupils by (school_id, programme, grade, school year)."""

_PRIMARY_PULL = {"345": 350}
_JUNIOR_PULL = {"341": 480, "345": 420}
SPECIAL = "511"
"""Special schools, whose pupils come out of ordinary ones (``special``)."""
SENIOR = ("341", "342", "345")
VOCATIONAL = ("361", "362", "363", "365")


def unit_children(people: Population, seed: int) -> dict[tuple[str, int], int]:
    """Kindergarten children by unit and school year; the city is brought to its path."""
    result: dict[tuple[str, int], int] = {}
    codes = [unit.code for unit in UNITS]
    for year in YEARS:
        groups = {code: of_ages(people, code, year, 3, 5) for code in codes}
        for code in codes:
            story = UNIT[code]
            step = year - CENSUS_YEAR
            rate = story.ger_base + (story.ger_end - story.ger_base) * step // 4
            if code == FALLING_BACK and step > 0:
                rate += (-35, 40, 30, 0)[step - 1]
            elif 0 < step < 4:
                rate += Stream(seed, "ger", code, year).between(-45, 35)
            result[code, year] = (groups[code] * rate + 5000) // 10000
        wanted = (sum(groups.values()) * CITY_GER[year] + 5000) // 10000
        gap = wanted - sum(result[code, year] for code in codes)
        free = [code for code in codes if code not in GER_FIXED]
        for code, part in zip(free, share_signed(gap, [groups[code] for code in free]), strict=True):
            result[code, year] += part
    return result


def place_children(
    children: dict[tuple[str, int], int], institutions: list[Institution], seed: int
) -> dict[tuple[str, int], int]:
    """Children by kindergarten and school year."""
    result: dict[tuple[str, int], int] = {}
    for year in YEARS:
        working = [item for item in institutions if item.is_kindergarten and item.works(year)]
        of_year = {unit.code: children[unit.code, year] for unit in UNITS}
        scale = others_scale(of_year, working, year)
        for code, number in of_year.items():
            local = [item for item in working if item.unit.code == code]
            weights = []
            for item in local:
                weight = item.pull(year) * Stream(seed, "pull", item.school_id, year).noise(25000) // 1000
                weights.append(weight if item.inclusive(year) else weight * scale // 1_000_000)
            for item, part in zip(local, share_out(number, weights), strict=True):
                result[item.school_id, year] = part
    return result


def _grade_pull(item: Institution, grade: int, year: int, seed: int) -> int:
    base = item.pull(year)
    fixed = (_PRIMARY_PULL if grade <= 6 else _JUNIOR_PULL).get(item.kind) if grade <= 9 else None
    if fixed is not None:
        base = fixed * 1_000_000
    return base * Stream(seed, "class", item.school_id, year - grade).noise(60000) // 1000


def _youth(people: Population, unit: str, year: int) -> int:
    """Persons of 15 to 17 in a unit against the census year, thousandths: schools grow with them."""
    return of_ages(people, unit, year, 15, 17) * 1000 // of_ages(people, unit, CENSUS_YEAR, 15, 17)


def _share(number: int, schools: list[Institution], grade: int, year: int, seed: int) -> list[int]:
    return share_out(number, [_grade_pull(item, grade, year, seed) for item in schools])


def place_pupils(pupils: Pupils, people: Population, institutions: list[Institution], seed: int) -> Enrolment:
    """Pupils by school, programme, grade and school year, grades 1 to 12."""
    result: Enrolment = {}
    schools = [item for item in institutions if not item.is_kindergarten and item.kind != SPECIAL]
    for year in YEARS:
        working = [item for item in schools if item.works(year)]
        for unit in UNITS:
            for grade in range(1, 10):
                local = [
                    item
                    for item in working
                    if item.unit.code == unit.code and GRADES[item.kind][0] <= grade <= GRADES[item.kind][1]
                ]
                programme = "小学" if grade <= 6 else "初中"
                parts = _share(pupils[unit.code, grade, year], local, grade, year, seed)
                for item, part in zip(local, parts, strict=True):
                    result[item.school_id, programme, grade, year] = part
        for kinds, numbers in _upper_numbers(people, year).items():
            local = [item for item in working if item.kind in kinds]
            for grade, number in zip((10, 11, 12), numbers, strict=True):
                pulls = [
                    _grade_pull(item, grade, year, seed) * _youth(people, item.unit.code, year) // 1000
                    for item in local
                ]
                for item, part in zip(local, share_out(number, pulls), strict=True):
                    result[item.school_id, PROGRAMME[item.kind], grade, year] = part
    return result


def _upper_numbers(people: Population, year: int) -> dict[tuple[str, ...], list[int]]:
    """Pupils of grades 10-12 in senior and in vocational schools, for the whole city."""
    ages = [sum(of_ages(people, unit.code, year, age, age) for unit in UNITS) for age in (15, 16, 17)]
    total = (sum(ages) * (UPPER_SECONDARY[year] - TECHNICAL[year]) + 5000) // 10000
    vocational = total * VOCATIONAL_PER_THOUSAND // 1000
    return {SENIOR: share_out(total - vocational, ages), VOCATIONAL: share_out(vocational, ages)}


def technical_pupils(people: Population, year: int, seed: int) -> list[tuple[str, str, int, int]]:
    """Pupils of technical schools: (school_id, county_code, grade, pupils); codes 3613900001 on."""
    ages = [sum(of_ages(people, unit.code, year, age, age) for unit in UNITS) for age in (15, 16, 17)]
    total = (sum(ages) * TECHNICAL[year] + 5000) // 10000
    homes = (
        "130702",
        "130702",
        "130702",
        "130703",
        "130703",
        "130703",
        "130705",
        "130705",
        "130705",
        "130771",
        "130771",
        "130771",
        "130722",
        "130726",
        "130727",
        "130728",
        "130730",
        "130731",
        "130708",
    )
    weights = [
        Stream(seed, "technical", i).between(*((900, 1600) if i < 12 else (250, 520)))
        for i in range(len(homes))
    ]
    rows = []
    for grade, number in zip((10, 11, 12), share_out(total, ages), strict=True):
        pulls = [
            weight * Stream(seed, "technical", i, year - grade).noise(50000)
            for i, weight in enumerate(weights)
        ]
        for i, (home, part) in enumerate(zip(homes, share_out(number, pulls), strict=True)):
            rows.append((f"3613{900001 + i:06d}", home, grade, part))
    return sorted(rows)


def boys(number: int, *key: object, seed: int) -> int:
    """How many of a number of children are boys: a little more than half."""
    return scaled(number, 512_000 + Stream(seed, "boys", *key).between(-30_000, 30_000))
