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

from pipeline.edition.public import EMPTY, SMALLEST, hidden_pairs, hidden_units, public_view, small
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
    """Units by segment and year, the segment ``all`` and the whole area as their sums."""
    units = [f"{n:02d}" for n in range(1, draw(st.integers(2, 5)) + 1)]
    made = []
    for period in (2024,):
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for unit in units:
            for segment in ("primary", "junior"):
                numerator = draw(COUNT)
                denominator = numerator + draw(COUNT)
                for key in ((unit, segment), (unit, "all"), (WHOLE, segment), (WHOLE, "all")):
                    sums[key][0] += numerator
                    sums[key][1] += denominator
        made += [row(unit, segment, period, *counts) for (unit, segment), counts in sums.items()]
    return made


def figures(rows: list[dict]) -> list[dict]:
    """Each row with the children left over, which a reader can work out."""
    return [r | {"rest": r["denominator"] - r["numerator"]} for r in rows]


@settings(max_examples=400, deadline=None)
@given(returns())
def test_no_small_figure_is_shown_or_can_be_worked_out(rows: list[dict]) -> None:
    hidden = hidden_units(rows, WHOLE)
    assert not [r for r in rows if r["area_code"] not in hidden and small(r)]
    if WHOLE in hidden:
        assert {r["area_code"] for r in rows} == hidden
        return
    cells: dict[tuple, list[dict]] = defaultdict(list)
    for r in figures(rows):
        cells[r["segment"], r["period"]].append(r)
    for cell in cells.values():
        (whole,) = [r for r in cell if r["area_code"] == WHOLE]
        away = [r for r in cell if r["area_code"] in hidden]
        assert len(away) != 1
        for name in ("numerator", "denominator", "rest"):
            left = whole[name] - sum(r[name] for r in cell if r["area_code"] not in {*hidden, WHOLE})
            if any(0 < r[name] < SMALLEST for r in away):
                assert left >= SMALLEST, "the difference to the whole tells of fewer than ten"


@settings(max_examples=100, deadline=None)
@given(returns())
def test_no_small_figure_follows_from_all_that_is_shown_together(rows: list[dict]) -> None:
    """By linear algebra over every sum there is: of units, of segments, of those with and those without."""
    hidden = hidden_units(rows, WHOLE)
    shown = counts_of(r for r in rows if r["area_code"] not in hidden)
    assert given_away(counts_of(rows), shown, WHOLE, SMALLEST) == []


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
    assert hidden_units(enough, WHOLE) == set()


def test_the_partner_is_the_least_that_says_nothing() -> None:
    """Unit 01 has 4 children; 02 has 8 of them left over, 03 and 04 have enough: 03 is the smaller."""
    units = {"01": (4, 40), "02": (92, 100), "03": (200, 300), "04": (900, 1000), "05": (600, 700)}
    rows = [row(u, "all", 2024, n, d) for u, (n, d) in units.items()]
    rows.append(row(WHOLE, "all", 2024, sum(n for n, _ in units.values()), sum(d for _, d in units.values())))
    assert hidden_units(rows, WHOLE) == {"01", "02", "03"}
    without = [r for r in rows if r["area_code"] not in ("03", "04", "05", WHOLE)]
    both = [*without, row(WHOLE, "all", 2024, 96, 140)]
    assert hidden_units(both, WHOLE) == {"01", "02"}
    alone = [rows[0], row(WHOLE, "all", 2024, 4, 40)]
    assert hidden_units(alone, WHOLE) == {"01", WHOLE}


def test_a_small_figure_of_the_year_is_hidden_though_three_years_were_added_up_for_the_verdict() -> None:
    """4 of 40 this year, judged on 60 of 300: both stand in the open data, whichever comes first."""
    own, pooled = row("01", "all", 2024, 4, 40), row("01", "all", 2024, 60, 300)
    others = [row(u, "all", 2024, 500, 900) for u in ("02", "03")] + [row(WHOLE, "all", 2024, 1004, 1840)]
    assert hidden_units([own, pooled, *others], WHOLE) == hidden_units([pooled, own, *others], WHOLE) == {"01", "02"}


def test_only_children_are_protected() -> None:
    rows = [row("01", "all", 2024, 3, 30), row(WHOLE, "all", 2024, 300, 400)]
    assert hidden_pairs(rows, {"rate": "schools"}, WHOLE) == set()
    assert hidden_pairs(rows, {"rate": "pupils"}, WHOLE) == {("rate", "01"), ("rate", WHOLE)}


VALUES = "indicator_id, variant, area_code, segment, period_kind, period, numerator, denominator, value_num, value_den, value_source"


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        for schema in ("progress", "core", "raw"):
            connection.execute(f"CREATE SCHEMA {schema}")
        source = " UNION ALL ".join(
            f"SELECT 'rate', 'all', '{u}', 'all', 'school_year', 2024, {n}, {d}, {100 * n}, {d}, 'computed'"
            for u, n, d in (("00", 1204, 2040), ("01", 4, 40), ("02", 500, 900), ("03", 700, 1100))
        )
        connection.execute(f"CREATE TABLE progress.indicator_value AS SELECT *, NULL::VARCHAR AS basis, 'final' AS maturity FROM ({source}) AS t({VALUES})")
        connection.execute(
            "CREATE TABLE progress.verdict AS SELECT 'promise' AS commitment_id, *, area_code = '00' AS is_total, "
            "'behind' AS class, NULL::VARCHAR AS reason, 7 AS gap_persons FROM progress.indicator_value"
        )
        connection.execute("CREATE TABLE progress.contribution AS SELECT commitment_id, area_code, gap_persons FROM progress.verdict WHERE NOT is_total")
        for name in EMPTY[1:]:
            connection.execute(f"CREATE TABLE {name} AS SELECT '01' AS area_code")
        connection.execute("CREATE TABLE progress.decomposition AS SELECT commitment_id, area_code, 5 AS change_num FROM progress.verdict")
        connection.execute("CREATE TABLE core.exception AS SELECT 'rate' AS indicator_id, '一小' AS unit_name")
        connection.execute("CREATE TABLE raw.edition AS SELECT 2024 AS year")
        yield connection


def test_the_public_sees_other_tables_and_the_tables_stay(warehouse) -> None:
    ask = "SELECT area_code, class, reason, numerator, value_num, gap_persons FROM progress.verdict ORDER BY area_code"
    before = warehouse.execute(ask).fetchall()
    with public_view(warehouse, {"rate": "pupils"}, "00"):
        assert warehouse.execute(ask).fetchall() == [
            ("00", "behind", None, 1204, 120400, 7),
            ("01", "no_judgement", "suppressed", None, None, None),
            ("02", "no_judgement", "suppressed", None, None, None),
            ("03", "behind", None, 700, 70000, 7),
        ]
        sources = "SELECT area_code, value_source FROM progress.indicator_value ORDER BY area_code"
        assert [s for _, s in warehouse.execute(sources).fetchall()] == ["computed", "suppressed", "suppressed", "computed"]
        lost = "SELECT area_code, gap_persons FROM progress.contribution ORDER BY area_code"
        assert warehouse.execute(lost).fetchall() == [("01", None), ("02", None), ("03", 7)]
        assert warehouse.execute("SELECT COUNT(*) FROM core.exception").fetchall() == [(0,)]
        assert warehouse.execute("SELECT year FROM raw.edition").fetchall() == [(2024,)]
    assert warehouse.execute(ask).fetchall() == before
    assert warehouse.execute("SELECT COUNT(*) FROM core.exception").fetchall() == [(1,)]


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
