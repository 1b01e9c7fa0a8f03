"""Findings of intake: wording around a problem, and the limit of how many are listed.

Belongs here: turning "this rule, this place" into a Finding with file, sheet, row, column,
value, expectation, what to do and who. Does not belong here: deciding what is wrong.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.intake.cells import Problem, describe_note, shown
from pipeline.intake.contract import Contract
from pipeline.intake.decode import Sheet
from pipeline.intake.grid import column_letter
from pipeline.intake.register import Registration
from pipeline.quality.finding import Finding, Severity

LISTED = 50
"""How many findings of one rule, file and column are listed one by one; the last says how many more."""


class Teller:
    """Collects the findings of one file."""

    def __init__(self, registration: Registration, contract: Contract) -> None:
        self.registration = registration
        self.contract = contract
        self._listed: dict[tuple[str, str, str], list[Finding]] = {}
        self._count: dict[tuple[str, str, str], int] = {}

    def findings(self) -> list[Finding]:
        """Everything told so far, sorted; the last listed finding of a long series carries ``more``."""
        told: list[Finding] = []
        for key, listed in self._listed.items():
            surplus = self._count[key] - len(listed)
            told += [*listed[:-1], replace(listed[-1], more=surplus)] if surplus else listed
        return sorted(told, key=Finding.sort_key)

    def add(
        self,
        rule: str,
        zh: str,
        en: str,
        *,
        severity: Severity = "error",
        sheet: str = "",
        row: int | None = None,
        column: str = "",
        value: str = "",
        expected: tuple[str, str] = ("", ""),
        todo: tuple[str, str] = ("", ""),
    ) -> None:
        """Tell one finding; beyond ``LISTED`` of the same rule, sheet and column it is only counted."""
        key = (rule, sheet, column)
        self._count[key] = self._count.get(key, 0) + 1
        listed = self._listed.setdefault(key, [])
        if len(listed) == LISTED:
            return
        r = self.registration
        listed.append(
            Finding(
                rule=rule,
                severity=severity,
                table=self.contract.table,
                file=r.path,
                sheet=sheet,
                row=row,
                column=column,
                value=shown(value),
                period=str(r.period_to),
                message_zh=zh,
                message_en=en,
                expected_zh=expected[0],
                expected_en=expected[1],
                who_zh=r.supplier,
                who_en=r.supplier,
                todo_zh=todo[0],
                todo_en=todo[1],
            )
        )

    def place(self, sheet: Sheet, position: int, column: int | None = None) -> tuple[str, str]:
        """Chinese and English words for a cell: file, sheet, row and column letter."""
        number = sheet.numbers[position]
        zh, en = self.registration.path, self.registration.path
        if sheet.name:
            zh, en = f"{zh} 工作表“{sheet.name}”", f"{en}, sheet “{sheet.name}”,"
        zh, en = f"{zh} 第 {number} 行", f"{en} row {number}"
        if column is not None:
            letter = column_letter(column)
            zh, en = f"{zh} {letter} 列", f"{en} column {letter}"
        if sheet.lines and sheet.lines[position] != number:
            line = sheet.lines[position]
            zh, en = f"{zh}（文本编辑器中第 {line} 行）", f"{en} (line {line} in a text editor)"
        return zh, en

    def cell(
        self, problem: Problem, sheet: Sheet, position: int, column: int, title: str, value: str
    ) -> None:
        """Tell a refused cell."""
        zh, en = self.place(sheet, position, column)
        self.add(
            problem.rule,
            f"“{title}”{problem.zh}",
            f"“{title}” {problem.en}",
            sheet=sheet.name,
            row=sheet.numbers[position],
            column=title,
            value=value,
            expected=(problem.expected_zh, problem.expected_en),
            todo=(f"{zh}：{problem.todo_zh}。", f"{en}: {problem.todo_en}."),
        )

    def accepted(
        self, note: str, count: int, sheet: Sheet, position: int, column: int, title: str, value: str
    ) -> None:
        """Tell how many cells of a column were accepted after a normalisation (I20, info)."""
        note_zh, note_en = describe_note(note)
        zh, en = self.place(sheet, position, column)
        self.add(
            "I20",
            f"“{title}”有 {count} 个单元格按规则换了写法后接受：{note_zh}。例如{zh}：“{shown(value)}”。",
            f"{count} cells of “{title}” were accepted after a written normalisation: {note_en}. "
            f"Example: {en}: “{shown(value)}”.",
            severity="info",
            sheet=sheet.name,
            row=sheet.numbers[position],
            column=title,
            value=value,
            todo=(
                "无需处理；下次报送时按规定写法填写更好。",
                "Nothing to do; better written the plain way next time.",
            ),
        )
