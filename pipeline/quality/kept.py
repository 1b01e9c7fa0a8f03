"""What the engine answered about the very same rows before, for the check that a clerk repeats after each correction.

Belongs here: the key of an answer, keeping it whole, asking the engine only what is not kept. Does not belong here: asking it
(engine.py), rules, findings. Only ``jiance check`` works with this: a run, whose edition is published, asks everything anew.

An answer is found by the rows and the expectations themselves, the libraries and the code that ask, so there is nothing that
could be out of date. Entries may be deleted at any time; a damaged one is asked again. Those that no check looked up for
UNUSED_DAYS are deleted: each correction leaves answers behind that nobody will ask for again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.quality.engine import Judged, Wanted, engine

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

UNUSED_DAYS = 30
_DAY = 24 * 60 * 60


class Kept:
    """The engine, as in engine.py, with its answers in ``folder``; one that says that something broke is not kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def validate(self, frame: pd.DataFrame, wanted: Sequence[Wanted]) -> list[Judged]:
        """As :meth:`pipeline.quality.engine.Engine.validate`."""
        asked = [repr((one.type, sorted(one.kwargs.items()), one.where)) for one in wanted]
        content = _content(frame)
        if content is None:
            return engine().validate(frame, wanted)
        return self._answer([content, *asked], lambda: engine().validate(frame, wanted))

    def expect_no_rows(self, rows: pa.Table) -> Judged:
        """As :meth:`pipeline.quality.engine.Engine.expect_no_rows`, of which the answer depends on nothing but their number."""
        return self._answer(["rows", str(rows.num_rows)], lambda: [engine().expect_no_rows(rows)])[0]

    def _answer(self, about: list[str], ask: Callable[[], list[Judged]]) -> list[Judged]:
        key = _digest(json.dumps([_asked_with(), *about], ensure_ascii=False))
        path = self.folder / f"{key}.json"
        if (known := _fetch(path)) is not None:
            return known
        answer = ask()
        if all(judged.crash is None for judged in answer):
            with suppress(OSError):  # one that cannot be kept is asked again
                _keep(path, [asdict(judged) for judged in answer])
        return answer


@cache
def _asked_with() -> list[str]:
    """The libraries that answer, and the code that asks them."""
    libraries = [f"{name} {version(name)}" for name in ("great-expectations", "numpy", "pandas", "pyarrow")]
    code = [_digest(path.read_text("utf-8")) for path in (Path(__file__), Path(__file__).with_name("engine.py"))]
    return [sys.version, *libraries, *code]


def forget_unused(folder: Path) -> None:
    """Delete what no check looked up for UNUSED_DAYS, and what one that was killed left half written. One that cannot be
    deleted stays: nothing depends on it."""
    before = time.time() - UNUSED_DAYS * _DAY
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):  # another check was quicker
                if entry.is_file() and entry.stat().st_mtime < before:
                    os.unlink(entry)


def _content(frame: pd.DataFrame) -> str | None:
    """sha256 over columns, types and every value as text: what lies in memory under a NULL is not the same each time. None
    where a column has values that have no text, lists for instance."""
    import pyarrow as pa
    from pyarrow import csv

    table = pa.Table.from_pandas(frame, preserve_index=True)
    text = pa.BufferOutputStream()
    # quotes around all that is not NULL: an empty text is not taken for one
    try:
        csv.write_csv(table, text, csv.WriteOptions(quoting_style="all_valid"))
    except pa.ArrowException:
        return None
    # pandas computes with types of its own, which are not always those of Arrow
    digest = hashlib.sha256(f"{table.schema.remove_metadata().to_string()}\n{frame.dtypes.tolist()}\n".encode())
    digest.update(text.getvalue())
    return digest.hexdigest()


def _keep(path: Path, told: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(json.dumps({"sha256": _seal(path, told), "told": told}), "utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _fetch(path: Path) -> list[Judged] | None:
    """An answer, or None where there is none that is whole and stands under its own name."""
    try:
        document = json.loads(path.read_bytes())
        if document["sha256"] != _seal(path, document["told"]):
            return None
        told = [Judged(**judged) for judged in document["told"]]
        if path.stat().st_mtime < time.time() - _DAY:
            with suppress(OSError):  # a file of another user: at worst it is asked again some day
                os.utime(path)
        return told
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _seal(path: Path, told: list[dict[str, Any]]) -> str:
    return _digest(path.stem + json.dumps(told))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
