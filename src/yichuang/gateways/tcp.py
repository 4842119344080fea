"""What the simulators of machines share that speak over a plain connection: a door on this machine."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

LOOKS = 0.1  # seconds between two looks whether it is over


@contextmanager
def serving(converse: Callable[[socket.socket, threading.Event], None], port: int = 0) -> Iterator[str]:
    """Something behind TCP on this machine for the time of a block; its address. `converse` is called for each connection,
    each in its own thread, and told when the block is over."""
    door = socket.create_server(("127.0.0.1", port))
    door.settimeout(LOOKS)
    over = threading.Event()

    def speak(line: socket.socket) -> None:
        with suppress(OSError), line:
            converse(line, over)

    def serve() -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                line, _ = door.accept()
                threading.Thread(target=speak, args=(line,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{door.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        door.close()
