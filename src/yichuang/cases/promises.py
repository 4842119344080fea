"""What a letter of promise (容缺受理承诺书) would say before it is signed: computed by the same rule, nothing written."""

from collections.abc import Mapping
from datetime import datetime

from yichuang.cases.models import Case, PromiseLapse
from yichuang.cases.needs import found_of_rows, needed_of_rows
from yichuang.cases.pages import PromiseOffer
from yichuang.cases.rules.acceptance import Accept, AcceptOnPromise, Finding, judge_acceptance
from yichuang.cases.values import MaterialState
from yichuang.core.clock import local_date
from yichuang.network import queries as network


def offer(case: Case, states: Mapping[str, str], at: datetime) -> PromiseOffer:
    """The offer for the case, with the clerk's findings (material code → state) in place of what is written."""
    rows = list(case.materials.order_by("order"))
    found = dict(found_of_rows(rows))
    known = {row.code for row in rows}
    for code, state in states.items():
        if code in known and state in set(MaterialState):
            found[code] = Finding(MaterialState(state), None)
    verdict = judge_acceptance(
        needed=needed_of_rows(rows),
        found=found,
        promise_signed=True,
        barred=PromiseLapse.objects.filter(party_id=case.applicant_id, repaired_at__isnull=True).exists(),
        today=local_date(at),
        promise_limit_days=int(case.promise_amount) if case.promise_unit == "workday" else 0,
        calendar=network.working_calendar(),
    )
    match verdict:
        case Accept():
            return PromiseOffer((), None, ())
        case AcceptOnPromise(gaps, due):
            return PromiseOffer(gaps, due, ())
        case _:
            return PromiseOffer(verdict.gaps, None, verdict.why_no_promise)
