"""Special schools: one in most counties, whose pupils come out of the largest ordinary school.

Belongs here: the schools and how many pupils change to them, so that the pupils of a county and of the
level that pays stay what they were. Does not belong here: ordinary schools (``schools``).
"""

from __future__ import annotations

from pipeline.demo import YEARS
from pipeline.demo.institutions import GRADES, Institution
from pipeline.demo.pupils import SPECIAL, Enrolment
from pipeline.demo.schools import Builder
from pipeline.demo.streams import Stream
from pipeline.demo.territory import UNITS

_WITHOUT = ("130706", "130709", "130772", "130773")
"""Units whose disabled children go to ordinary schools or to a neighbour's special school."""
_LEFT_BEHIND = 40


def add_special_schools(builder: Builder) -> list[Institution]:
    """Add the special schools of the first year; returns every institution of the city by code."""
    for unit in UNITS:
        if unit.code not in _WITHOUT:
            name = builder.names.once(f"{unit.short}特殊教育学校", "学校")
            place = builder.place(unit, "seat", "special")
            builder.add(unit, SPECIAL, name, "教育部门", place, 1, boarding=True)
    return sorted(builder.made, key=lambda item: item.school_id)


def place_special_pupils(enrolment: Enrolment, institutions: list[Institution], seed: int) -> None:
    """Move some pupils of every grade 1 to 9 from the county's largest public school to its special school.

    A class keeps its number while it is at school. ``enrolment`` is changed in place.
    """
    for special in (item for item in institutions if item.kind == SPECIAL):
        ordinary = [
            item
            for item in institutions
            if item.unit == special.unit and item.is_public and not item.paid_by_city and item.kind in GRADES
        ]
        for year in YEARS:
            for grade in range(1, 10):
                number = Stream(seed, "special", special.school_id, year - grade).between(4, 13)
                programme = "小学" if grade <= 6 else "初中"
                found = [
                    (enrolment.get((item.school_id, programme, grade, year), 0), item.school_id)
                    for item in ordinary
                ]
                pupils, donor = max(found, key=lambda pair: (pair[0], pair[1]))
                if pupils >= number + _LEFT_BEHIND:
                    enrolment[donor, programme, grade, year] = pupils - number
                    enrolment[special.school_id, programme, grade, year] = number
