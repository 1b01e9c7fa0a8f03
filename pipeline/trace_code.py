"""Trace codes: the short name of one figure, such as ``4F7K2M-24``, printed beside it and understood by ``jiance trace``.

Belongs here: making codes and reading what people type. Does not belong here: finding the figure that a code names
(proof/coded.py), where it is printed (report/).

A code is made of what the figure is (programme, indicator, method, unit, segment, year), never of its value, so the
same figure has the same code in every edition, and a code tells nothing that is not printed beside it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 after Crockford: no I, L, O, U, which are taken for 1, 1, 0, V."""

SHORTEST = 6
LONGEST = 26
_BITS, _HELD = 5 * LONGEST, 64
_NONE: array[int] = array("Q")
EXAMPLE = "4F7K2M-24"
_FORM = re.compile(rf"([{ALPHABET}]{{{SHORTEST},{LONGEST}}})-?(\d\d)")
_DASHES = re.compile(r"[‐-―− ]+")


class Figure(NamedTuple):
    """What a figure is: its place in ``progress.indicator_value``."""

    indicator_id: str
    variant: str
    area_code: str
    segment: str
    period: int


def figure_of(row: Mapping[str, Any]) -> Figure:
    """The figure of a row with these columns; the period may be text."""
    return Figure(row["indicator_id"], row["variant"], row["area_code"], row["segment"], int(row["period"]))


def whole_code(programme: str, figure: Figure) -> str:
    """All 26 characters of a figure's code: the first 130 bits of the sha256 of its parts, a line each."""
    return _text(_bits(programme, figure))


def _bits(programme: str, figure: Figure) -> int:
    text = "\n".join([programme, *map(str, figure)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") >> (256 - _BITS)


def _text(bits: int) -> str:
    return "".join(ALPHABET[bits >> (5 * place) & 31] for place in reversed(range(LONGEST)))


class Codes:
    """The codes of all figures of an edition: six characters and the last two digits of the year.

    Where two figures of years with the same last digits begin alike, both get as many characters as tell them apart. Held of
    a figure are the 64 bits that its code begins with, eight bytes: an edition of thousands of units has millions of figures.
    (That two of a million begin with the same 64 bits is to be expected once in 36 million editions.)

    ``figures``: every figure of the edition, each as often as it comes, in any order.
    """

    def __init__(self, programme: str, figures: Iterable[Figure]) -> None:
        self._programme = programme
        self._beginnings: dict[int, array[int]] = {}
        own: dict[int, array[int]] = defaultdict(lambda: array("Q"))
        for figure in figures:
            own[figure.period % 100].append(_bits(programme, figure) >> (_BITS - _HELD))
        for suffix in list(own):
            self._beginnings[suffix] = array("Q", sorted(set(own.pop(suffix))))

    def of(self, figure: Figure) -> str:
        """The code of a figure; empty where the edition has no such figure."""
        suffix, bits = figure.period % 100, _bits(self._programme, figure)
        held, own = self._beginnings.get(suffix, _NONE), bits >> (_BITS - _HELD)
        place = bisect_left(held, own)
        if place == len(held) or held[place] != own:
            return ""
        beside = [held[n] for n in (place - 1, place + 1) if 0 <= n < len(held)]
        length = max([SHORTEST, *(_alike(own, other) + 1 for other in beside)])
        return f"{_text(bits)[:length]}-{suffix:02}"


def _alike(one: int, other: int) -> int:
    """How many characters two codes begin with alike, as far as :class:`Codes` holds them."""
    return (_HELD - (one ^ other).bit_length()) // 5


def tidy(text: str) -> str:
    """What was typed, in the alphabet of codes: full-width, lower case, other dashes, O, I and L are understood."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip().upper())
    return plain.translate(str.maketrans("OIL", "011"))


def parts_of(text: str) -> tuple[str, str] | None:
    """(beginning of the whole code, last two digits of the year) of a code; None where it has not its form."""
    found = _FORM.fullmatch(tidy(text))
    return (found[1], found[2]) if found else None
