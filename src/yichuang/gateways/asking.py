"""One signed question to a platform and one signed answer: nobody between the two houses can read a wrong one into it.

The answer is signed over the question's nonce: an answer that was caught cannot be given to another question.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from yichuang.gateways.http import Answer, NoAnswer, NotConnected, request
from yichuang.gateways.signing import NONCE, fault_of, sign

CONNECT = 0.6  # of the time that there is
LATER = {408, 425, 429}


class AskingFailed(Exception):
    """No answer that could be used. `kind` says which; the text is a short code: it names no person and quotes nothing."""

    def __init__(self, kind: Literal["down", "slow", "wrong", "refused"], code: str) -> None:
        super().__init__(code)
        self.kind: Literal["down", "slow", "wrong", "refused"] = kind


def answer_path(path: str, nonce: str) -> str:
    """What an answer's signature says it is an answer to."""
    return f"{path}#{nonce}"


def ask_proved(
    method: str,
    url: str,
    told: Mapping[str, Any] | None,
    *,
    key: str,
    secret: str,
    seconds: float,
    clock: Callable[[], float],
) -> dict[str, Any]:
    """The platform's answer within `seconds`, proved to be its own and to this question. Raises AskingFailed.

    `told` goes as JSON; `clock` gives seconds since 1970 as the platform's clock shows them.
    """
    begun, signed = time.monotonic(), urlsplit(url).path
    body = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
    headers = sign(key=key, secret=secret, method=method, path=signed, body=body, at=clock())
    more = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        answer = request(method, url, headers=headers | more, body=body, connect=seconds * CONNECT, whole=seconds)
    except NotConnected as down:
        raise AskingFailed("down", "NOT_CONNECTED") from down
    except NoAnswer as silent:
        slow = time.monotonic() - begun >= seconds * 0.9
        raise AskingFailed("slow" if slow else "down", "NO_ANSWER") from silent
    _check_status(answer.status)
    path = answer_path(signed, headers[NONCE])
    fault = fault_of(answer.headers, key=key, secret=secret, method="ANSWER", path=path, body=answer.body, at=clock())
    if fault:
        raise AskingFailed("wrong", f"ANSWER_{fault}")
    return _said(answer)


def _check_status(status: int) -> None:
    if status == 200:
        return
    if status in LATER or status >= 500:
        raise AskingFailed("down", f"HTTP_{status}")
    # our key, secret or clock, or no right to this base
    raise AskingFailed("refused" if status in {401, 403} else "wrong", f"HTTP_{status}")


def _said(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        raise AskingFailed("wrong", "FORM") from None
    if not isinstance(said, dict):
        raise AskingFailed("wrong", "FORM")
    return said
