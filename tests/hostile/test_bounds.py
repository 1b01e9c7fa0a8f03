"""Bounded memory and time: bombs in a process that may have little of both.

One child process reads every bomb under a limit of its address space; without our own limits it would be
killed, raise MemoryError or run for hours.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.files import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="address space limits are those of Linux")
MEMORY = 3 << 30
SECONDS = 120

CHILD = '''
import json, resource, sys, time
from pathlib import Path
from tests.hostile import bombs
from tests.hostile.files import hand_in
folder, memory = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
told = {}
for name, (ending, make) in bombs.BOMBS.items():
    data = make()
    start = time.process_time()
    result = hand_in(folder, "county_finance", data, f"2023/{name}.{ending}")
    del data
    told[name] = [[f.rule for f in result.findings][:3], result.findings[0].message_en, time.process_time() - start]
told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps(told))
'''


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("bombs")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD, str(folder), str(MEMORY)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr == ""
    left = sorted(p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file())
    assert all(name.startswith("2023/") for name in left)
    return json.loads(done.stdout)


EXPECTED = {
    "zeros": "512 MB",
    "honest_ratio": "512 MB",
    "lying_ratio": "XML",
    "many_parts": "10000 parts",
    "same_part": "there twice",
    "texts": "texts",
    "nested_tags": "nested too deeply",
    "endless_tag": "a tag without end",
    "attributes": "a tag without end",
    "entities": "document type",
    "errors": "more than 100000 cells that cannot be used",
    "sparse": "the used range has more than 10000000 cells",
    "merged": "merged ranges",
    "styles": "512 MB",
    "sheets": "255 sheets",
    "one_line": "more than 1000000 characters",
    "commas": "more than 1000000 characters",
    "line_breaks": "more than 1048576 rows",
    "quotes": "quotes do not pair up",
    "cells": "more than 10000000 cells",
    "columns": "more than 2000 columns",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bomb_is_one_finding(told: dict, name: str) -> None:
    rules, message, seconds = told[name]
    assert rules in (["I01"], ["I21"]) and EXPECTED[name] in message
    assert seconds < 20


def test_every_bomb_is_expected(told: dict) -> None:
    assert set(told) - {"peak"} == set(EXPECTED)


def test_the_peak_stays_far_below_the_limit(told: dict) -> None:
    assert told["peak"] < 2 << 30
