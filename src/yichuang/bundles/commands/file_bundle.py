"""一件事申报: the one form is filed once; every item's own rules judge it, all faults come at once, nothing is half-written."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yichuang.bundles import messages
from yichuang.bundles.events import BundleFiled
from yichuang.bundles.models import Bundle, PackageDraft, Part
from yichuang.bundles.numbering import bundle_number
from yichuang.bundles.packages import Work, newest, requirements_of, work_of
from yichuang.bundles.papers import shared_out
from yichuang.bundles.permissions import check_may_file, why_not_file
from yichuang.bundles.processes import TENANT, calendar, subject_of, turns_of
from yichuang.bundles.receipts import issue_receipt
from yichuang.bundles.rules import form as rules
from yichuang.bundles.rules.delivery import CHOICES, Handover
from yichuang.bundles.tellings import tell_filed
from yichuang.bundles.turns import open_part
from yichuang.bundles.values import BundleFiling, BundleReceipt, Slot
from yichuang.bundles.vouch import facts_of
from yichuang.catalog import queries as catalog
from yichuang.core import events, faults, idempotency, ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, Reason, Refused, refuse_all
from yichuang.engine import commands as engine
from yichuang.network import queries as network
from yichuang.people import queries as people

UNKNOWN = "UNKNOWN_FIELD"


@idempotency.told_of_doubles()
@transaction.atomic
def file_bundle(*, actor: Actor, filing: BundleFiling, key: str, at: datetime) -> tuple[BundleReceipt, bool]:
    """File a package once per `key`; the receipt, and whether it is a replay.

    Items whose turn it is become cases now, all or none; the others are checked as far as they can be known. Raises Refused
    with every fault of every item at once, at the fields of the one form; Conflict for a version that is no longer the newest.
    """
    answer, replayed = idempotency.run_once(
        key=key,
        scope=idempotency.scope_of(actor, "file_bundle"),
        body_hash=idempotency.body_hash(filing.body()),
        at=at,
        do=lambda: _as_json(_file(actor, filing, at)),
    )
    return _from_json(answer), replayed


@network.one_look()
def _file(actor: Actor, filing: BundleFiling, at: datetime) -> BundleReceipt:
    filer = check_may_file(actor)
    version, package = newest(filing.package)
    if filing.version is not None and filing.version != package.version:
        raise Conflict(Reason("OLD_VERSION", messages.OLD_VERSION, "/version"))
    applicant = filing.applicant or filer
    refuse_all([*why_not_file(actor, package, applicant), *_unknown(filing, work_of(package, {}, {}, at=at))])
    work = work_of(package, filing.answers, filing.form, at=at)
    if package.papers and filing.materials:
        needs = requirements_of(work, applicant, channel=actor.channel.value, at=at)
        filing = replace(filing, materials=shared_out(actor, package, filing.materials, needs, at=at))
    bundle = _write(work, version, actor, filing, (applicant, filer), at)
    parts = {slot.id: _part(bundle, n, slot, work, filing, at) for n, slot in enumerate(package.slots)}
    Part.objects.bulk_create(parts.values())
    engine.start_process(
        xml=package.process_xml, subject=subject_of(bundle.id), tenant=TENANT, variables={}, at=at, calendar=calendar()
    )
    numbers = _open(bundle, parts, work, actor, at)
    bundle.receipt_id = issue_receipt(bundle, parts, work, numbers, actor=actor, at=at)
    bundle.save(update_fields=["receipt"])
    faults.point("bundle.after_cases")
    if filing.draft is not None:
        PackageDraft.objects.filter(id=filing.draft, owner_id=actor.id).delete()
    ledger.append(
        act="file-bundle",
        actor=actor,
        at=at,
        subject=Subject("bundle", bundle.id),
        detail={"package": package.code, "version": package.version, "channel": bundle.channel},
        behalf=applicant,
        facts=facts_of(bundle, parts.values()),
        first=True,
    )
    tell_filed(bundle, parts=len(parts), at=at)
    events.publish(BundleFiled(bundle=bundle.id, number=bundle.number, package=package.code, at=at))
    return BundleReceipt(bundle.id, bundle.number, at, tuple(numbers.items()), bundle.receipt_id)


def _unknown(filing: BundleFiling, work: Work) -> list[Reason]:
    """What was sent for fields, questions or items that the package does not have."""
    slots, groups = set(work.package.ids), {group.id for group in work.package.groups}
    found = [
        Reason(UNKNOWN, messages.UNKNOWN_FIELD.format(name=name[:60]), f"/{name}"[:80])
        for name in filing.form
        if name not in groups and name.partition(rules.BETWEEN)[0] not in slots
    ]
    return (
        found
        + [
            Reason("UNKNOWN_PART", messages.UNKNOWN_PART.format(name=name[:60]), f"/materials/{name}"[:80])
            for name in filing.materials
            if name not in slots
        ]
        + ([] if filing.handover in {"", *CHOICES} else [Reason("UNKNOWN_WAY", messages.UNKNOWN_WAY, "/handover")])
    )


def _write(
    work: Work, version: UUID, actor: Actor, filing: BundleFiling, parties: tuple[UUID, UUID], at: datetime
) -> Bundle:
    applicant, filer = parties
    known = people.list_parties({applicant})
    if applicant not in known:
        raise Refused(Reason("UNKNOWN_PARTY", messages.UNKNOWN_PARTY, "/applicant"))
    first = work.package.slots[0]
    place = network.responsible_place(first.item, "")
    return Bundle.objects.create(
        number=bundle_number(region=place.region_code, at=at),
        package_id=version,
        name_zh=work.package.name.zh,
        name_en=work.package.name.en,
        applicant_id=applicant,
        applicant_masked=known[applicant].name_masked,
        filed_by_id=filer,
        place_id=place.id,
        channel=actor.channel.value,
        locale=filing.locale,
        handover=_handover(work, filing).value,
        filed_at=at,
    )


def _handover(work: Work, filing: BundleFiling) -> Handover:
    """As the applicant chose, else as the package says; nothing waits where only one result is on paper."""
    paper = sum(bool(pack.result.handovers) for pack in work.packs.values())
    return Handover(filing.handover or work.package.handover) if paper > 1 else Handover.EACH


def _part(bundle: Bundle, position: int, slot: Slot, work: Work, filing: BundleFiling, at: datetime) -> Part:
    materials = filing.materials.get(slot.id, {})
    kept = {
        "answers": work.answers_of(slot),
        "form": rules.part_of(work.package, slot, filing.form) if _is_raw(work, slot) else work.part(slot),
        "materials": {code: [str(id) for id in ids] for code, ids in materials.items()},
    }
    return Part(
        bundle=bundle,
        slot=slot.id,
        position=position,
        item_code=slot.item,
        name_zh=slot.name.zh,
        name_en=slot.name.en,
        since=at,
        on_paper=bool(work.packs[slot.id].result.handovers),
        filing=kept,
    )


def _is_raw(work: Work, slot: Slot) -> bool:
    """Whether the situation is not fully told: then nothing is left out, and the item's own check says what is wrong."""
    return bool(catalog.check_answers(work.packs[slot.id], work.answers_of(slot)))


def _open(bundle: Bundle, parts: Mapping[str, Part], work: Work, actor: Actor, at: datetime) -> dict[str, str]:
    """Cases for every item whose turn it is; the others are checked. Everything that is found is refused at once."""
    turns = turns_of(bundle.id)
    numbers: dict[str, str] = {}
    found: dict[str, list[Reason]] = {}
    for slot in work.package.slots:
        try:
            if slot.id in turns:
                numbers[slot.id] = open_part(bundle, parts[slot.id], parts, actor=actor, at=at)
            else:
                found[slot.id] = ahead(work, slot, parts[slot.id].filing or {}, at=at)
        except Refused as refused:  # (the savepoint of `file_part` took back what it had written)
            found[slot.id] = list(refused.reasons)
    refuse_all(rules.gathered(work.package, found))
    return numbers


def ahead(work: Work, slot: Slot, filing: Mapping[str, Any], *, at: datetime) -> list[Reason]:
    """What can be said of an item before its turn: all but what only an earlier result, or its turn, will tell."""
    pack = work.packs[slot.id]
    unknown = {*slot.fed, *slot.later}
    found = [
        *catalog.check_answers(pack, filing["answers"]),
        *catalog.check_form(pack, filing["form"], at=at, answers=filing["answers"]),
    ]
    return [reason for reason in found if not _is_of(reason.field or "", unknown)]


def _is_of(field: str, pointers: set[str]) -> bool:
    return any(field == one or field.startswith(f"{one}/") for one in pointers)


def _as_json(receipt: BundleReceipt) -> dict[str, Any]:
    return {
        "bundle": str(receipt.bundle),
        "number": receipt.number,
        "filed_at": receipt.filed_at.isoformat(),
        "cases": [list(one) for one in receipt.cases],
        "paper": str(receipt.paper) if receipt.paper else None,
    }


def _from_json(answer: Mapping[str, Any]) -> BundleReceipt:
    cases = tuple((slot, number) for slot, number in answer["cases"])
    paper = UUID(answer["paper"]) if answer.get("paper") else None
    filed_at = datetime.fromisoformat(answer["filed_at"])
    return BundleReceipt(UUID(answer["bundle"]), answer["number"], filed_at, cases, paper)
