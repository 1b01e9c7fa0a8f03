"""A total that the city hands in beside its parts is held against them (C14) and never added to them."""

from __future__ import annotations

from tests.support.engine import CITY, LEVEL, area, compute, rows

A, B = "990101", "990102"


def finance(unit, yuan, item="教育支出", basis="决算"):
    return {"unit_code": unit, "fiscal_year": 2023, "item": item, "basis": basis, "amount_yuan": yuan, "unit_in": "元",
            "period": 2023}  # fmt: skip


def of_the_city(indicator, *received):
    """Numerator and denominator of the whole area in 2023."""
    connection = compute(
        {"county_finance": list(received)}, [area(A, order=1), area(B, order=2)], [LEVEL | {"indicator_id": indicator}]
    )
    found = rows(
        connection,
        f"SELECT numerator, denominator FROM indicator.{indicator} WHERE area_code = '{CITY}' AND period = 2023",
    )
    return [(r["numerator"], r["denominator"]) for r in found]


def test_the_total_of_education_spending_is_not_counted_beside_the_units():
    parts = [finance(A, 100), finance(B, 250)]
    assert of_the_city("education_spending_total", *parts) == [(350, None)]
    assert of_the_city("education_spending_total", *parts, finance(CITY, 350)) == [(350, None)]


def test_nor_are_those_of_bonds_and_of_the_funds_for_the_elderly():
    bonds = [finance(A, 100, "政府债券支持高校"), finance(CITY, 100, "政府债券支持高校")]
    assert of_the_city("university_bonds", *bonds) == [(100, None)]
    funds = [
        finance(unit, yuan, "老年教育专项", basis)
        for unit in (A, CITY)
        for yuan, basis in ((90, "决算"), (120, "预算"))
    ]
    assert of_the_city("elderly_education_funds", *funds) == [(90, 120)]
