"""重放 (rehearsal): a draft table decides past cases again, from the inputs that were kept; nobody is asked anything (docs/adr/0022)."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from yichuang.cases.evidence import FACTS, mended
from yichuang.cases.instant import JudgedBy
from yichuang.cases.models import AutoDecision, Proceeding, Rehearsal, RehearsedChange
from yichuang.cases.models.after import REVOKED
from yichuang.cases.rules.rehearsal import Tally, difference, unjudged
from yichuang.cases.rules.rulesets import outcome_of
from yichuang.cases.rulesets import Outcome
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core import clock, jobs, ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Refused
from yichuang.core.words import W, Words
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people

log = logging.getLogger(__name__)
KEPT: Final = timedelta(days=30)
LOST: Final = timedelta(hours=1)  # one that still has a job is waited for, however long
BATCH: Final = 2_000  # rows in hand at a time
BROKE = W(
    "重放时出错，没有做完；可以重新开始，再出错请把编号 {number} 告诉系统管理员",
    "It broke and was not finished. Begin again; if it breaks again, tell the administrator number {number}",
)
DIED = W(
    "重放中途停止（例如系统重新启动），请重新开始",
    "It stopped halfway, for instance when the system was restarted: please begin again",
)
CHANGED_SINCE = W(
    "草稿在提交重放之后又改过，请重新提交", "The draft was changed after this was asked for: please ask again"
)


@transaction.atomic
def ask_rehearsal(*, actor: Actor, item: str, at: datetime) -> UUID:
    """Have the table of the item's folder (the draft, where there is one) decide its past cases again, in the background.

    The same table while it still runs is the same rehearsal. Refused (403) for who may not publish, DRAFT_UNSOUND with
    every fault; NotFound for an item without a folder or table.
    """
    pack = catalog.folder_pack(actor, item)
    assert pack.decision is not None
    assert actor.id is not None
    running = Rehearsal.objects.filter(item_code=item, sha=pack.decision.sha, state="running", asked_at__gt=at - KEPT)
    if (same := running.order_by("-id").first()) is not None:
        return same.id
    Rehearsal.objects.filter(asked_at__lt=at - KEPT).delete()
    row = Rehearsal.objects.create(item_code=item, sha=pack.decision.sha, asked_at=at, asked_by_id=actor.id)
    detail = {"item": item, "sha": pack.decision.sha[:12]}
    ledger.append(act="rehearse", actor=actor, at=at, subject=Subject("rehearsal", row.id), detail=detail)
    jobs.enqueue(rehearse_job, rehearsal=row.id)
    return row.id


@jobs.job(name="cases.rehearse", queue="slow")
def rehearse_job(rehearsal: UUID) -> None:
    """One rehearsal."""
    rehearse(rehearsal=rehearsal, at=clock.now())


def rehearse(*, rehearsal: UUID, at: datetime) -> None:
    """Decide every past case of the item again and keep what would change. Run by a job; done already: nothing.

    It comes to an end whatever happens, so that it can be asked for anew: what breaks is told with the number under which
    the log has it, and one that died with its worker is found by the worker that takes its job up.
    """
    if not _begin(rehearsal, at):
        return
    try:
        _run(rehearsal, at)
    except Exception:
        number = new_id().hex[-8:].upper()
        log.exception("a rehearsal broke: error %s", number)
        _fail(rehearsal, BROKE.format(number=number), at)


@transaction.atomic
def watch_rehearsals(*, at: datetime) -> int:
    """End the rehearsals that nobody will run any more; how many. Run by a job."""
    late = Rehearsal.objects.filter(state="running", asked_at__lt=at - LOST).order_by("id")
    lost = [id for id in late.values_list("id", flat=True) if not jobs.is_queued(rehearse_job, rehearsal=id)]
    for one in lost:
        _fail(one, DIED, at)
    return len(lost)


@transaction.atomic
def _begin(rehearsal: UUID, at: datetime) -> bool:
    row = Rehearsal.objects.select_for_update(of=("self",)).get(id=rehearsal)
    if row.state != "running":
        return False
    if row.begun_at is not None:
        _end(row, "failed", at, DIED)
        return False
    row.begun_at = at
    row.save(update_fields=["begun_at"])
    return True


@transaction.atomic
def _fail(rehearsal: UUID, why: Words, at: datetime) -> None:
    row = Rehearsal.objects.select_for_update(of=("self",)).get(id=rehearsal)
    if row.state == "running":
        _end(row, "failed", at, why)


@transaction.atomic
def _run(rehearsal: UUID, at: datetime) -> None:
    row = Rehearsal.objects.select_for_update(of=("self",)).get(id=rehearsal)
    try:
        pack = catalog.folder_pack(SYSTEM, row.item_code)
    except Refused as refused:
        _end(row, "failed", at, refused.reasons[0].words)
        return
    if pack.decision is None or pack.decision.sha != row.sha:
        _end(row, "failed", at, CHANGED_SINCE)
        return
    tally = Tally()
    changes: list[RehearsedChange] = []
    for change in _changes(row, pack, tally):
        changes.append(change)
        if len(changes) == BATCH:
            RehearsedChange.objects.bulk_create(changes)
            changes.clear()
    RehearsedChange.objects.bulk_create(changes)
    _sum_up(row, pack, tally)
    _end(row, "done", at)


def _changes(row: Rehearsal, pack: Pack, tally: Tally) -> Iterator[RehearsedChange]:
    """What would change, case by case; the sums on the way. Each is decided as of the day on which it was."""
    assert pack.decision is not None
    columns = [one.name for one in pack.decision.inputs]
    for inputs, codes, judged_at, number, outcome in past_cases(row.item_code):
        unfit = catalog.misfits(pack, inputs)
        found = unjudged(codes) if unfit else difference(codes, catalog.decide_again(pack, inputs, at=judged_at).codes)
        tally.add(found, outcome, (name for name in columns if name not in inputs), unfit)
        if found is not None:
            yield RehearsedChange(
                rehearsal=row, number=number, judged_at=judged_at, before=found.before, after=found.after,
                gone=list(found.gone), new=list(found.new), outcome=outcome.value,
                unfit=[[words.zh, words.en] for words in unfit],
            )  # fmt: skip


def past_cases(item: str) -> Iterator[tuple[dict[str, Any], list[str], datetime, str, Outcome]]:
    """Every judged case of an item: its kept inputs, results, moment, number and what people made of it; the oldest first,
    some at a time from a cursor of the server, so that memory does not grow with them."""
    rows = AutoDecision.objects.filter(item_code=item, state=JudgedBy.DONE.value).annotate(
        mended=mended(),
        decided=Q(case__decision__made_by__isnull=False),
        revoked=Exists(Proceeding.objects.filter(REVOKED, case=OuterRef("case"))),
    )
    columns = rows.order_by("id").values_list(  # the last eight as `FACTS` calls them
        "inputs", "codes", "judged_at", "case__number", "case__state", "case__outcome", "mended", "decided", "acted",
        "recheck__verdict", "case__human_review__stands", "revoked",
    )  # fmt: skip
    for inputs, codes, judged_at, number, *facts in columns.iterator(BATCH):
        told = outcome_of(**dict(zip(FACTS, facts, strict=True)))
        assert judged_at is not None  # the constraint of what is done
        yield inputs, codes, judged_at, number, told


def _sum_up(row: Rehearsal, pack: Pack, tally: Tally) -> None:
    assert pack.decision is not None
    row.total, row.changed = tally.total, tally.changed
    row.counts = [[before, after, outcome.value, n] for (before, after, outcome), n in sorted(tally.counts.items())]
    codes = sorted({*tally.gone, *tally.new})
    row.codes = [[code, tally.gone[code], tally.new[code]] for code in codes]
    row.words = {code: [words.zh, words.en] for code, words in _words(row.item_code, pack, codes)}
    named = {one.name: one.words for one in pack.decision.inputs}
    row.unfit = [[words.zh, words.en, n] for words, n in tally.unfit.most_common()]
    row.unread = [[named[name].zh, named[name].en, n] for name, n in tally.unread.most_common()]


def _words(item: str, pack: Pack, codes: list[str]) -> Iterator[tuple[str, Words]]:
    """What each result means: in the draft, else in the newest published version that has it."""
    packs = [pack]
    for version, *_ in catalog.list_versions(item):
        packs.append(catalog.get_pack(item, version=version, at=clock.now()))
    for code in codes:
        found = (one.decision.results[code].words for one in packs if one.decision and code in one.decision.results)
        if words := next(found, None):
            yield code, words


def _end(row: Rehearsal, state: str, at: datetime, why: Words | None = None) -> None:
    row.state, row.ended_at = state, at
    if why is not None:
        row.why_zh, row.why_en = why.zh[:300], why.en[:300]
    row.save()
    name = catalog.published_name(row.item_code) or Words(row.item_code, row.item_code)
    values: dict[str, str | Words] = {"item": name, "total": str(row.total), "changed": str(row.changed)}
    if why is not None:
        values = {"item": name, "why": why}
    for staff, locale in people.languages_of_staff([row.asked_by_id]).items():
        notices.send(
            address=Address("inbox", party=staff),
            locale=locale,
            template="rehearsal_failed" if why else "rehearsal_ended",
            values=values,
            at=at,
            dedupe=f"rehearsal:{row.id}",
        )
