"""Data of a size are made once; what the code of the day makes of them is made again when the code changes."""

from __future__ import annotations

import pytest

from benchmarks import data
from benchmarks.data import SIZES, data_of
from benchmarks.measure import BenchError


@pytest.fixture
def made(monkeypatch):
    """What was made, in order; nothing is really made, and the code can be changed."""
    calls: list[str] = []
    state = {"code": "a"}
    monkeypatch.setattr(data, "jiance", lambda folder, *words, home: calls.append(words[0]))
    monkeypatch.setattr(data, "_keep_raw", lambda *_: calls.append("raw") or {"rows": 5, "schools": 2})
    monkeypatch.setattr(data, "code_sha256", lambda root: state["code"])
    return calls, state


def _say(zh: str, en: str) -> None:
    pass


def test_returns_and_raw_tables_are_made_once_for_size_number_and_seed(made, tmp_path):
    calls, _ = made
    first = data_of(SIZES["province"], 1, tmp_path, _say, 5_000)
    assert calls == ["demo", "raw"]
    assert (first.rows, first.schools, first.copies, first.key) == (5, 2, 1, "example-2024")
    assert data_of(SIZES["province"], 1, tmp_path, _say, 5_000) == first
    assert calls == ["demo", "raw"]
    data_of(SIZES["province"], 2, tmp_path, _say, 5_000)
    assert calls == ["demo", "raw"] * 2


def test_other_code_makes_the_raw_tables_again_of_the_same_returns(made, tmp_path):
    calls, state = made
    data_of(SIZES["province"], 1, tmp_path, _say, 5_000)
    state["code"] = "b"
    data_of(SIZES["province"], 1, tmp_path, _say, 5_000)
    assert calls == ["demo", "raw", "raw"]


def test_another_generator_and_other_shipped_returns_are_made_again(made, monkeypatch, tmp_path):
    calls, _ = made
    generator, shipped = tmp_path / "generator", tmp_path / "shipped"
    for folder in (generator, shipped):
        folder.mkdir()
        (folder / "file").write_text("one", "utf-8")
    monkeypatch.setattr(data, "GENERATOR", (generator,))
    monkeypatch.setattr(data, "SHIPPED", shipped)
    for size, folder, expected in (("nation", generator, ["demo", "raw", 2]), ("city", shipped, ["raw"])):
        monkeypatch.setattr(
            data, "repeat", lambda raw, copies, out: calls.append(copies) or out.mkdir(parents=True) or {"rows": 7, "schools": 3}
        )
        schools = 20_000 if size == "nation" else None
        for content in ("one", "one", "two"):
            (folder / "file").write_text(content, "utf-8")
            data_of(SIZES[size], 1, tmp_path / "made", _say, schools)
        assert calls == expected * 2
        calls.clear()
    assert (tmp_path / "made" / "city" / "data_raw" / "zhangjiakou" / "file").read_text("utf-8") == "two"


def test_the_city_is_the_one_that_is_shipped(made, tmp_path):
    calls, _ = made
    city = data_of(SIZES["city"], 1, tmp_path, _say)
    assert calls == ["raw"]
    assert (city.folder / "data_raw" / "zhangjiakou" / "register.csv").is_file()
    assert (city.copies, city.returns) == (1, city.folder)


def test_a_nation_is_the_base_repeated_and_made_again_when_the_base_is(made, monkeypatch, tmp_path):
    calls, state = made
    monkeypatch.setattr(
        data, "repeat", lambda raw, copies, out: calls.append(copies) or out.mkdir(parents=True) or {"rows": 7, "schools": 3}
    )
    nation = data_of(SIZES["nation"], 1, tmp_path, _say)
    assert calls == ["demo", "raw", 46]
    assert (nation.copies, nation.rows, nation.schools) == (46, 7, 3)
    assert nation.home.root == tmp_path / "base-10000-1"
    assert nation.raw != nation.home.root / "raw"
    twice = data_of(SIZES["nation"], 1, tmp_path, _say, 20_000)
    assert calls == ["demo", "raw", 46, 2]
    assert (twice.returns, twice.copies) == (nation.returns, 2)
    state["code"] = "b"
    assert data_of(SIZES["nation"], 1, tmp_path, _say) == nation
    assert calls == ["demo", "raw", 46, 2, "raw", 46]


def test_schools_that_the_base_cannot_be_repeated_to_are_refused(made, tmp_path):
    for number in (5_000, 25_000):
        with pytest.raises(BenchError, match=f"a multiple of 10000, not {number}"):
            data_of(SIZES["nation"], 1, tmp_path, _say, number)
    assert made[0] == []
