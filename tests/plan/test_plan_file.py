"""The plan file: the page that describes it is enough to write one, and what is wrong in one is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from pipeline.plan.model import KINDS, Plan, PlanError, load_plan
from pipeline.plan.schema import SCHEMA_PATH, schema_text
from pipeline.programme import CODE_ROOT, Home, Programme, ProgrammeError

PAGE = (CODE_ROOT / "docs" / "plan-format.md").read_text("utf-8")
EXAMPLE = next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S) if block.startswith("format:"))


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "plan.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_the_example_of_the_page_is_a_plan_with_one_commitment_of_each_kind(written):
    plan = load_plan(written(EXAMPLE))
    assert sorted(c.kind for c in plan.commitments) == sorted(KINDS)
    assert [c.id for c in plan.headlines()] == ["preschool_ger"]
    football = next(c for c in plan.commitments if c.id == "football")
    assert (football.due_period, football.target, football.responsible.zh) == (2025, "10", "县教育局、县财政局")


def as_programme(folder: Path, text: str) -> Plan:
    """The plan of a programme: what it names is known to the product, too."""
    root = folder / "qingshui"
    root.mkdir(exist_ok=True)
    (root / "plan.yaml").write_text(text, "utf-8")
    return Programme("qingshui", root).plan


def test_the_example_names_only_what_the_product_knows(tmp_path):
    assert len(as_programme(tmp_path, EXAMPLE).commitments) == len(KINDS)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    projects: {codes: [], titles: [[优质高中, 县第一中学]], without: [], since: null}\n", "", "high_school.projects"),
        ("    named: [县第一中学]\n", "    named: [县第一中学]\n    left_out: [县第二中学]\n", "high_school.left_out"),
        ("codes: [], titles: [[优质高中, 县第一中学]]", "codes: [], titles: []", "codes or titles"),
        ("codes: [], titles", 'codes: ["GZ%"], titles', "codes"),
        # names that would bind nobody
        ("codes: [], titles", "codes: [GZ-], titles", "high_school.projects.codes: .* must be []"),
        ("named: [县第一中学]", "named: [县第一中学, 县第二中学]", "high_school.named: .*'县第二中学', so none of its projects"),
        ("[[优质高中, 县第一中学]]", "[[优质高中, 县第一中学], [优质高中]]", "high_school.projects.titles: [优质高中] .* any school"),
        ("    scope: whole\n", "    scope: named_units\n    named: [某县]\n", "preschool_ger.scope: .* reads no named"),
        ("    scope: whole\n", "    scope: named_schools\n    named: [某校]\n", "preschool_ger.scope: .* reads no named"),
    ],
)
def test_projects_and_what_is_left_out_are_checked(tmp_path, old, new, told):
    assert old in EXAMPLE
    with pytest.raises((PlanError, ProgrammeError), match=re.escape(told).replace("\\ \\.\\*", " .*").replace("\\.\\*", ".*")):
        as_programme(tmp_path, EXAMPLE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("indicator", "variant", "unit", "period_kind"),
    [("myopia_rate", "base_weights", "percent", "calendar_year"), ("new_rural_teacher_training_year", "so_far", "percent", "school_year")],
)
def test_a_figure_that_counts_from_the_base_year_needs_one(tmp_path, indicator, variant, unit, period_kind):
    """Without it the figure has no value, or another one, and nobody would know why."""
    start = EXAMPLE.index("  - id: vocational_funds\n")
    head, own = EXAMPLE[:start], EXAMPLE[start:]
    for old, new in (
        ("    indicator_id: null\n    variant: null\n", f"    indicator_id: {indicator}\n    variant: {variant}\n"),
        ("    no_figure: {zh: 还没有这张报表, en: there is no return for it yet}\n", ""),
        ("    period_kind: fiscal_year\n", f"    period_kind: {period_kind}\n"),
    ):
        assert old in own
        own = own.replace(old, new, 1)
    with pytest.raises(ProgrammeError, match="vocational_funds[.]base_period"):
        as_programme(tmp_path, head + own)
    as_programme(tmp_path, head + own.replace("base_period: null", "base_period: 2020", 1))


@pytest.mark.parametrize(
    ("commitment", "key", "old", "new"),
    [
        ("added", "base_period", "base_period: 2020", "base_period: 2021"),
        ("high_school", "projects", "titles: [[优质高中, 县第一中学]]", "titles: [[优质高中, 县第一中学], [县第一中学]]"),
    ],
)
def test_two_promises_on_one_figure_say_the_same_of_it(tmp_path, commitment, key, old, new):
    """One figure has one base year and one list of projects; the second promise must not be judged by those of the first."""
    start = EXAMPLE.index("  - id: football\n")
    added = EXAMPLE[start : EXAMPLE.index("  - id:", start + 5)].replace("id: football", "id: added", 1)
    for was, now in (("indicator_id: .*", "indicator_id: inclusive_kindergartens_added"), ("variant: .*", "variant: net"),
                     ("no_figure: .*", "")):  # fmt: skip
        assert re.search(f"    {was}\n", added)
        added = re.sub(f"    {was}\n", f"    {now}\n" if now else "", added, count=1)
    text = EXAMPLE + added
    start = text.index(f"  - id: {commitment}\n")
    end = text.find("  - id:", start + 5)
    own = text[start : end if end > 0 else None].replace(f"id: {commitment}", "id: second", 1)
    assert as_programme(tmp_path, text + own).commitments[-1].id == "second"
    assert old in own
    with pytest.raises(ProgrammeError, match=f"commitments[.]second[.]{key}: .* {commitment} "):
        as_programme(tmp_path, text + own.replace(old, new, 1))


def test_the_page_names_every_key_of_every_model():
    schema = Plan.model_json_schema()
    keys = {key for model in [schema, *schema["$defs"].values()] for key in model.get("properties", {})}
    missing = sorted(key for key in keys if not re.search(rf"[`{{, ]{key}[`:,}}]", PAGE))
    assert missing == []


def test_the_schema_for_editors_is_the_models():
    assert SCHEMA_PATH.read_text("utf-8") == schema_text(), "write it again: python -m pipeline.plan.schema"
    assert json.loads(schema_text())["additionalProperties"] is False


def test_the_two_plans_that_ship():
    home = Home(CODE_ROOT)
    city, nation = home.programme("zhangjiakou").plan, home.programme("china").plan
    tiers = [c.tier for c in city.commitments]
    assert (len(tiers), tiers.count("A"), tiers.count("B"), tiers.count("C")) == (86, 45, 34, 7)
    assert [c.id for c in city.headlines()] == [c.id for c in nation.headlines()]
    kinds = [c.kind for c in city.commitments]
    assert {k: kinds.count(k) for k in KINDS} == {
        "full_coverage": 28, "count_by_year": 13, "recurring_event": 8, "milestone": 8, "floor": 7, "level_by_year": 5,
        "never_decrease": 5, "ceiling": 4, "comparative": 4, "directional": 3, "yearly_change": 1,
    }  # fmt: skip
    year_only = next(c for c in city.commitments if c.id == "inclusive_private_recognised_2021")
    stock = next(c for c in city.commitments if c.id == "football_schools")
    assert [(year_only.reported_period(y), stock.reported_period(y)) for y in (2021, 2024)] == [(2021, 2021), (2021, 2024)]
    retention = next(c for c in city.commitments if c.id == "compulsory_retention")
    assert (retention.target, retention.due_period, retention.lead.zh) == ("98", 2025, "市教育局")


def line_of(text: str, needle: str, after: str = "") -> int:
    start = text.index(after)
    return text[: text.index(needle, start)].count("\n") + 1


def refused(written, text: str) -> str:
    with pytest.raises(PlanError) as caught:
        load_plan(written(text))
    return str(caught.value)


@pytest.mark.parametrize(
    ("commitment", "old", "new", "key", "told"),
    [
        ("myopia", '    step: "-0.5"\n', "", "step", "missing"),
        ("exercise", "    value_is: share_complying\n", "", "value_is", "missing"),
        ("football", "    small_units: judged\n", "", "small_units", "missing"),
        ("service", "    due_period: null\n", "", "due_period", "missing"),
        ("games", "window_years: 2", "window_year: 2", "window_year", "unknown key"),
        ("pay", "compared_with: own_ratio", "compared_with: province", "compared_with", "'benchmark' or 'own_ratio'"),
        ("high_school", "kind: milestone", "kind: mile_stone", "kind", "'directional'"),
        ("homework", 'target: "90"', "target: ninety", "target", "ninety"),
    ],
)
def test_an_error_names_file_line_key_and_what_is_allowed(written, commitment, old, new, key, told):
    start = EXAMPLE.index(f"- id: {commitment}\n")
    text = EXAMPLE[:start] + EXAMPLE[start:].replace(old, new, 1)
    message = refused(written, text)
    line = line_of(text, f"{key}:" if new and key != "kind" else f"- id: {commitment}\n", f"- id: {commitment}\n")
    assert "plan.yaml" in message and f"line {line}:" in message and key in message and told in message


@pytest.mark.parametrize(
    ("commitment", "old", "new", "told"),
    [
        ("preschool_ger", "variant: all", "variant: all\n    no_figure: {zh: 无, en: none}", "exactly one of indicator_id"),
        ("games", "value_is: amount", "value_is: share_complying", "only with window_years: 1"),
        ("football", "due_period: 2025", "due_period: null", "due_period is null exactly with"),
        ("football", "base_period: 2020", "base_period: null", "due_period needs an earlier base_period"),
        ("myopia", 'step: "-0.5"', 'step: "0.5"', "the sign of step must agree"),
        ("homework", "direction: down", "direction: up", "contradict each other"),
        ("high_school", "    named: [县第一中学]\n", "", "named is needed exactly"),
        ("spending", "section: 第2条", "section: 第9条", "not listed in sections"),
        ("spending", "rise_by: null", "rise_by: 2020", "rise_by must be later"),
        ("vocational_funds", 'operator: "report"', 'operator: ">="', "must be one of"),
    ],
)
def test_what_contradicts_itself_is_refused(written, commitment, old, new, told):
    start = EXAMPLE.index(f"- id: {commitment}\n")
    assert told in refused(written, EXAMPLE[:start] + EXAMPLE[start:].replace(old, new, 1))


def test_a_headline_needs_a_figure_and_its_basis(written):
    assert "headline" in refused(written, EXAMPLE.replace("headline: [preschool_ger]", "headline: [football]"))
    assert "headline" in refused(written, EXAMPLE.replace("headline: [preschool_ger]", "headline: [spending]"))


@pytest.mark.parametrize(
    ("old", "new"),
    [('operator: ">="\n    direction: up', 'operator: "<="\n    direction: down'), ("unit: percent", "unit: ratio")],
    ids=["falling", "no_rate"],
)
def test_a_page_of_its_own_has_no_words_for_a_target_to_fall_to_or_for_another_unit(written, old, new):
    """It would say that a rate under its ceiling is short of it, or print a multiple as per cent."""
    start = EXAMPLE.index("- id: preschool_ger\n")
    assert old in EXAMPLE[start : EXAMPLE.index("- id:", start + 5)]
    told = refused(written, EXAMPLE[:start] + EXAMPLE[start:].replace(old, new, 1))
    assert "headline" in told and "preschool_ger" in told


def test_no_key_that_decides_has_a_default():
    """Only texts that are printed, and keys that go with another one, may be left out."""
    may_be_left_out = {"base_note_zh", "base_note_en", "basis_zh", "basis_en", "named", "no_figure"}
    may_be_left_out |= {"projects", "left_out"}
    schema = Plan.model_json_schema()
    for model in schema["$defs"].values():
        if "kind" in model.get("properties", {}):
            assert set(model["properties"]) - set(model["required"]) == may_be_left_out
    assert yaml.safe_load(EXAMPLE)["format"] == 1
