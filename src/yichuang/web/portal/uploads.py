"""Files that come in through the portal: each is cleaned, judged in plain words, and kept; the good ones stay."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import IO, Protocol, cast
from uuid import UUID

from django.http import HttpRequest

from yichuang.cases import queries as cases
from yichuang.cases.commands.drafts import store_upload
from yichuang.cases.pages import DraftRow
from yichuang.cases.values import UploadRow
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import FileRule, RequiredMaterial, Requirements
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.disk import NEARLY_FULL
from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.webkit.params import uuid_or_none
from yichuang.webkit.uploads import sniff_and_clean


class Incoming(Protocol):
    """A file as the framework hands it over."""

    name: str | None

    def read(self, size: int = ..., /) -> bytes: ...


MOST_AT_ONCE = 20
NOTHING = W("请先选择文件", "Please choose a file first")
TOO_MANY = W("这份材料最多 {most} 个文件，请先删除多余的", "At most {most} files for this paper: remove one first")
NAMED = W("“{name}”：{words}", "“{name}”: {words}")


def store(
    request: HttpRequest, actor: Actor, name: str, *, at: datetime, rule: FileRule | None = None, had: int = 0
) -> tuple[list[UUID], list[Reason]]:
    """Keep every good file of the input `name`; the ids, and every reason against the others (field = `name`)."""
    given = request.FILES.getlist(name)[:MOST_AT_ONCE]
    ids: list[UUID] = []
    reasons: list[Reason] = []
    for file in given:
        if rule is not None and had + len(ids) >= rule.most:
            reasons.append(Reason("TOO_MANY_FILES", TOO_MANY.format(most=rule.most), name))
            break
        try:
            ids.append(_keep(actor, file, rule, at))
        except Refused as refused:
            reasons += [replace(r, words=_named(file, r.words), field=name) for r in refused.reasons]
    if not given:
        reasons.append(Reason("NO_FILE", NOTHING, name))
    return ids, reasons


def refused(reasons: Sequence[Reason]) -> Refused:
    """Why files were not kept; of a nearly full disk it is not their fault (503)."""
    full = any(reason.code == NEARLY_FULL.code for reason in reasons)
    return Refused(*reasons, kind="unavailable" if full else "invalid")


def _named(file: Incoming, words: Words) -> Words:
    shown = str(file.name or "file")[:80]
    return words if shown in words.zh else NAMED.format(name=shown, words=words)


def _keep(actor: Actor, file: Incoming, rule: FileRule | None, at: datetime) -> UUID:
    clean = sniff_and_clean(str(file.name or "file"), cast(IO[bytes], file))
    if rule is not None:
        refuse_all(catalog.file_faults(rule, [clean], field=""))
    row = store_upload(
        actor=actor, name=clean.name, kind=clean.kind, content=clean.content, pages=clean.pages, sha256=clean.sha256,
        at=at,
    )  # fmt: skip
    return row.id


def of_draft(actor: Actor, draft: DraftRow) -> dict[str, tuple[UploadRow, ...]]:
    """Material → its files, in one statement."""
    wanted = [UUID(i) for ids in draft.materials.values() for i in ids]
    rows = {row.id: row for row in cases.list_uploads(actor, wanted)}
    return {code: tuple(rows[UUID(i)] for i in ids if UUID(i) in rows) for code, ids in draft.materials.items() if ids}


def kept(request: HttpRequest, actor: Actor, codes: Sequence[str]) -> dict[str, tuple[UploadRow, ...]]:
    """Files of this page that came in before and wait for its main button: named in the page, looked up as the actor's own."""
    named = {
        code: [i for v in request.POST.getlist(f"kept:{code}")[:50] if (i := uuid_or_none(str(v)))] for code in codes
    }
    rows = {row.id: row for row in cases.list_uploads(actor, [i for ids in named.values() for i in ids])}
    return {code: tuple(rows[i] for i in ids if i in rows) for code, ids in named.items()}


PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic", ".heic")  # any picture is taken where one is
_TAKEN: Mapping[str, tuple[str, ...]] = {"pdf": ("application/pdf",), "ofd": (".ofd",)}


def accepts(rule: FileRule) -> str:
    """What a paper's picker offers (HTML `accept`), as `catalog.file_faults` judges."""
    pictures = PICTURES if {"jpg", "jpeg", "png", "heic", "webp"} & {*rule.kinds} else ()
    others = tuple(taken for kind in rule.kinds for taken in _TAKEN.get(kind, ()))
    return ",".join((*pictures, *others))


def due_day(material: RequiredMaterial, needs: Requirements, *, at: datetime) -> date | None:
    """By when a paper may follow if the case were accepted today; None where it may not."""
    if not material.tolerable:
        return None
    return catalog.gap_due(material.promise_days, needs.promise_with_gaps, local_date(at), network.working_calendar())


def merged(first: Mapping[str, Sequence[UploadRow]], second: Mapping[str, Sequence[UUID]]) -> dict[str, list[UUID]]:
    """Material → ids of all files, those kept before and those just stored; papers without files left out."""
    ids = {code: [*(row.id for row in first.get(code, ())), *second.get(code, ())] for code in {*first, *second}}
    return {code: found for code, found in ids.items() if found}
