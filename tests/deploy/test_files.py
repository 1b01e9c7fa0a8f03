"""What ``deploy/`` gives an administrator is sound, and nothing passes the login."""

from __future__ import annotations

import base64
import hashlib
import shutil
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import ROOT
from tests.support.ports import free_port
from tests.support.server import YEAR, bare_home, jiance

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", sorted(p.name for p in DEPLOY.glob("jiance-*")))
def test_systemd_takes_every_unit(unit: str, tmp_path: Path) -> None:
    """With programs in place of those of an installation, for systemd looks whether they are there."""
    text = (DEPLOY / unit).read_text("utf-8")
    for program in ("/opt/jiance/.venv/bin/jiance", "/opt/jiance/deploy/backup"):
        text = text.replace(program, "/bin/true")
    text = text.replace("User=jiance", "User=root").replace("file:///opt/jiance/docs/server.md", "man:true(1)")
    (tmp_path / unit).write_text(text, "utf-8")
    shutil.copy(DEPLOY / "jiance-backup.service", tmp_path) if unit.endswith(".timer") else None
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit)], capture_output=True, text=True
    )
    ours = [line for line in told.stderr.splitlines() if unit in line]
    assert told.returncode == 0 and not ours, told.stderr


def test_nginx_asks_the_interface_where_the_service_has_it_listen() -> None:
    """On loopback, which tests/acceptance/test_interface.py and test_server.py see of running ones."""
    assert "proxy_pass http://127.0.0.1:3000;" in (DEPLOY / "nginx.conf").read_text("utf-8")
    assert "ui --port 3000" in (DEPLOY / "jiance-web.service").read_text("utf-8")


def test_the_settings_need_no_password_and_send_nothing_home() -> None:
    settings = yaml.safe_load((DEPLOY / "dagster.yaml").read_text("utf-8"))
    assert settings["telemetry"] == {"enabled": False} and settings["nux"] == {"enabled": False}
    address = settings["storage"]["custom"]["config"]["postgres_url"]
    assert ":///" in address and "password" not in address and "@" not in address


def with_the_example_of_tcp() -> str:
    """The shipped settings with the address in comments in the place of the one that counts."""
    before, address, after = (DEPLOY / "dagster.yaml").read_text("utf-8").partition("      postgres_url: ")
    _, _, after = after.partition("\n")
    words, mark, example = after.partition("      # postgres_db:\n")
    lines = (mark + example).splitlines()
    there = sum(1 for _ in takewhile(lambda line: line.startswith("      # "), lines))
    shown = [line.replace("# ", "", 1) for line in lines[:there]]
    assert address and there > 5
    return before + words + "\n".join([*shown, *lines[there:]]) + "\n"


def test_the_example_of_a_database_over_tcp_is_an_address_with_the_password_of_the_environment(libraries, monkeypatch) -> None:
    from dagster._config import process_config
    from dagster_postgres.utils import pg_url_from_config

    from pipeline.shared_history import SharedHistory

    config = yaml.safe_load(with_the_example_of_tcp())["storage"]["custom"]["config"]
    monkeypatch.setenv("JIANCE_POSTGRES_PASSWORD", "a@b/c")
    read = process_config(SharedHistory.config_type(), config)
    assert read.success, read.errors
    assert pg_url_from_config(read.value) == "postgresql+psycopg2://jiance:a%40b/c@10.0.0.1:5432/jiance?sslmode=require"


def test_a_password_that_the_environment_lacks_is_told_as_such(libraries, tmp_path) -> None:
    home = bare_home(tmp_path)
    (home / "dagster.yaml").write_text(with_the_example_of_tcp(), "utf-8")
    told = jiance(home, "run", "a", str(YEAR))
    assert told.returncode == 3 and "缺少 dagster.yaml 里写的环境变量" in told.stderr and "EnvironmentFile" in told.stderr
    assert "Traceback" not in told.stderr


class Interface(BaseHTTPRequestHandler):
    """Stands in for Dagster's interface and says which login it was shown."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"interface {self.path} {self.headers.get('Authorization')}".encode())

    def log_message(self, *_: object) -> None:
        pass


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "jiance.example")])
    day = datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(day).not_valid_after(day + timedelta(days=36500)).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "server.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """``ask(path, login)`` -> (status, text) through the shipped nginx configuration, its ports and folders moved."""
    if NGINX is None:
        pytest.skip("nginx is not installed (.ci/server nginx)")
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    certificate(folder)
    (folder / "users").write_text(f"clerk:{{SHA}}{base64.b64encode(hashlib.sha1(b'right').digest()).decode()}\n")
    edition = folder / "editions" / "china" / "2023" / "r1"
    edition.mkdir(parents=True)
    (edition / "report.zh.pdf").write_bytes(b"%PDF whole")
    hidden = folder / "editions" / "china" / "2023" / ".r2.partial"
    hidden.mkdir()
    (hidden / "report.zh.pdf").write_bytes(b"%PDF half")
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Interface)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    plain, secure = free_port(), free_port()
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    for shipped, here in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "http://127.0.0.1:3000;": f"http://127.0.0.1:{behind.server_port};",
        "/etc/jiance/": f"{folder}/",
        "/srv/jiance/": f"{folder}/",
    }.items():
        assert shipped in text
        text = text.replace(shipped, here)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "site.conf").write_text(
        f"user root; pid {folder}/pid; error_log {folder}/error.log; events {{}}\nhttp {{ {temporary} access_log off;\n{text}\n}}"
    )
    server = subprocess.Popen([NGINX, "-c", str(folder / "site.conf"), "-g", "daemon off;"], stderr=subprocess.PIPE, text=True)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting), Unfollowed())

    def ask(path: str, login: str | None = None, scheme: str = "https") -> tuple[int, str]:
        address = f"{scheme}://127.0.0.1:{secure if scheme == 'https' else plain}{path}"
        headers = {} if login is None else {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
        try:
            with opener.open(urllib.request.Request(address, headers=headers)) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers.get("Location") or ""

    try:
        for _ in range(100):
            assert server.poll() is None, server.stderr.read()
            try:
                ask("/")
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield ask
    finally:
        server.terminate()
        server.communicate(timeout=30)
        behind.shutdown()
        behind.server_close()


class Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


EDITION = "/editions/china/2023/r1/report.zh.pdf"


@pytest.mark.parametrize("login", [None, "clerk:wrong", "nobody:right"])
@pytest.mark.parametrize("path", ["/", "/graphql", EDITION, "/editions/"])
def test_nothing_is_shown_without_the_login(proxy, path: str, login: str | None) -> None:
    assert proxy(path, login) == (401, "")


def test_with_the_login_the_interface_answers_and_never_sees_it(proxy) -> None:
    assert proxy("/runs?a=1", "clerk:right") == (200, "interface /runs?a=1 None")


def test_with_the_login_the_editions_can_be_read_and_half_a_one_cannot(proxy) -> None:
    assert proxy(EDITION, "clerk:right") == (200, "%PDF whole")
    assert proxy("/editions/china/2023/.r2.partial/report.zh.pdf", "clerk:right")[0] == 404
    status, listed = proxy("/editions/china/2023/", "clerk:right")
    assert status == 200 and "r1" in listed and "partial" not in listed


def test_without_tls_one_is_sent_to_it(proxy) -> None:
    assert proxy("/runs", scheme="http") == (301, "https://127.0.0.1/runs")
