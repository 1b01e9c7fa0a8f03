"""The SQL files as data: text, header, the table each one makes and the tables it reads.

Belongs here: finding the files, reading dependencies out of the SQL itself, ordering.
Does not belong here: running SQL, formulas.

A run reads the names behind FROM and JOIN; a test holds them, for every file, against what the parser
(sqlglot) reads, which takes a hundred times as long.
"""

from __future__ import annotations

import graphlib
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_NOT_CODE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
# Folder of sql/ -> schema of the table; the file's name is the table's name.
SCHEMAS = {"staging": "staging", "core": "core", "indicators": "indicator", "progress": "progress"}
_NAMED = re.compile(rf"\b(?:FROM|JOIN)\s+((?:raw|{'|'.join(SCHEMAS.values())})\.\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class SqlFile:
    """One SELECT in one file. ``table`` is ``schema.name``; ``reads`` are the tables it names, sorted."""

    table: str
    path: Path
    text: str
    description: str
    reads: tuple[str, ...]

    @property
    def schema(self) -> str:
        return self.table.split(".")[0]

    @property
    def name(self) -> str:
        return self.table.split(".")[1]

    @property
    def body(self) -> str:
        """The text without the comment lines at its top."""
        lines = self.text.splitlines()
        first = next(n for n, line in enumerate(lines) if not line.startswith("--"))
        return "\n".join(lines[first:])

    @property
    def version(self) -> str:
        """First 12 hex digits of the sha256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


@lru_cache(maxsize=4)
def load_sql(root: Path) -> tuple[SqlFile, ...]:
    """Every table-making SQL file under ``root``, each after the ones it reads (ties by name).

    Raises ValueError where a file reads a table that no file makes (``raw.*`` comes from the returns and is
    always allowed). That each file is one SELECT is tested, not looked at in every run.
    """
    files: dict[str, SqlFile] = {}
    for folder, schema in SCHEMAS.items():
        for path in sorted((root / folder).glob("*.sql")):
            text = path.read_text("utf-8")
            table = f"{schema}.{path.stem}"
            files[table] = SqlFile(table, path, text, header(text), named_tables(text))
    for file in files.values():
        unknown = [t for t in file.reads if t not in files and not t.startswith("raw.")]
        if unknown:
            raise ValueError(f"{file.path.name} reads {unknown}, which no SQL file makes")
    sorter = graphlib.TopologicalSorter(
        {name: sorted(t for t in files[name].reads if t in files) for name in sorted(files)}
    )
    return tuple(files[name] for name in _stable(sorter))


def _stable(sorter: graphlib.TopologicalSorter[str]) -> list[str]:
    sorter.prepare()
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return ordered


def named_tables(text: str) -> tuple[str, ...]:
    """``schema.table`` names behind FROM and JOIN in a SELECT of the house's style, sorted."""
    return tuple(sorted(set(_NAMED.findall(_NOT_CODE.sub(" ", text)))))


def referenced_tables(text: str, name: str = "sql") -> tuple[str, ...]:
    """``schema.table`` names that a SELECT reads, without its own CTEs, sorted: what the parser says.

    Raises ValueError where the text is not exactly one query.
    """
    import sqlglot
    from sqlglot import exp

    statements = [s for s in sqlglot.parse(text, read="duckdb") if s is not None]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ValueError(f"{name}: expected exactly one SELECT")
    tables = {f"{t.db}.{t.name}" for t in statements[0].find_all(exp.Table) if t.db}
    return tuple(sorted(tables))


def header(text: str) -> str:
    """The comment lines at the top of a SQL file, without the dashes."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return "\n".join(lines)
