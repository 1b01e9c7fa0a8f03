"""Very many units: charts, matrices and lists stay readable, and say what they leave out and where it is."""

from __future__ import annotations

import pytest

from pipeline.report import comparison, many
from pipeline.report.model import ReportModel, build_model
from pipeline.report.shapes import DotChart, Table
from pipeline.report.walk import charts
from tests.report.sample_inputs import city_inputs


def unit_table(model: ReportModel, indicator: str) -> Table:
    return next(p for p in model.pages if p.commitment_id == indicator).unit_tables[0]


def names(table: Table) -> list[str]:
    return [row.cells[0].words.zh for row in table.rows if row.kind != "total"]


def matrices(model: ReportModel) -> list[Table]:
    (chapter,) = [c for c in model.closing if c.id == "comparison"]
    return [t for piece in chapter.pieces for t in piece.tables if "矩阵" in t.title.zh]


def dots(model: ReportModel) -> list[DotChart]:
    return [c for c in charts(model) if isinstance(c, DotChart) and not c.bars]


def test_a_chart_draws_the_lowest_and_says_so(city: ReportModel, monkeypatch):
    whole = dots(city)[0]
    monkeypatch.setattr(many, "DRAWN", 5)
    part = dots(build_model(city_inputs()))[0]
    assert len(whole.rows) > 5 and part.rows == whole.rows[-5:]
    assert float(part.rows[-1].value) == min(float(row.value) for row in whole.rows)
    assert "只画最低的5个" in part.caption.zh and "the 5 lowest only" in part.caption.en
    assert "最低的" not in whole.caption.zh
    # what it says of all of them stays
    assert part.description.zh == whole.description.zh


def test_a_public_report_draws_and_lists_nobody_as_the_worst(monkeypatch):
    monkeypatch.setattr(many, "DRAWN", 5)
    monkeypatch.setattr(many, "LISTED", 10)
    model = build_model(city_inputs(audience="public"))
    assert [c for c in charts(model) if isinstance(c, DotChart)] == []
    page = next(p for p in model.pages if p.commitment_id == "preschool_ger")
    assert names(page.unit_tables[0]) == [] and any("各单位的数见 data/verdicts.csv" in n.zh for n in page.notes)


def test_a_list_has_those_most_in_need_and_counts_the_others(city: ReportModel, monkeypatch):
    whole = names(unit_table(city, "preschool_ger"))
    monkeypatch.setattr(many, "LISTED", 10)
    monkeypatch.setattr(many, "FIRST", 4)
    model = build_model(city_inputs())
    assert names(unit_table(model, "preschool_ger")) == whole[:4]
    totals = [unit_table(m, "preschool_ger").rows[-1] for m in (model, city)]
    assert {row.kind for row in totals} == {"total"}
    # but for the dot, whose scale is that of the units listed
    part, all_of_them = ([cell for cell in row.cells if cell.dot is None] for row in totals)
    assert part == all_of_them
    notes = next(p for p in model.pages if p.commitment_id == "preschool_ger").notes
    assert any(f"其余{len(whole) - 4}个见分卷和 data/verdicts.csv" in n.zh for n in notes)
    assert matrices(model) == []
    base = next(c for c in model.annexes if c.id == "base").pieces[0].tables[0]
    assert [row.kind for row in base.rows] == ["total"] and "data/indicators.csv" in base.notes[0].zh


def test_a_matrix_stands_in_parts_that_hold_every_unit_once(city: ReportModel, monkeypatch):
    (whole,) = matrices(city)
    monkeypatch.setattr(comparison, "ACROSS", 6)
    parts = matrices(build_model(city_inputs()))
    assert len(parts) == -(-(len(whole.columns) - 2) // 6) > 1
    assert [c.heading for t in parts for c in t.columns[2:]] == [c.heading for c in whole.columns[2:]]
    for n, row in enumerate(whole.rows):
        beside = [cell.status for t in parts for r in t.rows if r.cells[0] == row.cells[0] for cell in r.cells[2:] if cell.status]
        assert beside == [cell.status for cell in row.cells[2:] if cell.status], n
    assert [t.title.zh[-5:] for t in parts] == [f"（{n}/{len(parts)}）" for n in range(1, len(parts) + 1)]


@pytest.mark.parametrize("units,listed", [(200, 200), (201, 60)])
def test_up_to_two_hundred_units_are_all_listed(units, listed):
    rows = list(range(units))
    assert many.first_of(rows, public=False) == rows[:listed]
    assert bool(many.left_out(rows, "verdicts.csv", public=False)) == (listed < units)
