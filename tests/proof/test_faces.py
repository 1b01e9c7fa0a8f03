"""A manifest that names another version of a tool excuses other bytes of what that tool makes, and no other content.

Whoever forges a face can write such a manifest as well; what the face says is looked at all the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from pipeline.edition.attached import PART
from pipeline.edition.manifest import canonical_json
from pipeline.proof import verify as module
from pipeline.proof.compare import first_path, keyed, read_rows
from pipeline.proof.restore import EditionError
from pipeline.proof.verify import verify
from tests.proof.conftest import edit, forge

VERSION = "9.9.9"


def said_to_be_made_with(folder: Path, tool: str) -> None:
    """As if the edition had been made with another version of a tool: manifest and model say so. Its other faces have
    the bytes that they had, so that each is looked at only where it is forged."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    document = json.loads((folder / "report.json").read_text("utf-8"))
    for row in document["reproduction"]["tools"]["rows"]:
        for name, version in zip(row["cells"], row["cells"][1:], strict=False):
            if name["words"] == tool:
                version["words"] = VERSION
    text = canonical_json(document, close=True)
    assert text.count(f'"{VERSION}"') == 1
    (folder / "report.json").write_text(text, "utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    attached = manifest["attached"] | {"report.json": {"sha256": digest, "size": len(text.encode())}}
    forge(folder, tools=manifest["tools"] | {tool: VERSION}, model_sha256=digest, attached=attached)


@pytest.fixture
def told_of(copied, stand_in, monkeypatch):
    """The verification of r1 after a change of one of its files, said to be made with another version of a tool. What
    its PDFs carry inside still names the tool of here: that is looked at in test_tamper.py."""
    monkeypatch.setattr(module, "attached_differences", lambda edition: iter(()))

    def verified(tool: str, change: Callable[[Path], object] | None = None):
        said_to_be_made_with(copied.folder(1), tool)
        if change is not None:
            change(copied.folder(1))
            forge(copied.folder(1))
        return verify(copied.folder(1), rebuilder=stand_in)

    return verified


def damaged(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(b"no such file")


def without_its_page(name: str) -> Callable[[Path], object]:
    """A PDF that opens, and whose only page is missing."""
    parts = ["%PDF-1.7", "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj", "2 0 obj<</Type/Pages/Kids[9 0 R]/Count 1>>endobj"]
    text = "\n".join([*parts, "trailer<</Root 1 0 R>>", "%%EOF", ""])
    return lambda folder: (folder / name).write_text(text, "ascii")


def line(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: edit(folder / name, old, new)


def part(name: str, *pairs: tuple[str, str]) -> Callable[[Path], None]:
    """The workbook with texts of one part of it replaced."""

    def change(folder: Path) -> None:
        book = folder / "tables.xlsx"
        with ZipFile(book) as parts:
            held = {each: parts.read(each) for each in parts.infolist()}
        with ZipFile(book, "w") as parts:
            for each, data in held.items():
                if each.filename == name:
                    for old, new in pairs:
                        assert old.encode() in data
                        data = data.replace(old.encode(), new.encode(), 1)
                parts.writestr(each, data)

    return change


def rows(change: Callable[[list[str]], list[str]]) -> Callable[[Path], object]:
    """The verdicts with their lines changed."""

    def changed(folder: Path) -> None:
        path = folder / "data/verdicts.csv"
        lines = path.read_text("utf-8-sig").splitlines()
        path.write_text("\n".join([*change(lines), ""]), "utf-8-sig")

    return changed


SHEET, STYLES, BOOK = "xl/worksheets/sheet3.xml", "xl/styles.xml", "xl/workbook.xml"
CELL = '<c r="A1" s="7" t="s"><v>'
LOOKS_RIGHT = '<dxfs count="1"><dxf><numFmt numFmtId="165" formatCode="{}"/></dxf></dxfs>'
DIAMOND = "&quot;◆&quot;#,##0.0;&quot;◆&quot;&quot;−&quot;#,##0.0;&quot;◆&quot;#,##0.0"


def test_the_tool_alone_excuses_what_it_prints(told_of):
    told = told_of("xlsxwriter")
    assert (told.outcome, told.differences, told.other_bytes) == ("other_bytes", [], ["report.json"])


@pytest.mark.parametrize(
    ("tool", "change", "name", "shown"),
    [
        ("pango", damaged("report.en.pdf"), "report.en.pdf", "无法读取"),
        ("pango", without_its_page("report.en.pdf"), "report.en.pdf", "无法读取"),
        ("jinja2", damaged("report.zh.html"), "report.zh.html", ""),
        ("jinja2", line("report.zh.html", "<rect ", "<rect opacity='0' "), "report.zh.html", "标记不同"),
        ("jinja2", line("report.zh.html", "</body>", "<script>x()</script></body>"), "report.zh.html", "不同"),
        ("polars", damaged("data/verdicts.parquet"), "data/verdicts.parquet", "无法读取"),
        ("polars", damaged("data/verdicts.csv"), "data/verdicts.csv", "列不同"),
        ("xlsxwriter", damaged("tables.xlsx"), "tables.xlsx", "无法读取"),
        ("xlsxwriter", part(SHEET, ('s="7"', 's="9999"')), "tables.xlsx", "无法读取"),
        ("xlsxwriter", part(SHEET, ('s="7"', 's="-1"')), "tables.xlsx", "无法读取"),
        ("xlsxwriter", part(SHEET, (CELL, CELL.replace("<v>", "<f>1+1</f><v>"))), "tables.xlsx", "承诺 Commitments 1 不同"),
        ("xlsxwriter", part(BOOK, ('sheetId="3"', 'sheetId="3" state="hidden"')), "tables.xlsx", "承诺 Commitments 不同"),
        ("xlsxwriter", part(SHEET, ('<row r="2"', '<row hidden="1" r="2"')), "tables.xlsx", "承诺 Commitments 2 不同"),
        ("xlsxwriter", part(SHEET, ('<col min="2"', '<col hidden="1" min="2"')), "tables.xlsx", "多出或缺少"),
        ("xlsxwriter", part(SHEET, ('<mergeCell ref="', '<mergeCell ref="A9:')), "tables.xlsx", "mergeCells 不同"),
        (
            "xlsxwriter",
            part(STYLES, (DIAMOND, DIAMOND.replace("◆", "≥")), ('<dxfs count="0"/>', LOOKS_RIGHT.format(DIAMOND))),
            "tables.xlsx", "摘要 Summary",
        ),
        ("polars", rows(lambda lines: [*lines[:2], *lines[1:]]), "data/verdicts.csv", "多出的行"),
        ("polars", rows(lambda lines: [lines[0], lines[2], lines[1], *lines[3:]]), "data/verdicts.csv", "次序不同"),
        ("polars", rows(lambda lines: [lines[0] + ",class", *(t + ",1" for t in lines[1:])]), "data/verdicts.csv", "列不同"),
        ("polars", rows(lambda lines: [t + ",1" * (n == 3) for n, t in enumerate(lines)]), "data/verdicts.csv", "无法读取"),
        ("polars", line("data/verdicts.csv", "91100000", "'91100000"), "data/verdicts.csv", "value_num 不同"),
        ("polars", line("data/verdicts.csv", "91100000", '"91100000'), "data/verdicts.csv", "无法读取"),
    ],
)  # fmt: skip
def test_a_forged_face_is_a_difference(told_of, tool, change, name, shown):
    told = told_of(tool, change)
    (found,) = told.differences
    assert (told.exit_code, found.tier, found.name) == (1, "outputs", name)
    assert shown in found.zh and found.en and found.zh != found.en


@pytest.mark.parametrize(
    ("tool", "change", "name"),
    [
        ("pango", part("docProps/core.xml", ("Z</dcterms:created>", "Z </dcterms:created>")), None),
        ("xlsxwriter", part("docProps/core.xml", ("Z</dcterms:created>", "Z </dcterms:created>")), None),
        ("xlsxwriter", line("data/verdicts.csv", "91100000", '"91100000"'), "data/verdicts.csv"),
        ("polars", line("data/verdicts.csv", "91100000", '"91100000"'), None),
        ("duckdb", lambda folder: pl.read_parquet(folder / "data/verdicts.parquet").write_parquet(
            folder / "data/verdicts.parquet", compression="snappy"), "data/verdicts.parquet"),
    ],
)  # fmt: skip
def test_a_tool_excuses_other_bytes_only_of_what_it_makes(told_of, tool, change, name):
    """A workbook prints the versions of all tools, so that each of them may give it other bytes; a data file none."""
    told = told_of(tool, change)
    assert [d.name for d in told.differences] == ([name] if name else []), told.differences
    if name:
        assert "写法被改过" in told.first.zh


def test_an_attached_file_in_other_bytes_is_still_named_in_the_manifest(told_of, copied):
    """Its hash is another one because of the tool; that it is not named at all is not."""

    def unnamed(folder: Path) -> None:
        edit(folder / "data/verdicts.csv", "91100000", '"91100000"')
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        forge(folder, attached={name: each for name, each in manifest["attached"].items() if name != "data/verdicts.csv"})

    told = told_of("polars", unnamed)
    (found,) = told.differences
    assert (found.name, found.column, found.old) == ("manifest.json", "attached.data/verdicts.csv", "(无 / none)")


def test_the_picture_of_a_page_that_prints_no_version_is_the_same(told_of, monkeypatch):
    """Where no tool that makes PDFs is another one, any pixel counts; where one is, what can be seen."""
    asked = []

    def looked(old, new, *, exact):
        asked.append(exact)
        return [1] if exact else []

    monkeypatch.setattr(module, "other_pictures", looked)

    def more(folder: Path) -> None:
        path = folder / "report.en.pdf"
        path.write_bytes(path.read_bytes() + b"\n")

    told = told_of("duckdb", more)
    assert [(d.name, d.column, d.row) for d in told.differences] == [("report.en.pdf", "picture", "page 1")]
    assert asked == [True]


@pytest.mark.parametrize("close", [True, False])
def test_json_of_another_version_of_a_tool_is_written_the_same_way(tmp_path, close):
    """A key that is there twice is read by one program and not by the other."""
    old, new, printed = tmp_path / "old.json", tmp_path / "report.json", [("pango", "1.40", "1.50")]
    new.write_text(canonical_json({"a": 1, "reproduction": {"tools": {"v": "1.50"}}}, close=close), "utf-8")
    honest = canonical_json({"a": 1, "reproduction": {"tools": {"v": "1.40"}}}, close=close)
    for text, wrong in ((honest, []), (honest.replace('"a":', '"a":2,"a":'), [True]), (f" {honest}", [True])):
        old.write_text(text, "utf-8")
        told = module.Verification("x", tmp_path)
        found = module._json_differences(told, "report.json", old, new, False, printed)
        assert ["规范写法" in d.zh for d in found] == wrong and (told.other_bytes == ["report.json"]) is not bool(wrong)


def test_a_null_a_truth_value_and_a_missing_entry_are_told_apart():
    old, new = {"a": None, "b": 1, "c": [1, 2]}, {"b": True, "c": [1, 2, 3]}
    assert [*first_path(old, new)] == [
        ("a", "None", "(无 / none)"), ("b", "1", "True"), ("c[2]", "(无 / none)", "3"),
    ]  # fmt: skip
    assert [*first_path(new, new)] == []


@pytest.mark.parametrize("text", ["a,a\n1,2\n", "a,b\n1\n", 'a,b\n1,"2\n'])
def test_a_data_file_that_can_be_read_two_ways_is_read_in_none(tmp_path, text):
    path = tmp_path / "x.csv"
    path.write_text(text, "utf-8-sig")
    with pytest.raises(EditionError, match="verify"):
        read_rows(path)


def test_two_rows_with_one_name_are_no_answer(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n1,3\n", "utf-8-sig")
    with pytest.raises(EditionError, match="两行都是 1"):
        keyed(read_rows(path), ("a",))


@pytest.mark.parametrize("names", [(PART, PART), (PART, "../x.csv"), (PART, "x\ny.csv"), (PART, "..")])
def test_two_attached_files_of_one_name_or_with_a_path_are_refused(tmp_path, copied, names):
    """Which of the two a reader shows nobody knows; a name with a path or a line break is none of a file."""
    from weasyprint import HTML, Attachment

    pdf = tmp_path / "x.pdf"
    HTML(string="<p lang=en>x</p>").write_pdf(
        pdf, attachments=[Attachment(string=f'{{"n": {n}}}'.encode(), name=name) for n, name in enumerate(names)]
    )
    with pytest.raises(EditionError, match="附件"):
        verify(pdf, rebuilding=False)
    target = copied.folder(1) / "report.zh.pdf"
    target.write_bytes(pdf.read_bytes())
    forge(copied.folder(1))
    found = [d for d in verify(copied.folder(1), rebuilding=False).differences if d.name == target.name]
    assert [d.tier for d in found] == ["attached"] and "附件" in found[0].zh and "attached file" in found[0].en
