"""Keyset pages: a page knows how to ask for the next one; nobody counts or skips."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the opaque cursor of the next page (None at the end)."""

    items: tuple[T, ...]
    next: str | None = None


def bad_cursor() -> Refused:
    """What whoever sends a cursor is told that no page of ours gave away (to raise)."""
    words = W("翻页标记无效，请从第一页开始", "The page mark is not valid; start from the first page")
    return Refused(Reason("BAD_CURSOR", words, "/cursor"))
