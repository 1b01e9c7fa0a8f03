"""``manifest.json``: what an edition is made of and what it holds, as canonical JSON without a clock.

Belongs here: building and reading the document. Does not belong here: publishing, rebuilding.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.edition.files import file_sha256
from pipeline.edition.identity import (
    code_files,
    input_entry,
    input_registrations,
    is_demonstration,
    is_preliminary,
    method,
    reference_hashes,
    replaced_registrations,
)
from pipeline.edition.native import native_versions
from pipeline.intake.contract import load_contracts
from pipeline.intake.register import Registration
from pipeline.plan.tables import PLAN_TABLES
from pipeline.programme import CODE_ROOT
from pipeline.quality.finding import Finding, RuleOutcome
from pipeline.quality.notes import open_findings
from pipeline.session import Workbench
from pipeline.warehouse.sqlfiles import load_sql

FORMAT = 2
"""Of the manifests written now; older editions keep theirs (:data:`pipeline.edition.shape.KNOWN_FORMATS`)."""
MANIFEST = "manifest.json"
TOOLS = (
    "babel",
    "cssselect2",
    "dagster",
    "duckdb",
    "fonttools",
    "great-expectations",
    "jinja2",
    "pandas",
    "pillow",
    "polars",
    "pyarrow",
    "pydantic",
    "pydyf",
    "pyphen",
    "python-calamine",
    "sqlglot",
    "tinycss2",
    "tinyhtml5",
    "weasyprint",
    "xlsxwriter",
)


def tool_versions() -> dict[str, str]:
    """Versions of what the bytes of an edition depend on, by name."""
    versions = {name: importlib.metadata.version(name) for name in TOOLS}
    versions["python"] = platform.python_version()
    return versions | native_versions()


def canonical_json(document: Any, *, close: bool = False) -> str:
    """Sorted keys, UTF-8 text, two-space indent, one newline at the end: equal content, equal bytes.

    ``close``: without indent, for what machines read and every PDF carries.
    """
    form: dict[str, Any] = {"separators": (",", ":")} if close else {"indent": 2}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, **form) + "\n"


def edition_tables() -> list[str]:
    """Every table an edition consists of, sorted; whatever else lies in the working database is not part of it."""
    returned = [f"raw.{name}" for name in load_contracts()]
    return sorted({*PLAN_TABLES, *returned, *(file.table for file in load_sql(CODE_ROOT / "sql"))})


def describe(
    bench: Workbench,
    connection: duckdb.DuckDBPyConnection,
    findings: list[Finding],
    outcomes: list[RuleOutcome],
    fonts: list[dict[str, str]],
) -> dict[str, Any]:
    """The manifest as far as it is known before anything is published: without outputs and revision."""
    identity, files = bench.identity, code_files(CODE_ROOT)
    tables = {}
    for table in edition_tables():
        rows, digest = bench.fingerprint(connection, table)
        tables[table] = {"rows": rows, "sha256": digest}
    classes = connection.execute("SELECT class FROM progress.summary ORDER BY commitment_id").fetchall()
    return {
        "format": FORMAT,
        "programme": identity.programme,
        "year": identity.year,
        "audience": identity.audience,
        "data_status": "demonstration" if is_demonstration(bench.programme, bench.year) else "real",
        "maturity": "preliminary" if is_preliminary(bench.programme, bench.year) else "final",
        "vintage_id": identity.vintage_id,
        "vintage_sha256": identity.vintage_sha256,
        "code_sha256": identity.code_sha256,
        "code_files": dict(files),
        "lock_sha256": identity.lock_sha256,
        "build_id": identity.build_id,
        "rule_version": bench.programme.plan.rule_version,
        "method": method(bench.programme, files),
        "reference": reference_hashes(bench.programme),
        "inputs": [_entry(bench, r) for r in input_registrations(bench.programme, bench.year)],
        "replaced": [_entry(bench, r) for r in replaced_registrations(bench.programme, bench.year)],
        "tables": tables,
        "model_sha256": file_sha256(bench.folder / "report" / "model.json"),
        "verdicts": dict(sorted(Counter(row[0] for row in classes).items())),
        "open_reviews": [f.id for f in open_findings(findings, bench.programme.notes.notes, "review")],
        "findings": dict(sorted(Counter(f"{f.severity}/{f.outcome}" for f in findings).items())),
        "rules": dict(sorted(Counter(o.outcome for o in outcomes).items())),
        "tools": tool_versions(),
        "fonts": {font["file"]: {"sha256": font["sha256"], "version": font["version"]} for font in fonts},
    }


def with_outputs(described: dict[str, Any], stage: Path) -> dict[str, Any]:
    """The manifest of what lies in ``stage``, without revision (that is decided when publishing)."""
    return described | {
        "outputs": {
            path.relative_to(stage).as_posix(): {"sha256": file_sha256(path), "size": path.stat().st_size}
            for path in sorted(stage.rglob("*"))
            if path.is_file() and path.name != "manifest.json"
        }
    }


def _entry(bench: Workbench, r: Registration) -> dict[str, Any]:
    """One received file as the register knows it, with its size in bytes."""
    size = (bench.programme.root / r.path).stat().st_size
    return input_entry(r) | {"period_kind": r.period_kind, "size": size}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a published edition. Raises FileNotFoundError where there is none."""
    return json.loads((folder / "manifest.json").read_text("utf-8"))
