"""What an institution is: its site, its life, the decisions about it.

Belongs here: the records and what follows from them for a year. Does not belong here: making
them (``schools``, ``kindergartens``), and how many children they have (``pupils``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.demo import FIRST_YEAR
from pipeline.demo.streams import Stream
from pipeline.demo.territory import CITY_BUDGET, Unit

PREFIX = {
    "111": "11",
    "119": "11",
    "211": "21",
    "218": "21",
    "311": "31",
    "312": "31",
    "341": "34",
    "342": "34",
    "345": "34",
    "361": "36",
    "362": "36",
    "363": "36",
    "365": "36",
    "511": "51",
}
GRADES = {
    "211": (1, 6),
    "218": (1, 4),
    "311": (7, 9),
    "312": (1, 9),
    "341": (7, 12),
    "342": (10, 12),
    "345": (1, 12),
    "361": (10, 12),
    "362": (10, 12),
    "363": (10, 12),
    "365": (10, 12),
    "511": (1, 9),
}
PROGRAMME = {
    "341": "普通高中",
    "342": "普通高中",
    "345": "普通高中",
    "361": "中专",
    "362": "成人中专",
    "363": "职高",
    "365": "附设中职",
}
RECOGNITION_YEARS = 3


@dataclass(frozen=True)
class Place:
    """A site: 12-digit code, urban-rural code, place type, name of the township, position."""

    code: str
    urban_rural: str
    kind: str
    township: str
    lon: int
    lat: int


@dataclass(frozen=True)
class Recognition:
    """One decision that a private kindergarten is inclusive; dates are ISO text."""

    number: str
    first_day: str
    last_day: str
    withdrawn_on: str
    fee: int
    ceiling: int
    subsidy: int
    authority: str

    def valid_on(self, day: str) -> bool:
        """True when the recognition holds on that day."""
        return self.first_day <= day <= self.last_day and not (self.withdrawn_on and self.withdrawn_on <= day)


@dataclass
class Institution:
    """A kindergarten or school for its whole life; ``weight`` is its pull on pupils in 2019."""

    school_id: str
    name: str
    kind: str
    founder: str
    unit: Unit
    place: Place
    weight: int
    trend: int = 0
    opened: int = FIRST_YEAR
    closed: int | None = None
    paused: int | None = None
    paid_by_city: bool = False
    host: str = ""
    profit: str = "不适用"
    quality: bool = False
    boarding: bool = False
    recognitions: list[Recognition] = field(default_factory=list)

    @property
    def is_public(self) -> bool:
        return self.founder not in ("民办", "中外合作")

    @property
    def is_kindergarten(self) -> bool:
        return self.kind in ("111", "119")

    @property
    def payer(self) -> str:
        return CITY_BUDGET if self.paid_by_city else self.unit.code

    def listed(self, year: int) -> bool:
        """In the register of that year (in the year of its closure too)."""
        return self.opened <= year and (self.closed is None or year <= self.closed)

    def works(self, year: int) -> bool:
        """Open with children on 1 September of that year."""
        return self.listed(year) and year not in (self.closed, self.paused)

    def status(self, year: int) -> str:
        if year == self.closed:
            return "撤并"
        return "停办" if year == self.paused else "在办"

    def pull(self, year: int) -> int:
        """Weight in a year, millionths of a pupil."""
        return max(1, self.weight * (1000 + self.trend * (year - FIRST_YEAR))) * 1000

    def inclusive(self, year: int) -> bool:
        """Public, or recognised on 1 September."""
        return self.is_public or self.recognised(year)

    def recognised(self, year: int) -> bool:
        return any(item.valid_on(f"{year}-09-01") for item in self.recognitions)


def recognise(item: Institution, year: int, made: list[Institution], seed: int) -> None:
    """Recognise a kindergarten from 1 July of a year for three years; decisions are numbered through."""
    stream = Stream(seed, "recognition", item.school_id, year)
    ceiling = {"城区": 600, "县城": 480}.get(item.place.kind, 380)
    number = sum(len(other.recognitions) for other in made) + 1
    item.recognitions.append(
        Recognition(
            number=f"{item.unit.short.rstrip('区县')}教字〔{year}〕{number}号(演示)",
            first_day=f"{year}-07-01",
            last_day=f"{year + RECOGNITION_YEARS}-06-30",
            withdrawn_on="",
            fee=ceiling - 10 * stream.between(0, 18),
            ceiling=ceiling,
            subsidy=500 if item.place.kind in ("城区", "县城") else stream.pick((500, 600)),
            authority=f"{item.unit.short}教育局"
            if item.unit.kind != "功能区"
            else f"{item.unit.short}教育文化局",
        )
    )
