"""The annex with what changed since earlier editions: the revision triangle, and last year's verdicts and figures.

Belongs here: verdicts and headline figures edition by edition, what became another one and why. Does not belong here:
judging earlier editions again (edition/triangle.py, edition/earlier.py). Everything is in ``data/revisions.csv`` and
``data/verdict_changes.csv`` too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction

from pipeline.report.facts import (
    PLACES,
    Facts,
    Source,
    column,
    figure_cell,
    fraction,
    more_note,
    none_cell,
    segment_or_area,
    status_cell,
    table,
    text_cell,
)
from pipeline.report.headline import name_of
from pipeline.report.numbers import MAX_PLACES, format_persons, format_rate, show_against_target
from pipeline.report.outline import ANNEXES
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Status, Table, Text, Words
from pipeline.report.territory import plan_rows
from pipeline.report.words import CORRECTED, NONE, PRELIMINARY, counted_en, status

LISTED_CHANGES = 40
"""Most rows of a table of changes; the data files have them all."""
TOLD_FILES = 3
"""Most files that are named behind one change."""
SHOWN_EDITIONS = 5
"""Most columns of editions that a sheet has room for; the data file has them all."""


def make_revisions(facts: Facts) -> Chapter | None:
    """The revision triangle with verdict changes on top; verdicts that differ from last year's edition and why; figures of
    last year that are others today. Where there was no earlier edition, a sentence. None where nothing was handed in."""
    if not len(facts.inputs.verdict_changes):
        return None
    pieces = triangle_pieces(facts)
    if judged_last_year(facts):
        pieces += last_year_pieces(facts)
    return Chapter(id="revisions", heading=ANNEXES["revisions"], pieces=pieces)


def judged_last_year(facts: Facts) -> bool:
    """Has anything a verdict of last year?"""
    return any(found for (found,) in facts.inputs.verdict_changes.pick("previous_class"))


def revised_of(facts: Facts, *causes: str) -> list[Source]:
    """The figures and verdicts of last year that are others today, for whatever cause or for one of ``causes``."""
    changes = facts.inputs.verdict_changes
    known = causes or {cause for (cause,) in changes.pick("revision_cause") if cause}
    return changes.where(revision_cause=frozenset(known))


def last_year_pieces(facts: Facts) -> list[Piece]:
    """Every commitment against last year's edition: the verdicts that changed, the figures that are others today. Where no
    edition was made last year, against last year as judged today, and nothing is said of an edition."""
    whole, revised = facts.inputs.verdict_changes.where(is_total=True), revised_of(facts)
    was_made = any(edition for (edition,) in facts.inputs.verdict_changes.pick("previous_edition"))
    pieces = [Piece(said=[changes_sentence(whole)])]
    if facts.inputs.revisions and not was_made:
        pieces.insert(0, Piece(said=[no_last_edition_sentence()]))
    changed = [r for r in whole if r["changed"] and r["cause"] != "not_judged_before"]
    if changed:
        pieces.append(Piece(close=True, tables=[changes_table(facts, changed, was_made)]))
    if not was_made:
        return pieces
    if revised:
        pieces.append(Piece(close=True, tables=[revised_table(facts, revised)]))
    else:
        same = Text(
            zh="上年各项数值、结论按现有数据与上年报告相同。",
            en="On the figures of today every figure and verdict of last year is what last year's edition said.",
        )
        pieces.append(Piece(said=[same]))
    return pieces


# ---------------------------------------------------------------- the revision triangle


def triangle_pieces(facts: Facts) -> list[Piece]:
    """The verdicts of every edition, then year by edition the figures, then what made a figure another one; a sentence
    where there was no earlier edition."""
    rows = facts.inputs.revisions
    if not rows:
        return [Piece(said=[no_edition_sentence(facts)])]
    last = editions_of(rows)[-SHOWN_EDITIONS:]
    shown = [r for r in rows if r["edition"] in last]
    pieces = [
        Piece(close=True, said=[triangle_sentence(rows)], tables=[edition_verdicts(facts, shown, left_out(rows))]),
        Piece(close=True, tables=[edition_values(facts, shown, left_out(rows))]),
    ]
    if any(r["corrected"] for r in rows):
        pieces.append(Piece(close=True, tables=[causes_table(facts, rows)]))
    return pieces


def no_edition_sentence(facts: Facts) -> Text:
    """Why no edition stands beside this one: it is the first, or earlier years were registered too late for one."""
    if judged_last_year(facts):
        return Text(
            zh="以前年度的数据都是在该年度关账以后才收到的,当时没有编制报告,所以没有各年报告的修订对照表;"
            "下面的上年结论由现有数据得出。",
            en="The figures of earlier years all came after those years had been closed, so no edition was made then and "
            "there is no comparison of editions; last year's verdicts below are judged from the figures received since.",
        )
    return Text(
        zh="本报告是方案期的第一份报告,没有更早的报告可以对照。",
        en="This is the first edition of the plan period: there is no earlier one to compare it with.",
    )


def no_last_edition_sentence() -> Text:
    """Last year had no edition although earlier years had one."""
    return Text(
        zh="上年的数据都是在上年关账以后才收到的,当时没有编制报告;下面的上年结论由现有数据得出。",
        en="The figures of last year all came after it had been closed, so no edition was made then; last year's verdicts "
        "below are judged from the figures received since.",
    )


def triangle_sentence(rows: list[Source]) -> Text:
    """How often the headline verdicts changed from edition to edition, how many figures of older years changed later."""
    editions = editions_of(rows)
    flips, fixed = sum(r["flipped"] for r in rows), sum(r["corrected"] for r in rows)
    zh = (
        f"{editions[0]}—{editions[-1]}年的{len(editions)}份报告中,"
        + (f"主要指标的结论与上一份报告不同的有{flips}次;" if flips else "主要指标的结论都与上一份报告相同;")
        + (f"以前年度的数值或结论后来有{fixed}处改变。" if fixed else "以前年度的数值和结论后来都没有改变。")
    )
    differed = (
        "no headline verdict differed from the edition before"
        if not flips
        else f"a headline verdict differed from the edition before {'once' if flips == 1 else f'{flips} times'}"
    )
    later = (
        "1 figure or verdict of an earlier year changed later."
        if fixed == 1
        else f"{fixed} figures or verdicts of earlier years changed later."
        if fixed
        else "no figure and no verdict of an earlier year changed later."
    )
    en = f"In the {len(editions)} editions of {editions[0]} to {editions[-1]} {differed}; {later}"
    return Text(zh=zh, en=en)


def editions_of(rows: list[Source]) -> list[int]:
    return sorted({r["edition"] for r in rows})


def left_out(rows: list[Source]) -> list[Text]:
    """The note on editions that the tables leave out; empty where they show all."""
    earlier = editions_of(rows)[:-SHOWN_EDITIONS]
    if not earlier:
        return []
    first, last = earlier[0], earlier[-1]
    return [
        Text(
            zh=f"只列最近{SHOWN_EDITIONS}份报告,更早的({first}—{last}年)见随附数据 data/revisions.csv。"
            if first < last
            else f"只列最近{SHOWN_EDITIONS}份报告,更早的({first}年)见随附数据 data/revisions.csv。",
            en=f"The last {SHOWN_EDITIONS} editions; "
            + (f"the earlier ones ({first} to {last}) are" if first < last else f"the earlier one ({first}) is")
            + " in data/revisions.csv.",
        )
    ]


def edition_name(edition: int) -> Text:
    return Text(zh=f"{edition}年报告", en=f"Edition {edition}")


def edition_verdicts(facts: Facts, rows: list[Source], left_out: list[Text]) -> Table:
    """A headline indicator a row, an edition a column: the verdict on the edition's own year; where it is another one
    than in the edition before, what changed it stands below, where there is none the reason."""
    editions = editions_of(rows)
    newest = {(r["commitment_id"], r["edition"]): r for r in rows if r["is_newest"]}
    made = [
        Row(cells=[text_cell(name_of(c)), *(verdict_cell(newest.get((c["id"], e))) for e in editions)])
        for c in facts.commitments
    ]
    return table(
        facts.number.table(),
        Text(zh="主要指标在各年报告中的结论", en="Verdicts on the headline indicators, edition by edition"),
        [
            column(Text(zh="指标", en="Indicator"), 36, "text"),
            *(column(edition_name(e), 120 / len(editions), "status") for e in editions),
        ],
        made,
        notes=[
            Text(
                zh="各列为各年报告对其报告年度的结论;与上一份报告不同的,结论下注明因何改变;没有结论的,注明为何没有。",
                en="Each column is the verdict of an edition on its own year; where it is not that of the edition before, what "
                "changed it stands below, and where there is none, why.",
            ),
            *left_out,
            *method_notes(facts, editions),
        ],
    )


def verdict_cell(r: Source | None) -> Cell:
    if r is None:
        return none_cell()
    shown = status(r["class"], r["reason"])
    return status_cell(shown.model_copy(update={"note": verdict_note(r, shown)}))


def verdict_note(r: Source, shown: Status) -> Text | None:
    """Below a verdict: why there is none, and what made it another one than in the edition before. That the new year's
    data left no judgement is told by the reason itself."""
    reason = shown.note if shown.code == "no_judgement" else None
    if not r["flipped"] or (reason is not None and r["cause"] == "data"):
        return reason
    cause = CAUSES[r["cause"]]
    change = Text(zh=f"改变:{cause.zh}", en=f"changed: {cause.en}")
    return change if reason is None else Text(zh=f"{reason.zh};{change.zh}", en=f"{reason.en}; {change.en}")


def method_notes(facts: Facts, editions: list[int]) -> list[Text]:
    """Changes of rule, threshold or reading of a headline commitment since the first edition, as the plan lists them."""
    asked = {c["id"] for c in facts.commitments}
    return [
        method_note(m)
        for m in facts.edition.get("method_changes", [])
        if editions[0] < m["year"] <= editions[-1] and (m["commitments"] == "all" or asked.intersection(m["commitments"]))
    ]


def method_note(change: Source) -> Text:
    return Text(
        zh=f"方法变化,从{change['year']}年报告起:{change['zh']}(以前各年报告按现在的规则重做)",
        en=f"Method, from the edition of {change['year']} on: {change['en']} (earlier editions are made again by the rules of "
        "today)",
    )


def edition_values(facts: Facts, rows: list[Source], left_out: list[Text]) -> Table:
    """Years down, editions across: every headline figure as each edition had it; what became another one is marked."""
    editions = editions_of(rows)
    cell_of = {(r["commitment_id"], r["period"], r["edition"]): r for r in rows}
    made = []
    for c in facts.commitments:
        for n, period in enumerate(sorted({r["period"] for r in rows if r["commitment_id"] == c["id"]})):
            own = [cell_of.get((c["id"], period, e)) for e in editions]
            base = all(r is None or r["reported_year"] is None for r in own)
            year = Text(zh=f"{period}(基期)", en=f"{period} (base)") if base else str(period)
            name = name_of(c)
            if c["kind"] == "never_decrease":
                name = Text(zh=f"{name.zh}(元)", en=f"{name.en} (yuan)")
            figures = told_apart(facts, c, period, [fraction(r, "value") for r in own])
            made.append(
                Row(
                    ruled=n == 0 and bool(made),
                    cells=[text_cell(name if n == 0 else ""), text_cell(year), *map(edition_value, own, figures)],
                )
            )
    notes = [
        Text(
            zh="行为数据的年度,列为各年的报告:自左向右看一行,即同一年度的数值在各年报告中是否改变;空白为当时还没有的年度。",
            en="Rows are the years of the data, columns the editions: along a row one sees whether the figure of a year was "
            "changed later; what is blank was not there yet.",
        ),
        Text(
            zh="以前各年报告由登记表重做:只用该报告关账(次年年底)前收到的文件和当年的区划,规则用现在的;没有读取已发布的报告。",
            en="Earlier editions are made again from the register: from the files that came before each was closed (at the end "
            "of the following year), with the units of its year, by the rules of today; no published report is read.",
        ),
    ]
    marks = []
    if any(r["corrected"] for r in rows):
        marks.append(Text(zh=f"{CORRECTED}和粗体为数值、结论或没有结论的原因与上一份报告不同", en=f"{CORRECTED} and bold: figure, verdict or reason of none is not that of the edition before"))
    if any(r["flag_preliminary"] for r in rows):
        marks.append(Text(zh=f"{PRELIMINARY}为临时数据", en=f"{PRELIMINARY} preliminary"))
    if marks:
        notes.insert(1, Text(zh=";".join(m.zh for m in marks) + "。", en="; ".join(m.en for m in marks) + "."))
    return table(
        facts.number.table(),
        Text(zh="主要指标各年度数值在各年报告中的情况(修订三角)", en="Headline figures, edition by edition (revision triangle)"),
        [
            column(Text(zh="指标", en="Indicator"), 42, "text"),
            column(Text(zh="年度", en="Year"), 23, "code"),
            *(column(edition_name(e), 91 / len(editions)) for e in editions),
        ],
        made,
        Text(zh="单位:%,注明的除外", en="per cent unless stated"),
        notes=[*notes, *left_out],
    )


def edition_value(r: Source | None, figure: str | None) -> Cell:
    """A figure as an edition had it, marked where it is another one; blank for a year not there yet."""
    if r is None:
        return none_cell("")
    mark = (CORRECTED if r["corrected"] else "") + (PRELIMINARY if r["flag_preliminary"] else "")
    return figure_cell(figure, mark, strong=r["corrected"])


def told_apart(
    facts: Facts, c: Source, period: int, values: Sequence[Fraction | None], *, exact: bool = False
) -> list[str | None]:
    """One figure as several editions had it, each printed with decimals that do not contradict the target, and with more
    where two that differ would look the same; ``exact``: as fractions where MAX_PLACES decimals do not tell them apart."""
    if c["unit"] == "yuan":
        usual, target = PLACES, None
    else:
        usual, target = facts.places(c), fraction(facts.unit_row(c, facts.area_code, "all", period), "target")

    def printed(value: Fraction, places: int) -> str:
        return format_rate(value, places) if target is None else show_against_target(value, target, places).text

    return apart(values, printed, usual, exact=exact)


def apart(
    values: Sequence[Fraction | None], printed: Callable[[Fraction, int], str], usual: int, *, exact: bool
) -> list[str | None]:
    """``printed`` of each value with at least so many decimals: ``usual``, more where values that differ would be printed the
    same."""
    different = {v for v in values if v is not None}
    made: dict[Fraction, str] = {}
    for places in range(usual, MAX_PLACES + 1):
        made = {v: printed(v, places) for v in different}
        if len(set(made.values())) == len(different):
            break
    if exact and len(set(made.values())) < len(different):
        made = {v: f"{v.numerator}/{v.denominator}" for v in different}
    return [None if v is None else made[v] for v in values]


def causes_table(facts: Facts, rows: list[Source]) -> Table:
    """Each figure or verdict of an older year that an edition had otherwise than the one before: both, and the cause with
    the files and reasons of the register."""
    order = {c["id"]: (n, c) for n, c in enumerate(facts.commitments)}
    fixed = sorted((r for r in rows if r["corrected"]), key=lambda r: (order[r["commitment_id"]][0], r["period"], r["edition"]))
    made = []
    for r in fixed[:LISTED_CHANGES]:
        c = order[r["commitment_id"]][1]
        before = r | {"class": r["before_class"], "reason": r["before_reason"]}
        told = r["class"] != r["before_class"] or r["reason"] != r["before_reason"]
        was, now = told_apart(facts, c, r["period"], [fraction(r, "before"), fraction(r, "value")], exact=True)
        made.append(
            Row(
                cells=[
                    text_cell(name_of(c)),
                    text_cell(str(r["period"])),
                    text_cell(str(r["edition"])),
                    text_cell(figure_and_verdict(was, before, told)),
                    text_cell(figure_and_verdict(now, r, told)),
                    text_cell(cause_text(facts, r)),
                ]
            )
        )
    return table(
        facts.number.table(),
        Text(zh="以前年度数值、结论的改变及原因", en="Figures and verdicts of earlier years that changed, and why"),
        [
            column(Text(zh="指标", en="Indicator"), 32, "text"),
            column(Text(zh="年度", en="Year"), 11, "code"),
            column(Text(zh="报告", en="Edition"), 13, "code"),
            column(Text(zh="上一份报告", en="Edition before"), 27, "text"),
            column(Text(zh="该报告", en="That edition"), 27, "text"),
            column(Text(zh="原因", en="Cause"), 46, "text"),
        ],
        made,
        notes=more_note(len(fixed) - LISTED_CHANGES, "revisions.csv"),
    )


def figure_and_verdict(shown_figure: str | None, r: Source, told: bool) -> Text:
    figure = shown_figure or NONE
    if not told or r["class"] is None:
        return Text(zh=figure, en=figure)
    shown = status(r["class"], r["reason"])
    word = shown.word
    if shown.note is not None:
        word = Text(zh=f"{word.zh}({shown.note.zh})", en=f"{word.en} ({shown.note.en})")
    return Text(zh=f"{figure},{word.zh}", en=f"{figure}, {word.en}")


def cause_text(facts: Facts, r: Source) -> Text:
    """The cause of a change, the first files behind it with their rows in the register, and what the register says."""
    cause = CAUSES[r["cause"]]
    if not r["cause_files"]:
        return cause
    files = list(zip(json.loads(r["cause_files"]), json.loads(r["cause_rows"]), strict=True))
    told = files[:TOLD_FILES]
    zh = f"{cause.zh}:{'、'.join(f'{path}（登记表第{row}行）' for path, row in told)}"
    en = f"{cause.en}: {', '.join(f'{path} (row {row} of the register)' for path, row in told)}"
    if more := len(files) - len(told):
        zh, en = f"{zh},另有{more}个文件", f"{en} and {more} more file{'' if more == 1 else 's'}"
    given = dict.fromkeys(reason for reason in json.loads(r["cause_reason"])[:TOLD_FILES] if reason)
    if reasons := [facts.in_english(reason) for reason in given]:
        zh = f"{zh};登记表写明:{'、'.join(reason.zh for reason in reasons)}"
        en = f"{en}; the register says: {', '.join(reason.en for reason in reasons)}"
    return Text(zh=zh, en=en)


# ---------------------------------------------------------------- against last year's edition


CAUSES = {
    "data": Text(zh="新一年数据", en="the new year's data"),
    "restatement": Text(zh="更正", en="a correction"),
    "method": Text(zh="方法", en="method"),
    "arrival": Text(zh="关账后收到的数据", en="data after the closing"),
    "territory": Text(zh="区划", en="the territory"),
    "unexplained": Text(zh="登记表中没有对应的原因", en="no registered cause is known"),
    "not_judged_before": Text(zh="上年没有结论", en="not judged before"),
    "none": Text(zh="未变", en="unchanged"),
}


def changes_sentence(rows: list[Source]) -> Text:
    """Of the whole area's verdicts: how many changed, for better and for worse."""
    whole = [r for r in rows if r["previous_class"] and r["class"]]
    changed = [r for r in whole if r["changed"]]
    better = sum((r["severity"] or 0) < (r["previous_severity"] or 0) for r in changed)
    worse = sum((r["severity"] or 0) > (r["previous_severity"] or 0) for r in changed)
    zh = f"全域结论中,上年和本年都有结论的{len(whole)}项,结论改变的{len(changed)}项:好转{better}项,变差{worse}项,程度不变{len(changed) - better - worse}项"
    en = (
        f"Of {len(whole)} verdicts of the whole area in both years {len(changed)} changed: {better} for the better, "
        f"{worse} for the worse, {len(changed) - better - worse} as grave as before"
    )
    return Text(zh=zh + "。", en=en + ".")


def changes_table(facts: Facts, changed: list[Source], was_made: bool) -> Table:
    """Verdicts of the whole area that changed: as last year's edition had it (where one was made), last year's as judged
    now, this year's, the cause."""
    order = {c["id"]: (n, c) for n, c in enumerate(plan_rows(facts), start=1)}
    changed = sorted(changed, key=lambda r: (order[r["commitment_id"]][0], r["segment"]))
    made = []
    for r in changed:
        number, c = order[r["commitment_id"]]
        name = Text(zh=c["name_zh"], en=c["name_en"])
        if r["segment"] != "all":
            part = segment_or_area(facts, r)
            name = Text(zh=f"{name.zh}({part.zh})", en=f"{name.en} ({part.en})")
        made.append(
            Row(
                cells=[
                    text_cell(str(number)),
                    text_cell(name),
                    *([status_cell(status(r["previous_class"]))] if was_made else []),
                    status_cell(status(r["restated_class"])),
                    status_cell(status(r["class"])),
                    text_cell(CAUSES[r["cause"]]),
                ]
            )
        )
    title = (
        Text(zh="结论与上年报告不同的承诺事项", en="Verdicts that differ from last year's edition")
        if was_made
        else Text(zh="结论与上年不同的承诺事项", en="Verdicts that differ from last year's, as judged today")
    )
    return table(
        facts.number.table(),
        title,
        [
            column(Text(zh="序号", en="No."), 9, "code"),
            column(Text(zh="承诺事项", en="Commitment"), 48, "text"),
            *([column(Text(zh="上年报告", en="Last edition"), 25, "status")] if was_made else []),
            column(Text(zh="上年(现有数据)", en="Last year (data of today)"), 25, "status"),
            column(Text(zh="本年", en="This year"), 25, "status"),
            column(Text(zh="改变原因", en="Cause"), 24, "text"),
        ],
        made,
        notes=[method_note(m) for m in facts.edition.get("method_changes", []) if m["year"] == facts.year],
    )


def revised_table(facts: Facts, revised: list[Source]) -> Table:
    """Figures and verdicts of last year that are others today, and why; verdict changes on top."""
    order = {c["id"]: (n, c) for n, c in enumerate(plan_rows(facts), start=1)}
    revised = sorted(
        revised,
        key=lambda r: (not r["by_revision"], order[r["commitment_id"]][0], facts.order_of(r["area_code"]), r["segment"]),
    )
    made = []
    for r in revised[:LISTED_CHANGES]:
        _, c = order[r["commitment_id"]]
        then, now = quantities(c, [fraction(r, "previous"), fraction(r, "restated")])
        made.append(
            Row(
                cells=[
                    text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                    text_cell(facts.area if r["is_total"] else segment_or_area(facts, r)),
                    text_cell(str(r["previous_period"])),
                    text_cell(then),
                    text_cell(now),
                    status_cell(status(r["previous_class"], r["previous_reason"])),
                    status_cell(status(r["restated_class"], r["restated_reason"])),
                    text_cell(CAUSES[r["revision_cause"]]),
                ]
            )
        )
    return table(
        facts.number.table(),
        Text(zh="上年报告以来改变的数值、结论", en="Figures and verdicts of last year that changed since its edition"),
        [
            column(Text(zh="承诺事项", en="Commitment"), 33, "text"),
            column(Text(zh="单位", en="Unit"), 18, "text"),
            column(Text(zh="年度", en="Year"), 10, "code"),
            column(Text(zh="上年报告", en="Last edition"), 18),
            column(Text(zh="现值", en="Today"), 18),
            column(Text(zh="原结论", en="Verdict then"), 21, "status"),
            column(Text(zh="现结论", en="Verdict today"), 21, "status"),
            column(Text(zh="改变原因", en="Cause"), 17, "text"),
        ],
        made,
        notes=more_note(len(revised) - LISTED_CHANGES, "verdict_changes.csv"),
    )


def quantities(c: Source, values: Sequence[Fraction | None]) -> list[Words]:
    """Values of one commitment with their unit: rates in per cent, money in yuan, what is counted in whole ones; with
    decimals that tell different ones apart, and on their side of the target: their verdicts stand beside them. What stands
    against a benchmark has the unit of that, and none here."""

    goal = goal_of(c)

    def printed(value: Fraction, places: int) -> str:
        if not is_rate(c) and value.denominator == 1 and c["unit"] != "yuan" and places == PLACES:
            return format_persons(value.numerator)
        return format_rate(value, places) if goal is None else show_against_target(value, goal, places).text

    def with_unit(figure: str | None) -> Words:
        if figure is None:
            return NONE
        if is_rate(c):
            return Text(zh=f"{figure}%", en=f"{figure} %")
        if c["kind"] == "comparative":
            return figure
        return Text(zh=f"{figure}{c['unit_zh']}", en=counted_en(figure, c["unit_en"]))

    return [with_unit(figure) for figure in apart(values, printed, PLACES, exact=True)]


def goal_of(c: Source) -> Fraction | None:
    """What a value is held against as it is; None where that is a benchmark, last year's amount or a path."""
    if c["value_is"] == "share_complying" or c["kind"] == "full_coverage":
        return Fraction(100)
    return None if c["kind"] == "comparative" or c.get("target") is None else Fraction(c["target"])


def is_rate(c: Source) -> bool:
    """Is the value a share in per cent?"""
    return c["unit"] == "percent" or c["value_is"] == "share_complying"
