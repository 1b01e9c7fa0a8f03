"""Published figures: what is said to match does; what breaks basis is told as such, never computed.

The expectations are the published values in the CSV files beside this module, not our own output.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.report.numbers import round_exact
from tests.support.engine import CITY, LEVEL, NEVER, compute, judge, rows, value

HERE = Path(__file__).parent


def load(name):
    with (HERE / name).open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


CASES = load("golden_cases.csv")


def of_kind(*kinds):
    return [pytest.param(c, id=c["case_id"]) for c in CASES if c["kind"] in kinds]


def places(text):
    return len(text.partition(".")[2])


def published_counts(year, **counts):
    return [
        {"unit_code": CITY, "school_year": year, "measure": m, "count": int(n), "period": year, "source_title": "s"}
        for m, n in counts.items()
    ]


@pytest.mark.parametrize("case", of_kind("coverage_by_pupil", "coverage_by_school"))
def test_coverage(case):
    """The product's own SQL on the published counts gives the published rate, within the rounding of the inputs."""
    by_pupil = case["kind"] == "coverage_by_pupil"
    scaled = {
        k: Decimal(case[k]) * 10_000 for k in ("numerator_value", "denominator_value")
    }
    names = ("inclusive_kindergarten_children", "kindergarten_children")
    if not by_pupil:
        names = ("inclusive_kindergartens", "kindergartens")
    counts = dict(zip(names, scaled.values(), strict=True))
    year = int(case["year"])
    connection = compute({"published_counts": published_counts(year, **counts)}, [], edition={"year": year})
    (row,) = rows(
        connection,
        "SELECT * FROM indicator.inclusive_coverage WHERE variant = "
        f"'{'by_children' if by_pupil else 'by_kindergartens'}'",
    )
    got = Fraction(int(row["value_num"]), int(row["value_den"]))
    assert (row["numerator"], row["denominator"]) == tuple(int(v) for v in scaled.values())
    if case["matches"] == "True":
        assert Decimal(round_exact(got, 2)) == Decimal(case["published"])
    else:
        assert case["within_input_rounding"] == "True"
        assert_within_rounding(case)


def assert_within_rounding(case, change=False):
    """The published figure lies in the interval that the rounding of its inputs (+-0.005) allows."""
    n, d, shown = (Fraction(case[k]) for k in ("numerator_value", "denominator_value", "published"))
    half = Fraction(1, 200)
    slack = Fraction(1, 2 * 10 ** int(case["decimals"]))
    if change:
        low, high = n - d - 2 * half, n - d + 2 * half
    elif case["kind"].startswith("coverage"):
        low, high = 100 * (n - half) / (d + half), 100 * (n + half) / (d - half)
    else:
        low, high = 100 * ((n - half) / (d + half) - 1), 100 * ((n + half) / (d - half) - 1)
    assert low - slack <= shown <= high + slack


@pytest.mark.parametrize("case", of_kind("yoy_growth"))
def test_growth(case):
    growth = 100 * (Fraction(case["numerator_value"]) / Fraction(case["denominator_value"]) - 1)
    if case["matches"] == "True":
        assert Decimal(round_exact(growth, int(case["decimals"]))) == Decimal(case["published"])
    else:
        assert case["within_input_rounding"] == "True"
        assert_within_rounding(case)


@pytest.mark.parametrize("case", of_kind("yoy_change"))
def test_change(case):
    change = Fraction(case["numerator_value"]) - Fraction(case["denominator_value"])
    if case["matches"] == "True":
        assert Decimal(round_exact(change, int(case["decimals"]))) == Decimal(case["published"])
    else:
        assert case["within_input_rounding"] == "True"
        assert_within_rounding(case, change=True)


def spending_verdict(case, *, broken_basis, told=True):
    """The engine's verdict on a published pair of per-pupil amounts."""
    year = int(case["year"])
    money = {"indicator_id": "per_pupil_spending", "period_kind": "fiscal_year", "variant": "certified"}
    values = [
        value(y, int(Decimal(case[k]) * 1_000_000), None, **money, basis=basis)
        for y, k, basis in (
            (year - 1, "denominator_value", "old"),
            (year, "numerator_value", "new" if broken_basis else "old"),
        )
    ]
    certified = []
    if broken_basis and told:
        certified = [
            {
                "indicator_id": "per_pupil_spending",
                "area_code": CITY,
                "segment": "all",
                "period_kind": "fiscal_year",
                "period": year,
                "same_basis_change_micro": int(Decimal(case["published"]) * 1_000_000),
            }
        ]
    connection = judge(
        values, [NEVER | {"base_period": year - 1, "reported_period": year}], certified=certified
    )
    (row,) = rows(connection, "SELECT * FROM progress.verdict WHERE is_reported")
    return row


@pytest.mark.parametrize(
    "case", [p for p in of_kind("yoy_growth") if p.values[0]["numerator"].startswith("per_pupil_gpb")]
)
def test_spending_pairs_on_one_basis(case):
    row = spending_verdict(case, broken_basis=False)
    assert row["class"] == ("kept" if Decimal(case["published"]) > 0 else "broken")
    assert not row["flag_basis_break"]


@pytest.mark.parametrize("case", of_kind("yoy_growth_basis_break"))
def test_basis_breaks_are_told_not_computed(case):
    assert case["matches"] == "False"
    row = spending_verdict(case, broken_basis=True)
    assert row["flag_basis_break"] and row["previous_num"] is None
    assert row["class"] == ("kept" if Decimal(case["published"]) > 0 else "broken")
    untold = spending_verdict(case, broken_basis=True, told=False)
    assert (untold["class"], untold["reason"]) == ("no_judgement", "basis_break")


@pytest.mark.parametrize("case", of_kind("retention_naive_cohort"))
def test_naive_retention_never_passes_for_the_official_rate(case):
    """Yearbook totals do not give the official rate: the certified value decides, the ratio stands beside it."""
    assert case["matches"] == "False"
    year = int(case["year"])
    certified = value(
        year, int(Decimal(case["published"]) * 1_000_000), None, indicator_id="compulsory_retention", basis="公布值"
    )
    naive = value(
        year,
        int(Decimal(case["numerator_value"]) * 10_000),
        int(Decimal(case["denominator_value"]) * 10_000),
        indicator_id="compulsory_retention",
        variant="graduates_over_entrants",
        basis="本产品计算",
    )
    commitment = LEVEL | {
        "indicator_id": "compulsory_retention",
        "variant": "graduates_over_entrants",
        "reported_period": year,
        "base_period": year - 1,
        "due_period": year + 2,
        "target_micro": 98_000_000,
    }
    (row,) = rows(judge([certified, naive], [commitment]), "SELECT * FROM progress.verdict WHERE is_reported")
    assert row["value_source"] == "certified"
    assert round_exact(Fraction(int(row["value_num"]), int(row["value_den"])), 1) == case["published"]
    computed = Fraction(100 * int(naive["numerator"]), int(naive["denominator"]))
    assert Decimal(round_exact(computed, 4)) == Decimal(case["computed"])
    assert round_exact(computed, 1) != case["published"]
    (alone,) = rows(
        judge([naive, certified | {"period": year - 1}], [commitment]),
        "SELECT * FROM progress.verdict WHERE is_reported",
    )
    assert (alone["class"], alone["reason"]) == ("no_judgement", "basis_break")


def test_implied_denominator():
    (case,) = [c for c in CASES if c["kind"] == "implied_denominator"]
    implied = Fraction(case["numerator_value"]) * 10_000 / Fraction(case["denominator_value"])
    assert Decimal(round_exact(implied, 1)) == Decimal(case["computed"])


def test_every_case_kind_is_covered():
    covered = {
        "coverage_by_pupil",
        "coverage_by_school",
        "yoy_growth",
        "yoy_growth_basis_break",
        "yoy_change",
        "retention_naive_cohort",
        "implied_denominator",
    }
    assert {c["kind"] for c in CASES} == covered and len(CASES) == 90


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=f"{c['year']}-{n}") for n, c in enumerate(load("golden_additive_cases.csv"))]
)
def test_additive_identities(case):
    """Sums that are published as holding hold within the rounding of their two parts; the others do not."""
    difference = abs(Fraction(case["published_total"]) - Fraction(case["sum_of_parts"]))
    allowed = Fraction(30) if case["unit"] == "person" else Fraction(15, 1000)
    assert (difference <= allowed) == (case["holds"] == "True")


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=c["measure"]) for c in load("shanxi_2018_golden.csv") if c["matches"] == "True"]
)
def test_shanxi(case):
    """A provincial bulletin in exact persons."""
    if case["published_change"]:
        now, change = Fraction(case["value_2018"]), Fraction(case["published_change"])
        assert now - change == Fraction(case["value_2017_implied"])
        growth = 100 * change / (now - change)
        assert Decimal(round_exact(growth, 2)) == Decimal(case["published_growth_pct"])
        return
    counts = {c["measure"]: int(float(c["value_2018"])) for c in load("shanxi_2018_golden.csv") if c["published_change"]}
    by_child = case["measure"] == "普惠性在园幼儿占比"
    names = ("inclusive_kindergarten_children", "kindergarten_children") if by_child else (
        "inclusive_kindergartens",
        "kindergartens",
    )
    pair = ("普惠性幼儿园在园(班)幼儿", "在园(班)幼儿") if by_child else ("普惠性幼儿园", "幼儿园")
    connection = compute(
        {"published_counts": published_counts(2018, **{n: counts[p] for n, p in zip(names, pair, strict=True)})},
        [],
        edition={"year": 2018},
    )
    variant = "by_children" if by_child else "by_kindergartens"
    (row,) = rows(connection, f"SELECT * FROM indicator.inclusive_coverage WHERE variant = '{variant}'")
    got = Fraction(int(row["value_num"]), int(row["value_den"]))
    assert Decimal(round_exact(got, 2)) == Decimal(case["value_2018"])


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=f"{c['area_name']}-{c['measure']}") for c in load("county_spending_golden.csv")],
)
def test_county_spending(case):
    """Two real county notices: nine of sixteen amounts fell, by up to 63 percent; each fall is called one."""
    now, before = Fraction(case["value"]), Fraction(case["value_previous_year"])
    growth = Decimal(round_exact(100 * (now / before - 1), 2))
    assert (growth == Decimal(case["published_growth_pct"])) == (case["matches"] == "True")
    row = spending_verdict(
        {"year": case["year"], "numerator_value": case["value"], "denominator_value": case["value_previous_year"]},
        broken_basis=False,
    )
    assert row["class"] == ("broken" if case["fell"] == "True" else "kept")
