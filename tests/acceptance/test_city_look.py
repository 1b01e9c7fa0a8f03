"""How pages look that only a real edition has: every commitment, units by commitments, a unit, a body, what is advised.

Approved pictures lie in ``tests/acceptance/approved``. After a wanted change make the city's report, look at it and
renew them:

    python -m tests.acceptance.test_city_look editions/zhangjiakou/2024/r1/report.zh.pdf
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from tests.conftest import Copy
from tests.support.pictures import grey, place_of, require_approved

APPROVED = Path(__file__).parent / "approved"
REPORT = "editions/zhangjiakou/2024/r1/report.zh.pdf"
RENEW = f"python -m tests.acceptance.test_city_look {REPORT}"
WANTED = {
    "commitments": ("全部承诺事项结论一览", 0), "matrix": ("县（区）比较", 1), "unit": ("蔚县", 0), "body": ("市财政局", 0),
    "advice": ("分单位的建议", 0),
}  # fmt: skip
"""Pages compared: the heading that begins there, and how many sheets later."""


def page_images(report: Path) -> Iterator[tuple[str, Image.Image]]:
    document = pypdfium2.PdfDocument(report)
    try:
        for name, (heading, later) in WANTED.items():
            yield name, grey(document, place_of(document, heading) + later)
    finally:
        document.close()


def test_pages_of_the_city_look_as_approved(installation: Copy) -> None:
    for name, image in page_images(installation.root / REPORT):
        require_approved(name, image, APPROVED, RENEW)


if __name__ == "__main__":
    APPROVED.mkdir(exist_ok=True)
    for name, image in page_images(Path(sys.argv[1])):
        image.save(APPROVED / f"{name}.png", optimize=True)
