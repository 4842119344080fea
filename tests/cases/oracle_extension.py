"""The oracle's acts of 延期 (行政许可法 art. 42): asked by one, approved or declined by another."""

from collections.abc import Mapping
from datetime import datetime

from tests.cases.oracle import IN_REVIEW, Model, act
from tests.cases.oracle_world import day_of

EXTENDING = frozenset({"ask-extension", "extend", "decline-extension"})


@act("ask-extension")
def ask_extension(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    days = int(str(more.get("days")))
    if not model.item.extension:
        return "invalid"
    if model.asked_days:
        return "conflict"
    if not more.get("reason") or not 1 <= days <= model.item.extension or not model.may_extend(day_of(now)):
        return "invalid"
    model.asked_days = (who, days)
    return model.done(IN_REVIEW)


@act("extend")
def extend(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    if model.asked_days is None:
        return "conflict"
    asked_by, days = model.asked_days
    if asked_by == who:
        return "forbidden"
    if not model.may_extend(day_of(now)):
        return "invalid"
    promised = model.due(model.item.promised)
    assert promised
    model.asked_days, model.extended = None, days
    model.extended_promise = days if day_of(now) <= promised else 0  # what is broken is not mended
    return model.done(IN_REVIEW, "extension")


@act("decline-extension")
def decline_extension(model: Model, who: str, now: datetime, more: Mapping[str, object]) -> str:
    if model.asked_days is None:
        return "conflict"
    if model.asked_days[0] == who:
        return "forbidden"
    if not more.get("reason"):
        return "invalid"
    model.asked_days = None
    return model.done(IN_REVIEW)
