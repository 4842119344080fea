"""What the engine asks of the rooms whose subjects its processes run for: who owns a kind of subject, and its lock."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Owner:
    """A room that processes run for. `lock` locks one subject's row for the transaction (nothing, when it is gone)."""

    tenant: str
    lock: Callable[[UUID], None]


OWNERS: dict[str, Owner] = {}


def own(kind: str, *, tenant: str, lock: Callable[[UUID], None]) -> None:
    """Called at start-up by the room whose subjects these are: no other tenant starts a process for one.

    A subject is locked before its process, whoever begins: a person's act, which locks the subject first, and a timer,
    which the engine fires by itself, can then never wait for each other.
    """
    OWNERS[kind] = Owner(tenant, lock)


Inside = Callable[[str, UUID | None, datetime], AbstractContextManager[object]]
_inside: list[Inside] = []


def enclose(inside: Inside) -> None:
    """Called at start-up by the room that keeps tenants apart: `inside(tenant, subject, at)` surrounds what the engine does by
    itself for a tenant (timers, signals), with the subject whose process moves, or None where it only looks."""
    _inside.append(inside)


def within(tenant: str, subject: UUID | None = None, *, at: datetime) -> AbstractContextManager[object]:
    """Where the engine acts for a tenant with nobody at a page. May refuse: then nothing is done now."""
    return _inside[0](tenant, subject, at) if _inside else nullcontext()


def hold(kind: str, one: UUID) -> None:
    """Lock a subject, where its room has said how."""
    owner = OWNERS.get(kind)
    if owner is not None:
        owner.lock(one)


def check_owner(kind: str, tenant: str) -> None:
    """Raise `ValueError` for a subject of another tenant: the caller's mistake, never a person's."""
    owner = OWNERS.get(kind)
    if owner is not None and owner.tenant != tenant:
        raise ValueError(f"a {kind} belongs to {owner.tenant}, not to {tenant}")
