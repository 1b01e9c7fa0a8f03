"""The contracts: what each received table must look like, as data.

Belongs here: the typed form of ``contracts/*.yaml``, its validation, and the schema of the
raw table that follows from a contract. Does not belong here: reading returns.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

CONTRACTS_FOLDER = Path(__file__).parent / "contracts"

FieldType = Literal["int", "decimal", "money", "count", "code", "text", "enum", "bool", "date", "time"]
PeriodKind = Literal["school_year", "fiscal_year", "calendar_year", "ref_date", "release"]
PERIOD_KINDS: tuple[str, ...] = ("school_year", "fiscal_year", "calendar_year", "ref_date", "release")

MONEY_UNITS = ("元", "万元", "亿元")
PERSON_UNITS = ("人", "万人")
COUNT_UNITS = (*PERSON_UNITS, "所", "万所")
MONEY_SCALE = 2
"""Decimals of an amount in yuan: to the fen."""
UNIT_FACTORS: dict[str, Decimal] = {
    "元": Decimal(1),
    "万元": Decimal(10_000),
    "亿元": Decimal(100_000_000),
    "人": Decimal(1),
    "万人": Decimal(10_000),
    "所": Decimal(1),
    "万所": Decimal(10_000),
}
"""How many yuan, persons or schools one of the unit is."""

PROVENANCE: dict[str, pl.DataType] = {
    "source_file": pl.String(),
    "source_sheet": pl.String(),
    "source_row": pl.Int32(),
    "period": pl.Int32(),
    "maturity": pl.String(),
    "origin": pl.String(),
    "revision": pl.Int32(),
}
"""Columns that every raw table ends with: where the row stands and what its register row says."""

_HEADER_CHARACTERS = 300
_RESERVED = {"is_total", "area_code", *PROVENANCE}
_NEEDS: dict[str, set[str]] = {
    "decimal": {"scale"},
    "money": {"unit_field"},
    "count": {"unit_field"},
    "code": {"width"},
    "enum": {"values"},
}
_RANGED = {"int", "decimal", "money", "count"}
AREA_WIDTH = 6
"""Digits of the code of a county, a district or the whole territory."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Label = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class ContractError(ValueError):
    """A contract file cannot be used; ``str()`` names the file, the key and what is allowed."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Field(_Strict):
    """One column of a return: its headers, its type and the limits of its values.

    ``min`` and ``max`` hold for the converted value (yuan, persons). ``unit_field`` names the
    column of the same row that holds the unit; ``unit`` is the fixed unit of a decimal or whole
    number (yuan, persons). A unit told by the header, such as “(万元)”, or by a line above it
    (“单位:万元”) is converted to the fixed unit, or stands for the unit column. ``adds_up`` is false
    for a number that a total row cannot hold the sum of (an average, a rate, a place). A cell of a
    field that is not ``required`` may be blank, which means *not reported*.
    """

    name: Name
    zh: Label
    en: Label
    type: FieldType
    required: StrictBool = False
    min: StrictInt | None = None
    max: StrictInt | None = None
    width: Annotated[StrictInt, "digits"] | None = None
    scale: Annotated[StrictInt, "decimals"] | None = None
    values: tuple[Label, ...] = ()
    unit: Literal["元", "人"] | None = None
    unit_field: Name | None = None
    adds_up: StrictBool = True
    aliases: tuple[Label, ...] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Field:
        needed = _NEEDS.get(self.type, set())
        for option in ("scale", "unit_field", "width", "values"):
            given = getattr(self, option) not in (None, ())
            if option in needed and not given:
                raise ValueError(f"{self.name}: type {self.type} needs “{option}”")
            if option not in needed and given:
                raise ValueError(f"{self.name}: “{option}” has no meaning for type {self.type}")
        if self.unit is not None and self.type != {"元": "decimal", "人": "int"}[self.unit]:
            raise ValueError(f"{self.name}: “unit” {self.unit} has no meaning for type {self.type}")
        if self.unit == "元" and self.scale != MONEY_SCALE:
            raise ValueError(f"{self.name}: an amount in 元 needs scale {MONEY_SCALE}")
        if self.width is not None and not 1 <= self.width <= 30:
            raise ValueError(f"{self.name}: width must be 1 to 30")
        if self.scale is not None and not 0 <= self.scale <= 9:
            raise ValueError(f"{self.name}: scale must be 0 to 9")
        if len(set(self.values)) != len(self.values):
            raise ValueError(f"{self.name}: a value is listed twice")
        if self.name in _RESERVED:
            raise ValueError(f"{self.name}: this name belongs to a column that intake adds")
        return self

    @model_validator(mode="after")
    def _numbers_are_coherent(self) -> Field:
        if self.type not in _RANGED and (self.min is not None or self.max is not None):
            raise ValueError(f"{self.name}: “min” and “max” have no meaning for type {self.type}")
        if self.type not in _RANGED and not self.adds_up:
            raise ValueError(f"{self.name}: “adds_up” has no meaning for type {self.type}")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"{self.name}: min {self.min} is above max {self.max}")
        return self

    def dtype(self) -> pl.DataType:
        """Type of the column in the raw table (money is yuan with two decimals)."""
        match self.type:
            case "int" | "count":
                return pl.Int64()
            case "decimal":
                return pl.Decimal(18, self.scale)
            case "money":
                return pl.Decimal(18, 2)
            case "bool":
                return pl.Boolean()
            case "date":
                return pl.Date()
            case _:
                return pl.String()

    @property
    def units(self) -> tuple[str, ...]:
        """Units in which the cells may come; empty for a number that no unit is told of."""
        if self.type == "money" or self.unit == "元":
            return MONEY_UNITS
        if self.unit == "人":
            return PERSON_UNITS
        return COUNT_UNITS if self.type == "count" else ()

    @property
    def is_area(self) -> bool:
        """True for a code of the programme's territory (six digits), which a unit's name can stand for."""
        return self.type == "code" and self.width == AREA_WIDTH

    @property
    def is_number(self) -> bool:
        """True for a column of figures."""
        return self.type in _RANGED

    def headers(self) -> tuple[str, ...]:
        """Every header under which the column is accepted, the Chinese one first."""
        return tuple(dict.fromkeys((self.zh, self.name, self.en, *self.aliases)))


class Contract(_Strict):
    """One received table: its fields, its key and its period.

    ``totals`` maps a key column to the word that marks a check-total row; ``one_of`` lists
    columns of which exactly one is filled in each row; ``period_field`` is the column that
    must lie inside the registered period, or None when only the register knows the period.
    ``key`` may name ``period``, the registered period, beside fields.
    """

    table: Name
    name_zh: Label
    name_en: Label
    period_kind: PeriodKind
    period_field: Name | None
    key: tuple[Name, ...]
    one_of: tuple[Name, ...] = ()
    totals: dict[Name, Label] = {}
    fields: tuple[Field, ...]

    @model_validator(mode="after")
    def _headers_are_unique(self) -> Contract:
        if len({f.name for f in self.fields}) != len(self.fields):
            raise ValueError("fields: a name is given twice")
        seen: dict[str, str] = {}
        for f in self.fields:
            for header in f.headers():
                owner = seen.setdefault(normal_header(header), f.name)
                if owner != f.name:
                    raise ValueError(f"fields: header “{header}” belongs to both {owner} and {f.name}")
        return self

    @model_validator(mode="after")
    def _names_are_known(self) -> Contract:
        known = {f.name for f in self.fields}
        key = tuple(name for name in self.key if name != "period")
        for what, names in (("key", key), ("one_of", self.one_of), ("totals", tuple(self.totals))):
            for name in names:
                if name not in known:
                    raise ValueError(f"{what}: unknown field {name}")
        if not self.key or len(set(self.key)) != len(self.key):
            raise ValueError("key: must name at least one field, and none twice")
        for name in self.totals:
            if name not in self.key:
                raise ValueError(f"totals: {name} must be part of the key")
        if len(self.one_of) == 1 or any(self.field(name).required for name in self.one_of):
            raise ValueError("one_of: must name two or more fields that are not required")
        return self

    @model_validator(mode="after")
    def _period_field_fits(self) -> Contract:
        if self.period_field is None:
            return self
        # A date tells its calendar year too, but not a school or fiscal year by itself.
        wanted = {"ref_date": ("date",), "calendar_year": ("int", "date")}.get(self.period_kind, ("int",))
        if not any(f.name == self.period_field and f.required and f.type in wanted for f in self.fields):
            raise ValueError(f"period_field: must be a required field of type {' or '.join(wanted)}")
        return self

    @model_validator(mode="after")
    def _units_fit(self) -> Contract:
        for f in self.fields:
            if f.unit_field is None:
                continue
            unit = next((u for u in self.fields if u.name == f.unit_field), None)
            known = MONEY_UNITS if f.type == "money" else COUNT_UNITS
            if unit is None or unit.type != "enum" or not unit.required or not set(unit.values) <= set(known):
                listed = ", ".join(known)
                raise ValueError(f"{f.name}: unit_field must be a required enum with values among {listed}")
        return self

    def __hash__(self) -> int:
        return hash((self.table, self.fingerprint))

    def field(self, name: str) -> Field:
        """The field called ``name``; KeyError if there is none."""
        for f in self.fields:
            if f.name == name:
                return f
        raise KeyError(name)

    @property
    def fingerprint(self) -> str:
        """sha256 of the whole contract: changes when anything in it changes."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def unit_fields(self) -> frozenset[str]:
        """Names of the fields that hold the unit of another field."""
        return frozenset(f.unit_field for f in self.fields if f.unit_field)

    def raw_schema(self) -> dict[str, pl.DataType]:
        """Column name -> polars type of the raw table, in order.

        The fields in contract order, ``is_total`` (only with ``totals``), then source_file,
        source_sheet, source_row, period, maturity, origin, revision.
        """
        schema = {f.name: f.dtype() for f in self.fields}
        if self.totals:
            schema["is_total"] = pl.Boolean()
        return schema | PROVENANCE


def normal_header(text: str) -> str:
    """The form in which headers are compared: NFKC (full-width brackets too), no white space, no capitals.

    Only the first characters count: what is longer than any header equals none.
    """
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text[:_HEADER_CHARACTERS])).casefold()


class _UniqueKeys(yaml.CSafeLoader):
    """YAML in which a key given twice is an error instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for i, key in enumerate(keys):
            if key in keys[:i]:
                line = node.value[i][0].start_mark.line + 1
                raise yaml.YAMLError(f"key “{key}” is given twice (line {line})")
        return super().construct_mapping(node, deep)


def load_contract(path: Path) -> Contract:
    """The contract in one YAML file; raises ContractError naming the file and the key."""
    try:
        document = yaml.load(path.read_text("utf-8"), _UniqueKeys)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContractError(f"约定文件无法读取 / contract cannot be read: {path.name}: {error}") from error
    if not isinstance(document, dict):
        raise ContractError(f"约定文件应为键值结构 / contract must be a mapping: {path.name}")
    try:
        contract = Contract.model_validate(document)
    except ValidationError as error:
        told = []
        for item in error.errors():
            where = [str(part) for part in item["loc"]]
            if len(where) >= 2 and where[0] == "fields":
                entry = document["fields"][int(where[1])]
                if isinstance(entry, dict) and "name" in entry:
                    where[1] = str(entry["name"])
            told.append(f"{'.'.join(where) or path.stem}: {item['msg']}")
        text = "\n".join(f"  {line}" for line in told)
        raise ContractError(f"约定文件有误 / contract is wrong: {path.name}\n{text}") from error
    if contract.table != path.stem:
        raise ContractError(
            f"约定文件名与表名不一致 / file name and table differ: {path.name}, table: {contract.table}"
        )
    return contract


def load_contracts(folder: Path = CONTRACTS_FOLDER) -> dict[str, Contract]:
    """Every contract of ``folder`` (default: the packaged ones, read once) by table name, in alphabetical order."""
    return dict(_packaged() if folder == CONTRACTS_FOLDER else _contracts(folder))


@cache
def _packaged() -> dict[str, Contract]:
    return _contracts(CONTRACTS_FOLDER)


def _contracts(folder: Path) -> dict[str, Contract]:
    contracts = {path.stem: load_contract(path) for path in sorted(folder.glob("*.yaml"))}
    if not contracts:
        raise ContractError(f"没有约定文件 / no contract found: {folder.name}")
    return contracts
