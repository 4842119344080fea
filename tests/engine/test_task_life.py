"""The life of tasks against a small model: any order of claims, returns, completions and cancellations by two people."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.engine.processes import TWO_DEPARTMENTS

from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict
from yichuang.engine import commands, queries
from yichuang.engine.models import Token

PEOPLE = [Actor(kind="staff", id=UUID(int=n), name=name) for n, name in ((1, "王强"), (2, "何静"))]
people, nodes = st.sampled_from(PEOPLE), st.sampled_from(["a", "b", "d"])


class Life(RuleBasedStateMachine):
    """The model: who holds which live node (None: open), which are done, how often a note was left."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.subject = ("matter", uuid4())
        commands.start_process(xml=TWO_DEPARTMENTS, subject=self.subject, tenant="t", variables={}, at=self.at)
        self.held: dict[str, Actor | None] = {"a": None, "b": None}
        self.done: set[str] = set()
        self.notes = dict.fromkeys("abd", 0)
        self.cancelled = False
        self.ids = {task.node: task.id for task in queries.tasks_of(self.subject)}

    def moment(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def expect(self, allowed: bool, act: Any) -> None:
        if allowed:
            act()
        else:
            with pytest.raises(Conflict):
                act()

    @rule(actor=people, node=nodes)
    def claim(self, actor: Actor, node: str) -> None:
        if node not in self.ids:
            return
        allowed = node in self.held and self.held[node] in (None, actor)
        self.expect(
            allowed, lambda: commands.claim_task(actor=actor, task=self.ids[node], version=None, at=self.moment())
        )
        if allowed:
            self.held[node] = actor

    @rule(actor=people, node=nodes)
    def give_back(self, actor: Actor, node: str) -> None:
        if node not in self.ids:
            return
        allowed = self.held.get(node) == actor
        self.expect(
            allowed, lambda: commands.return_task(actor=actor, task=self.ids[node], at=self.moment(), note="回避")
        )
        if allowed:
            self.held[node] = None
            self.notes[node] += 1

    @rule(actor=people, node=nodes)
    def complete(self, actor: Actor, node: str) -> None:
        if node not in self.ids:
            return
        allowed = self.held.get(node) == actor
        self.expect(
            allowed,
            lambda: commands.complete_task(
                actor=actor, task=self.ids[node], outcome="agree", opinion="", variables={}, at=self.moment()
            ),
        )
        if allowed:
            del self.held[node]
            self.done.add(node)
            if self.done == {"a", "b"}:
                self.held["d"] = None
                self.ids = {task.node: task.id for task in queries.tasks_of(self.subject)}

    @rule(sure=st.integers(0, 5))
    def cancel(self, sure: int) -> None:
        if sure:
            return
        assert commands.cancel_process(subject=self.subject, at=self.moment(), reason="撤回") is bool(self.held)
        self.held.clear()
        self.cancelled = True

    @invariant()
    def the_rows_say_the_same(self) -> None:
        if not hasattr(self, "held"):
            return
        rows = {task.node: task for task in queries.tasks_of(self.subject)}
        assert {node for node, task in rows.items() if task.state == "done"} == self.done
        alive = {node: task.claimed_by for node, task in rows.items() if task.state in {"open", "claimed"}}
        assert alive == {node: actor.id if actor else None for node, actor in self.held.items()}
        assert {node: len(task.notes) for node, task in rows.items()} == {node: self.notes[node] for node in rows}
        joins = {"a", "b"} & self.done if self.held and "d" not in self.held else set()
        tokens = Token.objects.filter(instance__subject_id=self.subject[1])
        assert {(token.node, token.flow) for token in tokens if token.node == "join"} == {
            ("join", f"{node}_join") for node in joins
        }
        assert {token.node for token in tokens if token.node != "join"} == set(self.held)


@pytest.mark.django_db
def test_tasks_live_as_the_model_says() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
