"""Every generated sentence, in Chinese and English: small pure functions from figures to words.

Belongs here: grammar, direction words, 百分点 against %, lists of names. Does not belong here: choosing
which sentence is said (summary.py, levels.py, amounts.py) and finding figures.

A change of a rate is in 百分点 (points), a change of an amount in %. Direction follows the exact figures,
never the printed ones. No adjective without a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from pipeline.report.numbers import format_amount, format_money, format_persons, plain
from pipeline.report.shapes import Chart, Table, Text
from pipeline.report.words import CERTIFIED, counted_en, status

LISTED_NAMES = 5

TOLD = 20
"""Of units with what is said of each; the others are counted, all of them stand in the tables."""


class Named(NamedTuple):
    """A unit with the figure that is said of it."""

    name: Text
    figure: str


# ---------------------------------------------------------------- small parts


def both(text: str) -> Text:
    """The same words in both languages (figures, codes)."""
    return Text(zh=text, en=text)


def joined(*parts: Text | None) -> Text:
    """Sentences one after another; None is left out."""
    said = [p for p in parts if p is not None]
    return Text(zh="".join(p.zh for p in said), en=" ".join(p.en for p in said))


def listed(names: Sequence[Text], at_most: int = LISTED_NAMES, gap: tuple[str, str] = ("、", ", ")) -> Text:
    """``甲县、乙县`` / ``A, B``; a longer list is cut with 等n个."""
    shown = names[:at_most]
    zh, en = gap[0].join(n.zh for n in shown), gap[1].join(n.en for n in shown)
    if len(names) > at_most:
        zh, en = f"{zh}等{len(names)}个", f"{en} and {len(names) - at_most} more"
    return Text(zh=zh, en=en)


def each_told(items: Sequence[Text], gap: tuple[str, str] = ("、", ", ")) -> Text:
    """``甲县(2022年)、乙县(2023年)``: each with what is said of it, as many as a sentence can bear."""
    return listed(items, TOLD, gap)


def seen_in(shown: Sequence[Table | Chart]) -> Text:
    """``图1、表4`` / ``Figure 1, Table 4``."""
    words = [("表", "Table", s.number) if isinstance(s, Table) else ("图", "Figure", s.number) for s in shown]
    return Text(zh="、".join(f"{zh}{n}" for zh, _, n in words), en=", ".join(f"{en} {n}" for _, en, n in words))


def referring(text: Text, shown: Sequence[Table | Chart]) -> Text:
    """A sentence that names, before its full stop, the figures and tables which show what it says.

    ``"…为91.60%。"`` -> ``"…为91.60%(见图1、表4)。"``; with nothing to show it stays.
    """
    if not shown:
        return text
    where = seen_in(shown)
    return Text(zh=f"{text.zh.removesuffix('。')}(见{where.zh})。", en=f"{text.en.removesuffix('.')} (see {where.en}).")


def day_of(period: int, period_kind: str) -> Text:
    """What a period means: 1 September of a school year, or a fiscal year."""
    if period_kind == "school_year":
        return Text(zh=f"{period}年9月1日", en=f"1 September {period}")
    return Text(zh=f"{period}财政年度", en=f"fiscal year {period}")


def points_change(change: Fraction, places: int = 2) -> Text:
    """``提高0.37个百分点`` / ``下降…`` / ``持平``: unchanged only when exactly so."""
    if change == 0:
        return Text(zh="持平", en="unchanged")
    size = format_amount(change, places)
    if change > 0:
        return Text(zh=f"提高{size}个百分点", en=f"up {size} percentage points")
    return Text(zh=f"下降{size}个百分点", en=f"down {size} percentage points")


def percent_change(change: Fraction, places: int = 2) -> Text:
    """``增长5.10%`` / ``下降…%`` / ``持平`` for the change of an amount; ``change`` in percent."""
    if change == 0:
        return Text(zh="持平", en="unchanged")
    size = format_amount(change, places)
    if change > 0:
        return Text(zh=f"增长{size}%", en=f"up {size} %")
    return Text(zh=f"下降{size}%", en=f"down {size} %")


def persons(number: int, person: Text) -> Text:
    """``1,400名幼儿`` / ``1,400 children``."""
    shown = format_persons(number)
    return Text(zh=f"{shown}{person.zh}", en=counted_en(shown, person.en))


# ---------------------------------------------------------------- the summary


def conclusion(day: Text, plan: Text, groups: Sequence[tuple[str, Sequence[Text]]]) -> Text:
    """How many headline indicators stand in which class, each named.

    ``groups``: (class code, names) for the classes that occur, in the fixed order of classes.
    """
    total = sum(len(names) for _, names in groups)
    told_zh, told_en = [], []
    for code, names in groups:
        word = status(code).word
        every = listed(names, len(names))
        told_zh.append(f"{word.zh}{len(names)}项({every.zh})")
        told_en.append(f"{len(names)} {word.en} ({every.en})")
    zh, en = "、".join(told_zh), "; ".join(told_en)
    return Text(
        zh=f"截至{day.zh},{plan.zh}{total}项主要指标中,{zh}。",
        en=f"As of {day.en}, of the {total} headline indicators of the {plan.en}: {en}.",
    )


def no_problem() -> Text:
    """Said when nothing is behind."""
    return Text(
        zh="按现有数据,未发现滞后、下降或缺少数据的指标和单位。",
        en="On present data no indicator or unit is behind, falling or without data.",
    )


def data_line(
    received: Text, vintage_id: str, preliminary: bool, warnings: int, breaks: int, demonstration: bool
) -> Text:
    """Date, version, maturity, open warnings and breaks in basis, on one line."""
    kind_zh = "演示数据" if demonstration else ("含临时数据" if preliminary else "正式数据")
    kind_en = (
        "demonstration data"
        if demonstration
        else ("preliminary data included" if preliminary else "final data")
    )
    return Text(
        zh=f"数据截至{received.zh};数据版本{vintage_id};{kind_zh};校验警告{warnings}条;口径变动{breaks}处。",
        en=f"Data received through {received.en}; version {vintage_id}; {kind_en}; {counted_en(str(warnings), 'warnings')}; "
        f"{counted_en(str(breaks), 'breaks')} in basis.",
    )


# ---------------------------------------------------------------- levels


def value_sentence(
    day: Text,
    area: Text,
    name: Text,
    value: str,
    certified: bool,
    previous: tuple[int, Fraction] | None,
    base: tuple[int, Fraction] | None,
    places: int,
) -> Text:
    """The value and its changes: ``2024年9月1日,全市学前教育毛入园率为91.60%,比上年提高…,比2020年提高…。``

    ``previous`` and ``base``: (period, change in points), None where there is nothing on the same basis.
    """
    mark = CERTIFIED if certified else ""
    zh = f"{day.zh},{area.zh}{name.zh}为{value}%{mark}"
    en = f"On {day.en} the {lower_first(name.en)} of {area.en} was {value} %{mark}"
    parts: list[Text] = []
    if previous is not None:
        said = points_change(previous[1], places)
        parts.append(Text(zh=f"{with_previous(said.zh)}", en=f"{said.en} on the year before"))
    if base is not None and (previous is None or base[0] != previous[0]):
        said = points_change(base[1], places)
        zh_words = f"与{base[0]}年(基期)持平" if base[1] == 0 else f"比{base[0]}年(基期){said.zh}"
        parts.append(Text(zh=zh_words, en=f"{said.en} on the base year {base[0]}"))
    elif base is not None:
        parts[-1] = Text(zh=parts[-1].zh + "(上年即基期)", en=parts[-1].en + " (the base year)")
    return Text(
        zh=",".join([zh, *(p.zh for p in parts)]) + "。", en=", ".join([en, *(p.en for p in parts)]) + "."
    )


def with_previous(change_zh: str) -> str:
    """``比上年提高…`` but ``与上年持平``."""
    return "与上年持平" if change_zh == "持平" else f"比上年{change_zh}"


def lower_first(text: str) -> str:
    """A name inside an English sentence."""
    return text[:1].lower() + text[1:]


def begun(words: Text) -> Text:
    """Words as they stand alone, at the head of a column or in a cell: English begins them with a capital letter."""
    return Text(zh=words.zh, en=words.en[:1].upper() + words.en[1:])


def distance_sentence(
    target: Fraction,
    due: int,
    gap: Fraction,
    gap_persons: int | None,
    surplus_persons: int | None,
    person: Text,
    places: int,
) -> Text:
    """How far the target is, in points and in persons. ``gap`` = target minus value in points."""
    shown = plain(target)
    if gap > 0:
        tail = (
            Text(zh="(分母未公布)", en=" (denominator not published)")
            if gap_persons is None
            else Text(
                zh=f"(约{persons(gap_persons, person).zh})", en=f" (about {persons(gap_persons, person).en})"
            )
        )
        size = format_amount(gap, places)
        return Text(
            zh=f"距{due}年{shown}%的目标还差{size}个百分点{tail.zh}。",
            en=f"It is {size} percentage points short of the {due} target of {shown} %{tail.en}.",
        )
    if gap == 0:
        return Text(
            zh=f"恰好达到{due}年{shown}%的目标。", en=f"It equals the {due} target of {shown} % exactly."
        )
    size = format_amount(gap, places)
    more = Text(zh="", en="")
    if surplus_persons:
        more = Text(
            zh=f"(多{persons(surplus_persons, person).zh})",
            en=f" ({persons(surplus_persons, person).en} more)",
        )
    return Text(
        zh=f"高于{due}年{shown}%的目标{size}个百分点{more.zh}。",
        en=f"It is {size} percentage points above the {due} target of {shown} %{more.en}.",
    )


def path_sentence(
    path: str, distance: Fraction, ratio: str | None, small_distance: bool, word: Text, places: int
) -> Text:
    """Against the required path of the year; near the target the distance decides, not the ratio."""
    if distance == 0:
        place = Text(zh="与序时进度要求一致", en="exactly on the required path")
    else:
        size = format_amount(distance, places)
        place = (
            Text(zh=f"高于序时进度{size}个百分点", en=f"{size} percentage points above the required path")
            if distance > 0
            else Text(zh=f"低于序时进度{size}个百分点", en=f"{size} percentage points below the required path")
        )
    tail = Text(zh="", en="")
    if small_distance:
        tail = Text(zh="(基期距目标近,按差距判定)", en=" (base close to the target: judged by distance)")
    elif ratio is not None:
        tail = Text(zh=f"(进度比{ratio})", en=f" (progress ratio {ratio})")
    return Text(
        zh=f"按序时进度本年应达{path}%,实际{place.zh}{tail.zh},判定为“{word.zh}”。",
        en=f"The required path stood at {path} %; the value is {place.en}{tail.en}: {word.en}.",
    )


def hold_sentence(target: Fraction, base_period: int, word: Text, met: bool) -> Text:
    """The base year was already at the target: the promise is to stay there."""
    shown = plain(target)
    zh_tail = "本年仍在目标值以上" if met else "本年已跌破目标值"
    en_tail = "it still is" if met else "it no longer is"
    return Text(
        zh=f"{base_period}年(基期)已不低于{shown}%,要求保持不跌破;{zh_tail},判定为“{word.zh}”。",
        en=f"The base year {base_period} was already at {shown} % and must be held; {en_tail}: {word.en}.",
    )


def reached_sentence(word: Text) -> Text:
    """The verdict where the target is met."""
    return Text(zh=f"判定为“{word.zh}”。", en=f"Verdict: {word.en}.")


def span_words(years: int | None) -> Text:
    """Over how many years an observed pace is the mean; None where that is not known."""
    if years is None:
        return Text(zh="近几年", en="recent years")
    return Text(zh=f"近{'三' if years == 3 else '两'}年", en=f"the last {years} years")


def projection_sentence(
    due: int,
    projected: str,
    reachable: bool,
    met: bool,
    observed: Fraction | None,
    years: int | None,
    needed: Fraction | None,
) -> Text:
    """Straight projection with its method, and the pace needed against the pace seen (points a year)."""
    if met:
        verdict = (
            Text(zh="预计仍在目标值以上", en="still on target")
            if reachable
            else Text(zh="预计跌破目标值", en="it would fall from the target")
        )
    else:
        verdict = (
            Text(zh="预计可达", en="reachable") if reachable else Text(zh="预计不可达", en="out of reach")
        )
    zh, en = "", ""
    if observed is not None:
        said = points_change(observed)
        span = span_words(years)
        pace = "持平" if observed == 0 else f"平均每年{said.zh}"
        zh = f"按{span.zh}{pace}直线推算,"
        en = f"On the mean yearly change of {span.en} ({said.en}), "
    zh += f"{due}年约为{projected}%,{verdict.zh}"
    en += f"the value for {due} would be about {projected} %: {verdict.en}"
    if needed is not None and needed > 0 and not met:
        size = format_amount(needed)
        zh += f";达到目标每年需提高{size}个百分点"
        en += f"; the target needs {size} percentage points a year"
    return Text(zh=zh + "。", en=en + ".")


def no_judgement_sentence(day: Text, name: Text, reason: Text) -> Text:
    """Why there is no verdict."""
    return Text(
        zh=f"{day.zh}{name.zh}不作判定:{reason.zh}。",
        en=f"No judgement for {name.en} ({day.en}): {reason.en}.",
    )


def no_value_sentence(day: Text, area: Text, name: Text) -> Text:
    """The figure is missing."""
    return Text(
        zh=f"{day.zh},{area.zh}{name.zh}无数据,不作判定。",
        en=f"There is no figure for the {lower_first(name.en)} of {area.en} on {day.en}; no judgement.",
    )


def not_rounded_note(value: str, target: Fraction, places: int, below: bool) -> Text:
    """Beside a figure that was printed with more decimals so as not to contradict the verdict."""
    side = ("低于", "below") if below else ("高于", "above")
    return Text(
        zh=f"{value}%:按{places}位小数修约会与目标值{plain(target)}%的比较结果矛盾,故多列小数;未修约值{side[0]}目标。",
        en=f"{value} %: rounded to {places} decimals it would contradict the comparison with "
        f"{plain(target)} %, so "
        f"more are printed; the unrounded value is {side[1]} the target.",
    )


def met_but_fell_sentence(change: Fraction, places: int) -> Text:
    """达标但回落."""
    size = format_amount(change, places)
    return Text(
        zh=f"达标但回落:比上年下降{size}个百分点。",
        en=f"On target but falling: down {size} percentage points on the year before.",
    )


# ---------------------------------------------------------------- decomposition


def decomposition_sentence(
    from_period: int,
    change: Fraction,
    numerator: tuple[Text, int, Fraction],
    denominator: tuple[Text, int, Fraction],
    name: Text,
) -> Text:
    """The exact split of a change into the part of the numerator and of the denominator.

    ``numerator`` and ``denominator``: (what it is, change in persons, effect in points).
    """

    def part(what: Text, moved: int, effect: Fraction) -> Text:
        if moved == 0:
            return Text(zh=f"{what.zh}未变,没有影响", en=f"{what.en}: unchanged, without effect")
        zh_move, en_move = ("增加", "more") if moved > 0 else ("减少", "fewer")
        count, size = format_persons(abs(moved)), format_amount(effect)
        zh_pull, en_pull = ("拉高", "raised") if effect > 0 else ("拉低", "lowered")
        return Text(
            zh=f"{what.zh}{zh_move}{count}人,{zh_pull}{size}个百分点",
            en=f"{what.en}: {count} {en_move}, which {en_pull} it by {size} percentage points",
        )

    above, below = part(*numerator), part(*denominator)
    said = points_change(change)
    head = f"与{from_period}年相比持平" if change == 0 else f"比{from_period}年{said.zh}"
    return Text(
        zh=f"{name.zh}{head},其中{above.zh};{below.zh}。",
        en=f"Since {from_period} the {lower_first(name.en)} is {said.en}: {above.en}; {below.en}.",
    )


def denominator_driven_sentence(population: Text, from_period: int, counterfactual: str, met: bool) -> Text:
    """被动达标: the rate rose although the numerator shrank."""
    zh_word = "被动达标" if met else "被动提高"
    en_word = (
        "Met only because the denominator shrank" if met else "Higher only because the denominator shrank"
    )
    return Text(
        zh=f"{zh_word}:比率的提高来自分母减少。若{population.zh}仍为{from_period}年的规模,本年比率为{counterfactual}%。",
        en=f"{en_word}. Had the denominator ({population.en}) stayed as in {from_period}, this year's rate would be "
        f"{counterfactual} %.",
    )


# ---------------------------------------------------------------- units


def uneven_sentence(
    area: Text,
    name: Text,
    target: Fraction,
    tested: int,
    short: Sequence[Named],
    missing: int,
    person: Text,
    back: Sequence[Named] = (),
) -> Text:
    """总体达标、县间不均: the whole is at the target, some units are not."""
    names = listed([s.name for s in short])
    falls = back_words(back)
    lead = f"其中{short[0].name.zh}{short[0].figure}%最低," if len(short) > 1 else ""
    lead_en = f" lowest: {short[0].name.en} {short[0].figure} %;" if len(short) > 1 else ""
    return Text(
        zh=f"{name.zh}总体达标、县间不均:{tested}个评价单位中{len(short)}个低于{plain(target)}%({names.zh}),"
        f"{lead}共缺{persons(missing, person).zh}{falls.zh}。",
        en=f"{name.en}: {area.en} as a whole is on target, its units are uneven: {len(short)} of {tested} "
        "are below "
        f"{plain(target)} % ({names.en});{lead_en} {persons(missing, person).en} are missing{falls.en}.",
    )


def back_words(back: Sequence[Named]) -> Text:
    """``;赤城县不进反退(比基期下降1.30个百分点)`` or nothing; ``figure`` is the fall in points."""
    if not back:
        return Text(zh="", en="")
    who = each_told(
        [
            Text(
                zh=f"{b.name.zh}(比基期下降{b.figure}个百分点)",
                en=f"{b.name.en} (down {b.figure} percentage points since the base year)",
            )
            for b in back
        ]
    )
    return Text(zh=f";不进反退的有{who.zh}", en=f"; falling back: {who.en}")


def units_behind_sentence(
    name: Text,
    tested: int,
    behind: Sequence[Named],
    target: Fraction,
    missing: int,
    share: str | None,
    person: Text,
    back: Sequence[Named] = (),
) -> Text:
    """Units behind the path, the worst three with values, what they lack, who falls back by how much."""
    worst = behind[:3]
    names = "、".join(w.name.zh for w in worst)
    figures = "、".join(f"{w.figure}%" for w in worst)
    several = "分别为" if len(worst) > 1 else "为"
    most = "缺口最多的" if len(behind) > len(worst) else ""
    share_zh = f",占全部缺口的{share}%" if share else ""
    share_en = f", {share} % of the whole shortfall" if share else ""
    en_units = f"{', '.join(w.name.en for w in worst)}: {', '.join(f'{w.figure} %' for w in worst)}"
    en_most = "most are missing in " if len(behind) > len(worst) else ""
    falls = back_words(back)
    return Text(
        zh=f"{name.zh}:{tested}个评价单位中{len(behind)}个滞后,距{plain(target)}%的目标共缺"
        f"{persons(missing, person).zh}{share_zh};{most}{names}{several}{figures}{falls.zh}。",
        en=f"{name.en}: {len(behind)} of {tested} units are behind and lack {persons(missing, person).en} "
        "against the "
        f"target of {plain(target)} %{share_en}; {en_most}{en_units}{falls.en}.",
    )


def behind_sentence(
    name: Text,
    value: str,
    mark: str,
    due: int,
    target: Fraction,
    gap: Fraction,
    gap_persons: int | None,
    person: Text,
    word: Text,
    places: int,
    worst: Sequence[Named] = (),
    back: Sequence[Text] = (),
) -> Text:
    """An indicator that is behind as a whole; the units that lack most, and those that fall back."""
    tail = Text(zh="", en="")
    where_zh, where_en = "", ""
    if worst:
        who = listed([Text(zh=f"{w.name.zh}({w.figure}人)", en=f"{w.name.en} ({w.figure})") for w in worst])
        where_zh, where_en = f";缺口最多的是{who.zh}", f"; most are missing in {who.en}"
    if back:
        who = listed(back)
        where_zh, where_en = f"{where_zh};{who.zh}不进反退", f"{where_en}; falling back: {who.en}"
    if gap_persons:
        tail = Text(
            zh=f"(约{persons(gap_persons, person).zh})", en=f" (about {persons(gap_persons, person).en})"
        )
    size = format_amount(gap, places)
    return Text(
        zh=f"{name.zh}为{value}%{mark},{word.zh},距{due}年{plain(target)}%的目标还差{size}个百分点{tail.zh}"
        f"{where_zh}。",
        en=f"{name.en} is {value} %{mark}, {word.en}, {size} percentage points short of the {due} target of "
        f"{plain(target)} %"
        f"{tail.en}{where_en}.",
    )


def shortfall_note(total: int, net: int | None, person: Text) -> Text:
    """Gross shortfall of the units beside the net gap of the whole area."""
    zh = f"各评价单位缺口合计{persons(total, person).zh}(不以有余补不足)"
    en = f"Shortfall of the assessed units, surpluses not set against it: {persons(total, person).en}"
    if net is not None:
        if net > 0:
            zh += f";全域净缺口{persons(net, person).zh}"
            en += f"; net gap of the whole area: {persons(net, person).en}"
        else:
            zh += f";全域合计已不缺,净余{persons(-net, person).zh}"
            en += f"; the whole area has a surplus of {persons(-net, person).en}"
    return Text(zh=zh + "。", en=en + ".")


# ---------------------------------------------------------------- amounts that may not fall


def amount_sentence(
    day: Text, area: Text, name: Text, value: Fraction, certified: bool, change: Fraction | None
) -> Text:
    """The amount of the whole area and its change on the year before, on the same basis."""
    mark = CERTIFIED if certified else ""
    zh = f"{day.zh},{area.zh}{name.zh}为{format_money(value)}元{mark}"
    en = f"In {day.en} the {lower_first(name.en)} of {area.en} was {format_money(value)} yuan{mark}"
    if change is not None:
        said = percent_change(change)
        zh += f",同口径{with_previous(said.zh)}"
        en += f", {said.en} on the year before on the same basis"
    return Text(zh=zh + "。", en=en + ".")


def never_decrease_sentence(
    period: int,
    unit_word: Text,
    tested: int,
    rose: int,
    unchanged: int,
    fell: Sequence[tuple[Text, Text]],
    unjudged: int,
    word: Text,
    not_raised: Sequence[Text] = (),
) -> Text:
    """How many series rose and which fell. ``fell``: (name, how it fell); ``not_raised``: due, and not above the base year."""
    zh = f"{period}财政年度,{tested}个{unit_word.zh}中上升{rose}个"
    en = f"In fiscal year {period}, of {tested} {unit_word.en} {rose} rose"
    if unchanged:
        zh, en = zh + f"、持平{unchanged}个", en + f", {unchanged} were unchanged"
    if unjudged:
        zh, en = zh + f"、无法判定{unjudged}个", en + f", {unjudged} could not be judged"
    zh, en = zh + f"、下降{len(fell)}个", en + f", {len(fell)} fell"
    if fell:
        told = each_told([Text(zh=f"{name.zh}{how.zh}", en=f"{name.en} {how.en}") for name, how in fell], (";", "; "))
        zh, en = f"{zh}:{told.zh}", f"{en}: {told.en}"
    if not_raised:
        who = listed(not_raised)
        zh += f",到期未高于基期{len(not_raised)}个:{who.zh}"
        en += f"; {len(not_raised)} due and not above the base year: {who.en}"
    return Text(zh=zh + f"。“只增不减”判定为“{word.zh}”。", en=en + f". Verdict: {word.en}.")


def fall_words(previous: Fraction | None, value: Fraction, change: Fraction) -> Text:
    """``由16,900.00元降至16,595.80元(下降1.80%)``; without a comparable amount only the published change."""
    said = percent_change(change)
    if previous is None:
        return Text(zh=f"同口径{said.zh}", en=f"{said.en} on the same basis")
    return Text(
        zh=f"由{format_money(previous)}元降至{format_money(value)}元({said.zh})",
        en=f"from {format_money(previous)} to {format_money(value)} yuan ({said.en})",
    )


def falls_listed(falls: Sequence[tuple[Text, Sequence[int]]]) -> Text:
    """``甲县(2022年、2024年)、乙县(2023年)``."""
    return each_told(
        [
            Text(zh=f"{name.zh}({'、'.join(f'{y}年' for y in years)})", en=f"{name.en} ({', '.join(map(str, years))})")
            for name, years in falls
        ]
    )


def fell_sentence(
    name: Text,
    period: int,
    unit_word: Text,
    tested: int,
    fell: Sequence[tuple[Text, Text]],
    earlier: Sequence[tuple[Text, Sequence[int]]],
) -> Text:
    """The problem of an amount that fell: who, by how much, and who fell before. Three are told in full."""
    zh = ";".join(who.zh + how.zh for who, how in fell[:3])
    en = "; ".join(f"{who.en} {how.en}" for who, how in fell[:3])
    if len(fell) > 3:
        zh, en = f"{zh}等{len(fell)}个", f"{en} and {len(fell) - 3} more"
    if earlier:
        before = falls_listed(earlier)
        zh, en = f"{zh};此前{before.zh}也曾下降", f"{en}; earlier falls: {before.en}"
    return Text(
        zh=f"{name.zh}“只增不减”未落实:{period}财政年度{tested}个{unit_word.zh}中{len(fell)}个下降,{zh}。",
        en=f"{name.en} fell in {len(fell)} of {tested} {unit_word.en} in fiscal year {period}: {en}.",
    )


def not_raised_sentence(name: Text, period: int, base_period: int, who: Sequence[Text]) -> Text:
    """The problem of an amount that was to be raised by now and was not; it did not fall."""
    told = listed(who)
    return Text(
        zh=f"{name.zh}“只增不减”未落实:{period}财政年度应高于{base_period}年,{told.zh}未提高。",
        en=f"{name.en}, which may not fall, was not kept: fiscal year {period} was to be above {base_period}; not raised in "
        f"{told.en}.",
    )


def falls_since_sentence(
    base_period: int, falls: Sequence[tuple[Text, Sequence[int]]], all_judged: bool = True
) -> Text:
    """Who fell in which year since the base; a fall is not cured by a later rise. Not judged is not "did not fall"."""
    if not falls and not all_judged:
        return Text(
            zh=f"{base_period + 1}年以来能判定的各年均未下降。",
            en=f"Nothing has fallen in any year since {base_period + 1} that could be judged.",
        )
    if not falls:
        return Text(
            zh=f"{base_period + 1}年以来各年均未下降。",
            en=f"Nothing has fallen in any year since {base_period + 1}.",
        )
    who = falls_listed(falls)
    zh, en = who.zh, who.en
    return Text(
        zh=f"{base_period + 1}年以来曾下降的有:{zh}。下降不因以后回升而抵销。",
        en=f"Falls since {base_period + 1}: {en}. A fall is not cured by a later rise.",
    )


def total_hides_sentence(area: Text, names: Sequence[Text]) -> Text:
    """The sum rises while a level falls: judged by level, as promised."""
    who = listed(names)
    return Text(
        zh=f"{area.zh}合计上升,但{who.zh}下降;承诺约束每一级次(类别),合计上升不能抵销。",
        en=f"{area.en} as a whole rose but {who.en} fell; the promise binds every series, the total does "
        "not offset it.",
    )


def basis_break_sentence(period: int) -> Text:
    """Published figures before and after are not compared."""
    return Text(
        zh=f"{period}年口径变动,公布数与上年不可直接比较,按同口径判定。",
        en=f"Break in basis in {period}: published figures are not compared with the year before; same "
        "basis decides.",
    )


def basis_break_amount_sentence(
    name: Text, previous: Fraction, value: Fraction, same_basis_change: Fraction
) -> Text:
    """``公布数由17,803.60元变为17,772.06元(下降0.18%),同口径增长1.74%,以同口径为准``."""
    printed = percent_change((value / previous - 1) * 100)
    same = percent_change(same_basis_change)
    return Text(
        zh=f"{name.zh}:公布数由{format_money(previous)}元变为{format_money(value)}元({printed.zh}),"
        f"同口径{same.zh},以同口径为准。",
        en=f"{name.en}: published figures went from {format_money(previous)} to {format_money(value)} yuan "
        f"({printed.en}), {same.en} on the same basis, which decides.",
    )


def basis_break_rate_sentence(period: int, before: Text, after: Text) -> Text:
    """A rate changed its basis."""
    return Text(
        zh=f"{period}年口径变动:由“{before.zh}”变为“{after.zh}”,前后不作比较。",
        en=f"Break in basis in {period}: from “{before.en}” to “{after.en}”; the two are not compared.",
    )


def other_variant_sentence(
    period: int, shown: Text, value: str, decides: Text, contradicts: bool, target: Fraction
) -> Text:
    """Another way of computing, shown beside the one that decides."""
    tail = Text(zh="", en="")
    if contradicts:
        tail = Text(
            zh=f",与目标值{plain(target)}%比较结论不同",
            en=f", which stands differently against {plain(target)} %",
        )
    return Text(
        zh=f"按另一算法({shown.zh}),{period}年为{value}%{tail.zh};本指标以“{decides.zh}”判定。",
        en=f"By another method ({shown.en}) it is {value} % in {period}{tail.en}; “{decides.en}” decides.",
    )


# ---------------------------------------------------------------- findings


def findings_sentence(
    checked: int,
    passed: int,
    errors: int,
    warnings: int,
    reviews: int,
    infos: int,
    unevaluated: int,
    idle: int = 0,
) -> Text:
    """The checks in one sentence; ``idle`` checks had no row to look at and are not among the passed."""
    zh = f"共执行校验{format_persons(checked)}项(规则×数据表),通过{format_persons(passed)}项;"
    zh += f"发现错误{errors}条、警告{warnings}条、复核{reviews}条、提示{infos}条"
    en = f"{format_persons(checked)} checks were made (rule × table), {format_persons(passed)} passed; "
    en += ", ".join(
        counted_en(str(n), noun)
        for n, noun in ((errors, "errors"), (warnings, "warnings"), (reviews, "reviews"), (infos, "notes"))
    )
    if unevaluated:
        zh, en = zh + f",无法评价{unevaluated}条", en + f", {unevaluated} could not be evaluated"
    if idle:
        zh += f"。另有{format_persons(idle)}项因没有该类数据,未涉及"
        en += f". {format_persons(idle)} more had no data to look at"
    return Text(zh=zh + "。", en=en + ".")


def notes_sentence(noted: int, open_reviews: int) -> Text:
    """How many warnings and reviews carry a note, and whether the report may be signed."""
    zh = f"警告和复核事项中有填报说明的{noted}条。"
    en = f"{noted} of the warnings and reviews {'carries' if noted == 1 else 'carry'} a note. "
    if open_reviews:
        zh += f"尚有{open_reviews}条待复核,复核完成前本报告不得签发。"
        one = open_reviews == 1
        en += f"{'1 review is' if one else f'{open_reviews} reviews are'} open: the report must not be signed before "
        en += "it is closed." if one else "they are closed."
    else:
        zh += "没有待复核事项。"
        en += "No review is open."
    return Text(zh=zh, en=en)


def public_sentence() -> Text:
    """What a public edition leaves out."""
    return Text(
        zh="本报告为公开版:人数不足10人的数据及可据以推算的数据不列,以这些数据为依据的判定不列;校验发现的问题和例外不逐条列出;问题语句不点单位名。",
        en="This is the public edition: figures of fewer than 10 children, those they could be worked out from and verdicts "
        "that rest on them are left out; findings and exceptions are not listed one by one; sentences on problems name no unit.",
    )


def no_findings_sentence() -> Text:
    """Said when the checks found nothing."""
    return Text(
        zh="全部校验通过,没有错误、警告、复核或提示。",
        en="All checks passed: no error, no warning, no review, no note.",
    )
