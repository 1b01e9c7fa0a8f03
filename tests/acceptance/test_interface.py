"""The Dagster interface: on loopback only, and a run launched there gives the edition the command line gives."""

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

import pytest

from pipeline.programme import HOME_VARIABLE
from tests.conftest import ROOT

LAUNCH = """mutation($p: ExecutionParams!) { launchRun(executionParams: $p) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
STATUS = "query($r: ID!) { runOrError(runId: $r) { ... on Run { status } } }"
CHECKS = """query { assetNodeOrError(assetKey: {path: ["progress", "verdict"]}) { ... on AssetNode {
  description groupName partitionKeys } } }"""


def ask(port, query, variables=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": query, "variables": variables or {}}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


@pytest.fixture
def interface(tmp_path):
    """(port, home) of a running ``jiance ui`` on a home with the national programme."""
    shutil.copytree(ROOT / "data_raw" / "china", tmp_path / "data_raw" / "china")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k not in (HOME_VARIABLE, "DAGSTER_HOME")}
    with (tmp_path / "ui.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "--home", str(tmp_path), "ui", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            for _ in range(120):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.5)
            yield port, tmp_path
        finally:
            server.terminate()
            server.wait(timeout=60)


def test_a_run_from_the_interface_gives_the_same_edition(interface):
    port, home = interface
    node = ask(port, CHECKS)["assetNodeOrError"]
    assert node["groupName"] == "progress" and "china-2023" in node["partitionKeys"]
    assert "判定总表" in node["description"]
    params = {
        "selector": {
            "repositoryLocationName": "jiance",
            "repositoryName": "__repository__",
            "jobName": "annual_report",
        },
        "runConfigData": {},
        "mode": "default",
        "executionMetadata": {"tags": [{"key": "dagster/partition", "value": "china-2023"}]},
    }
    run = ask(port, LAUNCH, {"p": params})["launchRun"]
    assert run["__typename"] == "LaunchRunSuccess", run
    for _ in range(240):
        status = ask(port, STATUS, {"r": run["run"]["runId"]})["runOrError"]["status"]
        if status in ("SUCCESS", "FAILURE", "CANCELED"):
            break
        time.sleep(0.5)
    assert status == "SUCCESS", (home / "ui.log").read_text()
    made = home / "editions" / "china" / "2023"
    assert [p.name for p in made.iterdir()] == ["r1"]
    before = {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in made.rglob("*") if p.is_file()}

    again = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "--home", str(home), "run", "china", "2023"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert again.returncode == 0, again.stderr
    assert "未重复发布" in again.stdout
    assert {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in made.rglob("*") if p.is_file()} == before
