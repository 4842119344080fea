"""The secret addresses of ratings: worked out anew from the service, so that the tables keep only what they hash to."""

import base64
from uuid import UUID

from django.conf import settings

from yichuang.core.bearers import new_bearer
from yichuang.core.crypto import blind_index

BYTES = 16  # 128 bits: nobody guesses it, and an SMS still has room


def token_of(kind: str, subject: UUID) -> str:
    """The token of the service that may be rated."""
    index = bytes.fromhex(blind_index(f"feedback.{kind}", str(subject)))
    return base64.urlsafe_b64encode(index[:BYTES]).decode().rstrip("=")


def address(token: str) -> str:
    """The page that a token opens."""
    return f"{settings.YICHUANG_BASE_URL}/rate/{token}"


def new_code() -> str:
    """A code that a window shows."""
    return new_bearer("w-")
