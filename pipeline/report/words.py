"""The fixed vocabulary of judgements: classes, reasons, stages, marks, in both languages.

Belongs here: one word for one code. Does not belong here: sentences (sentences.py) and the labels of the
layout (report_templates/texts.<lang>.yaml).
"""

from __future__ import annotations

from pipeline.report.shapes import Status, Text, Tone

CERTIFIED = "◆"
"""Marks every certified (published) value."""

PRELIMINARY = "*"
CORRECTED = "†"
"""Marks a figure of an older year that is another one than in the edition before."""

BREAK = "※"
FELL = "▼"
NONE = "—"

_CLASSES: dict[str, tuple[str, str, str, Tone]] = {
    "achieved_early": ("提前达标", "achieved early", "★", "dark_green"),
    "achieved": ("达标", "achieved", "●", "dark_green"),
    "on_schedule": ("正常推进", "on schedule", "▲", "green"),
    "slightly_behind": ("略有滞后", "slightly behind", "▽", "yellow"),
    "behind": ("明显滞后", "behind", "▼", "orange"),
    "falling_back": ("不进反退", "falling back", "↘", "red"),
    "missed": ("未达标", "missed", "×", "red"),
    "kept": ("落实", "kept", "●", "green"),
    "unchanged": ("持平", "unchanged", "=", "green"),
    "broken": ("未落实", "broken", "×", "red"),
    "step_reached": ("达到年度降幅", "yearly change reached", "●", "green"),
    "within_error": ("抽样误差内", "within sampling error", "≈", "yellow"),
    "step_missed": ("未达到", "yearly change missed", "×", "red"),
    "all_met": ("全部达到", "all meet it", "●", "green"),
    "partly_met": ("部分达到", "some meet it", "▽", "orange"),
    "none_met": ("未达到", "none meets it", "×", "red"),
    "met": ("达到", "met", "●", "green"),
    "not_met": ("未达到", "not met", "×", "red"),
    "completed": ("完成", "completed", "●", "dark_green"),
    "completed_late": ("逾期完成", "completed late", "●", "yellow"),
    "overdue": ("逾期未完成", "overdue", "×", "red"),
    "covered": ("全覆盖", "all covered", "●", "dark_green"),
    "mostly_covered": ("基本覆盖", "mostly covered", "▽", "yellow"),
    "not_covered": ("未覆盖", "not covered", "×", "red"),
    "all_units_met": ("全部县达到", "every county meets it", "●", "green"),
    "some_units_not_met": ("有县未达到", "some counties do not", "×", "red"),
    "on_time": ("按期", "on time", "●", "green"),
    "window_open": ("未到期", "not due yet", "△", "grey"),
    "window_missed": ("缺期", "window missed", "×", "red"),
    "done": ("已完成", "done", "●", "dark_green"),
    "in_progress": ("推进中", "in progress", "▲", "green"),
    "milestone_overdue": ("逾期", "overdue", "×", "red"),
    "monitored": ("仅监测", "monitored only", "◇", "grey"),
    "no_judgement": ("数据不足", "no judgement", "○", "grey"),
}
CLASS_ORDER = list(_CLASSES)
BEHIND = ("missed", "falling_back", "behind", "slightly_behind")
LEVEL_CLASSES = [*CLASS_ORDER[:7], "no_judgement"]
HEADLINE_CLASSES = [*CLASS_ORDER[:10], "no_judgement"]
"""Classes of the indicators that have a page of their own."""

BANDS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "met": (
        Text(zh="达标或落实", en="met or kept"),
        (
            "achieved_early", "achieved", "kept", "unchanged", "step_reached", "all_met", "met", "completed",
            "completed_late", "covered", "all_units_met", "on_time", "done",
        ),
    ),
    "on_schedule": (Text(zh="正常推进", en="on schedule"), ("on_schedule", "in_progress", "window_open", "within_error")),
    "behind": (
        Text(zh="滞后或未落实", en="behind or broken"),
        (
            "slightly_behind", "behind", "falling_back", "missed", "broken", "step_missed", "partly_met", "none_met",
            "not_met", "overdue", "mostly_covered", "not_covered", "some_units_not_met", "window_missed",
            "milestone_overdue",
        ),
    ),
    "monitored": (Text(zh="仅监测", en="monitored only"), ("monitored",)),
    "no_judgement": (Text(zh="数据不足", en="no judgement"), ("no_judgement",)),
}
"""How classes are counted together in a sentence; every class is in one band."""



def band_word(band: str) -> Text:
    """The word of a band."""
    return BANDS[band][0]


UNIT_FAILS = ("falling_back", "missed", "broken", "step_missed", "none_met", "not_met", "overdue", "not_covered",
              "mostly_covered", "window_missed", "milestone_overdue")
"""Classes of a unit that is named as an exception."""

_REASONS: dict[str, tuple[str, str]] = {
    "no_base": ("基期缺失", "no value for the base year"),
    "base_year": ("本年为基期", "this is the base year"),
    "no_value": ("本期无数据", "no value for this period"),
    "basis_break": ("口径中断", "break in basis"),
    "small_denominator": ("分母不足500", "fewer than 500 in the denominator"),
    "preliminary": ("临时数据,待正式数据", "preliminary, awaiting final data"),
    "no_figure": ("暂无数据", "no figure"),
    "no_benchmark": ("无对照值", "no benchmark"),
    "some_blank": ("有单位未填,不能说全部", "some left blank what is needed, so it cannot be said of all"),
    "not_addable": ("周期内各年分母不同,不能相加", "the years of the window are written over different denominators and cannot be added up"),
    "no_due_value": ("到期年无数据", "no value for the due year"),
    "not_assessed": ("不单独评价", "not assessed on its own"),
    "no_such_stage": ("无此学段,不适用", "no such stage: not applicable"),
    "none_due": ("尚无到期对象", "nobody's time is up yet"),
    "not_raised": ("到期未高于基期", "due, and not above the base year"),
    "suppressed": ("人数过少,不公开", "not published"),
}

_LEGEND: dict[str, tuple[str, str]] = {
    "achieved_early": ("未到目标年,已达到目标值", "the target is reached before the due year"),
    "achieved": ("到目标年,终期数据达到目标值", "the target is reached in the due year, on final data"),
    "on_schedule": ("未达目标,不低于序时进度要求", "not there yet, not below the required path"),
    "slightly_behind": ("低于序时进度,差距较小", "below the required path by a little"),
    "behind": ("低于序时进度,差距较大", "well below the required path"),
    "falling_back": ("低于基期,或已达标后跌破目标", "below the base year, or fallen from the target"),
    "missed": ("到目标年,终期数据未达到目标值", "due year, final data, target not reached"),
    "kept": ("同口径比上年增加", "rose on the year before, on the same basis"),
    "unchanged": ("同口径与上年相等", "equal to the year before, on the same basis"),
    "broken": (
        "同口径比上年减少,或到期未高于基期",
        "fell on the year before, on the same basis, or due and not above the base year",
    ),
    "step_reached": ("不高于按年度降幅推算的路径", "not above the path of the yearly change"),
    "within_error": ("高于路径,但在抽样误差之内", "above the path, within the sampling error"),
    "step_missed": ("高于路径,超出抽样误差", "above the path by more than the sampling error"),
    "all_met": ("全部单位(学校)达到标准", "every unit or school meets the standard"),
    "partly_met": ("一部分达到标准", "some meet the standard"),
    "none_met": ("都没有达到标准", "none meets the standard"),
    "met": ("本单位达到标准", "the unit meets the standard"),
    "not_met": ("本单位未达到标准", "the unit does not meet the standard"),
    "completed": ("到期时数量达到要求", "the number was there when due"),
    "completed_late": ("到期后才达到要求", "the number was there after it was due"),
    "overdue": ("已到期,数量不足", "due, and the number is not there"),
    "covered": ("100%,一个不少", "100 %, not one missing"),
    "mostly_covered": ("95%以上,但有例外", "95 % or more, with exceptions"),
    "not_covered": ("已到期,不足95%", "due, and under 95 %"),
    "all_units_met": ("每个县(区)都不低于对照值", "no county is below its benchmark"),
    "some_units_not_met": ("有县(区)低于对照值", "a county is below its benchmark"),
    "on_time": ("本周期内已按要求举办", "held as required in this window"),
    "window_open": ("本周期尚未结束", "the window is still open"),
    "window_missed": ("周期结束而未按要求举办", "the window closed without it"),
    "done": ("有文件证明已完成", "a document proves that it is done"),
    "in_progress": ("尚未到期或未写明期限,在推进", "not due or without a date, going on"),
    "milestone_overdue": ("已到期而未完成", "due and not done"),
    "monitored": ("只列数值,不设合格线", "shown without a pass mark"),
    "no_judgement": ("缺数据、口径中断或单位过小", "data missing, basis broken or unit too small"),
}

_SEGMENTS: dict[str, tuple[str, str]] = {
    "all": ("各级各类教育合计", "all stages"),
    "kindergarten": ("幼儿园", "kindergartens"),
    "primary": ("普通小学", "primary schools"),
    "junior": ("普通初中", "junior secondary schools"),
    "senior_general": ("普通高中", "general senior secondary schools"),
    "secondary_vocational": ("中等职业学校", "secondary vocational schools"),
    "higher": ("普通高等学校", "higher education"),
}
SEGMENT_ORDER = [code for code in _SEGMENTS if code != "all"] + ["all"]

_BASES: dict[str, str] = {
    "常住年报": "resident population, yearly figures",
    "常住普查": "resident population, census",
    "户籍": "registered population",
    "推算": "estimated",
    "公布值": "as published",
    "省厅核定": "certified by the province",
    "含技工学校": "with technical schools",
    "不含技工学校": "without technical schools",
}

SEVERITIES = {
    "error": Text(zh="错误", en="error"),
    "warning": Text(zh="警告", en="warning"),
    "review": Text(zh="复核", en="review"),
    "info": Text(zh="提示", en="note"),
}
OUTCOMES = {
    "passed": Text(zh="通过", en="passed"),
    "failed": Text(zh="不符", en="failed"),
    "could_not_be_evaluated": Text(zh="无法评价", en="could not be evaluated"),
    "withheld": Text(zh="暂不核对", en="withheld"),
    "idle": Text(zh="未涉及", en="no data"),
}
MATURITIES = {
    "final": Text(zh="正式", en="final"),
    "preliminary": Text(zh="临时", en="preliminary"),
}
ORIGINS = {
    "real": Text(zh="真实", en="real"),
    "demonstration": Text(zh="演示", en="demo"),
}


def basis_text(basis: str) -> Text:
    """A basis (口径) as it stands in a return, and in English where it is a usual one."""
    return Text(zh=basis, en=_BASES.get(basis, basis))


_IRREGULAR = {"children": "child", "bodies": "body", "counties": "county", "breaches": "breach"}


def counted_en(number: str, noun: str) -> str:
    """``("1", "schools")`` -> ``"1 school"``; any other number keeps the plural: ``"0 schools"``.

    Only the first word of ``noun`` is changed (``"times a year"`` -> ``"time a year"``).
    """
    word, gap, rest = noun.strip().partition(" ")
    if number == "1":
        word = _IRREGULAR.get(word, word.removesuffix("s"))
    return f"{number} {word}{gap}{rest}"


def reason_text(code: str | None) -> Text | None:
    """Why there is no judgement; an unknown code is shown as it is, None gives None."""
    if code is None:
        return None
    zh, en = _REASONS.get(code, (code, code))
    return Text(zh=zh, en=en)


def status(code: str | None, reason: str | None = None) -> Status:
    """The shown form of a class. None is the absence of a judgement."""
    code = code or "no_judgement"
    zh, en, shape, tone = _CLASSES[code]
    return Status(code=code, word=Text(zh=zh, en=en), shape=shape, tone=tone, note=reason_text(reason))


def meaning(code: str) -> Text:
    """What a class means, in a few words."""
    zh, en = _LEGEND[code]
    return Text(zh=zh, en=en)


def legend(codes: list[str]) -> list[tuple[Status, Text]]:
    """Each class of ``codes`` with what it means, in the fixed order."""
    return [
        (status(code), meaning(code))
        for code in CLASS_ORDER
        if code in codes
    ]


def marks_of_figures() -> list[Text]:
    """The marks beside figures, each with what it means."""
    return [
        Text(zh=f"{CERTIFIED} 核定值(公布值)", en=f"{CERTIFIED} certified (published) value"),
        Text(zh=f"{BREAK} 口径与上年不同", en=f"{BREAK} basis differs from the year before"),
        Text(zh=f"{FELL} 比上年减少", en=f"{FELL} fell on the year before"),
        Text(zh=f"{PRELIMINARY} 含临时数据", en=f"{PRELIMINARY} rests on preliminary data"),
        Text(zh=f"{NONE} 无数据或不适用", en=f"{NONE} no figure, or none applies"),
    ]


def segment_text(code: str) -> Text:
    """Name of a stage."""
    zh, en = _SEGMENTS.get(code, (code, code))
    return Text(zh=zh, en=en)


def segment_rank(code: str) -> tuple[int, str]:
    """Stages in school order, the total last, unknown ones after."""
    return (SEGMENT_ORDER.index(code) if code in SEGMENT_ORDER else len(SEGMENT_ORDER), code)
