"""Texts of returns in everything the product writes: they are shown, and do nothing.

The names used here do act where nothing is done about it: formulas in a spreadsheet, markup in a page, escape
codes on a terminal, placeholders in a template, links in Markdown.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.common import markdown_table
from pipeline.edition.exports import BOM, write_exports
from pipeline.inert import csv_cell, csv_frame, csv_text, markdown, terminal
from pipeline.intake.decode import read_grid
from pipeline.office.form import Column, Form, FormRow
from pipeline.office.templates import workbook
from pipeline.office.worklist import write_worklists
from pipeline.proof.compare import read_rows
from pipeline.quality.finding import Finding
from pipeline.report.coverage import texts_of
from pipeline.report.fonts import require_glyphs, use_pinned_fonts
from pipeline.report.model import ReportModel, build_model
from pipeline.report.render import RenderError, _set, render_html
from pipeline.telling import put
from tests.hostile.files import ROOT, contracts
from tests.hostile.test_texts import HOSTILE_NAMES
from tests.report.sample_inputs import city_inputs, nation_inputs

FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]
NUMBERS = ["-5", "+1.5", "-1,234.50", "0", "1e5", "130702"]


def finding(text: str, **more: object) -> Finding:
    return Finding(
        rule="I04", severity="error", table=text, file=text, sheet=text, row=2, column=text, value=text, subject=text,
        message_zh=f"“{text}”有误", message_en=text, expected_zh=text, who_zh=text, who_en=text, todo_zh=text, todo_en=text, **more,
    )  # type: ignore[arg-type]  # fmt: skip


# ---------------------------------------------------------------------- CSV


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert csv_cell(text) == "'" + text


@pytest.mark.parametrize("text", [*NUMBERS, "", "甲", "桥东小学", "a=b", "1-2", " =1"])
def test_numbers_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert csv_cell(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, *NUMBERS, *HOSTILE_NAMES, "", "'", "''a", "'=1", "-5\n", "甲"])
def test_the_text_comes_back_and_frames_are_written_the_same_way(text: str) -> None:
    assert csv_text(csv_cell(text)) == text
    frame = csv_frame(pl.DataFrame({"text": [text], "number": [-7], "nothing": [None]}, {"text": pl.String, "number": pl.Int64, "nothing": pl.String}))
    assert frame.rows() == [(csv_cell(text), "-7", None)]


def test_the_data_files_of_an_edition(tmp_path: Path) -> None:
    texts = [*FORMULAS, *HOSTILE_NAMES]
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "names.sql").write_text("SELECT position, name, -position AS minus FROM given ORDER BY position", "utf-8")
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE given (position INTEGER, name VARCHAR)")
        connection.executemany("INSERT INTO given VALUES (?, ?)", [[n, t] for n, t in enumerate(texts, start=1)])
        findings = [finding(t) for t in texts]
        written = write_exports(connection, tmp_path, tmp_path / "data", findings, [], "real")
    assert list(written) == ["names", "findings"]
    paths = [tmp_path / "data" / f"{name}.csv" for name in written]
    for path in paths:
        assert path.read_bytes().startswith(BOM)
        for row in list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))[1:]:
            assert not [c for c in row if re.match(r"[=+@\t\r\n＝＋－＠]", c) or re.match(r"-(?![0-9.]+$)", c)]
    names = read_rows(paths[0])
    assert [r["name"] for r in names] == texts and [r["minus"] for r in names] == [str(-n) for n in range(1, len(texts) + 1)]
    assert [r["value"] for r in read_rows(paths[1])] == texts


# ---------------------------------------------------------------------- work lists


class _Page(HTMLParser):
    """Tags and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.acting: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        acting = [(n, v or "") for n, v in attrs if n.startswith("on") or n in ("src", "href")]
        self.acting += [f"{n}={v}" for n, v in acting if not v.startswith("#")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_work_lists_show_the_texts_and_nothing_acts(tmp_path: Path) -> None:
    texts = [*FORMULAS[:4], *HOSTILE_NAMES]
    write_worklists([finding(t) for t in texts], [], [], tmp_path, title=texts[0], note=HOSTILE_NAMES[7])
    page = _Page()
    page.feed((tmp_path / "findings.html").read_text("utf-8"))
    assert page.tags.count("script") == 1 and not page.acting and "img" not in page.tags
    shown = "".join(page.texts)
    assert all(t in shown for t in texts)
    document = json.loads((tmp_path / "findings.json").read_text("utf-8"))
    assert sorted(f["value"] for f in document["findings"]) == sorted(texts)
    rows = list(csv.reader(io.StringIO((tmp_path / "findings.csv").read_text("utf-8-sig"), newline="")))[1:]
    assert not [c for row in rows for c in row if c[:1] in "=+@-" and c]
    with zipfile.ZipFile(tmp_path / "findings.xlsx") as book:
        for name in book.namelist():
            if "worksheets/sheet" in name and name.endswith(".xml"):
                assert b"<f>" not in book.read(name) and b"<f " not in book.read(name)
        assert not [n for n in book.namelist() if "externalLink" in n or "vba" in n]
        relations = b"".join(book.read(n) for n in book.namelist() if n.endswith(".rels"))
        assert b'TargetMode="External"' not in relations


# ---------------------------------------------------------------------- terminal


@pytest.mark.parametrize("text", ["\x1b[2J\x1b]0;x\x07", "a\x9b31mb", "a\u202eb\u2066c", "a\rb", "a\x08b", "\u2028", "\U000e0041"])
def test_nothing_acts_on_the_terminal(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    put(f"甲{text}乙\n\t丙")
    said = capsys.readouterr().out
    assert said.startswith("甲") and said.endswith("乙\n\t丙\n")
    assert all(c.isprintable() or c in "\n\t" for c in said) and "\\u" in said


def test_a_json_document_stays_one() -> None:
    document = {"a": "x\u202e\x9b\U000e0041y", "b": "桥东\u3000小学"}
    assert json.loads(terminal(json.dumps(document, ensure_ascii=False, indent=1))) == document


def test_check_prints_hostile_returns_without_acting(tmp_path: Path) -> None:
    """Through the command line: sheet names, headers, file names and cells of a broken return."""
    home, folder = tmp_path, tmp_path / "data_raw" / "china"
    source = ROOT / "data_raw" / "china"
    for path in source.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    published = home / "editions" / "china" / "2023" / "r1"
    published.mkdir(parents=True)
    (published / "manifest.json").write_text("{}", "utf-8")
    (folder / "2023" / "\x1b[31m\u202eevil\udcff.csv").write_bytes(b"x")
    before = _tree(home)
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.argv[0] = 'jiance'; main()", "run", "china", "2023"],
        cwd=ROOT,
        env=os.environ | {"JIANCE_HOME": str(home)},
        capture_output=True,
        timeout=300,
    )
    out = (done.stdout + done.stderr).decode("utf-8")
    assert done.returncode == 1 and "R08" in out, out[-2000:]
    assert "Traceback" not in out and not [c for c in out if not c.isprintable() and c not in "\n\t"]
    after = {k: v for k, v in _tree(home).items() if not k.startswith("build/")}
    assert after == before, "a run that fails writes to build/ only"


def _tree(root: Path) -> dict[str, bytes]:
    return {
        os.fsencode(p.relative_to(root)).decode("utf-8", "backslashreplace"): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and "build" not in p.relative_to(root).parts[:1]
    }


# ---------------------------------------------------------------------- Dagster


@pytest.mark.parametrize("text", HOSTILE_NAMES)
def test_markup_stands_as_code_in_markdown(text: str) -> None:
    told = markdown(text)
    if re.search(r"[<>`*\[\]!|&~$@]|://", text):
        fence = re.match("`+", told)[0]  # type: ignore[index]
        assert told.endswith(fence) and fence not in told[len(fence) : -len(fence)]
    assert "\n" not in told


def test_a_preview_keeps_its_columns() -> None:
    frame = pl.DataFrame({"name": ["a|b", "x\ny", "<img src=http://x.invalid/a.png>", "`|`", "桥东小学", None]})
    lines = markdown_table(frame).splitlines()
    assert lines[2:] == ["| ` a\\|b ` |", "| x y |", "| ` <img src=http://x.invalid/a.png> ` |", "| `` `\\|` `` |", "| 桥东小学 |", "|  |"]


# ---------------------------------------------------------------------- report, forms, trace


def test_the_report_prints_hostile_texts_as_texts() -> None:
    """Findings, notes, file names and suppliers of returns, in the document that becomes the PDF."""
    inputs = city_inputs()
    texts = [*HOSTILE_NAMES, "\U0001f4a9小学", "\u0e01\u0e33"]
    findings = [finding(t, period="2024") for t in texts]
    sources = [dict(s, path=f"2024/{t}", supplier=t) for s, t in zip(inputs.sources, texts, strict=False)]
    model = build_model(replace(inputs, findings=findings, sources=sources))
    html = render_html(model, ROOT / "report_templates")
    page = _Page()
    page.feed(html)
    assert not page.acting and not {"script", "img", "iframe", "link", "object"} & set(page.tags)
    shown = "".join(page.texts)
    assert "{{ 7*7 }}" in shown and "<script>alert(1)</script>" in shown and "{% for" in shown
    assert "〔U+1F4A9〕小学" in shown and "\U0001f4a9" not in shown
    require_glyphs(texts_of(html))  # a character that the fonts lack kept the whole report from being made


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA"])
def test_the_layout_engine_fetches_nothing(nation_model: ReportModel, address: str) -> None:
    html = f'<html lang="zh-CN"><head><title>x</title></head><body><img alt="x" src="{address}"></body></html>'
    with pytest.raises(RenderError):
        _set(html, nation_model)


@pytest.fixture(scope="module")
def nation_model() -> ReportModel:
    use_pinned_fonts(ROOT / "report_templates" / "fonts")
    return build_model(nation_inputs())


def formulas_in(book: Path | io.BytesIO) -> list[str]:
    with zipfile.ZipFile(book) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not [n for n in archive.namelist() if "externalLink" in n or "vba" in n]
        assert b"External" not in b"".join(archive.read(n) for n in archive.namelist() if n.endswith(".rels"))
    return [f for sheet in sheets for f in re.findall(r"<f>(.*?)</f>", sheet)]


def test_a_form_with_hostile_names_and_last_years_texts_has_no_formula_of_theirs() -> None:
    contract = contracts()["school_register"]
    columns = [Column("given", contract.field("school_id")), Column("name", contract.field("school_id"), "学校名称")]
    columns += [Column(kind, contract.field("school_name")) for kind in ("carried", "last", "asked")]
    rows = [
        FormRow(given={"school_id": "1113000001"}, last={"school_name": t}, names={"school_id": t}) for t in [*FORMULAS, *HOSTILE_NAMES]
    ]
    data = workbook(Form(contract, 2025, HOSTILE_NAMES[0], 2024, columns, rows, [("130702", t) for t in HOSTILE_NAMES]))
    assert formulas_in(io.BytesIO(data)) == []
    (sheet, *_) = read_grid(data, len)
    shown = {str(c) for row in sheet.rows for c in row}
    assert {t for t in HOSTILE_NAMES} <= shown
