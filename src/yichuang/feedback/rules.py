"""What a rating may say, and when: pure."""

import re
from collections.abc import Sequence
from datetime import datetime

from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.feedback.values import (
    BY_SOMEBODY,
    FEWEST,
    IN_HALL,
    LONGEST,
    MOST_TAGS,
    ONLINE,
    PRAISE,
    TAG_SET,
    TAGS,
    FollowUp,
    Level,
    Tag,
)

NO_LEVEL = W("请选择满意程度", "Choose how satisfied you were")
WRONG_TAG = W("请从列表中选择原因", "Choose the reasons from the list")
MANY_TAGS = W("原因最多选 6 个", "Choose six reasons at most")
LONG_WORDS = W("文字最多 500 字", "Write 500 characters at most")
_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}[Xx]?")  # telephones, identity and case numbers, as people type them


def group_of(kind: str) -> str:
    """Which list of tags a kind of service has."""
    return IN_HALL if kind in BY_SOMEBODY else ONLINE


def tags_of(kind: str, version: int = TAG_SET) -> tuple[Tag, ...]:
    """Every tag that a service of this kind can be given."""
    return TAGS[version][group_of(kind)]


def fits(tag: Tag, level: Level) -> bool:
    """Whether the tag is offered for the level: 基本满意 has both kinds."""
    return level is Level.FAIR or tag.praise == (level in PRAISE)


def fitting(kind: str, level: Level, tags: Sequence[str]) -> list[str]:
    """The tags that are offered for the level; the others were ticked before another level was chosen."""
    return sorted(tag.code for tag in tags_of(kind) if tag.code in tags and fits(tag, level))


def judge(kind: str, level: int | None, tags: Sequence[str], words: str) -> list[Reason]:
    """Everything that is wrong with what was sent."""
    found = []
    known = {tag.code: tag for tag in tags_of(kind)}
    if level not in set(Level):
        found.append(Reason("LEVEL_MISSING", NO_LEVEL, "/level"))
    if any(code not in known for code in tags):
        found.append(Reason("TAG_UNKNOWN", WRONG_TAG, "/tags"))
    if len(set(tags)) > MOST_TAGS:
        found.append(Reason("MANY_TAGS", MANY_TAGS, "/tags"))
    if len(words) > LONGEST:
        found.append(Reason("LONG_WORDS", LONG_WORDS, "/words"))
    return found


def follow_up_of(level: Level) -> FollowUp:
    """A bad rating is owed a return visit."""
    return FollowUp.NONE if level in PRAISE else FollowUp.OPEN


def state_of(rated: bool, until: datetime, at: datetime) -> str:
    """Whether a service can be rated: "open", "rated" or "over"."""
    if rated:
        return "rated"
    return "open" if at < until else "over"


def shown_levels(counts: Sequence[int]) -> tuple[int, ...]:
    """Counts by level, or nothing where they are too few to hide one person."""
    return tuple(counts) if sum(counts) >= FEWEST else ()


def hide_numbers(words: str) -> str:
    """The words with long numbers masked: of seven digits and more, all but the last two."""
    return _NUMBER.sub(lambda found: "*" * 6 + found[0][-2:], words)
