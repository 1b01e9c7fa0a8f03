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

from benchmarks.data import CITY, Data, Size, jiance
from benchmarks.measure import BenchError, Command, once
from benchmarks.peers.dbt import plain_rules, write_project
from benchmarks.printed import require_numbers
from benchmarks.product import CPU, DUCKDB, PEAK, SPENT, kept
from benchmarks.profile import Share
from benchmarks.repeated import repeat
from benchmarks.servers import SAIL, SPARK, installed
from pipeline.home import CODE_ROOT
from pipeline.warehouse.sqlfiles import SqlFile, load_sql
from pipeline.warehouse.store import MEMORY_VARIABLE

PRODUCT, FLOOR, DBT, TYPST, FEWER, PARSED = "product", "floor", "dbt", "typst", "fewer", "parsed"
UNITS, FEWER_UNITS = 600, 120
"""Units whose pages are set in volumes, and of how many less memory is not to be had."""
COPIES, FEWER_COPIES, MEMORY = 98, 49, "512MB"
"""The city as often, with codes of its own for every copy, under its own plan: some 1,800 units, and half as many; and what the
working database may use, so that what it keeps because there is room for it does not count."""
COUNTIES, FEWER_COUNTIES, SCHOOLS_A_COUNTY = 244, 61, 12
"""The same of whole runs: a province with many counties, and one whose pages just no longer stand in its report."""
HEADLINE = {"preschool_ger": "all", "compulsory_retention": "grade9_over_grade1"}
"""Indicators that peers work out, each in the variant that comes from the returns alone."""
_HEADLINE_COLUMNS = "indicator_id, area_code, period, numerator, denominator"
_SCRIPTS = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Line:
    """One comparison. ``commands``: the product first, then the floor, then peers; ``what`` decides (``cpu``, ``wall``,
    ``peak``), ``against`` is whose the ratio is of. ``long``: measured once unless the number of runs is given, and only where it is asked for.

    ``ratio``, ``most``: targets, the product at most so many times the floor, and at most so many seconds
    (called once everything has run, where that depends on the result). ``shares``: what the product itself noted of its time,
    for what runs too long to be run again under a profiler. ``right``:
    called with the name of a command after its first run, raises BenchError where its result is another than the product's.
    ``profiled``: module and arguments of the product's process, to see what holds it back.
    ``aim``: a target that is reached where ``right`` lets the line be counted. ``note``: what to add to the line once everything
    has run. ``after`` is called at the end, however that came about. Words are Chinese and English.
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
    aim: tuple[str, str] | None = None
    after: Callable[[], None] = lambda: None


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
        return [*lines, *peer_lines(desk), intake_line(desk), *check_lines(desk), *run_lines(desk), *engine_lines(desk)]
    return lines if size.base else [*lines, *peer_lines(desk), *engine_lines(desk)]


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
        shares=lambda: spent_by_schema(out[PRODUCT]),
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
        aim=("算完,各表相同", "it ends, with the same tables"),
    )


def engine_lines(desk: Desk) -> list[Line]:
    """The SQL files on other engines, as far as they are installed (``make engines``, ``make test-spark``); no line where none
    is. Nothing counts but what has every table as DuckDB does."""
    others = [name for name in (SAIL, SPARK) if installed(name)]
    if not others:
        return []
    names = [DUCKDB, *others]
    out = {PRODUCT if name == DUCKDB else name: desk.work / "engines" / name for name in names}

    def served() -> tuple[str, str]:
        told = {who: json.loads((out[who] / CPU).read_text("utf-8"))["server"] for who in out if who != PRODUCT}
        zh = "、".join(f"{who} {seconds:.0f} s" for who, seconds in told.items())
        return f"其中引擎的服务进程:{zh}", f"of it the server: {zh.replace('、', ', ')}"

    files = load_sql(CODE_ROOT / "sql")
    line = Line(
        "engines",
        f"同样的 SQL 文件在别的引擎上:{len(files)} 张表逐行与 DuckDB 的核对",
        f"the same SQL files on other engines: {len(files)} tables held against DuckDB's, row for row",
        {who: Command(desk.part("engine", desk.data.raw, path, path.name)) for who, path in out.items()},
        against=PRODUCT,
        long=True,
        right=same_tables(out),
        note=served,
        aim=("各表逐行相同", "every table the same, row for row"),
    )
    return [line]


_SCHEMAS = {
    "raw": ("启动并装入方案等 raw 表", "starting and loading the raw tables of the plan"),
    "staging": ("中间表", "staging"),
    "core": ("核心表", "core"),
    "indicator": ("指标", "indicators"),
    "progress": ("进度与结论", "progress and verdicts"),
}


def spent_by_schema(made: Path) -> list[Share]:
    """Shares of the time of the run of ``benchmarks.product sql`` that wrote its tables to ``made``."""
    return by_schema(json.loads((made / SPENT).read_text("utf-8")))


def by_schema(spent: Mapping[str, float]) -> list[Share]:
    """(Chinese, English, per cent) of what ``benchmarks.product sql`` noted, the largest first, the rest last."""
    told = [(zh, en, 100 * spent[schema] / spent["all"]) for schema, (zh, en) in _SCHEMAS.items()]
    rest = 100 - sum(share for _, _, share in told)
    return [*sorted(told, key=lambda each: -each[2]), ("其余", "the rest", rest)]


_PARTS = {
    "start": ("内存:启动", "memory: starting"),
    "report": ("内存:报告模型", "memory: the report model"),
    "volumes": ("内存:各卷的模型", "memory: the models of the volumes"),
    "data": ("内存:公开数据", "memory: the open data"),
}


def peak_by_part(made: Path) -> list[Share]:
    """(Chinese, English, per cent) of the peak memory that each part of ``benchmarks.product model`` added, the largest first."""
    peaks = json.loads((made / PEAK).read_text("utf-8"))
    told = [
        (*_PARTS[part], 100 * (peak - before) / max(peaks.values()))
        for (part, peak), before in zip(peaks.items(), [0, *peaks.values()], strict=False)
    ]
    return sorted(told, key=lambda each: -each[2])


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
    return [run_line(desk), again_line(desk), report_line(desk), volumes_line(desk), model_line(desk), units_line(desk)]


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
        f"{UNITS:,} 个单位的页、中英文,分卷排成 PDF,与 {FEWER_UNITS:,} 个的比(只是排版)",
        f"the pages of {UNITS:,} units in both languages, set as volumes (PDF), against those of {FEWER_UNITS:,}; typesetting alone",
        {PRODUCT: command(PRODUCT, UNITS), FEWER: command(FEWER, FEWER_UNITS)},
        what="peak",
        against=FEWER,
        long=True,
        ratio=1.1,
        note=lambda: (f"{pages(PRODUCT):,} 页", f"{pages(PRODUCT):,} sheets"),
    )


def model_line(desk: Desk) -> Line:
    """The report model of a territory of very many units under the city's own plan, those of its volumes and the open data, and
    the memory that making them takes."""
    copies = {PRODUCT: COPIES, FEWER: FEWER_COPIES}
    homes = {who: desk.work / f"model-{number}" for who, number in copies.items()}
    year = str(desk.data.year)

    def command(who: str) -> Command:
        home = homes[who]

        def made() -> None:
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            (home / "data_raw").symlink_to(desk.data.home.data_raw)
            repeat(desk.data.raw, copies[who], home / "raw")
            words = ("benchmarks.product", "tables", home, desk.data.programme, year, home / "raw")
            once(Command(desk.python("-m", *words)), desk.work / "logs" / "model" / f"tables-{who}.log")

        words = ("benchmarks.product", "model", home, desk.data.programme, year, home / "out")
        return Command(desk.python("-m", *words), made, environment={MEMORY_VARIABLE: MEMORY})

    def units(who: str) -> int:
        return int((homes[who] / "out" / "units").read_text("utf-8"))

    def cleared() -> None:
        """The working databases are large."""
        for home in homes.values():
            shutil.rmtree(home, ignore_errors=True)

    return Line(
        "model",
        f"很多县(区)的报告模型、各卷的模型和公开数据,按本市方案的全部承诺,与一半县(区)的比(本市的 raw 表重复多次,每份有自己的代码;各表已做好;"
        f"{MEMORY_VARIABLE}={MEMORY})",
        "report model of very many units, the models of its volumes and the open data, under all commitments of the city's plan, "
        "against half as many units (its raw tables repeated, every copy with codes of its own; the tables are there already; "
        f"{MEMORY_VARIABLE}={MEMORY})",
        {who: command(who) for who in copies},
        what="peak",
        against=FEWER,
        long=True,
        ratio=1.1,
        shares=lambda: peak_by_part(homes[PRODUCT] / "out"),
        note=lambda: (f"{units(PRODUCT):,} 个单位,与 {units(FEWER):,} 个", f"{units(PRODUCT):,} units against {units(FEWER):,}"),
        after=cleared,
    )


def units_line(desk: Desk) -> Line:
    """A whole run of a territory with very many units, and the memory of its largest process."""
    homes = {PRODUCT: desk.work / f"units-{COUNTIES}", FEWER: desk.work / f"units-{FEWER_COUNTIES}"}

    def command(who: str, units: int) -> Command:
        home = homes[who]

        def afresh() -> None:
            if not (home / "data_raw").is_dir():
                schools = str(SCHOOLS_A_COUNTY * units)
                home.mkdir(parents=True, exist_ok=True)
                jiance(home, "demo", str(home), "--schools", schools, "--counties", str(units), "--years", "2023-2024", home=None)
            for folder in ("build", "editions"):
                shutil.rmtree(home / folder, ignore_errors=True)

        return Command(desk.python("-m", "pipeline.cli", "--home", home, "run", "example", "2024"), afresh)

    return Line(
        "units",
        f"{COUNTIES} 个县(区)的完整运行(生成的方案,5 项承诺),与 {FEWER_COUNTIES} 个的比",
        f"a whole run with {COUNTIES} units (the generated plan of 5 commitments), against one with {FEWER_COUNTIES}",
        {PRODUCT: command(PRODUCT, COUNTIES), FEWER: command(FEWER, FEWER_COUNTIES)},
        what="peak",
        against=FEWER,
        long=True,
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
    """``jiance check``: nothing parsed before; one file changed, in turn with nothing changed."""
    changed = Changed(desk)
    return [
        check_line(desk),
        Line(
            "check_changed",
            "同上,改动一份报表之后",
            "the same after one return has changed",
            {
                PRODUCT: Command(desk.jiance("check"), changed.change),
                PARSED: Command(desk.jiance("check"), changed.looked_at),
            },
            against=PARSED,
            most=8,
            aim=("只重新解析改动的那一份", "only the changed file is parsed again"),
            right=changed.only_that,
            note=changed.parsed_again,
            after=changed.put_back,
            profiled=("pipeline.cli", *desk.jiance_words("check")),
        ),
    ]


class Changed:
    """One return of the year changed, and registered so, before every run: a school has a square metre of land more than ever
    before, in a column that an expectation of the gates reads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.cache = desk.data.home.build / "intake_cache"
        self.before = 0
        self.original: dict[Path, bytes] = {}
        self.again: list[int] = []

    def change(self) -> None:
        """Change the file and its hash in the register; everything was parsed before."""
        if not self.original:
            once(Command(self.desk.jiance("check")), self.desk.work / "logs" / "check_changed" / "before.log")
        root = self.desk.data.home.data_raw / self.desk.data.programme
        register = root / "register.csv"
        year = str(self.desk.data.year)
        path = next(p for p in map(Path, returns_of(self.desk)) if p.match(f"{year}/facilities.csv"))
        for each in (register, path):
            self.original.setdefault(each, each.read_bytes())
        old = hashlib.sha256(path.read_bytes()).hexdigest()
        lines = path.read_text("utf-8-sig").splitlines()
        cells, place = lines[1].split(","), lines[0].split(",").index("占地面积")
        cells[place] = str(int(cells[place]) + 1)
        path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
        new = hashlib.sha256(path.read_bytes()).hexdigest()
        text = register.read_text("utf-8")
        if old not in text:
            raise BenchError(f"{path.name} 不在登记表中 / is not in the register")
        register.write_text(text.replace(old, new), "utf-8")
        self.before = self._parsed()

    def looked_at(self) -> None:
        """Note how many files the run after a change has parsed again."""
        self.again.append(self._parsed() - self.before)

    def only_that(self, who: str) -> None:
        """Raises BenchError where another file than the changed one was parsed, too."""
        if who == PRODUCT and (again := self._parsed() - self.before) != 1:
            raise BenchError(f"改动 1 份,却解析了 {again} 份 / one return has changed, {again} were parsed")

    def put_back(self) -> None:
        """The files as they were."""
        for path, data in self.original.items():
            path.write_bytes(data)

    def _parsed(self) -> int:
        return len(list(self.cache.glob("*.json")))

    def parsed_again(self) -> tuple[str, str]:
        """How many files were parsed again, of how many."""
        number, files = max(self.again), len(returns_of(self.desk))
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
    """The Parquet tables of two folders are the same, however large: names, columns, types and rows, each as often. Raises
    BenchError naming the first that differs."""
    import duckdb

    names = sorted(path.name for path in expected.glob("*.parquet"))
    if not names or names != sorted(path.name for path in found.glob("*.parquet")):
        raise BenchError(f"{who} 没有同样的表,不计入 / has not the same tables: not counted")
    with duckdb.connect() as con:
        for name in names:
            one, other = (f"SELECT * FROM read_parquet('{folder / name}')" for folder in (expected, found))
            columns = [con.execute(f"DESCRIBE {query}").fetchall() for query in (one, other)]
            rows = "SELECT count(*) FROM ({} EXCEPT ALL {})"
            if columns[0] != columns[1] or any(
                con.execute(rows.format(*pair)).fetchone() != (0,) for pair in ((one, other), (other, one))
            ):
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
