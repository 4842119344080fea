"""The template environment: Jinja2, undefined names fail, everything escaped, gettext, the house's filters and globals.

Pages are compiled once for each language (`folding.template`); what comes from a text (`from_string`) asks for the
language of the moment.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from urllib import parse

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.http import urlencode
from jinja2 import StrictUndefined
from markupsafe import Markup

from yichuang.core import masks
from yichuang.core.actors import Actor
from yichuang.core.roles import ADMINISTERS
from yichuang.core.said import wait_said
from yichuang.webkit import filters, folding, icons
from yichuang.webkit.addresses import PLAIN, address, address_around, around
from yichuang.webkit.menu import line_above, workplaces
from yichuang.webkit.problems import NONE, anchor


def gettext(message: str, /, **values: Any) -> Markup:
    """The message in the language of the moment."""
    return folding.gettext(translation.get_language() or settings.LANGUAGE_CODE, message, **values)


def counted(message: str, /, *, n: int, **values: Any) -> Markup:
    """The message about a number (`%(n)s`) in the language of the moment: "1 day left", "2 days left"."""
    return folding.counted(translation.get_language() or settings.LANGUAGE_CODE, message, n=n, **values)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named route: url("portal:case", number). A keyword `q` (mapping) becomes the query string."""
    query = kwargs.pop("q", None)
    path = reverse(name, args=args or None, kwargs=kwargs) if kwargs else address(name, *args)
    asked = _asked(query) if query else ""
    return f"{path}?{asked}" if asked else path


def _asked(query: Mapping[str, Any]) -> str:
    """As Django's `urlencode`, which takes lists and much else, and quotes what needs no quotes."""
    if any(type(value) is not str for value in query.values()):
        return urlencode(query, doseq=True)
    return "&".join(
        f"{name}={value if not value or PLAIN(value) else parse.quote_plus(value)}" for name, value in query.items()
    )


def has(name: str) -> bool:
    """Whether a door has a route of this name that needs nothing else (for menus over doors that may be left out)."""
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


@lru_cache(maxsize=1024)
def icon(name: str, css: str = "") -> Markup:
    """A decorative icon of the sprite. Raises KeyError when it is not in the sprite (see webkit/icons.txt)."""
    if name not in icons.known():
        raise KeyError(f"icon {name!r} is not in the sprite: add it to webkit/icons.txt and run `manage icons`")
    source = static("webkit/icons.svg")
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(css, source, name)


def administers(actor: Actor) -> bool:
    """Whether somebody has something to look after in the console."""
    return bool(actor.roles & ADMINISTERS)


def environment(**options: Any) -> folding.House:
    """Made once per process by Django's template engine."""
    options["undefined"] = StrictUndefined  # a missing name stops the page: a page with a hole is a bug, not a page
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = folding.House(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])
    env.around = around
    env.install_gettext_callables(  # type: ignore[attr-defined]  # from jinja2.ext.i18n
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(gettext=gettext, _=gettext, counted=counted)
    env.globals.update(
        url=url, address_around=address_around, has=has, static=static, icon=icon, anchor=anchor, no_problems=NONE, demo=bool(settings.YICHUANG_DEMO),
        administers=administers, line_above=line_above, workplaces=workplaces, once=cache, site=filters.site, wait_said=wait_said, events_url=settings.YICHUANG_EVENTS_URL,
    )  # fmt: skip
    env.filters.update(filters.ALL)
    env.filters.update({name: getattr(masks, name) for name in dir(masks) if name.startswith("mask_")})
    env.filters["unless_empty"] = filters.unless_empty
    return env
