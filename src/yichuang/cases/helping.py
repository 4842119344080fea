"""帮办、代办、上门办 (docs/adr/0009-turns.md): the closed tables and frozen rows of requests for help; public like `states`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yichuang.core.words import W, Words


class HelpKind(StrEnum):
    """What is asked for: to be helped, to have errands done, to be visited at home; in the hall to be shown the way, or to be
    gone along with."""

    ASSIST = "assist"
    ERRAND = "errand"
    VISIT = "visit"
    GUIDE = "guide"
    LEAD = "lead"


KIND_WORDS: dict[HelpKind, Words] = {
    HelpKind.ASSIST: W("帮办", "Help me apply"),
    HelpKind.ERRAND: W("代办", "Do the errands for me"),
    HelpKind.VISIT: W("上门办", "Come to me"),
    HelpKind.GUIDE: W("导办", "Show me the way in the hall"),
    HelpKind.LEAD: W("领办", "Come along with me in the hall"),
}
KIND_HINTS: dict[HelpKind, Words] = {
    HelpKind.ASSIST: W(
        "讲清楚怎么办、帮您准备材料和填写，由您自己提交",
        "Somebody explains, helps with papers and the form; you file it yourself",
    ),
    HelpKind.ERRAND: W(
        "替您递交、领取材料；签字和提交仍由您本人", "Papers are taken there and back; signing and filing stay yours"
    ),
    HelpKind.VISIT: W(
        "行动不便的，工作人员到您指定的地点", "For those who cannot come: somebody comes to the place you name"
    ),
    HelpKind.GUIDE: W("在大厅里指路、帮您取号、教您用自助机", "In the hall: the way, a number, how the machines work"),
    HelpKind.LEAD: W(
        "在大厅里有人陪着，从取号到办完", "In the hall somebody stays with you from the number to the end"
    ),
}


class Consent(StrEnum):
    """What the helper may do, tick by tick; it ends with the request."""

    PROGRESS = "progress"
    PAPERS = "papers"
    PHONE = "phone"
    HOME = "home"


CONSENT_WORDS: dict[Consent, Words] = {
    Consent.PROGRESS: W("可以查看由此产生的办件和草稿进度", "May see how far the resulting applications are"),
    Consent.PAPERS: W("可以代为递交、领取材料", "May hand in and collect papers"),
    Consent.PHONE: W("可以看到手机号并打电话联系", "May see the mobile number and call"),
    Consent.HOME: W("可以看到地址并上门", "May see the address and come there"),
}
NEEDED: dict[HelpKind, frozenset[Consent]] = {  # without these there is nothing that the helper could do
    HelpKind.ASSIST: frozenset(),
    HelpKind.ERRAND: frozenset({Consent.PAPERS}),
    HelpKind.VISIT: frozenset({Consent.HOME}),
    HelpKind.GUIDE: frozenset(),
    HelpKind.LEAD: frozenset(),
}


class HelpState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    ENDED = "ended"


HELP_WORDS: dict[HelpState, Words] = {
    HelpState.OPEN: W("等待接单", "Waiting to be taken"),
    HelpState.TAKEN: W("帮办中", "Somebody is helping"),
    HelpState.DONE: W("已办结", "Done"),
    HelpState.ENDED: W("已由求助人结束", "Ended by who asked"),
}
STEP_WORDS: dict[str, Words] = {
    "asked": W("提出求助", "asked for help"),
    "taken": W("接单", "took the request"),
    "noted": W("记录一步", "noted a step"),
    "handed-on": W("转交同事", "handed it on to a colleague"),
    "returned": W("退回，重新等待接单", "gave it back"),
    "linked": W("关联办件", "linked a case"),
    "consent-withdrawn": W("撤回一项授权", "withdrew a consent"),
    "done": W("办结", "finished it"),
    "ended": W("结束求助，授权同时终止", "ended the request and with it every consent"),
}


@dataclass(frozen=True, slots=True)
class HelpStepRow:
    """Who did what, when; `text` for who may read the request."""

    at: datetime
    by: str
    words: Words
    text: str


@dataclass(frozen=True, slots=True)
class HelpCase:
    """A case that came of it, or was linked: its number, item and state."""

    number: str
    item: Words
    words: Words


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One line of a list: nothing in it that strangers at the place need not know."""

    id: UUID
    number: str
    kind: Words
    item: Words
    place: Words
    state: HelpState
    words: Words
    asked_at: datetime
    asker_masked: str
    helper: str
    mine: bool  # the helper is who asks


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A request as this reader sees it: the address and the number only for the helper, while consent lasts."""

    row: HelpRow
    asker: UUID
    kind: HelpKind
    item_code: str
    text: str
    address: str
    wished: str
    mobile: str
    consents: tuple[tuple[Consent, Words, bool], ...]  # (which, its words, whether it is given)
    steps: tuple[HelpStepRow, ...]
    cases: tuple[HelpCase, ...]
    drafts: int
    ended_at: datetime | None
    is_asker: bool
    is_helper: bool
    may_take: bool
    colleagues: tuple[tuple[UUID, str], ...]  # to whom it may be handed on
