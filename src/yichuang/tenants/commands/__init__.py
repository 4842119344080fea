"""Every way in which a tenant, and what it keeps, can change."""

from yichuang.tenants.commands.credentials import PREFIX, admit, make_credential, revoke_credential, rotate_credential
from yichuang.tenants.commands.drawn import check_part_of, publish_part_of, try_part_of
from yichuang.tenants.commands.hooks import make_hook, ping_hook, remove_hook, retry_hook
from yichuang.tenants.commands.keeping import (
    DELETE,
    change_tenant,
    delete_tenant,
    make_tenant,
    resume_tenant,
    suspend_tenant,
)
from yichuang.tenants.commands.parts import check_part, publish_part
from yichuang.tenants.commands.rows import add_row, change_row, remove_row
from yichuang.tenants.commands.runs import cancel_run, move_run, remove_run, send_message, start_run
from yichuang.tenants.commands.tasks import (
    answer_work,
    claim_task,
    complete_task,
    fail_work,
    return_task,
    send_signal,
)

__all__ = [
    "DELETE",
    "PREFIX",
    "add_row",
    "admit",
    "answer_work",
    "cancel_run",
    "change_row",
    "change_tenant",
    "check_part",
    "check_part_of",
    "claim_task",
    "complete_task",
    "delete_tenant",
    "fail_work",
    "make_credential",
    "make_hook",
    "make_tenant",
    "move_run",
    "ping_hook",
    "publish_part",
    "publish_part_of",
    "remove_hook",
    "remove_row",
    "remove_run",
    "resume_tenant",
    "retry_hook",
    "return_task",
    "revoke_credential",
    "rotate_credential",
    "send_message",
    "send_signal",
    "start_run",
    "suspend_tenant",
    "try_part_of",
]
