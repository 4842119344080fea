"""Who made a rule set (规则集): they neither let it decide alone nor look at what it decided (docs/adr/0022)."""

from datetime import datetime
from uuid import UUID

from yichuang.catalog.models import ItemVersion
from yichuang.catalog.permissions import PUBLISH
from yichuang.catalog.shelf import IMPORTED, SAVED, subject_of_draft
from yichuang.catalog.store import pack_of
from yichuang.core import ledger, second


def makers_of(code: str, sha: str) -> frozenset[UUID]:
    """Who of the staff made this rule set: who proposed and who confirmed the publication of each version that holds it,
    and everybody who saved a draft of the item since the version before. Nobody where the system published it.
    """
    rows = ItemVersion.objects.filter(code=code).order_by("version")
    found = rows.values_list("version", "digest", "published_by", "published_at")
    makers: set[UUID] = set()
    before: datetime | None = None
    for version, digest, confirmer, published_at in found:
        spec = pack_of(code, version).decision
        if spec is not None and spec.sha == sha:
            makers |= {confirmer} if confirmer else set()
            makers |= second.askers(PUBLISH, item=code, digest=digest)
            makers |= _drafters(code, before, published_at)
        before = published_at
    return frozenset(makers)


def _drafters(code: str, after: datetime | None, until: datetime) -> set[UUID]:
    """Who saved a draft of the item in this time; whether a later one kept what they wrote cannot be told."""
    return {
        entry.actor_id
        for entry in ledger.list_entries(subject_of_draft(code))
        if entry.actor_id
        and entry.act in {SAVED, IMPORTED}
        and (after is None or after < entry.at)
        and entry.at <= until
    }
