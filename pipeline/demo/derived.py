"""Every derived return of the demonstration, year by year.

Belongs here: feeding the forms with the demonstration's base returns, and the few cells that differ so
that the rules have something to ask about. Does not belong here: what the forms say (``forms``), files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from pipeline.demo import FIRST_YEAR, YEARS, city
from pipeline.demo.forms import counties, process, schools, staff
from pipeline.demo.forms.base import Base
from pipeline.demo.frames import base_of
from pipeline.demo.oddities import Oddities
from pipeline.demo.returns import Row, World
from pipeline.demo.territory import CITY, CITY_BUDGET

DERIVED_YEARS = YEARS[1:]


@dataclass
class Derived:
    """The frames by table and year, as filed."""

    frames: dict[tuple[str, int], pl.DataFrame] = field(default_factory=dict)

    @classmethod
    def make(cls, world: World) -> Derived:
        """Work out every derived return of 2020 to 2024."""
        made = cls()
        before = base_of(world, FIRST_YEAR)
        old: pl.Series | None = None
        for year in DERIVED_YEARS:
            base = base_of(world, year)
            old = base.school_register["school_id"] if old is None else old
            made._schools(base, before, world.seed)
            made._counties(base, before, world.seed)
            made._process(base, world.seed, old)
            before = base
        return made

    def _set(self, table: str, year: int, frame: pl.DataFrame) -> pl.DataFrame:
        self.frames[table, year] = frame
        return frame

    def _schools(self, base: Base, before: Base, seed: int) -> None:
        year, odd = base.year, Oddities(base)
        rooms = self._set("classes", year, odd.classes(schools.classes(base, seed)))
        self._set("enrolment_by_age", year, schools.enrolment_by_age(base, seed))
        groups = self._set("special_groups", year, odd.special_groups(schools.special_groups(base, seed)))
        built = schools.facilities(base, groups, seed, self.frames.get(("facilities", year - 1)))
        self._set("facilities", year, odd.facilities(built, groups))
        self._set("after_school_service", year, schools.after_school_service(base, seed))
        self._set("staff", year, odd.staff(staff.staff(base, rooms, seed, before)))

    def _counties(self, base: Base, before: Base, seed: int) -> None:
        year, odd = base.year, Oddities(base)
        groups, taught = self.frames["special_groups", year], self.frames["staff", year]
        self._set("births", year, counties.births(base))
        self._set("county_totals", year, counties.county_totals(base, groups))
        self._set("teacher_exchange", year, counties.teacher_exchange(base, taught, seed))
        self._set("pay_comparison", year, counties.pay_comparison(base, taught, seed))
        self._set("vision_screening", year, odd.vision_screening(counties.vision_screening(base, seed)))
        self._set("disabled_children_ledger", year, counties.disabled_children_ledger(base, groups, seed))
        spent = counties.finance_by_stage(
            base,
            before,
            seed,
            city_budget_code=CITY_BUDGET,
            last=self.frames.get(("finance_by_stage", year - 1)),
        )
        self._set("finance_by_stage", year, spent)
        self._set("elderly_education", year, counties.elderly_education(base, seed, city_code=CITY))

    def _process(self, base: Base, seed: int, old: pl.Series) -> None:
        year = base.year
        self._set("feature_school_register", year, process.feature_schools(base, seed, old=old))
        self._set("pairing_register", year, process.pairing(base, seed))
        self._set("preschool_service_area", year, process.service_areas(base, seed))
        self._set("event_log", year, process.events(base, seed))
        self._set("compliance_survey", year, process.compliance_survey(base, seed))
        self._set("project_ledger", year, process.county_projects(base, seed))

    def rows(self, table: str, year: int) -> list[Row]:
        """The rows of a return as they are filed, with what the city adds to its counties' ledgers."""
        rows = as_rows(self.frames[table, year])
        if table == "project_ledger":
            return [*city.projects(year), *rows]
        if table == "event_log":
            return [*city.events(year), *rows]
        return rows

    def published_counts(self, world: World, year: int) -> list[Row]:
        """Children and kindergartens as a bulletin of the city would print them, in ten thousands."""
        children = sum(n for (_, at), n in world.children.items() if at == year)
        units = sum(1 for _, at in world.children if at == year)
        hundreds = (children + 50) // 100
        base: Row = {
            "unit_code": CITY,
            "school_year": year,
            "derivation": "由分园报表汇总,按万人保留两位小数",
        }
        title = f"张家口市{year}年国民经济和社会发展统计公报(演示)"
        return [
            base
            | {
                "measure": "kindergarten_children",
                "count": f"{hundreds // 100}.{hundreds % 100:02d}",
                "unit_in": "万人",
                "source_title": title,
            },
            base | {"measure": "kindergartens", "count": units, "unit_in": "所", "source_title": title},
        ]


def as_rows(frame: pl.DataFrame) -> list[Row]:
    """Rows of a frame as text and whole numbers: blanks empty, yes and no in Chinese, dates as ISO text."""
    texts = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.Boolean:
            column = pl.when(column).then(pl.lit("是")).when(column.not_()).then(pl.lit("否")).otherwise(None)
        elif isinstance(kind, pl.Decimal):
            column = column.cast(pl.String).str.replace(r"\.?0+$", "")
        elif kind == pl.Date:
            column = column.dt.to_string("%Y-%m-%d")
        texts.append(column.alias(name))
    return [
        {name: "" if value is None else value for name, value in row.items()}
        for row in frame.select(texts).iter_rows(named=True)
    ]


def pieces(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Rows by the value of a column, in the order of first appearance."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(str(row[key]), []).append(row)
    return parts
