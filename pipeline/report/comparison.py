"""The chapter that holds the units beside each other: counts and a matrix of shapes.

Belongs here: what compares units over many commitments. Does not belong here: one indicator's table and chart of units
(level_units.py, amounts.py) and a unit's own page (unit_pages.py).
"""

from __future__ import annotations

from pipeline.report.facts import (
    Facts,
    Source,
    column,
    figure_cell,
    none_cell,
    status_cell,
    table,
    text_cell,
)
from pipeline.report.headline import name_of, unit_status
from pipeline.report.many import ACROSS, are_many, first_of, left_out, none_listed, none_of, parts_of
from pipeline.report.outline import CHAPTERS
from pipeline.report.sentences import begun, listed
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Table, Text
from pipeline.report.territory import bands_of, classes_of, plan_rows, status_of, units
from pipeline.report.words import CLASS_ORDER, band_word, counted_en, legend, status

COUNTED = ("met", "on_schedule", "behind")


def make_comparison(facts: Facts) -> Chapter | None:
    """The chapter; None for a territory without units that are judged."""
    there = [a for a in units(facts) if a["assessed"] and classes_of(facts, a["area_code"])]
    if not there:
        return None
    said = [spread_sentence(facts, there)]
    if none_of(len(units(facts)), facts.public):
        pieces = [Piece(said=said, notes=[none_listed("verdicts.csv")])]
        return Chapter(id="comparison", heading=CHAPTERS["comparison"], pieces=pieces)
    # a matrix fills a sheet: the counts fill the one before it
    pieces = [
        Piece(close=True, said=said, tables=[counts_table(facts)], notes=[count_note(facts), *no_matrix(facts)]),
        *(Piece(whole=True, close=True, tables=[matrix]) for matrix in matrix_tables(facts)),
    ]
    return Chapter(id="comparison", heading=CHAPTERS["comparison"], pieces=pieces)


def spread_sentence(facts: Facts, there: list[Source]) -> Text:
    """How many verdicts of units there are, how many behind, and which units have most and fewest of these."""
    counts = {a["area_code"]: bands_of(facts, a["area_code"]) for a in there}
    total = sum(sum(c.values()) for c in counts.values())
    behind = sum(c["behind"] for c in counts.values())
    most = max(c["behind"] for c in counts.values())
    fewest = min(c["behind"] for c in counts.values())
    who = listed([facts.name_of(code) for code, c in counts.items() if c["behind"] == most])
    best = listed([facts.name_of(code) for code, c in counts.items() if c["behind"] == fewest])
    zh = f"{len(there)}个评价单位共有{total}项次判定,其中滞后或未落实{behind}项次"
    en = f"The {len(there)} assessed {'unit has' if len(there) == 1 else 'units have'} {counted_en(str(total), 'verdicts')}, "
    en += f"{behind} of them behind or broken"
    if behind and most > fewest and facts.public:
        # names would be replaced by "a unit that needs attention", which those with the fewest are not
        zh += f";一个单位最多{most}项,最少{fewest}项"
        en += f"; {most} in the unit with most, {fewest} in the unit with fewest"
    elif behind and most > fewest:
        zh += f";最多的是{who.zh}({most}项),最少的是{best.zh}({fewest}项)"
        en += f"; most in {who.en} ({most}), fewest in {best.en} ({fewest})"
    return Text(zh=zh + "。", en=en + ".")


def count_note(facts: Facts) -> Text:
    """What the counts are not; and which headline figures are shown by unit without being judged, as the plan says."""
    zh, en = "各单位承担的事项数不同,项数只计数,不排名。", "Units answer for different numbers of commitments: counted, not ranked."
    shown = [name_of(c) for c in facts.commitments if c["county_mode"] == "shown"]
    if shown:
        names = listed(shown, len(shown))
        zh += f"{names.zh}按方案只列各单位数值,不按单位评价。"
        en += f" Shown by unit but, as the plan says, not judged by unit: {names.en}."
    return Text(zh=zh, en=en)


def judged_headlines(facts: Facts) -> list[Source]:
    """Headline commitments in which units have a class of their own."""
    judged = {identifier for a in units(facts) for identifier in classes_of(facts, a["area_code"])}
    return [c for c in facts.commitments if c["id"] in judged]


def counts_table(facts: Facts) -> Table:
    """Units in their usual order, of very many those with most verdicts behind: classes of the headline indicators, verdicts
    by band."""
    shown = judged_headlines(facts)
    heads = [
        column(Text(zh="单位", en="Unit"), 26, "text"),
        *(column(name_of(c), 28, "status") for c in shown),
        *(column(begun(band_word(band)), 16) for band in COUNTED),
        column(Text(zh="判定合计", en="Verdicts"), 16),
    ]
    made: list[Row] = []
    there = units(facts)
    listed_units = there
    if are_many(len(there)):
        urgent = first_of(sorted(there, key=lambda a: -bands_of(facts, a["area_code"])["behind"]), facts.public)
        listed_units = sorted(urgent, key=lambda a: facts.is_zone(a["area_code"]))
    codes = {a["area_code"] for a in listed_units}
    rows = {c["id"]: reported_in(facts, c, codes) for c in shown}
    for a in listed_units:
        code = a["area_code"]
        zone, counts = facts.is_zone(code), bands_of(facts, code)
        first_zone = zone and bool(made) and made[-1].kind == "unit"
        cells: list[Cell] = [text_cell(facts.name_of(code))]
        for c in shown:
            row = rows[c["id"]].get(code)
            look = status_of(row)
            cells.append(status_cell(look or unit_status(row)) if row is not None else none_cell())
        numbers = [*(counts[band] for band in COUNTED), sum(counts.values())]
        cells += [figure_cell(str(n)) if n else none_cell() for n in numbers]
        made.append(Row(kind="zone" if zone else "unit", ruled=first_zone, cells=cells))
    return table(
        facts.number.table(),
        Text(zh="各单位主要指标结论和判定项数", en="Headline verdicts and numbers of verdicts by unit"),
        heads,
        made,
        Text(zh="单位:项", en="commitments"),
        left_out(there, "verdicts.csv", facts.public),
    )


def reported_in(facts: Facts, c: Source, codes: set[str]) -> dict[str, Source]:
    """The units' rows of the judged year for one commitment (segment ``all``), by code."""
    return {
        v["area_code"]: v for v in facts.reported_units(c) if v["segment"] == "all" and v["area_code"] in codes
    }


def in_matrix(facts: Facts) -> list[Source]:
    """The units of the matrix."""
    return [a for a in units(facts) if a["assessed"]]


def no_matrix(facts: Facts) -> list[Text]:
    """The note where there are too many units for the matrix."""
    if not are_many(len(in_matrix(facts))):
        return []
    return [
        Text(
            zh="单位太多,不列各单位逐项结论的矩阵;逐项结论见 data/verdicts.csv。",
            en="Too many units for a matrix of units and commitments: each verdict is in data/verdicts.csv.",
        )
    ]


def matrix_tables(facts: Facts) -> list[Table]:
    """The matrix, in as many parts as the units need to stand side by side; none of very many."""
    there = in_matrix(facts)
    if are_many(len(there)):
        return []
    parts = parts_of(there, ACROSS)
    return [matrix_table(facts, part, (n, len(parts)) if len(parts) > 1 else None) for n, part in enumerate(parts, start=1)]


def matrix_table(facts: Facts, there: list[Source], part: tuple[int, int] | None) -> Table:
    """Commitments with verdicts of units down, units across, a shape in each place; ``part``: which of how many."""
    by_unit = {a["area_code"]: classes_of(facts, a["area_code"]) for a in there}
    heads = [
        column(Text(zh="序号", en="No."), 7, "code"),
        column(Text(zh="承诺事项", en="Commitment"), 54, "text"),
        *(column(narrow(facts.name_of(a["area_code"])), 5.5, "shape") for a in there),
    ]
    made: list[Row] = []
    section = None
    codes = set()
    for number, c in enumerate(plan_rows(facts), start=1):
        found = [by_unit[a["area_code"]].get(c["id"]) for a in there]
        if not any(found):
            continue
        looks = [None if code is None else status(code) for code in found]
        codes |= {look.code for look in looks if look}
        made.append(
            Row(
                ruled=bool(made) and c["section"] != section,
                cells=[
                    text_cell(str(number)),
                    text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                    *(status_cell(look) if look else none_cell("") for look in looks),
                ],
            )
        )
        section = c["section"]
    of = Text(zh="", en="") if part is None else Text(zh=f"({part[0]}/{part[1]})", en=f" ({part[0]} of {part[1]})")
    return table(
        facts.number.table(),
        Text(zh=f"县(区)与承诺事项状态矩阵{of.zh}", en=f"Units and commitments{of.en}"),
        heads,
        made,
        notes=[shapes_note(codes)],
    )


def narrow(name: Text) -> Text:
    """A unit's name for a narrow column: in English without District or County; a zone by its initials."""
    words = name.en.split()
    short = " ".join(words[:-1]) if words[-1] in ("District", "County") else "".join(w[0] for w in words)
    return Text(zh=name.zh, en=short or name.en)


def shapes_note(codes: set[str]) -> Text:
    """Every shape with its words: the same shape stands for kindred classes of different kinds of commitments."""
    words: dict[str, list[Text]] = {}
    for look, _ in legend([code for code in CLASS_ORDER if code in codes]):
        known = words.setdefault(look.shape, [])
        if look.word not in known:
            known.append(look.word)
    zh = ";".join(f"{shape} {'、'.join(w.zh for w in found)}" for shape, found in words.items())
    en = "; ".join(f"{shape} {', '.join(w.en for w in found)}" for shape, found in words.items())
    return Text(
        zh=f"{zh}。空白为数据不足、单位过小或不承担。虚线分隔《方案》各条。",
        en=f"{en}. Blank: no figure, too small or no part in it. Dashed lines part the sections.",
    )
