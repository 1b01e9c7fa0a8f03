"""``jiance …``: the command line. Thin: each command is a few lines over the rooms of the house.

Exit codes: 0 done / published, 1 findings block, 2 wrong usage, 3 the environment is not fit.
Heavy libraries are imported inside the commands, so that help and lists answer at once.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.demo.commands import COMMANDS as DEMO_COMMANDS
from pipeline.office.commands import COMMANDS as OFFICE_COMMANDS
from pipeline.proof.commands import COMMANDS as PROOF_COMMANDS
from pipeline.telling import Teller, put

EXIT_FINDINGS, EXIT_USAGE, EXIT_ENVIRONMENT = 1, 2, 3


class _Commands(click.Group):
    """The commands. One that breaks off ends with words for whoever has to act and never with exit code 1, which says
    something of the figures."""

    def invoke(self, context: click.Context):
        try:
            return super().invoke(context)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise  # click's own, and a reader who has seen enough
        except Exception as problem:
            if context.obj is None:
                raise
            context.obj.broken_off(problem)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="提示语言 / message language"
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="数据所在文件夹,内有 data_raw/(默认为安装目录)/ the folder that holds data_raw/",
)
@click.version_option(package_name="jiance", prog_name="jiance")
@click.pass_context
def main(context: click.Context, lang: str, home: Path | None) -> None:
    """监测:把每年收到的教育统计报表变成可复现的规划进展报告。

    Jiance: from a year's education returns to a judged, reproducible progress report.

    退出码 / exit codes: 0 完成 done; 1 数据有误 findings block; 2 用法有误 usage; 3 环境有误 environment.
    """
    from pipeline.home import HOME_VARIABLE, Home

    if home is not None:
        if not (home / "data_raw").is_dir():
            raise click.UsageError(f"{home} 里没有 data_raw 文件夹 / has no data_raw folder")
        os.environ[HOME_VARIABLE] = str(home.resolve())
    context.obj = Teller(lang, Home.default())


@main.command()
@click.argument("programme", required=False)
@click.argument("year", type=int, required=False)
@click.option("--latest", "--all", "latest", is_flag=True, help="每个项目的最新完整年度 / every programme at its latest complete year")
@click.option(
    "--public",
    is_flag=True,
    help="公开版,另放 editions_public / the edition for the public, in editions_public",
)
@click.option(
    "--sign",
    "key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="发布后用此私钥签名 / sign what is published with this private key",
)
@click.option(
    "--again",
    is_flag=True,
    help="即使什么都没变也重做 / make it even if nothing has changed",
)
@click.option(
    "--engine",
    "address",
    metavar="sc://HOST:PORT",
    help="在 Spark 或 Sail 上计算各表(docs/scale.md),什么都没变也重做 / compute the tables on Spark or Sail, also where "
    "nothing has changed",
)
@click.option(
    "--exchange",
    type=click.Path(exists=True, file_okay=False, writable=True, resolve_path=True, path_type=Path),
    help="本机与引擎以同一路径都能读写的文件夹 / a folder that this machine and the engine see under one path",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="同时做几个项目,与 --latest 一起用 / how many programmes at once, with --latest",
)
@click.option(
    "--dask",
    "scheduler",
    metavar="tcp://HOST:PORT",
    help="在 Dask 集群的各台机器上做,与 --latest 一起用(docs/server.md)/ make them on the hosts of a Dask cluster, with --latest",
)
@click.option(
    "--queue",
    is_flag=True,
    help="排入服务器的运行队列,不等它做完(docs/server.md)/ put it into the server's queue of runs and do not wait for it",
)
@click.option(
    "--port",
    type=int,
    default=None,
    help="界面的端口,与 --queue 一起用,默认 3000 / port of the interface, with --queue; 3000 if not given",
)
@click.pass_obj
def run(
    teller: Teller,
    programme: str | None,
    year: int | None,
    latest: bool,
    public: bool,
    key: Path | None,
    again: bool,
    address: str | None,
    exchange: Path | None,
    jobs: int,
    scheduler: str | None,
    queue: bool,
    port: int | None,
) -> None:
    """生成并发布一期报告 / make and publish one edition: PROGRAMME YEAR (or --latest).

    与上次运行相比什么都没变的,不重做(--again、--engine 除外)/ where nothing has changed since the last run nothing is
    done (unless --again or --engine is given).
    """
    if exchange is not None and address is None:
        raise click.UsageError("--exchange 要与 --engine 一起用 / --exchange goes with --engine")
    if jobs > 1 and not latest:
        raise click.UsageError("--jobs 要与 --latest 一起用 / --jobs goes with --latest")
    if scheduler is not None and (not latest or jobs > 1):
        raise click.UsageError(
            "--dask 要与 --latest 一起用,不能与 --jobs 一起用 / --dask goes with --latest and not with --jobs"
        )
    if port is not None and not queue:
        raise click.UsageError("--port 要与 --queue 一起用 / --port goes with --queue")
    if queue and (key or again or address or jobs > 1 or scheduler):
        raise click.UsageError(
            "--queue 不能与 --sign、--again、--engine、--jobs、--dask 一起用 / --queue does not go with --sign, --again, --engine, "
            "--jobs, --dask"
        )
    if public:
        teller.home = teller.home.public()
    if queue:
        _enqueue(teller, _targets(teller, programme, year, latest), public, port or 3000)
        return
    # several at once tell for themselves what stands
    standing = set() if again or address or jobs > 1 or scheduler else _standing(teller, programme, year, latest)
    asked = 1 if programme else len(teller.home.programme_ids())
    if standing and len(standing) == asked:
        targets = sorted(standing)
    else:
        targets = _targets(teller, programme, year, latest)
    private = _signing_key(key)
    told = {}
    if jobs > 1 or scheduler:
        chosen = {"--engine": address, "--exchange": exchange}
        more = [word for name, value in chosen.items() if value is not None for word in (name, str(value))]
        more += [name for name, given in {"--public": public, "--again": again}.items() if given]
        told = teller.side_by_side(targets, jobs, scheduler, more)
    failed = any(told.values())
    for programme_id, wanted in targets:
        done = (programme_id, wanted) in standing or told.get((programme_id, wanted)) == 0
        if not done and (programme_id, wanted) not in told:
            from pipeline.jobs import ANNUAL_REPORT
            from pipeline.warehouse.engine import Remote

            remote = Remote(address, exchange) if address else None
            done = teller.run(programme_id, wanted, ANNUAL_REPORT, remote)
        failed |= not done
        if done and private is not None:
            _sign(teller, programme_id, wanted, private)
    teller.closing()
    sys.exit(max([*told.values(), EXIT_FINDINGS if failed else 0]))


def _enqueue(teller: Teller, targets: list[tuple[str, int]], public: bool, port: int) -> None:
    """Put the editions into the queue and say so; ends the command where there is no queue."""
    from pipeline.jobs import ANNUAL_REPORT, PUBLIC_REPORT
    from pipeline.programme import edition_key
    from pipeline.queueing import enqueue

    job = PUBLIC_REPORT if public else ANNUAL_REPORT
    enqueue(teller.home, job, [edition_key(*target) for target in targets], port)
    names = [f"{programme} {year}" for programme, year in targets]
    teller.say(
        f"已排入队列 {len(names)} 期:{'、'.join(names)}。进展和结果见界面(jiance ui)。",
        f"{len(names)} put into the queue: {', '.join(names)}. The interface (jiance ui) shows how they fare.",
    )


def _standing(
    teller: Teller, programme: str | None, year: int | None, latest: bool
) -> set[tuple[str, int]]:
    """(programme, year) pairs whose newest edition a run would only make again; each is told."""
    from pipeline.unchanged import latest_years

    if latest and programme is None:
        asked = [(name, latest_years(teller.home, name)) for name in teller.home.programme_ids()]
    else:
        asked = [] if latest or programme is None or year is None else [(programme, [year])]
    told = [(name, teller.standing(name, years)) for name, years in asked]
    return {(name, number) for name, number in told if number is not None}


def _signing_key(path: Path | None):
    """The key to sign with, read before the work starts; ends the command where it cannot be used."""
    if path is None:
        return None
    from pipeline.proof.commands import private_key
    from pipeline.proof.signing import SigningError

    try:
        return private_key(path)
    except SigningError as problem:
        put(str(problem), err=True)
        sys.exit(EXIT_USAGE)


def _sign(teller: Teller, programme_id: str, year: int, private) -> None:
    from pipeline.edition.files import newest
    from pipeline.proof.commands import say_signed
    from pipeline.proof.signing import SigningError, sign

    folder = newest(teller.home.editions / programme_id / str(year))
    try:
        say_signed(teller, folder, sign(folder, private))
    except SigningError as problem:
        put(str(problem), err=True)
        sys.exit(EXIT_ENVIRONMENT)


@main.command()
@click.argument("programme")
@click.argument("year", type=int)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def check(teller: Teller, programme: str, year: int, form: str) -> None:
    """检查收到的报表和结果,不发布 / check returns and results, publish nothing."""
    _targets(teller, programme, year, False)
    outcome = teller.check(programme, year, quiet=form == "json")
    if form == "json":
        document = {
            "programme": programme,
            "year": year,
            "blocked": outcome.blocked or not outcome.success,
            "findings": [asdict(f) for f in outcome.findings],
            "outcomes": [asdict(o) for o in outcome.outcomes],
        }
        put(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        teller.findings(outcome, programme, year)
        teller.by_unit(outcome)
    sys.exit(0 if outcome.success and not outcome.blocked else EXIT_FINDINGS)


@main.command()
@click.option("--port", type=int, default=3000, show_default=True)
@click.option(
    "--read-only", "reading", is_flag=True, help="只看不动,供审计人员使用 / look and do not touch, for auditors"
)
@click.pass_obj
def ui(teller: Teller, port: int, reading: bool) -> None:
    """打开 Dagster 界面,只在本机可见 / start the Dagster interface on loopback."""
    from pipeline.queueing import WORKSPACE, program
    from pipeline.runner import dagster_home

    dagster_home(teller.home)
    teller.say(f"界面地址 http://127.0.0.1:{port} ,按 Ctrl+C 停止", f"http://127.0.0.1:{port} - stop with Ctrl+C")
    os.chdir(WORKSPACE.parent)
    call = ["dagster-webserver", "-h", "127.0.0.1", "-p", str(port), "-w", str(WORKSPACE)]
    os.execv(program("dagster-webserver"), [*call, *(["--read-only"] if reading else [])])


@main.command()
@click.pass_obj
def daemon(teller: Teller) -> None:
    """从队列里取出运行,逐个做(服务器,见 docs/server.md)/ take runs out of the queue and make them, on a server."""
    from pipeline.queueing import WORKSPACE, become_daemon, program

    for key in become_daemon(teller.home):
        teller.say(
            f"{key}:上次中断的运行已不在,记为失败,将自动重做",
            f"{key}: the run that was broken off is gone; marked as failed, it will be made again",
        )
    os.chdir(WORKSPACE.parent)
    os.execv(program("dagster-daemon"), ["dagster-daemon", "run", "-w", str(WORKSPACE)])


@main.command("list")
@click.pass_obj
def list_(teller: Teller) -> None:
    """列出项目、可做的年度和已发布的版本 / programmes, years and published editions."""
    from pipeline.edition.files import revisions

    from pipeline.plan.model import PlanError
    from pipeline.programme import ProgrammeError

    for programme_id in teller.home.programme_ids():
        programme = teller.home.programme(programme_id)
        try:
            programme.years()
        except (PlanError, ProgrammeError) as problem:
            put(f"{programme_id}  {teller.pick('(不能使用)', '(cannot be used)')}\n{problem}")
            continue
        put(f"{programme_id}  {teller.pick(programme.plan.programme.name_zh, programme.plan.programme.name_en)}")
        for year in programme.years():
            folder = teller.home.editions / programme_id / str(year)
            made = " ".join(f"r{n}" for n in revisions(folder)) or teller.pick("(尚未发布)", "(not published)")
            put(f"  {year}  {made}")


@main.command()
@click.pass_obj
def doctor(teller: Teller) -> None:
    """检查运行环境:Python、库、字体、Pango、磁盘、占用 / is this machine fit?"""
    from pipeline.doctor import examine

    sound = True
    for item in examine(teller.home):
        sound &= item.sound
        mark = "✓" if item.sound else "✗"
        put(f"{mark} {teller.pick(item.name_zh, item.name_en)}: {item.found}")
        if not item.sound:
            put(f"    → {teller.pick(item.todo_zh, item.todo_en)}")
    sys.exit(0 if sound else EXIT_ENVIRONMENT)


@main.command()
@click.option(
    "--size", type=click.Choice(["city", "province", "nation", "pupil"]), default="city", show_default=True, help="规模 / size"
)
@click.option(
    "--runs", type=click.IntRange(1, 50), default=None, help="每项计入的次数 / counted runs of each command"
)
@click.option(
    "--schools",
    type=click.IntRange(4_000, 500_000),
    default=None,
    help="省、全国:改为这么多所学校(全国为 10000 的倍数) / of province and nation (a multiple of 10000): another number of schools",
)
@click.option(
    "--rows",
    type=click.IntRange(10_000, 3_000_000_000),
    multiple=True,
    help="学生数据:约这么多行,可写多次(默认两千万和一亿)/ of pupils: about so many rows, may be given several times (20 and 100 "
    "million)",
)
@click.option("--seed", type=int, default=1, show_default=True, help="生成数据的种子 / seed of the data")
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="performance.md 写到哪个文件夹(默认 docs)/ folder that performance.md is written into (docs)",
)
@click.option(
    "--only",
    multiple=True,
    help="只量这几项(sql、check、run……),页上其余各项不变;可写多次 / measure these lines only (sql, check, run …), the page "
    "keeps the others; may be given several times; of pupils: engines (duckdb, spark, sail)",
)
@click.pass_obj
def bench(
    teller: Teller,
    size: str,
    runs: int | None,
    schools: int | None,
    rows: tuple[int, ...],
    seed: int,
    into: Path | None,
    only: tuple[str, ...],
) -> None:
    """量速度和开销,与基线、同类做法对照 / measure speed against a floor and peers, write docs/performance.md."""
    # the benchmarks are no part of the code that an edition is made with, and need not be there when one is made again
    from benchmarks.commands import bench as measure
    from benchmarks.commands import machine
    from benchmarks.measure import BenchError
    from benchmarks.pupils.commands import bench_pupils

    if schools is not None and size == "city":
        raise click.UsageError("市级用随附的演示数据,不能改学校数 / the city is the one that is shipped: leave --schools out")
    if schools is not None and size == "pupil":
        raise click.UsageError("学生数据用 --rows 定规模 / pupils are made by --rows: leave --schools out")
    if rows and size != "pupil":
        raise click.UsageError("--rows 只用于 --size pupil / --rows goes with --size pupil")
    try:
        if size == "pupil":
            bench_pupils(rows, runs or 3, seed, into, only, machine(), teller.say)
            return
        measure(size, runs, schools, seed, into, only, teller.say)
    except BenchError as problem:
        put(str(problem), err=True)
        sys.exit(EXIT_ENVIRONMENT)


def _targets(teller: Teller, programme: str | None, year: int | None, latest: bool) -> list[tuple[str, int]]:
    """(programme, year) pairs to run; ends the command with a plain message where they cannot be."""
    from pipeline.plan.model import PlanError
    from pipeline.programme import ProgrammeError

    if latest == (programme is not None) or (programme is not None and year is None):
        raise click.UsageError(
            "请写项目和年度,如 jiance run zhangjiakou 2024;或用 --latest / give PROGRAMME and YEAR, or --latest"
        )
    try:
        if latest:
            pairs = [(p, teller.home.programme(p).years()) for p in teller.home.programme_ids()]
            for programme_id, years in pairs:
                if not years:
                    raise ProgrammeError(
                        f"{programme_id}: 没有报表齐全的年度,请看 register.csv 和 plan.yaml 的 returns / "
                        f"no year has all the returns that are due"
                    )
            return [(p, years[-1]) for p, years in pairs]
        found = teller.home.programme(programme)
        years = found.years()
        if year not in years and not found.register.findings:
            raise ProgrammeError(
                f"{programme} {year}: 报表不齐或不在方案期内;可做的年度:{years} / "
                f"returns are missing or the year lies outside the plan; years that can be made: {years}"
                + _missing(found, year)
            )
        return [(programme, year)]
    except (PlanError, ProgrammeError) as problem:
        put(str(problem), err=True)
        sys.exit(EXIT_USAGE)


def _missing(programme, year: int) -> str:
    """Which due tables have no registered file for that year."""
    from pipeline.intake.register import effective
    from pipeline.programme import yearly_tables

    held = {
        r.table for r in effective(programme.registrations, year) if r.period_from <= year <= r.period_to
    }
    lacking = [
        f"{programme.contracts[t].name_zh}({t})" for t in sorted(yearly_tables(programme.plan) - held)
    ]
    return f"\n缺 {year} 年度的报表 / missing for {year}: {'、'.join(lacking)}" if lacking else ""


for command in (*OFFICE_COMMANDS, *PROOF_COMMANDS, *DEMO_COMMANDS):
    main.add_command(command)


if __name__ == "__main__":
    main()
