"""The kinds of unit that a territory of China is made of, and what each is to a programme.

Belongs here: the words of ``unit_type`` in ``areas.csv`` and the role of each. Does not belong here: names of units,
reading files. Code and SQL ask for the role (``unit_role``), never for the word, so that a prefecture, a banner or a
province is described by its file alone.
"""

from __future__ import annotations

from typing import Literal

UnitRole = Literal["whole", "own_level", "county", "zone"]
"""``whole``: the territory itself; ``own_level``: the budget that its government keeps beside its units; ``county``: a
unit of the administrative division, of whatever rank; ``zone``: a statistical area without a division of its own."""

ROLES: dict[str, UnitRole] = {
    **dict.fromkeys(("全国", "全省", "全区", "全市", "全地区", "全州", "全盟", "全县", "全旗"), "whole"),
    **dict.fromkeys(
        ("省本级", "自治区本级", "市本级", "地区本级", "州本级", "盟本级", "区本级", "县本级", "旗本级"), "own_level"
    ),
    **dict.fromkeys(("省", "自治区", "直辖市", "特别行政区"), "county"),
    **dict.fromkeys(("地级市", "地区", "自治州", "盟"), "county"),
    **dict.fromkeys(("市辖区", "县级市", "县", "自治县", "旗", "自治旗", "林区", "特区"), "county"),
    "功能区": "zone",
}
"""Each word of ``unit_type`` with its role. 全区 is an autonomous region or a district as a whole."""


def types_of(*roles: UnitRole) -> tuple[str, ...]:
    """The words of one or several roles, in the order of :data:`ROLES`."""
    return tuple(word for word, role in ROLES.items() if role in roles)


def role_of(unit_type: str) -> UnitRole | None:
    """The role of a word; None for a word that is not listed."""
    return ROLES.get(unit_type)
