"""What is published: every edition with its state, for ``jiance editions``.

Belongs here: listing. Does not belong here: verifying (verify.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from pipeline.programme import Home
from pipeline.proof.compare import several
from pipeline.proof.restore import Edition, EditionError, open_edition, published_editions
from pipeline.proof.show import one_line
from pipeline.proof.signing import known_keys, look_at
from pipeline.proof.verify import verify

# What stands in place of a key's name where there is none.
UNSIGNED, UNKNOWN, BROKEN = "", "?", "!"
_SIGNED = {
    UNSIGNED: ("未签名", "not signed"),
    UNKNOWN: ("签名的公钥不认识", "signed by an unknown key"),
    BROKEN: ("签名不符", "BROKEN signature"),
}
_WORDS = {
    "same": ("重建相同", "rebuilds the same"),
    "hashes": ("校验值相符", "hashes agree"),
    "different": ("核对不符", "FAILS verification"),
    "other_bytes": ("数据相同、字节不同", "same data, other bytes"),
    "cannot_rebuild": ("不能重建", "cannot be rebuilt"),
    "unreadable": ("清单无法读取", "manifest unreadable"),
}


@dataclass(frozen=True)
class Listed:
    """One published edition. ``outcome`` as in a verification (``hashes``: the same, but nothing was rebuilt);
    ``superseded_by`` is empty for the newest one; ``signed_by`` is the name of the key, or one of the signs above."""

    label: str
    vintage_id: str
    build_id: str
    data_status: str
    maturity: str
    superseded_by: str
    reason: str
    outcome: str
    missing_inputs: int
    signed_by: str
    first_zh: str
    first_en: str

    @property
    def sound(self) -> bool:
        return self.outcome in ("same", "hashes", "other_bytes") and not self.missing_inputs

    def document(self) -> dict[str, Any]:
        return asdict(self)

    def text(self, pick: Callable[[str, str], str]) -> str:
        """One line, whatever stands in the names and reasons of others."""
        state = pick(*_WORDS[self.outcome])
        if self.missing_inputs:
            state += pick(f",缺 {self.missing_inputs} 个原始文件", f", {several(self.missing_inputs, 'input')} missing")
        if self.outcome == "different":
            state += f":{pick('', ' ')}{pick(self.first_zh, self.first_en)}"
        parts = [
            self.label,
            state,
            f"vintage {self.vintage_id}",
            f"build {self.build_id}",
            self.data_status,
            self.maturity,
            pick(*_SIGNED.get(self.signed_by, (f"由 {self.signed_by} 签名", f"signed by {self.signed_by}"))),
        ]
        if self.superseded_by:
            parts.append(
                pick(
                    f"已被 {self.superseded_by} 替换({self.reason})",
                    f"superseded by {self.superseded_by} ({self.reason})",
                )
            )
        return one_line("  ".join(parts))


def overview(home: Home, *, rebuilding: bool = False) -> list[Listed]:
    """Every published edition, by programme, year and revision; hashes only, unless ``rebuilding``."""
    found = published_editions(home)
    newer = {}
    for (label, _), (after, folder) in pairwise(found):
        if label.rpartition("/r")[0] == after.rpartition("/r")[0]:
            newer[label] = (after.rpartition("/")[2], folder)
    return [_listed(home, label, folder, newer.get(label), rebuilding) for label, folder in found]


def _listed(home, label, folder, newer, rebuilding) -> Listed:
    from pipeline.proof.restore import locate_inputs

    try:
        edition = open_edition(folder)
        told = verify(folder, home, rebuilding=rebuilding)
        missing = locate_inputs(edition, home).missing if told.steps[0].sound is not None else []
    except (EditionError, KeyError, TypeError) as problem:
        return Listed(
            label,
            "-",
            "-",
            "-",
            "-",
            newer[0] if newer else "",
            "",
            "unreadable",
            0,
            UNSIGNED,
            str(problem),
            str(problem),
        )
    m = edition.manifest
    first = told.first
    return Listed(
        label=label,
        vintage_id=str(m.get("vintage_id")),
        build_id=str(m.get("build_id")),
        data_status=str(m.get("data_status")),
        maturity=str(m.get("maturity")),
        superseded_by=newer[0] if newer else "",
        reason=_reason(newer),
        outcome="hashes" if told.outcome == "same" and not rebuilding else told.outcome,
        missing_inputs=len(missing),
        signed_by=_signed_by(home, edition),
        first_zh=f"{first.name} {first.zh}" if first else told.cannot_zh,
        first_en=f"{first.name} {first.en}" if first else told.cannot_en,
    )


def _signed_by(home: Home, edition: Edition) -> str:
    found = look_at(edition.folder, known_keys(home.data_raw / edition.programme))
    if found.state == "sound":
        return found.key.name
    return {"unsigned": UNSIGNED, "unknown_key": UNKNOWN}.get(found.state, BROKEN)


def _reason(newer) -> str:
    if not newer:
        return ""
    try:
        return str(open_edition(newer[1]).manifest.get("supersedes_reason", ""))
    except (EditionError, AttributeError):
        return "-"
