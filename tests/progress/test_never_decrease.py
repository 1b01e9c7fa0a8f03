"""The verdicts of never_decrease: one basis, every level, no cure for a fall."""

from __future__ import annotations

import pytest

from tests.support.engine import CITY, NEVER, area, judge, rows, value


def money(period, yuan_micro, **more):
    return value(
        period, yuan_micro, None, indicator_id="per_pupil_spending", period_kind="fiscal_year", variant="certified"
    ) | more


def release(period, previous=None, change=None, segment="all"):
    return {
        "indicator_id": "per_pupil_spending",
        "area_code": CITY,
        "segment": segment,
        "period_kind": "fiscal_year",
        "period": period,
        "same_basis_previous_micro": previous,
        "same_basis_change_micro": change,
    }


def verdicts(values, certified=(), **commitment):
    connection = judge(values, [NEVER | commitment], certified=certified)
    return {
        (r["segment"], r["period"]): r
        for r in rows(connection, "SELECT * FROM progress.verdict WHERE kind = 'never_decrease'")
    }, rows(connection, "SELECT * FROM progress.summary")[0]


def test_equality_passes_as_unchanged_and_one_cent_less_is_broken():
    got, summary = verdicts(
        [money(2020, 100_000_000), money(2021, 100_000_000), money(2022, 100_010_000), money(2023, 100_000_000)]
    )
    assert [got["all", y]["class"] for y in (2020, 2021, 2022, 2023)] == [None, "unchanged", "kept", "broken"]
    assert summary["class"] == "broken" and summary["units_broken"] == 1


def test_a_fall_is_not_cured_by_a_later_rise():
    got, summary = verdicts([money(2020 + n, v) for n, v in enumerate((5, 4, 6, 7))])
    assert [got["all", y]["falls_since_base"] for y in (2021, 2022, 2023)] == [1, 1, 1]
    assert got["all", 2023]["class"] == "kept" and summary["class"] == "kept"


def test_published_pair_that_breaks_basis_follows_the_same_basis_figure():
    """Junior secondary, nation: 17,803.60 (2020) -> 17,772.06 (2021) as printed, +1.74 % on the same basis."""
    values = [
        money(2020, 17_803_600_000, segment="junior", basis="to 2020"),
        money(2021, 17_772_060_000, segment="junior", basis="from 2021"),
    ]
    got, _ = verdicts(values, [release(2021, change=1_740_000, segment="junior")], reported_period=2021)
    row = got["junior", 2021]
    assert row["class"] == "kept" and row["flag_basis_break"] and row["same_basis"]
    assert row["previous_num"] is None
    assert int(row["published_previous_num"]) == 17_803_600_000
    assert row["published_change_micro"] == 1_740_000


@pytest.mark.parametrize(("change", "expected"), [(0, "unchanged"), (1, "kept"), (-1, "broken")])
def test_published_growth_of_exactly_nothing_is_unchanged(change, expected):
    values = [money(2022, 100_000_000, basis="old"), money(2023, 1_000_000)]
    got, summary = verdicts(values, [release(2023, change=change)])
    assert (got["all", 2023]["class"], summary["class"]) == (expected, expected)


def test_the_base_year_itself_is_not_judged():
    got, summary = verdicts([money(2019, 200_000_000), money(2020, 100_000_000)], reported_period=2020)
    assert (got["all", 2020]["class"], got["all", 2020]["falls_since_base"]) == ("no_judgement", 0)
    assert (summary["class"], summary["reason"]) == ("no_judgement", "base_year")


def test_without_a_same_basis_figure_nothing_is_computed_across_the_break():
    values = [money(2022, 2_000_000, basis="old"), money(2023, 1_000_000, basis="new")]
    got, summary = verdicts(values)
    assert (got["all", 2023]["class"], got["all", 2023]["reason"]) == ("no_judgement", "basis_break")
    assert not got["all", 2023]["same_basis"]
    assert summary["class"] == "no_judgement"


def test_the_release_s_own_previous_value_goes_before_the_last_release():
    """Restated 2022 value 90 in the 2023 release; 100 was printed a year before: 95 is a rise."""
    values = [money(2022, 100_000_000), money(2023, 95_000_000)]
    got, _ = verdicts(values, [release(2023, previous=90_000_000)])
    assert got["all", 2023]["class"] == "kept"
    assert int(got["all", 2023]["published_previous_num"]) == 100_000_000


@pytest.mark.parametrize(
    ("now", "change", "expected", "previous"),
    [
        # 100 was printed a year before and has been restated since: the growth says so, whichever way it goes
        (99_000_000, 500_000, "kept", None),
        (101_000_000, -500_000, "broken", None),
        (99_000_000, 0, "unchanged", None),
        (103_000_000, 5_000_000, "kept", None),
        # the same two amounts: growth is printed with two decimals, or with one
        (103_333_333, 3_330_000, "kept", 100_000_000),
        (103_333_333, 3_300_000, "kept", 100_000_000),
        (99_999_999, 0, "broken", 100_000_000),
    ],
)
def test_the_release_s_own_growth_goes_before_the_last_release(now, change, expected, previous):
    got, _ = verdicts([money(2022, 100_000_000), money(2023, now)], [release(2023, change=change)])
    row = got["all", 2023]
    assert (row["class"], row["previous_num"]) == (expected, previous)
    assert int(row["published_previous_num"]) == 100_000_000 and not row["flag_basis_break"]


def test_every_budget_level_binds():
    """The total rises, one county falls: both are shown and the commitment is broken."""
    county = area("990101")
    computed = {"variant": "computed", "value_source": "computed"}
    values = []
    for code, then, now in ((CITY, 10, 11), ("990101", 10, 9)):
        for period, amount in ((2022, then), (2023, now)):
            values.append(money(period, amount * 1_000_000, area_code=code, **computed))
    connection = judge(
        values, [NEVER | {"variant": "computed", "series": "budget_levels"}], areas=[county]
    )
    got = {r["area_code"]: r["class"] for r in rows(connection, "SELECT * FROM progress.verdict WHERE is_reported")}
    assert got == {CITY: "kept", "990101": "broken"}
    (summary,) = rows(connection, "SELECT * FROM progress.summary")
    assert (summary["class"], summary["units_broken"], summary["units_tested"]) == ("broken", 1, 2)


def test_a_level_without_figures_is_named_not_passed_over():
    computed = {"variant": "computed", "value_source": "computed"}
    values = [money(y, y * 1_000_000, **computed) for y in (2020, 2021, 2022, 2023)]
    connection = judge(
        values, [NEVER | {"variant": "computed", "series": "budget_levels"}], areas=[area("990101")]
    )
    missing = rows(connection, "SELECT class, reason FROM progress.verdict WHERE area_code = '990101'")
    assert missing == [{"class": "no_judgement", "reason": "no_value"}]
    assert rows(connection, "SELECT class FROM progress.summary") == [{"class": "no_judgement"}]


def test_a_unit_without_the_stage_is_not_asked_and_one_that_did_not_file_is():
    """Two counties without a value: 990101 pays for no such stage, 990102 filed nothing."""
    computed = {"variant": "computed", "value_source": "computed"}
    own = NEVER | {"variant": "computed", "series": "budget_levels"}
    values = [money(y, y * 1_000_000, **computed) for y in (2020, 2021, 2022, 2023)]
    gone = {"indicator_id": "per_pupil_spending", "area_code": "990101", "period_kind": "fiscal_year", "period": 2023,
            "reason": "no_such_stage"}  # fmt: skip
    one = judge(values, [own], areas=[area("990101")], absent=[gone])
    assert rows(one, "SELECT class, reason FROM progress.verdict WHERE area_code = '990101'") == [
        {"class": "no_judgement", "reason": "no_such_stage"}
    ]
    assert rows(one, "SELECT class, reason, units_tested FROM progress.summary") == [
        {"class": "kept", "reason": None, "units_tested": 1}
    ]
    two = judge(values, [own], areas=[area("990101"), area("990102", order=2)], absent=[gone])
    assert rows(two, "SELECT class, reason FROM progress.summary") == [{"class": "no_judgement", "reason": "no_value"}]


def test_preliminary_accounts_decide_nothing_and_count_no_fall():
    values = [money(2021, 5_000_000), money(2022, 4_000_000, maturity="preliminary"), money(2023, 6_000_000)]
    got, summary = verdicts([money(2020, 5_000_000), *values])
    assert (got["all", 2022]["class"], got["all", 2022]["reason"]) == ("no_judgement", "preliminary")
    assert got["all", 2022]["flag_preliminary"] and got["all", 2023]["falls_since_base"] == 0
    # 2023 is compared with it: no verdict before 2022 is final
    assert (summary["class"], summary["reason"]) == ("no_judgement", "preliminary")


@pytest.mark.parametrize(
    ("base", "before", "now", "rise_by", "expected", "reason"),
    [
        (100, 100, 100, 2023, "broken", "not_raised"),  # never fell, yet no higher than in 2020
        (100, 100, 101, 2023, "kept", None),
        (100, 101, 101, 2023, "unchanged", None),  # higher than in 2020 since last year
        (100, 100, 100, 2024, "unchanged", None),  # not yet asked
        (100, 100, 100, None, "unchanged", None),
        (100, 90, 95, 2023, "broken", "not_raised"),  # rose, still under 2020
        (100, 90, 80, 2023, "broken", None),  # fell: that is the reason
    ],
)
def test_higher_than_the_base_year_when_it_has_to_be(base, before, now, rise_by, expected, reason):
    values = [money(y, v * 1_000_000) for y, v in ((2020, base), (2022, before), (2023, now))]
    got, summary = verdicts(values, rise_by=rise_by)
    assert (got["all", 2023]["class"], got["all", 2023]["reason"]) == (expected, reason)
    assert (summary["class"], summary["reason"]) == (expected, reason)


def test_higher_than_the_base_year_cannot_be_said_across_a_break():
    values = [money(2020, 100_000_000, basis="old"), money(2022, 40_000_000), money(2023, 50_000_000)]
    got, _ = verdicts(values, rise_by=2023)
    assert got["all", 2023]["class"] == "kept"
