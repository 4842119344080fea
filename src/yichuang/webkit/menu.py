"""Where a page stands in its door's menu."""

from collections.abc import Iterable, Sequence
from typing import Any

from yichuang.webkit.addresses import address


def line_above(path: str, nav: Iterable[Sequence[Any]]) -> str:
    """The route name of the menu's line below whose address the path lies, the nearest one; empty when there is none.

    `nav` holds lines that begin with the name of a route without arguments.
    """
    names = {address(line[0]): str(line[0]) for line in nav}
    return names.get(max((href for href in names if path.startswith(href)), key=len, default=""), "")
