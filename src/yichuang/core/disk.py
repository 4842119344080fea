"""Room on the disk of the data folder: files stop before the database, the ledger and the log run out of it."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

NEARLY_FULL = Reason(
    "DISK_NEARLY_FULL",
    W(
        "系统存储空间不足，暂时不能接收文件，这个文件没有保存；您填写的内容都在。可以先提交申请、材料后补，也可以稍后再传或到窗口办理。",
        "The system is short of storage and takes no files right now: this one was not kept, what you filled in is. "
        "You can file first and hand the papers in later, try again later, or come to a window.",
    ),
)
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the disk that holds the data folder. `floor` is what files must leave free (YICHUANG_DISK_FLOOR_MB)."""

    total: int
    free: int
    floor: int

    def holds(self, size: int = 0) -> bool:
        """Whether a file of that many bytes may still come in."""
        return self.free - size >= self.floor


def room() -> Room:
    """As it is now; one call of the system."""
    found = shutil.disk_usage(settings.YICHUANG_DATA)
    return Room(found.total, found.free, settings.YICHUANG_DISK_FLOOR_MB * 1024 * 1024)


def check_room(size: int) -> None:
    """Raises Refused (503) where a file of that many bytes would leave less than the floor."""
    if not room().holds(size):
        raise Refused(NEARLY_FULL, kind="unavailable")


@contextmanager
def told_when_full() -> Iterator[None]:
    """What the system says of a full disk while a file is written becomes the same refusal."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Refused(NEARLY_FULL, kind="unavailable") from error
        raise
