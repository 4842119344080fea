"""Bearer tokens of the API (访问令牌)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Channel
from yichuang.core.bearers import bearer_hash, new_bearer
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound
from yichuang.people.actors import plain_actor
from yichuang.people.commands.accounts import AN_ACCOUNT
from yichuang.people.models import Account, Token

LIFETIME = timedelta(days=7)
PREFIX = "yc_"


@transaction.atomic
def issue_token(*, account: UUID, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """A new bearer token, shown this once; the door must have made sure that the account's owner asks."""
    row = Account.objects.select_related("party", "staff").filter(id=account, disabled_at=None).first()
    if row is None:
        raise NotFound(AN_ACCOUNT)
    bearer = new_bearer(PREFIX)
    token = Token.objects.create(
        id=new_id(), account=row, token_hash=bearer_hash(bearer), issued_at=at, expires_at=at + lifetime
    )
    _record(row, "people.issue_token", token.id, at)
    return bearer


@transaction.atomic
def revoke_token(*, account: UUID, bearer: str, at: datetime) -> None:
    """End one token of the account at once. Unknown or already dead ones: nothing happens."""
    token = (
        Token.objects.select_for_update(of=("self",))
        .filter(account=account, token_hash=bearer_hash(bearer), revoked_at=None)
        .first()
    )
    if token is None:
        return
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    _record(Account.objects.select_related("party", "staff").get(id=account), "people.revoke_token", token.id, at)


def _record(account: Account, act: str, token: UUID, at: datetime) -> None:
    ledger.append(
        act=act,
        actor=plain_actor(account, Channel.API),
        at=at,
        subject=ledger.Subject("account", account.id),
        detail={"token": str(token)},
    )
