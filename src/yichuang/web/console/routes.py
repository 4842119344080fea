"""The console's address book. Each of the three administrators (三员) has pages that the others do not open."""

from yichuang.core.actors import Channel
from yichuang.core.roles import ADMINISTERS, ITEM_EDITOR, SECURITY_ADMIN, SYSTEM_ADMIN, THREE_ADMINISTRATORS
from yichuang.web.console import home, items, people
from yichuang.webkit.routes import Door, route, staff

EVERYBODY = staff(*ADMINISTERS)
THREE = staff(*THREE_ADMINISTRATORS)
SYSTEM, SECURITY = staff(SYSTEM_ADMIN), staff(SECURITY_ADMIN)
EDITORS = staff(ITEM_EDITOR)
BOTH = ("GET", "POST")

DOOR = Door(
    name="console",
    prefix="console/",
    channel=Channel.COUNTER,
    routes=(
        route("", home.home, name="home", audience=EVERYBODY),
        route("staff/", people.staff_list, name="staff", audience=THREE),
        route("staff/new/", people.open_account, name="staff-new", audience=SYSTEM, methods=BOTH),
        route("staff/<uuid:staff>/", people.member, name="member", audience=THREE),
        route("staff/<uuid:staff>/account/", people.account, name="member-account", audience=SYSTEM, methods=BOTH),
        route("staff/<uuid:staff>/powers/", people.powers, name="member-powers", audience=SECURITY, methods=BOTH),
        route("items/", items.shelf, name="items", audience=EDITORS),
        route("items/<str:code>/", items.item, name="item", audience=EDITORS, methods=BOTH),
        route("searches/", items.searches, name="searches", audience=EDITORS, methods=BOTH),
    ),
)
