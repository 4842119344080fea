"""现场调度: what a hall manager may move while people wait. Nobody who waits is left without a window by it."""

from collections.abc import Collection, Mapping
from uuid import UUID


def left_alone(
    before: Collection[UUID], after: Collection[UUID], elsewhere: Collection[UUID], waiting: Mapping[UUID, int]
) -> list[UUID]:
    """The queues that a window would stop serving though people wait and no other open window serves them.

    `elsewhere`: what the other open windows serve, the paused ones too (they come back); `waiting`: people by queue.
    """
    gone = (queue for queue in before if queue not in after and queue not in elsewhere)
    return [queue for queue in gone if waiting.get(queue, 0) > 0]
