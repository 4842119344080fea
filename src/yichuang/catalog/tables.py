"""Items whose decisions are made by a table (秒批): which they are, and which version a rule set came with."""

from datetime import datetime

from yichuang.catalog.models import ItemVersion
from yichuang.catalog.packs.decision import YAML
from yichuang.catalog.packs.folder import load_files, read_folder
from yichuang.catalog.shelf import pack_folder
from yichuang.catalog.store import pack_of
from yichuang.catalog.values import Pack
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W

_TABLE = W("决策表", "decision table")
_UNSOUND = W(
    "草稿还有错误，改正后才能重放：{what}", "The draft has faults; it can be rehearsed when they are mended: {what}"
)


def folder_pack(actor: Actor, code: str) -> Pack:
    """The pack in the item's folder, the draft where there is one. NotFound without a folder or a table.

    It need not be fit to be published yet, only to decide. Refused (forbidden) unless the actor may publish items;
    DRAFT_UNSOUND with every fault for which it cannot be read.
    """
    files, _ = read_folder(pack_folder(actor, code))
    loaded = load_files(files, check=False)
    if loaded.pack is None:
        raise Refused(*(Reason("DRAFT_UNSOUND", _UNSOUND.format(what=fault.message)) for fault in loaded.faults))
    if loaded.pack.decision is None:
        raise NotFound(_TABLE)
    return loaded.pack


def list_tabled(*, at: datetime) -> tuple[Pack, ...]:
    """The packs that apply at the instant and hold a decision table, by the pinyin of their names."""
    rows = ItemVersion.objects.filter(effective_at__lte=at, files__has_key=YAML).exclude(retired_at__lte=at)
    found = (
        pack_of(code, version) for code, version in rows.order_by("sort_key", "code").values_list("code", "version")
    )
    return tuple(pack for pack in found if pack.decision is not None)


def find_tabled(code: str, sha: str) -> Pack | None:
    """The newest published version of the item that holds this rule set; None where none does."""
    rows = ItemVersion.objects.filter(code=code, files__has_key=YAML).order_by("-version")
    for version in rows.values_list("version", flat=True):
        pack = pack_of(code, version)
        if pack.decision is not None and pack.decision.sha == sha:
            return pack
    return None
