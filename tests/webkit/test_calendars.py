"""Calendar files as RFC 5545 wants them: lines, folding, escapes, moments, and what replaces what."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from yichuang.webkit.calendars import Event, calendar_file

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def event(**more: object) -> Event:
    values: dict[str, object] = {
        "uid": "1@hall", "starts_at": TEN, "ends_at": TEN + timedelta(minutes=30), "changed_at": TEN - timedelta(days=2),
        "sequence": 3, "cancelled": False, "title": "养犬登记", "where": "罗湖区政务服务中心", "about": "带齐材料", "link": "https://x/my",
        **more,
    }  # fmt: skip
    return Event(**values)  # type: ignore[arg-type]  # drawn by name


def read(file: bytes) -> list[tuple[str, str]]:
    """The lines as a calendar reads them: unfolded, name and value, escapes undone."""
    assert file.endswith(b"\r\n")
    whole = file.decode().replace("\r\n ", "")
    pairs = [tuple(line.split(":", 1)) for line in whole.split("\r\n")[:-1]]
    return [(name, _plain(value)) for name, value in pairs]


def _plain(value: str) -> str:
    found, letters = "", iter(value)
    for letter in letters:
        after = next(letters) if letter == "\\" else ""
        found += {"n": "\n"}.get(after, after) if after else letter
    return found


def test_moments_are_utc_and_what_changed_has_a_higher_sequence() -> None:
    lines = dict(read(calendar_file([event()])))
    assert (lines["DTSTART"], lines["DTEND"]) == ("20261124T020000Z", "20261124T023000Z")
    assert (lines["UID"], lines["SEQUENCE"], lines["STATUS"]) == ("1@hall", "3", "CONFIRMED")


def test_a_cancelled_one_says_so_and_rings_no_more() -> None:
    lines = read(calendar_file([event(cancelled=True)]))
    assert ("STATUS", "CANCELLED") in lines
    assert ("BEGIN", "VALARM") not in lines
    assert ("BEGIN", "VALARM") in read(calendar_file([event()]))


def test_blocks_are_closed_in_the_order_in_which_they_were_opened() -> None:
    opened: list[str] = []
    for name, value in read(calendar_file([event(), event(uid="2@hall")])):
        if name == "BEGIN":
            opened.append(value)
        elif name == "END":
            assert opened.pop() == value
    assert opened == []


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_back_and_no_line_is_longer_than_75_octets(title: str, where: str) -> None:
    file = calendar_file([event(title=title, where=where)])
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    lines = dict(read(file))
    assert lines["SUMMARY"] == _kept(title)
    assert lines["LOCATION"] == _kept(where)


def _kept(text: str) -> str:
    return "".join(one for one in text.replace("\r\n", "\n") if one == "\n" or one.isprintable())


def test_the_alarm_is_an_hour_before() -> None:
    assert ("TRIGGER", "-PT1H") in read(calendar_file([event()]))
    assert TEN.astimezone(UTC).hour == 2
