"""The local test authority (测试CA): one root, one signing key per organ, made once in the data folder.

Real seals come from the province's seal platform (GB/T 38540) behind the same two functions; until then every paper
says 测试. Keys are P-256, files 0600 in a 0700 folder. Several processes may start at once: the folder is locked while
a key is made, and a file appears whole or not at all.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

# Fixed, so that a moved clock (`./run demo --now`) never finds a certificate that is not valid yet.
_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
_COMMON_NAME_MAX = 64  # RFC 5280, ub-common-name; bytes, as the library counts: 21 characters of ours
_PEM, _PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8


@dataclass(frozen=True, slots=True)
class Credential:
    """A private key with its certificate, and the root it hangs from."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate


def folder() -> Path:
    """Where the authority keeps its keys."""
    return Path(settings.YICHUANG_DATA) / "ca"


def root_certificate() -> x509.Certificate:
    """The root that everything issued here hangs from; made when there is none."""
    return _root(folder()).certificate


def credential_of(organ: str) -> Credential:
    """The signing key and certificate of an organ; made at its first signature."""
    return _organ(folder(), organ)


def sign_bytes(organ: str, content: bytes) -> tuple[bytes, bytes]:
    """(signature over the content in DER, the organ's certificate in PEM)."""
    who = credential_of(organ)
    return who.key.sign(content, ec.ECDSA(hashes.SHA256())), who.certificate.public_bytes(_PEM)


def root_pem() -> bytes:
    """The root certificate as PEM, to be handed out beside what hangs from it."""
    return root_certificate().public_bytes(_PEM)


@lru_cache(maxsize=4)
def _root(where: Path) -> Credential:
    with _locked(where):
        loaded = _load(where, "root")
        if loaded is None:
            key = ec.generate_private_key(ec.SECP256R1())
            name = _name("一窗测试根证书 Yichuang TEST root")
            loaded = key, _certificate(name, key.public_key(), name, key, is_authority=True)
            _store(where, "root", *loaded)
    return Credential(loaded[0], loaded[1], loaded[1])


@lru_cache(maxsize=256)
def _organ(where: Path, organ: str) -> Credential:
    root = _root(where)
    stem = "organ-" + hashlib.sha256(organ.encode()).hexdigest()[:16]
    with _locked(where):
        loaded = _load(where, stem)
        if loaded is None:
            key = ec.generate_private_key(ec.SECP256R1())
            made = _certificate(_name(organ), key.public_key(), root.certificate.subject, root.key, is_authority=False)
            loaded = key, made
            _store(where, stem, *loaded)
    return Credential(loaded[0], loaded[1], root.certificate)


def _name(common: str) -> x509.Name:
    """With a name that is too long for a common name written whole as the organisation's."""
    short = common.encode()[:_COMMON_NAME_MAX].decode(errors="ignore")
    names = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "测试 TEST"),
        x509.NameAttribute(NameOID.COMMON_NAME, short or "?"),
    ]
    if short != common:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, common))
    return x509.Name(names)


def named(certificate: x509.Certificate) -> str:
    """The whole name of whom a certificate of ours was made for."""
    subject = certificate.subject
    whole = subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str((whole or subject.get_attributes_for_oid(NameOID.COMMON_NAME))[0].value)


def _certificate(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number(), _FROM, _TO)
    builder = builder.add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    authority_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return builder.add_extension(authority_id, critical=False).sign(key, hashes.SHA256())


@contextmanager
def _locked(where: Path) -> Iterator[None]:
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(where / ".lock", "a", opener=_private) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _load(where: Path, stem: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None:
    """Key and certificate live in one file, so that neither is ever without the other."""
    path = where / f"{stem}.pem"
    if not path.exists():
        return None
    pem = path.read_bytes()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise RuntimeError(f"{path.name} does not hold a P-256 key")
    return key, x509.load_pem_x509_certificate(pem)


def _store(where: Path, stem: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    pem = key.private_bytes(_PEM, _PKCS8, serialization.NoEncryption()) + certificate.public_bytes(_PEM)
    fresh = where / f"{stem}.pem.new"
    with open(fresh, "wb", opener=_private) as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(where / f"{stem}.pem")
