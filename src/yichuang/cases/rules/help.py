"""求助: what a request for help must say; consents are ticks, and no kind of help goes without those that it needs."""

from collections.abc import Callable, Collection
from typing import Final

from yichuang.cases.helping import CONSENT_WORDS, NEEDED, Consent, HelpKind
from yichuang.core.refusals import Reason
from yichuang.core.words import W

LONGEST: Final = 1000
KIND_NEEDED = W("请选择需要哪一种帮助", "Choose the kind of help")
TEXT_NEEDED = W("请写明需要什么帮助（最多 1000 字）", "Say what help you need (at most 1,000 characters)")
ADDRESS_NEEDED = W("上门办请写明地址（5 至 200 字）", "For a visit, give the address (5 to 200 characters)")
WISHED_TOO_LONG = W("希望的时间最多 200 字", "The wished times: at most 200 characters")
CONSENT_NEEDED = W("这种帮助需要您同意：{consent}", "This kind of help needs your consent: {consent}")
SHOWING: Final = frozenset({Consent.PHONE, Consent.PROGRESS})  # what a clerk reads of somebody by them
REGISTERED_BY_YOU = W(
    "这个求助由您在窗口登记，授权包含查看手机号或者办件进度：请由同事接单，或者请本人登录后在求助中关联办件",
    "You registered this request at the window with consent to see the mobile number or how cases go: a colleague takes it, or "
    "the person signs in and links a case to it first",
)
CONSENT_UNKNOWN = W("没有这一项授权", "There is no such consent")


def judge(
    *, kind: str, text: str, address: str, wished: str, consents: Collection[str]
) -> list[Reason]:  # fmt: skip
    """Everything that is wrong with a request, at once."""
    faults = []
    if kind not in set(HelpKind):
        faults.append(Reason("KIND_NEEDED", KIND_NEEDED, "/kind"))
    if not 1 <= len(text.strip()) <= LONGEST:
        faults.append(Reason("TEXT_NEEDED", TEXT_NEEDED, "/text"))
    if kind == HelpKind.VISIT and not 5 <= len(address.strip()) <= 200:
        faults.append(Reason("ADDRESS_NEEDED", ADDRESS_NEEDED, "/address"))
    if len(wished.strip()) > 200:
        faults.append(Reason("WISHED_TOO_LONG", WISHED_TOO_LONG, "/wished"))
    if set(consents) - set(Consent):
        faults.append(Reason("CONSENT_UNKNOWN", CONSENT_UNKNOWN, "/consents"))
    return faults + [
        Reason("CONSENT_NEEDED", CONSENT_NEEDED.format(consent=CONSENT_WORDS[one]), "/consents")
        for one in sorted(missing(kind, consents))
    ]


def may_hold(consents: Collection[str], *, registered: bool, known_to_asker: Callable[[], bool]) -> bool:
    """Whether somebody may help with a request: not who `registered` it at a window with consents that show a telephone number
    or how cases go, unless the person has since done a step of it in their own account (`known_to_asker`)."""
    return not (registered and SHOWING & set(consents)) or known_to_asker()


def missing(kind: str, consents: Collection[str]) -> frozenset[Consent]:
    """The consents that this kind of help cannot do without and that are not given."""
    return (
        frozenset(one for one in NEEDED[HelpKind(kind)] if one not in consents)
        if kind in set(HelpKind)
        else frozenset()
    )
