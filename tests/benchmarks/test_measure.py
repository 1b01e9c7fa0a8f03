"""Measuring whole processes, reading profiles, and the page that is written of it."""

from __future__ import annotations

import json
import pstats
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from benchmarks import cases, commands
from benchmarks.cases import Desk, Line, by_schema, require_same_tables
from benchmarks.commands import measured
from benchmarks.data import Data
from benchmarks.measure import BenchError, Command, Limit, Measured, Unfinished, Usage, in_turn, once, ratio
from benchmarks.page import missed, page, plot, record
from benchmarks.profile import STEPS, shares
from pipeline.cli import main
from pipeline.home import CODE_ROOT

# A child works for 0.3 s of its CPU time and its parent holds 60 MiB: both belong to the process that is measured.
_KNOWN = """
import subprocess, sys
held = b"x" * (60 << 20)
subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.3: pass"], check=True)
print("worked")
"""


def test_a_process_is_measured_with_all_that_it_started(tmp_path):
    found = once(Command([sys.executable, "-c", _KNOWN]), tmp_path / "log")
    assert found.cpu >= 0.3
    assert found.wall >= 0.3
    assert found.peak >= 60
    assert (tmp_path / "log").read_text() == "worked\n"


def test_a_process_is_not_accounted_the_memory_of_the_one_that_measures_it(tmp_path):
    held = b"x" * (200 << 20)
    found = once(Command(["true"]), tmp_path / "log")
    assert held and found.peak < 50


BURNS = "import time\nuntil = time.monotonic() + 2\nwhile time.monotonic() < until: pass"


def test_what_else_the_machine_did_meanwhile_is_told_and_not_what_was_measured(tmp_path):
    own = once(Command([sys.executable, "-c", BURNS]), tmp_path / "log")
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        beside = once(Command(["sleep", "2"]), tmp_path / "log")
        busy.kill()
    # whatever else this machine does, it does in both
    assert beside.other > own.other + 0.5, (beside, own)
    assert Measured([Usage(1, 1, 1, 0.1), Usage(1, 1, 1, 0.9), Usage(1, 1, 1, 0.2)]).other == 0.9


def test_a_command_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BenchError, match="(?s)no-such-command.*No such file"):
        once(Command(["no-such-command"]), tmp_path / "log")


def test_a_command_that_fails_is_not_counted_and_its_last_words_are_told(tmp_path):
    with pytest.raises(BenchError, match=r"(?s)ended with 7, not 0.*no such table"):
        once(Command([sys.executable, "-c", "print('no such table'); raise SystemExit(7)"]), tmp_path / "log")


# Its child holds 80 MiB, and leaves a file behind if it outlives what stopped its parent.
_LONG = """
import subprocess, sys
child = "import time; held = b'x' * (80 << 20); open(r'{0}/begun', 'w').close(); time.sleep(3); open(r'{0}/ended', 'w').close()"
subprocess.run([sys.executable, "-c", child])
"""


@pytest.mark.parametrize(
    ("limit", "told"), [(Limit(1, 1_000), "not finished within 0.0166667 minutes"), (Limit(100, 60), "more than 0.0585938 GiB")]
)
def test_a_command_is_stopped_at_its_limit_with_all_that_it_started(tmp_path, limit, told):
    command = Command([sys.executable, "-c", _LONG.format(tmp_path)], limit=limit)
    with pytest.raises(Unfinished, match=told):
        once(command, tmp_path / "log")
    begun = (tmp_path / "begun").exists()
    time.sleep(3.5 if begun else 0)
    assert not (tmp_path / "ended").exists()


def test_a_command_within_its_limit_is_measured_like_any_other(tmp_path):
    found = once(Command([sys.executable, "-c", _KNOWN], limit=Limit(100, 1_000)), tmp_path / "log")
    assert found.cpu >= 0.3 and found.wall >= 0.3 and found.peak >= 60


def test_commands_run_in_turn_after_a_warm_up_that_is_looked_at_and_not_counted(tmp_path):
    said = tmp_path / "said"
    commands = {
        name: Command(["sh", "-c", f"echo {name} >> {said}"], lambda: None) for name in ("one", "two")
    }
    seen = []
    found = in_turn(commands, 2, tmp_path / "log", seen.append)
    assert said.read_text().split() == ["one", "two", *["one", "two"] * 2]
    assert seen == ["one", "two"]
    assert [len(each.runs) for each in found.values()] == [2, 2]


def test_a_single_run_has_no_warm_up_and_is_looked_at(tmp_path):
    said, seen = tmp_path / "said", []
    commands = {name: Command(["sh", "-c", f"echo {name} >> {said}"]) for name in ("one", "two")}
    found = in_turn(commands, 1, tmp_path / "log", seen.append)
    assert said.read_text().split() == ["one", "two"]
    assert seen == ["one", "two"]
    assert [len(each.runs) for each in found.values()] == [1, 1]


def test_what_is_refused_after_its_warm_up_is_never_timed(tmp_path):
    said = tmp_path / "said"

    def refuse(name: str) -> None:
        raise BenchError(f"{name}: other figures")

    with pytest.raises(BenchError, match="one: other figures"):
        in_turn({"one": Command(["sh", "-c", f"echo x >> {said}"])}, 3, tmp_path / "log", refuse)
    assert said.read_text() == "x\n"


def test_the_ratio_is_the_median_over_neighbouring_runs():
    one = Measured([Usage(2, 2, 9), Usage(6, 6, 9), Usage(4, 4, 9)])
    two = Measured([Usage(1, 1, 9), Usage(4, 4, 9), Usage(1, 1, 9)])
    assert one.median("cpu") == 4
    assert ratio(one, two, "cpu") == 2  # of 2, 1.5 and 4


def test_steps_of_the_product_that_a_profile_tells_of_exist():
    for file, function in STEPS:
        if file.startswith(("pipeline/", "assets/")):
            assert f"def {function}(" in (CODE_ROOT / file).read_text("utf-8"), file


def test_a_profile_is_told_by_steps_the_import_taken_off_the_gates():
    found = pstats.Stats()
    found.total_tt = 10.0
    found.stats = {
        ("/x/pipeline/steps.py", 1, "make_table"): (1, 1, 0.0, 2.0, {}),
        ("/x/pipeline/quality/gate.py", 1, "evaluate"): (1, 1, 0.0, 5.0, {}),
        ("/x/great_expectations/__init__.py", 1, "<module>"): (1, 1, 0.0, 3.0, {}),
    }
    told = [(en, round(share)) for _, en, share in shares(found)]
    assert told == [
        ("importing Great Expectations", 30),
        ("SQL of the tables", 20),
        ("the gates", 20),
        ("the rest", 30),
    ]


def test_a_step_within_a_step_within_a_step_is_counted_once():
    found = pstats.Stats()
    found.total_tt = 10.0
    found.stats = {
        ("/x/pipeline/steps.py", 1, "read_received"): (1, 1, 0.0, 10.0, {}),
        ("/x/pipeline/intake/decode.py", 1, "read_grid"): (1, 1, 0.0, 4.0, {}),
        ("/x/pipeline/intake/read.py", 1, "_parse_sheet"): (1, 1, 0.0, 5.0, {}),
        ("/x/pipeline/intake/rows.py", 1, "frame"): (1, 1, 0.0, 3.0, {}),
    }
    told = {en.removeprefix("reading returns: "): round(share) for _, en, share in shares(found)}
    assert told == {"opening files": 40, "cells to values": 30, "headings, totals, rules": 20, "the rest": 10}


def test_the_steps_of_a_pdf_are_told_apart_and_add_up_to_no_more_than_the_whole():
    """Cumulative times hold a little more than the sum of all: 10.1 of 10 seconds are not 101 per cent."""
    found = pstats.Stats()
    found.total_tt = 10.0
    found.stats = {
        ("/x/pipeline/report/render.py", 1, "render_pdf"): (1, 1, 0.0, 10.1, {}),
        ("/x/weasyprint/layout/__init__.py", 1, "layout_document"): (1, 1, 0.0, 5.05, {}),
        ("/x/pydyf/__init__.py", 1, "write"): (1, 1, 0.0, 2.02, {}),
    }
    assert [(en, round(share)) for _, en, share in shares(found)] == [
        ("PDF: layout", 50), ("PDF: the rest", 30), ("PDF: writing", 20),
    ]  # fmt: skip


def test_what_the_product_noted_of_its_time_is_told_by_schema():
    spent = {"raw": 2.0, "staging": 3.0, "core": 4.0, "indicator": 0.5, "progress": 0.25, "all": 10.0}
    told = [(en, round(share, 1)) for _, en, share in by_schema(spent)]
    assert told == [
        ("core", 40.0), ("staging", 30.0), ("starting and loading the raw tables of the plan", 20.0), ("indicators", 5.0),
        ("progress and verdicts", 2.5), ("the rest", 2.5),
    ]  # fmt: skip


def _line(**more) -> dict:
    line = {
        "key": "sql",
        "zh": "由中间表到结论的 SQL",
        "en": "SQL from staging to verdicts",
        "what": "cpu",
        "ratio": 1.3,
        "most": None,
        "note": None,
        "machine": "a processor, 2 cores",
        "date": "2026-11-29",
        "other": 0.1,
        "profile": [],
        "found": {
            "product": {"cpu": 6.5, "wall": 7.25, "peak": 210.4, "runs": 3, "ratio": 1.625},
            "floor": {"cpu": 4.0, "wall": 4.1, "peak": 150.0, "runs": 3, "ratio": None},
        },
    } | more
    return line | {"missed": missed(line)}


def _result(*lines: dict) -> dict:
    return {
        "command": "jiance bench --size city",
        "machine": "a processor, 2 cores",
        "known": ["sql", "again"],
        "schools": 1662,
        "rows": 283907,
        "files": 204,
        "lines": list(lines),
        "growth": [],
    }


def test_the_page_says_medians_ratios_targets_and_by_how_much_one_is_missed(tmp_path):
    slow = _line(profile=[["各表的 SQL", "SQL of the tables", 81.4]])
    quick = _line(key="again", en="run again", zh="再运行", what="wall", ratio=None, most=8)
    text = record(tmp_path, "city", _result(slow, quick)).read_text("utf-8")
    first = next(line for line in text.splitlines() if "SQL from staging to verdicts" in line and line.startswith("|"))
    assert first == (
        "| 由中间表到结论的 SQL / SQL from staging to verdicts | 本产品 product(3×) | 6.50 | 7.25 | 210 | 1.62 | ≤ 1.3 × "
        "| **未达到 missed**:1.25 × 目标 the target | 2026-11-29,0.1 |"
    )
    assert "|  | 基线 floor(3×) | 4.00 | 4.10 | 150 |  |  |  |  |" in text
    assert "各表的 SQL SQL of the tables 81 %" in text
    again = next(line for line in text.splitlines() if "run again" in line)
    assert again.endswith("| < 8 s 墙钟 wall | 达到 met | 2026-11-29,0.1 |")
    assert "283,907 行 rows" in text
    assert "not measured, hence not promised: `jiance bench --size nation`" in text


def test_the_page_says_how_data_were_made_that_were_repeated(tmp_path):
    repeated = _result(_line()) | {"schools": 460_000, "copies": 46}
    text = record(tmp_path, "nation", repeated).read_text("utf-8")
    assert "Returns are those of 10,000 schools" in text
    assert "repeated 46 times" in text
    assert "repeated" not in page({"nation": _result(_line())}).split("## 全国")[1].split("##")[0]


def test_a_machine_that_was_not_quiet_is_named_as_such():
    late = {"key": "again", "en": "run again", "what": "wall", "ratio": None, "most": 2}
    text = page({"city": _result(_line(other=1.5), _line(**late, other=1.5))})
    told = {line.split("|")[1].partition(" / ")[2].strip(): line for line in text.splitlines() if line.startswith("| 由")}
    assert "| (7.25) |" in told["run again"]
    assert "not judged, the machine was not quiet" in told["run again"]
    # CPU seconds stand all the same
    assert "| 6.50 | (7.25) |" in told["SQL from staging to verdicts"]
    assert "1.25 × 目标 the target" in told["SQL from staging to verdicts"]
    assert "**未达到 missed**:多 5.2 s over" in page({"city": _result(_line(**late))})
    # measured before it was noted what else the machine did: with the load that was
    unknown = _line(load=0.3)
    del unknown["other"]
    text = page({"city": _result(unknown)})
    assert "| 6.50 | (7.25) |" in text and "| 2026-11-29,负载 load 0.3 |" in text


def test_what_a_line_changes_is_put_back_however_it_ended(tmp_path, monkeypatch):
    done = []
    desk = Desk(Data(tmp_path, tmp_path, "example", 2024, 1, 1), tmp_path / "work", tmp_path / "peers")
    monkeypatch.setattr(commands, "profile", lambda *_: done.append("profiled") or [])
    line = Line("x", "", "", {"product": Command(["true"])}, most=0, profiled=("x",), after=lambda: done.append("put back"))
    assert measured(line, desk, 1, lambda zh, en: None)["missed"] and done == ["profiled", "put back"]
    with pytest.raises(BenchError):
        measured(replace(line, commands={"product": Command(["false"])}), desk, 1, lambda zh, en: None)
    assert done == ["profiled", "put back", "put back"]


@pytest.mark.parametrize(("runs", "long", "counted"), [(None, False, 3), (None, True, 1), (2, False, 2), (2, True, 2)])
def test_a_long_line_is_measured_once_unless_more_is_asked_for(tmp_path, monkeypatch, runs, long, counted):
    seen = []
    line = Line("x", "", "", {"product": Command(["true"])}, long=long)
    monkeypatch.setattr(commands, "data_of", lambda *_: Data(tmp_path, tmp_path, "example", 2024, 1, 1))
    monkeypatch.setattr(commands, "lines_of", lambda *_: [line])
    monkeypatch.setattr(commands, "returns_of", lambda _: [])
    monkeypatch.setattr(commands, "measured", lambda line, desk, runs, say: seen.append(runs) or _line())
    commands.bench("city", runs, None, 1, tmp_path, ["x"], lambda zh, en: None)
    assert seen == [counted]


def test_what_has_to_be_installed_first_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "data_of", lambda *_: Data(tmp_path, tmp_path, "example", 2024, 1, 1))
    monkeypatch.setattr(cases, "installed", lambda engine: False)
    with pytest.raises(BenchError, match="not installed, run make engines.*engines"):
        commands.bench("province", 1, None, 1, tmp_path, ["engines"], lambda zh, en: None)


def test_a_line_held_against_another_than_the_floor_says_so():
    found = {"product": {"cpu": 9, "wall": 9, "peak": 10, "runs": 1, "ratio": 1.25}, "parsed": {"cpu": 8, "wall": 8, "peak": 8, "runs": 1, "ratio": None}}
    line = _line(found=found, against="parsed", ratio=1.1, long=True)
    text = page({"city": _result(line)})
    assert "(`--only sql`) | 本产品 product(1×)" in text and "| 1.25 × 下一行 the next row | ≤ 1.1 × |" in text


def test_what_is_reached_by_being_counted_at_all_is_met():
    line = _line(ratio=None, aim=["算完", "it ends"], found={"product": {"cpu": 9, "wall": 9, "peak": 10, "runs": 1, "ratio": None}})
    assert "| 算完 it ends | 达到 met |" in page({"city": _result(line)})


def test_whatever_the_page_says_was_missed_it_says_what_holds_it_back():
    for size in json.loads((CODE_ROOT / "docs" / "performance.json").read_text("utf-8")).values():
        for line in size.get("lines", []):
            assert not line["missed"] or line["profile"], line["key"]


def test_without_an_engine_nothing_is_told_as_equal(tmp_path, monkeypatch):
    desk = Desk(Data(tmp_path, tmp_path, "example", 2024, 1, 1), tmp_path / "work", tmp_path / "peers")
    monkeypatch.setattr(cases, "installed", lambda engine: engine == "sail")
    (line,) = cases.engine_lines(desk)
    assert list(line.commands) == ["product", "sail"]
    for who, number in (("duckdb", 1), ("sail", 2)):
        (made := tmp_path / "work" / "engines" / who).mkdir(parents=True)
        duckdb.sql(f"COPY (SELECT {number} AS n) TO '{made}/core.x.parquet' (FORMAT parquet)")
    line.right("product")
    with pytest.raises(BenchError, match="sail .*gives other figures in core.x"):
        line.right("sail")
    monkeypatch.setattr(cases, "installed", lambda engine: False)
    assert cases.engine_lines(desk) == []


def test_tables_that_are_not_alike_in_rows_names_or_types_are_not_counted(tmp_path):
    def written(who: str, query: str, name: str = "core.x") -> Path:
        (tmp_path / who).mkdir()
        duckdb.sql(f"COPY ({query}) TO '{tmp_path / who / name}.parquet' (FORMAT parquet)")
        return tmp_path / who

    same = written("same", "SELECT unnest([1, 2, 2]) AS n")
    require_same_tables(same, written("order", "SELECT unnest([2, 1, 2]) AS n"), "it")
    for who, query in (
        ("fewer", "SELECT unnest([1, 2]) AS n"), ("twice", "SELECT unnest([1, 1, 2]) AS n"),
        ("column", "SELECT unnest([1, 2, 2]) AS m"), ("type", "SELECT unnest([1, 2, 2])::DOUBLE AS n"),
    ):  # fmt: skip
        with pytest.raises(BenchError, match="gives other figures in core.x"):
            require_same_tables(same, written(who, query), who)
    with pytest.raises(BenchError, match="has not the same tables"):
        require_same_tables(same, written("name", "SELECT unnest([1, 2, 2]) AS n", "core.y"), "it")


def test_lines_measured_again_take_their_place_among_the_others_of_the_same_machine_and_data(tmp_path):
    record(tmp_path, "city", _result(_line(), _line(key="again", en="run again"), _line(key="gone", en="no longer measured")))
    new = _line(key="again", en="run again", date="2026-12-24")
    text = record(tmp_path, "city", _result(new)).read_text("utf-8")
    assert [text.count(word) for word in ("SQL from staging", "run again", "2026-12-24", "no longer")] == [1, 1, 1, 0]
    # what was read from the figures again is told as it was: the product first
    assert "SQL | 本产品" in text.replace("SQL from staging to verdicts", "SQL")
    # another machine measures one line: the other keeps its machine, and both are told
    elsewhere = _line(key="again", en="run again", date="2026-12-25")
    del elsewhere["machine"]
    text = record(tmp_path, "city", _result(elsewhere) | {"machine": "another"}).read_text("utf-8")
    assert "① a processor, 2 cores;② another;各行标明" in text
    ends = {line.split("|")[1].partition(" / ")[2].strip(): line[-16:] for line in text.splitlines() if line.startswith("| 由")}
    assert ends == {"SQL from staging to verdicts": "2026-11-29,0.1① |"[-16:], "run again": "2026-12-25,0.1② |"[-16:]}
    # other data: nothing of the old is held beside the new
    text = record(tmp_path, "city", _result(new) | {"rows": 7}).read_text("utf-8")
    assert "SQL from staging" not in text


def test_a_size_measured_again_takes_the_place_of_its_last_result_and_leaves_the_others(tmp_path):
    record(tmp_path, "city", _result(_line()))
    record(tmp_path, "province", _result(_line()) | {"rows": 5_000_000})
    text = record(tmp_path, "city", _result(_line()) | {"rows": 7}).read_text("utf-8")
    assert "5,000,000 行 rows" in text
    assert "· 7 行 rows" in text
    assert "283,907" not in text


def test_growth_is_a_table_and_a_plot_that_begins_at_zero(tmp_path):
    about: dict = {"peak": 500.0, "runs": 1, "date": "2026-11-30", "machine": "a processor, 2 cores", "shares": [["核心表", "core", 60.0], ["其余", "the rest", 40.0]]}
    points = [
        {"schools": 10_000, "rows": 1_000_000, "cpu": 10.0} | about,
        {"schools": 20_000, "rows": 2_000_000, "cpu": 21.0} | about,
    ]
    text = record(tmp_path, "nation", _result(_line()) | {"growth": points}).read_text("utf-8")
    assert "| 20,000(1×) | 2,000,000 | 21.00 | 500 | 10.50 | 2.10 | 达到 met | 2026-11-30 |" in text
    assert "未达到的,各步" not in text
    slower = [*points, {"schools": 40_000, "rows": 4_000_000, "cpu": 46.2} | about]
    missed_once = page({"nation": _result(_line()) | {"growth": slower}})
    assert "| 2.20 | **未达到 missed**:1.05 × 目标 the target | 2026-11-30 |" in missed_once
    assert "- 20,000 所学校 schools: 核心表 core 12.6 s;其余 the rest 8.4 s\n- 40,000 所学校 schools: 核心表 core 27.7 s" in missed_once
    drawn = (tmp_path / "performance-growth.svg").read_text("utf-8")
    assert drawn == plot(points)
    line = ET.fromstring(drawn).find("{http://www.w3.org/2000/svg}polyline")
    # axes end at 2 million rows and 25 s, inside 60..620 and 276..20
    assert line.get("points") == "340.0,173.6 620.0,61.0"


def test_the_page_in_docs_is_what_the_figures_beside_it_say():
    known = json.loads((CODE_ROOT / "docs" / "performance.json").read_text("utf-8"))
    assert (CODE_ROOT / "docs" / "performance.md").read_text("utf-8") == page(known)


def test_the_city_has_one_number_of_schools():
    result = CliRunner().invoke(main, ["bench", "--size", "city", "--schools", "5000"])
    assert result.exit_code == 2
    assert "--schools" in result.output
