"""What a page in English says of a law that is cited in Chinese."""

import pytest

from yichuang.core import citations
from yichuang.core.citations import english_of
from yichuang.webkit.filters import law


@pytest.mark.parametrize(
    ("cited", "english"),
    [
        ("《行政许可法》第三十二条第一款第（四）项", "Administrative Licensing Law, art. 32(1)(4)"),
        ("《中华人民共和国行政许可法》第四十七条、第四十八条", "Administrative Licensing Law, arts. 47, 48"),
        ("《民法典》第一百六十五条", "Civil Code, art. 165"),
        ("《民事诉讼法》", "Civil Procedure Law"),
        ("《某地养蜂办法》第三条", ""),
        ("GB/T 22239-2019 8.1.4.1", ""),
    ],
)
def test_a_known_law_is_named_with_its_article(cited: str, english: str) -> None:
    assert english_of(cited) == english


def test_the_citation_itself_stays() -> None:
    cited = "《行政许可法》第三十二条"
    assert law(cited, en=False) == cited
    assert law(cited, en=True) == f'<span lang="zh-Hans-CN">{cited}</span> · Administrative Licensing Law, art. 32'
    assert law("《某地养蜂办法》", en=True).endswith("</span> · in Chinese")
    assert law("GB/T 22239-2019", en=True) == '<span lang="zh-Hans-CN">GB/T 22239-2019</span>'
    assert "<b>" not in law("《<b>》", en=True)


def test_a_law_of_an_items_pack_is_named_as_the_pack_names_it() -> None:
    citations.know(
        {"中华人民共和国养蚕试行办法": "Trial Measures on Silkworms", "养蚁办法": "", "行政许可法": "Licences"}
    )
    assert english_of("《中华人民共和国养蚕试行办法》第三条") == "Trial Measures on Silkworms, art. 3"
    assert english_of("《养蚕试行办法》") == "Trial Measures on Silkworms"
    assert english_of("《养蚁办法》") == ""
    assert english_of("《行政许可法》") == "Administrative Licensing Law"
