"""``jiance diff``: what changed between two published editions of a programme, and why.

Belongs here: comparing values, verdicts and directions of all years in both, and naming each change's cause.
Does not belong here: what changed in the files themselves (restated.py), printing.

A cause is a restated, new or withdrawn input that the figure is made from, a changed plan, territory or code.
A change for which none of these can be named is said to be unexplained, loudly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from pipeline.edition.contributing import inputs_of
from pipeline.edition.package import CSV_KEYS
from pipeline.programme import ENGLISH_FILE, Home
from pipeline.proof.code_change import Versions, versions
from pipeline.proof.compare import decimal_text, first_path, keyed, read_rows
from pipeline.proof.restated import InputChange, input_changes, plan_changes
from pipeline.proof.restore import Edition, EditionError, locate_inputs, open_edition
from pipeline.quality.notes import NOTES_FILE

What = Literal["verdict", "projection", "direction", "value", "arrived", "gone"]
ORDER: tuple[What, ...] = ("verdict", "projection", "direction", "value", "arrived", "gone")
DIRECTIONS = {1: "up", 0: "same", -1: "down"}
Row = Mapping[str, str]


@dataclass(frozen=True)
class Cause:
    """Why something changed. ``kind``: restated, new, withdrawn, registered, plan, territory, code, libraries
    or unexplained."""

    kind: str
    zh: str
    en: str


@dataclass(frozen=True)
class Change:
    """One thing that is not the same: what, of which row, before, after, and the causes found.

    Values are exact: decimal text where it is finite in six places, else ``numerator/denominator``.
    """

    what: What
    indicator_id: str
    commitment_id: str
    variant: str
    area_code: str
    segment: str
    period: int
    old: str
    new: str
    causes: tuple[Cause, ...]


@dataclass
class EditionDifference:
    """What changed from one edition to the other, in the order: verdicts, projections, directions, values.

    ``cells_told``: may the cells of corrected files be told? Not where one of the two is a public edition: a cell may
    stand for one child.
    """

    old: str
    new: str
    cells_told: bool = True
    inputs: list[InputChange] = field(default_factory=list)
    plan: list[tuple[str, str, str]] = field(default_factory=list)
    thresholds: list[tuple[str, str, str]] = field(default_factory=list)
    code: Versions | None = None
    general: list[Cause] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def unexplained(self) -> list[Change]:
        return [c for c in self.changes if any(x.kind == "unexplained" for x in c.causes)]

    def of(self, what: What) -> list[Change]:
        return [c for c in self.changes if c.what == what]

    def document(self) -> dict[str, Any]:
        """The whole comparison as JSON values."""
        return {
            "old": self.old,
            "new": self.new,
            "cells_told": self.cells_told,
            "inputs": [
                {
                    "kind": i.kind,
                    "table": i.table,
                    "old": i.old,
                    "new": i.new,
                    "register_row": i.register_row,
                    "cells": None
                    if i.cells is None or not self.cells_told
                    else [
                        {"key": {k: str(v) for k, v in c.key.items()}}
                        | {name: getattr(c, name) for name in ("row", "column", "old", "new")}
                        for c in i.cells
                    ],
                }
                for i in self.inputs
            ],
            "plan": [{"key": key, "old": old, "new": new} for key, old, new in self.plan],
            "thresholds": [{"key": key, "old": old, "new": new} for key, old, new in self.thresholds],
            "code": self.code.document() if self.code else None,
            "general": [asdict(c) for c in self.general],
            "changes": [asdict(c) for c in self.changes],
            "unexplained": len(self.unexplained),
        }


def diff(edition_a: Path, edition_b: Path, home: Home | None = None) -> EditionDifference:
    """Compare two editions of one programme, the older first.

    ``home``: where else to look for inputs, and for the row of the register. Raises EditionError where one of
    them cannot be read, or they are of two programmes.
    """
    old, new = open_edition(edition_a), open_edition(edition_b)
    if old.programme != new.programme:
        raise EditionError(
            f"{old.label} 与 {new.label} 不是同一项目,不能比较 / two programmes cannot be compared"
        )
    inputs = (locate_inputs(old, home), locate_inputs(new, home))
    public = any(edition.manifest.get("audience") == "public" for edition in (old, new))
    found = EditionDifference(old.label, new.label, cells_told=not public)
    found.inputs = input_changes(old, new, inputs, home)
    before, after = old.manifest["reference"], new.manifest["reference"]
    # A file that is only in one of them counts as changed; notes change no figure.
    reference = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)} - {NOTES_FILE, ENGLISH_FILE}
    plan = plan_changes(inputs) if "plan.yaml" in reference else []
    found.plan = plan or []
    found.thresholds = [*_thresholds(old, new)]
    if any(old.manifest[key] != new.manifest[key] for key in ("code_sha256", "lock_sha256")):
        found.code = versions(old.manifest, new.manifest)
    found.general = [*_general(old, new, reference, plan, found.code)]
    causes = _Causes(found, plan is None)
    found.changes = sorted(
        [
            *_values(_rows_of(old, "indicators"), _rows_of(new, "indicators"), causes),
            *_verdicts(_rows_of(old, "verdicts"), _rows_of(new, "verdicts"), causes),
        ],
        key=lambda c: (
            ORDER.index(c.what),
            c.indicator_id,
            c.commitment_id,
            c.variant,
            c.area_code,
            c.segment,
            c.period,
        ),
    )
    return found


def _thresholds(old: Edition, new: Edition) -> Iterator[tuple[str, str, str]]:
    """(key, old, new) of the thresholds in force that differ, whether the plan or the rules changed; nothing of
    editions of format 1, which do not record them."""
    if all("method" in edition.manifest for edition in (old, new)):
        yield from first_path(*(edition.manifest["method"]["thresholds"] for edition in (old, new)))


def _rows_of(edition: Edition, name: str) -> dict[tuple[str, ...], Row]:
    path = edition.folder / "data" / f"{name}.csv"
    if not path.is_file():
        raise EditionError(f"{edition.label} 缺少 data/{name}.csv / data/{name}.csv is missing")
    return keyed(read_rows(path), CSV_KEYS[name])


def _general(
    old: Edition,
    new: Edition,
    reference: set[str],
    plan: list[tuple[str, str, str]] | None,
    code: Versions | None,
) -> Iterator[Cause]:
    """Changes that can touch every figure."""
    if "plan.yaml" in reference:
        what = "、".join(f"{key}:{before} → {after}" for key, before, after in (plan or [])[:5])
        yield Cause(
            "plan",
            f"方案文件 plan.yaml 已修改({what or '内容未找到'})",
            f"plan.yaml changed ({what or 'not found'})",
        )
    for name in sorted(reference - {"plan.yaml"}):
        yield Cause("territory", f"{name} 已修改", f"{name} changed")
    a, b = old.manifest, new.manifest
    if a["code_sha256"] != b["code_sha256"]:
        pair = f"{a['code_sha256'][:12]} → {b['code_sha256'][:12]}"
        zh = en = ""
        if code and code.old and code.new:
            commits = f"{code.old[:12]} → {code.new[:12]}"
            zh, en = f",提交 {commits}", f", commits {commits}"
        elif code:
            zh, en = ",历史里没有找到提交", ", no commits found in the history"
        yield Cause("code", f"程序版本不同({pair}{zh})", f"the code changed ({pair}{en})")
    if a["lock_sha256"] != b["lock_sha256"] or a["tools"] != b["tools"]:
        yield Cause("libraries", "依赖或工具版本不同", "libraries or tools changed")


class _Causes:
    """Finds the causes of a change among everything that differs between the two editions."""

    def __init__(self, found: EditionDifference, plan_unknown: bool) -> None:
        self.inputs = [(i, _told(i, found.cells_told)) for i in found.inputs]
        self.general = {c.kind: c for c in found.general}
        self.plan = found.plan
        self.plan_unknown = plan_unknown

    def of_value(self, indicator_id: str, variant: str, period: int) -> tuple[Cause, ...]:
        """Causes of a changed value: inputs it is made from, the plan's parameters, the territory; else code."""
        causes = [
            cause
            for change, cause in self.inputs
            for table, first, last in inputs_of(indicator_id, variant)
            if change.table == table and change.touches(indicator_id, period + first, period + last)
        ]
        return self._complete(causes, ("parameters",))

    def of_verdict(self, row: Row, changed: list[tuple[str, str, int]]) -> tuple[Cause, ...]:
        """Causes of a changed verdict: those of the values it rests on that changed, and what the plan promises."""
        causes = [
            c
            for value in changed
            for c in self.of_value(*value)
            if c.kind not in ("code", "libraries", "unexplained")
        ]
        return self._complete(
            causes, ("parameters", "thresholds", f"commitments.{row['commitment_id']}", "rule_version")
        )

    def _complete(self, causes: list[Cause], plan_keys: tuple[str, ...]) -> tuple[Cause, ...]:
        told = list(dict.fromkeys(causes))
        for key, before, after in self.plan:
            if any(key == k or key.startswith(f"{k}.") for k in plan_keys):
                told.append(
                    Cause("plan", f"方案 {key}:{before} → {after}", f"plan {key}: {before} -> {after}")
                )
        if self.plan_unknown or not told:
            told += [self.general[k] for k in ("plan",) if k in self.general and self.plan_unknown]
        told += [self.general[k] for k in ("territory",) if k in self.general]
        if not told:
            told += [self.general[k] for k in ("code", "libraries") if k in self.general]
        if not told:
            told = [Cause("unexplained", "没有找到原因,请查明", "no cause was found: look into it")]
        return tuple(dict.fromkeys(told))


def _told(change: InputChange, cells_told: bool) -> Cause:
    """An input change as a sentence: which file, which row of the register, why, and which cells where they are told."""
    entry = change.entry
    row = f"(register.csv 第 {change.register_row} 行)" if change.register_row else ""
    row_en = f" (row {change.register_row} of register.csv)" if change.register_row else ""
    who = f"{entry['supplier']} {entry['received_on']}"
    if change.kind == "new":
        return Cause(
            "new", f"新收到 {entry['path']}{row},{who}", f"newly arrived {entry['path']}{row_en}, {who}"
        )
    if change.kind == "withdrawn":
        return Cause("withdrawn", f"{entry['path']} 不再使用", f"{entry['path']} is no longer used")
    if change.kind == "registered":
        return Cause(
            "registered",
            f"{entry['path']} 的登记已修改{row}",
            f"the registration of {entry['path']} changed{row_en}",
        )
    earlier = change.old["path"] if change.old else ""
    reason = entry["reason"] or "登记中没有写原因 / the register gives no reason"
    changed = (change.cells or []) if cells_told else []
    cells = "、".join(f"第 {c.row} 行 {c.column or '整行'} {c.old} → {c.new}" for c in changed[:3])
    cells_en = ", ".join(f"row {c.row} {c.column or 'whole'} {c.old} -> {c.new}" for c in changed[:3])
    more = len(changed) - 3
    return Cause(
        "restated",
        f"{earlier} 更正为 {entry['path']}{row},原因:{reason},{who}"
        + (f";{cells}" + (f" 等 {more + 3} 处" if more > 0 else "") if cells else ""),
        f"{earlier} restated by {entry['path']}{row_en}, reason: {reason}, {who}"
        + (f"; {cells_en}" + (f" and {more} more" if more > 0 else "") if cells else ""),
    )


def _values(old: dict, new: dict, causes: _Causes) -> Iterator[Change]:
    """Changed, arrived and gone values of every indicator, unit and year."""
    for key in sorted(set(old) | set(new)):
        before, after = (_shown(side.get(key)) for side in (old, new))
        if before == after:
            continue
        indicator, variant, area, segment, _, period = key
        what: What = "arrived" if key not in old else "gone" if key not in new else "value"
        why = causes.of_value(indicator, variant, int(period))
        yield Change(what, indicator, "", variant, area, segment, int(period), before, after, why)


def _shown(row: Row | None) -> str:
    """A value as it is compared: exact, with numerator and denominator where they are known, and its basis."""
    if row is None:
        return ""
    counts = f" = {row['numerator']}/{row['denominator']}" if row["numerator"] and row["denominator"] else ""
    basis = f" ({row['basis']})" if row["basis"] else ""
    return _exact(row["value_num"], row["value_den"]) + counts + basis


def _exact(num: str, den: str) -> str:
    return decimal_text(Fraction(int(num), int(den))) if num and den else ""


def _verdicts(old: dict, new: dict, causes: _Causes) -> Iterator[Change]:
    """Changed classes, projections and directions of verdicts that are in both editions."""
    for key in sorted(set(old) & set(new)):
        before, after = old[key], new[key]
        pairs: list[tuple[What, str, str]] = [
            ("verdict", _class(before), _class(after)),
            ("projection", before["projection"], after["projection"]),
            ("direction", direction(before), direction(after)),
        ]
        if all(a == b for _, a, b in pairs):
            continue
        why = causes.of_verdict(after, [*_moved(before, after)])
        for what, a, b in pairs:
            if a != b:
                place = (after["variant"], after["area_code"], after["segment"], int(after["period"]))
                yield Change(what, after["indicator_id"], after["commitment_id"], *place, a, b, why)


def _class(row: Row) -> str:
    """The class with its reason where there is no judgement; a year that is not judged has none."""
    return f"{row['class']}({row['reason']})" if row["reason"] else row["class"]


def direction(row: Row) -> str:
    """``up``, ``down`` or ``same`` against the year before on one basis; empty where either is unknown."""
    texts = [row[k] for k in ("value_num", "value_den", "previous_num", "previous_den")]
    if not all(texts):
        return ""
    num, den, before_num, before_den = map(int, texts)
    change = Fraction(num, den) - Fraction(before_num, before_den)
    return DIRECTIONS[(change > 0) - (change < 0)]


def _moved(before: Row, after: Row) -> Iterator[tuple[str, str, int]]:
    """(indicator, variant, period) of the values under a verdict that are not the same."""
    indicator, period = after["indicator_id"], int(after["period"])
    variants = dict.fromkeys((before["variant"], after["variant"]))
    base = int(after["base_period"] or period)
    for name, at in (("value", period), ("previous", period - 1), ("base", base)):
        if any(before[f"{name}_{part}"] != after[f"{name}_{part}"] for part in ("num", "den")):
            for variant in variants:
                yield indicator, variant, at
    if before["projection"] != after["projection"]:
        for at in range(period - 3, period):
            for variant in variants:
                yield indicator, variant, at
