"""What is shown of a contradiction to who settles it: enough to tell the sources apart, no more."""

import pytest

from yichuang.core.words import W
from yichuang.registry.masking import told
from yichuang.registry.values import Base


def test_of_a_personal_code_only_who_says_the_same_is_shown():
    said = told(Base.POPULATION, "marital_status", {"police": "married", "civil": "divorced", "street": "married"})
    assert [source for source, _ in said] == ["civil", "police", "street"]
    assert [words for _, words in said] == [W(f"说法 {n}（内容已隐去）", f"answer {n} (hidden)") for n in (1, 2, 2)]
    assert "m" not in "".join(words.zh for _, words in said)


def test_a_list_of_personal_values_is_hidden_whole():
    said = told(Base.CERTIFICATES, "numbers", {"a": ["深罗犬〔2026〕000001"], "b": []})
    assert [words.en for _, words in said] == ["answer 1 (hidden)", "answer 2 (hidden)"]


@pytest.mark.parametrize(
    ("base", "field", "value", "words"),
    [
        (Base.POPULATION, "name", "王小明", W("王*明", "王*明")),
        (Base.POPULATION, "birth_date", "1990-03-07", W("1990-**-**", "1990-**-**")),
        (Base.POPULATION, "alive", False, W("否", "no")),
        (Base.ENTITIES, "status", "revoked", W("已吊销", "revoked")),
        (Base.ENTITIES, "capital", "100", W("100", "100")),
        (Base.POPULATION, "", "found", W("有记录", "a record")),
    ],
)
def test_a_value_is_said_in_words_and_masked_by_its_field(base, field, value, words):
    assert told(base, field, {"street": value}) == (("street", words),)
