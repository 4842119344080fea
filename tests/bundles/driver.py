"""What becomes of the cases of a package: accepted, reviewed, decided by whoever's posts these are; refused; completed."""

from typing import Any
from uuid import UUID

from tests.bundles.filings import HOLDERS
from tests.demo import Demo

from yichuang.bundles.commands.complete import complete_part
from yichuang.bundles.models import Part
from yichuang.bundles.values import BundleReceipt
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.models import Case
from yichuang.cases.values import RefusalKind
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting
from yichuang.engine.queries import tasks_of

NUMBER = {"insurance": ("insured", "440303202611109009"), "card": ("holder", "440303202611109009")}


def fates(receipt: BundleReceipt) -> dict[str, str]:
    rows = Part.objects.filter(bundle=receipt.bundle).order_by("position")
    return dict(rows.values_list("slot", "fate"))


def case_of(receipt: BundleReceipt, slot: str) -> Case:
    return Case.objects.get(id=Part.objects.get(bundle=receipt.bundle, slot=slot).case_id)


def decide(demo: Demo, case: UUID, at: Any, outcome: str = "grant") -> None:
    """Accept, review and decide a case by whoever's posts these are."""
    row = Case.objects.get(id=case)
    if row.state == "SUBMITTED":
        accept_case(actor=demo.actor("lina"), number=row.number, version=row.version, findings={}, at=at)
    while opened := [t for t in tasks_of(("case", case)) if t.state == "open" and t.act == "review"]:
        for task in opened:
            actor, version = demo.actor(HOLDERS[task.post]), Case.objects.get(id=case).version
            head = claim_review(actor=actor, task=task.id, version=version, at=at)
            complete_review(actor=actor, task=task.id, version=head.version, outcome="agree", opinion="同意", at=at)
    (task,) = [t for t in tasks_of(("case", case)) if t.state == "open" and t.act == "decide"]
    row = Case.objects.get(id=case)
    basis = [] if outcome == "grant" else ["L1"]
    decide_case(
        actor=demo.actor(HOLDERS[task.post]), number=row.number, version=row.version, outcome=outcome,
        reasons="" if outcome == "grant" else "不符合法定条件", basis=basis, at=at,
    )  # fmt: skip


def grant(demo: Demo, receipt: BundleReceipt, slot: str, at: Any = None) -> None:
    at = at or demo.at
    with fixed(at):
        decide(demo, case_of(receipt, slot).id, at)
        run_waiting()


def refuse(demo: Demo, receipt: BundleReceipt, slot: str) -> None:
    row = case_of(receipt, slot)
    with fixed(demo.at):
        refuse_case(
            actor=demo.actor("lina"), number=row.number, version=row.version, kind=RefusalKind.NOT_ACCEPTED,
            reason="不符合受理条件", at=demo.at,
        )  # fmt: skip
        run_waiting()


def complete(demo: Demo, receipt: BundleReceipt) -> None:
    """What waits for the applicant is filled in."""
    for slot, fate in fates(receipt).items():
        if fate == "asking":
            group, number = NUMBER[slot]
            complete_part(
                actor=demo.actor("zhangxiao"),
                number=receipt.number,
                slot=slot,
                form={group: {"cn_id": number}},
                at=demo.at,
            )
