"""Telling a tenant's programs (回调): where, and of what; by jobs that try again, and tell nothing twice that was taken."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Min

from yichuang.core import clock, jobs
from yichuang.core.actors import Actor
from yichuang.core.bearers import new_bearer
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, NotFound, Reason, refuse_all
from yichuang.core.words import W
from yichuang.tenants import wall
from yichuang.tenants.books import Home, at_home, held, record, shift
from yichuang.tenants.models import Delivery, Hook, Tenant
from yichuang.tenants.ports import PostFailed, poster
from yichuang.tenants.rules import MOST_HOOKS, MOST_WAITING, NEWS_BYTES, hook_reasons, next_try
from yichuang.tenants.values import DEFINE, NEWS, PING

KIND: Final = "hook"  # of the ledger's subjects
A_HOOK: Final = W("回调", "webhook")
THERE = W("这个网址已经登记", "This address is told already")
TOO_MANY = W("最多登记 10 个回调网址", "At most 10 addresses are told")
AT_ONCE = 10  # news of one job; then others' turn comes
CLAIMED = timedelta(minutes=2)  # a job that was killed leaves its news to another after so long


@transaction.atomic
def make_hook(*, actor: Actor, url: str, kinds: Sequence[str], at: datetime) -> tuple[UUID, str]:
    """An address that is told from now on: (its id, the secret that proves us, shown this once).

    Refused with every fault: BAD_ADDRESS (private addresses and this house too), NO_NEWS, UNKNOWN_NEWS; conflict HOOK_THERE,
    TOO_MANY_HOOKS.
    """
    with at_home(actor, DEFINE) as home:
        refuse_all(hook_reasons(poster().fault_of(url), kinds))
        home.use(bytes=NEWS_BYTES)
        if Hook.objects.filter(tenant=home.tenant).count() >= MOST_HOOKS:
            raise Conflict(Reason("TOO_MANY_HOOKS", TOO_MANY))
        secret = new_bearer("ycs_")
        try:
            with transaction.atomic():
                row = Hook.objects.create(
                    id=new_id(), tenant_id=home.tenant, url=url, secret=secret, made_at=at,
                    kinds=[name for name in NEWS if name in kinds],
                )  # fmt: skip
        except IntegrityError as error:
            if "tenants_hook_once" not in str(error):
                raise
            raise Conflict(Reason("HOOK_THERE", THERE, "/url")) from None
    record("hook_made", actor, at, (KIND, row.id), kinds=" ".join(row.kinds))
    return row.id, secret


@transaction.atomic
def remove_hook(*, actor: Actor, hook: UUID, at: datetime) -> None:
    """Nobody is told there any more; what waited is dropped."""
    with at_home(actor, DEFINE) as home:
        home.give(0)  # the tenant's books first, as every act that tells news has them
        row = _locked(home, hook)
        news = Delivery.objects.filter(tenant=home.tenant, hook=row).count()
        Delivery.objects.filter(tenant=home.tenant, hook=row).delete()
        row.delete()
        home.give((news + 1) * NEWS_BYTES)
    record("hook_removed", actor, at, (KIND, hook))


@transaction.atomic
def ping_hook(*, actor: Actor, hook: UUID, at: datetime) -> UUID:
    """News that says nothing, to try an address out: its id."""
    with at_home(actor, DEFINE) as home:
        [sent] = _queue(home.tenant, [_locked(home, hook)], PING, {}, at)
    record("hook_tried", actor, at, (KIND, hook))
    return sent


@transaction.atomic
def retry_hook(*, actor: Actor, hook: UUID, at: datetime) -> int:
    """What nobody took there is sent again; how much that is."""
    with at_home(actor, DEFINE) as home:
        row = _locked(home, hook)
        row.on = True
        row.save(update_fields=["on"])
        dead = Delivery.objects.filter(tenant=home.tenant, hook=row, state="dead")
        again = int(dead.update(state="waiting", tries=0, next_at=at))
        _call(home.tenant, at)
    record("hook_retried", actor, at, (KIND, hook), again=again)
    return again


def tell(tenant: UUID, kind: str, body: Mapping[str, str | int], at: datetime) -> None:
    """News for whoever of the tenant wants this kind. Inside the wall and the act's own transaction: what is rolled back was
    never told. Ids and codes only: whoever may know more asks."""
    hooks = [row for row in Hook.objects.filter(tenant=tenant, on=True).order_by("id") if kind in row.kinds]
    if hooks:
        _queue(tenant, hooks, kind, body, at)


def _queue(
    tenant: UUID, hooks: Sequence[Hook], kind: str, body: Mapping[str, str | int], at: datetime
) -> tuple[UUID, ...]:
    rows = []
    for hook in hooks:
        waiting = Delivery.objects.filter(tenant=tenant, hook=hook, state="waiting").order_by("id")
        if waiting[MOST_WAITING - 1 : MOST_WAITING].exists():
            Hook.objects.filter(tenant=tenant, id=hook.id).update(lost=F("lost") + 1)
            continue
        rows.append(
            Delivery(id=new_id(), tenant_id=tenant, hook=hook, kind=kind, body=dict(body), next_at=at, made_at=at)
        )
    if rows:
        Delivery.objects.bulk_create(rows)
        shift(tenant, len(rows) * NEWS_BYTES)
        _call(tenant, at)
    return tuple(row.id for row in rows)


def _call(tenant: UUID, at: datetime) -> None:
    """One job for all that is due in the same minute."""
    key = f"tenants.hooks.{tenant}.{at:%Y%m%d%H%M}"
    # one after the other, whoever's they are: who waits for somebody outside holds one thread of the worker, never all
    jobs.enqueue_once(deliver, key=key, run_at=at, lock="tenants.hooks", tenant=tenant)


# ── delivering ────────────────────────────────────────────────────────────────────────────────────────────────────
def deliver_news(*, tenant: UUID, now: Callable[[], datetime]) -> int:
    """Send what is due for a tenant, some of it; how much was taken. What is left is queued behind the others' turn.

    No transaction is open while somebody outside is asked: what is sent is claimed for two minutes first.
    """
    claimed = _claim(tenant, now())
    failed: set[UUID] = set()
    for row, url, secret in claimed:
        if row.hook_id in failed:  # one that is down is not asked ten times in a row
            _settle(tenant, row, None, now())
            continue
        fault = _post(row, url, secret)
        if fault is not None:
            failed.add(row.hook_id)
        _settle(tenant, row, fault or TAKEN, now())
    _call_again(tenant)
    return len(claimed) - sum(row.hook_id in failed for row, _, _ in claimed)


TAKEN: Final = PostFailed("")


def _post(row: Delivery, url: str, secret: str) -> PostFailed | None:
    told = {"id": str(row.id), "kind": row.kind, "at": row.made_at.isoformat(), "data": row.body}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        poster().post(url=url, key=str(row.hook_id), secret=secret, delivery=str(row.id), kind=row.kind, body=body)
    except PostFailed as failed:
        return failed
    return None


@transaction.atomic
def _claim(tenant: UUID, at: datetime) -> list[tuple[Delivery, str, str]]:
    if held(tenant).state != "active":  # what waits is sent when it is resumed
        return []
    with wall.inside(tenant):
        due = Delivery.objects.filter(tenant=tenant, state="waiting", next_at__lte=at, hook__on=True)
        rows = list(
            due.select_for_update(of=("self",), skip_locked=True)
            .select_related("hook")
            .order_by("next_at", "id")[:AT_ONCE]
        )
        Delivery.objects.filter(id__in=[row.id for row in rows]).update(next_at=at + CLAIMED)
        return [(row, row.hook.url, row.hook.secret or "") for row in rows]


@transaction.atomic
def _settle(tenant: UUID, row: Delivery, fault: PostFailed | None, at: datetime) -> None:
    """What became of a try; None: there was none, it waits for the next."""
    held(tenant)
    with wall.inside(tenant):
        mine = Delivery.objects.filter(tenant=tenant, id=row.id)
        hook = Hook.objects.filter(tenant=tenant, id=row.hook_id)
        if fault is TAKEN:
            hook.update(told_at=at, fault="")
            if mine.delete()[0]:
                shift(tenant, -NEWS_BYTES)
            return
        if fault is None:
            mine.update(next_at=at + timedelta(seconds=60))
            return
        wait = next_try(row.tries + 1, final=fault.final)
        state = "waiting" if wait else "dead"
        mine.update(state=state, tries=F("tries") + 1, next_at=at + (wait or timedelta()), fault=fault.fault[:20])
        hook.update(fault=fault.fault[:20], on=F("on") if fault.fault != "HTTP_410" else False)


@transaction.atomic
def _call_again(tenant: UUID) -> None:
    if held(tenant).state != "active":
        return
    with wall.inside(tenant):
        waiting = Delivery.objects.filter(tenant=tenant, state="waiting", hook__on=True)
        first = waiting.aggregate(first=Min("next_at"))["first"]
    if first is not None:
        _call(tenant, first)


def call_waiting(*, tenant: UUID) -> None:
    """A tenant is resumed: what waited meanwhile is sent."""
    _call_again(tenant)


def forget_news(*, before: datetime) -> int:
    """News that nobody took are dropped after a time; how many."""
    total = 0
    for tenant in Tenant.objects.exclude(state="deleted").order_by("id").values_list("id", flat=True):
        with transaction.atomic():
            held(tenant)
            with wall.inside(tenant):
                gone, _ = Delivery.objects.filter(tenant=tenant, state="dead", made_at__lt=before).delete()
                shift(tenant, -gone * NEWS_BYTES)
            total += gone
    return total


def _locked(home: Home, hook: UUID) -> Hook:
    # no_key: news of an act that is on its way out may point to the hook meanwhile
    row: Hook | None = (
        Hook.objects.select_for_update(of=("self",), no_key=True).filter(tenant=home.tenant, id=hook).first()
    )
    if row is None:
        raise NotFound(A_HOOK)
    return row


@jobs.job(name="tenants.deliver", queue="hooks")
def deliver(tenant: UUID) -> None:
    """Some of what is due for one tenant; the next job of it stands behind all others."""
    deliver_news(tenant=tenant, now=clock.now)
