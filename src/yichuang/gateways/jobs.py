"""Background work of the gateways."""

import logging

from yichuang.core.clock import now
from yichuang.core.jobs import job, periodic
from yichuang.gateways.centre.client import LineDown
from yichuang.gateways.centre.line import NotPaired, talk
from yichuang.gateways.drop.config import givers
from yichuang.gateways.drop.reading import forget, take
from yichuang.visits.queries import is_node

log = logging.getLogger(__name__)


@periodic("*/5 * * * *")
@job(name="gateways.take_files")
def take_files() -> None:
    """Load what organs have left in their drop folders (文件交换)."""
    for giver in givers():
        take(giver, at=now())
        forget(giver, at=now())


@periodic("* * * * * */2")
@job(name="gateways.talk_to_centre", retries=1)
def talk_to_centre() -> None:
    """Every two seconds at a hall node: its acts go to the centre, what is lent comes. Without a line it tries again."""
    if not is_node():
        return
    try:
        talk(at=now())
    except NotPaired:
        _say("NOT_PAIRED", "this hall node is not paired: ./run manage pair_node CODE")
    except LineDown as down:
        _say(down.code, f"no line to the centre: {down.code}")
    else:
        if _said:
            _said.clear()
            log.warning("the line to the centre is up again")


_said: set[str] = set()  # why there is no line, as this worker said since there was one


def _say(code: str, words: str) -> None:
    """Each reason once until the line is up again: it is tried thirty times a minute, and a cut may last a night."""
    if code not in _said:
        _said.add(code)
        log.warning(words)
