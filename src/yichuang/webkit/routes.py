"""The registry of routes: each says who may come in, and one guard asks for all of them.

A door (one app under `yichuang.web`) has a module `routes.py` with `DOOR = Door(...)`. A route without an audience, or a URL that
went around the registry, stops the start (`check_declared`). Missing and forbidden look alike: 404.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from typing import Any, Literal

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from yichuang.core.actors import Actor, Channel
from yichuang.core.roles import ALL
from yichuang.webkit import entry, session
from yichuang.webkit.actor import actor_of
from yichuang.webkit.watchers import watches

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may come in. `admits` says yes or no; what a no looks like is decided in `entry`."""

    kind: Literal["public", "signed_in", "account", "staff", "link", "demo", "watchers", "client", "device"]
    roles: frozenset[str] = frozenset()

    def admits(self, actor: Actor) -> bool:
        """Whether the actor may come in (the object behind the door is asked for by the room's own query)."""
        match self.kind:
            case "watchers":  # no question of who, but from where: the guard asks
                return False
            case "public" | "link":  # a link's code is the key: the view hands it to the room that issued it
                return True
            case "demo":
                return bool(settings.YICHUANG_DEMO)
            case "signed_in":
                return actor.kind == "person"
            case "account":
                return actor.kind in {"person", "staff"}
            case "client" | "device":
                return actor.kind == self.kind
            case "staff":
                return actor.kind == "staff" and bool(actor.roles & self.roles)


PUBLIC = Audience("public")  # everybody, also unknown
SIGNED_IN = Audience("signed_in")  # a person (or its agent), not staff
ACCOUNT = Audience("account")  # anybody signed in, person or staff
LINK = Audience("link")  # the holder of a scoped code in the path or the form
WATCHERS = Audience("watchers")  # machines that watch over the installation: beside it, or with the token
CLIENT = Audience("client")  # another application, by a tenant's token; what the token may do, the room asks
DEVICE = Audience("device")  # an enrolled machine of a hall, by its token; what it may do there, the room asks
DEMO = Audience("demo")  # everybody, but only where YICHUANG_DEMO is on


def staff(*roles: str) -> Audience:
    """Staff who hold one of the roles. Raises when no role, or one that does not exist, is named."""
    if not roles or not set(roles) <= ALL:
        raise ImproperlyConfigured(f"staff() needs roles of core.roles, got {roles!r}")
    return Audience("staff", frozenset(roles))


@dataclass(frozen=True, slots=True)
class Route:
    """One address of a door: where, what runs, its name inside the door, who may come in, by which methods."""

    path: str
    view: View
    name: str
    audience: Audience
    methods: tuple[str, ...] = ("GET",)


def route(path: str, view: View, *, name: str, audience: Audience, methods: Sequence[str] = ("GET",)) -> Route:
    """Declare an address. HEAD comes with GET. Raises ImproperlyConfigured when the audience is not one."""
    if not isinstance(audience, Audience):
        raise ImproperlyConfigured(f"the route {path!r} does not say who may come in")
    return Route(path, view, name, audience, tuple(m.upper() for m in methods))


@dataclass(frozen=True, slots=True)
class Mount:
    """Foreign URL patterns (an API framework's) under one prefix, each with its audience by URL name."""

    path: str
    patterns: Sequence[URLPattern | URLResolver]
    app_name: str
    namespace: str
    audiences: Mapping[str, Audience]
    read_only: frozenset[str] = frozenset()  # names of patterns that the framework would answer to any method


@dataclass(frozen=True, slots=True)
class Door:
    """One door: its URL namespace, its prefix, the channel in which acts through it come in, its routes."""

    name: str
    prefix: str
    channel: Channel
    routes: tuple[Route, ...] = ()
    mounts: tuple[Mount, ...] = field(default=())


def guarded(view: View, audience: Audience, channel: Channel, methods: tuple[str, ...] | None) -> View:
    """The view behind its guard. `methods=None` leaves methods to the view."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.yc_channel = channel  # type: ignore[attr-defined]  # read by webkit.actor
        request.yc_public = audience is PUBLIC  # type: ignore[attr-defined]  # read by webkit.middleware
        if methods is not None and request.method not in _with_head(methods):
            return HttpResponseNotAllowed(_with_head(methods))
        if audience is WATCHERS:
            return view(request, *args, **kwargs) if watches(request) else entry.nothing_here(request)
        if audience is not PUBLIC and not audience.admits(actor_of(request)):
            return entry.refuse_entry(request, audience.kind)
        if audience is not PUBLIC and audience is not ACCOUNT and session.must_change_password(request):
            return entry.ask_for_new_password(request)
        return view(request, *args, **kwargs)

    enter.audience = audience  # type: ignore[attr-defined]  # read by all_routes
    return enter


def _with_head(methods: tuple[str, ...]) -> tuple[str, ...]:
    return (*methods, "HEAD") if "GET" in methods else methods


def doors() -> tuple[Door, ...]:
    """Every door among the installed apps, in their order."""
    found = []
    for config in apps.get_app_configs():
        if config.name.startswith("yichuang.web.") and module_has_submodule(config.module, "routes"):
            found.append(import_module(f"{config.name}.routes").DOOR)
    return tuple(found)


def urlpatterns() -> list[URLResolver]:
    """The address book of the whole house, checked."""
    # the door without a prefix comes last: an address of another door would try all its patterns first
    patterns = [_resolver(door) for door in sorted(doors(), key=lambda door: not door.prefix)]
    check_declared(patterns)
    return patterns


def _resolver(door: Door) -> URLResolver:
    own: list[URLPattern | URLResolver] = [
        path(r.path, guarded(r.view, r.audience, door.channel, r.methods), name=r.name) for r in door.routes
    ]
    own += [_mounted(mount, door.channel) for mount in door.mounts]
    return path(door.prefix, include((own, door.name)))


def _mounted(mount: Mount, channel: Channel) -> URLResolver:
    for pattern in mount.patterns:
        if not isinstance(pattern, URLPattern):
            raise ImproperlyConfigured(f"{mount.path}: nested patterns cannot be guarded")
        audience = mount.audiences.get(pattern.name or "")
        if audience is None:
            raise ImproperlyConfigured(f"{mount.path}{pattern.pattern}: {pattern.name!r} does not say who may come in")
        if not hasattr(pattern.callback, "audience"):
            methods = ("GET",) if pattern.name in mount.read_only else None
            pattern.callback = guarded(pattern.callback, audience, channel, methods)
    return path(mount.path, include((list(mount.patterns), mount.app_name), namespace=mount.namespace))


def check_declared(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> None:
    """Raise ImproperlyConfigured when any address has no declared audience."""
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            check_declared(pattern.url_patterns, where)
        elif not isinstance(getattr(pattern.callback, "audience", None), Audience):
            raise ImproperlyConfigured(f"/{where} does not say who may come in: declare it with webkit.routes.route")


def all_routes() -> list[tuple[str, str, Audience, tuple[str, ...] | None]]:
    """(full name, full path, audience, methods) of each address: what the access matrix walks."""
    rows: list[tuple[str, str, Audience, tuple[str, ...] | None]] = []
    for door in doors():
        rows += [(f"{door.name}:{r.name}", "/" + door.prefix + r.path, r.audience, r.methods) for r in door.routes]
        for mount in door.mounts:
            rows += [
                (f"{mount.namespace}:{p.name}", "/" + door.prefix + mount.path + str(p.pattern), a, None)
                for p in mount.patterns
                if isinstance(p, URLPattern) and (a := mount.audiences.get(p.name or "")) is not None
            ]
    return rows


__all__ = [
    "ACCOUNT", "CLIENT", "DEMO", "DEVICE", "LINK", "PUBLIC", "SIGNED_IN", "WATCHERS", "Audience", "Door", "Mount", "Route",
    "all_routes", "check_declared", "doors", "guarded", "route", "staff", "urlpatterns",
]  # fmt: skip
