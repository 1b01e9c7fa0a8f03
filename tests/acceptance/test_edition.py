"""What the annual run promises: published whole, the same bytes everywhere, marked where it must be."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from pipeline import unchanged
from pipeline.edition.files import file_sha256
from pipeline.home import Home
from pipeline.lock import exclusive
from pipeline.plan.model import load_plan
from pipeline.report.shapes import Chapter, Piece, ReportModel, Text, said
from pipeline.report.walk import shapes, tables
from pipeline.warehouse.store import content_hash, table_frame
from tests.conftest import clean_copy
from tests.support.faces import figure_differences, numbers_of_model, numbers_of_page, numbers_of_pdf, page_differences
from tests.support.files import hashes
from tests.support.package import read_package

EDITIONS = (("china", 2023), ("zhangjiakou", 2024))


HAN = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r'“[^”]*”|"[^"]*"|《[^》]*》|〔[^〕]*〕')
NOTE = re.compile(r" Note: .*$", re.DOTALL)
CHINESE_COLUMNS = {
    "Source": "titles of documents as they were issued",
    "Title of the document": "the same",
    "Supplier": "as it stands in the register, which has no English name of it",
}
"""Columns of English tables that hold Chinese, and why."""


def edition(copy, programme, year, revision=1):
    return copy.root / "editions" / programme / str(year) / f"r{revision}"


def left_in_chinese(model: ReportModel) -> list[str]:
    """English texts and cells that hold Chinese: titles of documents in quotation marks, and notes, are as written."""

    def chinese(words: str) -> bool:
        return bool(HAN.search(QUOTED.sub("", NOTE.sub("", words))))

    cells = {
        (said(column.heading, "en"), said(cell.words, "en"))
        for table in tables(model) for row in table.rows for cell, column in zip(row.cells, table.columns, strict=True)
    }  # fmt: skip
    own = {words for heading, words in cells if heading in CHINESE_COLUMNS}
    texts = {text.en for text in shapes(model, Text)} | {words for _, words in cells}
    return sorted(words for words in texts - own if chinese(words))


def begun_small(model: ReportModel) -> list[str]:
    """English headings, titles, sentences and points that begin with a small letter: with a class or a body, say."""
    pieces, chapters = shapes(model, Piece), shapes(model, Chapter)
    texts = [text for piece in pieces for text in [*piece.said, *piece.points]]
    texts += [chapter.heading for chapter in chapters] + [table.title for table in tables(model)]
    assert len(texts) > 50
    return sorted(text.en for text in texts if text.en[:1].islower())


@pytest.mark.parametrize(("programme", "year"), EDITIONS)
def test_the_english_faces_are_english(installation, programme, year):
    """Codes of the returns too: only what others wrote stays Chinese, and says so."""
    folder = edition(installation, programme, year)
    model = ReportModel.model_validate_json((folder / "report.json").read_text("utf-8"))
    assert left_in_chinese(model) == []
    assert left_in_chinese(model.model_copy(update={"legend": [(s, Text(zh="", en="小学")) for s, _ in model.legend]})) == ["小学"]
    assert begun_small(model) == []
    page = (folder / "report.en.html").read_text("utf-8")
    body = re.sub(r'<(title|style|script|svg)\b.*?</\1>|<span lang="zh-CN">[^<]*</span>|<a[^>]*lang="zh[^>]*>[^<]*</a>', "", page, flags=re.S)
    assert not HAN.search(re.sub(r"<[^>]*>", "", body))
    drawings = "".join(re.findall(r"<svg\b.*?</svg>", page, re.S))
    assert not HAN.search(QUOTED.sub("", drawings))


@pytest.mark.parametrize(("programme", "year"), EDITIONS)
def test_edition_is_whole(installation, programme, year):
    folder = edition(installation, programme, year)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["revision"] == 1 and manifest["supersedes"] == ""
    published = hashes(folder)
    assert {name: entry["sha256"] for name, entry in manifest["outputs"].items()} == {
        name: digest for name, digest in published.items() if name != "manifest.json"
    }
    assert set(published) >= {
        "report.zh.pdf",
        "report.en.pdf",
        "report.json",
        "report.zh.html",
        "report.en.html",
        "tables.xlsx",
        "manifest.json",
        "data/indicators.csv",
        "data/verdicts.csv",
        "data/summary.csv",
        "data/contributions.csv",
        "data/exceptions.csv",
        "data/findings.csv",
        "data/datapackage.json",
    }
    assert ("notice.zh.pdf" in published) == (programme == "zhangjiakou")
    for entry in manifest["inputs"]:
        received = installation.root / "data_raw" / programme / entry["path"]
        assert hashlib.sha256(received.read_bytes()).hexdigest() == entry["sha256"]
    promised = load_plan(installation.root / "data_raw" / programme / "plan.yaml").commitments
    assert sum(manifest["verdicts"].values()) == len(promised)
    assert len(promised) == {"zhangjiakou": 86}.get(programme, len(promised))
    assert manifest["tools"]["duckdb"] and manifest["tools"]["pango"] and len(manifest["fonts"]) >= 2
    text = (folder / "manifest.json").read_text("utf-8")
    assert str(installation.root) not in text


def test_the_run_ends_with_the_path_and_three_lines(installation):
    lines = (installation.root / "first_run.txt").read_text("utf-8").splitlines()
    for programme, year in EDITIONS:
        (at,) = [n for n, line in enumerate(lines) if f"editions/{programme}/{year}/r1/report.zh.pdf" in line]
        verdict = lines[at + 1 : at + 4]
        assert len(verdict) == 3 and all(line.startswith("  ") and len(line) > 6 for line in verdict)


HEAVY = {
    "altair", "dagster", "duckdb", "great_expectations", "numpy", "pandas", "polars", "pyarrow", "pydantic", "sqlalchemy",
    "sqlglot", "weasyprint",
}  # fmt: skip


def imported(stderr):
    """Top packages that a process with PYTHONPROFILEIMPORTTIME imported."""
    lines = [line for line in stderr.splitlines() if line.startswith("import time:")]
    assert len(lines) > 50
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    ("asked", "editions"), [(("china", "2023"), EDITIONS[:1]), (("--latest",), EDITIONS)], ids=["one", "latest"]
)
def test_where_nothing_changed_nothing_is_done_and_it_is_told_why(installation, asked, editions):
    """Neither library nor orchestrator is imported; edition, ids and the closing lines are told in both languages."""
    root = installation.root
    made, history = hashes(root / "editions"), hashes(root / "build" / "dagster")
    done = installation.jiance("run", *asked, PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0, done.stdout
    assert not imported(done.stderr) & HEAVY
    english = installation.jiance("--lang", "en", "run", *asked)
    first = (root / "first_run.txt").read_text("utf-8").splitlines()
    for programme, year in editions:
        folder = edition(installation, programme, year)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        (zh,) = [line for line in done.stdout.splitlines() if line.startswith(f"{programme} {year}:没有需要重做的")]
        (en,) = [line for line in english.stdout.splitlines() if line.startswith(f"{programme} {year}: nothing to do")]
        files = sum(p.is_file() for p in (root / "data_raw" / programme).rglob("*"))
        for line in (zh, en):
            assert manifest["build_id"] in line and manifest["vintage_id"] in line and " r1 " in line
            assert f" {files} " in line and f" {len(manifest['outputs'])} " in line
        (at,) = [n for n, line in enumerate(first) if f"editions/{programme}/{year}/r1/report.zh.pdf" in line]
        closing = [*first[at + 1 : at + 4], *(line for line in first if line.startswith(f"{programme} {year}:校验"))]
        assert len(closing) == 4 and set(closing) <= set(done.stdout.splitlines())
        assert "(与上次相同,未重复发布 r1)" in done.stdout
    assert hashes(root / "editions") == made and hashes(root / "build" / "dagster") == history


CHANGES = {
    "a return": ("data_raw/china/2023/certified_values.csv", "2023/certified_values.csv"),
    "the register": ("data_raw/china/register.csv", "register.csv"),
    "the plan": ("data_raw/china/plan.yaml", "plan.yaml"),
    "the territory": ("data_raw/china/areas.csv", "areas.csv"),
    "the notes": ("data_raw/china/notes.csv", "notes.csv"),
    "a file that is not registered": ("data_raw/china/2023/new.csv", "2023/new.csv"),
    "a layout": ("data_raw/china/layouts/old.csv", "layouts/old.csv"),
    "a rule": ("pipeline/quality/rules/d_years.yaml", "pipeline/quality/rules/d_years.yaml"),
    "a formula": ("sql/indicators/preschool_ger.sql", "sql/indicators/preschool_ger.sql"),
    "a step": ("assets/received.py", "assets/received.py"),
    "what keeps the inputs": ("pipeline/proof/keep.py", "pipeline/proof/keep.py"),
    "a stylesheet": ("report_templates/style.css", "report_templates/style.css"),
    "a font": ("report_templates/fonts/NotoSansSC-GB2312-Bold.ttf", "report_templates/fonts/NotoSansSC-GB2312-Bold.ttf"),
    "the locked libraries": ("requirements.lock", "requirements.lock"),
    "a published file": ("editions/china/2023/r1/data/verdicts.csv", "r1"),
    "the manifest": ("editions/china/2023/r1/manifest.json", "r1/manifest.json"),
}


@contextmanager
def touched(path):
    """A file of the same size and time of change with its last byte another one, or a new file; all as before afterwards."""
    before, status = (path.read_bytes(), path.stat()) if path.exists() else (None, None)
    made = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((before or b"x")[:-1] + b"~")
    if status is not None:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    try:
        yield
    finally:
        if before is None:
            path.unlink()
            for folder in made:
                folder.rmdir()
        else:
            path.write_bytes(before)


@pytest.fixture
def seen(installation, monkeypatch):
    """What is made of the national edition of the installation without running anything."""
    monkeypatch.setattr(unchanged, "CODE_ROOT", installation.root)
    return lambda: unchanged.look(Home(installation.root), "china", 2023)


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_noticed_by_its_content_and_named(installation, seen, name):
    path, told = CHANGES[name]
    assert isinstance(seen(), unchanged.Same)
    with touched(installation.root / path):
        found = seen()
        assert isinstance(found, unchanged.Differs) and told in found.zh and told in found.en
    assert isinstance(seen(), unchanged.Same)


def test_a_missing_file_another_library_and_a_newer_revision_are_noticed_too(installation, seen, monkeypatch, tmp_path):
    folder = edition(installation, "china", 2023)
    kept = installation.root / "editions" / "china" / "inputs"
    digest = json.loads((folder / "manifest.json").read_text("utf-8"))["inputs"][0]["sha256"]
    for path, told in ((folder / "tables.xlsx", "r1"), (kept / digest, digest[:12])):
        path.rename(tmp_path / "aside")
        found = seen()
        (tmp_path / "aside").rename(path)
        assert isinstance(found, unchanged.Differs) and told in found.zh and told in found.en
    newer = edition(installation, "china", 2023, 2)
    newer.mkdir()
    (newer / "manifest.json").write_text("{}", "utf-8")
    found = seen()
    (newer / "manifest.json").unlink()
    newer.rmdir()
    assert isinstance(found, unchanged.Differs) and "r1" in found.zh
    with monkeypatch.context() as patched:
        (tmp_path / "strange-1.0.dist-info").mkdir()
        patched.syspath_prepend(str(tmp_path))
        found = seen()
        assert isinstance(found, unchanged.Differs) and found.en == "libraries: strange"
    with monkeypatch.context() as patched:
        patched.setattr(unchanged, "native_versions", lambda: {"pango": "0.1"})
        found = seen()
        assert isinstance(found, unchanged.Differs) and "pango" in found.zh
    assert isinstance(seen(), unchanged.Same)


def test_a_plan_put_back_after_the_run_is_not_what_the_edition_rests_on(installation, seen):
    """The plan was another one while the run read it, and is as before again: the present state made another edition."""
    home, folder = Home(installation.root), edition(installation, "china", 2023)
    stamp, published = installation.root / "build" / "china-2023" / unchanged.STAMP, folder / "manifest.json"
    before, manifest = stamp.read_text("utf-8"), published.read_text("utf-8")
    document = json.loads(manifest)
    other, (name, *_) = document["reference"]["areas.csv"], document["code_files"]
    first = document["inputs"][0]
    try:
        for changed, named in (
            ({"reference": document["reference"] | {"plan.yaml": other}}, "plan.yaml"),
            ({"reference": {k: v for k, v in document["reference"].items() if k != "notes.csv"}}, "notes.csv"),
            ({"inputs": [first | {"sha256": other.upper()}, *document["inputs"][1:]]}, first["path"]),
            ({"code_files": document["code_files"] | {name: other}}, name),
            ({"vintage_sha256": other}, None),  # the register said something else of a file
        ):
            published.write_text(json.dumps(document | changed), "utf-8")
            if named is not None:
                noted = json.loads(before) | {"manifest_sha256": file_sha256(published)}
                stamp.write_text(json.dumps(noted), "utf-8")
                found = seen()
                assert isinstance(found, unchanged.Differs) and named in found.zh and named in found.en
            stamp.unlink(missing_ok=True)
            state = unchanged.present_state(home, "china")
            unchanged.leave_stamp(home, "china", 2023, state, revision=1, latest=True, tally=[], headline=[])
            assert not stamp.exists()
        published.write_text(manifest, "utf-8")
        unchanged.leave_stamp(home, "china", 2023, state, revision=1, latest=True, tally=[], headline=[])
        assert isinstance(seen(), unchanged.Same)
    finally:
        published.write_text(manifest, "utf-8")
        stamp.write_text(before, "utf-8")


def test_without_a_whole_stamp_or_beside_another_run_nothing_is_taken_for_the_same(installation, seen):
    stamp = installation.root / "build" / "china-2023" / unchanged.STAMP
    text = stamp.read_text("utf-8")
    for damaged in ("", text[:-20], "[]", "{}", json.dumps(json.loads(text) | {"format": 0}), '{"format": 1}'):
        stamp.write_text(damaged, "utf-8")
        assert seen() is None
    stamp.unlink()
    assert seen() is None
    stamp.write_text(text, "utf-8")
    with exclusive(stamp.parent):
        assert seen() is None
    assert isinstance(seen(), unchanged.Same)


ELSEWHERE = {"seed": "4242", "zone": "Asia/Shanghai", "LC_ALL": "C", "LANG": "C"}
"""Another hash seed, time zone and locale."""


def test_another_copy_another_process_the_same_tables(installation, tmp_path):
    """Another folder, hash seed, time zone and locale, without a network: every table of the city holds the same rows.

    That faces made of equal tables are the same bytes is shown by the nation's edition, which the tests of the proof make
    again, and by the pages of the city that the tests of the report render in other processes.
    """
    other = clean_copy(tmp_path / "elsewhere" / "jiance", installation.root)
    result = other.jiance("check", "zhangjiakou", "2024", **ELSEWHERE)
    assert result.returncode == 0, result.stdout + result.stderr
    manifest = json.loads((edition(installation, "zhangjiakou", 2024) / "manifest.json").read_text("utf-8"))
    with duckdb.connect(str(other.root / "build" / "zhangjiakou-2024" / "warehouse.duckdb"), read_only=True) as connection:
        found = {table: content_hash(table_frame(connection, table)) for table in manifest["tables"]}
    assert found == {table: told["sha256"] for table, told in manifest["tables"].items()}


@pytest.mark.long
def test_another_copy_another_process_the_same_bytes(installation, tmp_path):
    """The same of every byte published of the city."""
    other = clean_copy(tmp_path / "elsewhere" / "jiance", installation.root)
    result = other.jiance("run", "zhangjiakou", "2024", **ELSEWHERE)
    assert result.returncode == 0, result.stdout + result.stderr
    assert hashes(edition(other, "zhangjiakou", 2024)) == hashes(edition(installation, "zhangjiakou", 2024))


def read_csv(path):
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))


def test_demonstration_mark_is_everywhere(installation):
    folder = edition(installation, "zhangjiakou", 2024)
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["data_status"] == "demonstration"
    for name in ("indicators", "verdicts", "summary", "contributions"):
        rows = read_csv(folder / "data" / f"{name}.csv")
        assert rows and {r["data_status"] for r in rows} == {"demonstration"}
    import pypdfium2

    pages = pypdfium2.PdfDocument(folder / "report.zh.pdf")
    for number, page in enumerate(pages, start=1):
        assert "演示数据" in page.get_textpage().get_text_range(), f"page {number}"


def test_real_figures_carry_no_such_mark(installation):
    folder = edition(installation, "china", 2023)
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["data_status"] == "real"
    rows = read_csv(folder / "data" / "verdicts.csv")
    assert {r["data_status"] for r in rows} == {"real"}
    import pypdfium2

    pages = pypdfium2.PdfDocument(folder / "report.zh.pdf")
    assert not any("演示数据" in page.get_textpage().get_text_range() for page in pages)


def test_published_national_figures(installation):
    """The verdicts of the national edition, worked out by hand from the published figures.

    Pre-school 91.1 against 90: achieved early. Retention 95.7: path 95.2 + 0.8 x 3/5 = 95.68: on schedule.
    Upper secondary from 2021: 91.4 + 0.6 x 2/4 = 91.7, 91.8: on schedule. Coverage 3717.01/4092.98: achieved early.
    Spending 2022: higher education fell by 1.69 %, so the promise is broken although five stages rose. The total rose by
    4.79 % (37,463.36 to 39,256.96, in hundred millions). For pay and myopia no figures that would decide are published.
    """
    folder = edition(installation, "china", 2023)
    got = {r["commitment_id"]: r["class"] for r in read_csv(folder / "data" / "summary.csv")}
    assert got == {
        "preschool_ger": "achieved_early",
        "compulsory_retention": "on_schedule",
        "senior_secondary_ger": "on_schedule",
        "inclusive_coverage": "achieved_early",
        "per_pupil_spending": "broken",
        "education_spending_total": "kept",
        "teacher_pay_vs_civil_servants": "no_judgement",
        "myopia_rate": "no_judgement",
    }
    verdicts = read_csv(folder / "data" / "verdicts.csv")
    total = {r["period"]: r for r in verdicts if r["commitment_id"] == "education_spending_total"}
    assert {p: r["class"] for p, r in total.items()} == {"2019": "", "2020": "", "2021": "kept", "2022": "kept"}
    assert (total["2022"]["value_num"], total["2022"]["value_den"]) == ("3925696000000000000", "1000000")
    # 36,310.47 -> 37,463.36 is +3.18 % as printed; the notice says +5.17 % on the same basis
    assert (total["2021"]["previous_num"], total["2021"]["published_change_micro"]) == ("", "5170000")
    spending = {
        (r["segment"], r["period"]): r["class"] for r in verdicts if r["commitment_id"] == "per_pupil_spending"
    }
    assert spending["junior", "2021"] == "kept"  # 17,803.60 -> 17,772.06 printed, +1.74 % on the same basis
    assert [s for (s, p), c in spending.items() if c == "broken"] == ["higher"]
    coverage = [r for r in verdicts if r["commitment_id"] == "inclusive_coverage" and r["is_reported"] == "true"]
    assert (coverage[0]["numerator"], coverage[0]["denominator"]) == ("37170100", "40929800")


def test_no_clock_in_any_output(installation):
    """No output holds today's date, and none is newer than the newest returned file says."""
    import datetime

    today = datetime.date.today()
    for programme, year in EDITIONS:
        for path in edition(installation, programme, year).rglob("*"):
            if path.suffix in (".csv", ".json"):
                assert f"{today:%Y-%m-%d}T" not in path.read_text("utf-8-sig")


@pytest.mark.parametrize(("programme", "year"), EDITIONS)
def test_all_faces_print_the_numbers_of_the_published_model(installation, programme, year):
    folder = edition(installation, programme, year)
    model = ReportModel.model_validate_json((folder / "report.json").read_text("utf-8"))
    for lang in ("zh", "en"):
        wanted = numbers_of_model(model, lang)
        assert wanted - numbers_of_pdf(folder / f"report.{lang}.pdf") == {}
        page = (folder / f"report.{lang}.html").read_text("utf-8")
        assert wanted - numbers_of_page(page) == {} and page_differences(model, page, lang) == []
    assert figure_differences(model, (folder / "tables.xlsx").read_bytes()) == []


def test_the_two_amounts_that_may_not_fall_are_told_apart(installation):
    """Totals and amounts per pupil each under their own name; large sums in 万元 are those of the totals only."""
    text = (edition(installation, "zhangjiakou", 2024) / "report.json").read_text("utf-8")
    chapter = ReportModel.model_validate_json(text).spending
    years, levels, *_ = [table for piece in chapter.pieces for table in piece.tables]
    heads = [column.heading.zh[:2] for column in years.columns]
    assert heads == ["级次", *["总量"] * 4, *["生均"] * 4, "下降"]
    in_wan = [t for p in chapter.pieces for t in p.tables if t.unit and t.unit.zh == "单位：万元"]
    assert in_wan == [levels] and levels.title.zh.startswith("分级次一般公共预算教育支出")


@pytest.mark.parametrize(("programme", "year"), EDITIONS)
def test_the_data_are_what_their_package_says(installation, programme, year):
    """Profile, hashes, headings, types, lists of values and keys of every file; every column in both languages."""
    folder = edition(installation, programme, year) / "data"
    rows = read_package(folder)
    assert set(rows) >= {"indicators", "verdicts", "summary", "contributions", "exceptions", "findings", "advice", "gaps"}
    assert all(isinstance(r["numerator"], int | None) for r in rows["indicators"]) and rows["verdicts"]
    document = json.loads((folder / "datapackage.json").read_text("utf-8"))
    codes = {gap["code"] for gap in document["gaps"]}
    assert codes == {"not_reported", "not_applicable", "suppressed", "provisional"}
    for row in rows["verdicts"]:
        assert row["value_status"] in codes - {"suppressed"} if row["value_num"] is None else row["value_status"] in (None, "provisional")
    for resource in document["resources"]:
        fields = resource["schema"]["fields"] if resource["format"] == "csv" else []
        assert all(" / " in f["description"] and f["title"] for f in fields)


# What the demonstration shows of each kind, 2021 to 2024, in the city or a unit of it. Not there: "achieved" and
# "missed" of a level (all five are due in 2025: docs/demo.md), a ceiling on an amount and a shown coverage (no return supplies one),
# and what the summary alone says of many units.
SHOWN = {
    "level_by_year": {"achieved_early", "on_schedule", "slightly_behind", "behind", "falling_back", "no_judgement"},
    "never_decrease": {"kept", "unchanged", "broken", "no_judgement"},
    "yearly_change": {"step_reached", "within_error", "step_missed", "no_judgement"},
    "floor": {"all_met", "partly_met", "none_met", "met", "not_met", "no_judgement"},
    "ceiling": {"all_met", "partly_met", "none_met", "no_judgement"},
    "count_by_year": {
        "completed", "completed_late", "overdue", "on_schedule", "slightly_behind", "behind", "monitored", "no_judgement",
    },
    "full_coverage": {"covered", "mostly_covered", "not_covered", "in_progress", "no_judgement"},
    "comparative": {"met", "not_met", "in_progress", "monitored", "no_judgement"},
    "recurring_event": {"on_time", "window_open", "window_missed", "no_judgement"},
    "milestone": {"done", "in_progress", "milestone_overdue", "monitored", "no_judgement"},
    "directional": {"monitored", "no_judgement"},
}  # fmt: skip
FLAGS = ("flag_met_but_fell", "flag_denominator_driven", "flag_basis_break", "flag_preliminary")


def test_the_demonstration_shows_every_class_of_every_kind_and_the_flags(installation):
    published = read_csv(edition(installation, "zhangjiakou", 2024) / "data" / "verdicts.csv")
    judged = [r for r in published if r["class"] and 2021 <= int(r["period"]) <= 2024]
    shown = {kind: {r["class"] for r in judged if r["kind"] == kind} for kind in SHOWN}
    assert shown == SHOWN
    raised = {flag for flag in FLAGS for r in judged if r[flag] == "true"}
    assert raised == set(FLAGS)
    assert {r["projection"] for r in judged} - {""} == {"reachable", "unreachable"}


@pytest.fixture(scope="module")
def city_2022(installation) -> Path:
    """The tables of the city's edition of 2022, made by itself."""
    result = installation.jiance("check", "zhangjiakou", "2022")
    assert result.returncode == 0, result.stdout + result.stderr
    return installation.root / "build" / "zhangjiakou-2022" / "warehouse.duckdb"


def test_the_correction_of_a_closed_year_is_flagged_in_the_edition_that_follows(installation, city_2022):
    """康保县 handed in one university for the elderly for 2021; a year later the closed year was corrected to none.

    The promise was fulfilled in 2021 as last year's edition saw it, and is in progress (due 2025) as it is known now. The
    edition of 2024 looks back one year only, so the flag stands in that of 2022.
    """
    received = installation.root / "data_raw" / "zhangjiakou" / "2021"
    for name, number in (("elderly_education_r1.xlsx", 1.0), ("elderly_education_r2.xlsx", 0.0)):
        sheet = CalamineWorkbook.from_path(received / name).get_sheet_by_index(0).to_python()
        assert [row[5] for row in sheet if row[0] == "130723" and row[2] == "县"] == [number]
    with duckdb.connect(str(city_2022), read_only=True) as connection:
        verdict = "SELECT commitment_id, area_code, period, class FROM progress.verdict WHERE flag_corrected"
        assert connection.execute(verdict).fetchall() == [("county_senior_university", "130723", 2021, "in_progress")]
        earlier = "SELECT class, restated_class FROM raw.earlier_verdict WHERE class <> restated_class"
        assert connection.execute(earlier).fetchall() == [("covered", "in_progress")]


def test_earlier_editions_judged_again_say_what_they_said_themselves(installation, city_2022):
    """The column of 2022 in the revision triangle of 2024, against the edition of 2022; of 2021 by the figures that the
    edition of 2021 had before there was a triangle (8,740,700 / 99,996 is 87.41 %)."""
    rows = read_csv(edition(installation, "zhangjiakou", 2024) / "data" / "revisions.csv")
    cells = {(r["commitment_id"], int(r["edition"]), int(r["period"])): r for r in rows}
    with duckdb.connect(str(city_2022), read_only=True) as connection:
        values = connection.execute(
            "SELECT commitment_id, period, value_num, value_den FROM progress.verdict "
            "WHERE area_code = '130700' AND segment = 'all' AND period BETWEEN 2020 AND 2022"
        ).fetchall()
        classes = dict(connection.execute("SELECT commitment_id, class FROM progress.summary").fetchall())
    printed = {(c, p): (str(num), str(den)) for c, p, num, den in values}
    column = {(c, p): r for (c, e, p), r in cells.items() if e == 2022}
    assert len(column) == 15  # five headline figures of 2020, 2021 and 2022
    assert {key: (r["value_num"], r["value_den"]) for key, r in column.items()} == {key: printed[key] for key in column}
    newest = {c: r["class"] for (c, p), r in column.items() if p == 2022}
    assert newest == {c: classes[c] for c in newest}
    assert newest["per_pupil_spending"] == "broken" and newest["preschool_ger"] == "on_schedule"
    then = {
        "preschool_ger": ("9999600", "111802", "slightly_behind"),
        "inclusive_coverage": ("8740700", "99996", "achieved_early"),
        "compulsory_retention": ("97650000", "1000000", "on_schedule"),
        "per_pupil_spending": ("9687532883724", "662614400", "kept"),
    }
    found = {c: cells[c, 2021, 2021] for c in then}
    assert {c: (r["value_num"], r["value_den"], r["class"]) for c, r in found.items()} == then
