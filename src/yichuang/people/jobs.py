"""Background work of this room."""

from datetime import datetime, timedelta
from uuid import UUID

from yichuang.core.clock import now
from yichuang.core.jobs import job, periodic
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people.models import Account, FaceCheck, KeptProof, SignInCode, Tally

KEEP = timedelta(days=2)  # longer than the longest budget


@job(name="people.tell_locked")
def tell_locked(account: UUID, until: str) -> None:
    """Tell the owner that password sign-in is paused. Queued for unknown names too: then there is nobody to tell."""
    row = Account.objects.filter(id=account, disabled_at=None).first()
    if row is None or not row.phone:
        return
    send(
        address=Address("sms", row.phone, row.party_id),
        locale=row.language,
        template="account_locked",
        values={"until": datetime.fromisoformat(until)},
        at=now(),
        dedupe=f"account_locked:{account}:{until}",
    )


@periodic("17 4 * * *")
@job(name="people.forget_codes")
def forget_codes() -> None:
    """Forget old codes, tallies and face checks that nothing rests on every night: they say when somebody tried to sign in."""
    before = now() - KEEP
    SignInCode.objects.filter(sent_at__lt=before).delete()
    KeptProof.objects.filter(at__lt=before).delete()
    Tally.objects.filter(since__lt=before).delete()
    FaceCheck.objects.filter(agreed_at__lt=before, used_for=None).delete()  # of no case: nothing rests on them
