"""Calendar files, read by a library that real calendar programs use: what we write is what they understand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from yichuang.webkit.calendars import Event, calendar_file

STARTS = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)  # 09:30 in Shenzhen
EVENT = Event(
    uid="0199-a@example.gov.cn",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=30),
    changed_at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    sequence=0,
    cancelled=False,
    title="养犬登记（Y23456789）",
    where="罗湖区政务服务中心 文锦中路 1008 号",
    about="请带身份证。查看：https://example.gov.cn/my/bookings/1/",
    link="https://example.gov.cn/my/bookings/1/",
)


def read(content: bytes):
    """The one event of the file, as a calendar program holds it; every rule that the reader knows is kept."""
    calendar = Calendar.from_ical(content)
    assert calendar["VERSION"] == "2.0"
    [event] = calendar.walk("VEVENT")
    assert not calendar.errors
    assert not event.errors
    return event


def written(**more):
    return read(calendar_file([replace(EVENT, **more)]))


def test_a_calendar_opens_it_at_the_right_moment_of_the_hall():
    event = written()
    begins = event.decoded("DTSTART")
    assert begins == STARTS
    assert begins.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M") == "2026-11-25 09:30"
    assert event.decoded("DTEND") - begins == timedelta(minutes=30)
    assert event.decoded("DTSTAMP") == EVENT.changed_at


def test_an_hours_clock_of_another_zone_is_the_same_moment():
    shanghai = STARTS.astimezone(ZoneInfo("Asia/Shanghai"))
    assert written(starts_at=shanghai).decoded("DTSTART") == STARTS


def test_it_says_what_where_and_wakes_an_hour_before():
    event = written()
    told = {name: str(event[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "URL", "UID")}
    assert told == {
        "SUMMARY": EVENT.title, "LOCATION": EVENT.where, "DESCRIPTION": EVENT.about, "URL": EVENT.link, "UID": EVENT.uid,
    }  # fmt: skip
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-1)
    assert alarm["ACTION"] == "DISPLAY"


def test_a_moved_one_replaces_and_a_cancelled_one_takes_away():
    first, moved = written(), written(sequence=1, starts_at=STARTS + timedelta(days=1))
    gone = written(sequence=2, cancelled=True)
    assert len({str(one["UID"]) for one in (first, moved, gone)}) == 1
    assert [one["SEQUENCE"] for one in (first, moved, gone)] == [0, 1, 2]
    assert [str(one["STATUS"]) for one in (first, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert not gone.walk("VALARM")
    assert str(Calendar.from_ical(calendar_file([EVENT]))["METHOD"]) == "PUBLISH"


def test_lines_end_and_fold_as_the_standard_has_it():
    content = calendar_file([replace(EVENT, title="𠮷䶮㛃" * 60, where="买买提·阿卜杜热西提" * 20)])
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # folded between characters: each line stands alone


@pytest.mark.parametrize(
    "name",
    [
        "𠮷野家",
        "龑䶮㛃",
        "\U00031350",  # newer than the Unicode of this Python
        "\ue863",  # of the private area, as older name systems send it
        "买买提·阿卜杜热西提·艾山",
        'a;b,c\\n:"d"',
        "两行\n第二行",
        "👨‍👩‍👧",
    ],
)
def test_no_letter_of_a_name_is_lost(name):
    event = written(title=name, where=name * 30)
    assert str(event["SUMMARY"]) == name
    assert str(event["LOCATION"]) == name * 30


def test_what_would_begin_a_line_of_its_own_stays_text():
    event = written(title="养犬\r\nSTATUS:CANCELLED\x00\x0b\rX")
    assert str(event["STATUS"]) == "CONFIRMED"
    assert str(event["SUMMARY"]) == "养犬\nSTATUS:CANCELLEDX"


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=120))
def test_any_text_comes_back_as_it_was(text):
    assert str(written(about=f"x{text}")["DESCRIPTION"]) == f"x{text}"
