"""告知承诺 with a filing: what is to be signed, why it may not be, and the signature (docs/adr/0023)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from yichuang.cases import papers, promises
from yichuang.cases.commitments import letter_for
from yichuang.cases.models import Case, SignedCommitment
from yichuang.cases.values import DocumentKind
from yichuang.catalog.values import CHECK_WAYS, COMMITMENT_KINDS, Commitment, Pack, Requirements
from yichuang.core.actors import Actor
from yichuang.core.compiled import build, insert
from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.people.values import PartyRow, Proof

LAW = "《国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）"
BARRED = W(
    "您有未履行告知承诺的记录，修复前不适用告知承诺，请选择一般程序",
    "A commitment that was not kept is on record: until it is repaired, please take the usual way",
)
UNSIGNED = W(
    "请阅读告知承诺书，勾选“我已阅读并作出以上承诺”；不承诺的，请回到“您的情况”选择一般程序",
    "Read the letter of commitment and tick “I have read this and promise it”; or go back to your situation and choose the usual way",
)
OTHER_LETTER = W(
    "承诺的内容已经变动，请重新阅读后再签署", "What is promised has changed since you read it: please read it again"
)
PROOF_NEEDED = W("签署告知承诺书，请确认是您本人", "To sign the letter of commitment, please prove that it is you")
SIGN_WAYS = {
    "password": "网上签署（登录密码核验本人）",
    "sms": "网上签署（短信验证码核验本人）",
    "window": "窗口签署",
}


class Signed(Protocol):
    """Of a filing: the mark of the letter that was read and promised ("" for none), and the proof of who signs."""

    @property
    def commitment(self) -> str: ...
    @property
    def proof(self) -> Proof | None: ...


def why_not_promise(pack: Pack, needs: Requirements, applicant: UUID) -> list[Reason]:
    """Why this applicant may promise nothing: a broken commitment that is not repaired. Asks nothing where none is chosen."""
    if not needs.commitments or not promises.is_barred(applicant, from_commitments=True):
        return []
    return [Reason("COMMITMENT_BARRED", BARRED, _chosen_at(pack, needs.commitments), LAW)]


def why_unsigned(pack: Pack, needs: Requirements, *, mark: str) -> list[Reason]:
    """What stands against the signature beside the proof of who signs: asked first, so that no code is spent in vain."""
    wanted = letter_for(pack, needs.commitments).mark
    if mark == wanted:
        return []
    return [Reason("LETTER_CHANGED", OTHER_LETTER, "/letter") if mark else Reason("NOT_COMMITTED", UNSIGNED, "/agreed")]


def faults_of(actor: Actor, filing: Signed, pack: Pack, needs: Requirements, applicant: UUID) -> list[Reason]:
    """Everything that keeps the filing from resting on what is promised; nothing where nothing is."""
    reasons = why_not_promise(pack, needs, applicant)
    reasons += why_unsigned(pack, needs, mark=filing.commitment)
    if needs.commitments and actor.kind == "person" and filing.proof is None:
        reasons.append(Reason("PROOF_NEEDED", PROOF_NEEDED, "/password"))
    return reasons


def sign(
    case: Case, pack: Pack, needs: Requirements, *, actor: Actor, proof: Proof | None, applicant: PartyRow, at: datetime
) -> tuple[UUID, ...]:
    """Write down what was signed, a letter for each commitment; called by the filing, which vouches for it."""
    return tuple(_signed(case, pack, one, actor, proof, applicant, at) for one in needs.commitments)


def _signed(
    case: Case, pack: Pack, one: Commitment, actor: Actor, proof: Proof | None, applicant: PartyRow, at: datetime
) -> UUID:
    way = proof.how if proof else "window"
    values = _letter(pack, one) | {"sign_way": SIGN_WAYS[way]} | ({"signer": actor.name} if proof else {})
    document = papers.issue_document(
        case, DocumentKind.COMMITMENT, actor=actor, at=at, values=values, applicant=applicant
    )
    row = build(
        SignedCommitment,
        case_id=case.id,
        code=one.code,
        name_zh=one.name.zh,
        name_en=one.name.en,
        post=one.check_post,
        how=one.check_how,
        document=document,
        signed_at=at,
        sign_way=way,
    )
    insert([row])
    case.fresh.append(row)
    return document


def _letter(pack: Pack, one: Commitment) -> dict[str, object]:
    conditions = [condition.text.zh for condition in pack.conditions if condition.code in one.conditions]
    spared = [pack.material(code).name.zh for code in one.replaces]
    return {
        "commitment_name": one.name.zh,
        "commitment_kind": COMMITMENT_KINDS[one.kind].zh,
        "basis": pack.cite(one.basis),
        "promised_conditions": conditions,
        "spared": "、".join(spared),
        "told": [words.zh for words in one.told],
        "promises": [words.zh for words in one.promises],
        "check_way": f"{CHECK_WAYS[one.check_how].zh}：{one.check_words.zh}",
        "check_within": f"作出决定之日起 {one.check_days} 个工作日内",
        "consequence": one.consequence.zh,
        "published": one.published.zh if one.published else "不公开",
    }


def _chosen_at(pack: Pack, commitments: Sequence[Commitment]) -> str:
    """The question by which the first of them was chosen."""
    paths = {path.partition(".")[2] for path in commitments[0].when.paths}
    return next((f"/{question.id}" for question in pack.questions if question.choice and question.id in paths), "")
