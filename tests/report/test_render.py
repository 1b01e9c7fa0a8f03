"""The PDF: text, fonts, glyphs, bytes, pages."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from pipeline.report.coverage import texts_of
from pipeline.report.fonts import (
    FontError,
    MissingGlyph,
    font_files,
    inflated,
    pinned_hashes,
    require_glyphs,
    require_pinned,
    use_pinned_fonts,
)
from pipeline.report.model import ReportModel, build_model
from pipeline.report.render import RenderError, RenderResult, _set, render_html, render_pdf
from pipeline.report.shapes import said
from tests.report.conftest import TEMPLATES, pages_of
from tests.report.sample_inputs import city_inputs, nation_inputs


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_figure_of_the_summary_is_printed(
    city: ReportModel, city_pdf: RenderResult, nation, nation_pdf
) -> None:
    for model, result in ((city, city_pdf), (nation, nation_pdf)):
        summary = pages_of(result.path)[2]
        assert squeezed(model.summary.conclusion.zh) in summary
        for tile in model.summary.tiles:
            for words in (tile.name, tile.target, tile.previous, tile.current, tile.change, tile.distance,
                          tile.distance_persons, tile.status.word):  # fmt: skip
                assert squeezed(said(words, "zh")) in summary
        for problem in model.summary.problems:
            assert squeezed(problem.zh) in summary


def test_the_summary_is_one_page_and_numbered_one(city_pdf: RenderResult, nation_pdf: RenderResult) -> None:
    for result in (city_pdf, nation_pdf):
        pages = pages_of(result.path)
        assert "—1—" in pages[2]
        assert "主要指标进展" in pages[3]
        assert "—2—" in pages[3]


def test_the_demonstration_mark_is_on_every_page(city_pdf: RenderResult, nation_pdf: RenderResult) -> None:
    pages = pages_of(city_pdf.path)
    assert len(pages) == city_pdf.pages
    assert all("演示数据·非真实统计" in p for p in pages)
    assert not any("演示" in p for p in pages_of(nation_pdf.path))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_unit_has_a_page_of_its_own_and_fits_on_it(
    city: ReportModel, city_pdf: RenderResult, city_english: RenderResult, lang: str
) -> None:
    """The outline leads each of the units to another page, the next one to the page after, and so to the last body."""
    document = pypdfium2.PdfDocument((city_pdf if lang == "zh" else city_english).path)
    try:
        begins = {"".join(m.get_title().split()): m.get_dest().get_index() for m in document.get_toc()}
        units = next(c for c in city.leaves if c.id == "units").pages
        names = ["".join(said(u.heading, lang).split()) for u in units]  # type: ignore[arg-type]
        places = [begins[name] for name in names]
        assert places == list(range(places[0], places[0] + len(units)))
        assert len(units) == 19
        after = min(place for place in begins.values() if place > places[-1])
        assert after == places[-1] + 1
    finally:
        document.close()


def test_pages_of_units_carry_their_name(city: ReportModel, city_pdf: RenderResult) -> None:
    pages = pages_of(city_pdf.path)
    title = squeezed(city.head.title.zh)
    units = next(c for c in city.leaves if c.id == "units").pages
    for unit in units:
        name = squeezed(unit.heading.zh)
        number = next(n for n, p in enumerate(pages) if f"{title}{name}" in p)
        assert f"{name}主要指标历年值" in pages[number] or unit.pieces[1].chart is None


def test_every_unit_and_every_file_is_printed(city: ReportModel, city_pdf: RenderResult) -> None:
    text = "".join(pages_of(city_pdf.path))
    for table in (city.pages[0].unit_tables[0], city.pages[4].unit_tables[0], city.sources.files):
        for row in table.rows:
            for cell in row.cells:
                if cell.status is None:
                    assert squeezed(said(cell.words, "zh")) in text


def test_only_pinned_fonts_are_embedded(city_pdf: RenderResult) -> None:
    assert city_pdf.embedded_fonts == [
        "Jiance-Fang",
        "Jiance-Kai",
        "Noto-Sans-SC",
        "Noto-Sans-SC-Bold",
        "Noto-Serif-SC-Semi-Bold",
    ]
    assert [f["file"] for f in city_pdf.fonts] == [
        "JianceFang-GB2312-Regular.ttf",
        "JianceKai-GB2312-Regular.ttf",
        "NotoSansSC-GB2312-Bold.ttf",
        "NotoSansSC-GB2312-Regular.ttf",
        "NotoSerifSC-GB2312-SemiBold.ttf",
    ]
    with pytest.raises(FontError, match="DejaVu"):
        require_pinned(["Noto-Sans-SC", "DejaVu-Sans"])


def test_the_pdf_is_small_tagged_and_knows_no_clock(nation_pdf: RenderResult) -> None:
    data = nation_pdf.path.read_bytes()
    assert nation_pdf.size_bytes == len(data) < 1_000_000
    objects = inflated(data)
    assert b"/MarkInfo <</Marked true>>" in objects
    assert b"/Lang (zh-CN)" in objects
    assert b"pdfaid" in objects
    assert b"/CreationDate (D:20241024000000+08'00)/ModDate (D:20241024000000+08'00)" in objects


MAKE = """
import sys
from pathlib import Path
from pipeline.report.model import build_model
from pipeline.report.render import render_pdf
from tests.report.sample_inputs import nation_inputs
model = build_model(nation_inputs())
print(render_pdf(model, Path(sys.argv[1]), Path(sys.argv[2])).sha256)
"""


def test_equal_bytes_in_other_processes(nation_pdf: RenderResult, tmp_path: Path) -> None:
    root = TEMPLATES.parent
    for number, (seed, zone) in enumerate((("1", "Asia/Shanghai"), ("4242", "America/New_York"))):
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": "C",
            "PYTHONPATH": str(root),
        }
        environment.pop("FONTCONFIG_FILE", None)
        folder = tmp_path / str(number)
        done = subprocess.run(
            [sys.executable, "-c", MAKE, str(TEMPLATES), str(folder / "report.pdf")],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == nation_pdf.sha256


def test_a_missing_glyph_is_named_with_its_place(tmp_path: Path) -> None:
    inputs = nation_inputs(body_zh="𠮷野县教育局")
    out = tmp_path / "report.pdf"
    with pytest.raises(MissingGlyph) as caught:
        render_pdf(build_model(inputs), TEMPLATES, out)
    assert "𠮷 (U+20BB7) cover" in str(caught.value)
    assert not out.exists()


def test_coverage_looks_into_svg_and_stylesheet() -> None:
    places = texts_of(
        '<style>p::after { content: "尾" }</style>'
        '<section id="a"><p>文<svg><text>图</text></svg></p></section>'
    )
    assert places == [("style", "尾"), ("a/p", "文"), ("a/text", "图")]
    require_glyphs(places)


def test_names_of_the_territory_are_covered() -> None:
    require_glyphs(
        [("areas", "桥东桥西宣化下花园万全崇礼张北康保沽源尚义蔚县阳原怀安怀来涿鹿赤城察北塞北经开区")]
    )
    require_glyphs([("areas", a["name_zh"]) for a in city_inputs().areas])


def test_a_complaint_of_the_engine_is_an_error(nation: ReportModel) -> None:
    use_pinned_fonts()
    with pytest.raises(RenderError, match="unknown-property"):
        _set('<html lang="zh-CN"><title>甲</title><p style="unknown-property: 1">甲</p></html>', nation)
    with pytest.raises(RenderError, match="outside"):
        _set(
            '<html lang="zh-CN"><title>甲</title><img src="https://example.org/a.png" alt="甲"></html>',
            nation,
        )
    assert not any(type(h).__name__ == "_Complaints" for h in logging.getLogger("weasyprint").handlers)


def test_html_is_the_same_again(nation: ReportModel) -> None:
    html = render_html(nation, TEMPLATES)
    assert html == render_html(nation, TEMPLATES)
    assert 'lang="zh-CN"' in html
    assert "None" not in html


def test_fonts_are_the_ones_on_record() -> None:
    files = font_files()
    assert {f["file"]: f["sha256"] for f in files} == pinned_hashes()
    assert all(len(f["sha256"]) == 64 for f in files)
    assert (TEMPLATES / "fonts" / "OFL.txt").read_text("utf-8").startswith("Copyright 2014-2021 Adobe")
    assert "GNU GENERAL PUBLIC LICENSE" in (TEMPLATES / "fonts" / "Fandol-GPL-3.txt").read_text("utf-8")


def test_every_character_of_gb2312_is_in_every_font() -> None:
    """6,763 characters by rows 16 to 87 of the standard; a font that lacked one would be stood in for."""
    characters = set()
    for row in range(16, 88):
        for place in range(1, 95):
            try:
                characters.add(bytes([row + 0xA0, place + 0xA0]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    assert len(characters) == 6763
    for path in (TEMPLATES / "fonts").glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            assert {ord(c) for c in characters} <= set(font.getBestCmap()), path.name


def test_no_fonts_is_told(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="report_templates/fonts"):
        use_pinned_fonts(tmp_path)
