"""``jiance verify``, ``trace``, ``diff`` and ``editions``: the auditor's commands.

Belongs here: arguments, exit codes, what is printed where. Does not belong here: finding anything out.
The command line mounts :data:`COMMANDS`. Heavy libraries are imported inside the commands.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from pipeline.telling import Teller, put

EXIT_DIFFERENT, EXIT_USAGE = 1, 2
_FORM = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@click.command()
@click.argument("edition")
@click.option("--quick", is_flag=True, help="只核对校验值,不重建 / hashes only, no rebuild")
@click.option(
    "--any-code",
    is_flag=True,
    help="程序版本不同也重建并比较数据 / rebuild with this code even if it differs",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="在此空文件夹中重建并保留 / rebuild in this empty folder and keep it",
)
@_FORM
@click.pass_obj
def verify(teller: Teller, edition: str, quick: bool, any_code: bool, into: Path | None, form: str) -> None:
    """核对一个已发布的版本:由存档的原始文件重建,逐层比较 / rebuild an edition and compare.

    EDITION: china/2023/r1、china/2023(最新修订 newest)、文件夹或其中的报告 a folder or the report in it.

    退出码 / exit codes: 0 相同 same; 1 不同 different; 4 数据相同、字节不同 same data, other bytes;
    5 不能重建 cannot be rebuilt.
    """
    from pipeline.proof.restore import EditionError, find_edition
    from pipeline.proof.show import verification_document, verification_text
    from pipeline.proof.verify import verify as run

    if into is not None and into.exists() and any(into.iterdir()):
        _stop(f"{into} 不是空文件夹 / is not empty")
    try:
        told = run(
            find_edition(teller.home, edition),
            teller.home,
            any_code=any_code,
            rebuilding=not quick,
            workplace=into,
        )
    except EditionError as problem:
        _stop(str(problem))
    put(_json(verification_document(told)) if form == "json" else verification_text(told, teller.pick))
    sys.exit(told.exit_code)


@click.command()
@click.argument("edition")
@click.argument("indicator")
@click.option("--area", required=True, help="单位代码 / area code")
@click.option("--year", type=int, required=True, help="学年或财政年度 / school or fiscal year of the figure")
@click.option("--variant", help="算法 / variant")
@click.option("--segment", help="分组 / segment")
@click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="另存为工作簿 / also write a workbook"
)
@_FORM
@click.pass_obj
def trace(
    teller: Teller,
    edition: str,
    indicator: str,
    area: str,
    year: int,
    variant: str | None,
    segment: str | None,
    xlsx: Path | None,
    form: str,
) -> None:
    """从一个数字追溯到原始报表的行 / from a figure back to the rows it came from.

    EDITION: china/2023/r1 或 china/2023. 退出码 / exit codes: 0 逐行之和与数字相等 exact; 1 不相等 not.
    """
    from pipeline.programme import ProgrammeError
    from pipeline.proof.restore import EditionError, RebuildError
    from pipeline.proof.sheet import write_sheet
    from pipeline.proof.show import trace_text
    from pipeline.proof.trace import TraceError
    from pipeline.proof.trace import trace as run

    programme, edition_year, revision = _named(teller, edition)
    try:
        told = run(
            teller.home, programme, edition_year, indicator, area, year,
            variant=variant, segment=segment, revision=revision,
        )  # fmt: skip
    except (EditionError, RebuildError, TraceError, ProgrammeError) as problem:
        _stop(str(problem))
    if xlsx is not None:
        write_sheet(told, xlsx)
    put(_json(told.document()) if form == "json" else trace_text(told, teller.pick))
    sys.exit(0 if told.exact and told.as_published is not False else EXIT_DIFFERENT)


@click.command()
@click.argument("old")
@click.argument("new")
@_FORM
@click.pass_obj
def diff(teller: Teller, old: str, new: str, form: str) -> None:
    """比较两个版本:数值、判定、方向的变动及原因 / what changed between two editions, and why.

    OLD、NEW: china/2023/r1、china/2023、文件夹 a folder. 退出码 / exit codes: 0 无变动或都有原因 explained;
    1 有变动未找到原因 a change without a cause.
    """
    from pipeline.proof.diff import diff as run
    from pipeline.proof.restore import EditionError, find_edition
    from pipeline.proof.show import diff_text

    try:
        told = run(find_edition(teller.home, old), find_edition(teller.home, new), teller.home)
    except EditionError as problem:
        _stop(str(problem))
    put(_json(told.document()) if form == "json" else diff_text(told, teller.pick))
    sys.exit(EXIT_DIFFERENT if told.unexplained else 0)


@click.command()
@click.option("--verify", "rebuilding", is_flag=True, help="逐个重建核对(慢)/ rebuild each one (slow)")
@_FORM
@click.pass_obj
def editions(teller: Teller, rebuilding: bool, form: str) -> None:
    """列出已发布的版本:是否被替换、是否完好 / what is published, superseded, damaged.

    退出码 / exit codes: 0 全部完好 all sound; 1 有版本核对不符 some are not.
    """
    from pipeline.proof.overview import overview

    listed = overview(teller.home, rebuilding=rebuilding)
    if form == "json":
        put(_json([line.document() for line in listed]))
    else:
        for line in listed:
            put(line.text(teller.pick))
        if not listed:
            teller.say("尚未发布任何版本。", "Nothing is published yet.")
    sys.exit(0 if all(line.sound for line in listed) else EXIT_DIFFERENT)


COMMANDS: tuple[click.Command, ...] = (verify, trace, diff, editions)


def _named(teller: Teller, text: str) -> tuple[str, int, int | None]:
    """(programme, year, revision or None) of an edition's name, or of a folder with a manifest."""
    from pipeline.proof.restore import EditionError, open_edition

    place = Path(text)
    if place.exists():
        try:
            opened = open_edition(place)
        except EditionError as problem:
            _stop(str(problem))
        return opened.programme, opened.year, opened.revision
    programme, _, rest = text.strip("/").partition("/") if "/" in text else text.rpartition("-")
    year, _, revision = rest.partition("/r")
    if not year.isdigit() or (revision and not revision.isdigit()):
        _stop(f"不认识的版本“{text}”,请写如 china/2023 或 china/2023/r1 / write china/2023 or china/2023/r1")
    return programme, int(year), int(revision) if revision else None


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _stop(message: str) -> NoReturn:
    put(message, err=True)
    sys.exit(EXIT_USAGE)
