"""告知承诺 at the window: the letter is read together, signed on paper, and the clerk says so."""

import re

from tests.cases.test_commitment import BARBER, ITEM

from yichuang.cases.models import Case, PromiseLapse, SignedCommitment


def flat(form, before=""):
    """The form of an example as the page's fields."""
    for name, value in form.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}/{name}")
        else:
            yield f"{before}/{name}", {True: "true", False: ""}.get(value, value) if isinstance(value, bool) else value


def filled_in(demo, **more):
    example = demo.example(ITEM, BARBER)
    answers = {f"answer:{name}": value for name, value in example.answers.items()}
    seen = {
        f"original:{code}": "true" for code in ("layout", "business_licence", "representative_id", "application_form")
    }
    return {**answers, **dict(flat(example.form)), **seen, "confirmed": "paper", **more}


def address(demo):
    return f"/counter/intake/{demo.actor('zhangxiao').id}/{ITEM}/"


def test_the_letter_is_read_at_the_window_and_nothing_is_filed_without_the_signature(as_user, demo):
    client = as_user("李娜")
    page = client.post(address(demo), filled_in(demo, step="show")).content.decode()
    assert "告知承诺书" in page
    assert "两名以上卫生监督员" in page
    letter = re.search(r'name="commitment" value="([^"]+)"', page).group(1)
    answer = client.post(address(demo), filled_in(demo, step="file"))
    assert answer.status_code == 422
    assert "我已阅读并作出以上承诺" in answer.content.decode()
    answer = client.post(address(demo), filled_in(demo, step="file", commitment=letter))
    assert answer.status_code == 302, re.sub(r"\s+", " ", answer.content.decode())[:3000]
    assert SignedCommitment.objects.get().sign_way == "window"
    page = client.get(f"/counter/cases/{Case.objects.get().number}/").content.decode()
    assert "公共场所卫生条件告知承诺" in page


def test_the_clerk_reads_why_somebody_may_promise_nothing(as_user, demo):
    zhang = demo.actor("zhangxiao")
    first = demo.file(zhang, ITEM)
    PromiseLapse.objects.create(party_id=zhang.id, case_id=first.case_id, at=demo.at, of_commitment=True)
    page = as_user("李娜").post(address(demo), filled_in(demo, step="show")).content.decode()
    assert "不能以告知承诺办理" in page
    assert 'name="commitment"' not in page
