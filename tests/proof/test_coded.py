"""A code printed beside a figure leads to that figure, wherever it is printed; a wrong one is answered helpfully."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from pipeline.programme import Home
from pipeline.proof.compare import read_rows
from pipeline.proof.face import pdf_text
from pipeline.proof.restore import open_edition
from pipeline.proof.trace import TraceError, trace_in
from pipeline.report.shapes import ReportModel
from pipeline.trace_code import ALPHABET, Codes, Figure, figure_of, parts_of, whole_code
from tests.proof.conftest import edit, forge, jiance

RATIO = Figure("preschool_ger", "certified", "000000", "all", 2023)
CODE = "AAGDX0-23"
"""sha256 of ``china\\npreschool_ger\\ncertified\\n000000\\nall\\n2023`` in base 32, worked out with base64.b32encode."""


def codes_of(programme: str, figures: Iterable[Figure]) -> dict[Figure, str]:
    """The code of each figure of an edition that has these."""
    listed = list(figures)
    codes = Codes(programme, listed)
    return {figure: codes.of(figure) for figure in listed}


def model_of(folder: Path) -> ReportModel:
    return ReportModel.model_validate_json((folder / "report.json").read_text("utf-8"))


def test_a_code_is_made_of_what_the_figure_is():
    assert codes_of("china", [RATIO]) == {RATIO: CODE}
    assert not set("ILOU") & set(ALPHABET) and len(ALPHABET) == 32
    others = [RATIO._replace(**{name: "x"}) for name in Figure._fields[:-1]] + [RATIO._replace(period=1923)]
    assert CODE not in codes_of("china", others).values() and codes_of("other", [RATIO])[RATIO] != CODE


def test_codes_that_begin_alike_get_as_many_characters_as_tell_them_apart():
    """Found by trying: the codes of these two units begin YSTV0SZ and YSTV0SF."""
    pair = [Figure("preschool_ger", "all", area, "all", 2023) for area in ("034872", "041850")]
    assert list(codes_of("china", [*pair, RATIO]).values()).count(CODE) == 1
    codes = codes_of("china", [*pair, RATIO])
    assert [codes[f] for f in pair] == ["YSTV0SZ-23", "YSTV0SF-23"]
    assert [codes_of("china", [f])[f] for f in pair] == ["YSTV0S-23"] * 2


def test_a_code_is_no_longer_than_tells_its_figure_apart(monkeypatch):
    """Of 3,000 figures, each looked for among all: with one character at least, so that most begin like another."""
    monkeypatch.setattr("pipeline.trace_code.SHORTEST", 1)
    figures = [Figure(f"i{n % 7}", "v", f"{n:06}", "all", 2020 + n % 3) for n in range(3_000)]
    wholes = {figure: whole_code("p", figure) for figure in figures}
    codes = Codes("p", [*figures, *figures[:9]])
    for figure in figures[::10]:
        others = [wholes[f] for f in figures if f.period == figure.period and f != figure]
        length = next(n for n in range(1, 27) if not any(other.startswith(wholes[figure][:n]) for other in others))
        assert codes.of(figure) == f"{wholes[figure][:length]}-{figure.period % 100}"
    assert codes.of(figures[0]._replace(area_code="nowhere")) == ""


@pytest.mark.parametrize("typed", ["aagdx0-23", " AAGDXO-23 ", "AAGDX0—23", "AAGDX0 23", "AAGDX023", "AAGDX0-23"])
def test_what_people_type_is_understood(typed):
    assert parts_of(typed) == ("AAGDX0", "23")


@pytest.mark.parametrize("typed", ["", "preschool_ger", "AAGDX-23", "AAGDX0-2023", "AAGDU0-23", "china/2023"])
def test_what_is_no_code_is_none(typed):
    assert parts_of(typed) is None


def test_every_code_of_the_report_names_the_figure_beside_it(published):
    """In the tables of the headline pages and the tiles; the value found by the code is the one printed."""
    folder = published.folder(2)
    rows = read_rows(folder / "data" / "indicators.csv")
    by_code = {row["trace_code"]: row for row in rows}
    assert len(by_code) == len(rows) and codes_of("china", map(figure_of, rows)) == {
        figure_of(row): code for code, row in by_code.items()
    }
    model, seen = model_of(folder), []
    for tile in model.summary.tiles:
        seen.append((tile.code, tile.current))
    for page in model.pages:
        for table in (*page.tables, *page.unit_tables):
            assert table.columns[-1].kind == "trace", table.title.en
            for row in table.rows:
                figures = {str(c.words) for c in row.cells if c.kind == "figure"}
                if code := str(row.cells[-1].words):
                    seen.append((code, figures))
                else:
                    assert not figures, "a row with figures has a code"
    assert len(seen) > 40
    for code, printed in seen:
        found = by_code[code]
        value = Fraction(int(found["value_num"]), int(found["value_den"]))
        shown = {f"{float(value):,.{places}f}" for places in (1, 2)}
        assert shown & ({printed} if isinstance(printed, str) else printed), (code, printed, shown)


def test_every_face_prints_the_codes(published):
    folder = published.folder(2)
    codes = [tile.code for tile in model_of(folder).summary.tiles]
    assert CODE in codes and all(codes)
    sheet = openpyxl.load_workbook(folder / "tables.xlsx")["摘要 Summary"]
    cells = {cell.value for line in sheet.iter_rows() for cell in line}
    for lang in ("zh", "en"):
        pages = "".join(pdf_text(folder / f"report.{lang}.pdf"))
        web = (folder / f"report.{lang}.html").read_text("utf-8")
        for code in codes:
            assert code in pages and code in web and code in cells
        assert f"jiancetrace{CODE}" in pages  # the annex says what they are


@pytest.mark.parametrize("asked", [(CODE,), ("china/2023/r2", CODE.lower()), ("china-2023", "AAGDXO23")])
def test_a_code_is_traced_to_its_row(published, asked):
    result = jiance(published.home, "trace", *asked)
    assert result.exit_code == 0, result.output
    for text in ("china/2023/r2", f"追溯码 {CODE}", "2023/certified_values_r2.csv", "91.2", "各行之和与数字完全相等"):
        assert text in result.output


def test_in_an_older_edition_it_is_that_editions_figure(published):
    document = json.loads(jiance(published.home, "trace", "china/2023/r1", CODE, "--format", "json").output)
    assert (document["code"], document["edition"], document["exact"]) == (CODE, "china/2023/r1", True)
    assert document["figure"]["value_num"] == "91100000" and document["as_published"]


@pytest.fixture
def report(published, tmp_path) -> Path:
    """The Chinese report of r1, sent to somebody under another name."""
    return Path(shutil.copyfile(published.folder(1) / "report.zh.pdf", tmp_path / "来信附件.pdf"))


def test_in_a_pdf_alone_whose_inputs_are_kept(published, report):
    result = jiance(published.home, "trace", str(report), CODE)
    assert result.exit_code == 0, result.output
    assert "china/2023 (report.zh.pdf)" in result.output and "第 2 行" not in result.output.split("\n")[0]
    assert "2023/certified_values.csv" in result.output and "与已发布数据一致" in result.output


def test_in_a_pdf_alone_without_its_inputs_what_it_carries_is_told_and_what_is_missing(published, report, tmp_path):
    nowhere = Home(tmp_path / "nowhere")
    (nowhere.root / "data_raw").mkdir(parents=True)
    result = jiance(nowhere, "trace", str(report), CODE)
    assert result.exit_code == 5
    for text in ("学前教育毛入园率", "数值 91.1%", "提前达标", "缺少 33 个原始文件", "2015/certified_values.csv"):
        assert text in result.output
    document = json.loads(jiance(nowhere, "trace", str(report), CODE, "--format", "json").output)
    assert len(document["missing_inputs"]) == 33 and document["figure"]["value_num"] == "91100000"
    kept = published.home.editions / "china" / "inputs"
    found = jiance(nowhere, "trace", str(report), CODE, "--inputs", str(kept), lang="en")
    assert found.exit_code == 0 and "the rows add up to the figure exactly" in found.output


def test_a_code_that_nothing_has(published, report, tmp_path):
    result = jiance(published.home, "trace", "AAGDX1-23")
    assert result.exit_code == 2 and "没有追溯码“AAGDX1-23”" in result.stderr
    assert "最接近的是 AAGDX0-23(china/2023/r2 preschool_ger certified 000000 all 2023)" in result.stderr
    assert "4F7K2M-24" in result.stderr and "查过:china/2023/r2" in result.stderr
    result = jiance(published.home, "trace", str(report), "AAGDU0-23", lang="en")
    assert result.exit_code == 2 and "is not a code" in result.stderr and "AAGDX0-23" in result.stderr
    empty = jiance(Home(tmp_path), "trace", CODE)
    assert empty.exit_code == 2 and "尚未发布任何版本" in empty.stderr


def test_a_code_takes_no_options_and_an_indicator_needs_them(published):
    for asked in (("china/2023", "preschool_ger"), ("china/2023", CODE, "--area", "000000"), (CODE, "--year", "2023")):
        result = jiance(published.home, "trace", *asked)
        assert result.exit_code == 2 and "--area" in result.stderr


def test_an_edition_that_cannot_be_read_is_said_not_to_be_searched(copied):
    edit(copied.folder(2) / "manifest.json", "{", "")
    result = jiance(copied.home, "trace", CODE)
    assert result.exit_code == 2 and "没有查:china/2023/r2" in result.stderr


def test_a_changed_figure_is_not_taken_for_the_traced_one(copied):
    edit(copied.folder(2) / "data/indicators.csv", "91200000", "91900000")
    result = jiance(copied.home, "trace", CODE)
    assert result.exit_code == 1 and "与已发布数据不一致" in result.output


def test_what_a_public_edition_hides_is_not_traced_through_it(copied):
    """The same folder as if it were a public one in which this figure is hidden."""
    folder = copied.home.public().editions / "china" / "2023" / "r2"
    shutil.copytree(copied.folder(2), folder)
    path = folder / "data" / "indicators.csv"
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if CODE in line)
    names, cells = lines[0].rstrip("\n").split(","), lines[place].rstrip("\n").split(",")
    hidden = {"numerator": "", "denominator": "", "value_num": "", "value_den": "", "value_status": "suppressed"}
    lines[place] = ",".join(hidden.get(n, c) for n, c in zip(names, cells, strict=True)) + "\n"
    path.chmod(0o644)
    path.write_text("".join(lines), "utf-8-sig")
    forge(folder, audience="public")
    for asked in ((CODE,), ("preschool_ger", "--area", "000000", "--year", "2023")):
        result = jiance(copied.home, "trace", str(folder), *asked)
        assert result.exit_code == 2 and "公开版不公布" in result.stderr and "91" not in result.output + result.stderr
    with pytest.raises(TraceError):
        trace_in(copied.home, open_edition(folder), "china", 2023, *RATIO[:1], "000000", 2023)


def test_an_indicator_that_the_installation_does_not_know_is_said(copied):
    """As if an older edition had one that was renamed since."""
    path = copied.folder(2) / "data" / "indicators.csv"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"preschool_ger,", b"preschool_rate,"))
    figures = map(figure_of, read_rows(path))
    code = next(code for figure, code in codes_of("china", figures).items() if figure.indicator_id == "preschool_rate")
    result = jiance(copied.home, "trace", "china/2023/r2", code)
    assert result.exit_code == 2 and code in result.stderr and "preschool_rate" in result.stderr, result.exception
    assert "指标目录" in result.stderr and "catalogue" in result.stderr


@pytest.mark.parametrize("text", ["a,b\n1\n", "a,b\n1,2\n", ""])
def test_a_damaged_data_file_is_said_and_does_not_end_the_search(copied, text):
    (copied.folder(2) / "data" / "indicators.csv").chmod(0o644)
    (copied.folder(2) / "data" / "indicators.csv").write_text(text, "utf-8-sig")
    result = jiance(copied.home, "trace", CODE)
    assert result.exit_code == 2 and "没有查:china/2023/r2" in result.stderr, result.exception
    result = jiance(copied.home, "trace", "china/2023/r2", CODE)
    assert result.exit_code == 2 and "jiance verify" in result.stderr, result.exception
