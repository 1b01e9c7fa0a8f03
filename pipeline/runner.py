"""One run: the same Dagster job the interface launches, in this process, for one edition.

Belongs here: the Dagster instance, starting a job, gathering what came of it.
Does not belong here: what the job does, and printing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg
from dagster._utils.error import SerializableErrorInfo

from pipeline.collector import seldom
from pipeline.definitions import build_defs
from pipeline.edition.publish import Published
from pipeline.event_log import kept_open
from pipeline.lock import PATIENCE, exclusive
from pipeline.mishap import Mishap, require_places
from pipeline.programme import CODE_ROOT, Home, edition_key
from pipeline.quality.finding import Finding
from pipeline.session import RunOutcome, Workbench
from pipeline.warehouse.engine import Remote, opened

DAGSTER_YAML = CODE_ROOT / "pipeline" / "dagster.yaml"


def dagster_home(home: Home) -> Path:
    """Prepare the instance folder under ``build/`` and return it. Its settings are the home's own ``dagster.yaml`` (a
    server: docs/server.md), else the shipped ones: telemetry and pop-ups off, runs start at once."""
    folder = home.build / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "dagster.yaml"
    source = home.dagster_yaml if home.dagster_yaml.exists() else DAGSTER_YAML
    if not target.exists() or target.read_bytes() != source.read_bytes():
        shutil.copyfile(source, target)
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder


@contextmanager
def own_streams() -> Iterator[None]:
    """Standard output and error are afterwards what they were. Dagster copies what a step prints into a file and does not give
    them back where that file cannot be written: what a full disk means would be told to nobody."""
    kept: list[tuple[int, int]] = []
    for stream in (1, 2):
        with suppress(OSError):  # a service may have none
            kept.append((stream, os.dup(stream)))
    try:
        yield
    finally:
        for stream, copy in kept:
            os.dup2(copy, stream)
            os.close(copy)


def run_edition(
    home: Home,
    programme_id: str,
    year: int,
    job_name: str,
    announce: Callable[[str], None],
    remote: Remote | None = None,
) -> RunOutcome:
    """Run a job for ``<programme>-<year>`` and gather its findings.

    ``remote``: the engine on other machines that computes the tables; DuckDB on this one if not given.
    Raises EditionBusy where another process is making the same edition, and any other Mishap that stopped a step.
    """
    key = edition_key(programme_id, year)
    bench = Workbench(home, home.programme(programme_id), year)
    require_places([bench.folder, home.editions / programme_id / str(year), home.kept / programme_id])
    with exclusive(bench.folder, PATIENCE), seldom(), own_streams():
        bench.start_afresh()
        if bench.programme.register.findings:
            # Without a sound register there is no list of editions to run: tell what is wrong with it.
            bench.record("received-register", bench.programme.register.findings)
            findings, outcomes = bench.records()
            return RunOutcome(False, findings, outcomes, "", bench)
        instance = dg.DagsterInstance.from_config(str(dagster_home(home)))
        with instance, kept_open(instance.event_log_storage), opened(remote, bench.folder) as engine:
            job = build_defs(home, announce, lineage=False, engine=engine).resolve_job_def(job_name)
            result = job.execute_in_process(
                partition_key=key,
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
            if result.success:
                engine.forget()
    findings, outcomes = bench.records()
    return RunOutcome(result.success, findings, outcomes, _crash(result, findings), bench)


def _crash(result: dg.ExecuteInProcessResult, findings: list[Finding]) -> str:
    """The first failure that no finding explains, in full; empty if there is none.

    Raises Mishap where the failure is one.
    """
    if result.success or any(f.blocks for f in findings):
        return ""
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data is not None and data.user_failure_data.description:
                raise Mishap(data.user_failure_data.description)
            if data.error is not None:
                _raise_mishap(data.error)
                return f"{event.step_key}: {data.error.to_string()}"
    return "run failed"


def _raise_mishap(error: SerializableErrorInfo) -> None:
    """Raise the Mishap that a step's error is, or was caused by."""
    known = {kind.__name__ for kind in Mishap.__subclasses__()}
    cause: SerializableErrorInfo | None = error
    while cause is not None:
        if cause.cls_name in known:
            raise Mishap(cause.message.partition(": ")[2].strip())
        cause = cause.cause


def published(bench: Workbench) -> Published | None:
    """What the last annual run of this edition published, as it noted itself."""
    import json

    note = bench.folder / "published.json"
    if not note.exists():
        return None
    data = json.loads(note.read_text("utf-8"))
    return Published(**data | {"folder": Path(data["folder"])})
