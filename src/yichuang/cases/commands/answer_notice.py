"""陈述申辩 online: one of those told says what they have to say, with files, and asks for a hearing in their days.

By the code of the notice, without an account; or signed in, as the applicant's side or as who took the code into the account.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.hearing import done, put_down, running
from yichuang.cases.commands.serve_notice import CALLED, SERVED, serve
from yichuang.cases.models import Case, Hearing, ToldParty, Upload
from yichuang.cases.numbering import answer_index
from yichuang.cases.rules import hearing as rules
from yichuang.cases.states import Act, State, can_move
from yichuang.cases.storage import lock_own
from yichuang.cases.told import CODE_GONE, RUNNING, THE_NOTICE, has_all, is_theirs
from yichuang.cases.vouch import facts_of
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.people import queries as people
from yichuang.people.commands import hold_service_consent

MAX_FILES = 10
MAX_STATEMENTS = 10
TOO_MANY_FILES = W("一次最多 10 个文件", "At most 10 files at once")
TOO_MANY = W(
    "最多提交 10 次；更多意见请到窗口或者寄给部门", "At most ten times; please write to the department, or come"
)
UNKNOWN_FILE = W("文件不存在或者不是您上传的", "A file is not there, or not yours")


@transaction.atomic
def answer_notice(
    *,
    actor: Actor,
    party: UUID,
    words: str,
    asks: bool,
    at: datetime,
    uploads: Sequence[UUID] = (),
    code: str = "",
) -> bool:
    """Put down what one of those told says; True when it asks for a hearing. Who answers unserved is served by it, today,
    unless they took their consent to electronic service back (人民法院在线诉讼规则 art. 29, by analogy).

    `code` opens it for a link's holder. Raises NotFound for what is not theirs, 410 when the matter is over.
    """
    told, case = _mine(actor, party, code)
    if not can_move(State(case.state), Act.HEARING):
        raise Refused(Reason("CODE_GONE", CODE_GONE), kind="gone")
    row = running(case, {"told", "asked", "called"})
    if row.id != told.hearing_id:
        raise Refused(Reason("CODE_GONE", CODE_GONE), kind="gone")
    today = local_date(at)
    until = told.answer_until
    refuse_all([*rules.statement_faults(told.name, words, asks, today, until), *_many(told, uploads)])
    files = _take(actor, case, uploads)
    if told.served_on is None and _takes_it(told):
        serve(told, today, "electronic")
        told.save(update_fields=SERVED)
        case.fresh.append(told)
        row.answer_until = max(row.answer_until, told.answer_until or row.answer_until)
    asking = asks and str(told.id) not in rules.wishes(row.statements)
    said = {
        "who": told.name, "words": words.strip(), "on": today.isoformat(), "asks": asks, "party": str(told.id),
        "by": "link" if actor.kind == "link" else "portal", "files": files,
    }  # fmt: skip
    put_down(row, said, today)
    done(case, row, actor, at, "ask-online" if asking else "state-online")
    return asking


@transaction.atomic
def open_notice(*, actor: Actor, party: UUID, at: datetime) -> bool:
    """电子送达 by the party's own act: who opens the notice signed in, and the call to the hearing, has it from this day,
    when the party agreed to electronic service (民诉法 art. 90); else it counts as read (已阅知), and paper has to follow.
    True when that was a service. Raises NotFound for what is not theirs."""
    seen = ToldParty.objects.select_related("hearing").filter(id=party).first()
    if actor.kind == "person" and seen and has_all(seen):
        return False
    told, case = _mine(actor, party, "")
    row = case.hearings.filter(id=told.hearing_id, stage__in=RUNNING).first()
    if row is None or not can_move(State(case.state), Act.HEARING) or has_all(told):
        return False
    today = local_date(at)
    if not _has_agreed(told):
        _read(told, row, today, actor, at)
        return False
    if told.served_on is None:
        serve(told, today, "electronic")
        row.answer_until = max(row.answer_until, told.answer_until or row.answer_until)
        row.save(update_fields=["answer_until"])
    if row.stage == "called" and told.called_on is None:
        told.called_on, told.called_how = today, "electronic"
    told.save(update_fields=[*SERVED, *CALLED])
    case.fresh.append(told)
    done(case, row, actor, at, "opened")
    return True


def _read(told: ToldParty, row: Hearing, today: date, actor: Actor, at: datetime) -> None:
    """Put down the first day on which each paper that is still to be served was read: one page shows notice and call. The
    case itself does not move by it."""
    shown = {"read_on": told.served_on is None, "call_read_on": row.stage == "called" and told.called_on is None}
    columns = [column for column, shows in shown.items() if shows and getattr(told, column) is None]
    if columns:
        for column in columns:
            setattr(told, column, today)
        told.save(update_fields=columns)
        ledger.append(
            act="read-notice", actor=actor, at=at, subject=Subject("case", told.case_id), detail={},
            facts=facts_of(told),
        )  # fmt: skip


@transaction.atomic
def claim_notice(*, actor: Actor, code: str, at: datetime) -> UUID:
    """A signed-in person who has the code takes the notice into the account; the id of the notice. Theirs already: again."""
    index = answer_index(code)
    known = ToldParty.objects.filter(code_index=index).values_list("case", flat=True).first()
    if known is None:
        raise NotFound(THE_NOTICE)
    Case.objects.select_for_update(of=("self",)).get(id=known)  # before what it holds, as everybody locks
    told = ToldParty.objects.filter(code_index=index, case=known).first()
    if told is None or actor.kind != "person" or told.is_applicant or told.party_id not in {None, actor.id}:
        raise NotFound(THE_NOTICE)
    if told.party_id is None:
        told.party_id = actor.id
        told.save(update_fields=["party"])
        ledger.append(
            act="claim-notice", actor=actor, at=at, subject=Subject("case", told.case_id), detail={},
            facts=facts_of(told),
        )  # fmt: skip
    return told.id


def _mine(actor: Actor, party: UUID, code: str) -> tuple[ToldParty, Case]:
    """The notice and its case, locked in the order in which staff lock them."""
    known = ToldParty.objects.filter(id=party).values_list("case", flat=True).first()
    if known is None:
        raise NotFound(THE_NOTICE)
    case = Case.objects.select_for_update(of=("self",)).select_related("department").get(id=known)
    told = ToldParty.objects.select_related("case").get(id=party)
    by_code = actor.kind == "link" and bool(code) and told.code_index == answer_index(code) and actor.case == case.id
    if not by_code and not is_theirs(actor, told):
        raise NotFound(THE_NOTICE)
    return told, case


def _takes_it(told: ToldParty) -> bool:
    """Whether an answer says that the notice was received: of everybody but who refuses electronic service."""
    item = told.case.item_code
    return (
        told.party_id is None or _has_agreed(told) or people.service_standing(told.party_id, item=item) != "withdrawn"
    )


def _has_agreed(told: ToldParty) -> bool:
    """Whether what goes to one of those told may be served electronically (民诉法 art. 90); nobody takes the consent back
    before the service that rests on it is on record."""
    return told.party_id is not None and hold_service_consent(party=told.party_id, item=told.case.item_code)


def _many(told: ToldParty, uploads: Sequence[UUID]) -> list[Reason]:
    said = [one for one in told.hearing.statements if one.get("party") == str(told.id)]
    faults = [Reason("TOO_MANY_FILES", TOO_MANY_FILES, "/files")] if len(uploads) > MAX_FILES else []
    return [*faults, Reason("TOO_MANY_STATEMENTS", TOO_MANY)] if len(said) >= MAX_STATEMENTS else faults


def _take(actor: Actor, case: Case, uploads: Sequence[UUID]) -> list[str]:
    """The files, now of the case; somebody else's, or one that is part of another case, is told."""
    found = {row.id for row in lock_own(actor, uploads) if row.case_id in {None, case.id}} if uploads else set()
    if not found >= set(uploads):
        raise Refused(Reason("UNKNOWN_UPLOAD", UNKNOWN_FILE, "/files"))
    Upload.objects.filter(id__in=found).update(case=case)
    return [str(one) for one in dict.fromkeys(uploads)]
