"""Small files of the kinds that people hand in, and what makes a PDF a bad one: for the tests of one upload and of doors."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import Image

OFD_XML = (
    '<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD">'
    "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)
OFD_DOCUMENT = (
    '<?xml version="1.0"?><ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages>'
    '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>{more}</ofd:Document>'
)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """A picture of noise: it is as large as a photograph is. `options` are Pillow's."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda p: None, **options: Any) -> bytes:
    """One empty page and what `change` does to it. `options` are those of pikepdf's save."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(out, **options)
    return out.getvalue()


def zipped(*entries: tuple[str, bytes | str]) -> bytes:
    """An archive of these entries, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in entries:
            box.writestr(name, content)
    return out.getvalue()


def ofd(entries: dict[str, bytes] | None = None, more: str = "") -> bytes:
    """A document of GB/T 33190 with one page; `more` is XML for its root."""
    parts = (("OFD.xml", OFD_XML), ("Doc_0/Document.xml", OFD_DOCUMENT.format(more=more)))
    return zipped(*parts, *(entries or {}).items())


# ── what a PDF must not do or carry: changes for `pdf` ────────────────────────────────────────────────────────────


def script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def launch(document: pikepdf.Pdf) -> None:
    """A program that the document starts when it is opened."""
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def launch_link(document: pikepdf.Pdf) -> None:
    """A program that a click on the page starts."""
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    document.pages[0].obj["/Annots"] = pikepdf.Array([document.make_indirect(link)])


def embedded(document: pikepdf.Pdf) -> None:
    document.attachments["invoice.exe"] = b"MZ" + b"\x00" * 64
