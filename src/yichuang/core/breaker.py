"""A circuit breaker (断路器): what is known to be down is not waited for.

After three failures in a row nobody offers anything for three seconds; then one offer tries, and only its success lets
the others through again. One breaker per outside system and process; threads share it.
"""

import threading
import time
from collections.abc import Callable

FAILURES, PAUSE = 3, 3.0  # seconds


class Breaker:
    """Counts failures in a row. `clock` gives seconds that only grow."""

    def __init__(self, *, failures: int = FAILURES, pause: float = PAUSE, clock: Callable[[], float] = time.monotonic):
        self._most, self._pause, self._clock = failures, pause, clock
        self._failures, self._probe_at = 0, 0.0
        self._lock = threading.Lock()

    def closed(self) -> bool:
        """Whether an offer may go out now. While it is open: one in each pause, the one that probes (`begin`)."""
        with self._lock:
            return self._failures < self._most or self._clock() >= self._probe_at

    def begin(self) -> None:
        """An offer goes out: while the breaker is open, the next one waits another pause."""
        with self._lock:
            if self._failures >= self._most:
                self._probe_at = self._clock() + self._pause

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._probe_at = self._clock() + self._pause
