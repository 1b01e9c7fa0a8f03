"""``jiance bench --size pupil``: what the SQL over pupils costs on each engine that is installed, and its part of the page.

Belongs here: which engines and sizes, what is held equal before it counts, limits. Does not belong here: how the page looks.
"""

from __future__ import annotations

import datetime
import json
import shutil
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.cases import require_same_tables
from benchmarks.measure import BenchError, Command, Limit, Measured, Unfinished, Usage, once, warm_up
from benchmarks.page import record_pupils
from benchmarks.pupils.data import Pupils, pupils_of
from benchmarks.pupils.run import CPU, DUCKDB
from benchmarks.servers import SAIL, SPARK, installed
from pipeline.home import CODE_ROOT

ROWS = (20_000_000, 100_000_000)
ENGINES = (DUCKDB, SPARK, SAIL)
MEMORY = "4GB"
LIMIT = Limit(wall=20 * 60, memory=10 * 1024)
_TOLD = 400


def bench_pupils(
    rows: Sequence[int],
    runs: int,
    seed: int,
    into: Path | None,
    only: Sequence[str],
    machine: str,
    say: Callable[[str, str], None],
    limit: Limit = LIMIT,
) -> Path:
    """Make the rows where they are not there, run every engine over them and write that part of the page; the page.

    ``rows``: about how many, ROWS if empty. ``only``: engines to measure, all that are installed if empty; the page keeps what it
    says of the others. An engine that does not finish is told as such. Raises BenchError where one gives other figures than
    DuckDB, or is not known or installed.
    """
    wanted = [engine for engine in ENGINES if (engine in only if only else engine == DUCKDB or installed(engine))]
    if unknown := sorted(set(only) - set(ENGINES)):
        raise BenchError(f"没有这些引擎 / no such engines: {', '.join(unknown)}; {', '.join(ENGINES)}")
    if absent := [engine for engine in wanted if engine != DUCKDB and not installed(engine)]:
        raise BenchError(f"没有安装(.ci/engines spark)/ not installed (.ci/engines spark): {', '.join(absent)}")
    folder, page = into or CODE_ROOT / "docs", Path()
    for number in rows or ROWS:
        pupils = pupils_of(number, seed, CODE_ROOT / "build" / "bench", say)
        if DUCKDB not in wanted:
            say("先由 DuckDB 计算,供核对", "DuckDB first, to hold the others against")
            _run(DUCKDB, pupils, limit)
        for engine in wanted:
            say(f"量:{pupils.rows:,} 行,{engine}", f"measuring: {pupils.rows:,} rows, {engine}")
            found = {
                "machine": machine,
                "memory": MEMORY,
                "limit": {"minutes": round(limit.wall / 60, 2), "gib": round(limit.memory / 1024, 2)},
                "rows": pupils.rows,
                "bytes": pupils.bytes,
                "engine": engine,
                "command": " ".join(["jiance bench --size pupil", *([f"--seed {seed}"] if seed != 1 else [])]),
                "found": measured(engine, pupils, runs, limit),
            }
            # written after every engine: what breaks off later leaves what was measured
            page = record_pupils(folder, found)
    say(f"已写 {page}", f"wrote {page}")
    return page


def measured(engine: str, pupils: Pupils, runs: int, limit: Limit) -> dict[str, Any]:
    """Medians of ``runs`` runs of an engine, each from start to exit and after a warm-up if there are several: ``cpu``, ``server`` (what of it the server
    used), ``wall`` in seconds, ``peak`` in MiB, ``runs``; or ``unfinished``: why there are none. With ``date`` and, where it
    finished, ``other`` (quiet.py).

    Raises BenchError where a table differs from DuckDB's.
    """
    about = {"date": datetime.date.today().isoformat()}
    reference = made(pupils, DUCKDB)
    if engine != DUCKDB and not reference.is_dir():
        return about | {
            "unfinished": "DuckDB 没有算完,无从核对,不计入 / DuckDB did not finish: nothing to hold it against, not counted"
        }
    taken, served = [], []
    for _ in range(warm_up(runs) + runs):
        try:
            taken.append(_run(engine, pupils, limit))
        except Unfinished as why:
            shutil.rmtree(made(pupils, engine), ignore_errors=True)
            return about | {"unfinished": str(why)}
        if engine != DUCKDB:
            require_same_tables(reference, made(pupils, engine), engine)
        served.append(json.loads((made(pupils, engine) / CPU).read_text("utf-8"))["server"])
    taken, served = taken[-runs:], served[-runs:]
    several = Measured(taken)
    medians = {what: round(several.median(what), 2) for what in ("cpu", "wall", "peak")}
    return about | medians | {"server": round(statistics.median(served), 2), "runs": runs, "other": round(several.other, 2)}


def made(pupils: Pupils, engine: str) -> Path:
    """Where the tables lie that an engine made of the pupils."""
    return pupils.folder / "made" / engine


def _run(engine: str, pupils: Pupils, limit: Limit) -> Usage:
    """One run, from an empty folder. Raises Unfinished where it was stopped at its limit or broke off, with its last words."""
    out, work, log = made(pupils, engine), pupils.folder / "work" / engine, pupils.folder / "logs" / f"{engine}.log"

    def afresh() -> None:
        for folder in (out, work):
            shutil.rmtree(folder, ignore_errors=True)

    words = ("-m", "benchmarks.pupils.run", engine, pupils.files, str(out), str(work), MEMORY)
    try:
        return once(Command([sys.executable, *words], afresh, limit=limit), log)
    except Unfinished:
        raise
    except BenchError as failed:
        last = (log.read_text("utf-8", errors="replace").strip() or str(failed)).splitlines()[-1]
        told = last.replace(str(CODE_ROOT), "…")
        raise Unfinished("中断", f"broke off: {told if len(told) <= _TOLD else told[: _TOLD - 1] + '…'}") from failed
    finally:
        shutil.rmtree(work, ignore_errors=True)
