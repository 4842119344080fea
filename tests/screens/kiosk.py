"""The kiosk of the screens, at which somebody just took a number."""

from django.conf import settings
from django.test import Client
from tests.demo import Demo
from tests.machines import HALL, kiosk_with

from yichuang.network.queries import get_place
from yichuang.visits.models import Queue
from yichuang.webkit.actor import TOKEN_COOKIE

MACHINES = MACHINE, SECOND_MACHINE = "东门取号机", "西门取号机"


def at_a_kiosk(demo: Demo) -> dict[str, str]:
    """A kiosk with printer and reader: its token, and the session of whoever stands there."""
    machine, browser = kiosk_with(demo, name=MACHINE, reader="simulator"), Client()
    browser.cookies[TOKEN_COOKIE] = machine.bearer
    queue = Queue.objects.get(place=get_place(HALL).id, letter="A").id
    assert browser.post("/kiosk/take/", {"queue": str(queue), "key": "screens"}).status_code == 302
    return {
        "kiosk": machine.bearer,
        "kiosk_visit": browser.cookies[settings.SESSION_COOKIE_NAME].value,
        **_with_a_card(demo),
    }


def _with_a_card(demo: Demo) -> dict[str, str]:
    """Another one, on whose reader lies the card of somebody with appointments."""
    machine, browser = kiosk_with(demo, name=SECOND_MACHINE, reader="simulator:zhangxiao"), Client()
    browser.cookies[TOKEN_COOKIE] = machine.bearer
    assert browser.post("/kiosk/bookings/card/").status_code == 302
    return {"kiosk-card": machine.bearer, "kiosk-card_visit": browser.cookies[settings.SESSION_COOKIE_NAME].value}
