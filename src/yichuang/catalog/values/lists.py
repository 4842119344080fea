"""Lists of items (事项清单) that a hall promises to reach by a day, how far it has come, and how many items bear which mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang.catalog.values.names import Mark
from yichuang.catalog.values.trials import PackFault
from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class ListRule:
    """What an item must be to count: every mark, filed at least that widely, at most so many visits, one of the named.

    What is empty asks nothing.
    """

    marks: tuple[Mark, ...] = ()
    area: str = ""  # hall | district | city | province | state: at least
    visits: int | None = None  # at most
    items: tuple[str, ...] = ()  # codes


@dataclass(frozen=True, slots=True)
class ItemList:
    """One promise: by `target_on` at least `target` items (number) satisfy the rule. Lists of a `batch` come together."""

    code: str
    name: Words
    batch: int
    target: int
    target_on: date
    rule: ListRule


@dataclass(frozen=True, slots=True)
class ListProgress:
    """How far a list has come: `done` items satisfy it today; `days_left` calendar days, negative once the day is past."""

    list: ItemList
    done: int
    days_left: int
    waiting: tuple[str, ...] = ()  # named items that do not satisfy it yet, or are not published

    @property
    def reached(self) -> bool:
        return self.done >= self.list.target

    @property
    def late(self) -> bool:
        return not self.reached and self.days_left < 0

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down, so that 100 means reached."""
        return min(100, self.done * 100 // self.list.target)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of all items that apply."""

    code: str
    words: Words
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """All items that apply at an instant, by mark, by number of visits (0, 1, 2 and more) and by where they can be filed."""

    total: int
    marks: tuple[Share, ...]
    visits: tuple[Share, ...]
    areas: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class ListsTrial:
    """What publishing a lists.toml would do: faults, each list with "new", "changed" or "same", and lists that would go."""

    faults: tuple[PackFault, ...]
    lists: tuple[tuple[ItemList, str], ...]
    gone: tuple[Words, ...]

    @property
    def changes(self) -> bool:
        return not self.faults and (bool(self.gone) or any(state != "same" for _, state in self.lists))
