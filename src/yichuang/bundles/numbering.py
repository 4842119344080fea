"""Numbers of packages (一件事编号). A number alone opens nothing."""

from datetime import datetime

from yichuang.core import numbers
from yichuang.core.clock import local_date
from yichuang.core.identifiers import case_check_digit


def bundle_number(*, region: str, at: datetime) -> str:
    """`440303-20261122-T-000012-7`: like a case's number, with a T (套餐) where that has its channel, so that neither is part
    of the other. Its row stays locked until the act ends."""
    day = local_date(at)
    serial = numbers.next_number(kind="bundle", place=region, day=day)
    body = f"{region}-{day.year}{day.month:02}{day.day:02}-T-{serial:06d}"
    return f"{body}-{case_check_digit(body)}"
