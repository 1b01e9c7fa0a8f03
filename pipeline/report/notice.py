"""The covering notice (通知) with which a bureau sends the report out.

Belongs here: its words. Does not belong here: layout (report_templates/notice.html.j2), the report itself.

Nothing is invented: a number or a day that the plan file does not give is left open, to be filled by hand.
"""

from __future__ import annotations

from datetime import date

from pipeline.report.facts import Facts
from pipeline.report.inputs import Row
from pipeline.report.shapes import Head, Notice, Text, punctuated

BLANK = "\u3000"


def make_notice(facts: Facts, head: Head, conclusion: Text) -> Notice | None:
    """The notice of an edition; None where the plan file says nothing of one."""
    said: Row | None = facts.edition.get("notice")
    if said is None:
        return None
    issued = said["issued"].get(str(head.year))
    received = date.fromisoformat(head.received_through)
    year = date.fromisoformat(issued["on"]).year if issued else received.year
    number = str(issued["number"]) if issued else BLANK * 2
    day = chinese_day(date.fromisoformat(issued["on"])) if issued else f"{year}年{BLANK * 2}月{BLANK * 2}日"
    plan, report = f"《{head.plan_title.zh}》", head.title.zh
    return Notice(
        organ=f"{head.body.zh}文件",
        number=f"{said['mark_zh'] or BLANK * 3}〔{year}〕{number}号",
        title_lines=[f"{head.body.zh}关于印发", plan, f"{head.subject.zh}({head.year}年度)的通知"],
        addressees=punctuated(said["addressees_zh"] + ":"),
        paragraphs=[
            f"现将{report}(以下简称《报告》)印发给你们,请结合实际,认真研究《报告》反映的问题,抓好改进。",
            f"《报告》主要结论:{conclusion.zh}",
            "《报告》所列数字的分子、分母、口径和数据来源,见《报告》附表及随附数据文件。",
        ],
        attachment=report,
        day=day,
        copies=said["copies_zh"],
        printed_by=said["printed_by_zh"],
    )


def chinese_day(day: date) -> str:
    """A date as official papers write it, in Arabic digits without leading zeros: ``2025年9月1日``."""
    return f"{day.year}年{day.month}月{day.day}日"
