"""The code that an edition was made with: found in the repository's history by what it holds, laid out to be run.

Belongs here: the search through the commits, laying a commit out in a folder. Does not belong here: running it
(restore.py), deciding when it is needed (verify.py).

An edition records the hash of its code, not a commit: the same code gives the same edition from a clone, an
archive or a later commit that changed only documents. So the commit is looked for by content. Nothing is written
into the repository, no network is used.
"""

from __future__ import annotations

import ast
import hashlib
import io
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.edition.identity import CODE_FOLDERS, CODE_SUFFIXES, NOT_OF_THE_EDITION, code_digest

LOCK = "requirements.lock"
_IDENTITY = "pipeline/edition/identity.py"


class NoOldCode(LookupError):
    """The recorded code cannot be had. ``args``: why, in Chinese and in English."""

    @property
    def zh(self) -> str:
        return self.args[0]

    @property
    def en(self) -> str:
        return self.args[1]


def lay_out(repository: Path, code_sha256: str, lock_sha256: str, target: Path) -> str:
    """Lay the code with these hashes out in ``target`` (a new folder); returns the commit it was found in.

    Raises NoOldCode where ``repository`` is no repository, or no commit of it holds that code.
    """
    history = History(repository)
    commit = history.find(code_sha256, lock_sha256)
    archive = history.git("archive", "--format=tar", commit)
    target.mkdir(parents=True)
    # Python before 3.11.4 has no filters; what is laid out is the repository's own commit
    careful = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(target, **careful)
    return commit


@dataclass
class History:
    """The commits of a repository, newest first, and the sha256 of what they hold."""

    repository: Path
    _sha256: dict[str, str] = field(default_factory=dict)
    _read: list[tuple[str, str, str]] = field(default_factory=list)
    _walk: Iterator[tuple[str, str, str]] | None = None

    def find(self, code_sha256: str, lock_sha256: str) -> str:
        """The newest commit, on any branch or tag, whose code and locked libraries have these hashes."""
        for commit, code, lock in self.versions():
            if (code, lock) == (code_sha256, lock_sha256):
                return commit
        raise NoOldCode(
            f"仓库历史的 {len(self._read)} 个程序版本中没有当时的程序(可能未取回全部历史,或当时的程序没有提交)",
            f"none of the {len(self._read)} versions in the repository's history is the recorded code "
            f"(the history may be incomplete, or that code was never committed)",
        )

    def versions(self) -> Iterator[tuple[str, str, str]]:
        """(newest commit that holds it, hash of the code, hash of the locked libraries) of every version, newest
        first; each is looked at once, however often it is asked for."""
        yield from self._read
        if self._walk is None:
            self._walk = self._looked_at()
        for version in self._walk:
            self._read.append(version)
            yield version

    def _looked_at(self) -> Iterator[tuple[str, str, str]]:
        seen: set[tuple[tuple[str, str], ...]] = set()
        for commit in self.commits():
            files = self.files(commit)
            held = tuple(sorted(files.items()))
            if held not in seen:
                seen.add(held)
                yield commit, self.code(files), self.sha256(files[LOCK]) if LOCK in files else ""

    def commits(self) -> Iterator[str]:
        if self.git("rev-parse", "--show-prefix").strip():
            raise _no_repository(self.repository)
        yield from self.git("rev-list", "--all", "HEAD", "--date-order").decode().split()

    def files(self, commit: str) -> dict[str, str]:
        """Path -> object name of every file that may belong to the code, and of the locked libraries."""
        listed = self.git("ls-tree", "-r", "-z", "--full-tree", commit, "--", *CODE_FOLDERS, LOCK).decode()
        found = {}
        for line in filter(None, listed.split("\0")):
            head, _, path = line.partition("\t")
            found[path] = head.split()[2]
        return found

    def code(self, files: dict[str, str]) -> str:
        """The hash of the code as that commit itself would give it: it says which of its files count."""
        return code_digest(self.counted(files))

    def counted(self, files: dict[str, str]) -> list[tuple[str, str]]:
        """(path, sha256) of the files that make the code, in the order in which that commit sums them."""
        folders, suffixes, without = _rules_of(self.text(files[_IDENTITY]) if _IDENTITY in files else "")
        wanted = [
            name
            for folder in folders
            for name in sorted((f for f in files if f.startswith(f"{folder}/")), key=PurePosixPath)
            if PurePosixPath(name).suffix in suffixes and not name.startswith(without)
        ]
        self.read(files[name] for name in wanted)
        return [(name, self.sha256(files[name])) for name in wanted]

    def sha256(self, blob: str) -> str:
        """sha256 of an object's bytes, 64 lower-case hexadecimal digits."""
        if blob not in self._sha256:
            self.read([blob])
        return self._sha256[blob]

    def read(self, blobs: Iterable[str]) -> None:
        """Have the sha256 of these objects at hand: all of them by one call."""
        wanted = [blob for blob in dict.fromkeys(blobs) if blob not in self._sha256]
        if not wanted:
            return
        answer, at = self.git("cat-file", "--batch", given="\n".join([*wanted, ""]).encode()), 0
        for blob in wanted:
            head_end = answer.index(b"\n", at)
            size = int(answer[at:head_end].split()[2])
            at = head_end + 1 + size + 1
            self._sha256[blob] = hashlib.sha256(answer[head_end + 1 : at - 1]).hexdigest()

    def hashes(self, commit: str) -> dict[str, str]:
        """sha256 of every file of the code of a commit, by its path."""
        return dict(self.counted(self.files(commit)))

    def text_of(self, path: str, sha256: str) -> str | None:
        """The text that a file had when its sha256 was this one; None where the history does not hold it."""
        try:
            for commit in self.git("log", "--all", "--format=%H", "--date-order", "--", path).decode().split():
                listed = self.git("ls-tree", "-z", "--full-tree", commit, "--", path).split()
                if len(listed) > 2 and self.sha256(blob := listed[2].decode()) == sha256:
                    return self.text(blob)
        except (NoOldCode, UnicodeDecodeError):
            pass
        return None

    def between(self, old: str, new: str, paths: Sequence[str]) -> list[tuple[str, str]]:
        """(commit, first line of its message) of the commits that touch ``paths`` on the way from one commit to the
        other, newest first; where the newer edition was made with older code, those that were taken back."""
        for way in (f"{old}..{new}", f"{new}..{old}"):
            told = self.git("log", "--format=%H %s", way, "--", *(paths or CODE_FOLDERS)).decode("utf-8", "replace")
            if found := [(line[:40], line[41:]) for line in told.splitlines()]:
                return found
        return []

    def text(self, blob: str) -> str:
        return self.git("cat-file", "blob", blob).decode("utf-8")

    def git(self, *arguments: str, given: bytes = b"") -> bytes:
        try:
            done = subprocess.run(["git", "-C", str(self.repository), *arguments], capture_output=True, input=given)
        except FileNotFoundError:
            raise NoOldCode(
                "本机没有 git,不能取出当时的程序", "there is no git here to get the recorded code with"
            ) from None
        if done.returncode:
            raise _no_repository(self.repository)
        return done.stdout


def _rules_of(identity: str) -> tuple[tuple[str, ...], set[str], tuple[str, ...]]:
    """Which files make the code, as an identity module states it in its constants; today's where it does not."""
    found = {"CODE_FOLDERS": CODE_FOLDERS, "CODE_SUFFIXES": CODE_SUFFIXES, "NOT_OF_THE_EDITION": NOT_OF_THE_EDITION}
    for node in ast.parse(identity).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in found:
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found["CODE_FOLDERS"], found["CODE_SUFFIXES"], found["NOT_OF_THE_EDITION"]


def _no_repository(folder: Path) -> NoOldCode:
    return NoOldCode(
        "安装文件夹不是带历史的 git 仓库,不能取出当时的程序",
        "the installation is not a git repository with its history; the recorded code cannot be had from it",
    )
