"""``jiance register | new-year | templates | worklist``: the office's commands, thin.

Belongs here: options, messages and exit codes. Does not belong here: the work itself. Mounted by the
command line with ``main.add_command``; ``COMMANDS`` lists what there is to mount.

Exit codes as everywhere: 0 done, 1 findings that block (for ``worklist`` also returns that are
not there), 2 wrong usage, 3 the environment is not fit.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.telling import Teller, put

if TYPE_CHECKING:
    from pipeline.office.due import DueTable
    from pipeline.office.registering import Registered
    from pipeline.programme import Programme
    from pipeline.quality.finding import Finding, RuleOutcome

EXIT_FINDINGS, EXIT_USAGE = 1, 2
LISTED = 20


@contextmanager
def _telling(teller: Teller) -> Iterator[None]:
    """End the command with a plain message where something is refused."""
    from pipeline.office import Refusal
    from pipeline.plan.model import PlanError
    from pipeline.programme import ProgrammeError

    try:
        yield
    except Refusal as refusal:
        put(teller.pick(refusal.zh, refusal.en), err=True)
        sys.exit(EXIT_USAGE)
    except (PlanError, ProgrammeError) as problem:
        put(str(problem), err=True)
        sys.exit(EXIT_USAGE)


class _Period(click.ParamType):
    """``2024`` or ``2011-2018``."""

    name = "YEAR|YEAR-YEAR"

    def convert(self, value, param, ctx):
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"([0-9]{4})(?:[-–—]([0-9]{4}))?", value.strip())
        if match is None:
            self.fail(f"时期写成 2024 或 2011-2018，现为“{value}” / write 2024 or 2011-2018", param, ctx)
        return int(match[1]), int(match[2] or match[1])


class _Day(click.ParamType):
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value, param, ctx):
        if isinstance(value, dt.date):
            return value
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError(value)
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"日期写成 2024-10-22，现为“{value}” / write a day such as 2024-10-22", param, ctx)


# ---------------------------------------------------------------------- register


@click.command()
@click.argument("programme")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--table", help="表名；不写则按表头判断 / table; told by the headers if not given")
@click.option(
    "--period", type=_Period(), help="数据年份；不写则看年度列 / years of the data; told by the data"
)
@click.option(
    "--supplier", help="报送单位；不写则同上次 / who sent it; the last supplier of the table if not given"
)
@click.option("--received-on", type=_Day(), required=True, help="收到日期 / day of receipt")
@click.option(
    "--maturity",
    type=click.Choice(["final", "preliminary"]),
    default="final",
    show_default=True,
    help="正式 final 或初步 preliminary / final or preliminary",
)
@click.option(
    "--origin",
    type=click.Choice(["real", "demonstration"]),
    default="real",
    show_default=True,
    help="真实或演示 / real or demonstration",
)
@click.option(
    "--form-edition",
    help="报表版本，例如 2024版；不写则同上次 / edition of the form; the last one of the table if not given",
)
@click.option("--late", help="迟报原因，至少十个字 / why it is late, at least ten characters")
@click.option("--supersedes", help="被替换的已登记文件 / registered file that this one replaces")
@click.option("--reason", help="替换原因，至少十个字 / why it is replaced, at least ten characters")
@click.pass_obj
def register(
    teller: Teller,
    programme: str,
    files: tuple[Path, ...],
    table: str | None,
    period: tuple[int, int] | None,
    supplier: str | None,
    received_on: dt.date,
    maturity: str,
    origin: str,
    form_edition: str | None,
    late: str | None,
    supersedes: str | None,
    reason: str | None,
) -> None:
    """登记收到的文件：复制到数据文件夹，算校验值，写入 register.csv / take in received files."""
    from pipeline.office.registering import register_files

    with _telling(teller):
        taken = register_files(
            teller.home,
            programme,
            files,
            table=table,
            period_from=period[0] if period else None,
            period_to=period[1] if period else None,
            supplier=supplier,
            received_on=received_on,
            maturity=maturity,
            origin=origin,
            form_edition=form_edition,
            late=late,
            supersedes=supersedes,
            reason=reason,
        )
        known = teller.home.programme(programme)
        for t in taken:
            _tell_registered(teller, known, t)
    sys.exit(EXIT_FINDINGS if any(t.blocked for t in taken) else 0)


def _tell_registered(teller: Teller, programme: Programme, t: Registered) -> None:
    r = t.registration
    contract = programme.contracts[r.table]
    years = f"{r.period_from}" if r.period_from == r.period_to else f"{r.period_from}-{r.period_to}"
    guess = teller.pick("（按文件内容判断，请核对）", " (told by the file: check it)")
    same = teller.pick("（同上次，请核对）", " (as last time: check it)")
    teller.say(
        f"✓ 已登记 {r.path}" + ("" if t.copied else "（文件本来就在文件夹里）"),
        f"✓ registered {r.path}" + ("" if t.copied else " (it already lay in the folder)"),
    )
    name = teller.pick(contract.name_zh, contract.name_en)
    told = [
        (teller.pick("表", "table"), f"{r.table}  {name}{guess if t.table_guessed else ''}"),
        (teller.pick("时期", "period"), f"{years}{guess if t.period_guessed else ''}"),
        (teller.pick("报送单位", "supplier"), f"{r.supplier}{same if t.supplier_guessed else ''}"),
        (teller.pick("收到日期", "received"), f"{r.received_on}  {r.maturity}  {r.origin}"),
        (teller.pick("报表版本", "form edition"), f"{r.form_edition}{same if t.edition_guessed else ''}"),
        ("sha256", r.sha256),
    ]
    if r.late:
        told.append((teller.pick("迟报原因", "late because"), r.late))
    if r.supersedes:
        again = teller.pick(
            f"{r.supersedes}（第 {r.revision} 次报送：{r.reason}）",
            f"{r.supersedes} (r{r.revision}: {r.reason})",
        )
        told.append((teller.pick("替换", "replaces"), again))
    told.append(
        (
            teller.pick("数据行", "rows"),
            teller.pick(f"{t.rows}，其中无误 {t.good}", f"{t.rows}, {t.good} without an error"),
        )
    )
    for label, text in told:
        put(f"    {label}{teller.pick('：', ': ')}{text}")
    shown = [f for f in t.findings if f.severity != "info"]
    for finding in shown[:LISTED]:
        teller.finding(finding)
    if len(shown) > LISTED:
        more = len(shown) - LISTED
        teller.say(f"……另有 {more} 条", f"… and {more} more")
    if t.blocked:
        teller.say(
            f"  文件已登记，但有错误，改好之前不能发布。请对方更正后重报，登记时加 --supersedes {r.path} "
            "--reason “…”。",
            "  It is registered, but its errors stop publication. Ask for a correction and register that "
            "with "
            f"--supersedes {r.path} --reason “…”.",
        )


# ---------------------------------------------------------------------- new-year


@click.command("new-year")
@click.argument("programme")
@click.argument("year", type=int)
@click.pass_obj
def new_year(teller: Teller, programme: str, year: int) -> None:
    """准备新一年的文件夹，列出应报的表和报送单位 / prepare a year's folder and list what is due."""
    from pipeline.office import new_year as office

    with _telling(teller):
        prepared = office.new_year(teller.home, programme, year)
    folder = f"data_raw/{programme}/{year}/"
    teller.say(
        f"{'已建立' if prepared.made else '已有'}文件夹 {folder}",
        f"{'made' if prepared.made else 'there is already'} {folder}",
    )
    by_supplier: dict[str, list[DueTable]] = {}
    for due in prepared.due:
        by_supplier.setdefault(
            due.supplier or teller.pick("（以前没有报过，请确定）", "(never handed in: decide)"), []
        ).append(due)
    count = len(prepared.due) - len(prepared.missing)
    teller.say(
        f"{prepared.programme.plan.programme.name_zh} {year} 年应报 {len(prepared.due)} 张表，"
        f"收齐 {count} 张：",
        f"{prepared.programme.plan.programme.name_en} {year}: {len(prepared.due)} tables are due, {count} "
        "complete:",
    )
    for supplier, tables in by_supplier.items():
        put(f"  {supplier}")
        for due in tables:
            put(_due_line(teller, due, prepared.lacking.get(due.contract.table, [])))
    if prepared.missing:
        teller.say(
            f"下一步：jiance templates {programme} {year} 生成空白表发给各单位；"
            f"收到后 jiance register {programme} 文件… --received-on 收到日期",
            f"next: jiance templates {programme} {year} makes the forms to hand out; "
            f"then jiance register {programme} FILE… --received-on DATE",
        )


def _due_line(teller: Teller, due: DueTable, lacking: list[str]) -> str:
    mark = "·" if lacking else "✓"
    by = (
        teller.pick(f"{len(due.units)} 个单位", f"{len(due.units)} units")
        if due.by == "area"
        else teller.pick("不分县区", "one for all units")
    )
    name = teller.pick(due.contract.name_zh, due.contract.name_en)
    if due.held:
        state = teller.pick("已登记 ", "registered ") + "、".join(r.path for r in due.held)
        if lacking:
            units = "、".join(lacking)
            state += teller.pick(
                f"；还缺 {len(lacking)} 个单位：{units}", f"; {len(lacking)} units lacking: {units}"
            )
    elif due.last:
        day = max(r.received_on for r in due.last)
        state = teller.pick(
            f"未收到（{due.last_period} 年的 {day} 收到）",
            f"not received (that of {due.last_period} came {day})",
        )
    else:
        state = teller.pick("未收到", "not received")
    return f"    {mark} {name} {due.contract.table}  {by}  {state}"


# ---------------------------------------------------------------------- templates


@click.command()
@click.argument("programme")
@click.argument("year", type=int)
@click.option("--table", "tables", multiple=True, help="只要这些表 / only these tables")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="放在哪里（默认 build/templates/项目-年度）/ folder to write to",
)
@click.pass_obj
def templates(teller: Teller, programme: str, year: int, tables: tuple[str, ...], out: Path | None) -> None:
    """生成当年的填报模板，每张表一个 XLSX / write the forms of a year, one XLSX per table."""
    from pipeline.office.templates import write_templates

    with _telling(teller):
        folder = out or teller.home.build / "templates" / f"{programme}-{year}"
        written = write_templates(teller.home, programme, year, folder, tables=tables)
    for path in written:
        put(f"  {path}")
    teller.say(
        f"已生成 {len(written)} 个模板。填好的文件用 jiance register 登记，不必改名。",
        f"{len(written)} forms written. Register the filled ones with jiance register; their names may stay.",
    )


# ---------------------------------------------------------------------- worklist


@click.command()
@click.argument("programme")
@click.argument("year", type=int)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="放在哪里（默认 build/项目-年度/worklist）/ folder to write to",
)
@click.pass_obj
def worklist(teller: Teller, programme: str, year: int, out: Path | None) -> None:
    """检查收到的报表，按报送单位写问题清单和收报情况 / check the returns and write the work lists."""
    from pipeline.office.completeness import completeness, school_areas
    from pipeline.office.new_year import check_year
    from pipeline.office.worklist import find_places, write_worklists
    from pipeline.quality.notes import without_reminders

    with _telling(teller):
        found = teller.home.programme(programme)
        check_year(found, year)
        findings, outcomes, note, blocked = _check(teller, found, year)
        # A register that is itself wrong says nothing reliable about what has come.
        matrix = [] if found.register.findings else completeness(found, year, teller.home)
        schools = {
            s: a for (s, y), a in school_areas(found, teller.home.build / "intake_cache").items() if y == 0
        }
        findings = without_reminders(findings, found.notes.notes)
        places = find_places(found, findings, schools)
        folder = out or teller.home.edition_build(programme, year) / "worklist"
        written = write_worklists(
            findings,
            outcomes,
            found.registrations,
            folder,
            title=f"{found.plan.programme.name_zh} {year} 年收报问题清单",
            note=note,
            areas=found.areas,
            contracts=found.contracts,
            places=places,
            notes=found.notes.notes,
            matrix=matrix,
            body=found.plan.programme.body_zh,
        )
    if note:
        put(note)
    counts = Counter("error" if f.blocks else f.severity for f in findings)
    due = Counter(h.state for h in matrix if h.period == year)
    teller.say(
        f"{programme} {year}：错误 {counts['error']}，警告 {counts['warning']}，复核 {counts['review']}，提示 {counts['info']}；"
        f"缺报 {due['missing']} 份，迟报 {due['late']} 份，未到期 {due['awaited']} 份",
        f"{programme} {year}: errors {counts['error']}, warnings {counts['warning']}, "
        f"reviews {counts['review']}, "
        f"notes {counts['info']}; "
        f"returns missing {due['missing']}, late {due['late']}, not yet due {due['awaited']}",
    )
    for path in written:
        put(f"  {path}")
    sys.exit(EXIT_FINDINGS if blocked or due["missing"] or due["awaited"] else 0)


def _check(
    teller: Teller, programme: Programme, year: int
) -> tuple[list[Finding], list[RuleOutcome], str, bool]:
    """Findings, outcomes, what was not checked, and whether anything blocks.

    A year that is complete is checked whole; of one that is not, the files
    that did come are read, so that they can be mended before the rest arrives.
    """
    from pipeline.intake.read import outcomes, read_table
    from pipeline.intake.register import effective, verify_register

    if year in programme.years() and not programme.register.findings:
        done = teller.check(programme.id, year, quiet=False)
        return done.findings, done.outcomes, "", done.blocked or not done.success
    findings = list(programme.register.findings) or verify_register(
        programme.root, programme.registrations, year
    )
    findings += programme.layouts.findings
    results: list[RuleOutcome] = []
    used = effective(programme.registrations, year)
    for table in dict.fromkeys(r.table for r in used):
        contract = programme.contracts[table]
        read = read_table(programme.root, used, contract, teller.home.build / "intake_cache", programme.local)
        findings += read.findings
        results += outcomes(contract, read)
    note = teller.pick(
        f"{year} 年报表不齐或登记有误：只检查了登记和已收到的文件，表内、表间校验要等收齐后才做。",
        f"{year} is not complete or its register is wrong: only the register and the files that came were "
        "checked; "
        f"rules inside and across forms follow once all is there.",
    )
    unique = sorted(set(findings), key=lambda f: f.sort_key())
    return unique, results, note, any(f.blocks for f in unique)


# ---------------------------------------------------------------------- notes


@click.group()
def notes() -> None:
    """填报说明:导入填好的问题清单,查看还缺哪些 / notes on warnings and reviews."""


@notes.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", "noted_by", required=True, help="说明人（岗位，不写姓名） / who says it: a post, no name")
@click.option("--on", "noted_on", type=_Day(), default=None, help="说明日期（默认今天） / day (default: today)")
@click.pass_obj
def import_(teller: Teller, file: Path, noted_by: str, noted_on: dt.date | None) -> None:
    """导入填好“填报说明”列的 findings.xlsx 或 findings.csv / take in a filled-in work list."""
    from pipeline.office.noting import import_notes

    with _telling(teller):
        done = import_notes(
            teller.home, file, noted_by=noted_by, noted_on=noted_on or dt.datetime.now().astimezone().date()
        )
    for r in done.refused:
        place = teller.pick(
            f"{'工作表“' + r.handed.sheet + '”' if r.handed.sheet else ''}第 {r.handed.row} 行",
            f"{'sheet ' + r.handed.sheet + ', ' if r.handed.sheet else ''}row {r.handed.row}",
        )
        put(f"✗ {place}  {r.handed.finding_id}  {teller.pick(r.zh, r.en)}：{r.handed.text}")
    teller.say(
        f"填报说明：新收 {len(done.added)} 条，替换 {len(done.replaced)} 条，未变 {done.unchanged} 条，"
        f"退回 {len(done.refused)} 条",
        f"notes: {len(done.added)} new, {len(done.replaced)} replaced, {done.unchanged} unchanged, "
        f"{len(done.refused)} refused",
    )
    _tell_open(teller, done.open)
    sys.exit(EXIT_FINDINGS if done.refused else 0)


@notes.command("list")
@click.argument("programme")
@click.pass_obj
def list_(teller: Teller, programme: str) -> None:
    """列出已有的说明和还须说明的问题 / the notes there are, and what still needs one."""
    from pipeline.office.noting import still_open

    with _telling(teller):
        found = teller.home.programme(programme)
        left = still_open(teller.home, programme)
    for n in found.notes.notes:
        put(f"✓ {n.rule} {n.finding_id}  {n.period} {n.area_code}  {n.note_zh}（{n.noted_by} {n.noted_on}）")
    for f in left:
        put(f"· {f.rule} {f.id}  {f.period} {f.area_code}  {teller.pick(f.message_zh, f.message_en)}")
    _tell_open(teller, left)


def _tell_open(teller: Teller, left: list[Finding]) -> None:
    warnings = sum(f.severity == "warning" for f in left)
    teller.say(
        f"还须说明的警告 {warnings} 条，待复核 {len(left) - warnings} 条",
        f"{warnings} warnings still need a note, {len(left) - warnings} reviews are open",
    )


COMMANDS = (register, new_year, templates, worklist, notes)
"""Everything that the command line mounts."""
