"""How sure one may be of a rule set (规则集): what people said of the same cases, when it may decide alone, when it must stop.

Sources: Clopper & Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
Biometrika 26 (1934) 404–413 (the exact upper limit); 个人信息保护法 art. 24 (automated decisions are fair, and there is a person
to turn to).
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from math import exp, expm1, lgamma, log, log1p
from typing import Final

from yichuang.cases.instant import Mode
from yichuang.cases.rulesets import AGREES, CONTRADICTS, Evidence, MatrixRow, Outcome, Said
from yichuang.core.refusals import Reason
from yichuang.core.words import W

RISK: Final = 0.05  # one-sided: the share of false approvals lies above the limit in one world of twenty
LEAST: Final = 30  # approvals compared, whatever the bound: below that nobody has seen the table at work
MOST: Final = 10_000_000  # more cases than any bound that can be kept asks for
LEAST_PERCENT: Final = Decimal(1)  # of what is decided alone is always looked at
STILL_NEEDED = W(
    "人工比对还不够：已比对 {n} 件自动通过的判断，其中错批 {wrong} 件；在不再出错的情况下还需要 {needed} 件",
    "Not compared often enough: {n} approvals were compared, {wrong} of them false; {needed} more are needed, none of them false",
)
NOT_SHADOW = W("只有“只比对、不决定”的规则集可以启用自动办理", "Only a rule set that compares can be let decide alone")
OWN_TABLE = W(
    "您起草、提交或者发布了这份决策表，这件事须由别人提出和同意",
    "You wrote, proposed or published this table: this is for others to ask and to confirm",
)
OWN_TABLE_LOOK = W(
    "您起草、提交或者发布了这份决策表，请由同事来看",
    "You wrote, proposed or published this table: a colleague looks at what it decided",
)
OWN_RULES_LOOK = W(
    "您起草、提交或者发布了这份决策表，或者提出、同意过让它自动办理，请由同事来看",
    "You wrote, proposed or published this table, or had a hand in letting it decide alone: a colleague looks at what it decided",
)
CONTROLS: Final = Decimal(50)  # of a hundred re-checks so many bring a control along
REFUSED: Final = Decimal(50)  # and of a hundred controls so many are cases that people refused, where there are any
STOPPED = W(
    "抽查和复核了 {checked} 件自动办理，其中 {wrong} 件不应当批，超过允许的比例，系统已自动停用，后续由工作人员办理",
    "Of {checked} automatic decisions that people looked at, {wrong} should not have been made, more than is allowed: switched off by itself; people decide from now on",
)
STOPPED_GRAVE = W(
    "抽查和复核了 {checked} 件自动办理，发现有性质严重的错批（{grave} 件），系统已自动停用，后续由工作人员办理",
    "Of {checked} automatic decisions that people looked at, {grave} were gravely wrong: switched off by itself; people decide from now on",
)
STILL_ALONE = W(
    "正在自动办理的规则集不能从头积累，请先停用",
    "A rule set that decides alone keeps its evidence: switch it off first",
)
NOT_OFF = W("只有停用的规则集需要恢复比对", "Only a rule set that is switched off is let compare again")
PERCENT = W(
    "抽查比例须在 1% 到 100% 之间，最多两位小数",
    "The share of re-checks lies between 1% and 100%, with two decimals at most",
)


def outcome_of(
    *,
    state: str,
    outcome: str,
    mended: bool,
    decided: bool,
    acted: bool,
    recheck: str,
    stands: bool | None,
    revoked: bool,
) -> Outcome:
    """What people have said of a case, as the matrix counts it.

    `state` and `outcome` of the case; `mended`: a notice of what is missing was given, or papers were promised;
    `decided`: by a person; `acted`: by the table alone; `recheck` "" | "grant" | "not"; `stands`: a review that the
    applicant asked for; `revoked`: the certificate was revoked (撤销). A control of re-checkers says nothing of the table.
    """
    if revoked:
        return Outcome.WRONG
    if acted:
        if recheck == "not" or stands is False:
            return Outcome.WRONG
        return Outcome.RIGHT if recheck == "grant" or stands else Outcome.OPEN
    if state == "NOT_ACCEPTED":
        return Outcome.DENIED
    if outcome:
        return _decided(outcome, mended) if decided else Outcome.DEEMED
    return Outcome.ENDED if state in {"WITHDRAWN", "TERMINATED"} else Outcome.OPEN


def _decided(outcome: str, mended: bool) -> Outcome:
    if outcome == "deny":
        return Outcome.DENIED
    return Outcome.MENDED if mended else Outcome.GRANTED


def matrix(said: Iterable[Said]) -> tuple[MatrixRow, ...]:
    """A line for each verdict, then one for each rule's result, by how often it hit."""
    found: dict[tuple[str, str], Counter[Outcome]] = {("approve", ""): Counter(), ("person", ""): Counter()}
    for one in said:
        codes = one.codes if one.verdict == "person" else ()
        for code in ("", *dict.fromkeys(codes)):
            found.setdefault((one.verdict, code), Counter())[one.outcome] += one.count
    rows = [MatrixRow(verdict, code, dict(counts)) for (verdict, code), counts in found.items()]
    return tuple(sorted(rows, key=lambda row: (bool(row.code), row.verdict, -row.total, row.code)))


def upper_bound(n: int, wrong: int, risk: float = RISK) -> float:
    """The share of false ones is at most this, unless chance of `risk` has its day (Clopper–Pearson, one-sided, exact).

    The p at which `wrong` or fewer among `n` have the probability `risk`; 1 where nothing was compared.
    """
    if not 0 <= wrong <= n:
        raise ValueError(f"{wrong} of {n}")
    if wrong == n:
        return 1.0
    if wrong == 0:
        return -expm1(log(risk) / n)
    low, high = wrong / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, n, middle) > risk:
            low = middle
        else:
            high = middle
    return high


def _at_most(k: int, n: int, p: float) -> float:
    """P(X ≤ k) of a binomial, 0 < p < 1: from the largest term down, until what is left is nothing."""
    term = exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p))
    total, odds = term, (1 - p) / p
    for i in range(k, 0, -1):
        term *= i / (n - i + 1) * odds
        total += term
        if term < total * 1e-16:
            break
    return total


def needed(n: int, wrong: int, bound: float) -> int:
    """How many approvals more, none of them false, until `upper_bound` is at most the bound (and `LEAST` were seen).

    `MOST` where no number of them would do: a bound of nothing.
    """
    if n >= LEAST and upper_bound(n, wrong) <= bound:
        return 0
    low, high = max(0, LEAST - n - 1), MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if upper_bound(n + middle, wrong) <= bound else (middle, high)
    return high


def evidence(said: Iterable[Said], bound: Decimal) -> Evidence:
    """What the approvals that people judged too say of the rule set, as far as they count still."""
    counts: Counter[Outcome] = Counter()
    for one in said:
        if one.verdict == "approve" and (one.proves if one.outcome in AGREES else one.counts):
            counts[one.outcome] += one.count
    wrong = sum(counts[outcome] for outcome in CONTRADICTS)
    compared = wrong + sum(counts[outcome] for outcome in AGREES)
    return Evidence(compared, wrong, upper_bound(compared, wrong), float(bound), needed(compared, wrong, float(bound)))


def judge_promotion(mode: Mode, found: Evidence) -> list[Reason]:
    """Everything that speaks against letting it decide alone."""
    faults = [] if mode is Mode.SHADOW else [Reason("NOT_SHADOW", NOT_SHADOW)]
    if not found.met:
        words = STILL_NEEDED.format(n=found.compared, wrong=found.wrong, needed=found.needed)
        faults.append(Reason("NOT_COMPARED_ENOUGH", words))
    return faults


def brake_falls(*, checked: int, wrong: int, grave: int, bound: Decimal) -> bool:
    """Whether what was decided alone must stop: of what was `checked` since it was let, more than the allowed share was
    wrong; or one was wrong in a way that the pack calls grave, or should not have been granted at all.

    It falls by what was seen, not by what is certain: stopping costs people a day. It is let go again only by the full
    evidence, gathered anew (`judge_promotion`): so it does not flutter.
    """
    return grave > 0 or wrong > bound * checked


def is_drawn(score: str, percent: Decimal) -> bool:
    """Whether a decision is drawn (抽查): `score` is a keyed hash of it in hex (`core.crypto.blind_index`), so that nobody
    who decides, or files, can know it beforehand, and who asks again is told the same."""
    return int(score[:12], 16) < int(percent * 16**12 / 100)


def judge_percent(percent: Decimal) -> list[Reason]:
    """What is wrong with a share of re-checks, in per cent."""
    fits = percent.is_finite() and LEAST_PERCENT <= percent <= 100 and percent == round(percent, 2)
    return [] if fits else [Reason("PERCENT_WRONG", PERCENT, "/percent")]
