"""What may become of a result (办结之后): the acts by which an organ ends a certificate, each on its own legal grounds.

Like `states`, one closed table of the law; the drawing of proceedings, pages and tests are made from it.
撤销 revoke: it was granted wrongly (行政许可法 art. 69). 撤回 withdraw: it was granted rightly, but the law or the facts
have changed (art. 8). 吊销 forfeit: a penalty (行政许可法 art. 80, 行政处罚法 arts. 9, 44, 63–65). 注销 cancel: nothing is left
that it could serve (art. 70). What is no 行政许可 follows its own law: the ground is the same, the law cited is the item's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from yichuang.cases.values import DocumentKind, DocumentRow
from yichuang.core.words import W, Words
from yichuang.registry.values import CertificateRow, Status, StatusChange, Validity


class EndAct(StrEnum):
    """The four ways in which an organ ends a certificate."""

    REVOKE = "revoke"
    WITHDRAW = "withdraw"
    FORFEIT = "forfeit"
    CANCEL = "cancel"


END_WORDS: Mapping[EndAct, Words] = {
    EndAct.REVOKE: W("撤销", "Revoke (wrongly granted)"),
    EndAct.WITHDRAW: W("撤回", "Withdraw (law or facts changed)"),
    EndAct.FORFEIT: W("吊销", "Forfeit (penalty)"),
    EndAct.CANCEL: W("注销", "Cancel"),
}
STATUS: Mapping[EndAct, Status] = {
    EndAct.REVOKE: Status.REVOKED,
    EndAct.WITHDRAW: Status.WITHDRAWN,
    EndAct.FORFEIT: Status.FORFEITED,
    EndAct.CANCEL: Status.CANCELLED,
}
NOTICE: Mapping[EndAct, DocumentKind] = {
    EndAct.REVOKE: DocumentKind.REVOKE_NOTICE,
    EndAct.WITHDRAW: DocumentKind.WITHDRAW_NOTICE,
    EndAct.FORFEIT: DocumentKind.FORFEIT_NOTICE,
    EndAct.CANCEL: DocumentKind.CANCEL_NOTICE,
}
DECISION: Mapping[EndAct, DocumentKind] = {
    EndAct.REVOKE: DocumentKind.REVOCATION,
    EndAct.WITHDRAW: DocumentKind.TAKING_BACK,
    EndAct.FORFEIT: DocumentKind.FORFEITURE,
    EndAct.CANCEL: DocumentKind.CANCELLATION,
}
HEARD_ON_REQUEST = frozenset({EndAct.REVOKE, EndAct.WITHDRAW, EndAct.FORFEIT})  # 听证; to cancel states a fact
STATEMENT_DAYS = (
    5  # working days to state a defence or ask for a hearing (行政处罚法 arts. 64 (1), 85; the same for all)
)
HEARING_NOTICE_DAYS = (
    7  # working days between the notice of a hearing and the hearing (行政许可法 art. 48 (1), 行政处罚法 art. 64 (2))
)


@dataclass(frozen=True, slots=True)
class EndGround:
    """One ground (事由). `article` is what a permit's papers cite; `told` is False where the law states a fact about which
    there is nothing to be heard (the term ran out, the person died, the holder asked for it)."""

    act: EndAct
    words: Words
    article: str
    told: bool = True
    note: Words | None = None  # what follows from it: compensation, bars
    ended: Validity | None = None  # only of certificates that are worth this


_69, _70, _8 = "《行政许可法》第六十九条", "《行政许可法》第七十条", "《行政许可法》第八条第二款"
_80 = "《行政许可法》第八十条"
_HARM = W(
    "被许可人的合法权益因此受到损害的，行政机关依法给予赔偿（第六十九条第四款）",
    "Damage to the holder's lawful interests is made good by the authority (art. 69 (4))",
)
_LOSS = W(
    "由此给持证人造成财产损失的，行政机关依法给予补偿（第八条第二款）",
    "The authority compensates the holder for the loss of property (art. 8 (2))",
)
_FRAUD = W(
    "基于该结果取得的利益不受保护；直接关系公共安全等事项的，三年内不得再次申请（第六十九条第四款、第七十九条）",
    "Interests gained by it are not protected; where public safety is concerned, no new application for three years (arts. 69, 79)",
)
GROUNDS: Mapping[str, EndGround] = {
    "abuse": EndGround(
        EndAct.REVOKE,
        W("工作人员滥用职权、玩忽职守作出准予决定", "Staff abused their office or neglected their duty in granting it"),
        f"{_69}第一款第（一）项", note=_HARM,
    ),
    "beyond_power": EndGround(
        EndAct.REVOKE, W("超越法定职权作出准予决定", "It was granted beyond the authority's powers"), f"{_69}第一款第（二）项", note=_HARM
    ),
    "procedure": EndGround(
        EndAct.REVOKE, W("违反法定程序作出准予决定", "It was granted against the legal procedure"), f"{_69}第一款第（三）项", note=_HARM
    ),
    "unqualified": EndGround(
        EndAct.REVOKE,
        W("对不具备申请资格或者不符合法定条件的申请人准予", "The applicant was not entitled or did not meet the conditions"),
        f"{_69}第一款第（四）项", note=_HARM,
    ),
    "other_revoke": EndGround(
        EndAct.REVOKE, W("依法可以撤销的其他情形", "Another case in which the law allows it"), f"{_69}第一款第（五）项", note=_HARM
    ),
    "fraud": EndGround(
        EndAct.REVOKE,
        W("以欺骗、贿赂等不正当手段取得", "It was obtained by fraud, bribery or other improper means"),
        f"{_69}第二款", note=_FRAUD,
    ),
    "law_changed": EndGround(
        EndAct.WITHDRAW,
        W("所依据的法律、法规、规章修改或者废止，为了公共利益需要", "The law that it rests on was changed or repealed; the public interest requires it"),
        _8, note=_LOSS,
    ),
    "facts_changed": EndGround(
        EndAct.WITHDRAW,
        W("所依据的客观情况发生重大变化，为了公共利益需要", "The facts that it rests on have changed greatly; the public interest requires it"),
        _8, note=_LOSS,
    ),
    "traded": EndGround(
        EndAct.FORFEIT,
        W("涂改、倒卖、出租、出借证件或者以其他形式非法转让", "The certificate was altered, sold, let, lent or otherwise unlawfully passed on"),
        f"{_80}第（一）项",
    ),
    "beyond_scope": EndGround(
        EndAct.FORFEIT, W("超越许可范围进行活动", "Activity beyond what was permitted"), f"{_80}第（二）项"
    ),
    "hid_facts": EndGround(
        EndAct.FORFEIT,
        W("向监督检查机关隐瞒情况、提供虚假材料或者拒绝提供真实材料", "Facts hidden from inspectors, false papers, or true ones refused"),
        f"{_80}第（三）项",
    ),
    "other_penalty": EndGround(
        EndAct.FORFEIT, W("法律、法规、规章规定应当吊销的其他违法行为", "Another offence for which the law provides forfeiture"), f"{_80}第（四）项"
    ),
    "expired": EndGround(
        EndAct.CANCEL, W("有效期届满未延续", "The term ran out and was not renewed"), f"{_70}第（一）项", told=False, ended="expired"
    ),
    "died": EndGround(
        EndAct.CANCEL, W("持证公民死亡或者丧失行为能力", "The person died or lost legal capacity"), f"{_70}第（二）项", told=False
    ),
    "dissolved": EndGround(
        EndAct.CANCEL, W("法人或者其他组织依法终止", "The organisation was lawfully dissolved"), f"{_70}第（三）项", told=False
    ),
    "impossible": EndGround(
        EndAct.CANCEL, W("因不可抗力导致事项无法实施", "Force majeure makes the matter impossible"), f"{_70}第（五）项"
    ),
    "on_request": EndGround(
        EndAct.CANCEL, W("持证人申请注销", "The holder asked for it"), f"{_70}第（六）项", told=False
    ),
    "other_cancel": EndGround(
        EndAct.CANCEL, W("法律、法规规定应当注销的其他情形", "Another case in which the law requires it"), f"{_70}第（六）项"
    ),
}  # fmt: skip


class Stage(StrEnum):
    """Where such a proceeding stands."""

    TOLD = "told"
    HEARING = "hearing"
    READY = "ready"
    ENDED = "ended"
    DROPPED = "dropped"


class Move(StrEnum):
    """What can be done in it. The value is the act in the ledger of the case that brought the certificate."""

    OPEN = "open-proceeding"
    STATE = "state-defence"
    WAIVE = "waive-defence"
    CALL = "call-hearing"
    HEAR = "record-hearing"
    END = "end-certificate"
    DROP = "drop-proceeding"


STAGE_WORDS: Mapping[Stage, Words] = {
    Stage.TOLD: W("已告知，听取陈述申辩", "Told; the holder may answer"),
    Stage.HEARING: W("申请了听证", "A hearing was asked for"),
    Stage.READY: W("待决定", "To be decided"),
    Stage.ENDED: W("已作出决定", "Decided"),
    Stage.DROPPED: W("已终止，证照继续有效", "Dropped; the certificate stays in force"),
}
MOVE_WORDS: Mapping[Move, Words] = {
    Move.OPEN: W("启动证照处理程序", "opened a proceeding on the certificate"),
    Move.STATE: W("持证人陈述、申辩", "the holder stated a defence"),
    Move.WAIVE: W("持证人表示不陈述、申辩", "the holder waived a defence"),
    Move.CALL: W("通知举行听证", "called a hearing"),
    Move.HEAR: W("举行听证，记入笔录", "held the hearing, on record"),
    Move.END: W("作出终止证照效力的决定", "decided to end the certificate"),
    Move.DROP: W("终止程序，证照继续有效", "dropped the proceeding; the certificate stays in force"),
}
MOVES: Mapping[tuple[Stage, Move], frozenset[Stage]] = {
    (Stage.TOLD, Move.STATE): frozenset({Stage.TOLD, Stage.HEARING}),
    (Stage.TOLD, Move.WAIVE): frozenset({Stage.READY}),
    (Stage.TOLD, Move.END): frozenset({Stage.ENDED}),
    (Stage.TOLD, Move.DROP): frozenset({Stage.DROPPED}),
    (Stage.HEARING, Move.STATE): frozenset({Stage.HEARING}),
    (Stage.HEARING, Move.CALL): frozenset({Stage.HEARING}),
    (Stage.HEARING, Move.HEAR): frozenset({Stage.READY}),
    (Stage.HEARING, Move.DROP): frozenset({Stage.DROPPED}),
    (Stage.READY, Move.END): frozenset({Stage.ENDED}),
    (Stage.READY, Move.DROP): frozenset({Stage.DROPPED}),
}
OPEN_STAGES = frozenset({Stage.TOLD, Stage.HEARING, Stage.READY})
OF_HOLDER = frozenset({Move.STATE, Move.WAIVE})


HOW: Mapping[str, Words] = {"oral": W("口头提出", "By word of mouth"), "written": W("书面提出", "In writing")}


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that did not come online: who gave it, how, and on which day; that day counts, not that of writing it down."""

    who: str
    how: str
    on: date | None

    def line(self, clerk: str) -> str:
        """As the papers say it."""
        return f"{self.who.strip()}于{self.on}{HOW[self.how].zh}，{clerk}记录"


@dataclass(frozen=True, slots=True)
class ProceedingRow:
    """One proceeding as pages show it, to the organ and to the holder alike; `moves` is what the reader may do now."""

    id: UUID
    certificate: UUID
    case_number: str
    version: int
    act: EndAct
    ground: Words
    article: str
    facts: str
    basis: tuple[str, ...]
    stage: Stage
    opened_at: datetime
    opened_by: str
    answer_until: date | None
    statement: str
    stated_at: datetime | None
    wants_hearing: bool
    hearing_on: date | None
    hearing_place: str
    hearing_record: str
    decided_at: datetime | None
    decided_by: str
    reasons: str
    moves: frozenset[Move]
    why_not: tuple[Words, ...] = ()  # why it cannot be decided yet
    may_ask_hearing: bool = False

    @property
    def running(self) -> bool:
        return self.stage in OPEN_STAGES


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """A certificate with all that became of it, for its organ or its holder."""

    row: CertificateRow
    worth: Validity
    fields: tuple[tuple[Words, Words], ...]  # (printed label, value; masked for staff)
    case_number: str
    item: Words
    is_permit: bool
    history: tuple[StatusChange, ...]
    proceedings: tuple[ProceedingRow, ...]
    documents: tuple[DocumentRow, ...]
    may_open: bool = False
    grounds: Mapping[str, EndGround] = field(default_factory=dict)  # that may be chosen now
    laws: Mapping[str, Words] = field(default_factory=dict)  # the item's legal basis: key -> as cited
