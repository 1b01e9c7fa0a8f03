"""Sentences that name the numbered figures and tables which show what they say.

Belongs here: which sentence names which figure and table. Does not belong here: the grammar of a reference
(sentences.py), numbering (facts.py), the links (render.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.report import sentences as say
from pipeline.report.shapes import Chapter, Chart, IndicatorPage, Piece, Table, Text


METHODS = Text(zh="其他算法", en="Other methods")
UNITS = Text(zh="分单位", en="Units")


def page_referring(page: IndicatorPage) -> IndicatorPage:
    """A page of an indicator whose sentences name its chart, its years, its split, its methods and its units."""
    first = [s for s in (page.chart, *page.tables[:1]) if s is not None]
    if not page.tables:
        first += page.unit_tables
    sentences = [say.referring(page.sentences[0], first), *page.sentences[1:]]
    more = [where_shown(page)] if page.tables else []
    if page.decomposition is None:
        sentences[-1] = say.joined(sentences[-1], *more)
        return page.model_copy(update={"sentences": sentences})
    split = say.referring(page.decomposition, [s for s in (page.split,) if s is not None])
    return page.model_copy(update={"sentences": sentences, "decomposition": say.joined(split, *more)})


def where_shown(page: IndicatorPage) -> Text | None:
    """Where the other methods and the units are; None where there are neither."""
    units, methods = [*page.unit_tables, *page.unit_charts], page.tables[1:]
    told = [(words, say.seen_in(shown)) for words, shown in ((METHODS, methods), (UNITS, units)) if shown]
    if not told:
        return None
    return Text(
        zh=";".join(f"{words.zh}见{where.zh}" for words, where in told) + "。",
        en="; ".join(f"{words.en}: {where.en}" for words, where in told) + ".",
    )


def chapter_referring(chapter: Chapter) -> Chapter:
    """A chapter in which the last sentence over some tables and charts names them; its pages likewise.

    What stands in a piece without a sentence belongs to the sentence before it.
    """
    pieces = list(chapter.pieces)
    shown: dict[int, list[Table | Chart]] = {}
    over = None
    for index, piece in enumerate(pieces):
        if piece.said:
            over = index
        if over is not None:
            shown.setdefault(over, []).extend(shown_of(piece))
    for index, things in shown.items():
        said = pieces[index].said
        pieces[index] = pieces[index].model_copy(update={"said": [*said[:-1], say.referring(said[-1], things)]})
    return chapter.model_copy(update={"pieces": pieces, "pages": all_referring(chapter.pages)})


def all_referring(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Chapters as :func:`chapter_referring` makes them."""
    return [chapter_referring(chapter) for chapter in chapters]


def shown_of(piece: Piece) -> list[Table | Chart]:
    """What a piece shows, in the order of the page."""
    return [*([piece.chart] if piece.chart is not None else []), *piece.tables]
