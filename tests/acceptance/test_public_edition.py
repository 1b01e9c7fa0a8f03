"""An edition for the public: in a tree of its own, said to be one, without figures of few children or named units."""

from __future__ import annotations

import json
import shutil

import duckdb
import jsonschema
from pydantic import BaseModel

from pipeline.edition.gather import gather
from pipeline.edition.public import CHILDREN, SUPPRESSED, small
from pipeline.edition.shape import schema_text
from pipeline.programme import Home
from pipeline.proof.verify import verify
from pipeline.quality.finding import read_records
from pipeline.report.model import build_model
from pipeline.report.shapes import Table, Text
from pipeline.report.walk import CHARTS, shapes
from pipeline.session import Workbench


def test_it_lies_apart_and_says_what_it_is(installation, tmp_path):
    internal = installation.root / "editions" / "china" / "2023" / "r1"
    before = (internal / "manifest.json").read_bytes()
    result = installation.jiance("run", "china", "2023", "--public")
    assert result.returncode == 0, result.stdout + result.stderr
    folder = installation.root / "editions_public" / "china" / "2023" / "r1"
    assert str(folder / "report.zh.pdf") in result.stdout
    manifests = [json.loads((f / "manifest.json").read_text("utf-8")) for f in (internal, folder)]
    assert [m["audience"] for m in manifests] == ["internal", "public"]
    assert manifests[0]["build_id"] != manifests[1]["build_id"] and manifests[0]["tables"].keys() == manifests[1]["tables"].keys()
    assert (internal / "manifest.json").read_bytes() == before
    published = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert "data/verdicts.csv" in published and not published & {"data/findings.csv", "data/exceptions.csv"}
    assert not (installation.root / "editions_public" / "china" / "inputs").exists()
    assert "公开版" in (folder / "report.zh.html").read_text("utf-8")
    assert "public edition" in (folder / "report.en.html").read_text("utf-8")
    for manifest in manifests:
        jsonschema.Draft202012Validator(json.loads(schema_text())).validate(manifest)
    assert verify(folder, Home(installation.root), rebuilding=False).exit_code == 0
    told = alone(folder / "report.zh.pdf", installation, tmp_path)
    assert told.edition == "china/2023 (report.zh.pdf)"


def alone(pdf, installation, place):
    """A PDF that somebody was sent, under another name, without the returns and then with them; the rebuild is what is
    published already, so that only the comparison is made."""
    sent = shutil.copyfile(pdf, place / "sent.pdf")
    (place / "nowhere").mkdir()
    told = verify(sent, Home(place / "nowhere"))
    assert (told.exit_code, told.differences) == (5, []) and "data_raw" not in told.cannot_en
    assert [step.sound for step in told.steps if step.tier == "printed"] == [True]
    told = verify(sent, Home(installation.root), rebuilder=lambda *_: pdf.parent)
    assert (told.outcome, told.differences) == ("same", [])
    sound = {step.tier for step in told.steps if step.sound}
    assert sound >= {"files", "fingerprint", "inputs", "tables", "model", "outputs"}
    return told


def test_a_notice_alone_is_verified(installation, tmp_path):
    """It carries model and manifest and no data; its manifest lists those, and they are not missed."""
    folder = installation.root / "editions" / "zhangjiakou" / "2024" / "r1"
    told = alone(folder / "notice.zh.pdf", installation, tmp_path)
    assert told.edition == "zhangjiakou/2024 (notice.zh.pdf)"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(manifest)


def outside_tables(item):
    """Every text of a report but those in tables and charts, and the plan's own rules."""
    if isinstance(item, Text):
        yield item
    elif isinstance(item, BaseModel) and not isinstance(item, (Table, *CHARTS)):
        for name, value in item:
            if name != "reading_rules":
                yield from outside_tables(value)
    elif isinstance(item, list | tuple):
        for value in item:
            yield from outside_tables(value)


def test_what_the_public_reads_of_a_city(installation, tmp_path):
    """Every row of children or pupils that is shown stands for ten or more; no sentence names a unit."""
    bench = Workbench(Home(installation.root).public(), Home(installation.root).programme("zhangjiakou"), 2024)
    made = installation.root / "build" / "zhangjiakou-2024"
    findings, outcomes = read_records(made / "findings")
    bench.record("all", findings, outcomes)
    shutil.copyfile(made / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection, bench.shown(connection):
        inputs = gather(bench, connection)
    counted = {name: indicator.person_en for name, indicator in bench.programme.indicators.items()}
    rows = [r for r in [*inputs.verdicts, *inputs.series] if counted.get(r["indicator_id"]) in CHILDREN]
    assert not [r for r in rows if small(r)]
    assert sum(r["value_source"] == SUPPRESSED for r in rows) > 100
    model = build_model(inputs)
    names = {a["short_name_zh"] for a in inputs.areas if a["area_code"] != bench.programme.plan.programme.area_code}
    said = list(outside_tables(model))
    assert len(said) > 300 and not [t.zh for t in said if any(name in t.zh for name in names - {"市本级"})]
    assert model.summary.decisions == [] and model.leaves == []
    assert any("经开区" in rule.zh for rule in model.sources.reading_rules)  # the plan's own words stay as they are
    assert any("需重点关注的单位" in t.zh for t in model.summary.problems)
    assert len(model.findings.tables) == 1  # rules and counts, no finding of a school
    assert "公开版" in model.head.title.zh and not [t for t in shapes(model, Text) if "小学 " in t.zh and "人" in t.zh]
