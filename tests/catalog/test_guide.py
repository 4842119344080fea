"""The guide page is whole and in both languages."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from tests.catalog.conftest import AT
from tests.catalog.dog import FOLDER

from yichuang.catalog import commands, queries
from yichuang.core.actors import SYSTEM
from yichuang.core.citations import articles
from yichuang.core.words import Words

HAN = re.compile(r"[一-鿿]")
PACKS = sorted(path.parent for path in FOLDER.parents[1].rglob("item.yaml"))


def every_words(value: object) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from every_words(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from every_words(getattr(value, field.name))


@pytest.mark.usefixtures("network")
def test_the_guide_tells_everything_in_both_languages():
    commands.publish_pack(folder=FOLDER, actor=SYSTEM, at=AT)
    guide = queries.get_guide("yangquan-dengji", at=AT)
    labels = {fact.label.zh: fact.value.zh for fact in (*guide.facts, *guide.limits, *guide.result, *guide.contacts)}
    assert labels["事项类型"] == "行政许可"
    assert labels["承诺办结时限"] == "5 个工作日"
    assert labels["有效期"] == "1 年"
    assert "复议" in "".join(labels) or labels["行政复议机关"]
    assert [m.code for m in guide.materials][:2] == ["application_form", "owner_id"]
    assert (len(guide.steps), len(guide.faqs), guide.unchecked) == (5, 6, True)
    said = list(every_words(guide))
    assert len(said) > 150
    assert [w for w in said if not w.zh or not w.en] == []
    assert [w.en for w in said if HAN.search(w.en)] == []


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_every_pack_can_be_published_and_its_guide_is_whole_in_english(folder: Path):
    commands.publish_pack(folder=folder, actor=SYSTEM, at=AT)
    guide = queries.get_guide(folder.name, at=AT)
    said = list(every_words(guide))
    assert [w for w in said if not w.zh or not w.en] == []
    assert [w.en for w in said if HAN.search(w.en)] == []
    assert len(guide.faqs) >= 5


@pytest.mark.parametrize(
    ("article", "number"),
    [
        ("第四十二条", "art. 42"),
        ("第十条", "art. 10"),
        ("第一百二十三条", "art. 123"),
        ("第三十条", "art. 30"),
        ("第三十二条第一款第（四）项", "art. 32(1)(4)"),
        ("第三十二条、第四十二条、第四十四条", "arts. 32, 42, 44"),
        ("第十六条、第十八条至第二十条、第四十条", "arts. 16, 18–20, 40"),
        ("第六条至第八条", "arts. 6–8"),
        ("犬只登记各条", ""),
        ("", ""),
    ],
)
def test_articles_are_cited_in_figures_in_english(article: str, number: str):
    assert articles(article) == number
