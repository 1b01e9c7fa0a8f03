"""What the report room is given: plain rows, read elsewhere.

Belongs here: the shape of the door. Does not belong here: reading tables, computing, wording.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.quality.finding import Finding, RuleOutcome
from pipeline.quality.notes import Note

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ReportInputs:
    """Everything that one edition's report says, as plain Python values (str, int, bool, None).

    Rates and money come as whole numerator and denominator (``…_num`` / ``…_den``), never as floats.
    ``rules`` gives the titles of the validation rules by id: ``{"A01": {"zh": …, "en": …}}``;
    ``commitments`` are those with a page of their own, ``promises`` are all of the plan, ``sections`` their headings;
    ``notes`` are the notes on findings (填报说明); ``english`` is what is said in English for texts that come in Chinese
    (suppliers, reasons, notes); ``benchmarks`` the published values of nation and province of the
    headline indicators (``value`` as decimal text). From ``gaps`` on, each list is a table of the same name under
    ``sql/progress`` (``gap``, ``body_task``, ``verdict_change``, ``revision``); its columns are in docs/analysis.md. Days are
    ISO texts.
    """

    edition: Row
    areas: list[Row]
    commitments: list[Row]
    verdicts: list[Row]
    summaries: list[Row]
    series: list[Row]
    decomposition: list[Row]
    contributions: list[Row]
    findings: list[Finding]
    outcomes: list[RuleOutcome]
    sources: list[Row]
    source_titles: list[Row]
    tools: dict[str, str]
    fonts: list[dict[str, str]]
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    english: dict[str, str] = field(default_factory=dict)
    promises: list[Row] = field(default_factory=list)
    benchmarks: list[Row] = field(default_factory=list)
    sections: list[Row] = field(default_factory=list)
    gaps: list[Row] = field(default_factory=list)
    pace: list[Row] = field(default_factory=list)
    change_split: list[Row] = field(default_factory=list)
    spending_composition: list[Row] = field(default_factory=list)
    spending_left_out: list[Row] = field(default_factory=list)
    price_effect: list[Row] = field(default_factory=list)
    rank: list[Row] = field(default_factory=list)
    body_tasks: list[Row] = field(default_factory=list)
    advice: list[Row] = field(default_factory=list)
    verdict_changes: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
