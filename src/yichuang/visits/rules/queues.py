"""Which queue takes what."""

from collections.abc import Collection, Mapping, Sequence


def covers(
    items: Collection[str], departments: Collection[str], wanted: Sequence[str], organs: Mapping[str, str]
) -> bool:
    """Whether a queue for these items and departments takes all that is wanted; one for neither takes everything.

    `organs`: the code of each item's department, where it is known.
    """
    if not items and not departments:
        return True
    return bool(wanted) and all(item in items or organs.get(item, "") in departments for item in wanted)


def width(items: Collection[str], departments: Collection[str], wanted: Sequence[str]) -> int:
    """Of several queues that take it, the one that names it goes first (0), then those of its department (1), then those
    for everything (2): so an item that is named somewhere leads there, whatever the order of the queues."""
    if wanted and all(item in items for item in wanted):
        return 0
    return 1 if items or departments else 2
