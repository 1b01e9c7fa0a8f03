"""Reading the open data of an edition by what its data package says of it.

Belongs here: the published profile, and casting cells by the described types. Does not belong here: what is expected.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema

PROFILE = json.loads((Path(__file__).parent / "profile" / "tabular-data-package.json").read_text("utf-8"))
_CASTS = {"integer": int, "string": str, "date": dt.date.fromisoformat, "boolean": {"true": True, "false": False}.__getitem__}


def read_package(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows of every described file, cast; raises where descriptor, hash, heading, type, enum or key is wrong."""
    document = json.loads((folder / "datapackage.json").read_text("utf-8"))
    jsonschema.Draft4Validator(PROFILE).validate(document)
    assert {r["path"] for r in document["resources"]} == {p.name for p in folder.glob("*.csv")}
    return {resource["name"]: _rows(folder, resource) for resource in document["resources"]}


def _rows(folder: Path, resource: dict[str, Any]) -> list[dict[str, Any]]:
    raw = (folder / resource["path"]).read_bytes()
    assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}" and resource["bytes"] == len(raw)
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
