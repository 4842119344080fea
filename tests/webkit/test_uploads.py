"""What comes in from outside: good files come clean, each hostile one is refused with its reason in both languages."""

import io
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from tests.files import OFD_DOCUMENT, OFD_XML, embedded, launch, launch_link, ofd, pdf, picture, script, zipped

from yichuang.core.refusals import Refused
from yichuang.webkit.uploads import MAX_BYTES, CleanFile, sniff_and_clean, tidy_stem

ASSETS = Path(__file__).resolve().parents[1] / "assets"


def take(name: str, content: bytes) -> CleanFile:
    return sniff_and_clean(name, io.BytesIO(content))


def codes(name: str, content: bytes) -> set[str]:
    with pytest.raises(Refused) as refused:
        take(name, content)
    assert all(r.words.zh and r.words.en for r in refused.value.reasons)
    return {r.code for r in refused.value.reasons}


# ── good ones ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_is_taken_and_its_kind_is_told_by_content(kind: str, ending: str) -> None:
    clean = take(f"身份证 正面.{ending}", picture(kind))
    assert (clean.kind, clean.name, clean.pages) == (ending, f"身份证 正面.{ending}", 1)
    assert Image.open(io.BytesIO(clean.content)).size == (60, 40)


def test_a_pdf_and_an_ofd_are_kept_byte_for_byte() -> None:
    assert take("租赁合同.pdf", pdf()).content[:5] == b"%PDF-"
    paper = ofd()
    clean = take("执照.ofd", paper)
    assert (clean.content, clean.kind, clean.pages) == (paper, "ofd", 1)


def test_place_and_polyglot_tail_are_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif.get_ifd(0x8825)[2] = (22.0, 32.0, 10.0)  # GPS latitude
    exif[0x010E] = "CANARY-PLACE"
    raw = picture(exif=exif.tobytes()) + b"<script>alert(1)</script>PK\x03\x04tail"
    clean = take("a.jpg", raw)
    again = Image.open(io.BytesIO(clean.content))
    assert again.size == (40, 60)
    assert not again.getexif()
    assert b"CANARY" not in clean.content
    assert b"script" not in clean.content


def test_an_iphones_photograph_becomes_a_jpeg_that_tells_no_place() -> None:
    raw = (ASSETS / "photograph.heic").read_bytes()
    assert b"KANARIE-KAMERA" in raw
    for name in ("IMG_0042.HEIC", "IMG_0042.heif"):
        clean = take(name, raw)
        assert (clean.kind, clean.name, clean.media_type) == ("jpg", "IMG_0042.jpg", "image/jpeg")
        again = Image.open(io.BytesIO(clean.content))
        assert (again.format, again.size) == ("JPEG", (80, 120)), "upright: it was taken with the phone turned"
        assert not again.getexif()
        assert b"KANARIE" not in clean.content
    assert codes("photo.jpg", raw) == {"FILE_NOT_ITS_NAME"}


def test_a_heic_that_lies_about_itself_is_refused_before_it_takes_memory() -> None:
    raw = (ASSETS / "photograph.heic").read_bytes()
    for size, code in (((20_000, 20_000), "PICTURE_TOO_BIG"), ((40, 20), "PICTURE_BROKEN")):
        place = raw.index(b"ispe") + 8
        assert codes("a.heic", raw[:place] + struct.pack(">II", *size) + raw[place + 8 :]) == {code}
    assert codes("a.heic", raw[: len(raw) // 2]) == {"PICTURE_BROKEN"}
    assert codes("a.heic", (ASSETS / "two.heic").read_bytes()) == {"PICTURE_MOVES"}
    assert codes("a.heic", raw.replace(b"ftypheic", b"ftypavif")) == {"FILE_TYPE_UNKNOWN"}


def test_png_text_chunks_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "CANARY-TEXT")
    assert b"CANARY" not in take("a.png", picture("PNG", pnginfo=info)).content


def test_a_name_is_only_for_reading() -> None:
    assert tidy_stem("../../etc/pass\x00wd\u202egpj.pdf") == "passwdgpj"
    assert tidy_stem("C:\\文件\\𠮷田 合同.pdf") == "𠮷田 合同"
    assert tidy_stem("...") == "file"
    assert len(tidy_stem("长" * 500 + ".pdf")) == 80


# ── hostile ones ──────────────────────────────────────────────────────────────────────────────────────────────────


def _nested_javascript(document: pikepdf.Pdf) -> None:
    hidden = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x()")
    chain = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org", Next=pikepdf.Array([hidden]))
    document.pages[0].obj["/AA"] = pikepdf.Dictionary(O=document.make_indirect(chain))


def _xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.Array([]), Fields=pikepdf.Array([]))


def _rich_media(document: pikepdf.Pdf) -> None:
    clip = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9])
    document.pages[0].obj["/Annots"] = pikepdf.Array([clip])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (script, "PDF_SCRIPT"),
        (_nested_javascript, "PDF_SCRIPT"),
        (launch, "PDF_LAUNCH"),
        (launch_link, "PDF_LAUNCH"),
        (embedded, "PDF_EMBEDDED"),
        (_xfa, "PDF_XFA"),
        (_rich_media, "PDF_MEDIA"),
    ],
)
@pytest.mark.parametrize("streams", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_a_pdf_that_acts_or_carries_is_refused_also_inside_object_streams(
    change: Callable[[pikepdf.Pdf], None], code: str, streams: pikepdf.ObjectStreamMode
) -> None:
    assert code in codes("a.pdf", pdf(change, object_stream_mode=streams))


def test_every_fault_of_a_pdf_is_told_at_once() -> None:
    def both(document: pikepdf.Pdf) -> None:
        script(document)
        embedded(document)

    assert {"PDF_SCRIPT", "PDF_EMBEDDED"} <= codes("a.pdf", pdf(both))


@pytest.mark.parametrize("user", ["", "secret"])
def test_a_locked_pdf_is_refused(user: str) -> None:
    assert codes("a.pdf", pdf(encryption=pikepdf.Encryption(owner="o", user=user))) == {"PDF_LOCKED"}


def test_a_broken_pdf_and_one_with_a_tail_are_refused() -> None:
    assert codes("a.pdf", b"%PDF-1.7\nnothing here") == {"PDF_BROKEN"}
    assert "PDF_TAIL" in codes("a.pdf", pdf() + b"PK\x03\x04" + b"x" * 4000)


@pytest.mark.parametrize(
    "content",
    [b"GIF89a....", b"MZ\x90\x00", b"<html><script>", b"\x00\x01\x02", b"\n%PDF-1.4 polyglot", b"<svg onload=x>"],
)
def test_what_is_none_of_the_kinds_is_refused(content: bytes) -> None:
    assert codes("a.bin", content) == {"FILE_TYPE_UNKNOWN"}


@pytest.mark.parametrize("head", [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_archives_and_office_files_are_refused(head: bytes) -> None:
    assert codes("a.zip", head + b"\x00" * 100) == {"FILE_IS_ARCHIVE"}


def test_a_zip_that_is_no_ofd_is_an_archive() -> None:
    assert codes("a.docx", zipped(("word/document.xml", "<w/>"))) == {"FILE_IS_ARCHIVE"}


def test_a_file_that_is_not_what_its_name_says_is_refused() -> None:
    assert codes("a.pdf", picture()) == {"FILE_NOT_ITS_NAME"}
    assert codes("a.jpg", pdf()) == {"FILE_NOT_ITS_NAME"}
    assert take("a.JPEG", picture()).kind == "jpg"


def test_size_is_measured_before_anything_else() -> None:
    assert codes("a.jpg", b"") == {"FILE_EMPTY"}
    assert codes("a.jpg", b"\xff\xd8\xff" + b"\x00" * MAX_BYTES) == {"FILE_TOO_LARGE"}


def test_pixels_are_measured_before_decoding() -> None:
    bomb = bytearray(picture("PNG", (10, 10)))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    assert codes("a.png", bytes(bomb)) <= {"PICTURE_TOO_BIG", "PICTURE_BROKEN"}
    assert codes("b.png", picture("PNG", (12_500, 10))) == {"PICTURE_TOO_BIG"}


def test_a_cut_off_or_moving_picture_is_refused() -> None:
    noise = Image.frombytes("RGB", (90, 90), random.Random(1).randbytes(90 * 90 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert codes("a.png", out.getvalue()[:-6000]) == {"PICTURE_BROKEN"}
    frames, moving = [Image.new("RGB", (20, 20), c) for c in ("red", "blue")], io.BytesIO()
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    assert codes("a.webp", moving.getvalue()) == {"PICTURE_MOVES"}


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"evil.exe": b"MZ"}, "OFD_STRANGE"),
        ({"../../etc/cron.xml": b"<a/>"}, "OFD_STRANGE"),
        ({"Doc_0/Attachs/a.xml": b"<a/>"}, "OFD_ATTACHMENT"),
        ({"Doc_0/big.xml": b"0" * 30_000_000}, "OFD_TOO_LARGE"),
    ],
)
def test_a_strange_ofd_is_refused(entries: dict[str, bytes], code: str) -> None:
    assert code in codes("a.ofd", ofd(entries))


def test_an_ofd_with_attachments_listed_or_a_tail_is_refused() -> None:
    assert codes("a.ofd", ofd(more="<ofd:Attachments>x</ofd:Attachments>")) == {"OFD_ATTACHMENT"}
    assert codes("a.ofd", ofd() + b"<script>") == {"OFD_STRANGE"}


def test_entities_in_an_ofd_are_not_opened() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    root = OFD_XML.replace('<?xml version="1.0"?>', bomb).replace("Doc_0/Document.xml", "&x;")
    hostile = zipped(("OFD.xml", root), ("Doc_0/Document.xml", OFD_DOCUMENT.format(more="")))
    assert codes("a.ofd", hostile) == {"OFD_BROKEN"}


def test_no_random_bytes_get_through() -> None:
    dice = random.Random(20261122)
    for head in (b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"PK\x03\x04"):
        for _ in range(10):
            assert codes("x", head + dice.randbytes(dice.randrange(4000)))
