"""The part of ``docs/performance.md`` that tells of pupils: cost per row on each engine, and what that comes to for the nation.

Belongs here: what it looks like, given the figures. Does not belong here: measuring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.drawn import Point, drawn
from benchmarks.quiet import was_busy, when

SIZE, PLOT = "pupil", "performance-pupil.svg"
NATION_PUPILS, NATION_YEARS = 290_000_000, 10
"""Pupils at school in the nation, of all stages, and the years of a register that retention needs at least."""
CORES = 64
_ENGINES = {
    "duckdb": "DuckDB",
    "spark": "Apache Spark(本机 local mode,Spark Connect)",
    "sail": "Sail(单进程 one process,Spark Connect)",
}
_HEADING = "## 逐名学生 pupils"


def merged(known: Mapping[str, Any] | None, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of pupils with one more finding: ``machine``, ``memory``, ``limit``, ``command``, ``rows``, ``bytes``,
    ``engine`` and ``found`` (see :func:`benchmarks.pupils.commands.measured`). It takes the place of what is known of the engine at
    these rows; what another machine or other limits gave is dropped."""
    about = {name: found[name] for name in ("command", "machine", "memory", "limit")}
    same = known is not None and all(known[name] == value for name, value in about.items())
    points = {point["rows"]: point for point in (known["points"] if same else [])}
    size = {name: found[name] for name in ("rows", "bytes")}
    last = points.get(found["rows"], {})
    engines = (last["engines"] if all(last.get(name) == value for name, value in size.items()) else {}) | {
        found["engine"]: found["found"]
    }
    points[found["rows"]] = size | {"engines": {name: engines[name] for name in _ENGINES if name in engines}}
    return about | {"points": [points[rows] for rows in sorted(points)]}


def section(known: Mapping[str, Any] | None) -> str:
    """The section as Markdown; ``known`` as :func:`merged` gives it, None where pupils were not measured."""
    if known is None:
        return f"{_HEADING}\n\n没有量过,因而不作承诺 / not measured, hence not promised: `jiance bench --size {SIZE}`"
    limit = known["limit"]
    return "\n".join(
        [
            _HEADING,
            "",
            f"`{known['command']}` · {known['machine']}",
            "",
            "生成的数据(没有任何个人信息):一名学生一学年一行,十个学年、16 个单位。五个 SQL 文件(`benchmarks/pupils/sql`)算出入学届、"
            "每年变动、由同届学生逐人追踪的九年巩固率,以及由同样的行按报表口径算出的巩固率;经产品本身的引擎接口运行。各引擎的五张表与 DuckDB "
            "的逐行相同,才计入时间。/ Generated rows without any personal data: one a pupil and school year, ten years, 16 units. Five "
            "SQL files (`benchmarks/pupils/sql`) work out entry cohorts, yearly movement, nine-year retention by true cohort, pupil "
            "by pupil, and retention as the returns give it, of the same rows; they run through the product's own interface to "
            "engines. No time counts before all five tables equal DuckDB's row for row.",
            "",
            f"每次都是完整的进程:启动引擎、送去各行、计算、取回各表。DuckDB 内存上限 {known['memory']},Spark 的堆同样大,Sail 不设上限;"
            f"超过 {limit['minutes']:g} 分钟或全部进程共占 {limit['gib']:g} GiB 即停止。/ Whole processes: starting the "
            f"engine, sending the rows, computing, taking the tables back. DuckDB's memory limit is {known['memory']}, Spark's heap "
            f"as large, Sail takes none; what runs longer than {limit['minutes']:g} minutes or holds {limit['gib']:g} GiB in all its "
            "processes is stopped.",
            "",
            *_table(known["points"]),
            *(["", f"![CPU 时间随行数 CPU time by rows]({PLOT})", "", *_nation(known["points"])] if plot(known) else []),
        ]
    )


def plot(known: Mapping[str, Any]) -> str:
    """CPU seconds against rows, a line for each engine that finished, as SVG; empty where none did."""
    lines = []
    for engine in _ENGINES:
        points = [(p["rows"], p["engines"][engine]) for p in known["points"] if _finished(p, engine)]
        if points:
            told = [Point(n, found["cpu"], f"{engine}, {n:,} rows: {found['cpu']:.1f} s") for n, found in points]
            lines.append((_ENGINES[engine].partition("(")[0], told))
    return drawn(lines) if lines else ""


def _finished(point: Mapping[str, Any], engine: str) -> bool:
    return "cpu" in point["engines"].get(engine, {})


def _table(points: Sequence[Mapping[str, Any]]) -> list[str]:
    told = [
        "| 行 rows | 引擎 engine(次数 runs) | CPU 秒 s | 其中引擎的服务进程 of it the server | 每行 CPU 微秒 CPU µs a row "
        "| 墙钟 wall s | 每行墙钟微秒 wall µs a row | 内存 MiB | CPU 倍数 × DuckDB | 日期、别的程序所占处理器 date, processors busy with other work |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for point in points:
        rows = point["rows"]
        for number, (engine, found) in enumerate(point["engines"].items()):
            first = f"{rows:,}(Parquet {point['bytes'] / 2**20:,.0f} MiB)" if number == 0 else ""
            if "unfinished" in found:
                told.append(
                    f"| {first} | {_ENGINES[engine]} | **没有算完 did not finish**:{found['unfinished'].replace('|', '/')} "
                    f"| | | | | | | {when(found)} |"
                )
                continue
            wall = "({})" if was_busy(found) else "{}"
            own = point["engines"].get("duckdb", {})
            times = f"{found['cpu'] / own['cpu']:.1f}" if engine != "duckdb" and "cpu" in own else ""
            server = f"{found['server']:.1f}" if engine != "duckdb" else ""
            told.append(
                f"| {first} | {_ENGINES[engine]}({found['runs']}×) | {found['cpu']:.1f} | {server} | {1e6 * found['cpu'] / rows:.2f} "
                f"| {wall.format(format(found['wall'], '.1f'))} | {wall.format(format(1e6 * found['wall'] / rows, '.2f'))} "
                f"| {found['peak']:.0f} | {times} | {when(found)} |"
            )
    return told


def _nation(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the largest size that an engine was given comes to for the nation, by calculation; which did not finish it, and why."""
    rows = NATION_PUPILS * NATION_YEARS
    told = [
        f"### 推算到全国 · Calculated for the nation: {NATION_PUPILS / 1e6:.0f} M × {NATION_YEARS}",
        "",
        f"{NATION_PUPILS / 1e8:g} 亿名学生、{NATION_YEARS} 个学年,共 {rows / 1e8:g} 亿行。**是推算,没有量过**:每行的开销取该引擎量过的最大规模,没有算完的"
        f"不推算;核数按 {CORES} 个全部用满;别的引擎的行要由一台机器送去、取回,这一部分单列,不能分给多台。排序和落盘比行数增长得略快,宁可看作下限。/ "
        f"{rows / 1e9:g} billion rows. **Calculated, not measured**: the cost per row is that of the largest size the engine was "
        f"given; nothing is calculated from one that it did not finish. {CORES} cores are taken as busy all the time; rows for "
        "another engine are sent and taken back by one machine, which is told by itself and cannot be shared out. Sorting and spilling grow somewhat faster than the rows: take "
        "it as a lower bound.",
        "",
    ]
    head = [
        "| 引擎 engine | 取自 taken from | CPU 微秒/行 µs a row | CPU 小时 hours | 其中一台机器送取 of it sending and taking back "
        f"| 计算用 {CORES} 核,小时 hours of computing on {CORES} cores | 这样的行的 Parquet of such rows, GiB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    calculated, unfinished = [], []
    for engine, name in _ENGINES.items():
        given = [point for point in points if engine in point["engines"]]
        if not given:
            continue
        last = max(given, key=lambda point: point["rows"])
        if not _finished(last, engine):
            unfinished.append(f"{name}:{last['rows']:,} 行 rows,{last['engines'][engine]['unfinished']}")
            continue
        found = last["engines"][engine]
        hours = found["cpu"] / last["rows"] * rows / 3600
        # DuckDB computes where the rows are
        sent = 0.0 if engine == "duckdb" else (found["cpu"] - found["server"]) / last["rows"] * rows / 3600
        calculated.append(
            f"| {name} | {last['rows']:,} | {1e6 * found['cpu'] / last['rows']:.2f} | {hours:.1f} | {format(sent, '.1f') if sent else ''} "
            f"| {(hours - sent) / CORES:.2f} | {last['bytes'] / last['rows'] * rows / 2**30:.0f} |"
        )
    if calculated:
        told += [*head, *calculated, ""]
    if unfinished:
        told += ["没有推算 not calculated: " + ";".join(unfinished), ""]
    return told[:-1]
