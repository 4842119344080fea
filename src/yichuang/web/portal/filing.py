"""What the filing pages know of a draft: its item, its steps, its form in this situation, what it needs, what is wrong.

Nothing is judged here: forms, answers and requirements are judged by the catalogue, and again when the case is filed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.cases import queries as cases
from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.pages import DraftRow
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Foresight, HeldSpec, NamedSigner, Pack, Requirements
from yichuang.core.actors import Actor, Channel
from yichuang.core.identifiers import normal_id
from yichuang.core.words import W, Words
from yichuang.people import queries as people
from yichuang.people.values import FaceState, PartyRow
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import JsonDict, Subject, subjects
from yichuang.webkit.prefill import prefilled

SITUATION, MATERIALS, CHECK, FORM = "situation", "materials", "check", "form-"
STEP_WORDS = {
    SITUATION: W("您的情况", "Your situation"),
    MATERIALS: W("上传材料", "Your papers"),
    CHECK: W("核对并提交", "Check and submit"),
}
MY_ACCOUNT = W("您的账号信息", "your account")
Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the wizard. `subject` only on pages of the form."""

    id: str
    words: Words
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A draft with its item in the version that applies now."""

    draft: DraftRow
    pack: Pack
    schema: JsonDict
    steps: tuple[Step, ...]
    applicant: PartyRow

    def step(self, id: str) -> Step | None:
        """The step of that name, or None."""
        return next((step for step in self.steps if step.id == id), None)

    def number(self, id: str) -> int:
        """Which page of the wizard this is, from 1."""
        return [step.id for step in self.steps].index(id) + 1

    def after(self, id: str) -> str:
        """The step that follows."""
        return self.steps[min(self.number(id), len(self.steps) - 1)].id

    def before(self, id: str) -> str:
        """The step that goes before, or an empty text on the first."""
        here = self.number(id)
        return self.steps[here - 2].id if here > 1 else ""


def open_draft(actor: Actor, draft: UUID, *, at: datetime) -> Work:
    """The draft with its item. A draft of a version that no longer applies moves to the present one, losing no word."""
    row = cases.get_draft(actor, draft)
    pack = catalog.get_pack(row.item_code, at=at)
    if pack.version != row.item_version:
        keep(actor, row, at=at, version=pack.version)
        row = cases.get_draft(actor, draft)
    schema = schema_of(pack, row.answers, row.form)
    party = people.get_party(row.applicant or actor.id or draft)
    return Work(row, pack, schema, steps_of(pack, schema), party)


def keep(
    actor: Actor,
    row: DraftRow,
    *,
    at: datetime,
    answers: Form | None = None,
    form: Form | None = None,
    step: str | None = None,
    version: int | None = None,
) -> None:
    """Save the draft with what changed."""
    save_draft(
        actor=actor,
        draft=row.id,
        item_code=row.item_code,
        item_version=version or row.item_version,
        answers=row.answers if answers is None else answers,
        form=row.form if form is None else form,
        materials=row.materials,
        applicant=row.applicant,
        step=step or row.step,
        at=at,
    )


def steps_of(pack: Pack, schema: Form) -> tuple[Step, ...]:
    """The pages of this filing, in order."""
    first = (Step(SITUATION, STEP_WORDS[SITUATION]),) if pack.questions else ()
    middle = tuple(Step(FORM + subject.id, subject.label, subject) for subject in subjects(schema))
    return (*first, *middle, Step(MATERIALS, STEP_WORDS[MATERIALS]), Step(CHECK, STEP_WORDS[CHECK]))


def schema_of(pack: Pack, answers: Form, form: Form) -> JsonDict:
    """The form of this situation as a page draws it: places are picked by name, nobody types their codes."""
    return with_places(catalog.form_schema(pack, answers, form))


def answered(pack: Pack, given: Mapping[str, str]) -> dict[str, str]:
    """The answers that fit: only what is asked after the answers before, only what was offered."""
    answers: dict[str, str] = {}
    for question in pack.questions:
        asked = {q.id for q in catalog.asked_questions(pack, answers)}
        value = given.get(question.id, "")
        if question.id in asked and value in {option.value for option in question.options}:
            answers[question.id] = value
    return answers


def needs_of(work: Work, *, at: datetime) -> Requirements:
    """What this applicant needs, from the item's rules, the answers, the form and what the state holds."""
    form, facts = _known(work, at)
    return catalog.requirements(work.pack.code, work.pack.version, work.draft.answers, form, facts, at)


def offers_of(work: Work, needs: Requirements, *, at: datetime) -> Mapping[str, HeldSpec]:
    """The papers that are not known to be held yet, in whose place something may be fetched when this is filed (免证办)."""
    form = catalog.pruned(work.pack, work.draft.answers, work.draft.form)
    found = cases.held_offers(work.pack, needs, work.applicant, work.draft.answers, form, at=at)
    known = {m.code for m in needs.materials if m.held} | {code for code, ids in work.draft.materials.items() if ids}
    return {code: spec for code, spec in found.items() if code not in known}


def fetched_of(work: Work, offers: Mapping[str, HeldSpec]) -> frozenset[str]:
    """Those of them that will be fetched: by duty, or because the applicant agrees."""
    return frozenset(code for code, spec in offers.items() if spec.ground == "duty" or code in work.draft.agreed)


def faster_way(
    work: Work, needs: Requirements, instead: frozenset[str], *, own: bool, at: datetime
) -> Foresight | None:
    """差一步秒批: what stands between this filing and a decision on the spot; None where that is not to be had.

    `own`: who files it could have it decided at once. `instead`: papers for which the signatures of all will stand.
    """
    if not own or not cases.decides_alone(work.pack):
        return None
    form, facts = _known(work, at)
    provided = {code for code, ids in work.draft.materials.items() if ids} | {m.code for m in needs.materials if m.held}
    return catalog.foresee(work.pack, work.draft.answers, form, facts, provided, at=at, instead=instead)


def _known(work: Work, at: datetime) -> tuple[Form, dict[str, Any]]:
    """The form of this situation, and what the state holds."""
    form = catalog.pruned(work.pack, work.draft.answers, work.draft.form)
    facts = cases.facts_for(
        work.pack, work.applicant.id, form, channel=Channel.PORTAL.value,
        follow_up=work.draft.follow_up, previous=work.draft.previous, at=at,
    )  # fmt: skip
    return form, facts


def face_of(work: Work, actor: Actor, *, at: datetime) -> FaceState | None:
    """刷脸核验, where a condition of this situation asks for it, the applicant is who files, and a platform is there."""
    fact = cases.face_fact(work.pack)
    if not fact or work.applicant.id != actor.id:
        return None
    form, facts = _known(work, at)
    facts.pop(fact, None)  # what would be open without it
    needs = catalog.requirements(work.pack.code, work.pack.version, work.draft.answers, form, facts, at)
    if not asking_for_a_face(work) & {one.code for one in needs.undecided}:
        return None
    state = people.face_state(work.applicant.id, item=work.pack.code, at=at)
    return state if state.offered else None


def asking_for_a_face(work: Work) -> set[str]:
    """The conditions of the item that look at the score of a face."""
    fact = cases.face_fact(work.pack)
    return {one.code for one in work.pack.conditions if fact and one.check and f"facts.{fact}" in one.check.paths}


def conditional_pointers(pack: Pack, schema: Form, subject: Subject) -> tuple[str, ...]:
    """The fields on this page that depend on another field and are shown now."""
    here = tuple(pointer for name in subject.names for pointer in _pointers("/" + name, schema["properties"][name]))
    return tuple(pointer for pointer in here if pointer in pack.form_conditions)


def _pointers(pointer: str, node: Form) -> Iterator[str]:
    yield pointer
    for name, child in node.get("properties", {}).items():
        yield from _pointers(f"{pointer}/{name}", child)


def may_change(pack: Pack, subject: Subject) -> bool:
    """Whether the page of the subject has fields that come and go with others."""
    return any(pointer.startswith(f"/{name}/") for pointer in pack.form_conditions for name in subject.names)


# ── what the account knows already ────────────────────────────────────────────────────────────────────────────────


def origins_of(work: Work) -> dict[str, Words]:
    """Pointer → where the value came from, for what still is as the account says."""
    own = prefilled(work.pack.form, work.applicant)
    return {
        f"/{name}/{key}": MY_ACCOUNT
        for name, part in own.items()
        for key, value in part.items()
        if isinstance(work.draft.form.get(name), Mapping) and work.draft.form[name].get(key) == value
    }


def others_to_sign(work: Work, actor: Actor, *, at: datetime) -> tuple[NamedSigner, ...]:
    """Who else signs this application (共同签署), where the applicant files for themselves and is one of those who sign."""
    signers = catalog.signers_of(work.pack, work.draft.answers, work.draft.form, at=at)
    own = normal_id(work.applicant.id_no)
    if work.applicant.id != actor.id or own not in {one.number for one in signers}:
        return ()
    return tuple(one for one in signers if one.number != own)


def signed_instead(work: Work, actor: Actor, *, at: datetime) -> frozenset[str]:
    """The papers for which the signatures of all will stand, where others sign too."""
    if work.pack.signing is None or not others_to_sign(work, actor, at=at):
        return frozenset()
    return work.pack.signing.papers


def answered_questions(work: Work) -> list[tuple[Words, Words]]:
    """The questions of the situation with what was chosen."""
    rows = []
    for question in catalog.asked_questions(work.pack, work.draft.answers):
        chosen = next((o.label for o in question.options if o.value == work.draft.answers.get(question.id)), None)
        rows.append((question.text, chosen or W("—", "—")))
    return rows
