"""May this filing be accepted (受理)? One verdict with everything that is missing (一次性告知), computed from the item.

行政许可法 art. 32: whatever is missing or wrong is told once, all of it. 容缺受理: all main materials there and sound,
secondary ones missing or flawed, a signed promise, and no unrepaired lapse.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from yichuang.cases.values import GapItem, MaterialState
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar

_MISSING = W("缺少“{name}”", "“{name}” is missing")
_MISSING_WHY = W("缺少“{name}”（系统没有取到：{why}）", "“{name}” is missing (we could not fetch it: {why})")
_NO = W("", "")
UNSIGNED = W("缺少申请人签署的容缺受理承诺书", "The applicant has not signed the letter of promise")
SOUND = frozenset({MaterialState.PROVIDED, MaterialState.CHECKED, MaterialState.HELD})


@dataclass(frozen=True, slots=True)
class Needed:
    """One material that this applicant must hand in, by the item's rules and the answers given."""

    code: str
    name: Words
    required: bool
    tolerable: bool
    promise_days: int
    basis: str = ""
    standard: Words | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one material: its state, and for a faulty one what is wrong; for a missing one why it could not be
    fetched (免证办)."""

    state: MaterialState
    fault: Words | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """Complete and in legal form: must be accepted (art. 32 (5))."""


@dataclass(frozen=True, slots=True)
class AcceptOnPromise:
    """Secondary papers may follow, each by its own day."""

    gaps: tuple[GapItem, ...]
    days: Mapping[str, date]  # material code → last day

    @property
    def due_date(self) -> date:
        """The first of the days."""
        return min(self.days.values())


@dataclass(frozen=True, slots=True)
class TellGaps:
    """Not yet: everything that is missing, at once. `why_no_promise` says why 容缺 is not open, if it was asked."""

    gaps: tuple[GapItem, ...]
    why_no_promise: tuple[Words, ...]


Verdict: TypeAlias = Accept | AcceptOnPromise | TellGaps


TOO_FEW_PAGES: Final = W(
    "只有 {pages} 页（张），应有 {least} 页（张）以上",
    "Only {pages} page(s) or picture(s) came; at least {least} are asked for",
)


def short_of_pages(finding: Finding, *, pages: int, least: int) -> Finding:
    """The finding, or a fault when what was handed in has fewer pages than the item asks (`files.least`).

    A clerk who looked at it and found it fine (CHECKED) knows better; what came on paper only has no pages to count.
    """
    if finding.state is not MaterialState.PROVIDED or not 0 < pages < least:
        return finding
    return Finding(MaterialState.FAULTY, TOO_FEW_PAGES.format(pages=pages, least=least))


def find_gaps(needed: Sequence[Needed], found: Mapping[str, Finding]) -> tuple[GapItem, ...]:
    """Every required material that is missing, and every handed-in one that is faulty, in the item's order."""
    gaps: list[GapItem] = []
    for material in needed:
        finding = found.get(material.code, Finding(MaterialState.MISSING))
        if finding.state is MaterialState.FAULTY:
            words = finding.fault or W(
                "材料不符合要求，请更正", "This paper does not meet the requirements; please correct it"
            )
            gaps.append(GapItem(material.code, material.name, "faulty", words, material.tolerable, material.basis))
        elif material.required and finding.state not in SOUND:
            words = (_MISSING_WHY if finding.fault else _MISSING).format(name=material.name, why=finding.fault or _NO)
            gaps.append(GapItem(material.code, material.name, "missing", words, material.tolerable, material.basis))
    return tuple(gaps)


def judge_acceptance(
    *,
    needed: Sequence[Needed],
    found: Mapping[str, Finding],
    promise_signed: bool,
    barred: bool,
    today: date,
    days: Mapping[str, date],
) -> Verdict:
    """Accept, accept on promise, or tell every gap.

    `days` says for each material until when it might follow (`catalog.gap_due`); a day that is not after `today` means
    that the item is decided on the spot, or that its promised limit is up.
    """
    gaps = find_gaps(needed, found)
    if not gaps:
        return Accept()
    no_time = any(gap.tolerable and days[gap.material] <= today for gap in gaps)
    reasons = tuple(_why_no_promise(gaps, promise_signed=promise_signed, barred=barred, no_time=no_time))
    if reasons:
        return TellGaps(gaps, reasons)
    return AcceptOnPromise(gaps, {gap.material: days[gap.material] for gap in gaps})


def _why_no_promise(gaps: Sequence[GapItem], *, promise_signed: bool, barred: bool, no_time: bool) -> list[Words]:
    reasons: list[Words] = []
    main = [gap.name for gap in gaps if not gap.tolerable]
    if main:
        names = Words("、".join(n.zh for n in main), ", ".join(n.en for n in main))
        reasons.append(W("主要材料不能容缺：{names}", "Main papers cannot follow later: {names}").format(names=names))
    if no_time:
        reasons.append(
            W(
                "没有后补的时间：本事项当场办结，或者承诺办结时限已到",
                "No time is left for papers to follow: the item is decided on the spot, or its promised limit is up",
            )
        )
    if barred:
        reasons.append(
            W(
                "有未修复的容缺失信记录，暂不能容缺受理",
                "An earlier promise was not kept and is not yet repaired, so no new promise can be taken",
            )
        )
    if not promise_signed:
        reasons.append(UNSIGNED)
    return reasons


@dataclass(frozen=True, slots=True)
class NewDemands:
    """What a second notice asks that the first did not name: a violation unless a supervisor gives the reason."""

    materials: tuple[str, ...]


def guard_second_notice(first: Sequence[GapItem], second: Sequence[GapItem]) -> NewDemands:
    """Compare a later demand with the frozen first notice (一次性告知 guard).

    A paper that was told as missing may afterwards be told as faulty (it was seen only then); a paper that the first
    notice did not name at all may not.
    """
    told = {gap.material for gap in first}
    return NewDemands(tuple(gap.material for gap in second if gap.material not in told))


def correction_date(
    *,
    asked: Collection[str],
    new_demands: Collection[str],
    first: Collection[str],
    arrived: Mapping[str, date],
    before: date | None,
) -> date | None:
    """The day on which the last lawfully asked correction arrived: the legal day of acceptance to come.

    A paper that the first notice did not name (`new_demands`) moves nothing: when only such papers were asked for,
    the day from `before` stands, or else that of the last paper of the first notice.
    """
    lawful = set(asked) - set(new_demands)
    if not lawful and before is not None:
        return before
    return max((arrived[code] for code in lawful or set(first) if code in arrived), default=before)


def acceptance_date(*, today: date, received: date, corrected: date | None, deemed: bool) -> date:
    """The legal day of acceptance: the last correction's arrival; for silence the day of receipt; else today."""
    if corrected is not None:
        return corrected
    return received if deemed else today


def last_day_to_sign(*, received: date, corrected: date | None, calendar: Calendar, limit: int) -> date:
    """The last day on which an offered promise (容缺承诺) may be signed: the working day before the answer's last one, so
    that on the last one what was not promised can still be told in time."""
    return calendar.add(corrected or received, limit - 1)


def may_deem(
    *, is_permit: bool, received: date, corrected: date | None, today: date, calendar: Calendar, limit: int
) -> bool:
    """Whether silence has become acceptance: permits only, after the fifth working day has ended (art. 32 (4))."""
    return is_permit and today > calendar.add(corrected or received, limit)
