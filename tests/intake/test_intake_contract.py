"""Contracts: the packaged ones hold together, broken ones are refused with the place named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from pydantic import ValidationError

from pipeline.intake.contract import (
    CONTRACTS_FOLDER,
    PROVENANCE,
    Contract,
    ContractError,
    Field,
    load_contract,
    load_contracts,
    normal_header,
)
from pipeline.intake.headers import is_personal


def test_every_packaged_contract_loads(contracts: dict[str, Contract]) -> None:
    assert list(contracts) == sorted(path.stem for path in CONTRACTS_FOLDER.glob("*.yaml"))
    for name in (
        "school_register",
        "kindergarten_children",
        "enrolment_by_grade",
        "technical_school_enrolment",
        "inclusive_kindergarten_register",
        "population_by_age",
        "county_finance",
        "certified_values",
    ):
        assert contracts[name].table == name


def test_no_header_of_a_contract_looks_personal(contracts: dict[str, Contract]) -> None:
    for contract in contracts.values():
        for field in contract.fields:
            assert not any(map(is_personal, field.headers())), (contract.table, field.name)


def test_raw_schema(contracts: dict[str, Contract]) -> None:
    finance = contracts["county_finance"].raw_schema()
    assert finance["amount_yuan"] == pl.Decimal(18, 2)
    assert finance["unit_code"] == pl.String and finance["fiscal_year"] == pl.Int64
    assert list(finance)[-7:] == list(PROVENANCE)
    assert "is_total" not in finance
    children = contracts["kindergarten_children"].raw_schema()
    assert children["is_total"] == pl.Boolean and list(children)[-8] == "is_total"
    certified = contracts["certified_values"].raw_schema()
    assert certified["value"] == pl.Decimal(18, 6) and certified["certified_on"] == pl.Date
    assert contracts["school_register"].raw_schema()["is_public"] == pl.Boolean
    assert contracts["published_counts"].raw_schema()["count"] == pl.Int64


def test_contracts_are_frozen_and_hashable(contracts: dict[str, Contract]) -> None:
    contract = contracts["county_finance"]
    with pytest.raises(ValidationError):
        contract.table = "other"  # type: ignore[misc]
    assert len({contract, contract}) == 1
    assert contract.fingerprint != contracts["school_register"].fingerprint
    assert contract.field("item").zh == "科目"
    with pytest.raises(KeyError):
        contract.field("nothing")


def test_headers_compare_without_width_space_and_capitals() -> None:
    assert normal_header("学年（起始年）") == normal_header("学年 (起始年)")
    assert normal_header("School\nYear") == "schoolyear"


GOOD: dict[str, Any] = {
    "table": "sample",
    "name_zh": "样表",
    "name_en": "Sample",
    "period_kind": "school_year",
    "period_field": "school_year",
    "key": ["school_year", "sex"],
    "fields": [
        {"name": "school_year", "zh": "学年", "en": "Year", "type": "int", "required": True},
        {"name": "sex", "zh": "性别", "en": "Sex", "type": "enum", "values": ["男", "女"], "required": True},
        {"name": "a", "zh": "甲", "en": "A", "type": "text"},
        {"name": "b", "zh": "乙", "en": "B", "type": "text"},
    ],
}


def _write(folder: Path, document: dict[str, Any]) -> Path:
    path = folder / "sample.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return path


def _with_field(**field: Any) -> dict[str, Any]:
    return {**GOOD, "fields": [*GOOD["fields"], {"name": "x", "zh": "某", "en": "X", **field}]}


def test_the_good_sample_is_good(tmp_path: Path) -> None:
    assert load_contract(_write(tmp_path, GOOD)).key == ("school_year", "sex")
    assert list(load_contracts(tmp_path)) == ["sample"]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({**GOOD, "surplus": 1}, "surplus"),
        ({**GOOD, "period_kind": "year"}, "period_kind"),
        ({**GOOD, "period_field": "sex"}, "period_field"),
        ({**GOOD, "period_field": "absent"}, "period_field"),
        ({**GOOD, "key": ["absent"]}, "key: unknown field absent"),
        ({**GOOD, "key": []}, "key"),
        ({**GOOD, "key": ["sex", "sex"]}, "key"),
        ({**GOOD, "one_of": ["a"]}, "one_of"),
        ({**GOOD, "one_of": ["a", "sex"]}, "one_of"),
        ({**GOOD, "one_of": ["a", "absent"]}, "one_of"),
        ({**GOOD, "totals": {"a": "合计"}}, "totals"),
        ({**GOOD, "totals": {"absent": "合计"}}, "totals"),
        ({**GOOD, "table": "other"}, "file name and table differ"),
        (_with_field(type="integer"), "fields.x.type"),
        (_with_field(type="code"), "needs “width”"),
        (_with_field(type="code", width=0), "width"),
        (_with_field(type="decimal"), "needs “scale”"),
        (_with_field(type="decimal", scale=10), "scale"),
        (_with_field(type="enum"), "needs “values”"),
        (_with_field(type="enum", values=["a", "a"]), "twice"),
        (_with_field(type="text", width=3), "no meaning"),
        (_with_field(type="text", min=3), "no meaning"),
        (_with_field(type="int", min=3, max=2), "above"),
        (_with_field(type="text", adds_up=False), "no meaning"),
        (_with_field(type="decimal", scale=3, unit="元"), "needs scale 2"),
        (_with_field(type="text", unit="人"), "no meaning"),
        (_with_field(type="int", min="3"), "fields.x.min"),
        (_with_field(type="int", required="yes"), "fields.x.required"),
        (_with_field(type="money"), "needs “unit_field”"),
        (_with_field(type="money", unit_field="sex"), "unit_field"),
        (_with_field(type="count", unit_field="absent"), "unit_field"),
        (_with_field(type="text", aliases=["性别"]), "belongs to both"),
        ({**GOOD, "fields": [*GOOD["fields"], GOOD["fields"][2]]}, "given twice"),
        (
            {**GOOD, "fields": [*GOOD["fields"], {"name": "period", "zh": "期", "en": "P", "type": "int"}]},
            "column that intake adds",
        ),
    ],
)
def test_broken_contract_names_the_place(tmp_path: Path, document: dict[str, Any], told: str) -> None:
    with pytest.raises(ContractError) as error:
        load_contract(_write(tmp_path, document))
    assert "sample.yaml" in str(error.value) and told in str(error.value)


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [", "table: a\ntable: b\n"])
def test_broken_yaml(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ContractError, match=r"sample\.yaml"):
        load_contract(path)


def test_a_key_given_twice_is_refused_even_if_the_rest_is_right(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD)
    path.write_text(path.read_text("utf-8") + "period_kind: fiscal_year\n", "utf-8")
    with pytest.raises(ContractError, match="“period_kind” is given twice"):
        load_contract(path)


def test_missing_contracts(tmp_path: Path) -> None:
    with pytest.raises(ContractError):
        load_contracts(tmp_path)
    with pytest.raises(ContractError):
        load_contract(tmp_path / "none.yaml")


def test_field_headers_are_listed_once() -> None:
    field = Field(name="age", zh="年龄", en="age", type="int", aliases=("年龄", "岁"))
    assert field.headers() == ("年龄", "age", "岁")
