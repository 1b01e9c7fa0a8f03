"""A programme folder in which a test registers the files it needs (used by the fixtures of conftest)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

from pipeline.intake.contract import Contract
from pipeline.intake.local import NOTHING_LOCAL, Local
from pipeline.intake.read import ReadResult, read_return
from pipeline.intake.register import COLUMNS, Registration, sha256_of

CHILDREN = "学校标识码,学年,班级类型,年龄,性别,在园幼儿数,入园幼儿数,离园幼儿数"
SUPPLIER = "桥东区教育局"


class Programme:
    """A folder like ``data_raw/<programme>``; every handed-in file becomes a row of its register."""

    def __init__(self, root: Path, contracts: dict[str, Contract]) -> None:
        self.root = root
        self.contracts = contracts
        self.rows: list[dict[str, str]] = []
        self.local: Local = NOTHING_LOCAL

    def put(
        self, table: str, data: bytes | str, /, path: str | None = None, **changed: object
    ) -> Registration:
        """Write a file and register it; ``changed`` overrides columns of its register row."""
        content = data.encode() if isinstance(data, str) else data
        contract = self.contracts[table]
        path = path or f"2023/{table}.csv"
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        values: dict[str, object] = {
            "table": table,
            "period_kind": contract.period_kind,
            "period_from": 2023,
            "period_to": 2023,
            "revision": 1,
            "path": path,
            "sha256": sha256_of(content),
            "supplier": SUPPLIER,
            "received_on": dt.date(2023, 10, 20),
            "maturity": "final",
            "origin": "real",
            "form_edition": "2023版",
            "late": "",
            "supersedes": "",
            "reason": "",
        } | changed
        self.rows.append({name: str(values[name]) for name in COLUMNS})
        self.write_register()
        return Registration(**values, row=len(self.rows) + 1)  # type: ignore[arg-type]

    def write_register(self, encoding: str = "utf-8") -> None:
        """Write register.csv from ``rows``."""
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        (self.root / "register.csv").write_bytes(text.getvalue().encode(encoding))

    def read(self, table: str, data: bytes | str, /, **changed: object) -> ReadResult:
        """Hand in one file and read it."""
        return read_return(self.root, self.put(table, data, **changed), self.contracts[table], self.local)

    def children(self, *rows: str, **changed: object) -> ReadResult:
        """Hand in kindergarten_children with the usual header and these rows."""
        return self.read("kindergarten_children", "\n".join([CHILDREN, *rows, ""]), **changed)
