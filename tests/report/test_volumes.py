"""The pages of many units in volumes: the same pages as in one report, all of them, each once; set apart from one another."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pipeline.edition.manifest import canonical_json
from pipeline.report import volume_files, volumes
from pipeline.report.apart import PagesLost
from pipeline.report.archive import Attached
from pipeline.report.model import ReportModel, build_report
from pipeline.report.render import render_volume
from pipeline.report.schema import schema_text
from pipeline.report.shapes import Chapter, Volume
from pipeline.report.volume_files import set_volumes, written_models
from pipeline.report.volume_names import volume_files as published_files
from pipeline.report.volume_names import volume_of
from pipeline.report.walk import printed
from pipeline.report.web import web_page
from tests.conftest import ROOT
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import city_inputs
from tests.support.faces import numbers, numbers_of_pdf
from tests.support.volume_processes import setting_volumes
from tests.support.waiting import until

PER_VOLUME = 3


@pytest.fixture(scope="module")
def divided() -> tuple[ReportModel, list[Volume]]:
    """The sample city as if it had too many units for one report."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(volumes, "WITHIN", 5)
        patch.setattr(volumes, "IN_A_VOLUME", PER_VOLUME)
        report, made = build_report(city_inputs())
        return report, list(made)


def pages_of(report: ReportModel) -> list[Chapter]:
    return next(chapter for chapter in report.leaves if chapter.id == "units").pages


def as_told(page: Chapter) -> dict[str, Any]:
    """A page without the numbers of its tables and figures, which begin anew in a volume."""
    told = page.model_dump()
    for piece in told["pieces"]:
        del piece["said"]  # the last sentence names the tables by number
        for shown in (*piece["tables"], *([piece["chart"]] if piece["chart"] else [])):
            del shown["number"]
    return told


def test_with_some_dozens_of_units_their_pages_stand_in_the_report(city: ReportModel):
    report, made = build_report(city_inputs())
    assert report == city and report.volumes == [] and list(made) == []


def test_every_unit_has_the_page_that_it_has_in_one_report(city: ReportModel, divided):
    _, made = divided
    assert len(pages_of(city)) > 5
    assert [as_told(page) for v in made for page in v.chapter.pages] == [as_told(page) for page in pages_of(city)]


def test_volumes_are_even_and_numbered(divided):
    report, made = divided
    sizes = [len(v.chapter.pages) for v in made]
    assert max(sizes) <= PER_VOLUME and max(sizes) - min(sizes) <= 1
    assert [(v.number, v.count) for v in made] == [(n, len(made)) for n in range(1, len(made) + 1)]
    assert report.volumes == [f"units-{n:03d}" for n in range(1, len(made) + 1)]
    for volume in made:
        assert [t.number for t in volume.tables()] == list(range(1, len(volume.tables()) + 1))
        assert f"第{volume.number}卷(共{len(made)}卷)" in volume.chapter.heading.zh.replace("（", "(").replace("）", ")")


def test_the_report_says_in_which_volume_each_unit_is(divided):
    report, made = divided
    (units,) = [chapter for chapter in report.leaves if chapter.id == "units"]
    assert units.pages == []
    rows = [[cell.words for cell in row.cells] for row in units.pieces[0].tables[0].rows]
    assert [(row[1].zh, row[1].en, row[2]) for row in rows] == [
        (f"units-{v.number:03d}.zh.pdf", f"units-{v.number:03d}.en.pdf", str(len(v.chapter.pages))) for v in made
    ]
    names = [page.heading.en for v in made for page in v.chapter.pages]
    assert ", ".join(row[3].en for row in rows) == ", ".join(names)
    assert "见表" in units.pieces[0].said[-1].zh
    for lang in ("zh", "en"):
        links = re.findall(r'<a href="(units-[^"]+)">([^<]+)</a>', web_page(report, TEMPLATES, lang))
        assert links == [(f"{name}.{lang}.pdf",) * 2 for name in report.volumes]


def test_a_volume_explains_no_mark_that_it_does_not_have(divided):
    report, made = divided
    assert [m for m in report.marks if m not in made[0].marks] == [m for m in report.marks if "追溯码" in m.zh] != []
    assert all(mark in report.marks for mark in made[0].marks)


def test_the_public_report_has_neither_pages_nor_volumes(monkeypatch):
    monkeypatch.setattr(volumes, "WITHIN", 5)
    report, made = build_report(city_inputs(audience="public"))
    assert report.volumes == [] and list(made) == [] and all(chapter.id != "units" for chapter in report.leaves)


def test_a_volume_keeps_its_schema(divided):
    schema = json.loads(schema_text(Volume))
    jsonschema.Draft202012Validator(schema).validate(json.loads(divided[1][0].model_dump_json()))


@pytest.fixture(scope="module")
def folder(divided, tmp_path_factory) -> Path:
    """The first two volumes as files, set in processes of their own."""
    place = tmp_path_factory.mktemp("volumes")
    (place / "units-009.json").write_text("{}", "utf-8")
    assert written_models(place, (canonical_json(v.model_dump(mode="json"), close=True) for v in divided[1][:2])) == 2
    (place / "manifest.json").write_text("{}", "utf-8")
    carried = [Attached("manifest.json", place / "manifest.json", "Supplement", "清单")]
    set_pages = dict(set_volumes(place, ["units-001", "units-002"], TEMPLATES, carried))
    # cover, contents, a sheet a unit
    assert set_pages == {
        f"units-{v.number:03d}.{lang}.pdf": 2 + len(v.chapter.pages) for v in divided[1][:2] for lang in ("zh", "en")
    }
    return place


def test_what_an_earlier_run_left_is_gone(folder: Path):
    assert sorted(p.name for p in folder.glob("units-*")) == sorted(published_files(["units-001", "units-002"]))
    assert {volume_of(p.name) for p in folder.glob("units-*")} == {"units-001", "units-002"}
    assert volume_of("report.zh.pdf") is None and volume_of("data/units-001.json") is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_prints_what_its_model_says(folder: Path, divided, lang):
    wanted = numbers(printed(divided[1][0], lang))
    assert wanted.total() > 50 and not wanted - numbers_of_pdf(folder / f"units-001.{lang}.pdf")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_volume_is_archival_and_accessible(folder: Path, lang):
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.verapdf", str(folder / f"units-001.{lang}.pdf"), "3a,ua1"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(t["profile"], t["compliant"], t["failures"]) for t in told] == [("3a", True, []), ("ua1", True, [])]


def test_the_process_makes_no_difference_to_the_bytes(folder: Path, divided, tmp_path: Path):
    carried = [
        Attached("manifest.json", folder / "manifest.json", "Supplement", "清单"),
        volume_files.volume_attached(folder / "units-002.json"),
    ]
    render_volume(divided[1][1], TEMPLATES, tmp_path / "again.pdf", "zh", carried)
    assert (tmp_path / "again.pdf").read_bytes() == (folder / "units-002.zh.pdf").read_bytes()


def _killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_was_killed_is_told_as_what_it_most_likely_is(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(volume_files, "_set", _killed)
    with pytest.raises(PagesLost, match="分卷的进程被系统终止,多半是内存不足.*已排好 0 卷,从 units-001 起没有排完.*untouched") as told:
        list(set_volumes(tmp_path, ["units-001"], TEMPLATES, []))
    assert told.value.__cause__ is None


def _asleep(folder: Path, *_: object) -> None:
    (folder / "asleep").write_text(str(os.getpid()), "utf-8")
    time.sleep(300)


def _one_asleep(folder: Path, name: str, *_: object) -> list[tuple[str, int]]:
    if name == "units-001":
        until((folder / "asleep").is_file)
        return [(f"{name}.zh.pdf", 1)]
    return _asleep(folder)


def test_a_caller_that_goes_away_waits_for_no_volume(tmp_path: Path, monkeypatch):
    """Interrupted, say, with the next volume half set: it is ended, not waited for."""
    monkeypatch.setattr(volume_files, "_set", _one_asleep)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    setting = set_volumes(tmp_path, ["units-001", "units-002"], TEMPLATES, [])
    assert next(setting) == ("units-001.zh.pdf", 1)
    begun = time.monotonic()
    setting.close()
    assert time.monotonic() - begun < 120 and not setting_volumes(os.getpid())


SETTING = """
import sys
import time
from pathlib import Path
from pipeline.report import volume_files
from tests.report.test_volumes import _asleep
volume_files._set = _asleep
list(volume_files.set_volumes(Path(sys.argv[1]), ["units-001"], Path(sys.argv[1]), []))
"""


@pytest.mark.parametrize("at_work", [True, False], ids=["at work", "just begun"])
def test_a_process_ends_with_the_one_that_started_it(tmp_path: Path, at_work):
    """Else it would put its volume among those of the next run."""
    parent = subprocess.Popen([sys.executable, "-c", SETTING, str(tmp_path)], cwd=ROOT)
    told = tmp_path / "asleep"
    until(lambda: told.is_file() and told.read_text("utf-8") if at_work else setting_volumes(parent.pid))
    (child,) = setting_volumes(parent.pid)
    parent.kill()
    parent.wait()
    until(lambda: not child.exists() or ") Z" in (child / "stat").read_text("utf-8"))


def test_a_process_whose_parent_is_gone_already_ends_at_once():
    """Between its start and the call nothing would tell it of that death."""
    said = "import os; from pipeline.fanout import die_with_parent; die_with_parent({}); print('alive')"
    orphan, child = (
        subprocess.run([sys.executable, "-c", said.format(parent)], cwd=ROOT, capture_output=True, text=True)
        for parent in ("os.getpid()", "os.getppid()")
    )
    assert (orphan.returncode, orphan.stdout) == (1, "") and (child.returncode, child.stdout) == (0, "alive\n")
