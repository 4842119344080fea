"""What a commitment (告知承诺) of an item may be: freely chosen, of no high risk, standing for something, checked by the organ.

国办发〔2020〕42号: the applicant chooses between the promise and the usual way; nothing of high risk is done on a promise.
"""

from collections.abc import Iterator, Mapping

from yichuang.catalog.packs.documents import Document
from yichuang.catalog.values import Commitment, Pack, PackFault, Question
from yichuang.core.words import W

Found = tuple[str, str, str, str]  # what of the commitment, code, zh, en


def commitment_faults(pack: Pack, documents: Mapping[str, Document]) -> Iterator[PackFault]:
    """Every fault of the commitments of a built pack."""
    document = documents["item.yaml"]
    for n, one in enumerate(pack.commitments):
        for check in (_choice, _stands_for, _organ):
            for part, code, zh, en in check(pack, one):
                yield document.fault(f"/commitments/{n}{part}", code, W(zh, en))
    shown = {code for example in pack.examples for code in example.expect.get("commitments", ())}
    for n, one in enumerate(pack.commitments):
        if one.code not in shown:
            words = W(f"没有例子写出承诺 {one.code}", f"No example expects the commitment {one.code}")
            yield document.fault(f"/commitments/{n}", "COMMITMENT_EXAMPLE", words)


def _choice(pack: Pack, one: Commitment) -> Iterator[Found]:
    """It hangs on answers alone, one of them a free choice that can also be made the other way."""
    asked = {f"answers.{question.id}": question for question in pack.questions}
    strange = sorted(path for path in one.when.paths if path not in asked)
    if strange:
        zh = f"承诺只能由情形问题决定，不能用 {'、'.join(strange)}"
        yield "/when", "COMMITMENT_WHEN", zh, f"A commitment hangs on answers alone, not on {', '.join(strange)}"
    chosen = [asked[path] for path in sorted(one.when.paths) if path in asked and asked[path].choice]
    if not any(_may_say_no(one, question) for question in chosen):
        zh = "申请人应能自由选择承诺或者一般程序：用一个 choice 问题，并至少有一个不承诺的选项"
        en = "The applicant is free to promise or to go the usual way: a question with `choice`, one option without the promise"
        yield "/when", "COMMITMENT_CHOICE", zh, en


def _may_say_no(one: Commitment, question: Question) -> bool:
    said = [
        one.when.truth({"answers": {question.id: option.value}, "form": {}, "facts": {}}) for option in question.options
    ]
    return any(truth is False for truth in said) and any(truth is not False for truth in said)


def _stands_for(pack: Pack, one: Commitment) -> Iterator[Found]:
    if not one.conditions and not one.replaces:
        zh, en = "承诺要代替条件或者材料", "A commitment stands for conditions or papers"
        yield "", "COMMITMENT_EMPTY", zh, en
    known = {condition.code: condition for condition in pack.conditions}
    for n, code in enumerate(one.conditions):
        if code not in known:
            yield f"/conditions/{n}", "COMMITMENT_CONDITION", f"没有条件 {code}", f"There is no condition {code}"
        elif known[code].check is not None:
            zh = f"条件 {code} 由数据判断，不用承诺"
            yield f"/conditions/{n}", "COMMITMENT_CONDITION", zh, f"{code} is judged by data: nothing to promise"
    for n, code in enumerate(one.replaces):
        if code not in pack.material_codes:
            yield f"/replaces/{n}", "COMMITMENT_MATERIAL", f"没有材料 {code}", f"There is no material {code}"
        elif pack.material(code).necessity == "optional":
            zh = f"材料 {code} 本来就可以不交"
            yield f"/replaces/{n}", "COMMITMENT_MATERIAL", zh, f"{code} need not be handed in anyway"


def _organ(pack: Pack, one: Commitment) -> Iterator[Found]:
    if one.risk == "high":
        zh = "高风险的事项不适用告知承诺（国办发〔2020〕42号）"
        yield (
            "/risk",
            "COMMITMENT_RISK",
            zh,
            "Nothing of high risk is done on a promise (State Council Office 2020 No. 42)",
        )
    if not one.check_post.startswith(f"{pack.department}."):
        zh, en = "后续核查由实施主体的岗位负责", "A post of the competent department makes the check"
        yield "/check/post", "COMMITMENT_POST", zh, en
