"""A report for the public: sentences that name no unit as a problem.

Belongs here: taking the names of units out of sentences, and out of the text alternatives of charts. Does not belong
here: hiding figures (pipeline/edition/public.py). Tables and charts keep their units: they list all of them, good and bad.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from pipeline.report.shapes import (
    Chart,
    DotChart,
    MatrixChart,
    ReportModel,
    SmallMultiples,
    Status,
    Text,
    TileMap,
)
from pipeline.report.unit_charts import counted
from pipeline.report.walk import CHARTS
from pipeline.report.workbook import figure_of

_PLAN = {"reading_rules"}
"""Fields that quote the plan: whom a rule of the plan names is no problem of theirs."""
_ENDS = ("。", ".")
_ASIDE = r" ?[（(][^（）()]*[）)]"


def without_names(model: ReportModel, names: Iterable[Text]) -> ReportModel:
    """The report with every run of units' names in a sentence replaced by how many need attention.

    ``蔚县、阳原县分别为…`` -> ``2个需重点关注的单位分别为…``; a list cut short (``蔚县、阳原县等5个``) counts as the number
    that it gives. What stands in brackets after the last name is kept where all of them have the same, or it alone has any.
    Headings stay, and so do the names that head the rows of tables; a chart whose text alternative names units gets one
    that counts them.
    """
    known = list(names)
    return _mapped(model, _Names([n.zh for n in known], [n.en for n in known]))


class _Names:
    """Finds runs of names in a text."""

    def __init__(self, zh: list[str], en: list[str]) -> None:
        self.zh, self.en = _run(zh, r"[、；]", r"等(?P<cut>\d+)个"), _run(en, r", |; | and ", r" and (?P<cut>\d+) more")

    def __call__(self, text: Text) -> Text:
        if not text.zh.endswith(_ENDS) or not (self.zh[0].search(text.zh) or self.en[0].search(text.en)):
            return text
        return Text(zh=self.zh[0].sub(self._chinese, text.zh), en=self.en[0].sub(self._english, text.en))

    def in_chart(self, chart: Chart) -> Chart:
        """``chart`` with a text alternative that names no unit."""
        told = chart.description
        if not (self.zh[0].search(told.zh) or self.en[0].search(told.en)):
            return chart
        return chart.model_copy(update={"description": _counted_description(chart)})

    def _chinese(self, run: re.Match[str]) -> str:
        number = run["cut"] or len(self.zh[1].findall(run["names"]))
        return f"{number}个需重点关注的单位{self._aside(run)}"

    def _english(self, run: re.Match[str]) -> str:
        number = len(self.en[1].findall(run["names"])) + int(run["cut"] or 0)
        said = "1 unit that needs attention" if number == 1 else f"{number} units that need attention"
        return said + self._aside(run)

    @staticmethod
    def _aside(run: re.Match[str]) -> str:
        """What stands in brackets after the last name, where it is said of all of them: not where it is of the last alone."""
        last, asides = run["aside"] or "", re.findall(_ASIDE, run["names"])
        return "" if run["cut"] or any(other != last for other in asides) else last


def _counted_description(chart: Chart) -> Text:
    """What a chart of many units shows, in numbers: how many of each class, the least and the greatest value."""
    statuses, labels = _drawn(chart)
    pieces = []
    if statuses:
        told = {lang: counted(statuses, lang) for lang in ("zh", "en")}
        pieces.append(Text(zh="、".join(w for _, w in told["zh"]), en=", ".join(w for _, w in told["en"])))
    figures = {figure.value: label for label in labels if (figure := figure_of(label))}
    if figures:
        least, most = (figures[pick(figures)] + chart.unit for pick in (min, max))
        pieces.append(Text(zh=f"数值在{least}与{most}之间", en=f"values from {least} to {most}"))
    return Text(
        zh=f"{chart.title.zh}:{';'.join(p.zh for p in pieces)}。", en=f"{chart.title.en}: {'; '.join(p.en for p in pieces)}."
    )


def _drawn(chart: Chart) -> tuple[list[Status], list[str]]:
    """The classes and the printed values of the units that a chart draws."""
    match chart:
        case DotChart():
            return [r.status for r in chart.rows if r.status], [r.label or r.value for r in chart.rows]
        case TileMap():
            return [t.status for t in chart.tiles], [t.label for t in chart.tiles]
        case MatrixChart():
            return [s for r in chart.rows for s in r.cells if s], []
        case SmallMultiples():
            return [p.status for p in chart.panels if p.status], [p.label for p in chart.panels]
    return [], []


def _run(names: list[str], between: str, cut: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of a run of names and of one name. Groups of the run: ``names`` with what stands in brackets after each, ``aside``
    in brackets after the last, ``cut`` the number at the end of a list that was cut short."""
    one = "|".join(re.escape(n) for n in sorted(set(names), key=lambda n: (-len(n), n))) or r"(?!)"
    run = f"(?P<names>(?:{one})(?:(?:{_ASIDE})?(?:{between})(?:{one}))*)(?P<aside>{_ASIDE})?(?:{cut})?"
    return re.compile(run), re.compile(one)


def _mapped(item: Any, change: _Names) -> Any:
    """``item`` with ``change`` applied to every text inside, and to what charts say of themselves."""
    if isinstance(item, Text):
        return change(item)
    if isinstance(item, CHARTS):
        return change.in_chart(item)
    if isinstance(item, BaseModel):
        return item.model_copy(update={name: _mapped(value, change) for name, value in item if name not in _PLAN})
    if isinstance(item, list):
        return [_mapped(value, change) for value in item]
    if isinstance(item, tuple):
        return tuple(_mapped(value, change) for value in item)
    return item
