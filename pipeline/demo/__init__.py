"""Demonstration returns for Zhangjiakou: invented schools, pupils and money over real territory.

Belongs here: the seeded generator that writes ``data_raw/zhangjiakou``. Does not belong here:
anything the annual run needs; the run only reads the files and never imports this package.
"""

from __future__ import annotations

DEFAULT_SEED = 20211109
FIRST_YEAR = 2019
LAST_YEAR = 2024
YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
