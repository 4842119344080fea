"""The rest of FEEL's grammar, for decisions: names with spaces, filters, loops, contexts, functions, types, cells.

The grammar of conditions (`parse.py`) underneath, the same tree; only what stands below is added (DMN 1.5, 10.3.1.2).
"""

from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final, cast

from yichuang.core.words import Words
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.kinds import Val
from yichuang.engine.feel.library import FUNCTIONS
from yichuang.engine.feel.names import PROPERTIES, Names
from yichuang.engine.feel.parse import MAX_DIGITS, Parser
from yichuang.engine.feel.scan import ExpressionError, Token, scan, unquote_wide
from yichuang.engine.feel.times import read_date, read_moment, read_span, read_time

_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_NEVER_NAMES: Final = frozenset({"and", "or", "in", "between", "then", "else", "satisfies", "return", "instance"})
_SIGNS_IN_NAMES: Final = frozenset({"-", "+", "*", "/", "'", "."})
_BUILTINS: Final = Names([*FUNCTIONS, "not"])
_ROUND: Final = Context(prec=MAX_DIGITS)
MAX_TESTS: Final = 500  # of one cell


def parse_decision(text: str, names: Iterable[str] = ()) -> n.Tree:
    """The tree of an expression of a decision; `names` are those it may see. Raises `ExpressionError`."""
    parser = _whole(text, names)
    return parser.to_the_end(parser.expression())


def parse_tests(text: str, names: Iterable[str] = ()) -> n.UnaryTests:
    """The tree of a cell: unary tests of the input, which is called `?`. Raises `ExpressionError`."""
    return _tests(text, frozenset(names))


@lru_cache(maxsize=4096)
def _tests(text: str, names: frozenset[str]) -> n.UnaryTests:
    """Trees never change, and the cells of a table say the same few things many times."""
    parser = _whole(text, names)
    return cast(n.UnaryTests, parser.cell())


def _whole(text: str, names: Iterable[str]) -> "WideParser":
    parser = WideParser(scan(text, wide=True), Names(names))
    if parser.now.kind == "end":
        raise ExpressionError(Words("这里是空的", "There is nothing here"), 1)
    return parser


class WideParser(Parser):
    """Recursive descent over all of FEEL."""

    def __init__(self, tokens: tuple[Token, ...], names: Names) -> None:
        super().__init__(tokens)
        self.names = names
        for name in PROPERTIES:
            names.add(name)

    def to_the_end(self, tree: n.Tree) -> n.Tree:
        """The tree, if nothing is left over."""
        if self.now.kind != "end":
            raise self.unexpected()
        return tree

    # -- cells
    def cell(self) -> n.Tree:
        """`-`, `not(tests)` or tests."""
        end = self.tokens[-1].end
        if self.is_("-") and self.peek().kind == "end":
            return n.UnaryTests((), False, start=0, end=end)
        if self.is_("not") and self.peek().text == "(":
            self.at += 2
            tests = self.cell_tests()
            if self.skip(")") and self.now.kind == "end":
                return n.UnaryTests(tests, True, start=0, end=end)
            self.at = 0
        tests = self.cell_tests()
        return self.to_the_end(n.UnaryTests(tests, False, start=0, end=end))

    def cell_tests(self) -> tuple[tuple[n.Comparison | None, n.Tree], ...]:
        """One test after the other; each a comparison with the input, a range, or a value."""
        tests = [self.cell_test()]
        while self.skip(","):
            tests.append(self.cell_test())
            if len(tests) > MAX_TESTS:
                words = Words("一格最多 {n} 项", "At most {n} tests in a cell").format(n=MAX_TESTS)
                raise ExpressionError(words, self.now.column)
        return tuple(tests)

    def cell_test(self) -> tuple[n.Comparison | None, n.Tree]:
        if self.now.kind == "op" and self.now.text in _COMPARISONS:
            return self.test()
        return None, self.expression()

    # -- operators
    def comparison(self) -> n.Tree:
        start, left = self.now.start, super().comparison()
        while self.is_("instance"):
            self.take()
            self.expect("of")
            left = n.InstanceOf(left, self.kind(), start=start, end=self.done)
        return left

    def sum_(self) -> n.Tree:
        """`instance of` binds more tightly than a comparison."""
        start, left = self.now.start, super().sum_()
        while self.is_("instance") and self.peek().text == "of":
            self.at += 2
            left = n.InstanceOf(left, self.kind(), start=start, end=self.done)
        return left

    def factor(self) -> n.Tree:
        start, base = self.now.start, self.unary()
        while self.skip("**"):
            base = n.Power(base, self.unary(), start=start, end=self.done)
        return base

    def postfix(self) -> n.Tree:
        start = self.now.start
        base = self.primary()
        while True:
            if self.is_(".") and self.peek().kind == "name":
                base = self.member(base, start)
            elif self.is_("("):
                base = self.invoke(base, start)
            elif self.is_("["):
                found = self.filter(base, start)
                if found is None:
                    return base
                base = found
            else:
                return base

    def member(self, base: n.Tree, start: int) -> n.Tree:
        self.take()
        found = self.names.match(self.tokens, self.at)
        name, count = found or (self.now.text, 1)
        self.at += count
        if isinstance(base, n.Name):
            return n.Name((*base.path, name), start=start, end=self.done)
        if isinstance(base, n.Path):
            return n.Path(base.base, (*base.path, name), start=start, end=self.done)
        return n.Path(base, (name,), start=start, end=self.done)

    def filter(self, base: n.Tree, start: int) -> n.Tree | None:
        """`xs[…]`; None where the bracket closes a range instead: `]1..5[`."""
        before, depth = self.at, self.depth
        self.take()
        try:
            test = self.expression()
            self.expect("]")
        except ExpressionError:
            if self.open_ranges == 0:
                raise
            self.at, self.depth = before, depth
            return None
        return n.Filter(base, test, start=start, end=self.done)

    open_ranges = 0

    def invoke(self, function: n.Tree, start: int) -> n.Tree:
        self.take()
        args: list[n.Tree] = []
        names: list[str] = []
        while not self.is_(")"):
            if args:
                self.expect(",")
            name = self.label()
            if name is not None:
                names.append(name)
            args.append(self.expression())
        self.take()
        if names and len(names) != len(args):
            words = Words("参数要么都写名称，要么都不写", "Name all the arguments or none of them")
            raise ExpressionError(words, start + 1)
        return n.Invoke(function, tuple(args), tuple(names) if names else None, start=start, end=self.done)

    def label(self) -> str | None:
        """`name:` before an argument or an entry; nothing is taken when there is none."""
        ahead = self.at
        if self.now.kind == "string" and self.peek().text == ":":
            name = unquote_wide(self.now)
            self.at += 2
            return name
        while self.tokens[ahead].kind in {"name", "number"} or self.tokens[ahead].text in _SIGNS_IN_NAMES:
            ahead += 1
        if self.tokens[ahead].text != ":" or ahead == self.at:
            return None
        name = self.spelled(ahead)
        self.at += 1
        return name

    def spelled(self, until: int) -> str:
        """The name written from here, never the very first place, to a token, with single spaces where the text has any."""
        parts: list[str] = []
        for before, token in zip(self.tokens[self.at - 1 : until - 1], self.tokens[self.at : until], strict=False):
            parts.append((" " if parts and token.start > before.end else "") + token.text)
        self.at = until
        return "".join(parts)

    def fresh_name(self, *ends: str) -> str:
        """A name that is made here: everything up to one of `ends`."""
        ahead = self.at
        while self.tokens[ahead].kind in {"name", "number"} or self.tokens[ahead].text in _SIGNS_IN_NAMES:
            if self.tokens[ahead].text in ends:
                break
            ahead += 1
        if ahead == self.at or self.now.kind != "name" or self.tokens[ahead].text not in ends:
            raise self.unexpected()
        name = self.spelled(ahead)
        self.names.add(name)
        return name

    # -- what stands alone
    def primary(self) -> n.Tree:
        if self.is_("{"):
            return self.context()
        if self.is_("(") and self.peek().text in _COMPARISONS:
            return self.half_range()
        return super().primary()

    def number(self) -> n.Tree:
        token = self.take()
        value = _ROUND.create_decimal(token.text)
        if abs(value.adjusted()) > 6144:
            raise ExpressionError(Words("数字太大", "The number is too large"), token.column)
        if self.now.kind == "name" and self.now.start == token.end:
            words = Words("数字和名称连在了一起", "A number and a name run together")
            raise ExpressionError(words, self.now.column)
        return n.Literal_(Decimal(value), start=token.start, end=token.end)

    def quoted(self) -> n.Tree:
        token = self.take()
        text = unquote_wide(token)
        value: Val = text
        if token.text.startswith("@"):
            value = read_literal(text)
            if value is None:
                words = Words("“{a}”不是日期、时间，也不是时长", "“{a}” is no date, time or duration").format(a=text)
                raise ExpressionError(words, token.column)
        return n.Literal_(value, start=token.start, end=token.end)

    def half_range(self) -> n.Tree:
        """`(< 5)`: all that is less."""
        opening = self.take()
        op = self.take().text
        self.open_ranges += 1
        value = self.sum_()
        self.open_ranges -= 1
        self.expect(")")
        none = n.Literal_(None, start=value.start, end=value.start)
        low, high = (none if op in {"<", "<="} else value), (none if op in {">", ">="} else value)
        closed = op in {"=", "!="}
        return n.RangeOf(low, high, closed or op == ">=", closed or op == "<=", op, start=opening.start, end=self.done)

    def bracket(self) -> n.Tree:
        self.open_ranges += 1
        try:
            return super().bracket()
        finally:
            self.open_ranges -= 1

    def context(self) -> n.Tree:
        opening = self.take()
        entries: list[tuple[str, n.Tree]] = []
        while not self.is_("}"):
            if entries:
                self.expect(",")
            name = self.label()
            if name is None or name in {key for key, _ in entries}:
                raise self.unexpected()
            value = self.expression()
            self.names.add(name)
            entries.append((name, value))
        self.take()
        return n.ContextOf(tuple(entries), start=opening.start, end=self.done)

    def word(self) -> n.Tree:
        token = self.now
        found = max(
            (one for one in (self.names.match(self.tokens, self.at), _BUILTINS.match(self.tokens, self.at)) if one),
            key=lambda one: one[1],
            default=None,
        )
        if found is not None and (found[1] > 1 or token.text not in self.words()):
            self.at += found[1]
            return n.Name((found[0],), start=token.start, end=self.done)
        if token.text in _CONSTANTS:
            self.take()
            return n.Literal_(_CONSTANTS[token.text], start=token.start, end=token.end)
        read = self.words().get(token.text)
        if read is not None:
            return read()
        if token.text in _NEVER_NAMES:
            raise self.unexpected()
        self.take()
        return n.Name((token.text,), start=token.start, end=token.end)

    def words(self) -> dict[str, Callable[[], n.Tree]]:
        return {
            "if": self.if_,
            "some": self.quantified,
            "every": self.quantified,
            "for": self.loop,
            "function": self.function,
        }

    def sources(self) -> tuple[tuple[str, n.Tree], ...]:
        sources: list[tuple[str, n.Tree]] = []
        while not sources or self.skip(","):
            name = self.fresh_name("in")
            self.expect("in")
            start, low = self.now.start, self.expression()
            if self.skip(".."):
                low = n.Steps(low, self.expression(), start=start, end=self.done)
            sources.append((name, low))
        return tuple(sources)

    def quantified(self) -> n.Tree:
        opening = self.take()
        sources = self.sources()
        self.expect("satisfies")
        body = self.expression()
        return n.Quantified(opening.text == "some", sources, body, start=opening.start, end=self.done)

    def loop(self) -> n.Tree:
        opening = self.take()
        sources = self.sources()
        self.expect("return")
        self.names.add("partial")
        return n.For(sources, self.expression(), start=opening.start, end=self.done)

    def function(self) -> n.Tree:
        opening = self.take()
        self.expect("(")
        params: list[tuple[str, n.Kind | None]] = []
        while not self.skip(")"):
            if params:
                self.expect(",")
            name = self.fresh_name(":", ",", ")")
            params.append((name, self.kind() if self.skip(":") else None))
        external = self.skip("external")
        body = self.expression()
        return n.FunctionOf(tuple(params), None if external else body, start=opening.start, end=self.done)

    # -- types
    def kind(self) -> n.Kind:
        """A type as written."""
        self.depth += 1
        if self.depth > 40:
            raise self.unexpected()
        word = self.now.text
        if word in {"list", "range"} and self.peek().text == "<":
            self.at += 2
            inner = self.kind()
            self.expect(">")
            kind = n.Kind(word, (("", inner),))
        elif word == "context" and self.peek().text == "<":
            self.at += 2
            kind = n.Kind(word, self.fields())
        elif word == "function" and self.peek().text == "<":
            self.at += 2
            kind = self.function_kind()
        else:
            kind = n.Kind(self.kind_name())
        self.depth -= 1
        return kind

    def fields(self) -> tuple[tuple[str, n.Kind], ...]:
        fields: list[tuple[str, n.Kind]] = []
        while not self.skip(">"):
            if fields:
                self.expect(",")
            name = self.label()
            if name is None:
                raise self.unexpected()
            fields.append((name, self.kind()))
        return tuple(fields)

    def function_kind(self) -> n.Kind:
        params: list[tuple[str, n.Kind]] = []
        while not self.skip(">"):
            if params:
                self.expect(",")
            params.append(("", self.kind()))
        self.expect("->")
        return n.Kind("function", tuple(params), self.kind())

    def kind_name(self) -> str:
        if self.now.kind != "name":
            raise self.unexpected()
        if self.is_("date") and [self.peek(1).text, self.peek(2).text] == ["and", "time"]:
            self.at += 3
            return "date and time"
        for words in ("years and months duration", "days and time duration"):
            if [self.peek(i).text for i in range(len(words.split()))] == words.split():
                self.at += len(words.split())
                return words
        found = self.names.match(self.tokens, self.at)
        name, count = found or (self.now.text, 1)
        self.at += count
        while self.is_(".") and self.peek().kind == "name":
            self.take()
            name = f"{name}.{self.take().text}"
        return name


def read_literal(text: str) -> Val:
    """What stands behind @: a date, a time, a moment or a duration; None when it is none of them."""
    for read in (read_date, read_time, read_moment, read_span):
        value = read(text)
        if value is not None:
            return value
    return None
