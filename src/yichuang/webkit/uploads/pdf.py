"""PDF files: every object is walked, nested ones too; what acts, embeds or is locked is refused with its reason."""

from collections.abc import Iterator
from typing import Any

import pikepdf

from yichuang.core.pdf import open_pdf
from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.core.words import W, Words

MAX_PAGES = 500
MAX_OBJECTS = 200_000
_DEPTH = 60

LOCKED = Reason(
    "PDF_LOCKED",
    W("PDF 设有密码或加密，请先去掉密码再上传", "The PDF is locked with a password or encrypted: remove it first"),
)
BROKEN = Reason(
    "PDF_BROKEN",
    W("PDF 打不开，文件可能损坏，请重新导出", "The PDF cannot be opened, it may be damaged: please export it again"),
)
TAIL = Reason(
    "PDF_TAIL",
    W(
        "PDF 结尾之后还有别的内容，请重新导出",
        "Something else follows behind the end of the PDF: please export it again",
    ),
)
FOUND: dict[str, tuple[str, Words]] = {
    "script": ("PDF_SCRIPT", W("PDF 里有脚本（JavaScript），请打印成 PDF 后再传", "The PDF contains scripts: print it to PDF and send that")),
    "launch": (
        "PDF_LAUNCH",
        W("PDF 会启动程序、打开其他文件或向外提交数据，不能接收", "The PDF starts programs, opens other files or sends data"),
    ),
    "embedded": ("PDF_EMBEDDED", W("PDF 里夹带了其他文件，请把附件单独上传", "Other files are embedded in the PDF: send them separately")),
    "media": ("PDF_MEDIA", W("PDF 里有音视频或三维内容，请打印成 PDF 后再传", "The PDF contains media: print it to PDF and send that")),
    "xfa": ("PDF_XFA", W("PDF 是动态表单（XFA），请打印成 PDF 后再传", "The PDF is a dynamic form (XFA): print it to PDF and send that")),
}  # fmt: skip
_ACTIONS = {
    "/JavaScript": "script", "/Launch": "launch", "/GoToR": "launch", "/GoToE": "launch", "/SubmitForm": "launch",
    "/ImportData": "launch", "/Rendition": "media", "/Movie": "media", "/Sound": "media", "/RichMediaExecute": "media",
}  # fmt: skip
_KEYS = {
    "/JS": "script", "/JavaScript": "script", "/EmbeddedFiles": "embedded", "/EmbeddedFile": "embedded", "/EF": "embedded",
    "/RichMediaContent": "media", "/XFA": "xfa", "/Collection": "embedded",
}  # fmt: skip
_SUBTYPES = {
    "/FileAttachment": "embedded", "/RichMedia": "media", "/Screen": "media", "/Movie": "media", "/Sound": "media", "/3D": "media",
}  # fmt: skip


def check(raw: bytes) -> tuple[bytes, int]:
    """(the same bytes, number of pages). A PDF is kept as it is, because a signature in it must stay valid."""
    try:
        with open_pdf(raw) as document:
            if document.is_encrypted:
                raise Refused(LOCKED)
            pages = len(document.pages)
            found = _findings(document)
    except pikepdf.PasswordError as error:
        raise Refused(LOCKED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Refused(BROKEN) from error
    reasons = [Reason(*FOUND[name]) for name in FOUND if name in found]
    if pages == 0:
        reasons.append(BROKEN)
    if pages > MAX_PAGES:
        words = W(
            "PDF 有 {n} 页，超过 500 页的上限，请分成几个文件", "The PDF has {n} pages, more than 500: please split it"
        )
        reasons.append(Reason("PDF_TOO_LONG", words.format(n=pages)))
    if b"%%EOF" not in raw or raw[raw.rfind(b"%%EOF") + 5 :].strip(b"\0 \t\r\n"):
        reasons.append(TAIL)
    refuse_all(reasons)
    return raw, pages


def _findings(document: pikepdf.Pdf) -> set[str]:
    found: set[str] = set()
    if len(document.objects) > MAX_OBJECTS:
        raise ValueError("too many objects")
    for thing in document.objects:
        found.update(_walk(thing, 0))
    found.update(_walk(document.trailer, 0))
    return found


def _walk(thing: Any, depth: int) -> Iterator[str]:
    """What one object holds. Indirect objects are roots of their own walk, so references are not followed here."""
    if depth > _DEPTH:
        raise ValueError("nested too deep")
    if isinstance(thing, pikepdf.Array):
        for entry in thing:
            if not _indirect(entry):
                yield from _walk(entry, depth + 1)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield from _judge(thing)
        for key in thing.keys():  # noqa: SIM118  (a PDF dictionary iterates only by its keys)
            value = thing.get(key)
            if not _indirect(value):
                yield from _walk(value, depth + 1)


def _indirect(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Object) and thing.is_indirect


def _judge(thing: Any) -> Iterator[str]:
    for key in thing.keys():  # noqa: SIM118  (likewise)
        if key in _KEYS:
            yield _KEYS[key]
    for key, table in (("/S", _ACTIONS), ("/Subtype", _SUBTYPES)):
        value = thing.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in table:
            yield table[str(value)]
    if thing.get("/Type") == pikepdf.Name("/EmbeddedFile"):
        yield "embedded"
