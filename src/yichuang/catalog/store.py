"""Rows of published versions: written by publishing, read into packs; packs are kept per process, they never change."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import msgspec

from yichuang.catalog import search
from yichuang.catalog.models import ItemVersion
from yichuang.catalog.packs.folder import Loaded, load_files
from yichuang.catalog.values import ItemRow, Pack
from yichuang.core import citations

# What msgspec knows of a class it writes down half-way through, and a second thread that converts in that moment
# reads the empty half: the whole process dies (SIGSEGV). Here it is written while nobody else can be at it: on import.
_KNOWN = msgspec.json.Decoder(ItemRow)


def row_of(pack: Pack) -> ItemRow:
    """The line of a pack in lists."""
    return ItemRow(
        code=pack.code,
        version=pack.version,
        name=pack.name,
        summary=pack.summary,
        spoken=pack.spoken,
        kind=pack.kind,
        department=pack.department,
        audience=pack.audience,
        themes=pack.themes,
        life_events=pack.life_events,
        marks=pack.marks,
        legal=pack.legal_limit,
        promise=pack.promise_limit,
        visits=pack.visits.count,
        charged=pack.fees.charged,
        letter=search.letter(pack.name.zh),
        ways=pack.ways,
    )


def read_line(text: str, score: float) -> ItemRow:
    """A list line from the text of its JSON."""
    return replace(_KNOWN.decode(text), score=score)


def read_row(data: Any, score: float = 0.0) -> ItemRow:
    """A list line from the database."""
    return replace(msgspec.convert(data, ItemRow), score=score)


def fields_of(loaded: Loaded, pack: Pack, also: Iterable[str] = ()) -> dict[str, Any]:
    """The columns of a version; `also` are words of people kept beside the pack."""
    return {
        "code": pack.code,
        "version": pack.version,
        "digest": pack.digest,
        "files": {name: raw.decode("utf-8") for name, raw in loaded.files.items()},
        "name_zh": pack.name.zh,
        "department": pack.department,
        "kind": pack.kind.value,
        "audience": list(pack.audience),
        "marks": [mark.value for mark in pack.marks],
        "ways": list(pack.ways),
        "themes": [words.zh for words in (*pack.themes, *pack.life_events)],
        "area": pack.scope.area,
        "visits": pack.visits.count,
        "letter": search.letter(pack.name.zh),
        "sort_key": search.sort_key(pack.name.zh),
        "row": msgspec.to_builtins(row_of(pack)),
        "spoken": search.spoken_text(pack, also),
    }


@lru_cache(maxsize=512)
def pack_of(code: str, version: int) -> Pack:
    """The pack of a version, parsed once per process. LookupError when there is none."""
    files = ItemVersion.objects.filter(code=code, version=version).values_list("files", flat=True).first()
    pack = load_files({name: text.encode() for name, text in files.items()}, check=False).pack if files else None
    if pack is None:
        raise LookupError(code)
    citations.know({law.title: law.title_en for law in pack.legal_basis})
    return pack


_applied: dict[str, int] = {}  # the version that applied when this process last asked; no more of them than items


def note_applied(code: str, version: int) -> None:
    """Remember that this version applies."""
    _applied[code] = version


def last_applied(code: str) -> Pack | None:
    """The pack that applied when this process last asked which does; no statement. None where nobody asked yet, or where the
    version was published inside a transaction that was taken back."""
    try:
        return pack_of(code, _applied[code]) if code in _applied else None
    except LookupError:
        _applied.pop(code, None)
        return None
