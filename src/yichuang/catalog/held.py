"""免证办: what the state may hold in a paper's place, and whether what came stands for it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yichuang.catalog.values import HeldSpec, Material, Pack
from yichuang.registry.values import FIELDS, Base


def held_spec(material: Material) -> HeldSpec | None:
    """What may be fetched in the material's place. `replaces` alone: our own certificate of that type, as a statutory duty
    by the law that asks for the paper."""
    if material.held is not None or material.replaces is None:
        return material.held
    name = material.replaces_name or material.name
    return HeldSpec(Base.CERTIFICATES, (), None, name, "duty", material.basis, material.source)


def held_codes(pack: Pack, facts: Mapping[str, Any], values: Mapping[str, Any]) -> frozenset[str]:
    """The materials that nobody need hand in: `facts` and `values` as `rules.requirements_for` has them."""
    return frozenset(_held(pack, facts, values))


def _held(pack: Pack, facts: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[str]:
    ours, fetched = facts.get("certificates", ()), facts.get("held", {})
    for material in pack.materials:
        agreed = material.held is None or material.held.ground == "duty"  # consent is known only of what was fetched
        if (
            material.replaces is not None
            and agreed
            and material.replaces in ours
            or material.code in fetched
            and fits(material.held, fetched[material.code], values)
        ):
            yield material.code


def fits(spec: HeldSpec | None, said: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether what a base said stands for the paper; `values` as `rules.typed_values` gives them."""
    if spec is None or spec.fits is None:
        return True
    return spec.fits.truth({**values, "held": {name: _said(spec, name, value) for name, value in said.items()}}) is True


def _said(spec: HeldSpec, name: str, value: Any) -> Any:
    """A day as a day: worked examples write them as text."""
    field = FIELDS[spec.base].get(name)
    return date.fromisoformat(value) if field is not None and field.kind == "date" and isinstance(value, str) else value
