"""Parts of the product as processes of their own, so that a part is held against the same part of the floor.
``python -m benchmarks.product PART HOME PROGRAMME YEAR …``.

    sql … RAW OUT [MEMORY]   the tables from staging to verdicts as ``jiance check`` makes them
    tables … RAW             the same tables in a working database that is kept
    model … OUT              of these tables the report model, those of its volumes and the open data; OUT/units: how many units, OUT/peak.json: the
                             memory that was the most up to the end of each part, in MiB
    engine … RAW OUT NAME    the same tables on DuckDB or on an engine that is started for it (sail: a cluster of two workers; spark:
                             local mode), all of them as Parquet, and CPU seconds in OUT/cpu.json
    intake …                 every return read, with places, findings and check totals, kept in the cache and laid out as raw tables
    report … PARTS OUT       the Chinese PDF of a report model that is there already; OUT/pages says how many pages it has
    page … PARTS OUT         what that PDF is laid out from, as HTML: OUT/report.zh.html, for a peer
    volumes … PARTS OUT N    the pages of N units in volumes, in both languages: those of that report, again and again

Belongs here: calling the product's own steps. Does not belong here: another way of doing them.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count, cycle, islice
from pathlib import Path

import duckdb

from pipeline.home import CODE_ROOT, Home
from pipeline.plan.tables import PLAN_TABLES
from pipeline.session import Workbench
from pipeline.steps import KNOWN_TABLES, make_table, read_received, write_received
from pipeline.warehouse.sqlfiles import load_sql
from pipeline.warehouse.store import fit_threads, read_returns

DUCKDB, CPU = "duckdb", "cpu.json"
PEAK = "peak.json"
SPENT = "spent.json"
"""What ``sql`` notes beside its tables: CPU seconds by schema (``raw``: starting and loading), and ``all``."""


def sql(bench: Workbench, raw: Path, out: Path, memory: str = "") -> None:
    """Load ``raw/*.parquet`` into an empty working database and make every table in it; the database is not kept, a nation's
    is large."""
    from pipeline.lock import exclusive

    with exclusive(bench.folder):
        with making(bench, raw, memory) as (store, spent):
            _keep(store, out)
        bench.start_afresh()
    (out / SPENT).write_text(json.dumps(spent | {"all": time.process_time()}), "utf-8")


def tables(bench: Workbench, raw: Path) -> None:
    """As :func:`sql`, of which the database is kept and nothing else."""
    from pipeline.lock import exclusive

    with exclusive(bench.folder), making(bench, raw):
        pass


@contextmanager
def making(bench: Workbench, raw: Path, memory: str = "") -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, float]]]:
    """An empty working database with ``raw/*.parquet`` and every table made of them, and the CPU seconds spent by schema."""
    spent: dict[str, float] = {}
    bench.start_afresh()
    with bench.store() as store:
        if memory:
            store.execute(f"SET memory_limit = '{memory}'").fetchall()
        _load(bench, store, raw)
        fit_threads(store)
        spent["raw"] = time.process_time()
        for file in load_sql(CODE_ROOT / "sql"):
            before = time.process_time()
            make_table(bench, store, file)
            spent[file.schema] = spent.get(file.schema, 0.0) + time.process_time() - before
        yield store, spent


def model(bench: Workbench, out: Path) -> None:
    """What the step of the report model makes of the tables that are there; their content hashes apart, which a run knows from
    the steps that made them."""
    from pipeline.edition.exports import write_exports
    from pipeline.edition.gather import gather
    from pipeline.edition.manifest import canonical_json
    from pipeline.report.model import build_report
    from pipeline.report.volume_files import written_models

    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    units, peaks = 0, {"start": _peak()}
    with bench.store() as store:
        report, volumes = build_report(gather(bench, store))
        (out / "model.json").write_text(canonical_json(report.model_dump(mode="json"), close=True), "utf-8")
        peaks["report"] = _peak()

        def texts() -> Iterator[str]:
            nonlocal units
            for volume in volumes:
                units += len(volume.chapter.pages)
                yield canonical_json(volume.model_dump(mode="json"), close=True)

        written_models(out, texts())
        peaks["volumes"] = _peak()
        write_exports(store, CODE_ROOT / "sql", out / "data", [], [], "demonstration")
        peaks["data"] = _peak()
    (out / "units").write_text(str(units), "utf-8")
    (out / PEAK).write_text(json.dumps(peaks), "utf-8")


def _peak() -> float:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def engine(bench: Workbench, raw: Path, out: Path, name: str) -> None:
    """Load ``raw/*.parquet`` into an empty working database, let an engine make every table in it, and write these to ``out``."""
    from benchmarks.servers import CLUSTER, SAIL, serving
    from pipeline.lock import exclusive
    from pipeline.warehouse.engine import Remote, opened

    work = out.with_name(f"{out.name}-work")
    for folder in (out, work):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with ExitStack() as stack:
        stack.enter_context(exclusive(bench.folder))
        remote = None
        if name != DUCKDB:
            remote = Remote(stack.enter_context(serving(name, work, "4g", CLUSTER if name == SAIL else None)))
        bench.start_afresh()
        store = stack.enter_context(bench.store())
        _load(bench, store, raw)
        fit_threads(store)
        made = stack.enter_context(opened(remote, work))
        for file in load_sql(CODE_ROOT / "sql"):
            made.make(store, file)
            store.execute(f"COPY {file.table} TO '{out / file.table}.parquet' (FORMAT parquet)").fetchall()
    bench.start_afresh()
    shutil.rmtree(work)
    own, server = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = {who: each.ru_utime + each.ru_stime for who, each in (("own", own), ("server", server))}
    (out / CPU).write_text(json.dumps(seconds), "utf-8")


def intake(bench: Workbench) -> None:
    """Read every return of the edition into an empty working database. Exits with 1 where something is wrong with one."""
    blocked = False
    bench.start_afresh()
    with bench.store() as store:
        for contract in bench.programme.contracts.values():
            result, _ = read_received(bench, contract)
            write_received(bench, store, contract, result)
            blocked |= any(finding.blocks for finding in result.findings)
    sys.exit(1 if blocked else 0)


def report(parts: Path, out: Path) -> None:
    """The Chinese report as PDF, of ``parts/model.json`` and what goes into the PDF."""
    from pipeline.edition.attached import attached_in
    from pipeline.report.model import ReportModel
    from pipeline.report.render import render_pdf

    out.mkdir(parents=True, exist_ok=True)
    model = ReportModel.model_validate_json((parts / "model.json").read_text("utf-8"))
    made = render_pdf(model, CODE_ROOT / "report_templates", out / "report.zh.pdf", "zh", attached_in(parts, ""))
    (out / "pages").write_text(str(made.pages), "utf-8")


def page(parts: Path, out: Path) -> None:
    """The Chinese report as the HTML that the layout engine is given."""
    from pipeline.report.model import ReportModel
    from pipeline.report.render import render_html

    out.mkdir(parents=True, exist_ok=True)
    model = ReportModel.model_validate_json((parts / "model.json").read_text("utf-8"))
    (out / "report.zh.html").write_text(render_html(model, CODE_ROOT / "report_templates", "zh"), "utf-8")


def volumes(parts: Path, out: Path, units: int) -> None:
    """Pages of units in volumes as an edition of so many units has them; the model's own pages are repeated, each under an
    anchor of its own."""
    from pipeline.edition.attached import PART
    from pipeline.edition.manifest import canonical_json
    from pipeline.report.archive import Attached
    from pipeline.report.model import ReportModel
    from pipeline.report.shapes import Chapter, Volume
    from pipeline.report.volume_files import set_volumes, written_models
    from pipeline.report.volume_names import volume_name
    from pipeline.report.volumes import IN_A_VOLUME

    out.mkdir(parents=True, exist_ok=True)
    model = ReportModel.model_validate_json((parts / "model.json").read_text("utf-8"))
    chapter = next(each for each in model.leaves if each.id == "units")
    volumes = -(-units // IN_A_VOLUME)

    def numbered(page: Chapter, number: int, tables: Iterator[int]) -> Chapter:
        """A page under an anchor of its own, its tables and figure numbered as in this volume."""
        pieces = [
            piece.model_copy(
                update={
                    "tables": [table.model_copy(update={"number": next(tables)}) for table in piece.tables],
                    "chart": piece.chart and piece.chart.model_copy(update={"number": number}),
                }
            )
            for piece in page.pieces
        ]
        return page.model_copy(update={"id": f"unit-{number}", "pieces": pieces})

    def one(number: int) -> Volume:
        pages = cycle(chapter.pages)
        first = (number - 1) * IN_A_VOLUME
        taken = islice(pages, first, min(units, first + IN_A_VOLUME))
        tables = count(1)
        told = chapter.model_copy(update={"pages": [numbered(page, n, tables) for n, page in enumerate(taken, start=1)]})
        return Volume(head=model.head, legend=model.legend, marks=model.marks, number=number, count=volumes, chapter=told)

    texts = (canonical_json(one(number).model_dump(mode="json"), close=True) for number in range(1, volumes + 1))
    names = [volume_name(number) for number in range(1, written_models(out, texts) + 1)]
    carried = [Attached(PART, parts / PART, "Supplement", PART)]
    pages = sum(number for _, number in set_volumes(out, names, CODE_ROOT / "report_templates", carried))
    (out / "pages").write_text(str(pages), "utf-8")


def _load(bench: Workbench, store: duckdb.DuckDBPyConnection, raw: Path) -> None:
    """As a run leaves them: the rows of returns beside the database, all other raw tables in it."""
    bench.returns_folder.mkdir()
    for path in sorted(raw.glob("*.parquet")):
        table = f"raw.{path.stem}"
        if table in (*PLAN_TABLES, *KNOWN_TABLES):
            store.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{path}')").fetchall()
        else:
            place = bench.returns_folder / path.name
            os.link(path, place)
            read_returns(store, table, place)


def _keep(store, out: Path) -> None:
    """What the floor writes, written alike."""
    out.mkdir(parents=True, exist_ok=True)
    for table in kept():
        store.execute(f"COPY {table} TO '{out / (table + '.parquet')}' (FORMAT parquet)").fetchall()


def kept() -> list[str]:
    """The tables that the floor and the product both write: everything that an edition says of the plan."""
    return [file.table for file in load_sql(CODE_ROOT / "sql") if file.schema == "progress"]


def main(words: Sequence[str]) -> None:
    part, home, programme, year, *more = words
    place = Home(Path(home))
    bench = Workbench(place, place.programme(programme), int(year))
    if part == "sql":
        sql(bench, Path(more[0]), Path(more[1]), *more[2:])
    elif part == "tables":
        tables(bench, Path(more[0]))
    elif part == "model":
        model(bench, Path(more[0]))
    elif part == "engine":
        engine(bench, Path(more[0]), Path(more[1]), more[2])
    elif part == "intake":
        intake(bench)
    elif part == "report":
        report(Path(more[0]), Path(more[1]))
    elif part == "page":
        page(Path(more[0]), Path(more[1]))
    elif part == "volumes":
        volumes(Path(more[0]), Path(more[1]), int(more[2]))
    else:
        sys.exit(f"no such part: {part}")


if __name__ == "__main__":
    main(sys.argv[1:])
