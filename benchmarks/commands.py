"""``jiance bench``: measures one size and writes its part of the page.

Belongs here: putting the rooms together. Does not belong here: commands, targets, how the page looks.
"""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.cases import PRODUCT, Desk, Line, lines_of, returns_of, spent_by_schema, sql_line
from benchmarks.data import SIZES as KNOWN
from benchmarks.data import Data, data_of
from benchmarks.measure import BenchError, in_turn, ratio
from benchmarks.page import missed, record
from benchmarks.profile import profile
from pipeline.home import CODE_ROOT

GROWTH = "growth"
ELSEWHERE = {"headline": ".ci/peers", "engines": "make engines(.ci/engines spark)"}
"""Lines that need something installed, and what installs it: where it is not, the page keeps what was measured where it is."""
DOUBLED = (1, 2, 4, 8, 16)
"""Cost growth is measured on the base of a size, repeated so many times."""


def bench(
    size: str,
    runs: int | None,
    schools: int | None,
    seed: int,
    into: Path | None,
    only: Sequence[str],
    say: Callable[[str, str], None],
) -> Path:
    """Make the data of a size where they are not there, measure it, and write its part of the page; the page.

    ``only``: keys of the lines to measure, all but the long ones if empty; the page keeps what it says of the others. Raises BenchError where a command fails or gives other figures than what it is held against.
    """
    wanted, place = KNOWN[size], CODE_ROOT / "build" / "bench"
    data = data_of(wanted, seed, place, say, schools)
    counted = runs or wanted.runs
    desk = Desk(data, data.folder / "work", place / "peers")
    lines = lines_of(wanted, desk)
    keys = [line.key for line in lines]
    known = [*keys, GROWTH] if wanted.base else keys
    if unknown := sorted(set(only) - set(known)):
        if missing := [key for key in unknown if key in ELSEWHERE]:
            raise BenchError(f"没有安装,请先运行 {ELSEWHERE[missing[0]]} / not installed, run {ELSEWHERE[missing[0]]} first: {missing[0]}")
        raise BenchError(f"没有这些项 / no such lines: {', '.join(unknown)}; {', '.join(known)}")
    result = {
        "command": " ".join(["jiance bench", *_options(size, runs, schools, seed)]),
        "machine": machine(),
        "schools": data.schools,
        "rows": data.rows,
        "files": len(returns_of(desk)),
        "copies": data.copies,
        "known": [*keys, *(key for key in ELSEWHERE if key not in keys)],
        "lines": [],
        "growth": [],
    }
    page = written = into or CODE_ROOT / "docs"
    for line in lines:
        if line.key in only or not (only or line.long):
            # written after every line: what breaks off later leaves what was measured
            times = (runs or 1) if line.long else counted
            told = measured(line, desk, times, say)
            page = record(written, size, result | {"lines": [told]})
    if wanted.base and (not only or GROWTH in only):
        parts = [data_of(wanted, seed, place, say, wanted.base * times) for times in DOUBLED]
        page = record(written, size, result | {"growth": growth(parts, place, counted, say)})
    say(f"已写 {page}", f"wrote {page}")
    return page


def _options(size: str, runs: int | None, schools: int | None, seed: int) -> list[str]:
    given = {"--runs": runs, "--schools": schools, "--seed": seed if seed != 1 else None}
    return [f"--size {size}", *(f"{name} {value}" for name, value in given.items() if value is not None)]


def measured(line: Line, desk: Desk, runs: int, say: Callable[[str, str], None]) -> dict[str, Any]:
    """One line: medians of every command, ratios to the floor, what it misses, and then its profile."""
    say(f"量:{line.zh}", f"measuring: {line.en}")
    try:
        return _measured(line, desk, runs)
    finally:
        line.after()


def _measured(line: Line, desk: Desk, runs: int) -> dict[str, Any]:
    found = in_turn(line.commands, runs, desk.work / "logs" / line.key, line.right)
    floor = found.get(line.against)
    told = {
        "key": line.key,
        "zh": line.zh,
        "en": line.en,
        "what": line.what,
        "ratio": line.ratio,
        "most": line.most() if callable(line.most) else line.most,
        "date": datetime.date.today().isoformat(),
        "against": line.against,
        "aim": list(line.aim) if line.aim else None,
        "long": line.long,
        "other": round(max(taken.other for taken in found.values()), 2),
        "note": list(line.note()) if line.note else None,
        "found": {
            who: {
                **{what: round(taken.median(what), 3) for what in ("cpu", "wall", "peak")},
                "runs": runs,
                "ratio": None if floor is None or who == line.against else round(ratio(taken, floor, line.what), 3),
            }
            for who, taken in found.items()
        },
    }
    told["missed"] = missed(told)
    told["profile"] = []
    if told["missed"] and line.shares:
        told["profile"] = line.shares()
    elif told["missed"] and line.profiled:
        told["profile"] = profile(line.profiled, desk.work / "logs" / line.key, line.commands[PRODUCT].prepare)
    return told


def growth(parts: list[Data], place: Path, runs: int, say: Callable[[str, str], None]) -> list[dict[str, Any]]:
    """CPU seconds of the product's SQL at each of some data, the smallest first."""
    points = []
    for data in parts:
        desk = Desk(data, data.folder / "work", place / "peers")
        say(f"量:{data.rows:,} 行的 SQL", f"measuring: the SQL over {data.rows:,} rows")
        command = sql_line(desk, 0).commands[PRODUCT]
        taken = in_turn({PRODUCT: command}, runs, desk.work / "logs" / "growth")[PRODUCT]
        points.append(
            {
                "schools": data.schools,
                "rows": data.rows,
                "cpu": round(taken.median("cpu"), 3),
                "peak": round(taken.median("peak"), 3),
                "runs": runs,
                "date": datetime.date.today().isoformat(),
                "machine": machine(),
                "shares": spent_by_schema(desk.work / "sql" / PRODUCT),
            }
        )
    return points


def machine() -> str:
    """Processor, cores, memory, system and Python; nothing that names the machine."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{model}, {os.cpu_count()} 核 cores, {memory:.0f} GiB, {system}, Python {platform.python_version()}"

