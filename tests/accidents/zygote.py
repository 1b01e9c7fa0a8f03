"""Runs the real command line again and again without paying for its imports, each time in a process that may die.

Started once by the tests. For every line of JSON on standard input it forks: the child is ``jiance ARGS`` with an
accident prepared (faults.py), the parent stays clean. Only what takes longest is done once: pages that were set
before, from the same text with the same attachments, are not set again.

``publish STAGE EDITIONS`` is the last act of a run by itself, ``materialize HOME EDITION ASSETS`` a run of these assets
alone.

Requests: ``{"start": [ARGS], "accident": {...}, "out": FILE, "history": bool}`` -> ``{"pid": n}``; ``{"wait": pid}``
-> ``{"code": n, "cpu": seconds}`` (a negative code: killed by that signal). Without ``history`` Dagster keeps the
events of the run in memory; writing them down is half of the time and no part of most accidents.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path


def warm_up(home: Path) -> None:
    """Import what a run imports, and read the definitions once."""
    import great_expectations  # noqa: F401
    import weasyprint  # noqa: F401

    import pipeline.cli
    import pipeline.edition.attached
    import pipeline.edition.gather
    import pipeline.report.model
    import pipeline.report.render
    import pipeline.report.web
    import pipeline.report.workbook
    import pipeline.runner  # noqa: F401
    from pipeline.definitions import build_defs
    from pipeline.programme import Home

    build_defs(Home(home))


def set_once(kept: Path) -> None:
    """Have pages that were set before taken from ``kept``."""
    from pipeline.report import render

    original = render._set

    def again(html, model, attached=()):
        digest = hashlib.sha256(html.encode())
        for each in attached:
            digest.update(each.path.read_bytes())
        before = kept / digest.hexdigest()
        if before.exists():
            pages, _, pdf = before.read_bytes().partition(b"\n")
            return int(pages), pdf
        pages, pdf = original(html, model, attached)
        before.write_bytes(b"%d\n" % pages + pdf)
        return pages, pdf

    render._set = again


def forget_history() -> None:
    """Have runs recorded in memory."""
    import dagster as dg

    dg.DagsterInstance.from_config = lambda *_: dg.DagsterInstance.ephemeral()


def child(request: dict, kept: Path) -> None:
    """Be ``jiance ARGS`` until the end, or until the accident."""
    from pipeline.cli import main
    from tests.accidents import faults

    said = os.open(request["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if request["start"][0] == "publish":
        faults.prepare(**request["accident"])
        os._exit(faults.publish(*request["start"][1:]))
    set_once(kept)
    if not request["history"]:
        forget_history()
    faults.prepare(**request["accident"])
    if request["start"][0] == "materialize":
        os._exit(faults.materialize(*request["start"][1:]))
    main(request["start"], prog_name="jiance")


def serve(home: Path) -> None:
    warm_up(home)
    kept = home / "set_once"
    kept.mkdir()
    # What libraries print must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    while line := sys.stdin.readline():
        request = json.loads(line)
        if "wait" in request:
            _, status, used = os.wait4(request["wait"], 0)
            answer = {"code": os.waitstatus_to_exitcode(status), "cpu": used.ru_utime + used.ru_stime}
        else:
            pid = os.fork()
            if pid == 0:
                answers.close()
                child(request, kept)
                os._exit(70)
            answer = {"pid": pid}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
