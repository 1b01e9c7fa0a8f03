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
Rules = tuple[tuple[str, ...], set[str], tuple[str, ...]]
"""Which files count: folders, suffixes, beginnings of paths that do not."""
_FOLDER, _SUBMODULE = b"40000", b"160000"
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


FIRST_LOOK, MOST_AT_ONCE = 8, 64
"""How many commits are looked at by one call of git: few at first, for what is sought is mostly new."""


@dataclass
class History:
    """The commits of a repository, newest first, and the sha256 of what they hold.

    Objects are read many at a time: a call of git costs more than what it answers.
    """

    repository: Path
    _sha256: dict[str, str] = field(default_factory=dict)
    _trees: dict[str, dict[str, tuple[bool, str]]] = field(default_factory=dict)
    _rules: dict[str, Rules] = field(default_factory=dict)
    _texts: dict[str, dict[str, bytes]] = field(default_factory=dict)
    _listed: list[tuple[str, str]] = field(default_factory=list)
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
        listed, at, size = self.commits(), 0, FIRST_LOOK
        while at < len(listed):
            those = listed[at : at + size]
            at, size = at + size, min(2 * size, MOST_AT_ONCE)
            self._load(tree for _, tree in those)
            new = []
            for commit, tree in those:
                files = self._files(tree)
                if (held := tuple(sorted(files.items()))) not in seen:
                    seen.add(held)
                    new.append((commit, files))
            named = [self._counted(files) for files in self._with_rules([files for _, files in new])]
            self.read(
                [files[n] for (_, files), names in zip(new, named, strict=True) for n in (*names, LOCK) if n in files]
            )
            for (commit, files), names in zip(new, named, strict=True):
                code = code_digest((name, self._sha256[files[name]]) for name in names)
                yield commit, code, self._sha256[files[LOCK]] if LOCK in files else ""

    def commits(self) -> list[tuple[str, str]]:
        """(commit, its tree), newest first."""
        if not self._listed:
            if self.git("rev-parse", "--show-prefix").strip():
                raise _no_repository(self.repository)
            told = self.git("log", "--all", "HEAD", "--date-order", "--format=%H %T").decode()
            self._listed = [(commit, tree) for commit, tree in map(str.split, told.splitlines())]
        return self._listed

    def _load(self, roots: Iterable[str]) -> None:
        """Have at hand the trees of these commits, as far as they may belong to the code: a call of git a level."""
        wanted, tops = [tree for tree in dict.fromkeys(roots) if tree not in self._trees], (*CODE_FOLDERS, LOCK)
        top = set(wanted)
        while wanted:
            for tree, data in self.objects(wanted).items():
                entries = _entries(data, len(tree) // 2)
                self._trees[tree] = {n: e for n, e in entries.items() if tree not in top or n in tops}
            below = (e for tree in wanted for e in self._trees[tree].values())
            wanted = [tree for tree in dict.fromkeys(sub for is_tree, sub in below if is_tree) if tree not in self._trees]

    def _files(self, tree: str, start: str = "") -> dict[str, str]:
        """Path -> object name of every file that may belong to the code, and of the locked libraries."""
        found = {}
        for name, (is_tree, object_name) in self._trees[tree].items():
            if is_tree:
                found |= self._files(object_name, f"{start}{name}/")
            else:
                found[start + name] = object_name
        return found

    def _with_rules(self, every: list[dict[str, str]]) -> list[dict[str, str]]:
        """Have at hand which files each of these versions counts."""
        blobs = {files[_IDENTITY] for files in every if _IDENTITY in files} - set(self._rules)
        self._rules |= {blob: _rules_of(data.decode("utf-8")) for blob, data in self.objects(sorted(blobs)).items()}
        return every

    def _counted(self, files: dict[str, str]) -> list[str]:
        """The files that make the code, in the order in which that version itself sums them: it says which count."""
        folders, suffixes, without = self._rules[files[_IDENTITY]] if _IDENTITY in files else _rules_of("")
        return [
            name
            for folder in folders
            for name in sorted((f for f in files if f.startswith(f"{folder}/")), key=PurePosixPath)
            if PurePosixPath(name).suffix in suffixes and not name.startswith(without)
        ]

    def read(self, blobs: Iterable[str]) -> None:
        """Have the sha256 of these objects at hand: all of them by one call."""
        wanted = [blob for blob in dict.fromkeys(blobs) if blob not in self._sha256]
        self._sha256 |= {blob: hashlib.sha256(data).hexdigest() for blob, data in self.objects(wanted).items()}

    def objects(self, names: Sequence[str]) -> dict[str, bytes]:
        """The bytes of these objects by name: all of them by one call. Raises NoOldCode where one is not there."""
        if not names:
            return {}
        answer, at, found = self.git("cat-file", "--batch", given="\n".join([*names, ""]).encode()), 0, {}
        for name in names:
            head_end = answer.index(b"\n", at)
            head = answer[at:head_end].split()
            if len(head) != 3:
                raise NoOldCode(
                    f"仓库历史不完整,缺少 {name[:12]}", f"the repository's history is incomplete: {name[:12]} is missing"
                )
            at = head_end + 1 + int(head[2]) + 1
            found[name] = answer[head_end + 1 : at - 1]
        return found

    def hashes(self, commit: str) -> dict[str, str]:
        """sha256 of every file of the code of a commit, by its path."""
        tree = self.git("rev-parse", f"{commit}^{{tree}}").decode().strip()
        self._load([tree])
        (files,) = self._with_rules([self._files(tree)])
        names = self._counted(files)
        self.read(files[name] for name in names)
        return {name: self._sha256[files[name]] for name in names}

    def text_of(self, path: str, sha256: str) -> str | None:
        """The text that a file had when its sha256 was this one; None where the history does not hold it."""
        try:
            if path not in self._texts:
                trees = [tree for _, tree in self.commits()]
                self._load(trees)
                blobs = dict.fromkeys(blob for tree in trees if (blob := self._at(tree, path)) is not None)
                held = self.objects([*blobs]).values()
                self._texts[path] = {hashlib.sha256(data).hexdigest(): data for data in held}
            found = self._texts[path].get(sha256)
            return None if found is None else found.decode("utf-8")
        except (NoOldCode, UnicodeDecodeError):
            return None

    def _at(self, tree: str, path: str) -> str | None:
        """The object of a file in a commit's tree; None where it has none."""
        *folders, name = path.split("/")
        for folder in folders:
            is_tree, tree = self._trees[tree].get(folder, (False, ""))
            if not is_tree:
                return None
        is_tree, blob = self._trees[tree].get(name, (True, ""))
        return None if is_tree else blob

    def between(self, old: str, new: str, paths: Sequence[str]) -> list[tuple[str, str]]:
        """(commit, first line of its message) of the commits that touch ``paths`` on the way from one commit to the
        other, newest first; where the newer edition was made with older code, those that were taken back."""
        for way in (f"{old}..{new}", f"{new}..{old}"):
            told = self.git("log", "--format=%H %s", way, "--", *(paths or CODE_FOLDERS)).decode("utf-8", "replace")
            if found := [(line[:40], line[41:]) for line in told.splitlines()]:
                return found
        return []

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


def _entries(tree: bytes, length: int) -> dict[str, tuple[bool, str]]:
    """Name -> (is it a folder, object name) of what a tree object lists; ``length``: bytes of an object name."""
    found, at = {}, 0
    while at < len(tree):
        space, end = tree.index(b" ", at), tree.index(b"\0", at)
        mode, name = tree[at:space], tree[space + 1 : end].decode("utf-8", "surrogateescape")
        at = end + 1 + length
        if mode != _SUBMODULE:
            found[name] = (mode == _FOLDER, tree[end + 1 : at].hex())
    return found


def _rules_of(identity: str) -> Rules:
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
