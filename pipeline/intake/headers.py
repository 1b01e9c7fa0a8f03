"""Which row is the header and which column is which field.

Belongs here: finding the header row and matching headers with the contract. Does not belong
here: findings about headers (sheets.py), the cells below (rows.py).
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from pipeline.intake.cells import BadCell, Cell, cell_text, is_blank, shown
from pipeline.intake.contract import Contract, normal_header
from pipeline.intake.decode import HEAD_ROWS, Sheet
from pipeline.intake.grid import column_letter

__all__ = ["HeaderIndex", "HeaderMatch", "column_letter", "is_personal"]

# Columns that carry nothing the product uses; they are left unread and this is said (info).
IGNORED = frozenset(
    map(normal_header, ["序号", "行号", "备注", "说明", "No.", "No", "Remark", "Remarks", "Note", "Notes"])
)

_PERSONAL_ZH = (
    "姓名 身份证 证件号 学籍号 电话 手机 联系方式 住址 家庭地址 家长 监护人 出生日期 出生年月 邮箱 微信"
)
_PERSONAL_EN = (
    "id_card id_number identity_card phone telephone mobile guardian student_name pupil_name child_name "
    "full_name parent birth_date date_of_birth email home_address"
)
_PERSONAL_WORDS = frozenset(
    [*_PERSONAL_ZH.split(), *_PERSONAL_EN.split(), *_PERSONAL_EN.replace("_", "").split()]
)
_LONGEST_TITLE = 300
_PERSONAL_EXACT = frozenset(["name", "tel", "address", "birthday", "学生", "幼儿", "地址"])


def is_personal(header: str) -> bool:
    """True if a column of this header would hold data about a single person."""
    normal = normal_header(header)
    return normal in _PERSONAL_EXACT or any(word in normal for word in _PERSONAL_WORDS)


@dataclass
class HeaderMatch:
    """What the header row of one sheet says.

    ``index``: position of the header row in ``Sheet.rows``. ``columns``: field -> column from 0.
    ``titles``: column -> header as received. The lists hold columns: ``unknown`` (no field of
    that name), ``ignored`` (remarks and the like), ``personal``, ``repeated`` (field already
    matched), ``nameless`` (column -> first row below that
    has contents under a blank header). ``missing``: required fields not found.
    """

    index: int
    columns: dict[str, int]
    titles: dict[int, str]
    missing: list[str]
    unknown: list[int] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    personal: list[int] = field(default_factory=list)
    repeated: list[tuple[int, str]] = field(default_factory=list)
    nameless: dict[int, int] = field(default_factory=dict)


class HeaderIndex:
    """The headers of a contract, ready for matching."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.owner = {normal_header(h): f.name for f in contract.fields for h in f.headers()}
        self.required = [f.name for f in contract.fields if f.required]
        self.shown = {normal_header(h): h for f in contract.fields for h in f.headers()}

    def score(self, texts: Sequence[str]) -> int:
        """How many different fields the texts name."""
        return len({self.owner[n] for t in texts if (n := normal_header(t)) in self.owner})

    def find_row(self, sheet: Sheet) -> tuple[int, int]:
        """(position, score) of the header row: the first with every required field, else the best.

        Only the first 20 filled rows are looked at.
        """
        best = (0, 0)
        for i, row in enumerate(sheet.rows[:HEAD_ROWS]):
            names = {self.owner.get(normal_header(cell_text(c))) for c in row}
            names.discard(None)
            if len(names) > best[1]:
                best = (i, len(names))
            if names.issuperset(self.required) and names:
                return i, len(names)
        return best

    def nearest(self, header: str, taken: Set[str] = frozenset()) -> str | None:
        """The known header most like ``header``, as the contract writes it; None if none is near.

        ``taken``: normalised headers already found in the file, which are not suggested.
        """
        free = sorted(set(self.shown) - taken)
        near = difflib.get_close_matches(normal_header(header), free, n=1, cutoff=0.55)
        return self.shown[near[0]] if near else None

    def match(self, sheet: Sheet, index: int) -> HeaderMatch:
        """Match the row at ``index`` of ``sheet`` with the contract."""
        row = sheet.rows[index]
        below = sheet.rows[index + 1 :]
        found = HeaderMatch(index, {}, {}, [])
        for column, cell in enumerate(row):
            if is_blank(cell) or (isinstance(cell, BadCell) and cell.kind == "merged"):
                filled = (i for i, r in enumerate(below) if column < len(r) and not _empty(r[column]))
                if (first := next(filled, None)) is not None:
                    found.nameless[column] = index + 1 + first
                continue
            title = cell_text(cell)
            found.titles[column] = shown(" ".join(title[:_LONGEST_TITLE].split()))
            normal = normal_header(title)
            name = self.owner.get(normal)
            if name is not None and name not in found.columns:
                found.columns[name] = column
            elif name is not None:
                found.repeated.append((column, name))
            elif is_personal(title):
                found.personal.append(column)
            elif normal in IGNORED:
                found.ignored.append(column)
            else:
                found.unknown.append(column)
        found.missing = [name for name in self.required if name not in found.columns]
        return found


def _empty(cell: Cell) -> bool:
    return is_blank(cell) or (isinstance(cell, BadCell) and cell.kind == "merged")
