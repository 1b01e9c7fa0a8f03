"""What a commitment of an edition rests on: the received files behind its figures, and what is open about them.

Belongs here: laying out ``raw.commitment_input`` and ``raw.open_warning``, which the advice reads. Does not belong
here: the advice itself (sql/progress/advice.sql), which rows make a figure (contributing.yaml).

Ages are counted to the day on which the last file of the edition came, never to today: an edition is a pure
function of what was received.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import polars as pl

from pipeline.intake.register import Registration, effective
from pipeline.plan.model import Commitment
from pipeline.programme import Programme
from pipeline.edition.contributing import inputs_of
from pipeline.quality.finding import Finding
from pipeline.quality.notes import open_findings

INPUT_SCHEMA: dict[str, pl.DataType] = {
    "commitment_id": pl.String(),
    "table_name": pl.String(),
    "path": pl.String(),
    "period_from": pl.Int64(),
    "period_to": pl.Int64(),
    "received_on": pl.Date(),
    "age_days": pl.Int64(),
    "settled_on": pl.Date(),
}
WARNING_SCHEMA: dict[str, pl.DataType] = {
    "finding_id": pl.String(),
    "rule": pl.String(),
    "table_name": pl.String(),
    "area_code": pl.String(),
    "period": pl.Int64(),
}


def commitment_inputs(programme: Programme, year: int) -> pl.DataFrame:
    """``raw.commitment_input``: one row a commitment and file that its figure of the reported period needs.

    ``age_days``: days from its receipt to that of the edition's last file; ``settled_on``: the first day on which it
    has lain for ``thresholds.vintage_days``.
    """
    used = effective(programme.registrations, year)
    last = max((r.received_on for r in used), default=None)
    wait = timedelta(days=programme.plan.thresholds.vintage_days)
    rows = [
        (c.id, r.table, r.path, r.period_from, r.period_to, r.received_on, (last - r.received_on).days, r.received_on + wait)
        for c in programme.plan.commitments
        if last is not None
        for r in _files(c, year, used)
    ]
    return pl.DataFrame(rows, INPUT_SCHEMA, orient="row")


def _files(c: Commitment, year: int, used: list[Registration]) -> list[Registration]:
    if c.indicator_id is None:
        return []
    period = c.reported_period(year)
    needed = {part for variant in _variants(c) for part in inputs_of(c.indicator_id, variant)}
    return sorted(
        r
        for r in used
        if any(
            r.table == table and r.period_from <= period + last and r.period_to >= period + first
            for table, first, last in needed
        )
    )


def _variants(c: Any) -> set[str]:
    """The variants of its indicator that a commitment is judged by."""
    found = {c.variant, getattr(c, "county_variant", None)}
    if getattr(c, "decided_by", None) == "certified_first":
        found.add("certified")
    if getattr(c, "compared_with", None) == "benchmark":
        found.add("benchmark")
    return {variant for variant in found if variant}


def open_warnings(programme: Programme, findings: Iterable[Finding]) -> pl.DataFrame:
    """``raw.open_warning``: one row a warning that no note answers.

    ``table_name`` is the return, empty where the finding is about none; ``area_code`` is empty where it is about the
    whole area; ``period`` is NULL where it is about no single year.
    """
    whole = programme.plan.programme.area_code
    rows = []
    for f in open_findings(findings, programme.notes.notes, "warning"):
        table = f.table.split(".")[-1]
        rows.append(
            (
                f.id,
                f.rule,
                table if table in programme.contracts else "",
                "" if f.area_code == whole else f.area_code,
                int(f.period) if f.period.isdigit() else None,
            )
        )
    return pl.DataFrame(sorted(rows, key=str), WARNING_SCHEMA, orient="row")
