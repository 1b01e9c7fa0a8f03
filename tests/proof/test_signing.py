"""A signature stands for exactly one manifest, and it is said whose it is."""

from __future__ import annotations

import base64
import json
import shutil
import stat
import subprocess

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.cli import main
from pipeline.home import HOME_VARIABLE
from pipeline.proof import commands
from pipeline.proof.signing import PASSPHRASE_VARIABLE, new_key, read_private
from tests.conftest import clean_copy
from tests.proof.conftest import edit, files_of, forge, jiance

# RFC 8032, section 7.1, test 1: a key whose public half is published, so that nothing here is our own making.
SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@pytest.fixture
def keys(tmp_path_factory):
    """``office.key`` and ``office.pub`` of the published test key."""
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SEED))
    folder = tmp_path_factory.mktemp("safe")
    (folder / "office.key").write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "office.pub").write_bytes(
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return folder


def trust(home, public):
    folder = home.data_raw / "china" / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(public, folder)


def quick(home, *more):
    return jiance(home, "verify", "china/2023/r1", "--quick", *more)


def test_unsigned_editions_say_so(copied):
    assert "签名:未签名" in quick(copied.home).output
    assert "not signed" in jiance(copied.home, "editions", lang="en").output


def test_signed_recognised_and_the_same_every_time(copied, keys):
    signed = jiance(copied.home, "sign", "china/2023/r1", "--key", str(keys / "office.key"))
    assert signed.exit_code == 0 and "已签名" in signed.output
    path = copied.folder(1) / "manifest.sig"
    first = path.read_bytes()
    document = json.loads(first)
    assert document["key"] == PUBLIC and document["algorithm"] == "Ed25519"
    told = quick(copied.home)
    assert told.exit_code == 0 and "不知道是谁的" in told.output
    trust(copied.home, keys / "office.pub")
    told = quick(copied.home)
    assert told.exit_code == 0 and "✓ 签名:由 office 签名" in told.output
    listed = jiance(copied.home, "keys", "list", "china").output
    assert listed.split()[1] == "office" and listed.split()[0] in told.output
    assert "由 office 签名" in jiance(copied.home, "editions").output
    again = jiance(copied.home, "sign", "china/2023/r1", "--key", str(keys / "office.key"))
    assert again.exit_code == 0 and "未重复" in again.output and path.read_bytes() == first


def test_any_tool_can_verify_it(copied, keys, tmp_path):
    """The signature is plain Ed25519 over the bytes of the manifest: another program finds it sound."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine")
    jiance(copied.home, "sign", "china/2023/r1", "--key", str(keys / "office.key"))
    document = json.loads((copied.folder(1) / "manifest.sig").read_text("utf-8"))
    (tmp_path / "raw.sig").write_bytes(base64.b64decode(document["signature"]))
    call = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", keys / "office.pub", "-rawin"]
    call += ["-in", copied.folder(1) / "manifest.json", "-sigfile", tmp_path / "raw.sig"]
    assert subprocess.run(call, capture_output=True).returncode == 0


@pytest.mark.parametrize("what", ["manifest", "signature", "nonsense"])
def test_one_digit_after_signing_is_found(copied, keys, what):
    jiance(copied.home, "sign", "china/2023/r1", "--key", str(keys / "office.key"))
    trust(copied.home, keys / "office.pub")
    path = copied.folder(1) / "manifest.sig"
    if what == "manifest":
        forge(copied.folder(1), data_status="demonstration")  # properly rewritten: only the signature can tell
    elif what == "signature":
        document = json.loads(path.read_text("utf-8"))
        raw = bytearray(base64.b64decode(document["signature"]))
        raw[0] ^= 1
        path.write_text(json.dumps(document | {"signature": base64.b64encode(bytes(raw)).decode()}), "utf-8")
    else:
        path.write_text("[]", "utf-8")
    told = quick(copied.home)
    assert told.exit_code == 1 and "✗ 签名" in told.output and "第一处不同:\n  [签名] manifest.sig" in told.output
    assert "签名不符" in jiance(copied.home, "editions").output


def test_a_required_signature(copied, keys):
    """Whoever asks for a key's signature is told when it is missing: it may have been taken away."""
    told = quick(copied.home, "--key", str(keys / "office.pub"))
    assert told.exit_code == 1 and "没有 office 的签名" in told.output
    jiance(copied.home, "sign", "china/2023/r1", "--key", str(keys / "office.key"))
    assert quick(copied.home, "--key", str(keys / "office.pub")).exit_code == 0
    other = jiance(copied.home, "keys", "new", "other", "--into", str(keys), "--passphrase", "")
    assert other.exit_code == 0, other.output
    told = quick(copied.home, "--key", str(keys / "other.pub"))
    assert told.exit_code == 1 and "没有 other 的签名" in told.output
    refused = jiance(copied.home, "sign", "china/2023/r1", "--key", str(keys / "other.key"))
    assert refused.exit_code == 2 and "不会覆盖" in refused.output


def test_an_edition_that_fails_is_not_signed(copied, keys):
    edit(copied.folder(1) / "data/verdicts.csv", "91100000", "91200000")
    told = jiance(copied.home, "sign", "china/2023/r1", "--key", str(keys / "office.key"))
    assert told.exit_code == 1 and "data/verdicts.csv" in told.output
    assert not (copied.folder(1) / "manifest.sig").exists()


def test_new_keys(copied, tmp_path_factory, monkeypatch):
    safe = tmp_path_factory.mktemp("safe")
    made = jiance(copied.home, "keys", "new", "统计岗", "--into", str(safe), "--passphrase", "春风")
    assert made.exit_code == 0 and "指纹" in made.output
    assert stat.S_IMODE((safe / "统计岗.key").stat().st_mode) == 0o600
    assert b"ENCRYPTED" in (safe / "统计岗.key").read_bytes()
    again = jiance(copied.home, "keys", "new", "统计岗", "--into", str(safe), "--passphrase", "")
    assert again.exit_code == 2 and "不会覆盖" in again.output
    inside = jiance(copied.home, "keys", "new", "x", "--into", str(copied.home.root / "keys"), "--passphrase", "")
    assert inside.exit_code == 2 and "安装目录" in inside.output and not (copied.home.root / "keys").exists()
    key = str(safe / "统计岗.key")
    wrong = jiance(copied.home, "sign", "china/2023/r1", "--key", key)
    assert wrong.exit_code == 2 and "口令" in wrong.output
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "春风")
    assert jiance(copied.home, "sign", "china/2023/r1", "--key", key).exit_code == 0


@pytest.mark.parametrize("text", ["", "-----BEGIN PUBLIC KEY-----\n", "not a key"])
def test_what_is_no_key_is_said(copied, tmp_path, text):
    (tmp_path / "x.key").write_text(text)
    told = jiance(copied.home, "sign", "china/2023/r1", "--key", str(tmp_path / "x.key"))
    assert told.exit_code == 2 and "x.key" in told.output and "不是可用的私钥" in told.output
    trust(copied.home, tmp_path / "x.key")
    (copied.home.data_raw / "china/keys/x.key").rename(copied.home.data_raw / "china/keys/x.pub")
    assert "x.pub" in quick(copied.home).output


def test_editions_made_side_by_side_are_signed_with_a_key_whose_passphrase_was_typed(installation, keys, tmp_path, monkeypatch):
    """Nobody can type it for each of the processes."""
    copy = clean_copy(tmp_path / "copy", installation.root)
    for folder in ("editions", "build"):
        shutil.copytree(installation.root / folder, copy.root / folder, symlinks=True)
    new_key(tmp_path, "locked", "春风")
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.setattr(commands, "private_key", lambda path: read_private(path, "春风"))
    call = ["--home", str(copy.root), "run", "--latest", "--jobs", "2", "--sign", str(tmp_path / "locked.key")]
    done = CliRunner().invoke(main, call)
    assert done.exit_code == 0 and done.output.count("没有需要重做的") == 2 and done.output.count("已签名") == 2, done.output
    assert len([*(copy.root / "editions").glob("*/*/r1/manifest.sig")]) == 2


def test_an_identical_run_publishes_nothing_new_and_signs_what_there_is(installation, keys, tmp_path):
    """Made again in full, because asked to; a key that cannot be used is said before the work."""
    copy = clean_copy(tmp_path / "copy", installation.root)
    shutil.copytree(installation.root / "editions", copy.root / "editions")
    refused = copy.jiance("run", "china", "2023", "--sign", str(keys / "office.pub"))
    assert refused.returncode == 2 and "不是可用的私钥" in refused.stderr and not (copy.root / "build").exists()
    shutil.copytree(installation.root / "build" / "china-2023", copy.root / "build" / "china-2023")
    assert "没有需要重做的" in copy.jiance("run", "china", "2023").stdout
    before = files_of(copy.root / "editions")
    done = copy.jiance("run", "china", "2023", "--again", "--sign", str(keys / "office.key"), seed="77")
    assert done.returncode == 0 and "已签名" in done.stdout, done.stdout + done.stderr
    assert "未重复发布" in done.stdout and "没有需要重做的" not in done.stdout
    after = files_of(copy.root / "editions")
    assert json.loads(after.pop("china/2023/r1/manifest.sig"))["key"] == PUBLIC
    assert after == before
