"""Turning a case into what the reviewer's page shows."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from yichuang.cases import queries as cases
from yichuang.cases.pages import HOW_WORDS, CasePage, ExtensionRow, TaskWork
from yichuang.cases.states import Act
from yichuang.cases.values import GROUND_WORDS, MATERIAL_WORDS, DocumentKind, MaterialState
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import Conflict, Refused
from yichuang.core.words import W, Words
from yichuang.engine import queries as engine
from yichuang.engine.values import TaskRow, draw, read_process
from yichuang.network import queries as network
from yichuang.people import commands as people
from yichuang.web.office import hands, opinions
from yichuang.webkit.actor import actor_of
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import Answer, Subject, masked_answers
from yichuang.webkit.pages import render
from yichuang.webkit.params import several
from yichuang.webkit.problems import NONE, problems_sent
from yichuang.webkit.sent import sent

NAV: list[tuple[str, Words, str, int | None]] = [
    ("office:tasks", W("我的任务", "My tasks"), "checklist", None),
    ("office:cases", W("本部门办件", "Cases of the department"), "archive", None),
    ("office:certificates", W("证照管理", "Certificates"), "certificate", None),
    ("office:questions", W("值班咨询", "Duty desk"), "headset", None),
    ("office:corrections", W("更正审批", "Corrections"), "edit", None),
    ("office:checks", W("后续核查", "Follow-up checks"), "clipboard-check", None),
    ("office:rechecks", W("抽查", "Re-checks"), "eye-check", None),
    ("console:rulesets", W("秒批规则", "Instant rules"), "list-check", None),
    ("office:archive", W("电子档案", "Archive"), "books", None),
    ("office:supervision", W("督办", "Supervision"), "alert-triangle", None),
    ("office:ratings", W("好差评", "Ratings"), "heart", None),
    ("office:items", W("事项统计", "Items in numbers"), "list-details", None),
]
OF_CASE = {"nav": NAV, "section": "office:tasks"}  # where a case's pages lead back to
LABELS = {  # what one Chinese word means on this door: elsewhere it is another English one
    "grant": W("准予", "Grant"),
    "deny": W("不予", "Deny"),
    "next": W("下一步", "Next step"),
    "open": W("待领取", "To be taken"),
}
FIELDS = ("form", "materials")


@network.one_look()
def case_page(
    request: HttpRequest, number: str, *, refused: Refused | None = None, at: datetime | None = None
) -> HttpResponse:
    """The case as a reviewer sees it; after a refusal, with the reasons and everything that was typed."""
    actor, at = actor_of(request), at or now()
    page, clock = cases.get_case_with_clock(actor, number, at=at)
    _log_look(actor, page, at)
    tasks, drawing = engine.tasks_and_drawing(("case", page.id), locale=actor.locale, at=at)
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    rules = cases.at_once_of(actor, page, at=at)
    context = {
        **OF_CASE,
        "labels": LABELS,
        "case": page,
        "subjects": _filed(page, pack),
        "tasks": tasks,
        "rules": rules,
        "drawing": "" if rules and rules.alone else Markup(drawing or _way_to_come(pack, actor.locale)),
        "clock": clock,
        "can": {act.value for act in page.acts},
        "mine": actor.posts,
        "hands": cases.hands_of(actor, tasks, at=at),
        "post_names": hands.names(),
        **_inspections(tasks, at),
        **_hearings(page, at),
        "extensions": _extensions(page),
        "me": actor.id,
        "problems": problems_sent(request, refused) if refused else NONE,
        "change": refused.change if isinstance(refused, Conflict) else None,
        "sent": sent(request, refused),
        "bases": catalog.grounds_words(pack),
        "chosen": several(request, "basis") if refused else [],
        "grounds": GROUND_WORDS,
        "material_words": MATERIAL_WORDS,
        "agree": opinions.AGREE,
        "disagree": opinions.DISAGREE,
        "deny": opinions.DENY,
        "promised": [m for m in page.materials if m.state is MaterialState.PROMISED],
        "may_decide": Act.GRANT in page.acts,
        "supervises": actor.has(roles.SUPERVISOR, department=page.department),
        "may_tell_again": Act.NOTIFY_GAPS in page.acts and bool(page.notices),
        "steps": [(row.name, {"todo": "waiting"}.get(row.state, row.state)) for row in page.phases],
    }
    return render(request, "office/case.html", context, status=refused.status if refused else 200)


def _extensions(page: CasePage) -> tuple[ExtensionRow, ...]:
    """What was asked (延期), where anything was."""
    return cases.extensions_of(page.id) if any(row.act == Act.ASK_EXTENSION for row in page.timeline) else ()


def _hearings(page: CasePage, at: datetime) -> dict[str, object]:
    """What was told and heard (听证), and who may chair a hearing that has to be called."""
    told = any(row.kind is DocumentKind.INTERESTED_NOTICE for row in page.documents)
    rows = cases.hearings_of(page.id, at=at) if told else ()
    asked = bool(rows) and rows[-1].stage in {"asked", "called"}
    chairs = cases.possible_chairs(page.id, at=at) if asked else ()
    return {"hearings": rows, "chairs": chairs, "hearing_today": local_date(at), "how_words": HOW_WORDS}


def _inspections(tasks: tuple[TaskRow, ...], at: datetime) -> dict[str, object]:
    """The inspections (现场核查) that the tasks ask for, and whom each may send."""
    asking = [task for task in tasks if task.act == "inspect"]
    live = [task for task in asking if task.state in {"open", "claimed"}]
    return {
        "inspections": cases.inspections_of([task.id for task in asking]) if asking else {},
        "inspectors": {task.id: cases.inspectors_of(task.post, at=at) for task in live},
    }


def _way_to_come(pack: Pack, locale: str) -> str:
    """Before acceptance: the way that the case will take, with no step marked."""
    return draw(read_process(pack.process_xml), {}, locale=locale)


def _filed(page: CasePage, pack: Pack) -> list[tuple[Subject, tuple[Answer, ...]]]:
    """What was filed, subject by subject, as people read it; personal lines masked."""
    return masked_answers(with_places(catalog.form_schema(pack, page.answers, page.form)), page.form)


def _log_look(actor: Actor, page: CasePage, at: datetime) -> None:
    people.record_look(
        actor=actor, party=page.applicant, purpose="review", fields=FIELDS, case_number=page.number, at=at
    )


def rest_of(items: tuple[TaskWork, ...], chosen: str) -> TaskWork | None:
    """The task to preview beside the list: the one chosen, else the first."""
    return next((row for row in items if str(row.task.id) == chosen), items[0] if items else None)
