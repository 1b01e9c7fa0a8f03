"""Whose visit it was is told by the office held: only heads count, each in his office."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.engine import LEVEL, area, compute, rows

# the office as written in the log: the offices in which it counts
ROLES = {
    "县委书记": {"party"},
    "县(区)委书记": {"party"},
    "市委书记": {"party"},
    "党工委书记": {"party"},
    "书记": {"party"},
    "县长": {"government"},
    "县(区)长": {"government"},
    "县(区)长": {"government"},
    "市委副书记、市长": {"government"},
    "县委副书记、县长": {"government"},
    "管委会主任": {"government"},
    "党工委书记、管委会主任": {"party", "government"},
    "县委副书记": set(),
    "副县长": set(),
    "常务副县长": set(),
    "县委常委、副区长": set(),
    "管委会副主任": set(),
    "县委常委、纪委书记": set(),
    "政法委书记": set(),
    "教育工委书记": set(),
    "教育局局长": set(),
    "中学校长": set(),
    "旗委书记": {"party"},
    "张北县委书记、县人大常委会主任": {"party"},
    "县委书记兼县长": {"party", "government"},
    "县委书记,县教育工委书记": {"party"},
    "县长(代理)": {"government"},
    "桥东区委书记": {"party"},
    "旗长": {"government"},
    "张北县人民政府县长": {"government"},
    "县政府主要负责同志": {"government"},
    "县党委主要负责人": {"party"},
    "沙城镇党委书记": set(),
    "沙城镇委书记": set(),
    "乡党委书记": set(),
    "街道党工委书记": set(),
    "社区党委书记": set(),
    "村党支部书记": set(),
    "县教育局党委书记": set(),
    "县卫健委党委书记": set(),
    "县医院党委书记": set(),
    "城投公司党委书记": set(),
    "县委书记秘书": set(),
    "县长助理": set(),
    "区长助理": set(),
    "学区长": set(),
    "县直机关工委书记": set(),
    "团县委书记": set(),
    "镇政府主要负责同志": set(),
    "教育局党委主要负责人": set(),
    "县经济开发区管委会主任": set(),
    "县经济开发区党工委书记": set(),
    "县经济开发区党委书记": set(),
    "自治区党委书记": {"party"},
    "区党委书记": {"party"},
    "团旗委书记": set(),
    "副盟长": set(),
    "盟委书记": {"party"},
    "小区长": set(),
}
ZONE_ROLES = ("党工委书记", "察北管理区工委书记", "管委会主任", "管委会副主任", "党工委书记、管委会主任", "街道党工委书记")
"""Offices of a zone; a county that writes one of them speaks of a zone within it."""
ROLES |= {"察北管理区工委书记": {"party"}}
UNITS = {role: f"99{n:04d}" for n, role in enumerate(ROLES, start=101)}


@pytest.fixture(scope="module")
def counted():
    log = [
        {"event_id": role, "event_type": "领导调研", "event_date": date(2023, 5, 4), "unit_code": unit, "role": role,
         "quantity": 2, "evidence": "1"}
        for role, unit in UNITS.items()
    ]  # fmt: skip
    visits = LEVEL | {"indicator_id": "leader_frontline_visits", "target_micro": 2_000_000}
    return compute({"event_log": log}, [area(unit, "功能区" if role in ZONE_ROLES else "县", order=n) for n, (role, unit) in enumerate(UNITS.items(), start=1)], [visits])


@pytest.mark.parametrize("role", ROLES)
def test_the_office_says_whose_visit_it_was(counted, role):
    query = f"SELECT office, times FROM core.leader_count WHERE indicator_id = 'leader_frontline_visits' AND area_code = '{UNITS[role]}'"
    assert {r["office"]: r["times"] for r in rows(counted, query)} == {
        office: 2 if office in ROLES[role] else 0 for office in ("party", "government")
    }


@pytest.mark.parametrize("role", ROLES)
def test_the_share_of_those_who_comply_follows(counted, role):
    query = f"SELECT numerator, denominator FROM indicator.leader_frontline_visits WHERE variant = 'complying' AND area_code = '{UNITS[role]}'"
    assert rows(counted, query) == [{"numerator": len(ROLES[role]), "denominator": 2}]


def test_the_least_of_a_unit_is_the_head_who_did_nothing(counted):
    query = f"SELECT value_num FROM indicator.leader_frontline_visits WHERE variant = 'least' AND area_code = '{UNITS['县委副书记、县长']}'"
    assert [int(r["value_num"]) for r in rows(counted, query)] == [0]
