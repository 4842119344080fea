"""What of the installation itself wants attention: disk, background work, the ledger's sequencer."""

from collections.abc import Iterator
from datetime import datetime

from yichuang.core import disk, pulse
from yichuang.core.words import W, Words

FULL = W(
    "存储空间不足（剩余 {free} MB，下限 {floor} MB）：上传已暂停，不带文件的申请照常受理",
    "The disk is nearly full ({free} MB left of at least {floor} MB): files are not taken, filing without them goes on",
)
FILLING = W(
    "存储空间剩余 {free} MB，低于 {floor} MB 时将暂停上传",
    "{free} MB are left on the disk: below {floor} MB no more files are taken",
)
FAILED = W(
    "{n} 个后台任务多次失败，已停止，需要人工处理",
    "Background jobs that were given up, so that a person has to look: {n}",
)
LATE = W(
    "后台任务已积压 {minutes} 分钟：消息和期限提醒会延迟，请检查后台进程",
    "Background work has waited for {minutes} minutes: messages come late. Is the worker running?",
)
UNSEQUENCED = W(
    "留痕已有 {minutes} 分钟没有编入日志树，请检查后台进程",
    "Entries of the ledger have waited for their place for {minutes} minutes: is the worker running?",
)
_MB = 1024 * 1024


def troubles(*, at: datetime) -> Iterator[tuple[Words, str]]:
    """What is the matter, and how urgent (red, yellow). Three statements."""
    yield from _of_disk(disk.room())
    jobs, ledger = pulse.jobs(), pulse.ledger(at=at)
    if jobs.oldest > pulse.LATE:
        yield LATE.format(minutes=int(jobs.oldest // 60)), "red"
    if ledger.oldest > pulse.LATE:
        yield UNSEQUENCED.format(minutes=int(ledger.oldest // 60)), "red"
    if jobs.failed:
        yield FAILED.format(n=jobs.failed), "yellow"


def _of_disk(room: disk.Room) -> Iterator[tuple[Words, str]]:
    told = {"free": f"{room.free // _MB:,}", "floor": f"{room.floor // _MB:,}"}
    if not room.holds():
        yield FULL.format(**told), "red"
    elif not room.holds(room.floor):  # less than twice the floor
        yield FILLING.format(**told), "yellow"
