"""What staff are told of acts that need a second person (四眼, docs/adr/0014): into their inboxes, without personal data."""

from yichuang.core import second
from yichuang.core.events import subscribe
from yichuang.core.second import ProposalEnded, ProposalMade
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people.queries import languages_of_staff
from yichuang.people.staff_book import second_holders


@subscribe(ProposalMade)
def tell_the_others(event: ProposalMade) -> None:
    """Every other holder of the power, once of each proposal."""
    holders = second_holders(event.act, event.args, but=event.asked_by, at=event.at)
    values = {"act": second.ACTS[event.act].words, "until": event.expires_at}
    for staff, locale in languages_of_staff(holders).items():
        send(
            address=Address("inbox", party=staff),
            locale=locale,
            template="second_asked",
            values=values,
            at=event.at,
            dedupe=f"second_asked:{event.proposal}:{staff}",
        )


@subscribe(ProposalEnded)
def tell_who_asked(event: ProposalEnded) -> None:
    """Who asked, unless it was themselves who took it back or their account is closed."""
    if event.answered_by == event.asked_by:
        return
    values = {"act": second.ACTS[event.act].words, "at": event.at}
    if event.state != "expired":
        values["outcome"] = second.STATES[event.state]
    for staff, locale in languages_of_staff([event.asked_by]).items():
        send(
            address=Address("inbox", party=staff),
            locale=locale,
            template="second_expired" if event.state == "expired" else "second_ended",
            values=values,
            at=event.at,
            dedupe=f"second_ended:{event.proposal}:{staff}",
        )
