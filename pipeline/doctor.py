"""Is this machine fit to make an edition? Each answer says what was found and how to mend it.

Belongs here: looking at Python, libraries, fonts, Pango, disk and locks. Does not belong here: mending.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.programme import CODE_ROOT, Home

ENOUGH_DISK = 2 * 1024**3


@dataclass(frozen=True)
class Item:
    """One thing looked at."""

    name_zh: str
    name_en: str
    sound: bool
    found: str
    todo_zh: str = ""
    todo_en: str = ""


def examine(home: Home) -> Iterator[Item]:
    """Everything an edition needs, one item at a time."""
    version = sys.version_info
    yield Item(
        "Python",
        "Python",
        version[:2] >= (3, 11),
        sys.version.split()[0],
        "请安装 Python 3.11 或更新的版本,然后 make clean && make setup",
        "install Python 3.11 or newer, then make clean && make setup",
    )
    yield _libraries()
    yield from _fonts()
    yield _pango()
    free = shutil.disk_usage(home.root).free
    yield Item(
        "磁盘空间",
        "free disk",
        free >= ENOUGH_DISK,
        f"{free / 1024**3:.1f} GB",
        "至少需要 2 GB;可先 make clean",
        "at least 2 GB are needed; make clean frees some",
    )
    yield from _locks(home)
    yield _data(home)


def _libraries() -> Item:
    wrong = []
    locked = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", (CODE_ROOT / "requirements.lock").read_text(), re.M))
    chosen = re.findall(r"^([a-z0-9-]+)", (CODE_ROOT / "requirements.in").read_text(), re.M)
    for name in chosen:
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            installed = "-"
        if installed != locked.get(name):
            wrong.append(f"{name} {installed} ≠ {locked.get(name)}")
    return Item(
        "依赖库与锁定版本",
        "libraries as locked",
        not wrong,
        f"{len(chosen)} ✓" if not wrong else "; ".join(wrong),
        "运行 make clean && make setup 重新安装",
        "run make clean && make setup",
    )


def _fonts() -> Iterator[Item]:
    from pipeline.report.fonts import font_files, pinned_hashes

    recorded = pinned_hashes()
    present = {font["file"]: font["sha256"] for font in font_files()}
    for name in sorted(recorded | present):
        found = present.get(name)
        yield Item(
            "字体",
            "font",
            found is not None and found == recorded.get(name),
            f"{name} sha256 {found[:16] if found else '-'}",
            f"应为 {recorded.get(name, '(不在清单)')[:16]};从安装包恢复 report_templates/fonts",
            f"expected {recorded.get(name, '(not listed)')[:16]}; restore report_templates/fonts from the installation",
        )


def _pango() -> Item:
    try:
        from pipeline.edition.native import native_versions

        return Item("Pango", "Pango", True, native_versions()["pango"])
    except (OSError, ImportError) as problem:
        return Item(
            "Pango",
            "Pango",
            False,
            str(problem).splitlines()[0],
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        )


def _locks(home: Home) -> Iterator[Item]:
    from pipeline.lock import EditionBusy, exclusive

    busy = []
    for folder in sorted(home.build.glob("*/lock")):
        try:
            with exclusive(folder.parent):
                pass
        except EditionBusy:
            busy.append(folder.parent.name)
    yield Item(
        "正在进行的运行",
        "runs under way",
        not busy,
        "、".join(busy) or "0",
        "等它结束,或结束那个进程",
        "wait for it to end or stop that process",
    )


def _data(home: Home) -> Item:
    from pipeline.plan.model import PlanError
    from pipeline.programme import ProgrammeError

    told = []
    try:
        for programme_id in home.programme_ids():
            programme = home.programme(programme_id)
            years = programme.years()
            told.append(f"{programme_id} {years[0]}-{years[-1]}" if years else f"{programme_id} (-)")
        return Item("项目", "programmes", bool(told), "; ".join(told) or "-", "data_raw/ 里没有项目", "no programme in data_raw/")
    except (PlanError, ProgrammeError) as problem:
        return Item("项目", "programmes", False, str(problem), "按提示修改", "mend as told")
