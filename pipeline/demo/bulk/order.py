"""What is ordered: a name, a size, years and a seed; and the counties that follow from it.

Belongs here: the limits of an order and the codes and names of its territory. Does not belong here: figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

PROVINCE = "99"
"""No province of GB/T 2260 has this code, so nothing here can be taken for a real place."""
CITY = PROVINCE + "0000"
CITY_BUDGET = PROVINCE + "0001"
FIRST_COUNTY = 2
MAX_SCHOOLS, MAX_COUNTIES = 500_000, 5_000
SCHOOLS_TO_A_COUNTY = 100
"""Where the order does not say how many counties there are."""
FEWEST_SCHOOLS = 12
"""A county has at least this many, so that each of its stages has a school and its shares are not all of one child."""
EARLIEST, LATEST, MOST_YEARS = 2015, 2026, 12
HISTORY_YEARS = 9
"""Cohorts are followed from grade 1 to graduation: totals by county go back this far before the first year."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DIGITS = "〇一二三四五六七八九"


class OrderError(ValueError):
    """An order that cannot be filled. ``str()`` says why, in Chinese and English."""


@dataclass(frozen=True)
class County:
    """One county: its place in the order (from 0), its code, its names, and its schools (``first`` is a serial)."""

    index: int
    code: str
    name: str
    name_en: str
    schools: int
    first: int


@dataclass(frozen=True)
class Order:
    """A programme to write. Raises OrderError where a number lies outside what can be written."""

    name: str
    schools: int
    counties: int
    first_year: int
    last_year: int
    seed: int

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise OrderError(
                f"项目名“{self.name}”应为小写字母开头的字母、数字、下划线 / the name must be lower-case letters, "
                f"digits and underscores, beginning with a letter"
            )
        _within("学校数 / schools", self.schools, FEWEST_SCHOOLS, MAX_SCHOOLS)
        _within("县区数 / counties", self.counties, 1, MAX_COUNTIES)
        if self.schools < self.counties * FEWEST_SCHOOLS:
            raise OrderError(
                f"每个县区至少 {FEWEST_SCHOOLS} 所学校:{self.counties} 个县区至少要 {self.counties * FEWEST_SCHOOLS} 所 / "
                f"a county has at least {FEWEST_SCHOOLS} schools"
            )
        _within("起始年 / first year", self.first_year, EARLIEST, LATEST - 1)
        _within("年数 / number of years", self.last_year - self.first_year + 1, 2, MOST_YEARS)
        _within("截止年 / last year", self.last_year, EARLIEST, LATEST)
        _within("种子 / seed", self.seed, 0, 2**31 - 1)

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    @property
    def history(self) -> range:
        """The years before the first return by school of which counties hand in totals."""
        return range(self.first_year - HISTORY_YEARS, self.first_year)

    @cached_property
    def territory(self) -> list[County]:
        """Every county, in the order of codes; the first ones have one school more where it does not divide."""
        each, more = divmod(self.schools, self.counties)
        listed, first = [], 1
        for index in range(self.counties):
            number = each + (index < more)
            shown = "".join(_DIGITS[int(digit)] for digit in str(index + 1))
            listed.append(
                County(
                    index=index,
                    code=f"{PROVINCE}{FIRST_COUNTY + index:04d}",
                    name=f"示例{shown}县",
                    name_en=f"Example County {index + 1}",
                    schools=number,
                    first=first,
                )
            )
            first += number
        return listed


def _within(what: str, number: int, low: int, high: int) -> None:
    if not low <= number <= high:
        raise OrderError(f"{what}:{number},应在 {low}—{high} 之间 / must lie between {low} and {high}")
