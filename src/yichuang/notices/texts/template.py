"""What a template is; part of `notices.texts`."""

from dataclasses import dataclass

from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class Template:
    """A title (e-mail, inbox) and a body (all kinds)."""

    title: Words
    body: Words
    secret: bool = False
