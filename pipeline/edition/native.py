"""The system libraries that an edition's bytes depend on.

Belongs here: asking them for their versions. Does not belong here: the Python libraries (manifest.py).
"""

from __future__ import annotations

import ctypes
import zlib


def native_versions() -> dict[str, str]:
    """Versions of the system libraries that shape, subset and compress text (they decide the PDF's bytes).

    Raises OSError where a library is missing, with its name.
    """
    shaping = {
        name: _version_string(library, function)
        for name, library, function in (
            ("pango", "libpango-1.0.so.0", "pango_version_string"),
            ("harfbuzz", "libharfbuzz.so.0", "hb_version_string"),
            ("harfbuzz-subset", "libharfbuzz-subset.so.0", "hb_version_string"),
        )
    }
    return shaping | {"zlib": zlib.ZLIB_RUNTIME_VERSION}


def _version_string(library: str, function: str) -> str:
    call = getattr(ctypes.CDLL(library), function)
    call.restype = ctypes.c_char_p
    return call().decode()
