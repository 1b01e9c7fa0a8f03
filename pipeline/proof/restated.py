"""What changed among the inputs of two editions: which files, and inside a replaced file which cells.

Belongs here: matching inputs, and comparing two plans key by key. Does not belong here: comparing two
readings of a file (intake/restated.py), what that does to figures (diff.py).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
import yaml

from pipeline.intake.areas import AreaNames
from pipeline.intake.contract import Contract, load_contracts
from pipeline.intake.layouts import LAYOUTS
from pipeline.intake.local import NOTHING_LOCAL, Local
from pipeline.intake.read import read_return
from pipeline.intake.register import REGISTER, Registration, read_register
from pipeline.intake.restated import PERIOD_COLUMNS, Cell, changed_cells, year_of
from pipeline.programme import Home, Programme
from pipeline.proof.compare import first_path
from pipeline.proof.restore import Edition, Inputs

Kind = Literal["restated", "new", "withdrawn", "registered"]


@dataclass(frozen=True)
class InputChange:
    """One input that is not the same in both editions. ``cells`` is None where they could not be compared."""

    kind: Kind
    table: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    register_row: int | None
    cells: list[Cell] | None = field(default=None)

    @property
    def entry(self) -> dict[str, Any]:
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def reason(self) -> str:
        return self.entry["reason"]

    def touches(self, indicator_id: str, first: int, last: int) -> bool:
        """Can this file have a say in a figure of that indicator made from its years ``first`` to ``last``?"""
        if self.cells is not None:
            return any(_touches(c.key, indicator_id, first, last, self.entry) for c in self.cells)
        if self.entry["period_kind"] == "release":  # a release speaks of any year
            return True
        return any(e["period_from"] <= last and e["period_to"] >= first for e in (self.old, self.new) if e)


def _touches(key: dict[str, Any], indicator_id: str, first: int, last: int, entry: dict[str, Any]) -> bool:
    if key.get("indicator_id", indicator_id) != indicator_id:
        return False
    if any(key.get(name) is not None for name in PERIOD_COLUMNS):
        return first <= year_of(key, last) <= last
    return bool(entry["period_from"] <= last and entry["period_to"] >= first)


def input_changes(
    old: Edition, new: Edition, inputs: tuple[Inputs, Inputs], home: Home | None
) -> list[InputChange]:
    """Inputs that differ, in the order of the newer manifest; withdrawn ones last."""
    rows = _register_rows(home, new.programme)
    before = {e["path"]: e for e in old.manifest["inputs"]}
    found, matched = [], set()
    for entry in new.manifest["inputs"]:
        same = before.get(entry["path"])
        if same == entry:
            matched.add(entry["path"])
            continue
        ancestor = same or before.get(entry["supersedes"]) or _ancestor(before, entry)
        kind: Kind = "new" if ancestor is None else "restated"
        if ancestor:
            matched.add(ancestor["path"])
            if ancestor["sha256"] == entry["sha256"]:
                kind = "registered"
        row = rows.get((entry["path"], entry["sha256"]))
        cells = _cells(ancestor, entry, inputs) if ancestor and kind == "restated" else None
        found.append(InputChange(kind, entry["table"], ancestor, entry, row, cells))
    gone = [e for path, e in before.items() if path not in matched]
    return found + [InputChange("withdrawn", e["table"], e, None, None) for e in gone]


def _ancestor(before: dict[str, dict[str, Any]], entry: dict[str, Any]) -> dict[str, Any] | None:
    """What a replacement of a replacement replaced in the end."""
    if not entry["supersedes"]:
        return None
    same = ("table", "period_from", "period_to")
    older = [
        e
        for e in before.values()
        if all(e[k] == entry[k] for k in same) and e["revision"] < entry["revision"]
    ]
    return max(older, key=lambda e: (e["revision"], e["path"])) if older else None


def _register_rows(home: Home | None, programme: str) -> dict[tuple[str, str], int]:
    """(path, sha256) -> row of the register as it is now."""
    path = home.data_raw / programme / REGISTER if home else None
    if path is None or not path.is_file():
        return {}
    return {(r.path, r.sha256): r.row for r in read_register(path.parent).registrations}


def _cells(old: dict[str, Any], new: dict[str, Any], inputs: tuple[Inputs, Inputs]) -> list[Cell] | None:
    """Changed cells of a replaced file; None where one of the two cannot be read."""
    contract = load_contracts().get(new["table"])
    sides = [i.found.get(e["path"]) for i, e in zip(inputs, (old, new), strict=True)]
    if contract is None or any(data is None for data in sides):
        return None
    frames = [
        _frame(data, e, contract, i)
        for data, e, i in zip(sides, (old, new), inputs, strict=True)
        if data is not None
    ]
    if frames[0] is None or frames[1] is None:
        return None
    return [*changed_cells(frames[0], frames[1], contract)]


def _frame(data: bytes, entry: dict[str, Any], contract: Contract, inputs: Inputs) -> pl.DataFrame | None:
    """Rows of a file from its bytes; None where it cannot be read without an error."""
    names = {k: entry[k] for k in Registration.__dataclass_fields__ if k in entry and k != "received_on"}
    registration = Registration(**names, received_on=date.fromisoformat(entry["received_on"]))
    with tempfile.TemporaryDirectory(prefix="jiance-diff-") as temporary:
        place = Path(temporary) / entry["path"]
        place.parent.mkdir(parents=True)
        place.write_bytes(data)
        result = read_return(Path(temporary), registration, contract, _local(inputs, Path(temporary)))
    return None if any(f.blocks for f in result.findings) else result.frame


def _local(inputs: Inputs, place: Path) -> Local:
    """The names of units and the layouts that the edition was made with."""
    if "areas.csv" not in inputs.found:
        return NOTHING_LOCAL
    for name, data in inputs.found.items():
        if name == "areas.csv" or name.startswith(f"{LAYOUTS}/"):
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_bytes(data)
    programme = Programme("", place)  # the plan of an older edition need not be one that today's code reads
    return Local(AreaNames(programme.listed_areas), programme.layouts.layouts)


def plan_changes(inputs: tuple[Inputs, Inputs]) -> list[tuple[str, str, str]] | None:
    """(key path, old, new) of what differs in two plans, commitments by their id; None where one is missing."""
    sides = [i.found.get("plan.yaml") for i in inputs]
    if any(side is None for side in sides):
        return None
    documents = []
    for side in sides:
        document = yaml.safe_load(side.decode("utf-8-sig")) if side else {}
        listed = document.get("commitments")
        if isinstance(listed, list):
            document["commitments"] = {c.get("id", str(n)): c for n, c in enumerate(listed)}
        documents.append(document)
    return list(first_path(*documents))
