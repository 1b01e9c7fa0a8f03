"""The one shape in which anything wrong is told: a finding, and the outcome of a rule.

Belongs here: the records and their (de)serialisation. Does not belong here: deciding
whether something is wrong (intake, gate) and printing (cli, report).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "review", "info"]
Outcome = Literal["passed", "failed", "could_not_be_evaluated"]


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

        A note is tied to it: another value, year, unit or expectation is another finding.
        """
        parts = (
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
    """What became of one rule on one table: ``passed``, ``failed`` or ``could_not_be_evaluated``.

    ``checked`` and ``offending`` count rows; a rule that looked at no row says ``checked = 0``.
    """

    rule: str
    table: str
    severity: Severity
    outcome: Outcome
    checked: int
    offending: int


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


def read_records(folder: Path) -> tuple[list[Finding], list[RuleOutcome]]:
    """Read back every file of :func:`write_records` in ``folder``, sorted over all of them."""
    findings: list[Finding] = []
    outcomes: list[RuleOutcome] = []
    known = {f.name for f in fields(Finding)}
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        findings += [Finding(**{k: v for k, v in f.items() if k in known}) for f in document["findings"]]
        outcomes += [RuleOutcome(**o) for o in document["outcomes"]]
    return sorted(findings, key=Finding.sort_key), sorted(outcomes, key=lambda o: (o.rule, o.table))
