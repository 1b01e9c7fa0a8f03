"""Which received rows make a figure: the table ``contributing.yaml``, typed, and the queries it stands for.

Belongs here: reading the table, one query per part. Does not belong here: presenting a trace (pipeline/proof).

The advice of an edition rests on it (rests_on.py), so that it is part of the code that an edition records.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("contributing.yaml")
SUMS = ("numerator", "denominator", "value_num", "value_den")

_ASKED = """WITH asked AS (
    SELECT
        CAST($indicator_id AS VARCHAR) AS indicator_id,
        CAST($area_code AS VARCHAR) AS area_code,
        CAST($period AS BIGINT) AS period,
        CAST($segment AS VARCHAR) AS segment,
        e.area_code = CAST($area_code AS VARCHAR) AS is_total,
        e.finance_item AS finance_item,
        e.finance_basis AS finance_basis,
        e.pupil_scope AS pupil_scope,
        e.previous_weight AS previous_weight,
        e.current_weight AS current_weight
    FROM raw.edition AS e
)"""


@dataclass(frozen=True)
class Source:
    """Rows of one return: SQL fragments over its staging table ``s`` and the figure asked for, ``a``.

    ``place``: the unit that a row counts for; ``lies``: the unit in which what it is about lies.
    """

    table: str
    sql_from: str
    where: str
    place: str
    lies: str
    year: str
    label: str
    also: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Rows that enter one sum of a figure, each with ``column`` x ``factor``.

    ``files``: first and last distance in years between the figure's period and the files that are needed.
    """

    of: str
    source: Source
    column: str
    factor: str
    years: int
    files: tuple[int, int]
    where: str
    own: bool
    units: str

    def query(self) -> str:
        """The rows of this part: file, sheet, row, label, area_code, lies, value, factor; in total order."""
        s = self.source
        units = f"a.is_total OR {s.place} = a.area_code"
        if self.own:
            units = f"{s.place} = a.area_code"
        conditions = [s.where, units, f"{s.year} = a.period + {self.years}", self.where]
        conditions.append(self.units.replace("{place}", s.place))
        value = self.column if self.column == "1" else f"s.{self.column}"
        return (
            f"{_ASKED}\nSELECT s.source_file AS file, s.source_sheet AS sheet, s.source_row AS source_row,"
            f"\n    {s.label} AS label, {s.place} AS area_code, {s.lies} AS lies,"
            f"\n    CAST({value} AS DECIMAL(38, 6)) AS value, CAST({self.factor} AS DECIMAL(38, 0)) AS factor"
            f"\nFROM {s.sql_from}\nCROSS JOIN asked AS a"
            "\nWHERE " + "\n    AND ".join(f"({c})" for c in conditions if c) + "\nORDER BY 1, 2, 3, 4"
        )


@lru_cache(maxsize=1)
def figures() -> dict[tuple[str, str], tuple[Part, ...]]:
    """(indicator, variant) -> the parts its sums are made of."""
    document = yaml.safe_load(FILE.read_text("utf-8"))
    sources = {name: _source(entry) for name, entry in document["sources"].items()}
    return {
        (indicator, variant): tuple(_part(p, sources, entry.get("units", "")) for p in entry["parts"])
        for indicator, variants in document["figures"].items()
        for variant, entry in variants.items()
    }


def _source(entry: dict[str, Any]) -> Source:
    return Source(
        table=entry["table"],
        sql_from=entry["from"],
        where=entry["where"],
        place=entry["place"],
        lies=entry.get("lies", entry["place"]),
        year=entry["year"],
        label=entry["label"],
        also=tuple(entry.get("also", ())),
    )


def _part(entry: dict[str, Any], sources: dict[str, Source], units: str) -> Part:
    years = entry.get("years", 0)
    if entry["of"] not in SUMS:
        raise ValueError(f"{FILE.name}: of: {entry['of']!r} is none of {SUMS}")
    return Part(
        of=entry["of"],
        source=sources[entry["source"]],
        column=entry["column"],
        factor=str(entry.get("factor", 1)),
        years=years,
        files=tuple(entry.get("files", (years, years))),
        where=entry.get("where", ""),
        own=entry.get("own", False),
        units="" if entry.get("own") else units,
    )


def inputs_of(indicator_id: str, variant: str) -> list[tuple[str, int, int]]:
    """(return, first, last): the returns that a figure is made from and the years of them, as distances from its
    period, both included; sorted."""
    needed = set()
    for part in figures().get((indicator_id, variant), ()):
        first, last = min(part.files), max(part.files)
        needed |= {(table, first, last) for table in (part.source.table, *part.source.also)}
    return sorted(needed)
