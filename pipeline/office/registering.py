"""Taking a received file into the programme's folder and the register.

Belongs here: a safe place for the file, its checksum, the new rows of ``register.csv``, and the
refusal of what cannot belong. Does not belong here: reading (intake) and judging (quality): the
findings of a file are shown, they do not keep it out, because the register lists what was received.

Everything is checked before anything is written; the register changes by one rename, and its
existing bytes stay as they are.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipeline.intake import limits
from pipeline.intake.cells import is_harmless, parse_cell
from pipeline.intake.contract import Contract
from pipeline.intake.decode import DecodeError, Sheet, decode_text, read_grid
from pipeline.intake.headers import HEAD_ROWS, HeaderIndex
from pipeline.intake.local import NOTHING_LOCAL, Local
from pipeline.intake.personal import is_personal, masked
from pipeline.intake.read import ReadResult, cached_read, read_return
from pipeline.intake.register import (
    COLUMNS,
    MATURITIES,
    NOT_RETURNS,
    ORIGINS,
    REGISTER,
    Registration,
    effective,
    normal_path,
    read_register,
    sha256_of,
)
from pipeline.intake.sheets import data_sheets
from pipeline.intake.tell import Teller
from pipeline.office import Refusal
from pipeline.office.due import FAR_YEAR, form_edition_of, supplier_of
from pipeline.programme import Home, Programme
from pipeline.quality.finding import Finding
from pipeline.quality.notes import REFUSALS, SHORTEST, refuse

REASON_CHARACTERS = 10
HISTORY = "history"
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_NAME_CHARACTERS = 80
_FILLED_IN = re.compile("[:：]")
"""A line above a table, such as 联系电话：…, is no header."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])")


@dataclass(frozen=True)
class Registered:
    """One file taken in: its register row, where it came from and what reading it told.

    ``copied`` is False for a file that already lay in the folder; ``table_guessed``,
    ``period_guessed``, ``supplier_guessed`` and ``edition_guessed`` say what was not given. ``rows`` counts data rows,
    ``good`` those without an error.
    """

    registration: Registration
    source: Path
    copied: bool
    table_guessed: bool
    period_guessed: bool
    supplier_guessed: bool
    edition_guessed: bool
    rows: int
    good: int
    findings: list[Finding]

    @property
    def blocked(self) -> bool:
        """True when an error in the file will stop the report until it is mended."""
        return any(f.blocks for f in self.findings)


@dataclass(frozen=True)
class Request:
    """What is said of the files to register; None where the files themselves must tell."""

    table: str | None
    period_from: int | None
    period_to: int | None
    supplier: str | None
    received_on: dt.date
    maturity: str
    origin: str
    form_edition: str | None
    late: str
    supersedes: str
    reason: str


@dataclass(frozen=True)
class _Taken:
    told: Registered
    frame: pl.DataFrame
    data: bytes


def register_files(
    home: Home,
    programme_id: str,
    files: Sequence[Path],
    *,
    table: str | None,
    period_from: int | None,
    period_to: int | None,
    supplier: str | None,
    received_on: dt.date,
    maturity: str = "final",
    origin: str = "real",
    form_edition: str | None = None,
    late: str | None = None,
    supersedes: str | None = None,
    reason: str | None = None,
) -> list[Registered]:
    """Copy ``files`` into ``data_raw/<programme>/<year>/`` and add their rows to ``register.csv``.

    A file that already lies in the programme's folder stays where it is. ``table`` None: the one
    whose headers fit; period None: the years in the data's own period column; ``supplier`` and
    ``form_edition`` None: as that table came last. ``late`` is why a file comes after the deadline of the plan,
    and None where it does not. All files are taken in, or none.

    Raises Refusal for what cannot belong (unknown table, content already registered, rows that
    another file of the period already holds, a replacement without a reason, a file after its deadline
    without one, an unsafe name, a register that is itself wrong) and ProgrammeError for an unknown programme. Findings inside a
    file refuse nothing; they are returned.
    """
    from pipeline.lock import EditionBusy, exclusive

    request = Request(
        table,
        period_from,
        period_to,
        None if supplier is None else _plain_text(supplier, "supplier"),
        received_on,
        maturity,
        origin,
        None if form_edition is None else _plain_text(form_edition, "form-edition"),
        _plain_text(late or "", "late"),
        supersedes or "",
        _plain_text(reason or "", "reason"),
    )
    programme = home.programme(programme_id)
    _check_request(programme, request, len(files))
    try:
        with exclusive(home.build / f"register-{programme_id}"):
            programme = home.programme(programme_id)  # read again: nobody else writes from here on
            _check_register(programme)
            taken: list[_Taken] = []
            for source in files:
                taken.append(_examine(home, programme, source, request, taken))
            _write(programme, taken)
    except EditionBusy:
        raise Refusal(
            "另一次登记正在进行，请等它结束后再试。", "Another registration is running; wait for it to end."
        ) from None
    return [t.told for t in taken]


# ---------------------------------------------------------------------- what is asked


def _plain_text(text: str, what: str) -> str:
    """``text`` on one line; Refusal where a spreadsheet would take it for a formula."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if plain[:1] in ("=", "+", "-", "@"):
        raise Refusal(
            f"{what} 不能以“{plain[0]}”开头（表格软件会当作公式）：{plain}",
            f"{what} must not begin with “{plain[0]}”, which spreadsheets take for a formula: {plain}",
        )
    return plain


def _check_request(programme: Programme, request: Request, count: int) -> None:
    if count == 0:
        raise Refusal("没有写文件。", "No file is given.")
    if request.table is not None and request.table not in programme.contracts:
        listed = "\n".join(f"  {c.table}  {c.name_zh}" for c in programme.contracts.values())
        raise Refusal(
            f"没有名为“{request.table}”的表；可用：\n{listed}",
            f"There is no table “{request.table}”; known: {', '.join(programme.contracts)}",
        )
    if request.supplier == "":
        raise Refusal("报送单位不能为空。", "The supplier is blank.")
    if request.form_edition == "":
        raise Refusal("报表版本不能为空。", "The edition of the form is blank.")
    first, last = request.period_from, request.period_to
    if (first is None) != (last is None):
        raise Refusal("起止年份要么都写，要么都不写。", "Give both years of the period, or none.")
    if first is not None and last is not None and not _FIRST_YEAR <= first <= last <= _LAST_YEAR:
        raise Refusal(
            f"时期 {first}—{last} 不对，应为 {_FIRST_YEAR}—{_LAST_YEAR} 之间的年份，先小后大。",
            f"The period {first}-{last} is wrong: years from {_FIRST_YEAR} to {_LAST_YEAR}, the first not "
            "later.",
        )
    for what, value, allowed in (
        ("maturity", request.maturity, MATURITIES),
        ("origin", request.origin, ORIGINS),
    ):
        if value not in allowed:
            raise Refusal(
                f"{what} 只能是 {' 或 '.join(allowed)}，现为“{value}”。",
                f"{what} must be {' or '.join(allowed)}, not “{value}”.",
            )
    _check_replacement(request, count)


def _check_replacement(request: Request, count: int) -> None:
    if request.supersedes:
        if len(request.reason) < REASON_CHARACTERS:
            raise Refusal(
                f"替换已登记的文件必须写明原因，至少 {REASON_CHARACTERS} 个字，"
                "例如“某县教育局更正三所幼儿园在园人数”；"
                f"现为 {len(request.reason)} 个字。",
                f"Replacing a registered file needs a reason of at least {REASON_CHARACTERS} characters; "
                f"this one has {len(request.reason)}.",
            )
        if count != 1:
            raise Refusal(
                "替换时一次只能登记一个文件。", "A replacement is registered alone, one file at a time."
            )
    elif request.reason:
        raise Refusal(
            "写了原因，但没有写替换哪个文件（--supersedes）。",
            "A reason is given, but not which file is replaced (--supersedes).",
        )


def _check_register(programme: Programme) -> None:
    if not (programme.root / REGISTER).exists():
        return
    wrong = programme.register.findings
    if wrong:
        raise Refusal(
            f"{REGISTER} 本身有误，请先改正：\n" + "\n".join(f"  {f.message_zh}" for f in wrong[:10]),
            f"{REGISTER} itself is wrong; mend it first:\n"
            + "\n".join(f"  {f.message_en}" for f in wrong[:10]),
        )


# ---------------------------------------------------------------------- one file


def _examine(
    home: Home, programme: Programme, source: Path, request: Request, before: Sequence[_Taken]
) -> _Taken:
    """Everything about one file, without writing anything. ``before``: files of the same call."""
    data = _bytes_of(source)
    digest = sha256_of(data)
    _check_new(programme, source, digest, before)
    guess_table = request.table is None
    table = request.table or guess_table_of(data, source.name, programme.contracts, programme.local)
    contract = programme.contracts[table]
    registration = Registration(
        table=table,
        period_from=request.period_from or _FIRST_YEAR,
        period_to=request.period_to or _LAST_YEAR,
        revision=1,
        path=source.name,
        period_kind=contract.period_kind,
        sha256=digest,
        supplier=request.supplier or supplier_of(programme, table, FAR_YEAR),
        received_on=request.received_on,
        maturity=request.maturity,
        origin=request.origin,
        form_edition=request.form_edition or form_edition_of(programme, table),
    )
    if not registration.supplier:
        raise Refusal(
            f"{source.name}：这张表（{contract.name_zh}）以前没有登记过，请写明报送单位（--supplier）。",
            f"{source.name}: {contract.name_en} was never registered before; say who supplies it "
            "(--supplier).",
        )
    if not registration.form_edition:
        raise Refusal(
            f"{source.name}：这张表（{contract.name_zh}）以前没有登记过，请写明报表版本，例如 --form-edition 2024版。",
            f"{source.name}: {contract.name_en} was never registered before; name the edition of the form it "
            "follows, such as --form-edition 2024版.",
        )
    guess_period = request.period_from is None
    if guess_period:
        first, last = _period_in(data, source.name, registration, contract, programme.local)
        registration = replace(registration, period_from=first, period_to=last)
    if request.received_on.year < registration.period_to and request.maturity == "final":
        raise Refusal(
            f"{source.name}：收到日期 {request.received_on} 早于数据年份 {registration.period_to}，请核对。",
            f"{source.name}: received on {request.received_on}, before the year of its data "
            f"({registration.period_to}); check both.",
        )
    result = read_return(source.parent, registration, contract, programme.local)
    registration, replaced = _supersede(programme, registration, request)
    registration = replace(registration, late=_lateness(programme, registration, request, source.name))
    inside = _inside(programme.root, source)
    taken_names = {t.told.registration.path for t in before}
    path = inside or _free_place(programme.root, registration, source.name, taken_names)
    registration = replace(registration, path=path)
    _check_clash(home, programme, registration, contract, result, replaced, before)
    told = Registered(
        registration=registration,
        source=source,
        copied=inside is None,
        table_guessed=guess_table,
        period_guessed=guess_period,
        supplier_guessed=request.supplier is None,
        edition_guessed=request.form_edition is None,
        rows=result.rows_read,
        good=result.frame.height,
        findings=[replace(f, file=path) for f in result.findings],
    )
    return _Taken(told, result.frame, data)


def _bytes_of(source: Path) -> bytes:
    name = source.name
    if any(c in name for c in "\\:/") or not is_harmless(name):
        raise Refusal(
            f"文件名含有不允许的字符（\\ : / 或不可见字符），请改名后再登记：{name!r}",
            f"The file name holds characters that are not allowed (\\ : / or invisible ones): {name!r}",
        )
    if not source.is_file():
        raise Refusal(f"找不到文件：{source}", f"There is no such file: {source}")
    size = source.stat().st_size
    if size > limits.MAX_FILE_BYTES:
        mb = limits.MAX_FILE_BYTES >> 20
        raise Refusal(
            f"文件过大（{size} 字节，上限 {mb} MB）：{name}。请按县区或年度分成几个文件。",
            f"The file is too large ({size} bytes, at most {mb} MB): {name}. Split it by county or year.",
        )
    return source.read_bytes()


def _check_new(programme: Programme, source: Path, digest: str, before: Sequence[_Taken]) -> None:
    """Refuse content or a path that is already registered, or that comes twice in one call."""
    for r in [*programme.registrations, *(t.told.registration for t in before)]:
        if r.sha256 == digest:
            raise Refusal(
                f"{source.name} 的内容已经登记过：{r.path}（{r.table}，{r.received_on} "
                f"收到，{r.supplier}）。",
                f"The content of {source.name} is already registered as {r.path} ({r.table}, received on "
                f"{r.received_on} from {r.supplier}).",
            )
    inside = _inside(programme.root, source)
    for r in programme.registrations:
        if inside is not None and r.path == inside:
            raise Refusal(
                f"{r.path} 已登记，但内容与登记时不同。请恢复原文件，把更正后的文件换名，用 "
                f"--supersedes {r.path} 登记。",
                f"{r.path} is registered with other content. Restore it, save the corrected file under "
                "another "
                f"name and register that with --supersedes {r.path}.",
            )


def _inside(root: Path, source: Path) -> str | None:
    """Path relative to the programme's folder if the file really lies there, else None."""
    try:
        relative = source.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return None
    hidden = any(part.startswith((".", "~$")) for part in relative.split("/"))
    if relative in NOT_RETURNS or hidden or relative.lower().endswith(".md"):
        raise Refusal(f"{relative} 不是报表文件。", f"{relative} is not a return.")
    return normal_path(relative)


def guess_table_of(
    data: bytes, name: str, contracts: dict[str, Contract], local: Local = NOTHING_LOCAL
) -> str:
    """The one table whose headers fit a file. Raises Refusal naming near ones where none or several fit."""
    indexes = [HeaderIndex(c, local) for c in contracts.values()]
    try:
        sheets = read_grid(data, lambda texts: max(i.score(texts) for i in indexes))
    except DecodeError as error:
        raise Refusal(
            f"{name}：读不出来，无法判断是哪张表。{error.zh}{error.todo_zh}仍要登记的，请写明 --table 和 "
            "--period。",
            f"{name}: cannot be read, so its table is not known. {error.en} {error.todo_en} To register "
            "it all the "
            f"same, give --table and --period.",
        ) from error
    visible = [s for s in sheets if s.visible and s.rows]
    fits = sorted((_fit(index, visible), index.contract.table) for index in indexes)
    (best, table), runner_up = fits[0], fits[1][0] if len(fits) > 1 else None
    if best[0] == 0 and best != runner_up:
        return table
    _refuse_personal(name, visible)
    near = [(fit, t) for fit, t in fits if fit[2] < 0][:4]
    listed_zh = (
        "；".join(f"{t}（{contracts[t].name_zh}，缺 {fit[0]} 列）" for fit, t in near) or "没有相近的表"
    )
    listed_en = "; ".join(f"{t} ({fit[0]} columns missing)" for fit, t in near) or "none is near"
    raise Refusal(
        f"{name}：按表头判断不出是哪张表，请写明 --table。相近的：{listed_zh}",
        f"{name}: its headers do not tell its table; give --table. Near ones: {listed_en}",
    )


def _refuse_personal(name: str, sheets: Sequence[Sheet]) -> None:
    """A list of persons is no return of any table: say so instead of asking which it is."""
    texts = [text for sheet in sheets for row in sheet.rows[:HEAD_ROWS] for text in row if isinstance(text, str)]
    heads = [text.strip() for text in texts if not _FILLED_IN.search(text)]
    found = [text for text in dict.fromkeys(heads) if is_personal(text)]
    if found:
        listed = "、".join(masked(text) for text in found[:4])
        raise Refusal(
            f"{name}：有像个人信息的列（{listed}），不是任何一张报表，没有登记。本系统只收学校、县区的汇总数："
            f"请不要再传送这个文件，请报送单位按报表重报。",
            f"{name}: has columns that look like personal data ({listed}) and is no return; it was not registered. Only "
            f"figures by school or county are taken: do not pass this file on, ask for the return itself.",
        )


def _fit(index: HeaderIndex, sheets: Sequence[Sheet]) -> tuple[int, int, int]:
    """(required columns missing, columns that do not belong, minus columns found) on the best sheet."""
    worst = (len(index.required) or 1, 0, 0)
    found = [worst]
    for sheet in sheets:
        match = index.match(sheet, index.find(sheet)[0])
        foreign = match.troubles
        if match.columns:
            found.append((len(match.missing), foreign, -len(match.columns)))
    return min(found)


def _period_in(
    data: bytes, name: str, registration: Registration, contract: Contract, local: Local
) -> tuple[int, int]:
    """First and last year in the period column, over all rows, with or without errors elsewhere.

    A few rows of another year than almost all the others are more likely a slip than a period.
    """
    if contract.period_field is None:
        raise Refusal(
            f"{name}：“{contract.name_zh}”没有年度列，请写明时期，例如 --period 2024。",
            f"{name}: {contract.name_en} has no period column; give the period, such as --period 2024.",
        )
    field = contract.field(contract.period_field)
    headers = HeaderIndex(contract, local)
    years: Counter[int] = Counter()
    try:
        sheets = data_sheets(read_grid(data, headers.score), headers, Teller(registration, contract))
    except DecodeError:
        sheets = []
    for sheet, band in sheets:
        column = headers.match(sheet, band).columns.get(field.name)
        for row in sheet.rows[band.bottom + 1 :]:
            value = parse_cell(row[column], field).value if column is not None and column < len(row) else None
            if value is not None:
                years[value.year if isinstance(value, dt.date) else int(value)] += 1  # type: ignore[call-overload]
    if not years:
        raise Refusal(
            f"{name}：没有一行能读出年度，请写明 --period。",
            f"{name}: no row tells its period; give --period.",
        )
    most, count = years.most_common(1)[0]
    if len(years) > 1 and count * 10 > years.total() * 9:
        others = "、".join(f"{year}（{n} 行）" for year, n in sorted(years.items()) if year != most)
        raise Refusal(
            f"{name}：绝大多数行是 {most} 年，但还有 {others}，请核对后写明 --period。",
            f"{name}: almost all rows are of {most}, but some are not ({others}); check and give --period.",
        )
    return min(years), max(years)


def _lateness(programme: Programme, registration: Registration, request: Request, name: str) -> str:
    """Why the file is late, '' where it came in time; a correction is explained by its own reason.

    Raises Refusal where a late file gives no reason that can stand, or one in time gives one.
    """
    r = registration
    deadline = programme.plan.deadline(r.table, r.period_from, r.period_to)
    if r.supersedes or deadline is None or r.received_on <= deadline:
        if request.late:
            zh, en = ("更正件", "a correction") if r.supersedes else (f"期限 {deadline}", f"deadline {deadline}")
            if deadline is None and not r.supersedes:
                zh, en = "方案没有规定期限", "the plan sets no deadline"
            raise Refusal(
                f"{name}：没有迟报（{zh}），不要写 --late。", f"{name}: is not late ({en}); leave out --late."
            )
        return ""
    refusal = refuse(request.late)
    if refusal:
        zh, en = REFUSALS[refusal] if request.late else ("没有写原因", "no reason is given")
        raise Refusal(
            f"{name}：{r.table} 的时期是 {_span(r)}，收到日期 {r.received_on} 晚于报送期限 {deadline}，请写明迟报原因"
            f"（--late “…”，至少 {SHORTEST} 个字）；现{zh}。时期不对的，请写明 --period 并核对各行的年度。",
            f"{name}: {r.table} of {_span(r)}, received on {r.received_on}, after its deadline {deadline}; say why with "
            f"--late “…”, at least {SHORTEST} characters ({en}). If the period is wrong, give --period and check the "
            f"years of the rows.",
        )
    return request.late


def _span(r: Registration) -> str:
    """The years of a file: one, or first and last."""
    return str(r.period_from) if r.period_from == r.period_to else f"{r.period_from}-{r.period_to}"


# ---------------------------------------------------------------------- what it replaces, what it meets


def _supersede(
    programme: Programme, registration: Registration, request: Request
) -> tuple[Registration, Registration | None]:
    """The registration with revision, supersedes and reason, and the file it replaces."""
    if not request.supersedes:
        return registration, None
    wanted = normal_path(request.supersedes).removeprefix("./").removeprefix(f"data_raw/{programme.id}/")
    by_path = {r.path: r for r in programme.registrations}
    old = by_path.get(wanted)
    if old is None:
        same = [r.path for r in programme.registrations if r.table == registration.table]
        raise Refusal(
            f"没有登记过文件“{wanted}”，不能替换。这张表已登记的：{'、'.join(same) or '无'}",
            f"“{wanted}” is not registered and cannot be replaced. Registered for this table: "
            f"{', '.join(same) or 'none'}",
        )
    newer = next((r for r in programme.registrations if r.supersedes == old.path), None)
    if newer is not None:
        raise Refusal(
            f"{old.path} 已被 {newer.path} 替换，请替换后者。",
            f"{old.path} was already replaced by {newer.path}; replace that one.",
        )
    if old.table != registration.table:
        raise Refusal(
            f"{old.path} 是另一张表（{old.table}），不能用 {registration.table} 替换。",
            f"{old.path} belongs to another table ({old.table}, not {registration.table}).",
        )
    if not registration.period_from <= old.period_from <= old.period_to <= registration.period_to:
        raise Refusal(
            f"时期 {registration.period_from}—{registration.period_to} 没有盖住被替换文件的 "
            f"{old.period_from}—{old.period_to}，会漏掉年份；请提供包含全部年份的完整文件。",
            f"The period {registration.period_from}-{registration.period_to} does not cover that of the "
            "replaced file "
            f"({old.period_from}-{old.period_to}); hand in a complete file with all years.",
        )
    return replace(registration, revision=old.revision + 1, supersedes=old.path, reason=request.reason), old


def _check_clash(
    home: Home,
    programme: Programme,
    registration: Registration,
    contract: Contract,
    result: ReadResult,
    replaced: Registration | None,
    before: Sequence[_Taken],
) -> None:
    """Refuse rows that another file of the same table and period already holds and that is not replaced."""
    loose = contract.period_field is None  # its rows may be of any year, whatever the register says
    others = [
        (r, cached_read(programme.root, r, contract, home.build / "intake_cache", programme.local).frame)
        for r in effective(programme.registrations, FAR_YEAR)
        if r.table == registration.table and r != replaced and (loose or _overlap(r, registration))
    ]
    others += [
        (t.told.registration, t.frame)
        for t in before
        if t.told.registration.table == registration.table
        and (loose or _overlap(t.told.registration, registration))
    ]
    key = list(contract.key)
    for other, frame in others:
        shared = result.frame.join(frame.select(key).unique(), on=key, how="semi", nulls_equal=True).height
        if shared:
            raise Refusal(
                f"{registration.path}：有 {shared} 行（同一单位、同一年度、同一分组）已在 {other.path} "
                "中报送。"
                f"如果是更正，请加 --supersedes {other.path} --reason “更正原因”；否则请只报没有报过的单位。",
                f"{registration.path}: {shared} rows (same unit, period and group) were already handed in "
                "with "
                f"{other.path}. If this corrects it, add --supersedes {other.path} --reason “…”; else "
                "hand in only "
                f"what is missing.",
            )


def _overlap(one: Registration, other: Registration) -> bool:
    return one.period_from <= other.period_to and other.period_from <= one.period_to


# ---------------------------------------------------------------------- writing


def safe_name(name: str) -> str:
    """A file name of letters, digits, ``_ - . ( )`` with its extension, at most 80 characters and it."""
    stem, dot, ending = unicodedata.normalize("NFC", name).rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        stem, ending = unicodedata.normalize("NFC", name), ""
    clean = "".join(c if c.isalnum() or c in "_-.()" else "_" for c in stem)
    clean = re.sub(r"_{2,}", "_", clean).strip("._-")[:_NAME_CHARACTERS].rstrip("._-") or "file"
    if _RESERVED.fullmatch(clean):
        clean += "_"
    return f"{clean}.{ending.lower()}" if ending else clean


def _free_place(root: Path, registration: Registration, name: str, taken: set[str]) -> str:
    """A path below the year's folder (``history`` for several years) at which nothing lies yet."""
    one_year = registration.period_from == registration.period_to
    folder = str(registration.period_to) if one_year else HISTORY
    if not (root / folder).resolve().is_relative_to(root.resolve()):
        raise Refusal(
            f"文件夹 {folder} 指向数据文件夹之外，不能使用。",
            f"The folder {folder} leads outside the data folder.",
        )
    safe = safe_name(name)
    stem, dot, ending = safe.rpartition(".")
    if not dot:
        stem, ending = safe, ""
    number = 1
    while True:
        suffix = "" if number == 1 else f"_{number}"
        path = f"{folder}/{stem}{suffix}{dot}{ending}"
        if path not in taken and not os.path.lexists(root / path):
            return path
        number += 1


def _write(programme: Programme, taken: Sequence[_Taken]) -> None:
    """Copy the files, then change the register by one rename; on any failure nothing stays behind."""
    root = programme.root
    register = root / REGISTER
    old = register.read_bytes() if register.exists() else None
    new = appended(old, [t.told.registration for t in taken])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / REGISTER).write_bytes(new)
        wrong = read_register(Path(folder), programme.contracts).findings
    if wrong:
        raise Refusal(
            "不能登记：\n" + "\n".join(f"  {f.message_zh}" for f in wrong[:10]),
            "Cannot be registered:\n" + "\n".join(f"  {f.message_en}" for f in wrong[:10]),
        )
    copied: list[Path] = []
    try:
        for t in taken:
            if not t.told.copied:
                continue
            target = root / t.told.registration.path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as handle:
                copied.append(target)
                handle.write(t.data)
                handle.flush()
                os.fsync(handle.fileno())
        _replace(register, new)
    except BaseException:
        for target in copied:
            target.unlink(missing_ok=True)
        raise


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        if path.exists():
            shutil.copymode(path, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def appended(old: bytes | None, registrations: Sequence[Registration]) -> bytes:
    """The register's bytes with new rows at the end, in its own encoding, line ends and column order.

    ``old`` None: a new register with its header. The old bytes are the beginning of the new ones.
    """
    if old is None:
        old = (",".join(COLUMNS) + "\n").encode()
    text = decode_text(old)
    encoding = _encoding(old)
    end = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    header = [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")))]
    lines = io.StringIO(newline="")
    if not text.endswith(("\n", "\r")):
        lines.write(end)
    writer = csv.writer(lines, lineterminator=end)
    for r in registrations:
        values = {name: str(getattr(r, name)) for name in COLUMNS}
        writer.writerow([values[name] for name in header])
    return old + lines.getvalue().encode(encoding)


def _encoding(data: bytes) -> str:
    if data.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if data.startswith(b"\xfe\xff"):
        return "utf-16-be"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return "gb18030"
