"""What a refusal says when nothing was written names what was asked for: facts are not a reason."""

import pytest

from yichuang.cases.commands.refuse import check_reason


@pytest.mark.parametrize(
    ("field", "zh", "en"),
    [
        ("/reason", "请写明理由", "Please give the reason"),
        ("/facts", "请写明事实", "Please write the facts"),
        ("/demands", "请写明要改正什么", "Please write what is to be put right"),
        ("/words", "请写明督办的内容", "Please write the message"),
        ("/question", "请写明要问什么", "Please write the question"),
    ],
)
def test_an_empty_field_is_asked_for_by_what_belongs_into_it(field: str, zh: str, en: str) -> None:
    (told,) = check_reason(" ", field)
    assert (told.words.zh, told.words.en, told.field) == (zh, en, field)
    assert check_reason("说明", field) == []
