"""The list of all commitments: words of target, value, due year and remark, and the counts by class."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.report.facts import Facts
from pipeline.report.model import build_model
from pipeline.report.promises import counts_sentence, make_promises
from pipeline.report.render import render_html
from pipeline.report.words import BANDS, CLASS_ORDER, legend
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import CITY, city_inputs


def promise(identifier, kind="full_coverage", **own):
    return {
        "id": identifier,
        "kind": kind,
        "name_zh": f"承诺{identifier}",
        "name_en": f"promise {identifier}",
        "section": "第(一)条",
        "tier": "A",
        "operator": "=",
        "target": None,
        "step": None,
        "unit": "percent",
        "unit_zh": "%",
        "unit_en": " %",
        "value_is": None,
        "window_years": None,
        "due_period": None,
        "due_basis": "recurring",
        "reported_period": 2024,
        "no_figure": None,
        "lead": {"zh": "市教育局", "en": "Education Bureau"},
        "responsible_zh": "市教育局、市财政局",
        "responsible_en": "Education Bureau, Finance Bureau",
        "person_zh": "所学校",
        "person_en": "schools",
    } | own


def verdict(identifier, code, num=None, den=1, period=2024, area=CITY, **own):
    return {
        "commitment_id": identifier,
        "area_code": area,
        "segment": "all",
        "period": period,
        "is_reported": period == 2024,
        "assessed": True,
        "class": code,
        "reason": None,
        "value_num": num,
        "value_den": den,
        "value_source": "computed",
        "maturity": "final",
        "target_num": None,
        "target_den": None,
        "benchmark_num": None,
        "benchmark_den": None,
        "gap_persons": None,
    } | own


def made(promises, verdicts, classes):
    inputs = city_inputs()
    return replace(
        inputs,
        promises=promises,
        sections=[{"cite": "第(一)条", "zh": "学校", "en": "Schools"}],
        verdicts=[*inputs.verdicts, *verdicts],
        summaries=[*inputs.summaries, *({"commitment_id": k, "class": c, "reason": r} for k, (c, r) in classes.items())],
    )


def line(own, rows=(), code="covered", reason=None):
    facts = Facts(made([own], rows, {own["id"]: (code, reason)}))
    (group,) = make_promises(facts).groups
    return group.lines[0]


@pytest.mark.parametrize(
    ("own", "target", "due"),
    [
        (promise("a"), "全覆盖（100%）", "每年"),
        (promise("a", due_period=2025, due_basis="inferred"), "全覆盖（100%）", "2025年（推定）"),
        (promise("a", "level_by_year", operator=">=", target="92", due_period=2025, due_basis="stated"), "≥92%", "2025年"),
        (promise("a", "yearly_change", operator="<=", step="-0.5", unit_zh="个百分点"), "每年−0.5个百分点", "每年"),
        (promise("a", "ceiling", operator="<=", target="60", unit_zh="分钟"), "≤60分钟", "每年"),
        (promise("a", "recurring_event", operator=">=", target="1", unit_zh="次", window_years=2), "每2年≥1次", "每2年"),
        (promise("a", "never_decrease", operator=">=", unit="yuan"), "不低于上年", "每年"),
        (promise("a", "comparative", operator=">=", target="1.0", unit="ratio"), "不低于对照值", "每年"),
        (promise("a", "milestone", operator="report", target="3", due_basis="none"), "不设合格线", "未写明"),
    ],
)
def test_target_and_due_year(own, target, due):
    shown = line(own)
    assert (shown.target.zh, shown.due.zh) == (target, due)


def test_99_9996_is_not_printed_as_100():
    shown = line(promise("a"), [verdict("a", "mostly_covered", 99_999_600, 1_000_000)], "mostly_covered")
    assert shown.value.zh == "99.9996%"


@pytest.mark.parametrize(
    ("own", "row", "value"),
    [
        (promise("a", "count_by_year", unit="count", unit_zh="所", value_is="amount", target="100", operator=">="),
         verdict("a", "on_schedule", 1057), "1,057所"),
        (promise("a", "never_decrease", unit="yuan", operator=">="), verdict("a", "kept", 123_456_000_000, 100), "12.35亿元"),
        (promise("a", "comparative", unit="ratio", unit_zh="倍", target="1.0", operator=">="),
         verdict("a", "met", 103, 1, benchmark_num=100, benchmark_den=1), "1.03倍"),
        (promise("a", "floor", unit="minutes", unit_zh="分钟", value_is="share_complying", target="60", operator=">="),
         verdict("a", "partly_met", 9000, 96), "93.75%"),
    ],
)  # fmt: skip
def test_value_in_its_own_unit(own, row, value):
    assert line(own, [row], row["class"]).value.zh == value


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        (8_768_400_000, "87.68亿元", "8.768 billion yuan"),
        (198_000_000, "1.98亿元", "198 million yuan"),
        (999_500_000, "10.00亿元", "1.000 billion yuan"),  # both rounded to the million, half to even
        (1_234_500_000, "12.34亿元", "1.234 billion yuan"),
        (1_234_567_890_000, "12,345.68亿元", "1,234.568 billion yuan"),
        (99_999_999, "99,999,999.00元", "99,999,999.00 yuan"),
    ],
)
def test_an_amount_of_money_in_the_words_of_each_language(yuan, zh, en):
    own = promise("a", "never_decrease", unit="yuan", operator=">=")
    said = line(own, [verdict("a", "kept", yuan, 1)], "kept").value
    assert (said.zh, said.en) == (zh, en)


def test_a_value_known_by_segment_is_the_lowest_against_its_benchmark():
    own = promise("a", "comparative", unit="ratio", unit_zh="倍", target="1.0", operator=">=")
    rows = [
        verdict("a", "met", 300, 1, segment="primary", benchmark_num=200, benchmark_den=1),
        verdict("a", "met", 450, 1, segment="junior", benchmark_num=400, benchmark_den=1),
    ]
    assert line(own, rows, "met").value.zh == "1.12倍"


def test_an_amount_without_a_benchmark_is_not_printed_as_a_multiple():
    """0.07 teachers a pupil is not 0.07 times the province: without a benchmark the segment is left out."""
    own = promise("a", "comparative", unit="ratio", unit_zh="倍", target="1.0", operator=">=", compared_with="benchmark")
    rows = [
        verdict("a", "no_judgement", 7, 100, segment="teachers", reason="no_benchmark"),
        verdict("a", "met", 300, 1, segment="floor", benchmark_num=200, benchmark_den=1),
    ]
    assert line(own, rows, "no_judgement", "no_benchmark").value.zh == "1.50倍"
    assert line(own, rows[:1], "no_judgement", "no_benchmark").value == "—"


def test_an_older_value_carries_its_year():
    shown = line(promise("a"), [verdict("a", "covered", 100, period=2023), verdict("a", "no_judgement")], "no_judgement", "no_value")
    assert (shown.value.zh, shown.value_note.zh, shown.status.note.zh) == ("100.00%", "（2023年）", "本期无数据")


def test_the_remark_says_what_is_missing_who_fails_and_what_was_last_year():
    rows = [
        verdict("a", "covered", 100, period=2023),
        verdict("a", "mostly_covered", 97, gap_persons=3),
        verdict("a", "not_covered", 90, area="130702"),
        verdict("a", "covered", 100, area="130703"),
        verdict("a", "not_covered", 90, area="130722", assessed=False),
    ]
    shown = line(promise("a"), rows, "mostly_covered")
    assert shown.remark.zh == "还差3所学校。未达到的单位：桥东区。上年结论：全覆盖。"


def test_a_commitment_without_a_figure_says_why():
    own = promise("a", no_figure={"zh": "还缺应入学儿童数", "en": "not collected"})
    shown = line(own, [], "no_judgement", "no_figure")
    assert shown.remark.zh == "无数据：还缺应入学儿童数。"
    assert (shown.value, shown.status.word.zh) == ("—", "数据不足")


def test_counts_by_tier_and_every_class_in_one_band():
    codes = {"a": "covered", "b": "completed", "c": "window_open", "d": "overdue", "e": "monitored", "f": "no_judgement"}
    promises = [promise(k, tier="B" if k == "d" else "A") for k in codes]
    inputs = made(promises, [], {k: (c, None) for k, c in codes.items()})
    assert counts_sentence(Facts(inputs), "A").zh == (
        "5项A类指标（有明确数量要求）中，达标或落实2项，正常推进1项，仅监测1项，数据不足1项。"
    )
    model = build_model(inputs)
    assert model.summary.promises.zh.startswith("5项A类指标")
    assert sorted(code for _, codes_of in BANDS.values() for code in codes_of) == sorted(CLASS_ORDER)
    assert len(legend(CLASS_ORDER)) == len(CLASS_ORDER)
    html = render_html(model, TEMPLATES)
    assert "三、分领域任务进展" in html and "承诺a" in html and "责任单位：市教育局、市财政局" in html


@pytest.mark.parametrize(
    ("hits", "sampled", "interval"),
    [
        # printed in the method's own example: 92 % of 300 and of 3,000
        (276, 300, "88.37%—94.57%"),
        (2760, 3000, "90.97%—92.92%"),
        # all of 10: 10 / (10 + 3.8416)
        (10, 10, "72.25%—100.00%"),
    ],
)
def test_a_sample_is_told_with_its_interval(hits, sampled, interval):
    own = promise("a", "floor", operator=">=", target="100", value_is="share_complying", survey_z_squared="3.8416")
    rows = [verdict("a", "partly_met", 100 * hits, sampled, numerator=hits, denominator=sampled)]
    shown = line(own, rows, "partly_met")
    assert shown.remark.zh.startswith(f"样本{sampled:,}所学校，95%区间{interval}。")
    low, high = interval.replace("%", "").split("—")
    assert f"{sampled:,} schools sampled, 95% interval {low} to {high}%." in shown.remark.en
    assert line(own | {"survey_z_squared": None}, rows, "partly_met").remark is None
