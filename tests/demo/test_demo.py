"""The demonstration returns: the same bytes every time, true to the censuses, and telling their story.

Belongs here: tests of ``pipeline.demo`` and of the committed files of Zhangjiakou. Does not belong
here: tests of the annual run.
"""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.demo import check, story, territory
from pipeline.demo.returns import World
from pipeline.demo.streams import Stream, share_out, share_signed
from pipeline.edition.triangle import known_editions
from pipeline.intake.contract import load_contracts
from pipeline.programme import Programme

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "data_raw" / "zhangjiakou"
NOT_GENERATED = {"plan.yaml", "SOURCES.md", "notes.csv", "english.csv"}
YEARS = range(2019, 2025)
UNITS = [unit.code for unit in territory.UNITS]
IN = ("in_county", "in_city", "in_other", "resumed", "other_in")
OUT = ("out_county", "out_city", "out_other", "suspended", "withdrawn", "died", "other_out")


def digests(folder: Path) -> dict[str, str]:
    """sha256 by relative path of everything in a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def files() -> check.Files:
    return check.Files.read(COMMITTED)


@pytest.fixture(scope="module")
def rates(files: check.Files) -> dict[str, check.Pairs]:
    return check.compute(files)


@pytest.fixture(scope="module")
def register() -> list[dict[str, str]]:
    with (COMMITTED / "register.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def rate(pairs: check.Pairs, area: str, year: int) -> Fraction:
    top, bottom = pairs[area, year]
    return Fraction(100 * top, bottom)


# -- the same bytes every time ----------------------------------------------------------------


def test_another_process_writes_the_committed_bytes(tmp_path: Path) -> None:
    """With another hash seed and time zone than those of whoever committed them."""
    subprocess.run(
        [sys.executable, "-m", "pipeline.demo", "--out", str(tmp_path)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "4242", "TZ": "Asia/Shanghai"},
        capture_output=True,
    )
    committed = {path: digest for path, digest in digests(COMMITTED).items() if path not in NOT_GENERATED}
    assert digests(tmp_path) == committed


def test_another_seed_gives_other_returns(files: check.Files) -> None:
    other = {str(row["school_name"]) for row in World.make(7).school_register(2021)}
    assert len(other - {row["school_name"] for row in files.tables["school_register"][2021]}) > 100


def test_sharing_out_is_exact() -> None:
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]
    assert share_out(0, [0, 0]) == [0, 0]
    assert share_signed(-7, [2, 1]) == [-5, -2]
    with pytest.raises(ValueError, match="nothing to share"):
        share_out(1, [0])


def test_streams_are_told_apart_by_their_keys() -> None:
    first = [Stream(1, "a").between(0, 10**6) for _ in range(2)]
    assert first[0] == first[1] != Stream(1, "b").between(0, 10**6)
    assert {Stream(1, i).between(3, 5) for i in range(200)} == {3, 4, 5}


# -- the register -----------------------------------------------------------------------------


def test_register_names_every_file_with_its_checksum_and_origin(register: list[dict[str, str]]) -> None:
    on_disk = digests(COMMITTED)
    listed = {row["path"]: row["sha256"] for row in register}
    assert len(listed) == len(register)
    for path, digest in listed.items():
        assert on_disk[path] == digest
    beside = {"areas.csv", "crosswalk.csv", "register.csv", "layouts/facilities.csv"} | NOT_GENERATED
    assert set(on_disk) - set(listed) - beside == set()
    contracts = load_contracts()
    for row in register:
        assert row["period_kind"] == contracts[row["table"]].period_kind
        published = row["table"] == "census_population" or row["path"].startswith("published/")
        assert row["origin"] == ("real" if published else "demonstration")


def test_every_contract_has_a_file_and_every_yearly_return_its_years(register: list[dict[str, str]]) -> None:
    years = defaultdict(set)
    for row in register:
        years[row["table"]] |= set(range(int(row["period_from"]), int(row["period_to"]) + 1))
    assert set(years) == set(load_contracts())
    for table, found in years.items():
        if table not in ("census_population", "restatement_log"):
            assert found >= set(range(2020, 2025)), table


def test_two_returns_were_replaced_with_a_reason(register: list[dict[str, str]]) -> None:
    replaced = {row["path"]: row["supersedes"] for row in register if row["supersedes"]}
    assert replaced == {
        "2022/after_school_service_r2.csv": "2022/after_school_service_r1.csv",
        "2021/elderly_education_r2.xlsx": "2021/elderly_education_r1.xlsx",
    }
    assert all(len(row["reason"]) >= 10 for row in register if row["supersedes"])


def test_the_approved_restatement_is_what_the_second_file_changes() -> None:
    with (COMMITTED / "2021/restatement_log.csv").open(encoding="utf-8-sig", newline="") as handle:
        approved, proposed = csv.DictReader(handle)
    assert approved["批准人"] and approved["批准人"] != approved["修订人"]
    assert not proposed["批准人"] and not proposed["批准日期"]
    cells = [
        next(
            row["universities"]
            for row in check.read_table(COMMITTED, f"2021/elderly_education_{name}.xlsx", "elderly_education")
            if (row["unit_code"], row["level"]) == ("130723", "县")
        )
        for name in ("r1", "r2")
    ]
    assert cells == [approved["原值"], approved["新值"]]
    # it came after 2021 was closed: the edition of 2021 had the first file, later ones knew the second
    editions = known_editions(Programme("zhangjiakou", COMMITTED).registrations, 2021, 2024)
    had = {y: [r.path for r in files if (r.table, r.period_to) == ("elderly_education", 2021)] for y, files in editions.items()}
    first, second = (f"2021/elderly_education_{name}.xlsx" for name in ("r1", "r2"))
    assert had == {2021: [first], 2022: [second], 2023: [second]}


def test_real_figures_carry_a_source_and_invented_ones_say_so() -> None:
    for row in check.read_table(COMMITTED, "published/benchmarks_2020_2023.csv", "benchmarks"):
        assert row["source_title"] and "演示" not in row["source_title"] + row["basis"]
        assert row["area"] in ("000000", "130000")
    for year in range(2020, 2025):
        for row in check.read_table(COMMITTED, f"{year}/benchmarks_demonstration.csv", "benchmarks"):
            assert row["basis"] == "演示" and "(演示)" in row["source_title"]
        for row in check.read_table(COMMITTED, f"{year}/project_ledger.xlsx", "project_ledger"):
            assert bool(row["document_no"]) == (row["stage"] == "已完成")
            assert not row["document_no"] or "(演示)" in row["document_no"]
            assert not row["actual_end"] or check.iso(row["actual_end"])[:4] <= str(year)


def test_files_stay_small(register: list[dict[str, str]]) -> None:
    sizes = [(COMMITTED / row["path"]).stat().st_size for row in register]
    assert max(sizes) < 900_000
    assert sum(sizes) < 14_000_000


def test_formats_vary(register: list[dict[str, str]]) -> None:
    found = set()
    for row in register:
        content = (COMMITTED / row["path"]).read_bytes()
        if row["path"].endswith(".xlsx"):
            found.add("xlsx")
        elif content.startswith(b"\xef\xbb\xbf"):
            found.add("utf-8-sig")
        elif content.startswith(b"\xff\xfe"):
            assert b"\t" in content[:200]
            found.add("utf-16")
        else:
            try:
                content.decode("utf-8")
                found.add("utf-8")
            except UnicodeDecodeError:
                content.decode("gb18030")
                found.add("gb18030")
    assert found == {"xlsx", "utf-8", "utf-8-sig", "utf-16", "gb18030"}


# -- true to the territory and the censuses ---------------------------------------------------


def test_population_of_2020_adds_up_to_the_census_bands(files: check.Files) -> None:
    census = {
        (row["county_code"], row["sex"], row["age_band"]): int(row["population"])
        for row in files.tables["census_population"][2020]
    }
    found: Counter[tuple[str, str, str]] = Counter()
    for row in files.tables["population_by_age"][2020]:
        assert row["basis"] == "常住普查"
        band = next(band for band, ages in territory.CHILD_BANDS.items() if int(row["age"]) in ages)
        found[row["county_code"], row["sex"], band] += int(row["population"])
    assert found == {key: count for key, count in census.items() if key[2] in territory.CHILD_BANDS}


def test_census_files_hold_the_published_city_totals(files: check.Files) -> None:
    totals = {
        year: sum(int(row["population"]) for row in rows)
        for year, rows in files.tables["census_population"].items()
    }
    assert totals == {2010: 4_345_485, 2020: 4_118_908}


def test_a_class_of_children_changes_by_less_than_eight_percent_a_year(files: check.Files) -> None:
    people = {
        (row["county_code"], year, row["sex"], int(row["age"])): int(row["population"])
        for year, rows in files.tables["population_by_age"].items()
        for row in rows
    }
    for (code, year, sex, age), count in people.items():
        before = people.get((code, year - 1, sex, age - 1))
        if before is not None and age <= 17:
            assert abs(count - before) * 100 <= max(8 * before, 100), (code, year, sex, age)


def test_no_unit_and_no_year_is_missing(files: check.Files) -> None:
    for table in ("school_register", "population_by_age", "entrants_graduates", "pupil_movement"):
        for year in YEARS:
            assert {row["county_code"] for row in files.tables[table][year]} == set(UNITS), (table, year)
    for year in YEARS:
        assert {row["unit_code"] for row in files.tables["county_finance"][year]} == {*UNITS, "130701"}
    assert sorted(files.tables["certified_values"]) == list(range(2020, 2025))


def test_old_codes_are_used_until_2015(files: check.Files) -> None:
    old = {"130721", "130729", "130733"}
    by_year = defaultdict(set)
    for table in ("enrolment_by_grade", "entrants_graduates", "pupil_movement"):
        for row in files.tables[table][2018]:
            by_year[int(row["school_year"])].add(row["county_code"])
    for year, codes in by_year.items():
        expected = (set(UNITS) - {"130708", "130709"}) | old if year <= 2015 else set(UNITS)
        assert codes == expected, year


# -- schools ----------------------------------------------------------------------------------


def test_school_codes_live_once(files: check.Files) -> None:
    years = defaultdict(list)
    kinds = defaultdict(set)
    for year in YEARS:
        rows = files.tables["school_register"][year]
        assert len({row["school_id"] for row in rows}) == len(rows)
        assert len({row["school_name"] for row in rows}) == len(rows)
        for row in rows:
            years[row["school_id"]].append((year, row["status"]))
            kinds[row["school_id"]].add(row["school_type"])
    for school, life in years.items():
        numbers = [year for year, _ in life]
        assert numbers == list(range(numbers[0], numbers[-1] + 1)), school
        assert "撤并" not in [status for _, status in life[:-1]], school
        assert life[-1][1] == "撤并" or numbers[-1] == 2024, school
        assert len(kinds[school]) == 1


def test_register_rows_agree_with_themselves(files: check.Files) -> None:
    places = {
        "城区": {"111", "112"},
        "县城": {"121", "122"},
        "中心镇": {"121", "122"},
        "其他镇": {"121", "122", "123"},
        "乡村": {"210", "220"},
    }
    for row in files.all("school_register"):
        assert row["site_code12"].startswith(row["county_code"])
        assert len(row["site_code12"]) == 12
        assert row["urban_rural_code"] in places[row["site_place_type"]]
        assert (row["is_public"] == "是") == (row["founder_type"] not in ("民办", "中外合作"))
        assert (row["profit_status"] == "不适用") == (row["is_public"] == "是")
        assert (row["status"] == "撤并") == bool(row["closure_date"])
        row["school_name"].encode("gb2312")
        assert Fraction("113.8") <= Fraction(row["lon"]) <= Fraction("116.5")
        assert Fraction("39.5") <= Fraction(row["lat"]) <= Fraction("42.2")


def test_about_sixteen_hundred_institutions_and_twenty_paid_by_the_city(files: check.Files) -> None:
    for year in YEARS:
        rows = files.tables["school_register"][year]
        assert 1450 <= len(rows) <= 1650
        paid = [row for row in rows if row["pays_budget_level"] == "市直"]
        assert 15 <= len(paid) <= 25
        assert {row["county_code"] for row in paid} <= {"130702", "130703", "130705", "130771"}


def test_claims_follow_the_recognitions(files: check.Files) -> None:
    tally = check.Tally.make(files)
    recognised = tally.recognised()
    for row in files.all("school_register"):
        key = (row["school_id"], int(row["school_year"]))
        if row["school_type"] in ("111", "119") and row["status"] == "在办":
            expected = row["is_public"] == "是" or key in recognised
            assert row["claims_inclusive"] == ("是" if expected else "否")
        else:
            assert row["claims_inclusive"] == ""
        if key in recognised:
            assert (row["is_public"], row["profit_status"]) == ("否", "非营利")
    lists = files.all("inclusive_kindergarten_register")
    assert all(Fraction(row["fee_month"]) <= Fraction(row["fee_ceiling"]) for row in lists)
    assert any(row["withdrawn_on"] for row in lists)


def test_pupils_are_where_a_school_is_open_and_offers_the_grade(files: check.Files) -> None:
    offers = {"211": (1, 6), "218": (1, 6), "311": (7, 9), "312": (1, 9), "341": (7, 12), "345": (1, 12), "511": (1, 9)}
    schools = {(row["school_id"], row["school_year"]): row for row in files.all("school_register")}
    with_pupils = set()
    for row in files.all("enrolment_by_grade"):
        if row["school_id"] and row["grade"] != "合计":
            school = schools[row["school_id"], row["school_year"]]
            assert school["status"] == "在办"
            low, high = offers.get(school["school_type"], (10, 12))
            assert low <= int(row["grade"]) <= high
            with_pupils.add((row["school_id"], row["school_year"]))
    for row in files.all("kindergarten_children"):
        assert schools[row["school_id"], row["school_year"]]["status"] == "在办"
        with_pupils.add((row["school_id"], row["school_year"]))
    open_schools = {key for key, row in schools.items() if row["status"] == "在办"}
    assert with_pupils == open_schools


def test_totals_agree_with_their_rows(files: check.Files) -> None:
    parts: Counter[tuple[str, ...]] = Counter()
    totals: Counter[tuple[str, ...]] = Counter()
    for row in files.all("enrolment_by_grade"):
        if row["school_id"]:
            target = totals if row["grade"] == "合计" else parts
            target[row["school_id"], row["school_year"], row["programme"]] += int(row["pupils"])
    for row in files.all("kindergarten_children"):
        target = totals if row["class_level"] == "合计" else parts
        for item in ("children", "entrants", "leavers"):
            target[row["school_id"], row["school_year"], item] += int(row[item])
        assert int(row["entrants"]) <= int(row["children"])
    assert parts == totals


# -- pupils over the years --------------------------------------------------------------------


class Classes:
    """Pupils of a grade, under the code of the time or under the code of today."""

    def __init__(self, files: check.Files) -> None:
        self.today = files.present_code()
        self.filed: Counter[tuple[str, int, int]] = Counter()
        self.present: Counter[tuple[str, int, int]] = Counter()
        schools = {(row["school_id"], row["school_year"]): row for row in files.all("school_register")}
        for row in files.all("enrolment_by_grade"):
            if row["grade"] != "合计":
                school = schools.get((row["school_id"], row["school_year"]))
                code = school["county_code"] if school else row["county_code"]
                key = (int(row["grade"]), int(row["school_year"]))
                self.filed[code, *key] += int(row["pupils"])
                self.present[self.today.get(code, code), *key] += int(row["pupils"])

    def get(self, code: str, grade: int, at: int, filed_in: int) -> int | None:
        """Pupils of a grade in ``at`` under a code used in a return of ``filed_in``; None if not held."""
        return (self.present if filed_in > territory.LAST_OLD_YEAR else self.filed).get((code, grade, at))


def test_every_movement_account_closes_and_meets_the_pupils(files: check.Files) -> None:
    classes = Classes(files)
    today = files.present_code()
    closing: Counter[tuple[str, int, int]] = Counter()
    opening: Counter[tuple[str, int, int]] = Counter()
    between: Counter[tuple[str, int]] = Counter()
    checked = 0
    for row in files.all("pupil_movement"):
        code, year, grade = row["county_code"], int(row["school_year"]), int(row["grade"])
        count = {name: int(row[name]) for name in ("opening", *IN, *OUT, "closing")}
        assert min(count.values()) >= 0
        assert count["opening"] + sum(count[n] for n in IN) - sum(count[n] for n in OUT) == count["closing"]
        for side, number, at in (("opening", grade, year - 1), ("closing", grade + 1, year)):
            held = classes.get(code, number, at, year)
            if held is not None:
                assert count[side] == held, (code, number, at)
                checked += 1
        closing[today.get(code, code), grade + 1, year] += count["closing"]
        opening[today.get(code, code), grade, year - 1] += count["opening"]
        between[row["school_year"], grade] += count["in_city"] - count["out_city"]
    assert checked > 19 * 8 * 5 * 2
    for key in opening.keys() & closing.keys():
        assert opening[key] == closing[key], key
    assert set(between.values()) == {0}


def test_entrants_and_graduates_fit_their_classes(files: check.Files) -> None:
    classes = Classes(files)
    checked = 0
    for row in files.all("entrants_graduates"):
        code, year = row["county_code"], int(row["school_year"])
        if row["stage"] not in ("小学", "初中"):
            continue
        new = classes.get(code, 1 if row["stage"] == "小学" else 7, year, year)
        if new is not None:
            assert 99 * new <= 100 * int(row["entrants"]) <= 100 * new
            checked += 1
        last = classes.get(code, 9, year - 1, year) if row["stage"] == "初中" else None
        if last is not None:
            assert 98 * last <= 100 * int(row["graduates_prev_summer"]) <= 100 * last
            checked += 1
    assert checked > 600


# -- the story --------------------------------------------------------------------------------


def test_city_follows_its_paths(rates: dict[str, check.Pairs], files: check.Files) -> None:
    for name, path in (
        ("preschool", story.CITY_GER),
        ("upper", story.UPPER_SECONDARY),
        ("inclusive_children", story.INCLUSIVE_CHILDREN),
    ):
        for year, hundredths in path.items():
            assert abs(rate(rates[name], "130700", year) - Fraction(hundredths, 100)) <= Fraction(2, 100)
    certified = {int(row["period_year"]): Fraction(row["value"]) for row in files.all("certified_values")}
    for year, value in certified.items():
        assert Fraction(1, 20) < abs(value - rate(rates["kept_raw"], "130700", year)) < Fraction(3, 10)
        assert value < 98
        assert abs(value - rate(rates["kept_adjusted"], "130700", year)) < Fraction(1, 2)
        assert 5 < rate(rates["upper"], "130700", year) - rate(rates["upper_without"], "130700", year) < 9
        assert rate(rates["upper"], "130700", year) > 95
        assert rate(rates["inclusive_kindergartens"], "130700", year) < 85
    assert (
        rate(rates["inclusive_children"], "130700", 2020)
        < 85
        < rate(rates["inclusive_children"], "130700", 2021)
    )
    assert rate(rates["upper"], "130700", 2022) < rate(rates["upper"], "130700", 2021)


def test_counties_differ_in_preschool(rates: dict[str, check.Pairs]) -> None:
    preschool = rates["preschool"]
    for code in UNITS:
        for year in YEARS:
            assert 78 < rate(preschool, code, year) < 104
    for ahead in ("130703", "130730"):
        assert rate(preschool, ahead, 2024) > 96
    for behind in ("130726", "130727"):
        assert 84 < rate(preschool, behind, 2024) < 87
    falling = [code for code in UNITS if rate(preschool, code, 2024) < rate(preschool, code, 2020)]
    assert falling == ["130732"]
    assert rate(preschool, "130722", 2020) < 88
    assert rate(preschool, "130722", 2024) > 92
    assert preschool["130722", 2024][0] < preschool["130722", 2020][0]
    small = [code for code in UNITS if preschool[code, 2024][1] < 500]
    assert small == list(territory.NOT_ASSESSED)


def test_retention_by_county_needs_the_adjustment(rates: dict[str, check.Pairs]) -> None:
    raw = [rate(rates["kept_raw"], code, 2024) for code in UNITS]
    assert min(raw) < 82
    assert max(raw) > 115
    for code in UNITS:
        for year in YEARS:
            assert Fraction(9625, 100) < rate(rates["kept_adjusted"], code, year) < 99, (code, year)


def test_school_rates_stay_plausible(rates: dict[str, check.Pairs]) -> None:
    for code in UNITS:
        for year in YEARS:
            assert 80 <= rate(rates["primary"], code, year) <= 130
            assert 80 <= rate(rates["junior"], code, year) <= 130
            assert rate(rates["upper"], code, year) < 130


def test_spending_rises_except_where_the_story_says(rates: dict[str, check.Pairs]) -> None:
    spending = rates["spending"]
    fallen = set()
    poorer = set()
    for (code, year), (top, bottom) in spending.items():
        if (code, year - 1) in spending:
            before_top, before_bottom = spending[code, year - 1]
            if top * before_bottom < before_top * bottom:
                fallen.add((code, year))
            if top < before_top:
                poorer.add((code, year))
    assert fallen == {("130723", 2024), ("130728", 2022)}
    assert poorer == fallen | {("130725", 2024)}


def test_education_is_a_part_of_all_spending(files: check.Files) -> None:
    amounts: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
    for row in files.all("county_finance"):
        amounts[row["unit_code"], row["fiscal_year"]][row["item"]] = Fraction(row["amount_yuan"])
    for both in amounts.values():
        assert 0 < both["教育支出"] < both["一般公共预算支出"]
