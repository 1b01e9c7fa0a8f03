"""How much of a picture is another one: for pages and screens held to approved pictures."""

from __future__ import annotations

from functools import reduce

from PIL import Image, ImageChops

PIXEL, SHARE = 60, 0.004
"""A pixel counts as changed from this difference of any colour (or of grey) on; so large a share of a picture may be."""


def changed_share(first: Image.Image, second: Image.Image) -> float:
    """Share of pixels that differ clearly in any colour; 1.0 where the sizes do."""
    if first.size != second.size:
        return 1.0
    most = reduce(ImageChops.lighter, ImageChops.difference(first, second).split())
    return sum(most.histogram()[PIXEL:]) / (first.width * first.height)
