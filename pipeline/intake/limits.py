"""How large a received file may be, in all its measures: what is larger is refused before it costs memory.

Belongs here: the numbers, which docs/intake-rules.md repeats. Does not belong here: counting (decode.py,
workbook.py, register.py).

A file within these limits is read in under 4 GB of memory; a file that breaks one of them is a finding.
"""

from __future__ import annotations

MAX_FILE_BYTES = 256 * 1024 * 1024
"""Bytes of one received file."""
MAX_LIST_BYTES = 16 * 1024 * 1024
"""Bytes of register.csv."""
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""Bytes of the parts of a workbook that are read, once unpacked."""
MAX_SMALL_PART_BYTES = 16 * 1024 * 1024
"""Bytes of the part of a workbook that lists its sheets, or its styles."""
MAX_PARTS = 10_000
"""Parts (files) inside a workbook."""
MAX_SHEETS = 255
MAX_CELLS = 10_000_000
"""Cells of a text file, or of the used range of one sheet."""
MAX_COLUMNS = 2_000
"""Cells in one row."""
MAX_ROW = 1_048_576
"""Last row of a sheet in any spreadsheet, and of a text file (blank ones counted)."""
MAX_RECORD_CHARACTERS = 1_000_000
"""Characters of one row of a text file."""
MAX_CELL_CHARACTERS = 1_000
"""Characters in one cell that is read."""
MAX_MARKED = 100_000
"""Error values, formulas without a result and percentages in one sheet; merged ranges in one."""
MAX_STRINGS = 2_000_000
"""Different texts in a workbook."""
MAX_TAG_BYTES = 1_000_000
"""Bytes of one tag or comment inside a workbook's XML."""
MAX_XML_DEPTH = 64
"""Elements inside each other in a workbook's XML."""
