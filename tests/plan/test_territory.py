"""What areas.csv and crosswalk.csv may say of units that were merged or renamed, and from when it holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.plan.tables import plan_tables
from pipeline.programme import CODE_ROOT, Programme, ProgrammeError

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
        ("130700,张家口市,全市,Zhangjiakou,全市", "area_code 是 130700.*全市或全国"),
        ("130701,张家口市本级,市本级,City budget level,市本级", "city_budget_code 是 130701.*市本级"),
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


def test_a_code_replaced_twice_leads_to_the_last(territory):
    """宣化县 became part of 宣化区 in 2016, which here becomes part of 桥西区 in 2024."""
    programme = territory(crosswalk="130705,130703,2024-01-01,1,1,并入\n")

    def codes(year):
        return dict(plan_tables(programme, year)["raw.crosswalk"].select("old_code", "new_code").iter_rows())

    assert codes(2023)["130721"] == "130705" and "130705" not in codes(2023)
    assert codes(2024)["130721"] == "130703" == codes(2024)["130705"]
