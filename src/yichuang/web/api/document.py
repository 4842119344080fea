"""The API's document (OpenAPI 3.1): what the framework derives, and what it cannot know — problem documents, who signs in, PDFs.

`told` is what the contract test holds every answer against, so it names the statuses that a gate before the view gives.
"""

from collections.abc import Callable, Iterator
from typing import Any

JsonDict = dict[str, Any]
PROBLEM = {"$ref": "#/components/schemas/Problem"}
PROBLEM_TYPE = "application/problem+json"
_BYTES: JsonDict = {"schema": {"type": "string", "format": "binary"}}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: dict[str, tuple[str, ...]] = {  # what an address gives that gives a file: words, kinds
    "/documents/{document}": ("The sealed paper", "application/pdf"),
    "/archive/{package}": ("The package", "application/zip"),
    "/administration/workbook": ("All items", XLSX),
    "/rehearsals/{rehearsal}/file": ("The cases that would change", "text/csv", XLSX),
}
WORDS = {
    401: "Nobody is signed in, or the token is no longer valid",
    404: "It is not there, or it is not yours: both look alike",
    413: "Too large, or nested too deeply",
    422: "Not possible as sent; every reason at once",
}
SCHEME: JsonDict = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of the person or member of staff who acts",
}


def told(document: JsonDict, is_open: Callable[[str], bool]) -> None:
    """The document completed, in place. `is_open` says of a path whether anybody may call it without a token."""
    document["components"]["securitySchemes"] = {"token": SCHEME}
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _complete(path, operation, signed=not is_open(path))


def _complete(path: str, operation: JsonDict, *, signed: bool) -> None:
    responses = operation["responses"]
    for status in _gates(path, operation, signed=signed):
        responses.setdefault(
            status, {"description": WORDS[status], "content": {"application/json": {"schema": PROBLEM}}}
        )
    for status, response in responses.items():
        if status >= 400:
            response["content"] = {PROBLEM_TYPE: {"schema": PROBLEM}}
    for end, (words, *kinds) in FILES.items():
        if path.endswith(end):
            responses[200] |= {"description": words, "content": dict.fromkeys(kinds, _BYTES)}
    operation["responses"] = dict(sorted(responses.items()))
    operation["security"] = [{"token": []}] if signed else []


def _gates(path: str, operation: JsonDict, *, signed: bool) -> Iterator[int]:
    """What stands before the view may answer: no token, no such thing, too large a body, unreadable parameters."""
    yield 422
    if signed:
        yield 401
    if "{" in path:
        yield 404
    if "requestBody" in operation:
        yield 413
