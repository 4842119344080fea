"""Pure rules of an answer that did not come online: given at the window or by letter, put on record by the organ."""

from datetime import date

from yichuang.cases.aftermath import HOW, Taken
from yichuang.core.refusals import Reason
from yichuang.core.words import W

WHO_NEEDED = W("请写明是谁提出的（持证人或者其代理人）", "Say who spoke: the holder, or who stands for the holder")
HOW_NEEDED = W("请选择口头或者书面", "Choose by word of mouth or in writing")
DAY_NEEDED = W("请选择提出的日期", "Choose the day on which it was said")
DAY_UNFIT = W("提出的日期应当在告知之日至今天之间", "The day lies between the day of the notice and today")


def judge_taken(taken: Taken, *, told_on: date, today: date) -> list[Reason]:
    """Why this cannot be put on record; every reason at once."""
    reasons = []
    if not 1 <= len(taken.who.strip()) <= 60:
        reasons.append(Reason("WHO_NEEDED", WHO_NEEDED, "/who"))
    if taken.how not in HOW:
        reasons.append(Reason("HOW_NEEDED", HOW_NEEDED, "/how"))
    if taken.on is None:
        reasons.append(Reason("DAY_NEEDED", DAY_NEEDED, "/said_on"))
    elif not told_on <= taken.on <= today:
        reasons.append(Reason("DAY_UNFIT", DAY_UNFIT, "/said_on"))
    return reasons
