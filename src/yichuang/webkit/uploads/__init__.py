"""What people upload: told by content, measured before it is decoded, cleaned, or refused with every reason.

`sniff_and_clean` is the only way in. Pictures are written anew (no EXIF, no place, no polyglot tail), HEIC as JPEG; a PDF is walked
object by object and refused when it acts, embeds or is locked; an OFD container (GB/T 33190) is checked by us, because
no sniffer knows it. Other archives never come in. Sizes in bytes (1 MB = 1,048,576).
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import IO

from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.webkit.uploads import ofd, pdf, pictures

MAX_BYTES = 20 * 1024 * 1024
TYPES = {
    "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf", "ofd": "application/ofd",
}  # fmt: skip
EMPTY = Reason("FILE_EMPTY", W("文件是空的，请重新选择", "The file is empty, please choose it again"))
TOO_LARGE = Reason(
    "FILE_TOO_LARGE",
    W("文件超过 20 MB，请压缩或分成几个文件再传", "The file is larger than 20 MB: make it smaller or split it"),
)
ARCHIVE = Reason(
    "FILE_IS_ARCHIVE",
    W(
        "不接收压缩包和 Office 文件，请把里面的内容存成 PDF 或图片后上传",
        "Archives and office documents are not taken: save the content as PDF or picture",
    ),
)
UNKNOWN = Reason(
    "FILE_TYPE_UNKNOWN",
    W(
        "只接收 JPG、PNG、HEIC、WebP 图片和 PDF、OFD 文件；这个文件的内容不属于其中任何一种",
        "Only JPG, PNG, HEIC, WebP pictures and PDF, OFD files are taken; the content of this file is none of them",
    ),
)
NOT_ITS_NAME = W(
    "文件名写的是 .{name}，内容却是 {kind}，请确认选对了文件",
    "The name says .{name}, but the content is {kind}: please check that it is the right file",
)


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that may be stored. `name` is only for people to read; the store gives its own."""

    name: str
    kind: str  # jpg | png | webp | pdf | ofd
    media_type: str
    content: bytes
    pages: int
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content)


def sniff_and_clean(name: str, stream: IO[bytes]) -> CleanFile:
    """The cleaned file. Raises Refused with every reason (codes FILE_…, PDF_…, PICTURE_…, OFD_…)."""
    raw = stream.read(MAX_BYTES + 1)
    if not raw:
        raise Refused(EMPTY)
    if len(raw) > MAX_BYTES:
        raise Refused(TOO_LARGE, kind="too_large")
    kind = sniff(raw)
    if kind == "archive":
        raise Refused(ARCHIVE)
    if kind is None:
        raise Refused(UNKNOWN)
    _check_name(name, kind)
    content, pages = _clean(kind, raw)
    kind = "jpg" if kind == "heic" else kind
    own = f"{tidy_stem(name)}.{kind}"
    return CleanFile(own, kind, TYPES[kind], content, pages, hashlib.sha256(content).hexdigest())


def sniff(raw: bytes) -> str | None:
    """The kind by content: jpg, png, webp, heic, pdf, ofd, "archive" (refused), or None."""
    for kind, marks in (("jpg", (b"\xff\xd8\xff",)), ("png", (b"\x89PNG\r\n\x1a\n",)), ("archive", _ARCHIVES)):
        if raw.startswith(marks):
            return kind
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "webp"
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIC:
        return "heic"
    if raw.startswith(b"PK\x03\x04"):
        return "ofd" if ofd.looks_like(raw) else "archive"
    return "pdf" if raw.startswith(b"%PDF-") else None  # a PDF that starts later is a polyglot


_ARCHIVES = (
    b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"MSCF",
)  # fmt: skip
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1")  # what phones write; AVIF and moving ones are other brands
_SAME = {"heif": "heic", "jpeg": "jpg", "jpe": "jpg", "jfif": "jpg"}


def _check_name(name: str, kind: str) -> None:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    ending = _SAME.get(ending, ending)
    if ending and ending != kind and re.fullmatch(r"[a-z0-9]{1,5}", ending):
        words = NOT_ITS_NAME.format(name=ending, kind=kind.upper())
        raise Refused(Reason("FILE_NOT_ITS_NAME", words))


def _clean(kind: str, raw: bytes) -> tuple[bytes, int]:
    if kind == "pdf":
        return pdf.check(raw)
    if kind == "ofd":
        return ofd.check(raw)
    return pictures.rewrite(kind, raw), 1


def tidy_stem(name: str) -> str:
    """The name for people to read: last part of the path, without ending, control or direction characters, ≤ 80 long."""
    last = re.split(r"[\\/]", name)[-1]
    stem = last.rpartition(".")[0] or last
    kept = "".join(
        c for c in unicodedata.normalize("NFC", stem) if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*'
    )
    return kept.strip(" .")[:80] or "file"
