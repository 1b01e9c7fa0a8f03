"""Pages of a PDF as pictures, and how much of a picture is another one: for what is held to approved pictures."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

DPI = 50

PIXEL, SHARE = 60, 0.004
"""A pixel counts as changed from this difference of any colour (or of grey) on; so large a share of a picture may be."""


def changed_share(first: Image.Image, second: Image.Image) -> float:
    """Share of pixels that differ clearly in any colour; 1.0 where the sizes do."""
    if first.size != second.size:
        return 1.0
    most = reduce(ImageChops.lighter, ImageChops.difference(first, second).split())
    return sum(most.histogram()[PIXEL:]) / (first.width * first.height)


def grey(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    """One page, counted from 0, in grey."""
    return document[number].render(scale=DPI / 72).to_pil().convert("L")


def place_of(document: pypdfium2.PdfDocument, heading: str) -> int:
    """The page, counted from 0, on which the first heading of the outline with these words in it begins."""
    return next(m.get_dest().get_index() for m in document.get_toc() if heading in "".join(m.get_title().split()))


def require_approved(name: str, image: Image.Image, folder: Path, renew: str) -> None:
    """Fails where the picture is not the approved one of that name; ``renew``: what is to be typed after looking."""
    with Image.open(folder / f"{name}.png") as approved:
        share = changed_share(image, approved.convert(image.mode))
    assert share <= SHARE, f"{name}: {share:.2%} of the page is changed; look, then renew: {renew}"
