"""Fixtures shared by all tests: a clean copy of the installation, and editions made in it by the command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]

FAMILIES = {
    "editions": {"installation", "published", "copied", "rebuilt"},
    "city report": {"city_pdf", "city_english"},
}
"""What takes longest to make, by the fixtures that make it. Files of tests that need one of a family run in one process,
where it is made once. Signing needs both kinds of editions, which ties these."""
LONG = ("accidents", "deploy", "warehouse", "demo", "progress", "quality")
"""Folders whose tests take long."""


@cache
def family(file: Path) -> str | None:
    """The family of a file of tests, by the fixtures that its tests and fixtures name.

    Read from the text: the process that divides the tests among others does not load them.
    """
    text = file.read_text("utf-8")
    for name, fixtures in FAMILIES.items():
        one = "|".join(sorted(fixtures))
        if re.search(rf"^(?:def test_|@pytest\.fixture.*\n(?:@.*\n)*def )\w+\([^)]*\b(?:{one})\b", text, re.M):
            return name
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Divides the tests among processes: a file stays together, and so do the files of a family.

    None, which leaves it to the plugin, unless whole files are asked for.
    """
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadScopeScheduling  # without the plugin nothing asks for it

    class Families(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return family(config.rootpath / file) or file

    return Families(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Families first, what runs for a long time on its own next: no process is left with a long piece of work when the
    others have none.

    A file that needs what a family makes, through fixtures of others, without naming it would make it once more: an error.
    """
    order = list(FAMILIES)
    for item in items:
        needed = {name for name, fixtures in FAMILIES.items() if fixtures & set(getattr(item, "fixturenames", ()))}
        if not needed <= {family(item.path)}:
            raise pytest.UsageError(f"{item.path}: needs {sorted(needed)}, is known as {family(item.path)}: see FAMILIES")

    def turn(item: pytest.Item) -> int:
        name = family(item.path)
        return order.index(name) if name else len(order) + (item.path.parent.name not in LONG)

    items.sort(key=turn)


# Run by every child process of the clean copy: no name is looked up and no address is reached.
BLOCK_NETWORK = """
import socket, sys
def refuse(*args, **kwargs):
    raise RuntimeError(f"network use: {args!r}")
class Closed(socket.socket):
    def connect(self, address):
        if self.family != socket.AF_UNIX:
            refuse(address)
        return super().connect(address)
    connect_ex = connect
socket.socket = Closed
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
from pipeline.cli import main
sys.argv[0] = "jiance"
main()
"""


@dataclass(frozen=True)
class Copy:
    """A clean copy of the tracked files, used like an installation of its own."""

    root: Path

    def jiance(self, *args: str, seed: str = "0", zone: str = "UTC", **env: str) -> subprocess.CompletedProcess[str]:
        """``jiance …`` in a fresh process with an almost empty environment and no network."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "nowhere"),
            "PYTHONPATH": str(self.root),
            "PYTHONHASHSEED": seed,
            "PYTHONDONTWRITEBYTECODE": "1",
            "TZ": zone,
            "LC_ALL": "C.UTF-8",
        } | env
        return subprocess.run(
            [sys.executable, "-W", "default", "-c", BLOCK_NETWORK, *args],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )


MADE = {".git", ".venv", "build", "editions", "editions_public", "__pycache__", ".hypothesis", ".pytest_cache"}


def clean_copy(target: Path, origin: Path = ROOT) -> Copy:
    """Copy what the installation consists of to ``target``: all but what runs and tests make."""
    for source in sorted(origin.rglob("*")):
        name = source.relative_to(origin)
        made = MADE.intersection(name.parts) or any(part.endswith(".egg-info") for part in name.parts)
        if source.is_file() and not made:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name)
    return Copy(target)


@pytest.fixture(scope="session")
def installation(tmp_path_factory) -> Copy:
    """A clean copy in which ``run --latest`` has published every shipped programme once."""
    copy = clean_copy(tmp_path_factory.mktemp("installation") / "jiance")
    result = copy.jiance("run", "--latest")
    assert result.returncode == 0, result.stdout + result.stderr
    (copy.root / "first_run.txt").write_text(result.stdout, "utf-8")
    return copy
