"""Compulsory-school cohorts by unit, 2011 to 2024, and the movement that explains them.

Belongs here: how many pupils of a class are in a unit each year, and the account of those who
came and went (it closes exactly). Does not belong here: which school they attend.
"""

from __future__ import annotations

from pipeline.demo import LAST_YEAR
from pipeline.demo.population import CENSUS_YEAR, Population, of_ages
from pipeline.demo.story import CITY_KEPT, CITY_KEPT_OTHERWISE, UNIT
from pipeline.demo.streams import MILLION, Stream, scaled, share_out, share_signed
from pipeline.demo.territory import LAST_OLD_YEAR, UNITS

FIRST_COHORT_YEAR = 2011
GRADES = range(1, 10)
_WAY = (0, 100, 205, 315, 430, 555, 745, 890, 1000)
"""Part of a class's whole change that has happened by each grade; more at entry to grade 7."""
_JUNIOR = 1022
"""Pupils per child: the older grades hold some who started late, thousandths."""
_OLD_PARTS = {"130705": ("130721", 452)}
_RENAMED = {"130708": "130729", "130709": "130733"}

Pupils = dict[tuple[str, int, int], int]
"""Pupils by (unit, grade, school year)."""

MOVEMENT_ITEMS = (
    "opening",
    "in_county",
    "in_city",
    "in_other",
    "resumed",
    "other_in",
    "out_county",
    "out_city",
    "out_other",
    "suspended",
    "withdrawn",
    "died",
    "other_out",
    "closing",
)
Movement = dict[tuple[str, int, int], dict[str, int]]
"""Movement by (unit, grade in the past year, school year of the closing count)."""


def _entry_sizes(people: Population, seed: int) -> dict[tuple[str, int], int]:
    """Grade-1 pupils by unit and year of entry, 2003 to 2024."""
    sizes: dict[tuple[str, int], int] = {}
    for unit in UNITS:
        story = UNIT[unit.code]
        for entered in range(CENSUS_YEAR - 8, LAST_YEAR + 1):
            stream = Stream(seed, "entry", unit.code, entered)
            year = max(entered, CENSUS_YEAR)
            grade = year - entered + 1
            children = of_ages(people, unit.code, year, 5 + grade, 5 + grade)
            part = 1000 * 1000 + (story.kept - 1000) * _WAY[grade - 1]
            level = story.primary + (_JUNIOR - 1000) * (grade - 1) // 8
            sizes[unit.code, entered] = scaled(children * level * 1000 // part, stream.noise(9000))
        for entered in range(CENSUS_YEAR - 9, FIRST_COHORT_YEAR - 9, -1):
            stream = Stream(seed, "entry", unit.code, entered)
            sizes[unit.code, entered] = scaled(sizes[unit.code, entered + 1], stream.noise(14000) - 3000)
    return sizes


def make_pupils(people: Population, seed: int) -> Pupils:
    """Pupils of grades 1-9 by unit for every school year 2011-2024, cohort by cohort."""
    sizes = _entry_sizes(people, seed)
    codes = [unit.code for unit in UNITS]
    pupils: Pupils = {}
    for entered in range(FIRST_COHORT_YEAR - 8, LAST_YEAR + 1):
        starts = [sizes[code, entered] for code in codes]
        wanted = [
            scaled(start * UNIT[code].kept, Stream(seed, "kept", code, entered).noise(6000))
            for code, start in zip(codes, starts, strict=True)
        ]
        kept = CITY_KEPT.get(entered + 8, CITY_KEPT_OTHERWISE)
        ends = share_out((sum(starts) * kept + 50000) // 100000, wanted)
        for code, start, end in zip(codes, starts, ends, strict=True):
            stream = Stream(seed, "way", code, entered)
            for grade in GRADES:
                year = entered + grade - 1
                share = _WAY[grade - 1] * 1000
                if 1 < grade < 9:
                    share += stream.between(-16000, 16000)
                if FIRST_COHORT_YEAR <= year <= LAST_YEAR:
                    pupils[code, grade, year] = (
                        start + share_signed((end - start), [share, MILLION - share])[0]
                    )
    return pupils


def _lost_so_far(start: int, code: str, grade: int) -> int:
    """Pupils of a class lost for good between grade 1 and ``grade``; most in the junior grades."""
    part = (0, 60, 125, 195, 270, 355, 530, 770, 1000)[grade - 1]
    return (start * UNIT[code].lost * part + 500000) // 1000000


def make_movement(pupils: Pupils, seed: int) -> Movement:
    """The yearly account of every class by unit. Transfers within the city balance city-wide."""
    codes = [unit.code for unit in UNITS]
    movement: Movement = {}
    for year in range(FIRST_COHORT_YEAR + 1, LAST_YEAR + 1):
        for grade in range(1, 9):
            openings = [pupils[code, grade, year - 1] for code in codes]
            closings = [pupils[code, grade + 1, year] for code in codes]
            accounts = [
                _losses(opening, code, grade, year, seed)
                for code, opening in zip(codes, openings, strict=True)
            ]
            nets = [
                closing - opening - _balance(account)
                for opening, closing, account in zip(openings, closings, accounts, strict=True)
            ]
            outside = share_signed(sum(nets), openings)
            for code, opening, closing, account, net, other in zip(
                codes, openings, closings, accounts, nets, outside, strict=True
            ):
                stream = Stream(seed, "transfer", code, grade, year)
                within = scaled(opening, stream.between(4000, 9000))
                across = scaled(opening, stream.between(2500, 6000))
                beyond = scaled(opening, stream.between(1500, 4500))
                inside = net - other
                account.update(
                    opening=opening,
                    closing=closing,
                    in_county=within,
                    out_county=within,
                    in_city=across + max(inside, 0),
                    out_city=across + max(-inside, 0),
                    in_other=beyond + max(other, 0),
                    out_other=beyond + max(-other, 0),
                )
                movement[code, grade, year] = {item: account[item] for item in MOVEMENT_ITEMS}
            _balance_across(movement, codes, grade, year)
    return movement


def _balance_across(movement: Movement, codes: list[str], grade: int, year: int) -> None:
    """Transfers out to other counties of the city equal transfers in from them, city-wide."""
    gap = sum(
        movement[code, grade, year]["in_city"] - movement[code, grade, year]["out_city"] for code in codes
    )
    if gap:
        raise AssertionError(f"transfers within the city do not balance: grade {grade}, {year}")


def _losses(opening: int, code: str, grade: int, year: int, seed: int) -> dict[str, int]:
    stream = Stream(seed, "losses", code, grade, year)
    lost = _lost_so_far(opening, code, grade + 1) - _lost_so_far(opening, code, grade)
    returned = scaled(opening, stream.between(500, 1600))
    died = 1 if stream.between(1, 14000) <= opening else 0
    withdrawn = lost * stream.between(0, 20) // 100 if grade >= 7 else 0
    other_out = (lost - withdrawn) * stream.between(5, 25) // 100
    other_in = scaled(opening, stream.between(0, 300))
    suspended = lost - withdrawn - other_out + returned + other_in
    return {
        "resumed": returned,
        "other_in": other_in,
        "suspended": suspended,
        "withdrawn": withdrawn,
        "died": died,
        "other_out": other_out,
    }


def _balance(account: dict[str, int]) -> int:
    return (
        account["resumed"]
        + account["other_in"]
        - account["suspended"]
        - account["withdrawn"]
        - account["died"]
        - account["other_out"]
    )


def old_codes(code: str, year: int) -> tuple[str, ...]:
    """Codes under which a unit of today filed in a school year (two for Xuanhua up to 2015)."""
    if year > LAST_OLD_YEAR:
        return (code,)
    if code in _OLD_PARTS:
        return (code, _OLD_PARTS[code][0])
    return (_RENAMED.get(code, code),)


def split_by_old_codes(code: str, year: int, counts: dict[str, int]) -> list[tuple[str, dict[str, int]]]:
    """Counts of a unit of today as filed under the codes of the time.

    Only the two parts of Xuanhua need a split; each part keeps the account's identity, because
    the opening and closing counts follow from the other items and the same fixed share.
    """
    codes = old_codes(code, year)
    if len(codes) == 1:
        return [(codes[0], dict(counts))]
    share = _OLD_PARTS[code][1]
    second = {item: (count * share + 500) // 1000 for item, count in counts.items()}
    if "closing" in second:
        gap = (
            second["opening"]
            + sum(second[item] for item in ("in_county", "in_city", "in_other", "resumed", "other_in"))
            - sum(
                second[item]
                for item in (
                    "out_county",
                    "out_city",
                    "out_other",
                    "suspended",
                    "withdrawn",
                    "died",
                    "other_out",
                )
            )
            - second["closing"]
        )
        second["in_city" if gap < 0 else "out_city"] += abs(gap)
    first = {item: count - second[item] for item, count in counts.items()}
    return [(codes[0], first), (codes[1], second)]


def graduates(pupils: Pupils, code: str, year: int, seed: int) -> int:
    """Junior graduates of the summer before school year ``year``."""
    grade9 = pupils.get((code, 9, year - 1))
    stream = Stream(seed, "graduates", code, year)
    if grade9 is None:
        return scaled(pupils[code, 9, year], stream.between(985000, 995000))
    return grade9 - scaled(grade9, stream.between(1200, 4200))


def entrants(pupils: Pupils, code: str, grade: int, year: int, seed: int) -> int:
    """New entrants of grade 1 or 7: its pupils less a few who returned or repeat."""
    number = pupils[code, grade, year]
    return number - scaled(number, Stream(seed, "entrants", code, grade, year).between(0, 1800))
