"""What the demonstration tells: every chosen number in one table.

Belongs here: rates, shares and events that were decided. Does not belong here: how they are
turned into schools, pupils and yuan.

Per unit, in thousandths unless said otherwise: ``kept`` is grade 9 over grade 1 of the same class
(migration and loss together), ``lost`` the part that left without moving elsewhere, ``primary``
pupils of grade 1 per child of six, ``share_15_17`` the part of the census band 15-19 aged 15 to
17 (small where universities are), ``ger_base`` and ``ger_end`` the pre-school rate in 2020 and
2024 in hundredths of a percent, ``per_pupil`` yuan in 2019, ``education_share`` of all spending.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UnitStory:
    kept: int
    lost: int
    primary: int
    share_15_17: int
    ger_base: int
    ger_end: int
    per_pupil: int
    education_share: int


UNIT: dict[str, UnitStory] = {
    "130702": UnitStory(1070, 17, 1035, 700, 9150, 9420, 11850, 205),
    "130703": UnitStory(1065, 16, 1040, 345, 9650, 9790, 12100, 210),
    "130705": UnitStory(1000, 20, 1010, 600, 9000, 9270, 12480, 190),
    "130706": UnitStory(950, 24, 990, 700, 8800, 9110, 14900, 165),
    "130708": UnitStory(1000, 21, 1000, 760, 8810, 9140, 12900, 170),
    "130709": UnitStory(1000, 19, 1000, 720, 8900, 9290, 15800, 140),
    "130722": UnitStory(950, 25, 985, 620, 8740, 9262, 13100, 165),
    "130723": UnitStory(800, 31, 960, 760, 8500, 8910, 16900, 150),
    "130724": UnitStory(900, 27, 980, 760, 8700, 9010, 15200, 150),
    "130725": UnitStory(820, 30, 960, 760, 8550, 8860, 16300, 145),
    "130726": UnitStory(910, 29, 975, 800, 8400, 8660, 11300, 200),
    "130727": UnitStory(900, 28, 975, 800, 8460, 8690, 12700, 185),
    "130728": UnitStory(910, 26, 980, 800, 8750, 9010, 13600, 170),
    "130730": UnitStory(1060, 15, 1030, 700, 9550, 9730, 12950, 185),
    "130731": UnitStory(970, 22, 990, 780, 8880, 9160, 12200, 190),
    "130732": UnitStory(905, 28, 975, 780, 8840, 8710, 14300, 160),
    "130771": UnitStory(1205, 14, 1050, 260, 9300, 9560, 11600, 220),
    "130772": UnitStory(900, 22, 985, 760, 8600, 8960, 17200, 150),
    "130773": UnitStory(1010, 20, 1000, 760, 8200, 8810, 18600, 150),
}

CITY_GER = {2019: 8832, 2020: 8890, 2021: 8944, 2022: 9031, 2023: 9088, 2024: 9160}
"""Pre-school gross enrolment ratio of the city, hundredths of a percent."""

GER_FIXED = ("130722", "130732", "130773", "130703", "130730")
"""Units whose own pre-school path is kept when the city is brought to its path."""

FALLING_BACK = "130732"

CITY_KEPT = {2019: 97420, 2020: 97430, 2021: 97810, 2022: 97450, 2023: 97580, 2024: 97880}
"""Grade 9 over grade 1, thousandths of a percent, by year of grade 9; other years 97.5."""

CITY_KEPT_OTHERWISE = 97500

CERTIFIED_KEPT = {2020: "97.60", 2021: "97.65", 2022: "97.63", 2023: "97.70", 2024: "97.74"}

UPPER_SECONDARY = {2019: 9562, 2020: 9588, 2021: 9617, 2022: 9604, 2023: 9628, 2024: 9643}
"""Upper-secondary gross ratio with technical schools, hundredths of a percent."""

TECHNICAL = {2019: 835, 2020: 842, 2021: 851, 2022: 846, 2023: 856, 2024: 862}
"""Of that, pupils of technical schools, hundredths of a percent of the population."""

VOCATIONAL_PER_THOUSAND = 385
"""Vocational pupils among regular and vocational pupils, thousandths."""

INCLUSIVE_CHILDREN = {2019: 8310, 2020: 8420, 2021: 8740, 2022: 8835, 2023: 8905, 2024: 8958}
"""Children in public and recognised inclusive kindergartens, hundredths of a percent."""

INCLUSIVE_KINDERGARTENS = {2019: 7290, 2020: 7360, 2021: 7670, 2022: 7750, 2023: 7830, 2024: 7915}
"""The same by kindergartens."""

BIRTHS = {2021: 26000, 2022: 24300, 2023: 22400, 2024: 22900}

INSTITUTIONS = {
    "kindergarten": 795,
    "primary": 392,
    "teaching_point": 134,
    "junior": 128,
    "nine_year": 60,
    "senior": 29,
    "complete": 17,
    "twelve_year": 2,
    "vocational": 32,
}
"""Institutions open in the first year."""

SPENDING_GROWTH = {2020: 52, 2021: 58, 2022: 49, 2023: 55, 2024: 51}
"""Usual growth of per-pupil spending, thousandths."""

SPENDING_EVENTS = {("130723", 2024): -18, ("130725", 2024): 17, ("130728", 2022): -12, ("130701", 2024): 38}
"""Growth of per-pupil spending where it is not the usual one, thousandths: Kangbao falls in total
and per pupil, Shangyi rises only because its pupils are fewer, Huai'an fell once in 2022."""

UNIVERSITY_BONDS = {2020: 32000, 2021: 45000, 2022: 38000, 2023: 0, 2024: 26000}
"""Bonds that the city set apart for universities, ten thousands of yuan; none in 2023."""

CITY_SCHOOLS_PER_PUPIL = 17200
CITY_EDUCATION_SHARE = 118
IN_YUAN = ("130730", "130773")
"""Units that file money in yuan; the others file ten thousands."""
