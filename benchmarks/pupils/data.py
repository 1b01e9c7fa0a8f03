"""Generated rows of pupils: one row a pupil and school year, no personal data, written to Parquet part by part.

Belongs here: who there is and what becomes of each, as SQL over ``range`` and ``hash``; where the parts lie. Does not belong
here: what is computed from them (``sql/``).

A pupil is a number and a draw (``hash`` of number and seed), from which everything about him or her follows: so each part, a
school year of some of the pupils, is computed by itself, in any order, in memory that does not grow with the data.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.edition.files import file_sha256

FIRST_YEAR, LAST_YEAR = 2015, 2024
WHOLE_AREA, UNITS = "990000", 16
DONE = "made.json"
_PART = 4_000_000
"""Pupils looked at for one part: about as many rows as it has at most."""
_ROWS_PER_MILLE_OF_A_CLASS = 87_590
"""Rows in ten years for a thousand pupils who enter or join a class, as the rates of :data:`_ROWS` give them."""

# The rates, per mille of the pupils of a class: from elsewhere 30; of all held back once 10, gone to elsewhere 25, dropped out 6
# (every second one is back after a year), died 1; moved to another unit 45. t: school years since the class entered. came, at,
# moved_at: the first t for which that is so (0: from the start, never).
_ROWS = """
WITH place AS (
    SELECT r // {size} AS t, ({year} - r // {size} - {first} + 9) * {size} + r % {size} AS id
    FROM range({begin}, {end}) AS numbers(r)
),
draw AS (
    SELECT p.t AS t, p.id AS id, hash(p.id + {seed} * 1000000000000) AS h FROM place AS p
),
pupil AS (
    SELECT
        d.t AS t,
        d.id AS id,
        d.h AS h,
        CASE WHEN d.h % 1000 < 30 THEN CAST(d.h // 1000 % 8 AS BIGINT) + 1 ELSE 0 END AS came,
        CASE
            WHEN d.h // 8000 % 1000 < 10 THEN 'held_back'
            WHEN d.h // 8000 % 1000 < 35 THEN 'transferred_out'
            WHEN d.h // 8000 % 1000 < 41 THEN 'dropped_out'
            WHEN d.h // 8000 % 1000 < 42 THEN 'died'
            ELSE ''
        END AS fate_drawn,
        CAST(d.h // 8000000 % 8 AS BIGINT) + 1 AS at,
        d.h // 64000000 % 2 = 0 AS comes_back,
        d.h // 128000000 % 1000 < 45 AS moves,
        CAST(d.h // 128000000000 % 8 AS BIGINT) + 1 AS moved_at,
        CAST(d.h // 1024000000000 % 100 AS BIGINT) AS unit_draw,
        CAST(d.h // 102400000000000 % 15 AS BIGINT) AS move_draw,
        CAST(d.h // 1536000000000000 % 2 AS BIGINT) AS sex_draw,
        CAST(d.h // 3072000000000000 % 100 AS BIGINT) AS hukou_draw,
        CAST(d.h % 99991 AS BIGINT) AS school_draw
    FROM draw AS d
),
fate AS (
    SELECT
        p.*,
        CASE WHEN p.at > p.came THEN p.fate_drawn ELSE '' END AS fate,
        CASE WHEN p.moves AND p.moved_at > p.came THEN p.moved_at END AS moved
    FROM pupil AS p
),
path AS (
    SELECT
        f.*,
        f.fate IN ('transferred_out', 'dropped_out', 'died') AND f.t = f.at AS leaves_now,
        f.fate = 'dropped_out' AND f.comes_back AS returner,
        f.unit_draw * f.unit_draw * {units} // 10000 AS first_unit
    FROM fate AS f
    WHERE f.t >= f.came
),
there AS (
    SELECT
        p.*,
        CASE
            WHEN p.leaves_now THEN p.at
            WHEN p.fate = 'held_back' AND p.t >= p.at THEN p.t
            WHEN p.returner AND p.t > p.at THEN p.t
            ELSE p.t + 1
        END AS grade,
        CASE
            WHEN p.t - CAST(p.leaves_now AS BIGINT) >= p.moved
                THEN (p.first_unit + 1 + p.move_draw) % {units}
            ELSE p.first_unit
        END AS unit
    FROM path AS p
    WHERE p.t <= p.at OR p.fate NOT IN ('transferred_out', 'dropped_out', 'died') OR p.returner
)
SELECT
    h.id * 7368787 % 100000000003 AS pupil_no,
    CAST({year} AS BIGINT) AS school_year,
    CAST(990001 + h.unit AS VARCHAR)
        || CASE WHEN h.school_draw % 10 = 0 THEN 'N' WHEN h.grade <= 6 THEN 'P' ELSE 'J' END
        || lpad(CAST(h.school_draw % {schools} AS VARCHAR), 5, '0') AS school_code,
    CAST(990001 + h.unit AS VARCHAR) AS area_code,
    CASE WHEN h.school_draw % 10 = 0 THEN '九年一贯制学校' WHEN h.grade <= 6 THEN '小学' ELSE '初级中学' END AS school_type,
    h.grade AS grade,
    CASE WHEN h.sex_draw = 0 THEN '女' ELSE '男' END AS sex,
    h.hukou_draw >= CASE WHEN h.came > 0 THEN 80 ELSE 12 END AS hukou_in_area,
    CASE
        WHEN h.leaves_now THEN h.fate
        WHEN h.returner AND h.t = h.at + 1 THEN 'returned'
        WHEN h.came > 0 AND h.t = h.came THEN 'transferred_in'
        WHEN h.t = 0 THEN 'entered'
        ELSE 'enrolled'
    END AS status
FROM there AS h
WHERE h.grade <= 9
"""


@dataclass(frozen=True)
class Pupils:
    """Rows that were made: the folder of their Parquet files, how many rows and how many bytes."""

    folder: Path
    rows: int
    bytes: int

    @property
    def files(self) -> str:
        """What DuckDB reads them by."""
        return str(self.folder / "*.parquet")


def pupils_of(rows: int, seed: int, place: Path, say: Callable[[str, str], None]) -> Pupils:
    """About ``rows`` rows (within 1 % from 100,000 on), made now where they are not there; the same seed gives the same bytes.

    Columns: pupil_no, school_year, school_code, area_code, school_type, grade (1 to 9), sex, hukou_in_area, status (entered,
    enrolled, transferred_in, returned: enrolled on 1 September; transferred_out, dropped_out, died: left since the last one).
    Key: pupil_no and school_year. Years FIRST_YEAR to LAST_YEAR, UNITS units.
    """
    folder = place / f"pupil-{rows}-{seed}"
    made_by = file_sha256(Path(__file__))
    known = json.loads((folder / DONE).read_text("utf-8")) if (folder / DONE).is_file() else {}
    if known.get("made_by") != made_by:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        say(f"生成学生数据:{folder.name}(只做一次)", f"making the rows of pupils, once: {folder.name}")
        known = _make(rows, seed, folder) | {"made_by": made_by}
        (folder / DONE).write_text(json.dumps(known), "utf-8")
    return Pupils(folder, known["rows"], known["bytes"])


def _make(rows: int, seed: int, folder: Path) -> dict[str, int]:
    size = max(round(rows * 1000 / _ROWS_PER_MILLE_OF_A_CLASS), 1)
    with duckdb.connect(config={"threads": "1", "memory_limit": "1GB"}) as con:
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            for number, begin in enumerate(range(0, 10 * size, _PART)):
                select = _ROWS.format(
                    size=size,
                    year=year,
                    first=FIRST_YEAR,
                    begin=begin,
                    end=min(begin + _PART, 10 * size),
                    seed=seed,
                    units=UNITS,
                    schools=max(9 * size // (UNITS * 500), 1),
                )
                target = str(folder / f"{year}-{number:03}.parquet").replace("'", "''")
                con.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)").fetchall()
        found = con.execute(f"SELECT COUNT(*) FROM read_parquet('{folder}/*.parquet')").fetchall()[0][0]
    return {"rows": found, "bytes": sum(path.stat().st_size for path in folder.glob("*.parquet"))}
