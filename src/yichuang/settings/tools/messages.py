"""The English of the pages: what is to be translated is collected from code and templates, and compiled.

    python -m yichuang.settings.tools.messages write | check

Chinese is the message itself; each app has its own `locale/en/LC_MESSAGES/django.po`. `check` fails on what is new, gone,
empty or not compiled, so that the committed files are the ones that run.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[2]
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {
    "**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}
}


def apps() -> list[Path]:
    """The folders of the apps, each with its own translations."""
    return sorted(path.parent for path in PACKAGE.rglob("apps.py"))


def po_of(app: Path) -> Path:
    return app / "locale/en/LC_MESSAGES/django.po"


def collect(app: Path) -> Catalog:
    """What the app wants translated, without places: they would change with every line."""
    catalog = Catalog(locale="en", project="yichuang", charset="utf-8")
    for _, _, message, comments, context in extract_from_dir(app, METHODS, OPTIONS):
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, locale="en")


def write() -> None:
    """Bring every .po up to date, keeping what is translated, and compile it."""
    for app in apps():
        wanted, po = collect(app), po_of(app)
        if not len(wanted) and not po.exists():
            continue
        known = read(po) if po.exists() else Catalog(locale="en")
        known.update(wanted, no_fuzzy_matching=True)
        known.obsolete.clear()
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_bytes(_as_po(known))
        po.with_suffix(".mo").write_bytes(_as_mo(known))
        for message in untranslated(known):
            sys.stdout.write(f"{po}: to be translated: {message}\n")


def _as_po(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=0, sort_output=True, omit_header=False, include_lineno=False, no_location=True)
    # the date of the last run is no news to anybody
    return b"\n".join(line for line in out.getvalue().split(b"\n") if b"-Date: " not in line)


def _as_mo(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    return [str(m.id) for m in catalog if m.id and (m.fuzzy or not _complete(m.string))]


def _complete(string: object) -> bool:
    """A plural has several forms, and each must be there."""
    return all(string) if isinstance(string, tuple | list) else bool(string)


def faults() -> Iterator[str]:
    """What keeps the committed files from being the right ones, one line each."""
    for app in apps():
        wanted, po = collect(app), po_of(app)
        ids = {(m.id, m.context) for m in wanted if m.id}
        if not po.exists():
            if ids:
                yield f"{po}: missing ({len(ids)} messages)"
            continue
        known = read(po)
        there = {(m.id, m.context) for m in known if m.id}
        yield from (f"{po}: new: {message}" for message, _ in sorted(ids - there, key=str))
        yield from (f"{po}: gone: {message}" for message, _ in sorted(there - ids, key=str))
        yield from (f"{po}: no English: {message}" for message in untranslated(known))
        if not _compiled(po, known):
            yield f"{po.with_suffix('.mo')}: not compiled from its .po"


def _compiled(po: Path, known: Catalog) -> bool:
    try:
        with po.with_suffix(".mo").open("rb") as file:
            compiled = read_mo(file)
    except OSError:
        return False
    return _pairs(compiled) == _pairs(known)


def _pairs(catalog: Catalog) -> dict[object, object]:
    return {(m.id, m.context): m.string for m in catalog if m.id and m.string}


def main(arguments: list[str]) -> int:
    if arguments == ["write"]:
        write()
        return 0
    if arguments == ["check"]:
        found = list(faults())
        sys.stderr.writelines(f"{fault}\n" for fault in found)
        return 1 if found else 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
