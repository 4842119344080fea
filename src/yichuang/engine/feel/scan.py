"""Text to tokens, each with its column, so that every fault can be pointed at."""

import re
from dataclasses import dataclass
from typing import Literal

from yichuang.core.words import Words

MAX_LENGTH = 4000  # characters of one condition; more belongs in a decision table
MAX_DECISION = 20_000  # characters of one expression of a decision
Kind = Literal["number", "string", "name", "op", "end"]


class ExpressionError(ValueError):
    """A condition that cannot be read. `column` counts characters from 1."""

    def __init__(self, message: Words, column: int) -> None:
        super().__init__(f"第 {column} 列：{message.zh}")
        self.message = message
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text; `start` and `end` are offsets into it."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def column(self) -> int:
        return self.start + 1


_TOKEN = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*|/\*(?s:.*?)\*/)
    | (?P<number>\d+(?:\.\d+)?|\.\d+)
    | (?P<string>@?"(?:[^"\\]|\\.)*")
    | (?P<name>[^\W\d]\w*)
    | (?P<op>\*\*|\.\.|<=|>=|!=|[-+*/=<>(),.\[\]])
    """,
    re.VERBOSE,
)
_NAME = r"(?:[^\W\d]|[\U00010000-\U000EFFFF])(?:\w|[\U00010000-\U000EFFFF\u200d\ufe0f])*"
_WIDE = re.compile(
    rf"""
      (?P<space>[\s\ufeff\u180e\u200b]+|//[^\n]*|/\*(?s:.*?)\*/)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)
    | (?P<string>@?"(?:[^"\\]|\\.)*")
    | (?P<name>{_NAME}|\?)
    | (?P<op>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>(),.\[\]{{}}:'])
    """,
    re.VERBOSE,
)
_FULL_WIDTH = str.maketrans("（），。＝＜＞＋－＊／［］“”＂；：．", '(),.=<>+-*/[]""";:.')
_HINTS = {
    "&": Words("请用 and", "Write “and”"),
    "|": Words("请用 or", "Write “or”"),
    "!": Words("请用 not(…)，不等于写作 !=", "Write not(…); unequal is !="),
    "'": Words("文字要用半角双引号", "Text is written in double quotes"),
    '"': Words("文字缺少结束的双引号", "The text has no closing quote"),
    "@": Words("@ 后面要跟双引号中的日期或时长", "@ must be followed by a date or duration in quotes"),
}
_LEGAL_ESCAPE = re.compile(r'\\(["\\/nrt]|u[0-9a-fA-F]{4})')


def scan(text: str, *, wide: bool = False) -> tuple[Token, ...]:
    """All tokens, with one "end" token last; `wide` is the whole of FEEL, for decisions. Raises `ExpressionError`."""
    most, pattern = (MAX_DECISION, _WIDE) if wide else (MAX_LENGTH, _TOKEN)
    if len(text) > most:
        words = Words("条件太长，最多 {n} 个字符", "The condition is too long: at most {n} characters")
        raise ExpressionError(words.format(n=most), most + 1)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        kind = match.lastgroup or "space"
        if kind != "space":
            tokens.append(Token(kind, match[0], at, match.end()))  # type: ignore[arg-type]  # the pattern's groups are the kinds
        at = match.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tuple(tokens)


def _unreadable(text: str, at: int) -> ExpressionError:
    sign = text[at]
    plain = sign.translate(_FULL_WIDTH)
    if plain != sign:
        words = Words("这里是全角的“{a}”，请改用半角的 {b}", "“{a}” is a full-width sign; write {b}")
        return ExpressionError(words.format(a=sign, b=plain), at + 1)
    words = Words("看不懂“{a}”", "“{a}” means nothing here").format(a=sign)
    hint = _HINTS.get(sign)
    if hint:
        words = Words(f"{words.zh}。{hint.zh}", f"{words.en}. {hint.en}")
    return ExpressionError(words, at + 1)


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|[\"'\\nrt])")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}


def unquote_wide(token: Token) -> str:
    """The text between the quotes as decisions have it: an unknown escape is a backslash (patterns: "\\d")."""

    def put(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _PLAIN.get(code, code)

    try:
        text = _ESCAPE.sub(put, token.text.removeprefix("@")[1:-1])
        return text.encode("utf-16", "surrogatepass").decode("utf-16")  # a pair of \\u is one character
    except (ValueError, OverflowError):
        raise ExpressionError(Words("文字里的转义不对", "An escape in the text is wrong"), token.column) from None


def unquote(token: Token) -> str:
    """The text between the quotes. Escapes: backslash with a quote, backslash, slash, n, r, t, uXXXX."""
    body = token.text.removeprefix("@")[1:-1]
    out: list[str] = []
    at = 0
    while at < len(body):
        if body[at] != "\\":
            out.append(body[at])
            at += 1
            continue
        match = _LEGAL_ESCAPE.match(body, at)
        if match is None:
            words = Words("不认识的转义 {a}", "Unknown escape {a}").format(a=body[at : at + 2])
            raise ExpressionError(words, token.column + at + 1)
        code = match[1]
        out.append({"n": "\n", "r": "\r", "t": "\t"}.get(code) or (chr(int(code[1:], 16)) if len(code) > 1 else code))
        at = match.end()
    return "".join(out)
