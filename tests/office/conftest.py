"""A small programme of three units: real plan and territory, a few schools, registered by the product."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline.intake.contract import UNIT_FACTORS
from pipeline.intake.read import read_return
from pipeline.intake.register import effective
from pipeline.office.registering import register_files
from pipeline.programme import Home
from tests.conftest import ROOT

UNITS = ("130701", "130702", "130708")
SCHOOLS_EACH = 8
YEAR = 2023
# What this small programme asks for; the plan of the city asks for more.
TABLES = (
    "school_register",
    "kindergarten_children",
    "enrolment_by_grade",
    "entrants_graduates",
    "pupil_movement",
    "technical_school_enrolment",
    "inclusive_kindergarten_register",
    "population_by_age",
    "county_finance",
    "certified_values",
    "census_population",
)
# Days of receipt of what is not due in the autumn of its own year, each within its deadline.
DAYS = {
    "population_by_age": dt.date(YEAR + 1, 3, 1),
    "county_finance": dt.date(YEAR + 1, 3, 1),
    "certified_values": dt.date(YEAR + 1, 2, 20),
}
PROGRAMME = "zhangjiakou"


def csv_bytes(contract, rows) -> bytes:
    """Rows (dicts of values as intake gives them) as a UTF-8 CSV with the Chinese headers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f.zh for f in contract.fields])
    for row in rows:
        cells = []
        for f in contract.fields:
            value = row[f.name]
            if f.name in contract.totals and value is None and row.get("is_total"):
                value = contract.totals[f.name]
            elif f.unit_field and value is not None:
                value = f"{value / UNIT_FACTORS[row[f.unit_field]]:f}"
            elif isinstance(value, bool):
                value = "是" if value else "否"
            cells.append("" if value is None else value)
        writer.writerow(cells)
    return text.getvalue().encode()


def small_rows(programme, year):
    """Table -> rows of one year for the units and a few of their schools."""
    frames = {
        r.table: read_return(programme.root, r, programme.contracts[r.table]).frame
        for r in effective(programme.registrations, year)
        if r.period_from == r.period_to == year and r.table in TABLES
    }
    register = frames["school_register"].filter(pl.col("county_code").is_in(UNITS))
    register = register.with_columns(pl.col("school_id").str.slice(0, 1).alias("kind"))
    chosen = (
        register.group_by("county_code", "kind", maintain_order=True)
        .head(SCHOOLS_EACH)["school_id"]
        .to_list()
    )
    chosen += register.filter(pl.col("status") != "在办").head(2)["school_id"].to_list()
    listed = frames["inclusive_kindergarten_register"]["school_id"].to_list()
    chosen += register.filter(pl.col("school_id").is_in(listed)).head(SCHOOLS_EACH)["school_id"].to_list()
    small = {}
    for table, frame in frames.items():
        keep = pl.lit(False)
        for column, allowed in (
            ("school_id", chosen),
            ("county_code", UNITS),
            ("unit_code", (*UNITS, "130700")),
        ):
            if column in frame.columns and not (table == "school_register" and column == "county_code"):
                keep = keep | pl.col(column).is_in(allowed).fill_null(False)
        small[table] = frame.filter(keep).rows(named=True)
    return small


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """The home's folder, with 2023 registered file by file."""
    root = tmp_path_factory.mktemp("office")
    source = ROOT / "data_raw" / PROGRAMME
    folder = root / "home" / "data_raw" / PROGRAMME
    folder.mkdir(parents=True)
    changes = (source / "crosswalk.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "crosswalk.csv").write_text("".join(x for x in changes if x[7:13] in UNITS or x is changes[0]), "utf-8")
    plan = (source / "plan.yaml").read_text("utf-8").splitlines(keepends=True)
    due = re.compile(r"  - \{table: (\w+),")
    asked = [line for line in plan if not (found := due.match(line)) or found[1] in TABLES]
    # the units that it names are not all kept, and a name that is in no areas.csv is refused
    kept_plan = re.sub(r"scope: named_units\n    named: .*\n", "scope: whole\n", "".join(asked))
    (folder / "plan.yaml").write_text(kept_plan, "utf-8")
    lines = (source / "areas.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [lines[0], *(x for x in lines if x[:6] in (*UNITS, "130700", "130729"))]
    (folder / "areas.csv").write_text("".join(kept), "utf-8")
    home = Home(root / "home")
    large = Home(ROOT).programme(PROGRAMME)
    for table, rows in small_rows(large, YEAR).items():
        path = root / "outside" / f"{table}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(csv_bytes(large.contracts[table], rows))
        register_files(
            home,
            PROGRAMME,
            [path],
            table=None if large.contracts[table].period_field else table,
            period_from=None if large.contracts[table].period_field else YEAR,
            period_to=None if large.contracts[table].period_field else YEAR,
            supplier=f"{large.contracts[table].name_zh}报送处",
            received_on=DAYS.get(table, dt.date(YEAR, 10, 25)),
            form_edition=f"{YEAR}版",
        )
    return root


@pytest.fixture
def home(made, tmp_path) -> Home:
    """A copy that a test may change."""
    shutil.copytree(made / "home", tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def outside(made) -> Path:
    """The files of 2023 as they lay outside before they were registered."""
    return made / "outside"
