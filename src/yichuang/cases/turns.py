"""The closed tables and frozen rows of the turns that a case can take (docs/adr/0009-turns.md); public like `states`."""

from dataclasses import dataclass
from enum import StrEnum

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
    TransferGround.REORGANISED: W("机构或者职责调整", "organs or their tasks were reorganised"),
    TransferGround.RECUSAL: W("需要整体回避", "the whole organ has to stand aside"),
}


@dataclass(frozen=True, slots=True)
class TransferTargets:
    """Where somebody may send a case: (code, name) of places and of departments, each possibly none."""

    places: tuple[tuple[str, Words], ...] = ()
    departments: tuple[tuple[str, Words], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.places or self.departments)
