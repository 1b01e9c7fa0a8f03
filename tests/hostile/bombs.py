"""Small files that become large: each maker gives the bytes of one (used in a child process with little memory)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from pipeline.intake import limits
from tests.hostile.files import SHEET_NS, book

SHEET = "xl/worksheets/sheet1.xml"
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
OPEN, CLOSE = f"<worksheet {SHEET_NS}><sheetData>", "</sheetData></worksheet>"


def _with_sheet(pieces: list[tuple[bytes, int]]) -> bytes:
    """A workbook whose sheet is each piece so many times, never held whole."""
    return _with_part(SHEET, pieces)


def _with_part(name: str, pieces: list[tuple[bytes, int]], strings: str | None = None) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(ONE, strings=strings))) as plain,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for entry in plain.namelist():
            if entry != name:
                archive.writestr(entry, plain.read(entry))
        with archive.open(name, "w", force_zip64=True) as target:
            for piece, times in pieces:
                block = max(1, min(times, (1 << 20) // len(piece)))
                for _ in range(times // block):
                    target.write(piece * block)
                target.write(piece * (times % block))
    return buffer.getvalue()


def zeros() -> bytes:
    """Blanks between two tags: 600 MB, honestly declared."""
    return _with_sheet([(OPEN.encode(), 1), (b" ", 600 << 20), (CLOSE.encode(), 1)])


def honest_ratio() -> bytes:
    return _with_sheet([(OPEN.encode(), 1), (b"<row/>", 100 << 20), (CLOSE.encode(), 1)])


def lying_ratio() -> bytes:
    """The directory says 200 bytes, with the checksum of those; the stream goes on for 300 MB."""
    whole = OPEN.encode() + b"<row/>" * 50
    data = bytearray(_with_sheet([(whole, 1), (b"<row/>", 50 << 20), (CLOSE.encode(), 1)]))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(SHEET.encode()))
    struct.pack_into("<I", data, at + 16, zlib.crc32(whole[:200]))
    extra = struct.unpack_from("<H", data, at + 30)[0]
    assert extra == 0
    struct.pack_into("<I", data, at + 24, 200)
    return bytes(data)


def many_parts() -> bytes:
    return book(ONE, parts={f"xl/media/{i}.png": "" for i in range(limits.MAX_PARTS + 1)})


def same_part() -> bytes:
    """Two hundred sheets that are all the same part."""
    return book(ONE, sheets="".join(f'<sheet name="{i}" sheetId="{i + 1}" r:id="rId1"/>' for i in range(200)))


def sheets() -> bytes:
    return book(ONE, sheets="".join(f'<sheet name="{i}" sheetId="{i + 1}" r:id="rId{i}"/>' for i in range(5000)))


def texts() -> bytes:
    start = f"<sst {SHEET_NS}>".encode()
    return _with_part(
        "xl/sharedStrings.xml", [(start, 1), (b"<si/>", limits.MAX_STRINGS + 1), (b"</sst>", 1)], strings="<si/>"
    )


def nested_tags() -> bytes:
    return _with_sheet([(OPEN.encode(), 1), (b"<a>", 60 << 20)])


def endless_tag() -> bytes:
    return _with_sheet([(OPEN.encode(), 1), (b'<c r="', 1), (b"A", 300 << 20), (b'"/>', 1), (CLOSE.encode(), 1)])


def attributes() -> bytes:
    names = b"".join(b'a%d="" ' % i for i in range(1_000_000))
    return _with_sheet([(OPEN.encode(), 1), (b"<c " + names + b"/>", 1), (CLOSE.encode(), 1)])


def entities() -> bytes:
    defined = "".join(f"<!ENTITY e{i + 1} '{f'&e{i};' * 10}'>" for i in range(12))
    return book(whole=f"<!DOCTYPE w [<!ENTITY e0 'lol'>{defined}]>{OPEN}<c><v>&e12;</v></c>{CLOSE}")


def errors() -> bytes:
    row = b"<row>" + b'<c t="e"><v>#N/A</v></c>' * 1000 + b"</row>"
    return _with_sheet([(OPEN.encode(), 1), (row, limits.MAX_MARKED // 1000 + 1), (CLOSE.encode(), 1)])


def sparse() -> bytes:
    """Two cells far from each other."""
    return book(ONE + '<row r="1048576"><c r="ABC1048576"><v>1</v></c></row>')


def merged() -> bytes:
    ranges = b'<mergeCell ref="A1:XFD1048576"/>'
    return _with_sheet(
        [(f"{OPEN}{ONE}</sheetData><mergeCells>".encode(), 1), (ranges, limits.MAX_MARKED + 1), (b"</mergeCells></worksheet>", 1)]
    )


def styles() -> bytes:
    start = f"<styleSheet {SHEET_NS}><cellXfs>".encode()
    return _with_part("xl/styles.xml", [(start, 1), (b"<xf/>", 60 << 20), (b"</cellXfs></styleSheet>", 1)])


def one_line() -> bytes:
    return b"x" * (200 << 20)


def commas() -> bytes:
    return b"," * (200 << 20)


def line_breaks() -> bytes:
    return b"x" + b"\n" * (200 << 20)


def quotes() -> bytes:
    return b'"' + b'\n","' * (40 << 20)


def cells() -> bytes:
    return (b"1," * 1999 + b"1\n") * (limits.MAX_CELLS // 2000 + 1)


def columns() -> bytes:
    return b"1," * 3000 + b"1\n"


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    **{
        make.__name__: ("xlsx", make)
        for make in (
            zeros, honest_ratio, lying_ratio, many_parts, same_part, texts, nested_tags, endless_tag, attributes, entities,
            errors, sparse, merged, styles, sheets,
        )
    },
    **{make.__name__: ("csv", make) for make in (one_line, commas, line_breaks, quotes, cells, columns)},
}  # fmt: skip
"""Name -> ending of the file, maker."""
