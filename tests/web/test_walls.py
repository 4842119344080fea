"""Boards on the wall: numbers and windows, by hall, zone and queue; what is said of a call, and the sounds for it."""

import sys
import wave
from array import array
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from tests.visits.hall import Hall

from yichuang.core.clock import fixed
from yichuang.network.queries import get_place_by_id
from yichuang.settings.processes.prepare import give_a_voice
from yichuang.web.wall import views
from yichuang.web.wall.management.commands.make_voice import trimmed
from yichuang.web.wall.speech import PARTS, parts_of, words_of


@pytest.fixture
def hall(demo):
    views._has_voice.cache_clear()
    found = Hall.of(demo)
    with fixed(demo.at):
        yield found


def shown(hall, path="", status=200):
    with fixed(hall.at):
        answer = Client().get(f"/wall/{get_place_by_id(hall.place).code}/{path}")
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def test_a_zone_shows_its_queues_and_no_others(hall):
    hall.take("A")
    hall.take("B")
    hall.open()
    called = hall.call().number
    here, there = (called[0], {"A": "B", "B": "A"}[called[0]])
    assert f'data-number="{called}"' in shown(hall, f"zone/{here.lower()}/")
    assert f'data-number="{called}"' not in shown(hall, f"zone/{there}/")
    assert f'data-number="{called}"' in shown(hall, f"rows?zone={here}")
    assert "出件" not in shown(hall, "zone/A/")
    assert "出件" in shown(hall, "zone/AB/")
    shown(hall, "zone/Z/", 404)


def test_the_waiting_list_has_the_longest_first_and_tells_no_reason(hall):
    numbers = [hall.take("A").number for _ in range(10)]
    hall.take("A", reason="seventy")
    page = shown(hall, "waiting/")
    assert [n for n in numbers if f">{n}<" in page] == numbers[:8]
    assert page.index(numbers[0]) < page.index(numbers[7])
    assert "还有 3 人" in page
    hall.take("B", reason="disabled")
    page = shown(hall, "waiting/")
    assert "优先" in page
    assert "残疾" not in page
    hall.open()
    called = hall.call().number
    assert f">{called}<" not in shown(hall, "waiting/")


def test_a_hall_without_queues_has_no_walls(hall, demo):
    for path in ("", "waiting/", "zone/A/"):
        assert Client().get(f"/wall/LH-E01/{path}").status_code == 404


@pytest.mark.parametrize(
    ("number", "window", "words"),
    [
        ("A012", "3", "请A零一二号，到三号窗口"),
        ("B100", "10", "请B一零零号，到十号窗口"),
        ("C001", "12", "请C零零一号，到十二号窗口"),
        ("D999", "20", "请D九九九号，到二十号窗口"),
        ("A001", "99", "请A零零一号，到九十九号窗口"),
        ("A001", "E1", ""),
        ("001", "1", ""),
    ],
)
def test_what_is_said_of_a_call(number, window, words):
    assert words_of(number, window) == words
    assert set(parts_of(number, window)) <= set(PARTS)


SPEAKER = """#!{python}
import sys, wave
assert sys.argv[1:6:2] == ["-v", "-s", "-w"], sys.argv
with wave.open(sys.argv[6], "wb") as sound:
    sound.setparams((1, 2, 22050, 0, "NONE", ""))
    sound.writeframes(bytes(4000) + (b"\\x00\\x40" * len(sys.argv[7].encode()) * {loud}) + bytes(4000))
"""


@pytest.fixture
def speaker(tmp_path):
    def made(loud=40):
        path = tmp_path / "speaker"
        path.write_text(SPEAKER.format(python=sys.executable, loud=loud))
        path.chmod(0o755)
        return str(path)

    return made


def test_sounds_are_made_by_the_operators_program_and_played_by_the_boards(hall, speaker, settings, tmp_path):
    settings.YICHUANG_VOICE = tmp_path / "voice"
    hall.take("A")
    hall.open()
    hall.call()
    assert 'data-parts=""' in shown(hall)
    assert Client().get("/wall/voice/please.wav").status_code == 404
    views._has_voice.cache_clear()
    call_command("make_voice", program=speaker(), stdout=StringIO())
    assert {path.stem for path in Path(settings.YICHUANG_VOICE).iterdir()} == set(PARTS)
    assert 'data-parts="please A d0 d0 d1 to n1 window"' in shown(hall)
    answer = Client().get("/wall/voice/n12.wav")
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/wav")
    with wave.open(str(settings.YICHUANG_VOICE / "d1.wav")) as sound:
        assert sound.getnframes() < 120 + 2 * 22050 // 50 + 2  # the silence around it is gone
    assert Client().get("/wall/voice/..%2Fsecret.wav").status_code == 404
    views._has_voice.cache_clear()


def test_without_a_voice_that_speaks_nothing_is_kept(speaker, settings, tmp_path):
    settings.YICHUANG_VOICE = tmp_path / "voice"
    for program in (speaker(loud=0), str(tmp_path / "nothing")):
        with pytest.raises(CommandError):
            call_command("make_voice", program=program, stdout=StringIO())
    assert not settings.YICHUANG_VOICE.exists()


def test_silence_is_cut_off():
    assert list(trimmed(array("h", [0, 0, 9, 900, 0, 800, 0, 0]), margin=1)) == [9, 900, 0, 800]
    assert list(trimmed(array("h", [0, 0]), margin=1)) == []


def test_the_sounds_are_made_at_the_first_start_where_the_program_is_there(speaker, settings, tmp_path, monkeypatch):
    settings.YICHUANG_VOICE = folder = tmp_path / "voice"
    settings.YICHUANG_DATA = tmp_path
    monkeypatch.setenv("PATH", str(tmp_path))
    give_a_voice(folder)
    assert not folder.exists()  # no such program: browsers speak, or nobody does
    (tmp_path / "espeak-ng").symlink_to(speaker())
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    give_a_voice(folder)
    first = (folder / "please.wav").stat().st_mtime_ns
    give_a_voice(folder)
    assert (folder / "please.wav").stat().st_mtime_ns == first
