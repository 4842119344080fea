"""A paper's picker offers what the paper takes, and nothing that would be refused."""

import pytest

from yichuang.catalog.values import FileRule
from yichuang.web.portal.uploads import PICTURES, accepts


@pytest.mark.parametrize(
    ("kinds", "others"),
    [
        (("jpg", "png"), ()),
        (("jpg", "pdf"), ("application/pdf",)),
        (("pdf", "jpg", "ofd"), ("application/pdf", ".ofd")),
    ],
)
def test_a_picker_offers_what_the_paper_takes(kinds: tuple[str, ...], others: tuple[str, ...]) -> None:
    assert accepts(FileRule(kinds=kinds)).split(",") == [*PICTURES, *others]


def test_a_paper_without_pictures_offers_none() -> None:
    assert accepts(FileRule(kinds=("pdf",))) == "application/pdf"
