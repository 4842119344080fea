"""Item definitions to types (DMN 1.5, 7.3.3)."""

from collections.abc import Callable, Mapping
from typing import Final

from yichuang.engine.dmn.model import ItemDefinition
from yichuang.engine.feel.budget import BUDGET, Budget
from yichuang.engine.feel.decide import INPUT, Run, decide
from yichuang.engine.feel.kinds import Val
from yichuang.engine.feel.scan import ExpressionError
from yichuang.engine.feel.types import (
    ANY,
    BASIC,
    Basic,
    ContextType,
    FunctionType,
    Limited,
    ListType,
    Type,
    World,
)
from yichuang.engine.feel.wide import parse_tests

MAX_DEPTH: Final = 30
Miss = Callable[[ItemDefinition, str], None]


def types_of(items: tuple[ItemDefinition, ...], imported: Mapping[str, Type], miss: Miss) -> dict[str, Type]:
    """Every type by its name; `miss` hears of names that are no type, and of texts that cannot be read."""
    maker = _Maker({item.name: item for item in items}, dict(imported), miss)
    for item in items:
        maker.named(item.name)
    return maker.done


class _Maker:
    def __init__(self, items: dict[str, ItemDefinition], done: dict[str, Type], miss: Miss) -> None:
        self.items = items
        self.done = done
        self.miss = miss
        self.under_way: set[str] = set()

    def named(self, name: str) -> Type | None:
        """The type of a name: one of FEEL's, or one of the file."""
        if name in self.done:
            return self.done[name]
        item = self.items.get(name)
        if item is None or name in self.under_way or len(self.under_way) > MAX_DEPTH:
            return Basic(BASIC[name]) if name in BASIC else ANY if name in {"Any", ""} else None
        self.under_way.add(name)
        self.done[name] = self.made(item)
        self.under_way.discard(name)
        return self.done[name]

    def made(self, item: ItemDefinition) -> Type:
        """The type that a definition makes."""
        if item.function is not None:
            params = tuple(self.named(name) or ANY for name in item.function[0])
            base: Type = FunctionType(params, self.named(item.function[1]) or ANY)
        elif item.parts:
            base = ContextType(tuple((part.name, self.made(part)) for part in item.parts))
        else:
            found = self.named(item.type_ref)
            if found is None:
                self.miss(item, item.type_ref)
            base = found or ANY
        if item.allowed is not None:
            base = limited(base, item.allowed.text, lambda: self.miss(item, ""))
        return ListType(base) if item.is_list else base


def limited(base: Type, text: str, bad: Callable[[], None]) -> Type:
    """A type of which only the values are allowed for which the unary tests hold."""
    try:
        run = decide(parse_tests(text), World())
    except ExpressionError:
        bad()
        return base
    return Limited(base, allower(run), text)


def allower(run: Run) -> Callable[[Val], bool]:
    """Whether unary tests hold for a value (for every item of a list)."""

    def allows(value: Val) -> bool:
        return run({INPUT: value, BUDGET: Budget(10_000)}) is True

    return allows
