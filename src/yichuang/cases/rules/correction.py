"""更正: what a clerical error is, and what it is not. A correction reopens nothing and asks for nothing new.

A wrong value of what was filed, of a certificate, or wrong words of a document are mended; what would change which papers are
needed, by when it is decided, or who the parties are, is no clerical error.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from yichuang.cases.states import ENDS, State
from yichuang.core.refusals import Reason
from yichuang.core.words import YES_NO, W, Words

MOST: Final = 10
LONGEST: Final = 500
SLIP: Final = 4  # characters: two digits changed places or were misread, and with them the check digit
BEFORE_DECISION: Final = frozenset(
    {State.SUBMITTED, State.CORRECTING, State.IN_REVIEW, State.SUSPENDED, State.PREPARED}
)
WITH_RESULT: Final = frozenset({State.GRANTED, State.READY, State.DELIVERED})
STATES: Final[Mapping[str, Collection[State]]] = {
    "form": BEFORE_DECISION | WITH_RESULT,
    "certificate": WITH_RESULT,
    "document": BEFORE_DECISION | WITH_RESULT | ENDS,
}
WISHES_NEEDED = W("请写明要更正的内容（最多 10 项）", "Say what is to be corrected (at most 10 values)")
REASON_NEEDED = W(
    "请写明错在哪里、为什么是笔误（最多 500 字）", "Say why it is a clerical error (at most 500 characters)"
)
TARGET_UNKNOWN = W("没有这一项，不能更正", "There is no such value to correct")
CHOOSE_TARGET = W("请选择哪一项写错了", "Choose which value is wrong")
TWICE = W("同一项只能写一次", "The same value stands there twice")
NOT_NOW = W("办件现在的状态下，这一项不能更正", "In the case's present state this value is not corrected")
VALUE_NEEDED = W("请写明正确的内容", "Say what would be right")
SAME_VALUE = W("与原来的内容相同，无需更正", "It is the same as it stands already")
NOT_AN_OPTION = W("只能是下列之一：{options}", "It can only be one of: {options}")
NOT_A_NUMBER = W("请填写数字", "Write a number")
OLD_NEEDED = W("请写明文书中错误的原文", "Quote the words of the document that are wrong")
NOT_IN_PAPER = W("文书中没有这段原文，请照文书抄写", "The document does not say this: quote it word by word")
NOT_CLERICAL = W(
    "这样更改会改变需要的材料或者办理期限，不属于笔误更正：请按规定补交材料、撤回后重新申请，或者申请变更",
    "This would change which papers are needed or by when it is decided: it is no clerical error. Hand in papers, withdraw "
    "and apply again, or apply for a change of the result",
)
OTHER_PLACE = W(
    "这样更改会改变负责办理的网点，不属于笔误更正：请移送，或者撤回后重新申请",
    "This would change which place answers for the case: it is no clerical error. The case is sent on there, or withdrawn and "
    "filed again",
)
IN_THE_FORM = W(
    "这一项取自申请表，证照按它登记查重：请更正申请表中的这一项，证照随之换发",
    "The certificate takes this from the form and is registered by it: correct it in the form, and the certificate follows",
)
HOLDER_AS_REGISTERED = W(
    "持证人的姓名（名称）只能更正为本系统登记的当事人姓名；持证人变了不属于笔误更正",
    "The holder's name can only become the party's name on record; another holder is no clerical error",
)
NAMES_OTHERS = W(
    "证照在这里写明姓名（名称）或者证件号码：他人的不能由一方更正，与申请表不一致的只能更正为申请表上的；持证人本人的只能更正为"
    "本系统登记的，号码限于个别数字的笔误。其他情形请由有关的人共同申请变更",
    "The certificate says whose it is here, by name or number. Another person's can only become what was filed; the holder's "
    "own can become what is on record, a number only where a few digits were mistyped. Anything else is a change of the "
    "result, which the persons concerned apply for together",
)
BOTH_WAYS = W(
    "证照的这一项随申请表换发：申请表和证照请勿同时更正同一项，只更正申请表即可",
    "The certificate follows the form here: do not correct the same value in both, the form is enough",
)
MEDDLING: Final = "《行政许可法》第三十二条"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a form, as its schema describes it. `kind`: string, integer, number, boolean."""

    pointer: str
    label: Words
    kind: str
    options: Mapping[str, Words] = field(default_factory=dict)
    personal: bool = False
    format: str = ""  # of `catalog.forms.FORMATS`: what kind of identifier it is


def leaf_at(schema: Mapping[str, Any], pointer: str) -> Leaf | None:
    """The single value at a JSON pointer; None for groups, lists, several choices, and promises that can only be agreed to."""
    node: Mapping[str, Any] = schema
    parents: list[Words] = []
    for part in pointer.strip("/").split("/"):
        node = _resolved(node, schema)
        if "properties" in node:
            child = node["properties"].get(part)
        else:
            child = node.get("items") if part.isdecimal() else None
        if not isinstance(child, Mapping):
            return None
        node = child
        parents.append(_label(_resolved(node, schema), part))
    node = _resolved(node, schema)
    kind = _kind(node)
    if kind not in {"string", "integer", "number", "boolean"} or node.get("const") is True:
        return None
    labels: Mapping[str, Any] = node.get("x-options", {})
    options = {str(value): _option(str(value), labels.get(str(value))) for value in node.get("enum") or labels}
    return Leaf(pointer, parents[-1], kind, options, bool(node.get("x-personal")), str(node.get("format", "")))


def _resolved(node: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = node.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return node
    target: Any = root
    for part in reference[2:].split("/"):
        target = target[part]
    return {**_resolved(target, root), **{key: value for key, value in node.items() if key != "$ref"}}


def _kind(node: Mapping[str, Any]) -> str:
    kind = node.get("type", "")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "")
    return str(kind or ("object" if "properties" in node else "string"))


def _label(node: Mapping[str, Any], default: str) -> Words:
    zh = str(node.get("x-label") or node.get("title") or default)
    return Words(zh, str(node.get("x-label-en") or zh))


def _option(value: str, label: Any) -> Words:
    if not isinstance(label, Mapping):
        return Words(str(label or value), str(label or value))
    return Words(label["zh"], label.get("en", label["zh"]))


def read(leaf: Leaf, text: str) -> tuple[Any, Words | None]:
    """(the value that a person's text means, what is wrong with it or None)."""
    text = text.strip()
    if not text:
        return None, VALUE_NEEDED
    if leaf.options:
        for value, label in leaf.options.items():
            if text in {value, label.zh, label.en}:
                return value, None
        known = Words("、".join(w.zh for w in leaf.options.values()), ", ".join(w.en for w in leaf.options.values()))
        return None, NOT_AN_OPTION.format(options=known)
    if leaf.kind == "boolean":
        names = {name.lower(): yes for yes, words in YES_NO.items() for name in (words.zh, words.en, str(yes))}
        said_yes = names.get(text.lower())
        return said_yes, None if said_yes is not None else NOT_AN_OPTION.format(options=W("是、否", "Yes, No"))
    if leaf.kind in {"integer", "number"}:
        return _number(leaf, text)
    return text, None


def _number(leaf: Leaf, text: str) -> tuple[Any, Words | None]:
    plain = text.removeprefix("-").replace(".", "", 1 if leaf.kind == "number" else 0)
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 16):
        return None, NOT_A_NUMBER
    return (float(text) if "." in text else int(text)), None


def said(leaf: Leaf, value: Any) -> str:
    """The value as a paper prints it (Chinese); a dash where nothing stands."""
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return YES_NO[value].zh
    return leaf.options[str(value)].zh if str(value) in leaf.options else str(value)


def value_at(form: Any, pointer: str) -> Any:
    """What stands in the form; None where nothing does."""
    for part in pointer.strip("/").split("/"):
        if isinstance(form, Mapping):
            form = form.get(part)
        elif isinstance(form, Sequence) and not isinstance(form, str) and part.isdecimal() and int(part) < len(form):
            form = form[int(part)]
        else:
            return None
    return form


def with_value(form: Mapping[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """The form with another value; groups that are not there yet come to be, rows of lists do not."""
    changed = deepcopy(dict(form))
    here: Any = changed
    *way, last = pointer.strip("/").split("/")
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    here[int(last) if isinstance(here, list) else last] = value
    return changed


def in_paper(values: Any, words: str) -> bool:
    """Whether a document says these words somewhere."""
    if isinstance(values, str):
        return words in values
    if isinstance(values, Mapping):
        return any(in_paper(value, words) for value in values.values())
    return isinstance(values, Sequence) and any(in_paper(value, words) for value in values)


def new_faults(before: Sequence[Reason], after: Sequence[Reason]) -> list[Reason]:
    """What is wrong with the corrected form and was not before: a date that has passed meanwhile is nobody's mistake."""
    known = {(reason.code, reason.field) for reason in before}
    return [reason for reason in after if (reason.code, reason.field) not in known]


def faults_of_request(targets: Sequence[str], reason: str) -> list[Reason]:
    """What is wrong with the request as a whole."""
    faults = []
    if not 1 <= len(targets) <= MOST:
        faults.append(Reason("WISHES_NEEDED", WISHES_NEEDED, "/lines"))
    if len(set(targets)) != len(targets):
        faults.append(Reason("TWICE", TWICE, "/lines"))
    if not 1 <= len(reason.strip()) <= LONGEST:
        faults.append(Reason("REASON_NEEDED", REASON_NEEDED, "/reason"))
    return faults


def renamed(filed: Mapping[str, Any], mended: Mapping[str, Any], whose: Mapping[str, str | None]) -> list[str]:
    """The lines on which the certificate would name another than was filed.

    `whose`: the lines that name somebody, with what the holder's record says there, None where a line is not the holder's.
    A line may become what was filed, and the holder's own what is on record. Who else is on a certificate agrees to be
    renamed by applying for the change; a licence goes to no other operator. [民法典 art. 220, 行政许可法 art. 9]
    """
    return [
        key
        for key, own in whose.items()
        if mended.get(key) != filed.get(key) and (own is None or mended.get(key) != own)
    ]


def slip(old: str, new: str) -> bool:
    """Whether one identity number is the other mistyped. Relatives' and namesakes' numbers differ in more (the day of birth).

    A resident's number that was filed at all has a right check digit: a slip changes two characters at least. [GB 11643]
    """
    old, new = old.strip().upper(), new.strip().upper()
    return len(old) == len(new) and sum(one != other for one, other in zip(old, new, strict=True)) <= SLIP
