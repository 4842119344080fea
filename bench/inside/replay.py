"""Run inside the installation's environment: replay requests in one process and say where the time goes.

    python replay.py FILE      FILE: JSON {"warm": n, "requests": [{"method", "path", "headers", "body"}]}

Prints JSON: milliseconds of CPU and function calls per request, and the profile as a table. The whole stack of
middleware runs; gunicorn does not. Every second request is measured plain, every other under cProfile, whose clock is
the CPU time of this process: what neighbours do and what PostgreSQL takes does not count.
"""

import cProfile
import io
import json
import pstats
import re
import sys
import time
from pathlib import Path
from typing import Any


def environ(request: dict[str, Any]) -> dict[str, Any]:
    path, _, query = request["path"].partition("?")
    body = request["body"].encode()
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request["headers"].items()}
    return {
        "REQUEST_METHOD": request["method"], "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1", "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""), "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False, **headers,
    }  # fmt: skip


def table(stats: pstats.Stats, requests: int) -> str:
    """Milliseconds per request: the 45 dearest with what they call, then the 25 dearest by themselves."""
    rows = []
    for (file, line, name), (_, calls, own, whole, _) in stats.stats.items():  # type: ignore[attr-defined]  # not in typeshed
        place = "/".join(re.sub(r".*(?:site-packages|/src|/lib/python3\.\d+)/", "", file).split("/")[-4:])
        where = name if file == "~" else f"{place}:{line} {name}"
        rows.append((whole * 1000 / requests, own * 1000 / requests, calls / requests, where))
    lines = [f"{'whole ms':>9} {'own ms':>8} {'calls':>8}"]
    for key, most in ((0, 70), (1, 25)):
        lines.append(f"\nby {'whole' if key == 0 else 'own'} time")
        for whole, own, calls, where in sorted(rows, key=lambda row: -row[key])[:most]:
            lines.append(f"{whole:9.2f} {own:8.2f} {calls:8.1f}  {where}")
    return "\n".join(lines)


def main(file: str) -> None:
    given = json.loads(Path(file).read_text(encoding="utf-8"))
    from yichuang.settings.wsgi import application

    statuses: list[str] = []

    def run(request: dict[str, Any]) -> None:
        b"".join(application(environ(request), lambda status, headers: statuses.append(status)))

    waiting = list(given["requests"])
    for request in waiting[: given["warm"]]:
        run(request)
    measured = waiting[given["warm"] :]
    profiler, plain = cProfile.Profile(time.process_time), 0.0
    for number, request in enumerate(measured):
        if number % 2:
            profiler.enable()
            run(request)
            profiler.disable()
        else:
            began = time.process_time()
            run(request)
            plain += time.process_time() - began
    count = len(measured) // 2
    stats = pstats.Stats(profiler)
    told = {
        "python_ms": plain * 1000 / (len(measured) - count),
        "calls": stats.total_calls // count,  # type: ignore[attr-defined]  # not in typeshed
        "statuses": statuses,
        "table": table(stats, count),
    }
    sys.stdout.write(json.dumps(told))


main(sys.argv[1])
