"""Reading PDFs in tests, with the tools that everybody has (poppler)."""

import shutil
import subprocess
from pathlib import Path

import pytest


def run(tool: str, *arguments: str) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed (poppler-utils)")
    return subprocess.run([tool, *arguments], capture_output=True, text=True, timeout=60).stdout


def text_of(pdf: bytes, folder: Path) -> str:
    """The text of all pages, without any white space: lines break where they like."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    return "".join(run("pdftotext", "-raw", str(path), "-").split()).replace("\u200b", "")


def pages_of(pdf: bytes) -> int:
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as found:
        return len(found.pages)
