"""What people ask of rooms that they do not know; wired in settings."""

from collections.abc import Callable

_known: Callable[[str], bool] | None = None


def register_items(known: Callable[[str], bool]) -> None:
    """`known` says whether there is, or ever was, an item of this code."""
    global _known
    _known = known


def is_item(code: str) -> bool:
    """Whether there is, or ever was, an item of this code. RuntimeError where nobody was registered to say so."""
    if _known is None:
        raise RuntimeError("nobody says which items there are: settings.apps registers the catalogue")
    return _known(code)
