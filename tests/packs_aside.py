"""A copy of the packs beside the repository's own, for pages that read folders: one new version, one faulty pack; of packages alike."""

import re
import shutil
from pathlib import Path

PACKS = Path(__file__).resolve().parents[1] / "packs"
NEWER, FAULTY, MOVED = "shiye-dengji", "getihu-sheli", "gaoling-jintie"
OPENING, HOME = "qiye-kaiban", "ershoufang-zhuanyi-yijianshi"  # packages: a new version, and one with a fault


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def newer_version(file: Path) -> None:
    """The next version, whatever the repository's own is by now."""
    text = file.read_text(encoding="utf-8")
    found = re.search(r"^version: (\d+)$", text, re.MULTILINE)
    assert found is not None, f"no version in {file}"
    file.write_text(f"{text[: found.start(1)]}{int(found[1]) + 1}{text[found.end(1) :]}", encoding="utf-8")


def copied(into: Path) -> Path:
    """The copy; NEWER has a version more with another telephone and summary, FAULTY a telephone without area code."""
    folder = into / "packs"
    shutil.copytree(PACKS, folder)
    newer = folder / "renshe" / NEWER / "item.yaml"
    newer_version(newer)
    change(newer, "consult: 0755-00001103", "consult: 0755-00001199")
    change(newer, "享受公共就业服务", "享受公共就业服务和职业培训")
    change(newer, "get the public employment services", "get the public employment services and training")
    faulty = folder / "shichang" / FAULTY / "item.yaml"
    change(faulty, "consult: 0755-", "consult: ")
    opening = folder / "bundles" / OPENING / "bundle.yaml"
    newer_version(opening)
    change(opening, "handover: together", "handover: each")
    change(
        opening,
        "    item: yinhang-kaihu\n    name: { zh: 银行预约开户",
        "    item: yinhang-kaihu\n    name: { zh: 预约银行账户",
    )
    change(folder / "bundles" / HOME / "bundle.yaml", "rests_on: [title]", "rests_on: [titel]")
    return folder


def asking_more(packs: Path) -> Path:
    """The folder of MOVED in such a copy, made a version more: the portrait, so far as people like, is asked for, and the
    first review is another step.

    Its examples stay as they were: publish it with `run_examples` set aside."""
    folder = packs / "minzheng" / MOVED
    newer_version(folder / "item.yaml")
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
