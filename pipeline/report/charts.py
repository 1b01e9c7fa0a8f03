"""Charts as SVG with real text: the path of an indicator, units on a scale, a split change, tiny lines.

Belongs here: drawing what a chart of the model holds. Does not belong here: choosing what is drawn; the
drawing board (svg.py); pictures of many units at once (unit_charts.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from pipeline.report.shapes import (
    Chart,
    ChartPoint,
    Dot,
    DotChart,
    Lang,
    MatrixChart,
    PathChart,
    SmallMultiples,
    TileMap,
    Tone,
    WaterfallChart,
    said,
)
from pipeline.report.svg import (
    FAINT,
    INK,
    LABEL_SIZE,
    LINE,
    SOFT,
    SVG,
    TARGET,
    TONES,
    WIDTH,
    Board,
    Box,
    along,
    edge_of,
    hatching,
    place_label,
    runs,
    text_width,
    ticks,
    wrapped,
)
from pipeline.report.unit_charts import map_svg, matrix_svg, multiples_svg
from pipeline.report.words import CERTIFIED

__all__ = ["LABEL_SIZE", "Box", "along", "chart_svg", "dot_svg", "has_path", "place_label", "spark_svg"]

PATH_HEIGHT = 112
ROW_HEIGHT = 11.4
LEFT, RIGHT, TOP, BOTTOM = 40, 64, 30, 22


class _Plane:
    """Places in pixels for values, so that labels can be kept apart before they are drawn."""

    def __init__(self, first: float, last: float, low: float, high: float, frame: Box) -> None:
        self.first, self.last, self.low, self.high, self.frame = first, last, low, high, frame

    def x(self, value: float) -> float:
        return self.frame.x0 + (value - self.first) / (self.last - self.first) * (self.frame.x1 - self.frame.x0)

    def y(self, value: float) -> float:
        return self.frame.y0 + (self.high - value) / (self.high - self.low) * (self.frame.y1 - self.frame.y0)

    def at(self, point: ChartPoint) -> tuple[float, float]:
        return self.x(point.period), self.y(float(point.value))


# ---------------------------------------------------------------- path


def path_svg(chart: PathChart, lang: Lang) -> str:
    """The path chart: observed values, required path, target, projection, breaks in basis."""
    frame = Box(LEFT, TOP, WIDTH - RIGHT, TOP + PATH_HEIGHT)
    board = Board(WIDTH, TOP + PATH_HEIGHT + BOTTOM)
    periods = [p.period for p in (*chart.points, *chart.path)] + [chart.due_period]
    plane = _Plane(
        min(periods) - 0.35, max(periods) + 0.35, float(chart.low), float(chart.high), frame
    )
    _axes(board, plane, range(min(periods), max(periods) + 1))
    goal = plane.y(float(chart.target))
    board.line(frame.x0, goal, frame.x1, goal, TARGET, 1.4)
    board.text(frame.x1 + 5, goal, chart.target_label.of(lang), TARGET, bold=True)
    taken = along(frame.x0, goal, frame.x1, goal)
    if has_path(chart):
        taken += _stroke(board, plane, chart.path[0], chart.path[1], SOFT, "6,4")
    for period in chart.breaks:
        taken += _break(board, plane, period, lang)
    taken += _observed(board, plane, chart)
    if chart.projected is not None:
        taken += _stroke(board, plane, chart.points[-1], chart.projected, LINE, "2,3")
        board.circle(*plane.at(chart.projected), 3.6, "#FFFFFF", LINE, 1.2)
    _labels(board, plane, chart, taken)
    _legend(board, chart, lang)
    return board.svg(chart.description.of(lang))


def has_path(chart: PathChart) -> bool:
    """Is there a way to go, or only a level to hold (which the target line shows)?"""
    return len(chart.path) == 2 and chart.path[0].value != chart.path[1].value


def _axes(board: Board, plane: _Plane, periods: range) -> None:
    """Faint lines with their values at the left, years below."""
    frame = plane.frame
    for value, words in ticks(plane.low, plane.high):
        board.line(frame.x0, plane.y(value), frame.x1, plane.y(value), FAINT, 0.6)
        board.text(frame.x0 - 5, plane.y(value), words, size=11, anchor="end")
    board.line(frame.x0, frame.y1, frame.x1, frame.y1, SOFT, 0.8)
    for period in periods:
        board.line(plane.x(period), frame.y1, plane.x(period), frame.y1 + 4, SOFT, 0.8)
        board.text(plane.x(period), frame.y1 + 12, str(period), size=11, anchor="middle")


def _stroke(board: Board, plane: _Plane, start: ChartPoint, end: ChartPoint, colour: str, dash: str) -> list[Box]:
    places = (*plane.at(start), *plane.at(end))
    board.line(*places, colour, 1.3, dash)
    return along(*places)


def _break(board: Board, plane: _Plane, period: int, lang: Lang) -> list[Box]:
    """A dotted upright line between the two bases, with its words at the foot."""
    x, frame = plane.x(period - 0.5), plane.frame
    words = "口径变动" if lang == "zh" else "break in basis"
    foot = frame.y1 - 9
    board.line(x, frame.y0, x, frame.y1, SOFT, 1, "1,3")
    board.text(x + 4, foot, words, SOFT, size=11)
    upright = [Box(x - 3, h, x + 3, h + 8.0) for h in range(int(frame.y0), int(frame.y1), 8)]
    return [*upright, Box(x + 2, foot - 8, x + 6 + text_width(words, 11), foot + 8)]


def _observed(board: Board, plane: _Plane, chart: PathChart) -> list[Box]:
    """The observed line (cut where the basis changes) and its points: round, certified ones a diamond."""
    taken: list[Box] = []
    for segment in ([plane.at(point) for point in run] for run in runs(chart.points)):
        taken += [Box(x - 6, y - 6, x + 6, y + 6) for x, y in segment]
        for start, end in pairwise(segment):
            taken += along(*start, *end)
        if len(segment) > 1:
            board.run(segment, LINE, 2)
    for point in chart.points:
        x, y = plane.at(point)
        if point.period == chart.base_period:
            board.circle(x, y, 6.5, "none", LINE, 1.2)
        if point.certified:
            board.shape(x, y, 4.2, "achieved_early", LINE, "#FFFFFF")
        else:
            board.circle(x, y, 4, LINE, "#FFFFFF", 0.8)
    return taken


def _labels(board: Board, plane: _Plane, chart: PathChart, taken: list[Box]) -> None:
    """Labels of base, last and projected point, off lines, points and one another."""
    frame = Box(plane.frame.x0 + 2, plane.frame.y0 - 4, WIDTH, plane.frame.y1 - 2)
    wanted = [(p, INK, True) for p in chart.points[-1:] if p.label]
    wanted += [(p, INK, False) for p in chart.points[:-1] if p.label]
    if chart.projected is not None and chart.projected.label:
        wanted.append((chart.projected, LINE, False))
    taken = [*taken, Box(plane.frame.x1 + 3, plane.y(float(chart.target)) - 8, WIDTH, plane.y(float(chart.target)) + 8)]
    for point, colour, bold in wanted:
        x, y, box = place_label(*plane.at(point), point.label, taken, frame)
        taken.append(box)
        board.text(x, y, point.label, colour, anchor="middle", bold=bold)


def _legend(board: Board, chart: PathChart, lang: Lang) -> None:
    """One line above the plot: what each line is."""
    zh = lang == "zh"
    entries: list[tuple[str, str, str]] = [("实际值" if zh else "observed", LINE, "")]
    if has_path(chart):
        entries.append(("序时路径（自基期○）" if zh else "required path (from base ○)", SOFT, "6,4"))
    entries.append(("目标值" if zh else "target", TARGET, ""))
    if chart.projected is not None:
        entries.append(("直线推算" if zh else "projection", LINE, "2,3"))
    marked = CERTIFIED + ("核定值" if zh else " certified") if any(p.certified for p in chart.points) else ""
    # a legend that would leave the picture is set smaller
    need = sum(45 + text_width(words, 11.5) for words, _, _ in entries) + text_width(marked, 11.5)
    size = min(11.5, 11.5 * (WIDTH - LEFT) / need)
    at, y = float(LEFT), 10.0
    for words, colour, dash in entries:
        board.line(at, y, at + 2 * size, y, colour, 1.8, dash)
        board.text(at + 2.5 * size, y, words, size=size)
        at += 2.5 * size + text_width(words, size) + size
    board.text(at, y, marked, LINE, size=size)


# ---------------------------------------------------------------- units on a scale


def dots_svg(chart: DotChart, lang: Lang) -> str:
    """Units on one scale: dots against the target, or bars from the line of no change."""
    names = [said(r.name, lang) for r in chart.rows]
    left = max(text_width(n, 10) for n in names) + 10
    height = ROW_HEIGHT * len(chart.rows) + 4
    top = 18.0
    board = Board(WIDTH, top + height + 20)
    plane = _Plane(float(chart.low), float(chart.high), 0, 1, Box(left, top, WIDTH - 12, top + height))
    for value, words in ticks(plane.first, plane.last, 8):
        board.line(plane.x(value), top, plane.x(value), top + height, FAINT, 0.6)
        board.text(plane.x(value), top + height + 10, words, size=11, anchor="middle")
    ink = INK if chart.bars else TARGET
    line = plane.x(float(chart.line))
    board.line(line, top, line, top + height, ink, 1.3)
    words = chart.line_label.of(lang)
    half = text_width(words, 11) / 2
    board.text(min(max(line, half), WIDTH - half), 9, words, ink, size=11, anchor="middle", bold=True)
    for n, row in enumerate(chart.rows):
        y = top + ROW_HEIGHT * (n + 0.5) + 2
        board.text(left - 6, y, names[n], size=10, anchor="end")
        tone: Tone = row.status.tone if row.status is not None else "grey"
        x = plane.x(float(row.value))
        board.line(line, y, x, y, TONES[tone] if chart.bars else "#9AA3AD", 7 if chart.bars else 1.6)
        if not chart.bars:
            code = row.status.code if row.status else ""
            board.shape(x, y, 4.2, code, "#FFFFFF" if row.muted else TONES[tone], edge_of(tone))
        _beside(board, x, y, row.label, x < line, plane.frame)
    return board.svg(chart.description.of(lang))


def _beside(board: Board, x: float, y: float, label: str, to_left: bool, frame: Box) -> None:
    """A label on the outer side of its mark; on the other side where the frame ends."""
    need = text_width(label, 9.8) + 8
    if to_left and x - need < frame.x0:
        to_left = False
    elif not to_left and x + need > WIDTH:
        to_left = True
    board.text(x - 8 if to_left else x + 8, y, label, size=9.8, anchor="end" if to_left else "start")


# ---------------------------------------------------------------- a change split in two

WATERFALL_HEIGHT = 72


def waterfall_svg(chart: WaterfallChart, lang: Lang) -> str:
    """Levels stand on the axis, effects hang between them; what lowers is hatched, so that grey print tells."""
    share = (WIDTH - 4 - LEFT) / len(chart.steps)
    names = [wrapped(said(step.name, lang), 11, share - 8, 4) for step in chart.steps]
    top, foot = 20.0, 6.0 + 15 * max(map(len, names))
    board = Board(WIDTH, top + WATERFALL_HEIGHT + foot)
    plane = _Plane(0, 1, float(chart.low), float(chart.high), Box(LEFT, top, WIDTH - 4, top + WATERFALL_HEIGHT))
    for value, words in ticks(plane.low, plane.high, 5):
        board.line(LEFT, plane.y(value), WIDTH - 4, plane.y(value), FAINT, 0.6)
        board.text(LEFT - 5, plane.y(value), words, size=11, anchor="end")
    wide = min(64.0, share * 0.5)
    for n, step in enumerate(chart.steps):
        middle = LEFT + share * (n + 0.5)
        start, end = plane.y(float(step.start)), plane.y(float(step.end))
        upper, lower = min(start, end), max(start, end)
        falls = step.kind == "effect" and end > start
        fill = LINE if step.kind == "level" else ("#FFFFFF" if falls else "#7A9CC0")
        board.box(middle - wide / 2, upper, wide, max(lower - upper, 1), fill, LINE)
        if falls:
            for start_of, end_of in hatching(Box(middle - wide / 2, upper, middle + wide / 2, lower)):
                board.line(*start_of, *end_of, LINE, 0.8)
        if n + 1 < len(chart.steps):
            board.line(middle + wide / 2, end, middle + share - wide / 2, end, SOFT, 0.8, "2,2")
        board.text(middle, upper - 9, step.label, anchor="middle", bold=step.kind == "level")
        for k, words in enumerate(names[n]):
            board.text(middle, plane.frame.y1 + 12 + 15 * k, words, size=11, anchor="middle")
    board.line(LEFT, plane.frame.y1, WIDTH - 4, plane.frame.y1, SOFT, 0.8)
    return board.svg(chart.description.of(lang))


# ---------------------------------------------------------------- inside a cell


def spark_svg(values: Sequence[str | None], target: str | None, title: str) -> str:
    """A tiny line of at most seven values with its last point, and the target as a dotted line."""
    width, height, edge = 62.0, 20.0, 4.0
    known = [float(v) for v in values if v is not None]
    if not known:
        return ""
    every = known + ([float(target)] if target is not None else [])
    low, high = min(every), max(every)
    spread = (high - low) or 1.0
    step = (width - 2 * edge) / max(1, len(values) - 1)

    def place(index: int, value: float) -> tuple[str, str]:
        return (
            f"{edge + index * step:.2f}",
            f"{height - edge - (value - low) / spread * (height - 2 * edge):.2f}",
        )

    pieces: list[list[tuple[str, str]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(place(index, float(value)))
    lines = "".join(
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in run)}" '
        f'fill="none" stroke="{LINE}" stroke-width="1.2"/>'
        for run in pieces
        if len(run) > 1
    )
    last_x, last_y = [run for run in pieces if run][-1][-1]
    goal = ""
    if target is not None:
        _, y = place(0, float(target))
        goal = (
            f'<line x1="0" y1="{y}" x2="{width:.0f}" y2="{y}" stroke="{TARGET}" stroke-width="0.8" '
            'stroke-dasharray="2,1.6"/>'
        )
    return (
        f'<svg xmlns="{SVG}" class="spark" viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
        f"<title>{escape(title)}</title>{goal}{lines}"
        f'<circle cx="{last_x}" cy="{last_y}" r="2" fill="{LINE}"/></svg>'
    )


def dot_svg(dot: Dot, lang: Lang) -> str:
    """A dot against a line on a short scale, for one cell."""
    width, height = 72.0, 14.0
    low, high = float(dot.low), float(dot.high)

    def place(value: str) -> str:
        return f"{4 + (float(value) - low) / (high - low) * (width - 8):.2f}"

    at, line = place(dot.value), place(dot.line)
    edge = edge_of(dot.tone)
    fill = "white" if dot.hollow else TONES[dot.tone]
    return (
        f'<svg xmlns="{SVG}" class="dot" viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
        f"<title>{escape(dot.description.of(lang))}</title>"
        f'<line x1="{line}" y1="7" x2="{at}" y2="7" stroke="#9aa3ad" stroke-width="1.2"/>'
        f'<line x1="{line}" y1="0" x2="{line}" y2="14" stroke="{TARGET}" stroke-width="1.2"/>'
        f'<circle cx="{at}" cy="7" r="3.3" fill="{fill}" stroke="{edge}" stroke-width="0.9"/></svg>'
    )


def chart_svg(chart: Chart, lang: Lang) -> str:
    """The SVG of any chart of the model."""
    match chart:
        case PathChart():
            return path_svg(chart, lang)
        case DotChart():
            return dots_svg(chart, lang)
        case WaterfallChart():
            return waterfall_svg(chart, lang)
        case TileMap():
            return map_svg(chart, lang)
        case MatrixChart():
            return matrix_svg(chart, lang)
        case SmallMultiples():
            return multiples_svg(chart, lang)
