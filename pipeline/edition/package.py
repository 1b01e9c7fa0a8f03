"""``data/datapackage.json``: what is in the open data files, as a Frictionless data package.

Belongs here: describing files, columns, keys and gaps in both languages. Does not belong here: writing the files
(exports.py).

A column that the dictionary (``dictionary.yaml``) does not know is an error: nothing is published undescribed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from pipeline.edition.identity import file_sha256
from pipeline.edition.manifest import canonical_json

PACKAGE = "datapackage.json"
CSV_KEYS: dict[str, tuple[str, ...]] = {
    "indicators": ("indicator_id", "variant", "area_code", "segment", "period_kind", "period"),
    "verdicts": ("commitment_id", "area_code", "segment", "period"),
    "summary": ("commitment_id",),
    "contributions": ("commitment_id", "area_code"),
    "exceptions": ("indicator_id", "area_code", "period", "unit_id"),
    "gaps": ("commitment_id", "area_code", "segment"),
    "pace": ("commitment_id", "area_code", "segment"),
    "decomposition": ("commitment_id", "area_code", "segment", "from_period"),
    "change_split": ("commitment_id", "area_code", "segment", "from_period"),
    "spending_composition": ("area_code", "from_period", "stage"),
    "spending_left_out": ("area_code", "from_period", "stage"),
    "price_effect": ("commitment_id", "area_code", "segment"),
    "ranks": ("commitment_id", "segment", "area_code"),
    "body_tasks": ("body_zh", "role", "commitment_id", "area_code", "segment"),
    "advice": ("commitment_id", "area_code", "segment"),
    "verdict_changes": ("commitment_id", "area_code", "segment"),
    "revisions": ("commitment_id", "period", "edition"),
}
"""Columns that name a row of each published data file."""
DICTIONARY = Path(__file__).with_name("dictionary.yaml")
_SIDES = {"num": ("分子", "numerator"), "den": ("分母", "denominator")}
GAPS = (
    ("not_applicable", "不适用:不单独评价的单位,没有该学段,或尚无到期事项", "not applicable: the unit is not assessed on its own, has no such stage, or nothing is due yet"),
    ("not_reported", "未报:本期没有收到数据", "not reported: nothing was received for the period"),
    ("suppressed", "公开版隐去", "suppressed in a public edition"),
    ("provisional", "临时数据,数值照列", "provisional; the figure stands"),
)  # fmt: skip
"""Codes of :data:`GAP_COLUMN` that tell gaps apart, with their meaning in both languages."""
GAP_COLUMN = "value_status"
PARQUET = "application/vnd.apache.parquet"


class Undescribed(ValueError):
    """A data file or column that the dictionary does not describe; ``str()`` names it."""


@lru_cache
def dictionary() -> dict[str, Any]:
    """``files``, ``fractions`` and ``columns`` of the data dictionary."""
    return yaml.safe_load(DICTIONARY.read_text("utf-8"))


def field_of(column: str, kind: pl.DataType) -> dict[str, Any]:
    """One column as Table Schema describes it. Raises Undescribed."""
    known = dictionary()["columns"].get(column)
    base, _, side = column.rpartition("_")
    if known is None and side in _SIDES and base in dictionary()["fractions"]:
        pair = dictionary()["fractions"][base]
        zh, en = _SIDES[side]
        known = {"zh": f"{pair['zh']}的{zh}", "en": f"{pair['en']}: {en} of the exact fraction"}
    if known is None:
        raise Undescribed(f"数据字典没有这一列,请补上 / not in the data dictionary ({DICTIONARY.name}): {column}")
    made: dict[str, Any] = {
        "name": column,
        "title": known["zh"],
        "description": f"{known['zh']} / {known['en']}",
        "type": "date" if known.get("format") == "date" else _type(kind),
    }
    if "unit" in known:
        made["unit"] = known["unit"]
    if "enum" in known and made["type"] == "string":
        made["constraints"] = {"enum": known["enum"]}
    return made


def _type(kind: pl.DataType) -> str:
    if kind == pl.Boolean:
        return "boolean"
    if kind.is_integer() or (kind.is_decimal() and not getattr(kind, "scale", 0)):
        return "integer"
    return "number" if kind.is_numeric() else "string"


def _file(path: Path, name: str) -> dict[str, Any]:
    """What is said of a file of any kind."""
    words = dictionary()["files"][path.stem]
    return {
        "name": name,
        "path": path.name,
        "title": words["zh"],
        "description": f"{words['zh']} / {words['en']}",
        "format": path.suffix[1:],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_sha256(path)}",
    }


def _table(path: Path, columns: dict[str, pl.DataType]) -> dict[str, Any]:
    """A CSV file with its columns. Raises Undescribed."""
    schema: dict[str, Any] = {
        "fields": [field_of(column, kind) for column, kind in columns.items()],
        "missingValues": [""],
    }
    if path.stem in CSV_KEYS:
        schema["primaryKey"] = list(CSV_KEYS[path.stem])
    told = {"profile": "tabular-data-resource", "mediatype": "text/csv", "encoding": "utf-8-sig", "schema": schema}
    return _file(path, path.stem) | told


def _typed(path: Path) -> dict[str, Any]:
    """The Parquet file of the same rows; it holds its types, and its columns are described with the CSV file."""
    told = {"profile": "data-resource", "type": "file", "mediatype": PARQUET, "sameRowsAs": path.stem}
    return _file(path, f"{path.stem}-parquet") | told


def write_package(folder: Path, schemas: dict[str, dict[str, pl.DataType]], identity: dict[str, str]) -> Path:
    """Describe the files of ``folder`` (``schemas``: columns and types by file stem) in its ``datapackage.json``.

    ``identity``: name, title and version of the edition. Raises Undescribed.
    """
    resources = []
    for name, columns in sorted(schemas.items()):
        if name not in dictionary()["files"]:
            raise Undescribed(f"数据字典没有这个文件 / not in the data dictionary: {name}.csv")
        resources += [_table(folder / f"{name}.csv", columns), _typed(folder / f"{name}.parquet")]
    document = identity | {
        "profile": "data-package",
        "resources": resources,
        "gaps": [{"column": GAP_COLUMN, "code": code, "zh": zh, "en": en} for code, zh, en in GAPS],
    }
    target = folder / PACKAGE
    target.write_text(canonical_json(document), "utf-8")
    return target
