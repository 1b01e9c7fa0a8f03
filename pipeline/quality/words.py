"""What tables, columns and results are called in findings, in Chinese and English: one place for it.

Belongs here: looking up names. Does not belong here: the names of returns and their columns (the contracts),
of indicators and variants (pipeline/plan/indicators.yaml), of areas (the programme); the sentences (rules/).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from pipeline.intake.contract import load_contracts
from pipeline.plan.model import Indicator, load_indicators

Words = tuple[str, str]
"""Chinese, English."""


def column_words(table: str, column: str) -> Words:
    """What a column of ``table`` ("staging.staff", "indicator.preschool_ger") is called; itself if unknown."""
    contract = load_contracts().get(table.removeprefix("staging."))
    if contract is not None:
        for field in contract.fields:
            if field.name == column:
                return field.zh, field.en
    return _listed("columns").get(column, (column, column))


def table_words(table: str) -> Words:
    """What a table is called: a return by its contract, an indicator by its name; itself if unknown."""
    contract = load_contracts().get(table.removeprefix("staging."))
    if contract is not None:
        return contract.name_zh, contract.name_en
    indicator = load_indicators_once().get(table.removeprefix("indicator."))
    if indicator is not None:
        return indicator.name_zh, indicator.name_en
    return _listed("tables").get(table, (table, table))


def subject_words(subject: str, commitments: Mapping[str, Words]) -> Words:
    """A subject such as ``compulsory_retention grade9_over_grade1`` in words; any other as it is.

    It is an indicator with its variant, or one of ``commitments`` (id -> name), alone or with its segment; a part of it
    (``numerator``, ``denominator``) may follow.
    """
    first, _, rest = subject.partition(" ")
    second, _, part = rest.partition(" ")
    indicator = load_indicators_once().get(first)
    if indicator is not None and second in indicator.variants:
        variant = indicator.variants[second]
        zh, en = f"{indicator.name_zh}({variant.zh})", f"{indicator.name_en} ({variant.en})"
    elif second and first in commitments:
        from pipeline.report.words import segment_text

        segment, (zh, en) = segment_text(second), commitments[first]
        zh, en = f"{zh}·{segment.zh}", f"{en}: {segment.en}"
    elif first in commitments:
        return commitments[first]
    else:
        return subject, subject
    if part:
        names = column_words("", part)
        zh, en = f"{zh}的{names[0]}", f"the {names[1]} of {en}"
    return zh, en


def in_english(text: str) -> str:
    """A value or a subject in which each code of the returns is said in English: ``2113100263 小学 3`` -> ``… primary 3``.

    Only whole words that are codes; what somebody wrote freely stays as it is.
    """
    codes = _listed("codes")
    return " ".join(codes[word][1] if word in codes else word for word in text.split(" "))


@cache
def load_indicators_once() -> dict[str, Indicator]:
    """The indicators, read once in this process."""
    return load_indicators()


@cache
def _listed(what: str) -> dict[str, Words]:
    document = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
    return {name: (words["zh"], words["en"]) for name, words in document[what].items()}
