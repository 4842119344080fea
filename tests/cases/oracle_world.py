"""What the oracle of the case life knows of the world: working days counted one by one, two items, and who sits where."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import chinese_calendar

HALL_TIME = timezone(timedelta(hours=8))
PUBLISHED = 2026  # the last year whose days off the State Council has announced; later ones count Monday to Friday


def day_of(moment: datetime) -> date:
    """The hall's day of an instant."""
    return moment.astimezone(HALL_TIME).date()


def works(day: date) -> bool:
    """Whether offices work on the day."""
    return chinese_calendar.is_workday(day) if day.year <= PUBLISHED else day.weekday() < 5


def walk(start: date, days: int) -> date:
    """Day by day: the day on which so many working days have passed, the first one not counted."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if works(day):
            days -= 1
    return day


def passed(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`."""
    day, found = start, 0
    while day < end:
        day += timedelta(days=1)
        found += works(day)
    return found


@dataclass(frozen=True)
class Paper:
    """A paper of the item: main ones have no promise days."""

    code: str
    required: bool = True
    promise_days: int = 0


@dataclass(frozen=True)
class Item:
    """What the model must know of an item, typed from its guide."""

    code: str
    permit: bool
    promised: int  # working days
    legal: int
    extension: int
    papers: tuple[Paper, ...]
    reviews: tuple[tuple[str, ...], ...]  # stages; the tasks of one stage run side by side
    clerk: str
    reviewers: tuple[str, ...]  # who sit in the competent department
    decider: str
    decide_post: str
    chief: str = ""
    issuers: tuple[str, ...] = ()


SITS_AT = {
    "CGZF.street_review": "wangqiang",
    "CGZF.decide": "linfang",
    "ZFJS.review": "zhengkai",
    "ZFJS.decide": "fengxue",
    "GAFJ.review": "gaofeng",
}
DOG = Item(
    "yangquan-dengji",
    permit=True,
    promised=5,
    legal=10,
    extension=10,
    papers=(
        Paper("owner_id"),
        Paper("property_certificate", promise_days=4),
        Paper("immunity_certificate"),
        Paper("dog_photos", promise_days=3),
    ),
    reviews=(("CGZF.street_review",),),
    clerk="lina",
    reviewers=("wangqiang", "linfang"),
    decider="linfang",
    decide_post="CGZF.decide",
    chief="chengang",
    issuers=("zhoujie",),
)
LEASE = Item(
    "fangwu-zulin-beian",
    permit=False,
    promised=1,
    legal=3,
    extension=0,
    papers=(
        Paper("lease_contract"),
        Paper("ownership_certificate"),
        Paper("lessor_id"),
        Paper("lessee_ids", promise_days=1),
    ),
    reviews=(("GAFJ.review", "ZFJS.review"),),
    clerk="zhaomin",
    reviewers=("zhengkai", "fengxue"),
    decider="fengxue",
    decide_post="ZFJS.decide",
)
APPLICANT, SUPERVISOR, MANAGER, SYSTEM, LINK = "zhangxiao", "huanghai", "mali", "system", "link"
