"""Reading the open data of an edition by what its data package says of it.

Belongs here: the published profile, and casting cells by the described types. Does not belong here: what is expected.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl

from pipeline.inert import csv_text

PROFILES = {
    name: json.loads((Path(__file__).parent / "profile" / f"{name}.json").read_text("utf-8"))
    for name in ("data-package", "tabular-data-package")
}
_CASTS = {"integer": int, "string": csv_text, "date": dt.date.fromisoformat, "boolean": {"true": True, "false": False}.__getitem__}


def read_package(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows of every described CSV file, cast; raises where descriptor, hash, heading, type, enum or key is wrong, and
    where a Parquet file does not hold the same rows."""
    document = json.loads((folder / "datapackage.json").read_text("utf-8"))
    csv_files = [r for r in document["resources"] if r["format"] == "csv"]
    tabular = document | {"profile": "tabular-data-package", "resources": csv_files}
    for whole in (document, tabular):
        jsonschema.Draft4Validator(PROFILES[whole["profile"]]).validate(whole)
    assert {r["path"] for r in document["resources"]} == {p.name for p in folder.iterdir()} - {"datapackage.json"}
    rows = {resource["name"]: _rows(folder, resource) for resource in csv_files}
    typed = [r for r in document["resources"] if r["format"] == "parquet"]
    assert sorted(r["sameRowsAs"] for r in typed) == sorted(rows)
    for resource in typed:
        frame = pl.read_parquet(_checked(folder, resource))
        plain = [{k: _plain(v) for k, v in row.items()} for row in frame.iter_rows(named=True)]
        assert plain == rows[resource["sameRowsAs"]], resource["path"]
    return rows


def _checked(folder: Path, resource: dict[str, Any]) -> bytes:
    """The bytes of a described file, which must be those described."""
    raw = (folder / resource["path"]).read_bytes()
    assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}" and resource["bytes"] == len(raw)
    return raw


def _plain(value: Any) -> Any:
    """A typed value as a cell of a CSV file is read: nothing for an empty text."""
    return int(value) if isinstance(value, Decimal) else (None if value == "" else value)


def _rows(folder: Path, resource: dict[str, Any]) -> list[dict[str, Any]]:
    raw = _checked(folder, resource)
    schema = resource["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    reader = csv.DictReader(raw.decode(resource["encoding"]).splitlines(keepends=True))
    assert reader.fieldnames == list(fields)
    rows = [{name: _cast(fields[name], text, schema) for name, text in row.items()} for row in reader]
    key = schema.get("primaryKey", [])
    assert not key or len({tuple(row[k] for k in key) for row in rows}) == len(rows), resource["name"]
    return rows


def _cast(field: dict[str, Any], text: str, schema: dict[str, Any]) -> Any:
    if text in schema["missingValues"]:
        return None
    value = _CASTS[field["type"]](text)
    allowed = field.get("constraints", {}).get("enum")
    assert allowed is None or value in allowed, (field["name"], value)
    return value
