"""QR codes on pages, drawn as SVG: no script, no picture file."""

import segno
from markupsafe import Markup


def qr_of(payload: str) -> Markup:
    """The QR code of an address, error correction M, with its quiet zone (four modules)."""
    return Markup(segno.make(payload, error="m", micro=False).svg_inline(border=4, omitsize=True))
