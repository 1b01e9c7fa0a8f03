"""Keeping what an edition was made from, by content: ``editions/<programme>/inputs/<sha256>``.

Belongs here: storing and finding bytes by their sha256. Does not belong here: what they mean, publishing.

A later correction in ``data_raw/`` therefore does not take the past away: every published edition can be made
again from its kept inputs alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from pipeline.mishap import Mishap

INPUTS = "inputs"
PARTIAL = ".partial"
READ_ONLY = 0o444


class Received(Protocol):
    """What is needed of a registered file: where it lies and what it holds."""

    @property
    def path(self) -> str: ...

    @property
    def sha256(self) -> str: ...


class KeepError(Mishap):
    """An input cannot be kept. ``str()`` says which file, why and what to do, in Chinese and English."""


def sha256_of(data: bytes) -> str:
    """sha256 of the bytes, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def keep_inputs(
    programme_root: Path,
    registrations: Iterable[Received],
    reference_files: Iterable[str],
    editions_programme_folder: Path,
) -> list[Path]:
    """Copy every input to ``<editions_programme_folder>/inputs/<sha256>``, once; the kept files, sorted.

    ``registrations`` are the received files of the edition, ``reference_files`` the names of plan and territory
    files beside them. A kept file is read-only, appears whole or not at all, and is never written again.
    Raises KeepError where a received file is not the registered one, or a kept file is damaged.
    """
    folder = editions_programme_folder / INPUTS
    folder.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(folder)
    wanted = {r.path: r.sha256.lower() for r in registrations} | {name: "" for name in reference_files}
    kept = set()
    for name in sorted(wanted):
        data = _read(programme_root, name)
        digest = sha256_of(data)
        if wanted[name] and digest != wanted[name]:
            raise KeepError(
                f"{name} 的内容与登记不符(登记 {wanted[name][:12]},现为 {digest[:12]}),未存档;请重新运行 / "
                f"{name} is not the registered file; nothing was kept, run again"
            )
        _store(folder / digest, data, name)
        kept.add(folder / digest)
    return sorted(kept)


def kept_bytes(folder: Path, digest: str) -> bytes | None:
    """The kept bytes of that sha256; None where there are none, or where they no longer have that sha256."""
    path = folder / digest
    if not path.is_file():
        return None
    data = path.read_bytes()
    return data if sha256_of(data) == digest else None


def _read(root: Path, name: str) -> bytes:
    try:
        return (root / name).read_bytes()
    except OSError as problem:
        raise KeepError(
            f"无法读取 {name},未存档;请检查文件后重新运行 / {name} cannot be read ({problem.strerror})"
        ) from problem


def _store(target: Path, data: bytes, name: str) -> None:
    if target.exists():
        if target.read_bytes() != data:
            raise KeepError(
                f"存档 {INPUTS}/{target.name}({name})已损坏;请把它移走后重新运行,旧版本用 jiance verify 核对 / "
                f"the kept copy of {name} is damaged; move it away, run again, then verify the older editions"
            )
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}{PARTIAL}")
    try:
        with partial.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        partial.chmod(READ_ONLY)
        _into_place(partial, target)
    except OSError as problem:
        raise KeepError(
            f"无法存档 {name}:{problem.strerror};请检查磁盘空间和权限 / {name} cannot be kept: {problem.strerror}"
        ) from problem
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def _clear_abandoned(folder: Path) -> None:
    """Remove what killed runs left half-written; runs of other years that are alive keep theirs."""
    for partial in folder.glob(f".*{PARTIAL}"):
        number = partial.name.removesuffix(PARTIAL).rpartition(".")[2]
        if number.isdigit() and not _alive(int(number)):
            partial.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it belongs to somebody else
    return True


def _into_place(partial: Path, target: Path) -> None:
    """Give the finished file its name, unless another run was first; never replaces a kept file."""
    try:
        os.link(partial, target)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not target.exists():
            os.rename(partial, target)
