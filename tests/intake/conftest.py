"""Fixtures: the packaged contracts, an empty programme folder, a maker of workbooks."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from intake_help import Programme

from pipeline.intake.contract import Contract, load_contracts


@pytest.fixture(scope="session")
def contracts() -> dict[str, Contract]:
    return load_contracts()


@pytest.fixture
def programme(tmp_path: Path, contracts: dict[str, Contract]) -> Programme:
    root = tmp_path / "data"
    root.mkdir()
    return Programme(root, contracts)


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """``workbook({"sheet": rows}, at=(row, column), hidden=names)`` -> bytes of an .xlsx file."""

    def build(
        sheets: dict[str, Sequence[Sequence[object]]],
        at: tuple[int, int] = (0, 0),
        hidden: Sequence[str] = (),
        decorate: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None] | None = None,
    ) -> bytes:
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
        iso = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for i, row in enumerate(rows, at[0]):
                for j, value in enumerate(row, at[1]):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(i, j, dt.datetime.combine(value, dt.time()), iso)
                    elif value is not None:
                        sheet.write(i, j, value)
            if decorate is not None:
                decorate(book, sheet)
        book.close()
        return buffer.getvalue()

    return build
