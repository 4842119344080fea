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
