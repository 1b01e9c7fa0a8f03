"""The command line, ready to have accidents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.programme import HOME_VARIABLE
from tests.conftest import ROOT


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code (negative: killed by that signal) and all it printed."""

    code: int
    said: str


class Zygote:
    """The process that becomes ``jiance`` as often as asked."""

    def __init__(self, folder: Path) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in (HOME_VARIABLE, "DAGSTER_HOME")}
        environment |= {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "2"}
        self.folder, self.started, self.cpu = folder, 0, 0.0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.accidents.zygote", str(folder)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer()["ready"]

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        assert line, "the zygote died"
        return json.loads(line)

    def _ask(self, request: dict) -> dict:
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def start(self, home: Path | None, *args: str, history: bool = False, **accident) -> tuple[int, Path]:
        """``jiance ARGS`` with an accident prepared (faults.prepare); its process id and where it prints."""
        self.started += 1
        out = self.folder / f"{self.started}.txt"
        call = ["--home", str(home), *args] if home else list(args)
        request = {"start": call, "accident": accident, "out": str(out), "history": history}
        return self._ask(request)["pid"], out

    def wait(self, started: tuple[int, Path]) -> Ended:
        answer = self._ask({"wait": started[0]})
        self.cpu += answer["cpu"]
        return Ended(answer["code"], started[1].read_text("utf-8"))

    def jiance(self, home: Path | None, *args: str, **more) -> Ended:
        return self.wait(self.start(home, *args, **more))

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def zygote(tmp_path_factory) -> Iterator[Zygote]:
    made = Zygote(tmp_path_factory.mktemp("zygote"))
    yield made
    made.close()
