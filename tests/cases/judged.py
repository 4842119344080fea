"""Cases that a rule set judged, and what became of them: many at once, as rows like those of a real filing."""

from copy import copy
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from yichuang.cases.commands.rehearse import ask_rehearsal, rehearse
from yichuang.cases.commands.rulesets import compare_again, switch_off
from yichuang.cases.instant import JudgedBy, Mode
from yichuang.cases.models import AutoDecision, Case, Decision, Recheck, RuleSet
from yichuang.catalog.queries import get_pack
from yichuang.core.actors import SYSTEM
from yichuang.core.ids import new_id

ITEM = "getihu-sheli"
LONG = timedelta(days=365)
DECIDER = "chengang"  # who decided what people decided here, and so re-checks nothing
_COPIES = count(700_001)  # numbers that no filing of a test reaches
STATES: dict[str, dict[str, Any]] = {
    "granted": {"state": "GRANTED", "outcome": "grant"},
    "deemed": {"state": "GRANTED", "outcome": "grant"},
    "mended": {"state": "GRANTED", "outcome": "grant", "accepted_as": "promise"},
    "denied": {"state": "DENIED", "outcome": "deny"},
    "withdrawn": {"state": "WITHDRAWN", "outcome": ""},
    "open": {"state": "SUBMITTED", "outcome": ""},
}


def sha_of(at: datetime, item: str = ITEM) -> str:
    spec = get_pack(item, at=at).decision
    assert spec is not None
    return spec.sha


def from_the_beginning(demo: Any, item: str = ITEM) -> str:
    """The SHA of the item's rule set, which compares, since long ago; also where the demo let it decide alone."""
    of = {"item": item, "sha": sha_of(demo.at, item)}
    if RuleSet.objects.filter(item_code=item, sha=of["sha"]).exists():
        switch_off(actor=SYSTEM, **of, reason="从头比对", at=demo.at - LONG)
        compare_again(actor=SYSTEM, **of, at=demo.at - LONG)
    return of["sha"]


def judged(
    demo: Any,
    n: int,
    became: str = "granted",
    *,
    codes: tuple[str, ...] = ("approve",),
    alone: bool = False,
    at: datetime | None = None,
    like: Case | None = None,
    inputs: dict[str, Any] | None = None,
    item: str = ITEM,
) -> list[AutoDecision]:
    """So many cases that the rule set in force judged so, and what people made of them (a key of `STATES`)."""
    at = at or demo.at
    like = like or Case.objects.get(id=demo.file(demo.actor("zhangxiao"), item).case_id)
    AutoDecision.objects.filter(
        case=like, state=JudgedBy.WAITING.value
    ).delete()  # it is the pattern of the others only
    cases = [_copy(like, became, at) for _ in range(n)]
    Case.objects.bulk_create(cases)
    decider = None if alone or became == "deemed" else demo.actor(DECIDER).id
    Decision.objects.bulk_create(
        Decision(case=case, outcome=case.outcome, reasons={"text": ""}, made_at=at, made_by_id=decider)
        for case in cases
        if case.outcome
    )
    approved = codes == ("approve",)
    rows = [
        AutoDecision(
            case=case, item_code=item, item_version=like.item_version, sha=sha_of(demo.at, item),
            mode=(Mode.ALONE if alone else Mode.SHADOW).value, state=JudgedBy.DONE.value,
            verdict="approve" if approved else "person", codes=list(codes), inputs=inputs or {"identity": "same"},
            record=b"", asked_at=at, judged_at=at, acted=alone and approved,
        )
        for case in cases
    ]  # fmt: skip
    return AutoDecision.objects.bulk_create(rows)


def _copy(like: Case, became: str, at: datetime) -> Case:
    case = copy(like)
    case._state = copy(like._state)
    case._state.adding = True
    case.pk = new_id()
    case.number, case.query_index = f"440303-{at:%Y%m%d}-N-{next(_COPIES)}-0", case.pk.hex
    case.due_at = case.answer_due_at = None
    for name, value in STATES[became].items():
        setattr(case, name, value)
    if case.outcome:
        case.accepted_as = case.accepted_as or "full"
        case.accepted_at, case.accepted_date, case.decided_at = at, at.date(), at
    return case


def a_recheck(demo: Any) -> UUID:
    """A rule set with something in every column of its matrix, and one automatic decision that waits to be looked at."""
    like = Case.objects.get(id=demo.file(demo.actor("jiye"), ITEM).case_id)
    for n, became, codes in (
        (40, "granted", ("approve",)), (2, "mended", ("approve",)), (1, "denied", ("approve",)), (3, "withdrawn", ("approve",)),
        (9, "granted", ("address_silent",)), (4, "denied", ("address_silent", "occupied")), (5, "open", ("occupied",)),
    ):  # fmt: skip
        judged(demo, n, became, codes=codes, like=like)
    (row,) = judged(demo, 1, alone=True, like=like)
    return Recheck.objects.create(decision=row, department_id=row.case.department_id, drawn_at=demo.at).id


def a_rehearsal(demo: Any) -> UUID:
    """The rules as they are, over cases of which they would say something else: their inputs know little."""
    asked = ask_rehearsal(actor=demo.actor("wuqian"), item=ITEM, at=demo.at)
    rehearse(rehearsal=asked, at=demo.at)
    return asked
