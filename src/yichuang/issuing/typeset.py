"""Setting type (排版): plain values in, PDF/A-2b out, with the spot where the seal belongs.

The compiler and the fonts live as long as the process: a page costs about 5 ms warm. typst's compiler is not to be
entered twice, so a lock lets one document through at a time. Nothing is fetched: no packages, no system fonts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

from yichuang.issuing.glyphs import FONTS, marked

TEMPLATES = Path(__file__).parent / "templates"
SEAL_SIZE = 119.055  # 42 mm in points: the diameter of an organ's seal (国发〔1999〕25号)
_SPOT_WIDTH = 209.764  # 74 mm: the signature block of the templates, whose middle the seal covers
_PAGE_HEIGHT = 841.89
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a template is told. `mark` goes into the file's keywords, so that a damaged file still says what it was."""

    template: str
    title: str
    number: str
    organ: str
    date: str
    at: datetime
    values: Mapping[str, object] = field(default_factory=dict)
    qr: str = ""
    qr_caption: str = ""
    code: str = ""
    mark: str = ""
    test: bool = True


@dataclass(frozen=True, slots=True)
class SealSpot:
    """Where the seal goes: page from 0, and the lower left corner in points from the lower left of the page."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Paper:
    """A set document, not yet signed. `missing` names the characters (U+…) that no font has."""

    pdf: bytes
    spot: SealSpot | None
    missing: tuple[str, ...]


@cache
def _compiler() -> "typst.Compiler":
    import typst  # here and not above: few processes ever set a page

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts)


def qr_svg(payload: str) -> str:
    """The payload as a QR code (ISO/IEC 18004, level M), drawn as one path without a quiet zone."""
    import segno

    return segno.make(payload, error="m", micro=False).svg_inline(border=0, omitsize=True)


def typeset(sheet: Sheet) -> Paper:
    """Set one sheet. Raises `typst.TypstError` only for a fault in a template, never for what a person typed."""
    missing: dict[str, None] = {}
    data = {
        "title": marked(sheet.title, missing),
        "number": marked(sheet.number, missing),
        "organ": marked(sheet.organ, missing),
        "date": sheet.date,
        "values": marked(sheet.values, missing),
        "qr": qr_svg(sheet.qr) if sheet.qr else "",
        "qr_caption": sheet.qr_caption,
        "code": sheet.code,
        "mark": sheet.mark,
        "test": sheet.test,
    }
    data["missing"] = list(missing)
    with _lock:
        pdf = _compile(f"{sheet.template}.typ", data, sheet.at)
        spots = json.loads(_compiler().query("<seal>", field="value", format="json"))
    return Paper(pdf=pdf, spot=_spot(spots), missing=tuple(missing))


@cache
def typeset_seal(organ: str, purpose: str, *, test: bool = True) -> bytes:
    """The round seal as a PDF page of 42 × 42 mm, drawn in vectors, with its fonts inside."""
    with _lock:
        return _compile("seal.typ", {"organ": organ, "purpose": purpose, "test": test}, None)


def _compile(template: str, data: Mapping[str, object], at: datetime | None) -> bytes:
    pdf = _compiler().compile(
        input=TEMPLATES / template,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=int(at.timestamp()) if at else 0,
    )
    if not isinstance(pdf, bytes):
        raise RuntimeError(f"typst returned no PDF for {template}")
    return pdf


def _spot(found: list[Mapping[str, float]]) -> SealSpot | None:
    if not found:
        return None
    at = found[-1]
    return SealSpot(
        page=int(at["page"]) - 1,
        x=at["x"] + (_SPOT_WIDTH - SEAL_SIZE) / 2,
        y=at.get("height", _PAGE_HEIGHT) - at["y"] - SEAL_SIZE,
    )
