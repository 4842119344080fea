"""An end for calls that have none of their own: looking up a name (DNS) knows no time-out, and each address gets a new one."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, make: Callable[[], T], *, undo: Callable[[T], object]) -> T:
    """What `make` gives, or whatever it raises; TimeoutError when it takes longer than `seconds`.

    `make` cannot be stopped, so it runs in a thread of its own; what it gives too late is handed to `undo`. The circuit
    breaker in front of it keeps these threads few while a system is down.
    """
    lock, made, failed = threading.Lock(), list[T](), list[BaseException]()
    given_up = False

    def run() -> None:
        try:
            found = make()
        except BaseException as error:
            failed.append(error)
            return
        with lock:
            if not given_up:
                made.append(found)
                return
        undo(found)

    thread = threading.Thread(target=run, daemon=True, name="within")
    thread.start()
    thread.join(seconds)
    with lock:
        given_up = True
    if made:
        return made[0]
    raise failed[0] if failed else TimeoutError(f"not within {seconds} s")
