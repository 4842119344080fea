"""What is asked of the applicant when an item's turn has come: what nobody could know before, and what its rules found.

Fields, answers and papers can be given; what remains (the item is not offered, a condition is not met) is told with its
words, and the applicant tries again or gives the item up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.bundles import messages
from yichuang.bundles.mine import found_mine
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.packages import package_by_id
from yichuang.bundles.rules import form as forms
from yichuang.bundles.rules.refusal import Fate
from yichuang.cases import queries as cases
from yichuang.cases.values import UploadRow
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, Question, RequiredMaterial, Requirements
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import Words

JsonDict = dict[str, Any]
PAPERS = "/materials/"  # what a reason about a paper points at
LOST = frozenset({"UPLOAD_USED", "UNKNOWN_UPLOAD"})  # a file that cannot be filed any more


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """A paper of the item: what is there already, by its id (None: that file can no longer be had), and whether it is asked."""

    needed: RequiredMaterial
    files: tuple[tuple[UUID, UploadRow | None], ...]
    wrong: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class AskedPart:
    """What is asked of the applicant for an item whose turn has come. `rest`: what nothing on the page can put right."""

    number: str
    slot: str
    name: Words
    questions: tuple[Question, ...]
    answers: Mapping[str, str]
    schema: JsonDict
    form: Mapping[str, Any]
    papers: tuple[AskedPaper, ...]
    reasons: tuple[Reason, ...]
    rest: tuple[Reason, ...]


def reasons_of(part: Part) -> tuple[Reason, ...]:
    """What its turn found wrong with a part, at the fields of the item's own form."""
    rows: list[dict[str, str]] = part.asked or []
    return tuple(Reason(row["code"], Words(row["zh"], row["en"]), row["field"] or None) for row in rows)


def pack_now(part: Part, at: datetime) -> Pack:
    """The item's pack as it applies now. Refused (ITEM_GONE) while the item is not offered."""
    try:
        return catalog.get_pack(part.item_code, at=at)
    except NotFound:
        words = messages.ITEM_NOT_NOW.format(name=Words(part.name_zh, part.name_en))
        raise Refused(Reason("ITEM_GONE", words), kind="gone") from None


# ── what was entered, as the item asks for it now ─────────────────────────────────────────────────────────────────────


def open_questions(pack: Pack, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that the item asks now and that were not answered, or not with one of today's options."""
    return tuple(
        question
        for question in catalog.asked_questions(pack, answers)
        if answers.get(question.id) not in {option.value for option in question.options}
    )


def _open(pack: Pack, kept: Mapping[str, str], now: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions to show: open in what was kept, and asked with what is answered now."""
    settled = {question.id for question in catalog.asked_questions(pack, kept)} - {
        question.id for question in open_questions(pack, kept)
    }
    return tuple(question for question in catalog.asked_questions(pack, now) if question.id not in settled)


def answered(pack: Pack, kept: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The answers with those given to open questions; what is not asked any more is left out."""
    answers = dict(kept)
    for _ in pack.questions:  # an answer may bring up a further question
        new = {one.id: given[one.id] for one in open_questions(pack, answers) if one.id in given}
        if not new or new.items() <= answers.items():
            break
        answers |= new
    asked = {question.id for question in catalog.asked_questions(pack, answers)}
    return {id: value for id, value in answers.items() if id in asked}


def asked_pointers(
    bundle: Bundle, part: Part, pack: Pack, answers: Mapping[str, str], form: JsonDict, *, at: datetime
) -> tuple[str, ...]:
    """The fields of the item's form that the applicant may fill in now: known late, found wrong at its turn, or wrong now."""
    slot = package_by_id(bundle.package_id).slot(part.slot)
    told = {reason.field for reason in reasons_of(part) if reason.field}
    wrong = {one.field for one in catalog.check_form(pack, form, at=at, answers=answers) if one.field} - set(slot.fed)
    return tuple(sorted(slot.later | told | wrong))


def filled(
    bundle: Bundle, part: Part, pack: Pack, answers: Mapping[str, str], given: Mapping[str, Any], *, at: datetime
) -> JsonDict:
    """The item's form with what was given where it was asked; a field that another one brings up counts too."""
    whole: JsonDict = dict((part.filing or {})["form"])
    for _ in range(2):
        for pointer in asked_pointers(bundle, part, pack, answers, whole, at=at):
            value = forms.read(given, pointer)
            if value is not None:
                forms.put(whole, pointer, value)
    return whole


def fitted(bundle: Bundle, part: Part, *, at: datetime) -> JsonDict:
    """What is filed of a part in its turn: without fields, answers and papers that its item no longer asks for."""
    kept, pack = part.filing or {}, pack_now(part, at)
    answers = answered(pack, kept["answers"], {})
    form = catalog.pruned(pack, answers, kept["form"])
    papers: Mapping[str, Sequence[str]] = kept["materials"]
    if papers:
        asked = {one.code for one in needs_of(bundle, pack, answers, form, at=at).materials}
        papers = {code: ids for code, ids in papers.items() if code in asked}
    return {**kept, "answers": answers, "form": form, "materials": papers}


def plainly(part: Part, reasons: Sequence[Reason], at: datetime) -> list[Reason]:
    """The reasons as the applicant is told them: a file that cannot be had any more by its paper's name, once."""
    names = {row.code: row.name for row in pack_now(part, at).materials} if any(r.code in LOST for r in reasons) else {}
    found: dict[tuple[str, str | None], Reason] = {}
    for one in reasons:
        words = one.words
        if one.code in LOST:
            code = (one.field or "").removeprefix(PAPERS)
            words = messages.FILE_LOST.format(name=names.get(code, Words(code, code)))
        found.setdefault((words.zh, one.field), Reason(one.code, words, one.field, one.basis))
    return list(found.values())


def needs_of(
    bundle: Bundle, pack: Pack, answers: Mapping[str, str], form: Mapping[str, Any], *, at: datetime
) -> Requirements:
    """What the item asks of this applicant now."""
    facts = cases.facts_for(pack, bundle.applicant_id, form, channel=bundle.channel, at=at)
    return catalog.requirements(pack.code, pack.version, answers=answers, form=form, facts=facts, at=at)


def givers_of(bundle: Bundle, part: Part) -> tuple[UUID, ...]:
    """Whose files a part was given: of who filed the package, and of everybody who completed it since."""
    later = (UUID(id) for id in (part.filing or {}).get("givers", ()))
    return tuple(dict.fromkeys((bundle.filed_by_id, *later)))


# ── for its page ──────────────────────────────────────────────────────────────────────────────────────────────────────


def get_asked(
    actor: Actor,
    number: str,
    slot: str,
    *,
    at: datetime,
    answers: Mapping[str, str] | None = None,
    form: Mapping[str, Any] | None = None,
) -> AskedPart:
    """For the applicant's side; Conflict while nothing is asked of this item. With what was typed, to show it again."""
    bundle, parts = found_mine(actor, number)
    if slot not in parts:
        raise NotFound(messages.THE_BUNDLE)
    part = parts[slot]
    if part.fate != Fate.ASKING.value:
        raise Conflict(Reason("NOT_ASKING", messages.NOT_ASKING))
    name, told = Words(part.name_zh, part.name_en), reasons_of(part)
    try:
        pack = pack_now(part, at)
    except Refused as gone:
        return AskedPart(number, slot, name, (), {}, {"type": "object"}, {}, (), gone.reasons, gone.reasons)
    kept = (part.filing or {})["answers"]
    now = answered(pack, kept, answers or {})
    whole = filled(bundle, part, pack, now, form or {}, at=at)
    pointers = asked_pointers(bundle, part, pack, now, whole, at=at)
    schema = forms.only(catalog.form_schema(pack, now, whole), pointers)
    papers = _papers(bundle, part, needs_of(bundle, pack, now, whole, at=at).materials, told)
    questions = _open(pack, kept, now)
    shown = {*pointers, *(f"/{one.id}" for one in questions), *(PAPERS + one.needed.code for one in papers)}
    rest = tuple(one for one in told if not _is_at(one.field, shown))
    return AskedPart(number, slot, name, questions, now, schema, whole, papers, told, rest)


def needs_nobody(bundle: Bundle, part: Part) -> bool:
    """Whether nothing that the applicant could give is asked: then the house tries again by itself."""
    slot = package_by_id(bundle.package_id).slot(part.slot)
    return not slot.later and not any(reason.field for reason in reasons_of(part))


def _is_at(field: str | None, shown: Iterable[str]) -> bool:
    return field is not None and any(field == one or field.startswith(f"{one}/") for one in shown)


def _papers(
    bundle: Bundle, part: Part, materials: Iterable[RequiredMaterial], told: Sequence[Reason]
) -> tuple[AskedPaper, ...]:
    held: Mapping[str, Sequence[str]] = (part.filing or {})["materials"]
    rows = _files(bundle, part, [UUID(id) for ids in held.values() for id in ids])
    return tuple(
        AskedPaper(
            one,
            tuple((UUID(id), rows.get(UUID(id))) for id in held.get(one.code, ())),
            tuple(reason for reason in told if _is_at(reason.field, [PAPERS + one.code])),
        )
        for one in materials
        if not one.held
    )


def _files(bundle: Bundle, part: Part, ids: Sequence[UUID]) -> dict[UUID, UploadRow]:
    """Those of the files that can still be filed: nobody has put them into another case since."""
    found: dict[UUID, UploadRow] = {}
    for giver in givers_of(bundle, part):
        rows = cases.list_free_uploads(giver, ids)
        found |= {row.id: row for row in rows}
    return found


def own_files(actor: Actor, ids: Sequence[UUID]) -> bool:
    """Whether all of these files are the actor's own."""
    return len(cases.list_uploads(actor, ids)) == len(set(ids))


def with_giver(filing: JsonDict, giver: UUID) -> JsonDict:
    """The filing of a part to which somebody gave a file."""
    return {**filing, "givers": sorted({*filing.get("givers", ()), str(giver)})}
