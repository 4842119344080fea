"""Pure rules of what follows a result by application: 变更, 延续, 补发 (行政许可法 arts. 49–50)."""

from collections.abc import Mapping
from datetime import date, timedelta

from yichuang.cases.rules.sentences import day_of
from yichuang.catalog.values import FOLLOW_UP_WORDS, FollowUp
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.registry.values import VALIDITY_WORDS, Validity

RENEW_AHEAD = 30  # calendar days before the end by which a renewal is asked for in time (art. 50 (1))
REMIND_AHEAD = (90, 60, 30)  # calendar days before the end on which the holder is reminded
UNKNOWN = W("该结果不能申请这样的后续事项", "Nothing of this kind can be applied for after this result")
# the same words for each of 变更, 延续, 补发, so that a page says them once
NOT_IN_FORCE = W(
    "原证照{state}，不能再变更、延续或者补发，请重新申请",
    "The certificate is no longer in force ({state}): it can be neither changed, renewed nor replaced. Please apply anew",
)
NOT_NOW = W(
    "原证照{state}，有效以后才能变更、延续或者补发",
    "The certificate is not in force now ({state}): it can be changed, renewed or replaced once it is",
)
REPLACED = W(
    "原证照已被新版本替换，请用新版本申请", "A newer version replaced the certificate: please apply with that one"
)
NO_LONGER: Mapping[Validity, Words] = {"not_yet": NOT_NOW, "suspended": NOT_NOW, "replaced": REPLACED}
NOT_THE_HOLDER = W("只有持证人可以申请{what}", "Only the holder can apply for this: {what}")
RUNNING = W(
    "这份证照已有一个{what}申请正在办理，办结后才能再申请",
    "Another application about this certificate is under way: {what}. Please apply when it has ended",
)
ENDING = W(
    "对这份证照正在进行撤销、撤回、吊销或者注销程序，程序结束前不能申请或者准予变更、延续或者补发",
    "A proceeding to end this certificate is under way: until it is over, no change, renewal or replacement of it can be "
    "applied for or granted",
)
# nothing is granted either while a proceeding to end the certificate runs: the grant would replace what it is about
PROCEEDING_RUNNING = Reason("PROCEEDING_RUNNING", ENDING, "/previous")
LAW_GRANTED = W(
    "原有效期已于 {day}届满，期满前没有作出决定，依法视为准予延续，延续文书将自动发出，不能再办理",
    "The term ended on {day} without a decision: by law the renewal counts as granted, its papers follow by themselves, "
    "and nothing else can be done",
)
RENEWAL_LAW = "《行政许可法》第五十条"
TOO_EARLY = W(
    "有效期届满前 {days} 天内才能申请延续，最早 {day}",
    "A renewal can be asked for in the last {days} days: from {day} on",
)


def judge_follow_up(
    kind: str,
    spec: FollowUp | None,
    *,
    worth: Validity,
    valid_to: date | None,
    today: date,
    by_holder: bool,
    running: str,
    ending: bool,
) -> list[Reason]:
    """Why this cannot be applied for now; every reason at once. `running`: the kind of the open follow-up, "" for none; `ending`: a
    proceeding to end the certificate runs.

    One at a time, whatever its kind: the first grant replaces the certificate, and nothing can follow what is replaced.
    """
    if spec is None:
        return [Reason("FOLLOW_UP_UNKNOWN", UNKNOWN, "/follow_up")]
    what = FOLLOW_UP_WORDS[kind]
    reasons = []
    if not by_holder:
        reasons.append(Reason("NOT_THE_HOLDER", NOT_THE_HOLDER.format(what=what), "/applicant"))
    if worth != "valid":
        words = NO_LONGER.get(worth, NOT_IN_FORCE).format(state=VALIDITY_WORDS[worth])
        reasons.append(Reason("NOT_IN_FORCE", words, "/previous"))
    if running:
        reasons.append(Reason("FOLLOW_UP_RUNNING", RUNNING.format(what=FOLLOW_UP_WORDS[running]), "/previous"))
    if ending:
        reasons.append(PROCEEDING_RUNNING)
    first = opens_on(spec, valid_to)
    if first is not None and today < first and worth == "valid":
        words = TOO_EARLY.format(days=spec.from_days, day=day_of(first))
        reasons.append(Reason("TOO_EARLY", words, "/follow_up", basis=RENEWAL_LAW if spec.kind == "renew" else ""))
    return reasons


def opens_on(spec: FollowUp, valid_to: date | None) -> date | None:
    """The first day on which it may be applied for; None: on any."""
    if spec.kind != "renew" or not spec.from_days or valid_to is None:
        return None
    return valid_to - timedelta(days=spec.from_days)


def asked_in_time(received: date, valid_to: date) -> bool:
    """Whether a renewal was asked for at least thirty days before the end (art. 50 (1))."""
    return received <= valid_to - timedelta(days=RENEW_AHEAD)


def may_deem_renewed(*, is_permit: bool, received: date, valid_to: date | None, today: date) -> bool:
    """Whether a renewal that nobody decided counts as granted (art. 50 (2)): permits only, asked for in time, the term over."""
    return is_permit and valid_to is not None and today > valid_to and asked_in_time(received, valid_to)


def law_has_granted(valid_to: date) -> Reason:
    """Why nothing more is done to a renewal that counts as granted (art. 50 (2))."""
    return Reason("RENEWED_BY_LAW", LAW_GRANTED.format(day=day_of(valid_to)), basis=RENEWAL_LAW)


def renewed_from(valid_to: date | None, today: date) -> date:
    """The day from which a renewed term is counted: behind the old term, so that nobody loses by asking early."""
    return today if valid_to is None or valid_to < today else valid_to + timedelta(days=1)


def step_of(days_left: int) -> int | None:
    """The reminder that is due so many days before the end: the nearest of 90, 60, 30 that has been reached within three days.

    Three days wide, so that a job that stood still for a night leaves nobody out; each goes out once.
    """
    return next((step for step in REMIND_AHEAD if step - 3 < days_left <= step), None)
