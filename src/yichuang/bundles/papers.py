"""One paper, handed in once (一份材料只交一次): each case gets a copy of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from yichuang.bundles.values import Package
from yichuang.cases.commands.drafts import copy_file
from yichuang.catalog.values import Requirements
from yichuang.core.actors import Actor

Papers = Mapping[str, Mapping[str, Sequence[UUID]]]  # slot → material code → uploads
Place = tuple[str, str]  # (slot, material code)


def same_papers(package: Package, needs: Mapping[str, Requirements]) -> dict[Place, Place]:
    """For each paper that needs not be handed in again: the place where it is handed in, the first that asks for it."""
    asked = {(slot, m.code) for slot, needed in needs.items() for m in needed.materials if not m.held}
    found: dict[Place, Place] = {}
    for paper in package.papers:
        places = [
            (slot, paper.to[slot]) for slot in package.ids if slot in paper.to and (slot, paper.to[slot]) in asked
        ]
        found |= dict.fromkeys(places[1:], next(iter(places), ("", "")))
    return found


def shared_out(
    actor: Actor, package: Package, papers: Papers, needs: Mapping[str, Requirements], *, at: datetime
) -> dict[str, dict[str, list[UUID]]]:
    """The papers with a copy wherever one was handed in for another item."""
    given = {slot: {code: list(ids) for code, ids in of.items()} for slot, of in papers.items()}
    for (slot, code), (home, first) in same_papers(package, needs).items():
        if given.get(slot, {}).get(code):
            continue  # somebody handed in another one
        copies = (copy_file(actor=actor, upload=id, at=at) for id in given.get(home, {}).get(first, ()))
        if made := [copy for copy in copies if copy is not None]:
            given.setdefault(slot, {})[code] = made
    return given
