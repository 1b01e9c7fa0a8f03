"""Charts of the web page: SVG in the colours of the page, each value shown on hover and on focus.

Belongs here: drawing the charts of the model for a screen, light or dark. Does not belong here: the drawing board
(webboard.py), pictures of many units at once (webunits.py), the printed drawings (charts.py), the colours
(report_templates/web.css).

No script is needed: a spot holds its words, and the stylesheet shows them when it is pointed at or focused.
"""

from __future__ import annotations

from fractions import Fraction

from pipeline.report.charts import has_path
from pipeline.report.shapes import (
    Chart,
    ChartPoint,
    DotChart,
    DotRow,
    Lang,
    MatrixChart,
    PathChart,
    SmallMultiples,
    Text,
    TileMap,
    WaterfallChart,
    said,
)
from pipeline.report.svg import Box, hatching, runs, text_width, wrapped
from pipeline.report.webboard import SIZE, WIDTH, Screen, around
from pipeline.report.webunits import map_picture, matrix_picture, multiples_picture
from pipeline.report.words import CERTIFIED

HEIGHT = 300
LEFT, RIGHT, TOP, BOTTOM = 48, 84, 34, 28
ROW = 24
LABEL = 48
TICKS = 6
_WORDS = {
    "observed": Text(zh="实际值", en="observed"),
    "path": Text(zh="序时路径", en="required path"),
    "target": Text(zh="目标值", en="target"),
    "projected": Text(zh="直线推算", en="projection"),
    "break": Text(zh="口径变动", en="break in basis"),
}


def web_chart(chart: Chart, lang: Lang) -> str:
    """The SVG of a chart for the web page."""
    match chart:
        case PathChart():
            return _path(chart, lang)
        case DotChart():
            return _dots(chart, lang)
        case WaterfallChart():
            return _waterfall(chart, lang)
        case TileMap():
            return map_picture(chart, lang)
        case MatrixChart():
            return matrix_picture(chart, lang)
        case SmallMultiples():
            return multiples_picture(chart, lang)


def _ticks(low: Fraction, high: Fraction) -> list[Fraction]:
    """Round values on a scale, about TICKS of them."""
    steps = (lead * Fraction(10) ** power for power in range(-3, 12) for lead in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= TICKS)
    first = -(-low // step) * step
    return [first + step * n for n in range(int((high - first) // step) + 1)]


def _plain(value: Fraction) -> str:
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


# ---------------------------------------------------------------- path


def _path(chart: PathChart, lang: Lang) -> str:
    """Observed values against the required path and the target, with projection and breaks."""
    periods = [p.period for p in (*chart.points, *chart.path)] + [chart.due_period]
    first, last = min(periods), max(periods)
    low, high = Fraction(chart.low), Fraction(chart.high)
    screen = Screen()

    def x(period: float) -> float:
        return LEFT + (period - first + 0.35) / (last - first + 0.7) * (WIDTH - LEFT - RIGHT)

    def y(value: str | Fraction) -> float:
        return TOP + float((high - Fraction(value)) / (high - low)) * (HEIGHT - TOP - BOTTOM)

    def at(point: ChartPoint) -> tuple[float, float]:
        return x(point.period), y(point.value)

    right = WIDTH - RIGHT
    for tick in _ticks(low, high):
        screen.line("grid", [(LEFT, y(tick)), (right, y(tick))])
        screen.words("axis", LEFT - 8, y(tick) + 4, _plain(tick), "end")
    for year in range(first, last + 1):
        screen.words("axis", x(year), HEIGHT - 8, str(year), "middle")
    screen.line("target", [(LEFT, y(chart.target)), (right, y(chart.target))])
    screen.words("target", right + 6, y(chart.target) + 4, chart.target_label.of(lang))
    if has_path(chart):
        screen.line("path", [at(p) for p in chart.path])
    for year in chart.breaks:
        screen.line("break", [(x(year - 0.5), TOP), (x(year - 0.5), HEIGHT - BOTTOM)])
        screen.words("axis", x(year - 0.5) + 4, HEIGHT - BOTTOM - 6, _WORDS["break"].of(lang))
    for run in runs(chart.points):
        screen.line("observed", [at(p) for p in run])
    if chart.projected is not None and chart.points:
        screen.line("projected", [at(chart.points[-1]), at(chart.projected)])
    _legend(screen, chart, lang)
    for p in chart.points:
        screen.dot("observed", *at(p))
        screen.spot(around(*at(p)), f"{p.period}: {p.shown or p.value}{chart.unit}{CERTIFIED if p.certified else ''}")
    if (p := chart.projected) is not None:
        screen.dot("projected", *at(p))
        screen.spot(around(*at(p)), f"{p.period}: {p.shown or p.value}{chart.unit} {_WORDS['projected'].of(lang)}")
    return screen.svg(HEIGHT, chart.description.of(lang))


def _legend(screen: Screen, chart: PathChart, lang: Lang) -> None:
    """One line above the plot: what each line is."""
    kinds = ["observed", *(["path"] if has_path(chart) else []), "target"]
    kinds += ["projected"] if chart.projected is not None else []
    at = float(LEFT)
    for kind in kinds:
        words = _WORDS[kind].of(lang)
        screen.line(kind, [(at, 14), (at + 26, 14)])
        screen.words("axis", at + 32, 18, words)
        at += 32 + text_width(words, SIZE) + 22


# ---------------------------------------------------------------- units on a scale


def _dots(chart: DotChart, lang: Lang) -> str:
    """Units on one scale, as bars from the line or dots beside it."""
    names = [said(row.name, lang) for row in chart.rows]
    left = min(max(text_width(name, SIZE) for name in names) + 12, 320)
    low, high = Fraction(chart.low), Fraction(chart.high)
    bottom = 30 + ROW * len(chart.rows)
    screen = Screen()

    def x(value: str | Fraction) -> float:
        start = left + LABEL  # room for the figure of a unit at the low end
        return start + float((Fraction(value) - low) / (high - low)) * (WIDTH - start - 60)

    for tick in _ticks(low, high):
        screen.line("grid", [(x(tick), 24), (x(tick), bottom)])
        screen.words("axis", x(tick), bottom + 18, _plain(tick), "middle")
    screen.line("target", [(x(chart.line), 22), (x(chart.line), bottom)])
    screen.words("target", x(chart.line), 15, chart.line_label.of(lang), "middle")
    for number, (name, row) in enumerate(zip(names, chart.rows, strict=True)):
        _dot_row(screen, chart, row, name, 30 + ROW * (number + 0.5), left, x, lang)
    return screen.svg(bottom + 26, chart.description.of(lang))


def _dot_row(
    screen: Screen, chart: DotChart, row: DotRow, name: str, middle: float, left: float, x, lang: Lang
) -> None:
    """Name, bar or stem, point and figure of one unit."""
    tone = row.status.tone if row.status is not None else "grey"
    at, line = x(row.value), x(chart.line)
    verdict = "" if row.status is None else f" {row.status.word.of(lang)}"
    after = at >= line
    screen.words("name", left - 8, middle + 4, name, "end")
    if chart.bars:
        screen.box(f"bar fill-{tone}", min(at, line), middle - 7, abs(at - line), 14)
    else:
        screen.line("grid", [(line, middle), (at, middle)])
        screen.dot(f"fill-{tone}{' hollow' if row.muted else ''}", at, middle)
    screen.words("value", at + (10 if after else -10), middle + 4, row.label, "start" if after else "end")
    screen.spot(around(at, middle, 12), f"{name}: {row.label or row.value}{chart.unit}{verdict}")


# ---------------------------------------------------------------- a change split in two

WATERFALL_HEIGHT = 170


def _waterfall(chart: WaterfallChart, lang: Lang) -> str:
    """Levels stand on the axis, effects hang between them; what lowers is hatched."""
    low, high = Fraction(chart.low), Fraction(chart.high)
    share = (WIDTH - 4 - LEFT) / len(chart.steps)
    names = [said(step.name, lang) for step in chart.steps]
    lines = [wrapped(name, SIZE, share - 8, 4) for name in names]
    top, foot = 24, 24 + WATERFALL_HEIGHT
    wide = min(90.0, share * 0.5)
    screen = Screen()

    def y(value: str | Fraction) -> float:
        return top + float((high - Fraction(value)) / (high - low)) * WATERFALL_HEIGHT

    for tick in _ticks(low, high):
        screen.line("grid", [(LEFT, y(tick)), (WIDTH - 4, y(tick))])
        screen.words("axis", LEFT - 8, y(tick) + 4, _plain(tick), "end")
    for n, step in enumerate(chart.steps):
        middle = LEFT + share * (n + 0.5)
        start, end = y(step.start), y(step.end)
        upper, lower = min(start, end), max(start, end)
        kind = "level" if step.kind == "level" else ("lowers" if end > start else "raises")
        screen.box(f"step {kind}", middle - wide / 2, upper, wide, max(lower - upper, 1))
        if kind == "lowers":
            for stroke in hatching(Box(middle - wide / 2, upper, middle + wide / 2, lower)):
                screen.line("hatch", stroke)
        if n + 1 < len(chart.steps):
            screen.line("path", [(middle + wide / 2, end), (middle + share - wide / 2, end)])
        screen.words("value", middle, upper - 7, step.label, "middle")
        for k, words in enumerate(lines[n]):
            screen.words("axis", middle, foot + 18 + 17 * k, words, "middle")
        reach = Box(middle - wide / 2 - 3, upper - 20, middle + wide / 2 + 3, max(lower, upper + 1) + 3)
        screen.spot(reach, f"{names[n]}: {step.label}{chart.unit}")
    screen.line("axis-line", [(LEFT, foot), (WIDTH - 4, foot)])
    return screen.svg(foot + 8 + 17 * max(map(len, lines)), chart.description.of(lang))
