"""The command line as a clerk uses it: messages, exit codes, and a failed run that damages nothing."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import time

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.programme import HOME_VARIABLE
from tests.conftest import ROOT
from tests.support.volume_processes import setting_volumes
from tests.support.waiting import until


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own with the national programme."""
    shutil.copytree(ROOT / "data_raw" / "china", tmp_path / "data_raw" / "china")
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A home in which china 2022 was published once."""
    made = tmp_path_factory.mktemp("template")
    shutil.copytree(ROOT / "data_raw" / "china", made / "data_raw" / "china")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(HOME_VARIABLE, raising=False)
        assert jiance(made, "run", "china", "2022").exit_code == 0
    return made


@pytest.fixture
def published_home(template, tmp_path, monkeypatch):
    """A copy of the template, to be changed."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True, symlinks=True)
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    return tmp_path


def jiance(home, *args, lang="zh"):
    return CliRunner().invoke(main, ["--lang", lang, "--home", str(home), *args])


def edit(home, name, old, new, *, register=True):
    """Change a received file; with ``register`` the register follows, as if it had come so."""
    path = home / "data_raw" / "china" / name
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    if register:
        listed = home / "data_raw" / "china" / "register.csv"
        after = hashlib.sha256(path.read_bytes()).hexdigest()
        listed.write_text(listed.read_text("utf-8").replace(before, after), "utf-8")


def test_text_in_a_number_column(home):
    edit(home, "2023/published_counts.csv", "4092.98", "约四千万")
    result = jiance(home, "check", "china", "2023")
    assert result.exit_code == 1
    out = result.output
    assert "2023/published_counts.csv" in out and "第 2 行" in out and "“数量”" in out and "约四千万" in out
    assert "怎么办" in out


def test_json_findings(home):
    edit(home, "2023/published_counts.csv", "4092.98", "约四千万")
    result = jiance(home, "check", "china", "2023", "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.output)
    assert document["blocked"]
    (finding,) = [f for f in document["findings"] if f["severity"] == "error"]
    assert (finding["file"], finding["row"], finding["column"]) == ("2023/published_counts.csv", 2, "数量")
    assert finding["value"].startswith("约四千万")


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "an error in a return"])
def test_the_check_says_what_the_job_in_the_interface_says(home, broken):
    """The command does without the orchestrator; findings and outcomes are those of the job."""
    from pipeline.jobs import CHECK_INPUTS
    from pipeline.programme import Home
    from pipeline.runner import run_edition
    from pipeline.steps import check_edition

    if broken:
        edit(home, "2023/published_counts.csv", "4092.98", "约四千万")
    checked = check_edition(Home(home), "china", 2023, lambda step: None)
    ran = run_edition(Home(home), "china", 2023, CHECK_INPUTS, lambda step: None)
    assert checked.success == ran.success == (not broken)
    assert checked.findings == ran.findings and checked.findings
    assert checked.outcomes == ran.outcomes and len(checked.outcomes) > 100


def test_a_check_asks_the_gates_only_of_what_changed_and_a_run_of_everything(home, monkeypatch):
    """What a check was told of rows is kept for the next one; an edition never rests on it."""
    from pipeline.jobs import CHECK_INPUTS
    from pipeline.programme import Home
    from pipeline.quality.engine import Engine
    from pipeline.quality.kept import _seal
    from pipeline.runner import run_edition

    asked, validate = [], Engine.validate

    def counting(engine, frame, wanted):
        asked.append(frame)
        return validate(engine, frame, wanted)

    def check():
        asked.clear()
        return jiance(home, "check", "china", "2023").exit_code, len(asked)

    monkeypatch.setattr(Engine, "validate", counting)
    code, everything = check()
    assert code == 0 and everything > 1
    assert check() == (0, 0)
    edit(home, "2022/published_counts.csv", "000000,2022,kindergartens", "999999,2022,kindergartens")
    code, some = check()
    assert code == 1 and 0 < some < everything
    assert check() == (1, 0)
    for path in (home / "build" / "gate_cache").iterdir():
        told = [{"success": True, "crash": None, "rows": []} for _ in json.loads(path.read_text("utf-8"))["told"]]
        path.write_text(json.dumps({"sha256": _seal(path, told), "told": told}), "utf-8")
    assert check() == (0, 0), "a check believes what is kept under its own seal"
    left = home / "build" / "gate_cache" / "left.json"
    left.write_text("{}", "utf-8")
    os.utime(left, (0, 0))
    assert check() == (0, 0) and not left.exists(), "nor is anything kept for ever"
    asked.clear()
    ran = run_edition(Home(home), "china", 2023, CHECK_INPUTS, lambda step: None)
    assert [f.column for f in ran.findings if f.blocks] == ["单位代码"] and asked


def test_changed_missing_and_unregistered_files_stop_the_run(home):
    edit(home, "2023/certified_values.csv", "91.1", "91.2", register=False)
    (home / "data_raw/china/2022/published_counts.csv").unlink()
    (home / "data_raw/china/2023/extra.csv").write_text("a,b\n1,2\n", "utf-8")
    result = jiance(home, "check", "china", "2023")
    assert result.exit_code == 1
    for name in ("2023/certified_values.csv", "2022/published_counts.csv", "2023/extra.csv"):
        assert name in result.output
    assert not (home / "editions").exists()


def test_a_failed_run_leaves_the_last_edition_as_it_was(published_home):
    folder = published_home / "editions" / "china" / "2022" / "r1"
    before = {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    edit(published_home, "2022/published_counts.csv", "4627.55", "-4627.55")
    result = jiance(published_home, "run", "china", "2022")
    assert result.exit_code == 1
    assert "未发布" in result.output and "上一版本保持不变" in result.output
    assert {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert [p.name for p in (published_home / "editions/china/2022").iterdir()] == ["r1"]


def test_the_languages_of_a_long_report_are_set_side_by_side(published_home, monkeypatch):
    """The same bytes as one after the other; no process is left where the first one fails or is interrupted."""
    from pipeline.report import apart, render

    begun, steps, set_here = [], [], render.render_pdf

    class Watched(apart.Beside):
        def __init__(self, model, templates, out, lang, attached):
            begun.append(out.name)
            super().__init__(model, templates, out, lang, attached)

    def counted(model, templates, out, lang, attached):
        steps.append(out.name)
        return set_here(model, templates, out, lang, attached)

    monkeypatch.setattr(apart, "LARGE", 0)
    monkeypatch.setattr(apart, "Beside", Watched)
    monkeypatch.setattr(render, "render_pdf", counted)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    place = published_home / "editions" / "china" / "2022"
    before = {lang: (place / "r1" / f"report.{lang}.pdf").read_bytes() for lang in ("zh", "en")}
    (published_home / "build" / "china-2022" / "stamp.json").unlink()
    result = jiance(published_home, "run", "china", "2022")
    assert result.exit_code == 0 and "与上次相同,未重复发布 r1" in result.output, result.output
    assert sorted(begun + steps) == ["report.en.pdf", "report.zh.pdf"] and len(begun) == 1
    made = published_home / "build" / "china-2022" / "report"
    assert before == {lang: (made / f"report.{lang}.pdf").read_bytes() for lang in ("zh", "en")}

    (published_home / "build" / "china-2022" / "stamp.json").unlink()
    for problem in (OSError(28, "No space left on device"), KeyboardInterrupt()):

        def fails(*_, problem=problem):
            raise problem

        begun.clear()
        monkeypatch.setattr(render, "render_pdf", fails)
        assert jiance(published_home, "run", "china", "2022").exit_code == 3
        assert len(begun) == 1 and not setting_volumes(os.getpid())


def _asleep(model, templates, out, *_):
    out.with_suffix(".begun").write_text("")
    time.sleep(300)


def test_a_report_that_no_step_takes_ends_with_its_run_and_no_later_run_finds_it(published_home, monkeypatch):
    """The step that should have taken it fails before; the next run in this process begins from what is on disk."""
    import dagster as dg

    from assets import report
    from pipeline.definitions import build_defs
    from pipeline.programme import Home
    from pipeline.report import apart, render
    from pipeline.runner import dagster_home

    made, sound = published_home / "build" / "china-2022" / "report", report.require_sound
    steps, set_here = [], render.render_pdf

    def sound_once(*args):
        if made.joinpath("report.zh.begun").exists():
            raise dg.Failure(description="unsound by now", allow_retries=False)
        sound(*args)

    def waiting(model, templates, out, lang, attached):
        steps.append(lang)
        until(lambda: len(steps) > 1 or made.joinpath("report.zh.begun").exists())
        return set_here(model, templates, out, lang, attached)

    monkeypatch.setattr(apart, "LARGE", 0)
    monkeypatch.setattr(apart, "_set", _asleep)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(render, "render_pdf", waiting)
    monkeypatch.setattr(report, "require_sound", sound_once)
    defs = build_defs(Home(published_home))
    with dg.DagsterInstance.from_config(str(dagster_home(Home(published_home)))) as instance:

        def run(*langs):
            return defs.resolve_job_def("annual_report").execute_in_process(
                partition_key="china-2022",
                instance=instance,
                asset_selection=[report.PDF_KEYS[lang] for lang in langs],
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )

        first = run("en", "zh")
        assert not first.success and steps == ["en"]
        assert not setting_volumes(os.getpid())
        made.joinpath("report.zh.begun").unlink()
        assert run("zh").success and steps == ["en", "zh"]


@pytest.mark.parametrize(
    ("chosen", "steps", "expected"),
    [
        (None, None, True),
        (["report/pdf_zh", "report/pdf_en"], None, True),
        (["report/pdf_zh"], None, False),
        (None, ["report__pdf_zh", "report__tables"], False),
        (None, ["report__pdf_zh", "report__pdf_en"], True),
    ],
    ids=["the whole job", "both chosen", "one chosen", "taken up without it", "taken up with it"],
)
def test_a_language_that_the_run_does_not_make_is_not_set_meanwhile(chosen, steps, expected):
    from types import SimpleNamespace

    import dagster as dg

    from assets.report import PDF_KEYS, _made_too

    chosen = chosen and {dg.AssetKey(each.split("/")) for each in chosen}
    run = SimpleNamespace(asset_selection=chosen, step_keys_to_execute=steps)
    assert _made_too(run, PDF_KEYS["en"]) is expected


def test_a_corrected_figure_makes_the_next_revision(published_home):
    edit(published_home, "2022/certified_values.csv", "89.7", "89.6")
    result = jiance(published_home, "run", "china", "2022")
    assert result.exit_code == 0, result.output
    assert "与上次运行相比有变:收到的文件、方案或登记:2022/certified_values.csv、register.csv" in result.output
    manifest = json.loads((published_home / "editions/china/2022/r2/manifest.json").read_text("utf-8"))
    assert (manifest["supersedes"], manifest["supersedes_reason"]) == ("r1", "source")


def test_wrong_usage_is_told_with_what_is_possible(home):
    result = jiance(home, "run", "nowhere", "2023")
    assert result.exit_code == 2 and "china" in result.output
    result = jiance(home, "run", "china", "2031")
    assert result.exit_code == 2 and "2023" in result.output and "certified_values" in result.output
    assert jiance(home, "run", "china").exit_code == 2


def test_a_wrong_plan_names_file_line_and_key(home):
    path = home / "data_raw/china/plan.yaml"
    text = path.read_text("utf-8")
    line = text.splitlines().index("    direction: up") + 1
    path.write_text(text.replace("    direction: up", "    direction: upwards", 1), "utf-8")
    result = jiance(home, "check", "china", "2023")
    assert result.exit_code == 2
    assert f"第 {line} 行" in result.output and "direction" in result.output and "upwards" in result.output
    path.write_text(text.replace("    base_period: 2020\n", "", 1), "utf-8")
    result = jiance(home, "check", "china", "2023")
    assert result.exit_code == 2 and "base_period" in result.output and "没有默认值" in result.output


def test_english_messages(home):
    edit(home, "2023/published_counts.csv", "4092.98", "约四千万")
    result = jiance(home, "check", "china", "2023", lang="en")
    assert result.exit_code == 1 and "row 2" in result.output and "to do:" in result.output


def test_list_shows_years_and_revisions(home):
    result = jiance(home, "list")
    assert result.exit_code == 0
    assert "china" in result.output and "2023" in result.output and "尚未发布" in result.output


def test_doctor_names_fonts_by_hash(home):
    result = jiance(home, "doctor")
    assert result.exit_code == 0, result.output
    for font in sorted((ROOT / "report_templates/fonts").glob("*.ttf")):
        assert font.name in result.output
        assert hashlib.sha256(font.read_bytes()).hexdigest()[:16] in result.output


def test_two_runs_of_one_edition_do_not_meet(home):
    from pipeline.lock import exclusive

    with exclusive(home / "build" / "china-2023"):
        result = jiance(home, "check", "china", "2023")
    assert result.exit_code == 3 and "另一次运行" in result.output


def test_a_run_waits_for_who_only_looks(home):
    import fcntl
    import threading

    folder = home / "build" / "china-2023"
    folder.mkdir(parents=True)
    with (folder / "lock").open("w") as looking:
        fcntl.flock(looking, fcntl.LOCK_EX)
        threading.Timer(1, lambda: fcntl.flock(looking, fcntl.LOCK_UN)).start()
        result = jiance(home, "check", "china", "2023")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (PermissionError(13, "Permission denied", "/archive"), "没有写入(或读取)权限,或磁盘是只读的:/archive"),
        (OSError(28, "No space left on device"), "磁盘(或配额)已满"),
        (KeyError("tables"), "程序出错,命令没有做完;已发布的版本不受影响"),
    ],
)
def test_a_command_that_breaks_off_says_so_and_not_by_the_exit_code_of_a_difference(home, monkeypatch, problem, said):
    from pipeline.proof import overview

    def broken(*_, **__):
        raise problem

    monkeypatch.setattr(overview, "overview", broken)
    result = jiance(home, "editions")
    assert result.exit_code == 3 and said in result.stderr and not result.stdout, result.output
    assert ("Traceback" in result.stderr) == isinstance(problem, KeyError)


@pytest.mark.parametrize("damaged", ["{", "{}"])
def test_a_damaged_manifest_does_not_stand_in_the_way_of_the_next_revision(published_home, damaged):
    folder = published_home / "editions" / "china" / "2022"
    (folder / "r1" / "manifest.json").write_text(damaged, "utf-8")
    result = jiance(published_home, "run", "china", "2022")
    assert result.exit_code == 0 and "r1/manifest.json 已损坏" in result.output, result.output
    assert (folder / "r1" / "manifest.json").read_text("utf-8") == damaged
    manifest = json.loads((folder / "r2" / "manifest.json").read_text("utf-8"))
    assert (manifest["supersedes"], manifest["supersedes_reason"]) == ("r1", "damage")


def test_progress_is_shown_on_a_terminal_and_only_there(home):
    import os
    import pty
    import subprocess
    import sys
    import threading

    command = [sys.executable, "-m", "pipeline.cli", "--home", str(home), "check", "china", "2023"]
    quiet = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert quiet.returncode == 0 and quiet.stderr == ""

    ours, theirs = pty.openpty()
    seen = bytearray()

    def listen():
        try:
            while chunk := os.read(ours, 65536):
                seen.extend(chunk)
        except OSError:
            return  # the other end is closed

    listener = threading.Thread(target=listen)
    listener.start()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, timeout=300, check=True)
    os.close(theirs)
    listener.join(timeout=30)
    os.close(ours)
    shown = seen.decode("utf-8", "replace")
    assert "核对登记与文件" in shown and "表内校验" in shown


def test_a_wrong_cell_in_the_register_is_told_as_such(home):
    listed = home / "data_raw/china/register.csv"
    listed.write_text(listed.read_text("utf-8").replace("2026-11-23", "2026年2月30日", 1), "utf-8")
    for command in ("check", "run"):
        result = jiance(home, command, "china", "2023")
        assert result.exit_code == 1, result.output
        assert "R04" in result.output and "register.csv" in result.output and "2026年2月30日" in result.output
        assert "Traceback" not in result.output


def test_one_broken_programme_does_not_stop_the_others(home):
    shutil.copytree(home / "data_raw/china", home / "data_raw/other")
    plan = home / "data_raw/other/plan.yaml"
    plan.write_text("format: 1\n", "utf-8")
    result = jiance(home, "list")
    assert result.exit_code == 0 and "other" in result.output and "rule_version" in result.output
    assert jiance(home, "check", "china", "2023").exit_code == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("plan.yaml", "variant: by_children", "variant: by_childen", ("by_childen", "by_children", "inclusive_coverage")),
        ("plan.yaml", 'on_schedule_ratio: "0.95"', 'on_schedule_ratio: "95"', ("on_schedule_ratio",)),
        ("plan.yaml", "finance_basis: 教育经费统计", "finance_basis: 决算数", ("决算数", "决算")),
        ("plan.yaml", "rule_thresholds: {}", 'rule_thresholds: {C10.lowpercent: "5"}', ("C10.lowpercent",)),
        ("areas.csv", "1949-10-01", "1949/10/1", ("areas.csv", "第 2 行", "valid_from", "1949/10/1")),
    ],
)
def test_what_a_plan_or_territory_gets_wrong_is_told_before_anything_runs(home, name, old, new, told):
    path = home / "data_raw/china" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    result = jiance(home, "run", "china", "2023")
    assert result.exit_code == 2, result.output
    for words in told:
        assert words in result.output
    assert not (home / "editions").exists()


def test_a_territory_file_in_another_encoding_is_told(home):
    path = home / "data_raw/china/areas.csv"
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    result = jiance(home, "run", "china", "2023")
    assert result.exit_code == 2 and "areas.csv" in result.output and "UTF-8" in result.output


def test_part_of_a_run_cannot_publish_what_other_inputs_made(published_home):
    """Materialising only the last assets after an input changed is refused; the edition stays as it is."""
    import dagster as dg

    from pipeline.definitions import build_defs
    from pipeline.programme import Home
    from pipeline.runner import dagster_home

    edition = published_home / "editions/china/2022"
    before = sorted(p.name for p in edition.iterdir())
    edit(published_home, "2022/certified_values.csv", "89.7", "95.7")
    defs = build_defs(Home(published_home))
    with dg.DagsterInstance.from_config(str(dagster_home(Home(published_home)))) as instance:
        for last in (["report", "edition"], ["report", "pdf_zh"], ["report", "model"]):
            result = defs.resolve_job_def("annual_report").execute_in_process(
                partition_key="china-2022",
                instance=instance,
                asset_selection=[dg.AssetKey(last)],
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
            assert not result.success
            failures = [e.step_failure_data for e in result.all_events if e.is_step_failure]
            assert "annual_report" in failures[0].user_failure_data.description
    assert sorted(p.name for p in edition.iterdir()) == before


def test_leftovers_in_the_working_database_are_not_part_of_an_edition(published_home):
    from pipeline.warehouse.store import open_store

    with open_store(published_home / "build/china-2022/warehouse.duckdb") as connection:
        connection.execute("CREATE TABLE core.gone AS SELECT 1 AS one").fetchall()
    (published_home / "editions/china/2022/r2").mkdir()
    result = jiance(published_home, "run", "china", "2022", "--again")
    assert result.exit_code == 0 and "未重复发布" in result.output, result.output
    edit(published_home, "2022/certified_values.csv", "89.7", "89.6")
    assert jiance(published_home, "run", "china", "2022").exit_code == 0
    assert (published_home / "editions/china/2022/r3/manifest.json").is_file()


def test_the_command_line_itself_imports_nothing_heavy():
    import subprocess
    import sys

    code = "import sys, pipeline.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "click" in loaded
    assert not loaded & {
        "cryptography", "dagster", "duckdb", "great_expectations", "jinja2", "numpy", "pandas", "polars", "pyarrow",
        "pydantic", "rich", "sqlalchemy", "weasyprint", "yaml",
    }  # fmt: skip


def test_after_a_change_only_the_changed_file_is_parsed_again(home, monkeypatch):
    """Each file once at first, nothing where nothing changed, the changed one alone, and of a correction only the new file."""
    from pipeline.intake import read

    parsed, parse = [], read._parse

    def counting(data, registration, contract, local):
        parsed.append(registration.path)
        return parse(data, registration, contract, local)

    def check():
        parsed.clear()
        result = jiance(home, "check", "china", "2023")
        assert result.exit_code == 0, result.output
        return sorted(parsed)

    monkeypatch.setattr(read, "_parse", counting)
    with (home / "data_raw/china/register.csv").open(encoding="utf-8-sig", newline="") as listed:
        registered = sorted(row["path"] for row in csv.DictReader(listed))
    assert check() == registered and len(registered) > 10
    assert check() == []
    edit(home, "2022/certified_values.csv", "89.7", "89.6")
    assert check() == ["2022/certified_values.csv"]


@pytest.fixture
def stood(home, monkeypatch):
    """What a command looks at and makes, where the answer to "is it the same?" is given by year."""
    from pipeline import unchanged
    from pipeline.telling import Teller

    same, made = set(), []

    def look(_, programme, year):
        if year not in same:
            return unchanged.Differs("某处", "somewhere")
        counts = {"data": 1, "code": 1, "tools": 1, "outputs": 1}
        return unchanged.Same(programme, year, home, 1, "0" * 12, "0" * 12, counts, [], [])

    monkeypatch.setattr(unchanged, "look", look)
    monkeypatch.setattr(Teller, "run", lambda self, programme, year, job, remote=None: made.append((year, remote)) or True)
    return same, made


def test_an_engine_that_is_named_is_used_also_where_nothing_changed(home, stood):
    same, made = stood
    same.add(2023)
    result = jiance(home, "run", "china", "2023")
    assert result.exit_code == 0 and made == [] and "没有需要重做的" in result.output
    result = jiance(home, "run", "china", "2023", "--engine", "sc://127.0.0.1:1")
    assert result.exit_code == 0 and "没有需要重做的" not in result.output
    ((year, remote),) = made
    assert (year, remote.address) == (2023, "sc://127.0.0.1:1")


def test_the_stamp_of_a_withdrawn_year_does_not_hide_the_latest_there_is(home, stood):
    """2023 was the latest once, then its returns were withdrawn: its stamp stays, and 2022 is found the same."""
    same, made = stood
    for year in (2022, 2023):
        place = home / "build" / f"china-{year}"
        place.mkdir(parents=True)
        (place / "stamp.json").write_text(json.dumps({"format": 1, "latest": True}), "utf-8")
    same.add(2022)
    result = jiance(home, "run", "--all")
    assert result.exit_code == 0 and made == [], result.output
    assert "china 2022:没有需要重做的" in result.output and "有变" not in result.output
    same.clear()
    result = jiance(home, "run", "--latest")
    assert "china 2023:与上次运行相比有变" in result.output and made == [(2023, None)]
