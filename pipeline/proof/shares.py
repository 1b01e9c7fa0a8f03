"""What the trace of a public edition tells of the rows behind a figure: sums by file and unit, no single row.

Belongs here: which sums may be told. Does not belong here: which units and figures the edition hides
(pipeline/edition/public.py), finding the rows (trace.py).

A unit is told of by the schools that lie in it, whoever pays for them. What is not told by itself is told together:
units of which the edition hides a figure, and those with 1 to 9 children in a sum, or left over between numerator and
denominator. These are at least two and together no 1 to 9, so that the figure, which is published, less what is told
says nothing of one of them; where that cannot be, no unit is told of by itself. A unit with 1 to 9 in one file is told
of over all files together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from pipeline.edition.hiding import SMALLEST

ABOVE, BELOW = "numerator", "denominator"


class Contributed(Protocol):
    """A received row in a sum: the file that it stands in, the unit where it lies, its value and what it adds."""

    @property
    def file(self) -> str: ...
    @property
    def lies(self) -> str: ...
    @property
    def value(self) -> object: ...
    @property
    def product(self) -> Fraction: ...


@dataclass(frozen=True)
class Share:
    """What the rows of one unit in one file add to a sum; ``file`` is empty where it is all files together."""

    file: str
    unit: str
    total: Fraction


@dataclass(frozen=True)
class Withheld:
    """What is not told by unit of a sum: how many units, and what their rows add to it together."""

    units: int
    total: Fraction


_Counts = Mapping[str, Fraction]
"""What the rows of some place say, by the sum that they enter."""


def shares(
    sums: Mapping[str, Sequence[Contributed]], shown: Set[str]
) -> dict[str, tuple[list[Share], Withheld | None]]:
    """What may be told of each sum of a figure. ``sums``: the rows by what they make (``numerator`` …); ``shown``: the
    units of which the edition hides nothing."""
    units = {row.lies for rows in sums.values() for row in rows}
    together = {unit for unit in units if unit not in shown or _few(_counts(sums, {unit}))}
    alone = sorted(units - together, key=lambda unit: (sum(_counts(sums, {unit}).values()), unit))
    while together and alone and (len(together) < 2 or _few(_counts(sums, together))):
        together.add(alone.pop(0))
    whole = {unit for unit in alone if _few_in_a_file(sums, unit)}
    return {of: ([*_told(rows, alone, whole)], _withheld(rows, together)) for of, rows in sums.items()}


def _counts(sums: Mapping[str, Sequence[Contributed]], units: Set[str], file: str | None = None) -> _Counts:
    return {
        of: sum((Fraction(r.value) for r in rows if r.lies in units and file in (None, r.file)), Fraction(0))
        for of, rows in sums.items()
    }


def _few(counts: _Counts) -> bool:
    """Is one of these 1 to 9, or what is left over between numerator and denominator?"""
    every = [*counts.values()]
    if ABOVE in counts and BELOW in counts:
        every.append(counts[BELOW] - counts[ABOVE])
    return any(0 < count < SMALLEST for count in every)


def _few_in_a_file(sums: Mapping[str, Sequence[Contributed]], unit: str) -> bool:
    files = {row.file for rows in sums.values() for row in rows if row.lies == unit}
    return any(_few(_counts(sums, {unit}, file)) for file in files)


def _told(rows: Iterable[Contributed], alone: Sequence[str], whole: Set[str]) -> Iterator[Share]:
    totals: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in rows:
        if row.lies in alone:
            totals["" if row.lies in whole else row.file, row.lies] += row.product
    for (file, unit), total in sorted(totals.items()):
        yield Share(file, unit, total)


def _withheld(rows: Iterable[Contributed], together: Set[str]) -> Withheld | None:
    own = [row for row in rows if row.lies in together]
    if not own:
        return None
    return Withheld(len({row.lies for row in own}), sum((row.product for row in own), Fraction(0)))
