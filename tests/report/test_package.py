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


COLUMNS = {"commitment_id": pl.String(), "area_code": pl.String(), "gap_persons": pl.Int64()}


def packed(folder: Path, gaps: list[int | None], cell: str = "5") -> Path:
    """One table of two rows with its package; ``cell`` is what the CSV file has for the first figure."""
    frame = pl.DataFrame({"commitment_id": ["a", "a"], "area_code": ["01", "02"], "gap_persons": gaps}, COLUMNS)
    frame.write_parquet(folder / "contributions.parquet")
    (folder / "contributions.csv").write_text(f"\ufeffcommitment_id,area_code,gap_persons\na,01,{cell}\na,02,\n", "utf-8")
    write_package(folder, {"contributions": COLUMNS}, IDENTITY)
    return folder


def test_a_wrong_cell_does_not_pass_the_check(tmp_path: Path) -> None:
    """The reader of the tests itself: a letter in a number, a changed byte, other rows in the Parquet file."""
    rows = read_package(packed(tmp_path, [5, None]))["contributions"]
    assert [r["gap_persons"] for r in rows] == [5, None] and rows[0]["area_code"] == "01"
    document = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert document["resources"][0]["schema"]["primaryKey"] == ["commitment_id", "area_code"]
    (tmp_path / "contributions.csv").write_text("\ufeffcommitment_id,area_code,gap_persons\na,01,6\na,02,\n", "utf-8")
    with pytest.raises(AssertionError):
        read_package(tmp_path)
    with pytest.raises(ValueError, match="five"):
        read_package(packed(tmp_path, [5, None], "five"))
    with pytest.raises(AssertionError, match="parquet"):
        read_package(packed(tmp_path, [6, None]))


def test_each_table_is_described_once_and_its_parquet_file_points_to_it(tmp_path: Path) -> None:
    document = json.loads((packed(tmp_path, [5, None]) / "datapackage.json").read_text("utf-8"))
    table, typed = document["resources"]
    assert (table["path"], table["format"], len(table["schema"]["fields"])) == ("contributions.csv", "csv", 3)
    assert (typed["path"], typed["format"], typed["sameRowsAs"]) == ("contributions.parquet", "parquet", table["name"])
    assert [gap["code"] for gap in document["gaps"]] == field_of("value_status", pl.String())["constraints"]["enum"]
