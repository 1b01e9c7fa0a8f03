"""Labels of every chart, measured with the pinned font: inside the picture, off one another."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache
from itertools import combinations
from xml.sax.saxutils import escape

import pytest
from fontTools.ttLib import TTFont

from pipeline.report.charts import chart_svg
from pipeline.report.fonts import FONTS_DIR
from pipeline.report.shapes import (
    Chart,
    ChartPoint,
    MapTile,
    MatrixChart,
    MatrixRow,
    Panel,
    DotChart,
    PathChart,
    ReportModel,
    SmallMultiples,
    Status,
    Text,
    TileMap,
    WaterfallChart,
    WaterfallStep,
    said,
)
from pipeline.report.svg import Board, Box, ticks, wrapped
from pipeline.report.walk import charts as every_chart
from pipeline.report.words import CLASS_ORDER, status

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [
    "桥东区", "桥西区", "宣化区", "下花园区", "万全区", "崇礼区", "张北县", "康保县", "沽源县", "尚义县", "蔚县", "阳原县",
    "怀安县", "怀来县", "涿鹿县", "赤城县", "经开区", "察北管理区", "塞北管理区",
]  # fmt: skip
WORDS = Text(zh="图中各单位的数值。", en="Values of the units.")


@cache
def _advances(bold: bool) -> tuple[dict[int, int], int]:
    with TTFont(FONTS_DIR / f"NotoSansSC-GB2312-{'Bold' if bold else 'Regular'}.ttf") as font:
        metrics = font["hmtx"]
        return {point: metrics[name][0] for point, name in font.getBestCmap().items()}, font["head"].unitsPerEm


def label_boxes(svg: str) -> list[tuple[str, Box]]:
    """Each text of a picture with the box it fills: real advances, 0.76 em high."""
    found = []
    for text in ET.fromstring(svg).iter(SVG + "text"):
        size, words = float(text.get("font-size", "0")), text.text or ""
        advances, em = _advances(text.get("font-weight") == "bold")
        width = sum(advances[ord(c)] for c in words) * size / em
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        left = x - {"start": 0, "middle": width / 2, "end": width}[text.get("text-anchor", "start")]
        found.append((words, Box(left, y - 0.76 * size, left + width, y)))
    return found


def assert_apart(svg: str) -> None:
    boxes = label_boxes(svg)
    assert boxes
    width, height = (float(ET.fromstring(svg).get(k, "0")) for k in ("width", "height"))
    for words, box in boxes:
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, (words, box)
    for (a, first), (b, second) in combinations(boxes, 2):
        assert not first.meets(second), (a, b)


def sample_map() -> TileMap:
    return TileMap(
        number=1, title=WORDS, unit="%", caption=WORDS, description=WORDS,
        tiles=[MapTile(name=name, row=n // 5, column=n % 5, label="101.95", status=status(CLASS_ORDER[n % 7]))
               for n, name in enumerate(NAMES)],
    )  # fmt: skip


def sample_matrix() -> MatrixChart:
    columns = [Text(zh=f"普惠性幼儿园覆盖率{n}", en=f"Inclusive coverage {n}") for n in range(10)]
    rows = [
        MatrixRow(name=name, cells=[None if m == 3 else status(CLASS_ORDER[(n + m) % len(CLASS_ORDER)]) for m in range(10)],
                  ruled=n == 16)
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    return MatrixChart(number=1, title=WORDS, columns=columns, rows=rows, caption=WORDS, description=WORDS)


def sample_multiples() -> SmallMultiples:
    def panel(n: int, name: str) -> Panel:
        points = [ChartPoint(period=2019 + k, value=str(85 + (n + k) % 14)) for k in range(6)]
        shown: Status | None = None if n == 18 else status(CLASS_ORDER[n % 7])
        return Panel(name=name, points=points, target="92", label="101.95", status=shown, low="80", high="100")

    return SmallMultiples(
        number=1, title=WORDS, unit="%", caption=WORDS, description=WORDS,
        panels=[panel(n, name) for n, name in enumerate(NAMES)],
    )  # fmt: skip


def sample_split() -> WaterfallChart:
    def step(kind: str, name: str, start: str, end: str, label: str) -> WaterfallStep:
        return WaterfallStep(kind=kind, name=name, start=start, end=end, label=label)  # type: ignore[arg-type]

    return WaterfallChart(
        number=1, title=WORDS, unit="%", low="60", high="100", caption=WORDS, description=WORDS,
        steps=[
            step("level", "2020年", "60", "88.9", "88.90"),
            step("effect", "公办和普惠性民办幼儿园在园幼儿数变化", "88.9", "64.12", "−24.78"),
            step("effect", "3—5周岁常住人口数变化", "64.12", "91.6", "+27.48"),
            step("level", "2024年", "60", "91.6", "91.60"),
        ],
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_labels_of_the_city_do_not_overlap(city: ReportModel, nation: ReportModel, lang: str) -> None:
    """Every chart of both reports, those of each unit's page among them."""
    charts = [chart for model in (city, nation) for chart in every_chart(model)]
    assert {type(chart).__name__ for chart in charts} >= {
        "PathChart", "DotChart", "WaterfallChart", "SmallMultiples"
    }  # fmt: skip
    assert sum(isinstance(chart, SmallMultiples) for chart in charts) >= 19
    for chart in charts:
        assert_apart(chart_svg(chart, lang))  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_says_its_figures_in_words(city: ReportModel, nation: ReportModel, lang: str) -> None:
    """What is printed at a point, a bar, a tile or under a name can be heard in the text alternative."""
    for chart in (c for model in (city, nation) for c in every_chart(model)):
        told = said(chart.description, lang)  # type: ignore[arg-type]
        assert f"<title>{escape(told)}</title>" in chart_svg(chart, lang)  # type: ignore[arg-type]
        assert re.search(r"\d", told), told
        match chart:
            case PathChart():
                figures = [p.shown for p in chart.points] + [chart.target]
            case WaterfallChart():
                figures = [step.label for step in chart.steps]
            case TileMap():
                figures = [tile.label for tile in chart.tiles]
            case SmallMultiples():
                figures = [p.shown for panel in chart.panels for p in panel.points]
            case _:
                figures = [chart.line] if isinstance(chart, DotChart) and not chart.bars else []
        assert not [figure for figure in figures if figure not in told], (told, figures)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pictures_of_one_unit_stand_each_on_its_scale(city: ReportModel, lang: str) -> None:
    lines = next(c for c in every_chart(city) if isinstance(c, SmallMultiples) and c.beside is not None)
    assert len({(panel.low, panel.high) for panel in lines.panels}) > 1
    svg = chart_svg(lines, lang)  # type: ignore[arg-type]
    for panel in lines.panels:
        assert panel.low is not None and panel.high is not None
        assert all(float(panel.low) <= float(p.value) <= float(panel.high) for p in (*panel.points, *panel.path, *panel.beside))
        assert panel.label in svg and panel.status is not None and panel.status.shape in svg
    long = Text(zh="生均一般公共预算教育支出(含技工学校和市本级)", en="Per-pupil general public budget education spending of all")
    crowded = lines.model_copy(update={"panels": [p.model_copy(update={"name": long}) for p in lines.panels]})
    assert_apart(chart_svg(crowded, lang))  # type: ignore[arg-type]


@pytest.mark.parametrize("chart", [sample_map(), sample_matrix(), sample_multiples(), sample_split()],
                         ids=["map", "matrix", "multiples", "split"])  # fmt: skip
def test_labels_of_many_units_do_not_overlap(chart: Chart) -> None:
    svg = chart_svg(chart, "zh")
    assert_apart(svg)
    assert svg.count("<title>") == 1 and "图中各单位的数值" in svg
    assert svg == chart_svg(chart, "zh")


def test_a_picture_whose_labels_meet_is_seen() -> None:
    board = Board(100, 20)
    board.text(10, 10, "桥东区")
    board.text(30, 10, "桥西区")
    with pytest.raises(AssertionError, match="桥东区"):
        assert_apart(board.svg("甲"))


def test_a_class_is_told_by_sign_and_word_not_by_colour_alone() -> None:
    """In grey print 略有滞后 and 不进反退 must still differ: each tile has its sign, the key its word and count."""
    svg = chart_svg(sample_map(), "zh")
    assert "▽ 101.95" in svg and "↘ 101.95" in svg
    assert re.search(r">略有滞后 \d<", svg) and re.search(r">不进反退 \d<", svg)


def test_what_lowers_is_hatched_and_what_raises_is_not() -> None:
    def lines(start: str, end: str) -> int:
        chart = sample_split()
        step = chart.steps[1].model_copy(update={"start": start, "end": end})
        return chart_svg(chart.model_copy(update={"steps": [step]}), "zh").count("<line")

    assert lines("90", "70") > lines("70", "90") + 5


def test_ticks_are_round_and_inside() -> None:
    assert [words for _, words in ticks(97.4, 98.2)] == ["97.4", "97.6", "97.8", "98.0", "98.2"]
    assert [words for _, words in ticks(-2, 6, 8)] == ["−2", "−1", "0", "1", "2", "3", "4", "5", "6"]
    assert wrapped("普惠性幼儿园覆盖率", 10, 50) == ["普惠性幼儿", "园覆盖率"]
