"""How the shipped fonts were made: cut to GB2312, punctuation and symbols, static TrueType, renamed where asked.

Belongs here: the recipe. Does not belong here: using the fonts (fonts.py). Nothing runs this in a production run.

    python -m pipeline.report.cut_fonts SOURCES report_templates/fonts

``SOURCES`` is a folder with the files named in :data:`CUTS`; where each comes from is told in
``report_templates/fonts/README.md``. Equal sources and equal fontTools give equal files.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any, NamedTuple

LAYOUT = ["kern", "liga", "locl", "ccmp", "palt", "tnum", "vert"]
RANGES = (
    (0x20, 0x7F), (0xA0, 0x180), (0x2000, 0x2070), (0x2100, 0x214F), (0x2190, 0x2200), (0x2200, 0x2300),
    (0x2460, 0x2500), (0x25A0, 0x2600), (0x3000, 0x3040), (0xFF00, 0xFFF0),
)  # fmt: skip
MAX_ERROR = 1.5
"""Units of the em by which a quadratic outline may leave the cubic one."""

EPOCH = 3_786_912_000
"""2024-01-01 in seconds since 1904, the clock of a font file: no file tells when it was cut."""


class Cut(NamedTuple):
    """One file to make; ``family`` where it must not keep its name (reserved names, changed outlines)."""

    source: str
    made: str
    family: str = ""


CUTS = (
    Cut("NotoSansSC_400Regular.ttf", "NotoSansSC-GB2312-Regular.ttf"),
    Cut("NotoSansSC_700Bold.ttf", "NotoSansSC-GB2312-Bold.ttf"),
    Cut("NotoSerifSC_600SemiBold.ttf", "NotoSerifSC-GB2312-SemiBold.ttf"),
    Cut("LXGWWenKai-Regular.ttf", "JianceKai-GB2312-Regular.ttf", "Jiance Kai"),
    Cut("FandolFang-Regular.otf", "JianceFang-GB2312-Regular.ttf", "Jiance Fang"),
)


def wanted_characters() -> set[int]:
    """Code points of the cut: GB2312 whole, and the punctuation and symbols of :data:`RANGES`."""
    wanted = {point for low, high in RANGES for point in range(low, high)}
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            try:
                wanted.add(ord(bytes([lead, trail]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return wanted


def cut(source: Path, made: Path, family: str = "") -> None:
    """Write ``made`` from ``source``."""
    from fontTools import subset

    options = subset.Options()
    options.hinting = False
    options.layout_features = LAYOUT
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted_characters())
    subsetter.subset(font)
    if "CFF " in font:
        _to_truetype(font)
    if family:
        _rename(font, family)
        font["head"].modified = EPOCH
    subset.save_font(font, str(made), options)


def _to_truetype(font: Any) -> None:
    """Quadratic outlines instead of cubic ones; the tables that only cubic outlines need go."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    order = font.getGlyphOrder()
    outlines = font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, glyphs
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
        "maxCompositeContours", "maxComponentDepth",
    ):  # fmt: skip
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    for tag in ("CFF ", "VORG"):
        if tag in font:
            del font[tag]
    font.recalcBBoxes = True
    font.sfntVersion = "\000\001\000\000"


def _rename(font: Any, family: str) -> None:
    """Another family name, and in the description what was changed; the makers' copyright stays."""
    names = font["name"]
    was = names.getDebugName(4)
    post = family.replace(" ", "") + "-Regular"
    copyright_notice, licence = names.getDebugName(0), names.getDebugName(13)
    names.names = []
    said = {
        0: copyright_notice, 1: family, 2: "Regular", 3: post, 4: family, 5: "Version 1.000", 6: post,
        10: f"{was}, cut to GB2312 and symbols, outlines in TrueType form, renamed", 13: licence,
    }  # fmt: skip
    for number, text in said.items():
        if text:
            names.setName(text, number, 3, 1, 0x409)


def main(arguments: list[str]) -> None:
    """Make every file whose source is there, and write SHA256SUMS."""
    sources, folder = map(Path, arguments)
    for each in CUTS:
        if (sources / each.source).exists():
            cut(sources / each.source, folder / each.made, each.family)
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()} {p.name}" for p in sorted(folder.glob("*.ttf"))]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
