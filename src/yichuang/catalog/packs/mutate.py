"""Are the examples able to fail? Each material, limit, condition, commitment, rule and cell is changed once; an example must notice."""

from collections.abc import Iterator
from dataclasses import replace

from yichuang.catalog.packs.decision_mutants import decision_mutations
from yichuang.catalog.packs.route_mutants import route_mutations
from yichuang.catalog.packs.trial import run_example, run_examples
from yichuang.catalog.values import Limit, Material, Mutation, Pack
from yichuang.core.workdays import Calendar
from yichuang.engine.values import Expression, compile_expression


def mutations(pack: Pack, calendar: Calendar) -> list[Mutation]:
    """Every change and the first example that turned red over it (one that is red anyway notices nothing)."""
    green = tuple(e for e, result in zip(pack.examples, run_examples(pack, calendar), strict=True) if result.ok)
    sound = replace(pack, examples=green)
    changes = [Mutation(what, _noticed(changed, calendar)) for what, changed in _changed_packs(sound)]
    routes = route_mutations(sound, lambda changed: _noticed(changed, calendar))
    changes += [Mutation(f"routing: {what}", noticed) for what, noticed in routes]
    return [*changes, *decision_mutations(pack)]


def _noticed(pack: Pack, calendar: Calendar) -> str | None:
    return next((r.file for e in pack.examples if not (r := run_example(pack, e, calendar)).ok), None)


def _changed_packs(pack: Pack) -> Iterator[tuple[str, Pack]]:
    yield from _materials(pack)
    yield from _limits(pack)
    for n, condition in enumerate(pack.conditions):
        if condition.check is not None:
            rest = pack.conditions[:n] + pack.conditions[n + 1 :]
            yield f"condition {condition.code}: removed", replace(pack, conditions=rest)
            turned = replace(condition, check=_inverse(condition.check))
            conditions = (*pack.conditions[:n], turned, *pack.conditions[n + 1 :])
            yield f"condition {condition.code}: inverted", replace(pack, conditions=conditions)
    for n, rule in enumerate(pack.form_rules):
        rest_rules = pack.form_rules[:n] + pack.form_rules[n + 1 :]
        yield f"form rule {rule.code}: removed", replace(pack, form_rules=rest_rules)
        inverted = replace(rule, check=_inverse(rule.check))
        rules = (*pack.form_rules[:n], inverted, *pack.form_rules[n + 1 :])
        yield f"form rule {rule.code}: inverted", replace(pack, form_rules=rules)
    for pointer, when in pack.form_conditions.items():
        shown = {**pack.form_conditions, pointer: _inverse(when)}
        yield f"field {pointer}: shown in the opposite case", replace(pack, form_conditions=shown)
    for n, one in enumerate(pack.commitments):
        others = pack.commitments[:n] + pack.commitments[n + 1 :]
        yield f"commitment {one.code}: removed", replace(pack, commitments=others)
        turned_one = replace(one, when=_inverse(one.when))
        yield f"commitment {one.code}: inverted", replace(pack, commitments=(*others, turned_one))
        for code in one.replaces:
            kept = replace(one, replaces=tuple(other for other in one.replaces if other != code))
            yield f"commitment {one.code}: {code} asked all the same", replace(pack, commitments=(*others, kept))
    for n, question in enumerate(pack.questions):
        rest_questions = pack.questions[:n] + pack.questions[n + 1 :]
        yield f"question {question.id}: removed", replace(pack, questions=rest_questions)


def _materials(pack: Pack) -> Iterator[tuple[str, Pack]]:
    for n, material in enumerate(pack.materials):
        before, after = pack.materials[:n], pack.materials[n + 1 :]
        yield f"material {material.code}: removed", replace(pack, materials=before + after)
        for what, changed in _material(material):
            yield f"material {material.code}: {what}", replace(pack, materials=(*before, changed, *after))


def _material(material: Material) -> Iterator[tuple[str, Material]]:
    if material.necessity == "main":
        yield "main -> secondary", replace(material, necessity="secondary", promise_days=1)
    else:
        yield f"{material.necessity} -> main", replace(material, necessity="main")
    if material.when is not None:
        yield "always asked", replace(material, when=None)
        yield "asked in the opposite case", replace(material, when=_inverse(material.when))
    if material.replaces is not None or material.held is not None:
        yield "asked although the state holds it", replace(material, replaces=None, held=None)
    if material.held is not None and material.held.fits is not None:
        yield "held whatever the base says", replace(material, held=replace(material.held, fits=None))
        turned = replace(material.held, fits=_inverse(material.held.fits))
        yield "held in the opposite case", replace(material, held=turned)
    if material.necessity == "secondary":
        yield "a day less to follow", replace(material, promise_days=material.promise_days - 1)


def _limits(pack: Pack) -> Iterator[tuple[str, Pack]]:
    yield "legal limit: other", replace(pack, legal_limit=_other(pack.legal_limit))
    yield "promised limit: other", replace(pack, promise_limit=_other(pack.promise_limit))
    for n, variant in enumerate(pack.limit_variants):
        before, after = pack.limit_variants[:n], pack.limit_variants[n + 1 :]
        yield f"limit variant {n + 1}: removed", replace(pack, limit_variants=before + after)
        turned = replace(variant, when=_inverse(variant.when))
        yield f"limit variant {n + 1}: inverted", replace(pack, limit_variants=(*before, turned, *after))


def _other(limit: Limit) -> Limit:
    return (
        replace(limit, amount=limit.amount + 1, unit="workday")
        if limit.unit == "instant"
        else replace(limit, amount=limit.amount + 1)
    )


def _inverse(check: Expression) -> Expression:
    return compile_expression(f"not({check.text})")
