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
