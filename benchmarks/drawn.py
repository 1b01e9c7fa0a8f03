"""CPU seconds against rows, as SVG.

Belongs here: axes, lines, dots. Does not belong here: which figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_COLOURS = ("#1f5a94", "#b3541e", "#4d7a36")


@dataclass(frozen=True)
class Point:
    """Rows, CPU seconds, and what a reader is told who points at it."""

    rows: int
    cpu: float
    title: str


def drawn(lines: Sequence[tuple[str, Sequence[Point]]]) -> str:
    """One line for each name, its points by rows; both axes begin at zero. A line of one point is a dot."""
    width, height, left, low, right, top = 640, 320, 60, 44, 20, 20
    every = [point for _, points in lines for point in points]
    most_x, most_y = _round_up(max(p.rows for p in every)), _round_up(max(p.cpu for p in every))

    def at(point: Point) -> tuple[float, float]:
        return (
            left + point.rows / most_x * (width - left - right),
            height - low - point.cpu / most_y * (height - low - top),
        )

    marks = []
    for step in range(6):
        x, y = left + (width - left - right) * step / 5, height - low - (height - low - top) * step / 5
        marks.append(f'<line x1="{left}" x2="{width - right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        marks.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{most_y * step / 5:g}</text>')
        marks.append(f'<text x="{x:.1f}" y="{height - low + 16}" text-anchor="middle">{most_x * step / 5 / 1e6:g}</text>')
    shown = []
    for (name, points), colour in zip(lines, _COLOURS, strict=False):
        places = [at(p) for p in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        shown.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        shown += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"><title>{p.title}</title></circle>'
            for p, (x, y) in zip(points, places, strict=True)
        ]
        if name:
            x, y = places[-1]
            shown.append(f'<text x="{x - 8:.1f}" y="{max(y - 8, top):.1f}" text-anchor="end" fill="{colour}">{name}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
        f"<title>CPU 时间随行数 / CPU time by rows</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(marks)}{"".join(shown)}'
        f'<text x="{left}" y="12">CPU 秒 s</text>'
        f'<text x="{width - right}" y="{height - 8}" text-anchor="end">百万行 million rows</text></svg>\n'
    )


def _round_up(number: float) -> float:
    """The next of these steps times a power of ten: the highest point is never below two thirds of an axis."""
    power = 1.0
    while power * 10 <= number:
        power *= 10
    return next(power * step for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if power * step >= number)
