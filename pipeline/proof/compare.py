"""Finding the first place where two files of data differ: tables cell by cell, JSON by path.

Belongs here: comparing, and the shape in which a difference is told. Does not belong here: what the faces of a report
show (face.py), judging what a difference means.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pipeline.inert import csv_text
from pipeline.proof.restore import EditionError


@dataclass(frozen=True)
class Difference:
    """One difference: tier and name (file or table), what, and where known column, row key, old and new value.

    ``old`` is what was published, ``new`` what it should be.
    """

    tier: str
    name: str
    zh: str
    en: str
    column: str = ""
    row: str = ""
    old: str | None = None
    new: str | None = None


def several(number: int, one: str, more: str = "") -> str:
    """``1 row``, ``2 rows``: a number of things in English; ``more`` where the plural is not made by an s."""
    return f"{number} {one if number == 1 else more or one + 's'}"


@dataclass(frozen=True)
class Table:
    """A data file as it is written: names of its columns and their types (empty in CSV), rows of as many texts (None:
    nothing, in Parquet)."""

    columns: list[str]
    kinds: list[str]
    rows: list[list[str | None]]


def read_table(path: Path) -> Table | None:
    """A published data file, CSV (UTF-8 with BOM) or Parquet, every cell as it stands there; None where it cannot be
    read, or a row has not as many cells as the header."""
    return _parquet(path) if path.suffix == ".parquet" else _csv(path)


def _csv(path: Path) -> Table | None:
    try:
        header, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
    except (OSError, ValueError, csv.Error):
        return None
    return Table(header, [""] * len(header), rows) if all(len(row) == len(header) for row in rows) else None


def _parquet(path: Path) -> Table | None:
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError):
        return None
    kinds = [str(kind) for kind in frame.dtypes]
    return Table(frame.columns, kinds, [[_text(value) for value in row] for row in frame.iter_rows()])


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a published data file (UTF-8 with BOM) as texts, without the apostrophes that keep them from acting.

    Raises EditionError where it cannot be read, a row has not as many cells as the header, or two columns have one
    name.
    """
    table = read_table(path)
    if table is None or len(set(table.columns)) < len(table.columns):
        raise EditionError(
            f"{path}:不是完好的 CSV(无法读取、各行格数不一,或列名重复),文件被改动过,请先用 jiance verify 核对 / not a sound "
            "CSV file (unreadable, rows of unequal length, or a column twice): it was changed, run jiance verify first"
        )
    return [{k: csv_text(v or "") for k, v in zip(table.columns, row, strict=True)} for row in table.rows]


def keyed(rows: Sequence[Mapping[str, str]], key: Sequence[str]) -> dict[tuple[str, ...], Mapping[str, str]]:
    """Rows by the columns that name them. Raises EditionError where two have the same."""
    found: dict[tuple[str, ...], Mapping[str, str]] = {}
    for row in rows:
        name = tuple(row.get(k) or "" for k in key)
        if name in found:
            told = "/".join(name)
            raise EditionError(
                f"数据文件中有两行都是 {told}({', '.join(key)}),文件被改动过,请先用 jiance verify 核对 / two rows are "
                f"{told}: the data file was changed, run jiance verify first"
            )
        found[name] = row
    return found


def table_differences(
    old: Path, new: Path, key: Sequence[str], own: Mapping[str, str], skipped: set[str]
) -> Iterator[Difference]:
    """Differences of two data files: the columns, else in the order of the old one's rows cells and rows that the other
    one has not, then rows of the new one only, then another order.

    ``key``: the columns that name a row; without, its position does. Of rows with one name each is held against its
    own. ``own``: only rows with these values. ``skipped``: columns that do not count.
    """
    name = f"data/{old.name}"
    tables = (read_table(old), read_table(new))
    for table, zh, en in zip(tables, ("发布的文件", "重建的文件"), ("the published file", "the rebuilt file"), strict=True):
        if table is None:
            yield Difference("outputs", name, f"{zh}无法读取", f"{en} cannot be read")
            return
    headers = [
        [f"{c} {kind}".rstrip() for c, kind in zip(table.columns, table.kinds, strict=True) if c not in skipped]
        for table in tables
    ]
    if headers[0] != headers[1]:
        pairs = zip_longest(*headers)
        before, after = next(pair for pair in pairs if pair[0] != pair[1])
        yield Difference(
            "outputs", name, "列不同(列名、类型、个数或次序)", "the columns differ (names, types, number or order)",
            str(before or after), old=before, new=after,
        )  # fmt: skip
        return
    yield from _row_differences(name, _Side(tables[0], key, own, skipped), _Side(tables[1], key, own, skipped))


class _Side:
    """One of two tables: its rows, without the columns that do not count, by their names and in their order."""

    def __init__(self, table: Table, key: Sequence[str], own: Mapping[str, str], skipped: set[str]) -> None:
        names = table.columns
        at = {name: number for number, name in enumerate(names)}
        shown = [number for number, name in enumerate(names) if name not in skipped]
        self.columns = [names[number] for number in shown]
        self.key = key
        self.order: list[tuple[str, ...]] = []
        self.rows: dict[tuple[str, ...], list[list[str | None]]] = {}
        for number, row in enumerate(table.rows, start=2):
            if all(k in at and row[at[k]] == v for k, v in own.items()):
                place = tuple((row[at[k]] if k in at else "") or "" for k in key) or (str(number),)
                self.order.append(place)
                self.rows.setdefault(place, []).append([row[n] for n in shown])


def _row_differences(name: str, old: _Side, new: _Side) -> Iterator[Difference]:
    alike = True
    for place, before in old.rows.items():
        after, shown = new.rows.get(place, []), _row_name(old.key, place)
        for one, other in zip(before, after, strict=False):
            for column, a, b in zip(old.columns, one, other, strict=True):
                if a != b:
                    alike = False
                    yield Difference(
                        "outputs", name, f"{shown} 的 {column} 不同", f"{column} of {shown} differs", column, shown, a, b
                    )
        if len(before) > len(after):
            alike = False
            yield Difference("outputs", name, f"多出的行({shown})", f"a row too many ({shown})", "", shown)
        elif len(before) < len(after):
            alike = False
            yield Difference("outputs", name, f"缺少的行({shown})", f"a row is missing ({shown})", "", shown)
    for place in new.rows:
        if place not in old.rows:
            alike, shown = False, _row_name(old.key, place)
            yield Difference("outputs", name, f"缺少的行({shown})", f"a row is missing ({shown})", "", shown)
    if alike and old.order != new.order:
        a, b = next(pair for pair in zip(old.order, new.order, strict=True) if pair[0] != pair[1])
        yield Difference("outputs", name, "行的次序不同", "the rows are in another order", "", old="/".join(a), new="/".join(b))


def _row_name(key: Sequence[str], row: Sequence[str]) -> str:
    if not key:
        return f"第 {row[0]} 行 / row {row[0]}"
    return "/".join(row)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def decimal_text(value: Fraction) -> str:
    """Shortest exact decimal text of a value with at most six decimals."""
    scaled = value * 10**6
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(scaled.numerator)).rjust(7, "0")
    text = f"{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip(".")
    return ("-" if value < 0 else "") + text


class _Nothing:
    """What one document has not; a null is something."""

    def __str__(self) -> str:
        return "(无 / none)"


NOTHING = _Nothing()


def first_path(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(path, old, new) of every place where two JSON documents differ, in order."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(set(old) | set(new)):
            yield from first_path(old.get(key, NOTHING), new.get(key, NOTHING), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list):
        for number, (a, b) in enumerate(zip_longest(old, new, fillvalue=NOTHING)):
            yield from first_path(a, b, f"{path}[{number}]")
    elif old is not new and (type(old) is not type(new) or old != new):
        yield path, str(old), str(new)
