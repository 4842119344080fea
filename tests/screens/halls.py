"""What stands and hangs in a hall: the kiosk and the boards."""

from typing import Any

from tests.screens.screen import Screen

WALL = (
    Screen("wall", "<str:code>/", "/wall/LH/", name="wall", elder=False),
    Screen("wall", "<str:code>/<str:window>/", "/wall/LH/1/", name="wall-window", elder=False),
    Screen("wall", "<str:code>/zone/<str:zone>/", "/wall/LH/zone/AB/", name="wall-zone", elder=False),
    Screen("wall", "<str:code>/waiting/", "/wall/LH/waiting/", name="wall-waiting", elder=False),
)


def _kiosk(route: str, **more: Any) -> Screen:
    return Screen("kiosk", route, f"/kiosk/{route}", **{"who": "kiosk", **more})


KIOSK = (  # "kiosk" is the machine of `world.build`, at which somebody just took a number
    _kiosk(""),
    _kiosk("take/"),
    _kiosk("check-in/"),
    _kiosk("check-in/", posted={"key": "screen"}, status=422),
    _kiosk("ticket/"),
    _kiosk("relay/"),
    _kiosk("bookings/"),
    _kiosk("bookings/", who="kiosk-card", name="kiosk-bookings"),
    _kiosk("bookings/card/", posted={}, status=422),
    _kiosk("bookings/new/", who="kiosk-card"),
    Screen(
        "kiosk", "bookings/new/<str:code>/", "/kiosk/bookings/new/{item}/", who="kiosk-card", name="kiosk-booking-slot"
    ),
    _kiosk("guides/"),
    Screen("kiosk", "guides/", "/kiosk/guides/?q=社保", who="kiosk"),
    Screen("kiosk", "guides/", "/kiosk/guides/?q=没有这样的事", who="kiosk"),
    Screen("kiosk", "guides/<str:code>/", "/kiosk/guides/{item}/?applicant_kind=person&housing=rent", who="kiosk"),
    _kiosk("relay/", posted={"code": "00000000", "tail": "0000"}, status=404),
    _kiosk("find/"),
    _kiosk("find/", posted={"number": "A003"}),
    _kiosk("find/", posted={"number": "Z999"}, status=422),
    _kiosk("card/", posted={}, status=422),
    _kiosk("take/", posted={"queue": "01900000-0000-7000-8000-000000000000", "key": "screen"}, status=422),
    _kiosk("enrol/", who=""),
    _kiosk("enrol/", who="", posted={"code": "WRONG"}, status=422),
)
