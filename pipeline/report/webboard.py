"""The drawing board of the web page: SVG in classes that the stylesheet colours, and spots that tell their values.

Belongs here: lines, words, marks, spots. Does not belong here: what a chart shows (webcharts.py, webunits.py), the
colours (report_templates/web.css), the printed drawings (svg.py).

Spots are drawn after everything else: what one of them tells then lies upon the picture and never under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from pipeline.report.shapes import Status, Tone
from pipeline.report.svg import Box, text_width, wrapped

WIDTH = 680
SIZE = 13
TIP_WIDTH = 380
TIP_LINES = 3


class Screen:
    """One picture being drawn, WIDTH wide; the marks in the order of the calls, the spots upon them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.spots: list[str] = []

    def line(self, kind: str, points: Iterable[tuple[float, float]]) -> None:
        """A line through points; ``kind`` is what it shows, and its class."""
        self.parts.append(f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')

    def words(self, kind: str, x: float, y: float, text: str, anchor: str = "start", size: float = SIZE) -> None:
        """Words on the line at height ``y``; smaller ones (``size``) than the stylesheet's say so themselves."""
        small = f' style="font-size:{size:.1f}px"' if size < SIZE else ""
        self.parts.append(
            f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{small}>{escape(text)}</text>'
        )

    def dot(self, kind: str, x: float, y: float, radius: float = 4.5) -> None:
        """A round mark."""
        self.parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')

    def box(self, kind: str, x: float, y: float, width: float, height: float) -> None:
        """A rectangle."""
        self.parts.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        )

    def chip(self, x: float, y: float, status: Status, size: float = 16) -> None:
        """The small square of a class, its middle at (x, y): colour and sign together."""
        self.box(f"tile-{status.tone}", x - size / 2, y - size / 2, size, size)
        self.words(ink_on(status.tone), x, y + size * 0.27, status.shape, "middle", size * 0.72)

    def spot(self, reach: Box, words: str) -> None:
        """A place that tells its value: to the eye when pointed at or focused, to a voice by its label."""
        lines = wrapped(words, SIZE, TIP_WIDTH, TIP_LINES)
        width = max(text_width(line, SIZE) for line in lines) + 14
        height = 7 + 17 * len(lines)
        middle = (reach.x0 + reach.x1) / 2
        left = min(max(middle - width / 2, 2), WIDTH - width - 2)
        top = reach.y0 - height - 3 if reach.y0 > height + 3 else reach.y1 + 3
        told = "".join(
            f'<text x="{left + width / 2:.1f}" y="{top + 17 + 17 * n:.1f}" text-anchor="middle">{escape(line)}</text>'
            for n, line in enumerate(lines)
        )
        self.spots.append(
            f'<g class="point" tabindex="0" role="img" aria-label="{escape(words)}">'
            f'<rect class="reach" x="{reach.x0:.1f}" y="{reach.y0:.1f}" width="{reach.x1 - reach.x0:.1f}" '
            f'height="{reach.y1 - reach.y0:.1f}" rx="4"/><g class="tip" aria-hidden="true">'
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height}" rx="4"/>{told}</g></g>'
        )

    def key(self, entries: Sequence[tuple[Status, str]], x: float, y: float, width: float) -> float:
        """Chips with their words in lines of ``width``; returns the height of the last line."""
        at = x
        for status, words in entries:
            need = 38 + text_width(words, SIZE)
            if at > x and at + need > x + width:
                at, y = x, y + 22
            self.chip(at + 8, y, status)
            self.words("axis", at + 22, y + 4.5, words)
            at += need
        return y

    def svg(self, height: float, description: str) -> str:
        """The whole picture, with its text alternative."""
        return (
            f'<svg class="chart" viewBox="0 0 {WIDTH} {height:.0f}" role="group" aria-label="{escape(description)}">'
            + "".join(self.parts + self.spots)
            + "</svg>"
        )


def around(x: float, y: float, reach: float = 13) -> Box:
    """The place within ``reach`` of a point."""
    return Box(x - reach, y - reach, x + reach, y + reach)


def ink_on(tone: Tone) -> str:
    """Class of words upon a tone: yellow bears dark ones only."""
    return "on-yellow" if tone == "yellow" else "on-tone"
