"""Opening strangers' PDF files: object and cross-reference streams are unpacked at opening, so that is bounded here.

A megabyte can hold gigabytes of blanks. One stream may unpack to MAX_UNPACKED bytes; no honest paper's structure comes
near. The library's limits are the whole process's, so they are set once, where it is loaded.
"""

import io

import pikepdf

MAX_UNPACKED = 32 * 1024 * 1024
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MAX_UNPACKED,
    run_length_max_memory=MAX_UNPACKED,
    png_max_memory=MAX_UNPACKED,
    tiff_max_memory=MAX_UNPACKED,
    dct_max_memory=MAX_UNPACKED,
    max_stream_filters=4,
    parser_max_container_size=1_000_000,
    doc_max_warnings=1_000,
)


def open_pdf(raw: bytes) -> pikepdf.Pdf:
    """The document; to be closed by the caller. Raises pikepdf.PasswordError, pikepdf.PdfError, ValueError, RuntimeError."""
    return pikepdf.open(io.BytesIO(raw), suppress_warnings=True)
