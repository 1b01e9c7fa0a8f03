"""The office's commands as a clerk uses them."""

from __future__ import annotations

import csv

import click
import pytest
from click.testing import CliRunner

from pipeline.office.commands import COMMANDS
from pipeline.office.new_year import new_year
from pipeline.telling import Teller
from tests.office.conftest import PROGRAMME, YEAR

FINANCE = "单位代码,财政年度,科目,口径,金额,来源单位\n"


def jiance(home, *args, lang="zh"):
    @click.group()
    @click.pass_context
    def main(context):
        context.obj = Teller(lang, home)

    for command in COMMANDS:
        main.add_command(command)
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture
def finance(tmp_path):
    path = tmp_path / "finance.csv"
    path.write_text(FINANCE + "130702,2024,教育支出,决算,100,万元\n", "utf-8")
    return path


def test_register_says_what_it_did(home, finance):
    result = jiance(home, "register", PROGRAMME, finance, "--received-on", "2025-08-14")
    assert result.exit_code == 0, result.output
    for words in (
        "已登记 2024/finance.csv",
        "county_finance",
        "财政收支",
        "按文件内容判断",
        "财政收支报送处",
        "1，其中无误 1",
    ):
        assert words in result.output
    result = jiance(home, "register", PROGRAMME, finance, "--received-on", "2025-08-14")
    assert result.exit_code == 2 and "已经登记过：2024/finance.csv" in result.output


def test_register_needs_the_day_and_knows_periods(home, finance):
    result = jiance(home, "register", PROGRAMME, finance)
    assert result.exit_code == 2 and "--received-on" in result.output
    result = jiance(home, "register", PROGRAMME, finance, "--received-on", "14.8.2025")
    assert result.exit_code == 2 and "2024-10-22" in result.output
    result = jiance(home, "register", PROGRAMME, finance, "--received-on", "2025-08-14", "--period", "24")
    assert result.exit_code == 2 and "2011-2018" in result.output
    result = jiance(
        home, "register", PROGRAMME, finance, "--received-on", "2024-08-14", "--period", "2023-2024"
    )
    assert result.exit_code == 0 and "2023-2024" in result.output and "history/finance.csv" in result.output


def test_register_shows_findings_and_how_to_go_on(home, finance):
    finance.write_text(FINANCE + "130702,2024,教育支出,决算,约一百,万元\n", "utf-8")
    result = jiance(home, "register", PROGRAMME, finance, "--received-on", "2025-08-14")
    assert result.exit_code == 1
    assert "约一百" in result.output and "--supersedes 2024/finance.csv" in result.output
    result = jiance(home, "register", "nowhere", finance, "--received-on", "2025-08-14")
    assert result.exit_code == 2 and PROGRAMME in result.output


def test_new_year_lists_what_is_due_from_whom_and_changes_nothing_twice(home, finance):
    before = (home.data_raw / PROGRAMME / "register.csv").read_bytes()
    result = jiance(home, "new-year", PROGRAMME, 2024)
    assert result.exit_code == 0, result.output
    assert (
        f"已建立文件夹 data_raw/{PROGRAMME}/2024/" in result.output
        and "应报 10 张表，收齐 0 张" in result.output
    )
    assert (
        "  财政收支报送处\n    · 财政收支 county_finance  3 个单位  未收到（2023 年的 2024-03-01 收到）"
        in result.output
    )
    assert "人口普查" not in result.output
    jiance(home, "register", PROGRAMME, finance, "--received-on", "2025-08-14")
    result = jiance(home, "new-year", PROGRAMME, 2024)
    assert "已有文件夹" in result.output and "收齐 0 张" in result.output
    assert (
        "· 财政收支 county_finance  3 个单位  已登记 2024/finance.csv；还缺 2 个单位：万全区、市本级"
        in result.output
    )
    rest = finance.with_name("rest.csv")
    rest.write_text(
        FINANCE + "".join(f"{u},2024,教育支出,决算,1,万元\n" for u in ("130701", "130708")), "utf-8"
    )
    jiance(home, "register", PROGRAMME, rest, "--received-on", "2025-08-15")
    result = jiance(home, "new-year", PROGRAMME, 2024)
    assert "✓ 财政收支 county_finance  3 个单位  已登记 2024/finance.csv、2024/rest.csv\n" in result.output
    assert (home.data_raw / PROGRAMME / "register.csv").read_bytes().startswith(before)
    again = new_year(home, PROGRAMME, 2024)
    assert not again.made and len(again.missing) == 9


def test_new_year_refuses_years_that_cannot_be(home):
    for year in (1999, 2040):
        result = jiance(home, "new-year", PROGRAMME, year)
        assert result.exit_code == 2 and "2011—2026" in result.output
        assert not (home.data_raw / PROGRAMME / str(year)).exists()


def test_templates_are_written_where_they_are_wanted(home, tmp_path):
    result = jiance(
        home, "templates", PROGRAMME, 2024, "--table", "county_finance", "--out", tmp_path / "forms"
    )
    assert result.exit_code == 0, result.output
    assert [p.name for p in (tmp_path / "forms").iterdir()] == ["county_finance_2024_财政收支.xlsx"]
    result = jiance(home, "templates", PROGRAMME, 2024, "--table", "county_finance", lang="en")
    assert result.exit_code == 0 and "1 forms written" in result.output
    assert (home.build / "templates" / f"{PROGRAMME}-2024" / "county_finance_2024_财政收支.xlsx").exists()


def test_worklist_of_a_year_that_is_not_complete(home, finance):
    finance.write_text(FINANCE + "130702,2024,教育支出,决算,约一百,万元\n", "utf-8")
    jiance(home, "register", PROGRAMME, finance, "--received-on", "2025-08-14")
    result = jiance(home, "worklist", PROGRAMME, 2024)
    assert result.exit_code == 1, result.output
    assert "2024：错误 1" in result.output and "只检查了登记和已收到的文件" in result.output
    folder = home.build / f"{PROGRAMME}-2024" / "worklist"
    assert f"{folder / 'findings.xlsx'}" in result.output
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["严重程度"] == "错误"]
    assert [(r["报送单位"], r["文件"], r["县区"], r["列号"]) for r in rows] == [
        ("财政收支报送处", "2024/finance.csv", "桥东区", "E")
    ]


def test_worklist_of_a_register_that_is_wrong(home):
    path = home.data_raw / PROGRAMME / "register.csv"
    path.write_bytes(path.read_bytes().replace(b",final,", b",finished,", 1))
    result = jiance(home, "worklist", PROGRAMME, YEAR, lang="en")
    assert result.exit_code == 1 and "errors" in result.output
    page = (home.build / f"{PROGRAMME}-{YEAR}" / "worklist" / "findings.html").read_text("utf-8")
    assert "finished" in page


def test_worklist_of_a_complete_year_runs_the_input_check(home, monkeypatch):
    from types import SimpleNamespace

    from tests.office.test_worklist import OUTCOMES, finding

    asked = []

    def check(self, programme_id, year, *, quiet):
        asked.append((programme_id, year))
        return SimpleNamespace(
            findings=[finding(severity="warning")], outcomes=OUTCOMES, blocked=False, success=True
        )

    monkeypatch.setattr(Teller, "check", check)
    result = jiance(home, "worklist", PROGRAMME, YEAR)
    assert result.exit_code == 0, result.output
    assert asked == [(PROGRAMME, YEAR)] and "警告 1" in result.output and "缺报 0 份" in result.output
