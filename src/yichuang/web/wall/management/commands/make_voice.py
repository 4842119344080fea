"""manage make_voice: the sound parts of calls, spoken by the operator's own espeak-ng."""

import shutil
import subprocess
import wave
from argparse import ArgumentParser
from array import array
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from yichuang.web.wall.speech import PARTS

WHOLE = 20  # seconds for one part
QUIET = 250  # of 32767: nobody hears it in a hall


class Command(BaseCommand):
    help = "Make the sound files of calls (voice of the boards) by espeak-ng; once after installing it. docs/how-to/devices.md"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--program", default="espeak-ng", help="espeak-ng, or a program that takes its arguments")
        parser.add_argument("--voice", default="cmn", help="its voice: Mandarin")
        parser.add_argument("--speed", default="150", help="words a minute")

    def handle(self, *args: Any, program: str, voice: str, speed: str, **options: Any) -> None:
        found = shutil.which(program)
        if found is None:
            raise CommandError(f"没有找到 {program}；请先安装 espeak-ng。 {program} is not installed on this machine.")
        with TemporaryDirectory(dir=settings.YICHUANG_DATA) as made:
            for name, words in PARTS.items():
                path = Path(made) / f"{name}.wav"
                _speak([found, "-v", voice, "-s", speed, "-w", str(path), words], path)
            folder = Path(settings.YICHUANG_VOICE)
            folder.mkdir(parents=True, exist_ok=True)
            for name in PARTS:  # only when all are there
                (Path(made) / f"{name}.wav").replace(folder / f"{name}.wav")
        self.stdout.write(f"{len(PARTS)} 个语音文件已生成 sound files made: {folder}")


def _speak(command: list[str], path: Path) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=WHOLE)
        with wave.open(str(path)) as sound:
            form, samples = sound.getparams(), array("h", sound.readframes(sound.getnframes()))
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError, ValueError) as failed:
        raise CommandError(f"{command[0]} 没有生成语音 made no sound for {command[-1]!r}: {failed}") from failed
    heard = trimmed(samples, margin=form.framerate // 50)
    if not heard or (form.nchannels, form.sampwidth) != (1, 2):
        raise CommandError(f"{command[0]} 没有生成语音 made no sound for {command[-1]!r}")
    with wave.open(str(path), "wb") as sound:
        sound.setparams(form)
        sound.writeframes(heard.tobytes())


def trimmed(samples: "array[int]", *, margin: int) -> "array[int]":
    """The samples (16 bit) without the silence around them, but for `margin` of it: parts are played one right after the other."""
    loud = [place for place, sample in enumerate(samples) if abs(sample) > QUIET]
    return samples[max(0, loud[0] - margin) : loud[-1] + margin] if loud else samples[:0]
