"""The report in its other language, set by another process meanwhile: the same file, its errors told, never one too late."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from pipeline.edition.manifest import canonical_json
from pipeline.report import apart
from pipeline.report.apart import Beside, Gone, PagesLost, pays
from pipeline.report.fonts import MissingGlyph
from pipeline.report.model import build_model
from pipeline.report.render import render_pdf
from tests.report.conftest import TEMPLATES
from tests.report.sample_inputs import nation_inputs
from tests.support.volume_processes import setting_volumes
from tests.support.waiting import until


@pytest.fixture(scope="module")
def model(nation, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.json"
    path.write_text(canonical_json(nation.model_dump(mode="json"), close=True), "utf-8")
    return path


def test_the_process_makes_no_difference_to_the_bytes(model: Path, nation, files, tmp_path: Path):
    beside = Beside(model, TEMPLATES, tmp_path / "there.pdf", "en", files)
    here = render_pdf(nation, TEMPLATES, tmp_path / "here.pdf", "en", files)
    assert beside.pages() == here.pages
    assert (tmp_path / "there.pdf").read_bytes() == here.path.read_bytes()


def test_what_is_wrong_there_is_told_here(model: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError) as told:
        Beside(model, TEMPLATES, tmp_path / "file" / "report.en.pdf", "en", []).pages()
    assert "in write_pdf" in str(told.value.__cause__)
    unprintable = tmp_path / "model.json"
    read = build_model(nation_inputs(body_zh="𠮷野县教育局"))
    unprintable.write_text(canonical_json(read.model_dump(mode="json"), close=True), "utf-8")
    with pytest.raises(MissingGlyph, match=r"𠮷 \(U\+20BB7\) cover"):
        Beside(unprintable, TEMPLATES, tmp_path / "report.zh.pdf", "zh", []).pages()
    assert not (tmp_path / "report.zh.pdf").exists()


def _killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _crashed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (_killed, r"report\.en\.pdf 的进程被系统终止,多半是内存不足.*untouched"),
        (_crashed, r"report\.en\.pdf 的进程崩溃\(SIGSEGV\);已发布的版本没有改动.*维护人员.*untouched"),
    ],
)
def test_a_process_that_was_ended_is_told_as_what_it_most_likely_is(model: Path, tmp_path: Path, monkeypatch, ending, said):
    """Killed most often for want of memory, which a crash is not told as."""
    monkeypatch.setattr(apart, "_set", ending)
    with pytest.raises(PagesLost, match=said) as told:
        Beside(model, TEMPLATES, tmp_path / "report.en.pdf", "en", []).pages()
    assert told.value.__cause__ is None and ("内存" in str(told.value)) == (ending is _killed)


def _left(*_: object) -> None:
    os._exit(3)


class Unreadable(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def _unreadable(*_: object) -> None:
    raise Unreadable("a", "b")


def test_an_error_of_the_program_is_not_told_as_an_accident(model: Path, tmp_path: Path, monkeypatch):
    """A process that left by itself, and an error that cannot be brought over: what is known of it stays."""
    monkeypatch.setattr(apart, "_set", _left)
    with pytest.raises(Gone, match="left with 3"):
        Beside(model, TEMPLATES, tmp_path / "report.en.pdf", "en", []).pages()
    monkeypatch.setattr(apart, "_set", _unreadable)
    with pytest.raises(RuntimeError, match="^Unreadable: ab$") as told:
        Beside(model, TEMPLATES, tmp_path / "report.en.pdf", "en", []).pages()
    assert "in _unreadable" in str(told.value.__cause__)


def test_ctrl_c_in_the_terminal_is_told_once(model: Path, tmp_path: Path, monkeypatch):
    """It reaches every process of the terminal; the one that sets the report leaves it to its parent."""
    monkeypatch.setattr(apart, "_set", _asleep)
    out = tmp_path / "report.en.pdf"
    beside = Beside(model, TEMPLATES, out, "en", [])
    try:
        pid = int(until(lambda: out.is_file() and out.read_text("utf-8")))
        os.kill(pid, signal.SIGINT)
        time.sleep(1)
        assert Path(f"/proc/{pid}") in setting_volumes(os.getpid()) and not beside._setting.ended
    finally:
        beside.stop()


def _asleep(model: Path, templates: Path, out: Path, *_: object) -> None:
    out.write_text(str(os.getpid()), "utf-8")
    time.sleep(300)


def test_one_that_is_stopped_ends_at_once(model: Path, tmp_path: Path, monkeypatch):
    """Else it would put its report among the files of the next run."""
    monkeypatch.setattr(apart, "_set", _asleep)
    out = tmp_path / "report.en.pdf"
    beside = Beside(model, TEMPLATES, out, "en", [])
    until(lambda: out.is_file() and out.read_text("utf-8"))
    child = Path("/proc") / out.read_text("utf-8")
    assert child in setting_volumes(os.getpid())
    beside.stop()
    until(lambda: not child.exists())


@pytest.mark.parametrize(("processors", "size", "expected"), [(2, 1_000_000, True), (2, 999_999, False), (1, 9_000_000, False)])
def test_it_pays_where_a_processor_is_free_and_the_report_long(tmp_path: Path, monkeypatch, processors, size, expected):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    (tmp_path / "model.json").write_bytes(b" " * size)
    assert pays(tmp_path / "model.json") is expected
