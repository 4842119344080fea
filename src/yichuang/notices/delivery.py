"""Handing a message over: once, to the first sender that takes it, by the next one where it does not."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from yichuang.core.identifiers import check_mobile, normal_mobile
from yichuang.core.ids import new_id
from yichuang.notices.models import Delivery, Message
from yichuang.notices.ports import OutcomeUnknown, Sender, SendingFailed, SendingRefused, senders_for
from yichuang.notices.rules import TRIES, next_step, rounds_of
from yichuang.notices.standing import steps_of
from yichuang.notices.values import Kind, Outcome, Outgoing, Try

BUDGET = 3.0  # seconds after which a round begins no further offer; senders give up by themselves long before that


class RoundFailed(Exception):
    """This round ended without success; the job is tried again. The text is a code."""


def deliver_message(*, message: UUID, clock: Callable[[], datetime]) -> None:
    """Hand the message over, or park it when every sender refuses it. Raises RoundFailed: try again later.

    Each offer is written down before it is made, and what became of it afterwards: a process that is killed in between
    leaves an open question, and the sender is asked before anybody sends again. No transaction is open meanwhile, so a
    slow sender holds no lock. Two of these never run for one message: its jobs share a lock.
    """
    row = Message.objects.get(id=message)
    _Round(row, clock).run()


class _Round:
    """One round of offers of one message."""

    def __init__(self, row: Message, clock: Callable[[], datetime]) -> None:
        self.row, self.clock = row, clock
        self.outgoing = _outgoing(row)
        self.history: list[Try] = []
        self.offered: Counter[str] = Counter()
        self.fault = "NOT_READY"

    def run(self) -> None:
        self.history = [step.as_try() for step in steps_of(self.row)]
        if self.row.kind == "sms" and check_mobile(self.outgoing.to):
            return self._write("", Outcome.PARKED, "NUMBER_FORMAT")
        senders = {sender.name: sender for sender in senders_for(self.row.kind)}
        ends = time.monotonic() + BUDGET
        while True:
            ready = {name for name, sender in senders.items() if sender.ready()}
            step = next_step(self.history, tuple(senders), ready, self.offered)
            match step.kind:
                case "done":
                    return None
                case "park":
                    return self._write("", Outcome.PARKED, self.fault)
                case "ask":
                    self._ask(senders[step.sender])
                case "offer" if time.monotonic() < ends:
                    self._offer(senders[step.sender])
                case _:
                    self._give_up()

    def _offer(self, sender: Sender) -> None:
        self.offered[sender.name] += 1
        self._write(sender.name, Outcome.BEGUN)
        try:
            reference = sender.send(self.outgoing)
        except SendingRefused as refused:
            self._write(sender.name, Outcome.REFUSED, refused.fault)
        except OutcomeUnknown as unknown:
            self._write(sender.name, Outcome.UNKNOWN, unknown.fault)
        except SendingFailed as failed:
            self._write(sender.name, Outcome.FAILED, failed.fault)
        except Exception as bug:
            # a defect of the client tells nothing about the sender: ask it
            self._write(sender.name, Outcome.UNKNOWN, type(bug).__name__)
        else:
            self._write(sender.name, Outcome.SENT, reference)

    def _ask(self, sender: Sender) -> None:
        try:
            reference = sender.ask(self.row.id)
        except Exception as silent:
            self.fault = getattr(silent, "fault", type(silent).__name__)
            self._give_up()
        else:
            self._write(
                sender.name, *((Outcome.FAILED, "NOT_TAKEN") if reference is None else (Outcome.SENT, reference))
            )

    def _give_up(self) -> None:
        """A round without success; the eighth is the last one."""
        self._write("", Outcome.LATER, self.fault)
        if rounds_of(self.history) >= TRIES:
            self._write("", Outcome.PARKED, self.fault)
        raise RoundFailed(self.fault)

    def _write(self, sender: str, outcome: Outcome, reference: str = "") -> None:
        if outcome in {Outcome.FAILED, Outcome.UNKNOWN, Outcome.REFUSED}:
            self.fault = reference
        Delivery.objects.create(
            id=new_id(),
            message=self.row,
            sent=outcome is Outcome.SENT,
            sender=sender,
            outcome=outcome.value,
            reference=reference[:100],
            at=self.clock(),
        )
        self.history.append(Try(sender, outcome))


def _outgoing(row: Message) -> Outgoing:
    kind: Kind = "sms" if row.kind == "sms" else "email"
    to = normal_mobile(row.to) if kind == "sms" else row.to.strip()
    return Outgoing(
        id=row.id, kind=kind, to=to, title=row.title, body=row.body, locale=row.locale, template=row.template
    )
