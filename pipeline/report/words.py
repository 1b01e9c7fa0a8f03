"""The fixed vocabulary of judgements: classes, reasons, stages, marks, in both languages.

Belongs here: one word for one code. Does not belong here: sentences (sentences.py) and the labels of the
layout (report_templates/texts.<lang>.yaml).
"""

from __future__ import annotations

from pipeline.report.shapes import Status, Text, Tone

CERTIFIED = "◆"
"""Marks every certified (published) value."""

PRELIMINARY = "*"
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
    "no_judgement": ("数据不足", "no judgement", "○", "grey"),
}
CLASS_ORDER = list(_CLASSES)
BEHIND = ("missed", "falling_back", "behind", "slightly_behind")
LEVEL_CLASSES = [*CLASS_ORDER[:7], "no_judgement"]

_REASONS: dict[str, tuple[str, str]] = {
    "no_base": ("基期缺失", "no value for the base year"),
    "base_year": ("本年为基期", "this is the base year"),
    "no_value": ("本期无数据", "no value for this period"),
    "basis_break": ("口径中断", "break in basis"),
    "small_denominator": ("分母不足500", "fewer than 500 in the denominator"),
    "not_assessed": ("不单独评价", "not assessed on its own"),
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
    "broken": ("同口径比上年减少", "fell on the year before, on the same basis"),
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
    "demonstration": Text(zh="演示", en="demonstration"),
}


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


def legend(codes: list[str]) -> list[tuple[Status, Text]]:
    """Each class of ``codes`` with what it means, in the fixed order."""
    return [
        (status(code), Text(zh=_LEGEND[code][0], en=_LEGEND[code][1]))
        for code in CLASS_ORDER
        if code in codes
    ]


def segment_text(code: str) -> Text:
    """Name of a stage."""
    zh, en = _SEGMENTS.get(code, (code, code))
    return Text(zh=zh, en=en)


def segment_rank(code: str) -> tuple[int, str]:
    """Stages in school order, the total last, unknown ones after."""
    return (SEGMENT_ORDER.index(code) if code in SEGMENT_ORDER else len(SEGMENT_ORDER), code)
