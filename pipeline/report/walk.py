"""Going through a report model: every text, table and chart in it, wherever it stands.

Belongs here: finding things in the model by their shape, so that a new chapter needs no work in the faces.
Does not belong here: what a face does with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel

from pipeline.report.shapes import (
    Cell,
    Chart,
    ChartPoint,
    Dot,
    DotChart,
    DotRow,
    Lang,
    MapTile,
    MatrixChart,
    MatrixRow,
    Panel,
    PathChart,
    ReportModel,
    SmallMultiples,
    Table,
    Text,
    TileMap,
    Volume,
    WaterfallChart,
    WaterfallStep,
    Words,
    said,
)

CHARTS: tuple[type[Chart], ...] = (PathChart, DotChart, WaterfallChart, TileMap, MatrixChart, SmallMultiples)
_Shape = TypeVar("_Shape", bound=BaseModel)
_DRAWN = (*CHARTS, ChartPoint, DotRow, Dot, WaterfallStep, MapTile, MatrixRow, Panel)
"""Shapes of which a page shows a drawing, not the values."""


def shapes(model: BaseModel, kind: type[_Shape] | tuple[type[_Shape], ...]) -> Iterator[_Shape]:
    """Every object of a shape (or of several) inside ``model``, in the order of the fields; those inside a found one
    too."""
    found: list[_Shape] = []
    _gather(model, kind, found)
    yield from found


def _gather(value: object, kind: type[_Shape] | tuple[type[_Shape], ...], found: list[_Shape]) -> None:
    """Put what is inside a model or a list into ``found``."""
    for item in value.__dict__.values() if isinstance(value, BaseModel) else value:
        if isinstance(item, BaseModel):
            if isinstance(item, kind):
                found.append(item)
            _gather(item, kind, found)
        elif isinstance(item, list | tuple):
            _gather(item, kind, found)


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield value


def tables(model: ReportModel | Volume) -> list[Table]:
    """Every numbered table, in the order of its number."""
    return sorted(shapes(model, Table), key=lambda table: table.number)


def charts(model: ReportModel | Volume) -> list[Chart]:
    """Every numbered chart, in the order of its number."""
    return sorted(shapes(model, CHARTS), key=lambda chart: chart.number)


def printed(model: BaseModel, lang: Lang) -> Iterator[str]:
    """Every text that the pages print outside drawings, in one language: sentences, headings, figures, names.

    A plain ``str`` counts where its field may hold words in two languages; ids, codes and places of drawings do not.
    """
    for name, value in model:
        worded = type(model).model_fields[name].annotation == Words
        for item in _flat(value):
            if isinstance(item, Text) or (worded and isinstance(item, str)):
                yield said(item, lang)
            elif isinstance(item, Cell):
                yield from cell_texts(item, lang)
            elif isinstance(item, BaseModel) and not isinstance(item, _DRAWN):
                yield from printed(item, lang)


def cell_texts(cell: Cell, lang: Lang) -> Iterator[str]:
    """What a cell of a table prints: mark, words, and the word of a class with its note."""
    if cell.status is not None:
        yield cell.status.word.of(lang)
        if cell.status.note is not None:
            yield cell.status.note.of(lang)
    elif cell.dot is None:
        yield cell.mark + said(cell.words, lang)
