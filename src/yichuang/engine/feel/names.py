"""Names with spaces and signs ("loan amount", "x-y"): which of the known ones stands here, the longest first.

FEEL's names can only be told from arithmetic by who knows them (DMN 1.5, 10.3.1.2: the scope drives the scanner).
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from yichuang.engine.feel.scan import ExpressionError, Token, scan

PROPERTIES: Final = ("time offset", "start included", "end included")  # of times and ranges (DMN 1.5, table 65)


@lru_cache(maxsize=4096)
def pieces(name: str) -> tuple[str, ...]:
    """The tokens that a name is made of."""
    try:
        return tuple(token.text for token in scan(name, wide=True)[:-1])
    except ExpressionError:
        return ()


class Names:
    """A book of names; it grows while a text is read (keys of contexts, parameters of functions)."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Remember a name."""
        tokens = pieces(name)
        if not tokens:
            return
        known = self._by_first.setdefault(tokens[0], [])
        if (tokens, name) not in known:
            known.append((tokens, name))
            known.sort(key=lambda one: -len(one[0]))

    def match(self, tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
        """The longest known name that stands at a token, and of how many tokens it is made."""
        for parts, name in self._by_first.get(tokens[at].text, ()):
            here = tokens[at : at + len(parts)]
            if len(here) == len(parts) and all(t.text == p for t, p in zip(here, parts, strict=True)):
                return name, len(parts)
        return None
