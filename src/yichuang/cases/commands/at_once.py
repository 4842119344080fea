"""秒批: a filing is judged by the table of its item as soon as it is filed, and granted where nothing is doubtful (docs/adr/0020).

The filing stands before any of this begins and is harmed by nothing in it: whatever breaks, it lies with a person.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import following, messages, papers, tellings
from yichuang.cases.commands.accept import accept_locked
from yichuang.cases.commands.checks import foresee_checks
from yichuang.cases.commands.serve import counters_of, serve_grant
from yichuang.cases.comparing import (
    Compared,
    ask,
    claimed_keys,
    compare,
    filed_of,
    find_case,
    foresee_case,
    foresee_filed,
    hold_counted,
    is_connected,
    is_local,
    mode_of,
    pack_of,
    sources_of,
)
from yichuang.cases.filing import Filing
from yichuang.cases.instant import Became, Doubt, JudgedBy, Mode, doubt_of
from yichuang.cases.models import AutoDecision, Case, Claim, Decision, Material
from yichuang.cases.rules.instant import AGAIN, BROKEN, again_after, as_applicant, doubts_of, is_silent, may_ask
from yichuang.cases.states import Act, State
from yichuang.cases.values import AcceptedAs, DocumentKind, MaterialState
from yichuang.cases.vouch import fresh_facts
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core import clock, faults, jobs, ledger, live, numbers, sql
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.compiled import build, insert, update
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import PROOF_LIFE, Proof
from yichuang.registry.values import Answer

log = logging.getLogger(__name__)
DEADLINE = 1.5  # seconds for outside sources, within the request that files
JUDGED = "judge-at-once"  # the ledger's name for a judgement that decided nothing
_SAVED = (
    "mode",
    "state",
    "verdict",
    "codes",
    "doubts",
    "inputs",
    "record",
    "sources",
    "error",
    "tries",
    "judged_at",
    "acted",
)


def check_proof(actor: Actor, proof: Proof | None, at: datetime) -> None:
    """Raise when the proof is another's, or older than five minutes; none is none."""
    if proof is not None and (proof.party != actor.id or not proof.at <= at < proof.at + PROOF_LIFE):
        raise Refused(Reason("PROOF_STALE", messages.PROOF_STALE, "/password"))


def await_judgement(case: Case, pack: Pack, proof: Proof | None, at: datetime) -> bool:
    """Put on record, with the filing, that it is to be judged, and see to it that it will be; False: its item has no table."""
    if pack.decision is None:
        return False
    row = _asked(case, pack, pack.decision.sha, proof, at)
    insert([row])
    case.fresh.append(row)
    jobs.put(decide_at_once_job, lock=_lock(case.id), run_at=at + AGAIN[0], case=case.id)
    return True


def _asked(case: Case, pack: Pack, sha: str, proof: Proof | None, at: datetime) -> AutoDecision:
    """That it is to be judged, and by which rules; with what it claims, which is written here."""
    if claims := [build(Claim, case_id=case.id, key=key) for key in claimed_keys(pack, case)]:
        insert(claims)
    return build(
        AutoDecision,
        case_id=case.id,
        item_code=pack.code,
        item_version=pack.version,
        sha=sha,
        mode=Mode.SHADOW.value,
        inputs={},
        proved=proof.how if proof else "",
        asked_at=at,
    )


# How long a filing waits for numbers of its department; it is filed by itself then, and decided behind that.
_IMPATIENT = "SELECT set_config('lock_timeout', '250ms', true)"


class Apart(Exception):
    """A filing cannot be judged in its own transaction; nothing of it is kept."""


def judges_with(actor: Actor, filing: Filing, pack: Pack) -> bool:
    """Whether such a filing may be judged in its own transaction: nothing outside is asked, it is somebody's own, first
    application, by itself, which promises nothing and which nobody else signed."""
    plain = not (filing.agent or filing.previous or filing.follow_up or filing.package)
    alone = not (filing.signing or filing.commitment or pack.signing)
    own = actor.kind == "person" and filing.applicant in {None, actor.id}
    return pack.decision is not None and own and plain and alone and not is_connected()


def foresee_judgement(case: UUID, applicant: UUID, pack: Pack, at: datetime) -> None:
    """`judge_filed` will be called in this transaction (see `sql.ahead`)."""
    assert pack.decision is not None
    foresee_filed(case, applicant, None, (pack.code, pack.decision.sha), at)


def judge_filed(case: Case, pack: Pack, proof: Proof | None, at: datetime) -> Became:
    """Judge a case in the transaction that files it, and write case, papers and judgement as they stand then.

    `Known` has what the filing read and made; what the item counts is held since before that was read. Raises Apart where it
    is refused or has to wait: that, and whatever else this raises, must undo the filing, which is then made by itself.
    """
    assert pack.decision is not None
    row = _asked(case, pack, pack.decision.sha, proof, at)
    try:
        became = _judge(case, row, pack, None, at)
    except Refused as refused:
        raise Apart from refused
    assert became is not None  # what has to wait is judged apart
    if not became.alone:  # else one message told of both
        assert case.known.applicant is not None
        tellings.tell_filed(case, applicant=case.known.applicant, at=at)
    insert(case.known.materials or ())
    if case._state.adding:  # no act moved it
        insert([case])
    return became


def decide_at_once(*, case: UUID, at: datetime, deadline: float = DEADLINE) -> Became | None:
    """Judge a filed case and grant it where its rule set may; what became of it. Never raises, decides once.

    Not inside a transaction where outside sources are connected: they are asked for at most `deadline` seconds, and when
    they are silent the case waits for its job. None where there is nothing to say (no table; broken, and told to the log).
    """
    try:
        return _decide(case, at, deadline, queued=True)
    except Exception:  # the filing stands and must not be answered with an error because of this
        number = _error_number()
        log.exception("deciding at once broke: error %s", number)
        try:
            _note_broken(case, number, at)
        except Exception:  # nor by what cannot even be written down: its job comes
            log.exception("and could not be noted: error %s", number)
        return None


@jobs.job(name="cases.decide_at_once")
def decide_at_once_job(case: UUID) -> None:
    """A filing whose sources were silent, or whose request ended before it was judged."""
    decide_again(case=case, at=clock.now())


def decide_again(*, case: UUID, at: datetime, deadline: float = 3 * DEADLINE) -> Became | None:
    """`decide_at_once` for the job, which has more time: what breaks goes to a person for good."""
    try:
        return _decide(case, at, deadline)
    except Exception:
        number = _error_number()
        log.exception("deciding at once broke: error %s", number)
        _note_broken(case, number, at)
        return None


def _decide(case: UUID, at: datetime, deadline: float, *, queued: bool = False) -> Became | None:
    """`queued`: its job waits already, so that silent sources are not asked by two chains of jobs."""
    said = _ask_outside(case, at, deadline) if is_connected() else None
    with transaction.atomic(), sql.together():
        foresee_case(case)
        with network.one_look():
            return _settle(case, said, at, queued=queued)


def _ask_outside(case: UUID, at: datetime, deadline: float) -> Sequence[Answer] | None:
    """What all sources say, where one of them lies outside: nothing in the database waits for it. None: only local ones
    are asked, or there is nothing to judge."""
    found = find_case(case, locked=False)
    if found is None:
        return None
    filing, row = found
    pack = pack_of(row, at)
    questions = catalog.questions_of(pack, filing.answers, filing.form, at=filing.filed_at)
    if is_local(questions):
        return None
    with transaction.atomic():
        asks = may_ask(filed_of(filing, row, pack, questions, mode_of(row), at))
    return ask(pack, questions, filing.number, at=at, deadline=deadline) if asks else ()


def _settle(id: UUID, said: Sequence[Answer] | None, at: datetime, *, queued: bool) -> Became | None:
    """One transaction: lock, then `_judge`."""
    found = find_case(id, locked=True)
    if found is None:
        return became_of(id)
    case, row = found
    people.foresee_party(case.applicant_id)
    foresee_filed(case.id, case.applicant_id, case.agent_id, (row.item_code, row.sha), at)
    return _judge(case, row, pack_of(row, at), said, at, queued=queued)


def _judge(
    case: Case, row: AutoDecision, pack: Pack, said: Sequence[Answer] | None, at: datetime, *, queued: bool = False
) -> Became | None:
    """Look at what stands of it (again), ask, judge, write."""
    faults.point("at_once.before_judging")
    questions = catalog.questions_of(pack, case.answers, case.form, at=case.filed_at)
    mode = mode_of(row)
    filed = filed_of(case, row, pack, questions, mode, at)
    before = doubts_of(filed)
    row.mode, row.tries = mode.value, row.tries + 1
    if not may_ask(filed):
        return _hand_over(case, row, before, at)
    hold_counted(pack, case, at)
    following.foresee_grant(case)
    foresee_checks(case)
    if said is None:
        said = ask(pack, questions, case.number, at=at, deadline=None)
    row.sources = dict(sources_of(said))
    wait = again_after(row.tries) if not before and is_silent([answer.fault for answer in said]) else None
    if wait is not None:
        return _wait(case, row, at + wait, queued=queued)
    compared = compare(case, pack, filed.number, said, before, at)
    faults.point("at_once.after_comparing")
    row.codes, row.inputs = list(compared.judgement.codes), dict(compared.judgement.inputs)
    row.record = compared.judgement.record
    if not compared.approves:
        return _hand_over(case, row, compared.doubts, at)
    row.verdict = "approve"
    if mode is not Mode.ALONE:
        return _keep(case, row, at)
    if case.known.new:
        return _grant(case, row, compared, at)
    try:
        with transaction.atomic():
            return _grant(case, row, compared, at)
    except Refused as refused:  # of the certificate base, mostly: a number taken, a name registered this second
        again = Case.objects.select_related("department", "encounter").get(id=case.id)
        doubts = [Doubt(reason.words, False, reason.code) for reason in refused.reasons]
        return _hand_over(again, row, doubts, at)


def _wait(case: Case, row: AutoDecision, until: datetime, *, queued: bool) -> Became | None:
    """Silent sources are asked once more by its job; where that waits already (it was queued with the filing), by that one."""
    if case.known.new:
        raise Apart
    row.save(update_fields=["tries"])
    if not queued:
        jobs.enqueue(decide_at_once_job, lock=_lock(case.id), run_at=until, case=case.id)
    return became_of(case.id)


def _hand_over(case: Case, row: AutoDecision, doubts: Sequence[Doubt], at: datetime) -> Became:
    """To a person, with every doubt named."""
    row.verdict, row.acted = "person", False
    row.doubts = [one.kept() for one in doubts]
    return _keep(case, row, at)


def _keep(case: Case, row: AutoDecision, at: datetime) -> Became:
    """Write the judgement that decides nothing; its entry tells nobody what it was, but vouches for it."""
    row.state, row.judged_at = JudgedBy.DONE.value, at
    _save(case, row)
    _vouch(case, row, at)
    return _became(case, row)


def _save(case: Case, row: AutoDecision) -> None:
    if case.known.new:
        insert([row])
    else:
        update(AutoDecision, [row.id], **{name: getattr(row, name) for name in _SAVED})
    case.fresh.append(row)


def _vouch(case: Case, row: AutoDecision, at: datetime) -> None:
    ledger.append(
        act=JUDGED,
        actor=SYSTEM,
        at=at,
        subject=Subject("case", case.id),
        detail={"rule_set": row.sha[:16], "mode": row.mode, "judged": row.state},
        facts=fresh_facts(case),
        nth=case.known.next_entry(),
    )
    live.tell(f"case:{case.id}")


def _grant(case: Case, row: AutoDecision, compared: Compared, at: datetime) -> Became:
    """Accept and grant, as anybody who may would: the commands' own inner parts, by the system."""
    refuse_all(following.why_not_grant(case), kind="conflict")
    case.known.alone = case.known.plain = True  # as it was filed, and ours until the end
    pack = pack_of(row, at)
    _hold(case, compared.confirmed)
    row.state, row.judged_at, row.acted = JudgedBy.DONE.value, at, True
    _save(case, row)
    told = {"automatic": _automatic(row)}
    if case.known.new:  # the region's next number is held: everybody's filing would wait for this department's
        sql.later(_IMPATIENT, [], rows=1)
    with numbers.at_hand([papers.counter_of(case, DocumentKind.ACCEPTANCE, at), *counters_of(case, pack.result, at)]):
        accept_locked(
            case, actor=SYSTEM, act=Act.ACCEPT, accepted_as=AcceptedAs.FULL, at=at, extra=told, reviewed=False
        )
        faults.point("at_once.after_acceptance")
        _write_decision(case, row, at)
        serve_grant(case, actor=SYSTEM, act=Act.GRANT, at=at, told=told)
    live.tell(f"case:{case.id}")
    return _became(case, row)


def _write_decision(case: Case, row: AutoDecision, at: datetime) -> None:
    reasons = {"text": "", "rule_set": row.sha, "codes": row.codes}
    decision = build(Decision, case_id=case.id, outcome="grant", reasons=reasons, made_at=at, served_at=at)
    insert([decision])
    case.known.decision = decision
    case.decided_at, case.outcome = at, "grant"


def _hold(case: Case, confirmed: Sequence[str]) -> None:
    """The papers that data stand for are held (免提交)."""
    held = [row for row in case.known.materials or () if row.code in confirmed]
    for row in held:
        row.state = MaterialState.HELD.value
    if held and not case.known.new:
        update(Material, [row.id for row in held], state=MaterialState.HELD.value)


def _automatic(row: AutoDecision) -> str:
    """As the papers say it (个人信息保护法 art. 24)."""
    return (
        f"本件由系统按照规则集 {row.sha[:16]}（事项第 {row.item_version} 版）核对数据后自动办理。您可以在办件页面查看每一条规则的核对情况，"
        "也可以要求由工作人员复核（《中华人民共和国个人信息保护法》第二十四条）。"
    )


def _error_number() -> str:
    return new_id().hex[-8:].upper()


@transaction.atomic
def _note_broken(case: UUID, number: str, at: datetime) -> None:
    """The first time its job tries once more; then the case lies with a person, and the number says where the log has why."""
    found = find_case(case, locked=True)
    if found is None:
        return
    filing, row = found
    row.tries += 1
    if row.tries == 1:
        row.save(update_fields=["tries"])
        return
    row.state, row.judged_at, row.error, row.doubts = JudgedBy.FAILED.value, at, number, [BROKEN.kept()]
    _save(filing, row)
    _vouch(filing, row, at)


def became_of(case: UUID) -> Became | None:
    """What became of a case that was filed under a table; None for any other."""
    row = AutoDecision.objects.select_related("case").filter(case=case).first()
    return _became(row.case, row) if row is not None else None


def _became(case: Case, row: AutoDecision) -> Became:
    told = row.mode == Mode.ALONE.value and not row.acted
    why = as_applicant([doubt_of(one) for one in row.doubts]) if told else ()
    return Became(case.id, case.number, State(case.state), case.version, JudgedBy(row.state), row.acted, why)


def _lock(case: UUID) -> str:
    return f"at-once:{case}"
