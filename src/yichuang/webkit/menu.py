"""Where a page stands in its door's menu, and where a member of staff works."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import NoReverseMatch

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.words import W, Words
from yichuang.webkit.addresses import address

Line = tuple[str, Words, str, int | None]  # route name, label, icon, how many wait

_COUNTER = frozenset(
    {
        roles.INTAKE_CLERK,
        roles.COMMUNITY_WORKER,
        roles.ISSUING_CLERK,
        roles.CHIEF_REPRESENTATIVE,
        roles.HALL_MANAGER,
    }
)
_WORKPLACES: tuple[tuple[frozenset[str], Line], ...] = (
    (_COUNTER, ("counter:desk", W("综合受理", "Work desk"), "checklist", None)),
    (
        frozenset({roles.REVIEWER, roles.SUPERVISOR}),
        ("office:tasks", W("我的任务", "My tasks"), "clipboard-list", None),
    ),
    (frozenset({roles.DEVICE_KEEPER}), ("console:devices", W("设备", "Machines"), "printer", None)),
    (roles.ADMINISTERS, ("console:home", W("管理后台", "Console"), "adjustments", None)),
)


def line_above(path: str, nav: Iterable[Sequence[Any]]) -> str:
    """The route name of the menu's line below whose address the path lies, the nearest one; empty when there is none.

    `nav` holds lines that begin with the name of a route without arguments.
    """
    names = {address(line[0]): str(line[0]) for line in nav}
    return names.get(max((href for href in names if path.startswith(href)), key=len, default=""), "")


def workplaces(actor: Actor) -> list[Line]:
    """The doors in which a member of staff works, the nearest first: the menu of every page that has none of its own.

    Empty for everybody else; a door that is not installed is left out.
    """
    if actor.kind != "staff":
        return []
    return [line for needed, line in _WORKPLACES if actor.roles & needed and _is_installed(line[0])]


def _is_installed(name: str) -> bool:
    try:
        address(name)
    except NoReverseMatch:
        return False
    return True
