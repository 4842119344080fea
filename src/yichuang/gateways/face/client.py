"""The client of the platform that compares faces: it is told whom to expect and answers how alike they were. No picture comes here.

`POST <url>/checks {"nonce", "id_no", "name", "return_to"}` gives `{"address"}`: there the person goes. `GET <url>/checks/<nonce>`
gives `{"state": "waiting"|"done", "score": "0.93", "alive": true, "reference"}`. Both are signed both ways.
"""

import time
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from yichuang.gateways.asking import AskingFailed, ask_proved
from yichuang.gateways.face.config import Platform
from yichuang.people.ports import FaceAnswer, FaceFailed, FaceQuestion

SECONDS = 3.0
THOUSANDTH = Decimal("0.001")
LONGEST = 300  # characters of an address, 80 of a reference


class FaceClient:
    """A `people.ports.FacePlatform` over HTTP. `clock` gives seconds since 1970 as the platform's clock shows them."""

    def __init__(self, platform: Platform, *, clock: Callable[[], float] = time.time) -> None:
        self._platform, self._clock = platform, clock

    def begin(self, question: FaceQuestion) -> str:
        """Where the person is to go: an address of the platform's own house, no other."""
        told = {
            "nonce": question.nonce, "id_no": question.id_no, "name": question.name, "return_to": question.return_to
        }  # fmt: skip
        address = self._ask("POST", "/checks", told).get("address")
        if not isinstance(address, str) or len(address) > LONGEST or not self._own(address):
            raise FaceFailed("ADDRESS")
        return address

    def answer(self, nonce: str) -> FaceAnswer | None:
        """How alike they were; None while nobody has shown a face."""
        said = self._ask("GET", f"/checks/{nonce}", None)
        if said.get("state") == "waiting":
            return None
        reference = said.get("reference")
        if said.get("state") != "done" or not isinstance(reference, str) or not 0 < len(reference) <= 80:
            raise FaceFailed("FORM")
        # a face that did not move is a picture of one
        return FaceAnswer(_score(said.get("score")) if said.get("alive") is True else Decimal(0), reference)

    def probe(self) -> None:
        """A question about nobody. Raises FaceFailed."""
        if self._ask("GET", "/ping", None).get("state") != "here":
            raise FaceFailed("FORM")

    def _own(self, address: str) -> bool:
        here, there = urlsplit(self._platform.url), urlsplit(address)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc)

    def _ask(self, method: str, path: str, told: dict[str, Any] | None) -> dict[str, Any]:
        key, secret = self._platform.key, self._platform.secret
        try:
            return ask_proved(
                method, self._platform.url + path, told, key=key, secret=secret, seconds=SECONDS, clock=self._clock
            )
        except AskingFailed as failed:
            raise FaceFailed(str(failed)) from failed


def _score(told: Any) -> Decimal:
    try:
        score = Decimal(told) if isinstance(told, str) and len(told) <= LONGEST else Decimal("NaN")
    except InvalidOperation:
        score = Decimal("NaN")
    if not score.is_finite() or not 0 <= score <= 1:
        raise FaceFailed("SCORE")
    return score.quantize(THOUSANDTH, ROUND_DOWN)  # as it is kept: 0.7999 never becomes 0.800
