"""Which sheets of a file are data, and what is wrong with their headers.

Belongs here: choosing the sheets to read (I19, I21) and the findings about header rows (I02, I03, I13,
I22, I23). Does not belong here: matching headers (headers.py), the rows below (rows.py).
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.intake.cells import cell_text, is_blank, shown
from pipeline.intake.decode import HEAD_ROWS, Sheet
from pipeline.intake.grid import column_letter
from pipeline.intake.headers import Band, HeaderIndex, HeaderMatch
from pipeline.intake.tell import Teller

DATA_SHEET_SHARE = 2
"""A sheet counts as data if it names at least one in this many of the required fields."""


def data_sheets(sheets: list[Sheet], headers: HeaderIndex, teller: Teller) -> list[tuple[Sheet, Band]]:
    """The sheets to read with their header rows; the others are told of (I19, I21, I03)."""
    filled = [s for s in sheets if s.rows]
    if not filled:
        teller.add(
            "I21",
            "文件中没有任何内容。",
            "The file holds nothing.",
            todo=("请填报单位重新报送。", "Ask the supplier for it again."),
        )
        return []
    needed = max(2, -(-len(headers.required) // DATA_SHEET_SHARE))
    scored = [(s, *headers.find(s)) for s in filled]
    chosen = [(s, i) for s, i, score in scored if s.visible and score >= needed]
    if not chosen:
        visible = [entry for entry in scored if entry[0].visible]
        if not visible:
            teller.add(
                "I21",
                "所有工作表都是隐藏的，没有可读取的数据。",
                "All sheets are hidden; there is nothing to read.",
                todo=(
                    "取消隐藏数据所在的工作表后另存并重新登记。",
                    "Unhide the data sheet, save and register the file again.",
                ),
            )
            return []
        sheet, index, score = max(visible, key=lambda entry: entry[2])
        if score == 0:
            _tell_no_header(sheet, headers, teller)
            return []
        chosen = [(sheet, index)]
    read = {id(s) for s, _ in chosen}
    for s, _, score in scored:
        if id(s) in read:
            continue
        data_like = score >= needed
        hidden_zh, hidden_en = ("隐藏的", "hidden ") if not s.visible else ("", "")
        teller.add(
            "I19",
            f"{hidden_zh}工作表“{s.name}”没有读取。"
            + ("它看起来含有数据。" if data_like else "它没有本表的表头。"),
            f"The {hidden_en}sheet “{s.name}” was not read. "
            + ("It looks like data." if data_like else "It lacks the headers of this table."),
            severity="warning" if data_like else "info",
            sheet=s.name,
            todo=(
                "如其中有应报数据，请取消隐藏并使用规定表头；否则无需处理。",
                "If it holds data to report, unhide it and use the agreed headers; otherwise nothing to do.",
            ),
        )
    return chosen


def _tell_no_header(sheet: Sheet, headers: HeaderIndex, teller: Teller) -> None:
    first = "、".join(shown(cell_text(c)) for c in sheet.rows[0] if not is_blank(c))
    wanted = [headers.contract.field(name) for name in headers.required]
    teller.add(
        "I03",
        f"前 {HEAD_ROWS} 行没有找到“{headers.contract.name_zh}”的表头；第一行是：{shown(first)}。",
        f"No header of “{headers.contract.name_en}” in the first {HEAD_ROWS} rows; the first row "
        f"says: {shown(first)}.",
        sheet=sheet.name,
        row=sheet.numbers[0],
        value=first,
        expected=("、".join(f.zh for f in wanted), ", ".join(f.name for f in wanted)),
        todo=(
            "核对登记的表名是否正确；按规定表头补上表头行。",
            "Check the registered table name; add the header row.",
        ),
    )


def tell_headers(sheet: Sheet, match: HeaderMatch, headers: HeaderIndex, teller: Teller) -> bool:
    """Findings about the header rows; False if rows of this sheet cannot be used."""
    contract = headers.contract
    number = sheet.numbers[match.index]
    taken = {normal for normal, name in headers.owner.items() if name in match.columns}
    free_zh = "、".join(f.zh for f in contract.fields if f.name not in match.columns)
    free_en = ", ".join(f.name for f in contract.fields if f.name not in match.columns)

    def tell(rule: str, column: int | None, zh: str, en: str, todo: tuple[str, str], **more: object) -> None:
        teller.add(
            rule,
            zh,
            en,
            sheet=sheet.name,
            row=sheet.numbers[match.places[column]] if column in match.places else number,
            column=match.titles.get(column, column_letter(column)) if column is not None else "",
            todo=todo,
            **more,  # type: ignore[arg-type]
        )

    for column in match.unknown:
        title = match.titles[column]
        near = headers.nearest(title, taken)
        hint = (f"是否应为“{near}”？", f" Perhaps “{near}”?") if near else ("", "")
        tell(
            "I02",
            column,
            f"不认识表头“{title}”（{column_letter(column)} 列）。{hint[0]}",
            f"Unknown header “{title}” (column {column_letter(column)}).{hint[1]}",
            (
                "改成规定的表头；不属于本表的列请删除后另存并重新登记。",
                "Use an agreed header; delete columns that do not belong to this table, save and "
                "register again.",
            ),
            value=title,
            expected=(f"尚未出现的列：{free_zh or '无'}", f"columns not yet found: {free_en or 'none'}"),
        )
    for column, first in match.nameless.items():
        row = sheet.numbers[first]
        tell(
            "I02",
            column,
            f"{column_letter(column)} 列有内容（从第 {row} 行起），但没有表头。",
            f"Column {column_letter(column)} has contents (from row {row} on) but no header.",
            ("补上表头，或删除该列。", "Add the header or delete the column."),
        )
    for column in match.ignored:
        tell(
            "I02",
            column,
            f"“{match.titles[column]}”列不读取。",
            f"Column “{match.titles[column]}” is not read.",
            ("无需处理。", "Nothing to do."),
            severity="info",
        )
    for column in match.personal:
        tell(
            "I23",
            column,
            f"“{match.titles[column]}”列像是个人信息，本系统不接收个人信息。",
            f"Column “{match.titles[column]}” looks like personal data, which is not accepted.",
            (
                "删除该列后另存为新文件并重新登记，含个人信息的原文件请移出本文件夹并妥善保管。",
                "Delete the column, save as a new file and register that; move the original out of "
                "this folder and keep it safe.",
            ),
        )
    for column, name in match.repeated:
        other = match.columns[name]
        tell(
            "I22",
            column,
            f"“{match.titles[column]}”与 {column_letter(other)} 列“{match.titles[other]}”是同一列，"
            "重复出现。",
            f"“{match.titles[column]}” repeats column {column_letter(other)} (“{match.titles[other]}”).",
            ("只保留正确的一列。", "Keep the right one only."),
        )
    for name in match.missing:
        f = contract.field(name)
        unit = name in contract.unit_fields()
        hint = ("，或在表头写明单位，如“金额(万元)”", ", or tell the unit in the header, such as 金额(万元)")
        more_zh, more_en = hint if unit else ("", "")
        teller.add(
            "I03",
            f"缺少必需的列“{f.zh}”（{f.name}）。",
            f"The required column “{f.en}” ({f.name}) is missing.",
            sheet=sheet.name,
            row=number,
            column=f.zh,
            expected=(" 或 ".join(f.headers()), " or ".join(f.headers())),
            todo=(
                f"在表头第 {number} 行补上“{f.zh}”列并填写{more_zh}。",
                f"Add the column “{f.zh}” to the header in row {number} and fill it in{more_en}.",
            ),
        )
    for column, names in match.ambiguous:
        cells = _header_cells(sheet, match, column)
        tell(
            "I02",
            column,
            f"表头“{match.titles[column]}”（{cells}）可以是不止一列："
            + "、".join(f"“{contract.field(n).zh}”" for n in names)
            + "。",
            f"The header “{match.titles[column]}” ({cells}) may be more than one column: {', '.join(names)}.",
            (
                "把该列的表头改成一个格、写全称后另存并重新登记。",
                "Write the full header of the column in one cell, save and register again.",
            ),
            value=match.titles[column],
            expected=(
                " 或 ".join(contract.field(n).zh for n in names),
                " or ".join(contract.field(n).en for n in names),
            ),
        )
    _tell_groups(sheet, match, tell)
    _tell_not_asked(match, headers, tell)
    wrong_units = _tell_units(sheet, match, headers, tell)
    return not (match.missing or match.repeated or match.ambiguous or wrong_units)


Tell = Callable[..., None]


def _header_cells(sheet: Sheet, match: HeaderMatch, column: int) -> str:
    """The cells in which the header of a column stands, as a spreadsheet names them: B1、C2."""
    letter = column_letter(column)
    rows = range(match.band.top, match.places[column] + 1)
    return "、".join(f"{letter}{sheet.numbers[i]}" for i in rows)


def _tell_groups(sheet: Sheet, match: HeaderMatch, tell: Tell) -> None:
    """I02 (info): columns under a group header that were read by their lowest header alone."""
    if not match.by_leaf:
        return
    listed = "、".join(f"{match.titles[c]}（{column_letter(c)} 列）" for c in match.by_leaf)
    listed_en = ", ".join(f"{match.titles[c]} (column {column_letter(c)})" for c in match.by_leaf)
    tell(
        "I02",
        match.by_leaf[0],
        f"分组表头下的列按最下一级表头读取：{listed}。",
        f"Columns under a group header were read by their lowest header: {listed_en}.",
        (
            "如分组改变了含义，请改成规定的表头；否则无需处理。",
            "If the group changes the meaning, use an agreed header.",
        ),
        severity="info",
    )


def _tell_not_asked(match: HeaderMatch, headers: HeaderIndex, tell: Tell) -> None:
    """I03 (info): required columns that the form of these years did not have, by the programme's layout."""
    for name in match.not_asked:
        f = headers.contract.field(name)
        tell(
            "I03",
            None,
            f"按历年表头文件，这些年份的表没有“{f.zh}”列，读作未报。",
            f"By the layout of these years the form had no “{f.en}”; it is read as not reported.",
            ("无需处理。", "Nothing to do."),
            severity="info",
        )


def _tell_units(sheet: Sheet, match: HeaderMatch, headers: HeaderIndex, tell: Tell) -> bool:
    """I13: what is wrong with the units of headers and of the line above; True if anything is."""
    wrong = False
    for name, settled in sorted(match.settled.items()):
        f = headers.contract.field(name)
        has_column = f.unit_field is not None and f.unit_field in match.columns
        if not settled.wrong or (settled.wrong == "several" and has_column):
            continue
        wrong = True
        column = match.columns[name]
        told = "、".join(dict.fromkeys(settled.told))
        place = f"{column_letter(column)}{sheet.numbers[match.places[column]]}"
        line = match.line
        above = f"{column_letter(line.column)}{sheet.numbers[line.row]}" if line else ""
        where = above if settled.in_line else place
        zh, en = {
            "unknown": (f"的单位“{told}”不认识（{where}）", f"has an unknown unit, {told} ({where})"),
            "several": (f"的单位不明确：{where} 写了“{told}”", f"has no clear unit: {where} says {told}"),
            "conflict": (
                f"的表头（{place}）写的单位是“{settled.told[0]}”，表头上方（{above}）写的是“{'、'.join(settled.told[1:])}”",
                f"has the unit {settled.told[0]} in its header ({place}), but {', '.join(settled.told[1:])} in the "
                f"line above ({above})",
            ),
        }[settled.wrong]
        allowed = "、".join(f.units)
        tell(
            "I13",
            column,
            f"“{match.titles[column]}”{zh}。",
            f"“{match.titles[column]}” {en}.",
            (
                "核对数字究竟按什么单位填写，在表头写明一个单位后另存并重新登记。",
                "Find out in which unit the figures are, tell one unit in the header, save and register again.",
            ),
            value=told,
            expected=(f"只能是：{allowed}", f"one of: {', '.join(f.units)}"),
        )
    return wrong
