"""利害关系人告知与听证: 行政许可法 art. 36 (who is touched is told and heard), 46–48 (the hearing). All days are working days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from yichuang.cases.rules.sentences import day_of
from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.core.workdays import Calendar

Said = Mapping[str, object]  # a statement as it is put down
ASK_DAYS: Final = 5  # art. 47: to ask for a hearing, from the day of the notice
HOLD_DAYS: Final = 20  # art. 47: the organ holds it within, from the day it was asked for
NOTICE_DAYS: Final = 7  # art. 48 (1): told so many days before
BASIS: Final = "《行政许可法》第四十七条、第四十八条"
MATTER_NEEDED = W("请写明许可事项与他人重大利益的关系", "Say how the matter affects the interests of others")
PARTY_NEEDED = W("请写明每位利害关系人的姓名和联系方式", "Give name and contact of each interested party")
TOO_MANY = W("利害关系人最多 20 位", "At most 20 interested parties")
WHO_NEEDED = W("请写明是谁的意见", "Say whose statement it is")
WORDS_NEEDED = W("请写明陈述申辩的内容（最多 4000 字）", "Write down the statement (at most 4,000 characters)")
TOO_LATE = W("要求听证的期限（{day}）已过", "A hearing could be asked for until {day}")
TOO_SOON = W(
    "听证应在举行的七日前通知：最早 {day}", "A hearing is told seven working days before: {day} at the earliest"
)
TOO_FAR = W(
    "听证应在提出要求后二十日内组织：最晚 {day}", "A hearing is held within twenty working days: {day} at the latest"
)
NO_WORKDAY = W("{day}不是工作日", "{day} is no working day")
DAY_NEEDED = W("请选择听证日期", "Choose the day of the hearing")
PLACE_NEEDED = W("请写明听证地点", "Say where the hearing is held")
CHAIR_WRONG = W(
    "主持人须是本部门没有办理过这个办件的人员", "The chair is somebody of the department who had no part in the review"
)
NOT_YET = W("听证定在 {day}，还没有举行", "The hearing is on {day}; it has not been held yet")
RECORD_NEEDED = W(
    "请写明听证笔录（最多 4000 字）", "Write down what was said at the hearing (at most 4,000 characters)"
)
PRESENT_NEEDED = W("请写明参加人", "Say who took part")
SIGNED_NEEDED = W("请选择参加人是否签字或者盖章", "Say whether those present signed")
TOLD_LATE = W(
    "没有在七个工作日前向 {names} 送达听证通知书：请改期；本人到场并同意举行的，请在说明中写明",
    "{names} had no notice of the hearing seven working days before: move it, or, if they came and agreed, say so in the note",
)
NOTE_NEEDED = W("有人拒绝签字的，请写明情况", "Where somebody refused to sign, say so")
HEARING_OPEN = W(
    "听证期限未过或听证没有结束，不能作出决定（{day}）",
    "No decision while a hearing may be asked for, or is open ({day})",
)


CLOSED_BY: Final = {
    "withdrawn": W("提出听证要求的人撤回了要求", "the request for it was withdrawn"),
    "not_held": W("主持人不能如期举行，将另行通知", "it could not be held and will be called anew"),
}
GROUND_NEEDED = W("请选择听证不再举行的原因", "Say why the hearing is not held")
NOT_CALLED = W("听证还没有通知，无需取消", "No hearing has been called that could not be held")
WHO_WITHDREW = W("请选择是谁撤回了听证要求", "Say who withdrew the request for a hearing")
WHY_NEEDED = W("请写明原因（最多 500 字）", "Give the reason (at most 500 characters)")


def reason_faults(reason: str) -> list[Reason]:
    """A hearing is moved or ended for a reason that is on record."""
    return [] if 1 <= len(reason.strip()) <= 500 else [Reason("REASON_NEEDED", WHY_NEEDED, "/reason")]


def asker_of(said: Said) -> str:
    """Whose statement it is: the id of one of those told, else the name under which it was put down."""
    return str(said.get("party") or said.get("who", ""))


def _stands(said: Said) -> bool:
    """Whether it asks for a hearing and the wish was not taken back."""
    return bool(said.get("asks")) and not said.get("withdrawn")


def wishes(statements: Sequence[Said]) -> dict[str, str]:
    """Who wants a hearing, by `asker_of`, with the name: each has a right of their own to it (art. 47)."""
    return {asker_of(one): str(one.get("who", "")) for one in statements if _stands(one)}


def withdraw(statements: Sequence[Said], asker: str, today: date) -> list[dict[str, object]]:
    """The statements after `asker` took back the wish for a hearing; what was said stays said."""
    taken = {"withdrawn": today.isoformat()}
    return [{**one, **(taken if _stands(one) and asker_of(one) == asker else {})} for one in statements]


def close_faults(ground: str, reason: str, *, called: bool, wished: Collection[str] = (), by: str = "") -> list[Reason]:
    """What keeps a hearing from being ended without having been held; `by`: which of those who wished for it withdrew."""
    faults = reason_faults(reason)
    if ground not in CLOSED_BY:
        faults.append(Reason("GROUND_NEEDED", GROUND_NEEDED, "/ground"))
    elif ground == "not_held" and not called:
        faults.append(Reason("NOT_CALLED", NOT_CALLED, "/ground"))
    elif ground == "withdrawn" and by not in wished and (by or len(wished) > 1):
        faults.append(Reason("WHO_WITHDREW", WHO_WITHDREW, "/by"))
    return faults


def tell_faults(matter: str, parties: Sequence[tuple[str, str]]) -> list[Reason]:
    """What keeps the notice from going out."""
    faults = []
    if not 1 <= len(matter.strip()) <= 2000:
        faults.append(Reason("MATTER_NEEDED", MATTER_NEEDED, "/matter", "《行政许可法》第三十六条"))
    if not parties or not all(1 <= len(name) <= 60 and 1 <= len(contact) <= 200 for name, contact in parties):
        faults.append(Reason("PARTY_NEEDED", PARTY_NEEDED, "/parties"))
    if len(parties) > 20:
        faults.append(Reason("TOO_MANY_PARTIES", TOO_MANY, "/parties"))
    return faults


def statement_faults(who: str, words: str, asks: bool, today: date, until: date | None) -> list[Reason]:
    """What keeps a statement, or the wish for a hearing, from being written down. Statements may come at any time.

    `until`: the last day to ask; None while it has not begun to run (nothing is served yet)."""
    faults = []
    if not 1 <= len(who.strip()) <= 60:
        faults.append(Reason("WHO_NEEDED", WHO_NEEDED, "/who"))
    if not 1 <= len(words.strip()) <= 4000:
        faults.append(Reason("WORDS_NEEDED", WORDS_NEEDED, "/words"))
    if asks and until is not None and today > until:
        faults.append(Reason("TOO_LATE_TO_ASK", TOO_LATE.format(day=day_of(until)), "/asks", BASIS))
    return faults


def call_faults(
    day: date | None,
    place: str,
    chair: UUID | None,
    free: Collection[UUID],
    asked: date,
    today: date,
    calendar: Calendar,
) -> list[Reason]:
    """What keeps a hearing from being called for the day; `free`: staff who had no part in the review."""
    faults = _day_faults(day, asked, today, calendar)
    if not 1 <= len(place.strip()) <= 200:
        faults.append(Reason("PLACE_NEEDED", PLACE_NEEDED, "/place"))
    if chair not in free:
        faults.append(Reason("CHAIR_WRONG", CHAIR_WRONG, "/chair", BASIS))
    return faults


def _day_faults(day: date | None, asked: date, today: date, calendar: Calendar) -> list[Reason]:
    if day is None:
        return [Reason("DAY_NEEDED", DAY_NEEDED, "/day")]
    first, last = calendar.add(today, NOTICE_DAYS), calendar.add(asked, HOLD_DAYS)
    if not calendar.is_working(day):
        return [Reason("NO_WORKDAY", NO_WORKDAY.format(day=day_of(day)), "/day")]
    if day < first:
        return [Reason("TOO_SOON", TOO_SOON.format(day=day_of(first)), "/day", BASIS)]
    if day > last and first <= last:
        return [Reason("TOO_FAR", TOO_FAR.format(day=day_of(last)), "/day", BASIS)]
    return []


def record_faults(
    day: date, present: str, record: str, signed: bool | None, note: str, today: date, late: Sequence[str] = ()
) -> list[Reason]:
    """What keeps the record from being written; `late`: who had no notice of it seven working days before."""
    faults = []
    if late and not note.strip():
        faults.append(Reason("TOLD_TOO_LATE", TOLD_LATE.format(names="、".join(late)), "/note", BASIS))
    if today < day:
        faults.append(Reason("NOT_HELD_YET", NOT_YET.format(day=day_of(day))))
    if not 1 <= len(present.strip()) <= 500:
        faults.append(Reason("PRESENT_NEEDED", PRESENT_NEEDED, "/present"))
    if not 1 <= len(record.strip()) <= 4000:
        faults.append(Reason("RECORD_NEEDED", RECORD_NEEDED, "/record"))
    if signed is None:
        faults.append(Reason("SIGNED_NEEDED", SIGNED_NEEDED, "/signed"))
    if signed is False and not 1 <= len(note.strip()) <= 500:
        faults.append(Reason("NOTE_NEEDED", NOTE_NEEDED, "/note"))
    return faults


def bars_decision(stage: str, *, may_ask: bool) -> bool:
    """Whether a decision has to wait: a hearing may still be asked for, or was and is not held (art. 48: by its record)."""
    return stage in {"asked", "called"} or (stage == "told" and may_ask)
