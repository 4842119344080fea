"""Texts of pages in English: Chinese msgids, one catalogue per app (`locale/en/LC_MESSAGES/django.po`), compiled `.mo` beside it.

`manage messages` extracts, keeps what is translated, drops what is gone, compiles, and names what has no English yet.
A text of `counted` has two: of one, and of several ("%(n)s day left", "%(n)s days left"); Chinese says both alike.
Babel is a tool of development: nothing here runs in a page.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_PLACES = re.compile(r"%\((\w+)\)s")
# a number of things, not between two ("3–5 minutes"): English says one of them otherwise than several
_NUMBER = re.compile(r"(?<!第 )%\((\w+)\)s ?[个份件项条次家人位处天日张名步点类分小年种页字行组笔]")
_SEVERAL = r"(?<!–)%\({}\)s (?:[\w-]+ ){{0,3}}?[a-z]{{2,}}(?<!\bi)(?<!\bha)(?<!\bwa)(?<!\bthi)s\b"
_NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n"Language: en\\n"\n'
_CALLS = {"_": None, "gettext": None, "gettext_lazy": None, "counted": None, "pgettext": ((1, "c"), 2)}
English = str | tuple[str, str]  # of a text; of one that counts: of one, and of several


def folders() -> list[Path]:
    """Every app with templates or texts of its own."""
    return sorted({p.parent for p in ROOT.glob("*/templates")} | {p.parent for p in ROOT.glob("web/*/templates")})


def catalogue(folder: Path) -> Path:
    """Where the English of an app stands."""
    return folder / "locale" / "en" / "LC_MESSAGES" / "django.po"


def extract(folder: Path) -> dict[str, bool]:
    """The msgids of the app's templates and Python files, in the order of the files, and whether each counts."""
    from babel.messages.extract import extract as babel_extract
    from jinja2.ext import babel_extract as jinja_extract

    found: dict[str, bool] = {}
    options = {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false", "newstyle_gettext": "true"}
    for template in sorted(folder.glob("templates/**/*.html")):
        with template.open("rb") as file:
            for _line, function, message, _comments in jinja_extract(file, list(_CALLS), [], options):
                text = _first(message)
                found[text] = found.get(text, False) or function == "counted"
    for source in sorted(p for p in folder.glob("**/*.py") if "migrations" not in p.parts):
        with source.open("rb") as file:
            for _line, message, _comments, _context in babel_extract("python", file, _CALLS):
                found.setdefault(_first(message), False)
    found.pop("", None)
    return found


def _first(message: object) -> str:
    return str(message[0] if isinstance(message, tuple | list) else message)


def read(po: Path) -> dict[str, English]:
    """msgid → English of a catalogue; empty when there is none."""
    from babel.messages.pofile import read_po

    if not po.is_file():
        return {}
    with po.open("rb") as file:
        return {
            _first(m.id): (str(m.string[0]), str(m.string[1])) if isinstance(m.string, tuple | list) else str(m.string)
            for m in read_po(file, locale="en")
            if m.id
        }


def compiled(texts: Mapping[str, English]) -> tuple[bytes, bytes]:
    """(po, mo) of the texts, without dates and tool names: the same bytes for the same texts."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    catalog = Catalog(locale="en", domain="django", charset="utf-8", creation_date=_NO_DAY, revision_date=_NO_DAY)
    for source, english in texts.items():
        if _whole(english):
            catalog.add((source, source) if isinstance(english, tuple) else source, english)
    mo = io.BytesIO()
    write_mo(mo, catalog)
    lines = [_HEADER, *(_entry(source, english) for source, english in texts.items())]
    return "\n".join(lines).encode(), mo.getvalue()


def _whole(english: English) -> bool:
    return all(english) if isinstance(english, tuple) else bool(english)


def _entry(source: str, english: English) -> str:
    text = _quoted(source)
    if isinstance(english, tuple):
        said = "".join(f"msgstr[{n}] {_quoted(one)}\n" for n, one in enumerate(english))
        return f"msgid {text}\nmsgid_plural {text}\n{said}"
    return f"msgid {text}\nmsgstr {_quoted(english)}\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def update(folder: Path) -> list[str]:
    """Write the app's catalogue and .mo; the msgids that have no English yet."""
    po = catalogue(folder)
    known = read(po)
    texts = {source: _fitting(known.get(source, ""), counts) for source, counts in sorted(extract(folder).items())}
    po.parent.mkdir(parents=True, exist_ok=True)
    source, binary = compiled(texts)
    po.write_bytes(source)
    po.with_suffix(".mo").write_bytes(binary)
    return [text for text, english in texts.items() if not _whole(english)]


def _fitting(english: English, counts: bool) -> English:
    """What is known, as the text now needs it: of one that began to count, the English of one is still to be written."""
    if counts:
        return english if isinstance(english, tuple) else ("", english)
    return english[1] if isinstance(english, tuple) else english


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with the app's English: missing, left over, still Chinese, other placeholders, a stale .mo."""
    po, wanted = catalogue(folder), extract(folder)
    known = read(po)
    name = folder.name
    yield from (f"{name}: no English for {text!r}" for text in wanted if not _whole(known.get(text, "")))
    for text, counts in wanted.items():
        if text in known and counts is not isinstance(known[text], tuple):
            yield f"{name}: {text!r} {'has no English of one' if counts else 'does not count'}, run `manage messages`"
    yield from (f"{name}: no longer used: {text!r}" for text in known if text not in wanted)
    yield from (f"{name}: {fault}" for text, english in known.items() for fault in _of_one(text, english))
    if known and (not po.with_suffix(".mo").is_file() or po.with_suffix(".mo").read_bytes() != compiled(known)[1]):
        yield f"{name}: django.mo is stale, run `manage messages`"


def _of_one(text: str, told: English) -> Iterator[str]:
    """What is wrong with the English of one text."""
    if isinstance(told, str) and any(re.search(_SEVERAL.format(n), told) for n in _NUMBER.findall(text)):
        yield f"one is said otherwise than several, ask with `counted`: {text!r}"
    for english in told if isinstance(told, tuple) else (told,):
        if HAN.search(english):
            yield f"Chinese in the English of {text!r}"
        if english and set(_PLACES.findall(text)) != set(_PLACES.findall(english)):
            yield f"other placeholders in {text!r}"


def check_all() -> list[str]:
    """Every fault of every app; empty when the English is complete and fresh."""
    own = [fault for folder in folders() for fault in faults(folder)]
    return own + disagreements({folder.name: read(catalogue(folder)) for folder in folders()})


def disagreements(known: Mapping[str, Mapping[str, English]]) -> list[str]:
    """Texts to which two apps give different English: Django shows one of them everywhere ("待领取": to collect, to be taken).

    Where a word means two things, write one of them as `Words`, or say it in other words.
    """
    said: dict[str, dict[English, list[str]]] = {}
    for app, texts in sorted(known.items()):
        for text, english in texts.items():
            said.setdefault(text, {}).setdefault(english, []).append(app)
    return [
        f"{text!r} has several English texts: " + ", ".join(f"{e!r} ({'+'.join(apps)})" for e, apps in english.items())
        for text, english in sorted(said.items())
        if len(english) > 1
    ]


def chinese_in(text: str) -> list[str]:
    """The Chinese runs in the visible text of an English page (markup and `lang="zh…"` parts left out): for crawls."""
    bare = re.sub(r"<(script|style)\b.*?</\1>|<(\w+)[^>]*\blang=\"zh[^>]*>.*?</\2>", " ", text, flags=re.DOTALL)
    return re.findall(r"[\u3400-\u9fff][\u3400-\u9fff，。、：]*", re.sub(r"<[^>]+>", " ", bare))
