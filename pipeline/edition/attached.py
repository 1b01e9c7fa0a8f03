"""What the report carries inside it: the open data, its own model, and the manifest as far as it can.

Belongs here: making these files before the PDF is set, and saying what each is to it. Does not belong here:
the queries and the manifest themselves, how a file gets into a PDF (pipeline/report/archive.py).

The manifest of an edition holds the hash of the PDF, so the PDF cannot hold that manifest. It holds the
manifest without its list of outputs (:data:`PART`): inputs, tables, tools, fonts, verdicts, and the hashes of the
other files attached. The published manifest is made of that part, so the two cannot differ.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

from pipeline.edition.exports import write_exports
from pipeline.edition.identity import file_sha256, is_demonstration
from pipeline.edition.manifest import canonical_json, describe
from pipeline.edition.package import PACKAGE, write_package
from pipeline.programme import CODE_ROOT
from pipeline.report.archive import Attached
from pipeline.report.fonts import font_files
from pipeline.session import Workbench

PART = "manifest-without-outputs.json"
MODEL = "report-model.json"
DATA = "data"
_DESCRIPTIONS = {
    "contributions.csv": "各单位对缺口的贡献 / contributions of units to the shortfall",
    "exceptions.csv": "例外单位与事项 / exceptions",
    "findings.csv": "数据校验结果 / findings of the checks",
    "indicators.csv": "指标值,分子与分母 / indicator values with numerator and denominator",
    "summary.csv": "各承诺事项总体结论 / verdict of every commitment",
    "verdicts.csv": "各单位各年度判定 / verdicts by unit and year",
}


def prepare_attached(bench: Workbench, connection: duckdb.DuckDBPyConnection, package: dict[str, str]) -> None:
    """Write the open data with their description, and the manifest's part, beside the report model.

    ``package``: name, title, description and version of the data package.

    The model must be there already (``report/model.json``).
    """
    home = bench.folder / "report"
    shutil.rmtree(home / DATA, ignore_errors=True)
    findings, outcomes = bench.records()
    status = "demonstration" if is_demonstration(bench.programme, bench.year) else "real"
    with bench.shown(connection):
        columns = write_exports(
            connection,
            CODE_ROOT / "sql",
            home / DATA,
            findings,
            bench.programme.notes.notes,
            status,
            public=bench.home.audience == "public",
        )
    write_package(home / DATA, columns, package)
    part = describe(bench, connection, findings, outcomes, font_files())
    part["attached"] = {
        name: {"sha256": file_sha256(path), "size": path.stat().st_size}
        for name, path in [
            ("report.json", home / "model.json"),
            *((path.name, path) for path in sorted(home.glob("units-*.json"))),
            *((f"{DATA}/{path.name}", path) for path in [*_attached_data(home), home / DATA / PACKAGE]),
        ]
    }
    (home / PART).write_text(canonical_json(part), "utf-8")


def attached_files(bench: Workbench) -> list[Attached]:
    """What goes into the PDF of an edition, as :func:`prepare_attached` wrote it."""
    return attached_in(bench.folder / "report", bench.identity.build_id)


def attached_in(home: Path, build_id: str) -> list[Attached]:
    """What goes into a PDF out of the folder ``home`` where its parts lie; without open data, into the notice."""
    data = _attached_data(home) if (home / DATA).is_dir() else []
    described = [Attached(PACKAGE, home / DATA / PACKAGE, "Supplement", "数据说明:每一列的含义 / what every column is")]
    return [
        *(Attached(path.name, path, "Data", _DESCRIPTIONS.get(path.name, path.stem)) for path in data),
        *(described if data else []),
        Attached(
            MODEL, home / "model.json", "Source", "报告模型:所有数字与句子 / every figure and sentence"
        ),
        manifest_attached(home, build_id),
    ]


def manifest_attached(home: Path, build_id: str) -> Attached:
    """The manifest's part, which every PDF carries."""
    words = f"版本清单(不含成品校验值),构建编号 {build_id} / the manifest without the hashes of outputs, build {build_id}"
    return Attached(PART, home / PART, "Supplement", words)


def _attached_data(home: Path) -> list[Path]:
    """The tables that are attached: as CSV alone, the Parquet beside each says the same again."""
    return sorted((home / DATA).glob("*.csv"))


def prepared_manifest(bench: Workbench) -> dict[str, Any]:
    """The manifest's part as :func:`prepare_attached` wrote it."""
    return json.loads((bench.folder / "report" / PART).read_text("utf-8"))


def prepared_data(bench: Workbench) -> Path:
    """The folder of open data that :func:`prepare_attached` wrote."""
    return bench.folder / "report" / DATA
