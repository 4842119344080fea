"""/administration/rule-sets: 秒批规则, how each does beside people, and what may be done to it (docs/adr/0022).

By who answers for the department's rule sets, and who edits items. What needs two waits under /administration/proposals.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, P, Path, QueryEx, Router, Schema

from yichuang.cases import queries as cases
from yichuang.cases.commands.rulesets import ANEW, LET, compare_again, set_percent, switch_off
from yichuang.cases.rulesets import MatrixRow, Outcome, RuleSetPage, RuleSetRow
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.web.api.second import ProposalOut, propose
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Sha = QueryEx[str, P(max_length=64, description="of the table; empty: the one in force")]


class EvidenceOut(Schema):
    """What speaks for letting it decide alone, or against it. Shares are between 0 and 1."""

    compared: int = Field(description="approvals that people judged too")
    wrong: int = Field(description="of these, false ones (错批)")
    upper: float = Field(description="the share of false approvals is at most this, with 95 % certainty")
    bound: float = Field(description="the share that is allowed")
    needed: int = Field(description="approvals more, none of them false, until the bound is met; 0: it is")


class RuleSetOut(Schema):
    item: str
    name: Label
    department: Label
    version: int = Field(description="the newest of the item that holds it")
    sha: str = Field(description="SHA-256 of the table: names the rule set in every act")
    in_force: bool
    mode: Literal["shadow", "alone", "off"]
    since: datetime | None
    reason: Label
    percent: str = Field(description="of a hundred automatic decisions so many are looked at blind: 5, 12.5")
    judged: int
    approved: int
    alone: int = Field(description="approved without a person")
    checked: int = Field(description="of these, looked at by people since")
    evidence: EvidenceOut
    may_let: bool = Field(description="you may ask that it decide alone, or confirm it")
    may_brake: bool = Field(description="you may switch it off")


class RuleSetsOut(Schema):
    items: list[RuleSetOut]


class AgreementOut(Schema):
    """One line of the matrix: how often people said what, where the table said this."""

    verdict: Literal["approve", "person"]
    code: str = Field(description="of a rule's result; empty: all of the verdict")
    words: Label | None
    counts: dict[str, int] = Field(description="by what people said: granted, mended, denied, right, wrong, open …")


class RuleSetChangeOut(Schema):
    words: Label
    at: datetime
    who: str = Field(description="masked")


class OtherRuleSetOut(Schema):
    sha: str
    version: int


class ControlsOut(Schema):
    """对照件: cases that people had decided, looked at beside the re-checks."""

    looked_at: int
    same: int = Field(description="answered as people had decided")


class RuleSetPageOut(RuleSetOut):
    matrix: list[AgreementOut]
    results: dict[str, Label] = Field(description="what each rule's result means")
    why_not: list[Label] = Field(description="why you may not let it decide alone now; none: you may")
    history: list[RuleSetChangeOut]
    others: list[OtherRuleSetOut] = Field(description="of earlier versions of the item")
    controls: ControlsOut
    waiting: int = Field(description="re-checks that nobody has answered yet")
    waiting_since: datetime | None = Field(description="when the first of them was drawn")
    proved_from: datetime | None = Field(description="it stopped itself then: what agreed before speaks for it no more")


class JudgedCaseOut(Schema):
    number: str
    judged_at: datetime
    codes: list[str]
    outcome: str
    visible: bool = Field(description="you may open the case")


class JudgedCasesOut(Schema):
    items: list[JudgedCaseOut]


class RuleSetIn(In):
    sha: str = Field(max_length=64, description="of the rule set as it was read")


class RuleSetReasonIn(RuleSetIn):
    reason: str = Field(max_length=1000)


class PercentIn(RuleSetIn):
    percent: Decimal = Field(ge=0, le=100, description="two places at most")


@router.get(
    "/rule-sets",
    response={200: RuleSetsOut, **REFUSALS},
    url_name="rule_sets",
    summary="秒批规则: the rule sets in force, and how each does",
)
def rule_sets(request: HttpRequest) -> dict[str, Any]:
    """By item; of one's own department (of all for the item editor)."""
    return {"items": [_row(row) for row in cases.list_rule_sets(actor_of(request), at=now())]}


@router.get(
    "/rule-sets/{code}",
    response={200: RuleSetPageOut, **REFUSALS},
    url_name="rule_set",
    summary="One rule set: matrix of agreement, evidence, what was done to it",
)
def rule_set(request: HttpRequest, code: Path[str], sha: Sha = "") -> dict[str, Any]:
    """`code` is the item's; an earlier rule set of it by its `sha`."""
    return _page(cases.get_rule_set(actor_of(request), code, sha, at=now()))


@router.get(
    "/rule-sets/{code}/cases",
    response={200: JudgedCasesOut, **REFUSALS},
    url_name="rule_set_cases",
    summary="The newest cases behind a figure of the matrix",
)
def behind(
    request: HttpRequest,
    code: Path[str],
    verdict: Literal["approve", "person"] = "approve",
    outcome: Outcome = Outcome.GRANTED,
    result: QueryEx[str, P(max_length=100, description="a rule's result; empty: all of the verdict")] = "",
    sha: Sha = "",
) -> dict[str, Any]:
    """Twenty at most. None that people have yet to judge: who decides must not learn from here what the table said."""
    actor, at = actor_of(request), now()
    of = cases.get_rule_set(actor, code, sha, at=at).row
    found = cases.list_examples(actor, code, of.sha, verdict=verdict, code=result, outcome=outcome.value, at=at)
    names = ("number", "judged_at", "visible")
    return {
        "items": [
            {**{name: getattr(row, name) for name in names}, "codes": list(row.codes), "outcome": row.outcome.value}
            for row in found
        ]
    }


@router.post(
    "/rule-sets/{code}/let-decide-alone",
    response={202: ProposalOut, **REFUSALS},
    url_name="let_rule_set",
    summary="启用自动办理: ask that it decide alone; a second one confirms",
)
def let(request: HttpRequest, code: Path[str], body: RuleSetReasonIn) -> Any:
    """By who decides for the department, and had no hand in the table. Refused with every reason why it may not yet."""
    return propose(request, LET, {"item": code, "sha": body.sha}, body.reason)


@router.post(
    "/rule-sets/{code}/begin-anew",
    response={202: ProposalOut, **REFUSALS},
    url_name="begin_rule_set_anew",
    summary="从头积累: ask that what was compared until now count no more; a second one confirms",
)
def begin_anew(request: HttpRequest, code: Path[str], body: RuleSetReasonIn) -> Any:
    """For or against it. By the same who may let it decide alone."""
    return propose(request, ANEW, {"item": code, "sha": body.sha}, body.reason)


@router.post(
    "/rule-sets/{code}/switch-off",
    response={200: RuleSetOut, **REFUSALS},
    url_name="switch_rule_set_off",
    summary="停用: from the next filing on people decide",
)
def off(request: HttpRequest, code: Path[str], body: RuleSetReasonIn) -> dict[str, Any]:
    """One person, at once. Off already: nothing changes."""
    actor, at = actor_of(request), now()
    switch_off(actor=actor, item=code, sha=body.sha, reason=body.reason, at=at)
    return _row(cases.get_rule_set(actor, code, body.sha, at=at).row)


@router.post(
    "/rule-sets/{code}/compare-again",
    response={200: RuleSetOut, **REFUSALS},
    url_name="compare_rule_set",
    summary="恢复比对: one that was switched off decides beside people again",
)
def compare(request: HttpRequest, code: Path[str], body: RuleSetIn) -> dict[str, Any]:
    """What was compared before counts on."""
    actor, at = actor_of(request), now()
    compare_again(actor=actor, item=code, sha=body.sha, at=at)
    return _row(cases.get_rule_set(actor, code, body.sha, at=at).row)


@router.post(
    "/rule-sets/{code}/percent",
    response={200: RuleSetOut, **REFUSALS},
    url_name="rule_set_percent",
    summary="抽查比例: how many of a hundred automatic decisions are looked at blind",
)
def percent(request: HttpRequest, code: Path[str], body: PercentIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    set_percent(actor=actor, item=code, sha=body.sha, percent=body.percent, at=at)
    return _row(cases.get_rule_set(actor, code, body.sha, at=at).row)


def _row(row: RuleSetRow) -> dict[str, Any]:
    names = ("item", "version", "sha", "in_force", "since", "judged", "approved", "alone", "checked")
    found = row.evidence
    return {
        **{name: getattr(row, name) for name in (*names, "may_let", "may_brake")},
        "name": translate.label(row.name),
        "department": translate.label(row.department),
        "mode": row.mode.value,
        "reason": translate.label(row.reason),
        "percent": row.share,
        "evidence": {name: getattr(found, name) for name in ("compared", "wrong", "upper", "bound", "needed")},
    }


def _page(page: RuleSetPage) -> dict[str, Any]:
    looked_at, same = page.controls
    return {
        **_row(page.row),
        "matrix": [_agreement(page, line) for line in page.matrix],
        "results": {code: translate.label(words) for code, words in page.words.items()},
        "why_not": [translate.label(words) for words in page.why_not],
        "history": [{"words": translate.label(one.words), "at": one.at, "who": one.who} for one in page.history],
        "others": [{"sha": sha, "version": version} for sha, version in page.others],
        "controls": {"looked_at": looked_at, "same": same},
        "waiting": page.waiting[0],
        "waiting_since": page.waiting[1],
        "proved_from": page.proved_from,
    }


def _agreement(page: RuleSetPage, line: MatrixRow) -> dict[str, Any]:
    words = page.words.get(line.code)
    return {
        "verdict": line.verdict,
        "code": line.code,
        "words": translate.label(words) if words else None,
        "counts": {outcome.value: count for outcome, count in line.counts.items()},
    }
