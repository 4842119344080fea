"""Reading the walk-in form and preparing what it shows. Nothing is judged here: that is `file_case` and the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from yichuang.cases.commands.drafts import store_upload
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, Question
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.people.values import PartyRow
from yichuang.webkit import params
from yichuang.webkit.forms import parse_schema_post
from yichuang.webkit.prefill import prefilled
from yichuang.webkit.uploads import sniff_and_clean

FROM_DOCUMENT = W("证件登记", "the identity document")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was stored with an earlier press of this form."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything that the form holds, so that it can be shown again."""

    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    originals: frozenset[str]
    files: Mapping[str, tuple[Kept, ...]]
    key: str
    reasons: tuple[Reason, ...] = ()
    authority_seen: bool = False
    agreed: frozenset[str] = frozenset()  # papers that the applicant lets us fetch (免证办, by consent)
    confirmed: str = ""  # how the person at the window confirmed what was typed
    commitment: str = ""  # the mark of the letter (告知承诺书) that the applicant signed
    relay: UUID | None = None  # the 接力码 by which it came here
    seen: str = ""  # the mark of the draft as it was opened


def read_answers(request: HttpRequest, pack: Pack) -> dict[str, str]:
    """The answered questions that are asked in this situation, in order: a later one may depend on an earlier."""
    answers: dict[str, str] = {}
    for question in pack.questions:
        asked = {q.id for q in catalog.asked_questions(pack, answers)}
        value = params.text(request, f"answer:{question.id}")
        if question.id in asked and value in {option.value for option in question.options}:
            answers[question.id] = value
    return answers


def questions_of(pack: Pack, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    return catalog.asked_questions(pack, answers)


def read_form(request: HttpRequest, pack: Pack, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The posted form of this situation. Fields that depend on others are read in a second pass."""
    form = parse_schema_post(catalog.form_schema(pack, answers, {}), request.POST)
    return parse_schema_post(catalog.form_schema(pack, answers, form), request.POST)


def known_of(pack: Pack, applicant: PartyRow) -> tuple[dict[str, Any], dict[str, Words]]:
    """What the books say of the applicant, where the form asks for it; and from where each value comes."""
    known = prefilled(pack.form, applicant)
    return known, {f"/{part}/{name}": FROM_DOCUMENT for part, values in known.items() for name in values}


def read_files(request: HttpRequest, actor: Actor, at: datetime) -> tuple[dict[str, tuple[Kept, ...]], list[Reason]]:
    """Store the files that came with this press and keep those of earlier presses; what was refused is told per material."""
    files: dict[str, tuple[Kept, ...]] = {}
    for name, values in request.POST.lists():
        if name.startswith("kept:"):
            files[name.removeprefix("kept:")] = tuple(kept for value in values if (kept := _kept(str(value))))
    reasons: list[Reason] = []
    for field, uploads in request.FILES.lists():
        code = field.removeprefix("file:")
        for upload in uploads:
            try:
                clean = sniff_and_clean(upload.name or "", upload)
                row = store_upload(
                    actor=actor, name=clean.name, kind=clean.kind, content=clean.content, pages=clean.pages,
                    sha256=clean.sha256, at=at,
                )  # fmt: skip
            except Refused as refused:
                reasons += [Reason(r.code, r.words, f"/materials/{code}", r.basis) for r in refused.reasons]
            else:
                files[code] = (*files.get(code, ()), Kept(row.id, row.name))
    return files, reasons


def _kept(value: str) -> Kept | None:
    text, _, name = value.partition("|")
    known = params.uuid_or_none(text)
    return Kept(known, name[:200]) if known else None


def read_codes(request: HttpRequest, prefix: str) -> frozenset[str]:
    """The material codes whose box is ticked: "original:owner_id" → owner_id."""
    return frozenset(name.removeprefix(prefix) for name in request.POST if name.startswith(prefix))
