"""The chapter on the amounts that may not fall: what its table of years counts and what it has columns for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.report.facts import Facts
from pipeline.report.inputs import ReportInputs
from pipeline.report.shapes import said
from pipeline.report.spending import make_spending
from tests.report.sample_inputs import two_amounts

EARLIER = "下降次数自基期的次年算起，包括表中未列的年度。"


def based_on(year: int) -> ReportInputs:
    """怀来县 fell in 2020 and in no year since, in both amounts, of which the table shows 2021 to 2024."""
    inputs = two_amounts()
    amounts = [c["id"] for c in inputs.promises if c["kind"] == "never_decrease"]
    verdicts = []
    for v in inputs.verdicts:
        if v["commitment_id"] in amounts:
            v = v | {"base_period": year}
            if year < 2020 == v["period"] and v["area_code"] == "130730":
                v |= {"class": "broken", "falls_since_base": 1}
        verdicts.append(v)
    promises = [c | {"base_period": year} if c["id"] in amounts else c for c in inputs.promises]
    return replace(inputs, promises=promises, verdicts=verdicts)


@pytest.mark.parametrize(("base", "falls", "told"), [(2019, "2", True), (2020, "—", False)])
def test_a_fall_since_the_base_year_is_counted_where_its_year_has_no_column(base: int, falls: str, told: bool) -> None:
    chapter = make_spending(Facts(based_on(base)))
    assert chapter is not None
    piece = chapter.pieces[0]
    assert ("怀来县（2020年）" in piece.said[0].zh) == told
    table = piece.tables[0]
    counted = {said(r.cells[0].words, "zh"): said(r.cells[-1].words, "zh") for r in table.rows}
    assert (counted["怀来县"], counted["怀安县"], counted["张北县"]) == (falls, "2", "—")
    assert ([EARLIER] == [n.zh for n in table.notes]) == told
