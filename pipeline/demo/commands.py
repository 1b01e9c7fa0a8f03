"""``jiance demo``: an invented programme of any size, thin.

Belongs here: options, messages and exit codes. Does not belong here: the generator (``pipeline.demo.bulk``).
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import click

from pipeline.telling import Teller

EXIT_USAGE = 2


class _Years(click.ParamType):
    """``2020-2024``."""

    name = "A-B"

    def convert(self, value, param, ctx):
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"([0-9]{4})-([0-9]{4})", value.strip())
        if match is None:
            self.fail(f"年份写成 2020-2024,现为“{value}” / write 2020-2024", param, ctx)
        return int(match[1]), int(match[2])


@click.command()
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
@click.option("--schools", type=int, default=2_000, show_default=True, help="学校(机构)数,至多 500000 / schools")
@click.option("--counties", type=int, default=None, help="县区数,不写时每 100 所学校一个 / counties, one to 100 schools")
@click.option("--years", type=_Years(), default="2020-2024", show_default=True, help="起止学年 / first and last year")
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子,同种子同字节 / seed")
@click.option("--name", default="example", show_default=True, help="项目名 / name of the programme")
@click.pass_obj
def demo(
    teller: Teller, path: Path, schools: int, counties: int | None, years: tuple[int, int], seed: int, name: str
) -> None:
    """生成任意规模的演示项目 / write an invented programme of any size into PATH/data_raw/NAME."""
    from pipeline.demo.bulk.order import MAX_COUNTIES, SCHOOLS_TO_A_COUNTY, Order, OrderError
    from pipeline.demo.bulk.programme import write_programme

    started = time.monotonic()
    if counties is None:
        counties = min(max(schools // SCHOOLS_TO_A_COUNTY, 1), MAX_COUNTIES)
    try:
        order = Order(name, schools, counties, *years, seed)
        written = write_programme(order, path)
    except OrderError as problem:
        click.echo(str(problem), err=True)
        sys.exit(EXIT_USAGE)
    seconds = int(time.monotonic() - started)
    teller.say(
        f"已写出 {written.folder}:{schools} 所学校、{counties} 个县区、{years[0]}—{years[1]} 年,"
        f"{written.files} 份报表,{written.size:,} 字节,{seconds} 秒",
        f"wrote {written.folder}: {schools} schools, {counties} counties, {years[0]}-{years[1]}, "
        f"{written.files} returns, {written.size:,} bytes, {seconds} s",
    )
    teller.say(
        f"下一步:jiance --home {path} check {name} {years[1]}", f"next: jiance --home {path} check {name} {years[1]}"
    )


COMMANDS = (demo,)
"""Everything that the command line mounts."""
