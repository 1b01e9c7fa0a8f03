"""The few figures that the rules ask about, each with a story that its note tells (``notes.csv``).

Belongs here: cells of one school or county in one year that differ from what the forms say. Does not
belong here: anything wrong enough to be an error.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.demo.forms.base import Base, children_by_level


@dataclass(frozen=True)
class Oddities:
    """What is odd in one year; a year without anything odd leaves every return as it is."""

    base: Base

    def _first(self, frame: pl.DataFrame, *conditions: pl.Expr) -> str | None:
        """The lowest school code that meets the conditions in the year's register joined to ``frame``."""
        found = frame.join(self.base.school_register, on="school_id").filter(*conditions)["school_id"]
        return found.min()  # type: ignore[return-value]

    def classes(self, frame: pl.DataFrame) -> pl.DataFrame:
        """2023: a kindergarten of Huailai teaches two senior classes as one while a building is mended."""
        if self.base.year != 2023:
            return frame
        senior = frame.join(children_by_level(self.base), on=["school_id", "grade"], how="inner").filter(
            pl.col("stage") == "学前", pl.col("grade") == 3, pl.col("classes") == 2, pl.col("children") <= 45
        )
        school = self._first(senior, pl.col("county_code") == "130730", pl.col("children") > 36)
        here = (pl.col("school_id") == school) & (pl.col("grade") == 3)
        return frame.with_columns(
            pl.when(here).then(value).otherwise(pl.col(name)).alias(name)
            for name, value in (("classes", 1), ("size_band_le35", 0), ("size_band_36_45", 1))
        )

    def special_groups(self, frame: pl.DataFrame) -> pl.DataFrame:
        """2021: a rural school of Zhangbei takes in children of a resettlement site from other counties."""
        if self.base.year != 2021:
            return frame
        found = frame.filter(pl.col("stage") == "小学", pl.col("grade") == 3, pl.col("left_behind") > 1)
        school = self._first(
            found,
            pl.col("county_code") == "130722",
            pl.col("urban_rural_code") >= "200",
            pl.col("status") == "在办",
        )
        here = (pl.col("school_id") == school) & (pl.col("grade") == 3)
        return frame.with_columns(
            pl.when(here).then(2).otherwise(pl.col(name)).alias(name)
            for name in ("migrant_total", "migrant_county")
        )

    def facilities(self, frame: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
        """2021: a teaching point of Yu County meets in the rooms of its village, without a building of its own.

        2022: a junior school of Chongli strengthens its dormitory, and its boarders sleep elsewhere.
        """
        if self.base.year == 2021:
            point = self._first(frame, pl.col("county_code") == "130726", pl.col("school_type") == "218")
            here = pl.col("school_id") == point
            return frame.with_columns(
                pl.when(here).then(0).otherwise(pl.col(name)).cast(frame.schema[name]).alias(name)
                for name in ("floor_m2", "teaching_m2", "danger_m2")
            )
        if self.base.year == 2022:
            boarding = (
                groups.group_by("school_id").agg(pl.col("boarders").sum()).filter(pl.col("boarders") > 0)
            )
            school = self._first(boarding, pl.col("county_code") == "130709", pl.col("school_type") == "311")
            here = pl.col("school_id") == school
            return frame.with_columns(
                pl.when(here).then(0).otherwise(pl.col(name)).cast(frame.schema[name]).alias(name)
                for name in ("dorm_m2", "beds")
            )
        return frame

    def staff(self, frame: pl.DataFrame) -> pl.DataFrame:
        """2022: a junior school of the development zone lends a third of its teachers to a new one."""
        if self.base.year != 2022:
            return frame
        large = frame.filter(pl.col("stage") == "初中", pl.col("full_time_teachers") >= 60)
        school = self._first(large, pl.col("county_code") == "130771", pl.col("is_public"))
        here = (pl.col("school_id") == school) & (pl.col("stage") == "初中")
        counts = [
            name
            for name in frame.columns
            if name.startswith("q_") or name in ("female", "backbone_county_up", "health_checked")
        ]
        lent = frame.with_columns(
            pl.when(here).then(pl.col(n) * 2 // 3).otherwise(pl.col(n)).alias(n) for n in counts
        )
        taught = pl.sum_horizontal([n for n in counts if n.startswith("q_")])
        less = pl.col("full_time_teachers") - taught
        return lent.with_columns(
            full_time_teachers=pl.when(here).then(taught).otherwise(pl.col("full_time_teachers")),
            staff=pl.when(here).then(pl.col("staff") - less).otherwise(pl.col("staff")),
            health_checked=pl.when(here).then(taught).otherwise(pl.col("health_checked")),
        )

    def vision_screening(self, frame: pl.DataFrame) -> pl.DataFrame:
        """2021: Guyuan had all its pupils examined with dilated pupils at the county hospital, another method than 2020.

        2022: senior schools of Guyuan were taught at a distance when the screening came.

        2024: Chabei examined its kindergartens by the chart alone, its refractor being repaired.
        """
        if self.base.year == 2021:
            here = pl.col("county_code") == "130724"
            return frame.with_columns(
                method=pl.when(here).then(pl.lit("裸眼视力加散瞳屈光")).otherwise(pl.col("method"))
            )
        if self.base.year == 2022:
            here = (pl.col("county_code") == "130724") & (pl.col("stage") == "高中")
            return frame.with_columns(
                pl.when(here).then(pl.col(name) * 7 // 10).otherwise(pl.col(name)).alias(name)
                for name in ("screened", "myopic", "severe")
            )
        if self.base.year == 2024:
            here = (pl.col("county_code") == "130772") & (pl.col("stage") == "学前")
            return frame.with_columns(
                method=pl.when(here).then(pl.lit("裸眼视力")).otherwise(pl.col("method"))
            )
        return frame
