"""Trust levels of stored documents (材料可信等级), 国办函〔2016〕108号: who stands behind what the state already holds."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from yichuang.core.words import W, Words


class Trust(StrEnum):
    """A is used directly, B is reused, C is checked against the original, D rests on the person's word."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


TRUST_WORDS: Mapping[Trust, Words] = MappingProxyType(
    {
        Trust.A: W("A 级：行政机关签发，可直接使用", "Level A: issued by an authority; used directly"),
        Trust.B: W("B 级：窗口人员核对过原件，可复用", "Level B: checked against the original; may be reused"),
        Trust.C: W("C 级：本人上传，须核对原件", "Level C: uploaded by the person; to be checked against the original"),
        Trust.D: W("D 级：本人自制，承诺属实", "Level D: made by the person, who vouches for it"),
    }
)
