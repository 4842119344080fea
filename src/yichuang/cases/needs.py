"""What this applicant needs, from the item's rules and from what the state already holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.cases.rules.acceptance import Finding, Needed
from yichuang.cases.values import MaterialState
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, Requirements
from yichuang.core.words import Words
from yichuang.registry import queries as registry


def facts_for(
    pack: Pack,
    applicant: UUID,
    form: Mapping[str, Any],
    *,
    channel: str,
    at: datetime,
    follow_up: str = "",
    previous: UUID | None = None,
) -> dict[str, Any]:
    """The facts that the item's rules may ask: the channel, certificates held, and counts in the certificate base.

    A filing that follows the result of `previous` is not hindered by that result: it does not count it.
    What no register knows is left out, so that a condition on it is judged by a person.
    """
    facts: dict[str, Any] = {"channel": channel, "certificates": registry.types_held(applicant, at=at)}
    followed = registry.certificate_of_subject("case", previous) if follow_up and previous else None
    if follow_up:
        facts["follow_up"] = follow_up
    for spec in pack.facts:
        if spec.provider == "certificates":
            key = str(applicant) if spec.key == "holder" else catalog.fact_key(pack, form, spec.key)
            facts[spec.name] = registry.count_active(
                spec.certificate, key, at=at, besides=followed.id if followed else None
            )
    return facts


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


def found_of_rows(rows: Any) -> dict[str, Finding]:
    """What is known of each material of a filed case."""
    return {
        row.code: Finding(MaterialState(row.state), Words(row.fault_zh, row.fault_en) if row.fault_zh else None)
        for row in rows
    }
