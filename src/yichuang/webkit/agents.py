"""What pages and programs share of authorities (委托): for whom a person decides, and finding the agent somebody names.

Who guesses at names and numbers at one door has no more guesses at the other.
"""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from yichuang.core.actors import Actor
from yichuang.core.identifiers import normal_name
from yichuang.core.refusals import NotFound, Reason
from yichuang.core.words import W
from yichuang.people import queries
from yichuang.people.values import PartyRow, RepresentationRow
from yichuang.webkit.limits import Misses

UNKNOWN_AGENT = Reason(
    "AGENT_UNKNOWN",
    W(
        "没有找到姓名和证件号码都相符的人，请核对；对方还没有登记的，请先注册或到窗口登记",
        "Nobody is known by this name and number. Check both; somebody who is not registered yet registers first, or at a window",
    ),
    "/id_no",
)
GUESSES = Misses(
    "agent-miss",
    20,
    W("此网络查找代理人的次数过多，请一小时后再试", "Too many look-ups from this network: please try again in an hour"),
    "/id_no",
)


def principals_of(actor: Actor, *, at: datetime) -> list[PartyRow]:
    """For whom the person decides: themselves, companies whose legal representative they are, their wards."""
    if actor.kind != "person" or actor.id is None:
        return []
    decides = [row.principal for row in queries.represented(actor.id, at=at) if row.kind != "agent"]
    known = queries.list_parties([actor.id, *decides])
    return [known[id] for id in dict.fromkeys([actor.id, *decides])]


def find_agent(request: HttpRequest, *, name: str, id_type: str, id_no: str, at: datetime) -> PartyRow | None:
    """The person of this name and number; a miss is counted, and says nothing of which of the two was wrong. Refused
    TOO_MANY_TRIES when the misses of this hour are used up."""
    GUESSES.check(request, at=at)
    found = queries.find_party(id_type, id_no)
    if found is None or normal_name(found.name) != normal_name(name):
        GUESSES.count(request, at=at)
        return None
    return found


def authority_of(actor: Actor, id: UUID, *, at: datetime) -> RepresentationRow:
    """The authority, for its two sides; one that has ended, or that is not an agent's, is not there."""
    sides = [row for who in principals_of(actor, at=at) for row in queries.representatives(who.id, at=at)]
    sides += queries.represented(actor.id, at=at) if actor.id else ()
    found = next((row for row in sides if row.id == id and row.kind == "agent"), None)
    if found is None:
        raise NotFound(W("授权", "authority"))
    return found
