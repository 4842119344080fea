"""Does to a real case, on PostgreSQL, what the oracle is told to do, and compares everything after each step."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from tests.cases import oracle
from tests.cases.oracle import ACTS, ENDS, Material, Model, work
from tests.cases.oracle_extension import EXTENDING
from tests.cases.oracle_world import APPLICANT, LINK, SYSTEM, Item, day_of, walk
from tests.demo import Demo

from yichuang.cases import jobs, queries
from yichuang.cases.commands.accept import MaterialFinding, accept_case, accept_with_gaps
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import make_ready, record_delivery, terminate_case, withdraw_case
from yichuang.cases.commands.extend import ask_extension, decline_extension, extend_case
from yichuang.cases.commands.holds import lift_hold, place_hold
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.precheck import precheck_case
from yichuang.cases.commands.promise import decline_promise, offer_promise, sign_promise
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.review import claim_review, complete_review, return_review
from yichuang.cases.commands.special import resume_case, suspend_case
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.models import Case, Decision, GapNotice, Hold, PromiseLapse
from yichuang.cases.states import Act
from yichuang.cases.values import Light, RefusalKind
from yichuang.core import actors, clock, ledger
from yichuang.core.actors import Actor, Channel
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.engine import queries as engine
from yichuang.people.values import Proof

ACTS_OF_THE_LIFE = {act.value for act in Act}
assert set(ACTS) >= EXTENDING
LEGAL, PROMISE = "法定办结时限", "承诺办结时限"


class Driver:
    """One case and its model."""

    def __init__(self, demo: Demo, item: Item, papers: tuple[str, ...], people: dict[str, Actor]) -> None:
        self.demo, self.people, self.now = demo, people, demo.at
        receipt = demo.file(self.actor(APPLICANT), item.code, materials=papers)
        self.number, self.id = receipt.number, receipt.case_id
        today = day_of(self.now)
        self.model = Model(
            item,
            self.now,
            materials={
                p.code: Material("provided", today) if p.code in papers else Material("missing") for p in item.papers
            },
        )
        self.frozen: list[Any] = []
        self.thorough = True
        self.standing: Case | None = None  # the case as each of several probes finds it

    def actor(self, who: str) -> Actor:
        """A person of the demo, the system, or somebody with a link to this case."""
        if who == LINK:
            return Actor(kind="link", case=self.id, channel=Channel.LINK)
        if who == SYSTEM:
            return actors.SYSTEM
        if who not in self.people:
            self.people[who] = self.demo.actor(who)
        return self.people[who]

    # ── acts ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def act(self, name: str, who: str, **more: Any) -> str:
        """Do it to the model and to the house; both must answer alike. Returns the answer."""
        more.setdefault("reason", "理由")
        expected = ACTS[name](self.model, who, self.now, more)
        uploads = self._uploads(who, more.get("codes", ()))
        self._agree(expected, f"{name} by {who} {more}", lambda: self._command(name, who, {**more, "uploads": uploads}))
        return expected

    def work(self, step: str, who: str, post: str) -> str:
        """Claim, return or complete the task of a post, when there ever was one."""
        task = next((t for t in reversed(engine.tasks_of(("case", self.id))) if t.post == post), None)
        if task is None:
            return "missing"
        expected = work(self.model, who, step, post)
        common: dict[str, Any] = {"actor": self.actor(who), "task": task.id, "version": self._version(), "at": self.now}
        run = {
            "claim": lambda: claim_review(**common),
            "return": lambda: return_review(**common, note="请他人办理"),
            "complete": lambda: complete_review(**common, outcome="agree", opinion="同意"),
        }[step]
        self._agree(expected, f"{step} {post} by {who}", run)
        return expected

    def probe(self, name: str, who: str, **more: Any) -> str:
        """Like `act`, and then as if it had never been done; a refusal is only asked for its kind (see `trace`)."""
        model, frozen, self.thorough = deepcopy(self.model), self.frozen, False
        self.standing = self.standing or self._row()
        try:
            with transaction.atomic():
                answer = self.act(name, who, **more)
                transaction.set_rollback(True)
        finally:
            self.model, self.frozen, self.thorough = model, frozen, True
        return answer

    def hold(self, *, placed: bool) -> None:
        """A fee that is to be paid first, or has been."""
        if placed:
            place_hold(case=self.id, kind="fee", source="model", words=W("未缴费", "unpaid"), at=self.now)
            self.model.holds.add("fee")
        else:
            lift_hold(case=self.id, kind="fee", source="model", at=self.now)
            self.model.holds.discard("fee")
        self.check()

    def run_jobs(self) -> None:
        """The minute's look at the clocks: once; then twice more, which must change nothing."""
        self.model.run_jobs(day_of(self.now))
        with clock.fixed(self.now), connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
            jobs.watch_clocks()
            run_waiting()
            cursor.execute("DELETE FROM procrastinate_jobs")
            before = trace()
            jobs.watch_clocks()
            jobs.deem_accepted_job(self.id)
            jobs.end_offer_job(self.id)
            jobs.lapse_promise_job(self.id)
            assert trace() == before, "the jobs find something to do again, or do it twice"
        self.check()

    def _agree(self, expected: str, what: str, run: Any) -> None:
        case = self._before()
        before = trace() if self.thorough and expected != "ok" else {}
        answer, reasons = answer_of(run)
        assert all(reason.words.zh and reason.words.en for reason in reasons)
        assert answer == expected, f"{what} in {case.state} (v{case.version}, {self.now}): {answer}, not {expected}"
        if before:
            assert trace() == before, f"refused, but it left a trace: {what}"
        if self.thorough or expected == "ok":
            self.check()

    def _row(self) -> Case:
        return Case.objects.get(id=self.id)

    def _before(self) -> Case:
        """The case as the act that comes finds it."""
        if self.thorough or self.standing is None:
            self.standing = None
            return self._row()
        return self.standing

    def _version(self) -> int:
        return self._before().version

    def _command(self, name: str, who: str, more: Mapping[str, Any]) -> None:
        actor, reason = self.actor(who), more["reason"]
        version = self._version() - (1 if more.get("stale") else 0)
        of: dict[str, Any] = {"actor": actor, "number": self.number, "version": version, "at": self.now}
        found = {code: MaterialFinding(*finding) for code, finding in more.get("findings", {}).items()}
        run: dict[str, Callable[[], Any]] = {
            "precheck": lambda: precheck_case(**of, findings=found),
            "notify-gaps": lambda: notify_gaps(**of, findings=found, supervisor_reason=reason),
            "accept": lambda: accept_case(**of, findings=found),
            "accept-with-gaps": lambda: accept_with_gaps(**of, findings=found, promise_signed=bool(more["signed"])),
            "offer-promise": lambda: offer_promise(**of, findings=found),
            "sign-promise": lambda: self._sign(of, actor, more),
            "decline-promise": lambda: decline_promise(**of),
            "refuse": lambda: refuse_case(
                **of, kind=RefusalKind(more["kind"]), reason=reason, where_to_go=more.get("where", "")
            ),
            "supplement": lambda: self._supplement(of, actor, more),
            "suspend": lambda: suspend_case(**of, ground=more["ground"], days=more["days"], reason=reason),
            "resume": lambda: resume_case(**of),
            "ask-extension": lambda: ask_extension(**of, days=more["days"], reason=reason),
            "extend": lambda: extend_case(**of),
            "decline-extension": lambda: decline_extension(**of, reason=reason),
            "grant": lambda: decide_case(**of, outcome="grant", reasons=reason),
            "deny": lambda: decide_case(**of, outcome="deny", reasons=reason, basis=more.get("basis", ("L1",))),
            "make-ready": lambda: make_ready(case=self.id, place=self._before().taking_place_id, at=self.now),
            "deliver": lambda: self._deliver(who, version),
            "withdraw": lambda: withdraw_case(**of, reason=reason),
            "terminate": lambda: terminate_case(**of, reason=reason),
        }
        run[name]()

    def _sign(self, of: dict[str, Any], actor: Actor, more: Mapping[str, Any]) -> None:
        """What was read is what is offered today, unless the test says otherwise."""
        letter = queries.promise_offer(actors.SYSTEM, self.number, states={}, at=self.now)
        proved_at = self.now if more.get("proved", True) else self.now - timedelta(minutes=6)
        sign_promise(
            **of,
            letter=letter.mark if more.get("read", True) else "0123456789abcdef",
            agreed=more.get("agreed", True),
            proof=Proof(actor.id or uuid4(), "sms", proved_at),
        )

    def _deliver(self, who: str, version: int) -> None:
        record_delivery(
            case=self.id,
            actor=self.actor(who),
            version=None if who == SYSTEM else version,
            how="electronic" if who == SYSTEM else "counter",
            receiver="张晓",
            at=self.now,
        )

    def _uploads(self, who: str, codes: Iterable[str]) -> dict[str, list[UUID]]:
        """A file of theirs for each paper; who may hand nothing in names one that is not there."""
        mine = self.model.may(who, "supplement")
        return {code: [self.demo.upload(self.actor(who)) if mine else uuid4()] for code in codes}

    def _supplement(self, of: dict[str, Any], actor: Actor, more: Mapping[str, Any]) -> None:
        by_link = actor.kind == "link"
        supplement_case(
            **{**of, "version": None if by_link else of["version"]},
            materials=more["uploads"],
            originals=frozenset(more.get("originals", ())),
            link_materials=frozenset(more["scope"]) if by_link else None,
        )

    # ── what must hold after each step ────────────────────────────────────────────────────────────────────────────

    def check(self) -> None:
        """Everything that model and house must agree on."""
        if self.thorough:
            self.standing = None
        model, case = self.model, self._row()
        assert (case.state, case.version) == (model.state, model.version)
        entries = [e for e in ledger.list_entries(ledger.Subject("case", self.id)) if e.act in ACTS_OF_THE_LIFE]
        assert len(entries) == case.version, "each act raises the version and signs the ledger, once"
        assert (case.accepted_date, case.accepted_as) == (model.accepted, model.accepted_as)
        assert case.corrected_date == model.corrected
        assert (case.closed_at is not None) == (model.state in ENDS)
        self._check_papers(case)
        self._check_decision(case)
        self._check_clock(case)
        tasks = engine.tasks_of(("case", self.id))
        live = sorted(task.post for task in tasks if task.state in {"open", "claimed"})
        assert live == sorted(post for post, holder in model.tasks.items() if holder != "done")

    def _check_papers(self, case: Case) -> None:
        model = self.model
        documents = [row.kind.value for row in queries.documents(actors.SYSTEM, self.number)]
        assert Counter(documents) == Counter(model.documents)
        rows = {row.code: (row.state, row.due_date) for row in case.materials.order_by("order")}
        assert rows == {code: (m.state, m.due) for code, m in model.materials.items()}
        notices = list(GapNotice.objects.filter(case=case).order_by("round").values_list("items", "new_demands"))
        assert [tuple(i["material"] for i in items) for items, _ in notices] == model.notices
        assert [tuple(new) for _, new in notices] == model.violations
        assert notices[: len(self.frozen)] == self.frozen, "a notice is frozen"
        self.frozen = notices

    def _check_decision(self, case: Case) -> None:
        model = self.model
        decision = Decision.objects.filter(case=case).first()
        assert (decision.outcome if decision else "") == model.decision
        holds = Hold.objects.filter(case=case, lifted_at=None).order_by("kind").values_list("kind", flat=True)
        assert set(holds) == model.holds
        served = bool(decision and decision.served_at)
        assert served == (model.state in {"GRANTED", "READY", "DELIVERED", "DENIED"})
        if "promise" in model.holds and model.state not in ENDS:
            assert not served, "a decision is served while papers are outstanding"
        assert PromiseLapse.objects.filter(case=case).exists() == model.lapsed

    def _check_clock(self, case: Case) -> None:
        """The days, the sum of the derivation, and the cached instant that work lists sort by."""
        model = self.model
        page = queries.clock_of(actors.SYSTEM, self.number, at=self.now)
        found = {deadline.name.zh: deadline for deadline in page.deadlines}
        for name, limit in ((LEGAL, model.item.legal), (PROMISE, model.item.promised)):
            if model.accepted is None:
                assert name not in found
                continue
            deadline = found[name]
            if model.stopped() and model.state not in ENDS:
                assert (deadline.due, deadline.light) == (None, Light.STOPPED)
            elif not model.stopped():
                assert deadline.due_date == model.due(limit), name
                counted = sum(int(step.days) for step in deadline.steps if step.days is not None)
                assert walk(model.accepted, counted) == deadline.due_date, "the steps add up to the day"
        if model.served and model.decision == "grant":
            assert found["颁证送达期限"].due_date == walk(model.served, 10)
        else:
            assert "颁证送达期限" not in found
        if model.state in ENDS:
            assert {d.light for d in page.deadlines} == {Light.DONE}, "no clock runs after the end"
        assert day_of_due(case.due_at) == self._next_day()

    def _next_day(self) -> date | None:
        model = self.model
        if model.state == oracle.SUBMITTED:
            return walk(model.corrected or model.received, 5)
        return model.due(model.item.promised) if model.state == oracle.IN_REVIEW else None


def answer_of(run: Callable[[], Any]) -> tuple[str, tuple[Reason, ...]]:
    """ "ok", or the kind of the refusal with its reasons."""
    try:
        run()
    except Refused as refused:
        return refused.kind, refused.reasons
    return "ok", ()


def day_of_due(due: datetime | None) -> date | None:
    """The last day of a due instant of 24:00."""
    return None if due is None else day_of(due - timedelta(microseconds=1))


def trace() -> dict[str, tuple[int, str]]:
    """How many rows each table holds, and a digest of what is in them."""
    with connection.cursor() as cursor:
        if not _TABLES:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            _TABLES.extend(row[0] for row in cursor.fetchall() if row[0].startswith(_ROOMS))
        one = "SELECT '{t}', count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {t} AS t"
        cursor.execute(" UNION ALL ".join(one.format(t=table) for table in _TABLES))
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


_ROOMS = (
    *(
        "bundles_",
        "cases_",
        "core_",
        "engine_",
        "feedback_",
        "issuing_",
        "network_",
        "notices_",
        "registry_",
        "visits_",
    ),
    "procrastinate_jobs",
)
_TABLES: list[str] = []
