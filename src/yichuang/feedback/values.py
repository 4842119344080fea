"""What other rooms and doors may hold of a rating: levels, tags, ways, and the rows of its queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from yichuang.core.words import W, Words

VALID = timedelta(days=30)  # from the end of the service (domain.md §4.1)
WINDOW_CODE = timedelta(minutes=10)  # the QR at a window
FEWEST = 5  # ratings of which a sum is shown
LONGEST = 500  # characters of one's own words
MOST_TAGS = 6


class Level(IntEnum):
    """The five levels of 国办发〔2019〕51号."""

    VERY_GOOD = 5
    GOOD = 4
    FAIR = 3
    BAD = 2
    VERY_BAD = 1


LEVEL_WORDS: Mapping[Level, Words] = {
    Level.VERY_GOOD: W("非常满意", "Very satisfied"),
    Level.GOOD: W("满意", "Satisfied"),
    Level.FAIR: W("基本满意", "Fairly satisfied"),
    Level.BAD: W("不满意", "Dissatisfied"),
    Level.VERY_BAD: W("非常不满意", "Very dissatisfied"),
}
PRAISE = frozenset({Level.VERY_GOOD, Level.GOOD, Level.FAIR})  # 好评; the others are 差评


class Way(StrEnum):
    """How somebody showed that the service was theirs."""

    ACCOUNT = "account"
    LINK = "link"
    WINDOW = "window"


WAY_WORDS: Mapping[Way, Words] = {
    Way.ACCOUNT: W("本人登录", "Signed in"),
    Way.LINK: W("短信或者号票", "By message or ticket"),
    Way.WINDOW: W("窗口二维码", "By the QR at the window"),
}


class FollowUp(StrEnum):
    """Whether a return visit (回访) is owed for a rating."""

    NONE = ""
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Tag:
    """A reason to tick; `praise` is offered for levels 5–3, the others for 3–1."""

    code: str
    words: Words
    praise: bool


def _tags(praise: Mapping[str, Words], blame: Mapping[str, Words]) -> tuple[Tag, ...]:
    return (*(Tag(c, w, True) for c, w in praise.items()), *(Tag(c, w, False) for c, w in blame.items()))


IN_HALL, ONLINE = "hall", "online"
BY_SOMEBODY = frozenset({"stay", "help"})  # one person served another
TAG_SET = 1  # the present one; a rating keeps the number of its own
TAGS: Mapping[int, Mapping[str, tuple[Tag, ...]]] = {
    1: {
        IN_HALL: _tags(
            {
                "quick": W("办得快", "Quick"),
                "clear": W("一次说清", "Told everything at once"),
                "polite": W("态度好", "Friendly"),
                "skilled": W("业务熟", "Knew the matter"),
                "short-wait": W("等得短", "Short wait"),
                "good-place": W("环境好", "Pleasant hall"),
            },
            {
                "slow": W("办得慢", "Slow"),
                "long-wait": W("等得久", "Long wait"),
                "not-at-once": W("没有一次说清", "Not told everything at once"),
                "rude": W("态度差", "Unfriendly"),
                "sent-around": W("推来推去", "Sent from one to another"),
                "not-taken": W("该受理的不受理", "Did not take what must be taken"),
                "extra-papers": W("要求多余材料", "Asked for papers that are not needed"),
                "unskilled": W("业务不熟", "Did not know the matter"),
                "favours": W("吃拿卡要", "Asked for favours"),
            },
        ),
        ONLINE: _tags(
            {
                "quick": W("办得快", "Quick"),
                "guide-right": W("指南准确", "The guide is right"),
                "easy": W("操作方便", "Easy to use"),
                "few-papers": W("材料少", "Few papers"),
                "progress-clear": W("进度清楚", "Progress is clear"),
            },
            {
                "slow": W("办得慢", "Slow"),
                "late": W("超过时限", "After the time limit"),
                "guide-wrong": W("指南不准", "The guide is wrong"),
                "hard": W("操作麻烦", "Hard to use"),
                "extra-papers": W("要求多余材料", "Asked for papers that are not needed"),
                "no-answer": W("没有人答复", "Nobody answered"),
                "reasons-unclear": W("理由没说清", "Reasons were not clear"),
                "had-to-come": W("还是要跑大厅", "Had to come to the hall"),
            },
        ),
    }
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A service that its person may rate: what it was, until when, and whether that is done or over. No level, no person."""

    id: UUID
    kind: str
    name: Words  # the hall, the item, the package
    number: str
    window: str
    over_at: datetime
    until: datetime
    state: str  # "open" | "rated" | "over"
    tags: tuple[Tag, ...]
    way: Way = Way.LINK  # by which the reader came


@dataclass(frozen=True, slots=True)
class Rated:
    """What became of a press: `again` when it was this rating already."""

    rating: UUID
    again: bool


@dataclass(frozen=True, slots=True)
class WindowCode:
    """A code that a window shows for ten minutes."""

    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """Ratings of one place, department, item or member of staff. Levels are empty where fewer than five rated.

    `services` are all that could be rated; of them `given` were, `unrated` were not within their thirty days (默认), and the
    others still can be. `levels` counts from 非常满意 (5) down to 非常不满意 (1).
    """

    key: str
    name: Words
    services: int
    given: int
    unrated: int
    window: int  # of those given, by the QR of a window
    levels: tuple[int, ...]

    @property
    def shown(self) -> bool:
        """Whether there are enough for a sum."""
        return bool(self.levels)

    @property
    def praise(self) -> float | None:
        """好评率: levels 5–3 of those given, 0–1; None where no sum is shown."""
        return sum(self.levels[:3]) / self.given if self.levels else None

    @property
    def average(self) -> float | None:
        """The mean level of those given, 1–5; None where no sum is shown."""
        return sum(n * level for n, level in zip(self.levels, Level, strict=True)) / self.given if self.levels else None

    @property
    def active(self) -> float | None:
        """主动评价率: given of those that could be rated; None without any."""
        return self.given / self.services if self.services else None


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """What services that ended from `since` to `until` (days, both included) were rated, for one viewer's scope."""

    since: date
    until: date
    total: Line
    places: tuple[Line, ...]
    departments: tuple[Line, ...]
    items: tuple[Line, ...]
    staff: tuple[Line, ...]
    tags: tuple[tuple[Words, bool, int], ...]  # (tag, whether praise, how often), the most frequent first
    owed: int  # bad ratings for which a return visit is owed


@dataclass(frozen=True, slots=True)
class WordsRow:
    """What somebody wrote: the day, the level, the tags and the words with numbers masked; neither who nor which service."""

    id: UUID
    day: date
    level: Level
    level_words: Words
    tags: tuple[Words, ...]
    words: str
    place: Words | None
    owed: bool
