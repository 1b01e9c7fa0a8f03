"""A small drawing board: SVG with real text, and where labels may stand.

Belongs here: lines, marks, text, ticks, which points a line joins, keeping labels apart. Does not belong here: what a chart shows
(charts.py, unit_charts.py).

Written by hand from the typed model, so that equal charts are equal bytes; nothing is measured by a browser.
Numbers become floats only here, to place a mark; printed labels come from the model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from pipeline.report.fonts import FONT_FAMILY
from pipeline.report.shapes import ChartPoint, Status, Tone

SVG = "http://www.w3.org/2000/svg"
INK = "#1F2933"
SOFT = "#5B6470"
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

LABEL_SIZE = 12
_WIDE_FROM = 0x2190
_FULL = "◆※—"


class Box(NamedTuple):
    """A label's place in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


def text_width(text: str, size: float) -> float:
    """Width in pixels, generously: a Chinese character or a symbol is one em, the rest 0.6."""
    return sum(size if ord(c) >= _WIDE_FROM or c in _FULL else size * 0.6 for c in text)


def wrapped(text: str, size: float, width: float, most: int = 2) -> list[str]:
    """``text`` in at most ``most`` lines of ``width`` pixels; where more is needed the last line is too long."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width(lines[-1] + piece, size) > width and len(lines) < most:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _pieces(text: str) -> list[str]:
    """Places where a line may end: after a Chinese character, after a blank."""
    pieces: list[str] = [""]
    for character in text:
        if pieces[-1] and (ord(character) > 0x2E80 or pieces[-1][-1] == " " or ord(pieces[-1][-1]) > 0x2E80):
            pieces.append("")
        pieces[-1] += character
    return pieces


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


def runs(points: Iterable[ChartPoint]) -> list[list[ChartPoint]]:
    """Points that one line may join: cut where the basis changes."""
    made: list[list[ChartPoint]] = []
    for point in points:
        if not made or point.new_segment:
            made.append([])
        made[-1].append(point)
    return made


def hatching(box: Box) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Slanted lines that fill a rectangle, each from its start to its end."""
    width, height = box.x1 - box.x0, box.y1 - box.y0
    lines = []
    at = -height
    while at < width:
        x0, x1 = max(0.0, at), min(width, at + height)
        lines.append(((box.x0 + x0, box.y1 - (x0 - at)), (box.x0 + x1, box.y1 - (x1 - at))))
        at += 6
    return lines


def ticks(low: float, high: float, most: int = 7) -> list[tuple[float, str]]:
    """Round values between ``low`` and ``high`` (both included where round) with their labels."""
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= raw * 0.999)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    first = math.ceil(low / step - 1e-6)
    last = math.floor(high / step + 1e-6)
    return [(n * step, f"{n * step:.{places}f}".replace("-", "\N{MINUS SIGN}")) for n in range(first, last + 1)]


def edge_of(tone: Tone) -> str:
    """Outline of a mark: yellow needs a dark one."""
    return YELLOW_EDGE if tone == "yellow" else TONES[tone]


def ink_on(tone: Tone) -> str:
    """Colour of words upon a tone."""
    return INK if tone in ("yellow", "orange") else "#FFFFFF"


def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Board:
    """A picture of ``width`` x ``height`` pixels; things are drawn in the order of the calls."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.parts: list[str] = []

    def line(
        self, x0: float, y0: float, x1: float, y1: float, colour: str, width: float = 1, dash: str = ""
    ) -> None:
        """A straight line; ``dash`` as in SVG."""
        more = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{_n(x0)}" y1="{_n(y0)}" x2="{_n(x1)}" y2="{_n(y1)}" stroke="{colour}" '
            f'stroke-width="{_n(width)}"{more}/>'
        )

    def run(self, points: Sequence[tuple[float, float]], colour: str, width: float) -> None:
        """A line through points."""
        places = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self.parts.append(
            f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{_n(width)}"/>'
        )

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, edge: str = "", dash: str = ""
    ) -> None:
        """A rectangle."""
        more = f' stroke="{edge}" stroke-width="1"' if edge else ""
        more += f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"{more}/>'
        )

    def text(
        self, x: float, y: float, words: str, colour: str = INK, *, size: float = LABEL_SIZE,
        anchor: str = "start", bold: bool = False,
    ) -> None:  # fmt: skip
        """Words with their middle at height ``y``; ``anchor`` start, middle or end at ``x``."""
        if not words:
            return
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(
            f'<text x="{_n(x)}" y="{_n(y + size * 0.36)}" font-family="{FONT_FAMILY}" '
            f'font-size="{_n(size)}"{weight} text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
        )

    def circle(self, x: float, y: float, radius: float, fill: str, edge: str, width: float = 1) -> None:
        """A round mark."""
        self.parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{edge}" '
            f'stroke-width="{_n(width)}"/>'
        )

    def shape(self, x: float, y: float, radius: float, code: str, fill: str, edge: str) -> None:
        """The mark of a class: another outline for each group of classes, so that grey print tells them apart."""
        kind = POINTS.get(code, "circle")
        if kind == "circle":
            self.circle(x, y, radius, fill, edge)
            return
        places = " ".join(f"{_n(x + dx * radius)},{_n(y + dy * radius)}" for dx, dy in _OUTLINES[kind])
        self.parts.append(f'<polygon points="{places}" fill="{fill}" stroke="{edge}" stroke-width="1"/>')

    def chip(self, x: float, y: float, status: Status, size: float = 13) -> None:
        """The small square of a class, its middle at (x, y): colour and the sign it has everywhere."""
        self.box(x - size / 2, y - size / 2, size, size, TONES[status.tone], edge_of(status.tone))
        self.text(x, y, status.shape, ink_on(status.tone), size=size * 0.72, anchor="middle")

    def svg(self, title: str, css_class: str = "chart") -> str:
        """The whole picture, with its text alternative."""
        return (
            f'<svg xmlns="{SVG}" class="{css_class}" viewBox="0 0 {_n(self.width)} {_n(self.height)}" '
            f'width="{_n(self.width)}" height="{_n(self.height)}" role="img">'
            f"<title>{escape(title)}</title>{''.join(self.parts)}</svg>"
        )


POINTS = {
    "achieved_early": "diamond",
    "on_schedule": "up",
    "in_progress": "up",
    "slightly_behind": "down",
    "behind": "down",
    "falling_back": "cross",
    "missed": "cross",
    "unchanged": "square",
    "broken": "cross",
    "step_missed": "cross",
    "none_met": "cross",
    "not_met": "cross",
    "overdue": "cross",
    "not_covered": "cross",
    "milestone_overdue": "cross",
    "window_missed": "cross",
    "partly_met": "down",
    "mostly_covered": "down",
}
"""Outline of the mark of a class on a scale; what is not named is a circle."""

_OUTLINES: dict[str, tuple[tuple[float, float], ...]] = {
    "diamond": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "up": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    "down": ((0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
    "cross": (
        (-1.1, -0.6), (-0.6, -1.1), (0, -0.5), (0.6, -1.1), (1.1, -0.6), (0.5, 0), (1.1, 0.6), (0.6, 1.1),
        (0, 0.5), (-0.6, 1.1), (-1.1, 0.6), (-0.5, 0),
    ),
}  # fmt: skip


def key(board: Board, entries: Iterable[tuple[Status, str]], x: float, y: float, width: float) -> float:
    """Chips with their words in lines of ``width``; returns the height used."""
    size, at, top = 11.0, x, y
    for status, words in entries:
        need = 20 + text_width(words, size) + 14
        if at > x and at + need > x + width:
            at, y = x, y + 18
        board.chip(at + 6.5, y, status)
        board.text(at + 18, y, words, size=size)
        at += need
    return y - top + 18
