"""The JSON Schema of ``plan.yaml``, for editors; written from the typed models, never by hand.

Belongs here: making ``docs/plan.schema.json``. Does not belong here: the models (model.py), reading a plan.
``python -m pipeline.plan.schema`` writes the file again after the models changed.
"""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.plan.model import Plan

SCHEMA_PATH = Path(__file__).resolve().parents[2] / "docs" / "plan.schema.json"


def schema_text() -> str:
    """The schema as JSON text, ending with a line end."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Plan.model_json_schema()
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_PATH.write_text(schema_text(), "utf-8")
