"""移送: another department's posts do the steps of a process from now on."""

from datetime import datetime

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.engine.commands.tasks import DELEGATED, LIVE, add_note, check_length
from yichuang.engine.commands.write import announce
from yichuang.engine.models import Instance, Task
from yichuang.engine.rows import Subject, task_row
from yichuang.engine.values import TaskRow

CHANGED = ["post", "state", "claimed_by", "claimed_name", "claimed_at", "notes", "version", *DELEGATED]


@transaction.atomic
def move_posts(*, actor: Actor, subject: Subject, old: str, new: str, at: datetime, note: str) -> tuple[TaskRow, ...]:
    """All steps of the posts of department `old` are those of `new` from now on, also the ones to come.

    Its live tasks go back to the pool, at the other department's posts, with a note; questions asked from them (加签) are
    void. What is done stays as it was done. Returns the moved tasks; none, and nothing is changed, without a running process.
    Whether `new` has the posts is asked by the caller (`queries.posts_of`).
    """
    check_length(note, "/note")
    kind, one = subject
    instance = Instance.objects.select_for_update(of=("self",)).filter(
        subject_id=one, subject_kind=kind, state="running"
    ).order_by("id").first()  # fmt: skip
    if instance is None:
        return ()
    instance.posts = {**{key: new if value == old else value for key, value in instance.posts.items()}, old: new}
    instance.save(update_fields=["posts"])
    live = Task.objects.select_for_update(of=("self",)).filter(instance=instance, state__in=LIVE).order_by("id")
    moved = [row for row in live if row.parent_id is None and row.post.startswith(f"{old}.")]
    ids = {row.id for row in moved}
    for row in live:
        if row.parent_id in ids:
            row.state, row.version = "cancelled", row.version + 1
            row.save(update_fields=["state", "version"])
    for row in moved:
        row.post = f"{new}.{row.post.partition('.')[2]}"
        add_note(row, actor, at, note, "transfer", new)
        row.state, row.claimed_by, row.claimed_name, row.claimed_at = "open", None, None, None
        row.delegated_by, row.delegated_name = None, None
        row.save(update_fields=CHANGED)
    announce(instance, moved, at)
    return tuple(task_row(row) for row in moved)
