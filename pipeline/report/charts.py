"""Charts as SVG with real text: the path of an indicator, units on a scale, tiny lines.

Belongs here: drawing what a chart of the model holds. Does not belong here: choosing what is drawn.

Drawn with Altair and vl-convert from the pinned fonts, so that equal charts are equal bytes; every SVG
carries a ``<title>``. Numbers become floats only here, to place a mark; printed labels come from the model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from pipeline.report.fonts import FONT_FAMILY, FONTS_DIR
from pipeline.report.shapes import Dot, DotChart, Lang, PathChart, Tone, said
from pipeline.report.words import CERTIFIED

SVG = "http://www.w3.org/2000/svg"
INK = "#1F2933"
SOFT = "#6B7280"
FAINT = "#D9DDE3"
LINE = "#1F4E79"
TARGET = "#B42318"
TONES: dict[Tone, str] = {
    "dark_green": "#1B5E20",
    "green": "#2E7D32",
    "yellow": "#F9A825",
    "orange": "#EF6C00",
    "red": "#C62828",
    "grey": "#757575",
}
YELLOW_EDGE = "#5D4037"
WIDTH = 590
"""Pixels of the whole picture; 590 px are the 156 mm of the type area."""

PATH_HEIGHT = 152
ROW_HEIGHT = 13.5
LEFT, RIGHT, TOP, BOTTOM = 44, 64, 26, 24
LABEL_SIZE = 12


class Box(NamedTuple):
    """A label's place in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


def text_width(text: str, size: float) -> float:
    """Width in pixels, generously: a Chinese character is one em, the rest 0.6."""
    return sum(size if ord(c) > 0x2E00 or c == CERTIFIED else size * 0.6 for c in text)


def place_label(
    x: float, y: float, text: str, taken: Sequence[Box], frame: Box, size: float = LABEL_SIZE
) -> tuple[float, float, Box]:
    """Middle of a label near a point, inside ``frame`` and off everything in ``taken``.

    Tries above and below, close first, straight first; where nothing is free it stands above.
    """
    width = text_width(text, size) + 4
    height = size + 2
    for away in (14.0, 19.0, 25.0, 32.0, 40.0, 50.0):
        for shift in (0.0, -0.35, 0.35, -0.7, 0.7):
            for side in (-1, 1):
                cx, cy = x + shift * width, y + side * away
                box = Box(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
                inside = (
                    frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
                )
                if inside and not any(box.meets(other) for other in taken):
                    return cx, cy, box
    box = Box(x - width / 2, y - 70, x + width / 2, y - 56)
    return x, y - 63, box


def along(x0: float, y0: float, x1: float, y1: float) -> list[Box]:
    """Small boxes along a straight line, so that no label crosses it."""
    steps = max(2, int(abs(x1 - x0) / 8) + 1)
    made = []
    for n in range(steps + 1):
        x, y = x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps
        made.append(Box(x - 4, y - 2, x + 4, y + 2))
    return made


@lru_cache
def _engine() -> Any:
    """vl-convert, told of the pinned fonts only."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS_DIR))
    return vl_convert


def _svg(chart: Any, title: str) -> str:
    """SVG text of an Altair chart with a title for those who cannot see it."""
    svg = _engine().vegalite_to_svg(chart.to_dict(validate=False), vl_version=_vl_version())
    svg = re.sub(r"<svg ([^>]*)>", r'<svg \1 role="img"><title>' + _escaped(title) + "</title>", svg, count=1)
    return re.sub(r' (aria-[a-z]+|role)="(?!img)[^"]*"', "", svg)


def _escaped(text: str) -> str:
    return escape(text).replace("\\", "\\\\")


@lru_cache
def _vl_version() -> str:
    import altair

    return "v" + altair.SCHEMA_VERSION.lstrip("v").rpartition(".")[0].replace(".", "_")


def _data(rows: list[dict[str, Any]]) -> Any:
    import altair

    return altair.Data(values=rows)


def _configured(chart: Any) -> Any:
    return (
        chart.configure(
            font=FONT_FAMILY, background="transparent", padding={"left": 0, "right": 0, "top": 0, "bottom": 0}
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelFont=FONT_FAMILY,
            titleFont=FONT_FAMILY,
            labelFontSize=11.5,
            labelColor=INK,
            domainColor=SOFT,
            tickColor=SOFT,
            gridColor=FAINT,
            gridWidth=0.6,
            titleFontWeight="normal",
        )
    )


class _Plane:
    """Places in pixels for values, so that labels can be kept apart before they are drawn."""

    def __init__(
        self, first: float, last: float, low: float, high: float, width: float, height: float
    ) -> None:
        self.first, self.last, self.low, self.high = first, last, low, high
        self.width, self.height = width, height

    def x(self, value: float) -> float:
        return (value - self.first) / (self.last - self.first) * self.width

    def y(self, value: float) -> float:
        return (self.high - value) / (self.high - self.low) * self.height


def path_svg(chart: PathChart, lang: Lang) -> str:
    """The path chart: observed values, required path, target, projection, breaks in basis."""
    import altair as alt

    width, height = WIDTH - LEFT - RIGHT, PATH_HEIGHT
    periods = [p.period for p in chart.points] + [p.period for p in chart.path] + [chart.due_period]
    first, last = min(periods) - 0.35, max(periods) + 0.35
    plane = _Plane(first, last, float(chart.low), float(chart.high), width, height)
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[first, last], nice=False, zero=False),
        axis=alt.Axis(
            values=list(range(min(periods), max(periods) + 1)), format="d", title=None, grid=False, tickSize=4
        ),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[plane.low, plane.high], nice=False, zero=False),
        axis=alt.Axis(title=None, tickCount=6, domain=False, ticks=False),
    )

    target = float(chart.target)
    layers: list[Any] = []
    taken: list[Box] = along(0, plane.y(target), width, plane.y(target))
    layers.append(
        alt.Chart(_data([{"x": first, "y": target}, {"x": last, "y": target}]))
        .mark_line(color=TARGET, strokeWidth=1.4)
        .encode(x=x, y=y)
    )
    if len(chart.path) == 2 and chart.path[0].value != chart.path[1].value:
        ends = [{"x": p.period, "y": float(p.value)} for p in chart.path]
        layers.append(
            alt.Chart(_data(ends)).mark_line(color=SOFT, strokeWidth=1.3, strokeDash=[6, 4]).encode(x=x, y=y)
        )
        taken += along(*(v for e in ends for v in (plane.x(e["x"]), plane.y(e["y"]))))
    for period in chart.breaks:
        layers += _break_marks(chart, period, plane, x, y, taken, lang)
    layers += _observed(chart, x, y, plane, taken)
    if chart.projected is not None:
        end = chart.points[-1]
        line = [
            {"x": end.period, "y": float(end.value)},
            {"x": chart.projected.period, "y": float(chart.projected.value)},
        ]
        layers.append(
            alt.Chart(_data(line)).mark_line(color=LINE, strokeWidth=1.3, strokeDash=[2, 3]).encode(x=x, y=y)
        )
        layers.append(
            alt.Chart(_data(line[1:]))
            .mark_point(shape="circle", size=42, filled=True, fill="white", stroke=LINE, strokeWidth=1.2)
            .encode(x=x, y=y)
        )
        taken += along(*(v for e in line for v in (plane.x(e["x"]), plane.y(e["y"]))))
    layers += _point_labels(chart, plane, taken)
    layers.append(
        _text(
            [{"px": width + 5, "py": plane.y(target), "t": chart.target_label.of(lang)}],
            TARGET,
            "left",
            bold=True,
        )
    )
    layers += _legend(chart, lang)
    made = alt.layer(*layers).properties(width=width, height=height)
    return _svg(_configured(made), chart.description.of(lang))


def _break_marks(
    chart: PathChart, period: int, plane: _Plane, x: Any, y: Any, taken: list[Box], lang: Lang
) -> list[Any]:
    """A dotted upright line between the two bases, with its words at the foot."""
    import altair as alt

    at = period - 0.5
    words = "口径变动" if lang == "zh" else "break in basis"
    foot = plane.height - 9
    half = text_width(words, 11) / 2
    taken.append(Box(plane.x(at) - half, foot - 8, plane.x(at) + half, foot + 8))
    taken += [Box(plane.x(at) - 3, h, plane.x(at) + 3, h + 8.0) for h in range(0, int(plane.height), 8)]
    line = [{"x": at, "y": plane.low}, {"x": at, "y": plane.high}]
    return [
        alt.Chart(_data(line)).mark_line(color=SOFT, strokeWidth=1, strokeDash=[1, 3]).encode(x=x, y=y),
        _text([{"px": plane.x(at) + 4, "py": foot, "t": words}], SOFT, "left", size=11),
    ]


def _observed(chart: PathChart, x: Any, y: Any, plane: _Plane, taken: list[Box]) -> list[Any]:
    """The observed line (cut where the basis changes or a year is missing) and its points."""
    import altair as alt

    segments: list[list[dict[str, Any]]] = []
    before = None
    for p in chart.points:
        if before is None or p.new_segment:
            segments.append([])
        here = {"x": p.period, "y": float(p.value), "certified": p.certified}
        if segments[-1]:
            taken += along(
                plane.x(before.period), plane.y(float(before.value)), plane.x(p.period), plane.y(here["y"])
            )
        segments[-1].append(here)
        before = p
    layers = [
        alt.Chart(_data(s)).mark_line(color=LINE, strokeWidth=2).encode(x=x, y=y)
        for s in segments
        if len(s) > 1
    ]
    every = [row for s in segments for row in s]
    for certified, shape in ((False, "circle"), (True, "diamond")):
        rows = [r for r in every if r["certified"] is certified]
        if rows:
            layers.append(
                alt.Chart(_data(rows))
                .mark_point(shape=shape, size=52, filled=True, fill=LINE, stroke="white", strokeWidth=0.8)
                .encode(x=x, y=y)
            )
    if chart.base_period is not None:
        base = [r for r in every if r["x"] == chart.base_period]
        layers.append(
            alt.Chart(_data(base))
            .mark_point(shape="circle", size=120, filled=False, stroke=LINE, strokeWidth=1.2)
            .encode(x=x, y=y)
        )
    taken += [
        Box(plane.x(r["x"]) - 6, plane.y(r["y"]) - 6, plane.x(r["x"]) + 6, plane.y(r["y"]) + 6) for r in every
    ]
    return layers


def _point_labels(chart: PathChart, plane: _Plane, taken: list[Box]) -> list[Any]:
    """Labels of base, last and projected point, off lines, points and one another."""
    layers = []
    frame = Box(2, -4, plane.width + RIGHT, plane.height - 2)
    wanted = [(p, INK, True) for p in chart.points[-1:] if p.label]
    wanted += [(p, INK, False) for p in chart.points[:-1] if p.label]
    if chart.projected is not None and chart.projected.label:
        wanted.append((chart.projected, LINE, False))
    for point, colour, bold in wanted:
        px, py, box = place_label(
            plane.x(point.period), plane.y(float(point.value)), point.label, taken, frame
        )
        taken.append(box)
        layers.append(_text([{"px": px, "py": py, "t": point.label}], colour, "center", bold=bold))
    return layers


def _text(
    rows: list[dict[str, Any]], colour: str, align: str, *, bold: bool = False, size: float = LABEL_SIZE
) -> Any:
    """Text at places in pixels."""
    import altair as alt

    return (
        alt.Chart(_data(rows))
        .mark_text(
            align=align,
            baseline="middle",
            color=colour,
            font=FONT_FAMILY,
            fontSize=size,
            fontWeight="bold" if bold else "normal",
        )
        .encode(
            x=alt.X("px:Q", scale=None, axis=None),
            y=alt.Y("py:Q", scale=None, axis=None),
            text=alt.Text("t:N"),
        )
    )


def _legend(chart: PathChart, lang: Lang) -> list[Any]:
    """One line above the plot: what each line is."""
    import altair as alt

    zh = lang == "zh"
    entries: list[tuple[str, str, list[int]]] = [("实际值" if zh else "observed", LINE, [])]
    if len(chart.path) == 2 and chart.path[0].value != chart.path[1].value:
        entries.append(("序时路径(自基期○)" if zh else "required path (from base ○)", SOFT, [6, 4]))
    entries.append(("目标值" if zh else "target", TARGET, []))
    if chart.projected is not None:
        entries.append(("直线推算" if zh else "projection", LINE, [2, 3]))
    layers, at = [], 0.0
    for words, colour, dash in entries:
        ends = [{"px": at, "py": -14}, {"px": at + 24, "py": -14}]
        layers.append(
            alt.Chart(_data(ends))
            .mark_line(color=colour, strokeWidth=1.8, strokeDash=dash)
            .encode(x=alt.X("px:Q", scale=None, axis=None), y=alt.Y("py:Q", scale=None, axis=None))
        )
        layers.append(_text([{"px": at + 29, "py": -14, "t": words}], INK, "left", size=11.5))
        at += 29 + text_width(words, 11.5) + 16
    if any(p.certified for p in chart.points):
        layers.append(
            _text(
                [{"px": at, "py": -14, "t": CERTIFIED + ("核定值" if zh else " certified")}],
                LINE,
                "left",
                size=11.5,
            )
        )
    return layers


_POINTS = {
    "achieved_early": "diamond",
    "achieved": "circle",
    "on_schedule": "triangle-up",
    "slightly_behind": "triangle-down",
    "behind": "triangle-down",
    "falling_back": "cross",
    "missed": "cross",
    "kept": "circle",
    "unchanged": "square",
    "broken": "triangle-down",
    "no_judgement": "circle",
}


def dots_svg(chart: DotChart, lang: Lang) -> str:
    """Units on one scale: dots against the target, or bars from the line of no change."""
    import altair as alt

    names = [said(r.name, lang) for r in chart.rows]
    left = max(text_width(n, 11) for n in names) + 8
    width, height = WIDTH - left - 8, ROW_HEIGHT * len(chart.rows) + 4
    low, high, line = float(chart.low), float(chart.high), float(chart.line)

    def px(value: float) -> float:
        return (value - low) / (high - low) * width

    middles = [ROW_HEIGHT * (n + 0.5) + 2 for n in range(len(chart.rows))]
    bottom = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=alt.Axis(title=None, tickCount=8, grid=True, domain=False, ticks=False, labelPadding=3),
    )
    rows = [
        {"x": float(r.value), "line": line, "py": middles[n], "px": px(float(r.value))}
        for n, r in enumerate(chart.rows)
    ]
    y = alt.Y(
        "py:Q", scale=alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False), axis=None
    )
    layers: list[Any] = [
        alt.Chart(_data([{"x": line, "py": 0}, {"x": line, "py": height}]))
        .mark_line(color=INK if chart.bars else TARGET, strokeWidth=1.3)
        .encode(x=bottom, y=y)
    ]
    labels: list[dict[str, Any]] = []
    for row, r in zip(rows, chart.rows, strict=True):
        tone: Tone = r.status.tone if r.status is not None else "grey"
        row["bar"] = TONES[tone] if chart.bars else FAINT
        row["fill"] = "white" if r.muted else TONES[tone]
        row["edge"] = YELLOW_EDGE if tone == "yellow" else TONES[tone]
        row["shape"] = _POINTS.get(r.status.code if r.status else "", "circle")
        away = text_width(r.label, 10.5) / 2 + (5 if chart.bars else 9)
        place = row["px"] + (-away if row["x"] < line else away)
        labels.append({"px": min(max(place, away - 4), width - away + 10), "py": row["py"], "t": r.label})
    raw = {"scale": None, "legend": None}
    layers.append(
        alt.Chart(_data(rows))
        .mark_rule(strokeWidth=7 if chart.bars else 2)
        .encode(x=bottom, x2="line:Q", y=y, color=alt.Color("bar:N", **raw))
    )
    if not chart.bars:
        layers.append(
            alt.Chart(_data(rows))
            .mark_point(size=58, filled=True, strokeWidth=1, opacity=1)
            .encode(
                x=bottom,
                y=y,
                fill=alt.Fill("fill:N", **raw),
                stroke=alt.Stroke("edge:N", **raw),
                shape=alt.Shape("shape:N", **raw),
            )
        )
    layers.append(_text(labels, INK, "center", size=10.5))
    layers.append(
        _text(
            [{"px": -6, "py": m, "t": n} for m, n in zip(middles, names, strict=True)], INK, "right", size=11
        )
    )
    layers.append(
        _text(
            [{"px": px(line), "py": -8, "t": chart.line_label.of(lang)}],
            INK if chart.bars else TARGET,
            "center",
            bold=True,
            size=11,
        )
    )
    made = alt.layer(*layers).properties(width=width, height=height)
    return _svg(_configured(made), chart.description.of(lang))


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

    runs: list[list[tuple[str, str]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(place(index, float(value)))
    lines = "".join(
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in run)}" '
        f'fill="none" stroke="{LINE}" stroke-width="1.2"/>'
        for run in runs
        if len(run) > 1
    )
    last_x, last_y = [run for run in runs if run][-1][-1]
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
    edge = YELLOW_EDGE if dot.tone == "yellow" else TONES[dot.tone]
    fill = "white" if dot.hollow else TONES[dot.tone]
    return (
        f'<svg xmlns="{SVG}" class="dot" viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
        f"<title>{escape(dot.description.of(lang))}</title>"
        f'<line x1="{line}" y1="7" x2="{at}" y2="7" stroke="#9aa3ad" stroke-width="1.2"/>'
        f'<line x1="{line}" y1="0" x2="{line}" y2="14" stroke="{TARGET}" stroke-width="1.2"/>'
        f'<circle cx="{at}" cy="7" r="3.3" fill="{fill}" stroke="{edge}" stroke-width="0.9"/></svg>'
    )


def chart_svg(chart: PathChart | DotChart, lang: Lang) -> str:
    """The SVG of any chart of the model."""
    return path_svg(chart, lang) if isinstance(chart, PathChart) else dots_svg(chart, lang)
