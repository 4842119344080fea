"""One test of a value: what a cell, `in` and a comparison ask."""

from collections.abc import Callable

from yichuang.engine.feel.budget import charge
from yichuang.engine.feel.doubt import Run, Scope, hollow
from yichuang.engine.feel.kinds import Range, Unknown, Val
from yichuang.engine.feel.library.ranges import inside
from yichuang.engine.feel.library.same import equals, same
from yichuang.engine.feel.order import decide_order


def holds(value: Val, test: Val) -> Val:
    """The right side of `in`."""
    if isinstance(test, Range):
        return same(value, test) if isinstance(value, Range) else inside(value, test)
    if isinstance(test, tuple):
        if any(holds(value, item) is True if isinstance(item, Range | tuple) else same(value, item) for item in test):
            return True
        return same(value, test)
    truth = equals(value, test)
    if isinstance(truth, Unknown):
        return test if isinstance(test, bool) else None
    return truth


def order_full(op: str, left: Val, right: Val) -> Val:
    """A comparison of what is known as a whole."""
    return None if hollow(left) or hollow(right) else decide_order(op, left, right)


def whole_tester(op: str | None, test: Run) -> Callable[[Val, Scope], Val]:
    """A test where null on either side answers nothing."""

    def judge(value: Val, scope: Scope) -> Val:
        known = test(scope)
        charge(scope, value, known)
        if hollow(value) or hollow(known):
            return None
        return decide_order(op, value, known) if op else holds(value, known)

    return judge
