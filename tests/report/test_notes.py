"""Notes that come by themselves, on the page of an indicator and on that of a unit, and only where they apply."""

from __future__ import annotations

from dataclasses import replace

from pipeline.report.facts import Facts
from pipeline.report.inputs import ReportInputs
from pipeline.report.overall import headline_cells
from pipeline.report.pages import indicator_pages
from pipeline.report.shapes import IndicatorPage, said
from pipeline.report.summary import make_summary
from pipeline.report.unit_lines import panel_of
from pipeline.report.unit_pages import make_unit_pages, units_with_pages
from pipeline.report.words import BREAK
from tests.report.sample_inputs import CITY, city_inputs, judge, nation_inputs, with_whole

PRELIMINARY = "临时数据，正式数据到后更新。"
SMALL = "分母不足规定人数的指标只列数，不作判定、不排名。"


def page_of(inputs: ReportInputs, indicator: str) -> IndicatorPage:
    return next(p for p in indicator_pages(Facts(inputs)) if p.commitment_id == indicator)


def notes_of_page(page: IndicatorPage) -> str:
    return "".join(n.zh for n in page.notes)


def notes_of_unit(inputs: ReportInputs, code: str) -> str:
    facts = Facts(inputs)
    chapter = make_unit_pages(facts, units_with_pages(facts))
    unit = next(p for p in chapter.pages if p.id == f"unit-{code}")
    return "".join(n.zh for piece in unit.pieces for n in piece.notes)


def row_of(inputs: ReportInputs, indicator: str, area: str) -> dict:
    """The judged year's row of one unit, to be changed by a test."""
    return next(
        v for v in inputs.verdicts
        if v["commitment_id"] == indicator and v["area_code"] == area and v["is_reported"] and v["segment"] == "all"
    )  # fmt: skip


def test_a_figure_that_would_round_to_the_target_says_that_it_is_below() -> None:
    inputs = city_inputs()
    assert "84.996%" in notes_of_page(page_of(inputs, "inclusive_coverage"))
    assert "84.996%" in notes_of_unit(inputs, "130724") and "未修约值低于目标" in notes_of_unit(inputs, "130724")
    assert "未修约值低于目标" not in notes_of_unit(inputs, "130722")


def test_a_break_in_basis_is_said_in_the_words_of_the_plan_or_with_both_bases() -> None:
    inputs = nation_inputs()
    assert "2021年起不含技工学校，以2021年为基期。" in notes_of_page(page_of(inputs, "senior_secondary_ger"))
    spending = notes_of_page(page_of(inputs, "per_pupil_spending"))
    assert "2021年口径变动，公布数与上年不可直接比较，按同口径判定。" in spending
    assert "由17,803.60元变为17,772.06元（下降0.18%），同口径增长1.74%" in spending
    for c in inputs.commitments:
        c.update(base_note_zh=None, base_note_en=None)
    own_words = notes_of_page(page_of(inputs, "senior_secondary_ger"))
    assert "2021年" in own_words and "技工" in own_words and "口径" in own_words
    assert "口径" not in notes_of_page(page_of(inputs, "preschool_ger"))


def test_a_break_in_basis_is_announced_once_and_nothing_is_compared_across_it() -> None:
    """Registered population until 2021, residents from 2022 on: every later year is on another basis than the base year."""
    bases = {2020: "户籍人口", 2021: "户籍人口"}
    values = {year: (8_800 + 60 * (year - 2020), 10_000) for year in range(2020, 2025)}
    inputs = with_whole("preschool_ger", values, bases)
    unit = judge(inputs.commitments[0], "130702", values, bases)
    others = [v for v in inputs.verdicts if (v["commitment_id"], v["area_code"]) != ("preschool_ger", "130702")]
    inputs = replace(inputs, verdicts=others + unit)
    facts, page = Facts(inputs), page_of(inputs, "preschool_ger")
    announced = [n for n in page.notes if "口径变动" in n.zh]
    assert [n.zh for n in announced] == ["2022年口径变动：由“户籍人口”变为“常住人口”，前后不作比较。"]
    assert "口径变动1处" in make_summary(facts).data_lines[0].zh
    assert page.chart.breaks == [2022] and page.chart.path == []
    for code in (CITY, "130702"):
        panel = panel_of(facts, inputs.commitments[0], code)
        assert [p.period for p in panel.points if p.new_segment] == [2022] and panel.path == []
    told = "".join(s.zh for s in page.sentences)
    assert "2020年" not in told and "比上年提高0.60个百分点" in told and "不作判定：口径中断" in told
    years = [[said(c.words, "zh") for c in row.cells] for row in page.tables[0].rows]
    assert [row[0] for row in years] == ["2020", "2021", f"2022{BREAK}", "2023", "2024"]
    assert [row[5:7] == ["—", "—"] for row in years] == [True, False, True, True, True]  # path and distance
    (cells,) = [r.cells for t in page.unit_tables for r in t.rows if said(r.cells[0].words, "zh") == "桥东区"]
    assert [said(cells[n].words, "zh") for n in (4, 5)] == ["+0.60", "—"]
    (tile,) = [t for t in make_summary(facts).tiles if t.commitment_id == "preschool_ger"]
    assert [value is None for value in tile.spark] == [True, True, False, False, False]
    on_base = [said(c.words, "zh") for c in headline_cells(facts, inputs.commitments[0])[6:8]]
    assert on_base == ["—", "—"]  # change on the base year, path


def test_preliminary_data_are_marked_and_said() -> None:
    inputs = city_inputs()
    assert PRELIMINARY not in notes_of_page(page_of(inputs, "preschool_ger"))
    assert PRELIMINARY not in notes_of_unit(inputs, "130722")
    for area in (CITY, "130722"):
        row_of(inputs, "preschool_ger", area).update(flag_preliminary=True, maturity="preliminary")
    page = page_of(inputs, "preschool_ger")
    assert PRELIMINARY in notes_of_page(page)
    assert [c.mark for c in page.tables[0].rows[-1].cells].count("*") == 1
    assert PRELIMINARY in notes_of_unit(inputs, "130722") and PRELIMINARY not in notes_of_unit(inputs, "130723")


def test_a_unit_too_small_to_be_judged_is_said() -> None:
    inputs = city_inputs()
    row_of(inputs, "preschool_ger", "130722").update({"class": "no_judgement", "reason": "small_denominator"})
    page = page_of(inputs, "preschool_ger")
    assert "灰色行为不单独评价或分母过小的单位" in notes_of_page(page)
    assert SMALL in notes_of_unit(inputs, "130722") and SMALL not in notes_of_unit(inputs, "130723")
    grey = [r for r in page.unit_tables[0].rows if r.kind == "small"]
    assert any("张北县" in str(r.cells[0].words) for r in grey)


def test_a_rate_that_rose_only_because_children_became_fewer_says_what_it_would_be() -> None:
    inputs = city_inputs()
    page = page_of(inputs, "preschool_ger")
    # the sample: 108,792 children of the age in 2019, 103,344 in the base year, 74,088 of 81,588 this year
    assert page.decomposition is not None
    assert "被动提高：比率的提高来自分母减少" in page.decomposition.zh and "本年比率为71.69%" in page.decomposition.zh
    assert "来自分母减少" not in notes_of_unit(inputs, "130722")
    row_of(inputs, "preschool_ger", "130722")["flag_denominator_driven"] = True
    assert "学前教育毛入园率的提高来自分母减少" in notes_of_unit(inputs, "130722")
