"""What holds a process back: one run under cProfile, its time by step of the product.

Belongs here: the steps, running, reading the profile. Does not belong here: what is done about it.
"""

from __future__ import annotations

import pstats
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Command, once

# (file, function) of a step -> its name; no step contains another one, but those of _WITHIN.
STEPS = {
    ("great_expectations/__init__.py", "<module>"): ("导入 Great Expectations", "importing Great Expectations"),
    ("dagster/__init__.py", "<module>"): ("导入 Dagster", "importing Dagster"),
    ("pipeline/steps.py", "make_table"): ("各表的 SQL", "SQL of the tables"),
    ("pipeline/steps.py", "write_known"): ("重判以前各版", "judging earlier editions again"),
    ("pipeline/steps.py", "read_received"): ("读报表:其余", "reading returns: the rest"),
    ("pipeline/intake/decode.py", "read_grid"): ("读报表:打开文件", "reading returns: opening files"),
    ("pipeline/intake/read.py", "_parse_sheet"): ("读报表:表头、合计、规则", "reading returns: headings, totals, rules"),
    ("pipeline/intake/rows.py", "frame"): ("读报表:格子换成值", "reading returns: cells to values"),
    ("pipeline/intake/cache.py", "store"): ("读报表:存入缓存", "reading returns: keeping them"),
    ("pipeline/steps.py", "write_plan"): ("方案与更正", "plan and corrections"),
    ("pipeline/quality/gate.py", "evaluate"): ("三道校验", "the gates"),
    ("pipeline/report/model.py", "build_model"): ("报告模型", "report model"),
    ("pipeline/edition/attached.py", "prepare_attached"): ("公开数据与清单", "open data and manifest"),
    ("tinyhtml5/parser.py", "main_loop"): ("PDF:读 HTML", "PDF: parsing HTML"),
    ("weasyprint/css/__init__.py", "get_all_computed_styles"): ("PDF:样式", "PDF: styles"),
    ("weasyprint/formatting_structure/build.py", "build_formatting_structure"): ("PDF:分块", "PDF: boxes"),
    ("weasyprint/layout/__init__.py", "layout_document"): ("PDF:排版", "PDF: layout"),
    ("weasyprint/pdf/__init__.py", "generate_pdf"): ("PDF:绘制与标签", "PDF: drawing and tags"),
    ("pydyf/__init__.py", "write"): ("PDF:写出", "PDF: writing"),
    ("pipeline/report/render.py", "render_pdf"): ("PDF:其余", "PDF: the rest"),
    ("pipeline/report/apart.py", "pages"): ("PDF:等另一进程排完另一种语言", "PDF: waiting for the other language, set by another process"),
    ("pipeline/report/web.py", "web_page"): ("网页", "web pages"),
    ("pipeline/report/workbook.py", "workbook_bytes"): ("工作簿", "workbook"),
}
_READING, _PDF = "reading returns: the rest", "PDF: the rest"
_SHEET = "reading returns: headings, totals, rules"
_WITHIN = (
    {"importing Great Expectations": "the gates"}
    | {f"reading returns: {part}": _READING for part in ("opening files", "headings, totals, rules", "keeping them")}
    | {"reading returns: cells to values": _SHEET}
    | {f"PDF: {part}": _PDF for part in ("parsing HTML", "styles", "boxes", "layout", "drawing and tags", "writing")}
)
"""Step -> the step that it lies in, by their English names; the time of the outer one is told without it. A step stands before
those that lie in it."""
_SMALL = 1.0
Share = tuple[str, str, float]


def profile(words: Sequence[str], folder: Path, prepare=None) -> list[Share]:
    """(Chinese, English, per cent of the time) of each step of ``python -m words…``, the largest first, the rest (if any) last."""
    target = folder / "profile.out"
    once(Command([sys.executable, "-m", "cProfile", "-o", str(target), "-m", *words], prepare), folder / "profile.log")
    return shares(pstats.Stats(str(target)))


def shares(found: pstats.Stats) -> list[Share]:
    """The same of a profile that is there: cumulative time of each step over that of the whole."""
    spent: dict[tuple[str, str], float] = {}
    for (file, _, function), (_, _, _, cumulative, _) in found.stats.items():
        for (place, name), step in STEPS.items():
            if function == name and file.endswith(place):
                spent[step] = spent.get(step, 0.0) + cumulative
    for inner, outer in _WITHIN.items():
        took = next((t for (_, en), t in spent.items() if en == inner), 0.0)
        for step in spent:
            if step[1] == outer:
                spent[step] -= took
    whole = max(found.total_tt, sum(spent.values()))  # cumulative times hold a little more than the sum of all
    told = sorted(((zh, en, 100 * t / whole) for (zh, en), t in spent.items()), key=lambda s: -s[2])
    told = [s for s in told if s[2] >= _SMALL]
    rest = 100 - sum(s[2] for s in told)
    return [*told, ("其余", "the rest", rest)] if rest >= _SMALL / 2 else told
