"""Run inside the installation's environment: write messages at a steady pace, wait until all are handed over, say how it went.

    python messages.py COUNT RATE PATIENCE      RATE: per second; PATIENCE: seconds to wait for the last one

Prints one JSON object: what `notices.figures` says of them, the seconds of each, and their ids.
"""

import json
import sys
import time
from dataclasses import asdict

import django

SECONDS = """
SELECT m.id::text, extract(epoch FROM d.at - m.created_at)::float8
FROM notices_message AS m LEFT JOIN notices_delivery AS d ON d.message_id = m.id AND d.sent WHERE m.created_at >= $1
"""


def main(count: int, rate: float, patience: float) -> None:
    django.setup()
    from yichuang.core import sql
    from yichuang.core.clock import now
    from yichuang.core.identifiers.synthetic import mobile
    from yichuang.notices.commands import send
    from yichuang.notices.figures import hand_over
    from yichuang.notices.values import Address

    since, began = now(), time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        send(
            address=Address("sms", mobile(number % 1000)),
            locale="zh-hans",
            template="case_accepted",
            values={"item": "养犬登记", "number": f"440303-{number}", "due": since.date()},
            at=now(),
        )
    until, ends = now(), time.monotonic() + patience
    while (found := hand_over(since=since, until=until)).sent + found.parked < count and time.monotonic() < ends:
        time.sleep(0.5)
    rows = sql.rows(SECONDS, [since])
    told = {"figures": asdict(found), "seconds": dict(rows), "wrote_in": round(time.monotonic() - began, 1)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
