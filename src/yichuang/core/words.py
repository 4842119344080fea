"""A label in the two languages of every page and refusal: Chinese first, complete in English too."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in Chinese and in English."""

    zh: str
    en: str

    def in_(self, locale: str) -> str:
        """The words in `locale` ("zh-hans" or "en")."""
        return self.en if locale.startswith("en") else self.zh

    def format(self, **values: object) -> "Words":
        """Both texts with their `{names}` filled; a `Words` value is filled in the fitting language."""
        return Words(
            self.zh.format(**{k: v.zh if isinstance(v, Words) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, Words) else v for k, v in values.items()}),
        )


W = Words


YES_NO: Mapping[bool, Words] = {True: W("是", "Yes"), False: W("否", "No")}  # how a yes or no is read back
