"""``docs/performance.md`` and its figures, ``docs/performance.json``: written by the benchmark alone.

Belongs here: what the page looks like, given the figures. Does not belong here: measuring. A test holds the page against
its figures, so neither is edited by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.drawn import Point, drawn
from benchmarks.pupils import page as pupils
from benchmarks.quiet import QUIET, was_busy, when

FIGURES, PAGE, PLOT = "performance.json", "performance.md", "performance-growth.svg"
_ORDER = ("city", "province", "nation")
_SIZES = {"city": "市 city", "province": "省 province", "nation": "全国 nation"}
_WHO = {
    "product": "本产品 product",
    "floor": "基线 floor",
    "pandas": "pandas",
    "polars": "polars",
    "dbt": "dbt-duckdb,同样的 SQL 作模型、不设阈值的规则作测试 the same SQL as models, rules without thresholds as tests",
    "fewer": "本产品,单位较少 product, fewer units",
    "sail": "Sail,一个服务、两个 worker 的集群 a cluster of two workers",
    "spark": "Apache Spark,本机 local mode",
    "parsed": "本产品,什么都没改 product, nothing changed",
    "typst": "Typst,同样的文字、表、图、字体,版式从简 the same texts, tables, drawings and fonts, plainly set",
}


_OF = {"floor": "", "product": " × 本产品 the product"}


def record(folder: Path, size: str, result: Mapping[str, Any]) -> Path:
    """Put the lines of a result in the place of the same lines of the last one and write the page anew; the page.

    ``result``: ``command``, ``machine``, ``schools``, ``rows``, ``files``, ``copies`` (of the raw tables), ``lines`` (in the order
    of the page, see :func:`_table`; each with ``date`` and ``other``, see quiet.py), ``growth`` (see :func:`_growth`), and
    ``known``: the keys of all lines that the size has; what has another key or other data than the result is dropped. Lines
    and points of growth keep the machine that they were measured on.
    """
    path = folder / FIGURES
    sizes = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    last = sizes.get(size, {})
    same = all(last.get(name) == result[name] for name in _SAME)
    before = [{"machine": last["machine"]} | line for line in last["lines"]] if same else []
    lines = {line["key"]: line for line in [*before, *({"machine": result["machine"]} | line for line in result["lines"])]}
    known = {name: value for name, value in result.items() if name != "known"}
    known["lines"] = [lines[key] for key in result["known"] if key in lines]
    if same and not known["growth"]:
        known["growth"] = last["growth"]
    sizes[size] = known
    path.write_text(json.dumps(sizes, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / PAGE).write_text(page(sizes), "utf-8")
    if grown := [point for each in sizes.values() for point in each.get("growth", [])]:
        (folder / PLOT).write_text(plot(grown), "utf-8")
    return folder / PAGE


_SAME = ("schools", "rows", "files")
"""What two results must have alike for lines of both to stand in one table."""


def page(known: Mapping[str, Mapping[str, Any]]) -> str:
    """The page as Markdown, of the results of every size that was measured."""
    parts = [_HEAD]
    for size in _ORDER:
        if size in known:
            parts.append(_section(size, known[size]))
        else:
            parts.append(
                f"## {_SIZES[size]}\n\n没有量过,因而不作承诺 / not measured, hence not promised: `jiance bench --size {size}`"
            )
    parts.append(pupils.section(known.get(pupils.SIZE)))
    return "\n\n".join(parts) + "\n"


def record_pupils(folder: Path, found: Mapping[str, Any]) -> Path:
    """Put what was found of pupils (see :func:`benchmarks.pupils.page.merged`) beside what is known and write the page anew; the
    page."""
    path = folder / FIGURES
    sizes = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    sizes[pupils.SIZE] = pupils.merged(sizes.get(pupils.SIZE), found)
    path.write_text(json.dumps(sizes, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / PAGE).write_text(page(sizes), "utf-8")
    if line := pupils.plot(sizes[pupils.SIZE]):
        (folder / pupils.PLOT).write_text(line, "utf-8")
    return folder / PAGE


_HEAD = f"""# 速度与开销 · Performance

*双语 in both languages。本页由 `jiance bench` 写成,请勿手改。Written by `jiance bench`; not edited by hand.*

- 每一项都作为完整的进程来量(启动到退出):先热身一次,再与对照交替运行若干次,取中位数;只运行一次的(1×)不热身。倍数是相邻两次之比的中位数。/ Everything is measured as whole processes, from start to exit: once to warm up, then several times in turn with what it is held against (what is run once, 1×, is not warmed up); medians are given, and ratios are medians of the ratios of neighbouring runs.
- **基线**是最朴素的写法:同样的 SQL 文件、同样的 Parquet(各份报表的 raw 表两者都已有;把它们写成 Parquet 算在读入报表里),没有编排、校验和来历;全年运行的基线另加导入规定的库、用 polars 与 python-calamine 读入同样的文件、渲染同一份报告模型。**同类做法**只在数值与基线逐行相同时才计时;它们由 `make bench` 安装。/ The **floor** is the least that does the same work: the same SQL files over the same Parquet (both are given the raw tables of the returns; writing them as Parquet is counted with reading the returns), without orchestrator, gates and provenance; for the annual run also the imports of the prescribed libraries, the same files read with polars and python-calamine, and the same report model rendered. **Peers**, which `make bench` installs, count only where their figures equal the floor's row for row.
- CPU 秒(用户加系统)不怕别的程序抢占,墙钟时间只在机器空闲时才作数:其间别的程序平均占用超过 {QUIET} 个处理器的,或没有记录的,加括号,不作数。内存是最大的一个进程的峰值。/ CPU seconds (user and system) stand when other work shares the machine, wall times only when it is quiet: where all else kept more than {QUIET} of a processor busy on average, or this was not noted, they are in brackets and do not count. Memory is the peak of the largest single process."""


def _section(size: str, result: Mapping[str, Any]) -> str:
    facts = [
        f"## {_SIZES[size]}",
        "",
        f"`{result['command']}`",
        "",
        *_machines(result),
        f"{result['schools']:,} 所学校 schools · {result['rows']:,} 行 rows · {result['files']:,} 份报表 returns",
        "",
        *_repeated(result),
        *_table(result["lines"], _marks(result)),
    ]
    missed = [line for line in result["lines"] if line["missed"] and line["profile"]]
    if missed:
        facts += ["", *_profiles(missed)]
    if result["growth"]:
        facts += ["", *_growth(result["growth"], _marks(result))]
    return "\n".join(facts)


def _marks(result: Mapping[str, Any]) -> dict[str, str]:
    """Machine -> the mark of what was measured on it; no mark where there is one machine."""
    machines = list(dict.fromkeys(each["machine"] for each in [*result["lines"], *result["growth"]]))
    return {machine: chr(ord("①") + n) if len(machines) > 1 else "" for n, machine in enumerate(machines)}


def _machines(result: Mapping[str, Any]) -> list[str]:
    told = [f"{mark} {machine}".strip() for machine, mark in _marks(result).items()]
    if len(told) > 1:
        told.append("各行标明量时的机器;倍数都在同一台机器上量 / each line names its machine; ratios are always of one machine")
    return [";".join(told), ""]


def _repeated(result: Mapping[str, Any]) -> list[str]:
    """How data are made that are repeated; nothing where every school was generated and read. ``copies`` of a result."""
    copies = result.get("copies", 1)
    if copies == 1:
        return []
    base = result["schools"] // copies
    return [
        f"报表只有 {base:,} 所学校的:生成后由产品读入、校验;其 raw 表再重复 {copies} 次,每一份有自己的单位、学校、地点和记录代码,"
        "都归入同一上级单位,所以上级单位的合计是原来的同样倍数。市本级财政只有一份,金额相乘。读入和校验在这一规模没有量过。"
        f"/ Returns are those of {base:,} schools: generated, read and checked by the product; their raw tables are then "
        f"repeated {copies} times, every copy with codes of its own for units, schools, places and records, all under the same "
        "top unit, whose sums are as many times the base's. The top unit has one budget of its own, its amounts multiplied likewise. "
        "Reading and checking were not measured at this size.",
        "",
    ]


def _table(lines: Sequence[Mapping[str, Any]], marks: Mapping[str, str]) -> list[str]:
    """A row a command, the mark of its machine beside the date. ``found`` of a line: who -> medians ``cpu``, ``wall``, ``peak``, ``runs``, ``ratio`` to the floor."""
    told = [
        "| 什么 what | 谁 who(次数 runs) | CPU 秒 s | 墙钟 wall s | 内存 MiB | 倍数 × 基线 floor | 目标 target | 结果 result "
        "| 日期、别的程序所占处理器 date, processors busy with other work |",
        "|---|---|---:|---:|---:|---:|---|---|---|",
    ]
    for line in lines:
        busy, of = was_busy(line), _OF.get(line.get("against", "floor"), " × 下一行 the next row")
        wall = "({:.2f})" if busy else "{:.2f}"
        for number, (who, found) in enumerate(line["found"].items()):
            first = number == 0
            name = f"{line['zh']} / {line['en']}" if first else ""
            if first and line["note"]:
                name += f"({line['note'][0]} / {line['note'][1]})"
            if first and line.get("long"):
                name += f" (`--only {line['key']}`)"
            ratio = f"{found['ratio']:.2f}{of}" if found["ratio"] is not None else ""
            told.append(
                f"| {name} | {_WHO[who]}({found['runs']}×) | {found['cpu']:.2f} | {wall.format(found['wall'])} | {found['peak']:.0f} "
                f"| {ratio} | {_target(line) if first else ''} | {_result(line, busy) if first else ''} "
                f"| {when(line) + marks[line['machine']] if first else ''} |"
            )
    return told


def _target(line: Mapping[str, Any]) -> str:
    parts = []
    if line["ratio"] is not None:
        parts.append(f"≤ {line['ratio']} ×" + (" 内存 memory" if line["what"] == "peak" else ""))
    if line["most"] is not None:
        parts.append(f"< {line['most']:g} s {'CPU' if line['what'] == 'cpu' else '墙钟 wall'}")
    if line.get("aim"):
        parts.append(f"{line['aim'][0]} {line['aim'][1]}")
    return ",".join(parts)


def _result(line: Mapping[str, Any], busy: bool) -> str:
    """Met, missed and by how much; a wall time that is too long on a machine that was not quiet says neither."""
    if not _target(line):
        return ""
    if not line["missed"]:
        return "达到 met"
    if busy and line["what"] == "wall":
        return "机器不空闲,不作判断 not judged, the machine was not quiet"
    return "**未达到 missed**:" + ",".join(line["missed"])


def missed(line: Mapping[str, Any]) -> list[str]:
    """By how much a line misses its targets, one text a target; empty where it meets them."""
    own = line["found"]["product"] if "product" in line["found"] else None
    told = []
    if own and line["ratio"] is not None and own["ratio"] > line["ratio"]:
        told.append(f"{own['ratio'] / line['ratio']:.2f} × 目标 the target")
    if own and line["most"] is not None and own[line["what"]] >= line["most"]:
        told.append(f"多 {own[line['what']] - line['most']:.1f} s over")
    return told


def _profiles(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    told = [
        "未达到的,时间花在哪里(cProfile 之下的一次运行,各步占全程的百分比;剖析使 Python 代码显得更慢。"
        "有内存上限的,是计入的那一次运行自己记下的;注明内存的,是各步使内存峰值增加的部分)。/ Where a target is "
        "missed, what the time goes into (one run under cProfile, each step as per cent of the whole; profiling makes Python "
        "code look slower than it is; under a memory limit, what the counted run noted itself; where it says memory, what each "
        "step added to the peak).",
        "",
    ]
    for line in lines:
        steps = ";".join(f"{zh} {en} {share:.0f} %" for zh, en, share in line["profile"])
        told.append(f"- {line['zh']} / {line['en']}: {steps}")
    return told


DOUBLING = 2.1
"""Twice the schools cost at most so many times the CPU time, above a million rows."""


def _growth(points: Sequence[Mapping[str, Any]], marks: Mapping[str, str]) -> list[str]:
    told = [
        "### 规模加倍 · Doubling",
        "",
        f"由中间表到结论的 SQL,同一批报表的 raw 表重复 1、2、4……次,不限内存;目标:一百万行以上,学校加倍,CPU 时间至多 {DOUBLING} 倍。"
        "/ SQL from staging to verdicts over the raw tables of the same returns, repeated 1, 2, 4 … times, "
        f"without a memory limit; target: above a million rows, twice the schools cost at most {DOUBLING} times the CPU time.",
        "",
        "| 学校 schools(次数 runs) | 行 rows | CPU 秒 s | 内存 MiB | 每百万行 per million rows | 比上一行 over the line above | 结果 result "
        "| 日期 date |",
        "|---:|---:|---:|---:|---:|---:|---|---|",
    ]
    profiles = []
    for number, point in enumerate(points):
        over = point["cpu"] / points[number - 1]["cpu"] if number else None
        result = "" if over is None else "达到 met" if over <= DOUBLING else f"**未达到 missed**:{over / DOUBLING:.2f} × 目标 the target"
        told.append(
            f"| {point['schools']:,}({point['runs']}×) | {point['rows']:,} | {point['cpu']:.2f} | {point['peak']:.0f} "
            f"| {1e6 * point['cpu'] / point['rows']:.2f} | {'' if over is None else format(over, '.2f')} | {result} "
            f"| {point['date']}{marks[point['machine']]} |"
        )
        if over is not None and over > DOUBLING:
            profiles += [_grown(points[number - 1]), _grown(point)]
    told += ["", f"![CPU 时间随行数 CPU time by rows]({PLOT})"]
    return [*told, "", "未达到的,各步的 CPU 秒 / where it is missed, CPU seconds of each step:", "", *profiles] if profiles else told


def _grown(point: Mapping[str, Any]) -> str:
    steps = ";".join(f"{zh} {en} {share * point['cpu'] / 100:.1f} s" for zh, en, share in point["shares"])
    return f"- {point['schools']:,} 所学校 schools: {steps}"


def plot(points: Sequence[Mapping[str, Any]]) -> str:
    """CPU seconds of the SQL against rows, as SVG; both axes begin at zero."""
    line = [
        Point(p["rows"], p["cpu"], f"{p['schools']:,} schools, {p['rows']:,} rows: {p['cpu']:.1f} s")
        for p in sorted(points, key=lambda p: p["rows"])
    ]
    return drawn([("", line)])
