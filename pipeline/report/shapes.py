"""The report as one typed object: every generated sentence and every printed figure, ready to set in type.

Belongs here: the shapes. Does not belong here: filling them (model.py and the modules it calls), layout, and
the fixed labels of a language (report_templates/texts.<lang>.yaml).

Texts come in Chinese and English side by side; figures are the same in both and are plain strings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Lang = Literal["zh", "en"]
Tone = Literal["dark_green", "green", "yellow", "orange", "red", "grey"]


class Strict(BaseModel):
    """Base of every shape: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_HAN = re.compile(r"[\u3400-\u9fff]")
_BRACKETS = re.compile(r"(?<![A-Za-z])\(([^()]*)\)")
_STOPS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_STOP = re.compile(r"(?<!\d),|,(?!\d)|[;?!]|(?<![\dA-Za-z]):|:(?![/\d])")


def punctuated(zh: str) -> str:
    """Chinese text with the full-width punctuation of GB/T 15834; figures and codes stay as they are.

    ``"甲县(下降1,400人),乙县"`` -> ``"甲县（下降1,400人），乙县"``. Text without Chinese is left alone.
    """
    if not _HAN.search(zh):
        return zh
    before = None
    while before != zh:
        before, zh = zh, _BRACKETS.sub(r"（\1）", zh)
    return _STOP.sub(lambda match: _STOPS[match[0]], zh)


_PERCENT = re.compile(r"(?<=\d) %")
_AROUND_LATIN = re.compile(r"“([^“”\u3400-\u9fff]*)”")


def typeset(en: str) -> str:
    """English text with closed-up percent signs and straight quotation marks.

    ``'“By 2025” 92 %'`` -> ``'"By 2025" 92%'``. Straight ones, because the curved ones of the pinned font are as wide
    as a Chinese character; around Chinese words they stay.
    """
    return _AROUND_LATIN.sub(r'"\1"', _PERCENT.sub("%", en))


class Text(Strict):
    """One statement in two languages; each gets the punctuation of its language here."""

    zh: str
    en: str

    @field_validator("zh")
    @classmethod
    def _full_width(cls, zh: str) -> str:
        return punctuated(zh)

    @field_validator("en")
    @classmethod
    def _closed_up(cls, en: str) -> str:
        return typeset(en)

    def of(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


Words = Text | str
"""A text in two languages, or a figure or name that is the same in both."""


def said(words: Words, lang: Lang) -> str:
    """The words in one language."""
    if isinstance(words, str):
        return punctuated(words) if lang == "zh" else words
    return words.of(lang)


class Status(Strict):
    """A class as it is shown: word, shape and colour together, so that it survives grey printing."""

    code: str
    word: Text
    shape: str
    tone: Tone
    note: Text | None = None


class Dot(Strict):
    """A value on a short scale against a line, inside a cell; all decimal texts."""

    value: str
    line: str
    low: str
    high: str
    tone: Tone
    hollow: bool
    description: Text


class Cell(Strict):
    """One cell. ``pad`` is the number of decimals it lacks against its column, to align decimal points."""

    kind: Literal["text", "figure", "status", "dot", "none"] = "text"
    words: Words = ""
    dot: Dot | None = None
    mark: str = ""
    pad: int = 0
    point: bool = True
    status: Status | None = None
    tone: Tone | None = None
    strong: bool = False


class Column(Strict):
    """A column: heading, how its cells stand, its share of the width in millimetres.

    ``shape``: a narrow column of classes whose words stand in a legend, so that only the shape is set; ``trace``: the
    trace code of each row's figure, set small.
    """

    heading: Words
    kind: Literal["text", "figure", "status", "code", "dot", "shape", "trace"] = "figure"
    width: Annotated[float, Field(gt=0)]


class Row(Strict):
    """A row; ``zone`` starts under a thin line, ``total`` is bold between lines, ``small`` is set in grey."""

    kind: Literal["unit", "zone", "total", "small"] = "unit"
    cells: list[Cell]
    ruled: bool = False


class Table(Strict):
    """A numbered three-line table with its unit at the top right, and source and notes below."""

    number: int
    title: Text
    unit: Text | None = None
    columns: list[Column]
    rows: list[Row]
    notes: list[Text] = []


class ChartPoint(Strict):
    """One observed value. ``value`` is decimal text for plotting, ``shown`` the figure as the report prints it,
    ``label`` what stands beside the point (few points have one)."""

    period: int
    value: str
    shown: str = ""
    label: str = ""
    certified: bool = False
    new_segment: bool = False


class PathChart(Strict):
    """Observed values against the straight required path and the target."""

    kind: Literal["path"] = "path"
    number: int
    title: Text
    unit: str
    points: list[ChartPoint]
    base_period: int | None
    path: list[ChartPoint]
    target: str
    target_label: Text
    due_period: int
    projected: ChartPoint | None
    breaks: list[int]
    low: str
    high: str
    caption: Text
    status: Status
    description: Text


class DotRow(Strict):
    """One unit on a dot chart."""

    name: Words
    value: str
    label: str
    status: Status | None
    muted: bool = False


class DotChart(Strict):
    """Units on one scale against a line (the target, or no change)."""

    kind: Literal["dots"] = "dots"
    number: int
    title: Text
    unit: str
    rows: list[DotRow]
    line: str
    line_label: Text
    low: str
    high: str
    bars: bool
    caption: Text
    description: Text


class WaterfallStep(Strict):
    """One bar of a waterfall: a level stands on the axis, an effect hangs between two values (decimal texts)."""

    kind: Literal["level", "effect"]
    name: Words
    start: str
    end: str
    label: str


class WaterfallChart(Strict):
    """From one value to another through what raised and what lowered it."""

    kind: Literal["waterfall"] = "waterfall"
    number: int
    title: Text
    unit: str
    steps: list[WaterfallStep]
    low: str
    high: str
    caption: Text
    description: Text


class MapTile(Strict):
    """One unit at its place on the grid, counted from 0 at the top left; ``label`` is its printed value."""

    name: Words
    row: Annotated[int, Field(ge=0)]
    column: Annotated[int, Field(ge=0)]
    label: str
    status: Status


class TileMap(Strict):
    """The units as equal tiles near where they lie: word, shape and colour of the class in each."""

    kind: Literal["map"] = "map"
    number: int
    title: Text
    unit: str
    tiles: list[MapTile]
    caption: Text
    description: Text


class MatrixRow(Strict):
    """A unit and its class under each heading; None where the commitment does not apply to it."""

    name: Words
    cells: list[Status | None]
    ruled: bool = False


class MatrixChart(Strict):
    """Units by commitments: one shape and colour a cell, their words in the key below."""

    kind: Literal["matrix"] = "matrix"
    number: int
    title: Text
    unit: str = ""
    columns: list[Words]
    rows: list[MatrixRow]
    caption: Text
    description: Text


class Panel(Strict):
    """One small picture: an indicator of a unit over the years, with its last value and class.

    Each has a scale of its own (decimal texts ``low`` to ``high``), the words of what was promised (``goal``), the
    straight required path (its two ends, or nothing), and the values of the whole area (``beside``).
    """

    name: Words
    points: list[ChartPoint]
    target: str | None = None
    label: str
    status: Status | None
    low: str
    high: str
    goal: Text | None = None
    path: list[ChartPoint] = []
    beside: list[ChartPoint] = []


class SmallMultiples(Strict):
    """The same small picture for several indicators of a unit, each on its own scale; ``beside`` names what the second
    line is."""

    kind: Literal["multiples"] = "multiples"
    number: int
    title: Text
    unit: str
    panels: list[Panel]
    beside: Text | None = None
    caption: Text
    description: Text


Chart = PathChart | DotChart | WaterfallChart | TileMap | MatrixChart | SmallMultiples
"""Any numbered figure; ``charts.chart_svg`` draws each, the template macro ``figure`` sets it."""


class Definition(Strict):
    """What an indicator is and what was promised, one labelled line each."""

    lines: list[tuple[Text, Text]]


class IndicatorPage(Strict):
    """The fixed pattern of one headline indicator."""

    commitment_id: str
    name: Text
    status: Status
    definition: Definition
    sentences: list[Text]
    chart: PathChart | DotChart | None
    split: WaterfallChart | None = None
    unit_charts: list[Chart] = []
    decomposition: Text | None
    tables: list[Table]
    unit_tables: list[Table]
    notes: list[Text]


class Tile(Strict):
    """One row of the summary; ``code`` is the trace code of the current value."""

    commitment_id: str
    code: str = ""
    name: Text
    unit: Text
    target: Words
    previous: str
    current: str
    previous_mark: str
    current_mark: str
    period_note: Text | None
    change: Words
    distance: Words
    distance_persons: Words
    status: Status
    spark: list[str | None]
    spark_target: str | None


class Summary(Strict):
    """The one page that leaders read."""

    previous_heading: Text
    current_heading: Text
    target_heading: Text
    conclusion: Text
    promises: Text | None = None
    tiles: list[Tile]
    problems: list[Text]
    decisions: list[tuple[Text, Text]] = []
    data_lines: list[Text]
    notes: list[Text]


class PromiseLine(Strict):
    """One commitment in the list of all: what was promised, what is known, how it is judged."""

    commitment_id: str
    number: int
    name: Text
    tier: str
    target: Words
    value: Words
    value_note: Text | None
    mark: str
    status: Status
    due: Words
    lead: Text
    remark: Text | None


class PromiseGroup(Strict):
    """The commitments of one section of the plan."""

    heading: Text
    bodies: Text | None
    lines: list[PromiseLine]


class PromisesPart(Strict):
    """All commitments of the plan, by section."""

    statements: list[Text]
    groups: list[PromiseGroup]
    notes: list[Text]


class FindingsPart(Strict):
    """What the checks found."""

    statements: list[Text]
    tables: list[Table]


class SourcesPart(Strict):
    """Definitions, citations and received files."""

    definitions: Table
    reading_rules: list[Text] = []
    methods: list[Text]
    citations: Table | None
    files: Table


class ReproductionPart(Strict):
    """What is needed to make the same edition again."""

    facts: list[tuple[Text, str]]
    commands: list[tuple[str, Text]]
    tools: Table
    fonts: Table
    statements: list[Text]


class Notice(Strict):
    """The covering notice (通知), a document of its own and always Chinese; ``number`` and ``day`` may have gaps."""

    organ: str
    number: str
    title_lines: list[str]
    addressees: str
    paragraphs: list[str]
    attachment: str
    day: str
    copies: str | None
    printed_by: str


class Piece(Strict):
    """A piece of a chapter; what it has is set in this order: heading, statements, points, chart, tables, notes.

    ``close``: its tables are long and set small; ``whole``: they are not divided between sheets.
    """

    heading: Text | None = None
    whole: bool = False
    close: bool = False
    said: list[Text] = []
    points: list[Text] = []
    chart: Chart | None = None
    tables: list[Table] = []
    notes: list[Text] = []


class Chapter(Strict):
    """A chapter, or a page of its own within one, built from pieces.

    ``id`` is its anchor; ``pages`` come after it; ``new_page``: it begins a sheet, where others follow on.
    """

    id: str
    heading: Text
    new_page: bool = False
    status: Status | None = None
    pieces: list[Piece]
    pages: list[Chapter] = []


class ContentsLine(Strict):
    """One line of the table of contents; ``id`` is the anchor that it leads to."""

    id: str
    title: Text
    level: Literal[1, 2]


class Head(Strict):
    """The edition's own particulars."""

    programme: str
    year: int
    title: Text
    plan_title: Text
    subject: Text
    area: Text
    body: Text
    received_through: str
    received_text: Text
    vintage_id: str
    build_id: str
    audience: Literal["internal", "public"] = "internal"
    demonstration: bool
    preliminary: bool
    rule_version: str


def _tables_of(chapters: Sequence[Chapter | None]) -> list[Table]:
    """Tables of chapters built from pieces, those of their pages after their own."""
    pages = [page for chapter in chapters if chapter is not None for page in (chapter, *chapter.pages)]
    return [table for page in pages for piece in page.pieces for table in piece.tables]


class Volume(Strict):
    """One of the volumes with the pages of the units, where these are too many for the report itself.

    A document of its own, with tables and figures numbered from 1; ``number`` of ``count``, published as
    :func:`pipeline.report.volume_names.volume_name`. ``chapter`` holds how to read it, and its pages.
    """

    format: Literal[1] = 1
    head: Head
    legend: list[tuple[Status, Text]]
    marks: list[Text]
    number: int
    count: int
    chapter: Chapter

    def tables(self) -> list[Table]:
        """Every numbered table, in the order of the document."""
        return _tables_of([self.chapter])


class ReportModel(Strict):
    """One edition's report, whole and JSON-serialisable; ``volumes`` are the names of those beside it, in their order."""

    format: Literal[1] = 1
    head: Head
    legend: list[tuple[Status, Text]]
    marks: list[Text]
    reading_rules: list[Text]
    contents: list[ContentsLine]
    summary: Summary
    overall: Chapter | None = None
    pages: list[IndicatorPage]
    spending: Chapter | None = None
    promises: PromisesPart | None = None
    closing: list[Chapter] = []
    findings: FindingsPart
    sources: SourcesPart
    annexes: list[Chapter] = []
    reproduction: ReproductionPart
    leaves: list[Chapter] = []
    volumes: list[str] = []
    notice: Notice | None = None

    def title_of(self, identifier: str) -> Text:
        """The numbered heading of a chapter, as the table of contents has it."""
        return next(line.title for line in self.contents if line.id == identifier)

    def chapters(self) -> list[Chapter]:
        """Every chapter built from pieces, in the order of the document, without the pages inside them."""
        first = [chapter for chapter in (self.overall, self.spending) if chapter is not None]
        return [*first, *self.closing, *self.annexes, *self.leaves]

    def tables(self) -> list[Table]:
        """Every numbered table, in the order of the document."""
        sources, made = self.sources, self.reproduction
        parts = [
            _tables_of([self.overall]),
            [t for page in self.pages for t in (*page.tables, *page.unit_tables)],
            _tables_of([self.spending, *self.closing]),
            [t for t in (sources.definitions, sources.citations, sources.files) if t is not None],
            self.findings.tables,
            _tables_of(self.annexes),
            [made.tools, made.fonts],
            _tables_of(self.leaves),
        ]
        return [table for part in parts for table in part]

    def headline(self, lang: Lang) -> list[str]:
        """Three lines for a terminal: the conclusion, each indicator's value and class, the data line."""
        separator = "；" if lang == "zh" else "; "
        gap = " "
        rows = [
            gap.join(
                part
                for part in (
                    tile.name.of(lang),
                    tile.current + (tile.unit.of(lang) + tile.current_mark if tile.current != "—" else ""),
                    tile.status.word.of(lang),
                )
                if part
            )
            for tile in self.summary.tiles
        ]
        return [
            self.summary.conclusion.of(lang),
            separator.join(rows),
            self.summary.data_lines[0].of(lang),
        ]
