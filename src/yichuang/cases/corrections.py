"""更正 as pages show it, and reading what somebody wants corrected."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yichuang.cases.models import Case, Correction, Document
from yichuang.cases.moves import relations_of
from yichuang.cases.needs import facts_for, street_in
from yichuang.cases.permissions import (
    AT_A_WINDOW,
    can_approve_correction,
    can_ask_correction,
    can_read_papers,
    can_see,
    holds_deciding_post,
)
from yichuang.cases.rules import correction as rules
from yichuang.cases.states import State
from yichuang.cases.turns import CORRECTION_WORDS, CorrectionLine, CorrectionRow, CorrectionState, Wish
from yichuang.cases.values import DocumentKind, document_title
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, Requirements
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.masks import mask_by_shape, mask_name
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import PartyRow
from yichuang.registry import queries as base
from yichuang.registry.values import CertificateRow

MOST = 100  # requests on a list
HOLDER = W("持证人", "Holder")
_NAMES = frozenset({"name", "representative", "head"})  # last steps of the form's paths that hold somebody's name
_CREDIT_CODE = "uscc"  # 统一社会信用代码: a group of the form that asks for it is about an organisation
_IDENTITY = ("cn_id", _CREDIT_CODE, "other_id")  # what says whose name stands in a group of the form
_NUMBERS = frozenset({"cn_id", _CREDIT_CODE})  # formats of a form's values that are somebody's identity number


@dataclass(slots=True)
class Mended:
    """What a request comes to: its lines as they are kept, the form and the certificate's data as they shall be."""

    form: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)
    data: dict[str, Any] = field(
        default_factory=dict
    )  # all that the certificate shall say otherwise, and is issued with
    faults: list[Reason] = field(default_factory=list)


def mend(case: Case, wishes: Sequence[Wish], at: datetime) -> Mended:
    """Read the wishes against the case as it stands, with every fault."""
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    schema = catalog.form_schema(pack, case.answers, case.form)
    certificate = base.certificate_of_subject("case", case.id)
    found = Mended(dict(case.form))
    for nth, wish in enumerate(wishes):
        kind, _, target = wish.target.partition(":")
        place = f"/lines/{nth}"
        if kind not in rules.STATES:
            found.faults += _of_nothing(wish, place)
        elif State(case.state) not in rules.STATES[kind]:
            found.faults.append(Reason("NOT_NOW", rules.NOT_NOW, place))
        elif kind == "form":
            _mend_form(found, schema, target, wish, place)
        elif kind == "document":
            _mend_paper(found, case, target, wish, place)
        else:
            _mend_certificate(found, certificate, pack, target, wish, place)
    if certificate is not None:
        _follow_form(found, case, pack, schema, certificate, at)
    if not found.faults and found.form != case.form:
        found.faults += _not_clerical(case, pack, found.form, at)
    return found


def _of_nothing(wish: Wish, place: str) -> list[Reason]:
    """No such value; where none was chosen, whether something else should stand there is known all the same."""
    if wish.target.strip():
        return [Reason("TARGET_UNKNOWN", rules.TARGET_UNKNOWN, place)]
    faults = [Reason("TARGET_NEEDED", rules.CHOOSE_TARGET, place)]
    return faults if wish.new.strip() else [*faults, Reason("VALUE_WRONG", rules.VALUE_NEEDED, f"{place}/new")]


def _mend_form(found: Mended, schema: dict[str, Any], pointer: str, wish: Wish, place: str) -> None:
    leaf = rules.leaf_at(schema, pointer)
    parent = pointer.rpartition("/")[0]
    if leaf is None or (parent and rules.value_at(found.form, parent) is None):
        found.faults.append(Reason("TARGET_UNKNOWN", rules.TARGET_UNKNOWN, place))
        return
    old = rules.value_at(found.form, pointer)
    new, wrong = rules.read(leaf, wish.new)
    if wrong is not None:
        found.faults.append(Reason("VALUE_WRONG", wrong, f"{place}/new"))
    elif new == old:
        found.faults.append(Reason("SAME_VALUE", rules.SAME_VALUE, f"{place}/new"))
    else:
        found.form = rules.with_value(found.form, pointer, new)
        found.lines.append(
            _line(wish.target, leaf.label, old, new, rules.said(leaf, old), rules.said(leaf, new), leaf.personal)
        )


def _mend_paper(found: Mended, case: Case, target: str, wish: Wish, place: str) -> None:
    id = _uuid(target)
    row = Document.objects.filter(case=case, id=id).first() if id else None
    old, new = wish.old.strip(), wish.new.strip()
    if row is None or row.kind == DocumentKind.CORRECTION.value:
        found.faults.append(Reason("TARGET_UNKNOWN", rules.TARGET_UNKNOWN, place))
        return
    wrong = {
        "OLD_NEEDED": (rules.OLD_NEEDED, "old", not 1 <= len(old) <= rules.LONGEST),
        "VALUE_WRONG": (rules.VALUE_NEEDED, "new", not 1 <= len(new) <= rules.LONGEST),
        "SAME_VALUE": (rules.SAME_VALUE, "new", bool(old) and old == new),
        "NOT_IN_PAPER": (rules.NOT_IN_PAPER, "old", bool(old) and not rules.in_paper(row.values, old)),
    }
    faults = [Reason(code, words, f"{place}/{name}") for code, (words, name, bad) in wrong.items() if bad]
    found.faults += faults
    if not faults:
        title = document_title(DocumentKind(row.kind), permit=case.is_permit)
        label = Words(f"《{title.zh}》{row.number}", f"{title.en} {row.number}")
        found.lines.append(_line(wish.target, label, old, new, old, new, personal=True))


def _mend_certificate(
    found: Mended, certificate: CertificateRow | None, pack: Pack, key: str, wish: Wish, place: str
) -> None:
    labels = {"holder": HOLDER} | {one.key: one.label for one in pack.result.fields}
    old = certificate.data.get(key) if certificate else None
    new = wish.new.strip()
    if certificate is None or key not in labels or not isinstance(old, str):
        found.faults.append(Reason("TARGET_UNKNOWN", rules.TARGET_UNKNOWN, place))
    elif not 1 <= len(new) <= rules.LONGEST:
        found.faults.append(Reason("VALUE_WRONG", rules.VALUE_NEEDED, f"{place}/new"))
    elif new == old:
        found.faults.append(Reason("SAME_VALUE", rules.SAME_VALUE, f"{place}/new"))
    elif key in _guarded(pack):
        found.faults.append(Reason("IN_THE_FORM", rules.IN_THE_FORM, place))
    elif key == "holder" and new != people.get_party(certificate.holder).name:
        found.faults.append(Reason("HOLDER_AS_REGISTERED", rules.HOLDER_AS_REGISTERED, f"{place}/new"))
    else:
        found.data[key] = new
        label = Words(f"{certificate.name.zh}：{labels[key].zh}", f"{certificate.name.en}: {labels[key].en}")
        found.lines.append(_line(wish.target, label, old, new, old, new, personal=True))


def _follow_form(
    found: Mended, case: Case, pack: Pack, schema: dict[str, Any], certificate: CertificateRow, at: datetime
) -> None:
    """Add what the certificate takes from the form and would say otherwise; nobody's name or code becomes another's.

    What is judged here is what is issued: one request cannot pass with the one value and bring about the other.
    """
    facts = facts_for(
        pack, case.applicant_id, case.form, channel=case.channel, follow_up=case.follow_up,
        previous=case.previous_id, case=case.id, at=at,
    )  # fmt: skip
    filed = catalog.result_data(pack, case.answers, case.form, facts, at)
    mended = catalog.result_data(pack, case.answers, found.form, facts, at)
    by_form = {key: value for key, value in mended.items() if value != filed.get(key)}
    if found.data.keys() & by_form.keys():
        found.faults.append(Reason("BOTH_WAYS", rules.BOTH_WAYS, "/lines"))
    found.data |= by_form
    holder = people.get_party(certificate.holder)
    whose = _whose(case, pack, schema, filed, holder)
    issued = {**filed, **found.data}
    for place in _numbers_behind(pack, schema):  # also where the line says it masked, or it is only registered by it
        filed[place], issued[place] = rules.value_at(case.form, place), rules.value_at(found.form, place)
        whose[place] = _recorded(case.form, place, None, holder)
    if rules.renamed(filed, issued, whose) or _takes_over(case.form, schema, found.lines, holder):
        found.faults.append(Reason("NAMES_OTHERS", rules.NAMES_OTHERS, "/lines"))


def _whose(
    case: Case, pack: Pack, schema: dict[str, Any], filed: dict[str, Any], holder: PartyRow
) -> dict[str, str | None]:  # fmt: skip
    """The certificate's lines that name a person or an organisation, or say their number: what the holder's record says
    there, None for others'."""
    found: dict[str, str | None] = {}
    for one in pack.result.fields:
        places = [place for path in one.value.paths if (place := _naming(schema, path, personal=one.personal))]
        if places:
            mine = [_recorded(case.form, place, filed.get(one.key), holder) for place in places]
            found[one.key] = next((said for said in mine if said), None)
    return found


def _naming(schema: dict[str, Any], path: str, *, personal: bool) -> str:
    """The JSON pointer of a form's value that names somebody, or is their identity number; "" of any other path.

    A dog and a bank have names too: what is not personal names an organisation where its group asks for the credit code.
    """
    way, _, last = path.rpartition(".")
    if not way.startswith("form."):
        return ""
    group = way.removeprefix("form").replace(".", "/")
    if _is_number(schema, f"{group}/{last}"):
        return f"{group}/{last}"
    if last not in _NAMES:
        return ""
    an_organisation = any(rules.leaf_at(schema, f"{at}/{_CREDIT_CODE}") for at in (group, f"{group}/0"))
    return f"{group}/{last}" if personal or an_organisation else ""


def _is_number(schema: dict[str, Any], pointer: str) -> bool:
    """Whether the form holds somebody's identity number there: in a group, or in the rows of a list."""
    group, _, last = pointer.rpartition("/")
    leaves = (rules.leaf_at(schema, place) for place in (pointer, f"{group}/0/{last}"))
    return any(leaf and (leaf.format in _NUMBERS or last in _IDENTITY) for leaf in leaves)


def _numbers_behind(pack: Pack, schema: dict[str, Any]) -> set[str]:
    """The form's identity numbers that the certificate says or is registered by, as JSON pointers."""
    said = {_naming(schema, path, personal=False) for one in pack.result.fields for path in one.value.paths}
    kept = {pointer for pointers in pack.result.keys.values() for pointer in pointers}
    return {pointer for pointer in said | kept if pointer and _is_number(schema, pointer)}


def _takes_over(
    form: dict[str, Any], schema: dict[str, Any], lines: Sequence[dict[str, Any]], holder: PartyRow
) -> bool:
    """Whether the holder's number shall stand with another's name: the next request would make the name theirs too."""
    for line in lines:
        kind, _, pointer = line["target"].partition(":")
        theirs = kind == "form" and str(line["new"]).strip().upper() == holder.id_no.upper()
        if theirs and _is_number(schema, pointer) and rules.value_at(form, _name_by(pointer)) != holder.name:
            return True
    return False


def _name_by(number: str) -> str:
    """Where the name stands whose number this is: beside `cn_id` it is `name`, beside `head_id` it is `head`."""
    group, _, last = number.rpartition("/")
    return f"{group}/{'name' if last in _IDENTITY else last.removesuffix('_id')}"


def _recorded(form: dict[str, Any], pointer: str, said: Any, holder: PartyRow) -> str | None:
    """What the record says of the holder where this line is theirs; None where it is not.

    A name is the holder's where the holder's identity number was filed with it. A number is where the holder's name was:
    the credit code of the holder that has one, a person's number where only a slip lies between what was filed and the
    record, for people share their names.
    """
    group, _, last = pointer.rpartition("/")
    rows = rules.value_at(form, group)
    here = f"{group}/0" if isinstance(rows, list) and len(rows) == 1 else group
    if last not in _NAMES:
        filed = str(rules.value_at(form, f"{here}/{last}") or "")
        same = rules.value_at(form, _name_by(f"{here}/{last}")) == holder.name
        if last == _CREDIT_CODE:
            return holder.id_no if same and holder.kind == "company" else None
        return holder.id_no if same and holder.kind == "person" and rules.slip(filed, holder.id_no) else None
    numbers = {str(rules.value_at(form, f"{here}/{key}") or "").strip().upper() for key in _IDENTITY}
    theirs = last == "name" and rules.value_at(form, f"{here}/name") == said and holder.id_no.upper() in numbers
    return holder.name if theirs else None


def _guarded(pack: Pack) -> frozenset[str]:
    """The fields of the certificate that say what it is counted by (a chip, a household): the form has the last word there."""
    paths = {"form" + pointer.replace("/", ".") for pointers in pack.result.keys.values() for pointer in pointers}
    return frozenset(one.key for one in pack.result.fields if paths & set(one.value.paths))


def _line(
    target: str, label: Words, old: Any, new: Any, said_old: str, said_new: str, personal: bool
) -> dict[str, Any]:  # fmt: skip
    return {
        "target": target, "label": [label.zh, label.en], "old": old, "new": new, "said": [said_old, said_new],
        "personal": personal,
    }  # fmt: skip


def _not_clerical(case: Case, pack: Pack, form: dict[str, Any], at: datetime) -> list[Reason]:
    """What the corrected form would bring about that it must not: faults, other papers, another limit, a bar."""
    faults = rules.new_faults(
        catalog.check_form(pack, case.form, at=at, answers=case.answers),
        catalog.check_form(pack, form, at=at, answers=case.answers),
    )
    if faults:
        return faults
    before, after = _needs(case, pack, case.form, at), _needs(case, pack, form, at)
    if _shape(before) != _shape(after):
        return [Reason("NOT_CLERICAL", rules.NOT_CLERICAL)]
    here, there = (network.responsible_place(pack.code, street_in(one)).id for one in (case.form, form))
    if here != there:
        return [Reason("OTHER_PLACE", rules.OTHER_PLACE)]
    return rules.new_faults(before.blocked, after.blocked) if State(case.state) in rules.BEFORE_DECISION else []


def _needs(case: Case, pack: Pack, form: dict[str, Any], at: datetime) -> Requirements:
    facts = facts_for(
        pack, case.applicant_id, form, channel=case.channel, follow_up=case.follow_up,
        previous=case.previous_id, case=case.id, at=at,
    )  # fmt: skip
    return catalog.requirements(pack.code, pack.version, answers=case.answers, form=form, facts=facts, at=at)


def _shape(needs: Requirements) -> tuple[object, ...]:
    """What of the requirements a clerical error cannot change: who hands in what, by which path, by when it is decided."""
    papers = tuple((one.code, one.necessity, one.tolerable, one.held) for one in needs.materials)
    return papers, needs.path, needs.legal, needs.promise, needs.promise_with_gaps


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def corrections_of(actor: Actor, case: Case) -> tuple[CorrectionRow, ...]:
    """All of a case, oldest first. No gate: ask for the case first."""
    rows = Correction.objects.filter(case=case).order_by("asked_at", "id")
    return tuple(row_of(actor, case, row) for row in rows)


def row_of(actor: Actor, case: Case, row: Correction) -> CorrectionRow:
    """The request as this actor reads it: personal values masked for staff, whoever only collects the result sees none."""
    relations, state = relations_of(case), CorrectionState(row.state)
    open_now = state is CorrectionState.ASKED
    whole = not actor.is_staff and can_read_papers(actor, relations)
    mine = row.asked_by_party_id == actor.id or row.asked_by_staff_id == actor.id
    return CorrectionRow(
        id=row.id,
        state=state,
        words=CORRECTION_WORDS[state],
        lines=tuple(_shown(line, whole=whole) for line in row.lines),
        reason=row.reason if whole or actor.is_staff else "",
        asked_at=row.asked_at,
        asked_by=mask_name(row.asked_name) if actor.is_staff and row.asked_by_party_id else row.asked_name,
        decided_at=row.decided_at,
        decided_by=row.decided_name,
        note=row.note,
        document=row.document,
        may_decide=open_now
        and can_approve_correction(actor, relations, accepted=case.accepted_at is not None)
        and row.asked_by_staff_id != actor.id,
        # Whoever asked may have become a stranger to the case since (移送): then it is for who decides it now to answer.
        may_withdraw=open_now
        and can_see(actor, relations)
        and (mine or (not actor.is_staff and can_ask_correction(actor, relations))),
    )


def _shown(line: dict[str, Any], *, whole: bool) -> CorrectionLine:
    old, new = line["said"]
    if line["personal"] and not whole:
        old, new = mask_by_shape(old), mask_by_shape(new)
    return CorrectionLine(line["target"], Words(*line["label"]), old, new)


def list_corrections(actor: Actor) -> tuple[tuple[str, Words, CorrectionRow], ...]:
    """(number, item, request) of what waits for this actor's approval, the longest first (at most 100)."""
    if not actor.is_staff:
        return ()
    rows = Correction.objects.filter(_answered_by(actor), state=CorrectionState.ASKED.value)
    rows = rows.exclude(asked_by_staff=actor.id).select_related("case__department").order_by("asked_at", "id")
    found = ((row.case, row_of(actor, row.case, row)) for row in rows[:MOST])
    return tuple(
        (case.number, Words(case.item_name_zh, case.item_name_en), row) for case, row in found if row.may_decide
    )


def _answered_by(actor: Actor) -> Q:
    """The requests that `can_approve_correction` lets this actor answer, for the database: others must not fill the list."""
    wanted = Q(pk__in=())
    judges = [grant for grant in actor.grants if grant.role in AT_A_WINDOW]
    for grant in judges:
        at_place = Q(case__responsible_place=grant.place) if grant.place else Q()
        wanted |= at_place & Q(case__accepted_at=None)
    deciding = [
        row.id
        for row in network.departments_by_id().values()
        if actor.has(roles.REVIEWER, department=row.id) and holds_deciding_post(actor, row.code)
    ]
    decided = Q(case__department__in=deciding)
    for grant in actor.grants:
        if grant.role == roles.CHIEF_REPRESENTATIVE:
            at_place = Q(case__taking_place=grant.place) | Q(case__responsible_place=grant.place)
            of_department = Q(case__department=grant.department) if grant.department else Q()
            decided |= (at_place if grant.place else Q()) & of_department
    return wanted | (decided & Q(case__accepted_at__isnull=False))
