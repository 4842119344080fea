"""The case life against the oracle: random lives, and every act by everybody in every state."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from tests.cases import oracle
from tests.cases.at_once import JOB, let
from tests.cases.at_once import file as file_for_rules
from tests.cases.driver import Driver, trace
from tests.cases.oracle import WHEN
from tests.cases.oracle_world import APPLICANT, DOG, LEASE, LINK, MANAGER, SITS_AT, SUPERVISOR, SYSTEM, Item
from tests.demo import Demo

from yichuang.cases.commands.accept import MaterialFinding, accept_case
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.end import terminate_case, withdraw_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.precheck import precheck_case
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.instant import Mode
from yichuang.cases.models import Case
from yichuang.cases.states import TRANSITIONS, Act, State
from yichuang.cases.values import RefusalKind
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.engine.queries import tasks_of

STRANGERS = ("moshengren", "sunli", "shilei", "linxiaoyu")
FINDINGS = ("checked", "faulty", "missing")


# ── every act in every state ──────────────────────────────────────────────────────────────────────────────────────────

ALL = tuple(paper.code for paper in DOG.papers)
NO_PHOTOS, NO_ID = ALL[:-1], ALL[1:]
Step = tuple[Any, ...]
GIVEN_WAY: tuple[Step, ...] = (
    ("claim", "wangqiang", "CGZF.street_review"),
    ("complete", "wangqiang", "CGZF.street_review"),
)
ACCEPT, GRANT = ("accept", "lina"), ("grant", "linfang")
WAYS: dict[str, tuple[tuple[str, ...], tuple[Step, ...]]] = {
    "SUBMITTED": (ALL, ()),
    "SUBMITTED without photos": (NO_PHOTOS, ()),
    "SUBMITTED with a promise offered": (NO_PHOTOS, (("offer-promise", "lina"),)),
    "CORRECTING": (NO_ID, (("notify-gaps", "lina"),)),
    "IN_REVIEW": (ALL, (ACCEPT,)),
    "IN_REVIEW reviewed": (ALL, (ACCEPT, ("ask-extension", "wangqiang"), *GIVEN_WAY)),
    "SUSPENDED": (ALL, (ACCEPT, ("suspend", "wangqiang"))),
    "PREPARED": (NO_PHOTOS, (("accept-with-gaps", "lina"), *GIVEN_WAY, GRANT)),
    "GRANTED": (ALL, (ACCEPT, *GIVEN_WAY, GRANT)),
    "READY": (ALL, (ACCEPT, *GIVEN_WAY, GRANT, ("make-ready", "system"))),
    "DELIVERED": (ALL, (ACCEPT, *GIVEN_WAY, GRANT, ("deliver", "zhoujie"))),
    "NOT_ACCEPTED": (ALL, (("refuse", "lina"),)),
    "DENIED": (ALL, (ACCEPT, *GIVEN_WAY, ("deny", "linfang"))),
    "WITHDRAWN": (ALL, (ACCEPT, ("withdraw", "zhangxiao"))),
    "TERMINATED": (ALL, (("terminate", "lina"),)),
}
RIGHT: dict[str, dict[str, Any]] = {
    "accept-with-gaps": {"signed": True},
    "notify-gaps": {"findings": {"owner_id": ("faulty", "模糊")}},
    "refuse": {"kind": "not_ours", "where": "市公安局"},
    "supplement": {"codes": ("dog_photos",), "scope": ("dog_photos",)},
    "suspend": {"ground": "testing", "days": 3},
    "ask-extension": {"days": 3},
}
BY_THEMSELVES = {
    *(Act.DEEM_ACCEPTED, Act.DEEM_RENEWED, Act.LAPSE, Act.PREPARE_GRANT, Act.SERVE_GRANT, Act.REVIEW),
    Act.HEARING,  # tests/cases/test_hearing.py
    Act.TRANSFER,  # tests/cases/test_transfer.py
    *(Act.SEND_RESULT, Act.RECEIVE_RESULT),  # only of what one place took for another: tests/cases/test_elsewhere.py
}
PAIRS = {(state.value, act.value) for state, act in TRANSITIONS if act not in BY_THEMSELVES}


def brought_to(demo: Demo, way: str) -> Driver:
    papers, steps = WAYS[way]
    driver = Driver(demo, DOG, papers, {})
    for name, who, *post in steps:
        answer = driver.work(name, who, *post) if post else driver.act(name, who, **RIGHT.get(name, {}))
        assert answer == "ok", (way, name)
    assert driver.model.state == way.split()[0]
    return driver


def done_in(driver: Driver, way: str) -> set[tuple[str, str]]:
    """The acts that somebody can do here, others being refused as the oracle says; refusals leave no trace.

    Powers do not ask for the state, so only in the first one everybody tries everything; later, of those who may not,
    one at a time.
    """
    state, before, done = driver.model.state, trace(), set()
    turn = list(WAYS).index(way)
    for place, name in enumerate(oracle.ACTS):
        people = [who for who in everybody(DOG) if has_a_door(driver.model, name, who)]
        may = [who for who in people if driver.model.may(who, name)]
        others = [who for who in people if who not in may]
        first = (turn * 2 + place) % max(len(others), 1)
        for who in [*may, *(others if turn == 0 else others[first : first + 1])]:
            if driver.probe(name, who, **RIGHT.get(name, {})) == "ok":
                done.add((state, name))
    assert trace() == before
    return done


def test_every_act_in_every_state_is_what_the_oracle_says(demo: Demo) -> None:
    done: set[tuple[str, str]] = set()
    for way in WAYS:
        with transaction.atomic():
            done |= done_in(brought_to(demo, way), way)
            transaction.set_rollback(True)
    assert done == PAIRS
    assert {state for state, _ in done} == set(State) - {State(end) for end in oracle.ENDS}


def test_a_late_promise_leaves_nothing_to_do_before_the_job_comes(demo: Demo) -> None:
    driver = brought_to(demo, "PREPARED")
    driver.now += timedelta(days=4)
    assert done_in(driver, "PREPARED") == set()


@pytest.mark.parametrize(
    ("way", "days", "state"),
    [
        ("SUBMITTED", 7, "SUBMITTED"),
        ("SUBMITTED", 8, "IN_REVIEW"),
        ("SUBMITTED with a promise offered", 6, "SUBMITTED"),
        ("SUBMITTED with a promise offered", 7, "CORRECTING"),
        ("SUBMITTED with a promise offered", 8, "IN_REVIEW"),
        ("CORRECTING", 90, "CORRECTING"),
        ("IN_REVIEW", 90, "IN_REVIEW"),
        ("PREPARED", 3, "PREPARED"),
        ("PREPARED", 4, "TERMINATED"),
        ("GRANTED", 90, "GRANTED"),
        ("WITHDRAWN", 90, "WITHDRAWN"),
    ],
)
def test_what_happens_by_itself_happens_on_its_day_and_once(demo: Demo, way: str, days: int, state: str) -> None:
    driver = brought_to(demo, way)
    driver.now += timedelta(days=days)
    driver.run_jobs()
    assert driver.model.state == state


# ── the automatic path (秒批) ─────────────────────────────────────────────────────────────────────────────────────────

TOUCHED: dict[str, tuple[Any, str]] = {  # what people did before the rules came to it, and where the case then stands
    "nothing": (lambda demo, of: None, "GRANTED"),
    "prechecked": (lambda demo, of: precheck_case(actor=demo.actor("lina"), findings={}, **of), "SUBMITTED"),
    "notified": (lambda demo, of: notify_gaps(actor=demo.actor("lina"), findings=MISSING, **of), "CORRECTING"),
    "accepted": (lambda demo, of: accept_case(actor=demo.actor("lina"), findings=FOUND, **of), "IN_REVIEW"),
    "refused": (
        lambda demo, of: refuse_case(actor=demo.actor("lina"), kind=RefusalKind.NOT_ACCEPTED, reason="理由", **of),
        "NOT_ACCEPTED",
    ),
    "withdrawn": (lambda demo, of: withdraw_case(actor=demo.actor("zhangxiao"), reason="不办了", **of), "WITHDRAWN"),
    "terminated": (lambda demo, of: terminate_case(actor=demo.actor("lina"), reason="理由", **of), "TERMINATED"),
}
MISSING, FOUND = {"applicant_id": MaterialFinding("missing")}, {"applicant_id": MaterialFinding("checked")}


@pytest.mark.parametrize("way", TOUCHED)
def test_the_rules_decide_only_what_nobody_touched_and_never_deny(demo: Demo, way: str) -> None:
    let(JOB, Mode.ALONE, demo.at)
    receipt, (do, state) = file_for_rules(demo, JOB), TOUCHED[way]
    do(demo, {"number": receipt.number, "version": receipt.version, "at": demo.at})
    before = Case.objects.get(id=receipt.case_id).version
    for _ in range(2):
        became = decide_at_once(case=receipt.case_id, at=demo.at)
        assert became
        assert (became.state, became.alone) == (state, way == "nothing")
    case = Case.objects.get(id=receipt.case_id)
    assert case.version == (3 if way == "nothing" else before)
    entries = [e for e in ledger.list_entries(Subject("case", case.id)) if e.act in set(Act)]
    assert len(entries) == case.version, "each act raises the version and signs the ledger, once"
    assert not tasks_of(("case", case.id)) or way == "accepted", "no step waits for anybody where nobody works"


# ── random lives ──────────────────────────────────────────────────────────────────────────────────────────────────────


def has_a_door(model: oracle.Model, act: str, who: str) -> bool:
    """No door lets the system, a link's holder or anybody else try what only the program itself does."""
    return model.may(who, act) or not (who in {SYSTEM, LINK} or act == "make-ready")


class Life(RuleBasedStateMachine):
    """One random life of one case: right people and wrong ones, in time and late."""

    demo: Demo
    people: dict[str, Actor]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(item=st.sampled_from([DOG, DOG, LEASE]), data=st.data())
    def file(self, item: Item, data: Any) -> None:
        codes = [paper.code for paper in item.papers]
        brought = data.draw(st.one_of(st.just(codes), st.lists(st.sampled_from(codes), unique=True)), label="brought")
        self.driver = Driver(self.demo, item, tuple(brought), self.people)
        self.driver.check()

    @property
    def model(self) -> oracle.Model:
        return self.driver.model

    @rule(hours=st.sampled_from([1, 24, 24, 72, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        self.driver.now += timedelta(hours=hours)

    @rule()
    def jobs_run(self) -> None:
        self.driver.run_jobs()

    @rule(placed=st.booleans())
    def fee(self, placed: bool) -> None:
        self.driver.hold(placed=placed)

    @rule(data=st.data())
    def somebody_may_act(self, data: Any) -> None:
        """An act that this person may do in this state, well or badly."""
        people = everybody(self.model.item)
        can = [
            (act, who)
            for act in sorted(WHEN)
            for who in people
            if act in oracle.ACTS and self.model.gate(who, act) == "ok"
        ]
        if can:
            act, who = data.draw(st.sampled_from(can), label="act")
            self.driver.act(act, who, **details(self.model, act, who, data.draw))

    @rule(data=st.data(), act=st.sampled_from(sorted(oracle.ACTS)), stale=st.booleans())
    def anybody_tries(self, data: Any, act: str, stale: bool) -> None:
        """Any act by anybody, at any time."""
        who = data.draw(st.sampled_from(everybody(self.model.item)), label="who")
        if not has_a_door(self.model, act, who):
            return
        stale = stale and who not in {SYSTEM, LINK}
        self.driver.act(act, who, stale=stale, **details(self.model, act, who, data.draw))

    @precondition(lambda self: self.model.tasks)
    @rule(data=st.data())
    def department_works(self, data: Any) -> None:
        post = data.draw(st.sampled_from(sorted(self.model.tasks)), label="post")
        step = data.draw(st.sampled_from(["claim", "claim", "complete", "complete", "return"]), label="step")
        self.driver.work(step, SITS_AT[post], post)

    @precondition(lambda self: self.model.accepted)
    @rule(post=st.sampled_from(sorted(SITS_AT)), data=st.data(), step=st.sampled_from(["claim", "complete", "return"]))
    def anybody_works(self, post: str, data: Any, step: str) -> None:
        who = data.draw(st.sampled_from([*sorted(set(SITS_AT.values())), *STRANGERS, APPLICANT, "lina"]), label="who")
        self.driver.work(step, who, post)


def everybody(item: Item) -> list[str]:
    """All who could try something."""
    known = [APPLICANT, item.clerk, *item.reviewers, item.chief, *item.issuers, SUPERVISOR, MANAGER, SYSTEM, LINK]
    return [who for who in dict.fromkeys([*known, *STRANGERS, "zhaomin", "lina", "gaofeng"]) if who]


def details(model: oracle.Model, act: str, who: str, draw: Any) -> dict[str, Any]:
    """What is sent along, mostly right, sometimes not."""
    codes = sorted(model.materials)
    more: dict[str, Any] = {"reason": draw(st.sampled_from(["理由", "理由", ""]), label="reason")}
    if act in {"precheck", "notify-gaps", "accept", "accept-with-gaps", "offer-promise"}:
        finding = st.tuples(st.sampled_from(FINDINGS), st.sampled_from(["模糊", "模糊", ""]))
        more["findings"] = draw(
            st.one_of(st.just({}), st.dictionaries(st.sampled_from([*codes, "no_such_paper"]), finding, max_size=2)),
            label="findings",
        )
        more["signed"] = draw(st.sampled_from([True, True, False]), label="signed")
    more |= _signed(act, draw)
    if act == "refuse":
        more["kind"] = draw(st.sampled_from(["not_needed", "not_ours", "not_accepted"]), label="kind")
        more["where"] = draw(st.sampled_from(["市公安局", ""]), label="where")
    if act == "supplement":
        waiting = model.waiting()
        some = st.lists(st.sampled_from([*codes, "no_such_paper"]), unique=True, max_size=2)
        more["codes"] = tuple(draw(st.one_of(st.just(waiting), st.just(waiting[:1]), some), label="codes"))
        more["scope"] = tuple(waiting)
        if who == model.item.clerk or draw(st.integers(0, 9), label="originals") == 0:
            more["originals"] = tuple(
                draw(st.lists(st.sampled_from(codes), unique=True, max_size=2), label="originals")
            )
    if act == "suspend":
        more["ground"] = draw(st.sampled_from(["testing", "testing", "lunch"]), label="ground")
    if act in {"suspend", "ask-extension"}:
        more["days"] = draw(st.sampled_from([1, 3, 10, 0, 200]), label="days")
    return more


def _signed(act: str, draw: Any) -> dict[str, Any]:
    """What a signature and a denial rest on."""
    if act == "deny":
        return {"basis": draw(st.sampled_from([("L1",), ("L1",), (), ("X9",)]), label="basis")}
    if act != "sign-promise":
        return {}
    right = st.sampled_from([True, True, True, False])
    return {name: draw(right, label=name) for name in ("agreed", "read", "proved")}


def test_random_lives_agree_with_the_oracle(demo: Demo) -> None:
    Life.demo, Life.people = demo, {}
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            derandomize=True,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
