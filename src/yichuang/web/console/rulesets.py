"""秒批规则: how each rule set does beside people, what may be done to it, and the cases behind a figure (docs/adr/0022)."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.rulesets import ANEW, LET, compare_again, set_percent, switch_off
from yichuang.cases.instant import Mode
from yichuang.cases.rulesets import AGREES, CONTRADICTS, OUTCOME_WORDS, VERDICT_WORDS, Outcome, RuleSetPage
from yichuang.catalog.permissions import can_publish
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.core.words import W, Words
from yichuang.web.console.pages import act, render
from yichuang.web.console.second import to_ask
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

STOPPED = W("已停用：从下一件开始由工作人员办理", "Switched off: people decide from the next filing on")
COMPARES = W("已恢复比对，以前的结果继续计算", "It compares again; what was compared before counts on")
SAVED = W("已保存抽查比例", "The share of re-checks is saved")
COLOURS = {Mode.SHADOW: "blue", Mode.ALONE: "green", Mode.OFF: "red"}


def rule_sets(request: HttpRequest) -> HttpResponse:
    """Every rule set of the versions that apply, of which the actor may know how it does."""
    context = {"rows": cases.list_rule_sets(actor_of(request), at=now()), "colours": COLOURS}
    return render(request, "console/rule_sets.html", context)


def rule_set(request: HttpRequest, code: str) -> HttpResponse:
    """One of them: the matrix, what speaks against letting it decide alone, and what may be done to it."""
    return _act(request, code) if request.method == "POST" else _page(request, code)


def _act(request: HttpRequest, item: str) -> HttpResponse:
    sha = params.text(request, "sha", longest=64)

    def again(refused: Refused) -> HttpResponse:
        return _page(request, item, refused)

    of = {"item": item, "sha": sha}
    by_two = {"let": LET, "anew": ANEW}.get(params.text(request, "act"))
    if by_two:
        return to_ask(request, by_two, of, again)

    def off(actor: Actor, at: datetime) -> None:
        switch_off(actor=actor, **of, reason=params.text(request, "reason", longest=1100), at=at)

    def compare(actor: Actor, at: datetime) -> None:
        compare_again(actor=actor, **of, at=at)

    def percent(actor: Actor, at: datetime) -> None:
        set_percent(actor=actor, **of, percent=_number(params.text(request, "percent", longest=12)), at=at)

    acts = {
        "off": ("rule_set_off", off, STOPPED),
        "compare": ("rule_set_compare", compare, COMPARES),
        "percent": ("rule_set_percent", percent, SAVED),
    }
    return act(request, acts, then=f"{reverse('console:rule-set', args=[item])}?sha={sha}", again=again)


def _number(text: str) -> Decimal:
    """What was typed; not a number where it is none."""
    try:
        return Decimal(text.replace("%", "").replace("％", "").strip())
    except InvalidOperation:
        return Decimal("NaN")


def _page(request: HttpRequest, item: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    sha = str(request.GET.get("sha", "") or params.text(request, "sha", longest=64))
    page = cases.get_rule_set(actor, item, sha, at=at)
    cell = _cell(request)
    context = {
        "page": page,
        "row": page.row,
        "shown": [outcome for outcome in Outcome if any(line.counts.get(outcome) for line in page.matrix)],
        "outcomes": OUTCOME_WORDS,
        "verdicts": VERDICT_WORDS,
        "agrees": AGREES,
        "contradicts": CONTRADICTS,
        "colours": COLOURS,
        "cell": cell,
        "cell_words": _cell_words(page, *cell) if cell else None,
        "examples": _examples(actor, page, cell, at) if cell else (),
        "rehearses": can_publish(actor),
    }
    return render(request, "console/rule_set.html", context, refused)


def _cell(request: HttpRequest) -> tuple[str, str, str] | None:
    """Which figure of the matrix somebody pressed: (verdict, rule's result, outcome)."""
    verdict, code, outcome = (str(request.GET.get(name, ""))[:100] for name in ("verdict", "code", "outcome"))
    return (verdict, code, outcome) if verdict in VERDICT_WORDS and outcome in set(Outcome) else None


def _cell_words(page: RuleSetPage, verdict: str, code: str, outcome: str) -> tuple[Words, Words]:
    return page.words.get(code, VERDICT_WORDS[verdict]), OUTCOME_WORDS[Outcome(outcome)]


def _examples(actor: Actor, page: RuleSetPage, cell: tuple[str, str, str], at: datetime) -> object:
    verdict, code, outcome = cell
    row = page.row
    return cases.list_examples(actor, row.item, row.sha, verdict=verdict, code=code, outcome=outcome, at=at)
