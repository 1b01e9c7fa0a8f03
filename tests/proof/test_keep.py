"""Inputs are kept once, whole, by content, and never written again."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

import pytest

from pipeline.proof import keep
from pipeline.proof.keep import KeepError, keep_inputs, kept_bytes


@dataclass(frozen=True)
class File:
    path: str
    sha256: str


@pytest.fixture
def received(tmp_path):
    root = tmp_path / "data_raw"
    (root / "2023").mkdir(parents=True)
    (root / "2023/a.csv").write_bytes(b"a,1\n")
    (root / "plan.yaml").write_bytes(b"plan: 1\n")
    return root


def digest(data):
    return hashlib.sha256(data).hexdigest()


def call(root, tmp_path):
    return keep_inputs(root, [File("2023/a.csv", digest(b"a,1\n"))], ["plan.yaml"], tmp_path / "editions")


def test_every_input_is_kept_by_content_and_read_only(received, tmp_path):
    kept = call(received, tmp_path)
    assert {p.name: p.read_bytes() for p in kept} == {digest(d): d for d in (b"a,1\n", b"plan: 1\n")}
    assert all(p.parent == tmp_path / "editions" / "inputs" and not p.stat().st_mode & 0o222 for p in kept)
    assert {p.name for p in (tmp_path / "editions/inputs").iterdir()} == {p.name for p in kept}
    assert kept_bytes(tmp_path / "editions/inputs", digest(b"a,1\n")) == b"a,1\n"


def test_a_kept_file_is_not_written_again(received, tmp_path):
    before = {p: p.stat().st_mtime_ns for p in call(received, tmp_path)}
    (received / "plan.yaml").write_bytes(b"plan: 2\n")
    after = call(received, tmp_path)
    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert len(set(after) | set(before)) == 3


def test_a_file_that_is_not_the_registered_one_is_refused(received, tmp_path):
    (received / "2023/a.csv").write_bytes(b"a,2\n")
    with pytest.raises(KeepError, match=r"2023/a\.csv"):
        call(received, tmp_path)
    assert not list((tmp_path / "editions/inputs").iterdir())


def test_a_damaged_kept_file_is_named_and_not_replaced(received, tmp_path):
    (damaged,) = [p for p in call(received, tmp_path) if p.read_bytes() == b"a,1\n"]
    damaged.chmod(0o644)
    damaged.write_bytes(b"a,9\n")
    with pytest.raises(KeepError, match=damaged.name):
        call(received, tmp_path)
    assert damaged.read_bytes() == b"a,9\n"
    assert kept_bytes(damaged.parent, damaged.name) is None


def test_nothing_half_written_stays_behind(received, tmp_path, monkeypatch):
    def broken(partial, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keep, "_into_place", broken)
    with pytest.raises(KeepError, match="No space left"):
        call(received, tmp_path)
    assert not list((tmp_path / "editions/inputs").iterdir())


def test_a_file_system_without_hard_links(received, tmp_path, monkeypatch):
    def no_links(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    assert len(call(received, tmp_path)) == 2 == len(list((tmp_path / "editions/inputs").iterdir()))
