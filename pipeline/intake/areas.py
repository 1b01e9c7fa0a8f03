"""The names of a programme's units: which code a name in a return stands for on a day.

Belongs here: the names of ``areas.csv`` as data, looking one up. Does not belong here: reading
``areas.csv`` (programme.py), what follows in a row (area_columns.py), old codes (staging).

Only written names count: the name, the short name, the English name, each with or without the
territory's own name before it and without the kind of unit after it (桥东 for 桥东区). A name that
two units could carry on that day stands for neither.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.unit_types import types_of

_READ = ("area_code", "name_zh", "short_name_zh", "name_en", "unit_type", "valid_from", "valid_to")
_WHOLE = types_of("whole")
_KINDS = ("自治区", "自治州", "自治县", "自治旗", "管理区", "地区", "林区", "特区", "省", "市", "盟", "区", "县", "旗")
_SHORTEST = 2
"""Characters that must be left of a name without its kind: 蔚县 is never 蔚."""


class Named(NamedTuple):
    """What a name stands for: ``code``, or None with the ``rivals`` (names of several units) or the ``nearest``."""

    code: str | None
    rivals: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


class _Entry(NamedTuple):
    code: str
    name: str
    valid_from: str
    valid_to: str
    written: bool

    def holds_on(self, day: str) -> bool:
        return self.valid_from <= day and (not self.valid_to or day <= self.valid_to)


class AreaNames:
    """The names of the units of one programme; ``fingerprint`` changes when a row does that they are taken from.

    ``rows``: rows of ``areas.csv`` with area_code, name_zh, short_name_zh, name_en, unit_type,
    valid_from and valid_to as ISO texts (valid_to blank: still valid).
    """

    def __init__(self, rows: Iterable[Mapping[str, str]] = ()) -> None:
        rows = list(rows)
        self._entries: dict[str, list[_Entry]] = {}
        self._prefixes = _prefixes(rows)
        self._whole = {row["area_code"] for row in rows if row["unit_type"] in _WHOLE}
        digest = hashlib.sha256()
        for row in rows:
            names = {_plain(row[c]) for c in ("name_zh", "short_name_zh", "name_en")} - {""}
            span = (row["valid_from"], row["valid_to"])
            for name in sorted(names):
                self._enter(name, _Entry(row["area_code"], row["name_zh"], *span, True))
                for shorter in sorted(_shorter(self._without_prefix(name)) - names):
                    self._enter(shorter, _Entry(row["area_code"], row["name_zh"], *span, False))
            digest.update("\x1f".join(row[column] for column in _READ).encode() + b"\n")
        self.fingerprint = digest.hexdigest()

    def __bool__(self) -> bool:
        return bool(self._entries)

    def _enter(self, name: str, entry: _Entry) -> None:
        self._entries.setdefault(name, []).append(entry)

    def _without_prefix(self, name: str) -> str:
        return next((name[len(p) :] for p in self._prefixes if name.startswith(p) and name != p), name)

    def find(self, text: str, day: dt.date) -> Named:
        """The unit that ``text`` names on ``day``; inner spaces and full-width forms do not matter."""
        name, on = _plain(text), day.isoformat()
        for form in dict.fromkeys((name, self._without_prefix(name))):
            valid = [e for e in self._entries.get(form, []) if e.holds_on(on)]
            # What is written in areas.csv goes before what is only derived from it.
            best = [e for e in valid if e.written] or valid
            codes = {e.code for e in best}
            if len(codes) == 1:
                return Named(best[0].code)
            if codes:
                return Named(None, tuple(sorted({e.name for e in best})))
        return Named(None, (), self._nearest(name, on))

    def ever(self, text: str) -> str | None:
        """The code of the only unit that was ever called so; None for an unknown or ambiguous name."""
        name = _plain(text)
        forms = (self._entries.get(form, []) for form in (name, self._without_prefix(name)))
        codes = {e.code for e in next((f for f in forms if f), [])}
        return codes.pop() if len(codes) == 1 else None

    def is_whole(self, code: object) -> bool:
        """True for the code of the whole territory."""
        return code in self._whole

    def _nearest(self, name: str, on: str) -> tuple[str, ...]:
        """Names of the units whose names are most like ``name``; several if they are equally like it."""
        valid = {n: es for n, es in self._entries.items() if any(e.holds_on(on) for e in es)}
        near = difflib.get_close_matches(name, sorted(valid), n=3, cutoff=0.4)
        best = [n for n in near if _alike(n, name) == _alike(near[0], name)]
        return tuple(sorted({e.name for n in best for e in valid[n] if e.holds_on(on)}))


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, other, one).ratio()


def _plain(text: str) -> str:
    """The form in which names are compared: NFKC, no white space, no capitals."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _prefixes(rows: list[Mapping[str, str]]) -> tuple[str, ...]:
    """The territory's own name as it may stand before a unit's (张家口市, 张家口), the longest first."""
    names = {_plain(row["name_zh"]) for row in rows if row["unit_type"] in _WHOLE}
    return tuple(sorted({form for n in names for form in _shorter(n)}, key=lambda n: (-len(n), n)))


def _shorter(name: str) -> set[str]:
    """The name itself and the name without its kind."""
    kind = next((k for k in _KINDS if name.endswith(k)), "")
    bare = name.removesuffix(kind)
    return {name, bare} if len(bare) >= _SHORTEST and not name.endswith("开发区") else {name}
