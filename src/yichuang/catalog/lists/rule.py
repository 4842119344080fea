"""Which items count for a list, and how far it has come. Pure: the same filters as those of the item list."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from yichuang.catalog.values import AREAS, ItemFigures, ItemFilters, ItemList, ListProgress, ListRule, Mark, Share
from yichuang.core.words import W

_VISITS = (("0", W("不用跑", "No visit")), ("1", W("跑一次", "One visit")), ("2", W("跑两次以上", "Two or more")))


def at_least(area: str) -> tuple[str, ...]:
    """The areas that reach as far as this one: an item filed anywhere in the city can be filed anywhere in the district.

    ValueError for a word that is no area.
    """
    order = tuple(AREAS)
    return order[order.index(area) :]


def filters_of(rule: ListRule) -> ItemFilters:
    return ItemFilters(marks=rule.marks, area=rule.area, visits=rule.visits, codes=rule.items)


def named(codes: tuple[str, ...]) -> ItemFilters:
    return ItemFilters(codes=codes)


def progress(one: ItemList, done: int, today: date, counted: Collection[str] = ()) -> ListProgress:
    """`done` items satisfy the rule; `counted` are those of the named ones that do."""
    waiting = tuple(code for code in one.rule.items if code not in counted)
    return ListProgress(one, done, (one.target_on - today).days, waiting)


def figures(marks: Mapping[str, int], visits: Iterable[tuple[int, int]], areas: Mapping[str, int]) -> ItemFigures:
    """From counts of items per mark, per number of visits and per area. Every item has one number and one area."""
    by_visits = {code: 0 for code, _ in _VISITS}
    for number, count in visits:
        by_visits[str(min(number, 2))] += count
    total = sum(by_visits.values())
    return ItemFigures(
        total,
        tuple(Share(m.value, m.words, marks.get(m.value, 0), _percent(marks.get(m.value, 0), total)) for m in Mark),
        tuple(Share(code, words, by_visits[code], _percent(by_visits[code], total)) for code, words in _VISITS),
        tuple(Share(a, words, areas.get(a, 0), _percent(areas.get(a, 0), total)) for a, words in AREAS.items()),
    )


def _percent(part: int, whole: int) -> int:
    """Whole per cent, half rounded up; 0 of nothing."""
    return (part * 200 + whole) // (whole * 2) if whole else 0
