"""Every place that the glossary names exists, so that `./run where TERM` never sends anybody astray."""

import pytest

from yichuang.settings.tools import where

TERMS = where.terms()
PLACES = [(term.zh, kind, place) for term in TERMS for kind, places in term.places.items() for place in places]
KINDS = {"rule", "command", "query", "page", "test", "pack", "data"}


@pytest.mark.parametrize(("zh", "kind", "place"), PLACES, ids=lambda value: str(value))
def test_every_place_in_the_glossary_exists(zh: str, kind: str, place: str) -> None:
    path, line = where.locate(place)
    assert path.exists()
    assert line >= 1
    assert kind in KINDS


def test_every_term_has_both_languages_and_a_place_and_stands_once() -> None:
    for term in TERMS:
        assert term.zh
        assert term.en.isascii()
        assert term.places, f"{term.zh} leads nowhere"
    names = [term.zh for term in TERMS]
    assert len(names) == len(set(names))


def test_a_chinese_and_an_english_word_find_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    for asked in ("容缺", "acceptance on a promise"):
        assert where.main([asked]) == 0
        assert "accept_with_gaps" in capsys.readouterr().out


def test_an_unknown_word_is_told_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert where.main(["没有这个词"]) == 1
    assert "没有这个词" in capsys.readouterr().err
