"""What changed between two editions is told with its cause; what has none is called out."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

from pipeline.proof.diff import diff
from pipeline.proof.restore import EditionError
from tests.proof.conftest import REASON, RESTATED, edit, forge, jiance


def test_nothing_changed_against_itself(published):
    told = diff(published.folder(1), published.folder(1), published.home)
    assert not told.changes and not told.inputs and not told.general and not told.plan


def test_a_corrected_return(published):
    told = diff(published.folder(1), published.folder(2), published.home)
    change, record = told.inputs
    assert (record.kind, record.table) == ("new", "restatement_log")
    assert (change.kind, change.table, change.reason) == ("restated", "certified_values", REASON)
    assert change.register_row == 30  # after the head and the 28 rows of the repository
    (cell,) = change.cells
    assert (cell.column, cell.old, cell.new) == ("value", "91.100000", "91.200000")
    assert cell.key["indicator_id"] == "preschool_ger"
    (value,) = told.of("value")
    assert (value.indicator_id, value.variant, value.period) == ("preschool_ger", "certified", 2023)
    assert value.old.startswith("91.1") and value.new.startswith("91.2")
    (cause,) = value.causes
    assert cause.kind == "restated"
    for text in (RESTATED, "register.csv 第 30 行", REASON, "91.100000 → 91.200000"):
        assert text in cause.zh
    assert told.unexplained == [] and not told.of("arrived") and not told.of("gone")
    assert told.general == []


def test_the_row_of_a_correction_is_found_in_a_register_that_a_spreadsheet_saved(copied, published):
    """As GB18030 and with blanks in its head, as intake reads it, too."""
    shutil.copytree(published.home.data_raw, copied.home.data_raw)
    register = copied.home.data_raw / "china" / "register.csv"
    head, _, rows = register.read_text("utf-8").partition("\n")
    register.write_bytes(f"{head.replace(',', ' ,')}\n{rows}".encode("gb18030"))
    told = jiance(copied.home, "diff", "china/2023/r1", "china/2023/r2")
    assert told.exit_code == 0 and "register.csv 第 30 行" in told.output, told.output


@pytest.mark.parametrize("damaged", ["{}", "[]", '{"format": 2}'])
def test_a_damaged_manifest_is_named(copied, damaged):
    (copied.folder(1) / "manifest.json").write_text(damaged, "utf-8")
    figure = ("preschool_ger", "--area", "000000", "--year", "2023")
    for command in (("diff", "china/2023/r1", "china/2023/r2"), ("trace", "china/2023/r1", *figure)):
        told = jiance(copied.home, *command)
        assert told.exit_code == 2 and "r1/manifest.json:清单已损坏" in told.stderr and "jiance verify" in told.stderr


def test_a_folder_that_is_merely_called_as_an_edition_is_not_taken_for_it(copied, published, monkeypatch):
    """As in data_raw, and in the folder of the editions itself."""
    for place in (published.home.data_raw, copied.home.editions):
        monkeypatch.chdir(place)
        assert (place / "china" / "2023").is_dir()
        told = jiance(copied.home, "diff", "china/2023/r1", "china/2023")
        assert told.exit_code == 0 and "91.200000" in told.output, told.output
        told = jiance(copied.home, "trace", "china/2023", "preschool_ger", "--area", "000000", "--year", "2023")
        assert told.exit_code == 0, told.output
    told = jiance(copied.home, "verify", str(published.home.data_raw / "china" / "2023"))
    assert told.exit_code == 2 and "没有 manifest.json" in told.output


def test_a_comparison_of_public_editions_tells_no_cell_of_a_return(copied, published):
    """Which file was corrected and why is told, what stands in it is not: not as a change, not within a cause."""
    for folder in (copied.folder(1), copied.folder(2)):
        forge(folder, audience="public")
    told = jiance(published.home, "diff", str(copied.folder(1)), str(copied.folder(2)), "--format", "json")
    document = json.loads(told.output)
    assert document["cells_told"] is False and [i["cells"] for i in document["inputs"]] == [None, None]
    assert RESTATED in told.output and REASON in told.output and "91.100000" not in told.output
    for lang, sentence in (("zh", "公开版的比较不列"), ("en", "lists no cells")):
        text = jiance(published.home, "diff", str(copied.folder(1)), str(copied.folder(2)), lang=lang).output
        assert RESTATED in text and sentence in text and "91.100000" not in text


def test_a_flipped_verdict_is_told_before_values_with_the_same_cause(copied, published):
    edit(copied.folder(2) / "data/verdicts.csv", ",achieved_early,", ",behind,")
    told = diff(copied.folder(1), copied.folder(2), published.home)
    flipped = told.of("verdict")
    assert told.changes[: len(flipped)] == flipped and (flipped[0].old, flipped[0].new) == (
        "achieved_early",
        "behind",
    )
    output = jiance(copied.home, "diff", "china/2023/r1", "china/2023/r2").output
    assert "提前达标 → 明显滞后" in output and output.index("判定改变") < output.index("数值改变")


def test_a_change_without_any_cause_is_called_out(copied, published):
    """A year of long ago differs although no input, plan or code does."""
    edit(copied.folder(2) / "data/indicators.csv", "4082830000", "4082840000")
    told = diff(copied.folder(1), copied.folder(2), published.home)
    (lost,) = told.unexplained
    assert (lost.indicator_id, lost.period, lost.causes[0].kind) == (
        "inclusive_coverage",
        2020,
        "unexplained",
    )
    result = jiance(copied.home, "diff", "china/2023/r1", "china/2023/r2")
    assert result.exit_code == 1 and "没有找到原因" in result.output


def test_a_changed_threshold_is_named_as_the_cause_of_a_verdict(copied):
    inputs = copied.home.editions / "china" / "inputs"
    manifest = json.loads((copied.folder(1) / "manifest.json").read_text("utf-8"))
    plan = (inputs / manifest["reference"]["plan.yaml"]).read_text("utf-8")
    other = plan.replace('on_schedule_ratio: "0.95"', 'on_schedule_ratio: "0.99"').encode()
    digest = hashlib.sha256(other).hexdigest()
    (inputs / digest).write_bytes(other)
    target = copied.folder(1)
    new = copied.home.editions / "china" / "2023" / "r3"
    new.mkdir()
    for path in target.rglob("*"):
        if path.is_file():
            (new / path.relative_to(target)).parent.mkdir(exist_ok=True)
            (new / path.relative_to(target)).write_bytes(path.read_bytes())
    edit(new / "data/verdicts.csv", ",on_schedule,", ",slightly_behind,")
    forge(new, reference=manifest["reference"] | {"plan.yaml": digest}, revision=3)
    told = diff(target, new)
    assert told.plan == [("thresholds.on_schedule_ratio", "0.95", "0.99")]
    (flip,) = told.of("verdict")
    assert [c.kind for c in flip.causes] == ["plan"] and "0.95 → 0.99" in flip.causes[0].zh


def test_a_layout_that_is_new_is_named_as_a_cause_and_notes_never_are(copied):
    folder = copied.folder(2)
    reference = json.loads((folder / "manifest.json").read_text("utf-8"))["reference"]
    edit(folder / "data/indicators.csv", "4082830000", "4082840000")
    forge(folder, reference=reference | {"layouts/births.csv": "a" * 64, "notes.csv": "b" * 64})
    told = diff(copied.folder(1), folder)
    causes = {c.period: [x.zh for x in c.causes] for c in told.of("value")}
    assert causes[2020] == ["layouts/births.csv 已修改"]


def test_changed_code_is_the_cause_where_there_is_no_other(copied):
    edit(copied.folder(2) / "data/indicators.csv", "4082830000", "4082840000")
    forge(copied.folder(2), code_sha256="f" * 64)
    told = diff(copied.folder(1), copied.folder(2))
    causes = {c.period: [x.kind for x in c.causes] for c in told.of("value")}
    assert causes == {2020: ["code"], 2023: ["restated"]}


def test_a_newly_arrived_year(copied):
    """The older edition had no releases of 2023: what is new is told as such, with the file."""
    folder = copied.folder(1)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    path = folder / "data/indicators.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if ",2023," not in x), "utf-8")
    forge(folder, inputs=[e for e in manifest["inputs"] if not e["path"].startswith("2023/")])
    told = diff(folder, copied.folder(2))
    arrived = told.of("arrived")
    assert arrived and {c.period for c in arrived} == {2023} and not told.unexplained
    assert all({x.kind for x in c.causes} == {"new"} and "2023/" in c.causes[0].zh for c in arrived)
    back = diff(copied.folder(2), folder)
    assert {x.kind for c in back.of("gone") for x in c.causes} == {"withdrawn"}


def test_two_programmes_are_not_compared(copied):
    forge(copied.folder(2), programme="elsewhere")
    with pytest.raises(EditionError, match="elsewhere"):
        diff(copied.folder(1), copied.folder(2))


def test_the_command(published):
    result = jiance(published.home, "diff", "china/2023/r1", "china/2023/r2")
    assert result.exit_code == 0, result.output
    for text in (REASON, "数值改变:1 处", "91.1", "91.2", "第 30 行"):
        assert text in result.output
    document = json.loads(
        jiance(published.home, "diff", "china/2023/r1", "china/2023", "--format", "json", lang="en").output
    )
    assert document["unexplained"] == 0 and document["changes"][-1]["causes"][0]["kind"] == "restated"
