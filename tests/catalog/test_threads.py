"""The first item list of a process's life may be read by several threads at once."""

import subprocess
import sys

# A gunicorn worker died in a storm at `msgspec.convert`: thread A had begun to note what ItemRow's fields are, thread B
# used the note (movzbl 0x20(NULL) in msgspec's _core). With fresh classes and six threads it dies within a second.
KNOWN = """
import dataclasses, typing
import django
django.setup()
from yichuang.catalog import store
from yichuang.catalog.values import ItemRow
def classes(kind):
    for found in typing.get_args(kind) or [kind]:
        if typing.get_args(found):
            yield from classes(found)
        elif dataclasses.is_dataclass(found):
            yield found
            for hint in typing.get_type_hints(found).values():
                yield from classes(hint)
found = set(classes(ItemRow))
assert len(found) > 2, found
print([one.__name__ for one in found if "__msgspec_cache__" not in vars(one)])
"""


def test_what_a_list_line_is_made_of_is_known_before_any_request() -> None:
    done = subprocess.run([sys.executable, "-c", KNOWN], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr[-2000:]
