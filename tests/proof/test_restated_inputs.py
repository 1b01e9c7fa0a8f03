"""Two versions of a file are compared as the editions read them: by their names of units and layouts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.proof.restated import input_changes
from pipeline.proof.restore import Edition, Inputs

AREAS = (
    "area_code,name_zh,short_name_zh,name_en,unit_type,parent_code,budget_level,assessed,valid_from,valid_to,"
    "grid_row,grid_col,sort_order\n"
    "130702,桥东区,桥东区,Qiaodong,市辖区,130700,县级,yes,2000-01-01,,,,1\n"
).encode()
LAYOUT = b"year_from,year_to,header,field\n2023,2023,\xe6\x96\xb0\xe7\x94\x9f,births\n"


def _edition(data: bytes, revision: int) -> tuple[Edition, Inputs]:
    path = f"2023/births_{revision}.csv"
    entry = {
        "table": "births",
        "period_kind": "calendar_year",
        "period_from": 2023,
        "period_to": 2023,
        "revision": revision,
        "path": path,
        "sha256": hashlib.sha256(data).hexdigest(),
        "supplier": "桥东区教育局",
        "received_on": "2024-03-01",
        "maturity": "final",
        "origin": "real",
        "form_edition": "2023版",
        "late": "",
        "supersedes": "2023/births_1.csv" if revision > 1 else "",
        "reason": "更正出生人数" if revision > 1 else "",
    }
    manifest = {"programme": "x", "year": 2023, "inputs": [entry], "reference": {}}
    found = {path: data, "areas.csv": AREAS, "layouts/births.csv": LAYOUT}
    return Edition(Path(f"x/2023/r{revision}"), manifest), Inputs(found, [], [])


def test_cells_of_a_replaced_file_with_names_and_older_headers() -> None:
    text = "县区名称,年度,口径,新生\n桥东,2023,常住,{}\n"
    old, before = _edition(text.format(12).encode(), 1)
    new, after = _edition(text.format(13).encode(), 2)
    (change,) = input_changes(old, new, (before, after), None)
    assert change.kind == "restated" and change.cells is not None
    (cell,) = change.cells
    assert (cell.column, cell.old, cell.new, cell.row) == ("births", "12", "13", 2)
    assert cell.key["county_code"] == "130702"
