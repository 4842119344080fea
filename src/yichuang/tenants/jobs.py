"""What is done for tenants with nobody there."""

from datetime import timedelta

from yichuang.core import clock
from yichuang.core.jobs import job, periodic
from yichuang.tenants.commands.keys import forget_keys
from yichuang.tenants.rules import KEY_DAYS


@periodic("17 3 * * *")
@job(name="tenants.forget_keys")
def forget_keys_job() -> None:
    """Each night: Idempotency-Keys of applications hold for so many days, and take no room afterwards."""
    forget_keys(before=clock.now() - timedelta(days=KEY_DAYS))
