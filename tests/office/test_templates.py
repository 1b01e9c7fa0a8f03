"""The forms to hand out: filled in, they are accepted as they are."""

from __future__ import annotations

import datetime as dt
import re

import openpyxl
import pytest

from pipeline.intake.read import read_return
from pipeline.office import Refusal
from pipeline.office.due import due_tables
from pipeline.office.registering import register_files
from pipeline.office.templates import BAND_ROW, FIRST_ROW, HEADER_ROW, UNREAD, write_templates
from tests.office.conftest import PROGRAMME, YEAR

NEXT = YEAR + 1
PERIODS = ("school_year", "fiscal_year", "ref_date", "period_year", "period")
PROVENANCE = ("source_file", "source_sheet", "source_row", "maturity", "origin", "revision")


def columns_of(sheet):
    """[(position, header, words above it)] of a form."""
    heads, bands = sheet[HEADER_ROW + 1], sheet[BAND_ROW + 1]
    return [(i, h.value, b.value) for i, (h, b) in enumerate(zip(heads, bands, strict=True)) if h.value]


def fill(path, target):
    """Type last year's grey values beside them, as a clerk would; sums as a spreadsheet computes them."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = {head: i for i, head, _ in columns_of(sheet) if head != UNREAD}
    for i, head, band in columns_of(sheet):
        if head != UNREAD or "\n" not in band:
            continue
        asked = at[band.partition("\n")[2]]
        for row in sheet.iter_rows(min_row=FIRST_ROW + 1):
            if row[asked].data_type != "f" and row[i].value is not None:
                assert row[asked].value is None and not row[asked].protection.locked
                assert row[i].protection.locked
                row[asked].value = row[i].value
    for row in sheet.iter_rows(min_row=FIRST_ROW + 1):
        for cell in row:
            if cell.data_type == "f":
                cells = re.fullmatch(r'=IF\(COUNT\((\w+:\w+)\)=0,"",SUM\(\1\)\)', cell.value)[1]
                cell.value = sum(c.value or 0 for (c,) in sheet[cells])
    book.save(target)
    return sheet


def comparable(frame):
    """Rows without their place and period, in a fixed order, check totals apart."""
    frame = frame.drop(c for c in (*PERIODS, *PROVENANCE) if c in frame.columns)
    return sorted(map(str, frame.rows()))


def closed_schools(programme):
    (r,) = [r for r in programme.registrations if r.table == "school_register" and r.period_to == YEAR]
    frame = read_return(programme.root, r, programme.contracts["school_register"]).frame
    return frame.filter(frame["status"] != "在办")["school_id"].to_list()


@pytest.fixture(scope="module")
def forms(made, tmp_path_factory):
    from pipeline.programme import Home

    out = tmp_path_factory.mktemp("forms")
    return {
        p.name.partition(f"_{NEXT}")[0]: p for p in write_templates(Home(made / "home"), PROGRAMME, NEXT, out)
    }


def test_one_form_for_each_due_table(home, forms):
    assert list(forms) == [d.contract.table for d in due_tables(home.programme(PROGRAMME), NEXT)]
    assert len(forms) == 10


def test_the_year_stands_on_paper_too(forms):
    """Digits right after the font size of a footer belong to it: a spreadsheet swallowed the year."""
    sheet = openpyxl.load_workbook(forms["county_finance"]).worksheets[0]
    assert sheet.oddFooter.left.text.strip() == f"{NEXT} 财政年度 财政收支"
    assert sheet.oddFooter.left.size == 8


TABLES = (
    "school_register",
    "kindergarten_children",
    "enrolment_by_grade",
    "entrants_graduates",
    "pupil_movement",
    "technical_school_enrolment",
    "inclusive_kindergarten_register",
    "population_by_age",
    "county_finance",
    "certified_values",
)


# Kinds of period whose returns are due only after 1 February of the year after.
AFTER_THE_YEAR = ("ref_date", "fiscal_year", "release")


@pytest.mark.parametrize("table", TABLES)
def test_a_filled_form_is_accepted_as_it_is(home, forms, tmp_path, table):
    contract = home.programme(PROGRAMME).contracts[table]
    filled = tmp_path / forms[table].name
    fill(forms[table], filled)
    asked = NEXT if contract.period_field is None else None
    (told,) = register_files(
        home,
        PROGRAMME,
        [filled],
        table=None,
        period_from=asked,
        period_to=asked,
        supplier=None,
        received_on=dt.date(NEXT + 1, 2, 1),
        late=None if contract.period_kind in AFTER_THE_YEAR else "合并学校的台账核对完才报出",
    )
    assert [f.message_zh for f in told.findings if f.severity != "info"] == []
    assert told.registration.table == table and told.registration.period_to == NEXT
    programme = home.programme(PROGRAMME)
    (old,) = [r for r in programme.registrations if r.table == table and r.period_to == YEAR]
    before = read_return(programme.root, old, contract).frame
    after = read_return(programme.root, told.registration, contract).frame
    if "school_id" in before.columns:
        before = before.filter(~before["school_id"].is_in(closed_schools(programme)).fill_null(False))
    assert after.height > 0 and after.height == told.rows
    assert comparable(after) == comparable(before)
    if contract.period_field:
        years = after[contract.period_field]
        assert set(years.dt.year() if contract.period_kind == "ref_date" else years) == {NEXT}


def test_bytes_depend_on_inputs_only(home, forms, tmp_path):
    again = write_templates(home, PROGRAMME, NEXT, tmp_path / "again")
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in forms.values()]


def test_closed_schools_are_left_out(home, forms):
    closed = set(closed_schools(home.programme(PROGRAMME)))
    assert closed, "the sample must hold a closed school"
    for table in ("school_register", "kindergarten_children", "inclusive_kindergarten_register"):
        sheet = openpyxl.load_workbook(forms[table]).worksheets[0]
        listed = {row[0].value for row in sheet.iter_rows(min_row=FIRST_ROW + 1) if row[0].value}
        assert listed and not listed & closed


def test_every_unit_due_has_its_rows_and_name(forms):
    sheet = openpyxl.load_workbook(forms["county_finance"]).worksheets[0]
    rows = [[c.value for c in row[:6]] for row in sheet.iter_rows(min_row=FIRST_ROW + 1) if row[0].value]
    names = {"130701": "张家口市本级", "130702": "桥东区", "130708": "万全区"}
    settled = [("一般公共预算支出", "决算"), ("教育支出", "决算")]
    elderly = [("老年教育专项", "预算"), ("老年教育专项", "决算")]
    bonds = [("政府债券支持高校", "决算")]
    # what a payer reported last year is asked again: all have funds for the elderly, the city itself also bonds
    asked = {"130702": settled + elderly, "130708": settled + elderly, "130701": settled + elderly + bonds}
    assert [row[0] for row in rows] == [code for code, own in asked.items() for _ in own]
    for code, own in asked.items():
        mine = [row for row in rows if row[0] == code]
        assert sorted(mine, key=str) == sorted([[code, names[code], NEXT, *pair, None] for pair in own], key=str)


def test_lists_protection_and_titles(forms):
    book = openpyxl.load_workbook(forms["enrolment_by_grade"])
    sheet, notes = book.worksheets
    assert sheet["A1"].value == f"{NEXT} 学年 分年级在校生数" and "分年级在校生数报送处" in sheet["A2"].value
    assert sheet.protection.sheet and notes.protection.sheet and notes.title == "填表说明"
    lists = {v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"}
    assert '"男,女,合计"' in lists and any(v.startswith('"小学,初中,普通高中') for v in lists)
    told = {row[0].value: row for row in notes.iter_rows(min_row=7) if row[0].value}
    assert told["在校生数"][2].value == "必填" and "不小于 0" in told["在校生数"][4].value
    assert "男、女" in told["性别"][4].value
    heads = [h for _, h, _ in columns_of(sheet)]
    assert "县区代码" not in heads, "rows by school need no county code"
    last = [row for row in sheet.iter_rows(min_row=FIRST_ROW + 1)][-1]
    assert all(c.value is None for c in last) and not last[0].protection.locked


def test_grey_figures_are_in_the_unit_of_the_row(forms, made):
    sheet = openpyxl.load_workbook(forms["county_finance"]).worksheets[0]
    at = {(h, b): i for i, h, b in columns_of(sheet)}
    first = sheet[FIRST_ROW + 1]
    grey = first[at[UNREAD, f"{YEAR} 财政年度\n金额"]]
    unit = next(first[i].value for (h, _), i in at.items() if h == "来源单位")
    text = (made / "outside" / "county_finance.csv").read_text("utf-8")
    line = next(x for x in text.splitlines() if x.startswith("130702"))
    assert unit == "万元" and f"{grey.value}" == line.split(",")[4].removesuffix(".00")
    assert grey.fill.fgColor.rgb == "FFE5E7EB"


def test_a_filled_form_is_never_overwritten(home, tmp_path):
    (path,) = write_templates(home, PROGRAMME, NEXT, tmp_path, tables=["certified_values"])
    assert write_templates(home, PROGRAMME, NEXT, tmp_path, tables=["certified_values"]) == [path]
    path.write_bytes(b"filled in")
    with pytest.raises(Refusal, match="没有覆盖"):
        write_templates(home, PROGRAMME, NEXT, tmp_path, tables=["certified_values"])
    assert path.read_bytes() == b"filled in"


def test_wrong_places_years_and_tables(home, tmp_path):
    with pytest.raises(Refusal, match="data_raw"):
        write_templates(home, PROGRAMME, NEXT, home.data_raw / PROGRAMME / str(NEXT))
    with pytest.raises(Refusal, match="2010 年没有应报"):
        write_templates(home, PROGRAMME, 2010, tmp_path)
    with pytest.raises(Refusal, match="不需要报"):
        write_templates(home, PROGRAMME, NEXT, tmp_path, tables=["census_population"])
    assert list(tmp_path.iterdir()) == [home.root]


def test_without_an_earlier_year_the_form_comes_from_contract_and_territory(home, tmp_path):
    register = home.data_raw / PROGRAMME / "register.csv"
    lines = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text("".join(x for x in lines if "population_by_age" not in x), "utf-8")
    (path,) = write_templates(home, PROGRAMME, NEXT, tmp_path / "new", tables=["population_by_age"])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [row for row in sheet.iter_rows(min_row=FIRST_ROW + 1, values_only=True) if row[0]]
    assert len(rows) == 2 * 4 * 25 * 2 and {row[0] for row in rows} == {"130702", "130708"}
    assert rows[0][2] == dt.datetime(NEXT, 12, 31)


def test_text_of_a_return_is_no_formula_in_a_form(home, tmp_path):
    path = home.data_raw / PROGRAMME / f"{YEAR}" / "school_register.csv"
    old = path.read_text("utf-8")
    name = old.splitlines()[1].split(",")[2]
    new = tmp_path / "more.csv"
    new.write_text(old.replace(name, "=HYPERLINK(1)"), "utf-8")
    register_files(
        home,
        PROGRAMME,
        [new],
        table="school_register",
        period_from=YEAR,
        period_to=YEAR,
        supplier=None,
        received_on=dt.date(NEXT, 4, 1),
        supersedes=f"{YEAR}/school_register.csv",
        reason="更正第一所幼儿园的名称字段",
    )
    for table in ("school_register", "kindergarten_children"):
        (form,) = write_templates(home, PROGRAMME, NEXT, tmp_path / "out", tables=[table])
        cells = [c for row in openpyxl.load_workbook(form).worksheets[0].iter_rows() for c in row]
        assert not [c for c in cells if c.data_type == "f" and "HYPERLINK" in c.value]
        assert [c for c in cells if c.value == "=HYPERLINK(1)" and c.data_type == "s"]


def test_a_school_is_described_as_before_but_its_status_is_asked_anew(forms):
    sheet = openpyxl.load_workbook(forms["school_register"]).worksheets[0]
    at = {head: i for i, head, _ in columns_of(sheet) if head != UNREAD}
    first = sheet[FIRST_ROW + 1]
    assert first[at["学校名称"]].value and not first[at["学校名称"]].protection.locked
    assert first[at["办学状态"]].value is None and first[at["办学状态"] + 1].value == "在办"


def test_the_units_of_a_form_are_those_of_1_september_as_in_every_check_of_it(home, tmp_path):
    """A district that ends in October still reports; one that begins then does not, and its code would be refused."""
    register, areas = home.data_raw / PROGRAMME / "register.csv", home.data_raw / PROGRAMME / "areas.csv"
    lines = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text("".join(x for x in lines if "school_register" not in x), "utf-8")
    head, *kept = areas.read_text("utf-8").splitlines()
    (ends,) = [line.split(",") for line in kept if line.startswith("130708,")]
    begins = list(ends)
    begins[:4], begins[8], begins[12] = ["130799", "新设区", "新设区", "New District"], f"{NEXT}-10-01", "99"
    kept = [line for line in kept if not line.startswith("130708,")]
    ends[9] = f"{NEXT}-09-30"
    areas.write_text("\n".join([head, *kept, ",".join(ends), ",".join(begins)]) + "\n", "utf-8")
    (path,) = write_templates(home, PROGRAMME, NEXT, tmp_path / "new", tables=["school_register"])
    notes = openpyxl.load_workbook(path).worksheets[1]
    (listed,) = [row for row in notes.iter_rows(min_row=7, values_only=True) if row[0] == "县区代码"]
    assert "130708 万全区" in str(listed) and "130799" not in str(listed)
