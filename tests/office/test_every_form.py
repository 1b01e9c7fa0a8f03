"""A form of every return that a plan may ask for: made, filled in as last year, handed in, accepted.

Belongs here: the round trip over all tables, on an invented programme small enough for it. Does not belong
here: what a form looks like (test_templates.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipeline.demo.bulk.order import Order
from pipeline.demo.bulk.programme import due, write_programme
from pipeline.intake.contract import Contract
from pipeline.intake.read import ReadResult, read_return
from pipeline.intake.register import Registration
from pipeline.office.due import last_files, rows_of
from pipeline.office.form import year_fields
from pipeline.office.templates import BAND_ROW, FIRST_ROW, HEADER_ROW, write_templates
from pipeline.programme import Home
from tests.office.test_templates import fill

ORDER = Order("example", schools=12, counties=1, first_year=2022, last_year=2023, seed=3)
NEXT = 2024
# Every event is new, so its form has empty rows only.
EMPTY = {"event_log"}
EVENTS = (
    ("2024-990000-01", "运动会", dt.datetime(2024, 5, 20), "990000", None, 1, "示教体〔2024〕3号"),
    ("2024-990002-01", "领导调研", dt.datetime(2024, 12, 31), "990002", "县委书记", 2, "示县党办〔2024〕9号"),
)


@pytest.fixture(scope="module")
def every(tmp_path_factory) -> tuple[Home, dict[str, Path]]:
    home = Home(tmp_path_factory.mktemp("every"))
    write_programme(ORDER, home.root)
    made = write_templates(home, "example", NEXT, home.root / "forms")
    return home, {p.name.partition(f"_{NEXT}")[0]: p for p in made}


def test_there_is_a_form_for_every_yearly_return(every):
    assert set(every[1]) == set(due(ORDER)) - {"census_population"}


@pytest.mark.parametrize("table", sorted(set(due(ORDER)) - {"census_population"}))
def test_a_form_filled_in_as_last_year_is_accepted(every, tmp_path, table):
    home, forms = every
    programme = home.programme("example")
    contract = programme.contracts[table]
    filled = tmp_path / "form.xlsx"
    fill(forms[table], filled)
    told = handed_in(programme, contract, filled)
    said = [f.message_zh for f in told.findings if f.severity not in ("info", "warning")]
    if table in EMPTY:
        assert said == ["表头下面没有数据行。"]
        return
    assert said == []
    period, files = last_files(programme, table, NEXT)
    before = rows_of(home, programme, files, contract, period)
    if contract.period_field is not None:
        assert set(told.frame[contract.period_field].cast(pl.String).str.slice(0, 4)) == {str(NEXT)}
    assert rows(told.frame, contract) == rows(before, contract)


def test_events_typed_into_the_empty_rows_are_accepted_as_they_were_typed(every, tmp_path):
    """What no form knows beforehand: each column typed by a clerk, dates as a spreadsheet keeps them."""
    home, forms = every
    programme = home.programme("example")
    contract = programme.contracts["event_log"]
    book = openpyxl.load_workbook(forms["event_log"])
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[HEADER_ROW + 1]]
    assert heads == [f.zh for f in contract.fields], "nothing but what is asked for: there is no last year"
    bands = [cell.value for cell in sheet[BAND_ROW + 1]]
    assert bands[0] == "必填 · 文字" and not any("已填好" in band for band in bands)
    for number, event in enumerate(EVENTS, start=FIRST_ROW + 1):
        for cell, value in zip(sheet[number], event, strict=True):
            assert cell.value is None and not cell.protection.locked
            cell.value = value
    allowed = {row[0].value: row[4].value for row in book.worksheets[1].iter_rows(min_row=8)}
    assert "990000 示例市、990001 示例市本级、990002 示例一县" in allowed["单位"]
    book.save(tmp_path / "form.xlsx")
    told = handed_in(programme, contract, tmp_path / "form.xlsx")
    assert [f.message_zh for f in told.findings if f.severity != "info"] == []
    typed = [(*e[:2], e[2].date(), *e[3:]) for e in EVENTS]
    assert told.frame.select(f.name for f in contract.fields).rows() == typed


def handed_in(programme, contract: Contract, filled: Path) -> ReadResult:
    """What intake says of a filled-in form of the year."""
    registration = Registration(
        row=2,
        table=contract.table,
        period_kind=contract.period_kind,
        period_from=NEXT,
        period_to=NEXT,
        revision=1,
        path="form.xlsx",
        sha256=hashlib.sha256(filled.read_bytes()).hexdigest(),
        supplier="报送单位",
        received_on=dt.date(NEXT + 1, 2, 1),
        maturity="final",
        origin="demonstration",
        form_edition="2024版",
        late="",
        supersedes="",
        reason="",
    )
    return read_return(filled.parent, registration, contract, programme.local)


def rows(frame: pl.DataFrame, contract: Contract) -> list[str]:
    """The rows of a return but for check totals and the year, in a fixed order."""
    if "is_total" in frame.columns:
        frame = frame.filter(~pl.col("is_total"))
    same = [f.name for f in contract.fields if f.name not in year_fields(contract)]
    return sorted(map(str, frame.select(same).rows()))
