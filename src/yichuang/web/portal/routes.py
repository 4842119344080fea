"""Every address of the citizen's door, and who may come in."""

from yichuang.core.actors import Channel
from yichuang.web.portal import views_account as account
from yichuang.web.portal import views_home as home
from yichuang.web.portal import views_places as places
from yichuang.webkit.routes import ACCOUNT, DEMO, PUBLIC, SIGNED_IN, Door, route

BOTH = ("GET", "POST")
DOOR = Door(
    name="portal",
    prefix="",
    channel=Channel.PORTAL,
    routes=(
        route("", home.home, name="home", audience=PUBLIC),
        route("help", account.help_page, name="help", audience=PUBLIC),
        route("places", places.places, name="places", audience=PUBLIC),
        route("places/<str:code>", places.place, name="place", audience=PUBLIC),
        # who I am
        route("sign-in", account.sign_in, name="sign-in", audience=PUBLIC, methods=BOTH),
        route("sign-in/code", account.sign_in_code, name="sign-in-code", audience=PUBLIC, methods=("POST",)),
        route("sign-out", account.sign_out, name="sign-out", audience=PUBLIC, methods=("POST",)),
        route("register", account.register, name="register", audience=DEMO, methods=BOTH),
        route("password", account.password, name="password", audience=ACCOUNT, methods=BOTH),
        route("language", account.language, name="language", audience=PUBLIC, methods=("POST",)),
        route("elder", account.elder, name="elder", audience=PUBLIC, methods=("POST",)),
        route("my/looks", account.looks, name="looks", audience=SIGNED_IN),
        route("dev/outbox", account.outbox, name="outbox", audience=DEMO),
    ),
)  # fmt: skip
