"""Sentences name the figures and tables that show what they say, and lead there; benchmarks of the same year stand beside."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.report.benchmarks import benchmark_note, benchmark_piece
from pipeline.report.facts import Facts
from pipeline.report.model import ReportModel, build_model
from pipeline.report.render import linked, render_html
from pipeline.report.sentences import referring, seen_in
from pipeline.report.shapes import Lang, Table, Text, said
from pipeline.report.spending import LEFT_OUT_NAMED, left_out_sentence
from pipeline.report.walk import charts
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import CITY, UNITS, city_inputs
from tests.report.test_promises import made, promise


def table(number: int) -> Table:
    return Table(number=number, title=Text(zh="表", en="t"), columns=[], rows=[])


def test_a_sentence_names_what_shows_it_before_its_full_stop() -> None:
    text = referring(Text(zh="全市为91.60%。", en="It is 91.60%."), [table(4), table(12)])
    assert (text.zh, text.en) == ("全市为91.60%（见表4、表12）。", "It is 91.60% (see Table 4, Table 12).")
    assert referring(Text(zh="甲。", en="A."), []) == Text(zh="甲。", en="A.")
    assert seen_in([table(1)]) == Text(zh="表1", en="Table 1")


def test_a_reference_leads_to_what_the_report_has_and_the_mark_of_certified_values_is_small() -> None:
    known = {("table", 4), ("figure", 1)}
    assert linked("97.74%◆（见图1、表4、表99，附表4）。", known) == (
        '97.74%<span class="mark">◆</span>（见<a href="#figure-1">图1</a>、<a href="#table-4">表4</a>、表99，附表4）。'
    )
    assert linked("<b> (see Table 4).", known) == '&lt;b&gt; (see <a href="#table-4">Table 4</a>).'


def whole_report() -> ReportModel:
    """The sample city with other commitments beside the headline ones, so that most chapters are there."""
    inputs = city_inputs()
    others = made([promise("a"), promise("b")], [], {"a": ("covered", None), "b": ("overdue", None)})
    return build_model(replace(inputs, promises=others.promises, sections=others.sections))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_and_table_of_the_chapters_is_named_and_every_link_arrives(lang: Lang) -> None:
    model = whole_report()
    html = render_html(model, TEMPLATES, lang)
    leads = set(re.findall(r'<a href="#((?:table|figure)-\d+)"', html))
    assert leads <= set(re.findall(r'id="([^"]+)"', html))
    in_chapters = [t for c in (model.overall, *model.closing, *model.annexes) if c for p in c.pieces for t in p.tables]
    in_pages = [t for page in model.pages for t in (*page.tables, *page.unit_tables)]
    assert len(in_pages) > 8 and len(in_chapters) > 3
    wanted = {f"table-{t.number}" for t in (*in_chapters, *in_pages)} | {f"figure-{c.number}" for c in charts(model)}
    assert wanted - leads == set()


def published(indicator: str, area: str, year: int, value: str, unit: str = "%") -> dict:
    return {"indicator_id": indicator, "area_code": area, "year": year, "basis": "公布值", "value": value, "unit": unit,
            "source_title": f"{year}年公报"}  # fmt: skip


def test_a_published_value_stands_beside_the_own_one_of_the_same_year() -> None:
    inputs = city_inputs()
    c = inputs.commitments[0]
    own = next(
        v for v in inputs.verdicts
        if (v["commitment_id"], v["area_code"], v["segment"], v["period"]) == (c["id"], CITY, "all", 2023)
    )  # fmt: skip
    own |= {"value_num": 9088, "value_den": 100}
    rows = [
        published(c["indicator_id"], "000000", 2022, "80.000000"),
        published(c["indicator_id"], "000000", 2023, "91.100000"),
        published(c["indicator_id"], "130000", 2011, "70.000000"),  # the city has no value of that year
        published(c["indicator_id"], "000000", 2023, "3050.000000", "元"),
    ]
    facts = Facts(replace(inputs, benchmarks=rows))
    piece = benchmark_piece(facts)
    assert piece is not None
    cells = [said(cell.words, "zh") for cell in piece.tables[0].rows[0].cells]
    assert cells == ["学前教育毛入园率", "2023", "91.1", "90.88", "−0.22", "—", "—", "—", "—"]
    assert "低于全国的有学前教育毛入园率" in piece.said[0].zh and "不作判定" in piece.said[0].zh
    note = benchmark_note(facts, c)
    assert note is not None and note.zh == "参照（公布值）：全国2023年91.1%（全市同年90.88%）。"
    assert "2023年公报" in piece.tables[0].notes[0].zh and "2022年公报" not in piece.tables[0].notes[0].zh
    assert benchmark_piece(Facts(inputs)) is None


def test_what_the_split_of_spending_leaves_out_is_named() -> None:
    inputs = city_inputs()
    first, second = [unit[0] for unit in UNITS[:2]]
    rows = [
        {"area_code": second, "stage": "小学", "from_period": 2022, "to_period": 2023, "only_in": 2023},
        {"area_code": first, "stage": "初中", "from_period": 2022, "to_period": 2023, "only_in": 2022},
        {"area_code": first, "stage": "学前", "from_period": 2020, "to_period": 2023, "only_in": 2023},
    ]
    facts = Facts(replace(inputs, spending_left_out=rows))
    names = [facts.name_of(code) for code in (first, second)]
    (told,) = left_out_sentence(facts, 2022, 2023)
    assert told.zh == (
        "2个单位学段两年中只有一年有同口径的支出和年平均学生数，不能比较，未纳入（括号内为有数的年份）："
        f"{names[0].zh}初中（2022年）、{names[1].zh}小学（2023年）。"
    )
    assert told.en == (
        "2 stages of units have spending and average pupils on one basis in one of the two years only, cannot be compared "
        f"and are left out (with that year): {names[0].en} junior secondary (2022), {names[1].en} primary (2023)."
    )
    (told,) = left_out_sentence(facts, 2020, 2023)
    assert told.zh.startswith("1个单位学段") and told.en.startswith("1 stage of a unit has spending")
    assert "cannot be compared and is left out" in told.en
    assert left_out_sentence(Facts(inputs), 2022, 2023) == []


def test_of_many_stages_left_out_the_first_are_named_and_the_others_counted() -> None:
    inputs = city_inputs()
    stages = ("小学", "初中")
    rows = [
        {"area_code": unit[0], "stage": stage, "from_period": 2022, "to_period": 2023, "only_in": 2023}
        for unit in UNITS for stage in stages
    ]  # fmt: skip
    facts = Facts(replace(inputs, spending_left_out=rows))
    (told,) = left_out_sentence(facts, 2022, 2023)
    assert told.zh.startswith(f"{len(rows)}个单位学段") and told.en.startswith(f"{len(rows)} stages of units")
    named = [unit[0] for unit in UNITS if facts.name_of(unit[0]).zh in told.zh]
    assert len(named) * len(stages) == LEFT_OUT_NAMED
    more = len(rows) - LEFT_OUT_NAMED
    assert told.zh.endswith(f"等；其余{more}个见随附数据 data/spending_left_out.csv。")
    assert told.en.endswith(f"and {more} more, in data/spending_left_out.csv.")
