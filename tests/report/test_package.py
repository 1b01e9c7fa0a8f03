"""The data package: types as they are, nothing undescribed."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from pipeline.edition.package import Undescribed, dictionary, field_of, write_package
from tests.support.package import read_package

IDENTITY = {"name": "china-2023", "title": "甲", "description": "甲 / A", "version": "0" * 12}


def test_fields_by_type_and_fraction() -> None:
    assert field_of("period", pl.Int64())["type"] == "integer"
    assert field_of("is_total", pl.Boolean())["type"] == "boolean"
    assert field_of("value_num", pl.Decimal(38, 0))["type"] == "integer"
    field = field_of("target_den", pl.Int64())
    assert field["title"] == "目标值的分母" and field["description"].endswith("target: denominator of the exact fraction")
    assert field_of("gap_persons", pl.Int64())["unit"] == "persons or things counted"
    assert field_of("maturity", pl.String())["constraints"] == {"enum": ["final", "preliminary"]}


def test_an_undescribed_column_or_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Undescribed, match="mood"):
        field_of("mood", pl.String())
    with pytest.raises(Undescribed, match="moods"):
        write_package(tmp_path, {"moods": {"period": pl.Int64()}}, IDENTITY)


def test_every_word_is_there_in_both_languages() -> None:
    for part in dictionary().values():
        assert all(words["zh"] and words["en"] for words in part.values())


def test_a_wrong_cell_does_not_pass_the_check(tmp_path: Path) -> None:
    """The reader of the tests itself: a letter in a number, a changed byte."""
    path = tmp_path / "contributions.csv"
    columns = {"commitment_id": pl.String(), "area_code": pl.String(), "gap_persons": pl.Int64()}
    path.write_text("\ufeffcommitment_id,area_code,gap_persons\na,01,5\na,02,\n", "utf-8")
    write_package(tmp_path, {"contributions": columns}, IDENTITY)
    rows = read_package(tmp_path)["contributions"]
    assert [r["gap_persons"] for r in rows] == [5, None] and rows[0]["area_code"] == "01"
    document = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert document["resources"][0]["schema"]["primaryKey"] == ["commitment_id", "area_code"]
    path.write_text("\ufeffcommitment_id,area_code,gap_persons\na,01,five\n", "utf-8")
    with pytest.raises(AssertionError):
        read_package(tmp_path)
    write_package(tmp_path, {"contributions": columns}, IDENTITY)
    with pytest.raises(ValueError, match="five"):
        read_package(tmp_path)
