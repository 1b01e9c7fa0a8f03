"""A received file on disk: where it may lie, what it may be, and its bytes.

Belongs here: refusing to open what is no plain file of reasonable size inside its folder. Does not belong here:
the register (register.py) and what the bytes mean.
"""

from __future__ import annotations

import stat
import unicodedata
from pathlib import Path

from pipeline.intake import limits


class NotAFile(Exception):
    """What lies there is not opened; ``zh`` and ``en`` say why, completing a sentence that begins with its name."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def locate(programme_root: Path, path: str) -> Path:
    """The file of a registered path; a name stored decomposed (NFD) is found as well."""
    plain = programme_root / path
    if plain.exists():
        return plain
    decomposed = programme_root / unicodedata.normalize("NFD", path)
    return decomposed if decomposed.exists() else plain


def received_bytes(programme_root: Path, path: str, most: int = limits.MAX_FILE_BYTES) -> bytes:
    """The bytes of a file inside ``programme_root``, at most ``most``.

    Raises NotAFile for a link that leads outside, a pipe or device, and a file that is too large
    (none of them is opened); OSError where there is nothing, a folder, or what cannot be opened.
    """
    place = locate(programme_root, path)
    try:
        real = place.resolve(strict=True)
    except (RuntimeError, ValueError) as error:  # a ring of links, a name no file can have
        raise OSError(None, str(error)) from error
    if not real.is_relative_to(programme_root.resolve()):
        raise NotAFile("指向数据文件夹之外", "leads outside the data folder")
    about = real.stat()
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(None, "is a folder")
    if not stat.S_ISREG(about.st_mode):
        raise NotAFile("不是普通文件", "is not a plain file")
    if about.st_size > most:
        raise _too_large(most)
    with real.open("rb") as handle:
        data = handle.read(most + 1)
    if len(data) > most:
        raise _too_large(most)
    return data


def _too_large(most: int) -> NotAFile:
    return NotAFile(f"超过 {most >> 20} MB", f"has more than {most >> 20} MB")
