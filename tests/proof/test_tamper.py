"""``jiance verify`` on what somebody changed: whatever it is, it is found, and file and place are named.

One digit in an input, in a table, in the print, anywhere in the manifest, in a threshold; that of the SQL is in
test_old_code.py, where there is a repository.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import partial
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from pipeline.edition.attached import PART, attached_in
from pipeline.edition.manifest import canonical_json
from pipeline.edition.shape import Described
from pipeline.programme import CODE_ROOT
from pipeline.proof import verify as module
from pipeline.proof.restore import open_edition
from pipeline.proof.verify import verify
from pipeline.report.shapes import ReportModel
from tests.proof.conftest import edit, forge, jiance


@pytest.fixture
def said(copied, stand_in, monkeypatch):
    """What ``jiance verify`` says of r1: exit code and text."""
    monkeypatch.setattr(module, "verify", partial(module.verify, rebuilder=stand_in))

    def verified(lang="zh"):
        result = jiance(copied.home, "verify", "china/2023/r1", lang=lang)
        return result.exit_code, result.output

    return verified


def kept(copied, name) -> Path:
    return copied.home.editions / "china" / "inputs" / open_edition(copied.folder(1)).wanted[name]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("2023/published_counts.csv", "3717.01", "3718.01"),
        ("plan.yaml", 'on_schedule_ratio: "0.95"', 'on_schedule_ratio: "0.96"'),
        ("notes.csv", "2023", "2024"),
    ],
)
def test_one_digit_in_an_input_in_the_plan_in_a_note(copied, said, name, old, new):
    edit(kept(copied, name), old, new)
    code, text = said()
    first = text.partition("第一处不同:")[2]
    assert code == 1 and first.lstrip().startswith(f"[原始文件] {name}") and "内容已被改动" in first
    assert f"[inputs] {name}" in said("en")[1]


@pytest.mark.parametrize("file", ["data/verdicts.csv", "data/verdicts.parquet"])
def test_one_digit_in_a_table(copied, said, file):
    path = copied.folder(1) / file
    if path.suffix == ".csv":
        edit(path, "91100000", "91200000")
    else:
        changed = pl.when(pl.col("value_num") == 91100000).then(91200000).otherwise(pl.col("value_num"))
        frame = pl.read_parquet(path)
        path.write_bytes(b"")
        frame.with_columns(changed.cast(frame.schema["value_num"]).alias("value_num")).write_parquet(path)
    forge(copied.folder(1))  # whoever changes a table can change its hash
    code, text = said()
    first = text.partition("第一处不同:")[2]
    assert code == 1 and first.lstrip().startswith(f"[成品] {file}")
    assert "91200000" in first and "91100000" in first


def leaves(node, place=()):
    """(place, value) of every number and text in a document."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(value, (*place, key))
    else:
        yield place, node


def other(value):
    """The value with its last digit changed; a text without one with another letter at its end."""
    if isinstance(value, int):
        return value + 1
    at = max((n for n, ch in enumerate(value) if ch.isdigit()), default=None)
    return value[:at] + str((int(value[at]) + 1) % 10) + value[at + 1 :] if at is not None else value + "x"


def kinds(document):
    """One place and its value of every kind there is: the rows of the first table, the sha256 of the first input …; of
    what is listed by name the last one, too."""
    found = {}
    for place, value in leaves(document):
        kind = place[-1] if len(place) == 3 and place[1] != "thresholds" else ""
        found.setdefault((place[0], len(place), kind), []).append((place, value))
    for every in found.values():
        yield every[0]
        if not any(isinstance(key, int) for key in every[0][0]):
            yield every[-1]


NAMED = ("tables", "outputs", "attached", "fonts", "tools")
ADDED = "zzz"
"""A key that no manifest has."""


def with_other_keys(whole):
    """(place, document): of every list by name in the manifest, its last entry left out, and one added."""
    objects = [(key,) for key, value in whole.items() if isinstance(value, dict) and value]
    for place in [*objects, ("method", "thresholds")]:
        for key in (None, ADDED):
            document = json.loads(json.dumps(whole))
            node = document
            for part in place:
                node = node[part]
            last = list(node)[-1]
            if key is None:
                del node[last]
            else:
                node[key] = node[last]
            yield (*place, key or last), document


def test_one_digit_anywhere_in_the_manifest(copied, stand_in):
    """One of each kind of entry, in a manifest rewritten as the program writes it: the entry is named."""
    path = copied.folder(1) / "manifest.json"
    whole = json.loads(path.read_text("utf-8"))
    chosen = dict(kinds(whole))
    assert {place[0] for place in chosen} == {key for key, value in whole.items() if value not in ([], {})}
    unseen = []
    for place, value in chosen.items():
        document = json.loads(json.dumps(whole))
        node = document
        for key in place[:-1]:
            node = node[key]
        node[place[-1]] = other(value)
        path.write_text(canonical_json(document), "utf-8")
        told = verify(copied.folder(1), rebuilder=stand_in)
        wanted = place[1] if place[0] in NAMED else str(place[-1])
        named = [f"{d.name} {d.column}" for d in told.differences]
        if told.exit_code != 1 or not any(wanted in name for name in named):
            unseen.append((place, told.exit_code, named))
    assert unseen == []


def test_a_key_more_or_less_anywhere_in_the_manifest(copied, stand_in):
    """One entry of each list left out, one added: it is named."""
    path = copied.folder(1) / "manifest.json"
    unseen = []
    for place, document in with_other_keys(json.loads(path.read_text("utf-8"))):
        path.write_text(canonical_json(document), "utf-8")
        told = verify(copied.folder(1), rebuilder=stand_in)
        named = [f"{d.name} {d.column} {d.old} {d.new}" for d in told.differences]
        if told.exit_code != 1 or not any(place[-1] in name for name in named):
            unseen.append((place, told.exit_code, named))
    assert unseen == []


def test_a_tool_left_out_of_the_manifest_excuses_nothing(copied, stand_in):
    """Not the hash of an attached file, not the version of a font, not the model."""
    path = copied.folder(1) / "manifest.json"
    document = json.loads(path.read_text("utf-8"))
    zlib = document["tools"].pop("zlib")
    document["attached"]["data/advice.csv"]["sha256"] = "0" * 64
    font = sorted(document["fonts"])[0]
    document["fonts"][font]["version"] = "99"
    path.write_text(canonical_json(document), "utf-8")
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert (told.outcome, told.exit_code) == ("different", 1)
    columns = {d.column for d in told.differences}
    assert {"attached.data/advice.csv", "tools.zlib"} <= columns

    document["attached"]["data/advice.csv"] = document["outputs"]["data/advice.csv"]
    path.write_text(canonical_json(document), "utf-8")
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert [d.column for d in told.differences if d.column.startswith("tools")] == ["tools.zlib"]

    document["tools"]["zlib"] = zlib
    path.write_text(canonical_json(document), "utf-8")
    (found,) = verify(copied.folder(1), rebuilder=stand_in).differences
    assert (found.column, found.old) == (f"fonts.{font}.version", "99")


def set_with(folder: Path, tool: str, new: str) -> None:
    """The edition in ``folder`` as the same code makes it where a tool has another version: the report prints it."""
    from pipeline.report.render import render_pdf
    from pipeline.report.web import web_page
    from pipeline.report.workbook import workbook_bytes

    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    old = manifest["tools"][tool]
    document = json.loads((folder / "report.json").read_text("utf-8"))
    for row in document["reproduction"]["tools"]["rows"]:
        for name, version in pairwise(row["cells"]):
            if name["words"] == tool:
                assert version["words"] == old
                version["words"] = new
    text = canonical_json(document, close=True)
    assert text.count(f'"{new}"') == 1
    manifest |= {"tools": manifest["tools"] | {tool: new}, "model_sha256": hashlib.sha256(text.encode()).hexdigest()}
    manifest["attached"]["report.json"] = {"sha256": manifest["model_sha256"], "size": len(text.encode())}
    part = {name: manifest[name] for name in Described.model_fields}
    beside = {"report.json": text, "model.json": text, PART: canonical_json(part)}
    for name, content in beside.items():
        (folder / name).write_text(content, "utf-8")
    model, templates = ReportModel.model_validate(document), CODE_ROOT / "report_templates"
    for lang in ("zh", "en"):
        attached = attached_in(folder, manifest["build_id"])
        render_pdf(model, templates, folder / f"report.{lang}.pdf", lang, attached)
        (folder / f"report.{lang}.html").write_text(web_page(model, templates, lang), "utf-8")
    (folder / "tables.xlsx").write_bytes(workbook_bytes(model))
    for name in ("model.json", PART):
        (folder / name).unlink()
    forge(folder, **{name: manifest[name] for name in ("tools", "model_sha256", "attached")})


def attached_to_another_table(folder: Path, place: Path) -> None:
    """The English PDF of an edition, set with another value in the table inside it, and entered in the manifest."""
    from pipeline.report.render import render_pdf

    shutil.copytree(folder / "data", place / "data")
    edit(place / "data" / "verdicts.csv", "91100000", "91200000")
    shutil.copyfile(folder / "report.json", place / "model.json")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (place / PART).write_text(canonical_json({name: manifest[name] for name in Described.model_fields}), "utf-8")
    model = ReportModel.model_validate_json((folder / "report.json").read_text("utf-8"))
    attached = attached_in(place, manifest["build_id"])
    render_pdf(model, CODE_ROOT / "report_templates", folder / "report.en.pdf", "en", attached)
    forge(folder)


def format_changed(book: Path, old: str, new: str) -> None:
    """A workbook with another number format where the first one has this mark: its values stay."""
    with ZipFile(book) as parts:
        held = {each: parts.read(each) for each in parts.infolist()}
    with ZipFile(book, "w") as parts:
        for each, data in held.items():
            if each.filename == "xl/styles.xml":
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode(), 1)
            parts.writestr(each, data)


def test_made_with_another_version_of_a_tool(copied, stand_in, rebuilt, monkeypatch):
    """The report prints the versions of its tools, so that its text differs elsewhere: that alone is the same data. One
    digit more is named. The rebuild here gives the bytes that this machine gave."""
    set_with(copied.folder(1), "pango", "1.40.3")
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert (told.outcome, told.exit_code, told.differences) == ("other_bytes", 4, [])
    assert {name.split("(")[0] for name in told.other_bytes} == {
        "report.json", "report.zh.pdf", "report.en.pdf", "report.zh.html", "report.en.html", "tables.xlsx",
    }  # fmt: skip
    assert "pango 1.40.3→" in next(step.zh for step in told.steps if step.tier == "outputs")
    alone = copied.home.root / "sent.pdf"
    shutil.copyfile(copied.folder(1) / "report.en.pdf", alone)
    told = verify(alone, copied.home, rebuilder=stand_in)
    assert (told.outcome, told.differences) == ("other_bytes", [])

    monkeypatch.setattr(module, "other_pictures", lambda *pair, exact: [])  # compared twice above; it takes its time
    manifest = copied.folder(1) / "manifest.json"
    kept, font = manifest.read_bytes(), sorted(json.loads(manifest.read_text("utf-8"))["fonts"])[0]
    document = json.loads(kept)
    document["fonts"][font]["version"] = "99"
    manifest.write_text(canonical_json(document), "utf-8")
    assert f"fonts.{font}.version" in {d.column for d in verify(copied.folder(1), rebuilder=stand_in).differences}
    manifest.write_bytes(kept)

    attached_to_another_table(copied.folder(1), copied.home.root / "other")
    (found,) = verify(copied.folder(1), rebuilder=stand_in).differences
    assert (found.tier, found.name, found.column) == ("attached", "report.en.pdf", "data/verdicts.csv")
    assert "[附件] report.en.pdf" in jiance(copied.home, "verify", "china/2023/r1", "--quick").output
    shutil.copyfile(alone, copied.folder(1) / "report.en.pdf")

    book = copied.folder(1) / "tables.xlsx"
    kept = book.read_bytes()
    format_changed(book, "◆", "≥")
    forge(copied.folder(1))
    (found,) = verify(copied.folder(1), rebuilder=stand_in).differences
    assert found.name == "tables.xlsx" and "≥" in found.old and "◆" in found.new
    book.write_bytes(kept)

    page = copied.folder(1) / "report.zh.html"
    edit(page, "91.1", "91.2")
    forge(copied.folder(1))
    (found,) = verify(copied.folder(1), rebuilder=stand_in).differences
    assert (found.name, found.column) == ("report.zh.html", "text") and "91.2" in found.old and "91.1" in found.new
    edit(page, "91.2", "91.1")
    edit(copied.folder(1) / "report.json", '"91.1', '"91.2')
    forge(copied.folder(1))
    told = verify(copied.folder(1), rebuilder=stand_in)
    assert told.exit_code == 1 and "report.json" in {d.name for d in told.differences}


def test_a_version_is_excused_in_the_table_of_tools_alone(tmp_path):
    """The same pair of texts anywhere else is a change."""
    sides = []
    for version, sentence in (("1.40.3", "1.40.3"), ("1.50.12", "1.50.12")):
        sides.append(tmp_path / f"{version}.json")
        document = {"reproduction": {"tools": {"rows": [version]}}, "summary": {"conclusion": sentence}}
        sides[-1].write_text(json.dumps(document), "utf-8")
    printed = [("pango", "1.40.3", "1.50.12")]
    assert module._json_places(*sides, printed) == [("summary.conclusion", "1.40.3", "1.50.12")]
