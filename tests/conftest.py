"""Fixtures shared by all tests: a clean copy of the installation, and editions made in it by the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FAMILIES = {"editions": {"installation", "published"}, "city report": {"city_pdf", "city_english"}}
"""What takes longest to make. The files of tests that use one of a family stay in one process, where it is made once."""


@pytest.hookimpl(tryfirst=True)  # before the plugin reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Divide the tests among processes: a file stays together, and files that need the same thing of FAMILIES do.

    The families come first, what runs for a long time on its own after them, so that no process is left with a long
    piece of work when the others have none."""
    needs: dict[Path, set[str]] = {}
    for item in items:
        needs.setdefault(item.path, set()).update(getattr(item, "fixturenames", ()))
    family = {path: next((n for n, made in FAMILIES.items() if made & used), None) for path, used in needs.items()}
    order = list(FAMILIES)

    def turn(item: pytest.Item) -> int:
        name = family[item.path]
        if name is not None:
            return order.index(name)
        return len(order) + (item.path.parent.name not in LONG)

    items.sort(key=turn)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(family[item.path] or item.path.relative_to(ROOT).as_posix()))


LONG = ("accidents", "warehouse", "demo", "progress", "quality")
"""Folders whose tests take long."""

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
