"""A whole invented programme of any size, up to 500,000 schools: ``jiance demo``.

Belongs here: the plan, the territory and every return of a city that does not exist, written county by
county and year by year, so that memory stays small whatever the size. Does not belong here: the
demonstration of Zhangjiakou (``pipeline.demo``), anything the annual run needs.

The numbers are drawn so that every rule passes: pupils move up through the grades with their own cohort,
the population is made of the same cohorts, and each county's totals are fixed before they are shared out
among its schools (``totals``). Everything said of a school follows from its code, its county's totals and
the seed, in whole numbers: the same order gives the same bytes on every machine.
"""
