"""An edition for the public: in a tree of its own, said to be one, without figures of few children or named units."""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import openpyxl
import polars as pl
import pytest
from pydantic import BaseModel

from pipeline.edition import table_rows
from pipeline.edition.exports import write_exports
from pipeline.edition.gather import gather
from pipeline.edition.hiding import SMALLEST, Cell, small
from pipeline.edition.public import CHILDREN, SUPPRESSED, hidden_of
from pipeline.edition.shape import schema_text
from pipeline.programme import Home
from pipeline.proof.verify import verify
from pipeline.quality.finding import read_records
from pipeline.report import volumes
from pipeline.report.coverage import texts_of
from pipeline.report.inputs import ROWS, ReportInputs
from pipeline.report.model import ReportModel, build_model, build_report
from pipeline.report.render import render_html
from pipeline.report.shapes import Table, Text
from pipeline.report.walk import CHARTS, shapes
from pipeline.report.web import web_page
from pipeline.report.workbook import workbook_bytes
from pipeline.session import Workbench
from pipeline.warehouse.sqlfiles import load_sql
from pipeline.warehouse.store import write_select
from tests.conftest import ROOT
from tests.support.disclosure import counts_of, given_away

KEYS = "indicator_id, variant, segment, period, area_code, numerator, denominator"


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


@dataclass(frozen=True)
class City:
    """The demonstration city as the public sees it, and what lies behind."""

    bench: Workbench
    inputs: ReportInputs
    model: ReportModel
    truth: list[dict[str, Any]]
    schools: list[tuple[str, str]]
    data: Path
    warehouse: Path


@pytest.fixture(scope="module")
def seen(installation, tmp_path_factory) -> City:
    place = tmp_path_factory.mktemp("seen")
    bench = Workbench(Home(installation.root).public(), Home(installation.root).programme("zhangjiakou"), 2024)
    made = installation.root / "build" / "zhangjiakou-2024"
    findings, outcomes = read_records(made / "findings")
    bench.record("all", findings, outcomes)
    shutil.copyfile(made / "warehouse.duckdb", place / "warehouse.duckdb")
    with duckdb.connect(str(place / "warehouse.duckdb")) as connection:
        truth = [
            row
            for name in ("indicator_value", "verdict")
            for row in connection.sql(f"SELECT {KEYS} FROM progress.{name} ORDER BY ALL").pl().iter_rows(named=True)
        ]
        schools = connection.execute("SELECT DISTINCT school_id, school_name FROM core.school ORDER BY ALL").fetchall()
        with bench.shown(connection):
            inputs = gather(bench, connection)
            write_exports(connection, ROOT / "sql", place / "data", [], [], "demonstration", public=True)
    return City(bench, inputs, build_model(inputs), truth, schools, place / "data", place / "warehouse.duckdb")


@pytest.mark.parametrize("public", [False, True])
def test_tables_too_large_to_hold_give_the_same_report(seen, installation, monkeypatch, public):
    """Asked of the database row by row, with the pages of units in volumes, the report says what it says of tables in memory."""
    home = Home(installation.root)
    bench = Workbench(home.public() if public else home, home.programme("zhangjiakou"), 2024)
    findings, outcomes = read_records(installation.root / "build" / "zhangjiakou-2024" / "findings")
    monkeypatch.setattr(Workbench, "records", lambda self, without="": (findings, outcomes))
    monkeypatch.setattr(volumes, "WITHIN", 5)
    monkeypatch.setattr(volumes, "IN_A_VOLUME", 4)
    made = []
    with duckdb.connect(str(seen.warehouse)) as connection:
        for held in (table_rows.HELD, -1):
            monkeypatch.setattr(table_rows, "HELD", held)
            with bench.shown(connection):
                inputs = gather(bench, connection)
                report, own = build_report(inputs)
                made.append([report.model_dump_json(), *(each.model_dump_json() for each in own)])
            assert {getattr(inputs, name).held for name in ROWS} == {held >= 0}
    assert made[0] == made[1] and len(made[0]) == (1 if public else 6)


def of_children(city: City, rows) -> list[dict[str, Any]]:
    known = city.bench.programme.indicators
    return [r for r in rows if r["indicator_id"] in known and known[r["indicator_id"]].counted(r["variant"]) in CHILDREN]


def test_what_the_public_reads_of_a_city(seen):
    """Every row of children or pupils that is shown stands for ten or more; no sentence names a unit."""
    bench, inputs, model = seen.bench, seen.inputs, seen.model
    rows = of_children(seen, [*inputs.verdicts, *inputs.series])
    assert not [r for r in rows if small(r)]
    away = {(r["indicator_id"], r["segment"], r["period"], r["area_code"]) for r in rows if r["value_source"] == SUPPRESSED}
    # cell by cell: of the city's 2,400 cells 164 have few children, and 15 more keep these from being worked out
    every = {(r["indicator_id"], r["segment"], r["period"], r["area_code"]) for r in of_children(seen, seen.truth)}
    few = {(r["indicator_id"], r["segment"], r["period"], r["area_code"]) for r in of_children(seen, seen.truth) if small(r)}
    assert few < away < every and len(away) < 1.2 * len(few) and len(away) < len(every) / 10
    coverage = [r for r in inputs.series if r["indicator_id"] == "inclusive_coverage"]
    assert coverage and SUPPRESSED not in {r["value_source"] for r in coverage}  # few kindergartens are no few children
    names = {a["short_name_zh"] for a in inputs.areas if a["area_code"] != bench.programme.plan.programme.area_code}
    said = list(outside_tables(model))
    assert len(said) > 300 and not [t.zh for t in said if any(name in t.zh for name in names - {"市本级"})]
    assert model.summary.decisions == [] and model.leaves == []
    assert any("经开区" in rule.zh for rule in model.sources.reading_rules)  # the plan's own words stay as they are
    assert any("需重点关注的单位" in t.zh for t in model.summary.problems)
    assert len(model.findings.tables) == 1  # rules and counts, no finding of a school
    assert "公开版" in model.head.title.zh and not [t for t in shapes(model, Text) if "小学 " in t.zh and "人" in t.zh]


def test_no_hidden_count_follows_from_all_tables_together(seen):
    """Sums of units, of segments and of years, counts that two indicators share: none fixes a count of 1 to 9."""
    whole = seen.bench.programme.plan.programme.area_code
    truth = counts_of(of_children(seen, seen.truth))
    for rows in ([*seen.inputs.series, *seen.inputs.verdicts], _exported(seen)):
        shown = counts_of(of_children(seen, rows))
        assert 3000 < len(shown) < len(truth) and shown.items() <= truth.items()
        assert given_away(truth, shown, whole, SMALLEST) == []
    # the proof itself: one hidden unit shown again, and its partner's small count follows
    hidden = sorted(truth.keys() - shown.keys())
    few = {key[:5] for key in hidden if 0 < truth[key] < SMALLEST}
    more = {key: truth[key] for key in hidden if key[:5] not in few}
    assert given_away(truth, shown | more, whole, SMALLEST) != []


def test_two_cities_that_differ_only_in_what_is_hidden_look_the_same(seen, tmp_path):
    """One child more in a hidden cell and one less in another of the same sum, in every indicator and year where both
    stay as they were, few or many; everything is judged again: no byte of the public's data files is another one."""
    bench, whole = seen.bench, seen.bench.programme.plan.programme.area_code
    shutil.copyfile(seen.warehouse, tmp_path / "other.duckdb")
    of = bench.programme.indicators
    hidden = hidden_of(seen.truth, lambda name, variant: of[name].counted(variant) in CHILDREN, whole)
    together: dict[tuple, list[dict[str, Any]]] = {}
    with duckdb.connect(str(tmp_path / "other.duckdb")) as connection:
        values = connection.sql(f"SELECT {KEYS} FROM progress.indicator_value ORDER BY ALL").pl()
        for r in of_children(seen, values.iter_rows(named=True)):
            counts = [r["numerator"], r["denominator"]]
            if None in counts or r["area_code"] == whole:
                continue
            stays = all(n in range(2, 9) or n > 10 for n in (*counts, counts[1] - counts[0]))
            if stays and Cell(r["indicator_id"], r["segment"], r["period"], r["area_code"]) in hidden:
                together.setdefault((r["indicator_id"], r["variant"], r["segment"], r["period"]), []).append(r)
        moved = [own[:2] for own in together.values() if len(own) > 1]
        assert len(moved) > 20 and len({own[0]["indicator_id"] for own in moved}) > 5
        for own in moved:
            for r, by in zip(own, (1, -1), strict=True):
                connection.execute(
                    f"UPDATE indicator.{r['indicator_id']} SET numerator = numerator + {by}, "
                    f"value_num = 100 * (numerator + {by}) WHERE variant = ? AND segment = ? AND period = ? AND area_code = ?",
                    [r["variant"], r["segment"], r["period"], r["area_code"]],
                )
        for file in load_sql(ROOT / "sql"):
            if file.schema == "progress":
                write_select(connection, file.table, file.text)
        again = connection.sql(f"SELECT {KEYS} FROM progress.indicator_value ORDER BY ALL").pl()
        assert (again["numerator"] != values["numerator"]).sum() == 2 * len(moved)
        with bench.shown(connection):
            write_exports(connection, ROOT / "sql", tmp_path / "data", [], [], "demonstration", public=True)
    for path in sorted(seen.data.iterdir()):
        assert path.read_bytes() == (tmp_path / "data" / path.name).read_bytes(), path.name


def _exported(city: City) -> list[dict[str, Any]]:
    """Rows of the open data, CSV and Parquet, which are the same."""
    rows = []
    for name in ("indicators", "verdicts"):
        table = pl.read_parquet(city.data / f"{name}.parquet")
        text = pl.read_csv(city.data / f"{name}.csv", infer_schema=False)
        own = table.select(k.strip() for k in KEYS.split(","))
        assert own.cast(pl.String).equals(text.select(own.columns))
        rows += own.iter_rows(named=True)
    return rows


def faces(city: City) -> dict[str, list[str]]:
    """Every text of every file that a public edition consists of."""
    templates = ROOT / "report_templates"
    texts = {"report.json": list(_strings(json.loads(city.model.model_dump_json())))}
    for lang in ("zh", "en"):
        texts[f"report.{lang}.html"] = [t for _, t in texts_of(web_page(city.model, templates, lang))]
        texts[f"report.{lang}.pdf"] = [t for _, t in texts_of(render_html(city.model, templates, lang))]
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(city.model)))
    texts["tables.xlsx"] = [str(c.value) for s in book for line in s.iter_rows() for c in line if c.value is not None]
    texts["tables.xlsx"] += [str(v) for v in vars(book.properties).values()]
    for path in sorted(city.data.iterdir()):
        if path.suffix == ".csv":
            texts[path.name] = path.read_text("utf-8").splitlines()
    if city.model.notice is not None:
        texts["notice.zh.pdf"] = list(_strings(city.model.notice.model_dump()))
    return texts


def _strings(item: Any):
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict):
        for value in item.values():
            yield from _strings(value)
    elif isinstance(item, list | tuple):
        for value in item:
            yield from _strings(value)


FEW = re.compile(r"(?<![\d,.／/—–-])[1-9]名?(?:名|个)?(?:在园幼儿|幼儿|学生|儿童|新生)|(?<![\d,./–-])\b[1-9] (?:children|child|pupils?|entrants?)\b")


def test_no_face_tells_of_a_school_or_of_few_children(seen):
    """Every face of the public edition, every string in it: texts, drawings and their alternatives, cells, properties."""
    texts = faces(seen)
    assert len(texts) >= 10 and all(len(own) > 10 for own in texts.values())
    assert len(seen.schools) > 500
    codes = {code for code, _ in seen.schools}
    names = sorted({name for _, name in seen.schools if name})
    schools = re.compile("|".join(map(re.escape, names)))
    for face, own in texts.items():
        joined = "\n".join(own)
        assert not codes & set(re.findall(r"\d{10}", joined)), face
        assert not schools.search(joined), face
        assert FEW.findall(joined) == [], face
    # the internal edition has what the scan looks for
    assert FEW.search("缺4名幼儿") and FEW.search("short of 1 child") and not FEW.search("14名幼儿，2,003 pupils, 10 children")


def test_no_face_names_a_unit_in_a_sentence_about_a_problem(seen):
    """A sentence with a word for being behind, or one that counts units needing attention, names none."""
    whole = seen.bench.programme.plan.programme.area_code
    areas = [a for a in seen.inputs.areas if a["area_code"] != whole]
    names = {a[key] for a in areas for key in ("short_name_zh", "name_zh", "name_en")} - {"市本级", "Municipal level"}
    named = re.compile("|".join(map(re.escape, sorted(names))))
    problem = re.compile(r"滞后|未落实|未达标|不进反退|下降|缺口|问责|约谈|需重点关注|behind|broken|missed|falling back|fell|missing|short of")
    rules = {t for rule in seen.model.sources.reading_rules for t in (rule.zh, rule.en)}
    for face, own in faces(seen).items():
        if face.endswith(".csv"):
            continue  # rows, not sentences
        wrong = [
            t for t in own
            if t not in rules and t.endswith(("。", ".")) and problem.search(t) and named.search(t)
        ]  # fmt: skip
        assert wrong == [], face
