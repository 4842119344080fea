"""The client of a share platform: one signed question, one signed answer.

`POST <url>/query {"base", "key", "fields"}` gives `{"state": "found"|"none", "fields": {…}, "as_of": RFC 3339}`.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from yichuang.gateways.asking import AskingFailed, ask_proved
from yichuang.gateways.share.config import Platform, platforms
from yichuang.registry.ports import Found, Nothing, SourceDown, SourceRefused, SourceSlow, SourceWrong
from yichuang.registry.values import Base, Question

FAILED = {"down": SourceDown, "slow": SourceSlow, "wrong": SourceWrong, "refused": SourceRefused}


class ShareClient:
    """A `registry.ports.Source` over HTTP. `clock` gives seconds since 1970 as the platform's clock shows them."""

    def __init__(self, platform: Platform, *, clock: Callable[[], float] = time.time) -> None:
        self.code, self.timeout = platform.name, platform.timeout
        self.bases = frozenset(Base(base) for base in platform.bases)
        self._platform, self._url, self._clock = platform, platform.url.rstrip("/"), clock

    def fetch(self, question: Question, *, deadline: float) -> Found | Nothing:
        """The platform's answer within `deadline` seconds; what is not proved or not of the agreed form is SourceWrong."""
        told = {"base": question.base.value, "key": question.key, "fields": list(question.fields)}
        said = self._ask("POST", "/query", told, deadline)
        as_of = _moment(said.get("as_of"))
        if said.get("state") == "none":
            return Nothing(as_of)
        fields = said.get("fields")
        if said.get("state") != "found" or not isinstance(fields, dict):
            raise SourceWrong("FORM")
        return Found(fields, as_of)

    def probe(self) -> None:
        """A question about nobody. Raises SourceFailed."""
        if self._ask("GET", "/ping", None, self.timeout).get("state") != "here":
            raise SourceWrong("FORM")

    def _ask(self, method: str, path: str, told: dict[str, Any] | None, seconds: float) -> dict[str, Any]:
        key, secret = self._platform.key, self._platform.secret
        try:
            return ask_proved(
                method, self._url + path, told, key=key, secret=secret, seconds=seconds, clock=self._clock
            )
        except AskingFailed as failed:
            raise FAILED[failed.kind](str(failed)) from failed


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
