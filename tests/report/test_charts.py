"""Charts: real text, a title, equal bytes, labels that stay apart."""

from __future__ import annotations

import re
from html import unescape
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.report.charts import LABEL_SIZE, Box, along, chart_svg, dot_svg, place_label, spark_svg
from pipeline.report.model import build_model
from pipeline.report.shapes import (
    ChartPoint,
    Dot,
    DotChart,
    PathChart,
    ReportModel,
    SmallMultiples,
    Text,
    WaterfallChart,
    said,
)
from pipeline.report.svg import text_width
from pipeline.report.unit_charts import WHOLE
from pipeline.report.unit_lines import axes_words
from pipeline.report.walk import charts
from pipeline.report.webcharts import web_chart
from tests.report.sample_inputs import CITY, city_inputs, with_whole

FRAME = Box(0, 0, 480, 150)


def test_svg_holds_text_title_and_family(city: ReportModel) -> None:
    chart = city.pages[0].chart
    svg = chart_svg(chart, "zh")
    assert svg.count("<title>") == 1
    assert chart.description.zh in svg
    assert "目标92" in svg
    assert "90.81" in svg
    assert "Noto Sans SC" in svg
    assert svg == chart_svg(chart, "zh")


def test_bars_show_every_series(city: ReportModel) -> None:
    chart = city.pages[-1].chart
    svg = chart_svg(chart, "zh")
    for row in chart.rows:
        assert row.label in svg
    assert len(chart.rows) == 21


def test_no_picture_rounds_a_figure_to_the_target_that_it_does_not_reach() -> None:
    """84.996 % of a promised 85 %, of the whole area and of the lowest unit, in pictures and in the words for them."""
    values = {year: (80_000 + year, 100_000) for year in range(2020, 2024)} | {2024: (21_249, 25_000)}
    inputs = with_whole("inclusive_coverage", values)
    for v in inputs.verdicts:
        if v["commitment_id"] == "inclusive_coverage" and v["is_reported"] and v["area_code"] not in (CITY, "130724"):
            v |= {"value_num": 90, "value_den": 1}
    model = build_model(inputs)
    (shown,) = [p for p in model.pages if p.commitment_id == "inclusive_coverage"]
    assert isinstance(shown.split, WaterfallChart) and shown.split.steps[-1].label == "84.996"
    for chart in (shown.chart, shown.split, *shown.unit_charts):
        assert "84.996" in chart.description.zh and "84.996" in chart.description.en, chart.kind
        assert "85.00" not in chart_svg(chart, "zh") + web_chart(chart, "en"), chart.kind


def test_the_words_for_a_line_round_once() -> None:
    """97.99497 is 97.99; 97.9950, as it is drawn, would be 98.00."""
    values = {year: (9_000_000 + year, 10_000_000) for year in range(2020, 2024)} | {2024: (9_799_497, 10_000_000)}
    (shown,) = [p for p in build_model(with_whole("preschool_ger", values)).pages if p.commitment_id == "preschool_ger"]
    assert "2024年97.99%" in shown.chart.description.zh and "2024: 97.99%" in shown.chart.description.en


def test_units_that_are_only_shown_stand_as_they_stand_on_their_own_pages() -> None:
    """94.996 % of a promised 95 % in the table of units, for the other method and for the whole area, too."""
    inputs = city_inputs()
    near = {"value_num": 94_996, "value_den": 1000}
    for row in (*inputs.verdicts, *inputs.series):
        if row["indicator_id"] == "senior_secondary_ger" and row["period"] == 2024 and row["area_code"] in (CITY, "130702"):
            row |= near
    for row in inputs.series.where(indicator_id="compulsory_retention", variant="grade9_over_grade1", period=2024):
        row |= {"value_num": 97_996, "value_den": 1000}
    model = build_model(inputs)
    tables = {
        p.commitment_id: {said(r.cells[0].words, "zh"): r.cells for t in p.unit_tables for r in t.rows} for p in model.pages
    }
    for indicator, unit, at, figure in (
        ("senior_secondary_ger", "桥东区", 3, "94.996"),
        ("senior_secondary_ger", "合计", 3, "94.996"),
        ("compulsory_retention", "桥西区", 6, "97.996"),
    ):
        assert tables[indicator][unit][at].words == figure
    (line,) = [p for p in unit_lines_of(model).panels if p.name.zh == "高中阶段教育毛入学率"]
    assert line.beside[-1].shown == line.label.removesuffix("%") == "94.996"


def test_a_title_with_marks_is_escaped() -> None:
    svg = spark_svg(["1.0", None, "2.0"], "1.5", "甲<乙&丙")
    assert "<title>甲&lt;乙&amp;丙</title>" in svg
    assert spark_svg([None], None, "甲") == ""


def test_a_dot_stays_on_its_scale() -> None:
    words = Text(zh="甲", en="a")
    svg = dot_svg(
        Dot(value="85", line="92", low="85", high="99", tone="yellow", hollow=False, description=words), "zh"
    )
    assert 'cx="4.00"' in svg


@settings(max_examples=60)
@given(st.floats(30, 440), st.floats(10, 140), st.floats(0, 150), st.floats(0, 150))
def test_a_label_stays_in_the_frame_and_off_the_lines(x: float, y: float, start: float, end: float) -> None:
    taken = along(0, start, 480, end)
    cx, cy, box = place_label(x, y, "97.74◆", taken, FRAME)
    fallback = cy == y - 63
    if not fallback:
        assert not any(box.meets(other) for other in taken)
        assert FRAME.x0 <= box.x0 and box.x1 <= FRAME.x1
    assert abs(box.x1 - cx) >= LABEL_SIZE


_TEXT = re.compile(
    r'<text class="[^"]+" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"(?: style="font-size:([\d.]+)px")?>([^<]+)<'
)


def unit_lines_of(model: ReportModel) -> SmallMultiples:
    return next(c for c in charts(model) if isinstance(c, SmallMultiples) and c.beside is not None)


def with_break(points: list[ChartPoint], period: int) -> list[ChartPoint]:
    return [p.model_copy(update={"new_segment": p.period == period}) for p in points]


def test_no_line_runs_across_a_change_of_basis(city: ReportModel) -> None:
    """Five years, another basis from the third on: two lines, in print and on the web, of a unit, of the whole area beside
    it, and of the whole area alone."""
    chart = unit_lines_of(city)
    (panel, *_) = [p for p in chart.panels if len(p.beside) == len(p.points) == 5]
    cut = panel.points[2].period
    broken = panel.model_copy(update={"points": with_break(panel.points, cut), "beside": with_break(panel.beside, cut)})
    for which, whole in ((panel, 1), (broken, 2)):
        one = chart.model_copy(update={"panels": [which]})
        printed = chart_svg(one, "zh")
        assert printed.count(f'stroke="{WHOLE}"') == 5 - whole + 1  # each year's stroke, and that of the key
        assert printed.count("<polyline") == whole
        for kind in ("beside", "observed"):
            lines = re.findall(rf'<polyline class="{kind}" points="([^"]+)"', web_chart(one, "zh"))[:-1]  # without the key
            assert [len(line.split()) for line in lines] == ([5] if whole == 1 else [2, 3]), kind
    path = next(c for c in charts(city) if isinstance(c, PathChart) and len(c.points) == 5)
    path = path.model_copy(update={"points": with_break(path.points, path.points[2].period)})
    lines = re.findall(r'<polyline class="observed" points="([^"]+)"', web_chart(path, "zh"))[:-1]
    assert [len(line.split()) for line in lines] == [2, 3] and chart_svg(path, "zh").count("<polyline") == 2


def test_the_whole_area_beside_a_unit_is_cut_where_its_basis_changes() -> None:
    """A series that is not judged for the whole area: its basis is that of its own rows."""
    inputs = city_inputs()
    for row in inputs.series:
        if row["area_code"] == CITY and row["period"] <= 2021:
            row["basis"] = "户籍人口"
    chart = unit_lines_of(build_model(inputs))
    cut = [[p.period for p in panel.beside if p.new_segment] for panel in chart.panels if panel.beside]
    assert [2022] in cut and all(found in ([2022], []) for found in cut)


def test_a_year_without_a_value_has_no_point() -> None:
    """A denominator of 0 is no value of 0: the whole area has none in 2022, a unit none in 2021."""
    inputs = city_inputs()
    for row in (*inputs.series, *inputs.verdicts):
        if row["period"] == (2022 if row["area_code"] == CITY else 2021):
            row |= {"value_den": 0}
    panels = unit_lines_of(build_model(inputs)).panels
    years = [([p.period for p in panel.points], [p.period for p in panel.beside]) for panel in panels]
    assert any(2022 in own for own, _ in years) and all(2021 not in own for own, _ in years)
    assert any(whole for _, whole in years) and all(2022 not in whole for _, whole in years)


def test_an_axis_is_said_not_to_start_from_0_only_where_it_does_not(city: ReportModel) -> None:
    """One per cent in one year: the axes of that indicator start from 0, those of the others do not."""
    inputs = city_inputs()
    first = inputs.commitments[0]["id"]
    for v in inputs.verdicts:
        if v["commitment_id"] == first and (v["area_code"], v["period"]) in ((CITY, 2020), ("130708", 2020), ("130708", 2024)):
            v |= {"value_num": 100, "value_den": 100}
    model = build_model(inputs)
    seen = set()
    for chart in (c for each in (city, model) for c in charts(each)):
        lows = [p.low for p in chart.panels] if isinstance(chart, SmallMultiples) else [getattr(chart, "low", None)]
        if "不" in chart.caption.zh and "从0起" in chart.caption.zh:
            assert any(low != "0" for low in lows) and "from 0" in chart.caption.en
        if isinstance(chart, PathChart | DotChart) and chart.unit == "%" and not getattr(chart, "bars", False):
            assert ("不从0起" in chart.caption.zh, "not from 0" in chart.caption.en) == ((lows != ["0"]),) * 2
            seen.add((type(chart), lows == ["0"]))
        if isinstance(chart, SmallMultiples):
            told = {0: "不从0起", len(lows): "都从0起"}.get(lows.count("0"), "不都从0起")
            assert chart.caption.zh == f"各图纵轴不同，{told}。"
            seen.add(told)
    assert seen >= {(PathChart, True), (PathChart, False), (DotChart, True), (DotChart, False), "不从0起", "不都从0起"}
    assert axes_words(["0", "0"]).zh == "各图纵轴不同，都从0起。"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_small_pictures_of_a_unit_say_on_the_web_what_they_say_in_print(city: ReportModel, lang: str) -> None:
    """The ends of each scale, the first and the last year, what was promised."""
    chart = unit_lines_of(city)
    for panel in chart.panels:
        drawn = web_chart(chart.model_copy(update={"panels": [panel]}), lang).split('<g class="point"')[0]
        words = re.findall(r"<text[^>]*>([^<]+)</text>", drawn)
        years = sorted({str(p.period) for p in (*panel.points, *panel.path, *panel.beside)})
        assert panel.goal is not None
        wanted = [panel.low, panel.high, panel.label, years[0], years[-1]]
        assert not [w for w in wanted if words.count(w) != 1], (panel.name, words)
        assert panel.goal.of(lang) in words


def test_words_of_small_pictures_on_the_web_stay_apart(city: ReportModel) -> None:
    chart = unit_lines_of(city)
    for lang in ("zh", "en"):
        boxes = []
        svg = web_chart(chart, lang).split('<g class="point"')[0]
        for x, y, anchor, size, words in _TEXT.findall(svg):
            width = text_width(unescape(words), float(size or 13))
            start = float(x) - {"start": 0, "middle": width / 2, "end": width}[anchor]
            boxes.append((Box(start, float(y) - 9, start + width, float(y) + 2), words))
        assert boxes and not [(a, b) for (one, a), (two, b) in combinations(boxes, 2) if one.meets(two)]
