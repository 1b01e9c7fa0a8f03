"""The derived returns of one county and year, by ``pipeline.demo.forms``, from its base returns.

Belongs here: which of them are written, and what each needs of the year before. Does not belong here: what they say.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.demo.bulk.order import CITY_BUDGET
from pipeline.demo.forms import counties, process, schools
from pipeline.demo.forms.base import Base
from pipeline.demo.forms.staff import staff


@dataclass(frozen=True)
class Last:
    """What the returns of a year start from: the base returns of the year before, and two of its derived ones."""

    base: Base
    facilities: pl.DataFrame | None = None
    finance: pl.DataFrame | None = None


def derived(base: Base, last: Last, seed: int) -> dict[str, pl.DataFrame]:
    """Every derived return by table name. A table may be empty where a county has nothing to tell."""
    classes = schools.classes(base, seed)
    groups = schools.special_groups(base, seed)
    employed = staff(base, classes, seed, last.base)
    return {
        "classes": classes,
        "enrolment_by_age": schools.enrolment_by_age(base, seed),
        "special_groups": groups,
        "staff": employed,
        "facilities": schools.facilities(base, groups, seed, last.facilities),
        "after_school_service": schools.after_school_service(base, seed),
        "births": counties.births(base),
        "county_totals": counties.county_totals(base, groups),
        "teacher_exchange": counties.teacher_exchange(base, employed, seed),
        "pay_comparison": counties.pay_comparison(base, employed, seed),
        "vision_screening": counties.vision_screening(base, seed),
        "disabled_children_ledger": counties.disabled_children_ledger(base, groups, seed),
        "finance_by_stage": counties.finance_by_stage(
            base, last.base, seed, city_budget_code=CITY_BUDGET, last=last.finance
        ),
        "elderly_education": counties.elderly_education(base, seed),
        "feature_school_register": process.feature_schools(base, seed),
        "pairing_register": process.pairing(base, seed),
        "preschool_service_area": process.service_areas(base, seed),
        "event_log": process.events(base, seed),
        "compliance_survey": process.compliance_survey(base, seed),
        "project_ledger": process.county_projects(base, seed),
    }


DUE = (
    "classes",
    "enrolment_by_age",
    "special_groups",
    "staff",
    "facilities",
    "after_school_service",
    "births",
    "county_totals",
    "teacher_exchange",
    "pay_comparison",
    "vision_screening",
    "disabled_children_ledger",
    "finance_by_stage",
    "elderly_education",
    "preschool_service_area",
    "event_log",
    "project_ledger",
)
"""Derived returns of which every county has rows. Registers of recognitions and pairings and the samples may be
empty in a small programme, so the plan does not ask for them."""
