"""Numbers of organisations: unified social credit code (GB 32100-2015) and organisation code (GB 11714-1997)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yichuang.core.identifiers.checksums import USCC_ALPHABET, org_check, uscc_check
from yichuang.core.identifiers.persons import normal_id
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words

KINDS: Mapping[str, Words] = {
    "11": W("机关", "Government authority"),
    "12": W("事业单位", "Public institution"),
    "13": W("编办直接管理机构编制的群众团体", "Mass organisation"),
    "51": W("社会团体", "Social organisation"),
    "52": W("民办非企业单位", "Private non-enterprise unit"),
    "53": W("基金会", "Foundation"),
    "91": W("企业", "Enterprise"),
    "92": W("个体工商户", "Individual business"),
    "93": W("农民专业合作社", "Farmers' cooperative"),
}


@dataclass(frozen=True, slots=True)
class Uscc:
    """The parts of a code: registering authority and kind, region, and the body's own number."""

    kind: str
    region: str
    org_code: str

    @property
    def kind_words(self) -> Words:
        return KINDS.get(self.kind, W("其他组织", "Other organisation"))


def check_uscc(text: str, *, field: str | None = None) -> list[Reason]:
    """All reasons against a unified social credit code (统一社会信用代码).

    Its inner organisation code may fail its own check: legacy registers did so (`uscc_doubts` tells, nobody blocks).
    """
    code = normal_id(text)
    if len(code) != 18:
        words = W(
            "统一社会信用代码应为 18 位，您填写了 {n} 位，请核对",
            "A unified social credit code has 18 characters, you entered {n}; please check",
        )
        return [Reason("USCC_FORMAT", words.format(n=len(code)), field)]
    strange = next(((i, c) for i, c in enumerate(code, start=1) if c not in USCC_ALPHABET), None)
    if strange is not None:
        words = W(
            "统一社会信用代码第 {i} 位“{c}”有误：代码只含数字和除 I、O、S、V、Z 以外的大写字母",
            "Character {i} of the unified social credit code (“{c}”) is wrong: "
            "only digits and letters other than I, O, S, V, Z occur",
        )
        return [Reason("USCC_CHARACTER", words.format(i=strange[0], c=strange[1]), field)]
    if not re.fullmatch(r"[0-9]{6}", code[2:8]):
        words = W(
            "统一社会信用代码第 3–8 位应为数字，请核对",
            "Characters 3–8 of a unified social credit code are digits; please check",
        )
        return [Reason("USCC_REGION", words, field)]
    expected = uscc_check(code[:17])
    if code[17] == expected:
        return []
    words = W(
        "统一社会信用代码第 18 位应为 {c}，请核对",
        "The 18th character of this unified social credit code should be {c}; please check the whole code",
    )
    return [Reason("USCC_CHECK_DIGIT", words.format(c=expected), field)]


def uscc_doubts(text: str) -> list[Reason]:
    """What a clerk should look at, but what never blocks: the inner organisation code fails its own check."""
    code = normal_id(text)
    if check_uscc(code) or not check_org_code(code[8:17]):
        return []
    words = W(
        "组织机构代码段校验不符，请核对证照原件", "The organisation code inside fails its check; see the original"
    )
    return [Reason("USCC_ORG_CODE_DOUBT", words)]


def parse_uscc(text: str) -> Uscc:
    """The parts of a right code; ValueError otherwise."""
    code = normal_id(text)
    if check_uscc(code):
        raise ValueError("not a unified social credit code")
    return Uscc(code[:2], code[2:8], code[8:17])


def check_org_code(text: str, *, field: str | None = None) -> list[Reason]:
    """All reasons against an organisation code (组织机构代码): eight characters and a check, with or without hyphen."""
    code = normal_id(text)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        words = W("组织机构代码应为 9 位，请核对", "An organisation code has 9 characters; please check")
        return [Reason("ORG_CODE_FORMAT", words, field)]
    expected = org_check(code[:8])
    if code[8] == expected:
        return []
    words = W(
        "组织机构代码第 9 位应为 {c}，请核对",
        "The 9th character of this organisation code should be {c}; please check",
    )
    return [Reason("ORG_CODE_CHECK_DIGIT", words.format(c=expected), field)]
