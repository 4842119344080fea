"""Every way the state of a process can change. Who may touch a task is asked by the caller."""

from yichuang.engine.commands.end import cancel_process, set_due
from yichuang.engine.commands.hands import (
    ask_countersign,
    delegate_task,
    send_back,
    take_back_task,
    withdraw_countersign,
)
from yichuang.engine.commands.move import move_posts
from yichuang.engine.commands.start import start_process
from yichuang.engine.commands.tasks import claim_task, complete_task, return_task

__all__ = [
    "ask_countersign",
    "cancel_process",
    "claim_task",
    "complete_task",
    "delegate_task",
    "move_posts",
    "return_task",
    "send_back",
    "set_due",
    "start_process",
    "take_back_task",
    "withdraw_countersign",
]
