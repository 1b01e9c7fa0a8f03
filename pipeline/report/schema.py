"""The JSON Schema of ``report.json``, for whoever reads an edition by machine; written from the typed model.

Belongs here: making ``docs/report.schema.json``. Does not belong here: the shapes (shapes.py).
``python -m pipeline.report.schema`` writes the file again after the shapes changed.
"""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.report.shapes import ReportModel

SCHEMA_PATH = Path(__file__).resolve().parents[2] / "docs" / "report.schema.json"


def schema_text() -> str:
    """The schema as JSON text, ending with a line end; it describes the published file, where every key stands."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | ReportModel.model_json_schema(
        mode="serialization"
    )
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_PATH.write_text(schema_text(), "utf-8")
