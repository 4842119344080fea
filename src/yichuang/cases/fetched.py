"""免证办: the closed tables and frozen rows of what is fetched in the place of papers (docs/adr/0024); public like `states`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yichuang.core.words import W, Words
from yichuang.registry.values import GroundKind, Trust


class HeldState(StrEnum):
    """What became of looking for a paper in the applicant's favour."""

    FETCHED = "fetched"
    WAITING = "waiting"  # outside sources are asked behind the filing
    NOTHING = "nothing"
    UNFIT = "unfit"  # something came, but it does not stand for the paper
    ENDED = "ended"  # expired, revoked …: when it was looked for, or when it was looked at again
    SILENT = "silent"  # no sure answer: nobody's fault but the sources'
    DECLINED = "declined"  # it rests on consent, which was not given


HELD_WORDS: dict[HeldState, Words] = {
    HeldState.FETCHED: W("已由系统取得", "Fetched for you"),
    HeldState.WAITING: W("系统正在取", "Being fetched"),
    HeldState.NOTHING: W("系统没有查到", "Not found"),
    HeldState.UNFIT: W("查到的内容不符", "What was found does not fit"),
    HeldState.ENDED: W("证照已失效", "No longer valid"),
    HeldState.SILENT: W("暂时查不到", "No answer for now"),
    HeldState.DECLINED: W("没有同意系统调取", "You have not agreed to our fetching it"),
}


@dataclass(frozen=True, slots=True)
class HeldRow:
    """What was fetched for one paper, or why not, as people read it."""

    material: str
    state: HeldState
    words: Words
    level: Trust
    name: Words
    provider: Words
    number: str  # as printed, for the applicant's side; masked for others
    valid_to: date | None
    said: tuple[tuple[Words, Words], ...]  # field, value; masked for who is not the applicant's side
    ground: GroundKind | None
    ground_words: Words | None
    basis: str
    why: Words | None
    mark: Words | None  # what a copy of it bears
    as_of: datetime | None
    asked_at: datetime
