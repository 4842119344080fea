"""Field encryption and blind indexes: one interface, two suites (国际 intl, 国密 guomi).

A token is `<key id>:<suite>:<base64url of nonce, ciphertext and tag>`. The first configured key seals; every configured
key opens what it sealed, in either suite, so that keys and suites can be changed while old rows stay readable.
`aad` (table and column) is authenticated together with key id and suite: a token moved to another column does not open.
Sources: NIST SP 800-38D (GCM), GM/T 0002 (SM4), GM/T 0004 (SM3), RFC 5869 (HKDF).
"""

import base64
import binascii
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_BYTES = 32
_URL_SAFE, _FROM_URL_SAFE = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")  # RFC 4648 section 5


class CryptoError(Exception):
    """A token that does not open: wrong key, wrong place, or changed. Never says what was inside."""


def _aes_seal(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    return _aes(key).encrypt(nonce, plain, aad)


def _aes_open(key: bytes, nonce: bytes, body: bytes, aad: bytes) -> bytes:
    return _aes(key).decrypt(nonce, body, aad)


@lru_cache(maxsize=32)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


def _sm4_seal(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _sm4_open(key: bytes, nonce: bytes, body: bytes, aad: bytes) -> bytes:
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-_TAG_BYTES:])).decryptor()
    decryptor.authenticate_additional_data(aad)
    return decryptor.update(body[:-_TAG_BYTES]) + decryptor.finalize()


@dataclass(frozen=True, slots=True)
class _Suite:
    key_bytes: int
    digest: hashes.HashAlgorithm
    seal: Callable[[bytes, bytes, bytes, bytes], bytes]
    open: Callable[[bytes, bytes, bytes, bytes], bytes]

    def derive(self, master: bytes, purpose: str) -> bytes:
        """A key for one purpose, so that no two uses ever share key bytes."""
        length = self.key_bytes if purpose.startswith("field") else _KEY_BYTES
        return HKDF(algorithm=self.digest, length=length, salt=None, info=f"yichuang/{purpose}".encode()).derive(master)


_SUITES: Mapping[str, _Suite] = {
    "intl": _Suite(32, hashes.SHA256(), _aes_seal, _aes_open),
    "guomi": _Suite(16, hashes.SM3(), _sm4_seal, _sm4_open),
}


def _suite(name: str) -> _Suite:
    try:
        return _SUITES[name]
    except KeyError:
        raise CryptoError(f"unknown crypto suite {name!r}; choose intl or guomi") from None


def _decode_key(text: str, what: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise CryptoError(f"{what} is not base64") from None
    if len(key) != _KEY_BYTES:
        raise CryptoError(f"{what} must be {_KEY_BYTES} bytes of base64, not {len(key)}")
    return key


@lru_cache(maxsize=8)
def _ring(configured: str) -> dict[str, bytes]:
    """Master keys by id, the sealing one first, from `k2:<base64>,k1:<base64>`."""
    ring: dict[str, bytes] = {}
    for item in filter(None, configured.split(",")):
        key_id, _, text = item.strip().partition(":")
        if not key_id.isalnum() or key_id in ring:
            raise CryptoError("YICHUANG_FIELD_KEYS: every key needs its own short id, like k1:<base64>")
        ring[key_id] = _decode_key(text, f"key {key_id} in YICHUANG_FIELD_KEYS")
    if not ring:
        raise CryptoError("YICHUANG_FIELD_KEYS is empty; set k1:<base64 of 32 random bytes>")
    return ring


@lru_cache(maxsize=64)
def _field_key(configured: str, key_id: str, suite: str) -> bytes:
    ring = _ring(configured)
    if key_id not in ring:
        raise CryptoError(f"no key {key_id!r} is configured")
    return _suite(suite).derive(ring[key_id], "field")


@lru_cache(maxsize=8)
def _sealing_id(configured: str) -> str:
    return next(iter(_ring(configured)))


@lru_cache(maxsize=8)
def _index_mac(configured: str, suite: str) -> hmac.HMAC:
    master = _decode_key(configured, "YICHUANG_INDEX_KEY")
    return hmac.HMAC(_suite(suite).derive(master, "index"), _suite(suite).digest)


def seal(plain: str, *, aad: str) -> str:
    """Encrypt a text for one place (`aad` = "table.column"); two calls never give the same token."""
    head, raw = _seal(plain.encode(), aad)
    return head + binascii.b2a_base64(raw, newline=False).translate(_URL_SAFE).decode()


def unseal(token: str, *, aad: str) -> str:
    """The text again, or `CryptoError` when the token was changed, belongs elsewhere, or its key is not here."""
    key_id, suite, text = _split(token)
    try:
        raw = binascii.a2b_base64(text.encode().translate(_FROM_URL_SAFE))
    except binascii.Error:
        raise CryptoError(f"a sealed value does not open at {aad}") from None
    return _unseal(key_id, suite, raw, aad).decode()


def seal_bytes(plain: bytes, *, aad: str) -> bytes:
    """Encrypt a file for one place (`aad` = kind and id); the same head as a token, then the bytes as they are."""
    head, raw = _seal(plain, aad)
    return head.encode() + raw


def unseal_bytes(sealed: bytes, *, aad: str) -> bytes:
    """The file again, or `CryptoError` when it was changed, belongs elsewhere, or its key is not here."""
    key_id, suite, raw = (*sealed.split(b":", 2), b"", b"")[:3]
    return _unseal(key_id.decode("ascii", "replace"), suite.decode("ascii", "replace"), raw, aad)


def _seal(plain: bytes, aad: str) -> tuple[str, bytes]:
    head, encrypt, key = _sealer(settings.YICHUANG_FIELD_KEYS, settings.YICHUANG_CRYPTO_SUITE)
    nonce = os.urandom(_NONCE_BYTES)
    return head, nonce + encrypt(key, nonce, plain, (head + aad).encode())


@lru_cache(maxsize=8)
def _sealer(configured: str, suite: str) -> tuple[str, Callable[[bytes, bytes, bytes, bytes], bytes], bytes]:
    """The head of new tokens, and with what they are sealed."""
    key_id = _sealing_id(configured)
    return f"{key_id}:{suite}:", _suite(suite).seal, _field_key(configured, key_id, suite)


def _unseal(key_id: str, suite: str, raw: bytes, aad: str) -> bytes:
    decrypt, key = _opener(settings.YICHUANG_FIELD_KEYS, key_id, suite)
    if len(raw) < _NONCE_BYTES + _TAG_BYTES:
        raise CryptoError("a sealed value is cut off")
    try:
        return decrypt(key, raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], f"{key_id}:{suite}:{aad}".encode())
    except InvalidTag:
        raise CryptoError(f"a sealed value does not open at {aad}") from None


@lru_cache(maxsize=64)
def _opener(configured: str, key_id: str, suite: str) -> tuple[Callable[[bytes, bytes, bytes, bytes], bytes], bytes]:
    """With what tokens of this head are opened."""
    return _suite(suite).open, _field_key(configured, key_id, suite)


def _split(token: str) -> tuple[str, str, str]:
    parts = token.split(":")
    if len(parts) != 3:
        raise CryptoError("not a sealed value")
    return parts[0], parts[1], parts[2]


def needs_resealing(token: str) -> bool:
    """Whether the token was sealed by an older key or by the other suite (rows to rotate)."""
    key_id, suite, _ = _split(token)
    return (key_id, suite) != (_sealing_id(settings.YICHUANG_FIELD_KEYS), settings.YICHUANG_CRYPTO_SUITE)


def blind_index(kind: str, value: str) -> str:
    """A keyed fingerprint (64 hex digits) that finds equal values of one kind without showing them.

    The caller brings the value to its one spelling first (`X` upper case, no spaces). Changing the index key or the
    suite means computing the index column again.
    """
    mac = _index_mac(settings.YICHUANG_INDEX_KEY, settings.YICHUANG_CRYPTO_SUITE).copy()
    mac.update(f"{kind}\x1f{value}".encode())
    return mac.finalize().hex()
