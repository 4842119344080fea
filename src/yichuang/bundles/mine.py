"""A filed package as its applicant's side acts on it: locked, with its parts by slot."""

from yichuang.bundles import messages
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.permissions import is_applicants_side
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound

Parts = dict[str, Part]


def parts_of(bundle: Bundle) -> Parts:
    """The parts of a package by slot, in their order."""
    return {part.slot: part for part in Part.objects.filter(bundle=bundle).order_by("position")}


def locked_mine(actor: Actor, number: str) -> tuple[Bundle, Parts]:
    """The package, locked, and its parts in their order. NotFound for what is not there and what is not theirs, alike."""
    return _mine(actor, Bundle.objects.select_for_update(of=("self",)).filter(number=number).first())


def found_mine(actor: Actor, number: str) -> tuple[Bundle, Parts]:
    """The same, only to read."""
    return _mine(actor, Bundle.objects.filter(number=number).first())


def _mine(actor: Actor, bundle: Bundle | None) -> tuple[Bundle, Parts]:
    parts = parts_of(bundle) if bundle else {}
    items = [part.item_code for part in parts.values()]
    if bundle is None or not is_applicants_side(actor, bundle.applicant_id, items):
        raise NotFound(messages.THE_BUNDLE)
    return bundle, parts
