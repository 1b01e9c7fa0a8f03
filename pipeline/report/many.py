"""What the report itself shows of very many units: a chart or a list of thousands is read by nobody.

Belongs here: how many rows a chart, a matrix and a list of units bear, and the note on those left out. Does not belong
here: the units' own pages (volumes.py). Everything that is left out stands in the data files, and the note says where.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from pipeline.report.shapes import Text

_Item = TypeVar("_Item")

DRAWN = 40
"""Rows of a chart of units that fit on a sheet."""

ACROSS = 34
"""Units side by side in a matrix."""

LISTED = 200
"""Up to so many units a list has all of them: a province with its counties."""

FIRST = 60
"""Rows of a list that cannot have all of them."""


def are_many(units: int) -> bool:
    """Are there too many units to list all of them?"""
    return units > LISTED


def first_of(rows: Sequence[_Item], alike: bool) -> list[_Item]:
    """All rows; of very many the first ones, which the caller has put in order of urgency.

    ``alike``: nobody may be singled out as urgent (in a public report, and where units are shown without being judged); then
    of very many none is listed.
    """
    if not are_many(len(rows)):
        return list(rows)
    return [] if alike else list(rows[:FIRST])


def left_out(rows: Sequence[object], file: str, alike: bool) -> list[Text]:
    """The note under a list made by :func:`first_of`; none where it has all of them."""
    if not are_many(len(rows)):
        return []
    if alike:
        return [none_listed(file)]
    more = len(rows) - FIRST
    return [
        Text(
            zh=f"单位太多,只列最需关注的{FIRST}个;其余{more}个见 data/{file}。",
            en=f"Too many units: the {FIRST} most in need of attention are listed, the other {more} are in data/{file}.",
        )
    ]


def none_listed(file: str) -> Text:
    """The note where of very many units none is listed."""
    return Text(zh=f"单位太多,各单位的数见 data/{file}。", en=f"Too many units to list: each is in data/{file}.")


def drawn(rows: Sequence[_Item], alike: bool) -> list[_Item]:
    """The rows of a chart that is sorted with the lowest last; as :func:`first_of` of a chart."""
    if len(rows) <= DRAWN:
        return list(rows)
    return [] if alike else list(rows[-DRAWN:])


def none_of(units: int, alike: bool) -> bool:
    """Does a list made by :func:`first_of` have no unit at all? Its table then has the total alone; where there is none, there is
    no table, and :func:`none_listed` is said."""
    return alike and are_many(units)


def not_pictured(units: int, alike: bool, chart: Text) -> list[Text]:
    """The note on a page that lists its units, where :func:`drawn` leaves none for the ``chart``."""
    if not alike or units <= DRAWN or are_many(units):
        return []
    return [Text(zh=f"单位超过{DRAWN}个,不画{chart.zh}。", en=f"More than {DRAWN} units: there is no {chart.en}.")]


def parts_of(rows: Sequence[_Item], at_most: int) -> list[list[_Item]]:
    """The rows in their order in as few parts as hold ``at_most`` each, as even as can be."""
    count = -(-len(rows) // at_most)
    ends = [len(rows) * n // count for n in range(count + 1)] if count else []
    return [list(rows[start:end]) for start, end in pairwise(ends)]


def not_drawn(rows: Sequence[object]) -> Text:
    """What the caption of a chart says of the rows that it leaves out; empty where it has all of them."""
    if len(rows) <= DRAWN:
        return Text(zh="", en="")
    return Text(zh=f";只画最低的{DRAWN}个", en=f"; the {DRAWN} lowest only")
