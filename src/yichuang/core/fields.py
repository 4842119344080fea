"""Django fields whose column holds only a sealed token; Python sees the plain value.

`aad` is "table.column" and is authenticated, so a token copied into another column is refused on reading.
Neither field can be searched or sorted: keep a `crypto.blind_index` column beside it for equality.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from yichuang.core import crypto

if TYPE_CHECKING:  # the stubs' classes are generic, Django's are not
    _Text = models.TextField[Any, Any]
else:
    _Text = models.TextField


_UNREADABLE = '"unreadable"'  # as text and as JSON
_marking: ContextVar[bool] = ContextVar("marking", default=False)


@contextmanager
def unreadable_marked() -> Iterator[None]:
    """Inside, a token that does not open reads as a mark: the ledger's check must name a spoilt row, not fail at it."""
    before = _marking.set(True)
    try:
        yield
    finally:
        _marking.reset(before)


class IsEmpty(Exact):
    """`field=""`, the one comparison that a sealed column with `keep_empty` can answer."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError(f"{self.lhs.output_field.aad} is sealed: it can only be compared with an empty text")
        return ""


class SealedText(_Text):
    """A text that is encrypted at rest; None stays NULL, "" is sealed like any other text.

    With `keep_empty` an empty text stays empty: for words that few rows have, and whose absence is no secret.
    """

    description = "encrypted text"

    def __init__(self, *args: Any, aad: str, keep_empty: bool = False, **kwargs: Any) -> None:
        if aad.count(".") != 1:
            raise ValueError('aad must be "table.column"')
        self.aad, self.keep_empty = aad, keep_empty
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        more = {"keep_empty": True} if self.keep_empty else {}
        return str(name), path, args, {**kwargs, "aad": self.aad, **more}

    def _is_open(self, value: Any) -> bool:
        return value is None or (self.keep_empty and value == "")

    def get_prep_value(self, value: Any) -> Any:
        return value if self._is_open(value) else crypto.seal(str(value), aad=self.aad)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        if value is None or self._is_open(value):
            return value
        return self._open(value)

    def _open(self, token: str) -> str:
        try:
            return crypto.unseal(token, aad=self.aad)
        except crypto.CryptoError:
            if _marking.get():
                return _UNREADABLE
            raise

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull` (and `field=""`): comparing tokens would silently find nothing."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        if lookup_name == "exact" and self.keep_empty:
            return IsEmpty
        raise FieldError(f"{self.aad} is sealed and cannot be queried ({lookup_name}); use its blind index")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.aad} is sealed and cannot be queried ({lookup_name}); use its blind index")


class SealedJson(SealedText):
    """Any JSON value, encrypted at rest as one text."""

    description = "encrypted JSON"
    if TYPE_CHECKING:  # what may be assigned and what is read: any JSON value
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else crypto.seal(dump(value), aad=self.aad)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else json.loads(self._open(value))

    def to_python(self, value: Any) -> Any:
        return value


def dump(value: Any) -> str:
    """Compact JSON; NaN and infinities are refused, because no other program could read them back."""
    return _encode(value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
