"""A PostgreSQL server of one's own for the tests of a server, in a temporary folder and on a local socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Postgres:
    """Where it listens: ``folder`` holds the socket. Its superuser is called jiance and needs no password."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"PGHOST": str(self.folder), "PGUSER": "jiance"}

    def url(self, database: str) -> str:
        return f"postgresql+psycopg2:///{database}?host={self.folder}&user=jiance"

    def ask(self, database: str, query: str) -> list[str]:
        call = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", database, "--command", query]
        return subprocess.run(call, env=self.environment, capture_output=True, text=True, check=True).stdout.split()

    def create(self, database: str) -> None:
        subprocess.run(["createdb", database], env=self.environment, check=True)


@pytest.fixture(scope="session")
def libraries() -> None:
    pytest.importorskip("dagster_postgres", reason="the libraries of a server are not installed (make server)")


@pytest.fixture(scope="session")
def postgres(libraries: None) -> Iterator[Postgres]:
    """Run as the user postgres where the tests run as root, which PostgreSQL refuses to run as."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), default=None)
    if programs is None:
        pytest.skip("PostgreSQL is not installed (.ci/server postgresql)")
    # the path of a socket may have a hundred characters at most
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    runs_as: dict[str, object] = {}
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o755)
        runs_as = {"user": owner.pw_uid, "group": owner.pw_gid, "cwd": folder}

    def do(program: str, *words: str) -> None:
        subprocess.run([str(programs / program), "-D", str(folder / "data"), *words], check=True, capture_output=True, **runs_as)

    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    try:
        do("initdb", "-A", "trust", "-U", "jiance", "--no-sync", "--locale=C.UTF-8")
        do("pg_ctl", "start", "-w", "-o", options, "-l", str(folder / "log"))
        try:
            yield Postgres(folder)
        finally:
            do("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
