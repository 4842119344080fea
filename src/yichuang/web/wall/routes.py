"""The wall's address book: public, for it shows numbers and windows only."""

from yichuang.core.actors import Channel
from yichuang.web.wall import views
from yichuang.webkit.routes import PUBLIC, Door, route

DOOR = Door(
    name="wall",
    prefix="wall/",
    channel=Channel.PORTAL,
    routes=(
        route("voice/<str:part>", views.voice, name="voice", audience=PUBLIC),
        route("<str:code>/", views.board, name="board", audience=PUBLIC),
        route("<str:code>/rows", views.rows, name="rows", audience=PUBLIC),
        route("<str:code>/waiting/", views.waiting, name="waiting", audience=PUBLIC),
        route("<str:code>/zone/<str:zone>/", views.zone_board, name="zone", audience=PUBLIC),
        route("<str:code>/<str:window>/", views.plate, name="plate", audience=PUBLIC),
    ),
)
