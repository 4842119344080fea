"""What this applicant needs, from the item's rules and from what the state already holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Sum

from yichuang.cases.models import Case, HeldPaper, Material, MaterialFile
from yichuang.cases.rules.acceptance import Finding, Needed, short_of_pages
from yichuang.cases.values import MaterialState
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import FactSpec, Pack, Requirements
from yichuang.core.words import Words
from yichuang.people import queries as people
from yichuang.registry import queries as registry

Counted = tuple[str, str, str]  # see `counted_keys`


def facts_for(
    pack: Pack,
    applicant: UUID,
    form: Mapping[str, Any],
    *,
    channel: str,
    at: datetime,
    follow_up: str = "",
    previous: UUID | None = None,
    counted: Sequence[Counted] | None = None,
    case: UUID | None = None,
) -> dict[str, Any]:
    """The facts that the item's rules may ask: the channel, certificates held, and counts in the certificate base.

    A filing that follows the result of `previous` is not hindered by that result: it does not count it. A face that was
    checked counts for the `case` that took it; before there is one, for who files now.
    What no register knows is left out, so that a condition on it is judged by a person. `counted`: what the pack counts, from
    whoever has worked it out.
    """
    facts: dict[str, Any] = {"channel": channel, "certificates": registry.types_held(applicant, at=at)}
    facts |= catalog.known_facts(pack, form)
    followed = registry.certificate_of_subject("case", previous) if follow_up and previous else None
    if follow_up:
        facts["follow_up"] = follow_up
    counted = counted_keys(pack, applicant, form) if counted is None else counted
    keys = [(certificate, key) for _, certificate, key in counted]
    counts = registry.count_active(keys, at=at, besides=followed.id if followed else None)
    facts |= {spec.name: 0 for spec in pack.facts if spec.provider == "certificates"}
    for (name, _, _), count in zip(counted, counts, strict=True):
        facts[name] += count
    if (face := face_fact(pack)) and (
        score := people.face_score(applicant, item=pack.code, at=at, case=case)
    ) is not None:
        facts[face] = score
    return facts


def face_fact(pack: Pack) -> str:
    """The name of the fact that a face check answers; "" where the item has none."""
    return next((spec.name for spec in pack.facts if spec.provider == "face"), "")


def foresee_facts(counted: Sequence[Counted], *, at: datetime) -> None:
    """`facts_for` will be asked for these in this transaction (see `sql.ahead`), perhaps: the pack is the likely one."""
    registry.foresee_counts([(certificate, key) for _, certificate, key in counted], at=at)


def counted_of(pack: Pack, case: Case) -> Sequence[Counted]:
    """`counted_keys` of a case, worked out once in an act."""
    if case.known.counted is None:
        case.known.counted = counted_keys(pack, case.applicant_id, case.form)
    return case.known.counted


def counted_keys(pack: Pack, applicant: UUID, form: Mapping[str, Any]) -> list[Counted]:
    """(name of the fact, type of certificate, key under which they are counted); several of a fact that counts `within`."""
    return [
        (spec.name, spec.certificate, key)
        for spec in pack.facts
        if spec.provider == "certificates"
        for key in _keys_of(spec, pack, applicant, form)
    ]


def _keys_of(spec: FactSpec, pack: Pack, applicant: UUID, form: Mapping[str, Any]) -> list[str]:
    if spec.within:
        return catalog.keys_within(pack, form, spec.key)
    return [str(applicant) if spec.key == "holder" else catalog.fact_key(pack, form, spec.key)]


def added_keys(pack: Pack, applicant: UUID, form: Mapping[str, Any]) -> list[Counted]:
    """What a grant adds to the certificate base, as others count it: its type under its holder and each of its keys."""
    spec = pack.result
    keys = [str(applicant), *(catalog.fact_key(pack, form, name) for name in spec.keys)]
    return [("", spec.type_code, key) for key in keys if key]


def street_in(form: Mapping[str, Any]) -> str:
    """The first street code in the form, wherever the item asks for one: it chooses the responsible place (属地)."""
    for key, value in form.items():
        if key == "street" and isinstance(value, str):
            return value
        if isinstance(value, dict) and (found := street_in(value)):
            return found
    return ""


def needed_from(requirements: Requirements) -> tuple[Needed, ...]:
    """The catalogue's answer as the acceptance rules take it; the basis is written as a person reads it."""
    return tuple(
        Needed(
            material.code,
            material.name,
            material.necessity != "optional",
            material.tolerable,
            material.promise_days,
            material.basis,
        )
        for material in requirements.materials
    )


def needed_of_rows(rows: Any) -> tuple[Needed, ...]:
    """The frozen materials of a filed case, in the item's order."""
    return tuple(
        Needed(row.code, Words(row.name_zh, row.name_en), row.required, row.tolerable, row.promise_days, row.basis)
        for row in rows
    )


def found_of_rows(
    case: Case, rows: Sequence[Material], *, at: datetime, states: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Finding]:
    """What is known of each material of a filed case; `states` are a clerk's findings that are not written yet.

    A paper handed in with fewer pages than the item asks is faulty until a clerk has found it fine.
    """
    found = {row.code: _finding(row, states.get(row.code, "")) for row in rows}
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    least = {material.code: material.files.least for material in pack.materials if material.files.least > 1}
    counted = [row for row in rows if row.code in least and found[row.code].state is MaterialState.PROVIDED]
    for code, pages in pages_of(counted).items():
        found[code] = short_of_pages(found[code], pages=pages, least=least[code])
    if any(catalog.held_spec(material) for material in pack.materials):
        found |= _not_fetched(case, found)
    return found


def _not_fetched(case: Case, found: Mapping[str, Finding]) -> dict[str, Finding]:
    """Missing papers that could not be fetched either, with the reason: the notice tells it."""
    missing = [code for code, finding in found.items() if finding.state is MaterialState.MISSING]
    rows = HeldPaper.objects.filter(case=case, code__in=missing).exclude(why_zh="").order_by("code")
    return {row.code: Finding(MaterialState.MISSING, Words(row.why_zh, row.why_en)) for row in rows}


def _finding(row: Material, state: str) -> Finding:
    if state in set(MaterialState):
        return Finding(MaterialState(state), None)
    return Finding(MaterialState(row.state), Words(row.fault_zh, row.fault_en) if row.fault_zh else None)


def pages_of(rows: Sequence[Material]) -> dict[str, int]:
    """The pages of all files of each of these materials; nothing is asked when there are none."""
    if not rows:
        return {}
    files = MaterialFile.objects.filter(material__in=rows).values_list("material__code")
    return dict(files.annotate(Sum("upload__pages")).order_by())
