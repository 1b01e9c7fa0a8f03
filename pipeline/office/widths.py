"""How much room texts take in a cell.

Belongs here: widths in characters of the Latin alphabet, and row heights that follow from them. Does not belong
here: formats, what is written. Not every spreadsheet makes a row as high as its wrapped text is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LINE = 16
"""Points of one line of text in size 10."""
MOST_LINES = 25
"""A row is never higher than a spreadsheet allows (409 points)."""


def wide(text: str) -> int:
    """Width of a text in characters of the Latin alphabet."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def row_height(texts: Iterable[str], widths: Sequence[float]) -> int:
    """Points that a row needs for texts wrapped in columns of these widths."""
    lines = [
        sum(max(1, -(-wide(part) // int(width))) for part in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    ]
    return LINE * min(MOST_LINES, max(lines, default=1))
