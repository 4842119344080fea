"""One page as one person sees it: what the lists of screens are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

# too large a body, posted so often that it is stopped, without the form's token, a bug behind the page
WRONGS = ("large", "often", "tokenless", "broken")


@dataclass(frozen=True, slots=True)
class Screen:
    """One page as one person sees it. `route` is (door, path of the route)."""

    door: str
    route: str
    path: str
    who: str = ""  # user name; nobody signed in when empty
    name: str = ""
    posted: Mapping[str, str] | None = None
    status: int = 200
    elder: bool = True
    wrong: str = ""  # what goes wrong with the form on its way: a name of WRONGS

    def __str__(self) -> str:
        return f"{'POST ' if self.posted is not None else ''}{self.path} ({self.who or 'nobody'})"
