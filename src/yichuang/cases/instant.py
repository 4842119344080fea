"""秒批: the closed tables and frozen rows of deciding at once (docs/adr/0020-at-once.md); public like `states`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yichuang.cases.states import State
from yichuang.core.words import W, Words


class Mode(StrEnum):
    """规则集的状态: a rule set decides beside people, alone, or not at all. One that nobody spoke of is a shadow."""

    SHADOW = "shadow"
    ALONE = "alone"
    OFF = "off"


MODE_WORDS: dict[Mode, Words] = {
    Mode.SHADOW: W("只比对、不决定", "Compares only, decides nothing"),
    Mode.ALONE: W("自动办理", "Decides alone"),
    Mode.OFF: W("已停用", "Switched off"),
}


class JudgedBy(StrEnum):
    """Where an automatic decision stands: sources are still asked, the table was asked, or something broke on the way."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


JUDGED_WORDS: dict[JudgedBy, Words] = {
    JudgedBy.WAITING: W("正在核对数据", "Data are being checked"),
    JudgedBy.DONE: W("已核对", "Checked"),
    JudgedBy.FAILED: W("没有核对成，由工作人员办理", "Could not be checked: a person takes it on"),
}


PROVED_WORDS: dict[str, Words] = {
    "password": W("登录密码确认本人", "confirmed by password"),
    "sms": W("短信验证码确认本人", "confirmed by a code sent to the phone"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a person has to decide (疑点). What is not `public` concerns others than the applicant: only staff read it.

    `code`: a result of the table, or one of `rules.instant`; "" for the words of a source that did not answer.
    """

    words: Words
    public: bool
    code: str = ""

    def kept(self) -> list[object]:
        """As the table keeps it."""
        return [self.words.zh, self.words.en, self.public, self.code]


def doubt_of(kept: list[object]) -> Doubt:
    """The doubt that was kept so."""
    zh, en, public, code = kept
    return Doubt(Words(str(zh), str(en)), bool(public), str(code))


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a filing at once: where the case stands now, and what the rules said of it.

    `why` are the doubts as the applicant may read them; empty while sources are asked, and of a shadow, which tells nobody.
    """

    case_id: UUID
    number: str
    state: State
    version: int
    judged: JudgedBy
    alone: bool  # accepted and granted without a person
    why: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule and what became of it. What looks at others than the applicant shows the applicant no `why`."""

    words: Words
    basis: str
    hit: bool
    why: Words


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """人工复核: what the applicant asked a person to look at, and the answer."""

    asked_at: datetime
    reason: str
    answered_at: datetime | None
    answered_by: str
    stands: bool | None
    answer: str
    undue: bool = False  # nothing should have been granted at all


@dataclass(frozen=True, slots=True)
class AtOncePage:
    """What the rules said of a case, as this viewer may read it. `doubts`: words, and where in the form they arose.

    `blind`: somebody is to look at it blind (抽查), so that staff read nothing of it but the review.
    """

    judged: JudgedBy
    alone: bool
    judged_at: datetime | None
    rule_set: str
    item_version: int
    doubts: tuple[tuple[Words, tuple[str, ...]], ...]
    lines: tuple[RuleLine, ...]
    sources: tuple[tuple[Words, Words], ...]
    review: ReviewPage | None
    may_ask: bool
    may_answer: bool
    blind: bool = False

    def at_field(self, pointer: str) -> tuple[Words, ...]:
        """The doubts that concern a line of the form; of a list every line of that name."""
        line = "/".join(part for part in pointer.split("/") if not part.isdigit())
        return tuple(words for words, where in self.doubts if line in where)
