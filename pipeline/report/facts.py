"""Finding figures: the inputs with look-ups and exact fractions, and small makers of cells and tables.

Belongs here: indexes over the rows, names of units, decimals of an indicator, alignment of columns.
Does not belong here: sentences, pages, layout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from pipeline.quality.finding import Finding
from pipeline.report.inputs import ReportInputs
from pipeline.report.inputs import Row as Source
from pipeline.report.numbers import (
    Shown,
    exact_places,
    format_rate,
    round_exact,
    shortest,
    show_against_target,
)
from pipeline.report.shapes import Cell, Column, Dot, Row, Status, Table, Text, Tone, Words
from pipeline.report.words import CERTIFIED, NONE, PRELIMINARY, segment_rank, segment_text
from pipeline.trace_code import Codes, Figure, figure_of
from pipeline.unit_types import role_of

PLACES = 2
PLOT_PLACES = 4
NOT_JUDGED = (None, "no_judgement", "monitored")
TYPE_AREA = 156
"""Width of the type area in millimetres."""


def fraction(row: Source | None, name: str) -> Fraction | None:
    """``row[name_num] / row[name_den]`` exactly, or None where either is missing."""
    if row is None:
        return None
    num, den = row.get(f"{name}_num"), row.get(f"{name}_den")
    return None if num is None or not den else Fraction(int(num), int(den))


def micro(value: int | None) -> Fraction | None:
    """Millionths to a number."""
    return None if value is None else Fraction(int(value), 1_000_000)


class Counter:
    """Numbers of tables and figures in the order of the document."""

    def __init__(self) -> None:
        self.tables = 0
        self.figures = 0

    def table(self) -> int:
        self.tables += 1
        return self.tables

    def figure(self) -> int:
        self.figures += 1
        return self.figures


class Unit(NamedTuple):
    """What belongs to one unit: its rows of verdicts by commitment, its ranks, the advice on it, what was found of it, each in
    the order received; ``reported``: its rows of the judged year by commitment (segment ``all``)."""

    verdicts: dict[str, list[Source]]
    reported: dict[str, Source]
    rank: list[Source]
    advice: list[Source]
    findings: list[Finding]


KEPT = 2
"""Commitments whose rows of all units are kept at a time, where not all rows are in memory anyway."""


class Facts:
    """The inputs, with the look-ups that every part of the report needs."""

    def __init__(self, inputs: ReportInputs) -> None:
        self.inputs = inputs
        self.edition = inputs.edition
        self.area_code: str = inputs.edition["area_code"]
        self.year: int = inputs.edition["year"]
        self.number = Counter()
        kept = None if inputs.verdicts.held and inputs.series.held else KEPT
        self._reported = lru_cache(kept)(self._read_reported)
        self._series = lru_cache(kept)(
            lambda indicator, variant: _by_period(inputs.series.where(indicator_id=indicator, variant=variant))
        )
        self._units: dict[str, Unit] = {}
        self._beside: dict[str, dict[str, Source]] = {}

    def number_anew(self) -> None:
        """Begin another document: its tables and figures are numbered from 1."""
        self.number = Counter()

    def open_units(self, codes: Collection[str], beside: Collection[str] = ()) -> None:
        """Have what belongs to these units at hand, and the headline rows of the judged year of the units ``beside`` them, in
        place of those opened before."""
        asked = frozenset(codes)
        verdicts = _by_area(self.inputs.verdicts.where(area_code=asked))
        rank = _by_area(self.inputs.rank.where(area_code=asked))
        advice = _by_area(self.inputs.advice.where(area_code=asked))
        self._units = {
            code: self._unit(code, verdicts.get(code, []), rank.get(code, []), advice.get(code, [])) for code in codes
        }
        headlines = frozenset(c["id"] for c in self.commitments)
        rows = self.inputs.verdicts.where(
            area_code=frozenset(beside) - asked, commitment_id=headlines, is_reported=True, segment="all"
        )
        self._beside = {code: {} for code in beside}
        for v in rows:
            self._beside[v["area_code"]][v["commitment_id"]] = v

    def unit(self, code: str) -> Unit:
        """What belongs to one unit; nothing for a code that no row has."""
        if code not in self._units:
            tables = self.inputs.verdicts, self.inputs.rank, self.inputs.advice
            self._units[code] = self._unit(code, *(table.where(area_code=code) for table in tables))
        return self._units[code]

    def _unit(self, code: str, verdicts: list[Source], rank: list[Source], advice: list[Source]) -> Unit:
        by_commitment: dict[str, list[Source]] = {}
        for v in verdicts:
            by_commitment.setdefault(v["commitment_id"], []).append(v)
        reported = {v["commitment_id"]: v for v in verdicts if v["is_reported"] and v["segment"] == "all"}
        return Unit(by_commitment, reported, rank, advice, self._findings.get(code, []))

    @cached_property
    def _findings(self) -> dict[str, list[Finding]]:
        made: dict[str, list[Finding]] = {}
        for finding in self.inputs.findings:
            if finding.area_code:
                made.setdefault(finding.area_code, []).append(finding)
        return made

    def beside(self, c: Source, code: str) -> Source | None:
        """A headline row of the judged year of a unit beside the one that is looked at (segment ``all``)."""
        own = self._units[code].reported if code in self._units else self._beside.get(code)
        return (self.unit(code).reported if own is None else own).get(c["id"])

    @cached_property
    def areas(self) -> dict[str, Source]:
        return {a["area_code"]: a for a in self.inputs.areas}

    @cached_property
    def summaries(self) -> dict[str, Source]:
        return {s["commitment_id"]: s for s in self.inputs.summaries}

    @property
    def commitments(self) -> list[Source]:
        return self.inputs.commitments

    def name_of(self, code: str) -> Text:
        """Short name of a unit; a unit that is not listed is shown by its code."""
        area = self.areas.get(code)
        if area is None:
            return Text(zh=code, en=code)
        return Text(zh=area["short_name_zh"], en=area["name_en"])

    @property
    def public(self) -> bool:
        """Is the report for the public?"""
        return self.edition.get("audience") == "public"

    def unit_names(self) -> list[Text]:
        """Short and full names of the units below the whole area."""
        units = [a for code, a in self.areas.items() if code != self.area_code and role_of(a["unit_type"]) != "own_level"]
        return [Text(zh=a[key], en=a["name_en"]) for a in units for key in ("name_zh", "short_name_zh")]

    def in_english(self, received: str) -> Text:
        """A text that came in Chinese, with the English that the programme has for it; where it has none, as it came."""
        return Text(zh=received, en=self.inputs.english.get(received, received))

    @property
    def area(self) -> Text:
        """The whole area as it is called in a sentence (全市, 全国)."""
        return self.name_of(self.area_code)

    def is_zone(self, code: str) -> bool:
        return role_of(self.areas.get(code, {}).get("unit_type", "")) == "zone"

    def order_of(self, code: str) -> tuple[int, str]:
        return (self.areas.get(code, {}).get("sort_order", 10**6), code)

    @cached_property
    def _whole(self) -> dict[str, list[Source]]:
        """Rows of the whole area by commitment, segments too."""
        made: dict[str, list[Source]] = {}
        for v in self.inputs.verdicts.where(area_code=self.area_code):
            made.setdefault(v["commitment_id"], []).append(v)
        return made

    def whole_segments(self, commitment: Source) -> list[Source]:
        """Rows of the whole area, of every segment."""
        return self._whole.get(commitment["id"], [])

    def whole(self, commitment: Source) -> list[Source]:
        """Rows of the whole area (segment ``all``), by period ascending."""
        return sorted((v for v in self.whole_segments(commitment) if v["segment"] == "all"), key=lambda v: v["period"])

    def reported_whole(self, commitment: Source) -> Source | None:
        """The whole area's row of the judged year."""
        return next((v for v in self.whole(commitment) if v["is_reported"]), None)

    def reported_units(self, commitment: Source) -> list[Source]:
        """Rows of the judged year but the whole area's, in the units' own order."""
        return list(self._reported(commitment["id"]))

    def _read_reported(self, identifier: str) -> list[Source]:
        rows = self.inputs.verdicts.where(commitment_id=identifier, is_reported=True)
        rows = [v for v in rows if (v["area_code"], v["segment"]) != (self.area_code, "all")]
        return sorted(rows, key=lambda v: (self.order_of(v["area_code"]), v["segment"]))

    def unit_row(self, commitment: Source, area: str, segment: str, period: int) -> Source | None:
        """One unit's row of one period."""
        identifier = commitment["id"]
        if area == self.area_code:
            return self._whole_keyed.get((identifier, segment, period))
        own = self.unit(area).verdicts.get(identifier, ())
        return next((v for v in own if (v["segment"], v["period"]) == (segment, period)), None)

    def rows_of(self, commitment: Source, codes: Collection[str]) -> dict[tuple[str, str, int], Source]:
        """Rows of one commitment by unit, segment and period, of these units (the whole area may be one)."""
        rows = self.inputs.verdicts.where(commitment_id=commitment["id"], area_code=frozenset(codes))
        return {(v["area_code"], v["segment"], v["period"]): v for v in rows}

    @cached_property
    def _whole_keyed(self) -> dict[tuple[str, str, int], Source]:
        return {(key, v["segment"], v["period"]): v for key, rows in self._whole.items() for v in rows}

    @cached_property
    def classes(self) -> dict[str, dict[str, str | None]]:
        """Class of the judged year by unit and commitment (segment ``all``); None where it has no verdict of the unit's own, as
        all of a unit have that is not assessed."""
        made: dict[str, dict[str, str | None]] = {}
        columns = ("area_code", "commitment_id", "class", "assessed")
        for code, identifier, found, assessed in self.inputs.verdicts.pick(*columns, is_reported=True, segment="all"):
            made.setdefault(code, {})[identifier] = found if assessed and found not in NOT_JUDGED else None
        return made

    def series(self, indicator_id: str, variant: str, area: str, segment: str = "all") -> dict[int, Source]:
        """Values of one variant by period."""
        if area == self.area_code:
            return self._whole_series.get((indicator_id, variant, segment), {})
        return self._series(indicator_id, variant).get((area, segment), {})

    @cached_property
    def _whole_series(self) -> dict[tuple[str, str, str], dict[int, Source]]:
        made: dict[tuple[str, str, str], dict[int, Source]] = {}
        for s in self.inputs.series.where(area_code=self.area_code):
            made.setdefault((s["indicator_id"], s["variant"], s["segment"]), {})[s["period"]] = s
        return made

    @cached_property
    def _codes(self) -> Codes:
        return Codes(self.edition["programme"], (Figure(*each) for each in self.inputs.series.pick(*Figure._fields)))

    def code_of(self, row: Source | None) -> str:
        """The trace code of the figure in a row of verdicts or of a series; empty where there is no value, or one of
        several years together: the code of the year names its own figure, which is another one."""
        if row is None or row.get("value_num") is None or row.get("pooled"):
            return ""
        return self._codes.of(figure_of(row))

    def contribution(self, commitment: Source) -> dict[str, Source]:
        """What each unit contributes to the gap of a commitment, by its code."""
        return {c["area_code"]: c for c in self.inputs.contributions.where(commitment_id=commitment["id"])}

    def places(self, commitment: Source) -> int:
        """Decimals of an indicator: two; as published (at least one) where every value is a published one."""
        values = [v for v in self.whole(commitment) if v["value_num"] is not None]
        if not values or any(v["value_source"] != "certified" for v in values):
            return PLACES
        return max(1, *(exact_places(fraction(v, "value") or Fraction(0), PLACES) for v in values))

    def shown(self, row: Source, places: int) -> Shown:
        """A rate, printed so that it does not contradict its comparison with the target."""
        value, target = fraction(row, "value"), fraction(row, "target")
        if value is None:
            return Shown(NONE, 0, False)
        if target is None:
            return Shown(format_rate(value, places), places, False)
        return show_against_target(value, target, places)

    def warnings(self) -> int:
        """Warnings of the checks, counting those not listed one by one."""
        return sum(1 + f.more for f in self.inputs.findings if f.severity == "warning")

    @cached_property
    def breaks(self) -> list[Break]:
        """Changes of basis in the series of the whole area."""
        found = []
        for commitment in self.commitments:
            rows = sorted(self.whole_segments(commitment), key=lambda v: (segment_rank(v["segment"]), v["period"]))
            for _, series in groupby(rows, key=lambda v: v["segment"]):
                found += [Break(commitment, before, after) for before, after in changes_of_basis(list(series))]
        return found


class Break(NamedTuple):
    """A change of basis between two successive values of one series."""

    commitment: Source
    before: Source
    after: Source


def changes_of_basis(rows: Sequence[Source]) -> list[tuple[Source, Source]]:
    """Where a series in the order of its years goes over to another basis: the last row before and the first after. Once for
    each change: ``flag_basis_break`` is also that of every later year, whose basis is not the base year's."""
    known = [row for row in rows if fraction(row, "value") is not None]
    return [(before, after) for before, after in pairwise(known) if before["basis"] != after["basis"]]


def _by_area(rows: Iterable[Source]) -> dict[str, list[Source]]:
    made: dict[str, list[Source]] = {}
    for row in rows:
        made.setdefault(row["area_code"], []).append(row)
    return made


def _by_period(rows: Iterable[Source]) -> dict[tuple[str, str], dict[int, Source]]:
    made: dict[tuple[str, str], dict[int, Source]] = {}
    for s in rows:
        made.setdefault((s["area_code"], s["segment"]), {})[s["period"]] = s
    return made


def marks_of(row: Source | None) -> str:
    """``◆`` for a certified value, ``*`` for a preliminary one, or one whose verdict rests on preliminary data."""
    if row is None or row.get("value_num") is None:
        return ""
    return (CERTIFIED if row["value_source"] == "certified" else "") + (
        PRELIMINARY if row.get("maturity") == "preliminary" or row.get("flag_preliminary") else ""
    )


# ---------------------------------------------------------------- cells and tables


def text_cell(words: Words, *, tone: Tone | None = None, strong: bool = False) -> Cell:
    return Cell(words=words, tone=tone, strong=strong)


def figure_cell(
    figure: str | None, mark: str = "", *, tone: Tone | None = None, strong: bool = False
) -> Cell:
    """A figure; None or the dash is an empty place."""
    if figure is None or figure == NONE:
        return Cell(kind="none", words=NONE)
    return Cell(kind="figure", words=figure, mark=mark, tone=tone, strong=strong)


def status_cell(shown: Status) -> Cell:
    return Cell(kind="status", status=shown)


def dot_cell(value: Fraction, line: Fraction, ends: tuple[str, str], shown: Status, words: Text) -> Cell:
    """A value's place against a line."""
    dot = Dot(
        value=round_exact(value, PLOT_PLACES),
        line=shortest(line),
        low=ends[0],
        high=ends[1],
        tone=shown.tone,
        hollow=shown.code == "no_judgement",
        description=words,
    )
    return Cell(kind="dot", dot=dot)


def trace_cell(code: str) -> Cell:
    """The trace code of the row's figure, an empty place where there is none."""
    return Cell(words=code)


def trace_column(width: float = 14, of: str = "") -> Column:
    """The narrow column of trace codes; ``of``: the year they are of, where that is not said by the row."""
    return column(Text(zh=f"{of}追溯码", en=f"{of} code".strip().capitalize()), width, "trace")


def none_cell(words: Words = NONE) -> Cell:
    return Cell(kind="none", words=words)


def column(heading: Words, width: float, kind: str = "figure") -> Column:
    return Column.model_validate({"heading": heading, "width": width, "kind": kind})


def more_note(more: int, file: str) -> list[Text]:
    """The note of a table that lists the first rows only: how many more there are, and in which data file; none where it
    lists all."""
    if more <= 0:
        return []
    return [Text(zh=f"另有{more}条,见随附数据 data/{file}。", en=f"{more} more in data/{file}.")]


def table(
    number: int,
    title: Text,
    columns: Sequence[Column],
    rows: Iterable[Row],
    unit: Text | None = None,
    notes: Sequence[Text] = (),
) -> Table:
    """A table whose figures align on the decimal point: cells learn how many decimals they lack.

    Widths are shares; together they become the width of the type area.
    """
    made, columns = _without_empty_codes(list(rows), columns)
    share = TYPE_AREA / sum(c.width for c in columns)
    columns = [c.model_copy(update={"width": round(c.width * share, 2)}) for c in columns]
    for row in made:
        if len(row.cells) != len(columns):
            raise ValueError(f"{title.en}: {len(row.cells)} cells for {len(columns)} columns")
    most = [
        max((_decimals(row.cells[i]) for row in made if row.cells[i].kind == "figure"), default=0)
        for i in range(len(columns))
    ]
    aligned = [
        row.model_copy(update={"cells": [_padded(cell, most[i]) for i, cell in enumerate(row.cells)]})
        for row in made
    ]
    return Table(
        number=number, title=title, unit=unit, columns=list(columns), rows=aligned, notes=list(notes)
    )


def _without_empty_codes(rows: list[Row], columns: Sequence[Column]) -> tuple[list[Row], Sequence[Column]]:
    """A last column of trace codes goes where no row has one."""
    if columns[-1].kind != "trace" or any(row.cells[-1].words for row in rows):
        return rows, columns
    return [row.model_copy(update={"cells": row.cells[:-1]}) for row in rows], columns[:-1]


def _decimals(cell: Cell) -> int:
    words: Any = cell.words
    return len(words.partition(".")[2]) if isinstance(words, str) else 0


def _padded(cell: Cell, most: int) -> Cell:
    if cell.kind != "figure" or not most:
        return cell
    own = _decimals(cell)
    return cell.model_copy(update={"pad": most - own, "point": own > 0})


def segment_or_area(facts: Facts, row: Source) -> Text:
    """Name of a series: the stage where it is one, else the unit."""
    return segment_text(row["segment"]) if row["segment"] != "all" else facts.name_of(row["area_code"])
