"""What a face of the report shows, as texts and pictures, so that two of them can be compared.

Belongs here: reading PDF, HTML and XLSX; which tools make the bytes of which file. Does not belong here: judging what a
difference means (verify.py), the data files (compare.py).
"""

from __future__ import annotations

import importlib.util
import posixpath
import zlib
from collections.abc import Iterator, Set
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from pipeline.report.coverage import texts_of

FONTS = "fonts"
MADE_BY: dict[str, Set[str]] = {
    ".csv": {"polars"},
    ".parquet": {"polars"},
    ".html": {"jinja2", FONTS},
    ".xlsx": {"python", "xlsxwriter", "zlib"},
    ".pdf": {
        "cssselect2", "fonttools", "harfbuzz", "harfbuzz-subset", "jinja2", "pango", "pillow", "pydyf", "pyphen", "python",
        "tinycss2", "tinyhtml5", "weasyprint", "zlib", FONTS,
    },
}  # fmt: skip
"""The tools of the manifest that decide the bytes of a published file when its content is the same. FONTS: those of a
manifest of format 1, later they are files of the code. JSON is made by none: it is canonical text."""


def face_text(path: Path) -> list[str] | None:
    """What a face of the report shows: pages of a PDF, texts of an HTML page, cells of a workbook (``place``, a tab, what
    it holds). None where it cannot be read, or is no face."""
    match path.suffix:
        case ".pdf":
            return pdf_text(path)
        case ".html":
            text = _utf8(path)
            return None if text is None else ["\n".join(text.strip() for _, text in texts_of(text))]
        case ".xlsx":
            return _workbook_text(path)
    return None


def can_read(suffix: str) -> bool:
    """Is what reads such a face installed?"""
    return suffix != ".pdf" or importlib.util.find_spec("pypdfium2") is not None


def _utf8(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


_SOME_TEXT = "text"


class _Markup(HTMLParser):
    """Everything of a page but its texts, for they are compared as such: elements with the places of texts among them,
    scripts, styles, comments."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(" ".join([f"<{tag}", *(f"{name}={value!r}" for name, value in attrs)]))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"</{tag}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is not None:
            self.found.append(" ".join(data.split()))
        elif data.strip() and self.found[-1:] != [_SOME_TEXT]:
            self.found.append(_SOME_TEXT)

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}")


def markup(path: Path) -> list[str] | None:
    """What an HTML page is made of besides its texts, piece by piece; None where it cannot be read."""
    text = _utf8(path)
    if text is None:
        return None
    walker = _Markup()
    walker.feed(text)
    walker.close()
    return walker.found


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"}
"""Number formats that a workbook names by number only (ECMA-376 part 1, 18.8.30); a writer may spell them out as well."""
_KNOWN_PARTS = {
    "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml", "xl/styles.xml", "xl/theme/theme1.xml", "xl/workbook.xml",
}  # fmt: skip
_LAYOUT = {
    f"{_MAIN}{name}"
    for name in (
        "cols", "dimension", "pageMargins", "pageSetup", "printOptions", "sheetData", "sheetFormatPr", "sheetPr",
        "sheetViews",
    )
}  # fmt: skip
"""Elements of a sheet that say how wide and how printed, which another version of its writer may write otherwise; cells
and what is hidden are looked at by themselves."""
_BROKEN = (
    BadZipFile, KeyError, IndexError, ValueError, TypeError, OSError, EOFError, NotImplementedError, RuntimeError,
    ElementTree.ParseError, zlib.error,
)  # fmt: skip
"""What a file that is no sound workbook makes its readers raise."""


def _workbook_text(path: Path) -> list[str] | None:
    """What a workbook holds, as another version of its writer keeps it: sheets with their state, what is hidden, cells
    with value, formula and the look of it (number format, colours), names, links, and parts that no table needs. Marks,
    bounds and units (``≥``, ``◆``, ``倍``) stand in the number formats."""
    try:
        with ZipFile(path) as parts:
            if len(set(parts.namelist())) < len(parts.namelist()):
                return None
            return list(_workbook_lines(parts))
    except _BROKEN:
        return None


def _workbook_lines(parts: ZipFile) -> Iterator[str]:
    book, strings, looks = _xml(parts, "xl/workbook.xml"), _strings(parts), _looks(parts)
    places = {r.get("Id"): r.get("Target", "") for r in _xml(parts, "xl/_rels/workbook.xml.rels")}
    read = set(_KNOWN_PARTS)
    for sheet in book.iter(f"{_MAIN}sheet"):
        place = posixpath.normpath(posixpath.join("/xl", places[sheet.get(_RELATION)])).lstrip("/")
        read.add(place)
        name = sheet.get("name", "")
        yield f"{name}\t{sheet.get('state', 'visible')}"
        yield from _sheet_lines(name, _xml(parts, place), strings, looks)
    for each in book.iter(f"{_MAIN}definedName"):
        yield f"{each.get('name')}\t{_plain(each)}"
    for name in sorted(set(parts.namelist()) - read):
        yield f"{name}\t{sha256(parts.read(name)).hexdigest()}"


def _sheet_lines(name: str, sheet: ElementTree.Element, strings: list[str], looks: list[str]) -> Iterator[str]:
    for column in sheet.iterfind(f"{_MAIN}cols/{_MAIN}col"):
        if _on(column.get("hidden")) or float(column.get("width", "1")) == 0:
            yield f"{name} {column.get('min')}-{column.get('max')}\thidden"
    if any(_on(each.get("zeroHeight")) for each in sheet.iterfind(f"{_MAIN}sheetFormatPr")):
        yield f"{name}\trows hidden"
    for row in sheet.iterfind(f"{_MAIN}sheetData/{_MAIN}row"):
        if _on(row.get("hidden")) or float(row.get("ht", "1")) == 0:
            yield f"{name} {row.get('r')}\thidden"
        cells = [_cell(cell, strings, looks) for cell in row.iterfind(f"{_MAIN}c")]
        if held := [cell for cell in cells if cell[0] or cell[1]]:
            yield f"{name} {row.get('r')}\t{[value for value, _, _ in held]} {[f'{f}{look}' for _, f, look in held]}"
    for element in sheet:
        if element.tag not in _LAYOUT:
            yield f"{name} {element.tag.removeprefix(_MAIN)}\t{_plain(element)}"


def _cell(cell: ElementTree.Element, strings: list[str], looks: list[str]) -> tuple[str, str, str]:
    """(value, formula, place and look) of a cell."""
    value = cell.findtext(f"{_MAIN}v", "")
    if cell.get("t") == "s":
        value = strings[_number(value)]
    elif cell.get("t") == "inlineStr":
        value = "".join(cell.find(f"{_MAIN}is").itertext())
    formula = "".join(f"={f.text or ''} {sorted(f.items())} " for f in cell.iterfind(f"{_MAIN}f"))
    return value, formula, f"{cell.get('r')} {looks[_number(cell.get('s', '0'))]}"


def _xml(parts: ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(parts.read(name))


def _number(text: str) -> int:
    """An index: a negative one names nothing, though a list would answer it."""
    number = int(text)
    if number < 0:
        raise IndexError(number)
    return number


def _on(flag: str | None) -> bool:
    return flag in ("1", "true")


def _plain(element: ElementTree.Element) -> str:
    """An element with everything in it, written one way."""
    own = [element.tag.rpartition("}")[2], *(f"{k.rpartition('}')[2]}={v}" for k, v in sorted(element.items()))]
    within = [(element.text or "").strip(), *map(_plain, element)]
    return f"<{' '.join(own)}>{''.join(within)}"


def _strings(parts: ZipFile) -> list[str]:
    """The shared strings by their number."""
    if "xl/sharedStrings.xml" not in parts.namelist():
        return []
    return ["".join(t.text or "" for t in each.iter(f"{_MAIN}t")) for each in _xml(parts, "xl/sharedStrings.xml")]


def _looks(parts: ZipFile) -> list[str]:
    """How a cell of each style looks, by its number: number format, colour of its text and of its ground."""
    styles = _xml(parts, "xl/styles.xml")
    own = styles.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt")
    known = _BUILT_IN | {_number(f.get("numFmtId", "0")): f.get("formatCode", "") for f in own}
    inks = [_inks(font) for font in styles.iterfind(f"{_MAIN}fonts/{_MAIN}font")]
    grounds = [_plain(fill) for fill in styles.iterfind(f"{_MAIN}fills/{_MAIN}fill")]
    looks = []
    for style in styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"):
        number, ink, ground = (_number(style.get(name, "0")) for name in ("numFmtId", "fontId", "fillId"))
        looks.append(f"[{known.get(number, number)}] {inks[ink]} {grounds[ground]}")
    return looks


def _inks(font: ElementTree.Element) -> str:
    """The colour of a text, and whether it is struck out."""
    return " ".join(_plain(each) for each in font if each.tag in (f"{_MAIN}color", f"{_MAIN}strike"))


def pdf_text(path: Path) -> list[str] | None:
    """Text of each page without white space; None where no reader of PDF is installed or it cannot be read."""
    try:
        import pypdfium2
    except ImportError:
        return None
    try:
        with pypdfium2.PdfDocument(path) as document:
            return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    except pypdfium2.PdfiumError:  # also where the file opens and one of its pages does not
        return None


PICTURE_SCALE = 0.75
"""Pages are compared at 54 pixels an inch: fine enough for a figure or a bar, coarse enough for other antialiasing."""

SEEN = 96
"""Shades of grey, of 255, by which a pixel must differ to count where tools or fonts are others."""

SEEN_SHARE = 0.004
"""Share of a page's pixels that must count for its picture to be another one."""


def other_pictures(old: Path, new: Path, *, exact: bool) -> list[int]:
    """Numbers of the pages whose pictures differ, from 1; both must have as many. Empty for other faces than PDF.

    ``exact``: any pixel counts. Otherwise, for other tools and fonts, only what can be seen.
    """
    if old.suffix != ".pdf":
        return []
    import numpy
    import pypdfium2

    found = []
    with pypdfium2.PdfDocument(old) as before, pypdfium2.PdfDocument(new) as after:
        for number in range(min(len(before), len(after))):
            sides = [d[number].render(scale=PICTURE_SCALE, grayscale=True).to_numpy().astype(int) for d in (before, after)]
            if sides[0].shape != sides[1].shape:
                found.append(number + 1)
                continue
            change = numpy.abs(sides[0] - sides[1])
            differs = change.any() if exact else (change > SEEN).mean() > SEEN_SHARE
            if differs:
                found.append(number + 1)
    return found
