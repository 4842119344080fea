"""Asking the shared bases (共享查询): on a ground, for a purpose, the fewest fields, and always on record.

A source that fails is an answer ("unknown", with why), never an exception: who asked goes on with a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.core import events, sql
from yichuang.core.actors import Actor
from yichuang.core.compiled import build, insert
from yichuang.core.faults import point
from yichuang.core.ids import new_id
from yichuang.core.masks import mask_name
from yichuang.core.refusals import Reason, refuse_all
from yichuang.core.words import W
from yichuang.registry import local, outside, ports
from yichuang.registry.commands.clashes import note
from yichuang.registry.events import RegistryAsked
from yichuang.registry.local import Looked
from yichuang.registry.masking import masked_key
from yichuang.registry.models import CachedAnswer, Contradiction, RegistryLook
from yichuang.registry.permissions import check_can_ask
from yichuang.registry.rules import plain_data
from yichuang.registry.rules.coding import decoded, encoded
from yichuang.registry.rules.sources import Settled, contradictions, fresh, judged
from yichuang.registry.values import KEEP_FOR, Answer, Base, Clash, Ground, GroundKind, Purpose, Question

DEADLINE = 1.5  # seconds
_TOLD = ("names", "found", "data", "as_of", "valid_until")  # what a newer answer says anew
_BASIS = W("请写明查询的法律依据", "Please name the article that the question rests on")
_CONSENT = W("以同意为依据的查询，要有本人的同意记录", "A question that rests on consent needs the consent on record")


@dataclass(slots=True)
class _Asked:
    """One question on its way: what each source said, and how each did."""

    looked: Looked
    answers: list[Answer] = field(default_factory=list)
    log: list[list[object]] = field(default_factory=list)  # [source, "found"|"none"|fault, ms, cached]

    def add(self, told: Answer, at: datetime, ms: int = 0, *, cached: bool = False) -> None:
        answer = fresh(self.looked.question, told, at)
        self.answers.append(answer)
        self.log.append([answer.source, answer.fault or answer.state, ms, cached])


def ask_local(
    questions: Sequence[Question], *, actor: Actor, ground: Ground, purpose: Purpose, at: datetime
) -> tuple[Answer, ...]:
    """What the local bases say, in the caller's transaction: two statements for all questions, one insert for the log.

    Whose data it is follows from the number that is asked about, for each question by itself: where that person or company
    is in our books they read of it and are told, nobody else; and our own certificates are theirs.
    """
    return ask_local_each([(question, ground) for question in questions], actor=actor, purpose=purpose, at=at)


@sql.joined()
def ask_local_each(
    questions: Sequence[tuple[Question, Ground]], *, actor: Actor, purpose: Purpose, at: datetime
) -> tuple[Answer, ...]:
    """`ask_local` for questions that each rest on a ground of their own: no more statements than for one ground."""
    for ground in dict.fromkeys(ground for _, ground in questions):
        check_ground(ground)
    asked = _asked([question for question, _ in questions], actor, purpose)
    if not asked:
        return ()
    _add_local(asked, at)
    judgements = _judge(asked)
    looks = _record(asked, judgements, actor, [ground for _, ground in questions], purpose, at)
    return _answers(judgements, looks)


def ask(
    questions: Sequence[Question],
    *,
    actor: Actor,
    ground: Ground,
    purpose: Purpose,
    at: datetime,
    deadline: float = DEADLINE,
) -> tuple[Answer, ...]:
    """What all sources of each base say, local and outside, within `deadline` seconds; one answer for each question.

    Not inside a transaction where outside sources are connected (RuntimeError): nothing in the database waits for another
    house. What a source said within its base's time is not asked again; that use is on record like any. Whose data it is:
    see `ask_local`.
    """
    check_ground(ground)
    durable = any(ports.sources_of(question.base) for question in questions)
    with transaction.atomic(durable=durable):
        asked = _asked(questions, actor, purpose)
        if not asked:
            return ()
        _add_local(asked, at)
        calls = _not_cached(asked, at)
    point("registry.before_asking")
    told = outside.ask([(one.looked.spelled, source) for one, source in calls], deadline=deadline, at=at)
    point("registry.after_asking")
    for (one, _), said in zip(calls, told, strict=True):
        one.add(said.answer, at, said.ms)
    with transaction.atomic(durable=durable):
        judgements = _judge(asked)
        _keep([(one, said.answer) for (one, _), said in zip(calls, told, strict=True)], at)
        _note_clashes(asked, judgements, at)
        looks = _record(asked, judgements, actor, [ground] * len(asked), purpose, at)
    return _answers(judgements, looks)


def _answers(judgements: Sequence[tuple[Answer, tuple[Clash, ...]]], looks: Sequence[UUID]) -> tuple[Answer, ...]:
    return tuple(replace(answer, look=look) for (answer, _), look in zip(judgements, looks, strict=True))


def _asked(questions: Sequence[Question], actor: Actor, purpose: Purpose) -> list[_Asked]:
    """The questions looked up, once it is sure that the actor may ask about everybody in them."""
    looked = local.look_up(questions) if questions else []
    check_can_ask(actor, {one.party for one in looked if local.is_number(one)}, purpose.item)
    return [_Asked(one) for one in looked]


def check_ground(ground: Ground) -> None:
    """Raise BASIS_NEEDED, CONSENT_NEEDED: no question without what allows it."""
    reasons = [] if ground.basis.strip() else [Reason("BASIS_NEEDED", _BASIS, "/ground/basis")]
    if ground.kind == "consent" and ground.consent is None:
        reasons.append(Reason("CONSENT_NEEDED", _CONSENT, "/ground/consent"))
    refuse_all(reasons)


def _add_local(asked: Sequence[_Asked], at: datetime) -> None:
    found = local.read([one.looked for one in asked], at=at)
    for number, one in enumerate(asked):
        for answer in found[number]:
            one.add(answer, at)


def _not_cached(asked: Sequence[_Asked], at: datetime) -> list[tuple[_Asked, ports.Source]]:
    """The calls that have to be made; what is kept of earlier ones is added."""
    wanted = [
        (one, source) for one in asked if one.looked.index for source in ports.sources_of(one.looked.question.base)
    ]
    if not wanted:
        return []
    rows = CachedAnswer.objects.filter(key_index__in={one.looked.index for one, _ in wanted}, valid_until__gt=at)
    kept = {(row.key_index, row.source): row for row in rows.order_by("id")}
    calls = []
    for one, source in wanted:
        row = kept.get((one.looked.index, source.code))
        if row is not None and set(one.looked.question.fields) <= set(row.names):
            one.add(_from_cache(one.looked.question, row), at, cached=True)
        else:
            calls.append((one, source))
    return calls


def _from_cache(question: Question, row: CachedAnswer) -> Answer:
    if not row.found:
        return Answer(question.name, question.base, "none", source=row.source, as_of=row.as_of)
    fields = decoded(question.base, {name: row.data[name] for name in question.fields if name in row.data})
    return Answer(question.name, question.base, "found", fields, row.source, row.as_of)


def _judge(asked: Sequence[_Asked]) -> list[tuple[Answer, tuple[Clash, ...]]]:
    """The one answer to each question. What people settled is read only where sources contradict each other."""
    clashing = [one.looked.index for one in asked if contradictions(one.looked.question, one.answers)]
    settled: Mapping[str, Sequence[Settled]] = local.settled(clashing) if clashing else {}
    return [judged(one.looked.question, one.answers, settled.get(one.looked.index, ())) for one in asked]


def _keep(told: Sequence[tuple[_Asked, Answer]], at: datetime) -> None:
    """Answers of outside sources, sealed, for as long as the catalogue says for their base. Of two, what was asked later is
    kept, whichever came last."""
    rows = {
        (one.looked.index, answer.source): CachedAnswer(
            id=new_id(),
            source=answer.source,
            base=answer.base.value,
            key_index=one.looked.index,
            names=list(one.looked.question.fields),
            found=answer.state == "found",
            data=encoded(answer.fields),
            as_of=answer.as_of or at,
            valid_until=at + timedelta(seconds=KEEP_FOR[answer.base]),
        )
        for one, answer in told
        if fresh(one.looked.question, answer, at).state != "unknown"
    }
    kept = [rows[key] for key in sorted(rows)]  # in one order, so that no two wait for each other
    CachedAnswer.objects.bulk_create(kept, ignore_conflicts=True)
    for row in kept:
        same = CachedAnswer.objects.filter(key_index=row.key_index, source=row.source).exclude(id=row.id)
        same.filter(valid_until__lte=row.valid_until).update(**{name: getattr(row, name) for name in _TOLD})


def _note_clashes(
    asked: Sequence[_Asked], judgements: Sequence[tuple[Answer, tuple[Clash, ...]]], at: datetime
) -> None:
    rows = [
        Contradiction(
            id=new_id(),
            base=one.looked.question.base.value,
            key_index=one.looked.index,
            key_masked=masked_key(one.looked.question.base, one.looked.question.key),
            field=clash.field,
            said=plain_data(clash.said),
            found_at=at,
        )
        for one, (_, clashes) in zip(asked, judgements, strict=True)
        for clash in clashes
    ]
    note(rows)


def _record(
    asked: Sequence[_Asked],
    judgements: Sequence[tuple[Answer, tuple[Clash, ...]]],
    actor: Actor,
    grounds: Sequence[Ground],
    purpose: Purpose,
    at: datetime,
) -> list[UUID]:
    """The log, in the transaction that hands the answers out: no log, no data. The id of each line."""
    who = actor.name if actor.kind == "system" else mask_name(actor.name)
    looks = [new_id() for _ in asked]
    insert(
        [
            build(
                RegistryLook,
                id=look,
                at=at,
                base=one.looked.question.base.value,
                names=list(one.looked.question.fields),
                party_id=one.looked.party,
                key_index=one.looked.index,
                by_kind=actor.kind,
                by_id=actor.id,
                by_name_masked=who[:100],
                item=purpose.item[:80],
                purpose=[purpose.words.zh, purpose.words.en],
                ground=ground.kind,
                basis=ground.basis.strip()[:200],
                consent=ground.consent,
                case_number=purpose.case_number[:50],
                state=answer.state,
                sources=one.log,
            )
            for look, one, (answer, _), ground in zip(looks, asked, judgements, grounds, strict=True)
        ]
    )
    point("registry.after_log")
    for (party, kind), bases in _told(asked, grounds).items():
        events.publish(
            RegistryAsked(
                party=party, bases=bases, item=purpose.item, case_number=purpose.case_number, ground=kind, at=at
            )
        )
    return looks


def _told(asked: Sequence[_Asked], grounds: Sequence[Ground]) -> dict[tuple[UUID, GroundKind], tuple[Base, ...]]:
    """Everybody in our books whose number was asked about, on which kind of ground, and in which bases."""
    found: dict[tuple[UUID, GroundKind], dict[Base, None]] = {}
    for one, ground in zip(asked, grounds, strict=True):
        if one.looked.party is not None:
            found.setdefault((one.looked.party, ground.kind), {})[one.looked.question.base] = None
    return {told: tuple(bases) for told, bases in found.items()}
