"""The report model: from what the room receives to one typed object.

Belongs here: putting the parts together. Does not belong here: the parts (one module a chapter),
their shapes (shapes.py), layout (render.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.report.advice import make_advice
from pipeline.report.annex import code_shown, make_reproduction, make_sources, received_text
from pipeline.report.base_tables import make_base, make_signing
from pipeline.report.body_pages import make_body_pages
from pipeline.report.comparison import make_comparison
from pipeline.report.data_quality import make_findings
from pipeline.report.facts import Facts
from pipeline.report.inputs import ReportInputs, Row
from pipeline.report.notice import make_notice
from pipeline.report.outline import ANNEXES, contents_of
from pipeline.report.outlook import make_outlook
from pipeline.report.overall import make_overall
from pipeline.report.pages import indicator_pages
from pipeline.report.problems import make_problems
from pipeline.report.promises import make_promises
from pipeline.report.references import all_referring, chapter_referring, page_referring
from pipeline.report.revisions import make_revisions
from pipeline.report.shapes import Chapter, Head, ReportModel, Text, Volume
from pipeline.report.spending import make_spending
from pipeline.report.summary import make_summary
from pipeline.report.unit_pages import make_unit_pages, units_with_pages
from pipeline.report.unnamed import without_names
from pipeline.report.volume_names import volume_name
from pipeline.report.volumes import divided, make_volumes_chapter, volumes_of
from pipeline.report.words import HEADLINE_CLASSES, LEVEL_CLASSES, legend, marks_of_figures

__all__ = ["ReportModel", "build_model", "build_report"]


ALWAYS = ("definitions", "sources", "findings", "reproduction")
"""Annexes of every edition."""

FRONT_RULES = 4
"""Rules of reading on the page of contents; where there are more, all of them are in the annex."""

FRONT_CONTENTS = 16
"""Lines of contents beside which the rules still have room on that page; with more they stand in the annex only."""


def build_model(inputs: ReportInputs) -> ReportModel:
    """The report itself, as the first of :func:`build_report`."""
    return build_report(inputs)[0]


def build_report(inputs: ReportInputs) -> tuple[ReportModel, Iterator[Volume]]:
    """The whole report as one object, and the volumes beside it, each made when it is asked for (none where the report
    has the pages of all units); a pure function of ``inputs``, without clock or machine.

    Tables and figures are numbered in the order of the printed document.
    """
    facts = Facts(inputs)
    e = inputs.edition
    overall = make_overall(facts)
    pages = indicator_pages(facts)
    spending = make_spending(facts)
    promises = make_promises(facts)
    closing = _there(make_comparison(facts), make_outlook(facts), make_problems(facts), make_advice(facts))
    rules = reading_rules(e)
    sources = make_sources(facts)
    head, summary = _head(facts), make_summary(facts)
    findings = make_findings(facts)
    annexes = _there(make_revisions(facts), make_base(facts))
    reproduction = make_reproduction(facts)
    # pages that tell a unit or a body what it lacks, and the sign-off, are for the inside
    there = [] if facts.public else units_with_pages(facts)
    volumes = divided(there)
    own_pages = make_volumes_chapter(facts, volumes) if volumes else make_unit_pages(facts, there) if there else None
    leaves = [] if facts.public else _there(own_pages, make_body_pages(facts), make_signing(facts))
    chapters = [c.id for c in _there(overall, spending, *closing, *annexes, *leaves)]
    present = ["indicators", *(["promises"] if promises else []), *ALWAYS, *chapters]
    contents = contents_of(present, [(page.commitment_id, page.name) for page in pages])
    front = rules[:FRONT_RULES] if len(contents) <= FRONT_CONTENTS else []
    sources = sources.model_copy(update={"reading_rules": rules if len(rules) > len(front) else []})
    never = any(c["kind"] == "never_decrease" for c in inputs.commitments)
    made = ReportModel(
        head=head,
        legend=legend(HEADLINE_CLASSES if never else LEVEL_CLASSES),
        marks=_marks(code_shown(facts)),
        reading_rules=front,
        contents=contents,
        summary=summary,
        overall=None if overall is None else chapter_referring(overall),
        pages=[page_referring(page) for page in pages],
        spending=None if spending is None else chapter_referring(spending),
        promises=promises,
        closing=all_referring(closing),
        findings=findings,
        sources=sources,
        annexes=all_referring(annexes),
        reproduction=reproduction,
        leaves=all_referring(leaves),
        volumes=[volume_name(number) for number in range(1, len(volumes) + 1)],
        notice=make_notice(facts, head, summary.conclusion),
    )
    if facts.public:
        return without_names(made, facts.unit_names()), iter(())
    return made, volumes_of(facts, made, volumes)


def _there(*chapters: Chapter | None) -> list[Chapter]:
    """The chapters that this edition has."""
    return [chapter for chapter in chapters if chapter is not None]


def reading_rules(edition: Row) -> list[Text]:
    """How the plan was read, rule by rule."""
    pairs = zip(
        edition["reading_rules_zh"], edition.get("reading_rules_en") or edition["reading_rules_zh"], strict=True
    )
    return [Text(zh=zh, en=en) for zh, en in pairs]


def _head(facts: Facts) -> Head:
    e = facts.edition
    year = e["year"]
    zh = e["plan_title_zh"]
    return Head(
        programme=e["programme"],
        year=year,
        title=Text(
            zh=f"《{zh}》监测报告({year}年度{',公开版' if facts.public else ''})",
            en=f"{e['plan_title_en']}: progress report {year}{', public' if facts.public else ''}",
        ),
        plan_title=Text(zh=zh, en=e["plan_title_en"]),
        subject=Text(zh="监测报告", en="Progress report"),
        area=Text(zh=e["area_name_zh"], en=e["area_name_en"]),
        body=Text(zh=e["body_zh"], en=e["body_en"]),
        received_through=e["received_through"],
        received_text=received_text(e["received_through"]),
        vintage_id=e["vintage_id"],
        build_id=e["build_id"],
        audience=e.get("audience", "internal"),
        demonstration=e["demonstration"],
        preliminary=e["preliminary"],
        rule_version=e["rule_version"],
    )


def _marks(code: str) -> list[Text]:
    # by its title: which number the annex bears depends on the annexes that the edition has
    annex = ANNEXES["reproduction"]
    traced = Text(zh=f"{code} 追溯码,见附件“{annex.zh}”", en=f'{code} trace code, see annex "{annex.en}"')
    return [*marks_of_figures(), *([traced] if code else [])]
