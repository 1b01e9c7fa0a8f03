"""The validation rules as typed data: what the files in ``rules/`` may say, and their reading.

Belongs here: the models of the rules, their coherence, thresholds and texts. Does not belong
here: evaluating a rule (gate.py) and the shape of what a rule tells (finding.py).

Nothing that decides an outcome has a default: severity, gate and thresholds are written in the
file or the file is refused.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

RULES_FOLDER = Path(__file__).parent / "rules"
BOOK = "book.yaml"
MICRO = 1_000_000

TableName = Annotated[str, Field(pattern=r"^(raw|staging|core|indicator|progress|quality)\.[a-z][a-z0-9_]*$")]
ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
DecimalText = Annotated[str, Field(pattern=r"^-?\d+(\.\d{1,6})?$")]
ExpectationType = Literal[
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_match_regex",
    "expect_column_values_to_be_between",
    "expect_compound_columns_to_be_unique",
    "expect_column_pair_values_a_to_be_greater_than_b",
]
"""Only expectations that list their offending rows; each is held by a test."""

PLACEHOLDERS = frozenset({"value", "expected", "area", "period", "column", "table", "detail", "rate"})
SCHEMA_OF_GATE = {1: "staging", 2: "core", 3: "progress"}


class RuleError(ValueError):
    """A rule file or a threshold cannot be used; ``str()`` says which entry and what is allowed."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableMeta(_Strict):
    """How the rows of a table tell their period: ``period`` is a column with a year, or with a date in it."""

    period: ColumnName


class Texts(_Strict):
    """Texts of one way of failing; what is not given is taken from the rule."""

    message_zh: Text
    message_en: Text
    expected_zh: Text | None = None
    expected_en: Text | None = None
    todo_zh: Text | None = None
    todo_en: Text | None = None


class Expectation(_Strict):
    """One expectation on the rows of one or more tables.

    Either ``columns`` (one expectation for each) or ``shown`` (the column named in the finding,
    with ``kwargs`` complete). ``beside`` is a second column whose value becomes {expected}.
    ``where`` is a SQL condition on the table; rows outside it are not looked at. Texts, where
    given, replace those of the rule.
    """

    tables: Annotated[tuple[TableName, ...], Field(min_length=1)]
    type: ExpectationType
    columns: tuple[ColumnName, ...] = ()
    shown: ColumnName | None = None
    beside: ColumnName | None = None
    kwargs: dict[str, Any] = {}
    where: Text | None = None
    message_zh: Text | None = None
    message_en: Text | None = None

    @model_validator(mode="after")
    def _coherent(self) -> Expectation:
        if bool(self.columns) == (self.shown is not None):
            raise ValueError("exactly one of columns and shown is needed")
        if (self.message_zh is None) != (self.message_en is None):
            raise ValueError("message_zh and message_en go together")
        return self

    def columns_read(self) -> set[str]:
        """Every column of the table that the expectation reads (those of ``where`` apart)."""
        read = set(self.columns) | {c for c in (self.shown, self.beside) if c}
        for key, value in self.kwargs.items():
            if key in ("column_A", "column_B"):
                read.add(value)
            elif key == "column_list":
                read.update(value)
        return read


class Count(_Strict):
    """Rows that count as checked: those of ``table`` under ``where``, for the asset ``guard``.

    ``guard`` None means the rule's only guard; ``by`` is a column that names the guarded staging
    table without its schema, for a rule over many tables.
    """

    table: TableName
    guard: TableName | None = None
    by: ColumnName | None = None
    where: Text | None = None


class Rule(_Strict):
    """One validation rule."""

    id: Annotated[str, Field(pattern=r"^[A-F]\d\d$")]
    gate: Literal[1, 2, 3]
    severity: Literal["error", "warning", "review", "info"]
    kind: Literal["expectation", "sql"]
    title_zh: Text
    title_en: Text
    guards: Annotated[tuple[TableName, ...], Field(min_length=1)]
    shown_on: dict[TableName, TableName] = {}
    expectations: tuple[Expectation, ...] = ()
    counts: tuple[Count, ...] = ()
    thresholds: dict[ColumnName, DecimalText] = {}
    message_zh: Text
    message_en: Text
    expected_zh: Text
    expected_en: Text
    who_zh: Text
    who_en: Text
    todo_zh: Text
    todo_en: Text
    variants: dict[ColumnName, Texts] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Rule:
        self._guards_agree()
        if (self.kind == "expectation") != bool(self.expectations):
            raise ValueError(f"{self.id}: expectations belong to kind expectation, and are needed there")
        if self.kind == "expectation" and (self.counts or self.variants or self.shown_on):
            raise ValueError(f"{self.id}: counts, variants and shown_on belong to kind sql")
        allowed = PLACEHOLDERS | set(self.thresholds)
        for text in self._texts():
            unknown = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} - allowed
            if unknown:
                raise ValueError(
                    f"{self.id}: unknown placeholder {sorted(unknown)}; known: {sorted(allowed)}"
                )
        return self

    def _guards_agree(self) -> None:
        if len(set(self.guards)) != len(self.guards):
            raise ValueError(f"{self.id}: a guard is listed twice")
        schema = SCHEMA_OF_GATE[self.gate]
        if any(not guard.startswith(f"{schema}.") for guard in self.guards):
            raise ValueError(f"{self.id}: gate {self.gate} guards {schema}.* only")
        tables = {table for e in self.expectations for table in e.tables}
        if self.expectations and tables != set(self.guards):
            raise ValueError(f"{self.id}: guards and the tables of its expectations differ")
        named = {c.guard for c in self.counts} | set(self.shown_on.values())
        if not named - {None} <= set(self.guards):
            raise ValueError(f"{self.id}: counts or shown_on name a table that is not a guard")
        if len(self.guards) > 1 and any(c.guard is None and c.by is None for c in self.counts):
            raise ValueError(f"{self.id}: with several guards every count needs guard or by")

    def _texts(self) -> list[str]:
        own = [
            self.message_zh,
            self.message_en,
            self.expected_zh,
            self.expected_en,
            self.who_zh,
            self.who_en,
            self.todo_zh,
            self.todo_en,
        ]
        for variant in self.variants.values():
            own += [t for t in variant.model_dump().values() if t is not None]
        for expectation in self.expectations:
            own += [t for t in (expectation.message_zh, expectation.message_en) if t is not None]
        return own

    def checks(self) -> list[tuple[str, str]]:
        """(rule id, guarded table), one for each asset check."""
        return [(self.id, guard) for guard in self.guards]


class RuleBook(_Strict):
    """The rule files, whole."""

    format: Literal[1]
    lists: dict[ColumnName, tuple[Text, ...]]
    tables: dict[TableName, TableMeta]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _coherent(self) -> RuleBook:
        ids = [rule.id for rule in self.rules]
        if ids != sorted(set(ids)):
            raise ValueError("rules must stand in the order of their ids, none twice")
        for rule in self.rules:
            for expectation in rule.expectations:
                for table in expectation.tables:
                    if table not in self.tables:
                        raise ValueError(f"{rule.id}: {table} has no entry under tables")
                for value in expectation.kwargs.values():
                    if isinstance(value, dict) and (
                        set(value) != {"from"} or value["from"] not in {"areas", *self.lists}
                    ):
                        known = ", ".join(sorted({"areas", *self.lists}))
                        raise ValueError(f"{rule.id}: a value set comes from one of {known}")
        return self

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; KeyError if there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


class _UniqueKeys(yaml.CSafeLoader):
    """YAML in which a key given twice is an error instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                raise yaml.YAMLError(
                    f"key {key!r} is given twice (line {node.value[position][0].start_mark.line + 1})"
                )
        return super().construct_mapping(node, deep)


def read_rules(folder: Path) -> RuleBook:
    """The rule book in one folder: ``book.yaml`` and one file of rules for each group.

    Raises RuleError naming the file, the entry and what is wrong.
    """
    document = _yaml(folder / BOOK)
    rules: list[Any] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == BOOK:
            continue
        part = _yaml(path)
        if set(part) != {"rules"} or not isinstance(part["rules"], list):
            raise RuleError(
                f"规则文件只能有 rules 一项 / a rule file holds the key rules and nothing else: {path.name}"
            )
        rules += part["rules"]
    try:
        return RuleBook.model_validate({**document, "rules": rules})
    except ValidationError as problem:
        lines = []
        for error in problem.errors():
            where = [str(part) for part in error["loc"]]
            if len(where) > 1 and where[0] == "rules":
                entry = rules[int(where[1])]
                where[1] = str(entry.get("id", where[1])) if isinstance(entry, dict) else where[1]
            lines.append(f"  {'.'.join(where) or folder.name}: {error['msg']}")
        raise RuleError("规则文件有误 / the rule file is wrong:\n" + "\n".join(lines)) from None


def _yaml(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text("utf-8"), _UniqueKeys)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise RuleError(
            f"规则文件无法读取 / the rule file cannot be read: {path.name}: {problem}"
        ) from problem
    if not isinstance(document, dict):
        raise RuleError(f"规则文件应为键值结构 / a rule file must be a mapping: {path.name}")
    return document


@cache
def load_rules() -> RuleBook:
    """The rules of the product, from the folder ``rules`` beside this module."""
    return read_rules(RULES_FOLDER)


def rules_for(gate: int) -> list[Rule]:
    """Rules of one gate (1 staging, 2 core, 3 progress), ordered by id."""
    return [rule for rule in load_rules().rules if rule.gate == gate]


def checks_for(gate: int) -> list[tuple[str, str]]:
    """(rule id, guarded table) of one gate: one asset check each, in a fixed order."""
    return [check for rule in rules_for(gate) for check in rule.checks()]


def resolve_thresholds(
    rules: list[Rule], overrides: Mapping[str, str | int | Decimal] | None
) -> dict[str, dict[str, Decimal]]:
    """Thresholds in force, by rule and name.

    ``overrides`` has keys like ``"C10.low_percent"`` and exact values (text, int, Decimal; at most
    six decimals); its keys may belong to any rule of the product. Raises RuleError for an unknown
    key or a value that is not such a number.
    """
    known = {f"{rule.id}.{name}" for rule in load_rules().rules for name in rule.thresholds}
    known |= {f"{rule.id}.{name}" for rule in rules for name in rule.thresholds}
    given: dict[str, Decimal] = {}
    for key, value in (overrides or {}).items():
        if key not in known:
            raise RuleError(
                f"没有名为“{key}”的阈值;可用:{', '.join(sorted(known))} / "
                f"no threshold {key!r}; known: {', '.join(sorted(known))}"
            )
        try:
            if isinstance(value, (bool, float)):
                raise InvalidOperation
            number = Decimal(value)
            if not number.is_finite() or number * MICRO != int(number * MICRO):
                raise InvalidOperation
        except (InvalidOperation, TypeError, ValueError):
            raise RuleError(
                f"阈值 {key} 应为不超过六位小数的数,现为 {value!r} / "
                f"threshold {key} must be a number of at most six decimals, not {value!r}"
            ) from None
        given[key] = number
    return {
        rule.id: {
            name: given.get(f"{rule.id}.{name}", Decimal(text)) for name, text in rule.thresholds.items()
        }
        for rule in rules
    }
