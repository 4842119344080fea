"""What the ledger vouches for of rule sets (how far they may go) and of blind re-checks; what they said is vouched for with the case."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from yichuang.cases.models import Recheck, RuleSet
from yichuang.core.ledger import Facts, Witness, register_witness, row_facts

RULE_SET, RECHECK = "rule-set", "recheck"  # subjects


def facts_of_set(row: RuleSet) -> dict[str, Facts]:
    """The facts of a rule set as it stands."""
    return {"set": row_facts(row, later=frozenset({"counted_from", "proved_from"}))}


def facts_of_recheck(row: Recheck) -> dict[str, Facts]:
    """The facts of a re-check as it stands."""
    return {"recheck": row_facts(row, later=frozenset({"found"}))}


def _read_sets(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    return {row.id: facts_of_set(row) for row in RuleSet.objects.filter(id__in=ids).order_by("id")}


def _read_rechecks(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    return {row.id: facts_of_recheck(row) for row in Recheck.objects.filter(id__in=ids).order_by("id")}


def _sets_behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(RuleSet.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:count])


def _rechecks_behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(Recheck.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:count])


register_witness(Witness(RULE_SET, frozenset({"set"}), _read_sets, _sets_behind))
register_witness(Witness(RECHECK, frozenset({"recheck"}), _read_rechecks, _rechecks_behind))
