"""The chapters around the headline indicators: what they say and count, and that every one is printed and listed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from pipeline.report import many
from pipeline.report.advice import make_advice
from pipeline.report.body_pages import make_body_pages
from pipeline.report.comparison import make_comparison
from pipeline.report.data_quality import make_findings
from pipeline.report.decisions import decisions_of
from pipeline.report.facts import Facts
from pipeline.report.model import ReportModel, build_model
from pipeline.report.outline import contents_of, in_order
from pipeline.report.outlook import make_outlook
from pipeline.report.overall import make_overall
from pipeline.report.problems import make_problems
from pipeline.report.render import render_html
from pipeline.report.revisions import cause_text, make_revisions, quantities, triangle_sentence
from pipeline.report.shapes import Piece, Table, Text, said
from pipeline.report.territory import neighbours
from pipeline.report.unit_pages import driven_note, make_unit_pages, units_with_pages
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import CITY, city_inputs
from tests.report.test_promises import made, promise, verdict


def printed(table: Table) -> list[list[str]]:
    """The Chinese words of each cell; a class by its word."""
    return [
        [c.status.word.zh if c.status else c.mark + said(c.words, "zh") for c in row.cells] for row in table.rows
    ]


def plan_of(classes: dict[str, str], tiers: dict[str, str] | None = None):
    """A plan of one commitment for each class, all of tier A unless ``tiers`` says otherwise."""
    promises = [promise(k, tier=(tiers or {}).get(k, "A")) for k in classes]
    return made(promises, [], {k: (c, None) for k, c in classes.items()})


# ---------------------------------------------------------------- order and numbers


def test_headings_within_a_chapter_are_numbered_without_a_gap_and_a_single_one_is_not():
    """A heading that is left out, because there is nothing under it, leaves no gap."""
    made = [Piece(heading=Text(zh=zh, en=en) if zh else None) for zh, en in (("甲", "A"), ("", ""), ("丙", "C"))]
    assert [p.heading and (p.heading.zh, p.heading.en) for p in in_order(made)] == [("（一）甲", "A"), None, ("（二）丙", "C")]
    assert [p.heading and p.heading.zh for p in in_order(made[:2])] == ["甲", None]


def test_chapters_are_numbered_without_a_gap():
    lines = contents_of(["promises", "indicators", "problems", "sources", "signing"], [("ger", Text(zh="入园率", en="GER"))])
    assert [line.title.zh for line in lines] == [
        "摘要", "一、主要指标进展", "（一）入园率", "二、分领域任务进展", "三、存在的主要问题", "附件1 数据来源与统计口径", "签批页（内部）"
    ]  # fmt: skip
    assert lines[2].title.en == "1.1 GER" and [line.id for line in lines][-2:] == ["sources", "signing"]


def test_every_line_of_the_contents_leads_to_a_part_and_every_table_is_in_order():
    html = render_html(build_model(plan_of({"a": "covered", "b": "overdue"})), TEMPLATES)
    wanted = re.findall(r'<li class="(?:first|second)"><a href="#([^"]+)"', html)
    assert len(wanted) > 8 and all(f'id="{anchor}"' in html for anchor in wanted)
    numbers = [int(n) for n in re.findall(r'<caption><span class="name">表(\d+)', html)]
    assert numbers == list(range(1, len(numbers) + 1))


# ---------------------------------------------------------------- as a whole


def test_classes_are_counted_by_tier_and_band():
    inputs = plan_of({"a": "covered", "b": "covered", "c": "overdue", "d": "in_progress"}, {"b": "B"})
    chapter = make_overall(Facts(inputs))
    assert printed(chapter.pieces[1].tables[0]) == [
        ["达标或落实", "全覆盖", "100%，一个不少", "1", "1", "2"],
        ["正常推进", "推进中", "尚未到期或未写明期限，在推进", "1", "—", "1"],
        ["滞后或未落实", "逾期未完成", "已到期，数量不足", "1", "—", "1"],
        ["合计", "", "", "3", "1", "4"],
    ]


def test_all_commitments_stand_in_one_table_down_then_across():
    chapter = make_overall(Facts(plan_of({"a": "covered", "b": "overdue", "c": "monitored"})))
    assert printed(chapter.pieces[2].tables[0]) == [
        ["1", "承诺a", "全覆盖", "3", "承诺c", "仅监测"],
        ["2", "承诺b", "逾期未完成", "", "", ""],
    ]


def test_the_headline_table_says_what_the_pages_say(city: ReportModel):
    assert city.overall is None
    rows = printed(make_overall(Facts(plan_of({"a": "covered"}))).pieces[0].tables[0])
    for row, page, tile in zip(rows, city.pages, city.summary.tiles, strict=True):
        assert row[0] == page.name.zh and row[-1] == page.status.word.zh
        assert row[4] == tile.current_mark + tile.current


# ---------------------------------------------------------------- units


def judged(identifier, area, code, **own):
    """One unit's verdict of the judged year."""
    return verdict(identifier, code, area=area, flag_denominator_driven=False, flag_met_but_fell=False, **own)


def two_units(**more):
    """Two commitments, judged in 桥东区 and 蔚县."""
    promises = [promise("a"), promise("b")]
    rows = [
        judged("a", "130702", "covered", num=100),
        judged("a", "130726", "not_covered", num=90, gap_persons=1_400),
        judged("b", "130702", "mostly_covered", num=97, gap_persons=3),
    ]
    inputs = made(promises, rows, {"a": ("not_covered", None), "b": ("mostly_covered", None)})
    return replace(inputs, commitments=[], **more)


def test_the_matrix_holds_a_class_where_a_unit_is_judged_and_nothing_elsewhere():
    (table,) = make_comparison(Facts(two_units())).pieces[1].tables
    names = [said(c.heading, "zh") for c in table.columns]
    first, second = printed(table)
    assert first[names.index("桥东区")] == "全覆盖" and first[names.index("蔚县")] == "未覆盖"
    assert second[names.index("桥东区")] == "基本覆盖" and second[names.index("蔚县")] == ""
    assert "察北管理区" not in names and {c.kind for c in table.columns[2:]} == {"shape"}
    assert "● 全覆盖" in table.notes[0].zh and "× 未覆盖" in table.notes[0].zh


def test_the_sentence_counts_verdicts_and_names_who_has_most_behind():
    inputs = two_units()
    rows = [*inputs.verdicts, judged("b", "130703", "covered", num=100)]
    inside = replace(inputs, verdicts=rows)
    text = make_comparison(Facts(inside)).pieces[0].said[0].zh
    outside = make_comparison(Facts(replace(inside, edition=inputs.edition | {"audience": "public"}))).pieces[0].said[0]
    assert "一个单位最多2项，最少0项" in outside.zh and "桥" not in outside.zh and "most, 0 in the unit" in outside.en
    # one behind of the own commitments in each of 桥东区 and 蔚县, which are behind in a headline rate too; 桥西区 none
    assert "最多的是桥东区、蔚县（2项）" in text and "最少的是桥西区、" in text


def test_a_unit_reads_what_is_behind_with_what_is_missing():
    facts = Facts(two_units())
    pages = {page.id: page for page in make_unit_pages(facts, units_with_pages(facts)).pages}
    table = next(t for p in pages["unit-130726"].pieces for t in p.tables if "滞后" in t.title.zh)
    assert printed(table) == [["1", "承诺a", "全覆盖（100%）", "90.00%", "—", "1,400所学校", "未覆盖"]]
    text = "".join(s.zh for p in pages["unit-130702"].pieces for s in (*p.said, *p.points))
    assert "达标或落实（1项）：1 承诺a。" in text


def test_neighbours_are_the_nearest_assessed_squares():
    inputs = two_units()
    squares = {"130702": (2, 3), "130703": (2, 2), "130772": (2, 4), "130705": (3, 3), "130726": (5, 1), "130709": (1, 3)}
    areas = [
        a | dict(zip(("grid_row", "grid_col"), squares.get(a["area_code"], (None, None)), strict=True))
        for a in inputs.areas
    ]
    facts = Facts(replace(inputs, areas=areas))
    # 察北管理区 is as near, but not assessed; the three at distance one stand in the usual order
    assert neighbours(facts, "130702") == ["130703", "130705", "130709"]
    assert neighbours(facts, "130722") == []


def test_a_rate_that_rose_because_children_became_fewer_says_so():
    facts = Facts(city_inputs())
    c = facts.commitments[0]
    row = dict(facts.unit_row(c, "130702", "all", 2024))
    row |= {"numerator": 80, "denominator": 100, "base_period": 2020}
    start = facts.unit_row(c, "130702", "all", 2020)
    start |= {"numerator": 90, "denominator": 160}
    said_ = driven_note(facts, c, row, "130702").zh
    assert "由90变为80" in said_ and "由160变为100" in said_ and "分母不变则为50.00%" in said_


# ---------------------------------------------------------------- outlook, problems, advice, bodies


def test_the_outlook_holds_needed_against_achieved_and_the_places_of_the_due_year():
    pace = {
        "commitment_id": "preschool_ger", "area_code": CITY, "segment": "all", "due_period": 2025, "pace": "too_slow",
        "needed_pace_num": 119, "needed_pace_den": 100, "observed_pace_num": 58, "observed_pace_den": 100,
    }  # fmt: skip
    gap = {
        "commitment_id": "preschool_ger", "area_code": CITY, "segment": "all", "is_total": True, "assessed": True,
        "numerator": 900, "denominator": 1_000, "due_period": 2025, "due_denominator": 1_100, "gap_persons": 20,
        "due_gap_persons": 112, "due_surplus_persons": 0, "due_known_from": "population_by_age",
    }  # fmt: skip
    own = promise("preschool_ger", "level_by_year", operator=">=", target="92")
    chapter = make_outlook(Facts(replace(made([own], [], {}), pace=[pace], gaps=[gap])))
    row = printed(chapter.pieces[0].tables[0])[0]
    assert row[4:] == ["2025", "+1.19", "+0.58", "进度不够"]
    assert chapter.pieces[1].said[0].zh == (
        "学前教育毛入园率：2025年适龄人口（分母）推算为1,100人，比本年增加100人；要达到目标，还需在现有900人的基础上增加112人。"
    )
    assert chapter.pieces[0].said[0].en.startswith("1 commitment has a target")

    def pieces(**changed):
        return make_outlook(Facts(replace(made([own], [], {}), pace=[pace], gaps=[gap | changed]))).pieces

    exact = pieces(due_gap_persons=0)[1].said[0]
    assert "恰好够" in exact.zh and "exactly" in exact.en
    # pupils who entered a class years ago are no children to find places for
    assert len(pieces(due_known_from="cohort")) == 1


def test_of_very_many_units_those_that_need_most_places_are_listed(monkeypatch):
    monkeypatch.setattr(many, "LISTED", 3)
    monkeypatch.setattr(many, "FIRST", 2)
    pace = {
        "commitment_id": "preschool_ger", "area_code": CITY, "segment": "all", "due_period": 2025, "pace": "too_slow",
        "needed_pace_num": 119, "needed_pace_den": 100, "observed_pace_num": 58, "observed_pace_den": 100,
    }  # fmt: skip

    def gap(code, needed):
        return {
            "commitment_id": "preschool_ger", "area_code": code, "segment": "all", "is_total": code == CITY, "assessed": True,
            "numerator": 900, "denominator": 1_000, "due_period": 2025, "due_denominator": 1_100, "gap_persons": 20,
            "due_gap_persons": needed, "due_surplus_persons": 0, "due_known_from": "population_by_age",
        }  # fmt: skip

    own = promise("preschool_ger", "level_by_year", operator=">=", target="92")
    units = {"990101": 5, "990102": 40, "990103": 7, "990104": 30}
    gaps = [gap(CITY, 82), *(gap(code, needed) for code, needed in units.items())]
    (table,) = make_outlook(Facts(replace(made([own], [], {}), pace=[pace], gaps=gaps))).pieces[1].tables
    assert [row[5] for row in printed(table)] == ["40", "30", "82"]
    assert "其余2个见 data/gaps.csv" in table.notes[0].zh.replace("；", ";")
    (table,) = make_outlook(Facts(replace(made([own], [], {}), pace=[pace], gaps=gaps[:-1]))).pieces[1].tables
    assert [row[5] for row in printed(table)] == ["40", "7", "5", "82"] and table.notes == []


def test_figures_that_units_are_not_judged_by_are_those_of_the_plan():
    inputs = city_inputs()
    note = make_comparison(Facts(inputs)).pieces[0].notes[0]
    shown = [c["name_zh"] for c in inputs.commitments if c["county_mode"] == "shown"]
    assert shown and all(name in note.zh for name in shown) and "不按单位评价" in note.zh
    own = [c | {"county_mode": "none"} if c["county_mode"] == "shown" else c for c in inputs.commitments]
    assert "不按单位评价" not in make_comparison(Facts(replace(inputs, commitments=own))).pieces[0].notes[0].zh


def test_a_problem_says_since_when_and_who():
    rows = [verdict("a", "not_covered", 90, period=p) for p in (2022, 2023)]
    rows += [verdict("a", "not_covered", 90, gap_persons=3), verdict("a", "covered", 100, period=2021)]
    rows.append(verdict("a", "not_covered", 80, area="130726"))
    chapter = make_problems(Facts(made([promise("a")], rows, {"a": ("not_covered", None)})))
    assert chapter.pieces[1].points[0].zh == (
        "承诺a(第1项)：未覆盖，现值90.00%，目标全覆盖（100%），2022年以来各年均如此。还差3所学校。未达到的单位：蔚县。"
    )


def advised(area, step, trigger, given=True, **own):
    blocks = ("blocked_by_open_warning", "blocked_by_young_vintage", "blocked_by_small_denominator", "blocked_by_preliminary")
    return {"commitment_id": "a", "area_code": area, "segment": "all", "step": step, "trigger_code": trigger,
            "advised": given} | dict.fromkeys(blocks, False) | own  # fmt: skip


def test_advice_is_counted_with_its_trigger_and_what_is_held_back_says_why():
    advice = [
        advised("130702", "interview", "red_once"),
        advised("130726", "interview", "red_once"),
        advised("130726", "early_warning", "yellow_once"),
        advised("130703", "circular", "orange_once", given=False, blocked_by_small_denominator=True),
    ]
    chapter = make_advice(Facts(two_units(advice=advice)))
    assert "约谈2项次、预警1项次" in chapter.pieces[0].said[0].zh
    assert "另有1项次暂不提出（分母人数过少1项次）" in chapter.pieces[0].said[0].zh
    assert "教育督导委员会" in chapter.pieces[0].said[1].zh
    by_unit = printed(chapter.pieces[1].tables[0])
    assert by_unit[0][:6] == ["桥东区", "—", "1", "—", "—", "—"] and "桥西区" not in [r[0] for r in by_unit]
    assert printed(chapter.pieces[2].tables[0]) == [["约谈", "1", "承诺a", "一年红色", "桥东区、蔚县", "市教育局"]]
    (who, what) = decisions_of(Facts(two_units(advice=advice)))[0]
    assert who.zh == "市政府教育督导委员会" and "2个县（区）" in what.zh and "约谈2项次" in what.zh
    assert who.en == "The government's committee of educational supervision"  # at the head of a line


def task(identifier, role, asked, body="市教育局", **own):
    return {"body_zh": body, "body_en": "the bureaus", "role": role, "commitment_id": identifier, "area_code": CITY,
            "segment": "all", "is_total": True, "class": "not_covered", "gap_persons": 7, "gross_shortfall": None,
            "units_behind": 2, "asked": asked} | own  # fmt: skip


def test_a_body_reads_what_it_leads_what_is_missing_and_what_is_asked():
    tasks = [task("a", "lead", "close_gap"), task("b", "lead", "hold", **{"class": "covered"}),
             task("b", "support", "close_gap", body="市财政局")]  # fmt: skip
    chapter = make_body_pages(Facts(two_units(body_tasks=tasks)))
    first, second = chapter.pages
    assert (first.heading.zh, second.heading.zh) == ("市教育局", "市财政局")
    assert first.pieces[0].said[0].zh == (
        "市教育局主责2项（达标或落实1项、滞后或未落实1项）。主责事项需要：补上缺口1项。"
    )
    assert (first.heading.en, first.pieces[1].tables[0].title.en) == ("The bureaus", "The bureaus: open tasks, as lead")
    assert first.pieces[0].said[0].en.startswith("The bureaus: lead 2 (1 met or kept, 1 behind or broken). Asked, as lead: ")
    assert printed(first.pieces[1].tables[0]) == [["1", "承诺a", "—", "7所学校", "2个", "未覆盖", "补上缺口"]]
    assert "需要配合" in second.pieces[1].tables[0].title.zh
    assert printed(second.pieces[1].tables[0]) == [["2", "承诺b", "—", "7所学校", "2个", "未覆盖", "补上缺口"]]
    assert first.pieces[2].points[0].zh == "其余主责事项（1项，已达到、按序推进、待判定或仅监测）：2 承诺b。"


def test_a_corrected_verdict_stands_on_top_of_the_revisions():
    def change(identifier, before, now, was, **own):
        return {"commitment_id": identifier, "area_code": CITY, "segment": "all", "is_total": True,
                "previous_period": 2023, "previous_class": was, "restated_class": "covered", "class": "covered",
                "previous_num": before, "previous_den": 1, "restated_num": now, "restated_den": 1, "severity": 0,
                "previous_severity": 2, "changed": was != "covered", "by_revision": was != "covered",
                "previous_reason": None, "restated_reason": None, "previous_edition": 2023, "revision_cause": "restatement", "cause": "restatement"} | own  # fmt: skip

    rows = [change("a", 99, 100, "covered"), change("b", 97, 100, "mostly_covered")]
    chapter = make_revisions(Facts(two_units(verdict_changes=rows)))
    assert "结论改变的1项：好转1项，变差0项" in chapter.pieces[1].said[0].zh
    corrected = printed(chapter.pieces[-1].tables[0])
    assert [r[0] for r in corrected] == ["承诺b", "承诺a"]
    assert corrected[0][3:] == ["97.00%", "100.00%", "基本覆盖", "全覆盖", "更正"]


def of_edition(period, edition, value, code, **own):
    return {"commitment_id": "preschool_ger", "reported_year": period, "edition": edition, "period": period, "class": code,
            "reason": None, "value_num": value, "value_den": 100, "is_newest": period == edition, "corrected": False,
            "flag_preliminary": False, "flipped": False, "cause": "none", "cause_files": None, "cause_rows": None,
            "cause_reason": None, "before_class": None, "before_reason": None, "before_num": None, "before_den": None} | own  # fmt: skip


def triangle_inputs(**edition):
    """The rate of 2023, 88.5, was corrected to 89.25 after its edition; the verdict of 2024 is another one by new data."""
    inputs = city_inputs()
    rows = [
        of_edition(2020, 2023, 8400, None, reported_year=None, is_newest=False),
        of_edition(2023, 2023, 8850, "slightly_behind", cause="not_judged_before"),
        of_edition(2020, 2024, 8400, None, reported_year=None, is_newest=False),
        of_edition(2023, 2024, 8925, "on_schedule", corrected=True, cause="restatement", cause_files='["2023/a; r2.csv", "2023/b_r2.csv"]',
                   cause_rows="[31, 32]", cause_reason='["漏报; 多报", "漏报; 多报"]', before_class="slightly_behind", before_num=8850, before_den=100),
        of_edition(2024, 2024, 9081, "achieved_early", flipped=True, cause="data", flag_preliminary=True),
    ]  # fmt: skip
    same = {"commitment_id": "preschool_ger", "area_code": CITY, "segment": "all", "is_total": True, "previous_period": 2023,
            "previous_class": "slightly_behind", "restated_class": "slightly_behind", "class": "slightly_behind",
            "previous_num": 8850, "previous_den": 100, "restated_num": 8850, "restated_den": 100, "severity": 2,
            "previous_severity": 2, "changed": False, "by_revision": False, "previous_edition": 2023, "revision_cause": None,
            "cause": "none"}  # fmt: skip
    only = [c for c in inputs.commitments if c["id"] == "preschool_ger"]
    return replace(inputs, edition=inputs.edition | edition, commitments=only, verdict_changes=[same], revisions=rows)


def test_the_revision_triangle_has_verdicts_on_top_years_down_and_editions_across():
    pieces = make_revisions(Facts(triangle_inputs())).pieces
    assert pieces[0].said[0].zh == (
        "2023—2024年的2份报告中，主要指标的结论与上一份报告不同的有1次；以前年度的数值或结论后来有1处改变。"
    )
    assert pieces[0].said[0].en.endswith("differed from the edition before once; 1 figure or verdict of an earlier year changed later.")
    verdicts = pieces[0].tables[0]
    assert printed(verdicts) == [["学前教育毛入园率", "略有滞后", "提前达标"]]
    assert [c.status.note and c.status.note.zh for c in verdicts.rows[0].cells[1:]] == [None, "改变：新一年数据"]
    values = pieces[1].tables[0]
    assert printed(values) == [
        ["学前教育毛入园率", "2020（基期）", "84.00", "84.00"], ["", "2023", "88.50", "†89.25"], ["", "2024", "", "*90.81"],
    ]  # fmt: skip
    assert [c.strong for row in values.rows for c in row.cells] == [False] * 7 + [True] + [False] * 4
    assert values.notes[1].zh == "†和粗体为数值、结论或没有结论的原因与上一份报告不同；*为临时数据。"
    assert printed(pieces[2].tables[0]) == [[
        "学前教育毛入园率", "2023", "2024", "88.50，略有滞后", "89.25，正常推进",
        "更正：2023/a； r2.csv（登记表第31行）、2023/b_r2.csv（登记表第32行）；登记表写明：漏报； 多报",
    ]]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "reason", "flipped", "cause", "note"),
    [
        ("no_judgement", "no_value", True, "data", "本期无数据"),
        ("no_judgement", "basis_break", True, "method", "口径中断；改变：方法"),
        ("no_judgement", "no_value", False, "none", "本期无数据"),
        ("on_schedule", None, True, "restatement", "改变：更正"),
        ("on_schedule", None, True, "arrival", "改变：关账后收到的数据"),
        ("missed", "not_raised", False, "none", None),
    ],
)
def test_below_a_verdict_stands_why_there_is_none_and_what_changed_it(code, reason, flipped, cause, note):
    inputs = triangle_inputs()
    newest = inputs.revisions[-1] | {"class": code, "reason": reason, "flipped": flipped, "cause": cause}
    pieces = make_revisions(Facts(replace(inputs, revisions=[*inputs.revisions[:-1], newest]))).pieces
    shown = pieces[0].tables[0].rows[0].cells[-1].status
    assert (shown.code, shown.note and shown.note.zh) == (code, note)


@pytest.mark.parametrize(("first", "note"), [(2020, None), (2019, "（2019年）"), (2015, "（2015—2019年）")])
def test_the_last_five_editions_have_a_column_and_the_note_says_where_the_others_are(first, note):
    inputs = triangle_inputs()
    rows = [of_edition(p, e, 8000 + p, "on_schedule", is_newest=p == e) for e in range(first, 2025) for p in range(first, e + 1)]
    pieces = make_revisions(Facts(replace(inputs, revisions=rows))).pieces
    assert pieces[0].said[0].zh.startswith(f"{first}—2024年的{2025 - first}份报告中")
    for n, piece in ((1, pieces[0]), (2, pieces[1])):
        (table,) = piece.tables
        assert [c.heading.zh for c in table.columns[n:]] == [f"{e}年报告" for e in range(2020, 2025)]
        told = [t for t in table.notes if "只列最近5份报告" in t.zh]
        assert [f"更早的{note}见随附数据" in t.zh for t in told] == ([True] if note else [])
    assert len(pieces[1].tables[0].rows) == 2025 - first  # every year of the data stays, as the last editions have it


@pytest.mark.parametrize(
    ("flips", "fixed", "zh", "en"),
    [
        (0, 0, "主要指标的结论都与上一份报告相同；以前年度的数值和结论后来都没有改变。",
         "no headline verdict differed from the edition before; no figure and no verdict of an earlier year changed later."),
        (2, 2, "主要指标的结论与上一份报告不同的有2次；以前年度的数值或结论后来有2处改变。",
         "a headline verdict differed from the edition before 2 times; 2 figures or verdicts of earlier years changed later."),
    ],
)  # fmt: skip
def test_changes_between_editions_are_counted_none_too(flips, fixed, zh, en):
    rows = [of_edition(2023, e, 8850, "on_schedule", flipped=n < flips, corrected=n < fixed) for n, e in enumerate((2022, 2023, 2024))]
    said = triangle_sentence(rows)
    assert said.zh == f"2022—2024年的3份报告中，{zh}" and said.en == f"In the 3 editions of 2022 to 2024 {en}"


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        ((8850, 100), (8925, 100), ("88.50", "89.25")),
        ((88_502, 1000), (88_504, 1000), ("88.502", "88.504")),  # both 88.50 at two decimals
        ((8_850_000_000, 100_000_000), (8_850_000_001, 100_000_000), ("177/2", "8850000001/100000000")),
    ],
)
def test_a_change_below_the_printed_decimals_is_seen(before, now, shown):
    """88.5 and 88.50000001 differ in the eighth decimal: exact fractions tell them apart."""
    inputs = triangle_inputs()
    own = {"before_num": before[0], "before_den": before[1], "value_num": now[0], "value_den": now[1],
           "before_class": "on_schedule"}  # fmt: skip
    rows = []
    for r in inputs.revisions:
        if (r["period"], r["edition"]) == (2023, 2023):
            r = r | {"value_num": before[0], "value_den": before[1]}
        rows.append(r | own if r["corrected"] else r)
    pieces = make_revisions(Facts(replace(inputs, revisions=rows))).pieces
    in_triangle = shown if "/" not in shown[0] else ("88.500000", "88.500000")  # a column has no room for a fraction
    assert printed(pieces[1].tables[0])[1][2:] == [in_triangle[0], f"†{in_triangle[1]}"]
    assert printed(pieces[2].tables[0])[0][3:5] == list(shown)


def test_of_many_files_the_first_three_are_named():
    files = [f"2023/{n}.csv" for n in range(5)]
    own = {"cause": "arrival", "cause_files": json.dumps(files), "cause_rows": "[1, 2, 3, 4, 5]", "cause_reason": '["", "", "", "", ""]'}
    told = cause_text(Facts(city_inputs()), of_edition(2023, 2024, 1, "on_schedule", **own))
    assert told.zh == (
        "关账后收到的数据：2023/0.csv（登记表第1行）、2023/1.csv（登记表第2行）、2023/2.csv（登记表第3行），另有2个文件"
    )
    assert told.en.endswith("2023/2.csv (row 3 of the register) and 2 more files")


def test_a_change_without_a_registered_cause_is_listed_with_the_quality_of_the_data():
    inputs = triangle_inputs()
    unknown = {"cause": "unexplained", "cause_files": None, "cause_rows": None, "cause_reason": None}
    rows = [r | unknown if r["corrected"] else r for r in inputs.revisions]
    facts = Facts(replace(inputs, revisions=rows))
    assert printed(make_revisions(facts).pieces[2].tables[0])[0][5] == "登记表中没有对应的原因"
    told = [s for s in make_findings(facts).statements if "登记表中没有对应的原因" in s.zh]
    assert [s.zh for s in told] == ["以前年度有1处数值或结论与上一份报告不同，登记表中没有对应的原因：学前教育毛入园率（2023年）。"]
    assert not [s for s in make_findings(Facts(inputs)).statements if "登记表" in s.zh]


@pytest.mark.parametrize(
    ("own", "values", "zh", "en"),
    [
        ({"unit": "percent"}, (Fraction(97), Fraction(9999, 100)), ["97.00%", "99.99%"], ["97.00%", "99.99%"]),
        ({"unit": "yuan", "unit_zh": "元", "unit_en": " yuan"}, (Fraction(178036, 10), None), ["17,803.60元", "—"], ["17,803.60 yuan", "—"]),
        ({"unit": "count", "unit_zh": "所", "unit_en": " schools"}, (Fraction(1), Fraction(1200)), ["1所", "1,200所"],
         ["1 school", "1,200 schools"]),
        ({"unit": "count", "value_is": "share_complying"}, (Fraction(50), Fraction(100)), ["50.00%", "100.00%"], ["50.00%", "100.00%"]),
        ({"unit": "ratio", "kind": "comparative"}, (Fraction(21, 20), Fraction(11, 10)), ["1.05", "1.10"], ["1.05", "1.10"]),
        ({"unit": "percent"}, (Fraction(88_502, 1000), Fraction(88_504, 1000)), ["88.502%", "88.504%"], ["88.502%", "88.504%"]),
        # beside the verdicts: below the target, though two decimals, or the three that tell the others apart, would print it as met
        ({"unit": "percent", "target": "85"}, (Fraction(21_249, 250), Fraction(86)), ["84.996%", "86.00%"], ["84.996%", "86.00%"]),
        ({"unit": "percent", "kind": "full_coverage"}, (Fraction(99_996, 1000), None), ["99.996%", "—"], ["99.996%", "—"]),
        ({"unit": "percent", "target": "85"}, (Fraction("84.9996"), Fraction("84.121"), Fraction("84.122")),
         ["84.9996%", "84.121%", "84.122%"], ["84.9996%", "84.121%", "84.122%"]),
    ],
)  # fmt: skip
def test_a_figure_that_changed_is_printed_in_its_unit(own, values, zh, en):
    words = quantities({"kind": "floor", "value_is": None} | own, values)
    assert [said(w, "zh") for w in words] == zh and [said(w, "en") for w in words] == en


def test_what_a_table_leaves_out_is_counted_with_its_data_file():
    rows = []
    inputs = two_units()
    for n in range(43):
        rows.append({"commitment_id": "a", "area_code": CITY, "segment": f"s{n:02}", "is_total": True, "previous_period": 2023,
                     "previous_class": "covered", "restated_class": "covered", "class": "covered", "previous_num": 99,
                     "previous_den": 1, "restated_num": 100, "restated_den": 1, "severity": 0, "previous_severity": 0,
                     "changed": False, "by_revision": False, "previous_reason": None, "restated_reason": None,
                     "previous_edition": 2023, "revision_cause": "arrival", "cause": "none"})  # fmt: skip
    (table,) = make_revisions(Facts(replace(inputs, verdict_changes=rows))).pieces[-1].tables
    assert len(table.rows) == 40
    assert [(n.zh, n.en) for n in table.notes] == [
        ("另有3条，见随附数据 data/verdict_changes.csv。", "3 more in data/verdict_changes.csv.")
    ]


def test_a_change_of_the_reason_alone_is_shown():
    """2023 had no value in its edition; now it has one, and too few in the denominator."""
    inputs = triangle_inputs()
    changed = of_edition(2023, 2024, None, "no_judgement", reason="small_denominator", corrected=True, cause="arrival",
                         before_class="no_judgement", before_reason="no_value")  # fmt: skip
    rows = [changed if (r["period"], r["edition"]) == (2023, 2024) else r for r in inputs.revisions]
    pieces = make_revisions(Facts(replace(inputs, revisions=rows))).pieces
    assert printed(pieces[2].tables[0])[0][3:] == ["—，数据不足（本期无数据）", "—，数据不足（分母不足500）", "关账后收到的数据"]


def test_a_change_of_method_between_editions_is_named_below_the_verdicts():
    change = {"zh": "序时比率由0.9改为0.95", "en": "the ratio to the path is 0.95 instead of 0.9"}
    changes = [change | {"year": year, "commitments": who} for year, who in ((2024, ["preschool_ger"]), (2023, "all"), (2024, ["x"]))]
    (verdicts,) = make_revisions(Facts(triangle_inputs(method_changes=changes))).pieces[0].tables
    assert [n.zh for n in verdicts.notes[1:]] == [
        "方法变化，从2024年报告起：序时比率由0.9改为0.95（以前各年报告按现在的规则重做）"
    ]


def test_the_first_edition_says_that_there_is_none_before_it():
    inputs = triangle_inputs()
    first = [r | {"previous_class": None, "restated_class": None} for r in inputs.verdict_changes]
    (piece,) = make_revisions(Facts(replace(inputs, revisions=[], verdict_changes=first))).pieces
    assert piece.said[0].zh == "本报告是方案期的第一份报告，没有更早的报告可以对照。" and not piece.tables


@pytest.mark.parametrize("gap", [False, True])
def test_without_an_edition_last_year_none_is_cited(gap):
    """All came late, or (gap) an older edition was made and last year's was not."""
    inputs = triangle_inputs()
    (row,) = inputs.verdict_changes
    row |= {"previous_edition": None, "restated_class": "behind", "previous_class": "behind", "changed": True, "cause": "data"}
    pieces = make_revisions(Facts(replace(inputs, verdict_changes=[row], revisions=inputs.revisions if gap else []))).pieces
    opening = [p for p in pieces if p.said and "当时没有编制报告" in p.said[0].zh]
    assert len(opening) == 1 and "上年结论由现有数据得出" in opening[0].said[0].zh
    own = pieces[pieces.index(opening[0]) + 1 :]
    assert len(own) == 2 and own[0].said[0].zh.startswith("全域结论中，上年和本年都有结论的1项")
    (table,) = own[1].tables
    assert (table.title.zh, table.title.en) == ("结论与上年不同的承诺事项", "Verdicts that differ from last year's, as judged today")
    assert [c.heading.zh for c in table.columns[2:]] == ["上年（现有数据）", "本年", "改变原因"]
    assert printed(table) == [["1", "学前教育毛入园率", "明显滞后", "略有滞后", "新一年数据"]]
    assert not any("上年报告" in t.zh for p in own for t in [*p.said, *(t.title for t in p.tables)])


def test_what_needs_no_note_is_counted_and_what_has_one_is_told(city: ReportModel):
    groups = printed(city.findings.tables[0])
    assert [r[0] for r in groups] == ["A", "B", "C", "D", "E"]
    assert groups[2][2:] == ["10", groups[2][3], "9", "—", "1"]
    rules = printed(city.findings.tables[1])
    assert [(r[0], r[3], r[4]) for r in rules] == [("C10", "1", "桥西区"), ("D12", "3", "康保县")]


def test_received_returns_are_one_row_a_table_with_their_years(city: ReportModel):
    rows = printed(city.sources.files)
    assert len(rows) == 6 and {r[1] for r in rows} == {"2019—2024"} and {r[2] for r in rows} == {"6"}


def test_base_figures_add_up_to_the_whole_area(city: ReportModel):
    base = next(c for c in city.annexes if c.id == "base")
    table = base.pieces[0].tables[0]
    assert table.rows[-1].kind == "total" and len(table.rows) == 20


def test_the_internal_page_has_room_for_three_signatures(city: ReportModel):
    assert [row[0] for row in printed(city.leaves[-1].pieces[0].tables[0])] == [
        "统计人员（编制）", "科室负责人（审核）", "分管领导（批准）"
    ]  # fmt: skip
