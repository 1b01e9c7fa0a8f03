"""``report.<lang>.html``: the printed pages as one page for the screen, complete in itself.

Belongs here: turning what the printed templates give into the web page: contents to the side, tables that scroll by
themselves and name their columns, charts with values. Does not belong here: words and figures (the model), the
drawings (webcharts.py), looks (report_templates/web.css).

The page is made from the same parts as the printed report, so a chapter added there is here too.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup, escape

from pipeline.report.render import filled, spoken
from pipeline.report.shapes import Chart, Lang, ReportModel, said
from pipeline.report.walk import charts
from pipeline.report.webcharts import web_chart
from pipeline.report.workbook import chart_table

_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)
_CONTENTS = re.compile(r"<h2[^>]*>[^<]*</h2>\s*<nav>(.*?)</nav>", re.DOTALL)
_RUNNING = re.compile(r'<p class="running-[a-z]+">.*?</p>', re.DOTALL)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_NO_SCOPE = re.compile(r"<th(?![^>]*\bscope=)(?=[\s>])")
_NAME = re.compile(r'<span class="name">(.*?)</span>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r"<th\b[^>]*scope=\"col\"[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"(<t[hd]\b[^>]*>)")
_VERDICT = re.compile(r'<td class="(?:status|centre verdict)"')
CARD_COLUMNS, CARD_ROWS, CARD_WORDS = 12, 16, 16
"""Largest tables that a phone shows as cards; a cell of more characters takes the whole width of its card."""


def web_page(model: ReportModel, templates_dir: Path, lang: Lang) -> str:
    """The web page in one language, with everything inside it; equal models give equal text."""
    words = yaml.safe_load((templates_dir / f"texts.{lang}.yaml").read_text("utf-8"))
    values = {chart.number: _values(chart, words, lang) for chart in charts(model)}
    printed = filled(
        "report.html.j2",
        model,
        templates_dir,
        lang,
        draw=lambda chart, language: web_chart(chart, language) + values[chart.number],
        css=Markup(""),
    )
    contents, body = _parts(printed)
    for file in (f"{name}.{lang}.pdf" for name in model.volumes):
        body = body.replace(f">{file}<", f'><a href="{file}">{file}</a><')
    links = [{"href": href, "words": name, "lang": ""} for href, name in words["web_downloads"].items()]
    page = filled(
        "web.html.j2",
        model,
        templates_dir,
        lang,
        draw=lambda chart, language: "",
        css=Markup((templates_dir / "web.css").read_text("utf-8")),
        js=Markup((templates_dir / "web.js").read_text("utf-8")),
        links=[words["web_other"], *links],
        contents=Markup(contents),
        body=Markup(body),
    )
    return spoken(page, lang)


def _parts(printed: str) -> tuple[str, str]:
    """The contents and the rest of a printed document, the rest made fit for the screen."""
    found = _BODY.search(printed)
    contents = _CONTENTS.search(printed)
    if found is None or contents is None:
        raise ValueError("the printed report has no body or no contents")
    body = _RUNNING.sub("", _CONTENTS.sub("", found[1], count=1))
    return contents[1], _TABLE.sub(lambda table: _scrolling(table[0]), body).strip()


def _scrolling(table: str) -> str:
    """A table whose headings name their columns, in a box that scrolls and can be reached by the keyboard."""
    table = _HEAD.sub(lambda head: _NO_SCOPE.sub('<th scope="col"', head[0]), table)
    if 'class="legend"' in table or 'class="definition' in table or 'class="values"' in table:
        return table
    table = _carded(table)
    name = _NAME.search(table)
    label = "" if name is None else f' role="region" aria-label="{" ".join(_TAG.sub("", name[1]).split())}"'
    return f'<div class="scroll" tabindex="0"{label}>{table}</div>'


def _carded(table: str) -> str:
    """A short table with verdicts, made so that a phone can show each row as a card: every cell knows its heading.

    Long tables and those of many columns stay tables, for there one reads down a column; the list of commitments is
    one to look things up in.
    """
    heads = [" ".join(_TAG.sub("", head).split()) for head in _HEADING.findall(table)]
    rows = _ROW.findall(table.partition("</thead>")[2])
    listed = 'class="promises"' in table or len(rows) <= CARD_ROWS
    if not _VERDICT.search(table) or len(heads) > CARD_COLUMNS or not listed:
        return table
    for row in rows:
        parts = _CELL.split(row)  # text, tag of a cell, text, tag of a cell, …
        for n in range(1, len(parts), 2):
            if parts[n].startswith("<td"):
                wide = " data-wide" if len(_TAG.sub("", parts[n + 1]).strip()) > CARD_WORDS else ""
                parts[n] = f'<td data-label="{heads[n // 2]}"{wide}{parts[n][3:]}'
        table = table.replace(row, "".join(parts), 1)
    return table.replace(' class="', ' class="cards ', 1)


def _values(chart: Chart, words: dict[str, Any], lang: Lang) -> str:
    """The values of a chart as a small table that opens on demand."""
    table = chart_table(chart)
    heads = "".join(f'<th scope="col" class="{c.kind}">{escape(said(c.heading, lang))}</th>' for c in table.columns)
    rows = []
    for row in table.rows:
        cells = []
        for cell, column in zip(row.cells, table.columns, strict=True):
            text = cell.mark + said(cell.words, lang) if cell.status is None else cell.status.word.of(lang)
            cells.append(f'<td class="{column.kind}">{escape(text)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<details class="values"><summary>{escape(words["web_values"])}</summary><table class="values">'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></details>"
    )
