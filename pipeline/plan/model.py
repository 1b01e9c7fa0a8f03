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
Unit = Literal["percent", "yuan", "minutes", "ratio", "count", "per_pupil"]
Cadence = Literal[
    "annual", "school_year", "calendar_year", "fiscal_year", "survey", "term", "two_years", "stock", "cumulative", "once"
]
DueBasis = Literal["stated", "derived", "inferred", "recurring", "none"]
Scope = Literal[
    "whole",
    "municipal",
    "whole_and_units",
    "each_unit",
    "each_school",
    "each_leader",
    "budget_levels",
    "named_units",
    "named_schools",
]
ValueIs = Literal["share_complying", "amount"]
"""Is the figure the share of those that comply (then 100 % is asked), or the amount that is held against the target?"""


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


class Issued(Strict):
    """Number and day under which the report of one reporting year was sent out."""

    number: Annotated[int, Field(ge=1)]
    on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]

    @field_validator("on")
    @classmethod
    def _exists(cls, on: str) -> str:
        date.fromisoformat(on)
        return on


class NoticeHead(Strict):
    """The covering notice (通知): who writes to whom. What is not known yet is left open in print.

    ``issued``: reporting year -> number and day, once they are known.
    """

    mark_zh: str | None
    addressees_zh: str
    copies_zh: str | None
    printed_by_zh: str
    issued: dict[Annotated[str, Field(pattern=r"^\d{4}$")], Issued]


class TextPair(Strict):
    """One statement in both languages."""

    zh: str
    en: str


class Thresholds(Strict):
    """Cuts of the status classes. Ratios are pure numbers, distances are percentage points.

    0.95 and 0.60 are the cuts published for the Eurostat / Statistics Canada progress measure;
    the others are decisions of this product. ``small_denominator`` and ``smallest_denominator`` are persons: below
    the first no class and no advice, below the second not even a pooled rate is ranked; ``vintage_days`` are the
    days that figures lie before advice may rest on them.
    """

    on_schedule_ratio: DecimalText
    slightly_behind_ratio: DecimalText
    small_distance_points: DecimalText
    small_on_schedule_points: DecimalText
    small_slightly_behind_points: DecimalText
    falling_back_points: DecimalText
    met_but_fell_points: DecimalText
    small_denominator: Annotated[int, Field(ge=1)]
    smallest_denominator: Annotated[int, Field(ge=1)]
    vintage_days: Annotated[int, Field(ge=0)]
    mostly_covered_percent: DecimalText
    interval_z_squared: DecimalText

    @model_validator(mode="after")
    def _sensible(self) -> Thresholds:
        low, high = micro(self.slightly_behind_ratio), micro(self.on_schedule_ratio)
        if not 0 < low < high <= MICRO:
            raise ValueError(
                "应满足 0 < slightly_behind_ratio < on_schedule_ratio <= 1 / must hold: 0 < slightly_behind_ratio < "
                "on_schedule_ratio <= 1"
            )
        if not 0 < micro(self.mostly_covered_percent) < 100 * MICRO or micro(self.interval_z_squared) <= 0:
            raise ValueError(
                "应满足 0 < mostly_covered_percent < 100、interval_z_squared > 0 / must hold: 0 < mostly_covered_percent "
                "< 100, interval_z_squared > 0"
            )
        if self.smallest_denominator > self.small_denominator:
            raise ValueError(
                "应满足 smallest_denominator <= small_denominator / must hold: smallest_denominator <= small_denominator"
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


class Section(Strict):
    """A section of the plan: how it is cited, and what it is about in our own words (never its text)."""

    cite: str
    zh: str
    en: str


class MethodChange(Strict):
    """What was judged otherwise from the edition of ``year`` on: a changed rule, threshold or reading.

    ``commitments`` lists the ids it touches, or is ``all``.
    """

    year: int
    commitments: Literal["all"] | Annotated[list[str], Field(min_length=1)]
    zh: str
    en: str


class ProjectMatch(Strict):
    """Which rows of the project ledger (项目与里程碑台账) belong to a promise.

    A project belongs when its number begins with one of ``codes`` or its title has all the words of one of ``titles``,
    in their order, and none of ``without``. ``since``: a project finished in an earlier year does not count.
    """

    codes: list[Annotated[str, Field(min_length=1, pattern=r"^[^%_]+$")]]
    titles: list[Annotated[list[Annotated[str, Field(min_length=1, pattern=r"^[^%_]+$")]], Field(min_length=1)]]
    without: list[Annotated[str, Field(min_length=1, pattern=r"^[^%_]+$")]]
    since: int | None

    @model_validator(mode="after")
    def _something(self) -> ProjectMatch:
        if not self.codes and not self.titles:
            raise ValueError("codes 与 titles 至少写一项 / codes or titles, or both, must name something")
        return self


class CommitmentBase(Strict):
    """What every promise has, whatever its kind.

    Either ``indicator_id`` and ``variant`` name the figure that judges it, or ``no_figure`` says why there is none.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name_zh: str
    name_en: str
    section: str
    tier: Literal["A", "B", "C"]
    statement_zh: str
    statement_en: str
    indicator_id: str | None
    variant: str | None
    no_figure: TextPair | None = None
    formula: str
    unit: Unit
    unit_zh: str
    unit_en: str
    operator: Literal[">=", "<=", "=", ">", "report"]
    direction: Literal["up", "down"]
    period_kind: PeriodKind
    cadence: Cadence
    due_basis: DueBasis
    report_lag: Annotated[int, Field(ge=0, le=3)]
    base_period: int | None
    base_note_zh: str | None = None
    base_note_en: str | None = None
    scope: Scope
    named: list[str] = []
    left_out: list[str] = []
    projects: ProjectMatch | None = None
    counties: Literal["assessed", "shown", "none"]
    small_units: Literal["grey", "pooled", "judged"]
    lead: TextPair
    support: list[TextPair]
    ranked_by: Literal["value", "change", "none"]
    target_source_zh: str
    target_source_en: str
    basis_zh: str | None = None
    basis_en: str | None = None

    def reported_period(self, year: int) -> int:
        """The period that an edition of ``year`` judges."""
        return year - self.report_lag

    @property
    def responsible(self) -> TextPair:
        """All bodies that answer for it, the leading one first."""
        bodies = [self.lead, *self.support]
        return TextPair(zh="、".join(b.zh for b in bodies), en=", ".join(b.en for b in bodies))

    @model_validator(mode="after")
    def _ranked(self) -> CommitmentBase:
        if self.ranked_by != "none" and (self.counties == "none" or self.indicator_id is None):
            raise ValueError(
                "没有县(区)数值的承诺不能排位,ranked_by 应为 none / without figures of units there is no ranking: "
                "ranked_by is none"
            )
        return self

    @model_validator(mode="after")
    def _direction_agrees(self) -> CommitmentBase:
        if self.operator in (">=", "<=", ">") and (self.operator != "<=") != (self.direction == "up"):
            raise ValueError("operator and direction contradict each other (>= goes with up, <= with down)")
        return self

    @model_validator(mode="after")
    def _figure_or_reason(self) -> CommitmentBase:
        if (self.indicator_id is None) == (self.no_figure is None):
            raise ValueError(
                "indicator_id 与 no_figure 必须且只能写一个 / exactly one of indicator_id and no_figure: name the "
                "figure, or say why there is none"
            )
        if (self.indicator_id is None) != (self.variant is None):
            raise ValueError("有 indicator_id 才有 variant / variant goes with indicator_id, and only with it")
        return self

    @model_validator(mode="after")
    def _named(self) -> CommitmentBase:
        if (self.scope in ("named_units", "named_schools")) != bool(self.named):
            raise ValueError("scope named_units、named_schools 须列出 named / named is needed exactly with these scopes")
        return self


class Due(Strict):
    """A year by which, or ``null`` where the promise holds for every period (or has no date)."""

    due_period: int | None
    due_basis: DueBasis

    @model_validator(mode="after")
    def _due_agrees(self) -> Due:
        if (self.due_period is None) != (self.due_basis in ("recurring", "none")):
            raise ValueError(
                "due_basis 为 recurring、none 时 due_period 应为 null,否则须写年份 / due_period is null exactly with "
                "due_basis recurring or none"
            )
        return self


class LevelByYear(CommitmentBase):
    """A level to be reached (and held) by a year."""

    kind: Literal["level_by_year"]
    base_period: int
    target: DecimalText
    due_period: int
    decided_by: Literal["computed", "certified_first"]
    county_variant: str | None

    @model_validator(mode="after")
    def _due(self) -> LevelByYear:
        if self.due_period <= self.base_period:
            raise ValueError("due_period must lie after base_period")
        return self

    @model_validator(mode="after")
    def _county_variant(self) -> LevelByYear:
        wanted = self.counties != "none" and self.indicator_id is not None
        if wanted != (self.county_variant is not None):
            raise ValueError("county_variant is needed exactly where counties are assessed or shown")
        return self


class NeverDecrease(CommitmentBase):
    """An amount that may not fall from one year to the next, tested for every series named."""

    kind: Literal["never_decrease"]
    base_period: int
    series: Literal["budget_levels", "segments"]
    rise_by: int | None

    @model_validator(mode="after")
    def _rises_later(self) -> NeverDecrease:
        if self.rise_by is not None and self.rise_by <= self.base_period:
            raise ValueError("rise_by 须晚于 base_period / rise_by must be later than base_period")
        return self


class YearlyChange(CommitmentBase):
    """A rate of a survey that moves by ``step`` points every year, on the path from the base year."""

    kind: Literal["yearly_change"]
    base_period: int
    step: DecimalText

    @model_validator(mode="after")
    def _step_agrees(self) -> YearlyChange:
        if micro(self.step) == 0 or (micro(self.step) > 0) != (self.direction == "up"):
            raise ValueError("step 的正负须与 direction 一致 / the sign of step must agree with direction")
        return self


class Floor(CommitmentBase):
    """A standard that every unit must reach in every period."""

    kind: Literal["floor"]
    target: DecimalText
    value_is: ValueIs


class Ceiling(CommitmentBase):
    """A standard that no unit may exceed in any period."""

    kind: Literal["ceiling"]
    target: DecimalText
    value_is: ValueIs


class CountByYear(CommitmentBase, Due):
    """So many by a year; with ``due_period: null`` so many in every period."""

    kind: Literal["count_by_year"]
    target: DecimalText
    value_is: ValueIs

    def reported_period(self, year: int) -> int:
        """The number of one calendar year stays what it was when it was due."""
        judged = super().reported_period(year)
        if self.cadence == "calendar_year" and self.due_period is not None:
            return min(judged, self.due_period)
        return judged

    @model_validator(mode="after")
    def _base(self) -> CountByYear:
        if self.due_period is not None and (self.base_period is None or self.base_period >= self.due_period):
            raise ValueError("有 due_period 时须有更早的 base_period / due_period needs an earlier base_period")
        return self


class FullCoverage(CommitmentBase, Due):
    """All of them: 100 %, by a year or (``due_period: null``) in every period."""

    kind: Literal["full_coverage"]


class Comparative(CommitmentBase, Due):
    """Not below ``target`` times somebody else's figure of the same year."""

    kind: Literal["comparative"]
    target: DecimalText
    compared_with: Literal["benchmark", "own_ratio"]


class RecurringEvent(CommitmentBase):
    """Something that happens so often in every window of ``window_years`` from ``first_window``."""

    kind: Literal["recurring_event"]
    target: DecimalText
    value_is: ValueIs
    window_years: Annotated[int, Field(ge=1, le=5)]
    first_window: int

    @model_validator(mode="after")
    def _shares_by_year(self) -> RecurringEvent:
        if self.value_is == "share_complying" and self.window_years != 1:
            raise ValueError("value_is: share_complying 只能用于 window_years: 1 / only with window_years: 1")
        return self


class Milestone(CommitmentBase, Due):
    """Something to be done once, proven by a document."""

    kind: Literal["milestone"]
    target: DecimalText
    value_is: ValueIs


class Directional(CommitmentBase):
    """A direction without a pass mark: value and trend are shown, nothing is judged."""

    kind: Literal["directional"]
    operator: Literal["report"]


Commitment = Annotated[
    LevelByYear
    | NeverDecrease
    | YearlyChange
    | Floor
    | Ceiling
    | CountByYear
    | FullCoverage
    | Comparative
    | RecurringEvent
    | Milestone
    | Directional,
    Field(discriminator="kind"),
]
KINDS = (
    "level_by_year",
    "never_decrease",
    "yearly_change",
    "floor",
    "ceiling",
    "count_by_year",
    "full_coverage",
    "comparative",
    "recurring_event",
    "milestone",
    "directional",
)


class Indicator(Strict):
    """What an indicator is: official definition, parts, variants. The same for every programme."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name_zh: str
    name_en: str
    unit: Unit
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
    denominator_counts: Literal["persons", "units", "sample", "yuan", "none"]
    """What the denominator counts: a small number of persons, or of schools drawn (sample), moves by chance; a count of
    all schools or villages does not."""
    variants: dict[str, TextPair]
    variant_units: dict[str, Literal["count", "minutes", "per_pupil"]] = {}
    """Variants that stand in a unit of their own beside the indicator's."""
    variant_counts: dict[str, str] = {}
    """Variants that count other things than the indicator's ``person_en``, and what."""
    leaves_out: bool = False
    """Schools that the plan leaves out by name (``left_out``) are not counted."""
    from_base: tuple[str, ...] = ()
    """Variants that count from the base year of the plan, or are weighted by it: without ``base_period`` they have no value."""
    from_projects: bool = False
    """Counted from the project ledger: the plan has to say which of its projects are meant (``projects``)."""

    def unit_of(self, variant: str) -> str:
        """The unit of one variant."""
        return self.variant_units.get(variant, self.unit)

    def counted(self, variant: str) -> str:
        """What one variant counts: children, pupils, schools, … in the plural."""
        return self.variant_counts.get(variant, self.person_en)


HEADLINE_KINDS = {("level_by_year", "percent", "up"), ("never_decrease", "yuan", "up")}
"""Kind, unit and direction for which a page of its own has words: a rate that has to rise, an amount that may not fall."""


class Plan(Strict):
    """``plan.yaml``, whole."""

    format: Literal[1]
    rule_version: str
    programme: ProgrammeHead
    plan: PlanHead
    notice: NoticeHead | None = None
    reading_rules: list[TextPair]
    method_changes: list[MethodChange]
    thresholds: Thresholds
    rule_thresholds: dict[str, DecimalText]
    parameters: Parameters
    returns: list[DueReturn]
    sections: Annotated[list[Section], Field(min_length=1)]
    headline: Annotated[list[str], Field(min_length=1)]
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

    @model_validator(mode="after")
    def _sections_known(self) -> Plan:
        cited = [section.cite for section in self.sections]
        unknown = sorted({f"{c.id}: {c.section}" for c in self.commitments if c.section not in cited})
        if unknown:
            raise ValueError(f"sections 中没有 / not listed in sections: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _method_changes_known(self) -> Plan:
        ids = {c.id for c in self.commitments}
        listed = {i for change in self.method_changes if change.commitments != "all" for i in change.commitments}
        if listed - ids:
            raise ValueError(
                "method_changes 中没有这些承诺 / method_changes names commitments that are not in the plan: "
                + ", ".join(sorted(listed - ids))
            )
        return self

    @model_validator(mode="after")
    def _headline_known(self) -> Plan:
        able = {
            c.id
            for c in self.commitments
            if (c.kind, c.unit, c.direction) in HEADLINE_KINDS and c.indicator_id and c.basis_zh and c.basis_en
        }
        wrong = [identifier for identifier in self.headline if identifier not in able]
        if wrong:
            raise ValueError(
                "headline 只能列出有指标、有口径说明的 level_by_year(单位 percent,direction up)、never_decrease(单位 yuan)承诺 / "
                "headline takes level_by_year (unit percent, direction up) and never_decrease (unit yuan) commitments that have "
                f"an indicator and basis_zh, basis_en; not: {', '.join(wrong)}"
            )
        return self

    def headlines(self) -> list[Commitment]:
        """The commitments with a page of their own, in the order of ``headline``."""
        by_id = {c.id: c for c in self.commitments}
        return [by_id[identifier] for identifier in self.headline]

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
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        raise PlanError(f"没有方案文件 {path.name} / no plan file: {path.name}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise PlanError(f"{path.name} 不是有效的 YAML / not valid YAML: {problem}") from None
    try:
        return Plan.model_validate(data)
    except ValidationError as problem:
        lines = []
        for error in problem.errors():
            where = [part for part in error["loc"] if part not in KINDS]
            line = _line_of(node, where)
            key = ".".join(str(part) for part in where) or "(整个文件 / whole file)"
            found = "" if error["type"] == "missing" else f";现为 / found: {str(error['input'])[:60]!r}"
            lines.append(f"  {path.name} 第 {line} 行 / line {line}: {key}: {_plain(error)}{found}")
        raise PlanError("方案文件有误 / the plan file is wrong:\n" + "\n".join(lines)) from None


def line_in_plan(path: Path, where: list[str | int]) -> int:
    """Line (from 1) of a plan file at which the key along ``where`` stands, or the last part of it that is there."""
    return _line_of(yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader), where)


def load_indicators() -> dict[str, Indicator]:
    """The indicators that the product knows, by id, from ``indicators.yaml`` beside this module."""
    data = yaml.load((Path(__file__).parent / "indicators.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
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
