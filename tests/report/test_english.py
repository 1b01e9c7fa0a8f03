"""The English report: every string is English, its pages hold together, it says its language."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pipeline.quality.notes import Note
from pipeline.report.annex import files_table
from pipeline.report.data_quality import words_of
from pipeline.report.facts import Facts
from pipeline.report.fonts import inflated
from pipeline.report.model import ReportModel
from pipeline.report.render import RenderResult, marked_chinese, render_html
from pipeline.report.revisions import cause_text
from pipeline.report.shapes import Table, Text, said
from pipeline.report.walk import shapes
from pipeline.report.words import basis_text, counted_en
from tests.report.conftest import TEMPLATES, pages_of
from tests.report.sample_inputs import city_inputs

HAN = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r"“[^”]*”|《[^》]*》|〔[^〕]*〕")


def test_both_languages_have_the_same_fixed_words() -> None:
    zh, en = (yaml.safe_load((TEMPLATES / f"texts.{lang}.yaml").read_text("utf-8")) for lang in ("zh", "en"))
    assert sorted(zh) == sorted(en)
    assert [key for key, words in en.items() if HAN.search(str(words))] == ["web_other"]  # the link to the Chinese page


def test_no_chinese_in_sentences_headings_and_verdicts(city: ReportModel, nation: ReportModel) -> None:
    """Only what others wrote stays Chinese: titles of documents, headings of returns, notes, suppliers."""
    for model in (city, nation):
        parts = [model.head, *model.legend, *model.marks, model.summary, *model.pages, model.promises]
        for part in parts:
            items = part if isinstance(part, tuple) else (part,)
            for item in (i for i in items if i is not None):
                texts = [item] if isinstance(item, Text) else list(shapes(item, Text))
                assert not [t.en for t in texts if HAN.search(QUOTED.sub("", t.en)) or not t.en.strip()]


def test_heads_of_columns_begin_with_a_capital(city: ReportModel, nation: ReportModel) -> None:
    """But for the name of an algorithm."""
    tables = [t for model in (city, nation) for t in shapes(model, Table)]
    heads = {said(column.heading, "en") for t in tables for column in t.columns}
    assert len(heads) > 40
    assert [head for head in sorted(heads) if head[:1].islower()] == ["sha256, first 16"]


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        ("1", "schools", "1 school"),
        ("2", "schools", "2 schools"),
        ("0", "schools", "0 schools"),
        ("1", " times a year", "1 time a year"),
        ("1", "children", "1 child"),
        ("1,001", "pupils", "1,001 pupils"),
        ("1", " bodies", "1 body"),
        ("1", "counties", "1 county"),
    ],
)
def test_one_of_a_thing_is_said_in_the_singular(number: str, noun: str, said: str) -> None:
    assert counted_en(number, noun) == said


def test_percent_signs_are_closed_up_and_quotation_marks_straight() -> None:
    assert Text(zh="", en='“By 2025” 92 % of “分子” and 5 %').en == '"By 2025" 92% of “分子” and 5%'


def test_a_basis_is_translated_or_left() -> None:
    assert basis_text("含技工学校") == Text(zh="含技工学校", en="with technical schools")
    assert basis_text("新口径").en == "新口径"


def test_chinese_inside_english_says_so_where_it_may() -> None:
    html = '<title>表</title><p>column “分子”, 3</p><svg><text>甲</text></svg><p>乙（丙） x</p>'
    assert marked_chinese(html) == (
        '<title>表</title><p>column “<span lang="zh-CN">分子</span>”, 3</p><svg><text>甲</text></svg>'
        '<p><span lang="zh-CN">乙（丙）</span> x</p>'
    )


def test_what_came_in_chinese_has_its_english_where_there_is_one() -> None:
    """Supplier, reason of the register, note and who gave it; without, the text as it came and no blank."""
    said = {"市教育局规划科": "Planning Section", "漏报": "left out", "核对无误": "checked", "统计岗": "statistics post"}
    inputs = city_inputs()
    finding = next(f for f in inputs.findings if f.severity == "warning")
    note = Note(finding.id, "", "", "", "", "", "核对无误", "统计岗", "2024-03-01")
    cause = {"cause": "restatement", "cause_files": '["2023/a.csv"]', "cause_rows": "[31]", "cause_reason": '["漏报"]'}
    for english, supplier, register, noted in (
        (said, "Planning Section", "the register says: left out", "Note: checked (statistics post, 2024-03-01)"),
        ({}, "市教育局规划科", "the register says: 漏报", "Note: 核对无误 (统计岗, 2024-03-01)"),
    ):
        facts = Facts(replace(inputs, english=english))
        told = [cell.words for row in files_table(facts).rows for cell in row.cells]
        assert Text(zh="市教育局规划科", en=supplier) in told
        assert cause_text(facts, cause).en.endswith(register) and "登记表写明：漏报" in cause_text(facts, cause).zh
        assert words_of(facts, finding, note).en.endswith(noted)
        assert words_of(facts, finding, note).zh.endswith("填报说明：核对无误（统计岗，2024-03-01）")


def joined(text: str) -> str:
    """Without blanks and hyphens: a hyphen at the end of a line is read back in several ways."""
    return re.sub(r"[\s\-\u00ad\u2010\ufffe\uffff\x02]", "", text)


def test_the_english_pages(city: ReportModel, city_english: RenderResult) -> None:
    pages = [joined(page) for page in pages_of(city_english.path)]
    assert joined(city.summary.conclusion.en) in pages[2] and "—1—" in pages[2]
    assert all(joined(problem.en) in pages[2] for problem in city.summary.problems)
    assert all("Demonstrationdata,notrealstatistics" in page for page in pages)
    objects = inflated(city_english.path.read_bytes())
    assert b"/Lang (en-GB)" in objects
    assert {"Noto-Sans-SC", "Noto-Sans-SC-Bold"} <= set(city_english.embedded_fonts)


def test_the_english_document_is_tagged_as_english(city: ReportModel) -> None:
    html = render_html(city, TEMPLATES, "en")
    assert '<html lang="en-GB">' in html and '<span lang="zh-CN">' in html
    body = re.sub(r"<(title|style|svg)\b.*?</\1>", "", html, flags=re.S)
    outside = re.sub(r'<span lang="zh-CN">[^<]*</span>', "", body)
    assert not HAN.search(re.sub(r"<[^>]*>", "", outside))
