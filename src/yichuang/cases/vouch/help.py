"""What the ledger vouches for of a request for help: its row and every step."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from yichuang.cases.models import HelpRequest, HelpStep
from yichuang.core.ledger import Facts, Witness, register_witness, row_facts


def facts_of(row: HelpRequest, *steps: HelpStep) -> dict[str, Facts]:
    """The facts of a request and of the steps that this act wrote."""
    return {"help": row_facts(row), **{f"step:{step.id}": row_facts(step) for step in steps}}


def _read(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    found: dict[UUID, dict[str, Facts]] = {}
    for row in HelpRequest.objects.filter(id__in=ids).order_by("id"):
        found[row.id] = {"help": row_facts(row)}
    for step in HelpStep.objects.filter(request__in=found).order_by("id"):
        found[step.request_id][f"step:{step.id}"] = row_facts(step)
    return found


def _ids_behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(HelpRequest.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:count])


register_witness(Witness("help", frozenset({"help", "step"}), _read, _ids_behind))
