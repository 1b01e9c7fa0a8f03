"""Where things are and what belongs to a programme: one frozen object each.

Belongs here: the folders of an installation (``Home``), and a programme with its plan, areas,
crosswalk and register, read once. Does not belong here: reading returns, SQL, figures.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.intake.contract import Contract, load_contracts
from pipeline.intake.register import RegisterResult, Registration, effective, read_register
from pipeline.plan.model import Indicator, Plan, load_indicators, load_plan

CODE_ROOT = Path(__file__).resolve().parents[1]
HOME_VARIABLE = "JIANCE_HOME"

AREA_COLUMNS = (
    "area_code,name_zh,short_name_zh,name_en,unit_type,parent_code,budget_level,assessed,"
    "valid_from,valid_to,grid_row,grid_col,sort_order"
).split(",")
CROSSWALK_COLUMNS = "old_code,new_code,valid_from,weight_num,weight_den,basis".split(",")


class ProgrammeError(ValueError):
    """A programme folder cannot be used. ``str()`` says which file, what is wrong and what to do."""


@dataclass(frozen=True)
class Home:
    """The folder that holds ``data_raw/``, ``build/`` and ``editions/``.

    The code's own files (SQL, templates) always come from the installation itself, so that a
    home elsewhere cannot change how figures are made.
    """

    root: Path

    @classmethod
    def default(cls) -> Home:
        """``$JIANCE_HOME``, else the installation's own folder."""
        return cls(Path(os.environ.get(HOME_VARIABLE) or CODE_ROOT).resolve())

    @property
    def data_raw(self) -> Path:
        return self.root / "data_raw"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def editions(self) -> Path:
        return self.root / "editions"

    def programme_ids(self) -> list[str]:
        """Names of the folders in ``data_raw`` that hold a plan, sorted."""
        return sorted(p.parent.name for p in self.data_raw.glob("*/plan.yaml"))

    def programme(self, programme_id: str) -> Programme:
        """The programme of that name. Raises ProgrammeError naming the known ones."""
        if programme_id not in self.programme_ids():
            known = "、".join(self.programme_ids()) or "(无 / none)"
            raise ProgrammeError(
                f"没有名为“{programme_id}”的项目;现有:{known} / no programme {programme_id!r}; known: {known}"
            )
        return Programme(programme_id, self.data_raw / programme_id)

    def edition_build(self, programme_id: str, year: int) -> Path:
        """Working folder of one edition; may be deleted at any time."""
        return self.build / f"{programme_id}-{year}"


@dataclass(frozen=True)
class Programme:
    """A plan with its territory and its returns."""

    id: str
    root: Path

    @cached_property
    def plan(self) -> Plan:
        plan = load_plan(self.root / "plan.yaml")
        if plan.programme.id != self.id:
            raise ProgrammeError(
                f"data_raw/{self.id}/plan.yaml: programme.id 是“{plan.programme.id}”,应与文件夹名一致 / "
                f"programme.id is {plan.programme.id!r} but the folder is {self.id!r}"
            )
        unknown = sorted({c.indicator_id for c in plan.commitments} - set(self.indicators))
        if unknown:
            raise ProgrammeError(
                f"data_raw/{self.id}/plan.yaml: 不认识的指标 {unknown};可用:{sorted(self.indicators)} / "
                f"unknown indicator {unknown}; known: {sorted(self.indicators)}"
            )
        for due in plan.returns:
            if due.table not in self.contracts:
                raise ProgrammeError(
                    f"data_raw/{self.id}/plan.yaml: returns 中的表“{due.table}”不存在;可用:{sorted(self.contracts)} / "
                    f"unknown table {due.table!r}; known: {sorted(self.contracts)}"
                )
        return plan

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        return load_indicators()

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        return load_contracts()

    @cached_property
    def register(self) -> RegisterResult:
        """``register.csv``: the rows that are right, and a finding for each one that is not."""
        return read_register(self.root, self.contracts)

    @property
    def registrations(self) -> list[Registration]:
        return self.register.registrations

    @cached_property
    def areas(self) -> list[dict[str, str]]:
        """Rows of ``areas.csv`` as texts, in ``sort_order``."""
        rows = _read_csv(self.root / "areas.csv", AREA_COLUMNS)
        return sorted(rows, key=lambda r: (int(r["sort_order"]), r["area_code"]))

    @cached_property
    def crosswalk(self) -> list[dict[str, str]]:
        """Rows of ``crosswalk.csv`` as texts. A code that is split over several units is refused."""
        rows = _read_csv(self.root / "crosswalk.csv", CROSSWALK_COLUMNS)
        for number, row in enumerate(rows, start=2):
            if row["weight_num"] != row["weight_den"]:
                raise ProgrammeError(
                    f"data_raw/{self.id}/crosswalk.csv 第 {number} 行:一个旧代码拆分到几个新单位,人数无法整数分配;"
                    f"请按现行单位报送历史数据 / row {number}: an old code split over several units cannot be "
                    f"allotted in whole persons; hand in the history by present-day unit"
                )
        return rows

    def years(self) -> list[int]:
        """Years for which an edition can be made: every due return is registered. Ascending."""
        plan = self.plan
        if not self.registrations:
            return []
        last = max(r.period_to for r in self.registrations)
        found = []
        for year in range(plan.programme.first_reporting_year, last + 1):
            present: dict[str, set[int]] = {}
            for registration in effective(self.registrations, year):
                years = present.setdefault(registration.table, set())
                years.update(range(registration.period_from, registration.period_to + 1))
            complete = all(
                year in present.get(due.table, set())
                for due in plan.returns
                if due.table in yearly_tables(plan)
            )
            if complete:
                found.append(year)
        return found


def yearly_tables(plan: Plan) -> set[str]:
    """Tables due every year (the census is not)."""
    return {due.table for due in plan.returns if due.table != "census_population"}


def edition_key(programme_id: str, year: int) -> str:
    return f"{programme_id}-{year}"


def split_edition_key(key: str) -> tuple[str, int]:
    """``"zhangjiakou-2024"`` -> ``("zhangjiakou", 2024)``."""
    programme_id, _, year = key.rpartition("-")
    return programme_id, int(year)


def edition_keys(home: Home) -> list[str]:
    """Every edition that the registers allow, ``<programme>-<year>``, sorted: never the clock."""
    return [edition_key(p, year) for p in home.programme_ids() for year in home.programme(p).years()]


def _read_csv(path: Path, columns: list[str]) -> list[dict[str, str]]:
    shown = f"data_raw/{path.parent.name}/{path.name}"
    if not path.exists():
        raise ProgrammeError(f"缺少文件 {shown} / missing file {shown}")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != columns:
            raise ProgrammeError(
                f"{shown} 第 1 行:列名应为 {','.join(columns)},现为 {','.join(reader.fieldnames or [])} / "
                f"row 1: unexpected columns"
            )
        rows = [dict(row) for row in reader]
    if any(None in row or None in row.values() for row in rows):
        raise ProgrammeError(f"{shown}:有的行列数不对 / a row has the wrong number of cells")
    return rows
