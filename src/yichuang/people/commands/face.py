"""刷脸核验: the person agrees, the platform looks, and its score counts for one case (docs/adr/0041).

人脸识别技术应用安全管理办法 (2025) arts. 4–7, 10: for a stated purpose, with consent given for this alone, never the only way, nothing
kept that is not needed. The platform is asked outside of transactions: it may be slow.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.ledger import Facts, Subject
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.people.faces import A_DAY, MOST_A_DAY, OPEN, counting
from yichuang.people.models import FaceCheck, Party
from yichuang.people.ports import FaceFailed, FaceQuestion, face_platform
from yichuang.people.vouch import FACE, facts_of_face

A_CHECK = W("刷脸核验", "face check")
_AGREE = Reason(
    "FACE_AGREEMENT", W("请先勾选同意刷脸核验；不同意的，可以改用其他方式", "Agree to the face check first, or choose another way"),
    "/face_agreed",
)  # fmt: skip
_DOWN = Reason(
    "FACE_DOWN", W("人脸核验平台暂时没有答复，请稍后再试，或者改用其他方式", "The platform does not answer just now. Try again later, or choose another way")
)  # fmt: skip
_ENOUGH = Reason(
    "FACE_TRIES", W("今天刷脸次数已用完，请明天再试，或者改用其他方式", "You have used today’s tries. Try again tomorrow, or choose another way")
)  # fmt: skip
_USED = Reason(
    "FACE_USED", W("这次刷脸已经用于另一个办件，请重新刷脸", "This check was used for another case: please do it again")
)


def ask_face_check(*, actor: Actor, item: str, agreed: bool, return_to: str, at: datetime) -> str:
    """The address of the platform at which the person shows their face for a filing of the item; `return_to` is where it
    sends them afterwards.

    For oneself only. Refused: FACE_AGREEMENT, FACE_TRIES (429), FACE_DOWN (503). NotFound without a platform.
    """
    platform = face_platform()
    own = actor.id if actor.kind == "person" else None
    party = Party.objects.filter(id=own, kind="person").first() if own else None
    if platform is None or party is None:
        raise NotFound(A_CHECK)
    nonce = secrets.token_hex(24)
    _note_agreement(actor, party, item, agreed, nonce, at)
    try:
        return platform.begin(FaceQuestion(nonce, party.id_no, party.name, return_to))
    except FaceFailed:
        raise Refused(_DOWN, kind="unavailable") from None


@transaction.atomic
def _note_agreement(actor: Actor, party: Party, item: str, agreed: bool, nonce: str, at: datetime) -> None:
    Party.objects.select_for_update(of=("self",)).get(id=party.id)  # tries are counted one after the other
    if not agreed:
        raise Refused(_AGREE)
    if FaceCheck.objects.filter(party=party, agreed_at__gt=at - A_DAY).count() >= MOST_A_DAY:
        raise Refused(_ENOUGH, kind="too_many")
    row = FaceCheck.objects.create(party=party, item=item, nonce=nonce, agreed_at=at)
    _record("people.face_agreed", row, actor, at)


def take_face_answer(*, actor: Actor, item: str, at: datetime) -> bool:
    """Fetch what the platform says of the check that the person has open for the item; whether an answer counts now.

    Asked twice it says the same. Refused: FACE_DOWN (503).
    """
    rows = (
        FaceCheck.objects.filter(party=actor.id, item=item, agreed_at__gt=at - OPEN) if actor.kind == "person" else None
    )
    row = rows.order_by("-agreed_at", "-id").first() if rows is not None else None
    platform = face_platform()
    if row is None or platform is None:
        raise NotFound(A_CHECK)
    if row.answered_at is not None:
        return row.set_aside_at is None
    try:
        answer = platform.answer(row.nonce)
    except FaceFailed:
        raise Refused(_DOWN, kind="unavailable") from None
    if answer is None:
        return False
    with transaction.atomic():
        row = FaceCheck.objects.select_for_update(of=("self",)).get(id=row.id)
        if row.answered_at is None:
            row.answered_at, row.score, row.reference = at, answer.score, answer.reference
            row.save(update_fields=["answered_at", "score", "reference"])
            _record("people.face_answered", row, actor, at)
    return True


@transaction.atomic
def set_face_aside(*, actor: Actor, item: str, at: datetime) -> None:
    """改由工作人员核实: what a platform said of the person's face for a filing of the item counts no more, so that a person
    decides, at once (人脸识别技术应用安全管理办法 arts. 10, 11: another way, and no forcing). Tries of the day stay counted.

    Pressed twice it stays so. NotFound for who has shown no face for it lately.
    """
    own = FaceCheck.objects.filter(party=actor.id, item=item, agreed_at__gt=at - A_DAY, answered_at__isnull=False)
    if actor.kind != "person" or not own.exists():
        raise NotFound(A_CHECK)
    for row in counting(own.select_for_update(of=("self",)), item, at).order_by("agreed_at", "id"):
        row.set_aside_at = at
        row.save(update_fields=["set_aside_at"])
        _record("people.face_set_aside", row, actor, at)


@transaction.atomic
def use_face_check(*, party: UUID, item: str, case: UUID, at: datetime) -> None:
    """The check that counts now for a filing of the item counts for this case, and for no other. Refused FACE_USED where another case took it."""
    rows = counting(FaceCheck.objects.select_for_update(of=("self",)).filter(party=party), item, at)
    row = rows.order_by("-agreed_at", "-id").first()
    if row is None:
        raise Refused(_USED, kind="conflict")
    row.used_for = case
    row.save(update_fields=["used_for"])
    _record("people.face_used", row, SYSTEM, at, facts=facts_of_face(row))


def _record(act: str, row: FaceCheck, actor: Actor, at: datetime, facts: Mapping[str, Facts] | None = None) -> None:
    """Neither the score nor a case stands in the entry's words. Vouched for is what a case rests on; the rest is forgotten."""
    ledger.append(act=act, actor=actor, at=at, subject=Subject(FACE, row.id), behalf=row.party_id, facts=facts)
