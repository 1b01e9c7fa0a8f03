"""The one shape in which anything wrong is told: a finding, and the outcome of a rule.

Belongs here: the records and their (de)serialisation. Does not belong here: deciding
whether something is wrong (intake, gate) and printing (cli, report).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning", "review", "info"]
Outcome = Literal["passed", "failed", "could_not_be_evaluated", "withheld"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that somebody must act on, with the place where it stands.

    ``file``, ``sheet``, ``row`` (as a spreadsheet shows it, from 1), ``column`` (the header
    as received) and ``value`` locate it; ``subject`` says what the row is about (a school, a project);
    ``more`` counts further rows not listed one by one.
    Texts ending in ``_zh`` and ``_en`` say the same thing in Chinese and English.
    """

    rule: str
    severity: Severity
    outcome: Outcome = "failed"
    table: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    subject: str = ""
    area_code: str = ""
    period: str = ""
    message_zh: str
    message_en: str
    expected_zh: str = ""
    expected_en: str = ""
    who_zh: str = ""
    who_en: str = ""
    todo_zh: str = ""
    todo_en: str = ""
    more: int = 0

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that stand for what was found, not for where its row happens to stand.

        A note is tied to it: another value, year, unit or expectation is another finding. Where neither a
        unit nor a subject says what it is about, its place in the file does.
        """
        place = () if self.area_code or self.subject else (self.file, self.sheet, str(self.row))
        parts = (
            *place,
            self.rule,
            self.table,
            self.area_code,
            self.period,
            self.subject,
            self.column,
            self.value,
            self.expected_zh,
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]

    @property
    def blocks(self) -> bool:
        """An error, or anything that could not be evaluated, stops publication."""
        return self.severity == "error" or self.outcome == "could_not_be_evaluated"

    def sort_key(self) -> tuple:
        """Total order: worst first, then rule, then place."""
        return (
            not self.blocks,
            {"error": 0, "warning": 1, "review": 2, "info": 3}[self.severity],
            self.rule,
            self.table,
            self.file,
            self.sheet,
            self.row if self.row is not None else -1,
            self.column,
            self.value,
            self.area_code,
            self.period,
            self.message_zh,
        )


@dataclass(frozen=True, kw_only=True)
class RuleOutcome:
    """What became of one rule on one table: ``passed``, ``failed``, ``could_not_be_evaluated`` or ``withheld``.

    A rule is withheld where a table it reads failed a rule of group A: the failure blocks, not the waiting.
    ``checked`` and ``offending`` count rows; a rule that looked at no row says ``checked = 0``.
    """

    rule: str
    table: str
    severity: Severity
    outcome: Outcome
    checked: int
    offending: int


FOUND = "quality.finding"
"""The findings of an edition as a table, for the rule on notes."""


def found_rows(findings: Iterable[Finding]) -> dict[str, list[Any]]:
    """Columns of ``quality.finding``, in the order of findings; ``position`` numbers the rows from 1."""
    ordered = sorted(findings, key=Finding.sort_key)
    return {
        "position": list(range(1, len(ordered) + 1)),
        "finding_id": [f.id for f in ordered],
        "rule": [f.rule for f in ordered],
        "severity": [str(f.severity) for f in ordered],
        "outcome": [str(f.outcome) for f in ordered],
        "table_name": [f.table for f in ordered],
        "source_file": [f.file for f in ordered],
        "source_sheet": [f.sheet for f in ordered],
        "source_row": [f.row for f in ordered],
        "column_name": [f.column for f in ordered],
        "value": [f.value for f in ordered],
        "area_code": [f.area_code for f in ordered],
        "period": [f.period for f in ordered],
        "more": [f.more for f in ordered],
    }


def write_records(path: Path, findings: list[Finding], outcomes: list[RuleOutcome]) -> None:
    """Write findings and outcomes of one step as one JSON file, sorted, replacing the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "findings": [asdict(f) for f in sorted(findings, key=Finding.sort_key)],
        "outcomes": [asdict(o) for o in sorted(outcomes, key=lambda o: (o.rule, o.table))],
    }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    partial.replace(path)


def read_records(folder: Path, without: str = "") -> tuple[list[Finding], list[RuleOutcome]]:
    """Read back every file of :func:`write_records` in ``folder``, sorted over all of them.

    ``without`` names a file (no suffix) to leave out: a step that runs again must not read itself.
    """
    findings: list[Finding] = []
    outcomes: list[RuleOutcome] = []
    known = {f.name for f in fields(Finding)}
    for path in sorted(folder.glob("*.json")):
        if path.stem == without:
            continue
        document = json.loads(path.read_text("utf-8"))
        findings += [Finding(**{k: v for k, v in f.items() if k in known}) for f in document["findings"]]
        outcomes += [RuleOutcome(**o) for o in document["outcomes"]]
    return sorted(findings, key=Finding.sort_key), sorted(outcomes, key=lambda o: (o.rule, o.table))
