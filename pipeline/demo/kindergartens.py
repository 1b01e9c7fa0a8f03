"""What becomes of kindergartens from 2020 to 2024.

Belongs here: openings, closures, attached classes, recognitions won and lost, and the pull of
those that are not inclusive. Does not belong here: the kindergartens of 2019 (``schools``).
"""

from __future__ import annotations

from pipeline.demo import FIRST_YEAR, YEARS
from pipeline.demo.institutions import Institution, Recognition, recognise
from pipeline.demo.schools import Builder
from pipeline.demo.story import INCLUSIVE_CHILDREN, INCLUSIVE_KINDERGARTENS
from pipeline.demo.streams import Stream
from pipeline.demo.territory import UNITS

_PUBLIC_OPENINGS = {2020: 6, 2021: 8, 2022: 6, 2023: 4, 2024: 3}
_PRIVATE_OPENINGS = {2020: 3, 2021: 2, 2022: 2, 2023: 1, 2024: 1}
_PUBLIC_CLOSURES = {2020: 6, 2021: 9, 2022: 10, 2023: 13, 2024: 13}
_INCLUSIVE_CLOSURES = {2020: 1, 2021: 2, 2022: 3, 2023: 4, 2024: 4}
_LAPSES = {2020: 2, 2021: 3, 2022: 4, 2023: 3, 2024: 3}


class KindergartenLife:
    """Openings, closures, attached classes and recognitions of kindergartens."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.seed = builder.seed

    def run(self) -> list[Institution]:
        """Live through 2020 to 2024; returns every institution of the city by code."""
        self._attach_classes()
        for year in YEARS[1:]:
            self._open(year)
            self._let_lapse(year)
            self._renew(year)
            self._close_some(year)
            self._bring_to_share(year)
        self._pause()
        return sorted(self.builder.made, key=lambda item: item.school_id)

    @property
    def kindergartens(self) -> list[Institution]:
        return [item for item in self.builder.made if item.is_kindergarten]

    def _attach_classes(self) -> None:
        """Some rural primary schools keep attached pre-school classes instead of a kindergarten."""
        hosts = [
            item
            for item in self.builder.made
            if item.kind == "211"
            and item.place.kind in ("乡村", "其他镇")
            and item.founder == "教育部门"
            and item.closed is None
            and item.unit.is_county
        ]
        village = [
            item for item in self.kindergartens if item.place.urban_rural == "220" and item.unit.is_county
        ]
        stream = Stream(self.seed, "attached")
        for item, host in zip(stream.shuffled(village)[:62], stream.shuffled(hosts), strict=False):
            item.kind, item.host, item.founder = "119", host.school_id, "教育部门"
            item.unit, item.place = host.unit, host.place
            item.name = self.builder.names.once(f"{host.name}附设幼儿班", "附设幼儿班")
            item.weight = 14 + item.weight // 4

    def _open(self, year: int) -> None:
        stream = Stream(self.seed, "opening-kindergartens", year)
        growing = [
            unit
            for unit in UNITS
            if unit.code
            in ("130702", "130703", "130705", "130730", "130771", "130708", "130722", "130731", "130709")
        ]
        for i in range(_PUBLIC_OPENINGS[year]):
            self.builder.public_kindergarten(stream.pick(growing), i, stream, year)
        for i in range(_PRIVATE_OPENINGS[year]):
            self.builder.private_kindergarten(
                stream.pick(growing), i + 1, recognised=False, stream=stream, opened=year
            )

    def _let_lapse(self, year: int) -> None:
        """Recognitions that end in the year and are not renewed; one a year is withdrawn early."""
        stream = Stream(self.seed, "lapse", year)
        ending = [
            item
            for item in self.kindergartens
            if item.recognitions and item.works(year) and item.recognitions[-1].last_day == f"{year}-06-30"
        ]
        self._lapsed = stream.shuffled(ending)[: _LAPSES[year] - 1]
        running = [item for item in self.kindergartens if item.recognised(year) and item.works(year)]
        if running:
            item = stream.pick(running)
            last = item.recognitions[-1]
            item.recognitions[-1] = Recognition(
                last.number,
                last.first_day,
                last.last_day,
                f"{year}-08-1{year % 10}",
                last.fee,
                last.ceiling,
                last.subsidy,
                last.authority,
            )

    def _renew(self, year: int) -> None:
        for item in self.kindergartens:
            ends = item.recognitions and item.recognitions[-1].last_day == f"{year}-06-30"
            if ends and item not in self._lapsed and item.works(year):
                recognise(item, year, self.builder.made, self.seed)

    def _close_some(self, year: int) -> None:
        stream = Stream(self.seed, "closing-kindergartens", year)
        working = [
            item
            for item in self.kindergartens
            if item.works(year)
            and item.opened < year
            and not item.paid_by_city
            and item.unit.code not in ("130772", "130773")
        ]
        rural = [item for item in working if item.is_public and item.place.kind == "乡村"]
        rural.sort(key=lambda item: (item.weight, item.school_id))
        private = [
            item for item in working if not item.is_public and item.recognised(year) and item.weight < 190
        ]
        for item in stream.shuffled(rural[:60])[: _PUBLIC_CLOSURES[year]]:
            item.closed = year
        for item in stream.shuffled(private)[: _INCLUSIVE_CLOSURES[year]]:
            item.closed = year

    def _bring_to_share(self, year: int) -> None:
        """Recognise or close other private kindergartens until the share of the year is met.

        Recognitions go to the larger non-profit ones, closures to the smallest; two recognitions
        for one closure, more in 2021 when the share jumps.
        """
        stream = Stream(self.seed, "share", year)
        turn = 0
        while True:
            working = [item for item in self.kindergartens if item.works(year)]
            others = [item for item in working if not item.inclusive(year) and item.opened < year]
            share = sum(item.inclusive(year) for item in working) * 10000
            if share >= INCLUSIVE_KINDERGARTENS[year] * len(working):
                return
            close = turn % (5 if year == 2021 else 2) == 1
            turn += 1
            fit = [
                item
                for item in others
                if item.profit == "非营利"
                and item.founder == "民办"
                and not (item.recognitions and item.recognitions[-1].last_day == f"{year}-06-30")
                and not (item.recognitions and item.recognitions[-1].withdrawn_on)
            ]
            fit.sort(key=lambda item: (-item.weight, item.school_id))
            if close or not fit:
                smallest = sorted(others, key=lambda item: (item.weight, item.school_id))[:12]
                stream.pick(smallest).closed = year
            else:
                recognise(stream.pick(fit[:30]), year, self.builder.made, self.seed)

    def _pause(self) -> None:
        """Two kindergartens stop for one year and open again."""
        calm = [
            item
            for item in self.kindergartens
            if item.closed is None
            and item.opened == FIRST_YEAR
            and item.is_public
            and item.place.kind == "乡村"
            and item.kind == "111"
            and item.unit.is_county
        ]
        for item in Stream(self.seed, "pause").shuffled(calm)[:2]:
            item.paused = 2022


def others_scale(children: dict[str, int], kindergartens: list[Institution], year: int) -> int:
    """Factor (millionths) on the pull of not inclusive kindergartens that gives the city's share."""
    target = INCLUSIVE_CHILDREN[year]
    sides: dict[str, list[int]] = {code: [0, 0] for code in children}
    for item in kindergartens:
        sides[item.unit.code][not item.inclusive(year)] += item.pull(year)
    low, high = 100_000, 4_000_000
    total = sum(children.values())
    while high - low > 1:
        middle = (low + high) // 2
        inclusive = 0
        for code, (good, other) in sides.items():
            whole = good * 1_000_000 + other * middle
            inclusive += children[code] * good * 1_000_000 // whole if whole else 0
        if inclusive * 10000 >= target * total:
            low = middle
        else:
            high = middle
    return low
