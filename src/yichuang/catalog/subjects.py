"""Whom a decision is about (当事人), which look-ups are about others, and where in the form an input stands. Pure."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from yichuang.catalog.decisions import columns_of, seen_values
from yichuang.catalog.values import Lookup, Pack
from yichuang.registry.values import KEYS


def people_named(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], *, at: datetime
) -> tuple[tuple[str, str], ...]:
    """(identity number, name) of everybody whom the item's decision is about, each once, in the order of its pack.

    What was not filled in is "". Empty for an item whose table names nobody: it decides about no one alone.
    """
    if pack.decision is None or not pack.decision.subjects:
        return ()
    values = seen_values(pack, answers, form, {}, at)
    pairs: list[tuple[str, str]] = []
    for subject in pack.decision.subjects:
        numbers, names = (texts_of(one.evaluate(values)) for one in (subject.number, subject.name))
        pairs += zip(numbers, names, strict=True) if len(numbers) == len(names) else [("", "")]
    return tuple(dict.fromkeys(pairs))


def texts_of(value: object) -> tuple[str, ...]:
    """One text or several, as several; what is no text is ""."""
    several = value if isinstance(value, tuple) else (value,)
    return tuple(one.strip() if isinstance(one, str) else "" for one in several)


def lookups_on_others(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], number: str, *, at: datetime
) -> frozenset[str]:
    """The look-ups that ask about anybody else than the person of this identity number; an address is nobody's."""
    if pack.decision is None:
        return frozenset()
    values = seen_values(pack, answers, form, {}, at)
    return frozenset(one.name for one in pack.decision.lookups if _others(one, values, number))


def _others(lookup: Lookup, values: Mapping[str, Any], number: str) -> bool:
    if KEYS[lookup.base] == "address":
        return False
    asked = texts_of(lookup.key.evaluate(values))
    return any(one.upper() != number.upper() for one in asked)


def parts_of_form(pack: Pack, inputs: Collection[str]) -> tuple[str, ...]:
    """Where in the form these inputs of the table stand, as JSON pointers: what they read, and what is asked by."""
    if pack.decision is None:
        return ()
    by_name = {one.name: one for one in pack.decision.lookups}
    found: dict[str, None] = {}
    for one in pack.decision.inputs:
        if one.name in inputs:
            for path in one.value.paths:
                found |= dict.fromkeys(_pointers(path, by_name))
    return tuple(found)


def _pointers(path: str, lookups: Mapping[str, Lookup]) -> Iterator[str]:
    head, *rest = path.split(".")
    if head == "form":
        yield "/" + "/".join(rest)
    elif head == "lookups" and rest[0] in lookups:
        yield from (pointer for one in lookups[rest[0]].key.paths for pointer in _pointers(one, {}))
    elif head == "verdicts" and rest[0] in lookups:
        lookup = lookups[rest[0]]
        compared = lookup.compare.get(rest[1]) if rest[1:] else None
        yield from (pointer for one in (compared or lookup.key).paths for pointer in _pointers(one, {}))


def parts_behind(pack: Pack, code: str) -> tuple[str, ...]:
    """Where in the form the rules look that say `code`; nowhere for a code that no rule says."""
    if pack.decision is None or code not in pack.decision.results:
        return ()
    return parts_of_form(pack, columns_of(pack.decision, code))
