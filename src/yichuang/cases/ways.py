"""办理流程: the steps that a case takes by its item's process, who does each, and the whole of it drawn. No names of people."""

from datetime import datetime
from uuid import UUID

from yichuang.cases.models import Case
from yichuang.cases.pages_review import Stands, WayPage, WayStep
from yichuang.cases.states import State
from yichuang.catalog import queries as catalog
from yichuang.core.words import Words
from yichuang.engine import queries as engine
from yichuang.engine.values import StepRow, StepState, draw, read_process
from yichuang.network import queries as network


def way_page(case: Case, *, locale: str, at: datetime) -> WayPage:
    """The way of a case as it went and will go; before it is accepted all of it lies ahead, and what ended before
    passed none of it. What was decided directly (by rules alone, or by silence) needed none: of that the plan is drawn, as of nobody's case."""
    rows, drawing = engine.way_of(("case", case.id), locale=locale, at=at)
    stands = _stands(case, begun=bool(drawing))
    if not drawing:
        model = read_process(catalog.get_pack(case.item_code, version=case.item_version, at=at).process_xml)
        state: StepState = "waiting" if stands == "to_come" else "skipped"
        drawing = draw(model, None if stands == "direct" else {one.id: state for one in model.tasks}, locale=locale)
        rows = tuple(StepRow(one.id, one.name, state, None, None, "", tuple(sorted(one.posts))) for one in model.tasks)
    steps = tuple(WayStep(row.name, row.state, _offices(row), row.entered_at, row.left_at) for row in rows)
    return WayPage(case.number, Words(case.item_name_zh, case.item_name_en), stands, steps, drawing)


def _stands(case: Case, *, begun: bool) -> Stands:
    if begun:
        return "begun"
    if case.decided_at is not None:
        return "direct"
    return "to_come" if State(case.state) in {State.SUBMITTED, State.CORRECTING} else "never"


def _offices(row: StepRow) -> tuple[Words, ...]:
    """The departments whose posts do the step, each once."""
    names: dict[UUID | None, Words] = {one.id: one.name for one in network.list_departments()}
    posts = {post.code: post for post in network.list_posts() if post.code in row.posts}
    found = [names.get(one.department, one.name) for one in posts.values()]
    return tuple(dict.fromkeys(found))
