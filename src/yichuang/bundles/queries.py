"""Every read of the packages room. Each gate answers 404 for what is not there and for what is not yours, alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from yichuang.bundles import messages
from yichuang.bundles.asked import AskedPart as AskedPart
from yichuang.bundles.asked import get_asked as get_asked
from yichuang.bundles.asked import reasons_of
from yichuang.bundles.delivery import Delivery as Delivery
from yichuang.bundles.delivery import delivery_of
from yichuang.bundles.leaving import get_leaving as get_leaving
from yichuang.bundles.leaving import may_leave
from yichuang.bundles.models import Bundle, PackageDraft, PackageVersion, Part
from yichuang.bundles.packages import Work, newest, package_by_id, requirements_of, work_of
from yichuang.bundles.papers import same_papers
from yichuang.bundles.permissions import is_applicants_side, why_not_file
from yichuang.bundles.rules import demands
from yichuang.bundles.rules import form as forms
from yichuang.bundles.rules.clock import Clock, Hand, Holding, behind, clock_of
from yichuang.bundles.rules.delivery import CHOICES, words_of
from yichuang.bundles.rules.refusal import (
    FATE_WORDS,
    OUTCOME_WORDS,
    Consequence,
    Fate,
    Outcome,
    consequences,
    outcome_for_others,
    rests_of,
    still_needed,
)
from yichuang.bundles.shelf import PackageTrial as PackageTrial
from yichuang.bundles.shelf import list_package_shelf as list_package_shelf
from yichuang.bundles.shelf import package_shelf_line as package_shelf_line
from yichuang.bundles.shelf import try_package as try_package
from yichuang.bundles.turns import fates_of
from yichuang.bundles.values import Package, PackageRow
from yichuang.cases import queries as cases
from yichuang.cases.queries import CasePart
from yichuang.cases.states import ENDS, State
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Question, Requirements
from yichuang.core import idempotency
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason, refuse_all
from yichuang.core.words import W, Words
from yichuang.network import queries as network

__all__ = ["Work", "requirements_of", "same_papers", "work_of"]
AHEAD = timedelta(days=60)  # how far the hours reach from now: longer than any holiday
MOST = 50
HAND: Mapping[State, Hand] = {
    State.SUBMITTED: Hand.DESK,
    State.CORRECTING: Hand.APPLICANT,
    State.IN_REVIEW: Hand.DEPARTMENT,
    State.SUSPENDED: Hand.STOPPED,
    State.PREPARED: Hand.APPLICANT,
}
GRANTS = frozenset({State.GRANTED, State.READY, State.DELIVERED})
HAND_WORDS: Mapping[Hand, Words] = {
    Hand.DESK: W("综合窗口正在核对", "The front desk is checking it"),
    Hand.DEPARTMENT: W("部门正在审查", "The department is reviewing it"),
    Hand.APPLICANT: W("等您补材料", "Waiting for you"),
    Hand.STOPPED: W("特别程序，不计时", "In a special procedure: no time counts"),
}


# ── packages ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item on a package's guide: what it is, who does it, what it waits for, what its refusal would mean."""

    slot: str
    item: str
    name: Words
    department: Words
    result: Words
    rests_on: tuple[Words, ...]
    refusal: Words


@dataclass(frozen=True, slots=True)
class Differing:
    """A shared field of which the items demand different things, and each demand."""

    field: Words
    demands: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True, slots=True)
class PackageGuide:
    """A package as people read about it before they begin."""

    row: PackageRow
    lines: tuple[ItemLine, ...]
    conflicts: tuple[Differing, ...]
    asked_once: int  # fields that are entered once instead of for each item
    saved: int  # how many entries that saves


def list_packages() -> tuple[PackageRow, ...]:
    """The newest version of every package that is offered, in the order of their codes."""
    rows = PackageVersion.objects.order_by("code", "-version").distinct("code").values_list("id", "withdrawn_at")
    return tuple(_row(package_by_id(id)) for id, withdrawn in rows if withdrawn is None)


def _row(package: Package) -> PackageRow:
    names = tuple(slot.name for slot in package.slots)
    return PackageRow(package.code, package.version, package.name, package.summary, package.promise.words, names)


def get_guide(code: str, *, at: datetime) -> PackageGuide:
    """The guide of the newest version. NotFound; Refused (gone) while one of its items is not offered."""
    _, package = newest(code)
    work = work_of(package, {}, {}, at=at)
    departments = {row.code: row.name for row in network.list_departments()}
    said = {one.slot: one.words for one in consequences(package)}
    lines = tuple(
        ItemLine(
            slot.id,
            slot.item,
            slot.name,
            departments[work.packs[slot.id].department],
            work.packs[slot.id].result.name,
            tuple(package.slot(one).name for one in slot.rests_on),
            said[slot.id],
        )
        for slot in package.slots
    )
    shared = [len(one.to) for _, one in package.shared]
    return PackageGuide(_row(package), lines, conflicts_of(work), len(shared), sum(shared) - len(shared))


def paper_items(work: Work) -> tuple[Words, ...]:
    """The items whose result is fetched on paper; where there are several, the applicant may have them wait for each other."""
    return tuple(slot.name for slot in work.package.slots if work.packs[slot.id].result.handovers)


def handovers_of(work: Work) -> tuple[tuple[str, Words], ...]:
    """How the applicant may have the results on paper handed over; empty where nothing can wait for anything."""
    return tuple((way.value, words_of(way)) for way in CHOICES) if len(paper_items(work)) > 1 else ()


def conflicts_of(work: Work) -> tuple[Differing, ...]:
    """The shared fields of which the items demand different things, over all situations."""
    whole = {slot: pack.form for slot, pack in work.packs.items()}
    found = forms.demands_of(work.package, whole)
    return tuple(
        Differing(
            Words(str(met.node.get("x-label", place)), str(met.node.get("x-label-en", place))),
            tuple((work.package.slot(one.slot).name, demands.words_of(one)) for one in met.differing),
        )
        for place, met in found.items()
        if met.differing
    )


# ── the one form ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class BundleDraftRow:
    """A package in the making."""

    id: UUID
    code: str
    version: UUID
    name: Words
    applicant: UUID
    answers: Mapping[str, str]
    form: Mapping[str, Any]
    materials: Mapping[str, Mapping[str, list[str]]]
    step: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of the situation as the package asks it; `slots`: the items that it is for."""

    id: str
    question: Question
    slots: tuple[Words, ...]


def get_draft(actor: Actor, draft: UUID) -> BundleDraftRow:
    """A draft, for its owner only; one for somebody else opens while the owner still stands for them (else 403)."""
    row = PackageDraft.objects.select_related("package").filter(id=draft, owner_id=actor.id).first()
    if row is None or actor.kind != "person":
        raise NotFound(messages.THE_DRAFT)
    found = _draft(row)
    refuse_all(why_not_file(actor, package_by_id(row.package_id), row.applicant_id), kind="forbidden")
    return found


def list_drafts(actor: Actor) -> tuple[BundleDraftRow, ...]:
    """My drafts, the latest first."""
    if actor.kind != "person":
        return ()
    rows = PackageDraft.objects.select_related("package").filter(owner_id=actor.id).order_by("-updated_at", "-id")
    return tuple(_draft(row) for row in rows[:MOST])


def _draft(row: PackageDraft) -> BundleDraftRow:
    package = package_by_id(row.package_id)
    return BundleDraftRow(
        row.id, package.code, row.package_id, package.name, row.applicant_id, row.answers, row.form, row.materials,
        row.step, row.updated_at,
    )  # fmt: skip


def open_bundles(*, after: UUID | None, limit: int) -> tuple[UUID, ...]:
    """Packages that have not ended, by id, a batch at a time: what the hourly job looks at."""
    rows = Bundle.objects.filter(ended_at=None).order_by("id")
    return tuple((rows.filter(id__gt=after) if after else rows).values_list("id", flat=True)[:limit])


def filed_from(actor: Actor, draft: UUID) -> str | None:
    """The number of the package that was filed from this draft of the actor's, for a second press; None when none was."""
    scope = idempotency.scope_of(actor, "file_bundle")
    answer = idempotency.kept_answer(key=f"draft:{draft}", scope=scope)
    return str(answer["number"]) if answer else None


def newest_version(code: str) -> tuple[UUID, Package]:
    """The version that is filed now, and its id. NotFound."""
    return newest(code)


def asked_questions(work: Work) -> tuple[AskedQuestion, ...]:
    """The questions of this situation, each once, those of several items first named."""
    found: dict[str, tuple[Question, list[Words]]] = {}
    for slot in work.package.slots:
        for question in catalog.asked_questions(work.packs[slot.id], work.answers_of(slot)):
            home = forms.question_home(work.package, slot, question.id)
            if home is not None:
                found.setdefault(home, (question, []))[1].append(slot.name)
    return tuple(AskedQuestion(id, question, tuple(slots)) for id, (question, slots) in found.items())


def faults_of(work: Work, *, at: datetime) -> list[Reason]:
    """Everything that the items' own rules find wrong with the one form, at its fields; nothing is written."""
    found: dict[str, list[Reason]] = {}
    for slot in work.package.slots:
        pack, answers = work.packs[slot.id], work.answers_of(slot)
        unknown = (*slot.fed, *slot.later)
        wrong = catalog.check_form(pack, work.part(slot), at=at, answers=answers)
        found[slot.id] = [one for one in wrong if not any((one.field or "").startswith(name) for name in unknown)]
    return forms.gathered(work.package, found)


def blocked_of(work: Work, needs: Mapping[str, Requirements]) -> list[Reason]:
    """What bars an item that rests on no other, at the fields of the one form. `needs`: by slot."""
    first = [slot.id for slot in work.package.slots if not slot.rests_on]
    return forms.gathered(work.package, {slot: needs[slot].blocked for slot in first})


# ── filed packages ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class BundleRow:
    """One line of my packages."""

    number: str
    name: Words
    applicant_masked: str
    filed_at: datetime
    items: int
    granted: int
    asks: int  # items that wait for the applicant
    words: Words
    ended: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """One item of a filed package as its page shows it. `number` only for who may open the case."""

    slot: str
    name: Words
    item: str
    fate: Fate
    words: Words
    department: Words | None
    number: str
    hand: Words | None  # in whose hands it lies now
    since: datetime
    minutes: int  # how long the offices had it, business minutes
    critical: bool
    waits_for: tuple[Words, ...]
    ready: bool  # its result can be fetched
    collect: bool  # and it lies ready on paper
    follows: Words | None  # what its end means for the others, or why it stopped
    may_leave: bool  # the applicant's side may give it up now
    asked: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class BundlePage:
    """The page of one filed package."""

    id: UUID
    number: str
    name: Words
    package: str
    applicant: UUID
    applicant_masked: str
    filed_at: datetime
    promise: Words
    clock: Clock
    parts: tuple[PartRow, ...]
    refusals: tuple[Consequence, ...]
    outcome: Words | None
    receipt: UUID | None  # 一件事收件凭证, for its own side
    delivery: Delivery | None  # of its results on paper
    is_mine: bool  # of the applicant's side

    @property
    def holders(self) -> tuple[PartRow, ...]:
        """The items that somebody has in hand now."""
        return tuple(part for part in self.parts if part.hand is not None)

    @property
    def may_begin_anew(self) -> bool:
        """Whether it has ended and something of it was not granted: then who it is for may apply for that again."""
        return self.is_mine and self.outcome is not None and any(part.fate is not Fate.GRANTED for part in self.parts)

    @property
    def may_leave(self) -> bool:
        """Whether anything of it can still be given up by who looks."""
        return any(part.may_leave for part in self.parts)


UNDER_WAY = W("办理中", "Under way")


def list_my_bundles(actor: Actor) -> tuple[BundleRow, ...]:
    """The packages of the person and of everyone they stand for in everything, the newest first."""
    if actor.kind != "person" or actor.id is None:
        return ()
    counts = {
        "items": Count("parts"),
        "granted": Count("parts", filter=Q(parts__fate=Fate.GRANTED.value)),
        "asks": Count("parts", filter=Q(parts__fate=Fate.ASKING.value)),
    }
    mine = Bundle.objects.filter(applicant__in={actor.id, *actor.represents})
    rows: Any = mine.annotate(**counts).order_by("-id")
    return tuple(
        BundleRow(
            row.number, Words(row.name_zh, row.name_en), row.applicant_masked, row.filed_at, row.items, row.granted,
            row.asks, OUTCOME_WORDS[Outcome(row.outcome)] if row.outcome else UNDER_WAY, row.ended_at is not None,
        )
        for row in rows[:MOST]
    )  # fmt: skip


def get_bundle_for(actor: Actor, number: str, *, at: datetime) -> BundlePage:
    """The page of a package: for the applicant's side, and for staff who may open one of its cases (they see the outline of
    the others). The number of statements does not grow with its items."""
    row = Bundle.objects.filter(number=number).first()
    if row is None:
        raise NotFound(messages.THE_BUNDLE)
    parts = {part.slot: part for part in Part.objects.filter(bundle=row).order_by("position")}
    mine = is_applicants_side(actor, row.applicant_id, [part.item_code for part in parts.values()])
    known = cases.case_parts(actor, [part.case_id for part in parts.values() if part.case_id], at=at)
    if not mine and not (actor.is_staff and any(case.may_open for case in known.values())):
        raise NotFound(messages.THE_BUNDLE)
    return _page(row, parts, known, mine=mine, at=at)


def _page(
    row: Bundle, parts: Mapping[str, Part], known: Mapping[UUID, CasePart], *, mine: bool, at: datetime
) -> BundlePage:
    package = package_by_id(row.package_id)
    rests = rests_of(package)
    holdings = [one for part in parts.values() if part.case_id for one in _holdings(part.slot, known[part.case_id])]
    until = row.ended_at or at
    clock = clock_of(
        holdings,
        _hours(row, at + AHEAD),
        promise=timedelta(minutes=package.promise.minutes),
        rests=rests,
        now=until,
    )
    fates = fates_of(parts)
    departments = network.departments_by_id()
    lines = tuple(
        _line(
            part,
            known.get(part.case_id) if part.case_id else None,
            clock,
            departments,
            tuple(package.slot(one).name for one in still_needed(part.slot, fates, rests)),
            mine=mine,
            critical=part.slot == clock.critical and any(part.slot in behind(other, rests) for other in rests),
            follows=outcome_for_others(package, part.slot, fates),
        )
        for part in parts.values()
    )
    return BundlePage(
        row.id, row.number, Words(row.name_zh, row.name_en), package.code, row.applicant_id, row.applicant_masked,
        row.filed_at, package.promise.words, clock, lines, consequences(package),
        OUTCOME_WORDS[Outcome(row.outcome)] if row.outcome else None, row.receipt_id if mine else None,
        delivery_of(row, dict(parts), {id: case.row for id, case in known.items()}), mine,
    )  # fmt: skip


def _hours(row: Bundle, until: datetime) -> list[tuple[datetime, datetime]]:
    """When the hall is open on working days: longer hours, of an evening or on a free Saturday, are no working time of the
    departments."""
    calendar = network.working_calendar()
    hours = network.open_stretches(row.place_id, row.filed_at, until, longer=False)
    return [(start, end) for start, end in hours if calendar.is_working(local_date(start))]


def _line(
    part: Part,
    case: CasePart | None,
    clock: Clock,
    departments: Mapping[UUID, Any],
    waits: tuple[Words, ...],
    *,
    mine: bool,
    critical: bool,
    follows: Words | None,
) -> PartRow:
    held = next((one for one in clock.holding if one.slot == part.slot), None)
    fate = Fate(part.fate)
    open_now = fate in {Fate.OPEN, Fate.WAITING, Fate.ASKING}
    return PartRow(
        slot=part.slot,
        name=Words(part.name_zh, part.name_en),
        item=part.item_code,
        fate=fate,
        words=case.row.words if case and fate not in {Fate.STOPPED, Fate.LEFT} else FATE_WORDS[fate],
        department=departments[case.department].name if case else None,
        number=case.row.number if case and (mine or case.may_open) else "",
        hand=HAND_WORDS[held.hand] if held else None,
        since=held.since if held else part.since,
        minutes=int(clock.by_slot.get(part.slot, timedelta(0)) // timedelta(minutes=1)),
        critical=critical,
        waits_for=waits if open_now else (),
        ready=bool(case and case.row.state in GRANTS),
        collect=bool(case and case.row.state is State.READY),
        follows=follows,
        may_leave=mine and may_leave(part, {part.case_id: case.row.state} if case and part.case_id else {}),
        asked=reasons_of(part) if mine else (),
    )


def _holdings(slot: str, case: CasePart) -> list[Holding]:
    """In whose hands a case lay from when to when, until it was decided or ended."""
    ends = [moment for moment, _ in case.passages[1:]]
    stretches = zip(case.passages, [*ends, None], strict=True)
    return [
        Holding(slot, HAND[state], since, until)
        for (since, state), until in stretches
        if state in HAND and state not in ENDS
    ]
