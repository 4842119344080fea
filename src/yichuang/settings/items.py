"""Tells people which items there are: the catalogue knows, and the catalogue asks rooms that know people."""

from yichuang.people.ports import register_items


def connect() -> None:
    """Called once at start-up."""
    register_items(known)


def known(code: str) -> bool:
    """Whether a version of the item was ever published."""
    from yichuang.catalog.queries import list_versions  # not before somebody asks: the start is shorter

    return bool(list_versions(code))
