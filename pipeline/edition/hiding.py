"""Which figures of few children a public edition hides, and which others with them: cell by cell.

Belongs here: choosing the cells, and the proof that nothing that is shown gives a hidden one away. Does not belong here:
the tables as the public sees them (public.py), wording.

A cell is one unit, segment and period of an indicator, with every method (variant) that counts children there. It is
hidden where a numerator, a denominator or what is left between them stands for 1 to 9 children. Units add up to the
whole area and segments to the segment ``all``; in each such sum (a line) with a hidden cell at least one other is hidden
with it, and those hidden together are ten or more wherever one of them has too few. Then all that is shown is taken
together - every sum, what is left between numerator and denominator, and series of two indicators that count the same
children - and held against linear algebra; as long as a count of 1 to 9 follows from it, more cells are hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

SMALLEST = 10
"""Fewest children that a published cell may stand for."""

ALL = "all"
"""The segment that the others add up to."""

PLACES_IN_COMMON = 10
"""At so many places (unit and period) two series must be equal, everywhere that both have, to count the same children."""

VALUES_IN_COMMON = 5
"""More different values than this they must have: series of noughts and ones are alike by chance."""

_PRIME = 2**61 - 1
"""The linear algebra is done in whole numbers modulo this prime: exact, but for a chance of one in 10 to the 18th."""

Row = Mapping[str, Any]
Counts = tuple[int, ...]
"""Numerator, denominator and what is left between them; one count alone where the other is not given."""

Unknown = tuple[str, str, str, int, str, int]
"""Indicator, variant, segment, period, unit, and which of the counts (0 numerator, 1 denominator, 2 rest)."""


class Cell(NamedTuple):
    """One unit, segment and period of an indicator."""

    indicator_id: str
    segment: str
    period: int
    area_code: str


class Line(NamedTuple):
    """A total and the cells that add up to it."""

    total: Cell
    members: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (*self.members, self.total)


def small(row: Row) -> bool:
    """Does a row stand for 1 to 9 children: by its numerator, its denominator or those left over?"""
    return _few(counts(row))


def counts(row: Row) -> Counts:
    """The children that a row counts."""
    above, below = row["numerator"], row["denominator"]
    known = tuple(count for count in (above, below) if count is not None)
    return (*known, below - above) if len(known) == 2 else known


def _few(several: Iterable[int]) -> bool:
    return any(0 < count < SMALLEST for count in several)


def hidden_cells(rows: Iterable[Row], whole: str) -> set[Cell]:
    """The cells that a public edition hides; ``whole`` is the code of the area that the units add up to.

    ``rows``: indicator_id, variant, segment, period, area_code, numerator, denominator of what counts children. A cell
    and variant may come twice, such as a year's own figures and then those of three years added up; each of them is
    looked at, the first is the one that adds up.
    """
    return _Choice(rows, whole).hidden


class _Choice:
    """The cells of an edition, their lines, and which of them are hidden."""

    def __init__(self, rows: Iterable[Row], whole: str) -> None:
        self.whole = whole
        self.own: dict[Cell, dict[str, Counts]] = defaultdict(dict)
        every: dict[Cell, list[Counts]] = defaultdict(list)
        for row in rows:
            cell = Cell(row["indicator_id"], row["segment"], row["period"], row["area_code"])
            every[cell].append(counts(row))
            self.own[cell].setdefault(row["variant"], counts(row))
        self.hidden = {cell for cell, several in every.items() if any(map(_few, several))}
        self.fitting = {
            cell for cell, several in every.items() if all(len(c) == 3 and min(c) >= SMALLEST for c in several)
        }
        self._hide_with(sorted({line for cell in self.hidden for line in self.lines[cell]}))
        while leaks := self._leaks():
            self._hide_more(leaks)

    @cached_property
    def lines(self) -> dict[Cell, list[Line]]:
        """The sums that each cell stands in."""
        members: dict[Cell, list[Cell]] = defaultdict(list)
        for cell in sorted(self.own):
            if cell.area_code != self.whole:
                members[cell._replace(area_code=self.whole), "units"].append(cell)
            if cell.segment != ALL:
                members[cell._replace(segment=ALL), "segments"].append(cell)
        made: dict[Cell, list[Line]] = defaultdict(list)
        for (total, _), cells in members.items():
            if total in self.own:
                line = Line(total, tuple(cells))
                for cell in line.cells:
                    made[cell].append(line)
        return made

    # ---------------------------------------------------------------- line by line

    def _hide_with(self, waiting: list[Line]) -> None:
        """Hide more cells until no line gives one of its own away."""
        while waiting:
            line = waiting.pop()
            if self._safe(line):
                continue
            self._hide(self._partner(line), waiting)
            waiting.append(line)

    def _hide(self, cell: Cell, waiting: list[Line]) -> None:
        self.hidden.add(cell)
        waiting += self.lines[cell]

    def _safe(self, line: Line) -> bool:
        away = [cell for cell in line.cells if cell in self.hidden]
        if len(away) == len(line.cells) or not away:
            return True
        if len(away) == 1:
            return False
        return line.total in self.hidden or not self._sum_is_few(away)

    def _sum_is_few(self, away: list[Cell]) -> bool:
        """Do the hidden cells of one total come to 1 to 9 children where one of them has as few?"""
        for variant in {variant for cell in away for variant in self.own[cell]}:
            known = [c for cell in away if len(c := self.own[cell].get(variant, ())) == 3]
            for role in range(3):
                several = [c[role] for c in known]
                if _few(several) and _few([sum(several)]):
                    return True
        return False

    def _partner(self, line: Line) -> Cell:
        """The cell of a line that is hidden next: a unit rather than the total; one with ten or more of everything;
        one that leaves no other line with a single hidden cell; of a unit of which something is hidden already; the
        least."""
        shown = [cell for cell in line.cells if cell not in self.hidden]

        def worth(cell: Cell) -> tuple[Any, ...]:
            lonely = sum(
                len(other.cells) > 1 and not any(c in self.hidden for c in other.cells)
                for other in self.lines[cell]
                if other != line
            )
            known = (cell.indicator_id, cell.area_code) in touched
            size = sum(sum(c) for c in self.own[cell].values())
            return cell == line.total, cell not in self.fitting, lonely, not known, size, cell

        touched = {(c.indicator_id, c.area_code) for c in self.hidden}
        return min(shown, key=worth)

    # ---------------------------------------------------------------- everything together

    @cached_property
    def _same(self) -> dict[tuple[str, str, str, int], tuple[str, str, str, int]]:
        """Series (indicator, variant, segment, which count) that count the same children -> one name for them."""
        series: dict[tuple[str, str, str, int], dict[tuple[int, str], int]] = defaultdict(dict)
        for cell, variants in self.own.items():
            for variant, several in variants.items():
                if len(several) == 3:
                    for role, count in enumerate(several):
                        series[cell.indicator_id, variant, cell.segment, role][cell.period, cell.area_code] = count
        name: dict[tuple[str, str, str, int], tuple[str, str, str, int]] = {}
        for one in sorted(series):
            name[one] = next((o for o in sorted(set(name.values())) if _alike(series[one], series[o])), one)
        return name

    def _unknowns(self, cells: Iterable[Cell]) -> Iterator[tuple[Unknown, Cell, int]]:
        """The counts of cells under the name of their series, each with its cell and its value."""
        for cell in cells:
            for variant, several in sorted(self.own[cell].items()):
                if len(several) == 3:
                    for role, count in enumerate(several):
                        yield self._named(cell, variant, role), cell, count

    def _named(self, cell: Cell, variant: str, role: int) -> Unknown:
        indicator, own, segment, which = self._same[cell.indicator_id, variant, cell.segment, role]
        return indicator, own, segment, cell.period, cell.area_code, which

    def _leaks(self) -> dict[Unknown, set[Cell]]:
        """Counts of 1 to 9 that follow from what is shown, and the hidden cells that they stand in."""
        value: dict[Unknown, int] = {}
        places: dict[Unknown, set[Cell]] = defaultdict(set)
        for unknown, cell, count in self._unknowns(sorted(self.hidden)):
            value[unknown] = count
            places[unknown].add(cell)
        known = {unknown for unknown, _, _ in self._unknowns(c for c in self.own if c not in self.hidden)}
        equations = [*self._equations(known)]
        given = {unknown for unknown in value if unknown in known} | _fixed(equations)
        for equation in equations:  # hemmed in: counts that come to fewer than ten together
            if len(set(equation.values())) == 1 and _few([sum(value[u] for u in equation)]):
                given |= equation.keys()
        return {u: places[u] for u in sorted(given) if _few([value[u]])}

    def _equations(self, known: set[Unknown]) -> Iterator[dict[Unknown, int]]:
        """What the shown figures say of the hidden ones: factors of the unknowns whose sum is given."""
        for line in sorted({line for cell in self.hidden for line in self.lines[cell]}):
            for variant in sorted({v for cell in line.cells for v in self.own[cell]}):
                parts = [(cell, self.own[cell].get(variant, ())) for cell in line.members]
                total = self.own[line.total].get(variant, ())
                parts = [(cell, several) for cell, several in parts if len(several) == 3]
                for role in range(3):
                    if len(total) == 3 and total[role] == sum(several[role] for _, several in parts):
                        equation: dict[Unknown, int] = defaultdict(int)
                        equation[self._named(line.total, variant, role)] -= 1
                        for cell, _ in parts:
                            equation[self._named(cell, variant, role)] += 1
                        yield _without(equation, known)
        for cell in sorted(self.hidden):
            for variant, several in sorted(self.own[cell].items()):
                if len(several) == 3:
                    equation = defaultdict(int)
                    for role, factor in enumerate((1, -1, 1)):
                        equation[self._named(cell, variant, role)] += factor
                    yield _without(equation, known)

    def _hide_more(self, leaks: Mapping[Unknown, set[Cell]]) -> None:
        """Hide the other cells in which a count that leaks stands; where there is none, one more of each of its lines;
        where these have none left, everything of the indicator in that period."""
        twins: dict[Unknown, set[Cell]] = defaultdict(set)
        for unknown, cell, _ in self._unknowns(self.own):
            if unknown in leaks:
                twins[unknown].add(cell)
        waiting: list[Line] = []
        before = len(self.hidden)
        for unknown, places in leaks.items():
            for cell in sorted(twins[unknown] - self.hidden):
                self._hide(cell, waiting)
            for line in [] if len(self.hidden) > before else [ln for cell in sorted(places) for ln in self.lines[cell]]:
                if any(cell not in self.hidden for cell in line.cells):
                    self._hide(self._partner(line), waiting)
        if len(self.hidden) == before:
            of = {(cell.indicator_id, cell.period) for places in leaks.values() for cell in places}
            for cell in sorted(c for c in self.own if (c.indicator_id, c.period) in of and c not in self.hidden):
                self._hide(cell, waiting)
        if len(self.hidden) == before:
            raise RuntimeError(f"counts follow from other indicators though all of their own are hidden: {sorted(leaks)}")
        self._hide_with(waiting)


def _alike(one: Mapping[Any, int], other: Mapping[Any, int]) -> bool:
    places = one.keys() & other.keys()
    if len(places) < PLACES_IN_COMMON or any(one[p] != other[p] for p in places):
        return False
    return len({one[p] for p in places}) > VALUES_IN_COMMON


def _without(equation: Mapping[Unknown, int], known: set[Unknown]) -> dict[Unknown, int]:
    return {unknown: factor for unknown, factor in equation.items() if factor and unknown not in known}


def _fixed(equations: Iterable[Mapping[Unknown, int]]) -> set[Unknown]:
    """The unknowns that a linear system fixes, whatever its right sides: those that are alone in a row of its reduced
    echelon form."""
    rows: dict[Unknown, dict[Unknown, int]] = {}  # leading unknown -> row where it has factor 1 and no other row has it
    for equation in equations:
        row = {u: factor % _PRIME for u, factor in equation.items()}
        for lead in [u for u in row if u in rows]:
            _add(row, rows[lead], -row[lead])
        if not row:
            continue
        lead = min(row)
        inverse = pow(row[lead], -1, _PRIME)
        row = {u: factor * inverse % _PRIME for u, factor in row.items()}
        for other in rows.values():
            if lead in other:
                _add(other, row, -other[lead])
        rows[lead] = row
    return {lead for lead, row in rows.items() if len(row) == 1}


def _add(row: dict[Unknown, int], other: Mapping[Unknown, int], factor: int) -> None:
    for unknown, their in other.items():
        if made := (row.get(unknown, 0) + factor * their) % _PRIME:
            row[unknown] = made
        else:
            row.pop(unknown, None)
