"""The API's page for people: every operation with what it takes and gives, read from the API's own document."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from yichuang.webkit.pages import render


def docs_page(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """The page of this API: all operations by subject, without a script."""

    def page(request: HttpRequest) -> HttpResponse:
        document: dict[str, Any] = dict(api.get_openapi_schema())
        groups: dict[str, list[dict[str, Any]]] = {}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                told = _operation(path, method, operation, document)
                groups.setdefault(operation.get("tags", ["api"])[0], []).append(told)
        return render(request, "api/docs.html", {"groups": groups, "text": document["info"]["description"]})

    return page


def _operation(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = next(iter(content.values()))["schema"] if content else {}
    return {
        "path": path,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": operation.get("parameters", []),
        "fields": _fields(schema, document),
        "answers": sorted(operation.get("responses", {})),
    }


def _fields(schema: dict[str, Any], document: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    required = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "type": part.get("type") or ("any of" if "anyOf" in part else "object"),
            "required": name in required,
            "text": part.get("description", ""),
        }
        for name, part in schema.get("properties", {}).items()
    ]
