"""Work lists and what has come: by supplier, placed, inert, the same bytes every time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from html.parser import HTMLParser

import openpyxl

from pipeline.intake.read import read_table
from pipeline.office.completeness import Held, completeness, school_areas
from pipeline.office.registering import register_files
from pipeline.office.worklist import COLUMNS, NOTE, arrange, find_places, write_worklists
from pipeline.quality.finding import Finding, RuleOutcome
from tests.office.conftest import PROGRAMME, YEAR

HOSTILE = '=HYPERLINK("http://example.org")'
MARKUP = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


def finding(**more):
    told = {
        "rule": "I04",
        "severity": "error",
        "table": "pupil_movement",
        "file": f"{YEAR}/pupil_movement.csv",
        "row": 2,
        "column": "死亡",
        "value": "约三",
        "message_zh": "应为整数",
        "message_en": "must be a whole number",
    }
    return Finding(**(told | more))


OUTCOMES = [
    RuleOutcome(rule="A01", table="staging.x", severity="error", outcome="passed", checked=3, offending=0)
]


def write(home, folder, findings, **more):
    programme = home.programme(PROGRAMME)
    places = find_places(
        programme, findings, {s: a for (s, y), a in school_areas(programme, None).items() if y == 0}
    )
    write_worklists(
        findings,
        OUTCOMES,
        programme.registrations,
        folder,
        areas=programme.areas,
        contracts=programme.contracts,
        places=places,
        **more,
    )
    return folder


def test_one_sheet_for_each_supplier_with_every_place(home, tmp_path):
    findings = [
        finding(),
        finding(
            rule="B03",
            table="staging.county_finance",
            file="",
            row=None,
            column="",
            area_code="130708",
            more=4,
        ),
        finding(rule="R02", table="", file=f"{YEAR}/x.csv", row=None, column="", who_zh="维护登记的人"),
        finding(rule="C10", table="core.enrolment", file="", severity="warning", who_zh="县教育局"),
    ]
    folder = write(home, tmp_path / "out", findings)
    book = openpyxl.load_workbook(folder / "findings.xlsx")
    assert book.sheetnames[0] == "总览"
    assert set(book.sheetnames[1:]) == {"学生变动情况报送处", "财政收支报送处", "维护登记的人", "县教育局"}
    sheet = book["学生变动情况报送处"]
    head = [c.value for c in sheet[2]]
    assert head == [zh for _, zh, _ in COLUMNS] and "填报说明" in head
    row = dict(zip([key for key, _, _ in COLUMNS], [c.value for c in sheet[3]], strict=True))
    assert (row["severity"], row["rule"], row["row"], row["column"]) == ("错误", "I04", 2, "死亡")
    assert (row["area"], row["table"], row["value"]) == ("桥东区", "学生变动情况", "约三")
    assert row["letter"] == "P" and row[NOTE] is None
    totals = {r[0]: r[-1] for r in book["总览"].iter_rows(min_row=5, values_only=True)}
    assert totals["财政收支报送处"] == 5 and totals["合计"] == 8


def test_the_county_of_a_row_by_school_comes_from_the_register_of_schools(home, tmp_path):
    contract = home.programme(PROGRAMME).contracts["kindergarten_children"]
    assert "county_code" not in {f.name for f in contract.fields}
    found = finding(
        table="kindergarten_children", file=f"{YEAR}/kindergarten_children.csv", column="在园幼儿数"
    )
    folder = write(home, tmp_path, [found])
    (row,) = csv.DictReader(io.StringIO((folder / "findings.csv").read_text("utf-8-sig"), newline=""))
    assert (row["县区"], row["列号"]) == ("桥东区", "F")


def test_real_findings_of_a_file_are_placed(home, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(
        "金额,来源单位,单位代码,财政年度,科目,口径\n约一百,万元,130708,2024,教育支出,决算\n", "utf-8"
    )
    asked = {"table": None, "period_from": None, "period_to": None, "supplier": "市财政局"}
    register_files(home, PROGRAMME, [path], received_on=dt.date(2025, 3, 1), **asked)
    programme = home.programme(PROGRAMME)
    read = read_table(programme.root, programme.registrations, programme.contracts["county_finance"])
    found = [f for f in read.findings if f.severity == "error"]
    (work,) = arrange(
        found,
        programme.registrations,
        areas=programme.areas,
        contracts=programme.contracts,
        places=find_places(programme, found, {}),
    )
    assert (work.supplier, work.area, work.letter, work.finding.row) == ("市财政局", "万全区", "A", 2)


def test_results_are_for_the_bureau_that_makes_the_report():
    """What a rule calls those who act is no supplier; a return stays with whoever handed it in."""
    texts = {"message_zh": "x", "message_en": "x", "who_zh": "县(区)教育局、市教育局统计负责人", "who_en": "x"}
    result = Finding(rule="E03", severity="warning", table="indicator.preschool_ger", area_code="130702", **texts)
    register = Finding(rule="E10", severity="error", table="staging.submission", file="register.csv", **texts)
    works = arrange([result, register], [], body="市教育局")
    assert [(w.finding.rule, w.supplier) for w in works] == [("E10", "市教育局"), ("E03", "市教育局")]
    (work,) = arrange([result], [])
    assert work.supplier == "县(区)教育局、市教育局统计负责人"


def test_letters_are_found_under_english_headers(home, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(
        "unit_code,fiscal_year,item,basis,unit_in,amount_yuan\n130702,2024,教育支出,决算,元,5\n", "utf-8"
    )
    take(home, path)
    programme = home.programme(PROGRAMME)
    found = finding(table="staging.county_finance", file="2024/f.csv", column="金额")
    (work,) = arrange([found], programme.registrations, places=find_places(programme, [found], {}))
    assert (work.letter, work.supplier) == ("F", "财政收支报送处")


class _Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.cards = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name) for name, _ in attrs]
        self.cards += tag == "article"


def test_text_of_a_return_cannot_act_anywhere(home, tmp_path):
    findings = [
        finding(value=HOSTILE, message_zh=HOSTILE),
        finding(
            value=MARKUP, message_zh=MARKUP, file="@x", sheet="+x", table="", who_zh="=cmd|'/c calc'!A1[]*?"
        ),
        finding(value="-5", row=3),
    ]
    held = Held(
        MARKUP, MARKUP, "", YEAR, "130702", MARKUP, "", "received", 1, MARKUP, 1, MARKUP, "2024-01-01"
    )
    folder = write(home, tmp_path, findings, title=MARKUP, note=MARKUP, matrix=[held])
    book = openpyxl.load_workbook(folder / "findings.xlsx")
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"] and [c for c in cells if c.value == HOSTILE]
    assert all(c.quotePrefix for c in cells if c.value == HOSTILE)
    text = (folder / "findings.csv").read_text("utf-8-sig")
    values = [v for row in csv.reader(io.StringIO(text, newline="")) for v in row]
    assert f"'{HOSTILE}" in values and HOSTILE not in values and "-5" in values
    assert not [v for v in values if v and v[0] in "=+@"]
    page = _Page((folder / "findings.html").read_text("utf-8"))
    assert "img" not in page.tags and page.tags.count("script") == 2 and page.cards == 3
    assert not [a for a in page.attributes if a[1] in ("src", "onerror", "onclick")]
    assert json.loads((folder / "findings.json").read_text("utf-8"))["findings"][0]["value"]


def test_the_page_needs_nothing_else_and_can_be_filtered(home, tmp_path):
    matrix = completeness(home.programme(PROGRAMME), YEAR, home)
    folder = write(home, tmp_path, [finding(), finding(rule="B03", severity="warning")], matrix=matrix)
    text = (folder / "findings.html").read_text("utf-8")
    assert not re.search(r"https?:|@import|url\(|<link|src=", text)
    assert "default-src 'none'" in text and "width=device-width" in text
    for name in ("severity", "area", "rule", "supplier", "text", "year"):
        assert f'id="f-{name}"' in text
    assert (
        '<option value="桥东区">桥东区（2）</option>' in text
        and '<option value="B03">B03（1）</option>' in text
    )
    assert 'data-severity="warning" data-area="桥东区" data-rule="B03"' in text


def test_no_finding_is_said_plainly(home, tmp_path):
    folder = write(home, tmp_path, [])
    assert "没有发现问题" in (folder / "findings.html").read_text("utf-8")
    assert openpyxl.load_workbook(folder / "findings.xlsx").sheetnames == ["总览"]


def test_the_bytes_depend_on_the_arguments_only(home, tmp_path):
    findings = [finding(), finding(row=3), finding(rule="B03", table="staging.county_finance", file="")]
    matrix = completeness(home.programme(PROGRAMME), YEAR, home)
    one = write(home, tmp_path / "one", findings, matrix=matrix)
    two = write(home, tmp_path / "two", findings[::-1], matrix=matrix)
    assert {p.name for p in one.iterdir()} == {
        "findings.xlsx", "findings.csv", "findings.json", "findings.html", "completeness.csv",
    }  # fmt: skip
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}


# ---------------------------------------------------------------------- completeness


def states(home, year=YEAR):
    return {(h.table, h.period, h.area_code): h for h in completeness(home.programme(PROGRAMME), year, home)}


def test_what_has_come_and_what_has_not(home):
    held = states(home)
    assert held["county_finance", YEAR, "130701"].state == "received"
    assert held["kindergarten_children", YEAR, "130708"].state == "received"
    assert held["certified_values", YEAR, "130700"].received_on == f"{YEAR + 1}-02-20"
    assert held["county_finance", YEAR - 1, "130702"].state == "missing"
    assert ("county_finance", YEAR, "130700") not in held and (
        "kindergarten_children",
        YEAR,
        "130701",
    ) not in held
    assert {h.state for h in held.values()} == {"received", "missing"}


def test_a_return_is_missing_only_after_its_deadline_and_late_when_it_comes_after_it(home, tmp_path):
    """The newest receipt says what day it is: 1 March 2024 in this home."""
    held = states(home, YEAR + 1)
    assert held["school_register", YEAR + 1, "130702"].state == "awaited"
    assert held["school_register", YEAR + 1, "130702"].deadline == f"{YEAR + 1}-10-31"
    assert held["school_register", YEAR - 1, "130702"].state == "missing"
    path = tmp_path / "finance.csv"
    path.write_text("单位代码,财政年度,科目,口径,金额,来源单位\n130702,2024,教育支出,决算,1,万元\n", "utf-8")
    take(home, path, received_on=dt.date(2025, 9, 1), late=LATE)
    held = states(home, YEAR + 1)
    (one, other) = (held["county_finance", 2024, unit] for unit in ("130702", "130708"))
    assert (one.state, one.deadline, one.late, one.received_on) == ("late", "2025-08-31", LATE, "2025-09-01")
    assert other.state == "missing" and other.lacking
    assert held["school_register", 2024, "130702"].state == "missing", "its deadline has passed by now"
    # a correction of it does not make it punctual, nor does one of a punctual file make that late
    path.write_text("单位代码,财政年度,科目,口径,金额,来源单位\n130702,2024,教育支出,决算,2,万元\n", "utf-8")
    take(home, path, received_on=dt.date(2025, 10, 1), supersedes="2024/finance.csv", reason="财政局更正了桥东区的数")
    again = states(home, 2024)["county_finance", 2024, "130702"]
    assert (again.state, again.revision, again.late) == ("late", 2, LATE)
    old = (home.data_raw / PROGRAMME / f"{YEAR}/county_finance.csv").read_text("utf-8")
    path.write_text(old + "\n", "utf-8")
    why = {"supersedes": f"{YEAR}/county_finance.csv", "reason": "财政局重新盖章后再次报送"}
    take(home, path, received_on=dt.date(2025, 10, 1), **why)
    assert states(home, YEAR)["county_finance", YEAR, "130702"].state == "superseded"


LATE = "两个科室合并,台账核对完才报出"


def take(home, path, **more):
    asked = {
        "table": None,
        "period_from": None,
        "period_to": None,
        "supplier": None,
        "received_on": dt.date(2025, 3, 1),
    }
    register_files(home, PROGRAMME, [path], **(asked | more))


def test_a_county_is_missing_although_the_file_is_there(home, tmp_path):
    head = "单位代码,财政年度,科目,口径,金额,来源单位\n"
    path = tmp_path / "one.csv"
    path.write_text(head + "130702,2024,教育支出,决算,1,万元\n", "utf-8")
    take(home, path, origin="demonstration")
    path = tmp_path / "two.csv"
    path.write_text(head + "130708,2024,教育支出,决算,1,万元\n", "utf-8")
    take(home, path, maturity="preliminary")
    held = states(home, 2024)
    assert [held["county_finance", 2024, u].state for u in ("130702", "130708", "130701")] == [
        "demonstration", "preliminary", "awaited",
    ]  # fmt: skip
    path = tmp_path / "three.csv"
    path.write_text(head + "130708,2024,教育支出,决算,2,万元\n", "utf-8")
    take(home, path, supersedes="2024/two.csv", reason="财政局更正了万全区的数")
    after = states(home, 2024)["county_finance", 2024, "130708"]
    assert (after.state, after.revision, after.file) == ("superseded", 2, "2024/three.csv")


def test_an_old_code_counts_for_its_successor(home, tmp_path):
    path = tmp_path / "history.csv"
    path.write_text(
        "县区代码,学年,学段类别,年级,性别,在校生数\n130729,2014,小学,1,男,5\n130702,2015,小学,1,男,5\n",
        "utf-8",
    )
    take(home, path, late=LATE)
    held = states(home)
    assert held["enrolment_by_grade", 2014, "130708"].state == "late"
    assert held["enrolment_by_grade", 2014, "130702"].state == "missing"
    assert held["enrolment_by_grade", 2015, "130702"].state == "late"
    assert held["enrolment_by_grade", 2016, "130702"].state == "missing"


def test_every_return_of_the_demonstration_has_come():
    """Tables by county code, by school, by village and by the date of an event: each is found where it lies."""
    from pipeline.office.completeness import completeness
    from pipeline.programme import Home
    from tests.conftest import ROOT

    held = completeness(Home(ROOT).programme("zhangjiakou"), 2024, Home(ROOT))
    assert {h.state for h in held} == {"demonstration", "late"} | {h.state for h in held if h.table == "census_population"}
    assert {"event_log", "preschool_service_area", "school_register", "vision_screening"} <= {h.table for h in held}
    late = {(h.table, h.period) for h in held if h.state == "late"}
    assert ("technical_school_enrolment", 2022) in late
