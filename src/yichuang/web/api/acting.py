"""What every act on a case is in the API: the body's fields are the command's own words, the answer how the case stands."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from yichuang.cases.values import CaseHead
from yichuang.web.api import translate
from yichuang.web.api.schemas import In, VersionIn
from yichuang.webkit.acts import given


def acted(
    command: Callable[..., CaseHead], request: HttpRequest, number: str, body: VersionIn, **otherwise: object
) -> dict[str, Any]:
    """Do the act with the version and the fields of the body; `otherwise` are those that the room wants in another shape."""
    return translate.head(command(**given(request, number, body.version), **said_in(body) | otherwise))


def said_in(body: In) -> dict[str, Any]:
    """The fields of a body but its version."""
    return {name: getattr(body, name) for name in type(body).model_fields if name != "version"}
