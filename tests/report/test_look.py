"""How the pages look: the grid of the standard, the places of page numbers, and page images held to approved ones.

Summary (Chinese, English, public), a headline indicator, the units compared, a unit's page, the notice. Approved images
lie in ``tests/report/approved``; pages that only a real edition has are in tests/acceptance/test_city_look.py. After a wanted change look at the pages and renew them:

    python -m tests.report.test_look
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from pipeline.report.model import ReportModel, build_model
from pipeline.report.render import RenderResult, _set, _styles, render_notice, render_pdf
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import city_inputs
from tests.support.pictures import SHARE, changed_share, grey, place_of, require_approved

APPROVED = Path(__file__).parent / "approved"
MM = 72 / 25.4

NOTICE = {
    "mark_zh": "张教", "addressees_zh": "各县(区)教育局", "copies_zh": "市人民政府办公室",
    "printed_by_zh": "张家口市教育局办公室", "issued": {"2024": {"number": 12, "on": "2025-09-01"}},
}  # fmt: skip


WANTED = {
    "cover": 0, "summary": 2, "indicator": "学前教育毛入园率", "comparison": "县（区）比较", "unit": "蔚县",
}  # fmt: skip
"""Pages of the Chinese report that are compared: their place, or the heading that begins on them."""
RENEW = "python -m tests.report.test_look"


def page_images(report: Path, english: Path, public: Path, letter: Path) -> Iterator[tuple[str, Image.Image]]:
    """The wanted pages in grey, the sheet after ``indicator``, the English and the public summary, the notice."""
    document = pypdfium2.PdfDocument(report)
    try:
        for name, place in WANTED.items():
            number = place if isinstance(place, int) else place_of(document, place)
            yield name, grey(document, number)
            if name == "indicator":
                yield "indicator-2", grey(document, number + 1)
    finally:
        document.close()
    for name, path, number in (("summary-en", english, 2), ("summary-public", public, 2), ("notice", letter, 0)):
        document = pypdfium2.PdfDocument(path)
        try:
            yield name, grey(document, number)
        finally:
            document.close()


def set_letter(folder: Path) -> Path:
    result = render_notice(build_model(city_inputs(notice=NOTICE)), TEMPLATES, folder / "notice.pdf")
    assert result is not None
    return result.path


def set_public(folder: Path) -> Path:
    """The public report without the chapters between its summary and its annexes, which would cost a minute."""
    model = build_model(city_inputs(audience="public"))
    left_out = {chapter.id for chapter in model.chapters()} | {page.commitment_id for page in model.pages} | {"indicators", "promises"}
    short = model.model_copy(
        update={
            "contents": [line for line in model.contents if line.id not in left_out],
            "overall": None, "pages": [], "spending": None, "promises": None, "closing": [], "annexes": [], "leaves": [],
        }
    )  # fmt: skip
    return render_pdf(short, TEMPLATES, folder / "public.pdf").path


def test_pages_look_as_approved(city_pdf: RenderResult, city_english: RenderResult, tmp_path: Path) -> None:
    seen = []
    for name, image in page_images(city_pdf.path, city_english.path, set_public(tmp_path), set_letter(tmp_path)):
        require_approved(name, image, APPROVED, RENEW)
        seen.append(f"{name}.png")
    assert sorted(seen) == sorted(path.name for path in APPROVED.glob("*.png"))


def test_a_moved_line_is_seen() -> None:
    with Image.open(APPROVED / "summary.png") as image:
        page = image.convert("L")
    assert changed_share(page, page) == 0
    assert changed_share(page, ImageChops.offset(page, 0, 4)) > SHARE


@pytest.fixture(scope="module")
def sheet(city: ReportModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pypdfium2.PdfDocument]:
    """Nothing but text on the grid, 46 lines of 28 characters."""
    text = "中" * (28 * 46)
    _, pdf = _set(
        f'<html lang="zh-CN"><title>甲</title><style>{_styles(TEMPLATES, "style.css")}</style>'
        f'<p class="said" style="text-indent:0;widows:1;orphans:1">{text}</p></html>',
        city,
    )
    document = pypdfium2.PdfDocument(pdf)
    yield document
    document.close()


def lines_of(page: pypdfium2.PdfPage) -> dict[int, list[tuple[float, float]]]:
    """Height of each line of text (points from the foot, rounded) -> left and right of its characters."""
    textpage = page.get_textpage()
    lines: dict[int, list[tuple[float, float]]] = {}
    for n in range(textpage.count_chars()):
        if textpage.get_text_range(n, 1) == "中":
            left, low, right, high = textpage.get_charbox(n, loose=True)
            lines.setdefault(round((low + high) / 2), []).append((left, right))
    return lines


def test_a_page_of_text_has_22_lines_of_28_characters(sheet: pypdfium2.PdfDocument) -> None:
    for number, margin in ((0, 28), (1, 26)):
        lines = lines_of(sheet[number])
        assert [len(lines[y]) for y in sorted(lines)] == [28] * 22
        left = min(c[0] for line in lines.values() for c in line)
        right = max(c[1] for line in lines.values() for c in line)
        assert left == pytest.approx(margin * MM, abs=1)
        assert right - left == pytest.approx(156 * MM, abs=1.5)
        heights = sorted(lines)
        assert (heights[-1] - heights[0]) / 21 == pytest.approx(28.99, abs=0.06)
        # the type area: 37 mm from the top, 35 mm from the foot, each with half of the spare leading
        assert 297 * MM - heights[-1] == pytest.approx(37 * MM + 14.5, abs=2)
        assert heights[0] == pytest.approx(35 * MM + 14.5, abs=2)
    assert [len(line) for line in lines_of(sheet[2]).values()] == [28, 28]


def test_page_numbers_are_on_the_outer_side_seven_millimetres_under_the_text(sheet: pypdfium2.PdfDocument) -> None:
    for number, on_right in ((0, True), (1, False)):
        textpage = sheet[number].get_textpage()
        index, count = textpage.search(f"— {number + 1} —").get_next()
        boxes = [textpage.get_charbox(n) for n in range(index, index + count)]
        middle = (boxes[0][0] + boxes[-1][2]) / 2
        assert (middle > 105 * MM) is on_right
        edge = 210 * MM - boxes[-1][2] if on_right else boxes[0][0]
        assert edge == pytest.approx(26 * MM + 14, abs=3)
        top = max(box[3] for box in boxes)
        assert 35 * MM - top == pytest.approx(7 * MM + 2, abs=3)


def test_a_sheet_on_its_side_keeps_the_page_number_in_its_place_on_the_paper(city: ReportModel) -> None:
    """Turned back upright, its head to the left: number at the foot, right on odd pages, left on even ones."""
    _, pdf = _set(
        f'<html lang="zh-CN"><title>甲</title><style>{_styles(TEMPLATES, "style.css")}</style>'
        '<p>甲</p><div class="wide"><p>乙</p><p style="break-before:page">丙</p></div>',
        city,
    )
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in (1, 2):
            page = document[number]
            assert page.get_size() == pytest.approx((297 * MM, 210 * MM), abs=1)
            textpage = page.get_textpage()
            index, count = textpage.search(f"— {number + 1} —").get_next()
            boxes = [textpage.get_charbox(n) for n in range(index, index + count)]
            across = (min(b[0] for b in boxes) + max(b[2] for b in boxes)) / 2
            along = (min(b[1] for b in boxes) + max(b[3] for b in boxes)) / 2
            assert max(b[3] for b in boxes) - min(b[1] for b in boxes) > 40  # it reads from top to bottom
            assert 35 * MM - across == pytest.approx(9.5 * MM, abs=4)
            assert along < 60 * MM if number == 2 else along > 150 * MM
    finally:
        document.close()


if __name__ == "__main__":
    APPROVED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        model = build_model(city_inputs())
        report, english = (
            render_pdf(model, TEMPLATES, Path(place) / f"report.{lang}.pdf", lang).path for lang in ("zh", "en")
        )
        for name, image in page_images(report, english, set_public(Path(place)), set_letter(Path(place))):
            image.save(APPROVED / f"{name}.png", optimize=True)
