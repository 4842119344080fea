"""秒批: may this filing be decided without a person, besides what its table says? Every reason why not, at once. Pure.

Nothing here approves; each doubt alone sends the case to a person. 个人信息保护法 art. 24; a denial is never automatic.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from yichuang.cases.instant import Doubt, Mode
from yichuang.core.identifiers import normal_id, normal_name
from yichuang.core.words import W, Words

AGAIN = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""When sources that were silent are asked again, each counted from the time before; after the last a person decides."""
MOST_A_DAY = 10  # filings of one person that are compared by machine in a day (P): doubts must not become an oracle
SILENT = frozenset({"down", "slow", "busy"})  # faults that pass; any other "unknown" is an answer

_OFF = W("自动办理已停用", "Deciding automatically is switched off")
_CHANGED = W("提交后情况有变化，由工作人员接着办理", "Something changed after it was filed: a person goes on with it")
_NOBODY = W("这个事项没有写明当事人，核不了本人", "The item does not say whom it is about: nobody can be compared")
_ANOTHER = W("申请表里的人不是申请人本人", "The person in the form is not the applicant")
_NAME = W(
    "申请表里的姓名与申请人的登记姓名不一致", "The name in the form is not the one under which the applicant is known"
)
_SEVERAL = W("涉及多人，需要每个人确认", "It concerns several people, each of whom has to confirm it")
_AGENT = W("由代理人提交，委托关系需要核对", "An agent filed it: the authority has to be checked")
_CLERK = W(
    "由窗口代填，需要另一位工作人员核对", "A clerk filled it in at the window: another member of staff checks it"
)
_UNSEEN = W("申请人的证件还没有当面核验过", "The applicant’s document has not been seen at a window yet")
_SIGNER_UNSEEN = W("有签署人的证件还没有当面核验过", "The document of one who signed has not been seen at a window yet")
_UNPROVED = W("提交时没有确认是本人", "It was filed without a proof that it was the applicant")
_MANY = W(
    "今天自动核对的次数已用完，由工作人员办理", "No more automatic checks are left for today: a person takes it on"
)
_PAPER = W("“{name}”需要人看", "“{name}” has to be read by a person")
_BLOCKED = W("可能不符合受理条件：{why}", "A condition may not be met: {why}")
_OPEN = W("受理条件需要人判断：{why}", "A person judges a condition: {why}")
OTHERS = Doubt(
    W("需要由工作人员核对其他人员的情况", "A member of staff has to check something about other people"), True, "OTHERS"
)
BROKEN = Doubt(W("自动核对没有完成", "The automatic check did not come to an end"), True, "BROKEN")


@dataclass(frozen=True, slots=True)
class Filed:
    """What is known of a filing besides what registers say. `named`: (number, name) of whom the item is about; `asked`: the
    people, by number, whom registers would be asked about; `agreed`: those of them for whom the applicant may speak, on record.
    """

    mode: Mode
    unchanged: bool
    number: str  # of the applicant
    name: str
    named: tuple[tuple[str, str], ...]
    asked: frozenset[str]
    agreed: frozenset[str]
    by_agent: bool
    by_clerk: bool
    seen: bool  # the applicant's document was seen when their account was opened
    proved: bool  # 实名确认 for this filing
    today: int  # filings of the same person today that were compared, this one included
    signed: frozenset[str] = frozenset()  # 共同签署: the numbers of all who signed it
    signers_seen: bool = True  # the document of each of them was seen, at a counter or when their account was opened


def doubts_of(filed: Filed) -> tuple[Doubt, ...]:
    """Why a person has to decide, whatever the registers say; empty when nothing speaks against deciding alone."""
    return tuple(_doubts(filed))


def may_ask(filed: Filed) -> bool:
    """Whether the machine asks registers at all: about the applicant, and whoever agreed on record; within the bound, where
    it may decide. A name more in the form would else make it an oracle on strangers."""
    bounded = filed.mode is not Mode.OFF and filed.unchanged and filed.today <= MOST_A_DAY
    return bounded and _is_own(filed) and not strangers(filed)


def strangers(filed: Filed) -> frozenset[str]:
    """Who is named, or would be asked about, and is neither the applicant nor has agreed; "" for one without a number."""
    known = {normal_id(number) for number in (filed.number, *filed.agreed, *filed.signed)}
    wanted = {number for number, _ in filed.named} | filed.asked
    return frozenset(normal_id(number) for number in wanted) - known


def _is_own(filed: Filed) -> bool:
    return normal_id(filed.number) in {normal_id(number) for number, _ in filed.named if number}


def _doubts(filed: Filed) -> Iterator[Doubt]:
    if filed.mode is Mode.OFF:
        yield Doubt(_OFF, True, "OFF")
    if not filed.unchanged:
        yield Doubt(_CHANGED, True, "CHANGED")
    yield from _of_people(filed)
    for holds, words, code in (
        (filed.by_agent, _AGENT, "AGENT"),
        (filed.by_clerk, _CLERK, "CLERK"),
        (not filed.by_clerk and not filed.seen, _UNSEEN, "NOT_SEEN"),
        (not filed.by_clerk and not filed.proved, _UNPROVED, "NOT_PROVED"),
        (filed.today > MOST_A_DAY, _MANY, "TOO_MANY"),
    ):
        if holds:
            yield Doubt(words, True, code)


def _of_people(filed: Filed) -> Iterator[Doubt]:
    if not filed.named:
        yield Doubt(_NOBODY, True, "NOBODY")
        return
    if not _is_own(filed):
        yield Doubt(_ANOTHER, True, "NOT_APPLICANT")
        return
    others = [pair for pair in filed.named if normal_id(pair[0]) != normal_id(filed.number)]
    own = [name for number, name in filed.named if normal_id(number) == normal_id(filed.number)]
    if any(normal_name(name) != normal_name(filed.name) for name in own):
        yield Doubt(_NAME, True, "NAME_DIFFERS")
    signed = {normal_id(number) for number in filed.signed}
    if any(normal_id(number) not in signed for number, _ in others) or strangers(filed):
        yield Doubt(_SEVERAL, True, "SEVERAL")
    if not filed.signers_seen:
        yield Doubt(_SIGNER_UNSEEN, False, "SIGNER_UNSEEN")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the filing: asked for, held by the state, confirmed by what registers said."""

    name: Words
    needed: bool
    held: bool
    confirmed: bool


def doubts_of_papers(papers: Sequence[Paper]) -> tuple[Doubt, ...]:
    """Every paper that is needed and that nobody but a person can vouch for."""
    unread = (one for one in papers if one.needed and not one.held and not one.confirmed)
    return tuple(Doubt(_PAPER.format(name=one.name), True, "PAPER") for one in unread)


def doubts_of_conditions(blocked: Sequence[Words], undecided: Sequence[Words]) -> tuple[Doubt, ...]:
    """What may not be met, and what nobody but a person can judge. Their words may speak of what only registers know of
    others, so applicants do not read them."""
    return (
        *(Doubt(_BLOCKED.format(why=why), False, "BLOCKED") for why in blocked),
        *(Doubt(_OPEN.format(why=why), False, "UNDECIDED") for why in undecided),
    )


def is_silent(faults: Collection[str | None]) -> bool:
    """Whether some source may yet answer."""
    return any(fault in SILENT for fault in faults)


def again_after(tries: int) -> timedelta | None:
    """How long to wait before the sources are asked once more, after so many times; None: no more."""
    return AGAIN[tries - 1] if 0 < tries <= len(AGAIN) else None


def as_applicant(doubts: Sequence[Doubt]) -> tuple[Words, ...]:
    """The doubts as the applicant reads them: what concerns others in one sentence for all."""
    return tuple(dict.fromkeys(one.words if one.public else OTHERS.words for one in doubts))
