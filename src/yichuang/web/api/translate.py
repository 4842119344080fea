"""From the rooms' frozen rows to what the API gives; nothing is decided here."""

from collections.abc import Iterable, Mapping
from typing import Any

from yichuang.cases.commitments import CommitmentRow
from yichuang.cases.fetched import HeldRow
from yichuang.cases.instant import Became
from yichuang.cases.pages import CasePage, Deadline, EndingRow, PromiseOffer, TripPage, WayPage, WorkRow
from yichuang.cases.values import CaseHead, DocumentRow, GapItem, MaterialRow, TimelineRow, UploadRow
from yichuang.catalog.values import Commitment, HeldSpec, ItemRow, Pack, Question, RequiredMaterial
from yichuang.core.refusals import Reason
from yichuang.core.words import Words
from yichuang.registry.values import BASE_WORDS

JsonDict = dict[str, Any]


def label(words: Words) -> JsonDict:
    return {"zh": words.zh, "en": words.en}


def became(row: Became) -> JsonDict:
    return {"judged": row.judged.value, "alone": row.alone, "why": [label(words) for words in row.why]}


def reasons(found: Iterable[Reason]) -> list[JsonDict]:
    return [
        {"code": r.code, "field": r.field, "message": r.words.zh, "message_en": r.words.en, "basis": r.basis}
        for r in found
    ]


def item(row: ItemRow) -> JsonDict:
    return {
        "code": row.code,
        "version": row.version,
        "name": row.name.zh,
        "name_en": row.name.en,
        "kind": row.kind.value,
        "department": row.department,
        "summary": row.summary.zh,
        "marks": [mark.value for mark in row.marks],
        "legal_limit": row.legal.words.zh,
        "promise_limit": row.promise.words.zh,
    }


def question(row: Question) -> JsonDict:
    return {
        "id": row.id,
        "text": label(row.text),
        "options": [{"value": option.value, "label": label(option.label)} for option in row.options],
    }


def item_detail(row: ItemRow, pack: Pack) -> JsonDict:
    return {
        **item(row),
        "conditions": [label(c.text) for c in pack.conditions],
        "situations": [question(one) for one in pack.questions],
        "materials": [
            {
                "code": m.code,
                "name": label(m.name),
                "necessity": m.necessity,
                "promise_days": m.promise_days,
                "accept_standard": label(m.accept_standard),
                "basis": m.basis,
            }
            for m in pack.materials
        ],
        "form": dict(pack.form),
        "grounds": pack.grounds(),
        "legal_basis": [f"《{law.title}》{law.article}" for law in pack.legal_basis],
        "fees": label(pack.fees.note),
        "result": label(pack.result.name),
        "faqs": [{"question": label(f.question), "answer": label(f.answer)} for f in pack.faqs],
    }


def required(material: RequiredMaterial) -> JsonDict:
    return {
        "code": material.code,
        "name": label(material.name),
        "necessity": material.necessity,
        "tolerable": material.tolerable,
        "promise_days": material.promise_days,
        "held": material.held,
        "basis": material.basis,
        "why": label(material.why),
    }


def offer(pack: Pack, spec: HeldSpec) -> JsonDict:
    return {
        "name": label(spec.name),
        "base": label(BASE_WORDS[spec.base]),
        "fields": list(spec.fields),
        "ground": spec.ground,
        "basis": pack.cite(spec.basis),
    }


def held(row: HeldRow) -> JsonDict:
    return {
        "state": row.state.value,
        "words": label(row.words),
        "level": row.level.value,
        "name": label(row.name),
        "provider": label(row.provider),
        "number": row.number,
        "valid_to": row.valid_to,
        "said": [{"field": label(field), "value": label(value)} for field, value in row.said],
        "ground": row.ground,
        "basis": row.basis,
        "why": label(row.why) if row.why else None,
        "mark": label(row.mark) if row.mark else None,
        "as_of": row.as_of,
        "asked_at": row.asked_at,
    }


def upload(row: UploadRow) -> JsonDict:
    return {"id": row.id, "name": row.name, "kind": row.kind, "size": row.size, "pages": row.pages}


def case_row(row: WorkRow) -> JsonDict:
    return {
        "number": row.number,
        "item": row.item.zh,
        "applicant": row.applicant_masked,
        "state": row.state.value,
        "words": label(row.words),
        "version": row.version,
        "channel": row.channel,
        "filed_at": row.filed_at,
        "due_at": row.due_at,
        "light": row.light.value,
        "priority": row.priority,
    }


def material(row: MaterialRow) -> JsonDict:
    return {
        "code": row.code,
        "name": label(row.name),
        "state": row.state.value,
        "necessity": row.necessity,
        "tolerable": row.tolerable,
        "due_date": row.due_date,
        "note": label(row.note) if row.note else None,
        "uploads": [upload(u) for u in row.uploads],
        "held": held(row.held) if row.held else None,
    }


def gap(row: GapItem) -> JsonDict:
    return {
        "material": row.material,
        "name": label(row.name),
        "fault": row.fault,
        "words": label(row.words),
        "tolerable": row.tolerable,
    }


def letter(found: PromiseOffer, page: CasePage) -> JsonDict:
    return {
        "mark": found.mark,
        "until": page.promise_until,
        "gaps": [
            {
                "material": gap.material,
                "name": label(gap.name),
                "words": label(gap.words),
                "due_date": found.days[gap.material],
            }
            for gap in found.gaps
        ],
    }


def case(page: CasePage, form: Mapping[str, Any], answers: Mapping[str, Any]) -> JsonDict:
    """`form` and `answers` are what the caller may see of them."""
    return {
        "number": page.number,
        "item": page.item.zh,
        "item_code": page.item_code,
        "item_version": page.item_version,
        "applicant": page.applicant_masked,
        "state": page.state.value,
        "words": label(page.words),
        "sentence": label(page.sentence),
        "turn": page.turn.value,
        "version": page.version,
        "channel": page.channel,
        "filed_at": page.filed_at,
        "due_at": page.due_at,
        "light": page.light.value,
        "answers": dict(answers),
        "form": dict(form),
        "materials": [material(m) for m in page.materials],
        "asked": [gap(g) for g in page.asked],
        "actions": [act.value for act in page.acts],
        "accepted_at": page.accepted_at,
        "accepted_as": page.accepted_as,
        "decided_at": page.decided_at,
        "ending": ending(page.ending) if page.ending else None,
        "trips": trips(page.trips),
        "priority": page.priority,
        "taking_place": label(page.taking_place_name),
        "responsible_place": label(page.responsible_place_name),
        "taken_for_another": page.taken_for_another,
        "result_lies_at": label(page.result.place_name) if page.result and page.result.place else None,
        "result_bound_for": label(page.result.bound_for_name) if page.result and page.result.bound_for else None,
        "commitments": [promised(row) for row in page.commitments],
    }


def promised(row: CommitmentRow) -> JsonDict:
    """告知承诺 of a case."""
    return {
        "id": row.id,
        "code": row.code,
        "name": label(row.name),
        "version": row.version,
        "state": row.state.value,
        "words": label(row.words),
        "document": row.document,
        "signed_at": row.signed_at,
        "checks": [
            {
                "id": check.id,
                "round": check.round,
                "due_date": check.due_date,
                "state": check.state,
                "findings": check.findings,
                "recorded_at": check.recorded_at,
                "mend_by": check.mend_by,
                "order": check.order,
            }
            for check in row.checks
        ],
    }


def commitment(pack: Pack, one: Commitment) -> JsonDict:
    """What the letter of commitment (告知承诺书) tells and promises."""
    return {
        "code": one.code,
        "name": label(one.name),
        "told": [label(words) for words in one.told],
        "promises": [label(words) for words in one.promises],
        "check": label(one.check_words),
        "check_days": one.check_days,
        "consequence": label(one.consequence),
        "published": label(one.published) if one.published else None,
        "basis": pack.cite(one.basis),
    }


def trips(found: TripPage) -> JsonDict:
    """跑动账."""
    return {
        "declared": found.declared,
        "made": found.made,
        "rows": [
            {
                "at": row.at,
                "place": row.place.zh,
                "window": row.window,
                "purpose": row.purpose.value,
                "extra": row.extra,
                "causes": [
                    {
                        "kind": cause.kind.value,
                        "words": label(cause.words),
                        "material": label(cause.material) if cause.material else None,
                        "guide": label(cause.guide) if cause.guide else None,
                        "window": cause.window,
                    }
                    for cause in row.causes
                ],
            }
            for row in found.rows
        ],
    }


def ending(found: EndingRow) -> JsonDict:
    return {
        "title": label(found.title),
        "reasons": found.reasons,
        "basis": list(found.basis),
        "right_organ": found.right_organ,
        "review_organ": label(found.review_organ),
        "court": label(found.court),
        "document": found.document,
    }


def entry(row: TimelineRow) -> JsonDict:
    return {
        "seq": row.seq,
        "at": row.at,
        "act": row.act,
        "words": label(row.words),
        "who": row.who,
        "place": row.place.zh if row.place else "",
        "window": row.window,
        "channel": row.channel,
        "entry": row.entry,
    }


def deadline(found: Deadline) -> JsonDict:
    return {
        "name": label(found.name),
        "due": found.due,
        "due_date": found.due_date,
        "half_days_left": found.half_days_left,
        "days_left": found.days_left,
        "light": found.light.value,
        "certain": found.certain,
        "met": found.met,
        "steps": [{"words": label(s.words), "day": s.day, "basis": s.basis, "days": s.days} for s in found.steps],
    }


def way(page: WayPage) -> JsonDict:
    return {
        "number": page.number,
        "stands": page.stands,
        "steps": [
            {
                "name": label(step.name),
                "state": step.state,
                "departments": [label(office) for office in step.offices],
                "entered_at": step.entered_at,
                "left_at": step.left_at,
            }
            for step in page.steps
        ],
    }


def document(row: DocumentRow) -> JsonDict:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "title": label(row.title),
        "number": row.number,
        "issued_at": row.created_at,
        "href": f"/api/v1/documents/{row.id}",
    }


def head(found: CaseHead) -> JsonDict:
    return {
        "number": found.number,
        "state": found.state.value,
        "version": found.version,
        "documents": list(found.documents),
    }
