"""docs/intake-rules.md tells every rule the code knows, and its examples are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import intake
from pipeline.intake import limits
from pipeline.intake.cells import parse_int
from pipeline.intake.read import INTAKE_RULES

DOCUMENT = Path(__file__).parents[2] / "docs" / "intake-rules.md"
SOURCES = sorted(Path(intake.__path__[0]).glob("*.py"))


def _rows() -> list[list[str]]:
    lines = DOCUMENT.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def test_every_rule_of_the_code_is_written_down_and_no_other() -> None:
    in_code = set(re.findall(r'"([RI][0-9]{2})"', "".join(path.read_text("utf-8") for path in SOURCES)))
    in_document = {row[0] for row in _rows() if re.fullmatch(r"[RI][0-9]{2}", row[0])}
    assert in_code == in_document
    assert {rule for rule in in_code if rule.startswith("I")} == set(INTAKE_RULES)


def _examples(rule: str) -> list[str]:
    """The examples of a rule in the section on whole numbers."""
    rows = _rows()
    start = next(i for i, row in enumerate(rows) if row[0] == "**整数**")
    end = next(i for i, row in enumerate(rows) if i > start and row[0].startswith("**"))
    return [
        example.strip()
        for row in rows[start:end]
        if row[0] == rule
        for example in re.findall(r"`([^`]*)`", row[1])
    ]


@pytest.mark.parametrize("text", _examples("I20"))
def test_examples_said_to_be_accepted_are(text: str) -> None:
    parsed = parse_int(text)
    assert isinstance(parsed.value, int) and parsed.note


@pytest.mark.parametrize("text", _examples("I04"))
def test_examples_said_to_be_refused_are(text: str) -> None:
    problem = parse_int(text).problem
    assert problem is not None and problem.rule == "I04"


def test_there_are_examples() -> None:
    assert len(_examples("I20")) >= 4 and len(_examples("I04")) >= 10


def test_the_limits_are_those_of_the_code() -> None:
    lines = DOCUMENT.read_text("utf-8").partition("上限 · Limits")[2].splitlines()
    told = [line.strip("| ").rpartition("|")[2].strip() for line in lines if line.startswith("|")][2:]
    assert told == [
        f"{limits.MAX_FILE_BYTES // 2**20} MB",
        f"{limits.MAX_UNPACKED_BYTES // 2**20} MB",
        *(
            f"{number:,}"
            for number in (
                limits.MAX_CELLS,
                limits.MAX_COLUMNS,
                limits.MAX_ROW,
                limits.MAX_SHEETS,
                limits.MAX_RECORD_CHARACTERS,
                limits.MAX_CELL_CHARACTERS,
                limits.MAX_STRINGS,
                limits.MAX_MARKED,
                limits.MAX_PARTS,
            )
        ),
    ]
