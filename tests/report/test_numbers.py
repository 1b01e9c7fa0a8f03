"""Rounding and printing of figures: exact, half to even, never against the comparison."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.numbers import (
    MAX_PLACES,
    exact_places,
    format_amount,
    format_day,
    format_money,
    format_persons,
    format_points,
    format_rate,
    plain,
    round_exact,
    show_against_target,
)

fractions = st.fractions(min_value=-1_000_000, max_value=1_000_000, max_denominator=10**7)


@pytest.mark.parametrize(
    ("text", "places", "shown"),
    [
        ("91.25", 1, "91.2"), ("91.35", 1, "91.4"), ("91.45", 1, "91.4"), ("97.85", 1, "97.8"),
        ("0.5", 0, "0"),
        ("1.5", 0, "2"), ("-0.004", 2, "0.00"), ("-0.005", 2, "0.00"), ("-0.015", 2, "-0.02"),
        ("99.995", 2, "100.00"),
        ("2.675", 2, "2.68"), ("1E+3", 2, "1000.00"), ("7", 0, "7"),
    ],
)  # fmt: skip
def test_half_even_from_the_exact_fraction(text: str, places: int, shown: str) -> None:
    assert round_exact(Fraction(text), places) == shown


def test_rounding_refuses_negative_places() -> None:
    with pytest.raises(ValueError, match="-1"):
        round_exact(Fraction(1), -1)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6),
    st.integers(0, 6),
)
def test_rounding_agrees_with_decimal_half_even(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    assert Fraction(round_exact(Fraction(value), places)) == Fraction(expected)


@given(fractions, st.integers(0, 6))
def test_rounding_is_never_farther_than_half_a_unit(value: Fraction, places: int) -> None:
    assert abs(Fraction(round_exact(value, places)) - value) <= Fraction(1, 2 * 10**places)


def test_the_figure_that_would_contradict_gets_more_decimals() -> None:
    below = show_against_target(Fraction(100 * 24499, 25000), Fraction(98), 2)
    assert below == ("97.996", 3, True)
    assert show_against_target(Fraction(98), Fraction(98), 2) == ("98.00", 2, False)
    assert show_against_target(Fraction("98.0004"), Fraction(98), 2).text == "98.0004"
    assert show_against_target(Fraction("97.99"), Fraction(98), 1).text == "97.99"


@given(fractions, st.integers(0, 100_000).map(lambda n: Fraction(n, 100)), st.integers(1, 3))
def test_a_printed_figure_never_contradicts_its_comparison(
    value: Fraction, target: Fraction, places: int
) -> None:
    shown = show_against_target(value, target, places)
    printed = Fraction(shown.text.replace(",", "").replace("−", "-"))
    assert shown.widened == (shown.places > places)
    if shown.places < MAX_PLACES:
        assert (printed > target) == (value > target)
        assert (printed < target) == (value < target)


@given(fractions)
def test_a_difference_is_zero_in_print_only_when_it_is_zero(value: Fraction) -> None:
    shown = format_points(value)
    if abs(value) >= Fraction(1, 10**MAX_PLACES):
        assert (shown.strip("0.") == "") == (value == 0)
    assert shown.startswith("+") == (value > 0)


def test_printed_forms() -> None:
    assert format_persons(1_234_567) == "1,234,567"
    assert format_persons(-5) == "−5"
    assert format_rate(Fraction(9047, 100)) == "90.47"
    assert format_points(Fraction(-13, 10)) == "−1.30"
    assert format_points(Fraction(37, 100)) == "+0.37"
    assert format_points(Fraction(0)) == "0.00"
    assert format_points(Fraction(4, 1000)) == "+0.004"
    assert format_amount(Fraction(-4, 1000)) == "0.004"
    assert format_money(Fraction("17803.6")) == "17,803.60"
    assert plain(Fraction(92)) == "92"
    assert plain(Fraction("95.50")) == "95.5"
    assert plain(Fraction(100)) == "100"
    assert exact_places(Fraction("91.1"), 2) == 1
    assert exact_places(Fraction(1, 3), 2) == 2
    assert format_day("2025-03-06", "zh") == "2025年3月6日"
    assert format_day("2025-03-06", "en") == "6 March 2025"
