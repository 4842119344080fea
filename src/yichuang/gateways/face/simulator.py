"""A simulated platform that compares faces, with a page of its own instead of a camera: for tests, and beside the demo.

    python -m yichuang.gateways.face.simulator --port 9301 --key demo --secret …

Whoever opens the page says how alike the face is to be: nobody's face is looked at.
"""

import argparse
import html
import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from yichuang.gateways.asking import answer_path
from yichuang.gateways.serving import Handler
from yichuang.gateways.serving import serving as serve
from yichuang.gateways.signing import NONCE, sign

FACES = {"same": ("0.93", True), "doubtful": ("0.71", True), "other": ("0.12", True), "picture": ("0.97", False)}
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>模拟人脸核验</title><h1>模拟人脸核验</h1><p>这不是真的人脸平台，没有摄像头。请选择结果。</p>
<form method="post"><button name="face" value="same">是本人 (0.93)</button> <button name="face" value="doubtful">不太像 (0.71)</button>
<button name="face" value="other">是别人 (0.12)</button> <button name="face" value="picture">对着照片 (不是活体)</button></form></html>"""


@dataclass
class Platform:
    """Who is expected, and what was seen of them."""

    key: str = "demo"
    secret: str = "simulated-secret-of-32-characters"
    clock: Callable[[], float] = time.time
    wrong: dict[str, Any] = field(default_factory=dict)  # put into the next answers: what a faulty platform says
    expected: dict[str, dict[str, str]] = field(default_factory=dict)  # by nonce
    seen: dict[str, str] = field(default_factory=dict)  # nonce → one of FACES

    def __post_init__(self) -> None:
        self._lock, self._nonces = threading.Lock(), set[str]()

    def fresh(self, nonce: str) -> bool:
        """Whether a nonce of a request was never seen."""
        with self._lock:
            new = nonce not in self._nonces
            self._nonces.add(nonce)
        return new

    def told(self, nonce: str) -> dict[str, Any]:
        """What was seen of who was expected under this nonce."""
        if nonce not in self.seen:
            return {"state": "waiting", **self.wrong}
        score, alive = FACES[self.seen[nonce]]
        return {"state": "done", "score": score, "alive": alive, "reference": f"SIM-{nonce[:12]}", **self.wrong}


class _Handler(Handler):
    """HTTP in front of a platform, and the page of the person."""

    def do_GET(self) -> None:
        platform: Platform = self.server.platform
        if self.path.startswith("/v1/face/"):
            return self._page(200 if self.path.rsplit("/", 1)[1] in platform.expected else 404)
        if self.proved(b""):
            self._tell({"state": "here"} if self.path == "/v1/ping" else platform.told(self.path.rsplit("/", 1)[1]))

    def do_POST(self) -> None:
        platform: Platform = self.server.platform
        body = self.body()
        if self.path.startswith("/v1/face/"):
            return self._looked(self.path.rsplit("/", 1)[1], body)
        if self.proved(body):
            told = json.loads(body)
            platform.expected[told["nonce"]] = told
            port = self.server.server_address[1]
            self._tell({"address": f"http://127.0.0.1:{port}/v1/face/{told['nonce']}", **platform.wrong})

    def _looked(self, nonce: str, body: bytes) -> None:
        platform: Platform = self.server.platform
        face = parse_qs(body.decode()).get("face", [""])[0]
        if nonce not in platform.expected or face not in FACES:
            return self._page(404)
        platform.seen[nonce] = face
        self.answer_bytes(303, b"", headers={"Location": platform.expected[nonce]["return_to"]})

    def _page(self, status: int) -> None:
        words = PAGE if status == 200 else html.escape("没有这次核验")
        self.answer_bytes(status, words.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    def _tell(self, told: Mapping[str, Any]) -> None:
        """Signed over the question's nonce."""
        platform, body = self.server.platform, json.dumps(told).encode()
        path = answer_path(self.path, self.headers[NONCE])
        proof = sign(
            key=platform.key, secret=platform.secret, method="ANSWER", path=path, body=body, at=platform.clock()
        )
        self.answer_bytes(200, body, headers=proof)


def serving(platform: Platform, port: int = 0) -> AbstractContextManager[str]:
    """The platform behind HTTP on this machine for the time of a block; its address."""
    return serve(_Handler, platform, port)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=9301)
    parser.add_argument("--key", default=Platform.key)
    parser.add_argument("--secret", default=Platform.secret)
    chosen = parser.parse_args()
    with serving(Platform(chosen.key, chosen.secret), chosen.port) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
