"""启动流程: a process begins for a subject, runs to its first wait, and is written once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction

from yichuang.core import faults
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, Reason, Refused
from yichuang.core.words import Words
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import ProcessFaults, ProcessModel
from yichuang.engine.bpmn.play import Memory, Play
from yichuang.engine.bpmn.process import parse_process
from yichuang.engine.commands.waits import tell_signals
from yichuang.engine.commands.write import announce, announce_waits, ending, refusing, write
from yichuang.engine.models import NO_DUE, Instance, ProcessDefinition
from yichuang.engine.ports import check_owner
from yichuang.engine.rows import Subject


def start_process(
    *,
    xml: bytes,
    subject: Subject,
    tenant: str,
    variables: Mapping[str, object],
    at: datetime,
    due_at: datetime | None = None,
    calendar: Calendar | None = None,
) -> UUID:
    """Start the process of `xml` for the subject; its tasks are due at `due_at`. Returns the instance's id.

    `variables` are JSON values. `calendar`: for timers in working days, which without one are refused.

    Raises `Conflict` when one runs already for the subject, `Refused` when the process has faults (all of them named) or
    a gateway cannot decide, `ValueError` for a subject that belongs to another tenant.
    """
    check_owner(subject[0], tenant)
    model = _model(xml)
    if "outcomes" in variables:
        raise ValueError("“outcomes” is what tasks said; it cannot be given")
    try:
        with transaction.atomic():
            return _start(model, xml, subject, tenant, dict(variables), at, due_at or NO_DUE, calendar)
    except IntegrityError as error:
        if "engine_instance_one_running" not in str(error):
            raise
        words = Words("这件事已有流程在办理", "A process is running for this already")
        raise Conflict(Reason("PROCESS_RUNNING", words)) from None


def _model(xml: bytes) -> ProcessModel:
    try:
        return parse_process(xml)
    except ProcessFaults as found:
        reasons = (
            Reason("PROCESS_FAULT", Words(f"第 {f.line} 行：{f.words.zh}", f"Line {f.line}: {f.words.en}"), f.element)
            for f in found.faults
        )
        raise Refused(*reasons) from None


def definition_of(xml: bytes, at: datetime) -> ProcessModel:
    """The checked process, kept as a version that instances may be pinned to. Raises `Refused` with its faults."""
    model = _model(xml)
    _store(model, xml, at)
    return model


def _store(model: ProcessModel, xml: bytes, at: datetime) -> None:
    if not ProcessDefinition.objects.filter(sha=model.sha).exists():
        definition = ProcessDefinition(sha=model.sha, xml=xml, created_at=at)
        ProcessDefinition.objects.bulk_create([definition], ignore_conflicts=True)


def _start(
    model: ProcessModel,
    xml: bytes,
    subject: Subject,
    tenant: str,
    variables: dict[str, object],
    at: datetime,
    due_at: datetime,
    calendar: Calendar | None,
) -> UUID:
    play = Play(model, {}, Memory(dict(variables), {}))
    with refusing():
        play.begin()
    _store(model, xml, at)
    kind, subject_id = subject
    instance = Instance.objects.create(
        id=new_id(),
        definition_id=model.sha,
        tenant=tenant,
        subject_kind=kind,
        subject_id=subject_id,
        variables=cast(Any, variables),  # the stubs take a sealed field for text
        local=cast(Any, play.memory.local or None),
        state="finished" if play.finished else "running",
        outcome=ending(play, "") if play.finished else "",
        due_at=due_at,
        started_at=at,
        ended_at=at if play.finished else None,
    )
    faults.point("start_process.after_instance")
    opened, waits = write(instance, play, {}, at=at, calendar=calendar)
    announce(instance, opened, at)
    announce_waits(instance, waits, play.thrown, at)
    tell_signals(instance, play, at)
    return instance.id
