"""``jiance demo``: an invented programme of any size, thin.

Belongs here: options, messages and exit codes. Does not belong here: the generator (``pipeline.demo.bulk``).
"""

from __future__ import annotations

import re
import sys
import time
from decimal import Decimal
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


class _Share(click.ParamType):
    """A share from 0 to 1 with at most six decimals, in millionths."""

    name = "RATE"

    def convert(self, value, param, ctx):
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?", value.strip()):
            self.fail(f"比例写成 0—1 之间、至多六位小数,如 0.001,现为“{value}” / write a share such as 0.001", param, ctx)
        return int(Decimal(value.strip()) * 1_000_000)


@click.command()
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
@click.option("--schools", type=int, default=2_000, show_default=True, help="学校(机构)数,至多 500000 / schools")
@click.option("--counties", type=int, default=None, help="县区数,不写时每 100 所学校一个 / counties, one to 100 schools")
@click.option("--years", type=_Years(), default="2020-2024", show_default=True, help="起止学年 / first and last year")
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子,同种子同字节 / seed")
@click.option("--defects", type=_Share(), default=None, help="埋入已知错误:每条规则占学校(县区)的比例,至少一处 / plant known mistakes")
@click.option("--name", default="example", show_default=True, help="项目名 / name of the programme")
@click.pass_obj
def demo(
    teller: Teller,
    path: Path,
    schools: int,
    counties: int | None,
    years: tuple[int, int],
    seed: int,
    defects: int | None,
    name: str,
) -> None:
    """生成任意规模的演示项目 / write an invented programme of any size into PATH/data_raw/NAME."""
    from pipeline.demo.bulk.order import MAX_COUNTIES, SCHOOLS_TO_A_COUNTY, Order, OrderError
    from pipeline.demo.bulk.programme import write_defective, write_programme

    started = time.monotonic()
    if counties is None:
        counties = min(max(schools // SCHOOLS_TO_A_COUNTY, 1), MAX_COUNTIES)
    lacking: list[str] = []
    try:
        order = Order(name, schools, counties, *years, seed)
        if defects is None:
            written = [write_programme(order, path)]
        else:
            written, lacking = write_defective(order, path, defects)
    except OrderError as problem:
        click.echo(str(problem), err=True)
        sys.exit(EXIT_USAGE)
    for one in written:
        teller.say(
            f"已写出 {one.folder}:{schools} 所学校、{counties} 个县区、{years[0]}—{years[1]} 年,"
            f"{one.files} 份报表,{one.size:,} 字节",
            f"wrote {one.folder}: {schools} schools, {counties} counties, {years[0]}-{years[1]}, "
            f"{one.files} returns, {one.size:,} bytes",
        )
    if defects is not None:
        teller.say(f"埋入的错误见 {path / 'planted.csv'}", f"the mistakes are listed in {path / 'planted.csv'}")
    if lacking:
        teller.say(
            f"这些规则没有合适的学校或县区可埋(加大规模或换种子):{'、'.join(lacking)}",
            f"no school or county lent itself to {', '.join(lacking)}: order more schools or another seed",
        )
    seconds = int(time.monotonic() - started)
    teller.say(
        f"用时 {seconds} 秒。下一步:jiance --home {path} check {written[-1].folder.name} {years[1]}",
        f"{seconds} s. Next: jiance --home {path} check {written[-1].folder.name} {years[1]}",
    )


COMMANDS = (demo,)
"""Everything that the command line mounts."""
