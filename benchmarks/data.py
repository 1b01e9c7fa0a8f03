"""The data of each size, made once and kept under ``build/bench/`` by size and seed, as long as what they are made of stays.

Belongs here: the sizes, making the returns and the raw tables, finding them again. Does not belong here: the generator
(``pipeline.demo``).
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import BenchError, Command, once
from benchmarks.repeated import repeat
from pipeline.edition.files import file_sha256
from pipeline.edition.identity import code_digest, code_sha256
from pipeline.home import CODE_ROOT, Home

CITY = "zhangjiakou"
SHIPPED = CODE_ROOT / "data_raw" / CITY
RAW_TABLES = "raw"
RETURNS, DONE = "returns.made", "made.json"
GENERATOR = (CODE_ROOT / "pipeline" / "demo", CODE_ROOT / "pipeline" / "intake" / "contracts")
"""What the generated returns depend on beside their number and seed."""


@dataclass(frozen=True)
class Size:
    """What is measured at one size: institutions and years (``schools`` 0: the demonstration city that is shipped), runs
    counted of each command, and the memory limits that DuckDB is held to, one after the other ("": none). Under those of
    ``alone`` the product has to come to its end, held against nothing: the floor keeps its tables in memory and may not.

    ``base``: so many schools are generated and read, and their raw tables repeated until there are ``schools``
    (:mod:`benchmarks.repeated`); 0: all are generated and read.
    """

    name: str
    schools: int
    first_year: int
    last_year: int
    runs: int
    limits: tuple[str, ...] = ("",)
    alone: tuple[str, ...] = ()
    base: int = 0


SIZES = {
    size.name: size
    for size in (
        Size("city", 0, 2019, 2024, 3),
        Size("province", 40_000, 2021, 2024, 3),
        Size("nation", 460_000, 2019, 2024, 3, ("4GB",), ("2GB",), base=10_000),
    )
}


@dataclass(frozen=True)
class Data:
    """Returns of one size and, as Parquet, the raw tables that an edition of the last year has of them.

    ``raw`` also holds the tables that a run makes between indicators and verdicts (earlier editions judged again), so that
    the SQL of an edition can be executed from staging to verdicts and nothing else. ``copies``: how often the raw tables
    were repeated of what lies in ``returns``, the folder of the programme and its files.
    """

    folder: Path
    returns: Path
    programme: str
    year: int
    schools: int
    rows: int
    copies: int = 1

    @property
    def home(self) -> Home:
        return Home(self.returns)

    @property
    def raw(self) -> Path:
        return self.folder / RAW_TABLES

    @property
    def key(self) -> str:
        return f"{self.programme}-{self.year}"


def data_of(
    size: Size, seed: int, place: Path, say: Callable[[str, str], None], schools: int | None = None
) -> Data:
    """The data of a size, made now where they are not there. ``schools``: of the generated sizes, another number.

    Raises BenchError where they cannot be made.
    """
    number = size.schools if schools is None or not size.schools else schools
    if not size.base:
        return _read(size, number, seed, place / (f"{size.name}-{number}-{seed}" if number else size.name), say)
    copies, rest = divmod(number, size.base)
    if rest or not copies:
        raise BenchError(f"学校数应是 {size.base} 的倍数,现为 {number} / schools: a multiple of {size.base}, not {number}")
    base = _read(size, size.base, seed, place / f"base-{size.base}-{seed}", say)
    folder = place / f"{size.name}-{number}-{seed}"
    noted = _noted(folder)
    if noted.get("code") != _noted(base.folder)["code"]:
        say(f"把 raw 表重复 {copies} 次:{folder.name}", f"repeating the raw tables {copies} times: {folder.name}")
        shutil.rmtree(folder, ignore_errors=True)
        noted = repeat(base.raw, copies, folder / RAW_TABLES) | {"code": _noted(base.folder)["code"]}
        (folder / DONE).write_text(json.dumps(noted), "utf-8")
    return Data(folder, base.folder, base.programme, base.year, noted["schools"], noted["rows"], copies)


def _read(size: Size, number: int, seed: int, folder: Path, say: Callable[[str, str], None]) -> Data:
    """Returns of so many schools (0: the city), generated, and read and checked by the product."""
    programme, year = ("example" if number else CITY), size.last_year
    made_of = _content(GENERATOR if number else (SHIPPED,))
    if not (folder / RETURNS).is_file() or (folder / RETURNS).read_text("utf-8") != made_of:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        say(f"生成数据:{folder.name}(只做一次)", f"making the data, once: {folder.name}")
        if number:
            years = f"{size.first_year}-{year}"
            jiance(folder, "demo", str(folder), "--schools", str(number), "--years", years, "--seed", str(seed), home=None)
        else:
            shutil.copytree(SHIPPED, folder / "data_raw" / CITY)
        (folder / RETURNS).write_text(made_of, "utf-8")
    noted = _noted(folder)
    code = f"{code_sha256(CODE_ROOT)} {made_of}"
    if noted.get("code") != code:
        # what a run knows of earlier editions is a raw table too, and made by the code of the day
        say(f"由报表做 raw 表:{folder.name}", f"making the raw tables of the returns: {folder.name}")
        noted = _keep_raw(folder, programme, year) | {"code": code}
        (folder / DONE).write_text(json.dumps(noted), "utf-8")
    return Data(folder, folder, programme, year, noted["schools"], noted["rows"])


def _content(folders: Sequence[Path]) -> str:
    """sha256 over the files in folders, with their places."""
    files = [
        (f"{folder.name}/{path.relative_to(folder).as_posix()}", path)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    return code_digest((name, file_sha256(path)) for name, path in files)


def _noted(folder: Path) -> dict[str, Any]:
    """What was noted of the raw tables when they were made; nothing where they were not."""
    return json.loads((folder / DONE).read_text("utf-8")) if (folder / DONE).is_file() else {}


def jiance(folder: Path, *words: str, home: Path | None) -> None:
    """Run the product's command line once, unmeasured. Raises BenchError where it fails."""
    where = [] if home is None else ["--home", str(home)]
    once(Command([sys.executable, "-m", "pipeline.cli", *where, *words]), folder / "made.log")


def _keep_raw(folder: Path, programme: str, year: int) -> dict[str, int]:
    """Check the returns with the product, then keep every ``raw.*`` table of its working database as Parquet."""
    import duckdb

    jiance(folder, "check", programme, str(year), home=folder)
    build = Home(folder).edition_build(programme, year)
    shutil.rmtree(folder / RAW_TABLES, ignore_errors=True)
    (folder / RAW_TABLES).mkdir()
    with duckdb.connect(str(build / "warehouse.duckdb"), read_only=True) as store:
        names = store.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw' ORDER BY table_name"
        ).fetchall()
        if not names:
            raise BenchError(f"{folder}: 没有 raw 表 / no raw tables")
        rows = 0
        for (name,) in names:
            target = str(folder / RAW_TABLES / f"{name}.parquet").replace("'", "''")
            store.execute(f"COPY raw.{name} TO '{target}' (FORMAT parquet, COMPRESSION zstd)").fetchall()
            rows += store.execute(f"SELECT COUNT(*) AS n FROM raw.{name}").fetchall()[0][0]
        schools = store.execute("SELECT COUNT(DISTINCT school_id) AS n FROM raw.school_register").fetchall()[0][0]
    shutil.rmtree(Home(folder).build)
    return {"rows": rows, "schools": schools}
