"""Pictures: measured by their header before decoding, then decoded and written anew; an iPhone's HEIC becomes a JPEG.

HEIC (ISO/IEC 23008-12) is decoded by libheif, which refuses a stream that is larger than the header said.
"""

import io
import warnings

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

MAX_PIXELS = 50_000_000  # 8,000 × 6,250: more than any phone's picture of a document
MAX_SIDE = 12_000
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
BROKEN = Reason(
    "PICTURE_BROKEN", W("图片打不开，可能没有拍完整，请重新拍照", "The picture cannot be opened, please take it again")
)
TOO_BIG = W(
    "图片有 {w}×{h} 像素，超过了 5,000 万像素的上限，请降低分辨率再传",
    "The picture has {w}×{h} pixels, more than 50 million: please lower the resolution",
)
FAR_TOO_BIG = W(
    "图片像素太多，超过了 5,000 万像素的上限，请降低分辨率再传",
    "The picture has far more than 50 million pixels: please lower the resolution",
)
MOVING = Reason(
    "PICTURE_MOVES", W("不接收动图，请上传普通照片", "Moving pictures are not taken, please send a photograph")
)


def rewrite(kind: str, raw: bytes) -> bytes:
    """The picture written anew: upright, without EXIF, place, comments or anything behind its end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _rewrite(kind, raw)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, RuntimeError) as error:
        raise Refused(BROKEN) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Reason("PICTURE_TOO_BIG", FAR_TOO_BIG), kind="too_large") from error


def _rewrite(kind: str, raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw), formats=[_FORMATS[kind]]) as opened:
        width, height = opened.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            raise Refused(Reason("PICTURE_TOO_BIG", TOO_BIG.format(w=width, h=height)), kind="too_large")
        if getattr(opened, "n_frames", 1) > 1:
            raise Refused(MOVING)
        opened.load()
        ImageOps.exif_transpose(opened, in_place=True)  # every copy of 50 million pixels is 150 MB
        upright: Image.Image = opened
        out = io.BytesIO()
        if kind in {"jpg", "heic"}:
            plain = upright if upright.mode == "RGB" else upright.convert("RGB")
            plain.save(out, "JPEG", quality=88, optimize=True, exif=b"", icc_profile=None, comment=b"")
            return out.getvalue()
        bare = Image.new(
            mode := "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB", upright.size
        )
        bare.paste(upright if upright.mode == mode else upright.convert(mode))
        if kind == "png":
            bare.save(out, "PNG", optimize=False)
        else:
            bare.save(out, "WEBP", quality=88)
        return out.getvalue()
