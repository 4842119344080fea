"""Django fields whose column holds only a sealed token; Python sees the plain value.

`aad` is "table.column" and is authenticated, so a token copied into another column is refused on reading.
Neither field can be searched or sorted: keep a `crypto.blind_index` column beside it for equality.
"""

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from yichuang.core import crypto

if TYPE_CHECKING:  # the stubs' classes are generic, Django's are not
    _Text = models.TextField[Any, Any]
else:
    _Text = models.TextField


class SealedText(_Text):
    """A text that is encrypted at rest; None stays NULL, "" is sealed like any other text."""

    description = "encrypted text"

    def __init__(self, *args: Any, aad: str, **kwargs: Any) -> None:
        if aad.count(".") != 1:
            raise ValueError('aad must be "table.column"')
        self.aad = aad
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return str(name), path, args, {**kwargs, "aad": self.aad}

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else crypto.seal(str(value), aad=self.aad)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else crypto.unseal(value, aad=self.aad)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull`: comparing tokens would silently find nothing."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
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
        return None if value is None else json.loads(crypto.unseal(value, aad=self.aad))

    def to_python(self, value: Any) -> Any:
        return value


def dump(value: Any) -> str:
    """Compact JSON; NaN and infinities are refused, because no other program could read them back."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
