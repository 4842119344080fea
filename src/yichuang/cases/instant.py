"""秒批: the closed tables and frozen rows of deciding at once (docs/adr/0020-at-once.md); public like `states`."""

from dataclasses import dataclass
from enum import StrEnum

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
