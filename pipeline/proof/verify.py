"""``jiance verify``: is a published edition what its inputs give?

Belongs here: checking a manifest against itself, files against the manifest, and the edition made again
against the published one; naming the first difference. Does not belong here: making it again (restore.py),
printing.

Tier by tier: manifest -> files -> inputs -> code -> tables -> model -> outputs. Tables must be equal on any
machine; the bytes of the faces must be equal where tools and fonts are the ones recorded.

Of a PDF alone (alone.py) the files are those attached to it, and its own ids are held against them; where it cannot
be rebuilt, it is at least set again from the model that it carries.
"""

from __future__ import annotations

import importlib.util
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from pipeline.edition.identity import (
    INPUT_KEYS,
    NOTES_FILE,
    PLAN_FILE,
    Identity,
    code_digest,
    code_sha256,
    file_sha256,
    rules_sha256,
    summed,
    vintage_sha256,
)
from pipeline.edition.manifest import FORMAT, MANIFEST, canonical_json, tool_versions
from pipeline.edition.package import CSV_KEYS
from pipeline.edition.publish import REVISION_KEYS, tier
from pipeline.edition.shape import KNOWN_FORMATS, Described, Manifest, shape_problems
from pipeline.programme import CODE_ROOT, Home
from pipeline.proof.alone import (
    REPORT,
    attached_differences,
    fingerprint_differences,
    is_alone,
    set_again,
    unpacked,
)
from pipeline.proof.code_change import CodeChange, changes_here
from pipeline.proof.compare import Difference, first_path, several, table_differences
from pipeline.proof.face import FONTS, MADE_BY, can_read, face_text, markup, other_pictures, pdf_text
from pipeline.proof.old_code import NoOldCode, lay_out
from pipeline.proof.restore import (
    Edition,
    EditionError,
    Inputs,
    RebuildError,
    locate_inputs,
    open_edition,
    rebuild,
)
from pipeline.proof.signing import SIGNATURE, PublicKey, Signature, known_keys, look_at
from pipeline.report.fonts import FONTS_DIR, font_files
from pipeline.report.volume_names import volume_of

Outcome = Literal["same", "different", "other_bytes", "cannot_rebuild"]
EXIT_CODES: dict[str, int] = {"same": 0, "different": 1, "other_bytes": 4, "cannot_rebuild": 5}
# What each published data file shows of which table (None: not a table).
PUBLISHED_AS = {
    "progress.verdict": "verdicts",
    "progress.indicator_value": "indicators",
    "progress.summary": "summary",
    "progress.contribution": "contributions",
    "progress.gap": "gaps",
    "progress.pace": "pace",
    "progress.decomposition": "decomposition",
    "progress.change_split": "change_split",
    "progress.spending_composition": "spending_composition",
    "progress.spending_left_out": "spending_left_out",
    "progress.price_effect": "price_effect",
    "progress.rank": "ranks",
    "progress.body_task": "body_tasks",
    "progress.advice": "advice",
    "progress.verdict_change": "verdict_changes",
    "progress.revision": "revisions",
}
_HEX = re.compile(r"[0-9a-f]{64}")
_TEXTS = (
    "programme",
    "vintage_id",
    "vintage_sha256",
    "code_sha256",
    "lock_sha256",
    "build_id",
    "audience",
    "data_status",
)
_TABLES = ("reference", "tables", "outputs", "verdicts", "findings", "rules", "tools", "fonts")
_INPUT_KEYS = (*INPUT_KEYS, "period_kind", "size")
# A rebuild of the edition in a folder, for tests to stand in for; returns the folder of what it made.
Rebuilder = Callable[[Edition, Inputs, Path], Path]


@dataclass(frozen=True)
class Step:
    """One tier: what was looked at and how it came out (None: could not be looked at)."""

    tier: str
    sound: bool | None
    zh: str
    en: str


@dataclass
class Verification:
    """What came of a verification. ``differences`` in the order found: the first one is the one to look at."""

    edition: str
    folder: Path
    steps: list[Step] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    cannot_zh: str = ""
    cannot_en: str = ""
    other_bytes: list[str] = field(default_factory=list)
    code: list[CodeChange] = field(default_factory=list)
    """Where the code of this installation is not the recorded one."""

    @property
    def outcome(self) -> Outcome:
        if self.differences:
            return "different"
        if self.cannot_zh:
            return "cannot_rebuild"
        return "other_bytes" if self.other_bytes else "same"

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.outcome]

    @property
    def first(self) -> Difference | None:
        return self.differences[0] if self.differences else None

    def step(self, tier: str, sound: bool | None, zh: str, en: str) -> None:
        self.steps.append(Step(tier, sound, zh, en))

    def judge(self, tier: str, found: list[Difference], zh: str, en: str) -> None:
        """Record a tier that was looked at, with what it found."""
        self.differences += found
        if found:
            zh, en = f"{len(found)} 处不同", several(len(found), "difference")
        self.step(tier, not found, zh, en)

    def stop(self, tier: str, zh: str, en: str) -> Verification:
        self.cannot_zh, self.cannot_en = zh, en
        self.step(tier, None, zh, en)
        return self


def verify(
    edition_folder: Path,
    home: Home | None = None,
    *,
    any_code: bool = False,
    rebuilding: bool = True,
    workplace: Path | None = None,
    key: PublicKey | None = None,
    elsewhere: Path | None = None,
    rebuilder: Rebuilder = rebuild,
) -> Verification:
    """Verify the edition in a folder (or the one that the report given lies in), or a PDF alone.

    Where the code is not the recorded one, the recorded one is taken from the repository's history.

    ``home``: where else to look for inputs. ``any_code``: rebuild with the present code instead. ``rebuilding=False``: look at hashes only. ``workplace``: an empty folder for the rebuild, kept
    afterwards; by default a temporary one. ``key``: the edition must be signed by it; without, a signature is held
    against the keys of the programme. ``elsewhere``: a folder in which inputs are looked for, too. Raises EditionError
    where there is no manifest at all, SigningError where a key of the programme cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="jiance-verify-") as temporary:
        scratch = Path(temporary)
        alone = is_alone(edition_folder)
        edition = unpacked(edition_folder, scratch / "pdf") if alone else open_edition(edition_folder)
        how = _How(home, any_code, rebuilding, workplace, key, elsewhere, rebuilder, scratch)
        told = _verified(edition, how)
        if not alone and told.steps[-1].tier != "manifest":
            judge_attached(told, edition)
        return replace(told, folder=edition_folder.resolve()) if alone else told


@dataclass(frozen=True)
class _How:
    """What was asked of a verification, and a folder to work in."""

    home: Home | None
    any_code: bool
    rebuilding: bool
    workplace: Path | None
    key: PublicKey | None
    elsewhere: Path | None
    rebuilder: Rebuilder
    scratch: Path


def _verified(edition: Edition, how: _How) -> Verification:
    """All tiers in their order, as far as they can be looked at."""
    home = how.home
    if problems := form_differences(edition):
        told = Verification(edition.folder.name, edition.folder)
        told.judge("manifest", problems, "", "")
        return told
    told = Verification(edition.label, edition.folder)
    found = own_differences(edition, how.scratch / "carried")
    told.judge("manifest", found, "清单格式与编号相符", "form and ids agree")
    judge_signature(told, edition, known_keys(home.data_raw / edition.programme) if home else [], how.key)
    number = len(edition.manifest["outputs"])
    words = (f"{number} 个文件与清单相符", "files have their hashes")
    if edition.pdf is not None:
        words = (f"所附 {number - 1} 个文件与所附清单相符", "the attached files have their hashes")
    told.judge("files", list(file_differences(edition)), *words)
    if edition.pdf is not None:
        found = list(fingerprint_differences(edition))
        told.judge(
            "fingerprint", found, "元数据、文件标识和印出的编号与所附清单相符",
            "metadata, identifier and printed ids are those of the attached manifest",
        )  # fmt: skip
    inputs = locate_inputs(edition, home, how.elsewhere)
    told.judge("inputs", [_damaged(edition, name) for name in inputs.damaged], *_found(inputs))
    if not how.rebuilding:
        told.step("rebuild", None, "按要求未重建(只核对校验值)", "not rebuilt, as asked (hashes only)")
        return told
    if inputs.missing:
        if edition.pdf is not None:
            judge_set_again(told, edition, how.scratch / "again")
        names = "、".join(inputs.missing[:5]) + ("…" if len(inputs.missing) > 5 else "")
        return told.stop(
            "inputs",
            f"不能重建,因为缺少 {len(inputs.missing)} 个原始文件:{names}",
            f"cannot be rebuilt, because {several(len(inputs.missing), 'input is', 'inputs are')} missing: {names}",
        )
    changes, rebuilder = code_changes(edition), how.rebuilder
    if "code_files" in edition.manifest:
        told.code = changes_here(edition.manifest["code_files"])
    if changes and not how.any_code:
        try:
            rebuilder = _with_recorded_code(told, edition, changes, how.scratch / "code")
        except NoOldCode as missing:
            return told.stop(
                "code",
                "不能用现在的程序重建,因为" + ";".join(zh for zh, _ in changes) + f";{missing.zh}"
                + "。请取出当时的程序版本再核对,或加 --any-code 用现在的程序比较数据",
                "cannot be rebuilt with this code, because " + "; ".join(en for _, en in changes)
                + f"; {missing.en}. Check out the code of that time, or add --any-code to compare the data "
                "with this code",
            )  # fmt: skip
        changes = []
    else:
        told.step(
            "code", not changes, *(_joined(changes) or ("程序版本与记录相同", "the code is the recorded one"))
        )
    return _rebuilt(told, edition, inputs, bool(changes), how.workplace or how.scratch / "home", rebuilder)


def judge_set_again(told: Verification, edition: Edition, target: Path) -> None:
    """Set a PDF again from the model that it carries, and compare: what it prints is what its model says."""
    assert edition.pdf is not None
    if changes := code_changes(edition):
        told.step("printed", None, f"未由所附模型重排:{_joined(changes)[0]}", f"not set again: {_joined(changes)[1]}")
        return
    made = set_again(edition, target)
    if made is None:
        model = f"{volume}.json" if (volume := volume_of(edition.pdf.name)) else REPORT
        found = [Difference("printed", model, "所附模型不能重排", "the attached model cannot be set again")]
    elif made.read_bytes() == edition.pdf.read_bytes():
        found = []
    elif _explains(made.name, edition.manifest, {"tools": tool_versions(), "fonts": _fonts_here()}):
        found = _face_differences(told, made.name, edition.pdf, made)
    else:
        found = [_face_same_tools(made.name, edition.pdf, made)]
    found = [replace(d, tier="printed") for d in found]
    found += tool_names(edition.manifest, {"tools": tool_versions()})
    told.judge(
        "printed", found, "由所附报告模型重排,与本文件相同", "set again from the model that it carries: the same"
    )


def judge_attached(told: Verification, edition: Edition) -> None:
    """The files inside the PDFs of an edition against the published ones; what is already named is not named again."""
    if edition.manifest["format"] != FORMAT:
        told.step(
            "attached", None, "格式 1 的清单不记附件,未核对", "a manifest of format 1 does not record them: not looked at"
        )
        return
    if importlib.util.find_spec("pypdfium2") is None:
        told.step("attached", None, "未安装 pypdfium2,未核对 PDF 附件", "pypdfium2 is not installed, not looked at")
        return
    named = {d.name for d in told.differences}
    found = [d for d in attached_differences(edition) if not {d.name, d.column} & named]
    told.judge("attached", found, "PDF 内附的文件与清单相符", "the files inside the PDFs are those of the manifest")


def _fonts_here() -> dict[str, dict[str, str]]:
    return {font["file"]: {"sha256": font["sha256"], "version": font["version"]} for font in font_files()}


def _with_recorded_code(
    told: Verification, edition: Edition, changes: list[tuple[str, str]], target: Path
) -> Rebuilder:
    """A rebuild by the recorded code, taken out of the repository's history. Raises NoOldCode."""
    m = edition.manifest
    commit = lay_out(CODE_ROOT, m["code_sha256"], m["lock_sha256"], target)
    zh, en = _joined(changes)
    told.step(
        "code", True, f"{zh};已从仓库历史取出当时的程序(提交 {commit[:12]})用来重建",
        f"{en}; rebuilt with the code of that time, taken from the history (commit {commit[:12]})",
    )  # fmt: skip
    return partial(rebuild, code_root=target)


def _rebuilt(
    told: Verification,
    edition: Edition,
    inputs: Inputs,
    other_code: bool,
    target: Path,
    rebuilder: Rebuilder,
) -> Verification:
    """Make the edition again in ``target`` and compare, tier by tier."""
    try:
        again = open_edition(rebuilder(edition, inputs, target))
    except (RebuildError, EditionError) as problem:
        text = str(problem)
        return told.stop("rebuild", f"不能重建:{text}", f"cannot be rebuilt: {text}")
    told.step("rebuild", True, "已在空文件夹中由原始文件重建", "made again from its inputs in an empty folder")
    made = Home(target, edition.manifest["audience"])
    compare_tables(told, edition, again, made if other_code else None)
    compare_outputs(told, edition, again, other_code)
    return told


def form_differences(edition: Edition) -> list[Difference]:
    """Is the manifest of the right shape? Anything else cannot be trusted further."""
    m = edition.manifest
    found = _structure_differences(m)
    if found or m["format"] != FORMAT:
        return found
    shape = Manifest if edition.pdf is None else Described
    return [
        Difference(
            "manifest", MANIFEST, f"{place} 不合清单的格式({wanted})",
            f"{place} is not of the shape of a manifest ({wanted})", place, old=stands,
        )
        for place, stands, wanted in shape_problems(edition.written or m, shape)
    ]  # fmt: skip


def require_structure(edition: Edition) -> Edition:
    """The edition, if its manifest has the parts that other commands read. Raises EditionError naming the first that it lacks."""
    if problems := _structure_differences(edition.manifest):
        first = problems[0]
        raise EditionError(
            f"{edition.folder / MANIFEST}:清单已损坏({first.zh}),请先用 jiance verify 核对 / the manifest is damaged "
            f"({first.en}), run jiance verify first"
        )
    return edition


def _structure_differences(m: Any) -> list[Difference]:
    """Parts of a manifest that are not there or of another kind."""
    if not isinstance(m, dict):
        return [Difference("manifest", MANIFEST, "不是一个 JSON 对象", "not a JSON object")]
    found = []
    if m.get("format") not in KNOWN_FORMATS:
        found.append(_wrong("format", m.get("format"), " / ".join(map(str, KNOWN_FORMATS))))
    for key, kind in [
        *((k, str) for k in _TEXTS),
        *((k, dict) for k in _TABLES),
        ("inputs", list),
        ("replaced", list),
        ("year", int),
        ("revision", int),
    ]:
        if not isinstance(m.get(key), kind) or isinstance(m.get(key), bool):
            found.append(_wrong(key, m.get(key), {str: "text", dict: "object", list: "list", int: "number"}[kind]))
    return [*found, *_entry_differences(m)]


def _entry_differences(m: dict[str, Any]) -> Iterator[Difference]:
    """The entries of inputs, tables and outputs: complete, with hashes that are hashes."""
    listed = [
        (f"{key}[{number}]", entry)
        for key in ("inputs", "replaced")
        for number, entry in enumerate(m[key] if isinstance(m.get(key), list) else [])
    ]
    for place, entry in listed:
        if not isinstance(entry, dict) or sorted(entry) != sorted(_INPUT_KEYS):
            yield _wrong(place, sorted(entry), sorted(_INPUT_KEYS))
        elif not isinstance(entry["sha256"], str) or not _HEX.fullmatch(entry["sha256"]):
            yield _wrong(f"{place}.sha256", entry["sha256"], "64 hex digits")
    for key in ("tables", "outputs"):
        for name, entry in m[key].items() if isinstance(m.get(key), dict) else []:
            if not isinstance(entry, dict) or not _HEX.fullmatch(str(entry.get("sha256", ""))):
                yield _wrong(f"{key}[{name}].sha256", entry, "64 hex digits")


_FONTS = FONTS_DIR.relative_to(CODE_ROOT).as_posix()


def own_differences(edition: Edition, target: Path) -> list[Difference]:
    """Where a manifest does not agree with itself; its report then tells which of its entries is another one: the PDF
    carries the same manifest. ``target``: a folder for what it carries."""
    found = list(manifest_differences(edition))
    report = edition.folder / "report.zh.pdf"
    if not found or edition.pdf is not None or not report.is_file():
        return found
    try:
        carried = unpacked(report, target).written or {}
    except EditionError:
        return found
    return found + [
        Difference(
            "manifest", MANIFEST, f"{place} 与报告 PDF 内附的清单不同", f"{place} is another one in the report's PDF",
            place, old=old, new=new,
        )
        for place, old, new in first_path({key: edition.manifest.get(key) for key in carried}, carried)
        if place not in {d.column for d in found}
    ]  # fmt: skip


def manifest_differences(edition: Edition) -> Iterator[Difference]:
    """Does the manifest agree with itself: canonical text, the ids that follow from its own entries, its place?"""
    m = edition.manifest
    if (edition.folder / MANIFEST).read_bytes() != canonical_json(edition.written or m).encode():
        yield Difference(
            "manifest", MANIFEST, "不是规范写法,发布后被改写过", "not the canonical text: rewritten"
        )
    identity = Identity(m["programme"], m["year"], m["vintage_sha256"], m["code_sha256"], m["lock_sha256"], m["audience"])
    expected = {"vintage_id": identity.vintage_id, "build_id": identity.build_id}
    if m["code_sha256"] == code_sha256(CODE_ROOT):  # how the sum is made belongs to the code
        expected["vintage_sha256"] = vintage_sha256(m["programme"], m["year"], m["reference"], [*m["inputs"], *m["replaced"]])
    found = {key: m.get(key) for key in (*expected, "revision", "supersedes")}
    if m["format"] == FORMAT:
        method, reference = m["method"], m["reference"]
        expected |= {
            "code_sha256": code_digest(summed(m["code_files"])),
            "method.plan_sha256": reference.get(PLAN_FILE),
            "method.notes_sha256": reference.get(NOTES_FILE, ""),
            "method.rules_sha256": rules_sha256(m["code_files"], method["thresholds"]),
        }
        found |= {"code_sha256": m["code_sha256"]} | {f"method.{key}": value for key, value in method.items()}
        fonts = {f"fonts.{name}.sha256": name for name in m["fonts"]}
        expected |= {key: m["code_files"].get(f"{_FONTS}/{name}") for key, name in fonts.items()}
        found |= {key: m["fonts"][name]["sha256"] for key, name in fonts.items()}
        if edition.pdf is None:
            expected["model_sha256"] = m["outputs"].get(REPORT, {}).get("sha256")
            found["model_sha256"] = m["model_sha256"]
    if re.fullmatch(r"r[0-9]+", edition.folder.name):
        expected["revision"] = int(edition.folder.name[1:])
        expected["supersedes"] = f"r{m['revision'] - 1}" if m["revision"] > 1 else ""
    for key, value in sorted(expected.items()):
        if found[key] != value:
            yield _wrong(key, found[key], value)


_SIGNED = {
    "unsigned": ("未签名", "not signed"),
    "unknown_key": (
        "签名有效,但公钥(指纹 {})不在项目的 keys 文件夹里,不知道是谁的",
        "a valid signature, but its key (fingerprint {}) is not among the programme's keys: nobody known",
    ),
    "sound": ("由 {} 签名(指纹 {}),签名有效", "signed by {} (fingerprint {}), the signature is sound"),
    "unreadable": ("签名文件无法读取", "the signature cannot be read"),
    "broken": ("签名与清单不符:签名以后清单被改过", "not the signature of this manifest: it was changed since"),
}


def judge_signature(
    told: Verification, edition: Edition, known: list[PublicKey], required: PublicKey | None
) -> Signature:
    """Record who signed the manifest; a broken signature, or none by the key required, is a difference."""
    found = look_at(edition.folder, [required] if required else known)
    zh, en = _SIGNED[found.state]
    if found.state == "sound":
        zh, en = (text.format(found.key.name, found.key.fingerprint) for text in (zh, en))
    elif found.key:
        zh, en = (text.format(found.key.fingerprint) for text in (zh, en))
    if edition.pdf is not None and found.state == "unsigned":
        zh, en = "签名不在 PDF 里,在发布文件夹的 manifest.sig", "a signature is not in the PDF but in manifest.sig of the edition"
    if found.state in ("broken", "unreadable"):
        told.judge("signature", [Difference("signature", SIGNATURE, zh, en)], "", "")
    elif required and found.state != "sound":
        zh, en = f"没有 {required.name} 的签名:{zh}", f"not signed by {required.name}: {en}"
        told.judge("signature", [Difference("signature", SIGNATURE, zh, en)], "", "")
    else:
        told.step("signature", True if found.state == "sound" else None, zh, en)
    return found


def file_differences(edition: Edition) -> Iterator[Difference]:
    """Published files against their recorded hashes; files that the manifest does not know."""
    outputs = edition.manifest["outputs"]
    for name, entry in sorted(outputs.items()):
        path = edition.folder / name
        if not path.is_file():
            yield Difference("files", name, "文件缺失", "the file is missing")
        elif (found := file_sha256(path)) != entry["sha256"]:
            yield Difference(
                "files", name, "文件内容与清单不符", "the file is not the recorded one", "sha256",
                old=entry["sha256"], new=found,
            )  # fmt: skip
        elif "size" in entry and entry["size"] != (size := path.stat().st_size):
            yield Difference(
                "files", name, "文件大小与清单不符", "the file has not the recorded size", "size",
                old=str(entry["size"]), new=str(size),
            )  # fmt: skip
    present = {p.relative_to(edition.folder).as_posix() for p in edition.folder.rglob("*") if p.is_file()}
    for name in sorted(present - set(outputs) - {MANIFEST, SIGNATURE}):
        yield Difference("files", name, "清单中没有的文件", "the manifest does not know this file")


def code_changes(edition: Edition) -> list[tuple[str, str]]:
    """What of the running code differs from the recorded one, as (Chinese, English) reasons."""
    m = edition.manifest
    found = []
    running = code_sha256(CODE_ROOT)
    if m["code_sha256"] != running:
        found.append(
            (
                f"程序版本不同(记录 {m['code_sha256'][:12]},现为 {running[:12]})",
                f"the code differs (recorded {m['code_sha256'][:12]}, running {running[:12]})",
            )
        )
    lock = file_sha256(CODE_ROOT / "requirements.lock")
    if m["lock_sha256"] != lock:
        found.append(
            (
                f"依赖清单不同(记录 {m['lock_sha256'][:12]},现为 {lock[:12]})",
                f"the locked libraries differ (recorded {m['lock_sha256'][:12]}, running {lock[:12]})",
            )
        )
    return found


def compare_tables(told: Verification, edition: Edition, again: Edition, masked: Home | None) -> None:
    """Row counts and content hashes of all tables, in the order data flows.

    ``masked``: the home of the rebuild, where the code differs; the build id, which the code is part of, is then
    left out of the comparison.
    """
    old, new = edition.manifest["tables"], dict(again.manifest["tables"])
    if masked is not None:
        new |= _masked_hashes(masked, edition)
    found = []
    for table in sorted(set(old) | set(new), key=_in_flow):
        before, after = old.get(table), new.get(table)
        if before != after:
            found.append(_table_difference(edition, again, table, before, after))
    told.judge(
        "tables", found, f"{len(old)} 张表的行数和内容校验值全部相同", f"all {len(old)} tables are the same"
    )
    model = edition.manifest.get("model_sha256")
    if model is None:
        told.step("model", None, "清单未记录报告模型,略过", "the manifest does not record the model; skipped")
    elif masked is None:
        judge_model(told, edition, again)


def judge_model(told: Verification, edition: Edition, again: Edition) -> None:
    """The report model: the same, or the same but for the versions of other tools, which it prints."""
    old, new = (e.manifest.get("model_sha256") for e in (edition, again))
    wrong = Difference("model", "model.json", "报告模型不同", "the report model differs", old=old, new=new)
    printed = printed_versions(edition.manifest, again.manifest)
    zh, en = "报告模型相同", "the report model is the same"
    found = [] if old == new else [wrong]
    if found and printed and _json_places(edition.folder / REPORT, again.folder / REPORT, printed) == []:
        zh, en, found = f"{zh}(印出的工具版本除外)", f"{en}, but for the versions of tools that it prints", []
    elif printed and not found:
        # The report prints the versions, so that other tools cannot give the same model.
        found = [
            Difference(
                "manifest", MANIFEST, f"tools.{name} 不是报告印出的版本",
                f"tools.{name} is not the version that the report prints", f"tools.{name}", old=before, new=after,
            )
            for name, before, after in printed
        ]  # fmt: skip
    told.judge("model", found, zh, en)


def _table_difference(edition: Edition, again: Edition, table: str, before, after) -> Difference:
    """The first cell of a table that differs, where the published data show it; else how many rows."""
    rows = tuple(None if side is None else side["rows"] for side in (before, after))
    name = PUBLISHED_AS.get(table) or ("indicators" if table.startswith("indicator.") else None)
    if name and before and after:
        own = {"indicator_id": table.split(".")[1]} if name == "indicators" and table[0] == "i" else {}
        cells = list(_cells(edition, again, f"data/{name}.csv", own))
        if cells:
            return Difference(
                "tables",
                table,
                cells[0].zh,
                cells[0].en,
                cells[0].column,
                cells[0].row,
                cells[0].old,
                cells[0].new,
            )
        zh = "公开数据与重建结果逐格相同,不同的是清单里的校验值:清单被改过"
        en = "the published data equal the rebuild cell by cell: it is the hash in the manifest that was changed"
        return Difference("tables", table, zh, en, "sha256", old=before["sha256"], new=after["sha256"])
    if None in rows:
        zh, en = (
            ("重建后没有这张表", "not in the rebuild")
            if after is None
            else ("原版本没有这张表", "only in the rebuild")
        )
        return Difference("tables", table, zh, en)
    zh = f"内容不同(原 {rows[0]} 行,重建 {rows[1]} 行;原表未随版本公开,不能指出单元格)"
    en = f"the content differs (published {several(rows[0], 'row')}, rebuilt {rows[1]}; the old table is not published)"
    key = "rows" if rows[0] != rows[1] else "sha256"
    return Difference("tables", table, zh, en, key, old=str(before[key]), new=str(after[key]))


def _masked_hashes(home: Home, edition: Edition) -> dict[str, dict[str, Any]]:
    """Hashes of the rebuilt tables that carry the build id, as they would be under the recorded one."""
    import duckdb

    from pipeline.warehouse.store import table_hash, table_names

    path = home.edition_build(edition.programme, edition.year) / "warehouse.duckdb"
    found = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        for table in table_names(connection):
            columns = {row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
            if "build_id" in columns:
                rows, sha256 = table_hash(connection, table, build_id=str(edition.manifest["build_id"]))
                found[table] = {"rows": rows, "sha256": sha256}
    return found


def compare_outputs(told: Verification, edition: Edition, again: Edition, other_code: bool) -> None:
    """Published files against the rebuilt ones, and the rest of the two manifests."""
    found: list[Difference] = []
    environment = tool_changes(edition.manifest, again.manifest)
    if not other_code:
        named = {d.column for d in told.differences}
        found += [d for d in tool_names(edition.manifest, again.manifest) if d.column not in named]
    for name in sorted(set(edition.manifest["outputs"]) & set(again.manifest["outputs"])):
        path = edition.folder / name
        if path.is_file() and path.read_bytes() != (again.folder / name).read_bytes():
            found += _output_differences(told, name, edition, again, other_code)
    one_sided = set(edition.manifest["outputs"]) ^ set(again.manifest["outputs"])
    for name in sorted(one_sided if edition.pdf is None else ()):
        found.append(Difference("outputs", name, "只在一方存在", "on one side only"))
    if not other_code and not told.differences and not found:
        both = (edition.written or edition.manifest, again.manifest)
        skipped = {*REVISION_KEYS, "tables", "outputs"}
        if environment:  # only what other tools explain, and what was held against the rebuild above
            skipped |= {"tools", "model_sha256", *(() if edition.manifest["format"] == FORMAT else ("fonts",))}
        sides = ({k: v for k, v in _held(m, told.other_bytes).items() if k not in skipped} for m in both)
        found += [
            Difference("manifest", MANIFEST, f"{p} 不同", f"{p} differs", p, old=a, new=b)
            for p, a, b in first_path(*sides)
        ]
    zh, en = "全部文件逐字节相同", "every file is the same, byte for byte"
    if any(d.tier == "files" for d in told.differences):
        zh, en = "除上面指出的文件外,逐字节相同", "apart from the files named above, the same byte for byte"
    if told.other_bytes:
        names = "、".join(told.other_bytes)
        why = "、".join(environment) or ("程序版本 / code" if other_code else "")
        zh, en = (
            f"数据相同,但 {names} 的字节不同(原因:{why})",
            f"same data, other bytes in {names} (because of {why})",
        )
    told.judge("outputs", _explained(told, found), zh, en)


def _output_differences(
    told: Verification, name: str, edition: Edition, again: Edition, other_code: bool
) -> list[Difference]:
    """Where a published file of other bytes than the rebuilt one says something else. Other bytes of the same content
    are none where a tool of another version makes such files, where it prints the versions of tools, or where the
    code is other code."""
    old, new = edition.folder / name, again.folder / name
    printed = printed_versions(edition.manifest, again.manifest)
    explained = other_code or _explains(name, edition.manifest, again.manifest)
    if name.endswith((".csv", ".parquet")):
        cells = list(_cells(edition, again, name, {}, other_code))
        if not cells and explained:
            told.other_bytes.append(name)
        return cells[:1] or ([] if explained else [_same_content(name, "逐格相同", "the same cells")])
    if name.endswith(".json"):
        return _json_differences(told, name, old, new, other_code, printed)
    if other_code:
        return _bytes_alone(told, name, old)
    if explained or (printed and Path(name).suffix in _PRINTING):
        return _face_differences(told, name, old, new, printed, exact=not explained)
    return [_face_same_tools(name, old, new)]


def _explains(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Is a tool that makes such a file another version in the two manifests?"""
    changed = {tool for tool, _, _ in printed_versions(before, after)}
    if before.get("format") != FORMAT and _font_changes(before, after):
        changed.add(FONTS)
    return bool(changed & MADE_BY.get(Path(name).suffix, set()))


_PRINTING = (".pdf", ".html", ".xlsx")
"""The faces that print the versions of tools."""


def _bytes_alone(told: Verification, name: str, old: Path) -> list[Difference]:
    """A face made with other code: it prints the version of the code, so that its text is another one."""
    if face_text(old) is None and can_read(old.suffix):
        return [_unreadable(name)]
    why = ("报告印有程序版本号,只比较了字节", "the report prints the code version; only bytes were compared")
    told.step("outputs", None, f"{name}:{why[0]}", f"{name}: {why[1]}")
    told.other_bytes.append(name)
    return []


def _unreadable(name: str) -> Difference:
    return Difference(
        "outputs", name, "发布的文件已损坏或不是这类文件,无法读取", "the published file is damaged or no such file: it cannot be read"
    )


def _same_content(name: str, zh: str, en: str) -> Difference:
    return Difference(
        "outputs", name, f"{zh}而字节不同,生成它的工具版本相同(写法被改过)",
        f"{en}, other bytes, and the tools that make it are the same (it was written anew)",
    )  # fmt: skip


_OTHER_BYTES = "(同内容的其他字节 / other bytes of the same)"


def _held(manifest: Mapping[str, Any], other_bytes: list[str]) -> dict[str, Any]:
    """A manifest where attached files that hold the same in other bytes are no longer told apart by their hashes; that
    they are named stays."""
    if "attached" not in manifest:
        return dict(manifest)
    attached = {name: _OTHER_BYTES if name in other_bytes else entry for name, entry in manifest["attached"].items()}
    return {**manifest, "attached": attached}


def _explained(told: Verification, found: list[Difference]) -> list[Difference]:
    """A cell found in a file that was already seen to be altered takes that finding's place."""
    named = {d.name: d for d in found}
    for number, earlier in enumerate(told.differences):
        if earlier.tier == "files" and earlier.name in named:
            detail = named.pop(earlier.name)
            zh = f"{earlier.zh};{detail.zh}" if detail.zh else earlier.zh
            told.differences[number] = Difference(
                "files",
                earlier.name,
                zh,
                f"{earlier.en}; {detail.en}",
                detail.column,
                detail.row,
                detail.old,
                detail.new,
            )
    return list(named.values())


def _json_differences(
    told: Verification, name: str, old: Path, new: Path, other_code: bool, printed: Printed
) -> list[Difference]:
    """The first path where two JSON documents differ; under other code they name it, so that only this is said."""
    if other_code:
        told.other_bytes.append(name)
        return []
    places = _json_places(old, new, printed)
    if places is None:
        return [Difference("outputs", name, "不是 JSON", "not JSON")]
    if places:
        path, a, b = places[0]
        return [Difference("outputs", name, f"{path} 不同", f"{path} differs", path, old=a, new=b)]
    if not printed or not _same_form(old, new):
        return [Difference("outputs", name, "不是规范写法", "not the canonical text")]
    told.other_bytes.append(name)
    return []


def _same_form(old: Path, new: Path) -> bool:
    """Is a JSON document written just as the other one: no key twice, no other spaces?"""
    texts = [path.read_text("utf-8") for path in (old, new)]
    close = canonical_json(json.loads(texts[1])) != texts[1]
    return texts[0] == canonical_json(json.loads(texts[0]), close=close)


def _json_places(old: Path, new: Path, printed: Printed) -> list[tuple[str, str, str]] | None:
    """(path, old, new) where two JSON documents differ but for versions of tools; None where one is no JSON."""
    try:
        sides = [json.loads(p.read_text("utf-8")) for p in (old, new)]
    except (ValueError, OSError):
        return None
    excused = {(before, after) for _, before, after in printed}
    return [
        place
        for place in first_path(*sides)
        if place[1:] not in excused or not place[0].startswith(f"{_TABLE_OF_TOOLS}.")
    ]


def _face_text(path: Path) -> list[str] | None:
    return pdf_text(path) if path.suffix == ".pdf" else face_text(path)


def _face_differences(
    told: Verification, name: str, old: Path, new: Path, printed: Printed = (), *, exact: bool = False
) -> list[Difference]:
    """Another face made with other tools: text, markup and pictures decide. What cannot be read is a difference, but for
    a reader that is not installed.

    ``exact``: no tool that makes the face is another one; it differs only in the versions that it prints, so that
    pages without one have the same picture.
    """
    if not can_read(old.suffix):
        why = ("未安装 pypdfium2,只比较了字节", "pypdfium2 is not installed; only bytes were compared")
        told.step("outputs", None, f"{name}:{why[0]}", f"{name}: {why[1]}")
        told.other_bytes.append(name)
        return []
    before, after = _face_text(old), _face_text(new)
    if before is None or after is None:
        return [_unreadable(name)]
    as_here = _with_versions(before, printed)
    if as_here != after:
        return [_text_difference(name, as_here, after)]
    if old.suffix == ".html" and (found := _markup_difference(name, old, new)):
        return [found]
    printing = {number for number, (a, b) in enumerate(zip(before, after, strict=True), start=1) if a != b}
    pages = other_pictures(old, new, exact=exact)
    if exact and printing.intersection(pages):
        pages = sorted({*pages} - printing | {*other_pictures(old, new, exact=False)})
    if pages:
        return [_picture_difference(name, pages)]
    told.other_bytes.append(name + _SAME_SHOWN.get(old.suffix, ""))
    return []


LONGEST = 100
"""Characters of a cell that are told."""
_SAME_SHOWN = {
    ".pdf": "(文字和页面图像相同 / same text and pictures)",
    ".html": "(文字和网页结构相同 / same text and markup)",
    ".xlsx": "(内容和格式相同 / same cells and formats)",
}


def _markup_difference(name: str, old: Path, new: Path) -> Difference | None:
    """The first piece of a page, besides its texts, that differs: an element, a script, a style."""
    sides = (markup(old) or [], markup(new) or [])
    for number, (a, b) in enumerate(zip_longest(*sides, fillvalue=""), start=1):
        if a != b:
            piece = _piece(a, b, 30)
            return Difference(
                "outputs", name, f"文字相同,但网页的第 {number} 个标记不同", f"same text, but piece {number} of its markup differs",
                "markup", f"piece {number}", a[piece], b[piece],
            )  # fmt: skip
    return None


def _piece(before: str, after: str, around: int) -> slice:
    """The piece of two texts where they begin to differ, with so many characters before it, and twice as many after."""
    pairs = enumerate(zip(before, after, strict=False))
    at = next((n for n, (a, b) in pairs if a != b), min(len(before), len(after)))
    return slice(max(0, at - around), at + 2 * around)


def _picture_difference(name: str, pages: list[int]) -> Difference:
    listed = "、".join(map(str, pages[:5])) + ("…" if len(pages) > 5 else "")
    return Difference(
        "outputs", name, f"文字相同,但第 {listed} 页的图像不同", f"same text, but the picture of page {listed} differs",
        "picture", f"page {pages[0]}",
    )  # fmt: skip


def _face_same_tools(name: str, old: Path, new: Path) -> Difference:
    """With the recorded tools the bytes must be equal: name the first text that differs, where it can be read."""
    texts = (_face_text(old), _face_text(new))
    if None in texts:
        if can_read(old.suffix):
            return _unreadable(name)
        return Difference(
            "outputs", name, "工具和字体相同而字节不同;未安装 pypdfium2,未比较文字",
            "same tools and fonts, other bytes; pypdfium2 is not installed, the text was not compared",
        )  # fmt: skip
    if texts[0] != texts[1]:
        return _text_difference(name, *texts)
    if pages := other_pictures(old, new, exact=True):
        return _picture_difference(name, pages)
    if old.suffix != ".pdf":
        found = _markup_difference(name, old, new) if old.suffix == ".html" else None
        return found or _same_content(name, "内容相同", "the same content")
    return Difference(
        "outputs", name, "工具和字体相同,文字和页面图像相同,但字节不同(附加内容或元数据被改过)",
        "same tools, fonts, text and pictures, but other bytes (attached files or metadata were changed)",
    )  # fmt: skip


def _text_difference(name: str, old: list[str], new: list[str]) -> Difference:
    """The first page, part or cell that differs; a part that begins with its place and a tab is named by it."""
    for page, (before, after) in enumerate(zip_longest(old, new, fillvalue=""), start=1):
        if before == after:
            continue
        if name.endswith(".pdf") and page > min(len(old), len(new)):
            break
        (place, held), (there, held_there) = (text.partition("\t")[::2] for text in (before, after))
        if "\t" not in before + after:
            zh, en = (f"第 {page} 页", f"page {page}") if name.endswith(".pdf") else ("", "")
            piece = _piece(before, after, 10)
            zh, en = (f"{zh}文字不同", f"the text of {en} differs") if en else ("文字不同", "the text differs")
            row = f"page {page}" if name.endswith(".pdf") else f"part {page}"
            return Difference("outputs", name, zh, en, "text", row, before[piece], after[piece])
        if place != there:
            return Difference(
                "outputs", name, "内容不同:单元格、工作表或其他部分多出或缺少", "a cell, a sheet or another part is one too many or missing",
                "content", place or there, *(text.replace("\t", ": ")[:LONGEST] for text in (before, after)),
            )  # fmt: skip
        piece = _piece(held, held_there, 40)
        return Difference(
            "outputs", name, f"{place} 不同", f"{place} differs", "content", place, held[piece], held_there[piece]
        )
    zh, en = f"页数不同({len(old)} 与 {len(new)})", f"the number of pages differs ({len(old)} and {len(new)})"
    return Difference("outputs", name, zh, en)


def _cells(
    edition: Edition, again: Edition, name: str, own: dict[str, str], mask: bool = False
) -> Iterator[Difference]:
    """Cells of a published data file, ``data/….csv`` or ``.parquet``, that differ from the rebuilt one."""
    sides = (edition.folder / name, again.folder / name)
    if all(side.is_file() for side in sides):
        skipped = (
            {"build_id"} if mask or edition.manifest["build_id"] != again.manifest["build_id"] else set()
        )
        yield from table_differences(*sides, CSV_KEYS.get(Path(name).stem, ()), own, skipped)


Printed = Sequence[tuple[str, str, str]]
"""(tool, recorded version, version here) of the tools that are others: the report prints them."""
_TABLE_OF_TOOLS = "reproduction.tools"
"""Where the report model prints them: nowhere else may a version differ."""


def printed_versions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Printed:
    """Tools in both manifests whose versions differ."""
    old, new = before["tools"], after["tools"]
    return [(name, old[name], new[name]) for name in sorted(old) if name in new and old[name] != new[name]]


def _with_versions(texts: list[str], printed: Printed) -> list[str]:
    """The texts of a face, in one piece if it is not set in pages, as they would be with the versions of here."""
    for name, old, new in printed:
        beside = re.compile(rf"({re.escape(name)}\W{{0,4}}){re.escape(old)}")
        texts = [beside.sub(lambda m, new=new: m[1] + new, text) for text in texts]
    return texts


def tool_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What may give other bytes with the same code: tools of other versions; fonts too in a manifest of format 1, for
    later they are files of the code. A tool that only one side names explains nothing (:func:`tool_names`)."""
    found = [f"{name} {old[:12]}→{new[:12]}" for name, old, new in printed_versions(before, after)]
    return found + (_font_changes(before, after) if before.get("format") != FORMAT else [])


def _font_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    old, new = ({n: _digest(entry) for n, entry in m["fonts"].items()} for m in (before, after))
    return [
        f"{n} {old.get(n, '-')[:12]}→{new.get(n, '-')[:12]}" for n in sorted(set(old) | set(new)) if old.get(n) != new.get(n)
    ]


def tool_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Tools that only one of two manifests names: the same code names the same ones everywhere."""
    old, new = before["tools"], after["tools"]
    found = []
    for name in sorted(set(old) ^ set(new)):
        zh, en = ("缺少", "is missing") if name in new else ("是多出的", "is one too many")
        found.append(
            Difference(
                "manifest", MANIFEST, f"tools.{name} {zh}(同一程序记录的工具名相同)",
                f"tools.{name} {en} (the same code records the same tools)", f"tools.{name}",
                old=old.get(name), new=new.get(name),
            )
        )  # fmt: skip
    return found


def _digest(entry: Any) -> str:
    """A version, or the sha256 of a font: a manifest of format 1 holds that alone."""
    return entry["sha256"] if isinstance(entry, dict) else entry


def _found(inputs: Inputs) -> tuple[str, str]:
    number = len(inputs.found)
    if inputs.missing:
        whole = number + len(inputs.missing)
        return f"{whole} 个原始文件中按内容找到 {number} 个", f"{number} of {several(whole, 'input')} found by content"
    return f"{number} 个原始文件按内容找到", f"{several(number, 'input')} found by content"


def _damaged(edition: Edition, name: str) -> Difference:
    digest = edition.wanted[name]
    return Difference(
        "inputs", name, f"存档 inputs/{digest[:12]}… 的内容已被改动", f"its kept copy inputs/{digest[:12]}… was altered",
        "sha256", old=digest,
    )  # fmt: skip


def _wrong(key: str, found: Any, expected: Any) -> Difference:
    return Difference(
        "manifest", MANIFEST, f"{key} 与清单其余内容不符", f"{key} does not follow from the rest of the manifest",
        key, old=str(found), new=str(expected),
    )  # fmt: skip


def _joined(changes: list[tuple[str, str]]) -> tuple[str, str] | None:
    if not changes:
        return None
    return ";".join(zh for zh, _ in changes), "; ".join(en for _, en in changes)


def _in_flow(table: str) -> tuple[int, str]:
    return tier(table), table
