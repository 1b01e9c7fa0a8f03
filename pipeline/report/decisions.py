"""What the summary asks for: three things to decide, each addressed to a body and with a number.

Belongs here: choosing and wording them. Does not belong here: the advice itself (advice.py) and its rules. The report
advises; it does not decide.
"""

from __future__ import annotations

from collections import Counter

from pipeline.report.advice import ASKED, STEPS, advice_of, bodies_of, committee
from pipeline.report.facts import Facts, Source, fraction
from pipeline.report.headline import name_of
from pipeline.report.numbers import format_persons, plain
from pipeline.report.sentences import begun, listed
from pipeline.report.shapes import Text

GRAVER = ("accountability", "interview")
NAMED_UNITS = 3
NAMED_BODIES = 2


def decisions_of(facts: Facts) -> list[tuple[Text, Text]]:
    """``(to whom, what)``: the municipal government, the units that lack most, the bodies that lead most that is open.

    None for the public: what is asked of whom is for the inside.
    """
    if facts.public:
        return []
    made = [supervision(facts), units_to_act(facts), bodies_to_act(facts)]
    return [(begun(who), what) for who, what in (decision for decision in made if decision is not None)]


def supervision(facts: Facts) -> tuple[Text, Text] | None:
    """To the government of the whole area: the graver steps that the rules propose."""
    given = [a for a in advice_of(facts) if a["advised"] and a["step"] in GRAVER]
    if not given:
        return None
    counts = Counter(a["step"] for a in given)
    units = len({a["area_code"] for a in given})
    zh = "、".join(f"{STEPS[s].zh}{counts[s]}项次" for s in GRAVER if counts[s])
    en = ", ".join(f"{STEPS[s].en} {counts[s]}" for s in GRAVER if counts[s])
    return (
        committee(facts),
        Text(
            zh=f"听取{units}个县(区)的说明,就规则建议的{zh}作出决定(见“预警建议与下步工作”)。",
            en=f"hear {units} units and decide on the steps that the rules propose: {en}.",
        ),
    )


def units_to_act(facts: Facts) -> tuple[Text, Text] | None:
    """To the units that lack most in the headline indicator with the largest shortfall."""
    best: tuple[int, Source] | None = None
    for c in facts.commitments:
        short = facts.summaries.get(c["id"], {}).get("gross_shortfall") or 0
        if c.get("county_mode") == "assessed" and short > (best[0] if best else 0):
            best = (short, c)
    if best is None:
        return None
    total, c = best
    gaps = [g for g in facts.contribution(c).values() if g["gap_persons"] > 0]
    gaps.sort(key=lambda g: (-g["gap_persons"], facts.order_of(g["area_code"])))
    shown = gaps[:NAMED_UNITS]
    target = fraction(facts.reported_whole(c), "target")
    if not shown or target is None:
        return None
    who = listed([facts.name_of(g["area_code"]) for g in shown])
    numbers = "、".join(format_persons(g["gap_persons"]) for g in shown)
    name = name_of(c)
    return (
        Text(zh=f"{who.zh}政府", en=f"Governments of {who.en}"),
        Text(
            zh=f"{c['due_period']}年前补上{name.zh}距{plain(target)}%的缺口,依次{numbers}{c['person_zh']}"
            f"(全部评价单位共缺{format_persons(total)}{c['person_zh']})。",
            en=f"close the gap to {plain(target)} % in {name.en} by {c['due_period']}: {numbers.replace('、', '; ')} "
            f"{c['person_en']} (all assessed units: {format_persons(total)}).",
        ),
    )


def bodies_to_act(facts: Facts) -> tuple[Text, Text] | None:
    """To the leading bodies with most that is open."""
    wanted = ("restore", "close_gap", "supply_data")
    found = []
    for name, tasks in bodies_of(facts):
        asked = Counter(t["asked"] for t in tasks if t["role"] == "lead" and t["asked"] in wanted)
        if asked:
            found.append((sum(asked.values()), name, asked))
    found.sort(key=lambda f: -f[0])
    found = found[:NAMED_BODIES]
    if not found:
        return None
    zh = ";".join(
        f"{name.zh}" + "、".join(f"{ASKED[k].zh}{asked[k]}项" for k in wanted if asked[k]) for _, name, asked in found
    )
    en = "; ".join(
        f"{name.en}: " + ", ".join(f"{ASKED[k].en} {asked[k]}" for k in wanted if asked[k]) for _, name, asked in found
    )
    who = listed([name for _, name, _ in found])
    return (
        Text(zh=f"{who.zh}", en=who.en),
        Text(
            zh=f"就主责事项提出整改时限:{zh}(逐项见附件“各责任单位情况”)。",
            en=f"set dates for what they lead: {en}.",
        ),
    )
