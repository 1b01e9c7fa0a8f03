"""What of the code is not the same: which files, where in them, and which commits made it so.

Belongs here: naming the change of code between two versions. Does not belong here: finding a version in the history
(old_code.py), what the change does to figures (diff.py) or to an edition (verify.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice, zip_longest
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from pipeline.edition.identity import code_files, summed
from pipeline.programme import CODE_ROOT
from pipeline.proof.compare import first_path
from pipeline.proof.old_code import History, NoOldCode

RULES = "pipeline/quality/rules/"
MOST_NAMED = 50
"""Changes that are looked up line by line; of more, only the first are of use to a reader."""
LONGEST = 100
_NO_TEXT = {".ttf"}
# The text of a file of the code, by its path and sha256; None where it cannot be had.
Text = Callable[[str, str], str | None]


@dataclass(frozen=True)
class CodeChange:
    """One place of the code that is not the same: a line of a file, a key of a validation rule, or a whole file.

    ``line`` and ``rule`` (such as ``C10.thresholds.low_percent``) as far as they are known; ``old`` and ``new`` are
    what stands there, None where there is nothing or it is not known.
    """

    path: str
    line: int | None = None
    rule: str = ""
    old: str | None = None
    new: str | None = None
    missing: bool = False
    added: bool = False

    @property
    def zh(self) -> str:
        return f"{self.path}{self._place(f' 第 {self.line} 行', '(缺少)', '(多出)')}{self._values(':')}"

    @property
    def en(self) -> str:
        return f"{self.path}{self._place(f' line {self.line}', ' (missing)', ' (new)')}{self._values(': ')}"

    def _place(self, line: str, missing: str, added: str) -> str:
        if self.missing or self.added:
            return missing if self.missing else added
        return f" {self.rule}" if self.rule else line if self.line else ""

    def _values(self, mark: str) -> str:
        if self.old is None and self.new is None:
            return ""
        return f"{mark}{_short(self.old)} → {_short(self.new)}"


def _short(text: str | None) -> str:
    text = (text or "").strip() or "-"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


@dataclass(frozen=True)
class Versions:
    """The change of code between two editions: the commits that hold the two versions (empty: not in the history,
    then ``problem`` says why, Chinese and English), the commits between them that touch it, and where it changed.

    ``between``: (commit, first line of its message), newest first.
    """

    old: str = ""
    new: str = ""
    between: tuple[tuple[str, str], ...] = ()
    problem: tuple[str, str] = ("", "")
    changes: tuple[CodeChange, ...] = field(default=())

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "old_commit": self.old,
            "new_commit": self.new,
            "commits": [{"commit": commit, "subject": subject} for commit, subject in self.between],
            "not_found": {"zh": self.problem[0], "en": self.problem[1]},
            "changes": [asdict(c) for c in self.changes],
        }


def changes_here(recorded: Mapping[str, str], root: Path = CODE_ROOT) -> list[CodeChange]:
    """Where the code of the installation ``root`` is not the recorded one (sha256 by path, as manifests hold it)."""

    def here(path: str, _: str) -> str | None:
        return (root / path).read_text("utf-8")

    return [*_changes(recorded, code_files(root), History(root).text_of, here)]


def versions(old: Mapping[str, Any], new: Mapping[str, Any], root: Path = CODE_ROOT) -> Versions:
    """The change of code from one manifest to another, as the history of ``root`` knows it."""
    history = History(root)
    found, problem = ["", ""], ("", "")
    for number, manifest in enumerate((old, new)):
        try:
            found[number] = history.find(manifest["code_sha256"], manifest["lock_sha256"])
        except NoOldCode as unknown:
            problem = problem if problem[0] else (unknown.zh, unknown.en)
    files = [m.get("code_files") for m in (old, new)]
    changes: list[CodeChange] = []
    if all(files):
        changes = [*_changes(*files, history.text_of, history.text_of)]
    elif all(found):
        changes = [*_changes(*(history.hashes(commit) for commit in found), history.text_of, history.text_of)]
    between: list[tuple[str, str]] = []
    if all(found):
        between = history.between(*found, sorted({c.path for c in changes}))
    return Versions(*found, tuple(between), problem, tuple(changes))


def _changes(before: Mapping[str, str], after: Mapping[str, str], old: Text, new: Text) -> Iterator[CodeChange]:
    """Every place that changed, in the order in which the files are summed."""
    names = [name for name, _ in summed({**before, **after}) if before.get(name) != after.get(name)]
    for number, name in enumerate(names):
        if name not in after or name not in before:
            yield CodeChange(name, missing=name not in after, added=name not in before)
        elif number >= MOST_NAMED or PurePosixPath(name).suffix in _NO_TEXT:
            yield CodeChange(name)
        else:
            yield from _places(name, old(name, before[name]), new(name, after[name]))


def _places(name: str, old: str | None, new: str | None) -> Iterator[CodeChange]:
    if old is None or new is None:
        yield CodeChange(name)
        return
    if name.startswith(RULES) and (keys := [*islice(_rule_changes(old, new), MOST_NAMED)]):
        yield from (CodeChange(name, rule=key, old=a, new=b) for key, a, b in keys)
        return
    lines = zip_longest(old.splitlines(), new.splitlines())
    at = next(((n, a, b) for n, (a, b) in enumerate(lines, start=1) if a != b), None)
    yield CodeChange(name, *((at[0], "", at[1], at[2]) if at else ()))


def _rule_changes(old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """(rule and key, old, new) of what differs in two files of rules; nothing where one cannot be read."""
    try:
        documents = [yaml.safe_load(text) for text in (old, new)]
        sides = [{rule["id"]: rule for rule in document["rules"]} for document in documents]
    except (yaml.YAMLError, KeyError, TypeError):
        return
    yield from first_path(*sides)
