"""Whether an open case may go on under a newer version of its item. Pure.

Under which version a case was filed is what its applicant was told; it changes only by an explicit act, and never against
them: what was accepted stays as it was accepted (行政许可法 art. 8: 信赖保护), nothing may be demanded after the one notice
that named everything (art. 32 (4)), and a promised limit never becomes longer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yichuang.cases.rules.acceptance import Needed
from yichuang.cases.states import State
from yichuang.cases.values import MaterialState
from yichuang.core.refusals import Reason
from yichuang.core.words import W

MOVABLE = frozenset({State.SUBMITTED, State.CORRECTING})
_ACCEPTED = W("已受理的办件按受理时的版本办完", "What was accepted is finished under the version of its acceptance")
_OVER = W("办件已经结束", "The case is over")
_OFFERED = W("容缺承诺书正等申请人签署，请待其签署或到期", "A letter of promise is waiting for its signature")
_PROMISED = W(
    "告知承诺书是按原版本签署的，请重新申报",
    "The letter of commitment was signed under the earlier version: to be filed anew",
)
_OTHER_ORGAN = W(
    "新版本由另一部门或按另一类权力办理，请重新申报", "Another department or another kind of power: to be filed anew"
)
_TOLD = W(
    "已一次性告知，不能再要求：{materials}",
    "Everything missing was told in one notice; it cannot be followed by: {materials}",
)
_NOT_UNDER_REVIEW = W("不在审查中，没有可以迁移的流程", "Not under review: no process that could move")
_OTHER_DECIDES = W("新版本由另一部门决定，流程不能迁移", "Another department decides in the new version")
REVIEWED = frozenset({State.IN_REVIEW.value, State.SUSPENDED.value})
Amount = tuple[Decimal | int, str]  # amount and unit of a limit


@dataclass(frozen=True, slots=True)
class Has:
    """A material of the case as it stands."""

    code: str
    state: MaterialState
    required: bool
    files: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What moving does to the materials: new rows, rows that go, and what the applicant has to bring in."""

    added: tuple[Needed, ...]
    dropped: tuple[str, ...]  # nothing was handed in for them
    spared: tuple[str, ...]  # handed in, no longer needed: they stay, as what may be added
    asked: tuple[Needed, ...]


def obstacles(
    state: State,
    *,
    offered: bool,
    promised: bool = False,
    same_organ: bool,
    faults: Sequence[Reason],
    told: frozenset[str] | None,
    change: Change,
) -> tuple[Reason, ...]:
    """Why the case stays; nothing: it can be moved. `told`: the materials that its one notice named, if it had one."""
    if state not in MOVABLE:
        over = state in {State.NOT_ACCEPTED, State.DENIED, State.WITHDRAWN, State.TERMINATED, State.DELIVERED}
        return (Reason("OVER", _OVER) if over else Reason("ACCEPTED", _ACCEPTED),)
    found = [*faults]
    if offered:
        found.append(Reason("PROMISE_OFFERED", _OFFERED))
    if promised:
        found.append(Reason("COMMITMENT_SIGNED", _PROMISED))
    if not same_organ:
        found.append(Reason("OTHER_ORGAN", _OTHER_ORGAN))
    late = [need.name for need in change.asked if told is not None and need.code not in told]
    if late:
        names = W("、".join(name.zh for name in late), ", ".join(name.en for name in late))
        found.append(Reason("NEW_DEMAND", _TOLD.format(materials=names)))
    return tuple(found)


def process_obstacles(state: State, *, same_organ: bool) -> tuple[Reason, ...]:
    """Why the review of an accepted case does not go on by another process, before its steps are looked at."""
    found = []
    if state.value not in REVIEWED:
        found.append(Reason("NOT_UNDER_REVIEW", _NOT_UNDER_REVIEW))
    if not same_organ:
        found.append(Reason("OTHER_ORGAN", _OTHER_DECIDES))
    return tuple(found)


def change_of(has: Iterable[Has], needed: Sequence[Needed], held: frozenset[str]) -> Change:
    """The materials of the case beside those that the new version needs of this applicant."""
    had: Mapping[str, Has] = {row.code: row for row in has}
    codes = {need.code for need in needed}
    gone = [row for row in had.values() if row.code not in codes]
    added = tuple(need for need in needed if need.code not in had)
    asked = tuple(
        need
        for need in needed
        if need.required and (need.code not in held if need.code not in had else _newly_missing(had[need.code]))
    )
    return Change(
        added,
        tuple(row.code for row in gone if not row.files and row.state is not MaterialState.CHECKED),
        tuple(row.code for row in gone if row.files or row.state is MaterialState.CHECKED),
        asked,
    )


def _newly_missing(row: Has) -> bool:
    """What was optional and is needed now; what was missing before is not news."""
    return row.state is MaterialState.MISSING and not row.required


def limit_after(old: Amount, new: Amount) -> Amount:
    """The limit that goes on: the new one unless it is longer, or cannot be compared."""
    return new if old[1] == new[1] and new[0] <= old[0] else old
