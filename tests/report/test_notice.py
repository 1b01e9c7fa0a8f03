"""The covering notice: its parts, what is left open, the mark, the archival form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.plan.model import Plan
from pipeline.report.fonts import inflated
from pipeline.report.model import build_model
from pipeline.report.notice import chinese_day
from pipeline.report.render import render_notice
from tests.report.conftest import TEMPLATES, pages_of
from tests.report.sample_inputs import city_inputs, nation_inputs

HEAD: dict[str, Any] = {
    "mark_zh": "张教",
    "addressees_zh": "各县(区)教育局",
    "copies_zh": "市人民政府办公室",
    "printed_by_zh": "张家口市教育局办公室",
    "issued": {"2024": {"number": 12, "on": "2025-09-01"}},
}


def set_notice(tmp_path: Path, **changes: Any) -> list[str]:
    model = build_model(city_inputs(notice=HEAD | changes))
    result = render_notice(model, TEMPLATES, tmp_path / "notice.zh.pdf")
    assert result is not None
    return pages_of(result.path)


def test_an_issued_notice_has_number_day_and_every_part(tmp_path: Path) -> None:
    pages = set_notice(tmp_path)
    text = "".join(pages)
    order = [
        "张家口市教育局文件",
        "张教〔2025〕12号",
        "关于印发",
        "的通知",
        "各县（区）教育局：",
        "现将《",
        "附件：《",
        "张家口市教育局2025年9月1日",
        "抄送：市人民政府办公室。",
        "张家口市教育局办公室2025年9月1日印发",
    ]
    places = [text.index(order[0])]
    for words in order[1:]:
        places.append(text.index(words, places[-1]))
    assert "—1—" in pages[0]
    assert all("演示数据·非真实统计" in page for page in pages)


def test_what_is_not_known_is_left_open(tmp_path: Path) -> None:
    text = "".join(set_notice(tmp_path, issued={}, mark_zh=None, copies_zh=None))
    assert "〔2025〕号" in text and "2025年月日印发" in text
    assert "None" not in text and "抄送" not in text and "张教" not in text


def test_real_returns_carry_no_mark_and_a_plan_without_notice_makes_none(tmp_path: Path) -> None:
    assert "演示" not in "".join(pages_of(_real(tmp_path)))
    assert render_notice(build_model(nation_inputs()), TEMPLATES, tmp_path / "none.pdf") is None
    assert not (tmp_path / "none.pdf").exists()


def _real(tmp_path: Path) -> Path:
    model = build_model(city_inputs(notice=HEAD, demonstration=False))
    result = render_notice(model, TEMPLATES, tmp_path / "real.pdf")
    assert result is not None
    objects = inflated(result.path.read_bytes())
    assert b"pdfuaid" in objects and b"pdfaid" in objects
    return result.path


def test_a_day_is_written_without_leading_zeros() -> None:
    assert chinese_day(date(2025, 9, 1)) == "2025年9月1日"


@pytest.mark.parametrize("issued", [{"24": HEAD["issued"]["2024"]}, {"2024": {"number": 0, "on": "2025-09-01"}},
                                    {"2024": {"number": 1, "on": "2025-02-30"}}])  # fmt: skip
def test_a_wrong_number_or_day_in_the_plan_is_refused(issued: dict[str, Any]) -> None:
    field = Plan.model_fields["notice"].annotation
    TypeAdapter(field).validate_python(HEAD)
    with pytest.raises(ValidationError):
        TypeAdapter(field).validate_python(HEAD | {"issued": issued})
