"""A PDF alone: what it carries is enough to rebuild it, and every tampering with it is found and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
import pytest

from pipeline.edition.attached import PART
from pipeline.edition.manifest import canonical_json
from pipeline.programme import Home
from pipeline.proof.alone import fingerprint_differences, is_alone, unpacked
from pipeline.proof.restore import EditionError
from pipeline.proof.verify import verify
from tests.proof.conftest import jiance

Change = Callable[[dict[str, bytes]], dict[str, bytes]]


@pytest.fixture
def report(published, tmp_path) -> Path:
    """The Chinese report of r1, sent to somebody under another name."""
    return Path(shutil.copyfile(published.folder(1) / "report.zh.pdf", tmp_path / "来信附件.pdf"))


@pytest.fixture
def nowhere(tmp_path) -> Home:
    """An installation that has never seen the returns."""
    (tmp_path / "nowhere" / "data_raw").mkdir(parents=True)
    return Home(tmp_path / "nowhere")


def carried(pdf: Path) -> dict[str, bytes]:
    with pypdfium2.PdfDocument(pdf) as document:
        found = [document.get_attachment(n) for n in range(document.count_attachments())]
        return {each.get_name(): bytes(each.get_data()) for each in found}


def carrying(pdf: Path, files: dict[str, bytes]) -> Path:
    """The PDF again, carrying these files."""
    changed = pdf.with_name("changed.pdf")
    with pypdfium2.PdfDocument(pdf) as document:
        for number in reversed(range(document.count_attachments())):
            document.del_attachment(number)
        for name, data in files.items():
            document.new_attachment(name).set_data(data)
        document.save(changed, flags=raw.FPDF_NO_INCREMENTAL)
    return changed


def told_of(told, tier):
    return [d for d in told.differences if d.tier == tier]


def test_it_is_rebuilt_from_the_kept_inputs_byte_for_byte(published, report, stand_in):
    assert is_alone(report) and not is_alone(published.folder(1) / "report.zh.pdf")
    told = verify(report, published.home, rebuilder=stand_in)
    assert (told.outcome, told.exit_code, told.differences) == ("same", 0, [])
    tiers = {s.tier for s in told.steps if s.sound}
    assert tiers == {"manifest", "files", "fingerprint", "inputs", "code", "rebuild", "tables", "model", "outputs"}
    assert told.edition == "china/2023 (report.zh.pdf)" and told.folder == report.resolve()


def test_its_inputs_may_lie_in_any_folder(published, report, nowhere, stand_in):
    shutil.copytree(published.home.editions / "china" / "inputs", nowhere.root / "usb" / "deep")
    told = verify(report, nowhere, elsewhere=nowhere.root / "usb", rebuilder=stand_in)
    assert told.exit_code == 0


def test_without_inputs_it_is_set_again_from_its_own_model(published, nowhere, tmp_path):
    """The English one: nothing to rebuild it from, but what it prints is what the model inside says."""
    pdf = Path(shutil.copyfile(published.folder(1) / "report.en.pdf", tmp_path / "x.pdf"))
    told = verify(pdf, nowhere)
    assert told.exit_code == 5 and "2023/certified_values.csv" not in told.cannot_en and "33 inputs" in told.cannot_en
    assert [s.sound for s in told.steps if s.tier == "printed"] == [True] and not told.differences


def test_pages_of_another_edition_over_the_files_of_this_one(published, report, nowhere, stand_in):
    """The pages of r2 print 91.2; they carry what r1 carries, so that every hash inside agrees."""
    pages = Path(shutil.copyfile(published.folder(2) / "report.zh.pdf", report.with_name("r2.pdf")))
    forged = carrying(pages, carried(report))
    told = verify(forged, nowhere)
    assert told.exit_code == 1 and {d.column for d in told_of(told, "fingerprint")} >= {"build_id", "vintage_id"}
    (printed,) = told_of(told, "printed")
    assert printed.column == "text" and printed.row.startswith("page ")
    told = verify(forged, published.home, rebuilder=stand_in)
    (page,) = told_of(told, "outputs")
    assert (page.name, page.column) == ("report.zh.pdf", "text") and page.old != page.new


def digit(files: dict[str, bytes]) -> dict[str, bytes]:
    assert files["verdicts.csv"].count(b"91100000")
    return files | {"verdicts.csv": files["verdicts.csv"].replace(b"91100000", b"91200000", 1)}


def model(files: dict[str, bytes]) -> dict[str, bytes]:
    assert "91.1".encode() in files["report-model.json"]
    return files | {"report-model.json": files["report-model.json"].replace(b"91.1", b"91.2", 1)}


def lost(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name != "summary.csv"}


def more(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {"new.csv": b"x"}


@pytest.mark.parametrize(
    ("change", "name"),
    [(digit, "data/verdicts.csv"), (model, "report.json"), (lost, "data/summary.csv"), (more, "data/new.csv")],
)
def test_an_attached_file_that_is_not_the_recorded_one(report, nowhere, change, name):
    told = verify(carrying(report, change(carried(report))), nowhere, rebuilding=False)
    assert told.exit_code == 1 and [d.name for d in told_of(told, "files")] == [name]


def test_one_digit_of_the_attached_data_is_named_by_row_and_column(published, report, stand_in):
    told = verify(carrying(report, digit(carried(report))), published.home, rebuilder=stand_in)
    first = told.first
    assert (first.name, first.row, first.column) == ("data/verdicts.csv", "preschool_ger/000000/all/2023", "value_num")
    assert (first.old, first.new) == ("91200000", "91100000")


def test_one_digit_of_the_attached_manifest(report, nowhere):
    files = carried(report)
    part = json.loads(files[PART])
    part["inputs"][0]["sha256"] = "0" * 64
    forged = carrying(report, files | {PART: canonical_json(part).encode()})
    told = verify(forged, nowhere, rebuilding=False)
    assert told.exit_code == 1 and told.first.column == "vintage_sha256"
    part["tables"]["progress.verdict"]["sha256"] = "0"
    told = verify(carrying(report, files | {PART: canonical_json(part).encode()}), nowhere, rebuilding=False)
    assert told.exit_code == 1 and told.first.column == "tables[progress.verdict].sha256"


def test_a_table_hash_that_the_rebuild_does_not_give(published, report, stand_in):
    files = carried(report)
    part = json.loads(files[PART])
    before = part["tables"]["core.area"]["sha256"]
    part["tables"]["core.area"]["sha256"] = "0" * 64
    told = verify(carrying(report, files | {PART: canonical_json(part).encode()}), published.home, rebuilder=stand_in)
    assert (told.first.tier, told.first.name, told.first.new) == ("tables", "core.area", before)


def test_the_ids_in_the_metadata_are_those_of_the_attached_manifest(report, tmp_path):
    edition = unpacked(report, tmp_path / "out")
    assert list(fingerprint_differences(edition)) == []
    edition.manifest["build_id"] = "0" * 12
    found = {(d.column, d.zh.partition("与")[0]) for d in fingerprint_differences(edition)}
    assert found == {("build_id", "PDF 元数据中的编号"), ("ID", "PDF 文件标识"), ("build_id", "印出的编号")}


def test_what_cannot_be_looked_at_is_said(report, nowhere, tmp_path):
    bare = carrying(report, {})
    with pytest.raises(EditionError, match="附件已被去掉"):
        verify(bare, nowhere)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n")
    result = jiance(nowhere, "verify", str(broken), lang="en")
    assert result.exit_code == 2 and "not a readable PDF" in result.stderr
    files = carried(report)
    part = json.loads(files[PART]) | {"programme": "../../../../escaped"}
    with pytest.raises(EditionError, match="name of a folder"):
        verify(carrying(report, files | {PART: canonical_json(part).encode()}), nowhere)
    assert not list(tmp_path.rglob("escaped*"))


def test_the_command(report, nowhere):
    result = jiance(nowhere, "verify", str(report), "--quick")
    assert result.exit_code == 0 and "来信附件.pdf" in result.output and "所附 20 个文件" in result.output
