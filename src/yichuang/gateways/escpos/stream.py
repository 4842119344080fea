"""A slip as ESC/POS: text in the printer's own Chinese letters, what they lack as a picture, QR codes, cut.

After the commands of Epson's TM printers, which the printers of other makers understand: ESC @, FS &, ESC a, GS !, ESC E,
GS v 0 (picture), GS ( k (QR), GS V (cut), GS r 1 (say how the paper is when you have come this far).
"""

from functools import cache

from PIL import Image, ImageDraw, ImageFont

from yichuang.devices.values import Code2D, Slip, Text
from yichuang.issuing.queries import face_for

ESC, FS, GS = b"\x1b", b"\x1c", b"\x1d"
INIT, CHINESE = ESC + b"@", FS + b"&"
ASK_PAPER = GS + b"r\x01"  # answered in its turn: when it comes, all before it was printed
FEED_AND_CUT = GS + b"V\x42\x30"
DOTS = 576  # of a line of 80 mm paper; 72 bytes of picture
LETTER = 24  # dots of a Chinese letter of size 1
LARGEST = 4
QR_DOT, QR_LEVEL = 6, b"M"


def to_bytes(slip: Slip) -> bytes:
    """The whole stream for one slip, with the question at its end."""
    return b"".join([INIT, CHINESE, *(_part(part) for part in slip), FEED_AND_CUT, ASK_PAPER])


def _part(part: Text | Code2D) -> bytes:
    return _qr(part.payload) if isinstance(part, Code2D) else _line(part)


def _line(line: Text) -> bytes:
    size, align = min(max(line.size, 1), LARGEST), b"\x01" if line.align == "middle" else b"\x00"
    letters = in_letters(line.text)
    if letters is None:
        return ESC + b"a" + align + _picture(line.text, size, line.bold) + b"\n"
    bold = ESC + b"E" + (b"\x01" if line.bold else b"\x00")
    times = bytes([(size - 1) << 4 | (size - 1)])
    return ESC + b"a" + align + bold + GS + b"!" + times + letters + b"\n" + GS + b"!\x00"


def in_letters(text: str) -> bytes | None:
    """GB18030 where it is one or two bytes a letter, which is what printers have in their ROM (GBK); None for the rest:
    rare names (𠮷, 㛃) and other scripts. Control characters are left out: they would be commands."""
    said = "".join(letter for letter in text if letter >= " " and letter != "\x7f")
    found = [letter.encode("gb18030", errors="replace") for letter in said]
    return b"".join(found) if all(len(letter) <= 2 for letter in found) else None


def _picture(text: str, size: int, bold: bool) -> bytes:
    """A line as a raster picture (GS v 0), as wide as its words and at most as the paper."""
    picture = drawn("".join(letter for letter in text if letter >= " "), LETTER * size, bold)
    across = (picture.width + 7) // 8
    head = GS + b"v0\x00" + across.to_bytes(2, "little") + picture.height.to_bytes(2, "little")
    return head + bytes(byte ^ 0xFF for byte in picture.tobytes())


def drawn(text: str, height: int, bold: bool) -> Image.Image:
    """The words in black on white, one bit a dot; smaller where they are wider than the paper."""
    boxes = [(letter, _font(face, height)) for letter, face in _faces(text, bold)]
    width = int(sum(font.getlength(letter) for letter, font in boxes)) + 2
    if width > DOTS and height > 8:
        return drawn(text, height * DOTS // (width + 8), bold)
    picture = Image.new("1", ((width + 7) // 8 * 8, height * 5 // 4), 1)
    pen, at = ImageDraw.Draw(picture), 1.0
    for letter, font in boxes:
        pen.text((at, height), letter, fill=0, font=font, anchor="ls")
        at += font.getlength(letter)
    return picture


def _faces(text: str, bold: bool) -> list[tuple[str, str]]:
    """Each letter with a face that has it; one that no face has stands as its number, as on the house's papers."""
    known = [(letter, face_for(letter, bold=bold)) for letter in text]
    said = "".join(letter if face else f"〔U+{ord(letter):04X}〕" for letter, face in known)
    return [(letter, face_for(letter, bold=bold)) for letter in said]


@cache
def _font(path: str, height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, height)


def _qr(payload: str) -> bytes:
    """Model 2, printed in the middle (functions 165, 167, 169, 180, 181)."""
    told = payload.encode()
    return b"".join(
        [
            ESC + b"a\x01",
            _function(b"\x31\x41\x32\x00"),
            _function(b"\x31\x43" + bytes([QR_DOT])),
            _function(b"\x31\x45" + {b"L": b"0", b"M": b"1", b"Q": b"2", b"H": b"3"}[QR_LEVEL]),
            _function(b"\x31\x50\x30" + told),
            _function(b"\x31\x51\x30"),
            b"\n",
        ]
    )


def _function(told: bytes) -> bytes:
    return GS + b"(k" + len(told).to_bytes(2, "little") + told
