"""一次性告知: everything that is missing or wrong, told once, frozen, guarded (行政许可法 art. 32 (4))."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages, papers, tellings
from yichuang.cases.commands.accept import Findings, check_not_silent, note_findings
from yichuang.cases.commands.look_again import looks_again
from yichuang.cases.events import GapsTold
from yichuang.cases.models import Case, GapNotice
from yichuang.cases.moves import begin, finish
from yichuang.cases.needs import found_of_rows, needed_of_rows
from yichuang.cases.rules.acceptance import find_gaps, guard_second_notice
from yichuang.cases.states import Act
from yichuang.cases.values import CaseHead, DocumentKind, GapItem
from yichuang.core import events, roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import Words


@looks_again
@transaction.atomic
def notify_gaps(
    *, actor: Actor, number: str, version: int, findings: Findings, at: datetime, supervisor_reason: str = ""
) -> CaseHead:
    """Tell the applicant, at once, all that is missing or wrong; the case waits for the corrections.

    Nothing missing → Refused: the case must be accepted. A later demand that the first notice did not name needs a
    supervisor and their reason; it is counted, shown to the applicant, and never moves the acceptance date.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.NOTIFY_GAPS, at=at)
    check_not_silent(case, at)
    note_findings(case, findings, at)
    gaps = gaps_of(case, at)
    if not gaps:
        raise Refused(Reason("NOTHING_MISSING", messages.NOTHING_MISSING))
    supervised = bool(supervisor_reason.strip()) and actor.has(roles.SUPERVISOR, department=case.department_id)
    new = new_demands(case, gaps, supervised=supervised)
    told_by = actor.id if actor.is_staff else None
    notice = _freeze(case, told_by, gaps, at, new, supervisor_reason)
    return tell_all(case, notice, gaps, actor=actor, act=Act.NOTIFY_GAPS, at=at)


def gaps_of(case: Case, at: datetime) -> tuple[GapItem, ...]:
    """Everything that is missing or wrong now, in the item's order."""
    rows = list(case.materials.order_by("order"))
    return find_gaps(needed_of_rows(rows), found_of_rows(case, rows, at=at))


def tell_declined(case: Case, *, actor: Actor, told_by: UUID | None, at: datetime) -> CaseHead:
    """The notice that follows when an offered promise (容缺承诺) is not signed: what its clerk found, told at once."""
    gaps = gaps_of(case, at)
    notice = _freeze(case, told_by, gaps, at, new_demands(case, gaps), "")
    return tell_all(case, notice, gaps, actor=actor, act=Act.DECLINE_PROMISE, at=at)


def tell_all(
    case: Case, notice: GapNotice, gaps: tuple[GapItem, ...], *, actor: Actor, act: Act, at: datetime
) -> CaseHead:
    """Issue the paper, move the case, tell the applicant."""
    document = papers.issue_document(
        case,
        DocumentKind.GAP_NOTICE,
        actor=actor,
        at=at,
        values={
            "gaps": papers.gap_lines(gaps),
            "ways": "网上补交、手机拍照补交（补交链接或代码）、窗口提交",
            "round": notice.round,
        },
    )
    head = finish(
        case,
        actor=actor,
        act=act,
        at=at,
        detail={
            "round": notice.round,
            "count": len(gaps),
            "violation": bool(notice.new_demands),
            "materials": ",".join(gap.material for gap in gaps),
            "notice": str(document),
        },
        documents=(document,),
    )
    tellings.tell_gaps(case, count=len(gaps), at=at)
    events.publish(GapsTold(case_id=case.id, number=case.number, at=at, round=notice.round))
    return head


def first_items(case: Case) -> tuple[GapItem, ...]:
    """The items of the frozen first notice; empty when there is none."""
    first = case.notices.filter(round=1).first()
    return () if first is None else tuple(gap_from_json(item) for item in first.items)


def gap_to_json(gap: GapItem) -> dict[str, object]:
    """How a notice keeps an item."""
    return {
        "material": gap.material,
        "name": [gap.name.zh, gap.name.en],
        "fault": gap.fault,
        "words": [gap.words.zh, gap.words.en],
        "tolerable": gap.tolerable,
        "basis": gap.basis,
    }


def gap_from_json(item: dict[str, object]) -> GapItem:
    """The item as a value again."""
    name, words = item["name"], item["words"]
    assert isinstance(name, list)
    assert isinstance(words, list)
    return GapItem(
        str(item["material"]),
        Words(*name),
        str(item["fault"]),
        Words(*words),
        bool(item["tolerable"]),
        str(item["basis"]),
    )


def new_demands(case: Case, gaps: tuple[GapItem, ...], *, supervised: bool = False) -> tuple[str, ...]:
    """What the first notice did not name. Refused (NEW_DEMAND) unless a supervisor gives the reason."""
    first = first_items(case)
    new = guard_second_notice(first, gaps).materials if first else ()
    if new and not supervised:
        names = {gap.material: gap.name for gap in gaps}
        told = Words("、".join(names[c].zh for c in new), ", ".join(names[c].en for c in new))
        raise Refused(Reason("NEW_DEMAND", messages.NEW_DEMAND.format(materials=told)))
    return new


def _freeze(
    case: Case, told_by: UUID | None, gaps: tuple[GapItem, ...], at: datetime, new: tuple[str, ...], reason: str
) -> GapNotice:
    notice = GapNotice.objects.create(
        case=case,
        round=case.notices.count() + 1,
        items=[gap_to_json(gap) for gap in gaps],
        told_at=at,
        told_by_id=told_by,
        new_demands=list(new),
        supervisor_id=told_by if new else None,
        supervisor_reason=reason.strip() if new else "",
    )
    case.fresh.append(notice)
    return notice
