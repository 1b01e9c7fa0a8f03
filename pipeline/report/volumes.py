"""The pages of very many units in volumes beside the report: which unit stands in which, and the volumes one by one.

Belongs here: when there are volumes, how units are divided among them, what the report says of them. Does not belong here:
a unit's page (unit_pages.py), setting a volume (volume_files.py).

A territory of some dozens of units has their pages in its report. With thousands of units that one document would need
memory for every sheet at once, and nobody looks for one county in three thousand sheets. Volumes are made and set one
after another, so what is kept does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.report.facts import Facts, Source, column, figure_cell, table, text_cell
from pipeline.report.many import parts_of
from pipeline.report.outline import ANNEXES
from pipeline.report.references import chapter_referring
from pipeline.report.sentences import listed
from pipeline.report.shapes import Chapter, Piece, ReportModel, Row, Text, Volume
from pipeline.report.territory import neighbours
from pipeline.report.unit_pages import how_to_read, unit_page
from pipeline.report.volume_names import volume_name
from pipeline.report.words import marks_of_figures

WITHIN = 60
"""So many pages of units stand in the report itself."""

IN_A_VOLUME = 40
"""At most so many units in a volume; they are divided evenly."""


def divided(there: Sequence[Source]) -> list[list[Source]]:
    """The units of each volume, in their usual order, as even as can be; no volume where the report has room for all."""
    return [] if len(there) <= WITHIN else parts_of(there, IN_A_VOLUME)


def make_volumes_chapter(facts: Facts, volumes: Sequence[Sequence[Source]]) -> Chapter:
    """What the report itself says of the units' pages: in which volume each unit stands."""
    total = sum(map(len, volumes))
    said = Text(
        zh=f"{total}个单位各占一页,分{len(volumes)}卷另行成册,与本报告一同发布。单位按通常次序排列。",
        en=f"{total} units have a page each, in {len(volumes)} volumes published with this report, in their usual order.",
    )
    heads = [
        column(Text(zh="卷", en="Volume"), 12, "code"),
        column(Text(zh="文件", en="File"), 30, "text"),
        column(Text(zh="单位数", en="Units"), 14),
        column(Text(zh="单位", en="Which"), 100, "text"),
    ]
    rows = [
        Row(
            cells=[
                text_cell(str(number)),
                text_cell(Text(zh=f"{volume_name(number)}.zh.pdf", en=f"{volume_name(number)}.en.pdf")),
                figure_cell(str(len(own))),
                text_cell(names_of(facts, own)),
            ]
        )
        for number, own in enumerate(volumes, start=1)
    ]
    title = Text(zh="各单位所在的卷", en="In which volume each unit is")
    pieces = [Piece(close=True, said=[said], tables=[table(facts.number.table(), title, heads, rows)])]
    return Chapter(id="units", heading=ANNEXES["units"], pieces=pieces)


def names_of(facts: Facts, own: Sequence[Source]) -> Text:
    """Every unit of a volume by name."""
    return listed([facts.name_of(a["area_code"]) for a in own], len(own))


def volumes_of(facts: Facts, report: ReportModel, volumes: Sequence[Sequence[Source]]) -> Iterator[Volume]:
    """The volumes in their order, each made when it is asked for; nothing of the one before is kept."""
    for number, own in enumerate(volumes, start=1):
        facts.number_anew()
        codes = [area["area_code"] for area in own]
        facts.open_units(codes, {other for code in codes for other in neighbours(facts, code)})
        zh, en = f"第{number}卷(共{len(volumes)}卷)", f"volume {number} of {len(volumes)}"
        title = report.title_of("units")
        chapter = Chapter(
            id="units",
            heading=Text(zh=f"{title.zh} {zh}", en=f"{title.en}, {en}"),
            pieces=[Piece(said=[how_to_read(facts, own)])],
            pages=[unit_page(facts, area) for area in own],
        )
        yield Volume(
            head=report.head,
            legend=report.legend,
            marks=marks_of_figures(),
            number=number,
            count=len(volumes),
            chapter=chapter_referring(chapter),
        )
