"""优先办理 (绿色通道): how far a case is put forward. Pure.

In a list a priority moves forward only among what has the same light, at most one line in three, and never stands later
than its day alone would put it.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
SHARE = 3  # one line in so many, as at the ticket machine: the others must not starve


def weave(
    first: Sequence[T], others: Sequence[T], *, since: int, light: Callable[[T], int], due: Callable[[T], object]
) -> list[T]:
    """Both in their order (most urgent first), priorities moved forward within their light.

    `since` is how many lines of others have stood since the last priority that was moved. `light` is smaller the more
    urgent. Within a light a priority goes as soon as two others went before it, or when its own day is first anyway.
    """
    woven: list[T] = []
    waiting, rest = list(reversed(first)), list(reversed(others))
    while waiting and rest:
        one, other = waiting[-1], rest[-1]
        same = light(one) == light(other)
        natural = (light(one), due(one)) <= (light(other), due(other))
        if natural or (same and since >= SHARE - 1):
            woven.append(waiting.pop())
            since = 0
        else:
            woven.append(rest.pop())
            since += 1
    return woven + list(reversed(waiting)) + list(reversed(rest))
