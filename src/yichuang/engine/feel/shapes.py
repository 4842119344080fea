"""What kind of value a condition gives, before any value is there: the check of a pack asks it."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from yichuang.core.words import Words
from yichuang.engine.feel.infer import Remark, base_of, called, remarks_on
from yichuang.engine.feel.parse import parse
from yichuang.engine.feel.types import ANY, Basic, ContextType, ListType, Type, World

# A leaf names a kind ("number", "string", "boolean", "date", …; "" where it is not known); a list has one shape for all.
Shape: TypeAlias = "str | Sequence[Shape] | Mapping[str, Shape]"


def type_of(shape: Shape) -> Type:
    """The FEEL type of a shape."""
    if isinstance(shape, str):
        return Basic(shape) if shape else ANY
    if isinstance(shape, Mapping):
        return ContextType(tuple((name, type_of(one)) for name, one in shape.items()))
    return ListType(type_of(shape[0]))


def kind_of_text(text: str, shape: Mapping[str, Shape]) -> tuple[str, list[Remark]]:
    """The kind of what a condition gives ("list", "context"; "" where it cannot be told), and what is wrong in it.

    Raises `ExpressionError` for what cannot be read.
    """
    found, remarks = remarks_on(parse(text), {name: type_of(one) for name, one in shape.items()}, World())
    match base_of(found):
        case Basic(kind):
            return kind, remarks
        case ListType():
            return "list", remarks
        case ContextType():
            return "context", remarks
    return "", remarks


def kind_words(kind: str) -> Words:
    """A kind in words."""
    return called(kind)
