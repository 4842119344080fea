"""What everything is called: in both languages."""

from ninja import Schema


class Label(Schema):
    zh: str
    en: str
