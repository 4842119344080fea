"""Every way the catalogue can change, and the checks of a pack before it does."""

from yichuang.catalog.commands.departments import CLOSE, close_department
from yichuang.catalog.commands.drawn import save_drawn
from yichuang.catalog.commands.editing import (
    bench_inputs,
    check_decision_file,
    check_process_file,
    pack_file,
    ready_table,
    try_decision_file,
)
from yichuang.catalog.commands.lists import check_lists, publish_lists, try_lists
from yichuang.catalog.commands.misses import record_unanswered
from yichuang.catalog.commands.publish import publish_pack, withdraw_pack
from yichuang.catalog.commands.routing import (
    check_route_file,
    ready_route,
    route_inputs,
    route_tables,
    try_route_file,
)
from yichuang.catalog.commands.trials import check_pack, compare_pack, mutate_pack, pack_warnings, test_pack, try_pack
from yichuang.catalog.commands.words import save_spoken_words
from yichuang.catalog.commands.workbooks import (
    discard_draft,
    export_workbook,
    import_workbook,
    preview_workbook,
)
from yichuang.catalog.permissions import PUBLISH
from yichuang.catalog.shelf import subject_of_draft

__all__ = [
    "CLOSE",
    "PUBLISH",
    "bench_inputs",
    "check_decision_file",
    "check_lists",
    "check_pack",
    "check_process_file",
    "check_route_file",
    "close_department",
    "compare_pack",
    "discard_draft",
    "export_workbook",
    "import_workbook",
    "mutate_pack",
    "pack_file",
    "pack_warnings",
    "preview_workbook",
    "publish_lists",
    "publish_pack",
    "ready_route",
    "ready_table",
    "record_unanswered",
    "route_inputs",
    "route_tables",
    "save_drawn",
    "save_spoken_words",
    "subject_of_draft",
    "subject_of_draft",
    "test_pack",
    "try_decision_file",
    "try_lists",
    "try_pack",
    "try_route_file",
    "withdraw_pack",
]
