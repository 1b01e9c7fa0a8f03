"""Plausible inputs of a report, invented for the tests: a city of 19 units and a nation without units.

The figures are nobody's. They are shaped to hold every case that the report must tell: units ahead, behind
and falling back, one hidden under a total on target, one whose amount fell, published values without
denominators, a break in basis, missing years.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from pipeline.plan.model import load_indicators
from pipeline.quality.finding import Finding, RuleOutcome
from pipeline.report.fonts import font_files
from pipeline.report.inputs import ReportInputs

CITY = "130700"
NATION = "000000"
UNITS = [
    ("130702", "桥东区", "Qiaodong District", "市辖区"),
    ("130703", "桥西区", "Qiaoxi District", "市辖区"),
    ("130705", "宣化区", "Xuanhua District", "市辖区"),
    ("130706", "下花园区", "Xiahuayuan District", "市辖区"),
    ("130708", "万全区", "Wanquan District", "市辖区"),
    ("130709", "崇礼区", "Chongli District", "市辖区"),
    ("130722", "张北县", "Zhangbei County", "县"),
    ("130723", "康保县", "Kangbao County", "县"),
    ("130724", "沽源县", "Guyuan County", "县"),
    ("130725", "尚义县", "Shangyi County", "县"),
    ("130726", "蔚县", "Yu County", "县"),
    ("130727", "阳原县", "Yangyuan County", "县"),
    ("130728", "怀安县", "Huai'an County", "县"),
    ("130730", "怀来县", "Huailai County", "县"),
    ("130731", "涿鹿县", "Zhuolu County", "县"),
    ("130732", "赤城县", "Chicheng County", "县"),
    ("130771", "经开区", "Economic Development Zone", "功能区"),
    ("130772", "察北管理区", "Chabei Management Zone", "功能区"),
    ("130773", "塞北管理区", "Saibei Management Zone", "功能区"),
]
NOT_ASSESSED = ("130772", "130773")
TOOLS = {"python": "3.11.7", "duckdb": "2.0.0", "polars": "2.1.0", "weasyprint": "70.0", "pango": "1.50.12"}
Rows = list[dict[str, Any]]


def edition(**changes: Any) -> dict[str, Any]:
    """Particulars of the city's edition; ``changes`` replace some."""
    return {
        "programme": "zhangjiakou",
        "programme_name_zh": "张家口市",
        "programme_name_en": "Zhangjiakou",
        "plan_title_zh": "张家口市推进教育高质量发展实施方案",
        "plan_title_en": "Zhangjiakou implementation plan for high-quality education",
        "plan_short_zh": "《方案》",
        "plan_source_zh": "《张家口市推进教育高质量发展实施方案》,张家口市教育局,2021-11-09",
        "body_zh": "张家口市教育局",
        "body_en": "Zhangjiakou Education Bureau",
        "area_code": CITY,
        "area_name_zh": "张家口市",
        "area_name_en": "Zhangjiakou",
        "year": 2024,
        "received_through": "2025-03-06",
        "vintage_id": "0123456789ab",
        "build_id": "ba9876543210",
        "rule_version": "1",
        "code_version": "00ff00ff00ff",
        "lock_sha256": "abcdefabcdef",
        "demonstration": True,
        "preliminary": False,
        "rounding": "half_even",
        "notes_zh": [
            "年平均学生数 =(上年9月1日学生数×8 + 本年9月1日学生数×4)÷12,学生范围为公办学校(幼儿园)。",
            "判定阈值:进度比 0.95 及以上为正常推进,0.60 及以上为略有滞后。",
        ],
        "notes_en": [
            "Average pupils = (8 x last autumn + 4 x this autumn) / 12, public schools.",
            "Thresholds: ratio 0.95 on schedule, 0.60 slightly behind.",
        ],
        "reading_rules_zh": [
            "基期为2020年(2020年9月1日的学校统计、2020财政年度)。",
            "“到2025年”指2025年9月1日的学校统计;此前的结论均为阶段性判断。",
            "全市比率为分子之和除以分母之和,不是县(区)比率的平均;判定用未修约值。",
        ],
        "reading_rules_en": [
            "The base year is 2020.",
            "Earlier judgements are interim.",
            "A city rate is a ratio of sums.",
        ],
    } | changes


def commitment(identifier: str, indicator_id: str, **own: Any) -> dict[str, Any]:
    """One promise with the definition of its indicator."""
    i = load_indicators()[indicator_id]
    return {
        "id": identifier,
        "name_zh": i.name_zh,
        "name_en": i.name_en,
        "section": "总体要求",
        "tier": "A",
        "kind": "level_by_year",
        "indicator_id": indicator_id,
        "operator": ">=",
        "direction": "up",
        "target": None,
        "unit": i.unit,
        "base_period": 2020,
        "base_note_zh": None,
        "base_note_en": None,
        "due_period": 2025,
        "period_kind": "school_year",
        "reported_period": 2024,
        "decided_by": "computed",
        "county_variant": None,
        "county_mode": "none",
        "series": None,
        "responsible_zh": "市教育局、市发改委、市财政局,各县(区)党委、政府",
        "responsible_en": "Education Bureau, county governments",
        "target_source_zh": "《方案》总体要求",
        "target_source_en": "the plan, general aims",
        "definition_zh": i.definition_zh,
        "definition_en": i.definition_en,
        "definition_source_zh": i.definition_source_zh,
        "numerator_zh": i.numerator_zh,
        "numerator_en": i.numerator_en,
        "denominator_zh": i.denominator_zh,
        "denominator_en": i.denominator_en,
        "measure": i.measure,
        "person_zh": i.person_zh,
        "person_en": i.person_en,
        "variants": {k: {"zh": v.zh, "en": v.en} for k, v in i.variants.items()},
        "basis_zh": "常住人口(2020年为人口普查数,其后为常住人口年报数);幼儿按幼儿园所在地统计",
        "basis_en": "resident population",
    } | own


def value_row(c: dict, area: str, period: int, **own: Any) -> dict[str, Any]:
    """A verdict row with nothing in it yet."""
    return {
        "commitment_id": c["id"],
        "indicator_id": c["indicator_id"],
        "kind": c["kind"],
        "variant": c.get("variant"),
        "area_code": area,
        "segment": "all",
        "period_kind": c["period_kind"],
        "period": period,
        "is_reported": period == c["reported_period"],
        "is_total": area in (CITY, NATION),
        "assessed": True,
        "value_num": None,
        "value_den": None,
        "value_source": "computed",
        "numerator": None,
        "denominator": None,
        "basis": "常住人口",
        "maturity": "final",
        "source_title": None,
        "base_period": c["base_period"],
        "base_num": None,
        "base_den": None,
        "target_num": None,
        "target_den": None,
        "due_period": c["due_period"],
        "hold_rule": False,
        "path_num": None,
        "path_den": None,
        "rho_num": None,
        "rho_den": None,
        "small_distance": False,
        "distance_num": None,
        "distance_den": None,
        "gap_num": None,
        "gap_den": None,
        "gap_persons": None,
        "surplus_persons": None,
        "persons_base": None,
        "previous_num": None,
        "previous_den": None,
        "published_previous_num": None,
        "published_previous_den": None,
        "published_change_micro": None,
        "same_basis": True,
        "class": None,
        "reason": None,
        "flag_met_but_fell": False,
        "flag_denominator_driven": False,
        "flag_basis_break": False,
        "flag_preliminary": False,
        "falls_since_base": None,
        "projection": None,
        "projected_num": None,
        "projected_den": None,
        "needed_pace_num": None,
        "needed_pace_den": None,
        "observed_pace_num": None,
        "observed_pace_den": None,
        "rule_version": "1",
        "vintage_id": "0123456789ab",
        "build_id": "ba9876543210",
    } | own


def put(row: dict, name: str, value: Fraction | None) -> None:
    row[f"{name}_num"] = None if value is None else value.numerator
    row[f"{name}_den"] = None if value is None else value.denominator


Values = dict[int, tuple[int, int] | str]
"""Period -> (numerator, denominator), or a published percentage as text."""


def exact(value: tuple[int, int] | str) -> Fraction:
    return Fraction(value) if isinstance(value, str) else Fraction(100 * value[0], value[1])


def judge(c: dict, area: str, values: Values, bases: dict[int, str], assessed: bool = True) -> Rows:
    """Verdict rows of one unit, by the published rules, in exact fractions."""
    target, base_period, due = Fraction(c["target"]), c["base_period"], c["due_period"]
    start = exact(values[base_period]) if base_period in values else None
    rows = []
    for period in sorted(values):
        value, pair = exact(values[period]), values[period]
        row = value_row(c, area, period, basis=bases.get(period, "常住人口"))
        off_base = period > base_period and row["basis"] != bases.get(base_period, "常住人口")
        base = None if off_base else start
        put(row, "value", value)
        put(row, "base", base)
        put(row, "target", target)
        put(row, "gap", target - value)
        row["assessed"] = assessed
        if isinstance(pair, str):
            row["value_source"], row["source_title"] = "certified", f"{period}年公报(样例)"
        else:
            row["numerator"], row["denominator"] = pair
            lacking = target * pair[1] / 100 - pair[0]
            row["gap_persons"] = max(0, -(-lacking.numerator // lacking.denominator))
            row["surplus_persons"] = max(0, -lacking.numerator // lacking.denominator)
        row["hold_rule"] = start is not None and start >= target
        before = values.get(period - 1)
        if before is not None:
            put(row, "published_previous", exact(before))
            row["same_basis"] = row["basis"] == bases.get(period - 1, "常住人口")
            if row["same_basis"]:
                put(row, "previous", exact(before))
        row["flag_basis_break"] = off_base or not row["same_basis"]
        if off_base:
            row["class"], row["reason"] = "no_judgement", "basis_break" if assessed else "not_assessed"
        elif base is not None and period > base_period:
            _place(row, value, base, target, Fraction(period - base_period, due - base_period))
        if start is not None and period == c["reported_period"] and period < due:
            _project(row, values, bases, target, due)
        rows.append(row)
    return rows


def _place(row: dict, value: Fraction, base: Fraction, target: Fraction, elapsed: Fraction) -> None:
    path = target if row["hold_rule"] else base + (target - base) * elapsed
    put(row, "path", path)
    put(row, "distance", value - path)
    row["small_distance"] = abs(target - base) < 1
    if not row["small_distance"] and not row["hold_rule"]:
        put(row, "rho", (value - base) / (path - base))
    if not row["assessed"]:
        row["class"], row["reason"] = "no_judgement", "not_assessed"
    elif not row["is_total"] and row["denominator"] is not None and row["denominator"] < 500:
        row["class"], row["reason"] = "no_judgement", "small_denominator"
    elif value >= target:
        row["class"] = "achieved_early"
    elif row["hold_rule"] or value < base - Fraction(5, 100):
        row["class"] = "falling_back"
    elif row["small_distance"]:
        far = value - path
        row["class"] = (
            "on_schedule"
            if far >= Fraction(-1, 10)
            else "slightly_behind"
            if far >= Fraction(-1, 2)
            else "behind"
        )
    else:
        rho = (value - base) / (path - base)
        row["class"] = (
            "on_schedule"
            if rho >= Fraction(95, 100)
            else "slightly_behind"
            if rho >= Fraction(60, 100)
            else "behind"
        )


def _project(row: dict, values: Values, bases: dict[int, str], target: Fraction, due: int) -> None:
    period = row["period"]

    def alike(years: int) -> bool:
        """Has each of so many years before a value on the basis of this year?"""
        before = range(period - years, period)
        return all(p in values and bases.get(p, "常住人口") == row["basis"] for p in before)

    years = next((years for years in (3, 2) if alike(years)), None)
    if years is None:
        return
    pace = (exact(values[period]) - exact(values[period - years])) / years
    projected = exact(values[period]) + pace * (due - period)
    row["projection"] = "reachable" if projected >= target else "unreachable"
    put(row, "projected", projected)
    put(row, "observed_pace", pace)
    put(row, "needed_pace", (target - exact(values[period])) / (due - period))


def series_rows(c: dict, variant: str, area: str, values: Values, basis: str = "常住人口") -> Rows:
    rows = []
    for period, pair in sorted(values.items()):
        value = exact(pair)
        rows.append(
            {
                "indicator_id": c["indicator_id"],
                "variant": variant,
                "area_code": area,
                "segment": "all",
                "period": period,
                "value_num": value.numerator,
                "value_den": value.denominator,
                "numerator": None if isinstance(pair, str) else pair[0],
                "denominator": None if isinstance(pair, str) else pair[1],
                "value_source": "certified" if isinstance(pair, str) else "computed",
                "basis": basis,
                "maturity": "final",
                "source_title": f"{period}年公报(样例)" if isinstance(pair, str) else None,
            }
        )
    return rows


def split(c: dict, area: str, values: Values, start: int, end: int) -> dict:
    """The exact two-factor split."""
    (n0, d0), (n1, d1) = values[start], values[end]
    row = {"commitment_id": c["id"], "area_code": area, "from_period": start, "to_period": end}
    put(row, "change", Fraction(100 * n1, d1) - Fraction(100 * n0, d0))
    put(row, "numerator_effect", 100 * (n1 - n0) * (Fraction(1, d0) + Fraction(1, d1)) / 2)
    put(row, "denominator_effect", Fraction(100 * (n0 + n1), 2) * (Fraction(1, d1) - Fraction(1, d0)))
    return row


def summary_of(c: dict, rows: Rows, units: Rows) -> dict[str, Any]:
    whole = next(r for r in rows if r["is_reported"])
    tested = [u for u in units if u["is_reported"] and u["assessed"] and u["class"] != "no_judgement"]
    gross = sum(u["gap_persons"] or 0 for u in tested)
    known = whole["gap_persons"] is not None
    return {
        "commitment_id": c["id"],
        "class": whole["class"],
        "reason": whole["reason"],
        "units_tested": len(tested),
        "units_broken": 0,
        "units_behind": sum(u["class"] in ("slightly_behind", "behind", "falling_back") for u in tested),
        "gross_shortfall": gross,
        "net_gap": whole["gap_persons"] - whole["surplus_persons"] if known else None,
        "counties_short": sum((u["gap_persons"] or 0) > 0 for u in tested),
        "achieved_but_uneven": whole["class"] in ("achieved", "achieved_early") and gross > 0,
    }


def contributions_of(c: dict, units: Rows) -> Rows:
    now = [u for u in units if u["is_reported"]]
    gross = sum(u["gap_persons"] for u in now if u["assessed"])
    return [
        {
            "commitment_id": c["id"],
            "area_code": u["area_code"],
            "gap_persons": u["gap_persons"] - u["surplus_persons"],
            "share_num": u["gap_persons"] if gross else None,
            "share_den": gross or None,
        }
        for u in now
    ]


def unit_counts(
    first: int, last: int, size: int, start: int, drift: int, odd: dict[str, int]
) -> dict[str, Values]:
    """Invented counts by unit: rates in basis points from ``start``, off by the unit's place in the list."""
    made: dict[str, Values] = {}
    for index, (code, *_rest) in enumerate(UNITS):
        values: Values = {}
        for year in range(first, last + 1):
            scale = 60 if code in NOT_ASSESSED else 1000 - 37 * index
            population = size * scale // 1000 * (100 - 5 * (year - first)) // 100
            rate = start + 60 * ((index * 7) % 13 - 6) + (drift + odd.get(code, 0)) * (year - first)
            values[year] = (population * rate // 10000, population)
        made[code] = values
    return made


def total_of(units: dict[str, Values]) -> Values:
    periods = sorted({p for v in units.values() for p in v})
    return {p: (sum(v[p][0] for v in units.values()), sum(v[p][1] for v in units.values())) for p in periods}


CERTIFIED: Values = {2020: "97.60", 2021: "97.65", 2022: "97.63", 2023: "97.70", 2024: "97.74"}


class _City:
    """The city's rows while they are gathered."""

    def __init__(self) -> None:
        self.commitments: Rows = []
        self.verdicts: Rows = []
        self.summaries: Rows = []
        self.series: Rows = []
        self.decomposition: Rows = []
        self.contributions: Rows = []

    def add_level(
        self, c: dict, units: dict[str, Values], whole: Values, bases: dict[int, str] | None = None
    ) -> None:
        """Everything that is judged of one rate."""
        assessed = c["county_mode"] == "assessed"
        rows = judge(c, CITY, whole, bases or {})
        unit_rows = [
            r
            for code, values in units.items()
            for r in judge(c, code, values, {}, assessed and code not in NOT_ASSESSED)
        ]
        self.commitments.append(c)
        self.verdicts += rows + unit_rows
        self.summaries.append(summary_of(c, rows, unit_rows))
        if assessed:
            self.contributions += contributions_of(c, unit_rows)
        if not any(isinstance(v, str) for v in whole.values()):
            self.decomposition += [split(c, CITY, whole, start, 2024) for start in (2020, 2023)]
        last = next(r for r in rows if r["is_reported"])
        start = next(r for r in rows if r["period"] == c["base_period"])
        if last["numerator"] is not None and last["numerator"] < start["numerator"]:
            last["flag_denominator_driven"] = True


def _preschool(made: _City) -> None:
    """Pre-school: one unit far behind, one falling back."""
    c = commitment(
        "preschool_ger",
        "preschool_ger",
        target="92",
        variant="all",
        county_variant="all",
        county_mode="assessed",
        statement_zh="到2025年,学前教育毛入园率不低于92%。",
        statement_en="By 2025 at least 92 %.",
    )
    units = unit_counts(2019, 2024, 9000, 8830, 68, {"130732": -160, "130726": -40, "130727": -45})
    made.add_level(c, units, total_of(units))
    for code, values in [(CITY, total_of(units)), *units.items()]:
        made.series += series_rows(c, "all", code, values)


def _retention(made: _City) -> None:
    """Retention: a certified value beside three computed ones."""
    c = commitment(
        "compulsory_retention",
        "compulsory_retention",
        target="98",
        variant="grade9_over_grade1",
        county_variant="adjusted",
        county_mode="shown",
        decided_by="certified_first",
        basis_zh="全市以省级核定值为准,并列计算值;县(区)只列按转学、死亡校正的比率,不作判定",
        statement_zh="到2025年,九年义务教育巩固率不低于98%。",
        statement_en="By 2025 at least 98 %.",
    )
    units = unit_counts(2020, 2024, 2600, 9700, 12, {})
    made.add_level(c, units, CERTIFIED, dict.fromkeys(CERTIFIED, "省厅核定"))
    for row in made.verdicts:
        if row["commitment_id"] == c["id"] and row["is_total"] and row["is_reported"]:
            row["gap_persons"], row["surplus_persons"] = 96, 0
    made.series += series_rows(c, "certified", CITY, CERTIFIED, "省厅核定")
    for variant, shift in (
        ("grade9_over_grade1", 9760),
        ("graduates_over_entrants", 9705),
        ("adjusted", 9790),
    ):
        made.series += series_rows(
            c, variant, CITY, {y: (shift * 4 + (y - 2020) * 9, 40000) for y in CERTIFIED}
        )
    for code, values in units.items():
        made.series += series_rows(c, "adjusted", code, values)
        raw = {y: (v[0] * (90 + int(code) % 17) // 100, v[1]) for y, v in values.items()}
        made.series += series_rows(c, "grade9_over_grade1", code, raw)


def _senior(made: _City) -> None:
    """Upper secondary: shown by unit, not judged."""
    c = commitment(
        "senior_secondary_ger",
        "senior_secondary_ger",
        target="95",
        variant="with_technical",
        county_variant="with_technical",
        county_mode="shown",
        statement_zh="到2025年,高中阶段教育毛入学率不低于95%。",
        statement_en="By 2025 at least 95 %.",
    )
    units = unit_counts(2020, 2024, 7000, 9590, 14, {})
    made.add_level(c, units, total_of(units))
    made.series += series_rows(c, "with_technical", CITY, total_of(units))
    made.series += series_rows(
        c, "without_technical", CITY, {y: (v[0] * 91 // 100, v[1]) for y, v in total_of(units).items()}
    )
    for code, values in units.items():
        made.series += series_rows(c, "with_technical", code, values)


def _coverage(made: _City) -> None:
    """Coverage: on target as a whole, one unit a hair below it."""
    c = commitment(
        "inclusive_coverage",
        "inclusive_coverage",
        target="85",
        variant="by_children",
        county_variant="by_children",
        county_mode="assessed",
        statement_zh="到2025年,普惠性幼儿园覆盖率不低于85%。",
        statement_en="By 2025 at least 85 %.",
    )
    units = unit_counts(2020, 2024, 8000, 8620, 60, {"130723": -70})
    units["130724"][2024] = (84996, 100000)  # prints as 85.00, is below 85
    made.add_level(c, units, total_of(units))
    for code, values in [(CITY, total_of(units)), *units.items()]:
        made.series += series_rows(c, "by_children", code, values)
        made.series += series_rows(
            c, "by_kindergartens", code, {y: (v[0] * 88 // 1000, v[1] // 10) for y, v in values.items()}
        )


def _spending(made: _City) -> None:
    """Spending: twenty budget levels."""
    c = commitment(
        "per_pupil_spending",
        "per_pupil_spending",
        kind="never_decrease",
        variant="computed",
        period_kind="fiscal_year",
        due_period=None,
        series="budget_levels",
        basis_zh="一般公共预算教育支出(决算)÷公办学校年平均学生数(上年秋季8/12、本年秋季4/12);名义金额",
        statement_zh="按在校学生人数平均的一般公共预算教育支出逐年只增不减。",
        statement_en="Per-pupil spending never falls.",
    )
    made.commitments.append(c)
    rows, summary = spending_rows(c)
    made.verdicts += rows
    made.summaries.append(summary)


def city_inputs(**changes: Any) -> ReportInputs:
    """The city; ``changes`` replace particulars of the edition."""
    made = _City()
    for part in (_preschool, _retention, _senior, _coverage, _spending):
        part(made)
    return ReportInputs(
        edition=edition(**changes),
        areas=city_areas(),
        commitments=made.commitments,
        verdicts=made.verdicts,
        summaries=made.summaries,
        series=made.series,
        decomposition=made.decomposition,
        contributions=made.contributions,
        findings=city_findings(),
        outcomes=city_outcomes(),
        sources=city_sources(),
        source_titles=[
            {
                "indicator_id": "compulsory_retention",
                "period": y,
                "source_title": f"关于核定{y}年巩固率的函(样例)",
            }
            for y in CERTIFIED
        ],
        tools=TOOLS,
        fonts=font_files(),
        rules={o.rule: {"zh": f"样例规则{o.rule}", "en": f"sample rule {o.rule}"} for o in city_outcomes()},
    )


def with_whole(identifier: str, values: Values, bases: dict[int, str] | None = None) -> ReportInputs:
    """The city with other values of the whole area in one rate, judged and split anew."""
    inputs = city_inputs()
    c = next(c for c in inputs.commitments if c["id"] == identifier)
    rows = judge(c, CITY, values, bases or {})
    others = [v for v in inputs.verdicts if (v["commitment_id"], v["area_code"]) != (identifier, CITY)]
    units = [v for v in others if v["commitment_id"] == identifier]
    return replace(
        inputs,
        verdicts=others + rows,
        summaries=[summary_of(c, rows, units) if s["commitment_id"] == identifier else s for s in inputs.summaries],
        decomposition=[
            *(d for d in inputs.decomposition if d["commitment_id"] != identifier),
            *(split(c, CITY, values, start, 2024) for start in (2020, 2023) if not bases),
        ],
    )


def two_amounts(**changes: Any) -> ReportInputs:
    """The sample city with a second amount that may not fall, equal to the first: it has the chapter on spending."""
    inputs = city_inputs(**changes)
    first = next(c for c in inputs.commitments if c["kind"] == "never_decrease")
    twin = first | {"id": "twin", "tier": "A"}
    own = [v | {"commitment_id": "twin"} for v in inputs.verdicts if v["commitment_id"] == first["id"]]
    promises = [*(c | {"tier": "A"} for c in inputs.commitments), twin]
    return replace(inputs, promises=promises, verdicts=[*inputs.verdicts, *own])


def spending_rows(c: dict) -> tuple[Rows, dict[str, Any]]:
    """Twenty budget levels and their total; one falls now, one fell before."""
    growth = {("130723", 2024): -18, ("130728", 2022): -12, ("130701", 2024): 38}
    rows: Rows = []
    payers = [("130701", "市本级", "", ""), *UNITS]
    levels: dict[str, dict[int, Fraction]] = {}
    for index, (code, *_rest) in enumerate(payers):
        amount = Fraction(1180000 + 41000 * index, 100)
        levels[code] = {2020: amount}
        for year in range(2021, 2025):
            amount *= Fraction(1000 + growth.get((code, year), 48 + index % 5), 1000)
            levels[code][year] = amount
    levels[CITY] = {y: sum(v[y] for v in levels.values()) / len(levels) for y in range(2020, 2025)}
    for code, values in levels.items():
        falls = 0
        for year, value in values.items():
            row = value_row(c, code, year, basis="决算")
            put(row, "value", value)
            put(row, "base", values[2020])
            if year > 2020:
                for name in ("previous", "published_previous"):
                    put(row, name, values[year - 1])
                falls += value < values[year - 1]
                row["class"] = "kept" if value > values[year - 1] else "broken"
            row["falls_since_base"] = falls
            rows.append(row)
    summary = {
        "commitment_id": c["id"],
        "class": "broken",
        "reason": None,
        "units_tested": 21,
        "units_broken": 1,
        "units_behind": 1,
        "gross_shortfall": None,
        "net_gap": None,
        "counties_short": 0,
        "achieved_but_uneven": False,
    }
    return rows, summary


def city_areas() -> Rows:
    head = [
        (CITY, "张家口市", "全市", "Zhangjiakou", "全市", True),
        ("130701", "张家口市本级", "市本级", "City budget level", "市本级", True),
    ]
    units = [(code, zh, zh, en, kind, code not in NOT_ASSESSED) for code, zh, en, kind in UNITS]
    return [
        {
            "area_code": code,
            "name_zh": name,
            "short_name_zh": short,
            "name_en": en,
            "unit_type": kind,
            "assessed": assessed,
            "grid_row": None,
            "grid_col": None,
            "sort_order": order,
        }
        for order, (code, name, short, en, kind, assessed) in enumerate(head + units)
    ]


def city_findings() -> list[Finding]:
    return [
        Finding(
            rule="C10",
            severity="warning",
            table="core.kindergarten",
            file="2024/kindergarten_children.csv",
            row=318,
            column="幼儿数",
            value="1,204",
            area_code="130703",
            period="2024",
            message_zh="桥西区毛入园率为106.2%,高于105%",
            message_en="The ratio of Qiaoxi is 106.2 %, above 105 %",
            todo_zh="核对分年龄人口与跨区就读人数,填写说明",
            todo_en="check population and cross-district children",
        ),
        Finding(
            rule="D12",
            severity="warning",
            table="core.finance",
            file="2024/county_finance.xlsx",
            sheet="支出",
            row=9,
            column="决算数",
            value="41,203",
            area_code="130723",
            period="2024",
            message_zh="教育支出比上年减少6.1%",
            message_en="education spending fell by 6.1 %",
            todo_zh="说明原因",
            todo_en="explain",
            more=2,
        ),
    ]


def city_outcomes() -> list[RuleOutcome]:
    made = [
        RuleOutcome(
            rule=f"{letter}{number:02d}",
            table=f"staging.table_{number}",
            severity="error",
            outcome="passed",
            checked=18_345 * number,
            offending=0,
        )
        for letter, many in (("A", 6), ("B", 8), ("C", 9), ("E", 3))
        for number in range(1, many + 1)
    ]
    made.append(
        RuleOutcome(
            rule="C10",
            table="core.kindergarten",
            severity="warning",
            outcome="failed",
            checked=95,
            offending=1,
        )
    )
    made.append(
        RuleOutcome(
            rule="D12", table="core.finance", severity="warning", outcome="failed", checked=120, offending=3
        )
    )
    return made


def city_sources() -> Rows:
    names = {
        "school_register": "学校(机构)名录",
        "kindergarten_children": "幼儿园幼儿情况",
        "enrolment_by_grade": "分年级在校生",
        "population_by_age": "分年龄人口",
        "county_finance": "县级教育经费",
        "certified_values": "核定值",
    }
    return [
        {
            "table": table,
            "table_name_zh": name,
            "table_name_en": table.replace("_", " "),
            "path": f"{year}/{table}.csv",
            "sha256": f"{index:02x}{year:04x}" * 10 + "abcd",
            "supplier": "市教育局规划科",
            "received_on": f"{year + 1}-03-06",
            "maturity": "final",
            "origin": "demonstration",
            "period_from": year,
            "period_to": year,
            "rows": 1207 * (index + 1),
        }
        for index, (table, name) in enumerate(names.items())
        for year in range(2019, 2025)
    ]


# ---------------------------------------------------------------- the nation


def nation_inputs(**changes: Any) -> ReportInputs:
    """A nation without units: published rates without denominators, a break in basis, missing years."""
    made = (
        edition(
            programme="china",
            programme_name_zh="全国",
            programme_name_en="China",
            plan_title_zh="全国教育事业“十四五”主要目标",
            plan_title_en="National education targets",
            plan_short_zh="“十四五”目标",
            plan_source_zh="目标值为公开周知的数值",
            body_zh="据公开统计编制",
            body_en="compiled from published statistics",
            area_code=NATION,
            area_name_zh="全国",
            area_name_en="China",
            year=2023,
            received_through="2024-10-24",
            demonstration=False,
        )
        | changes
    )
    verdicts: Rows = []
    series: Rows = []
    summaries: Rows = []
    commitments = []
    well_known = {
        "target_source_zh": "公开周知的目标值,未存原始文件",
        "target_source_en": "well-known, no stored source",
    }
    published: dict[str, tuple[str, Values, dict[int, str]]] = {
        "preschool_ger": (
            "90",
            {2018: "81.7", 2019: "83.4", 2020: "85.2", 2021: "88.1", 2022: "89.7", 2023: "91.1"},
            {},
        ),
        "compulsory_retention": (
            "96",
            {2019: "94.8", 2020: "95.2", 2021: "95.4", 2022: "95.5", 2023: "95.7"},
            {},
        ),
        "senior_secondary_ger": (
            "92",
            {2019: "89.5", 2020: "91.2", 2021: "91.4", 2022: "91.6", 2023: "91.8"},
            {
                2019: "含技工学校",
                2020: "含技工学校",
                2021: "不含技工学校",
                2022: "不含技工学校",
                2023: "不含技工学校",
            },
        ),
    }
    for identifier, (target, values, bases) in published.items():
        base = 2021 if bases else 2020
        c = commitment(
            identifier,
            identifier,
            target=target,
            variant="all",
            decided_by="certified_first",
            base_period=base,
            reported_period=2023,
            statement_zh=f"到2025年不低于{target}%。",
            statement_en=f"By 2025 at least {target} %.",
            base_note_zh="2021年起不含技工学校,以2021年为基期。" if bases else None,
            base_note_en="Base year 2021." if bases else None,
            basis_zh="公布值(公报一位小数)",
            **well_known,
        )
        rows = judge(c, NATION, values, bases or dict.fromkeys(values, "公布值"))
        commitments.append(c)
        verdicts += rows
        summaries.append(summary_of(c, rows, []))
        series += series_rows(c, "certified", NATION, values)
    c = commitment(
        "inclusive_coverage",
        "inclusive_coverage",
        target="85",
        variant="by_children",
        reported_period=2023,
        statement_zh="到2025年不低于85%。",
        statement_en="By 2025 at least 85 %.",
        basis_zh="按在园幼儿计算",
        **well_known,
    )
    values = {
        2019: (35778000, 47138800),
        2020: (40828300, 48182600),
        2021: (42182000, 48052100),
        2022: (41441000, 46275500),
        2023: (37170100, 40929800),
    }
    rows = judge(c, NATION, values, {})
    commitments.append(c)
    verdicts += rows
    summaries.append(summary_of(c, rows, []))
    series += series_rows(c, "by_children", NATION, values)
    series += series_rows(
        c, "by_kindergartens", NATION, {y: (v[0] * 95 // 100, v[1]) for y, v in values.items()}
    )
    c = commitment(
        "per_pupil_spending",
        "per_pupil_spending",
        kind="never_decrease",
        variant="certified",
        due_period=None,
        period_kind="fiscal_year",
        reported_period=2022,
        series="segments",
        basis_zh="公布值;同口径比较",
        statement_zh="各级教育生均一般公共预算教育经费逐年只增不减。",
        statement_en="It never falls.",
        **well_known,
    )
    commitments.append(c)
    rows, summary = national_spending(c)
    verdicts += rows
    summaries.append(summary)
    return ReportInputs(
        edition=made,
        areas=[
            {
                "area_code": NATION,
                "name_zh": "全国",
                "short_name_zh": "全国",
                "name_en": "China",
                "unit_type": "全国",
                "assessed": True,
                "grid_row": None,
                "grid_col": None,
                "sort_order": 1,
            }
        ],
        commitments=commitments,
        verdicts=verdicts,
        summaries=summaries,
        series=series,
        decomposition=[
            split(c, NATION, values, 2020, 2023) | {"commitment_id": "inclusive_coverage"},
            split(c, NATION, values, 2022, 2023) | {"commitment_id": "inclusive_coverage"},
        ],
        contributions=[],
        findings=[],
        outcomes=[
            RuleOutcome(
                rule="A01",
                table="staging.certified_values",
                severity="error",
                outcome="passed",
                checked=62,
                offending=0,
            )
        ],
        sources=[
            s | {"origin": "real", "supplier": "教育部"}
            for s in city_sources()
            if s["table"] == "certified_values"
        ],
        source_titles=[
            {"indicator_id": c["indicator_id"], "period": y, "source_title": f"{y}年全国教育统计公报(样例)"}
            for c in commitments
            for y in range(2019, 2024)
        ],
        tools=TOOLS,
        fonts=font_files(),
    )


def national_spending(c: dict) -> tuple[Rows, dict[str, Any]]:
    """Stages with a break in basis in 2021; one falls in 2022; the total is published from 2021 on."""
    published = {
        "kindergarten": (("9410.76", None), ("9505.84", 4.68), ("10198.39", 7.29)),
        "primary": (("12330.58", None), ("12380.73", 2.22), ("12791.64", 3.32)),
        "junior": (("17803.60", None), ("17772.06", 1.74), ("18151.98", 2.14)),
        "senior_general": (("18671.83", None), ("18808.71", 2.95), ("19117.92", 1.64)),
        "secondary_vocational": (("17446.93", None), ("17095.26", 0.58), ("17461.54", 2.14)),
        "higher": (("22407.39", None), ("22586.42", 1.65), ("22205.41", -1.69)),
        "all": (None, ("15356.59", 2.35), ("15731.97", 2.44)),
    }
    rows: Rows = []
    for segment, cells in published.items():
        before: Fraction | None = None
        for year, cell in zip((2020, 2021, 2022), cells, strict=True):
            if cell is None:
                continue
            value = Fraction(cell[0])
            row = value_row(
                c,
                NATION,
                year,
                segment=segment,
                value_source="certified",
                basis="2020年及以前口径" if year == 2020 else "2021年起口径",
            )
            put(row, "value", value)
            row["published_change_micro"] = None if cell[1] is None else round(cell[1] * 1_000_000)
            put(row, "published_previous", before)
            if year == 2021 and before is not None:
                row["flag_basis_break"] = True
            elif before is not None:
                put(row, "previous", before)
            if cell[1] is not None:
                row["class"] = "kept" if cell[1] > 0 else "broken"
            rows.append(row)
            before = value
    summary = {
        "commitment_id": c["id"],
        "class": "broken",
        "reason": None,
        "units_tested": 7,
        "units_broken": 1,
        "units_behind": 1,
        "gross_shortfall": None,
        "net_gap": None,
        "counties_short": 0,
        "achieved_but_uneven": False,
    }
    return rows, summary
