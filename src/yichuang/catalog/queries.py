"""Every read of the catalogue. What depends on what is published takes `at`."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from yichuang.catalog import forms, index, plain_forms, rules, search
from yichuang.catalog.comparison.rule import compare as _compare
from yichuang.catalog.decisions import decide, decide_again, explain, grounds_of, misfits, questions_of
from yichuang.catalog.foresight import foresee
from yichuang.catalog.guide import build_guide, cited, grounds_words
from yichuang.catalog.held import held_spec, is_of
from yichuang.catalog.lists.rule import at_least
from yichuang.catalog.makers import makers_of
from yichuang.catalog.models import ItemVersion, SearchMiss, SpokenWords
from yichuang.catalog.outcome import fact_key, keys_within, known_facts
from yichuang.catalog.outcome import result_data as _result_data
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.plain_forms import plain_form_faults
from yichuang.catalog.routes import UNDECIDED, way
from yichuang.catalog.rules import (
    asked_questions,
    check_answers,
    due_date,
    file_faults,
    gap_due,
    judge_materials,
    limit_with_gaps,
)
from yichuang.catalog.shelf import list_shelf, lists_file, pack_folder, shelf_row
from yichuang.catalog.signing import signers_of
from yichuang.catalog.store import last_applied, note_applied, pack_of, read_line, read_row, row_of
from yichuang.catalog.subjects import lookups_on_others, parts_behind, people_named
from yichuang.catalog.tables import find_tabled, folder_pack, list_tabled
from yichuang.catalog.values import Comparison, Guide, ItemFilters, ItemRow, JsonDict, Pack, Requirements
from yichuang.core import sql
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.core.paging import Page, bad_cursor
from yichuang.core.refusals import NotFound, Reason
from yichuang.core.words import W, Words
from yichuang.network import queries as network

__all__ = [
    "UNDECIDED",
    "asked_questions",
    "check_answers",
    "check_form",
    "check_plain_form",
    "cited",
    "compare",
    "decide",
    "decide_again",
    "due_date",
    "explain",
    "fact_key",
    "file_faults",
    "find_tabled",
    "folder_pack",
    "foresee",
    "foresee_pack",
    "form_schema",
    "pruned",
    "form_warnings",
    "gap_due",
    "get_guide",
    "grounds_words",
    "get_item",
    "get_pack",
    "grounds_of",
    "held_of",
    "held_spec",
    "is_open",
    "judge_materials",
    "keys_within",
    "known_facts",
    "limit_with_gaps",
    "likely_pack",
    "list_departments",
    "list_items",
    "list_shelf",
    "lists_file",
    "load_search",
    "lookups_on_others",
    "makers_of",
    "misfits",
    "list_tabled",
    "list_themes",
    "list_unanswered",
    "list_versions",
    "pack_folder",
    "parts_behind",
    "people_named",
    "signers_of",
    "plain_form_faults",
    "questions_of",
    "requirements",
    "result_data",
    "search_items",
    "shelf_row",
    "spoken_words",
    "way",
]
_ITEM = W("事项", "item")
_MOST = 100
_SPARE = 8  # hits that are read besides those asked for: some may not apply any more
_TYPO = 0.45  # word similarity from which a typing error is assumed
_EVERYTHING = ItemFilters()


# --- one item


@compiled
def _row(code: str, at: datetime) -> QuerySet[ItemVersion, Any]:
    return current(at).filter(code=code).order_by("id").values_list("row", flat=True)[:1]


@compiled
def _version(code: str, at: datetime) -> QuerySet[ItemVersion, int]:
    return current(at).filter(code=code).order_by("id").values_list("version", flat=True)[:1]


@compiled
def _open(code: str, version: int, at: datetime) -> QuerySet[ItemVersion, int]:
    return current(at).filter(code=code, version=version).order_by("id").values_list("version", flat=True)[:1]


def get_item(code: str, *, at: datetime) -> ItemRow:
    """The line of the item as it applies at the instant. NotFound when it does not."""
    row = _row.first(code, at)
    if row is None:
        raise NotFound(_ITEM)
    return read_row(row)


def get_pack(code: str, *, version: int | None = None, at: datetime) -> Pack:
    """The whole pack: the version that applies at the instant, or a named one that has come into effect by then.

    NotFound for what is unknown or still to come; a retired version stays readable, cases keep it.
    """
    applies = version is None
    if version is None:
        version = _version.first(code, at)
    if not isinstance(version, int) or not 0 < version < 2**31:
        raise NotFound(_ITEM)
    try:
        pack = pack_of(code, version)
    except LookupError:
        raise NotFound(_ITEM) from None
    if applies:
        note_applied(code, version)
    return pack


def foresee_pack(code: str, *, at: datetime) -> None:
    """`get_pack` without a version will be asked for in this transaction (see `sql.ahead`)."""
    _version.ahead(code, at)


def likely_pack(code: str) -> Pack | None:
    """The pack that will probably apply: the one that did when this process last asked. To ask ahead by only."""
    return last_applied(code)


def is_open(code: str, version: int, *, at: datetime) -> bool:
    """Whether one can apply under this version at the instant."""
    found = bool(_open(code, version, at))
    if found:
        note_applied(code, version)
    return found


def list_versions(code: str) -> tuple[tuple[int, datetime, datetime | None], ...]:
    """(version, effective from, until) of every published version, newest first."""
    rows = ItemVersion.objects.filter(code=code).order_by("-version")
    return tuple(rows.values_list("version", "effective_at", "retired_at"))


def published_name(code: str) -> Words | None:
    """The item by its newest published name, whether or not it applies now; None for what was never published."""
    found = _newest_row.first(code)
    return read_row(found).name if found else None


@compiled
def _newest_row(code: str) -> QuerySet[ItemVersion, Any]:
    return ItemVersion.objects.filter(code=code).order_by("-version").values_list("row", flat=True)[:1]


def compare(code: str, old: int, new: int) -> Comparison:
    """Two published versions of an item side by side. NotFound when one of them was never published."""
    try:
        return _compare(pack_of(code, old), pack_of(code, new))
    except LookupError:
        raise NotFound(_ITEM) from None


def get_guide(code: str, *, at: datetime) -> Guide:
    """The guide page of the item as it applies at the instant."""
    found = current(at).filter(code=code).values_list("version", "effective_at").first()
    if found is None:
        raise NotFound(_ITEM)
    pack = pack_of(code, found[0])
    return build_guide(pack, row_of(pack), network.get_department(pack.department), local_date(found[1]))


# --- lists and search


def list_items(
    filters: ItemFilters = _EVERYTHING, cursor: str | None = None, limit: int = 20, *, at: datetime
) -> Page[ItemRow]:
    """Items in alphabetical order of their pinyin, a page at a time."""
    limit = max(1, min(limit, _MOST))
    rows = filtered(current(at), filters).order_by("sort_key", "code")
    if cursor:
        key, code = _read_cursor(cursor)
        rows = rows.filter(Q(sort_key__gt=key) | Q(sort_key=key, code__gt=code))
    found = list(rows.values_list("row", "sort_key", "code")[: limit + 1])
    more = found[limit - 1] if len(found) > limit else None
    return Page(tuple(read_row(row) for row, _, _ in found[:limit]), _cursor(more[1], more[2]) if more else None)


def load_search() -> None:
    """Load the dictionaries of search (40 MB, half a second), which the first search would: processes that part afterwards
    share them."""
    search.pinyin("一窗")


def search_items(q: str, limit: int = 10, *, at: datetime, filters: ItemFilters = _EVERYTHING) -> tuple[ItemRow, ...]:
    """The items that fit best what somebody typed: spoken words, pinyin, initials, small typing errors."""
    limit = max(1, min(limit, _MOST))
    asked = search.query_of(q)
    if asked is None:
        return ()
    found = _ranked(asked, limit, filters, at)
    if found:
        return tuple(read_line(row, score) for row, score in found)
    similar = _similar(filtered(current(at), filters), search.normal(q), limit)
    return tuple(read_row(row, float(score)) for row, score in similar)


_LINES = """
    SELECT item.number, version.sort_key, version.code, version.id, version.row
    FROM catalog_searcheditem item JOIN catalog_itemversion version ON version.id = item.version_id
    WHERE item.number = ANY($1::int[]) AND version.effective_at <= $2
        AND (version.retired_at IS NULL OR version.retired_at > $2)
"""


def _ranked(asked: search.Query, limit: int, filters: ItemFilters, at: datetime) -> list[tuple[str, float]]:
    """By the terms that hit, the exact phrase first. All hits are looked at only when the best do not pass or apply."""
    for most in (limit + _SPARE, None):
        scores = dict(index.find(asked, most))
        rows = sql.rows(_LINES, [list(scores), at]) if scores else []
        if filters != _EVERYTHING:
            passing = filtered(ItemVersion.objects.filter(id__in=[id for *_, id, _ in rows]), filters)
            ids = set(passing.values_list("id", flat=True))
            rows = [row for row in rows if row[3] in ids]
        if len(rows) >= limit or most is None or len(scores) < most:
            break
    found = sorted((-scores[number], key, code, line) for number, key, code, _, line in rows)
    return [(line, -score) for score, _, _, line in found[:limit]]


def _similar(rows: QuerySet[ItemVersion], said: str, limit: int) -> list[tuple[Any, float]]:
    """By trigrams of the text and of its pinyin: what was mistyped."""
    sound = search.pinyin(said) or said
    if len(sound) < 4:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(_TYPO)])
    hits = rows.extra(where=["(%s <%% spoken OR %s <%% spoken)"], params=[said, sound])
    score = "greatest(word_similarity(%s, spoken), word_similarity(%s, spoken))"
    ordered = hits.extra(select={"score": score}, select_params=[said, sound])
    return list(ordered.order_by("-score", "sort_key", "code").values_list("row", "score")[:limit])


def list_themes(*, at: datetime) -> tuple[str, ...]:
    """Every theme and life event (Chinese words, as the filter takes them) of the items that apply."""
    lists = current(at).order_by("sort_key", "code").values_list("themes", flat=True)
    return tuple(dict.fromkeys(theme for themes in lists for theme in themes))


def list_departments(*, at: datetime) -> tuple[str, ...]:
    """The codes of the departments that have items."""
    return tuple(current(at).order_by("department").values_list("department", flat=True).distinct())


def spoken_words(item: str) -> tuple[str, ...]:
    """What was added beside the pack to the words people say for the item, in the order in which it was given."""
    return tuple(SpokenWords.objects.filter(item=item).values_list("words", flat=True).first() or ())


def list_unanswered(actor: Actor, limit: int = 50, *, since: date | None = None) -> tuple[tuple[str, int], ...]:
    """What people searched in vain and how often, most often first; only days from `since` on, if given.

    What finds something by now (words were added, an item was published) is still listed: the days tell what was.
    Refused (forbidden) unless the actor may publish items.
    """
    check_can_publish(actor)
    kept = SearchMiss.objects.filter(day__gte=since) if since else SearchMiss.objects.all()
    rows = kept.values("query").annotate(total=Sum("count")).order_by("-total", "query")[:limit]
    return tuple((row["query"], row["total"]) for row in rows)


# --- one applicant


def requirements(
    code: str,
    version: int | None,
    answers: Mapping[str, Any],
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    at: datetime,
) -> Requirements:
    """What the item asks of this applicant (`rules.requirements_for`, with today)."""
    pack = get_pack(code, version=version, at=at)
    return rules.requirements_for(pack, answers, form, {"follow_up": rules.FIRST, **facts, "today": local_date(at)})


def held_of(
    pack: Pack, number: str, answers: Mapping[str, Any], form: Mapping[str, Any], *, at: datetime
) -> frozenset[str]:
    """The materials in whose place the state may hold something of who has this number (`HeldSpec.of`)."""
    specs = {material.code: spec for material in pack.materials if (spec := held_spec(material)) is not None}
    if all(spec.of is None for spec in specs.values()):
        return frozenset(specs)
    values = rules.typed_values(pack, answers, form, {"today": local_date(at)})
    return frozenset(code for code, spec in specs.items() if is_of(spec, number, values))


def check_form(
    pack: Pack,
    form: Mapping[str, Any],
    *,
    at: datetime,
    answers: Mapping[str, Any] | None = None,
    partial: bool = False,
) -> list[Reason]:
    """Every reason against the form at once, each with the JSON pointer of its field; `partial` for drafts."""
    return forms.check(pack, form, today=local_date(at), answers=answers, partial=partial)


def check_plain_form(schema: Mapping[str, Any], form: object, *, at: datetime) -> list[Reason]:
    """Every reason against what was filled into a form outside of packs (another application's), with its pointers."""
    return plain_forms.check_plain_form(schema, form, today=local_date(at))


def form_warnings(
    pack: Pack, form: Mapping[str, Any], *, at: datetime, answers: Mapping[str, Any] | None = None
) -> list[Reason]:
    """What the applicant should know, but what hinders nothing."""
    if forms.shape_reasons(form):
        return []
    today = local_date(at)
    found = forms.check(pack, form, today=today, answers=answers)
    values = rules.typed_values(pack, answers or {}, form, {"today": today})
    return list(forms.broken_rules(pack, form, found, values, answers=answers, level="warning"))


def form_schema(pack: Pack, answers: Mapping[str, Any] | None, form: Mapping[str, Any]) -> JsonDict:
    """The form of this situation: JSON Schema without the properties that do not apply."""
    hidden = forms.hidden_fields(pack, answers, form)
    lenient = frozenset(pack.form_conditions) if answers is None else frozenset()
    return forms.situation_schema(pack, hidden, lenient=lenient)


def pruned(pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any]) -> JsonDict:
    """The form without what this situation does not ask; whoever keeps a draft keeps it there."""
    kept = dict(form)
    for _ in range(3):  # hiding one field may hide another
        smaller = forms.within(form_schema(pack, answers, kept), kept)
        if smaller == kept:
            break
        kept = smaller
    return kept


def result_data(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], facts: Mapping[str, Any], at: datetime
) -> JsonDict:
    """The typed data of the result, as the pack's result.yaml takes it from form and answers."""
    return _result_data(pack, answers, form, {**facts, "today": local_date(at)})


# --- inside


def current(at: Any) -> QuerySet[ItemVersion]:
    return ItemVersion.objects.filter(Q(retired_at__isnull=True) | Q(retired_at__gt=at), effective_at__lte=at)


def filtered(rows: QuerySet[ItemVersion], filters: ItemFilters) -> QuerySet[ItemVersion]:
    plain = {"department": filters.department, "kind": filters.kind, "letter": filters.letter.upper()}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    lists = {
        "audience__contains": [filters.audience] if filters.audience else [],
        "themes__contains": [filters.theme] if filters.theme else [],
        "ways__contains": [filters.way] if filters.way else [],
        "marks__contains": list(filters.marks),
    }
    if filters.area:
        rows = rows.filter(area__in=at_least(filters.area))
    if filters.visits is not None:
        rows = rows.filter(visits__lte=filters.visits)
    if filters.codes:
        rows = rows.filter(code__in=filters.codes)
    return rows.filter(**{name: value for name, value in lists.items() if value})


def _cursor(key: str, code: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([key, code]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, str]:
    """Refused when the cursor is not one of ours."""
    try:
        key, code = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(key, str) and isinstance(code, str) and "\0" not in key + code:
            return key, code
    except (ValueError, TypeError, binascii.Error, RecursionError):
        pass
    raise bad_cursor()
