"""``data/datapackage.json``: what is in the open data files, as a Frictionless tabular data package.

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
from pipeline.proof.compare import CSV_KEYS

PACKAGE = "datapackage.json"
DICTIONARY = Path(__file__).with_name("dictionary.yaml")
_SIDES = {"num": ("分子", "numerator"), "den": ("分母", "denominator")}
GAPS = (
    ("", "not_reported", "未报:value_source 为空,或 reason 为 no_value、no_figure", "not reported: no value_source, or reason no_value or no_figure"),
    ("", "not_applicable", "不适用:该列与本行的承诺种类无关,或 reason 为 not_assessed", "not applicable: the column has no meaning for this kind of commitment, or reason not_assessed"),
    ("", "suppressed", "公开版隐去:value_source 或 reason 为 suppressed", "suppressed in a public edition: value_source or reason is suppressed"),
    ("", "provisional", "临时数据:maturity 为 preliminary,数值照列", "provisional: maturity is preliminary; the figure stands"),
)  # fmt: skip
"""How gaps are told apart: code in the cell, name, meaning in both languages."""


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
    if "enum" in known:
        made["constraints"] = {"enum": known["enum"]}
    return made


def _type(kind: pl.DataType) -> str:
    if kind == pl.Boolean:
        return "boolean"
    if kind.is_integer() or (kind.is_decimal() and not getattr(kind, "scale", 0)):
        return "integer"
    return "number" if kind.is_numeric() else "string"


def write_package(folder: Path, schemas: dict[str, dict[str, pl.DataType]], identity: dict[str, str]) -> Path:
    """Describe the files of ``folder`` (``schemas``: columns and types by file stem) in its ``datapackage.json``.

    ``identity``: name, title and version of the edition. Raises Undescribed.
    """
    resources = []
    for name, columns in sorted(schemas.items()):
        words = dictionary()["files"].get(name)
        if words is None:
            raise Undescribed(f"数据字典没有这个文件 / not in the data dictionary: {name}.csv")
        path = folder / f"{name}.csv"
        schema: dict[str, Any] = {
            "fields": [field_of(column, kind) for column, kind in columns.items()],
            "missingValues": [""],
        }
        if name in CSV_KEYS:
            schema["primaryKey"] = list(CSV_KEYS[name])
        resources.append(
            {
                "name": name,
                "path": path.name,
                "title": words["zh"],
                "description": f"{words['zh']} / {words['en']}",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8-sig",
                "bytes": path.stat().st_size,
                "hash": f"sha256:{file_sha256(path)}",
                "schema": schema,
            }
        )
    document = identity | {
        "profile": "tabular-data-package",
        "resources": resources,
        "gaps": [{"code": code, "name": name, "zh": zh, "en": en} for code, name, zh, en in GAPS],
    }
    target = folder / PACKAGE
    target.write_text(canonical_json(document), "utf-8")
    return target
