"""A published PDF without its edition: what it carries inside it, laid out as far as an edition goes.

Belongs here: taking the attached files out, the fingerprint in the document itself, setting the document again from
the model it carries. Does not belong here: judging (verify.py), what is attached (edition/attached.py).

The manifest inside a PDF cannot hold the hash of that PDF; it holds the hashes of the other attached files. So a PDF
alone shows inputs, tables, figures and words; only the published manifest.json shows the PDF's own hash.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.edition.attached import DATA, MODEL, PART, attached_in, manifest_attached
from pipeline.edition.identity import file_sha256
from pipeline.edition.manifest import MANIFEST, canonical_json
from pipeline.edition.publish import REVISION_KEYS
from pipeline.proof.compare import Difference
from pipeline.proof.face import pdf_text
from pipeline.proof.restore import Edition, EditionError, check_name
from pipeline.report.volume_names import volume_of

REPORT = "report.json"
NOTICE = "notice.zh.pdf"
FINGERPRINT = "fingerprint"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""A name of an attached file: that of a data file, of the model or of the manifest."""


class AttachmentsError(EditionError):
    """The files inside a PDF cannot be told. ``zh``, ``en``: why."""

    def __init__(self, pdf: Path, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{pdf}:{zh} / {en}")


def is_alone(place: Path) -> bool:
    """Is this a PDF that lies in no edition of which it is a part?"""
    if place.suffix.lower() != ".pdf" or not place.is_file():
        return False
    try:
        known = json.loads((place.parent / MANIFEST).read_text("utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return place.name not in known


def unpacked(pdf: Path, target: Path) -> Edition:
    """The files attached to a PDF, laid out under ``target`` like an edition without its other outputs.

    Raises EditionError where it cannot be read or carries no manifest.
    """
    files, lang = _attached(pdf)
    if PART not in files:
        raise EditionError(
            f"{pdf}:里面没有 {PART},不是本系统发布的报告,或附件已被去掉 / no {PART} inside: not a published report, "
            "or its attachments were taken away"
        )
    try:
        part = json.loads(files[PART].decode("utf-8"))
        programme, year = str(part["programme"]), int(part["year"])
        stated = dict(part["attached"])
    except (ValueError, KeyError, TypeError) as problem:
        raise EditionError(f"{pdf}:{PART} 无法读取({problem}) / {PART} cannot be read") from None
    check_name(pdf, programme)
    folder = (target / "editions" / programme / str(year) / "pdf").resolve()
    face = _face_name(set(files), lang)
    for name, data in files.items():
        path = folder / _published_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    shutil.copyfile(pdf, folder / face)
    wanted = carried_by(face, stated)
    outputs = {name: entry for name, entry in stated.items() if name in wanted}
    outputs[face] = {"sha256": file_sha256(pdf), "size": pdf.stat().st_size}
    return Edition(folder, part | {"outputs": outputs, "revision": 0}, pdf=folder / face, written=part)


def _attached(pdf: Path) -> tuple[dict[str, bytes], str]:
    """(bytes of the attached files by name, language of the document).

    Raises AttachmentsError where it cannot be read, where two have one name, for nobody knows which one a reader is
    shown, or where a name is no plain name of a file.
    """
    import ctypes

    import pypdfium2
    import pypdfium2.raw as raw

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise AttachmentsError(pdf, "不是可以读取的 PDF", "not a readable PDF") from None
    try:
        found = [document.get_attachment(n) for n in range(document.count_attachments())]
        names = [each.get_name() for each in found]
        for name in names:
            if (number := names.count(name)) > 1:
                raise AttachmentsError(
                    pdf, f"有 {number} 个附件都叫 {name!r}", f"{number} attached files have the name {name!r}"
                )
            if not _NAME.fullmatch(name):
                raise AttachmentsError(
                    pdf, f"附件名 {name!r} 不是文件名", f"the name {name!r} of an attached file is none of a file"
                )
        files = {each.get_name(): bytes(each.get_data()) for each in found}
        size = raw.FPDFCatalog_GetLanguage(document, None, 0)
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
        return files, buffer.raw.decode("utf-16-le").rstrip("\0")
    except pypdfium2.PdfiumError:
        raise AttachmentsError(pdf, "附件无法读取", "its attached files cannot be read") from None
    finally:
        document.close()


def _published_name(attached: str) -> str:
    """Where an edition holds what is attached under this name."""
    own = attached if volume_of(attached) else f"{DATA}/{attached}"
    return {PART: MANIFEST, MODEL: REPORT}.get(attached, own)


def _face_name(files: set[str], lang: str) -> str:
    """Which face of an edition the PDF is: the notice carries no data, a volume its own model."""
    if files <= {PART, MODEL}:
        return NOTICE
    volumes = sorted(filter(None, map(volume_of, files)))
    return f"{volumes[0] if volumes else 'report'}.{'en' if lang.lower().startswith('en') else 'zh'}.pdf"


def carried_by(face: str, attached: Iterable[str]) -> set[str]:
    """Which of the files that the manifest says are ``attached`` the PDF ``face`` carries (by published name)."""
    if face == NOTICE:
        return {REPORT}
    own = volume_of(face)
    return {name for name in attached if volume_of(name) == own}


def fingerprint_differences(edition: Edition) -> Iterator[Difference]:
    """Do the metadata of the PDF, its identifier and its printed pages name the edition that its manifest is of?"""
    import pypdfium2
    import pypdfium2.raw as raw

    from pipeline.report.render import pdf_identifier

    assert edition.pdf is not None
    m = edition.manifest
    ids = {"build_id": str(m["build_id"]), "vintage_id": str(m["vintage_id"])}
    document = pypdfium2.PdfDocument(edition.pdf)
    try:
        keywords = document.get_metadata_value("Keywords")
        identifier = document.get_identifier(raw.FILEIDTYPE_PERMANENT)
    finally:
        document.close()
    for name, value in ids.items():
        if value not in keywords:
            yield _other("PDF 元数据中的编号", "the ids in the PDF's metadata", name, keywords, value)
    expected = pdf_identifier(m["programme"], m["year"], ids["build_id"], ids["vintage_id"])
    if identifier.strip(b"\0") != expected:
        yield _other("PDF 文件标识", "the PDF's identifier", "ID", repr(identifier), repr(expected))
    printed = "".join(pdf_text(edition.pdf) or [])
    for name, value in ids.items() if edition.pdf.name != NOTICE else ():
        if value not in printed:
            yield _other("印出的编号", "the printed ids", name, "(没有 / none)", value)


def attached_differences(edition: Edition) -> Iterator[Difference]:
    """Is what the manifest says of attached files what it says of the published ones, and do the PDFs of an edition
    carry just these? ``column``: the published name of the attached file."""
    m = edition.manifest
    for name, entry in sorted(m["attached"].items()):
        if m["outputs"].get(name) != entry:
            yield Difference(
                "attached", name, "清单所记附件与发布的文件不符", "the manifest records another file as attached",
                f"attached.{name}", old=str(entry), new=str(m["outputs"].get(name)),
            )  # fmt: skip
    part = {key: value for key, value in m.items() if key not in {"outputs", *REVISION_KEYS}}
    held = {name: m["outputs"].get(name, {}).get("sha256") for name in m["attached"]}
    held[MANIFEST] = hashlib.sha256(canonical_json(part).encode()).hexdigest()
    for face in sorted(name for name in m["outputs"] if name.endswith(".pdf")):
        yield from _carried_differences(edition.folder / face, held)


def _carried_differences(pdf: Path, held: Mapping[str, str | None]) -> Iterator[Difference]:
    """The files inside one PDF of an edition against their hashes by published name."""
    try:
        files = {_published_name(name): data for name, data in _attached(pdf)[0].items()} if pdf.is_file() else {}
    except AttachmentsError as problem:
        yield Difference("attached", pdf.name, problem.zh, problem.en)
        return
    wanted = {MANIFEST, *carried_by(pdf.name, held.keys() - {MANIFEST})}
    for name in sorted(wanted | set(files)):
        found = hashlib.sha256(files[name]).hexdigest() if name in files else None
        if found is None or name not in wanted or found != held[name]:
            zh, en = f"内附的 {name} 不是发布的那一份", f"the {name} inside it is not the published one"
            if found is None:
                zh, en = f"缺少内附的 {name}", f"{name} is not inside it"
            yield Difference("attached", pdf.name, zh, en, name, old=found, new=held.get(name))


def _other(zh: str, en: str, column: str, old: str, new: str) -> Difference:
    return Difference(
        FINGERPRINT, "PDF", f"{zh}与所附清单不符", f"{en}: not those of the attached manifest", column,
        old=old, new=new,
    )  # fmt: skip


def set_again(edition: Edition, target: Path) -> Path | None:
    """The PDF set again in ``target`` from the model and the files that it carries; None where it cannot be."""
    from pipeline.programme import CODE_ROOT
    from pipeline.report.model import ReportModel
    from pipeline.report.render import RenderError, render_notice, render_pdf, render_volume
    from pipeline.report.shapes import Lang, Volume
    from pipeline.report.volume_files import volume_attached

    assert edition.pdf is not None
    templates, made = CODE_ROOT / "report_templates", target / edition.pdf.name
    lang: Lang = "en" if ".en." in made.name else "zh"
    target.mkdir(parents=True)
    if volume := volume_of(made.name):
        source = target / f"{volume}.json"
        shutil.copyfile(edition.folder / source.name, source)
        shutil.copyfile(edition.folder / MANIFEST, target / PART)
        part = manifest_attached(target, str(edition.manifest["build_id"]))
        try:
            model = Volume.model_validate_json(source.read_text("utf-8"))
            render_volume(model, templates, made, lang, [part, volume_attached(source)])
        except (ValueError, RenderError):
            return None
        return made
    if (edition.folder / DATA).is_dir():
        shutil.copytree(edition.folder / DATA, target / DATA)
    shutil.copyfile(edition.folder / REPORT, target / "model.json")
    shutil.copyfile(edition.folder / MANIFEST, target / PART)
    try:
        model = ReportModel.model_validate_json((target / "model.json").read_text("utf-8"))
        attached = attached_in(target, str(edition.manifest["build_id"]))
        if edition.pdf.name == NOTICE:
            return made if render_notice(model, templates, made, attached) else None
        render_pdf(model, templates, made, lang, attached)
    except (ValueError, RenderError):
        return None
    return made
