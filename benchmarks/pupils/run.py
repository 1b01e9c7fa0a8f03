"""The SQL files over pupils on one engine, as a process of its own that is measured from outside.
``python -m benchmarks.pupils.run ENGINE FILES OUT WORK MEMORY``.

    ENGINE   duckdb, spark, sail; the servers are started here, as children, and ended before this process ends
    FILES    Parquet files of raw.pupil, as DuckDB names them (folder/*.parquet)
    OUT      every table that was made, as OUT/<table>.parquet; OUT/cpu.json: CPU seconds of this process and of the server
    WORK     working database and what goes to and fro, empty before
    MEMORY   memory limit of DuckDB (4GB), heap of Spark

Belongs here: one way through, by the product's own interface to engines. Does not belong here: measuring. Where it breaks off
it says why in its last line, and ends with 3.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb

from benchmarks.pupils.data import LAST_YEAR, WHOLE_AREA
from benchmarks.servers import serving
from pipeline.mishap import Mishap
from pipeline.warehouse.engine import Remote, opened
from pipeline.warehouse.sqlfiles import load_sql
from pipeline.warehouse.store import open_store

SQL = Path(__file__).parent / "sql"
DUCKDB = "duckdb"
CPU = "cpu.json"


def make(engine: str, files: str, out: Path, work: Path, memory: str, year: int = LAST_YEAR) -> None:
    """Every table of :data:`SQL` over the pupils in ``files``, up to ``year``, written to ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        remote = None
        if engine != DUCKDB:
            remote = Remote(stack.enter_context(serving(engine, work, memory.replace("GB", "g"))))
        store = stack.enter_context(open_store(work / "warehouse.duckdb"))
        store.execute(f"SET memory_limit = '{memory}'").fetchall()
        quoted = files.replace("'", "''")
        store.execute(f"CREATE VIEW raw.pupil AS SELECT * FROM read_parquet('{quoted}')").fetchall()
        store.execute(
            f"CREATE TABLE raw.edition AS SELECT '{WHOLE_AREA}' AS area_code, CAST({year} AS BIGINT) AS year"
        ).fetchall()
        made = stack.enter_context(opened(remote, work))
        for file in load_sql(SQL):
            made.make(store, file)
            store.execute(f"COPY {file.table} TO '{out / file.table}.parquet' (FORMAT parquet)").fetchall()
    own, server = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = {name: each.ru_utime + each.ru_stime for name, each in (("own", own), ("server", server))}
    (out / CPU).write_text(json.dumps(seconds), "utf-8")


def main(words: Sequence[str]) -> None:
    engine, files, out, work, memory = words
    try:
        make(engine, files, Path(out), Path(work), memory)
    except (Mishap, duckdb.Error) as problem:
        log = Path(work) / "server.log"
        said = log.read_text("utf-8", errors="replace").splitlines() if log.is_file() else []
        # the server's own word for it: who only lost the connection does not know why
        short = next((line.strip()[:200] for line in said if "OutOfMemory" in line), "")
        print(" ".join(f"{problem} {short}".split()), file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main(sys.argv[1:])
