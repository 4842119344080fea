"""容缺: may papers follow, and until when? One judgement for the clerk's page (nothing written) and for the act itself."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from yichuang.cases.models import Case, Material, PromiseLapse
from yichuang.cases.needs import found_of_rows, needed_of_rows
from yichuang.cases.pages import PromiseOffer
from yichuang.cases.rules.acceptance import Accept, AcceptOnPromise, Finding, Verdict, judge_acceptance
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Limit
from yichuang.core.clock import local_date
from yichuang.network import queries as network


def judge(
    case: Case, rows: Sequence[Material], found: Mapping[str, Finding], *, promise_signed: bool, at: datetime
) -> Verdict:
    """The rule's verdict on the case with these findings; until when a paper may follow is the catalogue's answer."""
    today = local_date(at)
    return judge_acceptance(
        needed=needed_of_rows(rows),
        found=found,
        promise_signed=promise_signed,
        barred=is_barred(case.applicant_id),
        today=today,
        days=_days(case, rows, today, at),
    )


def is_barred(party: UUID, *, from_commitments: bool = False) -> bool:
    """Whether the party broke such a promise (容缺, or 告知承诺) and the record of it is not repaired."""
    broken = PromiseLapse.objects.filter(party_id=party, repaired_at__isnull=True, of_commitment=from_commitments)
    return broken.exists()


def limit_on_promise(case: Case, at: datetime) -> Limit:
    """The promised limit of the case once papers follow later: never on the spot."""
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    unit = cast(Literal["workday", "day", "hour", "instant"], case.promise_unit)
    return catalog.limit_with_gaps(pack, Limit(int(case.promise_amount), unit))


def _days(case: Case, rows: Sequence[Material], today: date, at: datetime) -> dict[str, date]:
    """The last day of each paper: its own days from today, and never beyond the promised limit.

    After a correction that limit runs from the day it arrived, which is the legal day of acceptance.
    """
    limit, calendar = limit_on_promise(case, at), network.working_calendar()
    last = catalog.due_date(limit, case.corrected_date or today, calendar)
    return {
        row.code: min(last, catalog.gap_due(row.promise_days, limit, today, calendar)) for row in rows if row.tolerable
    }


def offer(case: Case, states: Mapping[str, str], at: datetime) -> PromiseOffer:
    """What the letter (容缺受理承诺书) would say, with the clerk's findings (material code → state) as if written."""
    rows = list(case.materials.order_by("order"))
    found = found_of_rows(case, rows, at=at, states=states)
    verdict = judge(case, rows, found, promise_signed=True, at=at)
    match verdict:
        case Accept():
            return PromiseOffer((), {}, ())
        case AcceptOnPromise(gaps, days):
            return PromiseOffer(gaps, days, ())
        case _:
            return PromiseOffer(verdict.gaps, {}, verdict.why_no_promise)
