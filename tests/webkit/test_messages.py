"""The English of the pages: one for each text, whichever app shows it."""

from yichuang.webkit import messages


def test_one_text_has_one_english_whichever_app_shows_it() -> None:
    known = {
        "counter": {"待领取": "To collect", "状态": "Status"},
        "office": {"待领取": "To be taken", "状态": "Status"},
    }
    (fault,) = messages.disagreements(known)
    assert "待领取" in fault
    assert "'To be taken' (office)" in fault
