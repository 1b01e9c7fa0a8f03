"""The floor: the plainest scripts that do the work, each with nothing around it. ``python -m benchmarks.floor PART …``.

    sql RAW ORDER OUT [MEMORY [TEMPORARY]]   execute the SQL files over Parquet, write every result table that is asked for
    read FILES                               read CSV and XLSX files with polars and python-calamine alone
    run RAW ORDER OUT FILES PARTS            import the prescribed libraries, read, execute, render a report model

Belongs here: one straight way through. Does not belong here: orchestrator, gates, findings, hashes, lock, cache, manifest,
and anything of ``pipeline`` but the renderer of the report model.

ORDER is a JSON file: the list of ``{"table", "path"}`` in the order of execution, ``keep``: tables written to OUT.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def sql(raw: Path, order: Path, out: Path, memory: str = "", temporary: str = "") -> None:
    """Every SQL file over ``raw/*.parquet`` in memory, in one connection; the tables to keep as Parquet in ``out``.

    ``memory``: what DuckDB may use (``4GB``); what does not fit goes to ``temporary``.
    """
    import duckdb

    wanted = json.loads(order.read_text("utf-8"))
    con = duckdb.connect()
    if memory:
        con.execute(f"SET memory_limit = '{memory}'")
        con.execute(f"SET temp_directory = '{temporary}'")
    for schema in ("raw", "staging", "core", "indicator", "progress"):
        con.execute(f"CREATE SCHEMA {schema}")
    for path in sorted(raw.glob("*.parquet")):
        con.execute(f"CREATE VIEW raw.{path.stem} AS SELECT * FROM read_parquet('{path}')")
    for step in wanted["files"]:
        con.execute(f"CREATE TABLE {step['table']} AS\n{Path(step['path']).read_text('utf-8')}").fetchall()
    out.mkdir(parents=True, exist_ok=True)
    for table in wanted["keep"]:
        con.execute(f"COPY {table} TO '{out / (table + '.parquet')}' (FORMAT parquet)").fetchall()
    con.close()


def read(files: Path) -> int:
    """Every file once, all cells as text (CSV) or as the workbook has them; the number of rows."""
    import polars as pl
    from python_calamine import CalamineWorkbook

    rows = 0
    for name in json.loads(files.read_text("utf-8")):
        path = Path(name)
        if path.suffix == ".xlsx":
            book = CalamineWorkbook.from_path(name)
            rows += sum(len(book.get_sheet_by_name(sheet).to_python()) for sheet in book.sheet_names)
            continue
        data = path.read_bytes()
        for encoding in ("utf-8", "gb18030", "utf-16"):
            try:
                text = data.decode(encoding).encode()
            except UnicodeDecodeError:
                continue
            separator = "\t" if b"\t" in text.split(b"\n", 1)[0] else ","
            rows += pl.read_csv(
                text, has_header=False, infer_schema=False, separator=separator, truncate_ragged_lines=True
            ).height
            break
    return rows


def run(raw: Path, order: Path, out: Path, files: Path, parts: Path) -> None:
    """A whole year without orchestrator, gates and provenance: ``parts`` holds ``model.json`` and what goes into the PDF.

    The libraries that a run has to use are imported, whether or not this script needs them.
    """
    import dagster  # noqa: F401
    import great_expectations  # noqa: F401
    import pandas  # noqa: F401

    from pipeline.edition.attached import attached_in
    from pipeline.home import CODE_ROOT
    from pipeline.report.model import ReportModel
    from pipeline.report.render import render_notice, render_pdf
    from pipeline.report.web import web_page
    from pipeline.report.workbook import workbook_bytes

    read(files)
    sql(raw, order, out)
    templates = CODE_ROOT / "report_templates"
    model = ReportModel.model_validate_json((parts / "model.json").read_text("utf-8"))
    carried = attached_in(parts, "")
    for lang in ("zh", "en"):
        render_pdf(model, templates, out / f"report.{lang}.pdf", lang, carried)
        (out / f"report.{lang}.html").write_text(web_page(model, templates, lang), "utf-8")
    render_notice(model, templates, out / "notice.zh.pdf", [])
    (out / "tables.xlsx").write_bytes(workbook_bytes(model))


if __name__ == "__main__":
    part, *words = sys.argv[1:]
    if part == "sql":
        sql(*map(Path, words[:3]), *words[3:])
    elif part == "read":
        print(read(Path(words[0])))
    elif part == "run":
        run(*map(Path, words))
    else:
        sys.exit(f"no such part: {part}")
