"""The figures of each county and year before they are shared out among schools.

Belongs here: births, cohorts, intakes and the ratios that follow from them. Does not belong here: schools, forms.

A ratio that shows the same two decimals in two years, or exactly its target, is doubtful to rule E04, and one
that rises while its numerator falls to E07. So cohorts grow by about one per cent a year, ratios rise along a
path, and where a figure would meet such a coincidence one child more is counted. Counties come first, then the
sum of all of them, which the first county mends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.demo.bulk.order import County, Order
from pipeline.demo.streams import Stream

AGES = range(25)
GROWTH = 10
"""Births grow by this many thousandths of the first year's births each year."""
_OLDEST = 33
_CLASSES_BEFORE = 10
"""Classes that finished this many years before the first are followed: their graduates stand in the history."""
_PER_SCHOOL = 20
"""Births a year to a school of the county."""
BOYS = 52
TARGETS = {"preschool_ger": 92, "compulsory_retention": 98, "senior_secondary_ger": 95}
"""Per cent; the plan template states the same."""
TECHNICAL_EVERY = 5
"""One county in so many has a technical school."""
_TECHNICAL_SHARE = 80
_GENERAL_SHARE = 550


def shown(numerator: int, denominator: int) -> int:
    """A ratio in hundredths of a point, half up: what two decimals show."""
    return (numerator * 20_000 + denominator) // (2 * denominator)


@dataclass
class CountyTotals:
    """One county's figures by year (``children``), by year of entry into grade 1 (``grade_1``, ``lost``) and into
    grade 10 (``intake``, ``technical``)."""

    county: County
    base_year: int
    births_at_first: int
    wobble: list[int]
    entering: int
    children: dict[int, int] = field(default_factory=dict)
    lost: dict[int, int] = field(default_factory=dict)
    intake: dict[int, int] = field(default_factory=dict)

    def births(self, year: int) -> int:
        """Children born from September ``year - 1`` on: they are ``y - year`` years old on 1 September ``y``."""
        since = year - self.base_year
        return self.births_at_first * (1000 + GROWTH * since + self.wobble[since]) // 1000

    def aged(self, year: int, first: int, last: int) -> int:
        """Residents of these completed years of age."""
        return sum(self.births(year - age) for age in range(first, last + 1))

    def grade_1(self, entered: int) -> int:
        """Children who enter grade 1; as many go on to grade 7 six years later."""
        return self.births(entered - 6) * self.entering // 1000

    def in_grade(self, grade: int, year: int) -> int:
        """Pupils of grade 1 to 9; those who leave without finishing do so after grades 7 and 8."""
        entered = year - grade + 1
        early = self.lost[entered] // 2 if grade >= 8 else 0
        return self.grade_1(entered) - (early if grade < 9 else self.lost[entered])

    @property
    def has_technical(self) -> bool:
        return self.county.index % TECHNICAL_EVERY == 0

    def technical(self, entered: int) -> int:
        """Of the intake, those who enter a technical school."""
        return self.intake[entered] * _TECHNICAL_SHARE // 1000 if self.has_technical else 0

    def general(self, entered: int) -> int:
        """Of the intake, those who enter a general upper-secondary school; the rest go to vocational schools."""
        return self.intake[entered] * _GENERAL_SHARE // 1000

    def vocational(self, entered: int) -> int:
        return self.intake[entered] - self.general(entered) - self.technical(entered)

    def seniors(self, year: int) -> int:
        """Pupils of grades 10 to 12, technical schools included."""
        return sum(self.intake[year - back] for back in range(3))

    def seniors_technical(self, year: int) -> int:
        return sum(self.technical(year - back) for back in range(3))


def make_totals(order: Order) -> list[CountyTotals]:
    """The totals of every county, in the order of the territory."""
    made = [_county(order, county) for county in order.territory]
    _preschool(order, made)
    _senior(order, made)
    _retention(order, made)
    return made


def _county(order: Order, county: County) -> CountyTotals:
    draw = Stream(order.seed, "county", county.code)
    base_year = order.first_year - _OLDEST
    span = order.last_year - base_year + 1
    return CountyTotals(
        county=county,
        base_year=base_year,
        births_at_first=county.schools * _PER_SCHOOL + draw.between(0, county.schools),
        wobble=[draw.between(0, 4) for _ in range(span)],
        entering=draw.between(985, 1003),
    )


@dataclass(frozen=True)
class _Ratio:
    """One ratio of a county and year, and the target that it must not meet exactly."""

    numerator: Callable[[CountyTotals, int], int]
    denominator: Callable[[CountyTotals, int], int]
    target: int | None

    def of(self, group: list[CountyTotals], year: int) -> int:
        """What two decimals show of the sum of numerators over the sum of denominators."""
        return shown(
            sum(self.numerator(one, year) for one in group), sum(self.denominator(one, year) for one in group)
        )


def _settle(
    made: list[CountyTotals], years: range, ratios: list[_Ratio], more: Callable[[CountyTotals, int], None]
) -> None:
    """In each year, count one more where a county's ratio, or that of all counties, would look doubtful."""

    def doubtful(group: list[CountyTotals], year: int) -> bool:
        return any(
            ratio.of(group, year) == (ratio.target or -1) * 100
            or (year > years[0] and ratio.of(group, year) == ratio.of(group, year - 1))
            for ratio in ratios
        )

    for year in years:
        for one in made:
            while doubtful([one], year):
                more(one, year)
        while doubtful(made, year):
            more(made[0], year)
            while doubtful(made[:1], year):
                more(made[0], year)


def _preschool(order: Order, made: list[CountyTotals]) -> None:
    for one in made:
        draw = Stream(order.seed, "preschool", one.county.code)
        start = draw.between(8500, 9050)
        for year in range(order.first_year - 2, order.last_year + 1):
            rate = start + 60 * (year - order.first_year) + draw.between(0, 10)
            one.children[year] = one.aged(year, 3, 5) * rate // 10_000

    def more(one: CountyTotals, year: int) -> None:
        one.children[year] += 1

    ratio = _Ratio(lambda one, y: one.children[y], lambda one, y: one.aged(y, 3, 5), TARGETS["preschool_ger"])
    _settle(made, order.years, [ratio], more)


def _senior(order: Order, made: list[CountyTotals]) -> None:
    for one in made:
        draw = Stream(order.seed, "senior", one.county.code)
        start = draw.between(8800, 9200)
        for year in range(order.first_year - 4, order.last_year + 1):
            rate = start + 50 * (year - order.first_year) + draw.between(0, 10)
            one.intake[year] = one.births(year - 15) * rate // 10_000

    def more(one: CountyTotals, year: int) -> None:
        one.intake[year] += 1

    def people(one: CountyTotals, year: int) -> int:
        return one.aged(year, 15, 17)

    ratios = [
        _Ratio(lambda one, y: one.seniors(y), people, TARGETS["senior_secondary_ger"]),
        _Ratio(lambda one, y: one.seniors(y) - one.seniors_technical(y), people, None),
    ]
    _settle(made, order.years, ratios, more)


def _retention(order: Order, made: list[CountyTotals]) -> None:
    """The class that stands in grade 9 in a year has kept this share of those who entered eight years before."""
    first = order.first_year - _CLASSES_BEFORE
    for one in made:
        draw = Stream(order.seed, "retention", one.county.code)
        start = draw.between(9680, 9740)
        for year in range(first, order.last_year + 3):
            entered = year - 8
            rate = min(start + 14 * (year - order.first_year) + draw.between(0, 4), 9960)
            one.lost[entered] = one.grade_1(entered) - one.grade_1(entered) * rate // 10_000

    def more(one: CountyTotals, year: int) -> None:
        one.lost[year - 8] -= 1

    ratio = _Ratio(
        lambda one, y: one.grade_1(y - 8) - one.lost[y - 8],
        lambda one, y: one.grade_1(y - 8),
        TARGETS["compulsory_retention"],
    )
    # From the year before the first: graduates over entrants shows the class of a year ago.
    _settle(made, range(order.first_year - 1, order.last_year + 3), [ratio], more)
