"""送达: how a notice came to somebody, and when; days to answer run from there (行政许可法 art. 47; 民诉法 arts. 87–95 for how)."""

from datetime import date, timedelta
from typing import Final

from yichuang.cases.pages_review import HOW_WORDS
from yichuang.cases.rules.hearing import NOTICE_DAYS
from yichuang.cases.rules.sentences import day_of
from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.core.workdays import Calendar

PUBLIC_DAYS: Final = 30  # 民诉法 art. 95: served when so many days have passed since it was published
PUBLIC_EARLY = W(
    "公告送达自发布公告之日起满三十日视为送达：最早 {day}",
    "Publication serves thirty days after it: {day} at the earliest",
)
WHEN_WRONG = W("送达日期应在告知之后、不晚于今天", "The day of service is not before the notice and not after today")
HOW_NEEDED = W("请选择送达方式", "Say how it was served")
REFUSED_NOTE = W(
    "拒收、留置或者公告送达的，请写明见证人和情况", "Where it was refused, left or published, say how and before whom"
)
REFUSED_LEFT = W("拒收的，应当留置送达", "What was refused is served by leaving it")
ARTICLE: Final = "《民事诉讼法》第九十条"
OPENING_SERVES = W(
    "电子送达由当事人同意后登录打开时自动记录，不能补记；没有打开的，请书面送达",
    "Electronic service puts itself on record when they, having agreed to it, open the paper signed in; it is not entered by "
    "hand. What was not opened is served on paper",
)
CONSENT_NOTE = W(
    "电子送达的，请写明同意书的日期和送达地址", "Say when they agreed to electronic service, and at which address"
)
NOTE_LONG = W("说明最多 500 字", "At most 500 characters")


def service_faults(on: date | None, how: str, refused: bool, note: str, since: date, today: date) -> list[Reason]:
    """What keeps a service from being put on record; `since`: the day of the paper, before which it is not published."""
    faults = []
    if on is None or not since <= on <= today:
        faults.append(Reason("SERVED_WHEN", WHEN_WRONG, "/on"))
    elif how == "public" and on < since + timedelta(days=PUBLIC_DAYS):
        day = day_of(since + timedelta(days=PUBLIC_DAYS))
        faults.append(Reason("PUBLIC_EARLY", PUBLIC_EARLY.format(day=day), "/on", "《民事诉讼法》第九十五条"))
    if how not in HOW_WORDS:
        faults.append(Reason("SERVED_HOW", HOW_NEEDED, "/how"))
    if refused and how in HOW_WORDS and how != "left":
        faults.append(Reason("REFUSED_LEFT", REFUSED_LEFT, "/how"))
    if (refused or how in {"left", "public"}) and not note.strip():
        faults.append(Reason("SERVED_NOTE", REFUSED_NOTE, "/note"))
    if len(note.strip()) > 500:
        faults.append(Reason("NOTE_TOO_LONG", NOTE_LONG, "/note"))
    return faults


def electronic_faults(how: str, *, known: bool, note: str) -> list[Reason]:
    """Why staff put no electronic service on record: nobody is served so who has not agreed to it (民诉法 art. 90).

    `known`: a party on the books here, whose consent and whose opening of the paper the system itself has on record; of
    anybody else the note says where the consent stands.
    """
    if how != "electronic":
        return []
    if known:
        return [Reason("OPENING_SERVES", OPENING_SERVES, "/how", ARTICLE)]
    return [] if note.strip() else [Reason("SERVED_NOTE", CONSENT_NOTE, "/note", ARTICLE)]


def told_in_time(called_on: date | None, held_on: date, calendar: Calendar) -> bool:
    """Whether somebody had the notice of the hearing seven working days before it (art. 48 (1))."""
    return called_on is not None and calendar.add(called_on, NOTICE_DAYS) <= held_on
