"""The watchers' address book. No personal data, no secrets; numbers only for those on this machine or with the token."""

from yichuang.core.actors import Channel
from yichuang.web.watch import views
from yichuang.webkit.routes import PUBLIC, WATCHERS, Door, route

DOOR = Door(
    name="watch",
    prefix="",
    channel=Channel.API,
    routes=(
        route("health/live", views.live, name="live", audience=PUBLIC),
        route("health/ready", views.ready, name="ready", audience=PUBLIC),
        route("metrics", views.metrics, name="metrics", audience=WATCHERS),
    ),
)
