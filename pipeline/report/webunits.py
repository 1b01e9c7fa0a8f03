"""Pictures of many units on the web page: tiles near where they lie, a matrix of classes, small lines side by side.

Belongs here: drawing these for a screen, each value told on hover and on focus. Does not belong here: the drawing board
(webboard.py), the other charts (webcharts.py), the printed drawings (unit_charts.py).
"""

from __future__ import annotations

from pipeline.report.shapes import Lang, MatrixChart, MatrixRow, Panel, SmallMultiples, Status, TileMap, said
from pipeline.report.svg import Box, runs, text_width, wrapped
from pipeline.report.unit_charts import counted, line_names
from pipeline.report.webboard import SIZE, WIDTH, Screen, around, ink_on

TILE_WIDTH: dict[Lang, float] = {"zh": 92.0, "en": 132.0}
GAP = 4.0
CELL = 24.0
PANELS = 4
PANEL_HEIGHT = 92.0
OWN_SCALES = 3
"""Pictures in a row where each is an indicator with a long name."""
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
    """One small line a unit (or an indicator, on its own scale), with the target and the last value printed."""
    across = PANELS if chart.low is not None else OWN_SCALES
    share = WIDTH / across
    rows = -(-len(chart.panels) // across)
    periods = sorted({p.period for panel in chart.panels for p in (*panel.points, *panel.path, *panel.beside)})
    screen = Screen()
    named = [wrapped(said(panel.name, lang), SIZE, share - 16, 3) for panel in chart.panels]
    beside = all(_beside(panel, share - 16, lang) for panel in chart.panels)
    apart = 0.0 if beside else LINE_OF_NAME * max(map(len, named))
    height = PANEL_HEIGHT + apart
    for n, panel in enumerate(chart.panels):
        corner = ((n % across) * share, (n // across) * height)
        _panel(screen, panel, chart, periods, corner, share - 16, apart, lang)
    words = f"{periods[0]}—{periods[-1]}" if periods else ""
    if chart.low is not None:
        words = f"{words}   {chart.low}—{chart.high}{chart.unit}".strip()
    screen.words("axis", 0, rows * height + 14, words)
    bottom = rows * height + 22
    if chart.low is None:
        bottom += LINE_OF_NAME
        _lines_key(screen, chart, bottom - 4, lang)
    return screen.svg(bottom, chart.description.of(lang))


def _lines_key(screen: Screen, chart: SmallMultiples, y: float, lang: Lang) -> None:
    """What each line is, on one line."""
    at = 0.0
    for kind, words in line_names(chart, lang):
        screen.line(kind, [(at, y - 4), (at + 28, y - 4)])
        screen.words("axis", at + 34, y, words)
        at += 34 + text_width(words, SIZE) + 18


def _room(panel: Panel, width: float) -> float:
    """What the last value and the sign of the class leave of a panel's width."""
    return width - text_width(panel.label, 12) - 24


def _beside(panel: Panel, width: float, lang: Lang) -> bool:
    """Does the name stand beside the value at its full size?"""
    return text_width(said(panel.name, lang), SIZE) <= _room(panel, width)


def _panel(
    screen: Screen, panel: Panel, chart: SmallMultiples, periods: list[int], corner: tuple[float, float], width: float,
    apart: float, lang: Lang,
) -> None:  # fmt: skip
    """Name, class and last value, these ``apart`` below the name; below them the line with a spot at every year."""
    x, y = corner
    low, high = float(panel.low or chart.low or 0), float(panel.high or chart.high or 100)
    top, height = y + apart + 32, PANEL_HEIGHT - 46
    span = max(1, periods[-1] - periods[0])
    name = said(panel.name, lang)

    def at(period: int, value: str) -> tuple[float, float]:
        return (
            x + 6 + (period - periods[0]) / span * (width - 12),
            top + (high - float(value)) / (high - low) * height,
        )

    for number, line in enumerate(wrapped(name, SIZE, width, 3) if apart else [name]):
        screen.words("strong", x, y + 17 + number * LINE_OF_NAME, line)
    edge, anchor = (x + 18.0, "start") if apart else (x + width, "end")
    if panel.status is None and apart:
        edge = x
    screen.words("value", edge, y + apart + 17, panel.label, anchor, 12)
    if panel.status is not None:
        centre = x + 7 if apart else x + width - text_width(panel.label, 12) - 11
        screen.chip(centre, y + apart + 13, panel.status, 14)
    screen.line("grid", [(x, top + height + 4), (x + width, top + height + 4)])
    if panel.target is not None:
        _, goal = at(periods[0], panel.target)
        screen.line("target", [(x, goal), (x + width, goal)])
    if len(panel.path) == 2:
        screen.line("path", [at(p.period, p.value) for p in panel.path])
    for kind, points in (("beside", panel.beside), ("observed", panel.points)):
        for run in runs(points):
            if len(run) > 1:
                screen.line(kind, [at(p.period, p.value) for p in run])
    for point in panel.points:
        screen.dot("observed", *at(point.period, point.value), radius=2.4)
        figure = point.shown or point.label or point.value
        screen.spot(around(*at(point.period, point.value), 9), f"{name} {point.period}: {figure}{chart.unit}")
