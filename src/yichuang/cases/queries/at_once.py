"""What the rules said of a case (秒批), row by row, for who may read it. A shadow is shown to nobody (docs/adr/0020)."""

from datetime import datetime
from uuid import UUID

from yichuang.cases.instant import AtOncePage, JudgedBy, Mode, ReviewPage, RuleLine, doubt_of
from yichuang.cases.models import AutoDecision, HumanReview, Recheck, RuleSet
from yichuang.cases.pages import CasePage
from yichuang.cases.permissions import can_answer
from yichuang.cases.rules.instant import OTHERS
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core.actors import Actor
from yichuang.core.words import Words
from yichuang.people import queries as people
from yichuang.registry.values import BASE_WORDS, STATE_WORDS, WHY


def _is_alone(item: str, sha: str) -> bool:
    return RuleSet.objects.filter(item_code=item, sha=sha, mode=Mode.ALONE.value).exists()


def at_once_of(actor: Actor, page: CasePage, *, at: datetime) -> AtOncePage | None:
    """What the rules said, of a case that the actor may open; None where they said nothing that counts.

    The applicant's side reads no word of look-ups about others. While a blind re-check is open, staff read nothing but what
    the applicant asked of people, if anything (`blind`).
    """
    if catalog.get_pack(page.item_code, version=page.item_version, at=at).decision is None:
        return None
    row = AutoDecision.objects.filter(case=page.id).first()
    if row is None or not _counts(row):
        return None
    staff = actor.is_staff or actor.kind == "system"
    if not staff and not actor.acts_for(page.applicant, item=page.item_code):
        return None  # who only collects the result
    review = HumanReview.objects.filter(case=page.id).first()
    blind = actor.is_staff and Recheck.objects.filter(decision=row, state="open").exists()
    if blind and review is None:
        return None
    pack = catalog.get_pack(row.item_code, version=row.item_version, at=at)
    others = _others(pack, page)
    return AtOncePage(
        judged=JudgedBy(row.state),
        alone=row.acted,
        judged_at=row.judged_at,
        rule_set=row.sha[:16],
        item_version=row.item_version,
        doubts=() if blind else _doubts(row, pack, staff=staff),
        lines=() if blind else _lines(row, pack, others, staff=staff),
        sources=() if blind else _sources(row, pack, others, staff=staff),
        review=_review(review),
        may_ask=not staff and row.acted and review is None,
        may_answer=review is not None and review.answered_at is None and _may_answer(actor, page, row),
        blind=blind,
    )


def _may_answer(actor: Actor, page: CasePage, row: AutoDecision) -> bool:
    return can_answer(actor, page.department) and actor.id not in catalog.makers_of(row.item_code, row.sha)


def _counts(row: AutoDecision) -> bool:
    if row.state == JudgedBy.WAITING.value:
        return _is_alone(row.item_code, row.sha)
    return row.mode == Mode.ALONE.value or (row.mode == Mode.OFF.value and row.state == JudgedBy.DONE.value)


def _others(pack: Pack, page: CasePage) -> frozenset[str]:
    number = people.get_party(page.applicant).id_no
    return catalog.lookups_on_others(pack, page.answers, page.form, number, at=page.filed_at)


def _doubts(row: AutoDecision, pack: Pack, *, staff: bool) -> tuple[tuple[Words, tuple[str, ...]], ...]:
    told: dict[Words, tuple[str, ...]] = {}
    for kept in row.doubts:
        doubt = doubt_of(kept)
        if doubt.public or staff:
            told.setdefault(doubt.words, catalog.parts_behind(pack, doubt.code))
        else:
            told.setdefault(OTHERS.words, ())
    return tuple(told.items())


def _lines(row: AutoDecision, pack: Pack, others: frozenset[str], *, staff: bool) -> tuple[RuleLine, ...]:
    """Every rule tried. One on others shows the applicant neither whether it hit nor why."""
    if not row.record:
        return ()
    lines = []
    for one in catalog.explain(pack, row.inputs, bytes(row.record)):
        if staff or not one.lookups & others:
            lines.append(RuleLine(one.words, one.basis, one.hit, one.why))
    return tuple(lines)


def _sources(row: AutoDecision, pack: Pack, others: frozenset[str], *, staff: bool) -> tuple[tuple[Words, Words], ...]:
    assert pack.decision is not None
    bases = {one.name: one.base for one in pack.decision.lookups}
    words: dict[str, Words] = {str(code): told for known in (STATE_WORDS, WHY) for code, told in known.items()}
    return tuple(
        (BASE_WORDS[bases[name.partition(".")[0]]], words[state])
        for name, state in row.sources.items()
        if staff or name.partition(".")[0] not in others
    )


def _review(row: HumanReview | None) -> ReviewPage | None:
    if row is None:
        return None
    return ReviewPage(row.asked_at, row.reason, row.answered_at, row.answered_name, row.stands, row.answer, row.undue)


def open_reviews(actor: Actor) -> tuple[tuple[str, Words, datetime], ...]:
    """(number, item, asked at) of the reviews that wait for the actor's departments, the longest first."""
    if not actor.is_staff:
        return ()
    mine = {grant.department for grant in actor.grants if grant.department is not None}
    rows = HumanReview.objects.filter(department__in=mine, answered_at=None).select_related("case")
    found: list[tuple[str, Words, datetime, UUID]] = [
        (row.case.number, Words(row.case.item_name_zh, row.case.item_name_en), row.asked_at, row.department_id)
        for row in rows.order_by("asked_at", "id")[:100]
    ]
    return tuple((number, item, asked) for number, item, asked, where in found if can_answer(actor, where))
