"""Charts of the web page: SVG in the colours of the page, each value shown on hover and on focus.

Belongs here: drawing the charts of the model for a screen, light or dark. Does not belong here: the printed drawings
(charts.py), the colours (report_templates/web.css).

No script is needed: a point holds its words, and the stylesheet shows them when the point is pointed at or focused.
"""

from __future__ import annotations

from fractions import Fraction
from html import escape

from pipeline.report.charts import chart_svg, text_width
from pipeline.report.shapes import Chart, ChartPoint, DotChart, DotRow, Lang, PathChart, Text, said
from pipeline.report.words import CERTIFIED

WIDTH, HEIGHT = 680, 300
LEFT, RIGHT, TOP, BOTTOM = 48, 84, 34, 28
ROW = 24
TICKS = 6
_WORDS = {
    "observed": Text(zh="实际值", en="observed"),
    "path": Text(zh="序时路径", en="required path"),
    "target": Text(zh="目标值", en="target"),
    "projected": Text(zh="直线推算", en="projection"),
    "break": Text(zh="口径变动", en="break in basis"),
}


def web_chart(chart: Chart, lang: Lang) -> str:
    """The SVG of a chart for the web page; the kinds that show each value in words are drawn as in print."""
    if isinstance(chart, PathChart):
        return _path(chart, lang)
    return _dots(chart, lang) if isinstance(chart, DotChart) else chart_svg(chart, lang)


def _svg(height: float, description: str, parts: list[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height:.0f}" role="group" aria-label="{escape(description)}">'
        + "".join(parts)
        + "</svg>"
    )


def _line(kind: str, points: list[tuple[float, float]]) -> str:
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def _words(kind: str, x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _point(x: float, y: float, kind: str, words: str) -> str:
    """A point that tells its value: to the eye when pointed at or focused, to a voice by its label."""
    width = text_width(words, 13) + 14
    left = min(max(x - width / 2, 2), WIDTH - width - 2)
    top = y - 34 if y > 44 else y + 12
    return (
        f'<g class="point" tabindex="0" role="img" aria-label="{escape(words)}">'
        f'<circle class="reach" cx="{x:.1f}" cy="{y:.1f}" r="13"/><circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
        f'<g class="tip" aria-hidden="true"><rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="24" rx="4"/>'
        f'<text x="{left + width / 2:.1f}" y="{top + 17:.1f}" text-anchor="middle">{escape(words)}</text></g></g>'
    )


def _ticks(low: Fraction, high: Fraction) -> list[Fraction]:
    """Round values on a scale, about TICKS of them."""
    steps = (lead * Fraction(10) ** power for power in range(-3, 12) for lead in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= TICKS)
    first = -(-low // step) * step
    return [first + step * n for n in range(int((high - first) // step) + 1)]


def _plain(value: Fraction) -> str:
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def _path(chart: PathChart, lang: Lang) -> str:
    """Observed values against the required path and the target, with projection and breaks."""
    periods = [p.period for p in (*chart.points, *chart.path)] + [chart.due_period]
    first, last = min(periods), max(periods)
    low, high = Fraction(chart.low), Fraction(chart.high)
    unit = chart.unit

    def x(period: float) -> float:
        return LEFT + (period - first + 0.35) / (last - first + 0.7) * (WIDTH - LEFT - RIGHT)

    def y(value: str | Fraction) -> float:
        return TOP + float((high - Fraction(value)) / (high - low)) * (HEIGHT - TOP - BOTTOM)

    def at(point: ChartPoint) -> tuple[float, float]:
        return x(point.period), y(point.value)

    right = WIDTH - RIGHT
    parts = [
        part
        for tick in _ticks(low, high)
        for part in (_line("grid", [(LEFT, y(tick)), (right, y(tick))]), _words("axis", LEFT - 8, y(tick) + 4, _plain(tick), "end"))
    ]
    parts += [_words("axis", x(year), HEIGHT - 8, str(year), "middle") for year in range(first, last + 1)]
    parts.append(_line("target", [(LEFT, y(chart.target)), (right, y(chart.target))]))
    parts.append(_words("target", right + 6, y(chart.target) + 4, chart.target_label.of(lang)))
    if len(chart.path) == 2:
        parts.append(_line("path", [at(p) for p in chart.path]))
    for year in chart.breaks:
        parts.append(_line("break", [(x(year - 0.5), TOP), (x(year - 0.5), HEIGHT - BOTTOM)]))
        parts.append(_words("axis", x(year - 0.5) + 4, HEIGHT - BOTTOM - 6, _WORDS["break"].of(lang)))
    for run in _runs(chart.points):
        parts.append(_line("observed", [at(p) for p in run]))
    if chart.projected is not None and chart.points:
        parts.append(_line("projected", [at(chart.points[-1]), at(chart.projected)]))
    parts += _legend(chart, lang)
    for p in chart.points:
        words = f"{p.period}: {p.shown or p.value}{unit}{CERTIFIED if p.certified else ''}"
        parts.append(_point(*at(p), "observed", words))
    if chart.projected is not None:
        p = chart.projected
        parts.append(_point(*at(p), "projected", f"{p.period}: {p.shown or p.value}{unit} {_WORDS['projected'].of(lang)}"))
    return _svg(HEIGHT, chart.description.of(lang), parts)


def _runs(points: list[ChartPoint]) -> list[list[ChartPoint]]:
    """The observed line, cut where the basis changes."""
    runs: list[list[ChartPoint]] = []
    for point in points:
        if not runs or point.new_segment:
            runs.append([])
        runs[-1].append(point)
    return runs


def _legend(chart: PathChart, lang: Lang) -> list[str]:
    """One line above the plot: what each line is."""
    kinds = ["observed", *(["path"] if len(chart.path) == 2 else []), "target"]
    kinds += ["projected"] if chart.projected is not None else []
    parts, at = [], float(LEFT)
    for kind in kinds:
        words = _WORDS[kind].of(lang)
        parts += [_line(kind, [(at, 14), (at + 26, 14)]), _words("axis", at + 32, 18, words)]
        at += 32 + text_width(words, 13) + 22
    return parts


def _dots(chart: DotChart, lang: Lang) -> str:
    """Units on one scale, as bars from the line or dots beside it."""
    names = [said(row.name, lang) for row in chart.rows]
    left = min(max(text_width(name, 13) for name in names) + 12, 250)
    low, high = Fraction(chart.low), Fraction(chart.high)
    bottom = 30 + ROW * len(chart.rows)

    def x(value: str | Fraction) -> float:
        return left + float((Fraction(value) - low) / (high - low)) * (WIDTH - left - 60)

    parts = [_line("grid", [(x(tick), 24), (x(tick), bottom)]) for tick in _ticks(low, high)]
    parts += [_words("axis", x(tick), bottom + 18, _plain(tick), "middle") for tick in _ticks(low, high)]
    parts.append(_line("target", [(x(chart.line), 22), (x(chart.line), bottom)]))
    parts.append(_words("target", x(chart.line), 15, chart.line_label.of(lang), "middle"))
    for number, (name, row) in enumerate(zip(names, chart.rows, strict=True)):
        parts += _dot_row(chart, row, name, 30 + ROW * (number + 0.5), left, x, lang)
    return _svg(bottom + 26, chart.description.of(lang), parts)


def _dot_row(chart: DotChart, row: DotRow, name: str, middle: float, left: float, x, lang: Lang) -> list[str]:
    """Name, bar or stem, point and figure of one unit."""
    tone = row.status.tone if row.status is not None else "grey"
    at, line = x(row.value), x(chart.line)
    verdict = "" if row.status is None else f" {row.status.word.of(lang)}"
    after = at >= line
    parts = [_words("name", left - 8, middle + 4, name, "end")]
    if chart.bars:
        start, width = min(at, line), abs(at - line)
        parts.append(f'<rect class="bar fill-{tone}" x="{start:.1f}" y="{middle - 7:.1f}" width="{width:.1f}" height="14"/>')
    else:
        parts.append(_line("grid", [(line, middle), (at, middle)]))
    kind = f"fill-{tone}{' hollow' if row.muted else ''}"
    parts.append(_point(at, middle, kind, f"{name}: {row.label or row.value}{chart.unit}{verdict}"))
    parts.append(_words("value", at + (10 if after else -10), middle + 4, row.label, "start" if after else "end"))
    return parts
