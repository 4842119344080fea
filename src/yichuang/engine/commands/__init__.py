"""Every way the state of a process can change. Who may touch a task is asked by the caller."""

from yichuang.engine.commands.end import cancel_beside, cancel_process, forget_process, forget_tenant, set_due
from yichuang.engine.commands.hands import (
    ask_countersign,
    delegate_task,
    send_back,
    take_back_task,
    withdraw_countersign,
)
from yichuang.engine.commands.move import move_posts
from yichuang.engine.commands.pause import pause_timers, resume_timers
from yichuang.engine.commands.start import start_process
from yichuang.engine.commands.stuck import try_to_go_on
from yichuang.engine.commands.tasks import claim_task, complete_task, return_task
from yichuang.engine.commands.versions import migrate_process
from yichuang.engine.commands.waits import (
    answer_work,
    catch_signal,
    fail_work,
    fire_timer,
    receive_message,
    send_signal,
)

__all__ = [
    "answer_work",
    "ask_countersign",
    "cancel_beside",
    "cancel_process",
    "catch_signal",
    "claim_task",
    "complete_task",
    "delegate_task",
    "fail_work",
    "fire_timer",
    "forget_process",
    "forget_tenant",
    "migrate_process",
    "move_posts",
    "pause_timers",
    "receive_message",
    "resume_timers",
    "return_task",
    "send_back",
    "send_signal",
    "set_due",
    "start_process",
    "take_back_task",
    "try_to_go_on",
    "withdraw_countersign",
]
