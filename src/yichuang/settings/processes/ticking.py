"""Where a demo's clock runs quicker than the machine's, what rooms do by the minute, the hour or the day comes by that clock.

python -m yichuang.settings.processes.ticking     one of the programs of an installation whose day is played (docs/adr/0044)
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.settings.base")
REST = 2.0  # seconds of the machine: at speed 60 what comes each minute comes once in two


def main() -> int:
    import django

    django.setup()
    from yichuang.core import clock, jobs

    since = clock.now()
    while True:
        time.sleep(REST)
        until = clock.now()
        jobs.tick(since, until)
        since = until


if __name__ == "__main__":
    sys.exit(main())
