"""The dog pack, its first example, and what can be changed in a copy of its folder."""

import copy
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from yichuang.catalog.packs.folder import load_folder
from yichuang.catalog.values import Example, Pack

FOLDER = Path(__file__).parents[2] / "packs/chengguan/yangquan-dengji"


@cache
def dog_pack() -> Pack:
    pack = load_folder(FOLDER).pack
    assert pack is not None
    return pack


def complete() -> Example:
    """A complete application of an individual who owns the home."""
    return next(example for example in dog_pack().examples if "01-" in example.file)


def a_form(**changes: Any) -> dict[str, Any]:
    """The form of the complete example; `dog__name="x"` sets /dog/name."""
    form: dict[str, Any] = copy.deepcopy(dict(complete().form))
    for path, value in changes.items():
        *way, last = path.split("__")
        node = form
        for one in way:
            node = node[one]
        node[last] = value
    return form


@cache
def first_version() -> Path:
    """A copy as version 1, for those who only read it."""
    return copy_of_pack(Path(mkdtemp(prefix="yichuang-dog-")))


def copy_of_pack(tmp_path: Path) -> Path:
    """A copy of the folder that may be spoilt; its version is 1, whatever the repository's is."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))
    item = folder / "item.yaml"
    item.write_text(re.sub(r"(?m)^version: \d+$", "version: 1", item.read_text("utf-8")), "utf-8")
    return folder


def spoil(folder: Path, file: str, old: str, new: str, *, count: int = 1) -> int:
    """Replace text in a file of the pack; returns the line where it stood."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, count), "utf-8")
    return text[: text.index(old)].count("\n") + 1
