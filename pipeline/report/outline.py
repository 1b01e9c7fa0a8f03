"""The order of the report: its chapters and annexes, their numbers, the table of contents.

Belongs here: what a chapter is called and what number it bears. Does not belong here: what stands in it.

Chapters that an edition does not have (a territory without units has no comparison of units) get no number, so
that the printed numbers have no gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.report.shapes import ContentsLine, Piece, Text

HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")

CHAPTERS: dict[str, Text] = {
    "overall": Text(zh="总体进展", en="Progress as a whole"),
    "indicators": Text(zh="主要指标进展", en="Headline indicators"),
    "spending": Text(zh="教育投入“两个只增不减”", en="Spending that may not fall"),
    "promises": Text(zh="分领域任务进展", en="Tasks by section of the plan"),
    "comparison": Text(zh="县(区)比较", en="Units compared"),
    "outlook": Text(zh="到目标年的测算", en="Outlook to the due year"),
    "problems": Text(zh="存在的主要问题", en="Main problems"),
    "advice": Text(zh="预警建议与下步工作", en="Warnings advised and next steps"),
}
ANNEXES: dict[str, Text] = {
    "definitions": Text(zh="指标定义与计算方法", en="Definitions and methods"),
    "sources": Text(zh="数据来源与统计口径", en="Sources"),
    "findings": Text(zh="数据质量报告", en="Quality of the data"),
    "revisions": Text(zh="历史数据修订表", en="Revisions"),
    "base": Text(zh="分县(区)基础数据", en="Base figures by unit"),
    "reproduction": Text(zh="复现信息", en="How to make this edition again"),
    "units": Text(zh="各县(区)情况", en="Unit by unit"),
    "bodies": Text(zh="各责任单位情况", en="Body by body"),
    "signing": Text(zh="签批页(内部)", en="Sign-off (internal)"),
}
SUMMARY = Text(zh="摘要", en="Summary")


def in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces of a chapter, their headings numbered in Chinese, (一)(二)…, where there is more than one."""
    pieces = list(pieces)
    if sum(piece.heading is not None for piece in pieces) < 2:
        return pieces
    numbers = iter(HAN)
    return [
        piece
        if piece.heading is None
        else piece.model_copy(
            update={"heading": Text(zh=f"({next(numbers)}){piece.heading.zh}", en=piece.heading.en)}
        )
        for piece in pieces
    ]


def contents_of(present: Iterable[str], indicators: Sequence[tuple[str, Text]]) -> list[ContentsLine]:
    """The table of contents: the chapters and annexes that are ``present``, numbered without a gap.

    ``indicators``: anchor and name of each page of the chapter ``indicators``. The sign-off page bears no number.
    """
    there = set(present)
    lines = [ContentsLine(id="summary", title=SUMMARY, level=1)]
    for number, key in enumerate((k for k in CHAPTERS if k in there), start=1):
        title = CHAPTERS[key]
        numbered = Text(zh=f"{HAN[number - 1]}、{title.zh}", en=f"{number}. {title.en}")
        lines.append(ContentsLine(id=key, title=numbered, level=1))
        if key == "indicators":
            lines += [
                ContentsLine(
                    id=anchor, title=Text(zh=f"({HAN[n]}){name.zh}", en=f"{number}.{n + 1} {name.en}"), level=2
                )
                for n, (anchor, name) in enumerate(indicators)
            ]
    for number, key in enumerate((k for k in ANNEXES if k in there and k != "signing"), start=1):
        title = ANNEXES[key]
        lines.append(
            ContentsLine(id=key, title=Text(zh=f"附件{number} {title.zh}", en=f"Annex {number}. {title.en}"), level=1)
        )
    if "signing" in there:
        lines.append(ContentsLine(id="signing", title=ANNEXES["signing"], level=1))
    return lines
