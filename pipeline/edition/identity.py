"""What makes an edition itself: the fingerprints of its inputs, its code and both together.

Belongs here: vintage id (inputs), code version, build id (inputs + code + locked libraries). None of them
knows the clock, the machine or the user. Does not belong here: publishing, reading returns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import polars as pl

from pipeline.edition.files import file_sha256
from pipeline.intake.layouts import layout_files
from pipeline.intake.register import Registration, effective
from pipeline.programme import CODE_ROOT, ENGLISH_FILE, Programme
from pipeline.quality.notes import NOTES_FILE
from pipeline.quality.rules import load_rules, resolve_thresholds

# Which files count is written down in the manifest; in which order they are summed belongs to its format.
CODE_FOLDERS = ("pipeline", "assets", "sql", "report_templates")
# Rooms that change no figure and no page of an edition: talking to people, forms, proofs, demonstration files.
NOT_OF_THE_EDITION = (
    "pipeline/cli.py",
    "pipeline/demo/",
    "pipeline/doctor.py",
    "pipeline/office/",
    "pipeline/proof/",
    "pipeline/telling.py",
    "pipeline/unchanged.py",
)
CODE_SUFFIXES = {".py", ".sql", ".yaml", ".j2", ".html", ".css", ".js", ".ttf", ".json", ".csv", ".txt"}
PLAN_FILE = "plan.yaml"
REFERENCE_FILES = (PLAN_FILE, "areas.csv", "crosswalk.csv")
# Files beside them that a programme may have and that have a say in an edition.
OPTIONAL_REFERENCE_FILES = (NOTES_FILE, ENGLISH_FILE)


@dataclass(frozen=True)
class Identity:
    """Fingerprints of one edition, lower-case hex."""

    programme: str
    year: int
    vintage_sha256: str
    code_sha256: str
    lock_sha256: str
    audience: str = "internal"

    @property
    def vintage_id(self) -> str:
        """12 hex digits: changes exactly when an input, the plan or the territory changes."""
        return self.vintage_sha256[:12]

    @property
    def code_version(self) -> str:
        return self.code_sha256[:12]

    @property
    def build_id(self) -> str:
        """12 hex digits: the reproducible name of a run - same inputs, code and libraries, same id."""
        parts = [self.programme, str(self.year), self.vintage_sha256, self.code_sha256, self.lock_sha256]
        if self.audience != "internal":
            parts.append(self.audience)
        text = "\n".join(parts)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def reference_files(programme: Programme) -> list[str]:
    """Names of the plan, territory, notes and layout files that the programme has, the needed ones first."""
    there = [name for name in OPTIONAL_REFERENCE_FILES if (programme.root / name).is_file()]
    return [*REFERENCE_FILES, *there, *layout_files(programme.root)]


def reference_hashes(programme: Programme) -> dict[str, str]:
    """sha256 of the plan, territory, notes and layout files by name."""
    return {name: file_sha256(programme.root / name) for name in reference_files(programme)}


def input_registrations(programme: Programme, year: int) -> list[Registration]:
    """The received files that the edition of ``year`` is made from, in a total order."""
    return effective(programme.registrations, year)


def replaced_registrations(programme: Programme, year: int) -> list[Registration]:
    """The received files of the edition of ``year`` that corrections replaced, in a total order.

    No figure is made from them; what the corrections changed is judged by them (rule D17).
    """
    used = {r.path for r in input_registrations(programme, year)}
    return sorted(r for r in programme.registrations if r.period_to <= year and r.path not in used)


INPUT_KEYS = (
    "table",
    "period_from",
    "period_to",
    "revision",
    "path",
    "sha256",
    "supplier",
    "received_on",
    "maturity",
    "origin",
    "form_edition",
    "late",
    "supersedes",
    "reason",
    "register_row",
)
"""What the register says of a file and an edition holds in its tables: all of it makes the vintage."""


def input_entry(r: Registration) -> dict[str, object]:
    """INPUT_KEYS of one received file, as JSON knows them."""
    known = {key: getattr(r, key) for key in INPUT_KEYS if key != "register_row"}
    return known | {"received_on": str(r.received_on), "register_row": r.row}


def vintage_sha256(
    programme_id: str, year: int, reference: dict[str, str], inputs: list[dict[str, object]]
) -> str:
    """The fingerprint of what an edition is made from: ``reference`` hashes by file name, and the inputs with
    (at least) INPUT_KEYS each, in their total order, those that corrections replaced after the others."""
    document = {
        "programme": programme_id,
        "year": year,
        "reference": reference,
        "inputs": [[entry[key] for key in INPUT_KEYS] for entry in inputs],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def identify(programme: Programme, year: int, audience: str = "internal") -> Identity:
    """The edition's identity, from the register's recorded hashes (verified elsewhere)."""
    files = [*input_registrations(programme, year), *replaced_registrations(programme, year)]
    inputs = [input_entry(r) for r in files]
    return Identity(
        programme=programme.id,
        year=year,
        vintage_sha256=vintage_sha256(programme.id, year, reference_hashes(programme), inputs),
        code_sha256=code_sha256(CODE_ROOT),
        lock_sha256=file_sha256(CODE_ROOT / "requirements.lock"),
        audience=audience,
    )


def code_sha256(root: Path) -> str:
    """One hash over every file that can change a figure or a page: path and bytes, in path order."""
    return code_digest(code_files(root).items())


@lru_cache(maxsize=2)
def code_files(root: Path) -> Mapping[str, str]:
    """sha256 of every file that can change a figure or a page, by its path, in the order in which they are summed.

    Read once in a process, so that a file written meanwhile cannot set the parts of an edition against each other.
    """
    names = (
        (path.relative_to(root).as_posix(), path)
        for folder in CODE_FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.is_file() and path.suffix in CODE_SUFFIXES
    )
    return MappingProxyType(
        {name: file_sha256(path) for name, path in names if not name.startswith(NOT_OF_THE_EDITION)}
    )


def summed(files: Mapping[str, str]) -> list[tuple[str, str]]:
    """(path, sha256) of the files of the code in the order in which they are summed, however they are given."""
    order = {folder: number for number, folder in enumerate(CODE_FOLDERS)}
    return sorted(files.items(), key=lambda f: (order.get(f[0].split("/")[0], len(order)), PurePosixPath(f[0])))


RULE_FILES = ("pipeline/quality/rules/", "sql/quality/")
"""Where the validation rules stand: what each says, and the SQL of those that are one."""


def rules_sha256(files: Mapping[str, str], thresholds: Mapping[str, str]) -> str:
    """The fingerprint of the validation rules: of their files among those of the code, and of all thresholds."""
    own = {name: digest for name, digest in files.items() if name.startswith(RULE_FILES)}
    text = json.dumps({"files": own, "thresholds": dict(thresholds)}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def thresholds_in_force(programme: Programme) -> dict[str, str]:
    """Every cut of a verdict and every threshold of a rule that the plan sets or leaves, as exact decimal text.

    Keys as in the plan file: ``thresholds.on_schedule_ratio``, ``rule_thresholds.C10.low_percent``.
    """
    plan = programme.plan
    own = {f"thresholds.{name}": str(value) for name, value in plan.thresholds.model_dump().items()}
    rules = resolve_thresholds(list(load_rules().rules), dict(plan.rule_thresholds))
    return own | {
        f"rule_thresholds.{rule}.{name}": str(value) for rule, limits in rules.items() for name, value in limits.items()
    }


def method(programme: Programme, files: Mapping[str, str]) -> dict[str, object]:
    """What an edition is judged by: hashes of plan, notes (empty: none) and rules, and the thresholds in force.

    ``files``: those of the code, as :func:`code_files` gives them.
    """
    reference, thresholds = reference_hashes(programme), thresholds_in_force(programme)
    return {
        "plan_sha256": reference[PLAN_FILE],
        "notes_sha256": reference.get(NOTES_FILE, ""),
        "rules_sha256": rules_sha256(files, thresholds),
        "thresholds": thresholds,
    }


def code_digest(files: Iterable[tuple[str, str]]) -> str:
    """One hash over (path, sha256 of the bytes) of the files that make the code, in the order given."""
    digest = hashlib.sha256()
    for name, sha256 in files:
        digest.update(name.encode() + b"\0")
        digest.update(bytes.fromhex(sha256))
    return digest.hexdigest()


def is_demonstration(programme: Programme, year: int) -> bool:
    """True as soon as one input is registered as demonstration; replacing the files removes the mark."""
    return any(r.origin == "demonstration" for r in input_registrations(programme, year))


def is_preliminary(programme: Programme, year: int) -> bool:
    """True when an input of a period that this edition judges is registered as preliminary."""
    judged = min(year - c.report_lag for c in programme.plan.commitments)
    return any(r.maturity == "preliminary" and r.period_to >= judged for r in input_registrations(programme, year))


def edition_frame(programme: Programme, identity: Identity) -> pl.DataFrame:
    """``raw.edition``: one row with the edition's names, ids and the plan's parameters."""
    plan = programme.plan
    return pl.DataFrame(
        [
            {
                "programme": programme.id,
                "year": identity.year,
                "area_code": plan.programme.area_code,
                "city_budget_code": plan.programme.city_budget_code,
                "finance_item": plan.parameters.finance_item,
                "finance_basis": plan.parameters.finance_basis,
                "pupil_scope": plan.parameters.pupil_scope,
                "previous_weight": plan.parameters.average_pupils.previous_weight,
                "current_weight": plan.parameters.average_pupils.current_weight,
                "rule_version": plan.rule_version,
                "vintage_id": identity.vintage_id,
                "build_id": identity.build_id,
                "data_status": "demonstration" if is_demonstration(programme, identity.year) else "real",
            }
        ],
        {
            "programme": pl.String,
            "year": pl.Int64,
            "area_code": pl.String,
            "city_budget_code": pl.String,
            "finance_item": pl.String,
            "finance_basis": pl.String,
            "pupil_scope": pl.String,
            "previous_weight": pl.Int64,
            "current_weight": pl.Int64,
            "rule_version": pl.String,
            "vintage_id": pl.String,
            "build_id": pl.String,
            "data_status": pl.String,
        },
    )
