"""Keyset pages: a page knows how to ask for the next one; nobody counts or skips."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the opaque cursor of the next page (None at the end)."""

    items: tuple[T, ...]
    next: str | None = None
