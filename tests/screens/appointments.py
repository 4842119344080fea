"""Pages of appointments (预约): of the citizen, of the counter, of a hall's manager."""

from typing import Any

from tests.screens.screen import Screen


def _portal(route: str, path: str, who: str = "", **more: Any) -> Screen:
    return Screen("portal", route, "/" + path, who, **more)


def _mine(route: str, path: str, **more: Any) -> Screen:
    return _portal(route, path, "zhangxiao", **more)


def _counter(route: str, path: str, who: str, **more: Any) -> Screen:
    return Screen("counter", route, f"/counter/{path}", who, **more)


APPOINTMENTS = (
    _portal("items/<str:code>/book", "items/{item}/book", name="book-halls"),
    _portal("items/<str:code>/book", "items/shebao-chaxun/book"),
    _portal("items/<str:code>/book/<str:place>", "items/{item}/book/LH?day={booked_day}", name="book-slots"),
    _mine("items/<str:code>/book/<str:place>", "items/{item}/book/LH?kind=home&day={booked_day}"),
    _mine("items/<str:code>/book/<str:place>/wait", "items/{item}/book/LH/wait", posted={"first": "2026-11-20", "last": "2026-11-19", "kind": "home"}, status=422),
    _mine("book/<uuid:slot>/<str:code>", "book/{half_hour}/{item}", name="book-confirm"),
    _mine("book/<uuid:slot>/<str:code>", "book/{half_hour}/{item}", posted={"key": "screen"}, status=422),
    _mine("my/bookings", "my/bookings", name="my-bookings"),
    _portal("my/bookings", "my/bookings", "moshengren"),
    _mine("my/bookings/<uuid:booking>", "my/bookings/{booking_today}", name="my-booking"),
    _mine("my/bookings/<uuid:booking>", "my/bookings/{booking_home}"),
    _mine("my/bookings/<uuid:booking>/<str:step>", "my/bookings/{booking_home}/check-in", posted={}, status=409),
    _counter("bookings/", "bookings/", "lina", name="counter-bookings"),
    _counter("bookings/", "bookings/?day=2030-01-01", "mali"),
    _counter("bookings/", "bookings/close-day/", "mali", posted={"day": "2026-11-24", "reason": ""}, status=422),
    _counter("bookings/<uuid:booking>/", "bookings/{booking_today}/", "lina", name="counter-booking"),
    _counter("bookings/<uuid:booking>/", "bookings/{booking_home}/", "mali"),
    _counter("bookings/<uuid:booking>/", "bookings/{booking_today}/cancel/", "lina", posted={"reason": ""}, status=422),
    _counter("bookings/<uuid:booking>/home/", "bookings/{booking_goes}/home/", "lina", name="counter-home"),
    _counter("bookings/<uuid:booking>/home/", "bookings/{booking_home}/home/", "lina"),
    _counter("bookings/<uuid:booking>/home/<str:step>/", "bookings/{booking_goes}/home/take/", "lina", posted={"pieces": "0"}, status=422),
    _counter("bookings/<uuid:booking>/home/draft/", "bookings/{booking_goes}/home/draft/", "lina", posted={}, status=422),
    _counter("bookings/<uuid:booking>/home/receipt/", "bookings/{booking_goes}/home/receipt/", "lina"),
    _counter("bookings/originals/", "bookings/originals/", "lina", name="counter-originals"),
    _counter("bookings/<uuid:booking>/move/", "bookings/{booking_home}/move/?day={booked_day}", "lina"),
    _counter("bookings/new/<uuid:party>/", "bookings/new/{party}/?item={item}&day={booked_day}", "lina", name="counter-booking-new"),
    _counter("bookings/new/<uuid:party>/", "bookings/new/{party}/", "lina", posted={"item": "{item}", "kind": "home", "slot": "{half_hour}", "key": "screen"}, status=422),
    _counter("bookings/plan/", "bookings/plan/", "mali", name="counter-booking-plan"),
    _counter("bookings/plan/", "bookings/plan/rules/", "mali", posted={"days_ahead": "1", "release": "8", "walk_in_percent": "1"}, status=422),
)  # fmt: skip
