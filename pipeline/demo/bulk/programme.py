"""The programme as a whole: plan and territory, then every return, county by county and there year by year.

Belongs here: the order in which things are written. Does not belong here: figures, formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from string import Template

import polars as pl

from pipeline.demo.bulk import returns
from pipeline.demo.bulk.defects import HANDLING, PASSES, SCRIBBLES
from pipeline.demo.bulk.derived import DUE, Last, derived
from pipeline.demo.bulk.files import Files, csv_bytes, hand_in
from pipeline.demo.bulk.order import CITY, CITY_BUDGET, Order, OrderError
from pipeline.demo.bulk.planting import COLUMNS as PLANTED_COLUMNS
from pipeline.demo.bulk.planting import Handling, Planter
from pipeline.demo.bulk.schools import institutions, pupils
from pipeline.demo.bulk.totals import CountyTotals, make_totals
from pipeline.demo.forms.base import Base
from pipeline.programme import AREA_COLUMNS, CROSSWALK_COLUMNS
from pipeline.quality.notes import COLUMNS as NOTE_COLUMNS

_TEMPLATE = Path(__file__).with_name("plan_template.yaml")
BATCH_SCHOOLS = 3_000
_PLAN_YEARS = 5
_GRID_COLUMNS = 10
_BY_CITY = frozenset(
    "technical_school_enrolment inclusive_kindergarten_register certified_values event_log project_ledger".split()
)


@dataclass(frozen=True)
class Written:
    """What was written: the folder of the programme, the number of returns and of bytes."""

    folder: Path
    files: int
    size: int


def write_programme(order: Order, home: Path, planter: Planter | None = None) -> Written:
    """Write ``data_raw/<name>`` under ``home``, with a planter's mistakes in the last year.

    Raises OrderError where a folder of that name is there already.
    """
    folder = home / "data_raw" / order.name
    if folder.exists():
        raise OrderError(
            f"{folder} 已经存在,请另取名字或先删除它 / is there already: choose another name or delete it first"
        )
    folder.mkdir(parents=True)
    files = Files(order, folder, planter)
    files.write("plan.yaml", plan_text(order, planter.handling.unasked if planter else "").encode())
    files.write("areas.csv", csv_bytes(AREA_COLUMNS, _areas(order)))
    files.write("crosswalk.csv", csv_bytes(CROSSWALK_COLUMNS, []))
    files.write("notes.csv", csv_bytes(NOTE_COLUMNS, []))
    made = make_totals(order)
    if planter is not None:
        planter.totals = made
    _write_history(order, made, files)
    for batch in _batches(made):
        _write_batch(order, batch, files)
    for year in order.years:
        certified = {"certified_values": returns.certified_values(made, year)}
        if planter is not None:
            certified = planter.plant(certified, year)
        files.add("certified_values", certified["certified_values"], year, [])
    files.close()
    return Written(folder, files.number, files.written)


def write_defective(order: Order, home: Path, per_million: int) -> tuple[list[Written], list[str]]:
    """Write one programme a pass, ``<name>_<pass>``, each with its mistakes, and ``planted.csv`` beside ``data_raw``.

    ``per_million`` of the schools or counties get a mistake of each rule, at least one. Also returns the rules for
    which no school or county lent itself. Raises OrderError as :func:`write_programme` does.
    """
    written, lines, lacking = [], [], []
    for stage, defects in PASSES.items():
        own = replace(order, name=f"{order.name}_{stage}")
        scribbles = SCRIBBLES if stage == "intake" else ()
        planter = Planter(own, stage, defects, per_million, HANDLING.get(stage, Handling()), scribbles)
        written.append(write_programme(own, home, planter))
        lines += [line.cells() for line in planter.lines]
        lacking += planter.lacking
    done = {line[PLANTED_COLUMNS.index("rule")] for line in lines}
    lacking = [rule for rule in lacking if rule not in done]
    (home / "planted.csv").write_bytes(csv_bytes(PLANTED_COLUMNS, lines))
    return written, lacking


def due(order: Order) -> dict[str, int]:
    """Every table that the plan asks for, with its first year."""
    first = order.first_year
    return {
        "school_register": first,
        "kindergarten_children": first,
        "enrolment_by_grade": first - 8,
        "entrants_graduates": first - 9,
        "pupil_movement": first - 7,
        "technical_school_enrolment": first,
        "inclusive_kindergarten_register": first,
        "population_by_age": first,
        "county_finance": first,
        "certified_values": first,
        **dict.fromkeys(DUE, first),
    }


def _asked(table: str, first: int) -> str:
    known = hand_in(table)
    month, day = known.deadline
    return (
        f"  - {{table: {table}, first: {first}, by: {'city' if table in _BY_CITY else 'area'}, "
        f"deadline: {{month: {month}, day: {day}, years_after: {known.years_after}}}}}"
    )


def plan_text(order: Order, unasked: str = "") -> str:
    """``plan.yaml``: the template with the order's name, codes and years; ``unasked`` is not asked for yet."""
    firsts = due(order) | ({unasked: order.last_year + 1} if unasked else {})
    asked = "\n".join(_asked(table, first) for table, first in firsts.items())
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        name=order.name,
        city=CITY,
        city_budget=CITY_BUDGET,
        base=order.first_year,
        reporting=order.first_year + 1,
        due=order.first_year + _PLAN_YEARS,
        returns=asked,
    )


def _areas(order: Order) -> list[list[object]]:
    whole = [CITY, "示例市", "全市", "Example City", "全市", "", "市级", "yes", "2000-01-01", "", "", "", 0]
    own = [CITY_BUDGET, "示例市本级", "市本级", "City budget level", "市本级", CITY, "市级", "yes", "2000-01-01", "", "", "", 1]
    counties = [
        [
            county.code,
            county.name,
            county.name,
            county.name_en,
            "县",
            CITY,
            "县级",
            "yes",
            "2000-01-01",
            "",
            county.index // _GRID_COLUMNS,
            county.index % _GRID_COLUMNS,
            county.index + 2,
        ]
        for county in order.territory
    ]
    return [whole, own, *counties]


def _write_history(order: Order, made: list[CountyTotals], files: Files) -> None:
    """County totals of the cohorts that finish in the years of the programme."""
    last = order.first_year - 1
    for table, before, rows_of in (
        ("enrolment_by_grade", 8, returns.cohort_history),
        ("entrants_graduates", 9, returns.entrants_history),
        ("pupil_movement", 7, returns.movement_history),
    ):
        first = order.first_year - before
        with files.history(table, first, last) as file:
            for year in range(first, last + 1):
                rows = pl.concat([rows_of(one, year) for one in made])
                if files.planter is not None:
                    rows = files.planter.plant({table: rows}, year)[table]
                files.append(file, rows)


@dataclass(frozen=True)
class _Autumn:
    """One county in one school year: its base returns and its pupils by grade."""

    base: Base
    taught: pl.DataFrame


def _batches(made: list[CountyTotals]) -> Iterator[list[CountyTotals]]:
    """Counties in order, as many together as have ``BATCH_SCHOOLS`` schools: what is in memory at a time."""
    batch: list[CountyTotals] = []
    for totals in made:
        batch.append(totals)
        if sum(one.county.schools for one in batch) >= BATCH_SCHOOLS:
            yield batch
            batch = []
    if batch:
        yield batch


def _write_batch(order: Order, batch: list[CountyTotals], files: Files) -> None:
    """Every year of some counties, one after the other: a year's returns start from those of the year before."""
    counties = [totals.county for totals in batch]
    schools = [institutions(order, county) for county in counties]
    before = [_autumn(order, *one, order.first_year - 1) for one in zip(schools, batch, strict=True)]
    last = Last(_together(before))
    for year in order.years:
        now = [_autumn(order, *one, year) for one in zip(schools, batch, strict=True)]
        base = _together(now)
        more = derived(base, last, order.seed)
        listed = pl.concat(schools)
        taught, taught_before = (pl.concat(one.taught for one in autumn) for autumn in (now, before))
        told = {
            "school_register": base.school_register,
            "kindergarten_children": base.kindergarten_children,
            "enrolment_by_grade": base.enrolment_by_grade,
            "entrants_graduates": returns.entrants_graduates(taught, taught_before, year),
            "pupil_movement": returns.pupil_movement(taught, taught_before, year, order),
            "inclusive_kindergarten_register": returns.inclusive_kindergarten_register(listed, year),
            "technical_school_enrolment": pl.concat(
                returns.technical_school_enrolment(totals, year, order) for totals in batch
            ),
            "population_by_age": returns.with_registered(base.population_by_age),
            "county_finance": base.county_finance,
        }
        handed_in = told | more
        if files.planter is not None:
            handed_in = files.planter.plant(handed_in, year)
        for table, rows in handed_in.items():
            files.add(table, rows, year, counties)
        last, before = Last(base, more["facilities"], more["finance_by_stage"]), now


def _together(autumns: list[_Autumn]) -> Base:
    bases = [one.base for one in autumns]
    return Base(
        bases[0].year,
        *(
            pl.concat(getattr(base, part.name) for base in bases)
            for part in fields(Base)
            if part.name != "year"
        ),
    )


def _autumn(order: Order, schools: pl.DataFrame, totals: CountyTotals, year: int) -> _Autumn:
    taught = pupils(schools, totals, year)
    return _Autumn(_base(order, schools, totals, taught, year), taught)


def _base(order: Order, schools: pl.DataFrame, totals: CountyTotals, taught: pl.DataFrame, year: int) -> Base:
    register = returns.school_register(schools, year)
    children = returns.kindergarten_children(schools, totals, year)
    enrolment = returns.enrolment_by_grade(taught, year)
    payers = returns.public_pupils(register, children, enrolment)
    return Base(
        year=year,
        school_register=register,
        kindergarten_children=children,
        enrolment_by_grade=enrolment,
        population_by_age=returns.residents(totals, year),
        county_finance=returns.county_finance(payers, year, order),
    )
