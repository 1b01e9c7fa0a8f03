"""Mistakes planted on purpose: the check tells each of them, at its place, and nothing else.

Belongs here: ``jiance demo --defects``, pass by pass. Does not belong here: what each rule says (tests/quality).
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from pipeline.demo.bulk.defects import PASSES, TOLD_ALONG, UNPLANTED
from pipeline.demo.bulk.order import Order
from pipeline.demo.bulk.programme import write_defective
from pipeline.programme import Home
from pipeline.quality.rules import load_rules
from pipeline.steps import check_edition
from tests.conftest import ROOT

ORDER = Order("example", schools=120, counties=3, first_year=2020, last_year=2021, seed=5)
Key = tuple[str, ...]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    _, lacking = write_defective(ORDER, folder, per_million=1_000)
    assert lacking == []
    return folder


def planted(home: Path, stage: str) -> list[dict[str, str]]:
    with (home / "planted.csv").open(encoding="utf-8", newline="") as handle:
        return [line for line in csv.DictReader(handle) if line["pass"] == stage]


@pytest.mark.parametrize("stage", PASSES)
def test_the_check_tells_what_was_planted_and_nothing_else(home, stage):
    lines = [line for line in planted(home, stage) if line["told_by"]]
    by_unit = {line["rule"] for line in lines if line["told_by"] == "unit"}
    wanted: Counter[Key] = Counter(
        (r["rule"], r["told_table"], r["area_code"], r["period"])
        if r["told_by"] == "unit"
        else (r["rule"], r["told_table"], r["file"], r["sheet"], r["row"])
        for r in lines
    )
    outcome = check_edition(Home(home), f"example_{stage}", ORDER.last_year, lambda step: None)
    found: Counter[Key] = Counter()
    for f in outcome.findings:
        if f.severity == "info" and f.rule != "E06":
            continue
        table = f.table.rpartition(".")[2]
        place = (f.area_code, f.period) if f.rule in by_unit else (f.file, f.sheet, str(f.row))
        found[f.rule, table, *place] += 1
    assert found == wanted
    assert not outcome.crash


def test_the_list_shows_what_stands_in_the_files(home):
    """A changed cell of a CSV holds the new value in the row that the list names."""
    seen = 0
    for line in planted(home, "forms"):
        if not line["file"].endswith(".csv") or not line["column"]:
            continue
        path = home / "data_raw" / "example_forms" / line["file"]
        with path.open(encoding="utf-8", newline="") as handle:
            row = list(csv.reader(handle))[int(line["row"]) - 1]
        assert line["new"] in row, line
        seen += 1
    assert seen > 20


def test_every_rule_is_planted_or_said_to_be_unplantable():
    planted_rules = {defect.rule for defects in PASSES.values() for defect in defects} | set(TOLD_ALONG)
    rules = {rule.id for rule in load_rules().rules}
    assert planted_rules | set(UNPLANTED) == rules
    assert planted_rules & set(UNPLANTED) == set()
    page = (ROOT / "docs" / "demo.md").read_text("utf-8")
    assert all(rule in page for rule in UNPLANTED)
    assert all(zh and en for zh, en in UNPLANTED.values())
