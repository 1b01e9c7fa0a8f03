"""Pictures of many units at once: tiles near where they lie, a matrix of classes, small lines side by side.

Belongs here: drawing these. Does not belong here: choosing what is drawn; the drawing board (svg.py).

Each class shows as word, sign and colour: the sign and the colour in the picture, the word in its key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from pipeline.report.shapes import ChartPoint, Lang, MatrixChart, Panel, SmallMultiples, Status, TileMap, said
from pipeline.report.svg import (
    FAINT,
    INK,
    LINE,
    SOFT,
    TARGET,
    TONES,
    WIDTH,
    Board,
    edge_of,
    ink_on,
    key,
    runs,
    text_width,
    wrapped,
)
from pipeline.report.words import CLASS_ORDER

TILE_WIDTH, TILE_HEIGHT, GAP = 76.0, 28.0, 2.5
PANELS = 5
CELL = 17.0
WHOLE, DOTTED = "#7B8794", "1.5,2"
"""The whole area beside a unit: lighter than the unit's own and dotted, so that grey print tells it from the target."""


def counted(statuses: Iterable[Status], lang: Lang) -> list[tuple[Status, str]]:
    """Each class that occurs, in the fixed order, with its word and how often: ``略有滞后 4``."""
    every = list(statuses)
    number = Counter(s.code for s in every)
    first = {s.code: s for s in reversed(every)}
    return [
        (first[code], f"{first[code].word.of(lang)} {number[code]}")
        for code in sorted(number, key=CLASS_ORDER.index)
    ]


def map_svg(chart: TileMap, lang: Lang) -> str:
    """Equal tiles in the places of the units; the key at the right, or below where the grid is wide."""
    columns = max(t.column for t in chart.tiles) + 1
    rows = max(t.row for t in chart.tiles) + 1
    wide = min(TILE_WIDTH, (WIDTH - GAP * (columns - 1)) / columns)
    grid = columns * (wide + GAP)
    beside = WIDTH - grid > 110
    entries = counted((t.status for t in chart.tiles), lang)
    high = rows * (TILE_HEIGHT + GAP)
    board = Board(WIDTH, max(high, 20.0 * len(entries)) if beside else high + 18.0 * (len(entries) // 4 + 1))
    for tile in chart.tiles:
        x, y = tile.column * (wide + GAP), tile.row * (TILE_HEIGHT + GAP)
        board.box(x + 0.5, y + 0.5, wide - 1, TILE_HEIGHT - 1, TONES[tile.status.tone], edge_of(tile.status.tone))
        ink = ink_on(tile.status.tone)
        name = said(tile.name, lang)
        size = min(11.5, 11.5 * (wide - 6) / max(text_width(name, 11.5), 1))
        board.text(x + wide / 2, y + 8.5, name, ink, size=size, anchor="middle", bold=True)
        board.text(x + wide / 2, y + 20, f"{tile.status.shape} {tile.label}".strip(), ink, size=11, anchor="middle")
    if beside:
        for n, (status, words) in enumerate(entries):
            board.chip(grid + 22, 10 + 20 * n, status)
            board.text(grid + 36, 10 + 20 * n, words, size=11.5)
    else:
        key(board, entries, 0, high + 10, WIDTH)
    return board.svg(chart.description.of(lang), "chart map")


def matrix_svg(chart: MatrixChart, lang: Lang) -> str:
    """Units down, commitments across, a chip in each cell; a short line where a commitment does not apply."""
    names = [said(r.name, lang) for r in chart.rows]
    left = max(text_width(n, 11) for n in names) + 10
    share = (WIDTH - left) / len(chart.columns)
    heads = [wrapped(said(c, lang), 10, share - 3, 6) for c in chart.columns]
    top = 13.0 * max(len(h) for h in heads) + 6
    entries = counted((s for r in chart.rows for s in r.cells if s is not None), lang)
    foot = 18.0 * (sum(34 + text_width(w, 11) for _, w in entries) // WIDTH + 2)
    board = Board(WIDTH, top + CELL * len(chart.rows) + foot)
    for n, head in enumerate(heads):
        for k, words in enumerate(head):
            y = top - 8 - 13 * (len(head) - 1 - k)
            board.text(left + share * (n + 0.5), y, words, size=10, anchor="middle")
    board.line(0, top, WIDTH, top, INK, 0.8)
    for n, row in enumerate(chart.rows):
        y = top + CELL * (n + 0.5)
        if row.ruled or n:
            board.line(0, y - CELL / 2, WIDTH, y - CELL / 2, SOFT if row.ruled else FAINT, 0.5, "3,2" if row.ruled else "")
        board.text(left - 6, y, names[n], size=11, anchor="end")
        for m, status in enumerate(row.cells):
            x = left + share * (m + 0.5)
            if status is None:
                board.line(x - 3, y, x + 3, y, SOFT, 0.8)
            else:
                board.chip(x, y, status, 12.5)
    bottom = top + CELL * len(chart.rows)
    board.line(0, bottom, WIDTH, bottom, INK, 0.8)
    key(board, entries, 0, bottom + 14, WIDTH)
    return board.svg(chart.description.of(lang), "chart matrix")


# ---------------------------------------------------------------- several indicators of one unit

AXIS = 30.0
"""Room for the ends of a scale at the left of its picture."""

PLOT_HEIGHT = 54.0
NAME_SIZE = 9.8


def multiples_svg(chart: SmallMultiples, lang: Lang) -> str:
    """One small picture an indicator, each on its own scale: the unit, the whole area, the required path, the target."""
    across = min(PANELS, max(3, len(chart.panels)))
    share = WIDTH / across
    names = [wrapped(said(p.name, lang), NAME_SIZE, share - 12, 4) for p in chart.panels]
    head = 12.0 * max(map(len, names)) + 20
    high = head + PLOT_HEIGHT + 34
    rows = -(-len(chart.panels) // across)
    board = Board(WIDTH, rows * high + 16)
    for n, panel in enumerate(chart.panels):
        x, y = (n % across) * share, (n // across) * high
        for k, words in enumerate(names[n]):
            board.text(x, y + 7 + 12 * k, words, size=NAME_SIZE, bold=True)
        if panel.status is not None:
            board.chip(x + 6.5, y + head - 11, panel.status, 12)
        board.text(x + 17, y + head - 11, panel.label, size=11.5, bold=True)
        _panel(board, panel, x, y + head, share - 12, lang)
    _lines_key(board, chart, rows * high + 7, lang)
    return board.svg(chart.description.of(lang), "chart multiples")


def _panel(board: Board, panel: Panel, x: float, top: float, width: float, lang: Lang) -> None:
    """The lines of one indicator, the ends of its scale at the left, of its years and what was promised below."""
    low, high = float(panel.low), float(panel.high)
    periods = sorted({p.period for p in (*panel.points, *panel.path, *panel.beside)})
    left, bottom = x + AXIS, top + PLOT_HEIGHT
    span = max(1, periods[-1] - periods[0])

    def at(point: ChartPoint) -> tuple[float, float]:
        return (
            left + 4 + (point.period - periods[0]) / span * (width - AXIS - 8),
            top + (high - float(point.value)) / (high - low) * PLOT_HEIGHT,
        )

    board.line(left, top, left, bottom, FAINT, 0.8)
    board.line(left, bottom, x + width, bottom, FAINT, 0.8)
    for words, y in ((panel.high, top + 4), (panel.low, bottom - 4)):
        board.text(left - 4, y, words, SOFT, size=8.6, anchor="end")
    if panel.target is not None:
        goal = top + (high - float(panel.target)) / (high - low) * PLOT_HEIGHT
        board.line(left, goal, x + width, goal, TARGET, 1)
    if len(panel.path) == 2:
        board.line(*at(panel.path[0]), *at(panel.path[1]), SOFT, 1, "4,3")
    for run in runs(panel.beside):
        for start, end in pairwise(run):
            board.line(*at(start), *at(end), WHOLE, 1.8, DOTTED)
    for run in runs(panel.points):
        if len(run) > 1:
            board.run([at(p) for p in run], LINE, 1.8)
    for point in panel.points:
        board.circle(*at(point), 2.6, LINE, "#FFFFFF", 0.6)
    board.text(left, bottom + 9, str(periods[0]), SOFT, size=8.6)
    if span > 1 or len(periods) > 1:
        board.text(x + width, bottom + 9, str(periods[-1]), SOFT, size=8.6, anchor="end")
    if panel.goal is not None:
        words = panel.goal.of(lang)
        size = min(9.0, 9.0 * width / max(text_width(words, 9), 1))
        board.text(x + width, bottom + 21, words, TARGET, size=size, anchor="end")


def line_names(chart: SmallMultiples, lang: Lang) -> list[tuple[str, str]]:
    """Kind (``observed``, ``beside``, ``path``, ``target``) and name of each line that is drawn in pictures with scales of
    their own."""
    zh = lang == "zh"
    named = [("observed", ("实际值" if zh else "observed") if chart.beside is None else ("本单位" if zh else "this unit"))]
    if chart.beside is not None:
        named.append(("beside", chart.beside.of(lang)))
    if any(p.path for p in chart.panels):
        named.append(("path", "序时路径" if zh else "required path"))
    if any(p.target is not None for p in chart.panels):
        named.append(("target", "目标值" if zh else "target"))
    return named


_STROKES = {"observed": (LINE, 1.8, ""), "beside": (WHOLE, 1.8, DOTTED), "path": (SOFT, 1.0, "4,3"), "target": (TARGET, 1.0, "")}


def _lines_key(board: Board, chart: SmallMultiples, y: float, lang: Lang) -> None:
    """One line below: what each line is; only lines that are drawn."""
    at = 0.0
    for kind, words in line_names(chart, lang):
        colour, thick, dash = _STROKES[kind]
        board.line(at, y, at + 24, y, colour, thick, dash)
        if kind == "observed":
            board.circle(at + 12, y, 2.6, LINE, "#FFFFFF", 0.6)
        board.text(at + 29, y, words, size=10)
        at += 29 + text_width(words, 10) + 16
