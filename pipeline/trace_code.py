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
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 after Crockford: no I, L, O, U, which are taken for 1, 1, 0, V."""

SHORTEST = 6
LONGEST = 26
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
    text = "\n".join([programme, *map(str, figure)])
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") >> (256 - 5 * LONGEST)
    return "".join(ALPHABET[bits >> (5 * place) & 31] for place in reversed(range(LONGEST)))


def codes_of(programme: str, figures: Iterable[Figure]) -> dict[Figure, str]:
    """The code of every figure of an edition: six characters and the last two digits of the year.

    Where two figures of years with the same last digits begin alike, both get as many characters as tell them apart.
    """
    by_suffix: dict[str, list[tuple[str, Figure]]] = defaultdict(list)
    for figure in set(figures):
        by_suffix[f"{figure.period % 100:02}"].append((whole_code(programme, figure), figure))
    made = {}
    for suffix, own in by_suffix.items():
        own.sort()
        shared = [0, *(_common(a, b) for (a, _), (b, _) in pairwise(own)), 0]
        for number, (whole, figure) in enumerate(own):
            length = max(SHORTEST, shared[number] + 1, shared[number + 1] + 1)
            made[figure] = f"{whole[:length]}-{suffix}"
    return made


def _common(first: str, second: str) -> int:
    """How many characters two codes begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(first, second, strict=True)) if a != b), LONGEST)


def tidy(text: str) -> str:
    """What was typed, in the alphabet of codes: full-width, lower case, other dashes, O, I and L are understood."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip().upper())
    return plain.translate(str.maketrans("OIL", "011"))


def parts_of(text: str) -> tuple[str, str] | None:
    """(beginning of the whole code, last two digits of the year) of a code; None where it has not its form."""
    found = _FORM.fullmatch(tidy(text))
    return (found[1], found[2]) if found else None
