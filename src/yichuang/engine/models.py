"""Tables of processes: the definition once, instances pinned to it, tokens and tasks as rows."""

from datetime import UTC, datetime
from typing import Final

from django.db import models
from django.db.models import F, Q

from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.ids import new_id

NO_DUE: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for "no due date" in the table, so that work lists sort and page by one column without NULLs."""


SCOPE: Final = 300
"""Characters of the way to a scope: sub-processes in sub-processes."""


class ProcessDefinition(models.Model):
    """A process as published, by the SHA-256 of its XML; never changed."""

    sha = models.CharField(max_length=64, primary_key=True)
    xml = models.BinaryField()
    created_at = models.DateTimeField()


class Instance(models.Model):
    """One run of a process for one subject (a case, a bundle …). It stays with its definition to the end."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    definition = models.ForeignKey(ProcessDefinition, on_delete=models.PROTECT, related_name="instances")
    tenant = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    state = models.CharField(max_length=10, default="running")
    variables = SealedJson(aad="engine_instance.variables")
    outcomes = models.JSONField(default=dict)  # task id → outcome code of its last completion; no personal data
    posts = models.JSONField(default=dict)  # 移送: department of the definition → department whose posts do its steps
    local = SealedJson(aad="engine_instance.local", null=True)  # by scope: what only sub-processes of several see
    due_at = models.DateTimeField(default=NO_DUE)
    paused_at = models.DateTimeField(null=True)  # since when the time of its subject does not count (`commands.pause`)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, default="")
    end_reason = SealedText(aad="engine_instance.end_reason", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="engine_instance_state", condition=Q(state__in=["running", "finished", "cancelled"])
            ),
            models.CheckConstraint(
                name="engine_instance_ended", condition=Q(state="running") ^ Q(ended_at__isnull=False)
            ),
            models.UniqueConstraint(
                name="engine_instance_one_running",
                fields=["subject_id", "subject_kind"],
                condition=Q(state="running"),
            ),
        ]
        indexes = [models.Index(name="engine_instance_subject", fields=["subject_id", "subject_kind", "started_at"])]


class Token(models.Model):
    """A token that waits: at a step, for an event, or at a join. At most one for each flow of a node in a scope."""

    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="tokens", db_index=False)
    scope = models.CharField(max_length=SCOPE, blank=True, default="")  # "" is the process (`bpmn.play`)
    node = models.CharField(max_length=100)
    flow = models.CharField(max_length=100)
    arrived_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="engine_token_place", fields=["instance", "scope", "node", "flow"])]


class Task(models.Model):
    """Work for a post. It is open, claimed by one person, done, or cancelled with its process."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="tasks")
    tenant = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    scope = models.CharField(max_length=SCOPE, blank=True, default="")
    node = models.CharField(max_length=100)
    flow = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    post = models.CharField(max_length=80)
    act = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="open")
    version = models.PositiveIntegerField(default=1)
    claimed_by = models.UUIDField(null=True)
    claimed_name = SealedText(aad="engine_task.claimed_name", null=True)
    claimed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(default=NO_DUE)
    outcome = models.CharField(max_length=60, default="")
    opinion = SealedText(aad="engine_task.opinion", null=True)
    done_by = models.UUIDField(null=True)
    done_name = SealedText(aad="engine_task.done_name", null=True)
    done_at = models.DateTimeField(null=True)
    notes = SealedJson(aad="engine_task.notes", null=True)  # why it changed hands: [{by, name, at, text, kind, to}]
    seat = models.PositiveSmallIntegerField(default=0)  # 会签: which of several, from 1; 0: nobody else has this step
    back_to = models.CharField(max_length=100, blank=True, default="")  # 退回: the earlier step it was sent back to
    # 转办: who handed it to the colleague that holds it now
    delegated_by = models.UUIDField(null=True)
    delegated_name = SealedText(aad="engine_task.delegated_name", null=True)
    # 加签: the task whose holder asks another post, and what
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="countersigns")
    asked_by = models.UUIDField(null=True)
    asked_name = SealedText(aad="engine_task.asked_name", null=True)
    question = SealedText(aad="engine_task.question", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="engine_task_state", condition=Q(state__in=["open", "claimed", "done", "cancelled"])
            ),
            models.CheckConstraint(
                name="engine_task_act", condition=Q(act__in=["review", "decide", "inspect", "countersign"])
            ),
            models.CheckConstraint(
                name="engine_task_countersign",
                condition=Q(act="countersign", parent__isnull=False, asked_by__isnull=False)
                | (~Q(act="countersign") & Q(parent__isnull=True, asked_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="engine_task_delegated",
                condition=Q(delegated_by__isnull=True) | Q(state__in=["claimed", "done", "cancelled"]),
            ),
            models.CheckConstraint(
                name="engine_task_claimed",
                condition=~Q(state="claimed") | Q(claimed_by__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="engine_task_open", condition=~Q(state="open") | Q(claimed_by__isnull=True, done_by__isnull=True)
            ),
            models.CheckConstraint(
                name="engine_task_done",
                condition=Q(state="done", done_by__isnull=False, done_at__isnull=False, outcome__gt="")
                | (~Q(state="done") & Q(done_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="engine_task_times", condition=Q(done_at__isnull=True) | Q(done_at__gte=F("created_at"))
            ),
            models.UniqueConstraint(
                name="engine_task_one_live",
                fields=["instance", "scope", "node", "seat"],
                condition=Q(state__in=["open", "claimed"], parent__isnull=True),
            ),
            models.UniqueConstraint(
                name="engine_task_asked_once",
                fields=["parent", "post"],
                condition=Q(state__in=["open", "claimed"], parent__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="engine_task_worklist",
                fields=["tenant", "post", "state", "due_at", "id"],
                condition=Q(state__in=["open", "claimed"]),
            ),
            # Who holds it now, however often it went back and forth.
            models.Index(
                name="engine_task_live", fields=["instance", "created_at"], condition=Q(state__in=["open", "claimed"])
            ),
        ]


class Wait(models.Model):
    """What a running process waits for besides people: work done outside, a message, a signal, a moment. Gone when it came.

    It belongs to the token at (scope, node, flow); `event` is that node, or the event on its boundary or behind its gateway.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="waits", db_index=False)
    tenant = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    scope = models.CharField(max_length=SCOPE, blank=True, default="")
    node = models.CharField(max_length=100)
    flow = models.CharField(max_length=100)
    event = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=200, blank=True, default="")
    name_en = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=200, blank=True, default="")  # operation, decision, message or signal
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(default=NO_DUE)  # of a timer: when it fires; of work: not before (after a failure)
    held_at = models.DateTimeField(null=True)  # of a timer: since when it stands still (`commands.pause`)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_with = models.CharField(max_length=60, blank=True, default="")  # the code of the last failure

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="engine_wait_kind",
                condition=Q(kind__in=["service", "rule", "send", "message", "signal", "timer"]),
            ),
            models.CheckConstraint(name="engine_wait_timer", condition=~Q(kind="timer") | Q(due_at__lt=NO_DUE)),
            models.UniqueConstraint(name="engine_wait_place", fields=["instance", "scope", "event", "flow"]),
        ]
        indexes = [
            models.Index(
                name="engine_wait_of",
                fields=["tenant", "due_at", "id"],
                condition=Q(kind="timer", held_at__isnull=True),
            ),
            models.Index(
                name="engine_wait_work",
                fields=["tenant", "kind", "created_at", "id"],
                condition=Q(kind__in=["service", "rule", "send"]),
            ),
            models.Index(name="engine_wait_signal", fields=["tenant", "key", "id"], condition=Q(kind="signal")),
        ]
