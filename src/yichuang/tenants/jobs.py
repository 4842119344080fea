"""What is done for tenants with nobody there."""

from datetime import timedelta

from yichuang.core import clock
from yichuang.core.jobs import job, periodic
from yichuang.tenants.commands.hooks import deliver as deliver  # (found at start)
from yichuang.tenants.commands.hooks import forget_news
from yichuang.tenants.commands.keys import forget_keys
from yichuang.tenants.rules import KEY_DAYS, NEWS_DAYS


@periodic("17 3 * * *")
@job(name="tenants.forget_keys")
def forget_keys_job() -> None:
    """Each night: Idempotency-Keys of applications hold for so many days, and take no room afterwards."""
    forget_keys(before=clock.now() - timedelta(days=KEY_DAYS))


@periodic("19 3 * * *")
@job(name="tenants.forget_news")
def forget_news_job() -> None:
    """Each night: what no program took in all its tries, and nobody sent again."""
    forget_news(before=clock.now() - timedelta(days=NEWS_DAYS))
