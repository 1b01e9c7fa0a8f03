"""The JSON Schemas of ``report.json`` and of a volume's ``units-001.json``, for whoever reads an edition by machine;
written from the typed models.

Belongs here: making ``docs/report.schema.json`` and ``docs/volume.schema.json``. Does not belong here: the shapes
(shapes.py). ``python -m pipeline.report.schema`` writes the files again after the shapes changed.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from pipeline.report.shapes import ReportModel, Volume

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCHEMAS: dict[Path, type[BaseModel]] = {
    DOCS / "report.schema.json": ReportModel,
    DOCS / "volume.schema.json": Volume,
}
"""File -> the model that it describes."""


def schema_text(model: type[BaseModel]) -> str:
    """A model's schema as JSON text, ending with a line end; it describes the published file, where every key stands."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema(mode="serialization")
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    for path, model in SCHEMAS.items():
        path.write_text(schema_text(model), "utf-8")
