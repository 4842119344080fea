"""The demo's rule sets decide alone (演示): so that 秒批 can be seen at once. A real one is let decide by two people (0022)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from yichuang.cases.instant import Mode
from yichuang.cases.models import RuleSet
from yichuang.cases.vouch.instant import RULE_SET, facts_of_set
from yichuang.catalog import queries as catalog
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound
from yichuang.core.words import W

ITEMS = (
    *("getihu-sheli", "youxian-gongsi-sheli", "shiye-dengji"),
    *("laonian-youdai", "yanglao-renzheng", "shebao-chaxun"),
)
WHY = W("演示安装时启用，数据都是虚构的", "Let decide with the demo, whose data are made up")


@transaction.atomic
def load_demo_rule_sets(*, at: datetime) -> int:
    """Let the tables of the demo's items decide alone, where nobody has said anything of them; how many are new. Demo only."""
    if not settings.YICHUANG_DEMO:
        raise RuntimeError("rule sets are let decide by two people: YICHUANG_DEMO is off")
    return sum(_let(code, at) for code in ITEMS)


def _let(code: str, at: datetime) -> bool:
    try:
        spec = catalog.get_pack(code, at=at).decision
    except NotFound:  # a demo of other packs
        return False
    if spec is None or RuleSet.objects.filter(item_code=code, sha=spec.sha).exists():
        return False
    row = RuleSet.objects.create(
        item_code=code, sha=spec.sha, mode=Mode.ALONE.value, since=at, reason_zh=WHY.zh, reason_en=WHY.en
    )
    ledger.append(
        act="rule-set.demo",
        actor=SYSTEM,
        at=at,
        subject=Subject(RULE_SET, row.id),
        detail={"item": code, "rule_set": spec.sha[:16], "mode": row.mode},
        facts=facts_of_set(row),
        first=True,
    )
    return True
