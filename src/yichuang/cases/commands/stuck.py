"""流程停滞: the process of a case cannot go on by what it waited for. It stands on the record, and people hear of it."""

from yichuang.cases.commands.escalate import tell_holders
from yichuang.cases.models import Case
from yichuang.cases.processes import KIND
from yichuang.core import ledger, roles
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.core.words import W
from yichuang.engine.events import ProcessStuck
from yichuang.people import queries as people

STUCK = W("{what}：{why}", "{what}: {why}")


def note_stuck(news: ProcessStuck) -> None:
    """On the record of the case once, and into the inboxes of who has it and of those who watch over its department.

    Nobody may have it: a process that waits for a moment or a system alone is seen by nobody until a limit turns red.
    """
    case = Case.objects.select_related("department").get(id=news.subject_id)
    words = STUCK.format(what=news.name, why=news.why)
    ledger.append(
        act="process-stuck",
        actor=SYSTEM,
        at=news.at,
        subject=Subject(KIND, case.id),
        detail={"node": news.node, "event": news.event, "zh": words.zh, "en": words.en},
    )
    watching = people.list_covering(
        roles.SUPERVISOR, place=case.responsible_place_id, department=case.department_id, at=news.at
    )
    tell_holders(case, "process_stuck", {"words": words}, news.wait, news.at, also={row.id for row in watching})
