"""The closed tables and frozen rows of the turns that a case can take (docs/adr/0009-turns.md); public like `states`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yichuang.core.words import W, Words


class TransferGround(StrEnum):
    """移送: why another place or department is competent; closed, so that transfers can be counted and looked at."""

    AREA = "area"
    COMPETENCE = "competence"
    REORGANISED = "reorganised"
    RECUSAL = "recusal"


TRANSFER_WORDS: dict[TransferGround, Words] = {
    TransferGround.AREA: W("属地不符，应由其他网点负责", "another place answers for this area"),
    TransferGround.COMPETENCE: W("依职责分工应由其他部门办理", "another department is competent"),
    TransferGround.REORGANISED: W("机构或者职责调整", "authorities or their tasks were reorganised"),
    TransferGround.RECUSAL: W("需要整体回避", "the whole authority has to stand aside"),
}


@dataclass(frozen=True, slots=True)
class TransferTargets:
    """Where somebody may send a case: (code, name) of places and of departments, each possibly none."""

    places: tuple[tuple[str, Words], ...] = ()
    departments: tuple[tuple[str, Words], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.places or self.departments)


class CorrectionState(StrEnum):
    """更正: where a request to mend a clerical error stands."""

    ASKED = "asked"
    MADE = "made"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


CORRECTION_WORDS: dict[CorrectionState, Words] = {
    CorrectionState.ASKED: W("等待批准", "Waiting for approval"),
    CorrectionState.MADE: W("已更正", "Corrected"),
    CorrectionState.DECLINED: W("不予更正", "Not corrected"),
    CorrectionState.WITHDRAWN: W("已撤回", "Taken back"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall stand instead. `target`: "form:<JSON pointer>", "document:<id>", "certificate:<key>".

    `old` are the wrong words of a document; of the others the old value is known. `new` as a person writes it: an option by its
    label or code, a number, a text.
    """

    target: str
    new: str
    old: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One value as it stood and as it shall stand, in words; masked for whom the value is masked."""

    target: str
    label: Words
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A request to mend clerical errors, with its answer; for who may see the case."""

    id: UUID
    state: CorrectionState
    words: Words
    lines: tuple[CorrectionLine, ...]
    reason: str
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    note: str  # why not
    document: UUID | None
    may_decide: bool
    may_withdraw: bool
