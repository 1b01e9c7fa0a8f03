"""Very many units: charts, matrices and lists stay readable, and say what they leave out and where it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from pipeline.report import amounts, comparison, many
from pipeline.report.amounts import urgent_order
from pipeline.report.facts import Facts
from pipeline.report.inputs import ReportInputs
from pipeline.report.model import ReportModel, build_model
from pipeline.report.shapes import DotChart, Table, TileMap
from pipeline.report.spending import make_spending
from pipeline.report.render import render_html
from pipeline.report.walk import charts
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import city_inputs, two_amounts

SHOWN = {"compulsory_retention", "senior_secondary_ger"}
"""The rates of the sample city that its units are shown by, not judged."""


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


def totals(model: ReportModel) -> dict[str, list[list[str]]]:
    """What the rows of totals of the units' tables say, by commitment; the dot left aside, whose scale is that of the units."""
    return {
        p.commitment_id: [
            [cell.model_dump_json(exclude={"pad", "point"}) for cell in row.cells if cell.dot is None]
            for t in p.unit_tables for row in t.rows if row.kind == "total"
        ]
        for p in model.pages
    }  # fmt: skip


def test_a_public_report_draws_and_lists_nobody_as_the_worst(monkeypatch):
    whole = totals(build_model(city_inputs(audience="public")))
    monkeypatch.setattr(many, "DRAWN", 5)
    monkeypatch.setattr(many, "LISTED", 10)
    model = build_model(city_inputs(audience="public"))
    assert [c for c in charts(model) if isinstance(c, DotChart)] == []
    for page in model.pages:
        (table,) = page.unit_tables
        assert names(table) == [] and len(whole[page.commitment_id]) == 1, page.commitment_id
        notes = [*page.notes, *table.notes]
        assert sum("各单位的数见 data/verdicts.csv" in n.zh for n in notes) == 1, page.commitment_id
    # a total singles nobody out: it keeps its name, numerator, denominator and value (of amounts the first years)
    assert {key: row[:4] for key, (row,) in totals(model).items()} == {key: row[:4] for key, (row,) in whole.items()}
    (compared,) = [c for c in model.closing if c.id == "comparison"]
    assert [(p.tables, [n.zh[:4] for n in p.notes]) for p in compared.pieces] == [([], ["单位太多"])]
    assert all(t.rows for t in model.tables())
    assert [t.number for t in model.tables()] == list(range(1, len(model.tables()) + 1))
    assert "各单位的数见 data/verdicts.csv" in render_html(model, TEMPLATES)


def test_a_public_report_of_a_province_says_that_it_has_no_chart_of_units(monkeypatch):
    monkeypatch.setattr(many, "DRAWN", 5)
    model = build_model(city_inputs(audience="public"))
    for page in model.pages:
        said = [n.zh for n in page.notes if "不画" in n.zh]
        chart = "分级次的条形图" if page.commitment_id == "per_pupil_spending" else "分单位的点图"
        assert said == ([] if page.commitment_id in SHOWN else [f"单位超过5个，不画{chart}。"]), page.commitment_id
        assert page.unit_tables and all(row.cells for row in page.unit_tables[0].rows)
    inside = build_model(city_inputs())
    assert not [n for page in inside.pages for n in page.notes if "不画" in n.zh]


def on_a_grid(inputs: ReportInputs) -> ReportInputs:
    return replace(inputs, areas=[a | {"grid_row": n // 5, "grid_col": n % 5} for n, a in enumerate(inputs.areas)])


def test_a_map_that_is_there_is_not_told_as_missing(monkeypatch):
    monkeypatch.setattr(many, "DRAWN", 5)
    maps = [c for c in charts(build_model(on_a_grid(city_inputs(audience="public")))) if isinstance(c, TileMap)]
    assert maps and not [n for n in notes_of(build_model(on_a_grid(city_inputs(audience="public")))) if "图" in n and "点图" not in n and "条形图" not in n]
    monkeypatch.setattr(many, "LISTED", 10)
    many_units = build_model(on_a_grid(city_inputs()))
    assert not [c for c in charts(many_units) if isinstance(c, TileMap)] and any("不画方位图" in n for n in notes_of(many_units))


def notes_of(model: ReportModel) -> list[str]:
    return [n.zh for page in model.pages for n in page.notes if "不画" in n.zh]


def test_where_units_are_only_shown_none_is_listed_as_most_in_need(monkeypatch):
    monkeypatch.setattr(many, "LISTED", 10)
    monkeypatch.setattr(many, "FIRST", 4)
    shown = [page for page in build_model(city_inputs()).pages if page.commitment_id in SHOWN]
    assert len(shown) == len(SHOWN)
    for page in shown:
        (table,) = page.unit_tables
        assert [row.kind for row in table.rows] == ["total"] and not [n for n in page.notes if "最需关注" in n.zh]


def test_a_public_chapter_on_spending_has_no_table_without_a_row(monkeypatch):
    whole = make_spending(Facts(two_amounts(audience="public")))
    assert whole is not None and len(whole.pieces[0].tables[0].rows) == 20
    monkeypatch.setattr(many, "LISTED", 10)
    made = make_spending(Facts(two_amounts(audience="public")))
    assert made is not None
    first, *others = made.pieces
    assert (first.tables, [n.zh for n in first.notes]) == ([], ["单位太多，各单位的数见 data/verdicts.csv。"])
    # the total of what is spent stays
    assert [[row.kind for t in p.tables for row in t.rows] for p in others] == [["total"]] * len(others) != []
    inside = make_spending(Facts(two_amounts()))
    assert inside is not None and [bool(t.rows) for p in inside.pieces for t in p.tables][:1] == [True]


def level(code: str, class_: str, reason: str | None, now: int | None) -> dict:
    """The row of a budget level that spent 100 the year before."""
    pair = {"value_num": now, "value_den": 1, "previous_num": 100, "previous_den": 1}
    change = {"change_num": None, "change_den": None} if now is None else {"change_num": now - 100, "change_den": 1}
    return {"area_code": code, "segment": "all", "class": class_, "reason": reason, **pair, **change}


def test_a_broken_promise_comes_before_any_that_is_kept(monkeypatch):
    monkeypatch.setattr(many, "LISTED", 3)
    monkeypatch.setattr(many, "FIRST", 3)
    facts = Facts(city_inputs())
    codes = [a["area_code"] for a in facts.inputs.areas if not facts.is_zone(a["area_code"])][1:6]
    kept, unknown, not_raised, fallen, risen = codes
    rows = [
        level(kept, "kept", None, 101), level(unknown, "no_judgement", "no_value", None), level(not_raised, "broken", "not_raised", 104),
        level(fallen, "broken", None, 97), level(risen, "kept", None, 150),
    ]  # fmt: skip
    monkeypatch.setattr(amounts, "same_basis_change", lambda v: None if v["change_num"] is None else Fraction(v["change_num"]))
    assert {v["area_code"] for v in urgent_order(facts, rows)} == {fallen, not_raised, kept}
    # a fall of another amount of the same level counts as well
    assert {v["area_code"] for v in urgent_order(facts, rows, [level(risen, "broken", None, 50)])} == {risen, fallen, not_raised}


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
    assert any(f"其余{len(whole) - 4}个见 data/verdicts.csv" in n.zh for n in notes)
    assert matrices(model) == []
    (compared,) = [c for c in model.closing if c.id == "comparison"]
    assert ["矩阵" in n.zh for n in compared.pieces[0].notes] == [False, True]
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
    assert many.first_of(rows, alike=False) == rows[:listed]
    assert bool(many.left_out(rows, "verdicts.csv", alike=False)) == (listed < units)
