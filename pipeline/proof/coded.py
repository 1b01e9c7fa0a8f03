"""``jiance trace CODE``: from the code printed beside a figure to what the figure is, and what its edition says of it.

Belongs here: finding the figure of a code in published data, the nearest code where there is none. Does not belong
here: making codes (trace_code.py), following the figure to its rows (trace.py), wording (show.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.edition.files import newest
from pipeline.plan.model import load_indicators
from pipeline.programme import Home
from pipeline.proof.compare import read_rows
from pipeline.proof.restore import Edition, EditionError, open_edition
from pipeline.proof.trace import TraceError
from pipeline.proof.verify import require_structure
from pipeline.trace_code import EXAMPLE, Codes, Figure, figure_of, parts_of, tidy, whole_code

FIGURES, VERDICTS = "data/indicators.csv", "data/verdicts.csv"


@dataclass(frozen=True)
class Coded:
    """The figure that a code names. ``row``: its line of the edition's indicators.csv; ``verdicts``: the lines of
    verdicts.csv that it decides; all texts."""

    code: str
    edition: Edition
    figure: Figure
    row: dict[str, str]
    verdicts: list[dict[str, str]]

    def document(self, missing: list[str]) -> dict[str, Any]:
        """As JSON values, where its rows cannot be had; ``missing``: the inputs that are not found."""
        return {
            "code": self.code,
            "edition": self.edition.label,
            "figure": self.row,
            "verdicts": self.verdicts,
            "missing_inputs": missing,
        }


def find_coded(home: Home, text: str, edition: Edition | None = None) -> Coded:
    """The figure that ``text`` names in ``edition``, else in the newest edition of any programme that has it.

    Raises TraceError where the text is no code, no figure has it, or the edition carries no data.
    """
    parts = parts_of(text)
    if edition is not None and not (edition.folder / FIGURES).is_file():
        raise TraceError(
            f"{edition.label}:没有 {FIGURES},不能由追溯码查找;通知和分卷不附数据文件,请用报告 / "
            "no data file to find a code in; the notice and the volumes carry none, use the report"
        )
    searched, unread = [], []
    for each in [edition] if edition is not None else _newest_first(home, unread):
        try:
            rows = _rows(each)
        except EditionError:
            if edition is not None:
                raise
            unread.append(each.label)
            continue
        if parts is not None and (found := _in_edition(each, rows, *parts)):
            return found
        searched.append(each)
    raise TraceError(_unknown(text, searched, unread))


def _newest_first(home: Home, unread: list[str]) -> Iterator[Edition]:
    """The newest edition of every programme, then the years before; ``unread`` takes those that cannot be read."""
    years = [y for y in home.editions.glob("*/*") if y.is_dir() and y.name.isdigit()]
    places: dict[str, list[Path]] = {}
    for year in sorted(years, key=lambda y: (y.parent.name, -int(y.name))):
        if made := newest(year):
            places.setdefault(year.parent.name, []).append(made)
    depth = max(map(len, places.values()), default=0)
    for folder in (own[n] for n in range(depth) for own in places.values() if n < len(own)):
        try:
            edition = require_structure(open_edition(folder))
        except EditionError:
            unread.append("/".join(folder.parts[-3:]))
            continue
        if (edition.folder / FIGURES).is_file():
            yield edition


def _rows(edition: Edition) -> list[dict[str, str]]:
    """The figures as published. Raises EditionError where the file is damaged."""
    path = edition.folder / FIGURES
    rows = read_rows(path)
    if any(name not in row for row in rows[:1] for name in Figure._fields) or not all(row["period"].isdecimal() for row in rows):
        raise EditionError(
            f"{path}:缺少指标、单位、年度等列或年度不是数字,文件被改动过,请先用 jiance verify 核对 / columns of the figures are "
            "missing or a year is no number: the file was changed, run jiance verify first"
        )
    return rows


def _in_edition(edition: Edition, rows: list[dict[str, str]], start: str, suffix: str) -> Coded | None:
    """The figure whose code begins so. Raises TraceError where there are several."""
    found = [
        row
        for row in rows
        if f"{int(row['period']) % 100:02}" == suffix and whole_code(edition.programme, figure_of(row)).startswith(start)
    ]
    if not found:
        return None
    codes = Codes(edition.programme, map(figure_of, rows))
    figures = sorted({figure_of(row) for row in found})
    if len(figures) > 1:
        told = "、".join(f"{codes.of(f)}({f.indicator_id} {f.area_code} {f.period})" for f in figures)
        raise TraceError(f"追溯码“{start}-{suffix}”不完整,可能是:{told} / the code is cut short, it may be one of these")
    (figure,) = figures
    if figure.indicator_id not in load_indicators():
        raise TraceError(
            f"{edition.label}:追溯码 {codes.of(figure)} 是 {figure.indicator_id} {figure.area_code} {figure.period},本程序的指标目录"
            f"没有这个指标;请用当时的程序版本(清单 code_sha256 {edition.manifest['code_sha256'][:12]})追溯 / the catalogue of "
            "this installation does not know that indicator: trace it with the code of that time"
        )
    return Coded(codes.of(figure), edition, figure, found[0], _verdicts(edition, figure))


def _verdicts(edition: Edition, figure: Figure) -> list[dict[str, str]]:
    """The verdicts that a figure decides, as published."""
    path = edition.folder / VERDICTS
    if not path.is_file():
        return []
    return [row for row in read_rows(path) if figure_of(row) == figure]


def _unknown(text: str, searched: list[Edition], unread: list[str]) -> str:
    """Why nothing has this code: what a code looks like, where it was looked for, the nearest one there is."""
    zh, en = f"没有追溯码“{text}”。", f"There is no figure with the code {text!r}. "
    if parts_of(text) is None:
        zh = f"“{text}”不是追溯码。"
        en = f"{text!r} is not a code. "
    zh += f"追溯码印在报告数字旁,如 {EXAMPLE}:六位(或更多)数字和字母(没有 I、L、O、U),短横,年度末两位。"
    en += (
        f"A code stands beside a figure of the report, as {EXAMPLE}: six or more digits and letters (no I, L, O, U), "
        "a dash, the last two digits of the year. "
    )
    if searched:
        zh += f"查过:{'、'.join(e.label for e in searched)}。"
        en += f"Looked in: {', '.join(e.label for e in searched)}. "
    elif not unread:
        zh += "尚未发布任何版本。"
        en += "Nothing is published yet. "
    if unread:
        zh += f"清单或数据文件无法读取,没有查:{'、'.join(unread)}。"
        en += f"Not looked in, manifest or data file unreadable: {', '.join(unread)}. "
    near = _nearest(tidy(text), searched)
    if near is not None:
        code, figure, edition = near
        name = f"{figure.indicator_id} {figure.variant} {figure.area_code} {figure.segment} {figure.period}"
        zh += f"最接近的是 {code}({edition.label} {name})。"
        en += f"The nearest is {code} ({edition.label} {name})."
    return f"{zh} / {en.strip()}"


def _nearest(typed: str, searched: list[Edition]) -> tuple[str, Figure, Edition] | None:
    """The code that needs the fewest changes to be what was typed; the first in the order of codes."""
    best: tuple[int, str, Figure, Edition] | None = None
    for edition in searched:
        figures = {figure_of(row) for row in _rows(edition)}
        codes = Codes(edition.programme, figures)
        for figure in figures:
            code = codes.of(figure)
            changes = _changes(typed, code)
            if best is None or (changes, code) < best[:2]:
                best = (changes, code, figure, edition)
    return None if best is None else best[1:]


def _changes(first: str, second: str) -> int:
    """How many characters have to be put in, left out or replaced to make one text the other (Levenshtein 1965)."""
    before = list(range(len(second) + 1))
    for n, a in enumerate(first, start=1):
        now = [n]
        for m, b in enumerate(second, start=1):
            now.append(min(now[-1] + 1, before[m] + 1, before[m - 1] + (a != b)))
        before = now
    return before[-1]
