"""An archive package (归档包): a ZIP that proves itself. `pack` writes one, `check_package` reads it anywhere.

    index.json           what the case was, and each piece of the file (卷内目录)
    documents/…pdf       the sealed legal documents and the certificate, in order
    uploads.json         fingerprints of what was handed in
    ledger/0001.json …   every act on the case, each with its proof; ledger-key.pem, the key that its checkpoints carry
    manifest.json        SHA-256 of each of these; manifest.sig, organ.pem, root.pem: signed by the organ

`check_package` needs no database and no Django: Python and `cryptography`. Trust comes from outside: compare root.pem and
ledger-key.pem with those that the organ publishes, or hand them in.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from yichuang.core.receipts import ReceiptError, canonical, check_receipt

FORMAT = 1
MOST = 200 * 1024 * 1024  # bytes unpacked; our packages have some megabytes
_SEAL = ("manifest.json", "manifest.sig", "organ.pem", "root.pem")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is packed

RETENTIONS = ("permanent", "30", "10")


def retention_of(*, granted: bool, forever: bool, is_permit: bool, keep: str = "") -> str:
    """How long the file of such a case is kept (保管期限): a grant as its item says (`keep`). Else by a rule of ours
    [assumed; 机关文件材料归档范围和文书档案保管期限规定]: what gives a right without an end for ever, other grants 30 years, permits that
    were denied 30, the rest 10."""
    if granted and keep:
        return keep
    if granted and forever:
        return "permanent"
    return "30" if granted or is_permit else "10"


def keep_until(closed_on: date, retention: str) -> date | None:
    """The last day of keeping: counted from the first day of the year after it was closed; None for ever."""
    return None if retention == "permanent" else date(closed_on.year + int(retention), 12, 31)


def pack(
    pieces: Mapping[str, bytes], *, about: Mapping[str, Any], sign: Callable[[bytes], tuple[bytes, bytes]], root: bytes
) -> bytes:
    """The ZIP over these files, with its manifest signed; `sign` gives signature and certificate (PEM)."""
    manifest = canonical(
        {
            "format": FORMAT,
            **about,
            "files": [
                {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
                for path, content in sorted(pieces.items())
            ],
        }
    )
    signature, certificate = sign(manifest)
    sealed = dict(zip(_SEAL, (manifest, base64.b64encode(signature), certificate, root), strict=True))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in [*sorted(pieces.items()), *sealed.items()]:
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            file.writestr(entry, content)
    return out.getvalue()


def check_package(content: bytes, *, root: bytes | None = None, ledger_key: bytes | None = None) -> list[str]:
    """What is wrong with a package, in sentences (Chinese · English); empty when it is whole and genuine.

    `root`, `ledger_key`: PEM of the keys that one trusts; without them those inside are taken, which only proves that
    nothing was changed after they were put there.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            if sum(info.file_size for info in file.infolist()) > MOST:
                return ["文件过大 · the package is too large to be ours"]
            names = file.namelist()
            files = {name: file.read(name) for name in names}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return ["不是可以读取的 ZIP 文件 · not a ZIP that can be read"]
    if len(names) != len(files):
        return ["包内有同名文件 · the package holds a name twice"]
    if missing := [name for name in _SEAL if name not in files]:
        return [f"缺少 {'、'.join(missing)} · missing: {', '.join(missing)}"]
    faults = _check_seal(files, root)
    try:
        manifest = json.loads(files["manifest.json"])
        listed = {str(row["path"]): str(row["sha256"]) for row in manifest["files"]}
    except (ValueError, KeyError, TypeError):
        return [*faults, "目录清单无法读取 · the manifest cannot be read"]
    faults += _check_files(files, listed)
    return [*faults, *_check_ledger(files, ledger_key)]


def _check_seal(files: Mapping[str, bytes], trusted: bytes | None) -> list[str]:
    faults = []
    try:
        organ = x509.load_pem_x509_certificate(files["organ.pem"])
        root = x509.load_pem_x509_certificate(trusted or files["root.pem"])
        organ.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return ["签章证书不是由受信任的根证书签发 · the organ's certificate does not hang from the trusted root"]
    key = organ.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return ["签章密钥类型不符 · the organ's key is of another kind"]
    try:
        key.verify(base64.b64decode(files["manifest.sig"]), files["manifest.json"], ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        faults.append("目录清单的签名不符，清单被改动过 · the signature does not fit: the manifest was changed")
    return faults


def _check_files(files: Mapping[str, bytes], listed: Mapping[str, str]) -> list[str]:
    faults = [f"缺少文件 {path} · missing: {path}" for path in sorted(listed.keys() - files.keys())]
    faults += [
        f"多出文件 {path} · not on the manifest: {path}" for path in sorted(files.keys() - listed.keys() - {*_SEAL})
    ]
    for path in sorted(listed.keys() & files.keys()):
        if hashlib.sha256(files[path]).hexdigest() != listed[path]:
            faults.append(f"文件被改动过 {path} · changed: {path}")
    return faults


def _check_ledger(files: Mapping[str, bytes], trusted: bytes | None) -> list[str]:
    key = trusted or files.get("ledger-key.pem")
    if key is None:
        return ["缺少账本公钥 · the ledger's key is missing"]
    faults, subjects, seqs = [], set(), []
    for path in sorted(path for path in files if path.startswith("ledger/")):
        try:
            leaf = check_receipt(json.loads(files[path]), key)
            subjects.add(str(leaf["subject"]))
            seqs.append(int(leaf["seq"]))
        except (ReceiptError, ValueError, KeyError, TypeError) as fault:
            faults.append(f"账本证明不成立 {path} · this proves nothing: {path} ({fault})")
    if not faults and (subjects != _case_of(files) or sorted(seqs) != list(range(1, len(seqs) + 1))):
        faults.append("办理记录不连续 · acts are missing, or belong to another case")
    return faults


def _case_of(files: Mapping[str, bytes]) -> set[str]:
    """The one subject that every act must be about: the case that the index names."""
    try:
        return {f"case:{json.loads(files['index.json'])['case_id']}"}
    except (KeyError, ValueError, TypeError):
        return set()


def named(position: int, title: str, number: str) -> str:
    """The name of a piece in the package: its place, title and number, with nothing that a file name cannot hold."""
    plain = "".join(c if c.isalnum() or c in "-〔〕()（）" else "_" for c in f"{title}-{number}")
    return f"documents/{position:03}-{plain[:100]}.pdf"


def spelled(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """JSON as a person reads it."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def instant(at: datetime | None) -> str | None:
    """An instant in ISO form, UTC."""
    return at.astimezone(UTC).isoformat() if at else None
