"""Signing in: limits, locks, and nothing to learn for a guesser."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.crypto import salted_hmac
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people.conftest import ADDRESS, PASSWORD

from yichuang.core.actors import Channel
from yichuang.core.jobs import run_waiting
from yichuang.core.ledger import Subject, list_entries
from yichuang.core.refusals import Refused
from yichuang.notices.queries import list_outbox
from yichuang.people import rules
from yichuang.people.commands import (
    change_password,
    disable_account,
    issue_token,
    send_code,
    sign_in_code,
    sign_in_password,
    sign_out_everywhere,
)
from yichuang.people.jobs import forget_codes
from yichuang.people.models import Account, SignInCode, Tally
from yichuang.people.queries import actor_for_account, actor_for_token

pytestmark = pytest.mark.usefixtures("people")
PHONE, UNKNOWN_PHONE = "13800000001", "13800000999"
NEW = "another-2026-word"


def enter(at, name="zhangxiao", password=PASSWORD, address=ADDRESS):
    return sign_in_password(username=name, password=password, address=address, at=at)


def refusal(do, **wanted):
    with pytest.raises(Refused) as caught:
        do(**wanted)
    return caught.value


def wrong(at, name="zhangxiao", address=ADDRESS):
    return refusal(enter, at=at, name=name, password="not the password 1", address=address)


def codes(refused):
    return [reason.code for reason in refused.reasons]


def ask(at, phone=PHONE, address=ADDRESS):
    return send_code(phone=phone, address=address, at=at)


def newest_code():
    found = re.search(r"\d{6}", next(m.body for m in list_outbox().items if m.template == "sign_in_code"))
    assert found
    return found.group()


def enter_code(at, code, phone=PHONE, address=ADDRESS):
    return sign_in_code(phone=phone, code=code, address=address, at=at)


# ── password ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_zhang_xiao_signs_in_and_it_is_on_record(at, account):
    session = enter(at)
    assert (session.account, session.actor_kind, session.must_change) == (account("张晓"), "person", False)
    [entry] = list_entries(Subject("account", session.account))
    assert (entry.act, entry.detail["how"], entry.actor_name_masked) == ("people.sign_in", "password", "张*")


def test_a_user_name_is_the_same_in_capitals_full_width_and_with_spaces(at):
    assert enter(at, name=" ＺhangXiao ").account == enter(at).account


def test_five_wrong_passwords_lock_the_account_for_this_address(at):
    for _ in range(4):
        assert codes(wrong(at)) == ["SIGN_IN_WRONG"]
    fifth = wrong(at)
    assert "10:15" in fifth.reasons[0].words.zh
    locked = refusal(enter, at=at + timedelta(minutes=14))
    assert (codes(locked), locked.status) == (["SIGN_IN_LOCKED"], 423)
    assert enter(at + timedelta(minutes=15)).account


def test_the_lock_of_one_address_does_not_shut_the_owner_out_elsewhere(at):
    for _ in range(5):
        wrong(at)
    assert enter(at, address="198.51.100.9").account


def test_guesses_from_many_addresses_lock_the_whole_account(at):
    for n in range(rules.TRIES_PER_ACCOUNT.limit):
        wrong(at, address=f"198.51.100.{n}")
    assert codes(refusal(enter, at=at, address="192.0.2.1")) == ["SIGN_IN_LOCKED"]


def test_one_address_cannot_try_many_accounts(at):
    for n in range(rules.TRIES_PER_ADDRESS.limit):
        wrong(at, name=f"guess{n}")
    assert refusal(enter, at=at).status == 429


def test_a_success_forgets_the_failures(at):
    for _ in range(4):
        wrong(at)
    enter(at)
    assert "还可以再试 4 次" in wrong(at).reasons[0].words.zh


def test_a_locked_owner_still_signs_in_with_a_code_and_is_told(at):
    for _ in range(5):
        wrong(at)
    run_waiting()
    assert list_outbox().items[0].template == "account_locked"
    ask(at)
    assert enter_code(at, newest_code()).account


def test_a_password_of_any_kind_and_length_counts_letter_by_letter(at, account):
    old = PASSWORD
    for fresh in (" 𠮷 correct Horse battery 7 Staple " * 3, "x1" * 40 + "?", "一句很长的汉字加a和1"):
        change_password(account=account("张晓"), old=old, new=fresh, at=at)
        for other in {fresh[:-1], fresh.strip(), fresh.upper(), fresh + " "} - {fresh}:
            assert codes(refusal(enter, at=at, password=other)) == ["SIGN_IN_WRONG"]
        assert enter(at, password=fresh)
        old = fresh


def test_an_unknown_name_is_answered_word_by_word_like_a_known_one(at):
    for _ in range(6):
        known, unknown = wrong(at), wrong(at, name="nobody-here", address="198.51.100.9")
        assert [r.words for r in known.reasons] == [r.words for r in unknown.reasons]
        assert known.status == unknown.status


def test_an_unknown_name_costs_the_same_work_as_a_known_one(at, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))

    def work(name):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            wrong(at, name=name, address=f"192.0.2.{len(name)}")
        return len(hashed), len(queries)

    assert [work("zhangxiao") for _ in range(5)] == [work("nobody") for _ in range(5)]


def test_a_closed_account_looks_like_a_wrong_password(at, account, who):
    disable_account(actor=who("石磊"), account=account("陌生人"), at=at)
    assert codes(refusal(enter, at=at, name="moshengren")) == ["SIGN_IN_WRONG"]


def test_tries_are_counted_even_though_they_are_refused(at):
    wrong(at)
    assert Tally.objects.get(scope="password.pair").used == 1


# ── sessions and tokens ───────────────────────────────────────────────────────────────────────────────────────────


def acting(session, at):
    return actor_for_account(session.account, Channel.PORTAL, at=at, stamp=session.stamp)


def test_a_changed_password_ends_other_sessions_and_tokens(at, account):
    old, bearer = enter(at), issue_token(account=account("张晓"), at=at)
    new = change_password(account=old.account, old=PASSWORD, new=NEW, at=at)
    assert acting(old, at).kind == "anonymous"
    assert acting(new, at).name == "张晓"
    assert refusal(actor_for_token, bearer=bearer, at=at).status == 401
    assert enter(at, password=NEW).stamp == new.stamp


def test_a_new_password_is_judged_and_the_old_one_asked(at, account):
    changing = {"account": account("张晓"), "at": at}
    assert codes(refusal(change_password, old="wrong", new=NEW, **changing)) == ["PASSWORD_OLD_WRONG"]
    assert codes(refusal(change_password, old=PASSWORD, new="password1", **changing)) == [
        "PASSWORD_LENGTH",
        "PASSWORD_COMMON",
    ]
    assert codes(refusal(change_password, old=PASSWORD, new=PASSWORD, **changing)) == ["PASSWORD_SAME"]


def test_the_old_password_cannot_be_guessed_in_a_stolen_session(at, account):
    for _ in range(5):
        refusal(change_password, account=account("张晓"), old="guess", new=NEW, at=at)
    assert refusal(change_password, account=account("张晓"), old=PASSWORD, new=NEW, at=at).status == 429


def test_signing_out_everywhere_ends_every_session(at):
    session = enter(at)
    sign_out_everywhere(account=session.account, at=at)
    assert acting(session, at).kind == "anonymous"


def test_a_token_opens_until_it_expires(at, account):
    bearer = issue_token(account=account("李娜"), at=at)
    assert actor_for_token(bearer, at=at).name == "李娜"
    assert refusal(actor_for_token, bearer=bearer, at=at + timedelta(days=7)).status == 401
    assert refusal(actor_for_token, bearer=bearer + "x", at=at).status == 401


# ── SMS codes ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["13800000001", "+86 138-0000-0001", "0086 13800000001", "１３８００００ ０００１"])
def test_a_code_signs_in_however_the_number_is_typed(at, typed, account):
    ask(at, phone=typed)
    assert enter_code(at, newest_code(), phone=typed).account == account("张晓")


@pytest.mark.parametrize("typed", ["", "1380000000", "23800000001", "138000000011", "abc", "'; DROP TABLE--"])
def test_what_is_no_number_is_refused_with_words(at, typed):
    assert codes(refusal(ask, at=at, phone=typed)) == ["MOBILE_FORMAT"]


def test_a_code_works_once(at):
    ask(at)
    code = newest_code()
    enter_code(at, code)
    assert codes(refusal(enter_code, at=at, code=code)) == ["CODE_WRONG"]


def test_a_code_works_for_five_minutes(at):
    ask(at)
    assert codes(refusal(enter_code, at=at + timedelta(minutes=5), code=newest_code())) == ["CODE_WRONG"]
    assert enter_code(at + timedelta(minutes=4, seconds=59), newest_code())


def test_after_five_wrong_tries_the_right_code_is_dead(at):
    ask(at)
    code = newest_code()
    other = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert codes(refusal(enter_code, at=at, code=other)) == ["CODE_WRONG"]
    assert codes(refusal(enter_code, at=at, code=code)) == ["CODE_WRONG"]
    assert SignInCode.objects.get().tries == 5


def test_only_the_newest_code_counts(at):
    ask(at)
    first = newest_code()
    ask(at + timedelta(seconds=61))
    second = newest_code()
    if first != second:
        refusal(enter_code, at=at + timedelta(seconds=62), code=first)
    assert enter_code(at + timedelta(seconds=62), second)


def test_a_second_code_waits_a_minute(at):
    ask(at)
    refused = refusal(ask, at=at + timedelta(seconds=20))
    assert (codes(refused), refused.status) == (["CODE_WAIT"], 429)
    assert "41" in refused.reasons[0].words.zh


def test_a_number_gets_five_codes_a_day_in_any_spelling(at):
    for n, typed in enumerate(["13800000001", "+8613800000001", "138 0000 0001", "138-0000-0001", "008613800000001"]):
        ask(at + timedelta(minutes=2 * n), phone=typed)
    later = at + timedelta(hours=23)
    assert codes(refusal(ask, at=later)) == ["CODES_PER_PHONE"]
    assert ask(at + timedelta(days=1))


def test_an_address_has_its_own_budget(at):
    for n in range(rules.CODES_PER_ADDRESS.limit):
        ask(at, phone=f"139{n:08}")
    assert codes(refusal(ask, at=at)) == ["CODES_PER_ADDRESS"]
    assert ask(at, address="198.51.100.9")


def test_the_whole_system_has_a_budget(at, monkeypatch):
    monkeypatch.setattr(rules, "CODES_IN_ALL", rules.Budget("code.all", 3, timedelta(minutes=10)))
    for n in range(3):
        ask(at, phone=f"139{n:08}", address=f"192.0.2.{n}")
    assert codes(refusal(ask, at=at)) == ["CODES_IN_ALL"]
    assert ask(at + timedelta(minutes=10))


def test_a_refused_request_uses_up_nothing(at):
    ask(at)
    for _ in range(9):
        refusal(ask, at=at + timedelta(seconds=1))
    assert Tally.objects.get(scope="code.phone").used == 1


def test_an_unknown_number_is_answered_like_a_known_one_and_only_its_owner_learns(at):
    with CaptureQueriesContext(connection) as for_known:
        known = ask(at)
    with CaptureQueriesContext(connection) as for_unknown:
        unknown = ask(at, phone=UNKNOWN_PHONE)
    assert known == unknown
    assert len(for_known) == len(for_unknown)
    assert [m.template for m in list_outbox(2).items] == ["sign_in_unknown", "sign_in_code"]
    assert codes(refusal(enter_code, at=at, code="123456", phone=UNKNOWN_PHONE)) == ["CODE_WRONG"]


def test_staff_need_their_password_a_code_alone_does_not_open_their_account(at):
    ask(at, phone="13800000101")  # 李娜
    assert list_outbox().items[0].template == "sign_in_unknown"


def test_a_code_is_never_stored_in_the_clear(at):
    ask(at)
    code = newest_code()
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM people_signincode c UNION ALL SELECT m::text FROM notices_message m")
        stored = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        stored += " ".join(row[0] for row in cursor.fetchall())
    assert not re.search(rf"(?<![0-9a-f.]){code}(?![0-9a-f])", stored)
    assert PHONE not in stored


def test_old_codes_and_tallies_are_forgotten_at_night(at):
    ask(at - timedelta(days=400))
    wrong(at - timedelta(days=400))
    forget_codes()
    assert not SignInCode.objects.exists()
    assert not Tally.objects.exists()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3 * 24 * 60), min_size=1, max_size=25))
def test_no_pattern_of_requests_gets_more_than_five_codes_in_a_day(at, minutes):
    got = []
    with transaction.atomic():
        connection.atomic_blocks[-1]._from_testcase = True  # each example in its own savepoint
        for minute in sorted(minutes):
            moment = at + timedelta(minutes=minute)
            try:
                ask(moment, phone="13700000000", address=f"192.0.2.{minute % 250}")
            except Refused:
                continue
            got.append(moment)
        transaction.set_rollback(True)
    assert all(b - a >= rules.CODE_WAIT for a, b in zip(got, got[1:], strict=False))
    while got:  # a day begins with its first code
        day = [moment for moment in got if moment - got[0] < timedelta(days=1)]
        assert len(day) <= 5
        got = got[len(day) :]


def test_a_session_of_before_stays_good_its_stamp_is_what_django_would_make():
    account = Account(password="p", epoch=3)
    told = f"{account.id}|p|3"
    assert account.stamp() == salted_hmac("yichuang.people.stamp", told, algorithm="sha256").hexdigest()
