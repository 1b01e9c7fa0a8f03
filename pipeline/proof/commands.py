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

EXIT_DIFFERENT, EXIT_USAGE, EXIT_CANNOT = 1, 2, 5
KEY_OPTION = click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="私钥文件,由 jiance keys new 生成 / private key made by jiance keys new",
)
_FORM = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)

_INPUTS = click.option(
    "--inputs",
    "elsewhere",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="还在此文件夹里按内容找原始文件 / look for the inputs in this folder, too",
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
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="必须由此公钥签名 / must be signed by this public key",
)
@_INPUTS
@_FORM
@click.pass_obj
def verify(
    teller: Teller,
    edition: str,
    quick: bool,
    any_code: bool,
    into: Path | None,
    key: Path | None,
    elsewhere: Path | None,
    form: str,
) -> None:
    """核对一个已发布的版本:由存档的原始文件重建,逐层比较 / rebuild an edition and compare.

    EDITION: china/2023/r1、china/2023(最新修订 newest)、文件夹或其中的报告 a folder or the report in it,
    单独一份 PDF a PDF alone.

    退出码 / exit codes: 0 相同 same; 1 不同 different; 4 数据相同、字节不同 same data, other bytes;
    5 不能重建 cannot be rebuilt.
    """
    from pipeline.proof.restore import EditionError, find_edition
    from pipeline.proof.show import verification_document, verification_text
    from pipeline.proof.signing import SigningError, read_public
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
            key=read_public(key) if key else None,
            elsewhere=elsewhere,
        )
    except (EditionError, SigningError) as problem:
        _stop(str(problem))
    put(_json(verification_document(told)) if form == "json" else verification_text(told, teller.pick))
    sys.exit(told.exit_code)


@click.command()
@click.argument("edition", metavar="[EDITION|PDF]")
@click.argument("what", required=False, metavar="INDICATOR|CODE")
@click.option("--area", help="单位代码 / area code")
@click.option("--year", type=int, help="学年或财政年度 / school or fiscal year of the figure")
@click.option("--variant", help="算法 / variant")
@click.option("--segment", help="分组 / segment")
@click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="另存为工作簿 / also write a workbook"
)
@_INPUTS
@_FORM
@click.pass_obj
def trace(
    teller: Teller,
    edition: str,
    what: str | None,
    area: str | None,
    year: int | None,
    variant: str | None,
    segment: str | None,
    xlsx: Path | None,
    elsewhere: Path | None,
    form: str,
) -> None:
    """从一个数字追溯到原始报表的行 / from a figure back to the rows it came from.

    \b
    jiance trace 4F7K2M-24                    报告数字旁印的追溯码 the code printed beside a figure
    jiance trace china/2023/r1 4F7K2M-23      在一个版本里 in one edition
    jiance trace 收到的报告.pdf 4F7K2M-23       在一份 PDF 里 in a PDF alone
    jiance trace china/2023 preschool_ger --area 000000 --year 2023

    退出码 / exit codes: 0 逐行之和与数字相等 exact; 1 不相等 not; 5 缺原始文件,不能追溯到行 inputs are missing.
    """
    import tempfile

    from pipeline.programme import ProgrammeError
    from pipeline.proof.restore import EditionError, RebuildError
    from pipeline.proof.trace import TraceError, trace_in

    code = edition if what is None else what
    given = [v for v in (area, year, variant, segment) if v is not None]
    try:
        with tempfile.TemporaryDirectory(prefix="jiance-pdf-") as workplace:
            opened = None if what is None else _opened(teller, edition, Path(workplace))
            if area is not None and year is not None and what is not None:
                programme, edition_year, found = opened
                told = trace_in(
                    teller.home, found, programme, edition_year, what, area, year,
                    variant=variant, segment=segment, elsewhere=elsewhere,
                )  # fmt: skip
                _told(teller, told, xlsx, form)
            elif given or (what is not None and what.islower() and "_" in what):
                _stop("写指标时要写 --area 和 --year;写追溯码时都不写 / give --area and --year with an indicator, nothing with a code")
            _trace_code(teller, opened, code, elsewhere, xlsx, form)
    except (EditionError, RebuildError, TraceError, ProgrammeError) as problem:
        _stop(str(problem))


def _trace_code(teller: Teller, opened, code: str, elsewhere: Path | None, xlsx: Path | None, form: str) -> NoReturn:
    """Trace what a code names; where inputs are missing, say what the edition itself tells."""
    from pipeline.proof.coded import find_coded
    from pipeline.proof.show import coded_text
    from pipeline.proof.trace import MissingInputs, TraceError, trace_in

    if opened is not None and opened[2] is None:
        raise TraceError(
            f"{opened[0]} {opened[1]} 尚未发布,没有印出的追溯码 / not published yet: no code was printed"
        )
    found = find_coded(teller.home, code, opened[2] if opened is not None else None)
    figure, e = found.figure, found.edition
    try:
        told = trace_in(
            teller.home, e, e.programme, e.year, figure.indicator_id, figure.area_code, figure.period,
            variant=figure.variant, segment=figure.segment, elsewhere=elsewhere,
        )  # fmt: skip
    except MissingInputs as missing:
        names = missing.names
        put(_json(found.document(names)) if form == "json" else coded_text(found, names, teller.pick))
        sys.exit(EXIT_CANNOT)
    _told(teller, told, xlsx, form)


def _told(teller: Teller, told, xlsx: Path | None, form: str) -> NoReturn:
    """A finished trace: the workbook where it is wanted, the text, the exit code."""
    from pipeline.proof.sheet import write_sheet
    from pipeline.proof.show import trace_text

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
    from pipeline.proof.restore import EditionError, find_edition, open_edition
    from pipeline.proof.show import diff_text
    from pipeline.proof.verify import require_structure

    try:
        places = [find_edition(teller.home, name) for name in (old, new)]
        for place in places:
            require_structure(open_edition(place))
        told = run(*places, teller.home)
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
    from pipeline.proof.signing import SigningError

    try:
        listed = overview(teller.home, rebuilding=rebuilding)
    except SigningError as problem:
        _stop(str(problem))
    if form == "json":
        put(_json([line.document() for line in listed]))
    else:
        for line in listed:
            put(line.text(teller.pick))
        if not listed:
            teller.say("尚未发布任何版本。", "Nothing is published yet.")
    sys.exit(0 if all(line.sound for line in listed) else EXIT_DIFFERENT)


@click.group()
def keys() -> None:
    """签名用的密钥 / keys for signing editions."""


@keys.command("new")
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="存放密钥的文件夹,在安装目录之外 / folder for the keys, outside the installation",
)
@click.option(
    "--passphrase",
    envvar="JIANCE_KEY_PASSPHRASE",
    prompt="口令(可空)/ passphrase (may be empty)",
    default="",
    hide_input=True,
    confirmation_prompt=True,
    show_default=False,
    help="保护私钥的口令,可由环境变量给出 / protects the private key; may come from the environment",
)
@click.pass_obj
def keys_new(teller: Teller, name: str, into: Path, passphrase: str) -> None:
    """生成一对签名密钥:NAME.key(私钥,自己保管)和 NAME.pub(公钥,给核对的人)/ make a pair of keys."""
    from pipeline.programme import CODE_ROOT
    from pipeline.proof.signing import KEYS_FOLDER, SigningError, new_key

    if any(into.resolve().is_relative_to(place) for place in (CODE_ROOT, teller.home.root)):
        _stop(f"{into} 在安装目录里,私钥可能随目录流出;请选别处 / lies inside the installation, choose another place")
    try:
        private, public, key = new_key(into, name, passphrase)
    except (SigningError, OSError) as problem:
        _stop(str(problem))
    teller.say(
        f"私钥 {private}(只有本人可读{'' if passphrase else ',没有口令保护'};请勿外传)\n公钥 {public}\n"
        f"指纹 {key.fingerprint}\n请把公钥放到 data_raw/<项目>/{KEYS_FOLDER}/,核对时据此认出签名的人。",
        f"private key {private} (readable by its owner only{'' if passphrase else ', no passphrase'}; keep it)\n"
        f"public key {public}\nfingerprint {key.fingerprint}\n"
        f"Put the public key into data_raw/<programme>/{KEYS_FOLDER}/: by it a signature is recognised.",
    )


@keys.command("list")
@click.argument("programme")
@click.pass_obj
def keys_list(teller: Teller, programme: str) -> None:
    """列出项目认可的公钥及指纹 / the public keys that a programme trusts."""
    from pipeline.proof.signing import KEYS_FOLDER, SigningError, known_keys

    root = teller.home.data_raw / programme
    if not root.is_dir():
        _stop(f"没有名为“{programme}”的项目 / no programme {programme!r}")
    try:
        known = known_keys(root)
    except SigningError as problem:
        _stop(str(problem))
    for key in known:
        put(f"{key.fingerprint}  {key.name}")
    if not known:
        teller.say(
            f"data_raw/{programme}/{KEYS_FOLDER}/ 里没有公钥。", f"no public key in data_raw/{programme}/{KEYS_FOLDER}/."
        )


@click.command()
@click.argument("edition")
@KEY_OPTION
@click.pass_obj
def sign(teller: Teller, edition: str, key: Path) -> None:
    """给一个已发布的版本签名(写 manifest.sig,不改动其他文件)/ sign a published edition.

    先核对校验值;不符的版本不签 / hashes are checked first: an edition that fails is not signed.
    """
    from pipeline.proof.restore import EditionError, find_edition
    from pipeline.proof.show import verification_text
    from pipeline.proof.signing import SigningError
    from pipeline.proof.signing import sign as run
    from pipeline.proof.verify import verify as look

    try:
        folder = find_edition(teller.home, edition)
        folder = folder.parent if folder.is_file() else folder
        private = private_key(key)
        told = look(folder, teller.home, rebuilding=False)
        if told.differences:
            put(verification_text(told, teller.pick))
            sys.exit(told.exit_code)
        new = run(folder, private)
    except (EditionError, SigningError) as problem:
        _stop(str(problem))
    say_signed(teller, folder, new)


def say_signed(teller: Teller, folder: Path, new: bool) -> None:
    """One line on what signing came to."""
    zh, en = ("已签名", "signed") if new else ("已有同一签名,未重复", "already signed, the same")
    teller.say(f"{folder}:{zh}", f"{folder}: {en}")


def private_key(path: Path):
    """The private key in a file, asking for its passphrase where it has one. Raises SigningError."""
    import os

    from pipeline.proof.signing import PASSPHRASE_VARIABLE, SigningError, read_private

    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "")
    try:
        return read_private(path, passphrase)
    except SigningError:
        if passphrase or not sys.stdin.isatty() or b"ENCRYPTED" not in path.read_bytes():
            raise
    return read_private(path, click.prompt("口令 / passphrase", hide_input=True, err=True))


COMMANDS: tuple[click.Command, ...] = (verify, trace, diff, editions, keys, sign)


def _opened(teller: Teller, text: str, workplace: Path):
    """(programme, year, edition) of an edition's name, a folder, a report in one, or a PDF alone, which is laid out in
    ``workplace``. The edition is None where the year is not published. Raises EditionError or TraceError."""
    from pipeline.proof.alone import is_alone, unpacked
    from pipeline.proof.restore import is_edition, open_edition
    from pipeline.proof.trace import edition_of
    from pipeline.proof.verify import require_structure

    place = Path(text)
    if is_edition(place):
        opened = unpacked(place, workplace) if is_alone(place) else open_edition(place)
        require_structure(opened)
        return opened.programme, opened.year, opened
    programme, _, rest = text.strip("/").partition("/") if "/" in text else text.rpartition("-")
    year, _, revision = rest.partition("/r")
    if not year.isdigit() or (revision and not revision.isdigit()):
        if place.exists():
            open_edition(place)  # tells what is not there
        _stop(f"不认识的版本“{text}”,请写如 china/2023 或 china/2023/r1 / write china/2023 or china/2023/r1")
    found = edition_of(teller.home, programme, int(year), int(revision) if revision else None)
    return programme, int(year), found and require_structure(found)


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _stop(message: str) -> NoReturn:
    """End with a message; a line break in a name of others cannot look like a line of ours."""
    put("\n  │ ".join(message.splitlines()), err=True)
    sys.exit(EXIT_USAGE)
