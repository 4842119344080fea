"""办事指南, the same at every door: the questions of an item, what the answers leave to be brought, and the way it takes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, Question, Requirements
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.core.words import Words
from yichuang.engine.values import draw, read_process
from yichuang.webkit.problems import NONE, problems_of

Options = list[tuple[str, Words, Words | None]]


def answers_from(data: Mapping[str, str], pack: Pack) -> dict[str, str]:
    """The known answers among what was sent: question id → option value; unknown ones are left out."""
    allowed = {q.id: {o.value for o in q.options} for q in pack.questions}
    return {id: str(data[id]) for id in allowed if data.get(id) in allowed[id]}


def asked(pack: Pack, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that this applicant is asked: those whose condition does not fail on the answers so far."""
    return tuple(q for q in pack.questions if q.when is None or bool(q.when.holds({"answers": dict(answers)})))


def my_list(pack: Pack, answers: Mapping[str, str]) -> dict[str, Any]:
    """What an applicant with these answers needs: {"mine": Requirements or None, "answers", "blocked"}."""
    try:
        mine: Requirements | None = catalog.requirements(pack.code, pack.version, dict(answers), {}, {}, now())
    except Refused as refused:
        return {"mine": None, "answers": dict(answers), "blocked": problems_of(refused)}
    assert mine is not None
    complete = all(q.id in answers for q in asked(pack, answers))
    blocked = problems_of(mine.blocked) if complete else NONE
    return {"mine": mine, "answers": dict(answers), "blocked": blocked, "complete": complete}


def options_of(pack: Pack, answers: Mapping[str, str]) -> list[tuple[Question, Options]]:
    """The questions that this applicant is asked, with what can be answered: (value, label, hint)."""
    return [(q, [(o.value, o.label, o.hint) for o in q.options]) for q in asked(pack, answers)]


def flow_of(pack: Pack, locale: str) -> Markup:
    """流程图: the way through the departments, of nobody's case."""
    return _drawn(pack.process_xml, locale)


@lru_cache(maxsize=256)
def _drawn(xml: bytes, locale: str) -> Markup:
    return Markup(draw(read_process(xml), None, locale=locale))
