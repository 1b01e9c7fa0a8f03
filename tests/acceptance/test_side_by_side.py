"""``jiance run --latest --jobs N``: programmes side by side, each a process; one that is killed stops no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import fanout
from pipeline.fanout import side_by_side
from tests.conftest import ROOT, Copy

# Says its programme when it ends; ``killed`` is ended from outside; each leaves a mark while it runs and counts the marks.
STAND_IN = """
import os, pathlib, signal, sys, time
place, programme = pathlib.Path(os.environ["MARKS"]), sys.argv[2]
if programme == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
mark = place / programme
mark.touch()
time.sleep(0.4)
print(programme, sys.argv[3], len(list(place.iterdir())))
mark.unlink()
sys.exit(1 if programme == "broken" else 0)
"""


def test_so_many_at_a_time_and_each_for_itself(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(fanout, "ENTRY", STAND_IN)
    monkeypatch.setenv("MARKS", str(tmp_path))
    targets = [("a", 2024), ("killed", 2024), ("broken", 2023), ("d", 2024), ("e", 2024)]
    made = list(side_by_side(targets, 2))
    assert [(m.programme, m.year) for m in made] == targets
    assert [m.code for m in made] == [0, -9, 1, 0, 0]
    assert [m.signal for m in made] == [None, "SIGKILL", None, None, None]
    words = [m.out.split() for m in made if not m.signal]
    assert [w[:2] for w in words] == [["a", "2024"], ["broken", "2023"], ["d", "2024"], ["e", "2024"]]
    assert max(int(w[2]) for w in words) == 2


def test_who_is_told_to_end_leaves_nobody_behind(tmp_path) -> None:
    """Two of four have started when the caller is ended: both are gone, the others never came."""
    stand_in = "import os, pathlib, sys, time; (pathlib.Path(os.environ['MARKS']) / str(os.getpid())).touch(); time.sleep(60)"
    call = f"from pipeline import fanout; fanout.ENTRY = {stand_in!r}; list(fanout.side_by_side([(p, 2024) for p in 'abcd'], 2))"
    caller = subprocess.Popen([sys.executable, "-c", call], env=os.environ | {"MARKS": str(tmp_path), "PYTHONPATH": str(ROOT)})
    while len(list(tmp_path.iterdir())) < 2:
        assert caller.poll() is None
        time.sleep(0.05)
    caller.terminate()
    assert caller.wait(30) == 128 + signal.SIGTERM
    started = [int(mark.name) for mark in tmp_path.iterdir()]
    assert len(started) == 2 and not [pid for pid in started if Path(f"/proc/{pid}").exists()]


def test_every_programme_is_told_and_what_stands_stands(installation: Copy) -> None:
    editions = sorted((installation.root / "editions").glob("*/*/*/manifest.json"))
    before = [path.read_bytes() for path in editions]
    told = installation.jiance("run", "--latest", "--jobs", "2")
    assert told.returncode == 0, told.stderr
    assert "共 2 个,同时做 2 个:china 2023、zhangjiakou 2024" in told.stdout
    assert told.stdout.count("没有需要重做的") == 2
    assert told.stdout.index("china 2023:没有") < told.stdout.index("zhangjiakou 2024:没有")
    assert [path.read_bytes() for path in sorted((installation.root / "editions").glob("*/*/*/manifest.json"))] == before


def test_it_goes_with_latest(installation: Copy) -> None:
    told = installation.jiance("run", "china", "2023", "--jobs", "2")
    assert told.returncode == 2 and "--jobs 要与 --latest 一起用" in told.stderr
