"""What areas.csv and crosswalk.csv may say of units that were merged or renamed, and from when it holds."""

from __future__ import annotations

import ast
import csv
import re
import shutil
from pathlib import Path

import pytest
import sqlglot
from sqlglot.tokens import TokenType

from pipeline.plan.tables import plan_tables
from pipeline.programme import CODE_ROOT, Programme, ProgrammeError
from pipeline.unit_types import ROLES

SOURCE = CODE_ROOT / "data_raw" / "zhangjiakou"
RENAMED = "130726,蔚州县,蔚州县,Yuzhou County,县,130700,县级,yes,2023-01-01,,5,1,12"


@pytest.fixture
def territory(tmp_path: Path):
    """A programme with the plan of Zhangjiakou, after text was replaced in, or added to, its territory."""

    def make(areas: tuple[str, str] = ("", ""), crosswalk: str = "", more_areas: str = "") -> Programme:
        root = tmp_path / "zhangjiakou"
        root.mkdir()
        shutil.copyfile(SOURCE / "plan.yaml", root / "plan.yaml")
        text = (SOURCE / "areas.csv").read_text("utf-8")
        assert areas[0] in text
        (root / "areas.csv").write_text(text.replace(*areas, 1) + more_areas, "utf-8")
        (root / "crosswalk.csv").write_text((SOURCE / "crosswalk.csv").read_text("utf-8") + crosswalk, "utf-8")
        return Programme("zhangjiakou", root)

    return make


def test_a_code_stands_in_one_row_so_that_nothing_is_counted_twice(territory):
    with pytest.raises(ProgrammeError, match="第 26 行:代码 130726 在第 14 行已有"):
        _ = territory(more_areas=RENAMED + "\n").areas


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("130700,张家口市,全市,Zhangjiakou,全市", "area_code 是 130700.*全国、全省、全区、全市"),
        ("130701,张家口市本级,市本级,City budget level,市本级", "city_budget_code 是 130701.*市本级、地区本级"),
    ],
)
def test_the_codes_of_the_plan_are_units_of_their_kind(territory, row, told):
    with pytest.raises(ProgrammeError, match=told):
        _ = territory((row, row[: row.rindex(",")] + ",县")).areas


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("130721,130702,2016-01-01,1,1,", "第 5 行:旧代码 130721 在第 2 行已有"),
        ("130722,130799,2016-01-01,1,1,", "新代码 130799 不在 areas.csv 中"),
        ("130705,130721,2016-01-01,1,1,", "代码 130721 最后又回到自己"),
        ("130722,130723,2016,1,1,", "“valid_from”列“2016”"),
        ("130722,130723,2016-01-01,0,0,", "“weight_num”列“0”"),
        ("130722,130723,2016-01-01,1,2,", "拆分到几个新单位"),
    ],
)
def test_a_row_of_the_crosswalk_that_loses_or_doubles_units_is_told(territory, row, told):
    with pytest.raises(ProgrammeError, match=told):
        _ = territory(crosswalk=row + "\n").crosswalk


def test_units_merged_during_the_plan_stay_apart_in_the_editions_before(territory):
    """尚义县 goes into 张北县 on 1 May 2023: the edition of 2022 still has both and asks both for their returns."""
    old = "130725,尚义县,尚义县,Shangyi County,县,130700,县级,yes,2000-01-01,,"
    programme = territory((old, old[:-1] + "2023-04-30,"), crosswalk="130725,130722,2023-05-01,1,1,并入\n")

    def edition(year):
        tables = plan_tables(programme, year)
        due = tables["raw.due_returns"]
        asked = {area for table, area in due.select("table_name", "area_code").iter_rows() if table == "school_register"}
        return dict(tables["raw.crosswalk"].select("old_code", "new_code").iter_rows()), asked

    codes, asked = edition(2022)
    assert "130725" not in codes and {"130722", "130725"} <= asked
    codes, asked = edition(2023)
    assert codes["130725"] == "130722" and "130722" in asked and "130725" not in asked


def test_a_merger_late_in_the_year_leaves_that_year_s_accounts_with_the_units_before(territory):
    """尚义县 goes into 张北县 on 1 December 2023: 2023 is asked of both, of the accounts too; from 2024 on of one only.

    Rule A01 accepts the codes that are asked for here: tests/quality/test_rules_break.py.
    """
    old = "130725,尚义县,尚义县,Shangyi County,县,130700,县级,yes,2000-01-01,,"
    programme = territory((old, old[:-1] + "2023-11-30,"), crosswalk="130725,130722,2023-12-01,1,1,并入\n")

    def asked(edition, period):
        due = plan_tables(programme, edition)["raw.due_returns"].select("table_name", "period", "area_code")
        return {row[2] for row in due.iter_rows() if row[:2] == ("county_finance", period)}

    assert {"130722", "130725"} <= asked(2023, 2023)
    assert "130722" in asked(2024, 2023) and "130725" not in asked(2024, 2023)


def test_a_code_replaced_twice_leads_to_the_last(territory):
    """宣化县 became part of 宣化区 in 2016, which here becomes part of 桥西区 in 2024."""
    programme = territory(crosswalk="130705,130703,2024-01-01,1,1,并入\n")

    def codes(year):
        return dict(plan_tables(programme, year)["raw.crosswalk"].select("old_code", "new_code").iter_rows())

    assert codes(2023)["130721"] == "130705" and "130705" not in codes(2023)
    assert codes(2024)["130721"] == "130703" == codes(2024)["130705"]


@pytest.mark.parametrize(
    ("whole", "own", "units"),
    [
        ("全市", "市本级", ["县级市", "自治县", "市辖区", "功能区"]),
        ("全州", "州本级", ["县级市", "县"]),
        ("全盟", "盟本级", ["旗", "自治旗", "县级市"]),
        ("全省", "省本级", ["地级市", "自治州", "地区", "林区"]),
        ("全国", None, ["省", "自治区", "直辖市", "特别行政区"]),
        ("全县", "县本级", []),
    ],
)
def test_a_territory_of_any_kind_is_described_by_its_file(tmp_path, whole, own, units):
    """Whatever the words, the territory counts as a whole, its own budget hands in money only, the units everything."""
    root = tmp_path / "zhangjiakou"
    root.mkdir()
    plan = (SOURCE / "plan.yaml").read_text("utf-8")
    plan = re.sub(r"scope: named_units\n    named: .*\n", "scope: whole\n", plan)  # those are units of Zhangjiakou
    if own is None:
        plan = plan.replace('city_budget_code: "130701"', "city_budget_code: null")
    (root / "plan.yaml").write_text(plan, "utf-8")
    rows = [("130700", whole), *([("130701", own)] if own else []), *((f"1307{n:02d}", u) for n, u in enumerate(units, 11))]
    head = (SOURCE / "areas.csv").read_text("utf-8").splitlines()[0]
    lines = [f"{code},单位{code},{code},Unit,{kind},,县级,yes,2000-01-01,,,,{n}" for n, (code, kind) in enumerate(rows)]
    (root / "areas.csv").write_text("\n".join([head, *lines]) + "\n", "utf-8")
    (root / "crosswalk.csv").write_text((SOURCE / "crosswalk.csv").read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    tables = plan_tables(Programme("zhangjiakou", root), 2023)
    due = tables["raw.due_returns"].select("table_name", "area_code").unique()

    def asked(table):
        return {area for name, area in due.iter_rows() if name == table}

    below = {f"1307{n:02d}" for n, _ in enumerate(units, 11)}
    assert asked("school_register") == below
    assert asked("county_finance") == below | ({"130701"} if own else set())
    roles = dict(tables["raw.areas"].select("area_code", "unit_role").iter_rows())
    assert roles["130700"] == "whole" and roles.get("130701") == ("own_level" if own else None)


def test_an_unknown_kind_of_unit_is_told_with_those_there_are(territory):
    with pytest.raises(ProgrammeError, match="“unit_type”列:“县城”.*县级市、县、自治县"):
        _ = territory((",县,130700,县级,yes,2000-01-01,,1,1,8", ",县城,130700,县级,yes,2000-01-01,,1,1,8")).areas


OPERATORS = {TokenType.EQ, TokenType.NEQ, TokenType.IN, TokenType.LIKE, TokenType.NOT, TokenType.L_PAREN}


def told_of_sql(text: str, own: set[str]) -> list[str]:
    """Strings of a query that are held against unit_type, or that are a unit; comments are no tokens."""
    tokens = sqlglot.tokenize(text, read="duckdb")
    told = []
    for place, token in enumerate(tokens):
        if token.token_type is TokenType.STRING and any(unit in token.text for unit in own):
            told.append(token.text)
        if token.text.lower() == "unit_type":
            after = next((t for t in tokens[place + 1 :] if t.token_type not in OPERATORS), token)
            start = place - 2 if place > 1 and tokens[place - 1].token_type is TokenType.DOT else place
            before = next((t for t in reversed(tokens[:start]) if t.token_type not in OPERATORS), token)
            near = [(after, place + 1), (before, start - 1)]
            told += [f"unit_type {t.text}" for t, at in near if t.token_type is TokenType.STRING and tokens[at].token_type in OPERATORS]
    return told


def told_of_python(text: str, own: set[str]) -> list[str]:
    """The same of a module; docstrings and comments are no part of what runs."""
    tree = ast.parse(text)
    spoken = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    told = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            told += [node.value for unit in own if unit in node.value]
        if isinstance(node, ast.Compare) and "unit_type" in ast.unparse(node):
            told += [f"unit_type {c.value}" for c in ast.walk(node) if isinstance(c, ast.Constant) and c.value in ROLES]
    return told


@pytest.mark.parametrize(
    ("told_of", "right", "wrong"),
    [
        (told_of_sql, "-- a.unit_type = '县', 130722\nSELECT a.unit_type AS x, '县' AS y FROM z AS a WHERE a.unit_role = '县'",
         ("SELECT 1 AS x FROM a WHERE a.unit_type = '县'", "SELECT 1 AS x FROM a WHERE '县' = a.unit_type",
          "SELECT 1 AS x FROM a WHERE a.unit_type NOT IN ('县', '区')", "SELECT '130722' AS x", "SELECT '张北县的' AS x")),
        (told_of_python, '"""unit_type == "县": 张北县"""\nx = row["unit_type"], "县"  # unit_type == "县", 130722',
         ('x = row["unit_type"] == "县"', 'x = row.unit_type in ("县", "旗")', 'x = "130722"', 'x = f"{y}张北县"')),
    ],
    ids=["sql", "python"],
)  # fmt: skip
def test_what_names_a_unit_is_seen_and_what_only_speaks_of_one_is_not(told_of, right, wrong):
    own = {"130722", "张北县"}
    assert told_of(right, own) == []
    assert [bool(told_of(text, own)) for text in wrong] == [True] * len(wrong)


def test_no_query_and_no_code_names_a_unit_or_the_word_of_its_kind():
    """They ask for the role; a word (县, 市本级) would leave out the banner, the prefecture, the province, a unit all others."""
    with (SOURCE / "areas.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    own = {row[column] for row in rows for column in ("area_code", "name_zh")}
    told = []
    for path in sorted((CODE_ROOT / "sql").rglob("*.sql")):
        told += [f"{path.name}: {text}" for text in told_of_sql(path.read_text("utf-8"), own)]
    for path in sorted(p for room in ("pipeline", "assets") for p in (CODE_ROOT / room).rglob("*.py")):
        if path.name != "unit_types.py" and "demo" not in path.parts:
            told += [f"{path.name}: {text}" for text in told_of_python(path.read_text("utf-8"), own)]
    assert told == []


def test_a_misspelt_unit_of_the_plan_is_told_with_line_and_nearest_names(territory):
    """It would bind nobody, and the promise would be kept by nothing."""
    text = (SOURCE / "plan.yaml").read_text("utf-8")
    named = "named: [张北县, 康保县, 尚义县, 蔚县, 阳原县, 经开区]"
    line = text[: text.index(named)].count("\n") + 1
    programme = territory()
    assert programme.areas  # as it ships
    for wrong, nearest in (("张北线", "张北县"), ("宣化县", "宣化区")):  # a slip, and a unit gone before the plan
        (programme.root / "plan.yaml").write_text(text.replace(named, named.replace("张北县", wrong)), "utf-8")
        with pytest.raises(ProgrammeError) as caught:
            _ = Programme("zhangjiakou", programme.root).areas
        told = str(caught.value)
        assert f"plan.yaml 第 {line} 行 / line {line}: commitments.kindergartens_built_2021.named" in told
        assert f"“{wrong}”" in told and nearest in told
        assert len(re.search("最接近的是 (.*?);", told)[1].split("、")) <= 5


def test_a_unit_of_the_plan_has_to_be_assessed_and_a_merged_one_stands_for_its_successor(territory):
    """康保县 is part of 张北县 from 2023 on and still named; 130722 itself not assessed: nothing would be judged."""
    own = "130722,张北县,张北县,Zhangbei County,县,130700,县级,yes"
    merged = "130723,130722,2023-01-01,1,1,合并\n"
    own_of_old = "康保县,Kangbao County,县,130700,县级,yes,2000-01-01,"
    gone = (own_of_old, own_of_old.replace("yes", "no") + "2022-12-31")
    programme = territory(gone, merged)
    assert programme.areas
    text = (programme.root / "areas.csv").read_text("utf-8")
    assert own in text
    (programme.root / "areas.csv").write_text(text.replace(own, own[:-3] + "no"), "utf-8")
    with pytest.raises(ProgrammeError) as caught:
        _ = Programme("zhangjiakou", programme.root).areas
    assert "'张北县' is not assessed" in str(caught.value) and "'康保县' is not assessed" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "row"),
    [("zh,en\n市统计局,\n", 2), ("zh,en\n市统计局,Statistics\n市统计局,Bureau\n", 3), ("zh,en\n ,Statistics\n", 2), ("zh;en\n", 1)],
)
def test_english_names_are_filled_in_each_once(territory, text, row):
    programme = territory()
    assert programme.english == {}  # optional
    (programme.root / "english.csv").write_text(text, "utf-8")
    with pytest.raises(ProgrammeError, match=f"english.csv 第 {row} 行"):
        _ = Programme("zhangjiakou", programme.root).english
    (programme.root / "english.csv").write_text("zh,en\n市统计局, Municipal Bureau of Statistics\n", "utf-8-sig")
    assert Programme("zhangjiakou", programme.root).english == {"市统计局": "Municipal Bureau of Statistics"}


def test_the_shipped_programmes_have_english_for_all_that_came_in_chinese():
    for home in (SOURCE, SOURCE.parent / "china"):
        programme = Programme(home.name, home)
        came = {r.supplier for r in programme.registrations} | {r.reason for r in programme.registrations}
        came |= {text for note in programme.notes.notes for text in (note.note_zh, note.noted_by)}
        assert programme.english.keys() == came - {""}
        assert not [en for en in programme.english.values() if not en.isascii()]
