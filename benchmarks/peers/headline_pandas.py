"""Two headline indicators with pandas: ``headline_pandas.py RAW OUT.parquet``.

From the raw tables as Parquet: the gross enrolment ratio of pre-school (children over residents of 3 to 5 years, on the
first basis of the plan's order) and retention in compulsory education (grade 9 over grade 1 eight years before), for
every unit and the whole. OUT: ``indicator_id, area_code, period, numerator, denominator``.
"""

import sys
from pathlib import Path

import pandas as pd

raw, out = Path(sys.argv[1]), Path(sys.argv[2])


def table(name: str, *columns: str) -> pd.DataFrame:
    return pd.read_parquet(raw / f"{name}.parquet", columns=list(columns))


moved = dict(table("crosswalk", "old_code", "new_code").itertuples(index=False))
whole = table("edition", "area_code")["area_code"].iloc[0]


def present(codes: pd.Series) -> pd.Series:
    """Codes of units as of today."""
    return codes.map(moved).fillna(codes)


def with_whole(rows: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Rows of the units and, by period, their sums as the row of the whole area."""
    total = rows.groupby("period", as_index=False)[["numerator", "denominator"]].sum().assign(area_code=whole)
    both = pd.concat([rows, total]).assign(indicator_id=indicator)
    both = both[both["denominator"] > 0]
    return both[["indicator_id", "area_code", "period", "numerator", "denominator"]]


register = table("school_register", "school_id", "school_year", "county_code")
register["area_code"] = present(register["county_code"])
register = register.groupby(["school_id", "school_year"], as_index=False)["area_code"].min()

kindergartens = table("kindergarten_children", "school_id", "school_year", "is_total", "children")
kindergartens = kindergartens[~kindergartens["is_total"]]
children = (
    kindergartens.merge(register, on=["school_id", "school_year"])
    .groupby(["area_code", "school_year"], as_index=False)["children"]
    .sum()
)

people = table("population_by_age", "county_code", "ref_date", "basis", "age", "population")
people = people[people["age"].between(3, 5)]
people["area_code"] = present(people["county_code"])
people["period"] = pd.to_datetime(people["ref_date"]).dt.year
people = people.groupby(["area_code", "period", "basis"], as_index=False)["population"].sum()
people = people.merge(table("population_basis", "basis", "priority"), on="basis").sort_values(["priority", "basis"])
people = people.drop_duplicates(["area_code", "period"])
preschool = people.merge(
    children.rename(columns={"school_year": "period", "children": "numerator"}), on=["area_code", "period"], how="left"
).rename(columns={"population": "denominator"})
preschool["numerator"] = preschool["numerator"].fillna(0).astype("int64")

grades = table(
    "enrolment_by_grade", "school_id", "county_code", "school_year", "programme", "grade", "is_total", "pupils"
)
grades = grades[~grades["is_total"]]
by_school = grades["school_id"].notna()
years_by_school = set(grades.loc[by_school, "school_year"])
preschool = preschool[preschool["period"].isin(years_by_school | set(kindergartens["school_year"]))]
grades = grades[by_school | ~grades["school_year"].isin(years_by_school)]
ends = grades[
    ((grades["programme"] == "小学") & (grades["grade"] == 1)) | ((grades["programme"] == "初中") & (grades["grade"] == 9))
].merge(register, on=["school_id", "school_year"], how="left")
ends["area_code"] = ends["area_code"].fillna(present(ends["county_code"]))
cohorts = ends.pivot_table(
    index=["area_code", "school_year"], columns="grade", values="pupils", aggfunc="sum", fill_value=0
).reset_index()
first = cohorts.assign(period=cohorts["school_year"] + 8).rename(columns={1: "denominator"})
last = cohorts.rename(columns={9: "numerator", "school_year": "period"})
retention = last[["area_code", "period", "numerator"]].merge(
    first[["area_code", "period", "denominator"]], on=["area_code", "period"]
)
retention = retention[retention.groupby("period")["numerator"].transform("sum") > 0]

pd.concat([with_whole(preschool, "preschool_ger"), with_whole(retention, "compulsory_retention")]).to_parquet(
    out, index=False
)
