"""Parsed files kept between runs, so that an unchanged file is parsed once.

Belongs here: the key of an entry, writing it whole or not at all, reading it back only if it
is whole. Does not belong here: parsing, and anything an edition publishes: entries may be
deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import unicodedata
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

import polars as pl

from pipeline.intake.contract import Contract
from pipeline.intake.local import Local
from pipeline.intake.register import Registration
from pipeline.quality.finding import Finding

Entry = tuple[pl.DataFrame, list[Finding], int]
"""Frame, findings, rows read."""


@cache
def code_version() -> str:
    """sha256 over the text of every module of the product and the versions of what parses.

    Every module, not those of this room alone: what a cell means also hangs on the kinds of unit, the reference day and the
    notes, and whoever writes the next such module need not think of this list.
    """
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    for package in ("polars", "python-calamine"):
        digest.update(f"{package} {version(package)}".encode())
    digest.update(unicodedata.unidata_version.encode())
    return digest.hexdigest()


def entry_key(data_sha256: str, registration: Registration, contract: Contract, local: Local) -> str:
    """Name of the entry: changes with the file, its registration, the contract, names and layouts, the code."""
    made_with = [contract.fingerprint, local.fingerprint(contract.table), code_version()]
    parts = [data_sha256, *made_with, *map(str, asdict(registration).values())]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _paths(folder: Path, key: str) -> tuple[Path, Path]:
    return folder / f"{key}.parquet", folder / f"{key}.json"


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_bytes(data)
    partial.replace(path)


def store(folder: Path, key: str, entry: Entry) -> None:
    """Write an entry: the frame first, then the findings with the entry's own name and the frame's checksum."""
    frame, findings, rows_read = entry
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    data = buffer.getvalue()
    frame_path, findings_path = _paths(folder, key)
    _replace(frame_path, data)
    document = {
        "key": key,
        "parquet_sha256": hashlib.sha256(data).hexdigest(),
        "rows_read": rows_read,
        "findings": [asdict(f) for f in findings],
    }
    _replace(findings_path, json.dumps(document, ensure_ascii=False, indent=1).encode())


def fetch(folder: Path, key: str, contract: Contract) -> Entry | None:
    """An entry, or None if there is none, if it is not whole, or if it is that of another file."""
    frame_path, findings_path = _paths(folder, key)
    try:
        document = json.loads(findings_path.read_bytes())
        data = frame_path.read_bytes()
        if document["key"] != key or hashlib.sha256(data).hexdigest() != document["parquet_sha256"]:
            return None
        frame = pl.read_parquet(io.BytesIO(data))
        findings = [Finding(**f) for f in document["findings"]]
        rows_read = int(document["rows_read"])
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None
    return (frame, findings, rows_read) if frame.schema == pl.Schema(contract.raw_schema()) else None
