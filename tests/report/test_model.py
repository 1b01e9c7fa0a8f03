"""The model: typed, complete, serialisable; no figure against its verdict; every case of the samples told."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from pydantic import ValidationError

from pipeline.report.facts import Facts
from pipeline.report.model import ReportModel, build_model
from pipeline.report.shapes import Table, Text, said
from pipeline.report.summary import every_problem
from tests.report.sample_inputs import city_inputs, nation_inputs, with_whole


def page(model: ReportModel, commitment: str):
    return next(p for p in model.pages if p.commitment_id == commitment)


def row_of(table: Table, name: str) -> list[str]:
    row = next(r for r in table.rows if said(r.cells[0].words, "zh") == name)
    return [c.status.word.zh if c.status else said(c.words, "zh") for c in row.cells]


@pytest.mark.parametrize("make", [city_inputs, nation_inputs])
def test_round_trip_through_json(make) -> None:
    model = build_model(make())
    text = model.model_dump_json()
    assert ReportModel.model_validate_json(text) == model
    assert build_model(make()).model_dump_json() == text


def test_unknown_keys_are_refused(city: ReportModel) -> None:
    data = city.model_dump()
    data["head"]["printed_on"] = "today"
    with pytest.raises(ValidationError, match="printed_on"):
        ReportModel.model_validate(data)


def test_the_order_of_input_rows_does_not_matter(city: ReportModel) -> None:
    inputs = city_inputs()
    shuffled = {}
    for name in (
        "verdicts",
        "series",
        "contributions",
        "decomposition",
        "sources",
        "source_titles",
        "findings",
        "outcomes",
    ):
        rows = list(getattr(inputs, name))
        random.Random(7).shuffle(rows)
        shuffled[name] = rows
    assert build_model(replace(inputs, **shuffled)).model_dump_json() == city.model_dump_json()


def test_headline_has_three_lines(city: ReportModel, nation: ReportModel) -> None:
    for model in (city, nation):
        for lang in ("zh", "en"):
            lines = model.headline(lang)
            assert len(lines) == 3
            assert all(lines)
    assert city.headline("zh")[0].startswith("截至2024年9月1日，《方案》5项主要指标中，")
    assert "15,731.97元◆" in nation.headline("zh")[1]


def test_summary_tells_the_worst_first(city: ReportModel) -> None:
    problems = [p.zh for p in city.summary.problems]
    assert len(problems) == 3
    assert "康保县由" in problems[0]
    assert "怀安县（2022年）" in problems[0]
    assert any("赤城县不进反退" in p for p in problems)


def test_a_figure_is_not_rounded_up_to_the_target(city: ReportModel) -> None:
    coverage = page(city, "inclusive_coverage")
    row = row_of(coverage.unit_tables[0], "沽源县")
    assert "84.996" in row
    assert "提前达标" not in row
    assert any("84.996%" in n.zh and "未修约值低于目标" in n.zh for n in coverage.notes)


def test_no_shown_value_contradicts_its_verdict(city: ReportModel, nation: ReportModel) -> None:
    for model, inputs in ((city, city_inputs()), (nation, nation_inputs())):
        for tile in model.summary.tiles:
            c = next(c for c in inputs.commitments if c["id"] == tile.commitment_id)
            if c["target"] is None:
                continue
            met = tile.status.code in ("achieved", "achieved_early")
            assert (Fraction(tile.current) >= Fraction(c["target"])) == met


def test_uneven_is_said_where_the_total_is_on_target(city: ReportModel) -> None:
    tile = next(t for t in city.summary.tiles if t.commitment_id == "inclusive_coverage")
    assert tile.status.word.zh == "提前达标"
    assert tile.status.note == Text(zh="总体达标、县间不均", en="on target as a whole, uneven between units")


def test_units_are_sorted_by_missing_children_then_zones_then_total(city: ReportModel) -> None:
    table = page(city, "preschool_ger").unit_tables[0]
    kinds = [r.kind for r in table.rows]
    assert kinds[-1] == "total"
    assert set(kinds[:16]) == {"unit"}
    missing = [int(said(r.cells[6].words, "zh").replace(",", "")) for r in table.rows[:16]]
    assert missing == sorted(missing, reverse=True)
    zones = table.rows[16:19]
    assert [r.ruled for r in zones] == [True, False, False]
    assert {said(r.cells[0].words, "zh") for r in zones if r.kind == "small"} == {"察北管理区", "塞北管理区"}
    assert all(r.cells[-2].status.word.zh == "不单独评价" for r in zones if r.kind == "small")


def test_units_that_are_only_shown_have_no_verdict(city: ReportModel) -> None:
    for commitment in ("compulsory_retention", "senior_secondary_ger"):
        table = page(city, commitment).unit_tables[0]
        assert all(c.status is None for r in table.rows for c in r.cells)
        assert "不判定" in table.title.zh


def test_methods_stand_side_by_side_with_their_difference(city: ReportModel) -> None:
    table = page(city, "compulsory_retention").tables[1]
    rows = {said(r.cells[0].words, "zh"): r for r in table.rows}
    assert len(rows) == 4
    certified = rows["核定值（公布值）（判定用）"]
    assert all(c.mark == "◆" for c in certified.cells[1:-2])
    assert said(rows["按转入转出死亡校正"].cells[-2].words, "zh").startswith("+")


def test_decimal_points_align(city: ReportModel) -> None:
    for p in city.pages:
        for table in (*p.tables, *p.unit_tables):
            for index in range(len(table.columns)):
                cells = [r.cells[index] for r in table.rows if r.cells[index].kind == "figure"]
                assert len({c.pad + len(said(c.words, "zh").partition(".")[2]) for c in cells}) <= 1


def test_tables_and_figures_are_numbered_in_order(city: ReportModel, nation: ReportModel) -> None:
    for model in (city, nation):
        tables = model.tables()
        assert [t.number for t in tables] == list(range(1, len(tables) + 1))
        figures = [c for p in model.pages for c in (p.chart, p.split, *p.unit_charts) if c is not None]
        assert [c.number for c in figures] == list(range(1, len(figures) + 1))
        assert {p.chart is None for p in model.pages} == {False}
        assert all(abs(sum(c.width for c in t.columns) - 156) < 0.1 for t in tables)


def test_nation_survives_without_units_and_denominators(nation: ReportModel) -> None:
    tile = next(t for t in nation.summary.tiles if t.commitment_id == "compulsory_retention")
    assert said(tile.distance_persons, "zh") == "—（分母未公布）"
    assert tile.current == "95.7"
    assert tile.current_mark == "◆"
    spending = next(t for t in nation.summary.tiles if t.commitment_id == "per_pupil_spending")
    assert spending.period_note == Text(zh="2022财政年度", en="fiscal year 2022")
    assert (said(spending.distance, "zh"), said(spending.distance_persons, "zh")) == ("6类中", "1类下降")
    coverage = page(nation, "inclusive_coverage").tables[0]
    assert said(coverage.rows[0].cells[0].words, "zh") == "2019"


def test_published_pair_and_same_basis_stand_beside_each_other(nation: ReportModel) -> None:
    spending = page(nation, "per_pupil_spending")
    notes = "".join(n.zh for n in spending.notes)
    assert (
        "普通初中：公布数由17,803.60元变为17,772.06元（下降0.18%），同口径增长1.74%，以同口径为准。" in notes
    )
    higher = row_of(spending.tables[0], "普通高等学校")
    assert higher[1:] == ["22,586.42", "22,205.41", "−1.69", "−1.69", "未落实"]


def test_break_in_basis_cuts_the_line(nation: ReportModel) -> None:
    chart = page(nation, "senior_secondary_ger").chart
    assert chart.breaks == [2021]
    assert [p.period for p in chart.points if p.new_segment] == [2021]
    assert chart.base_period == 2021


def test_missing_year_of_judgement_is_told() -> None:
    inputs = city_inputs()
    gone = []
    for v in inputs.verdicts:
        if v["commitment_id"] == "preschool_ger" and v["is_total"] and v["is_reported"]:
            v = v | {
                "value_num": None, "value_den": None, "numerator": None, "denominator": None, "gap_num": None,
                "gap_persons": None, "previous_num": None, "class": "no_judgement", "reason": "no_value",
                "value_source": None, "maturity": None, "basis": None, "projection": None,
            }  # fmt: skip
        gone.append(v)
    summaries = [
        s | {"class": "no_judgement", "reason": "no_value", "net_gap": None}
        if s["commitment_id"] == "preschool_ger"
        else s
        for s in inputs.summaries
    ]
    model = build_model(replace(inputs, verdicts=gone, summaries=summaries))
    tile = model.summary.tiles[0]
    assert (tile.current, said(tile.change, "zh"), tile.status.word.zh) == ("—", "—", "数据不足")
    assert "无数据，不作判定" in page(model, "preschool_ger").sentences[0].zh


@pytest.mark.parametrize(
    ("missing", "bases", "span"),
    [
        ([], {}, "近三年"),
        ([2021], {}, "近两年"),
        ([], {2021: "户籍人口"}, "近两年"),
    ],
    ids=["three changes", "a year missing", "another basis"],
)
def test_the_summary_says_over_how_many_years_the_projection_looks_back(missing: list, bases: dict, span: str) -> None:
    """As the indicator's own page does."""
    values = {2020: (880, 1000), 2021: (880, 1000), 2022: (880, 1000), 2023: (880, 1000), 2024: (880, 1000)}
    inputs = with_whole("preschool_ger", {p: v for p, v in values.items() if p not in missing}, bases)
    told = "".join(t.zh for t in every_problem(Facts(inputs)))
    assert f"学前教育毛入园率按{span}平均变化直线推算，2025年约为88.00%" in told
    assert any(f"按{span}持平直线推算" in s.zh for s in page(build_model(inputs), "preschool_ger").sentences)


def test_no_findings_is_stated(nation: ReportModel) -> None:
    assert nation.findings.statements[-1].zh == "全部校验通过，没有错误、警告、复核或提示。"


def test_findings_are_listed_with_their_place(city: ReportModel) -> None:
    table = city.findings.tables[-1]
    first = [said(c.words, "zh") for c in table.rows[0].cells]
    assert first[0] == "C10"
    assert "第318行" in first[2]
    assert "填写说明" in first[3]
    assert "（同类另有2处）" in said(table.rows[1].cells[3].words, "zh")


def test_demonstration_is_in_the_data_line_and_goes_with_the_data(city: ReportModel) -> None:
    assert "演示数据" in city.summary.data_lines[0].zh
    real = build_model(city_inputs(demonstration=False))
    assert not real.head.demonstration
    assert "演示" not in real.summary.data_lines[0].zh


def with_spending(changes: dict[tuple[str, int], dict], reason: str | None = None, class_: str = "broken") -> ReportModel:
    """The sample city with some rows of per-pupil spending changed: {(unit, year): columns}; and its summary's reason."""
    inputs = city_inputs()
    verdicts = [
        row | changes.get((row["area_code"], row["period"]), {}) if row["commitment_id"] == "per_pupil_spending" else row
        for row in inputs.verdicts
    ]
    summary = [
        row | {"class": class_, "reason": reason} if row["commitment_id"] == "per_pupil_spending" else row
        for row in inputs.summaries
    ]
    return build_model(replace(inputs, verdicts=verdicts, summaries=summary))


def spending_row(unit: str, year: int) -> dict:
    found = city_inputs().verdicts
    return next(r for r in found if (r["commitment_id"], r["area_code"], r["period"]) == ("per_pupil_spending", unit, year))


def test_what_was_only_not_raised_is_not_called_a_fall() -> None:
    """康保县 has the amount of the year before and had to be above the base year: not kept, and not a fall."""
    row = spending_row("130723", 2024)
    same = {"value_num": row["previous_num"], "value_den": row["previous_den"], "class": "broken", "reason": "not_raised"}
    model = with_spending({("130723", 2024): same}, reason="not_raised")
    shown = page(model, "per_pupil_spending")
    told = "".join(s.zh for s in shown.sentences)
    assert "、下降0个，到期未高于基期1个：康保县。“只增不减”判定为“未落实”。" in told
    assert "康保县由" not in told and "康保县（2024年）" not in told
    assert "not above the base year: " in "".join(s.en for s in shown.sentences)
    (cells,) = [row_of(t, "康保县") for t in shown.unit_tables]
    assert not any("▼" in cell for cell in cells) and cells[-1].startswith("未落实")
    problems = [t.zh for t in model.summary.problems]
    assert any("2024财政年度应高于2020年，康保县未提高" in text for text in problems)
    assert not any("下降" in text and "康保县" in text for text in problems)


def test_a_series_with_a_break_is_neither_a_fall_nor_called_unbroken() -> None:
    """康保县 on a new basis in 2024 cannot be judged, 怀安县 rose in 2022: no fall is known, and not "in no year"."""
    grey = {"class": "no_judgement", "reason": "basis_break", "previous_num": None, "previous_den": None, "flag_basis_break": True}
    rose = {"class": "kept"}
    model = with_spending({("130723", 2024): grey, ("130728", 2022): rose}, reason="basis_break", class_="no_judgement")
    told = "".join(s.zh for s in page(model, "per_pupil_spending").sentences)
    assert "无法判定1个、下降0个" in told and "2021年以来能判定的各年均未下降。" in told
    (cells,) = [row_of(t, "康保县") for t in page(model, "per_pupil_spending").unit_tables]
    assert not any("▼" in cell for cell in cells)


@pytest.mark.parametrize(
    "inputs", [city_inputs(), nation_inputs(), city_inputs(audience="public")], ids=["city", "nation", "public"]
)
def test_the_annex_about_trace_codes_is_named_as_the_contents_name_it(inputs) -> None:
    """Its number is another one in each of these editions."""
    model = build_model(inputs)
    (mark,) = [m for m in model.marks if "追溯码" in m.zh]
    annex = next(line.title for line in model.contents if line.id == "reproduction")
    zh, en = re.fullmatch(r"附件\d+ (.+)", annex.zh)[1], re.fullmatch(r"Annex \d+\. (.+)", annex.en)[1]
    assert mark.zh.endswith(f"追溯码，见附件“{zh}”") and mark.en.endswith(f'trace code, see annex "{en}"')


def test_a_value_of_three_years_bears_no_trace_code() -> None:
    """The code of the year names that year's own figure, which is another one."""
    inputs = city_inputs()
    c = inputs.commitments[0]
    pooled = next(
        v for v in inputs.verdicts
        if (v["commitment_id"], v["area_code"], v["segment"]) == (c["id"], "130726", "all") and v["period"] == c["reported_period"]
    )  # fmt: skip
    before = Facts(inputs).code_of(pooled)
    assert before
    pooled |= {"pooled": True, "window_from": 2022, "window_to": 2024}
    assert Facts(inputs).code_of(pooled) == ""
    codes = [row.cells[-1].words for p in build_model(inputs).pages for t in p.unit_tables for row in t.rows]
    assert codes and before not in codes
