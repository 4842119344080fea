"""Checking a receipt (回执) of the ledger without the system: only Python and `cryptography`, no Django, no database.

Copy this file anywhere: `python receipts.py receipt.json public-key.pem [checkpoint.txt]`.
A receipt holds one leaf, its index, its audit path (RFC 6962 / RFC 9162) and a signed checkpoint. It proves that the
act stands in the log at that place; with a checkpoint from another source, that it is the log everybody else sees.
"""

import base64
import hashlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

VERSION = 1
_SIGNATURE = re.compile(r"^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$")


class ReceiptError(Exception):
    """Why a receipt or a checkpoint proves nothing."""


@dataclass(frozen=True)
class Note:
    """The text of a checkpoint, its parts, and its signature."""

    origin: str
    size: int
    root: bytes
    at: str
    text: str
    signature: bytes


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one spelling of a JSON object that is hashed: sorted keys, no spaces, UTF-8."""
    return _encode(value).encode()


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def leaf_hash(leaf: Mapping[str, Any]) -> bytes:
    """RFC 6962 section 2.1: a leaf is hashed behind a zero byte, so that it never passes for a node."""
    return hashlib.sha256(b"\x00" + canonical(leaf)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 section 2.1: an inner node is hashed behind a one byte."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def commitment(salt: bytes, committed: Mapping[str, Any]) -> str:
    """What the leaf says about the columns that it does not show (hex)."""
    return hashlib.sha256(salt + canonical(committed)).hexdigest()


def root_of_inclusion(hash_of_leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an audit path leads to (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        raise ReceiptError("the index lies outside the tree")
    place, last, result = index, size - 1, hash_of_leaf
    for sibling in path:
        if last == 0:
            raise ReceiptError("the audit path is too long")
        if place % 2 == 1 or place == last:
            result = node_hash(sibling, result)
            while place % 2 == 0 and place != 0:
                place, last = place // 2, last // 2
        else:
            result = node_hash(result, sibling)
        place, last = place // 2, last // 2
    if last != 0:
        raise ReceiptError("the audit path is too short")
    return result


def check_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Refuse unless the newer tree only appended to the older one (RFC 9162 section 2.1.4.2)."""
    if old_size > new_size or (old_size == new_size and (old_root != new_root or path)):
        raise ReceiptError("the two trees differ")
    if old_size in {0, new_size}:
        return
    if not path:
        raise ReceiptError("the consistency path is empty")
    steps = list(path) if old_size & (old_size - 1) else [old_root, *path]
    if _walk(old_size - 1, new_size - 1, steps) != (old_root, new_root):
        raise ReceiptError("the newer tree does not continue the older one")


def _walk(place: int, last: int, steps: list[bytes]) -> tuple[bytes, bytes]:
    while place % 2 == 1:
        place, last = place // 2, last // 2
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ReceiptError("the consistency path is too long")
        if place % 2 == 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while place % 2 == 0 and place != 0:
                place, last = place // 2, last // 2
        else:
            new = node_hash(new, step)
        place, last = place // 2, last // 2
    if last != 0:
        raise ReceiptError("the consistency path is too short")
    return old, new


def parse_note(note: str) -> Note:
    """The parts of a checkpoint: origin, size, root and time lines, an empty line, the signature line."""
    text, blank, last_line = note.rstrip("\n").rpartition("\n\n")
    lines = text.split("\n")
    match = _SIGNATURE.match(last_line)
    if not blank or len(lines) != 4 or match is None or not lines[1].isdigit() or match[1] != lines[0]:
        raise ReceiptError("this is not a checkpoint")
    try:
        root, signature = (base64.b64decode(part, validate=True) for part in (lines[2], match[2]))
    except ValueError:
        raise ReceiptError("this is not a checkpoint") from None
    return Note(lines[0], int(lines[1]), root, lines[3], text + "\n", signature)


def key_id(public_key: ec.EllipticCurvePublicKey) -> bytes:
    """The four bytes before a signature that tell keys apart (signed note: SHA-256 of the DER form)."""
    der = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest()[:4]


def check_note(note: str, public_key_pem: bytes) -> Note:
    """The parts of a checkpoint whose signature (ECDSA P-256, SHA-256) is right; ReceiptError otherwise."""
    parsed = parse_note(note)
    key = serialization.load_pem_public_key(public_key_pem)
    if not isinstance(key, ec.EllipticCurvePublicKey) or parsed.signature[:4] != key_id(key):
        raise ReceiptError("the checkpoint was signed with another key")
    try:
        key.verify(parsed.signature[4:], parsed.text.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ReceiptError("the signature of the checkpoint is wrong") from None
    return parsed


def check_receipt(
    receipt: Mapping[str, Any], public_key_pem: bytes, checkpoint: str | None = None
) -> Mapping[str, Any]:
    """The leaf that a receipt proves. `checkpoint` (of the receipt's size) replaces the one inside the receipt."""
    try:
        leaf, index, note = receipt["leaf"], int(receipt["index"]), checkpoint or receipt["checkpoint"]
        path = [base64.b64decode(step, validate=True) for step in receipt["path"]]
        version = receipt["v"]
    except (KeyError, TypeError, ValueError):
        raise ReceiptError("this is not a finished receipt") from None
    if version != VERSION or not isinstance(leaf, Mapping) or not isinstance(note, str):
        raise ReceiptError("this is not a finished receipt")
    checked = check_note(note, public_key_pem)
    if root_of_inclusion(leaf_hash(leaf), index, checked.size, path) != checked.root:
        raise ReceiptError("the log of this checkpoint does not hold this act")
    _check_opening(leaf, receipt.get("opening"))
    return leaf


def _check_opening(leaf: Mapping[str, Any], opening: Any) -> None:
    """An opened receipt also shows who acted and the details: they must be the committed ones."""
    if opening is None:
        return
    try:
        opened = commitment(bytes.fromhex(opening["salt"]), opening["committed"])
    except (KeyError, TypeError, ValueError):
        raise ReceiptError("the opened details cannot be read") from None
    if opened != leaf.get("commitment"):
        raise ReceiptError("the opened details are not what was committed")


def main(arguments: Sequence[str]) -> int:
    """0 and the leaf when the receipt proves it, 1 and the reason when not, 2 for wrong arguments."""
    if len(arguments) not in {2, 3}:
        sys.stderr.write("usage: receipts.py receipt.json public-key.pem [checkpoint.txt]\n")
        return 2
    checkpoint = Path(arguments[2]).read_text(encoding="utf-8") if len(arguments) == 3 else None
    try:
        receipt = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        leaf = check_receipt(receipt, Path(arguments[1]).read_bytes(), checkpoint)
    except (ReceiptError, ValueError) as error:
        sys.stdout.write(f"INVALID: {error}\n")
        return 1
    sys.stdout.write("VALID: " + canonical(leaf).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
