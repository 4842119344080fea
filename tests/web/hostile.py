"""Hostile files, made here and nowhere kept: what somebody may try to hand in, and what becomes of it."""

import io
import struct
import zlib
from dataclasses import dataclass
from functools import cache

import pikepdf
from PIL import Image
from tests.files import embedded, launch, pdf, picture, script, zipped


@dataclass(frozen=True)
class Hostile:
    """`code` is the reason it is refused with; "" when it is kept, harmless."""

    name: str
    content: bytes
    code: str = ""


def _huge_page(document: pikepdf.Pdf) -> None:
    document.pages[0].mediabox = pikepdf.Array([0, 0, 2_000_000_000, 2_000_000_000])


def _many_pages(document: pikepdf.Pdf) -> None:
    """A page tree that counts a million by naming one page again and again."""
    page = document.pages[0].obj
    document.Root.Pages.Kids = pikepdf.Array([page] * 1000)
    document.Root.Pages.Count = 1_000_000


def object_stream_bomb(megabytes: int) -> bytes:
    """A PDF of some kilobytes whose catalogue lies behind so many megabytes of blanks."""
    packer = zlib.compressobj(9)
    packed = [packer.compress(b"1 0 2 3 ")]
    packed += [packer.compress(b" " * 2**20) for _ in range(megabytes)]
    packed += [packer.compress(b"<</Type/Catalog/Pages 2 0 R>> <</Type/Pages/Kids[]/Count 0>>"), packer.flush()]
    body, out = b"".join(packed), io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, io.SEEK_END)
    stream = out.tell()
    out.write(b"5 0 obj\n<</Type/ObjStm/N 2/First 8/Filter/FlateDecode/Length %d>>stream\n" % len(body))
    out.write(body + b"\nendstream\nendobj\n")
    table = out.tell()
    rows = [(0, 0, 65535), (2, 5, 0), (2, 5, 1), (0, 0, 0), (0, 0, 0), (1, stream, 0), (1, table, 0)]
    index = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    out.write(b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(index))
    out.write(index + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % table)
    return out.getvalue()


def _polyglot() -> bytes:
    """A good PDF that begins, after its first line, as a page of HTML."""
    html = b"%<html><body><script>alert(document.domain)</script><!--\n"
    raw = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    head, rest = raw.split(b"\n", 1)
    return head + b"\n" + html + rest  # offsets are off by so much: readers mend that


def _png_of(width: int, height: int) -> bytes:
    raw = bytearray(picture("PNG", (10, 10)))
    raw[16:24] = struct.pack(">II", width, height)
    raw[29:33] = struct.pack(">I", zlib.crc32(raw[12:29]))
    return bytes(raw)


def _located() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (22.0, 32.0, 10.0)
    exif[0x010E] = "CANARY-PLACE"
    return picture(exif=exif.tobytes())


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
EXE = b"MZ\x90\x00" + b"\x00" * 60 + b"PE\x00\x00" + b"\x00" * 200
HTML = b"<!doctype html><script>fetch('/my')</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
OFD = b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'


@cache
def corpus() -> dict[str, Hostile]:
    """Everything, by what it is."""
    wide = b"<a/>" * 4_000_000
    return {
        "pdf with a script": Hostile("合同.pdf", pdf(script), "PDF_SCRIPT"),
        "pdf that starts a program": Hostile("合同.pdf", pdf(launch), "PDF_LAUNCH"),
        "pdf with a file inside": Hostile("合同.pdf", pdf(embedded), "PDF_EMBEDDED"),
        "pdf with a page of 700 km": Hostile("合同.pdf", pdf(_huge_page)),
        "pdf that counts a million pages": Hostile("合同.pdf", pdf(_many_pages), "PDF_TOO_LONG"),
        "pdf that unpacks to 200 MB": Hostile("合同.pdf", object_stream_bomb(200), "PDF_BROKEN"),
        "pdf and html at once": Hostile("合同.pdf", _polyglot()),
        "pdf with a zip behind": Hostile("合同.pdf", pdf() + zipped(("a.exe", EXE * 20)), "PDF_TAIL"),
        "html that calls itself pdf": Hostile("合同.pdf", HTML, "FILE_TYPE_UNKNOWN"),
        "program that calls itself pdf": Hostile("合同.pdf", EXE, "FILE_TYPE_UNKNOWN"),
        "png of 60000 x 60000": Hostile("照片.png", _png_of(60_000, 60_000), "PICTURE_TOO_BIG"),
        "png of 2^31 rows": Hostile("照片.png", _png_of(1, 2**31 - 1), "PICTURE_TOO_BIG"),
        "svg with a script": Hostile("图.svg", SVG, "FILE_TYPE_UNKNOWN"),
        "svg that calls itself png": Hostile("图.png", SVG, "FILE_TYPE_UNKNOWN"),
        "html that calls itself jpg": Hostile("照片.jpg", HTML, "FILE_TYPE_UNKNOWN"),
        "word file that is a bomb": Hostile("申请.docx", zipped(("word/document.xml", b"0" * 50_000_000)), "FILE_IS_ARCHIVE"),
        "ofd with a part of 16 MB": Hostile("表.ofd", zipped(("OFD.xml", OFD), ("D.xml", wide)), "OFD_TOO_LARGE"),
        "ofd without its document": Hostile("表.ofd", zipped(("OFD.xml", OFD)), "OFD_BROKEN"),
        "test virus": Hostile("说明.txt", EICAR, "FILE_TYPE_UNKNOWN"),
        "test virus that calls itself jpg": Hostile("照片.jpg", EICAR, "FILE_TYPE_UNKNOWN"),
        "half a photograph": Hostile("照片.jpg", picture(size=(300, 300))[:3000], "PICTURE_BROKEN"),
        "photograph that tells its place": Hostile("照片.jpg", _located()),
        "photograph with a page of html behind": Hostile("照片.jpg", picture() + HTML),
        "nothing": Hostile("照片.jpg", b"", "FILE_EMPTY"),
        "name of another folder": Hostile("../../../etc/passwd.jpg", picture()),
        "name that turns around": Hostile("照片\u202egpj.exe.jpg", picture()),
        "name of 200 characters": Hostile("长" * 200 + ".jpg", picture()),
        "name of 500 characters": Hostile("长" * 500 + ".jpg", picture(), "FORM_BROKEN"),
        "name with markup": Hostile('"><img src=x onerror=alert(1)>.jpg', picture()),
        "name with a line break": Hostile("a\r\nSet-Cookie: x=1.jpg", picture()),
        "name with NUL": Hostile("a\x00b.jpg", picture()),
    }  # fmt: skip


BAD_IN_NAMES = ("\u202e", "\x00", "\r", "\n", "/", "\\", "<", ">", '"')
