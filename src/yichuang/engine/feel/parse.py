"""Tokens to a tree, by recursive descent. Depth is limited, so that no text can exhaust the stack."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final, cast

from yichuang.core.words import Words
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.arith import parse_date, parse_duration, parse_moment
from yichuang.engine.feel.builtins import FUNCTIONS, SPACED
from yichuang.engine.feel.kinds import Val
from yichuang.engine.feel.scan import ExpressionError, Token, scan, unquote

MAX_DEPTH: Final = 40
MAX_DIGITS: Final = 34  # of a decimal128
RESERVED: Final = frozenset(
    {"and", "or", "in", "between", "if", "then", "else", "some", "every", "satisfies", "true", "false", "null"}
)
_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def parse(text: str) -> n.Tree:
    """The tree of the whole text. Raises `ExpressionError` at the first fault."""
    parser = Parser(scan(text))
    if parser.now.kind == "end":
        raise ExpressionError(Words("条件是空的", "The condition is empty"), 1)
    tree = parser.expression()
    if parser.peek(0).kind != "end":
        raise parser.unexpected()
    return tree


class Parser:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    # -- moving on
    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.now
        self.at += 1
        return token

    def is_(self, *texts: str) -> bool:
        return self.now.kind in {"op", "name"} and self.now.text in texts

    def skip(self, text: str) -> bool:
        if self.is_(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        if not self.is_(text):
            found = self.now.text or "结尾"
            words = Words(
                f"这里应为“{text}”，却是“{found}”",
                f"Expected “{text}” here, found “{self.now.text or 'the end'}”",
            )
            raise ExpressionError(words, self.now.column)
        return self.take()

    def unexpected(self) -> ExpressionError:
        token = self.now
        if token.text == "**":
            return ExpressionError(Words("不支持乘方", "Powers are not supported"), token.column)
        if token.kind == "end":
            return ExpressionError(Words("条件没有写完", "The condition breaks off"), token.column)
        words = Words("这里不应有“{a}”", "“{a}” does not belong here").format(a=token.text)
        return ExpressionError(words, token.column)

    @property
    def done(self) -> int:
        """Where the last token taken ends."""
        return self.tokens[self.at - 1].end

    # -- the grammar, weakest binding first (DMN 1.5, 10.3.1.2)
    def expression(self) -> n.Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            words = Words("嵌套太深，最多 {n} 层", "Nested too deeply: at most {n} levels").format(n=MAX_DEPTH)
            raise ExpressionError(words, self.now.column)
        tree = self.disjunction()
        self.depth -= 1
        return tree

    def disjunction(self) -> n.Tree:
        start, parts = self.now.start, [self.conjunction()]
        while self.skip("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else n.Or(tuple(parts), start=start, end=self.done)

    def conjunction(self) -> n.Tree:
        start, parts = self.now.start, [self.comparison()]
        while self.skip("and"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else n.And(tuple(parts), start=start, end=self.done)

    def comparison(self) -> n.Tree:
        start, left = self.now.start, self.sum_()  # where it begins: a bracket opens before the tree inside it
        while True:
            if self.now.kind == "op" and self.now.text in _COMPARISONS:
                op = cast(n.Comparison, self.take().text)
                if self.is_("="):
                    raise ExpressionError(Words("相等写作一个 =", "Equality is a single ="), self.now.column)
                left = n.Compare(op, left, self.sum_(), start=start, end=self.done)
                if self.peek(0).text in _COMPARISONS:
                    words = Words("比较不能连写，请用 and 或 between", "Comparisons do not chain: use and, or between")
                    raise ExpressionError(words, self.now.column)
            elif self.skip("between"):
                begun, low = self.now.start, self.sum_()
                self.expect("and")
                span = n.RangeOf(low, self.sum_(), True, True, start=begun, end=self.done)
                left = n.In(left, ((None, span),), start=start, end=self.done)
            elif self.skip("in"):
                left = n.In(left, self.tests(), start=start, end=self.done)
            else:
                return left

    def tests(self) -> tuple[tuple[n.Comparison | None, n.Tree], ...]:
        if not self.is_("("):
            return (self.test(),)
        start = self.at
        self.take()
        tests = [self.test()]
        if self.is_(".."):  # (1..5] is a range, not a list of tests
            self.at = start
            return (self.test(),)
        while self.skip(","):
            tests.append(self.test())
        self.expect(")")
        return tuple(tests)

    def test(self) -> tuple[n.Comparison | None, n.Tree]:
        if self.now.kind == "op" and self.now.text in _COMPARISONS:
            op = cast(n.Comparison, self.take().text)
            return op, self.sum_()
        return None, self.sum_()

    def sum_(self) -> n.Tree:
        return self.chain(("+", "-"), self.product)

    def product(self) -> n.Tree:
        return self.chain(("*", "/"), self.factor)

    def factor(self) -> n.Tree:
        """What products are made of; decisions have powers here."""
        return self.unary()

    def chain(self, ops: tuple[str, ...], read: Callable[[], n.Tree]) -> n.Tree:
        start, first = self.now.start, read()
        rest: list[tuple[str, n.Tree]] = []
        while self.is_(*ops):
            rest.append((self.take().text, read()))
        return n.Arithmetic(first, tuple(rest), start=start, end=self.done) if rest else first

    def unary(self) -> n.Tree:
        start = self.now.start
        minuses = 0
        while self.skip("-"):
            minuses += 1
        part = self.postfix()
        return n.Negate(part, start=start, end=self.done) if minuses % 2 else part

    def postfix(self) -> n.Tree:
        start = self.now.start
        base = self.primary()
        path: list[str] = []
        while self.is_(".") and self.peek().kind == "name":
            self.take()
            path.append(self.take().text)
        if not path:
            return base
        if isinstance(base, n.Name):
            return n.Name((*base.path, *path), start=start, end=self.done)
        return n.Path(base, tuple(path), start=start, end=self.done)

    # -- what stands alone
    def primary(self) -> n.Tree:
        token = self.now
        if token.kind == "number":
            return self.number()
        if token.kind == "string":
            return self.quoted()
        if token.kind == "name":
            return self.word()
        if token.text in {"(", "[", "]"}:
            return self.bracket()
        raise self.unexpected()

    def number(self) -> n.Tree:
        token = self.take()
        if len(token.text.replace(".", "")) > MAX_DIGITS:
            words = Words("数字太长，最多 {n} 位", "The number is too long: at most {n} digits").format(n=MAX_DIGITS)
            raise ExpressionError(words, token.column)
        if self.now.kind == "name" and self.now.start == token.end:
            words = Words("数字和名称连在了一起", "A number and a name run together")
            raise ExpressionError(words, self.now.column)
        return n.Literal_(Decimal(token.text), start=token.start, end=token.end)

    def quoted(self) -> n.Tree:
        token = self.take()
        text = unquote(token)
        value: Val = text
        if token.text.startswith("@"):
            value = parse_date(text) or parse_moment(text) or parse_duration(text)
            if value is None:
                words = Words("“{a}”不是日期，也不是时长", "“{a}” is neither a date nor a duration").format(a=text)
                raise ExpressionError(words, token.column)
        return n.Literal_(value, start=token.start, end=token.end)

    def bracket(self) -> n.Tree:
        """A list, a range in any of its four shapes, or a bracketed expression."""
        opening = self.take()
        if opening.text == "[" and self.skip("]"):
            return n.ListOf((), start=opening.start, end=self.done)
        first = self.expression()
        if self.skip(".."):
            high = self.sum_()
            if not self.is_("]", ")", "["):
                raise self.unexpected()
            closed = self.take().text == "]"
            return n.RangeOf(first, high, opening.text == "[", closed, start=opening.start, end=self.done)
        if opening.text == "(":
            self.expect(")")
            return first
        if opening.text == "]":
            self.expect("..")
        items = [first]
        while self.skip(","):
            items.append(self.expression())
        self.expect("]")
        return n.ListOf(tuple(items), start=opening.start, end=self.done)

    def word(self) -> n.Tree:
        token = self.now
        if token.text in _CONSTANTS:
            self.take()
            return n.Literal_(_CONSTANTS[token.text], start=token.start, end=token.end)
        if token.text == "if":
            return self.if_()
        if token.text in {"some", "every"}:
            return self.quantified()
        name = self.spaced() or token.text
        if self.peek(len(name.split(" "))).text == "(" and self.peek(len(name.split(" "))).kind == "op":
            return self.call(name)
        if token.text in RESERVED:
            raise self.unexpected()
        if token.text == "not":
            words = Words("not 要写成 not(…)", "Write not(…) with brackets")
            raise ExpressionError(words, token.column)
        self.take()
        return n.Name((token.text,), start=token.start, end=token.end)

    def spaced(self) -> str | None:
        """The longest function name of several words that stands here ("starts with")."""
        for name in SPACED:
            words = name.split(" ")
            if all(self.peek(i).kind == "name" and self.peek(i).text == word for i, word in enumerate(words)):
                return name
        return None

    def call(self, name: str) -> n.Tree:
        opening = self.now
        if name not in FUNCTIONS and name != "not":
            words = Words("没有“{a}”这个函数", "There is no function “{a}”").format(a=name)
            raise ExpressionError(words, opening.column)
        self.at += len(name.split(" ")) + 1
        args: list[n.Tree] = []
        if not self.is_(")"):
            args.append(self.expression())
            while self.skip(","):
                args.append(self.expression())
        self.expect(")")
        least, most = (1, 1) if name == "not" else FUNCTIONS[name].arity
        if not least <= len(args) <= most:
            words = Words(
                f"函数“{name}”的参数个数不对：给了 {len(args)} 个",
                f"The function “{name}” does not take {len(args)} arguments",
            )
            raise ExpressionError(words, opening.column)
        if name == "is defined" and not isinstance(args[0], n.Name):
            words = Words("is defined 只能问一个名称", "is defined asks about a name")
            raise ExpressionError(words, args[0].start + 1)
        if name == "not":
            return n.Not(args[0], start=opening.start, end=self.done)
        return n.Call(name, tuple(args), start=opening.start, end=self.done)

    def if_(self) -> n.Tree:
        start = self.take().start
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return n.If(condition, then, self.expression(), start=start, end=self.done)

    def quantified(self) -> n.Tree:
        opening = self.take()
        sources: list[tuple[str, n.Tree]] = []
        while not sources or self.skip(","):
            if self.now.kind != "name" or self.now.text in RESERVED:
                raise self.unexpected()
            name = self.take().text
            self.expect("in")
            sources.append((name, self.expression()))
        if len(sources) > 2:
            words = Words("最多同时遍历两个列表", "At most two lists can be walked at once")
            raise ExpressionError(words, opening.column)
        self.expect("satisfies")
        body = self.expression()
        return n.Quantified(opening.text == "some", tuple(sources), body, start=opening.start, end=self.done)
