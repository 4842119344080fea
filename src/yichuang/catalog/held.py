"""免证办: what the state may hold in a paper's place, and whether what came stands for it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yichuang.catalog.values import HeldSpec, Material, Pack
from yichuang.core.identifiers import normal_id
from yichuang.registry.values import FIELDS, Base


def held_spec(material: Material) -> HeldSpec | None:
    """What may be fetched in the material's place. `replaces` alone: our own certificate of that type, as a statutory duty
    by the law that asks for the paper."""
    if material.held is not None or material.replaces is None:
        return material.held
    name = material.replaces_name or material.name
    return HeldSpec(Base.CERTIFICATES, (), None, None, name, "duty", material.basis, material.source)


def held_codes(pack: Pack, facts: Mapping[str, Any], values: Mapping[str, Any]) -> frozenset[str]:
    """The materials that nobody need hand in: `facts` and `values` as `rules.requirements_for` has them."""
    return frozenset(_held(pack, facts, values))


def _held(pack: Pack, facts: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[str]:
    ours, fetched = facts.get("certificates", ()), facts.get("fetched", {})
    for material in pack.materials:
        by_type = material.replaces is not None and material.replaces in ours and _by_type(material.held)
        spec, said = material.held, fetched.get(material.code)
        if by_type or (spec is not None and said is not None and fits(spec, said, values)):
            yield material.code


def _by_type(spec: HeldSpec | None) -> bool:
    """Whether having a certificate of the type says it all; whose it is, consent, and what it says are known when fetched."""
    return spec is None or (spec.ground == "duty" and spec.of is None and spec.fits is None)


def is_of(spec: HeldSpec, number: str, values: Mapping[str, Any]) -> bool:
    """Whether the paper is about who has this number; `values` as `rules.typed_values` gives them."""
    if spec.of is None:
        return True
    named = spec.of.evaluate(values)
    return isinstance(named, str) and normal_id(named) == normal_id(number)


def fits(spec: HeldSpec, said: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether what a base said stands for the paper; `values` as `rules.typed_values` gives them."""
    if spec.fits is None:
        return True
    return spec.fits.truth({**values, "held": {name: _said(spec, name, value) for name, value in said.items()}}) is True


def _said(spec: HeldSpec, name: str, value: Any) -> Any:
    """A day as a day: worked examples write them as text."""
    field = FIELDS[spec.base].get(name)
    return date.fromisoformat(value) if field is not None and field.kind == "date" and isinstance(value, str) else value
