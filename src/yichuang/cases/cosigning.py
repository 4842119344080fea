"""共同签署: the closed tables and frozen rows of a filing that several people sign (docs/adr/0027); public like `states`."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from yichuang.core.words import W, Words


class SigningState(StrEnum):
    """Where the signing of a draft stands."""

    OPEN = "open"
    FILED = "filed"
    REFUSED = "refused"
    VOID = "void"
    EXPIRED = "expired"
    ENDED = "ended"
    STUCK = "stuck"


SIGNING_WORDS: dict[SigningState, Words] = {
    SigningState.OPEN: W("等待签署", "Waiting for signatures"),
    SigningState.FILED: W("全部签署，已提交", "All have signed, and it is filed"),
    SigningState.REFUSED: W("有人不同意签署，没有提交", "Somebody refused to sign; nothing was filed"),
    SigningState.VOID: W("内容改过，签署作废", "What was signed has changed; the signatures are void"),
    SigningState.EXPIRED: W("到期还没有签齐，没有提交", "Not everybody signed in time; nothing was filed"),
    SigningState.ENDED: W("发起人已撤回", "Taken back by the one who asked"),
    SigningState.STUCK: W("都签了，但没能提交", "All have signed, but it could not be filed"),
}


class SignatureState(StrEnum):
    """What one person did."""

    ASKED = "asked"
    SIGNED = "signed"
    REFUSED = "refused"


SIGNATURE_WORDS: dict[SignatureState, Words] = {
    SignatureState.ASKED: W("还没签", "Not yet"),
    SignatureState.SIGNED: W("已签署", "Signed"),
    SignatureState.REFUSED: W("不同意", "Refused"),
}
HOW_WORDS: dict[str, Words] = {
    "password": W("网上签署（登录密码核验本人）", "online, confirmed by password"),
    "sms": W("网上签署（短信验证码核验本人）", "online, confirmed by a code"),
    "counter": W("窗口签署（当面核验证件）", "at a window, the document seen"),
}


def digest_of(
    answers: Mapping[str, Any], form: Mapping[str, Any], materials: Mapping[str, Any], **more: Collection[str]
) -> str:
    """What is signed, in 64 hex digits: of the same answers, form and files always the same. `more`: what else counts with
    it, where there is any."""
    papers = {code: sorted(map(str, ids)) for code, ids in materials.items() if ids}
    also = {name: part for name, part in more.items() if part}
    told = json.dumps(
        [answers, form, papers, *([also] if also else [])],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignerRow:
    """One who has to sign, as the one who asked reads it: the number masked, the reason of a refusal in their own words."""

    id: UUID
    name: str
    number_masked: str
    roles: tuple[Words, ...]
    signs: tuple[Words, ...]
    state: SignatureState
    at: datetime | None
    how: str
    reason: str


@dataclass(frozen=True, slots=True)
class SigningPage:
    """The signing of one draft, for the one who asked for it. `number` of the case once it is filed; `why` it could not be."""

    id: UUID
    draft: UUID
    item_code: str
    item: Words
    state: SigningState
    asked_at: datetime
    expires_at: datetime
    signers: tuple[SignerRow, ...]
    number: str
    why: tuple[Words, ...]

    @property
    def missing(self) -> tuple[SignerRow, ...]:
        """Who has not signed yet."""
        return tuple(one for one in self.signers if one.state is SignatureState.ASKED)


@dataclass(frozen=True, slots=True)
class SignaturePage:
    """What one person is asked to sign: the whole filing as it will be filed, under its mark.

    `answers` and `form` are what they sign; `materials` the codes of papers that go with it, `fetched` of those that may be
    fetched instead. All are empty for who had not signed when it was over.
    """

    id: UUID
    signing: UUID
    item_code: str
    item_version: int
    item: Words
    owner: UUID
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    roles: tuple[Words, ...]
    signs: tuple[Words, ...]
    state: SignatureState
    signing_state: SigningState
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    materials: tuple[str, ...]
    fetched: tuple[str, ...]
    mark: str

    @property
    def is_open(self) -> bool:
        """Whether it can still be signed or refused."""
        return self.state is SignatureState.ASKED and self.signing_state is SigningState.OPEN


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature brought about: the case, when it was the last one."""

    signing: UUID
    state: SigningState
    case: UUID | None = None
    judged: bool = False
