"""A page for each unit: its headline figures beside the whole area and its neighbours and over the years, what is behind,
what was found.

Belongs here: what one unit reads of itself. Does not belong here: units beside each other (comparison.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pipeline.quality.finding import Finding
from pipeline.quality.notes import noted
from pipeline.report import sentences as say
from pipeline.report.advice import STEPS, committee
from pipeline.report.amounts import fell, same_basis_change
from pipeline.report.data_quality import spelled, words_of
from pipeline.report.facts import (
    PLACES,
    Facts,
    Source,
    column,
    figure_cell,
    fraction,
    marks_of,
    none_cell,
    status_cell,
    table,
    text_cell,
)
from pipeline.report.headline import name_of, part_name, person_of, unit_status
from pipeline.report.level_units import total_of_variant
from pipeline.report.numbers import (
    format_amount,
    format_money,
    format_persons,
    format_points,
    format_rate,
    plain,
)
from pipeline.report.outline import ANNEXES
from pipeline.report.promises import band_of, numbered_words, target_words, value_words
from pipeline.report.shapes import Cell, Chapter, Piece, Row, Table, Text, Words
from pipeline.report.territory import (
    bands_of,
    classes_of,
    is_behind,
    judged_of,
    neighbours,
    plan_rows,
    reported_of,
    status_of,
    units,
)
from pipeline.report.unit_lines import unit_lines
from pipeline.report.words import BANDS, SEVERITIES, status

LINES, LINE = 20, 56
"""Lines of a unit's page, and Chinese characters on a line, that what is behind and what was found share: findings are
told, the gravest and newest first, as long as they have room; the others are counted."""

MANY_ROWS = 18
"""From so many rows behind on, the rest is listed by number."""

SHOWN_BANDS = ("met", "on_schedule")


def units_with_pages(facts: Facts) -> list[Source]:
    """The units of which the edition has something to say, in their usual order."""
    return [a for a in units(facts) if facts.classes.get(a["area_code"])]


def make_unit_pages(facts: Facts, there: Sequence[Source]) -> Chapter:
    """The annex with one page a unit."""
    return Chapter(
        id="units",
        heading=ANNEXES["units"],
        pieces=[Piece(said=[how_to_read(facts, there)])],
        pages=[unit_page(facts, a) for a in there],
    )


def how_to_read(facts: Facts, there: Sequence[Source]) -> Text:
    """What stands on the pages and what neighbours are."""
    zh = (
        f"以下{len(there)}个单位各占一页:主要指标与全市、邻近单位比较,历年值,滞后或未落实的事项,其余事项,校验发现。"
        "事项前的数字是方案承诺的序号。"
    )
    en = (
        f"{len(there)} units, a page each: headline figures beside the whole area and neighbours, the years, what is "
        "behind, the rest, what the checks found. The number of a commitment is that of the list of all. "
    )
    if any(neighbours(facts, a["area_code"]) for a in there):
        zh += "“邻近单位”指单位位置图(areas.csv的行、列)上相距最近的三个评价单位,只作参照,不是排名。"
        en += "Neighbours are the three assessed units nearest on the map of squares in areas.csv: for reference only."
    return Text(zh=zh, en=en)


def unit_page(facts: Facts, area: Source) -> Chapter:
    """One unit."""
    code = area["area_code"]
    table_of_headlines = headline_table(facts, code)
    pieces = [
        Piece(close=True, said=unit_sentences(facts, area), tables=[table_of_headlines], notes=notes_of(facts, code)),
        *(Piece(chart=chart) for chart in (unit_lines(facts, code),) if chart is not None),
    ]
    behind = behind_table(facts, code)
    clear = not any(map(is_behind, classes_of(facts, code).values()))
    rows = len(behind.rows if behind else [])
    rest = rest_sentences(facts, code, rows >= MANY_ROWS)
    pieces.append(
        Piece(
            close=True,
            said=[Text(zh="没有滞后或未落实的事项。", en="Nothing is behind or broken.")] if clear else [],
            tables=[behind] if behind else [],
        )
    )
    advised = advice_sentence(facts, code)
    if advised is not None:
        pieces.append(Piece(said=[advised]))
    if rest:
        pieces.append(Piece(points=rest))
    pieces.append(findings_piece(facts, code, LINES - rows))
    return Chapter(
        id=f"unit-{code}",
        heading=Text(zh=area["name_zh"], en=area["name_en"]),
        new_page=True,
        pieces=pieces,
    )


# ---------------------------------------------------------------- sentences


def unit_sentences(facts: Facts, area: Source) -> list[Text]:
    """Verdicts by band, and the headline rates that are short of their target, in persons."""
    code = area["area_code"]
    name, counts = facts.name_of(code), bands_of(facts, code)
    total = sum(counts.values())
    if not total:
        return [
            Text(
                zh=f"{name.zh}不单独评价,以下只列数,不作判定。",
                en=f"{name.en} is not assessed on its own; its figures are shown, not judged.",
            )
        ]
    words = [(BANDS[band][0], counts[band]) for band in BANDS if counts[band]]
    zh = ",".join(f"{w.zh}{n}项" for w, n in words)
    en = ", ".join(f"{n} {w.en}" for w, n in words)
    said = [Text(zh=f"{facts.year}年度{name.zh}作出判定{total}项:{zh}。", en=f"{name.en}, {facts.year}: {total} verdicts: {en}.")]
    return [say.joined(said[0], *short_sentences(facts, code))]


def short_sentences(facts: Facts, code: str) -> list[Text]:
    """One sentence for each headline rate of the unit that is short of its target."""
    said = []
    for c in facts.commitments:
        row = judged_of(facts, code).get(c["id"])
        gap, target = fraction(row, "gap"), fraction(row, "target")
        if row is None or gap is None or target is None or gap <= 0:
            continue
        missing = "" if not row["gap_persons"] else say.persons(row["gap_persons"], person_of(c))
        tail_zh = f"(约{missing.zh})" if missing else ""
        tail_en = f" (about {missing.en})" if missing else ""
        word = status(row["class"]).word
        value = facts.shown(row, PLACES).text
        said.append(
            Text(
                zh=f"{c['name_zh']}{value}%,{word.zh},距{row['due_period']}年{plain(target)}%的目标还差"
                f"{format_amount(gap)}个百分点{tail_zh}。",
                en=f"{c['name_en']} {value} %, {word.en}, {format_amount(gap)} points short of the {row['due_period']} "
                f"target of {plain(target)} %{tail_en}.",
            )
        )
    return said


def rest_sentences(facts: Facts, code: str, brief: bool) -> list[Text]:
    """The commitments that are met and on schedule, by number and name (``brief``: by number): one sentence a band."""
    judged = judged_of(facts, code)
    said = []
    for band in SHOWN_BANDS:
        numbered = enumerate(plan_rows(facts), start=1)
        own = [(n, c) for n, c in numbered if c["id"] in judged and band_of(judged[c["id"]]["class"]) == band]
        if own:
            word, named = say.begun(BANDS[band][0]), numbered_words(own, brief)
            said.append(
                Text(zh=f"{word.zh}({len(own)}项):{named.zh}。", en=f"{word.en} ({len(own)}): {named.en}.")
            )
    return said


def notes_of(facts: Facts, code: str) -> list[Text]:
    """Said where a figure and its verdict could seem to contradict, and where a rate rose without more children."""
    notes: list[Text] = []
    for c in facts.commitments:
        row = judged_of(facts, code).get(c["id"])
        value, target = fraction(row, "value"), fraction(row, "target")
        if row is None or value is None:
            continue
        if target is not None and c["kind"] == "level_by_year":
            shown = facts.shown(row, PLACES)
            if shown.widened:
                notes.append(say.not_rounded_note(shown.text, target, PLACES, value < target))
        if row["flag_denominator_driven"]:
            notes.append(driven_note(facts, c, row, code))
        if row["flag_met_but_fell"] and (previous := fraction(row, "previous")) is not None:
            fell = say.met_but_fell_sentence(previous - value, PLACES)
            notes.append(Text(zh=f"{c['name_zh']}{fell.zh}", en=f"{c['name_en']}: {fell.en}"))
    headline = {c["id"] for c in facts.commitments}
    ranked = [r for r in facts.unit(code).rank if r["commitment_id"] in headline and r["rank"]]
    if any(r["pooled"] for r in ranked):
        notes.append(Text(zh="†人数较少,位次按三年合并值。", en="† few persons: ranked on three years together."))
    if any(v.get("flag_preliminary") for v in reported_of(facts, code).values()):
        notes.append(Text(zh="*含临时数据,正式数据到后更新。", en="* rests on preliminary data, to be replaced by final data."))
    if any(v["reason"] == "small_denominator" for v in reported_of(facts, code).values()):
        notes.append(
            Text(
                zh="分母不足规定人数的指标只列数,不作判定、不排名。",
                en="Indicators of too few persons are shown, not judged or ranked.",
            )
        )
    return notes


def driven_note(facts: Facts, c: Source, row: Source, code: str) -> Text:
    """The rate is higher only because its denominator is smaller."""
    start = facts.unit_row(c, code, "all", row["base_period"])
    below = part_name(c, "denominator")
    if start is None or not start["denominator"] or row["numerator"] is None:
        return Text(
            zh=f"{c['name_zh']}的提高来自{below.zh}减少。", en=f"{c['name_en']} rose only because {below.en} are fewer."
        )
    above = part_name(c, "numerator")
    would_be = format_rate(Fraction(100 * row["numerator"], start["denominator"]))
    return Text(
        zh=f"{c['name_zh']}的提高来自分母减少:{row['base_period']}年以来{above.zh}由{format_persons(start['numerator'])}"
        f"变为{format_persons(row['numerator'])},{below.zh}由{format_persons(start['denominator'])}变为"
        f"{format_persons(row['denominator'])};分母不变则为{would_be}%。",
        en=f"{c['name_en']} rose because the denominator shrank: since {row['base_period']} {above.en} went from "
        f"{format_persons(start['numerator'])} to {format_persons(row['numerator'])}, {below.en} from "
        f"{format_persons(start['denominator'])} to {format_persons(row['denominator'])}; with the old denominator it "
        f"would be {would_be} %.",
    )


# ---------------------------------------------------------------- tables


def headline_table(facts: Facts, code: str) -> Table:
    """Headline figures of the unit: two years, change, the whole area, neighbours, what is missing, class."""
    beside = neighbours(facts, code)
    heads = [
        column(Text(zh="指标", en="Indicator"), 43, "text"),
        column(Text(zh=f"{facts.year - 1}年", en=str(facts.year - 1)), 17),
        column(Text(zh=f"{facts.year}年", en=str(facts.year)), 17),
        column(Text(zh="比上年", en="On year before"), 13),
        column(facts.area, 17),
        *(column(facts.name_of(other), 17) for other in beside),
        column(Text(zh="位次", en="Rank"), 12, "code"),
        column(Text(zh="缺口", en="Short"), 11),
        column(Text(zh="结论", en="Verdict"), 24, "status"),
    ]
    made = []
    for c in facts.commitments:
        cells = headline_cells(facts, c, code, beside)
        if cells is not None:
            made.append(Row(cells=cells))
    return table(
        facts.number.table(),
        Text(zh=f"{facts.name_of(code).zh}主要指标", en=f"Headline figures, {facts.name_of(code).en}"),
        heads,
        made,
        Text(zh="单位:%、元、人,差为百分点(金额为%)", en="per cent, yuan, persons; differences in points (amounts: per cent)"),
        notes=[],
    )


def headline_cells(facts: Facts, c: Source, code: str, beside: list[str]) -> list[Cell] | None:
    """One indicator of the unit; None where it has no figure for it."""
    row = reported_of(facts, code).get(c["id"])
    if row is None or row["value_num"] is None:
        return None
    money = c["kind"] == "never_decrease"

    def value_cell(v: Source | None, strong: bool = False) -> Cell:
        value = fraction(v, "value")
        if v is None or value is None:
            return none_cell()
        text = format_money(value) if money else facts.shown(v, PLACES).text
        return figure_cell(text, marks_of(v), strong=strong)

    value, previous = fraction(row, "value"), fraction(row, "previous")
    if money:
        change = same_basis_change(row)
    else:
        change = None if value is None or previous is None else value - previous
    whole = facts.reported_whole(c) if c.get("county_mode") == "assessed" or money else total_of_variant(facts, c)
    missing = row["gap_persons"] if status_of(row) is not None else None
    look = status_of(row) or unit_status(row)
    return [
        text_cell(name_of(c)),
        value_cell(facts.unit_row(c, code, "all", row["period"] - 1)),
        value_cell(row, strong=True),
        figure_cell(None if change is None else format_points(change), tone="red" if fell(row) else None),
        value_cell(whole),
        *(value_cell(facts.beside(c, other)) for other in beside),
        rank_cell(facts, c, code),
        figure_cell(None if missing is None or money else format_persons(missing)),
        status_cell(look),
    ]


def rank_cell(facts: Facts, c: Source, code: str) -> Cell:
    """``4/17`` where the plan lets units be ranked by the indicator and this one is; equal units share a rank."""
    for r in facts.unit(code).rank:
        if (r["commitment_id"], r["segment"]) == (c["id"], "all") and r["rank"] is not None:
            return text_cell(f"{r['rank']}/{r['units_ranked']}" + ("†" if r["pooled"] else ""))
    return none_cell()


def advice_sentence(facts: Facts, code: str) -> Text | None:
    """The steps proposed for the unit, the gravest first, with the numbers of the commitments."""
    numbers = {c["id"]: n for n, c in enumerate(plan_rows(facts), start=1)}
    zh, en = [], []
    for step, word in STEPS.items():
        own = sorted(
            {
                numbers[a["commitment_id"]]
                for a in facts.unit(code).advice
                if a["step"] == step and a["advised"]
            }
        )
        if own:
            zh.append(f"{word.zh}(第{'、'.join(str(n) for n in own)}项)")
            en.append(f"{word.en} (no. {', '.join(str(n) for n in own)})")
    if not zh:
        return None
    return Text(
        zh=f"按规则建议:{'、'.join(zh)};是否采取由{committee(facts).zh}听取说明后决定。",
        en=f"Proposed by rule: {', '.join(en)}; the committee decides after hearing the unit.",
    )


def behind_table(facts: Facts, code: str) -> Table | None:
    """What is behind or broken in the unit: what was promised, its value, the whole area's, what is missing."""
    judged = judged_of(facts, code)
    heads = [
        column(Text(zh="序号", en="No."), 8, "code"),
        column(Text(zh="承诺事项", en="Commitment"), 55, "text"),
        column(Text(zh="目标", en="Target"), 23, "text"),
        column(Text(zh="本单位", en="Unit"), 16),
        column(facts.area, 16),
        column(Text(zh="还差", en="Short"), 22, "text"),
        column(Text(zh="结论", en="Verdict"), 23, "status"),
    ]
    made = []
    for number, c in enumerate(plan_rows(facts), start=1):
        row = judged.get(c["id"])
        if row is None or not is_behind(row["class"]) or not facts.inputs.promises:
            continue
        places = PLACES
        made.append(
            Row(
                cells=[
                    text_cell(str(number)),
                    text_cell(Text(zh=c["name_zh"], en=c["name_en"])),
                    text_cell(target_words(c)),
                    plain_cell(value_words(c, row, places)),
                    plain_cell(value_words(c, facts.reported_whole(c), places)),
                    text_cell(short_words(c, row)),
                    status_cell(status(row["class"])),
                ]
            )
        )
    if not made:
        return None
    return table(
        facts.number.table(),
        Text(zh=f"{facts.name_of(code).zh}滞后或未落实的事项", en=f"{facts.name_of(code).en}: behind or broken"),
        heads,
        made,
    )


def plain_cell(words: Words) -> Cell:
    """A value with its unit, at the right of its column."""
    return none_cell() if words == "—" else Cell(kind="figure", words=words)


def short_words(c: Source, row: Source) -> Words:
    """``237名幼儿``; the dash where the shortfall is not a number of persons or things."""
    missing = row["gap_persons"]
    if not missing or c["person_zh"] is None or c["unit"] == "yuan":
        return "—"
    return say.persons(missing, person_of(c))


# ---------------------------------------------------------------- findings


def findings_piece(facts: Facts, code: str, lines: int) -> Piece:
    """What the checks found in the unit's returns, as far as ``lines`` of text reach (one finding always is told)."""
    own = [f for f in facts.unit(code).findings if f.severity != "info"]
    if not own:
        nothing = Text(zh="报表校验没有发现需要说明的问题。", en="The checks found nothing in the returns of this unit.")
        return Piece(said=[nothing])
    own.sort(key=lambda f: (list(SEVERITIES).index(f.severity), _newest_first(f), f.sort_key()))
    notes_on = noted(own, facts.inputs.notes)
    told: list[Text] = []
    for f in own:
        words, severity = spelled(words_of(facts, f, notes_on.get(f.id))), SEVERITIES[f.severity]
        text = Text(zh=f"{f.rule}({severity.zh}):{words.zh}", en=f"{f.rule} ({severity.en}): {words.en}")
        lines -= -(-len(text.zh) // LINE)
        if told and lines < 0:
            break
        told.append(text)
    more = sum(1 + f.more for f in own[len(told) :])
    if more:
        told.append(Text(zh=f"另有{more}条,见监测报告附件“数据质量报告”。", en=f"{more} more in the report's annex on the quality of the data."))
    return Piece(points=[Text(zh=f"报表校验:{told[0].zh}", en=f"Checks: {told[0].en}"), *told[1:]])


def _newest_first(f: Finding) -> int:
    """Minus the year that a finding speaks of; 0 where it speaks of none."""
    return -int(f.period) if f.period and f.period.isdigit() else 0
