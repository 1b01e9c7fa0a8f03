"""The rates that come out of the written files: ``python -m pipeline.demo.check [FOLDER]``.

Belongs here: reading the files back (knowing only the contracts' headers) and the plain formulas,
so that the story can be looked at without the annual run. Does not belong here: generating, and
judging.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import openpyxl

from pipeline.intake.contract import load_contracts

CITY = "130700"
YEARS = range(2019, 2025)
AGE_GROUPS = {"3-5": range(3, 6), "6-11": range(6, 12), "12-14": range(12, 15), "15-17": range(15, 18)}
BASE_TABLES = (
    "census_population",
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
)
"""Returns that the rates are made of; each year of them is one file."""
Cell = dict[str, str]
Key = tuple[str, int]
"""Area and year."""
Pairs = dict[Key, tuple[int, int]]
"""Numerator and denominator by area and year."""

RATIOS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "preschool": (("children",), ("3-5",)),
    "kept_raw": (("ninth",), ("started",)),
    "kept_graduates": (("graduates",), ("entrants",)),
    "kept_adjusted": (("ninth",), ("started", "moved")),
    "upper": (("upper", "technical"), ("15-17",)),
    "upper_without": (("upper",), ("15-17",)),
    "inclusive_children": (("inclusive children",), ("children",)),
    "inclusive_kindergartens": (("inclusive kindergartens",), ("kindergartens",)),
    "primary": (("primary",), ("6-11",)),
    "junior": (("junior",), ("12-14",)),
}
"""What is counted over what; several counts are added."""


def read_table(folder: Path, path: str, table: str) -> list[Cell]:
    """Rows of one file keyed by the contract's field names; every value is text."""
    names = {item.zh: item.name for item in load_contracts()[table].fields}
    file = folder / path
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file, read_only=True)
        lines = [[_text(value) for value in row] for row in book.active.iter_rows(values_only=True)]
        book.close()
        if sum(bool(value) for value in lines[0]) < 2:
            lines = lines[1:]
    else:
        content = file.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        lines = list(csv.reader(io.StringIO(text)))
    header = [names.get(title, title) for title in lines[0]]
    return [dict(zip(header, line, strict=False)) for line in lines[1:]]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


@dataclass
class Files:
    """All rows of the base tables by table and last year of the file, read through the register."""

    folder: Path
    tables: dict[str, dict[int, list[Cell]]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def read(cls, folder: Path) -> Files:
        files = cls(folder)
        with (folder / "register.csv").open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                if row["table"] not in BASE_TABLES:
                    continue
                rows = read_table(folder, row["path"], row["table"])
                files.tables[row["table"]][int(row["period_to"])] = rows
        return files

    def all(self, table: str) -> list[Cell]:
        """Rows of a table over all years."""
        return [row for rows in self.tables[table].values() for row in rows]

    def present_code(self) -> dict[str, str]:
        """Old codes to codes of today."""
        with (self.folder / "crosswalk.csv").open(encoding="utf-8", newline="") as handle:
            return {row["old_code"]: row["new_code"] for row in csv.DictReader(handle)}


def percent(pair: tuple[int, int]) -> float:
    """For printing only."""
    return 100 * pair[0] / pair[1] if pair[1] else float("nan")


@dataclass
class Tally:
    """Counts by (area, year) out of the files."""

    files: Files
    today: dict[str, str] = field(default_factory=dict)
    counts: dict[str, Counter[Key]] = field(default_factory=lambda: defaultdict(Counter))
    schools: dict[tuple[str, int], Cell] = field(default_factory=dict)

    @classmethod
    def make(cls, files: Files) -> Tally:
        tally = cls(files, files.present_code())
        tally.schools = {
            (row["school_id"], int(row["school_year"])): row for row in files.all("school_register")
        }
        tally._people()
        tally._kindergartens()
        tally._enrolment()
        tally._flows()
        tally._money()
        return tally

    def add(self, name: str, code: str, year: int, count: int) -> None:
        """Count for the area of today."""
        self.counts[name][self.today.get(code, code), year] += count

    def _people(self) -> None:
        for year, rows in self.files.tables["population_by_age"].items():
            for row in rows:
                for name, ages in AGE_GROUPS.items():
                    if int(row["age"]) in ages:
                        self.add(name, row["county_code"], year, int(row["population"]))

    def recognised(self) -> set[tuple[str, int]]:
        """(school, year) of every recognition valid on 1 September, as listed in that year."""
        found = set()
        for year, rows in self.files.tables["inclusive_kindergarten_register"].items():
            day = f"{year}-09-01"
            for row in rows:
                withdrawn = bool(row["withdrawn_on"]) and iso(row["withdrawn_on"]) <= day
                if iso(row["recognised_from"]) <= day <= iso(row["recognised_to"]) and not withdrawn:
                    found.add((row["school_id"], year))
        return found

    def _kindergartens(self) -> None:
        recognised = self.recognised()
        for row in self.files.all("kindergarten_children"):
            year, count = int(row["school_year"]), int(row["children"])
            school = self.schools[row["school_id"], year]
            code = school["county_code"]
            inclusive = school["is_public"] == "是" or (row["school_id"], year) in recognised
            if row["class_level"] == "合计":
                self.add("kindergartens", code, year, 1)
                self.add("inclusive kindergartens", code, year, int(inclusive))
                continue
            self.add("children", code, year, count)
            self.add("inclusive children", code, year, count * inclusive)
            self._pays(school, year, count)

    def _pays(self, school: Cell, year: int, count: int) -> None:
        payer = "130701" if school["pays_budget_level"] == "市直" else school["county_code"]
        self.add("paid, all", payer, year, count)
        self.add("paid, public", payer, year, count * (school["is_public"] == "是"))

    def _enrolment(self) -> None:
        for row in self.files.all("enrolment_by_grade"):
            if row["grade"] == "合计":
                continue
            year, count, grade = int(row["school_year"]), int(row["pupils"]), int(row["grade"])
            school = self.schools.get((row["school_id"], year))
            code = school["county_code"] if school else row["county_code"]
            if school:
                stage = {"小学": "primary", "初中": "junior"}.get(row["programme"], "upper")
                self.add(stage, code, year, count)
                self._pays(school, year, count)
            if grade == 1:
                self.add("started", code, year + 8, count)
            elif grade == 9:
                self.add("ninth", code, year, count)
        for row in self.files.all("technical_school_enrolment"):
            self.add("technical", row["county_code"], int(row["school_year"]), int(row["pupils"]))

    def _flows(self) -> None:
        for row in self.files.all("pupil_movement"):
            into = sum(int(row[name]) for name in ("in_county", "in_city", "in_other"))
            away = sum(int(row[name]) for name in ("out_county", "out_city", "out_other", "died"))
            end = int(row["school_year"]) - int(row["grade"]) + 8
            self.add("moved", row["county_code"], end, into - away)
        for row in self.files.all("entrants_graduates"):
            code, year = row["county_code"], int(row["school_year"])
            if row["stage"] == "初中":
                self.add("graduates", code, year, int(row["graduates_prev_summer"]))
            elif row["stage"] == "小学":
                self.add("entrants", code, year + 9, int(row["entrants"]))

    def _money(self) -> None:
        factor = {"元": 100, "万元": 1_000_000}
        for row in self.files.all("county_finance"):
            if row["item"] == "教育支出":
                fen = Fraction(row["amount_yuan"]) * factor[row["unit_in"]]
                self.add("fen", row["unit_code"], int(row["fiscal_year"]), int(fen))

    def sum(self, *names: str) -> Counter[Key]:
        """Several counts added."""
        total: Counter[Key] = Counter()
        for name in names:
            for key, count in self.counts[name].items():
                total[key] += count
        return total

    def twelfths(self, name: str) -> Counter[Key]:
        """Eight times last autumn's pupils and four times this autumn's, by payer and fiscal year."""
        pupils = self.counts[name]
        return Counter(
            {
                (code, year): 8 * pupils[code, year - 1] + 4 * pupils[code, year]
                for code, year in self.counts["fen"]
                if year > YEARS[0]
            }
        )


def _pairs(top: Counter[Key], bottom: Counter[Key]) -> Pairs:
    """Pairs by area and year with the city as the sum over its areas; years of the returns only."""
    result: Pairs = {}
    for code, year in sorted(bottom):
        if year not in YEARS:
            continue
        result[code, year] = (top[code, year], bottom[code, year])
        above = result.get((CITY, year), (0, 0))
        result[CITY, year] = (above[0] + top[code, year], above[1] + bottom[code, year])
    return result


def compute(files: Files) -> dict[str, Pairs]:
    """Numerator and denominator of every rate, by name and (area, year); the city is 130700.

    Spending is in fen over twelfths of pupils, so that yuan per pupil is 12 n / 100 d.
    """
    tally = Tally.make(files)
    return {name: _pairs(tally.sum(*top), tally.sum(*bottom)) for name, (top, bottom) in RATIOS.items()} | {
        "spending": _pairs(tally.sum("fen"), tally.twelfths("paid, public")),
        "spending_all": _pairs(tally.sum("fen"), tally.twelfths("paid, all")),
    }


def iso(text: str) -> str:
    """A date of any of the forms used, as YYYY-MM-DD."""
    year, month, day = (
        text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").split("-")
    )
    return f"{year}-{int(month):02d}-{int(day):02d}"


def main(arguments: list[str] | None = None) -> int:
    """Print the rates of a folder; returns 0."""
    default = Path(__file__).resolve().parents[2] / "data_raw" / "zhangjiakou"
    given = sys.argv[1:] if arguments is None else arguments
    for name, pairs in compute(Files.read(Path(given[0]) if given else default)).items():
        print(f"\n{name}")
        for code in sorted({code for code, _ in pairs}):
            print(code, *_cells(name, code, pairs))
    return 0


def _cells(name: str, code: str, pairs: Pairs) -> list[str]:
    """One area's figures; for money a star marks a fall per pupil and the sum's change follows."""
    cells = []
    for year in YEARS:
        top, bottom = pairs.get((code, year), (0, 0))
        before = pairs.get((code, year - 1))
        if not bottom:
            cells.append("      -")
        elif not name.startswith("spending"):
            cells.append(f"{percent((top, bottom)):7.2f}")
        else:
            fell = "*" if before and top * before[1] < before[0] * bottom else " "
            change = f" ({100 * (top - before[0]) / before[0]:+5.1f}%)" if before else ""
            cells.append(f"{top * 12 / bottom / 100:9.2f}{fell}{change}")
    return [*cells, f"  {top}/{bottom}"]


if __name__ == "__main__":
    raise SystemExit(main())
