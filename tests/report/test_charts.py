"""Charts: real text, a title, equal bytes, labels that stay apart."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.report.charts import LABEL_SIZE, Box, along, chart_svg, dot_svg, place_label, spark_svg
from pipeline.report.shapes import Dot, ReportModel, Text

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
