"""The client of a share platform: one signed question, one signed answer.

`POST <url>/query {"base", "key", "fields"}` gives `{"state": "found"|"none", "fields": {…}, "as_of": RFC 3339}`. The answer
is signed over the question's nonce: an answer that was caught cannot be given to another question.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from yichuang.gateways.http import Answer, NoAnswer, NotConnected, request
from yichuang.gateways.share.config import Platform, platforms
from yichuang.gateways.signing import NONCE, fault_of, sign
from yichuang.registry.ports import Found, Nothing, SourceDown, SourceRefused, SourceSlow, SourceWrong
from yichuang.registry.values import Base, Question

CONNECT = 0.6  # of the time that there is
LATER = {408, 425, 429}


def answer_path(path: str, nonce: str) -> str:
    """What an answer's signature says it is an answer to."""
    return f"{path}#{nonce}"


class ShareClient:
    """A `registry.ports.Source` over HTTP. `clock` gives seconds since 1970 as the platform's clock shows them."""

    def __init__(self, platform: Platform, *, clock: Callable[[], float] = time.time) -> None:
        self.code, self.timeout = platform.name, platform.timeout
        self.bases = frozenset(Base(base) for base in platform.bases)
        self._platform, self._url, self._clock = platform, platform.url.rstrip("/"), clock

    def fetch(self, question: Question, *, deadline: float) -> Found | Nothing:
        """The platform's answer within `deadline` seconds; what is not proved or not of the agreed form is SourceWrong."""
        told = {"base": question.base.value, "key": question.key, "fields": list(question.fields)}
        said = self._ask("POST", "/query", json.dumps(told, ensure_ascii=False).encode(), deadline)
        as_of = _moment(said.get("as_of"))
        if said.get("state") == "none":
            return Nothing(as_of)
        fields = said.get("fields")
        if said.get("state") != "found" or not isinstance(fields, dict):
            raise SourceWrong("FORM")
        return Found(fields, as_of)

    def probe(self) -> None:
        """A question about nobody. Raises SourceFailed."""
        if self._ask("GET", "/ping", b"", self.timeout).get("state") != "here":
            raise SourceWrong("FORM")

    def _ask(self, method: str, path: str, body: bytes, seconds: float) -> dict[str, Any]:
        url, platform, begun = self._url + path, self._platform, time.monotonic()
        signed = urlsplit(url).path
        headers = sign(
            key=platform.key, secret=platform.secret, method=method, path=signed, body=body, at=self._clock()
        )
        more = {"Content-Type": "application/json", "Accept": "application/json"}
        connect = seconds * CONNECT
        try:
            answer = request(method, url, headers=headers | more, body=body, connect=connect, whole=seconds)
        except NotConnected as down:
            raise SourceDown("NOT_CONNECTED") from down
        except NoAnswer as silent:
            slow = time.monotonic() - begun >= seconds * 0.9
            raise (SourceSlow if slow else SourceDown)("NO_ANSWER") from silent
        _check_status(answer.status)
        return self._proved(answer, answer_path(signed, headers[NONCE]))

    def _proved(self, answer: Answer, path: str) -> dict[str, Any]:
        fault = fault_of(
            answer.headers,
            key=self._platform.key,
            secret=self._platform.secret,
            method="ANSWER",
            path=path,
            body=answer.body,
            at=self._clock(),
        )
        if fault:
            raise SourceWrong(f"ANSWER_{fault}")
        try:
            said = json.loads(answer.body)
        except ValueError:
            raise SourceWrong("FORM") from None
        if not isinstance(said, dict):
            raise SourceWrong("FORM")
        return said


def _check_status(status: int) -> None:
    if status == 200:
        return
    if status in LATER or status >= 500:
        raise SourceDown(f"HTTP_{status}")
    # our key, secret or clock, or no right to this base
    raise (SourceRefused if status in {401, 403} else SourceWrong)(f"HTTP_{status}")


def _moment(told: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        raise SourceWrong("AS_OF") from None
    if moment.tzinfo is None:
        raise SourceWrong("AS_OF")
    return moment


def sources() -> tuple[ShareClient, ...]:
    """The clients of the settings' platforms."""
    return tuple(ShareClient(platform) for platform in platforms())
