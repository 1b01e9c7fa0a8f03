"""What the report room is given: plain rows, read elsewhere.

Belongs here: the shape of the door. Does not belong here: reading tables, computing, wording.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from pipeline.quality.finding import Finding, RuleOutcome
from pipeline.quality.notes import Note
from pipeline.report.rows import Held, Row, Rows, held

__all__ = ["ReportInputs", "Row"]


@dataclass(frozen=True, kw_only=True)
class ReportInputs:
    """Everything that one edition's report says, as plain Python values (str, int, bool, None).

    Rates and money come as whole numerator and denominator (``…_num`` / ``…_den``), never as floats.
    ``rules`` gives the titles of the validation rules by id: ``{"A01": {"zh": …, "en": …}}``;
    ``commitments`` are those with a page of their own, ``promises`` are all of the plan, ``sections`` their headings;
    ``notes`` are the notes on findings (填报说明); ``english`` is what is said in English for texts that come in Chinese
    (suppliers, reasons, notes); ``benchmarks`` the published values of nation and province of the
    headline indicators (``value`` as decimal text). From ``gaps`` on, each is a table of the same name under
    ``sql/progress`` (``gap``, ``body_task``, ``verdict_change``, ``revision``); its columns are in docs/analysis.md. Days are
    ISO texts.

    Tables with rows of units are :class:`pipeline.report.rows.Rows`, of which the report asks what it needs; plain lists are
    taken too.
    """

    edition: Row
    areas: list[Row]
    commitments: list[Row]
    verdicts: Rows
    summaries: list[Row]
    series: Rows
    decomposition: Rows
    contributions: Rows
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
    gaps: Rows = field(default_factory=Held)
    pace: Rows = field(default_factory=Held)
    spending_composition: Rows = field(default_factory=Held)
    spending_left_out: Rows = field(default_factory=Held)
    price_effect: Rows = field(default_factory=Held)
    rank: Rows = field(default_factory=Held)
    body_tasks: Rows = field(default_factory=Held)
    advice: Rows = field(default_factory=Held)
    verdict_changes: Rows = field(default_factory=Held)
    revisions: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ROWS:
            object.__setattr__(self, name, held(getattr(self, name)))


ROWS = tuple(each.name for each in fields(ReportInputs) if each.type == "Rows")
"""The tables with rows of units."""
