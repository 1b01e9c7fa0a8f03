"""Shared by the report's tests: the sample models, and each sample's PDF rendered once."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from pipeline.report.archive import Attached
from pipeline.report.model import ReportModel, build_model
from pipeline.report.render import RenderResult, render_pdf
from tests.report.sample_inputs import city_inputs, nation_inputs

TEMPLATES = Path(__file__).resolve().parents[2] / "report_templates"


@pytest.fixture(scope="session")
def city() -> ReportModel:
    return build_model(city_inputs())


@pytest.fixture(scope="session")
def nation() -> ReportModel:
    return build_model(nation_inputs())


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Attached]:
    folder = tmp_path_factory.mktemp("inside")
    (folder / "verdicts.csv").write_bytes("\ufeffarea_code,值\n130702,91.60\n".encode())
    (folder / "model.json").write_text('{"format": 1}\n', "utf-8")
    return [
        Attached("verdicts.csv", folder / "verdicts.csv", "Data", "判定"),
        Attached("report-model.json", folder / "model.json", "Source", "报告模型"),
    ]


@pytest.fixture(scope="session")
def city_pdf(city: ReportModel, files: list[Attached], tmp_path_factory: pytest.TempPathFactory) -> RenderResult:
    return render_pdf(city, TEMPLATES, tmp_path_factory.mktemp("city") / "report.zh.pdf", attached=files)


@pytest.fixture(scope="session")
def nation_pdf(nation: ReportModel, tmp_path_factory: pytest.TempPathFactory) -> RenderResult:
    return render_pdf(nation, TEMPLATES, tmp_path_factory.mktemp("nation") / "report.zh.pdf")


@pytest.fixture(scope="session")
def city_english(city: ReportModel, tmp_path_factory: pytest.TempPathFactory) -> RenderResult:
    return render_pdf(city, TEMPLATES, tmp_path_factory.mktemp("english") / "report.en.pdf", "en")


def pages_of(path: Path) -> list[str]:
    """The text of each page, without blanks and line ends."""
    document = pypdfium2.PdfDocument(path)
    try:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()
