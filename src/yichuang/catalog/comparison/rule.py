"""Comparing two versions of an item: every fact of the pack, nothing left out. Pure.

A pack is walked by its dataclasses: what has a code is paired by it (`_KEYS`), everything else is compared property
by property under the label that people know (`words`). A test holds both tables to the dataclasses.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from yichuang.catalog.comparison.decision import decision_facts, route_facts
from yichuang.catalog.comparison.facts import Thing, form_facts, process_facts
from yichuang.catalog.comparison.weight import weigh, weigh_thing
from yichuang.catalog.comparison.words import MEANING, ORDER, PARTS, WHOLE, label, say
from yichuang.catalog.values import (
    FOLLOW_UP_WORDS,
    Change,
    Commitment,
    Comparison,
    Condition,
    EndedCertificate,
    Example,
    FactSpec,
    Faq,
    Fee,
    FlowStep,
    FollowUp,
    FormRule,
    Handover,
    LegalBasis,
    LimitVariant,
    Material,
    Option,
    Pack,
    Question,
    ResultField,
    SourceNote,
    SpecialProcedure,
    Weight,
)
from yichuang.core.words import W, Words

_NAMED = 6  # things that a sentence names
SKIPPED = {  # of a pack: why it is not compared by itself
    "code": "the same in both",
    "version": "the question itself",
    "digest": "of all files; what it stands for is compared",
    "format": "of the files, not of the item",
    "route_xml": "its tables are compared as routes",
    "form_conditions": "the x-when of the form's own properties",
}
_READ: Mapping[str, Callable[[Any], Mapping[str, Thing]]] = {  # what has facts of its own, not properties
    "form": form_facts,
    "process_xml": process_facts,
    "routes": route_facts,
    "decision": decision_facts,
}
_KEYS: Mapping[type, tuple[Callable[[Any], str], Callable[[Any], Words]]] = {
    Material: (lambda m: m.code, lambda m: m.name),
    Condition: (lambda c: c.code, lambda c: c.text),
    Commitment: (lambda c: c.code, lambda c: c.name),
    Question: (lambda q: q.id, lambda q: q.text),
    Option: (lambda o: o.value, lambda o: o.label),
    FactSpec: (lambda f: f.name, lambda f: f.words),
    FormRule: (lambda r: r.code, lambda r: r.words),
    LegalBasis: (lambda law: law.id, lambda law: W(law.title, law.title_en)),
    SourceNote: (lambda s: s.id, lambda s: W(s.title, s.title)),
    SpecialProcedure: (lambda s: s.ground, lambda s: s.name),
    ResultField: (lambda f: f.key, lambda f: f.label),
    Handover: (lambda h: h.code, lambda h: h.name),
    FollowUp: (lambda f: f.kind, lambda f: FOLLOW_UP_WORDS.get(f.kind, W(f.kind, f.kind))),
    EndedCertificate: (lambda e: e.certificate, lambda e: W(e.certificate, e.certificate)),
    Example: (lambda e: e.file, lambda e: e.name),
    LimitVariant: (lambda v: v.words.zh, lambda v: v.words),
    Fee: (lambda f: f.name.zh, lambda f: f.name),
    Faq: (lambda f: f.question.zh, lambda f: f.question),
    FlowStep: (lambda s: s.name.zh, lambda s: s.name),
}


@dataclass(frozen=True, slots=True)
class _Thing:
    """What a difference belongs to."""

    part: Words
    code: str
    name: Words
    owner: type

    def change(self, kind: Any, what: Words | None, before: Words | None, after: Words | None, **more: Any) -> Change:
        return Change(self.part, kind, self.code, self.name, what, before, after, **more)


def compare(old: Pack, new: Pack) -> Comparison:
    """Every difference between two versions, in the order of the guide, and what they mean."""
    changes = tuple(change for part, names in PARTS for name in names for change in _property(part, name, old, new))
    return Comparison(new.code, new.name, old.version, new.version, changes, tuple(_meaning(old, new, changes)))


def _property(part: Words, name: str, old: Pack, new: Pack) -> Iterator[Change]:
    before, after = getattr(old, name), getattr(new, name)
    thing = _Thing(part, "", label(Pack, name), Pack)
    if name in _READ:
        if before != after:
            yield from _facts(part, _READ[name](before), _READ[name](after))
    elif _keyed(before) or _keyed(after):
        yield from _listed(thing, before, after)
    elif is_dataclass(before) and is_dataclass(after) and not isinstance(before, WHOLE):
        yield from _record(_Thing(part, "", label(Pack, name), type(before)), before, after)
    elif before != after:
        yield _changed(thing, None, name, before, after)


def _record(thing: _Thing, before: Any, after: Any) -> Iterator[Change]:
    """Property by property; a record within a record takes part with its own properties."""
    for one in fields(before):
        left, right = getattr(before, one.name), getattr(after, one.name)
        if left == right:
            continue
        if _keyed(left) or _keyed(right):
            yield from _listed(thing, left, right, within=label(thing.owner, one.name))
        elif is_dataclass(left) and type(left) is type(right) and not isinstance(left, WHOLE):
            yield from _record(_Thing(thing.part, thing.code, thing.name, type(left)), left, right)
        else:
            yield _changed(thing, label(type(before), one.name), one.name, left, right)


def _changed(thing: _Thing, what: Words | None, field: str, before: Any, after: Any) -> Change:
    said = say(thing.owner, field, before), say(thing.owner, field, after)
    return thing.change("changed", what, *said, weight=weigh(thing.owner, field, before, after))


def _listed(
    thing: _Thing, before: Collection[Any], after: Collection[Any], *, within: Words | None = None
) -> Iterator[Change]:
    """Things with codes: gone, new, changed, or in another order."""
    kind = type(next(iter((*before, *after))))
    key, name = _KEYS[kind]
    olds, news = {key(one): one for one in before}, {key(one): one for one in after}

    def thing_of(code: str, one: Any) -> _Thing:
        if within is None:
            return _Thing(thing.part, code, name(one), kind)
        return _Thing(
            thing.part,
            f"{thing.code}/{code}",
            W(f"{thing.name.zh}：{name(one).zh}", f"{thing.name.en}: {name(one).en}"),
            kind,
        )

    for code in (*olds, *(code for code in news if code not in olds)):
        if code not in news:
            yield thing_of(code, olds[code]).change(
                "removed", within, _summary(olds[code]), None, weight=weigh_thing(olds[code], gone=True)
            )
        elif code not in olds:
            yield thing_of(code, news[code]).change(
                "added", within, None, _summary(news[code]), weight=weigh_thing(news[code], gone=False)
            )
        else:
            yield from _record(thing_of(code, news[code]), olds[code], news[code])
    shared = [code for code in olds if code in news], [code for code in news if code in olds]
    if shared[0] != shared[1]:
        yield thing.change("changed", ORDER, *(W("、".join(one), ", ".join(one)) for one in shared))


def _keyed(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and type(value[0]) in _KEYS


def _summary(one: Any) -> Words | None:
    """What a new or dropped thing is, beyond its name."""
    said = [
        (label(type(one), f.name), say(type(one), f.name, getattr(one, f.name)))
        for f in fields(one)
        if f.name
        in ("necessity", "check", "when", "limit", "amount_fen", "promise", "text", "answer", "article", "value")
        and getattr(one, f.name) not in (None, "", ())
    ]
    if not said:
        return None
    return W("；".join(f"{a.zh}：{b.zh}" for a, b in said), "; ".join(f"{a.en}: {b.en}" for a, b in said))


def _facts(part: Words, olds: Mapping[str, Thing], news: Mapping[str, Thing]) -> Iterator[Change]:
    """Fields of the form, steps and ways of the process: each a name and labelled facts."""
    for code, left in olds.items():
        if code in news:
            yield from _fact_changes(part, code, left, news[code])
        else:
            yield Change(part, "removed", code, left.name, None, left.said, None, "easier" if left.heavy else "")
    for code, right in news.items():
        if code not in olds:
            yield Change(part, "added", code, right.name, None, None, right.said, "harder" if right.heavy else "")


def _fact_changes(part: Words, code: str, left: Thing, right: Thing) -> Iterator[Change]:
    for name in {**left.facts, **right.facts}:
        before, after = left.facts.get(name), right.facts.get(name)
        shown = before or after
        if shown is None or before == after:
            continue
        weight: Weight = ""
        if name == "required" and left.heavy != right.heavy:
            weight = "harder" if right.heavy else "easier"
        yield Change(part, "changed", code, right.name, shown[0], before and before[1], after and after[1], weight)


def _meaning(old: Pack, new: Pack, changes: Collection[Change]) -> Iterator[Words]:
    if not changes:
        yield MEANING["same" if old.digest == new.digest else "files"]
        return
    for name in ("cases", "filings", "drafts"):
        yield MEANING[name].format(old=old.version, new=new.version)
    for weight in ("harder", "easier"):
        found = [c for c in changes if c.weight == weight]
        if found:
            yield MEANING[weight].format(n=len(found), what=_names(found))
    if not any(c.weight for c in changes):
        yield MEANING["neither"]


def _names(changes: Collection[Change]) -> Words:
    """The first of them; the table has them all."""
    names = list(dict.fromkeys((c.name.zh, c.name.en) for c in changes))
    more = W("等", " and others") if len(names) > _NAMED else W("", "")
    shown = names[:_NAMED]
    return W("、".join(zh for zh, _ in shown) + more.zh, ", ".join(en for _, en in shown) + more.en)
