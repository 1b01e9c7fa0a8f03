"""Taking files in: what is refused, what is written, and that nothing else changes."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from pipeline.intake.register import COLUMNS, Registration, verify_register
from pipeline.office import Refusal, registering
from pipeline.office.registering import appended, register_files, safe_name
from pipeline.programme import ProgrammeError
from tests.office.conftest import PROGRAMME, YEAR

DAY = dt.date(2025, 3, 1)
FINANCE = "单位代码,财政年度,科目,口径,金额,来源单位\n"
REASON = "财政局更正了桥东区的教育支出"
LATE = "两个科室合并,台账核对完才报出"


def take(home, *files, **more):
    asked = {
        "table": None,
        "period_from": None,
        "period_to": None,
        "supplier": None,
        "received_on": DAY,
        "maturity": "final",
        "origin": "real",
        "supersedes": None,
        "reason": None,
    }
    return register_files(home, PROGRAMME, list(files), **(asked | more))


def register_of(home):
    return (home.data_raw / PROGRAMME / "register.csv").read_bytes()


def everything(home):
    return {p: p.read_bytes() for p in home.data_raw.rglob("*") if p.is_file()}


@pytest.fixture
def finance(tmp_path):
    """A new file of 2024 for one unit."""
    path = tmp_path / "桥东区 财政 2024.csv"
    path.write_text(FINANCE + "130702,2024,教育支出,决算,100,万元\n", "utf-8")
    return path


def test_the_register_that_it_wrote_is_right_and_complete(home):
    programme = home.programme(PROGRAMME)
    assert programme.register.findings == []
    assert len(programme.registrations) == 10
    assert verify_register(programme.root, programme.registrations, YEAR) == []
    assert YEAR in programme.years()


def test_a_file_is_copied_hashed_and_appended(home, finance):
    before = register_of(home)
    (told,) = take(home, finance)
    r = told.registration
    assert (r.table, r.period_from, r.period_to, r.revision) == ("county_finance", 2024, 2024, 1)
    assert (told.table_guessed, told.period_guessed, told.supplier_guessed, told.copied) == (
        True,
        True,
        True,
        True,
    )
    assert r.supplier == "财政收支报送处" and r.received_on == DAY
    assert r.path == "2024/桥东区_财政_2024.csv"
    assert (home.data_raw / PROGRAMME / r.path).read_bytes() == finance.read_bytes()
    after = register_of(home)
    assert after.startswith(before) and after[len(before) :].count(b"\n") == 1
    programme = home.programme(PROGRAMME)
    assert verify_register(programme.root, programme.registrations, 2024) == []
    assert not list((home.data_raw / PROGRAMME).rglob(".*"))


def test_a_file_in_the_folder_stays_where_it_is(home, finance):
    place = home.data_raw / PROGRAMME / "2024" / "came here.csv"
    place.parent.mkdir()
    place.write_bytes(finance.read_bytes())
    (told,) = take(home, place)
    assert not told.copied and told.registration.path == "2024/came here.csv"
    assert [p.name for p in place.parent.iterdir()] == ["came here.csv"]


def test_nothing_is_overwritten(home, finance):
    place = home.data_raw / PROGRAMME / "2024" / "桥东区_财政_2024.csv"
    place.parent.mkdir()
    place.write_text("mine", "utf-8")
    (told,) = take(home, finance)
    assert told.registration.path == "2024/桥东区_财政_2024_2.csv" and place.read_text("utf-8") == "mine"


def test_findings_are_shown_but_refuse_nothing(home, tmp_path):
    path = tmp_path / "finance.csv"
    path.write_text(
        FINANCE + "130702,2024,教育支出,决算,约一百,万元\n130708,2024,教育支出,决算,5,万元\n", "utf-8"
    )
    (told,) = take(home, path)
    assert told.blocked and (told.rows, told.good) == (2, 1)
    (finding,) = [f for f in told.findings if f.blocks]
    assert (finding.rule, finding.row, finding.file) == ("I04", 2, "2024/finance.csv")
    assert "2024/finance.csv" in {r.path for r in home.programme(PROGRAMME).registrations}


def test_an_unreadable_file_can_be_registered_when_told_what_it_is(home, tmp_path):
    path = tmp_path / "finance.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Refusal, match="--table"):
        take(home, path)
    (told,) = take(home, path, table="county_finance", period_from=2024, period_to=2024)
    assert [f.rule for f in told.findings] == ["I01"]


def test_a_slip_in_the_year_is_no_period(home, tmp_path):
    path = tmp_path / "slip.csv"
    path.write_text(
        FINANCE + "".join(f"1307{i:02},{2023 if i == 7 else 2024},教育支出,决算,1,万元\n" for i in range(19)),
        "utf-8",
    )
    with pytest.raises(Refusal, match="2024 年，但还有 2023（1 行）"):
        take(home, path)


def test_the_period_is_read_from_rows_with_errors_too(home, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(FINANCE + "130702,2024,教育支出,决算,1,万元\n130702,2025,教育支出,决算,x,万元\n", "utf-8")
    (told,) = take(home, path, received_on=dt.date(2026, 1, 1), late=LATE)
    assert (told.registration.period_from, told.registration.period_to) == (2024, 2025)
    assert [f.rule for f in told.findings] == ["I04"]


def test_pieces_of_a_year_are_taken_and_a_clash_is_not(home, finance, tmp_path):
    take(home, finance)
    piece = tmp_path / "piece.csv"
    piece.write_text(FINANCE + "130708,2024,教育支出,决算,7,万元\n", "utf-8")
    assert take(home, piece)[0].registration.revision == 1
    clash = tmp_path / "clash.csv"
    clash.write_text(FINANCE + "130702,2024,教育支出,决算,101,万元\n", "utf-8")
    before = everything(home)
    with pytest.raises(Refusal, match=r"1 行.*--supersedes 2024/桥东区_财政_2024\.csv"):
        take(home, clash)
    assert everything(home) == before


def test_files_of_one_call_may_not_clash_and_all_or_none_are_taken(home, finance, tmp_path):
    clash = tmp_path / "clash.csv"
    clash.write_text(FINANCE + "130702,2024,教育支出,决算,101,万元\n", "utf-8")
    before = everything(home)
    with pytest.raises(Refusal):
        take(home, finance, clash)
    twin = tmp_path / "twin.csv"
    twin.write_bytes(finance.read_bytes())
    with pytest.raises(Refusal, match="已经登记过"):
        take(home, finance, twin)
    with pytest.raises(Refusal, match="找不到文件"):
        take(home, finance, tmp_path / "nowhere.csv")
    assert everything(home) == before


def test_replacing_needs_a_reason_and_makes_the_next_revision(home, finance, tmp_path):
    old = take(home, finance)[0].registration
    new = tmp_path / "new.csv"
    new.write_text(FINANCE + "130702,2024,教育支出,决算,101,万元\n", "utf-8")
    with pytest.raises(Refusal, match="至少 10 个字"):
        take(home, new, supersedes=old.path, reason="改数")
    with pytest.raises(Refusal, match="没有写替换哪个文件"):
        take(home, new, reason=REASON)
    with pytest.raises(Refusal, match="没有登记过文件"):
        take(home, new, supersedes="2024/other.csv", reason=REASON)
    with pytest.raises(Refusal, match="另一张表"):
        take(home, new, supersedes=f"{YEAR}/pupil_movement.csv", reason=REASON)
    (told,) = take(home, new, supersedes=f"data_raw/{PROGRAMME}/{old.path}", reason=REASON)
    r = told.registration
    assert (r.revision, r.supersedes, r.reason) == (2, old.path, REASON)
    newest = tmp_path / "newest.csv"
    newest.write_text(FINANCE + "130702,2024,教育支出,决算,102,万元\n", "utf-8")
    with pytest.raises(Refusal, match=r"已被 2024/new\.csv 替换"):
        take(home, newest, supersedes=old.path, reason=REASON)
    assert home.programme(PROGRAMME).register.findings == []


def test_a_replacement_may_not_lose_years(home, tmp_path):
    rows = [f"130702,{year},教育支出,决算,10,万元\n" for year in (2024, 2025)]
    both = tmp_path / "both.csv"
    both.write_text(FINANCE + "".join(rows), "utf-8")
    (told,) = take(home, both, received_on=dt.date(2026, 1, 1), late=LATE)
    assert told.registration.path == "history/both.csv"
    one = tmp_path / "one.csv"
    one.write_text(FINANCE + "130702,2025,教育支出,决算,11,万元\n", "utf-8")
    with pytest.raises(Refusal, match="会漏掉年份"):
        take(home, one, supersedes="history/both.csv", reason=REASON, received_on=dt.date(2026, 1, 1))


def test_a_list_of_persons_is_refused_as_such(home, tmp_path):
    """No table has its headers: asking which one it is would invite it in."""
    before = everything(home)
    listed = tmp_path / "名单.csv"
    listed.write_text("联系电话：无\n学校标识码,姓名,身份证号\n2113000001,某某,无\n", "utf-8")
    with pytest.raises(Refusal, match="像个人信息的列（姓名、身份证号）"):
        take(home, listed)
    assert everything(home) == before


AFTER = dt.date(2025, 9, 1)  # finance of 2024 is due on 31 August 2025


def test_a_file_after_its_deadline_says_why(home, finance):
    before = everything(home)
    for late in (None, "系统原因", "情况属实情况属实情况属实"):
        with pytest.raises(Refusal, match="时期是 2024，.*晚于报送期限 2025-08-31.*--late"):
            take(home, finance, received_on=AFTER, late=late)
    assert everything(home) == before
    (told,) = take(home, finance, received_on=AFTER, late=LATE)
    assert told.registration.late == LATE
    (row,) = [r for r in home.programme(PROGRAMME).registrations if r.path == told.registration.path]
    assert row.late == LATE


def test_the_last_day_is_in_time_and_a_correction_is_never_late(home, finance, tmp_path):
    with pytest.raises(Refusal, match="没有迟报.*2025-08-31"):
        take(home, finance, received_on=AFTER - dt.timedelta(1), late=LATE)
    (told,) = take(home, finance, received_on=AFTER - dt.timedelta(1))
    assert told.registration.late == ""
    better = tmp_path / "better.csv"
    better.write_text(FINANCE + "130702,2024,教育支出,决算,101,万元\n", "utf-8")
    asked = {"supersedes": told.registration.path, "reason": REASON, "received_on": AFTER}
    with pytest.raises(Refusal, match="更正件"):
        take(home, better, late=LATE, **asked)
    assert take(home, better, **asked)[0].registration.late == ""


def test_the_edition_of_the_form_is_that_of_last_time_and_never_silent_the_first_time(home, finance, tmp_path):
    (told,) = take(home, finance)
    assert told.registration.form_edition == f"{YEAR}版" and told.edition_guessed
    piece = tmp_path / "piece.csv"
    piece.write_text(FINANCE + "130708,2024,教育支出,决算,7,万元\n", "utf-8")
    (told,) = take(home, piece, form_edition="2024版")
    assert told.registration.form_edition == "2024版" and not told.edition_guessed
    births = tmp_path / "births.csv"
    births.write_text("县区代码,年度,出生人数\n130702,2024,90\n", "utf-8")
    asked = {"table": "births", "period_from": 2024, "period_to": 2024, "supplier": "市卫健委"}
    with pytest.raises(Refusal, match="--form-edition"):
        take(home, births, **asked)
    with pytest.raises(Refusal, match="报表版本不能为空"):
        take(home, births, form_edition=" ", **asked)
    assert take(home, births, form_edition="2024版", **asked)[0].registration.form_edition == "2024版"


@pytest.mark.parametrize("name", ["..\\..\\evil.csv", "C:evil.csv", "a\u202egnp.csv", "a\nb.csv"])
def test_names_with_tricks_are_refused(home, finance, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(finance.read_bytes())
    before = everything(home)
    with pytest.raises(Refusal, match="文件名"):
        take(home, path)
    assert everything(home) == before


def test_a_folder_that_leads_outside_is_refused(home, finance, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (home.data_raw / PROGRAMME / "2024").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refusal, match="之外"):
        take(home, finance)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_plan_is_no_return_and_programmes_are_known_by_name(home, finance):
    with pytest.raises(Refusal, match="不是报表"):
        take(
            home,
            home.data_raw / PROGRAMME / "areas.csv",
            table="county_finance",
            period_from=2024,
            period_to=2024,
        )
    with pytest.raises(ProgrammeError):
        register_files(
            home,
            "../zhangjiakou",
            [finance],
            table=None,
            period_from=None,
            period_to=None,
            supplier=None,
            received_on=DAY,
        )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"table": "finance"}, "没有名为"),
        ({"supplier": "=cmd|calc"}, "公式"),
        ({"supplier": " "}, "不能为空"),
        ({"received_on": dt.date(2023, 3, 1)}, "早于数据年份"),
        ({"maturity": "done"}, "maturity"),
        ({"period_from": 2025, "period_to": 2024}, "先小后大"),
    ],
)
def test_wrong_options_are_refused(home, finance, more, words):
    before = everything(home)
    with pytest.raises(Refusal, match=words):
        take(home, finance, **more)
    assert everything(home) == before


def test_tables_are_told_apart_by_their_headers(home, outside):
    contracts = home.programme(PROGRAMME).contracts
    for path in sorted(outside.glob("*.csv")):
        assert registering.guess_table_of(path.read_bytes(), path.name, contracts) == path.stem
    with pytest.raises(Refusal, match="county_finance") as told:
        registering.guess_table_of("单位代码,财政年度,金额\n1,2,3\n".encode(), "x.csv", contracts)
    assert "缺" in str(told.value)


def test_a_table_without_period_column_needs_the_period(home, tmp_path, outside):
    path = tmp_path / "list.csv"
    path.write_text((outside / "inclusive_kindergarten_register.csv").read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(Refusal, match="--period"):
        take(home, path)
    assert take(home, path, period_from=2024, period_to=2024, late=LATE)[0].registration.period_to == 2024


def test_a_wrong_register_is_not_added_to(home, finance):
    path = home.data_raw / PROGRAMME / "register.csv"
    path.write_bytes(path.read_bytes().replace(b",final,", b",finished,", 1))
    with pytest.raises(Refusal, match="本身有误"):
        take(home, finance)


def test_a_failure_while_writing_leaves_nothing(home, finance, monkeypatch):
    before = everything(home)

    def fail(path, data):
        raise OSError("disk full")

    monkeypatch.setattr(registering, "_replace", fail)
    with pytest.raises(OSError, match="disk full"):
        take(home, finance)
    assert everything(home) == before


def test_two_registrations_do_not_meet(home, finance):
    from pipeline.lock import exclusive

    with exclusive(home.build / f"register-{PROGRAMME}"), pytest.raises(Refusal, match="另一次登记"):
        take(home, finance)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_the_old_bytes_stay_whatever_the_register_looks_like(encoding, end, last):
    order = list(reversed(COLUMNS))
    row = {name: "x" for name in COLUMNS} | {"supplier": "教育局,规划科"}
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([order, [row[name] for name in order]])
    old = (text.getvalue() if last else text.getvalue().removesuffix(end)).encode(encoding)
    new = appended(old, [registration("2024/甲.csv"), registration("2024/乙.csv")])
    assert new.startswith(old)
    rows = list(csv.DictReader(io.StringIO(new.decode(encoding), newline="")))
    assert len(rows) == 3 and rows[0] == row
    assert rows[2]["path"] == "2024/乙.csv" and rows[2]["received_on"] == "2025-03-01"
    assert new.decode(encoding).count(end) == 4


def registration(path):
    return Registration(
        "county_finance", 2024, 2024, 1, path, "fiscal_year", "0" * 64, "市,局", DAY, "final", "real", "2024版"
    )


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a b.CSV", "a_b.csv"),
        ("...hidden.xlsx", "hidden.xlsx"),
        ("~$lock.xlsx", "lock.xlsx"),
        ("=cmd().csv", "cmd().csv"),
        ("con.csv", "con_.csv"),
        ("no ending", "no_ending"),
        ("2024年万全区（更正）.xlsx", "2024年万全区_更正.xlsx"),
        ("！？.csv", "file.csv"),
        ("长" * 200 + ".csv", "长" * 80 + ".csv"),
    ],
)
def test_safe_names(name, safe):
    assert safe_name(name) == safe
