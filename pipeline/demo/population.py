"""People aged 0 to 19 by unit, sex and single year of age, 2019 to 2024.

Belongs here: splitting the census bands of 2020 into years of age (their sums stay exact) and
carrying the cohorts to the other years. Does not belong here: pupils, rates.
"""

from __future__ import annotations

from pipeline.demo import YEARS
from pipeline.demo.story import BIRTHS, UNIT
from pipeline.demo.streams import MILLION, Stream, scaled, share_out
from pipeline.demo.territory import CHILD_BANDS, UNITS, census_bands

SEXES = ("男", "女")
AGES = range(20)
CENSUS_YEAR = 2020
REFERENCE_DATES = {year: f"{year}-11-01" if year == CENSUS_YEAR else f"{year}-12-31" for year in YEARS}
BASES = {year: "常住普查" if year == CENSUS_YEAR else "常住年报" for year in YEARS}

_BAND_SHAPE: dict[str, tuple[int, ...]] = {
    "0": (1000,),
    "1-4": (885, 965, 1045, 1105),
    "5-9": (975, 992, 1000, 1010, 1023),
    "10-14": (970, 1015, 1030, 1010, 960),
}
_SHAPE_15_17 = (353, 334, 313)
_LEAVING = {15: -52000, 16: -34000, 17: -28000}
"""Yearly change at the ages at which pupils leave for school or work elsewhere, millionths."""

Population = dict[tuple[str, int, str, int], int]
"""Persons by (unit, year, sex, age)."""


def _weights(unit: str, sex: str, band: str, seed: int) -> list[int]:
    stream = Stream(seed, "population", unit, sex, band)
    if band == "15-19":
        young = UNIT[unit].share_15_17
        shape = [young * part for part in _SHAPE_15_17] + [(1000 - young) * 500] * 2
    else:
        shape = [part * 1000 for part in _BAND_SHAPE[band]]
    return [scaled(part, stream.noise(9000)) for part in shape]


def yearly_drift(unit: str) -> int:
    """Yearly change of a cohort of children by migration, millionths."""
    return (UNIT[unit].kept - 985) * 1000 // 8


def make_population(seed: int) -> Population:
    """Persons by unit, year, sex and age; 2020 adds up to the census bands."""
    people: Population = {}
    bands = census_bands(CENSUS_YEAR)
    codes = [unit.code for unit in UNITS]
    for code in codes:
        for sex in SEXES:
            for band, ages in CHILD_BANDS.items():
                parts = share_out(bands[code, sex, band], _weights(code, sex, band, seed))
                for age, part in zip(ages, parts, strict=True):
                    people[code, CENSUS_YEAR, sex, age] = part
    _carry_back(people, codes, seed)
    for year in YEARS:
        if year > CENSUS_YEAR:
            _carry_on(people, codes, year, seed)
    return people


def _carry_back(people: Population, codes: list[str], seed: int) -> None:
    year = CENSUS_YEAR - 1
    for code in codes:
        for sex in SEXES:
            stream = Stream(seed, "population", code, sex, year)
            for age in AGES:
                if age in (17, 18, 19):
                    people[code, year, sex, age] = scaled(
                        people[code, CENSUS_YEAR, sex, age], stream.noise(12000)
                    )
                    continue
                change = MILLION - yearly_drift(code) - _LEAVING.get(age + 1, 0)
                people[code, year, sex, age] = scaled(
                    scaled(people[code, CENSUS_YEAR, sex, age + 1], change), stream.noise(4000)
                )


def _carry_on(people: Population, codes: list[str], year: int, seed: int) -> None:
    newborn = [
        scaled(
            people[code, CENSUS_YEAR, sex, 0],
            Stream(seed, "births", code, sex, year).noise(25000) + 2 * yearly_drift(code),
        )
        for code in codes
        for sex in SEXES
    ]
    births = iter(share_out(BIRTHS[year], newborn))
    for code in codes:
        for sex in SEXES:
            stream = Stream(seed, "population", code, sex, year)
            people[code, year, sex, 0] = next(births)
            for age in range(1, 18):
                change = MILLION + yearly_drift(code) + _LEAVING.get(age, 0)
                people[code, year, sex, age] = scaled(
                    scaled(people[code, year - 1, sex, age - 1], change), stream.noise(4000)
                )
            for age in (18, 19):
                people[code, year, sex, age] = scaled(people[code, year - 1, sex, age], stream.noise(15000))


def of_ages(people: Population, unit: str, year: int, first: int, last: int) -> int:
    """Persons of both sexes aged ``first`` to ``last``."""
    return sum(people[unit, year, sex, age] for sex in SEXES for age in range(first, last + 1))
