"""秒批: what a filing is judged on – who it is about, what registers say, which papers it asks for. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from time import monotonic
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases.following import OPEN_STATES
from yichuang.cases.instant import Doubt, Mode
from yichuang.cases.models import AutoDecision, Case, Material
from yichuang.cases.needs import Counted, added_keys, counted_of, facts_for, foresee_facts
from yichuang.cases.rules.instant import MOST_A_DAY, Filed, Paper, doubts_of_conditions, doubts_of_papers
from yichuang.cases.signings import signed_by
from yichuang.cases.states import State
from yichuang.cases.values import MaterialState
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import DecisionDoubt, Judgement, Pack
from yichuang.core import sql
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local
from yichuang.core.compiled import compiled
from yichuang.core.identifiers import check_uscc
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.people import queries as people
from yichuang.registry import commands as registry
from yichuang.registry import ports
from yichuang.registry import queries as certificates
from yichuang.registry.values import KEYS, Answer, Ground, Purpose, Question

PURPOSE = W("自动核对申请信息（秒批）", "Checking a filing automatically")
ALIKE = W(
    "在这之前还有一份没办完的申请，要登记的内容相同",
    "An earlier filing that is still open asks to have the same registered",
)
TYPED_BY_YOU = W(
    "这份申请是您在窗口代填的，请由另一位工作人员决定",
    "You filled this filing in at the window: another member of staff decides on it",
)
_PERSONAL = frozenset({"person", "either"})  # keys by which somebody is asked about; a company's number is nobody's
LEAST = 0.2  # seconds that every ground gets, however long the others took
_LOCK = "SELECT pg_advisory_xact_lock(key) FROM unnest((SELECT $1::bigint[])) AS key"
# The filings of a person that are compared by machine in a day, up to one; no more than are needed to know the bound.
_COMPARED = """
SELECT c.id FROM (
    SELECT id FROM cases_case WHERE applicant_id = $1 AND filed_at >= $2 AND filed_at < $3 AND id <= $4
    UNION SELECT id FROM cases_case WHERE agent_id = $1 AND filed_at >= $2 AND filed_at < $3 AND id <= $4
) c WHERE EXISTS (SELECT 1 FROM cases_autodecision a WHERE a.case_id = c.id) LIMIT $5
"""
_CLAIMED = "SELECT case_id FROM cases_claim WHERE key = ANY((SELECT $1::text[])::text[]) AND case_id < $2"
_OPEN = "SELECT DISTINCT applicant_id = $2 FROM cases_case WHERE id = ANY($1::uuid[]) AND state = ANY($3::text[])"
_MODE = "SELECT mode FROM cases_ruleset WHERE item_code = $1 AND sha = $2 FOR SHARE"


def pack_of(row: AutoDecision, at: datetime) -> Pack:
    """The version that the case was filed under, wherever it has been moved to since."""
    return catalog.get_pack(row.item_code, version=row.item_version, at=at)


def mode_of(row: AutoDecision) -> Mode:
    """How far the rule set may go now; held until the transaction ends, so that nobody switches it off meanwhile."""
    found = sql.row(_MODE, [row.item_code, row.sha])
    return Mode(found[0]) if found else Mode.SHADOW


def foresee_filed(case: UUID, applicant: UUID, agent: UUID | None, rules: tuple[str, str], at: datetime) -> None:
    """`mode_of` and `filed_of` will be asked for in this transaction (see `sql.ahead`). `rules`: item and rule set."""
    sql.ahead(_MODE, rules)
    people.foresee_seen(applicant)
    sql.ahead(_COMPARED, _today(case, agent or applicant, at))


def filed_of(
    case: Case, row: AutoDecision, pack: Pack, questions: Sequence[Question], mode: Mode, at: datetime
) -> Filed:
    """Who filed what for whom, and whom registers would be asked about."""
    applicant = case.known.applicant = case.known.applicant or people.get_party(case.applicant_id)
    signed = signed_by(pack, case)
    named = catalog.people_named(pack, case.answers, case.form, at=case.filed_at)
    asked = frozenset(one.key for one in questions if KEYS[one.base] in _PERSONAL and check_uscc(one.key))
    others = {*asked, *(number for number, _ in named)} - {applicant.id_no}
    return Filed(
        mode=mode,
        unchanged=case.state == State.SUBMITTED.value and case.version == 1,
        number=applicant.id_no if applicant.kind == "person" else "",
        name=applicant.name,
        named=named,
        asked=asked,
        agreed=_agreed(case, at) if others else frozenset(),
        by_agent=case.agent_id is not None,
        by_clerk=not case.known.new and case.encounter is not None and case.encounter.staff_id is not None,
        seen=people.identity_seen(case.applicant_id),
        proved=bool(row.proved),
        today=len(sql.rows(_COMPARED, _today(case.id, case.agent_id or case.applicant_id, at))) + case.known.new,
        signed=signed.numbers if signed else frozenset(),
        signers_seen=signed.seen if signed else True,
    )


def _agreed(case: Case, at: datetime) -> frozenset[str]:
    """The numbers of those for whom the applicant stands in this item, on record: they, or the law, let the applicant ask."""
    rows = people.represented(case.applicant_id, at=at)
    principals = [row.principal for row in rows if not row.items or case.item_code in row.items]
    return frozenset(party.id_no for party in people.list_parties(principals).values())


def _today(case: UUID, person: UUID, at: datetime) -> list[object]:
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return [person, midnight, midnight + timedelta(days=1), case, MOST_A_DAY + 1]


def is_connected() -> bool:
    """Whether an outside source is connected for anything."""
    return bool(ports.all_sources())


def is_local(questions: Sequence[Question]) -> bool:
    """Whether no outside source is connected for any of these: then they are asked inside the deciding transaction."""
    return not any(ports.sources_of(question.base) for question in questions)


def ask(
    pack: Pack, questions: Sequence[Question], number: str, *, at: datetime, deadline: float | None
) -> tuple[Answer, ...]:
    """What the bases say, each on its own ground. `deadline` seconds in all; None: local bases, in this transaction."""
    grounds, purpose = catalog.grounds_of(pack), Purpose(pack.code, number, PURPOSE)
    on = [(question, grounds[question.name.partition(".")[0]]) for question in questions]
    if deadline is None:
        return registry.ask_local_each(on, actor=SYSTEM, purpose=purpose, at=at)
    found: list[Answer] = []
    by_ground: dict[Ground, list[Question]] = {}
    for question, ground in on:
        by_ground.setdefault(ground, []).append(question)
    until = monotonic() + deadline
    for ground, asked in by_ground.items():
        left = max(LEAST, until - monotonic())
        found += registry.ask(asked, actor=SYSTEM, ground=ground, purpose=purpose, at=at, deadline=left)
    return tuple(found)


def claimed_keys(pack: Pack, case: Case) -> Sequence[str]:
    """Blind keys of what the filing asks to have registered and the item's facts count: a name, its sound, an address."""
    if case.known.claimed is None:
        sought = {spec.name for spec in pack.facts if spec.within}
        case.known.claimed = _blind(case, [one for one in counted_of(pack, case) if one[0] not in sought])
    return case.known.claimed


def _sought_keys(pack: Pack, case: Case) -> Sequence[str]:
    """`claimed_keys`, and those of names that the filing's name holds: they may be claimed by others."""
    return _blind(case, counted_of(pack, case))


def _blind(case: Case, told: Sequence[Counted]) -> list[str]:
    no = {"", str(case.applicant_id)}
    return sorted({certificates.key_index(f"{kind}|{key}") for _, kind, key in told if key not in no})


def hold(counted: Sequence[Counted]) -> None:
    """Hold what an item's facts count, and what its grant adds for others to count, until the transaction ends: of two at
    once the second counts the first. In one order for everybody, so that no two wait for each other.

    Nothing is counted under no key, and nothing held. The keys may be of a form that nobody has checked yet.
    """
    if keys := {_lock_of(kind, key) for _, kind, key in counted if key}:
        sql.later(_LOCK, [sorted(keys)], rows=len(keys))


def _lock_of(kind: str, key: str) -> int:
    """The number of a key's lock, made here: the database takes no text with a NUL in it."""
    told = f"cases.at-once.{kind}.{key}".encode(errors="surrogatepass")
    return int.from_bytes(blake2b(told, digest_size=8).digest(), signed=True)


def hold_counted(pack: Pack, case: Case, at: datetime) -> None:
    """`hold` what this case's item counts and adds; what `compare` counts is asked for in one exchange behind that: each statement
    sees what was committed before it. A new case is held and counted since it was read (`Known.new`)."""
    if not case.known.new:
        hold([*counted_of(pack, case), *added_keys(pack, case.applicant_id, case.form)])
        certificates.foresee_types(case.applicant_id, at=at)
        foresee_facts(counted_of(pack, case), at=at)
        _materials.ahead(case.id)
    if sought := _sought_keys(pack, case):
        sql.ahead(_CLAIMED, [sought, case.id])


@compiled
def _materials(case: UUID) -> QuerySet[Material]:
    return Material.objects.filter(case=case).order_by("order")


def _claimed_before(case: Case, keys: Sequence[str]) -> list[Doubt]:
    """What an earlier filing that is still open asks to have registered too. The applicant reads of their own ones only."""
    others = sql.rows(_CLAIMED, [list(keys), case.id]) if keys else []
    found = sql.rows(_OPEN, [[id for (id,) in others], case.applicant_id, OPEN_STATES]) if others else []
    return [Doubt(ALIKE, all(own for (own,) in found), "ALIKE")] if found else []


@dataclass(frozen=True, slots=True)
class Compared:
    """What the table and everything around it say of a filing."""

    judgement: Judgement
    doubts: tuple[Doubt, ...]
    confirmed: tuple[str, ...]  # codes of papers that registers stand for

    @property
    def approves(self) -> bool:
        return self.judgement.approved and not self.doubts


def compare(
    case: Case, pack: Pack, number: str, answers: Sequence[Answer], before: Sequence[Doubt], at: datetime
) -> Compared:
    """Judge by the item's table, as of the filing; `before` are the doubts that stand whatever it says."""
    assert pack.decision is not None
    if case.known.facts is None:
        case.known.facts = facts_for(
            pack,
            case.applicant_id,
            case.form,
            channel=case.channel,
            follow_up=case.follow_up,
            previous=case.previous_id,
            case=case.id,
            at=at,
            counted=counted_of(pack, case),
        )
    facts = {"follow_up": "new"} | case.known.facts
    needs = case.known.needs or catalog.requirements(
        pack.code, pack.version, answers=case.answers, form=case.form, facts=facts, at=at
    )
    rows = _materials(case.id) if case.known.materials is None else case.known.materials
    case.known.materials = rows
    here = [row.code for row in rows if row.state != MaterialState.MISSING.value]
    judgement = catalog.decide(pack, case.answers, case.form, facts, here, answers, at=at)
    stands = {code for code, name in pack.decision.papers.items() if name in judgement.confirmed}
    if pack.signing is not None and signed_by(pack, case) is not None:
        stands |= pack.signing.papers  # what they state is signed by all of them
    papers = [
        Paper(
            Words(row.name_zh, row.name_en),
            row.required,
            row.state == MaterialState.HELD.value,
            row.code in stands,
        )
        for row in rows
    ]
    left = [reason.words for reason in needs.undecided if reason.code not in pack.decision.covers]
    why = judgement.because
    others = catalog.lookups_on_others(pack, case.answers, case.form, number, at=case.filed_at) if why else frozenset()
    doubts = (
        *before,
        *_claimed_before(case, _sought_keys(pack, case)),
        *doubts_of_papers(papers),
        *doubts_of_conditions([reason.words for reason in needs.blocked], left),
        *(_doubt(one, others) for one in why),
    )
    confirmed = tuple(row.code for row in rows if row.code in stands and row.required)
    return Compared(judgement, tuple(dict.fromkeys(doubts)), confirmed)


def _doubt(one: DecisionDoubt, others: frozenset[str]) -> Doubt:
    return Doubt(one.words, not one.lookups & others, one.code)


def sources_of(answers: Sequence[Answer]) -> Mapping[str, str]:
    """How each look-up did: its state, or why it is not known."""
    return {answer.name: answer.fault or answer.state for answer in answers}


def find_case(case: UUID, *, locked: bool) -> tuple[Case, AutoDecision] | None:
    """The case and what is to be judged of it; None when nothing is (any more)."""
    found = (_locked if locked else _case).first(case)
    row = _waiting.first(case) if found else None
    return (found, row) if found is not None and row is not None else None


def foresee_case(case: UUID) -> None:
    """`find_case`, locked, will be asked for in this transaction (see `sql.ahead`)."""
    _locked.ahead(case)
    _waiting.ahead(case)


@compiled
def _case(id: UUID) -> QuerySet[Case]:
    return Case.objects.select_related("department", "encounter").filter(id=id).order_by("id")


@compiled
def _locked(id: UUID) -> QuerySet[Case]:
    rows = Case.objects.select_related("department", "encounter").select_for_update(of=("self",))
    return rows.filter(id=id).order_by("id")


@compiled
def _waiting(case: UUID) -> QuerySet[AutoDecision]:
    return AutoDecision.objects.filter(case=case, state="waiting").order_by("id")


def why_not_by(case: Case, actor: Actor) -> list[Reason]:
    """Why this person cannot grant it: what they typed for the applicant at a window was to be checked by another."""
    if not actor.is_staff or case.encounter is None or case.encounter.staff_id != actor.id:
        return []
    if not AutoDecision.objects.filter(case=case).exists():
        return []
    return [Reason("TYPED_BY_YOU", TYPED_BY_YOU)]
