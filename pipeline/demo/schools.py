"""Schools with their whole life, and the kindergartens of 2019: where and whose they are.

Belongs here: the list of institutions in a fixed order, openings and closures of schools. Does
not belong here: the later life of kindergartens (``kindergartens``), and how many children they
have (``pupils``).
"""

from __future__ import annotations

from pipeline.demo import FIRST_YEAR
from pipeline.demo.institutions import GRADES, PREFIX, Institution, Place, recognise
from pipeline.demo.names import Names
from pipeline.demo.population import Population, of_ages
from pipeline.demo.story import INSTITUTIONS
from pipeline.demo.streams import Stream, scaled, share_out
from pipeline.demo.territory import UNITS, Township, Unit, townships

_ATTRACTION = {"130702": 94, "130703": 92, "130771": 96}
"""Pull of a unit's upper-secondary schools per hundred young people, where it is not 100."""

_SENIOR_OUTSIDE = {"130726": "西合营镇"}
"""County -> the town of its one upper-secondary school outside the county seat, which the plan leaves out by name."""


class Builder:
    """Makes the institutions of the city in a fixed order."""

    def __init__(self, people: Population, seed: int) -> None:
        self.people = people
        self.seed = seed
        self.names = Names(seed)
        self.towns = townships()
        self.serials: dict[str, int] = {}
        self.made: list[Institution] = []
        self._positions: set[tuple[int, int]] = set()
        self._sites: dict[str, int] = {}
        self._turns: dict[str, int] = {}

    def build(self) -> Builder:
        """Make every school with its life, and the kindergartens of the first year; returns itself."""
        self._kindergartens()
        self._primaries()
        self._juniors()
        self._upper_secondary()
        self._later_schools()
        self._close_schools()
        return self

    # -- places ---------------------------------------------------------------------------

    def seat_towns(self, unit: Unit) -> list[Township]:
        """Where a county's or district's seat is."""
        towns = self.towns[unit.code]
        streets = [town for town in towns if town.kind == "街道"]
        if streets and unit.code != "130708":
            return streets
        return [town for town in towns if town.kind == "镇"][:1] or towns[:1]

    def outer_towns(self, unit: Unit) -> list[Township]:
        """The other townships; the seat again when there are none."""
        seats = self.seat_towns(unit)
        return [town for town in self.towns[unit.code] if town not in seats and town.kind != "街道"] or seats

    def place(self, unit: Unit, setting: str, key: str, town: Township | None = None) -> Place:
        """A site in a ``seat``, at the centre of an outer ``town``, or in a ``village``."""
        stream = Stream(self.seed, "place", unit.code, setting, key)
        if town is None:
            options = self.seat_towns(unit) if setting == "seat" else self.outer_towns(unit)
            turn = self._turns.get(unit.code + setting, 0)
            self._turns[unit.code + setting] = turn + 1
            town = options[turn % len(options)]
        if setting == "seat":
            if unit.kind == "县" or unit.code in ("130772", "130773"):
                urban_rural, kind = stream.pick(("121", "121", "122")), "县城"
            else:
                urban_rural, kind = stream.pick(("111", "111", "112")), "城区"
            first_village = 1
        elif setting == "town" and town.kind in ("镇", "处", "街道"):
            central = town in self.outer_towns(unit)[:3] and town.kind == "镇"
            urban_rural = "123" if town.kind == "处" else stream.pick(("121", "122"))
            kind, first_village = ("中心镇" if central else "其他镇"), 1
            if town.kind == "街道":
                urban_rural, kind = "112", "城区"
        elif setting == "town":
            urban_rural, kind, first_village = "210", "乡村", 1
        else:
            urban_rural, kind, first_village = "220", "乡村", 200
        site = self._sites.get(town.code + setting, 0)
        self._sites[town.code + setting] = site + 1
        number = first_village + site % (60 if first_village == 1 else 150)
        return Place(
            f"{town.code}{number:03d}", urban_rural, kind, town.name, *self._position(unit, setting, stream)
        )

    def _position(self, unit: Unit, setting: str, stream: Stream) -> tuple[int, int]:
        reach = 25_000 if setting == "seat" else 140_000
        while True:
            lon = unit.lon_tenths * 100_000 + stream.between(-reach, reach)
            lat = unit.lat_tenths * 100_000 + stream.between(-reach, reach)
            if (lon, lat) not in self._positions:
                self._positions.add((lon, lat))
                return lon, lat

    def serial(self, kind: str) -> str:
        """The next school code of a kind; codes are never used again."""
        prefix = PREFIX[kind]
        number = self.serials.get(prefix, 100000) + 1
        self.serials[prefix] = number
        return f"{prefix}13{number:06d}"

    def add(
        self, unit: Unit, kind: str, name: str, founder: str, place: Place, weight: int, **more: object
    ) -> Institution:
        made = Institution(self.serial(kind), name, kind, founder, unit, place, weight, **more)  # type: ignore[arg-type]
        self.made.append(made)
        return made

    # -- first year -----------------------------------------------------------------------

    def _by_unit(self, total: int, ages: tuple[int, int], least: dict[str, int], town_part: int) -> list[int]:
        """``total`` institutions shared by children and by townships, with a least number each."""
        children = [of_ages(self.people, unit.code, 2020, *ages) for unit in UNITS]
        towns = [len(self.towns[unit.code]) for unit in UNITS]
        people_part = share_out(10000 * (100 - town_part), children)
        rural_part = share_out(10000 * town_part, towns)
        floor = [least.get(unit.code, least.get("", 0)) for unit in UNITS]
        weights = [a + b for a, b in zip(people_part, rural_part, strict=True)]
        small = {i for i, unit in enumerate(UNITS) if unit.code in least}
        rest = share_out(
            total - sum(floor), [0 if i in small else weight for i, weight in enumerate(weights)]
        )
        return [base + more for base, more in zip(floor, rest, strict=True)]

    def _kindergartens(self) -> None:
        total = INSTITUTIONS["kindergarten"]
        numbers = self._by_unit(total, (3, 5), {"130772": 5, "130773": 3, "": 4}, 30)
        for unit, number in zip(UNITS, numbers, strict=True):
            self._unit_kindergartens(unit, number)

    def _unit_kindergartens(self, unit: Unit, number: int) -> None:
        urban = not unit.is_county and unit.code not in ("130772", "130773")
        small = unit.code in ("130772", "130773")
        private = 0 if small else number * (52 if urban else 42) // 100
        others = private * 62 // 100
        stream = Stream(self.seed, "kindergartens", unit.code)
        for i in range(number - private):
            self.public_kindergarten(unit, i, stream)
        for i in range(private):
            self.private_kindergarten(unit, i, recognised=i >= others, stream=stream)

    def public_kindergarten(
        self, unit: Unit, i: int, stream: Stream, opened: int = FIRST_YEAR
    ) -> Institution:
        key = f"public-kindergarten:{opened}:{i}"
        towns = self.outer_towns(unit)
        seats = 3 + len(self.seat_towns(unit)) // 2 if not unit.is_county else 4
        if opened > FIRST_YEAR or i < seats:
            place = self.place(unit, "seat", key)
            name = self.names.numbered(unit.short, "幼儿园")
            weight, founder = stream.between(230, 340), "教育部门"
            if i in (2, 5) and not unit.is_county:
                founder = stream.pick(("事业单位", "地方企业(国有)", "部队", "其他部门"))
        elif i < seats + len(towns):
            town = towns[i - seats]
            place = self.place(unit, "town", key, town)
            name = self.names.once(f"{unit.short}{town.name}中心幼儿园", "幼儿园")
            weight, founder = stream.between(75, 190), "教育部门"
        else:
            place = self.place(unit, "village", key)
            name = self.names.once(
                f"{unit.short}{place.township}{self.names.village(unit.code + key)}幼儿园", "幼儿园"
            )
            weight, founder = stream.between(28, 78), "集体" if stream.chance(260) else "教育部门"
        return self.add(
            unit,
            "111",
            name,
            founder,
            place,
            weight,
            opened=opened,
            trend=0 if place.kind in ("城区", "县城") else -18,
            quality=place.kind in ("城区", "县城") and stream.chance(350),
        )

    def private_kindergarten(
        self, unit: Unit, i: int, *, recognised: bool, stream: Stream, opened: int = FIRST_YEAR
    ) -> Institution:
        key = f"private-kindergarten:{opened}:{i}"
        place = self.place(unit, "seat" if i % 5 else "town", key)
        head = unit.short if i % 5 else unit.short + place.township
        name = self.names.fancy(head, "幼儿园", unit.code + key)
        if recognised:
            weight, profit = stream.between(120, 235), "非营利"
        elif i % 4 == 0:
            weight, profit = stream.between(95, 140), "非营利"
        else:
            weight, profit = stream.between(32, 92), stream.pick(("非营利", "营利", "营利"))
        founder = "民办"
        if unit.code == "130771" and i == 2 and opened == FIRST_YEAR:
            founder, profit, weight = "中外合作", "营利", 90
        made = self.add(unit, "111", name, founder, place, weight, opened=opened, profit=profit)
        if recognised:
            recognise(made, FIRST_YEAR - stream.between(0, 2), self.made, self.seed)
        return made

    def _primaries(self) -> None:
        full = self._by_unit(INSTITUTIONS["primary"], (6, 11), {"130772": 3, "130773": 2, "": 4}, 45)
        points = self._by_unit(
            INSTITUTIONS["teaching_point"],
            (6, 11),
            {"130702": 1, "130703": 0, "130706": 1, "130771": 1, "130772": 1, "130773": 0},
            60,
        )
        for unit, number, small in zip(UNITS, full, points, strict=True):
            stream = Stream(self.seed, "primaries", unit.code)
            towns = self.outer_towns(unit)
            seats = max(2, (number - len(towns)) * 2 // 5) if number > len(towns) else max(2, number // 3)
            for i in range(number):
                self._primary(unit, i, seats, towns, stream)
            for i in range(small):
                self.teaching_point(unit, f"{FIRST_YEAR}:{i}", stream)

    def _primary(
        self, unit: Unit, i: int, seats: int, towns: list[Township], stream: Stream, opened: int = FIRST_YEAR
    ) -> Institution:
        key = f"primary:{opened}:{i}"
        private = i == seats - 1 and seats >= 5
        if i < seats:
            place = self.place(unit, "seat", key)
            name = (
                self.names.numbered(unit.short, "小学")
                if i
                else self.names.once(f"{unit.short}实验小学", "小学")
            )
            weight, trend = stream.between(950, 1700), 22
        elif i < seats + len(towns):
            town = towns[i - seats]
            place = self.place(unit, "town", key, town)
            name = self.names.once(f"{unit.short}{town.name}中心小学", "小学")
            weight, trend = stream.between(230, 560), -14
        else:
            place = self.place(unit, "village", key)
            name = self.names.once(
                f"{unit.short}{place.township}{self.names.village(unit.code + key)}小学", "小学"
            )
            weight, trend = stream.between(45, 170), -48
        if private:
            name = self.names.once(
                f"{unit.short}{stream.pick(('育才', '博雅', '新时代', '启航'))}小学", "小学"
            )
        return self.add(
            unit,
            "211",
            name,
            "民办" if private else "教育部门",
            place,
            weight,
            trend=trend,
            opened=opened,
            profit="非营利" if private else "不适用",
            quality=place.kind in ("城区", "县城") and stream.chance(300),
            boarding=place.kind in ("中心镇", "其他镇") and stream.chance(600),
        )

    def teaching_point(
        self, unit: Unit, key: str, stream: Stream, opened: int = FIRST_YEAR, town: Township | None = None
    ) -> Institution:
        place = self.place(unit, "village", f"point:{key}", town)
        village = self.names.village(f"{unit.code}:point:{key}")
        name = self.names.once(f"{unit.short}{place.township}{village}教学点", "教学点")
        return self.add(unit, "218", name, "教育部门", place, stream.between(9, 42), trend=-80, opened=opened)

    def _juniors(self) -> None:
        plain = self._by_unit(INSTITUTIONS["junior"], (12, 14), {"130772": 1, "130773": 0, "": 2}, 40)
        nine = self._by_unit(INSTITUTIONS["nine_year"], (12, 14), {"130772": 1, "130773": 1, "": 1}, 45)
        for unit, number, both in zip(UNITS, plain, nine, strict=True):
            stream = Stream(self.seed, "juniors", unit.code)
            towns = self.outer_towns(unit)
            seats = max(1, number // 2)
            for i in range(number):
                self._junior(unit, i, seats, towns, stream)
            for i in range(both):
                place = self.place(unit, "town", f"nine:{i}", towns[(i + number) % len(towns)])
                name = self.names.once(f"{unit.short}{place.township}九年一贯制学校", "学校")
                private = i == 0 and unit.kind == "市辖区" and len(towns) > 3
                if private:
                    name = self.names.once(
                        f"{unit.short}{stream.pick(('志远', '宏文', '东方', '立德'))}学校", "学校"
                    )
                self.add(
                    unit,
                    "312",
                    name,
                    "民办" if private else "教育部门",
                    place,
                    stream.between(420, 760),
                    trend=-8,
                    profit="非营利" if private else "不适用",
                    boarding=stream.chance(700),
                )

    def _junior(self, unit: Unit, i: int, seats: int, towns: list[Township], stream: Stream) -> Institution:
        if i < seats:
            place = self.place(unit, "seat", f"junior:{i}")
            private = i == seats - 1 and seats >= 4
            name = self.names.numbered(unit.short, "初级中学")
            weight, trend = stream.between(850, 1500), 16
        else:
            place, private = self.place(unit, "town", f"junior:{i}", towns[(i - seats) % len(towns)]), False
            name = self.names.once(f"{unit.short}{place.township}初级中学", "初级中学")
            weight, trend = stream.between(240, 520), -20
        if private:
            name = self.names.once(f"{unit.short}{stream.pick(('育英', '崇文', '明德'))}初级中学", "初级中学")
        return self.add(
            unit,
            "311",
            name,
            "民办" if private else "教育部门",
            place,
            weight,
            trend=trend,
            profit="非营利" if private else "不适用",
            quality=place.kind in ("城区", "县城") and stream.chance(300),
            boarding=place.kind != "城区" or stream.chance(300),
        )

    def _upper_secondary(self) -> None:
        none = {"130772": 0, "130773": 0}
        seniors = self._by_unit(INSTITUTIONS["senior"], (15, 17), none | {"": 1}, 10)
        complete = self._by_unit(INSTITUTIONS["complete"], (15, 17), none | {"130703": 1, "": 0}, 25)
        vocational = self._by_unit(INSTITUTIONS["vocational"], (15, 17), none | {"": 1}, 10)
        for unit, first, second, third in zip(UNITS, seniors, complete, vocational, strict=True):
            stream = Stream(self.seed, "upper", unit.code)
            youth = of_ages(self.people, unit.code, 2020, 15, 17)
            pupils = max(1, youth * _ATTRACTION.get(unit.code, 100) // 100)
            pull = pupils * 100 // max(1, first + second)
            for i in range(first):
                private = i == first - 1 and first >= 3
                name = self.names.numbered(unit.short, "中学")
                if private:
                    name = self.names.once(
                        f"{unit.short}{stream.pick(('新东方', '宏志', '精英'))}高级中学", "高级中学"
                    )
                self.add(
                    unit,
                    "342",
                    name,
                    "民办" if private else "教育部门",
                    self.place(unit, "seat", f"senior:{i}"),
                    scaled(pull, stream.between(950000, 1250000)),
                    profit="非营利" if private else "不适用",
                    boarding=True,
                    quality=i == 0,
                )
            for i in range(second):
                outside = _SENIOR_OUTSIDE.get(unit.code) if i == second - 1 else None
                town = next((t for t in self.outer_towns(unit) if t.name == outside), None)
                if town is None:
                    name, place = self.names.numbered(unit.short, "中学"), self.place(unit, "seat", f"complete:{i}")
                else:
                    name = self.names.once(f"{unit.short}{town.name.removesuffix('镇')}中学", "中学")
                    place = self.place(unit, "town", f"complete:{i}", town)
                self.add(
                    unit,
                    "341",
                    name,
                    "教育部门",
                    place,
                    scaled(pull, stream.between(600000, 900000)),
                    boarding=True,
                )
            self._vocational(unit, third, pupils * 100 // max(1, third), stream)
        for code, name in (("130730", "怀来县怀北实验学校"), ("130771", "经开区张垣实验学校")):
            unit = next(item for item in UNITS if item.code == code)
            self.add(
                unit,
                "345",
                name,
                "民办",
                self.place(unit, "seat", "twelve"),
                52_000,
                profit="非营利",
                boarding=True,
            )
        self._city_schools()

    def _vocational(self, unit: Unit, number: int, pull: int, stream: Stream) -> None:
        kinds = ("363", "361", "362", "361")
        tails = {
            "363": ("职业技术教育中心", "职业中学"),
            "361": ("中等专业学校", "卫生学校", "工业学校", "信息工程学校"),
            "362": ("成人中等专业学校",),
        }
        for i in range(number):
            kind = kinds[i % len(kinds)]
            options = tails[kind]
            tail = options[i // 2 % len(options)]
            private = unit.code == "130730" and kind == "361"
            self.add(
                unit,
                kind,
                self.names.once(unit.short + tail, tail),
                "民办" if private else "教育部门",
                self.place(unit, "seat", f"vocational:{i}"),
                pull * (25 if kind == "362" else 100) // 100 * stream.between(80, 130) // 100,
                profit="非营利" if private else "不适用",
                boarding=True,
            )

    def _city_schools(self) -> None:
        """Some twenty institutions in the districts are paid from the city budget."""
        wanted = (
            ("342", 5, "中学"),
            ("341", 1, "中学"),
            ("361", 4, ""),
            ("363", 2, ""),
            ("111", 4, "幼儿园"),
            ("311", 2, "中学"),
            ("211", 2, "小学"),
        )
        districts = ("130702", "130703", "130705", "130771")
        for kind, number, tail in wanted:
            by_district = [
                [
                    item
                    for item in self.made
                    if item.kind == kind
                    and item.unit.code == code
                    and item.founder == "教育部门"
                    and item.place.kind == "城区"
                ]
                for code in districts
            ]
            turn = 0
            while number and any(by_district):
                options = by_district[turn % len(districts)]
                turn += 1
                if not options:
                    continue
                chosen = options.pop(0)
                chosen.paid_by_city = True
                chosen.quality = True
                number -= 1
                if tail:
                    chosen.name = self.names.numbered("张家口市", tail)
                elif not chosen.name.startswith("张家口市"):
                    rest = chosen.name.removeprefix(chosen.unit.short)
                    chosen.name = self.names.once("张家口市" + rest, rest)

    # -- later years ----------------------------------------------------------------------

    def _later_schools(self) -> None:
        """New primary schools in growing places."""
        openings = {
            2020: ("130771",),
            2021: ("130702", "130771"),
            2022: ("130703", "130730"),
            2023: ("130771", "130705"),
            2024: ("130702",),
        }
        for year, codes in openings.items():
            for code in codes:
                unit = next(item for item in UNITS if item.code == code)
                stream = Stream(self.seed, "new-primary", code, year)
                place = self.place(unit, "seat", f"new-primary:{year}")
                self.add(
                    unit,
                    "211",
                    self.names.numbered(unit.short, "小学"),
                    "教育部门",
                    place,
                    stream.between(700, 1050),
                    trend=40,
                    opened=year,
                )

    def _close_schools(self) -> None:
        """Small rural schools close; in some places a teaching point stays behind."""
        small = {
            kind: [
                item
                for item in self.made
                if item.kind == kind and item.place.kind == "乡村" and item.opened == FIRST_YEAR
            ]
            for kind in ("211", "218", "311")
        }
        plan = {
            2020: {"211": 8, "218": 7},
            2021: {"211": 9, "218": 9, "311": 1},
            2022: {"211": 10, "218": 8},
            2023: {"211": 8, "218": 9, "311": 1},
            2024: {"211": 9, "218": 10},
        }
        for year, numbers in plan.items():
            for kind, number in numbers.items():
                stream = Stream(self.seed, "closing", kind, year)
                closing = sorted(small[kind], key=lambda item: (item.weight, item.school_id))[: 3 * number]
                for item in stream.shuffled(closing)[:number]:
                    small[kind].remove(item)
                    if self._last_of_its_kind(item, year):
                        continue
                    item.closed = year
                    if kind == "211" and stream.chance(350):
                        town = next(
                            t for t in self.towns[item.unit.code] if item.place.code.startswith(t.code)
                        )
                        self.teaching_point(item.unit, f"{year}:{item.school_id}", stream, year, town)

    def _last_of_its_kind(self, item: Institution, year: int) -> bool:
        """True when a grade of the unit would be left without a school."""
        first, last = GRADES[item.kind]
        others = [
            other
            for other in self.made
            if other is not item
            and other.unit == item.unit
            and other.kind in ("211", "311", "312", "345", "341")
            and other.works(year)
        ]
        return not any(GRADES[o.kind][0] <= first and last <= GRADES[o.kind][1] for o in others)
