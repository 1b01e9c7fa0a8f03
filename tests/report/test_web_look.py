"""How the web page looks, from the phone to the wall, light and dark and on paper: pictures held to approved ones.

Approved pictures lie in ``tests/report/approved/web``. After a wanted change look at the pages and renew them:

    python -m tests.report.test_web_look
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from pipeline.report.model import ReportModel, build_model
from pipeline.report.shapes import Chapter, ContentsLine, Piece, Text
from pipeline.report.web import web_page
from tests.report.browser import PROGRAM, Page, chromium
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import city_inputs
from tests.report.test_chart_labels import sample_map, sample_matrix
from tests.support.pictures import SHARE, changed_share

APPROVED = Path(__file__).parent / "approved" / "web"

DESKTOP, PHONE, WALL = (1280, 960), (390, 1300), (2560, 1440)
COUNTY = "unit-130732"
VIEWS = [
    ("summary-desktop", "zh", DESKTOP, "summary", False),
    ("summary-desktop-dark", "en", DESKTOP, "summary", True),
    ("summary-phone", "en", PHONE, "summary", False),
    ("summary-phone-dark", "zh", PHONE, "summary", True),
    ("summary-wall", "zh", WALL, "summary", False),
    ("county-desktop", "en", DESKTOP, COUNTY, False),
    ("county-phone-dark", "zh", PHONE, COUNTY, True),
    ("county-wall-dark", "zh", WALL, COUNTY, True),
    ("units-desktop", "zh", DESKTOP, "comparison", False),
    ("units-phone-dark", "en", PHONE, "comparison", True),
    ("matrix-desktop", "zh", DESKTOP, "figure-90", False),
    ("matrix-desktop-dark", "en", DESKTOP, "figure-90", True),
    ("map-phone", "zh", PHONE, "figure-91", False),
]
"""Name of the picture, language, size of the window, what stands at its top, dark."""

needs_browser = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine")


def with_matrix(city: ReportModel) -> ReportModel:
    """The sample city with one chapter more: matrix and map of units."""
    title = Text(zh="各单位一览", en="The units at a glance")
    charts = [sample_matrix().model_copy(update={"number": 90}), sample_map().model_copy(update={"number": 91})]
    chapter = Chapter(id="overall", heading=title, pieces=[Piece(chart=chart) for chart in charts])
    contents = [city.contents[0], ContentsLine(id="overall", title=title, level=1), *city.contents[1:]]
    return city.model_copy(update={"overall": chapter, "contents": contents})


def pictures(browser: Page, folder: Path, model: ReportModel) -> Iterator[tuple[str, Image.Image]]:
    """Every view of :data:`VIEWS` in half its size, and the first sheets that a printer gives."""
    for lang in ("zh", "en"):
        (folder / f"report.{lang}.html").write_text(web_page(model, TEMPLATES, lang), "utf-8")  # type: ignore[arg-type]
    for name, lang, (width, height), top, dark in VIEWS:
        browser.open(folder / f"report.{lang}.html", width, height, dark=dark, still=True)
        browser.ask(f"document.getElementById('{top}').scrollIntoView()")
        image = Image.open(io.BytesIO(browser.picture())).convert("RGB")
        yield name, image if width < 600 else image.reduce(2)
    browser.open(folder / "report.zh.html", *DESKTOP, dark=True)
    document = pypdfium2.PdfDocument(browser.printed("1-2"))
    try:
        for number, page in enumerate(document, start=1):
            yield f"print-{number}", page.render(scale=1).to_pil().convert("RGB")
    finally:
        document.close()


@needs_browser
def test_the_web_page_looks_as_approved(city: ReportModel, tmp_path: Path) -> None:
    seen, wrong = [], []
    with chromium() as browser:
        for name, image in pictures(browser, tmp_path, with_matrix(city)):
            seen.append(f"{name}.png")
            with Image.open(APPROVED / f"{name}.png") as approved:
                share = changed_share(image, approved.convert("RGB"))
            if share > SHARE:
                wrong.append(f"{name}: {share:.2%} changed")
    assert wrong == [], f"look, then renew: {__doc__}"
    assert sorted(seen) == sorted(path.name for path in APPROVED.glob("*.png"))


def test_a_moved_line_and_another_colour_are_seen() -> None:
    with Image.open(APPROVED / "summary-desktop.png") as image:
        page = image.convert("RGB")
    assert changed_share(page, page) == 0
    assert changed_share(page, ImageChops.offset(page, 0, 4)) > SHARE
    red, green, blue = page.split()
    assert changed_share(page, Image.merge("RGB", (green, red, blue))) > SHARE


if __name__ == "__main__":
    APPROVED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        for name, image in pictures(browser, Path(place), with_matrix(build_model(city_inputs()))):
            image.save(APPROVED / f"{name}.png", optimize=True)
