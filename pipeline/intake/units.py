"""Units that are told once for a column or a whole table: in a header, or in a line above the header.

Belongs here: finding “单位:万元”, or “(万元)” behind a title, above a header, settling the unit of a column from line and header. Does
not belong here: the unit that a row tells of itself, the conversion of a cell (cells.py, rows.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from pipeline.intake.cells import cell_text, is_blank
from pipeline.intake.contract import MONEY_UNITS, UNIT_FACTORS, Field
from pipeline.intake.decode import Sheet

_WHOSE = ("填报", "报送", "编报", "报告", "主管", "编制", "填表", "上报")
_BETWEEN = re.compile(r"[,、;/()\[\]\s]+")
_MONEY = re.compile(r".{0,3}元")
_COUNT = re.compile(r".{0,3}[人所]")
_LOOSE = ("万", "亿", "千", "百万")
_BEHIND_TITLE = re.compile(r"[(\[〔【]((?:十|百|千|万|十万|百万|千万|亿)?(?:元|人|所))[)\]〕】]")


class UnitLine(NamedTuple):
    """Units told above a header: ``units`` in their order, ``row`` (position) and ``column`` of the cell."""

    units: tuple[str, ...]
    row: int
    column: int


@dataclass(frozen=True)
class Settled:
    """The unit that header and line give a column (None: none told), or what is wrong with it.

    ``wrong``: ``unknown`` (a unit that is not among those of the field), ``conflict`` (header and line
    differ) or ``several`` (the line names more than one and the header none); ``told`` are the units
    concerned and ``in_line`` says that they stand in the line.
    """

    unit: str | None = None
    wrong: str = ""
    told: tuple[str, ...] = ()
    in_line: bool = False

    @property
    def converts(self) -> bool:
        return self.unit is not None and UNIT_FACTORS[self.unit] != 1


def line_above(sheet: Sheet, top: int) -> UnitLine | None:
    """The units told in the rows above position ``top``; the lowest such line. None if there is none.

    “填报单位:某某” tells an organisation, not a unit, and is passed over.
    """
    for row in range(top - 1, -1, -1):
        cells = [
            (c, unicodedata.normalize("NFKC", cell_text(v)))
            for c, v in enumerate(sheet.rows[row])
            if not is_blank(v)
        ]
        for i, (column, text) in enumerate(cells):
            if text.rstrip().endswith("单位:") and i + 1 < len(cells):
                text += cells[i + 1][1]
            if units := tuple(_units_in(text)):
                return UnitLine(units, row, column)
        # Behind titles several units may stand beside each other, each for its own columns: all count, so that none is
        # taken for the unit of the others.
        if behind := [(column, unit) for column, text in cells for unit in _BEHIND_TITLE.findall(text)]:
            return UnitLine(tuple(unit for _, unit in behind), row, behind[0][0])
    return None


def tells_units(text: str) -> bool:
    """True for a text such as “单位:万元”, also inside a title (``text`` in NFKC)."""
    return "单位:" in text and any(_units_in(text))


def _units_in(text: str) -> Iterator[str]:
    before, *parts = text.split("单位:")
    for part in parts:
        if not before.endswith(_WHOSE):
            words = [w for w in _BETWEEN.split(part) if w]
            yield from takewhile(_looks_like_unit, words)
        before = part


def _looks_like_unit(word: str) -> bool:
    return word in UNIT_FACTORS or word in _LOOSE or bool(_MONEY.fullmatch(word) or _COUNT.fullmatch(word))


def settle(field: Field, told: str | None, line: UnitLine | None) -> Settled:
    """The unit of a column: ``told`` by its header, else by the line above."""
    if not field.units:
        return Settled()
    pattern = _MONEY if field.units == MONEY_UNITS else _COUNT
    above = [u for u in (line.units if line else ()) if pattern.fullmatch(u) or u in _LOOSE]
    if told is not None and told not in field.units:
        return Settled(None, "unknown", (told,))
    if told is not None:
        if above and told not in above:
            return Settled(None, "conflict", (told, *above))
        return Settled(told)
    if field.unit == "人":
        # A line that names schools says nothing of persons.
        above = [u for u in above if u not in ("所", "万所")]
    if unknown := tuple(u for u in above if u not in field.units):
        return Settled(None, "unknown", unknown, in_line=True)
    if len(set(above)) > 1:
        return Settled(None, "several", tuple(above), in_line=True)
    return Settled(above[0] if above else None)
