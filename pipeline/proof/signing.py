"""Signatures of editions: Ed25519 over the bytes of ``manifest.json``, kept beside it as ``manifest.sig``.

Belongs here: making and reading keys, signing an edition, saying what a signature is worth.
Does not belong here: what a manifest says (verify.py), arguments and printing (commands.py).

A signature says that whoever holds the private key stood behind exactly this manifest, and with it behind every
file and table whose hash it records. Ed25519 (RFC 8032) is deterministic: the same manifest and key give the same
bytes. ``manifest.sig`` is outside the manifest, so signing changes nothing of the edition itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipeline.edition.manifest import MANIFEST, canonical_json

SIGNATURE = "manifest.sig"
ALGORITHM = "Ed25519"
KEYS_FOLDER = "keys"
PASSPHRASE_VARIABLE = "JIANCE_KEY_PASSPHRASE"
_NAME = re.compile(r"[\w-]{1,64}")


class SigningError(ValueError):
    """A key or a signature cannot be used. ``str()`` says which file, why and what to do, in Chinese and English."""


@dataclass(frozen=True)
class PublicKey:
    """A public key with the name of its file."""

    name: str
    raw: bytes

    @property
    def fingerprint(self) -> str:
        """16 hex digits of the sha256 of the 32 raw bytes: what people compare by telephone."""
        return hashlib.sha256(self.raw).hexdigest()[:16]


@dataclass(frozen=True)
class Signature:
    """What ``manifest.sig`` is worth: ``state`` and, where it is sound, the key."""

    state: str  # unsigned | sound | unknown_key | broken | unreadable
    key: PublicKey | None = None


def new_key(folder: Path, name: str, passphrase: str) -> tuple[Path, Path, PublicKey]:
    """Make ``<name>.key`` (private, PKCS 8, readable by its owner only) and ``<name>.pub`` in ``folder``.

    An empty ``passphrase`` leaves the private key unprotected. Returns both paths and the public key.
    Raises SigningError where one of them is there already: a key is never replaced.
    """
    if not _NAME.fullmatch(name):
        raise SigningError(
            f"密钥名“{name}”只能用汉字、字母、数字、下划线和短横 / a key's name has letters, digits, _ and - only"
        )
    folder.mkdir(parents=True, exist_ok=True)
    private_path, public_path = folder / f"{name}.key", folder / f"{name}.pub"
    for path in (private_path, public_path):
        if path.exists():
            raise SigningError(f"{path} 已经存在,不会覆盖;请换一个名字 / is there already and is never replaced")
    private = Ed25519PrivateKey.generate()
    protection = (
        serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    )
    text = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    handle = os.open(private_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    public = private.public_key()
    public_path.write_bytes(
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return private_path, public_path, PublicKey(name, public.public_bytes_raw())


def read_private(path: Path, passphrase: str) -> Ed25519PrivateKey:
    """The private key in a file. Raises SigningError where it cannot be read or is not an Ed25519 key."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode() or None)
    except OSError as problem:
        raise SigningError(f"无法读取密钥 {path}:{problem.strerror} / the key cannot be read") from None
    except TypeError:
        raise SigningError(
            f"{path}:密钥{'没有口令,却给了口令' if passphrase else '有口令保护,请输入口令'} / "
            f"the key {'has no passphrase, but one was given' if passphrase else 'is protected by a passphrase'}"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise SigningError(f"{path}:不是可用的私钥,或口令不对 / not a private key, or a wrong passphrase") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningError(f"{path}:不是 Ed25519 密钥,请用 jiance keys new 生成 / not an Ed25519 key")
    return key


def read_public(path: Path) -> PublicKey:
    """The public key in a file, named after the file. Raises SigningError."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except OSError as problem:
        raise SigningError(f"无法读取公钥 {path}:{problem.strerror} / the public key cannot be read") from None
    except (ValueError, UnsupportedAlgorithm):
        raise SigningError(f"{path}:不是公钥 / not a public key") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SigningError(f"{path}:不是 Ed25519 公钥 / not an Ed25519 public key")
    return PublicKey(path.stem, key.public_bytes_raw())


def known_keys(programme_root: Path) -> list[PublicKey]:
    """The public keys a programme trusts: ``keys/*.pub``, by name. Raises SigningError."""
    return [read_public(path) for path in sorted((programme_root / KEYS_FOLDER).glob("*.pub"))]


def sign(folder: Path, key: Ed25519PrivateKey) -> bool:
    """Sign the edition in ``folder``; False where it already bears this very signature.

    Raises SigningError where another signature is there (it is never replaced), or the file cannot be written.
    """
    data = (folder / MANIFEST).read_bytes()
    document = canonical_json(
        {
            "algorithm": ALGORITHM,
            "key": key.public_key().public_bytes_raw().hex(),
            "manifest_sha256": hashlib.sha256(data).hexdigest(),
            "signature": base64.b64encode(key.sign(data)).decode(),
        }
    ).encode()
    target = folder / SIGNATURE
    if target.exists():
        if target.read_bytes() == document:
            return False
        raise SigningError(
            f"{target} 是另一个签名,不会覆盖;先用 jiance verify 核对 / another signature is there and is never "
            "replaced; look at it with jiance verify"
        )
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".sig-", delete=False) as handle:
            handle.write(document)
            handle.flush()
            os.fsync(handle.fileno())
        os.chmod(handle.name, 0o644)
        os.rename(handle.name, target)
    except OSError as problem:
        raise SigningError(f"无法写入 {target}:{problem.strerror} / the signature cannot be written") from None
    return True


def look_at(folder: Path, known: list[PublicKey]) -> Signature:
    """What the signature of the edition in ``folder`` is worth, given the keys that are known."""
    path = folder / SIGNATURE
    if not path.is_file():
        return Signature("unsigned")
    try:
        document = json.loads(path.read_text("utf-8"))
        raw = bytes.fromhex(document["key"])
        signature = base64.b64decode(document["signature"], validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw)
        right = document["algorithm"] == ALGORITHM
    except (ValueError, KeyError, TypeError, AttributeError):
        return Signature("unreadable")
    if not right:
        return Signature("unreadable")
    try:
        key.verify(signature, (folder / MANIFEST).read_bytes())
    except InvalidSignature:
        return Signature("broken", PublicKey("", raw))
    named = next((k for k in known if k.raw == raw), None)
    return Signature("sound", named) if named else Signature("unknown_key", PublicKey("", raw))
