"""OFD files (GB/T 33190): a ZIP container with OFD.xml. Checked by us, because sniffers call it docx or zip."""

import io
import re
import zipfile

from lxml import etree

from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.core.words import W

MAX_ENTRIES = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_XML = 10 * 1024 * 1024  # of the one part that is read: a tree of it needs ten times as much memory
MAX_RATIO = 200  # unpacked to packed, of entries over a megabyte
NAMESPACE = "http://www.ofdspec.org/2016"
_ENDINGS = frozenset(
    ("xml", "png", "jpg", "jpeg", "bmp", "tif", "tiff", "jb2", "gbig2", "ttf", "otf", "ttc", "cff", "dat", "esl", "asn1", "der", "p7b")
)  # fmt: skip
BROKEN = Reason(
    "OFD_BROKEN", W("OFD 文件打不开，可能损坏，请重新导出", "The OFD file cannot be opened: please export it again")
)
BOMB = Reason("OFD_TOO_LARGE", W("OFD 文件展开后过大，不能接收", "The OFD file is too large when unpacked"))
STRANGE = Reason(
    "OFD_STRANGE",
    W("OFD 文件里夹带了不属于 OFD 的内容，不能接收", "The OFD file carries things that do not belong to OFD"),
)
LOCKED = Reason(
    "OFD_LOCKED", W("OFD 文件已加密，请先去掉密码再上传", "The OFD file is encrypted: remove the password first")
)
ACTIVE = Reason(
    "OFD_ATTACHMENT",
    W("OFD 文件里有附件或脚本，请单独上传附件", "The OFD file has attachments or scripts: send them separately"),
)


def looks_like(raw: bytes) -> bool:
    """Whether the ZIP has OFD.xml at its root with OFD's namespace."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as box:
            if "OFD.xml" not in box.namelist() or box.getinfo("OFD.xml").file_size > 1_000_000:
                return False
            return NAMESPACE.encode() in box.read("OFD.xml")[:4096]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError):
        return False


def check(raw: bytes) -> tuple[bytes, int]:
    """(the same bytes, number of pages). Raises Refused with OFD_… reasons."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as box:
            refuse_all(_container_faults(box.infolist()))
            if not raw.startswith(b"PK\x03\x04") or _tail(raw):
                raise Refused(STRANGE)
            return raw, _pages(box)
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        OSError,
        etree.XMLSyntaxError,
        EOFError,
        ValueError,
        KeyError,
    ) as error:
        raise Refused(BROKEN) from error


def _container_faults(entries: list[zipfile.ZipInfo]) -> list[Reason]:
    faults = []
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED or any(map(_swollen, entries)):
        faults.append(BOMB)
    if any(e.flag_bits & 0x1 for e in entries):
        faults.append(LOCKED)
    if any(_misplaced(e) for e in entries):
        faults.append(STRANGE)
    if any(re.search(r"(^|/)Attach(s|ments)?/", e.filename, re.IGNORECASE) for e in entries):
        faults.append(ACTIVE)
    return faults


def _swollen(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _misplaced(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in re.split(r"[\\/]", name) or "\x00" in name:
        return True
    link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return link or not (entry.is_dir() or name.rpartition(".")[2].lower() in _ENDINGS)


def _tail(raw: bytes) -> bool:
    end = raw.rfind(b"PK\x05\x06")
    return (
        end < 0
        or len(raw) - end > 22 + 65_535
        or len(raw) - end - 22 != int.from_bytes(raw[end + 20 : end + 22], "little")
    )


def _pages(box: zipfile.ZipFile) -> int:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(box.read("OFD.xml"), parser)
    found = root.findtext(f".//{{{NAMESPACE}}}DocRoot")
    if etree.QName(root).localname != "OFD" or not found:
        raise Refused(BROKEN)
    part = box.getinfo(found.lstrip("/"))
    if part.file_size > MAX_XML:
        raise Refused(BOMB)
    body = box.read(part)
    document = etree.fromstring(body, parser)
    if document.find(f".//{{{NAMESPACE}}}Attachments") is not None or b"JavaScript" in body:
        raise Refused(ACTIVE)
    pages = len(document.findall(f".//{{{NAMESPACE}}}Page"))
    if not pages:
        raise Refused(BROKEN)
    return pages
