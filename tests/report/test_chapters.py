"""The chapters around the headline indicators: what they say and count, and that every one is printed and listed."""

from __future__ import annotations

import re

from pipeline.report.facts import Facts
from pipeline.report.model import ReportModel, build_model
from pipeline.report.outline import contents_of
from pipeline.report.overall import make_overall
from pipeline.report.render import render_html
from pipeline.report.shapes import Table, Text, said
from tests.report.conftest import TEMPLATES
from tests.report.test_promises import made, promise


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
