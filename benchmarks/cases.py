"""What is measured at each size, and against what: every line of the page as commands.

Belongs here: the commands, what makes a result the right one, the targets. Does not belong here: measuring, the page.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.data import CITY, Data, Size
from benchmarks.measure import BenchError, Command, once
from benchmarks.peers.dbt import plain_rules, write_project
from benchmarks.printed import require_numbers
from benchmarks.product import SPENT, kept
from benchmarks.profile import Share
from pipeline.home import CODE_ROOT
from pipeline.warehouse.sqlfiles import SqlFile, load_sql

PRODUCT, FLOOR, DBT, TYPST, FEWER = "product", "floor", "dbt", "typst", "fewer"
UNITS, FEWER_UNITS = 600, 120
"""Units whose pages are set in volumes, and of how many less memory is not to be had."""
HEADLINE = {"preschool_ger": "all", "compulsory_retention": "grade9_over_grade1"}
"""Indicators that peers work out, each in the variant that comes from the returns alone."""
_HEADLINE_COLUMNS = "indicator_id, area_code, period, numerator, denominator"
_SCRIPTS = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Line:
    """One comparison. ``commands``: the product first, then the floor, then peers; ``what`` decides (``cpu``, ``wall``,
    ``peak``), ``against`` is whose the ratio is of. ``long``: measured once, without a warm-up, and only where it is asked for.

    ``ratio``, ``most``: targets, the product at most so many times the floor, and at most so many seconds
    (called once everything has run, where that depends on the result). ``shares``: what the product itself noted of its time,
    for what runs too long to be run again under a profiler. ``right``:
    called with the name of a command after its first run, raises BenchError where its result is another than the product's.
    ``profiled``: module and arguments of the product's process, to see what holds it back. ``note``: what to add to the
    line once everything has run, Chinese and English.
    """

    key: str
    zh: str
    en: str
    commands: Mapping[str, Command]
    what: str = "cpu"
    against: str = FLOOR
    long: bool = False
    ratio: float | None = None
    most: float | Callable[[], float] | None = None
    right: Callable[[str], None] | None = None
    profiled: tuple[str, ...] = ()
    note: Callable[[], tuple[str, str]] | None = field(default=None)
    shares: Callable[[], list[Share]] | None = None


@dataclass(frozen=True)
class Desk:
    """Where one size is measured: its data, a folder for what the commands write, and the peers' own Python."""

    data: Data
    work: Path
    peers: Path

    @property
    def peer(self) -> Path:
        return self.peers / "bin" / "python"

    def order(self, name: str, files: Iterable[SqlFile], keep: Iterable[str]) -> Path:
        """The order of execution that the floor is given."""
        path = self.work / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        steps = [{"table": file.table, "path": str(file.path)} for file in files]
        path.write_text(json.dumps({"files": steps, "keep": list(keep)}), "utf-8")
        return path

    def python(self, *words: object) -> list[str]:
        return [sys.executable, *map(str, words)]

    def part(self, name: str, *words: object) -> list[str]:
        """A part of the product as a process (benchmarks.product)."""
        return self.python("-m", "benchmarks.product", *self.part_words(name, *words))

    def part_words(self, name: str, *words: object) -> tuple[str, ...]:
        data = self.data
        return tuple(map(str, (name, data.returns, data.programme, data.year, *words)))

    def jiance(self, command: str) -> list[str]:
        """``jiance check`` or ``run`` of this size's programme."""
        return self.python("-m", "pipeline.cli", *self.jiance_words(command))

    def jiance_words(self, command: str) -> tuple[str, ...]:
        data = self.data
        return ("--home", str(data.returns), command, data.programme, str(data.year))

    def afresh(self) -> None:
        """No parsed file, no working database, no edition."""
        for folder in (self.data.home.build, self.data.home.editions):
            shutil.rmtree(folder, ignore_errors=True)


def lines_of(size: Size, desk: Desk) -> list[Line]:
    """Everything that is measured at a size, in the order of the page."""
    lines = [sql_line(desk, 1.5 if limit else 1.3, limit) for limit in size.limits]
    lines += [alone_line(desk, limit, size.limits[0]) for limit in size.alone]
    if desk.data.programme == CITY:
        # the run comes after all that begin with an empty home: the lines behind it need its edition
        return [*lines, *peer_lines(desk), intake_line(desk), *check_lines(desk), *run_lines(desk)]
    return lines if size.base else [*lines, *peer_lines(desk)]


def sql_line(desk: Desk, target: float, limit: str = "") -> Line:
    """The SQL files from staging to verdicts, over the same Parquet; ``limit``: memory that DuckDB may use.

    Without a limit also as models of dbt, where that is installed, with the rules that take no threshold as tests.
    """
    name = f"sql{limit}"
    out = {who: desk.work / name / who for who in (PRODUCT, FLOOR, DBT)}
    files = load_sql(CODE_ROOT / "sql")
    words = desk.part_words("sql", desk.data.raw, out[PRODUCT], *([limit] if limit else []))
    floor = desk.python("-m", "benchmarks.floor", "sql", desk.data.raw, desk.order(name, files, kept()), out[FLOOR])
    commands = {PRODUCT: Command(desk.python("-m", "benchmarks.product", *words))}
    if limit:
        floor += [limit, str(desk.work / "spilled")]
    commands[FLOOR] = Command(floor)
    if not limit and desk.peer.is_file():
        commands[DBT] = dbt(desk, files, out[DBT])
    shown = (f",内存上限 {limit}", f", memory limit {limit}") if limit else ("", "")
    return Line(
        name,
        f"由中间表到结论的 SQL{shown[0]}",
        f"SQL from staging to verdicts{shown[1]}",
        commands,
        ratio=target,
        right=same_tables(out),
        profiled=() if limit else ("benchmarks.product", *words),
        shares=(lambda: by_schema(json.loads((out[PRODUCT] / SPENT).read_text("utf-8")))) if limit else None,
    )


def alone_line(desk: Desk, limit: str, other: str) -> Line:
    """The SQL files under a memory limit that the product has to work in, with the tables that it made under another one."""
    out, known = desk.work / f"sql{limit}" / PRODUCT, desk.work / f"sql{other}" / PRODUCT

    def right(who: str) -> None:
        if not known.is_dir():
            raise BenchError(f"先量 sql{other} / measure sql{other} first")
        require_same_tables(known, out, f"{who} {limit}")

    return Line(
        f"sql{limit}",
        f"同上,内存上限 {limit}",
        f"the same, memory limit {limit}",
        {PRODUCT: Command(desk.part("sql", desk.data.raw, out, limit))},
        right=right,
        note=lambda: ("目标:算完,各表相同", "target: it ends, with the same tables"),
    )


_SCHEMAS = {
    "raw": ("启动并装入 raw 表", "starting and loading the raw tables"),
    "staging": ("中间表", "staging"),
    "core": ("核心表", "core"),
    "indicator": ("指标", "indicators"),
    "progress": ("进度与结论", "progress and verdicts"),
}


def by_schema(spent: Mapping[str, float]) -> list[Share]:
    """(Chinese, English, per cent) of what ``benchmarks.product sql`` noted, the largest first, the rest last."""
    told = [(zh, en, 100 * spent[schema] / spent["all"]) for schema, (zh, en) in _SCHEMAS.items()]
    rest = 100 - sum(share for _, _, share in told)
    return [*sorted(told, key=lambda each: -each[2]), ("其余", "the rest", rest)]


def dbt(desk: Desk, files: Iterable[SqlFile], out: Path) -> Command:
    """dbt with DuckDB: every SQL file a model, the rules without thresholds its tests."""
    project = desk.work / "dbt"
    write_project(project, files, plain_rules(CODE_ROOT / "sql" / "quality"), desk.data.raw, out, kept())
    words = ["build", "--quiet", "--project-dir", project, "--profiles-dir", project, "--log-path", project / "logs"]
    return Command([str(desk.peers / "bin" / "dbt"), *map(str, words)], environment={"DO_NOT_TRACK": "1"})


def returns_of(desk: Desk) -> list[str]:
    """Every file that the edition reads, in the order of the register."""
    from pipeline.intake.register import effective

    programme = desk.data.home.programme(desk.data.programme)
    return [str(programme.root / r.path) for r in effective(programme.registrations, desk.data.year)]


def _listed(desk: Desk) -> Path:
    path = desk.work / "returns.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(returns_of(desk)), "utf-8")
    return path


def intake_line(desk: Desk) -> Line:
    """Reading every return, nothing parsed before, against reading the same files with nothing else."""
    return Line(
        "intake",
        "读入全部报表(CSV、XLSX),此前没有解析过",
        "intake of every return (CSV, XLSX), nothing parsed before",
        {
            PRODUCT: Command(desk.part("intake"), desk.afresh),
            FLOOR: Command(desk.python("-m", "benchmarks.floor", "read", _listed(desk))),
        },
        ratio=1.5,
        profiled=("benchmarks.product", *desk.part_words("intake")),
    )


def run_line(desk: Desk) -> Line:
    """The whole annual run into an empty home, against reading, SQL and rendering alone."""
    parts, out = desk.work / "parts", desk.work / "run"
    order = desk.order("run", load_sql(CODE_ROOT / "sql"), ["progress.verdict", "progress.summary"])

    def right(who: str) -> None:
        build = desk.data.home.edition_build(desk.data.programme, desk.data.year)
        if who == PRODUCT:
            shutil.rmtree(parts, ignore_errors=True)
            shutil.copytree(build / "report", parts, ignore=shutil.ignore_patterns("*.pdf", "*.html", "*.xlsx"))
            return
        require_same_store(build / "warehouse.duckdb", out, ["progress.verdict", "progress.summary"])

    floor = desk.python("-m", "benchmarks.floor", "run", desk.data.raw, order, out, _listed(desk), parts)
    return Line(
        "run",
        "全年运行,新进程、空目录:读入、三道校验、SQL、两份 PDF、网页、XLSX、清单",
        "whole annual run, cold: intake, gates, SQL, both PDFs, web pages, XLSX, manifest",
        {PRODUCT: Command(desk.jiance("run"), desk.afresh), FLOOR: Command(floor)},
        ratio=1.6,
        most=25,
        right=right,
        profiled=("pipeline.cli", *desk.jiance_words("run")),
    )


def run_lines(desk: Desk) -> list[Line]:
    """A whole run, the same again, and its PDF alone."""
    return [run_line(desk), again_line(desk), report_line(desk), volumes_line(desk)]


def again_line(desk: Desk) -> Line:
    """``jiance run`` where nothing has changed since; wants an edition, so it comes after a run."""

    def made() -> None:
        if not desk.data.home.editions.is_dir():
            raise BenchError("还没有版本可以不变 / no edition is there that could stand")

    return Line(
        "again",
        "什么都没变时再运行",
        "run again, nothing changed",
        {PRODUCT: Command(desk.jiance("run"), made)},
        what="wall",
        most=2,
        profiled=("pipeline.cli", *desk.jiance_words("run")),
    )


def report_line(desk: Desk) -> Line:
    """The Chinese PDF alone, of the model that the run before made: 10 s of CPU for 40 pages.

    Beside it Typst with what is printed, as HTML, given to it: the same texts, tables and drawings, plainly set.
    """
    parts, out = desk.work / "parts", desk.work / "report"
    words = desk.part_words("report", parts, out)
    printed = {PRODUCT: out / "report.zh.pdf", TYPST: out / "typst.pdf"}

    def pages() -> int:
        return int((out / "pages").read_text("utf-8"))

    def page() -> None:
        once(Command(desk.part("page", parts, out)), desk.work / "logs" / "report" / "page.log")

    commands = {PRODUCT: Command(desk.python("-m", "benchmarks.product", *words))}
    if desk.peer.is_file():
        script, fonts = _SCRIPTS / "report_typst.py", CODE_ROOT / "report_templates" / "fonts"
        commands[TYPST] = Command([str(desk.peer), *map(str, (script, out / "report.zh.html", fonts, printed[TYPST]))], page)

    return Line(
        "report",
        "排成一份中文 PDF(目标:40 页 10 秒)",
        "the Chinese PDF alone (target: 10 s for 40 pages)",
        commands,
        right=lambda who: require_numbers(parts / "model.json", printed[who], who),
        most=lambda: 10 * pages() / 40,
        note=lambda: (f"{pages()} 页", f"{pages()} pages"),
        profiled=("benchmarks.product", *words),
    )


def volumes_line(desk: Desk) -> Line:
    """The pages of very many units in volumes: five times the pages, and the memory of its largest process."""
    parts, out = desk.work / "parts", {PRODUCT: desk.work / "volumes", FEWER: desk.work / "fewer"}

    def command(who: str, units: int) -> Command:
        return Command(desk.part("volumes", parts, out[who], units))

    def pages(who: str) -> int:
        return int((out[who] / "pages").read_text("utf-8"))

    return Line(
        "volumes",
        f"{UNITS:,} 个单位各一页、中英文,分卷排成 PDF",
        f"a page each of {UNITS:,} units in both languages, as volumes (PDF)",
        {PRODUCT: command(PRODUCT, UNITS), FEWER: command(FEWER, FEWER_UNITS)},
        what="peak",
        against=FEWER,
        long=True,
        ratio=1.1,
        note=lambda: (f"{pages(PRODUCT):,} 页", f"{pages(PRODUCT):,} sheets"),
    )


def check_line(desk: Desk) -> Line:
    """``jiance check`` with nothing parsed before."""
    return Line(
        "check",
        "`jiance check`,此前没有解析过",
        "`jiance check`, nothing parsed before",
        {PRODUCT: Command(desk.jiance("check"), desk.afresh)},
        most=8,
        profiled=("pipeline.cli", *desk.jiance_words("check")),
    )


def check_lines(desk: Desk) -> list[Line]:
    """``jiance check``: nothing parsed before, everything parsed before, one file changed."""
    changed = Changed(desk)
    return [
        check_line(desk),
        Line(
            "check_parsed",
            "同上,文件都已解析过",
            "the same, every file parsed before",
            {PRODUCT: Command(desk.jiance("check"))},
            most=8,
        ),
        Line(
            "check_changed",
            "同上,改动一份报表之后",
            "the same after one return has changed",
            {PRODUCT: Command(desk.jiance("check"), changed.change)},
            note=changed.parsed_again,
        ),
    ]


class Changed:
    """One return of the year changed, and registered so, before every run: an empty line more at its end."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.cache = desk.data.home.build / "intake_cache"
        self.before = 0
        self.original: dict[Path, bytes] = {}
        self.again: list[int] = []

    def change(self) -> None:
        """Change the file and its hash in the register."""
        if self.before:
            self.again.append(self._parsed() - self.before)
        root = self.desk.data.home.data_raw / self.desk.data.programme
        register = root / "register.csv"
        year = str(self.desk.data.year)
        path = next(p for p in map(Path, returns_of(self.desk)) if p.match(f"{year}/school_register*.csv"))
        for each in (register, path):
            self.original.setdefault(each, each.read_bytes())
        old = hashlib.sha256(path.read_bytes()).hexdigest()
        path.write_bytes(path.read_bytes() + b"\n")
        new = hashlib.sha256(path.read_bytes()).hexdigest()
        text = register.read_text("utf-8")
        if old not in text:
            raise BenchError(f"{path.name} 不在登记表中 / is not in the register")
        register.write_text(text.replace(old, new), "utf-8")
        self.before = self._parsed()

    def _parsed(self) -> int:
        return len(list(self.cache.glob("*.json")))

    def parsed_again(self) -> tuple[str, str]:
        """How many files were parsed again, of how many; the files are put back as they were."""
        number, files = max([*self.again, self._parsed() - self.before]), len(returns_of(self.desk))
        for path, data in self.original.items():
            path.write_bytes(data)
        return f"{files} 份文件中重新解析 {number} 份", f"{number} of {files} files parsed again"


def peer_lines(desk: Desk) -> list[Line]:
    """Peers for the headline figures, where they are installed (``make bench``)."""
    if not desk.peer.is_file():
        return []
    files = load_sql(CODE_ROOT / "sql")
    wanted = below(files, {f"indicator.{name}" for name in HEADLINE})
    out = {name: desk.work / "headline" / f"{name}.parquet" for name in ("pandas", "polars")}
    floor_out = desk.work / "headline" / FLOOR
    order = desk.order("headline", [f for f in files if f.table in wanted], [f"indicator.{name}" for name in HEADLINE])

    def right(who: str) -> None:
        if who != FLOOR:
            require_same_headline(out[who], floor_out, who)

    headline = {
        FLOOR: Command(desk.python("-m", "benchmarks.floor", "sql", desk.data.raw, order, floor_out)),
        **{
            name: Command([str(desk.peer), str(_SCRIPTS / f"headline_{name}.py"), str(desk.data.raw), str(path)])
            for name, path in out.items()
        },
    }
    return [
        Line(
            "headline",
            "同类做法,两项主要指标(毛入园率、巩固率)的各单位各年数值",
            "peers: two headline indicators (pre-school enrolment, retention), every unit and year",
            headline,
            right=right,
        )
    ]


def below(files: Iterable[SqlFile], wanted: set[str]) -> set[str]:
    """The tables of ``wanted`` and all that they are made from."""
    found = set(wanted)
    for file in reversed(list(files)):
        if file.table in found:
            found.update(file.reads)
    return found


def same_tables(out: Mapping[str, Path]) -> Callable[[str], None]:
    """A check after the first run of each command but the first: every table that was kept equals the first command's."""
    first = next(iter(out))

    def right(who: str) -> None:
        if who != first:
            require_same_tables(out[first], out[who], who)

    return right


def require_same_tables(expected: Path, found: Path, who: str) -> None:
    """Every Parquet table of two folders has the same rows and columns. Raises BenchError naming the first that differs."""
    import polars as pl

    from pipeline.warehouse.store import content_hash

    names = sorted(path.name for path in expected.glob("*.parquet"))
    if not names or names != sorted(path.name for path in found.glob("*.parquet")):
        raise BenchError(f"{who} 没有同样的表,不计入 / has not the same tables: not counted")
    for name in names:
        if content_hash(pl.read_parquet(expected / name)) != content_hash(pl.read_parquet(found / name)):
            raise BenchError(f"{who} 的 {name} 数值不同,不计入 / gives other figures in {name}: not counted")


def require_same_store(store: Path, found: Path, tables: Iterable[str]) -> None:
    """Tables in a working database equal those kept as Parquet. Raises BenchError naming the first that does not."""
    import duckdb
    import polars as pl

    from pipeline.warehouse.store import content_hash

    with duckdb.connect(str(store), read_only=True) as con:
        for table in tables:
            own = con.sql(f"SELECT * FROM {table}").pl()
            kept = pl.read_parquet(found / f"{table}.parquet").drop(_IDENTITY, strict=False)
            if content_hash(own.drop(_IDENTITY, strict=False)) != content_hash(kept):
                raise BenchError(f"{table}: 基线的数值不同,不计入 / the floor's figures differ: not counted")


_IDENTITY = ("build_id", "vintage_id")
"""Columns that name the edition: a home whose data were registered anew has another."""


def require_same_headline(found: Path, floor: Path, who: str) -> None:
    """A peer's headline figures are those of the SQL, row for row. Raises BenchError with the first that is not."""
    import duckdb

    with duckdb.connect() as con:
        wanted = " UNION ALL ".join(
            f"SELECT {_HEADLINE_COLUMNS} FROM '{floor}/indicator.{name}.parquet' "
            f"WHERE variant = '{variant}' AND value_source = 'computed'"
            for name, variant in HEADLINE.items()
        )
        sides = {
            "expected": con.execute(f"SELECT {_HEADLINE_COLUMNS} FROM ({wanted})").fetchall(),
            "found": con.execute(f"SELECT {_HEADLINE_COLUMNS} FROM '{found}'").fetchall(),
        }
    expected, own = (sorted(tuple(row) for row in rows) for rows in sides.values())
    if expected != own or not expected:
        wrong = sorted(set(expected) ^ set(own))[:1] or "…"
        raise BenchError(f"{who} 的数值不同,不计入 / gives other figures, not counted: {wrong}")
