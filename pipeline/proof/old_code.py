"""The code that an edition was made with: found in the repository's history by what it holds, laid out to be run.

Belongs here: the search through the commits, laying a commit out in a folder. Does not belong here: running it
(restore.py), deciding when it is needed (verify.py).

An edition records the hash of its code, not a commit: the same code gives the same edition from a clone, an
archive or a later commit that changed only documents. So the commit is looked for by content. Nothing is written
into the repository, no network is used.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import subprocess
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.edition.identity import CODE_FOLDERS, CODE_SUFFIXES, NOT_OF_THE_EDITION, code_digest

LOCK = "requirements.lock"
Rules = tuple[tuple[str, ...], set[str], tuple[str, ...]]
"""Which files count: folders, suffixes, beginnings of paths that do not."""
_FOLDER, _FILES = b"40000", (b"100644", b"100755")
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
    """Lay the code with these hashes out in ``target`` (a new folder), byte for byte as it was committed, without
    symbolic links; returns the commit it was found in.

    Raises NoOldCode where ``repository`` is no repository, or no commit of it holds that code.
    """
    history = History(repository)
    commit = history.find(code_sha256, lock_sha256)
    # not by "git archive", which writes files as attributes and the user's settings want them (line ends)
    for name, data in history.everything(commit):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return commit


_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY")
"""Settings of the environment that would make git read another repository."""


@dataclass
class History:
    """The commits of a repository, newest first, and the sha256 of what they hold.

    Everything is read as it was committed, through one process of git that answers for objects; only commands whose
    output no setting of the user changes are called beside it.
    """

    repository: Path
    _reader: subprocess.Popen[bytes] | None = None
    _sha256: dict[str, str] = field(default_factory=dict)
    _roots: dict[str, str] = field(default_factory=dict)
    _trees: dict[tuple[str, bool], dict[str, str]] = field(default_factory=dict)
    _rules: dict[str, Rules] = field(default_factory=dict)
    _texts: dict[str, dict[str, str]] = field(default_factory=dict)
    _listed: list[str] = field(default_factory=list)
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
        first; each is looked at once, however often it is asked for. Raises NoOldCode where one cannot be read."""
        yield from self._read
        if self._walk is None:
            self._walk = self._looked_at()
        try:
            for version in self._walk:
                self._read.append(version)
                yield version
        except NoOldCode:  # asked again, it says so again
            self._walk, self._read = None, []
            raise

    def _looked_at(self) -> Iterator[tuple[str, str, str]]:
        seen: set[tuple[tuple[str, str], ...]] = set()
        for commit in self.commits():
            files = self._code_of(commit)
            if (held := tuple(files.items())) not in seen:
                seen.add(held)
                code = code_digest((name, self.sha256(files[name])) for name in self._counted(files))
                yield commit, code, self.sha256(files[LOCK]) if LOCK in files else ""

    def commits(self) -> list[str]:
        """All commits, newest first."""
        if not self._listed:
            if self.git("rev-parse", "--show-prefix").strip():
                raise _no_repository("a folder in a repository")
            self._listed = self.git("rev-list", "--all", "HEAD", "--date-order").decode().split()
        return self._listed

    def _code_of(self, commit: str) -> dict[str, str]:
        """Path -> object name of every file of a commit that may belong to the code, and of the locked libraries."""
        return self._files(self._tree_of(commit), top=True)

    def _tree_of(self, commit: str) -> str:
        if commit not in self._roots:
            self._roots[commit] = self.object(commit).partition(b"\n")[0].removeprefix(b"tree ").decode()
        return self._roots[commit]

    def _files(self, tree: str, top: bool = False) -> dict[str, str]:
        """Path -> object name of every file of a tree; of a commit's own tree only what may belong to the code."""
        known = self._trees.get((tree, top))
        if known is None:
            known = {}
            for name, mode, object_name in _entries(self.object(tree), len(tree) // 2):
                if top and name not in (*CODE_FOLDERS, LOCK):
                    continue
                if mode == _FOLDER:
                    known |= {f"{name}/{sub}": blob for sub, blob in self._files(object_name).items()}
                elif mode in _FILES:
                    known[name] = object_name
            self._trees[tree, top] = known
        return known

    def _counted(self, files: dict[str, str]) -> list[str]:
        """The files that make the code, in the order in which that version itself sums them: it says which count."""
        folders, suffixes, without = self._rules_in(files.get(_IDENTITY))
        return [
            name
            for folder in folders
            for name in sorted((f for f in files if f.startswith(f"{folder}/")), key=lambda f: f.split("/"))
            if PurePosixPath(name).suffix in suffixes and not name.startswith(without)
        ]

    def _rules_in(self, blob: str | None) -> Rules:
        if blob is None:
            return _rules_of("")
        if blob not in self._rules:
            self._rules[blob] = _rules_of(self.object(blob).decode("utf-8"))
        return self._rules[blob]

    def sha256(self, blob: str) -> str:
        """sha256 of an object's bytes."""
        if blob not in self._sha256:
            self._sha256[blob] = hashlib.sha256(self.object(blob)).hexdigest()
        return self._sha256[blob]

    def object(self, name: str) -> bytes:
        """The bytes of an object. Raises NoOldCode where it is not there."""
        if self._reader is None:
            self._reader = self._started("cat-file", "--batch")
            weakref.finalize(self, _ended, self._reader)
        asked, answered = self._reader.stdin, self._reader.stdout
        assert asked is not None and answered is not None
        try:
            asked.write(f"{name}\n".encode())
            asked.flush()
            head = answered.readline().split()
            data = answered.read(int(head[2]) + 1) if len(head) == 3 else b""
        except BrokenPipeError:
            head = data = b""
        if not data:
            raise NoOldCode(
                f"仓库历史不完整,缺少 {name[:12]}", f"the repository's history is incomplete: {name[:12]} is missing"
            )
        return data[:-1]

    def everything(self, commit: str) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of every file of a commit. Raises NoOldCode where one would lie outside its folder."""
        for name, blob in self._files(self._tree_of(commit)).items():
            if {"", ".", ".."}.intersection(name.split("/")):
                raise NoOldCode(f"提交 {commit[:12]} 中有越界的文件名", f"a path in commit {commit[:12]} leaves its folder")
            yield name, self.object(blob)

    def hashes(self, commit: str) -> dict[str, str]:
        """sha256 of every file of the code of a commit, by its path."""
        files = self._code_of(commit)
        return {name: self.sha256(files[name]) for name in self._counted(files)}

    def text_of(self, path: str, sha256: str) -> str | None:
        """The text that a file had when its sha256 was this one; None where the history does not hold it."""
        try:
            if path not in self._texts:
                blobs = dict.fromkeys(blob for c in self.commits() if (blob := self._code_of(c).get(path)) is not None)
                self._texts[path] = {self.sha256(blob): blob for blob in blobs}
            blob = self._texts[path].get(sha256)
            return None if blob is None else self.object(blob).decode("utf-8")
        except (NoOldCode, UnicodeDecodeError):
            return None

    def between(self, old: str, new: str, paths: Sequence[str]) -> list[tuple[str, str]]:
        """(commit, first line of its message) of the commits that touch ``paths`` on the way from one commit to the
        other, newest first; where the newer edition was made with older code, those that were taken back."""
        for way in (f"{old}..{new}", f"{new}..{old}"):
            found = self.git("rev-list", way, "--", *(paths or CODE_FOLDERS)).decode().split()
            if found:
                return [(commit, self._subject(commit)) for commit in found]
        return []

    def _subject(self, commit: str) -> str:
        message = self.object(commit).partition(b"\n\n")[2].decode("utf-8", "replace")
        return message.strip().partition("\n")[0]

    def git(self, *arguments: str) -> bytes:
        """What a command of git prints. Raises NoOldCode where there is no git, or it fails."""
        process = self._started(*arguments, errors=subprocess.PIPE)
        told, problem = process.communicate()
        if process.returncode:
            raise _no_repository(problem.decode("utf-8", "replace").strip().partition("\n")[0])
        return told

    def _started(self, *arguments: str, errors: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        try:
            return subprocess.Popen(
                ["git", "--no-replace-objects", "-C", str(self.repository), *arguments],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                env=environment | {"GIT_NO_LAZY_FETCH": "1"},
            )  # fmt: skip
        except FileNotFoundError:
            raise NoOldCode(
                "本机没有 git,不能取出当时的程序", "there is no git here to get the recorded code with"
            ) from None


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Let a process that answers questions go."""
    with contextlib.suppress(BrokenPipeError):
        process.communicate()


def _entries(tree: bytes, length: int) -> Iterator[tuple[str, bytes, str]]:
    """(name, mode, object name) of what a tree object lists; ``length``: bytes of an object name."""
    at = 0
    while at < len(tree):
        space, end = tree.index(b" ", at), tree.index(b"\0", at)
        mode, name = tree[at:space], tree[space + 1 : end].decode("utf-8", "surrogateescape")
        at = end + 1 + length
        yield name, mode, tree[end + 1 : at].hex()


def _rules_of(identity: str) -> Rules:
    """Which files make the code, as an identity module states it in its constants; today's where it does not."""
    found = {"CODE_FOLDERS": CODE_FOLDERS, "CODE_SUFFIXES": CODE_SUFFIXES, "NOT_OF_THE_EDITION": NOT_OF_THE_EDITION}
    for node in ast.parse(identity).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in found:
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found["CODE_FOLDERS"], found["CODE_SUFFIXES"], found["NOT_OF_THE_EDITION"]


def _no_repository(problem: str) -> NoOldCode:
    return NoOldCode(
        f"安装文件夹不是带历史的 git 仓库,不能取出当时的程序(git:{problem})",
        "the installation is not a git repository with its history; the recorded code cannot be had from it "
        f"(git: {problem})",
    )
