"""One file as it arrives.

Belongs here: the record of a file and the names of formats and suppliers. Does not belong here: which
files there are (``write``, ``derived_files``), how a format is written (``write``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.demo.returns import Row
from pipeline.demo.shapes import PLAIN, Shape

UTF8, UTF8_BOM, GB18030, XLSX, TAB = "utf-8", "utf-8-sig", "gb18030", "xlsx", "tab"
BUREAU, STATISTICS, FINANCE, LABOUR, PROVINCE = (
    "市教育局规划科",
    "市统计局",
    "市财政局",
    "市人社局",
    "省教育厅",
)
EDUCATION_OFFICE = "市教育局基础教育科"


@dataclass(frozen=True)
class Received:
    """One file as it arrives: its table, years, place, format, supplier, day of receipt and edition of the form.

    ``title`` stands above the header of a workbook; ``dates`` says how a workbook writes dates:
    ``cell`` (a date cell), ``iso``, ``slash`` or ``chinese`` text. ``late`` is why it came after its deadline;
    ``shape`` how the table differs from a plain one.
    """

    table: str
    first: int
    last: int
    path: str
    form: str
    supplier: str
    received_on: str
    rows: Iterable[Row]
    form_edition: str
    origin: str = "demonstration"
    late: str = ""
    title: str = ""
    dates: str = "iso"
    revision: int = 1
    supersedes: str = ""
    reason: str = ""
    maturity: str = "final"
    shape: Shape = PLAIN
