"""The web page: whole without network or script, readable by everybody, at every width, in both colour schemes."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.report.model import ReportModel
from pipeline.report.web import web_page
from pipeline.report.webcharts import _ticks, web_chart
from tests.report.browser import PROGRAM, Page, chromium
from tests.report.conftest import TEMPLATES
from tests.report.test_chart_labels import NAMES, sample_map, sample_matrix, sample_multiples, sample_split

AXE = lzma.decompress((Path(__file__).parent / "axe" / "axe.min.js.xz").read_bytes()).decode()
needs_browser = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def site(city: ReportModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for lang in ("zh", "en"):
        (folder / f"report.{lang}.html").write_text(web_page(city, TEMPLATES, lang), "utf-8")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with chromium() as page:
        yield page


def test_nothing_outside_is_named(site: Path) -> None:
    for path in sorted(site.iterdir()):
        text = path.read_text("utf-8")
        assert set(re.findall(r"https?://[^\s\"'<>]+", text)) <= {"http://www.w3.org/2000/svg"}
        assert not re.search(r"<(img|link|iframe|object|embed)\b|@import|url\(", text)
        assert "default-src 'none'" in text and len(text.encode()) < 1_000_000


def test_equal_models_equal_pages(city: ReportModel, site: Path) -> None:
    again = web_page(ReportModel.model_validate_json(city.model_dump_json()), TEMPLATES, "zh")
    assert again == (site / "report.zh.html").read_text("utf-8")


def test_every_chapter_of_the_printed_report_is_there_and_in_the_contents(city: ReportModel, site: Path) -> None:
    for lang in ("zh", "en"):
        text = (site / f"report.{lang}.html").read_text("utf-8")
        linked = re.findall(r'href="#([\w-]+)"', text)
        named = re.findall(r'\bid="([\w-]+)"', text)
        assert len(named) == len(set(named)) and set(linked) <= set(named)
        wanted = {"summary", "findings", "sources", "reproduction", *(p.commitment_id for p in city.pages)}
        assert wanted <= set(linked)
        other = "en" if lang == "zh" else "zh"
        assert f'href="report.{other}.html"' in text


def test_headings_of_columns_say_so(site: Path) -> None:
    text = (site / "report.zh.html").read_text("utf-8")
    heads = re.findall(r"<thead>.*?</thead>", text, re.DOTALL)
    assert heads and all(len(re.findall("<th[ >]", h)) == len(re.findall(r'<th[^>]*scope="col"', h)) for h in heads)


def test_ticks_are_round_and_inside() -> None:
    from fractions import Fraction

    assert [str(t) for t in _ticks(Fraction(87), Fraction(93))] == ["87", "88", "89", "90", "91", "92", "93"]
    assert [float(t) for t in _ticks(Fraction("97.4"), Fraction("98.2"))] == [97.4, 97.6, 97.8, 98.0, 98.2]


@needs_browser
@pytest.mark.parametrize(("lang", "width", "dark"), [("zh", 390, False), ("en", 390, True), ("zh", 1280, True), ("en", 2560, False)])
def test_no_request_no_error_no_sideways_scrolling(browser: Page, site: Path, lang: str, width: int, dark: bool) -> None:
    path = site / f"report.{lang}.html"
    browser.open(path, width, dark=dark)
    assert browser.ask("document.documentElement.scrollWidth") <= width
    assert browser.ask("matchMedia('(prefers-color-scheme: dark)').matches") is dark
    assert browser.requested() == [path.as_uri()] and browser.errors() == []


@needs_browser
@pytest.mark.parametrize(("lang", "width", "dark"), [("zh", 390, False), ("en", 1280, True)])
def test_no_barrier_that_axe_knows(browser: Page, site: Path, lang: str, width: int, dark: bool) -> None:
    browser.open(site / f"report.{lang}.html", width, dark=dark)
    browser.ask(AXE + ";1")
    found = browser.ask(
        "axe.run(document, {resultTypes: ['violations']}).then(r => ({checked: r.passes.length, "
        "violations: r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)])}))"
    )
    assert found["violations"] == [] and found["checked"] > 15


@needs_browser
def test_a_table_is_sorted_by_the_keyboard_and_the_total_stays_last(browser: Page, site: Path) -> None:
    browser.open(site / "report.zh.html", 1280)
    browser.ask("window.units = document.querySelector('table.units'); units.tHead.rows[0].cells[1].firstChild.focus()")
    column = "[...units.tBodies[0].rows].filter(r => !r.matches('.total')).map(r => parseInt(r.cells[1].textContent.replace(/,/g, '')))"
    for way, order in (("ascending", False), ("descending", True)):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
        values = browser.ask(column)
        assert len(values) > 5 and values == sorted(values, reverse=order)
        assert browser.ask("units.tHead.rows[0].cells[1].getAttribute('aria-sort')") == way
        assert browser.ask("units.tBodies[0].rows[units.tBodies[0].rows.length - 1].matches('.total')")


@needs_browser
def test_a_value_shows_on_focus(browser: Page, site: Path, city: ReportModel) -> None:
    browser.open(site / "report.zh.html", 1280)
    browser.ask("window.tip = document.querySelector('.chart .point .tip')")
    assert browser.ask("getComputedStyle(tip).visibility") == "hidden"
    browser.ask("tip.parentElement.focus()")
    assert browser.ask("getComputedStyle(tip).visibility") == "visible"
    first = city.pages[0].chart.points[0]
    assert browser.ask("tip.textContent") == f"{first.period}: {first.shown}%"


def told(svg: str) -> list[str]:
    """What the spots of a drawing say."""
    return [label for label in re.findall(r'class="point" tabindex="0" role="img" aria-label="([^"]*)"', svg)]


def test_every_value_of_every_kind_of_chart_is_told() -> None:
    split, tiles = web_chart(sample_split(), "zh"), web_chart(sample_map(), "en")
    assert told(split)[1:3] == ["公办和普惠性民办幼儿园在园幼儿数变化: −24.78%", "3—5周岁常住人口数变化: +27.48%"]
    assert len(told(split)) == 4 and len(told(tiles)) == len(NAMES) and told(tiles)[0].startswith(f"{NAMES[0]}: 101.95% ")
    matrix, lines = sample_matrix(), sample_multiples()
    words = told(web_chart(matrix, "en"))
    assert len(words) == sum(status is not None for row in matrix.rows for status in row.cells)
    first = matrix.rows[0].cells[0]
    assert first is not None and words[0] == f"{NAMES[0]}, Inclusive coverage 0: {first.word.en}"
    points = told(web_chart(lines, "zh"))
    assert len(points) == 6 * len(NAMES) and points[5] == f"{NAMES[0]} 2024: {lines.panels[0].points[5].value}%"


def test_what_is_told_lies_upon_the_drawing() -> None:
    """SVG paints in order: a mark after the first spot would cover what the spot tells."""
    for chart in (sample_split(), sample_map(), sample_matrix(), sample_multiples()):
        after = web_chart(chart, "zh").split('<g class="point"', 1)[1]
        assert not re.search(r"<(polyline|circle)|</g></g><(rect|text)", after)


@needs_browser
def test_a_chart_is_one_stop_and_the_arrows_go_through_it(browser: Page, site: Path, city: ReportModel) -> None:
    browser.open(site / "report.zh.html", 1280)
    assert browser.ask("[...document.querySelectorAll('svg.chart')].every(c => c.querySelectorAll('[tabindex=\"0\"]').length === 1)")
    browser.ask("document.querySelector('.chart .point').focus()")
    shown = "getComputedStyle(document.activeElement.querySelector('.tip')).visibility + document.activeElement.getAttribute('aria-label')"
    points = city.pages[0].chart.points
    for key, point in (("ArrowRight", points[1]), ("ArrowRight", points[2]), ("ArrowLeft", points[1]), ("Home", points[0])):
        browser.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key)
        assert browser.ask(shown) == f"visible{point.period}: {point.shown}%"


@needs_browser
def test_the_keyboard_reaches_everything_in_the_order_of_the_page(browser: Page, site: Path) -> None:
    """From the top: past the contents at once, then each stop further down, seen, and none of them a trap."""
    browser.open(site / "report.zh.html", 1280, still=True)

    def tab() -> dict:
        for kind in ("rawKeyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        return browser.ask(
            "(() => { const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);"
            "return {skip: e.className === 'skip', main: !!e.closest('main'), top: r.top + scrollY,"
            "seen: r.top < innerHeight && r.bottom > 0, ring: s.outlineStyle + s.outlineWidth, point: !!e.closest('svg')} })()"
        )

    assert tab()["skip"]
    browser.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    stops = [tab() for _ in range(40)]
    assert all(stop["main"] and stop["seen"] for stop in stops)
    assert len({stop["top"] for stop in stops}) > 8 and any(stop["point"] for stop in stops)
    assert all(stop["ring"] == "solid3px" for stop in stops if not stop["point"])
    assert max(stop["top"] for stop in stops[30:]) > max(stop["top"] for stop in stops[:5])


@needs_browser
@pytest.mark.parametrize(("still", "way"), [(True, "auto"), (False, "smooth")])
def test_nothing_moves_for_one_who_wants_no_motion(browser: Page, site: Path, still: bool, way: str) -> None:
    browser.open(site / "report.zh.html", 1280, still=still)
    assert browser.ask("getComputedStyle(document.documentElement).scrollBehavior") == way
    assert browser.ask("document.getAnimations().length") == 0
    moving = "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
    assert browser.ask(moving + " return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0; }).length") == 0


@needs_browser
def test_on_a_phone_a_short_table_is_a_card_a_row_with_every_heading(browser: Page, site: Path, city: ReportModel) -> None:
    """The verdict stands in view, under the name, and each figure under what it is."""
    browser.open(site / "report.zh.html", 390)
    tile = city.summary.tiles[0]
    browser.ask("window.row = document.querySelector('.tiles tbody tr'); window.badge = row.querySelector('.badge')")
    assert browser.ask("badge.textContent").endswith(tile.status.word.zh)
    assert browser.ask("badge.getBoundingClientRect().right") <= 390
    assert browser.ask("badge.getBoundingClientRect().top < row.querySelector('.now').getBoundingClientRect().top")
    heads = "[...document.querySelectorAll('.tiles thead th')].slice(1).map(e => e.textContent)"
    assert browser.ask("[...row.querySelectorAll('td')].map(e => e.dataset.label)") == browser.ask(heads)
    label = "getComputedStyle(row.querySelector('.now'), '::before').content"
    assert tile.name.zh in browser.ask("row.textContent") and browser.ask(label) == f'"{city.summary.current_heading.zh}"'


@needs_browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_each_word_of_judgement_has_a_line_and_its_meaning_beside_it(browser: Page, site: Path, lang: str) -> None:
    browser.open(site / f"report.{lang}.html", 390)
    browser.ask("at = c => [...document.querySelectorAll('.contents .legend .' + c)].map(e => e.getBoundingClientRect())")
    words, meanings = (browser.ask(f"at('{part}').map(r => [r.left, r.top, r.right])") for part in ("what", "means"))
    assert len(words) == len(meanings) > 5
    assert {left for left, _, _ in words} == {words[0][0]} and {left for left, _, _ in meanings} == {meanings[0][0]}
    assert all(abs(word[1] - meaning[1]) < 4 and word[2] <= meaning[0] for word, meaning in zip(words, meanings, strict=True))
    assert sorted({top for _, top, _ in words}) == [top for _, top, _ in words]


@needs_browser
def test_on_a_phone_several_verdicts_of_a_row_say_whose_they_are(browser: Page, site: Path) -> None:
    """Of editions or of years; a verdict that stands alone needs no heading."""
    browser.open(site / "report.zh.html", 390)
    browser.ask("window.row = document.querySelector('.cards td.status').parentElement")
    shown = "[...row.querySelectorAll('td.status')].map(e => getComputedStyle(e, '::before').display)"
    assert browser.ask(shown) == ["none"]
    browser.ask("row.append(row.querySelector('td.status').cloneNode(true))")
    assert browser.ask(shown) == ["block", "block"]


@needs_browser
def test_one_chapter_at_a_time(browser: Page, site: Path, city: ReportModel) -> None:
    browser.open(site / "report.zh.html", 1280)
    shown = "[...document.querySelectorAll('main > section')].filter(s => s.offsetHeight).map(s => s.id)"
    assert len(browser.ask(shown)) > 8
    browser.ask("document.getElementById('mode').value = 'one'; document.getElementById('mode').dispatchEvent(new Event('change'))")
    assert browser.ask(shown) == ["summary"]
    last = city.pages[-1].commitment_id
    browser.ask(f"location.hash = '{last}'; new Promise(done => setTimeout(done, 100))")
    assert browser.ask(shown) == [last]


@needs_browser
def test_everything_can_be_read_without_script_and_in_print(browser: Page, site: Path) -> None:
    path = site / "report.en.html"
    browser.open(path, 1280)
    whole = browser.ask("document.querySelector('main').innerText.length")
    browser.open(path, 1280, script=False)
    assert abs(browser.ask("document.querySelector('main').innerText.length") - whole) < whole // 100
    assert browser.ask("document.querySelector('.modes').offsetHeight") == 0
    browser.call("Emulation.setEmulatedMedia", media="print")
    assert browser.ask("getComputedStyle(document.querySelector('.side')).display") == "none"
    browser.call("Emulation.setEmulatedMedia", media="")
