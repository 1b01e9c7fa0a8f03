"""What belongs to a programme, as one frozen object.

Belongs here: a programme with its plan, areas, crosswalk, register and notes, read once. Does not belong here: where
things are (home.py), reading returns, SQL, figures.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

# Named here too, because whoever needs a programme needs its home.
from pipeline.home import CODE_ROOT as CODE_ROOT
from pipeline.home import HOME_VARIABLE as HOME_VARIABLE
from pipeline.home import Home as Home
from pipeline.intake.areas import AreaNames
from pipeline.intake.contract import Contract, load_contracts
from pipeline.intake.harmless import is_harmless
from pipeline.intake.layouts import LayoutsResult, read_layouts
from pipeline.intake.local import Local
from pipeline.intake.register import RegisterResult, Registration, effective, read_register
from pipeline.plan.model import CommitmentBase, Indicator, Plan, PlanError, line_in_plan, load_indicators, load_plan
from pipeline.quality.notes import NotesResult, read_notes
from pipeline.reference_day import reference_day
from pipeline.unit_types import ROLES, role_of, types_of

AREA_COLUMNS = (
    "area_code,name_zh,short_name_zh,name_en,unit_type,parent_code,budget_level,assessed,"
    "valid_from,valid_to,grid_row,grid_col,sort_order"
).split(",")
CROSSWALK_COLUMNS = "old_code,new_code,valid_from,weight_num,weight_den,basis".split(",")


AREA_TESTS = {
    "area_code": re.compile(r"\d{6}"),
    "unit_type": re.compile("|".join(ROLES)),
    "assessed": re.compile("yes|no"),
    "valid_from": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "valid_to": re.compile(r"(\d{4}-\d{2}-\d{2})?"),
    "grid_row": re.compile(r"\d*"),
    "grid_col": re.compile(r"\d*"),
    "sort_order": re.compile(r"\d+"),
}
AREA_EXPECTED = {
    "area_code": "6 位数字 / six digits",
    "unit_type": "、".join(ROLES),
    "assessed": "yes 或 no",
    "valid_from": "2016-01-01",
    "valid_to": "2015-12-31 或空白 / or blank",
    "grid_row": "整数或空白 / a whole number or blank",
    "grid_col": "整数或空白 / a whole number or blank",
    "sort_order": "整数 / a whole number",
}


CROSSWALK_TESTS = {
    "old_code": re.compile(r"\d{6}"),
    "new_code": re.compile(r"\d{6}"),
    "valid_from": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "weight_num": re.compile(r"[1-9]\d*"),
    "weight_den": re.compile(r"[1-9]\d*"),
}
CROSSWALK_EXPECTED = {
    "old_code": "6 位数字 / six digits",
    "new_code": "6 位数字 / six digits",
    "valid_from": "2016-01-01",
    "weight_num": "正整数 / a whole number from 1",
    "weight_den": "正整数 / a whole number from 1",
}


ENGLISH_FILE = "english.csv"
ENGLISH_COLUMNS = ["zh", "en"]

CANDIDATES = 5
"""How many names are shown at most where one was not found."""


class ProgrammeError(ValueError):
    """A programme folder cannot be used. ``str()`` says which file, what is wrong and what to do."""


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
        problems = list(_plan_problems(plan, self.indicators, self.contracts))
        if problems:
            raise ProgrammeError("\n".join(f"data_raw/{self.id}/plan.yaml: {p}" for p in problems))
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

    @cached_property
    def notes(self) -> NotesResult:
        """``notes.csv``: the notes that can be used, and a finding for each one that cannot."""
        return read_notes(self.root)

    @cached_property
    def english(self) -> dict[str, str]:
        """``english.csv``: what the English report says for a supplier, a reason of the register, a note or who gave it.

        Optional; where a text is not in it the report shows the text itself. Raises ProgrammeError naming the row.
        """
        path = self.root / ENGLISH_FILE
        if not path.is_file():
            return {}
        said: dict[str, str] = {}
        for number, row in enumerate(_read_csv(path, ENGLISH_COLUMNS), start=2):
            zh, en = row["zh"].strip(), row["en"].strip()
            if not zh or not en or zh in said or not (is_harmless(zh) and is_harmless(en)):
                raise ProgrammeError(
                    f"data_raw/{self.id}/{ENGLISH_FILE} 第 {number} 行:zh“{zh}”、en“{en}”都要填写,同一 zh 只写一行,不含"
                    f"控制字符 / row {number}: fill in zh and en, each zh once, no control characters"
                )
            said[zh] = en
        return said

    @cached_property
    def layouts(self) -> LayoutsResult:
        """``layouts/*.csv``: the layouts that can be used, and a finding for everything wrong in the others."""
        return read_layouts(self.root, self.contracts)

    @cached_property
    def local(self) -> Local:
        """What reading a return of this programme needs beside the contract."""
        return Local(AreaNames(self.areas), self.layouts.layouts)

    @property
    def registrations(self) -> list[Registration]:
        return self.register.registrations

    @cached_property
    def listed_areas(self) -> list[dict[str, str]]:
        """Rows of ``areas.csv`` as texts, in its own order, each cell of the form wanted; no plan is asked."""
        rows = _read_csv(self.root / "areas.csv", AREA_COLUMNS)
        for number, row in enumerate(rows, start=2):
            for column, test in AREA_TESTS.items():
                if not test.fullmatch(row[column]) or not _is_day(column, row[column]):
                    raise ProgrammeError(
                        f"data_raw/{self.id}/areas.csv 第 {number} 行“{column}”列:“{row[column]}”不是允许的写法(应为 "
                        f"{AREA_EXPECTED[column]})/ row {number}, column {column}: {row[column]!r} is not of the form wanted"
                    )
        return rows

    @cached_property
    def areas(self) -> list[dict[str, str]]:
        """Rows of ``areas.csv`` as texts, in ``sort_order``. Raises ProgrammeError naming row and column."""
        self._stop_at(_area_problems(self.listed_areas, self.plan), "areas.csv")
        if told := list(_named_unit_problems(self.listed_areas, self.plan, self._followed_codes())):
            where = [f"  plan.yaml 第 {line} 行 / line {line}: {text}" for line, text in self._lines_of_named(told)]
            raise ProgrammeError(f"data_raw/{self.id}/plan.yaml:方案点名的单位有误 / units named wrongly:\n" + "\n".join(where))
        return sorted(self.listed_areas, key=lambda r: (int(r["sort_order"]), r["area_code"]))

    def _followed_codes(self) -> dict[str, str]:
        """Old code -> new code of ``crosswalk.csv``, as far as it can be read before the units are known."""
        if not (self.root / "crosswalk.csv").exists():
            return {}  # told where it is needed
        return {row["old_code"]: row["new_code"] for row in _read_csv(self.root / "crosswalk.csv", CROSSWALK_COLUMNS)}

    def _lines_of_named(self, told: list[tuple[int, int, str]]) -> Iterator[tuple[int, str]]:
        for commitment, place, text in told:
            yield line_in_plan(self.root / "plan.yaml", ["commitments", commitment, "named", place]), text

    @cached_property
    def crosswalk(self) -> list[dict[str, str]]:
        """Rows of ``crosswalk.csv`` as texts: each old code goes wholly into one unit of ``areas.csv``."""
        rows = _read_csv(self.root / "crosswalk.csv", CROSSWALK_COLUMNS)
        self._stop_at(_crosswalk_problems(rows, {row["area_code"] for row in self.areas}), "crosswalk.csv")
        return rows

    def crosswalk_of(self, year: int) -> list[dict[str, str]]:
        """The rows of :attr:`crosswalk` that hold for an edition, each with the code that its units have by then.

        What came about after 1 September of its year, when its units are taken, changes nothing in it; a code that was
        replaced twice leads to the last.
        """
        held = {row["old_code"]: row for row in self.crosswalk if row["valid_from"] <= reference_day(year).isoformat()}

        def last(code: str) -> str:
            return last(held[code]["new_code"]) if code in held else code

        return [row | {"new_code": last(row["new_code"])} for row in held.values()]

    def _stop_at(self, problems: Iterator[tuple[int, str, str]], name: str) -> None:
        """Raise ProgrammeError at the first of some problems (row, what in Chinese, in English) of a file."""
        for number, zh, en in problems:
            raise ProgrammeError(f"data_raw/{self.id}/{name} 第 {number} 行:{zh} / row {number}: {en}")

    def years(self) -> list[int]:
        """Years for which an edition can be made: every due return is registered. Ascending."""
        plan = self.plan
        _ = self.areas, self.crosswalk, self.english  # read now: what is wrong in them is told here, not half-way through a run
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


def _plan_problems(
    plan: Plan, indicators: dict[str, Indicator], contracts: dict[str, Contract]
) -> Iterator[str]:
    """What a plan names that the product does not know: each would change a verdict without a word."""

    def known(key: str, value: str, allowed: Iterable[str]) -> Iterator[str]:
        options = sorted(allowed)
        if value not in options:
            yield f"{key}: 不认识“{value}”;可用:{'、'.join(options)} / unknown {value!r}; known: {', '.join(options)}"

    def values_of(table: str, field: str) -> list[str]:
        return list(contracts[table].field(field).values or ())

    for c in plan.commitments:
        if c.indicator_id is None:
            continue
        where = f"commitments.{c.id}"
        yield from known(f"{where}.indicator_id", c.indicator_id, indicators)
        if c.indicator_id in indicators:
            indicator = indicators[c.indicator_id]
            yield from known(f"{where}.variant", str(c.variant), indicator.variants)
            county = getattr(c, "county_variant", None)
            if county is not None:
                yield from known(f"{where}.county_variant", county, indicator.variants)
            if c.left_out and not indicator.leaves_out:
                able = ", ".join(sorted(i.id for i in indicators.values() if i.leaves_out))
                yield f"{where}.left_out: 只有这些指标能除外 / only these indicators can leave schools out: {able}"
            yield from _named_problems(c, indicator)
            if indicator.from_projects != (c.projects is not None):
                yield (
                    f"{where}.projects: 取自项目台账的指标须写 projects,其他指标不写 / projects is needed exactly with "
                    "an indicator that is counted from the project ledger"
                )
            used = {str(c.variant), str(getattr(c, "county_variant", None))} & set(indicator.from_base)
            if used and c.base_period is None:
                yield (
                    f"{where}.base_period: {'、'.join(sorted(used))} 自基期起算,须写年份 / {', '.join(sorted(used))} counts from "
                    "the base year, which has to be written"
                )
            if getattr(c, "compared_with", None) == "benchmark":
                yield from known(f"{where}.compared_with", "benchmark", indicator.variants)
            # a target that every member must meet is judged on the share of members; a comparison on any unit
            if getattr(c, "value_is", None) == "share_complying":
                yield from known(f"{where}.value_is", "percent", [indicator.unit])
            elif c.kind != "comparative":
                yield from known(f"{where}.unit", c.unit, [indicator.unit])
            yield from known(f"{where}.period_kind", c.period_kind, [indicator.period_kind])
    yield from _shared_problems(plan, indicators)
    for due in plan.returns:
        yield from known("returns.table", due.table, contracts)
    for basis in plan.parameters.population_bases:
        yield from known("parameters.population_bases", basis, values_of("population_by_age", "basis"))
    yield from known("parameters.finance_item", plan.parameters.finance_item, values_of("county_finance", "item"))
    yield from known("parameters.finance_basis", plan.parameters.finance_basis, values_of("county_finance", "basis"))
    if plan.rule_thresholds:
        from pipeline.quality.rules import RuleError, load_rules, resolve_thresholds

        try:
            resolve_thresholds(list(load_rules().rules), dict(plan.rule_thresholds))
        except RuleError as problem:
            yield f"rule_thresholds: {problem}"


def _named_problems(c: CommitmentBase, indicator: Indicator) -> Iterator[str]:
    """Names that bind nobody, because nothing that is counted is told apart by them."""
    where = f"commitments.{c.id}"
    if c.scope not in ("named_units", "named_schools"):
        return
    if not indicator.from_projects or c.projects is None:
        yield (
            f"{where}.scope: 只有取自项目台账的指标能点名,{indicator.id} 不看 named / only an indicator that is counted from the "
            f"project ledger can be bound to names; {indicator.id} reads no named"
        )
    elif c.scope == "named_schools":
        if c.projects.codes:
            yield (
                f"{where}.projects.codes: 点名学校的承诺须写 [],编号分不出是哪所学校 / must be [] where schools are named: a number "
                "does not tell whose project it is"
            )
        for name in c.named:
            if not any(name in words for words in c.projects.titles):
                yield (
                    f"{where}.named: projects.titles 没有一组含“{name}”,它的项目不会计入 / no group of projects.titles has "
                    f"{name!r}, so none of its projects would count"
                )
        for words in c.projects.titles:
            if not set(words) & set(c.named):
                shown = f"[{', '.join(words)}]"
                yield (
                    f"{where}.projects.titles: {shown} 不含点名的学校,任何学校的项目都会计入 / {shown} has none of the schools "
                    "named, so the project of any school would count"
                )


def _shared_problems(plan: Plan, indicators: dict[str, Indicator]) -> Iterator[str]:
    """What commitments on one indicator say differently of its figure, which is one: the second would be judged by what
    the first one wrote."""
    first: dict[tuple[str, str], tuple[str, object]] = {}
    for c in plan.commitments:
        indicator = indicators.get(c.indicator_id or "")
        if indicator is None:
            continue
        said: dict[str, object] = {}
        if {str(c.variant), str(getattr(c, "county_variant", None))} & set(indicator.from_base):
            said["base_period"] = c.base_period
        if indicator.from_projects:
            said |= {"projects": c.projects, "named": (c.scope, sorted(c.named))}
        if indicator.leaves_out:
            said["left_out"] = sorted(c.left_out)
        for key, value in said.items():
            other, before = first.setdefault((indicator.id, key), (c.id, value))
            if value != before:
                yield (
                    f"commitments.{c.id}.{key}: 与 {other} 同用指标 {indicator.id},{key} 须一致 / {other} has the same indicator "
                    f"{indicator.id}, whose figure is one: {key} has to be the same"
                )


def _area_problems(rows: list[dict[str, str]], plan: Plan) -> Iterator[tuple[int, str, str]]:
    """What is wrong between the rows of ``areas.csv``, and with the codes that the plan takes from them."""
    first: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        code = row["area_code"]
        if code in first:
            yield (
                number,
                f"代码 {code} 在第 {first[code]} 行已有,同一单位的数会加两遍。一个代码只写一行;改名而不改代码的,写现在的名称",
                f"code {code} stands in row {first[code]} already, and its figures would be counted twice; one row for "
                "each code, after a change of name alone with the present name",
            )
        first.setdefault(code, number)
    types = {row["area_code"]: row["unit_type"] for row in rows}
    head = plan.programme
    asked = [("area_code", head.area_code, types_of("whole"))]
    if head.city_budget_code is not None:
        asked.append(("city_budget_code", head.city_budget_code, types_of("own_level")))
    for key, code, wanted in asked:
        if types.get(code) not in wanted:
            yield (
                first.get(code, 1),
                f"方案文件的 {key} 是 {code},这里应有该代码的一行,unit_type 为{'、'.join(wanted)}之一",
                f"the plan's {key} is {code}; it needs a row of that code with one of the unit types {', '.join(wanted)}",
            )


def _named_unit_problems(
    rows: list[dict[str, str]], plan: Plan, following: dict[str, str]
) -> Iterator[tuple[int, int, str]]:
    """Units that commitments name and that bind nobody, as (number of the commitment, place of the name, what is wrong):
    not in the territory since the plan began, or, after the mergers of ``following`` (old code -> new), not assessed."""
    start = reference_day(plan.programme.first_reporting_year).isoformat()
    below = [row for row in rows if role_of(row["unit_type"]) in ("county", "zone")]
    there = [row for row in below if not row["valid_to"] or row["valid_to"] >= start]
    assessed = {row["area_code"]: row["assessed"] == "yes" for row in below}
    names = sorted({row[column] for row in there for column in ("name_zh", "short_name_zh")})
    for number, commitment in enumerate(plan.commitments):
        if commitment.scope != "named_units":
            continue
        where = f"commitments.{commitment.id}.named"
        for place, name in enumerate(commitment.named):
            codes = [row["area_code"] for row in there if name in (row["name_zh"], row["short_name_zh"])]
            if not codes:
                near = difflib.get_close_matches(name, names, n=CANDIDATES, cutoff=0.3) or names[:CANDIDATES]
                yield number, place, (
                    f"{where}: areas.csv 中没有“{name}”;最接近的是 {'、'.join(near)};请改成 areas.csv 中的名称或简称 / no unit of "
                    f"areas.csv is called {name!r}; the nearest are {', '.join(near)}; write the name or short name that "
                    "areas.csv has"
                )
            # a code that leads nowhere is told of with the crosswalk
            elif not any(assessed.get(_followed(code, following)[-1], True) for code in codes):
                yield number, place, (
                    f"{where}: “{name}”在 areas.csv 中不参加评价(assessed 为 no),点名也不判定;请改 named 或 assessed / "
                    f"{name!r} is not assessed in areas.csv (assessed is no), so nothing would be judged of it; change named "
                    "or assessed"
                )


def _crosswalk_problems(rows: list[dict[str, str]], codes: set[str]) -> Iterator[tuple[int, str, str]]:
    """What is wrong in the rows of ``crosswalk.csv``; ``codes`` are those of ``areas.csv``."""
    first: dict[str, int] = {}
    following = {row["old_code"]: row["new_code"] for row in rows}
    for number, row in enumerate(rows, start=2):
        old, new = row["old_code"], row["new_code"]
        for column, pattern in CROSSWALK_TESTS.items():
            if not pattern.fullmatch(row[column]) or not _is_day(column, row[column]):
                yield (
                    number,
                    f"“{column}”列“{row[column]}”不是允许的写法(应为 {CROSSWALK_EXPECTED[column]})",
                    f"column {column}: {row[column]!r} is not of the form wanted",
                )
        if row["weight_num"] != row["weight_den"]:
            yield (
                number,
                "一个旧代码拆分到几个新单位,人数无法整数分配;请按现行单位报送历史数据",
                "an old code split over several units cannot be allotted in whole persons; hand in the history by "
                "present-day unit",
            )
        if old in first:
            yield number, f"旧代码 {old} 在第 {first[old]} 行已有", f"the old code {old} stands in row {first[old]} already"
        first.setdefault(old, number)
        if new not in codes:
            yield number, f"新代码 {new} 不在 areas.csv 中", f"the new code {new} is not in areas.csv"
        if old in _followed(new, following):
            yield number, f"代码 {old} 最后又回到自己", f"the code {old} leads back to itself"


def _followed(code: str, following: dict[str, str]) -> list[str]:
    """The codes that a code leads to, itself first, each once."""
    found = [code]
    while (after := following.get(found[-1])) is not None and after not in found:
        found.append(after)
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
    """Every edition that the registers allow, ``<programme>-<year>``, sorted: never the clock.

    A programme whose plan or territory cannot be read has none; it does not stop the others.
    """
    keys = []
    for programme_id in home.programme_ids():
        try:
            keys += [edition_key(programme_id, year) for year in home.programme(programme_id).years()]
        except (PlanError, ProgrammeError):
            continue
    return keys


def _is_day(column: str, text: str) -> bool:
    """Is a text in a date column a day that exists?"""
    if column not in ("valid_from", "valid_to") or not text:
        return True
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _read_csv(path: Path, columns: list[str]) -> list[dict[str, str]]:
    shown = f"data_raw/{path.parent.name}/{path.name}"
    if not path.exists():
        raise ProgrammeError(f"缺少文件 {shown} / missing file {shown}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProgrammeError(
            f"{shown}:不是 UTF-8 编码,请在表格软件里另存为“CSV UTF-8” / not UTF-8; save it as CSV UTF-8"
        ) from None
    with io.StringIO(text, newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != columns:
            raise ProgrammeError(
                f"{shown} 第 1 行:列名应为 {','.join(columns)},现为 {','.join(reader.fieldnames or [])} / "
                f"row 1: unexpected columns"
            )
        try:
            rows = [dict(row) for row in reader]
        except csv.Error as problem:
            raise ProgrammeError(
                f"{shown}:第 {reader.line_num} 行附近读不出({problem}),请核对引号和过长的单元格 / cannot be read near "
                f"line {reader.line_num} ({problem})"
            ) from None
    if any(None in row or None in row.values() for row in rows):
        raise ProgrammeError(f"{shown}:有的行列数不对 / a row has the wrong number of cells")
    return rows
