"""Putting contradictions on the list: each once, with what the sources say now."""

from collections.abc import Sequence

from yichuang.registry.models import Contradiction

CHUNK = 250  # rows of one statement


def note(found: Sequence[Contradiction]) -> int:
    """List what nobody has listed; what waits there already shows what the sources say now. How many are new."""
    if not found:
        return 0
    rows = Contradiction.objects.filter(key_index__in={one.key_index for one in found}, settled_at=None)
    waiting = {(row.key_index, row.field): row for row in rows.select_for_update(of=("self",)).order_by("id")}
    new, changed = [], []
    for one in found:
        row = waiting.get((one.key_index, one.field))
        if row is None:
            new.append(one)
        elif row.said != one.said:
            row.said, row.found_at = one.said, one.found_at
            changed.append(row)
    Contradiction.objects.bulk_create(
        new, ignore_conflicts=True, batch_size=CHUNK
    )  # somebody else may list it just now
    Contradiction.objects.bulk_update(changed, ["said", "found_at"], batch_size=CHUNK)
    return len(new)
