"""The ledger's signing key and the checkpoints kept outside the database, both in YICHUANG_DATA."""

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from yichuang.core import receipts
from yichuang.core.ledger.values import moment

ORIGIN = "yichuang/ledger"
_TAIL = 8192  # bytes; one line of the log is far shorter


def key_file() -> Path:
    """The private key (PEM, mode 0600)."""
    return Path(settings.YICHUANG_DATA) / "keys" / "ledger-key.pem"


def public_key_file() -> Path:
    """The public key (PEM), to be handed to anybody who wants to check receipts."""
    return Path(settings.YICHUANG_DATA) / "keys" / "ledger-public.pem"


def checkpoints_file() -> Path:
    """Every published checkpoint, one JSON line each; copy it to where the database's administrators cannot write."""
    return Path(settings.YICHUANG_DATA) / "checkpoints.log"


def public_key_pem() -> bytes:
    """The public key; makes the key pair at the very first call."""
    return _key(str(key_file())).public_key().public_bytes(*_PUBLIC)


_PUBLIC = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=8)
def _key(path: str) -> ec.EllipticCurvePrivateKey:
    file = Path(path)
    if not file.exists():
        _make_key(file)
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise RuntimeError(f"{file} is not an elliptic-curve key")
    return key


def _make_key(file: Path) -> None:
    """Write a fresh key; of two processes at once the first one wins, and none ever reads half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(pem)
    try:
        os.link(draft, file)
        public_key_file().write_bytes(key.public_key().public_bytes(*_PUBLIC))
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def sign_note(size: int, root: bytes, at: datetime) -> str:
    """The signed text of a checkpoint (C2SP signed note with a time line; ECDSA P-256, SHA-256)."""
    key = _key(str(key_file()))
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n{moment(at)}\n"
    signature = key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
    signed = base64.b64encode(receipts.key_id(key.public_key()) + signature).decode()
    return f"{text}\n\u2014 {ORIGIN} {signed}\n"


def sign_bytes(told: bytes) -> str:
    """The installation's signature of some bytes (base64; ECDSA P-256, SHA-256): another one proves it by the public key."""
    return base64.b64encode(_key(str(key_file())).sign(told, ec.ECDSA(hashes.SHA256()))).decode()


def is_signed(told: bytes, signature: str, public_pem: str) -> bool:
    """Whether who has the private half of this public key (PEM) signed the bytes."""
    try:
        key = serialization.load_pem_public_key(public_pem.encode())
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(base64.b64decode(signature, validate=True), told, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def read_checkpoints(file: Path | None = None) -> Iterator[str]:
    """The notes kept outside, oldest first; nothing when there is no file yet."""
    file = file or checkpoints_file()
    if not file.exists():
        return
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["note"]


def last_size_outside() -> int:
    """The size of the last checkpoint kept outside; -1 when there is none."""
    file = checkpoints_file()
    if not file.exists() or not file.stat().st_size:
        return -1
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - _TAIL))
        last = stream.read().splitlines()[-1]
    return int(json.loads(last)["size"])


def keep_outside(notes: list[tuple[int, str]]) -> None:
    """Append checkpoints (size, note) that the file does not have yet; on disk when this returns."""
    file = checkpoints_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        known = last_size_outside()
        for size, note in notes:
            if size > known:
                stream.write(json.dumps({"size": size, "note": note}, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
