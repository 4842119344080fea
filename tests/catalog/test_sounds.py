"""What a text is read as, against the library whose dictionaries they are."""

import random

import pytest
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from yichuang.catalog import sounds

TEXTS = [
    "",
    "银行",
    "营业执照",
    "重庆",
    "行走在行业",
    "一丁点",
    "绿色女",
    "a银b行",
    "〇",
    "嗯",
    "𠮷野家",
    "，。",
    "一般纳税人",
]


def same(text: str) -> bool:
    return sounds.syllables(text) == lazy_pinyin(text, errors="ignore") and sounds.syllables(
        text, others=True
    ) == lazy_pinyin(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_as_the_library_reads_it(text: str) -> None:
    assert same(text)


def test_every_character_and_a_part_of_the_phrases_are_read_as_the_library_reads_them() -> None:
    wrong = [sign for sign in map(chr, PINYIN_DICT) if not same(sign)]
    assert wrong == []
    assert [phrase for phrase in list(PHRASES_DICT)[::20] if not same(phrase)] == []


def test_phrases_that_are_cut_run_into_each_other_as_in_the_library() -> None:
    chance, phrases = random.Random(7), list(PHRASES_DICT)
    for _ in range(1500):
        one, other = chance.choice(phrases), chance.choice(phrases)
        text = one[: chance.randrange(5)] + chance.choice(["", "", "，", " abc"]) + other[chance.randrange(3) :]
        assert same(text), text
