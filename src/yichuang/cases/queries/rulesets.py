"""规则集 as pages show it: how each does beside people, what speaks for letting it decide alone, and the cases behind a figure."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from yichuang.cases.commands.rulesets import check_can_let, known, spec_of
from yichuang.cases.evidence import Counted, controls_of, counted, newest, waiting_of
from yichuang.cases.instant import Mode
from yichuang.cases.models import Case, RuleSet
from yichuang.cases.moves import relations_of
from yichuang.cases.permissions import can_brake, can_let_decide, can_see, can_see_rules
from yichuang.cases.rules.rulesets import evidence, judge_promotion, matrix
from yichuang.cases.rulesets import Change, ExampleRow, Outcome, RuleSetPage, RuleSetRow
from yichuang.cases.vouch.instant import RULE_SET
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Refused
from yichuang.core.words import W, Words
from yichuang.network import queries as network

SHOWN: Final = 20  # cases behind a figure
ACT_WORDS: Final = {
    "rule-set-alone": W("启用自动办理", "let it decide alone"),
    "rule-set-off": W("停用", "switched it off"),
    "rule-set-shadow": W("恢复比对", "let it compare again"),
    "rule-set-anew": W("以前的比对不再计算，从头积累", "began its evidence anew"),
    "rule-set-percent": W("调整抽查比例", "changed the share of re-checks"),
}


def list_rule_sets(actor: Actor, *, at: datetime) -> tuple[RuleSetRow, ...]:
    """The rule sets of the versions that apply, by item, of which the actor may know how they do."""
    packs = [pack for pack in catalog.list_tabled(at=at) if _visible(actor, pack)]
    rows = {(row.item_code, row.sha): row for row in _rows(packs)}
    return tuple(_row(actor, pack, rows.get((pack.code, spec_of(pack).sha)), at, in_force=True)[0] for pack in packs)


def decides_alone(pack: Pack) -> bool:
    """Whether the rule set of this version may decide alone now. No gate: it is said to everybody who files."""
    if pack.decision is None:
        return False
    return RuleSet.objects.filter(item_code=pack.code, sha=pack.decision.sha, mode=Mode.ALONE.value).exists()


def get_rule_set(actor: Actor, item: str, sha: str = "", *, at: datetime) -> RuleSetPage:
    """One rule set of an item: the one in force, or an earlier one by its SHA. NotFound."""
    pack = known(actor, item, sha or spec_of(catalog.get_pack(item, at=at)).sha)
    spec = spec_of(pack)
    kept = next(iter(_rows([pack])), None)
    row, found = _row(actor, pack, kept, at, in_force=_applies(pack, at))
    return RuleSetPage(
        row=row,
        matrix=matrix(found.said),
        words={code: result.words for code, result in spec.results.items()},
        why_not=_why_not(actor, row),
        history=_history(kept),
        others=_others(item, spec.sha, at),
        controls=controls_of(kept) if kept else (0, 0),
        waiting=waiting_of(kept) if kept else (0, None),
        proved_from=kept.proved_from if kept else None,
    )


def list_examples(
    actor: Actor, item: str, sha: str, *, verdict: str, code: str, outcome: str, at: datetime
) -> tuple[ExampleRow, ...]:
    """The newest cases behind a figure of the matrix; only those that the actor may open are marked as visible.

    None that people have yet to decide, or to re-check: who decides must not learn from here what the table said.
    """
    known(actor, item, sha)
    if outcome == Outcome.OPEN.value:
        return ()
    found = [one for one in newest(item, sha, verdict, code) if one["outcome"].value == outcome][:SHOWN]
    cases = Case.objects.select_related("department").in_bulk([one["case"] for one in found])
    return tuple(
        ExampleRow(
            one["number"],
            one["judged_at"],
            one["codes"],
            Outcome(one["outcome"]),
            can_see(actor, relations_of(cases[one["case"]])),
        )
        for one in found
    )


def _visible(actor: Actor, pack: Pack) -> bool:
    return can_see_rules(actor, _department(pack), pack.department)


def _department(pack: Pack) -> UUID:
    return network.get_department(pack.department).id


def _rows(packs: list[Pack]) -> list[RuleSet]:
    shas = [spec_of(pack).sha for pack in packs]
    return list(RuleSet.objects.filter(sha__in=shas, item_code__in=[pack.code for pack in packs]).order_by("id"))


def _applies(pack: Pack, at: datetime) -> bool:
    return any(
        one.code == pack.code and one.decision is not None and one.decision.sha == spec_of(pack).sha
        for one in catalog.list_tabled(at=at)
    )


def _row(actor: Actor, pack: Pack, kept: RuleSet | None, at: datetime, *, in_force: bool) -> tuple[RuleSetRow, Counted]:
    spec, department = spec_of(pack), network.get_department(pack.department)
    row = kept or RuleSet(item_code=pack.code, sha=spec.sha, mode=Mode.SHADOW.value)
    found = counted(row)
    told = RuleSetRow(
        item=pack.code,
        name=pack.name,
        department=department.name,
        version=pack.version,
        sha=spec.sha,
        in_force=in_force,
        mode=Mode(row.mode),
        since=kept.since if kept else None,
        reason=Words(row.reason_zh, row.reason_en),
        percent=Decimal(row.percent),
        judged=found.count(),
        approved=found.count(verdict="approve"),
        alone=found.alone,
        checked=found.checked,
        evidence=evidence(found.said, row.bound),
        may_let=can_let_decide(actor, department.id, pack.department),
        may_brake=can_brake(actor, department.id, pack.department),
    )
    return told, found


def _why_not(actor: Actor, row: RuleSetRow) -> tuple[Words, ...]:
    reasons = judge_promotion(row.mode, row.evidence)
    try:
        check_can_let(actor, row.item, row.sha)
    except Refused as refused:
        reasons = [*refused.reasons, *reasons]
    return tuple(reason.words for reason in reasons)


def _history(kept: RuleSet | None) -> tuple[Change, ...]:
    if kept is None:
        return ()
    entries = ledger.list_entries(Subject(RULE_SET, kept.id))
    return tuple(
        Change(ACT_WORDS[entry.act], entry.at, entry.actor_name_masked)
        for entry in reversed(entries)
        if entry.act in ACT_WORDS
    )


def _others(item: str, sha: str, at: datetime) -> tuple[tuple[str, int], ...]:
    """The other rule sets that versions of the item had, the newest first."""
    found: dict[str, int] = {}
    for version, *_ in catalog.list_versions(item):
        pack = catalog.get_pack(item, version=version, at=at)
        if pack.decision is not None and pack.decision.sha != sha:
            found.setdefault(pack.decision.sha, version)
    return tuple(found.items())
