"""An edition whose units are too many for one report: its volumes are published, verified and held against tampering."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.demo.bulk.order import Order
from pipeline.demo.bulk.programme import write_programme
from pipeline.programme import HOME_VARIABLE, Home
from pipeline.proof.verify import verify
from pipeline.report import volumes
from tests.conftest import ROOT
from tests.support.volume_processes import setting_volumes
from tests.support.waiting import until

WITHIN, IN_A_VOLUME = volumes.WITHIN, volumes.IN_A_VOLUME
"""As they are, before the home below has others for as long as it stands."""
ORDER = Order("example", schools=60, counties=5, first_year=2023, last_year=2024, seed=3)


def jiance(home: Path, *words: str) -> str:
    made = CliRunner().invoke(main, ["--home", str(home), *words])
    assert made.exit_code == 0, made.output
    return made.output


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Five counties, as if two were all that a report has room for."""
    place = tmp_path_factory.mktemp("volumes")
    write_programme(ORDER, place)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(HOME_VARIABLE, raising=False)
        patch.setattr(volumes, "WITHIN", 2)
        patch.setattr(volumes, "IN_A_VOLUME", 2)
        jiance(place, "run", "example", "2024")
        yield Home(place)


@pytest.fixture(scope="module")
def edition(home) -> Path:
    return home.editions / "example" / "2024" / "r1"


@pytest.fixture
def copy(edition, tmp_path) -> Path:
    """The edition, to be changed."""
    place = tmp_path / "editions" / "example" / "2024" / "r1"
    shutil.copytree(edition, place)
    return place


def test_the_volumes_are_published_with_the_report(edition):
    names = sorted(path.name for path in edition.glob("units-*"))
    assert names == [f"units-00{n}.{end}" for n in (1, 2, 3) for end in ("en.pdf", "json", "zh.pdf")]
    manifest = json.loads((edition / "manifest.json").read_text("utf-8"))
    assert set(names) <= set(manifest["outputs"]) and {f"units-00{n}.json" for n in (1, 2, 3)} <= set(manifest["attached"])
    assert json.loads((edition / "report.json").read_text("utf-8"))["volumes"] == ["units-001", "units-002", "units-003"]
    counties = [p["heading"]["zh"] for n in (1, 2, 3) for p in json.loads((edition / f"units-00{n}.json").read_text("utf-8"))["chapter"]["pages"]]
    assert len(counties) == len(set(counties)) == 5
    with pypdfium2.PdfDocument(edition / "units-002.zh.pdf") as document:
        carried = {document.get_attachment(n).get_name() for n in range(document.count_attachments())}
        printed = "".join(page.get_textpage().get_text_range() for page in document)
    assert carried == {"units-002.json", "manifest-without-outputs.json"}
    assert manifest["vintage_id"] in printed and manifest["build_id"] in printed and counties[2] in printed


def test_a_volume_alone_is_set_again_where_the_returns_are_missing(edition, tmp_path):
    (tmp_path / "nowhere" / "data_raw").mkdir(parents=True)
    alone = Path(shutil.copyfile(edition / "units-001.zh.pdf", tmp_path / "sent.pdf"))
    told = verify(alone, Home(tmp_path / "nowhere"))
    assert {step.tier: step.sound for step in told.steps}["fingerprint"] is True
    assert [step.sound for step in told.steps if step.tier == "printed"] == [True]


def test_another_volume_under_the_name_of_one_is_told(home, copy):
    shutil.copyfile(copy / "units-001.zh.pdf", copy / "units-002.zh.pdf")
    told = verify(copy, home, rebuilding=False)
    assert told.outcome == "different" and "units-002.zh.pdf" in str(told.differences[0])


def test_a_run_again_finds_nothing_to_do(home):
    assert "没有需要重做的" in jiance(home.root, "run", "example", "2024")


NARROW = """
import sys
from pipeline.report import volumes
volumes.WITHIN = volumes.IN_A_VOLUME = 2
from pipeline.cli import main
main(sys.argv[1:])
"""


@pytest.mark.long
def test_a_run_killed_while_its_volumes_are_set_leaves_nothing_to_the_next(home, edition, tmp_path):
    """Neither a process that goes on, nor a volume of its own among those of the next run."""
    place = tmp_path / "home"
    shutil.copytree(home.root, place, ignore=shutil.ignore_patterns("editions", "dagster"))
    run = subprocess.Popen([sys.executable, "-c", NARROW, "--home", str(place), "run", "example", "2024"], cwd=ROOT)
    setting = until(lambda: setting_volumes(run.pid), running=run)
    assert not (place / "editions").exists()
    run.kill()
    run.wait()
    until(lambda: not any(process.exists() for process in setting))
    # what it would have left half written
    (left,) = {path.parent for path in place.glob("build/*/report/units-001.json")}
    (left / "units-002.zh.pdf").write_bytes(b"half")
    jiance(place, "run", "example", "2024")
    made = place / "editions" / "example" / "2024" / "r1"
    assert [p.name for p in made.glob("units-*")] and {p.name: p.read_bytes() for p in made.glob("units-*")} == {
        p.name: p.read_bytes() for p in edition.glob("units-*")
    }


@pytest.mark.long
def test_a_province_of_sixty_one_counties_is_made_again_byte_for_byte(tmp_path, monkeypatch):
    """By the numbers as they are: one unit more than a report has room for."""
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.setattr(volumes, "WITHIN", WITHIN)
    monkeypatch.setattr(volumes, "IN_A_VOLUME", IN_A_VOLUME)
    write_programme(Order("province", schools=732, counties=61, first_year=2023, last_year=2024, seed=4), tmp_path)
    jiance(tmp_path, "run", "province", "2024")
    edition = tmp_path / "editions" / "province" / "2024" / "r1"
    assert len(list(edition.glob("units-*.zh.pdf"))) == 2
    told = verify(edition, Home(tmp_path))
    assert told.outcome == "same", told.differences
    alone = Path(shutil.copyfile(edition / "units-002.en.pdf", tmp_path / "sent to somebody.pdf"))
    told = verify(alone, Home(tmp_path))
    assert told.outcome == "same", told.differences
