"""The Dagster interface: on loopback only, and a run launched there gives the edition the command line gave.

What an auditor relies on there: data versions are the manifest's hashes, one asset alone never publishes, a run says
whether it gives the published edition, and the history survives a restart.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import pytest

from pipeline.definitions import build_defs
from pipeline.jobs import ANNUAL_REPORT
from pipeline.programme import HOME_VARIABLE, Home
from pipeline.runner import dagster_home
from pipeline.lock import exclusive
from pipeline.steps import KNOWN_TABLES
from tests.conftest import ROOT
from tests.support.files import hashes
from tests.support.ports import free_port, listening

KEY = "china-2022"
LAUNCH = """mutation($p: ExecutionParams!) { launchRun(executionParams: $p) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
RUN = """query($r: ID!) { runOrError(runId: $r) { ... on Run { status
  eventConnection { events { __typename ... on ExecutionStepFailureEvent { error { message }
    failureMetadata { description } } } } } } }"""
NODE = """query { assetNodeOrError(assetKey: {path: ["progress", "verdict"]}) { ... on AssetNode {
  description groupName partitionKeys } } }"""
HISTORY = """query { runsOrError { ... on Runs { results { runId status jobName } } }
  assetNodeOrError(assetKey: {path: ["report", "edition"]}) { ... on AssetNode {
    assetMaterializations(limit: 1) { partition metadataEntries { label ... on TextMetadataEntry { text } } } } }
  assetCheckExecutions(assetKey: {path: ["report", "edition"]}, checkName: "same_as_published", limit: 9) {
    status evaluation { success description } } }"""
FACES = {
    "model": "report.json",
    "pdf_zh": "report.zh.pdf",
    "pdf_en": "report.en.pdf",
    "page_zh": "report.zh.html",
    "page_en": "report.en.html",
    "tables": "tables.xlsx",
}


class Interface:
    """A running ``jiance ui`` on a home of its own."""

    def __init__(self, home, port, process):
        self.home, self.port, self.process = home, port, process

    def ask(self, query, variables=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            json.dumps({"query": query, "variables": variables or {}}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def launch(self):
        """Answer of the interface to "Launch run" of the whole job for one edition."""
        params = {
            "selector": {
                "repositoryLocationName": "jiance",
                "repositoryName": "__repository__",
                "jobName": ANNUAL_REPORT,
            },
            "runConfigData": {},
            "mode": "default",
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": KEY}]},
        }
        return self.ask(LAUNCH, {"p": params})["launchRun"]

    def ended(self, launched):
        """(status, what failed steps said) of a run, when it has ended."""
        assert launched["__typename"] == "LaunchRunSuccess", launched
        for _ in range(480):
            run = self.ask(RUN, {"r": launched["run"]["runId"]})["runOrError"]
            if run["status"] in ("SUCCESS", "FAILURE", "CANCELED"):
                break
            time.sleep(0.5)
        failures = [e for e in run["eventConnection"]["events"] if e["__typename"] == "ExecutionStepFailureEvent"]
        return run["status"], " ".join(
            f"{e['error']['message']} {(e['failureMetadata'] or {}).get('description') or ''}" for e in failures
        )


@contextmanager
def interface(home, *options) -> Iterator[Interface]:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in (HOME_VARIABLE, "DAGSTER_HOME")}
    with (home / "ui.log").open("a") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "--home", str(home), "ui", "--port", str(port), *options],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            for _ in range(240):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.5)
            yield Interface(home, port, server.pid)
        finally:
            server.terminate()
            server.wait(timeout=60)


def jiance(home, *args):
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "--home", str(home), *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """(home, hashes of the edition before) of a past year that was published by the command line and then materialised
    again in the interface; a first run there met another run and was refused."""
    home = tmp_path_factory.mktemp("interface")
    shutil.copytree(ROOT / "data_raw" / "china", home / "data_raw" / "china")
    with interface(home) as ui:
        node = ui.ask(NODE)["assetNodeOrError"]
        assert node["groupName"] == "progress" and KEY in node["partitionKeys"]
        assert "判定总表" in node["description"]
        with exclusive(home / "build" / KEY):
            status, said = ui.ended(ui.launch())
        assert status == "FAILURE" and "正由另一次运行生成,请等它结束后再试" in said and "wait for it to end" in said
        assert not (home / "editions").exists()
        ran = jiance(home, "run", "china", "2022")
        assert ran.returncode == 0 and "已发布 r1" in ran.stdout, ran.stdout + ran.stderr
        before = hashes(home / "editions")
        status, said = ui.ended(ui.launch())
        assert status == "SUCCESS", said + (home / "ui.log").read_text()
    return home, before


def test_a_past_year_materialised_again_in_the_interface_is_the_same_edition(launched):
    home, before = launched
    assert [p.name for p in (home / "editions" / "china" / "2022").iterdir()] == ["r1"]
    assert hashes(home / "editions") == before


def test_data_versions_are_the_hashes_of_the_manifest(launched):
    home, _ = launched
    folder = home / "editions" / "china" / "2022" / "r1"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    wanted = {tuple(table.split(".")): entry["sha256"] for table, entry in manifest["tables"].items()}
    wanted |= {("report", asset): manifest["outputs"][name]["sha256"] for asset, name in FACES.items()}
    wanted["report", "edition"] = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    notice = manifest["outputs"].get("notice.zh.pdf", {"sha256": "none"})
    wanted["report", "notice"] = notice["sha256"]
    wanted["report", "volumes"] = "none"  # the national plan is judged by no unit
    with dg.DagsterInstance.from_config(str(dagster_home(Home(home)))) as instance:
        found = {}
        for key in wanted:
            event = instance.get_latest_materialization_event(dg.AssetKey(list(key)))
            found[key] = event.asset_materialization.tags["dagster/data_version"]
    assert found == wanted
    # Every asset but what is known beforehand, which the manifest does not list.
    every = {tuple(key.path) for key in build_defs(Home(home)).resolve_asset_graph().get_all_asset_keys()}
    assert every - set(wanted) == {tuple(table.split(".")) for table in KNOWN_TABLES}


@pytest.mark.parametrize("last", ["edition", "pdf_zh", "tables", "model"])
def test_one_asset_alone_never_publishes(launched, last):
    """Everything is made and sound, and the edition itself is gone: still nothing is published."""
    home, _ = launched
    aside = home / "aside"
    (home / "editions").rename(aside)
    try:
        with dg.DagsterInstance.from_config(str(dagster_home(Home(home)))) as instance:
            result = build_defs(Home(home)).resolve_job_def(ANNUAL_REPORT).execute_in_process(
                partition_key=KEY,
                instance=instance,
                asset_selection=[dg.AssetKey(["report", last])],
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        assert not (home / "editions").exists()
        assert result.success == (last != "edition")
        if last == "edition":
            (failed,) = [e.step_failure_data for e in result.all_events if e.is_step_failure]
            assert "annual_report" in failed.user_failure_data.description
    finally:
        aside.rename(home / "editions")


@pytest.fixture(scope="module")
def for_auditors(launched):
    """What an interface for auditors, started after the other one, shows of the history, its answer to a launch, its port, and
    where it and all that it starts take connections."""
    home, _ = launched
    with interface(home, "--read-only") as ui:
        return ui.ask(HISTORY), ui.launch(), ui.port, listening(ui.process)


def test_the_interface_listens_on_loopback_alone(for_auditors):
    """As the kernel has it, whatever the program was told."""
    *_, port, sockets = for_auditors
    assert port in {number for _, number in sockets}
    assert all(address.is_loopback for address, _ in sockets), sockets


def test_auditors_look_and_do_not_touch_and_the_history_survives_a_restart(launched, for_auditors):
    """The runs of the interface before its restart, and of the command line."""
    home, _ = launched
    seen, refused, *_ = for_auditors
    runs = [r["status"] for r in seen["runsOrError"]["results"] if r["jobName"] == ANNUAL_REPORT]
    assert runs.count("SUCCESS") >= 2 and runs.count("FAILURE") >= 1
    (made,) = seen["assetNodeOrError"]["assetMaterializations"]
    shown = {e["label"]: e.get("text") for e in made["metadataEntries"]}
    manifest = json.loads((home / "editions/china/2022/r1/manifest.json").read_text("utf-8"))
    assert made["partition"] == KEY and shown["vintage_id"] == manifest["vintage_id"]
    newest, first = [c for c in seen["assetCheckExecutions"] if c["evaluation"]]
    assert newest["status"] == first["status"] == "SUCCEEDED"
    assert "与已发布的 r1 逐字节相同" in newest["evaluation"]["description"]
    assert "第一版" in first["evaluation"]["description"]
    assert refused["__typename"] == "UnauthorizedError", refused


def test_losing_the_history_loses_no_evidence(launched):
    home, _ = launched
    shutil.rmtree(home / "build" / "dagster")
    shown = jiance(home, "verify", "china/2022/r1", "--quick")
    assert shown.returncode == 0, shown.stdout
