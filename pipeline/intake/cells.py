"""One cell: what its text means, by written rules (docs/intake-rules.md).

Belongs here: pure functions from one cell to one typed value, a note (accepted after a named
normalisation) or a problem (refused). Does not belong here: files, headers, rows, findings.

Nothing is guessed. A reading that differs from the plain text leaves a note, everything that
has no rule is a problem, and a blank is None, never 0.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from pipeline.intake import limits
from pipeline.intake.contract import MONEY_SCALE, UNIT_FACTORS, Field
from pipeline.intake.harmless import is_harmless
from pipeline.intake.personal import holds_identity_number, masked

MAX_DIGITS = 15
SHOWN_CHARACTERS = 60
_LOOKED_AT = 300

# Stripped from both ends of a cell: ASCII white space, NBSP, ideographic and zero-width spaces, BOM.
_SPACES = (
    " \t\r\n\v\f\u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u202f\u200b\ufeff"
)
# Only the full-width forms of ASCII. NFKC would also read "5²" as 52 and "①" as 1.
_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_MINUS = "\u2212"
_DASHES = frozenset(
    ["无", "/", "／", "...", "．．．"] + [mark * times for mark in "-－−–—―─‐‑‒﹣…⋯" for times in (1, 2, 3)]
)
_INTEGER = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.0+)?")
_DECIMAL = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_EXPONENT = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+")
_SHORT_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_LINE_BREAK = re.compile(r"(\S)[ \t\u3000]*[\r\n]+[ \t\u3000]*(?=(\S))")
_FIRST_YEAR, _LAST_YEAR = 1949, 2100
_DATES = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00)?)?"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})(?: 0?0:00(?::00)?)?"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")
_POWERS = [Decimal(10) ** n for n in range(19)]
_STEPS = [Decimal(1).scaleb(-n) for n in range(19)]
_TRUE = frozenset(["是", "yes", "true", "1"])
_FALSE = frozenset(["否", "no", "false", "0"])


class BadCell(NamedTuple):
    """A spreadsheet cell whose content must not be used.

    ``kind``: ``error`` (the cell shows #DIV/0! and the like), ``formula`` (a formula without a
    stored result), ``merged`` (inside a merged range, not its first cell), ``percent`` (a
    number shown with a % sign, stored a hundred times smaller), ``long`` (more characters than a cell
    may have). ``shown`` is what it shows.
    """

    kind: str
    shown: str


class DateCell(NamedTuple):
    """A spreadsheet cell that holds a date or a time; ``value`` is None when it is not a whole day."""

    value: dt.date | None
    shown: str


class NumberCell(NamedTuple):
    """A spreadsheet cell that holds a number, as exact decimal text; ``trimmed``: it had over 15 digits."""

    shown: str
    trimmed: bool = False


Cell = str | BadCell | DateCell | NumberCell


class Problem(NamedTuple):
    """Why a cell is refused. ``zh`` and ``en`` complete a sentence that begins with the column's name."""

    rule: str
    zh: str
    en: str
    expected_zh: str
    expected_en: str
    todo_zh: str
    todo_en: str


class Parsed(NamedTuple):
    """One cell read: ``value`` (None: not reported), ``note`` (normalisations joined by +), ``problem``."""

    value: object
    note: str | None = None
    problem: Problem | None = None


NOTES: dict[str, tuple[str, str]] = {
    "spaces": ("去掉首尾空格", "leading or trailing spaces removed"),
    "fullwidth": ("全角字符转为半角", "full-width characters read as half-width"),
    "grouping": ("去掉千位分隔符", "thousands separators removed"),
    "minus": ("数学减号转为负号", "mathematical minus read as minus"),
    "point_zero": ("去掉小数点后的零", "a fraction of zeros removed"),
    "dash": (
        "短横、斜线、省略号或“无”按未报处理(空值,不是0)",
        "a dash, slash, ellipsis or 无 read as not reported (empty, not 0)",
    ),
    "number_code": ("数值单元格按代码文本读取", "a numeric cell read as a code"),
    "number_text": ("数值单元格按文本读取", "a numeric cell read as text"),
    "trimmed": ("数值按表格软件的15位有效数字读取", "a number read to the 15 digits a spreadsheet shows"),
    "brackets": ("全角、半角写法统一为规定写法", "full-width and half-width forms unified"),
    "composed": ("统一为标准字符组合(NFC)", "characters composed (NFC)"),
    "line_break": ("去掉单元格内的换行", "line breaks inside the cell removed"),
    "area_name": ("代码列里写的名称按 areas.csv 读成代码", "a unit's name in a code column read as its code"),
    "formula": ("公式按文件中保存的结果读取", "a formula read with the result stored in the file"),
    "midnight": ("去掉日期后的零点时间", "the time of midnight after a date removed"),
}


def describe_note(note: str) -> tuple[str, str]:
    """Chinese and English of a note such as ``"spaces+fullwidth"``."""
    parts = [NOTES[part] for part in note.split("+")]
    return "、".join(zh for zh, _ in parts), "; ".join(en for _, en in parts)


def cell_text(cell: Cell) -> str:
    """The text a person sees in the cell."""
    return cell if isinstance(cell, str) else cell.shown


def is_blank(cell: Cell) -> bool:
    """True if the cell holds nothing but white space."""
    return isinstance(cell, str) and not cell.strip(_SPACES)


def is_dash(text: str) -> bool:
    """True for a dash, slash, ellipsis or 无, which says that nothing is reported."""
    return text.strip(_SPACES) in _DASHES


def is_empty(cell: Cell) -> bool:
    """True for a cell with nothing of its own: blank, or inside a merged range."""
    return is_blank(cell) or (isinstance(cell, BadCell) and cell.kind == "merged")


def visible(text: str) -> str:
    """``text`` with control and invisible characters written out, so that it can be shown anywhere."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u3000" else f"\\u{ord(c):04x}" for c in text)


def shown(text: str) -> str:
    """``text`` fit for a message: as :func:`visible`, at most 60 characters, no identity number."""
    clean = visible(masked(text[:_LOOKED_AT]))
    return clean if len(clean) <= SHOWN_CHARACTERS else clean[:SHOWN_CHARACTERS] + "…"


def bounded(text: str) -> Cell:
    """``text`` as a cell. One with too many characters is refused wherever it stands, so that nothing
    later has to be afraid of its length.
    """
    if len(text) <= limits.MAX_CELL_CHARACTERS or is_blank(text):
        return text
    return BadCell("long", shown(text))


def _problem(rule: str, reason: tuple[str, str], expected: tuple[str, str], todo: tuple[str, str]) -> Parsed:
    return Parsed(None, None, Problem(rule, *reason, *expected, *todo))


def _wrote(text: str) -> tuple[str, str]:
    return f"单元格写的是“{shown(text)}”", f"the cell says “{shown(text)}”"


def _clean(text: str) -> tuple[str, list[str]]:
    """``text`` without surrounding spaces and with half-width characters, and the notes of it."""
    notes = []
    clean = text.strip(_SPACES)
    if clean != text:
        notes.append("spaces")
    half = clean.translate(_FULLWIDTH)
    if half != clean:
        notes.append("fullwidth")
    return half, notes


def _note(notes: list[str]) -> str | None:
    return "+".join(dict.fromkeys(notes)) or None


def _nothing(text: str) -> Parsed | None:
    """The reading of a blank or a dash; None if the cell holds something."""
    clean = text.strip(_SPACES)
    if not clean:
        return Parsed(None)
    if clean in _DASHES:
        return Parsed(None, "dash")
    return None


def _not_a_number(text: str, half: str, whole: bool) -> Parsed:
    """The refusal of ``text`` in a number column, with the reason a clerk can act on."""
    zh, en = _wrote(text)
    kind_zh, kind_en = ("整数", "a whole number") if whole else ("数字", "a number")
    expected = (f"{kind_zh}，只用0—9，例如 1234", f"{kind_en} in digits 0-9, such as 1234")
    fix = (
        f"改成{kind_zh}；没有填 0，未报请与填报单位联系",
        f"write {kind_en}; 0 if there is none; ask the supplier if it was not reported",
    )
    if half.endswith("%"):
        why = ("不能带百分号", "must not carry a percent sign")
        fix = (
            "去掉百分号，按本列计量单位填写数字",
            "remove the percent sign and give the figure in the unit of the column",
        )
    elif _EXPONENT.fullmatch(half):
        why = ("不能用科学记数法", "must not be in scientific notation")
        fix = ("把该列设为“数值”格式后重新填写完整数字", "format the column as a number and write all digits")
    elif whole and re.fullmatch(r"-?[0-9,]*\.[0-9]+", half):
        why = ("应为整数，不能有小数", "must be a whole number without a fraction")
    elif re.fullmatch(r"-?0[0-9]+(\.[0-9]+)?", half):
        why = (
            "数字前不能有多余的 0（像是代码填错了列）",
            "must not have leading zeros (it looks like a code in the wrong column)",
        )
    elif re.fullmatch(r"-?[0-9,]+(\.[0-9]+)?", half) and "," in half:
        why = ("千位分隔符位置不对", "has its thousands separators in the wrong place")
        fix = ("去掉逗号，写完整数字", "remove the commas and write the whole number")
    else:
        why = (f"应为{kind_zh}", f"must be {kind_en}")
    return _problem("I04", (f"{why[0]}，但{zh}。", f"{why[1]}, but {en}."), expected, fix)


def _too_long(text: str) -> Parsed:
    zh, en = _wrote(text)
    return _problem(
        "I04",
        (
            f"超过{MAX_DIGITS}位数字，表格软件已不能准确保存，{zh}。",
            f"has more than {MAX_DIGITS} digits, which spreadsheets do not keep, {en}.",
        ),
        (f"至多{MAX_DIGITS}位数字", f"at most {MAX_DIGITS} digits"),
        ("与填报单位核对该数", "check the figure with the supplier"),
    )


def _plain_number(text: str, whole: bool) -> tuple[str, list[str]] | Parsed:
    """Digits, sign and point of ``text`` with the notes of the reading, or the refusal."""
    half, notes = _clean(text)
    if _MINUS in half:
        half = half.replace(_MINUS, "-")
        notes.append("minus")
    if not (_INTEGER if whole else _DECIMAL).fullmatch(half):
        return _not_a_number(text, half, whole)
    if "," in half:
        half = half.replace(",", "")
        notes.append("grouping")
    if re.match(r"-?0[0-9]", half):
        return _not_a_number(text, half, whole)
    if whole and "." in half:
        half = half[: half.index(".")]
        notes.append("point_zero")
    if len(half) > MAX_DIGITS and sum(c.isdigit() for c in half.lstrip("-").lstrip("0.")) > MAX_DIGITS:
        return _too_long(text)
    return half, notes


def parse_int(text: str) -> Parsed:
    """``text`` as int. ``1,234``, full-width digits, ``12.0`` and U+2212 are accepted with a note."""
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and (text[0] != "0" or text == "0"):
        return Parsed(int(text))
    if (nothing := _nothing(text)) is not None:
        return nothing
    plain = _plain_number(text, whole=True)
    if isinstance(plain, Parsed):
        return plain
    return Parsed(int(plain[0]), _note(plain[1]))


def _to_scale(value: Decimal, scale: int, text: str, money: bool = False) -> Decimal | Parsed:
    """``value`` with exactly ``scale`` decimals; finer or too large for DECIMAL(18,scale) is refused."""
    if abs(value) >= _POWERS[18 - scale]:
        zh, en = _wrote(text)
        return _problem(
            "I08",
            (f"数值过大，{zh}。", f"is too large, {en}."),
            (f"小于 10 的 {18 - scale} 次方", f"below 10 to the power of {18 - scale}"),
            ("核对数值和计量单位", "check the figure and its unit"),
        )
    settled = value.quantize(_STEPS[scale])
    if settled != value:
        zh, en = _wrote(text)
        once_zh, once_en = ("换算成元后", " once converted to yuan") if money else ("", "")
        return _problem(
            "I04",
            (
                f"{once_zh}小数位数过多（至多{scale}位），{zh}。",
                f"has more than {scale} decimals{once_en}, {en}.",
            ),
            (f"{once_zh}至多{scale}位小数", f"at most {scale} decimals{once_en}"),
            (
                "按来源文件核对，不要填写计算得出的长小数",
                "check against the source; do not give a computed fraction",
            ),
        )
    return settled


def parse_decimal(text: str, scale: int) -> Parsed:
    """``text`` as Decimal with exactly ``scale`` decimals; more decimals are refused, never rounded."""
    if len(text) <= MAX_DIGITS and _SHORT_DECIMAL.fullmatch(text):
        value = _to_scale(Decimal(text), scale, text)
        return value if isinstance(value, Parsed) else Parsed(value)
    if (nothing := _nothing(text)) is not None:
        return nothing
    plain = _plain_number(text, whole=False)
    if isinstance(plain, Parsed):
        return plain
    value = _to_scale(Decimal(plain[0]), scale, text)
    return value if isinstance(value, Parsed) else Parsed(value, _note(plain[1]))


def parse_money(text: str, unit: str) -> Parsed:
    """``text`` in ``unit`` (元, 万元, 亿元) as Decimal yuan with two decimals; a finer one is refused."""
    if (nothing := _nothing(text)) is not None:
        return nothing
    plain = _plain_number(text, whole=False)
    if isinstance(plain, Parsed):
        return plain
    value = _to_scale(Decimal(plain[0]) * UNIT_FACTORS[unit], MONEY_SCALE, f"{text} {unit}", money=True)
    return value if isinstance(value, Parsed) else Parsed(value, _note(plain[1]))


def parse_count(text: str, unit: str) -> Parsed:
    """``text`` in ``unit`` (人, 万人, 所, 万所) as int persons or schools; a broken one is refused."""
    if (nothing := _nothing(text)) is not None:
        return nothing
    plain = _plain_number(text, whole=False)
    if isinstance(plain, Parsed):
        return plain
    value = Decimal(plain[0]) * UNIT_FACTORS[unit]
    if value != int(value):
        zh, en = _wrote(f"{text} {unit}")
        return _problem(
            "I04",
            (f"换算后不是整数，{zh}。", f"is not a whole number once converted, {en}."),
            ("换算成人（所）后为整数", "a whole number of persons or schools"),
            ("核对数值和计量单位", "check the figure and its unit"),
        )
    notes = plain[1] + (["point_zero"] if UNIT_FACTORS[unit] == 1 and "." in plain[0] else [])
    if abs(value) >= 10**MAX_DIGITS:
        return _too_long(f"{text} {unit}")
    return Parsed(int(value), _note(notes))


def parse_code(text: str, width: int, numeric: bool = False) -> Parsed:
    """``text`` as a code of exactly ``width`` digits; never padded. ``numeric``: the cell held a number."""
    if not numeric and (nothing := _nothing(text)) is not None:
        return nothing
    half, notes = _clean(text)
    if numeric or re.fullmatch(r"[0-9]+\.0", half):
        notes.append("number_code")
        half = half.removesuffix(".0")
    if len(half) == width and half.isascii() and half.isdigit() and not (numeric and width > MAX_DIGITS):
        return Parsed(half, _note(notes))
    zh, en = _wrote(text)
    fix = (
        "按代码表填写完整代码，并把该列设为“文本”格式",
        "write the whole code as in the code list, in a column formatted as text",
    )
    if _EXPONENT.fullmatch(half):
        why = ("被表格软件改成了科学记数法", "was turned into scientific notation by the spreadsheet")
    elif half.isascii() and half.isdigit() and len(half) < width:
        why = (
            f"应为{width}位代码，少了{width - len(half)}位（前面的 0 可能被表格软件删掉了）",
            f"must be a code of {width} digits and is {width - len(half)} short (a spreadsheet may "
            "have dropped leading zeros)",
        )
    else:
        why = (f"应为{width}位数字代码", f"must be a code of {width} digits")
    return _problem(
        "I12",
        (f"{why[0]}，但{zh}。", f"{why[1]}, but {en}."),
        (f"{width}位数字", f"{width} digits"),
        fix,
    )


def parse_text(text: str) -> Parsed:
    """``text`` as it stands, without surrounding spaces, composed (NFC); control characters are refused.

    A line break inside is removed with a note (it becomes a space between ASCII characters).
    """
    if (nothing := _nothing(text)) is not None:
        return nothing
    clean = text.strip(_SPACES)
    notes = ["spaces"] if clean != text else []
    if "\n" in clean or "\r" in clean:
        clean = _LINE_BREAK.sub(lambda m: m[1] + (" " if m[1].isascii() and m[2].isascii() else ""), clean)
        notes.append("line_break")
    if not is_harmless(clean) or "\ufffd" in clean:
        zh, en = _wrote(text)
        return _problem(
            "I16",
            (f"含有乱码、控制字符或看不见的字符，{zh}。", f"holds damaged text, control or invisible characters, {en}."),
            ("正常文字", "plain text"),
            ("删除这些字符后重新输入", "remove these characters and type the text again"),
        )
    if not unicodedata.is_normalized("NFC", clean):
        clean = unicodedata.normalize("NFC", clean)
        notes.append("composed")
    return Parsed(clean, _note(notes))


def folded(text: str) -> str:
    """The form in which list values and total words are compared: NFKC, no surrounding spaces."""
    return unicodedata.normalize("NFKC", text).strip(_SPACES)


def parse_enum(text: str, values: tuple[str, ...], rule: str = "I06") -> Parsed:
    """``text`` as one of ``values``; full-width and half-width forms are the same, capitals are not."""
    if text in values:
        return Parsed(text)
    if (nothing := _nothing(text)) is not None:
        return nothing
    clean = text.strip(_SPACES)
    notes = ["spaces"] if clean != text else []
    for value in values:
        if folded(clean) == folded(value):
            if clean != value:
                notes.append("brackets")
            return Parsed(value, _note(notes))
    zh, en = _wrote(text)
    allowed_zh, allowed_en = "、".join(values), ", ".join(values)
    what_zh, what_en = ("计量单位", "unit") if rule == "I13" else ("取值", "value")
    return _problem(
        rule,
        (f"不是允许的{what_zh}，{zh}。", f"is not an allowed {what_en}, {en}."),
        (f"只能是：{allowed_zh}", f"one of: {allowed_en}"),
        (f"改成以下之一：{allowed_zh}", f"change it to one of: {allowed_en}"),
    )


def parse_bool(text: str) -> Parsed:
    """``text`` as bool: 是/否, yes/no, true/false (any capitals), 1/0."""
    if (nothing := _nothing(text)) is not None:
        return nothing
    half, notes = _clean(text)
    word = half.casefold()
    if word in _TRUE or word in _FALSE:
        return Parsed(word in _TRUE, _note(notes))
    zh, en = _wrote(text)
    return _problem(
        "I06",
        (f"应填“是”或“否”，但{zh}。", f"must be 是 or 否 (yes or no), but {en}."),
        ("是、否", "是 (yes) or 否 (no)"),
        ("改成“是”或“否”", "change it to 是 or 否"),
    )


def _plausible(value: dt.date, note: str | None, text: str) -> Parsed:
    """``value`` if its year can be meant, else a refusal (I08)."""
    if _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return Parsed(value, note)
    zh, en = _wrote(text)
    return _problem(
        "I08",
        (f"日期超出范围，{zh}。", f"is a date out of range, {en}."),
        (f"{_FIRST_YEAR} 至 {_LAST_YEAR} 年", f"a year from {_FIRST_YEAR} to {_LAST_YEAR}"),
        ("核对原始报表，改成正确的日期", "check against the original return and correct the date"),
    )


def parse_date(text: str) -> Parsed:
    """``text`` as date: 2023-09-01, 2023/9/1, 2023年9月1日; a time of midnight after it leaves a note."""
    if (nothing := _nothing(text)) is not None:
        return nothing
    half, notes = _clean(text)
    for pattern in _DATES:
        if found := pattern.fullmatch(half):
            try:
                value = dt.date(*(int(part) for part in found.groups()))
            except ValueError:
                break
            if ":" in half:
                notes.append("midnight")
            return _plausible(value, _note(notes), text)
    zh, en = _wrote(text)
    return _problem(
        "I07",
        (f"不是有效日期，{zh}。", f"is not a date, {en}."),
        ("日期，例如 2023-09-01", "a date such as 2023-09-01"),
        ("改成“年-月-日”，例如 2023-09-01", "write it as year-month-day, such as 2023-09-01"),
    )


def parse_time(text: str) -> Parsed:
    """``text`` as a time of day, kept as ``HH:MM``: 17:30, 17：30, 9:05, 17:30:00."""
    if (nothing := _nothing(text)) is not None:
        return nothing
    half, notes = _clean(text)
    if (found := _TIME.fullmatch(half)) and int(found[1]) < 24 and int(found[2]) < 60:
        return Parsed(f"{int(found[1]):02d}:{found[2]}", _note(notes))
    zh, en = _wrote(text)
    return _problem(
        "I07",
        (f"不是有效时间，{zh}。", f"is not a time of day, {en}."),
        ("时间，例如 17:30", "a time such as 17:30"),
        ("改成“时:分”（24小时制），例如 17:30", "write it as hour:minute (24 hours), such as 17:30"),
    )


_IDENTITY_NUMBER = _problem(
    "I23",
    (
        "里有像身份证号的内容，本系统不接收个人信息（内容不在此显示）。",
        "holds what looks like an identity number; personal data is not accepted (not shown here).",
    ),
    ("不含个人信息的内容", "contents without personal data"),
    (
        "删除个人信息后另存为新文件并重新登记，原文件请移出本文件夹并妥善保管",
        "remove the personal data, save as a new file and register that; move the original out of this "
        "folder and keep it safe",
    ),
)

_BAD_CELLS = {
    "long": (
        (
            f"超过 {limits.MAX_CELL_CHARACTERS} 个字符",
            f"has more than {limits.MAX_CELL_CHARACTERS} characters",
        ),
        (
            "核对是否粘贴错了内容，改成应填的内容",
            "check whether something else was pasted in and write what belongs there",
        ),
    ),
    "error": (
        ("显示的是错误值", "shows an error value"),
        ("改正公式，或直接填写数值", "mend the formula or type the figure"),
    ),
    "formula": (
        ("是没有保存结果的公式", "is a formula without a stored result"),
        (
            "用表格软件打开、重新计算并保存，或直接填写数值",
            "open, recalculate and save the file in a spreadsheet, or type the figure",
        ),
    ),
    "merged": (
        ("在合并单元格之内，看不出属于哪一行", "lies inside merged cells, so its row is not clear"),
        ("取消合并单元格，每一行都填写", "unmerge the cells and fill in every row"),
    ),
    "percent": (
        (
            "是百分比格式，保存的数值比显示的小一百倍",
            "is formatted as a percentage and stored a hundred times smaller than shown",
        ),
        (
            "把单元格设为“常规”格式，按本列计量单位重新填写",
            "format the cell as General and type the figure in the unit of the column",
        ),
    ),
}


def _bad_cell(cell: BadCell) -> Parsed:
    (why_zh, why_en), todo = _BAD_CELLS[cell.kind]
    zh, en = _wrote(cell.shown)
    rule = {"error": "I14", "formula": "I14", "merged": "I18", "percent": "I04", "long": "I16"}[cell.kind]
    return _problem(
        rule,
        (f"{why_zh}，{zh}。", f"{why_en}, {en}."),
        ("直接填写的值", "a value typed into the cell"),
        todo,
    )


def _date_cell(cell: DateCell, field: Field) -> Parsed | None:
    """The reading of a date cell where its kind decides; None where its text does."""
    if field.type == "date" and cell.value is not None:
        return _plausible(cell.value, None, cell.shown)
    if field.type not in ("text", "code", "enum"):
        return None
    zh, en = _wrote(cell.shown)
    return _problem(
        "I16",
        (f"被表格软件变成了日期，{zh}。", f"was turned into a date by the spreadsheet, {en}."),
        ("文本", "text"),
        ("把该列设为“文本”格式后重新输入", "format the column as text and type it again"),
    )


def _number_cell(cell: NumberCell, read: Parsed, field: Field) -> Parsed:
    """``read`` with the note, or the refusal, that follows from the cell holding a number."""
    if read.problem is not None or field.type == "code":
        return read
    if field.type == "text":
        return (
            Parsed(read.value, "number_text") if len(cell.shown) <= MAX_DIGITS + 2 else _too_long(cell.shown)
        )
    return Parsed(read.value, "trimmed") if cell.trimmed else read


_PARSERS: dict[str, Callable[[str, Field, str, bool], Parsed]] = {
    "int": lambda text, field, unit, numeric: parse_count(text, unit) if unit else parse_int(text),
    "decimal": lambda text, field, unit, numeric: (
        parse_money(text, unit) if unit else parse_decimal(text, field.scale or 0)
    ),
    "money": lambda text, field, unit, numeric: parse_money(text, unit),
    "count": lambda text, field, unit, numeric: parse_count(text, unit),
    "code": lambda text, field, unit, numeric: parse_code(text, field.width or 0, numeric),
    "text": lambda text, field, unit, numeric: parse_text(text),
    "enum": lambda text, field, unit, numeric: parse_enum(text, field.values),
    "bool": lambda text, field, unit, numeric: parse_bool(text),
    "date": lambda text, field, unit, numeric: parse_date(text),
    "time": lambda text, field, unit, numeric: parse_time(text),
}


def _parse_kind(cell: Cell, field: Field, unit: str | None) -> Parsed:
    """``cell`` by the type of ``field``, before ``required``, ``min`` and ``max``."""
    if isinstance(cell, BadCell):
        return _bad_cell(cell)
    if isinstance(cell, DateCell) and (dated := _date_cell(cell, field)) is not None:
        return dated
    numeric = isinstance(cell, NumberCell)
    read = _PARSERS[field.type](cell_text(cell), field, unit or "", numeric)
    return _number_cell(cell, read, field) if isinstance(cell, NumberCell) else read


def required_problem(field: Field, dash: str | None) -> Problem:
    """The refusal of a required cell that is blank (I05) or holds ``dash`` (I15)."""
    number = field.type in ("int", "decimal", "money", "count")
    todo = (
        (
            "补填；没有填 0，未报请与填报单位联系",
            "fill it in; 0 if there is none; ask the supplier if it was not reported",
        )
        if number
        else ("补填，或与填报单位联系", "fill it in or ask the supplier")
    )
    if dash is None:
        return Problem(
            "I05",
            "是必填项，但单元格是空的。",
            "is required, but the cell is blank.",
            "必填",
            "required",
            *todo,
        )
    zh, en = _wrote(dash)
    return Problem("I15", f"是必填项，但{zh}。", f"is required, but {en}.", "必填", "required", *todo)


def _range_problem(field: Field, value: object, text: str) -> Problem | None:
    """The refusal of ``value`` outside ``min`` .. ``max`` (I08), or None."""
    low, high = field.min, field.max
    if (low is None or value >= low) and (high is None or value <= high):  # type: ignore[operator]
        return None
    if low is not None and high is not None:
        span = (f"{low} 至 {high}", f"{low} to {high}")
    else:
        span = (f"不小于 {low}", f"at least {low}") if high is None else (f"不大于 {high}", f"at most {high}")
    zh, en = _wrote(text)
    return Problem(
        "I08",
        f"超出范围（{span[0]}），{zh}。",
        f"is outside the range ({span[1]}), {en}.",
        span[0],
        span[1],
        "核对原始报表，改成正确的数；确实无误请与负责口径的人员联系",
        "check against the original return and correct it; if it is right, ask whoever keeps the definitions",
    )


def parse_cell(cell: Cell, field: Field, unit: str | None = None, is_unit: bool = False) -> Parsed:
    """``cell`` by all rules of ``field``: type, required, min, max.

    ``unit`` is the unit of the cell, to be converted (None: the field's own); ``is_unit`` says that the
    field itself names a unit (a wrong one is then I13 instead of I06).
    """
    if holds_identity_number(cell_text(cell)):
        return _IDENTITY_NUMBER
    read = _parse_kind(cell, field, unit)
    if read.problem is not None:
        if is_unit and read.problem.rule == "I06":
            return Parsed(None, None, read.problem._replace(rule="I13"))
        return read
    if read.value is None:
        if field.required:
            return Parsed(None, None, required_problem(field, cell_text(cell) if read.note else None))
        return read
    if (field.min is not None or field.max is not None) and (
        problem := _range_problem(field, read.value, cell_text(cell))
    ):
        return Parsed(None, None, problem)
    return read
