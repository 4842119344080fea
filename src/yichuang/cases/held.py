"""免证办: what the state holds in the place of papers is fetched into the case (docs/adr/0024). Rows are made here, commands write them.

Asked by the applicant's own number alone, for papers that are needed and were not handed in, on the ground that the pack
names. Whatever is not surely there leaves the paper missing, with the reason: it is told with the other gaps, once.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.cases.fetched import HeldState
from yichuang.cases.models import Case, HeldPaper
from yichuang.cases.rules.held import UNFIT, Said, of_answer, of_certificate
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import HeldSpec, Material, Pack, RequiredMaterial, Requirements
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import build, insert
from yichuang.core.ids import new_id
from yichuang.core.words import W
from yichuang.people import queries as people
from yichuang.people.values import PartyRow
from yichuang.registry import commands as registry
from yichuang.registry import queries as certificates
from yichuang.registry.ports import sources_of
from yichuang.registry.values import BASE_WORDS, KEYS, Answer, Base, Ground, Purpose, Question, Trust

PURPOSE = W("代替您交“{item}”的材料（免证办）", "In the place of papers for “{item}”")
TYPES = ("types",)


@dataclass(frozen=True, slots=True)
class Wish:
    """A paper that may be fetched: the row that will say what became of it."""

    material: Material
    spec: HeldSpec
    row: HeldPaper

    @property
    def ground(self) -> Ground:
        return Ground(self.spec.ground, self.row.basis, self.row.consent)


@dataclass(slots=True)
class Errand:
    """One case's papers on their way: for whom, for what, and what came so far (material → fields)."""

    case: UUID
    number: str
    pack: Pack
    applicant: PartyRow
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    given: frozenset[str]  # codes of what was handed in
    actor: Actor
    at: datetime
    wishes: list[Wish] = field(default_factory=list)
    came: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def rows(self) -> list[HeldPaper]:
        return [wish.row for wish in self.wishes]

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.pack.code, self.number, PURPOSE.format(item=self.pack.name))

    @property
    def asker(self) -> Actor:
        """Who the log names: the clerk at a counter, else the house."""
        return self.actor if self.actor.is_staff else SYSTEM


def fetch(
    errand: Errand, needs: Requirements, *, agreed: Collection[str], facts: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Ask for what is needed and was not handed in; the facts, with what came ("fetched"). Local bases only: what other
    houses have to say waits (`HeldState.WAITING`). Nothing is asked where the pack names nothing."""
    errand.wishes += _wishes(errand, needs, agreed)
    open_ = [wish for wish in errand.wishes if wish.row.state != HeldState.DECLINED.value]
    if not open_:
        return facts
    left = _own(errand, open_)
    for wish in left:
        if is_outside(wish) and wish.row.state == HeldState.SILENT.value:
            wish.row.state = HeldState.WAITING.value
    local = [wish for wish in left if not is_outside(wish)]
    take(
        errand, local, ask_base(errand, [(wish, question_of(wish, errand.applicant)) for wish in local], deadline=None)
    )
    return {**facts, "fetched": errand.came}


def settle(errand: Errand, held: Collection[str]) -> None:
    """Say of each paper for which something came whether it stands for it: `held` is the catalogue's answer."""
    for wish in errand.wishes:
        if wish.row.state == HeldState.FETCHED.value and wish.material.code not in held:
            write(wish.row, Said(HeldState.UNFIT, UNFIT.format(name=wish.spec.name)), None)


def offers(
    pack: Pack,
    needs: Requirements,
    applicant: PartyRow,
    answers: Mapping[str, Any],
    form: Mapping[str, Any],
    *,
    at: datetime,
) -> Mapping[str, HeldSpec]:
    """For which of the needed papers something may be there in their place, of this applicant; by their codes."""
    asked = [m for m in needs.materials if (m.held or m.spec.held is not None) and m.necessity != "optional"]
    if not asked:
        return {}
    theirs = catalog.held_of(pack, applicant.id_no, answers, form, at=at)
    specs = {m.code: spec for m in asked if m.code in theirs and (spec := catalog.held_spec(m.spec)) is not None}
    return {code: spec for code, spec in specs.items() if KEYS[spec.base] in {"either", applicant.kind}}


def _wishes(errand: Errand, needs: Requirements, agreed: Collection[str]) -> Iterator[Wish]:
    found = offers(errand.pack, needs, errand.applicant, errand.answers, errand.form, at=errand.at)
    for material in needs.materials:
        if material.code in found and material.code not in errand.given:
            yield _wish(errand, material, found[material.code], agreed=material.code in agreed)


def _wish(errand: Errand, material: RequiredMaterial, spec: HeldSpec, *, agreed: bool) -> Wish:
    id, by_consent = new_id(), spec.ground == "consent"
    refused = by_consent and not agreed
    row = build(
        HeldPaper,
        id=id,
        case_id=errand.case,
        code=material.code,
        state=(HeldState.DECLINED if refused else HeldState.SILENT).value,
        level=Trust.A.value,
        base=spec.base.value,
        name_zh=spec.name.zh,
        name_en=spec.name.en,
        provider_zh=BASE_WORDS[spec.base].zh,
        provider_en=BASE_WORDS[spec.base].en,
        data={},
        ground=spec.ground,
        basis=errand.pack.cite(spec.basis)[:300],
        consent=id if by_consent and not refused else None,
        asked_at=errand.at,
    )
    return Wish(material.spec, spec, row)


def _own(errand: Errand, wishes: Sequence[Wish]) -> list[Wish]:
    """Take what our own certificate base holds; the rest is left to ask for elsewhere."""
    certificates = [wish for wish in wishes if wish.spec.base is Base.CERTIFICATES]
    left = [wish for wish in wishes if wish.spec.base is not Base.CERTIFICATES]
    for group in _by_ground(certificates):
        types = {str(wish.material.replaces): wish.spec.fields for wish in group}
        found = registry.fetch_certificates(
            types,
            holder=errand.applicant.id,
            actor=errand.asker,
            ground=group[0].ground,
            purpose=errand.purpose,
            at=errand.at,
        )
        for wish in group:
            one = found.get(str(wish.material.replaces))
            if one is not None:
                write(wish.row, of_certificate(one), None)
            if one is not None and wish.row.state == HeldState.FETCHED.value:
                errand.came[wish.material.code] = one.certificate.data
            elif wish.material.held is not None:
                left.append(wish)
    return left


def own_anew(errand: Errand) -> list[Wish]:
    """Look again at what our own base gave, without taking anything out of it while it stands; the wishes that other bases
    are asked for. One that has ended is looked for anew: who renewed it meanwhile need not bring it."""
    left, ended = [], []
    for wish in errand.wishes:
        if wish.row.certificate is None:
            left.append(wish)
            continue
        row = certificates.get_certificate(wish.row.certificate)
        worth = certificates.validity(row, local_date(errand.at))
        if worth == "valid" and wish.row.state == HeldState.FETCHED.value:
            errand.came[wish.material.code] = {name: row.data[name] for name in wish.spec.fields if name in row.data}
        else:
            ended.append(wish)
    return left + _own(errand, ended)


def is_outside(wish: Wish) -> bool:
    """Whether other houses are asked for it."""
    return bool(sources_of(wish.spec.base))


def ask_base(errand: Errand, asked: Sequence[tuple[Wish, Question]], *, deadline: float | None) -> tuple[Answer, ...]:
    """What the bases say, each on its own ground, in the order of the questions. `deadline` seconds for outside sources,
    outside any transaction; None: local bases, in this one."""
    groups: dict[Ground, list[Question]] = {}
    for wish, question in asked:
        groups.setdefault(wish.ground, []).append(question)
    found: dict[str, Answer] = {}
    for ground, questions in groups.items():
        who, purpose, at = errand.asker, errand.purpose, errand.at
        if deadline is None:
            told = registry.ask_local(questions, actor=who, ground=ground, purpose=purpose, at=at)
        else:
            told = registry.ask(questions, actor=who, ground=ground, purpose=purpose, at=at, deadline=deadline)
        found |= {answer.name: answer for answer in told}
    return tuple(found[question.name] for _, question in asked)


def errand_of(case: Case, rows: Sequence[HeldPaper], actor: Actor, at: datetime) -> Errand:
    """The errand of a case that was filed, for these of its papers."""
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    applicant = people.get_party(case.applicant_id)
    errand = Errand(case.id, case.number, pack, applicant, case.answers, case.form, frozenset(), actor, at)
    by_code = {material.code: material for material in pack.materials}
    for row in rows:
        spec = catalog.held_spec(by_code[row.code]) if row.code in by_code else None
        if spec is not None:
            errand.wishes.append(Wish(by_code[row.code], spec, row))
            if row.state == HeldState.FETCHED.value and row.certificate is None:
                errand.came[row.code] = row.data  # until another answer comes
    return errand


def question_of(wish: Wish, applicant: PartyRow) -> Question:
    """What the base is asked, under the material's code: by the applicant's number, with no more fields than are needed."""
    fields = TYPES if wish.spec.base is Base.CERTIFICATES else wish.spec.fields
    return Question(wish.material.code, wish.spec.base, applicant.id_no, fields)


def take(errand: Errand, wishes: Sequence[Wish], answers: Sequence[Answer]) -> None:
    """Write down what the bases said to each question."""
    for wish, answer in zip(wishes, answers, strict=True):
        said = of_answer(certificates.sure(answer), wish.spec.name, wish.material.replaces)
        if said.state is HeldState.SILENT and wish.row.state == HeldState.FETCHED.value:
            continue  # it was there when it was looked for; silence is no reason to ask for the paper after all
        if said.state is HeldState.NOTHING and wish.row.state == HeldState.ENDED.value:
            continue  # our own certificate has ended: that says more
        write(wish.row, said, answer.look)
        errand.came.pop(wish.material.code, None)
        if said.state is HeldState.FETCHED:
            errand.came[wish.material.code] = said.data


def write(row: HeldPaper, said: Said, look: UUID | None) -> None:
    """The row says what came."""
    row.state, row.as_of, row.valid_to = said.state.value, said.as_of, said.valid_to
    row.data, row.number = dict(said.kept), said.number
    row.why_zh, row.why_en = (said.why.zh[:300], said.why.en[:300]) if said.why else ("", "")
    row.look, row.certificate = look or said.look or row.look, said.certificate
    if said.provider is not None:
        row.provider_zh, row.provider_en = said.provider.zh, said.provider.en


def write_held(case: Case, rows: Sequence[HeldPaper]) -> None:
    """Insert what became of each paper; the filing's entry vouches for it."""
    insert(rows)
    case.fresh.extend(rows)


def told_in_entry(errand: Errand) -> dict[str, str]:
    """Of which papers the filing's entry says that they were fetched, and for which the applicant agreed to it."""
    fetched = [row.code for row in errand.rows if row.state == HeldState.FETCHED.value]
    agreed = [row.code for row in errand.rows if row.consent is not None]
    return {
        **({"fetched": ",".join(fetched)} if fetched else {}),
        **({"agreed": ",".join(agreed)} if agreed else {}),
    }


def _by_ground(wishes: Sequence[Wish]) -> list[list[Wish]]:
    groups: dict[Ground, list[Wish]] = {}
    for wish in wishes:
        groups.setdefault(wish.ground, []).append(wish)
    return list(groups.values())
