"""Texts of others made harmless for the place where they are shown: terminal, CSV, Markdown.

Belongs here: one function a place. Does not belong here: HTML (``html.escape``, Jinja's autoescape) and XLSX
(``write_string``), which have their own; refusing texts (intake).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.intake.harmless import is_harmless, unfit

if TYPE_CHECKING:
    import polars as pl

_FORMULA = r"[=+\-@\t\r\n＝＋－＠']"
_NUMBER = r"[-+]?[0-9][0-9,]*(\.[0-9]+)?"
_STARTS, _IS_NUMBER = re.compile(_FORMULA), re.compile(_NUMBER)
_MARKUP = re.compile(r"[\\`*\[\]<>!#~&|@$]|://|www\.", re.IGNORECASE)


def terminal(text: str) -> str:
    """``text`` without a character that a terminal would act on; line breaks and tabs stay.

    Each is written as JSON writes it (``\\u001b``), so that a JSON document stays one.
    """
    if is_harmless(text):
        return text
    return "".join(c if c in "\n\t" or not unfit(c) else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def csv_cell(text: str) -> str:
    """``text`` so that a spreadsheet opening a CSV takes it for text.

    What begins like a formula (``= + - @``, tab, line break, or their wide forms) gets an apostrophe in front,
    and so does what begins with an apostrophe; a plain number stays as it is. :func:`csv_text` undoes it.
    """
    return f"'{text}" if _STARTS.match(text) and not _IS_NUMBER.fullmatch(text) else text


def csv_text(cell: str) -> str:
    """The text of a cell written by :func:`csv_cell`: without the apostrophe in front."""
    return cell.removeprefix("'")


def csv_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` as texts: :func:`csv_cell` on its text columns, numbers as they are."""
    import polars as pl

    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.String:
            acts = column.str.contains(f"^{_FORMULA}") & ~column.str.contains(f"^(?:{_NUMBER})$")
            column = pl.when(acts).then(pl.concat_str(pl.lit("'"), column)).otherwise(column).alias(name)
        columns.append(column.cast(pl.String))
    return frame.select(columns)


def markdown(text: str, *, table: bool = False) -> str:
    """``text`` on one line for Markdown: what could be markup, HTML or a link stands as code.

    ``table``: for a cell of a table, where a bar needs a backslash.
    """
    line = " ".join(terminal(text).split())
    if not _MARKUP.search(line):
        return line
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    code = f"{fence} {line} {fence}"
    return code.replace("|", "\\|") if table else code
