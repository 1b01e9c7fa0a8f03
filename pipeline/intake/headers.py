"""Which rows are the header and which column is which field.

Belongs here: finding the header rows and matching headers with the contract. Does not belong
here: findings about headers (sheets.py), what a unit does to the cells (units.py), the cells below
(rows.py).

A header may stand in several rows: a group over its sub-headers, cells merged downwards, a row of
units, a row that numbers the columns. The readings of a column are its lowest header alone and that
header joined with the groups above it, from outside in or from inside out (转入 over 县内 is 县内转入);
a group alone never names a column that has a header of its own. If the readings name two fields,
the column is ambiguous and refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.intake.cells import BadCell, Cell, DateCell, NumberCell, cell_text, is_blank, is_empty, shown
from pipeline.intake.contract import UNIT_FACTORS, Contract, normal_header
from pipeline.intake.decode import HEAD_ROWS, Sheet
from pipeline.intake.layouts import Layout
from pipeline.intake.local import NOTHING_LOCAL, Local
from pipeline.intake.personal import is_personal
from pipeline.intake.units import Settled, UnitLine, line_above, settle, tells_units

# Columns that carry nothing the product uses; they are left unread and this is said (info).
IGNORED = frozenset(
    map(normal_header, ["序号", "行号", "备注", "说明", "No.", "No", "Remark", "Remarks", "Note", "Notes"])
)
MAX_HEADER_ROWS = 4
_LONGEST = 300

AREA_NAME_HEADERS = (
    "县区名称", "县区", "县(区)", "县(区)名称", "县(市、区)", "县(市区)", "县市区", "区县", "区县名称",
    "单位名称", "单位", "填报单位", "地区", "地区名称", "行政区划", "行政区划名称", "Unit name", "County name",
)  # fmt: skip
"""Headers under which the names of units stand, beside their code or instead of it."""

_UNIT_SUFFIX = re.compile(r"(.+?)[(\[〔【](?:计量单位|单位)?:?([^()\[\]〔〕【】]+)[)\]〕】]")
_UNIT_LIKE = re.compile(r"[0-9]{0,5}.{0,2}(?:元|人|所|万|亿|千|名|个)")
_BARE_UNIT = re.compile(r"[(\[〔【]?(?:计量单位|单位)?:?([^()\[\]〔〕【】:]+)[)\]〕】]?")
_DIGITS = re.compile(r"[-+]?[0-9][0-9,.]*%?")
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"


@lru_cache(maxsize=4096)
def _normal(text: str) -> str:
    return normal_header(text)


@dataclass(frozen=True)
class Band:
    """The header rows of a sheet: positions ``top`` to ``bottom`` in ``Sheet.rows``."""

    top: int
    bottom: int


class Reading:
    """What one header says: ``field`` (None: unknown), ``unit`` told in it (maybe unknown), ``named``: it is the
    header of a column of names of that area field."""

    __slots__ = ("field", "named", "unit")

    def __init__(self, field: str | None, unit: str | None = None, named: bool = False) -> None:
        self.field, self.unit, self.named = field, unit, named


@dataclass
class HeaderMatch:
    """What the header rows of one sheet say.

    ``band``: the header rows; ``index``: position of the last of them. ``columns``: field -> column from
    0. ``names``: area field -> column with names of units. ``titles``: column -> header as received,
    groups first, with “/” between. ``places``: column -> position of the row of its lowest header.
    ``line``: the units told above the header; ``settled``: field with a unit -> what header and line give
    it. The lists hold columns:
    ``unknown`` (no field of that name), ``ignored`` (remarks and the like), ``personal``, ``repeated``
    (field already matched), ``ambiguous`` (column, the fields it may be), ``nameless`` (column -> first
    row below that has contents under a blank header). ``missing``: required fields not found, with
    those that the layout of these years does not have in ``not_asked``. ``by_leaf``: columns read by
    their lowest header under a group that the reading leaves out.
    """

    band: Band
    columns: dict[str, int]
    titles: dict[int, str]
    missing: list[str]
    names: dict[str, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    line: UnitLine | None = None
    settled: dict[str, Settled] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    personal: list[int] = field(default_factory=list)
    repeated: list[tuple[int, str]] = field(default_factory=list)
    ambiguous: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    nameless: dict[int, int] = field(default_factory=dict)
    not_asked: list[str] = field(default_factory=list)
    by_leaf: list[int] = field(default_factory=list)

    @property
    def index(self) -> int:
        return self.band.bottom

    @property
    def troubles(self) -> int:
        """How many columns cannot be used as they stand."""
        return len(self.unknown) + len(self.personal) + len(self.repeated) + len(self.ambiguous)


class HeaderIndex:
    """The headers of a contract in one programme, ready for matching.

    ``period``: first and last year of the file, which choose the rows of the programme's layout (None:
    the headers of any year).
    """

    def __init__(
        self, contract: Contract, local: Local = NOTHING_LOCAL, period: tuple[int, int] | None = None
    ) -> None:
        self.contract = contract
        self.owner = {normal_header(h): f.name for f in contract.fields for h in f.headers()}
        self.shown = {normal_header(h): h for f in contract.fields for h in f.headers()}
        not_asked = self._lay_out(local.layout(contract.table), period)
        self.not_asked = not_asked
        self.required = [f.name for f in contract.fields if f.required and f.name not in not_asked]
        self.name_owner = _name_headers(contract, self.owner) if local.areas else {}
        self._fields = {f.name: f for f in contract.fields}

    def _lay_out(self, layout: Layout, period: tuple[int, int] | None) -> frozenset[str]:
        """Add the headers of the years; the fields that their form did not have."""
        named, not_asked = layout.holding(period)
        for header, name in named.items():
            self.owner[normal_header(header)] = name
            self.shown[normal_header(header)] = header
        return not_asked

    # -- one header --------------------------------------------------------------------------

    def read(self, text: str) -> Reading:
        """What one header text says."""
        normal = _normal(text)
        suffix = _UNIT_SUFFIX.fullmatch(normal)
        name = self.owner.get(normal)
        if name is not None:
            told = suffix[2] if suffix and self._fields[name].units else None
            return Reading(name, told if told and _UNIT_LIKE.fullmatch(told) else None)
        if (name := self.name_owner.get(normal)) is not None:
            return Reading(name, named=True)
        if suffix and (name := self.owner.get(suffix[1])) is not None:
            if self._fields[name].units and _UNIT_LIKE.fullmatch(suffix[2]):
                return Reading(name, suffix[2])
        return Reading(None)

    def score(self, texts: Sequence[str]) -> int:
        """How many different fields the texts name."""
        return len({r.field for t in texts if (r := self.read(t)).field})

    def nearest(self, header: str, taken: Set[str] = frozenset()) -> str | None:
        """The known header most like ``header``, as the contract or the layout writes it; None if none is near.

        ``taken``: normalised headers already found in the file, which are not suggested.
        """
        free = sorted(set(self.shown) - taken)
        for form in dict.fromkeys((normal_header(header), normal_header(header.rpartition("/")[2]))):
            if near := difflib.get_close_matches(form, free, n=1, cutoff=0.55):
                return self.shown[near[0]]
        return None

    # -- the header rows -----------------------------------------------------------------------

    def find(self, sheet: Sheet) -> tuple[Band, int]:
        """(header rows, fields they name): the first rows with every required field, else the best.

        Only the first 20 filled rows are looked at. Rows around those found belong to the header if
        they make columns readable, or if they cannot be data: cells merged downwards from the header,
        a row of units, a row that numbers the columns.
        """
        best, most = Band(0, 0), 0
        single = None
        for i in range(min(HEAD_ROWS, len(sheet.rows))):
            match = self.match(sheet, Band(i, i))
            names = len(match.columns.keys() | match.names.keys())
            if names and not match.missing:
                single = Band(i, i)
                break
            if names > most:
                best, most = Band(i, i), names
        if single is not None:
            chosen = self._improved(sheet, single)
        else:
            chosen = self._several(sheet, best, most)
        chosen = self._extended(sheet, chosen)
        match = self.match(sheet, chosen)
        return chosen, len(match.columns.keys() | match.names.keys())

    def _several(self, sheet: Sheet, best: Band, most: int) -> Band:
        """The first rows together that hold every required field, else the single row that holds most."""
        rank = (-most, 0, 1, 0)
        for bottom in range(1, min(HEAD_ROWS, len(sheet.rows))):
            for band in _taller(sheet, Band(bottom, bottom), below=0):
                match = self.match(sheet, band)
                names = len(match.columns.keys() | match.names.keys())
                if not match.missing and names:
                    return self._improved(sheet, band)
                mine = (-names, match.troubles, band.bottom - band.top + 1, bottom)
                if mine < rank:
                    rank, best = mine, band
        return best

    def _improved(self, sheet: Sheet, band: Band) -> Band:
        """``band``, or a taller one around it that leaves fewer columns unread."""
        match = self.match(sheet, band)
        troubles = match.troubles + len(match.missing)
        if not troubles and not _gaps(sheet, band):
            return band
        rank = (len(match.missing), troubles, -len(match.columns), 0)
        best = band
        for taller in _taller(sheet, band, below=MAX_HEADER_ROWS):
            match = self.match(sheet, taller)
            height = taller.bottom - taller.top
            mine = (len(match.missing), match.troubles, -len(match.columns), height)
            if mine[:3] < rank[:3]:
                rank, best = mine, taller
        return best

    def _extended(self, sheet: Sheet, band: Band) -> Band:
        """``band`` with the rows below it that belong to it by their form."""
        bottom = band.bottom
        while bottom + 1 < len(sheet.rows) and bottom - band.top < MAX_HEADER_ROWS:
            below = bottom + 1
            if sheet.numbers[below] != sheet.numbers[bottom] + 1:
                break
            if not (
                _hangs_from(sheet, below, band.top)
                or _only_units(sheet.rows[below])
                or _numbers(sheet.rows[below])
            ):
                break
            bottom = below
        return Band(band.top, bottom)

    # -- matching ------------------------------------------------------------------------------

    def match(self, sheet: Sheet, band: Band) -> HeaderMatch:
        """Match the header rows ``band`` of ``sheet`` with the contract (``nameless`` is left empty)."""
        found = HeaderMatch(band, {}, {}, [])
        width = max(len(sheet.rows[i]) for i in range(band.top, band.bottom + 1))
        units: dict[str, str] = {}
        for column, (levels, place) in enumerate(_levels(sheet, band, width)):
            if levels:
                found.titles[column] = shown("/".join(levels))
                found.places[column] = place
                self._take(found, column, levels, units)
        found.line = line_above(sheet, band.top)
        found.settled = {
            f.name: settle(f, units.get(f.name), found.line)
            for f in self.contract.fields
            if f.units and f.name in found.columns
        }
        there = found.columns.keys() | found.names.keys() | self._needless_units(found)
        found.missing = [name for name in self.required if name not in there]
        found.not_asked = sorted(self.not_asked - there)
        return found

    def _needless_units(self, found: HeaderMatch) -> set[str]:
        """Unit columns that need not be there, because header or line tell the unit of all they are for."""
        needless = set()
        for unit_field in self.contract.unit_fields():
            measured = [f.name for f in self.contract.fields if f.unit_field == unit_field]
            there = [found.settled[name] for name in measured if name in found.settled]
            # A wrong unit has a finding of its own; asking for the column beside it would only confuse.
            if there and all(s.unit is not None or s.wrong for s in there):
                needless.add(unit_field)
        return needless

    def _take(self, found: HeaderMatch, column: int, levels: list[str], units: dict[str, str]) -> None:
        """Enter one column by the readings of its header."""
        readings = [(text, self.read(text)) for text in _texts(levels)]
        known = {r.field: (text, r) for text, r in reversed(readings) if r.field is not None}
        if len(known) > 1:
            found.ambiguous.append((column, tuple(sorted(known))))  # type: ignore[arg-type]
            return
        if not known:
            leaf = _normal(levels[-1])
            if any(is_personal(text) for text in _texts(levels)):
                found.personal.append(column)
            else:
                (found.ignored if leaf in IGNORED else found.unknown).append(column)
            return
        name, (text, reading) = next(iter(known.items()))
        assert name is not None
        target = found.names if reading.named else found.columns
        if name in target:
            found.repeated.append((column, name))
            return
        target[name] = column
        unit = next((r.unit for _, r in readings if r.unit), None)
        if unit:
            units[name] = unit
        if len(levels) > 1 and text == levels[-1]:
            found.by_leaf.append(column)


def _name_headers(contract: Contract, owner: dict[str, str]) -> dict[str, str]:
    """Header of a column of names -> the area field that it names.

    Each area field has its own Chinese header with 名称 for 代码; the general ones (县区名称, 单位名称 …)
    belong to the first field that says whose row it is.
    """
    found: dict[str, str] = {}
    areas = [f for f in contract.fields if f.is_area]
    first = next((f for f in areas if f.required or f.name in contract.key), None)
    for f in areas:
        bare = f.zh.removesuffix("代码")
        own = {bare, f"{bare}名称"}
        for header in [*own, *(AREA_NAME_HEADERS if f is first else ())]:
            if normal_header(header) not in owner:
                found.setdefault(normal_header(header), f.name)
    return found


def _texts(levels: list[str]) -> list[str]:
    """The readings of a header: alone, and joined with the groups above it in both directions."""
    leaf = levels[-1]
    if len(levels) == 1:
        return [leaf]
    if (unit := _BARE_UNIT.fullmatch(_normal(leaf))) and unit[1] in UNIT_FACTORS:
        return [f"{text}({unit[1]})" for text in _texts(levels[:-1])]
    texts = [leaf]
    for start in range(len(levels) - 1):
        part = levels[start:]
        texts += ["".join(part), "".join(reversed(part))]
    return list(dict.fromkeys(texts))


def _levels(sheet: Sheet, band: Band, width: int) -> Iterator[tuple[list[str], int]]:
    """For each column its headers from the outermost group to the lowest, and the row of the lowest."""
    rows = [i for i in range(band.top, band.bottom + 1) if i == band.top or not _numbers(sheet.rows[i])]
    for column in range(width):
        levels: list[str] = []
        place = band.bottom
        for i in rows:
            text, own = _header_text(sheet, band, i, column, rows)
            if text and (not levels or _normal(levels[-1]) != _normal(text)):
                levels.append(text)
                place = i if own else place
        yield levels, place


def _header_text(sheet: Sheet, band: Band, i: int, column: int, rows: list[int]) -> tuple[str, bool]:
    """(header of a cell, whether it stands in the cell itself): through merged cells and to the group at left."""
    cell = _at(sheet, i, column)
    if isinstance(cell, BadCell) and cell.kind == "merged":
        anchor = _anchor(sheet, i, column)
        return (_clean(_at(sheet, *anchor)), False) if anchor and band.top <= anchor[0] else ("", False)
    if not is_blank(cell):
        return _clean(cell), True
    lower = [r for r in rows if r > i]
    if not lower or not _filled(sheet, lower, column):
        return "", False
    for left in range(column - 1, -1, -1):
        if not _filled(sheet, lower, left):
            break
        beside = _at(sheet, i, left)
        if isinstance(beside, BadCell) or _is_anchor(sheet, i, left):
            break
        if not is_blank(beside):
            return _clean(beside), False
    return "", False


def _at(sheet: Sheet, i: int, column: int) -> Cell:
    row = sheet.rows[i]
    return row[column] if column < len(row) else ""


def _clean(cell: Cell) -> str:
    return " ".join(cell_text(cell)[:_LONGEST].split())


def _filled(sheet: Sheet, rows: Sequence[int], column: int) -> bool:
    """Does one of the rows have a header of its own in the column?"""
    return any(not is_empty(_at(sheet, i, column)) for i in rows)


def _anchor(sheet: Sheet, i: int, column: int) -> tuple[int, int] | None:
    """(position, column) of the first cell of the merged range that a cell lies in."""
    place = sheet.anchors.get((sheet.numbers[i], column))
    if place is None or place[0] not in sheet.numbers[: i + 1]:
        return None
    return sheet.numbers.index(place[0]), place[1]


def _is_anchor(sheet: Sheet, i: int, column: int) -> bool:
    place = (sheet.numbers[i], column)
    return sheet.anchors.get(place) == place


def _taller(sheet: Sheet, band: Band, below: int) -> Iterator[Band]:
    """Bands around ``band`` of rows without a gap that could all be header rows, the lowest first."""
    tops = [band.top]
    while tops[-1] > 0 and _joins(sheet, tops[-1] - 1, tops[-1]) and _header_like(sheet.rows[tops[-1] - 1]):
        tops.append(tops[-1] - 1)
    bottoms = [band.bottom]
    last = min(len(sheet.rows), HEAD_ROWS + MAX_HEADER_ROWS) - 1
    while len(bottoms) <= below and bottoms[-1] < last and _joins(sheet, bottoms[-1], bottoms[-1] + 1):
        if not _header_like(sheet.rows[bottoms[-1] + 1]):
            break
        bottoms.append(bottoms[-1] + 1)
    bands = [Band(t, b) for t in tops for b in bottoms if (t, b) != (band.top, band.bottom)]
    fitting = [b for b in bands if b.bottom - b.top < MAX_HEADER_ROWS and _header_like(sheet.rows[b.bottom])]
    yield from sorted(fitting, key=lambda b: (b.bottom - b.top, b.bottom))


def _joins(sheet: Sheet, upper: int, lower: int) -> bool:
    return sheet.numbers[lower] == sheet.numbers[upper] + 1


def _header_like(row: Sequence[Cell]) -> bool:
    """Could the row be one of a header? A number, a date, an error cell or a line that tells units says no."""
    filled = [c for c in row if not is_empty(c)]
    if any(isinstance(c, (NumberCell, DateCell, BadCell)) for c in filled):
        return False
    texts = [_normal(cell_text(c)) for c in filled]
    return bool(filled) and not any(_DIGITS.fullmatch(t) or tells_units(t) for t in texts)


def _gaps(sheet: Sheet, band: Band) -> bool:
    """Does the lowest header row leave a column without a header that a row beside it could name?"""
    return any(is_empty(c) for c in sheet.rows[band.bottom])


def _hangs_from(sheet: Sheet, i: int, top: int) -> bool:
    """Does a cell of the row belong to a range merged downwards from a header row, and no data stand in it?"""
    number, first = sheet.numbers[i], sheet.numbers[top]
    hangs = any(first <= t < number <= b for t, _, b, _ in sheet.merged)
    return hangs and all(is_empty(c) or _header_like([c]) for c in sheet.rows[i])


def _only_units(row: Sequence[Cell]) -> bool:
    """Does the row hold nothing but units?"""
    filled = [_normal(cell_text(c)) for c in row if not is_empty(c)]
    return bool(filled) and all((m := _BARE_UNIT.fullmatch(t)) and m[1] in UNIT_FACTORS for t in filled)


def _numbers(row: Sequence[Cell]) -> bool:
    """Does the row number the columns: 甲 乙 1 2 3 …?"""
    filled = [_normal(cell_text(c)).strip("()") for c in row if not is_empty(c)]
    marks = [t for t in filled if t in _ORDINALS and len(t) == 1]
    counted = [t for t in filled if t not in marks and t not in ("栏次", "序号", "编号")]
    expected = [str(n) for n in range(1, len(counted) + 1)]
    return (
        len(filled) > 2 and bool(counted) and counted == expected and marks == list(_ORDINALS[: len(marks)])
    )


def nameless_columns(sheet: Sheet, match: HeaderMatch, positions: Sequence[int]) -> dict[int, int]:
    """Column without a header -> first of the ``positions`` (data rows) that has contents in it."""
    width = max(len(sheet.rows[i]) for i in range(match.band.top, match.band.bottom + 1))
    found = {}
    for column in range(width):
        if column not in match.titles:
            first = next((p for p in positions if not is_empty(_at(sheet, p, column))), None)
            if first is not None:
                found[column] = first
    return found
