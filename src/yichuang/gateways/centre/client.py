"""The node's side of the line. Whatever the centre or the network does, an exchange is over in time and may be said again."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from yichuang.core.bearers import bearer_hash
from yichuang.core.sealed_line import NotSealed, answer, close, question, unseal
from yichuang.gateways.http import Answer, NoAnswer, NotConnected, request

CONNECT, WHOLE = 2.0, 15.0  # seconds
LARGEST = 16 * 1024 * 1024  # bytes of an answer: the copy of a district's network


class LineDown(Exception):
    """Nothing came back that could be used; what was sent may have arrived. `code`: why, in a word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Declined(Exception):
    """The centre said no, with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def pair(*, code: str, public_key: str) -> Mapping[str, str]:
    """Trade a code of the console for what both know: `node`, `place`, `bearer`. Raises LineDown, Declined."""
    body = json.dumps({"code": code, "public_key": public_key}).encode()
    told: Mapping[str, str] = json.loads(_post("/api/v1/nodes/pair", body, {"Content-Type": "application/json"}).body)
    return told


def exchange(*, node: str, bearer: str, told: Mapping[str, Any], at: float) -> Mapping[str, Any]:
    """One exchange. `at`: seconds since 1970. Raises LineDown, Declined."""
    secret, moment, nonce = bearer_hash(bearer), str(int(at)), secrets.token_hex(16)
    body = close(told, secret=secret, about=question(node, moment, nonce))
    headers = {"Content-Type": "application/octet-stream", "X-Yc-Timestamp": moment, "X-Yc-Nonce": nonce}
    answered = _post(f"/api/v1/nodes/{node}/exchange", body, headers)
    try:
        found: Mapping[str, Any] = unseal(answered.body, secret=secret, about=answer(node, moment, nonce))
    except NotSealed:
        raise LineDown("NOT_SEALED") from None
    return found


def _post(path: str, body: bytes, headers: dict[str, str]) -> Answer:
    try:
        answered = request(
            "POST", f"{settings.YICHUANG_CENTRE}{path}", headers=headers, body=body, connect=CONNECT, whole=WHOLE,
            most=LARGEST,
        )  # fmt: skip
    except NotConnected:
        raise LineDown("NOT_CONNECTED") from None
    except NoAnswer:
        raise LineDown("NO_ANSWER") from None
    if answered.status == 200:
        return answered
    if answered.status in {404, 409, 422, 403, 429}:
        raise Declined(_code(answered.body))
    raise LineDown(f"HTTP_{answered.status}")


def _code(body: bytes) -> str:
    """The code of the first reason of a problem document."""
    try:
        return str(json.loads(body)["reasons"][0]["code"])[:40]
    except (ValueError, LookupError, TypeError):
        return "DECLINED"
