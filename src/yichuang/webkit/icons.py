"""The icon sprite: a subset of Tabler's icons (the whole is 2.1 MB), named one a line in `icons.txt`."""

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LIST = HERE / "icons.txt"
SPRITE = HERE / "static" / "webkit" / "icons.svg"
_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BACKDROP = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


@cache
def wanted() -> tuple[str, ...]:
    """The names that the sprite holds, in order."""
    return tuple(sorted(LIST.read_text(encoding="utf-8").split()))


@cache
def known() -> frozenset[str]:
    """The names that are really drawn in the sprite."""
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))


def symbol(name: str, svg: str) -> str:
    """One icon of @tabler/icons as a symbol of the sprite. Raises ValueError when the text is not an icon."""
    found = _INNER.search(svg)
    if not found:
        raise ValueError(f"{name} is not an SVG")
    inner = " ".join(_BACKDROP.sub("", found.group(1)).split())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def sprite(folder: Path) -> str:
    """The sprite of all wanted icons, from the folder `icons/outline` of the npm package @tabler/icons."""
    symbols = [symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in wanted()]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
