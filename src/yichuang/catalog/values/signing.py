"""共同签署: who has to sign a filing besides the one who files it, and what each of them signs."""

from dataclasses import dataclass

from yichuang.core.words import Words
from yichuang.engine.values import Expression


@dataclass(frozen=True, slots=True)
class SignerSpec:
    """People whom the form names: `number` and `name` give one or several identity numbers and names.

    `role` is what they are ("股东"), `signs` what their signature says ("同意章程、认缴出资").
    """

    number: Expression
    name: Expression
    role: Words
    signs: Words


@dataclass(frozen=True, slots=True)
class SigningSpec:
    """`papers`: codes of materials that the signatures of all stand for. `days`: how long they are waited for."""

    signers: tuple[SignerSpec, ...]
    papers: frozenset[str]
    days: int
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class NamedSigner:
    """One person whom a form names as signer, with everything that they are in it and sign."""

    number: str
    name: str
    roles: tuple[Words, ...]
    signs: tuple[Words, ...]
