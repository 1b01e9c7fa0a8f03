"""The public edition: nothing about few children, nothing from which it could be worked out, no unit named as a problem."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import duckdb
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from pipeline.edition.hiding import SMALLEST, Cell, hidden_cells, small
from pipeline.edition.public import CHILDREN, EMPTY, hidden_of, public_view
from pipeline.plan.model import load_indicators
from pipeline.report.model import ReportModel, build_model
from pipeline.report.render import render_html
from pipeline.report.shapes import DotChart, MapTile, Status, Text, TileMap, said
from pipeline.report.unnamed import _Names, without_names
from pipeline.report.walk import charts
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import CITY, city_inputs
from tests.support.disclosure import counts_of, determined, given_away

WHOLE = "00"
COUNT = st.sampled_from([0, 0, 3, 9, 10, 40, 40, 700])


def row(unit: str, segment: str, period: int, numerator: int, denominator: int) -> dict:
    return {
        "indicator_id": "rate", "variant": "all", "segment": segment, "period": period, "area_code": unit,
        "numerator": numerator, "denominator": denominator,
    }  # fmt: skip


@st.composite
def returns(draw) -> list[dict]:
    """Units by segment and year, the segment ``all`` and the whole area as their sums; a second indicator whose
    denominators are the numerators of the first."""
    units = [f"{n:02d}" for n in range(1, draw(st.integers(2, 5)) + 1)]
    made = []
    for period in (2023, 2024):
        sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        for unit in units:
            for segment in ("primary", "junior"):
                numerator = draw(COUNT)
                for name, above, below in (("rate", numerator, numerator + draw(COUNT)), ("part", draw(COUNT), numerator)):
                    for key in ((unit, segment), (unit, "all"), (WHOLE, segment), (WHOLE, "all")):
                        sums[name, *key][0] += min(above, below)
                        sums[name, *key][1] += below
        made += [row(u, segment, period, *c) | {"indicator_id": name} for (name, u, segment), c in sums.items()]
    return made


def cell(r: dict) -> Cell:
    return Cell(r["indicator_id"], r["segment"], r["period"], r["area_code"])


def left(rows: list[dict], hidden: set[Cell]) -> list[dict]:
    return [r for r in rows if cell(r) not in hidden]


@settings(max_examples=300, deadline=None)
@given(returns())
def test_no_small_figure_is_shown_or_follows_from_all_that_is_shown_together(rows: list[dict]) -> None:
    """By linear algebra over every sum there is: of units, of segments, of those with and those without."""
    hidden = hidden_cells(rows, WHOLE)
    assert not [r for r in left(rows, hidden) if small(r)]
    assert given_away(counts_of(rows), counts_of(left(rows, hidden)), WHOLE, SMALLEST) == []


def city(periods: int = 12) -> list[dict]:
    """Five units in two segments over the years, every count ten or more, none equal to another."""
    made = []
    for period in range(2000, 2000 + periods):
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for n in range(1, 6):
            for m, segment in enumerate(("primary", "junior")):
                above = 100 * n + 1000 * m + 7 * (period - 2000)
                for key in ((f"{n:02d}", segment), (f"{n:02d}", "all"), (WHOLE, segment), (WHOLE, "all")):
                    sums[key][0] += above
                    sums[key][1] += above + 50 + n
        made += [row(u, segment, period, *c) for (u, segment), c in sums.items()]
    return made


def fewer(rows: list[dict], unit: str, segment: str, period: int, numerator: int) -> list[dict]:
    """``rows`` with one numerator changed, in the sums too."""
    (by,) = [r["numerator"] - numerator for r in rows if cell(r) == ("rate", segment, period, unit)]
    sums = {("rate", s, period, u) for s in (segment, "all") for u in (unit, WHOLE)}
    return [r | {"numerator": r["numerator"] - by} if cell(r) in sums else r for r in rows]


def test_only_the_cells_that_have_to_be_are_hidden() -> None:
    """Unit 03 has four of its juniors in one year: a second unit, and for both the other segment or the sum of the
    segments, so that neither a column nor a row of that year gives it away; 4 cells of 216, no other year."""
    assert hidden_cells(city(), WHOLE) == set()
    rows = fewer(city(), "03", "junior", 2005, 4)
    hidden = hidden_cells(rows, WHOLE)
    assert Cell("rate", "junior", 2005, "03") in hidden and {c.period for c in hidden} == {2005}
    assert len(hidden) == 4 and len({c.area_code for c in hidden}) == len({c.segment for c in hidden}) == 2
    assert WHOLE not in {c.area_code for c in hidden}
    for shown in hidden - {Cell("rate", "junior", 2005, "03")}:  # each of the others is needed
        told = given_away(counts_of(rows), counts_of(left(rows, hidden - {shown})), WHOLE, SMALLEST)
        assert ("rate", "all", "junior", 2005, "03", "numerator") in told


def test_the_partner_is_a_unit_of_which_something_is_hidden_anyway() -> None:
    """04 has too few in another year: it is hidden with 03, though 01 is smaller."""
    rows = [r for r in city() if r["segment"] == "all"]
    rows = fewer(fewer(rows, "03", "all", 2005, 4), "04", "all", 2009, 6)
    hidden = {(c.period, c.area_code) for c in hidden_cells(rows, WHOLE)}
    assert hidden == {(2005, "03"), (2005, "04"), (2009, "04"), (2009, "03")}
    alone = hidden_cells(fewer([r for r in city() if r["segment"] == "all"], "03", "all", 2005, 4), WHOLE)
    assert {c.area_code for c in alone} == {"01", "03"}


def test_a_count_that_stands_in_another_indicator_is_hidden_there_too() -> None:
    """The pupils that one rate divides are those that another one divides by."""
    rows = [r for r in fewer(city(), "03", "junior", 2005, 4) if r["segment"] == "junior"]
    other = [r | {"indicator_id": "part", "numerator": r["numerator"] // 3, "denominator": r["numerator"]} for r in rows]
    other = [r | {"numerator": 0} if small(r) else r for r in other]
    # 05 has three of something in another year, so that it and not 01 would go with 03 there
    by = next(r["numerator"] for r in other if (r["period"], r["area_code"]) == (2003, "05")) - 3
    other = [r | {"numerator": r["numerator"] - by} if r["period"] == 2003 and r["area_code"] in ("05", WHOLE) else r for r in other]
    hidden = hidden_cells([*rows, *other], WHOLE)
    assert {(c.indicator_id, c.area_code) for c in hidden} >= {("rate", "03"), ("part", "03")}
    assert given_away(counts_of([*rows, *other]), counts_of(left([*rows, *other], hidden)), WHOLE, SMALLEST) == []
    assert {c.period for c in hidden} == {2003, 2005}  # no other year


def test_where_nothing_else_helps_the_whole_is_hidden() -> None:
    alone = [row("01", "all", 2024, 4, 40), row(WHOLE, "all", 2024, 4, 40), row("01", "all", 2023, 40, 90), row(WHOLE, "all", 2023, 40, 90)]
    assert hidden_cells(alone, WHOLE) == {Cell("rate", "all", 2024, u) for u in ("01", WHOLE)}
    both = [row("01", "all", 2024, 4, 40), row("02", "all", 2024, 2, 80), row(WHOLE, "all", 2024, 6, 120)]
    assert {c.area_code for c in hidden_cells(both, WHOLE)} == {"01", "02", WHOLE}


def test_what_follows_from_two_sums_is_seen() -> None:
    """a + b = 34, b + c = 70 and c = 40 fix all of them; a + b = 34 alone fixes none."""
    one = {"a": Fraction(1), "b": Fraction(1)}, Fraction(34)
    two = {"b": Fraction(1), "c": Fraction(1)}, Fraction(70)
    assert determined([one]) == {} and determined([one, two]) == {}
    assert determined([one, two, ({"c": Fraction(2)}, Fraction(80))]) == {"a": 4, "b": 30, "c": 40}


def test_a_partner_that_is_shown_gives_the_small_figure_away() -> None:
    """4 of 40 in unit 01: hidden with 02 it is safe; with 02 shown, or told by another indicator, it is not."""
    units = {"01": (4, 40), "02": (100, 300), "03": (400, 700)}
    rows = [row(u, "all", 2024, n, d) for u, (n, d) in units.items()] + [row(WHOLE, "all", 2024, 504, 1040)]
    truth = counts_of(rows)
    small_one = ("rate", "all", "all", 2024, "01", "numerator")
    for away, told in (({"01", "02"}, []), ({"01"}, [small_one])):
        assert given_away(truth, counts_of(r for r in rows if r["area_code"] not in away), WHOLE, SMALLEST) == told
    # the same children under another name, for forty years so that it can be no chance
    many = [row(u, "all", year, n + year, d + 2 * year) for year in range(1, 60) for u, (n, d) in units.items()]
    again = [r | {"indicator_id": "other"} for r in [*rows, *many]]
    everything = [*rows, *many, *again]
    for told, away in (({"01", "02"}, True), ({"02"}, True), (set(), False)):
        shown = counts_of(
            r for r in everything
            if r["area_code"] not in {"01", "02"} or (r["indicator_id"] == "other" and r["area_code"] in told)
        )
        assert (small_one in given_away(counts_of(everything), shown, WHOLE, SMALLEST)) is away


@settings(max_examples=100, deadline=None)
@given(returns())
def test_nothing_is_hidden_where_nothing_is_small(rows: list[dict]) -> None:
    enough = [r | {"numerator": r["numerator"] * 10, "denominator": r["denominator"] * 10} for r in rows]
    assert hidden_cells(enough, WHOLE) == set()


def test_those_hidden_together_are_ten_or_more() -> None:
    """Unit 01 has 4 children and 02 has 3: together 7, so that a third one is needed."""
    units = {"01": (4, 40), "02": (3, 100), "03": (200, 300), "04": (900, 1000), "05": (600, 700)}
    rows = [row(u, "all", 2024, n, d) for u, (n, d) in units.items()]
    rows.append(row(WHOLE, "all", 2024, sum(n for n, _ in units.values()), sum(d for _, d in units.values())))
    assert {c.area_code for c in hidden_cells(rows, WHOLE)} == {"01", "02", "03"}


def test_a_small_figure_of_the_year_is_hidden_though_three_years_were_added_up_for_the_verdict() -> None:
    """4 of 40 this year, judged on 60 of 300: both stand in the open data, whichever comes first."""
    own, pooled = row("01", "all", 2024, 4, 40), row("01", "all", 2024, 60, 300)
    others = [row(u, "all", 2024, 500, 900) for u in ("02", "03")] + [row(WHOLE, "all", 2024, 1004, 1840)]
    for rows in ([own, pooled, *others], [pooled, own, *others]):
        assert {c.area_code for c in hidden_cells(rows, WHOLE)} == {"01", "02"}


def test_only_children_are_protected() -> None:
    """3 of 30 kindergartens are no children, though the indicator counts children by another method."""
    rows = [row("01", "all", 2024, 3, 30), row(WHOLE, "all", 2024, 300, 400)]
    assert hidden_of(rows, lambda *_: False, WHOLE) == set()
    assert {c.area_code for c in hidden_of(rows, lambda *_: True, WHOLE)} == {"01", WHOLE}
    by_kindergartens = [r | {"variant": "by_kindergartens", "segment": "of schools"} for r in rows]
    counted = hidden_of([*rows, *by_kindergartens], lambda _, variant: variant != "by_kindergartens", WHOLE)
    assert {c.segment for c in counted} == {"all"}
    known = load_indicators()["inclusive_coverage"]
    assert known.counted("by_children") in CHILDREN and known.counted("by_kindergartens") == "kindergartens"


VALUES = "indicator_id, variant, area_code, segment, period_kind, period, numerator, denominator, value_num, value_den, value_source"


@pytest.fixture
def warehouse():
    """Three units in five years; 01 has 4 children of 40 in 2021, and 30 and more in the others."""
    with duckdb.connect() as connection:
        for schema in ("progress", "core", "raw"):
            connection.execute(f"CREATE SCHEMA {schema}")
        counts = [
            (unit, period, 4 if (unit, period) == ("01", 2021) else n + period - 2020, d)
            for unit, n, d in (("01", 30, 60), ("02", 500, 900), ("03", 700, 1100))
            for period in range(2020, 2025)
        ]
        counts += [("00", p, sum(n for _, q, n, _ in counts if q == p), 2060) for p in range(2020, 2025)]
        source = " UNION ALL ".join(
            f"SELECT 'rate', 'all', '{u}', 'all', 'school_year', {p}, {n}, {d}, {100 * n}, {d}, 'computed'" for u, p, n, d in counts
        )
        connection.execute(f"CREATE TABLE progress.indicator_value AS SELECT *, NULL::VARCHAR AS basis, 'final' AS maturity FROM ({source}) AS t({VALUES})")
        figures = ", ".join(f"7 AS {name}" for name in FIGURES) + ", true AS assessed"
        flags = ", ".join(f"true AS {name}" for name in FLAGS)
        connection.execute(
            "CREATE TABLE progress.verdict AS SELECT commitment_id, kind, base_period, pooled, v.*, area_code = '00' AS is_total, "
            f"period = 2024 AS is_reported, 'behind' AS class, NULL::VARCHAR AS reason, 'likely' AS projection, {figures}, {flags} "
            "FROM progress.indicator_value AS v, (VALUES ('promise', 'level_by_year', 2021, false), ('cover', 'full_coverage', 2021, false), "
            "('count', 'count_by_year', 2020, false), ('three', 'floor', 2020, true)) AS c(commitment_id, kind, base_period, pooled)"
        )
        connection.execute(
            "CREATE TABLE progress.contribution AS SELECT commitment_id, area_code, gap_persons, 7 AS share_num, 21 AS share_den "
            "FROM progress.verdict WHERE NOT is_total AND is_reported"
        )
        connection.execute("CREATE TABLE progress.summary AS SELECT DISTINCT commitment_id, 21 AS gross_shortfall FROM progress.verdict")
        for name in EMPTY[1:]:
            connection.execute(f"CREATE TABLE {name} AS SELECT '01' AS area_code")
        connection.execute(
            "CREATE TABLE progress.decomposition AS SELECT commitment_id, area_code, segment, 2021 AS from_period, period AS to_period, "
            "5 AS change_num FROM progress.verdict WHERE is_reported"
        )
        connection.execute("CREATE TABLE core.exception AS SELECT 'rate' AS indicator_id, '一小' AS unit_name")
        connection.execute("CREATE TABLE raw.edition AS SELECT 2024 AS year")
        yield connection


FIGURES = (
    "gap_persons", "base_num", "base_den", "path_num", "previous_num", "published_previous_num", "observed_pace_num",
    "done_num",
)  # fmt: skip
FLAGS = ("hold_rule", "flag_met_but_fell")


def asked(warehouse, commitment: str, unit: str = "01") -> dict[int, str]:
    """What is left in each year's row of a verdict: v(alue), b(ase), p(revious), a(verage pace), w(indow), c(lass)."""
    rows = warehouse.execute(
        "SELECT period, numerator, base_num, previous_num, observed_pace_num, done_num, class, path_num, hold_rule, "
        "published_previous_num, flag_met_but_fell, projection, value_source, reason FROM progress.verdict "
        f"WHERE commitment_id = '{commitment}' AND area_code = '{unit}' ORDER BY period"
    ).fetchall()
    made = {}
    for period, value, base, previous, pace, done, judged, path, hold, before, fell, projection, source, reason in rows:
        assert (base is None) == (path is None) == (hold is None) and (previous is None) == (before is None) == (fell is None)
        assert (pace is None) == (projection is None)
        assert (value is None) == (source == "suppressed") and (judged == "no_judgement") == (reason == "suppressed")
        parts = zip("vbpaw", (value, base, previous, pace, done), strict=True)
        made[period] = "".join(x for x, part in parts if part is not None) + ("c" if judged == "behind" else "")
    return made


def test_a_hidden_cell_is_empty_wherever_it_stands(warehouse) -> None:
    """2021 is hidden: base year of two promises, year before of 2022, in the pace of 2022 to 2024, in three years
    added up to 2023. The units' other years stay."""
    before = {name: warehouse.execute(f"SELECT * FROM progress.{name} ORDER BY ALL").fetchall() for name in ("verdict", "summary")}
    with public_view(warehouse, lambda *_: True, "00"):
        assert asked(warehouse, "promise") == {2020: "vbpawc", 2021: "", 2022: "v", 2023: "vp", 2024: "vp"}
        assert asked(warehouse, "cover") == {2020: "vbpawc", 2021: "", 2022: "vc", 2023: "vpc", 2024: "vpc"}
        assert asked(warehouse, "count") == {2020: "vbpawc", 2021: "", 2022: "vb", 2023: "vbp", 2024: "vbp"}
        assert asked(warehouse, "three") == {2020: "vbpawc", 2021: "", 2022: "", 2023: "", 2024: "vbpc"}
        assert asked(warehouse, "promise", "02") == asked(warehouse, "promise")  # the partner
        assert set(asked(warehouse, "promise", "03").values()) == {"vbpawc"}
        sources = "SELECT area_code, period FROM progress.indicator_value WHERE value_source = 'suppressed' ORDER BY ALL"
        assert warehouse.execute(sources).fetchall() == [("01", 2021), ("02", 2021)]
        # reported year: nothing hidden but what three years added up; the whole's change since 2021 is told
        lost = "SELECT commitment_id, area_code FROM progress.contribution WHERE gap_persons IS NULL ORDER BY ALL"
        assert warehouse.execute(lost).fetchall() == []
        assert warehouse.execute("SELECT DISTINCT area_code FROM progress.decomposition").fetchall() == [("00",)]
        assert warehouse.execute("SELECT COUNT(*) FROM core.exception").fetchall() == [(0,)]
        assert warehouse.execute("SELECT year FROM raw.edition").fetchall() == [(2024,)]
    after = {name: warehouse.execute(f"SELECT * FROM progress.{name} ORDER BY ALL").fetchall() for name in before}
    assert after == before and warehouse.execute("SELECT COUNT(*) FROM core.exception").fetchall() == [(1,)]


def test_what_all_units_lack_is_not_told_where_it_tells_what_one_of_them_lacks(warehouse) -> None:
    """2024 hidden in 01 and 02; 02 lacks none: the sum over all units, less those shown, is what 01 lacks."""
    warehouse.execute("UPDATE progress.indicator_value SET numerator = 4 WHERE area_code = '01' AND period = 2024")
    warehouse.execute("UPDATE progress.verdict SET numerator = 4 WHERE area_code = '01' AND period = 2024")
    lost = "SELECT area_code FROM progress.contribution WHERE commitment_id = 'promise' AND gap_persons IS NULL ORDER BY ALL"
    sums = "SELECT gross_shortfall, share_den FROM progress.summary JOIN progress.contribution USING (commitment_id) WHERE area_code = '03' AND commitment_id = 'promise'"
    with public_view(warehouse, lambda *_: True, "00"):
        assert warehouse.execute(lost).fetchall() == [("01",), ("02",)]
        assert warehouse.execute(sums).fetchall() == [(21, 21)]
    for change, told in (
        ("gap_persons = 0 WHERE area_code = '02'", None),  # 01 alone
        ("gap_persons = 1 WHERE area_code = '02'", None),  # 7 + 1, fewer than ten together
        ("gap_persons = 3 WHERE area_code = '02'", 21),
        ("assessed = false WHERE area_code = '02'", None),  # 02 is not in the sum
    ):
        warehouse.execute(f"UPDATE progress.verdict SET {change}")
        with public_view(warehouse, lambda *_: True, "00"):
            assert warehouse.execute(sums).fetchall() == [(told, told)]


def test_what_counts_no_children_is_shown(warehouse) -> None:
    with public_view(warehouse, lambda *_: False, "00"):
        assert set(asked(warehouse, "promise").values()) == {"vbpawc"}


def test_sentences_count_units_instead_of_naming_them(city: ReportModel) -> None:
    names = [Text(zh="蔚县", en="Yu County"), Text(zh="阳原县", en="Yangyuan County"), Text(zh="桥东区", en="Qiaodong District")]
    problem = Text(
        zh="缺口最多的蔚县、阳原县分别为85.69%、85.97%;桥东区(2022年)也曾下降。",
        en="Most are missing in Yu County, Yangyuan County; earlier Qiaodong District (2022) fell.",
    )
    summary = city.summary.model_copy(update={"problems": [problem]})
    made = without_names(city.model_copy(update={"summary": summary}), names)
    assert made.summary.problems == [
        Text(
            zh="缺口最多的2个需重点关注的单位分别为85.69%、85.97%；1个需重点关注的单位（2022年）也曾下降。",
            en="Most are missing in 2 units that need attention; earlier 1 unit that needs attention (2022) fell.",
        )
    ]
    known = _Names([n.zh for n in names], [n.en for n in names])
    assert known(Text(zh="未达到的单位:蔚县、阳原县等5个。", en="Exceptions: Yu County, Yangyuan County and 3 more.")) == Text(
        zh="未达到的单位:5个需重点关注的单位。", en="Exceptions: 5 units that need attention."
    )
    # what is in brackets after the last is told where it is said of all of them, not where it is of the last alone
    assert known(Text(zh="曾下降的有:蔚县(2021年)、桥东区(2022年)。", en="Falls: Yu County (2021), Qiaodong District (2022).")) == Text(
        zh="曾下降的有:2个需重点关注的单位。", en="Falls: 2 units that need attention."
    )
    assert known(Text(zh="最多的县:蔚县、桥东区(13项)。", en="Most: Yu County, Qiaodong District (13).")).zh == (
        "最多的县:2个需重点关注的单位(13项)。".replace("(", "（").replace(")", "）").replace(":", "：")
    )
    many = Text(
        zh="不进反退的有蔚县(下降1.20点)、阳原县(下降1.30点)等25个。", en="Back: Yu County (down 1.20), Yangyuan County (down 1.30) and 23 more."
    )
    assert known(many) == Text(zh="不进反退的有25个需重点关注的单位。", en="Back: 25 units that need attention.")
    assert made.pages[0].unit_tables == city.pages[0].unit_tables and made.pages[0].name == city.pages[0].name


def test_a_public_report_says_so_on_its_cover_and_singles_out_no_unit_in_the_words_of_a_chart() -> None:
    inputs = city_inputs(audience="public")
    model = build_model(inputs)
    html = render_html(model, TEMPLATES)
    assert re.search(r'class="for-year">.*公开版', html) and "公开版" not in render_html(build_model(city_inputs()), TEMPLATES)
    dots = [c for c in charts(model) if isinstance(c, DotChart) and not c.bars]
    names = {a["short_name_zh"] for a in inputs.areas if a["area_code"] != CITY}
    assert dots and not [n for c in dots for n in names if n in c.description.zh]
    inside = [c for c in charts(build_model(city_inputs())) if isinstance(c, DotChart) and not c.bars]
    assert all("最低为" in c.description.zh and any(n in c.description.zh for n in names) for c in inside)


def test_text_alternatives_of_charts_count_units_instead_of_naming_them() -> None:
    """Two units, one behind: the drawing keeps them, what it says of itself counts them."""
    names = [Text(zh="蔚县", en="Yu County"), Text(zh="桥东区", en="Qiaodong District")]
    behind = Status(code="behind", word=Text(zh="明显滞后", en="behind"), shape="▼", tone="orange")
    early = Status(code="achieved_early", word=Text(zh="提前达标", en="achieved early"), shape="★", tone="dark_green")
    told = Text(zh="方位图:蔚县85.69(明显滞后)、桥东区93.28(提前达标)。", en="Map: Yu County 85.69 (behind), Qiaodong District 93.28.")
    tiles = [
        MapTile(name=name, row=0, column=n, label=label, status=status)
        for n, (name, label, status) in enumerate(zip(names, ("85.69", "93.28"), (behind, early), strict=True))
    ]
    chart = TileMap(number=1, title=Text(zh="方位图", en="Map"), unit="%", tiles=tiles, caption=told, description=told)
    known = _Names([n.zh for n in names], [n.en for n in names])
    made = known.in_chart(chart)
    assert made.description == Text(
        zh="方位图:提前达标 1、明显滞后 1;数值在85.69%与93.28%之间。",
        en="Map: achieved early 1, behind 1; values from 85.69% to 93.28%.",
    )
    assert made.tiles == chart.tiles
    silent = chart.model_copy(update={"description": Text(zh="全市92%。", en="92% of the city.")})
    assert known.in_chart(silent) == silent


def test_a_hidden_figure_has_no_trace_code_and_the_others_keep_theirs() -> None:
    """Yu County hidden, as the public sees the tables: no code in its rows; every other code is the internal one."""
    away = "130726"
    gone = {"numerator": None, "denominator": None, "value_num": None, "value_den": None, "value_source": "suppressed"}
    inputs = city_inputs(audience="public")
    verdicts = [v | gone | {"class": "no_judgement", "reason": "suppressed"} if v["area_code"] == away else v for v in inputs.verdicts]
    series = [s | gone if s["area_code"] == away else s for s in inputs.series]
    shown = _codes(build_model(replace(inputs, verdicts=verdicts, series=series)))
    inside = _codes(build_model(city_inputs()))
    hidden = {key for key in inside if key[1] == "蔚县"}
    assert hidden and all(inside[key] for key in hidden)
    assert {key: code for key, code in shown.items() if code} == {key: c for key, c in inside.items() if key not in hidden and c}


def _codes(model: ReportModel) -> dict[tuple[str, str], str]:
    """Trace code by (title of the table, first cell of the row), in the tables of units."""
    return {
        (table.title.zh, said(row.cells[0].words, "zh")): str(row.cells[-1].words)
        for page in model.pages
        for table in page.unit_tables
        if table.columns[-1].kind == "trace"
        for row in table.rows
    }
