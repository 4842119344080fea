"""An independent, plain model of one case: what the law and our promises say must come of each act.

It shares no code with the house: an own table of states, own powers, own days counted one by one, own documents.
Where model and house differ, one of them is wrong; `test_model.py` looks for such places.

An act answers "ok", or the kind of its refusal: "missing" (not theirs to see), "forbidden" (theirs to see, not to do),
"conflict" (stale, or not in this state), "invalid" (what was sent is not right).
"""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.cases.oracle_world import APPLICANT, LINK, MANAGER, SITS_AT, SUPERVISOR, SYSTEM, Item, day_of, passed, walk

SUBMITTED, CORRECTING, IN_REVIEW, SUSPENDED = "SUBMITTED", "CORRECTING", "IN_REVIEW", "SUSPENDED"
PREPARED, GRANTED, READY, DELIVERED = "PREPARED", "GRANTED", "READY", "DELIVERED"
NOT_ACCEPTED, DENIED, WITHDRAWN, TERMINATED = "NOT_ACCEPTED", "DENIED", "WITHDRAWN", "TERMINATED"
ENDS = {DELIVERED, NOT_ACCEPTED, DENIED, WITHDRAWN, TERMINATED}
ACCEPTED = {IN_REVIEW, SUSPENDED, PREPARED}

# which act is thinkable in which state
WHEN: Mapping[str, set[str]] = {
    "precheck": {SUBMITTED},
    "notify-gaps": {SUBMITTED, CORRECTING},
    "accept": {SUBMITTED},
    "accept-with-gaps": {SUBMITTED},
    "offer-promise": {SUBMITTED},
    "sign-promise": {SUBMITTED},
    "decline-promise": {SUBMITTED},
    "refuse": {SUBMITTED},
    "supplement": {SUBMITTED, CORRECTING, IN_REVIEW, SUSPENDED, PREPARED},
    "claim": {IN_REVIEW},
    "return": {IN_REVIEW},
    "complete": {IN_REVIEW},
    "suspend": {IN_REVIEW},
    "resume": {SUSPENDED},
    "ask-extension": {IN_REVIEW},
    "extend": {IN_REVIEW},
    "decline-extension": {IN_REVIEW},
    "grant": {IN_REVIEW},
    "deny": {IN_REVIEW},
    "make-ready": {GRANTED},
    "deliver": {GRANTED, READY},
    "withdraw": {SUBMITTED, CORRECTING, IN_REVIEW, SUSPENDED, PREPARED},
    "terminate": {SUBMITTED, CORRECTING, IN_REVIEW, SUSPENDED, PREPARED},
}


@dataclass
class Material:
    """Where one paper stands."""

    state: str
    arrived: date | None = None
    due: date | None = None


@dataclass
class Model:
    """The case, and what was promised of it."""

    item: Item
    filed_at: datetime
    state: str = SUBMITTED
    version: int = 1
    materials: dict[str, Material] = field(default_factory=dict)
    documents: list[str] = field(default_factory=lambda: ["receipt"])
    notices: list[tuple[str, ...]] = field(default_factory=list)
    violations: list[tuple[str, ...]] = field(default_factory=list)
    corrected: date | None = None
    accepted: date | None = None
    accepted_as: str = ""
    stops: list[tuple[date, date | None]] = field(default_factory=list)
    asked_days: tuple[str, int] | None = None
    extended: int = 0
    extended_promise: int = 0
    holds: set[str] = field(default_factory=set)
    decision: str = ""
    served: date | None = None
    lapsed: bool = False
    offered: date | None = None  # the last day on which an offered promise may be signed
    stage: int = 0
    tasks: dict[str, str] = field(default_factory=dict)  # post -> "open", the holder's name, "done"

    # ── powers ────────────────────────────────────────────────────────────────────────────────────────────────────

    def sees(self, who: str) -> bool:
        """Whether the case exists for this person at all."""
        item = self.item
        return who in {APPLICANT, SUPERVISOR, SYSTEM, LINK, item.clerk, item.chief, *item.reviewers, *item.issuers} or (
            who == MANAGER and item.clerk == "lina"
        )

    def may(self, who: str, act: str) -> bool:
        """Whether this person may do such a thing to the case, whatever its state."""
        item = self.item
        if who == LINK:
            return act == "supplement"
        deciding = {"grant", "deny", "extend", "decline-extension"}
        powers: dict[str, set[str]] = {
            APPLICANT: {"supplement", "withdraw", "sign-promise", "decline-promise"},
            item.clerk: {
                "precheck",
                "notify-gaps",
                "accept",
                "accept-with-gaps",
                "offer-promise",
                "refuse",
                "supplement",
                "withdraw",
                "terminate",
            },
            SUPERVISOR: {"notify-gaps"},
            item.chief: set(deciding),
            SYSTEM: {"make-ready", "deliver"},
        }
        for name in item.reviewers:
            powers[name] = {"suspend", "resume", "ask-extension", "terminate"}
        powers[item.decider] = {*powers[item.decider], *deciding}
        for name in item.issuers:
            powers[name] = {"deliver"}
        return act in powers.get(who, set())

    def gate(self, who: str, act: str, *, stale: bool = False) -> str:
        """The common beginning of every act."""
        if not self.sees(who):
            return "missing"
        if not self.may(who, act):
            return "forbidden"
        if stale or self.state not in WHEN[act]:
            return "conflict"
        return "ok"

    # ── days ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def received(self) -> date:
        return day_of(self.filed_at)

    def silent(self, today: date) -> bool:
        """Art. 32 (4): nobody answered within five working days, so the application counts as accepted."""
        return self.item.permit and self.state == SUBMITTED and today > walk(self.corrected or self.received, 5)

    def late(self, today: date) -> bool:
        """A promised paper is past its day: the case is as good as ended, whether or not somebody has written it down."""
        overdue = [m for m in self.materials.values() if m.state == "promised" and m.due and m.due < today]
        return bool(overdue) and self.state in ACCEPTED

    def stopped(self) -> bool:
        return any(end is None for _, end in self.stops)

    def due(self, limit: int) -> date | None:
        """Art. 42, 45: the limit from the day after acceptance, and what the law adds; None while it stands still."""
        if self.accepted is None or self.stopped():
            return None
        more = self.extended_promise if limit == self.item.promised else self.extended
        return walk(self.accepted, limit + more + sum(passed(start, end) for start, end in self.stops if end))

    def may_extend(self, today: date) -> bool:
        """Art. 42: once, while the legal limit runs."""
        legal = self.due(self.item.legal)
        assert legal
        return not self.extended and today <= legal

    # ── papers ────────────────────────────────────────────────────────────────────────────────────────────────────

    def gaps(self) -> list[str]:
        """What is wrong (any paper) or not there (required ones), in the item's order."""
        found = []
        for paper in self.item.papers:
            state = self.materials[paper.code].state
            if state == "faulty" or (paper.required and state in {"missing", "promised"}):
                found.append(paper.code)
        return found

    def waiting(self) -> list[str]:
        """What the applicant is asked for or has promised, and has not brought."""
        return sorted(c for c, m in self.materials.items() if m.state in {"missing", "faulty", "promised"})

    def note(self, findings: Mapping[str, tuple[str, str]], today: date) -> str:
        """What the clerk found: code → (state, what is wrong)."""
        for code, (state, fault) in findings.items():
            if code not in self.materials or (state == "faulty" and not fault):
                return "invalid"
        for code, (state, _) in findings.items():
            material = self.materials[code]
            material.state = state
            if state == "checked" and material.arrived is None:
                material.arrived = today
        return "ok"

    def promise_days(self, today: date) -> dict[str, date] | None:
        """The day of each paper that is missing: its own, within the promised limit; None: not open."""
        papers = {paper.code: paper for paper in self.item.papers}
        gaps = [papers[code] for code in self.gaps()]
        last = walk(self.corrected or today, self.item.promised)
        if last <= today or not all(paper.promise_days for paper in gaps):
            return None
        return {paper.code: min(last, walk(today, paper.promise_days)) for paper in gaps}

    # ── acts ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def done(self, state: str, *documents: str) -> str:
        self.state = state
        self.version += 1
        self.offered = None  # it stands until anything else is done
        self.documents += documents
        return "ok"

    def accept_as(self, kind: str, day: date, *documents: str) -> str:
        self.accepted, self.accepted_as = day, kind
        self.tasks = self._stage()
        return self.done(IN_REVIEW, *documents)

    def _stage(self) -> dict[str, str]:
        stages = (*self.item.reviews, (self.item.decide_post,))
        posts = stages[self.stage]
        return dict.fromkeys(posts, "open")

    def finish_task(self, post: str) -> None:
        self.tasks[post] = "done"
        if set(self.tasks.values()) == {"done"}:
            self.stage += 1
            self.tasks = self._stage()

    def serve(self, today: date) -> str:
        self.decision, self.served = "grant", today
        return self.done(GRANTED, "grant")

    def run_jobs(self, today: date) -> None:
        """What happens by itself when its day has passed; a second run finds nothing to do."""
        if self.offered and today > self.offered and not self.silent(today):
            tell(self, ())
        if self.silent(today):
            self.accept_as("deemed", self.corrected or self.received, "deemed_acceptance")
        if self.late(today):
            self.lapsed = True
            self.tasks = {}
            self.done(TERMINATED, "lapse")


Act = Callable[[Model, str, datetime, Mapping[str, object]], str]
ACTS: dict[str, Act] = {}


def act(name: str) -> Callable[[Act], Act]:
    """An act that begins at the common gate."""

    def declare(run: Act) -> Act:
        def gated(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
            before, verdict = deepcopy(vars(model)), model.gate(who, name, stale=bool(more.get("stale")))
            if verdict == "ok":
                verdict = "conflict" if model.late(day_of(now)) else run(model, who, now, more)
            if verdict != "ok":
                vars(model).update(before)
            return verdict

        ACTS[name] = gated
        return run

    return declare


def _findings(more: Mapping[str, object]) -> Mapping[str, tuple[str, str]]:
    found = more.get("findings", {})
    assert isinstance(found, Mapping)
    return found


@act("precheck")
def precheck(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    verdict = model.note(_findings(more), day_of(now))
    return model.done(SUBMITTED) if verdict == "ok" else verdict


@act("notify-gaps")
def notify(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    if model.silent(day_of(now)):
        return "conflict"
    if model.note(_findings(more), day_of(now)) == "invalid":
        return "invalid"
    if not model.gaps():
        return "invalid"
    new = demanded_anew(model)
    if new and not (who == SUPERVISOR and more.get("reason")):
        return "invalid"
    return tell(model, new)


def demanded_anew(model: Model) -> tuple[str, ...]:
    """What is asked now and was not named in the first notice."""
    return tuple(code for code in model.gaps() if model.notices and code not in model.notices[0])


def tell(model: Model, new: tuple[str, ...]) -> str:
    model.notices.append(tuple(model.gaps()))
    model.violations.append(new)
    return model.done(CORRECTING, "gap_notice")


@act("accept")
def accept(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    today = day_of(now)
    if model.silent(today):
        return "conflict"
    if model.note(_findings(more), today) == "invalid" or model.gaps():
        return "invalid"
    return model.accept_as("full", model.corrected or today, "acceptance")


@act("accept-with-gaps")
def accept_with_gaps(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    today = day_of(now)
    if model.silent(today):
        return "conflict"
    if model.note(_findings(more), today) == "invalid" or not model.gaps() or not more.get("signed"):
        return "invalid"
    return promised(model, model.promise_days(today), today)


def promised(model: Model, days: dict[str, date] | None, today: date) -> str:
    if days is None:
        return "invalid"
    for code, day in days.items():
        model.materials[code].state, model.materials[code].due = "promised", day
    model.holds.add("promise")
    return model.accept_as("promise", model.corrected or today, "promise", "gap_acceptance")


@act("offer-promise")
def offer(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    """Only what may follow at all, and only while there is a day left to tell what was not promised."""
    today = day_of(now)
    if model.silent(today):
        return "conflict"
    if model.note(_findings(more), today) == "invalid" or not model.gaps() or demanded_anew(model):
        return "invalid"
    last = walk(model.corrected or model.received, 4)
    if model.promise_days(today) is None or today > last:
        return "invalid"
    model.done(SUBMITTED)
    model.offered = last
    return "ok"


@act("sign-promise")
def sign(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    today = day_of(now)
    if model.offered is None or today > model.offered:
        return "conflict"
    if not (more.get("agreed", True) and more.get("read", True) and more.get("proved", True)):
        return "invalid"
    return promised(model, model.promise_days(today), today)


@act("decline-promise")
def decline(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    if model.offered is None or day_of(now) > model.offered:
        return "conflict"
    return tell(model, ())


@act("refuse")
def refuse(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    if model.silent(day_of(now)):
        return "conflict"
    if not more.get("reason") or (more.get("kind") == "not_ours" and not more.get("where")):
        return "invalid"
    papers = {"not_needed": "not_needed", "not_ours": "not_ours", "not_accepted": "non_acceptance"}
    return model.done(NOT_ACCEPTED, papers[str(more.get("kind"))])


@act("supplement")
def supplement(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    codes, originals = _codes(more, "codes"), _codes(more, "originals")
    today = day_of(now)
    if any(code not in model.materials for code in (*codes, *originals)) or not (codes or originals):
        return "invalid"
    if (originals and who != model.item.clerk) or (who == LINK and not set(codes) <= set(_codes(more, "scope"))):
        return "invalid"
    for code in (*codes, *originals):
        model.materials[code] = Material("checked" if code in originals else "provided", today)
    if model.state == CORRECTING:
        if any(model.materials[code].state in {"missing", "faulty"} for code in model.notices[-1]):
            return model.done(CORRECTING)
        model.corrected = _corrected(model)
        return model.done(SUBMITTED)
    promised = any(m.state == "promised" for m in model.materials.values())
    if not promised:
        model.holds.discard("promise")
    model.done(model.state)
    return model.serve(today) if model.state == PREPARED and not promised else "ok"


def _codes(more: Mapping[str, object], name: str) -> tuple[str, ...]:
    codes = more.get(name, ())
    assert isinstance(codes, Iterable)
    return tuple(codes)


def _corrected(model: Model) -> date | None:
    """The last arrival of what was lawfully asked: a demand that the first notice did not name moves nothing."""
    lawful = [code for code in model.notices[-1] if code not in model.violations[-1]]
    if not lawful and model.corrected:
        return model.corrected
    return max(m.arrived for c, m in model.materials.items() if c in (lawful or model.notices[0]) and m.arrived)


@act("suspend")
def suspend(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    if more.get("ground") != "testing" or not more.get("reason") or not 1 <= int(str(more.get("days"))) <= 180:
        return "invalid"
    model.stops.append((day_of(now), None))
    return model.done(SUSPENDED, "special_procedure")


@act("resume")
def resume(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    start, _ = model.stops[-1]
    model.stops[-1] = (start, day_of(now))
    return model.done(IN_REVIEW)


def _decide(model: Model, who: str, now: datetime, outcome: str) -> str:
    if not ((model.item.decide_post in model.tasks and who == model.item.decider) or who == model.item.chief):
        return "conflict"
    model.tasks = {}
    model.decision = outcome
    if outcome == "deny":
        return model.done(DENIED, "refusal")
    return model.done(PREPARED) if "promise" in model.holds else model.serve(day_of(now))


@act("grant")
def grant(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    return _decide(model, who, now, "grant")


@act("deny")
def deny(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    cited = more.get("basis", ("L1",))
    return _decide(model, who, now, "deny") if more.get("reason") and cited == ("L1",) else "invalid"


@act("make-ready")
def make_ready(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    return model.done(READY)


@act("deliver")
def deliver(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    return "conflict" if model.holds else model.done(DELIVERED, "delivery")


@act("withdraw")
def withdraw(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    model.tasks, model.holds = {}, model.holds - {"promise"}
    return model.done(WITHDRAWN, "withdrawal")


@act("terminate")
def terminate(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    if not more.get("reason"):
        return "invalid"
    model.tasks, model.holds = {}, model.holds - {"promise"}
    return model.done(TERMINATED, "termination")


def work(model: Model, who: str, step: str, post: str) -> str:
    """Claim, return or complete the task of a post: only who sits there sees it."""
    if SITS_AT.get(post) != who:
        return "missing"
    if model.state != IN_REVIEW or post not in model.tasks:
        return "conflict"
    held = model.tasks[post]
    if step == "complete" and post == model.item.decide_post:
        return "invalid"
    if held == "done" or (step != "claim" and held != who):
        return "conflict"
    if step == "complete":
        model.finish_task(post)
    else:
        model.tasks[post] = who if step == "claim" else "open"
    return model.done(IN_REVIEW)
