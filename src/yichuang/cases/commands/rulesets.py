"""How far a rule set (规则集) may go: let decide alone by two, stopped by one or by itself (docs/adr/0022).

个人信息保护法 art. 24: an automated decision is fair, explained, and people may turn to a person. A table never denies.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.draws import draw_of
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.evidence import evidence_of, looked
from yichuang.cases.instant import MODE_WORDS, JudgedBy, Mode
from yichuang.cases.models import AutoDecision, RuleSet
from yichuang.cases.permissions import FORBIDDEN, can_brake, can_let_decide, can_see_rules
from yichuang.cases.rules.rulesets import (
    NOT_OFF,
    OWN_TABLE,
    STILL_ALONE,
    STOPPED,
    STOPPED_GRAVE,
    brake_falls,
    judge_percent,
    judge_promotion,
)
from yichuang.cases.vouch.instant import RULE_SET, facts_of_set
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import DecisionSpec, Pack
from yichuang.core import ledger, roles, second
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.asked import needs_two
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people

LET, ANEW = "let-decide-alone", "evidence-anew"  # the acts that need two
LETS = f"rule-set-{Mode.ALONE.value}"  # the ledger's name for what they did
THE_SET = W("规则集", "rule set")
LET_WORDS = W("启用自动办理", "let it decide alone")
ANEW_WORDS = W("从头积累规则集的比对", "begin the evidence of a rule set anew")
BRAKE_WORDS = W("停用规则集", "switch the rule set off")
PERCENT_WORDS = W("调整抽查比例", "set the share of re-checks")
BOTH_AGREE = W("比对达到标准，经两人同意启用", "Compared long enough; let by two persons")
COMPARES = W("恢复比对", "Compares again")
BEGUN_ANEW = W("经两人同意，以前的比对不再计算，从头积累", "Two persons dropped what was compared before: begun anew")


@transaction.atomic
def let_decide_alone(*, actor: Actor, item: str, sha: str, at: datetime) -> Mode:
    """自动办理: from now on an approval of this rule set is the decision. Needs a second person (docs/adr/0014).

    Both decide for the department; who wrote, proposed or published the table is neither. Refused: NOT_COMPARED_ENOUGH
    (with how many are missing), NOT_SHADOW, OWN_TABLE; NotFound for a rule set that no version in force holds.
    """
    needs_two(LET, actor)
    check_can_let(actor, item, sha)
    pack = _in_force(item, sha, at)
    row, _ = _locked(pack, at)
    refuse_all(judge_promotion(Mode(row.mode), evidence_of(row)), kind="conflict")
    _change(row, pack, Mode.ALONE, BOTH_AGREE, actor, at)
    return Mode.ALONE


def check_can_let(actor: Actor, item: str, sha: str) -> None:
    """Refused (403) for who may not let it decide alone; NotFound for who may not even see it."""
    pack = known(actor, item, sha)
    _check_lets(actor, pack)
    if actor.id in catalog.makers_of(item, sha):
        raise Refused(Reason("OWN_TABLE", OWN_TABLE), kind="forbidden")


@transaction.atomic
def switch_off(*, actor: Actor, item: str, sha: str, reason: str, at: datetime) -> None:
    """停用: one person, at once; cases go to people from the next filing. Off already: nothing changes."""
    pack = known(actor, item, sha)
    _check_brake(actor, pack, BRAKE_WORDS)
    refuse_all(check_reason(reason, "/reason"))
    row, _ = _locked(pack, at)
    if row.mode != Mode.OFF.value:
        told = reason.strip()[:300]
        _change(row, pack, Mode.OFF, Words(told, told), actor, at)


@transaction.atomic
def compare_again(*, actor: Actor, item: str, sha: str, at: datetime) -> None:
    """恢复比对: a rule set that was stopped decides beside people again. One person may: what was compared counts on."""
    pack = known(actor, item, sha)
    _check_lets(actor, pack)
    row, _ = _locked(pack, at)
    if row.mode != Mode.OFF.value:
        raise Conflict(Reason("NOT_OFF", NOT_OFF))
    _change(row, pack, Mode.SHADOW, COMPARES, actor, at)


@transaction.atomic
def begin_anew(*, actor: Actor, item: str, sha: str, at: datetime) -> None:
    """从头积累: what was compared until now counts no more, for or against. Needs a second person (docs/adr/0014).

    Refused: STILL_ALONE, and as `let_decide_alone` who may not or had a hand in the table.
    """
    needs_two(ANEW, actor)
    check_can_let(actor, item, sha)
    pack = known(actor, item, sha)
    row, _ = _locked(pack, at)
    if row.mode == Mode.ALONE.value:
        raise Conflict(Reason("STILL_ALONE", STILL_ALONE))
    row.counted_from, row.proved_from = at, None
    row.changed_by_id = actor.id if actor.is_staff else None
    _record(row, "rule-set-anew", actor, at)
    _tell(row, pack, Mode(row.mode), BEGUN_ANEW, at)


@transaction.atomic
def set_percent(*, actor: Actor, item: str, sha: str, percent: Decimal, at: datetime) -> None:
    """抽查比例: how many of a hundred automatic decisions a person looks at blind."""
    pack = known(actor, item, sha)
    _check_brake(actor, pack, PERCENT_WORDS)
    refuse_all(judge_percent(percent))
    row, fresh = _locked(pack, at)
    if row.percent == percent and not fresh:  # a row that is new is vouched for in any case
        return
    draw_of(row, at)  # what was decided under the old share is drawn by it
    before, row.percent, row.changed_by_id = row.percent, percent, actor.id
    _record(row, "rule-set-percent", actor, at, before=str(before), now=str(percent))


def apply_brake(item: str, sha: str, at: datetime) -> bool:
    """Stop the rule set if too much of what it decided alone was wrong; whether it did. Within the caller's transaction."""
    pack = catalog.find_tabled(item, sha)
    row = RuleSet.objects.select_for_update(of=("self",)).filter(item_code=item, sha=sha, mode=Mode.ALONE.value).first()
    if pack is None or row is None:
        return False
    found = looked(row, frozenset(code for code, result in spec_of(pack).results.items() if result.grave))
    if not brake_falls(checked=found.checked, wrong=found.wrong, grave=found.grave, bound=row.bound):
        return False
    words = STOPPED_GRAVE if found.grave else STOPPED
    row.proved_from = at
    _change(row, pack, Mode.OFF, words.format(checked=found.checked, wrong=found.wrong, grave=found.grave), SYSTEM, at)
    return True


def brake_for(case: UUID, at: datetime) -> bool:
    """The same, for whoever found that a case was decided wrongly; nothing where no table decided it alone."""
    row = AutoDecision.objects.filter(case=case, acted=True).values_list("item_code", "sha").first()
    return apply_brake(*row, at) if row is not None else False


def known(actor: Actor, item: str, sha: str) -> Pack:
    """The newest version that holds the rule set, for who may see how it does. NotFound."""
    pack = catalog.find_tabled(item, sha)
    if pack is None:
        raise NotFound(THE_SET)
    department = network.get_department(pack.department)
    if actor.kind != "system" and not can_see_rules(actor, department.id, pack.department):
        raise NotFound(THE_SET)
    return pack


def promoters_of(item: str, sha: str) -> frozenset[UUID]:
    """Who of the staff ever asked, or confirmed, that the rule set decide alone: they would look at their own judgement."""
    row = RuleSet.objects.filter(item_code=item, sha=sha).values_list("id", flat=True).first()
    entries = ledger.list_entries(Subject(RULE_SET, row)) if row is not None else ()
    confirmed = (entry.actor_id for entry in entries if entry.act == LETS and entry.actor_id is not None)
    return frozenset(confirmed) | second.askers(LET, item=item, sha=sha)


def spec_of(pack: Pack) -> DecisionSpec:
    """The pack's decision table. NotFound for an item that people decide."""
    if pack.decision is None:
        raise NotFound(THE_SET)
    return pack.decision


def _check_lets(actor: Actor, pack: Pack) -> None:
    department = network.get_department(pack.department).id
    if actor.kind != "system" and not can_let_decide(actor, department, pack.department):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=LET_WORDS)), kind="forbidden")


def _check_brake(actor: Actor, pack: Pack, act: Words) -> None:
    department = network.get_department(pack.department).id
    if actor.kind != "system" and not can_brake(actor, department, pack.department):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=act)), kind="forbidden")


def _in_force(item: str, sha: str, at: datetime) -> Pack:
    pack = catalog.get_pack(item, at=at)
    if spec_of(pack).sha != sha:
        raise NotFound(THE_SET)
    return pack


def _locked(pack: Pack, at: datetime) -> tuple[RuleSet, bool]:
    """The rule set's row, locked, and whether it is new: one that nobody spoke of yet is a shadow since it first judged a
    case. Who gets a new one writes an entry of it."""
    of = {"item_code": pack.code, "sha": spec_of(pack).sha}
    judged = AutoDecision.objects.filter(**of, state=JudgedBy.DONE.value).order_by("judged_at", "id")
    first = judged.values_list("judged_at", flat=True).first()
    _, fresh = RuleSet.objects.get_or_create(**of, defaults={"mode": Mode.SHADOW.value, "since": first or at})
    return RuleSet.objects.select_for_update(of=("self",)).get(**of), fresh


def _change(row: RuleSet, pack: Pack, mode: Mode, reason: Words, actor: Actor, at: datetime) -> None:
    row.mode, row.since = mode.value, at
    row.reason_zh, row.reason_en = reason.zh[:300], reason.en[:300]
    row.changed_by_id = actor.id if actor.is_staff else None
    _record(row, f"rule-set-{mode.value}", actor, at)
    _tell(row, pack, mode, reason, at)


def _record(row: RuleSet, act: str, actor: Actor, at: datetime, **detail: str) -> None:
    row.save()
    told = {"item": row.item_code, "sha": row.sha[:12], **detail}
    ledger.append(
        act=act, actor=actor, at=at, subject=Subject(RULE_SET, row.id), detail=told, facts=facts_of_set(row)
    )  # fmt: skip


def _tell(row: RuleSet, pack: Pack, mode: Mode, reason: Words, at: datetime) -> None:
    """Into the inboxes of the department's supervisors, reviewers and chief representatives: the work comes back to them."""
    department = network.get_department(pack.department).id
    wanted = {roles.SUPERVISOR, roles.REVIEWER, roles.CHIEF_REPRESENTATIVE}
    told = people.staff_for(department, wanted, at=at)
    for staff, locale in people.languages_of_staff(told).items():
        notices.send(
            address=Address("inbox", party=staff),
            locale=locale,
            template="rule_set_changed",
            values={"item": pack.name, "mode": MODE_WORDS[mode], "reason": reason},
            at=at,
            dedupe=f"rule_set:{row.id}:{at.isoformat()}:{staff}",
        )
