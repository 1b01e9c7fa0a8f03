"""A dbt project with the same SQL: each SQL file a model, each rule that is a query without thresholds a test.

Belongs here: writing the project. Does not belong here: SQL; the text of every model is that of the file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.warehouse.sqlfiles import SqlFile, named_tables

_PROJECT = """name: jiance
version: '1.0.0'
profile: bench
model-paths: [models]
test-paths: [tests]
macro-paths: [macros]
flags: {send_anonymous_usage_stats: false, use_colors: false}
models: {+materialized: table}
data_tests: {+severity: warn}
on-run-start: %s
on-run-end: %s
"""
_PROFILE = "bench:\n  target: here\n  outputs:\n    here: {type: duckdb, path: ':memory:', threads: 1}\n"
_SCHEMA_MACRO = (
    "{% macro generate_schema_name(custom_schema_name, node) -%}{{ custom_schema_name or target.schema }}{%- endmacro %}\n"
)


def write_project(
    folder: Path, files: Iterable[SqlFile], rules: Sequence[Path], raw: Path, out: Path, keep: Iterable[str]
) -> int:
    """Write the project into ``folder``; the number of tests.

    ``raw``: Parquet of the raw tables, shown as views. ``keep``: tables written to ``out`` at the end.
    """
    shutil.rmtree(folder, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    start = ["CREATE SCHEMA IF NOT EXISTS raw"] + [
        f"CREATE OR REPLACE VIEW raw.{path.stem} AS SELECT * FROM read_parquet('{path}')" for path in sorted(raw.glob("*.parquet"))
    ]
    end = [f"COPY {table} TO '{out / (table + '.parquet')}' (FORMAT parquet)" for table in keep]
    for name, text in {
        "dbt_project.yml": _PROJECT % (json.dumps(start), json.dumps(end)),
        "profiles.yml": _PROFILE,
        "macros/schema.sql": _SCHEMA_MACRO,
    }.items():
        _write(folder / name, text)
    for file in files:
        config = f"{{{{ config(schema='{file.schema}', alias='{file.name}') }}}}\n"
        _write(folder / "models" / f"{_model(file.table)}.sql", config + _after(file.reads) + file.text)
    for rule in rules:
        text = rule.read_text("utf-8")
        _write(folder / "tests" / f"rule_{rule.stem}.sql", _after(named_tables(text)) + text)
    return len(rules)


def plain_rules(folder: Path) -> list[Path]:
    """Rules of ``sql/quality`` that take no threshold and read tables of the SQL files and raw tables alone."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text("utf-8")
        if "$" not in text and "quality." not in text:
            found.append(path)
    return found


def _model(table: str) -> str:
    return table.replace(".", "__")


def _after(tables: Iterable[str]) -> str:
    """What dbt needs to know of the order; the text itself names the tables."""
    return "".join(f"-- depends_on: {{{{ ref('{_model(table)}') }}}}\n" for table in tables if not table.startswith("raw."))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
