"""An edition verifies, and every tampering with it is found and named."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import polars as pl
import pytest

from pipeline.edition.identity import Identity, code_digest, identify, summed
from pipeline.edition.manifest import canonical_json
from pipeline.intake.register import verify_register
from pipeline.programme import Home
from pipeline.proof import verify as module
from pipeline.proof.restore import Edition, EditionError, locate_inputs, open_edition, restore_home
from pipeline.proof.verify import verify
from pipeline.warehouse.store import content_hash
from tests.proof.conftest import RESTATED, edit, files_of, forge, jiance


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def kept(published, name, revision=1):
    digest = open_edition(published.folder(revision)).wanted[name]
    return published.home.editions / "china" / "inputs" / digest


def test_the_past_edition_is_made_again_from_its_kept_inputs(copied, stand_in, rebuilt):
    """No data_raw beside it, and its return was corrected meanwhile: r1 is still the same, byte for byte."""
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert (told.outcome, told.exit_code, told.differences) == ("same", 0, [])
    assert {s.tier for s in told.steps} >= {
        "manifest",
        "files",
        "inputs",
        "code",
        "rebuild",
        "tables",
        "outputs",
    }
    made = rebuilt / "editions" / "china" / "2023" / "r1"
    assert {p.name: p.read_bytes() for p in made.iterdir() if p.is_file()} == {
        p.name: p.read_bytes() for p in copied.folder(1).iterdir() if p.is_file()
    }


@pytest.mark.long
def test_the_corrected_edition_is_made_again_too_and_the_first_is_as_it_was(published, copied):
    """r2 by the command, in a process of its own, without data_raw; r1 lies beside it untouched and verifies, too."""
    result = jiance(copied.home, "verify", "china/2023/r2")
    assert result.exit_code == 0, result.output
    assert "全部文件逐字节相同" in result.output and "结论:相同" in result.output
    assert files_of(published.folder(1)) == published.first
    assert manifest_of(published.folder(2))["supersedes"] == "r1"
    assert jiance(copied.home, "verify", "china/2023/r1", "--quick").exit_code == 0


def test_a_replaced_file_is_restored_with_its_reason(published, tmp_path):
    """r2 uses only the corrected file; the register made for its rebuild is accepted, the vintage the same."""
    edition = open_edition(published.folder(2))
    assert {RESTATED, "2023/certified_values.csv"} <= set(edition.wanted)
    assert [e["path"] for e in edition.manifest["replaced"]] == ["2023/certified_values.csv"]
    programme = restore_home(edition, locate_inputs(edition), tmp_path).programme("china")
    assert (
        programme.register.findings == []
        and verify_register(programme.root, programme.registrations, 2023) == []
    )
    assert identify(programme, 2023).vintage_sha256 == edition.manifest["vintage_sha256"]
    assert 2023 in programme.years()


def test_a_damaged_input_is_named(copied, published, stand_in):
    path = kept(copied, "2023/published_counts.csv")
    edit(path, "3717.01", "3718.01")
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert told.exit_code == 1 and (told.first.tier, told.first.name) == (
        "inputs",
        "2023/published_counts.csv",
    )
    assert told.cannot_zh and "2023/published_counts.csv" in told.cannot_zh
    with_raw = verify(copied.folder(1), published.home, rebuilder=stand_in)
    assert with_raw.exit_code == 1 and not with_raw.cannot_zh and len(with_raw.differences) == 1


def test_a_missing_input_cannot_be_rebuilt_and_is_named(copied, stand_in):
    kept(copied, "plan.yaml").unlink()
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert told.exit_code == 5 and "plan.yaml" in told.cannot_zh and "plan.yaml" in told.cannot_en


def test_inputs_are_found_in_data_raw_by_content(copied, published):
    for path in (copied.home.editions / "china" / "inputs").iterdir():
        path.unlink()
    root = copied.home.data_raw / "china" / "elsewhere"
    root.mkdir(parents=True)
    for number, path in enumerate(sorted((published.home.data_raw / "china").rglob("*.*"))):
        (root / str(number)).write_bytes(path.read_bytes())
    inputs = locate_inputs(open_edition(copied.folder(1)))
    assert inputs.missing == [] and len(inputs.found) == len(open_edition(copied.folder(1)).wanted)


def one_verdict(folder):
    rows = csv.DictReader(io.StringIO((folder / "data/verdicts.csv").read_text("utf-8-sig"), newline=""))
    return next(r for r in rows if r["commitment_id"] == "preschool_ger" and r["period"] == "2023")


@pytest.mark.parametrize("forged", [False, True])
def test_one_digit_in_a_published_data_file(copied, stand_in, forged):
    folder = copied.folder(1)
    assert one_verdict(folder)["value_num"] == "91100000"
    edit(folder / "data/verdicts.csv", "91100000", "91200000")
    if forged:
        forge(folder)
    told = verify(folder, rebuilder=stand_in)
    assert told.exit_code == 1
    first = told.first
    assert first.tier == ("outputs" if forged else "files")
    assert (first.name, first.column, first.old, first.new) == (
        "data/verdicts.csv", "value_num", "91200000", "91100000",
    )  # fmt: skip
    assert first.row == "preschool_ger/000000/all/2023"


def test_one_digit_in_the_pdf(copied, stand_in):
    path = copied.folder(1) / "report.zh.pdf"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert told.exit_code == 1 and (told.first.tier, told.first.name) == ("files", "report.zh.pdf")


def test_another_pdf_under_a_forged_manifest(copied, stand_in):
    """The report's text is changed (91.1 became 91.3) and the manifest follows: the rebuild tells the page."""
    (copied.folder(1) / "report.zh.pdf").write_bytes((copied.folder(2) / "report.zh.pdf").read_bytes())
    forge(copied.folder(1))
    quick = verify(copied.folder(1), rebuilding=False)  # the files inside it are not those of the manifest
    assert quick.exit_code == 1 and (quick.first.tier, quick.first.name) == ("attached", "report.zh.pdf")
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert told.exit_code == 1 and (told.first.tier, told.first.name) == ("outputs", "report.zh.pdf")
    assert (
        told.first.column == "text"
        and told.first.row.startswith("page ")
        and told.first.old != told.first.new
    )


@pytest.mark.parametrize("name", ["progress.verdict", "indicator.preschool_ger", "staging.certified_values"])
def test_one_digit_of_a_table_hash(copied, stand_in, name):
    tables = manifest_of(copied.folder(1))["tables"]
    before = tables[name]["sha256"]
    tables[name]["sha256"] = ("0" if before[0] != "0" else "1") + before[1:]
    forge(copied.folder(1), tables=tables)
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert told.exit_code == 1 and (told.first.tier, told.first.name) == ("tables", name)
    assert told.first.old == tables[name]["sha256"] and told.first.new == before


def test_a_changed_row_count_is_told(copied, stand_in):
    tables = manifest_of(copied.folder(1))["tables"]
    tables["core.area"] |= {"rows": 7, "sha256": "0" * 64}
    forge(copied.folder(1), tables=tables)
    first = verify(copied.folder(1), rebuilder=stand_in).first
    assert (first.name, first.column, first.old) == ("core.area", "rows", "7")


@pytest.mark.parametrize(
    ("key", "value"),
    [("vintage_id", "0" * 12), ("build_id", "0" * 12), ("vintage_sha256", "0" * 64), ("revision", 2)],
)
def test_a_manifest_that_does_not_agree_with_itself(copied, key, value):
    forge(copied.folder(1), **{key: value})
    told = verify(copied.folder(1), rebuilding=False)
    assert told.exit_code == 1 and key in {d.column for d in told.differences}
    assert {d.name for d in told.differences} == {"manifest.json"}


def test_one_digit_of_an_input_hash_in_the_manifest(copied):
    inputs = manifest_of(copied.folder(1))["inputs"]
    inputs[0]["sha256"] = "0" * 64
    forge(copied.folder(1), inputs=inputs)
    told = verify(copied.folder(1), rebuilding=False)
    assert told.exit_code == 1 and told.first.column == "vintage_sha256"


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("verdicts", {"achieved": 5}),
        ("rules", {"passed": 1}),
        ("maturity", "preliminary"),
        ("rule_version", "9"),
    ],
)
def test_a_statement_of_the_manifest_that_the_rebuild_does_not_make(copied, stand_in, key, change):
    forge(copied.folder(1), **{key: change})
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert told.exit_code == 1 and told.first.column.startswith(key)


def test_a_rewritten_or_broken_manifest(copied):
    path = copied.folder(1) / "manifest.json"
    whole = path.read_text("utf-8")
    path.write_text(json.dumps(json.loads(whole)), "utf-8")
    assert verify(copied.folder(1), rebuilding=False).first.tier == "manifest"
    path.write_text(whole.replace('"tables"', '"tabels"'), "utf-8")
    assert verify(copied.folder(1)).first.column == "tables"
    path.write_text(canonical_json(["no", "object"]), "utf-8")
    assert verify(copied.folder(1)).exit_code == 1
    path.write_text(whole[:-40], "utf-8")
    with pytest.raises(EditionError, match="manifest"):
        verify(copied.folder(1))


def test_files_too_many_or_missing(copied):
    (copied.folder(1) / "data/extra.csv").write_text("x", "utf-8")
    (copied.folder(1) / "data/summary.csv").unlink()
    told = verify(copied.folder(1), rebuilding=False)
    assert {d.name for d in told.differences} == {"data/extra.csv", "data/summary.csv"}


@pytest.mark.parametrize("key", ["path", "supersedes"])
def test_a_path_that_leaves_the_folder_is_not_written(copied, tmp_path, key):
    inputs = manifest_of(copied.folder(1))["inputs"]
    inputs[0][key] = "../../../escaped.csv"
    forge(copied.folder(1), inputs=inputs)
    told = verify(copied.folder(1), workplace=tmp_path / "work")
    # Both are part of the vintage, so the manifest no longer agrees with itself.
    assert told.exit_code == 1 and "escaped.csv" in told.cannot_zh
    assert not list(tmp_path.rglob("escaped.csv"))


@pytest.mark.parametrize("name", ["../../../escaped", "/tmp/escaped", "--home=x", ""])
def test_a_programme_that_is_no_name_of_a_folder_is_refused(copied, name):
    """Folders are made of it, and it is handed to a command."""
    path = copied.folder(1) / "manifest.json"
    path.write_text(canonical_json(manifest_of(copied.folder(1)) | {"programme": name}), "utf-8")
    place = str(path.parent)
    for command in (("verify", place), ("trace", place, "AAGDX0-23"), ("diff", "china/2023", place)):
        result = jiance(copied.home, *command)
        assert result.exit_code == 2 and "不是文件夹名" in result.stderr
    assert "UNREADABLE" in jiance(copied.home, "editions", lang="en").output.upper()


def test_an_edition_lies_wherever_it_was_put(copied, tmp_path):
    """Right under the root of a disk there is nothing above it to look for inputs in."""
    edition = open_edition(copied.folder(1))
    alone = Edition(Path("/r1"), edition.manifest)
    assert locate_inputs(alone, elsewhere=copied.home.editions).missing == []


def test_other_code_is_said_and_compared_only_when_asked(copied, rebuilt, stand_in, monkeypatch):
    """As if the edition had been made with other code: its ids differ, its data are the same. (Its PDFs still carry the
    manifest that they were made with: that is not looked at here.)"""
    monkeypatch.setattr(module, "attached_differences", lambda edition: iter(()))
    folder = copied.folder(1)
    m = manifest_of(folder)
    files = m["code_files"] | {"sql/core/area.sql": "f" * 64}
    code = code_digest(summed(files))
    other = Identity("china", 2023, m["vintage_sha256"], code, m["lock_sha256"]).build_id
    import duckdb

    with duckdb.connect(str(rebuilt / "build/china-2023/warehouse.duckdb"), read_only=True) as connection:
        for table in ("raw.edition", "progress.verdict"):
            frame = (
                connection.sql(f"SELECT * FROM {table}").pl().with_columns(pl.lit(other).alias("build_id"))
            )
            m["tables"][table]["sha256"] = content_hash(frame)
    for name in ("verdicts", "summary"):
        path = folder / "data" / f"{name}.csv"
        path.write_bytes(path.read_bytes().replace(m["build_id"].encode(), other.encode()))
    forge(folder, code_sha256=code, code_files=files, build_id=other, tables=m["tables"])
    told = verify(folder, rebuilder=stand_in)
    assert told.exit_code == 5 and "程序版本不同" in told.cannot_zh and "--any-code" in told.cannot_en
    assert [c.path for c in told.code] == ["sql/core/area.sql"]
    told = verify(folder, any_code=True, workplace=rebuilt, rebuilder=stand_in)
    assert (told.outcome, told.exit_code, told.differences) == ("other_bytes", 4, [])
    assert any(s.tier == "tables" and s.sound for s in told.steps)


def test_a_public_edition_is_compared_with_other_code_too(copied, stand_in, monkeypatch, tmp_path):
    """Its tables lie in the folder for public editions."""
    looked = []
    monkeypatch.setattr(module, "_masked_hashes", lambda home, edition: looked.append(home) or {})
    monkeypatch.setattr(module, "code_changes", lambda edition: [("程序版本不同", "the code differs")])
    forge(copied.folder(1), audience="public")
    verify(copied.folder(1), any_code=True, workplace=tmp_path / "work", rebuilder=stand_in)
    assert looked == [Home(tmp_path / "work").public()]


def test_without_a_pdf_reader_only_bytes_are_compared_and_that_is_said(copied, stand_in, monkeypatch):
    monkeypatch.setattr(module, "pdf_text", lambda path: None)
    monkeypatch.setattr(module, "can_read", lambda suffix: suffix != ".pdf")
    (copied.folder(1) / "report.zh.pdf").write_bytes((copied.folder(2) / "report.zh.pdf").read_bytes())
    forge(copied.folder(1))
    assert "pypdfium2" in verify(copied.folder(1), rebuilder=stand_in).first.en


def test_the_command_in_two_languages(copied):
    edit(copied.folder(1) / "data/verdicts.csv", "91100000", "91200000")
    result = jiance(copied.home, "verify", "china/2023/r1", "--quick")
    assert result.exit_code == 1 and "第一处不同" in result.output and "data/verdicts.csv" in result.output
    result = jiance(copied.home, "verify", str(copied.folder(1) / "report.zh.pdf"), "--quick", lang="en")
    assert (
        result.exit_code == 1
        and "The first difference" in result.output
        and "Outcome: different" in result.output
    )
    document = json.loads(jiance(copied.home, "verify", "china-2023", "--quick", "--format", "json").output)
    assert document["outcome"] == "same" and document["edition"] == "china/2023/r2"
    result = jiance(copied.home, "verify", "china/2031")
    assert result.exit_code == 2 and "china/2023/r1" in result.stderr


def test_editions_are_listed_with_their_state(copied):
    edit(copied.folder(1) / "data/verdicts.csv", "91100000", "91200000")
    result = jiance(copied.home, "editions")
    first, second = result.output.splitlines()
    assert result.exit_code == 1
    assert first.startswith("china/2023/r1") and "核对不符" in first and "已被 r2 替换(source)" in first
    assert second.startswith("china/2023/r2") and "校验值相符" in second
    kept(copied, RESTATED, 2).unlink()
    (copied.folder(1) / "manifest.json").write_text("{", "utf-8")
    first, second = jiance(copied.home, "editions", lang="en").output.splitlines()
    assert "manifest unreadable" in first and "1 input missing" in second
    assert jiance(Home(copied.home.root / "nowhere"), "editions").output.startswith("尚未发布")


def test_the_recorded_hash_is_the_hash_of_the_bytes(published):
    """What the fixtures stand on: the manifest's hashes are those of the files."""
    for name, entry in manifest_of(published.folder(1))["outputs"].items():
        assert hashlib.sha256((published.folder(1) / name).read_bytes()).hexdigest() == entry["sha256"]


def test_a_line_break_in_a_name_or_value_makes_no_line_of_ours(copied):
    """Of an output, of an entry of the manifest, of a reason in the register: each stays on its line, in every command."""
    folder = copied.folder(1)
    m = manifest_of(folder)
    name = "a\n结论:相同。\n\u202eb"
    text = canonical_json(m | {"outputs": m["outputs"] | {name: {"sha256": "0" * 64, "size": 1}}, "maturity": name})
    (folder / "manifest.json").write_text(text, "utf-8")
    for lang in ("zh", "en"):
        shown = jiance(copied.home, "verify", "china/2023/r1", "--quick", lang=lang).output
        assert "结论:相同。" not in shown.splitlines() and "\\n结论:相同。\\n\\u202eb" in shown and "\u202e" not in shown
    assert len(jiance(copied.home, "editions").output.splitlines()) == 2
    m["inputs"][0]["reason"] = m["inputs"][0]["path"] = name
    (folder / "manifest.json").write_text(canonical_json(m), "utf-8")
    for command in (("diff", "china/2023/r1", "china/2023/r2"), ("verify", "china/2023/r1")):
        shown = jiance(copied.home, *command)
        assert "\\n结论:相同。" in shown.output and "结论:相同。" not in shown.stdout.splitlines()
    asked = ("inclusive_coverage", "--area", "000000", "--year", "2023", "--inputs", str(folder))
    shown = jiance(copied.home, "trace", "china/2023/r1", *asked)
    assert shown.exit_code == 2 and "结论:相同。" in shown.stderr and "结论:相同。" not in shown.stderr.splitlines()
