"""``report.json``: the published model, and the schema that describes it."""

from __future__ import annotations

import json

import jsonschema
import pytest

from pipeline.edition.manifest import canonical_json
from pipeline.report.model import ReportModel
from pipeline.report.schema import SCHEMAS, schema_text

SCHEMA = json.loads(schema_text(ReportModel))


def test_the_published_schema_is_the_one_of_the_shapes() -> None:
    for path, model in SCHEMAS.items():
        assert path.read_text("utf-8") == schema_text(model), "write it again: python -m pipeline.report.schema"


def test_a_report_keeps_the_schema_and_comes_back_whole(nation: ReportModel) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    text = canonical_json(nation.model_dump(mode="json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))
    assert ReportModel.model_validate_json(text) == nation


def test_the_schema_refuses_what_the_model_does_not_know(nation: ReportModel) -> None:
    document = nation.model_dump(mode="json")
    document["summary"]["tiles"][0]["mood"] = "good"
    with pytest.raises(jsonschema.ValidationError, match="mood"):
        jsonschema.Draft202012Validator(SCHEMA).validate(document)
