"""The kiosk's address book: for enrolled machines; only the page that lets one in is for everybody."""

from yichuang.core.actors import Channel
from yichuang.web.kiosk import views, views_booking, views_guide, views_machine, views_relay, views_ticket
from yichuang.webkit.routes import DEVICE, PUBLIC, Door, route

DOOR = Door(
    name="kiosk",
    prefix="kiosk/",
    channel=Channel.KIOSK,
    routes=(
        route("", views.home, name="home", audience=DEVICE),
        route("enrol/", views_machine.enrol_page, name="enrol", audience=PUBLIC, methods=("GET", "POST")),
        route("beat/", views_machine.heartbeat, name="beat", audience=DEVICE, methods=("POST",)),
        route("look/", views.look, name="look", audience=DEVICE, methods=("POST",)),
        route("stay/", views.stay, name="stay", audience=DEVICE, methods=("POST",)),
        route("wipe/", views.wipe, name="wipe", audience=DEVICE, methods=("POST",)),
        route("take/", views_ticket.take, name="take", audience=DEVICE, methods=("GET", "POST")),
        route("card/", views_ticket.card, name="card", audience=DEVICE, methods=("POST",)),
        route("check-in/", views_ticket.arrive, name="check-in", audience=DEVICE, methods=("GET", "POST")),
        route("bookings/", views_booking.bookings, name="bookings", audience=DEVICE),
        route("bookings/card/", views_booking.card, name="bookings-card", audience=DEVICE, methods=("POST",)),
        route("bookings/new/", views_booking.choose, name="booking-item", audience=DEVICE),
        route(
            "bookings/new/<str:code>/",
            views_booking.slots,
            name="booking-slot",
            audience=DEVICE,
            methods=("GET", "POST"),
        ),
        route(
            "bookings/<uuid:booking>/cancel/",
            views_booking.cancel,
            name="booking-cancel",
            audience=DEVICE,
            methods=("POST",),
        ),
        route("relay/", views_relay.relay, name="relay", audience=DEVICE, methods=("GET", "POST")),
        route("relay/take/", views_relay.take, name="relay-take", audience=DEVICE, methods=("POST",)),
        route("guides/", views_guide.guides, name="guides", audience=DEVICE),
        route("guides/<str:code>/", views_guide.guide, name="guide", audience=DEVICE),
        route("ticket/", views_ticket.ticket, name="ticket", audience=DEVICE),
        route("ticket/print/", views_ticket.again, name="print", audience=DEVICE, methods=("POST",)),
        route("ticket/return/", views_ticket.come_back, name="return", audience=DEVICE, methods=("POST",)),
        route("ticket/rate/", views_ticket.rate, name="rate", audience=DEVICE, methods=("POST",)),
        route("find/", views_ticket.find, name="find", audience=DEVICE, methods=("GET", "POST")),
    ),
)
