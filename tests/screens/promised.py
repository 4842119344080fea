"""告知承诺 in the world of the screens."""

from uuid import UUID

from tests.cases.test_checks import Shop
from tests.cases.test_commitment import BARBER
from tests.cases.test_commitment import ITEM as HYGIENE
from tests.demo import Demo

from yichuang.cases.commands.drafts import save_draft
from yichuang.catalog.queries import get_pack


def promised(demo: Demo) -> dict[str, str]:
    """告知承诺: a shop whose check is due, one that was found wanting, one that did not put it right; and a draft to be signed."""
    due, found, broken = (Shop(demo, who) for who in ("jiye", "wangxiuying", "sunyan"))
    found.look(kept=False)
    broken.break_it()
    return {
        "commitment": str(due.id),
        "found": str(found.id),
        "broken": str(broken.id),
        "promised": broken.number,
        "signing": str(_to_be_signed(demo)),
    }


def _to_be_signed(demo: Demo) -> UUID:
    """A filing whose letter of commitment waits to be read."""
    zhang, example = demo.actor("zhangxiao"), demo.example(HYGIENE, BARBER)
    return save_draft(
        actor=zhang, item_code=HYGIENE, item_version=get_pack(HYGIENE, at=demo.at).version, answers=example.answers,
        form=example.form, materials={}, applicant=zhang.id, step="check", at=demo.at,
    )  # fmt: skip
