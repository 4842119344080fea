"""补交材料: papers that were asked for or promised come in — at the counter, online, or from a phone by a scoped link."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages, tellings
from yichuang.cases.commands.holds import lift
from yichuang.cases.commands.saying import tell
from yichuang.cases.commands.serve import serve_prepared
from yichuang.cases.fetched import HeldState
from yichuang.cases.following import can_serve
from yichuang.cases.models import Case, GapNotice, Material, MaterialFile, SupplyLink, Upload
from yichuang.cases.moves import THE_CASE, begin, finish, relations_of
from yichuang.cases.needs import pages_of
from yichuang.cases.numbering import link_index, new_query_code
from yichuang.cases.permissions import can_see, is_clerk_of, is_judge_of, stands_for_applicant
from yichuang.cases.rules.acceptance import TOO_FEW_PAGES, correction_date
from yichuang.cases.states import Act, State
from yichuang.cases.storage import lock_own
from yichuang.cases.values import CaseHead, MaterialState, Purpose
from yichuang.cases.visits import came
from yichuang.cases.vouch import facts_of
from yichuang.catalog import queries as catalog
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W

LINK_LIFE = timedelta(days=7)
MAX_LIVE_LINKS = 20  # of one case: each sends a message, and anybody who sees one may send files
TOO_MANY_LINKS = W(
    "这件事已有 {limit} 个有效的补交链接，请使用其中一个，或等最早的一个到期",
    "This case has {limit} valid links already: use one of them, or wait until the oldest ends",
)
NOT_OPEN = W("链接不包含这份材料：{code}", "The link does not cover this paper: {code}")
NOTHING_OPEN = W("没有需要补交的材料", "There is nothing to hand in")
OPEN_STATES = (MaterialState.MISSING.value, MaterialState.FAULTY.value, MaterialState.PROMISED.value)


@transaction.atomic
def supplement_case(
    *,
    actor: Actor,
    number: str,
    version: int | None,
    materials: Mapping[str, Sequence[UUID]],
    at: datetime,
    originals: frozenset[str] = frozenset(),
    link_materials: frozenset[str] | None = None,
    by_post: bool = False,
) -> CaseHead:
    """Hand in papers. `originals` are codes that a clerk saw and took at the window; `link_materials` narrows a link.
    At a window somebody came in with them (a trip), unless they came `by_post`.

    While the case waits for corrections, the day on which the last asked-for paper arrives becomes its legal day of
    acceptance; later, the last promised paper lets a prepared decision be served. Refused TOO_FEW_PAGES for a paper that is
    still short of what the item asks (`files.least`), unless a clerk brings it in: after acceptance nobody would ask for the rest.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.SUPPLEMENT, at=at)
    rows = {row.code: row for row in case.materials.all()}
    _check(actor, case, rows, materials, originals, link_materials)
    uploads = _take_uploads(actor, case, rows, materials, at, counted=not actor.is_staff)
    arrived = local_date(at)
    if not by_post:
        silent = _silent(actor, case)
        before = {code: silent.get(code, rows[code].state) for code in {*materials, *originals}}
        came(case, actor=actor, purpose=Purpose.SUPPLEMENT, at=at, papers=before)
    for code in {*materials, *originals}:
        row = rows[code]
        row.state = (MaterialState.CHECKED if code in originals else MaterialState.PROVIDED).value
        row.fault_zh = row.fault_en = ""
        row.seen_original = row.seen_original or code in originals
        row.arrived_date, row.due_date = arrived, None
        row.save()
        files = [MaterialFile(material=row, upload=upload, at=at) for upload in uploads.get(code, ())]
        case.fresh.extend(MaterialFile.objects.bulk_create(files))
    return _settle(case, rows, actor=actor, at=at, codes=sorted({*materials, *originals}))


def _silent(actor: Actor, case: Case) -> dict[str, str]:
    """Papers that a base should have given and did not answer for (免证办): whoever brings one had to come for that."""
    if not actor.is_staff:
        return {}
    missing = case.materials.filter(state=MaterialState.MISSING.value).values("code")
    rows = case.held_papers.filter(state=HeldState.SILENT.value, code__in=missing).order_by("code")
    return dict(rows.values_list("code", "state"))


@transaction.atomic
def make_supply_link(*, actor: Actor, number: str, materials: Sequence[str], at: datetime) -> str:
    """A code (sent as a link too) with which anybody may photograph and send exactly these papers, for seven days."""
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None or not can_see(actor, relations_of(case)):
        raise NotFound(THE_CASE)
    relations = relations_of(case)
    if not (stands_for_applicant(actor, relations) or is_clerk_of(actor, relations) or is_judge_of(actor, relations)):
        raise NotFound(THE_CASE)
    open_codes = set(case.materials.filter(state__in=OPEN_STATES).values_list("code", flat=True))
    wanted = [code for code in materials if code in open_codes] or sorted(open_codes)
    if not wanted:
        raise Refused(Reason("NOTHING_OPEN", NOTHING_OPEN))
    if case.links.filter(expires_at__gt=at, revoked_at=None).count() >= MAX_LIVE_LINKS:
        raise Refused(Reason("TOO_MANY_LINKS", TOO_MANY_LINKS.format(limit=MAX_LIVE_LINKS)))
    code = new_query_code()
    link = SupplyLink.objects.create(
        case=case, code_index=link_index(code), materials=wanted, created_at=at, expires_at=at + LINK_LIFE
    )
    ledger.append(
        act="make-supply-link",
        actor=actor,
        at=at,
        subject=Subject("case", case.id),
        detail={"materials": ",".join(wanted)},
        facts=facts_of(link),
    )
    tellings.tell_link(case, code=code, until=at + LINK_LIFE, at=at)
    return code


def _check(
    actor: Actor,
    case: Case,
    rows: Mapping[str, Material],
    materials: Mapping[str, Sequence[UUID]],
    originals: frozenset[str],
    link_materials: frozenset[str] | None,
) -> None:
    reasons = [
        Reason("UNKNOWN_MATERIAL", messages.UNKNOWN_MATERIAL.format(code=code), f"/materials/{code}")
        for code in (*materials, *originals)
        if code not in rows
    ]
    if link_materials is not None:
        reasons += [
            Reason("NOT_IN_LINK", NOT_OPEN.format(code=code), f"/materials/{code}")
            for code in materials
            if code not in link_materials
        ]
    if originals and not (is_clerk_of(actor, relations_of(case)) or is_judge_of(actor, relations_of(case))):
        reasons.append(Reason("ORIGINALS_AT_WINDOW", messages.ORIGINALS_AT_WINDOW, "/originals"))
    if not originals and not any(materials.values()):
        reasons.append(Reason("NOTHING_SENT", messages.NOTHING_SENT, "/materials"))
    refuse_all(reasons)


def _take_uploads(
    actor: Actor,
    case: Case,
    rows: Mapping[str, Material],
    materials: Mapping[str, Sequence[UUID]],
    at: datetime,
    *,
    counted: bool,
) -> dict[str, list[Upload]]:
    """The uploads by material, locked; every unknown, foreign, used or unfit one is told at once, and every paper that is
    short of pages when they are `counted`."""
    wanted = {upload for ids in materials.values() for upload in ids}
    sent = {upload.id: upload for upload in lock_own(actor, wanted)}
    refuse_all(
        [
            Reason("UNKNOWN_UPLOAD", messages.UNKNOWN_UPLOAD.format(id=upload), f"/materials/{code}")
            for code, ids in materials.items()
            for upload in ids
            if upload not in sent or sent[upload].case_id not in {None, case.id}
        ]
    )
    found = {code: [sent[upload] for upload in ids] for code, ids in materials.items()}
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    rules = {material.code: material.files for material in pack.materials}
    unfit = [
        r for code, files in found.items() for r in catalog.file_faults(rules[code], files, field=f"/materials/{code}")
    ]
    if counted:
        unfit += _short(rows, found, {code: rules[code].least for code in found})
    refuse_all(unfit)
    Upload.objects.filter(id__in=wanted).update(case=case)
    return found


def _short(
    rows: Mapping[str, Material], found: Mapping[str, Sequence[Upload]], least: Mapping[str, int]
) -> list[Reason]:
    """Papers that come in now and still have fewer pages than asked, with what came before."""
    asked = [code for code, files in found.items() if files and least[code] > 1]
    had, reasons = pages_of([rows[code] for code in asked]), []
    for code in asked:
        pages = had.get(code, 0) + sum(upload.pages for upload in found[code])
        if pages < least[code]:
            words = TOO_FEW_PAGES.format(pages=pages, least=least[code])
            reasons.append(Reason("TOO_FEW_PAGES", words, f"/materials/{code}"))
    return reasons


def _settle(case: Case, rows: Mapping[str, Material], *, actor: Actor, at: datetime, codes: Sequence[str]) -> CaseHead:
    """Where the case stands now that the papers are in."""
    detail: dict[str, str | int | bool | None] = {"materials": ",".join(codes), "count": len(codes)}
    if case.state == State.CORRECTING.value:
        complete = _corrected(case, rows)
        to = State.SUBMITTED if complete else State.CORRECTING
        return finish(case, actor=actor, act=Act.SUPPLEMENT, at=at, to=to, detail={**detail, "complete": complete})
    still_promised = any(row.state == MaterialState.PROMISED.value for row in rows.values())
    if case.accepted_as == "promise" and not still_promised:
        lift(case, kind="promise", source="accept-with-gaps", at=at)
        tell(case, "promise-kept", at=at)
    if case.state == State.IN_REVIEW.value:
        tell(case, "papers-handed-in", at=at)
    head = finish(
        case,
        actor=actor,
        act=Act.SUPPLEMENT,
        at=at,
        to=State(case.state),
        detail={**detail, "complete": not still_promised},
    )
    if case.state == State.PREPARED.value and not still_promised and can_serve(case):
        return serve_prepared(case, at=at)
    return head


def _corrected(case: Case, rows: Mapping[str, Material]) -> bool:
    """Whether everything that the latest notice asked for has come in; then its day is noted on the case."""
    notices = list(case.notices.order_by("round"))
    asked = _codes(notices[-1])
    waiting = {MaterialState.MISSING.value, MaterialState.FAULTY.value}
    if any(rows[code].state in waiting for code in asked):
        return False
    case.corrected_date = correction_date(
        asked=asked,
        new_demands=notices[-1].new_demands,
        first=_codes(notices[0]),
        arrived={code: row.arrived_date for code, row in rows.items() if row.arrived_date},
        before=case.corrected_date,
    )
    return True


def _codes(notice: GapNotice) -> set[str]:
    return {str(item["material"]) for item in notice.items}
