"""共同签署: may signatures be asked for, may this person sign? Every reason why not, at once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yichuang.cases.cosigning import SIGNATURE_WORDS, SIGNING_WORDS, SignatureState, SigningState
from yichuang.catalog.values import NamedSigner
from yichuang.core.identifiers import normal_id, normal_name
from yichuang.core.refusals import Reason
from yichuang.core.words import W

MOST = 40  # people who sign one filing
NOBODY = Reason("NOBODY_ELSE", W("这份申请不需要别人签署", "Nobody else has to sign this application"))
NOT_NAMED = Reason(
    "NOT_A_SIGNER",
    W("发起签署的人要是申请表里的签署人", "Who asks for signatures has to be one of those who sign"),
)
TOO_MANY = Reason(
    "TOO_MANY_SIGNERS",
    W(f"最多 {MOST} 人网上签署，请到窗口办理", f"At most {MOST} people sign online; please come to a window"),
)
_NAME = Reason(
    "NAME_DIFFERS",
    W(
        "申请表里的姓名和您的登记姓名不一致，请让发起人改正",
        "The form does not bear your name: ask for it to be put right",
    ),
)
_OWN_NAME = Reason(
    "NAME_DIFFERS", W("申请表里您的姓名与登记姓名不一致", "The form does not bear the name under which you are known")
)
_READ = Reason("NOT_READ", W("请先阅读，再勾选同意", "Read it first, then tick that you agree"), "/agreed")
_CHANGED = Reason("CHANGED", W("内容有变化，请重新阅读", "What is signed has changed: please read it again"), "/mark")
REASON_NEEDED = Reason("REASON_NEEDED", W("请写明不同意的理由", "Say why you do not agree"), "/reason")
NUMBER_DIFFERS = Reason(
    "DOCUMENT_DIFFERS", W("证件号码与签署人的不一致", "The number of the document is not the signer’s"), "/id_no"
)
CANNOT = W("{state}，不能再签", "This can no longer be signed: {state}")


@dataclass(frozen=True, slots=True)
class Before:
    """How a signature stands when somebody comes to sign or refuse."""

    state: SignatureState
    signing: SigningState
    expires_at: datetime
    name: str


def why_not_ask(signers: Sequence[NamedSigner], number: str, name: str) -> list[Reason]:
    """Why signatures cannot be asked for, by the person of this number and name; empty when they can."""
    own = next((one for one in signers if one.number == normal_id(number)), None)
    if len(signers) < 2 and (own or not signers):
        return [NOBODY]
    found = [NOT_NAMED] if own is None else []
    if own is not None and normal_name(own.name) != normal_name(name):
        found.append(_OWN_NAME)
    return found + ([TOO_MANY] if len(signers) > MOST else [])


def why_closed(before: Before, at: datetime) -> list[Reason]:
    """Why nothing can be signed or refused any more."""
    if before.signing is not SigningState.OPEN:
        return [Reason("SIGNING_OVER", CANNOT.format(state=SIGNING_WORDS[before.signing]))]
    if at >= before.expires_at:
        return [Reason("SIGNING_OVER", CANNOT.format(state=SIGNING_WORDS[SigningState.EXPIRED]))]
    if before.state is not SignatureState.ASKED:
        return [Reason("SIGNED_ALREADY", CANNOT.format(state=SIGNATURE_WORDS[before.state]))]
    return []


def why_not_sign(before: Before, *, name: str, mark: str, read: str, agreed: bool) -> list[Reason]:
    """Why this signature does not count: another name, something else was read, nothing was agreed to."""
    found = [] if normal_name(before.name) == normal_name(name) else [_NAME]
    found += [] if mark == read else [_CHANGED]
    return found + ([] if agreed else [_READ])
