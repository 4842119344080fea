"""A person's e-mail address: optional, sealed, kept only after its code came back."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from yichuang.core.refusals import NotFound, Refused
from yichuang.notices.models import Message
from yichuang.notices.queries import list_inbox, list_outbox
from yichuang.people.commands import confirm_email, remove_email, send_email_code
from yichuang.people.queries import get_party
from yichuang.people.rules import check_email, normal_email

HOME = "10.1.2.3"
MAIL = "Zhang.Xiao@Example.com"


@pytest.mark.parametrize("good", ["a@b.cn", "a.b+c@x-y.example.com", "ａ＠b.cn", " a@b.cn "])
def test_addresses_as_people_type_them(good):
    assert check_email(good) == []
    assert "@" in normal_email(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a@b",
        "a@@b.cn",
        "a b@c",
        "a@b.cn,c@d.cn",
        "a@b.cn\r\nBcc: c@d.cn",
        ".a@b.cn",
        "张@b.cn",
        "a" * 65 + "@b.cn",
    ],
)
def test_what_is_no_address(bad):
    assert [reason.code for reason in check_email(bad)] == ["EMAIL_FORMAT"]


def asked(demo, actor, email=MAIL, at=None):
    return send_email_code(actor=actor, email=email, address=HOME, at=at or demo.at)


def code_of():
    [newest, *_] = [m for m in list_outbox().items if m.template == "email_code"]
    return re.search(r"\d{6}", newest.body).group()


@pytest.fixture
def zhang(demo):
    return demo.actor("zhangxiao")


@pytest.mark.demo
@pytest.mark.django_db
class TestAnAddress:
    def confirmed(self, demo, zhang, email=MAIL, at=None):
        at = at or demo.at
        asked(demo, zhang, email, at)
        confirm_email(actor=zhang, email=email, code=code_of(), address=HOME, at=at)

    def test_is_kept_sealed_after_its_code_came_back(self, demo, zhang):
        asked(demo, zhang)
        assert get_party(zhang.id).email == ""
        confirm_email(actor=zhang, email=MAIL, code=code_of(), address=HOME, at=demo.at)
        row = get_party(zhang.id)
        assert (row.email, row.email_masked) == ("Zhang.Xiao@example.com", "Z***@example.com")
        with connection.cursor() as cursor:
            cursor.execute("SELECT email FROM people_party WHERE id = %s", [zhang.id])
            assert "xample" not in cursor.fetchone()[0]
        assert "email_changed" in {m.template for m in list_inbox(zhang.id)}
        assert "email_code" not in {m.template for m in list_inbox(zhang.id)}

    def test_a_code_proves_one_address_to_one_person_once(self, demo, zhang):
        asked(demo, zhang)
        code = code_of()
        for who, email in ((zhang, "other@example.com"), (demo.actor("moshengren"), MAIL)):
            with pytest.raises(Refused):
                confirm_email(actor=who, email=email, code=code, address=HOME, at=demo.at)
        confirm_email(actor=zhang, email=MAIL, code=code, address=HOME, at=demo.at)
        with pytest.raises(Refused):
            confirm_email(actor=zhang, email=MAIL, code=code, address=HOME, at=demo.at)

    def test_wrong_codes_are_counted(self, demo, zhang):
        asked(demo, zhang)
        right = code_of()
        for _ in range(5):
            with pytest.raises(Refused):
                confirm_email(
                    actor=zhang, email=MAIL, code="000000" if right != "000000" else "1", address=HOME, at=demo.at
                )
        with pytest.raises(Refused):
            confirm_email(actor=zhang, email=MAIL, code=right, address=HOME, at=demo.at)

    def test_nobody_is_flooded_with_codes(self, demo, zhang):
        for n in range(5):
            asked(demo, zhang, f"a{n}@example.com")
        with pytest.raises(Refused) as refused:
            asked(demo, zhang, "a6@example.com")
        assert (refused.value.reasons[0].code, refused.value.status) == ("CODES_PER_EMAIL", 429)

    def test_a_second_code_waits_a_minute(self, demo, zhang):
        asked(demo, zhang)
        with pytest.raises(Refused, match="CODE_WAIT"):
            asked(demo, zhang)
        asked(demo, zhang, at=demo.at + timedelta(seconds=61))

    def test_a_change_is_told_to_the_former_address_and_a_removal_too(self, demo, zhang):
        self.confirmed(demo, zhang)
        with pytest.raises(Refused, match="EMAIL_SAME"):
            asked(demo, zhang)
        self.confirmed(demo, zhang, "new@example.com", demo.at + timedelta(minutes=2))
        remove_email(actor=zhang, at=demo.at + timedelta(minutes=3))
        told = [(m.template, m.to) for m in Message.objects.filter(kind="email").order_by("created_at", "id")]
        assert told == [
            ("email_code", "Zhang.Xiao@example.com"),
            ("email_code", "new@example.com"),
            ("email_changed", "Zhang.Xiao@example.com"),
            ("email_removed", "new@example.com"),
        ]
        assert get_party(zhang.id).email == ""

    def test_staff_have_none_to_set(self, demo):
        with pytest.raises(NotFound):
            asked(demo, demo.actor("lina"))

    def test_news_of_a_case_goes_to_phone_and_mail_and_stands_once_in_the_inbox(self, demo, zhang):
        self.confirmed(demo, zhang)
        case = demo.file(zhang)
        kinds = sorted(Message.objects.filter(template="case_filed").values_list("kind", flat=True))
        assert kinds == ["email", "sms"]
        assert [m.template for m in list_inbox(zhang.id)].count("case_filed") == 1
        assert case.number in next(m.body for m in list_inbox(zhang.id) if m.template == "case_filed")
