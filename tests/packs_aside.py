"""A copy of the packs beside the repository's own, for pages that read folders: one new version, one faulty pack."""

import shutil
from pathlib import Path

PACKS = Path(__file__).resolve().parents[1] / "packs"
NEWER, FAULTY = "shiye-dengji", "getihu-sheli"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def copied(into: Path) -> Path:
    """The copy; NEWER has version 2 with another telephone and summary, FAULTY a telephone without area code."""
    folder = into / "packs"
    shutil.copytree(PACKS, folder)
    newer = folder / "renshe" / NEWER / "item.yaml"
    change(newer, "version: 1\n", "version: 2\n")
    change(newer, "consult: 0755-00001103", "consult: 0755-00001199")
    change(newer, "享受公共就业服务", "享受公共就业服务和职业培训")
    change(newer, "get the public employment services", "get the public employment services and training")
    faulty = folder / "shichang" / FAULTY / "item.yaml"
    change(faulty, "consult: 0755-", "consult: ")
    return folder
