"""申请人确认: what a clerk typed at a window is the applicant's own only when they have confirmed it (行政许可法 art. 31)."""

from enum import StrEnum

from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words


class Confirmed(StrEnum):
    """How the applicant, or the agent who stands at the window, confirmed what was typed for them."""

    PAPER = "paper"
    SCREEN = "screen"


CONFIRM_WORDS: dict[Confirmed, Words] = {
    Confirmed.PAPER: W("申请人（代理人）在打印的申请表上签字确认", "the applicant (or agent) signed the printed form"),
    Confirmed.SCREEN: W(
        "申请人（代理人）在屏幕上逐项看过，口头确认",
        "the applicant (or agent) read it on the screen and said that it is right",
    ),
}
LAW = "《中华人民共和国行政许可法》第三十一条"
UNCONFIRMED = W(
    "请申请人（代理人）看过录入的内容并确认，再选择怎样确认的",
    "Let the applicant (or the agent) look at what was typed and confirm it, then say how they did",
)


def why_unconfirmed(actor: Actor, confirmed: str, *, permit: bool) -> list[Reason]:
    """What is missing where somebody of the staff files for a person. Who files for themselves has confirmed by filing.

    Only of a `permit` does the law say so; for everything else it is the house's own rule."""
    if not actor.is_staff or confirmed in set(Confirmed):
        return []
    return [Reason("CONFIRM_FIRST", UNCONFIRMED, "/confirmed", LAW if permit else "")]


def words_of(confirmed: object) -> Words | None:
    """How it was confirmed, in words; None where nothing is on record: filed by the person, or before this was asked."""
    return CONFIRM_WORDS[Confirmed(str(confirmed))] if confirmed else None
