"""A condition, compiled once: `compile_expression(text)`."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from yichuang.core.words import Words
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.build import Run, build
from yichuang.engine.feel.explain import Clause, Part, free_names, judge, part_of
from yichuang.engine.feel.kinds import Unknown, Val
from yichuang.engine.feel.parse import parse
from yichuang.engine.feel.scan import ExpressionError


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds (None: cannot be known, which nobody may take for yes), and which parts decided."""

    holds: bool | None
    because: tuple[Clause, ...]

    def __bool__(self) -> bool:
        return self.holds is True


@dataclass(frozen=True, slots=True)
class Expression:
    """`names` are the variables it reads ("dog"), `paths` the ways into them ("dog.breed")."""

    text: str
    names: frozenset[str]
    paths: frozenset[str]
    _run: Run = field(repr=False, compare=False)
    _part: Part = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, object]) -> Val:
        """The value; None when it is null or cannot be known. Never raises for what the values hold."""
        try:
            value = self._run(values)
        except RecursionError:  # values nested beyond all reason
            return None
        return None if isinstance(value, Unknown) else value

    def truth(self, values: Mapping[str, object]) -> bool | None:
        """What `holds` says, without the reason: for whoever asks only whether."""
        value = self.evaluate(values)
        return value if isinstance(value, bool) else None

    def holds(self, values: Mapping[str, object]) -> Verdict:
        """Three-valued, with the reason. A result that is not a truth value is unknown."""
        try:
            truth, because = judge(self._part, self.text, values)
        except RecursionError:  # values nested beyond all reason
            return Verdict(None, ())
        return Verdict(truth if isinstance(truth, bool) else None, because)


def compile_expression(text: str, *, names: Collection[str] | None = None) -> Expression:
    """Read a FEEL condition. With `names` ("dog" or "dog.breed"), others are refused. Raises `ExpressionError`."""
    tree = parse(text)
    used = tuple(free_names(tree))
    if names is not None:
        known = frozenset(names)
        for name in used:
            _check(name, known)
    return Expression(
        text=text,
        names=frozenset(name.path[0] for name in used),
        paths=frozenset(".".join(name.path) for name in used),
        _run=build(tree),
        _part=part_of(tree),
    )


@lru_cache(maxsize=256)
def _sorted_names(known: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The names inside which nothing is listed (anything may stand behind them), and every name that a known one starts with."""
    starting = {one.rsplit(".", cut)[0] for one in known for cut in range(one.count(".") + 1)}
    inner = {one.rsplit(".", cut)[0] for one in known for cut in range(1, one.count(".") + 1)}
    return known - inner, frozenset(starting)


def _check(name: n.Name, known: frozenset[str]) -> None:
    """A path is known when it, the start of it, or something inside it is listed."""
    whole = ".".join(name.path)
    starts = {".".join(name.path[:length]) for length in range(1, len(name.path) + 1)}
    leaves, starting = _sorted_names(known)
    if starts & leaves or whole in starting:
        return
    near = difflib.get_close_matches(whole, sorted(known), n=1)
    hint_zh, hint_en = (f"，是不是“{near[0]}”？", f"; did you mean “{near[0]}”?") if near else ("", "")
    words = Words(f"没有“{whole}”这个名称{hint_zh}", f"There is no “{whole}”{hint_en}")
    raise ExpressionError(words, name.start + 1)
