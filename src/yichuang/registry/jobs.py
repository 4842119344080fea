"""Background work of this room."""

from datetime import date, datetime
from uuid import UUID

from yichuang.core.clock import now
from yichuang.core.jobs import job, periodic
from yichuang.core.words import W, Words
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people.queries import language_of
from yichuang.registry.commands.staging import forget_staged
from yichuang.registry.models import CachedAnswer
from yichuang.registry.values import BASE_WORDS, GROUND_WORDS, Base

_CASE = W("办件 {number}", "case {number}")
_NO_CASE = W("一件政务服务事项", "a public service")  # not "yours": it may be somebody else's


@job(name="registry.tell_asked")
def tell_asked(party: UUID, bases: str, case_number: str, ground: str, item: str, day: str, at: str) -> None:
    """Tell the person that shared bases were asked about them (PIPL arts. 17, 35): once for a case, day, ground and bases."""
    names = [BASE_WORDS[Base(base)] for base in bases.split(",")]
    send(
        address=Address("inbox", party=party),
        locale=language_of(party),
        template="registry_asked",
        values={
            "bases": _listed(names),
            "what": _CASE.format(number=case_number) if case_number else _NO_CASE,
            "ground": GROUND_WORDS[ground],
            "at": datetime.fromisoformat(at),
        },
        at=now(),
        dedupe=f"registry_asked:{party}:{case_number or item}:{date.fromisoformat(day)}:{ground}:{bases}",
    )


def _listed(names: list[Words]) -> Words:
    return W("、".join(name.zh for name in names), ", ".join(name.en for name in names))


@periodic("40 3 * * *")
@job(name="registry.forget_answers")
def forget_answers() -> None:
    """Throw away kept answers whose time is over."""
    CachedAnswer.objects.filter(valid_until__lte=now()).delete()


@periodic("17 * * * *")
@job(name="registry.forget_files")
def forget_files() -> None:
    """Throw away files of batches that no second person confirmed in time."""
    forget_staged(at=now())
