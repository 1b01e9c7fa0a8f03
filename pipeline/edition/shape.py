"""The shape of ``manifest.json`` as typed models, and its JSON Schema for whoever checks an edition by machine.

Belongs here: what keys there are, of what type, what each says. Does not belong here: filling them (manifest.py),
judging them (proof/verify.py). ``python -m pipeline.edition.shape`` writes ``docs/manifest.schema.json`` again after
the models changed.

A change of the shape is a new format number: manifests that were published keep theirs and stay verifiable. Format 1
(until November 2026) had no ``method`` and no ``code_files``, and of each font only the sha256.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

KNOWN_FORMATS = (1, 2)
SCHEMA_PATH = Path(__file__).resolve().parents[2] / "docs" / "manifest.schema.json"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ShortId = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Number = Annotated[int, Field(ge=0)]
ExactDecimal = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Table(_Strict):
    """A table of the edition: its rows, and the sha256 over them in canonical text and total order."""

    rows: Number
    sha256: Sha256


class File(_Strict):
    """A file of the edition: sha256 of its bytes, and how many they are."""

    sha256: Sha256
    size: Number


class Font(_Strict):
    """An embedded font: sha256 of its file, and the version that it states of itself."""

    sha256: Sha256
    version: str


class Received(_Strict):
    """A received file as the register knows it. ``period_kind`` says what its periods count; ``supersedes`` is the
    path of the file that it corrects (empty: none), ``late`` why it came after the deadline, ``register_row`` its row
    in register.csv, the heading being 1."""

    table: str
    period_kind: str
    period_from: int
    period_to: int
    revision: Annotated[int, Field(ge=1)]
    path: Annotated[str, Field(min_length=1)]
    sha256: Sha256
    size: Number
    supplier: str
    received_on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    maturity: str
    origin: str
    form_edition: str
    late: str
    supersedes: str
    reason: str
    register_row: Annotated[int, Field(ge=2)]


class Method(_Strict):
    """What the edition is judged by: sha256 of plan.yaml, of notes.csv (empty: there is none), and of the validation
    rules (their files among ``code_files``, and the thresholds); every threshold in force, as exact decimal text under
    the key that it has in the plan file."""

    plan_sha256: Sha256
    notes_sha256: Sha256 | Literal[""]
    rules_sha256: Sha256
    thresholds: dict[str, ExactDecimal]


class Described(_Strict):
    """The manifest as a PDF carries it (manifest-without-outputs.json): all but the outputs and the revision."""

    format: Literal[2]
    programme: Annotated[str, Field(min_length=1)]
    year: int
    audience: Literal["internal", "public"]
    data_status: Literal["real", "demonstration"]
    maturity: Literal["final", "preliminary"]
    vintage_id: Annotated[ShortId, Field(description="The first 12 digits of vintage_sha256: what was received.")]
    vintage_sha256: Annotated[
        Sha256, Field(description="Over the programme, the year, the reference files, and inputs and replaced.")
    ]
    code_sha256: Annotated[Sha256, Field(description="Over code_files.")]
    code_files: Annotated[
        dict[str, Sha256],
        Field(min_length=1, description="Every file that can change a figure or a page, by its path."),
    ]
    lock_sha256: Annotated[Sha256, Field(description="Of requirements.lock, the list of libraries.")]
    build_id: Annotated[
        ShortId, Field(description="Over programme, year, vintage_sha256, code_sha256, lock_sha256 and audience.")
    ]
    rule_version: str
    method: Method
    reference: Annotated[
        dict[str, Sha256], Field(description="The plan, the territory, the notes and the layouts, by file name.")
    ]
    inputs: Annotated[list[Received], Field(description="What the figures are made from, in a total order.")]
    replaced: Annotated[list[Received], Field(description="What corrections replaced: no figure is made from it.")]
    tables: Annotated[dict[str, Table], Field(description="Every table by schema.name, before anything is hidden.")]
    model_sha256: Annotated[Sha256, Field(description="Of the report model, which is published as report.json.")]
    verdicts: Annotated[dict[str, Number], Field(description="How many commitments have each class.")]
    findings: Annotated[
        dict[str, Number],
        Field(description="How many findings there are of each severity and outcome, as severity/outcome."),
    ]
    rules: Annotated[dict[str, Number], Field(description="How many checks of rules came out how.")]
    open_reviews: Annotated[list[str], Field(description="Ids of findings to be reviewed that no note answers.")]
    tools: Annotated[
        dict[str, str],
        Field(description="Versions of the libraries, of Python, and of the system's Pango, HarfBuzz and zlib."),
    ]
    fonts: Annotated[dict[str, Font], Field(description="The embedded fonts by file name.")]
    attached: Annotated[dict[str, File], Field(description="What is attached to the PDF, by its published name.")]


class Manifest(Described):
    """manifest.json of a published edition of Jiance: what it is made from, by what, and what it holds. Canonical
    JSON (keys sorted, UTF-8, two spaces, a line end), without a clock: equal content, equal bytes."""

    outputs: Annotated[dict[str, File], Field(description="Every published file but the manifest and its signature.")]
    revision: Annotated[int, Field(ge=1)]
    supersedes: Annotated[str, Field(pattern=r"^(r[1-9]\d*)?$", description="The revision before; empty: none.")]
    supersedes_reason: Annotated[
        Literal["", "source", "method", "code", "tools", "damage"],
        Field(
            description="What differs first from the revision before: an input; the plan, territory, notes or rules; "
            "the code; tools or fonts; or a published file was changed."
        ),
    ]


def shape_problems(document: Any, model: type[Described] = Manifest) -> list[tuple[str, str, str]]:
    """(place, what stands there, what should) of everything in a manifest that is not of the shape, in order."""
    try:
        model.model_validate_json(json.dumps(document))
    except ValidationError as problem:
        return [
            (".".join(map(str, e["loc"])), _shown(e["input"]), e["msg"]) for e in problem.errors(include_url=False)
        ]
    return []


LONGEST = 80


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def schema_text() -> str:
    """The schema as JSON text, ending with a line end."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Manifest.model_json_schema()
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_PATH.write_text(schema_text(), "utf-8")
