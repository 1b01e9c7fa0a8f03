"""Forms as counties really send them, through the commands: names for codes, older headers, wrong layouts."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.intake.register import COLUMNS
from pipeline.programme import Home
from tests.office.conftest import PROGRAMME, ROOT
from tests.office.test_registering import take

LAYOUT = "year_from,year_to,header,field\n2010,2015,教育经费,amount_yuan\n"


@pytest.fixture
def home(tmp_path):
    """The plan and the territory, and no return yet."""
    folder = tmp_path / "home" / "data_raw" / PROGRAMME
    folder.mkdir(parents=True)
    for name in ("plan.yaml", "areas.csv", "crosswalk.csv"):
        shutil.copyfile(ROOT / "data_raw" / PROGRAMME / name, folder / name)
    (folder / "register.csv").write_text(",".join(COLUMNS) + "\n", "utf-8")
    return Home(tmp_path / "home")


def _take(home, path):
    (told,) = take(home, path, supplier="市财政局", form_edition="2024版")
    return told


def _lay_out(home, text):
    path = home.data_raw / PROGRAMME / "layouts" / "county_finance.csv"
    path.parent.mkdir()
    path.write_text(text, "utf-8")


def test_a_file_with_names_and_a_unit_in_its_header_is_told_and_read(home, tmp_path):
    path = tmp_path / "县区经费 2024.csv"
    path.write_text(
        "单位名称,财政年度,科目,口径,金额(万元)\n桥东,2024,教育支出,决算,100.5\n合计,,,,100.5\n", "utf-8"
    )
    told = _take(home, path)
    assert (told.registration.table, told.registration.period_to) == ("county_finance", 2024)
    assert (told.rows, told.good) == (1, 1) and not [f for f in told.findings if f.blocks]


def test_a_file_under_older_headers_is_told_and_read_in_its_years(home, tmp_path):
    _lay_out(home, LAYOUT)
    path = tmp_path / "经费 2014.csv"
    path.write_text(
        "单位代码,财政年度,科目,口径,教育经费,来源单位\n130702,2014,教育支出,决算,100,元\n", "utf-8"
    )
    told = _take(home, path)
    assert (told.registration.table, told.registration.period_to) == ("county_finance", 2014)
    assert told.good == 1 and told.findings == []


def test_a_wrong_layout_is_told_by_the_check_with_its_place(tmp_path):
    folder = tmp_path / "data_raw" / "china"
    shutil.copytree(ROOT / "data_raw" / "china", folder)
    (folder / "layouts").mkdir()
    (folder / "layouts" / "county_finance.csv").write_text(LAYOUT.replace("amount_yuan", "amount"), "utf-8")
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "check", "china", "2023"])
    assert result.exit_code == 1, result.output
    assert "[错误 R10]" in result.output and "layouts/county_finance.csv 第 2 行 field 列" in result.output
    assert "是否应为 amount_yuan？" in result.output
