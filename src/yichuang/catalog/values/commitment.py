"""告知承诺制: what an item lets its applicants promise instead of proving it first (国办发〔2020〕42号)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from yichuang.core.words import W, Words

if TYPE_CHECKING:
    from yichuang.engine.values import Expression

CommitmentKind = Literal["permit", "proof"]
CheckWay = Literal["site", "data", "papers"]
COMMITMENT_KINDS: Mapping[str, Words] = {
    "permit": W("涉企经营许可告知承诺", "Licence on a commitment"),
    "proof": W("证明事项告知承诺", "Commitment instead of a proof"),
}
CHECK_WAYS: Mapping[str, Words] = {
    "site": W("现场核查", "On site, by two inspectors"),
    "data": W("数据核对", "Against the data of the registers"),
    "papers": W("查验材料", "By papers that are asked for"),
}
RISKS: Mapping[str, Words] = {"low": W("低", "low"), "medium": W("中", "medium"), "high": W("高", "high")}


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise that may stand for conditions or papers. It is made where `when` holds, by the applicant's own choice.

    `conditions` are checked after the decision instead of before it; papers in `replaces` need not be handed in. The
    letter tells `told`, and the applicant promises `promises`. Kept or not is looked at within `check_days` working days
    of the decision by the post `check_post`. `mend_days`: working days at most in which to put right what was not kept;
    0 where nothing can be (what was stated was not true). `published`: where the letter may be read; None: nowhere.
    """

    code: str
    name: Words
    kind: CommitmentKind
    when: Expression
    conditions: tuple[str, ...]
    replaces: tuple[str, ...]
    told: tuple[Words, ...]
    promises: tuple[Words, ...]
    check_days: int
    check_post: str
    check_how: CheckWay
    check_words: Words
    mend_days: int
    consequence: Words
    published: Words | None
    risk: str
    basis: str
    source: str
