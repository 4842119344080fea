"""What is asked of the applicant's situation: questions, conditions, facts from registers, checks over the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from yichuang.core.words import Words

if TYPE_CHECKING:
    from yichuang.engine.values import Expression


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Words
    hint: Words | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """情形引导: one question; `when` (FEEL over answers) says whether it is asked at all. `choice`: the applicant is free to
    choose, and no fact hangs on it."""

    id: str
    text: Words
    help: Words | None
    options: tuple[Option, ...]
    when: Expression | None = None
    basis: str = ""
    source: str = ""
    choice: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """受理条件. `check` (FEEL over answers, form, facts, today) must hold; without it a person judges.

    False blocks with `code` and `refusal`. Unknown (a fact that no register could give) goes to a person.
    """

    code: str
    text: Words
    check: Expression | None
    refusal: Words | None
    basis: str = ""
    source: str = ""
    field: str | None = None


@dataclass(frozen=True, slots=True)
class FormRule:
    """One check over several fields of the form. `level` "warning" tells, but does not refuse."""

    code: str
    check: Expression
    fields: tuple[str, ...]
    words: Words
    level: Literal["error", "warning"] = "error"
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that the filing room asks of a register before judging, by the name conditions use (`facts.<name>`).

    provider "certificates": number of VALID certificates of type `certificate` whose `key` (a name in
    `ResultSpec.keys`, or "holder") has the value that this form gives; `within`: whose name is a part of the one in
    this form (晨露 of 老晨露), by a key that is compared by sound. provider "business_name": what speaks by itself
    against the name at the pointer `group` of the form ("fine", or a code of `business_names`). "face": how alike a
    platform found the applicant's face (0 to 1), where they agreed to that. "staff": a person answers.
    """

    name: str
    words: Words
    provider: Literal["certificates", "business_name", "face", "staff"]
    certificate: str = ""
    key: str = ""
    source: str = ""
    group: str = ""
    within: bool = False
