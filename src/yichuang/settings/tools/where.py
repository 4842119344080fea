"""Finds the lines that hold a Chinese or English term: `./run where 容缺`.

The places stand in `docs/glossary.toml`, by kind (rule, command, page, test, pack …), as `path` or `path:name`; a test
proves that each exists. What is printed can be clicked in a terminal: path, line, and the line itself.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]
GLOSSARY = ROOT / "docs/glossary.toml"
NOT_PLACES = frozenset({"zh", "en", "also", "meaning"})


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the trade and where it lives."""

    zh: str
    en: str
    meaning: str
    also: tuple[str, ...]
    places: dict[str, tuple[str, ...]]

    def answers_to(self, asked: str) -> bool:
        return any(asked.lower() in name.lower() for name in (self.zh, self.en, *self.also))


def terms() -> list[Term]:
    rows: list[dict[str, Any]] = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))["term"]
    return [
        Term(
            row["zh"],
            row["en"],
            row.get("meaning", ""),
            tuple(row.get("also", ())),
            {kind: tuple(places) for kind, places in row.items() if kind not in NOT_PLACES},
        )
        for row in rows
    ]


def locate(place: str) -> tuple[Path, int]:
    """The file and the line (from 1) of `path` or `path:name`. Raises LookupError when either is not there."""
    file, _, name = place.partition(":")
    path = ROOT / file
    if not path.exists():
        raise LookupError(f"no file {file}")
    if not name:
        return path, 1
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    lines = path.read_text(encoding="utf-8").splitlines()
    hits = [number for number, line in enumerate(lines, 1) if word.search(line)]
    if not hits:
        raise LookupError(f"no {name!r} in {file}")
    # the definition before the uses
    defined = re.compile(rf"^\s*(?:def|class|macro|\{{% macro)\s+{re.escape(name)}\b|^\s*{re.escape(name)}\s*[:=]")
    return path, next((number for number in hits if defined.search(lines[number - 1])), hits[0])


def show(term: Term) -> str:
    lines = [f"{term.zh}  {term.en}" + (f"  ({'、'.join(term.also)})" if term.also else "")]
    if term.meaning:
        lines.append(f"  {term.meaning}")
    for kind, places in term.places.items():
        for place in places:
            path, number = locate(place)
            text = path.read_text(encoding="utf-8").splitlines()[number - 1].strip() if path.is_file() else ""
            lines.append(f"  {kind:9} {path.relative_to(ROOT)}:{number}  {text[:90]}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    asked = " ".join(arguments)
    found = [term for term in terms() if term.answers_to(asked)] if asked else terms()
    if not found:
        sys.stderr.write(f"The glossary does not know {asked!r}. It knows: {'、'.join(term.zh for term in terms())}\n")
        return 1
    if asked:
        sys.stdout.write("\n\n".join(show(term) for term in found) + "\n")
    else:
        sys.stdout.write("\n".join(f"{term.zh}  {term.en}" for term in found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
