"""The real territory: units, codes before 2016, townships, censuses.

Belongs here: facts about Zhangjiakou (codes, names, places on the tile map, census counts) and
their reading from ``real/``. Does not belong here: anything invented.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

REAL = Path(__file__).with_name("real")
CITY = "130700"
CITY_BUDGET = "130701"
MERGED_ON = "2016-01-01"
LAST_OLD_YEAR = 2015
"""Last school year whose reference day (1 September) still falls under the old codes."""


@dataclass(frozen=True)
class Unit:
    """One reporting unit of today, with the place of its seat in tenths of a degree."""

    code: str
    name: str
    short: str
    english: str
    kind: str
    grid_row: int
    grid_col: int
    lon_tenths: int
    lat_tenths: int

    @property
    def is_county(self) -> bool:
        return self.kind == "县"


UNITS: tuple[Unit, ...] = (
    Unit("130702", "桥东区", "桥东区", "Qiaodong District", "市辖区", 2, 3, 1149, 408),
    Unit("130703", "桥西区", "桥西区", "Qiaoxi District", "市辖区", 2, 2, 1149, 408),
    Unit("130705", "宣化区", "宣化区", "Xuanhua District", "市辖区", 3, 3, 1151, 406),
    Unit("130706", "下花园区", "下花园区", "Xiahuayuan District", "市辖区", 3, 4, 1153, 405),
    Unit("130708", "万全区", "万全区", "Wanquan District", "市辖区", 2, 1, 1147, 408),
    Unit("130709", "崇礼区", "崇礼区", "Chongli District", "市辖区", 1, 3, 1153, 410),
    Unit("130722", "张北县", "张北县", "Zhangbei County", "县", 1, 1, 1147, 412),
    Unit("130723", "康保县", "康保县", "Kangbao County", "县", 0, 1, 1146, 418),
    Unit("130724", "沽源县", "沽源县", "Guyuan County", "县", 0, 4, 1157, 417),
    Unit("130725", "尚义县", "尚义县", "Shangyi County", "县", 1, 0, 1140, 411),
    Unit("130726", "蔚县", "蔚县", "Yu County", "县", 5, 1, 1146, 398),
    Unit("130727", "阳原县", "阳原县", "Yangyuan County", "县", 4, 0, 1142, 401),
    Unit("130728", "怀安县", "怀安县", "Huai'an County", "县", 3, 0, 1144, 407),
    Unit("130730", "怀来县", "怀来县", "Huailai County", "县", 4, 4, 1155, 404),
    Unit("130731", "涿鹿县", "涿鹿县", "Zhuolu County", "县", 4, 3, 1152, 404),
    Unit("130732", "赤城县", "赤城县", "Chicheng County", "县", 1, 4, 1158, 409),
    Unit(
        "130771",
        "张家口经济开发区",
        "经开区",
        "Zhangjiakou Economic Development Zone",
        "功能区",
        3,
        2,
        1149,
        407,
    ),
    Unit("130772", "张家口市察北管理区", "察北管理区", "Chabei Management Zone", "功能区", 1, 2, 1150, 414),
    Unit("130773", "张家口市塞北管理区", "塞北管理区", "Saibei Management Zone", "功能区", 0, 3, 1156, 415),
)

NOT_ASSESSED = ("130772", "130773")
"""Zones shown but not judged: too few children for a rate to mean anything."""

OLD_CODES: tuple[tuple[str, str, str, str, str], ...] = (
    ("130721", "宣化县", "Xuanhua County (until 2015)", "130705", "宣化县与原宣化区合并设立新的宣化区"),
    ("130729", "万全县", "Wanquan County (until 2015)", "130708", "万全县撤县设区"),
    ("130733", "崇礼县", "Chongli County (until 2015)", "130709", "崇礼县撤县设区"),
)
"""Code, name, English name, unit of today, and how it came to an end."""

CHILD_BANDS: dict[str, range] = {
    "0": range(0, 1),
    "1-4": range(1, 5),
    "5-9": range(5, 10),
    "10-14": range(10, 15),
    "15-19": range(15, 20),
}


@dataclass(frozen=True)
class Township:
    """A street office, town, township or farm: 9-digit code and name."""

    code: str
    name: str

    @property
    def kind(self) -> str:
        """``街道``, ``镇``, ``乡`` or ``处`` (offices and farms of the management zones)."""
        if self.name.endswith("街道") or "街道" in self.name:
            return "街道"
        return self.name[-1] if self.name[-1] in "镇乡" else "处"


def townships() -> dict[str, list[Township]]:
    """Townships of every unit in the order of their codes; names outside GB2312 are left out."""
    result: dict[str, list[Township]] = {unit.code: [] for unit in UNITS}
    with (REAL / "streets.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                row["name_zh"].encode("gb2312")
            except UnicodeEncodeError:
                continue
            if "筹备" not in row["name_zh"]:
                result[row["street_code"][:6]].append(Township(row["street_code"], row["name_zh"]))
    return result


def census_rows(year: int) -> list[dict[str, str]]:
    """Rows of one census as committed: census_year, county_code, sex, age_band, population."""
    with (REAL / "census_age_sex.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["census_year"] == str(year)]


def census_bands(year: int) -> dict[tuple[str, str, str], int]:
    """Persons by (unit, sex, band) of one census."""
    return {
        (row["county_code"], row["sex"], row["age_band"]): int(row["population"]) for row in census_rows(year)
    }


def area_rows() -> list[list[str]]:
    """Rows of ``areas.csv``. Units without a known change are valid from 2000-01-01, which is
    before anything held here; the zones, absent from the census of 2010, from 2011-01-01."""
    rows = [
        [CITY, "张家口市", "全市", "Zhangjiakou", "全市", "", "市级", "yes", "2000-01-01", "", "", "", "0"],
        [
            CITY_BUDGET,
            "张家口市本级",
            "市本级",
            "City budget level",
            "市本级",
            CITY,
            "市级",
            "yes",
            "2000-01-01",
            "",
            "",
            "",
            "1",
        ],
    ]
    created = {"130708": MERGED_ON, "130709": MERGED_ON}
    for order, unit in enumerate(UNITS, start=2):
        start = created.get(unit.code, "2011-01-01" if unit.kind == "功能区" else "2000-01-01")
        assessed = "no" if unit.code in NOT_ASSESSED else "yes"
        rows.append(
            [
                unit.code,
                unit.name,
                unit.short,
                unit.english,
                unit.kind,
                CITY,
                "县级",
                assessed,
                start,
                "",
                str(unit.grid_row),
                str(unit.grid_col),
                str(order),
            ]
        )
    for order, (code, name, english, _, _) in enumerate(OLD_CODES, start=90):
        rows.append(
            [
                code,
                name,
                name,
                english,
                "县",
                CITY,
                "县级",
                "no",
                "2000-01-01",
                "2015-12-31",
                "",
                "",
                str(order),
            ]
        )
    return rows


def crosswalk_rows() -> list[list[str]]:
    """Rows of ``crosswalk.csv``: each old code goes wholly to one unit of today."""
    return [[old, new, MERGED_ON, "1", "1", basis] for old, _, _, new, basis in OLD_CODES]
