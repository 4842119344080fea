"""After the decision: the certificate is made; a result on paper lies ready, another is served electronically."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import queries as cases
from yichuang.cases.commands.carry import result_made
from yichuang.cases.commands.end import record_delivery
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import Refused
from yichuang.issuing.commands.render import render_certificate
from yichuang.people import queries as people
from yichuang.registry import queries as registry

# Somebody at the desk was faster, or something came to hold the result: `ResultReleased` begins again.
_LEFT = frozenset({"NOT_IN_THIS_STATE", "HELD"})


def prepare_result(*, case: UUID, certificate: UUID | None, physical: bool, at: datetime) -> None:
    """Make the certificate, then call the receiver (待领取) or serve it electronically (电子送达). May be repeated.

    Made is the version that is in force now: since the decision named `certificate`, a correction may have replaced it.
    Nobody is called, and nothing served, while something holds the result (`cases.queries.releasable`).
    """
    newest = registry.certificate_of_subject("case", case) if certificate is not None else None
    if newest is not None:
        _made(newest.id)
    try:
        with transaction.atomic():
            _announce(case, physical, at)
    except Refused as refusal:
        if not {reason.code for reason in refusal.reasons} & _LEFT:
            raise


def _made(certificate: UUID) -> None:
    try:
        render_certificate(certificate)
    except Refused as refusal:
        if {reason.code for reason in refusal.reasons} != {"GLYPH_MISSING"}:
            raise
        # Made by hand then; the record in the certificate base stands, and the desk sees why there is no file.


def _announce(case: UUID, physical: bool, at: datetime) -> None:
    if cases.releasable(case):
        return
    if physical:
        result_made(case=case, at=at)
        return
    _, _, receiver = cases.case_of_id(case)
    name = people.get_party(receiver).name
    record_delivery(case=case, actor=SYSTEM, version=None, how="electronic", receiver=name, at=at)
