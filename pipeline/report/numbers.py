"""How a number is printed: the one rounding function of the product and what is built on it.

Belongs here: rounding (GB/T 8170, half to even, once, from the exact fraction), grouping, signs, and the
rule that a printed figure never contradicts the comparison it illustrates. Does not belong here: words
around a figure (sentences.py) and deciding anything.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from babel.dates import format_date
from babel.numbers import format_decimal

MINUS = "\N{MINUS SIGN}"
MAX_PLACES = 6
"""No figure is printed with more decimals; beyond that only the note tells."""

_LOCALES = {"zh": "zh_CN", "en": "en_GB"}


class Shown(NamedTuple):
    """A printed figure: its text, its decimals, and whether decimals beyond the usual were needed."""

    text: str
    places: int
    widened: bool


def round_exact(value: Fraction, places: int) -> str:
    """Decimal text of ``value`` with exactly ``places`` decimals: half to even, from the exact fraction.

    The only rounding in the product (GB/T 8170 四舍六入五成双). ASCII digits; ``-`` for negative, no ``-0``.
    Raises ValueError for negative ``places``.
    """
    if places < 0:
        raise ValueError(f"places must not be negative: {places}")
    scaled = round(Fraction(value) * 10**places)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    whole, decimals = (digits[:-places], digits[-places:]) if places else (digits, "")
    return ("-" if scaled < 0 else "") + whole + ("." + decimals if places else "")


def rounded(value: Fraction, places: int) -> Fraction:
    """The number that :func:`round_exact` prints."""
    return Fraction(round_exact(value, places))


def _compare(a: Fraction, b: Fraction) -> int:
    return (a > b) - (a < b)


def places_to_tell(value: Fraction, reference: Fraction, places: int) -> int:
    """Fewest decimals, from ``places`` up to MAX_PLACES, at which printing keeps the order of the two.

    Both are thought of as printed with that many decimals: 97.996 against 98 needs three.
    """
    wanted = _compare(value, reference)
    for number in range(places, MAX_PLACES + 1):
        if _compare(rounded(value, number), rounded(reference, number)) == wanted:
            return number
    return MAX_PLACES


def places_to_see(value: Fraction, places: int) -> int:
    """Fewest decimals, from ``places``, at which a value other than 0 is not printed as 0."""
    return places_to_tell(value, Fraction(0), places)


def show_against_target(value: Fraction, target: Fraction, places: int) -> Shown:
    """Print ``value`` so that it does not contradict its comparison with ``target``.

    24499/25000 (97.996 %) against 98 is printed ``97.996``, not ``98.00``; ``widened`` then tells that the
    note "未修约值低于目标" belongs beside it. The target itself is printed as it was promised.
    """
    wanted = _compare(value, target)
    for number in range(places, MAX_PLACES + 1):
        if _compare(rounded(value, number), target) == wanted:
            return Shown(group(round_exact(value, number)), number, number > places)
    return Shown(group(round_exact(value, MAX_PLACES)), MAX_PLACES, True)


def wilson(hits: int, sampled: int, z_squared: Fraction) -> tuple[Fraction, Fraction]:
    """The ends of the Wilson interval of ``hits`` of ``sampled``, in per cent, exact to twelve decimals.

    Source: Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212: with p = hits / sampled,
    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Raises ValueError where nothing was sampled.
    """
    if sampled <= 0 or not 0 <= hits <= sampled:
        raise ValueError(f"{hits} of {sampled} is no sample")
    p, whole = Fraction(hits, sampled), 1 + z_squared / sampled
    centre = (p + z_squared / (2 * sampled)) / whole
    square = z_squared * (p * (1 - p) / sampled + z_squared / (4 * sampled**2)) / whole**2
    half = Fraction(isqrt(square.numerator * 10**24 // square.denominator), 10**12)
    return 100 * (centre - half), 100 * (centre + half)


def group(text: str) -> str:
    """Thousands grouping of a decimal text: ``"-12345.60"`` -> ``"−12,345.60"`` (true minus sign)."""
    _, _, decimals = text.partition(".")
    pattern = "#,##0" + ("." + "0" * len(decimals) if decimals else "")
    shown = format_decimal(Decimal(text), format=pattern, locale="en")
    return shown.replace("-", MINUS)


def format_persons(number: int) -> str:
    """Whole persons with thousands grouping: ``1400`` -> ``"1,400"``."""
    return group(str(int(number)))


def format_rate(value: Fraction, places: int = 2) -> str:
    """A percentage without its sign: ``"90.47"``."""
    return group(round_exact(value, places))


def format_points(value: Fraction, places: int = 2) -> str:
    """A difference with its sign: ``"+0.37"``, ``"−1.30"``, ``"0.00"`` only when it is exactly nothing."""
    shown = group(round_exact(value, places_to_see(value, places)))
    return "+" + shown if value > 0 else shown


def format_amount(value: Fraction, places: int = 2) -> str:
    """The size of a difference, without sign; never printed as 0 when there is one."""
    return group(round_exact(abs(value), places_to_see(value, places)))


def format_money(value: Fraction, places: int = 2) -> str:
    """Yuan with grouping: ``"17,803.60"``."""
    return group(round_exact(value, places))


MILLION = 10**6
HUNDRED_MILLION = 10**8
"""From so many yuan on an amount is told in larger units."""


def format_large(value: Fraction, lang: str) -> str:
    """An amount of a hundred million and more, to the million in both languages: 8,768,400,000 -> ``"87.68亿"`` or
    ``"8.768 billion"``, 198,000,000 -> ``"1.98亿"`` or ``"198 million"``."""
    millions = Fraction(round_exact(value / MILLION, 0))
    if lang == "zh":
        return group(round_exact(millions / 100, 2)) + "亿"
    if abs(millions) < 1000:
        return group(round_exact(millions, 0)) + " million"
    return group(round_exact(millions / 1000, 3)) + " billion"


def plain(value: Fraction) -> str:
    """The shortest exact decimal text, to MAX_PLACES: ``92`` -> ``"92"``, ``95.50`` -> ``"95.5"``."""
    return group(shortest(value))


def shortest(value: Fraction) -> str:
    """Like :func:`plain` but for machines: no grouping, ASCII minus."""
    return round_exact(value, MAX_PLACES).rstrip("0").rstrip(".")


def exact_places(value: Fraction, at_most: int) -> int:
    """Decimals needed to print ``value`` exactly, but no more than ``at_most``."""
    return next((n for n in range(at_most) if rounded(value, n) == value), at_most)


def format_day(iso: str, lang: str) -> str:
    """``"2025-03-06"`` -> ``"2025年3月6日"`` or ``"6 March 2025"``."""
    day = date.fromisoformat(iso)
    pattern = "yyyy年M月d日" if lang == "zh" else "d MMMM yyyy"
    return format_date(day, pattern, locale=_LOCALES[lang])
