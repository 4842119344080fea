"""Pure rules of issuing: what a checked file or number is worth, and who may take a result."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from yichuang.core.refusals import Reason
from yichuang.core.said import day_said
from yichuang.core.words import W, Words
from yichuang.issuing.values import OLD_PAPER_WORDS, Relation, Verdict
from yichuang.registry.values import VALIDITY_WORDS, Validity

FileState = Literal["issued", "intact", "altered", "unknown"]
MAX_FILE = 20 * 1024 * 1024  # bytes; our largest papers have some hundred kilobytes
PICKUP_TRIES = 5

VERDICT_WORDS: Mapping[Verdict, Words] = {
    "valid": W("真实有效，与签发时一致", "Genuine and in force"),
    "expired": W("真实，但不在有效期内", "Genuine, but not within its term"),
    "revoked": W("曾经真实签发，现已失去效力", "Once genuinely issued, but no longer in force"),
    "altered": W("文件在签发之后被改动过，不能作为凭证", "The file was changed after it was issued; do not rely on it"),
    "unknown": W("本系统没有签发过，无法证明其真实", "Not issued by this system; nothing can be said for it"),
}
DOCUMENT_WORDS = W("真实，由本系统签发", "Genuine, issued by this system")


def verdict_of(validity: Validity) -> Verdict:
    """What a genuine certificate of this validity is called in public; the exact status is told beside it."""
    if validity == "valid":
        return "valid"
    return "expired" if validity in {"expired", "not_yet"} else "revoked"


def sentence(verdict: Verdict, validity: Validity | None) -> Words:
    """The verdict in words, with the exact status where it says more."""
    words = VERDICT_WORDS[verdict]
    if validity is None or validity == "valid" or verdict in {"altered", "unknown"}:
        return words
    status = VALIDITY_WORDS[validity]
    return Words(f"{words.zh}（{status.zh}）", f"{words.en} ({status.en})")


def who_takes(identity: str, parties: Sequence[tuple[Relation, str]]) -> Relation | None:
    """Which party of the case an identity number belongs to; all are compared, whichever fits first."""
    found: Relation | None = None
    for relation, number in parties:
        if number and hmac.compare_digest(number.encode(), identity.encode()) and found is None:
            found = relation
    return found


def same_name(told: str, name: str) -> bool:
    """Whether the second item beside a pick-up code fits: the whole name, spaces and middle dots aside."""
    return _plain(told) != "" and hmac.compare_digest(_plain(told).encode(), _plain(name).encode())


OLD_PAPER = W("请选择原证的去向", "Say what became of the old paper")
WHY_NOT_BACK = W(
    "原证没有收回的，请写明原因（最多 500 字）", "Say why the old paper was not taken back (at most 500 characters)"
)
LONGEST_REASON = 500


def old_paper_faults(old_paper: str, reason: str) -> list[Reason]:
    """What is missing of the word on the old paper at an exchange: taken back, or not, and then why."""
    if old_paper not in OLD_PAPER_WORDS:
        return [Reason("OLD_PAPER_NEEDED", OLD_PAPER, "/old_paper")]
    said = len(reason.strip())
    if said > LONGEST_REASON or (old_paper != "returned" and said == 0):
        return [Reason("WHY_NOT_BACK", WHY_NOT_BACK, "/reason")]
    return []


def _plain(name: str) -> str:
    return "".join(c for c in name if not c.isspace() and c not in "·•・").casefold()


LONGEST_EXTENSION = 30  # years: the longest term that is not for ever
WHY = W("请写明理由", "Please give the reason")
WHICH_DAY = W(
    "新的保管期限应当晚于今天，最长延长 {years} 年", "The new last day lies after today, at most {years} years ahead"
)
NOT_DUE = W("保管期限至 {day}，到期后才能鉴定", "It is kept until {day}; only then is it appraised")
FOR_EVER = W("永久保管的档案不鉴定销毁", "What is kept for ever is never appraised for destruction")
NOT_YOURS = W("提出销毁的人不能批准，请由另一人审批", "Who proposed it cannot approve it: another person does")


def appraisal_faults(
    *, outcome: str, reason: str, until: date | None, kept_until: date | None, today: date, held: Sequence[Words]
) -> list[Reason]:
    """What speaks against an appraisal (鉴定): the term is not over, no reason, no fitting day, or what holds the file."""
    if kept_until is None:
        return [Reason("KEPT_FOR_EVER", FOR_EVER)]
    faults = []
    if today <= kept_until:
        faults.append(Reason("NOT_DUE", NOT_DUE.format(day=day_said(kept_until))))
    if not reason.strip():
        faults.append(Reason("WHY_NEEDED", WHY, "/reason"))
    if outcome == "extend" and not (until and today < until <= _years_on(today, LONGEST_EXTENSION)):
        faults.append(Reason("UNTIL_WHEN", WHICH_DAY.format(years=LONGEST_EXTENSION), "/until"))
    return [*faults, *(held_by(held) if outcome == "destroy" else ())]


def held_by(held: Sequence[Words]) -> list[Reason]:
    """Why a file may not be destroyed yet, each as a reason."""
    return [Reason("FILE_HELD", words) for words in held]


def _years_on(day: date, years: int) -> date:
    """The same day so many years on; of 29 February the 28th where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
