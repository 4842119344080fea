"""Every way the catalogue can change, and the checks of a pack before it does."""

from yichuang.catalog.commands.lists import check_lists, publish_lists
from yichuang.catalog.commands.misses import record_unanswered
from yichuang.catalog.commands.publish import publish_pack, withdraw_pack
from yichuang.catalog.commands.trials import check_pack, compare_pack, mutate_pack, test_pack, try_pack
from yichuang.catalog.commands.words import save_spoken_words

__all__ = [
    "check_lists",
    "check_pack",
    "compare_pack",
    "mutate_pack",
    "publish_lists",
    "publish_pack",
    "record_unanswered",
    "save_spoken_words",
    "test_pack",
    "try_pack",
    "withdraw_pack",
]
