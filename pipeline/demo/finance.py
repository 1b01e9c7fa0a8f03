"""Spending by budget level, 2019 to 2024.

Belongs here: education spending that follows from pupils and the story's per-pupil growth, and
all spending around it. Does not belong here: files.
"""

from __future__ import annotations

from pipeline.demo import FIRST_YEAR, YEARS
from pipeline.demo.institutions import Institution
from pipeline.demo.pupils import Enrolment
from pipeline.demo.story import (
    CITY_EDUCATION_SHARE,
    CITY_SCHOOLS_PER_PUPIL,
    IN_YUAN,
    SPENDING_EVENTS,
    SPENDING_GROWTH,
    UNIT,
    UNIVERSITY_BONDS,
)
from pipeline.demo.streams import Stream
from pipeline.demo.territory import CITY_BUDGET, UNITS

PAYERS = (CITY_BUDGET, *(unit.code for unit in UNITS))
FEN = 100
FEN_PER_WAN = 1_000_000


def public_pupils(
    children: dict[tuple[str, int], int], enrolment: Enrolment, institutions: list[Institution]
) -> dict[tuple[str, int], int]:
    """Children and pupils of public institutions by the unit that pays and school year."""
    result = {(payer, year): 0 for payer in PAYERS for year in YEARS}
    by_id = {item.school_id: item for item in institutions}
    for (school_id, year), number in children.items():
        if by_id[school_id].is_public:
            result[by_id[school_id].payer, year] += number
    for (school_id, _, _, year), number in enrolment.items():
        if by_id[school_id].is_public:
            result[by_id[school_id].payer, year] += number
    return result


def make_finance(pupils: dict[tuple[str, int], int], seed: int) -> dict[tuple[str, int], tuple[int, int]]:
    """All general public budget spending and education spending, in fen, by payer and year.

    Amounts are whole ten thousands of yuan, except for the units that file yuan and fen.
    """
    result: dict[tuple[str, int], tuple[int, int]] = {}
    for payer in PAYERS:
        story = UNIT.get(payer)
        per_pupil = (story.per_pupil if story else CITY_SCHOOLS_PER_PUPIL) * FEN
        share = story.education_share if story else CITY_EDUCATION_SHARE
        last = 0
        for year in YEARS:
            stream = Stream(seed, "finance", payer, year)
            event = SPENDING_EVENTS.get((payer, year))
            usual = SPENDING_GROWTH.get(year, 0) + stream.between(-13, 13)
            if year > FIRST_YEAR:
                per_pupil = per_pupil * (1000 + (usual if event is None else event)) // 1000
            before = pupils[payer, max(year - 1, FIRST_YEAR)]
            average_12ths = 8 * before + 4 * pupils[payer, year]
            education = per_pupil * average_12ths // 12
            least = last * (1000 + stream.between(4, 15)) // 1000
            if event is None and education < least:
                # Where pupils leave, the sum still rises a little; only events bring it down.
                education = least
                per_pupil = education * 12 // average_12ths
            last = education
            total = education * 1000 // (share + stream.between(-4, 4))
            if payer not in IN_YUAN:
                education = education // FEN_PER_WAN * FEN_PER_WAN
                total = total // FEN_PER_WAN * FEN_PER_WAN
            result[payer, year] = (total, education)
    return result


def earmarked(payer: str, year: int, seed: int) -> list[tuple[str, str, int]]:
    """Item, basis and ten thousands of yuan of what is set apart: bonds for universities, funds for the elderly.

    The funds for elderly and community education are budgeted and settled; about one payer in eight pays less.
    """
    if year == FIRST_YEAR:
        return []
    stream = Stream(seed, "earmarked", payer, year)
    budget = stream.between(18, 65)
    paid = budget if stream.between(1, 8) > 1 else budget - stream.between(1, 6)
    rows = [("老年教育专项", "预算", budget), ("老年教育专项", "决算", paid)]
    if payer == CITY_BUDGET:
        rows.append(("政府债券支持高校", "决算", UNIVERSITY_BONDS[year]))
    return rows
