"""The plan as data: what was promised, typed.

Belongs here: the models of ``plan.yaml`` and the reading of that file, with errors that name
file, line, key and the allowed values. Does not belong here: SQL, figures, verdicts.

Nothing that can change a verdict has a default: direction, base, due year, kind, basis,
weights and thresholds are written in the plan file or the file is refused.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

MICRO = 1_000_000
PeriodKind = Literal["school_year", "fiscal_year", "calendar_year"]


class PlanError(ValueError):
    """``plan.yaml`` cannot be used. ``str()`` is for the person who wrote it (Chinese, then English)."""


class Strict(BaseModel):
    """Base of every plan model: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def micro(value: str) -> int:
    """Exact millionths of a decimal text: ``"0.95"`` -> ``950000``; finer than a millionth raises ValueError."""
    scaled = Decimal(value) * MICRO
    if scaled != int(scaled):
        raise ValueError(f"{value}: more than six decimals")
    return int(scaled)


DecimalText = Annotated[str, Field(pattern=r"^-?\d+(\.\d{1,6})?$")]


class ProgrammeHead(Strict):
    """Who reports on what: names of the programme, its own area, the bureau on the cover."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name_zh: str
    name_en: str
    area_code: Annotated[str, Field(pattern=r"^\d{6}$")]
    body_zh: str
    body_en: str
    city_budget_code: Annotated[str, Field(pattern=r"^\d{6}$")] | None
    first_reporting_year: int


class PlanHead(Strict):
    """The document that holds the promises, cited by title and date."""

    title_zh: str
    title_en: str
    short_zh: str
    issued_on: str | None
    source_zh: str


class TextPair(Strict):
    """One statement in both languages."""

    zh: str
    en: str


class Thresholds(Strict):
    """Cuts of the status classes. Ratios are pure numbers, distances are percentage points.

    0.95 and 0.60 are the cuts published for the Eurostat / Statistics Canada progress measure;
    the others are decisions of this product.
    """

    on_schedule_ratio: DecimalText
    slightly_behind_ratio: DecimalText
    small_distance_points: DecimalText
    small_on_schedule_points: DecimalText
    small_slightly_behind_points: DecimalText
    falling_back_points: DecimalText
    met_but_fell_points: DecimalText
    small_denominator: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _sensible(self) -> Thresholds:
        low, high = micro(self.slightly_behind_ratio), micro(self.on_schedule_ratio)
        if not 0 < low < high <= MICRO:
            raise ValueError(
                "应满足 0 < slightly_behind_ratio < on_schedule_ratio <= 1 / must hold: 0 < slightly_behind_ratio < "
                "on_schedule_ratio <= 1"
            )
        points = {
            name: micro(str(value)) for name, value in self.model_dump().items() if name.endswith("_points")
        }
        negative = sorted(name for name, value in points.items() if value < 0)
        if negative or points["small_on_schedule_points"] >= points["small_slightly_behind_points"]:
            raise ValueError(
                "百分点阈值不得为负,且 small_on_schedule_points < small_slightly_behind_points / thresholds in points "
                "must not be negative, and small_on_schedule_points < small_slightly_behind_points"
            )
        return self

    def micro_rows(self) -> list[tuple[str, int]]:
        """(name, value in millionths) of every threshold, ordered by name."""
        return sorted((name, micro(str(value))) for name, value in self.model_dump().items())


class AveragePupils(Strict):
    """Weights of the yearly average number of pupils: S = (p*S(t-1) + c*S(t)) / (p + c)."""

    previous_weight: Annotated[int, Field(ge=0)]
    current_weight: Annotated[int, Field(ge=1)]


class Parameters(Strict):
    """Choices that the definitions leave open; each is printed in the report."""

    population_bases: Annotated[list[str], Field(min_length=1)]
    average_pupils: AveragePupils
    pupil_scope: Literal["public", "all"]
    finance_item: str
    finance_basis: str


class Deadline(Strict):
    """The last day on which a return may come: a day of the period's own year, or of one some years after it."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]
    years_after: Annotated[int, Field(ge=0, le=10)]

    @model_validator(mode="after")
    def _exists(self) -> Deadline:
        try:
            self.of(2001)  # no leap year: 29 February is not a day of every year
        except ValueError:
            raise ValueError(
                f"{self.month} 月没有 {self.day} 日 / there is no day {self.day} in month {self.month} of every year"
            ) from None
        return self

    def of(self, period: int) -> date:
        """The deadline for the return of ``period``."""
        return date(period + self.years_after, self.month, self.day)


class DueReturn(Strict):
    """A return that must be present for every period from ``first`` to the reporting year.

    ``deadline`` is None, and has to be written so, where nobody hands the table in by a day (published figures).
    """

    table: str
    first: int
    by: Literal["area", "city"]
    deadline: Deadline | None


class CommitmentBase(Strict):
    """What every promise has, whatever its kind."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name_zh: str
    name_en: str
    section: str
    tier: Literal["A", "B", "C"]
    statement_zh: str
    statement_en: str
    indicator_id: str
    variant: str
    unit: Literal["percent", "yuan"]
    operator: Literal[">=", "<="]
    direction: Literal["up", "down"]
    period_kind: PeriodKind
    report_lag: Annotated[int, Field(ge=0, le=3)]
    base_period: int
    base_note_zh: str | None = None
    base_note_en: str | None = None
    responsible_zh: str
    responsible_en: str
    target_source_zh: str
    target_source_en: str
    basis_zh: str
    basis_en: str

    @model_validator(mode="after")
    def _direction_agrees(self) -> CommitmentBase:
        if (self.operator == ">=") != (self.direction == "up"):
            raise ValueError("operator and direction contradict each other (>= goes with up, <= with down)")
        return self


class LevelByYear(CommitmentBase):
    """A level to be reached (and held) by a year."""

    kind: Literal["level_by_year"]
    target: DecimalText
    due_period: int
    decided_by: Literal["computed", "certified_first"]
    counties: Literal["assessed", "shown", "none"]
    county_variant: str | None
    rankable: bool

    @field_validator("due_period")
    @classmethod
    def _due(cls, due: int, info: Any) -> int:
        if "base_period" in info.data and due <= info.data["base_period"]:
            raise ValueError("due_period must lie after base_period")
        return due

    @model_validator(mode="after")
    def _county_variant(self) -> LevelByYear:
        if (self.counties == "none") != (self.county_variant is None):
            raise ValueError("county_variant is needed exactly where counties are assessed or shown")
        return self


class NeverDecrease(CommitmentBase):
    """An amount that may not fall from one year to the next, tested for every series named."""

    kind: Literal["never_decrease"]
    series: Literal["budget_levels", "segments"]


Commitment = Annotated[LevelByYear | NeverDecrease, Field(discriminator="kind")]


class Indicator(Strict):
    """What an indicator is: official definition, parts, variants. The same for every programme."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name_zh: str
    name_en: str
    unit: Literal["percent", "yuan", "count", "minutes", "ratio", "per_pupil"]
    measure: Literal["share", "gross", "retention", "amount", "count", "ratio"]
    period_kind: PeriodKind
    person_zh: str
    person_en: str
    definition_zh: str
    definition_en: str
    definition_source_zh: str
    numerator_zh: str
    numerator_en: str
    denominator_zh: str
    denominator_en: str
    variants: dict[str, TextPair]
    variant_units: dict[str, Literal["count", "minutes", "per_pupil"]] = {}
    """Variants that stand in a unit of their own beside the indicator's."""

    def unit_of(self, variant: str) -> str:
        """The unit of one variant."""
        return self.variant_units.get(variant, self.unit)


class Plan(Strict):
    """``plan.yaml``, whole."""

    format: Literal[1]
    rule_version: str
    programme: ProgrammeHead
    plan: PlanHead
    reading_rules: list[TextPair]
    thresholds: Thresholds
    rule_thresholds: dict[str, DecimalText]
    parameters: Parameters
    returns: list[DueReturn]
    commitments: Annotated[list[Commitment], Field(min_length=1)]

    @model_validator(mode="after")
    def _unique(self) -> Plan:
        ids = [c.id for c in self.commitments]
        doubled = sorted({i for i in ids if ids.count(i) > 1})
        if doubled:
            raise ValueError(f"commitment id used twice: {', '.join(doubled)}")
        tables = [due.table for due in self.returns]
        doubled = sorted({t for t in tables if tables.count(t) > 1})
        if doubled:
            raise ValueError(f"returns lists a table twice: {', '.join(doubled)}")
        return self

    def deadline(self, table: str, first: int, last: int) -> date | None:
        """The earliest deadline among the periods ``first`` to ``last`` of a table; None where none is set."""
        for due in self.returns:
            if due.table == table and due.deadline and last >= due.first:
                return due.deadline.of(max(first, due.first))
        return None


def load_plan(path: Path) -> Plan:
    """Read and check ``plan.yaml``.

    Raises PlanError naming file, line, key, what was found and what is allowed.
    """
    try:
        text = path.read_text("utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except FileNotFoundError:
        raise PlanError(f"没有方案文件 {path.name} / no plan file: {path.name}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise PlanError(f"{path.name} 不是有效的 YAML / not valid YAML: {problem}") from None
    try:
        return Plan.model_validate(data)
    except ValidationError as problem:
        lines = []
        for error in problem.errors():
            where = [part for part in error["loc"] if part not in ("level_by_year", "never_decrease")]
            line = _line_of(node, where)
            key = ".".join(str(part) for part in where) or "(整个文件 / whole file)"
            found = "" if error["type"] == "missing" else f";现为 / found: {str(error['input'])[:60]!r}"
            lines.append(f"  {path.name} 第 {line} 行 / line {line}: {key}: {_plain(error)}{found}")
        raise PlanError("方案文件有误 / the plan file is wrong:\n" + "\n".join(lines)) from None


def load_indicators() -> dict[str, Indicator]:
    """The indicators that the product knows, by id, from ``indicators.yaml`` beside this module."""
    data = yaml.safe_load((Path(__file__).parent / "indicators.yaml").read_text("utf-8"))
    return {i.id: i for i in (Indicator.model_validate(entry) for entry in data)}


def _line_of(node: Any, where: list[Any]) -> int:
    """Line (from 1) of the deepest node along ``where`` that exists."""
    line = node.start_mark.line if node is not None else 0
    for part in where:
        following = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, following = key.start_mark.line, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            following = node.value[part]
            line = following.start_mark.line
        if following is None:
            break
        node = following
    return line + 1


def _plain(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "缺少此项,必须写明(没有默认值)/ missing; it has no default"
    if kind == "extra_forbidden":
        return "不认识的项 / unknown key"
    if kind in ("literal_error", "union_tag_invalid"):
        allowed = context.get("expected") or context.get("expected_tags")
        return f"只能取 / must be one of {allowed}"
    return f"{error['msg']}"
