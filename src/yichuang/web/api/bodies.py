"""Reading bodies: broken JSON, unreadable characters and too deep nesting are refused before anything else looks at them."""

import json
import math
import re
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

MAX_DEPTH = 30
MAX_VALUES = 20_000
BROKEN = W(
    "请求内容不是有效的 JSON：第 {line} 行第 {column} 列", "The body is not valid JSON: line {line}, column {column}"
)
UNREADABLE = W(
    "请求含有无法保存的字符（NUL 或半个代理字符）",
    "The body has characters that cannot be stored (NUL or half a surrogate)",
)
NO_NUMBER = W(
    "请求中有无法使用的数字（NaN、无穷大或位数过多）",
    "The body has a number that cannot be used (NaN, infinite, too long)",
)
TOO_DEEP = W("请求内容嵌套过深或过多", "The body is nested too deeply or holds too many values")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
NOT_AN_OBJECT = W("请求内容应为 JSON 对象", "The body should be a JSON object")


class CarefulParser(Parser):
    """Ninja's body parser with our own refusals."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The decoded body. Raises Refused."""
        try:
            body = json.loads(request.body, parse_constant=_no_number, parse_float=_finite)
        except json.JSONDecodeError as broken:
            words = BROKEN.format(line=broken.lineno, column=broken.colno)
            raise Refused(Reason("BROKEN_JSON", words)) from None
        except (UnicodeDecodeError, RecursionError):
            raise Refused(Reason("BROKEN_JSON", UNREADABLE)) from None
        except ValueError:  # NaN, an infinity, or an integer of thousands of digits
            raise Refused(Reason("BROKEN_JSON", NO_NUMBER)) from None
        if not isinstance(body, dict):
            raise Refused(Reason("NOT_AN_OBJECT", NOT_AN_OBJECT))
        if not _is_plain(request.body):
            _walk(body)
        return body


def _no_number(name: str) -> float:
    """JSON has no NaN (RFC 8259 section 6); Python's reader would take it."""
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _is_plain(raw: bytes) -> bool:
    """Whether the text alone shows that `_walk` would find nothing: no sign that may stand for what cannot be kept, and
    not enough brackets and commas for too much. True for nearly every body, at a hundredth of the price."""
    brackets = raw.count(b"{") + raw.count(b"[")
    return brackets <= MAX_DEPTH and brackets + raw.count(b",") < MAX_VALUES and not _SUSPECT.search(raw)


# NUL and halves of surrogate pairs, as themselves and escaped; NUL bytes also tell UTF-16 and UTF-32 (RFC 4627 section 3)
_SUSPECT = re.compile(rb"\x00|\xed[\xa0-\xbf]|\\u(?:0000|[dD][89a-fA-F])")


def _walk(body: Any) -> None:
    """Look at every text and at depth and number of values, without recursion."""
    waiting, seen = [(body, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_VALUES:
            raise Refused(Reason("TOO_DEEP", TOO_DEEP), kind="too_large")
        if isinstance(value, str):
            check_text(value)
        elif isinstance(value, dict):
            for key in value:
                check_text(key)
            waiting += [(child, depth + 1) for child in value.values()]
        elif isinstance(value, list):
            waiting += [(child, depth + 1) for child in value]


def check_text(text: str) -> None:
    """Raise Refused for what PostgreSQL and UTF-8 cannot keep."""
    if _UNSTORABLE.search(text):
        raise Refused(Reason("UNREADABLE", UNREADABLE))
