"""What decoding gives: sheets of cells, or the reason why a file cannot be read.

Belongs here: the two shapes that text files and workbooks share. Does not belong here: reading either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.intake.cells import Cell


class DecodeError(ValueError):
    """The file cannot be read. ``zh``/``en`` say why, ``todo_zh``/``todo_en`` what to do, ``sheet``/``row`` where."""

    def __init__(
        self, zh: str, en: str, todo_zh: str, todo_en: str, row: int | None = None, sheet: str = ""
    ) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en, self.todo_zh, self.todo_en = zh, en, todo_zh, todo_en
        self.row, self.sheet = row, sheet


@dataclass
class Sheet:
    """One sheet: its rows that hold anything, each with its number, and its visible state.

    ``rows``: cells from column A on, possibly of different lengths. ``numbers``: the row number
    of each, as a spreadsheet shows it (from 1, blank rows counted). ``lines``: for text files
    the number of the physical line where the row starts; it differs from the row number after
    a quoted line break. ``name`` is empty for text files. ``merged``: first row number, first column,
    last row number, last column of each merged range among the first rows, where a header may stand, cut
    to them. ``formulas``: column -> numbers of the rows in which a formula stands whose stored result is read.
    """

    name: str
    rows: list[Sequence[Cell]]
    numbers: list[int]
    lines: list[int] = field(default_factory=list)
    visible: bool = True
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: dict[int, list[int]] = field(default_factory=dict)

    @cached_property
    def anchors(self) -> dict[tuple[int, int], tuple[int, int]]:
        """(row number, column) of each cell of ``merged`` -> that of the first cell of its range."""
        return {
            (r, c): (top, left)
            for top, left, bottom, right in self.merged
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }


def too_large(what_zh: str, what_en: str, row: int | None = None, sheet: str = "") -> DecodeError:
    """The refusal of a file in which something exceeds a limit of limits.py."""
    return DecodeError(
        f"文件过大：{what_zh}。",
        f"The file is too large: {what_en}.",
        "请填报单位只保留要报的数据（删除多余的行、列和工作表），或按县区、年度分成几个文件报送。",
        "Ask the supplier to keep only the data to report (delete surplus rows, columns and sheets), or to "
        "send it in several files, by county or year.",
        row,
        sheet,
    )


def column_letter(column: int) -> str:
    """0 -> ``A``, 26 -> ``AA``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
