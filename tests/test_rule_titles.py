"""Every rule that can be told has a title in both languages."""

from __future__ import annotations

import re

from pipeline.edition.gather import rule_titles
from pipeline.intake.read import INTAKE_RULES
from tests.conftest import ROOT


def test_every_rule_has_a_title():
    titles = rule_titles()
    documented = set(re.findall(r"^\| ([A-Z]\d\d) \|", (ROOT / "docs/intake-rules.md").read_text("utf-8"), re.M))
    documented |= set(re.findall(r"\b([ABCDE]\d\d)\b", (ROOT / "docs/validation-rules.md").read_text("utf-8")))
    assert set(INTAKE_RULES) | documented <= set(titles)
    assert all(pair["zh"] and pair["en"] for pair in titles.values())
