"""The pinned fonts: which files, where the layout engine may look, and whether they hold every character.

Belongs here: font files and their fingerprints, the font configuration, coverage of a text, names embedded
in a PDF. Does not belong here: choosing sizes and weights (the stylesheet).

:func:`use_pinned_fonts` must run before the layout engine reads its font configuration, so that no font of
the machine can stand in for a missing character.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

FONT_FAMILY = "Noto Sans SC"
"""黑体, and everything in tables and charts; it holds every character that any of our fonts holds."""

FAMILIES = (FONT_FAMILY, "Noto Serif SC", "Jiance Fang", "Jiance Kai")
"""黑体, 小标宋, 仿宋, 楷体: the only families that may be embedded."""

_HAN = range(0x3400, 0xA000)
FONTS_DIR = Path(__file__).resolve().parents[2] / "report_templates" / "fonts"
_VARIABLE = "FONTCONFIG_FILE"
_INVISIBLE = {"\n", "\r", "\t"}
_EMBEDDED = re.compile(rb"/BaseFont\s*/([^\s/<>\[\]()]+)")


class FontError(RuntimeError):
    """The pinned fonts are absent or another font got into the document."""


class MissingGlyph(FontError):
    """Characters that the pinned fonts do not hold; ``str()`` names each and where it stands."""


def font_files(folder: Path = FONTS_DIR) -> list[dict[str, str]]:
    """The pinned font files as ``{"file": name, "sha256": hex, "version": text}``, sorted by name; empty if there are
    none."""
    return [
        {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "version": _version(path)}
        for path in sorted(folder.glob("*.ttf"))
    ]


VERSION_NAME = 5
"""The entry of a font's table of names that holds its version (OpenType, name)."""


def _version(path: Path) -> str:
    """The version that a font states of itself; empty where it states none or is no font."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, lazy=True) as font:
            return font["name"].getDebugName(VERSION_NAME) or ""
    except (TTLibError, KeyError):
        return ""


def pinned_hashes(folder: Path = FONTS_DIR) -> dict[str, str]:
    """File name -> sha256 as recorded in ``SHA256SUMS`` beside the fonts."""
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def require_unchanged(folder: Path = FONTS_DIR) -> None:
    """Raise FontError where a font file is missing, strange or not the recorded one."""
    recorded = pinned_hashes(folder)
    present = {font["file"]: font["sha256"] for font in font_files(folder)}
    wrong = sorted(name for name in recorded | present if recorded.get(name) != present.get(name))
    if wrong:
        raise FontError(
            f"字体文件缺失或被改动,请从安装包恢复 / font files missing or changed, restore them: {', '.join(wrong)}"
        )


def use_pinned_fonts(folder: Path = FONTS_DIR) -> Path:
    """Point the layout engine at ``folder`` and nothing else; returns the configuration written for it.

    Call it before WeasyPrint is imported; calling it again does nothing. The configuration and its cache are
    temporary and go when the process ends. Raises FontError if ``folder`` holds no font.
    """
    path = _configured(folder.resolve())
    os.environ[_VARIABLE] = str(path)
    return path


@lru_cache
def _configured(folder: Path) -> Path:
    if not any(folder.glob("*.ttf")):
        raise FontError(f"没有字体文件,请恢复 report_templates/fonts / no font files in {folder.name}")
    home = Path(tempfile.mkdtemp(prefix="jiance-fonts-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    path = home / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"  <dir>{escape(str(folder))}</dir>\n  "
        f"<cachedir>{escape(str(home / 'cache'))}</cachedir>\n"
        f"  <alias><family>sans-serif</family><prefer><family>{FONT_FAMILY}</family></prefer></alias>\n"
        "</fontconfig>\n",
        "utf-8",
    )
    return path


@lru_cache
def covered(folder: Path = FONTS_DIR) -> frozenset[int]:
    """Code points that can be set without any other font standing in.

    A Chinese character must be in every pinned file; a symbol in every file of :data:`FONT_FAMILY`, which the
    stylesheet names after the others.
    """
    from fontTools.ttLib import TTFont

    every, sans = [], []
    for path in sorted(folder.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            points = frozenset(font.getBestCmap())
        every.append(points)
        if path.name.startswith(FONT_FAMILY.replace(" ", "")):
            sans.append(points)
    if not sans:
        raise FontError(f"没有字体文件,请恢复 report_templates/fonts / no font files in {folder.name}")
    shared = frozenset.intersection(*every)
    return shared | {point for point in frozenset.intersection(*sans) if point not in _HAN}


def require_glyphs(places: Iterable[tuple[str, str]], folder: Path = FONTS_DIR) -> None:
    """Check that every character of every ``(where, text)`` is in the pinned fonts.

    Raises MissingGlyph with each missing character, its code point, and where it first stands, in its words.
    """
    held = covered(folder)
    missing: dict[str, str] = {}
    for where, text in places:
        for character in text:
            if ord(character) in held or character in _INVISIBLE or character in missing:
                continue
            at = text.index(character)
            words = " ".join(text[max(0, at - 12) : at + 13].split())
            missing[character] = f"{where}: “{words}”"
    if missing:
        told = [f"  {c} (U+{ord(c):04X}) {where}" for c, where in sorted(missing.items())]
        raise MissingGlyph(
            "字体缺字,请更换字体或改用常用字 / characters missing from the pinned fonts:\n" + "\n".join(told)
        )


def spelled_out(text: str, folder: Path = FONTS_DIR) -> str:
    """``text`` of a return with each character that the pinned fonts lack written as its code point, 〔U+1F4A9〕.

    Our own words must be in the fonts (:func:`require_glyphs`); what others write cannot keep a report from
    being made.
    """
    if text.isascii():
        return text
    held = covered(folder)
    return "".join(c if ord(c) in held or c in _INVISIBLE else f"〔U+{ord(c):04X}〕" for c in text)


def inflated(pdf: bytes) -> bytes:
    """A PDF with its compressed streams unpacked after it, so that its objects can be looked through."""
    parts = [pdf]
    for match in re.finditer(rb"stream\r?\n", pdf):
        try:
            parts.append(zlib.decompressobj().decompress(pdf[match.end() :]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def embedded_fonts(pdf: bytes) -> list[str]:
    """PostScript names of the fonts in a PDF, without the prefixes of subsets, sorted."""
    names = {name.decode("ascii", "replace") for name in _EMBEDDED.findall(inflated(pdf))}
    return sorted({re.sub(r"^[A-Z]{6}\+", "", name).replace("#20", " ") for name in names})


def require_pinned(names: Iterable[str]) -> None:
    """Raise FontError if a font embedded in a PDF is not of one of the pinned families."""
    wanted = tuple(family.replace(" ", "") for family in FAMILIES)
    strange = [n for n in names if not n.replace(" ", "").replace("-", "").startswith(wanted)]
    if strange:
        raise FontError(
            f"PDF 中嵌入了未指定的字体 / the PDF embeds fonts that were not pinned: {', '.join(strange)}"
        )
