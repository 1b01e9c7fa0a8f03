"""Sentences: direction words, 百分点 against %, unchanged, no figure, lists of names, both languages."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pipeline.report import sentences as say
from pipeline.report.shapes import Text, punctuated
from pipeline.report.words import reason_text

GER = Text(zh="学前教育毛入园率", en="Pre-school gross enrolment ratio")
CITY = Text(zh="全市", en="Zhangjiakou")
DAY = say.day_of(2024, "school_year")
CHILD = Text(zh="名幼儿", en="children")


def names(*zh: str) -> list[Text]:
    return [Text(zh=z, en=z) for z in zh]


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ("0.37", "提高0.37个百分点", "up 0.37 percentage points"),
        ("-1.3", "下降1.30个百分点", "down 1.30 percentage points"),
        ("0", "持平", "unchanged"),
        ("0.001", "提高0.001个百分点", "up 0.001 percentage points"),
    ],
)
def test_a_rate_changes_in_points(change: str, zh: str, en: str) -> None:
    assert say.points_change(Fraction(change)) == Text(zh=zh, en=en)


@pytest.mark.parametrize(
    ("change", "zh"), [("5.1", "增长5.10%"), ("-1.8", "下降1.80%"), ("0", "持平"), ("-0.0001", "下降0.0001%")]
)
def test_an_amount_changes_in_percent(change: str, zh: str) -> None:
    said = say.percent_change(Fraction(change)).zh
    assert said == zh
    assert "百分点" not in said


def test_value_sentence() -> None:
    said = say.value_sentence(
        DAY, CITY, GER, "91.60", False, (2023, Fraction("0.72")), (2020, Fraction("2.7")), 2
    )
    assert (
        said.zh == "2024年9月1日，全市学前教育毛入园率为91.60%，比上年提高0.72个百分点，"
        "比2020年（基期）提高2.70个百分点。"
    )
    assert said.en.startswith(
        "On 1 September 2024 the pre-school gross enrolment ratio of Zhangjiakou was 91.60%"
    )


def test_value_sentence_unchanged_certified_without_previous() -> None:
    same = say.value_sentence(DAY, CITY, GER, "91.6", True, (2023, Fraction(0)), (2020, Fraction(0)), 1)
    assert same.zh == "2024年9月1日，全市学前教育毛入园率为91.6%◆，与上年持平，与2020年（基期）持平。"
    alone = say.value_sentence(DAY, CITY, GER, "91.6", False, None, None, 1)
    assert alone.zh == "2024年9月1日，全市学前教育毛入园率为91.6%。"
    first = say.value_sentence(DAY, CITY, GER, "91.6", False, (2023, Fraction(1)), (2023, Fraction(1)), 1)
    assert first.zh.endswith("比上年提高1.0个百分点（上年即基期）。")


def test_no_figure_is_said_not_guessed() -> None:
    assert say.no_value_sentence(DAY, CITY, GER).zh == "2024年9月1日，全市学前教育毛入园率无数据，不作判定。"
    reason = reason_text("basis_break")
    assert reason is not None
    assert (
        say.no_judgement_sentence(DAY, GER, reason).zh == "2024年9月1日学前教育毛入园率不作判定：口径中断。"
    )
    apart = reason_text("not_addable")
    assert apart is not None
    said = say.no_judgement_sentence(DAY, GER, apart)
    assert said.zh == "2024年9月1日学前教育毛入园率不作判定：周期内各年分母不同，不能相加。"
    assert said.en.endswith("the years of the window are written over different denominators and cannot be added up.")


def test_distance_in_points_and_persons() -> None:
    short = say.distance_sentence(Fraction(92), 2025, Fraction("1.53"), 1298, 0, CHILD, 2)
    assert short.zh == "距2025年92%的目标还差1.53个百分点（约1,298名幼儿）。"
    unknown = say.distance_sentence(Fraction(92), 2025, Fraction("1.5"), None, None, CHILD, 1)
    assert unknown.zh == "距2025年92%的目标还差1.5个百分点（分母未公布）。"
    above = say.distance_sentence(Fraction(92), 2025, Fraction("-0.5"), 0, 12, CHILD, 2)
    assert above.zh == "高于2025年92%的目标0.50个百分点（多12名幼儿）。"
    met = say.distance_sentence(Fraction(92), 2025, Fraction(0), 0, 0, CHILD, 2)
    assert met.zh == "恰好达到2025年92%的目标。"


def test_conclusion_counts_and_names() -> None:
    groups = [("achieved_early", names("甲率", "乙率")), ("broken", names("丙支出"))]
    said = say.conclusion(DAY, Text(zh="《方案》", en="plan"), groups)
    assert (
        said.zh == "截至2024年9月1日，《方案》3项主要指标中，提前达标2项（甲率、乙率）、未落实1项（丙支出）。"
    )
    assert said.en == (
        "As of 1 September 2024, of the 3 headline indicators of the plan: 2 achieved early (甲率, 乙率); "
        "1 broken (丙支出)."
    )


def test_decomposition_tells_both_parts_with_their_direction() -> None:
    said = say.decomposition_sentence(
        2020,
        Fraction("4.03"),
        (Text(zh="在园幼儿", en="children enrolled"), -22400, Fraction("-23.03")),
        (Text(zh="适龄人口", en="children of the age"), -29200, Fraction("27.06")),
        GER,
    )
    assert said.zh == (
        "学前教育毛入园率比2020年提高4.03个百分点，其中在园幼儿减少22,400人，拉低23.03个百分点；"
        "适龄人口减少29,200人，拉高27.06个百分点。"
    )
    assert "children enrolled: 22,400 fewer, which lowered it by 23.03 percentage points" in said.en
    still = say.decomposition_sentence(
        2020, Fraction(0), (GER, 0, Fraction(0)), (GER, 0, Fraction(0)), Text(zh="率", en="Rate")
    )
    assert still.zh.startswith("率与2020年相比持平")
    assert "未变，没有影响" in still.zh


def test_uneven_total() -> None:
    short = [say.Named(n, f) for n, f in zip(names("甲县", "乙县"), ("83.10", "84.99"), strict=True)]
    said = say.uneven_sentence(CITY, GER, Fraction(85), 17, short, 1400, CHILD)
    assert said.zh == (
        "学前教育毛入园率总体达标、县间不均：17个评价单位中2个低于85%（甲县、乙县），其中甲县83.10%最低，共缺1,400名幼儿。"
    )


def test_long_lists_of_names_are_cut_with_their_number() -> None:
    assert say.listed(names(*"甲乙丙丁戊己庚")).zh == "甲、乙、丙、丁、戊等7个"
    assert say.listed(names("甲", "乙")).zh == "甲、乙"


def test_units_behind_names_the_worst_and_who_falls_back() -> None:
    behind = [
        say.Named(n, f) for n, f in zip(names(*"甲乙丙丁"), ("85.69", "85.97", "87.09", "88.00"), strict=True)
    ]
    back = [say.Named(names("丙")[0], "1.30")]
    said = say.units_behind_sentence(GER, 17, behind, Fraction(92), 1467, "98.4", CHILD, back)
    assert said.zh == (
        "学前教育毛入园率：17个评价单位中4个滞后，距92%的目标共缺1,467名幼儿，占全部缺口的98.4%；"
        "缺口最多的甲、乙、丙分别为85.69%、85.97%、87.09%；不进反退的有丙（比基期下降1.30个百分点）。"
    )
    assert "; most are missing in 甲, 乙, 丙: 85.69%, 85.97%, 87.09%; falling back: 丙 (down 1.30" in said.en


def test_never_decrease_lists_who_fell_and_when() -> None:
    fell = [(names("康保县")[0], say.fall_words(Fraction(16900), Fraction("16595.80"), Fraction("-1.8")))]
    word = Text(zh="未落实", en="broken")
    levels = Text(zh="财政级次", en="budget levels")
    said = say.never_decrease_sentence(2024, levels, 20, 19, 0, fell, 0, word)
    assert said.zh == (
        "2024财政年度，20个财政级次中上升19个、下降1个：康保县由16,900.00元降至16,595.80元（下降1.80%）。“只增不减”判定为“未落实”。"
    )
    since = say.falls_since_sentence(2020, [(names("怀安县")[0], [2022, 2024]), (names("康保县")[0], [2024])])
    assert (
        since.zh
        == "2021年以来曾下降的有：怀安县（2022年、2024年）、康保县（2024年）。下降不因以后回升而抵销。"
    )
    assert say.falls_since_sentence(2020, []).zh == "2021年以来各年均未下降。"
    problem = say.fell_sentence(names("支出")[0], 2024, levels, 20, fell, [(names("怀安县")[0], [2022])])
    assert problem.zh.endswith("此前怀安县（2022年）也曾下降。")


def test_published_pair_that_breaks_basis() -> None:
    said = say.basis_break_amount_sentence(
        Text(zh="普通初中", en="junior"), Fraction("17803.60"), Fraction("17772.06"), Fraction("1.74")
    )
    assert (
        said.zh
        == "普通初中：公布数由17,803.60元变为17,772.06元（下降0.18%），同口径增长1.74%，以同口径为准。"
    )


@pytest.mark.parametrize(
    ("met", "reachable", "words"),
    [
        (False, True, "预计可达"),
        (False, False, "预计不可达"),
        (True, True, "预计仍在目标值以上"),
        (True, False, "预计跌破目标值"),
    ],
)
def test_projection_tells_its_method(met: bool, reachable: bool, words: str) -> None:
    said = say.projection_sentence(2025, "92.32", reachable, met, Fraction("0.72"), 3, Fraction("0.4"))
    assert said.zh.startswith(f"按近三年平均每年提高0.72个百分点直线推算，2025年约为92.32%，{words}")
    assert ("每年需提高0.40个百分点" in said.zh) == (not met)


def test_path_and_hold() -> None:
    word = Text(zh="略有滞后", en="slightly behind")
    said = say.path_sentence("97.92", Fraction("-0.18"), None, True, word, 2)
    assert (
        said.zh == "按序时进度本年应达97.92%，实际低于序时进度0.18个百分点（基期距目标近，按差距判定），"
        "判定为“略有滞后”。"
    )
    assert "（进度比0.82）" in say.path_sentence("91.30", Fraction("-0.49"), "0.82", False, word, 2).zh
    assert "与序时进度要求一致" in say.path_sentence("91.30", Fraction(0), "1.00", False, word, 2).zh
    assert "本年已跌破目标值" in say.hold_sentence(Fraction(95), 2020, word, False).zh


def test_findings_sentence() -> None:
    assert say.findings_sentence(329, 327, 0, 4, 2, 0, 0).zh == (
        "共执行校验329项（规则×数据表），通过327项；发现错误0条、警告4条、复核2条、提示0条。"
    )
    assert "无法评价2条" in say.findings_sentence(3, 1, 0, 0, 0, 0, 2).zh
    assert say.findings_sentence(40, 40, 0, 0, 0, 0, 0, 289).zh.endswith("另有289项因没有该类数据，未涉及。")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("甲县(下降1,400人),乙县;丙县:持平", "甲县（下降1,400人），乙县；丙县：持平"),
        ("分子:9月1日人数", "分子：9月1日人数"),
        ("比值 0.95,0.60 及以上", "比值 0.95,0.60 及以上"),
        ("make report", "make report"),
        ("2024/a_b.csv 第9行", "2024/a_b.csv 第9行"),
        ("见 https://example.org", "见 https://example.org"),
        ("外(内(最内)外)", "外（内（最内）外）"),
    ],
)
def test_chinese_gets_full_width_punctuation(raw: str, shown: str) -> None:
    assert punctuated(raw) == shown
    assert punctuated(shown) == shown
