"""A copy of the packs beside the repository's own, for pages that read folders: one new version, one faulty pack."""

import shutil
from pathlib import Path

PACKS = Path(__file__).resolve().parents[1] / "packs"
NEWER, FAULTY, MOVED = "shiye-dengji", "getihu-sheli", "gaoling-jintie"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def copied(into: Path) -> Path:
    """The copy; NEWER has version 4 with another telephone and summary, FAULTY a telephone without area code."""
    folder = into / "packs"
    shutil.copytree(PACKS, folder)
    newer = folder / "renshe" / NEWER / "item.yaml"
    change(newer, "version: 3\n", "version: 4\n")
    change(newer, "consult: 0755-00001103", "consult: 0755-00001199")
    change(newer, "享受公共就业服务", "享受公共就业服务和职业培训")
    change(newer, "get the public employment services", "get the public employment services and training")
    faulty = folder / "shichang" / FAULTY / "item.yaml"
    change(faulty, "consult: 0755-", "consult: ")
    return folder


def asking_more(packs: Path) -> Path:
    """The folder of MOVED in such a copy, made version 2: the portrait, so far as people like, is asked for, and the
    first review is another step.

    Its examples stay as they were: publish it with `run_examples` set aside."""
    folder = packs / "minzheng" / MOVED
    change(folder / "item.yaml", "version: 1\n", "version: 2\n")
    portrait = 'en: "Recent portrait" }\n    necessity: '
    change(folder / "materials.yaml", f"{portrait}optional", f"{portrait}main")
    process = folder / "process.bpmn"
    process.write_text(
        process.read_text("utf-8")
        .replace("street_review<", "first_check<")
        .replace('"street_review"', '"first_check"'),
        "utf-8",
    )
    return folder
