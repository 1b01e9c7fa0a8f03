"""Pictures of many units on the web page: tiles near where they lie, a matrix of classes, small lines side by side.

Belongs here: drawing these for a screen, each value told on hover and on focus. Does not belong here: the drawing board
(webboard.py), the other charts (webcharts.py), the printed drawings (unit_charts.py).
"""

from __future__ import annotations

from pipeline.report.shapes import (
    ChartPoint,
    Lang,
    MatrixChart,
    MatrixRow,
    Panel,
    SmallMultiples,
    Status,
    TileMap,
    said,
)
from pipeline.report.svg import Box, runs, text_width, wrapped
from pipeline.report.unit_charts import counted, line_names
from pipeline.report.webboard import SIZE, WIDTH, Screen, around, ink_on

TILE_WIDTH: dict[Lang, float] = {"zh": 92.0, "en": 132.0}
GAP = 4.0
CELL = 24.0
ACROSS = 3
"""Pictures in a row: each is an indicator with a long name."""
AXIS = 44.0
"""Room for the ends of a scale at the left of its picture."""
PLOT_HEIGHT = 56.0
PANEL_HEIGHT = PLOT_HEIGHT + 84
LINE_OF_NAME = 17.0


def map_picture(chart: TileMap, lang: Lang) -> str:
    """Equal tiles in the places of the units; the key at the right, or below where the grid is wide."""
    columns = max(t.column for t in chart.tiles) + 1
    rows = max(t.row for t in chart.tiles) + 1
    wide = min(TILE_WIDTH[lang], WIDTH / columns - GAP)
    names = [wrapped(said(t.name, lang), 12, wide - 6, 3) for t in chart.tiles]
    high = 32 + 15.0 * max(map(len, names))
    screen = Screen()
    for tile, lines in zip(chart.tiles, names, strict=True):
        x, y, ink = tile.column * (wide + GAP), tile.row * (high + GAP), ink_on(tile.status.tone)
        screen.box(f"tile-{tile.status.tone}", x, y, wide, high)
        for n, line in enumerate(lines):
            size = min(12, 12 * (wide - 4) / max(text_width(line, 12), 1))
            screen.words(f"{ink} strong", x + wide / 2, y + 17 + 15 * n, line, "middle", size)
        screen.words(ink, x + wide / 2, y + high - 9, f"{tile.status.shape} {tile.label}".strip(), "middle")
        figure = f" {tile.label}{chart.unit}" if tile.label else ""
        screen.spot(Box(x, y, x + wide, y + high), f"{said(tile.name, lang)}:{figure} {tile.status.word.of(lang)}")
    entries = counted((t.status for t in chart.tiles), lang)
    return _with_key(screen, entries, columns * (wide + GAP), rows * (high + GAP), chart.description.of(lang))


def _with_key(
    screen: Screen, entries: list[tuple[Status, str]], grid: float, bottom: float, description: str
) -> str:
    """The picture with its key at the right, or below where there is no room beside it."""
    need = max(30 + text_width(words, SIZE) for _, words in entries)
    if WIDTH - grid < need + 16:
        return screen.svg(screen.key(entries, 0, bottom + 14, WIDTH) + 14, description)
    for n, entry in enumerate(entries):
        screen.key([entry], grid + 14, 12 + 24 * n, need)
    return screen.svg(max(bottom, 24.0 * len(entries)), description)


def matrix_picture(chart: MatrixChart, lang: Lang) -> str:
    """Units down, commitments across, a chip in each cell; a short line where a commitment does not apply."""
    names = [said(r.name, lang) for r in chart.rows]
    left = max(text_width(n, SIZE) for n in names) + 12
    share = (WIDTH - left) / len(chart.columns)
    heads = [wrapped(said(c, lang), 12, share - 4, 6) for c in chart.columns]
    top = 16.0 * max(len(h) for h in heads) + 8
    screen = Screen()
    for n, head in enumerate(heads):
        for k, words in enumerate(head):
            y = top - 10 - 16 * (len(head) - 1 - k)
            screen.words("axis", left + share * (n + 0.5), y, words, "middle", 12)
    screen.line("axis-line", [(0, top), (WIDTH, top)])
    for n, row in enumerate(chart.rows):
        y = top + CELL * (n + 0.5)
        screen.line("path" if row.ruled else "grid", [(0, y - CELL / 2), (WIDTH, y - CELL / 2)])
        screen.words("name", left - 8, y + 4.5, names[n], "end")
        _matrix_row(screen, chart, row, y, left, share, lang)
    bottom = top + CELL * len(chart.rows)
    screen.line("axis-line", [(0, bottom), (WIDTH, bottom)])
    entries = counted((s for r in chart.rows for s in r.cells if s is not None), lang)
    return screen.svg(screen.key(entries, 0, bottom + 18, WIDTH) + 14, chart.description.of(lang))


def _matrix_row(
    screen: Screen, chart: MatrixChart, row: MatrixRow, y: float, left: float, share: float, lang: Lang
) -> None:
    for m, status in enumerate(row.cells):
        x = left + share * (m + 0.5)
        if status is None:
            screen.line("break", [(x - 4, y), (x + 4, y)])
            continue
        screen.chip(x, y, status)
        told = f"{said(row.name, lang)}, {said(chart.columns[m], lang)}: {status.word.of(lang)}"
        screen.spot(around(x, y, CELL / 2 - 1), told if lang == "en" else told.replace(", ", "，"))


def multiples_picture(chart: SmallMultiples, lang: Lang) -> str:
    """One small picture an indicator, on its own scale, with the target and the last value printed."""
    share = WIDTH / ACROSS
    rows = -(-len(chart.panels) // ACROSS)
    screen = Screen()
    named = [wrapped(said(panel.name, lang), SIZE, share - 16, 3) for panel in chart.panels]
    apart = LINE_OF_NAME * max(map(len, named))
    height = PANEL_HEIGHT + apart
    for n, panel in enumerate(chart.panels):
        x, y = (n % ACROSS) * share, (n // ACROSS) * height
        _head(screen, panel, named[n], (x, y), apart)
        frame = Box(x + AXIS, y + apart + 34, x + share - 16, y + apart + 34 + PLOT_HEIGHT)
        _panel(screen, panel, chart, frame, lang)
    _lines_key(screen, chart, rows * height + 14, lang)
    return screen.svg(rows * height + 18, chart.description.of(lang))


def _lines_key(screen: Screen, chart: SmallMultiples, y: float, lang: Lang) -> None:
    """What each line is, on one line."""
    at = 0.0
    for kind, words in line_names(chart, lang):
        screen.line(kind, [(at, y - 4), (at + 28, y - 4)])
        screen.words("axis", at + 34, y, words)
        at += 34 + text_width(words, SIZE) + 18


def _head(screen: Screen, panel: Panel, name: list[str], corner: tuple[float, float], apart: float) -> None:
    """The name of a panel in its lines; class and last value ``apart`` below."""
    x, y = corner
    for number, line in enumerate(name):
        screen.words("strong", x, y + 17 + number * LINE_OF_NAME, line)
    screen.words("value", x if panel.status is None else x + 18, y + apart + 17, panel.label, "start", 12)
    if panel.status is not None:
        screen.chip(x + 7, y + apart + 13, panel.status, 14)


class _Scale:
    """Places in a frame for the points of a panel."""

    def __init__(self, frame: Box, periods: list[int], low: str, high: str) -> None:
        self.frame, self.first, self.span = frame, periods[0], max(1, periods[-1] - periods[0])
        self.low, self.high = float(low), float(high)

    def y(self, value: str) -> float:
        return self.frame.y0 + (self.high - float(value)) / (self.high - self.low) * (self.frame.y1 - self.frame.y0)

    def at(self, p: ChartPoint) -> tuple[float, float]:
        return self.frame.x0 + (p.period - self.first) / self.span * (self.frame.x1 - self.frame.x0), self.y(p.value)


def _panel(screen: Screen, panel: Panel, chart: SmallMultiples, frame: Box, lang: Lang) -> None:
    """The lines of one indicator; the ends of its scale at the left, of its years and what was promised below."""
    periods = sorted({p.period for p in (*panel.points, *panel.path, *panel.beside)})
    inner = Box(frame.x0 + 6, frame.y0, frame.x1 - 6, frame.y1)
    scale = _Scale(inner, periods, panel.low, panel.high)
    screen.line("grid", [(frame.x0, frame.y0), (frame.x0, frame.y1), (frame.x1, frame.y1)])
    for words, y in ((panel.high, frame.y0 + 8), (panel.low, frame.y1)):
        screen.words("axis", frame.x0 - 5, y, words, "end", 11)
    if panel.target is not None:
        screen.line("target", [(frame.x0, scale.y(panel.target)), (frame.x1, scale.y(panel.target))])
    if len(panel.path) == 2:
        screen.line("path", [scale.at(p) for p in panel.path])
    for run in runs(panel.beside):
        if len(run) > 1:
            screen.line("beside", [scale.at(p) for p in run])
    _observed(screen, panel, chart, scale, lang)
    screen.words("axis", frame.x0, frame.y1 + 15, str(periods[0]), size=11)
    if len(periods) > 1:
        screen.words("axis", frame.x1, frame.y1 + 15, str(periods[-1]), "end", 11)
    if panel.goal is not None:
        words = panel.goal.of(lang)
        size = min(12.0, 12.0 * (frame.x1 - frame.x0 + AXIS) / max(text_width(words, 12), 1))
        screen.words("target", frame.x1, frame.y1 + 32, words, "end", size)


def _observed(screen: Screen, panel: Panel, chart: SmallMultiples, scale: _Scale, lang: Lang) -> None:
    """The line of a panel's own values, cut where the basis changes, with a spot at every year."""
    for run in runs(panel.points):
        if len(run) > 1:
            screen.line("observed", [scale.at(p) for p in run])
    for point in panel.points:
        screen.dot("observed", *scale.at(point), radius=2.4)
        figure = point.shown or point.label or point.value
        screen.spot(around(*scale.at(point), 9), f"{said(panel.name, lang)} {point.period}: {figure}{chart.unit}")
