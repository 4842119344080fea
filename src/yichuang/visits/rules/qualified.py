"""Whom a window may call when items ask for a qualification (上岗资格, X13).

A number goes to somebody on duty who is qualified for all that it needs. Where nobody on duty is, every window of its queue
may call it, and intake goes on with the duty specialist: nobody waits for a qualification that no one has.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from yichuang.people.values import Qualified

BREAK = timedelta(minutes=15)  # a window that paused no longer ago comes back: its clerk counts as on duty (P)
NOBODY = Qualified()


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A hall at a moment: the items that ask for a qualification, and who serves which queue, qualified for what.

    `organs`: the code of each such item's department, where it is known.
    """

    asking: frozenset[str] = frozenset()
    organs: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[UUID, Qualified] = field(default_factory=dict)  # staff -> qualified for
    serving: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)  # queue -> staff who serve it now

    def needs(self, items: Collection[str]) -> frozenset[str]:
        """Which of these items ask for a qualification."""
        return self.asking & frozenset(items)

    def lacks(self, staff: UUID | None, items: Collection[str]) -> frozenset[str]:
        """For which of these items somebody has not the qualification that is asked."""
        held = self.holds.get(staff, NOBODY) if staff else NOBODY
        return frozenset(item for item in self.needs(items) if not held.covers(item, self.organs.get(item, "")))

    def fit(self, queue: UUID, items: Collection[str]) -> frozenset[UUID]:
        """Who serves the queue now and is qualified for all that these items ask."""
        return frozenset(staff for staff in self.serving.get(queue, frozenset()) if not self.lacks(staff, items))

    def may_call(self, staff: UUID, queue: UUID, items: Collection[str]) -> bool:
        """Whether this member of staff may call a number with these items from the queue."""
        return not self.lacks(staff, items) or not self.fit(queue, items)
